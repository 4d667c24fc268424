/* SPDX-License-Identifier: MIT */
/* layout_labels: labels that find a place of their own: on the data, next to the plot, above it. */
#ifndef MEMTRACE_FIGURE_LAYOUT_LABELS_H
#define MEMTRACE_FIGURE_LAYOUT_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"

/* Where labels must not go: a grid of cells over a rectangle. */
struct occupancy {
    struct rect area;
    size_t columns, rows;
    unsigned char *cell;
};

/* Returns false if out of memory. occupancy_free must be called in any case. */
bool occupancy_init(struct occupancy *occupancy, const struct rect *area);
void occupancy_free(struct occupancy *occupancy);

/* Marks the cells under a line as taken by data; what is outside the area is ignored. */
void occupancy_add_line(struct occupancy *occupancy, double x0, double y0, double x1, double y1);

/* Marks the cells under a rectangle as taken by a label. */
void occupancy_add_rect(struct occupancy *occupancy, const struct rect *rect);

/* The share, 0 to 1, of the cells under `rect` that data have taken; infinite where a label is, or outside the area. */
double occupancy_share(const struct occupancy *occupancy, const struct rect *rect);

/* Marks the ground under a node's line. */
void occupancy_add_node(struct occupancy *occupancy, const struct layout *layout, const struct node *node,
                        enum trace_line line);

/* Puts a bold label in a node's colour near the point (x, y) on the data, where the least of its ground is taken;
 * without any ground free of other labels none is put. */
void label_near(struct layout *layout, struct occupancy *occupancy, double x, double y, size_t node, const char *text);

/* The same in another ink, for which `node` may be a run. */
void label_near_as(struct layout *layout, struct occupancy *occupancy, double x, double y, enum ink ink, size_t node,
                   const char *text);

/* A text next to the plot at the height of what it names. */
struct side_label {
    double y; /* of what it names; becomes its baseline */
    enum ink ink;
    size_t node;
    bool bold;
    char text[256];
};

/* Puts labels at `x`, each as near to its y as it can without touching another, all between `top` and `bottom`. Sorts
 * them from the top down. Those that find no space are omitted; returns how many were put. */
size_t label_side(struct layout *layout, double x, double top, double bottom, struct side_label *label, size_t count);

/* Draws a dotted line across layout->plot at each mark in the plot's time, with its text at the plot's upper edge:
 * stacked in rows where they would overlap, each line from its own row down so that it crosses no text. Where a text
 * would have to be cut, the marks have numbers instead. */
void label_events(struct layout *layout, const struct layout_request *request);

/* The same always with numbers. */
void label_event_numbers(struct layout *layout, const struct layout_request *request);

/* Lists the numbered marks in rows of LABEL_MARK_ROW_PX from the top of `space` down, at most LABEL_LIST_ROWS_MAX; puts
 * nothing unless `put`. Returns how many rows it takes, 0 where marks have no numbers. */
size_t label_event_list(struct layout *layout, const struct layout_request *request, const struct rect *area, bool put);

/* Draws the marks' lines over the data of another rectangle with the same times. */
void label_event_lines(struct layout *layout, const struct layout_request *request, const struct rect *rect);

/* Decides whether the marks are numbered, and returns the rows, at most 5, that their texts take, for layout->plot and
 * layout->time as they are; 0 without marks. */
size_t label_mark_rows(struct layout *layout, const struct layout_request *request);

#define LABEL_LIST_ROWS_MAX 6

#define LABEL_MARK_ROW_PX 15.0

#endif
