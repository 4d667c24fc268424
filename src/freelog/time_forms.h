/* SPDX-License-Identifier: MIT */
/* time_forms: one date, one time of day or one count of seconds, in each of the forms that people write them in. */
#ifndef MEMTRACE_FREELOG_TIME_FORMS_H
#define MEMTRACE_FREELOG_TIME_FORMS_H

#include <stdbool.h>

/* A date in a text. */
struct found_date {
    const char *from, *to;
    int year; /* 0 when it has none */
    int month, day;
    int weekday;   /* 1 (Monday) to 7, 0 when it is not named */
    bool may_swap; /* month and day may be meant the other way round */
};

/* A time of day in a text. */
struct found_time {
    const char *from, *to;
    double time_s; /* since midnight */
    bool has_seconds, has_half, has_zone;
    bool is_stopwatch; /* no time of day: minutes and seconds, each counted as 60 times as much */
    double zone_s;     /* east of UTC positive */
};

/* Each reads what begins at `at`, within the text [start, end); the byte before must be no part of it. Returns false if
 * nothing of the kind does. */

/* "10:00:00", "10:00", with fraction, AM or PM, zone after it, "10时00分00秒", "10h00", and after a word "klo 10.00".
 */
bool time_form_clock(const char *start, const char *at, const char *end, struct found_time *time);

/* "2026-03-02", "02.03.2026", "3/2/26", "20260302", "260302", "2026年3月2日", "2026-061", "2026-W10-1", all
 * digits. After such a date a time may
 * have another form, "10-00-00", "100000", "10h00", "T10.00": `has_time` says that it is in `time`. */
bool time_form_date(const char *start, const char *at, const char *end, struct found_date *date,
                    struct found_time *time, bool *has_time);

/* A time in one of those forms at the end `at` of a date. */
bool time_form_after(const char *start, const char *at, const char *end, struct found_time *time);

/* "100000", as it stands after "time=". */
bool time_form_tight(const char *start, const char *at, const char *end, struct found_time *time);

/* A date whose month is named by the word [at, word_end): "Mar 2", "2 Mar 2026", "02-Mar-26", "Mar 2 10:00:00 UTC
 * 2026". */
bool time_form_named_date(const char *start, const char *at, const char *word_end, const char *end,
                          struct found_date *date);

/* "1772445600", with a fraction or as 13, 16 or 19 digits: seconds since 1970, between 2000 and 2100, go to `epoch_s`.
 */
bool time_form_epoch(const char *start, const char *at, const char *end, const char **to, double *epoch_s);

#endif
