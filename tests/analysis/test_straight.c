/* SPDX-License-Identifier: MIT */
/* Unit tests of straight: detection of a rising line. */
#include <math.h>

#include "analysis/straight.h"
#include "unit.h"

enum { VALUES = 36, HALF = VALUES / 2 };

/* Returns noise from -1 to 1, the same in each run. */
static double noise(size_t i)
{
    return sin((double)i * 12.9898) * cos((double)i * 78.233);
}

static bool finds(const double *value, double noise_level, double *slope)
{
    struct straight straight = {.slope = 0};
    bool found = straight_find(value, VALUES, HALF, 10, noise_level, &straight);
    *slope = straight.slope;
    return found;
}

static void steady_growth_is_found_under_noise_and_spikes(void **state)
{
    (void)state;
    static const size_t spikes[] = {1, 4, 5, 9, 12, 16, 20, 21, 27, 30, 33};
    double value[VALUES], slope;
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 20 + (double)i;
    assert_true(finds(value, 0, &slope));
    assert_true(fabs(slope - 1) < 1e-9);
    for (size_t i = 0; i < VALUES; i++)
        value[i] += noise(i);
    for (size_t i = 0; i < sizeof spikes / sizeof spikes[0]; i++)
        value[spikes[i]] += 40;
    assert_true(finds(value, 0.5, &slope));
    assert_true(fabs(slope - 1) < 0.1);
    for (size_t i = 14; i < 20; i++)
        value[i] = INFINITY; /* missing */
    assert_true(finds(value, 0.5, &slope));
    for (size_t i = 0; i < 12; i++)
        value[i] = 32; /* the line may start later */
    assert_true(finds(value, 0.5, &slope));
}

static void steps_and_returns_are_not_steady_growth(void **state)
{
    (void)state;
    double value[VALUES], slope;
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 20 + (double)(i < 26 ? i : 26) + 0.2 * noise(i);
    assert_false(finds(value, 0.1, &slope));
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 20 + 6 * (double)(i / 6);
    assert_false(finds(value, 0, &slope));
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 20 + (double)i - (i % 12 == 7 ? 25 : 0); /* the envelope is below */
    assert_false(finds(value, 0, &slope));
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 50 + 8 * noise(i);
    assert_false(finds(value, 4, &slope));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_growth_is_found_under_noise_and_spikes),
        cmocka_unit_test(steps_and_returns_are_not_steady_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
