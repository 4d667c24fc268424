/* SPDX-License-Identifier: MIT */
/* Unit tests of seasonal: rise from period to period. */
#include <math.h>

#include "analysis/seasonal.h"
#include "unit.h"

#define VALUES 120
#define PI     3.14159265358979

/* Fills in `cycles` periods of waves of height 1 on a line that rises from 0 by `rise`. */
static void fill(double *value, double cycles, double rise)
{
    for (size_t i = 0; i < VALUES; i++) {
        double t = (double)i / VALUES;
        value[i] = rise * t + 0.5 - 0.5 * cos(2 * PI * cycles * t);
    }
}

static void waves_that_rise_are_found_with_their_slope(void **state)
{
    (void)state;
    double value[VALUES];
    struct seasonal seasonal;
    fill(value, 4.3, 0.8);
    assert_true(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
    assert_int_equal(seasonal.from, 0);
    assert_true(fabs(seasonal.slope * VALUES - 0.8) < 0.05);
    assert_false(seasonal_find(value, VALUES, 0.9, 0, &seasonal));
    for (size_t i = 40; i < 60; i++)
        value[i] = INFINITY; /* missing */
    assert_true(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
}

static void waves_that_return_are_none(void **state)
{
    (void)state;
    double value[VALUES];
    struct seasonal seasonal;
    fill(value, 4.3, 0);
    assert_false(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
    fill(value, 4.3, -0.8);
    assert_false(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
    /* The waves become higher, but their minima return. */
    for (size_t i = 0; i < VALUES; i++)
        value[i] = (0.3 + (double)i / VALUES) * (0.5 - 0.5 * cos(2 * PI * 6 * (double)i / VALUES));
    assert_false(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
}

static void steps_and_a_rise_that_stops_are_none(void **state)
{
    (void)state;
    double value[VALUES];
    struct seasonal seasonal;
    for (size_t i = 0; i < VALUES; i++)
        value[i] = (double)(i / 24);
    assert_false(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
    fill(value, 10, 0);
    for (size_t i = 0; i < VALUES; i++)
        value[i] += i < 70 ? (double)i / 50 : 1.4;
    assert_false(seasonal_find(value, VALUES, 0.2, 0, &seasonal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waves_that_rise_are_found_with_their_slope),
        cmocka_unit_test(waves_that_return_are_none),
        cmocka_unit_test(steps_and_a_rise_that_stops_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
