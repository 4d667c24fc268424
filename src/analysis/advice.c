/* SPDX-License-Identifier: MIT */
/* advice: computes how much memory to request. Does not phrase it. */
#include "advice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIB     1048576.0
#define GIB     1073741824.0
#define RESERVE 1.15

/* Returns the step between values that people type, for values of this size. */
static double step_at(double bytes)
{
    static const struct {
        double below, step;
    } steps[] = {{GIB, 50 * MIB},      {2 * GIB, 100 * MIB},   {20 * GIB, GIB},
                 {100 * GIB, 5 * GIB}, {1000 * GIB, 10 * GIB}, {INFINITY, 50 * GIB}};
    size_t i = 0;
    while (bytes > steps[i].below)
        i++;
    return steps[i].step;
}

double advice_round_up(double bytes)
{
    double step = step_at(bytes), rounded = step * ceil(bytes / step);
    /* 1 GiB and 2 GiB are not multiples of the steps below them. */
    if (bytes <= GIB && rounded > GIB)
        return GIB;
    return bytes <= 2 * GIB && rounded > 2 * GIB ? 2 * GIB : rounded;
}

/* Returns the node's peak in bytes: that of the job if known. */
static double peak_bytes(const struct trace *trace, const struct node *node)
{
    const struct series_stats *job = &node->line[TRACE_JOB].stats;
    double peak = node->line[TRACE_MAIN].stats.max;
    if (job->count > 0)
        return job->max;
    return trace->percent ? peak / 100 * node_percent_base(trace, node) : peak;
}

double advice_node_bytes(const struct trace *trace, const struct node *node)
{
    const struct series_stats *memory = &node->line[TRACE_MEMORY].stats;
    if (trace_is_of_job(trace))
        return node->job_node_bytes;
    return memory->count > 0 ? memory->max : 0;
}

/* Returns true if the node is known to have less memory than requested. */
static bool is_too_small(const struct trace *trace, const struct node *node, double bytes)
{
    double memory = advice_node_bytes(trace, node);
    return memory > 0 && bytes > memory;
}

static double limit_of(const struct node *node, const struct findings_terms *terms)
{
    return isfinite(node->job_limit_bytes) ? node->job_limit_bytes : terms->job_limit_bytes;
}

/* Returns true if the memory is the job's and was recorded from its start to its end. */
static bool is_whole(const struct trace *trace, const struct node *node, const struct findings_terms *terms)
{
    double limit = limit_of(node, terms), total = node->line[TRACE_MEMORY].stats.max;
    bool has_job = node->line[TRACE_JOB].stats.count > 0;
    return isfinite(node->start_epoch_s) && isfinite(node->end_epoch_s) && !trace->is_cut &&
           (has_job || !(limit < FINDINGS_OWNER_SHARE * total));
}

/* ---- job arrays ---- */

/* The memory that a task needs, including the reserve. */
struct need {
    double bytes;
    size_t node;
    bool is_killed; /* it needs more than `bytes` */
};

static int compare_needs(const void *a, const void *b)
{
    const struct need *left = a, *right = b;
    if (left->is_killed != right->is_killed)
        return left->is_killed ? 1 : -1;
    if (left->bytes != right->bytes)
        return left->bytes < right->bytes ? -1 : 1;
    return left->node < right->node ? 1 : -1;
}

/* Sorts by task, and the logs of a task by need, greatest first. */
static int compare_tasks(const void *a, const void *b, void *user)
{
    const struct trace *trace = user;
    const struct need *left = a, *right = b;
    const struct node *one = &trace->node[left->node], *two = &trace->node[right->node];
    int order = strcmp(one->array, two->array);
    if (order == 0)
        order = strcmp(one->task, two->task);
    return order != 0 ? order : compare_needs(b, a);
}

/* Fills `need` with the tasks that were recorded from start to end or killed, and returns their number. Each task
 * counts with its hottest node, as --mem applies per node. */
static size_t find_needs(const struct trace *trace, const struct findings_terms *terms, struct need *need)
{
    size_t count = 0, tasks = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        bool is_killed = node->oom_kills > 0 || strcmp(node->job_state, "OUT_OF_MEMORY") == 0;
        double peak = peak_bytes(trace, node), limit = limit_of(node, terms);
        if (!is_killed && !is_whole(trace, node, terms))
            continue;
        need[count].node = i;
        need[count].is_killed = is_killed;
        need[count++].bytes = is_killed && isfinite(limit) ? fmax(limit, peak) : RESERVE * peak;
    }
    if (count > 0)
        qsort_r(need, count, sizeof *need, compare_tasks, (void *)trace);
    for (size_t i = 0; i < count; i++) {
        const struct node *node = &trace->node[need[i].node];
        const struct node *last = tasks > 0 ? &trace->node[need[tasks - 1].node] : NULL;
        if (last == NULL || strcmp(last->array, node->array) != 0 || strcmp(last->task, node->task) != 0)
            need[tasks++] = need[i];
    }
    return tasks;
}

/* Computes the request that fits 99 in 100 tasks, and the one that fits all. */
static bool advise_array(struct advice *advice, const struct trace *trace, const struct findings_terms *terms)
{
    struct need *need = calloc(trace->count, sizeof *need);
    size_t count = need == NULL ? 0 : find_needs(trace, terms, need);
    size_t survivors = 0, wanted = (99 * count + 99) / 100;
    if (count > 0)
        qsort(need, count, sizeof *need, compare_needs);
    while (survivors < count && !need[survivors].is_killed)
        survivors++;
    if (survivors > 0) {
        const struct need *last = &need[(wanted < survivors ? wanted : survivors) - 1];
        const struct need *highest = &need[count - 1];
        advice->is_known = true;
        advice->mem_bytes = advice_round_up(last->bytes);
        advice->node = last->node;
        advice->is_above_node = is_too_small(trace, &trace->node[last->node], advice->mem_bytes);
        advice->needed_bytes = last->bytes / RESERVE;
        advice->task_count = count;
        while (advice->fit_count < survivors && need[advice->fit_count].bytes <= advice->mem_bytes)
            advice->fit_count++;
        for (size_t i = 0; i < ADVICE_ABOVE_MAX && i < count - advice->fit_count; i++)
            advice->above[i] = need[count - 1 - i].node;
        advice->is_all_bound = highest->is_killed;
        advice->all_bytes = highest->is_killed ? highest->bytes : advice_round_up(highest->bytes);
    }
    bool ok = need != NULL;
    free(need);
    return ok;
}

bool advice_find(struct advice *advice, const struct findings *findings, const struct trace *trace,
                 const struct findings_terms *terms)
{
    const struct finding *killed = findings_of(findings, FINDING_KILLED);
    size_t hottest = 0;
    bool is_killed = killed != NULL && killed->node_count > 0;
    if (trace->is_array && trace_is_used(trace)) {
        return advise_array(advice, trace, terms);
    }
    if (!trace_is_used(trace) || (killed != NULL && !is_killed))
        return true;
    for (size_t i = 0; i < trace->count; i++) {
        if (!is_killed && !is_whole(trace, &trace->node[i], terms))
            return true;
        if (peak_bytes(trace, &trace->node[i]) > peak_bytes(trace, &trace->node[hottest]))
            hottest = i;
    }
    if (is_killed)
        hottest = killed->node[0];
    const struct node *node = &trace->node[hottest];
    double peak = peak_bytes(trace, node), limit = limit_of(node, terms);
    *advice = (struct advice){.is_known = true, .node = hottest, .needed_bytes = peak, .is_lower_bound = is_killed};
    if (!is_killed)
        advice->mem_bytes = advice_round_up(RESERVE * peak);
    else if (isfinite(limit))
        advice->mem_bytes = limit;
    else
        advice->mem_bytes = step_at(peak) * floor(peak / step_at(peak));
    advice->is_known = advice->mem_bytes > 0;
    advice->is_above_node = !is_killed && is_too_small(trace, node, advice->mem_bytes);
    return true;
}
