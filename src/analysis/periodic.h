/* SPDX-License-Identifier: MIT */
/* periodic: the slope of a line under waves of one period. */
#ifndef MEMTRACE_ANALYSIS_PERIODIC_H
#define MEMTRACE_ANALYSIS_PERIODIC_H

#include <stdbool.h>
#include <stddef.h>

#define PERIODIC_MAX 192 /* values, at most */

/* A line under waves. */
struct periodic {
    double slope;       /* of the line, per unit of time */
    double rise;        /* of the line from the first value to the last */
    double explained;   /* by the waves, as a share of the squares that a line alone leaves; NaN if it leaves none */
    double error;       /* standard deviation of what is left */
    double smoothness;  /* near 0 if values change in steps, above a third in waves and teeth */
    double longest_gap; /* between two values, in periods */
};

/* Fits a line and a Fourier series of one period (the period that fits best, with up to three harmonics) to `count`
 * values at increasing times by least squares, as in the harmonic regression of P. Bloomfield ("Fourier Analysis of
 * Time Series", 1976). The time contains from `least_cycles` to ten periods. Values that are not finite are missing.
 * Returns false if there are fewer than 16 values, or too few for that many periods. The slope of a few minima depends
 * on where in a wave each sample is; this slope does not. */
bool periodic_fit(const double *at, const double *value, size_t count, double least_cycles, struct periodic *periodic);

#endif
