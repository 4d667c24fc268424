/* SPDX-License-Identifier: MIT */
/* resample: many nodes on common columns of time: the highest value of each node, and how the nodes are spread. */
#ifndef MEMTRACE_MODEL_RESAMPLE_H
#define MEMTRACE_MODEL_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace.h"

/* How the nodes that have data in a column of time are spread there. Without any, `nodes` is 0 and the rest means
 * nothing. */
struct resample_band {
    size_t nodes;
    float min, low, median, high, max; /* low and high: the 5th and 95th percentile of the nodes' highest values */
};

/* `rows` x `columns` values, row by row from the top, NAN where there are no data. Row r stands for the nodes whose
 * places in the order are resample_row_first(r) up to, less than, resample_row_first(r + 1), and shows the highest of
 * them. */
struct resampled {
    size_t rows, columns, nodes;
    double from_s, to_s; /* the columns' time */
    float *value;
    struct resample_band *band; /* one a column; NULL when not asked for */
};

/* The columns that nodes are resampled to, and the plot's time that they span. */
struct resample_frame {
    size_t columns;
    double from_s, to_s;
};

/* Fills `heat` from the main lines of a finished trace: `order` gives the nodes from the top row down (trace->count of
 * them). The number of rows is `rows_max` or that of the nodes, whichever is less. Percentiles are exact to a 1024th of
 * the highest value. False when memory is short. resample_free must be called in any case. */
bool resample_fill(struct resampled *heat, const struct trace *trace, const size_t *order, size_t rows_max,
                   const struct resample_frame *frame, bool with_bands);

/* Frees and zeroes; a zeroed one is allowed. */
void resample_free(struct resampled *heat);

/* Place in the order of a row's first node. */
size_t resample_row_first(const struct resampled *heat, size_t row);

/* The lowest and highest value of a series in each of `columns` columns from `from_s` to `to_s` of its own time (NAN
 * where there are no data); between two samples without a gap the values lie on a straight line. */
void resample_series(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max);

#endif
