/* SPDX-License-Identifier: MIT */
/* terminal_overview: owns bands and heatmap of many nodes in characters. Knows no terminal, path or option. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "canvas.h"
#include "figure/layout_legend.h"
#include "figure/overview_plan.h"
#include "model/resample.h"

#define PLOT_COLUMNS_MIN 24
#define HEAT_ROWS_MIN    8 /* with fewer rows for the rest there is no heatmap of all nodes */
#define BAND_ROWS_MIN    3
#define BAND_SHARE       0.45
#define UPPER_HALF       0x2580u
#define LOWER_HALF       0x2584u
#define EIGHTHS          0x2581u /* the lowest of eight */
#define PALE             0x2591u
#define STRONG           0x2592u
#define HATCH            0x2571u

struct overview {
    struct canvas *sheet;
    struct canvas_side side[FOCUS_MAX + LEVELS_MAX + 1];
    size_t side_count;
    struct level_list levels;
    long column, column_width;
    long focus_top, focus_rows;
    long heat_top, heat_rows;
};

static bool has_deep_colour(const struct canvas *sheet)
{
    return sheet->style->colours >= COLOURS_256 && !sheet->cells->ascii;
}

static void add_side(struct overview *view, double value, uint32_t ink, unsigned int style, const char *text)
{
    struct canvas_side *side = &view->side[view->side_count++];
    *side = (struct canvas_side){.value = value, .ink = ink, .style = style};
    snprintf(side->text, sizeof side->text, "%s", text);
    view->column_width = sheet_longer(view->column_width, canvas_width(view->sheet, text));
}

/* Name of a node, with its letter where colours do not tell the nodes apart. */
static void name_of(const struct overview *view, size_t slot, double width, char *text, size_t size)
{
    const struct canvas *sheet = view->sheet;
    char name[128], letter[8] = "";
    if (sheet->cells->ascii || sheet->wants_letters)
        snprintf(letter, sizeof letter, "%c ", (char)sheet_letter(slot, false));
    layout_fit(&sheet->layout, name, sizeof name, sheet->trace->node[sheet->layout.named[slot].node].name,
               fmax(width - (double)canvas_width(sheet, letter), 1), 0);
    snprintf(text, size, "%s%s", letter, name);
}

/* Collects what is written right of the bands and of the named nodes' rows. */
static void plan_sides(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    char text[256];
    for (size_t i = 0; i < sheet->layout.named_count; i++) {
        const struct node *node = &sheet->trace->node[sheet->layout.named[i].node];
        name_of(view, i, 0.16 * (double)sheet->columns, text, sizeof text);
        add_side(view, node->line[TRACE_MAIN].stats.last, sheet_node_ink(sheet, i), CELL_BOLD, text);
        /* NOLINTNEXTLINE(bugprone-integer-division): whole columns */
        focus_text(text, sizeof text, &sheet->layout.named[i], &sheet->request, (double)(sheet->columns / 3), 0);
        view->column_width = sheet_longer(view->column_width, canvas_width(sheet, text));
    }
    for (size_t i = 0; i < view->levels.count; i++) {
        const struct level *level = &view->levels.level[i];
        add_side(view, level->value, level->is_limit ? sheet_limit_ink(sheet) : CELL_PLAIN, 0, level->text);
    }
}

static void set_value_scale(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    struct layout *layout = &sheet->layout;
    layout_set_value(layout, &sheet->request, sheet->trace,
                     levels_max(&view->levels, &sheet->request, sheet->trace) * 1.05,
                     (size_t)fmax(2, layout->plot.height / 2));
}

/* Width of the widest name next to the rows. */
static long names_width(const struct overview *view)
{
    const struct canvas *sheet = view->sheet;
    long widest = 0, most = sheet_longer(sheet->columns / 5, sheet->columns < 60 ? sheet->columns / 3 : 0);
    for (size_t i = 0; i < sheet->trace->count && widest < most; i++)
        widest = sheet_longer(widest, canvas_width(sheet, sheet->trace->node[i].name));
    widest += sheet->cells->ascii || sheet->wants_letters ? 2 : 0;
    return widest < most ? widest : most;
}

/* Divides the rows: the named nodes first, then bands, then all nodes where there is height left. Returns the bands'.
 */
static long divide(struct overview *view, long room)
{
    struct canvas *sheet = view->sheet;
    long named = (long)sheet->layout.named_count, count = (long)sheet->trace->count, rest;
    view->focus_rows = room / 3 < named ? room / 3 : named;
    if (room >= BAND_ROWS_MIN + 2) /* at least the first two, which are the most serious */
        view->focus_rows = sheet_longer(view->focus_rows, named < 2 ? named : 2);
    rest = room - view->focus_rows;
    if (count == named || rest < HEAT_ROWS_MIN)
        return rest;
    long bands = sheet_longer((long)(BAND_SHARE * (double)(rest - 1)), BAND_ROWS_MIN);
    view->heat_rows = rest - 1 - bands < count ? rest - 1 - bands : count;
    return rest - 1 - view->heat_rows;
}

static void place(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    struct rect *plot = &sheet->layout.plot;
    long above = canvas_has_unit_row(sheet) ? 1 : 0;
    long bands = divide(view, sheet->bottom - sheet->top - canvas_foot(sheet) - above);
    plot->height = (double)sheet_longer(bands, 1);
    set_value_scale(view);
    long left = sheet_axis_width(sheet);
    if (left > 0)
        left = sheet_longer(left, names_width(view) + 1);
    view->column_width = sheet_longer(view->column_width, 9);
    if (sheet->columns - left - view->column_width - 2 < PLOT_COLUMNS_MIN)
        view->column_width = 0;
    plot->x = (double)left;
    plot->width =
        (double)sheet_longer(sheet->columns - left - (view->column_width > 0 ? view->column_width + 2 : 0), 1);
    view->column = (long)(plot->x + plot->width) + 2;
    canvas_set_time(sheet, above == 0 ? 0 : (size_t)sheet_longer(bands / 6, 1));
    if (sheet->event_rows > 0 && plot->height > (double)sheet->event_rows) {
        above += (long)sheet->event_rows; /* the row of the unit has the note */
        plot->height -= (double)sheet->event_rows;
    }
    plot->y = (double)(sheet->top + above);
    view->focus_top = (long)(plot->y + plot->height);
    view->heat_top = view->focus_top + view->focus_rows + 1;
    set_value_scale(view);
}

static bool fill(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    struct layout *layout = &sheet->layout;
    const struct resample_frame frame = {(size_t)layout->plot.width, layout->time.min, layout->time.max};
    size_t rows = (size_t)view->heat_rows;
    if (has_deep_colour(sheet))
        rows *= 2; /* two in a cell */
    if (!heatmap_fill(&layout->map, sheet->trace, sheet->order, layout->named, layout->named_count, sheet->request.heat,
                      &frame, rows))
        return false;
    layout_set_heat(layout, &sheet->request, sheet->trace, (size_t)fmax(2, (double)view->heat_rows / 2));
    return true;
}

/* ---- bands ---- */

/* 0: no node has a value between `low` and `high`; 1: some have; 2: the middle ones have. */
static int band_class(const struct resample_band *band, double low, double high)
{
    if (band->nodes < OVERVIEW_BAND_NODES || (double)band->min > high || (double)band->max < low)
        return 0;
    return (double)band->low <= high && (double)band->high >= low ? 2 : 1;
}

/* The value at a height of the plot, counted in cells from its top. */
static double value_at(const struct layout *layout, double height)
{
    double share = 1 - height / layout->plot.height;
    return (layout->value.min + share * (layout->value.max - layout->value.min)) * layout->unit_size;
}

static void draw_band_cell(struct overview *view, const struct resample_band *band, long column, long row)
{
    struct canvas *sheet = view->sheet;
    const struct layout *layout = &sheet->layout;
    const struct theme *theme = sheet->style->theme;
    const uint32_t ground[] = {CELL_PLAIN, cell_colour(theme->band_pale, 8), cell_colour(theme->band_strong, 8)};
    double top = value_at(layout, (double)row), middle = value_at(layout, (double)row + 0.5);
    double foot = value_at(layout, (double)row + 1);
    struct cell *cell = cells_at(sheet->cells, (long)layout->plot.x + column, (long)layout->plot.y + row);
    if (cell == NULL)
        return;
    if (!has_deep_colour(sheet)) {
        static const uint32_t ascii[] = {' ', '.', ':'}, shade[] = {' ', PALE, STRONG};
        int class = band_class(band, foot, top);
        cell->character = sheet->cells->ascii ? ascii[class] : shade[class];
        cell->ink = ground[class];
        return;
    }
    int upper = band_class(band, middle, top), lower = band_class(band, foot, middle);
    if (upper == lower) {
        cell->ground = ground[upper];
        return;
    }
    cell->character = upper > 0 ? UPPER_HALF : LOWER_HALF;
    cell->ink = ground[upper > 0 ? upper : lower];
    cell->ground = ground[upper > 0 ? lower : upper];
}

static void draw_bands(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct resampled *all = &sheet->layout.map.all;
    const uint32_t ink = cell_colour(sheet->style->theme->median, 7);
    const long each = sheet->cells->ascii ? 1 : 2;
    float before = NAN;
    for (long column = 0; column < (long)all->columns; column++)
        for (long row = 0; row < (long)sheet->layout.plot.height; row++)
            draw_band_cell(view, &all->band[column], column, row);
    for (long column = 0; column < (long)all->columns; column++) {
        const struct resample_band *band = &all->band[column];
        float median = band->nodes >= OVERVIEW_BAND_NODES ? band->median : NAN;
        for (long i = 0; !isnan(median) && i < each; i++)
            canvas_column(sheet, each * column + i, (double)(i == 0 ? fminf(before, median) : median),
                          (double)(i == 0 ? fmaxf(before, median) : median), '-', ink);
        before = median;
    }
}

/* The highest of another run, dotted. */
static bool draw_against(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct trace *against = sheet->request.against;
    const struct resampled *all = &sheet->layout.map.all;
    const long each = sheet->cells->ascii ? 1 : 2;
    struct resampled heat = {0};
    if (against == NULL)
        return true;
    size_t *order = trace_order_by_peak(against);
    const struct resample_frame frame = {all->columns, all->from_s, all->to_s};
    const struct resample_rows rows = {order, against->count, 1, 0};
    bool ok = order != NULL && resample_fill(&heat, against, &rows, &frame, true);
    for (long column = 0; ok && column < (long)heat.columns; column++)
        if (heat.band[column].nodes > 0)
            canvas_column(sheet, each * column, (double)heat.band[column].max, (double)heat.band[column].max, '"',
                          cell_colour(sheet->style->theme->median, 7));
    resample_free(&heat);
    free(order);
    return ok;
}

static void draw_named(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct layout *layout = &sheet->layout;
    for (size_t i = layout->named_count; i-- > 0;) {
        const struct node *node = &sheet->trace->node[layout->named[i].node];
        if (sheet->request.draw_swap && node->line[TRACE_SWAP].stats.max > 0)
            canvas_series(sheet, node, TRACE_SWAP, sheet_node_ink(sheet, i), DASH_DOTTED, sheet_letter(i, true));
        canvas_series(sheet, node, TRACE_MAIN, sheet_node_ink(sheet, i), DASH_SOLID, sheet_letter(i, false));
    }
    for (size_t i = 0; i < layout->named_count; i++) {
        const struct node *node = &sheet->trace->node[layout->named[i].node];
        if (node->ends_early)
            canvas_point(sheet, node_end_s(node), node->line[TRACE_MAIN].stats.last, sheet->cells->ascii ? 'X' : 0xd7,
                         NULL, sheet_node_ink(sheet, i));
    }
}

/* What is not in the plot, and what the bands are, in as many words as fit. */
static void put_note(struct overview *view)
{
    static const char *const bands[] = {"pale: all nodes, strong: the middle half, line: median",
                                        "range, middle half, median", ""};
    struct canvas *sheet = view->sheet;
    const struct rect *plot = &sheet->layout.plot;
    char text[300];
    bool has_bands = overview_band_count(&sheet->layout.map.all) > 0;
    for (size_t i = has_bands ? 0 : 2; canvas_has_unit_row(sheet) && i < sizeof bands / sizeof bands[0]; i++) {
        levels_note(text, sizeof text, &view->levels, &sheet->request, bands[i]);
        if (canvas_width(sheet, text) > sheet->columns - (long)plot->x)
            continue;
        cells_put(sheet->cells, (long)plot->x, sheet->top, text, CELL_PLAIN, CELL_FAINT);
        return;
    }
}

/* ---- rows of colours ---- */

/* What rows show: shares of the upper end, or of the range of deviations. */
struct shade {
    double share;
    bool is_deviation;
};

/* Shows a share as a character: higher blocks, or in ASCII denser ones. */
static uint32_t shade_character(const struct canvas *sheet, struct shade shade)
{
    static const char ramp[] = ".:-=+*#%@";
    if (isnan(shade.share))
        return ' ';
    double share = fmin(fmax(shade.is_deviation ? (shade.share + 1) / 2 : shade.share, 0), 1);
    if (sheet->cells->ascii)
        return (uint32_t)ramp[(size_t)(share * (sizeof ramp - 2) + 0.5)];
    return EIGHTHS + (uint32_t)(share * 7 + 0.5);
}

/* Draws a cell of one or two rows. Where data are missing the ground stays the terminal's own. */
static void draw_cell(struct overview *view, long column, long row, struct shade upper, struct shade lower)
{
    struct canvas *sheet = view->sheet;
    struct cell *cell = cells_at(sheet->cells, column, row);
    if (cell == NULL)
        return;
    if (!has_deep_colour(sheet)) {
        if (!isnan(upper.share))
            cells_put_character(sheet->cells, column, row, shade_character(sheet, upper),
                                sheet_heat_ink(sheet, upper.share, upper.is_deviation));
        return;
    }
    bool no_upper = isnan(upper.share), no_lower = isnan(lower.share);
    uint32_t above = no_upper ? CELL_PLAIN : sheet_heat_ink(sheet, upper.share, upper.is_deviation);
    uint32_t below = no_lower ? CELL_PLAIN : sheet_heat_ink(sheet, lower.share, lower.is_deviation);
    cell->character = above == below ? ' ' : no_upper ? LOWER_HALF : UPPER_HALF;
    cell->ink = no_upper ? below : above;
    cell->ground = no_upper ? CELL_PLAIN : below;
    if (no_upper && no_lower) {
        cell->character = HATCH;
        cell->ink = sheet_grid_ink(sheet);
    }
}

static void draw_heat(struct overview *view)
{
    const struct heatmap *map = &view->sheet->layout.map;
    const bool deviation = map->mode == HEAT_DEVIATION;
    long left = (long)view->sheet->layout.plot.x;
    size_t rows = map->all.rows, cells = 2 * (size_t)view->heat_rows;
    for (size_t row = 0; row < (size_t)view->heat_rows; row++) {
        size_t upper = 2 * row * rows / cells, lower = (2 * row + 1) * rows / cells;
        for (size_t column = 0; column < map->all.columns; column++)
            draw_cell(view, left + (long)column, view->heat_top + (long)row,
                      (struct shade){heatmap_share(map, upper, column), deviation},
                      (struct shade){heatmap_share(map, lower, column), deviation});
    }
}

/* The reason on the row itself, where there is no column for it. */
static void put_reason_on_row(struct overview *view, size_t slot, long row)
{
    struct canvas *sheet = view->sheet;
    char text[256];
    const struct rect *plot = &sheet->layout.plot;
    if (!sheet->layout.named[slot].is_alarming)
        return;
    focus_text(text, sizeof text, &sheet->layout.named[slot], &sheet->request, 0.75 * plot->width, 0);
    long width = canvas_width(sheet, text), column = (long)(plot->x + plot->width) - width;
    for (long i = column - 1; i < column + width; i++) {
        struct cell *cell = cells_at(sheet->cells, i, row);
        if (cell != NULL)
            *cell = (struct cell){.character = ' ', .style = CELL_TEXT};
    }
    cells_put(sheet->cells, column, row, text, CELL_PLAIN, 0);
}

/* The named nodes' rows with their names and reasons. */
static void draw_focus(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct heatmap *map = &sheet->layout.map;
    const long left = (long)sheet->layout.plot.x;
    char text[256];
    for (size_t i = 0; i < (size_t)view->focus_rows; i++) {
        long row = view->focus_top + (long)i;
        for (size_t column = 0; column < map->focus.columns; column++) {
            struct shade shade = {heatmap_focus_share(map, i, column), false};
            draw_cell(view, left + (long)column, row, shade, shade);
        }
        if (left > 0) {
            name_of(view, i, (double)left - 1, text, sizeof text);
            cells_put(sheet->cells, left - 1 - canvas_width(sheet, text), row, text, sheet_node_ink(sheet, i),
                      CELL_BOLD);
        }
        if (view->column_width == 0) {
            put_reason_on_row(view, i, row);
            continue;
        }
        focus_text(text, sizeof text, &sheet->layout.named[i], &sheet->request, (double)view->column_width, 0);
        cells_put(sheet->cells, view->column, row, text, CELL_PLAIN, 0);
    }
}

/* Names the rows where each is one node; else says at which place its first node is. */
static void put_names(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct heatmap *map = &sheet->layout.map;
    long room = (long)sheet->layout.plot.x - 1;
    for (size_t row = 0; room > 0 && row < (size_t)view->heat_rows; row++) {
        char name[128];
        size_t first = resample_row_first(&map->all, 2 * row * map->all.rows / (2 * (size_t)view->heat_rows));
        if (map->all.nodes == (size_t)view->heat_rows)
            layout_fit(&sheet->layout, name, sizeof name, sheet->trace->node[map->order[first]].name, (double)room, 0);
        else
            snprintf(name, sizeof name, "%zu", first + 1);
        cells_put(sheet->cells, room - canvas_width(sheet, name), view->heat_top + (long)row, name, CELL_PLAIN, 0);
    }
}

/* The colours of the heatmap with their values. */
static void put_bar(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct scale *scale = &sheet->layout.heat_value;
    const bool deviation = sheet->layout.map.mode == HEAT_DEVIATION;
    double rows = (double)view->heat_rows, low = deviation ? -1 : 0;
    for (long row = 0; row < view->heat_rows; row++) {
        double upper = 1 - (1 - low) * ((double)row + 0.25) / rows, lower = 1 - (1 - low) * ((double)row + 0.75) / rows;
        for (long i = 0; i < 2; i++)
            draw_cell(view, view->column + i, view->heat_top + row, (struct shade){upper, deviation},
                      (struct shade){lower, deviation});
    }
    for (size_t i = scale->tick_count; i-- > 0;) {
        double share = (scale->tick[i].value - scale->min) / (scale->max - scale->min);
        long row = (long)fmin(floor(rows * (1 - share)), rows - 1);
        cells_put(sheet->cells, view->column + 3, view->heat_top + row, scale->tick[i].text, CELL_PLAIN, 0);
    }
    cells_put(sheet->cells, view->column + 3, view->heat_top - 1, sheet->request.unit, CELL_PLAIN, 0);
}

static void put_heat_caption(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    struct overview_captions captions = {0};
    long left = (long)sheet->layout.plot.x, right = view->column_width > 0 ? view->column : sheet->columns;
    overview_captions(&captions, &sheet->layout, &sheet->request);
    size_t i = 0;
    while (captions.choice[i + 1] != NULL && canvas_width(sheet, captions.choice[i]) > right - left)
        i++;
    long width = canvas_width(sheet, captions.choice[i]);
    left = left + width > right ? sheet_longer(right - width, 0) : left;
    cells_put(sheet->cells, left, view->heat_top - 1, captions.choice[i], CELL_PLAIN, CELL_FAINT);
}

static void draw_levels(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    for (size_t i = 0; i < view->levels.count; i++) {
        const struct level *level = &view->levels.level[i];
        canvas_level(sheet, level->value, level->is_limit ? sheet_limit_ink(sheet) : sheet_total_ink(sheet),
                     level->is_limit ? DASH_SOLID
                     : level->swap   ? DASH_DOTTED
                                     : DASH_DASHED);
    }
    if (view->column_width > 0)
        canvas_sides(sheet, view->column, view->side, view->side_count, NULL);
}

bool terminal_overview(struct canvas *sheet)
{
    struct overview view = {.sheet = sheet};
    sheet->layout.named_count = focus_find(sheet->layout.named, &sheet->request, sheet->trace);
    levels_find(&view.levels, &sheet->layout, &sheet->request, sheet->trace);
    plan_sides(&view);
    place(&view);
    if (!fill(&view))
        return false;
    for (size_t i = 0; i < sheet->layout.named_count; i++)
        view.side[i].value = overview_late_value(&sheet->layout.map, i);
    draw_bands(&view);
    bool ok = draw_against(&view);
    draw_levels(&view);
    draw_named(&view);
    canvas_value_axis(sheet, true, true);
    put_note(&view);
    canvas_events(sheet);
    canvas_grid(sheet);
    draw_focus(&view);
    if (view.heat_rows > 0) {
        draw_heat(&view);
        put_names(&view);
        put_heat_caption(&view);
        if (view.column_width > 0)
            put_bar(&view);
    }
    long foot = view.heat_rows > 0 ? view.heat_top + view.heat_rows : view.focus_top + view.focus_rows;
    canvas_time_axis(sheet, foot, sheet->columns, true);
    return ok;
}
