/* SPDX-License-Identifier: MIT */
/* export: writes the reduced series as data, and reads it back. */
#ifndef MEMTRACE_MODEL_EXPORT_H
#define MEMTRACE_MODEL_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"
#include "model/trace.h"

/* A CSV export begins with this, possibly after a UTF-8 byte-order mark; the version follows. */
#define EXPORT_MAGIC "# memtrace-export "

enum export_match { EXPORT_NO, EXPORT_MAYBE, EXPORT_YES };

/* Reports whether `bytes`, the first ones of a file, begin an export; EXPORT_MAYBE if there are too few to decide. */
enum export_match export_begins(const char *bytes, size_t size);

/* Writes all buckets of all series, one row per bucket: node, quantity, time, first, min, max, last (with the times of
 * the extremes and of the last sample as seconds after the first), mean, count, and whether a gap precedes it. Values
 * count bytes, or percent in a trace of percentages; the first line says so. Lines that begin with # carry the metadata
 * of a node; the last one marks the export as complete. The main line is written once, even if it is also one of the
 * other quantities. Returns false on a write error, with the reason in `error`. */
bool export_csv(FILE *file, const struct trace *trace, struct error *error);

/* Writes the same as one JSON document. A node's times count from its `start_epoch_s`, which is null if the date is
 * unknown; its `offset_s` is when that is in the plot. */
bool export_json(FILE *file, const struct trace *trace, struct error *error);

/* Receives the contents of an export. The functions are called in the order of the file. */
struct export_sink {
    void *user;
    /* For the first line. Returns false with the reason in `error` to refuse it. */
    bool (*begin)(void *user, const char *column, bool percent, struct error *error);
    /* Returns the node that receives the rows of this name; NULL if out of memory. */
    struct node *(*node)(void *user, const char *name);
    /* Returns true if a bucket that begins at this time of the node is wanted. */
    bool (*wants)(void *user, const struct node *node, double time_s);
};

struct export_reader;

/* Makes a reader; NULL if out of memory. `sink` is copied, `path` (for messages) is borrowed. */
struct export_reader *export_reader_new(const struct export_sink *sink, const char *path);
void export_reader_free(struct export_reader *reader);

/* Reads the next bytes, in pieces of any size; `size` 0 means the end. Damaged rows are skipped and counted. Returns
 * false with file and line in `error` if the sink refuses the export, its version or header is unknown, or memory
 * runs out; and at the end if rows were skipped (how many, and of which nodes), or lines are missing, such as the last
 * one, which says how many there are: what came before is valid. */
bool export_reader_feed(struct export_reader *reader, const char *bytes, size_t size, struct error *error);

#endif
