/* SPDX-License-Identifier: MIT */
/* simplify: the buckets of a series as the points of a line, no more of them than can be seen. */
#ifndef MEMTRACE_DRAW_SIMPLIFY_H
#define MEMTRACE_DRAW_SIMPLIFY_H

#include <stddef.h>

#include "model/series.h"

/* How times and values become px: x = x_px + time * px_per_s, y = y_px + value * px_per_unit
 * (negative where y grows downwards). `pixel_px` is the width of a device's pixel: 0.5 at twice the
 * zoom. */
struct simplify_frame {
    double x_px, px_per_s;
    double y_px, px_per_unit;
    double pixel_px;
};

/* Takes the points in their order. */
typedef void simplify_to(void *user, double x_px, double y_px);

/* Gives the points of one stretch of `count` buckets without a gap, from bucket `first` of those that series_buckets
 * counted, to `to`; the first is the stretch's first sample and the
 * last its last. Their number grows with the width of the line on paper, not with the samples. Stroked with round joins
 * at 1.5 pixels or more the line looks as if it went through every sample: fewer than 1 in 1000 of its pixels differ by
 * more than a quarter from that, as long as there are 2.5 buckets per pixel. (Bevel joins of dense noise depend on each
 * sample; no reduction looks the same with them.) Allocates nothing. */
void simplify_trace(const struct series *series, size_t first, size_t count, const struct simplify_frame *frame,
                    simplify_to *to, void *user);

#endif
