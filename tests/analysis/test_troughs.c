/* SPDX-License-Identifier: MIT */
/* Unit tests of troughs: the minima of few waves. */
#include <math.h>

#include "analysis/troughs.h"
#include "unit.h"

#define PI 3.14159265358979

enum { VALUES = 40, HALF = VALUES / 2 };

static void fill(double *value, double cycles, double rise)
{
    for (size_t i = 0; i < VALUES; i++) {
        double t = (double)i / VALUES;
        value[i] = 30 + rise * t - 10 * cos(2 * PI * (cycles * t + 0.3));
    }
}

static bool finds(const double *value)
{
    struct troughs troughs;
    return troughs_find(value, VALUES, HALF, 10, 0.1, &troughs);
}

static void rising_minima_of_few_waves_are_found(void **state)
{
    (void)state;
    double value[VALUES];
    struct troughs troughs;
    fill(value, 4.5, 40);
    assert_true(troughs_find(value, VALUES, HALF, 10, 0.1, &troughs));
    assert_true(fabs(troughs.slope * VALUES - 40) < 4);
    assert_false(troughs_return(value, VALUES, 40.0 / VALUES, 0.1));
    for (size_t i = 0; i < VALUES; i++)
        value[i] = 20 + (double)i + 3 * (double)(i % 7); /* teeth */
    assert_true(finds(value));
}

static void returning_minima_are_none(void **state)
{
    (void)state;
    double value[VALUES];
    fill(value, 4.5, 0);
    assert_false(finds(value));
    fill(value, 3.2, 0);
    assert_true(troughs_return(value, VALUES, 20.0 / VALUES, 0.1));
    fill(value, 4.5, -40);
    assert_false(finds(value));
    fill(value, 2, 40); /* two minima prove nothing */
    assert_false(finds(value));
    fill(value, 4.5, 40);
    for (size_t i = 26; i < VALUES; i++)
        value[i] = 50 + 10 * sin((double)i); /* the rise stops */
    assert_false(finds(value));
    for (size_t i = 0; i < VALUES; i++) /* spikes on top of a rise that stops */
        value[i] = (i < 18 ? 20 + 2 * (double)i : 56) + (i == 4 || i == 9 || i == 15 || i == 20 ? 15 : 0);
    assert_false(finds(value));
    fill(value, 4.5, 40);
    for (size_t i = 0; i < VALUES; i++) /* values next to gaps are not minima */
        value[i] = i % 9 < 5 ? value[i] : INFINITY;
    assert_false(finds(value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rising_minima_of_few_waves_are_found),
        cmocka_unit_test(returning_minima_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
