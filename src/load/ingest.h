/* SPDX-License-Identifier: MIT */
/* ingest: a log while it is read: its records into the series of its nodes. */
#ifndef MEMTRACE_LOAD_INGEST_H
#define MEMTRACE_LOAD_INGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/map.h"
#include "freelog/parser.h"
#include "load/input.h"
#include "load/settings.h"
#include "model/trace.h"
#include "steps.h"

/* What the main line of a node or job is a part of. */
struct whole {
    double total; /* in all records so far, unless it */
    bool varies;
    double peak_total; /* when the line was highest */
};

/* Where a node's own times are in the plot: at factor * time + offset_s. */
struct place {
    double factor, offset_s;
    double clock_error_s; /* as in the node */
};

/* A node while its log is read. Its own memory goes to node.line, that of the job to of_job; which of them is drawn
 * ingest_settle decides. */
struct ingest_node {
    struct node node;
    struct series of_job[TRACE_LINE_COUNT];
    double job_swap_total_bytes; /* as that of the node */
    char *label;
    double run_base_s;       /* time of the current run's first sample */
    unsigned long run_count; /* samples of the current run so far, left-out ones too */
    double run_clock_s;      /* stamp at run_base_s, NaN before the first */
    double last_s;           /* time of the last sample, -INFINITY before the first */
    double last_stamped_s;   /* of the last sample with a stamp, -INFINITY before the first */
    double least_step_s;     /* smallest step between two of these so far */
    struct steps steps;      /* all of those on end */
    bool follows_stamp;      /* the last record had one */
    bool has_fractions;      /* of a second, in stamps */
    struct whole whole, job_whole;
    struct place place;                 /* by which from_s and to_s select; the offset is NAN where nothing is known */
    unsigned long outside;              /* samples skipped by from_s and to_s */
    unsigned long lacking, job_lacking; /* records without the column of the node, and of the job */
    unsigned long oom_base, oom_count;  /* the job's counter of kills at the start, and now */
    struct trace_top latest_top;
};

/* What is known of a log as a whole. */
struct provenance {
    struct trace_note note[FREELOG_NOTE_COUNT];
    const char *note_path[FREELOG_NOTE_COUNT]; /* of the part of a log with the first of a kind; borrowed */
    const char *hint;       /* what it may be where it has no record, NULL where nothing is known; constant */
    unsigned long lines[2]; /* not empty, and understood */
    struct error reason;    /* why it could not be read to its end */
    bool is_whole;          /* it was */
};

/* A log's nodes while it is read. Zero-initialise it except for settings, file, zero_epoch_s and bucket_limit. */
struct ingest {
    const struct load_settings *settings;
    const struct input_file *file;
    const char *part_path; /* of the file that is being read */
    double zero_epoch_s;   /* clock at the plot's time 0 as far as it is known before the logs are read, else NaN */
    struct place *place;   /* of the nodes in order of appearance, from the reading before. Owned; NULL: none */
    size_t place_count;
    size_t bucket_limit;
    bool is_one_of_many;       /* lines that are drawn of few nodes only keep statistics */
    struct map by_label;       /* places in `node` */
    struct ingest_node **node; /* in order of appearance */
    size_t node_count, node_capacity;
    struct ingest_node *recent;
    bool is_export; /* it is one, of `exported`: its nodes are as they are to be */
    enum freelog_column exported;
    bool has_used;               /* a record with used memory was there */
    bool has_instead;            /* none was, and nothing to make it from (vmstat): */
    enum freelog_column instead; /* what is drawn of them where the user names no column */
    bool out_of_memory;
    struct provenance provenance;
};

/* Where a parser's records, headers, notes and marks go: into `ingest`. */
struct freelog_sink ingest_sink(struct ingest *ingest);

/* The node of `label`, made when it is new. Returns NULL if out of memory, which ingest->out_of_memory keeps. */
struct ingest_node *ingest_find(struct ingest *ingest, const char *label);

/* The place that is assumed while a log is read: the one from the reading before, else by its first clock. */
struct place ingest_place(const struct ingest *ingest, const struct ingest_node *reading);

/* Returns true if a time of a node is between --from and --to, which count in the plot's time. */
bool ingest_wants(const struct ingest *ingest, const struct ingest_node *reading, double time_s);

/* The time since the epoch of a record's stamp. What a wall clock showed is taken as the time in the zone of TZ. */
double ingest_stamp_epoch(const struct freelog_record *record);

/* Whether a record with a row Job was there. */
bool ingest_has_job(const struct ingest *ingest);

/* Keeps the samples of all nodes in less memory (series_pack): the log has been read. */
void ingest_pack(struct ingest *ingest);

/* The node as it is in a trace of `quantity`. All that it has is still `reading`'s. */
struct node ingest_look(const struct ingest *ingest, const struct ingest_node *reading, enum freelog_column quantity);

/* The same, for good: what it has is the caller's, and `reading` is left with nothing but its label. */
struct node ingest_take(const struct ingest *ingest, struct ingest_node *reading, enum freelog_column quantity);

/* Frees the nodes that were not taken. */
void ingest_free(struct ingest *ingest);

#endif
