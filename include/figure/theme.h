/* SPDX-License-Identifier: MIT */
/* theme: the colours that pictures and the terminal share. */
#ifndef MEMTRACE_FIGURE_THEME_H
#define MEMTRACE_FIGURE_THEME_H

#include <stddef.h>

enum theme_name { THEME_LIGHT, THEME_DARK };

struct colour {
    double red, green, blue;
};

#define THEME_NODE_COLOURS 6

/* The colours of a picture. Node colours also differ for colour-blind readers (simulated deuteranopia, CIEDE2000 at
 * least 11 between any two), and have a contrast of at least 4.5 to the background, as names are written in them.
 * Further nodes reuse the colours with dashed lines. */
struct theme {
    struct colour background, title, text, grid, axis, total, limit;
    struct colour band_pale, band_strong, median; /* of an overview */
    struct colour missing, missing_hatch;         /* where a heatmap has no data: ground and hatching */
    struct colour node[THEME_NODE_COLOURS];
};

const struct theme *theme_find(enum theme_name name);

/* Colour of a node by its place in the legend. */
struct colour theme_node(const struct theme *theme, size_t node);

/* A colour mixed with a share, 0 to 1, of the background. */
struct colour theme_mix(const struct theme *theme, struct colour colour, double ground);

/* A colour nearer to the background. */
struct colour theme_pale(const struct theme *theme, struct colour colour);

/* A colour close to the background, for an area. */
struct colour theme_shade(const struct theme *theme, struct colour colour);

/* Colour of a heatmap for a share, 0 to 1, of its highest value. */
struct colour theme_heat(double share);

/* Colour of a heatmap for a deviation from the median of the nodes, -1 to 1. */
struct colour theme_deviation(double share);

#endif
