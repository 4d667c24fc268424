/* SPDX-License-Identifier: MIT */
/* Unit tests of series: values that are always exact, the range of a bucket, and bounded memory and work. */
#include <math.h>
#include <stdlib.h>

#include "all_buckets.h"
#include "model/series.h"
#include "unit.h"

/* A sample as appended, for comparison. */
struct sample {
    double time_s, value;
    bool gap_before;
};

static uint32_t next_random(uint32_t *state)
{
    *state = *state * UINT32_C(1664525) + UINT32_C(1013904223);
    return *state >> 8;
}

/* Returns the memory of a job in KiB every 2 seconds: a random walk that never has the same value twice in a row. */
static struct sample *make_walk(size_t count)
{
    struct sample *sample = malloc(count * sizeof *sample);
    uint32_t state = 7;
    double value = 8e6;
    assert_non_null(sample);
    for (size_t i = 0; i < count; i++) {
        value += (double)(next_random(&state) % 2001) - 1000.5;
        sample[i] = (struct sample){2 * (double)i, value, i > 0 && next_random(&state) % 500 == 0};
    }
    return sample;
}

static void append_all(struct series *series, const struct sample *sample, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sample[i].gap_before)
            series_break(series);
        assert_true(series_append(series, sample[i].time_s, sample[i].value));
    }
}

/* Returns the bucket of the samples [from, to), computed from each sample. */
static struct series_bucket reference(const struct sample *sample, size_t from, size_t to)
{
    struct series_bucket bucket = {
        .first_s = sample[from].time_s,
        .first = sample[from].value,
        .last = sample[to - 1].value,
        .min = sample[from].value,
        .max = sample[from].value,
        .last_offset_s = (float)(sample[to - 1].time_s - sample[from].time_s),
        .count = (uint32_t)(to - from),
        .gap_before = sample[from].gap_before,
    };
    double sum = 0;
    for (size_t i = from; i < to; i++) {
        sum += sample[i].value;
        if (sample[i].value < bucket.min) {
            bucket.min = sample[i].value;
            bucket.min_offset_s = (float)(sample[i].time_s - bucket.first_s);
        }
        if (sample[i].value > bucket.max) {
            bucket.max = sample[i].value;
            bucket.max_offset_s = (float)(sample[i].time_s - bucket.first_s);
        }
    }
    bucket.mean = (float)(sum / (double)(to - from));
    return bucket;
}

static void assert_same_bucket(const struct series_bucket *is, const struct series_bucket *want)
{
    assert_true(is->first_s == want->first_s && is->first == want->first);
    assert_true(is->last == want->last && is->last_offset_s == want->last_offset_s);
    assert_true(is->min == want->min && is->min_offset_s == want->min_offset_s);
    assert_true(is->max == want->max && is->max_offset_s == want->max_offset_s);
    assert_int_equal(is->count, want->count);
    assert_int_equal(is->gap_before, want->gap_before);
    assert_true(fabs((double)is->mean - (double)want->mean) <= 1e-6 * fabs((double)want->mean));
}

/* Asserts what holds for any series: order, no sample lost or counted twice, exact ends and extremes. */
static void assert_sound(const struct series *series)
{
    struct series_bucket flat;
    size_t count;
    const struct series_bucket *bucket = all_buckets(series, &count, &flat);
    double min = INFINITY, max = -INFINITY;
    uint64_t samples = 0;
    assert_true(count > 0 && count <= series->bucket_limit);
    assert_true(series->bucket_capacity <= series->bucket_limit);
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *b = &bucket[i];
        samples += b->count;
        min = fmin(min, b->min);
        max = fmax(max, b->max);
        assert_true(b->min <= b->first && b->first <= b->max);
        assert_true(b->min <= b->last && b->last <= b->max);
        assert_true(b->min_offset_s >= 0 && b->min_offset_s <= b->last_offset_s);
        assert_true(b->max_offset_s >= 0 && b->max_offset_s <= b->last_offset_s);
        assert_true(b->min == b->max || (double)b->last_offset_s <= 2 * series->width_s);
        assert_true(i == 0 || b->first_s >= bucket[i - 1].first_s);
    }
    assert_true(samples == series->stats.count);
    assert_true(min == series->stats.min && max == series->stats.max);
    assert_true(bucket[0].first == series->stats.first);
    assert_true(bucket[0].first_s == series->stats.first_s);
    assert_true(bucket[count - 1].last == series->stats.last);
}

static void statistics_are_exact_and_keep_the_earliest_extreme(void **state)
{
    static const double value[] = {5, 9, 1, 9, 1, 4};
    (void)state;
    for (size_t limit = 0; limit <= 8; limit += 4) {
        struct series series;
        series_init(&series, limit);
        for (size_t i = 0; i < COUNT(value); i++)
            assert_true(series_append(&series, 10 + (double)i, value[i]));
        assert_int_equal(series.stats.count, 6);
        assert_true(series.stats.first == 5 && series.stats.first_s == 10);
        assert_true(series.stats.last == 4 && series.stats.last_s == 15);
        assert_true(series.stats.max == 9 && series.stats.max_s == 11);
        assert_true(series.stats.min == 1 && series.stats.min_s == 12);
        assert_true(series.stats.sum == 29);
        assert_true(fabs(series_mean(&series) - 29.0 / 6) < 1e-15);
        series_free(&series);
    }
}

static void an_empty_series_has_nothing_to_draw(void **state)
{
    struct series series = {0};
    struct series_bucket flat;
    size_t count = 1;
    (void)state;
    series_free(&series); /* a zeroed series */
    series_init(&series, 100);
    series_break(&series); /* a gap before the first sample is ignored */
    assert_null(all_buckets(&series, &count, &flat));
    assert_int_equal(count, 0);
    assert_true(series_mean(&series) == 0);
    assert_true(series_append(&series, 0, 3));
    assert_non_null(all_buckets(&series, &count, &flat));
    assert_int_equal(count, 1);
    assert_int_equal(flat.gap_before, 0);
    assert_true(flat.first == 3 && flat.last_offset_s == 0 && flat.count == 1);
    series_free(&series);
}

static void statistics_only_keeps_no_bucket(void **state)
{
    struct series series;
    struct series_bucket flat;
    size_t count;
    (void)state;
    series_init(&series, 0);
    for (int i = 0; i < 1000; i++) {
        series_break(&series);
        assert_true(series_append(&series, i, i % 7));
    }
    assert_null(series.bucket);
    assert_null(all_buckets(&series, &count, &flat));
    assert_int_equal(count, 0);
    assert_true(series.stats.max == 6 && series.stats.max_s == 6);
    series_free(&series);
}

static void a_flat_series_takes_no_memory_and_is_one_level_line(void **state)
{
    struct series series;
    struct series_bucket flat;
    size_t count;
    (void)state;
    series_init(&series, 100);
    for (int i = 0; i < 100000; i++)
        assert_true(series_append(&series, 2 * i, 32e9));
    assert_null(series.bucket);
    assert_true(series.flat);
    const struct series_bucket *bucket = all_buckets(&series, &count, &flat);
    assert_ptr_equal(bucket, &flat);
    assert_int_equal(count, 1);
    assert_true(flat.first == 32e9 && flat.last == 32e9 && flat.min == 32e9 && flat.max == 32e9);
    assert_true(flat.first_s == 0 && flat.last_offset_s == 199998);
    assert_int_equal(flat.count, 100000);
    /* The first different value: the flat stretch is still one level line, up to its last sample. */
    assert_true(series_append(&series, 200000, 31e9));
    bucket = all_buckets(&series, &count, &flat);
    assert_int_equal(count, 2);
    assert_true(bucket[0].last_offset_s == 199998 && bucket[0].last == 32e9);
    assert_true(bucket[1].first_s == 200000 && bucket[1].first == 31e9);
    assert_sound(&series);
    series_free(&series);
}

static void a_gap_ends_a_flat_stretch(void **state)
{
    struct series series;
    struct series_bucket flat;
    size_t count;
    (void)state;
    series_init(&series, 100);
    for (int i = 0; i < 100; i++) {
        if (i == 50)
            series_break(&series);
        assert_true(series_append(&series, i < 50 ? i : i + 1000, 7));
    }
    const struct series_bucket *bucket = all_buckets(&series, &count, &flat);
    assert_int_equal(count, 2);
    assert_int_equal(bucket[0].gap_before, 0);
    assert_true(bucket[0].last_offset_s == 49);
    assert_int_equal(bucket[1].gap_before, 1);
    assert_true(bucket[1].first_s == 1050 && bucket[1].last_offset_s == 49);
    assert_sound(&series);
    series_free(&series);
}

static void a_short_log_keeps_every_sample(void **state)
{
    struct sample *sample = make_walk(1000);
    struct series series;
    struct series_bucket flat;
    size_t count;
    (void)state;
    series_init(&series, 1000);
    append_all(&series, sample, 1000);
    const struct series_bucket *bucket = all_buckets(&series, &count, &flat);
    assert_int_equal(count, 1000);
    for (size_t i = 0; i < count; i++) {
        struct series_bucket want = reference(sample, i, i + 1);
        assert_same_bucket(&bucket[i], &want);
    }
    series_free(&series);
    free(sample);
}

/* However often neighbours were merged, the buckets equal those that the final width would have made at once. */
static void merging_gives_what_the_final_width_would(void **state)
{
    enum { SAMPLES = 20000 };
    struct sample *sample = make_walk(SAMPLES);
    (void)state;
    for (size_t limit = 4; limit < 3000; limit = limit * 2 + 1) {
        struct series series;
        struct series_bucket flat;
        size_t count, at = 0, to;
        series_init(&series, limit);
        append_all(&series, sample, SAMPLES);
        const struct series_bucket *bucket = all_buckets(&series, &count, &flat);
        assert_sound(&series);
        for (size_t from = 0; from < SAMPLES; from = to, at++) {
            double stretch = floor(sample[from].time_s / series.width_s);
            for (to = from; to < SAMPLES && floor(sample[to].time_s / series.width_s) == stretch;)
                to++;
            struct series_bucket want = reference(sample, from, to);
            assert_true(at < count);
            assert_same_bucket(&bucket[at], &want);
        }
        assert_int_equal(at, count);
        assert_true(limit < 64 || count > limit / 4); /* not coarser than necessary */
        series_free(&series);
    }
    free(sample);
}

static void an_idle_stretch_stays_level_between_busy_ones(void **state)
{
    struct series series;
    struct series_bucket flat;
    size_t count, longest = 0;
    (void)state;
    series_init(&series, 64);
    for (int i = 0; i < 30000; i++) {
        double value = i >= 10000 && i < 20000 ? 5000 : 1000 + i % 977;
        assert_true(series_append(&series, i, value));
    }
    assert_sound(&series);
    const struct series_bucket *bucket = all_buckets(&series, &count, &flat);
    for (size_t i = 1; i < count; i++)
        if (bucket[i].last_offset_s > bucket[longest].last_offset_s)
            longest = i;
    /* Only the rest of its first stretch may be in the previous bucket. */
    assert_true(bucket[longest].min == 5000 && bucket[longest].max == 5000);
    assert_true(bucket[longest].first_s >= 10000 && bucket[longest].first_s < 10000 + series.width_s);
    assert_true(bucket[longest].first_s + (double)bucket[longest].last_offset_s == 19999);
    series_free(&series);
}

/* Times that match no bucket width: work and memory must remain bounded. */
static void reading_odd_times_is_bounded(void **state)
{
    (void)state;
    for (int kind = 0; kind < 6; kind++) {
        for (size_t limit = 1; limit < 40; limit += 13) {
            struct series series;
            double time_s = 0;
            uint32_t random = 1;
            series_init(&series, limit);
            for (int i = 0; i < 3000; i++) {
                switch (kind) {
                case 0: /* on both sides of 0 */
                    time_s = i - 1500;
                    break;
                case 1: /* increasing steps */
                    time_s = ldexp(1, i / 40);
                    break;
                case 2: /* zero steps */
                    time_s = 1e9;
                    break;
                case 3: /* groups far apart */
                    time_s = floor(i / 100.0) * 1e7 + i % 100 * 1e-4;
                    break;
                case 4: /* current times since 1970 */
                    time_s = 1732320000.123 + i * 0.5;
                    break;
                default: /* a gap before each sample */
                    time_s = i;
                    series_break(&series);
                }
                assert_true(series_append(&series, time_s, next_random(&random) % 5));
            }
            assert_sound(&series);
            series_free(&series);
        }
    }
}

static void stretching_moves_every_time(void **state)
{
    struct sample *sample = make_walk(5000);
    struct series series, stretched;
    struct series_bucket flat;
    size_t count, stretched_count;
    (void)state;
    series_init(&series, 100);
    series_init(&stretched, 100);
    append_all(&series, sample, 5000);
    append_all(&stretched, sample, 5000);
    series_stretch(&stretched, 1.5);
    const struct series_bucket *a = all_buckets(&series, &count, &flat);
    const struct series_bucket *b = all_buckets(&stretched, &stretched_count, &flat);
    assert_int_equal(count, stretched_count);
    for (size_t i = 0; i < count; i++) {
        assert_true(b[i].first_s == 1.5 * a[i].first_s && b[i].max == a[i].max);
        assert_true(fabs((double)b[i].last_offset_s - 1.5 * (double)a[i].last_offset_s) < 1e-3);
        assert_true(fabs((double)b[i].max_offset_s - 1.5 * (double)a[i].max_offset_s) < 1e-3);
        assert_true(fabs((double)b[i].min_offset_s - 1.5 * (double)a[i].min_offset_s) < 1e-3);
    }
    assert_true(stretched.stats.last_s == 1.5 * series.stats.last_s);
    assert_true(stretched.stats.max_s == 1.5 * series.stats.max_s);
    series_free(&series);
    series_free(&stretched);
    free(sample);
}

/* Gaps are only known once the usual step is known. Then even a gap within an hour of the same value is found. */
static void gaps_are_judged_at_the_end(void **state)
{
    struct series series;
    struct series_bucket flat;
    size_t count;
    (void)state;
    series_init(&series, 64);
    for (int i = 0; i < 100; i++) {
        if (i == 1 || i == 50)
            series_part(&series);
        if (i == 80)
            series_break(&series);
        assert_true(series_append(&series, i == 0 ? 0 : i < 50 ? 4 + i : 100 + i, 7));
    }
    const struct series_bucket *bucket = all_buckets(&series, &count, &flat);
    assert_int_equal(count, 4);
    for (int turn = 0; turn < 2; turn++) {
        const double longest_s[] = {2.5, 10};
        series_judge_gaps(&series, longest_s[turn]);
        assert_int_equal(bucket[1].gap_before != 0, turn == 0);
        assert_true(bucket[2].gap_before != 0 && bucket[3].gap_before != 0);
    }
    series_judge_gaps(&series, 1000);
    assert_true(bucket[2].gap_before == 0 && bucket[3].gap_before != 0);
    series_free(&series);
}

/* A scaled series equals a series of scaled samples: statistics, mean and buckets. */
static void scales_values(void **state)
{
    struct series scaled, flat;
    struct sample *sample = make_walk(300);
    (void)state;
    series_init(&scaled, 64);
    series_init(&flat, 64);
    append_all(&scaled, sample, 300);
    double mean = series_mean(&scaled), max = scaled.stats.max, first = scaled.bucket[1].first;
    const size_t last = series_buckets(&scaled) - 1;
    float last_mean = scaled.bucket[last].mean;
    series_scale(&scaled, 0.5);
    assert_int_equal(series_buckets(&scaled), last + 1);
    assert_true(fabs((double)scaled.bucket[last].mean - (double)last_mean / 2) <= 1e-6 * (double)last_mean);
    assert_true(fabs(series_mean(&scaled) - mean / 2) < 1e-9 * mean);
    assert_true(scaled.stats.max == max / 2);
    assert_true(scaled.bucket[1].first == first / 2);
    for (int i = 0; i < 3; i++)
        assert_true(series_append(&flat, i, 8));
    series_scale(&flat, 0.25);
    assert_true(series_mean(&flat) == 2);
    series_free(&scaled);
    series_free(&flat);
    free(sample);
}

/* Appends a sample per second, level for a while, with a gap; in a full series each bucket covers two samples. */
static void append_packable(struct series *series, size_t limit)
{
    uint32_t random = 7;
    series_init(series, limit);
    for (int i = 0; i < 120; i++) {
        if (i == 30)
            series_break(series);
        assert_true(series_append(series, i, i >= 50 && i < 70 ? 5e9 : 1e9 + next_random(&random)));
    }
}

/* Packed series must return the same results as other series. */
static void packing_changes_no_bucket(void **state)
{
    (void)state;
    for (size_t limit = 4; limit <= 256; limit *= 2) {
        struct series whole, packed;
        struct series_bucket space[2];
        append_packable(&whole, limit);
        append_packable(&packed, limit);
        series_pack(&packed);
        series_pack(&packed);
        assert_int_equal(packed.packed != NULL, limit >= 64);
        for (int step = 0; step < 4; step++) {
            for (size_t turn = 0; turn < 2; turn++) {
                struct series *series = turn == 0 ? &whole : &packed;
                if (step == 1)
                    series_judge_gaps(series, 1.5);
                if (step == 2)
                    series_scale(series, 0x1p-10);
                if (step == 3)
                    series_stretch(series, 1.5);
            }
            assert_int_equal(series_buckets(&packed), series_buckets(&whole));
            for (size_t i = 0; i < series_buckets(&whole); i++)
                assert_same_bucket(series_at(&packed, i, &space[0]), series_at(&whole, i, &space[1]));
        }
        series_free(&whole);
        series_free(&packed);
    }
}

static void packing_leaves_what_has_no_bucket(void **state)
{
    struct series flat;
    struct series_bucket space;
    (void)state;
    series_init(&flat, 64);
    series_pack(&flat);
    assert_int_equal(series_buckets(&flat), 0);
    assert_true(series_append(&flat, 0, 7) && series_append(&flat, 3600, 7));
    series_pack(&flat);
    assert_int_equal(series_buckets(&flat), 1);
    assert_true(series_at(&flat, 0, &space)->last_offset_s == 3600);
    assert_null(flat.packed);
    series_free(&flat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packing_changes_no_bucket),
        cmocka_unit_test(packing_leaves_what_has_no_bucket),
        cmocka_unit_test(statistics_are_exact_and_keep_the_earliest_extreme),
        cmocka_unit_test(an_empty_series_has_nothing_to_draw),
        cmocka_unit_test(statistics_only_keeps_no_bucket),
        cmocka_unit_test(a_flat_series_takes_no_memory_and_is_one_level_line),
        cmocka_unit_test(a_gap_ends_a_flat_stretch),
        cmocka_unit_test(a_short_log_keeps_every_sample),
        cmocka_unit_test(merging_gives_what_the_final_width_would),
        cmocka_unit_test(an_idle_stretch_stays_level_between_busy_ones),
        cmocka_unit_test(reading_odd_times_is_bounded),
        cmocka_unit_test(gaps_are_judged_at_the_end),
        cmocka_unit_test(stretching_moves_every_time),
        cmocka_unit_test(scales_values),
    };
    return cmocka_run_group_tests_name("series", tests, NULL, NULL);
}
