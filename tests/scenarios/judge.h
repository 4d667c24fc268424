/* SPDX-License-Identifier: MIT */
/* judge: compares memtrace's findings about a simulated job with the job's labels. */
#ifndef MEMTRACE_TESTS_JUDGE_H
#define MEMTRACE_TESTS_JUDGE_H

#include "job.h"

/* Counts for one kind over all jobs: true findings, missed ones, and false ones or ones with wrong nodes or time. */
struct score {
    unsigned long found, missed, false_alarms;
};

/* Adds to `score` by story what `json`, the output of --stats=json, says of the job. Kinds that are no story are no
 * one's fault. What is wrong is printed to stdout, a line each. Returns how much was. */
unsigned int judge(const struct job *job, const char *json, struct score score[STORY_COUNT]);

#endif
