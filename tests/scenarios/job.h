/* SPDX-License-Identifier: MIT */
/* job: made-up jobs whose stories are known. A job is a number of nodes with samples, the logs of which can be written,
 * and a label for each kind of finding: whether it must be reported, of which nodes, and when. */
#ifndef MEMTRACE_TESTS_JOB_H
#define MEMTRACE_TESTS_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum story {
    STORY_KILLED,
    STORY_ABOVE_LIMIT,
    STORY_ENDED_EARLY,
    STORY_GROWING,
    STORY_NEAR_LIMIT,
    STORY_SWAPPED,
    STORY_IDLE,
    STORY_GAP,
    STORY_UNEVEN,
    STORY_COUNT
};

/* The kinds' names in the JSON list, by story. */
extern const char *const story_names[STORY_COUNT];

#define NONE SIZE_MAX

struct job_node {
    char name[32];
    double total_kib;
    double start_s;         /* of its first sample, from the job's start */
    size_t count;           /* samples, missing ones too */
    float *value;           /* used memory as a share of the total; `count` of them. Owned. */
    float *swap;            /* used swap as a share of total memory, NULL for none. Owned. */
    size_t gap_at;          /* the last sample before missing ones, NONE for none */
    size_t gap_count;       /* how many are missing */
    size_t kill_at;         /* the last sample before the kill, NONE for none */
    bool leaks;             /* its lower envelope rises as `growing` demands */
    double leak_rate;       /* share of the total per second */
    bool is_killed_by_srun; /* the message is srun's, not slurmstepd's */
};

/* What must be reported of one kind. */
struct label {
    bool is_expected;
    size_t count;
    bool *has;   /* by node. Owned. */
    double at_s; /* INFINITY where the time is not compared */
};

struct job {
    uint64_t seed, random;
    size_t node_count, samples;   /* samples of a node that ran for the whole job */
    double interval_s, limit_kib; /* limit: of --limit, NaN for none */
    bool is_stamped;              /* each sample has a time, rather than only the log's first line */
    bool has_job_rows;
    struct job_node *node;
    struct label label[STORY_COUNT];
    char text[256]; /* what it is made of */
};

/* Makes the job of a seed, the same each time. Jobs in the grey zones of the definitions are avoided. Returns false if
 * memory is short; job_free must be called in any case. */
bool job_make(struct job *job, uint64_t seed);
void job_free(struct job *job);

/* Writes the job's logs into `folder`, which must exist and be empty. False with errno. */
bool job_write(const struct job *job, const char *folder);

#endif
