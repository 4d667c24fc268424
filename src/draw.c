/* draw: owns the colours, and the strokes, markers and texts of a layout. Knows no path, format or option. */
#include "draw.h"

#include <math.h>

#define RGB(hex)                                                                                   \
    {                                                                                              \
        ((hex) >> 16 & 255) / 255.0, ((hex) >> 8 & 255) / 255.0, ((hex) & 255) / 255.0             \
    }

static const struct theme themes[] = {
    [THEME_LIGHT] = {
        .background = RGB(0xffffff),
        .title = RGB(0x1f2430),
        .text = RGB(0x5b6270),
        .grid = RGB(0xe3e5e9),
        .axis = RGB(0xa3a8b2),
        .total = RGB(0x6b7280),
        .limit = RGB(0xb3261e),
        .band_pale = RGB(0xdbe4ee),
        .band_strong = RGB(0xaebfd2),
        .median = RGB(0x4a5a70),
        .missing = RGB(0xc9ccd1),
        .node = {RGB(0x0072b2), RGB(0xd55e00), RGB(0x009e73), RGB(0xcc79a7), RGB(0xe69f00),
                 RGB(0x56b4e9), RGB(0x6a3d9a), RGB(0x4d4d4d), RGB(0x8c564b), RGB(0xa6a000),
                 RGB(0x882255), RGB(0x1b4f72)},
    },
    [THEME_DARK] = {
        .background = RGB(0x15181d),
        .title = RGB(0xe8eaee),
        .text = RGB(0xa6adba),
        .grid = RGB(0x2b3038),
        .axis = RGB(0x5c6470),
        .total = RGB(0x98a0ad),
        .limit = RGB(0xff6b5e),
        .band_pale = RGB(0x252c36),
        .band_strong = RGB(0x3a4757),
        .median = RGB(0x9fb0c4),
        .missing = RGB(0x5a5f68),
        .node = {RGB(0x4aa8e0), RGB(0xf0813a), RGB(0x2fc79b), RGB(0xe39cc4), RGB(0xf2b735),
                 RGB(0x9ad4f5), RGB(0xb08ae0), RGB(0xc8ccd2), RGB(0xa8743a), RGB(0x9aa53a),
                 RGB(0xd0608f), RGB(0x5f86b5)},
    },
};

const struct theme *theme_find(enum theme_name name)
{
    return &themes[name];
}

struct colour theme_node(const struct theme *theme, size_t node)
{
    return theme->node[node % THEME_NODE_COLOURS];
}

struct colour theme_pale(const struct theme *theme, struct colour colour)
{
    const struct colour *ground = &theme->background;
    const double share = 0.65; /* of the background */
    return (struct colour){colour.red + (ground->red - colour.red) * share,
                           colour.green + (ground->green - colour.green) * share,
                           colour.blue + (ground->blue - colour.blue) * share};
}

static void set_colour(cairo_t *cr, struct colour colour)
{
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
}

static struct colour ink_colour(const struct theme *theme, enum ink ink, size_t node)
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
    case INK_NODE:
        break;
    }
    return theme_node(theme, node);
}

/* Moves a coordinate so that a straight line of an odd device width covers whole pixels. */
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

static void draw_stroke(cairo_t *cr, const struct stroke *stroke, const struct theme *theme)
{
    static const double dashes[] = {6, 4}, dots[] = {1.5, 3};
    double x0 = stroke->x0, y0 = stroke->y0, x1 = stroke->x1, y1 = stroke->y1;
    if (x0 == x1)
        x0 = x1 = snap(cr, x0, stroke->width_px, true);
    if (y0 == y1)
        y0 = y1 = snap(cr, y0, stroke->width_px, false);
    cairo_save(cr);
    set_colour(cr, ink_colour(theme, stroke->ink, stroke->node));
    cairo_set_line_width(cr, stroke->width_px);
    if (stroke->dash == DASH_DASHED)
        cairo_set_dash(cr, dashes, 2, 0);
    else if (stroke->dash == DASH_DOTTED)
        cairo_set_dash(cr, dots, 2, 0);
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_marker(cairo_t *cr, const struct marker *marker, const struct theme *theme)
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
    set_colour(cr, theme_node(theme, marker->node));
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void draw_label(cairo_t *cr, const struct label *label, const struct theme *theme,
                       struct font *font)
{
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
    set_colour(cr, ink_colour(theme, label->ink, label->node));
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
    for (size_t i = 0; i < layout->stroke_count; i++)
        if (!layout->stroke[i].over)
            draw_stroke(cr, &layout->stroke[i], theme);
}

void draw_over(cairo_t *cr, const struct layout *layout, const struct theme *theme,
               struct font *font)
{
    for (size_t i = 0; i < layout->stroke_count; i++)
        if (layout->stroke[i].over)
            draw_stroke(cr, &layout->stroke[i], theme);
    for (size_t i = 0; i < layout->marker_count; i++)
        draw_marker(cr, &layout->marker[i], theme);
    for (size_t i = 0; i < layout->label_count; i++)
        draw_label(cr, &layout->label[i], theme, font);
}
