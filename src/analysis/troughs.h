/* SPDX-License-Identifier: MIT */
/* troughs: whether the minima of a few waves rise. */
#ifndef MEMTRACE_ANALYSIS_TROUGHS_H
#define MEMTRACE_ANALYSIS_TROUGHS_H

#include <stdbool.h>
#include <stddef.h>

#define TROUGHS_VALUES_MAX 192 /* values that are looked at */

/* The rise of the minima from one on. */
struct troughs {
    size_t from;  /* its place among the values */
    double slope; /* per value */
};

/* Whether the minima of waves rise steadily: those that `count` values (at most TROUGHS_VALUES_MAX, at equal distances,
 * not finite where nothing is known) fall to and rise from again by much. The rise must be that of `least_length`
 * values and, over these, at least `least_rise`. Three minima are needed. `noise` is the standard deviation from value
 * to value.
 *
 * The minima are those of the zigzag line, whose turns are larger than a part of the values' range around their trend
 * (as the "rainflow" count of ASTM E1049 does). Their slope is that of Theil and P. K. Sen ("Estimates of the
 * Regression Coefficient Based on Kendall's Tau", 1968). A minimum is known no better than what values change by from
 * one to the next, as the true one is between two of them. */
bool troughs_find(const double *value, size_t count, size_t least_length, double least_rise, double noise,
                  struct troughs *troughs);

/* Whether the last two minima of such waves are at the same level, whatever rises by `slope` per value. */
bool troughs_return(const double *value, size_t count, double slope, double noise);

#endif
