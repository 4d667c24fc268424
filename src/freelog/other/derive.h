/* SPDX-License-Identifier: MIT */
/* derive: the columns of free made from what another program printed. */
#ifndef MEMTRACE_FREELOG_DERIVE_H
#define MEMTRACE_FREELOG_DERIVE_H

#include "freelog/record.h"

/* Numbers of a record that are no columns of free, NAN if missing. */
struct derive_extra {
    double used, percent; /* of sar: kbmemused and %memused, */
    double percent_step;  /* in what steps that is printed */
    double slab, reclaimable;
    bool has_caches_in_used; /* used is total less free where these say so */
};

/* The bounds of a node's total, by all percentages so far, or by a record that had it. A zeroed one knows nothing. */
struct derive_bounds {
    double least, most;
};

void derive_extra_clear(struct derive_extra *extra);

/* Adds the columns that follow from those that a record has: total, used, caches, and swap, as today's free counts
 * them. `resolution` is that of its numbers in bytes. Returns what `used` means where that is known. */
enum freelog_used_meaning derive_columns(struct freelog_record *record, const struct derive_extra *extra,
                                         struct derive_bounds *bounds, double resolution);

#endif
