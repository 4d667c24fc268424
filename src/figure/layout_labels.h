/* SPDX-License-Identifier: MIT */
/* layout_labels: finds places for labels on the data, next to the plot and above it. */
#ifndef MEMTRACE_FIGURE_LAYOUT_LABELS_H
#define MEMTRACE_FIGURE_LAYOUT_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"

/* The space that labels must not cover: a grid of cells over a rectangle. */
struct occupancy {
    struct rect area;
    size_t columns, rows;
    unsigned char *cell;
};

/* Returns false if out of memory. occupancy_free must be called in any case. */
bool occupancy_init(struct occupancy *occupancy, const struct rect *area);
void occupancy_free(struct occupancy *occupancy);

/* Marks the cells under a line as taken by data; parts outside the area are ignored. */
void occupancy_add_line(struct occupancy *occupancy, double x0, double y0, double x1, double y1);

/* Marks the cells under a rectangle as taken by a label. */
void occupancy_add_rect(struct occupancy *occupancy, const struct rect *rect);

/* The share, 0 to 1, of the cells under `rect` that are taken by data; infinite if a label is there, or outside the
 * area. */
double occupancy_share(const struct occupancy *occupancy, const struct rect *rect);

/* Marks the cells under a node's line. */
void occupancy_add_node(struct occupancy *occupancy, const struct layout *layout, const struct node *node,
                        enum trace_line line);

/* Places a bold label in a node's colour near the point (x, y), where it covers the least data; omits it if other
 * labels take all the space. */
void label_near(struct layout *layout, struct occupancy *occupancy, double x, double y, size_t node, const char *text);

/* The same in another ink; `node` may then be a run. */
void label_near_as(struct layout *layout, struct occupancy *occupancy, double x, double y, enum ink ink, size_t node,
                   const char *text);

/* A text next to the plot, at the height of what it names. */
struct side_label {
    double y; /* height of what it names; becomes the baseline */
    enum ink ink;
    size_t node;
    bool bold;
    char text[256];
};

/* Places labels at `x`, each as close to its y as possible without touching another, all between `top` and `bottom`.
 * Sorts them from top to bottom. Labels that find no space are omitted; returns how many were placed. */
size_t label_side(struct layout *layout, double x, double top, double bottom, struct side_label *label, size_t count);

/* Draws a dotted line across layout->plot at each mark within the plot's time, with its text at the plot's upper edge:
 * stacked in rows where texts would overlap, each line from its own row down so that it crosses no text. If a text
 * would have to be truncated, the marks get numbers instead. */
void label_events(struct layout *layout, const struct layout_request *request);

/* The same, always with numbers. */
void label_event_numbers(struct layout *layout, const struct layout_request *request);

/* Lists the numbered marks in rows of LABEL_MARK_ROW_PX from the top of `space` down, at most LABEL_LIST_ROWS_MAX, and
 * fewer on small sheets; only measures unless `put`. Returns the number of rows, 0 if marks have no numbers. */
size_t label_event_list(struct layout *layout, const struct layout_request *request, const struct rect *area, bool put);

/* Returns how much of the data's height a list of this height takes; the rest fits between the time axis and the
 * margin. */
double label_list_space(const struct layout *layout, double height_px);

/* Draws the marks' lines over the data of another rectangle with the same times. */
void label_event_lines(struct layout *layout, const struct layout_request *request, const struct rect *rect);

/* Decides whether the marks are numbered, and returns the number of rows, at most 5, that their texts take in
 * layout->plot with layout->time; 0 without marks. */
size_t label_mark_rows(struct layout *layout, const struct layout_request *request);

#define LABEL_LIST_ROWS_MAX 6

#define LABEL_MARK_ROW_PX 15.0

#endif
