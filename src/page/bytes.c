/* SPDX-License-Identifier: MIT */
/* bytes: packs numbers, independent of their meaning. */
#include "bytes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_MAX 1125899906842624.0 /* 2^50: zigzag numbers stay exact in the doubles of JavaScript */

unsigned char *bytes_add(struct bytes *bytes, size_t size)
{
    if (bytes->capacity - bytes->size < size) {
        size_t capacity = bytes->capacity + size + bytes->capacity / 2 + 1024;
        unsigned char *grown = bytes->out_of_memory ? NULL : realloc(bytes->data, capacity);
        if (grown == NULL) {
            bytes->out_of_memory = true;
            return NULL;
        }
        bytes->data = grown;
        bytes->capacity = capacity;
    }
    bytes->size += size;
    return bytes->data + bytes->size - size;
}

static void add_number(struct bytes *bytes, uint64_t number, size_t width)
{
    unsigned char *to = bytes_add(bytes, width);
    for (size_t i = 0; to != NULL && i < width; i++)
        to[i] = (unsigned char)(number >> 8 * i);
}

void bytes_add_u32(struct bytes *bytes, uint32_t number)
{
    add_number(bytes, number, 4);
}

void bytes_add_f64(struct bytes *bytes, double number)
{
    uint64_t image;
    memcpy(&image, &number, sizeof image);
    add_number(bytes, image, 8);
}

/* Returns the exponent of the lowest set bit of a number. */
static int lowest_bit(double value)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(fabs(frexp(value, &exponent)), 53);
    return exponent - 53 + __builtin_ctzll(mantissa);
}

/* Returns the largest power of two of which all values are multiples, but at least step_min and the minimum for
 * RANGE_MAX.
 */
static double find_step(const double *value, size_t count, double step_min)
{
    double low = INFINITY, high = -INFINITY;
    int exponent = 1023;
    for (size_t i = 0; i < count; i++) {
        if (isnan(value[i]))
            continue;
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
        if (value[i] != 0 && exponent > -1022) {
            int own = lowest_bit(value[i]);
            exponent = own < exponent ? own : exponent;
        }
    }
    double step = exponent == 1023 ? 1 : ldexp(1, exponent);
    while (high - low > step * RANGE_MAX)
        step *= 2;
    return fmax(step, step_min);
}

static uint64_t zigzag(int64_t number)
{
    return number < 0 ? 2 * (uint64_t)(-(number + 1)) + 1 : 2 * (uint64_t)number;
}

static unsigned int bits_of(uint64_t number)
{
    return number == 0 ? 0 : 64 - (unsigned int)__builtin_clzll(number);
}

/* Returns true if differences take fewer bits than the numbers. */
static bool is_delta_smaller(const int64_t *number, size_t count)
{
    uint64_t plain = 0, delta = 0;
    for (size_t i = 0; i < count; i++) {
        plain += bits_of(zigzag(number[i]));
        delta += bits_of(zigzag(number[i] - (i > 0 ? number[i - 1] : 0)));
    }
    return delta < plain;
}

static void add_planes(struct bytes *bytes, const int64_t *number, size_t count)
{
    bool is_delta = is_delta_smaller(number, count);
    uint64_t all = 0;
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        all |= zigzag(number[i] - (is_delta && i > 0 ? number[i - 1] : 0));
    while (width < 8 && all >> 8 * width != 0)
        width++;
    unsigned char *head = bytes_add(bytes, 2), *plane;
    if (head != NULL) {
        head[0] = (unsigned char)width;
        head[1] = is_delta;
    }
    if ((plane = bytes_add(bytes, width * count)) == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        uint64_t image = zigzag(number[i] - (is_delta && i > 0 ? number[i - 1] : 0));
        for (size_t k = 0; k < width; k++)
            plane[k * count + i] = (unsigned char)(image >> 8 * k);
    }
}

void bytes_add_column(struct bytes *bytes, const double *value, size_t count, struct bytes_grid grid)
{
    double factor = grid.divisor > 0 ? 1 : find_step(value, count, grid.step_min);
    double per_value = grid.divisor > 0 ? grid.divisor : 1, base = INFINITY;
    int64_t *number = malloc((count + 1) * sizeof *number);
    if (number == NULL) {
        bytes->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        base = fmin(base, rint(value[i] / factor * per_value)); /* fmin ignores NAN */
    if (!isfinite(base))
        base = 0;
    for (size_t i = 0; i < count; i++) {
        double place = rint(value[i] / factor * per_value) - base + 1;
        number[i] = place >= 1 && place < 4 * RANGE_MAX ? (int64_t)place : 0;
    }
    bytes_add_f64(bytes, base);
    bytes_add_f64(bytes, factor);
    bytes_add_f64(bytes, per_value);
    add_planes(bytes, number, count);
    free(number);
}

void bytes_free(struct bytes *bytes)
{
    free(bytes->data);
    memset(bytes, 0, sizeof *bytes);
}
