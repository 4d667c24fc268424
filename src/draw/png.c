/* SPDX-License-Identifier: MIT */
/* png: how pixels become a PNG file: palette or not, filter, compression. Independent of Cairo, plots and paths.
 *
 * A plot has few colours, but antialiased lines add thousands of shades. Starting with the most frequent, each colour
 * gets a palette entry unless an existing one is close enough; a pixel then takes one byte. Colours that fill an area
 * keep their value to within 2 of 255; single pixels of edges may change by up to 24, shades by 8, runs of pixels by 6,
 * and never more than needed to get by with 256 colours.
 *
 * No filter and a low compression level: rows of a plot repeat each other, which deflate finds by itself, and higher
 * levels take twice the time to save a tenth of the bytes. */
#include "draw/png.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <errno.h>
#include <limits.h>
#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    PALETTE_MAX = 256,
    SLOTS_LOG2 = 15, /* of the table of colours */
    COLOURS_MAX = 3 << (SLOTS_LOG2 - 2),
    AREA_SHARE = 6000, /* a colour with a larger share of the pixels than this fills an area, or is a shade of a heatmap
                        * */
    AREA_TOLERANCE = 2,
    STRETCH = 6, /* equal adjacent pixels that no edge has */
    STRETCH_TOLERANCE = 6,
    PNG_LEVEL = 2,
};

/* A colour of the picture, its number of pixels, and its palette entry. */
struct png_colour {
    uint32_t rgb;
    uint32_t count;
    unsigned char entry;
    bool fills; /* in a run */
};

/* Colours in order of appearance, found through a small table of their numbers (plus 1; 0 is a free slot), which
 * touches few pages of memory if there are few colours. */
struct colour_table {
    size_t count;
    uint16_t slot[1 << SLOTS_LOG2];
    struct png_colour colour[COLOURS_MAX];
    struct png_colour *order[COLOURS_MAX];
};

struct png_pixels {
    const unsigned char *pixels;
    int width, height;
    size_t stride;
};

/* One array per channel, so that the compiler compares 16 entries at once. */
struct png_palette {
    unsigned char red[PALETTE_MAX], green[PALETTE_MAX], blue[PALETTE_MAX];
    int count;
    int worst_error;
};

static const uint32_t *row_of(const struct png_pixels *picture, int y)
{
    return (const uint32_t *)(const void *)(picture->pixels + (size_t)y * picture->stride);
}

/* The slot with the number of a colour, or the free slot where it belongs. */
static uint16_t *find_slot(struct colour_table *table, uint32_t rgb)
{
    uint32_t at = (rgb * UINT32_C(0x9e3779b1)) >> (32 - SLOTS_LOG2);
    while (table->slot[at] != 0 && table->colour[table->slot[at] - 1].rgb != rgb)
        at = (at + 1) & ((UINT32_C(1) << SLOTS_LOG2) - 1);
    return &table->slot[at];
}

/* Adds `rows` equal runs of `length` pixels. Returns false if there are too many colours for a useful palette. */
static bool add_runs(struct colour_table *table, uint32_t rgb, uint32_t length, uint32_t rows)
{
    uint16_t *slot = find_slot(table, rgb);
    if (*slot == 0) {
        if (table->count == COLOURS_MAX)
            return false;
        table->colour[table->count++] = (struct png_colour){.rgb = rgb};
        *slot = (uint16_t)table->count;
    }
    struct png_colour *colour = &table->colour[*slot - 1];
    colour->count += length * rows;
    colour->fills |= length >= STRETCH;
    return true;
}

/* The end of the run of equal pixels that begins at `x`. */
static int run_end(const uint32_t *row, int x, int width)
{
    const uint32_t first = row[x];
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi32((int)first);
    for (; x + 8 <= width; x += 8) {
        __m128i left = _mm_loadu_si128((const __m128i *)(const void *)(row + x));
        __m128i right = _mm_loadu_si128((const __m128i *)(const void *)(row + x + 4));
        __m128i equal = _mm_packs_epi32(_mm_cmpeq_epi32(left, wanted), _mm_cmpeq_epi32(right, wanted));
        unsigned different = ~(unsigned)_mm_movemask_epi8(equal) & 0xffff;
        if (different != 0)
            return x + __builtin_ctz(different) / 2;
    }
#endif
    while (x < width && row[x] == first)
        x++;
    return x;
}

static bool is_same_row(const struct png_pixels *picture, int y, int other)
{
    return memcmp(row_of(picture, y), row_of(picture, other), (size_t)picture->width * 4) == 0;
}

/* Counts the colours run by run, and equal rows at once. Returns false if there are too many. */
static bool count_colours(const struct png_pixels *picture, struct colour_table *table)
{
    for (int y = 0, next; y < picture->height; y = next) {
        const uint32_t *row = row_of(picture, y);
        for (next = y + 1; next < picture->height && is_same_row(picture, next, y);)
            next++;
        for (int x = 0, end; x < picture->width; x = end) {
            end = run_end(row, x, picture->width);
            if (!add_runs(table, row[x] & 0xffffff, (uint32_t)(end - x), (uint32_t)(next - y)))
                return false;
        }
    }
    return true;
}

static unsigned char distance(unsigned char a, unsigned char b)
{
    return (unsigned char)(a > b ? a - b : b - a);
}

static unsigned char larger(unsigned char a, unsigned char b)
{
    return a > b ? a : b;
}

/* The entry whose worst channel differs least from `rgb`. Unused entries are copies of the first. */
static int find_nearest(const struct png_palette *palette, uint32_t rgb, int *error)
{
    unsigned char difference[PALETTE_MAX];
    unsigned char red = (unsigned char)(rgb >> 16), green = (unsigned char)(rgb >> 8);
    unsigned char blue = (unsigned char)rgb, best = UINT8_MAX;
    for (int i = 0; i < PALETTE_MAX; i++)
        difference[i] = larger(distance(red, palette->red[i]),
                               larger(distance(green, palette->green[i]), distance(blue, palette->blue[i])));
    for (int i = 0; i < PALETTE_MAX; i++)
        best = difference[i] < best ? difference[i] : best;
    *error = best;
    const unsigned char *found = memchr(difference, best, PALETTE_MAX);
    return (int)(found - difference);
}

/* Appends a colour to the palette; the first one also fills all unused places. */
static void add_entry(struct png_palette *palette, uint32_t rgb)
{
    size_t at = (size_t)palette->count;
    size_t count = at == 0 ? PALETTE_MAX : 1;
    memset(palette->red + at, (int)(rgb >> 16 & 255), count);
    memset(palette->green + at, (int)(rgb >> 8 & 255), count);
    memset(palette->blue + at, (int)(rgb & 255), count);
    palette->count++;
}

/* Orders the colours roughly by number of pixels: by powers of two, then by appearance. Returns the number of pixels
 * whose colours fill no area. */
static uint64_t order_colours(struct colour_table *table, uint32_t area)
{
    size_t start[33] = {0};
    uint64_t edge_pixels = 0;
    for (size_t i = 0; i < table->count; i++) {
        uint32_t count = table->colour[i].count;
        edge_pixels += count > area ? 0 : count;
        start[__builtin_clz(count) + 1]++;
    }
    for (size_t i = 1; i < 33; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < table->count; i++) {
        struct png_colour *colour = &table->colour[i];
        table->order[start[__builtin_clz(colour->count)]++] = colour;
    }
    return edge_pixels;
}

/* Returns how much a colour may change if edges may change by `tolerance`. */
static int limit_of(const struct png_colour *colour, uint32_t area, int tolerance)
{
    int most = colour->count > area ? AREA_TOLERANCE : colour->fills ? STRETCH_TOLERANCE : tolerance;
    return most < tolerance ? most : tolerance;
}

/* Assigns each colour, starting with the most frequent, the nearest entry within `tolerance` or a new one. Returns
 * false if there are too few entries. */
static bool assign_entries(struct colour_table *table, uint32_t area, int tolerance, struct png_palette *palette)
{
    palette->count = palette->worst_error = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct png_colour *colour = table->order[i];
        int limit = limit_of(colour, area, tolerance);
        int error = INT_MAX, entry = 0;
        if (palette->count > 0 && tolerance > 0)
            entry = find_nearest(palette, colour->rgb, &error);
        if (error > limit) {
            if (palette->count == PALETTE_MAX)
                return false;
            entry = palette->count;
            add_entry(palette, colour->rgb);
            error = 0;
        }
        colour->entry = (unsigned char)entry;
        palette->worst_error = error > palette->worst_error ? error : palette->worst_error;
    }
    return true;
}

/* Finds a palette for the picture and the entry of each colour. Returns false if no palette is good enough. */
static bool find_palette(const struct png_pixels *picture, struct colour_table *table, struct png_palette *palette)
{
    static const int tolerance[] = {2, 4, 6, 8, 12, 16, 24};
    uint64_t pixels = (uint64_t)picture->width * (uint64_t)picture->height;
    uint32_t area = (uint32_t)(pixels / AREA_SHARE);
    if (!count_colours(picture, table))
        return false;
    uint64_t edge_pixels = order_colours(table, area);
    if (table->count <= PALETTE_MAX)
        return assign_entries(table, area, 0, palette);
    /* If most colours are rare, they are shades, not edges. */
    int coarse = edge_pixels * 4 > pixels ? 3 : 6, fine = coarse;
    if (!assign_entries(table, area, tolerance[coarse], palette))
        return false;
    /* A smaller tolerance never needs fewer entries, so begin with the smallest that may suffice. */
    while (fine > 0 && palette->count * tolerance[coarse] < PALETTE_MAX * tolerance[fine - 1])
        fine--;
    if (fine == coarse)
        return true;
    for (; fine < coarse; fine++)
        if (assign_entries(table, area, tolerance[fine], palette))
            return true;
    return assign_entries(table, area, tolerance[coarse], palette);
}

static void row_to_entries(const uint32_t *row, int width, struct colour_table *table, unsigned char *out)
{
    for (int x = 0, end; x < width; x = end) {
        end = run_end(row, x, width);
        const struct png_colour *colour = &table->colour[*find_slot(table, row[x] & 0xffffff) - 1];
        memset(out + x, colour->entry, (size_t)(end - x));
    }
}

static void row_to_rgb(const uint32_t *row, int width, unsigned char *out)
{
    for (int x = 0; x < width; x++) {
        *out++ = (unsigned char)(row[x] >> 16);
        *out++ = (unsigned char)(row[x] >> 8);
        *out++ = (unsigned char)row[x];
    }
}

static void write_header(png_structp png, png_infop info, const struct png_pixels *picture,
                         const struct png_palette *palette)
{
    png_color entry[PALETTE_MAX];
    png_set_IHDR(png, info, (png_uint_32)picture->width, (png_uint_32)picture->height, 8,
                 palette != NULL ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (palette != NULL) {
        for (int i = 0; i < palette->count; i++)
            entry[i] = (png_color){palette->red[i], palette->green[i], palette->blue[i]};
        png_set_PLTE(png, info, entry, palette->count);
    }
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_compression_level(png, PNG_LEVEL);
    png_set_check_for_invalid_index(png, 0); /* the entries are valid, and checking them would cost a pass over all
                                              * pixels */
    png_write_info(png, info);
}

/* libpng would print the reason on stderr; our caller gets it through errno. */
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

/* The spare memory that is left, and all of it. */
struct spare {
    struct png_spare left, all;
};

/* Takes `size` bytes of the spare memory. Returns NULL if it has fewer. */
static void *take_spare(struct spare *spare, size_t size)
{
    void *taken = spare->left.at;
    size = (size + 63) / 64 * 64;
    if (size > spare->left.size)
        return NULL;
    spare->left.at += size;
    spare->left.size -= size;
    return taken;
}

/* Returns memory that take_spare did not return to free(3). */
static void release(png_structp png, void *at)
{
    const struct spare *spare = png_get_mem_ptr(png);
    if ((uintptr_t)at - (uintptr_t)spare->all.at >= spare->all.size)
        free(at);
}

/* Allocates for libpng and zlib, which take 270 KB. */
static void *allocate(png_structp png, png_alloc_size_t size)
{
    void *taken = take_spare(png_get_mem_ptr(png), size);
    return taken != NULL ? taken : malloc(size);
}

/* Writes through libpng; `table` has the entries if there is a palette. */
static bool write_rows(FILE *file, const struct png_pixels *picture, struct colour_table *table,
                       const struct png_palette *palette, unsigned char *row, struct spare *spare)
{
    png_structp png =
        png_create_write_struct_2(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning, spare, allocate, release);
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
        if (palette != NULL && (y == 0 || !is_same_row(picture, y, y - 1)))
            row_to_entries(row_of(picture, y), picture->width, table, row);
        else if (palette == NULL)
            row_to_rgb(row_of(picture, y), picture->width, row);
        png_write_row(png, row);
    }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

bool png_write(FILE *file, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes,
               struct png_spare all, int *worst_error)
{
    const struct png_pixels picture = {pixels, width_px, height_px, stride_bytes};
    struct png_palette palette = {.count = 0};
    struct spare spare = {all, all};
    /* Little of it is used, as few plots have so many colours, but the heap fills all of it (see guard). */
    struct colour_table *spared = take_spare(&spare, sizeof *spared);
    struct colour_table *table = spared != NULL ? spared : calloc(1, sizeof *table);
    unsigned char *row = malloc((size_t)width_px * 3);
    bool ok = false;
    errno = 0;
    if (table != NULL && row != NULL) {
        bool paletted = find_palette(&picture, table, &palette);
        if (worst_error != NULL)
            *worst_error = paletted ? palette.worst_error : 0;
        ok = write_rows(file, &picture, table, paletted ? &palette : NULL, row, &spare);
        if (!ok && errno == 0)
            errno = EIO; /* libpng reported an error without setting errno */
    } else {
        errno = ENOMEM;
    }
    free(row);
    if (spared == NULL)
        free(table);
    return ok;
}
