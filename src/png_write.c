/* png_write: owns how pixels become a PNG file: palette or not, filter, compression.
 * Knows no Cairo, picture or path.
 *
 * A plot has few colours, but a thousand more between them where its lines are antialiased. The
 * most frequent colour of each small cell of the colour cube stands for all of the cell: that is 16
 * levels of coverage at the finest, one byte a pixel, and an error that nobody can see. */
#include "png_write.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    PALETTE_MAX = 256,
    COLOURS_LOG2 = 14, /* slots of the table of colours */
    COLOURS_MAX = 1 << (COLOURS_LOG2 - 1),
    NO_CELL = -1,
};

/* A colour of the picture, how many runs of pixels have it, and its entry of the palette. */
struct colour_slot {
    uint32_t rgb;
    uint32_t count; /* 0: the slot is free */
    int entry;
};

struct colour_table {
    struct colour_slot slot[1 << COLOURS_LOG2];
    uint32_t used[COLOURS_MAX]; /* slots, in order of appearance */
    size_t count;
};

struct picture {
    const unsigned char *pixels;
    int width, height;
    size_t stride;
};

struct palette {
    uint32_t rgb[PALETTE_MAX];
    int count;
    int worst_error;
};

static const uint32_t *row_of(const struct picture *picture, int y)
{
    return (const uint32_t *)(const void *)(picture->pixels + (size_t)y * picture->stride);
}

/* The slot of a colour, or the free one where it belongs. */
static struct colour_slot *find_slot(struct colour_table *table, uint32_t rgb)
{
    uint32_t at = (rgb * UINT32_C(0x9e3779b1)) >> (32 - COLOURS_LOG2);
    while (table->slot[at].count != 0 && table->slot[at].rgb != rgb)
        at = (at + 1) & ((UINT32_C(1) << COLOURS_LOG2) - 1);
    return &table->slot[at];
}

/* Counts the colours by runs: most pixels repeat their left neighbour. False when there are too
 * many for a palette to make sense. */
static bool count_colours(const struct picture *picture, struct colour_table *table)
{
    for (int y = 0; y < picture->height; y++) {
        const uint32_t *row = row_of(picture, y);
        uint32_t before = ~row[0];
        for (int x = 0; x < picture->width; x++) {
            if (row[x] == before)
                continue;
            before = row[x];
            struct colour_slot *slot = find_slot(table, before & 0xffffff);
            if (slot->count++ > 0)
                continue;
            if (table->count == COLOURS_MAX)
                return false;
            slot->rgb = before & 0xffffff;
            table->used[table->count++] = (uint32_t)(slot - table->slot);
        }
    }
    return true;
}

static int difference(uint32_t a, uint32_t b)
{
    int worst = 0;
    for (int shift = 0; shift < 24; shift += 8) {
        int channel = abs((int)(a >> shift & 255) - (int)(b >> shift & 255));
        worst = channel > worst ? channel : worst;
    }
    return worst;
}

static int compare_slots(const void *a, const void *b)
{
    const struct colour_slot *left = *(struct colour_slot *const *)a;
    const struct colour_slot *right = *(struct colour_slot *const *)b;
    if (left->count != right->count)
        return left->count < right->count ? 1 : -1;
    return left->rgb < right->rgb ? -1 : 1;
}

/* Gives every colour, the most frequent first, the nearest entry within `tolerance` or one of its
 * own. False when the entries do not suffice. */
static bool assign_entries(struct colour_slot **order, size_t count, int tolerance,
                           struct palette *palette)
{
    palette->count = palette->worst_error = 0;
    for (size_t i = 0; i < count; i++) {
        int best = INT32_MAX, entry = 0;
        for (int k = 0; k < palette->count && best > 0; k++) {
            int error = difference(order[i]->rgb, palette->rgb[k]);
            entry = error < best ? k : entry;
            best = error < best ? error : best;
        }
        if (best > tolerance) {
            if (palette->count == PALETTE_MAX)
                return false;
            entry = palette->count++;
            palette->rgb[entry] = order[i]->rgb;
            best = 0;
        }
        order[i]->entry = entry;
        palette->worst_error = best > palette->worst_error ? best : palette->worst_error;
    }
    return true;
}

/* Finds a palette for the picture and each colour's entry in it. False when none serves. */
static bool find_palette(const struct picture *picture, struct colour_table *table,
                         struct palette *palette)
{
    static const int tolerances[] = {2, 4, 8};
    if (!count_colours(picture, table))
        return false;
    struct colour_slot **order = malloc(table->count * sizeof(*order));
    if (order == NULL)
        return false;
    for (size_t i = 0; i < table->count; i++)
        order[i] = &table->slot[table->used[i]];
    qsort(order, table->count, sizeof *order, compare_slots);
    bool found = table->count <= PALETTE_MAX && assign_entries(order, table->count, 0, palette);
    for (size_t i = 0; i < sizeof tolerances / sizeof *tolerances && !found; i++)
        found = assign_entries(order, table->count, tolerances[i], palette);
    free(order);
    return found;
}

static void row_to_entries(const uint32_t *row, int width, struct colour_table *table,
                           unsigned char *out)
{
    uint32_t before = ~row[0];
    unsigned char entry = 0;
    for (int x = 0; x < width; x++) {
        if (row[x] != before) {
            before = row[x];
            entry = (unsigned char)find_slot(table, before & 0xffffff)->entry;
        }
        out[x] = entry;
    }
}

static void row_to_rgb(const uint32_t *row, int width, unsigned char *out)
{
    for (int x = 0; x < width; x++) {
        out[3 * x] = (unsigned char)(row[x] >> 16);
        out[3 * x + 1] = (unsigned char)(row[x] >> 8);
        out[3 * x + 2] = (unsigned char)row[x];
    }
}

static void write_header(png_structp png, png_infop info, const struct picture *picture,
                         const struct palette *palette)
{
    png_color entry[PALETTE_MAX];
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
                 palette != NULL ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (palette != NULL) {
        for (int i = 0; i < palette->count; i++)
            entry[i] = (png_color){(png_byte)(palette->rgb[i] >> 16),
                                   (png_byte)(palette->rgb[i] >> 8), (png_byte)palette->rgb[i]};
        png_set_PLTE(png, info, entry, palette->count);
    }
    png_set_filter(png, 0, PNG_FILTER_UP);
    png_set_compression_level(png, 6);
    png_set_compression_strategy(png, Z_RLE);
    png_write_info(png, info);
}

/* libpng says what went wrong on stderr where it is not kept from it; errno tells our caller. */
static void on_error(png_structp png, png_const_charp text)
{
    (void)text;
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

/* Writes through libpng; `table` has the entries where there is a palette. */
static bool write_rows(FILE *file, const struct picture *picture, struct colour_table *table,
                       const struct palette *palette, unsigned char *row)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_write_struct(&png, NULL);
        errno = ENOMEM;
        return false;
    }
    if (setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, file);
    write_header(png, info, picture, palette);
    for (int y = 0; y < picture->height; y++) {
        if (palette != NULL)
            row_to_entries(row_of(picture, y), picture->width, table, row);
        else
            row_to_rgb(row_of(picture, y), picture->width, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

bool png_write(FILE *file, const unsigned char *pixels, int width_px, int height_px,
               size_t stride_bytes, int *worst_error)
{
    const struct picture picture = {pixels, width_px, height_px, stride_bytes};
    struct palette palette = {.count = 0};
    struct colour_table *table = calloc(1, sizeof *table);
    unsigned char *row = malloc((size_t)width_px * 3);
    bool ok = false;
    if (table != NULL && row != NULL) {
        bool paletted = find_palette(&picture, table, &palette);
        if (worst_error != NULL)
            *worst_error = paletted ? palette.worst_error : 0;
        ok = write_rows(file, &picture, table, paletted ? &palette : NULL, row);
    } else {
        errno = ENOMEM;
    }
    free(row);
    free(table);
    return ok;
}
