/* SPDX-License-Identifier: MIT */
/* terminal: a trace as characters, for those who have no display. */
#ifndef MEMTRACE_TERM_TERMINAL_H
#define MEMTRACE_TERM_TERMINAL_H

#include <stdbool.h>

#include "figure/layout.h"
#include "figure/theme.h"
#include "model/trace.h"
#include "term/cells.h"

/* How it is to look. */
struct terminal_style {
    enum view view;
    enum cell_colours colours;
    const struct theme *theme;
};

/* Draws a finished trace that is not empty over all of `cells`, which are blank. Sizes and measure of the request do
 * not matter. Lines are dots (braille), a node's in its colour; in ASCII, and without colours, letters distinguish the
 * nodes. Bands and a heatmap are blocks. Where the grid is small, what matters least is omitted: first captions and
 * title, then the legend, axes, and the summary. Returns false if memory is short. */
bool terminal_draw(struct cells *cells, const struct layout_request *request, const struct trace *trace,
                   const struct terminal_style *style);

#endif
