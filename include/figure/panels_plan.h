/* SPDX-License-Identifier: MIT */
/* panels_plan: which nodes have a panel, and the captions of all panels, for pixels and characters. */
#ifndef MEMTRACE_FIGURE_PANELS_PLAN_H
#define MEMTRACE_FIGURE_PANELS_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"
#include "figure/layout_legend.h"

/* Writes the nodes in the order of their panels: those with a finding first, the most serious before the others, then
 * all others by their peaks. `node` has trace->count places; `order` is from trace_order_by_peak. */
void panels_order(size_t *node, const struct trace *trace, const size_t *order, const struct focus *focus,
                  size_t count);

/* Returns true if a node has a finding. */
bool panels_is_alarming(const struct focus *focus, size_t count, size_t node);

/* The captions of `shown` panels, the longest first; the last one is NULL. */
struct panels_captions {
    char text[3][NOTE_MAX + 1024];
    const char *choice[4];
};

void panels_captions(struct panels_captions *captions, const struct layout_request *request, const struct trace *trace,
                     size_t shown, const char *note);

#endif
