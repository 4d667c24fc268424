/* monotonic: a clock that never goes back, for lengths of time. */
#ifndef MEMTRACE_MONOTONIC_H
#define MEMTRACE_MONOTONIC_H

/* Seconds since some moment in the past. */
double monotonic_s(void);

#endif
