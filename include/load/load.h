/* SPDX-License-Identifier: MIT */
/* load: runs logs through parsers into a trace. */
#ifndef MEMTRACE_LOAD_LOAD_H
#define MEMTRACE_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "load/input.h"
#include "load/settings.h"
#include "model/trace.h"

/* Called for everything the user should know. With `is_note`, something within a log was skipped or is unusual (-q
 * silences it); otherwise a log or one of its nodes is missing from the trace. `error` is borrowed. */
typedef void load_report(void *user, bool is_note, const struct error *error);

/* Reads all files of `list` into `trace` (zeroed before) and finishes it. A file that cannot be read or has no record
 * is reported and skipped. Logs are read on several threads; the result does not depend on their number. False only if
 * out of memory. The trace may be empty; the caller frees it in any case. */
bool load_trace(const struct load_settings *settings, const struct input_list *list, struct trace *trace,
                load_report *report, void *user, struct error *error);

/* Returns true if the beginning of a log has a text that may be the heading of a column, letter case ignored; the names
 * of rows ("Swap:") and free's own headings are none. What can be read only once may have it. */
bool load_mentions(const struct input_file *file, const char *text);

/* A log that is read bit by bit while it grows. */
struct load_log;

/* Makes one. `settings` and `file` are borrowed and must outlive it; `is_one_of_many`: of more than a hundred logs.
 * Returns NULL if out of memory. */
struct load_log *load_log_new(const struct load_settings *settings, const struct input_file *file, bool is_one_of_many);
void load_log_free(struct load_log *log);

/* Reads bytes that follow those of the call before, as in freelog_parser_feed. */
bool load_log_feed(struct load_log *log, const char *bytes, size_t size);

/* Reads the file as it is, whole: for what does not grow, an export or a gzip file. */
void load_log_read(struct load_log *log);

/* Whether bytes that begin a file say that it must be read whole. */
bool load_is_whole(const char *bytes, size_t size);

/* Keeps the reason why the log cannot be read, for load_logs_finish to report; NULL: it can be read. */
void load_log_fail(struct load_log *log, const struct error *reason);

/* Whether every node of the log has its trailer. */
bool load_log_has_ended(const struct load_log *log);

/* Adds the logs' nodes that have samples to a zeroed trace that only looks at them: no log may be read further, nor the
 * trace freed otherwise, before load_logs_return. Returns false if out of memory. */
bool load_logs_lend(struct load_log *const *log, size_t count, struct trace *trace);
void load_logs_return(struct trace *trace);

/* All logs are at their end: as load_trace, once. */
bool load_logs_finish(struct load_log *const *log, size_t count, struct trace *trace, load_report *report, void *user,
                      struct error *error);

#endif
