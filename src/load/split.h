/* SPDX-License-Identifier: MIT */
/* split: one long log read by several threads. */
#ifndef MEMTRACE_LOAD_SPLIT_H
#define MEMTRACE_LOAD_SPLIT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "freelog/parser.h"
#include "load/input.h"

/* Feeds the rest of a log from where it was read to so far, on `threads` threads, to `parser`, which gets exactly what
 * it would get by itself in the same order: only one thread calls it and its sink at a time. Adds to `bytes_read` (may
 * be NULL). Stops where the log seems to end, or cannot be read; `input` is then positioned there. Returns false if the
 * parser gave up. Does nothing where the log cannot be read from any place, or has no records that could be read ahead.
 */
bool load_split(struct freelog_parser *parser, struct input *input, unsigned int threads,
                atomic_uint_least64_t *bytes_read);

#endif
