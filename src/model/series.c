/* SPDX-License-Identifier: MIT */
/* series: how samples are kept in buckets whose width doubles, and the exact statistics. Independent of files, units
 * and plots. * The bucket that samples go to is the last one, the open one. Its extremes are written when a sample
 * passes them; its count, last sample and mean are only found from the statistics when it is sealed. An ordinary sample
 * therefore costs two comparisons and four stores (series_append in the header). */
#include "model/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

enum { LEAST_LIMIT = 4, FIRST_CAPACITY = 16, RESERVED = 256 };

/* Narrower than free's shortest interval: nothing merges before the buckets are used up. Like all widths it is a power
 * of two: division by it is exact, so no sample falls between two stretches. */
static const double first_width_s = 0x1p-10;

/* Values of gap_before: series_judge_gaps does not change those of series_break. */
enum { GAP_NONE, GAP_CERTAIN, GAP_JUDGED };

#define FLOAT_ERROR 2e-7 /* relative error of an offset within a bucket */

void series_init(struct series *series, size_t bucket_limit)
{
    memset(series, 0, sizeof *series);
    series->bucket_limit = bucket_limit > 0 && bucket_limit < LEAST_LIMIT ? LEAST_LIMIT : bucket_limit;
    series->width_s = first_width_s;
    series->end_s = -INFINITY;
}

void series_free(struct series *series)
{
    free(series->bucket);
    free(series->packed);
    memset(series, 0, sizeof *series);
}

void series_break(struct series *series)
{
    if (series->stats.count == 0 || series->bucket_limit == 0)
        return;
    series->gap_pending = true;
    series->end_s = -INFINITY;
}

void series_part(struct series *series)
{
    if (series->stats.count > 0 && series->bucket_limit > 0)
        series->end_s = -INFINITY;
}

/* Returns true if a gap before something at `first_s` is visible, as judged anew unless it is certain. */
static uint32_t judge_gap(uint32_t gap, double first_s, double before_s, double length_s, double longest_s)
{
    if (gap == GAP_CERTAIN)
        return gap;
    return first_s - (before_s + length_s) > longest_s + FLOAT_ERROR * length_s ? GAP_JUDGED : GAP_NONE;
}

void series_judge_gaps(struct series *series, double longest_s)
{
    for (size_t i = 1; i < series->bucket_count && series->packed != NULL; i++) {
        struct series_packed *packed = &series->packed[i];
        packed->gap_before = judge_gap(packed->gap_before, packed->first_s, packed[-1].first_s,
                                       (double)packed[-1].last_offset_s, longest_s);
    }
    for (size_t i = 1; i < series->bucket_count && series->bucket != NULL; i++) {
        struct series_bucket *bucket = &series->bucket[i];
        bucket->gap_before = judge_gap(bucket->gap_before, bucket->first_s, bucket[-1].first_s,
                                       (double)bucket[-1].last_offset_s, longest_s);
    }
}

/* The number of the stretch that contains a time. On processors without an instruction for it floor(3) is a function
 * call, a cast is not. */
static double stretch_of(double time_s, double width_s)
{
    double number = time_s / width_s;
    if (!(fabs(number) < 0x1p52))
        return floor(number);
    double whole = (double)(int64_t)number;
    return whole > number ? whole - 1 : whole;
}

/* Fills in what only the statistics know of the open bucket. The mean comes from the difference of two sums in double
 * precision, which is accurate to 1e-13 of the sum so far, and is rounded to float. */
static void seal(const struct series *series, struct series_bucket *bucket)
{
    uint64_t count = series->stats.count - series->open_count;
    double mean = (series->stats.sum - series->open_sum) / (double)count;
    bucket->count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    mean = mean > bucket->min ? mean : bucket->min;
    bucket->mean = (float)(mean < bucket->max ? mean : bucket->max);
    bucket->last = series->stats.last;
    bucket->last_offset_s = (float)(series->stats.last_s - bucket->first_s);
}

/* Adds `next`, which directly follows `bucket`, to it. A gap between them is then narrower than a stretch, and
 * invisible. */
static void merge(struct series_bucket *bucket, const struct series_bucket *next)
{
    double shift_s = next->first_s - bucket->first_s;
    uint64_t count = (uint64_t)bucket->count + next->count;
    double sum = (double)bucket->mean * bucket->count + (double)next->mean * next->count;
    if (next->min < bucket->min) {
        bucket->min = next->min;
        bucket->min_offset_s = (float)(shift_s + (double)next->min_offset_s);
    }
    if (next->max > bucket->max) {
        bucket->max = next->max;
        bucket->max_offset_s = (float)(shift_s + (double)next->max_offset_s);
    }
    bucket->last = next->last;
    bucket->last_offset_s = (float)(shift_s + (double)next->last_offset_s);
    bucket->mean = (float)(sum / (double)count);
    bucket->count = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

/* Returns the end of the stretch that contains a time. */
static double stretch_end(double time_s, double width_s)
{
    return (stretch_of(time_s, width_s) + 1) * width_s;
}

/* Returns true if `next` merges with what came before it in a stretch that ends at `end_s`. A constant bucket that is
 * itself longer than a stretch stays alone: merged, its line would no longer be level. */
static bool may_merge(const struct series_bucket *next, double end_s, double width_s)
{
    return next->first_s < end_s && (double)next->last_offset_s <= width_s;
}

/* Returns how many buckets would be left at `width_s`. */
static size_t count_at(const struct series *series, double width_s)
{
    const struct series_bucket *bucket = series->bucket;
    size_t count = 1;
    double end_s = stretch_end(bucket[0].first_s, width_s);
    for (size_t i = 1; i < series->bucket_count; i++) {
        if (may_merge(&bucket[i], end_s, width_s))
            continue;
        end_s = stretch_end(bucket[i].first_s, width_s);
        count++;
    }
    return count;
}

/* A lower bound of the number of buckets left at `width_s`: each that merges is nearer than that to the one before.
 * Cheaper than count_at: the first merge doubles the width from a millisecond to seconds. */
static size_t least_at(const struct series *series, double width_s)
{
    const struct series_bucket *bucket = series->bucket;
    size_t near = 0;
    for (size_t i = 1; i < series->bucket_count; i++)
        near += bucket[i].first_s - bucket[i - 1].first_s <= width_s;
    return series->bucket_count - near;
}

/* The shortest time from one bucket to the next. */
static double least_step(const struct series *series)
{
    const struct series_bucket *bucket = series->bucket;
    double least_s = bucket[series->bucket_count - 1].first_s - bucket[0].first_s;
    for (size_t i = 1; i < series->bucket_count; i++) {
        double step_s = bucket[i].first_s - bucket[i - 1].first_s;
        least_s = step_s < least_s ? step_s : least_s;
    }
    return least_s;
}

/* Doubles the width until at least a quarter of the buckets is free, so that the cost is amortised over many samples
 * even if they are uneven. Two stretches at most, on both sides of time 0, can never merge: LEAST_LIMIT leaves space
 * next to them. */
static void merge_neighbours(struct series *series)
{
    const size_t most_left = series->bucket_limit / 4 * 3;
    const double least_s = least_step(series);
    size_t kept = 0;
    while (series->width_s * 2 < least_s)
        series->width_s *= 2; /* none is near another */
    do
        series->width_s *= 2;
    while (least_at(series, series->width_s) > most_left || count_at(series, series->width_s) > most_left);
    double end_s = stretch_end(series->bucket[0].first_s, series->width_s);
    for (size_t i = 1; i < series->bucket_count; i++) {
        if (may_merge(&series->bucket[i], end_s, series->width_s)) {
            merge(&series->bucket[kept], &series->bucket[i]);
            continue;
        }
        series->bucket[++kept] = series->bucket[i];
        end_s = stretch_end(series->bucket[kept].first_s, series->width_s);
    }
    series->bucket_count = kept + 1;
}

/* Makes the last bucket the open one again. */
static void reopen(struct series *series)
{
    const struct series_bucket *open = &series->bucket[series->bucket_count - 1];
    series->open_count = series->stats.count - open->count;
    double mean = open->min == open->max ? open->min : (double)open->mean;
    series->open_sum = series->stats.sum - mean * open->count;
    series->open_min = open->min;
    series->open_max = open->max;
}

/* Doubles the memory for buckets, up to the limit. From RESERVED on, address space for all of them is reserved, so that
 * nothing is copied or mapped again; pages are mapped in batches, as one fault per page takes longer. */
static bool grow(struct series *series)
{
    const size_t before = series->bucket_capacity;
    size_t capacity = before == 0 ? FIRST_CAPACITY : before * 2;
    if (capacity > series->bucket_limit)
        capacity = series->bucket_limit;
    if (capacity > series->bucket_reserved) {
        size_t reserved = capacity < RESERVED ? capacity : series->bucket_limit;
        struct series_bucket *grown = realloc(series->bucket, reserved * sizeof *grown);
        if (grown == NULL) {
            reserved = capacity;
            grown = realloc(series->bucket, reserved * sizeof *grown);
        }
        if (grown == NULL)
            return false;
        series->bucket = grown;
        series->bucket_reserved = reserved;
    }
    if (capacity - before >= RESERVED)
        pages_populate(series->bucket + before, (capacity - before) * sizeof *series->bucket);
    series->bucket_capacity = capacity;
    return true;
}

/* Makes space for another bucket, by memory or by merging. Without memory the series becomes coarser and stays so, and
 * the result is false. */
static bool make_capacity(struct series *series)
{
    bool ok = true;
    if (series->bucket_count < series->bucket_capacity)
        return true;
    if (series->bucket_capacity < series->bucket_limit && !grow(series)) {
        series->bucket_limit = series->bucket_capacity;
        ok = false;
    }
    if (series->bucket_count == series->bucket_capacity && series->bucket_capacity > 0) {
        merge_neighbours(series);
        reopen(series);
    }
    return ok;
}

/* Makes a bucket of a flat series, which stores none. */
static void fill_flat(const struct series *series, struct series_bucket *bucket)
{
    const struct series_stats *stats = &series->stats;
    *bucket = (struct series_bucket){
        .first_s = stats->first_s,
        .first = stats->first,
        .min = stats->first,
        .max = stats->first,
    };
    seal(series, bucket);
}

/* Updates the extremes with a sample. */
static void widen(struct series_stats *stats, double time_s, double value)
{
    if (value < stats->min) {
        stats->min = value;
        stats->min_s = time_s;
    }
    if (value > stats->max) {
        stats->max = value;
        stats->max_s = time_s;
    }
}

/* The same for the open bucket, if there are buckets. */
static void widen_open(struct series *series, double time_s, double value)
{
    struct series_bucket *open = series->bucket_count > 0 ? &series->bucket[series->bucket_count - 1] : NULL;
    if (value < series->open_min) {
        series->open_min = value;
        if (open != NULL) {
            open->min = value;
            open->min_offset_s = (float)(time_s - open->first_s);
        }
    } else if (value > series->open_max) {
        series->open_max = value;
        if (open != NULL) {
            open->max = value;
            open->max_offset_s = (float)(time_s - open->first_s);
        }
    }
}

/* Gives `value` a bucket: the open one if its stretch contains the time, else a new one. The open bucket starts from
 * here; the sample is not yet in the statistics. */
static bool place(struct series *series, double time_s, double value)
{
    bool ok = true;
    if (series->flat) {
        ok = make_capacity(series);
        if (series->bucket_capacity == 0)
            return false;
        fill_flat(series, &series->bucket[series->bucket_count++]);
        series->flat = false;
    }
    struct series_bucket *open = &series->bucket[series->bucket_count - 1];
    double stretch = stretch_of(time_s, series->width_s);
    bool is_next = stretch_of(open->first_s, series->width_s) != stretch;
    if (is_next)
        seal(series, open);
    if (is_next && series->bucket_count == series->bucket_capacity) {
        ok = make_capacity(series) && ok;
        open = &series->bucket[series->bucket_count - 1];
        stretch = stretch_of(time_s, series->width_s);
        is_next = stretch_of(open->first_s, series->width_s) != stretch;
    }
    if (is_next) {
        open = &series->bucket[series->bucket_count++];
        *open = (struct series_bucket){
            .first_s = time_s,
            .first = value,
            .min = value,
            .max = value,
            .gap_before = series->gap_pending ? GAP_CERTAIN : GAP_NONE,
        };
        series->open_count = series->stats.count;
        series->open_sum = series->stats.sum;
    }
    series->open_min = open->min;
    series->open_max = open->max;
    widen_open(series, time_s, value);
    /* A bucket of one value goes on for as long as that value does: idle hours are one bucket. */
    series->end_s = open->min == open->max ? INFINITY : (stretch + 1) * series->width_s;
    series->gap_pending = false;
    return ok;
}

bool series_append_other(struct series *series, double time_s, double value)
{
    struct series_stats *stats = &series->stats;
    bool ok = true;
    if (time_s < series->end_s && series->open_min < series->open_max) {
        widen_open(series, time_s, value);
    } else if (stats->count == 0) {
        *stats = (struct series_stats){
            .first = value,
            .min = value,
            .max = value,
            .first_s = time_s,
            .min_s = time_s,
            .max_s = time_s,
        };
        series->flat = series->bucket_limit > 0;
        series->open_min = series->open_max = value;
        series->end_s = INFINITY;
    } else if (series->bucket_limit > 0) {
        ok = place(series, time_s, value);
    }
    widen(stats, time_s, value);
    if (series->bucket_limit == 0) {
        series->open_min = stats->min;
        series->open_max = stats->max;
    }
    stats->count++;
    stats->sum += value;
    stats->last = value;
    stats->last_s = time_s;
    return ok;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

/* Adds samples within the stretch of the open bucket, which has more than one value already. Four at a time are
 * compared with its extremes. */
static void append_inside(struct series *series, const double *time_s, const double *value, size_t count)
{
    double sum = series->stats.sum;
    for (size_t i = 0, end; i < count; i = end) {
        const double *v = value + i;
        end = count - i < 4 ? i + 1 : i + 4;
        if (end == i + 4) {
            double low = least(least(v[0], v[1]), least(v[2], v[3]));
            double high = most(most(v[0], v[1]), most(v[2], v[3]));
            sum = sum + v[0] + v[1] + v[2] + v[3];
            if (low >= series->open_min && high <= series->open_max)
                continue;
        } else {
            sum += v[0];
        }
        for (size_t k = i; k < end; k++) {
            if (value[k] >= series->open_min && value[k] <= series->open_max)
                continue;
            widen_open(series, time_s[k], value[k]);
            widen(&series->stats, time_s[k], value[k]);
        }
    }
    series->stats.sum = sum;
}

/* Returns how many leading values equal `same`. */
static size_t count_equal(const double *value, size_t count, double same)
{
    size_t equal = 0;
    /* Often all are equal: each is then byte for byte the one before. */
    if (count > 0 && value[0] == same && memcmp(value, value + 1, (count - 1) * sizeof *value) == 0)
        return count;
    while (equal < count && value[equal] == same)
        equal++;
    return equal;
}

/* Adds samples for as long as they need no other bucket; returns how many. */
static size_t append_short(struct series *series, const double *time_s, const double *value, size_t count)
{
    struct series_stats *stats = &series->stats;
    bool is_level = series->open_min == series->open_max;
    while (count > 0 && !(time_s[count - 1] < series->end_s))
        count--;
    if (is_level)
        count = count_equal(value, count, series->open_min);
    if (count == 0)
        return 0;
    stats->count += count;
    if (is_level)
        stats->sum = series_level_sum(series);
    else
        append_inside(series, time_s, value, count);
    stats->last = value[count - 1];
    stats->last_s = time_s[count - 1];
    return count;
}

bool series_append_many(struct series *series, const double *time_s, const double *value, size_t count)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        i += append_short(series, time_s + i, value + i, count - i);
        if (i < count)
            ok = series_append_other(series, time_s[i], value[i]) && ok;
    }
    return ok;
}

bool series_append_bucket(struct series *series, const struct series_bucket *bucket)
{
    struct series_stats *stats = &series->stats;
    bool ok = true;
    if (stats->count == 0)
        *stats = (struct series_stats){
            .first = bucket->first,
            .min = bucket->min,
            .max = bucket->max,
            .first_s = bucket->first_s,
            .min_s = bucket->first_s + (double)bucket->min_offset_s,
            .max_s = bucket->first_s + (double)bucket->max_offset_s,
        };
    else if (series->flat && make_capacity(series))
        fill_flat(series, &series->bucket[series->bucket_count++]);
    else if (series->bucket_count > 0)
        seal(series, &series->bucket[series->bucket_count - 1]);
    series->flat = false;
    if (series->bucket_limit > 0) {
        ok = make_capacity(series);
        if (series->bucket_count < series->bucket_capacity)
            series->bucket[series->bucket_count++] = *bucket;
    }
    widen(stats, bucket->first_s + (double)bucket->min_offset_s, bucket->min);
    widen(stats, bucket->first_s + (double)bucket->max_offset_s, bucket->max);
    series->open_count = stats->count;
    series->open_sum = stats->sum;
    stats->count += bucket->count;
    stats->sum += (double)bucket->mean * bucket->count;
    stats->last = bucket->last;
    stats->last_s = bucket->first_s + (double)bucket->last_offset_s;
    series->open_min = bucket->min;
    series->open_max = bucket->max;
    series->end_s = -INFINITY; /* the next sample looks for its stretch */
    return ok;
}

void series_scale(struct series *series, double factor)
{
    struct series_stats *stats = &series->stats;
    stats->sum *= factor;
    series->open_sum *= factor;
    for (size_t i = 0; i < series->bucket_count && series->bucket != NULL; i++) {
        struct series_bucket *bucket = &series->bucket[i];
        bucket->first *= factor;
        bucket->last *= factor;
        bucket->min *= factor;
        bucket->max *= factor;
        bucket->mean = (float)((double)bucket->mean * factor);
    }
    for (size_t i = 0; i < series->bucket_count && series->packed != NULL; i++) {
        struct series_packed *packed = &series->packed[i];
        packed->first *= factor;
        packed->last *= factor;
        packed->mean = (float)((double)packed->mean * factor);
    }
    stats->first *= factor;
    stats->last *= factor;
    stats->min *= factor;
    stats->max *= factor;
}

void series_stretch(struct series *series, double factor)
{
    struct series_stats *stats = &series->stats;
    for (size_t i = 0; i < series->bucket_count && series->bucket != NULL; i++) {
        struct series_bucket *bucket = &series->bucket[i];
        bucket->first_s *= factor;
        bucket->last_offset_s = (float)((double)bucket->last_offset_s * factor);
        bucket->min_offset_s = (float)((double)bucket->min_offset_s * factor);
        bucket->max_offset_s = (float)((double)bucket->max_offset_s * factor);
    }
    for (size_t i = 0; i < series->bucket_count && series->packed != NULL; i++) {
        struct series_packed *packed = &series->packed[i];
        packed->first_s *= factor;
        packed->last_offset_s = (float)((double)packed->last_offset_s * factor);
    }
    stats->first_s *= factor;
    stats->last_s *= factor;
    stats->min_s *= factor;
    stats->max_s *= factor;
    series->width_s *= factor;
}

/* Packs a bucket. Returns false if its extremes are not its first and last sample. */
static bool pack(const struct series_bucket *bucket, struct series_packed *packed)
{
    const struct series one = {.packed = packed};
    struct series_bucket space;
    *packed = (struct series_packed){
        .first_s = bucket->first_s,
        .first = bucket->first,
        .last = bucket->last,
        .last_offset_s = bucket->last_offset_s,
        .mean = bucket->mean,
        .count = bucket->count,
        .gap_before = bucket->gap_before,
    };
    const struct series_bucket *same = series_at(&one, 0, &space);
    return same->min == bucket->min && same->max == bucket->max && same->min_offset_s == bucket->min_offset_s &&
           same->max_offset_s == bucket->max_offset_s;
}

/* Packs all buckets, which are complete. Returns NULL if not all can be, or if out of memory. */
static struct series_packed *pack_all(const struct series *series)
{
    struct series_packed *packed = malloc(series->bucket_count * sizeof *packed);
    for (size_t i = 0; i < series->bucket_count && packed != NULL; i++) {
        if (!pack(&series->bucket[i], &packed[i])) {
            free(packed);
            return NULL;
        }
    }
    return packed;
}

void series_pack(struct series *series)
{
    if (series->bucket_count == 0 || series->packed != NULL)
        return;
    (void)series_buckets(series);
    struct series_packed *packed = pack_all(series);
    /* A copy leaves all of the old memory to the next series, whose pages are then there. */
    size_t size = series->bucket_count * sizeof *series->bucket;
    struct series_bucket *copy = packed == NULL && series->bucket_count < series->bucket_reserved ? malloc(size) : NULL;
    if (packed == NULL && copy == NULL)
        return;
    if (copy != NULL)
        memcpy(copy, series->bucket, size);
    free(series->bucket);
    series->bucket = copy;
    series->packed = packed;
    series->bucket_capacity = series->bucket_reserved = copy != NULL ? series->bucket_count : 0;
}

size_t series_buckets(const struct series *series)
{
    if (series->stats.count == 0 || series->bucket_limit == 0)
        return 0;
    if (series->flat)
        return 1;
    const size_t last = series->bucket_count - 1;
    if (series->packed != NULL) {
        struct series_bucket space, bucket = *series_at(series, last, &space);
        seal(series, &bucket);
        pack(&bucket, &series->packed[last]);
    } else {
        seal(series, &series->bucket[last]);
    }
    return series->bucket_count;
}

const struct series_bucket *series_flat_bucket(const struct series *series, struct series_bucket *space)
{
    fill_flat(series, space);
    return space;
}

double series_longest_gap(const struct series *series, double least_s, bool only_breaks, double *from_s, double *to_s)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    double longest_s = 0;
    /* Where the time from one bucket to a later one is not long enough, nor are those between them. */
    for (size_t i = 0, step = 1; i + 1 < count;) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double end_s = bucket->first_s + (double)bucket->last_offset_s;
        step = step < count - 1 - i ? step : count - 1 - i;
        const struct series_bucket *next = series_at(series, i + step, &space);
        bool is_long = next->first_s - end_s >= least_s && next->first_s - end_s > longest_s;
        if (is_long && step > 1) {
            step /= 2;
            continue;
        }
        if (is_long && (next->gap_before || !only_breaks)) {
            longest_s = next->first_s - end_s;
            *from_s = end_s;
            *to_s = next->first_s;
        }
        i += step;
        step *= 2;
    }
    return longest_s;
}

double series_mean(const struct series *series)
{
    return series->stats.count == 0 ? 0 : series->stats.sum / (double)series->stats.count;
}
