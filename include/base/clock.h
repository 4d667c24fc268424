/* SPDX-License-Identifier: MIT */
/* clock: the system's clocks, and the calendar date of a time since 1970. */
#ifndef MEMTRACE_BASE_CLOCK_H
#define MEMTRACE_BASE_CLOCK_H

#include <stdbool.h>

#define CLOCK_MAX_S 1e12 /* times since the epoch beyond this, on either side, have no calendar date */

/* Seconds since an arbitrary moment, by a clock that never goes back: for measuring durations. */
double clock_monotonic_s(void);

/* The present time, in whole seconds since the epoch. */
double clock_now_s(void);

/* Returns true if a clock includes the date. Times of day alone are counted from 1 January 2000. */
bool clock_has_date(double epoch_s);

/* Offset of local time (TZ) from UTC, in seconds, at a time since the epoch; positive east of Greenwich. */
double clock_zone_at(double epoch_s);

#endif
