/* SPDX-License-Identifier: MIT */
/* Unit tests of draw: properties that only pixels show, such as the direction of colour bars and dashed lines. */
#include <cairo.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "draw/picture.h"
#include "made_node.h"
#include "unit.h"

#define GIB    (1024.0 * 1024 * 1024)
#define WIDTH  1000
#define HEIGHT 600

static void add_node(struct trace *trace, int number, double total_gib)
{
    struct node node;
    made_node_init(&node, 2, 256, "n%d", number);
    for (int i = 0; i < 100; i++)
        made_node_append(&node, 2 * i, (1 + number) * GIB * i / 100, total_gib * GIB);
    assert_true(trace_add(trace, &node, NULL));
}

/* A picture of `nodes` nodes whose totals are 32 GiB and `total_step_gib` more for each; the caller destroys the image.
 */
static cairo_surface_t *paint(int nodes, enum view view, bool draw_total, double total_step_gib, struct layout *layout)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct error error = {0};
    struct font *font = font_open(&error);
    const struct layout_request request = {
        .width_px = WIDTH,
        .height_px = HEIGHT,
        .title = "title",
        .unit = "GiB",
        .unit_size = GIB,
        .draw_total = draw_total,
        .limit = NAN,
        .heat = HEAT_VALUE,
        .clock_epoch_s = NAN,
        .measure = font_text_width,
        .measure_user = font,
    };
    struct picture picture;
    assert_non_null(font);
    for (int i = 0; i < nodes; i++)
        add_node(&trace, i, 32 + i * total_step_gib);
    trace_finish(&trace);
    assert_true(picture_open(&picture, &request, &trace, view, theme_find(THEME_LIGHT), font, &error));
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(image);
    picture_draw(&picture, cr);
    cairo_destroy(cr);
    cairo_surface_flush(image);
    *layout = picture.layout;
    picture_close(&picture);
    trace_free(&trace);
    font_close(font);
    return image;
}

static uint32_t pixel(cairo_surface_t *image, double x, double y)
{
    const unsigned char *row = cairo_image_surface_get_data(image) + (int)y * cairo_image_surface_get_stride(image);
    uint32_t value;
    memcpy(&value, row + 4 * (int)x, sizeof value);
    return value & 0xffffff;
}

/* Returns the maximum difference of a channel between the colour of a pixel and another colour. */
static int difference(uint32_t pixel, struct colour colour)
{
    int red = abs((int)(pixel >> 16) - (int)(255 * colour.red)),
        blue = abs((int)(pixel & 255) - (int)(255 * colour.blue));
    int green = abs((int)(pixel >> 8 & 255) - (int)(255 * colour.green));
    return red > green ? red > blue ? red : blue : green > blue ? green : blue;
}

static void the_colours_of_high_values_are_on_top(void **state)
{
    struct layout layout;
    (void)state;
    cairo_surface_t *image = paint(40, VIEW_OVERVIEW, false, 0, &layout);
    double x = layout.bar.x + layout.bar.width / 2, bottom = layout.bar.y + layout.bar.height;
    assert_true(layout.bar.height > 50);
    assert_in_range(difference(pixel(image, x, layout.bar.y + 1), theme_heat(1)), 0, 12);
    assert_in_range(difference(pixel(image, x, bottom - 2), theme_heat(0)), 0, 12);
    /* In the heatmap, the highest node is the first row, and all nodes grow. */
    double right = layout.heat.x + layout.heat.width - 2;
    assert_in_range(difference(pixel(image, right, layout.heat.y + 1), theme_heat(1)), 0, 30);
    assert_in_range(difference(pixel(image, layout.heat.x + 1, layout.heat.y + 1), theme_heat(0)), 0, 30);
    cairo_surface_destroy(image);
}

/* Returns how often the colour changes along a row of the plot's pixels. */
static int changes(cairo_surface_t *image, const struct rect *plot, double y)
{
    int count = 0;
    for (double x = plot->x + 2; x + 1 < plot->x + plot->width / 2; x++)
        count += pixel(image, x, y) != pixel(image, x + 1, y);
    return count;
}

static void total_memory_is_dashed(void **state)
{
    static const struct {
        int nodes;
        enum view view;
        double total_step_gib;
    } rows[] = {{2, VIEW_LINES, 0}, {40, VIEW_OVERVIEW, 0}, {6, VIEW_LINES, 4}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct layout layout;
        cairo_surface_t *image = paint(rows[i].nodes, rows[i].view, true, rows[i].total_step_gib, &layout);
        int most = 0;
        double y = layout.plot.y + layout.plot.height * (1 - 32 / layout.value.max);
        for (int off = -2; off <= 2; off++) {
            int count = changes(image, &layout.plot, y + off);
            most = count > most ? count : most;
        }
        assert_true(most >= 20);
        cairo_surface_destroy(image);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_colours_of_high_values_are_on_top),
        cmocka_unit_test(total_memory_is_dashed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
