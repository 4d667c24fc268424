/* SPDX-License-Identifier: MIT */
/* layout_panels: owns the arrangement of one small plot a node, all with the same scales. Knows no
 * Cairo, file or option. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "figure/layout.h"

#define MARGIN_PX       24.0
#define TEXT_PX         11.0
#define GAP_PX          14.0
#define NAME_PX         18.0 /* above a panel */
#define LEAST_STEP_X_PX 72.0 /* from panel to panel */
#define LEAST_STEP_Y_PX 40.0

struct panels {
    struct layout *layout;
    const struct layout_request *request;
    const struct trace *trace;
    const size_t *order;
    size_t columns, rows;
};

/* Of all numbers of columns the one with which the panels come nearest to a pleasant shape, none
 * being too small. */
static size_t choose_columns(double width, double height, size_t count)
{
    size_t best = 1;
    double best_miss = INFINITY;
    for (size_t columns = 1; columns <= count; columns++) {
        size_t rows = (count + columns - 1) / columns;
        double step_x = width / (double)columns, step_y = height / (double)rows;
        double unused = (double)(columns * rows - count) / (double)(columns * rows);
        double miss = fabs(log(step_x / step_y / 1.9)) + 3 * unused;
        if (columns > 1 && step_x < LEAST_STEP_X_PX)
            break;
        if (rows > 1 && step_y < LEAST_STEP_Y_PX)
            miss += 100;
        if (miss < best_miss) {
            best_miss = miss;
            best = columns;
        }
    }
    return best;
}

/* How many of `count` panels there is room for, one at least. */
static size_t fitting(double width, double height, size_t count)
{
    double columns = fmax(1, floor(width / LEAST_STEP_X_PX)), rows = fmax(1, floor(height / LEAST_STEP_Y_PX));
    return columns * rows < (double)count ? (size_t)(columns * rows) : count;
}

static void place(struct panels *sheet, double top, double left)
{
    struct layout *layout = sheet->layout;
    double width = layout->width_px - MARGIN_PX - left + GAP_PX;
    double height = layout->height_px - layout_foot(layout) - top;
    layout->panel_count = fitting(width, height, layout->panel_count);
    sheet->columns = choose_columns(width, height, layout->panel_count);
    sheet->rows = (layout->panel_count + sheet->columns - 1) / sheet->columns;
    double step_x = width / (double)sheet->columns, step_y = height / (double)sheet->rows;
    for (size_t i = 0; i < layout->panel_count; i++) {
        size_t column = i % sheet->columns, row = i / sheet->columns;
        double x = left + step_x * (double)column, y = top + step_y * (double)row + NAME_PX;
        layout->panel[i] =
            (struct rect){floor(x), floor(y), floor(fmax(step_x - GAP_PX, 8)), floor(fmax(step_y - NAME_PX - 8, 8))};
    }
}

static void set_scales(struct panels *sheet)
{
    struct layout *layout = sheet->layout;
    const struct layout_request *request = sheet->request;
    const struct rect *panel = &layout->panel[0];
    double max = layout_max(request, sheet->trace, TRACE_MAIN);
    if (request->draw_total)
        max = fmax(max, trace_max(sheet->trace, TRACE_TOTAL));
    if (request->draw_swap)
        max = fmax(max, trace_max(sheet->trace, TRACE_SWAP));
    if (isfinite(request->limit))
        max = fmax(max, request->limit);
    size_t wish = (size_t)fmin(fmax(2, panel->height / 28), 5);
    layout_set_value(layout, request, sheet->trace, max * 1.05, wish);
    layout_set_time(layout, request, sheet->trace, panel->width / 60);
}

/* The grid of a panel, with the axis' texts for the panels at the left and at the foot. */
static void put_axes(struct panels *sheet, size_t i)
{
    struct layout *layout = sheet->layout;
    const struct rect *plot = &layout->plot;
    double bottom = plot->y + plot->height, free_from = plot->x - 20, free_to = INFINITY;
    for (size_t k = 0; k < layout->value.tick_count; k++) {
        const struct tick *tick = &layout->value.tick[k];
        double y = layout_y(layout, tick->value * layout->unit_size);
        layout_stroke(layout, plot->x, y, plot->x + plot->width, y, k == 0 ? INK_AXIS : INK_GRID, DASH_SOLID);
        if (i % sheet->columns != 0 || y > free_to)
            continue;
        layout_text(layout, plot->x - 6, y + 4, 1, TEXT_PX, INK_TEXT, tick->text);
        free_to = y - TEXT_PX;
    }
    if (i + sheet->columns < layout->panel_count)
        return;
    for (size_t k = 0; k < layout->time.tick_count; k++) {
        const struct tick *tick = &layout->time.tick[k];
        double x = layout_x(layout, tick->value), half = layout_width(layout, tick->text, TEXT_PX, false) / 2;
        if (x - half < free_from || x + half > plot->x + plot->width + GAP_PX / 2)
            continue;
        layout_text(layout, x, bottom + 16, 0.5, TEXT_PX, INK_TEXT, tick->text);
        free_from = x + half + 8;
    }
}

static void put_panel(struct panels *sheet, size_t i)
{
    struct layout *layout = sheet->layout;
    const struct layout_request *request = sheet->request;
    const struct node *node = &sheet->trace->node[sheet->order[i]];
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    char number[96], name[128];
    int decimals = column_decimals(trace_max(sheet->trace, TRACE_MAIN) / request->unit_size);
    layout->plot = layout->panel[i];
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width;
    put_axes(sheet, i);
    if (isfinite(request->limit)) {
        double y = layout_y(layout, request->limit);
        layout_stroke(layout, plot->x, y, right, y, INK_LIMIT, DASH_SOLID);
    }
    layout_peak(number, sizeof number, request, stats->max, decimals);
    double room = plot->width - layout_width(layout, number, TEXT_PX, false) - 8;
    layout_fit(layout, name, sizeof name, node->name, fmax(room, 0), TEXT_PX);
    layout_text(layout, plot->x, plot->y - 5, 0, TEXT_PX, INK_TITLE, name);
    layout_text(layout, right, plot->y - 5, 1, TEXT_PX, INK_TEXT, number);
    if (node->ends_early)
        layout_marker(layout, layout_x(layout, node_end_s(node)), layout_y(layout, stats->last), MARKER_CROSS, 0);
}

/* What the numbers are. */
static void put_caption(struct panels *sheet, double top)
{
    struct layout *layout = sheet->layout;
    const char *unit = sheet->request->unit;
    char highest[240] = "", peaks[160], bare[96];
    snprintf(bare, sizeof bare, "peak in %s", unit);
    snprintf(peaks, sizeof peaks, "%s at the right of each name, highest first", bare);
    if (sheet->trace->count > layout->panel_count)
        snprintf(highest, sizeof highest, "the %zu nodes with the highest peaks of %zu; %s at the right of each name",
                 layout->panel_count, sheet->trace->count, bare);
    layout_text_fitting(layout, MARGIN_PX, top + 12, layout->width_px - 2 * MARGIN_PX, TEXT_PX, INK_TEXT,
                        (const char *const[]){*highest != '\0' ? highest : peaks, peaks, bare, NULL});
}

/* Which time the panels show. */
static void put_time_caption(struct panels *sheet)
{
    struct layout *layout = sheet->layout;
    char text[64];
    if (layout_is_small(layout))
        return;
    snprintf(text, sizeof text, isfinite(sheet->request->clock_epoch_s) ? "time of day" : "elapsed time [%s]",
             layout->time.caption);
    layout_text(layout, layout->width_px - MARGIN_PX, layout->height_px - MARGIN_PX - 6, 1, TEXT_PX, INK_TEXT, text);
}

bool layout_panels(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                   const size_t *order)
{
    struct panels sheet = {.layout = layout, .request = request, .trace = trace, .order = order};
    double top = layout_head(layout, request) + 8;
    layout->draw_total = request->draw_total;
    layout->draw_swap = request->draw_swap;
    layout->panel_count = trace->count < LAYOUT_PANEL_MAX ? trace->count : LAYOUT_PANEL_MAX;
    layout->panel = calloc(layout->panel_count + 1, sizeof *layout->panel);
    if (layout->panel == NULL) {
        layout->out_of_memory = true;
        return false;
    }
    place(&sheet, top + 22, 64);
    put_caption(&sheet, top);
    set_scales(&sheet);
    for (size_t i = 0; i < layout->panel_count; i++)
        put_panel(&sheet, i);
    put_time_caption(&sheet);
    return !layout->out_of_memory;
}
