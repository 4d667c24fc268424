/* SPDX-License-Identifier: MIT */
/* ingest: collects the records of a log, while it is read, in the series of its nodes. */
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

/* What the main line of a node or job is a share of. */
struct whole {
    double total; /* in all records so far, if it is constant */
    bool varies;
    double peak_total; /* when the line was highest */
};

/* Position of a node's own times in the plot: factor * time + offset_s. */
struct place {
    double factor, offset_s;
    double clock_error_s; /* as in the node */
};

/* A node while its log is read. Its own memory goes to node.line, that of the job to of_job; ingest_settle decides
 * which of them is drawn. */
struct ingest_node {
    struct node node;
    struct series of_job[TRACE_LINE_COUNT];
    double job_swap_total_bytes; /* like that of the node */
    char *label;
    double run_base_s;       /* time of the current run's first sample */
    unsigned long run_count; /* samples of the current run so far, including skipped ones */
    double run_clock_s;      /* stamp at run_base_s, NaN before the first */
    double last_s;           /* time of the last sample, -INFINITY before the first */
    double last_stamped_s;   /* time of the last sample with a stamp, -INFINITY before the first */
    double least_step_s;     /* smallest step between two of these so far */
    struct steps steps;      /* consecutive records without an advance of the clock */
    bool follows_stamp;      /* the last record had one */
    bool has_fractions;      /* of a second, in stamps */
    struct whole whole, job_whole;
    struct place place;                 /* to apply from_s and to_s; the offset is NAN if nothing is known */
    unsigned long outside;              /* samples skipped by from_s and to_s */
    unsigned long lacking, job_lacking; /* records without the column, for the node and the job */
    unsigned long oom_base, oom_count;  /* the job's counter of kills at the start, and now */
    struct trace_top latest_top;
};

/* What is known about a log as a whole. */
struct provenance {
    struct trace_note note[FREELOG_NOTE_COUNT];
    const char *note_path[FREELOG_NOTE_COUNT]; /* path of the part of a log that has the first note of a kind; borrowed
                                                * */
    const char *hint;                          /* what a log without records may be, NULL if unknown; constant */
    unsigned long lines[2];                    /* non-empty lines, and those understood */
    struct error reason;                       /* why it could not be read to its end */
    bool is_whole;                             /* the log was cut */
};

/* A log's nodes while it is read. Zero-initialise it except for settings, file, zero_epoch_s and bucket_limit. */
struct ingest {
    const struct load_settings *settings;
    const struct input_file *file;
    const char *part_path; /* of the file that is being read */
    double zero_epoch_s;   /* clock at the plot's time 0 as far as it is known before the logs are read, else NaN */
    struct place *place;   /* of the nodes in order of appearance, from the previous reading. Owned; NULL: none */
    size_t place_count;
    size_t bucket_limit;
    bool is_one_of_many;       /* lines that are only drawn of few nodes just keep statistics */
    struct map by_label;       /* indices into `node` */
    struct ingest_node **node; /* in order of appearance */
    size_t node_count, node_capacity;
    struct ingest_node *recent;
    bool is_export; /* it is an export of `exported`: its nodes are used unchanged */
    enum freelog_column exported;
    bool has_used;               /* there was a record with used memory */
    bool has_instead;            /* no record had used memory, nor values to compute it from (vmstat): */
    enum freelog_column instead; /* what to plot instead if the user named no column */
    bool out_of_memory;
    struct provenance provenance;
};

/* A sink that stores a parser's records, headers, notes and marks in `ingest`. */
struct freelog_sink ingest_sink(struct ingest *ingest);

/* The node of `label`, made if new. Returns NULL if out of memory, which ingest->out_of_memory records. */
struct ingest_node *ingest_find(struct ingest *ingest, const char *label);

/* The position assumed while a log is read: the one from the previous reading, else by the log's first clock. */
struct place ingest_place(const struct ingest *ingest, const struct ingest_node *reading);

/* Returns true if a time of a node is between --from and --to, which are times of the plot. */
bool ingest_wants(const struct ingest *ingest, const struct ingest_node *reading, double time_s);

/* The time since the epoch of a record's stamp. A wall clock's time is interpreted in the zone of TZ. */
double ingest_stamp_epoch(const struct freelog_record *record);

/* Whether there was a record with a row Job. */
bool ingest_has_job(const struct ingest *ingest);

/* Stores the samples of all nodes in less memory (series_pack) once the log has been read. */
void ingest_pack(struct ingest *ingest);

/* The node as it is in a trace of `quantity`. `reading` keeps ownership of everything. */
struct node ingest_look(const struct ingest *ingest, const struct ingest_node *reading, enum freelog_column quantity);

/* The same, permanently: the caller owns the result, and `reading` keeps only its label. */
struct node ingest_take(const struct ingest *ingest, struct ingest_node *reading, enum freelog_column quantity);

/* Frees the nodes that were not taken. */
void ingest_free(struct ingest *ingest);

#endif
