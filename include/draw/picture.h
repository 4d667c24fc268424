/* SPDX-License-Identifier: MIT */
/* picture: a trace laid out in a suitable view, ready to be drawn onto any Cairo context. */
#ifndef MEMTRACE_DRAW_PICTURE_H
#define MEMTRACE_DRAW_PICTURE_H

#include <cairo.h>
#include <stdbool.h>

#include "base/error.h"
#include "draw/draw.h"
#include "figure/layout.h"
#include "model/resample.h"
#include "model/runs.h"
#include "model/trace.h"

/* `trace` and `font` are borrowed and must outlive the picture. */
struct picture {
    enum view view; /* never VIEW_AUTO */
    const struct trace *trace;
    const struct theme *theme;
    struct font *font;
    struct layout layout;
    struct resampled against_bands[RUNS_MAX];
    const struct runs *against; /* of the request */
    size_t *order;
};

/* Lays out a finished trace that is not empty. Returns false with a reason in `error`. picture_close must be called in
 * any case. */
bool picture_open(struct picture *picture, const struct layout_request *request, const struct trace *trace,
                  enum view view, const struct theme *theme, struct font *font, struct error *error);

/* Draws; `picture` is a struct picture: the type is that of output_draw. */
void picture_draw(void *picture, cairo_t *cr);

/* Frees what the picture owns and zeroes it. */
void picture_close(struct picture *picture);

#endif
