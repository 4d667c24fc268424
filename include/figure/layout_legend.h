/* SPDX-License-Identifier: MIT */
/* layout_legend: what stands beside lines in words: the nodes with their peaks, and the totals that nodes share. */
#ifndef MEMTRACE_FIGURE_LAYOUT_LEGEND_H
#define MEMTRACE_FIGURE_LAYOUT_LEGEND_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"

/* A row of the legend. */
struct legend_row {
    size_t node;
    bool swap;
    char name[256], value[32];
};

/* Whether the request wants a legend where there is room for one. */
bool layout_wants_legend(const struct layout_request *request, const struct trace *trace);

/* Plans the rows: main lines in the order given, then the nodes that swapped. The array is for the caller to free.
 * False when memory is short. */
bool legend_plan(struct legend_row **row, size_t *count, const struct layout *layout,
                 const struct layout_request *request, const struct trace *trace, const size_t *order);

#define LEVELS_MAX 6

/* A constant total that one or more nodes have. */
struct level {
    double value;
    size_t node, node_count;
    bool swap;
};

/* A zeroed one is empty. */
struct level_list {
    struct level level[LEVELS_MAX];
    size_t count;
};

/* Adds the distinct constant totals of a line (TRACE_TOTAL or TRACE_SWAP_TOTAL). False when there are more than
 * LEVELS_MAX / 2, or one changes: then each node has a line of its own. */
bool levels_find(struct level_list *list, const struct trace *trace, enum trace_line line);

/* Writes "total 32 GiB", with the node's name where it is the only one of several. */
void level_text(char *text, size_t size, const struct level *level, const struct layout *layout,
                const struct layout_request *request, const struct trace *trace);

#endif
