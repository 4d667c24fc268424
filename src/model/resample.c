/* SPDX-License-Identifier: MIT */
/* resample: owns the resampling of nodes to common columns of time. Knows no picture. */
#include "model/resample.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BINS 1024 /* of the histogram from which percentiles are read */

/* The columns that are filled, and the scale from time to column. */
struct columns {
    size_t count;
    double from_s, per_s;
    float *min, *max;
};

/* The column of a time, not limited to those that exist. */
static double column_at(const struct columns *columns, double time_s)
{
    return (time_s - columns->from_s) * columns->per_s;
}

static void widen(const struct columns *columns, size_t column, double low, double high)
{
    if (!(columns->min[column] <= (float)low))
        columns->min[column] = (float)low;
    if (!(columns->max[column] >= (float)high))
        columns->max[column] = (float)high;
}

/* Fills the columns that a straight line from (start, a) to (end, b) passes, `start` and `end` counted in columns. This
 * is where most of the time goes: floor(3) and its like are calls on older processors, casts are not. */
static void pass(const struct columns *columns, double start, double end, double a, double b)
{
    double count = (double)columns->count;
    if (end < 0 || start > count)
        return;
    /* The sample at the very end belongs into the last column, not behind it. */
    size_t last_column = columns->count - 1;
    size_t first = start <= 0 ? 0 : start >= count ? last_column : (size_t)start;
    size_t last = end >= count ? last_column : (size_t)end;
    if (first == last && start >= 0 && end <= count) {
        widen(columns, first, a < b ? a : b, a < b ? b : a);
        return;
    }
    double slope = end > start ? (b - a) / (end - start) : 0;
    for (size_t column = first; column <= last; column++) {
        double enter = a + slope * (fmax((double)column, start) - start);
        double leave = a + slope * (fmin((double)column + 1, end) - start);
        widen(columns, column, fmin(enter, leave), fmax(enter, leave));
    }
}

/* What a bucket's samples cover: its extremes in their columns, a line from its first to its last sample between. */
static void pass_bucket(const struct columns *columns, const struct series_bucket *bucket)
{
    double start = column_at(columns, bucket->first_s);
    double end = column_at(columns, bucket->first_s + (double)bucket->last_offset_s);
    pass(columns, start, end, bucket->first, bucket->last);
    if (bucket->count == 1)
        return;
    double lowest = column_at(columns, bucket->first_s + (double)bucket->min_offset_s);
    double highest = column_at(columns, bucket->first_s + (double)bucket->max_offset_s);
    pass(columns, lowest, lowest, bucket->min, bucket->min);
    pass(columns, highest, highest, bucket->max, bucket->max);
}

void resample_series(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max)
{
    struct series_bucket flat;
    size_t count;
    const struct series_bucket *bucket = series_buckets(series, &count, &flat);
    double span_s = to_s > from_s ? to_s - from_s : 1;
    const struct columns scale = {columns, from_s, (double)columns / span_s, min, max};
    for (size_t i = 0; i < columns; i++)
        min[i] = max[i] = NAN;
    for (size_t i = 0; i < count; i++) {
        pass_bucket(&scale, &bucket[i]);
        if (i + 1 < count && !bucket[i + 1].gap_before)
            pass(&scale, column_at(&scale, bucket[i].first_s + (double)bucket[i].last_offset_s),
                 column_at(&scale, bucket[i + 1].first_s), bucket[i].last, bucket[i + 1].first);
    }
}

size_t resample_row_first(const struct resampled *heat, size_t row)
{
    return (size_t)((uint64_t)row * heat->nodes / heat->rows);
}

/* Where percentiles are counted while the nodes pass: a histogram a column. */
struct spread {
    uint32_t *bin; /* columns x BINS */
    double top;    /* value at the upper end of the last bin */
};

static void count_node(struct resampled *heat, struct spread *spread, const float *min, const float *max)
{
    for (size_t column = 0; column < heat->columns; column++) {
        struct resample_band *band = &heat->band[column];
        if (isnan(max[column]))
            continue;
        band->min = band->nodes == 0 ? min[column] : fminf(band->min, min[column]);
        band->max = band->nodes == 0 ? max[column] : fmaxf(band->max, max[column]);
        band->nodes++;
        double share = spread->top > 0 ? fmax((double)max[column], 0) / spread->top : 0;
        size_t bin = (size_t)(share * (BINS - 1) + 0.5);
        spread->bin[column * BINS + (bin < BINS ? bin : BINS - 1)]++;
    }
}

/* The value that `share` of the nodes of a column do not exceed. */
static float percentile(const struct spread *spread, const struct resample_band *band, size_t column, double share)
{
    double wanted = share * (double)(band->nodes - 1), passed = 0;
    size_t bin = 0;
    for (; bin < BINS - 1; bin++) {
        passed += spread->bin[column * BINS + bin];
        if (passed > wanted)
            break;
    }
    double value = spread->top * (double)bin / (BINS - 1);
    return (float)fmin(fmax(value, (double)band->min), (double)band->max);
}

static void read_percentiles(struct resampled *heat, const struct spread *spread)
{
    for (size_t column = 0; column < heat->columns; column++) {
        struct resample_band *band = &heat->band[column];
        if (band->nodes == 0)
            continue;
        band->low = percentile(spread, band, column, 0.05);
        band->median = percentile(spread, band, column, 0.5);
        band->high = percentile(spread, band, column, 0.95);
    }
}

static void add_to_row(struct resampled *heat, size_t row, const float *max)
{
    float *value = &heat->value[row * heat->columns];
    for (size_t column = 0; column < heat->columns; column++)
        if (!(value[column] >= max[column]) && !isnan(max[column]))
            value[column] = max[column];
}

/* `count` values without data; NULL when memory is short. */
static float *new_values(size_t count)
{
    float *value = malloc((count + 1) * sizeof *value);
    for (size_t i = 0; value != NULL && i <= count; i++)
        value[i] = NAN;
    return value;
}

bool resample_fill(struct resampled *heat, const struct trace *trace, const size_t *order, size_t rows_max,
                   const struct resample_frame *frame, bool with_bands)
{
    size_t columns = frame->columns;
    memset(heat, 0, sizeof *heat);
    heat->nodes = trace->count;
    heat->rows = trace->count < rows_max ? trace->count : rows_max > 0 ? rows_max : 1;
    heat->columns = columns;
    heat->from_s = frame->from_s;
    heat->to_s = frame->to_s;
    struct spread spread = {NULL, trace_max(trace, TRACE_MAIN)};
    bool ok = false;
    float *min = new_values(columns), *max = new_values(columns);
    heat->value = new_values(heat->rows * columns);
    if (with_bands) {
        heat->band = calloc(columns + 1, sizeof *heat->band);
        spread.bin = calloc(columns * BINS + 1, sizeof *spread.bin);
    }
    if (min == NULL || max == NULL || heat->value == NULL || (with_bands && (heat->band == NULL || spread.bin == NULL)))
        goto out;
    for (size_t i = 0, row = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[order[i]];
        while (row + 1 < heat->rows && resample_row_first(heat, row + 1) <= i)
            row++;
        resample_series(&node->line[TRACE_MAIN], heat->from_s - node->offset_s, heat->to_s - node->offset_s, columns,
                        min, max);
        add_to_row(heat, row, max);
        if (with_bands)
            count_node(heat, &spread, min, max);
    }
    if (with_bands)
        read_percentiles(heat, &spread);
    ok = true;
out:
    free(min);
    free(max);
    free(spread.bin);
    return ok;
}

void resample_free(struct resampled *heat)
{
    free(heat->value);
    free(heat->band);
    memset(heat, 0, sizeof *heat);
}
