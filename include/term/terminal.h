/* SPDX-License-Identifier: MIT */
/* terminal: plots a trace with characters, for users without a display. */
#ifndef MEMTRACE_TERM_TERMINAL_H
#define MEMTRACE_TERM_TERMINAL_H

#include <stdbool.h>

#include "figure/layout.h"
#include "figure/theme.h"
#include "model/trace.h"
#include "term/cells.h"

/* How the trace is drawn. */
struct terminal_style {
    enum view view;
    enum cell_colours colours;
    const struct theme *theme;
};

/* Draws a finished trace that is not empty over all of `cells`, which are blank. The sizes and measure of the request
 * are ignored. Lines are dots (braille), in the colours of the nodes; in ASCII, and without colours, letters
 * distinguish the nodes. Bands and a heatmap are blocks. If the grid is small, the least important parts are omitted:
 * first captions and title, then the legend, axes, and the summary. Returns false if out of memory. */
bool terminal_draw(struct cells *cells, const struct layout_request *request, const struct trace *trace,
                   const struct terminal_style *style);

#endif
