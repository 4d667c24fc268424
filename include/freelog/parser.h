/* SPDX-License-Identifier: MIT */
/* parser: bytes of a log in, records of free(1) out, which may come from a log of another program. */
#ifndef MEMTRACE_FREELOG_PARSER_H
#define MEMTRACE_FREELOG_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "freelog/record.h"

/* The text of an event begins so when the kernel killed something because memory ran out. */
#define FREELOG_EVENT_OOM "out of memory"

/* What the parser calls while it is fed. Each may be NULL. `user` is handed through. */
struct freelog_sink {
    void *user;
    /* A complete record. */
    void (*record)(void *user, const struct freelog_record *record);
    /* A key and its value of a "# memtrace" line, percent-decoded but for that of "top", a list whose names are encoded
     * each. `label` as in a record. */
    void (*header)(void *user, const char *label, const char *key, const char *value);
    /* Something was skipped or is odd; called for each occurrence. `text` is the offending text,
     * cut and printable, maybe "". */
    void (*note)(void *user, enum freelog_note note, unsigned long line, const char *text);
    /* An event in the log, such as Slurm's oom_kill, that came after the last record given. */
    void (*event)(void *user, const char *label, unsigned long line, const char *text);
    /* Many complete records at once; of their columns at least those with a bit in run_columns. Where this is NULL
     * `record` is called for each. */
    void (*run)(void *user, const struct freelog_run *run);
    uint32_t run_columns;
};

struct freelog_parser;

/* Makes a parser. A number without a unit of its own counts `unit_bytes` bytes; 0 means KiB, or what the header says
 * (toybox: bytes). `sink` is copied. Returns NULL if out of memory. */
struct freelog_parser *freelog_parser_new(const struct freelog_sink *sink, double unit_bytes);

/* Before the first byte: when the log was last written, in seconds since 1970, for times that carry no year. Without it
 * their year stays unknown. */
void freelog_parser_set_written(struct freelog_parser *parser, double epoch_s);

/* Before the first byte: the heading of the column to read as used memory where the log is a table; NULL: by what the
 * headings say. Borrowed. */
void freelog_parser_set_column(struct freelog_parser *parser, const char *heading);

/* Emits all records that are complete so far. A parser looks ahead at the beginning of a log to learn what its
 * times, names and units mean; this ends the look-ahead for a log that grows slowly. */
void freelog_parser_settle(struct freelog_parser *parser);

/* Frees the parser; NULL is allowed. */
void freelog_parser_free(struct freelog_parser *parser);

/* From now on every line is looked at closely, which takes many times as long and gives the same: for tests that
 * compare the two. */
void freelog_parser_look_closely(struct freelog_parser *parser);

/* Reads `size` bytes that follow those of the call before. A log gives the same records, notes and
 * lines in whatever pieces it comes; memory is bounded whatever the bytes are. Returns false if memory ran
 * out or the log cannot be read at all (watch(1) output): feeding more is pointless then. */
bool freelog_parser_feed(struct freelog_parser *parser, const char *bytes, size_t size);

/* A helper that reads pieces of a log before it is their turn, on another thread. */
struct freelog_ahead;

/* Makes a helper for the pieces that follow. Returns NULL if out of memory, or what was read so far is of no regular
 * kind that would gain by it. */
struct freelog_ahead *freelog_ahead_new(const struct freelog_parser *parser);

/* Frees the helper; NULL is allowed. */
void freelog_ahead_free(struct freelog_ahead *ahead);

/* Prepares any piece of the log. Uses no parser, so pieces can be prepared in parallel. */
void freelog_ahead_read(struct freelog_ahead *ahead, const char *bytes, size_t size);

/* As freelog_parser_feed, with the piece that `ahead` has prepared: the same records, notes and lines, in less time. */
bool freelog_parser_feed_ahead(struct freelog_parser *parser, struct freelog_ahead *ahead, const char *bytes,
                               size_t size);

/* Ends the log: emits the last record, or reports it as truncated. Returns false as freelog_parser_feed does. */
bool freelog_parser_finish(struct freelog_parser *parser);

/* Whether the parser stopped because memory ran out, so that records are missing. */
bool freelog_parser_out_of_memory(const struct freelog_parser *parser);

/* What the file may be, where its beginning has no record: "output of vmstat -s, not supported; use ...". NULL where
 * nothing is known. */
const char *freelog_parser_hint(const struct freelog_parser *parser);

/* Lines that are not empty, and those of them that were understood. */
void freelog_parser_lines(const struct freelog_parser *parser, unsigned long *non_empty, unsigned long *understood);

#endif
