/* SPDX-License-Identifier: MIT */
/* draw_mask: paints a mask of a plot onto the pixels of the image. Independent of paths, formats and options. */
#include "draw_mask.h"

#include <math.h>

/* The pixels of the plot plus the width of a pen around it. */
static struct rect device_area(cairo_t *cr, const struct layout *layout)
{
    const struct rect *plot = &layout->plot;
    double x0 = plot->x, y0 = plot->y - 3, x1 = plot->x + plot->width, y1 = plot->y + plot->height + 2;
    cairo_user_to_device(cr, &x0, &y0);
    cairo_user_to_device(cr, &x1, &y1);
    return (struct rect){floor(x0), floor(y0), ceil(x1) - floor(x0), ceil(y1) - floor(y0)};
}

bool draw_mask_begin(struct draw_mask *mask, cairo_t *cr, const struct layout *layout, double width_px)
{
    struct rect area = device_area(cr, layout);
    double zoom = 1, ignored = 0, left = area.x, top = area.y, right = area.x + area.width,
           far = 1e6 * layout->unit_size;
    if (cairo_surface_get_type(cairo_get_target(cr)) != CAIRO_SURFACE_TYPE_IMAGE)
        return false;
    cairo_user_to_device_distance(cr, &zoom, &ignored);
    cairo_device_to_user(cr, &left, &top);
    cairo_device_to_user(cr, &right, &ignored);
    double s_per_px = 1e6 / (layout_x(layout, 1e6) - layout_x(layout, 0));
    mask->x = area.x;
    mask->y = area.y;
    mask->frame = (struct coverage_frame){
        .from_s = (left - layout_x(layout, 0)) * s_per_px,
        .to_s = (right - layout_x(layout, 0)) * s_per_px,
        .y_px = (layout_y(layout, 0) - top) * zoom,
        .px_per_unit = (layout_y(layout, far) - layout_y(layout, 0)) / far * zoom,
    };
    if (coverage_init(&mask->mask, (size_t)area.width, (size_t)area.height, width_px * zoom))
        return true;
    coverage_free(&mask->mask);
    return false;
}

void draw_mask_add(struct draw_mask *mask, const struct series *series, double offset_s)
{
    struct coverage_frame frame = mask->frame;
    frame.from_s -= offset_s;
    frame.to_s -= offset_s;
    coverage_add(&mask->mask, series, &frame);
}

void draw_mask_paint(struct draw_mask *mask, cairo_t *cr, struct colour colour)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)mask->mask.columns, (int)mask->mask.rows);
    unsigned char *pixels = cairo_image_surface_get_data(image);
    if (pixels != NULL) {
        coverage_copy(&mask->mask, pixels, (size_t)cairo_image_surface_get_stride(image));
        cairo_surface_mark_dirty(image);
    }
    cairo_save(cr);
    cairo_identity_matrix(cr);
    cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
    cairo_mask_surface(cr, image, mask->x, mask->y); /* if memory for the image ran out, `cr` is now in an error state
                                                      * */
    cairo_restore(cr);
    cairo_surface_destroy(image);
    coverage_free(&mask->mask);
}
