/* SPDX-License-Identifier: MIT */
/* Unit tests of resample: nodes on common time columns. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_node.h"
#include "model/resample.h"
#include "unit.h"

static void a_series_fills_its_columns(void **state)
{
    struct series series;
    float min[10], max[10];
    (void)state;
    series_init(&series, 64);
    for (int i = 0; i <= 5; i++)
        assert_true(series_append(&series, i, i * 10.0)); /* a ramp over the first half */
    series_break(&series);
    assert_true(series_append(&series, 8, 80));
    assert_true(series_append(&series, 10, 60));
    resample_series(&series, 0, 10, 10, min, max);
    assert_true(fabsf(min[0] - 0) < 0.1f && fabsf(max[0] - 10) < 0.1f);
    assert_true(fabsf(min[4] - 40) < 0.1f && fabsf(max[4] - 50) < 0.1f);
    assert_true(isnan(max[6]) && isnan(min[7])); /* the gap has no data: neither zero nor an interpolated line */
    assert_true(fabsf(max[8] - 80) < 0.1f);
    assert_true(fabsf(min[9] - 60) < 0.1f); /* the last sample is in the last column */
    series_free(&series);
}

/* The extremes that a line through `count` points has between two times; NAN if there is no line. */
static void line_extremes(const double *time_s, const double *value, int count, double from_s, double to_s, double *low,
                          double *high)
{
    *low = *high = NAN;
    for (int i = 0; i + 1 < count; i++) {
        double begin_s = fmax(from_s, time_s[i]), end_s = fmin(to_s, time_s[i + 1]);
        double slope = (value[i + 1] - value[i]) / (time_s[i + 1] - time_s[i]);
        if (begin_s > end_s)
            continue;
        double a = value[i] + slope * (begin_s - time_s[i]), b = value[i] + slope * (end_s - time_s[i]);
        *low = fmin(*low, fmin(a, b));
        *high = fmax(*high, fmax(a, b));
    }
}

/* Lines before, in and after the columns, from buckets of both kinds, with fewer and with more samples than columns. */
static void columns_have_the_extremes_of_a_line(void **state)
{
    enum { SAMPLES = 400, COLUMNS_MAX = 1000 };
    static const size_t columns[] = {7, 100, 400, COLUMNS_MAX};
    static const double span_s[][2] = {{0, 399}, {-50, 500}, {30.3, 88.8}, {399, 450}, {200, 201}};
    double time_s[SAMPLES], value[SAMPLES];
    float min[COLUMNS_MAX], max[COLUMNS_MAX], packed_min[COLUMNS_MAX], packed_max[COLUMNS_MAX];
    struct series series;
    (void)state;
    series_init(&series, SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
        time_s[i] = i;
        value[i] = 100 + 50 * sin(i * 0.7) + (i % 13 == 0 ? 300 : 0);
        assert_true(series_append(&series, time_s[i], value[i]));
    }
    for (size_t i = 0; i < 4 * 5; i++) {
        const double from_s = span_s[i / 4][0], to_s = span_s[i / 4][1],
                     width_s = (to_s - from_s) / (double)columns[i % 4];
        resample_series(&series, from_s, to_s, columns[i % 4], min, max);
        for (size_t k = 0; k < columns[i % 4]; k++) {
            double low, high, at_s = from_s + (double)k * width_s;
            line_extremes(time_s, value, SAMPLES, at_s, at_s + width_s, &low, &high);
            assert_true(isnan(low) == (isnan(min[k]) != 0));
            assert_true(isnan(low) || (fabs((double)min[k] - low) < 0.01 && fabs((double)max[k] - high) < 0.01));
        }
        struct series packed = series;
        packed.bucket = calloc(SAMPLES, sizeof *packed.bucket);
        assert_non_null(packed.bucket);
        memcpy(packed.bucket, series.bucket, series.bucket_count * sizeof *packed.bucket);
        series_pack(&packed);
        assert_non_null(packed.packed);
        resample_series(&packed, from_s, to_s, columns[i % 4], packed_min, packed_max);
        assert_memory_equal(min, packed_min, columns[i % 4] * sizeof *min);
        assert_memory_equal(max, packed_max, columns[i % 4] * sizeof *max);
        series_free(&packed);
    }
    series_free(&series);
}

/* Fills a trace with `count` nodes of constant values 1, 2, 3 ... and 100 samples, one per second. */
static void fill(struct trace *trace, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct node node;
        made_node_init(&node, 1, 256, "n%zu", i);
        for (int k = 0; k < 100; k++)
            made_node_append(&node, k, (double)i + 1, 1000);
        assert_true(trace_add(trace, &node, NULL));
    }
    trace_finish(trace);
}

static void a_row_shows_the_highest_of_its_nodes(void **state)
{
    struct trace trace = {0};
    struct resampled heat;
    (void)state;
    fill(&trace, 1000);
    size_t *order = trace_order_by_peak(&trace);
    const struct resample_frame frame = {20, trace.begin_s, trace.end_s};
    struct resample_rows wanted = {order, trace.count, 100, 0};
    assert_true(resample_fill(&heat, &trace, &wanted, &frame, true));
    assert_int_equal(heat.rows, 100);
    for (size_t row = 0; row < 100; row++) {
        assert_int_equal(resample_row_first(&heat, row), row * 10);
        assert_true(heat.value[row * 20 + 7] == (float)(1000 - row * 10));
    }
    const struct resample_band *band = &heat.band[7];
    assert_int_equal(band->nodes, 1000);
    assert_true(band->min == 1 && band->max == 1000);
    assert_true(fabsf(band->median - 500) <= 2 && fabsf(band->low - 250) <= 2 && fabsf(band->high - 750) <= 2);
    resample_free(&heat);
    /* No hot node is hidden, regardless of the number of rows. */
    for (size_t rows = 1; rows < 50; rows += 7) {
        wanted.rows_max = rows;
        assert_true(resample_fill(&heat, &trace, &wanted, &frame, false));
        assert_true(heat.value[0] == 1000);
        resample_free(&heat);
    }
    free(order);
    trace_free(&trace);
}

static void quartiles_are_of_means_and_extremes_of_samples(void **state)
{
    struct trace trace = {0};
    struct resampled heat;
    (void)state;
    for (int n = 0; n < 9; n++) { /* each goes up and down by 100 around its level */
        struct node node;
        made_node_init(&node, 1, 64, "n%d", n);
        for (int k = 0; k < 1000; k++)
            assert_true(series_append(&node.line[TRACE_MAIN], k, 1000 + 10 * n + (k % 2 == 0 ? 100 : -100)));
        assert_true(trace_add(&trace, &node, NULL));
    }
    trace_finish(&trace);
    size_t *order = trace_order_by_peak(&trace);
    const struct resample_frame frame = {10, trace.begin_s, trace.end_s};
    const struct resample_rows rows = {order, trace.count, 9, 0};
    assert_true(resample_fill(&heat, &trace, &rows, &frame, true));
    const struct resample_band *band = &heat.band[5];
    assert_true(fabsf(band->median - 1040) < 5 && fabsf(band->low - 1020) < 5 && fabsf(band->high - 1060) < 5);
    assert_true(band->min == 900 && band->max == 1180);
    assert_true(heat.value[5] == 1180 && fabsf(heat.mean[5] - 1080) < 5);
    resample_free(&heat);
    free(order);
    trace_free(&trace);
}

static void separated_nodes_share_no_row(void **state)
{
    struct trace trace = {0};
    struct resampled heat;
    (void)state;
    fill(&trace, 100);
    size_t *order = trace_order_by_peak(&trace);
    const struct resample_frame frame = {20, trace.begin_s, trace.end_s};
    for (size_t apart = 0; apart <= 100; apart += 10) {
        const struct resample_rows rows = {order, trace.count, 7, apart};
        bool begins = apart == 0;
        assert_true(resample_fill(&heat, &trace, &rows, &frame, true));
        for (size_t row = 0; row < heat.rows; row++) {
            begins |= resample_row_first(&heat, row) == 100 - apart;
            assert_true(row == 0 || resample_row_first(&heat, row) > resample_row_first(&heat, row - 1));
        }
        assert_true(begins);
        resample_free(&heat);
    }
    free(order);
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_fills_its_columns),
        cmocka_unit_test(columns_have_the_extremes_of_a_line),
        cmocka_unit_test(a_row_shows_the_highest_of_its_nodes),
        cmocka_unit_test(quartiles_are_of_means_and_extremes_of_samples),
        cmocka_unit_test(separated_nodes_share_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
