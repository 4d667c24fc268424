/* SPDX-License-Identifier: MIT */
/* terminal_lines: the plot in characters with one line per node. Independent of terminals, paths and options. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "canvas.h"
#include "figure/coincident.h"
#include "figure/layout_legend.h"

#define PLOT_COLUMNS_MIN 24 /* minimum that the column at the right leaves to the plot */
#define LABEL_ROWS_MIN   4  /* a lower plot has no texts on it */
#define SWATCH           3  /* columns of a line's colour in the legend, with the blank after it */

struct lines {
    struct canvas *canvas;
    struct legend_row *row;
    size_t row_count;
    struct level_list levels;
    long name_width, value_width;
    long column, column_width; /* column of the texts right of the plot; width 0: none */
    long flow_rows;            /* of a legend below the plot */
};

static void measure_column(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    char text[256];
    legend_heading(text, sizeof text, &canvas->request, canvas->trace);
    lines->name_width = 4;
    lines->value_width = canvas_width(canvas, text);
    for (size_t i = 0; i < lines->row_count; i++) {
        lines->name_width = canvas_longer(lines->name_width, canvas_width(canvas, lines->row[i].name));
        lines->value_width = canvas_longer(lines->value_width, canvas_width(canvas, lines->row[i].value));
    }
    if (lines->row_count > 0)
        lines->column_width = SWATCH + lines->name_width + 2 + lines->value_width;
    for (size_t i = 0; i < lines->levels.count; i++)
        lines->column_width = canvas_longer(lines->column_width, canvas_width(canvas, lines->levels.level[i].text));
}

/* Columns of a row in a legend below the plot. */
static long flow_width(const struct lines *lines)
{
    return SWATCH + lines->name_width + 1 + lines->value_width + 2;
}

/* Decides where the legend goes: right of the plot, else below it. */
static void plan_legend_place(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    long plot_width = canvas->columns - canvas_axis_width(canvas);
    measure_column(lines);
    if (plot_width - lines->column_width - 1 >= PLOT_COLUMNS_MIN)
        return;
    lines->column_width = 0;
    if (lines->row_count == 0 || canvas->rows < 12)
        return;
    lines->value_width = 0; /* without its heading */
    for (size_t i = 0; i < lines->row_count; i++)
        lines->value_width = canvas_longer(lines->value_width, canvas_width(canvas, lines->row[i].value));
    long in_row = canvas_longer(1, (canvas->columns + 2) / flow_width(lines));
    long rows = ((long)lines->row_count + in_row - 1) / in_row;
    lines->flow_rows = rows < canvas->rows / 6 ? rows : canvas->rows / 6;
}

static void set_value_scale(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    double height = fmax(canvas->layout.plot.height, 1);
    double headroom = height >= 6 ? height / (height - 1) : 1.04; /* a row for the peak's text */
    double max = levels_max(&lines->levels, &canvas->request, canvas->trace);
    max = canvas->trace->percent ? fmax(max, 100) * fmin(headroom, 1.25) : max * headroom;
    layout_set_value(&canvas->layout, &canvas->request, canvas->trace, max, (size_t)fmax(2, height / 2));
}

static void place_plot(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    struct rect *plot = &canvas->layout.plot;
    long above = canvas_has_unit_row(canvas) ? 1 : 0;
    long space = canvas->bottom - canvas->top - canvas_foot(canvas);
    plot->height = (double)canvas_longer(space - above, 1);
    set_value_scale(lines); /* for the width of its texts */
    plan_legend_place(lines);
    long axis = canvas_axis_width(canvas);
    plot->x = (double)axis;
    plot->width =
        (double)canvas_longer(canvas->columns - axis - (lines->column_width > 0 ? lines->column_width + 2 : 0), 1);
    lines->column = (long)(plot->x + plot->width) + 2;
    canvas_set_time(canvas, above == 0 ? 0 : (size_t)canvas_longer(space / 6, 1));
    above = canvas_longer(above, (long)canvas->event_rows);
    plot->y = (double)(canvas->top + above);
    plot->height = (double)canvas_longer(space - above - lines->flow_rows, 1);
    set_value_scale(lines);
}

static uint32_t letter_of(const struct lines *lines, size_t node, bool swap)
{
    return lines->canvas->trace->count == 1 ? (swap ? 's' : '*') : canvas_letter(lines->canvas->rank[node], swap);
}

/* Colour of a node; if there are too many for one colour each, that of its index among the named, or the lighter colour
 * of all others. */
static uint32_t line_ink(const struct lines *lines, size_t node)
{
    const struct canvas *canvas = lines->canvas;
    size_t slot = layout_named(&canvas->layout, node);
    if (!canvas->layout.others_pale)
        return canvas_node_ink(canvas, canvas->rank[node]);
    return slot < canvas->layout.named_count ? canvas_node_ink(canvas, slot)
                                             : cell_colour(canvas->style->theme->band_strong, 8);
}

/* Draws another run: a single one in lighter colours of the same nodes, several in one colour per run. */
static void draw_run(struct lines *lines, size_t run)
{
    struct canvas *canvas = lines->canvas;
    const struct runs *runs = canvas->request.against;
    const struct trace *other = &runs->run[run].trace;
    const struct theme *theme = canvas->style->theme;
    for (size_t i = 0; i < other->count; i++) {
        size_t same = runs_same_node(canvas->trace, other, i);
        struct colour colour = same < canvas->trace->count ? theme_node(theme, canvas->rank[same]) : theme->total;
        uint32_t ink = runs->count > 1 ? canvas_run_ink(canvas, run) : cell_colour(theme_pale(theme, colour), 8);
        canvas_series(canvas, &other->node[i], TRACE_MAIN, ink, DASH_DOTTED, canvas_run_letter(canvas, run));
    }
}

/* Draws all lines of a node. */
static void draw_node(struct lines *lines, size_t index)
{
    struct canvas *canvas = lines->canvas;
    const struct node *node = &canvas->trace->node[index];
    const uint32_t ink = line_ink(lines, index);
    if (canvas->layout.draw_total)
        canvas_series(canvas, node, TRACE_TOTAL, ink, DASH_DASHED, '-');
    if (canvas->layout.draw_total && canvas->request.draw_swap)
        canvas_series(canvas, node, TRACE_SWAP_TOTAL, ink, DASH_DASHED, '-');
    if (canvas->request.draw_swap && (node->line[TRACE_SWAP].stats.max > 0 || canvas->trace->count == 1))
        canvas_series(canvas, node, TRACE_SWAP, ink, DASH_DOTTED, letter_of(lines, index, true));
    canvas_series(canvas, node, TRACE_MAIN, ink, DASH_SOLID, letter_of(lines, index, false));
}

static void draw_data(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    const struct layout *layout = &canvas->layout;
    for (size_t i = 0; i < lines->levels.count; i++) {
        const struct level *level = &lines->levels.level[i];
        canvas_level(canvas, level->value, level->is_limit ? canvas_limit_ink(canvas) : canvas_total_ink(canvas),
                     level->is_limit ? DASH_SOLID
                     : level->swap   ? DASH_DOTTED
                                     : DASH_DASHED);
    }
    for (size_t i = 0; canvas->request.against != NULL && i < canvas->request.against->count; i++)
        draw_run(lines, i);
    for (size_t i = canvas->trace->count; i-- > 0;) /* the highest last, over the others */
        if (layout_named(layout, canvas->order[i]) == layout->named_count)
            draw_node(lines, canvas->order[i]);
    for (size_t i = layout->named_count; i-- > 0;)
        draw_node(lines, layout->named[i].node);
}

/* Marks the highest peak, or the lowest low, with value and time. */
static void put_peak(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    size_t index = canvas->order[0];
    const struct node *node = &canvas->trace->node[index];
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    char text[160];
    if (stats->min == stats->max || canvas->layout.plot.height < LABEL_ROWS_MIN)
        return;
    legend_peak_text(text, sizeof text, &canvas->request, canvas->trace, node);
    double at_s, value = node_news(canvas->trace, node, &at_s);
    canvas_point(canvas, at_s, value, canvas->cells->ascii ? 'O' : 0x25cb, text, line_ink(lines, index));
}

/* Marks where nodes end early, the highest of them in words. */
static void put_early_ends(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    size_t reported = 0;
    for (size_t i = 0; i < canvas->trace->count; i++) {
        size_t index = canvas->order[i];
        const struct node *node = &canvas->trace->node[index];
        char text[200];
        bool is_named = layout_named(&canvas->layout, index) < canvas->layout.named_count;
        if (!node->ends_early || (canvas->trace->count > LAYOUT_LINES_MAX && !is_named))
            continue;
        legend_end_text(text, sizeof text, &canvas->layout, &canvas->request, node);
        canvas_point(canvas, node_end_s(node), node->line[TRACE_MAIN].stats.last, canvas->cells->ascii ? 'X' : 0xd7,
                     reported++ < LEGEND_ENDS_MAX && canvas->layout.plot.height >= LABEL_ROWS_MIN ? text : NULL,
                     line_ink(lines, index));
    }
}

/* ---- next to the plot ---- */

static void put_swatch(struct lines *lines, const struct legend_row *row, long column, long at)
{
    struct canvas *canvas = lines->canvas;
    const uint32_t ink = row->is_run ? canvas_run_ink(canvas, row->node) : line_ink(lines, row->node);
    bool letters = canvas->cells->ascii || canvas->wants_letters;
    uint32_t letter = row->is_run ? canvas_run_letter(canvas, row->node) : letter_of(lines, row->node, row->swap);
    if (letters)
        cells_put_character(canvas->cells, column, at, letter, ink);
    for (long i = 0; !letters && i < 2; i++)
        cells_put_character(canvas->cells, column + i, at, row->is_run ? 0x2508 : row->swap ? 0x254c : 0x2501, ink);
}

static void put_row(struct lines *lines, const struct legend_row *row, long column, long at, long gap)
{
    struct canvas *canvas = lines->canvas;
    long right = column + SWATCH + lines->name_width + gap + lines->value_width;
    put_swatch(lines, row, column, at);
    cells_put(canvas->cells, column + SWATCH, at, row->name, CELL_PLAIN, 0);
    cells_put(canvas->cells, right - canvas_width(canvas, row->value), at, row->value, CELL_PLAIN, 0);
}

/* Puts the rows of the legend in the first gap of the column that fits all of them, or else in the longest. */
static void put_legend(struct lines *lines, const bool *taken)
{
    struct canvas *canvas = lines->canvas;
    long best = canvas->top, best_length = 0, wanted = (long)lines->row_count + 1;
    long top = (long)canvas->layout.plot.y - 1, bottom = canvas->bottom - 1;
    char text[80];
    for (long from = canvas_longer(top, canvas->top); from < bottom && best_length < wanted;) {
        long to = from;
        while (to < bottom && !taken[to])
            to++;
        if (to - from > best_length) {
            best = from;
            best_length = to - from;
        }
        from = to + 1;
    }
    if (lines->row_count == 0 || best_length < 2)
        return;
    legend_heading(text, sizeof text, &canvas->request, canvas->trace);
    cells_put(canvas->cells, lines->column + SWATCH, best, trace_member(canvas->trace), CELL_PLAIN, CELL_FAINT);
    cells_put(canvas->cells,
              lines->column + SWATCH + lines->name_width + 2 + lines->value_width - canvas_width(canvas, text), best,
              text, CELL_PLAIN, CELL_FAINT);
    size_t fitting = (size_t)best_length - 1;
    size_t shown = lines->row_count <= fitting ? lines->row_count : fitting - 1;
    for (size_t i = 0; i < shown; i++)
        put_row(lines, &lines->row[i], lines->column, ++best, 2);
    snprintf(text, sizeof text, "and %zu more", lines->row_count - shown);
    if (shown < lines->row_count)
        cells_put(canvas->cells, lines->column + SWATCH, best + 1, text, CELL_PLAIN, CELL_FAINT);
}

/* Collects the texts of totals and limit; returns how many there are. */
static size_t plan_sides(const struct lines *lines, struct canvas_side side[LEVELS_MAX])
{
    const struct canvas *canvas = lines->canvas;
    size_t count = 0;
    for (; count < lines->levels.count; count++) {
        const struct level *level = &lines->levels.level[count];
        side[count] =
            (struct canvas_side){.value = level->value, .ink = level->is_limit ? canvas_limit_ink(canvas) : CELL_PLAIN};
        snprintf(side[count].text, sizeof side[count].text, "%s", level->text);
    }
    return count;
}

/* Puts the texts of totals and limit at their heights, and the legend in the space left; without a column, only the
 * texts, on the plot. */
static bool put_column(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    struct canvas_side side[LEVELS_MAX];
    size_t count = plan_sides(lines, side);
    const double plot_rows = canvas->layout.plot.height;
    bool *taken = calloc((size_t)canvas->rows + 1, sizeof *taken);
    if (taken == NULL)
        return false;
    if (lines->column_width > 0) {
        canvas_sides(canvas, lines->column, side, count, taken);
        put_legend(lines, taken);
    }
    for (size_t i = 0; lines->column_width == 0 && plot_rows >= LABEL_ROWS_MIN && i < count; i++)
        canvas_point(canvas, canvas->layout.time.max, side[i].value, 0, side[i].text, side[i].ink);
    free(taken);
    return true;
}

/* Puts the legend in rows below the plot. */
static void put_flow(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    long in_row = canvas_longer(1, (canvas->columns + 2) / flow_width(lines));
    long shown =
        lines->flow_rows * in_row < (long)lines->row_count ? lines->flow_rows * in_row - 1 : (long)lines->row_count;
    char text[48];
    for (long i = 0; i < shown; i++)
        put_row(lines, &lines->row[i], i % in_row * flow_width(lines), canvas->bottom - lines->flow_rows + i / in_row,
                1);
    snprintf(text, sizeof text, "and %ld more", (long)lines->row_count - shown);
    if (shown < (long)lines->row_count)
        cells_put(canvas->cells, shown % in_row * flow_width(lines), canvas->bottom - 1, text, CELL_PLAIN, CELL_FAINT);
}

/* Ranks the lines if they are few, so that coinciding ones share a colour, letter and name. */
static bool rank_lines(struct canvas *canvas)
{
    if (canvas->trace->count > LAYOUT_LINES_MAX)
        return true;
    if (!coincident_rank(&canvas->layout, &canvas->request, canvas->trace, canvas->order))
        return false;
    memcpy(canvas->rank, canvas->layout.rank, canvas->trace->count * sizeof *canvas->rank);
    return true;
}

static bool find_words(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    const struct layout_request *request = &canvas->request;
    if (!rank_lines(canvas))
        return false;
    levels_find(&lines->levels, &canvas->layout, request, canvas->trace);
    canvas->layout.draw_total = lines->levels.per_node;
    return !layout_wants_legend(request, canvas->trace) ||
           legend_plan(&lines->row, &lines->row_count, &canvas->layout, request, canvas->trace, canvas->order);
}

/* Puts a note about what the plot does not show in the row of the unit. */
static void put_note(struct lines *lines)
{
    struct canvas *canvas = lines->canvas;
    const struct rect *plot = &canvas->layout.plot;
    char text[256];
    levels_note(text, sizeof text, &lines->levels, &canvas->request, "");
    if (canvas_has_unit_row(canvas) && canvas->event_rows == 0 && canvas_width(canvas, text) <= (long)plot->width)
        cells_put(canvas->cells, (long)plot->x, (long)plot->y - 1, text, CELL_PLAIN, CELL_FAINT);
}

bool terminal_lines(struct canvas *canvas)
{
    struct lines lines = {.canvas = canvas};
    bool ok = find_words(&lines);
    if (canvas->trace->count > LAYOUT_LINES_MAX) { /* too many for a colour each: notable ones are highlighted */
        canvas->layout.named_count = focus_find(canvas->layout.named, &canvas->request, canvas->trace);
        canvas->layout.others_pale = true;
    }
    if (ok) {
        place_plot(&lines);
        draw_data(&lines);
        canvas_value_axis(canvas, true, true);
        put_note(&lines);
        canvas_time_axis(canvas, (long)(canvas->layout.plot.y + canvas->layout.plot.height), canvas->columns, true);
        put_peak(&lines);
        put_early_ends(&lines);
        ok = put_column(&lines);
        canvas_events(canvas);
        canvas_grid(canvas);
    }
    if (ok && lines.flow_rows > 0)
        put_flow(&lines);
    free(lines.row);
    return ok;
}
