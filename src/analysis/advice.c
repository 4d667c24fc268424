/* SPDX-License-Identifier: MIT */
/* advice: owns the arithmetic of what to request. Knows no text. */
#include "advice.h"

#include <math.h>

#define MIB                  1048576.0
#define GIB                  1073741824.0
#define RESERVE              1.15
#define FINDINGS_OWNER_SHARE 0.9 /* of the total, as in findings */

/* The step between values that people type, at a size. */
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
    /* 1 GiB and 2 GiB are no multiples of the steps below them. */
    if (bytes <= GIB && rounded > GIB)
        return GIB;
    return bytes <= 2 * GIB && rounded > 2 * GIB ? 2 * GIB : rounded;
}

/* The node's peak in bytes: the job's own, where that is known. */
static double peak_bytes(const struct trace *trace, const struct node *node)
{
    const struct series_stats *job = &node->line[TRACE_JOB].stats;
    double peak = node->line[TRACE_MAIN].stats.max;
    if (job->count > 0)
        return job->max;
    return trace->percent ? peak / 100 * node_percent_base(trace, node) : peak;
}

static double limit_of(const struct node *node, const struct findings_terms *terms)
{
    return isfinite(node->job_limit_bytes) ? node->job_limit_bytes : terms->job_limit_bytes;
}

/* Whether the memory is the job's, from its start to its end. */
static bool is_whole(const struct trace *trace, const struct node *node, const struct findings_terms *terms)
{
    double limit = limit_of(node, terms), total = node->line[TRACE_MEMORY].stats.max;
    bool has_job = node->line[TRACE_JOB].stats.count > 0;
    return isfinite(node->start_epoch_s) && isfinite(node->end_epoch_s) && !trace->is_cut &&
           (has_job || !(limit < FINDINGS_OWNER_SHARE * total));
}

void advice_find(struct advice *advice, const struct findings *findings, const struct trace *trace,
                 const struct findings_terms *terms)
{
    const struct finding *killed = findings_of(findings, FINDING_KILLED);
    size_t hottest = 0;
    bool is_killed = killed != NULL && killed->node_count > 0;
    if (!trace_is_used(trace) || (killed != NULL && !is_killed))
        return;
    for (size_t i = 0; i < trace->count; i++) {
        if (!is_killed && !is_whole(trace, &trace->node[i], terms))
            return;
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
}
