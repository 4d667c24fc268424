/* SPDX-License-Identifier: MIT */
/* Unit tests of theme: properties of colours that represent values. */
#include <math.h>

#include "figure/theme.h"
#include "unit.h"

/* Returns the lightness in a greyscale print (ITU-R BT.601), 0 to 255. */
static double grey(struct colour colour)
{
    return 255 * (0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue);
}

static void values_get_lighter_all_the_way(void **state)
{
    (void)state;
    for (int i = 1; i <= 240; i++)
        assert_true(grey(theme_heat(i / 240.0)) > grey(theme_heat((i - 1) / 240.0)));
    /* Lightness changes evenly: no eighth of the scale has more than a quarter of its range. */
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
    /* In grey, the farthest above are darker than all below. */
    assert_true(grey(theme_deviation(1)) + 40 < grey(theme_deviation(-1)));
    assert_true(grey(theme_deviation(0.75)) < grey(theme_deviation(-1)));
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

static double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

/* Relative luminance (WCAG 2.1). */
static double luminance(struct colour colour)
{
    return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

/* Returns the Lab coordinates of a colour as seen with deuteranopia (G. Machado et al., 2009). */
static void deuteranope_lab(struct colour colour, double lab[3])
{
    static const double m[3][3] = {
        {0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}};
    static const double xyz[3][3] = {{0.4124, 0.3576, 0.1805}, {0.2126, 0.7152, 0.0722}, {0.0193, 0.1192, 0.9505}};
    static const double white[3] = {0.9505, 1, 1.089};
    const double in[3] = {linear(colour.red), linear(colour.green), linear(colour.blue)};
    double seen[3], f[3];
    for (int i = 0; i < 3; i++)
        seen[i] = fmin(fmax(m[i][0] * in[0] + m[i][1] * in[1] + m[i][2] * in[2], 0), 1);
    for (int i = 0; i < 3; i++) {
        double t = (xyz[i][0] * seen[0] + xyz[i][1] * seen[1] + xyz[i][2] * seen[2]) / white[i];
        f[i] = t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
    }
    lab[0] = 116 * f[1] - 16;
    lab[1] = 500 * (f[0] - f[1]);
    lab[2] = 200 * (f[1] - f[2]);
}

static void colours_of_nodes_are_readable_and_differ(void **state)
{
    (void)state;
    for (int name = THEME_LIGHT; name <= THEME_DARK; name++) {
        const struct theme *theme = theme_find((enum theme_name)name);
        double ground = luminance(theme->background);
        for (size_t i = 0; i < THEME_NODE_COLOURS; i++) {
            double ink = luminance(theme->node[i]), a[3], b[3];
            assert_true((fmax(ink, ground) + 0.05) / (fmin(ink, ground) + 0.05) >= 4.5);
            deuteranope_lab(theme->node[i], a);
            for (size_t k = 0; k < i; k++) {
                deuteranope_lab(theme->node[k], b);
                assert_true(sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2)) > 10);
            }
        }
    }
}

static double distance(struct colour a, struct colour b)
{
    return sqrt(pow(a.red - b.red, 2) + pow(a.green - b.green, 2) + pow(a.blue - b.blue, 2));
}

/* Lighter colours are near the background of their theme, but distinguishable from it. */
static void pale_colours_approach_the_background(void **state)
{
    (void)state;
    for (int name = THEME_LIGHT; name <= THEME_DARK; name++) {
        const struct theme *theme = theme_find((enum theme_name)name);
        for (size_t i = 0; i < THEME_NODE_COLOURS; i++) {
            double whole = distance(theme->node[i], theme->background);
            double pale = distance(theme_pale(theme, theme->node[i]), theme->background) / whole;
            double shade = distance(theme_shade(theme, theme->node[i]), theme->background) / whole;
            assert_true(pale > 0.25 && pale < 0.5);
            assert_true(shade > 0.04 && shade < 0.15);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_of_nodes_are_readable_and_differ),
        cmocka_unit_test(pale_colours_approach_the_background),
        cmocka_unit_test(values_get_lighter_all_the_way),
        cmocka_unit_test(deviations_get_darker_on_both_sides),
        cmocka_unit_test(missing_data_differ_from_every_value_in_grey),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
