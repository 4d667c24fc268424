/* SPDX-License-Identifier: MIT */
/* terminal: the choice of the view in characters. Independent of terminals, paths and options. */
#include "term/terminal.h"

#include "canvas.h"

bool terminal_draw(struct cells *cells, const struct layout_request *request, const struct trace *trace,
                   const struct terminal_style *style)
{
    struct canvas canvas;
    bool ok = canvas_open(&canvas, cells, request, trace, style);
    enum view view = layout_view(style->view, trace);
    if (ok)
        canvas_head(&canvas);
    if (ok && canvas.top < canvas.bottom)
        ok = view == VIEW_LINES    ? terminal_lines(&canvas)
             : view == VIEW_PANELS ? terminal_panels(&canvas)
                                   : terminal_overview(&canvas);
    ok = ok && !canvas.layout.out_of_memory;
    canvas_close(&canvas);
    return ok;
}
