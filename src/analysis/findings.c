/* findings: owns the choice of nodes that are named, and the rule for a leak. Knows no picture. */
#include "analysis/findings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/resample.h"

#define PARTS        48
#define HALF_LEAST_S 300 /* shorter growth is a start, not a leak */
#define NAMED_PEAKS  3
#define NAMED_EARLY  2

double notable_level(const struct node *node, double limit)
{
    const struct series_stats *total = &node->line[TRACE_TOTAL].stats;
    if (isfinite(limit))
        return limit;
    return total->count > 0 ? total->max : 0;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The median slope of all pairs of parts, and the share of pairs that rise. */
static double theil_sen(const float low[PARTS], double *rising)
{
    double slope[PARTS * (PARTS - 1) / 2] = {0};
    size_t count = 0, up = 0;
    for (int i = 0; i < PARTS; i++) {
        for (int k = i + 1; k < PARTS; k++) {
            slope[count] = ((double)low[k] - (double)low[i]) / (k - i);
            up += slope[count++] > 0;
        }
    }
    qsort(slope, count, sizeof slope[0], compare_doubles);
    *rising = (double)up / (double)count;
    return slope[count / 2];
}

bool notable_leak(const struct node *node, double level, struct leak *leak)
{
    const struct series *series = &node->line[TRACE_MAIN];
    const struct series_stats *stats = &series->stats;
    float low[PARTS], high[PARTS];
    double half_s = (stats->first_s + stats->last_s) / 2;
    double span_s = stats->last_s - half_s;
    /* A last value far below the peak has given its memory back: cheap, and true of most nodes. */
    if (stats->count < 2 * PARTS || !(level > 0) || span_s < HALF_LEAST_S || stats->last < 0.9 * stats->max ||
        stats->last >= level)
        return false;
    resample_series(series, half_s, stats->last_s, PARTS, low, high);
    for (int i = 0; i < PARTS; i++)
        if (isnan(low[i]))
            return false;
    double rise = (double)low[PARTS - 1] - (double)low[0];
    if (rise < 0.05 * level)
        return false;
    double middle = (double)low[PARTS / 2], rising;
    if (middle - (double)low[0] < rise / 4 || (double)low[PARTS - 1] - middle < rise / 4)
        return false;
    double slope = theil_sen(low, &rising) * PARTS / span_s;
    if (rising < 0.9 || slope * span_s < 0.05 * level)
        return false;
    leak->slope = slope;
    leak->left_s = (level - stats->last) / slope;
    return true;
}

/* Adds a reason to a node, which is appended when it is new and there is room. */
static void add_reason(struct notable *notable, size_t *count, size_t node, enum notable_reason reason)
{
    for (size_t i = 0; i < *count; i++) {
        if (notable[i].node == node) {
            notable[i].reasons |= (unsigned int)reason;
            return;
        }
    }
    if (*count < NOTABLE_MAX)
        notable[(*count)++] = (struct notable){node, (unsigned int)reason};
}

static void add_early(const struct trace *trace, struct notable *notable, size_t *count)
{
    double after_s = -INFINITY;
    for (int k = 0; k < NAMED_EARLY; k++) {
        size_t first = trace->count;
        for (size_t i = 0; i < trace->count; i++) {
            const struct node *node = &trace->node[i];
            if (node->ends_early && node_end_s(node) > after_s &&
                (first == trace->count || node_end_s(node) < node_end_s(&trace->node[first])))
                first = i;
        }
        if (first == trace->count)
            return;
        add_reason(notable, count, first, NOTABLE_EARLY);
        after_s = node_end_s(&trace->node[first]);
    }
}

static void add_swap(const struct trace *trace, struct notable *notable, size_t *count)
{
    size_t most = trace->count;
    double max = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[TRACE_SWAP].stats;
        if (stats->count > 0 && stats->max > max) {
            max = stats->max;
            most = i;
        }
    }
    if (most < trace->count)
        add_reason(notable, count, most, NOTABLE_SWAP);
}

static void add_leak(const struct trace *trace, struct notable *notable, size_t *count)
{
    size_t worst = trace->count;
    double slope = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        struct leak leak;
        if (notable_leak(node, notable_level(node, NAN), &leak) && leak.slope > slope) {
            slope = leak.slope;
            worst = i;
        }
    }
    if (worst < trace->count)
        add_reason(notable, count, worst, NOTABLE_LEAK);
}

size_t notable_find(const struct trace *trace, const size_t *order, struct notable notable[NOTABLE_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < trace->count && i < NAMED_PEAKS; i++)
        add_reason(notable, &count, order[i], NOTABLE_PEAK);
    add_early(trace, notable, &count);
    add_swap(trace, notable, &count);
    add_leak(trace, notable, &count);
    return count;
}

/* Appends to `text` what fits. */
static void append(char *text, size_t size, const char *more)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s", more);
}

void notable_words(char *text, size_t size, const struct trace *trace, const struct notable *notable, size_t count)
{
    static const struct {
        enum notable_reason reason;
        const char *words;
    } reasons[] = {
        {NOTABLE_PEAK, "highest"}, {NOTABLE_EARLY, "ends early"}, {NOTABLE_SWAP, "swapped"}, {NOTABLE_LEAK, "grows"}};
    snprintf(text, size, "named: ");
    for (size_t i = 0; i < count; i++) {
        bool reported = false;
        append(text, size, i > 0 ? ", " : "");
        append(text, size, trace->node[notable[i].node].name);
        /* Those that follow with the same reason alone need no words of their own. */
        if (i + 1 < count && notable[i + 1].reasons == notable[i].reasons)
            continue;
        append(text, size, " (");
        for (size_t k = 0; k < sizeof reasons / sizeof reasons[0]; k++) {
            if ((notable[i].reasons & (unsigned int)reasons[k].reason) == 0)
                continue;
            append(text, size, reported ? ", " : "");
            append(text, size, reasons[k].words);
            reported = true;
        }
        append(text, size, ")");
    }
}
