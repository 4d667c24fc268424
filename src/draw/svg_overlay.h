/* SPDX-License-Identifier: MIT */
/* svg_overlay: elements at the end of an SVG: labels that can be selected and searched, and names of lines under the
 * pointer. */
#ifndef MEMTRACE_DRAW_SVG_OVERLAY_H
#define MEMTRACE_DRAW_SVG_OVERLAY_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"
#include "figure/layout.h"
#include "figure/theme.h"

/* The elements so far; a zeroed one is empty. */
struct svg_overlay {
    struct strbuf text; /* Owned. */
};

/* Makes `overlay` collect the labels that are drawn on a surface. */
void svg_overlay_attach(cairo_surface_t *surface, struct svg_overlay *overlay);

/* The overlay of the surface that `cr` draws on, NULL if labels are to be drawn as shapes. */
struct svg_overlay *svg_overlay_of(cairo_t *cr);

/* Adds a label: its width in px, so that another typeface takes the same space, and the colours of its text and its
 * halo. */
void svg_overlay_label(struct svg_overlay *overlay, cairo_t *cr, const struct label *label, double width_px,
                       struct colour ink, struct colour ground);

/* Adds an invisible line along the main line of a node in layout->plot, with the title `title`, which browsers show
 * next to the pointer. */
void svg_overlay_line(struct svg_overlay *overlay, cairo_t *cr, const struct layout *layout, const struct node *node,
                      const char *title);

/* The elements in a group; "" if there are none. */
void svg_overlay_finish(struct svg_overlay *overlay, struct strbuf *elements);

/* Frees and zeroes the overlay. */
void svg_overlay_free(struct svg_overlay *overlay);

#endif
