/* SPDX-License-Identifier: MIT */
/* image: a picture as the bytes by which a terminal shows it between its lines of text. */
#ifndef MEMTRACE_TERM_IMAGE_H
#define MEMTRACE_TERM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum image_protocol { IMAGE_NONE, IMAGE_AUTO, IMAGE_KITTY, IMAGE_ITERM, IMAGE_SIXEL };

/* Writes pixels as png_write takes them: by kitty's protocol (PNG in base64, in pieces, no answer wanted), by iTerm2's
 * (PNG in base64), or as sixels (the DEC VT340's; the 255 most frequent colours, each other one as the nearest of
 * them). A line feed follows. False on a write error or if memory is short; errno has the reason. */
bool image_write(FILE *file, enum image_protocol protocol, const unsigned char *pixels, int width_px, int height_px,
                 size_t stride_bytes);

#endif
