/* SPDX-License-Identifier: MIT */
/* periodic: fits a line and waves of one period. Independent of units. */
#include "periodic.h"

#include <math.h>

#include "base/median.h"

#define HARMONICS_MAX    3
#define TERMS_MAX        (2 + 2 * HARMONICS_MAX) /* level, slope, and two per harmonic */
#define POINTS_MIN       16
#define POINTS_PER_CYCLE 4    /* at least */
#define POINTS_PER       2.7  /* the same for each harmonic after the first */
#define CYCLES_MIN       1.5  /* waves; fewer cannot be distinguished from a trend */
#define CYCLES_MAX       10.0 /* the minima of more waves are exact enough */
#define CYCLES_STEP      0.25 /* between the fits, then refined */
#define REFINED_STEP     0.05
#define EXPLAINED_MIN    0.7 /* of the squares that a line leaves */
#define LAGS_PER_CYCLE   6.0
#define PIVOT_MIN        1e-9

/* The known values, less their mean, and their times from -1 to 1. */
struct wave_points {
    size_t count;
    double at[PERIODIC_MAX], value[PERIODIC_MAX];
    double half_span; /* unit of the times */
};

static bool read_points(struct wave_points *points, const double *at, const double *value, size_t count)
{
    double mean = 0;
    points->count = 0;
    for (size_t i = 0; i < count && i < PERIODIC_MAX; i++) {
        if (!isfinite(value[i]))
            continue;
        points->at[points->count] = at[i];
        points->value[points->count++] = value[i];
        mean += value[i];
    }
    if (points->count < POINTS_MIN)
        return false;
    double first = points->at[0], last = points->at[points->count - 1];
    points->half_span = (last - first) / 2;
    for (size_t i = 0; i < points->count; i++) {
        points->at[i] = (points->at[i] - (first + last) / 2) / points->half_span;
        points->value[i] -= mean / (double)points->count;
    }
    return points->half_span > 0;
}

/* The normal equations of a fit; the last column is the right side. Only the upper triangle is set. */
struct equations {
    size_t terms;
    double sum[TERMS_MAX][TERMS_MAX + 1];
};

/* Adds a point to the equations. The harmonics follow from the first by the sums of angles. */
static void add_point(struct equations *equations, double at, double value, double angle)
{
    double term[TERMS_MAX + 1] = {1, at}, cosine = cos(angle), sine = sin(angle);
    for (size_t i = 2; i + 1 < equations->terms; i += 2) {
        term[i] = i == 2 ? cosine : term[i - 2] * cosine - term[i - 1] * sine;
        term[i + 1] = i == 2 ? sine : term[i - 1] * cosine + term[i - 2] * sine;
    }
    term[equations->terms] = value;
    for (size_t row = 0; row < equations->terms; row++)
        for (size_t column = row; column <= equations->terms; column++)
            equations->sum[row][column] += term[row] * term[column];
}

/* Solves the equations by the elimination of C. F. Gauss for symmetric matrices. Returns how much of the squares the
 * terms explain, and sets the second one. Returns -INFINITY if there is no solution. */
static double solve(struct equations *equations, double *second)
{
    double solution[TERMS_MAX] = {0}, explained = 0;
    const size_t terms = equations->terms;
    for (size_t i = 0; i < terms; i++) {
        const double *pivot = equations->sum[i];
        if (!(pivot[i] > PIVOT_MIN))
            return -INFINITY;
        for (size_t row = i + 1; row < terms; row++)
            for (size_t column = row; column <= terms; column++)
                equations->sum[row][column] -= pivot[row] / pivot[i] * pivot[column];
        explained += pivot[terms] * pivot[terms] / pivot[i];
    }
    for (size_t i = terms; i-- > 1;) {
        const double *row = equations->sum[i];
        double sum = row[terms];
        for (size_t column = i + 1; column < terms; column++)
            sum -= row[column] * solution[column];
        solution[i] = sum / row[i];
    }
    *second = solution[1];
    return explained;
}

/* Fits a line and `cycles` waves over the whole time, or only a line if it is 0. Returns the explained squares. */
static double fit(const struct wave_points *points, double cycles, double *slope)
{
    struct equations equations = {.terms = 2};
    double per_cycle = (double)points->count / cycles; /* infinite if there are no waves */
    for (size_t harmonic = 1; harmonic <= HARMONICS_MAX && cycles > 0; harmonic++)
        if (harmonic == 1 || per_cycle >= POINTS_PER * (double)harmonic)
            equations.terms += 2;
    for (size_t i = 0; i < points->count; i++)
        add_point(&equations, points->at[i], points->value[i], M_PI * cycles * points->at[i]);
    return solve(&equations, slope);
}

/* The best of several fits. */
struct best {
    double explained, cycles, slope;
};

/* Tries `count` fits, the first with `cycles` waves. */
static void try_fits(struct best *best, const struct wave_points *points, double cycles, double step, size_t count)
{
    for (size_t i = 0; i < count; i++, cycles += step) {
        double slope = NAN, explained = fit(points, cycles, &slope);
        if (explained > best->explained)
            *best = (struct best){explained, cycles, slope};
    }
}

/* Returns the median change of values within a sixth of a period as a share of the mean change. It is near 0 if values
 * change in steps, and above a third in waves and teeth. */
static double smoothness_of(const struct wave_points *points, double cycles)
{
    double change[PERIODIC_MAX], sum = 0;
    size_t lag = (size_t)((double)points->count / (LAGS_PER_CYCLE * cycles)), count = 0;
    lag = lag > 0 ? lag : 1;
    for (size_t i = lag; i < points->count; i++) {
        change[count] = fabs(points->value[i] - points->value[i - lag]);
        sum += change[count++];
    }
    return sum > 0 ? median_of(change, count) * (double)count / sum : 0;
}

/* Returns the longest time between neighbours in periods. */
static double longest_of(const struct wave_points *points, double cycles)
{
    double longest = 0;
    for (size_t i = 1; i < points->count; i++)
        longest = fmax(longest, points->at[i] - points->at[i - 1]);
    return longest / 2 * cycles;
}

bool periodic_fit(const double *at, const double *value, size_t count, double least_cycles, struct periodic *periodic)
{
    struct wave_points points;
    struct best best = {-INFINITY, 0, NAN};
    double square = 0, of_line_alone = NAN;
    if (!read_points(&points, at, value, count))
        return false;
    double most = fmin(CYCLES_MAX, (double)points.count / POINTS_PER_CYCLE);
    if (most < least_cycles)
        return false;
    for (size_t i = 0; i < points.count; i++)
        square += points.value[i] * points.value[i];
    double of_line = fit(&points, 0, &of_line_alone);
    try_fits(&best, &points, least_cycles, CYCLES_STEP, (size_t)((most - least_cycles) / CYCLES_STEP) + 1);
    size_t refined = (size_t)(CYCLES_STEP / REFINED_STEP + 0.5);
    try_fits(&best, &points, best.cycles - CYCLES_STEP, REFINED_STEP, 2 * refined);
    periodic->slope = best.slope / points.half_span;
    periodic->rise = 2 * best.slope;
    periodic->explained = (best.explained - of_line) / (square - of_line);
    periodic->error = sqrt(fmax(square - best.explained, 0) / (double)points.count);
    periodic->smoothness = smoothness_of(&points, best.cycles);
    periodic->longest_gap = longest_of(&points, best.cycles);
    return isfinite(best.slope);
}
