/* SPDX-License-Identifier: MIT */
/* time_forms: reads one date, one time of day or one count of seconds, in each of their usual forms. */
#ifndef MEMTRACE_FREELOG_TIME_FORMS_H
#define MEMTRACE_FREELOG_TIME_FORMS_H

#include <stdbool.h>

#include "timestamp.h"

/* A date in a text. */
struct found_date {
    const char *from, *to;
    int year; /* 0 if it has none */
    int month, day;
    int weekday;   /* 1 (Monday) to 7, 0 if not named */
    bool may_swap; /* month and day may be swapped */
    bool may_flip; /* year (in its century) and day may be swapped */
    enum date_order order;
    enum year_order year_order;
};

/* A time of day in a text. */
struct found_time {
    const char *from, *to;
    double time_s; /* since midnight */
    bool has_seconds, has_half, has_zone;
    bool is_stopwatch; /* not a time of day but minutes and seconds, each counted 60-fold */
    double zone_s;     /* east of UTC positive */
};

/* Each function reads a text that begins at `at`, within [start, end); the byte before must not be part of it. It
 * returns false if the text has no such form. */

/* "10:00:00", "10:00", followed by a fraction, AM or PM, or a zone; "10时00分00秒", "10h00", and after a word
 * "klo 10.00".
 */
bool time_form_clock(const char *start, const char *at, const char *end, struct found_time *time);

/* Returns true for the digits after a lone T, as in "T10:00:00". */
bool time_form_is_after_t(const char *start, const char *at);

/* "2026-03-02", "02.03.2026", "3/2/26", "20260302", "260302", "2026年3月2日", "2026-061", "2026-W10-1", all digits. A
 * time after such a date may have further forms, "10-00-00", "100000", "10h00", "T10.00": `has_time` is then set and
 * `time` contains it. */
bool time_form_date(const char *start, const char *at, const char *end, struct found_date *date,
                    struct found_time *time, bool *has_time);

/* A time in one of those forms at `at`, the end of a date. */
bool time_form_after(const char *start, const char *at, const char *end, struct found_time *time);

/* "100000" as after "time=". */
bool time_form_tight(const char *start, const char *at, const char *end, struct found_time *time);

/* A date whose month is named by the word [at, word_end): "Mar 2", "2 Mar 2026", "02-Mar-26", "Mar 2 10:00:00 UTC
 * 2026". */
bool time_form_named_date(const char *start, const char *at, const char *word_end, const char *end,
                          struct found_date *date);

/* "1772445600", also with a fraction or as 13, 16 or 19 digits. Sets `epoch_s` to the seconds since 1970, between the
 * years 2000 and 2100. */
bool time_form_epoch(const char *start, const char *at, const char *end, const char **to, double *epoch_s);

#endif
