/* draw: a trace and its layout onto a Cairo context. */
#ifndef MEMTRACE_DRAW_H
#define MEMTRACE_DRAW_H

#include <cairo.h>
#include <stddef.h>

#include "font.h"
#include "layout.h"
#include "trace.h"

enum theme_name { THEME_LIGHT, THEME_DARK };

struct colour {
    double red, green, blue;
};

#define THEME_NODE_COLOURS 12

/* The colours of a picture. Those of nodes can be told apart by colour-blind readers up to eight (after M. Okabe and K. Ito,
 * "Color Universal Design", 2008) and differ in lightness from their neighbours. */
struct theme {
    struct colour background, title, text, grid, axis, total, limit;
    struct colour node[THEME_NODE_COLOURS];
};

const struct theme *theme_find(enum theme_name name);

/* Colour of a node by its number in the trace. */
struct colour theme_node(const struct theme *theme, size_t node);

/* The whole picture of layout_lines: background, grid, lines, labels. */
void draw_lines(cairo_t *cr, const struct layout *layout, const struct trace *trace,
                const struct theme *theme, struct font *font);

/* What all views share: the background with the strokes under the data, and the strokes, markers and texts over them. */
void draw_under(cairo_t *cr, const struct layout *layout, const struct theme *theme);
void draw_over(cairo_t *cr, const struct layout *layout, const struct theme *theme,
               struct font *font);

#endif
