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

/* Opens operands as input_list_add does; everything is borrowed. Files that do not exist yet may appear later.
 * Returns NULL if out of memory. */
struct tail *tail_open(const struct load_settings *settings, const char *const *operand, size_t count,
                       const char *pattern);
void tail_close(struct tail *follow);

/* The result of tail_read. */
struct tail_news {
    bool changed; /* there are new bytes */
    bool more;    /* there are more bytes; reading stopped so that the user need not wait */
};

/* Reads new bytes without waiting for them: of known logs the bytes after those already read, and from time to time
 * logs that are new. Rotated parts of a log that exist at the start are read first. If a log was replaced, reading
 * continues with the new file after the rest of the old one. The same applies if it was copied to a rotated part and
 * truncated. A log that was only truncated starts anew. Returns false if out of memory. */
bool tail_read(struct tail *follow, struct tail_news *news, struct error *error);

/* Returns true if nothing more can come: every log has its trailer or is at the end of a pipe. Returns false while
 * the operands have not named a log. */
bool tail_has_ended(const struct tail *follow);

/* Returns true if standard input is one of the logs and still open, so that the caller can wait for it. */
bool tail_waits_for_stdin(const struct tail *follow);

/* Fills a zeroed trace with what has been read, for use until tail_return. The trace may be empty. Returns false if
 * out of memory. */
bool tail_look(const struct tail *follow, struct trace *trace);
void tail_return(struct trace *trace);

/* Ends the reading and fills a zeroed trace as load_trace does. Only tail_close may follow. */
bool tail_finish(struct tail *follow, struct trace *trace, load_report *report, void *user, struct error *error);

#endif
