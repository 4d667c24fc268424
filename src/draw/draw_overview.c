/* SPDX-License-Identifier: MIT */
/* draw_overview: paints bands and heatmap. Independent of paths, formats and options. */
#include <math.h>
#include <stdint.h>

#include "draw/draw.h"
#include "figure/overview_plan.h"

/* More shades could hardly be distinguished, and would leave too few entries in a palette of 256 colours for the rest
 * of the picture, which may contain two scales. */
#define HEAT_LEVELS      121
#define DEVIATION_LEVELS 101
#define FOCUS_LEVELS     61
#define HATCH_PX         5 /* distance between hatching lines where data are missing */

#define STRIP_LEVELS_MIN 0.25 /* of the strip's height, even if only a few nodes are recorded */

static uint32_t pixel(struct colour colour)
{
    uint32_t red = (uint32_t)(colour.red * 255 + 0.5), green = (uint32_t)(colour.green * 255 + 0.5);
    return red << 16 | green << 8 | (uint32_t)(colour.blue * 255 + 0.5);
}

/* The pixels of the shades and of missing data. */
struct shade_pixels {
    uint32_t shade[HEAT_LEVELS], missing, hatch;
    size_t count;
    bool is_deviation;
};

static void palette_init(struct shade_pixels *palette, const struct theme *theme, bool is_deviation, size_t count)
{
    *palette = (struct shade_pixels){
        .missing = pixel(theme->missing),
        .hatch = pixel(theme->missing_hatch),
        .count = count,
        .is_deviation = is_deviation,
    };
    for (size_t i = 0; i < count; i++) {
        double share = (double)i / (double)(count - 1);
        palette->shade[i] = pixel(is_deviation ? theme_deviation(2 * share - 1) : theme_heat(share));
    }
}

/* The pixel of a share of the heatmap at a position; the hatching depends on the position. */
static uint32_t palette_pixel(const struct shade_pixels *palette, double share, size_t x, size_t y)
{
    if (isnan(share))
        return (x + y) % HATCH_PX == 0 ? palette->hatch : palette->missing;
    if (palette->is_deviation)
        share = (share + 1) / 2;
    return palette->shade[(size_t)(fmin(fmax(share, 0), 1) * (double)(palette->count - 1) + 0.5)];
}

/* Paints an image over a rectangle without smoothing, however large its pixels become. */
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

/* An image of this size, NULL if out of memory. */
static cairo_surface_t *new_image(size_t columns, size_t rows)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)columns, (int)rows);
    if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS)
        return image;
    cairo_surface_destroy(image);
    return NULL;
}

typedef double heat_share(const struct heatmap *map, size_t row, size_t column);

/* Paints rows of colours. If rows are higher than a pixel, the image has that height too, as the hatching needs it. */
static void draw_rows(cairo_t *cr, const struct heatmap *map, heat_share *share, size_t rows, const struct rect *rect,
                      const struct shade_pixels *palette)
{
    size_t columns = map->all.columns, height = (size_t)fmax(rect->height, 1);
    height = height > rows ? height : rows;
    cairo_surface_t *image = rows > 0 && rect->height > 0 ? new_image(columns, height) : NULL;
    if (image == NULL)
        return;
    for (size_t y = 0; y < height; y++) {
        uint32_t *out = image_row(image, y);
        size_t row = y * rows / height;
        for (size_t column = 0; column < columns; column++)
            out[column] = palette_pixel(palette, share(map, row, column), column, y);
    }
    paint_image(cr, image, rect);
}

/* Separates rows with lines in the background colour if they are high enough. */
static void separate_rows(cairo_t *cr, const struct rect *rect, size_t rows, const struct theme *theme)
{
    cairo_set_source_rgb(cr, theme->background.red, theme->background.green, theme->background.blue);
    for (size_t i = 1; i < rows; i++)
        cairo_rectangle(cr, rect->x, rect->y + rint(rect->height * (double)i / (double)rows), rect->width, 1);
    cairo_fill(cr);
}

/* A colour bar that starts at the lower left end and runs to the right or upwards. */
static void draw_bar(cairo_t *cr, const struct rect *rect, const struct shade_pixels *palette)
{
    bool upright = rect->height > rect->width;
    size_t steps = palette->count;
    cairo_surface_t *image = rect->height > 0 ? new_image(upright ? 1 : steps, upright ? steps : 1) : NULL;
    if (image == NULL)
        return;
    for (size_t i = 0; i < steps; i++)
        *(upright ? image_row(image, steps - 1 - i) : image_row(image, 0) + i) = palette->shade[i];
    paint_image(cr, image, rect);
}

static void draw_heat(cairo_t *cr, const struct layout *layout, const struct theme *theme)
{
    const struct heatmap *map = &layout->map;
    const bool deviation = map->mode == HEAT_DEVIATION;
    struct shade_pixels all, named;
    palette_init(&all, theme, deviation, deviation ? DEVIATION_LEVELS : HEAT_LEVELS);
    palette_init(&named, theme, false, deviation ? FOCUS_LEVELS : HEAT_LEVELS);
    draw_rows(cr, map, heatmap_share, map->all.rows, &layout->heat, &all);
    draw_rows(cr, map, heatmap_focus_share, layout->focus_rows, &layout->focus, &named);
    separate_rows(cr, &layout->focus, layout->focus_rows, theme);
    draw_bar(cr, &layout->bar, &all);
    draw_bar(cr, &layout->focus_bar, &named);
}

/* The middle of a column. */
static double column_x(const struct layout *layout, const struct resampled *heat, size_t column)
{
    return layout->plot.x + layout->plot.width * ((double)column + 0.5) / (double)heat->columns;
}

/* Adds the area between two values of a band to the path, for the columns from `from` up to `to`. */
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

/* Draws the bands over a range of columns in which enough nodes have data. */
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

/* The highest and the lowest value of nodes, which are too few for a band. */
static void draw_extremes(cairo_t *cr, const struct layout *layout, const struct resampled *heat, size_t from,
                          size_t to, const struct theme *theme)
{
    cairo_set_source_rgb(cr, theme->band_strong.red, theme->band_strong.green, theme->band_strong.blue);
    cairo_set_line_width(cr, 1);
    for (int highest = 0; highest <= 1; highest++) {
        cairo_new_path(cr);
        for (size_t column = from; column < to; column++)
            cairo_line_to(cr, column_x(layout, heat, column),
                          layout_y(layout, (double)(highest ? heat->band[column].max : heat->band[column].min)));
        cairo_stroke(cr);
    }
}

/* 0: no node has data in the column; 1: too few nodes for a band; 2: enough nodes. */
static int column_kind(const struct resampled *heat, size_t column)
{
    size_t nodes = heat->band[column].nodes;
    return nodes == 0 ? 0 : nodes < OVERVIEW_BAND_NODES ? 1 : 2;
}

static void draw_bands(cairo_t *cr, const struct layout *layout, const struct resampled *heat,
                       const struct theme *theme)
{
    for (size_t from = 0, to; from < heat->columns; from = to) {
        int kind = column_kind(heat, from);
        for (to = from + 1; to < heat->columns && column_kind(heat, to) == kind;)
            to++;
        if (kind == 2)
            draw_stretch(cr, layout, heat, from, to, theme);
        else if (kind == 1)
            draw_extremes(cr, layout, heat, from, to, theme);
    }
}

/* The number of nodes with data, as the height of a strip below the bands. */
static void draw_strip(cairo_t *cr, const struct layout *layout, const struct theme *theme)
{
    const struct resampled *all = &layout->map.all;
    const struct rect *strip = &layout->strip;
    size_t most = 1;
    if (strip->height <= 0)
        return;
    for (size_t i = 0; i < all->columns; i++)
        most = all->band[i].nodes > most ? all->band[i].nodes : most;
    for (size_t from = 0, to; from < all->columns; from = to) {
        size_t nodes = all->band[from].nodes;
        for (to = from + 1; to < all->columns && all->band[to].nodes == nodes;)
            to++;
        struct colour colour = nodes == most ? theme->band_strong : theme->band_pale;
        double share = nodes == 0 ? 0 : fmax((double)nodes / (double)most, STRIP_LEVELS_MIN);
        double x = strip->x + strip->width * (double)from / (double)all->columns;
        double end = strip->x + strip->width * (double)to / (double)all->columns;
        cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
        cairo_rectangle(cr, x, strip->y + strip->height * (1 - share), end - x, strip->height * share);
        cairo_fill(cr);
    }
}

/* The maximum and the median of another run, dashed. */
static void draw_run(cairo_t *cr, const struct layout *layout, const struct resampled *against, size_t run,
                     const struct theme *theme)
{
    cairo_set_source_rgb(cr, theme->median.red, theme->median.green, theme->median.blue);
    cairo_set_line_width(cr, 1.2);
    draw_dash(cr, layout_run_dash(layout, run));
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
    draw_dash(cr, DASH_SOLID);
}

void draw_overview(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct resampled *against,
                   size_t runs, const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_under(cr, layout, theme); /* the grid must not cross the bands */
    draw_clip(cr, layout);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_BEVEL);
    draw_bands(cr, layout, &layout->map.all, theme);
    for (size_t i = 0; i < runs; i++)
        draw_run(cr, layout, &against[i], i, theme);
    for (size_t i = 0; i < layout->named_count; i++)
        draw_node_range(cr, layout, &trace->node[layout->named[i].node], theme_node(theme, i));
    for (size_t i = layout->named_count; i-- > 0;) {
        const struct node *node = &trace->node[layout->named[i].node];
        if (layout->draw_swap && node->line[TRACE_SWAP].stats.max > 0)
            draw_line(cr, layout, node, TRACE_SWAP, theme_node(theme, i), 1.3);
        draw_node_line(cr, layout, node, theme_node(theme, i), 1.3, layout_dash(i));
    }
    cairo_restore(cr);
    for (size_t i = 0; i < layout->named_count; i++)
        draw_title(cr, layout, trace, &trace->node[layout->named[i].node]);
    draw_strip(cr, layout, theme);
    draw_heat(cr, layout, theme);
    draw_over(cr, layout, theme, font);
}
