/* SPDX-License-Identifier: MIT */
/* layout_overview: the arrangement for many nodes: bands at the top, the rows of the named nodes under them, and the
 * heatmap of all nodes at the bottom. Independent of Cairo, files and options. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "figure/layout_legend.h"
#include "figure/overview_plan.h"
#include "layout_labels.h"

#define SMALL_TEXT_PX    11.0
#define BAND_SHARE       0.42 /* of the height, for the bands */
#define BETWEEN_PX       26.0 /* between the parts, with a caption */
#define BETWEEN_SMALL_PX 8.0
#define STRIP_PX         12.0
#define STRIP_GAP_PX     5.0
#define COLUMN_SHARE     0.22 /* maximum share of the width for the texts to the right */
#define ROW_MIN_PX       12.0
#define ROW_MAX_PX       20.0
#define FOCUS_SHARE      0.5 /* of the height below the bands, at most, for the named nodes */
#define NAME_ROW_PX      13.0
#define ROW_NAME_MIN_PX  9.0
#define BAR_PX           14.0
#define SIDE_GAP_PX      12.0
#define BAND_LABEL_PX    11.0

struct overview_layout {
    struct layout *layout;
    const struct layout_request *request;
    const struct trace *trace;
    const size_t *order;
    struct level_list levels;
    struct side_label side[FOCUS_MAX + LEVELS_MAX + RUNS_MAX + 2];
    size_t side_count;
    double column_width;
    double between;
    bool has_strip;
    struct occupancy ground;
    size_t event_rows;
    struct rect list;    /* rows of the marks, if they are numbered */
    bool has_only_focus; /* all nodes are named */
};

static void add_side(struct overview_layout *view, double value, enum ink ink, size_t slot, const char *text)
{
    struct side_label *label = &view->side[view->side_count++];
    *label = (struct side_label){.y = layout_y(view->layout, value), .ink = ink, .node = slot, .bold = ink == INK_NODE};
    snprintf(label->text, sizeof label->text, "%s", text);
}

static void name_of(const struct overview_layout *view, size_t node, double share, char *name, size_t size)
{
    double width = fmax(share * view->layout->width_px, fmin(72, 0.3 * view->layout->width_px));
    layout_fit(view->layout, name, size, view->trace->node[node].name, width, LAYOUT_TEXT_PX);
}

static void run_name_of(const struct overview_layout *view, size_t run, char *name, size_t size)
{
    layout_fit(view->layout, name, size, runs_name(view->request->against, run), 0.14 * view->layout->width_px,
               LAYOUT_TEXT_PX);
}

/* ---- sizes ---- */

/* Width of the widest text to the right of the parts: reasons, levels, names at the ends of lines. */
static void measure_column(struct overview_layout *view)
{
    const struct layout *layout = view->layout;
    const double most = COLUMN_SHARE * layout->width_px;
    char text[256];
    double width = BAR_PX + 8 + layout_width(layout, "+000.0", LAYOUT_TEXT_PX, false);
    for (size_t i = 0; i < layout->named_count; i++) {
        focus_text(text, sizeof text, &layout->named[i], view->request, most, LAYOUT_TEXT_PX);
        width = fmax(width, layout_width(layout, text, LAYOUT_TEXT_PX, false));
        name_of(view, layout->named[i].node, 0.14, text, sizeof text);
        width = fmax(width, layout_width(layout, text, LAYOUT_TEXT_PX, true));
    }
    for (size_t i = 0; i < view->levels.count; i++)
        width = fmax(width, layout_width(layout, view->levels.level[i].text, LAYOUT_TEXT_PX, false));
    for (size_t i = 0; view->request->against != NULL && i < view->request->against->count; i++) {
        run_name_of(view, i, text, sizeof text);
        width = fmax(width, layout_width(layout, text, LAYOUT_TEXT_PX, false));
    }
    view->column_width = ceil(width);
}

/* Width of the widest name next to the heatmap. */
static double names_width(const struct overview_layout *view)
{
    double widest = 0, width = view->layout->width_px, most = fmax(0.14 * width, fmin(72, 0.3 * width));
    for (size_t i = 0; i < view->trace->count && widest < most; i++)
        widest = fmax(widest, layout_width(view->layout, view->trace->node[i].name, SMALL_TEXT_PX, false));
    return fmin(widest, most);
}

/* Divides the height below the bands between the rows of the named nodes and the heatmap. */
static void place_rows(struct overview_layout *view, double from, double to)
{
    struct layout *layout = view->layout;
    const struct rect *plot = &layout->plot;
    double lower = fmax(to - from, 16), row = ROW_MAX_PX;
    size_t count = layout->named_count;
    view->has_only_focus = count == view->trace->count;
    if (view->has_only_focus) {
        layout->focus_rows = count;
        layout->focus = (struct rect){plot->x, from, plot->width, floor(fmin(lower, 3 * ROW_MAX_PX * (double)count))};
        layout->heat = (struct rect){plot->x, from, plot->width, 0};
        return;
    }
    if (count > 0)
        row = fmin(fmax(floor(FOCUS_SHARE * lower / (double)count), ROW_MIN_PX), ROW_MAX_PX);
    while (count > 0 && (double)count * row + view->between > 0.65 * lower)
        count--;
    layout->focus_rows = count;
    layout->focus = (struct rect){plot->x, from, plot->width, row * (double)count};
    double top = count > 0 ? from + layout->focus.height + view->between : from;
    layout->heat = (struct rect){plot->x, top, plot->width, floor(fmax(to - top, 8))};
}

/* Places the parts; the scales are set later. */
static void place(struct overview_layout *view, double top)
{
    struct layout *layout = view->layout;
    double axis = layout_value_width(layout, view->request->unit, LAYOUT_TEXT_PX) + 8;
    double left = ceil(fmax(fmax(LAYOUT_MARGIN_PX + names_width(view) + 8, LAYOUT_MARGIN_PX + axis), 64));
    measure_column(view);
    if (layout->width_px - LAYOUT_MARGIN_PX - view->column_width - SIDE_GAP_PX - left < LAYOUT_PLOT_MIN_PX)
        view->column_width = 0; /* a narrow sheet is used for the data alone */
    double right =
        layout->width_px - LAYOUT_MARGIN_PX - view->column_width - (view->column_width > 0 ? SIDE_GAP_PX : 0);
    double width = floor(fmax(right - left, 40));
    /* A small sheet has no captions. */
    view->between = layout_is_small(layout) ? BETWEEN_SMALL_PX : BETWEEN_PX;
    double from = ceil(top + 30), to = floor(layout->height_px - layout_foot(layout));
    double height = fmax(to - from, 40), bands = floor(BAND_SHARE * height);
    layout->plot = (struct rect){left, from, width, bands};
    layout->strip = (struct rect){left, from + bands + STRIP_GAP_PX, width, STRIP_PX};
    view->has_strip = !layout_is_small(layout) && overview_is_incomplete(view->trace, width);
    layout_set_time(layout, view->request, view->trace, width / 115);
    view->event_rows = label_mark_rows(layout, view->request);
    view->list = (struct rect){left, 0, width, 0};
    view->list.height = LABEL_MARK_ROW_PX * (double)label_event_list(layout, view->request, &view->list, false);
    view->list.y = layout->height_px - view->list.height - 8;
    to -= label_list_space(layout, view->list.height);
    place_rows(view, from + bands + view->between + (view->has_strip ? STRIP_PX + STRIP_GAP_PX : 0), to);
}

static void set_value_scale(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    double max = levels_max(&view->levels, view->request, view->trace);
    double above_px = 6 + LABEL_MARK_ROW_PX * (double)view->event_rows;
    double headroom = fmax(1.05, layout->plot.height / fmax(layout->plot.height - above_px, 20));
    layout_set_value(layout, view->request, view->trace, max * fmin(headroom, 1.5),
                     (size_t)fmax(2, layout->plot.height / 26));
}

/* ---- the bands ---- */

static void put_levels(struct overview_layout *view)
{
    levels_draw(view->layout, &view->levels, true);
    for (size_t i = 0; i < view->levels.count; i++) {
        const struct level *level = &view->levels.level[i];
        add_side(view, level->value, level->is_limit ? INK_LIMIT : INK_TEXT, 0, level->text);
    }
}

/* Places names where lines end: at the right edge of the plot, or on the data if a log ends earlier. */
static void put_line_names(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    char name[200];
    for (size_t i = 0; i < layout->named_count; i++)
        occupancy_add_node(&view->ground, layout, &view->trace->node[layout->named[i].node], TRACE_MAIN);
    for (size_t i = 0; i < layout->named_count; i++) {
        const struct node *node = &view->trace->node[layout->named[i].node];
        const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
        double x = layout_x(layout, node_end_s(node)), y = layout_y(layout, stats->last);
        name_of(view, layout->named[i].node, 0.14, name, sizeof name);
        if (node->ends_early)
            layout_marker(layout, x, y, MARKER_CROSS, i);
        if (x < layout->plot.x + layout->plot.width - 40)
            label_near(layout, &view->ground, x, y, i, name);
        else
            add_side(view, overview_late_value(&layout->map, i), INK_NODE, i, name);
    }
}

/* Places names of other runs where the line of their maximum ends, if that is at the right edge. */
static void put_run_names(struct overview_layout *view)
{
    const struct layout *layout = view->layout;
    const struct runs *runs = view->request->against;
    char name[200];
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        const struct trace *run = &runs->run[i].trace;
        double highest = NAN;
        if (layout_x(layout, run->end_s) < layout->plot.x + layout->plot.width - 40)
            continue;
        for (size_t k = 0; k < run->count; k++)
            highest = fmax(highest, layout_late_value(layout, &run->node[k]));
        run_name_of(view, i, name, sizeof name);
        if (isfinite(highest))
            add_side(view, highest, INK_TEXT, 0, name);
    }
}

static const char *members_of(const struct layout_request *request)
{
    return request->members == NULL ? "nodes" : request->members;
}

/* Places the name of the band inside it, or else directly above or below it. */
static void put_band_name(struct overview_layout *view)
{
    char full[64];
    const char *const texts[] = {full, "middle half"};
    struct layout *layout = view->layout;
    snprintf(full, sizeof full, "middle half of the %s", members_of(view->request));
    double left = layout->plot.x + 0.05 * layout->plot.width, right = layout->plot.x + layout->plot.width, place[3];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double width = layout_width(layout, texts[i], BAND_LABEL_PX, false) + 8;
        for (double x = left; x + width < right; x += 8) {
            bool found = overview_band_at(layout, x, width, BAND_LABEL_PX + 3, place);
            for (size_t k = 0; found && k < 3; k++) {
                struct rect rect = {x - 8, place[k] - BAND_LABEL_PX / 2, width + 16,
                                    BAND_LABEL_PX}; /* not after a name */
                if (isnan(place[k]) || occupancy_share(&view->ground, &rect) > 0 ||
                    rect.y + rect.height > layout->plot.y + layout->plot.height - 2) /* nor on the axis */
                    continue;
                occupancy_add_rect(&view->ground, &rect);
                layout_text(layout, x + 4, place[k] + 0.36 * BAND_LABEL_PX, 0, BAND_LABEL_PX, INK_BAND, texts[i]);
                return;
            }
        }
    }
}

/* Places the marks, and keeps the ground of their texts and lines free of names. */
static void put_marks(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    size_t labels = layout->label_count, strokes = layout->stroke_count;
    label_events(layout, view->request);
    for (size_t i = labels; i < layout->label_count; i++) {
        const struct label *label = &layout->label[i];
        double width = layout_width(layout, label->text, label->size_px, false);
        occupancy_add_rect(&view->ground, &(struct rect){label->x, label->y - label->size_px, width, label->size_px});
    }
    for (size_t i = strokes; i < layout->stroke_count; i++) {
        const struct stroke *stroke = &layout->stroke[i];
        occupancy_add_line(&view->ground, stroke->x0, stroke->y0, stroke->x1, stroke->y1);
    }
}

/* Places all names, on the bands and to the right of them. */
static void put_band_names(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    const struct rect *plot = &layout->plot;
    if (!occupancy_init(&view->ground, plot)) {
        layout->out_of_memory = true;
        return;
    }
    put_marks(view);
    put_line_names(view);
    put_run_names(view);
    put_band_name(view);
    double median = overview_late_median(&layout->map.all);
    if (isfinite(median))
        add_side(view, median, INK_BAND, 0, "median");
    if (view->column_width > 0)
        label_side(layout, plot->x + plot->width + SIDE_GAP_PX, plot->y + 2, plot->y + plot->height, view->side,
                   view->side_count);
    occupancy_free(&view->ground);
}

/* A value far from the plotted ones is written above the plot. */
static void put_note(struct overview_layout *view)
{
    const struct layout *layout = view->layout;
    char text[NOTE_MAX + 256], other[NOTE_MAX];
    layout_runs_note(other, sizeof other, layout, view->request);
    levels_note(text, sizeof text, &view->levels, view->request, other);
    layout_text_fitting(view->layout, layout->plot.x, layout->plot.y - 10,
                        layout->width_px - LAYOUT_MARGIN_PX - layout->plot.x, SMALL_TEXT_PX, INK_TEXT,
                        (const char *const[]){text, other, NULL});
}

/* The number of recorded nodes, if it changes. */
static void put_strip(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    struct overview_count count[OVERVIEW_COUNTS_MAX];
    size_t found = overview_counts(&layout->map.all, count);
    if (found < 2 || !view->has_strip) {
        layout->strip.height = 0;
        return;
    }
    const struct rect *strip = &layout->strip;
    double per_column = strip->width / (double)layout->map.all.columns, free_from = strip->x;
    for (size_t i = 0; i < found; i++) {
        char text[64];
        double x = strip->x + per_column * (double)count[i].from, to = strip->x + per_column * (double)count[i].to;
        if (i == 0)
            snprintf(text, sizeof text, "%zu %s recorded", count[i].nodes, members_of(view->request));
        else
            snprintf(text, sizeof text, "%zu", count[i].nodes);
        double width = layout_width(layout, text, 10, false);
        if (width + 8 > to - x && i == 0)
            snprintf(text, sizeof text, "%zu", count[i].nodes);
        if (layout_width(layout, text, 10, false) + 6 > to - x || x < free_from)
            continue;
        layout_text(layout, x + 3, strip->y + 9.5, 0, 10, INK_BAND, text);
        free_from = x + layout_width(layout, text, 10, false) + 6;
    }
}

/* ---- rows of colours ---- */

/* Returns the y at which texts may begin under the lowest text of the value axis. */
static double axis_end(const struct layout *layout)
{
    return layout->plot.y + layout->plot.height + 4 + LAYOUT_TEXT_PX;
}

/* The named nodes' rows, with the reason at the right. */
static void put_focus(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    const struct rect *focus = &layout->focus;
    double row = layout->focus_rows > 0 ? focus->height / (double)layout->focus_rows : 0;
    double size_px = fmin(SMALL_TEXT_PX, fmax(row, ROW_NAME_MIN_PX)), free_from = axis_end(layout);
    for (size_t i = 0; i < layout->focus_rows; i++) {
        char text[256];
        double y = focus->y + row * ((double)i + 0.5) + 0.35 * size_px;
        if (y < free_from)
            continue; /* a tiny sheet */
        free_from = y + size_px;
        layout_fit(layout, text, sizeof text, view->trace->node[layout->named[i].node].name,
                   focus->x - LAYOUT_MARGIN_PX - 8, size_px);
        struct label *name = layout_text(layout, focus->x - 8, y, 1, size_px, INK_NODE, text);
        if (name != NULL)
            name->node = i;
        if (view->column_width <= 0)
            continue;
        focus_text(text, sizeof text, &layout->named[i], view->request, view->column_width, size_px);
        layout_text(layout, focus->x + focus->width + SIDE_GAP_PX, y, 0, size_px,
                    layout->named[i].is_alarming ? INK_TITLE : INK_TEXT, text);
    }
}

/* A small horizontal colour bar above the named nodes' rows, if the vertical one has another meaning. */
static void put_focus_bar(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    const struct rect *focus = &layout->focus;
    char text[96];
    bool own = layout->map.mode == HEAT_DEVIATION || view->has_only_focus || view->column_width <= 0;
    if (layout->focus_rows == 0 || layout_is_small(layout) || !own)
        return;
    double y = focus->y - 5, x = focus->x;
    overview_focus_caption(text, sizeof text, layout, view->request);
    layout_text(layout, x, y, 0, SMALL_TEXT_PX, INK_TEXT, "0");
    layout->focus_bar = (struct rect){x + 11, y - 8, fmin(90, focus->width / 3), 8};
    layout_text(layout, x + 11 + layout->focus_bar.width + 5, y, 0, SMALL_TEXT_PX, INK_TEXT, text);
}

/* Step of the numbers of rows: round, with at most six of them. */
static size_t number_step(const struct overview_layout *view)
{
    const struct rect *heat = &view->layout->heat;
    struct scale scale;
    scale_memory(&scale, (double)view->layout->map.all.nodes, (size_t)fmax(2, fmin(6, heat->height / NAME_ROW_PX)),
                 false);
    return (size_t)fmax(1, scale.step);
}

/* The number by which a row is labelled, of those of its nodes (from 1 on): 1 or the largest multiple of `step`; 0 if
 * none. */
static size_t row_number(const struct resampled *all, size_t row, size_t step)
{
    size_t before = resample_row_first(all, row),
           last = row + 1 < all->rows ? resample_row_first(all, row + 1) : all->nodes;
    size_t number = before == 0 ? 1 : last / step * step;
    return number > before ? number : 0;
}

/* Names every row if there is enough height; otherwise names the named nodes and numbers some rows. */
static void put_names(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    const struct rect *heat = &layout->heat;
    const struct heatmap *map = &layout->map;
    double row = heat->height / (double)map->all.rows, free_from = axis_end(layout),
           space_px = heat->x - LAYOUT_MARGIN_PX - 8;
    bool each = row >= ROW_NAME_MIN_PX && map->all.rows == map->all.nodes;
    double size_px = each ? fmin(SMALL_TEXT_PX, row) : SMALL_TEXT_PX;
    size_t step = number_step(view);
    for (size_t i = 0; i < map->all.rows; i++) {
        char text[128];
        double y = heat->y + row * ((double)i + 0.5) + 0.35 * size_px;
        size_t number = row_number(&map->all, i, step);
        if (y < free_from || (!each && (number == 0 || y > heat->y + heat->height)))
            continue;
        if (each)
            layout_fit(layout, text, sizeof text, view->trace->node[map->order[resample_row_first(&map->all, i)]].name,
                       space_px, size_px);
        else
            snprintf(text, sizeof text, "%zu", number);
        layout_text(layout, heat->x - 8, y, 1, size_px, INK_TEXT, text);
        free_from = y + (each ? 0 : NAME_ROW_PX);
    }
    for (size_t i = 0; i < layout->named_count; i++) { /* position of the named nodes among all nodes */
        double y = heat->y + row * ((double)heatmap_row(map, layout->named[i].node) + 0.5);
        struct stroke *stroke = layout_stroke(layout, heat->x - 6, y, heat->x - 1, y, INK_NODE, DASH_SOLID);
        if (stroke != NULL) {
            stroke->node = i;
            stroke->width_px = 2;
        }
    }
}

static double bar_y(const struct layout *layout, double value)
{
    const struct scale *scale = &layout->heat_value;
    return layout->bar.y + layout->bar.height * (1 - (value - scale->min) / (scale->max - scale->min));
}

static void put_bar(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    const struct rect *heat = &layout->heat;
    double free_to = INFINITY, limit_y = NAN;
    if (view->column_width <= 0)
        return;
    layout->bar = (struct rect){heat->x + heat->width + SIDE_GAP_PX, heat->y, BAR_PX, heat->height};
    const struct rect *bar = &layout->bar;
    double right = bar->x + BAR_PX, limit = view->request->limit;
    if (layout->map.mode == HEAT_VALUE && isfinite(limit) && limit <= layout->map.top) {
        limit_y = bar_y(layout, limit / layout->unit_size);
        struct stroke *stroke = layout_stroke(layout, bar->x - 3, limit_y, right + 6, limit_y, INK_LIMIT, DASH_SOLID);
        if (stroke != NULL) {
            stroke->over = true;
            stroke->width_px = 2;
        }
        if (layout->width_px - LAYOUT_MARGIN_PX - right - 9 > layout_width(layout, "limit", SMALL_TEXT_PX, false))
            layout_text(layout, right + 9, fmax(limit_y + 4, bar->y + 9), 0, SMALL_TEXT_PX, INK_LIMIT, "limit");
    }
    for (size_t i = 0; i < layout->heat_value.tick_count; i++) {
        const struct tick *tick = &layout->heat_value.tick[i];
        double y = bar_y(layout, tick->value), text_y = fmax(y + 4, bar->y + 9);
        layout_stroke(layout, right, y, right + 4, y, INK_AXIS, DASH_SOLID);
        if (text_y > free_to || (isfinite(limit_y) && fabs(text_y - fmax(limit_y + 4, bar->y + 9)) < LAYOUT_TEXT_PX))
            continue;
        free_to = y + 4 - LAYOUT_TEXT_PX;
        layout_text(layout, right + 8, text_y, 0, LAYOUT_TEXT_PX, INK_TEXT, tick->text);
    }
    if (!layout_is_small(layout)) /* the bands have it, too */
        layout_text(layout, bar->x, bar->y - 8, 0, LAYOUT_TEXT_PX, INK_TEXT, view->request->unit);
}

/* Explains a row of the heatmap and its colours. */
static void put_heat_caption(struct overview_layout *view)
{
    struct layout *layout = view->layout;
    struct overview_captions captions = {0};
    if (layout_is_small(layout))
        return;
    overview_captions(&captions, layout, view->request);
    layout_text_fitting(layout, layout->heat.x, layout->heat.y - 8, layout->heat.width, SMALL_TEXT_PX, INK_TEXT,
                        captions.choice);
}

bool layout_overview(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     const size_t *order)
{
    struct overview_layout view = {.layout = layout, .request = request, .trace = trace, .order = order};
    double top = layout_head(layout, request);
    layout->run_style = RUNS_ON_BANDS;
    layout->named_count = focus_find(layout->named, request, trace);
    layout->draw_swap = request->draw_swap;
    levels_find(&view.levels, layout, request, trace);
    layout->plot.height = 200; /* needed for the width of the axis' texts */
    set_value_scale(&view);
    place(&view, top);
    set_value_scale(&view);
    const struct resample_frame frame = {(size_t)layout->plot.width, layout->time.min, layout->time.max};
    if (!heatmap_fill(&layout->map, trace, order, layout->named, layout->named_count, request->heat, &frame,
                      (size_t)layout->heat.height))
        return false;
    layout_set_heat(layout, request, trace, (size_t)fmax(2, layout->heat.height / 26));
    layout_value_axis(layout, request->unit);
    const struct rect bands = layout->plot;
    layout->plot = view.has_only_focus ? layout->focus : layout->heat; /* the time axis goes below */
    layout_time_axis(layout, request);
    layout->plot = bands;
    put_levels(&view);
    put_band_names(&view);
    put_note(&view);
    put_strip(&view);
    put_focus(&view);
    put_focus_bar(&view);
    if (!view.has_only_focus) {
        put_names(&view);
        put_bar(&view);
        put_heat_caption(&view);
    }
    label_event_list(layout, request, &view.list, true);
    label_event_lines(layout, request, &layout->focus);
    label_event_lines(layout, request, &layout->heat);
    return !layout->out_of_memory;
}
