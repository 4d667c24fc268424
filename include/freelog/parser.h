/* SPDX-License-Identifier: MIT */
/* parser: reads the bytes of a log and emits records of free(1). Logs of other programs are converted to such records.
 */
#ifndef MEMTRACE_FREELOG_PARSER_H
#define MEMTRACE_FREELOG_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "freelog/record.h"

/* The text of an event begins with this if the kernel killed something because memory ran out. */
#define FREELOG_EVENT_OOM "out of memory"

/* Callbacks of the parser. Each may be NULL. `user` is passed to all of them. */
struct freelog_sink {
    void *user;
    /* A complete record. */
    void (*record)(void *user, const struct freelog_record *record);
    /* A key of a "# memtrace" line and its value. The value is percent-decoded, except for "top", a list in which each
     * name is encoded. `label` as in a record. */
    void (*header)(void *user, const char *label, const char *key, const char *value);
    /* Called for each occurrence of damaged or odd input. `text` is the offending text, truncated and printable; it may
     * be "". */
    void (*note)(void *user, enum freelog_note note, unsigned long line, const char *text);
    /* An event in the log, such as Slurm's oom_kill, that came after the last emitted record. */
    void (*event)(void *user, const char *label, unsigned long line, const char *text);
    /* Many complete records at once, with at least the columns that have a bit in run_columns. If this is NULL,
     * `record` is called for each record. */
    void (*run)(void *user, const struct freelog_run *run);
    uint32_t run_columns;
};

struct freelog_parser;

/* Creates a parser. `unit_bytes` is the unit of numbers printed without one; 0 means KiB, or the unit that the header
 * implies (toybox: bytes). `sink` is copied. Returns NULL if out of memory. */
struct freelog_parser *freelog_parser_new(const struct freelog_sink *sink, double unit_bytes);

/* Sets when the log was last written, in seconds since 1970, to find the year of times without one. Otherwise their
 * year stays unknown. Call it before the first byte. */
void freelog_parser_set_written(struct freelog_parser *parser, double epoch_s);

/* Sets the heading of the column to read as used memory if the log is a table; NULL means to choose it by the headings.
 * Borrowed. Call it before the first byte. */
void freelog_parser_set_column(struct freelog_parser *parser, const char *heading);

/* Emits all records that are complete so far. The parser looks ahead at the beginning of a log to learn what its times,
 * names and units mean; this ends the look-ahead, for logs that grow slowly. */
void freelog_parser_settle(struct freelog_parser *parser);

/* Frees the parser; NULL is allowed. */
void freelog_parser_free(struct freelog_parser *parser);

/* Disables the fast paths, so that every line is examined in full. This takes many times as long and gives the same
 * result; for tests that compare the two. */
void freelog_parser_look_closely(struct freelog_parser *parser);

/* Reads the next `size` bytes. Records, notes and lines do not depend on how the log is divided into pieces; memory is
 * bounded for any input. Returns false if memory ran out or the log cannot be read at all (watch(1) output): feeding
 * more is then pointless. */
bool freelog_parser_feed(struct freelog_parser *parser, const char *bytes, size_t size);

/* A helper that reads pieces of a log ahead, on another thread. */
struct freelog_ahead;

/* Creates a helper for the pieces that follow. Returns NULL if out of memory, or if the log so far is not regular
 * enough to gain by it. */
struct freelog_ahead *freelog_ahead_new(const struct freelog_parser *parser);

/* Frees the helper; NULL is allowed. */
void freelog_ahead_free(struct freelog_ahead *ahead);

/* Prepares any piece of the log. Uses no parser, so pieces can be prepared in parallel. */
void freelog_ahead_read(struct freelog_ahead *ahead, const char *bytes, size_t size);

/* Same as freelog_parser_feed for the piece that `ahead` has prepared, but faster. */
bool freelog_parser_feed_ahead(struct freelog_parser *parser, struct freelog_ahead *ahead, const char *bytes,
                               size_t size);

/* Ends the log: emits the last record, or reports it as truncated. Returns false in the same cases as
 * freelog_parser_feed. */
bool freelog_parser_finish(struct freelog_parser *parser);

/* Returns true if the parser stopped because memory ran out, so that records are missing. */
bool freelog_parser_out_of_memory(const struct freelog_parser *parser);

/* Returns what the file may be if its beginning has no record: "output of vmstat -s, not supported; use ..."; NULL if
 * unknown. `*line` is the line that it is about, 0 for the whole file. */
const char *freelog_parser_hint(const struct freelog_parser *parser, unsigned long *line);

/* Counts the lines that are not empty, and how many of them were understood. */
void freelog_parser_lines(const struct freelog_parser *parser, unsigned long *non_empty, unsigned long *understood);

#endif
