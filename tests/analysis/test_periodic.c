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

/* Returns the slope as a share of the true one, NaN if waves do not explain what a line leaves. */
static double share(const double *at, const double *value)
{
    struct periodic periodic;
    return periodic_fit(at, value, VALUES, 1.5, &periodic) && periodic.explained > 0.7
               ? periodic.slope * 10 * (VALUES - 1) / 20
               : NAN;
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

static void values_without_waves_are_not_explained(void **state)
{
    (void)state;
    double at[VALUES], value[VALUES];
    struct periodic periodic;
    fill(at, value, 4, 0, false);
    assert_false(periodic_fit(at, value, 15, 1.5, &periodic)); /* too few values */
    assert_false(periodic_fit(at, value, VALUES, 13, &periodic));
    for (size_t i = 0; i < VALUES; i++) /* noise on a line */
        value[i] = 30 + (double)i + 7 * (double)(i * i * 7919 % 13);
    assert_true(isnan(share(at, value)));
    for (size_t i = 0; i < VALUES; i++)
        at[i] = 5; /* no time passes */
    assert_false(periodic_fit(at, value, VALUES, 1.5, &periodic));
    for (size_t i = 0; i < VALUES; i++)
        value[i] = INFINITY;
    assert_false(periodic_fit(at, value, VALUES, 1.5, &periodic));
}

static void steps_and_gaps_are_measured(void **state)
{
    (void)state;
    double at[VALUES], value[VALUES];
    struct periodic periodic;
    fill(at, value, 4, 0.3, true);
    assert_true(periodic_fit(at, value, VALUES, 3.1, &periodic));
    assert_true(periodic.smoothness > 0.5 && periodic.error < 0.1 * periodic.rise);
    assert_true(fabs(periodic.longest_gap - 4.0 / (VALUES - 1)) < 0.01);
    for (size_t k = 20; k < 31; k++)
        value[k] = INFINITY;
    assert_true(periodic_fit(at, value, VALUES, 3.1, &periodic));
    assert_true(fabs(periodic.longest_gap - 1) < 0.1); /* 12 of 47 steps of a fourth of the run */
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 30 + 5 * floor((double)i / 10) + 0.01 * (double)(i * 7 % 3);
    assert_true(periodic_fit(at, value, VALUES, 3.1, &periodic));
    assert_true(periodic.smoothness < 0.2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slope_does_not_depend_on_the_phase_of_waves),
        cmocka_unit_test(values_without_waves_are_not_explained),
        cmocka_unit_test(steps_and_gaps_are_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
