/* SPDX-License-Identifier: MIT */
/* split: reads one long log with several threads. */
#ifndef MEMTRACE_LOAD_SPLIT_H
#define MEMTRACE_LOAD_SPLIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "freelog/parser.h"
#include "load/input.h"

/* Feeds the rest of a log, from the current position of `input`, to `parser`, using `threads` threads. The parser gets
 * the same bytes in the same order as with one thread: only one thread calls it and its sink at a time. Adds to
 * `bytes_read` (may be NULL). Stops where the log seems to end or cannot be read; `input` is then positioned there.
 * Returns false if the parser gave up. Does nothing if the log cannot be read at any offset, or has no records that
 * could be read ahead. */
bool load_split(struct freelog_parser *parser, struct input *input, unsigned int threads,
                atomic_uint_least64_t *bytes_read);

#endif
