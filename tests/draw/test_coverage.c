/* SPDX-License-Identifier: MIT */
/* Unit tests of coverage: the pixels that lines cover, computed by hand and compared with Cairo's strokes. */
#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/coverage.h"
#include "unit.h"

enum { COLUMNS = 300, ROWS = 200 };

/* One column per second, one pixel per unit, value 0 at the lower edge. */
static const struct coverage_frame usual = {0, COLUMNS, ROWS, -1};

static int at(const struct coverage *mask, size_t column, size_t row)
{
    return mask->coverage[column * mask->rows + row];
}

static void a_flat_line_covers_its_rows(void **state)
{
    struct coverage mask;
    struct series series;
    (void)state;
    series_init(&series, 64);
    series_append(&series, 10, 50.5);
    series_append(&series, 19.5, 50.5);
    assert_true(coverage_init(&mask, COLUMNS, ROWS, 2));
    coverage_add(&mask, &series, &usual);
    /* y from 148.5 to 150.5 in the columns from 10 to 19, plus one pixel of the pen on each side */
    assert_int_equal(at(&mask, 15, 147), 0);
    assert_in_range(at(&mask, 15, 148), 127, 128);
    assert_int_equal(at(&mask, 15, 149), 255);
    assert_in_range(at(&mask, 15, 150), 127, 128);
    assert_int_equal(at(&mask, 15, 151), 0);
    assert_in_range(at(&mask, 9, 149), 100, 254);
    assert_int_equal(at(&mask, 8, 149), 0);
    assert_int_equal(at(&mask, 21, 149), 0);
    coverage_add(&mask, &series, &usual);
    assert_in_range(at(&mask, 15, 148), 190, 192); /* half of the free part */
    coverage_free(&mask);
    series_free(&series);
}

static void gaps_stay_empty_and_lines_are_clipped(void **state)
{
    struct coverage mask;
    struct series series;
    (void)state;
    series_init(&series, 64);
    series_append(&series, -50, 1000);
    series_append(&series, 50.5, 1000);
    series_append(&series, 50.6, -1000);
    series_break(&series);
    series_append(&series, 100.5, -1000);
    series_append(&series, 400, -1000);
    assert_true(coverage_init(&mask, COLUMNS, ROWS, 1));
    coverage_add(&mask, &series, &usual);
    for (size_t column = 0; column < COLUMNS; column++)
        for (size_t row = 0; row < ROWS; row++)
            assert_in_range(at(&mask, column, row), column == 50 ? 190 : 0,
                            column == 50                   ? 255
                            : column == 49 || column == 51 ? 65
                                                           : 0);
    coverage_free(&mask);
    series_free(&series);
}

/* Strokes a line like draw_lines. */
static cairo_surface_t *stroke(const double *value, size_t count, double step_s, double width_px)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, COLUMNS, ROWS);
    cairo_t *cr = cairo_create(surface);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, width_px);
    for (size_t i = 0; i < count; i++)
        cairo_line_to(cr, (double)i * step_s, ROWS - value[i]);
    cairo_stroke(cr);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}

/* A sawtooth with noise, from ten samples per column to one in ten columns: at most one in a thousand
 * inked pixels is off by more than 64 of 255. */
static void masks_look_like_strokes_of_cairo(void **state)
{
    static double value[COLUMNS * 10 + 1];
    static unsigned char pixels[ROWS][COLUMNS];
    (void)state;
    for (double step_s = 0.1; step_s < 11; step_s *= 10) {
        struct coverage mask;
        struct series series;
        size_t count = (size_t)(COLUMNS / step_s) + 1;
        uint32_t random = 7;
        series_init(&series, 8192);
        for (size_t i = 0; i < count; i++) {
            double share = fmod((double)i * step_s / 77, 1);
            random = random * UINT32_C(1664525) + UINT32_C(1013904223);
            value[i] = 60 + 80 * share + 2 * (double)(random >> 8) / (1 << 24);
            assert_true(series_append(&series, (double)i * step_s, value[i]));
        }
        assert_true(coverage_init(&mask, COLUMNS, ROWS, 1));
        coverage_add(&mask, &series, &usual);
        coverage_copy(&mask, pixels[0], COLUMNS);
        cairo_surface_t *stroked = stroke(value, count, step_s, 1);
        size_t inked = 0, off = 0;
        for (size_t row = 0; row < ROWS; row++) {
            const unsigned char *want =
                cairo_image_surface_get_data(stroked) + row * (size_t)cairo_image_surface_get_stride(stroked);
            for (size_t column = 1; column + 1 < COLUMNS; column++) {
                inked += want[column] > 0 || pixels[row][column] > 0;
                off += abs(want[column] - pixels[row][column]) > 64;
            }
        }
        assert_true(inked > 1000 && off * 1000 <= inked);
        cairo_surface_destroy(stroked);
        coverage_free(&mask);
        series_free(&series);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flat_line_covers_its_rows),
        cmocka_unit_test(gaps_stay_empty_and_lines_are_clipped),
        cmocka_unit_test(masks_look_like_strokes_of_cairo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
