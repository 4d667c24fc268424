/* SPDX-License-Identifier: MIT */
/* timestamp: reads a time next to a record, in the forms that ts(1), date(1) and scripts write. */
#ifndef MEMTRACE_FREELOG_TIMESTAMP_H
#define MEMTRACE_FREELOG_TIMESTAMP_H

#include <stdbool.h>

enum timestamp_kind {
    TIMESTAMP_EPOCH,   /* seconds since 1970 UTC */
    TIMESTAMP_DATE,    /* a date with a time */
    TIMESTAMP_NO_YEAR, /* a date with a time but without a year: "Nov 23 00:35:08" */
    TIMESTAMP_CLOCK,   /* "00:35:08": time of day, or elapsed */
    TIMESTAMP_SECONDS, /* a number of seconds elapsed: "12.345678" */
    TIMESTAMP_DAY,     /* a date without a time: the date of the following times of day */
};

/* Which of the two small numbers of a date came first, in a form that does not determine it. */
enum date_order { DATE_ORDER_NONE, DATE_ORDER_DAY_FIRST, DATE_ORDER_MONTH_FIRST };

/* Where the year of a date is, if it has two digits. */
enum year_order { YEAR_ORDER_NONE, YEAR_ORDER_FIRST, YEAR_ORDER_LAST };

struct timestamp {
    enum timestamp_kind kind;
    int year, month, day; /* if the kind has them; the year only for TIMESTAMP_DATE and _DAY */
    double time_s;        /* since midnight, since 1970, or elapsed */
    bool has_zone;        /* it has an offset from UTC: */
    double zone_s;        /* east of it positive */
    int weekday;          /* 1 (Monday) to 7, 0 if not named */
    bool may_swap;        /* month and day may be swapped */
    bool may_flip;        /* year (in its century) and day may be swapped */
    enum date_order order;
    enum year_order year_order;
    bool is_pair;      /* for TIMESTAMP_CLOCK: hours and minutes, or minutes and seconds; read as the former */
    bool is_stopwatch; /* a pair that is not a time of day: "75:00", "00:02.5" */
    bool is_tight;     /* for TIMESTAMP_SECONDS: six digits that may be a time of day, "100530" or "10-05-30" */
    bool is_parted;    /* with is_tight: has signs, "10-05-30", and is no number of seconds */
    bool may_be_day;   /* with is_parted: "02-03-26" */
    bool has_unit;     /* for TIMESTAMP_SECONDS: "5 s", or a word says that it is elapsed time */
};

/* Reads all of [at, end), which may be in brackets: "Nov 23 00:35:08", "Mon Nov 23 00:35:08 UTC 2026" and what date(1)
 * prints in other languages, "2026-11-23T00:35:08.5+01:00", "23.11.2026 00:35:08", "1732320000.123", "00:00:02".
 * Returns false for any other text. */
bool timestamp_read(const char *at, const char *end, struct timestamp *stamp);

/* Sets `*zone_s` to the offset from UTC, east positive, of an unambiguous zone name. Returns false for any other text.
 */
bool timestamp_zone(const char *at, const char *end, double *zone_s);

/* Returns the seconds from 1970 to a date of the Gregorian calendar at midnight. */
double timestamp_days_s(int year, int month, int day);

/* Returns the day of the week, 1 (Monday) to 7, of a stamp's date, of the year 2000 if it has none; 0 without a date.
 */
int timestamp_weekday(const struct timestamp *stamp);

/* Returns the year of a date without one in a log last written at `written_epoch_s`: the last year in which the date
 * exists, is no later than a day after that, and has the named weekday. Returns 0 if written_epoch_s is NaN. */
int timestamp_year(const struct timestamp *stamp, double written_epoch_s);

/* The history of the stamps of a log, or of one of its nodes. A zeroed one has seen none. */
struct timestamp_clock {
    bool has_time;     /* a TIMESTAMP_CLOCK or _SECONDS was seen: */
    double last_s;     /* its time */
    double base_s;     /* days passed since then, or the sum of increments */
    bool is_elapsed;   /* it began near 0, so it is not a time of day */
    bool is_increment; /* each counts from the previous one (ts -i) */
    bool saw_one;      /* one of the times was 1 */
    bool last_is_row;  /* the last one was on a row Mem */
    int year, month;   /* of the last date; month 0 before the first */
    bool is_yearless;  /* the year is unknown, and counted as 2000 */
    double day_s;      /* seconds since 1970 of the last date without a time, which is the date of the following times
                        * of day; 0 if there is none */
};

struct log_time {
    double s;
    bool is_epoch;    /* it counts from 1970, else from the log's start */
    bool is_local;    /* with is_epoch: in an unknown time zone, counted as if it were UTC */
    bool is_dateless; /* with is_epoch: the year is unknown, or the whole date; counted from 1 January 2000 */
};

/* Returns the time that `stamp` means after those that `clock` has seen. A date without a year is in the year of the
 * previous dates, or in `year` if that is not 0, or in 2000; a time of day without a date is on 1 January 2000, and
 * continues past midnight. Every stamp must be passed to the clock, as each may count from the previous one; `on_row`
 * marks stamps on a row Mem. */
struct log_time timestamp_clock_set(struct timestamp_clock *clock, const struct timestamp *stamp, int year,
                                    bool on_row);

#endif
