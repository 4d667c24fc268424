/* SPDX-License-Identifier: MIT */
/* events: the events that the user, the program or the logs name, placed in the plot's time. */
#ifndef MEMTRACE_MODEL_EVENTS_H
#define MEMTRACE_MODEL_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/trace.h"

/* Events in the order given, then of time. A zeroed one is empty. */
struct events {
    struct trace_event *event;
    size_t count, capacity;
};

/* Adds "TIME:TEXT". TIME is read by parse_time; one of 1e9 seconds or more counts since the epoch. */
bool events_add(struct events *events, const char *text, struct error *error);

/* Adds the lines "TIME TEXT" of a file, `date +%s` being one TIME; empty lines and those that begin with # are skipped.
 */
bool events_read(struct events *events, const char *path, struct error *error);

/* Adds those of another list. Returns false if memory is short. */
bool events_copy(struct events *events, const struct events *from);

/* Turns times since the epoch into the plot's, adds the marks found in the logs, and sorts all by time. A mark of
 * the same text as the one before, at most an interval later, is dropped. False in `error` when an epoch is given but
 * the logs have no start time, or memory is short. */
bool events_place(struct events *events, const struct trace *trace, struct error *error);

/* Frees and zeroes; accepts a zeroed one. */
void events_free(struct events *events);

#endif
