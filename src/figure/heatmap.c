/* SPDX-License-Identifier: MIT */
/* heatmap: decides which nodes share a row, and whether colours show values or deviations. Independent of colours and
 * positions. */
#include "figure/heatmap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIKE_NODES     8     /* with fewer nodes there is no middle to differ from */
#define ALIKE_SPREAD    0.25  /* middle half of the nodes, as a share of the median */
#define RANGE_LEAST     0.005 /* of the median: smaller deviations are noise */
#define SEAM_INTERVALS  2.5   /* logs that start or end within this many intervals count as simultaneous */
#define BINS            256
#define ROW_PERCENTILE  0.95 /* of a row's columns, so that a spike does not set the range */
#define ALL_PERCENTILE  0.95 /* of the rows */
#define FAR_TIMES       2.0  /* if the total exceeds the peak by this factor, the colours end at the peak */
#define OUTLIER_DIVISOR 2.0  /* an outlier may exceed the range of the others by this factor */

bool heatmap_is_incomplete(const struct trace *trace, const struct node *node, const struct resample_frame *frame)
{
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    double least_s = 2 * (frame->to_s - frame->from_s) / (double)frame->columns, from_s, to_s;
    if (isfinite(node->interval_s))
        least_s = fmax(least_s, SEAM_INTERVALS * node->interval_s);
    return stats->first_s + node->offset_s > frame->from_s + least_s ||
           stats->last_s + node->offset_s < frame->to_s - least_s || focus_gap(trace, node, &from_s, &to_s);
}

struct ending {
    double end_s;
    size_t node;
};

/* Puts the node whose log ends last first; equal ones keep their order. */
static int compare_endings(const void *a, const void *b)
{
    const struct ending *left = a, *right = b;
    if (left->end_s != right->end_s)
        return left->end_s < right->end_s ? 1 : -1;
    return (left->node > right->node) - (left->node < right->node);
}

/* Puts the incomplete nodes last if several nodes share a row; returns their number. */
static size_t set_apart(struct heatmap *heat, const struct trace *trace, const size_t *by_peak,
                        const struct resample_frame *frame)
{
    struct ending *ending = calloc(trace->count + 1, sizeof *ending);
    size_t apart = 0, kept = 0;
    if (ending == NULL)
        return SIZE_MAX;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[by_peak[i]];
        if (heatmap_is_incomplete(trace, node, frame))
            ending[apart++] = (struct ending){node_end_s(node), by_peak[i]};
        else
            heat->order[kept++] = by_peak[i];
    }
    qsort(ending, apart, sizeof *ending, compare_endings);
    for (size_t i = 0; i < apart; i++)
        heat->order[kept + i] = ending[i].node;
    free(ending);
    return apart;
}

/* The value of `bin` that `share` of the counted values do not exceed, as a share of the highest. */
static double percentile(const uint32_t bin[BINS], double share)
{
    double all = 0, passed = 0;
    size_t i = 0;
    for (size_t k = 0; k < BINS; k++)
        all += bin[k];
    for (; i < BINS - 1; i++) {
        passed += bin[i];
        if (passed >= share * all)
            break;
    }
    return (double)(i + 1) / BINS;
}

static size_t bin_of(double share)
{
    return (size_t)fmin(fmax(share, 0) * BINS, BINS - 1);
}

/* Writes how far the means of each row are from the median; of nodes that share a row, the farther one. Returns the
 * maximum. */
static double fill_deviation(struct heatmap *heat)
{
    const struct resampled *all = &heat->all;
    double farthest = 0;
    for (size_t i = 0; i < all->rows * all->columns; i++) {
        double median = (double)all->band[i % all->columns].median;
        double above = (double)all->mean[i] - median, below = (double)all->mean_low[i] - median;
        double deviation = fabs(below) > fabs(above) ? below : above;
        heat->deviation[i] = (float)deviation;
        farthest = isnan(deviation) ? farthest : fmax(farthest, fabs(deviation));
    }
    return farthest;
}

/* A range in which neither spikes nor a single outlier leave the others without colour. */
static double find_range(const struct heatmap *heat, double farthest)
{
    const struct resampled *all = &heat->all;
    uint32_t rows[BINS] = {0};
    double highest = 0;
    for (size_t row = 0; row < all->rows && farthest > 0; row++) {
        uint32_t bin[BINS] = {0};
        for (size_t column = 0; column < all->columns; column++) {
            double deviation = fabs((double)heat->deviation[row * all->columns + column]);
            if (!isnan(deviation))
                bin[bin_of(deviation / farthest)]++;
        }
        double share = percentile(bin, ROW_PERCENTILE);
        highest = fmax(highest, share);
        rows[bin_of(share - 0.5 / BINS)]++;
    }
    return farthest * fmax(percentile(rows, ALL_PERCENTILE), highest / OUTLIER_DIVISOR);
}

/* Returns true if the nodes are similar at most times. `level` becomes the mean of the medians. */
static bool is_alike(const struct resampled *all, double *level)
{
    double spread = 0, median = 0, columns = 0;
    for (size_t i = 0; i < all->columns; i++) {
        const struct resample_band *band = &all->band[i];
        if (band->nodes < ALIKE_NODES)
            continue;
        spread += (double)band->high - (double)band->low;
        median += (double)band->median;
        columns++;
    }
    *level = columns > 0 ? median / columns : 0;
    return median > 0 && spread <= ALIKE_SPREAD * median;
}

/* Decides what the colours show. */
static bool choose_mode(struct heatmap *heat, enum heat_mode mode)
{
    double level;
    bool alike = is_alike(&heat->all, &level);
    heat->mode = HEAT_VALUE;
    if (mode == HEAT_VALUE || (mode == HEAT_AUTO && !alike))
        return true;
    heat->deviation = malloc((heat->all.rows * heat->all.columns + 1) * sizeof *heat->deviation);
    if (heat->deviation == NULL)
        return false;
    heat->range = find_range(heat, fill_deviation(heat));
    if (mode == HEAT_AUTO && heat->range < RANGE_LEAST * level)
        return true;
    heat->mode = HEAT_DEVIATION;
    if (!(heat->range > 0))
        heat->range = level > 0 ? level : 1; /* all values are equal */
    return true;
}

/* The value at the upper end of the colours: the highest total if it is not far above the peak, else the highest
 * peak. */
static double find_top(const struct trace *trace)
{
    double peak = trace_max(trace, TRACE_MAIN), total = trace_max(trace, TRACE_TOTAL);
    return total >= peak && total <= FAR_TIMES * peak ? total : peak;
}

bool heatmap_fill(struct heatmap *heat, const struct trace *trace, const size_t *by_peak, const struct focus *focus,
                  size_t focus_count, enum heat_mode mode, const struct resample_frame *frame, size_t rows_max)
{
    size_t named[FOCUS_MAX];
    memset(heat, 0, sizeof *heat);
    heat->order = malloc((trace->count + 1) * sizeof *heat->order);
    if (heat->order == NULL)
        return false;
    memcpy(heat->order, by_peak, trace->count * sizeof *heat->order);
    size_t apart = trace->count > rows_max ? set_apart(heat, trace, by_peak, frame) : 0;
    for (size_t i = 0; i < focus_count; i++)
        named[i] = focus[i].node;
    const struct resample_rows rows = {heat->order, trace->count, rows_max > 0 ? rows_max : 1, apart};
    const struct resample_rows few = {named, focus_count, focus_count, 0};
    heat->top = find_top(trace);
    return apart != SIZE_MAX && resample_fill(&heat->all, trace, &rows, frame, true) &&
           resample_fill(&heat->focus, trace, &few, frame, false) && choose_mode(heat, mode);
}

void heatmap_free(struct heatmap *heat)
{
    resample_free(&heat->all);
    resample_free(&heat->focus);
    free(heat->order);
    free(heat->deviation);
    memset(heat, 0, sizeof *heat);
}

double heatmap_share(const struct heatmap *heat, size_t row, size_t column)
{
    size_t at = row * heat->all.columns + column;
    if (heat->mode == HEAT_DEVIATION)
        return (double)heat->deviation[at] / heat->range;
    return heat->top > 0 ? (double)heat->all.value[at] / heat->top : (double)heat->all.value[at];
}

double heatmap_focus_share(const struct heatmap *heat, size_t row, size_t column)
{
    float value = heat->focus.value[row * heat->focus.columns + column];
    return heat->top > 0 ? (double)value / heat->top : (double)value;
}

size_t heatmap_row(const struct heatmap *heat, size_t node)
{
    size_t row = 0, place = 0;
    while (place < heat->all.nodes && heat->order[place] != node)
        place++;
    while (place < heat->all.nodes && row + 1 < heat->all.rows && resample_row_first(&heat->all, row + 1) <= place)
        row++;
    return place < heat->all.nodes ? row : heat->all.rows;
}
