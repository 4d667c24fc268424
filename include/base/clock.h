/* SPDX-License-Identifier: MIT */
/* clock: a clock that never goes back, for lengths of time. */
#ifndef MEMTRACE_BASE_CLOCK_H
#define MEMTRACE_BASE_CLOCK_H

/* Seconds since some moment in the past. */
double clock_monotonic_s(void);

#endif
