/* SPDX-License-Identifier: MIT */
/* resample: resamples many nodes to common columns of time: the highest value of each node, and the distribution over
   the nodes. */
#ifndef MEMTRACE_MODEL_RESAMPLE_H
#define MEMTRACE_MODEL_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace.h"

/* How the nodes that have data in a column of time are distributed there. Without any, `nodes` is 0 and the rest is
 * undefined. */
struct resample_band {
    size_t nodes;
    float min, max;          /* of all samples */
    float low, median, high; /* quartiles and median of the nodes' means in the column */
};

/* `rows` x `columns` values, row by row from the top, NAN where there are no data. Row r represents the nodes whose
 * indices in the order are resample_row_first(r) up to, but excluding, resample_row_first(r + 1). */
struct resampled {
    size_t rows, columns, nodes;
    size_t apart;               /* nodes at the end of the order that have separate rows */
    double from_s, to_s;        /* time span of the columns */
    bool is_low;                /* `value` is the lowest sample, as low values matter for available and free memory */
    float *value;               /* the highest sample of the row's nodes */
    float *mean_low, *mean;     /* the lowest and the highest of the means of the row's nodes; NULL without bands */
    struct resample_band *band; /* one per column; NULL without bands */
};

/* The columns that nodes are resampled to, and the time of the plot that they span. */
struct resample_frame {
    size_t columns;
    double from_s, to_s;
};

/* Which nodes go on which rows, from the top down: `count` nodes on `rows_max` rows at most. The last `apart` of them
 * have separate rows, in which a column is NAN if any of the row's nodes lacks data there, so that the ends of logs are
 * visible. */
struct resample_rows {
    const size_t *order;
    size_t count, rows_max, apart;
};

/* Fills `heat` from the main lines of a finished trace. Quartiles and medians are exact to a 1024th of the highest
 * value. Returns false if out of memory. resample_free must be called in any case. */
bool resample_fill(struct resampled *heat, const struct trace *trace, const struct resample_rows *rows,
                   const struct resample_frame *frame, bool with_bands);

/* Frees and zeroes; accepts a zeroed one. */
void resample_free(struct resampled *heat);

/* Index in the order of a row's first node. */
size_t resample_row_first(const struct resampled *heat, size_t row);

/* The lowest and highest value of a series in each of `columns` columns from `from_s` to `to_s` of its own time (NAN
 * where there are no data); between two samples without a gap the values are interpolated linearly. */
void resample_series(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max);

/* The same with the mean of the samples in each column, NAN where there are no data. */
void resample_means(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max,
                    float *mean);

#endif
