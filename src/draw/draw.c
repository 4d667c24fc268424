/* SPDX-License-Identifier: MIT */
/* draw: the strokes, markers and texts of a layout. Independent of paths, formats and options. */
#include "draw/draw.h"

#include <math.h>
#include <stdio.h>

#include "base/units.h"
#include "svg_overlay.h"

static void set_colour(cairo_t *cr, struct colour colour)
{
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
}

struct colour draw_node_colour(const struct layout *layout, const struct theme *theme, size_t node)
{
    size_t slot = layout_slot(layout, node);
    return layout->others_pale && slot == layout->named_count ? theme->band_strong : theme_node(theme, slot);
}

struct colour draw_run_colour(const struct layout *layout, const struct theme *theme, size_t run)
{
    if (layout->run_style == RUNS_COLOURED)
        return theme_node(theme, 1 + run);
    return layout->run_style == RUNS_PALE ? theme_pale(theme, theme_node(theme, 0)) : theme->total;
}

static struct colour ink_colour(const struct layout *layout, const struct theme *theme, enum ink ink, size_t node)
{
    switch (ink) {
    case INK_TITLE:
        return theme->title;
    case INK_TEXT:
    case INK_MARK:
        return theme->text;
    case INK_GRID:
        return theme->grid;
    case INK_AXIS:
        return theme->axis;
    case INK_TOTAL:
        return theme->total;
    case INK_LIMIT:
        return theme->limit;
    case INK_BAND:
        return theme->median;
    case INK_RUN:
        return draw_run_colour(layout, theme, node);
    case INK_NODE:
        break;
    }
    return draw_node_colour(layout, theme, node);
}

/* Moves a coordinate so that a straight line with an odd width in device pixels covers whole pixels. */
static double snap(cairo_t *cr, double at, double width_px, bool vertical)
{
    double x = vertical ? at : 0, y = vertical ? 0 : at, dx = width_px, dy = 0;
    cairo_user_to_device(cr, &x, &y);
    cairo_user_to_device_distance(cr, &dx, &dy);
    double half = fmod(rint(dx), 2) / 2;
    double device = rint((vertical ? x : y) - half) + half;
    x = vertical ? device : x;
    y = vertical ? y : device;
    cairo_device_to_user(cr, &x, &y);
    return vertical ? x : y;
}

void draw_dash(cairo_t *cr, enum dash dash)
{
    static const struct {
        double length[4];
        int count;
    } dashes[] = {
        [DASH_SOLID] = {{0}, 0},     [DASH_DASHED] = {{6, 4}, 2},          [DASH_DOTTED] = {{1.5, 3}, 2},
        [DASH_LONG] = {{9, 2.5}, 2}, [DASH_MIXED] = {{9, 2.5, 2, 2.5}, 4},
    };
    cairo_set_dash(cr, dashes[dash].length, dashes[dash].count, 0);
}

static void draw_stroke(cairo_t *cr, const struct layout *layout, const struct stroke *stroke,
                        const struct theme *theme)
{
    double x0 = stroke->x0, y0 = stroke->y0, x1 = stroke->x1, y1 = stroke->y1;
    if (x0 == x1)
        x0 = x1 = snap(cr, x0, stroke->width_px, true);
    if (y0 == y1)
        y0 = y1 = snap(cr, y0, stroke->width_px, false);
    cairo_save(cr);
    set_colour(cr, ink_colour(layout, theme, stroke->ink, stroke->node));
    cairo_set_line_width(cr, stroke->width_px);
    draw_dash(cr, stroke->dash);
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_marker(cairo_t *cr, const struct layout *layout, const struct marker *marker,
                        const struct theme *theme)
{
    const double ring = 4.5, arm = 4;
    cairo_save(cr);
    cairo_new_path(cr);
    if (marker->shape == MARKER_RING) {
        cairo_arc(cr, marker->x, marker->y, ring, 0, 2 * acos(-1));
        set_colour(cr, theme->background);
        cairo_fill_preserve(cr);
    } else {
        cairo_move_to(cr, marker->x - arm, marker->y - arm);
        cairo_line_to(cr, marker->x + arm, marker->y + arm);
        cairo_move_to(cr, marker->x - arm, marker->y + arm);
        cairo_line_to(cr, marker->x + arm, marker->y - arm);
        set_colour(cr, theme->background);
        cairo_set_line_width(cr, 5);
        cairo_stroke_preserve(cr);
    }
    set_colour(cr, draw_node_colour(layout, theme, marker->node));
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_label(cairo_t *cr, const struct layout *layout, const struct label *label, const struct theme *theme,
                       struct font *font)
{
    struct svg_overlay *overlay = svg_overlay_of(cr);
    if (overlay != NULL) {
        svg_overlay_label(overlay, cr, label, font_text_width(font, label->text, label->size_px, label->bold),
                          ink_colour(layout, theme, label->ink, label->node), theme->background);
        return;
    }
    cairo_save(cr);
    if (label->halo) {
        struct colour colour = theme->background;
        cairo_new_path(cr);
        font_path(font, cr, label->x, label->y, label->text, label->size_px, label->bold);
        cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, 0.85);
        cairo_set_line_width(cr, 5);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_stroke(cr);
    }
    set_colour(cr, ink_colour(layout, theme, label->ink, label->node));
    font_draw(font, cr, label->x, label->y, label->text, label->size_px, label->bold);
    cairo_restore(cr);
}

void draw_background(cairo_t *cr, const struct theme *theme)
{
    set_colour(cr, theme->background);
    cairo_paint(cr);
}

void draw_clip(cairo_t *cr, const struct layout *layout)
{
    const struct rect *plot = &layout->plot;
    cairo_save(cr);
    cairo_rectangle(cr, plot->x - 3, plot->y - 3, plot->width + 6, plot->height + 5);
    cairo_clip(cr);
}

void draw_under(cairo_t *cr, const struct layout *layout, const struct theme *theme)
{
    for (size_t i = 0; i < layout->area_count; i++) {
        const struct area *area = &layout->area[i];
        set_colour(cr, theme_shade(theme, ink_colour(layout, theme, area->ink, 0)));
        cairo_rectangle(cr, area->rect.x, area->rect.y, area->rect.width, area->rect.height);
        cairo_fill(cr);
    }
    for (size_t i = 0; i < layout->stroke_count; i++)
        if (!layout->stroke[i].over)
            draw_stroke(cr, layout, &layout->stroke[i], theme);
}

void draw_over(cairo_t *cr, const struct layout *layout, const struct theme *theme, struct font *font)
{
    for (size_t i = 0; i < layout->stroke_count; i++)
        if (layout->stroke[i].over)
            draw_stroke(cr, layout, &layout->stroke[i], theme);
    for (size_t i = 0; i < layout->marker_count; i++)
        draw_marker(cr, layout, &layout->marker[i], theme);
    for (size_t i = 0; i < layout->label_count; i++)
        draw_label(cr, layout, &layout->label[i], theme, font);
}

void draw_title(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct node *node)
{
    struct svg_overlay *overlay = svg_overlay_of(cr);
    char title[512], peak[96];
    if (overlay == NULL || node->line[TRACE_MAIN].stats.count == 0)
        return;
    format_size(peak, sizeof peak, node_news(trace, node, NULL), layout->unit_size, layout->unit);
    snprintf(title, sizeof title, "%s \u00b7 %s %s", node->name, trace_news_word(trace), peak);
    svg_overlay_line(overlay, cr, layout, node, title);
}
