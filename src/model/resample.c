/* SPDX-License-Identifier: MIT */
/* resample: the resampling of nodes to common columns of time. Independent of plots. */
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

/* The column of a time, not clamped to existing columns. */
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
 * is where most of the time goes: on older processors floor(3) and the like are function calls, casts are not. */
static void pass(const struct columns *columns, double start, double end, double a, double b)
{
    double count = (double)columns->count;
    if (end < 0 || start > count)
        return;
    /* The sample at the very end belongs to the last column, not after it. */
    size_t last_column = columns->count - 1;
    size_t first = start <= 0 ? 0 : start >= count ? last_column : (size_t)start;
    size_t last = end >= count ? last_column : (size_t)end;
    if (first == last && start >= 0 && end <= count) {
        widen(columns, first, a < b ? a : b, a < b ? b : a);
        return;
    }
    double slope = end > start ? (b - a) / (end - start) : 0;
    for (size_t column = first; column <= last; column++) {
        double left = (double)column, right = left + 1;
        double enter = a + slope * ((left > start ? left : start) - start);
        double leave = a + slope * ((right < end ? right : end) - start);
        widen(columns, column, enter < leave ? enter : leave, enter < leave ? leave : enter);
    }
}

/* Returns true if a stretch is within a single column; it is then the column in which the stretch begins. */
static bool is_within_one(const struct columns *columns, double start, double end)
{
    return start >= 0 && end < (double)columns->count && (size_t)start == (size_t)end;
}

/* Covers the columns of a bucket whose samples are between the columns `start` and `end`: its extremes in their
 * columns, and a line from its first to its last sample. */
static void pass_bucket(const struct columns *columns, const struct series_bucket *bucket, double start, double end)
{
    if (is_within_one(columns, start, end)) {
        widen(columns, (size_t)start, bucket->min, bucket->max);
        return;
    }
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
    struct series_bucket space;
    const size_t count = series_buckets(series);
    double span_s = to_s > from_s ? to_s - from_s : 1;
    const struct columns scale = {columns, from_s, (double)columns / span_s, min, max};
    for (size_t i = 0; i < columns; i++)
        min[i] = max[i] = NAN;
    double end = 0, last = 0; /* of the bucket before */
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double start = column_at(&scale, bucket->first_s);
        /* Within a column the two samples are all there is. */
        if (i > 0 && !bucket->gap_before && !is_within_one(&scale, end, start))
            pass(&scale, end, start, last, bucket->first);
        end = column_at(&scale, bucket->first_s + (double)bucket->last_offset_s);
        last = bucket->last;
        pass_bucket(&scale, bucket, start, end);
    }
}

/* Adds up the samples of each bucket in the column of its middle; `mean` and `count` are sums then. */
static void sum_buckets(const struct columns *columns, const struct series *series, float *mean, uint32_t *weight)
{
    const double half = 0.5;
    const size_t count = series_buckets(series);
    struct series_bucket space;
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double at = column_at(columns, bucket->first_s + half * (double)bucket->last_offset_s);
        /* A bucket of one value lasts as long as the value: its columns contain no other. */
        if (at < 0 || at >= (double)columns->count || bucket->min == bucket->max)
            continue;
        weight[(size_t)at] += bucket->count;
        mean[(size_t)at] += bucket->mean * (float)bucket->count;
    }
}

/* resample_means with space for a weight per column. */
static void fill_means(const struct series *series, double from_s, double to_s, const struct columns *columns,
                       float *mean, uint32_t *weight)
{
    resample_series(series, from_s, to_s, columns->count, columns->min, columns->max);
    memset(mean, 0, columns->count * sizeof *mean);
    memset(weight, 0, columns->count * sizeof *weight);
    sum_buckets(columns, series, mean, weight);
    for (size_t i = 0; i < columns->count; i++)
        mean[i] = weight[i] > 0 ? mean[i] / (float)weight[i] : (columns->min[i] + columns->max[i]) / 2;
}

void resample_means(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max,
                    float *mean)
{
    double span_s = to_s > from_s ? to_s - from_s : 1;
    uint32_t *weight = calloc(columns + 1, sizeof *weight);
    const struct columns scale = {columns, from_s, (double)columns / span_s, min, max};
    if (weight != NULL) {
        fill_means(series, from_s, to_s, &scale, mean, weight);
    } else { /* the midpoint of the extremes has to do */
        resample_series(series, from_s, to_s, columns, min, max);
        for (size_t i = 0; i < columns; i++)
            mean[i] = (min[i] + max[i]) / 2;
    }
    free(weight);
}

/* Number of separate rows for the nodes set apart: in proportion, at least one, and not all. */
static size_t rows_apart(const struct resampled *heat)
{
    if (heat->apart == 0 || heat->rows == heat->nodes)
        return heat->apart;
    uint64_t share = ((uint64_t)heat->apart * heat->rows + heat->nodes - 1) / heat->nodes;
    size_t most = heat->apart == heat->nodes ? heat->rows : heat->rows - 1;
    return share < most ? (size_t)share : most;
}

size_t resample_row_first(const struct resampled *heat, size_t row)
{
    size_t apart = rows_apart(heat), rows = heat->rows - apart,
           nodes = apart > 0 ? heat->nodes - heat->apart : heat->nodes;
    if (row < rows || apart == 0)
        /* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a row exists */
        return (size_t)((uint64_t)row * nodes / rows);
    return nodes + (size_t)((uint64_t)(row - rows) * heat->apart / apart);
}

/* Counts the values of all nodes for percentiles: one histogram per column. */
struct spread {
    uint32_t *bin; /* columns x BINS */
    double top;    /* value at the upper end of the last bin */
};

/* Resamples a node's line to the columns. */
struct pass {
    float *min, *max, *mean;
    uint32_t *weight;
    struct spread spread;
};

/* Inline, unlike fmax(3). */
static double higher(double a, double b)
{
    return a > b ? a : b;
}

static void count_node(struct resampled *heat, const struct pass *line)
{
    const struct spread *spread = &line->spread;
    for (size_t column = 0; column < heat->columns; column++) {
        struct resample_band *band = &heat->band[column];
        if (isnan(line->max[column]))
            continue;
        band->min = band->nodes == 0 ? line->min[column] : fminf(band->min, line->min[column]);
        band->max = band->nodes == 0 ? line->max[column] : fmaxf(band->max, line->max[column]);
        band->nodes++;
        double share = spread->top > 0 ? higher((double)line->mean[column], 0) / spread->top : 0;
        size_t bin = (size_t)(share * (BINS - 1) + 0.5);
        spread->bin[column * BINS + (bin < BINS ? bin : BINS - 1)]++;
    }
}

/* The value that `share` of a column's nodes do not exceed. */
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
        band->low = percentile(spread, band, column, 0.25);
        band->median = percentile(spread, band, column, 0.5);
        band->high = percentile(spread, band, column, 0.75);
    }
}

/* Keeps the higher (or lower) value of each column; where `strict`, only of columns that all nodes have data in. */
static void add_to_row(float *value, const float *more, size_t columns, bool lower, bool strict, bool first)
{
    for (size_t column = 0; column < columns; column++) {
        bool replaces = lower ? !(value[column] <= more[column]) : !(value[column] >= more[column]);
        if (first || (strict ? isnan(more[column]) : false))
            value[column] = more[column];
        else if (strict && isnan(value[column]))
            continue;
        else if (replaces && !isnan(more[column]))
            value[column] = more[column];
    }
}

/* `count` values without data; NULL if out of memory. */
static float *new_values(size_t count)
{
    float *value = malloc((count + 1) * sizeof *value);
    for (size_t i = 0; value != NULL && i <= count; i++)
        value[i] = NAN;
    return value;
}

/* Makes space for everything. Returns false if out of memory. */
static bool make_capacity(struct resampled *heat, struct pass *line, bool with_bands)
{
    size_t columns = heat->columns;
    line->min = new_values(columns);
    line->max = new_values(columns);
    heat->value = new_values(heat->rows * columns);
    if (line->min == NULL || line->max == NULL || heat->value == NULL || !with_bands)
        return line->min != NULL && line->max != NULL && heat->value != NULL;
    line->mean = new_values(columns);
    line->weight = calloc(columns + 1, sizeof *line->weight);
    line->spread.bin = calloc(columns * BINS + 1, sizeof *line->spread.bin);
    heat->mean = new_values(heat->rows * columns);
    heat->mean_low = new_values(heat->rows * columns);
    heat->band = calloc(columns + 1, sizeof *heat->band);
    return line->mean != NULL && line->weight != NULL && line->spread.bin != NULL && heat->mean != NULL &&
           heat->mean_low != NULL && heat->band != NULL;
}

/* Adds a node to its row. */
static void add_node(struct resampled *heat, const struct node *node, struct pass *line, size_t row, bool strict,
                     bool first)
{
    const struct series *series = &node->line[TRACE_MAIN];
    double from_s = heat->from_s - node->offset_s, to_s = heat->to_s - node->offset_s;
    size_t columns = heat->columns, at = row * columns;
    const struct columns scale = {columns, from_s, (double)columns / (to_s > from_s ? to_s - from_s : 1), line->min,
                                  line->max};
    if (heat->band == NULL) {
        resample_series(series, from_s, to_s, columns, line->min, line->max);
    } else {
        fill_means(series, from_s, to_s, &scale, line->mean, line->weight);
        add_to_row(heat->mean + at, line->mean, columns, false, strict, first);
        add_to_row(heat->mean_low + at, line->mean, columns, true, strict, first);
        count_node(heat, line);
    }
    add_to_row(heat->value + at, heat->is_low ? line->min : line->max, columns, heat->is_low, strict, first);
}

bool resample_fill(struct resampled *heat, const struct trace *trace, const struct resample_rows *rows,
                   const struct resample_frame *frame, bool with_bands)
{
    struct pass line = {.spread = {NULL, trace_max(trace, TRACE_MAIN)}};
    *heat = (struct resampled){
        .nodes = rows->count,
        .apart = rows->apart,
        .is_low = trace_low_is_news(trace),
        .columns = frame->columns,
        .from_s = frame->from_s,
        .to_s = frame->to_s,
        .rows = rows->count < rows->rows_max ? rows->count
                : rows->rows_max > 0         ? rows->rows_max
                                             : 1,
    };
    if (heat->rows == 1 && heat->nodes > 1)
        heat->apart = 0; /* all nodes share the single row */
    bool ok = make_capacity(heat, &line, with_bands);
    for (size_t i = 0, row = 0; ok && i < rows->count; i++) {
        while (row + 1 < heat->rows && resample_row_first(heat, row + 1) <= i)
            row++;
        bool strict = i + heat->apart >= rows->count;
        add_node(heat, &trace->node[rows->order[i]], &line, row, strict, resample_row_first(heat, row) == i);
    }
    if (ok && with_bands)
        read_percentiles(heat, &line.spread);
    free(line.min);
    free(line.max);
    free(line.mean);
    free(line.weight);
    free(line.spread.bin);
    return ok;
}

void resample_free(struct resampled *heat)
{
    free(heat->value);
    free(heat->mean);
    free(heat->mean_low);
    free(heat->band);
    memset(heat, 0, sizeof *heat);
}
