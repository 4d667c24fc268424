/* SPDX-License-Identifier: MIT */
/* derive: the arithmetic by which programs compute their memory statistics from those of the kernel. */
#include "derive.h"

#include <math.h>

#define PAGE_BYTES 4096
#define WIDTH_MAX  0.02 /* of a total derived from rounded percentages: with wider bounds it is unknown */

void derive_extra_clear(struct derive_extra *extra)
{
    *extra = (struct derive_extra){NAN, NAN, 0, NAN, NAN, false};
}

static bool has(const struct freelog_record *record, enum freelog_column column)
{
    return (record->present >> column & 1) != 0;
}

static double get(const struct freelog_record *record, enum freelog_column column)
{
    return has(record, column) ? record->value[column] : 0;
}

static void put(struct freelog_record *record, enum freelog_column column, double bytes)
{
    record->value[column] = bytes;
    record->present |= 1u << column;
}

static void complete_swap(struct freelog_record *record)
{
    bool total = has(record, FREELOG_SWAP_TOTAL), used = has(record, FREELOG_SWAP_USED);
    bool is_free = has(record, FREELOG_SWAP_FREE);
    if (total && is_free && !used)
        put(record, FREELOG_SWAP_USED, fmax(record->value[FREELOG_SWAP_TOTAL] - record->value[FREELOG_SWAP_FREE], 0));
    else if (used && is_free && !total)
        put(record, FREELOG_SWAP_TOTAL, record->value[FREELOG_SWAP_USED] + record->value[FREELOG_SWAP_FREE]);
    else if (total && used && !is_free)
        put(record, FREELOG_SWAP_FREE, fmax(record->value[FREELOG_SWAP_TOTAL] - record->value[FREELOG_SWAP_USED], 0));
}

/* Returns the total of which `used` is a rounded percentage. Each record narrows the bounds. Returns 0 without a
 * percentage. */
static double total_by_percent(const struct derive_extra *extra, struct derive_bounds *bounds, double resolution)
{
    double half = extra->percent_step / 2;
    if (isnan(extra->percent) || extra->percent <= half || extra->percent > 100)
        return bounds->most > 0 ? (bounds->least + bounds->most) / 2 : 0;
    double least = 100 * (extra->used - resolution) / (extra->percent + half);
    double most = 100 * (extra->used + resolution) / (extra->percent - half);
    if (bounds->most > 0 && least <= bounds->most && most >= bounds->least) {
        least = fmax(least, bounds->least);
        most = fmin(most, bounds->most);
    }
    bounds->least = least;
    bounds->most = most;
    return (least + most) / 2;
}

/* Completes a record of sar. Up to sysstat 11, kbmemused is total - free; later, total - free - buffers - cache - slab.
 */
static bool complete_sar(struct freelog_record *record, const struct derive_extra *extra, struct derive_bounds *bounds,
                         double resolution)
{
    double used = extra->used, sum = used + get(record, FREELOG_FREE);
    double caches = get(record, FREELOG_BUFFERS) + get(record, FREELOG_CACHED);
    double slack = extra->percent_step * 0.51 + 100 * 2 * resolution / fmax(sum, 1);
    bool has_percent = !isnan(extra->percent);
    bool is_old = has_percent && slack < 0.1 ? sum > 0 && fabs(100 * used / sum - extra->percent) <= slack
                                             : !has(record, FREELOG_AVAILABLE);
    if (is_old)
        put(record, FREELOG_TOTAL, sum);
    else if (!isnan(extra->slab) && has_percent &&
             fabs(100 * used / fmax(sum + caches + extra->slab, 1) - extra->percent) <= slack)
        put(record, FREELOG_TOTAL, sum + caches + extra->slab);
    else if (total_by_percent(extra, bounds, resolution) > 0 && bounds->most - bounds->least < WIDTH_MAX * bounds->most)
        put(record, FREELOG_TOTAL, round((bounds->least + bounds->most) / 2 / PAGE_BYTES) * PAGE_BYTES);
    if (has(record, FREELOG_TOTAL) && has(record, FREELOG_AVAILABLE))
        return false; /* `used` follows from these */
    put(record, FREELOG_USED, is_old ? fmax(used - caches, 0) : used);
    return true;
}

/* Subtracts the caches from `used` of the oldest versions of top and of busybox's, which is total - free. */
static enum freelog_used_meaning take_caches_out(struct freelog_record *record, double resolution)
{
    double caches = get(record, FREELOG_BUFFERS) + get(record, FREELOG_CACHED);
    double used_or_available = record->value[FREELOG_USED] + get(record, FREELOG_AVAILABLE);
    if (has(record, FREELOG_AVAILABLE) && fabs(get(record, FREELOG_TOTAL) - used_or_available) <= 4 * resolution)
        return FREELOG_USED_UNAVAILABLE; /* glances: `free` is the available memory, too */
    if (!has(record, FREELOG_CACHED) ||
        fabs(get(record, FREELOG_TOTAL) - record->value[FREELOG_USED] - get(record, FREELOG_FREE)) > 4 * resolution)
        return FREELOG_USED_UNKNOWN;
    put(record, FREELOG_USED, fmax(record->value[FREELOG_USED] - caches, 0));
    return FREELOG_USED_NO_BUFFERS;
}

enum freelog_used_meaning derive_columns(struct freelog_record *record, const struct derive_extra *extra,
                                         struct derive_bounds *bounds, double resolution)
{
    complete_swap(record);
    if (has(record, FREELOG_CACHED) && !isnan(extra->reclaimable))
        record->value[FREELOG_CACHED] += extra->reclaimable;
    if (!isnan(extra->used) && !has(record, FREELOG_USED) && complete_sar(record, extra, bounds, resolution))
        return FREELOG_USED_NO_BUFFERS;
    if (!has(record, FREELOG_TOTAL) && isnan(extra->used) && bounds->most > 0 && bounds->least >= bounds->most)
        put(record, FREELOG_TOTAL, bounds->most);
    if (has(record, FREELOG_USED))
        return extra->has_caches_in_used ? take_caches_out(record, resolution) : FREELOG_USED_UNKNOWN;
    if (!has(record, FREELOG_TOTAL))
        return FREELOG_USED_UNKNOWN;
    double total = record->value[FREELOG_TOTAL];
    if (has(record, FREELOG_AVAILABLE)) {
        /* Like free, use the free memory if more than the total is reported as available. */
        double available = record->value[FREELOG_AVAILABLE];
        put(record, FREELOG_USED, total - (available > total ? get(record, FREELOG_FREE) : available));
        return FREELOG_USED_UNAVAILABLE;
    }
    if (!has(record, FREELOG_FREE))
        return FREELOG_USED_UNKNOWN;
    bool has_cache = has(record, FREELOG_CACHED) || has(record, FREELOG_BUFF_CACHE);
    double caches = has(record, FREELOG_BUFF_CACHE) ? record->value[FREELOG_BUFF_CACHE]
                                                    : get(record, FREELOG_BUFFERS) + get(record, FREELOG_CACHED);
    put(record, FREELOG_USED, fmax(total - record->value[FREELOG_FREE] - caches, 0));
    return has_cache ? FREELOG_USED_NO_BUFFERS : FREELOG_USED_WITH_CACHE;
}
