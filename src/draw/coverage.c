/* SPDX-License-Identifier: MIT */
/* coverage: how much of each pixel the lines cover. Independent of Cairo, layouts and colours.
 *
 * Cairo needs milliseconds to stroke a thousand points, so a thousand lines would take a second. Here the cost of a
 * line depends only on the number of its columns. */
#include "coverage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/resample.h"

enum { FINE = 4 }; /* each column is split into this many parts */

bool coverage_init(struct coverage *mask, size_t columns, size_t rows, double width_px)
{
    size_t parts = columns * FINE, margin = (size_t)ceil(width_px / 2 * FINE);
    *mask = (struct coverage){columns, rows, margin, .radius_px = (float)(width_px / 2)};
    mask->coverage = calloc(columns * rows + 1, 1);
    mask->low = calloc(2 * (parts + 2 * margin) + 1, sizeof *mask->low);
    mask->top = calloc(2 * parts + 1, sizeof *mask->top);
    if (mask->coverage == NULL || mask->low == NULL || mask->top == NULL)
        return false;
    mask->high = mask->low + parts + 2 * margin;
    mask->bottom = mask->top + parts;
    return true;
}

void coverage_free(struct coverage *mask)
{
    free(mask->coverage);
    free(mask->low);
    free(mask->top);
    memset(mask, 0, sizeof *mask);
}

/* Adds a coverage of 0 to 1 to the existing one, as if the two were independent. */
static void cover(unsigned char *pixel, float share)
{
    float line_part = (float)(255 - *pixel) * (1 - share);
    *pixel = (unsigned char)(255 - (int)(line_part + 0.5f));
}

static float lower(float a, float b)
{
    return a < b ? a : b;
}

static float higher(float a, float b)
{
    return a > b ? a : b;
}

/* Returns how much of the pixel in `row` the parts of a column cover, from 0 to 1. */
static float share_of(const float *top, const float *bottom, size_t row)
{
    float sum = 0;
    for (int i = 0; i < FINE; i++)
        sum += higher(0, lower(bottom[i], (float)(row + 1)) - higher(top[i], (float)row));
    return sum / FINE;
}

/* Covers a column by its parts: pixel by pixel at the edges, in one step between them. */
static void cover_column(const struct coverage *mask, size_t column)
{
    const float *part_top = mask->top + column * FINE, *part_bottom = mask->bottom + column * FINE;
    unsigned char *pixel = mask->coverage + column * mask->rows;
    float rows = (float)mask->rows, top = rows, bottom = 0, full_top = 0, full_bottom = rows;
    for (int i = 0; i < FINE; i++) {
        top = lower(top, part_top[i]);
        bottom = higher(bottom, part_bottom[i]);
        full_top = higher(full_top, part_top[i]);
        full_bottom = lower(full_bottom, part_bottom[i]);
    }
    size_t row = (size_t)higher(top, 0), end = (size_t)ceilf(lower(bottom, rows));
    size_t full = (size_t)ceilf(lower(full_top, rows)), full_end = (size_t)higher(full_bottom, 0);
    for (; row < end; row++) {
        if (row == full && full_end > full) {
            memset(pixel + full, 255, full_end - full);
            row = full_end - 1;
        } else if (pixel[row] < 255) {
            cover(&pixel[row], share_of(part_top, part_bottom, row));
        }
    }
}

/* Writes to top and bottom what a round pen covers in each part while its centre passes this part and its neighbours;
 * top is less than bottom if the pen covers nothing. */
static void spread_pen(const struct coverage *mask)
{
    size_t parts = mask->columns * FINE;
    float *restrict top = mask->top, *restrict bottom = mask->bottom;
    float radius = mask->radius_px * FINE;
    for (size_t i = 0; i < parts; i++) {
        top[i] = INFINITY;
        bottom[i] = -INFINITY;
    }
    for (size_t shift = 0; shift <= 2 * mask->margin; shift++) {
        float distance = (float)shift - (float)mask->margin;
        float square = radius * radius - distance * distance;
        if (square <= 0)
            continue;
        /* `high` is the upper end, so its y is the smaller one. */
        const float *restrict upper = mask->high + shift, *restrict under = mask->low + shift;
        float reach_px = sqrtf(square) / FINE;
        for (size_t i = 0; i < parts; i++) { /* without data the range stays empty */
            top[i] = lower(upper[i] - reach_px, top[i]);
            bottom[i] = higher(under[i] + reach_px, bottom[i]);
        }
    }
}

void coverage_add(struct coverage *mask, const struct series *series, const struct coverage_frame *frame)
{
    size_t all = mask->columns * FINE + 2 * mask->margin;
    double part_s = (frame->to_s - frame->from_s) / (double)(mask->columns * FINE);
    double margin_s = (double)mask->margin * part_s;
    float y_px = (float)frame->y_px, px_per_unit = (float)frame->px_per_unit;
    resample_series(series, frame->from_s - margin_s, frame->to_s + margin_s, all, mask->low, mask->high);
    for (size_t i = 0; i < all; i++) {
        mask->low[i] = y_px + px_per_unit * mask->low[i];
        mask->high[i] = y_px + px_per_unit * mask->high[i];
    }
    spread_pen(mask);
    for (size_t column = 0; column < mask->columns; column++)
        cover_column(mask, column);
}

void coverage_copy(const struct coverage *mask, unsigned char *pixels, size_t stride)
{
    for (size_t row = 0; row < mask->rows; row++)
        for (size_t column = 0; column < mask->columns; column++)
            pixels[row * stride + column] = mask->coverage[column * mask->rows + row];
}
