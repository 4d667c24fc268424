/* SPDX-License-Identifier: MIT */
/* terminal_panels: small plots in characters, one per node. Independent of terminals, paths and options. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "canvas.h"
#include "figure/layout_legend.h"
#include "figure/panels_plan.h"

#define PANEL_COLUMNS_MIN 16
#define PANEL_ROWS_MIN    4
#define SHAPE             3.8 /* ideal ratio of a panel's columns to its rows */

struct panels_cells {
    struct canvas *canvas;
    struct level_list levels;
    size_t *node; /* in the order of the panels. Owned. */
    long count, across, down;
    long left, top, width, height; /* of all panels */
    long event_rows;               /* above them */
};

/* Chooses the number of panels per row. Returns false if not even the smallest fit. */
static bool choose_columns(struct panels_cells *panels)
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

static void set_scale(struct panels_cells *panels, double height)
{
    struct canvas *canvas = panels->canvas;
    double max = levels_max(&panels->levels, &canvas->request, canvas->trace);
    layout_set_value(&canvas->layout, &canvas->request, canvas->trace, max * 1.05,
                     (size_t)fmin(fmax(2, height / 2), 5));
}

/* Determines how many panels fit. Returns false if there is no space for even one. */
static bool plan(struct panels_cells *panels)
{
    struct canvas *canvas = panels->canvas;
    set_scale(panels, 6);
    panels->left = canvas_axis_width(canvas);
    panels->top = canvas->top + (canvas_has_unit_row(canvas) ? 1 : 0);
    layout_set_time(&canvas->layout, &canvas->request, canvas->trace, 4);
    panels->event_rows = (long)canvas_event_list(canvas, 0, 0, canvas->rows >= 20 ? 2 : 1, false);
    panels->top += panels->event_rows;
    panels->width = canvas->columns - panels->left;
    panels->height = canvas->bottom - canvas_foot(canvas) - panels->top;
    panels->count = (long)fmin((double)canvas->trace->count, LAYOUT_PANEL_MAX);
    while (panels->count > 0 && !choose_columns(panels))
        panels->count--;
    return panels->count > 0 && panels->across > 0;
}

/* Draws the same node in other runs. */
static void draw_runs(struct canvas *canvas, size_t node)
{
    const struct runs *runs = canvas->request.against;
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        const struct trace *other = &runs->run[i].trace;
        size_t same = runs_same_node(other, canvas->trace, node);
        if (same < other->count)
            canvas_series(canvas, &other->node[same], TRACE_MAIN, canvas_run_ink(canvas, i), DASH_DOTTED,
                          canvas_run_letter(canvas, i));
    }
}

static void draw_panel(struct panels_cells *panels, long i)
{
    struct canvas *canvas = panels->canvas;
    struct rect *plot = &canvas->layout.plot;
    size_t index = panels->node[i];
    const struct node *node = &canvas->trace->node[index];
    long column = i % panels->across, row = i / panels->across;
    long left = panels->left + column * panels->width / panels->across;
    long right = panels->left + (column + 1) * panels->width / panels->across - (column + 1 < panels->across ? 2 : 0);
    long top = panels->top + row * panels->height / panels->down;
    long bottom = panels->top + (row + 1) * panels->height / panels->down;
    char number[96], name[128];
    bool alarming = panels_is_alarming(canvas->layout.named, canvas->layout.named_count, index);
    const uint32_t ink = canvas_node_ink(canvas, alarming ? PANEL_ALARM_COLOUR : PANEL_COLOUR);
    int decimals = format_decimals(trace_max(canvas->trace, TRACE_MAIN) / canvas->request.unit_size);
    *plot = (struct rect){(double)left, (double)(top + 1), (double)(right - left), (double)(bottom - top - 1)};
    set_scale(panels, plot->height);
    layout_set_time(&canvas->layout, &canvas->request, canvas->trace, plot->width / 12);
    for (size_t k = 0; k < panels->levels.count; k++) {
        const struct level *level = &panels->levels.level[k];
        canvas_level(canvas, level->value, level->is_limit ? canvas_limit_ink(canvas) : canvas_total_ink(canvas),
                     level->is_limit ? DASH_SOLID
                     : level->swap   ? DASH_DOTTED
                                     : DASH_DASHED);
    }
    draw_runs(canvas, index);
    if (panels->levels.per_node)
        canvas_series(canvas, node, TRACE_TOTAL, canvas_total_ink(canvas), DASH_DASHED, '-');
    if (canvas->request.draw_swap && node->line[TRACE_SWAP].stats.max > 0)
        canvas_series(canvas, node, TRACE_SWAP, ink, DASH_DOTTED, 's');
    canvas_series(canvas, node, TRACE_MAIN, ink, DASH_SOLID, '*');
    if (node->ends_early)
        canvas_point(canvas, node_end_s(node), node->line[TRACE_MAIN].stats.last, canvas->cells->ascii ? 'X' : 0xd7,
                     NULL, ink);
    layout_peak(number, sizeof number, &canvas->request, node_news(canvas->trace, node, NULL), decimals);
    long space = (long)plot->width - canvas_width(canvas, number) - 1;
    layout_fit(&canvas->layout, name, sizeof name, node->name, (double)space, 0);
    cells_put(canvas->cells, (long)plot->x, (long)plot->y - 1, name, alarming ? ink : CELL_PLAIN, CELL_BOLD);
    cells_put(canvas->cells, (long)plot->x + space + 1, (long)plot->y - 1, number, CELL_PLAIN, 0);
    canvas_value_axis(canvas, column == 0, i == 0);
    if (i + panels->across >= panels->count)
        canvas_time_axis(canvas, (long)(plot->y + plot->height), (long)(plot->x + plot->width), false);
    canvas_event_lines(canvas);
    canvas_grid(canvas);
}

static void put_caption(struct panels_cells *panels)
{
    struct canvas *canvas = panels->canvas;
    struct panels_captions captions = {0};
    if (!canvas_has_unit_row(canvas))
        return;
    panels_captions(&captions, &canvas->request, canvas->trace, (size_t)panels->count,
                    panels->levels.count > 0 ? panels->levels.level[0].text : panels->levels.note);
    cells_put(canvas->cells, 0, canvas->top, canvas_fitting(canvas, captions.choice, canvas->columns), CELL_PLAIN,
              CELL_FAINT);
}

bool terminal_panels(struct canvas *canvas)
{
    struct panels_cells panels = {.canvas = canvas};
    canvas->layout.named_count = focus_find(canvas->layout.named, &canvas->request, canvas->trace);
    levels_find(&panels.levels, &canvas->layout, &canvas->request, canvas->trace);
    if (!plan(&panels)) {
        canvas->layout.named_count = 0;
        return terminal_lines(canvas);
    }
    panels.node = calloc(canvas->trace->count + 1, sizeof *panels.node);
    if (panels.node == NULL)
        return false;
    panels_order(panels.node, canvas->trace, canvas->order, canvas->layout.named, canvas->layout.named_count);
    put_caption(&panels);
    canvas_event_list(canvas, 0, panels.top - (canvas_has_unit_row(canvas) ? 1 : 0) - panels.event_rows + 1,
                      (size_t)panels.event_rows, true);
    canvas->wants_letters = false; /* each panel has one line */
    for (long i = 0; i < panels.count; i++)
        draw_panel(&panels, i);
    free(panels.node);
    return true;
}
