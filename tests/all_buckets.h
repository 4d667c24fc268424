/* SPDX-License-Identifier: MIT */
/* all_buckets: returns the buckets of a series that is not packed as an array. */
#ifndef MEMTRACE_TESTS_ALL_BUCKETS_H
#define MEMTRACE_TESTS_ALL_BUCKETS_H

#include "model/series.h"

/* Returns the buckets and sets `count`. The bucket of a flat series is made in `*space`. NULL if the series is empty.
 */
static inline const struct series_bucket *all_buckets(const struct series *series, size_t *count,
                                                      struct series_bucket *space)
{
    *count = series_buckets(series);
    return *count > 0 ? series_at(series, 0, space) : NULL;
}

#endif
