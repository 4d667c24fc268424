/* SPDX-License-Identifier: MIT */
/* layout: owns what all views place alike: title, axes, and texts that must fit.
 * Knows no Cairo, file or option. */
#include "figure/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/units.h"
#include "base/utf8.h"

#define MARGIN_PX 24.0
#define TITLE_PX  18.0
#define TEXT_PX   12.0
#define SMALL_PX  260.0 /* a sheet less high has no room for subtitle and captions */

/* Makes room for one more element; NULL when memory is short. */
static void *grow(struct layout *layout, void **array, size_t *count, size_t *room, size_t size)
{
    if (!array_grow(array, room, *count, size)) {
        layout->out_of_memory = true;
        return NULL;
    }
    void *element = (char *)*array + *count * size;
    memset(element, 0, size);
    ++*count;
    return element;
}

double layout_width(const struct layout *layout, const char *text, double size_px, bool bold)
{
    return layout->measure(layout->measure_user, text, size_px, bold);
}

struct label *layout_text(struct layout *layout, double x, double y, double align, double size_px, enum ink ink,
                          const char *text)
{
    struct label *label =
        grow(layout, (void **)&layout->label, &layout->label_count, &layout->label_room, sizeof *label);
    if (label == NULL)
        return NULL;
    double width = align > 0 ? layout_width(layout, text, size_px, false) : 0;
    label->x = x - align * width;
    label->y = y;
    label->size_px = size_px;
    label->ink = ink;
    snprintf(label->text, sizeof label->text, "%s", text);
    return label;
}

void layout_text_fitting(struct layout *layout, double x, double y, double room_px, double size_px, enum ink ink,
                         const char *const *text)
{
    while (*text != NULL && layout_width(layout, *text, size_px, false) > room_px)
        text++;
    if (*text != NULL && **text != '\0')
        layout_text(layout, x, y, 0, size_px, ink, *text);
}

bool layout_is_small(const struct layout *layout)
{
    return layout->height_px < SMALL_PX;
}

struct stroke *layout_stroke(struct layout *layout, double x0, double y0, double x1, double y1, enum ink ink,
                             enum dash dash)
{
    struct stroke *stroke =
        grow(layout, (void **)&layout->stroke, &layout->stroke_count, &layout->stroke_room, sizeof *stroke);
    if (stroke != NULL)
        *stroke = (struct stroke){x0, y0, x1, y1, 1, dash, ink, 0, false};
    return stroke;
}

void layout_marker(struct layout *layout, double x, double y, enum marker_shape shape, size_t node)
{
    struct marker *marker =
        grow(layout, (void **)&layout->marker, &layout->marker_count, &layout->marker_room, sizeof *marker);
    if (marker != NULL)
        *marker = (struct marker){x, y, shape, node};
}

void layout_peak(char *text, size_t size, const struct layout_request *request, double value, int decimals)
{
    if (size_is_far(value, request->unit_size, request->unit))
        format_size(text, size, value, request->unit_size, request->unit);
    else
        snprintf(text, size, "%.*f", decimals, value / request->unit_size);
}

void layout_free(struct layout *layout)
{
    free(layout->label);
    free(layout->stroke);
    free(layout->marker);
    free(layout->panel);
    memset(layout, 0, sizeof *layout);
}

double layout_x(const struct layout *layout, double time_s)
{
    const struct scale *time = &layout->time;
    return layout->plot.x + layout->plot.width * (time_s - time->min) / (time->max - time->min);
}

double layout_y(const struct layout *layout, double value)
{
    const struct scale *scale = &layout->value;
    double share = (value / layout->unit_size - scale->min) / (scale->max - scale->min);
    return layout->plot.y + layout->plot.height * (1 - share);
}

void layout_set_time(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     double tick_wish)
{
    size_t wish = (size_t)fmax(2, tick_wish);
    double begin_s = trace->begin_s, end_s = trace->end_s;
    if (request->against != NULL) {
        begin_s = fmin(begin_s, request->against->begin_s);
        end_s = fmax(end_s, request->against->end_s);
    }
    if (isfinite(request->clock_epoch_s))
        scale_clock(&layout->time, begin_s, end_s, wish, request->clock_epoch_s, request->clock_zone_s);
    else
        scale_time(&layout->time, begin_s, end_s, wish);
}

double layout_max(const struct layout_request *request, const struct trace *trace, enum trace_line line)
{
    double max = trace_max(trace, line);
    return request->against == NULL ? max : fmax(max, trace_max(request->against, line));
}

double layout_lines_max(const struct layout_request *request, const struct trace *trace)
{
    double max = layout_max(request, trace, TRACE_MAIN);
    if (request->draw_swap)
        max = fmax(max, layout_max(request, trace, TRACE_SWAP));
    if (request->draw_total)
        max = fmax(max, layout_max(request, trace, TRACE_TOTAL));
    if (request->draw_total && request->draw_swap)
        max = fmax(max, layout_max(request, trace, TRACE_SWAP_TOTAL));
    return isfinite(request->limit) ? fmax(max, request->limit) : max;
}

void layout_set_value(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                      double max, size_t tick_wish)
{
    if (trace->percent)
        scale_percent(&layout->value, max / request->unit_size, tick_wish);
    else
        scale_memory(&layout->value, max / request->unit_size, tick_wish, request->unit_is_binary);
}

size_t layout_named(const struct layout *layout, size_t node)
{
    size_t slot = 0;
    while (slot < layout->named_count && layout->named[slot].node != node)
        slot++;
    return slot;
}

enum view layout_view(enum view view, const struct trace *trace)
{
    if (view != VIEW_AUTO)
        return view;
    return trace->count <= LAYOUT_LINES_MAX ? VIEW_LINES : VIEW_OVERVIEW;
}

const size_t *layout_rows(const struct layout_request *request, const size_t *order)
{
    return request->findings == NULL ? order : request->findings->row;
}

bool layout_rows_by_peak(const struct layout_request *request)
{
    const struct findings *findings = request->findings;
    return findings == NULL || memcmp(findings->row, findings->order, findings->named_count * sizeof(size_t)) == 0;
}

void layout_fit(const struct layout *layout, char *out, size_t size, const char *text, double width_px, double size_px)
{
    snprintf(out, size, "%s", text);
    size_t length = strlen(text);
    for (size_t kept = length; kept > 0 && layout_width(layout, out, size_px, false) > width_px;) {
        kept--;
        /* The end of a host name tells nodes apart more often than its start. */
        size_t head = utf8_start(text, kept / 2);
        size_t tail = utf8_start(text, length - (kept - kept / 2));
        snprintf(out, size, "%.*s\u2026%s", (int)head, text, text + tail);
    }
}

/* Shortens `line` by whole clauses until it fits; what was cut begins at the returned place in `whole`, NULL when
 * nothing was. */
static const char *cut_clauses(const struct layout *layout, char *line, const char *whole, double room)
{
    const char *separator = " · ", *rest = NULL;
    /* A label holds so many bytes. */
    while (strlen(line) >= LABEL_TEXT_MAX || layout_width(layout, line, TEXT_PX, false) > room) {
        char *cut = NULL;
        for (char *at = strstr(line, separator); at != NULL; at = strstr(at + 1, separator))
            cut = at;
        if (cut == NULL)
            break;
        *cut = '\0';
        rest = whole + (cut - line) + strlen(separator);
    }
    return rest;
}

/* Puts the subtitle on one line, or on two broken between clauses; clauses that are still too many are left out, and so
 * is one that does not fit into a line of its own. */
static double put_subtitle(struct layout *layout, const char *subtitle, double y)
{
    double room = layout->width_px - 2 * MARGIN_PX;
    char *line = malloc(strlen(subtitle) + 1);
    for (int row = 0; row < 2 && subtitle != NULL && line != NULL; row++, y += 17) {
        memcpy(line, subtitle, strlen(subtitle) + 1);
        const char *rest = cut_clauses(layout, line, subtitle, room);
        if (strlen(line) < LABEL_TEXT_MAX && layout_width(layout, line, TEXT_PX, false) <= room)
            layout_text(layout, MARGIN_PX, y, 0, TEXT_PX, INK_TEXT, line);
        else
            y -= 17; /* not even one clause fits */
        subtitle = rest;
    }
    layout->out_of_memory |= line == NULL;
    free(line);
    return y - 17;
}

/* The title, or its short form where only that fits, or as much of that as fits. */
static void put_title(struct layout *layout, const struct layout_request *request)
{
    char title[LABEL_TEXT_MAX];
    double room = layout->width_px - 2 * MARGIN_PX;
    const char *text = request->title;
    if (request->title_short != NULL &&
        (strlen(text) >= sizeof title || layout_width(layout, text, TITLE_PX, true) > room))
        text = request->title_short;
    if (strlen(text) < sizeof title && layout_width(layout, text, TITLE_PX, true) <= room)
        snprintf(title, sizeof title, "%s", text);
    else /* a bold text is about a tenth wider than the regular one that layout_fit measures */
        layout_fit(layout, title, sizeof title, text, 0.88 * room, TITLE_PX);
    struct label *label = layout_text(layout, MARGIN_PX, MARGIN_PX + 12, 0, TITLE_PX, INK_TITLE, title);
    if (label != NULL)
        label->bold = true;
}

double layout_head(struct layout *layout, const struct layout_request *request)
{
    memset(layout, 0, sizeof *layout);
    layout->width_px = request->width_px;
    layout->height_px = request->height_px;
    layout->unit_size = request->unit_size;
    layout->measure = request->measure;
    layout->measure_user = request->measure_user;
    put_title(layout, request);
    if (layout_is_small(layout))
        return MARGIN_PX + 10;
    return put_subtitle(layout, request->subtitle, MARGIN_PX + 34) + 6;
}

void layout_name_nodes(struct layout *layout, const struct layout_request *request)
{
    if (request->findings == NULL)
        return;
    memcpy(layout->named, request->findings->named, sizeof layout->named);
    layout->named_count = request->findings->named_count;
}

double layout_foot(const struct layout *layout)
{
    return layout_is_small(layout) ? 36 : 75;
}

void layout_value_axis(struct layout *layout, const char *unit)
{
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width, free_to = INFINITY;
    for (size_t i = 0; i < layout->value.tick_count; i++) {
        const struct tick *tick = &layout->value.tick[i];
        double y = layout_y(layout, tick->value * layout->unit_size);
        layout_stroke(layout, plot->x, y, right, y, i == 0 ? INK_AXIS : INK_GRID, DASH_SOLID);
        if (y > free_to || y + 4 - TEXT_PX < plot->y - 10)
            continue; /* no room to be told from the last one, or from the unit */
        layout_text(layout, plot->x - 8, y + 4, 1, TEXT_PX, INK_TEXT, tick->text);
        free_to = y - TEXT_PX;
    }
    layout_text(layout, plot->x - 8, plot->y - 10, 1, TEXT_PX, INK_TEXT, unit);
}

void layout_time_axis(struct layout *layout)
{
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width, bottom = plot->y + plot->height;
    double free_from = -INFINITY;
    for (size_t i = 0; i < layout->time.tick_count; i++) {
        const struct tick *tick = &layout->time.tick[i];
        double x = layout_x(layout, tick->value);
        layout_stroke(layout, x, bottom, x, bottom + 4, INK_AXIS, DASH_SOLID);
        double half = layout_width(layout, tick->text, TEXT_PX, false) / 2;
        if (x - half < free_from + 8 || x + half > layout->width_px - 2)
            continue;
        layout_text(layout, x, bottom + 20, 0.5, TEXT_PX, INK_TEXT, tick->text);
        free_from = x + half;
    }
    if (layout_is_small(layout))
        return;
    char caption[64];
    bool clock = strcmp(layout->time.caption, "clock") == 0;
    snprintf(caption, sizeof caption, clock ? "time of day" : "elapsed time [%s]", layout->time.caption);
    layout_text(layout, right, bottom + 40, 1, TEXT_PX, INK_TEXT, caption);
}
