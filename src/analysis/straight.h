/* SPDX-License-Identifier: MIT */
/* straight: detects whether values are on a rising line. */
#ifndef MEMTRACE_ANALYSIS_STRAIGHT_H
#define MEMTRACE_ANALYSIS_STRAIGHT_H

#include <stdbool.h>
#include <stddef.h>

#define STRAIGHT_MAX 192 /* maximum number of values examined */

/* A line from one of the values to the last one. */
struct straight {
    size_t from;
    double slope; /* per value */
};

/* Returns true if the last of `count` values (at most STRAIGHT_MAX, at equal distances, not finite if unknown) are
 * on a line, except for noise and for spikes above it. The line must rise by at least `least_rise` and start early
 * enough to contain `least_length` values.
 *
 * The line is fitted by the median of slopes between values that are half of their number apart (H. Theil, "A
 * rank-invariant method of linear and polynomial regression analysis", 1950, in its incomplete form), then by least
 * squares without outliers. The residuals show that it is a line: the means of six blocks are no farther from it
 * than independent noise would be, neighbours are not correlated (J. Durbin and G. S. Watson, "Testing for serial
 * correlation in least squares regression", 1950), and no value is far below it. The line must rise by so many
 * standard deviations that chance does not produce it for any number of nodes. Takes linear time. */
bool straight_find(const double *value, size_t count, size_t least_length, double least_rise, double noise,
                   struct straight *straight);

#endif
