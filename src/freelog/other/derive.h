/* SPDX-License-Identifier: MIT */
/* derive: computes the columns of free from the output of another program. */
#ifndef MEMTRACE_FREELOG_DERIVE_H
#define MEMTRACE_FREELOG_DERIVE_H

#include "freelog/record.h"

/* Numbers of a record that are not columns of free, NAN if missing. */
struct derive_extra {
    double used, percent; /* from sar: kbmemused and %memused */
    double percent_step;  /* the resolution of `percent` as printed */
    double slab, reclaimable;
    bool has_caches_in_used; /* `used` includes the caches, if the numbers say so: it is total - free */
};

/* The bounds of a node's total, from all percentages so far or from a record that had a total. A zeroed one knows
 * nothing. */
struct derive_bounds {
    double least, most;
};

void derive_extra_clear(struct derive_extra *extra);

/* Adds the columns that follow from those of a record: total, used, caches and swap, as current versions of free define
 * them. `resolution` is that of the record's numbers, in bytes. Returns what `used` means if that is known. */
enum freelog_used_meaning derive_columns(struct freelog_record *record, const struct derive_extra *extra,
                                         struct derive_bounds *bounds, double resolution);

#endif
