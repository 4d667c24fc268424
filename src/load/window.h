/* SPDX-License-Identifier: MIT */
/* window: computes where the samples of logs are in the plot after the logs were read. --from and --to count in
 * these times. */
#ifndef MEMTRACE_LOAD_WINDOW_H
#define MEMTRACE_LOAD_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "file.h"
#include "model/trace.h"

/* Places all nodes of `count` logs as if there were no window, including those without a sample in it. Sets the
 * clock of `trace` at its time 0, which `trace` keeps. Marks in `again` each log whose window selected the wrong
 * samples according to these places, so that the log is read again. Returns false if out of memory. */
bool window_place(const struct load_settings *settings, struct load_file *file, size_t count, struct trace *trace,
                  bool *again);

/* Copies the nodes' places from the previous reading to `ingest`, which reads the log again. */
void window_keep(struct ingest *ingest, const struct ingest *before);

#endif
