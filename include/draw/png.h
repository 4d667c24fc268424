/* SPDX-License-Identifier: MIT */
/* png: opaque pixels into a PNG file, small and fast, through libpng. */
#ifndef MEMTRACE_DRAW_PNG_H
#define MEMTRACE_DRAW_PNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Zeroed memory that png_write may use, and need not return. */
struct png_spare {
    unsigned char *at;
    size_t size;
};

/* Writes pixels 0x00RRGGBB in native byte order (CAIRO_FORMAT_RGB24), `stride_bytes` from row to row. A palette is used
 * where the colours fit into 256 after coverage is quantised; `*worst_error` (may be NULL) receives the largest error
 * of a channel that this caused: at most 24 of 255, 2 where a colour fills an area, 0 if colours are exact. `spare` may
 * be of size 0. Returns false on a write error or if out of memory, with the reason in errno. Does not close `file`. */
bool png_write(FILE *file, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes,
               struct png_spare spare, int *worst_error);

#endif
