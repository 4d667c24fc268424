/* SPDX-License-Identifier: MIT */
/* coincident: which lines of a plot coincide, so that they can share a name and a colour. */
#ifndef MEMTRACE_FIGURE_COINCIDENT_H
#define MEMTRACE_FIGURE_COINCIDENT_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"

/* Fills layout->rank, and layout->merged_with if three or more lines coincide, that is if they differ by at most 0.5 %
 * of the highest value at all times. Nodes that end early, that swap (if swap is drawn) or that a finding singles out
 * keep their own line; if other runs are drawn, all nodes do. For few nodes only: time and memory grow with the square
 * of their number. `order` is by peak. Returns false if out of memory. */
bool coincident_rank(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     const size_t *order);

#endif
