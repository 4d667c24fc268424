/* verdict: owns the judgement in words. Knows no picture, option or file. */
#include "verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notable.h"
#include "units.h"

#define TOTAL_MOST      10000 /* a longer number of a total is told in a unit of its own */
#define IMBALANCE_LEAST 1.1   /* below, the peaks count as even */
#define IMBALANCE_MOST  100.0 /* beyond, the number tells nothing more */

/* The text as it grows. */
struct verdict {
    char *text;
    size_t size;
    const struct trace *trace;
    const struct verdict_terms *terms;
    const size_t *order; /* by peak */
};

static void say(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct verdict *verdict, const char *format, ...)
{
    size_t used = strlen(verdict->text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(verdict->text + used, verdict->size - used, format, arguments);
    va_end(arguments);
}

static bool is_far(const struct verdict *verdict, double value)
{
    return size_is_far(value, verdict->terms->unit_size, verdict->terms->unit);
}

/* Appends "27.6", and the unit behind it when asked for or when it is another than the picture's. */
static void say_value(struct verdict *verdict, double value, bool with_unit)
{
    char text[96];
    double unit_size = verdict->terms->unit_size;
    if (with_unit || is_far(verdict, value))
        format_size(text, sizeof text, value, unit_size, verdict->terms->unit);
    else
        format_quantity(text, sizeof text, value / unit_size);
    say(verdict, "%s", text);
}

/* A point in time, as the picture tells them. */
static void moment(const struct verdict *verdict, char *text, size_t size, double seconds)
{
    format_moment(text, size, seconds, verdict->terms->clock_epoch_s, verdict->terms->clock_zone_s);
}

static const struct series_stats *stats_of(const struct node *node, enum trace_line line)
{
    return &node->line[line].stats;
}

static bool draws_swap(const struct trace *trace)
{
    return strncmp(trace->column, "swap", 4) == 0;
}

/* "27.6 of 32 GiB (86 %)"; of percentages "86 % (27.6 of 32 GiB)"; without a total just the value. */
static void say_peak(struct verdict *verdict, const struct node *node)
{
    const struct trace *trace = verdict->trace;
    const struct series_stats *memory = stats_of(node, TRACE_MEMORY);
    const struct series_stats *total = stats_of(node, TRACE_TOTAL);
    double peak = stats_of(node, TRACE_MAIN)->max;
    bool has_total = memory->count > 0 && memory->max > 0 && !draws_swap(trace);
    if (trace->percent && has_total) {
        const struct unit *own = unit_for(memory->max);
        char used[32], all[32];
        format_quantity(used, sizeof used, peak / 100 * memory->max / own->bytes);
        format_quantity(all, sizeof all, memory->max / own->bytes);
        say_value(verdict, peak, true);
        say(verdict, " (%s of %s %s)", used, all, own->name);
    } else if (has_total && strcmp(trace->column, "total") != 0) {
        const struct unit *own = unit_for(total->max);
        double unit_size = verdict->terms->unit_size;
        bool apart = unit_find(verdict->terms->unit) != NULL && total->max / unit_size >= TOTAL_MOST;
        char all[96];
        format_size(all, sizeof all, total->max, apart ? own->bytes : unit_size,
                    apart ? own->name : verdict->terms->unit);
        say_value(verdict, peak, apart);
        say(verdict, " of %s", all);
        say(verdict, " (%.0f %%)", 100 * peak / total->max);
    } else {
        say_value(verdict, peak, true);
    }
}

/* " and swapped 3.1 GiB" of a node that did. */
static void say_own_swap(struct verdict *verdict, const struct node *node)
{
    const struct series_stats *swap = stats_of(node, TRACE_SWAP);
    if (swap->count == 0 || swap->max <= 0 || draws_swap(verdict->trace))
        return;
    say(verdict, " and swapped ");
    say_value(verdict, swap->max, true);
}

static void say_headroom(struct verdict *verdict, const struct node *node)
{
    double limit = verdict->terms->limit, peak = stats_of(node, TRACE_MAIN)->max;
    if (!isfinite(limit))
        return;
    say(verdict, ", ");
    say_value(verdict, fabs(limit - peak), true);
    say(verdict, peak > limit ? " above" : " below");
    say(verdict, " the limit");
}

static void say_highest(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
    const struct node *highest = &trace->node[verdict->order[0]];
    char clock[32];
    moment(verdict, clock, sizeof clock, stats_of(highest, TRACE_MAIN)->max_s + highest->offset_s);
    if (trace->count == 1)
        say(verdict, " · peak ");
    else
        say(verdict, " · %s peaked ", highest->name);
    say_peak(verdict, highest);
    say(verdict, " at %s", clock);
    say_own_swap(verdict, highest);
    say_headroom(verdict, highest);
    if (trace->count < 2)
        return;
    const struct node *next = &trace->node[verdict->order[1]];
    say(verdict, " · next %s ", next->name);
    say_value(verdict, stats_of(next, TRACE_MAIN)->max, trace->percent);
}

/* The node that swapped most, unless it is the one with the highest peak, of which it was said. */
static void say_swap(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
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
    if (most == NULL || draws_swap(trace) || (count == 1 && most == &trace->node[verdict->order[0]]))
        return;
    if (count == 1)
        say(verdict, " · %s swapped ", most->name);
    else
        say(verdict, " · %zu nodes swapped, %s most: ", count, most->name);
    say_value(verdict, stats_of(most, TRACE_SWAP)->max, true);
}

static void say_early_ends(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
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
    moment(verdict, clock, sizeof clock, node_end_s(first));
    format_duration(before, sizeof before, trace->end_s - node_end_s(first));
    if (count > 1)
        say(verdict, " · %zu nodes stop early, first ", count);
    else
        say(verdict, " · ");
    say(verdict, "%s%s at %s, %s before the end", first->name, count > 1 ? "" : " stops", clock, before);
}

/* The leak that would reach its level first. */
static void say_leak(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
    const struct node *worst = NULL;
    struct leak soonest = {0}, leak;
    char left[32];
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        double level = notable_level(node, verdict->terms->limit);
        if (notable_leak(node, level, &leak) && (worst == NULL || leak.left_s < soonest.left_s)) {
            worst = node;
            soonest = leak;
        }
    }
    if (worst == NULL)
        return;
    format_duration(left, sizeof left, soonest.left_s);
    say(verdict, " · %s grows ", trace->count > 1 ? worst->name : "it");
    say_value(verdict, soonest.slope * 3600, true);
    say(verdict, " an hour, full in %s at that rate", left);
}

/* How far the highest peak lies above the median one. */
static void say_imbalance(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
    if (trace->count < 3)
        return;
    double highest = stats_of(&trace->node[verdict->order[0]], TRACE_MAIN)->max;
    double median = stats_of(&trace->node[verdict->order[trace->count / 2]], TRACE_MAIN)->max;
    double ratio = median > 0 ? highest / median : 0;
    if (ratio >= IMBALANCE_MOST)
        say(verdict, " · highest peak over %.0f times the median", IMBALANCE_MOST);
    else if (ratio >= IMBALANCE_LEAST)
        say(verdict, " · highest peak %.1f times the median", ratio);
}

/* Start times that differ by more than an interval are worth a word: the job started apart, or the clocks are wrong. */
static void say_clocks(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
    double latest_s = 0, interval_s = NAN; /* the longest */
    char apart[32];
    for (size_t i = 0; i < trace->count; i++) {
        latest_s = fmax(latest_s, trace->node[i].offset_s);
        interval_s = fmax(interval_s, trace->node[i].interval_s);
    }
    if (trace->clocks_far_apart) {
        say(verdict, " · starts lie too far apart for one axis: all drawn from 0");
    } else if (isfinite(interval_s) && latest_s > interval_s) {
        format_duration(apart, sizeof apart, latest_s);
        say(verdict, " · starts or clocks %s apart", apart);
    }
}

/* What changed since the other run: the highest peak and the length. */
static void say_against(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace, *other = verdict->terms->against;
    char length[32];
    if (other == NULL || other->count == 0)
        return;
    double change = trace_max(trace, TRACE_MAIN) - trace_max(other, TRACE_MAIN);
    double longer_s = (trace->end_s - trace->begin_s) - (other->end_s - other->begin_s);
    format_duration(length, sizeof length, fabs(longer_s));
    say(verdict, " · against the other run: peak ");
    if (change == 0)
        say(verdict, "the same");
    else
        say_value(verdict, fabs(change), true);
    say(verdict, "%s, ", change > 0 ? " higher" : change < 0 ? " lower" : "");
    if (fabs(longer_s) < 0.5)
        say(verdict, "as long");
    else
        say(verdict, "%s %s", length, longer_s > 0 ? "longer" : "shorter");
}

/* What a node calls used, "" where that is not known. */
static const char *used_name(const struct node *node)
{
    return free_used_name(node->used_meaning);
}

/* `used` has three meanings in the versions of free: it is said when the logs differ, of this run and of the other. */
static void say_meanings(struct verdict *verdict)
{
    const struct trace *traces[] = {verdict->trace, verdict->terms->against};
    const struct node *one = NULL;
    if (strcmp(verdict->trace->column, "used") != 0)
        return;
    for (size_t t = 0; t < 2; t++)
        for (size_t i = 0; traces[t] != NULL && i < traces[t]->count; i++) {
            const struct node *node = &traces[t]->node[i];
            if (node->used_meaning == FREE_USED_MIXED) {
                say(verdict, " · beware: what used means changes within %s%s", t > 0 ? "the other run's " : "",
                    node->name);
                return;
            }
            if (one == NULL && *used_name(node) != '\0')
                one = node;
            if (one == NULL || *used_name(node) == '\0' || strcmp(used_name(one), used_name(node)) == 0)
                continue;
            say(verdict, " · beware: used is %s on %s, %s on %s%s", used_name(one), one->name, used_name(node),
                t > 0 ? "the other run's " : "", node->name);
            return;
        }
}

static void say_extent(struct verdict *verdict)
{
    const struct trace *trace = verdict->trace;
    double span_s = trace->end_s - trace->begin_s, interval_s = trace_interval(trace);
    char length[32], interval[32];
    format_duration(length, sizeof length, span_s);
    format_duration(interval, sizeof interval, interval_s);
    if (trace->count == 1)
        say(verdict, "%s", trace->node[0].name);
    else
        say(verdict, "%zu nodes", trace->count);
    if (!(span_s > 0))
        say(verdict, " · one sample");
    else if (isfinite(interval_s))
        say(verdict, " · %s at %s", length, interval);
    else
        say(verdict, " · %s", length);
}

void verdict_line(char *text, size_t size, const struct trace *trace, const struct verdict_terms *terms)
{
    size_t *order = trace_order_by_peak(trace);
    struct verdict verdict = {text, size, trace, terms, order};
    text[0] = '\0';
    if (order == NULL)
        return;
    say_extent(&verdict);
    say_highest(&verdict);
    say_swap(&verdict);
    say_early_ends(&verdict);
    say_leak(&verdict);
    say_imbalance(&verdict);
    say_clocks(&verdict);
    say_against(&verdict);
    say_meanings(&verdict);
    free(order);
}

void verdict_title(char *text, size_t size, const struct trace *trace)
{
    struct verdict verdict = {.text = text, .size = size, .trace = trace};
    const char *column = trace->column;
    const struct node *first = &trace->node[0];
    char capital = column[0] >= 'a' && column[0] <= 'z' ? (char)(column[0] - 'a' + 'A') : column[0];
    bool memory = strcmp(column, "used") == 0 || strcmp(column, "available") == 0 || strcmp(column, "free") == 0 ||
                  strcmp(column, "shared") == 0 || strcmp(column, "total") == 0;
    text[0] = '\0';
    say(&verdict, "%c%s%s", capital, *column == '\0' ? "" : column + 1, memory ? " memory" : "");
    if (trace->count == 1)
        say(&verdict, " of %s", first->name);
    else
        say(&verdict, " per node");
    for (size_t i = 0; i < trace->count; i++)
        if (strcmp(trace->node[i].job, first->job) != 0)
            return;
    if (first->job[0] != '\0')
        say(&verdict, " · job %s%s%s", first->job, first->job_name[0] == '\0' ? "" : " ", first->job_name);
}
