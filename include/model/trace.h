/* trace: the nodes of a plot, placed on one axis of time, and what stands out among them. */
#ifndef MEMTRACE_MODEL_TRACE_H
#define MEMTRACE_MODEL_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "freelog/record.h"
#include "model/series.h"

/* The quantities kept of a node. Values count bytes, or percent in a trace of percentages. */
enum trace_line {
    TRACE_MAIN,       /* the column that is drawn */
    TRACE_TOTAL,      /* total memory; 100 in percent */
    TRACE_SWAP,       /* used swap */
    TRACE_SWAP_TOTAL, /* total swap; 100 in percent */
    TRACE_AVAILABLE,  /* available memory, always bytes, statistics only */
    TRACE_MEMORY,     /* total memory, always bytes, statistics only */
    TRACE_LINE_COUNT
};

/* Something told by the parser: how often, and where first. */
struct trace_note {
    unsigned long count, first_line;
    char text[64];
};

/* An event at a time of the plot. */
struct trace_event {
    double time_s;
    char text[128];
};

/* A node. Times in its series count from its first sample; add offset_s for the plot's. */
struct node {
    char *name;   /* as shown; differs from every other's. Owned. */
    char *source; /* the log's path. Owned. */
    struct series line[TRACE_LINE_COUNT];
    double start_epoch_s;                   /* clock at time 0, NaN when unknown */
    double end_epoch_s;                     /* of the trailer, NaN when there is none */
    double interval_s;                      /* between samples, NaN when unknown */
    double header_interval_s;               /* the same by its log's header, NaN without */
    double offset_s;                        /* of its time 0 in the plot */
    bool ends_early;                        /* set by trace_finish */
    bool is_indexed;                        /* times are sample numbers times the interval */
    enum freelog_used_meaning used_meaning; /* of its records */
    const char *likely_unit;                /* that its numbers seem to have and were not read in, or NULL */
    double limit_bytes;                     /* of the log's header, NaN without */
    char job[64], job_name[128];            /* of the log's header, or "" */
    struct trace_note note[FREELOG_NOTE_COUNT];
    struct trace_event *event; /* found in the log; times as in the series. Owned. */
    size_t event_count, event_room;
};

/* A zeroed one is an empty trace. */
struct trace {
    struct node *node;
    size_t count, room;
    struct map by_name; /* numbers of nodes */
    bool percent;
    char column[32];       /* name of the column drawn: "used" */
    double start_epoch_s;  /* clock at time 0 of the plot, NaN when not all nodes know it */
    double begin_s, end_s; /* first and last sample's time in the plot */
    bool is_aligned;       /* nodes are placed by the clock */
    bool clocks_far_apart; /* start times are known, but too far apart to share an axis: all start at 0 */
};

/* Zeroes `node` and sets what is unknown to NaN; its series get at most `bucket_limit` buckets each. */
void node_init(struct node *node, size_t bucket_limit);

/* Frees what a node owns and zeroes it. */
void node_free(struct node *node);

/* Adds an event at `time_s` of the node's own time. False when memory is short. */
bool node_add_event(struct node *node, double time_s, const char *text);

/* Appends `node`, which the trace then owns (the caller's is zeroed). A name that is already there gets " (2)" and so
 * on behind it; `*renamed` (may be NULL) tells. False when memory is short; the caller still owns it then. */
bool trace_add(struct trace *trace, struct node *node, bool *renamed);

/* After the last trace_add: corrects the drift of free's interval where a node's end is known, aligns the nodes by the
 * clock, and finds those that end early: whose last sample lies before the (upper) median of all last samples by more
 * than 3 intervals and what the drift of free, up to 1 ms an interval, and its start may make. */
void trace_finish(struct trace *trace);

/* Frees all nodes and zeroes the trace. */
void trace_free(struct trace *trace);

/* Node numbers, highest peak of the main line first, of equal ones the first node first; trace->count of them in an
 * array for the caller to free. NULL when memory is short or the trace is empty. */
size_t *trace_order_by_peak(const struct trace *trace);

/* Number of the node of this name, trace->count when there is none. */
size_t trace_find(const struct trace *trace, const char *name);

/* Highest value of a line over all nodes, 0 without any. */
double trace_max(const struct trace *trace, enum trace_line line);

/* True when all nodes have the same constant value of this line, which goes to `value` (may be NULL). */
bool trace_agrees(const struct trace *trace, enum trace_line line, double *value);

/* Time of a node's last sample in the plot. */
double node_end_s(const struct node *node);

/* Interval between samples shared by all nodes, NaN when they differ or none is known. */
double trace_interval(const struct trace *trace);

#endif
