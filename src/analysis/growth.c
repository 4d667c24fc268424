/* SPDX-License-Identifier: MIT */
/* growth: owns the lower envelope of a series and the judgement on whether it rises. Knows no trace, limit or text. */
#include "growth.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define SAMPLES_MIN  30
#define FINE_MAX     192  /* parts that the run is read into */
#define PARTS_MAX    24   /* and is judged by, at most */
#define RISE_MIN     0.1  /* of the target */
#define LENGTH_MIN   0.5  /* of the run */
#define RELEASE_FROM 0.88 /* of the run: a release later than this is one at the very end */
#define STEADY_MIN   0.3  /* of the usual rise, in each quarter */
#define END_SHARE    0.13 /* of the run must not be flat at the end */
#define SAG_MAX      0.35 /* of the rise: how far the envelope may fall back */

/* The lowest value of each of `count` equal parts of the run and when it was; NAN where a part has no sample. With
 * `sign` -1 values are mirrored. */
struct fine {
    size_t count;
    double from_s, part_s, sign;
    double low[FINE_MAX], at_s[FINE_MAX];
};

/* Points of the envelope at one resolution. */
struct envelope {
    size_t count;
    double at_s[PARTS_MAX], low[PARTS_MAX];
};

static size_t part_of(const struct fine *fine, double time_s)
{
    double part = (time_s - fine->from_s) / fine->part_s;
    return part <= 0 ? 0 : part >= (double)fine->count ? fine->count - 1 : (size_t)part;
}

static void add_value(struct fine *fine, double time_s, double value)
{
    size_t part = part_of(fine, time_s);
    value *= fine->sign;
    if (value >= fine->low[part])
        return;
    fine->low[part] = value;
    fine->at_s[part] = time_s;
}

/* A bucket's first, last and extreme samples; one of a single value counts in all parts that it covers. */
static void add_bucket(struct fine *fine, const struct series_bucket *bucket)
{
    double last_s = bucket->first_s + (double)bucket->last_offset_s;
    bool is_mirrored = fine->sign < 0;
    add_value(fine, bucket->first_s, bucket->first);
    if (bucket->count == 1)
        return;
    add_value(fine, last_s, bucket->last);
    if (bucket->min == bucket->max) {
        for (double at_s = bucket->first_s + fine->part_s; at_s < last_s; at_s += fine->part_s)
            add_value(fine, at_s, bucket->min);
        return;
    }
    add_value(fine, bucket->first_s + (double)(is_mirrored ? bucket->max_offset_s : bucket->min_offset_s),
              is_mirrored ? bucket->max : bucket->min);
}

static void read_fine(struct fine *fine, const struct series *series, bool is_falling)
{
    struct series_bucket flat;
    size_t count;
    const struct series_bucket *bucket = series_buckets(series, &count, &flat);
    fine->count = series->stats.count < FINE_MAX ? (size_t)series->stats.count : FINE_MAX;
    fine->from_s = series->stats.first_s;
    fine->part_s = (series->stats.last_s - fine->from_s) / (double)fine->count;
    fine->sign = is_falling ? -1 : 1;
    for (size_t i = 0; i < fine->count; i++)
        fine->low[i] = INFINITY;
    for (size_t i = 0; i < count; i++)
        add_bucket(fine, &bucket[i]);
}

/* The lowest of the parts from `first` up to, not including, `end`, and its place; INFINITY when all are empty. */
static double lowest(const struct fine *fine, size_t first, size_t end, size_t *place)
{
    double low = INFINITY;
    for (size_t i = first; i < end; i++) {
        if (fine->low[i] >= low)
            continue;
        low = fine->low[i];
        if (place != NULL)
            *place = i;
    }
    return low;
}

static double highest(const struct fine *fine, size_t first, size_t end)
{
    double high = -INFINITY;
    for (size_t i = first; i < end; i++)
        if (isfinite(fine->low[i]))
            high = fmax(high, fine->low[i]);
    return high;
}

/* The number of parts before a release at the very end: where the last values are far below those before, and stay
 * there. fine->count without one. */
static size_t find_release(const struct fine *fine)
{
    size_t count = fine->count, from = (size_t)(RELEASE_FROM * (double)count);
    double recent = lowest(fine, (size_t)(0.7 * (double)count), from, NULL);
    double range = highest(fine, 0, count) - lowest(fine, 0, count, NULL);
    if (!(fine->low[count - 1] < recent - 0.15 * range))
        return count;
    size_t end = count;
    while (end > from && !(fine->low[end - 1] >= recent && isfinite(fine->low[end - 1])))
        end--;
    return end > from ? end : count;
}

static void read_envelope(struct envelope *envelope, const struct fine *fine, size_t end, size_t parts)
{
    envelope->count = 0;
    for (size_t i = 0; i < parts; i++) {
        size_t place = 0;
        double low = lowest(fine, i * end / parts, (i + 1) * end / parts, &place);
        if (!isfinite(low))
            continue; /* a gap */
        envelope->low[envelope->count] = low;
        envelope->at_s[envelope->count++] = fine->at_s[place];
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median_of(double *value, size_t count)
{
    qsort(value, count, sizeof *value, compare_doubles);
    return count % 2 == 1 ? value[count / 2] : (value[count / 2 - 1] + value[count / 2]) / 2;
}

/* Theil's slope of the points from `first` on, by pairs half of them apart: as robust as all pairs, at linear cost. */
static double quick_slope(const struct envelope *envelope, size_t first)
{
    double slope[PARTS_MAX];
    size_t count = 0, half = (envelope->count - first) / 2;
    for (size_t i = first; i + half < envelope->count; i++) {
        double span_s = envelope->at_s[i + half] - envelope->at_s[i];
        if (span_s > 0)
            slope[count++] = (envelope->low[i + half] - envelope->low[i]) / span_s;
    }
    return count > 0 ? median_of(slope, count) : 0;
}

/* The median slope of all pairs. */
static double full_slope(const struct envelope *envelope, size_t first)
{
    double slope[PARTS_MAX * (PARTS_MAX - 1) / 2];
    size_t count = 0;
    for (size_t i = first; i < envelope->count; i++)
        for (size_t k = i + 1; k < envelope->count; k++)
            if (envelope->at_s[k] > envelope->at_s[i])
                slope[count++] = (envelope->low[k] - envelope->low[i]) / (envelope->at_s[k] - envelope->at_s[i]);
    return count > 0 ? median_of(slope, count) : 0;
}

/* The median of a point and its neighbours. */
static double smooth_at(const struct envelope *envelope, size_t first, size_t i)
{
    double near[3];
    size_t count = 0;
    for (size_t k = i > first ? i - 1 : first; k <= i + 1 && k < envelope->count; k++)
        near[count++] = envelope->low[k];
    return count == 3 ? median_of(near, 3) : envelope->low[i];
}

/* Whether each quarter of the points from `first` on, each interval of a few points, holds its share of the rise. */
static bool is_steady(const struct envelope *envelope, size_t first, double slope)
{
    size_t count = envelope->count - first, steps = count > 8 ? 4 : count - 1 < 4 ? count - 1 : 4;
    bool is_smooth = count >= 12;
    size_t before = first;
    for (size_t step = 1; step <= steps; step++) {
        size_t at = first + step * (count - 1) / steps;
        double rise = is_smooth ? smooth_at(envelope, first, at) - smooth_at(envelope, first, before)
                                : envelope->low[at] - envelope->low[before];
        double share = rise / (slope * (envelope->at_s[at] - envelope->at_s[before]));
        if (!(share >= STEADY_MIN))
            return false;
        before = at;
    }
    return true;
}

/* How far the points from `first` on fall back below an earlier one. */
static double sag(const struct envelope *envelope, size_t first)
{
    double high = -INFINITY, deepest = 0;
    for (size_t i = first; i < envelope->count; i++) {
        high = fmax(high, envelope->low[i]);
        deepest = fmax(deepest, high - envelope->low[i]);
    }
    return deepest;
}

/* Whether the run is flat somewhere where it should grow by `slope`: over a quarter of the run from `from_s` on, or at
 * its end. */
static bool has_flat(const struct fine *fine, size_t end, double from_s, double slope)
{
    double run_s = fine->part_s * (double)fine->count;
    size_t width = fine->count / 4, tail = (size_t)(END_SHARE * (double)fine->count + 0.5);
    size_t first = part_of(fine, from_s), step = fine->count / 24 + 1;
    for (size_t at = first; at + width <= end; at += step)
        if (highest(fine, at, at + width) - lowest(fine, at, at + width, NULL) < 0.3 * slope * 0.25 * run_s)
            return true;
    double last = highest(fine, end - tail, end) - lowest(fine, end - tail, end, NULL);
    return last < 0.35 * slope * END_SHARE * run_s;
}

/* Judges the envelope from each point on that leaves at least half of the run. Returns the first that grows; count
 * when none does. */
static size_t find_start(const struct envelope *envelope, const struct fine *fine, size_t end, double target)
{
    double run_s = fine->part_s * (double)fine->count, end_s = fine->from_s + fine->part_s * (double)end;
    size_t stride = envelope->count / 12 + 1;
    for (size_t first = 0; first + 3 <= envelope->count; first += stride) {
        double length_s = end_s - envelope->at_s[first];
        if (length_s < LENGTH_MIN * run_s * 0.98 && first > 0)
            break;
        double slope = quick_slope(envelope, first);
        double rise = slope * length_s;
        if (rise >= RISE_MIN * target && sag(envelope, first) <= SAG_MAX * rise && is_steady(envelope, first, slope) &&
            !has_flat(fine, end, envelope->at_s[first], slope))
            return first;
    }
    return envelope->count;
}

/* Whether the second half of the envelope goes one way: then a coarser one would only hide where it stops. */
static bool is_decided(const struct envelope *envelope)
{
    size_t half = envelope->count / 2;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = half; i < envelope->count; i++) {
        low = fmin(low, envelope->low[i]);
        high = fmax(high, envelope->low[i]);
    }
    return sag(envelope, half) <= 0.25 * (high - low);
}

bool growth_find(const struct series *series, double target, bool is_falling, struct growth *growth)
{
    static const size_t resolution[] = {24, 20, 16, 13, 11, 9, 8, 7, 6, 5, 4, 3};
    const struct series_stats *stats = &series->stats;
    struct fine fine;
    struct envelope envelope;
    if (stats->count < SAMPLES_MIN || !(target > 0) || !(stats->max - stats->min >= RISE_MIN * target) ||
        !(stats->last_s > stats->first_s))
        return false;
    read_fine(&fine, series, is_falling);
    size_t end = find_release(&fine);
    for (size_t i = 0; i < sizeof resolution / sizeof resolution[0]; i++) {
        if (resolution[i] * 3 > end)
            continue;
        read_envelope(&envelope, &fine, end, resolution[i]);
        if (envelope.count < 3)
            return false;
        size_t first = find_start(&envelope, &fine, end, target);
        if (first < envelope.count) {
            growth->rate_per_s = full_slope(&envelope, first);
            growth->from_s = envelope.at_s[first];
            growth->to_s = fine.from_s + fine.part_s * (double)end;
            growth->last = fine.sign * highest(&fine, end - 1, end);
            return growth->rate_per_s > 0;
        }
        if (is_decided(&envelope))
            return false;
    }
    return false;
}
