/* SPDX-License-Identifier: MIT */
/* findings: notable facts about a trace: kind, nodes, time and values. Computed once per trace. */
#ifndef MEMTRACE_ANALYSIS_FINDINGS_H
#define MEMTRACE_ANALYSIS_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace.h"

/* The kinds, most serious first. Each is defined in the man page. */
enum finding_kind {
    FINDING_KILLED,
    FINDING_ABOVE_LIMIT,
    FINDING_ENDED_EARLY,
    FINDING_GROWING,
    FINDING_NEAR_LIMIT,
    FINDING_SWAPPED,
    FINDING_IDLE,
    FINDING_GAP,
    FINDING_UNEVEN,
    FINDING_OVERSIZED,
    FINDING_CLOCKS,
    FINDING_MEANINGS,
    FINDING_KIND_COUNT
};

#define FINDING_NODES_MAX    8
#define FINDINGS_OWNER_SHARE 0.9 /* a job that may use this share of a node's memory owns the node */

/* One kind and the nodes that it affects. Values are in the trace's unit, times in the plot's time. Fields that do
 * not apply to the kind are NaN. */
struct finding {
    enum finding_kind kind;
    size_t node[FINDING_NODES_MAX]; /* worst first */
    double rank[FINDING_NODES_MAX]; /* severity of each */
    size_t node_count, count;       /* number listed; number affected */
    double at_s;       /* of the kill, first sample above, last one before an end or gap, peak, or start of swapping */
    double value;      /* of node[0]: the peak, low or used swap */
    double level;      /* what `value` is compared with: limit, total, median peak or request */
    double rate_per_s; /* of node[0]: growth */
    double left_s;     /* of node[0]: time until `level` is reached at that rate */
    double duration_s; /* length of a gap, time missing after an early end, error of a clock, or time from the first to
                        * the last kill on a single node */
    size_t kill_count; /* processes killed on a single node */
    bool is_limit;     /* `level` is a limit, not the total of the node */
    bool is_of_job;    /* some node of the job was killed, but it is unknown which */
    bool is_same;      /* all affected nodes grow at about the same rate */
};

#define ADVICE_ABOVE_MAX 3

/* How much memory to request next time. */
struct advice {
    bool is_known;
    double mem_bytes;    /* a round value, as people type it */
    size_t node;         /* the node that determines the request */
    double needed_bytes; /* the peak of `node` */
    bool is_lower_bound; /* the job was killed, so it needs more than this */
    bool is_above_node;  /* `node` has less memory than this, so a larger node is needed */
    /* For a job array: mem_bytes fits `fit_count` of `task_count` tasks (99 in 100). */
    size_t fit_count, task_count;
    size_t above[ADVICE_ABOVE_MAX]; /* nodes of the tasks that need more, worst first */
    double all_bytes;               /* fits these tasks, too */
    bool is_all_bound;              /* one of these tasks was killed, so it needs more than this */
};

#define NOTABLE_MAX 7

/* A node that gets its own colour or label. */
struct notable {
    size_t node;
    unsigned int kinds; /* 1 << finding_kind for each finding that lists the node */
    bool is_peak;       /* among the three highest peaks (or lowest lows) */
};

struct findings {
    struct finding list[FINDING_KIND_COUNT]; /* most serious first */
    size_t count;
    struct advice advice;
    struct notable named[NOTABLE_MAX]; /* nodes with findings, most serious first, then the highest peaks */
    size_t named_count;
    size_t *order;        /* all nodes, highest peak first (lowest low first if low values matter). Owned. */
    size_t *row;          /* all nodes: the named ones, then the others by peak. Owned. */
    double *growth_per_s; /* per node; NaN if it does not grow. Owned. */
};

/* Limits from the command line and the environment. */
struct findings_terms {
    double limit_bytes;     /* from --limit; NaN if not given, INFINITY if there is no limit */
    double job_limit_bytes; /* the job's limit, for logs that contain none; NaN if unknown */
};

/* Finds everything notable in a finished trace, in time linear in nodes and buckets. Returns false if out of memory
 * or if the trace is empty. Call findings_free in any case. */
bool findings_find(struct findings *findings, const struct trace *trace, const struct findings_terms *terms);

/* Frees what `findings` owns and zeroes it. Accepts a zeroed struct. */
void findings_free(struct findings *findings);

/* Returns the finding of a kind, or NULL if there is none. */
const struct finding *findings_of(const struct findings *findings, enum finding_kind kind);

/* Returns the name of a kind in data, such as "killed". */
const char *finding_name(enum finding_kind kind);

/* Writes which nodes are named and why: "named: nid0240 (ends early), nid0181, nid0007 (highest)". */
void notable_words(char *text, size_t size, const struct trace *trace, const struct findings *findings);

/* Returns the limit that applies to the plotted quantity of a node, in the trace's unit: --limit, or the job's limit
 * if the job owns the node (its limit is at least 90 % of the total). Returns NaN if there is none. */
double findings_limit(const struct trace *trace, const struct node *node, const struct findings_terms *terms);

#endif
