/* SPDX-License-Identifier: MIT */
/* median: the median of numbers, at linear cost. */
#ifndef MEMTRACE_BASE_MEDIAN_H
#define MEMTRACE_BASE_MEDIAN_H

#include <stddef.h>

/* Returns the median of `count` numbers, the mean of the middle two if their number is even, NAN if there are none.
 * Reorders them. None of them may be NAN. */
double median_of(double *value, size_t count);

#endif
