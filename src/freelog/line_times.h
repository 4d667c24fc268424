/* SPDX-License-Identifier: MIT */
/* line_times: times on separate lines, and the nodes that they belong to. */
#ifndef MEMTRACE_FREELOG_LINE_TIMES_H
#define MEMTRACE_FREELOG_LINE_TIMES_H

#include "line_classifier.h"
#include "time_find.h"

/* Finds the time in [at, end): the whole text in a form that timestamp_read knows, else a time anywhere in it. Returns
 * false if there is none. */
bool line_times_find(const char *at, const char *end, struct found_stamp *found);

/* Returns the weight of a time among several for one record: the greatest wins. */
unsigned int line_times_weight(const struct found_stamp *found);

/* Converts a stamp of the line to a time, according to `clock`. */
struct log_time line_times_mean(struct line_classifier *log, struct timestamp_clock *clock,
                                const struct timestamp *stamp, bool on_row);

/* Returns true if a number on a row's line is a time of `stream`, because the log's numbers advance like times. */
bool line_times_is_time(struct line_classifier *log, const struct record_builder *stream, const struct timestamp *stamp,
                        bool is_alone);

/* Reads a line that has only a time with punctuation around it, or a node name before it. `has_tail`: blanks followed
 * it. Returns false for any other line. */
bool line_times_read(struct line_classifier *log, const char *at, const char *end, bool has_tail);

/* Reads a line that has a time among other words. */
bool line_times_read_within(struct line_classifier *log, const char *at, const char *end);

/* Keeps the first text that looks like a time but was not understood, to report it to the user. */
void line_times_note_like(struct line_classifier *log, const char *at, const char *end);

#endif
