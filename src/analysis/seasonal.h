/* SPDX-License-Identifier: MIT */
/* seasonal: detects whether periodic values rise from period to period. */
#ifndef MEMTRACE_ANALYSIS_SEASONAL_H
#define MEMTRACE_ANALYSIS_SEASONAL_H

#include <stdbool.h>
#include <stddef.h>

#define SEASONAL_MAX 192 /* maximum number of values examined */

/* The rise from period to period. */
struct seasonal {
    size_t from;  /* the first value of the rise */
    double slope; /* per value */
};

/* Returns true if `count` values (at most SEASONAL_MAX, at equal distances, not finite if unknown) are periodic
 * waves whose equal phases rise steadily from one of the first values to the last, by at least `least_rise` in
 * total, and whose minima rise, too. At least three periods are required. Values that rise without ever falling,
 * such as steps, do not count. `noise` is the standard deviation from value to value.
 *
 * Each value is compared with the one a period later. So neither the shape nor the height of the waves matters, and
 * all values count rather than the few minima (R. M. Hirsch, J. R. Slack and R. A. Smith, "Techniques of trend
 * analysis for monthly water quality data", 1982). The period is the lag at which the differences vary least. Takes
 * time quadratic in `count`. */
bool seasonal_find(const double *value, size_t count, double least_rise, double noise, struct seasonal *seasonal);

#endif
