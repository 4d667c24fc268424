/* SPDX-License-Identifier: MIT */
/* output: one drawing into a PNG, SVG or PDF file that is complete or absent. */
#ifndef MEMTRACE_DRAW_OUTPUT_H
#define MEMTRACE_DRAW_OUTPUT_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

enum output_format { OUTPUT_PNG, OUTPUT_SVG, OUTPUT_PDF, OUTPUT_HTML };

/* Size of the picture in its own coordinates, and the number of device pixels (PNG) or units (SVG, PDF) per coordinate.
 */
struct output_size {
    double width_px, height_px;
    double zoom;
};

/* Draws a picture onto `cr`, its background included. */
typedef void output_draw(void *user, cairo_t *cr);

/* Reports the format from the extension of `path`, letter case ignored. A name without an extension is OUTPUT_PNG and
 * `*add_png` becomes true (else false), unless it is an existing device or pipe. Returns false for any other extension.
 */
bool output_format_find(const char *path, enum output_format *format, bool *add_png);

/* Returns true if `path` refers to the file that standard output is open on: "/dev/stdout" or any other name of the
 * same file, pipe or device. False for NULL. */
bool output_is_stdout(const char *path);

/* Returns true if `path` can only name a directory: "", ".", "..", or with a trailing slash. */
bool output_is_directory(const char *path);

/* Draws into a temporary file next to `path`, renamed to `path` when it is complete. On failure, a full disk included,
 * `path` is as it was, the temporary file is gone and `error` names `path`; a signal that ends the process leaves no
 * temporary file where O_TMPFILE works. Anything other than a regular file (/dev/stdout, a pipe) is written when the
 * drawing is complete; a symbolic link is followed and its target replaced; a replaced file keeps its mode. The same
 * drawing produces the same bytes. */
bool output_write(const char *path, enum output_format format, const struct output_size *size, output_draw *draw,
                  void *user, struct error *error);

/* Takes opaque pixels as png_write does. Returns false with errno. */
typedef bool output_take(void *user, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes);

/* Draws pixels and hands them to `take`. Returns false with the reason in `error`, which names `shown`. */
bool output_pixels(const char *shown, const struct output_size *size, output_draw *draw, void *user, output_take *take,
                   void *take_user, struct error *error);

/* Prints data to `file`; returns false with the reason in `error`. */
typedef bool output_print(void *user, FILE *file, struct error *error);

/* Prints into a file that is complete or absent, as output_write does it. */
bool output_data(const char *path, output_print *print, void *user, struct error *error);

#endif
