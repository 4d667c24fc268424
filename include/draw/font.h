/* SPDX-License-Identifier: MIT */
/* font: measures and draws text in the embedded typeface on a Cairo context. */
#ifndef MEMTRACE_DRAW_FONT_H
#define MEMTRACE_DRAW_FONT_H

#include <cairo.h>
#include <stdbool.h>

#include "base/error.h"

struct font;

/* Opens the embedded typeface (DejaVu Sans, regular and bold; no file is read). Returns NULL with the reason in
 * `error`. A font must not be used by two threads at the same time. */
struct font *font_open(struct error *error);

/* Closes the font; NULL is allowed. Destroy all Cairo surfaces and contexts first: Cairo's caches are emptied. */
void font_close(struct font *font);

/* Width of UTF-8 `text` at `size_px`; proportional to the size, as hinting is off. `font` is a struct font: the type is
 * that of layout's callback. Characters that the typeface lacks are measured in the system's sans-serif. */
double font_text_width(void *font, const char *text, double size_px, bool bold);

/* Draws `text` with the current source, its baseline's left end at (x_px, y_px). Bytes that are not UTF-8
 * are drawn as U+FFFD. */
void font_draw(struct font *font, cairo_t *cr, double x_px, double y_px, const char *text, double size_px, bool bold);

/* Adds the outlines of `text` to the current path, for a halo around it. */
void font_path(struct font *font, cairo_t *cr, double x_px, double y_px, const char *text, double size_px, bool bold);

#endif
