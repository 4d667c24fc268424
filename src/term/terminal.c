/* SPDX-License-Identifier: MIT */
/* terminal: owns the choice of the view in characters. Knows no terminal, path or option. */
#include "term/terminal.h"

#include "canvas.h"

bool terminal_draw(struct cells *cells, const struct layout_request *request, const struct trace *trace,
                   const struct terminal_style *style)
{
    struct canvas sheet;
    bool ok = canvas_open(&sheet, cells, request, trace, style);
    enum view view = layout_view(style->view, trace);
    if (ok)
        canvas_head(&sheet);
    if (ok && sheet.top < sheet.bottom)
        ok = view == VIEW_LINES    ? terminal_lines(&sheet)
             : view == VIEW_PANELS ? terminal_panels(&sheet)
                                   : terminal_overview(&sheet);
    canvas_close(&sheet);
    return ok;
}
