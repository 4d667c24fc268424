/* SPDX-License-Identifier: MIT */
/* resample: the resampling of nodes to common columns of time. Independent of plots. */
#include "model/resample.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

#define BINS         1024 /* of the histogram from which percentiles are read */
#define THREADS_MAX  4    /* each has a histogram for each column, 4 MB in all */
#define THREADS_FROM 256  /* nodes; one thread fills fewer nodes as fast */

/* The columns that are filled, and the scale from time to column. */
struct columns {
    size_t count;
    double width; /* the count as a number */
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
    double count = columns->width;
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
    return start >= 0 && end < columns->width && (size_t)start == (size_t)end;
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

#define NO_COLUMN SIZE_MAX

/* A line that is drawn from left to right, at a point. It keeps the extremes of the column in which it is. */
struct pen {
    const struct columns *columns;
    size_t column; /* NO_COLUMN if it has none */
    double low, high;
    double at, value; /* `at` is counted in columns */
};

static inline void reach(struct pen *pen, double value)
{
    pen->low = value < pen->low ? value : pen->low;
    pen->high = value > pen->high ? value : pen->high;
}

/* Stores the extremes of the pen's column. */
static inline void lift(struct pen *pen)
{
    if (pen->column != NO_COLUMN)
        widen(pen->columns, pen->column, pen->low, pen->high);
    pen->column = NO_COLUMN;
}

/* The value of a straight line at the right edge of a column. */
static inline double value_at_edge(const struct pen *pen, double slope, size_t column)
{
    return pen->value + slope * ((double)(long)(column + 1) - pen->at);
}

/* Does what `pass` does for a line from the pen to the later column `last`, which is the next one in most cases. */
static inline void draw_to(struct pen *pen, double at, double value, size_t last)
{
    double slope = (value - pen->value) / (at - pen->at), edge = value_at_edge(pen, slope, pen->column);
    double leave = pen->value + slope * (at - pen->at);
    reach(pen, edge);
    widen(pen->columns, pen->column, pen->low, pen->high);
    while (++pen->column < last) {
        double next = value_at_edge(pen, slope, pen->column);
        widen(pen->columns, pen->column, edge < next ? edge : next, edge < next ? next : edge);
        edge = next;
    }
    pen->low = edge < leave ? edge : leave;
    pen->high = edge < leave ? leave : edge;
}

/* Moves the pen to a point in an existing column. Draws a line if it `joins` the points. Inlined at each call, so that
 * the pen stays in registers. */
__attribute__((always_inline)) static inline void move_to(struct pen *pen, double at, double value, bool joins)
{
    size_t column = (size_t)(long)at;
    if (joins && pen->column < column) {
        draw_to(pen, at, value, column);
    } else if (pen->column != column) {
        lift(pen);
        /* Within a column the two samples are all there is. */
        if (joins && !is_within_one(pen->columns, pen->at, at))
            pass(pen->columns, pen->at, at, pen->value, value);
        pen->column = column;
        pen->low = pen->high = value;
    }
    reach(pen, value);
    pen->at = at;
    pen->value = value;
}

/* Draws an extreme of a bucket. */
static inline void draw_extreme(struct pen *pen, double time_s, double value)
{
    size_t column = (size_t)(long)column_at(pen->columns, time_s);
    if (column == pen->column)
        reach(pen, value);
    else
        widen(pen->columns, column, value, value);
}

/* Draws a bucket, and the line from the pen to it if it `joins` the one before. This is where most of the time of many
 * nodes goes. */
static inline void draw_bucket(struct pen *pen, const struct series_bucket *bucket, bool joins, bool is_packed)
{
    const struct columns *columns = pen->columns;
    double start = column_at(columns, bucket->first_s);
    double end = column_at(columns, bucket->first_s + (double)bucket->last_offset_s);
    if (start >= 0 && end < columns->width) {
        move_to(pen, start, bucket->first, joins);
        move_to(pen, end, bucket->last, true);
        if (is_packed)
            return;
        draw_extreme(pen, bucket->first_s + (double)bucket->min_offset_s, bucket->min);
        draw_extreme(pen, bucket->first_s + (double)bucket->max_offset_s, bucket->max);
        return;
    }
    lift(pen);
    if (joins && !is_within_one(columns, pen->at, start))
        pass(columns, pen->at, start, pen->value, bucket->first);
    pass_bucket(columns, bucket, start, end);
    pen->at = end;
    pen->value = bucket->last;
}

/* Sums of the samples of each column, and their number. */
struct means {
    float *sum;
    uint32_t *weight;
};

/* Adds the samples of a bucket to the column of its middle. */
static inline void add_samples(const struct means *means, const struct columns *columns,
                               const struct series_bucket *bucket)
{
    const double half = 0.5;
    double at = column_at(columns, bucket->first_s + half * (double)bucket->last_offset_s);
    /* A bucket of one value lasts as long as the value: its columns contain no other. */
    if (at < 0 || at >= columns->width || bucket->min == bucket->max)
        return;
    means->weight[(size_t)(long)at] += bucket->count;
    means->sum[(size_t)(long)at] += bucket->mean * (float)bucket->count;
}

/* resample_series, with sums for means unless `means` is NULL. */
static void fill_columns(const struct series *series, const struct columns *columns, const struct means *means)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    const struct series_packed *packed = series->packed;
    struct pen pen = {.columns = columns, .column = NO_COLUMN};
    for (size_t i = 0; i < columns->count; i++)
        columns->min[i] = columns->max[i] = NAN;
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket bucket = packed != NULL ? series_unpack(&packed[i]) : *series_at(series, i, &space);
        draw_bucket(&pen, &bucket, i > 0 && !bucket.gap_before, packed != NULL);
        if (means != NULL)
            add_samples(means, columns, &bucket);
    }
    lift(&pen);
}

/* The columns from `from_s` to `to_s`. */
static struct columns make_columns(double from_s, double to_s, size_t count, float *min, float *max)
{
    return (struct columns){count, (double)count, from_s, (double)count / (to_s > from_s ? to_s - from_s : 1), min,
                            max};
}

void resample_series(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max)
{
    const struct columns scale = make_columns(from_s, to_s, columns, min, max);
    fill_columns(series, &scale, NULL);
}

/* resample_means with space for a weight per column. */
static void fill_means(const struct series *series, const struct columns *columns, float *mean, uint32_t *weight)
{
    const struct means means = {mean, weight};
    memset(mean, 0, columns->count * sizeof *mean);
    memset(weight, 0, columns->count * sizeof *weight);
    fill_columns(series, columns, &means);
    for (size_t i = 0; i < columns->count; i++)
        mean[i] = weight[i] > 0 ? mean[i] / (float)weight[i] : (columns->min[i] + columns->max[i]) / 2;
}

void resample_means(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max,
                    float *mean)
{
    uint32_t *weight = calloc(columns + 1, sizeof *weight);
    const struct columns scale = make_columns(from_s, to_s, columns, min, max);
    if (weight != NULL) {
        fill_means(series, &scale, mean, weight);
    } else { /* the midpoint of the extremes has to do */
        fill_columns(series, &scale, NULL);
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

/* A thread that fills some of the rows: the columns of a node, and what it knows about all of its nodes. */
struct worker {
    const struct filling *filling;
    size_t from_row, to_row;
    float *min, *max, *mean; /* of a node; `mean` is NULL without bands, as are those below */
    uint32_t *weight;
    uint32_t *bin; /* columns x BINS: a histogram per column, for percentiles */
    struct resample_band *band;
};

/* What all threads share. */
struct filling {
    struct resampled *heat;
    const struct trace *trace;
    const struct resample_rows *rows;
    double top; /* value at the upper end of the last bin */
    struct worker worker[THREADS_MAX];
};

/* Inline, unlike fmax(3). */
static inline double higher(double a, double b)
{
    return a > b ? a : b;
}

/* Raises a value, or sets it if there is none. */
static inline void raise_to(float *value, float other)
{
    if (!(*value >= other))
        *value = other;
}

static inline void lower_to(float *value, float other)
{
    if (!(*value <= other))
        *value = other;
}

/* Counts a node's values in the bands. */
static void count_node(const struct worker *worker)
{
    const double top = worker->filling->top;
    const size_t columns = worker->filling->heat->columns;
    for (size_t column = 0; column < columns; column++) {
        struct resample_band *band = &worker->band[column];
        if (isnan(worker->max[column]))
            continue;
        lower_to(&band->min, worker->min[column]);
        raise_to(&band->max, worker->max[column]);
        band->nodes++;
        double share = top > 0 ? higher((double)worker->mean[column], 0) / top : 0;
        size_t bin = (size_t)(long)(share * (BINS - 1) + 0.5);
        worker->bin[column * BINS + (bin < BINS ? bin : BINS - 1)]++;
    }
}

/* Adds what other threads counted to the first one. */
static void add_counts(struct filling *filling, size_t workers)
{
    const struct worker *sum = &filling->worker[0];
    const size_t columns = filling->heat->columns;
    for (size_t i = 1; i < workers; i++) {
        const struct worker *more = &filling->worker[i];
        for (size_t column = 0; column < columns; column++) {
            if (more->band[column].nodes == 0)
                continue;
            lower_to(&sum->band[column].min, more->band[column].min);
            raise_to(&sum->band[column].max, more->band[column].max);
            sum->band[column].nodes += more->band[column].nodes;
        }
        for (size_t bin = 0; bin < columns * BINS; bin++)
            sum->bin[bin] += more->bin[bin];
    }
}

/* Reads the quartiles and the median of a column, each the value that a share of its nodes do not exceed. */
static void read_percentiles(struct resample_band *band, const uint32_t *count, double top)
{
    static const double share[] = {0.25, 0.5, 0.75};
    float *const value[] = {&band->low, &band->median, &band->high};
    uint64_t passed = 0;
    for (size_t i = 0, bin = 0; i < 3; i++) {
        double wanted = share[i] * (double)(band->nodes - 1);
        while (bin < BINS - 1 && (double)(long)(passed + count[bin]) <= wanted)
            passed += count[bin++];
        double at = top * (double)bin / (BINS - 1);
        *value[i] = (float)fmin(fmax(at, (double)band->min), (double)band->max);
    }
}

/* Keeps the higher (or lower) value of each column. */
static void add_to_row(float *value, const float *more, size_t columns, bool is_low)
{
    for (size_t column = 0; column < columns; column++) {
        if (isnan(more[column]))
            continue;
        if (is_low)
            lower_to(&value[column], more[column]);
        else
            raise_to(&value[column], more[column]);
    }
}

/* The same, but only for columns that all nodes of the row have data in; `first` is true for the first of them. */
static void add_to_strict_row(float *value, const float *more, size_t columns, bool is_low, bool first)
{
    for (size_t column = 0; column < columns; column++) {
        bool replaces = is_low ? more[column] < value[column] : more[column] > value[column];
        if (first || replaces || isnan(more[column]))
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

/* Makes space for the result. Returns false if out of memory. */
static bool make_result(struct resampled *heat, bool with_bands)
{
    size_t count = heat->rows * heat->columns;
    heat->value = new_values(count);
    heat->mean = with_bands ? new_values(count) : NULL;
    heat->mean_low = with_bands ? new_values(count) : NULL;
    return heat->value != NULL && (!with_bands || (heat->mean != NULL && heat->mean_low != NULL));
}

/* Makes space for a thread. Returns false if out of memory. */
static bool make_worker(struct worker *worker, size_t columns, bool with_bands)
{
    worker->min = new_values(columns);
    worker->max = new_values(columns);
    if (worker->min == NULL || worker->max == NULL || !with_bands)
        return worker->min != NULL && worker->max != NULL;
    worker->mean = new_values(columns);
    worker->weight = calloc(columns + 1, sizeof *worker->weight);
    worker->bin = calloc(columns * BINS + 1, sizeof *worker->bin);
    worker->band = calloc(columns + 1, sizeof *worker->band);
    for (size_t i = 0; worker->band != NULL && i < columns; i++)
        worker->band[i].min = worker->band[i].max = NAN;
    return worker->mean != NULL && worker->weight != NULL && worker->bin != NULL && worker->band != NULL;
}

static void free_worker(struct worker *worker)
{
    free(worker->min);
    free(worker->max);
    free(worker->mean);
    free(worker->weight);
    free(worker->bin);
    free(worker->band);
}

/* Adds a node to its row. */
static void add_node(const struct worker *worker, const struct node *node, size_t row, bool is_strict, bool is_first)
{
    const struct resampled *heat = worker->filling->heat;
    const size_t columns = heat->columns, at = row * columns;
    const struct columns scale =
        make_columns(heat->from_s - node->offset_s, heat->to_s - node->offset_s, columns, worker->min, worker->max);
    const struct {
        float *value;
        const float *more;
        bool is_low;
    } rows[] = {{heat->value, heat->is_low ? worker->min : worker->max, heat->is_low},
                {heat->mean, worker->mean, false},
                {heat->mean_low, worker->mean, true}};
    if (worker->band != NULL) {
        fill_means(&node->line[TRACE_MAIN], &scale, worker->mean, worker->weight);
        count_node(worker);
    } else {
        fill_columns(&node->line[TRACE_MAIN], &scale, NULL);
    }
    for (size_t i = 0; i < (worker->band != NULL ? 3 : 1); i++) {
        if (is_strict)
            add_to_strict_row(rows[i].value + at, rows[i].more, columns, rows[i].is_low, is_first);
        else
            add_to_row(rows[i].value + at, rows[i].more, columns, rows[i].is_low);
    }
}

/* Fills the rows of a thread. */
static void fill_rows(void *user, size_t item)
{
    const struct filling *filling = user;
    const struct worker *worker = &filling->worker[item];
    const struct resampled *heat = filling->heat;
    const struct resample_rows *rows = filling->rows;
    for (size_t row = worker->from_row; row < worker->to_row; row++) {
        const size_t first = resample_row_first(heat, row);
        const size_t end = row + 1 < heat->rows ? resample_row_first(heat, row + 1) : rows->count;
        for (size_t i = first; i < end; i++)
            add_node(worker, &filling->trace->node[rows->order[i]], row, i + heat->apart >= rows->count, i == first);
    }
}

/* Fills all rows on several threads, each of which has its own rows, so that the result does not depend on their
 * number. Returns false if out of memory. */
static bool fill_all(struct filling *filling, size_t workers, bool with_bands)
{
    static const size_t item[THREADS_MAX] = {0, 1, 2, 3};
    struct resampled *heat = filling->heat;
    bool ok = make_result(heat, with_bands);
    for (size_t i = 0; i < workers; i++) {
        struct worker *worker = &filling->worker[i];
        *worker = (struct worker){
            .filling = filling, .from_row = i * heat->rows / workers, .to_row = (i + 1) * heat->rows / workers};
        ok = make_worker(worker, heat->columns, with_bands) && ok;
    }
    if (ok)
        pool_run(item, workers, (unsigned int)workers, fill_rows, filling, NULL);
    struct worker *first = &filling->worker[0];
    if (ok && with_bands) {
        add_counts(filling, workers);
        for (size_t i = 0; i < heat->columns; i++) {
            if (first->band[i].nodes > 0)
                read_percentiles(&first->band[i], &first->bin[i * BINS], filling->top);
            else
                first->band[i] = (struct resample_band){0};
        }
        heat->band = first->band;
        first->band = NULL;
    }
    for (size_t i = 0; i < workers; i++)
        free_worker(&filling->worker[i]);
    return ok;
}

bool resample_fill(struct resampled *heat, const struct trace *trace, const struct resample_rows *rows,
                   const struct resample_frame *frame, bool with_bands)
{
    struct filling filling = {.heat = heat, .trace = trace, .rows = rows, .top = trace_max(trace, TRACE_MAIN)};
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
    size_t workers = rows->count >= THREADS_FROM ? pool_processors() : 1;
    return fill_all(&filling, workers < THREADS_MAX ? workers : THREADS_MAX, with_bands);
}

void resample_free(struct resampled *heat)
{
    free(heat->value);
    free(heat->mean);
    free(heat->mean_low);
    free(heat->band);
    memset(heat, 0, sizeof *heat);
}
