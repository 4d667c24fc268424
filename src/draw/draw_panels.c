/* SPDX-License-Identifier: MIT */
/* draw_panels: owns how the small plots are drawn. Knows no path, format or option. */
#include "draw/draw.h"
#include "figure/panels_plan.h"

static void draw_panel(cairo_t *cr, const struct layout *panel, const struct node *node, const struct node *other,
                       struct colour colour, const struct theme *theme)
{
    draw_clip(cr, panel);
    if (other != NULL)
        draw_line(cr, panel, other, TRACE_MAIN, theme_pale(theme, colour), 1.2);
    if (panel->draw_total)
        draw_line(cr, panel, node, TRACE_TOTAL, theme->total, 1);
    if (panel->draw_swap && node->line[TRACE_SWAP].stats.max > 0)
        draw_line(cr, panel, node, TRACE_SWAP, theme_node(theme, PANEL_SWAP_COLOUR), 1.2);
    draw_node_line(cr, panel, node, theme, colour, 1.2, DASH_SOLID);
    cairo_restore(cr);
    draw_title(cr, panel, node);
}

void draw_panels(cairo_t *cr, const struct layout *layout, const struct trace *trace, const struct trace *against,
                 const struct theme *theme, struct font *font)
{
    draw_background(cr, theme);
    draw_under(cr, layout, theme);
    for (size_t i = 0; i < layout->panel_count; i++) {
        size_t index = layout->panel_node[i];
        struct layout panel = *layout;
        panel.plot = layout->panel[i];
        size_t other = against == NULL ? 0 : trace_find(against, trace->node[index].name);
        bool alarming = panels_is_alarming(layout->named, layout->named_count, index);
        draw_panel(cr, &panel, &trace->node[index],
                   against != NULL && other < against->count ? &against->node[other] : NULL,
                   theme_node(theme, alarming ? PANEL_ALARM_COLOUR : PANEL_COLOUR), theme);
    }
    draw_over(cr, layout, theme, font);
}
