/* SPDX-License-Identifier: MIT */
/* focus: the words with which a plot names a node. Independent of positions on the sheet. */
#include "figure/focus.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/findings.h"
#include "base/units.h"
#include "figure/layout.h"

static void add_clause(struct focus *focus, const char *clause)
{
    size_t used = strlen(focus->reason);
    snprintf(focus->reason + used, sizeof focus->reason - used, "%s%s", used > 0 ? LAYOUT_SEPARATOR : "", clause);
    focus->is_alarming = true;
}

bool focus_gap(const struct trace *trace, const struct node *node, double *from_s, double *to_s)
{
    double least_s = TRACE_GAP_SHARE * (trace->end_s - trace->begin_s);
    if (isfinite(node->interval_s))
        least_s = fmax(least_s, TRACE_GAP_INTERVALS * node->interval_s);
    if (!(series_longest_gap(&node->line[TRACE_MAIN], least_s, true, from_s, to_s) > 0))
        return false;
    *from_s += node->offset_s;
    *to_s += node->offset_s;
    return true;
}

/* A point in time as on the axis: without seconds in a long run. */
static void moment(char *text, size_t size, const struct layout_request *request, const struct trace *trace,
                   double time_s)
{
    format_moment(text, size, time_s, request->clock_epoch_s, request->clock_zone_s);
    char *seconds = strrchr(text, ':');
    if (trace->end_s >= 3600 && seconds != NULL && strchr(text, ':') != seconds)
        *seconds = '\0';
}

/* Adds a clause of two parts, such as "swapped" and "3.5 GiB". */
static void add_size(struct focus *focus, const struct layout_request *request, const char *before, double value,
                     const char *after)
{
    char size[64], clause[128];
    format_size(size, sizeof size, value, request->unit_size, request->unit);
    snprintf(clause, sizeof clause, "%s%s%s", before, size, after);
    add_clause(focus, clause);
}

static void add_swap(struct focus *focus, const struct layout_request *request, const struct trace *trace,
                     const struct node *node)
{
    const struct series_stats *swap = &node->line[TRACE_SWAP].stats;
    double bytes = (swap->max - swap->min) / 100 * node->swap_total_bytes;
    char size[64], clause[96];
    if (!trace->percent) {
        add_size(focus, request, "swapped ", swap->max - swap->min, "");
        return;
    }
    format_size(size, sizeof size, bytes, unit_for(bytes)->bytes, unit_for(bytes)->name);
    snprintf(clause, sizeof clause, "swapped %s", size);
    add_clause(focus, clause);
}

static void add_end(struct focus *focus, const struct layout_request *request, const struct trace *trace,
                    const struct node *node)
{
    char end[40], clause[96];
    moment(end, sizeof end, request, trace, node_end_s(node));
    snprintf(clause, sizeof clause, "log ends %s", end);
    add_clause(focus, clause);
}

#define LONG_CLOCK_S 599.5 /* from here on elapsed times have hours: see format_clock */

void focus_gap_text(char *text, size_t size, const struct layout_request *request, const struct trace *trace,
                    double from_s, double to_s)
{
    char from[40], to[40];
    moment(from, sizeof from, request, trace, from_s);
    moment(to, sizeof to, request, trace, to_s);
    /* Both with hours, or "5:30-0:18" would be read as going back. */
    bool lacks_hours = from_s < LONG_CLOCK_S && to_s >= LONG_CLOCK_S && !isfinite(request->clock_epoch_s);
    if (lacks_hours && trace->end_s >= 3600)
        from[strcspn(from, ":")] = '\0';
    snprintf(text, size, "gap %s%s\u2013%s", lacks_hours ? "0:0" : "", from, to);
}

static void add_gap(struct focus *focus, const struct layout_request *request, const struct trace *trace,
                    const struct node *node)
{
    char clause[96];
    double from_s, to_s;
    if (!focus_gap(trace, node, &from_s, &to_s))
        return;
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): set where there is a gap */
    focus_gap_text(clause, sizeof clause, request, trace, from_s, to_s);
    add_clause(focus, clause);
}

/* "OOM-killed 1:26:30"; `rank` is the negated time. */
static void add_kill(struct focus *focus, const struct layout_request *request, const struct trace *trace, double rank)
{
    char at[40], clause[96];
    moment(at, sizeof at, request, trace, -rank);
    snprintf(clause, sizeof clause, "OOM-killed %s", at);
    add_clause(focus, clause);
}

/* Adds the text of a finding about one of its nodes, which has this rank. */
static void add_finding(struct focus *focus, const struct layout_request *request, const struct trace *trace,
                        const struct finding *finding, double rank)
{
    const struct node *node = &trace->node[focus->node];
    const bool is_low = trace_low_is_news(trace);
    char clause[96];
    switch (finding->kind) {
    case FINDING_KILLED:
        add_kill(focus, request, trace, rank);
        return;
    case FINDING_ABOVE_LIMIT:
        add_size(focus, request, "", rank, is_low ? " below the limit" : " above the limit");
        return;
    case FINDING_ENDED_EARLY:
        add_end(focus, request, trace, node);
        return;
    case FINDING_GROWING:
        add_size(focus, request, is_low ? "\u2212" : "+", rank * 3600, "/h");
        return;
    case FINDING_NEAR_LIMIT:
        snprintf(clause, sizeof clause, "%.0f %% of the %s%s",
                 is_low ? floor(100 - 100 * rank + 1e-9) : floor(100 * rank), finding->is_limit ? "limit" : "total",
                 is_low ? " left" : "");
        add_clause(focus, clause);
        return;
    case FINDING_SWAPPED:
        add_swap(focus, request, trace, node);
        return;
    case FINDING_IDLE:
        add_clause(focus, "idle");
        return;
    case FINDING_GAP:
        add_gap(focus, request, trace, node);
        return;
    case FINDING_UNEVEN:
        snprintf(clause, sizeof clause, "%.1f times the median", finding->value / finding->level);
        add_clause(focus, clause);
        return;
    case FINDING_CLOCKS:
        add_clause(focus, "clock off");
        return;
    case FINDING_OVERSIZED:
    case FINDING_MEANINGS:
    case FINDING_KIND_COUNT:
        return;
    }
}

static void add_node(struct focus *focus, const struct layout_request *request, const struct trace *trace, size_t index)
{
    const struct findings *findings = request->findings;
    int decimals = format_decimals(trace_max(trace, TRACE_MAIN) / request->unit_size);
    *focus = (struct focus){.node = index};
    layout_peak(focus->peak, sizeof focus->peak, request, node_news(trace, &trace->node[index], NULL), decimals);
    for (size_t i = 0; i < findings->count; i++)
        for (size_t k = 0; k < findings->list[i].node_count; k++)
            if (findings->list[i].node[k] == index)
                add_finding(focus, request, trace, &findings->list[i], findings->list[i].rank[k]);
}

size_t focus_find(struct focus focus[FOCUS_MAX], const struct layout_request *request, const struct trace *trace)
{
    const struct findings *findings = request->findings;
    size_t count = 0;
    for (; findings != NULL && count < findings->named_count && count < FOCUS_MAX; count++)
        add_node(&focus[count], request, trace, findings->named[count].node);
    return count;
}

void focus_text(char *text, size_t size, const struct focus *focus, const struct layout_request *request, double width,
                double size_px)
{
    snprintf(text, size, "%s%s%s", focus->peak, focus->reason[0] != '\0' ? LAYOUT_SEPARATOR : "", focus->reason);
    while (request->measure(request->measure_user, text, size_px, false) > width) {
        char *cut = NULL;
        for (char *at = strstr(text, LAYOUT_SEPARATOR); at != NULL; at = strstr(at + 1, LAYOUT_SEPARATOR))
            cut = at;
        if (cut == NULL)
            return;
        *cut = '\0';
    }
}
