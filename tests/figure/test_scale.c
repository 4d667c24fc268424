/* SPDX-License-Identifier: MIT */
/* Unit tests of scale: ticks are at round values. */
#include <math.h>
#include <string.h>

#include "figure/scale.h"
#include "unit.h"

/* Returns all tick texts of a scale, separated by blanks. */
static const char *texts(const struct scale *scale)
{
    static char all[1024];
    all[0] = '\0';
    for (size_t i = 0; i < scale->tick_count; i++) {
        strcat(all, i > 0 ? " " : "");
        strcat(all, scale->tick[i].text);
    }
    return all;
}

static void memory_ticks_are_round_in_binary_units(void **state)
{
    static const struct {
        double max;
        const char *texts;
    } rows[] = {{34, "0 8 16 24 32"},
                {27.6, "0 8 16 24"},
                {270, "0 64 128 192 256"},
                {1.2, "0 0.25 0.50 0.75 1.00"},
                {0.3, "0 0.1 0.2 0.3"},
                {1100, "0 256 512 768 1024"},
                {0.004, "0 0.001 0.002 0.003 0.004"}};
    struct scale scale;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        scale_memory(&scale, rows[i].max, 5, true);
        assert_string_equal(texts(&scale), rows[i].texts);
        assert_true(scale.min == 0 && scale.max == rows[i].max);
        assert_in_range(scale.tick_count, 4, 6);
    }
    scale_memory(&scale, 270, 6, false);
    assert_string_equal(texts(&scale), "0 50 100 150 200 250");
    scale_memory(&scale, 13, 6, false); /* no step of 1, 2, 5 gives 4 to 6 ticks: the axis grows */
    assert_string_equal(texts(&scale), "0 5 10 15");
    assert_true(scale.max == 15);
    scale_memory(&scale, 5, 4, false);
    assert_string_equal(texts(&scale), "0 2 4 6");
    scale_memory(&scale, 4.5, 4, false); /* but not by more than a quarter */
    assert_string_equal(texts(&scale), "0 2 4");
    assert_true(scale.max == 4.5);
    scale_memory(&scale, 34, 4, true); /* 3 times a power of two if that gives more ticks */
    assert_string_equal(texts(&scale), "0 12 24 36");
    scale_memory(&scale, 0, 5, true);
    assert_true(scale.max == 1);
}

static void any_memory_axis_has_two_to_many_ticks(void **state)
{
    struct scale scale;
    (void)state;
    for (double max = 1e-9; max < 1e18; max *= 1.37) {
        for (int binary = 0; binary <= 1; binary++) {
            scale_memory(&scale, max, 6, binary != 0);
            assert_in_range(scale.tick_count, 4, 6);
            assert_true(scale.tick[0].value == 0);
            for (size_t i = 1; i < scale.tick_count; i++) {
                assert_true(scale.tick[i].value > scale.tick[i - 1].value);
                assert_true(scale.tick[i].value <= max * 1.25 * (1 + 1e-9));
                if (max > 1e-6)
                    assert_string_not_equal(scale.tick[i].text, scale.tick[i - 1].text);
            }
        }
    }
}

static void percent_reaches_100_and_beyond(void **state)
{
    struct scale scale;
    (void)state;
    scale_percent(&scale, 3, 6);
    assert_true(scale.max == 100);
    assert_string_equal(texts(&scale), "0 20 40 60 80 100");
    scale_percent(&scale, 230, 5);
    assert_true(scale.max == 230);
    assert_string_equal(texts(&scale), "0 50 100 150 200");
}

static void time_ticks_are_round(void **state)
{
    static const struct {
        double to_s;
        const char *texts, *caption;
    } rows[] = {
        {0.5, "0 0.1 0.2 0.3 0.4 0.5", "elapsed time [s]"},
        {10, "0 2 4 6 8 10", "elapsed time [s]"},
        {100, "0 0:15 0:30 0:45 1:00 1:15 1:30", "elapsed time [min:s]"},
        {600, "0 2:00 4:00 6:00 8:00 10:00", "elapsed time [min:s]"},
        {3599, "0 0:10 0:20 0:30 0:40 0:50", "elapsed time [h:min]"},
        {7200, "0 0:15 0:30 0:45 1:00 1:15 1:30 1:45 2:00", "elapsed time [h:min]"},
        {7800, "0 0:20 0:40 1:00 1:20 1:40 2:00", "elapsed time [h:min]"},
        {129600, "0 6:00 12:00 18:00 24:00 30:00 36:00", "elapsed time [h:min]"},
        {345600, "0 0d 12:00 1d 0:00 1d 12:00 2d 0:00 2d 12:00 3d 0:00 3d 12:00 4d 0:00", "elapsed time [days h:min]"},
        {2.6e6, "0 7 d 14 d 21 d 28 d", "elapsed time [days]"},
    };
    struct scale scale;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        scale_time(&scale, 0, rows[i].to_s, 8);
        assert_string_equal(texts(&scale), rows[i].texts);
        assert_string_equal(scale.caption, rows[i].caption);
    }
    scale_time(&scale, 5, 5, 8); /* one sample */
    assert_true(scale.max == 6);
    scale_time(&scale, 3600, 7200, 6);
    assert_string_equal(texts(&scale), "1:00 1:10 1:20 1:30 1:40 1:50 2:00");
}

static void clock_ticks_are_at_round_local_times(void **state)
{
    struct scale scale;
    (void)state;
    /* 2024-11-23 00:00:00 UTC, one hour ahead: time 0 is 01:00 local. */
    scale_clock(&scale, 0, 7800, 8, 1732320000, 3600);
    assert_string_equal(texts(&scale), "01:00 01:20 01:40 02:00 02:20 02:40 03:00");
    assert_true(scale.tick[0].value == 0 && scale.min == 0);
    assert_string_equal(scale.caption, "time of day, Nov 23 2024, UTC+1");
    assert_true(scale.minor_count > 10 && scale.minor[0] == 300);
    scale_clock(&scale, 0, 20 * 86400.0, 8, 1732320000, -5400);
    assert_string_equal(texts(&scale), "Nov 28 Dec  5 Dec 12");
    assert_string_equal(scale.caption, "time of day, Nov 22 2024, UTC-1:30");
    scale_clock(&scale, -7200, 7200, 5, 1732320000, 0);
    assert_string_equal(texts(&scale), "22:00 23:00 Nov 23 01:00 02:00");
}

static void deviations_have_signs(void **state)
{
    struct scale scale;
    (void)state;
    scale_deviation(&scale, 5, 6, true);
    assert_string_equal(texts(&scale), "\u22124 \u22122 0 +2 +4");
    assert_true(scale.min == -5 && scale.max == 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_ticks_are_round_in_binary_units),
        cmocka_unit_test(any_memory_axis_has_two_to_many_ticks),
        cmocka_unit_test(deviations_have_signs),
        cmocka_unit_test(percent_reaches_100_and_beyond),
        cmocka_unit_test(time_ticks_are_round),
        cmocka_unit_test(clock_ticks_are_at_round_local_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
