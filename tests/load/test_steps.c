/* SPDX-License-Identifier: MIT */
/* Unit tests of steps: the usual step of a log is the median of all steps, regardless of the first ones. */
#include <math.h>

#include "load/steps.h"
#include "unit.h"

static void the_median_is_exact_where_steps_are_regular(void **state)
{
    struct steps steps = {0};
    (void)state;
    assert_true(isnan(steps_median(&steps)));
    assert_true(steps_add(&steps, 1) && steps_add(&steps, 31));
    for (int i = 0; i < 40; i++)
        assert_true(steps_add(&steps, 300));
    assert_true(steps_add(&steps, 86400));
    assert_true(steps_median(&steps) == 300);
    for (int i = 0; i < 50; i++)
        assert_true(steps_add(&steps, 0.1));
    assert_true(fabs(steps_median(&steps) - 0.1) < 1e-12);
    steps_free(&steps);
}

static void the_interval_is_the_mean_if_the_clock_often_repeats(void **state)
{
    struct steps steps = {0};
    (void)state;
    for (int i = 0; i < 300; i++) /* three samples per second, with stamps in whole seconds */
        assert_true(steps_add(&steps, i % 3 == 0 ? 1 : 0));
    assert_true(fabs(steps_median(&steps) - 1.0 / 3) < 1e-12);
    steps_free(&steps);
}

/* The mean is used if at least one in five steps is 0. */
static void the_interval_is_the_median_if_the_clock_rarely_repeats(void **state)
{
    static const int zeroes[] = {1, 19, 20};
    (void)state;
    for (size_t k = 0; k < COUNT(zeroes); k++) {
        struct steps steps = {0};
        for (int i = 0; i < 100; i++)
            assert_true(steps_add(&steps, i < zeroes[k] ? 0 : 2));
        assert_true(steps_median(&steps) == (zeroes[k] < 20 ? 2 : 1.6));
        steps_free(&steps);
    }
}

static void memory_is_bounded(void **state)
{
    struct steps steps = {0};
    (void)state;
    for (int i = 1; i < 300000; i++)
        assert_true(steps_add(&steps, i * 1.37));
    assert_true(steps.count < 1500);
    assert_true(fabs(steps_median(&steps) / (150000 * 1.37) - 1) < 0.02);
    steps_free(&steps);
    assert_null(steps.bin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_is_exact_where_steps_are_regular),
        cmocka_unit_test(the_interval_is_the_mean_if_the_clock_often_repeats),
        cmocka_unit_test(the_interval_is_the_median_if_the_clock_rarely_repeats),
        cmocka_unit_test(memory_is_bounded),
    };
    return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
