/* SPDX-License-Identifier: MIT */
/* findings: judges a trace: kinds of findings, affected nodes, times and amounts. Independent of wording, plots and
 * options. */
#include "analysis/findings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "base/median.h"
#include "base/pool.h"
#include "growth.h"

#define NEAR_LIMIT      0.9
#define SWAP_RISE       0.01 /* of total memory */
#define SWAP_ONSET      0.1  /* of that rise */
#define UNEVEN_RATIO    1.25
#define IDLE_SHARE      0.1  /* of the median peak */
#define BUSY_SHARE      0.05 /* of the total; the median peak of a busy job is higher */
#define SAME_RATE       0.1  /* rates that differ by less are reported as the same */
#define OVERSIZED_SHARE 0.5  /* of the request */
#define GROWTH_SHARE    0.05 /* of the peak: less growth before a kill is noise */
#define RISE_END        0.1  /* of a rise: what may be left of it when it counts as ended */
#define LEVEL_MAX       0.3  /* of the quarter of the run before a kill: for how long growth may have ended */
#define NAMED_PEAKS     3
#define THREADS_FROM    256 /* nodes; one thread judges fewer nodes faster */
#define NAMED_PER_KIND  2

/* The input, and the list under construction. */
struct search {
    struct findings *findings;
    const struct trace *trace;
    const struct findings_terms *terms;
    double *scratch;       /* one number per node */
    struct growth *growth; /* per node; rate_per_s is NaN if it does not grow */
    double usual_total;    /* median total if the totals of nodes differ, else NaN */
};

static const struct series_stats *stats_of(const struct node *node, enum trace_line line)
{
    return &node->line[line].stats;
}

/* Returns the total that the plotted value is part of: total memory or total swap. Returns NaN if unknown. */
static double total_of(const struct trace *trace, const struct node *node)
{
    const struct series_stats *total =
        stats_of(node, freelog_column_is_swap(trace->quantity) ? TRACE_SWAP_TOTAL : TRACE_TOTAL);
    return total->count > 0 && total->max > 0 ? total->max : NAN;
}

/* Converts bytes to the trace's unit. */
static double from_bytes(const struct trace *trace, const struct node *node, double bytes)
{
    return trace->percent ? 100 * bytes / node_percent_base(trace, node) : bytes;
}

double findings_limit(const struct trace *trace, const struct node *node, const struct findings_terms *terms)
{
    double limit_bytes = terms->limit_bytes, total_bytes = stats_of(node, TRACE_MEMORY)->max;
    if (isnan(limit_bytes) && trace_is_used(trace)) {
        limit_bytes = isfinite(node->job_limit_bytes) ? node->job_limit_bytes : terms->job_limit_bytes;
        if (!trace_is_of_job(trace) &&
            !(stats_of(node, TRACE_MEMORY)->count > 0 && limit_bytes >= FINDINGS_OWNER_SHARE * total_bytes))
            limit_bytes = NAN;
    }
    return isfinite(limit_bytes) ? from_bytes(trace, node, limit_bytes) : NAN;
}

/* Returns the level that a node must not reach: the lower of its limit and its total, or NaN if both are unknown. */
static double level_of(const struct search *search, const struct node *node, bool *is_limit)
{
    double limit = findings_limit(search->trace, node, search->terms), total = total_of(search->trace, node);
    *is_limit = trace_is_of_job(search->trace) || (isfinite(limit) && !(total < limit));
    return isfinite(limit) && !(total < limit) ? limit : total;
}

/* Starts an empty finding at the end of the list; `keep` keeps it. */
static struct finding *begin(struct search *search, enum finding_kind kind)
{
    struct finding *finding = &search->findings->list[search->findings->count];
    *finding = (struct finding){
        .kind = kind, .at_s = NAN, .value = NAN, .level = NAN, .rate_per_s = NAN, .left_s = NAN, .duration_s = NAN};
    return finding;
}

/* Adds a node to the list, which is sorted by rank, highest first. Returns true if the node is the worst so far. */
static bool affect(struct finding *finding, size_t node, double rank)
{
    size_t place = finding->node_count;
    finding->count++;
    while (place > 0 && finding->rank[place - 1] < rank)
        place--;
    if (place == FINDING_NODES_MAX)
        return false;
    if (finding->node_count < FINDING_NODES_MAX)
        finding->node_count++;
    for (size_t i = finding->node_count - 1; i > place; i--) {
        finding->node[i] = finding->node[i - 1];
        finding->rank[i] = finding->rank[i - 1];
    }
    finding->node[place] = node;
    finding->rank[place] = rank;
    return place == 0;
}

static void keep(struct search *search, const struct finding *finding)
{
    if (finding->count > 0)
        search->findings->count++;
}

/* ---- killed ---- */

/* The lowest and, after it, the highest value of a part of a run, and the time of its last sample. */
struct rise {
    double low, low_s, high, high_s, last_s;
};

static void find_rise(struct rise *rise, const struct series *series, double from_s, double to_s)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    *rise = (struct rise){NAN, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        if (bucket->first_s > to_s)
            break;
        if (bucket->first_s < from_s)
            continue;
        rise->last_s = bucket->first_s + (double)bucket->last_offset_s;
        if (!(bucket->min >= rise->low)) {
            rise->low = rise->high = bucket->min;
            rise->low_s = rise->high_s = bucket->first_s + (double)bucket->min_offset_s;
        }
        if (bucket->max > rise->high && bucket->first_s + (double)bucket->max_offset_s > rise->low_s) {
            rise->high = bucket->max;
            rise->high_s = bucket->first_s + (double)bucket->max_offset_s;
        }
    }
}

/* Moves the start of a rise to the last time in it when less than a tenth had been gained: a level that memory keeps
 * for a while before it grows does not make the growth slower. */
static void skip_level(struct rise *rise, const struct series *series)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    const double still = rise->low + 0.1 * (rise->high - rise->low);
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double low_s = bucket->first_s + (double)bucket->min_offset_s;
        if (low_s >= rise->high_s)
            break;
        if (low_s > rise->low_s && bucket->min <= still) {
            rise->low = bucket->min;
            rise->low_s = low_s;
        }
    }
}

/* Returns the time when most of a rise had been gained. */
static double end_of(const struct rise *rise, const struct series *series)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    const double most = rise->high - RISE_END * (rise->high - rise->low);
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        double high_s = bucket->first_s + (double)bucket->max_offset_s;
        if (high_s > rise->low_s && bucket->max >= most)
            return high_s;
    }
    return rise->high_s;
}

/* Returns the growth rate before a kill: from the lowest value in the quarter of the run before it to the peak in
 * that quarter, without a level at its beginning. Returns NaN if the growth is small or ended before the kill. */
static double rate_before(const struct series *series, double kill_s)
{
    struct rise rise;
    double quarter_s = 0.25 * (kill_s - series->stats.first_s);
    find_rise(&rise, series, kill_s - quarter_s, kill_s);
    if (!(rise.high_s > rise.low_s && rise.high - rise.low >= GROWTH_SHARE * rise.high) ||
        rise.last_s - end_of(&rise, series) > LEVEL_MAX * quarter_s)
        return NAN;
    skip_level(&rise, series);
    return (rise.high - rise.low) / (rise.high_s - rise.low_s);
}

/* Returns the node of an event: the node that the event names, else the one whose log contains it. Returns
 * trace->count if it could be any of several. */
static size_t node_of_event(const struct trace *trace, size_t owner, const struct trace_event *event)
{
    const char *name = trace_event_node(event);
    if (name == NULL || trace->count == 1)
        return owner;
    return trace_find(trace, name);
}

/* Returns true if an event in the log of `node` is a kill within the part of the trace that is plotted. */
static bool is_kill(const struct trace *trace, const struct node *node, const struct trace_event *event)
{
    double at_s = event->time_s + node->offset_s;
    return event->kind == TRACE_EVENT_OOM_KILL && (!trace->is_cut || (at_s >= trace->begin_s && at_s <= trace->end_s));
}

/* Sets the time at which each node was killed according to the events in the logs, INFINITY if it was not. Returns
 * the time of the first kill that cannot be attributed to a node. */
static double read_kills(const struct trace *trace, double *killed_s)
{
    double unknown_s = INFINITY;
    for (size_t i = 0; i < trace->count; i++)
        killed_s[i] = INFINITY;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        for (size_t k = 0; k < node->event_count; k++) {
            if (!is_kill(trace, node, &node->event[k]))
                continue;
            size_t of = node_of_event(trace, i, &node->event[k]);
            double *kill_s = of < trace->count ? &killed_s[of] : &unknown_s;
            *kill_s = fmin(*kill_s, node->event[k].time_s + node->offset_s);
        }
    }
    return unknown_s;
}

/* Returns the time at which a node was killed according to Slurm's state, which is that of the whole job. Returns
 * INFINITY if it was not killed. */
static double job_kill_s(const struct trace *trace, const struct node *node)
{
    return !trace->is_cut && strcmp(node->job_state, "OUT_OF_MEMORY") == 0 ? node_end_s(node) : INFINITY;
}

/* Kills that one source reports: their number, and the time of the last. */
struct kills {
    size_t count;
    double last_s;
};

/* Sets how many processes were killed on the only affected node, and the time from the first kill to the last. The
 * job's counter and messages may report the same kills at different times, so only the source that reports more of them
 * counts. */
static void count_kills(const struct trace *trace, struct finding *finding)
{
    struct kills counter = {0, finding->at_s}, messages = {0, finding->at_s};
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        for (size_t k = 0; k < node->event_count; k++) {
            const struct trace_event *event = &node->event[k];
            if (!is_kill(trace, node, event) || node_of_event(trace, i, event) != finding->node[0])
                continue;
            const size_t counted = trace_event_kills(event);
            struct kills *kills = counted > 0 ? &counter : &messages;
            kills->count += counted > 0 ? counted : 1;
            kills->last_s = fmax(kills->last_s, event->time_s + node->offset_s);
        }
    }
    const struct kills *kills = counter.count >= messages.count ? &counter : &messages;
    finding->kill_count = kills->count;
    finding->duration_s = kills->count > 1 ? kills->last_s - finding->at_s : 0;
}

static void find_killed(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_KILLED);
    double *killed_s = search->scratch, unknown_s = read_kills(trace, killed_s);
    bool is_known = isfinite(unknown_s);
    for (size_t i = 0; i < trace->count; i++)
        is_known |= isfinite(killed_s[i]);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (!is_known) /* an event is more specific */
            killed_s[i] = job_kill_s(trace, node);
        if (!isfinite(killed_s[i]) || !affect(finding, i, -killed_s[i]))
            continue;
        finding->at_s = killed_s[i];
        finding->value = stats_of(node, TRACE_MAIN)->max;
        finding->rate_per_s = rate_before(&node->line[TRACE_MAIN], killed_s[i] - node->offset_s);
    }
    if (is_known && finding->count == 1)
        count_kills(trace, finding);
    finding->is_of_job = !is_known && trace->count > 1;
    if (finding->count == 0 && isfinite(unknown_s)) {
        finding->count = 1;
        finding->at_s = unknown_s;
    }
    keep(search, finding);
}

/* ---- limits ---- */

/* Returns the time of the first sample beyond `limit`, in the series' time. */
static double first_beyond(const struct series *series, double limit, bool is_below)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *at = series_at(series, i, &space);
        if (is_below ? at->first < limit : at->first > limit)
            return at->first_s;
        if (is_below ? at->min < limit : at->max > limit)
            return at->first_s + (double)(is_below ? at->min_offset_s : at->max_offset_s);
    }
    return NAN;
}

static void find_above_limit(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_ABOVE_LIMIT);
    bool is_below = trace_low_is_news(trace);
    finding->at_s = INFINITY;
    finding->is_limit = true;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        const struct series_stats *stats = stats_of(node, TRACE_MAIN);
        double limit = findings_limit(trace, node, search->terms), extreme = is_below ? stats->min : stats->max;
        if (!(is_below ? extreme < limit : extreme > limit))
            continue;
        finding->at_s = fmin(finding->at_s, first_beyond(&node->line[TRACE_MAIN], limit, is_below) + node->offset_s);
        if (affect(finding, i, is_below ? limit - extreme : extreme - limit)) {
            finding->value = extreme;
            finding->level = limit;
        }
    }
    keep(search, finding);
}

/* Returns true if a value near the total matters. It does not if page cache is included, which always fills all
 * memory. */
static bool is_need(const struct trace *trace)
{
    switch (trace->quantity) {
    case FREELOG_AVAILABLE:
    case FREELOG_SHARED:
    case FREELOG_SWAP_USED:
    case FREELOG_JOB_AVAILABLE:
    case FREELOG_JOB_SHARED:
    case FREELOG_JOB_SWAP_USED:
        return true;
    default:
        return trace_is_used(trace);
    }
}

/* Returns true if the node's used memory includes page cache, as in the oldest format without its second row. */
static bool counts_cache(const struct trace *trace, const struct node *node)
{
    return trace->quantity == FREELOG_USED && node->used_meaning == FREELOG_USED_WITH_CACHE;
}

static void find_near_limit(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_NEAR_LIMIT);
    for (size_t i = 0; i < trace->count && is_need(trace); i++) {
        const struct node *node = &trace->node[i];
        const struct series_stats *stats = stats_of(node, TRACE_MAIN);
        double limit = findings_limit(trace, node, search->terms), total = total_of(trace, node);
        bool is_limit, is_below = trace_low_is_news(trace);
        double level = level_of(search, node, &is_limit);
        double share = is_below ? 1 - stats->min / total : stats->max / level;
        if ((is_below ? stats->min < limit : stats->max > limit) || !(share >= NEAR_LIMIT) || counts_cache(trace, node))
            continue;
        if (affect(finding, i, share)) {
            finding->at_s = (is_below ? stats->min_s : stats->max_s) + node->offset_s;
            finding->value = is_below ? stats->min : stats->max;
            finding->level = is_below ? total : level;
            finding->is_limit = is_limit && !is_below;
        }
    }
    keep(search, finding);
}

/* ---- time ---- */

static void find_ended_early(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_ENDED_EARLY);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        const struct series_stats *stats = stats_of(node, TRACE_MAIN);
        search->scratch[i] = stats->last_s - stats->first_s;
        if (!node->ends_early || !affect(finding, i, -node_end_s(node)))
            continue;
        finding->at_s = node_end_s(node);
        finding->value = stats->last;
        finding->duration_s = search->scratch[i];
    }
    if (finding->count > 0) {
        double own_s = finding->duration_s;
        finding->duration_s = median_of(search->scratch, trace->count) - own_s;
    }
    keep(search, finding);
}

/* Judges one node. Runs in a thread. */
static void judge_growth(void *user, size_t i)
{
    struct search *search = user;
    const struct trace *trace = search->trace;
    const struct node *node = &trace->node[i];
    bool is_limit, is_falling = trace_low_is_news(trace);
    double target = is_falling ? total_of(trace, node) : level_of(search, node, &is_limit);
    if (counts_cache(trace, node) || !growth_find(&node->line[TRACE_MAIN], target, is_falling, &search->growth[i]))
        search->growth[i].rate_per_s = NAN;
}

static void find_growing(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_GROWING);
    bool is_falling = trace_low_is_news(trace);
    double slowest = INFINITY, *killed_s = search->scratch;
    for (size_t i = 0; i < trace->count; i++)
        search->findings->growth_per_s[i] = NAN;
    if (!is_need(trace))
        return;
    read_kills(trace, killed_s);
    pool_run(search->findings->order, trace->count, trace->count >= THREADS_FROM ? pool_processors() : 1, judge_growth,
             search, NULL);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        struct growth growth = search->growth[i];
        bool is_limit;
        double level = level_of(search, node, &is_limit);
        if (isnan(growth.rate_per_s))
            continue;
        search->findings->growth_per_s[i] = growth.rate_per_s;
        slowest = fmin(slowest, growth.rate_per_s);
        if (!affect(finding, i, growth.rate_per_s))
            continue;
        /* Nothing grows after a kill or a release. */
        bool is_over = growth.is_released || isfinite(killed_s[i]) || isfinite(job_kill_s(trace, node));
        double left = is_falling ? growth.last : level - growth.last;
        finding->at_s = growth.from_s + node->offset_s;
        finding->value = growth.last;
        finding->level = level;
        finding->is_limit = is_limit;
        finding->rate_per_s = growth.rate_per_s;
        finding->left_s = left > 0 && !is_over ? left / growth.rate_per_s : NAN;
    }
    finding->is_same = slowest >= (1 - SAME_RATE) * finding->rate_per_s;
    keep(search, finding);
}

static void find_gap(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_GAP);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        const struct series_stats *stats = stats_of(node, TRACE_MAIN);
        double from_s, to_s, run_s = stats->last_s - stats->first_s;
        if (node->is_indexed || !(node->interval_s > 0))
            continue;
        /* A gap is one interval longer than its missing samples. */
        double least_s = fmax(TRACE_GAP_INTERVALS * node->interval_s, TRACE_GAP_SHARE * run_s);
        double gap_s = series_longest_gap(&node->line[TRACE_MAIN], least_s, false, &from_s, &to_s);
        if (gap_s > TRACE_GAP_INTERVALS * node->interval_s && affect(finding, i, gap_s)) {
            finding->at_s = from_s + node->offset_s;
            finding->duration_s = gap_s;
        }
    }
    keep(search, finding);
}

/* ---- swap ---- */

/* Returns how far a series rises above an earlier value, and sets `since_s` to the time when it exceeded that value
 * by `onset`. */
static double rise_of(const struct series *series, double onset, double *since_s)
{
    struct series_bucket space;
    const size_t count = series_buckets(series);
    double low = INFINITY, rise = 0, left_s = NAN;
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *at = series_at(series, i, &space);
        bool is_low_first = at->min_offset_s < at->max_offset_s;
        if (at->min < low && (is_low_first || at->max - low <= 0)) {
            low = at->min;
            left_s = NAN;
        }
        if (isnan(left_s) && at->max - low > onset)
            left_s = at->first_s + (double)(at->first - low > onset ? 0 : at->max_offset_s);
        if (at->max - low > rise) {
            rise = at->max - low;
            *since_s = left_s;
        }
        if (at->min < low) {
            low = at->min;
            left_s = NAN;
        }
    }
    return rise;
}

static void find_swapped(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_SWAPPED);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        const struct series_stats *swap = stats_of(node, TRACE_SWAP), *memory = stats_of(node, TRACE_MEMORY);
        /* If the trace is in percent, swap is in percent of total swap. */
        double needed = SWAP_RISE * memory->max * (trace->percent ? 100 / node->swap_total_bytes : 1);
        double since_s = NAN;
        if (swap->count == 0 || memory->count == 0 || !(swap->max - swap->min > needed))
            continue;
        double rise = rise_of(&node->line[TRACE_SWAP], SWAP_ONSET * needed, &since_s);
        if (rise > needed && affect(finding, i, rise / needed)) {
            finding->at_s = since_s + node->offset_s;
            finding->value = rise;
        }
    }
    keep(search, finding);
}

/* ---- peers ---- */

static double median_total(struct search *search)
{
    const struct trace *trace = search->trace;
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        double total = total_of(trace, &trace->node[i]);
        if (isfinite(total))
            search->scratch[count++] = total;
    }
    return median_of(search->scratch, count);
}

/* Returns the factor that makes a node's values comparable with those of other nodes. If totals differ, values are
 * compared as shares of the node's own total. */
static double weight_of(const struct search *search, const struct node *node)
{
    return search->usual_total > 0 ? search->usual_total / total_of(search->trace, node) : 1;
}

static double weighted_peak(const struct search *search, size_t node)
{
    const struct node *of = &search->trace->node[node];
    return stats_of(of, TRACE_MAIN)->max * weight_of(search, of);
}

static double median_peak(struct search *search)
{
    const struct trace *trace = search->trace;
    for (size_t i = 0; i < trace->count; i++)
        search->scratch[i] = weighted_peak(search, i);
    return median_of(search->scratch, trace->count);
}

/* Sets the time and height of the peak of a node, and the median peak to compare it with. */
static void compare_peak(const struct search *search, struct finding *finding, size_t node, double median)
{
    const struct node *of = &search->trace->node[node];
    finding->at_s = stats_of(of, TRACE_MAIN)->max_s + of->offset_s;
    finding->value = stats_of(of, TRACE_MAIN)->max;
    finding->level = median / weight_of(search, of);
}

static void find_idle(struct search *search, double median)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_IDLE);
    bool is_busy = median > BUSY_SHARE * median_total(search) && !trace_low_is_news(trace);
    for (size_t i = 0; i < trace->count && is_busy; i++) {
        double peak = weighted_peak(search, i);
        if (peak < IDLE_SHARE * median && affect(finding, i, -peak))
            compare_peak(search, finding, i, median);
    }
    keep(search, finding);
}

static void find_uneven(struct search *search, double median)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_UNEVEN);
    size_t highest = search->findings->order[0];
    for (size_t i = 0; i < trace->count && search->usual_total > 0; i++)
        if (weighted_peak(search, i) > weighted_peak(search, highest))
            highest = i;
    if (trace->count >= 3 && !trace_low_is_news(trace) && median > 0 &&
        weighted_peak(search, highest) >= UNEVEN_RATIO * median) {
        affect(finding, highest, weighted_peak(search, highest));
        compare_peak(search, finding, highest, median);
    }
    keep(search, finding);
}

static void find_oversized(struct search *search)
{
    const struct trace *trace = search->trace;
    const struct advice *advice = &search->findings->advice;
    struct finding *finding = begin(search, FINDING_OVERSIZED);
    if (!trace_is_of_job(trace) || !trace_is_used(trace) || !advice->is_known || advice->is_lower_bound)
        return;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        double limit_bytes = node->job_limit_bytes;
        if (!(stats_of(node, TRACE_JOB)->max < OVERSIZED_SHARE * limit_bytes))
            return;
    }
    const struct node *hottest = &trace->node[advice->node];
    affect(finding, advice->node, 1);
    finding->at_s = stats_of(hottest, TRACE_MAIN)->max_s + hottest->offset_s;
    finding->value = stats_of(hottest, TRACE_MAIN)->max;
    finding->level = from_bytes(trace, hottest, hottest->job_limit_bytes);
    keep(search, finding);
}

/* ---- doubtful values ---- */

static void find_clocks(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_CLOCKS);
    for (size_t i = 0; i < trace->count; i++)
        if (isfinite(trace->node[i].clock_error_s) && affect(finding, i, fabs(trace->node[i].clock_error_s)))
            finding->duration_s = trace->node[i].clock_error_s;
    keep(search, finding);
}

static void find_meanings(struct search *search)
{
    const struct trace *trace = search->trace;
    struct finding *finding = begin(search, FINDING_MEANINGS);
    const char *usual = NULL;
    for (size_t i = 0; i < trace->count && trace->quantity == FREELOG_USED; i++) {
        const struct node *node = &trace->node[i];
        const char *name = freelog_used_name(node->used_meaning);
        if (node->used_meaning == FREELOG_USED_MIXED)
            affect(finding, i, 2);
        else if (*name != '\0' && usual == NULL)
            usual = name;
        else if (*name != '\0' && strcmp(name, usual) != 0)
            affect(finding, i, 1);
    }
    keep(search, finding);
}

/* ---- the whole ---- */

/* Adds a node to the named ones if there is space. */
static struct notable *name_node(struct findings *findings, size_t node)
{
    for (size_t i = 0; i < findings->named_count; i++)
        if (findings->named[i].node == node)
            return &findings->named[i];
    if (findings->named_count == NOTABLE_MAX)
        return NULL;
    struct notable *named = &findings->named[findings->named_count++];
    *named = (struct notable){.node = node};
    return named;
}

static void name_nodes(struct findings *findings, const struct trace *trace)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        for (size_t k = 0; k < finding->node_count && k < NAMED_PER_KIND; k++) {
            struct notable *named = name_node(findings, finding->node[k]);
            if (named != NULL)
                named->kinds |= 1u << finding->kind;
        }
    }
    for (size_t i = 0; i < trace->count && i < NAMED_PEAKS; i++) {
        struct notable *named = name_node(findings, findings->order[i]);
        if (named != NULL)
            named->is_peak = true;
    }
    size_t count = 0;
    for (; count < findings->named_count; count++)
        findings->row[count] = findings->named[count].node;
    for (size_t i = 0; i < trace->count; i++) {
        size_t named = 0;
        while (named < findings->named_count && findings->named[named].node != findings->order[i])
            named++;
        if (named == findings->named_count)
            findings->row[count++] = findings->order[i];
    }
}

bool findings_find(struct findings *findings, const struct trace *trace, const struct findings_terms *terms)
{
    struct search search = {findings,
                            trace,
                            terms,
                            malloc((trace->count + 1) * sizeof(double)),
                            malloc((trace->count + 1) * sizeof(struct growth)),
                            NAN};
    memset(findings, 0, sizeof *findings);
    findings->order = trace_order_by_peak(trace);
    findings->row = malloc((trace->count + 1) * sizeof *findings->row);
    findings->growth_per_s = malloc((trace->count + 1) * sizeof *findings->growth_per_s);
    bool ok = search.scratch != NULL && search.growth != NULL && findings->order != NULL && findings->row != NULL &&
              findings->growth_per_s != NULL;
    if (ok) {
        search.usual_total = trace_totals_differ(trace) ? median_total(&search) : NAN;
        double median = median_peak(&search);
        find_killed(&search);
        find_above_limit(&search);
        find_ended_early(&search);
        find_growing(&search);
        find_near_limit(&search);
        find_swapped(&search);
        find_idle(&search, median);
        find_gap(&search);
        find_uneven(&search, median);
        ok = advice_find(&findings->advice, findings, trace, terms);
        find_oversized(&search);
        find_clocks(&search);
        find_meanings(&search);
        name_nodes(findings, trace);
    }
    free(search.scratch);
    free(search.growth);
    return ok;
}

void findings_free(struct findings *findings)
{
    free(findings->order);
    free(findings->row);
    free(findings->growth_per_s);
    memset(findings, 0, sizeof *findings);
}

const struct finding *findings_of(const struct findings *findings, enum finding_kind kind)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->list[i].kind == kind)
            return &findings->list[i];
    return NULL;
}

static const struct {
    const char *name, *words; /* in data; for a named node */
} kinds[FINDING_KIND_COUNT] = {
    [FINDING_KILLED] = {"killed", "OOM-killed"},
    [FINDING_ABOVE_LIMIT] = {"above_limit", "above the limit"},
    [FINDING_ENDED_EARLY] = {"ended_early", "ends early"},
    [FINDING_GROWING] = {"growing", "grows"},
    [FINDING_NEAR_LIMIT] = {"near_limit", "nearly full"},
    [FINDING_SWAPPED] = {"swapped", "swapped"},
    [FINDING_IDLE] = {"idle", "idle"},
    [FINDING_GAP] = {"gap", "has a gap"},
    [FINDING_UNEVEN] = {"uneven", "highest"},
    [FINDING_OVERSIZED] = {"oversized", ""},
    [FINDING_CLOCKS] = {"clocks", "wrong clock"},
    [FINDING_MEANINGS] = {"meanings", "other meaning of used"},
};

const char *finding_name(enum finding_kind kind)
{
    return kinds[kind].name;
}

/* Appends `more` to `text`, truncated if it does not fit. */
static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", more);
}

static bool has_same_reasons(const struct notable *a, const struct notable *b)
{
    return a->kinds == b->kinds && a->is_peak == b->is_peak;
}

void notable_words(char *text, size_t size, const struct trace *trace, const struct findings *findings)
{
    snprintf(text, size, "named: ");
    for (size_t i = 0; i < findings->named_count; i++) {
        const struct notable *named = &findings->named[i];
        const char *separator = " (";
        append(text, size, i > 0 ? ", " : "");
        append(text, size, trace->node[named->node].name);
        /* Consecutive nodes with the same reasons share the words. */
        if (i + 1 < findings->named_count && has_same_reasons(named, named + 1))
            continue;
        for (unsigned int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
            bool is_said = kind == FINDING_UNEVEN && named->is_peak;
            if ((named->kinds >> kind & 1) == 0 || is_said || *kinds[kind].words == '\0')
                continue;
            append(text, size, separator);
            append(text, size, kinds[kind].words);
            separator = ", ";
        }
        if (named->is_peak) {
            append(text, size, separator);
            append(text, size, trace_low_is_news(trace) ? "lowest" : "highest");
            separator = ", ";
        }
        append(text, size, *separator == ',' ? ")" : "");
    }
}
