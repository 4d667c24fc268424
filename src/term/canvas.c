/* SPDX-License-Identifier: MIT */
/* canvas: what all views in characters place and draw in the same way. Independent of terminals, paths and options. */
#include "canvas.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"
#include "model/resample.h"

#define TITLE_ROWS_MIN   12 /* a lower canvas has no title */
#define UNIT_ROWS_MIN    10
#define TITLE_ROWS_MAX   2
#define SHORT_ROWS       12 /* a canvas this low has one row for the title */
#define AXIS_ROWS_MIN    8  /* a lower canvas has the labels of the time axis, but no axis line */
#define SUMMARY_ROWS_MIN 4
#define TIME_ROWS_MIN    3
#define AXIS_COLUMNS_MIN 16
#define LETTERS_APART    12 /* nodes whose letters are at different times */

bool canvas_open(struct canvas *canvas, struct cells *cells, const struct layout_request *request,
                 const struct trace *trace, const struct terminal_style *style)
{
    *canvas = (struct canvas){
        .cells = cells,
        .request = *request,
        .trace = trace,
        .style = style,
        .order = trace_order_by_peak(trace),
        .rank = calloc(trace->count + 1, sizeof *canvas->rank),
        .has_level = calloc(cells->rows + 1, sizeof *canvas->has_level),
        .low = calloc(2 * cells->columns + 2, sizeof *canvas->low),
        .high = calloc(2 * cells->columns + 2, sizeof *canvas->high),
        .columns = (long)cells->columns,
        .rows = (long)cells->rows,
        .bottom = (long)cells->rows,
        .wants_letters = style->colours == COLOURS_NONE && (trace->count > 1 || request->against != NULL),
    };
    canvas->request.width_px = (double)cells->columns;
    canvas->request.height_px = (double)cells->rows;
    canvas->request.measure = cells_measure;
    canvas->request.measure_user = cells;
    canvas->layout = (struct layout){
        .width_px = canvas->request.width_px,
        .height_px = canvas->request.height_px,
        .unit_size = request->unit_size,
        .measure = cells_measure,
        .measure_user = cells,
    };
    if (canvas->order == NULL || canvas->rank == NULL || canvas->has_level == NULL || canvas->low == NULL ||
        canvas->high == NULL)
        return false;
    for (size_t i = 0; i < trace->count; i++)
        canvas->rank[canvas->order[i]] = i;
    return true;
}

void canvas_close(struct canvas *canvas)
{
    layout_free(&canvas->layout);
    free(canvas->order);
    free(canvas->rank);
    free(canvas->has_level);
    free(canvas->low);
    free(canvas->high);
    memset(canvas, 0, sizeof *canvas);
}

/* ---- colours ---- */

uint32_t canvas_node_ink(const struct canvas *canvas, size_t node)
{
    /* The nearest of 16 colours other than red, which is the limit's. */
    static const unsigned char ansi[THEME_NODE_COLOURS] = {12, 3, 2, 13, 11, 5};
    return cell_colour(theme_node(canvas->style->theme, node), ansi[node % THEME_NODE_COLOURS]);
}

#define CUBE(red, green, blue)                                                                                         \
    {                                                                                                                  \
        (red) / 255.0, (green) / 255.0, (blue) / 255.0                                                                 \
    }

/* Index of a share in a scale of `count` colours. */
static size_t step_of(double share, size_t count)
{
    return (size_t)(fmin(fmax(share, 0), 1) * (double)(count - 1) + 0.5);
}

uint32_t canvas_heat_ink(const struct canvas *canvas, double share, bool is_deviation)
{
    /* By increasing lightness; choosing the nearest of 256 colours would alternate between lighter and darker. */
    static const struct colour cube[] = {CUBE(95, 0, 95),    CUBE(95, 0, 135),  CUBE(0, 95, 135),  CUBE(0, 135, 135),
                                         CUBE(0, 175, 135),  CUBE(0, 215, 135), CUBE(95, 215, 95), CUBE(135, 215, 95),
                                         CUBE(175, 215, 95), CUBE(215, 255, 0), CUBE(255, 255, 0)};
    static const unsigned char ansi[] = {4, 12, 2, 6, 10, 14, 11}, apart[] = {4, 12, 7, 9, 1};
    if (is_deviation)
        return cell_colour(theme_deviation(share), apart[step_of((share + 1) / 2, COUNT(apart))]);
    struct colour colour =
        canvas->style->colours == COLOURS_256 ? cube[step_of(share, COUNT(cube))] : theme_heat(share);
    return cell_colour(colour, ansi[step_of(share, COUNT(ansi))]);
}

uint32_t canvas_total_ink(const struct canvas *canvas)
{
    return cell_colour(canvas->style->theme->total, 8);
}

uint32_t canvas_limit_ink(const struct canvas *canvas)
{
    return cell_colour(canvas->style->theme->limit, 1);
}

/* The grid's colour in plots assumes a known background; the colour of their axes is visible on any. */
uint32_t canvas_grid_ink(const struct canvas *canvas)
{
    return cell_colour(canvas->style->theme->axis, 8);
}

uint32_t canvas_letter(size_t rank, bool swap)
{
    return (uint32_t)((swap ? 'A' : 'a') + rank % 26);
}

uint32_t canvas_run_ink(const struct canvas *canvas, size_t run)
{
    const struct theme *theme = canvas->style->theme;
    if (runs_are_lines(canvas->request.against, canvas->trace))
        return canvas_node_ink(canvas, 1 + run);
    return canvas->request.against->count > 1 ? cell_colour(theme_pale(theme, theme_node(theme, run)), 8)
                                              : canvas_total_ink(canvas);
}

uint32_t canvas_run_letter(const struct canvas *canvas, size_t run)
{
    return canvas->request.against->count > 1 ? (uint32_t)('1' + run) : '.';
}

/* ---- texts ---- */

long canvas_width(const struct canvas *canvas, const char *text)
{
    return (long)cells_measure(canvas->cells, text, 0, false);
}

const char *canvas_fitting(const struct canvas *canvas, const char *const *choice, long columns)
{
    while (choice[1] != NULL && canvas_width(canvas, *choice) > columns)
        choice++;
    return *choice;
}

void canvas_cut(const struct canvas *canvas, char *out, size_t size, const char *text, long width)
{
    snprintf(out, size, "%s", text);
    for (size_t kept = strlen(out); kept > 0 && canvas_width(canvas, out) > width;) {
        kept = utf8_start(text, kept - 1);
        snprintf(out, size, "%.*s\u2026", (int)kept, text);
    }
    if (canvas_width(canvas, out) > width)
        out[0] = '\0';
}

/* Bytes of `text` that fit a line of `width` columns: up to the end of a clause if that leaves the line well filled,
 * else of a word; a number and its unit stay together if possible. `*next` receives the start of the next line. */
static size_t line_length(const struct canvas *canvas, const char *text, long width, const char **next)
{
    const size_t separator = strlen(LAYOUT_SEPARATOR);
    size_t word = 0, clause = 0;
    long clause_width = 0;
    bool is_poor = true; /* the place found so far is between a number and its unit */
    char part[512];
    for (const char *at = text;; at++) {
        if (*at != ' ' && *at != '\0')
            continue;
        size_t length = (size_t)(at - text);
        snprintf(part, sizeof part, "%.*s", (int)length, text);
        if (length >= sizeof part || canvas_width(canvas, part) > width)
            break;
        bool is_clause = strncmp(at, LAYOUT_SEPARATOR, separator) == 0;
        bool is_number = length > 0 && *at != '\0' && !is_clause && at[-1] >= '0' && at[-1] <= '9';
        if (!is_number || is_poor) {
            word = length;
            is_poor = is_number;
        }
        if (is_clause) {
            clause = length;
            clause_width = canvas_width(canvas, part);
        }
        if (*at == '\0')
            break;
    }
    bool is_whole = text[word] == '\0';
    if (!is_whole && clause_width > 7 * width / 10)
        word = clause;
    *next = text + word;
    *next += strncmp(*next, LAYOUT_SEPARATOR, separator) == 0 ? separator : strspn(*next, " ");
    return word;
}

/* Puts a text on up to `rows_max` rows, unless `is_trial`; returns how many it takes, rows_max + 1 if too many. */
static long put_wrapped(struct canvas *canvas, const char *text, long row, long rows_max, bool is_trial)
{
    char line[512];
    long used = 0;
    while (*text != '\0') {
        const char *next;
        size_t length = line_length(canvas, text, canvas->columns, &next);
        if (length == 0 || used == rows_max)
            return rows_max + 1;
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (!is_trial)
            cells_put(canvas->cells, 0, row + used, line, CELL_PLAIN, 0);
        text = next;
        used++;
    }
    return used;
}

/* Puts as many whole clauses of a text as fit on `rows_max` rows; returns how many rows they take. */
static long put_clauses(struct canvas *canvas, const char *text, long row, long rows_max)
{
    char *fitting = strdup(text), *last = NULL;
    long used = 0;
    canvas->layout.out_of_memory |= fitting == NULL;
    while (fitting != NULL && put_wrapped(canvas, fitting, row, rows_max, true) > rows_max) {
        last = NULL;
        for (char *at = strstr(fitting, LAYOUT_SEPARATOR); at != NULL; at = strstr(at + 1, LAYOUT_SEPARATOR))
            last = at;
        if (last == NULL)
            break;
        *last = '\0';
    }
    if (fitting != NULL && put_wrapped(canvas, fitting, row, rows_max, true) <= rows_max)
        used = put_wrapped(canvas, fitting, row, rows_max, false);
    free(fitting);
    return used;
}

/* The start of the clause with the peak, the most important one if there is a single row. */
static const char *skip_to_peak(const struct canvas *canvas, const char *summary)
{
    if (canvas_width(canvas, summary) <= canvas->columns)
        return summary;
    const char *start = summary, *peak = strstr(summary, "peak");
    for (const char *at = strstr(summary, LAYOUT_SEPARATOR); at != NULL && at < peak;
         at = strstr(at + 1, LAYOUT_SEPARATOR))
        start = at + strlen(LAYOUT_SEPARATOR);
    return start;
}

/* Puts the title, its short form if only that fits, or that on several rows; truncates words wider than the canvas. */
static void put_title(struct canvas *canvas)
{
    const struct layout_request *request = &canvas->request;
    const char *text = request->title;
    char line[512];
    const long rows_max = canvas->rows < SHORT_ROWS ? 1 : TITLE_ROWS_MAX;
    if (request->title_short != NULL && canvas_width(canvas, text) > canvas->columns)
        text = request->title_short;
    for (long row = 0; row < rows_max && *text != '\0'; row++) {
        const char *next;
        size_t length = line_length(canvas, text, canvas->columns, &next);
        if (length == 0 || (row + 1 == rows_max && *next != '\0')) {
            length = line_length(canvas, text, canvas->columns - 1, &next);
            snprintf(line, sizeof line, "%.*s\u2026", (int)length, text);
            if (length == 0)
                canvas_cut(canvas, line, sizeof line, text, canvas->columns);
            next = "";
        } else {
            snprintf(line, sizeof line, "%.*s", (int)length, text);
        }
        cells_put(canvas->cells, 0, canvas->top++, line, CELL_PLAIN, CELL_BOLD);
        text = next;
    }
}

void canvas_head(struct canvas *canvas)
{
    const struct layout_request *request = &canvas->request;
    bool has_title = canvas->rows >= TITLE_ROWS_MIN;
    bool is_found = request->findings != NULL && request->findings->count > 0 && request->title_short != NULL;
    if (has_title)
        put_title(canvas);
    if (request->subtitle == NULL || canvas->rows < SUMMARY_ROWS_MIN)
        return;
    long rows_max = canvas->rows < UNIT_ROWS_MIN ? 1 : canvas->rows / 4;
    if (!has_title && is_found && *request->subtitle != '\0') /* a finding is more important than all facts */
        canvas->top += put_clauses(canvas, request->title_short, canvas->top, rows_max);
    else
        canvas->top += put_clauses(canvas, rows_max == 1 ? skip_to_peak(canvas, request->subtitle) : request->subtitle,
                                   canvas->top, rows_max);
}

/* ---- axes ---- */

long canvas_axis_width(const struct canvas *canvas)
{
    if (canvas->columns < AXIS_COLUMNS_MIN || canvas->rows < TIME_ROWS_MIN)
        return 0;
    long widest = canvas_has_unit_row(canvas) ? canvas_width(canvas, canvas->request.unit) : 0;
    for (size_t i = 0; i < canvas->layout.value.tick_count; i++) {
        long width = canvas_width(canvas, canvas->layout.value.tick[i].text);
        widest = width > widest ? width : widest;
    }
    return widest + 2 <= canvas->columns / 2 ? widest + 2 : 0;
}

bool canvas_has_unit_row(const struct canvas *canvas)
{
    return canvas->rows >= UNIT_ROWS_MIN;
}

long canvas_foot(const struct canvas *canvas)
{
    return canvas->rows >= AXIS_ROWS_MIN ? 2 : canvas->rows >= TIME_ROWS_MIN ? 1 : 0;
}

long canvas_row(const struct canvas *canvas, double value)
{
    const struct rect *plot = &canvas->layout.plot;
    double row = floor(layout_y(&canvas->layout, value));
    return (long)fmin(fmax(row, plot->y), plot->y + plot->height - 1);
}

void canvas_value_axis(struct canvas *canvas, bool with_texts, bool with_unit)
{
    const struct rect *plot = &canvas->layout.plot;
    const bool ascii = canvas->cells->ascii;
    long axis = (long)plot->x - 1, top = (long)plot->y, bottom = top + (long)plot->height;
    if (axis < 0)
        return;
    for (long row = top; row < bottom; row++)
        cells_put_character(canvas->cells, axis, row, ascii ? '|' : 0x2502, canvas_grid_ink(canvas));
    long free_above = bottom + 1;
    for (size_t i = 0; i < canvas->layout.value.tick_count; i++) {
        const struct tick *tick = &canvas->layout.value.tick[i];
        long row = tick->value == 0 ? bottom : canvas_row(canvas, tick->value * canvas->layout.unit_size);
        if (row >= free_above || (row == bottom && canvas_foot(canvas) < 2))
            continue;
        free_above = row;
        if (row < bottom)
            cells_put_character(canvas->cells, axis, row, ascii ? '+' : 0x2524, canvas_grid_ink(canvas));
        if (with_texts)
            cells_put(canvas->cells, axis - 1 - canvas_width(canvas, tick->text), row, tick->text, CELL_PLAIN, 0);
    }
    if (with_unit && canvas_has_unit_row(canvas))
        cells_put(canvas->cells, axis - 1 - canvas_width(canvas, canvas->request.unit), top - 1, canvas->request.unit,
                  CELL_PLAIN, 0);
}

/* Puts the unit of the times at the right end of their row, or of the one below, if it is free. */
static void put_time_caption(struct canvas *canvas, long row, long free_from)
{
    char caption[96];
    snprintf(caption, sizeof caption, "%s", canvas->layout.time.caption);
    long width = canvas_width(canvas, caption);
    if (canvas->columns - width < free_from + 2) { /* "[h:min]", or "time of day" */
        const char *counts = strchr(canvas->layout.time.caption, '[');
        snprintf(caption, sizeof caption, "%s", counts != NULL ? counts : "clock");
    }
    width = canvas_width(canvas, caption);
    if (canvas->columns - width >= free_from + 2)
        cells_put(canvas->cells, canvas->columns - width, row, caption, CELL_PLAIN, CELL_FAINT);
}

void canvas_time_axis(struct canvas *canvas, long bottom, long end, bool with_caption)
{
    const struct rect *plot = &canvas->layout.plot;
    const bool ascii = canvas->cells->ascii, has_line = canvas_foot(canvas) == 2;
    const uint32_t ink = canvas_grid_ink(canvas);
    long left = (long)plot->x, right = left + (long)plot->width, free_from = -1;
    if (canvas_foot(canvas) == 0)
        return;
    for (long column = left - 1; has_line && column < right; column++)
        cells_put_character(canvas->cells, column, bottom,
                            ascii           ? (column < left ? '+' : '-')
                            : column < left ? 0x2514
                                            : 0x2500,
                            ink);
    for (size_t i = 0; i < canvas->layout.time.tick_count; i++) {
        const struct tick *tick = &canvas->layout.time.tick[i];
        long column = (long)fmin(floor(layout_x(&canvas->layout, tick->value)), (double)right - 1);
        long width = canvas_width(canvas, tick->text), from = column - width / 2;
        if (has_line)
            cells_put_character(canvas->cells, column, bottom, ascii ? '+' : 0x252c, ink);
        from = canvas_longer(from, left > 0 ? left - 1 : 0);
        if (from <= free_from || from + width > end)
            continue;
        cells_put(canvas->cells, from, bottom + (has_line ? 1 : 0), tick->text, CELL_PLAIN, 0);
        free_from = from + width;
    }
    if (with_caption)
        put_time_caption(canvas, bottom + (has_line ? 1 : 0), free_from);
}

void canvas_grid(struct canvas *canvas)
{
    const struct rect *plot = &canvas->layout.plot;
    for (size_t i = 0; i < canvas->layout.value.tick_count; i++) {
        const struct tick *tick = &canvas->layout.value.tick[i];
        double y = layout_y(&canvas->layout, tick->value * canvas->layout.unit_size);
        if (tick->value == 0 || (floor(y) >= 0 && floor(y) < (double)canvas->rows && canvas->has_level[(long)y]))
            continue;
        for (long column = (long)plot->x; column < (long)(plot->x + plot->width); column++) {
            const struct cell *cell = cells_at(canvas->cells, column, (long)floor(y));
            if (cell == NULL || !cell_is_blank(cell) || cell->ground != CELL_PLAIN)
                continue;
            if (!canvas->cells->ascii)
                cells_dot(canvas->cells, 2 * column, (long)floor(4 * y), canvas_grid_ink(canvas));
            else if (column % 2 == 0)
                cells_put_character(canvas->cells, column, (long)floor(y), '.', canvas_grid_ink(canvas));
        }
    }
}

/* ---- marks ---- */

static long event_column(const struct canvas *canvas, const struct trace_event *event)
{
    const struct rect *plot = &canvas->layout.plot;
    return (long)fmin(floor(layout_x(&canvas->layout, event->time_s)), plot->x + plot->width - 1);
}

#define MARK_ROWS_MAX 3

/* Finds the row, from the lowest up, where each text has space; only counts the rows if `put` is false. `is_whole`
 * receives whether each text is at its line and complete. */
static size_t place_events(struct canvas *canvas, size_t rows_max, bool put, bool *is_whole)
{
    const struct rect *plot = &canvas->layout.plot;
    long free_from[MARK_ROWS_MAX], used = 0;
    if (rows_max > MARK_ROWS_MAX)
        rows_max = MARK_ROWS_MAX;
    *is_whole = true;
    for (size_t i = 0; i < MARK_ROWS_MAX; i++)
        free_from[i] = (long)plot->x;
    for (size_t i = 0; i < canvas->request.event_count; i++) {
        const struct trace_event *event = &canvas->request.event[i];
        char text[128];
        if (!layout_event_is_shown(&canvas->layout, event))
            continue;
        long column = event_column(canvas, event), row = 0;
        while (row + 1 < (long)rows_max && free_from[row] > column)
            row++;
        long left = column > free_from[row] ? column : free_from[row];
        canvas_cut(canvas, text, sizeof text, event->text, canvas->columns - left);
        *is_whole &= left == column && strcmp(text, event->text) == 0;
        if (put)
            cells_put(canvas->cells, left, (long)plot->y - 1 - row, text, CELL_PLAIN, 0);
        free_from[row] = left + canvas_width(canvas, text) + 1;
        used = row + 1 > used ? row + 1 : used;
    }
    return (size_t)used;
}

/* Puts the number of each event at its line, in the row above the plot, if it has space. */
static void put_event_numbers(struct canvas *canvas)
{
    const struct rect *plot = &canvas->layout.plot;
    long free_from = 0, number = 0;
    for (size_t i = 0; i < canvas->request.event_count; i++) {
        const struct trace_event *event = &canvas->request.event[i];
        char text[24];
        if (!layout_event_is_shown(&canvas->layout, event))
            continue;
        snprintf(text, sizeof text, "%ld", ++number);
        long column = event_column(canvas, event), width = canvas_width(canvas, text);
        if (column < free_from || column + width > canvas->columns)
            continue;
        cells_put(canvas->cells, column, (long)plot->y - 1, text, CELL_PLAIN, 0);
        free_from = column + width + 1;
    }
}

size_t canvas_event_list(struct canvas *canvas, long left, long top, size_t rows_max, bool put)
{
    size_t rows = 0, done = 0, all = 0, i = 0;
    long column = canvas->columns + 1; /* the first one begins a row */
    for (size_t k = 0; k < canvas->request.event_count; k++)
        all += layout_event_is_shown(&canvas->layout, &canvas->request.event[k]);
    while (i < canvas->request.event_count && rows_max > 0) {
        char entry[160], text[160], rest[32];
        if (!layout_event_is_shown(&canvas->layout, &canvas->request.event[i])) {
            i++;
            continue;
        }
        size_t count = layout_event_entry(&canvas->layout, &canvas->request, &i, done + 1, entry, sizeof entry);
        snprintf(rest, sizeof rest, "and %zu more", all - done);
        done += count;
        long rest_width = done < all ? canvas_width(canvas, rest) + 2 : 0, width = canvas_width(canvas, entry);
        bool is_last = rows == rows_max;
        if (is_last && column + width + rest_width > canvas->columns) {
            if (put)
                cells_put(canvas->cells, column, top + (long)rows - 1, rest, CELL_PLAIN, 0);
            break;
        }
        if (column + width > canvas->columns) {
            column = left;
            is_last = ++rows == rows_max;
        }
        canvas_cut(canvas, text, sizeof text, entry, canvas->columns - column - (is_last ? rest_width : 0));
        if (put)
            cells_put(canvas->cells, column, top + (long)rows - 1, text, CELL_PLAIN, 0);
        column += canvas_width(canvas, text) + 2;
    }
    return rows;
}

void canvas_set_time(struct canvas *canvas, size_t rows_max)
{
    bool is_whole = true;
    layout_set_time(&canvas->layout, &canvas->request, canvas->trace, canvas->layout.plot.width / 12);
    rows_max = rows_max < MARK_ROWS_MAX ? rows_max : MARK_ROWS_MAX;
    canvas->event_rows = rows_max == 0 ? 0 : place_events(canvas, rows_max, false, &is_whole);
    canvas->numbers_events = !is_whole && rows_max > 0;
    if (canvas->numbers_events) { /* a single row has only the list, which is in the order of the lines */
        size_t numbers = rows_max > 1 ? 1 : 0;
        canvas->event_rows =
            numbers + canvas_event_list(canvas, (long)canvas->layout.plot.x, 0, rows_max - numbers, false);
    }
}

void canvas_event_lines(struct canvas *canvas)
{
    const struct rect *plot = &canvas->layout.plot;
    for (size_t i = 0; i < canvas->request.event_count; i++) {
        const struct trace_event *event = &canvas->request.event[i];
        for (long row = (long)plot->y;
             layout_event_is_shown(&canvas->layout, event) && row < (long)(plot->y + plot->height); row++) {
            long column = event_column(canvas, event);
            const struct cell *cell = cells_at(canvas->cells, column, row);
            if (cell != NULL && cell_is_blank(cell) && cell->ground == CELL_PLAIN)
                cells_put_character(canvas->cells, column, row, canvas->cells->ascii ? ':' : 0x250a,
                                    canvas_grid_ink(canvas));
        }
    }
}

void canvas_events(struct canvas *canvas)
{
    const struct rect *plot = &canvas->layout.plot;
    bool is_whole;
    if (canvas->numbers_events) {
        size_t numbers = canvas->event_rows > 1 ? 1 : 0;
        canvas_event_list(canvas, (long)plot->x, (long)plot->y - (long)canvas->event_rows, canvas->event_rows - numbers,
                          true);
        if (numbers > 0)
            put_event_numbers(canvas);
    } else if (canvas->event_rows > 0) {
        place_events(canvas, canvas->event_rows, true, &is_whole);
    }
    canvas_event_lines(canvas);
}

/* ---- data ---- */

static bool is_dashed_away(enum dash dash, long column)
{
    return (dash == DASH_DASHED && column % 6 >= 4) || (dash == DASH_DOTTED && column % 2 == 1);
}

long canvas_longer(long a, long b)
{
    return a > b ? a : b;
}

/* Keeps the colour of a block as the background of a line over it. */
static void uncover(struct cell *cell)
{
    if (cell == NULL || cell->character < 0x2580 || cell->character > 0x259f)
        return;
    bool is_half = cell->character == 0x2580 || cell->character == 0x2584;
    if (is_half && cell->ground == CELL_PLAIN)
        cell->ground = cell->ink;
    cell->character = ' ';
}

void canvas_column(struct canvas *canvas, long column, double low, double high, uint32_t letter, uint32_t ink)
{
    const struct rect *plot = &canvas->layout.plot;
    double top = 4 * plot->y, bottom = 4 * (plot->y + plot->height) - 1;
    double from = fmin(fmax(floor(4 * layout_y(&canvas->layout, high)), top), bottom);
    double to = fmin(fmax(floor(4 * layout_y(&canvas->layout, low)), top), bottom);
    if (canvas->cells->ascii) {
        for (long row = (long)from / 4; row <= (long)to / 4; row++)
            cells_put_character(canvas->cells, (long)plot->x + column, row, letter, ink);
        return;
    }
    for (long y = (long)from; y <= (long)to; y++) {
        uncover(cells_at(canvas->cells, (long)plot->x + column / 2, y / 4));
        cells_dot(canvas->cells, 2 * (long)plot->x + column, y, ink);
    }
}

void canvas_series(struct canvas *canvas, const struct node *node, enum trace_line line, uint32_t ink, enum dash dash,
                   uint32_t letter)
{
    const struct scale *time = &canvas->layout.time;
    const bool ascii = canvas->cells->ascii;
    long columns = (long)canvas->layout.plot.width * (ascii ? 1 : 2);
    float *low = canvas->low, *high = canvas->high;
    resample_series(&node->line[line], time->min - node->offset_s, time->max - node->offset_s, (size_t)columns, low,
                    high);
    for (long column = 0; column < columns; column++) {
        if (isnan(high[column]) || is_dashed_away(dash, column))
            continue;
        bool is_alone = (column == 0 || isnan(high[column - 1])) && (column + 1 == columns || isnan(high[column + 1]));
        canvas_column(canvas, column, (double)low[column], (double)high[column], letter, ink);
        if (is_alone && !ascii) /* a single dot could not be seen */
            canvas_column(canvas, column ^ 1, (double)low[column], (double)high[column], letter, ink);
    }
    if (ascii || line != TRACE_MAIN || !canvas->wants_letters)
        return;
    /* Without colours, every line shows the letter of its node at intervals, at different times than the other lines.
     */
    double step = fmax((double)columns / 3, LETTERS_APART), shift = (double)((letter - 'a') % LETTERS_APART) + 0.5;
    size_t count = (size_t)ceil(fmax(0, (double)columns / step - shift / LETTERS_APART));
    for (size_t i = 0; i < count; i++) {
        size_t column = (size_t)(step * ((double)i + shift / LETTERS_APART));
        if (!isnan(high[column]))
            cells_put_character(canvas->cells, (long)canvas->layout.plot.x + (long)column / 2,
                                canvas_row(canvas, ((double)low[column] + (double)high[column]) / 2), letter, ink);
    }
}

void canvas_level(struct canvas *canvas, double value, uint32_t ink, enum dash dash)
{
    const struct rect *plot = &canvas->layout.plot;
    const bool ascii = canvas->cells->ascii, has_limit = isfinite(canvas->request.limit);
    /* A row of cells has one colour: where it is the limit's, no other level is drawn. */
    if (has_limit && value != canvas->request.limit &&
        canvas_row(canvas, value) == canvas_row(canvas, canvas->request.limit))
        return;
    canvas->has_level[canvas_row(canvas, value)] = true;
    for (long column = 0; column < (long)plot->width * (ascii ? 1 : 2); column++) {
        if (is_dashed_away(dash, column))
            continue;
        canvas_column(canvas, column, value, value, dash == DASH_SOLID ? '=' : '-', ink);
    }
}

/* Returns how many cells under a text are taken; `width` + 1 if it is not within the plot. */
static long cells_hidden(const struct canvas *canvas, long column, long row, long width)
{
    const struct rect *plot = &canvas->layout.plot;
    long hidden = 0;
    if (row < (long)plot->y || row >= (long)(plot->y + plot->height) || column < (long)plot->x ||
        column + width > (long)(plot->x + plot->width))
        return width + 1;
    for (long i = -1; i <= width; i++) { /* with a blank at either side */
        const struct cell *cell = cells_at(canvas->cells, column + i, row);
        hidden += cell != NULL && !cell_is_blank(cell);
    }
    return hidden;
}

void canvas_point(struct canvas *canvas, double time_s, double value, uint32_t marker, const char *text, uint32_t ink)
{
    const struct rect *plot = &canvas->layout.plot;
    long left = (long)plot->x, right = left + (long)plot->width;
    long column = (long)fmin(fmax(floor(layout_x(&canvas->layout, time_s)), (double)left), (double)right - 1);
    long row = canvas_row(canvas, value);
    long width = text == NULL ? 0 : canvas_width(canvas, text), best = width / 4 + 1, best_i = -1;
    const long place[][2] = {
        {column - width / 2, row - 1}, {column + 2, row},
        {column - width - 1, row},     {column + 2, row - 1},
        {column - width - 1, row - 1}, {column - width / 2, row - 2},
        {column - width / 2, row + 1}, {column + 2, row + 1},
        {column - width - 1, row + 1}, {column - width / 2, row + 2},
        {column - width / 2, row + 3},
    };
    long at[sizeof place / sizeof place[0]];
    for (size_t i = 0; text != NULL && i < sizeof place / sizeof place[0]; i++) {
        at[i] = place[i][0] < left + 1 ? left + 1 : place[i][0];
        at[i] = at[i] + width > right - 1 ? right - 1 - width : at[i];
        bool on_point = place[i][1] == row && at[i] <= column + 1 && at[i] + width >= column;
        long hidden = on_point ? best : cells_hidden(canvas, at[i], place[i][1], width);
        if (hidden < best) {
            best = hidden;
            best_i = (long)i;
        }
    }
    if (marker != 0)
        cells_put_character(canvas->cells, column, row, marker, ink);
    if (best_i < 0)
        return;
    cells_put(canvas->cells, at[best_i], place[best_i][1], text, ink, CELL_BOLD);
    for (long side = -1; side <= width; side += width + 1) { /* keep the grid away */
        struct cell *cell = cells_at(canvas->cells, at[best_i] + side, place[best_i][1]);
        if (cell != NULL && cell_is_blank(cell))
            cell->style |= CELL_TEXT;
    }
}

static int compare_sides(const void *a, const void *b)
{
    double left = ((const struct canvas_side *)a)->value, right = ((const struct canvas_side *)b)->value;
    return (left < right) - (left > right);
}

void canvas_sides(struct canvas *canvas, long column, struct canvas_side *side, size_t count, bool *taken)
{
    const struct rect *plot = &canvas->layout.plot;
    long rows = (long)plot->height, row = (long)plot->y - 1;
    if (count > 1)
        qsort(side, count, sizeof *side, compare_sides);
    count = (long)count < rows ? count : (size_t)rows;
    for (size_t i = 0; i < count; i++) {
        long last = (long)plot->y + rows - (long)(count - i);
        row = canvas_longer(row + 1, canvas_row(canvas, side[i].value));
        row = row < last ? row : last;
        cells_put(canvas->cells, column, row, side[i].text, side[i].ink, side[i].style);
        if (taken != NULL)
            taken[row] = true;
    }
}
