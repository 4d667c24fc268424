/* SPDX-License-Identifier: MIT */
/* growth: computes the lower envelope of a series and judges whether it rises. Independent of traces, limits and
 * wording. */
#include "growth.h"

#include <math.h>
#include <stddef.h>

#include "base/median.h"
#include "periodic.h"
#include "seasonal.h"
#include "straight.h"
#include "troughs.h"

#define SAMPLES_MIN    30
#define FINE_MAX       192   /* number of parts that the run is divided into */
#define PARTS_MAX      24    /* maximum number of parts that the run is judged by */
#define RISE_MIN       0.1   /* of the target */
#define RISE_MAX       1.3   /* of the values' range; a rise extrapolated from few points must not exceed it */
#define LATER_MIN      0.02  /* of the target: how far late minima are above those in the middle */
#define QUICK_SAMPLES  400   /* fewer are read as fast without this */
#define QUICK_FROM     0.256 /* of the run: from here to `QUICK_UNTIL` is its middle, wherever a release is */
#define QUICK_UNTIL    0.63
#define QUICK_LATE     0.72 /* of the run: after its middle, before a release */
#define QUICK_END      0.86
#define QUICK_GAP      0.005 /* of the run: less than one of FINE_MAX parts */
#define LENGTH_MIN     0.5   /* of the run */
#define SAG_DECIDED    0.15  /* of the range; if a finer envelope falls back by less, its result is final */
#define DECIDED_MIN    16    /* points that this envelope needs, unless it is the finest one */
#define KNOWN_MIN      0.6   /* of the time of growth that must have samples */
#define FLAT_NOISE     9.0   /* standard deviations; the range of noise is not larger */
#define FLAT_ERRORS    3.5   /* standard errors */
#define FLAT_MAX       0.35  /* of the usual rise; a stretch that rises less is flat */
#define RELEASE_FROM   0.88  /* of the run; a later release counts as one at the very end */
#define RELEASE_GAP    0.75  /* the same if there are no samples before it */
#define RELEASE_SPIKES 0.04  /* of the run; longest spikes during a release */
#define RELEASE_LEFT   0.25  /* of the range above the lowest value; a release leaves at most this */
#define WAVE_NOISE     9.0   /* standard deviations; the range of waves is larger, that of noise is far smaller */
#define TROUGH_RANGE   0.5   /* of the usual range; parts in a trough of waves have at least this range */
#define SPIKES_EVERY   8     /* points per spike, at least */
#define TROUGH_FROM    0.3   /* of the run; earlier minima do not belong to a wave that ends at a release */
#define TROUGH_DEPTH                                                                                                   \
    0.25 /* of the range: how far values fall before a trough and rise from it, other than by noise                    \
          */
#define TROUGH_FALL      0.6  /* of the last fall; earlier falls of waves are not much smaller */
#define STEADY_MIN       0.3  /* of the usual rise, in each quarter */
#define STEADY_FEW_MIN   0.45 /* the same if there are few points between */
#define STEADY_MAX       3.0  /* times the usual rise */
#define END_SHARE        0.15 /* of the run, at its end, that must not be flat */
#define REST_END         0.19 /* the same if earlier stretches are as flat */
#define REST_JUMP        4.2  /* times the usual slope; a larger change from part to part is a step */
#define REST_NOISE       3.0  /* standard deviations added to that */
#define REST_MAX         0.5  /* of the usual rise; a stretch that rises less is as flat */
#define FRAGMENT_MAX     0.15 /* of the run: values after a gap that may be a part of a wave */
#define FRAGMENT_RANGE   0.35 /* of the rise: their range if they are */
#define NOISE_RATIO      12.0 /* standard deviations; a larger rise needs no other proof */
#define STEP_RATIO       1.5  /* of the change from part to part, which limits how exact minima are */
#define TREND_MIN        4.5  /* standard deviations; noise exceeds it in one of 300,000 runs */
#define HALF_TREND_MIN   3.0  /* the same for the last half alone */
#define TREND_MAX        96   /* parts compared for the trend */
#define CONFIRM_MIN      0.5  /* of the slope that parts twice as long must have */
#define SEASONAL_MIN     0.2  /* of the range: the least rise detected under waves */
#define REFINED_MAX      1000 /* samples; the minima of waves are exact if there are more */
#define PERIODIC_REFINED 1.5  /* waves; fewer cannot be distinguished from a trend */
#define PERIODIC_SHARE   0.7  /* of the squares that a line leaves: those explained by waves that make the rate exact */
#define WAVES_LEAST      0.6  /* the same: waves explain at least this, or */
#define WANDERING        0.15 /* of the rise: the rest is smaller than this */
#define WANDERING_MAX    6    /* minima; more do not rise by chance */
#define PERIODIC_RATIO   4.0  /* between the slope of minima and that under such waves */
#define PERIODIC_CYCLES  3.1  /* waves; fewer do not prove growth */
#define PERIODIC_FOUND   0.65 /* of the squares that a line leaves, as above */
#define PERIODIC_SMOOTH  0.5  /* least smoothness; steps that stop are no growth */
#define PERIODIC_EXACT   0.035 /* the same; more may be steps that stop */
#define PERIODIC_GAP     1.6   /* periods; what is in a longer gap is unknown */
#define PERIODIC_ERROR   0.1   /* of the rise: standard deviation of the rest */
#define SAG_SMALL        0.05  /* of the rise: how far the envelope may fall back */
#define SAG_MAX          0.2   /* the same if it falls back at every resolution */

/* The lowest value of each of `count` equal parts of the run and its time; NAN if a part has no sample. Values are
 * mirrored if `sign` is -1. */
struct fine {
    size_t count;
    double from_s, part_s, sign;
    double noise;         /* standard deviation from part to part, before a release */
    double noise_between; /* the same between steps or teeth, if half of the parts are next to one */
    double low[FINE_MAX], at_s[FINE_MAX];
};

/* The points of the envelope at one resolution. */
struct envelope {
    size_t count;
    double at_s[PARTS_MAX], low[PARTS_MAX];
    double middle_s[PARTS_MAX]; /* of the part, not the time of its minimum */
};

static size_t part_of(const struct fine *fine, double time_s)
{
    double part = (time_s - fine->from_s) / fine->part_s;
    /* Conversion to a signed number takes one instruction. */
    return part <= 0 ? 0 : part >= (double)fine->count ? fine->count - 1 : (size_t)(long)part;
}

/* Adds a value, already multiplied by the sign, to its part. */
static inline void add_to(struct fine *fine, size_t part, double time_s, double value)
{
    if (value >= fine->low[part])
        return;
    fine->low[part] = value;
    fine->at_s[part] = time_s;
}

static void add_value(struct fine *fine, double time_s, double value)
{
    add_to(fine, part_of(fine, time_s), time_s, fine->sign * value);
}

/* Adds the first, last and extreme samples of a bucket. A bucket with a single value counts in all parts that it
 * covers. */
static void add_bucket(struct fine *fine, const struct series_bucket *bucket)
{
    double last_s = bucket->first_s + (double)bucket->last_offset_s;
    bool is_mirrored = fine->sign < 0;
    add_value(fine, bucket->first_s, bucket->first);
    if (bucket->count == 1)
        return;
    add_value(fine, last_s, bucket->last);
    if (bucket->min == bucket->max) {
        /* NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter): parts of a bucket, few */
        for (double at_s = bucket->first_s + fine->part_s; at_s < last_s; at_s += fine->part_s)
            add_value(fine, at_s, bucket->min);
        return;
    }
    double offset_s = (double)(is_mirrored ? bucket->max_offset_s : bucket->min_offset_s);
    double extreme = is_mirrored ? bucket->max : bucket->min;
    bool is_last = extreme == bucket->last && offset_s == (double)bucket->last_offset_s;
    if (extreme != bucket->first && !is_last)
        add_value(fine, bucket->first_s + offset_s, extreme);
}

/* Returns the end of a part, less what rounding may move a time to another part. */
static double part_end(const struct fine *fine, size_t part)
{
    return fine->from_s + ((double)part + 1 - 1e-9) * fine->part_s;
}

/* Adds the buckets of a series, which are in order of time. Most end in the same part as the one before, and need only
 * a comparison with its lowest value. */
static void add_buckets(struct fine *fine, const struct series *series, size_t count)
{
    struct series_bucket space;
    double until_s = -INFINITY;
    for (size_t i = 0, part = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double last_s = bucket->first_s + (double)bucket->last_offset_s;
        if (last_s < until_s && (fine->sign < 0 ? -bucket->max : bucket->min) >= fine->low[part])
            continue;
        add_bucket(fine, bucket);
        if (last_s < until_s)
            continue;
        part = part_of(fine, last_s);
        until_s = part_end(fine, part);
    }
}

/* The same for packed buckets, whose extremes are their first and last sample. */
static void add_packed(struct fine *fine, const struct series *series, size_t count)
{
    struct series_bucket space;
    const double sign = fine->sign;
    const struct series_packed *packed = series->packed, *end = packed + count;
    double until_s = -INFINITY;
    for (size_t part = 0; packed < end; packed++) {
        double last_s = packed->first_s + (double)packed->last_offset_s;
        double first = sign * packed->first, last = sign * packed->last;
        if (last_s < until_s) {
            if (first < fine->low[part] || last < fine->low[part])
                add_to(fine, part, last < first ? last_s : packed->first_s, last < first ? last : first);
            continue;
        }
        size_t before = packed->first_s < until_s ? part : part_of(fine, packed->first_s);
        part = part_of(fine, last_s);
        until_s = part_end(fine, part);
        add_to(fine, before, packed->first_s, first);
        if (before + 1 < part && first == last) /* a single value */
            add_bucket(fine, series_at(series, (size_t)(packed - series->packed), &space));
        else
            add_to(fine, part, last_s, last);
    }
}

static void read_fine(struct fine *fine, const struct series *series, bool is_falling)
{
    fine->count = series->stats.count < FINE_MAX ? (size_t)series->stats.count : FINE_MAX;
    fine->from_s = series->stats.first_s;
    fine->part_s = (series->stats.last_s - fine->from_s) / (double)fine->count;
    fine->sign = is_falling ? -1 : 1;
    for (size_t i = 0; i < fine->count; i++)
        fine->low[i] = INFINITY;
    const size_t count = series_buckets(series);
    if (series->packed != NULL)
        add_packed(fine, series, count);
    else
        add_buckets(fine, series, count);
}

/* Returns the lowest of the parts from `first` up to, not including, `end`, and sets its index. Returns INFINITY if
 * all are empty. */
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
        if (isfinite(fine->low[i]) && fine->low[i] > high)
            high = fine->low[i];
    return high;
}

/* Returns the last minimum in the parts from `first` up to `end` that the values fell to by at least `least` and
 * rose from by as much. Returns INFINITY if there is none. */
static double last_trough(const struct fine *fine, size_t first, size_t end, double least)
{
    double high = -INFINITY, low = INFINITY, trough = INFINITY;
    for (size_t i = first; i < end; i++) {
        if (!isfinite(fine->low[i]))
            continue;
        if (high - fine->low[i] >= least)
            low = fmin(low, fine->low[i]);
        else if (isinf(low))
            high = fmax(high, fine->low[i]);
        if (fine->low[i] - low >= least) {
            trough = low;
            low = INFINITY;
            high = fine->low[i];
        }
    }
    return trough;
}

/* Returns the number of parts before a release of nearly everything at the very end, where the last values are far
 * below the values before and stay there. Returns fine->count if there is no release. A fall to where the last rise
 * started is a saw-tooth, not a release. */
static size_t find_release(const struct fine *fine)
{
    size_t count = fine->count, from = (size_t)(RELEASE_FROM * (double)count), since = (size_t)(0.7 * (double)count);
    double recent = lowest(fine, since, from, NULL), left = fine->low[count - 1];
    while (isinf(recent) && since > 0) /* a gap */
        recent = lowest(fine, --since, from, NULL);
    double before = lowest(fine, 0, from, NULL), range = highest(fine, 0, count) - lowest(fine, 0, count, NULL);
    double depth = fmax(TROUGH_DEPTH * range, TROUGH_FALL * (highest(fine, since, count) - left));
    if (!(left < recent - 0.15 * range) || left > before + RELEASE_LEFT * range ||
        left > last_trough(fine, (size_t)(TROUGH_FROM * (double)count), from, depth) - 0.05 * range)
        return count;
    size_t end = from;
    while (end < count && !(fine->low[end] < (left + recent) / 2))
        end++;
    /* A value below everything before it is a spike during the release, not the top of the envelope. */
    for (size_t spikes = (size_t)(RELEASE_SPIKES * (double)count) + 1; end > from && spikes > 0; spikes--)
        end -= fine->low[end - 1] < recent ? 1 : 0;
    while (end > 0 && !isfinite(fine->low[end - 1]))
        end--;
    return (double)end >= RELEASE_GAP * (double)count ? end : count;
}

/* Lowers the few points that are above both neighbours to the higher neighbour, because a spike is not part of a
 * lower envelope. If there are more such points, they are teeth or noise. */
static void cut_spikes(struct envelope *envelope)
{
    size_t place[PARTS_MAX / SPIKES_EVERY], count = 0, spikes_max = envelope->count / SPIKES_EVERY;
    for (size_t i = 1; i + 1 < envelope->count; i++) {
        if (!(envelope->low[i] > fmax(envelope->low[i - 1], envelope->low[i + 1])))
            continue;
        if (count == spikes_max)
            return;
        place[count++] = i;
    }
    for (size_t i = 0; i < count; i++)
        envelope->low[place[i]] = fmax(envelope->low[place[i] - 1], envelope->low[place[i] + 1]);
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
        envelope->middle_s[envelope->count] =
            fine->from_s + ((double)i + 0.5) * (double)end / (double)parts * fine->part_s;
        envelope->at_s[envelope->count++] = fine->at_s[place];
    }
    if (envelope->count >= DECIDED_MIN)
        cut_spikes(envelope);
}

/* Returns Theil's slope of the points from `first` on, from pairs that are half of the points apart: as robust as
 * all pairs, at linear cost. */
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

static double slope_between(const struct envelope *envelope, size_t from, size_t to)
{
    return (envelope->low[to] - envelope->low[from]) / (envelope->at_s[to] - envelope->at_s[from]);
}

/* Returns the median slope of all pairs. */
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

/* Returns the median of a point and its neighbours. */
static double smooth_at(const struct envelope *envelope, size_t first, size_t i)
{
    double near[3];
    size_t count = 0;
    for (size_t k = i > first ? i - 1 : first; k <= i + 1 && k < envelope->count; k++)
        near[count++] = envelope->low[k];
    return count == 3 ? median_of(near, 3) : envelope->low[i];
}

/* Returns true if each quarter of the points from `first` on (each interval if there are few points) has its share
 * of the rise. */
static bool is_steady(const struct envelope *envelope, size_t first)
{
    size_t last = envelope->count - 1, count = envelope->count - first, steps = count - 1 < 4 ? count - 1 : 4;
    bool is_smooth = count >= 12;
    double rise[4], span_s[4], total = 0;
    for (size_t step = 0; step < steps; step++) {
        size_t from = first + step * (count - 1) / steps, to = first + (step + 1) * (count - 1) / steps;
        rise[step] = is_smooth ? smooth_at(envelope, first, to) - smooth_at(envelope, first, from)
                               : envelope->low[to] - envelope->low[from];
        span_s[step] = envelope->middle_s[to] - envelope->middle_s[from];
        total += rise[step];
    }
    double slope = total / (envelope->middle_s[last] - envelope->middle_s[first]);
    double least = is_smooth ? STEADY_MIN : STEADY_FEW_MIN;
    for (size_t step = 0; step < steps; step++)
        if (!(rise[step] >= least * slope * span_s[step]) || !(rise[step] <= STEADY_MAX * slope * span_s[step]))
            return false;
    return true;
}

/* Returns how far the points from `first` on fall back below an earlier one. */
static double sag(const struct envelope *envelope, size_t first)
{
    double high = -INFINITY, deepest = 0;
    for (size_t i = first; i < envelope->count; i++) {
        high = fmax(high, envelope->low[i]);
        deepest = fmax(deepest, high - envelope->low[i]);
    }
    return deepest;
}

/* Returns the median of the absolute differences of second (`order` 2) or fourth order (4), and their lower quartile.
 */
static double difference_of(const struct fine *fine, size_t end, size_t order, double *quartile)
{
    static const double weight[2][5] = {{1, -2, 1, 0, 0}, {1, -4, 6, -4, 1}};
    double change[FINE_MAX];
    size_t count = 0;
    for (size_t i = order; i < end; i++) {
        double difference = 0;
        for (size_t k = 0; k <= order; k++)
            difference += weight[order / 4][k] * fine->low[i - k];
        if (isfinite(difference))
            change[count++] = fabs(difference);
    }
    double median = count > 0 ? median_of(change, count) : 0; /* moves the lower half to the front */
    *quartile = count > 1 ? median_of(change, count / 2) : median;
    return median;
}

/* Measures the standard deviation of noise from part to part. Differences remove trends, and their median removes
 * steps and teeth, which are rare. Smooth changes shrink from the second order to the fourth, but noise does not.
 * The median of |x| of a normal distribution is 0.6745 sigma; differences have sqrt(6) and sqrt(70) times its sigma.
 * If half of the parts are next to a step or a tooth, the lower quartile is right, which is 0.3186 sigma. */
static void measure_noise(struct fine *fine, size_t end)
{
    double quartile, quartile4;
    double second = difference_of(fine, end, 2, &quartile), fourth = difference_of(fine, end, 4, &quartile4);
    fine->noise = fmin(second / sqrt(6), fourth / sqrt(70)) / 0.6745;
    fine->noise_between = fmin(fine->noise, quartile / sqrt(6) / 0.3186);
}

/* Returns the median of the parts that have samples; NAN if there are none. */
static double middle_of(const struct fine *fine, size_t first, size_t end)
{
    double value[FINE_MAX];
    size_t count = 0;
    for (size_t i = first; i < end; i++)
        if (isfinite(fine->low[i]))
            value[count++] = fine->low[i];
    return count > 0 ? median_of(value, count) : NAN;
}

/* Returns true if a stretch that looks flat apart from noise is the trough of a wave: its values vary as much as
 * elsewhere. */
static bool is_trough(const struct fine *fine, size_t end, size_t width, double range)
{
    double usual[FINE_MAX];
    size_t count = 0;
    for (size_t at = 0; at + width <= end; at += width / 2 + 1)
        usual[count++] = highest(fine, at, at + width) - lowest(fine, at, at + width, NULL);
    double middle = count > 0 ? median_of(usual, count) : 0;
    return middle >= WAVE_NOISE * fine->noise && range >= TROUGH_RANGE * middle;
}

/* Returns true if parts that should grow by `rise` are flat apart from noise. Returns false if the samples of most
 * parts are missing. */
static bool is_flat(const struct fine *fine, size_t first, size_t end, double rise, double noise)
{
    size_t width = end - first;
    while (first < end && !isfinite(fine->low[first]))
        first++;
    while (end > first && !isfinite(fine->low[end - 1]))
        end--;
    size_t third = (end - first) / 3, side = third < 5 ? (end - first) / 2 : third;
    if (2 * (end - first) < width)
        return false;
    rise *= (double)(end - first) / (double)width;
    double range = highest(fine, first, end) - lowest(fine, first, end, NULL);
    if (range + noise < FLAT_MAX * rise)
        return true;
    if (side < 4 || range >= FLAT_NOISE * noise)
        return false;
    double change = middle_of(fine, end - side, end) - middle_of(fine, first, first + side);
    double error = 1.25 * noise * sqrt(2 / (double)side); /* standard error of two medians */
    double due = rise * (1 - (double)side / (double)(end - first));
    return change + FLAT_ERRORS * error < 0.7 * due && !is_trough(fine, end, width, range);
}

/* Returns true if the parts from `first` on contain rests, as waves do that nearly cancel the growth: a stretch of
 * `width` parts is nearly flat, but there are no jumps as between steps. `slope` is the slope per part. */
static bool has_rests(const struct fine *fine, size_t first, size_t end, size_t width, double slope)
{
    bool rests = false;
    for (size_t at = first; at + width <= end; at++) {
        double range = highest(fine, at, at + width) - lowest(fine, at, at + width, NULL);
        if (at > first && fine->low[at] - fine->low[at - 1] > REST_JUMP * slope + REST_NOISE * fine->noise)
            return false;
        rests |= isfinite(range) && range < REST_MAX * slope * (double)width;
    }
    return rests;
}

/* Returns true if the run is flat at its end although it should grow by `slope`, and for longer than before. */
static bool ends_flat(const struct fine *fine, size_t end, double from_s, double slope, double noise)
{
    double count = (double)fine->count, due = slope * fine->part_s;
    size_t tail = (size_t)(END_SHARE * count + 0.5), longer = (size_t)(REST_END * count + 0.5);
    if (!is_flat(fine, end - tail, end, (double)tail * due, noise))
        return false;
    return !has_rests(fine, part_of(fine, from_s), end - tail, tail, due) ||
           is_flat(fine, end - longer, end, (double)longer * due, noise);
}

/* Returns true if the run is flat although it should grow by `slope`: over a quarter of the run anywhere from
 * `from_s` on, or at its end. */
static bool has_flat(const struct fine *fine, size_t end, double from_s, double slope, double noise)
{
    size_t width = fine->count / 4, first = part_of(fine, from_s), step = fine->count / 24 + 1;
    for (size_t at = first; at + width <= end; at += step)
        if (is_flat(fine, at, at + width, (double)width * fine->part_s * slope, noise))
            return true;
    return ends_flat(fine, end, from_s, slope, noise);
}

/* Returns true if enough of the time from `from_s` on has samples. */
static bool is_known(const struct fine *fine, size_t end, double from_s)
{
    size_t known = 0, first = part_of(fine, from_s);
    for (size_t i = first; i < end; i++)
        known += isfinite(fine->low[i]) ? 1 : 0;
    return (double)known >= KNOWN_MIN * (double)(end - first);
}

/* Returns the accuracy of a minimum: the usual change from each part to the next, if there is no noise. */
static double step_of(const struct fine *fine, size_t end)
{
    double change[FINE_MAX];
    size_t count = 0;
    for (size_t i = 1; i < end; i++)
        if (isfinite(fine->low[i] - fine->low[i - 1]))
            change[count++] = fabs(fine->low[i] - fine->low[i - 1]);
    return count > 0 ? median_of(change, count) : 0;
}

/* Returns how certain it is that values rise at all, in standard deviations: the test of H. B. Mann ("Nonparametric
 * tests against trend", 1945) and M. G. Kendall. */
static double trend_of(const double *value, size_t count)
{
    double sum = 0, n = (double)count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; k < count; k++)
            sum += (value[k] > value[i]) - (value[k] < value[i]);
    return sum / sqrt(n * (n - 1) * (2 * n + 5) / 18);
}

/* The same for the parts from `first` on, each combined with the `width` - 1 next ones, because the minima of wider
 * parts contain no spikes. */
static double fine_trend(const struct fine *fine, size_t first, size_t end, size_t width)
{
    double value[TREND_MAX];
    size_t count = 0, stride = width * ((end - first + TREND_MAX * width - 1) / (TREND_MAX * width));
    for (size_t i = first; i + width <= end; i += stride) {
        double low = lowest(fine, i, i + width, NULL);
        if (isfinite(low))
            value[count++] = low;
    }
    return count < 2 ? 0 : trend_of(value, count);
}

/* Returns the clearest trend from `first` on. */
static double best_trend(const struct fine *fine, size_t first, size_t end)
{
    return fmax(fine_trend(fine, first, end, 1),
                fmax(fine_trend(fine, first, end, 2), fine_trend(fine, first, end, 3)));
}

/* Returns true if the rise of the points from `first` on may be only noise, perhaps after a start. */
static bool is_noise(const struct envelope *envelope, size_t first, const struct fine *fine, size_t end, double rise)
{
    size_t from = part_of(fine, envelope->at_s[first]), fine_half = from > end / 2 ? from : end / 2;
    size_t half = first > envelope->count / 2 ? first : envelope->count / 2;
    if (rise < STEP_RATIO * step_of(fine, end))
        return true;
    if (rise >= NOISE_RATIO * fine->noise)
        return false;
    double trend = fmax(best_trend(fine, from, end), trend_of(&envelope->low[first], envelope->count - first));
    double half_trend = fmax(best_trend(fine, fine_half, end), trend_of(&envelope->low[half], envelope->count - half));
    return trend < TREND_MIN || half_trend < HALF_TREND_MIN;
}

/* Returns the slope of the lower convex hull of the points from `first` on, in the middle of their time (A. M.
 * Andrew, "Another efficient algorithm for convex hulls in two dimensions", 1979). It ignores the rise after the
 * last trough of a saw-tooth. */
static double hull_slope(const struct envelope *envelope, size_t first)
{
    size_t hull[PARTS_MAX], count = 0, last = envelope->count - 1;
    for (size_t i = first; i <= last; i++) {
        while (count >= 2 &&
               slope_between(envelope, hull[count - 2], hull[count - 1]) >= slope_between(envelope, hull[count - 1], i))
            count--;
        hull[count++] = i;
    }
    double middle_s = (envelope->at_s[last] + envelope->at_s[first]) / 2;
    for (size_t i = 1; i < count; i++)
        if (envelope->at_s[hull[i]] >= middle_s)
            return slope_between(envelope, hull[i - 1], hull[i]);
    return 0;
}

/* Returns the growth rate from a point on: the median of three estimates. If the growth began after the first point
 * that is accepted as its start, the last half is right. If the last tooth of a saw rises far above the envelope,
 * the whole or the hull is right. Points above a later minimum are not part of the envelope. */
static double rate_of(const struct envelope *envelope, size_t first)
{
    struct envelope lowest = *envelope;
    size_t half = envelope->count / 2;
    for (size_t i = lowest.count - 1; i-- > 0;)
        lowest.low[i] = fmin(lowest.low[i], lowest.low[i + 1]);
    if (half <= first || envelope->count - half < 5)
        half = first;
    double rate[] = {full_slope(&lowest, half), full_slope(&lowest, first), hull_slope(&lowest, half)};
    return median_of(rate, 3);
}

/* Judges the envelope from each point that leaves at least half of the run. Returns the first point from which it
 * grows, or `count` if there is none. */
static size_t find_start(const struct envelope *envelope, const struct fine *fine, size_t end, double target,
                         double sag_max)
{
    double run_s = fine->part_s * (double)fine->count, end_s = fine->from_s + fine->part_s * (double)end;
    double range = highest(fine, 0, end) - lowest(fine, 0, end, NULL);
    size_t stride = envelope->count / 12 + 1;
    for (size_t first = 0; first + 3 <= envelope->count; first += stride) {
        double length_s = end_s - envelope->at_s[first];
        if (length_s < LENGTH_MIN * run_s * 0.98 && first > 0)
            break;
        double slope = quick_slope(envelope, first);
        double rise = slope * length_s;
        if (rise >= RISE_MIN * target && rise <= RISE_MAX * range && sag(envelope, first) <= sag_max * rise &&
            is_steady(envelope, first) && !has_flat(fine, end, envelope->at_s[first], slope, fine->noise) &&
            is_known(fine, end, envelope->at_s[first]) && !is_noise(envelope, first, fine, end, rise))
            return first;
    }
    return envelope->count;
}

/* Returns true if the second half of the envelope moves in one direction. Then a coarser envelope would only hide
 * where it stops. An envelope of few points must hardly fall back. */
static bool is_decided(const struct envelope *envelope)
{
    double sag_max = envelope->count >= DECIDED_MIN ? SAG_DECIDED : SAG_SMALL;
    size_t half = envelope->count / 2;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = half; i < envelope->count; i++) {
        low = fmin(low, envelope->low[i]);
        high = fmax(high, envelope->low[i]);
    }
    return sag(envelope, half) <= sag_max * (high - low);
}

/* Returns true if parts twice as long rise as well. If a part is shorter than the period of what is on top of the
 * envelope, its minimum means nothing, and a few minima may rise by chance. */
static bool is_confirmed(const struct envelope *envelope, size_t first, const struct fine *fine, size_t end)
{
    struct envelope coarse;
    size_t parts = envelope->count / 2, from = 0;
    if (envelope->count < 4)
        return true;
    read_envelope(&coarse, fine, end, parts < 3 ? 3 : parts);
    while (from + 3 <= coarse.count && coarse.at_s[from] < envelope->at_s[first])
        from++;
    if (from + 3 > coarse.count)
        from = coarse.count - 2;
    return full_slope(&coarse, from) >= CONFIRM_MIN * full_slope(envelope, first);
}

/* Returns true if the rise depends on a few last values after a gap that only fall or only rise, by much of `rise`: the
 * minimum of the wave that they are a part of is unknown. */
static bool ends_in_wave(const struct fine *fine, size_t end, double rise)
{
    size_t first = end, place = end;
    while (first > 0 && isfinite(fine->low[first - 1]))
        first--;
    if (first == 0 || (double)(end - first) > FRAGMENT_MAX * (double)end)
        return false;
    double low = lowest(fine, first, end, &place);
    return (place == first || place == end - 1) && highest(fine, first, end) - low > FRAGMENT_RANGE * rise;
}

/* Looks for growth at each resolution, finest first. Returns false if there is none. */
static bool find_growth(const struct fine *fine, size_t end, double target, double sag_max, struct growth *growth)
{
    static const size_t resolution[] = {24, 20, 16, 13, 11, 9};
    struct envelope envelope;
    bool is_finest = true;
    for (size_t i = 0; i < sizeof resolution / sizeof resolution[0]; i++) {
        if (resolution[i] * 3 > end)
            continue;
        read_envelope(&envelope, fine, end, resolution[i]);
        if (envelope.count < 3)
            continue;
        size_t first = find_start(&envelope, fine, end, target, sag_max);
        if (first < envelope.count && is_confirmed(&envelope, first, fine, end)) {
            growth->rate_per_s = rate_of(&envelope, first);
            growth->from_s = envelope.at_s[first];
            double slope = full_slope(&envelope, first) * fine->part_s;
            double rise = slope * (double)(end - part_of(fine, growth->from_s));
            return growth->rate_per_s > 0 && !troughs_return(fine->low, end, slope, fine->noise) &&
                   !ends_in_wave(fine, end, rise);
        }
        if ((is_finest || envelope.count >= DECIDED_MIN) && is_decided(&envelope))
            return false;
        is_finest = false;
    }
    return false;
}

/* Sets the growth from one of the parts on. Returns false if too little of its time has samples. */
static bool set_growth(struct growth *growth, const struct fine *fine, size_t end, size_t from, double slope)
{
    size_t last = end - 1;
    while (from < last && !isfinite(fine->low[from]))
        from++;
    while (last > from && !isfinite(fine->low[last]))
        last--;
    /* If parts have one sample each, the samples are not at the edges of the parts. */
    growth->rate_per_s = slope * (double)(last - from) / (fine->at_s[last] - fine->at_s[from]);
    growth->from_s = fine->from_s + fine->part_s * (double)from;
    return last > from && is_known(fine, end, growth->from_s);
}

/* Looks for growth under waves of one period. */
static bool find_seasonal(const struct fine *fine, size_t end, double target, struct growth *growth)
{
    struct seasonal seasonal;
    double range = highest(fine, 0, end) - lowest(fine, 0, end, NULL);
    double least = fmax(RISE_MIN * target, SEASONAL_MIN * range); /* a period is not more exact than this */
    return seasonal_find(fine->low, end, least, fine->noise, &seasonal) &&
           !troughs_return(fine->low, end, seasonal.slope, fine->noise) &&
           set_growth(growth, fine, end, seasonal.from, seasonal.slope) &&
           !has_flat(fine, end, growth->from_s, growth->rate_per_s, 0);
}

/* Looks for growth along a line, with only noise and spikes on top. */
static bool find_line(const struct fine *fine, size_t end, double target, struct growth *growth)
{
    struct straight straight;
    size_t length = (size_t)(LENGTH_MIN * (double)fine->count);
    return straight_find(fine->low, end, length, RISE_MIN * target, fine->noise_between, &straight) &&
           set_growth(growth, fine, end, straight.from, straight.slope) &&
           !ends_flat(fine, end, growth->from_s, growth->rate_per_s, fine->noise);
}

/* Returns true if the parts from `from` on are not waves on a line but wander like the sums of random changes, of which
 * a few minima may rise by chance. */
static bool wanders(const struct fine *fine, size_t from, size_t end)
{
    struct periodic periodic;
    return periodic_fit(&fine->at_s[from], &fine->low[from], end - from, PERIODIC_REFINED, &periodic) &&
           periodic.explained < WAVES_LEAST && periodic.error > WANDERING * periodic.rise;
}

/* Looks for growth under a few waves. */
static bool find_troughs(const struct fine *fine, size_t end, double target, struct growth *growth)
{
    struct troughs troughs;
    size_t length = (size_t)(LENGTH_MIN * (double)fine->count);
    return troughs_find(fine->low, end, length, RISE_MIN * target, fine->noise_between, &troughs) &&
           set_growth(growth, fine, end, troughs.from, troughs.slope) &&
           !has_flat(fine, end, growth->from_s, growth->rate_per_s, 0) &&
           (troughs.count > WANDERING_MAX || !wanders(fine, troughs.from, end));
}

/* Looks for growth at each resolution and under waves. The result is best if each part contains a minimum of what is on
 * top of the envelope; if not, accepts some sag. */
static bool find_envelope(const struct fine *fine, size_t end, double target, struct growth *growth)
{
    return find_growth(fine, end, target, SAG_SMALL, growth) || find_growth(fine, end, target, SAG_MAX, growth) ||
           find_troughs(fine, end, target, growth) || find_seasonal(fine, end, target, growth);
}

/* Makes the rate more exact if there are few samples, of which none may be at the minimum of a wave. */
static void refine_rate(const struct fine *fine, size_t end, struct growth *growth)
{
    struct periodic periodic;
    size_t from = part_of(fine, growth->from_s);
    if (periodic_fit(&fine->at_s[from], &fine->low[from], end - from, PERIODIC_REFINED, &periodic) &&
        periodic.explained >= PERIODIC_SHARE && periodic.slope < PERIODIC_RATIO * growth->rate_per_s &&
        periodic.slope > growth->rate_per_s / PERIODIC_RATIO)
        growth->rate_per_s = periodic.slope;
}

/* Looks for growth under waves of one shape from one of the parts on. */
static bool is_periodic(const struct fine *fine, size_t from, size_t end, double target, struct growth *growth)
{
    struct periodic periodic;
    double from_s = fine->from_s + fine->part_s * (double)from;
    if (!periodic_fit(&fine->at_s[from], &fine->low[from], end - from, PERIODIC_CYCLES, &periodic) ||
        !(periodic.explained >= PERIODIC_FOUND && periodic.rise >= RISE_MIN * target) ||
        periodic.error > PERIODIC_ERROR * periodic.rise || periodic.smoothness < PERIODIC_SMOOTH ||
        periodic.longest_gap > PERIODIC_GAP || !is_known(fine, end, from_s))
        return false;
    growth->rate_per_s = periodic.slope;
    growth->from_s = from_s;
    return periodic.error <= PERIODIC_EXACT * periodic.rise ||
           !ends_flat(fine, end, from_s, periodic.slope, fine->noise);
}

/* Looks for growth during the whole run, perhaps after a start, where samples or their noise miss the minima of waves
 * or the waves only slow the growth down. */
static bool find_periodic(const struct fine *fine, size_t end, double target, struct growth *growth)
{
    return is_periodic(fine, 0, end, target, growth) || is_periodic(fine, end / 12, end, target, growth);
}

/* Returns true for all growth, and for little else: late minima are above those in the middle, if each part of the
 * run is as long as any wave that can be distinguished from growth. */
static bool may_grow(const struct fine *fine, size_t end, double target)
{
    double count = (double)end;
    size_t from = (size_t)(0.3 * count), until = (size_t)(0.62 * count), known = 0;
    for (size_t i = from; i < until; i++)
        known += isfinite(fine->low[i]) ? 1 : 0;
    for (; from > 0 && (double)known < 0.28 * count; from--) /* a gap may hide the minimum of a wave */
        known += isfinite(fine->low[from - 1]) ? 1 : 0;
    double middle = lowest(fine, from, until, NULL);
    double late = lowest(fine, (size_t)(0.7 * count), end, NULL);
    return !(late - middle < LATER_MIN * target);
}

/* Returns the index of the first packed bucket that starts at or after a time. */
static size_t first_from(const struct series *series, size_t count, double from_s)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->packed[middle].first_s < from_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Returns the lowest value of packed buckets from `from` to `until`, shares of the run. The first and the last bucket
 * may be partly outside. Returns NAN if samples are missing for longer than QUICK_GAP. */
static double lowest_packed(const struct series *series, double sign, double from, double until)
{
    const double start_s = series->stats.first_s, run_s = series->stats.last_s - start_s;
    const size_t count = series_buckets(series), first = first_from(series, count, start_s + from * run_s);
    const struct series_packed *at = series->packed + first - (first > 0 ? 1 : 0), *end = series->packed + count;
    double low = INFINITY, known_s = start_s + from * run_s, until_s = start_s + until * run_s;
    if (at < end && at->first_s + (double)at->last_offset_s < known_s)
        at++;
    for (; at < end && known_s < until_s; at++) {
        double one = sign * at->first, other = sign * at->last, least = one < other ? one : other;
        if (at->first_s - known_s > QUICK_GAP * run_s)
            return NAN;
        low = least < low ? least : low;
        known_s = at->first_s + (double)at->last_offset_s;
    }
    return low;
}

/* Returns true if may_grow will be false wherever find_release finds the end, as for most nodes of a job: a value in
 * the last third of the run is hardly higher than the lowest one in the middle. Reads less than half of a packed
 * series, because most of the time for many nodes is that of fetching their samples from memory. */
static bool is_level(const struct series *series, double target, double sign)
{
    if (series->packed == NULL || series->stats.count < QUICK_SAMPLES)
        return false;
    /* If samples are missing before the last tenth, the end may be earlier. */
    double before_end = lowest_packed(series, sign, RELEASE_FROM - 2 * QUICK_GAP, RELEASE_FROM);
    double late = lowest_packed(series, sign, QUICK_LATE, QUICK_END);
    return isfinite(before_end) && late - lowest_packed(series, sign, QUICK_FROM, QUICK_UNTIL) < LATER_MIN * target;
}

bool growth_find(const struct series *series, double target, bool is_falling, struct growth *growth)
{
    const struct series_stats *stats = &series->stats;
    struct fine fine = {.count = 0};
    if (stats->count < SAMPLES_MIN || !(target > 0) || !(stats->max - stats->min >= RISE_MIN * target) ||
        !(stats->last_s > stats->first_s) || is_level(series, target, is_falling ? -1 : 1))
        return false;
    read_fine(&fine, series, is_falling);
    size_t end = find_release(&fine);
    if (!may_grow(&fine, end, target))
        return false;
    measure_noise(&fine, end);
    if (!find_line(&fine, end, target, growth)) {
        bool is_found = find_envelope(&fine, end, target, growth);
        if (!is_found && !find_periodic(&fine, end, target, growth))
            return false;
        if (is_found && stats->count <= REFINED_MAX)
            refine_rate(&fine, end, growth);
    }
    growth->to_s = fine.from_s + fine.part_s * (double)end;
    growth->is_released = end < fine.count;
    growth->last = fine.sign * highest(&fine, end - 1, end);
    return true;
}
