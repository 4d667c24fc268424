/* SPDX-License-Identifier: MIT */
/* tail: reads growing logs incrementally. */
#ifndef MEMTRACE_LOAD_TAIL_H
#define MEMTRACE_LOAD_TAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "load/load.h"
#include "model/trace.h"

struct tail;

/* Takes operands like input_list_add; everything is borrowed. Files that do not exist yet may appear later. Returns
 * NULL if out of memory. */
struct tail *tail_open(const struct load_settings *settings, const char *const *operand, size_t count,
                       const char *pattern);
void tail_close(struct tail *follow);

/* The result of a reading. */
struct tail_news {
    bool changed; /* there are new bytes */
    bool more;    /* there are even more: reading stopped so that the user need not wait */
};

/* Reads what is new, never waiting for it, and only that: of known logs the bytes after those read, and now and then
 * logs that came since. Rotated parts of a log that are there from the start are read first. A log that was replaced
 * goes on with the new file, after the rest of the old one, as does one that was copied to a rotated part and truncated;
 * one that was truncated alone starts anew. Returns false if out of memory. */
bool tail_read(struct tail *follow, struct tail_news *news, struct error *error);

/* Whether nothing more can come: every log has its trailer or is at the end of a pipe. Returns false while operands
 * have named no log. */
bool tail_has_ended(const struct tail *follow);

/* Whether standard input is among the logs and still open, so that one can wait for it. */
bool tail_waits_for_stdin(const struct tail *follow);

/* Fills a zeroed trace with what has been read, for use until tail_return. It may be empty. Returns false if out of
 * memory. */
bool tail_look(const struct tail *follow, struct trace *trace);
void tail_return(struct trace *trace);

/* Ends the reading: fills a zeroed trace as load_trace does. Only tail_close may follow. */
bool tail_finish(struct tail *follow, struct trace *trace, load_report *report, void *user, struct error *error);

#endif
