/* SPDX-License-Identifier: MIT */
/* picture: chooses the view and prepares what it needs. Independent of paths, formats and options. */
#include "draw/picture.h"

#include <stdlib.h>
#include <string.h>

#include "guard.h"

/* A picture and its request, as user data. */
struct wanted {
    struct picture *picture;
    const struct layout_request *request;
};

static bool lay_out(struct picture *picture, const struct layout_request *request)
{
    struct layout *layout = &picture->layout;
    const struct trace *trace = picture->trace;
    if (picture->view == VIEW_LINES)
        return layout_lines(layout, request, trace);
    if (picture->view == VIEW_PANELS)
        return layout_panels(layout, request, trace, picture->order);
    if (!layout_overview(layout, request, trace, picture->order))
        return false;
    const struct resample_frame frame = {layout->map.all.columns, layout->time.min, layout->time.max};
    bool ok = true;
    for (size_t i = 0; ok && request->against != NULL && i < request->against->count; i++) {
        const struct trace *other = &request->against->run[i].trace;
        size_t *order = trace_order_by_peak(other);
        const struct resample_rows rows = {order, other->count, 1, 0};
        ok = order != NULL && resample_fill(&picture->against_bands[i], other, &rows, &frame, true);
        free(order);
    }
    return ok;
}

static bool lay_out_wanted(void *user, struct error *error)
{
    struct wanted *wanted = user;
    return lay_out(wanted->picture, wanted->request) || error_memory(error, NULL);
}

bool picture_open(struct picture *picture, const struct layout_request *request, const struct trace *trace,
                  enum view view, const struct theme *theme, struct font *font, struct error *error)
{
    *picture = (struct picture){
        .view = layout_view(view, trace),
        .trace = trace,
        .against = request->against,
        .theme = theme,
        .font = font,
        .order = trace_order_by_peak(trace),
    };
    if (picture->order == NULL)
        return error_memory(error, NULL);
    return guard_run(lay_out_wanted, &(struct wanted){picture, request}, error);
}

void picture_draw(void *user, cairo_t *cr)
{
    const struct picture *picture = user;
    const struct layout *layout = &picture->layout;
    const struct trace *trace = picture->trace;
    if (picture->view == VIEW_LINES)
        draw_lines(cr, layout, trace, picture->against, picture->theme, picture->font);
    else if (picture->view == VIEW_PANELS)
        draw_panels(cr, layout, trace, picture->against, picture->theme, picture->font);
    else
        draw_overview(cr, layout, trace, picture->against_bands, picture->against == NULL ? 0 : picture->against->count,
                      picture->theme, picture->font);
}

void picture_close(struct picture *picture)
{
    layout_free(&picture->layout);
    for (size_t i = 0; i < RUNS_MAX; i++)
        resample_free(&picture->against_bands[i]);
    free(picture->order);
    memset(picture, 0, sizeof *picture);
}
