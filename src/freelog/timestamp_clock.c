/* SPDX-License-Identifier: MIT */
/* timestamp_clock: interprets a log's stamps in sequence: missing years, passed midnights, times that count from the
 * previous one. */
#include <math.h>

#include "timestamp.h"

#define DAY_S       86400.0
#define NO_YEAR     2000 /* a leap year, for 29 February */
#define NEAR_ZERO_S 60

/* 1 January 1970 was a Thursday. */
static int weekday_of(double day_s)
{
    return (int)fmod(day_s / DAY_S + 3, 7) + 1;
}

int timestamp_weekday(const struct timestamp *stamp)
{
    if (stamp->kind != TIMESTAMP_DATE && stamp->kind != TIMESTAMP_NO_YEAR && stamp->kind != TIMESTAMP_DAY)
        return 0;
    const int year = stamp->kind == TIMESTAMP_NO_YEAR ? NO_YEAR : stamp->year;
    return weekday_of(timestamp_days_s(year, stamp->month, stamp->day));
}

int timestamp_year(const struct timestamp *stamp, double written_epoch_s)
{
    if (!(written_epoch_s > 0 && written_epoch_s < 7e9))
        return 0;
    int last = 1970 + (int)(written_epoch_s / (365.2425 * DAY_S)) + 1, found = 0;
    for (int year = last; year > last - 40; year--) {
        double day_s = timestamp_days_s(year, stamp->month, stamp->day);
        bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        if (day_s > written_epoch_s + DAY_S || (stamp->month == 2 && stamp->day == 29 && !is_leap))
            continue;
        found = found == 0 ? year : found;
        if (stamp->weekday == 0 || weekday_of(day_s) == stamp->weekday)
            return year;
    }
    return found;
}

/* Returns the time of a stamp with a date. A date without a year follows the previous ones. */
static struct log_time date_time(struct timestamp_clock *clock, const struct timestamp *stamp, int year)
{
    if (stamp->kind == TIMESTAMP_DATE) {
        clock->year = stamp->year;
        clock->is_yearless = false;
    } else if (clock->year == 0) {
        clock->year = year != 0 ? year : NO_YEAR;
        clock->is_yearless = year == 0;
    } else if (stamp->month - clock->month <= -6) {
        clock->year++;
    } else if (clock->month == 1 && stamp->month == 12) {
        clock->year--; /* the clock was set back over New Year, or lines are out of order */
    }
    clock->month = stamp->month;
    double s = timestamp_days_s(clock->year, stamp->month, stamp->day) + stamp->time_s;
    return (struct log_time){stamp->has_zone ? s - stamp->zone_s : s, true, !stamp->has_zone, clock->is_yearless};
}

/* Returns true if times that began near 0 count from the previous line, as those of `ts -i` do: they go back or, if no
 * line separates two records, stay at a number of seconds that they reached in one step and that a count from the start
 * would have reached by way of 1. */
static bool is_increment(const struct timestamp_clock *clock, double time_s, bool on_row)
{
    return time_s < clock->last_s ||
           (on_row && clock->last_is_row && time_s == clock->last_s && time_s >= 2 && !clock->saw_one);
}

static struct log_time clock_time(struct timestamp_clock *clock, const struct timestamp *stamp, bool on_row)
{
    double time_s = stamp->time_s;
    if (!clock->has_time) {
        clock->has_time = true;
        clock->is_elapsed = stamp->kind == TIMESTAMP_SECONDS || (time_s < NEAR_ZERO_S && clock->day_s == 0);
        clock->last_s = time_s;
    }
    if (!clock->is_elapsed) {
        if (time_s < clock->last_s - DAY_S / 2)
            clock->base_s += DAY_S;
        else if (time_s > clock->last_s + DAY_S / 2 && clock->base_s > 0)
            clock->base_s -= DAY_S; /* nodes pass midnight one after the other */
        clock->last_s = time_s;
        double day_s = clock->day_s != 0 ? clock->day_s : timestamp_days_s(NO_YEAR, 1, 1);
        return (struct log_time){day_s + clock->base_s + time_s - (stamp->has_zone ? stamp->zone_s : 0), true,
                                 !stamp->has_zone, clock->day_s == 0};
    }
    if (!clock->is_increment && is_increment(clock, time_s, on_row)) {
        clock->is_increment = true;
        clock->base_s = clock->last_s;
    }
    clock->last_is_row = on_row;
    clock->saw_one |= time_s >= 1 && time_s < 2;
    clock->last_s = time_s;
    if (clock->is_increment)
        time_s = clock->base_s += time_s;
    return (struct log_time){time_s, false, false, false};
}

struct log_time timestamp_clock_set(struct timestamp_clock *clock, const struct timestamp *stamp, int year, bool on_row)
{
    if (stamp->kind == TIMESTAMP_EPOCH)
        return (struct log_time){stamp->time_s, true, false, false};
    if (stamp->kind == TIMESTAMP_DAY) {
        clock->day_s = timestamp_days_s(stamp->year, stamp->month, stamp->day);
        clock->base_s = 0;
        clock->has_time = false;
        return (struct log_time){NAN, true, true, false};
    }
    if (stamp->kind == TIMESTAMP_DATE || stamp->kind == TIMESTAMP_NO_YEAR)
        return date_time(clock, stamp, year);
    return clock_time(clock, stamp, on_row);
}
