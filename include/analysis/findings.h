/* SPDX-License-Identifier: MIT */
/* findings: what people should know about a trace: kinds, nodes, times and values. Computed once per trace. */
#ifndef MEMTRACE_ANALYSIS_FINDINGS_H
#define MEMTRACE_ANALYSIS_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace.h"

/* The kinds, most serious first. The man page defines each of them. */
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
#define FINDINGS_OWNER_SHARE 0.9 /* of a node's memory: a job that may use that much owns the node */

/* One kind with the nodes that it affects. Values are the trace's, times the plot's; what a kind does not have is NaN.
 */
struct finding {
    enum finding_kind kind;
    size_t node[FINDING_NODES_MAX]; /* worst first */
    double rank[FINDING_NODES_MAX]; /* how bad each is */
    size_t node_count, count;       /* listed, and affected in all */
    double at_s;                    /* of the kill, the first sample above, the last one before an end or gap, the peak,
                                     * the beginning of the swapping */
    double value;                   /* of node[0]: the peak or low, used swap */
    double level;                   /* what the value is compared with: limit, total, median peak, request */
    double rate_per_s;              /* of node[0]: growth */
    double left_s;                  /* of node[0]: until the level is reached at that rate */
    double duration_s;              /* of a gap; missing at an early end; how far a clock is off */
    bool is_limit;                  /* `level` is a limit rather than what the node has */
    bool is_of_job;                 /* all that is known is that some node of the job was killed */
    bool is_same;                   /* all affected nodes grow at about the same rate */
};

#define ADVICE_ABOVE_MAX 3

/* What to request the next time. */
struct advice {
    bool is_known;
    double mem_bytes;    /* a value that people type */
    size_t node;         /* the node that determines the request */
    double needed_bytes; /* its peak */
    bool is_lower_bound; /* the job was killed: it needs more than that */
    bool is_above_node;  /* `node` has less memory than that: a larger one is needed */
    /* Of a job array: mem_bytes fits `fit_count` of `task_count` tasks, 99 in 100 of them. */
    size_t fit_count, task_count;
    size_t above[ADVICE_ABOVE_MAX]; /* nodes of the tasks that need more, worst first */
    double all_bytes;               /* what fits them, too */
    bool is_all_bound;              /* one of them was killed: it needs more than that */
};

#define NOTABLE_MAX 7

/* A node worth a colour or a name of its own. */
struct notable {
    size_t node;
    unsigned int kinds; /* 1 << finding_kind for each finding that lists the node */
    bool is_peak;       /* among the three highest peaks (or lowest lows) */
};

struct findings {
    struct finding list[FINDING_KIND_COUNT]; /* most serious first */
    size_t count;
    struct advice advice;
    struct notable named[NOTABLE_MAX]; /* nodes of the findings, most serious first, then the highest peaks */
    size_t named_count;
    size_t *order;        /* all nodes, highest peak first (lowest low first if low values matter). Owned. */
    size_t *row;          /* all nodes: those named, then the others by peak. Owned. */
    double *growth_per_s; /* of each node; NaN where none was found. Owned. */
};

/* What the user and the environment add to the logs. */
struct findings_terms {
    double limit_bytes;     /* of --limit, NaN: not given, INFINITY: there is none */
    double job_limit_bytes; /* of the job for logs that have none, NaN: unknown */
};

/* Finds everything notable in a finished trace. Linear in nodes and buckets. Returns false if out of memory or the
 * trace is empty; findings_free must be called in any case. */
bool findings_find(struct findings *findings, const struct trace *trace, const struct findings_terms *terms);

/* Frees what it owns and zeroes it; accepts a zeroed one. */
void findings_free(struct findings *findings);

/* The finding of a kind, NULL if there is none. */
const struct finding *findings_of(const struct findings *findings, enum finding_kind kind);

/* The name of a kind in data: "killed". */
const char *finding_name(enum finding_kind kind);

/* Writes who is named and why: "named: nid0240 (ends early), nid0181, nid0007 (highest)". */
void notable_words(char *text, size_t size, const struct trace *trace, const struct findings *findings);

/* A limit that applies to the plotted quantity of a node, in the trace's values: --limit, else the job's where the job
 * owns the node (its limit is at least 90 % of the total). NaN if there is none. */
double findings_limit(const struct trace *trace, const struct node *node, const struct findings_terms *terms);

#endif
