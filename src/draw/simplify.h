/* SPDX-License-Identifier: MIT */
/* simplify: reduces the buckets of a series to those points of a line that make a visible difference. */
#ifndef MEMTRACE_DRAW_SIMPLIFY_H
#define MEMTRACE_DRAW_SIMPLIFY_H

#include <stddef.h>

#include "model/series.h"

/* How times and values map to pixels: x = x_px + time * px_per_s, y = y_px + value * px_per_unit (negative if y grows
 * downwards). `pixel_px` is the width of a device pixel: 0.5 at twice the zoom. */
struct simplify_frame {
    double x_px, px_per_s;
    double y_px, px_per_unit;
    double pixel_px;
};

/* Receives the points in order. */
typedef void simplify_to(void *user, double x_px, double y_px);

/* Passes the points of a range of buckets without a gap to `to`; the first is the range's first sample and the last its
 * last. Their number grows with the width of the line on paper, not with the number of samples. Stroked with round
 * joins at 1.5 pixels or more, the line looks as if it went through every sample: fewer than 1 in 1000 of its pixels
 * differ from that by more than a quarter, as long as there are 2.5 buckets per pixel. (Bevel joins of dense noise
 * depend on each sample; no reduction looks the same with them.) Allocates nothing. */
void simplify_trace(const struct series *series, size_t first, size_t count, const struct simplify_frame *frame,
                    simplify_to *to, void *user);

#endif
