/* SPDX-License-Identifier: MIT */
/* layout_lines: the arrangement of one plot with one line per node: axes, totals, legend, and the labels on the data.
 * Independent of Cairo, files and options. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "figure/coincident.h"
#include "figure/layout_legend.h"
#include "figure/overview_plan.h"
#include "layout_labels.h"

#define SMALL_TEXT_PX      11.0
#define ROW_PX             20.0
#define SWATCH_PX          16.0
#define LEGEND_GAP_PX      10.0 /* between the plot and the column to its right */
#define LABELLED_NODES     40   /* with more lines, labels on the data only add clutter */
#define RING_PX            10.0
#define GAP_BAR_PX         6.0  /* from the bar of one gap to that of the next */
#define ENDS_SHARE         0.12 /* of the width, at most, for names at the ends of lines */
#define ENDS_PLOT_LEAST_PX 500.0
#define ENDS_NEAR_PX       40.0 /* a line that ends further from the edge has its name at its end */

/* The state while a sheet is laid out. */
struct lines_layout {
    struct layout *layout;
    const struct layout_request *request;
    const struct trace *trace;
    size_t *order; /* by peak */
    struct legend_row *row;
    size_t row_count, pale_count; /* rows of the legend, and nodes without a colour, which have no row */
    double name_width, value_width;
    struct level_list levels;
    double ends_width;   /* width of the names at the ends of lines, to the right of the plot; 0: none */
    double column_width; /* width of the legend and the levels' texts to the right of them; 0: none */
    size_t event_rows;
    struct rect list;                       /* rows of the marks, if they are numbered */
    struct side_label side[LEVELS_MAX + 1]; /* totals and limit, from top to bottom */
    size_t side_count;
};

static void measure_column(struct lines_layout *sheet)
{
    struct layout *layout = sheet->layout;
    char text[256];
    legend_heading(text, sizeof text, sheet->request, sheet->trace);
    sheet->name_width = layout_width(layout, trace_member(sheet->trace), LAYOUT_TEXT_PX, false);
    sheet->value_width = layout_width(layout, text, LAYOUT_TEXT_PX, false);
    for (size_t i = 0; i < sheet->row_count; i++) {
        const struct legend_row *row = &sheet->row[i];
        sheet->name_width = fmax(sheet->name_width, layout_width(layout, row->name, LAYOUT_TEXT_PX, false));
        sheet->value_width = fmax(sheet->value_width, layout_width(layout, row->value, LAYOUT_TEXT_PX, false));
    }
    if (sheet->row_count > 0)
        sheet->column_width = SWATCH_PX + 6 + sheet->name_width + 14 + sheet->value_width;
    for (size_t i = 0; i < sheet->levels.count; i++)
        sheet->column_width =
            fmax(sheet->column_width, layout_width(layout, sheet->levels.level[i].text, LAYOUT_TEXT_PX, false));
}

static void set_scales(struct lines_layout *sheet)
{
    struct layout *layout = sheet->layout;
    const struct layout_request *request = sheet->request;
    double max = levels_max(&sheet->levels, request, sheet->trace);
    size_t ticks_max = (size_t)fmax(2, layout->plot.height / 26);
    /* Leaves space above the data for the peak's label and the texts of the marks. */
    double above_px = 12 + LABEL_MARK_ROW_PX * (double)sheet->event_rows;
    double headroom = fmax(1.08, layout->plot.height / fmax(layout->plot.height - above_px, 20));
    max = sheet->trace->percent ? fmax(max, 100) * fmin(headroom, 1.25) : max * fmin(headroom, 1.5);
    layout_set_value(layout, request, sheet->trace, max, ticks_max);
}

static double ends_x(const struct lines_layout *sheet)
{
    return sheet->layout->plot.x + sheet->layout->plot.width + LEGEND_GAP_PX;
}

static double column_x(const struct lines_layout *sheet)
{
    return ends_x(sheet) + (sheet->ends_width > 0 ? sheet->ends_width + LEGEND_GAP_PX : 0);
}

/* ---- the runs compared with ---- */

static size_t run_count(const struct lines_layout *sheet)
{
    return sheet->request->against == NULL ? 0 : sheet->request->against->count;
}

/* Returns the node that carries its run's name: the one with the highest peak, or with the lowest minimum. */
static const struct node *run_highest(const struct lines_layout *sheet, size_t run)
{
    const struct trace *trace = &sheet->request->against->run[run].trace;
    double sign = trace_low_is_news(trace) ? -1 : 1;
    size_t highest = 0;
    for (size_t i = 1; i < trace->count; i++)
        if (sign * node_news(trace, &trace->node[i], NULL) > sign * node_news(trace, &trace->node[highest], NULL))
            highest = i;
    return &trace->node[highest];
}

static double run_end_s(const struct lines_layout *sheet, size_t run)
{
    return node_end_s(run_highest(sheet, run));
}

static void run_name(const struct lines_layout *sheet, size_t run, char *name, size_t size)
{
    layout_fit(sheet->layout, name, size, runs_name(sheet->request->against, run), ENDS_SHARE * sheet->layout->width_px,
               LAYOUT_TEXT_PX);
}

/* Names of pale lines are drawn darker, so that they are readable. */
static enum ink run_ink(const struct layout *layout)
{
    return layout->run_style == RUNS_COLOURED ? INK_RUN : INK_TEXT;
}

/* Returns true if a line that ends at a time has its name to the right of the plot, and not on it. */
static bool reaches_end(const struct lines_layout *sheet, double end_s)
{
    return layout_x(sheet->layout, end_s) > sheet->layout->plot.x + sheet->layout->plot.width - ENDS_NEAR_PX;
}

/* ---- names at the ends ---- */

/* Returns true if a node's line has its name at its end. */
static bool has_end_name(const struct lines_layout *sheet, size_t node)
{
    const struct layout *layout = sheet->layout;
    return sheet->trace->count + run_count(sheet) > 1 && sheet->row_count > 0 && !sheet->trace->node[node].ends_early &&
           !layout_is_merged(layout, node) &&
           (!layout->others_pale || layout_named(layout, node) < layout->named_count);
}

static void end_name(const struct lines_layout *sheet, size_t node, char *name, size_t size)
{
    layout_line_name(sheet->layout, name, size, sheet->trace, node, ENDS_SHARE * sheet->layout->width_px);
}

/* Width of the widest name at the end of a line. */
static void measure_ends(struct lines_layout *sheet)
{
    char name[200];
    sheet->ends_width = 0;
    for (size_t i = 0; i < sheet->trace->count; i++)
        if (has_end_name(sheet, i)) {
            end_name(sheet, i, name, sizeof name);
            sheet->ends_width = fmax(sheet->ends_width, layout_width(sheet->layout, name, LAYOUT_TEXT_PX, true));
        }
    for (size_t i = 0; sheet->row_count > 0 && i < run_count(sheet); i++) {
        run_name(sheet, i, name, sizeof name);
        sheet->ends_width = fmax(sheet->ends_width, layout_width(sheet->layout, name, LAYOUT_TEXT_PX, false));
    }
}

/* Names at the ends of lines, pushed apart. */
static void put_ends(struct lines_layout *sheet)
{
    struct layout *layout = sheet->layout;
    struct side_label label[LAYOUT_LINES_MAX + RUNS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < sheet->trace->count && sheet->ends_width > 0; i++) {
        bool has_name = has_end_name(sheet, sheet->order[i]) && count < LAYOUT_LINES_MAX &&
                        reaches_end(sheet, node_end_s(&sheet->trace->node[sheet->order[i]]));
        double late = has_name ? layout_late_value(layout, &sheet->trace->node[sheet->order[i]]) : NAN;
        if (isnan(late))
            continue;
        label[count] =
            (struct side_label){.y = layout_y(layout, late), .ink = INK_NODE, .node = sheet->order[i], .bold = true};
        end_name(sheet, sheet->order[i], label[count].text, sizeof label[count].text);
        count++;
    }
    for (size_t i = 0; sheet->ends_width > 0 && i < run_count(sheet); i++)
        if (reaches_end(sheet, run_end_s(sheet, i))) {
            label[count] = (struct side_label){.y = layout_y(layout, layout_late_value(layout, run_highest(sheet, i))),
                                               .ink = run_ink(layout),
                                               .node = i};
            run_name(sheet, i, label[count].text, sizeof label[count].text);
            count++;
        }
    label_side(layout, ends_x(sheet), layout->plot.y + 4, layout->plot.y + layout->plot.height, label, count);
}

/* The plot's rectangle: what title, axes and the column at the right leave. */
static void place_plot(struct lines_layout *sheet, double top)
{
    struct layout *layout = sheet->layout;
    struct rect *plot = &layout->plot;
    plot->y = top + 36;
    plot->height = fmax(layout->height_px - layout_foot(layout) - plot->y, 20);
    set_scales(sheet);
    double widest = layout_value_width(layout, sheet->request->unit, LAYOUT_TEXT_PX);
    plot->x = fmax(LAYOUT_MARGIN_PX + widest + 8, 60);
    double right = layout->width_px - LAYOUT_MARGIN_PX;
    if (sheet->column_width > 0 && right - sheet->column_width - LEGEND_GAP_PX - plot->x >= LAYOUT_PLOT_MIN_PX)
        right -= sheet->column_width + LEGEND_GAP_PX;
    else
        sheet->column_width = 0; /* a small sheet is used for the plot alone */
    measure_ends(sheet);
    if (sheet->column_width > 0 && sheet->ends_width > 0 &&
        right - sheet->ends_width - LEGEND_GAP_PX - plot->x >= ENDS_PLOT_LEAST_PX)
        right -= sheet->ends_width + LEGEND_GAP_PX;
    else
        sheet->ends_width = 0;
    plot->width = fmax(right - plot->x, 40);
    layout_set_time(layout, sheet->request, sheet->trace, plot->width / 115);
    sheet->event_rows = label_mark_rows(layout, sheet->request);
    sheet->list = (struct rect){plot->x, 0, plot->width, 0};
    sheet->list.height = LABEL_MARK_ROW_PX * (double)label_event_list(layout, sheet->request, &sheet->list, false);
    plot->height = fmax(plot->height - label_list_space(layout, sheet->list.height), 20);
    sheet->list.y = layout->height_px - sheet->list.height - 8;
    set_scales(sheet); /* again, now with space for the marks */
}

static void add_side_label(struct lines_layout *sheet, double y, enum ink ink, const char *text)
{
    struct side_label *label = &sheet->side[sheet->side_count++];
    *label = (struct side_label){.y = y, .ink = ink};
    snprintf(label->text, sizeof label->text, "%s", text);
}

/* Draws the limit and the totals that nodes agree on, and labels them. */
static void put_levels(struct lines_layout *sheet)
{
    struct layout *layout = sheet->layout;
    const struct rect *plot = &layout->plot;
    levels_draw(layout, &sheet->levels, false);
    for (size_t i = 0; i < sheet->levels.count; i++) {
        const struct level *level = &sheet->levels.level[i];
        add_side_label(sheet, layout_y(layout, level->value), level->is_limit ? INK_LIMIT : INK_TEXT, level->text);
    }
    sheet->side_count = sheet->column_width <= 0 ? 0
                                                 : label_side(layout, column_x(sheet), plot->y + 4,
                                                              plot->y + plot->height, sheet->side, sheet->side_count);
}

static void put_legend_row(struct lines_layout *sheet, const struct legend_row *row, double y)
{
    struct layout *layout = sheet->layout;
    double x = column_x(sheet), right = x + sheet->column_width;
    struct stroke *swatch = layout_stroke(layout, x, y - 4, x + SWATCH_PX, y - 4, row->is_run ? INK_RUN : INK_NODE,
                                          row->swap     ? DASH_DOTTED
                                          : row->is_run ? layout_run_dash(layout, row->node)
                                                        : layout_dash(layout_slot(layout, row->node)));
    if (swatch != NULL) {
        swatch->node = row->node;
        swatch->width_px = row->swap ? 1.5 : 3;
        swatch->over = true;
    }
    layout_text(layout, x + SWATCH_PX + 6, y, 0, LAYOUT_TEXT_PX, INK_TITLE, row->name);
    layout_text(layout, right, y, 1, LAYOUT_TEXT_PX, INK_TITLE, row->value);
}

/* Finds the topmost free part of the column between the side labels that has `wanted` px, or else the longest one: from
 * the first baseline to the end. */
static void find_legend_place(const struct lines_layout *sheet, double wanted, double *first, double *end)
{
    double longest = -INFINITY, from = sheet->layout->plot.y + 4;
    for (size_t i = 0; i <= sheet->side_count && longest < wanted; i++) {
        bool last = i == sheet->side_count;
        double to = last ? sheet->layout->height_px - LAYOUT_MARGIN_PX : sheet->side[i].y - ROW_PX;
        if (fmin(to - from, wanted) > longest) {
            longest = fmin(to - from, wanted);
            *first = from;
            *end = to;
        }
        from = last ? from : sheet->side[i].y + ROW_PX;
    }
}

/* Places the legend; rows that do not fit are counted. */
static void put_legend(struct lines_layout *sheet)
{
    struct layout *layout = sheet->layout;
    double x = column_x(sheet), right = x + sheet->column_width, y = 0, end = 0;
    char text[256];
    find_legend_place(sheet, ROW_PX * (double)(sheet->row_count + 1), &y, &end);
    if (sheet->row_count == 0 || sheet->column_width <= 0 || end - y < 2 * ROW_PX)
        return;
    legend_heading(text, sizeof text, sheet->request, sheet->trace);
    layout_text(layout, x + SWATCH_PX + 6, y, 0, LAYOUT_TEXT_PX, INK_TEXT,
                layout->run_style == RUNS_COLOURED ? "run" : trace_member(sheet->trace));
    layout_text(layout, right, y, 1, LAYOUT_TEXT_PX, INK_TEXT, text);
    size_t fitting = (size_t)((end - y) / ROW_PX), all = sheet->row_count + sheet->pale_count;
    size_t shown = sheet->row_count + (sheet->pale_count > 0 ? 1 : 0) <= fitting ? sheet->row_count : fitting - 1;
    for (size_t i = 0; i < shown; i++)
        put_legend_row(sheet, &sheet->row[i], y += ROW_PX);
    if (shown < all) {
        snprintf(text, sizeof text, "and %zu more", all - shown);
        layout_text(layout, x + SWATCH_PX + 6, y + ROW_PX, 0, LAYOUT_TEXT_PX, INK_TEXT, text);
    }
}

/* Rings the highest peak, or the lowest low if low values matter, with value and time. */
static void put_peak(struct lines_layout *sheet, struct occupancy *occupancy)
{
    size_t index = sheet->order[0];
    const struct node *node = &sheet->trace->node[index];
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    char text[160];
    if (stats->min == stats->max)
        return;
    legend_peak_text(text, sizeof text, sheet->request, sheet->trace, node);
    double at_s, value = node_news(sheet->trace, node, &at_s);
    double x = layout_x(sheet->layout, at_s), y = layout_y(sheet->layout, value);
    /* A node that dies at its peak has a cross there. */
    if (!node->ends_early || fabs(layout_x(sheet->layout, node_end_s(node)) - x) > RING_PX)
        layout_marker(sheet->layout, x, y, MARKER_RING, index);
    label_near(sheet->layout, occupancy, x, y, index, text);
}

/* Returns true if there is space to label a node's end; a named node always has its label. */
static bool has_end(const struct lines_layout *sheet, size_t node)
{
    return sheet->trace->node[node].ends_early &&
           (sheet->trace->count <= LABELLED_NODES || layout_named(sheet->layout, node) < sheet->layout->named_count);
}

/* Marks where nodes end early, and labels the highest of them. */
static void put_early_ends(struct lines_layout *sheet, struct occupancy *occupancy)
{
    size_t reported = 0;
    for (size_t i = 0; i < sheet->trace->count; i++) {
        size_t index = sheet->order[i];
        const struct node *node = &sheet->trace->node[index];
        char text[200];
        if (!has_end(sheet, index))
            continue;
        double x = layout_x(sheet->layout, node_end_s(node));
        double y = layout_y(sheet->layout, node->line[TRACE_MAIN].stats.last);
        layout_marker(sheet->layout, x, y, MARKER_CROSS, index);
        if (reported++ >= LEGEND_ENDS_MAX)
            continue;
        legend_end_text(text, sizeof text, sheet->layout, sheet->request, node);
        label_near(sheet->layout, occupancy, x, y, index, text);
    }
}

/* Marks the gaps of nodes by bars on the time axis, with labels, as other lines may cover where a line is interrupted.
 */
static void put_gaps(struct lines_layout *sheet, struct occupancy *occupancy)
{
    struct layout *layout = sheet->layout;
    double y = layout->plot.y + layout->plot.height - 4, from_s, to_s;
    size_t reported = 0;
    for (size_t i = 0; i < sheet->trace->count && sheet->trace->count > 1 && reported < LEGEND_ENDS_MAX; i++) {
        size_t index = sheet->order[i];
        const struct node *node = &sheet->trace->node[index];
        char name[128], gap[96], text[256];
        bool is_pale = layout->others_pale && layout_named(layout, index) == layout->named_count;
        if (is_pale || layout_is_merged(layout, index) || !focus_gap(sheet->trace, node, &from_s, &to_s))
            continue;
        double from = layout_x(layout, from_s), to = layout_x(layout, to_s);
        struct stroke *bar = layout_stroke(layout, from, y, to, y, INK_NODE, DASH_SOLID);
        if (bar != NULL) {
            bar->node = index;
            bar->width_px = 4;
            bar->over = true;
        }
        layout_fit(layout, name, sizeof name, node->name, 0.2 * layout->width_px, LAYOUT_TEXT_PX);
        focus_gap_text(gap, sizeof gap, sheet->request, sheet->trace, from_s, to_s);
        snprintf(text, sizeof text, "%s %s", name, gap);
        label_near(layout, occupancy, (from + to) / 2, y, index, text);
        y -= GAP_BAR_PX;
        reported++;
    }
}

/* Names of nodes and runs whose lines end within the plot because another run is longer. */
static void put_inner_ends(struct lines_layout *sheet, struct occupancy *occupancy)
{
    char name[200];
    for (size_t i = 0; sheet->ends_width > 0 && i < sheet->trace->count; i++) {
        const struct node *node = &sheet->trace->node[sheet->order[i]];
        if (!has_end_name(sheet, sheet->order[i]) || reaches_end(sheet, node_end_s(node)) || i >= LAYOUT_LINES_MAX)
            continue;
        end_name(sheet, sheet->order[i], name, sizeof name);
        label_near(sheet->layout, occupancy, layout_x(sheet->layout, node_end_s(node)),
                   layout_y(sheet->layout, node->line[TRACE_MAIN].stats.last), sheet->order[i], name);
    }
    for (size_t i = 0; i < run_count(sheet); i++)
        occupancy_add_node(occupancy, sheet->layout, run_highest(sheet, i), TRACE_MAIN);
    for (size_t i = 0; sheet->ends_width > 0 && i < run_count(sheet); i++) {
        const struct node *node = run_highest(sheet, i);
        if (reaches_end(sheet, node_end_s(node)))
            continue;
        run_name(sheet, i, name, sizeof name);
        label_near_as(sheet->layout, occupancy, layout_x(sheet->layout, node_end_s(node)),
                      layout_y(sheet->layout, node->line[TRACE_MAIN].stats.last), run_ink(sheet->layout), i, name);
    }
}

/* The labels on the data, placed where they cover the least. */
static void put_data_labels(struct lines_layout *sheet)
{
    struct occupancy occupancy = {0};
    if (!occupancy_init(&occupancy, &sheet->layout->plot)) {
        sheet->layout->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < sheet->trace->count && i < LABELLED_NODES; i++)
        occupancy_add_node(&occupancy, sheet->layout, &sheet->trace->node[i], TRACE_MAIN);
    const struct rect *plot = &sheet->layout->plot;
    for (size_t i = 0; i < sheet->layout->stroke_count; i++) { /* totals, limit, marks; grid lines do not matter */
        const struct stroke *stroke = &sheet->layout->stroke[i];
        if (stroke->ink == INK_TOTAL || stroke->ink == INK_LIMIT || stroke->ink == INK_MARK)
            occupancy_add_line(&occupancy, stroke->x0, stroke->y0, stroke->x1, stroke->y1);
    }
    if (sheet->event_rows > 0)
        occupancy_add_rect(
            &occupancy, &(struct rect){plot->x, plot->y, plot->width, LABEL_MARK_ROW_PX * (double)sheet->event_rows});
    put_peak(sheet, &occupancy);
    put_inner_ends(sheet, &occupancy);
    put_early_ends(sheet, &occupancy);
    put_gaps(sheet, &occupancy);
    occupancy_free(&occupancy);
}

/* There are too many lines for a colour each, so the notable nodes are highlighted. */
static bool name_few(struct lines_layout *sheet)
{
    if (sheet->trace->count <= LAYOUT_LINES_MAX)
        return coincident_rank(sheet->layout, sheet->request, sheet->trace, sheet->order);
    sheet->layout->named_count = focus_find(sheet->layout->named, sheet->request, sheet->trace);
    sheet->layout->others_pale = true;
    return true;
}

bool layout_shows_node(const struct layout *layout, const struct node *node)
{
    const struct series *series = &node->line[TRACE_NODE];
    return series->stats.count > 0 && layout_y(layout, series_mean(series)) >= layout->plot.y;
}

static bool shows_nodes(const struct lines_layout *sheet)
{
    for (size_t i = 0; layout_draws_cache(sheet->trace) && i < sheet->trace->count; i++)
        if (layout_shows_node(sheet->layout, &sheet->trace->node[i]))
            return true;
    return false;
}

/* Returns true if the job's cache is high enough in the plot to be seen. */
static bool shows_cache(const struct lines_layout *sheet)
{
    for (size_t i = 0; layout_draws_cache(sheet->trace) && i < sheet->trace->count; i++) {
        const struct series *used = &sheet->trace->node[i].line[TRACE_MAIN],
                            *all = &sheet->trace->node[i].line[TRACE_WITH_CACHE];
        if (all->stats.count == 0)
            continue;
        double peak_px = layout_y(sheet->layout, used->stats.max) - layout_y(sheet->layout, all->stats.max);
        double mean_px = layout_y(sheet->layout, series_mean(used)) - layout_y(sheet->layout, series_mean(all));
        if (peak_px >= 2 || mean_px >= 1)
            return true;
    }
    return false;
}

/* Puts a text above the plot about data missing from it and data in its background. */
static void put_caption(struct lines_layout *sheet)
{
    struct layout *layout = sheet->layout;
    char text[NOTE_MAX + 256];
    char runs[NOTE_MAX];
    layout_runs_note(runs, sizeof runs, layout, sheet->request);
    char context[80];
    bool has_cache = shows_cache(sheet), has_nodes = shows_nodes(sheet);
    snprintf(context, sizeof context, "%s%s%s", has_cache ? "light area: the job's cache" : "",
             has_cache && has_nodes ? "; " : "", has_nodes ? "thin line: the node's memory" : "");
    const char *other = sheet->request->against != NULL ? runs : context;
    double space_px = layout->width_px - LAYOUT_MARGIN_PX - layout->plot.x;
    levels_note(text, sizeof text, &sheet->levels, sheet->request, other);
    layout_text_fitting(layout, layout->plot.x, layout->plot.y - 10, space_px, SMALL_TEXT_PX, INK_TEXT,
                        (const char *const[]){text, other, NULL});
}

/* Rows of nodes without a colour of their own carry no information: they are only counted. */
static void drop_pale(struct lines_layout *sheet)
{
    size_t kept = 0;
    for (size_t i = 0; sheet->layout->others_pale && i < sheet->row_count; i++) {
        if (sheet->row[i].is_run || layout_named(sheet->layout, sheet->row[i].node) < sheet->layout->named_count)
            sheet->row[kept++] = sheet->row[i];
        else if (!sheet->row[i].swap)
            sheet->pale_count++;
    }
    if (sheet->layout->others_pale && sheet->layout->named_count > 0)
        sheet->row_count = kept;
    else
        sheet->pale_count = 0;
}

/* A small sheet is used for the plot alone, unless the user asked for the legend. */
static bool wants_legend(const struct lines_layout *sheet)
{
    return layout_wants_legend(sheet->request, sheet->trace) &&
           (sheet->request->legend == LEGEND_ON || sheet->layout->width_px >= 400);
}

bool layout_lines(struct layout *layout, const struct layout_request *request, const struct trace *trace)
{
    double top = layout_head(layout, request);
    struct lines_layout sheet = {.layout = layout, .request = request, .trace = trace};
    sheet.order = trace_order_by_peak(trace);
    if (sheet.order == NULL || !name_few(&sheet) ||
        (wants_legend(&sheet) && !legend_plan(&sheet.row, &sheet.row_count, layout, request, trace, sheet.order))) {
        layout->out_of_memory = true;
        goto out;
    }
    drop_pale(&sheet);
    layout->draw_swap = request->draw_swap;
    layout->run_style = runs_are_lines(request->against, trace) ? RUNS_COLOURED
                        : trace->count == 1                     ? RUNS_PALE
                                                                : RUNS_OF_NODES;
    levels_find(&sheet.levels, layout, request, trace);
    layout->draw_total = sheet.levels.per_node;
    measure_column(&sheet);
    place_plot(&sheet, top);
    layout_value_axis(layout, request->unit);
    if (sheet.column_width > 0)
        layout->time_text_end = column_x(&sheet) - 4; /* a long legend goes on below */
    layout_time_axis(layout, request);
    put_caption(&sheet);
    put_levels(&sheet);
    put_legend(&sheet);
    put_ends(&sheet);
    label_events(layout, request);
    label_event_list(layout, request, &sheet.list, true);
    put_data_labels(&sheet);
out:
    free(sheet.order);
    free(sheet.row);
    return !layout->out_of_memory;
}
