/* SPDX-License-Identifier: MIT */
/* time_find: a time anywhere on a line, whatever else the line has. */
#ifndef MEMTRACE_FREELOG_TIME_FIND_H
#define MEMTRACE_FREELOG_TIME_FIND_H

#include "timestamp.h"

/* How complete a time is; more wins over less. */
enum time_fullness {
    TIME_FULLNESS_NUMBER, /* a number that may count seconds since 1970, or anything else */
    TIME_FULLNESS_MINUTE, /* "10:00" */
    TIME_FULLNESS_CLOCK,  /* "10:00:00" */
    TIME_FULLNESS_NO_YEAR,
    TIME_FULLNESS_DATE_MINUTE,
    TIME_FULLNESS_DATE, /* also seconds since 1970 that say so: "ts=1772445600" */
};

struct found_stamp {
    struct timestamp stamp;
    const char *from, *to; /* from the first to after the last of its parts; borrowed from the text */
    enum time_fullness fullness;
    bool is_alone;  /* only signs stand around it */
    bool has_rival; /* the line has another date, equally complete and not the same */
    bool has_other; /* the line has another time */
    struct timestamp other;
    enum time_fullness other_fullness;
};

/* Finds the fullest date or time of day in [at, end), the first of equal ones. Returns false if there is none. Takes
 * time in proportion to the length of the text. */
bool time_find(const char *at, const char *end, struct found_stamp *found);

/* Makes the other time of the line the one that was found. */
void time_find_take_other(struct found_stamp *found);

/* Finds what looks like a time and is none that time_find reads: "10h00", "10-00-00", "2026-03-02". */
bool time_find_like(const char *at, const char *end, const char **from, const char **to);

#endif
