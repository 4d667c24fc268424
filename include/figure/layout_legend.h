/* SPDX-License-Identifier: MIT */
/* layout_legend: the legend next to a plot of lines (nodes with their peaks), and the totals that nodes share. */
#ifndef MEMTRACE_FIGURE_LAYOUT_LEGEND_H
#define MEMTRACE_FIGURE_LAYOUT_LEGEND_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"

/* A row of the legend. */
struct legend_row {
    size_t node; /* or the run */
    bool swap, is_run;
    char name[256], value[32];
};

/* Returns true if the request calls for a legend, if there is space for one. */
bool layout_wants_legend(const struct layout_request *request, const struct trace *trace);

/* Plans the rows: main lines in the order given, then the nodes that swapped, then the baselines. The caller frees the
 * array. Returns false if out of memory. */
bool legend_plan(struct legend_row **row, size_t *count, const struct layout *layout,
                 const struct layout_request *request, const struct trace *trace, const size_t *order);

/* Writes the label of a node's peak, or low if low values matter: "27.6 GiB at 1:22:05". */
void legend_peak_text(char *text, size_t size, const struct layout_request *request, const struct trace *trace,
                      const struct node *node);

/* Writes the heading of these values: "peak GiB". */
void legend_heading(char *text, size_t size, const struct layout_request *request, const struct trace *trace);

#define LEGEND_ENDS_MAX 4 /* most labels of lines that end early; more would hide the data */

/* Writes the label of the end of a node's line that ends early: "nid002 log ends 1:22:05". */
void legend_end_text(char *text, size_t size, const struct layout *layout, const struct layout_request *request,
                     const struct node *node);

#define LEVELS_MAX 7

/* A constant value that is drawn across the plot: a total that one or more nodes have, or the limit. */
struct level {
    double value;
    size_t node, node_count;
    bool swap, is_limit, is_floor; /* is_floor: a limit that values should be above */
    char text[256]; /* "total 32 GiB", with the node's name if only one of several nodes has it; "limit 29 GiB · 3
                       above", of a floor "3 below" */
};

/* A zeroed list is empty. */
struct level_list {
    struct level level[LEVELS_MAX];
    size_t count;
    char note[160]; /* about a total too far away to be drawn: "of 512 GiB, 1 % used", or "" */
    bool per_node;  /* totals vary over time, or too many differ: one line per node */
};

/* Finds the levels to draw. Totals within 1 % of one another count as one. A total that all nodes share, or a limit
 * that the user did not give, is drawn if the highest peak exceeds half of it, and only noted otherwise; with
 * draw_total all totals are drawn, up to three of memory and three of swap. */
void levels_find(struct level_list *list, const struct layout *layout, const struct layout_request *request,
                 const struct trace *trace);

/* Draws the lines of the levels across layout->plot, `over` the data or under it, and the shade above a limit. */
void levels_draw(struct layout *layout, const struct level_list *list, bool over);

/* Writes a note about what the plot does not show, and another text, which may be "": "of 512 GiB, 1 % used · 2 events
 * outside the plot's time". */
void levels_note(char *text, size_t size, const struct level_list *levels, const struct layout_request *request,
                 const char *other);

/* The highest plotted value: of the main lines, of swap if drawn, and of the levels. */
double levels_max(const struct level_list *list, const struct layout_request *request, const struct trace *trace);

#endif
