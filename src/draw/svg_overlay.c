/* SPDX-License-Identifier: MIT */
/* svg_overlay: the SVG elements that Cairo cannot write: text as text, and titles of lines. Independent of files. */
#include "svg_overlay.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "model/resample.h"

#define POINTS     48 /* width of a line under the pointer */
#define REACH_PX   9.0
#define HALO_PX    5.0
#define FONT_NAMES "DejaVu Sans,Bitstream Vera Sans,Verdana,sans-serif"

static const cairo_user_data_key_t key;

void svg_overlay_attach(cairo_surface_t *surface, struct svg_overlay *overlay)
{
    cairo_surface_set_user_data(surface, &key, overlay, NULL);
}

struct svg_overlay *svg_overlay_of(cairo_t *cr)
{
    return cairo_surface_get_user_data(cairo_get_target(cr), &key);
}

/* Adds text, escaped for XML. */
static void add_text(struct strbuf *buffer, const char *text)
{
    for (uint32_t character; (character = utf8_next(&text)) != 0;) {
        char bytes[5] = "";
        if (!utf8_is_shown(character))
            character = UTF8_REPLACEMENT;
        bytes[utf8_put(bytes, character)] = '\0';
        strbuf_add(buffer, "%s",
                   character == '&'   ? "&amp;"
                   : character == '<' ? "&lt;"
                   : character == '>' ? "&gt;"
                                      : bytes);
    }
}

/* "#1f2430". */
static void add_colour(struct strbuf *buffer, struct colour colour)
{
    strbuf_add(buffer, "#%02x%02x%02x", (unsigned int)(colour.red * 255 + 0.5),
               (unsigned int)(colour.green * 255 + 0.5), (unsigned int)(colour.blue * 255 + 0.5));
}

/* A number with at most one decimal. */
static void add_number(struct strbuf *buffer, double value)
{
    double tenths = rint(value * 10);
    strbuf_add(buffer, fmod(tenths, 10) == 0 ? "%.0f" : "%.1f", tenths / 10 + 0.0);
}

void svg_overlay_label(struct svg_overlay *overlay, cairo_t *cr, const struct label *label, double width_px,
                       struct colour ink, struct colour ground)
{
    struct strbuf *text = &overlay->text;
    double x = label->x, y = label->y, zoom = 1, ignored = 0;
    cairo_user_to_device(cr, &x, &y);
    cairo_user_to_device_distance(cr, &zoom, &ignored);
    strbuf_add(text, "<text x=\"");
    add_number(text, x);
    strbuf_add(text, "\" y=\"");
    add_number(text, y);
    strbuf_add(text, "\" font-size=\"");
    add_number(text, label->size_px * zoom);
    strbuf_add(text, "\" textLength=\"");
    add_number(text, width_px * zoom);
    strbuf_add(text, "\" fill=\"");
    add_colour(text, ink);
    strbuf_add(text, label->bold ? "\" font-weight=\"bold\"" : "\"");
    if (label->halo) {
        strbuf_add(text, " paint-order=\"stroke\" stroke-width=\"");
        add_number(text, HALO_PX * zoom);
        strbuf_add(text, "\" stroke-linejoin=\"round\" stroke-opacity=\".85\" stroke=\"");
        add_colour(text, ground);
        strbuf_add(text, "\"");
    }
    strbuf_add(text, ">");
    add_text(text, label->text);
    strbuf_add(text, "</text>\n");
}

void svg_overlay_line(struct svg_overlay *overlay, cairo_t *cr, const struct layout *layout, const struct node *node,
                      const char *title)
{
    struct strbuf *text = &overlay->text;
    float min[POINTS], max[POINTS], mean[POINTS];
    double zoom = 1, ignored = 0;
    bool on = false;
    cairo_user_to_device_distance(cr, &zoom, &ignored);
    resample_means(&node->line[TRACE_MAIN], layout->time.min - node->offset_s, layout->time.max - node->offset_s,
                   POINTS, min, max, mean);
    strbuf_add(text, "<path fill=\"none\" stroke=\"#000\" stroke-opacity=\"0\" stroke-width=\"");
    add_number(text, REACH_PX * zoom);
    strbuf_add(text, "\" pointer-events=\"stroke\" d=\"");
    for (size_t i = 0; i < POINTS; i++) {
        double x = layout->plot.x + layout->plot.width * ((double)i + 0.5) / POINTS, y;
        if (isnan(mean[i])) {
            on = false;
            continue;
        }
        y = layout_y(layout, (double)mean[i]);
        cairo_user_to_device(cr, &x, &y);
        strbuf_add(text, "%s%.0f %.0f", on ? "L" : "M", x, y);
        on = true;
    }
    strbuf_add(text, "\"><title>");
    add_text(text, title);
    strbuf_add(text, "</title></path>\n");
}

void svg_overlay_finish(struct svg_overlay *overlay, struct strbuf *elements)
{
    if (overlay->text.length > 0)
        strbuf_add(elements, "<g font-family=\"" FONT_NAMES "\">\n%s</g>\n", strbuf_text(&overlay->text));
    elements->out_of_memory |= overlay->text.out_of_memory;
}

void svg_overlay_free(struct svg_overlay *overlay)
{
    strbuf_free(&overlay->text);
}
