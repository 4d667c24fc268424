/* SPDX-License-Identifier: MIT */
/* draw: a trace and its layout onto a Cairo context. */
#ifndef MEMTRACE_DRAW_DRAW_H
#define MEMTRACE_DRAW_DRAW_H

#include <cairo.h>
#include <stddef.h>

#include "draw/font.h"
#include "figure/layout.h"
#include "figure/theme.h"
#include "model/resample.h"
#include "model/runs.h"
#include "model/trace.h"

/* The whole picture of layout_lines: background, grid, lines, labels. `against` (may be NULL) are the baselines, drawn
 * lighter in the background; nodes of the same name have the same colour. */
void draw_lines(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct runs *against,
                const struct theme *theme, struct font *font);

/* Draws the whole picture of layout_overview. `against` has the bands of `runs` other runs, of which the maximum and
 * the median are drawn dashed. */
void draw_overview(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct resampled *against,
                   size_t runs, const struct theme *theme, struct font *font);

/* The whole picture of layout_panels. `against` as in draw_lines. */
void draw_panels(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct runs *against,
                 const struct theme *theme, struct font *font);

/* Colour of a baseline's line, unless it has the colour of a node. */
struct colour draw_run_colour(const struct layout *layout, const struct theme *theme, size_t run);

/* Colour of a node's line: by its number in the trace or, with others_pale, by its index among the named nodes. */
struct colour draw_node_colour(const struct layout *layout, const struct theme *theme, size_t node);

/* Common to all views: draw_background paints the background with the strokes under the data; then come the strokes,
 * markers and texts over the data. */
void draw_background(cairo_t *cr, const struct theme *theme);
void draw_under(cairo_t *cr, const struct layout *layout, const struct theme *theme);
void draw_over(cairo_t *cr, const struct layout *layout, const struct theme *theme, struct font *font);

/* Saves the state of `cr` and clips it to layout->plot and a pen's width around it; the caller restores it. */
void draw_clip(cairo_t *cr, const struct layout *layout);

/* Sets the dashes of the lines that are stroked next. */
void draw_dash(cairo_t *cr, enum dash dash);

/* Strokes one line of a node in layout->plot, interrupted at gaps: totals dashed, swap dotted. */
void draw_line(cairo_t *cr, const struct layout *layout, const struct node *node, enum trace_line line,
               struct colour colour, double width_px);

/* Strokes the main line of a node with the given dashes. */
void draw_dashed_line(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour,
                      double width_px, enum dash dash);

/* Draws the range of a node's main line in a light colour if it oscillates so often that its stroke would be a solid
 * block that hides other lines; else nothing. Call it for all nodes before their lines are drawn. */
void draw_node_range(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour);

/* As draw_dashed_line; of a line that draw_node_range draws, the mean. */
void draw_node_line(cairo_t *cr, const struct layout *layout, const struct node *node, struct colour colour,
                    double width_px, enum dash dash);

/* In an SVG, adds a tooltip to a node's main line: "nid0003 · peak 24.8 GiB", the low if low values matter. Does
 * nothing for other formats. */
void draw_title(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct node *node);

#endif
