/* SPDX-License-Identifier: MIT */
/* judge: compares memtrace's findings about a simulated job with the job's labels. */
#ifndef MEMTRACE_TESTS_JUDGE_H
#define MEMTRACE_TESTS_JUDGE_H

#include "job.h"

/* Counts for one kind over all jobs: true findings, missed ones, and false ones or ones with wrong nodes or time. */
struct score {
    unsigned long found, missed, false_alarms;
};

#define REPORTED_NODES_MAX 8

/* A finding parsed from JSON. Missing numbers are NaN. */
struct reported {
    char kind[32], text[256];
    char node[REPORTED_NODES_MAX + 1][32];
    size_t nodes, count;
    double at_s, duration_s, value_bytes, of_bytes, rate_bytes_per_s, left_s;
};

/* Reads the next finding of the list after `at`, which is at first its bracket. Returns where to continue, NULL after
 * the last one. */
const char *judge_read(const char *at, struct reported *reported);

/* Returns the bracket of the list of findings in `json`, NULL if there is none. */
const char *judge_list(const char *json);

/* Adds to `score` by story what `json`, the output of --stats=json, says of the job. Kinds that are no story are no
 * one's fault. What is wrong is printed to stdout, a line each. Returns how much was. */
unsigned int judge(const struct job *job, const char *json, struct score score[STORY_COUNT]);

#endif
