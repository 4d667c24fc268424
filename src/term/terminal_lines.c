/* SPDX-License-Identifier: MIT */
/* terminal_lines: owns the plot in characters with a line a node. Knows no terminal, path or option. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "canvas.h"
#include "figure/layout_legend.h"

#define PLOT_COLUMNS_MIN 24 /* the column at the right leaves at least so many to the plot */
#define LABEL_ROWS_MIN   4  /* a plot less high has no texts on it */
#define EARLY_LABEL_MAX  4
#define SWATCH           3 /* columns of a line's colour in the legend, with the blank behind it */

struct lines {
    struct canvas *sheet;
    struct legend_row *row;
    size_t row_count;
    struct level_list levels;
    long name_width, value_width;
    long column, column_width; /* of what stands right of the plot; width 0: nothing does */
    long flow_rows;            /* of a legend below the plot */
};

static void measure_column(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    char text[256];
    snprintf(text, sizeof text, "peak %s", sheet->request.unit);
    lines->name_width = 4;
    lines->value_width = canvas_width(sheet, text);
    for (size_t i = 0; i < lines->row_count; i++) {
        lines->name_width = sheet_longer(lines->name_width, canvas_width(sheet, lines->row[i].name));
        lines->value_width = sheet_longer(lines->value_width, canvas_width(sheet, lines->row[i].value));
    }
    if (lines->row_count > 0)
        lines->column_width = SWATCH + lines->name_width + 2 + lines->value_width;
    for (size_t i = 0; i < lines->levels.count; i++)
        lines->column_width = sheet_longer(lines->column_width, canvas_width(sheet, lines->levels.level[i].text));
}

/* Columns of a row in a legend below the plot. */
static long flow_width(const struct lines *lines)
{
    return SWATCH + lines->name_width + 1 + lines->value_width + 2;
}

/* Finds out where a legend can go: right of the plot, else below it. */
static void plan_legend_place(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    long plot_width = sheet->columns - sheet_axis_width(sheet);
    measure_column(lines);
    if (plot_width - lines->column_width - 1 >= PLOT_COLUMNS_MIN)
        return;
    lines->column_width = 0;
    if (lines->row_count == 0 || sheet->rows < 12)
        return;
    lines->value_width = 0; /* without its heading */
    for (size_t i = 0; i < lines->row_count; i++)
        lines->value_width = sheet_longer(lines->value_width, canvas_width(sheet, lines->row[i].value));
    long in_row = sheet_longer(1, (sheet->columns + 2) / flow_width(lines));
    long rows = ((long)lines->row_count + in_row - 1) / in_row;
    lines->flow_rows = rows < sheet->rows / 6 ? rows : sheet->rows / 6;
}

static void set_value_scale(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    double height = fmax(sheet->layout.plot.height, 1);
    double headroom = height >= 6 ? height / (height - 1) : 1.04; /* a row for the peak's text */
    double max = levels_max(&lines->levels, &sheet->request, sheet->trace);
    max = sheet->trace->percent ? fmax(max, 100) * fmin(headroom, 1.25) : max * headroom;
    layout_set_value(&sheet->layout, &sheet->request, sheet->trace, max, (size_t)fmax(2, height / 2));
}

static void place_plot(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    struct rect *plot = &sheet->layout.plot;
    long above = canvas_has_unit_row(sheet) ? 1 : 0;
    long room = sheet->bottom - sheet->top - canvas_foot(sheet);
    plot->height = (double)sheet_longer(room - above, 1);
    set_value_scale(lines); /* for the width of its texts */
    plan_legend_place(lines);
    long axis = sheet_axis_width(sheet);
    plot->x = (double)axis;
    plot->width =
        (double)sheet_longer(sheet->columns - axis - (lines->column_width > 0 ? lines->column_width + 2 : 0), 1);
    lines->column = (long)(plot->x + plot->width) + 2;
    canvas_set_time(sheet, above == 0 ? 0 : (size_t)sheet_longer(room / 6, 1));
    above = sheet_longer(above, (long)sheet->event_rows);
    plot->y = (double)(sheet->top + above);
    plot->height = (double)sheet_longer(room - above - lines->flow_rows, 1);
    set_value_scale(lines);
}

static uint32_t letter_of(const struct lines *lines, size_t node, bool swap)
{
    return lines->sheet->trace->count == 1 ? (swap ? 's' : '*') : sheet_letter(lines->sheet->rank[node], swap);
}

/* Colour of a node; among too many for a colour each, that of its place among the named, or the pale one of all others.
 */
static uint32_t line_ink(const struct lines *lines, size_t node)
{
    const struct canvas *sheet = lines->sheet;
    size_t slot = layout_named(&sheet->layout, node);
    if (!sheet->layout.others_pale)
        return sheet_node_ink(sheet, sheet->rank[node]);
    return slot < sheet->layout.named_count ? sheet_node_ink(sheet, slot)
                                            : cell_colour(sheet->style->theme->band_strong, 8);
}

/* The other run, pale: a node that is in both has the same colour. */
static void draw_against(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    const struct trace *against = sheet->request.against;
    const struct theme *theme = sheet->style->theme;
    for (size_t i = 0; against != NULL && i < against->count; i++) {
        size_t same = trace_find(sheet->trace, against->node[i].name);
        struct colour colour = same < sheet->trace->count ? theme_node(theme, sheet->rank[same]) : theme->total;
        canvas_series(sheet, &against->node[i], TRACE_MAIN, cell_colour(theme_pale(theme, colour), 8), DASH_DOTTED,
                      '.');
    }
}

/* All lines of a node. */
static void draw_node(struct lines *lines, size_t index)
{
    struct canvas *sheet = lines->sheet;
    const struct node *node = &sheet->trace->node[index];
    const uint32_t ink = line_ink(lines, index);
    if (sheet->layout.draw_total)
        canvas_series(sheet, node, TRACE_TOTAL, ink, DASH_DASHED, '-');
    if (sheet->layout.draw_total && sheet->request.draw_swap)
        canvas_series(sheet, node, TRACE_SWAP_TOTAL, ink, DASH_DASHED, '-');
    if (sheet->request.draw_swap && (node->line[TRACE_SWAP].stats.max > 0 || sheet->trace->count == 1))
        canvas_series(sheet, node, TRACE_SWAP, ink, DASH_DOTTED, letter_of(lines, index, true));
    canvas_series(sheet, node, TRACE_MAIN, ink, DASH_SOLID, letter_of(lines, index, false));
}

static void draw_data(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    const struct layout *layout = &sheet->layout;
    for (size_t i = 0; i < lines->levels.count; i++) {
        const struct level *level = &lines->levels.level[i];
        canvas_level(sheet, level->value, level->is_limit ? sheet_limit_ink(sheet) : sheet_total_ink(sheet),
                     level->is_limit ? DASH_SOLID
                     : level->swap   ? DASH_DOTTED
                                     : DASH_DASHED);
    }
    draw_against(lines);
    for (size_t i = sheet->trace->count; i-- > 0;) /* the highest last, over the others */
        if (layout_named(layout, sheet->order[i]) == layout->named_count)
            draw_node(lines, sheet->order[i]);
    for (size_t i = layout->named_count; i-- > 0;)
        draw_node(lines, layout->named[i].node);
}

/* Marks the highest peak, with value and time. */
static void put_peak(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    size_t index = sheet->order[0];
    const struct node *node = &sheet->trace->node[index];
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    char peak[96], clock[32], text[160];
    if (stats->min == stats->max || sheet->layout.plot.height < LABEL_ROWS_MIN)
        return;
    format_size(peak, sizeof peak, stats->max, sheet->request.unit_size, sheet->request.unit);
    format_moment(clock, sizeof clock, stats->max_s + node->offset_s, sheet->request.clock_epoch_s,
                  sheet->request.clock_zone_s);
    snprintf(text, sizeof text, "%s at %s", peak, clock);
    canvas_point(sheet, stats->max_s + node->offset_s, stats->max, sheet->cells->ascii ? 'O' : 0x25cb, text,
                 line_ink(lines, index));
}

/* Marks where nodes end early, the highest of them in words. */
static void put_early_ends(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    size_t reported = 0;
    for (size_t i = 0; i < sheet->trace->count; i++) {
        size_t index = sheet->order[i];
        const struct node *node = &sheet->trace->node[index];
        char clock[32], name[128], text[200];
        bool is_named = layout_named(&sheet->layout, index) < sheet->layout.named_count;
        if (!node->ends_early || (sheet->trace->count > LAYOUT_LINES_MAX && !is_named))
            continue;
        format_moment(clock, sizeof clock, node_end_s(node), sheet->request.clock_epoch_s, sheet->request.clock_zone_s);
        layout_fit(&sheet->layout, name, sizeof name, node->name, 0.2 * sheet->layout.width_px, 0);
        snprintf(text, sizeof text, "%s log ends %s", name, clock);
        canvas_point(sheet, node_end_s(node), node->line[TRACE_MAIN].stats.last, sheet->cells->ascii ? 'X' : 0xd7,
                     reported++ < EARLY_LABEL_MAX && sheet->layout.plot.height >= LABEL_ROWS_MIN ? text : NULL,
                     line_ink(lines, index));
    }
}

/* ---- beside the plot ---- */

static void put_swatch(struct lines *lines, const struct legend_row *row, long column, long at)
{
    struct canvas *sheet = lines->sheet;
    const uint32_t ink = line_ink(lines, row->node);
    bool letters = sheet->cells->ascii || sheet->wants_letters;
    if (letters)
        cells_put_character(sheet->cells, column, at, letter_of(lines, row->node, row->swap), ink);
    for (long i = 0; !letters && i < 2; i++)
        cells_put_character(sheet->cells, column + i, at, row->swap ? 0x254c : 0x2501, ink);
}

static void put_row(struct lines *lines, const struct legend_row *row, long column, long at, long gap)
{
    struct canvas *sheet = lines->sheet;
    long right = column + SWATCH + lines->name_width + gap + lines->value_width;
    put_swatch(lines, row, column, at);
    cells_put(sheet->cells, column + SWATCH, at, row->name, CELL_PLAIN, 0);
    cells_put(sheet->cells, right - canvas_width(sheet, row->value), at, row->value, CELL_PLAIN, 0);
}

/* Puts the rows of the legend at the first place of the column that takes all of them, or else at the longest. */
static void put_legend(struct lines *lines, const bool *taken)
{
    struct canvas *sheet = lines->sheet;
    long best = sheet->top, best_length = 0, wanted = (long)lines->row_count + 1;
    long top = (long)sheet->layout.plot.y - 1, bottom = sheet->bottom - 1;
    char text[80];
    for (long from = sheet_longer(top, sheet->top); from < bottom && best_length < wanted;) {
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
    snprintf(text, sizeof text, "peak %s", sheet->request.unit);
    cells_put(sheet->cells, lines->column + SWATCH, best, "node", CELL_PLAIN, CELL_FAINT);
    cells_put(sheet->cells,
              lines->column + SWATCH + lines->name_width + 2 + lines->value_width - canvas_width(sheet, text), best,
              text, CELL_PLAIN, CELL_FAINT);
    size_t fitting = (size_t)best_length - 1;
    size_t shown = lines->row_count <= fitting ? lines->row_count : fitting - 1;
    for (size_t i = 0; i < shown; i++)
        put_row(lines, &lines->row[i], lines->column, ++best, 2);
    snprintf(text, sizeof text, "and %zu more", lines->row_count - shown);
    if (shown < lines->row_count)
        cells_put(sheet->cells, lines->column + SWATCH, best + 1, text, CELL_PLAIN, CELL_FAINT);
}

/* Collects the texts of totals and limit; returns how many there are. */
static size_t plan_sides(const struct lines *lines, struct canvas_side side[LEVELS_MAX])
{
    const struct canvas *sheet = lines->sheet;
    size_t count = 0;
    for (; count < lines->levels.count; count++) {
        const struct level *level = &lines->levels.level[count];
        side[count] =
            (struct canvas_side){.value = level->value, .ink = level->is_limit ? sheet_limit_ink(sheet) : CELL_PLAIN};
        snprintf(side[count].text, sizeof side[count].text, "%s", level->text);
    }
    return count;
}

/* Puts the texts of totals and limit at their heights, and the legend where they leave room; without a column, the
 * texts alone on the plot. */
static bool put_column(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    struct canvas_side side[LEVELS_MAX];
    size_t count = plan_sides(lines, side);
    const double plot_rows = sheet->layout.plot.height;
    bool *taken = calloc((size_t)sheet->rows + 1, sizeof *taken);
    if (taken == NULL)
        return false;
    if (lines->column_width > 0) {
        canvas_sides(sheet, lines->column, side, count, taken);
        put_legend(lines, taken);
    }
    for (size_t i = 0; lines->column_width == 0 && plot_rows >= LABEL_ROWS_MIN && i < count; i++)
        canvas_point(sheet, sheet->layout.time.max, side[i].value, 0, side[i].text, side[i].ink);
    free(taken);
    return true;
}

/* Puts the legend in rows below the plot. */
static void put_flow(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    long in_row = sheet_longer(1, (sheet->columns + 2) / flow_width(lines));
    long shown =
        lines->flow_rows * in_row < (long)lines->row_count ? lines->flow_rows * in_row - 1 : (long)lines->row_count;
    char text[48];
    for (long i = 0; i < shown; i++)
        put_row(lines, &lines->row[i], i % in_row * flow_width(lines), sheet->bottom - lines->flow_rows + i / in_row,
                1);
    snprintf(text, sizeof text, "and %ld more", (long)lines->row_count - shown);
    if (shown < (long)lines->row_count)
        cells_put(sheet->cells, shown % in_row * flow_width(lines), sheet->bottom - 1, text, CELL_PLAIN, CELL_FAINT);
}

static bool find_words(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    const struct layout_request *request = &sheet->request;
    levels_find(&lines->levels, &sheet->layout, request, sheet->trace);
    sheet->layout.draw_total = lines->levels.per_node;
    return !layout_wants_legend(request, sheet->trace) ||
           legend_plan(&lines->row, &lines->row_count, &sheet->layout, request, sheet->trace, sheet->order);
}

/* What is not in the plot, in the row of the unit. */
static void put_note(struct lines *lines)
{
    struct canvas *sheet = lines->sheet;
    const struct rect *plot = &sheet->layout.plot;
    char text[256];
    levels_note(text, sizeof text, &lines->levels, &sheet->request, "");
    if (canvas_has_unit_row(sheet) && sheet->event_rows == 0 && canvas_width(sheet, text) <= (long)plot->width)
        cells_put(sheet->cells, (long)plot->x, (long)plot->y - 1, text, CELL_PLAIN, CELL_FAINT);
}

bool terminal_lines(struct canvas *sheet)
{
    struct lines lines = {.sheet = sheet};
    bool ok = find_words(&lines);
    if (sheet->trace->count > LAYOUT_LINES_MAX) { /* too many for a colour each: those worth naming stand out */
        sheet->layout.named_count = focus_find(sheet->layout.named, &sheet->request, sheet->trace);
        sheet->layout.others_pale = true;
    }
    if (ok) {
        place_plot(&lines);
        draw_data(&lines);
        canvas_value_axis(sheet, true, true);
        put_note(&lines);
        canvas_time_axis(sheet, (long)(sheet->layout.plot.y + sheet->layout.plot.height), sheet->columns, true);
        put_peak(&lines);
        put_early_ends(&lines);
        ok = put_column(&lines);
        canvas_events(sheet);
        canvas_grid(sheet);
    }
    if (ok && lines.flow_rows > 0)
        put_flow(&lines);
    free(lines.row);
    return ok;
}
