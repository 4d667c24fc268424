/* SPDX-License-Identifier: MIT */
/* Unit tests of png_write: pixels are preserved, exactly or within the reported error, in fewer bytes than Cairo's. */
#include <cairo.h>
#include <errno.h>
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "draw/png.h"
#include "unit.h"

enum { WIDTH = 300, HEIGHT = 200 };

/* A PNG file in memory. */
struct file {
    unsigned char *bytes;
    size_t size;
};

static struct file write_with(const void *pixels, int width, int height, size_t stride, struct png_spare spare,
                              int *error)
{
    struct file out;
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_true(png_write(file, pixels, width, height, stride, spare, error));
    out.size = (size_t)ftell(file);
    out.bytes = malloc(out.size);
    assert_non_null(out.bytes);
    rewind(file);
    assert_int_equal(fread(out.bytes, 1, out.size, file), out.size);
    fclose(file);
    return out;
}

static struct file write_file(const void *pixels, int width, int height, size_t stride, int *error)
{
    return write_with(pixels, width, height, stride, (struct png_spare){0}, error);
}

/* Returns the colour type of the header: 3 is a palette, 2 is RGB. */
static int colour_type(const struct file *file)
{
    return file->bytes[25];
}

/* Returns the maximum difference of a channel between the file and the pixels. */
static int worst_difference(const struct file *file, const uint32_t *pixels, int width, int height, size_t stride)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    int worst = 0;
    assert_true(png_image_begin_read_from_memory(&image, file->bytes, file->size));
    image.format = PNG_FORMAT_RGB;
    assert_int_equal(image.width, width);
    assert_int_equal(image.height, height);
    unsigned char *rgb = malloc(PNG_IMAGE_SIZE(image));
    assert_non_null(rgb);
    assert_true(png_image_finish_read(&image, NULL, rgb, 0, NULL));
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t want = pixels[(size_t)y * (stride / 4) + (size_t)x];
            const unsigned char *is = rgb + 3 * ((size_t)y * (size_t)width + (size_t)x);
            for (int channel = 0; channel < 3; channel++) {
                int error = abs((int)(want >> (16 - 8 * channel) & 255) - is[channel]);
                worst = error > worst ? error : worst;
            }
        }
    }
    free(rgb);
    return worst;
}

/* Draws a grid, a frame and `lines` noisy lines of different colours on a white sheet. */
static cairo_surface_t *draw_plot(int width, int height, int lines)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    cairo_t *cr = cairo_create(surface);
    uint32_t random = 3;
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_line_width(cr, 1);
    cairo_set_source_rgb(cr, 0.9, 0.9, 0.92);
    for (int y = height / 8; y < height; y += height / 8) {
        cairo_move_to(cr, 0, y + 0.5);
        cairo_line_to(cr, width, y + 0.5);
        cairo_stroke(cr);
    }
    cairo_set_line_width(cr, 1.7);
    for (int line = 0; line < lines; line++) {
        cairo_set_source_rgb(cr, line % 3 * 0.4, line % 5 * 0.2, line % 4 * 0.25);
        for (double x = 0; x < width; x += 0.4) {
            random = random * UINT32_C(1664525) + UINT32_C(1013904223);
            double wave = sin(x / (40 + 7 * line)) * height / 6 + fmod(x, 150) * height / 900;
            cairo_line_to(cr, x, height / 2.0 + 20 * line - wave + (random >> 30));
        }
        cairo_stroke(cr);
    }
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}

static void few_colours_come_back_exactly(void **state)
{
    static uint32_t pixels[HEIGHT][WIDTH + 5]; /* rows are longer than the image is wide */
    int error = -1;
    (void)state;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH + 5; x++) /* the unused byte may hold anything */
            pixels[y][x] = (uint32_t)((x / 3 * 7 + y / 50) % 256 * 0x010203) | (uint32_t)x << 24;
    struct file file = write_file(pixels, WIDTH, HEIGHT, sizeof pixels[0], &error);
    assert_int_equal(error, 0);
    assert_int_equal(colour_type(&file), 3);
    assert_int_equal(worst_difference(&file, pixels[0], WIDTH, HEIGHT, sizeof pixels[0]), 0);
    free(file.bytes);
}

static void antialiased_lines_fit_a_palette_within_the_reported_error(void **state)
{
    (void)state;
    for (int lines = 1; lines <= 12; lines += 11) {
        cairo_surface_t *plot = draw_plot(1200, 675, lines);
        uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(plot);
        size_t stride = (size_t)cairo_image_surface_get_stride(plot);
        int error = -1;
        struct file file = write_file(pixels, 1200, 675, stride, &error);
        struct file again = write_file(pixels, 1200, 675, stride, NULL);
        assert_int_equal(colour_type(&file), 3);
        assert_in_range(error, 0, 24);
        assert_int_equal(worst_difference(&file, pixels, 1200, 675, stride), error);
        assert_int_equal(file.size, again.size);
        assert_memory_equal(file.bytes, again.bytes, file.size);
        free(file.bytes);
        free(again.bytes);
        cairo_surface_destroy(plot);
    }
}

static void areas_keep_their_colours(void **state)
{
    static uint32_t pixels[HEIGHT][WIDTH];
    int error = -1;
    (void)state;
    /* 100 areas and 1000 single pixels that need the coarsest palette. */
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            pixels[y][x] = (uint32_t)(x / 30 * 25) << 16 | (uint32_t)(y / 20 * 25);
    for (int i = 0; i < 1000; i++)
        pixels[i * 7 % HEIGHT][i * 11 % WIDTH] = (uint32_t)(i % 125) << 16 | (uint32_t)(i / 8);
    struct file file = write_file(pixels, WIDTH, HEIGHT, sizeof pixels[0], &error);
    assert_int_equal(colour_type(&file), 3);
    assert_in_range(error, 1, 24);
    for (int y = 0; y < HEIGHT; y++) /* do not compare the single pixels */
        for (int x = 0; x < WIDTH; x++)
            pixels[y][x] = (uint32_t)(x / 30 * 25) << 16 | (uint32_t)(y / 20 * 25);
    png_image image = {.version = PNG_IMAGE_VERSION};
    static unsigned char rgb[HEIGHT][WIDTH][3];
    assert_true(png_image_begin_read_from_memory(&image, file.bytes, file.size));
    image.format = PNG_FORMAT_RGB;
    assert_true(png_image_finish_read(&image, NULL, rgb, 0, NULL));
    int kept = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            kept += abs((int)(pixels[y][x] >> 16) - rgb[y][x][0]) <= 2 && rgb[y][x][1] <= 2 &&
                    abs((int)(pixels[y][x] & 255) - rgb[y][x][2]) <= 2;
    assert_true(kept >= WIDTH * HEIGHT - 1000);
    free(file.bytes);
}

/* The bar of colours next to a heatmap has few pixels of each shade, but steps in it would be visible. */
static void a_bar_of_colours_keeps_its_shades(void **state)
{
    enum { LEFT = 1100, BAR = 14, TOP = 100, SHADES = 250 };
    cairo_surface_t *plot = draw_plot(1200, 675, 12);
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(plot);
    size_t stride = (size_t)cairo_image_surface_get_stride(plot);
    static unsigned char rgb[675][1200][3];
    png_image image = {.version = PNG_IMAGE_VERSION};
    int worst = 0;
    (void)state;
    for (int y = 0; y < SHADES; y++)
        for (int x = 0; x < BAR; x++)
            pixels[(size_t)(TOP + y) * (stride / 4) + LEFT + (size_t)x] = (uint32_t)(y << 16 | (255 - y) << 8 | y / 2);
    struct file file = write_file(pixels, 1200, 675, stride, NULL);
    assert_int_equal(colour_type(&file), 3);
    assert_true(png_image_begin_read_from_memory(&image, file.bytes, file.size));
    image.format = PNG_FORMAT_RGB;
    assert_true(png_image_finish_read(&image, NULL, rgb, 0, NULL));
    for (int y = 0; y < SHADES; y++) {
        const unsigned char *is = rgb[TOP + y][LEFT + BAR / 2];
        worst = (int)fmax(worst, fmax(abs(is[0] - y), fmax(abs(is[1] - (255 - y)), abs(is[2] - y / 2))));
    }
    assert_in_range(worst, 0, 6);
    free(file.bytes);
    cairo_surface_destroy(plot);
}

/* An image of only shades with few pixels each: no palette may turn them into visible steps. */
static void shades_change_by_at_most_eight(void **state)
{
    static uint32_t pixels[HEIGHT][WIDTH];
    (void)state;
    for (int tint = 0; tint <= 250; tint += 10) {
        int error = -1;
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                pixels[y][x] = (uint32_t)(x * tint / WIDTH) << 8 | (uint32_t)y;
        struct file file = write_file(pixels, WIDTH, HEIGHT, sizeof pixels[0], &error);
        assert_in_range(error, 0, 8);
        assert_int_equal(worst_difference(&file, pixels[0], WIDTH, HEIGHT, sizeof pixels[0]), error);
        free(file.bytes);
    }
}

static void too_many_colours_are_written_as_they_are(void **state)
{
    static uint32_t pixels[HEIGHT][WIDTH];
    int error = -1;
    (void)state;
    for (uint32_t variety = 5000; variety <= 60000; variety += 55000) {
        for (uint32_t y = 0; y < HEIGHT; y++)
            for (uint32_t x = 0; x < WIDTH; x++)
                pixels[y][x] = (y * WIDTH + x) % variety * UINT32_C(0x9e3779b1) >> 8;
        struct file file = write_file(pixels, WIDTH, HEIGHT, sizeof pixels[0], &error);
        assert_int_equal(error, 0);
        assert_int_equal(colour_type(&file), 2);
        assert_int_equal(worst_difference(&file, pixels[0], WIDTH, HEIGHT, sizeof pixels[0]), 0);
        free(file.bytes);
    }
}

static void the_smallest_picture_is_one_pixel(void **state)
{
    uint32_t pixel = 0x123456;
    int error = -1;
    (void)state;
    struct file file = write_file(&pixel, 1, 1, 4, &error);
    assert_int_equal(worst_difference(&file, &pixel, 1, 1, 4), 0);
    free(file.bytes);
}

static cairo_status_t count_bytes(void *user, const unsigned char *bytes, unsigned size)
{
    (void)bytes;
    *(size_t *)user += size;
    return CAIRO_STATUS_SUCCESS;
}

static void a_plot_takes_at_most_seven_tenths_of_cairos_bytes(void **state)
{
    cairo_surface_t *plot = draw_plot(1200, 675, 5);
    size_t cairo_size = 0;
    (void)state;
    struct file file =
        write_file(cairo_image_surface_get_data(plot), 1200, 675, (size_t)cairo_image_surface_get_stride(plot), NULL);
    assert_int_equal(cairo_surface_write_to_png_stream(plot, count_bytes, &cairo_size), 0);
    assert_true(10 * file.size <= 7 * cairo_size);
    free(file.bytes);
    cairo_surface_destroy(plot);
}

/* Spare memory of any size changes no byte, is used if it is enough, and nothing is written beyond it. */
static void spare_memory_changes_no_byte(void **state)
{
    static const size_t sizes[] = {1, 5000, 560000, 700000, 1 << 20};
    cairo_surface_t *plot = draw_plot(1200, 675, 5);
    const size_t stride = (size_t)cairo_image_surface_get_stride(plot), beyond = 64;
    struct file plain = write_file(cairo_image_surface_get_data(plot), 1200, 675, stride, NULL);
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char *memory = calloc(1, sizes[i] + beyond), zero[64] = {0};
        assert_non_null(memory);
        struct file file = write_with(cairo_image_surface_get_data(plot), 1200, 675, stride,
                                      (struct png_spare){memory, sizes[i]}, NULL);
        assert_int_equal(file.size, plain.size);
        assert_memory_equal(file.bytes, plain.bytes, plain.size);
        assert_memory_equal(memory + sizes[i], zero, beyond);
        bool is_used = false;
        for (size_t k = 0; k < sizes[i]; k++)
            is_used |= memory[k] != 0;
        assert_true(is_used || sizes[i] < 5000);
        free(file.bytes);
        free(memory);
    }
    free(plain.bytes);
    cairo_surface_destroy(plot);
}

static void a_full_disk_is_reported(void **state)
{
    cairo_surface_t *plot = draw_plot(1200, 675, 5);
    FILE *full = fopen("/dev/full", "wb");
    (void)state;
    assert_non_null(full);
    errno = 0;
    assert_false(png_write(full, cairo_image_surface_get_data(plot), 1200, 675,
                           (size_t)cairo_image_surface_get_stride(plot), (struct png_spare){0}, NULL));
    assert_int_equal(errno, ENOSPC);
    fclose(full);
    cairo_surface_destroy(plot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_colours_come_back_exactly),
        cmocka_unit_test(antialiased_lines_fit_a_palette_within_the_reported_error),
        cmocka_unit_test(areas_keep_their_colours),
        cmocka_unit_test(a_bar_of_colours_keeps_its_shades),
        cmocka_unit_test(shades_change_by_at_most_eight),
        cmocka_unit_test(too_many_colours_are_written_as_they_are),
        cmocka_unit_test(the_smallest_picture_is_one_pixel),
        cmocka_unit_test(a_plot_takes_at_most_seven_tenths_of_cairos_bytes),
        cmocka_unit_test(spare_memory_changes_no_byte),
        cmocka_unit_test(a_full_disk_is_reported),
    };
    return cmocka_run_group_tests_name("png_write", tests, NULL, NULL);
}
