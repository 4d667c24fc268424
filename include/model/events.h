/* SPDX-License-Identifier: MIT */
/* events: events given by the user, the program or the logs, placed in the plot's time. */
#ifndef MEMTRACE_MODEL_EVENTS_H
#define MEMTRACE_MODEL_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/trace.h"

/* Events in the order given; in order of time after events_place. A zeroed list is empty. */
struct events {
    struct trace_event *event;
    size_t count, capacity;
};

/* Adds "TIME:TEXT". TIME is in the format of parse_time; 1e9 seconds or more count from the epoch. */
bool events_add(struct events *events, const char *text, struct error *error);

/* Adds the lines "TIME TEXT" of a file, TIME may be the output of `date +%s`; empty lines and those that begin with #
 are skipped. */
bool events_read(struct events *events, const char *path, struct error *error);

/* Appends a copy of another list's events. Returns false if out of memory. */
bool events_copy(struct events *events, const struct events *from);

/* Turns times since the epoch into the plot's, adds the marks found in the logs, and sorts all by time. An event with
 * the same text as the one before, at most an interval later, is dropped. Returns false with the reason in `error` if a
 * time counts from the epoch but the logs have no start time, or if out of memory. */
bool events_place(struct events *events, const struct trace *trace, struct error *error);

/* Frees and zeroes; accepts a zeroed one. */
void events_free(struct events *events);

#endif
