/* SPDX-License-Identifier: MIT */
/* png: writes a picture with png_write and with Cairo, in turns.
 *
 *     png ROUNDS PICTURE.png
 *
 * Prints the medians in ms and the bytes of both, ours first, and the maximum error of a channel.
 */
#include "draw/png.h"

#include <cairo.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/median.h"

enum { ROUNDS_MAX = 1000 };

static cairo_status_t to_file(void *file, const unsigned char *bytes, unsigned int size)
{
    return fwrite(bytes, 1, size, file) == size ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* Returns the picture without its alpha channel, as memtrace draws it. */
static cairo_surface_t *read_picture(const char *path)
{
    cairo_surface_t *read = cairo_image_surface_create_from_png(path);
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, cairo_image_surface_get_width(read),
                                                          cairo_image_surface_get_height(read));
    cairo_t *cr = cairo_create(picture);
    cairo_set_source_surface(cr, read, 0, 0);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(read);
    cairo_surface_flush(picture);
    return picture;
}

int main(int argc, char **argv)
{
    static double ours_ms[ROUNDS_MAX], cairo_ms[ROUNDS_MAX];
    long ours_bytes = 0, cairo_bytes = 0;
    int rounds = argc == 3 ? atoi(argv[1]) : 0, error = 0;
    if (rounds < 1 || rounds > ROUNDS_MAX)
        return 2;
    cairo_surface_t *picture = read_picture(argv[2]);
    for (int i = 0; i < rounds; i++) {
        FILE *file = tmpfile();
        if (file == NULL)
            return 1;
        double begin_ms = 1e3 * clock_monotonic_s();
        if (!png_write(file, cairo_image_surface_get_data(picture), cairo_image_surface_get_width(picture),
                       cairo_image_surface_get_height(picture), (size_t)cairo_image_surface_get_stride(picture),
                       (struct png_spare){0}, &error))
            return 1;
        fflush(file);
        ours_ms[i] = 1e3 * clock_monotonic_s() - begin_ms;
        ours_bytes = ftell(file);
        rewind(file);
        begin_ms = 1e3 * clock_monotonic_s();
        if (cairo_surface_write_to_png_stream(picture, to_file, file) != CAIRO_STATUS_SUCCESS)
            return 1;
        fflush(file);
        cairo_ms[i] = 1e3 * clock_monotonic_s() - begin_ms;
        cairo_bytes = ftell(file);
        fclose(file);
    }
    cairo_surface_destroy(picture);
    printf("%.3f\t%.3f\t%ld\t%ld\t%d\n", median_of(ours_ms, (size_t)rounds), median_of(cairo_ms, (size_t)rounds),
           ours_bytes, cairo_bytes, error);
    return 0;
}
