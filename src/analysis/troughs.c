/* SPDX-License-Identifier: MIT */
/* troughs: computes the zigzag line and judges its minima. Independent of time and units. */
#include "troughs.h"

#include <math.h>

#include "base/median.h"

#define TROUGHS_MAX  64
#define TURN_MIN     0.25 /* of the range around the trend */
#define TURN_NOISE   2.0  /* standard deviations */
#define STEADY_MIN   0.4  /* of the usual rise, in each half or third */
#define STEADY_LEAST 0.25 /* the same if minima are not exact */
#define STEADY_MAX   2.0
#define ERROR_NOISE  2.0  /* standard deviations: the accuracy of a minimum */
#define RISE_CHANGE  1.5  /* times the accuracy of minima, and */
#define RISE_NOISE   4.5  /* standard deviations: the least rise from the first minimum to the last */
#define LATER_CHANGE 0.7  /* times the accuracy: the least rise from the second minimum to the last */
#define REGULAR_MAX  3.0  /* of the median distance of minima: the longest distance */
#define LAST_MAX     1.3  /* times the longest distance: how far the end may be from the last minimum */
#define RETURN_MAX   0.25 /* of the usual rise; a minimum that is higher by less counts as equal to the one before */
#define SPAN_MIN     0.3  /* of the values that must be between the first minimum and the last */

struct zigzag {
    size_t count;
    double at[TROUGHS_MAX], low[TROUGHS_MAX];
    double tail_at, tail_low; /* the lowest value after the last turn downwards; NaN if there is none */
};

/* Returns the slope of the line between the medians of the first and the last third. */
static double trend_of(const double *value, size_t count)
{
    double side[2][TROUGHS_VALUES_MAX];
    size_t known[2] = {0, 0};
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(value[i]) || (i >= count / 3 && i < count - count / 3))
            continue;
        size_t of = i < count / 3 ? 0 : 1;
        side[of][known[of]++] = value[i];
    }
    if (known[0] == 0 || known[1] == 0)
        return 0;
    return (median_of(side[1], known[1]) - median_of(side[0], known[0])) / ((double)count * 2 / 3);
}

/* Returns the range of the values from `from` on around a trend. */
static double range_around(const double *value, size_t from, size_t count, double slope)
{
    double low = INFINITY, high = -INFINITY;
    for (size_t i = from; i < count; i++) {
        double rest = value[i] - slope * (double)i;
        if (!isfinite(rest))
            continue;
        low = fmin(low, rest);
        high = fmax(high, rest);
    }
    return high - low;
}

/* Finds the turns that are larger than `turn`. Returns false if there are too many. */
static bool read_zigzag(struct zigzag *zigzag, const double *value, size_t count, double turn)
{
    double high = -INFINITY, low = INFINITY, low_at = 0;
    bool falls = false;
    zigzag->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(value[i]))
            continue;
        if (falls && value[i] < low) {
            low = value[i];
            low_at = (double)i;
        } else if (falls && value[i] >= low + turn) {
            if (zigzag->count == TROUGHS_MAX)
                return false;
            size_t place = (size_t)low_at;
            if (isfinite(value[place - 1]) && isfinite(value[place + 1])) { /* otherwise it may be lower in the gap */
                zigzag->at[zigzag->count] = low_at;
                zigzag->low[zigzag->count++] = low;
            }
            falls = false;
            high = value[i];
        } else if (!falls && value[i] <= high - turn) {
            falls = true;
            low = value[i];
            low_at = (double)i;
        } else if (!falls) {
            high = fmax(high, value[i]);
        }
    }
    zigzag->tail_at = falls ? low_at : NAN;
    zigzag->tail_low = falls ? low : NAN;
    return true;
}

/* Returns the accuracy of minima: the true minimum is between two values, and lower by no more than the change to
 * the closer one of its neighbours. */
static double error_of(const struct zigzag *zigzag, size_t first, const double *value)
{
    double change[TROUGHS_MAX];
    for (size_t i = first; i < zigzag->count; i++) {
        size_t place = (size_t)zigzag->at[i];
        change[i - first] = fmin(value[place - 1], value[place + 1]) - value[place];
    }
    return median_of(change, zigzag->count - first);
}

/* Returns true if the minima are those of waves: at about equal distances and up to the end. */
static bool is_regular(const struct zigzag *zigzag, size_t first, const double *value, size_t end)
{
    double distance[TROUGHS_MAX], longest = 0;
    size_t count = zigzag->count - first - 1;
    for (size_t i = 0; i < count; i++) {
        distance[i] = 1;
        for (size_t at = (size_t)zigzag->at[first + i] + 1; at < (size_t)zigzag->at[first + i + 1]; at++)
            distance[i] += isfinite(value[at]) ? 1 : 0; /* there may be minima in a gap */
        longest = fmax(longest, distance[i]);
    }
    /* A minimum is only known to within a value. */
    if ((double)end - zigzag->at[zigzag->count - 1] > LAST_MAX * longest + 1)
        return false;
    if (count % 2 == 0) /* the lower median */
        distance[count++] = 0;
    return longest <= REGULAR_MAX * median_of(distance, count);
}

/* Returns the median slope of all pairs of minima from `first` on. */
static double slope_of(const struct zigzag *zigzag, size_t first)
{
    double slope[TROUGHS_MAX * (TROUGHS_MAX - 1) / 2];
    size_t count = 0;
    for (size_t i = first; i < zigzag->count; i++)
        for (size_t k = i + 1; k < zigzag->count; k++)
            slope[count++] = (zigzag->low[k] - zigzag->low[i]) / (zigzag->at[k] - zigzag->at[i]);
    return median_of(slope, count);
}

/* Returns true if the minima rise only from the first to the second, as after a start that levels off. */
static bool levels_off(const struct zigzag *zigzag, size_t first, double exact)
{
    size_t last = zigzag->count - 1;
    return last - first >= 3 && zigzag->low[last] - zigzag->low[first + 1] < LATER_CHANGE * exact;
}

/* Returns true if each of a few stretches between minima has its share of the rise, within `error`, and no minimum
 * is far from the line. */
static bool is_steady(const struct zigzag *zigzag, size_t first, double slope, double error)
{
    size_t last = zigzag->count - 1, steps = last - first < 4 ? last - first : 4;
    double rest[TROUGHS_MAX], usual = 0;
    for (size_t step = 0; step < steps; step++) {
        size_t from = first + step * (last - first) / steps, to = first + (step + 1) * (last - first) / steps;
        double rise = zigzag->low[to] - zigzag->low[from], due = slope * (zigzag->at[to] - zigzag->at[from]);
        if (rise < STEADY_MIN * due - error / 2 || rise < (steps < 3 ? STEADY_MIN : STEADY_LEAST) * due ||
            rise > STEADY_MAX * due + error)
            return false;
    }
    for (size_t i = first; i <= last; i++)
        rest[i - first] = zigzag->low[i] - slope * zigzag->at[i];
    usual = median_of(rest, last - first + 1);
    double whole = slope * (zigzag->at[last] - zigzag->at[first]);
    for (size_t i = first; i <= last; i++)
        if (fabs(zigzag->low[i] - slope * zigzag->at[i] - usual) > 0.25 * whole + error)
            return false;
    double until = slope * (zigzag->tail_at - zigzag->at[first]);
    return isnan(zigzag->tail_at) || zigzag->tail_low >= usual + slope * zigzag->tail_at - 0.1 * until - error / 2;
}

bool troughs_find(const double *value, size_t count, size_t least_length, double least_rise, double noise,
                  struct troughs *troughs)
{
    struct zigzag zigzag;
    double turn = fmax(TURN_MIN * range_around(value, count / 12, count, trend_of(value, count)), TURN_NOISE * noise);
    if (!read_zigzag(&zigzag, value, count, turn))
        return false;
    for (size_t first = 0; first + 3 <= zigzag.count; first++) {
        size_t at = (size_t)zigzag.at[first];
        double before = first > 0 ? zigzag.at[first - 1] : 0; /* the rise may have started then */
        if ((double)count - before < (double)least_length)
            break;
        double slope = slope_of(&zigzag, first), span = zigzag.at[zigzag.count - 1] - zigzag.at[first];
        double exact = error_of(&zigzag, first, value), error = exact + ERROR_NOISE * noise;
        double seen = slope * span;
        if (!(slope * ((double)count - (before + (double)at) / 2) >= least_rise) || span < SPAN_MIN * (double)count ||
            seen < RISE_CHANGE * exact + RISE_NOISE * noise || levels_off(&zigzag, first, exact) ||
            !is_regular(&zigzag, first, value, count) || !is_steady(&zigzag, first, slope, error))
            continue;
        *troughs = (struct troughs){.from = at, .slope = slope, .count = zigzag.count - first};
        return true;
    }
    return false;
}

bool troughs_return(const double *value, size_t count, double slope, double noise)
{
    struct zigzag zigzag;
    double turn = fmax(TURN_MIN * range_around(value, 2 * count / 5, count, 0), TURN_NOISE * noise);
    if (!read_zigzag(&zigzag, value, count, turn) || zigzag.count < 2)
        return false;
    size_t last = zigzag.count - 1;
    double rise = zigzag.low[last] - zigzag.low[last - 1], distance = zigzag.at[last] - zigzag.at[last - 1];
    return rise + error_of(&zigzag, last - 1, value) + ERROR_NOISE * noise < RETURN_MAX * slope * distance;
}
