/* SPDX-License-Identifier: MIT */
/* theme: what must hold of colours that show values. */
#include <math.h>

#include "figure/theme.h"
#include "unit.h"

/* Lightness as print in grey shows it (ITU-R BT.601), 0 to 255. */
static double grey(struct colour colour)
{
    return 255 * (0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue);
}

static void values_get_lighter_all_the_way(void **state)
{
    (void)state;
    for (int i = 1; i <= 240; i++)
        assert_true(grey(theme_heat(i / 240.0)) > grey(theme_heat((i - 1) / 240.0)));
    /* Evenly: no eighth of the scale has more than a quarter of the lightness. */
    for (int i = 0; i < 8; i++)
        assert_true(grey(theme_heat((i + 1) / 8.0)) - grey(theme_heat(i / 8.0)) <
                    0.25 * (grey(theme_heat(1)) - grey(theme_heat(0))));
}

static void deviations_get_darker_on_both_sides(void **state)
{
    (void)state;
    for (int i = 1; i <= 120; i++) {
        assert_true(grey(theme_deviation(i / 120.0)) < grey(theme_deviation((i - 1) / 120.0)));
        assert_true(grey(theme_deviation(-i / 120.0)) < grey(theme_deviation(-(i - 1) / 120.0)));
    }
    assert_true(theme_deviation(1).red > theme_deviation(1).blue);
    assert_true(theme_deviation(-1).blue > theme_deviation(-1).red);
}

static void missing_data_differ_from_every_value_in_grey(void **state)
{
    (void)state;
    for (int name = THEME_LIGHT; name <= THEME_DARK; name++) {
        double missing = grey(theme_find((enum theme_name)name)->missing);
        for (int i = -120; i <= 120; i++) {
            assert_true(fabs(grey(theme_heat(i / 120.0)) - missing) > 15);
            assert_true(fabs(grey(theme_deviation(i / 120.0)) - missing) > 15);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_get_lighter_all_the_way),
        cmocka_unit_test(deviations_get_darker_on_both_sides),
        cmocka_unit_test(missing_data_differ_from_every_value_in_grey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
