/* SPDX-License-Identifier: MIT */
/* terminal_overview: owns bands and heatmap of many nodes in characters. Knows no terminal, path or option. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "canvas.h"
#include "model/resample.h"

#define PLOT_COLUMNS_MIN 24
#define HEAT_ROWS_MIN    11 /* with fewer rows for both there are only bands */
#define BAND_SHARE       0.4
#define UPPER_HALF       0x2580u
#define LOWER_HALF       0x2584u
#define EIGHTHS          0x2581u /* the lowest of eight */
#define PALE             0x2591u
#define STRONG           0x2592u

struct overview {
    struct canvas *sheet;
    struct resampled heat; /* the bands too */
    struct canvas_side side[NOTABLE_MAX + 2];
    size_t side_count;
    double total; /* that all nodes agree on, where it is wanted, else NaN */
    long column, column_width;
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

/* Collects what is written right of the bands. */
static void plan_sides(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct layout_request *request = &sheet->request;
    char number[96], name[100], letter[8] = "", text[256];
    int decimals = column_decimals(trace_max(sheet->trace, TRACE_MAIN) / request->unit_size);
    layout_name_nodes(&sheet->layout, request);
    for (size_t i = 0; i < sheet->layout.named_count; i++) {
        const struct node *node = &sheet->trace->node[sheet->layout.named[i].node];
        const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
        bool early = (sheet->layout.named[i].kinds >> FINDING_ENDED_EARLY & 1) != 0;
        layout_peak(number, sizeof number, request, stats->max, decimals);
        layout_fit(&sheet->layout, name, sizeof name, node->name, 0.16 * request->width_px, 0);
        if (sheet->cells->ascii || sheet->wants_letters)
            snprintf(letter, sizeof letter, "%c ", (char)sheet_letter(i, false));
        snprintf(text, sizeof text, "%s%s %s%s", letter, name, number, early ? " \u00d7" : "");
        add_side(view, early ? stats->last : stats->max, sheet_node_ink(sheet, i), CELL_BOLD, text);
    }
    view->total = NAN;
    if (request->draw_total && trace_agrees(sheet->trace, TRACE_TOTAL, &view->total)) {
        format_size(number, sizeof number, view->total, request->unit_size, request->unit);
        snprintf(text, sizeof text, "total %s", number);
        add_side(view, view->total, CELL_PLAIN, 0, text);
    }
    if (isfinite(request->limit))
        add_side(view, request->limit, sheet_limit_ink(sheet), 0, request->limit_text);
}

static void set_scales(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    struct layout *layout = &sheet->layout;
    double max = layout_max(&sheet->request, sheet->trace, TRACE_MAIN);
    double top = layout_heat_top(sheet->trace) / sheet->request.unit_size;
    size_t wish = (size_t)fmax(2, (double)view->heat_rows / 3);
    if (isfinite(view->total))
        max = fmax(max, view->total);
    if (isfinite(sheet->request.limit))
        max = fmax(max, sheet->request.limit);
    layout_set_value(layout, &sheet->request, sheet->trace, max * 1.05, (size_t)fmax(2, layout->plot.height / 3));
    if (sheet->trace->percent)
        scale_percent(&layout->heat_value, top, wish);
    else
        scale_memory(&layout->heat_value, top, wish, sheet->request.unit_is_binary);
}

/* Width of the widest name that may stand beside the heatmap. */
static long names_width(const struct canvas *sheet)
{
    long widest = 0, most = sheet->columns / 5;
    for (size_t i = 0; i < sheet->trace->count && widest < most; i++)
        widest = sheet_longer(widest, canvas_width(sheet, sheet->trace->node[i].name));
    return widest < most ? widest : most;
}

static void place(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    struct rect *plot = &sheet->layout.plot;
    long above = canvas_has_unit_row(sheet) ? 1 : 0, count = (long)sheet->trace->count;
    long room = sheet->bottom - sheet->top - canvas_foot(sheet) - above;
    long bands = room;
    if (room >= HEAT_ROWS_MIN) {
        bands = (long)(BAND_SHARE * (double)(room - 1));
        view->heat_rows = room - 1 - bands < count ? room - 1 - bands : count;
        bands = room - 1 - view->heat_rows;
    }
    plot->height = (double)sheet_longer(bands, 1);
    set_scales(view);
    long left = sheet_axis_width(sheet);
    if (view->heat_rows > 0 && left > 0)
        left = sheet_longer(left, names_width(sheet) + 1);
    view->column_width = sheet_longer(view->column_width, 9);
    if (sheet->columns - left - view->column_width - 2 < PLOT_COLUMNS_MIN)
        view->column_width = 0;
    plot->x = (double)left;
    plot->width =
        (double)sheet_longer(sheet->columns - left - (view->column_width > 0 ? view->column_width + 2 : 0), 1);
    view->column = (long)(plot->x + plot->width) + 2;
    canvas_set_time(sheet, above == 0 ? 0 : (size_t)sheet_longer(bands / 6, 1));
    if (sheet->event_rows > 0 && plot->height > (double)sheet->event_rows) {
        above += (long)sheet->event_rows; /* the row of the unit has the caption of the bands */
        plot->height -= (double)sheet->event_rows;
    }
    plot->y = (double)(sheet->top + above);
    view->heat_top = (long)(plot->y + plot->height) + 1;
    set_scales(view);
}

static bool fill(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct layout *layout = &sheet->layout;
    const struct resample_frame frame = {(size_t)layout->plot.width, layout->time.min, layout->time.max};
    size_t rows = (size_t)view->heat_rows;
    if (has_deep_colour(sheet) && sheet->trace->count > rows)
        rows *= 2; /* two in a cell */
    return resample_fill(&view->heat, sheet->trace, layout_rows(&sheet->request, sheet->order), rows > 0 ? rows : 1, &frame, true);
}

/* ---- bands ---- */

/* 0: no node has a value between `low` and `high`; 1: some have; 2: the middle ones have. */
static int band_class(const struct resample_band *band, double low, double high)
{
    if (band->nodes == 0 || (double)band->min > high || (double)band->max < low)
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
    const uint32_t ink = cell_colour(sheet->style->theme->median, 7);
    const long each = sheet->cells->ascii ? 1 : 2;
    float before = NAN;
    for (long column = 0; column < (long)view->heat.columns; column++) {
        const struct resample_band *band = &view->heat.band[column];
        for (long row = 0; row < (long)sheet->layout.plot.height; row++)
            draw_band_cell(view, band, column, row);
    }
    for (long column = 0; column < (long)view->heat.columns; column++) {
        const struct resample_band *band = &view->heat.band[column];
        float median = band->nodes > 0 ? band->median : NAN;
        for (long i = 0; band->nodes > 0 && i < each; i++)
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
    const long each = sheet->cells->ascii ? 1 : 2;
    struct resampled heat = {0};
    if (against == NULL)
        return true;
    size_t *order = trace_order_by_peak(against);
    const struct resample_frame frame = {view->heat.columns, view->heat.from_s, view->heat.to_s};
    bool ok = order != NULL && resample_fill(&heat, against, order, 1, &frame, true);
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
    for (size_t i = layout->named_count; i-- > 0;)
        canvas_series(sheet, &sheet->trace->node[layout->named[i].node], TRACE_MAIN, sheet_node_ink(sheet, i),
                      DASH_SOLID, sheet_letter(i, false));
    for (size_t i = 0; i < layout->named_count; i++) {
        const struct node *node = &sheet->trace->node[layout->named[i].node];
        if (node->ends_early)
            canvas_point(sheet, node_end_s(node), node->line[TRACE_MAIN].stats.last, sheet->cells->ascii ? 'X' : 0xd7,
                         NULL, sheet_node_ink(sheet, i));
    }
}

/* Says what the bands are, in as many words as there is room for. */
static void put_band_caption(struct overview *view)
{
    static const char *const deep[] = {"lowest to highest (pale), 5th to 95th percentile (strong), median (line)",
                                       "range (pale), 5 to 95 % (strong), median (line)", "range, 5 to 95 %, median"};
    struct canvas *sheet = view->sheet;
    const struct rect *plot = &sheet->layout.plot;
    for (size_t i = 0; canvas_has_unit_row(sheet) && i < sizeof deep / sizeof deep[0]; i++) {
        if (canvas_width(sheet, deep[i]) > sheet->columns - (long)plot->x)
            continue;
        cells_put(sheet->cells, (long)plot->x, sheet->top, deep[i], CELL_PLAIN, CELL_FAINT);
        return;
    }
}

/* ---- heatmap ---- */

static uint32_t heat_ink(const struct overview *view, double value)
{
    const struct canvas *sheet = view->sheet;
    if (isnan(value))
        return cell_colour(sheet->style->theme->missing, 8);
    return sheet_heat_ink(value / sheet->layout.heat_value.max / sheet->layout.unit_size);
}

/* Shows a value as a character: higher blocks, or in ASCII denser ones. */
static uint32_t heat_character(const struct overview *view, double value)
{
    static const char ramp[] = ".:-=+*#%@";
    const struct canvas *sheet = view->sheet;
    double share = value / sheet->layout.heat_value.max / sheet->layout.unit_size;
    if (isnan(value))
        return ' ';
    share = fmin(fmax(share, 0), 1);
    if (sheet->cells->ascii)
        return (uint32_t)ramp[(size_t)(share * (sizeof ramp - 2) + 0.5)];
    return EIGHTHS + (uint32_t)(share * 7 + 0.5);
}

static void draw_heat_cell(struct overview *view, long column, long row, double upper, double lower)
{
    struct canvas *sheet = view->sheet;
    struct cell *cell = cells_at(sheet->cells, column, row);
    if (cell == NULL)
        return;
    if (!has_deep_colour(sheet)) {
        cells_put_character(sheet->cells, column, row, heat_character(view, upper), heat_ink(view, upper));
        return;
    }
    cell->ink = heat_ink(view, upper);
    cell->ground = heat_ink(view, lower);
    cell->character = cell->ink == cell->ground ? ' ' : UPPER_HALF;
}

static void draw_heat(struct overview *view)
{
    const struct resampled *heat = &view->heat;
    long left = (long)view->sheet->layout.plot.x;
    size_t each = heat->rows / (size_t)view->heat_rows; /* 2 in halves */
    for (size_t row = 0; row < (size_t)view->heat_rows; row++) {
        const float *upper = &heat->value[row * each * heat->columns];
        const float *lower = &heat->value[(row * each + each - 1) * heat->columns];
        for (size_t column = 0; column < heat->columns; column++)
            draw_heat_cell(view, left + (long)column, view->heat_top + (long)row, (double)upper[column],
                           (double)lower[column]);
    }
}

/* Names the first node of each row. */
static void put_names(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct resampled *heat = &view->heat;
    long room = (long)sheet->layout.plot.x - 1;
    size_t each = heat->rows / (size_t)view->heat_rows;
    const size_t *order = layout_rows(&sheet->request, sheet->order);
    for (size_t row = 0; room > 0 && row < (size_t)view->heat_rows; row++) {
        char name[128];
        const struct node *node = &sheet->trace->node[order[resample_row_first(heat, row * each)]];
        layout_fit(&sheet->layout, name, sizeof name, node->name, (double)room, 0);
        cells_put(sheet->cells, room - canvas_width(sheet, name), view->heat_top + (long)row, name, CELL_PLAIN, 0);
    }
}

/* The colours of the heatmap with their values. */
static void put_bar(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    const struct scale *scale = &sheet->layout.heat_value;
    double top = scale->max * sheet->layout.unit_size, rows = (double)view->heat_rows;
    for (long row = 0; row < view->heat_rows; row++)
        for (long i = 0; i < 2; i++)
            draw_heat_cell(view, view->column + i, view->heat_top + row, top * (1 - ((double)row + 0.25) / rows),
                           top * (1 - ((double)row + 0.75) / rows));
    for (size_t i = scale->tick_count; i-- > 0;) {
        long row = (long)fmin(floor(rows * (1 - scale->tick[i].value / scale->max)), rows - 1);
        cells_put(sheet->cells, view->column + 3, view->heat_top + row, scale->tick[i].text, CELL_PLAIN, 0);
    }
    cells_put(sheet->cells, view->column + 3, view->heat_top - 1, sheet->request.unit, CELL_PLAIN, 0);
}

static void put_heat_caption(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    size_t count = sheet->trace->count, rows = view->heat.rows;
    long room = (long)sheet->layout.plot.width;
    char text[160];
    snprintf(text, sizeof text, "%zu nodes, highest peak first; a row shows the highest of %s%zu nodes", count,
             count % rows == 0 ? "" : "up to ", (count + rows - 1) / rows);
    if (count <= rows || canvas_width(sheet, text) > room)
        snprintf(text, sizeof text, "%zu nodes, highest peak first", count);
    cells_put(sheet->cells, (long)sheet->layout.plot.x, view->heat_top - 1, text, CELL_PLAIN, CELL_FAINT);
}

static void draw_levels(struct overview *view)
{
    struct canvas *sheet = view->sheet;
    if (isfinite(view->total))
        canvas_level(sheet, view->total, sheet_total_ink(sheet), DASH_DASHED);
    if (isfinite(sheet->request.limit))
        canvas_level(sheet, sheet->request.limit, sheet_limit_ink(sheet), DASH_SOLID);
    if (view->column_width > 0)
        canvas_sides(sheet, view->column, view->side, view->side_count, NULL);
}

bool terminal_overview(struct canvas *sheet)
{
    struct overview view = {.sheet = sheet};
    plan_sides(&view);
    place(&view);
    bool ok = fill(&view);
    if (ok) {
        draw_bands(&view);
        ok = draw_against(&view);
        draw_levels(&view);
        draw_named(&view);
        canvas_value_axis(sheet, true, true);
        put_band_caption(&view);
        canvas_events(sheet);
        canvas_grid(sheet);
    }
    if (ok && view.heat_rows > 0) {
        draw_heat(&view);
        put_names(&view);
        put_heat_caption(&view);
        if (view.column_width > 0)
            put_bar(&view);
    }
    const struct rect *plot = &sheet->layout.plot;
    long foot = view.heat_rows > 0 ? view.heat_top + view.heat_rows : (long)(plot->y + plot->height);
    if (ok)
        canvas_time_axis(sheet, foot, sheet->columns, true);
    resample_free(&view.heat);
    return ok;
}
