/* summary: owns the judgement in words. Knows no picture, option or file. */
#include "analysis/summary.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/findings.h"
#include "base/units.h"

#define TOTAL_MAX     10000 /* a longer number of a total is told in a unit of its own */
#define IMBALANCE_MIN 1.1   /* below, the peaks count as even */
#define IMBALANCE_MAX 100.0 /* beyond, the number tells nothing more */

/* The text as it grows. */
struct summary {
    char *text;
    size_t size;
    const struct trace *trace;
    const struct summary_terms *terms;
    const size_t *order; /* by peak */
};

static void say(struct summary *summary, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct summary *summary, const char *format, ...)
{
    size_t used = strlen(summary->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(summary->text + used, summary->size - used, format, arguments);
    va_end(arguments);
}

static bool is_far(const struct summary *summary, double value)
{
    return size_is_far(value, summary->terms->unit_size, summary->terms->unit);
}

/* Appends "27.6", and the unit behind it when asked for or when it is another than the picture's. */
static void say_value(struct summary *summary, double value, bool with_unit)
{
    char text[96];
    double unit_size = summary->terms->unit_size;
    if (with_unit || is_far(summary, value))
        format_size(text, sizeof text, value, unit_size, summary->terms->unit);
    else
        format_quantity(text, sizeof text, value / unit_size);
    say(summary, "%s", text);
}

/* A point in time, as the picture tells them. */
static void moment(const struct summary *summary, char *text, size_t size, double seconds)
{
    format_moment(text, size, seconds, summary->terms->clock_epoch_s, summary->terms->clock_zone_s);
}

static const struct series_stats *stats_of(const struct node *node, enum trace_line line)
{
    return &node->line[line].stats;
}

static bool draws_swap(const struct trace *trace)
{
    return freelog_column_is_swap(trace->quantity);
}

/* "27.6 of 32 GiB (86 %)"; of percentages "86 % (27.6 of 32 GiB)"; without a total just the value. */
static void say_peak(struct summary *summary, const struct node *node)
{
    const struct trace *trace = summary->trace;
    const struct series_stats *memory = stats_of(node, TRACE_MEMORY);
    const struct series_stats *total = stats_of(node, TRACE_TOTAL);
    double peak = stats_of(node, TRACE_MAIN)->max;
    bool has_total = memory->count > 0 && memory->max > 0 && !draws_swap(trace);
    if (trace->percent && has_total) {
        const struct unit *own = unit_for(memory->max);
        char used[32], all[32];
        format_quantity(used, sizeof used, peak / 100 * memory->max / own->bytes);
        format_quantity(all, sizeof all, memory->max / own->bytes);
        say_value(summary, peak, true);
        say(summary, " (%s of %s %s)", used, all, own->name);
    } else if (has_total && trace->quantity != freelog_column_total(trace->quantity)) {
        const struct unit *own = unit_for(total->max);
        double unit_size = summary->terms->unit_size;
        bool apart = unit_find(summary->terms->unit) != NULL && total->max / unit_size >= TOTAL_MAX;
        char all[96];
        format_size(all, sizeof all, total->max, apart ? own->bytes : unit_size,
                    apart ? own->name : summary->terms->unit);
        say_value(summary, peak, apart);
        say(summary, " of %s", all);
        say(summary, " (%.0f %%)", 100 * peak / total->max);
    } else {
        say_value(summary, peak, true);
    }
}

/* " and swapped 3.1 GiB" of a node that did. */
static void say_own_swap(struct summary *summary, const struct node *node)
{
    const struct series_stats *swap = stats_of(node, TRACE_SWAP);
    if (swap->count == 0 || swap->max <= 0 || draws_swap(summary->trace))
        return;
    say(summary, " and swapped ");
    say_value(summary, swap->max, true);
}

static void say_headroom(struct summary *summary, const struct node *node)
{
    double limit = summary->terms->limit, peak = stats_of(node, TRACE_MAIN)->max;
    if (!isfinite(limit))
        return;
    say(summary, ", ");
    say_value(summary, fabs(limit - peak), true);
    say(summary, peak > limit ? " above" : " below");
    say(summary, " the limit");
}

static void say_highest(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    const struct node *highest = &trace->node[summary->order[0]];
    char clock[32];
    moment(summary, clock, sizeof clock, stats_of(highest, TRACE_MAIN)->max_s + highest->offset_s);
    if (trace->count == 1)
        say(summary, " · peak ");
    else
        say(summary, " · %s peaked ", highest->name);
    say_peak(summary, highest);
    say(summary, " at %s", clock);
    say_own_swap(summary, highest);
    say_headroom(summary, highest);
    if (trace->count < 2)
        return;
    const struct node *next = &trace->node[summary->order[1]];
    say(summary, " · next %s ", next->name);
    say_value(summary, stats_of(next, TRACE_MAIN)->max, trace->percent);
}

/* The node that swapped most, unless it is the one with the highest peak, of which it was said. */
static void say_swap(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    const struct node *most = NULL;
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *swap = stats_of(&trace->node[i], TRACE_SWAP);
        if (swap->count == 0 || swap->max <= 0)
            continue;
        count++;
        if (most == NULL || swap->max > stats_of(most, TRACE_SWAP)->max)
            most = &trace->node[i];
    }
    if (most == NULL || draws_swap(trace) || (count == 1 && most == &trace->node[summary->order[0]]))
        return;
    if (count == 1)
        say(summary, " · %s swapped ", most->name);
    else
        say(summary, " · %zu nodes swapped, %s most: ", count, most->name);
    say_value(summary, stats_of(most, TRACE_SWAP)->max, true);
}

static void say_early_ends(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    const struct node *first = NULL;
    size_t count = 0;
    char clock[32], before[32];
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (!node->ends_early)
            continue;
        count++;
        if (first == NULL || node_end_s(node) < node_end_s(first))
            first = node;
    }
    if (first == NULL)
        return;
    moment(summary, clock, sizeof clock, node_end_s(first));
    format_duration(before, sizeof before, trace->end_s - node_end_s(first));
    if (count > 1)
        say(summary, " · %zu nodes stop early, first ", count);
    else
        say(summary, " · ");
    say(summary, "%s%s at %s, %s before the end", first->name, count > 1 ? "" : " stops", clock, before);
}

/* The leak that would reach its level first. */
static void say_leak(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    const struct node *worst = NULL;
    struct leak soonest = {0}, leak;
    char left[32];
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        double level = notable_level(node, summary->terms->limit);
        if (notable_leak(node, level, &leak) && (worst == NULL || leak.left_s < soonest.left_s)) {
            worst = node;
            soonest = leak;
        }
    }
    if (worst == NULL)
        return;
    format_duration(left, sizeof left, soonest.left_s);
    say(summary, " · %s grows ", trace->count > 1 ? worst->name : "it");
    say_value(summary, soonest.slope * 3600, true);
    say(summary, " an hour, full in %s at that rate", left);
}

/* How far the highest peak lies above the median one. */
static void say_imbalance(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    if (trace->count < 3)
        return;
    double highest = stats_of(&trace->node[summary->order[0]], TRACE_MAIN)->max;
    double median = stats_of(&trace->node[summary->order[trace->count / 2]], TRACE_MAIN)->max;
    double ratio = median > 0 ? highest / median : 0;
    if (ratio >= IMBALANCE_MAX)
        say(summary, " · highest peak over %.0f times the median", IMBALANCE_MAX);
    else if (ratio >= IMBALANCE_MIN)
        say(summary, " · highest peak %.1f times the median", ratio);
}

/* Start times that differ by more than an interval are worth a word: the job started apart, or the clocks are wrong. */
static void say_clocks(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    double latest_s = 0, interval_s = NAN; /* the longest */
    char apart[32];
    for (size_t i = 0; i < trace->count; i++) {
        latest_s = fmax(latest_s, trace->node[i].offset_s);
        interval_s = fmax(interval_s, trace->node[i].interval_s);
    }
    if (trace->clocks_far_apart) {
        say(summary, " · starts lie too far apart for one axis: all drawn from 0");
    } else if (isfinite(interval_s) && latest_s > interval_s) {
        format_duration(apart, sizeof apart, latest_s);
        say(summary, " · starts or clocks %s apart", apart);
    }
}

/* What changed since the other run: the highest peak and the length. */
static void say_against(struct summary *summary)
{
    const struct trace *trace = summary->trace, *other = summary->terms->against;
    char length[32];
    if (other == NULL || other->count == 0)
        return;
    double change = trace_max(trace, TRACE_MAIN) - trace_max(other, TRACE_MAIN);
    double longer_s = (trace->end_s - trace->begin_s) - (other->end_s - other->begin_s);
    format_duration(length, sizeof length, fabs(longer_s));
    say(summary, " · against the other run: peak ");
    if (change == 0)
        say(summary, "the same");
    else
        say_value(summary, fabs(change), true);
    say(summary, "%s, ", change > 0 ? " higher" : change < 0 ? " lower" : "");
    if (fabs(longer_s) < 0.5)
        say(summary, "as long");
    else
        say(summary, "%s %s", length, longer_s > 0 ? "longer" : "shorter");
}

/* What a node calls used, "" where that is not known. */
static const char *used_name(const struct node *node)
{
    return freelog_used_name(node->used_meaning);
}

/* `used` has three meanings in the versions of free: it is said when the logs differ, of this run and of the other. */
static void say_meanings(struct summary *summary)
{
    const struct trace *traces[] = {summary->trace, summary->terms->against};
    const struct node *one = NULL;
    if (summary->trace->quantity != FREELOG_USED)
        return;
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; traces[t] != NULL && i < traces[t]->count; i++) {
            const struct node *node = &traces[t]->node[i];
            if (node->used_meaning == FREELOG_USED_MIXED) {
                say(summary, " · beware: what used means changes within %s%s", t > 0 ? "the other run's " : "",
                    node->name);
                return;
            }
            if (one == NULL && *used_name(node) != '\0')
                one = node;
            if (one == NULL || *used_name(node) == '\0' || strcmp(used_name(one), used_name(node)) == 0)
                continue;
            say(summary, " · beware: used is %s on %s, %s on %s%s", used_name(one), one->name, used_name(node),
                t > 0 ? "the other run's " : "", node->name);
            return;
        }
}

static void say_extent(struct summary *summary)
{
    const struct trace *trace = summary->trace;
    double span_s = trace->end_s - trace->begin_s, interval_s = trace_interval(trace);
    char length[32], interval[32];
    format_duration(length, sizeof length, span_s);
    format_duration(interval, sizeof interval, interval_s);
    if (trace->count == 1)
        say(summary, "%s", trace->node[0].name);
    else
        say(summary, "%zu nodes", trace->count);
    if (!(span_s > 0))
        say(summary, " · one sample");
    else if (isfinite(interval_s))
        say(summary, " · %s at %s", length, interval);
    else
        say(summary, " · %s", length);
}

void summary_line(char *text, size_t size, const struct trace *trace, const struct summary_terms *terms)
{
    size_t *order = trace_order_by_peak(trace);
    struct summary summary = {text, size, trace, terms, order};
    text[0] = '\0';
    if (order == NULL)
        return;
    say_extent(&summary);
    say_highest(&summary);
    say_swap(&summary);
    say_early_ends(&summary);
    say_leak(&summary);
    say_imbalance(&summary);
    say_clocks(&summary);
    say_against(&summary);
    say_meanings(&summary);
    free(order);
}

/* Whether "memory" goes behind the name of a quantity. */
static bool is_memory(enum freelog_column quantity)
{
    return quantity == FREELOG_USED || quantity == FREELOG_AVAILABLE || quantity == FREELOG_FREE ||
           quantity == FREELOG_SHARED || quantity == FREELOG_TOTAL;
}

void summary_title(char *text, size_t size, const struct trace *trace)
{
    struct summary summary = {.text = text, .size = size, .trace = trace};
    const char *column = trace_column(trace);
    const struct node *first = &trace->node[0];
    text[0] = '\0';
    if (trace->quantity == FREELOG_JOB_USED)
        say(&summary, "Memory of the job");
    else
        say(&summary, "%c%s%s", column[0] >= 'a' && column[0] <= 'z' ? column[0] - 'a' + 'A' : column[0], column + 1,
            is_memory(trace->quantity) ? " memory" : "");
    if (trace->count == 1)
        say(&summary, " of %s", first->name);
    else
        say(&summary, " per node");
    for (size_t i = 0; i < trace->count; i++)
        if (strcmp(trace->node[i].job, first->job) != 0)
            return;
    if (first->job[0] != '\0')
        say(&summary, " · job %s%s%s", first->job, first->job_name[0] == '\0' ? "" : " ", first->job_name);
}
