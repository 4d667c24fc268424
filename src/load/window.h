/* SPDX-License-Identifier: MIT */
/* window: where the samples of logs are in the plot, by all that is known of the logs after they were read: --from and
 * --to count from there. */
#ifndef MEMTRACE_LOAD_WINDOW_H
#define MEMTRACE_LOAD_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "file.h"
#include "model/trace.h"

/* Places all nodes of `count` logs as they are without a window, also those without a sample in it: `trace` gets the
 * clock at its time 0 and keeps it. Each log whose window does not select the samples that it should by these places
 * is marked in `again`: it is to be read once more. Returns false if out of memory. */
bool window_place(const struct load_settings *settings, struct load_file *file, size_t count, struct trace *trace,
                  bool *again);

/* Gives `ingest`, which reads a log again, the places of its nodes from the reading before. */
void window_keep(struct ingest *ingest, const struct ingest *before);

#endif
