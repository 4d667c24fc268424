/* SPDX-License-Identifier: MIT */
/* terminal_overview: bands and heatmap of many nodes in characters. Independent of terminals, paths and options. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "canvas.h"
#include "figure/layout_legend.h"
#include "figure/overview_plan.h"
#include "model/resample.h"

#define PLOT_COLUMNS_MIN 24
#define HEAT_ROWS_MIN    8 /* with fewer rows left there is no heatmap of all nodes */
#define BAND_ROWS_MIN    3
#define BAND_SHARE       0.45
#define UPPER_HALF       0x2580u
#define LOWER_HALF       0x2584u
#define EIGHTHS          0x2581u /* U+2581, the lowest of eight block heights */
#define PALE             0x2591u
#define STRONG           0x2592u
#define HATCH            0x2571u

struct overview_cells {
    struct canvas *canvas;
    struct canvas_side side[FOCUS_MAX + LEVELS_MAX + RUNS_MAX + 1];
    size_t side_count;
    struct level_list levels;
    long column, column_width;
    long focus_top, focus_rows;
    long heat_top, heat_rows;
};

static bool has_deep_colour(const struct canvas *canvas)
{
    return canvas->style->colours >= COLOURS_256 && !canvas->cells->ascii;
}

static void add_side(struct overview_cells *view, double value, uint32_t ink, unsigned int style, const char *text)
{
    struct canvas_side *side = &view->side[view->side_count++];
    *side = (struct canvas_side){.value = value, .ink = ink, .style = style};
    snprintf(side->text, sizeof side->text, "%s", text);
    view->column_width = canvas_longer(view->column_width, canvas_width(view->canvas, text));
}

/* Name of a node, with its letter if colours do not distinguish the nodes. */
static void name_of(const struct overview_cells *view, size_t slot, double width, char *text, size_t size)
{
    const struct canvas *canvas = view->canvas;
    char name[128], letter[8] = "";
    if (canvas->cells->ascii || canvas->wants_letters)
        snprintf(letter, sizeof letter, "%c ", (char)canvas_letter(slot, false));
    layout_fit(&canvas->layout, name, sizeof name, canvas->trace->node[canvas->layout.named[slot].node].name,
               fmax(width - (double)canvas_width(canvas, letter), 1), 0);
    snprintf(text, size, "%s%s", letter, name);
}

/* Collects the texts right of the bands and of the named nodes' rows. */
static void plan_sides(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    char text[256];
    for (size_t i = 0; i < canvas->layout.named_count; i++) {
        const struct node *node = &canvas->trace->node[canvas->layout.named[i].node];
        name_of(view, i, 0.16 * (double)canvas->columns, text, sizeof text);
        add_side(view, node->line[TRACE_MAIN].stats.last, canvas_node_ink(canvas, i), CELL_BOLD, text);
        /* NOLINTNEXTLINE(bugprone-integer-division): whole columns */
        focus_text(text, sizeof text, &canvas->layout.named[i], &canvas->request, (double)(canvas->columns / 3), 0);
        view->column_width = canvas_longer(view->column_width, canvas_width(canvas, text));
    }
    for (size_t i = 0; i < view->levels.count; i++) {
        const struct level *level = &view->levels.level[i];
        add_side(view, level->value, level->is_limit ? canvas_limit_ink(canvas) : CELL_PLAIN, 0, level->text);
    }
}

/* Names of other runs at the end of the line of their highest values. */
static void add_run_sides(struct overview_cells *view)
{
    const struct canvas *canvas = view->canvas;
    const struct runs *runs = canvas->request.against;
    char text[256];
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        double highest = NAN;
        for (size_t k = 0; k < runs->run[i].trace.count; k++)
            highest = fmax(highest, layout_late_value(&canvas->layout, &runs->run[i].trace.node[k]));
        canvas_cut(canvas, text, sizeof text, runs_name(runs, i), canvas_longer(canvas->columns / 5, 8));
        add_side(view, highest, runs->count > 1 ? canvas_run_ink(canvas, i) : CELL_PLAIN, 0, text);
    }
}

static void set_value_scale(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    struct layout *layout = &canvas->layout;
    layout_set_value(layout, &canvas->request, canvas->trace,
                     levels_max(&view->levels, &canvas->request, canvas->trace) * 1.05,
                     (size_t)fmax(2, layout->plot.height / 2));
}

/* Width of the widest name next to the rows. */
static long names_width(const struct overview_cells *view)
{
    const struct canvas *canvas = view->canvas;
    long widest = 0, most = canvas_longer(canvas->columns / 5, canvas->columns < 60 ? canvas->columns / 3 : 0);
    for (size_t i = 0; i < canvas->trace->count && widest < most; i++)
        widest = canvas_longer(widest, canvas_width(canvas, canvas->trace->node[i].name));
    widest += canvas->cells->ascii || canvas->wants_letters ? 2 : 0;
    return widest < most ? widest : most;
}

/* Divides the rows: the named nodes first, then bands, then the heatmap of all nodes if there is height left. Returns
 the height of the bands. */
static long divide(struct overview_cells *view, long space)
{
    struct canvas *canvas = view->canvas;
    long named = (long)canvas->layout.named_count, count = (long)canvas->trace->count, rest;
    view->focus_rows = space / 3 < named ? space / 3 : named;
    if (space >= BAND_ROWS_MIN + 2) /* at least the first two, which are the most serious */
        view->focus_rows = canvas_longer(view->focus_rows, named < 2 ? named : 2);
    rest = space - view->focus_rows;
    if (count == named || rest < HEAT_ROWS_MIN)
        return rest;
    long bands = canvas_longer((long)(BAND_SHARE * (double)(rest - 1)), BAND_ROWS_MIN);
    view->heat_rows = rest - 1 - bands < count ? rest - 1 - bands : count;
    return rest - 1 - view->heat_rows;
}

static void place(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    struct rect *plot = &canvas->layout.plot;
    long above = canvas_has_unit_row(canvas) ? 1 : 0;
    long bands = divide(view, canvas->bottom - canvas->top - canvas_foot(canvas) - above);
    plot->height = (double)canvas_longer(bands, 1);
    set_value_scale(view);
    long left = canvas_axis_width(canvas);
    if (left > 0)
        left = canvas_longer(left, names_width(view) + 1);
    view->column_width = canvas_longer(view->column_width, 9);
    if (canvas->columns - left - view->column_width - 2 < PLOT_COLUMNS_MIN)
        view->column_width = 0;
    plot->x = (double)left;
    plot->width =
        (double)canvas_longer(canvas->columns - left - (view->column_width > 0 ? view->column_width + 2 : 0), 1);
    view->column = (long)(plot->x + plot->width) + 2;
    canvas_set_time(canvas, above == 0 ? 0 : (size_t)canvas_longer(bands / 6, 1));
    if (canvas->event_rows > 0 && plot->height > (double)canvas->event_rows) {
        above += (long)canvas->event_rows; /* the row of the unit holds the note */
        plot->height -= (double)canvas->event_rows;
    }
    plot->y = (double)(canvas->top + above);
    view->focus_top = (long)(plot->y + plot->height);
    view->heat_top = view->focus_top + view->focus_rows + 1;
    set_value_scale(view);
}

static bool fill(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    struct layout *layout = &canvas->layout;
    const struct resample_frame frame = {(size_t)layout->plot.width, layout->time.min, layout->time.max};
    size_t rows = (size_t)view->heat_rows;
    if (has_deep_colour(canvas))
        rows *= 2; /* two in a cell */
    if (!heatmap_fill(&layout->map, canvas->trace, canvas->order, layout->named, layout->named_count,
                      canvas->request.heat, &frame, rows))
        return false;
    layout_set_heat(layout, &canvas->request, canvas->trace, (size_t)fmax(2, (double)view->heat_rows / 2));
    return true;
}

/* ---- bands ---- */

/* 0: no node has a value between `low` and `high`; 1: some have; 2: the middle half has. */
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

static void draw_band_cell(struct overview_cells *view, const struct resample_band *band, long column, long row)
{
    struct canvas *canvas = view->canvas;
    const struct layout *layout = &canvas->layout;
    const struct theme *theme = canvas->style->theme;
    const uint32_t ground[] = {CELL_PLAIN, cell_colour(theme->band_pale, 8), cell_colour(theme->band_strong, 8)};
    double top = value_at(layout, (double)row), middle = value_at(layout, (double)row + 0.5);
    double foot = value_at(layout, (double)row + 1);
    struct cell *cell = cells_at(canvas->cells, (long)layout->plot.x + column, (long)layout->plot.y + row);
    if (cell == NULL)
        return;
    if (!has_deep_colour(canvas)) {
        static const uint32_t ascii[] = {' ', '.', ':'}, shade[] = {' ', PALE, STRONG};
        int class = band_class(band, foot, top);
        cell->character = canvas->cells->ascii ? ascii[class] : shade[class];
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

static void draw_bands(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    const struct resampled *all = &canvas->layout.map.all;
    const uint32_t ink = cell_colour(canvas->style->theme->median, 7);
    const long each = canvas->cells->ascii ? 1 : 2;
    float before = NAN;
    for (long column = 0; column < (long)all->columns; column++)
        for (long row = 0; row < (long)canvas->layout.plot.height; row++)
            draw_band_cell(view, &all->band[column], column, row);
    for (long column = 0; column < (long)all->columns; column++) {
        const struct resample_band *band = &all->band[column];
        float median = band->nodes >= OVERVIEW_BAND_NODES ? band->median : NAN;
        for (long i = 0; !isnan(median) && i < each; i++)
            canvas_column(canvas, each * column + i, (double)(i == 0 ? fminf(before, median) : median),
                          (double)(i == 0 ? fmaxf(before, median) : median), '-', ink);
        before = median;
    }
}

/* Draws the maximum of another run, dotted. */
static bool draw_run(struct overview_cells *view, size_t run)
{
    struct canvas *canvas = view->canvas;
    const struct runs *runs = canvas->request.against;
    const struct trace *other = &runs->run[run].trace;
    const uint32_t ink = runs->count > 1 ? canvas_run_ink(canvas, run) : cell_colour(canvas->style->theme->median, 7);
    const struct resampled *all = &canvas->layout.map.all;
    const long each = canvas->cells->ascii ? 1 : 2;
    struct resampled heat = {0};
    size_t *order = trace_order_by_peak(other);
    const struct resample_frame frame = {all->columns, all->from_s, all->to_s};
    const struct resample_rows rows = {order, other->count, 1, 0};
    bool ok = order != NULL && resample_fill(&heat, other, &rows, &frame, true);
    for (long column = 0; ok && column < (long)heat.columns; column++)
        if (heat.band[column].nodes > 0)
            canvas_column(canvas, each * column, (double)heat.band[column].max, (double)heat.band[column].max,
                          runs->count > 1 ? canvas_run_letter(canvas, run) : '"', ink);
    resample_free(&heat);
    free(order);
    return ok;
}

static void draw_named(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    const struct layout *layout = &canvas->layout;
    for (size_t i = layout->named_count; i-- > 0;) {
        const struct node *node = &canvas->trace->node[layout->named[i].node];
        if (canvas->request.draw_swap && node->line[TRACE_SWAP].stats.max > 0)
            canvas_series(canvas, node, TRACE_SWAP, canvas_node_ink(canvas, i), DASH_DOTTED, canvas_letter(i, true));
        canvas_series(canvas, node, TRACE_MAIN, canvas_node_ink(canvas, i), DASH_SOLID, canvas_letter(i, false));
    }
    for (size_t i = 0; i < layout->named_count; i++) {
        const struct node *node = &canvas->trace->node[layout->named[i].node];
        if (node->ends_early)
            canvas_point(canvas, node_end_s(node), node->line[TRACE_MAIN].stats.last, canvas->cells->ascii ? 'X' : 0xd7,
                         NULL, canvas_node_ink(canvas, i));
    }
}

/* Puts a note about what the plot does not show, and a caption of the bands, as detailed as fits. */
static void put_note(struct overview_cells *view)
{
    static const char *const bands[] = {"faint: all nodes, strong: middle half, line: median",
                                        "range, middle half, median", ""};
    struct canvas *canvas = view->canvas;
    const struct rect *plot = &canvas->layout.plot;
    char text[500], words[400];
    const struct runs *others = canvas->request.against;
    char runs[300] = "", name[256] = "the other runs";
    if (others != NULL && others->count == 1)
        canvas_cut(canvas, name, sizeof name, runs_name_in_words(others, 0), canvas_longer(canvas->columns / 5, 12));
    if (others != NULL)
        snprintf(runs, sizeof runs, "dotted: highest of %s", name);
    bool has_bands = overview_band_count(&canvas->layout.map.all) > 0;
    for (size_t i = has_bands ? 0 : 2; canvas_has_unit_row(canvas) && i < sizeof bands / sizeof bands[0]; i++) {
        snprintf(words, sizeof words, "%s%s%s", bands[i], *bands[i] != '\0' && *runs != '\0' ? " \u00b7 " : "", runs);
        levels_note(text, sizeof text, &view->levels, &canvas->request, words);
        if (canvas_width(canvas, text) > canvas->columns - (long)plot->x)
            continue;
        cells_put(canvas->cells, (long)plot->x, canvas->top, text, CELL_PLAIN, CELL_FAINT);
        return;
    }
}

/* ---- rows of colours ---- */

/* A value of a row: a share of the upper end, or of the range of deviations. */
struct shade {
    double share;
    bool is_deviation;
};

/* Shows a share as a character: higher blocks, or in ASCII denser ones. */
static uint32_t shade_character(const struct canvas *canvas, struct shade shade)
{
    static const char ramp[] = ".:-=+*#%@";
    if (isnan(shade.share))
        return ' ';
    double share = fmin(fmax(shade.is_deviation ? (shade.share + 1) / 2 : shade.share, 0), 1);
    if (canvas->cells->ascii)
        return (uint32_t)ramp[(size_t)(share * (sizeof ramp - 2) + 0.5)];
    return EIGHTHS + (uint32_t)(share * 7 + 0.5);
}

/* Draws a cell of one or two rows. Cells without data keep the terminal's background. */
static void draw_cell(struct overview_cells *view, long column, long row, struct shade upper, struct shade lower)
{
    struct canvas *canvas = view->canvas;
    struct cell *cell = cells_at(canvas->cells, column, row);
    if (cell == NULL)
        return;
    if (!has_deep_colour(canvas)) {
        if (!isnan(upper.share))
            cells_put_character(canvas->cells, column, row, shade_character(canvas, upper),
                                canvas_heat_ink(canvas, upper.share, upper.is_deviation));
        return;
    }
    bool no_upper = isnan(upper.share), no_lower = isnan(lower.share);
    uint32_t above = no_upper ? CELL_PLAIN : canvas_heat_ink(canvas, upper.share, upper.is_deviation);
    uint32_t below = no_lower ? CELL_PLAIN : canvas_heat_ink(canvas, lower.share, lower.is_deviation);
    cell->character = above == below ? ' ' : no_upper ? LOWER_HALF : UPPER_HALF;
    cell->ink = no_upper ? below : above;
    cell->ground = no_upper ? CELL_PLAIN : below;
    if (no_upper && no_lower) {
        cell->character = HATCH;
        cell->ink = canvas_grid_ink(canvas);
    }
}

static void draw_heat(struct overview_cells *view)
{
    const struct heatmap *map = &view->canvas->layout.map;
    const bool deviation = map->mode == HEAT_DEVIATION;
    long left = (long)view->canvas->layout.plot.x;
    size_t rows = map->all.rows, cells = 2 * (size_t)view->heat_rows;
    for (size_t row = 0; row < (size_t)view->heat_rows; row++) {
        size_t upper = 2 * row * rows / cells, lower = (2 * row + 1) * rows / cells;
        for (size_t column = 0; column < map->all.columns; column++)
            draw_cell(view, left + (long)column, view->heat_top + (long)row,
                      (struct shade){heatmap_share(map, upper, column), deviation},
                      (struct shade){heatmap_share(map, lower, column), deviation});
    }
}

/* Puts the reason on the row itself if there is no column for it. */
static void put_reason_on_row(struct overview_cells *view, size_t slot, long row)
{
    struct canvas *canvas = view->canvas;
    char text[256];
    const struct rect *plot = &canvas->layout.plot;
    if (!canvas->layout.named[slot].is_alarming)
        return;
    focus_text(text, sizeof text, &canvas->layout.named[slot], &canvas->request, 0.75 * plot->width, 0);
    long width = canvas_width(canvas, text), column = (long)(plot->x + plot->width) - width;
    for (long i = column - 1; i < column + width; i++) {
        struct cell *cell = cells_at(canvas->cells, i, row);
        if (cell != NULL)
            *cell = (struct cell){.character = ' ', .style = CELL_TEXT};
    }
    cells_put(canvas->cells, column, row, text, CELL_PLAIN, 0);
}

/* Draws the named nodes' rows with their names and reasons. */
static void draw_focus(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    const struct heatmap *map = &canvas->layout.map;
    const long left = (long)canvas->layout.plot.x;
    char text[256];
    for (size_t i = 0; i < (size_t)view->focus_rows; i++) {
        long row = view->focus_top + (long)i;
        for (size_t column = 0; column < map->focus.columns; column++) {
            struct shade shade = {heatmap_focus_share(map, i, column), false};
            draw_cell(view, left + (long)column, row, shade, shade);
        }
        if (left > 0) {
            name_of(view, i, (double)left - 1, text, sizeof text);
            cells_put(canvas->cells, left - 1 - canvas_width(canvas, text), row, text, canvas_node_ink(canvas, i),
                      CELL_BOLD);
        }
        if (view->column_width == 0) {
            put_reason_on_row(view, i, row);
            continue;
        }
        focus_text(text, sizeof text, &canvas->layout.named[i], &canvas->request, (double)view->column_width, 0);
        cells_put(canvas->cells, view->column, row, text, CELL_PLAIN, 0);
    }
}

/* Labels each row with its node's name, or the rank of its first node if rows have several nodes. */
static void put_names(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    const struct heatmap *map = &canvas->layout.map;
    long space = (long)canvas->layout.plot.x - 1;
    for (size_t row = 0; space > 0 && row < (size_t)view->heat_rows; row++) {
        char name[128];
        size_t first = resample_row_first(&map->all, 2 * row * map->all.rows / (2 * (size_t)view->heat_rows));
        if (map->all.nodes == (size_t)view->heat_rows)
            layout_fit(&canvas->layout, name, sizeof name, canvas->trace->node[map->order[first]].name, (double)space,
                       0);
        else
            snprintf(name, sizeof name, "%zu", first + 1);
        cells_put(canvas->cells, space - canvas_width(canvas, name), view->heat_top + (long)row, name, CELL_PLAIN, 0);
    }
}

/* Draws the colour scale of the heatmap with its values. */
static void put_bar(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    const struct scale *scale = &canvas->layout.heat_value;
    const bool deviation = canvas->layout.map.mode == HEAT_DEVIATION;
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
        cells_put(canvas->cells, view->column + 3, view->heat_top + row, scale->tick[i].text, CELL_PLAIN, 0);
    }
    cells_put(canvas->cells, view->column + 3, view->heat_top - 1, canvas->request.unit, CELL_PLAIN, 0);
}

static void put_heat_caption(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    struct overview_captions captions = {0};
    long left = (long)canvas->layout.plot.x, right = view->column_width > 0 ? view->column : canvas->columns;
    overview_captions(&captions, &canvas->layout, &canvas->request);
    const char *const text = canvas_fitting(canvas, captions.choice, right - left);
    long width = canvas_width(canvas, text);
    left = left + width > right ? canvas_longer(right - width, 0) : left;
    cells_put(canvas->cells, left, view->heat_top - 1, text, CELL_PLAIN, CELL_FAINT);
}

static void draw_levels(struct overview_cells *view)
{
    struct canvas *canvas = view->canvas;
    for (size_t i = 0; i < view->levels.count; i++) {
        const struct level *level = &view->levels.level[i];
        canvas_level(canvas, level->value, level->is_limit ? canvas_limit_ink(canvas) : canvas_total_ink(canvas),
                     level->is_limit ? DASH_SOLID
                     : level->swap   ? DASH_DOTTED
                                     : DASH_DASHED);
    }
    if (view->column_width > 0)
        canvas_sides(canvas, view->column, view->side, view->side_count, NULL);
}

bool terminal_overview(struct canvas *canvas)
{
    struct overview_cells view = {.canvas = canvas};
    canvas->layout.named_count = focus_find(canvas->layout.named, &canvas->request, canvas->trace);
    levels_find(&view.levels, &canvas->layout, &canvas->request, canvas->trace);
    plan_sides(&view);
    place(&view);
    if (!fill(&view))
        return false;
    for (size_t i = 0; i < canvas->layout.named_count; i++)
        view.side[i].value = overview_late_value(&canvas->layout.map, i);
    add_run_sides(&view);
    draw_bands(&view);
    bool ok = true;
    for (size_t i = 0; ok && canvas->request.against != NULL && i < canvas->request.against->count; i++)
        ok = draw_run(&view, i);
    draw_levels(&view);
    draw_named(&view);
    canvas_value_axis(canvas, true, true);
    put_note(&view);
    canvas_events(canvas);
    canvas_grid(canvas);
    draw_focus(&view);
    if (view.heat_rows > 0) {
        draw_heat(&view);
        put_names(&view);
        put_heat_caption(&view);
        if (view.column_width > 0)
            put_bar(&view);
    }
    long foot = view.heat_rows > 0 ? view.heat_top + view.heat_rows : view.focus_top + view.focus_rows;
    canvas_time_axis(canvas, foot, canvas->columns, true);
    return ok;
}
