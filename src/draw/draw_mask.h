/* SPDX-License-Identifier: MIT */
/* draw_mask: paints many lines onto an image in one step, through a mask of the pixels they cover. */
#ifndef MEMTRACE_DRAW_DRAW_MASK_H
#define MEMTRACE_DRAW_DRAW_MASK_H

#include <cairo.h>
#include <stdbool.h>

#include "coverage.h"
#include "figure/layout.h"
#include "figure/theme.h"

/* The state between begin and paint. */
struct draw_mask {
    struct coverage mask;
    struct coverage_frame frame; /* for a series that starts at the plot's time 0 */
    double x, y;                 /* position of the mask's corner on the image */
};

/* Begins a mask over layout->plot for lines of `width_px`. Returns false if `cr` does not draw onto an image, where
 * lines must be stroked instead, or if out of memory; draw_mask_paint must not be called then. */
bool draw_mask_begin(struct draw_mask *mask, cairo_t *cr, const struct layout *layout, double width_px);

/* Adds a line whose time 0 is at `offset_s` in the plot's time. */
void draw_mask_add(struct draw_mask *mask, const struct series *series, double offset_s);

/* Paints the added lines and frees the mask. */
void draw_mask_paint(struct draw_mask *mask, cairo_t *cr, struct colour colour);

#endif
