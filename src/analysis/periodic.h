/* SPDX-License-Identifier: MIT */
/* periodic: the slope of a line under waves of one period. */
#ifndef MEMTRACE_ANALYSIS_PERIODIC_H
#define MEMTRACE_ANALYSIS_PERIODIC_H

#include <stdbool.h>
#include <stddef.h>

#define PERIODIC_MAX 192 /* values, at most */

/* Fits a line and a Fourier series of one period (the period that fits best, with up to three harmonics) to `count`
 * values at increasing times by least squares, as in the harmonic regression of P. Bloomfield ("Fourier Analysis of
 * Time Series", 1976). Values that are not finite are missing. Sets `slope`, per unit of time, and returns true if the
 * waves explain most of what is left of a line alone. The slope of a few minima depends on where in a wave each sample
 * is; this slope does not. */
bool periodic_slope(const double *at, const double *value, size_t count, double *slope);

#endif
