/* SPDX-License-Identifier: MIT */
/* Unit tests of simplify: it emits few points without losing visible ones, and the whole reduction,
 * including series, looks like drawing every sample: fewer than 1 in 1000 of the inked pixels differ
 * by more than 64 of 255, at up to 1200 columns. */
#include <cairo.h>
#include <math.h>
#include <stdlib.h>

#include "draw/simplify.h"
#include "unit.h"

/* The number of buckets per node in a plot of few nodes. */
enum { BUCKETS = 6144, HEIGHT = 500, COLUMNS_MAX = 1200 };

typedef double signal_at(size_t i, size_t count, uint32_t *random);

static uint32_t next_random(uint32_t *random)
{
    *random = *random * UINT32_C(1664525) + UINT32_C(1013904223);
    return *random >> 8;
}

/* Returns a number from 0 to 1. */
static double noise(uint32_t *random)
{
    return (double)next_random(random) / (1 << 24);
}

/* Reads its input, iterates, releases its memory. */
static double job(size_t i, size_t count, uint32_t *random)
{
    double share = (double)i / (double)count;
    double ramp = 1 / (1 + exp(-50 * (share - 0.19)));
    double end = share < 0.93 ? 1 : exp(-120 * (share - 0.93));
    return 0.06 + 0.6 * ramp * (0.88 + 0.09 * fmod(14 * share, 1)) * end + 0.004 * noise(random);
}

/* A random walk over the whole height of the plot. */
static double walk(size_t i, size_t count, uint32_t *random)
{
    double share = (double)i / (double)count;
    return 0.5 + 0.3 * sin(9 * share) + 0.08 * sin(61 * share) + 0.03 * sin(517 * share) + 0.01 * noise(random);
}

/* Idle except for rare single samples, which must be visible. */
static double spikes(size_t i, size_t count, uint32_t *random)
{
    (void)count;
    return next_random(random) % 997 == 0 ? 0.9 : i % 5000 < 2500 ? 0.1 : 0.12;
}

/* Allocates and releases memory several times per column. */
static double teeth(size_t i, size_t count, uint32_t *random)
{
    double share = (double)i / (double)count;
    return 0.3 + 0.2 * fmod((double)i, 23) / 23 * share + 0.02 * noise(random);
}

/* Rises slowly, with noise of one pixel and of 64. */
static double hiss(size_t i, size_t count, uint32_t *random)
{
    return 0.3 + 0.3 * (double)i / (double)count + 0.002 * noise(random);
}

static double roar(size_t i, size_t count, uint32_t *random)
{
    return 0.3 + 0.3 * (double)i / (double)count + 0.128 * noise(random);
}

/* Steps between levels. */
static double steps(size_t i, size_t count, uint32_t *random)
{
    (void)random;
    return 0.1 + 0.1 * (double)(i * 41 / count * 2654435761U % 8);
}

struct canvas {
    cairo_surface_t *surface;
    cairo_t *cr;
    double end_s;
    int columns;
};

static struct canvas canvas_open(int columns, double end_s)
{
    struct canvas sheet = {.columns = columns, .end_s = end_s};
    sheet.surface = cairo_image_surface_create(CAIRO_FORMAT_A8, columns, HEIGHT);
    sheet.cr = cairo_create(sheet.surface);
    cairo_set_line_width(sheet.cr, 1.7);
    cairo_set_line_join(sheet.cr, CAIRO_LINE_JOIN_ROUND);
    return sheet;
}

static void canvas_close(struct canvas *sheet)
{
    cairo_destroy(sheet->cr);
    cairo_surface_destroy(sheet->surface);
}

static void line_to(struct canvas *sheet, double time_s, double value)
{
    cairo_line_to(sheet->cr, time_s / sheet->end_s * sheet->columns, (1 - value) * HEIGHT);
}

static void point_to(void *sheet, double x_px, double y_px)
{
    cairo_line_to(((struct canvas *)sheet)->cr, x_px, y_px);
}

/* Returns how many of 1000 pixels inked in either image differ by more than 64. */
static double count_differing(struct canvas *a, struct canvas *b)
{
    const unsigned char *left = cairo_image_surface_get_data(a->surface);
    const unsigned char *right = cairo_image_surface_get_data(b->surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(a->surface);
    size_t inked = 0, differing = 0;
    for (size_t y = 0; y < HEIGHT; y++) {
        for (size_t x = 0; x < (size_t)a->columns; x++) {
            int is = right[y * stride + x], want = left[y * stride + x];
            inked += is > 0 || want > 0;
            differing += abs(is - want) > 64;
        }
    }
    assert_true(inked > 0);
    return 1000 * (double)differing / (double)inked;
}

/* Draws `count` samples of a signal both ways and compares. */
static double compare(signal_at *at, size_t count, int columns)
{
    double end_s = 2 * (double)count;
    struct canvas all = canvas_open(columns, end_s), reduced = canvas_open(columns, end_s);
    struct series series;
    uint32_t random = 5;
    series_init(&series, BUCKETS);
    for (size_t i = 0; i < count; i++) {
        double value = at(i, count, &random);
        assert_true(series_append(&series, 2 * (double)i, value));
        line_to(&all, 2 * (double)i, value);
    }
    const struct simplify_frame frame = {0, columns / end_s, HEIGHT, -HEIGHT, 1};
    simplify_trace(&series, 0, series_buckets(&series), &frame, point_to, &reduced);
    cairo_stroke(all.cr);
    cairo_stroke(reduced.cr);
    cairo_surface_flush(all.surface);
    cairo_surface_flush(reduced.surface);
    double differing = count_differing(&all, &reduced);
    series_free(&series);
    canvas_close(&all);
    canvas_close(&reduced);
    return differing;
}

/* Returns the points of a range of buckets. */
struct points {
    double x[64], y[64];
    size_t count;
};

static void keep(void *user, double x_px, double y_px)
{
    struct points *points = user;
    assert_true(points->count < COUNT(points->x));
    points->x[points->count] = x_px;
    points->y[points->count++] = y_px;
}

static void count_point(void *user, double x_px, double y_px)
{
    (void)x_px;
    (void)y_px;
    ++*(size_t *)user;
}

/* Returns the points of samples at times 0, 1, 2 ... drawn at px_per_s, y = value. */
static struct points trace(const double *value, size_t count, double px_per_s)
{
    struct points points = {.count = 0};
    struct series series;
    const struct simplify_frame frame = {0, px_per_s, 0, 1, 1};
    series_init(&series, 1000);
    for (size_t i = 0; i < count; i++)
        assert_true(series_append(&series, (double)i, value[i]));
    simplify_trace(&series, 0, series_buckets(&series), &frame, keep, &points);
    series_free(&series);
    return points;
}

static void assert_point(const struct points *points, size_t i, double x, double y)
{
    assert_true(i < points->count);
    assert_true(fabs(points->x[i] - x) < 1e-9 && fabs(points->y[i] - y) < 1e-9);
}

static void a_straight_line_is_two_points(void **state)
{
    static const double slope[] = {1, 2, 3, 4, 5, 6, 7, 8}, level[] = {5, 5, 5, 5};
    (void)state;
    struct points points = trace(slope, COUNT(slope), 10);
    assert_int_equal(points.count, 2);
    assert_point(&points, 0, 0, 1);
    assert_point(&points, 1, 70, 8);
    points = trace(level, COUNT(level), 10);
    assert_int_equal(points.count, 2);
    assert_point(&points, 1, 30, 5);
    points = trace(level, 1, 10);
    assert_int_equal(points.count, 1);
}

static void corners_are_kept(void **state)
{
    static const double value[] = {0, 0, 0, 50, 50, 50, 20, 20};
    static const double corner[][2] = {{0, 0}, {20, 0}, {30, 50}, {50, 50}, {60, 20}, {70, 20}};
    (void)state;
    struct points points = trace(value, COUNT(value), 10);
    assert_int_equal(points.count, COUNT(corner));
    for (size_t i = 0; i < COUNT(corner); i++)
        assert_point(&points, i, corner[i][0], corner[i][1]);
}

/* Up and down within a hundredth of a pixel: the line covers itself on the way back. */
static void a_spike_keeps_its_height(void **state)
{
    static const double value[] = {0, 0, 300, 150, 0, 0};
    double highest = 0;
    (void)state;
    struct points points = trace(value, COUNT(value), 0.005);
    for (size_t i = 0; i < points.count; i++)
        highest = fmax(highest, points.y[i]);
    assert_true(highest == 300);
    assert_point(&points, points.count - 1, 0.025, 0);
}

static void points_grow_with_pixels_not_with_samples(void **state)
{
    (void)state;
    for (size_t samples = 10000; samples <= 160000; samples *= 4) {
        struct series series;
        size_t count = 0, sharper = 0;
        uint32_t random = 5;
        series_init(&series, BUCKETS);
        for (size_t i = 0; i < samples; i++)
            assert_true(series_append(&series, (double)i, noise(&random)));
        struct simplify_frame frame = {0, 300 / (double)samples, 0, 300, 1};
        const size_t buckets = series_buckets(&series);
        simplify_trace(&series, 0, buckets, &frame, count_point, &count);
        assert_in_range(count, 300, 7 * 300);
        frame.pixel_px = 0.5;
        simplify_trace(&series, 0, buckets, &frame, count_point, &sharper);
        assert_true(sharper > count + count / 2);
        series_free(&series);
    }
}

static void no_bucket_gives_no_point(void **state)
{
    const struct simplify_frame frame = {0, 1, 0, 1, 1};
    size_t count = 0;
    (void)state;
    simplify_trace(NULL, 0, 0, &frame, count_point, &count);
    assert_int_equal(count, 0);
}

static void reduced_lines_look_like_all_samples(void **state)
{
    static const struct {
        const char *name;
        signal_at *at;
    } signal[] = {{"job", job},     {"walk", walk}, {"spikes", spikes}, {"teeth", teeth},
                  {"steps", steps}, {"hiss", hiss}, {"roar", roar}};
    /* Right after the first merge and the third, where there are fewest buckets, and before one.
     */
    static const size_t counts[] = {6145, 20000, 24577};
    (void)state;
    for (size_t i = 0; i < COUNT(signal); i++) {
        double worst = 0;
        for (size_t k = 0; k < (unit_is_brief() ? 1 : COUNT(counts)); k++)
            worst = fmax(worst, compare(signal[i].at, counts[k], COLUMNS_MAX));
        print_message("  %-6s %.2f of 1000 inked pixels\n", signal[i].name, worst);
        assert_true(worst < 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_straight_line_is_two_points), cmocka_unit_test(corners_are_kept),
        cmocka_unit_test(a_spike_keeps_its_height),      cmocka_unit_test(points_grow_with_pixels_not_with_samples),
        cmocka_unit_test(no_bucket_gives_no_point),      cmocka_unit_test(reduced_lines_look_like_all_samples),
    };
    return cmocka_run_group_tests_name("polyline", tests, NULL, NULL);
}
