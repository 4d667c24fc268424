/* SPDX-License-Identifier: MIT */
/* time_find: finds a time anywhere on a line, among any other text. */
#ifndef MEMTRACE_FREELOG_TIME_FIND_H
#define MEMTRACE_FREELOG_TIME_FIND_H

#include "timestamp.h"

/* How complete a time is; the more complete one wins. */
enum time_fullness {
    TIME_FULLNESS_NUMBER, /* a number that may count seconds since 1970, or anything else */
    TIME_FULLNESS_MINUTE, /* "10:00" */
    TIME_FULLNESS_CLOCK,  /* "10:00:00" */
    TIME_FULLNESS_NO_YEAR,
    TIME_FULLNESS_DATE_MINUTE,
    TIME_FULLNESS_DATE, /* also seconds since 1970 with a keyword: "ts=1772445600" */
};

struct found_stamp {
    struct timestamp stamp;
    const char *from, *to;           /* from its first part to the end of its last; borrowed from the text */
    const char *core_from, *core_to; /* the same without words that may be weekdays and zones, or nodes; else NULL */
    enum time_fullness fullness;
    bool is_alone;  /* it is surrounded only by punctuation */
    bool has_rival; /* the line has another, equally complete but different date */
    bool has_other; /* the line has another time */
    struct timestamp other;
    enum time_fullness other_fullness;
};

/* Finds the most complete date or time of day in [at, end), the first of equally complete ones. Returns false if there
 * is none. Runs in linear time. */
bool time_find(const char *at, const char *end, struct found_stamp *found);

/* Completes a date that timestamp_read found in the same text: which of its numbers are what, and the weekday. */
void time_find_complete(const struct found_stamp *found, struct timestamp *stamp);

/* Replaces the found time by the other time of the line. */
void time_find_take_other(struct found_stamp *found);

/* Finds text that looks like a time but is not one that time_find reads: "10h00", "10-00-00", "2026-03-02". */
bool time_find_like(const char *at, const char *end, const char **from, const char **to);

#endif
