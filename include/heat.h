/* heat: many nodes on common columns of time: the highest value of each node, and how the nodes are spread. */
#ifndef MEMTRACE_HEAT_H
#define MEMTRACE_HEAT_H

#include <stdbool.h>
#include <stddef.h>

#include "trace.h"

/* How the nodes that have data in a column of time are spread there. Without any, `nodes` is 0 and the rest means
 * nothing. */
struct heat_band {
    size_t nodes;
    float min, low, median, high, max; /* low and high: the 5th and 95th percentile of the nodes' highest values */
};

/* `rows` x `columns` values, row by row from the top, NAN where there are no data. Row r stands for the nodes whose
 * places in the order are heat_row_first(r) up to, less than, heat_row_first(r + 1), and shows the highest of them. */
struct heat {
    size_t rows, columns, nodes;
    double from_s, to_s; /* the columns' time */
    float *value;
    struct heat_band *band; /* one a column; NULL when not asked for */
};

/* The columns that nodes are resampled to, and the plot's time that they span. */
struct heat_frame {
    size_t columns;
    double from_s, to_s;
};

/* Fills `heat` from the main lines of a finished trace: `order` gives the nodes from the top row down (trace->count of
 * them). The number of rows is `rows_max` or that of the nodes, whichever is less. Percentiles are exact to a 1024th of
 * the highest value. False when memory is short. heat_free must be called in any case. */
bool heat_fill(struct heat *heat, const struct trace *trace, const size_t *order, size_t rows_max,
               const struct heat_frame *frame, bool with_bands);

/* Frees and zeroes; a zeroed one is allowed. */
void heat_free(struct heat *heat);

/* Place in the order of a row's first node. */
size_t heat_row_first(const struct heat *heat, size_t row);

/* The lowest and highest value of a series in each of `columns` columns from `from_s` to `to_s` of its own time (NAN
 * where there are no data); between two samples without a gap the values lie on a straight line. */
void heat_resample(const struct series *series, double from_s, double to_s, size_t columns, float *min, float *max);

#endif
