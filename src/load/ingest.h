/* ingest: a log while it is read: its records into the series of its nodes. */
#ifndef MEMTRACE_LOAD_INGEST_H
#define MEMTRACE_LOAD_INGEST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "freelog/parser.h"
#include "load/column.h"
#include "load/input.h"
#include "model/trace.h"

/* What the tree of nodes is ordered by. */
struct label_key {
    const char *label;
};

/* A node while its log is read. */
struct ingest_node {
    struct label_key key; /* first, so that tsearch(3) finds it: points to label */
    struct node node;
    char *label;
    double run_base_s;        /* time of the current run's first sample */
    unsigned long run_count;  /* samples of the current run so far, left-out ones too */
    double run_clock_s;       /* stamp that lies at run_base_s, NaN before the first */
    double last_s;            /* time of the last sample, -INFINITY before the first */
    double usual_step_s;      /* smallest step between different stamps so far */
    unsigned long outside;    /* samples left out by from_s and to_s */
    unsigned long lacking;    /* records without the column */
    bool has_total;           /* a record with a total was there */
    struct ingest_node *next; /* in order of appearance */
};

/* A log while it is read. Zeroed but for what it is told: settings, file, zero_epoch_s, bucket_limit, threads. */
struct ingest {
    const struct load_settings *settings;
    const struct input_file *file;
    double zero_epoch_s; /* clock at the plot's time 0 where from_s and to_s need it, else NaN */
    size_t bucket_limit;
    unsigned int threads; /* to read it with */
    void *by_label;       /* tree of tsearch(3) */
    struct ingest_node *first, *last, *recent;
    struct trace_note note[FREELOG_NOTE_COUNT];
    unsigned long lines[2]; /* not empty, and understood */
    struct error reason;    /* why it could not be read to its end */
    bool is_whole;          /* it was */
    bool out_of_memory;
    struct load_buffers *buffers;      /* of all logs, NULL: one of its own */
    atomic_uint_least64_t *bytes_read; /* of all logs */
};

/* Where a parser's records, headers, notes and marks go: into `reader`. */
struct freelog_sink ingest_sink(struct ingest *ingest);

/* The node of `label`, made when it is new. NULL when memory is short, which reader->out_of_memory keeps. */
struct ingest_node *ingest_find(struct ingest *ingest, const char *label);

/* Whether a time of a node lies between --from and --to, which count in the plot's time. */
bool ingest_wants(const struct ingest *ingest, const struct node *node, double time_s);

/* The time since the epoch of a record's stamp. What a wall clock showed is taken as the time in the zone of TZ. */
double ingest_stamp_epoch(const struct freelog_record *record);

/* Frees the nodes that were not handed over. */
void ingest_free(struct ingest *ingest);

#endif
