/* SPDX-License-Identifier: MIT */
/* timestamp: a time that somebody wrote next to a record, read in the forms that ts(1), date(1) and scripts give it. */
#ifndef MEMTRACE_FREELOG_TIMESTAMP_H
#define MEMTRACE_FREELOG_TIMESTAMP_H

#include <stdbool.h>

enum timestamp_kind {
    TIMESTAMP_EPOCH,   /* seconds since 1970 UTC */
    TIMESTAMP_DATE,    /* a date with a time */
    TIMESTAMP_NO_YEAR, /* the same without a year: "Nov 23 00:35:08" */
    TIMESTAMP_CLOCK,   /* "00:35:08": time of day, or elapsed */
    TIMESTAMP_SECONDS, /* a number of seconds elapsed: "12.345678" */
    TIMESTAMP_DAY,     /* a date without a time: that of the times of day that follow */
};

struct timestamp {
    enum timestamp_kind kind;
    int year, month, day; /* where the kind has them, year only of TIMESTAMP_DATE and _DAY */
    double time_s;        /* since midnight, since 1970, or elapsed */
    bool has_zone;        /* it has its offset from UTC: */
    double zone_s;        /* east of it positive */
    int weekday;          /* 1 (Monday) to 7, 0 where it is not named */
    bool may_swap;        /* month and day may be meant the other way round */
    bool is_pair;         /* of TIMESTAMP_CLOCK: hours and minutes, or minutes and seconds; read as the former */
    bool is_stopwatch;    /* a pair that is no time of day: "75:00", "00:02.5" */
    bool has_unit;        /* of TIMESTAMP_SECONDS: "5 s", or a word says that it is elapsed time */
};

/* Reads all of [at, end), which may be in brackets: "Nov 23 00:35:08", "Mon Nov 23 00:35:08 UTC 2026" and what date(1)
 * prints in other languages, "2026-11-23T00:35:08.5+01:00", "23.11.2026 00:35:08", "1732320000.123", "00:00:02".
 * Returns false for any other text. */
bool timestamp_read(const char *at, const char *end, struct timestamp *stamp);

/* The distance from UTC, east positive, of a zone's name that means one only. Returns false for any other text. */
bool timestamp_zone(const char *at, const char *end, double *zone_s);

/* Seconds from 1970 to a date of the Gregorian calendar at midnight. */
double timestamp_days_s(int year, int month, int day);

/* Returns the year of a date without one in something that was last written at `written_epoch_s`: the last in which the
 * date exists, is no later than a day after that, and has the weekday that was named. 0 when written_epoch_s is NaN. */
int timestamp_year(const struct timestamp *stamp, double written_epoch_s);

/* What the stamps of one log, or of one node in it, were so far. A zeroed one has seen none. */
struct timestamp_clock {
    bool has_time;     /* a TIMESTAMP_CLOCK or _SECONDS was there: */
    double last_s;     /* its time */
    double base_s;     /* days that passed since, or the sum of increments */
    bool is_elapsed;   /* it began near 0: no time of day */
    bool is_increment; /* each counts from the one before (ts -i) */
    bool saw_one;      /* a 1 was among the times */
    bool last_is_row;  /* the last one was on a row Mem */
    int year, month;   /* of the last date; month 0 before it */
    bool is_yearless;  /* the year is not known, and counted as 2000 */
    double day_s;      /* since 1970, of a date without a time, that of the times of day that follow; 0 if there is none
                        */
};

struct log_time {
    double s;
    bool is_epoch; /* counts from 1970, else from the log's start */
    bool is_local; /* with is_epoch: in an unknown time zone, counted as if it were UTC */
    bool
        is_dateless; /* with is_epoch: only the time of day is known, or the year is not; counted from 1 January 2000 */
};

/* Returns the time that `stamp` means after those that `clock` has seen. A date without a year is in the year of the
 * dates before it, or `year` if that is not 0, or 2000; a time of day without a date is on 1 January 2000, and
 * continues past midnight. Every stamp must be shown to the clock, as each may count from the one before; `on_row`
 * marks those on a row Mem. */
struct log_time timestamp_clock_set(struct timestamp_clock *clock, const struct timestamp *stamp, int year,
                                    bool on_row);

#endif
