/* SPDX-License-Identifier: MIT */
/* line_times: times on lines of their own, and whose they are. */
#ifndef MEMTRACE_FREELOG_LINE_TIMES_H
#define MEMTRACE_FREELOG_LINE_TIMES_H

#include "line_classifier.h"
#include "time_find.h"

/* Finds the time in [at, end): all of the text in any form that timestamp_read knows, or anywhere in it. Returns false
 * if there is none. */
bool line_times_find(const char *at, const char *end, struct found_stamp *found);

/* How a time weighs against others that may be the same record's: more wins. */
unsigned int line_times_weight(const struct found_stamp *found);

/* What a stamp of the line means by `clock`. */
struct log_time line_times_mean(struct line_classifier *log, struct timestamp_clock *clock,
                                const struct timestamp *stamp, bool on_row);

/* Takes a line with nothing but a time on it and signs around, or with a node's name before it. `has_tail`: blanks
 * followed it. False for any other line. */
bool line_times_read(struct line_classifier *log, const char *at, const char *end, bool has_tail);

/* Takes a line that has a time among other words. */
bool line_times_read_within(struct line_classifier *log, const char *at, const char *end);

/* Keeps the first text that looks like a time and was not understood, for the user. */
void line_times_note_like(struct line_classifier *log, const char *at, const char *end);

#endif
