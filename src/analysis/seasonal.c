/* SPDX-License-Identifier: MIT */
/* seasonal: finds a period and judges whether values rise from period to period. Independent of time and units. */
#include "seasonal.h"

#include <math.h>

#define LAG_MIN      8 /* values; the lower envelope handles shorter waves */
#define PERIODS_MIN  3
#define CONTRAST_MAX 0.4 /* of the usual difference: how far equal phases may differ from each other */
#define STEADY_MIN   0.5 /* of the usual rise, in each quarter */
#define STEADY_MAX   1.8
#define END_SHARE    0.13 /* of the values, at their end */
#define FALL_MIN     0.1  /* of the rise per period: how far waves fall */
#define WAVES_OF     4    /* periods, of which one may have no wave */
#define FALL_NOISE   3.0  /* standard deviations added to that */
#define MINIMA_MIN   0.5  /* of the usual rise, in each half */
#define RISE_NOISE   10.0 /* standard errors; a smaller rise may be noise */
#define LENGTH_MIN   0.6  /* of the values */
#define STARTS       4
#define BLOCKS       4

/* Cumulative sums of the values, to compute means in constant time. */
struct sums {
    size_t count;
    double sum[SEASONAL_MAX + 1];
    size_t known[SEASONAL_MAX + 1];
};

static void add_up(struct sums *sums, const double *value, size_t count)
{
    sums->count = count;
    sums->sum[0] = 0;
    sums->known[0] = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_known = isfinite(value[i]);
        sums->sum[i + 1] = sums->sum[i] + (is_known ? value[i] : 0);
        sums->known[i + 1] = sums->known[i] + (is_known ? 1 : 0);
    }
}

/* Returns the mean of the `width` values from `first` on; NAN if most are missing. */
static double mean_of(const struct sums *sums, size_t first, size_t width)
{
    size_t known = sums->known[first + width] - sums->known[first];
    return 2 * known > width ? (sums->sum[first + width] - sums->sum[first]) / (double)known : NAN;
}

/* Returns how many values are averaged before they are compared: few enough to preserve the waves. */
static size_t width_for(size_t lag)
{
    return lag / 4 > 0 ? lag / 4 : 1;
}

/* Returns how much higher values are a lag later: the mean of the differences that start between `from` and `end`.
 * Sets `spread` to the mean deviation from it. Returns NAN if most values are missing. */
static double rise_over(const struct sums *sums, size_t lag, size_t from, size_t end, double *spread)
{
    size_t width = width_for(lag), count = 0;
    double difference[SEASONAL_MAX], sum = 0, deviation = 0;
    for (size_t i = from; i < end && i + lag + width <= sums->count; i++) {
        double change = mean_of(sums, i + lag, width) - mean_of(sums, i, width);
        if (!isfinite(change))
            continue;
        difference[count++] = change;
        sum += change;
    }
    if (2 * count < end - from || count == 0)
        return NAN;
    for (size_t i = 0; i < count; i++)
        deviation += fabs(difference[i] - sum / (double)count);
    if (spread != NULL)
        *spread = deviation / (double)count;
    return sum / (double)count;
}

/* Returns the lag at which values from `from` on differ least from those a lag later. Returns 0 if they differ
 * hardly less than at other lags. */
static size_t find_period(const struct sums *sums, size_t from)
{
    size_t length = sums->count - from, best = 0;
    double most = 0, best_contrast = CONTRAST_MAX, spread = 0;
    for (size_t lag = 2; lag <= length / PERIODS_MIN; lag++) {
        size_t width = width_for(lag);
        if (isnan(rise_over(sums, lag, from, sums->count - lag - width + 1, &spread)))
            continue;
        most = fmax(most, spread);
        if (lag >= LAG_MIN && spread < best_contrast * most) {
            best = lag;
            best_contrast = spread / most;
        }
    }
    return best;
}

/* Returns true if values fall by at least `least` within each period, except in one of many. */
static bool has_waves(const struct sums *sums, size_t lag, size_t from, double least)
{
    size_t flat = 0, periods = 0, width = width_for(lag);
    for (size_t first = from; first + lag <= sums->count; first += lag, periods++) {
        double high = -INFINITY, fall = 0;
        for (size_t i = first; i < first + lag && i + width <= sums->count; i++) {
            double value = mean_of(sums, i, width);
            if (!isfinite(value))
                continue;
            high = fmax(high, value);
            fall = fmax(fall, high - value);
        }
        flat += fall < least ? 1 : 0;
    }
    return flat <= periods / WAVES_OF;
}

/* Returns true if each part of the values from `from` on, and their end, has its share of the rise. */
static bool is_steady(const struct sums *sums, size_t lag, size_t from, double rise)
{
    size_t width = width_for(lag), end = sums->count - lag - width + 1;
    size_t unknown = 0;
    for (size_t block = 0; block < BLOCKS; block++) {
        double own = rise_over(sums, lag, from + block * (end - from) / BLOCKS,
                               from + (block + 1) * (end - from) / BLOCKS, NULL);
        unknown += isnan(own) ? 1 : 0;
        if (!isnan(own) && !(own >= STEADY_MIN * rise && own <= STEADY_MAX * rise))
            return false;
    }
    if (2 * unknown > BLOCKS)
        return false;
    size_t tail = (size_t)(END_SHARE * (double)sums->count) + 1;
    double last = rise_over(sums, lag, end > from + tail ? end - tail : from, end, NULL);
    return last >= STEADY_MIN * rise;
}

/* Returns the lowest of the `lag` values from `first` on. */
static double lowest(const double *value, size_t first, size_t lag)
{
    double low = INFINITY;
    for (size_t i = first; i < first + lag; i++)
        low = fmin(low, value[i]);
    return low;
}

/* Returns the lowest of the `width` last values that has known neighbours, none of them lower. At the end and next to a
 * gap, lower ones may follow. Returns NAN if there is none. */
static double last_minimum(const double *value, size_t count, size_t width)
{
    double low = NAN;
    for (size_t i = count - width; i + 1 < count; i++)
        if (value[i] <= value[i - 1] && value[i] <= value[i + 1] && isfinite(value[i - 1] + value[i + 1]))
            low = fmin(low, value[i]);
    return low;
}

/* Returns true if the minima rise as much as everything else. Those of waves that only become higher do not. */
static bool has_rising_minima(const double *value, size_t count, size_t lag, size_t from, double slope)
{
    size_t middle = (from + count - lag) / 2;
    double first = lowest(value, from, lag), half = lowest(value, middle, lag);
    double last = last_minimum(value, count, lag + 2); /* if it is the last value, the one before counts */
    double due = MINIMA_MIN * slope;
    return half - first >= due * (double)(middle - from) && last - half >= due * (double)(count - lag - middle);
}

bool seasonal_find(const double *value, size_t count, double least_rise, double noise, struct seasonal *seasonal)
{
    struct sums sums;
    add_up(&sums, value, count);
    for (size_t start = 0; start < STARTS; start++) {
        size_t from = (size_t)((1 - LENGTH_MIN) * (double)start / (STARTS - 1) * (double)count);
        size_t lag = find_period(&sums, from);
        if (lag == 0)
            continue;
        size_t width = width_for(lag);
        double rise = rise_over(&sums, lag, from, count - lag - width + 1, NULL);
        double least = fmax(least_rise, RISE_NOISE * noise * sqrt(2 / (double)lag)); /* of two means of a period */
        if (rise * (double)(count - from) / (double)lag < least || !is_steady(&sums, lag, from, rise) ||
            !has_waves(&sums, lag, from, FALL_MIN * rise + FALL_NOISE * noise / sqrt((double)width_for(lag))) ||
            !has_rising_minima(value, count, lag, from, rise / (double)lag))
            continue;
        *seasonal = (struct seasonal){.from = from, .slope = rise / (double)lag};
        return true;
    }
    return false;
}
