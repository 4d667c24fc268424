/* draw_lines: owns how the lines of the nodes are stroked. Knows no path, format or option. */
#include "draw.h"

#include <math.h>

#include "line_mask.h"
#include "polyline.h"

enum { MANY_LINES = 100 };

#define NAMED_PX 1.5 /* width of a line among pale ones */

static void point_to(void *cr, double x_px, double y_px)
{
    cairo_line_to(cr, x_px, y_px);
}

/* How times of the series and values become places: layout_x and layout_y are straight lines. */
static struct polyline_frame frame_of(cairo_t *cr, const struct layout *layout, double offset_s)
{
    double pixel_px = 1, ignored = 0;
    double x_px = layout_x(layout, offset_s), y_px = layout_y(layout, 0);
    double far = 1e6 * layout->unit_size;
    cairo_device_to_user_distance(cr, &pixel_px, &ignored);
    return (struct polyline_frame){
        .x_px = x_px,
        .px_per_s = (layout_x(layout, offset_s + 1e6) - x_px) / 1e6,
        .y_px = y_px,
        .px_per_unit = (layout_y(layout, far) - y_px) / far,
        .pixel_px = fabs(pixel_px),
    };
}

/* A sample without neighbours is a dot: a line of no length would not be seen. */
static void draw_dot(cairo_t *cr, const struct layout *layout, const struct series_bucket *bucket,
                     double offset_s)
{
    cairo_new_path(cr);
    cairo_arc(cr, layout_x(layout, bucket->first_s + offset_s), layout_y(layout, bucket->first), 3,
              0, 2 * acos(-1));
    cairo_fill(cr);
}

/* Strokes a series with the current source and pen, interrupted at gaps. */
static void draw_series(cairo_t *cr, const struct layout *layout, const struct series *series,
                        double offset_s)
{
    struct series_bucket flat;
    size_t count, from = 0;
    const struct series_bucket *bucket = series_buckets(series, &count, &flat);
    const struct polyline_frame frame = frame_of(cr, layout, offset_s);
    for (size_t i = 1; i <= count; i++) {
        if (i < count && !bucket[i].gap_before)
            continue;
        if (i - from == 1 && bucket[from].last_offset_s <= 0) {
            draw_dot(cr, layout, &bucket[from], offset_s);
        } else {
            cairo_new_path(cr);
            polyline_trace(&bucket[from], i - from, &frame, point_to, cr);
            cairo_stroke(cr);
        }
        from = i;
    }
}

void draw_line(cairo_t *cr, const struct layout *layout, const struct node *node,
               enum trace_line line, struct colour colour, double width_px)
{
    static const double dashes[] = {6, 4}, dots[] = {1.5, 3};
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
    cairo_set_line_width(cr, width_px);
    /* With any other join the ink of dense noise depends on each sample: see polyline.h. */
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    if (line == TRACE_TOTAL || line == TRACE_SWAP_TOTAL)
        cairo_set_dash(cr, dashes, 2, 0);
    else if (line == TRACE_SWAP)
        cairo_set_dash(cr, dots, 2, 0);
    else
        cairo_set_dash(cr, NULL, 0, 0);
    draw_series(cr, layout, &node->line[line], node->offset_s);
}

static double pen_width(const struct trace *trace)
{
    return trace->count <= 12 ? 1.7 : trace->count <= 40 ? 1.2 : 0.9;
}

/* The other run, pale: a node that is in both has the same colour. */
static void draw_against(cairo_t *cr, const struct layout *layout, const struct trace *trace,
                         const struct trace *against, const struct theme *theme)
{
    for (size_t i = 0; i < against->count; i++) {
        const struct node *node = &against->node[i];
        struct colour colour = draw_node_colour(layout, theme, trace_find(trace, node->name));
        draw_line(cr, layout, node, TRACE_MAIN, theme_pale(theme, colour), pen_width(trace));
    }
}

/* Whether a node's main line is one of many pale ones, which may be drawn at once. */
static bool is_pale(const struct layout *layout, size_t node)
{
    return layout->others_pale && layout_named(layout, node) == layout->named_count;
}

/* The pixels of the plot and a pen's width around it, in the pixels of an image. */
static struct rect device_area(cairo_t *cr, const struct layout *layout)
{
    const struct rect *plot = &layout->plot;
    double x0 = plot->x, y0 = plot->y - 3, x1 = plot->x + plot->width, y1 = plot->y + plot->height + 2;
    cairo_user_to_device(cr, &x0, &y0);
    cairo_user_to_device(cr, &x1, &y1);
    return (struct rect){floor(x0), floor(y0), ceil(x1) - floor(x0), ceil(y1) - floor(y0)};
}

/* Collects the main lines of all pale nodes, as they lie on `area`. */
static void add_pale(struct line_mask *mask, cairo_t *cr, const struct layout *layout, const struct trace *trace,
                     const struct rect *area)
{
    double zoom = 1, ignored = 0, left = area->x, top = area->y, right = area->x + area->width, far = 1e6 * layout->unit_size;
    cairo_user_to_device_distance(cr, &zoom, &ignored);
    cairo_device_to_user(cr, &left, &top);
    cairo_device_to_user(cr, &right, &ignored);
    double s_per_px = 1e6 / (layout_x(layout, 1e6) - layout_x(layout, 0));
    double y_px = (layout_y(layout, 0) - top) * zoom, left_s = (left - layout_x(layout, 0)) * s_per_px;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (!is_pale(layout, i))
            continue;
        line_mask_add(mask, &node->line[TRACE_MAIN],
                      &(struct line_mask_frame){
                          .from_s = left_s - node->offset_s,
                          .to_s = left_s + (right - left) * s_per_px - node->offset_s,
                          .y_px = y_px,
                          .px_per_unit = ((layout_y(layout, far) - layout_y(layout, 0)) / far) * zoom,
                          .width_px = pen_width(trace) * zoom,
                      });
    }
}

/* Draws the main lines of all pale nodes at once where `cr` draws an image. False when that cannot be: they are to be drawn one by one. */
static bool draw_pale(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct theme *theme)
{
    struct line_mask mask = {0};
    struct rect area = device_area(cr, layout);
    bool ok = false;
    cairo_surface_t *image = NULL;
    if (!layout->others_pale || trace->count <= MANY_LINES ||
        cairo_surface_get_type(cairo_get_target(cr)) != CAIRO_SURFACE_TYPE_IMAGE)
        return false;
    image = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)area.width, (int)area.height);
    if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS &&
        line_mask_init(&mask, (size_t)area.width, (size_t)area.height)) {
        add_pale(&mask, cr, layout, trace, &area);
        line_mask_copy(&mask, cairo_image_surface_get_data(image), (size_t)cairo_image_surface_get_stride(image));
        cairo_surface_mark_dirty(image);
        cairo_save(cr);
        cairo_identity_matrix(cr);
        cairo_set_source_rgb(cr, theme->band_strong.red, theme->band_strong.green, theme->band_strong.blue);
        cairo_mask_surface(cr, image, area.x, area.y);
        cairo_restore(cr);
        ok = true;
    }
    line_mask_free(&mask);
    cairo_surface_destroy(image);
    return ok;
}

/* All lines of a node; without its main line where `has_main`, which is drawn already. */
static void draw_node(cairo_t *cr, const struct layout *layout, const struct trace *trace, size_t index,
                      const struct theme *theme, bool has_main)
{
    const struct node *node = &trace->node[index];
    struct colour colour = draw_node_colour(layout, theme, index);
    bool swaps = node->line[TRACE_SWAP].stats.max > 0 || trace->count == 1;
    bool stands_out = layout->others_pale && !is_pale(layout, index);
    if (layout->draw_total)
        draw_line(cr, layout, node, TRACE_TOTAL, colour, 1.2);
    if (layout->draw_total && layout->draw_swap)
        draw_line(cr, layout, node, TRACE_SWAP_TOTAL, colour, 1.2);
    if (layout->draw_swap && swaps)
        draw_line(cr, layout, node, TRACE_SWAP, colour, 1.5);
    if (!has_main)
        draw_line(cr, layout, node, TRACE_MAIN, colour, stands_out ? NAMED_PX : pen_width(trace));
}

void draw_lines(cairo_t *cr, const struct layout *layout, const struct trace *trace,
                const struct trace *against, const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_under(cr, layout, theme);
    draw_clip(cr, layout);
    /* Among so many lines nobody sees the finer edges, which take twice the time. */
    if (trace->count > MANY_LINES)
        cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
    if (against != NULL)
        draw_against(cr, layout, trace, against, theme);
    bool has_pale = draw_pale(cr, layout, trace, theme);
    for (size_t i = trace->count; i-- > 0;)
        if (!layout->others_pale || is_pale(layout, i))
            draw_node(cr, layout, trace, i, theme, has_pale);
    if (layout->others_pale)
        for (size_t i = layout->named_count; i-- > 0;)
            draw_node(cr, layout, trace, layout->named[i].node, theme, false);
    cairo_restore(cr);
    draw_over(cr, layout, theme, font);
}
