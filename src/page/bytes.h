/* SPDX-License-Identifier: MIT */
/* bytes: a growing buffer of binary data, and columns of numbers packed for a page. */
#ifndef MEMTRACE_PAGE_BYTES_H
#define MEMTRACE_PAGE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A zeroed struct is empty. */
struct bytes {
    unsigned char *data; /* Owned. */
    size_t size, capacity;
    bool out_of_memory; /* something was not added */
};

/* Adds `size` bytes; returns where they go, NULL if out of memory. */
unsigned char *bytes_add(struct bytes *bytes, size_t size);

/* Adds a number in little-endian order. */
void bytes_add_u32(struct bytes *bytes, uint32_t number);
void bytes_add_f64(struct bytes *bytes, double number);

/* How the numbers of a column are rounded: to multiples of 1 / `divisor` if that is not 0, else to multiples of the
 * largest power of two that divides all of them (so they stay exact), or of `step_min` if that is larger. */
struct bytes_grid {
    double step_min, divisor;
};

/* Adds `count` numbers, NAN for unknown ones, as class Reader of data.js reads them: 8 bytes each for base, factor and
 * divisor; a byte for the width W of the numbers; a byte that is 1 if they are differences; and W x `count` bytes: the
 * lowest byte of every number, then the next byte of every number. A number is 0 if unknown, else value / factor *
 * divisor - base + 1, or its difference from the previous one, in zigzag order (0, -1, 1, -2, 2 ...). */
void bytes_add_column(struct bytes *bytes, const double *value, size_t count, struct bytes_grid grid);

/* Frees the data and zeroes the struct. */
void bytes_free(struct bytes *bytes);

#endif
