/* SPDX-License-Identifier: MIT */
/* draw_panels: paints the small plots. Independent of paths, formats and options. */
#include "draw/draw.h"
#include "figure/panels_plan.h"

/* The same node in the other runs. */
static void draw_runs(cairo_t *cr, const struct layout *panel, const struct trace *trace, size_t node,
                      const struct runs *against, struct colour colour)
{
    for (size_t i = 0; against != NULL && i < against->count; i++) {
        const struct trace *other = &against->run[i].trace;
        size_t same = runs_same_node(other, trace, node);
        if (same < other->count)
            draw_dashed_line(cr, panel, &other->node[same], colour, 1.2, layout_run_dash(panel, i));
    }
}

static void draw_panel(cairo_t *cr, const struct layout *panel, const struct trace *trace, size_t index,
                       const struct runs *against, struct colour colour, const struct theme *theme)
{
    const struct node *node = &trace->node[index];
    draw_clip(cr, panel);
    draw_runs(cr, panel, trace, index, against, theme_pale(theme, colour));
    if (panel->draw_total)
        draw_line(cr, panel, node, TRACE_TOTAL, theme->total, 1);
    if (panel->draw_swap && node->line[TRACE_SWAP].stats.max > 0)
        draw_line(cr, panel, node, TRACE_SWAP, theme_node(theme, PANEL_SWAP_COLOUR), 1.2);
    draw_node_range(cr, panel, node, colour);
    draw_node_line(cr, panel, node, colour, 1.2, DASH_SOLID);
    cairo_restore(cr);
    draw_title(cr, panel, trace, node);
}

void draw_panels(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct runs *against,
                 const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_under(cr, layout, theme);
    for (size_t i = 0; i < layout->panel_count; i++) {
        size_t index = layout->panel_node[i];
        struct layout panel = *layout;
        panel.plot = layout->panel[i];
        bool alarming = panels_is_alarming(layout->named, layout->named_count, index);
        draw_panel(cr, &panel, trace, index, against, theme_node(theme, alarming ? PANEL_ALARM_COLOUR : PANEL_COLOUR),
                   theme);
    }
    draw_over(cr, layout, theme, font);
}
