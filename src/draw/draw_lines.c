/* SPDX-License-Identifier: MIT */
/* draw_lines: how the lines of the nodes are stroked. Independent of paths, formats and options. */
#include <math.h>
#include <stdlib.h>

#include "draw/draw.h"
#include "draw_mask.h"
#include "model/resample.h"
#include "noise.h"
#include "simplify.h"

enum { MANY_LINES = 100 };

#define DENSE_HEIGHTS 100.0
#define NAMED_PX      1.5 /* width of a named line among lighter ones */

static void point_to(void *cr, double x_px, double y_px)
{
    cairo_line_to(cr, x_px, y_px);
}

/* Returns the linear mapping of times and values of a series to pixels, derived from layout_x and layout_y. */
static struct simplify_frame frame_of(cairo_t *cr, const struct layout *layout, double offset_s)
{
    double pixel_px = 1, ignored = 0;
    double x_px = layout_x(layout, offset_s), y_px = layout_y(layout, 0);
    double far = 1e6 * layout->unit_size;
    cairo_device_to_user_distance(cr, &pixel_px, &ignored);
    return (struct simplify_frame){
        .x_px = x_px,
        .px_per_s = (layout_x(layout, offset_s + 1e6) - x_px) / 1e6,
        .y_px = y_px,
        .px_per_unit = (layout_y(layout, far) - y_px) / far,
        .pixel_px = fabs(pixel_px),
    };
}

/* A sample without neighbours is drawn as a dot, as a line of no length would be invisible. */
static void draw_dot(cairo_t *cr, const struct layout *layout, const struct series_bucket *bucket, double offset_s)
{
    cairo_new_path(cr);
    cairo_arc(cr, layout_x(layout, bucket->first_s + offset_s), layout_y(layout, bucket->first), 3, 0, 2 * acos(-1));
    cairo_fill(cr);
}

/* Strokes a series with the current source and pen, interrupted at gaps. */
static void draw_series(cairo_t *cr, const struct layout *layout, const struct series *series, double offset_s)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    size_t from = 0;
    const struct simplify_frame frame = frame_of(cr, layout, offset_s);
    for (size_t i = 1; i <= count; i++) {
        if (i < count && !series_at(series, i, &space)->gap_before)
            continue;
        const struct series_bucket *first = series_at(series, from, &space);
        if (i - from == 1 && first->last_offset_s <= 0) {
            draw_dot(cr, layout, first, offset_s);
        } else {
            cairo_new_path(cr);
            simplify_trace(series, from, i - from, &frame, point_to, cr);
            cairo_stroke(cr);
        }
        from = i;
    }
}

/* Returns true if a line goes up and down so much that stroking it takes long: within its buckets it crosses the plot's
 * whole height that often. */
static bool is_dense(const struct layout *layout, const struct series *series)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    double passed = 0, height = (layout->value.max - layout->value.min) * layout->unit_size;
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        passed += bucket->max - bucket->min;
    }
    return passed > DENSE_HEIGHTS * height;
}

/* Paints a dense line through a mask. Returns false if that is impossible. */
static bool draw_dense(cairo_t *cr, const struct layout *layout, const struct node *node, enum trace_line line,
                       struct colour colour, double width_px)
{
    struct draw_mask mask;
    if (!is_dense(layout, &node->line[line]) || !draw_mask_begin(&mask, cr, layout, width_px))
        return false;
    draw_mask_add(&mask, &node->line[line], node->offset_s);
    draw_mask_paint(&mask, cr, colour);
    return true;
}

/* Strokes a line with these dashes. */
static void stroke_line(cairo_t *cr, const struct layout *layout, const struct node *node, enum trace_line line,
                        struct colour colour, double width_px, enum dash dash)
{
    if (line == TRACE_MAIN && draw_dense(cr, layout, node, line, colour, width_px))
        return;
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
    cairo_set_line_width(cr, width_px);
    /* With any other join the ink of dense noise depends on each sample: see simplify.h. */
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    draw_dash(cr, dash);
    draw_series(cr, layout, &node->line[line], node->offset_s);
    draw_dash(cr, DASH_SOLID);
}

void draw_dashed_line(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour,
                      double width_px, enum dash dash)
{
    stroke_line(cr, layout, node, TRACE_MAIN, colour, width_px, dash);
}

void draw_line(cairo_t *cr, const struct layout *layout, const struct node *node, enum trace_line line,
               struct colour colour, double width_px)
{
    bool is_total = line == TRACE_TOTAL || line == TRACE_SWAP_TOTAL;
    stroke_line(cr, layout, node, line, colour, width_px,
                is_total             ? DASH_DASHED
                : line == TRACE_SWAP ? DASH_DOTTED
                                     : DASH_SOLID);
}

#define NOISE_LEAST_PX  7.0  /* lower ups and downs are no noise */
#define NOISE_TURN_PX   5.0  /* a line that turns more often than this is a block */
#define NOISE_TURNS_MIN 60   /* fewer are few spikes */
#define NOISE_OPACITY   0.22 /* ranges of several nodes overlap */
#define RANGE_TURNS     5    /* per column of a range */
#define RANGE_COLUMN_PX 10.0 /* at most */

/* The columns of a noisy line. */
struct line_range {
    size_t columns;
    float *min, *max, *mean;
};

/* The width of the columns that show a node's main line as a range, 0 if it is not noisy. */
static double range_column_px(const struct layout *layout, const struct node *node)
{
    const struct series *series = &node->line[TRACE_MAIN];
    if (series->stats.count < NOISE_TURNS_MIN)
        return 0;
    double per_px = (layout->value.max - layout->value.min) * layout->unit_size / layout->plot.height;
    double width_px = layout_x(layout, series->stats.last_s) - layout_x(layout, series->stats.first_s);
    double turns = (double)noise_turns(series, NOISE_LEAST_PX * per_px);
    if (turns < NOISE_TURNS_MIN || turns * NOISE_TURN_PX < width_px)
        return 0;
    return fmin(fmax(RANGE_TURNS * width_px / turns, 1), RANGE_COLUMN_PX);
}

/* Finds the range of a node's main line in columns of this width. The caller frees `min`. Returns false if out of
 * memory. */
static bool range_fill(struct line_range *range, const struct layout *layout, const struct node *node, double column_px)
{
    size_t columns = (size_t)fmax(layout->plot.width / column_px, 1);
    *range = (struct line_range){columns, malloc(3 * (columns + 1) * sizeof(float)), NULL, NULL};
    if (range->min == NULL)
        return false;
    range->max = range->min + columns + 1;
    range->mean = range->max + columns + 1;
    resample_means(&node->line[TRACE_MAIN], layout->time.min - node->offset_s, layout->time.max - node->offset_s,
                   columns, range->min, range->max, range->mean);
    return true;
}

/* Adds the columns from `from` to `to` as a line, or as the area between the extremes, to the path. */
static void add_range(cairo_t *cr, const struct layout *layout, const struct line_range *range, size_t from, size_t to,
                      bool area)
{
    double step_px = layout->plot.width / (double)range->columns;
    for (size_t i = from; i < to; i++)
        cairo_line_to(cr, layout->plot.x + ((double)i + 0.5) * step_px,
                      layout_y(layout, (double)(area ? range->max[i] : range->mean[i])));
    for (size_t i = to; area && i-- > from;)
        cairo_line_to(cr, layout->plot.x + ((double)i + 0.5) * step_px, layout_y(layout, (double)range->min[i]));
}

/* Adds all columns with data, interrupted at gaps, to the path. */
static void add_ranges(cairo_t *cr, const struct layout *layout, const struct line_range *range, bool area)
{
    cairo_new_path(cr);
    for (size_t from = 0, to; from < range->columns; from = to) {
        for (to = from; to < range->columns && !isnan(range->max[to]);)
            to++;
        cairo_new_sub_path(cr);
        add_range(cr, layout, range, from, to, area);
        to += to == from;
    }
}

void draw_node_range(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour)
{
    struct line_range range;
    double column_px = range_column_px(layout, node);
    if (column_px <= 0 || !range_fill(&range, layout, node, column_px))
        return;
    add_ranges(cr, layout, &range, true);
    cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, NOISE_OPACITY);
    cairo_fill(cr);
    free(range.min);
}

void draw_node_line(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour,
                    double width_px, enum dash dash)
{
    struct line_range range;
    double column_px = range_column_px(layout, node);
    if (column_px <= 0 || !range_fill(&range, layout, node, column_px)) {
        stroke_line(cr, layout, node, TRACE_MAIN, colour, width_px, dash);
        return;
    }
    add_ranges(cr, layout, &range, false);
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
    cairo_set_line_width(cr, width_px);
    draw_dash(cr, dash);
    cairo_stroke(cr);
    draw_dash(cr, DASH_SOLID);
    free(range.min);
}

static double pen_width(const struct trace *trace)
{
    return trace->count <= 12 ? 1.7 : trace->count <= 40 ? 1.2 : 0.9;
}

/* Another run, lighter: a node that is in both has the same colour. If each run is one line, it has the run's
 * colour. */
static void draw_run(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct runs *against,
                     size_t run, const struct theme *theme)
{
    const struct trace *other = &against->run[run].trace;
    for (size_t i = 0; i < other->count; i++) {
        size_t same = runs_same_node(trace, other, i);
        struct colour colour =
            layout->run_style == RUNS_COLOURED
                ? draw_run_colour(layout, theme, run)
                : theme_pale(theme, same < trace->count ? draw_node_colour(layout, theme, same) : theme->total);
        stroke_line(cr, layout, &other->node[i], TRACE_MAIN, colour, pen_width(trace), layout_run_dash(layout, run));
    }
}

/* Returns true if a node's main line is one of many lighter ones, which may be drawn at once. */
static bool is_pale(const struct layout *layout, size_t node)
{
    return layout->others_pale && layout_named(layout, node) == layout->named_count;
}

/* A lone sample must be drawn as a dot, which the mask cannot do. */
static bool is_dot(const struct node *node)
{
    return node->line[TRACE_MAIN].stats.count == 1;
}

/* Draws the main lines of all lighter nodes at once, except dots. Returns false if that is impossible and they must be
 * drawn one by one. */
static bool draw_pale(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct theme *theme)
{
    struct draw_mask mask;
    if (!layout->others_pale || trace->count <= MANY_LINES || !draw_mask_begin(&mask, cr, layout, pen_width(trace)))
        return false;
    for (size_t i = 0; i < trace->count; i++)
        if (is_pale(layout, i) && !is_dot(&trace->node[i]))
            draw_mask_add(&mask, &trace->node[i].line[TRACE_MAIN], trace->node[i].offset_s);
    draw_mask_paint(&mask, cr, theme->band_strong);
    return true;
}

#define CACHE_OPACITY 0.25 /* areas of several nodes overlap */

/* The job's cache as an area above its used memory. */
static void draw_cache(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour)
{
    size_t columns = (size_t)fmax(layout->plot.width, 1);
    float *value = malloc(5 * (columns + 1) * sizeof *value);
    if (value == NULL)
        return;
    float *used = value + 2 * (columns + 1), *with_cache = used + columns + 1, *low = with_cache + columns + 1;
    double from_s = layout->time.min - node->offset_s, to_s = layout->time.max - node->offset_s;
    resample_means(&node->line[TRACE_MAIN], from_s, to_s, columns, low, value, used);
    resample_means(&node->line[TRACE_WITH_CACHE], from_s, to_s, columns, low, value, with_cache);
    cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, CACHE_OPACITY);
    for (size_t i = 0; i < columns; i++)
        if (!isnan(used[i]) && !isnan(with_cache[i])) {
            double top = layout_y(layout, (double)with_cache[i]);
            cairo_rectangle(cr, layout->plot.x + (double)i, top, 1, layout_y(layout, (double)used[i]) - top);
        }
    cairo_fill(cr);
    free(value);
}

/* Draws the background of all lines: the job's cache, and the memory of the nodes as thin lines. */
static void draw_context(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct theme *theme)
{
    for (size_t i = trace->count; i-- > 0;)
        draw_cache(cr, layout, &trace->node[i], draw_node_colour(layout, theme, i));
    for (size_t i = trace->count; i-- > 0;)
        if (layout_shows_node(layout, &trace->node[i]))
            draw_line(cr, layout, &trace->node[i], TRACE_NODE, theme_pale(theme, draw_node_colour(layout, theme, i)),
                      0.8);
}

/* All lines of a node, except its main line if `has_main` says that it is drawn already. */
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
        draw_node_line(cr, layout, node, colour, stands_out ? NAMED_PX : pen_width(trace),
                       is_pale(layout, index) ? DASH_SOLID : layout_dash(layout_slot(layout, index)));
}

void draw_lines(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct runs *against,
                const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_under(cr, layout, theme);
    draw_clip(cr, layout);
    /* Among that many lines nobody sees the finer edges, which take twice the time. */
    if (trace->count > MANY_LINES)
        cairo_set_antialias(cr, CAIRO_ANTIALIAS_FAST);
    for (size_t i = 0; against != NULL && i < against->count; i++)
        draw_run(cr, layout, trace, against, i, theme);
    if (layout_draws_cache(trace))
        draw_context(cr, layout, trace, theme);
    bool has_pale = draw_pale(cr, layout, trace, theme);
    for (size_t i = 0; i < trace->count; i++)
        if (!is_pale(layout, i))
            draw_node_range(cr, layout, &trace->node[i], draw_node_colour(layout, theme, i));
    for (size_t i = trace->count; i-- > 0;)
        if (!layout->others_pale || is_pale(layout, i))
            draw_node(cr, layout, trace, i, theme, has_pale && !is_dot(&trace->node[i]));
    if (layout->others_pale)
        for (size_t i = layout->named_count; i-- > 0;)
            draw_node(cr, layout, trace, layout->named[i].node, theme, false);
    cairo_restore(cr);
    for (size_t i = 0; i < trace->count && trace->count <= MANY_LINES; i++)
        draw_title(cr, layout, trace, &trace->node[i]);
    draw_over(cr, layout, theme, font);
}
