/* SPDX-License-Identifier: MIT */
/* draw_panels: owns how the small plots are drawn. Knows no path, format or option. */
#include "draw/draw.h"

void draw_panels(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct trace *against,
                 const size_t *order, const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_under(cr, layout, theme);
    for (size_t i = 0; i < layout->panel_count; i++) {
        const struct node *node = &trace->node[order[i]];
        struct layout panel = *layout;
        panel.plot = layout->panel[i];
        size_t other = against == NULL ? 0 : trace_find(against, node->name);
        draw_clip(cr, &panel);
        if (against != NULL && other < against->count)
            draw_line(cr, &panel, &against->node[other], TRACE_MAIN, theme_pale(theme, theme_node(theme, 0)), 1.2);
        if (layout->draw_total)
            draw_line(cr, &panel, node, TRACE_TOTAL, theme->total, 1);
        if (layout->draw_swap && node->line[TRACE_SWAP].stats.max > 0)
            draw_line(cr, &panel, node, TRACE_SWAP, theme_node(theme, 1), 1.2);
        draw_line(cr, &panel, node, TRACE_MAIN, theme_node(theme, 0), 1.2);
        cairo_restore(cr);
    }
    draw_over(cr, layout, theme, font);
}
