/* SPDX-License-Identifier: MIT */
/* payload: chooses which part of a trace a page contains, at which resolution, and its layout in bytes. Independent of
 * HTML. */
#include "payload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "bytes.h"
#include "model/resample.h"

#define COLUMNS_MAX  1200
#define COLUMNS_MIN  16
#define RUN_COLUMNS  600
#define BUCKETS_MIN  64
#define TRIES_MAX    6
#define TRIAL_NODES  50
#define SAVING       0.96 /* share of the resolution that would fit according to the last try */
#define COMPRESSION  6
#define VALUE_STEP   1.0                   /* a byte */
#define PERCENT_STEP (1.0 / 1024)          /* of derived percentages */
#define SHARE_STEP   9.313225746154785e-10 /* 2^-30: of values that are percentages themselves */
#define FINE_S       0.05                  /* samples closer than this need microseconds */

/* State while the payload is made. */
struct packing {
    const struct payload_request *request;
    struct payload *payload;
    struct bytes bytes;
    double *number;         /* for one column */
    size_t number_capacity; /* capacity of these */
    struct bytes_grid times, values;
    double from_s, to_s;  /* of the run and its baselines */
    size_t buckets;       /* per line */
    size_t count, stride; /* rows to pack: every stride-th; fewer in a trial */
};

static const struct node *row_node(const struct packing *packing, size_t row)
{
    return &packing->request->trace->node[packing->request->order[row * packing->stride]];
}

/* Returns a scratch array of at least `count` numbers, NULL if out of memory. */
static double *scratch(struct packing *packing, size_t count)
{
    if (packing->number_capacity < count) {
        double *grown = realloc(packing->number, count * sizeof *grown);
        if (grown == NULL) {
            packing->bytes.out_of_memory = true;
            return NULL;
        }
        packing->number = grown;
        packing->number_capacity = count;
    }
    return packing->number;
}

size_t payload_columns(const struct payload *payload, const struct payload_quantity *quantity)
{
    size_t columns = quantity->is_rest || quantity->line == TRACE_MAIN ? payload->columns : payload->columns / 2;
    return payload->columns == 0 || columns > COLUMNS_MIN ? columns : COLUMNS_MIN;
}

static void add_names(struct packing *packing)
{
    size_t count = packing->count, size = 0;
    for (size_t row = 0; row < count; row++)
        size += strlen(row_node(packing, row)->name) + 1;
    bytes_add_u32(&packing->bytes, (uint32_t)size);
    for (size_t row = 0; row < count; row++) {
        const char *name = row_node(packing, row)->name;
        unsigned char *to = bytes_add(&packing->bytes, strlen(name) + 1);
        if (to != NULL)
            memcpy(to, name, strlen(name) + 1);
    }
}

/* Returns the lowest value of a series between two of its times, INFINITY without samples. */
static double lowest_between(const struct series *series, double from_s, double to_s)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    double lowest = INFINITY;
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double min_s = bucket->first_s + (double)bucket->min_offset_s;
        double last_s = bucket->first_s + (double)bucket->last_offset_s;
        bool is_level = bucket->min == bucket->max;
        if (is_level ? bucket->first_s <= to_s && last_s >= from_s : min_s >= from_s && min_s <= to_s)
            lowest = fmin(lowest, bucket->min);
    }
    return lowest;
}

/* Returns how fast the minima rise, in values per second, on a node without a finding of growth: from the third quarter
 * of its time to the fourth. The last tenth of the run does not count, because many programs release everything at
 * their end. Returns 0 if there are too few samples. */
static double growth_per_s(const struct node *node)
{
    const struct series *series = &node->line[TRACE_MAIN];
    double first_s = series->stats.first_s, span_s = series->stats.last_s - first_s;
    double before = lowest_between(series, first_s + 0.5 * span_s, first_s + 0.72 * span_s);
    double after = lowest_between(series, first_s + 0.73 * span_s, first_s + 0.9 * span_s);
    return span_s > 0 && isfinite(before) && isfinite(after) ? (after - before) / (0.205 * span_s) : 0;
}

/* Returns the growth in a row of the table: the rate in the findings if they contain one. */
static double row_growth_per_s(const struct packing *packing, size_t row)
{
    const struct node *node = row_node(packing, row);
    double found_per_s = packing->request->growth_per_s[node - packing->request->trace->node];
    double sign = trace_low_is_news(packing->request->trace) ? -1 : 1;
    return isfinite(found_per_s) ? sign * found_per_s : growth_per_s(node);
}

/* Returns the index of a text in payload->word; adds it if it is new. Returns NAN for "". */
static double word_number(struct payload *payload, const char *text)
{
    const size_t most = sizeof payload->word / sizeof payload->word[0] - 1;
    size_t i = 0;
    if (*text == '\0')
        return NAN;
    while (i < most && payload->word[i] != NULL && strcmp(payload->word[i], text) != 0)
        i++;
    if (i == most)
        return NAN;
    payload->word[i] = text;
    return (double)i;
}

static struct bytes_grid grid_of(const struct packing *packing, const char *kind)
{
    if (strcmp(kind, "duration") == 0 || strcmp(kind, "clock") == 0 || strcmp(kind, "duration_change") == 0)
        return packing->times;
    if (strcmp(kind, "percent") == 0)
        return (struct bytes_grid){.step_min = PERCENT_STEP};
    return strcmp(kind, "value") == 0 || strcmp(kind, "change") == 0 ? packing->values
                                                                     : (struct bytes_grid){.step_min = VALUE_STEP};
}

static void add_table(struct packing *packing)
{
    const struct stats_values *stats = packing->request->stats;
    size_t count = packing->count;
    double *number = scratch(packing, count);
    if (number == NULL)
        return;
    for (size_t column = 0; column < stats->column_count; column++) {
        for (size_t row = 0; row < count; row++)
            number[row] = stats->value[row * packing->stride * stats->column_count + column];
        bytes_add_column(&packing->bytes, number, count, grid_of(packing, stats->heading[column].kind));
    }
    for (size_t row = 0; row < count; row++)
        number[row] = row_growth_per_s(packing, row);
    bytes_add_column(&packing->bytes, number, count, (struct bytes_grid){.step_min = packing->values.step_min / 64});
    for (size_t row = 0; row < count; row++)
        number[row] = word_number(packing->payload, stats->used_means[row * packing->stride]);
    bytes_add_column(&packing->bytes, number, count, (struct bytes_grid){.step_min = VALUE_STEP});
    for (size_t row = 0; row < count; row++)
        number[row] = row_node(packing, row)->ends_early;
    bytes_add_column(&packing->bytes, number, count, (struct bytes_grid){.step_min = VALUE_STEP});
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): scratch belongs to packing */
}

/* The columns of a line, in this order. */
enum packed_column {
    PART_TIME,
    PART_LAST_S,
    PART_MIN_S,
    PART_MAX_S,
    PART_GAP,
    PART_FIRST,
    PART_LAST,
    PART_MIN,
    PART_MAX,
    PART_COUNT
};

static double part_of(const struct series_bucket *bucket, enum packed_column part, double offset_s)
{
    switch (part) {
    case PART_TIME:
        return bucket->first_s + offset_s;
    case PART_LAST_S:
        return (double)bucket->last_offset_s;
    case PART_MIN_S:
        return (double)bucket->min_offset_s;
    case PART_MAX_S:
        return (double)bucket->max_offset_s;
    case PART_GAP:
        return bucket->gap_before != 0;
    case PART_FIRST:
        return bucket->first;
    case PART_LAST:
        return bucket->last - bucket->first;
    case PART_MIN:
        return fmin(bucket->first, bucket->last) - bucket->min;
    default:
        return bucket->max - fmax(bucket->first, bucket->last);
    }
}

/* Makes a series of `coarse` with at most `limit` buckets. Returns false if out of memory. */
static bool coarsen(struct series *coarse, const struct series *series, size_t limit)
{
    const size_t count = series_buckets(series);
    struct series_bucket space;
    bool ok = true;
    series_init(coarse, limit);
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        if (bucket->gap_before)
            series_break(coarse);
        ok &= series_append_bucket(coarse, bucket);
    }
    return ok;
}

static void add_line(struct packing *packing, const struct series *series, double offset_s)
{
    struct series_bucket space;
    struct series coarse = {0};
    size_t count = series_buckets(series);
    if (count > packing->buckets) {
        if (!coarsen(&coarse, series, packing->buckets))
            packing->bytes.out_of_memory = true;
        series = &coarse;
        count = series_buckets(series);
    }
    bytes_add_u32(&packing->bytes, (uint32_t)count);
    double *number = scratch(packing, count + 1);
    for (unsigned int part = 0; number != NULL && part < PART_COUNT; part++) {
        for (size_t i = 0; i < count; i++)
            number[i] = part_of(series_at(series, i, &space), (enum packed_column)part, offset_s);
        bytes_add_column(&packing->bytes, number, count, part < PART_GAP ? packing->times : packing->values);
    }
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        if (bucket->count > 1 && bucket->min < bucket->max) {
            packing->payload->is_every_sample = false;
            packing->payload->stretch_s = fmax(packing->payload->stretch_s, series->width_s);
            break;
        }
    }
    series_free(&coarse);
}

/* A row of levels while it is filled: the lowest and highest value of each column, NAN if there is none. */
struct level_row {
    size_t columns;
    double from_s, per_s;
    float *low, *high;
};

static size_t column_of(const struct level_row *row, double time_s)
{
    double column = (time_s - row->from_s) * row->per_s;
    return column <= 0 ? 0 : column >= (double)row->columns ? row->columns - 1 : (size_t)column;
}

static void put_sample(struct level_row *row, double time_s, double value)
{
    size_t column = column_of(row, time_s);
    row->low[column] = fminf(row->low[column], (float)value); /* fminf ignores NAN */
    row->high[column] = fmaxf(row->high[column], (float)value);
}

/* Fills the columns without samples between two samples by linear interpolation. */
static void bridge(struct level_row *row, double start_s, double end_s, double start, double end)
{
    size_t last = column_of(row, end_s);
    for (size_t column = column_of(row, start_s) + 1; column < last; column++) {
        double middle_s = row->from_s + ((double)column + 0.5) / row->per_s;
        if (!isnan(row->high[column]))
            continue;
        row->low[column] = row->high[column] =
            (float)(start + (end - start) * (middle_s - start_s) / (end_s - start_s));
    }
}

/* Fills a row with the samples, then with the lines between them. */
static void fill_row(struct level_row *row, const struct series *series, double offset_s)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    for (size_t i = 0; i < row->columns; i++)
        row->low[i] = row->high[i] = NAN;
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double first_s = bucket->first_s + offset_s;
        put_sample(row, first_s, bucket->first);
        put_sample(row, first_s + (double)bucket->last_offset_s, bucket->last);
        put_sample(row, first_s + (double)bucket->min_offset_s, bucket->min);
        put_sample(row, first_s + (double)bucket->max_offset_s, bucket->max);
    }
    double last_s = 0, last = 0; /* end of the previous bucket */
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double first_s = bucket->first_s + offset_s;
        if (i > 0 && !bucket->gap_before)
            bridge(row, last_s, first_s, last, bucket->first);
        last_s = first_s + (double)bucket->last_offset_s;
        last = bucket->last;
        if (last_s > first_s)
            bridge(row, first_s, last_s, bucket->first, last);
    }
}

static unsigned int level_of(float value, double peak)
{
    double share = peak > 0 ? (double)value / peak : 0;
    return isnan(value) ? 0 : 1 + (unsigned int)(fmin(fmax(share, 0), 1) * PAYLOAD_LEVELS + 0.5);
}

static void add_levels(struct packing *packing, enum trace_line line, size_t columns)
{
    size_t count = packing->count;
    float *values = malloc(2 * columns * sizeof *values);
    unsigned char *high = bytes_add(&packing->bytes, 2 * count * columns);
    if (values == NULL || high == NULL) {
        packing->bytes.out_of_memory = true;
        free(values);
        return;
    }
    double span_s = packing->to_s > packing->from_s ? packing->to_s - packing->from_s : 1;
    double column_s = span_s / (double)(columns - 1);
    struct level_row filled = {columns, packing->from_s - column_s / 2, 1 / column_s, values, values + columns};
    unsigned char *low = high + count * columns;
    for (size_t row = 0; row < count; row++) {
        const struct node *node = row_node(packing, row);
        double peak = node->line[line].stats.max;
        unsigned int before = 0;
        fill_row(&filled, &node->line[line], node->offset_s);
        for (size_t i = 0; i < columns; i++) {
            unsigned int most = level_of(filled.high[i], peak);
            *high++ = (unsigned char)(most - before);
            *low++ = (unsigned char)(most - level_of(filled.low[i], peak));
            before = most;
        }
    }
    free(values);
}

static double peak_or_nan(const struct series_stats *stats)
{
    return stats->count > 0 ? stats->max : NAN;
}

/* Returns the peak of a quantity that is the total minus the node's first quantity. */
static double rest_peak(const struct node *node)
{
    const struct series_stats *main = &node->line[TRACE_MAIN].stats;
    return main->count > 0 ? node->line[TRACE_MEMORY].stats.max - main->min : NAN;
}

/* The lows of a quantity and their times. */
static void add_lows(struct packing *packing, enum trace_line line, double *number)
{
    for (size_t row = 0; row < packing->count; row++) {
        const struct series_stats *stats = &row_node(packing, row)->line[line].stats;
        number[row] = stats->count > 0 ? stats->min : NAN;
    }
    bytes_add_column(&packing->bytes, number, packing->count, packing->values);
    for (size_t row = 0; row < packing->count; row++) {
        const struct node *node = row_node(packing, row);
        number[row] = node->line[line].stats.count > 0 ? node->line[line].stats.min_s + node->offset_s : NAN;
    }
    bytes_add_column(&packing->bytes, number, packing->count, packing->times);
}

static void add_quantity(struct packing *packing, const struct payload_quantity *quantity)
{
    size_t count = packing->count;
    double *number = scratch(packing, count);
    if (number == NULL)
        return;
    for (size_t row = 0; row < count; row++) {
        const struct node *node = row_node(packing, row);
        number[row] = quantity->is_rest ? rest_peak(node) : peak_or_nan(&node->line[quantity->line].stats);
    }
    bytes_add_column(&packing->bytes, number, count, packing->values);
    for (size_t row = 0; row < count; row++)
        number[row] = quantity->total == TRACE_LINE_COUNT
                          ? NAN
                          : peak_or_nan(&row_node(packing, row)->line[quantity->total].stats);
    bytes_add_column(&packing->bytes, number, count, packing->values);
    if (quantity->is_rest)
        return; /* NOLINT(clang-analyzer-unix.Malloc): scratch belongs to packing */
    if (quantity->is_low)
        add_lows(packing, quantity->line, number);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): scratch belongs to packing */
    if (packing->payload->columns > 0)
        add_levels(packing, quantity->line, payload_columns(packing->payload, quantity));
    for (size_t row = 0; packing->payload->columns == 0 && row < count; row++)
        add_line(packing, &row_node(packing, row)->line[quantity->line], row_node(packing, row)->offset_s);
}

size_t payload_run_columns(const struct trace *trace, const struct trace *other)
{
    return trace->count > PAYLOAD_EXACT_MAX || other->count > PAYLOAD_EXACT_MAX ? RUN_COLUMNS : 0;
}

/* Adds the maximum and the median of a run's nodes in each column. */
static void add_run_bands(struct packing *packing, const struct trace *other)
{
    const struct resample_frame frame = {RUN_COLUMNS, packing->from_s, fmax(packing->to_s, packing->from_s + 1)};
    size_t *order = trace_order_by_peak(other);
    const struct resample_rows rows = {order, other->count, 1, 0};
    struct resampled all = {0};
    double *number = scratch(packing, RUN_COLUMNS);
    if (order == NULL || number == NULL || !resample_fill(&all, other, &rows, &frame, true)) {
        packing->bytes.out_of_memory = true;
    } else {
        for (int is_median = 0; is_median <= 1; is_median++) {
            for (size_t i = 0; i < RUN_COLUMNS; i++) {
                const struct resample_band *band = &all.band[i];
                number[i] = band->nodes == 0 ? NAN : (double)(is_median ? band->median : band->max);
            }
            bytes_add_column(&packing->bytes, number, RUN_COLUMNS, packing->values);
        }
    }
    resample_free(&all);
    free(order);
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): scratch belongs to packing */
}

static void add_runs(struct packing *packing)
{
    const struct runs *runs = packing->request->against;
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        const struct trace *other = &runs->run[i].trace;
        bool has_lines = payload_run_columns(packing->request->trace, other) == 0;
        for (size_t node = 0; has_lines && node < other->count; node++)
            add_line(packing, &other->node[node].line[TRACE_MAIN], other->node[node].offset_s);
        if (!has_lines)
            add_run_bands(packing, other);
    }
}

static bool deflate_bytes(struct payload *payload, const struct bytes *bytes)
{
    uLongf size = compressBound((uLong)bytes->size);
    unsigned char *data = bytes->out_of_memory ? NULL : realloc(payload->data, size);
    if (data == NULL)
        return false;
    payload->data = data;
    if (compress2(data, &size, bytes->data, (uLong)bytes->size, COMPRESSION) != Z_OK)
        return false;
    payload->size = size;
    return true;
}

static bool pack(struct packing *packing)
{
    struct payload *payload = packing->payload;
    packing->bytes.size = 0;
    payload->is_every_sample = true;
    payload->stretch_s = 0;
    add_names(packing);
    add_table(packing);
    for (size_t i = 0; i < payload->quantity_count; i++)
        add_quantity(packing, &payload->quantity[i]);
    if (packing->stride == 1)
        add_runs(packing);
    return deflate_bytes(payload, &packing->bytes);
}

/* Lowers the resolution by the ratio by which `size` exceeds the budget. Returns false if it does not exceed it, or the
 * resolution cannot be lowered. */
static bool lower(struct packing *packing, double size)
{
    struct payload *payload = packing->payload;
    size_t *resolution = payload->columns > 0 ? &payload->columns : &packing->buckets;
    size_t least = payload->columns > 0 ? COLUMNS_MIN : BUCKETS_MIN;
    double budget = (double)packing->request->budget_bytes;
    if (size <= budget || *resolution <= least)
        return false;
    size_t wished = (size_t)((double)*resolution * budget / size * SAVING);
    *resolution = wished < least ? least : wished < *resolution ? wished : *resolution - 1;
    return true;
}

/* Packs at the highest resolution within the budget; with many nodes, determines it from a subset, because packing is
 * slow. */
static bool pack_within(struct packing *packing)
{
    size_t all = packing->request->trace->count;
    bool ok = true;
    packing->stride = all > 2 * TRIAL_NODES ? all / TRIAL_NODES : 1;
    packing->count = (all + packing->stride - 1) / packing->stride;
    for (int i = 0; ok && packing->stride > 1 && i < TRIES_MAX; i++) {
        ok = pack(packing);
        if (!lower(packing, (double)packing->payload->size * (double)all / (double)packing->count))
            break;
    }
    packing->stride = 1;
    packing->count = all;
    ok = ok && pack(packing);
    for (int i = 0; ok && i < TRIES_MAX && lower(packing, (double)packing->payload->size); i++)
        ok = pack(packing);
    return ok;
}

/* Chooses columns so that each has a sample, if there are enough samples. */
static size_t columns_wished(const struct packing *packing)
{
    const struct trace *trace = packing->request->trace;
    double span_s = trace->end_s - trace->begin_s, longer = 1;
    uint64_t most = 0;
    for (size_t i = 0; i < trace->count; i++)
        most = trace->node[i].line[TRACE_MAIN].stats.count > most ? trace->node[i].line[TRACE_MAIN].stats.count : most;
    if (span_s > 0 && most > 1) /* other runs may be longer */
        longer = ((double)(most - 1) * (packing->to_s - packing->from_s) / span_s + 1) / (double)most;
    return (size_t)fmin(fmax(rint((double)most * longer), COLUMNS_MIN), COLUMNS_MAX);
}

/* Returns the largest number of buckets of any line. */
static size_t buckets_wished(const struct packing *packing)
{
    size_t most = BUCKETS_MIN;
    for (size_t row = 0; row < packing->request->trace->count; row++)
        for (size_t line = 0; line < TRACE_LINE_COUNT; line++)
            most = row_node(packing, row)->line[line].bucket_count > most
                       ? row_node(packing, row)->line[line].bucket_count
                       : most;
    return most;
}

/* Returns true if any node has values for a line. */
static bool has_line(const struct trace *trace, enum trace_line line)
{
    for (size_t i = 0; i < trace->count; i++)
        if (trace->node[i].line[line].bucket_limit > 0 && trace->node[i].line[line].stats.max > 0)
            return true;
    return false;
}

/* Returns true if available memory is the total minus the main line on each node at all times. Compares their extremes,
 * the times of these, and their ends, to the byte. */
static bool is_total_less_available(const struct trace *trace)
{
    if (trace->percent || (trace->quantity != FREELOG_USED && trace->quantity != FREELOG_JOB_USED))
        return false;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        const struct series_stats *main = &node->line[TRACE_MAIN].stats;
        const struct series_stats *rest = &node->line[TRACE_AVAILABLE].stats;
        const struct series_stats *all = &node->line[TRACE_MEMORY].stats;
        double total = all->max;
        if (all->count == 0 || all->min != total || rest->count != main->count || main->max_s != rest->min_s ||
            main->min_s != rest->max_s || main->max + rest->min != total || main->min + rest->max != total ||
            main->first + rest->first != total || main->last + rest->last != total ||
            fabs(main->sum + rest->sum - total * (double)main->count) > 1e-12 * total * (double)main->count)
            return false;
    }
    return true;
}

static const char *main_name(const struct trace *trace)
{
    return trace->quantity == FREELOG_USED       ? "used memory"
           : trace->quantity == FREELOG_JOB_USED ? "job's used memory"
                                                 : trace_column(trace);
}

static void choose_quantities(struct payload *payload, const struct trace *trace)
{
    bool is_of_job = trace_is_of_job(trace), is_rest = is_total_less_available(trace);
    const struct payload_quantity known[] = {
        {trace_column(trace), main_name(trace), TRACE_MAIN, TRACE_TOTAL, false, trace_low_is_news(trace)},
        {"job-cache", "job's memory with cache", TRACE_WITH_CACHE, TRACE_TOTAL, false, false},
        {"node-used", "node's used memory", TRACE_NODE, TRACE_LINE_COUNT, false, false},
        {"available", is_of_job ? "available to the job" : "available memory", TRACE_AVAILABLE, TRACE_MEMORY, is_rest,
         true},
        {"swap-used", is_of_job ? "job's used swap" : "used swap", TRACE_SWAP, TRACE_SWAP_TOTAL, false, false},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        bool is_main = i > 0 && strcmp(known[i].key, trace_column(trace)) == 0; /* shown already */
        bool is_bytes = trace->percent && (known[i].line == TRACE_AVAILABLE || known[i].line == TRACE_NODE);
        if (i == 0 || (!is_main && !is_bytes && (known[i].is_rest || has_line(trace, known[i].line))))
            payload->quantity[payload->quantity_count++] = known[i];
    }
}

bool payload_make(struct payload *payload, const struct payload_request *request)
{
    const struct trace *trace = request->trace;
    struct packing packing = {
        .request = request,
        .payload = payload,
        .from_s = trace->begin_s,
        .to_s = trace->end_s,
        .times = {.divisor = trace_interval(trace) < FINE_S ? 1e6 : 1e3},
        .values = {.step_min = trace->percent ? SHARE_STEP : VALUE_STEP},
    };
    runs_extend(request->against, &packing.from_s, &packing.to_s);
    memset(payload, 0, sizeof *payload);
    choose_quantities(payload, trace);
    payload->columns = trace->count > PAYLOAD_EXACT_MAX ? columns_wished(&packing) : 0;
    packing.buckets = buckets_wished(&packing);
    bool ok = pack_within(&packing);
    bytes_free(&packing.bytes);
    free(packing.number);
    return ok;
}

void payload_free(struct payload *payload)
{
    free(payload->data);
    memset(payload, 0, sizeof *payload);
}
