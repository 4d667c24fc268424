/* SPDX-License-Identifier: MIT */
/* draw_overview: owns how bands and heatmap are painted. Knows no path, format or option. */
#include <math.h>
#include <stdint.h>

#include "draw/draw.h"

/* More shades could hardly be told apart, and would not leave a palette of 256 colours room for the rest of the
 * picture. */
#define HEAT_LEVELS 121

static uint32_t pixel(struct colour colour)
{
    uint32_t red = (uint32_t)(colour.red * 255 + 0.5), green = (uint32_t)(colour.green * 255 + 0.5);
    return red << 16 | green << 8 | (uint32_t)(colour.blue * 255 + 0.5);
}

/* Paints an image over a rectangle, its pixels as they are, however large they become. */
static void paint_image(cairo_t *cr, cairo_surface_t *image, const struct rect *rect)
{
    double columns = cairo_image_surface_get_width(image), rows = cairo_image_surface_get_height(image);
    cairo_surface_mark_dirty(image);
    cairo_save(cr);
    cairo_rectangle(cr, rect->x, rect->y, rect->width, rect->height);
    cairo_clip(cr);
    cairo_translate(cr, rect->x, rect->y);
    cairo_scale(cr, rect->width / columns, rect->height / rows);
    cairo_set_source_surface(cr, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(image);
}

/* The pixels of a row of an image surface. */
static uint32_t *image_row(cairo_surface_t *image, size_t row)
{
    unsigned char *data = cairo_image_surface_get_data(image);
    return (uint32_t *)(void *)(data + row * (size_t)cairo_image_surface_get_stride(image));
}

static void draw_heat(cairo_t *cr, const struct layout *layout, const struct resampled *heat, const struct theme *theme)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)heat->columns, (int)heat->rows);
    if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(image);
        return;
    }
    double top = layout->heat_value.max * layout->unit_size;
    uint32_t colour[HEAT_LEVELS], missing = pixel(theme->missing);
    for (size_t i = 0; i < HEAT_LEVELS; i++)
        colour[i] = pixel(theme_heat((double)i / (HEAT_LEVELS - 1)));
    for (size_t row = 0; row < heat->rows; row++) {
        uint32_t *out = image_row(image, row);
        for (size_t column = 0; column < heat->columns; column++) {
            double share = (double)heat->value[row * heat->columns + column] / top;
            out[column] = isnan(share) ? missing : colour[(size_t)(fmin(fmax(share, 0), 1) * (HEAT_LEVELS - 1) + 0.5)];
        }
    }
    paint_image(cr, image, &layout->heat);
}

static void draw_bar(cairo_t *cr, const struct layout *layout)
{
    const size_t steps = HEAT_LEVELS;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1, (int)steps);
    if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(image);
        return;
    }
    for (size_t i = 0; i < steps; i++)
        *image_row(image, i) = pixel(theme_heat(1 - (double)i / (double)(steps - 1)));
    paint_image(cr, image, &layout->bar);
}

/* The middle of a column. */
static double column_x(const struct layout *layout, const struct resampled *heat, size_t column)
{
    return layout->plot.x + layout->plot.width * ((double)column + 0.5) / (double)heat->columns;
}

/* Adds the area between two of a band's values, over columns from `from` up to `to`, to the path. */
static void add_area(cairo_t *cr, const struct layout *layout, const struct resampled *heat, size_t from, size_t to,
                     bool inner)
{
    for (size_t column = from; column < to; column++) {
        const struct resample_band *band = &heat->band[column];
        cairo_line_to(cr, column_x(layout, heat, column), layout_y(layout, (double)(inner ? band->high : band->max)));
    }
    for (size_t column = to; column-- > from;) {
        const struct resample_band *band = &heat->band[column];
        cairo_line_to(cr, column_x(layout, heat, column), layout_y(layout, (double)(inner ? band->low : band->min)));
    }
    cairo_close_path(cr);
}

/* Draws the bands over a stretch of columns that all have data. */
static void draw_stretch(cairo_t *cr, const struct layout *layout, const struct resampled *heat, size_t from, size_t to,
                         const struct theme *theme)
{
    for (int inner = 0; inner <= 1; inner++) {
        const struct colour *colour = inner ? &theme->band_strong : &theme->band_pale;
        cairo_new_path(cr);
        add_area(cr, layout, heat, from, to, inner != 0);
        cairo_set_source_rgb(cr, colour->red, colour->green, colour->blue);
        cairo_fill(cr);
    }
    cairo_new_path(cr);
    for (size_t column = from; column < to; column++)
        cairo_line_to(cr, column_x(layout, heat, column), layout_y(layout, (double)heat->band[column].median));
    cairo_set_source_rgb(cr, theme->median.red, theme->median.green, theme->median.blue);
    cairo_set_line_width(cr, 1.5);
    cairo_stroke(cr);
}

static void draw_bands(cairo_t *cr, const struct layout *layout, const struct resampled *heat,
                       const struct theme *theme)
{
    for (size_t from = 0; from < heat->columns;) {
        size_t to = from;
        while (to < heat->columns && heat->band[to].nodes > 0)
            to++;
        if (to > from)
            draw_stretch(cr, layout, heat, from, to, theme);
        from = to + 1;
    }
}

/* The highest and the median of another run, dashed. */
static void draw_against(cairo_t *cr, const struct layout *layout, const struct resampled *against,
                         const struct theme *theme)
{
    static const double dashes[] = {4, 3};
    cairo_set_source_rgb(cr, theme->median.red, theme->median.green, theme->median.blue);
    cairo_set_line_width(cr, 1.2);
    cairo_set_dash(cr, dashes, 2, 0);
    for (int highest = 0; highest <= 1; highest++) {
        cairo_new_path(cr);
        for (size_t column = 0; column < against->columns; column++) {
            const struct resample_band *band = &against->band[column];
            if (band->nodes == 0)
                cairo_new_sub_path(cr);
            else
                cairo_line_to(cr, column_x(layout, against, column),
                              layout_y(layout, (double)(highest ? band->max : band->median)));
        }
        cairo_stroke(cr);
    }
    cairo_set_dash(cr, NULL, 0, 0);
}

void draw_overview(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct resampled *heat,
                   const struct resampled *against, const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_clip(cr, layout);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_BEVEL);
    draw_bands(cr, layout, heat, theme);
    if (against != NULL)
        draw_against(cr, layout, against, theme);
    cairo_restore(cr);
    draw_under(cr, layout, theme); /* the grid lies over the bands, or they would hide it */
    draw_clip(cr, layout);
    for (size_t i = layout->named_count; i-- > 0;)
        draw_line(cr, layout, &trace->node[layout->named[i].node], TRACE_MAIN, theme_node(theme, i), 1.3);
    cairo_restore(cr);
    draw_heat(cr, layout, heat, theme);
    draw_bar(cr, layout);
    draw_over(cr, layout, theme, font);
}
