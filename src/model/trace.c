/* trace: owns the nodes, their place on the common axis of time and what is compared between them.
 * Knows no file format, option or picture. */
#include "model/trace.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define OWNER_SHARE 0.9 /* of a node's memory: a job that may use so much has the node to itself */

void node_init(struct node *node, size_t bucket_limit)
{
    memset(node, 0, sizeof *node);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        bool drawn = line != TRACE_AVAILABLE && line != TRACE_MEMORY && line != TRACE_PERCENT && line != TRACE_JOB;
        series_init(&node->line[line], drawn ? bucket_limit : 0);
    }
    node->start_epoch_s = node->end_epoch_s = node->interval_s = node->header_interval_s = NAN;
    node->job_limit_bytes = node->wall_s = NAN;
    node->exit_status = -1;
}

void node_free(struct node *node)
{
    for (int line = 0; line < TRACE_LINE_COUNT; line++)
        series_free(&node->line[line]);
    free(node->name);
    free(node->source);
    free(node->event);
    memset(node, 0, sizeof *node);
}

bool node_add_event(struct node *node, double time_s, enum trace_event_kind kind, const char *text)
{
    if (!array_grow(&node->event, &node->event_room, node->event_count, sizeof *node->event))
        return false;
    struct trace_event *event = &node->event[node->event_count++];
    event->time_s = time_s;
    event->kind = kind;
    snprintf(event->text, sizeof event->text, "%s", text);
    return true;
}

const struct trace_event *node_first_event(const struct node *node, enum trace_event_kind kind)
{
    for (size_t i = 0; i < node->event_count; i++)
        if (node->event[i].kind == kind)
            return &node->event[i];
    return NULL;
}

const char *trace_column(const struct trace *trace)
{
    return freelog_column_name(trace->quantity);
}

bool trace_is_of_job(const struct trace *trace)
{
    return freelog_column_is_job(trace->quantity);
}

size_t trace_find(const struct trace *trace, const char *name)
{
    size_t found = map_find(&trace->by_name, name, strlen(name));
    return found == MAP_NONE ? trace->count : found;
}

static bool name_is_taken(const struct trace *trace, const char *name)
{
    return trace_find(trace, name) < trace->count;
}

/* Gives `node` a name that no other has. */
static bool make_unique(const struct trace *trace, struct node *node, bool *renamed)
{
    *renamed = name_is_taken(trace, node->name);
    for (unsigned long number = 2; *renamed; number++) {
        size_t size = strlen(node->name) + 32;
        char *name = malloc(size);
        if (name == NULL)
            return false;
        snprintf(name, size, "%s (%lu)", node->name, number);
        if (!name_is_taken(trace, name)) {
            free(node->name);
            node->name = name;
            return true;
        }
        free(name);
    }
    return true;
}

bool trace_add_log(struct trace *trace, const struct trace_note note[FREELOG_NOTE_COUNT])
{
    if (!array_grow(&trace->log, &trace->log_room, trace->log_count, sizeof *trace->log))
        return false;
    struct trace_log *log = &trace->log[trace->log_count++];
    log->nodes = 0;
    memcpy(log->note, note, sizeof log->note);
    return true;
}

bool trace_add(struct trace *trace, struct node *node, bool *renamed)
{
    bool ignored;
    if (!array_grow(&trace->node, &trace->room, trace->count, sizeof *trace->node) ||
        !make_unique(trace, node, renamed == NULL ? &ignored : renamed) ||
        !map_put(&trace->by_name, node->name, strlen(node->name), trace->count))
        return false;
    if (trace->log_count > 0) {
        node->log = trace->log_count - 1;
        trace->log[node->log].nodes++;
    }
    trace->node[trace->count++] = *node;
    memset(node, 0, sizeof *node);
    return true;
}

double node_end_s(const struct node *node)
{
    return node->offset_s + node->line[TRACE_MAIN].stats.last_s;
}

/* free sleeps its interval and works a little besides, so that the true period is longer than the interval. The trailer
 * tells how long the log took: its last sample was drawn at most one period before. */
static void correct_drift(struct node *node)
{
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    double took_s = node->end_epoch_s - node->start_epoch_s;
    if (!node->is_indexed || !(took_s > 0) || stats->count < 2 || !(node->interval_s > 0))
        return;
    double period_s = took_s / ((double)stats->count - 0.5);
    if (took_s <= (double)stats->count * node->interval_s)
        return;
    for (int line = 0; line < TRACE_LINE_COUNT; line++)
        series_stretch(&node->line[line], period_s / node->interval_s);
    for (size_t i = 0; i < node->event_count; i++)
        node->event[i].time_s *= period_s / node->interval_s;
}

static void align(struct trace *trace)
{
    double first_s = INFINITY, last_s = -INFINITY, longest_s = 0;
    trace->is_aligned = trace->count > 0;
    trace->start_epoch_s = NAN;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (!isfinite(node->start_epoch_s))
            trace->is_aligned = false;
        first_s = fmin(first_s, node->start_epoch_s);
        last_s = fmax(last_s, node->start_epoch_s);
        longest_s = fmax(longest_s, node->line[TRACE_MAIN].stats.last_s);
    }
    if (!trace->is_aligned)
        return;
    /* Runs of different days on one axis would be two strokes with nothing between. */
    if (last_s - first_s > 10 * (longest_s + 60)) {
        trace->is_aligned = false;
        trace->clocks_far_apart = true;
        return;
    }
    trace->start_epoch_s = first_s;
    for (size_t i = 0; i < trace->count; i++)
        trace->node[i].offset_s = trace->node[i].start_epoch_s - first_s;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* How far apart the ends of nodes may lie that were stopped together: a few samples, and the drift of `free`, whose
 * period is longer than its interval by up to a millisecond; only a trailer tells it. */
static double end_slack(const struct node *node, double span_s)
{
    double interval_s = node->interval_s;
    return isfinite(interval_s) && interval_s > 0 ? 3 * interval_s + span_s * (5e-4 + 1e-3 / interval_s)
                                                  : 0.01 * span_s;
}

/* Reads begin_s and end_s, and finds the nodes that end early. */
static void find_ends(struct trace *trace)
{
    double *end_s = malloc((trace->count + 1) * sizeof *end_s);
    trace->begin_s = INFINITY;
    trace->end_s = -INFINITY;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        double node_end = node_end_s(node);
        trace->begin_s = fmin(trace->begin_s, node->offset_s + node->line[TRACE_MAIN].stats.first_s);
        trace->end_s = fmax(trace->end_s, node_end);
        if (end_s != NULL)
            end_s[i] = node_end;
    }
    if (end_s == NULL || trace->count == 0) {
        free(end_s);
        return;
    }
    qsort(end_s, trace->count, sizeof *end_s, compare_doubles);
    double median_s = end_s[trace->count / 2];
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        node->ends_early = node_end_s(node) < median_s - end_slack(node, trace->end_s - trace->begin_s);
    }
    free(end_s);
}

void trace_finish(struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        correct_drift(&trace->node[i]);
    align(trace);
    find_ends(trace);
}

void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        node_free(&trace->node[i]);
    free(trace->node);
    map_free(&trace->by_name);
    free(trace->log);
    memset(trace, 0, sizeof *trace);
}

struct ranked {
    double peak;
    size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->peak != right->peak)
        return left->peak < right->peak ? 1 : -1;
    return left->index < right->index ? -1 : 1;
}

size_t *trace_order_by_peak(const struct trace *trace)
{
    struct ranked *ranked = malloc((trace->count + 1) * sizeof *ranked);
    size_t *order = malloc((trace->count + 1) * sizeof *order);
    if (ranked == NULL || order == NULL || trace->count == 0) {
        free(ranked);
        free(order);
        return NULL;
    }
    for (size_t i = 0; i < trace->count; i++)
        ranked[i] = (struct ranked){trace->node[i].line[TRACE_MAIN].stats.max, i};
    qsort(ranked, trace->count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < trace->count; i++)
        order[i] = ranked[i].index;
    free(ranked);
    return order;
}

bool trace_limit_applies(const struct trace *trace, double limit_bytes)
{
    if (!isfinite(limit_bytes))
        return false;
    for (size_t i = 0; i < trace->count && !trace_is_of_job(trace); i++) {
        const struct series_stats *memory = &trace->node[i].line[TRACE_MEMORY].stats;
        if (memory->count == 0 || limit_bytes < OWNER_SHARE * memory->max)
            return false;
    }
    return true;
}

double trace_max(const struct trace *trace, enum trace_line line)
{
    double max = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[line].stats;
        if (stats->count > 0)
            max = fmax(max, stats->max);
    }
    return max;
}

bool trace_agrees(const struct trace *trace, enum trace_line line, double *value)
{
    if (trace->count == 0)
        return false;
    const struct series_stats *first = &trace->node[0].line[line].stats;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[line].stats;
        if (stats->count == 0 || stats->min != first->max || stats->max != first->max)
            return false;
    }
    if (value != NULL)
        *value = first->max;
    return true;
}

double trace_interval(const struct trace *trace)
{
    double interval_s = trace->count > 0 ? trace->node[0].interval_s : NAN;
    for (size_t i = 1; i < trace->count; i++)
        if (!(fabs(trace->node[i].interval_s - interval_s) <= 0.01 * interval_s))
            return NAN;
    return interval_s;
}
