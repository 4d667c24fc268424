/* SPDX-License-Identifier: MIT */
/* ingest: stores the records of a log in the series of its nodes while the log is read. */
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

/* The total that the main line of a node or job is a share of. */
struct whole {
    double total; /* in all records so far, if constant */
    bool varies;
    double peak_total; /* at the peak of the line */
    double last_total;
    unsigned long changes; /* of the total, by more than a hundredth */
};

/* Converts a node's own times to times of the plot: factor * time + offset_s. */
struct place {
    double factor, offset_s;
    double clock_error_s; /* as in the node */
};

/* A node while its log is read. The node's memory goes to node.line, the job's to of_job; ingest_settle decides
 * which of them is drawn. */
struct ingest_node {
    struct node node;
    struct series of_job[TRACE_LINE_COUNT];
    double job_swap_total_bytes; /* as in the node */
    char *label;
    double run_base_s;         /* time of the current run's first sample */
    unsigned long run_count;   /* samples of the current run so far, including skipped ones */
    double run_clock_s;        /* stamp at run_base_s; NaN before the first stamp */
    double last_s;             /* time of the last sample; -INFINITY before the first */
    double last_stamped_s;     /* time of the last sample with a stamp; -INFINITY before the first */
    double least_step_s;       /* smallest step between two stamped samples so far */
    struct steps steps;        /* consecutive records whose clock does not advance */
    unsigned long steps_back;  /* of the clock */
    bool follows_stamp;        /* the last record had a stamp */
    struct held_records *held; /* the first records, until the step between them is known; NULL before and after */
    double guessed_step_s;     /* from the first stamps, for records without one; NaN if unknown */
    unsigned long untimed;     /* records without a stamp */
    bool has_guessed_start;    /* those before the first stamp were too many for their interval to be known in time */
    bool is_dateless;          /* the first stamps are times of day without a date */
    bool has_fractions;        /* stamps contain fractions of a second */
    struct whole whole, job_whole;
    struct place place;                 /* to apply from_s and to_s; offset_s is NAN if nothing is known */
    unsigned long outside;              /* samples skipped by from_s and to_s */
    unsigned long lacking, job_lacking; /* records without the column, per node and job */
    unsigned long oom_base, oom_count;  /* the job's counter of kills: at the start, and now */
    struct trace_top latest_top;
};

/* What is known about a log as a whole. */
struct provenance {
    struct trace_note note[FREELOG_NOTE_COUNT];
    const char *note_path[FREELOG_NOTE_COUNT]; /* path of the part of a log that contains the first note of each kind;
                                                  borrowed */
    const char *hint;                          /* what a log without records may be; NULL if unknown; constant */
    unsigned long hint_line;                   /* that it is about; 0 if about the whole log */
    unsigned long lines[2];                    /* non-empty lines; lines understood */
    struct error reason;                       /* why the log could not be read to its end */
    bool is_whole;                             /* the log was read to its end */
};

/* The nodes of a log while it is read. Zero-initialise it except for settings, file, zero_epoch_s and bucket_limit. */
struct ingest {
    const struct load_settings *settings;
    const struct input_file *file;
    const char *part_path; /* of the file being read */
    double zero_epoch_s;   /* clock at the plot's time 0 if known before the logs are read, else NaN */
    struct place *place;   /* per node in order of appearance, from the previous reading. Owned; NULL if none */
    size_t place_count;
    size_t bucket_limit;
    bool is_one_of_many;       /* for lines that are only drawn for few nodes, only statistics are kept */
    struct map by_label;       /* indices into `node` */
    struct ingest_node **node; /* in order of appearance */
    size_t node_count, node_capacity;
    struct ingest_node *recent;
    bool is_export; /* this is an export of `exported`; its nodes are used unchanged */
    enum freelog_column exported;
    bool has_used;               /* some record had used memory */
    bool has_instead;            /* no record had used memory or values to compute it from (vmstat); */
    enum freelog_column instead; /* so this is plotted if the user named no column */
    bool out_of_memory;
    struct provenance provenance;
};

/* Stores the records that were held back because the step between the first records was not known. To be called at the
 * end of a log and before its nodes are looked at. */
void ingest_release(struct ingest *ingest);

/* Returns a sink that stores a parser's records, headers, notes and marks in `ingest`. */
struct freelog_sink ingest_sink(struct ingest *ingest);

/* Returns the node of `label`, created if new. Returns NULL and sets ingest->out_of_memory if out of memory. */
struct ingest_node *ingest_find(struct ingest *ingest, const char *label);

/* Returns the place assumed while a log is read: that of the previous reading, else one based on the log's first
 * clock. */
struct place ingest_place(const struct ingest *ingest, const struct ingest_node *reading);

/* Returns true if a time of a node is between --from and --to, which are times of the plot. */
bool ingest_wants(const struct ingest *ingest, const struct ingest_node *reading, double time_s);

/* Returns the time of a record's stamp in seconds since the epoch. Wall-clock times are interpreted in the zone of
 * TZ. */
double ingest_stamp_epoch(const struct freelog_record *record);

/* Returns the memory that the used memory and swap of `nodes` nodes of this log are likely to take; 0 of a part of
 * another log. */
double ingest_expected_bytes(const struct ingest *ingest, size_t nodes);

/* Returns true if the times of a node never advance and go back at least twice: its log has the newest record first. */
bool ingest_is_newest_first(const struct ingest_node *reading);

/* Returns true if some record had a row `Job`. */
bool ingest_has_job(const struct ingest *ingest);

/* Packs the samples of all nodes into less memory (series_pack) after the log has been read. */
void ingest_pack(struct ingest *ingest);

/* Returns the node as it is in a trace of `quantity`. `reading` keeps ownership of everything. */
struct node ingest_look(const struct ingest *ingest, const struct ingest_node *reading, enum freelog_column quantity);

/* The same, but the caller takes ownership, and `reading` keeps only its label. */
struct node ingest_take(const struct ingest *ingest, struct ingest_node *reading, enum freelog_column quantity);

/* Frees the nodes that were not taken. */
void ingest_free(struct ingest *ingest);

#endif
