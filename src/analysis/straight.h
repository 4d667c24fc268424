/* SPDX-License-Identifier: MIT */
/* straight: whether values lie on a rising line. */
#ifndef MEMTRACE_ANALYSIS_STRAIGHT_H
#define MEMTRACE_ANALYSIS_STRAIGHT_H

#include <stdbool.h>
#include <stddef.h>

#define STRAIGHT_MAX 192 /* values that are looked at */

/* A line from one of the values to the last. */
struct straight {
    size_t from;
    double slope; /* per value */
};

/* Whether the last of `count` values (at most STRAIGHT_MAX, at equal distances, not finite where nothing is known) lie
 * on a line but for noise and for spikes above it; it must rise by at least `least_rise` and begin so early that it has
 * `least_length` values.
 *
 * The line goes through the median of slopes between values half of them apart (H. Theil, "A rank-invariant method of
 * linear and polynomial regression analysis", 1950, in its incomplete form) and then by least squares through all but
 * outliers. That it is one is shown by what is left: the means of six blocks are no farther from it than independent
 * noise would be, neighbours are not correlated (J. Durbin and G. S. Watson, "Testing for serial correlation in least
 * squares regression", 1950), and nothing lies far below. The line must rise by so many standard deviations that chance
 * does not do it among any number of nodes. The cost is linear. */
bool straight_find(const double *value, size_t count, size_t least_length, double least_rise, double noise,
                   struct straight *straight);

#endif
