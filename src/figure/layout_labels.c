/* SPDX-License-Identifier: MIT */
/* layout_labels: finds free places for labels. Independent of Cairo, files and options. */
#include "layout_labels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK_PX            11.0
#define CELL_PX            4.0
#define SIDE_ROW_PX        16.0
#define MARK_ROWS_MAX      5
#define ROWS_SHARE         0.25  /* of the plot's height: texts that need more rows are better in a list below */
#define LIST_SHARE         0.35  /* of the height without axis and HEAD_PX, at most, for the list */
#define FOOT_FREE_PX       20.0  /* unused below the caption of the time axis */
#define HEAD_PX            100.0 /* about what title and facts take */
#define MARK_TEXT_LEAST_PX 24.0  /* a shorter text would be unreadable */

bool occupancy_init(struct occupancy *occupancy, const struct rect *area)
{
    occupancy->area = *area;
    occupancy->columns = (size_t)fmax(1, ceil(area->width / CELL_PX));
    occupancy->rows = (size_t)fmax(1, ceil(area->height / CELL_PX));
    occupancy->cell = calloc(occupancy->columns * occupancy->rows, 1);
    return occupancy->cell != NULL;
}

void occupancy_free(struct occupancy *occupancy)
{
    free(occupancy->cell);
    memset(occupancy, 0, sizeof *occupancy);
}

/* The cell index of a distance from the area's edge, limited to [-1, count]. */
static long cell_at(double distance_px, size_t count)
{
    return (long)fmin(fmax(floor(distance_px / CELL_PX), -1), (double)count);
}

enum { GROUND_FREE, GROUND_DATA, GROUND_LABEL };

/* The cell of a column and row, NULL outside the area. */
static unsigned char *cell(const struct occupancy *occupancy, long column, long row)
{
    if (column < 0 || row < 0 || (size_t)column >= occupancy->columns || (size_t)row >= occupancy->rows)
        return NULL;
    return &occupancy->cell[(size_t)row * occupancy->columns + (size_t)column];
}

void occupancy_add_line(struct occupancy *occupancy, double x0, double y0, double x1, double y1)
{
    double length = ceil(fmax(fabs(x1 - x0), fabs(y1 - y0)) / (CELL_PX / 2)) + 1;
    if (!(length < 1e5))
        return;
    int steps = (int)length;
    for (int i = 0; i <= steps; i++) {
        double x = x0 + (x1 - x0) * i / steps, y = y0 + (y1 - y0) * i / steps;
        unsigned char *taken = cell(occupancy, cell_at(x - occupancy->area.x, occupancy->columns),
                                    cell_at(y - occupancy->area.y, occupancy->rows));
        if (taken != NULL && *taken == GROUND_FREE)
            *taken = GROUND_DATA;
    }
}

void occupancy_add_rect(struct occupancy *occupancy, const struct rect *rect)
{
    long left = cell_at(rect->x - occupancy->area.x, occupancy->columns);
    long right = cell_at(rect->x + rect->width - occupancy->area.x, occupancy->columns);
    long top = cell_at(rect->y - occupancy->area.y, occupancy->rows);
    long bottom = cell_at(rect->y + rect->height - occupancy->area.y, occupancy->rows);
    for (long row = top; row <= bottom; row++) {
        for (long column = left; column <= right; column++) {
            unsigned char *taken = cell(occupancy, column, row);
            if (taken != NULL)
                *taken = GROUND_LABEL;
        }
    }
}

double occupancy_share(const struct occupancy *occupancy, const struct rect *rect)
{
    double taken = 0, all = 0;
    int columns = (int)ceil(rect->width / CELL_PX), rows = (int)ceil(rect->height / CELL_PX);
    for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
            const unsigned char *ground =
                cell(occupancy, cell_at(rect->x + column * CELL_PX - occupancy->area.x, occupancy->columns),
                     cell_at(rect->y + row * CELL_PX - occupancy->area.y, occupancy->rows));
            if (ground == NULL || *ground == GROUND_LABEL)
                return INFINITY;
            all++;
            taken += *ground != GROUND_FREE;
        }
    }
    return all > 0 ? taken / all : 0;
}

void occupancy_add_node(struct occupancy *occupancy, const struct layout *layout, const struct node *node,
                        enum trace_line line)
{
    const struct series *series = &node->line[line];
    struct series_bucket space;
    const size_t count = series_buckets(series);
    double end = 0, last = 0; /* end of the previous bucket */
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *b = series_at(series, i, &space);
        double x = layout_x(layout, b->first_s + node->offset_s);
        if (i > 0 && !b->gap_before)
            occupancy_add_line(occupancy, end, layout_y(layout, last), x, layout_y(layout, b->first));
        end = layout_x(layout, b->first_s + (double)b->last_offset_s + node->offset_s);
        last = b->last;
        occupancy_add_line(occupancy, x, layout_y(layout, b->min), x, layout_y(layout, b->max));
        occupancy_add_line(occupancy, x, layout_y(layout, b->first), end, layout_y(layout, b->last));
    }
}

void label_near(struct layout *layout, struct occupancy *occupancy, double x, double y, size_t node, const char *text)
{
    label_near_as(layout, occupancy, x, y, INK_NODE, node, text);
}

void label_near_as(struct layout *layout, struct occupancy *occupancy, double x, double y, enum ink ink, size_t node,
                   const char *text)
{
    const struct rect *plot = &layout->plot;
    double width = layout_width(layout, text, LAYOUT_TEXT_PX, true), height = LAYOUT_TEXT_PX;
    /* Left edge and top, as offsets from the point: above, right, left, below, and the corners between. */
    const double offset[][2] = {
        {-width / 2, -height - 9},
        {11, -height / 2},
        {-width - 11, -height / 2},
        {-width / 2, 9},
        {8, -height - 8},
        {-width - 8, -height - 8},
        {8, 8},
        {-width - 8, 8},
        {-width / 2, -height - 22},
        {-width / 2, 22},
        {16, -height - 24},
        {16, 24},
    };
    struct rect best = {0};
    double best_cost = INFINITY;
    for (size_t i = 0; i < sizeof offset / sizeof offset[0]; i++) {
        struct rect rect = {x + offset[i][0], y + offset[i][1], width, height};
        rect.x = fmin(fmax(rect.x, plot->x + 4), plot->x + plot->width - width - 4);
        double cost = 5 * occupancy_share(occupancy, &rect) + 0.01 * (double)i;
        bool covers_point = x > rect.x - 5 && x < rect.x + width + 5 && y > rect.y - 5 && y < rect.y + height + 5;
        cost += covers_point ? 5 : 0;
        if (cost < best_cost) {
            best_cost = cost;
            best = rect;
        }
    }
    if (best_cost == INFINITY)
        return; /* no space, so the marker must suffice */
    occupancy_add_rect(occupancy, &best);
    struct label *label = layout_text(layout, best.x, best.y + 0.82 * height, 0, LAYOUT_TEXT_PX, ink, text);
    if (label != NULL) {
        label->bold = label->halo = true;
        label->node = node;
    }
}

static int compare_side(const void *a, const void *b)
{
    const struct side_label *left = a, *right = b;
    return (left->y > right->y) - (left->y < right->y);
}

size_t label_side(struct layout *layout, double x, double top, double bottom, struct side_label *label, size_t count)
{
    qsort(label, count, sizeof *label, compare_side);
    size_t capacity = bottom > top ? (size_t)((bottom - top) / SIDE_ROW_PX) + 1 : 0;
    if (count > capacity)
        count = capacity;
    double free_from = top;
    for (size_t i = 0; i < count; i++) {
        label[i].y = fmax(label[i].y + 4, free_from);
        free_from = label[i].y + SIDE_ROW_PX;
    }
    /* Labels that were pushed out at the bottom push the others up. */
    double free_to = bottom;
    for (size_t i = count; i-- > 0;) {
        label[i].y = fmin(label[i].y, free_to);
        free_to = label[i].y - SIDE_ROW_PX;
    }
    for (size_t i = 0; i < count; i++) {
        struct label *put = layout_text(layout, x, label[i].y, 0, LAYOUT_TEXT_PX, label[i].ink, label[i].text);
        if (put != NULL) {
            put->node = label[i].node;
            put->bold = label[i].bold;
        }
    }
    return count;
}

/* State while placing the texts of events: the end of the last text in each row. */
struct event_rows {
    double end[MARK_ROWS_MAX];
};

#define NO_ROWS                                                                                                        \
    {                                                                                                                  \
        {                                                                                                              \
            -INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY                                                      \
        }                                                                                                              \
    }

/* A mark's position: its line begins at the row of its text and goes down from there, so that it crosses no text. */
struct event_place {
    double x, from, width; /* x of the line; left end and width of the text; width 0: no text */
    bool leftward;         /* the text is to the left of its line, possibly over earlier ones */
    size_t row;
};

bool layout_event_is_shown(const struct layout *layout, const struct trace_event *event)
{
    return event->time_s >= layout->time.min && event->time_s <= layout->time.max;
}

/* The x of the next mark's line, or the plot's right edge. */
static double next_mark_x(const struct layout *layout, const struct layout_request *request, size_t index)
{
    for (size_t i = index + 1; i < request->event_count; i++)
        if (layout_event_is_shown(layout, &request->event[i]))
            return layout_x(layout, request->event[i].time_s);
    return layout->plot.x + layout->plot.width;
}

/* The first row below all texts that a line at x would cross; MARK_ROWS_MAX if there is none. */
static size_t free_row(const struct event_rows *rows, double x)
{
    size_t row = MARK_ROWS_MAX;
    while (row > 0 && rows->end[row - 1] <= x)
        row--;
    return row;
}

/* Places mark `index` and reserves its space in `rows`. */
static struct event_place place_event(const struct layout *layout, const struct layout_request *request, size_t index,
                                      struct event_rows *rows)
{
    const struct trace_event *event = &request->event[index];
    double right = layout->plot.x + layout->plot.width;
    double wanted = fmin(layout_width(layout, event->text, MARK_PX, false), 0.25 * layout->plot.width);
    struct event_place place = {.x = layout_x(layout, event->time_s)};
    double left = place.x - 4 - wanted;
    size_t left_row = free_row(rows, left);
    place.row = free_row(rows, place.x);
    if (place.row == MARK_ROWS_MAX) { /* only the line, below all texts */
        place.row--;
        return place;
    }
    place.from = place.x + 4;
    place.width = fmin(wanted, right - place.from);
    /* At the right edge the text goes to the left of its line if there is space. */
    if (place.width < wanted && left > layout->plot.x && left_row < MARK_ROWS_MAX) {
        place.from = left;
        place.width = wanted;
        place.row = left_row;
        place.leftward = true;
    } else if (place.row == MARK_ROWS_MAX - 1) {
        place.width = fmin(place.width, next_mark_x(layout, request, index) - 6 - place.from);
    }
    if (place.width < fmin(MARK_TEXT_LEAST_PX, wanted))
        place.width = 0;
    else
        rows->end[place.row] = place.from + place.width + 6;
    return place;
}

/* Returns true if a mark's text does not fit, so that marks should be numbered instead. */
static bool is_crowded(const struct layout *layout, const struct layout_request *request)
{
    struct event_rows rows = NO_ROWS;
    for (size_t i = 0; i < request->event_count; i++) {
        const struct trace_event *event = &request->event[i];
        if (!layout_event_is_shown(layout, event))
            continue;
        double wanted = layout_width(layout, event->text, MARK_PX, false);
        if (place_event(layout, request, i, &rows).width < wanted)
            return true;
    }
    return false;
}

size_t label_mark_rows(struct layout *layout, const struct layout_request *request)
{
    struct event_rows rows = NO_ROWS;
    size_t used = 0;
    layout->numbers_events = is_crowded(layout, request);
    for (size_t i = 0; i < request->event_count; i++) {
        if (!layout_event_is_shown(layout, &request->event[i]))
            continue;
        size_t row = layout->numbers_events ? 0 : place_event(layout, request, i, &rows).row;
        used = row + 1 > used ? row + 1 : used;
    }
    if (used > 1 && LABEL_MARK_ROW_PX * (double)used > ROWS_SHARE * layout->plot.height) {
        layout->numbers_events = true;
        used = 1;
    }
    return used;
}

/* The number of events within the plot's time. */
static size_t count_events(const struct layout *layout, const struct layout_request *request)
{
    size_t count = 0;
    for (size_t i = 0; i < request->event_count; i++)
        count += layout_event_is_shown(layout, &request->event[i]);
    return count;
}

/* Places the number of a mark at its line, unless it would touch the previous one. The last number is then lower, as
 * there is no next one to count back from. */
static void put_number(struct layout *layout, size_t number, bool is_last, double x, double y, double *free_from)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", number);
    double width = layout_width(layout, text, MARK_PX, false), right = layout->plot.x + layout->plot.width;
    double from = x + 3 + width > right ? x - 3 - width : x + 3;
    bool has_space = layout->plot.height >= 3 * LABEL_MARK_ROW_PX;
    if (from < *free_from && !(is_last && has_space))
        return;
    if (from < *free_from)
        y += LABEL_MARK_ROW_PX;
    struct label *label = layout_text(layout, from, y, 0, MARK_PX, INK_TEXT, text);
    if (label != NULL)
        label->halo = true;
    *free_from = from + width + 3;
}

void label_event_numbers(struct layout *layout, const struct layout_request *request)
{
    const struct rect *plot = &layout->plot;
    double free_from = -INFINITY;
    size_t number = 0, all = count_events(layout, request);
    for (size_t i = 0; i < request->event_count; i++) {
        if (!layout_event_is_shown(layout, &request->event[i]))
            continue;
        double x = layout_x(layout, request->event[i].time_s);
        layout_stroke(layout, x, plot->y, x, plot->y + plot->height, INK_MARK, DASH_DOTTED);
        number++;
        put_number(layout, number, number == all, x, plot->y + 10, &free_from);
    }
}

/* Returns how many rows a list may have: on a small sheet most of the height is for the data. */
static size_t list_rows_max(const struct layout *layout)
{
    double space_px = layout->height_px - layout_foot(layout) - HEAD_PX;
    double rows = floor(LIST_SHARE * space_px / LABEL_MARK_ROW_PX);
    return (size_t)fmin(fmax(rows, 1), LABEL_LIST_ROWS_MAX);
}

size_t layout_event_entry(const struct layout *layout, const struct layout_request *request, size_t *index,
                          size_t number, char *text, size_t size)
{
    const char *words = request->event[*index].text;
    size_t count = 0;
    for (; *index < request->event_count; ++*index) {
        const struct trace_event *event = &request->event[*index];
        if (!layout_event_is_shown(layout, event))
            continue;
        if (strcmp(event->text, words) != 0)
            break;
        count++;
    }
    if (count > 1)
        snprintf(text, size, "%zu-%zu %s", number, number + count - 1, words);
    else
        snprintf(text, size, "%zu %s", number, words);
    return count;
}

/* Places "and 12 more" at the end of the list. */
static void put_rest(struct layout *layout, double x, double y, size_t rest)
{
    char text[48];
    snprintf(text, sizeof text, "   and %zu more", rest);
    layout_text(layout, x, y, 0, MARK_PX, INK_TEXT, text);
}

size_t label_event_list(struct layout *layout, const struct layout_request *request, const struct rect *area, bool put)
{
    char words[192], entry[200], fitted[200];
    size_t rows = 0, rows_max = list_rows_max(layout), done = 0, all = count_events(layout, request), i = 0;
    double right = area->x + area->width, x = right + 1; /* the first one begins a row */
    double rest_width = layout_width(layout, "   and 1000 more", MARK_PX, false);
    while (layout->numbers_events && i < request->event_count) {
        if (!layout_event_is_shown(layout, &request->event[i])) {
            i++;
            continue;
        }
        size_t count = layout_event_entry(layout, request, &i, done + 1, words, sizeof words);
        snprintf(entry, sizeof entry, "   %s", words);
        double width = layout_width(layout, entry, MARK_PX, false);
        bool is_last_row = rows == rows_max;
        if (is_last_row && x + width + (done + count < all ? rest_width : 0) > right) {
            if (put)
                put_rest(layout, x, area->y + LABEL_MARK_ROW_PX * (double)rows - 4, all - done);
            return rows;
        }
        done += count;
        bool is_first = x + width > right;
        if (is_first) {
            x = area->x;
            rows++;
            is_last_row = rows == rows_max;
        }
        layout_fit(layout, fitted, sizeof fitted, is_first ? words : entry,
                   area->width - (is_last_row ? rest_width : 0), MARK_PX);
        if (put)
            layout_text(layout, x, area->y + LABEL_MARK_ROW_PX * (double)rows - 4, 0, MARK_PX, INK_TEXT, fitted);
        x += layout_width(layout, fitted, MARK_PX, false);
    }
    return rows;
}

double label_list_space(const struct layout *layout, double height_px)
{
    return fmax(height_px - (layout_is_small(layout) ? 0 : FOOT_FREE_PX), 0);
}

void label_events(struct layout *layout, const struct layout_request *request)
{
    struct event_rows rows = NO_ROWS;
    const struct rect *plot = &layout->plot;
    if (layout->numbers_events) {
        label_event_numbers(layout, request);
        return;
    }
    for (size_t i = 0; i < request->event_count; i++) {
        const struct trace_event *event = &request->event[i];
        if (!layout_event_is_shown(layout, event))
            continue;
        struct event_place place = place_event(layout, request, i, &rows);
        double top = plot->y + LABEL_MARK_ROW_PX * (double)place.row;
        layout_stroke(layout, place.x, top, place.x, plot->y + plot->height, INK_MARK, DASH_DOTTED);
        struct label *label = layout_text(layout, place.from, top + 10, 0, MARK_PX, INK_TEXT, event->text);
        if (label != NULL)
            label->halo = place.leftward;
    }
}

void label_event_lines(struct layout *layout, const struct layout_request *request, const struct rect *rect)
{
    for (size_t i = 0; rect->height > 0 && i < request->event_count; i++) {
        double x = layout_x(layout, request->event[i].time_s);
        struct stroke *stroke =
            layout_event_is_shown(layout, &request->event[i])
                ? layout_stroke(layout, x, rect->y, x, rect->y + rect->height, INK_MARK, DASH_DOTTED)
                : NULL;
        if (stroke != NULL)
            stroke->over = true;
    }
}
