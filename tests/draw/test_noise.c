/* SPDX-License-Identifier: MIT */
/* noise: turns of lines, however many samples their buckets have. */
#include <math.h>

#include "draw/noise.h"
#include "unit.h"

static size_t turns_of(size_t samples, size_t buckets, double period, double height, double least)
{
    struct series series;
    series_init(&series, buckets);
    for (size_t i = 0; i < samples; i++)
        assert_true(series_append(&series, (double)i, 10 + height * fmod((double)i, period) / period));
    size_t turns = noise_turns(&series, least);
    series_free(&series);
    return turns;
}

static void teeth_turn_twice_each(void **state)
{
    (void)state;
    assert_int_equal(turns_of(1000, 4096, 50, 5, 1), 38); /* 20 teeth, the last one without a fall */
    assert_int_equal(turns_of(1000, 64, 50, 5, 1), 38);
    assert_int_equal(turns_of(1000, 4096, 50, 5, 6), 0);   /* too low */
    assert_int_equal(turns_of(1000, 4096, 2000, 5, 1), 0); /* only rising */
    assert_int_equal(turns_of(1, 4096, 2, 5, 1), 0);
    assert_int_equal(turns_of(0, 4096, 2, 5, 1), 0);
    /* Faster than the buckets: each has a turn or two. */
    assert_true(turns_of(100000, 256, 2, 5, 1) >= 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(teeth_turn_twice_each)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
