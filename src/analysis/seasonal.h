/* SPDX-License-Identifier: MIT */
/* seasonal: whether values that go up and down periodically rise from period to period. */
#ifndef MEMTRACE_ANALYSIS_SEASONAL_H
#define MEMTRACE_ANALYSIS_SEASONAL_H

#include <stdbool.h>
#include <stddef.h>

#define SEASONAL_MAX 192 /* values that are looked at */

/* The rise from period to period. */
struct seasonal {
    size_t from;  /* the first value that takes part in it */
    double slope; /* per value */
};

/* Whether `count` values (at most SEASONAL_MAX, at equal distances, not finite where nothing is known) are waves of one
 * period whose like phases rise steadily, from one of the first to the last, by at least `least_rise` in all, and
 * whose minima rise, too. At least three periods are needed. What rises without ever falling, as steps do, is not
 * meant. `noise` is the standard deviation from value to value.
 *
 * Values are compared with those a period later, so that neither the shape of the waves nor their height matters, and
 * all values count rather than the few minima (R. M. Hirsch, J. R. Slack and R. A. Smith, "Techniques of trend analysis
 * for monthly water quality data", 1982). The period is the lag at which the differences differ least. The cost is that
 * of `count` squared. */
bool seasonal_find(const double *value, size_t count, double least_rise, double noise, struct seasonal *seasonal);

#endif
