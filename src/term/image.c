/* SPDX-License-Identifier: MIT */
/* image: the terminals' image protocols. Independent of terminals and traces. */
#include "term/image.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/serialize.h"
#include "draw/png.h"

#define PIECE_BYTES   3072 /* 4096 in base64, kitty's maximum per piece */
#define SIXEL_COLOURS 255
#define SIXEL_ROWS    6
#define TABLE_SLOTS   (1u << 16) /* for the distinct colours of a picture; a power of two */

static void print_kitty(FILE *file, const unsigned char *png, size_t size)
{
    for (size_t at = 0; at < size; at += PIECE_BYTES) {
        size_t piece = size - at < PIECE_BYTES ? size - at : PIECE_BYTES;
        fprintf(file, at == 0 ? "\033_Ga=T,f=100,q=2,m=%d;" : "\033_Gm=%d;", at + piece < size);
        serialize_base64(file, png + at, piece);
        fputs("\033\\", file);
    }
}

/* Writes the pixels as PNG by one of the two protocols that take it. */
static bool print_png(FILE *file, enum image_protocol protocol, const unsigned char *pixels, int width_px,
                      int height_px, size_t stride_bytes)
{
    char *png = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&png, &size);
    if (memory == NULL)
        return false;
    bool ok = png_write(memory, pixels, width_px, height_px, stride_bytes, (struct png_spare){0}, NULL);
    ok = fclose(memory) == 0 && ok;
    if (ok && protocol == IMAGE_KITTY) {
        print_kitty(file, (const unsigned char *)png, size);
    } else if (ok) {
        fprintf(file, "\033]1337;File=inline=1;size=%zu;width=%dpx;height=%dpx:", size, width_px, height_px);
        serialize_base64(file, (const unsigned char *)png, size);
        fputc('\a', file);
    }
    free(png);
    return ok;
}

/* ---- sixels ---- */

/* A colour of the picture. */
struct tint {
    uint32_t colour, count;
    unsigned char index; /* in the palette */
};

/* The colours of a picture: a hash table, and the palette made of it. */
struct sixel_palette {
    struct tint *slot; /* TABLE_SLOTS of them; `count` is 0 in free ones */
    size_t used;
    uint32_t colour[SIXEL_COLOURS];
    size_t count;
};

static uint32_t pixel_at(const unsigned char *pixels, size_t stride_bytes, int x, int y)
{
    uint32_t pixel;
    memcpy(&pixel, pixels + (size_t)y * stride_bytes + 4 * (size_t)x, sizeof pixel);
    return pixel & 0xffffff;
}

/* The slot of a colour, or the free one where it would go. */
static struct tint *find_tint(const struct sixel_palette *palette, uint32_t colour)
{
    uint32_t place = colour * UINT32_C(2654435761) >> 16;
    while (palette->slot[place].count != 0 && palette->slot[place].colour != colour)
        place = (place + 1) & (TABLE_SLOTS - 1);
    return &palette->slot[place];
}

static int compare_tints(const void *a, const void *b)
{
    const struct tint *left = a, *right = b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return (left->colour > right->colour) - (left->colour < right->colour);
}

static int channel_of(uint32_t colour, int shift)
{
    return (int)(colour >> shift & 255);
}

static unsigned char nearest(const struct sixel_palette *palette, uint32_t colour)
{
    size_t best = 0;
    int best_miss = INT32_MAX;
    for (size_t i = 0; i < palette->count; i++) {
        int miss = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int difference = channel_of(colour, shift) - channel_of(palette->colour[i], shift);
            miss += difference * difference;
        }
        if (miss < best_miss) {
            best_miss = miss;
            best = i;
        }
    }
    return (unsigned char)best;
}

/* Counts the colours; once the table is nearly full new colours are ignored; they are replaced by the nearest. */
static void count_colours(struct sixel_palette *palette, const unsigned char *pixels, int width_px, int height_px,
                          size_t stride_bytes)
{
    for (int y = 0; y < height_px; y++) {
        for (int x = 0; x < width_px; x++) {
            uint32_t colour = pixel_at(pixels, stride_bytes, x, y);
            struct tint *tint = find_tint(palette, colour);
            if (tint->count == 0 && palette->used >= TABLE_SLOTS / 2)
                continue;
            palette->used += tint->count == 0;
            tint->colour = colour;
            tint->count++;
        }
    }
}

/* Makes the palette. Returns false if out of memory; the caller frees `slot`. */
static bool make_palette(struct sixel_palette *palette, const unsigned char *pixels, int width_px, int height_px,
                         size_t stride_bytes)
{
    palette->slot = calloc(TABLE_SLOTS, sizeof *palette->slot);
    if (palette->slot == NULL)
        return false;
    count_colours(palette, pixels, width_px, height_px, stride_bytes);
    struct tint *sorted = malloc(TABLE_SLOTS * sizeof *sorted);
    if (sorted == NULL)
        return false;
    memcpy(sorted, palette->slot, TABLE_SLOTS * sizeof *sorted);
    qsort(sorted, TABLE_SLOTS, sizeof *sorted, compare_tints);
    while (palette->count < SIXEL_COLOURS && sorted[palette->count].count > 0) {
        palette->colour[palette->count] = sorted[palette->count].colour;
        palette->count++;
    }
    free(sorted);
    for (size_t i = 0; i < TABLE_SLOTS; i++)
        if (palette->slot[i].count > 0)
            palette->slot[i].index = nearest(palette, palette->slot[i].colour);
    return true;
}

static unsigned char index_of(const struct sixel_palette *palette, uint32_t colour)
{
    const struct tint *tint = find_tint(palette, colour);
    return tint->count > 0 ? tint->index : nearest(palette, colour);
}

/* Writes `count` times the same six pixels. */
static void print_run(FILE *file, unsigned char six, int count)
{
    if (count > 3)
        fprintf(file, "!%d%c", count, '?' + six);
    for (int i = 0; count <= 3 && i < count; i++)
        fputc('?' + six, file);
}

/* Writes the pixels of one colour in a band of six rows, whose indices are in `band`, row by row. */
static void print_colour(FILE *file, const unsigned char *band, int width_px, int rows, size_t colour)
{
    unsigned char run_six = 0;
    int run = 0;
    fprintf(file, "#%zu", colour);
    for (int x = 0; x < width_px; x++) {
        unsigned char six = 0;
        for (int row = 0; row < rows; row++)
            if (band[row * width_px + x] == colour)
                six |= (unsigned char)(1u << row);
        if (six != run_six) {
            print_run(file, run_six, run);
            run_six = six;
            run = 0;
        }
        run++;
    }
    if (run_six != 0)
        print_run(file, run_six, run);
    fputc('$', file); /* back to the left */
}

static bool print_sixels(FILE *file, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes)
{
    struct sixel_palette palette = {0};
    unsigned char *band = malloc((size_t)width_px * SIXEL_ROWS);
    bool ok = band != NULL && make_palette(&palette, pixels, width_px, height_px, stride_bytes);
    if (ok)
        fprintf(file, "\033P0;1q\"1;1;%d;%d", width_px, height_px);
    for (size_t i = 0; ok && i < palette.count; i++) {
        fprintf(file, "#%zu;2", i);
        for (int shift = 16; shift >= 0; shift -= 8)
            fprintf(file, ";%d", (channel_of(palette.colour[i], shift) * 100 + 127) / 255);
    }
    for (int top = 0; ok && top < height_px; top += SIXEL_ROWS) {
        int rows = height_px - top < SIXEL_ROWS ? height_px - top : SIXEL_ROWS;
        bool has[SIXEL_COLOURS] = {false};
        for (int row = 0; row < rows; row++)
            for (int x = 0; x < width_px; x++)
                has[band[row * width_px + x] = index_of(&palette, pixel_at(pixels, stride_bytes, x, top + row))] = true;
        for (size_t i = 0; i < palette.count; i++)
            if (has[i])
                print_colour(file, band, width_px, rows, i);
        fputc('-', file); /* the next six rows */
    }
    if (ok)
        fputs("\033\\", file);
    free(palette.slot);
    free(band);
    return ok;
}

bool image_write(FILE *file, enum image_protocol protocol, const unsigned char *pixels, int width_px, int height_px,
                 size_t stride_bytes)
{
    bool ok = protocol == IMAGE_SIXEL ? print_sixels(file, pixels, width_px, height_px, stride_bytes)
                                      : print_png(file, protocol, pixels, width_px, height_px, stride_bytes);
    fputc('\n', file);
    return ok && !ferror(file);
}
