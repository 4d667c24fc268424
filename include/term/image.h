/* SPDX-License-Identifier: MIT */
/* image: a picture as the bytes that make a terminal show it between lines of text. */
#ifndef MEMTRACE_TERM_IMAGE_H
#define MEMTRACE_TERM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum image_protocol { IMAGE_NONE, IMAGE_AUTO, IMAGE_KITTY, IMAGE_ITERM, IMAGE_SIXEL };

/* Writes pixels as png_write takes them: by kitty's protocol (PNG in base64, in pieces, without a reply), by iTerm2's
 * (PNG in base64), or as sixels (as on the DEC VT340; the 255 most frequent colours, all others replaced by the nearest
 * of these). A line feed follows. Returns false on a write error or if out of memory; with the reason in errno. */
bool image_write(FILE *file, enum image_protocol protocol, const unsigned char *pixels, int width_px, int height_px,
                 size_t stride_bytes);

#endif
