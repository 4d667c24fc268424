/* SPDX-License-Identifier: MIT */
/* layout_panels: the arrangement of one small plot per node, all with the same scales. Independent of Cairo, files and
 * options. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/summary.h"
#include "base/units.h"
#include "figure/layout.h"
#include "figure/layout_legend.h"
#include "figure/panels_plan.h"
#include "layout_labels.h"

#define TEXT_PX         11.0
#define SMALL_TEXT_PX   10.0
#define GAP_PX          14.0
#define NAME_PX         18.0 /* above a panel */
#define LEAST_STEP_X_PX 72.0 /* between panels */
#define LEAST_STEP_Y_PX 40.0

struct panels_layout {
    struct layout *layout;
    const struct layout_request *request;
    const struct trace *trace;
    struct level_list levels;
    size_t columns, rows;
    struct rect list; /* rows of the marks */
};

/* Chooses the number of columns that gives the panels the most pleasant shape, with none too small. */
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

/* Returns how many of `count` panels fit, at least one. */
static size_t fitting(double width, double height, size_t count)
{
    double columns = fmax(1, floor(width / LEAST_STEP_X_PX)), rows = fmax(1, floor(height / LEAST_STEP_Y_PX));
    return columns * rows < (double)count ? (size_t)(columns * rows) : count;
}

static void place(struct panels_layout *sheet, double top, double left)
{
    struct layout *layout = sheet->layout;
    double width = layout->width_px - LAYOUT_MARGIN_PX - left + GAP_PX;
    double height = layout->height_px - layout_foot(layout) - sheet->list.height - top;
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

static void set_scales(struct panels_layout *sheet)
{
    struct layout *layout = sheet->layout;
    const struct layout_request *request = sheet->request;
    const struct rect *panel = &layout->panel[0];
    layout_set_value(layout, request, sheet->trace, levels_max(&sheet->levels, request, sheet->trace) * 1.05,
                     (size_t)fmin(fmax(2, panel->height / 18), 6));
    layout_set_time(layout, request, sheet->trace, panel->width / 60);
}

/* The grid of a panel, with the axis' texts for the panels at the left and at the bottom. */
static void put_axes(struct panels_layout *sheet, size_t i)
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

/* Puts the reason why a node is named, inside its panel if it fits. */
static void put_reason(struct panels_layout *sheet, size_t index)
{
    struct layout *layout = sheet->layout;
    char text[256];
    size_t slot = layout_named(layout, index);
    if (slot == layout->named_count || layout->plot.height < 40)
        return;
    const char *const reason = layout->named[slot].reason;
    layout_clauses(layout, text, sizeof text, reason, layout->plot.width - 8, SMALL_TEXT_PX);
    if (*text == '\0')
        return;
    struct label *label = layout_text(layout, layout->plot.x + 4, layout->plot.y + layout->plot.height - 5, 0,
                                      SMALL_TEXT_PX, INK_TITLE, text);
    if (label != NULL)
        label->halo = true;
}

static void put_panel(struct panels_layout *sheet, size_t i)
{
    struct layout *layout = sheet->layout;
    const struct layout_request *request = sheet->request;
    const struct node *node = &sheet->trace->node[layout->panel_node[i]];
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    char number[96], name[128];
    int decimals = format_decimals(trace_max(sheet->trace, TRACE_MAIN) / request->unit_size);
    layout->plot = layout->panel[i];
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width;
    put_axes(sheet, i);
    levels_draw(layout, &sheet->levels, false);
    layout_peak(number, sizeof number, request, node_news(sheet->trace, node, NULL), decimals);
    double space_px = plot->width - layout_width(layout, number, TEXT_PX, false) - 8;
    layout_fit(layout, name, sizeof name, node->name, fmax(space_px, 0), TEXT_PX);
    bool alarming = panels_is_alarming(layout->named, layout->named_count, layout->panel_node[i]);
    struct label *label = layout_text(layout, plot->x, plot->y - 5, 0, TEXT_PX, alarming ? INK_NODE : INK_TITLE, name);
    if (label != NULL && alarming) {
        label->node = PANEL_ALARM_COLOUR;
        label->bold = true;
    }
    layout_text(layout, right, plot->y - 5, 1, TEXT_PX, INK_TEXT, number);
    double at_s, value = node_news(sheet->trace, node, &at_s);
    if (alarming && !node->ends_early)
        layout_marker(layout, layout_x(layout, at_s), layout_y(layout, value), MARKER_RING, PANEL_ALARM_COLOUR);
    if (node->ends_early)
        layout_marker(layout, layout_x(layout, node_end_s(node)), layout_y(layout, stats->last), MARKER_CROSS,
                      PANEL_ALARM_COLOUR);
    label_event_numbers(layout, request);
    if (alarming)
        put_reason(sheet, layout->panel_node[i]);
}

/* Explains the numbers. */
static void put_caption(struct panels_layout *sheet, double top)
{
    struct layout *layout = sheet->layout;
    struct panels_captions captions = {0};
    char note[512 + NOTE_MAX], rest[768 + NOTE_MAX], runs[NOTE_MAX];
    size_t used = 0;
    note[0] = '\0';
    for (size_t i = 0; i < sheet->levels.count && used < 512; i++)
        used +=
            (size_t)snprintf(note + used, sizeof note - used, "%s%s", i > 0 ? ", " : "", sheet->levels.level[i].text);
    layout_runs_note(runs, sizeof runs, layout, sheet->request);
    if (used < 512 && runs[0] != '\0')
        snprintf(note + used, sizeof note - used, "%s%s", used > 0 ? SUMMARY_SEPARATOR : "", runs);
    levels_note(rest, sizeof rest, &sheet->levels, sheet->request, note);
    panels_captions(&captions, sheet->request, sheet->trace, layout->panel_count, rest);
    layout_text_fitting(layout, LAYOUT_MARGIN_PX, top + 12, layout->width_px - 2 * LAYOUT_MARGIN_PX, TEXT_PX, INK_TEXT,
                        captions.choice);
}

/* The time that the panels show. */
static void put_time_caption(struct panels_layout *sheet)
{
    struct layout *layout = sheet->layout;
    if (!layout_is_small(layout))
        layout_text(layout, layout->width_px - LAYOUT_MARGIN_PX,
                    layout->height_px - LAYOUT_MARGIN_PX - 6 - sheet->list.height, 1, TEXT_PX, INK_TEXT,
                    layout->time.caption);
}

bool layout_panels(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                   const size_t *order)
{
    struct panels_layout sheet = {.layout = layout, .request = request, .trace = trace};
    double top = layout_head(layout, request) + 8;
    layout->named_count = focus_find(layout->named, request, trace);
    levels_find(&sheet.levels, layout, request, trace);
    layout->draw_total = sheet.levels.per_node;
    layout->draw_swap = request->draw_swap;
    layout->panel_count = trace->count < LAYOUT_PANEL_MAX ? trace->count : LAYOUT_PANEL_MAX;
    layout->panel = calloc(layout->panel_count + 1, sizeof *layout->panel);
    layout->panel_node = calloc(trace->count + 1, sizeof *layout->panel_node);
    if (layout->panel == NULL || layout->panel_node == NULL) {
        layout->out_of_memory = true;
        return false;
    }
    panels_order(layout->panel_node, trace, order, layout->named, layout->named_count);
    layout->panel[0] = (struct rect){0, 0, 100, 60};
    set_scales(&sheet); /* needed for the width of the axis' texts */
    sheet.list = (struct rect){LAYOUT_MARGIN_PX, 0, layout->width_px - 2 * LAYOUT_MARGIN_PX, 0};
    layout_set_time(layout, request, trace, 2); /* the lists of marks depend on which marks are shown */
    layout->numbers_events = true;
    sheet.list.height = LABEL_MARK_ROW_PX * (double)label_event_list(layout, request, &sheet.list, false);
    sheet.list.y = layout->height_px - sheet.list.height - 4;
    place(&sheet, top + 22, fmax(64, LAYOUT_MARGIN_PX + 6 + layout_value_width(layout, request->unit, TEXT_PX)));
    put_caption(&sheet, top);
    set_scales(&sheet);
    for (size_t i = 0; i < layout->panel_count; i++)
        put_panel(&sheet, i);
    put_time_caption(&sheet);
    label_event_list(layout, request, &sheet.list, true);
    return !layout->out_of_memory;
}
