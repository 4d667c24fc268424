/* SPDX-License-Identifier: MIT */
/* straight: fits a line robustly and judges the residuals. Independent of time and units. */
#include "straight.h"

#include <math.h>

#include "base/median.h"

#define STARTS      7 /* candidate starts of the line, up to half of the values from the first */
#define POINTS_MIN  15
#define KNOWN_MIN   0.6  /* of the values */
#define SIGMA_LEAST 0.01 /* of the rise; a line is never expected to be more exact */
#define INLIER      3.0  /* standard deviations */
#define BELOW       5.0  /* standard deviations; a value this far below is not noise */
#define BELOW_MAX   0.02 /* of the values */
#define ABOVE_MAX   0.4  /* of the values that may be spikes */
#define RISE_SIGMAS 8.0
#define RISE_OUTLIERS                                                                                                  \
    40.0 /* added times the share of outliers, because the residuals are small after choosing inliers */
#define BLOCKS       6
#define BLOCK_ERROR  3.5   /* standard errors */
#define SERIAL_MAX   0.15  /* correlation of neighbours */
#define SERIAL_ERROR 1.8   /* standard errors added to that */
#define NOISE_MAX    2.0   /* times the noise; residuals are larger if values rise in steps */
#define NOISE_EXACT  0.035 /* of the rise; smaller residuals mean a line in any case */

/* The known values from one of them on, and the line through them. */
struct points {
    size_t count;
    double at[STRAIGHT_MAX], value[STRAIGHT_MAX];
    double slope, level, sigma;
    size_t inliers;
};

static void read_points(struct points *points, const double *value, size_t from, size_t end)
{
    points->count = 0;
    for (size_t i = from; i < end; i++) {
        if (!isfinite(value[i]))
            continue;
        points->at[points->count] = (double)(i - from);
        points->value[points->count++] = value[i];
    }
}

static double rest_of(const struct points *points, size_t i)
{
    return points->value[i] - points->level - points->slope * points->at[i];
}

/* Fits a first line that outliers hardly affect. Sigma is estimated from values below the line, where there are no
 * spikes. */
static void fit_median(struct points *points)
{
    double number[STRAIGHT_MAX];
    size_t half = points->count / 2, below = 0;
    for (size_t i = 0; i + half < points->count; i++)
        number[i] = (points->value[i + half] - points->value[i]) / (points->at[i + half] - points->at[i]);
    points->slope = median_of(number, points->count - half);
    points->level = 0;
    for (size_t i = 0; i < points->count; i++)
        number[i] = rest_of(points, i);
    points->level = median_of(number, points->count);
    for (size_t i = 0; i < points->count; i++)
        if (rest_of(points, i) <= 0)
            number[below++] = -rest_of(points, i);
    points->sigma = median_of(number, below) / 0.6745;
}

/* Fits a line to the inliers by least squares. Returns false if most values are outliers. */
static bool fit_inliers(struct points *points)
{
    double least = SIGMA_LEAST * fabs(points->slope) * points->at[points->count - 1],
           bound = INLIER * fmax(points->sigma, least);
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, rest = 0;
    for (size_t i = 0; i < points->count; i++) {
        double r = rest_of(points, i), at = points->at[i];
        if (fabs(r) > bound)
            continue;
        n++;
        x += at;
        y += r;
        xx += at * at;
        xy += at * r;
        rest += r * r;
    }
    double spread = n * xx - x * x;
    if (n < 3 || !(spread > 0))
        return false;
    double slope = (n * xy - x * y) / spread, level = (y - slope * x) / n;
    points->slope += slope;
    points->level += level;
    points->sigma = fmax(sqrt(fmax(rest - slope * xy - level * y, 0) / (n - 2)), least);
    points->inliers = (size_t)n;
    return true;
}

/* Returns true if only noise and spikes are left. */
static bool is_rest_noise(const struct points *points)
{
    double sum[BLOCKS] = {0}, count[BLOCKS] = {0}, last = NAN, serial = 0, square = 0;
    double length = points->at[points->count - 1] + 1, kept = (double)points->count;
    size_t below = 0, above = 0;
    for (size_t i = 0; i < points->count; i++) {
        double rest = rest_of(points, i);
        below += rest < -BELOW * points->sigma ? 1 : 0;
        above += rest > INLIER * points->sigma ? 1 : 0;
        if (fabs(rest) > INLIER * points->sigma) {
            last = NAN;
            continue;
        }
        size_t block = (size_t)(points->at[i] / length * BLOCKS);
        sum[block] += rest;
        count[block]++;
        square += rest * rest;
        serial += isnan(last) ? 0 : rest * last;
        last = rest;
    }
    if ((double)below > BELOW_MAX * kept || (double)above > ABOVE_MAX * kept || count[0] == 0 || count[BLOCKS - 1] == 0)
        return false;
    for (size_t block = 0; block < BLOCKS; block++)
        if (fabs(sum[block]) > BLOCK_ERROR * points->sigma * sqrt(count[block]))
            return false;
    double exact = NOISE_EXACT * points->slope * length; /* smaller residuals may be correlated */
    return serial <= (SERIAL_MAX + SERIAL_ERROR / sqrt(kept)) * fmax(square, 2 * exact * exact * kept);
}

bool straight_find(const double *value, size_t count, size_t least_length, double least_rise, double noise,
                   struct straight *straight)
{
    struct points points;
    for (size_t start = 0; start < STARTS; start++) {
        size_t from = start * count / (2 * (STARTS - 1)), length = count - from;
        if (length < least_length)
            break;
        read_points(&points, value, from, count);
        if (points.count < POINTS_MIN || (double)points.count < KNOWN_MIN * (double)length)
            continue;
        fit_median(&points);
        double rise = points.slope * (double)length;
        if (!(rise >= least_rise / 2) || !fit_inliers(&points) || !fit_inliers(&points))
            continue;
        rise = points.slope * (double)length;
        double outliers = 1 - (double)points.inliers / (double)points.count;
        if (!(rise >= fmax(least_rise, (RISE_SIGMAS + RISE_OUTLIERS * outliers) * points.sigma)) ||
            points.sigma > fmax(NOISE_MAX * noise, NOISE_EXACT * rise) || !is_rest_noise(&points))
            continue;
        *straight = (struct straight){.from = from, .slope = points.slope};
        return true;
    }
    return false;
}
