/* SPDX-License-Identifier: MIT */
/* layout_legend: the text next to a plot of lines, and the lines of totals and limits. */
#include "figure/layout_legend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

bool layout_wants_legend(const struct layout_request *request, const struct trace *trace)
{
    bool several =
        trace->count > 1 || request->against != NULL || (request->draw_swap && trace_max(trace, TRACE_SWAP) > 0);
    return request->legend == LEGEND_ON || (request->legend == LEGEND_AUTO && several);
}

void legend_peak_text(char *text, size_t size, const struct layout_request *request, const struct trace *trace,
                      const struct node *node)
{
    char peak[96], clock[32];
    double at_s, value = node_news(trace, node, &at_s);
    format_size(peak, sizeof peak, value, request->unit_size, request->unit);
    format_moment(clock, sizeof clock, at_s, request->clock_epoch_s, request->clock_zone_s);
    snprintf(text, size, "%s at %s", peak, clock);
}

void legend_heading(char *text, size_t size, const struct layout_request *request, const struct trace *trace)
{
    snprintf(text, size, "%s %s", trace_news_word(trace), request->unit);
}

void legend_end_text(char *text, size_t size, const struct layout *layout, const struct layout_request *request,
                     const struct node *node)
{
    char clock[32], name[128];
    format_moment(clock, sizeof clock, node_end_s(node), request->clock_epoch_s, request->clock_zone_s);
    layout_fit(layout, name, sizeof name, node->name, 0.2 * layout->width_px, LAYOUT_TEXT_PX);
    snprintf(text, size, "%s log ends %s", name, clock);
}

/* The rows of the baselines. */
static void add_runs(struct legend_row *rows, size_t *count, const struct layout *layout,
                     const struct layout_request *request, int decimals)
{
    const struct runs *runs = request->against;
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        struct legend_row *row = &rows[(*count)++];
        row->node = i;
        row->is_run = true;
        layout_fit(layout, row->name, sizeof row->name, runs_name(runs, i), 0.2 * layout->width_px, LAYOUT_TEXT_PX);
        layout_peak(row->value, sizeof row->value, request, trace_news(&runs->run[i].trace), decimals);
    }
}

bool legend_plan(struct legend_row **rows, size_t *count, const struct layout *layout,
                 const struct layout_request *request, const struct trace *trace, const size_t *order)
{
    *count = 0;
    *rows = calloc(2 * trace->count + RUNS_MAX + 1, sizeof **rows);
    if (*rows == NULL)
        return false;
    int decimals = format_decimals(layout_max(request, trace, TRACE_MAIN) / request->unit_size);
    for (int swap = 0; swap <= (request->draw_swap ? 1 : 0); swap++) {
        for (size_t i = 0; i < trace->count; i++) {
            const struct node *node = &trace->node[order[i]];
            const struct series_stats *stats = &node->line[swap ? TRACE_SWAP : TRACE_MAIN].stats;
            if ((swap && (stats->count == 0 || stats->max <= 0)) || layout_is_merged(layout, order[i]))
                continue;
            struct legend_row *row = &(*rows)[(*count)++];
            row->node = order[i];
            row->swap = swap != 0;
            char name[128];
            layout_line_name(layout, name, sizeof name, trace, order[i], 0.2 * layout->width_px);
            snprintf(row->name, sizeof row->name, "%s%s", name, swap ? " swap" : "");
            layout_peak(row->value, sizeof row->value, request, swap ? stats->max : node_news(trace, node, NULL),
                        decimals);
        }
    }
    add_runs(*rows, count, layout, request, decimals);
    return true;
}

#define SAME_SHARE 0.01 /* totals that differ by a smaller share count as equal */
#define KINDS_MAX  3
#define NEAR_SHARE 0.5 /* of a level: if the peak is lower, the level is not drawn */

/* Returns true if the plotted values can be compared with total memory. */
static bool is_part_of_total(const struct trace *trace)
{
    return !freelog_column_is_swap(trace->quantity) && freelog_column_total(trace->quantity) != trace->quantity;
}

/* Adds the distinct constant totals of a line. Returns false if there are more than KINDS_MAX, or one changes. */
static bool add_totals(struct level_list *list, const struct trace *trace, enum trace_line line)
{
    size_t before = list->count;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[line].stats;
        if (stats->count == 0 || stats->max <= 0)
            continue; /* a node without swap has no level */
        size_t found = before;
        while (found < list->count && fabs(list->level[found].value - stats->max) > SAME_SHARE * stats->max)
            found++;
        if (stats->max - stats->min > SAME_SHARE * stats->max || found == before + KINDS_MAX) {
            list->count = before;
            return false;
        }
        struct level *level = &list->level[found];
        if (found == list->count) {
            *level = (struct level){.value = stats->max, .node = i, .swap = line == TRACE_SWAP_TOTAL};
            list->count++;
        }
        level->value = fmax(level->value, stats->max);
        level->node_count++;
    }
    return true;
}

static void total_text(struct level *level, const struct layout *layout, const struct layout_request *request,
                       const struct trace *trace)
{
    char number[96], name[128];
    double bytes = level->value, unit_size = request->unit_size;
    const char *unit = request->unit;
    const struct series_stats *memory = &trace->node[level->node].line[TRACE_MEMORY].stats;
    if (trace->percent && !level->swap && trace_agrees(trace, TRACE_MEMORY, &bytes) && memory->count > 0) {
        const struct unit *own = unit_for(bytes);
        unit_size = own->bytes;
        unit = own->name;
    }
    format_size(number, sizeof number, bytes, unit_size, unit);
    int used = snprintf(level->text, sizeof level->text, "%s %s",
                        level->swap              ? "swap total"
                        : trace_is_of_job(trace) ? "limit"
                                                 : "total",
                        number);
    if (level->node_count > 1 || trace->count == 1 || used < 0 || (size_t)used >= sizeof level->text)
        return;
    layout_fit(layout, name, sizeof name, trace->node[level->node].name, 0.12 * layout->width_px, LAYOUT_TEXT_PX);
    snprintf(level->text + used, sizeof level->text - (size_t)used, " (%s)", name);
}

/* Adds the total that all nodes have if what is drawn comes close to it; otherwise states how far the peak is. */
static void add_wall(struct level_list *list, const struct layout_request *request, const struct trace *trace,
                     double peak, double top)
{
    char number[96];
    size_t before = list->count;
    if (!is_part_of_total(trace) || !add_totals(list, trace, TRACE_TOTAL) || list->count != before + 1) {
        list->count = before;
        return;
    }
    double total = list->level[before].value;
    if (top > NEAR_SHARE * total || trace->percent)
        return;
    list->count = before;
    format_size(number, sizeof number, total, request->unit_size, request->unit);
    double percent = 100 * peak / total;
    if (trace_low_is_news(trace)) /* what is left over the time is not what is used */
        snprintf(list->note, sizeof list->note, "of %s", number);
    else
        snprintf(list->note, sizeof list->note, percent < 1 ? "of %s, under 1 %% used" : "of %s, %.0f %% used", number,
                 percent);
}

/* A total that equals the limit is drawn once, as the limit: a job's total is its limit. */
static void drop_same(struct level_list *list, double limit)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->level[i].swap || fabs(list->level[i].value - limit) > SAME_SHARE * limit)
            list->level[kept++] = list->level[i];
    list->count = kept;
}

static void add_limit(struct level_list *list, const struct layout_request *request, const struct trace *trace,
                      double peak, double top)
{
    size_t above = 0; /* or below a floor */
    if (!isfinite(request->limit))
        return;
    if (!request->limit_is_given && top <= NEAR_SHARE * request->limit) {
        snprintf(list->note, sizeof list->note, "%s, %.0f %% used", request->limit_text, 100 * peak / request->limit);
        return;
    }
    drop_same(list, request->limit);
    bool is_floor = trace_low_is_news(trace);
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[TRACE_MAIN].stats;
        above += stats->count > 0 && (is_floor ? stats->min < request->limit : stats->max > request->limit);
    }
    struct level *level = &list->level[list->count++];
    *level = (struct level){.value = request->limit, .is_limit = true, .is_floor = is_floor};
    snprintf(level->text, sizeof level->text, "%s", request->limit_text);
    size_t used = strlen(level->text);
    if (above > 0 && trace->count > 1)
        snprintf(level->text + used, sizeof level->text - used, " · %zu %s", above, is_floor ? "below" : "above");
}

void levels_find(struct level_list *list, const struct layout *layout, const struct layout_request *request,
                 const struct trace *trace)
{
    double peak = layout_max(request, trace, TRACE_MAIN);
    double top =
        layout_draws_cache(trace) ? fmax(peak, trace_max(trace, TRACE_WITH_CACHE)) : peak; /* of what is drawn */
    *list = (struct level_list){.count = 0};
    if (request->draw_total) {
        list->per_node = !add_totals(list, trace, TRACE_TOTAL);
        if (request->draw_swap)
            list->per_node |= !add_totals(list, trace, TRACE_SWAP_TOTAL);
    } else {
        add_wall(list, request, trace, peak, top);
    }
    for (size_t i = 0; i < list->count; i++)
        total_text(&list->level[i], layout, request, trace);
    add_limit(list, request, trace, peak, top);
}

void levels_draw(struct layout *layout, const struct level_list *list, bool over)
{
    const struct rect *plot = &layout->plot;
    for (size_t i = 0; i < list->count; i++) {
        const struct level *level = &list->level[i];
        enum ink ink = level->is_limit ? INK_LIMIT : INK_TOTAL;
        double y = layout_y(layout, level->value);
        struct stroke *stroke = layout_stroke(layout, plot->x, y, plot->x + plot->width, y, ink,
                                              level->is_limit ? DASH_SOLID
                                              : level->swap   ? DASH_DOTTED
                                                              : DASH_DASHED);
        if (stroke != NULL)
            stroke->over = over;
        double bottom = plot->y + plot->height, from = level->is_floor ? y : plot->y, to = level->is_floor ? bottom : y;
        if (level->is_limit && from < to)
            layout_area(layout, &(struct rect){plot->x, from, plot->width, to - from}, INK_LIMIT);
    }
}

void levels_note(char *text, size_t size, const struct level_list *levels, const struct layout_request *request,
                 const char *other)
{
    char outside[64] = "";
    if (request->events_outside > 0)
        snprintf(outside, sizeof outside, "%zu event%s outside the plot's time", request->events_outside,
                 request->events_outside == 1 ? "" : "s");
    const char *const parts[] = {levels->note, other, outside};
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (*parts[i] != '\0' && used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " \u00b7 " : "", parts[i]);
}

double levels_max(const struct level_list *list, const struct layout_request *request, const struct trace *trace)
{
    double max = layout_max(request, trace, TRACE_MAIN);
    if (layout_draws_cache(trace))
        max = fmax(max, trace_max(trace, TRACE_WITH_CACHE));
    if (request->draw_swap)
        max = fmax(max, layout_max(request, trace, TRACE_SWAP));
    if (list->per_node)
        max = fmax(max, layout_max(request, trace, TRACE_TOTAL));
    if (list->per_node && request->draw_swap)
        max = fmax(max, layout_max(request, trace, TRACE_SWAP_TOTAL));
    for (size_t i = 0; i < list->count; i++)
        max = fmax(max, list->level[i].value);
    return max;
}
