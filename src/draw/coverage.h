/* SPDX-License-Identifier: MIT */
/* coverage: many lines of one colour, as the coverage of pixels, column by column. */
#ifndef MEMTRACE_DRAW_COVERAGE_H
#define MEMTRACE_DRAW_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/series.h"

/* Coverage, 0 to 255, of `columns` x `rows` pixels. Each column is contiguous and starts at its upper end. Owned. */
struct coverage {
    size_t columns, rows, margin; /* parts of columns beyond each side from which the pen reaches into the mask */
    float radius_px;              /* of the pen */
    unsigned char *coverage;
    float *low, *high;   /* the line being added: first its values, then its y, in each part of a column and a few parts
                          * around it */
    float *top, *bottom; /* what the line covers in each part */
};

/* The position of a series on the mask: the columns span the series' time from `from_s` to `to_s`; a value is drawn
 * `y_px` + value * `px_per_unit` below the upper edge. `px_per_unit` is negative, as higher values are further up. */
struct coverage_frame {
    double from_s, to_s;
    double y_px, px_per_unit;
};

/* An empty mask for lines of `width_px`. Returns false if out of memory. coverage_free must be called in any case. */
bool coverage_init(struct coverage *mask, size_t columns, size_t rows, double width_px);

void coverage_free(struct coverage *mask);

/* Adds a line as drawn by a round pen: in each quarter of a column it covers the range between the lowest and the
 * highest value, widened by the pen. The order of lines does not matter. */
void coverage_add(struct coverage *mask, const struct series *series, const struct coverage_frame *frame);

/* Copies the mask to `pixels` row by row; rows start `stride` bytes apart. */
void coverage_copy(const struct coverage *mask, unsigned char *pixels, size_t stride);

#endif
