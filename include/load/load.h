/* SPDX-License-Identifier: MIT */
/* load: parses logs into a trace. */
#ifndef MEMTRACE_LOAD_LOAD_H
#define MEMTRACE_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "load/input.h"
#include "load/settings.h"
#include "model/trace.h"

/* Called for everything the user should know. If `is_note`, something within a log was skipped or is unusual
 * (silenced by -q); otherwise a log or one of its nodes is missing from the trace. `error` is borrowed. */
typedef void load_report(void *user, bool is_note, const struct error *error);

/* Reads all files of `list` into `trace`, which must be zeroed, and finishes it. A file that cannot be read or has
 * no records is reported and skipped. Logs are read on several threads; the result does not depend on their number.
 * Returns false only if out of memory. The trace may be empty; the caller frees it in any case. */
bool load_trace(const struct load_settings *settings, const struct input_list *list, struct trace *trace,
                load_report *report, void *user, struct error *error);

/* Returns true if the beginning of a log contains a text that may be a column heading, ignoring case. Names of rows
 * ("Swap:") and free's own headings do not count. Returns true if the input can be read only once. */
bool load_mentions(const struct input_file *file, const char *text);

/* A log that is read incrementally while it grows. */
struct load_log;

/* Creates a log. `settings` and `file` are borrowed and must outlive it. Set `is_one_of_many` if there are more than
 * a hundred logs. Returns NULL if out of memory. */
struct load_log *load_log_new(const struct load_settings *settings, const struct input_file *file, bool is_one_of_many);
void load_log_free(struct load_log *log);

/* Parses the bytes after those of the previous call, as freelog_parser_feed does. */
bool load_log_feed(struct load_log *log, const char *bytes, size_t size);

/* Reads the whole file in its current state: for files that do not grow, an export or a gzip file. */
void load_log_read(struct load_log *log);

/* Returns true if the first bytes of a file show that it must be read as a whole. */
bool load_is_whole(const char *bytes, size_t size);

/* Stores the reason why the log cannot be read, for load_logs_finish to report. NULL means that it can be read. */
void load_log_fail(struct load_log *log, const struct error *reason);

/* Returns true if every node of the log has its trailer. */
bool load_log_has_ended(const struct load_log *log);

/* Adds the logs' nodes that have samples to a zeroed trace, which only borrows them. Until load_logs_return, do not
 * read the logs further, and do not free the trace in another way. Returns false if out of memory. */
bool load_logs_lend(struct load_log *const *log, size_t count, struct trace *trace);
void load_logs_return(struct trace *trace);

/* Finishes logs that are at their end; call it once. Otherwise like load_trace. */
bool load_logs_finish(struct load_log *const *log, size_t count, struct trace *trace, load_report *report, void *user,
                      struct error *error);

#endif
