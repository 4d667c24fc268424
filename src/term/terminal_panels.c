/* SPDX-License-Identifier: MIT */
/* terminal_panels: owns small plots in characters, one a node. Knows no terminal, path or option. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "canvas.h"
#include "figure/layout_legend.h"
#include "figure/panels_plan.h"

#define PANEL_COLUMNS_MIN 16
#define PANEL_ROWS_MIN    4
#define SHAPE             3.8 /* of a pleasant panel: columns to rows */

struct panels {
    struct canvas *sheet;
    struct level_list levels;
    size_t *node; /* in the order of the panels. Owned. */
    long count, across, down;
    long left, top, width, height; /* of all panels */
};

/* Chooses how many panels stand side by side. False when so many do not fit. */
static bool choose_columns(struct panels *panels)
{
    double best_miss = INFINITY;
    for (long across = 1; across <= panels->count; across++) {
        long down = (panels->count + across - 1) / across;
        long width = panels->width / across, height = panels->height / down;
        if (width < PANEL_COLUMNS_MIN || height < PANEL_ROWS_MIN)
            continue;
        double unused = (double)(across * down - panels->count) / (double)(across * down);
        double miss = fabs(log((double)width / (double)height / SHAPE)) + 3 * unused;
        if (miss < best_miss) {
            best_miss = miss;
            panels->across = across;
            panels->down = down;
        }
    }
    return best_miss < INFINITY;
}

static void set_scale(struct panels *panels, double height)
{
    struct canvas *sheet = panels->sheet;
    double max = levels_max(&panels->levels, &sheet->request, sheet->trace);
    layout_set_value(&sheet->layout, &sheet->request, sheet->trace, max * 1.05, (size_t)fmin(fmax(2, height / 2), 5));
}

/* Finds out how many panels fit. False when there is not even room for one. */
static bool plan(struct panels *panels)
{
    struct canvas *sheet = panels->sheet;
    set_scale(panels, 6);
    panels->left = sheet_axis_width(sheet);
    panels->top = sheet->top + (canvas_has_unit_row(sheet) ? 1 : 0);
    panels->width = sheet->columns - panels->left;
    panels->height = sheet->bottom - canvas_foot(sheet) - panels->top;
    panels->count = (long)fmin((double)sheet->trace->count, LAYOUT_PANEL_MAX);
    while (panels->count > 0 && !choose_columns(panels))
        panels->count--;
    return panels->count > 0 && panels->across > 0;
}

static void draw_panel(struct panels *panels, long i)
{
    struct canvas *sheet = panels->sheet;
    struct rect *plot = &sheet->layout.plot;
    size_t index = panels->node[i];
    const struct node *node = &sheet->trace->node[index];
    const struct trace *against = sheet->request.against;
    long column = i % panels->across, row = i / panels->across;
    long left = panels->left + column * panels->width / panels->across;
    long right = panels->left + (column + 1) * panels->width / panels->across - (column + 1 < panels->across ? 2 : 0);
    long top = panels->top + row * panels->height / panels->down;
    long bottom = panels->top + (row + 1) * panels->height / panels->down;
    char number[96], name[128];
    bool alarming = panels_is_alarming(sheet->layout.named, sheet->layout.named_count, index);
    const uint32_t ink = sheet_node_ink(sheet, alarming ? PANEL_ALARM_COLOUR : PANEL_COLOUR);
    int decimals = column_decimals(trace_max(sheet->trace, TRACE_MAIN) / sheet->request.unit_size);
    *plot = (struct rect){(double)left, (double)(top + 1), (double)(right - left), (double)(bottom - top - 1)};
    set_scale(panels, plot->height);
    layout_set_time(&sheet->layout, &sheet->request, sheet->trace, plot->width / 12);
    for (size_t k = 0; k < panels->levels.count; k++) {
        const struct level *level = &panels->levels.level[k];
        canvas_level(sheet, level->value, level->is_limit ? sheet_limit_ink(sheet) : sheet_total_ink(sheet),
                     level->is_limit ? DASH_SOLID
                     : level->swap   ? DASH_DOTTED
                                     : DASH_DASHED);
    }
    size_t other = against == NULL ? 0 : trace_find(against, node->name);
    if (against != NULL && other < against->count)
        canvas_series(sheet, &against->node[other], TRACE_MAIN, sheet_total_ink(sheet), DASH_DOTTED, '.');
    if (panels->levels.per_node)
        canvas_series(sheet, node, TRACE_TOTAL, sheet_total_ink(sheet), DASH_DASHED, '-');
    if (sheet->request.draw_swap && node->line[TRACE_SWAP].stats.max > 0)
        canvas_series(sheet, node, TRACE_SWAP, ink, DASH_DOTTED, 's');
    canvas_series(sheet, node, TRACE_MAIN, ink, DASH_SOLID, '*');
    if (node->ends_early)
        canvas_point(sheet, node_end_s(node), node->line[TRACE_MAIN].stats.last, sheet->cells->ascii ? 'X' : 0xd7, NULL,
                     ink);
    layout_peak(number, sizeof number, &sheet->request, node->line[TRACE_MAIN].stats.max, decimals);
    long room = (long)plot->width - canvas_width(sheet, number) - 1;
    layout_fit(&sheet->layout, name, sizeof name, node->name, (double)room, 0);
    cells_put(sheet->cells, (long)plot->x, (long)plot->y - 1, name, alarming ? ink : CELL_PLAIN, CELL_BOLD);
    cells_put(sheet->cells, (long)plot->x + room + 1, (long)plot->y - 1, number, CELL_PLAIN, 0);
    canvas_value_axis(sheet, column == 0, i == 0);
    if (i + panels->across >= panels->count)
        canvas_time_axis(sheet, (long)(plot->y + plot->height), (long)(plot->x + plot->width), false);
    canvas_grid(sheet);
}

static void put_caption(struct panels *panels)
{
    struct canvas *sheet = panels->sheet;
    struct panels_captions captions = {0};
    size_t i = 0;
    if (!canvas_has_unit_row(sheet))
        return;
    panels_captions(&captions, &sheet->request, sheet->trace, (size_t)panels->count,
                    panels->levels.count > 0 ? panels->levels.level[0].text : panels->levels.note);
    while (captions.choice[i + 1] != NULL && canvas_width(sheet, captions.choice[i]) > sheet->columns)
        i++;
    cells_put(sheet->cells, 0, sheet->top, captions.choice[i], CELL_PLAIN, CELL_FAINT);
}

bool terminal_panels(struct canvas *sheet)
{
    struct panels panels = {.sheet = sheet};
    sheet->layout.named_count = focus_find(sheet->layout.named, &sheet->request, sheet->trace);
    levels_find(&panels.levels, &sheet->layout, &sheet->request, sheet->trace);
    if (!plan(&panels)) {
        sheet->layout.named_count = 0;
        return terminal_lines(sheet);
    }
    panels.node = calloc(sheet->trace->count + 1, sizeof *panels.node);
    if (panels.node == NULL)
        return false;
    panels_order(panels.node, sheet->trace, sheet->order, sheet->layout.named, sheet->layout.named_count);
    put_caption(&panels);
    sheet->wants_letters = false; /* one line in each */
    for (long i = 0; i < panels.count; i++)
        draw_panel(&panels, i);
    free(panels.node);
    return true;
}
