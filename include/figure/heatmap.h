/* SPDX-License-Identifier: MIT */
/* heatmap: shows the nodes as rows of colours, and defines the meaning of the colours. */
#ifndef MEMTRACE_FIGURE_HEATMAP_H
#define MEMTRACE_FIGURE_HEATMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/focus.h"
#include "model/resample.h"

/* What the colours represent: values, or deviations from the median of all nodes; HEAT_AUTO chooses deviations if the
 * nodes are similar. In the order of --heat. */
enum heat_mode { HEAT_AUTO, HEAT_VALUE, HEAT_DEVIATION };

/* A zeroed heatmap is empty. */
struct heatmap {
    enum heat_mode mode;    /* not HEAT_AUTO */
    struct resampled all;   /* with bands */
    struct resampled focus; /* a row per named node */
    size_t *order;          /* nodes from the top row of `all` down. Owned. */
    float *deviation;       /* of `all`; NULL unless in that mode. Owned. */
    double top;             /* value at the upper end of the colours */
    double range;           /* deviation at either end of the colours */
};

/* Resamples all nodes to at most `rows_max` rows, and the named ones to separate rows. `by_peak` is from
 * trace_order_by_peak; if several nodes share a row, those whose logs lack data at some time of the run come last, on
 * separate rows. Returns false if out of memory. heatmap_free must be called in any case. */
bool heatmap_fill(struct heatmap *heat, const struct trace *trace, const size_t *by_peak, const struct focus *focus,
                  size_t focus_count, enum heat_mode mode, const struct resample_frame *frame, size_t rows_max);

/* Returns true if a node lacks data at some time of the columns; starts or ends that differ by about an interval do not
 * count.
 */
bool heatmap_is_incomplete(const struct trace *trace, const struct node *node, const struct resample_frame *frame);

/* Frees and zeroes. */
void heatmap_free(struct heatmap *heat);

/* The value shown at a row and column of `all`, as a share of the upper end (0 to 1) or of the range (-1 to 1); NAN
 without data. */
double heatmap_share(const struct heatmap *heat, size_t row, size_t column);

/* The same for a named node's row: always 0 to 1 of the upper end. */
double heatmap_focus_share(const struct heatmap *heat, size_t row, size_t column);

/* The row of a node; all.rows if it has none. */
size_t heatmap_row(const struct heatmap *heat, size_t node);

#endif
