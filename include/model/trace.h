/* SPDX-License-Identifier: MIT */
/* trace: the nodes of a plot, placed on one time axis, and their order by peak. */
#ifndef MEMTRACE_MODEL_TRACE_H
#define MEMTRACE_MODEL_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "freelog/record.h"
#include "model/series.h"

/* The quantities stored per node. Values count bytes, or percent in a trace of percentages. */
enum trace_line {
    TRACE_MAIN,       /* the plotted column */
    TRACE_TOTAL,      /* total memory, or the job's limit; 100 if percent */
    TRACE_SWAP,       /* used swap, of the node or the job as the main line */
    TRACE_SWAP_TOTAL, /* total swap; 100 if percent */
    TRACE_AVAILABLE,  /* available memory, always bytes, statistics only */
    TRACE_MEMORY,     /* total memory, always bytes, statistics only */
    TRACE_PERCENT, /* the main line in percent of its total at that time, statistics only; empty if that is constant */
    TRACE_WITH_CACHE, /* if the main line is the job's used memory: that plus the job's cache */
    TRACE_NODE,       /* in the same case, if values are bytes: the node's used memory */
    TRACE_JOB,        /* the job's used memory, always bytes, statistics only */
    TRACE_LINE_COUNT
};

/* A note of the parser: how often it occurred, and where first. */
struct trace_note {
    unsigned long count, first_line;
    char text[64];
};

enum trace_event_kind {
    TRACE_EVENT_MARK,
    TRACE_EVENT_OOM_KILL, /* the kernel killed a process of the job because memory ran out */
};

/* An event at a time of the plot. */
struct trace_event {
    double time_s;
    enum trace_event_kind kind;
    char text[128];
};

/* The largest processes at a time of the node's own, largest first. Processes share resident pages: the sum of their
 * sizes is meaningless. */
#define TRACE_PROCESSES_MAX 3

struct trace_process {
    char command[64];
    double rss_bytes;
    long id;
};

struct trace_top {
    double time_s;
    size_t count;
    struct trace_process process[TRACE_PROCESSES_MAX];
};

/* A node. Times in its series count from its first sample; add offset_s for the plot's. */
struct node {
    char *name;       /* as shown; unique in the trace. Owned. */
    char *whole_name; /* name before it was shortened or renamed; NULL if it was not. Owned. */
    char *source;     /* the log's path. Owned. */
    struct series line[TRACE_LINE_COUNT];
    double start_epoch_s;                   /* clock at time 0, NaN if unknown */
    double zero_epoch_s;                    /* of the plot of which a window was exported; NaN if unknown */
    double end_epoch_s;                     /* of the trailer; NaN if there is none */
    double interval_s;                      /* usual step between samples; NaN if unknown */
    bool is_stalled;                        /* its times never advance */
    unsigned long records, stamped;         /* in its log, also outside of --from and --to; those with times */
    double header_interval_s;               /* interval according to the log's header; NaN without */
    double offset_s;                        /* of its time 0 in the plot */
    double clock_error_s;                   /* set by trace_finish: error of an impossible clock, else NaN */
    bool ends_early;                        /* set by trace_finish */
    bool is_indexed;                        /* times are sample numbers times the interval */
    enum freelog_used_meaning used_meaning; /* of its records */
    double peak_total;                      /* total when the main line was highest, in bytes; 0 if unknown */
    double job_limit_bytes;      /* of the job on this node, from its rows or its log's header; NaN without */
    double job_node_bytes;       /* memory of the node where the lines are those of its job; 0 if unknown */
    double swap_total_bytes;     /* highest total swap, also in a trace of percentages; 0 without */
    unsigned long oom_kills;     /* processes of the job that the kernel killed during the log */
    char job[64], job_name[128]; /* of the log's header, or "" */
    char array[32], task[32];    /* of a task of a job array, or "" */
    char host[64];               /* name of the host, if `name` is different */
    size_t group_size;           /* nodes that this one represents, 0 if only itself */
    char job_state[32];          /* final state of the job according to Slurm, or "" */
    char command[256];           /* run by run.sh, or ""; if set, the first sample precedes it */
    int exit_status;             /* of that command, -1 if unknown */
    double wall_s;               /* duration of that command; NaN if unknown */
    struct trace_top top;        /* near the peak of the job's memory, else of the node's; empty if unknown */
    size_t log;                  /* index of the log in the trace */
    struct trace_event *event;   /* found in the log; times as in the series. Owned. */
    size_t event_count, event_capacity;
};

/* A log that nodes of the trace come from. */
struct trace_log {
    struct trace_note note[FREELOG_NOTE_COUNT];
    size_t nodes; /* that come from it */
};

/* A pause between samples is a gap if it is longer than this many usual steps, and is reported if it also exceeds this
 * share of the run. */
#define TRACE_GAP_INTERVALS 2.5
#define TRACE_GAP_SHARE     0.05

/* How nodes are placed on the time axis. TRACE_ALIGN_AUTO: by the clock, except that each task of an array and each run
 * begins at time 0. */
enum trace_alignment { TRACE_ALIGN_AUTO, TRACE_ALIGN_START, TRACE_ALIGN_CLOCK };

/* What one line of the plot represents: a log, or the log with the highest peak in a folder, of a job, or on a host.
 * GROUP_AUTO: folders if several were given, else logs. */
enum trace_grouping { GROUP_AUTO, GROUP_NONE, GROUP_FOLDER, GROUP_JOB, GROUP_NODE };

/* A zeroed trace is empty. */
struct trace {
    struct node *node;
    size_t count, capacity;
    struct trace_log *log;
    size_t log_count, log_capacity;
    struct map by_name; /* numbers of nodes, by the names of their logs */
    bool percent;
    bool is_relative;               /* percent, as the nodes' totals differ */
    char cut[2][64];                /* common prefix and suffix removed from the names of nodes */
    bool is_cut;                    /* only a window of the logs was read */
    enum freelog_column quantity;   /* plotted by the main lines */
    double start_epoch_s;           /* clock at time 0 of the plot, NaN when not all nodes know it */
    double begin_s, end_s;          /* first and last sample's time in the plot */
    enum trace_alignment alignment; /* as requested */
    enum trace_grouping grouped_by; /* GROUP_AUTO: not at all */
    bool is_array;                  /* all nodes are tasks of job arrays, and there are several tasks */
    size_t task_count;              /* number of tasks */
    bool is_aligned;                /* nodes are placed by the clock */
    bool is_placed;                 /* before trace_finish: the nodes have their offsets, and what follows is known */
    bool has_reruns;                /* logs are from several runs on the same hosts: each begins at time 0 */
    bool clocks_far_apart;          /* start times are known, but too far apart to share an axis: all start at 0 */
};

/* Zeroes `node` and sets what is unknown to NaN; its series get at most `bucket_limit` buckets each. */
void node_init(struct node *node, size_t bucket_limit);

/* Frees what a node owns and zeroes it. */
void node_free(struct node *node);

/* Adds an event at `time_s` of the node's own time. Returns false if out of memory. */
bool node_add_event(struct node *node, double time_s, enum trace_event_kind kind, const char *text);

/* The first of the node's events of a kind, NULL if there is none. */
const struct trace_event *node_first_event(const struct node *node, enum trace_event_kind kind);

/* Adds a log; nodes added from now on come from it. Returns false if out of memory. */
bool trace_add_log(struct trace *trace, const struct trace_note note[FREELOG_NOTE_COUNT]);

/* Appends `node`, which the trace then owns (the caller's is zeroed). If the name is taken, " (2)" and so on is
 * appended and `*renamed` (may be NULL) set. Returns false if out of memory; the caller then still owns the node. */
bool trace_add(struct trace *trace, struct node *node, bool *renamed);

/* Puts the nodes in the natural order of their names, whatever the order of their logs was. Returns false, and leaves
 * the trace unchanged, if out of memory. */
bool trace_sort_by_name(struct trace *trace);

/* The highest value of the main line in percent of the total at that time; NAN if unknown. */
double node_peak_percent(const struct trace *trace, const struct node *node);

/* The highest value of the main line in percent of its total at that time, over all times; NAN if unknown. */
double node_max_percent(const struct trace *trace, const struct node *node);

/* Returns true if the times of a node's samples are unknown and were made up: its log has none or too few, and no
   interval is known. */
bool node_lacks_times(const struct node *node);

/* Returns the factor by which trace_finish stretches the times of a node without time stamps, to correct free's drift;
 * 1 if it does not. */
double node_drift(const struct node *node);

/* After the last trace_add: corrects the drift of free's interval where a node's end is known, by at most what free can
 * drift, finds impossible clocks, aligns these nodes by the others, and finds those that end early. A clock is
 * impossible if, according to it, the node did not run at the same time as most nodes, which all started together or
 * belong to the same job. A node ends early if its run is shorter than the median run by more than 3 intervals and 1 %,
 * and at least half of the others continue after its end. Returns false if out of memory. */
bool trace_finish(struct trace *trace);

/* Frees all nodes and zeroes the trace. */
void trace_free(struct trace *trace);

/* Returns the numbers of all nodes, highest peak of the main line first (lowest low if low values matter), equal ones
 * in the order of the trace, which is that of their names; an array of trace->count for the caller to free. Returns
 * NULL if out of memory or the trace is empty. */
size_t *trace_order_by_peak(const struct trace *trace);

/* Gives a node of the trace another name to show; trace_find still accepts the one from its log. Call it at most once
 * per node, and trace_number_names after all calls. Returns false if out of memory. */
bool trace_rename(struct trace *trace, size_t index, const char *name);

/* Numbers names that several nodes were given, so that all are unique. Returns false if out of memory. */
bool trace_number_names(struct trace *trace);

/* Number of the node of this name, trace->count if there is none. */
size_t trace_find(const struct trace *trace, const char *name);

/* The name of the plotted column: "used", "job-used". */
const char *trace_column(const struct trace *trace);

/* The word for the trace's nodes: "nodes", or "tasks" of an array, "runs" of folders, "jobs". */
const char *trace_members(const struct trace *trace);

/* The same in the singular: "node", "task", "run" or "job". */
const char *trace_member(const struct trace *trace);

/* Returns true if the main lines show the job's memory or swap; limits and totals are then the job's. */
bool trace_is_of_job(const struct trace *trace);

/* Returns true if the main lines show what processes need: used memory of the node or the job, or total less available.
 */
bool trace_is_used(const struct trace *trace);

/* Returns true if low values of the main line are what matters: for available and free memory, and free swap. */
bool trace_low_is_news(const struct trace *trace);

/* The value of a node's main line that matters: its peak, or its low if low values matter; NAN without values. `at_s`
 * (may be NULL) becomes its time in the plot. */
double node_news(const struct trace *trace, const struct node *node, double *at_s);

/* The value that matters most among all nodes, 0 without any. */
double trace_news(const struct trace *trace);

/* The word for it: "peak" or "low". */
const char *trace_news_word(const struct trace *trace);

/* The size in bytes that 100 % of a node's main line correspond to; 0 if unknown. */
double node_percent_base(const struct trace *trace, const struct node *node);

/* The node that an event names ("out of memory task 2 on nid003"), NULL if there is none. It starts with '?' if the log
 * has several nodes and the message names none. Borrowed from the event. */
const char *trace_event_node(const struct trace_event *event);

/* Writes the text of an event of the job's counter: "OOM kill" or "2 OOM kills". */
void trace_kills_text(char *text, size_t size, unsigned long kills);

/* Returns how many kills the job's counter added with this event; 0 for a message, or what is no kill. */
size_t trace_event_kills(const struct trace_event *event);

/* Highest value of a line over all nodes, 0 without any. */
double trace_max(const struct trace *trace, enum trace_line line);

/* Returns true if all nodes have a known constant total, of memory and not of swap or of a job, but not the same: the
 * largest exceeds the smallest by more than 1 %. */
bool trace_totals_differ(const struct trace *trace);

/* Removes the common prefix and suffix of all nodes' names, up to a separator, if names are longer than 16 characters
 * and none was renamed; trace->cut gets the removed parts. trace_find still accepts the whole names. Returns false if
 * out of memory. */
bool trace_shorten_names(struct trace *trace);

/* Converts a finished trace of bytes, in which totals differ, to percent of each node's total. */
void trace_use_percent(struct trace *trace);

/* Returns true if all nodes have the same constant value of this line, which goes to `value` (may be NULL). */
bool trace_agrees(const struct trace *trace, enum trace_line line, double *value);

/* Time of a node's last sample in the plot. */
double node_end_s(const struct node *node);

/* Interval between samples shared by all nodes; NaN if they differ or none is known. */
double trace_interval(const struct trace *trace);

#endif
