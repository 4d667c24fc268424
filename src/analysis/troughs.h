/* SPDX-License-Identifier: MIT */
/* troughs: detects whether the minima of a few waves rise. */
#ifndef MEMTRACE_ANALYSIS_TROUGHS_H
#define MEMTRACE_ANALYSIS_TROUGHS_H

#include <stdbool.h>
#include <stddef.h>

#define TROUGHS_VALUES_MAX 192 /* maximum number of values examined */

/* The rise of the minima, starting at one of them. */
struct troughs {
    size_t from;  /* index of that minimum among the values */
    double slope; /* per value */
    size_t count; /* of minima from there on */
};

/* Returns true if the minima of waves rise steadily. A minimum is where the `count` values (at most
 * TROUGHS_VALUES_MAX, at equal distances, not finite if unknown) fall and then rise again by a large amount. The
 * rise must span `least_length` values and amount to at least `least_rise`. At least three minima are required.
 * `noise` is the standard deviation from value to value.
 *
 * The minima are those of the zigzag line whose turns are larger than a part of the values' range around their trend
 * (as in the "rainflow" count of ASTM E1049). Their slope is that of Theil and P. K. Sen ("Estimates of the
 * Regression Coefficient Based on Kendall's Tau", 1968). A minimum is only known to within the change from one value
 * to the next, because the true minimum is between two values. */
bool troughs_find(const double *value, size_t count, size_t least_length, double least_rise, double noise,
                  struct troughs *troughs);

/* Returns true if the last two minima of these waves are at the same level, even though something rises by `slope`
 * per value. */
bool troughs_return(const double *value, size_t count, double slope, double noise);

#endif
