/* SPDX-License-Identifier: MIT */
/* Unit tests of periodic: the slope under few waves. */
#include <math.h>

#include "analysis/periodic.h"
#include "unit.h"

#define PI 3.14159265358979

enum { VALUES = 48 };

/* A rise by 20 under waves of 12: a sine, or teeth. */
static void fill(double *at, double *value, double cycles, double phase, bool has_teeth)
{
    for (size_t i = 0; i < VALUES; i++) {
        double t = (double)i / (VALUES - 1), turn = cycles * t + phase;
        at[i] = 600 + 10 * (double)i;
        value[i] = 30 + 20 * t + (has_teeth ? 12 * (turn - floor(turn)) : -6 * cos(2 * PI * turn));
    }
}

/* Returns the slope as a share of the true one, NaN if there is none. */
static double share(const double *at, const double *value)
{
    double slope = NAN;
    return periodic_slope(at, value, VALUES, &slope) ? slope * 10 * (VALUES - 1) / 20 : NAN;
}

static void the_slope_does_not_depend_on_the_phase_of_waves(void **state)
{
    (void)state;
    double at[VALUES], value[VALUES];
    for (int i = 0; i < 40; i++) {
        double cycles = 3.3 + 0.1 * i, phase = 0.17 * i;
        fill(at, value, cycles, phase, false);
        if (!(fabs(share(at, value) - 1) < 0.03))
            fail_msg("%g waves from %g: %g of the slope", cycles, phase, share(at, value));
        for (size_t k = 20; k < 26; k++)
            value[k] = INFINITY; /* a gap */
        assert_true(fabs(share(at, value) - 1) < 0.03);
        fill(at, value, cycles, phase, true);
        if (!(fabs(share(at, value) - 1) < 0.2))
            fail_msg("%g teeth from %g: %g of the slope", cycles, phase, share(at, value));
    }
}

static void values_without_waves_have_no_such_slope(void **state)
{
    (void)state;
    double at[VALUES], value[VALUES], slope;
    fill(at, value, 4, 0, false);
    assert_false(periodic_slope(at, value, 15, &slope)); /* too few */
    for (size_t i = 0; i < VALUES; i++)                  /* noise on a line */
        value[i] = 30 + (double)i + 7 * (double)(i * i * 7919 % 13);
    assert_false(periodic_slope(at, value, VALUES, &slope));
    for (size_t i = 0; i < VALUES; i++)
        at[i] = 5; /* no time passes */
    assert_false(periodic_slope(at, value, VALUES, &slope));
    for (size_t i = 0; i < VALUES; i++)
        value[i] = INFINITY;
    assert_false(periodic_slope(at, value, VALUES, &slope));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_does_not_depend_on_the_phase_of_waves),
        cmocka_unit_test(values_without_waves_have_no_such_slope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
