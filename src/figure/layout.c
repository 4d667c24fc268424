/* SPDX-License-Identifier: MIT */
/* layout: what all views place in the same way: title, axes, and texts that must fit. Independent of Cairo, files and
 * options. */
#include "figure/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/units.h"
#include "base/utf8.h"
#include "figure/theme.h"
#include "model/resample.h"

#define TEXT_MAX       2048
#define TITLE_LEAST_PX 14.0  /* a longer title is shortened before it gets smaller */
#define SMALL_PX       260.0 /* a lower sheet has no space for subtitle and captions */

/* Makes space for one more element; returns NULL if out of memory. */
static void *grow(struct layout *layout, void **array, size_t *count, size_t *capacity, size_t size)
{
    if (!array_grow(array, capacity, *count, size)) {
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
        grow(layout, (void **)&layout->label, &layout->label_count, &layout->label_capacity, sizeof *label);
    if (label == NULL)
        return NULL;
    double width = align > 0 ? layout_width(layout, text, size_px, false) : 0;
    label->x = x - align * width;
    label->y = y;
    label->size_px = size_px;
    label->ink = ink;
    label->text = strdup(text);
    if (label->text != NULL)
        return label;
    layout->label_count--;
    layout->out_of_memory = true;
    return NULL;
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
        grow(layout, (void **)&layout->stroke, &layout->stroke_count, &layout->stroke_capacity, sizeof *stroke);
    if (stroke != NULL)
        *stroke = (struct stroke){x0, y0, x1, y1, 1, dash, ink, 0, false};
    return stroke;
}

void layout_area(struct layout *layout, const struct rect *rect, enum ink ink)
{
    struct area *area = grow(layout, (void **)&layout->area, &layout->area_count, &layout->area_capacity, sizeof *area);
    if (area != NULL)
        *area = (struct area){*rect, ink};
}

void layout_marker(struct layout *layout, double x, double y, enum marker_shape shape, size_t node)
{
    struct marker *marker =
        grow(layout, (void **)&layout->marker, &layout->marker_count, &layout->marker_capacity, sizeof *marker);
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
    for (size_t i = 0; i < layout->label_count; i++)
        free(layout->label[i].text);
    free(layout->label);
    free(layout->area);
    heatmap_free(&layout->map);
    free(layout->stroke);
    free(layout->marker);
    free(layout->panel);
    free(layout->panel_node);
    free(layout->rank);
    free(layout->merged_with);
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
    runs_extend(request->against, &begin_s, &end_s);
    if (isfinite(request->clock_epoch_s))
        scale_clock(&layout->time, begin_s, end_s, wish, request->clock_epoch_s, request->clock_zone_s);
    else
        scale_time(&layout->time, begin_s, end_s, wish);
}

#define CACHE_NODES_MAX 4

bool layout_draws_cache(const struct trace *trace)
{
    return trace->count <= CACHE_NODES_MAX && trace_max(trace, TRACE_WITH_CACHE) > 0;
}

double layout_max(const struct layout_request *request, const struct trace *trace, enum trace_line line)
{
    return fmax(trace_max(trace, line), runs_max(request->against, line));
}

void layout_set_value(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                      double max, size_t ticks_max)
{
    if (trace->percent)
        scale_percent(&layout->value, max / request->unit_size, ticks_max);
    else
        scale_memory(&layout->value, max / request->unit_size, ticks_max, request->unit_is_binary);
}

void layout_set_heat(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     size_t ticks_max)
{
    struct heatmap *map = &layout->map;
    if (map->mode == HEAT_DEVIATION) {
        scale_deviation(&layout->heat_value, map->range / request->unit_size, ticks_max,
                        request->unit_is_binary && !trace->percent);
        return;
    }
    if (trace->percent)
        scale_percent(&layout->heat_value, map->top / request->unit_size, ticks_max);
    else
        scale_memory(&layout->heat_value, map->top / request->unit_size, ticks_max, request->unit_is_binary);
    map->top = layout->heat_value.max * request->unit_size;
}

double layout_value_width(const struct layout *layout, const char *unit, double size_px)
{
    double widest = layout_width(layout, unit, size_px, false);
    for (size_t i = 0; i < layout->value.tick_count; i++)
        widest = fmax(widest, layout_width(layout, layout->value.tick[i].text, size_px, false));
    return widest;
}

size_t layout_named(const struct layout *layout, size_t node)
{
    size_t slot = 0;
    while (slot < layout->named_count && layout->named[slot].node != node)
        slot++;
    return slot;
}

size_t layout_slot(const struct layout *layout, size_t node)
{
    if (layout->others_pale)
        return layout_named(layout, node);
    return layout->rank != NULL ? layout->rank[node] : node;
}

bool layout_is_merged(const struct layout *layout, size_t node)
{
    return layout->merged_with != NULL && layout->merged_with[node] != node;
}

void layout_line_name(const struct layout *layout, char *text, size_t size, const struct trace *trace, size_t node,
                      double width)
{
    size_t count = 0;
    for (size_t i = 0; layout->merged_with != NULL && i < trace->count; i++)
        count += layout->merged_with[i] == node;
    if (count > 1)
        snprintf(text, size, "%zu %ss alike", count, trace_member(trace));
    else
        layout_fit(layout, text, size, trace->node[node].name, width, LAYOUT_TEXT_PX);
}

enum dash layout_dash(size_t slot)
{
    static const enum dash dashes[] = {DASH_SOLID, DASH_LONG, DASH_MIXED};
    return dashes[slot / THEME_NODE_COLOURS % (sizeof dashes / sizeof dashes[0])];
}

static int compare_floats(const void *a, const void *b)
{
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

enum dash layout_run_dash(const struct layout *layout, size_t run)
{
    static const enum dash dashes[] = {DASH_SOLID, DASH_DASHED, DASH_DOTTED, DASH_LONG, DASH_MIXED};
    if (layout->run_style == RUNS_COLOURED)
        return layout_dash(1 + run);
    if (layout->run_style == RUNS_ON_BANDS) /* where solid lines are nodes */
        return dashes[1 + run % (sizeof dashes / sizeof dashes[0] - 1)];
    return dashes[run % (sizeof dashes / sizeof dashes[0])];
}

void layout_runs_note(char *text, size_t size, const struct layout *layout, const struct layout_request *request)
{
    static const char *const words[] = {[DASH_SOLID] = "solid",
                                        [DASH_DASHED] = "dashed",
                                        [DASH_DOTTED] = "dotted",
                                        [DASH_LONG] = "long dashes",
                                        [DASH_MIXED] = "dashes and dots"};
    const struct runs *runs = request->against;
    const char *lines = layout->run_style == RUNS_ON_BANDS ? "highest and median of" : "pale:";
    size_t used = 0;
    text[0] = '\0';
    if (runs == NULL || layout->run_style == RUNS_COLOURED)
        return;
    if (runs->count == 1) {
        snprintf(text, size, "%s%s %s", layout->run_style == RUNS_ON_BANDS ? "dashed: " : "", lines,
                 runs_name_in_words(runs, 0));
        return;
    }
    for (size_t i = 0; i < runs->count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s %s (%s)", i == 0 ? lines : ",", runs_name(runs, i),
                                 words[layout_run_dash(layout, i)]);
    if (used >= size)
        text[utf8_start(text, size - 1)] = '\0';
}

#define LATE_COLUMNS  48
#define LATE_LEAST    4    /* fewer values do not show whether they jump */
#define LATE_STEP     0.4  /* of their range: a larger one is a jump */
#define LATE_SMALL    0.05 /* of the highest: a smaller range hardly moves a name */
#define RELEASE_SHARE 0.08 /* of the time axis; what was released before two thirds of it is a line of its own */
#define RELEASE_LEVEL 0.85 /* of the highest: less is already falling */
#define RELEASED      0.5  /* of the value before: less is a release */
#define LATE_SHARE    0.04 /* of the time axis: a release at the very end does not move the names */

/* Returns true if values change from one sample to the next, `stride` values later, without a jump that makes up most
 * of their range, such as a release, a tooth or noise. */
static bool is_steady(const float *value, size_t count, size_t stride)
{
    double low = (double)value[0], high = low, step = 0;
    for (size_t i = 1; i < count; i++) {
        low = fmin(low, (double)value[i]);
        high = fmax(high, (double)value[i]);
        step = fmax(step, fabs((double)value[i] - (double)value[i >= stride ? i - stride : 0]));
    }
    return count >= LATE_LEAST && (step <= LATE_STEP * (high - low) || high - low <= LATE_SMALL * high);
}

/* The means of a line in columns of the last part of the time axis that have data. Returns their number. */
static size_t late_means(float mean[LATE_COLUMNS], const struct layout *layout, const struct node *node, double part)
{
    float min[LATE_COLUMNS], max[LATE_COLUMNS];
    double from_s = layout->time.max - part * (layout->time.max - layout->time.min);
    size_t count = 0;
    resample_means(&node->line[TRACE_MAIN], from_s - node->offset_s, layout->time.max - node->offset_s, LATE_COLUMNS,
                   min, max, mean);
    for (size_t i = 0; i < LATE_COLUMNS; i++)
        if (!isnan(mean[i]))
            mean[count++] = mean[i];
    return count;
}

/* Whether a line was never as low as at its end, after its start: no wave comes back to such a value. */
static bool is_released(const struct layout *layout, const struct node *node, double late)
{
    float min[LATE_COLUMNS], max[LATE_COLUMNS];
    double span_s = layout->time.max - layout->time.min;
    resample_series(&node->line[TRACE_MAIN], layout->time.min + 0.1 * span_s - node->offset_s,
                    layout->time.max - RELEASE_SHARE * span_s - node->offset_s, LATE_COLUMNS, min, max);
    for (size_t i = 0; i < LATE_COLUMNS; i++)
        if ((double)min[i] <= late) /* NaN is not */
            return false;
    return true;
}

/* The level before a release at the end, which takes at least a third of the last part of the time axis; NaN if there
 * is none. */
static double level_before(const struct layout *layout, const struct node *node)
{
    float mean[LATE_COLUMNS];
    size_t count = late_means(mean, layout, node, RELEASE_SHARE);
    qsort(mean, count, sizeof *mean, compare_floats);
    double level = count > 0 ? (double)mean[count * 2 / 3] : NAN;
    return count > 0 && level < RELEASE_LEVEL * (double)mean[count - 1] ? NAN : level; /* on the slope */
}

double layout_late_value(const struct layout *layout, const struct node *node)
{
    float mean[LATE_COLUMNS];
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    size_t count = late_means(mean, layout, node, LATE_SHARE);
    if (count == 0)
        return stats->count > 0 ? stats->last : NAN;
    double span_s = LATE_SHARE * (layout->time.max - layout->time.min), lasted_s = stats->last_s - stats->first_s;
    double samples = lasted_s > 0 ? (double)(stats->count - 1) * span_s / lasted_s : 1, late = (double)mean[count - 1];
    if (!is_steady(mean, count, (size_t)fmin(fmax(LATE_COLUMNS / samples, 1), LATE_COLUMNS))) {
        qsort(mean, count, sizeof *mean, compare_floats);
        late = (double)mean[count / 2];
    }
    double before = level_before(layout, node);
    return late < RELEASED * before && is_released(layout, node, late) ? before : late;
}

enum view layout_view(enum view view, const struct trace *trace)
{
    if (view != VIEW_AUTO)
        return view;
    return trace->count <= LAYOUT_LINES_MAX ? VIEW_LINES : VIEW_OVERVIEW;
}

/* Returns true if cutting `text` at `at` would split a number and so leave a different one. */
static bool is_in_number(const char *text, size_t at)
{
    return at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9' && text[at] >= '0' && text[at] <= '9';
}

/* layout_fit for either weight. */
static void layout_fit_bold(const struct layout *layout, char *out, size_t size, const char *text, double width_px,
                            double size_px, bool bold)
{
    snprintf(out, size, "%s", text);
    size_t length = strlen(text);
    for (size_t kept = length; kept > 0 && layout_width(layout, out, size_px, bold) > width_px;) {
        kept--;
        /* The end of a host name distinguishes nodes more often than its start. */
        size_t head = utf8_start(text, kept / 2);
        size_t tail = utf8_start(text, length - (kept - kept / 2));
        while (head > 0 && is_in_number(text, head))
            head--;
        while (tail < length && is_in_number(text, tail))
            tail++;
        if (head + length - tail < kept && head + length - tail > 0)
            kept = head + length - tail;
        snprintf(out, size, "%.*s\u2026%s", (int)head, text, text + tail);
    }
}

void layout_fit(const struct layout *layout, char *out, size_t size, const char *text, double width_px, double size_px)
{
    layout_fit_bold(layout, out, size, text, width_px, size_px, false);
}

/* Removes the last clause of a line. Returns false if there is only one. */
static bool cut_clause(char *line)
{
    char *cut = NULL;
    for (char *at = strstr(line, LAYOUT_SEPARATOR); at != NULL; at = strstr(at + 1, LAYOUT_SEPARATOR))
        cut = at;
    if (cut != NULL)
        *cut = '\0';
    return cut != NULL;
}

void layout_clauses(const struct layout *layout, char *out, size_t size, const char *text, double width_px,
                    double size_px)
{
    if ((size_t)snprintf(out, size, "%s", text) >= size)
        cut_clause(out);
    while (layout_width(layout, out, size_px, false) > width_px)
        if (!cut_clause(out)) {
            out[0] = '\0';
            return;
        }
}

/* Returns how many bytes of `text`, up to the end of a word, fit on a line; at least one word. */
static size_t words_fitting(const struct layout *layout, const char *text, double width_px, double size_px, bool bold)
{
    char part[TEXT_MAX];
    size_t fitting = 0;
    for (const char *at = text;; at++) {
        if (*at != ' ' && *at != '\0')
            continue;
        snprintf(part, sizeof part, "%.*s", (int)(at - text), text);
        if (fitting > 0 && layout_width(layout, part, size_px, bold) > width_px)
            return fitting;
        fitting = (size_t)(at - text);
        if (*at == '\0')
            return fitting;
    }
}

/* Places `text` on at most `rows_max` lines, broken between words; the last line ends with an ellipsis if text is
 * omitted. Returns the number of lines. */
static size_t put_lines(struct layout *layout, const char *text, double y, double size_px, enum ink ink, bool bold,
                        size_t rows_max)
{
    char line[TEXT_MAX + 8];
    double space_px = layout->width_px - 2 * layout->margin_px;
    size_t row = 0;
    for (; row < rows_max && *text != '\0'; row++) {
        bool last = row + 1 == rows_max;
        size_t length = words_fitting(layout, text, space_px, size_px, bold);
        if (last && text[length] != '\0')
            length =
                words_fitting(layout, text, space_px - layout_width(layout, "\u2026", size_px, bold), size_px, bold);
        snprintf(line, sizeof line, "%.*s%s", (int)length, text, last && text[length] != '\0' ? "\u2026" : "");
        text += length + strspn(text + length, " ");
        if (!last && strncmp(text, "\u00b7 ", 3) == 0) /* no line begins with a separator */
            text += 3;
        struct label *label = layout_text(layout, layout->margin_px, y, 0, size_px, ink, "");
        if (label == NULL)
            return row;
        free(label->text);
        char fitted[TEXT_MAX + 8];
        layout_fit_bold(layout, fitted, sizeof fitted, line, space_px, size_px, bold);
        label->text = strdup(fitted);
        label->bold = bold;
        if (label->text == NULL) {
            layout->label_count--;
            layout->out_of_memory = true;
            return row;
        }
        y += 1.35 * size_px;
    }
    return row;
}

/* The title's size: as large as fits on one line, or the smallest. */
static double title_size(const struct layout *layout, const char *title)
{
    static const double sizes[] = {18, 16, 14, 13, 12};
    size_t i = 0;
    while (i + 1 < sizeof sizes / sizeof sizes[0] &&
           layout_width(layout, title, sizes[i], true) > layout->width_px - 2 * layout->margin_px)
        i++;
    return sizes[i];
}

/* Places the title: the whole text, its short form, as many of its clauses as fit on one line, or its first clause on
 * up to three lines. Returns the y of the last baseline. */
static double put_title(struct layout *layout, const struct layout_request *request)
{
    char line[TEXT_MAX];
    double space_px = layout->width_px - 2 * layout->margin_px;
    const char *title = request->title;
    if (request->title_short != NULL && layout_width(layout, title, TITLE_LEAST_PX, true) > space_px)
        title = request->title_short;
    if ((size_t)snprintf(line, sizeof line, "%s", title) >= sizeof line)
        cut_clause(line);
    while (layout_width(layout, line, TITLE_LEAST_PX, true) > space_px && cut_clause(line))
        continue;
    double size_px = title_size(layout, line), y = layout->margin_px + 0.67 * size_px;
    size_t rows = put_lines(layout, line, y, size_px, INK_TITLE, true, layout->height_px < 200 ? 2 : 3);
    return y + 1.35 * size_px * (double)(rows > 0 ? rows - 1 : 0);
}

/* Places the subtitle on one line, or on two, broken between clauses; clauses that do not fit are omitted. */
static double put_subtitle(struct layout *layout, const char *subtitle, double y)
{
    char line[TEXT_MAX];
    double space_px = layout->width_px - 2 * layout->margin_px;
    for (int row = 0; row < 2 && *subtitle != '\0'; row++) {
        layout_clauses(layout, line, sizeof line, subtitle, space_px, LAYOUT_TEXT_PX);
        if (line[0] == '\0') /* even the first clause is too long */
            return y + 17 * (double)put_lines(layout, subtitle, y, LAYOUT_TEXT_PX, INK_TEXT, false, 1);
        layout_text(layout, layout->margin_px, y, 0, LAYOUT_TEXT_PX, INK_TEXT, line);
        subtitle += strlen(line);
        subtitle += strncmp(subtitle, LAYOUT_SEPARATOR, strlen(LAYOUT_SEPARATOR)) == 0 ? strlen(LAYOUT_SEPARATOR) : 0;
        y += 17;
    }
    return y;
}

double layout_head(struct layout *layout, const struct layout_request *request)
{
    memset(layout, 0, sizeof *layout);
    layout->width_px = request->width_px;
    layout->height_px = request->height_px;
    layout->margin_px = layout->width_px < 500 ? 10 : LAYOUT_MARGIN_PX;
    layout->unit_size = request->unit_size;
    layout->unit = request->unit;
    layout->measure = request->measure;
    layout->measure_user = request->measure_user;
    double y = put_title(layout, request);
    if (layout_is_small(layout) || request->subtitle == NULL || request->subtitle[0] == '\0')
        return y - 2;
    return put_subtitle(layout, request->subtitle, y + 22) - 17 + 6;
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
        if (y > free_to || y + 4 - LAYOUT_TEXT_PX < plot->y - 10)
            continue; /* too close to the last one, or to the unit */
        layout_text(layout, plot->x - 8, y + 4, 1, LAYOUT_TEXT_PX, INK_TEXT, tick->text);
        free_to = y - LAYOUT_TEXT_PX;
    }
    double width = layout_width(layout, unit, LAYOUT_TEXT_PX, false);
    layout_text(layout, fmax(plot->x - 8 - width, 4), plot->y - 10, 0, LAYOUT_TEXT_PX, INK_TEXT, unit);
}

/* "2:10:00": an end of the time axis. */
static void bound_text(char *text, size_t size, const struct layout *layout, const struct layout_request *request,
                       double time_s)
{
    const char *caption = layout->time.caption;
    format_moment(text, size, time_s, request->clock_epoch_s, request->clock_zone_s);
    if (strcmp(caption, "elapsed time [s]") == 0)
        format_quantity(text, size, time_s);
    else if (strcmp(caption, "elapsed time [min:s]") == 0)
        snprintf(text, size, "%.0f:%02.0f", floor(rint(time_s) / 60), fmod(rint(time_s), 60));
}

/* Labels where the time axis begins, unless a tick is so near that its text has the place. Returns the right end of the
 * text. */
static double put_begin(struct layout *layout, const struct layout_request *request, double free_to)
{
    const struct rect *plot = &layout->plot;
    const struct scale *time = &layout->time;
    double bottom = plot->y + plot->height;
    char text[40];
    bound_text(text, sizeof text, layout, request, time->min);
    double width = layout_width(layout, text, LAYOUT_TEXT_PX, false), x = fmax(plot->x - width / 2, 4);
    if (x + width > free_to - 8)
        return -INFINITY;
    for (size_t i = 0; i < time->tick_count; i++) {
        double half = layout_width(layout, time->tick[i].text, LAYOUT_TEXT_PX, false) / 2;
        if (layout_x(layout, time->tick[i].value) - half < x + width + 8)
            return -INFINITY;
    }
    layout_stroke(layout, plot->x, bottom, plot->x, bottom + 4, INK_AXIS, DASH_SOLID);
    layout_text(layout, x, bottom + 20, 0, LAYOUT_TEXT_PX, INK_TEXT, text);
    return x + width;
}

/* Labels where the time axis ends: "2:10:00". Returns the left end of the text. */
static double put_end(struct layout *layout, const struct layout_request *request)
{
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width, bottom = plot->y + plot->height;
    char text[40];
    bound_text(text, sizeof text, layout, request, layout->time.max);
    double width = layout_width(layout, text, LAYOUT_TEXT_PX, false);
    double x =
        fmin(right - width / 2, (layout->time_text_end > 0 ? layout->time_text_end : layout->width_px - 4) - width);
    if (x < plot->x + 20)
        return INFINITY;
    layout_stroke(layout, right, bottom, right, bottom + 4, INK_AXIS, DASH_SOLID);
    layout_text(layout, x, bottom + 20, 0, LAYOUT_TEXT_PX, INK_TEXT, text);
    return x;
}

void layout_time_axis(struct layout *layout, const struct layout_request *request)
{
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width, bottom = plot->y + plot->height;
    double free_to = put_end(layout, request), free_from = put_begin(layout, request, free_to);
    for (size_t i = 0; i < layout->time.minor_count; i++) {
        double x = layout_x(layout, layout->time.minor[i]);
        layout_stroke(layout, x, bottom, x, bottom + 2, INK_AXIS, DASH_SOLID);
    }
    for (size_t i = 0; i < layout->time.tick_count; i++) {
        const struct tick *tick = &layout->time.tick[i];
        double x = layout_x(layout, tick->value);
        layout_stroke(layout, x, bottom, x, bottom + 4, INK_AXIS, DASH_SOLID);
        double half = layout_width(layout, tick->text, LAYOUT_TEXT_PX, false) / 2;
        if (x - half < free_from + 8 || x + half > fmin(layout->width_px - 2, free_to - 8))
            continue;
        layout_text(layout, x, bottom + 20, 0.5, LAYOUT_TEXT_PX, INK_TEXT, tick->text);
        free_from = x + half;
    }
    if (!layout_is_small(layout))
        layout_text(layout, right, bottom + 40, 1, LAYOUT_TEXT_PX, INK_TEXT, layout->time.caption);
}
