/* SPDX-License-Identifier: MIT */
/* coincident: finds lines that cannot be distinguished in a plot. Independent of positions on the sheet. */
#include "figure/coincident.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/findings.h"
#include "model/resample.h"

#define COLUMNS     200   /* columns of time in which lines are compared */
#define TOLERANCE   0.005 /* of the highest value: about 2 px */
#define SAME_TOTAL  0.01  /* totals that differ by a smaller share count as equal */
#define GROUP_LEAST 3     /* two names take no more space than "2 nodes alike" */

/* Returns true if a finding distinguishes a node from most others. */
static bool is_set_apart(const struct findings *findings, const struct trace *trace, size_t node)
{
    for (size_t i = 0; findings != NULL && i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        for (size_t k = 0; 2 * finding->count < trace->count && k < finding->node_count; k++)
            if (finding->node[k] == node)
                return true;
    }
    return false;
}

static bool may_join(const struct layout_request *request, const struct trace *trace, size_t index)
{
    const struct node *node = &trace->node[index];
    return node->line[TRACE_MAIN].stats.count > 0 && !node->ends_early &&
           !(request->draw_swap && node->line[TRACE_SWAP].stats.max > 0) &&
           !is_set_apart(request->findings, trace, index);
}

static bool differ(double one, double other, double tolerance)
{
    return fabs(one - other) > tolerance;
}

/* Returns true if the lines of two nodes differ by at most `tolerance`; `one` and `other` are the lowest and highest
 * values of their columns. Extremes are compared as well, since a run of one sample fills no column. */
static bool coincide(const struct node *node, const float *one, const struct node *other_node, const float *other,
                     double tolerance)
{
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats,
                              *other_stats = &other_node->line[TRACE_MAIN].stats;
    double total = node->line[TRACE_TOTAL].stats.max;
    if (differ(stats->max, other_stats->max, tolerance) || differ(stats->min, other_stats->min, tolerance) ||
        differ(total, other_node->line[TRACE_TOTAL].stats.max, SAME_TOTAL * total))
        return false;
    for (size_t i = 0; i < 2 * (size_t)COLUMNS; i++)
        if (isnan(one[i]) != isnan(other[i]) || differ(one[i], other[i], tolerance))
            return false;
    return true;
}

/* Dissolves groups that are too small. */
static void split_small(size_t *first, size_t *members, size_t count)
{
    for (size_t i = 0; i < count; i++)
        members[first[i]]++;
    for (size_t i = 0; i < count; i++)
        if (members[first[i]] < GROUP_LEAST)
            first[i] = i;
}

/* Fills `first`, one number per node: the first node in `order` whose line coincides with the node's, or the node
 * itself if there is none. Returns false if out of memory. */
static bool find_first(size_t *first, const struct layout_request *request, const struct trace *trace,
                       const size_t *order)
{
    float *line = calloc(trace->count, 2 * COLUMNS * sizeof *line);
    size_t *members = calloc(trace->count, sizeof *members);
    bool ok = line != NULL && members != NULL;
    double tolerance = TOLERANCE * layout_max(request, trace, TRACE_MAIN);
    for (size_t i = 0; ok && i < trace->count; i++) {
        const size_t index = order[i];
        const struct node *node = &trace->node[index];
        float *min = &line[2 * COLUMNS * index];
        first[index] = index;
        if (!may_join(request, trace, index))
            continue;
        resample_series(&node->line[TRACE_MAIN], trace->begin_s - node->offset_s, trace->end_s - node->offset_s,
                        COLUMNS, min, min + COLUMNS);
        for (size_t k = 0; k < i && first[index] == index; k++)
            if (first[order[k]] == order[k] && may_join(request, trace, order[k]) &&
                coincide(node, min, &trace->node[order[k]], &line[2 * COLUMNS * order[k]], tolerance))
                first[index] = order[k];
    }
    if (ok)
        split_small(first, members, trace->count);
    free(line);
    free(members);
    return ok;
}

bool coincident_rank(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     const size_t *order)
{
    size_t rank = 0;
    layout->rank = calloc(trace->count + 1, sizeof *layout->rank);
    if (layout->rank == NULL)
        return false;
    if (trace->count >= GROUP_LEAST && request->against == NULL) {
        layout->merged_with = calloc(trace->count, sizeof *layout->merged_with);
        if (layout->merged_with == NULL || !find_first(layout->merged_with, request, trace, order))
            return false;
    }
    for (size_t i = 0; i < trace->count; i++)
        layout->rank[order[i]] =
            layout_is_merged(layout, order[i]) ? layout->rank[layout->merged_with[order[i]]] : rank++;
    return true;
}
