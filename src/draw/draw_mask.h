/* SPDX-License-Identifier: MIT */
/* draw_mask: lines that are painted onto an image at once, through a mask of what they cover. */
#ifndef MEMTRACE_DRAW_DRAW_MASK_H
#define MEMTRACE_DRAW_DRAW_MASK_H

#include <cairo.h>
#include <stdbool.h>

#include "coverage.h"
#include "figure/layout.h"
#include "figure/theme.h"

/* Between begin and paint. */
struct draw_mask {
    struct coverage mask;
    struct coverage_frame frame; /* of a series whose time is the plot's */
    double x, y;                 /* of the mask's corner on the image */
};

/* Begins a mask over layout->plot for lines of `width_px`. False where `cr` does not draw an image, which takes strokes
 * only, or memory runs out; draw_mask_paint must not be called then. */
bool draw_mask_begin(struct draw_mask *mask, cairo_t *cr, const struct layout *layout, double width_px);

/* Adds a line whose time 0 is at `offset_s` of the plot's time. */
void draw_mask_add(struct draw_mask *mask, const struct series *series, double offset_s);

/* Paints what was added, and ends the mask. */
void draw_mask_paint(struct draw_mask *mask, cairo_t *cr, struct colour colour);

#endif
