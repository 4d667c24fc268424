/* SPDX-License-Identifier: MIT */
/* job: simulated jobs with known stories. A job consists of nodes with samples, whose logs can be written, and a label
 * for each kind of finding: whether it must be reported, for which nodes, and when. */
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

/* The names of the kinds in the JSON list, by story. */
extern const char *const story_names[STORY_COUNT];

#define NONE SIZE_MAX

struct job_node {
    char name[32];
    double total_kib;
    double start_s;         /* time of its first sample since the job's start */
    size_t count;           /* samples, including missing ones */
    float *value;           /* used memory as a share of the total, `count` values. Owned. */
    float *swap;            /* used swap as a share of total memory, NULL for none. Owned. */
    size_t gap_at;          /* the last sample before missing ones, NONE for none */
    size_t gap_count;       /* number of missing samples */
    size_t kill_at;         /* the last sample before the kill, NONE for none */
    bool leaks;             /* its lower envelope rises as `growing` demands */
    double leak_rate;       /* share of the total per second */
    bool is_killed_by_srun; /* the message is srun's, not slurmstepd's */
};

/* The expected findings of one kind. */
struct label {
    bool is_expected;
    size_t count;
    bool *has;   /* by node. Owned. */
    double at_s; /* INFINITY if the time is not compared */
};

struct job {
    uint64_t seed, random;
    size_t node_count, samples;   /* samples of a node that ran for the whole job */
    double interval_s, limit_kib; /* limit: of --limit, NaN for none */
    bool is_stamped;              /* each sample has a time, rather than only the log's first line */
    bool has_job_rows;
    struct job_node *node;
    struct label label[STORY_COUNT];
    char text[256]; /* description for messages */
};

/* Makes the job of a seed; the same seed gives the same job. Avoids the grey zones of the definitions. Returns false if
 * out of memory; job_free must be called in any case. */
bool job_make(struct job *job, uint64_t seed);
void job_free(struct job *job);

/* Returns the clock at the first sample of the job's logs, in seconds since 1970. */
double job_start_s(const struct job *job);

/* Returns the total of a node's memory or swap in its log; with `of_job`, that of the job if the log has its rows. */
double job_total_kib(const struct job *job, const struct job_node *node, bool is_swap, bool of_job);

/* Writes the job's logs into `folder`, which must exist and be empty. Returns false and sets errno on failure. */
bool job_write(const struct job *job, const char *folder);

#endif
