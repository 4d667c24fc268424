/* SPDX-License-Identifier: MIT */
/* row_values: the numbers of one row of free(1). */
#ifndef MEMTRACE_FREELOG_ROW_VALUES_H
#define MEMTRACE_FREELOG_ROW_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#define ROW_VALUES_MAX 8

/* Why reading stopped. */
enum freelog_row_end {
    FREELOG_ROW_END,  /* at the end of the line */
    FREELOG_ROW_TEXT, /* at `rest`, which does not begin like a number, or after as many values as there is space for */
    FREELOG_ROW_BROKEN /* at `rest`, which does, but is not one */
};

struct row_values {
    double bytes[ROW_VALUES_MAX];
    const char *from[ROW_VALUES_MAX]; /* where each begins */
    const char *to[ROW_VALUES_MAX];   /* and ends; borrowed from the line */
    size_t count;
    double resolution;  /* of the coarsest value, in bytes */
    const char *glued;  /* the first with more digits than any number has, NULL if there is none: its value means
                         * nothing */
    bool has_unit;      /* its own unit, "540Gi" or "0B": */
    bool has_bare_unit; /* one without an i, such as "540G" */
    enum freelog_row_end end;
    const char *rest;
};

/* Reads the numbers from `at`, each `unit_bytes` bytes unless it has its own unit; a bare unit letter is a power of
 * `bare_base`, 1024 or 1000. */
void row_values_read(const char *at, const char *end, double unit_bytes, double bare_base, struct row_values *values);

/* Busybox 1.24 to 1.27 leaves no blank between numbers of 11 digits and more. Separates those of a row, so that they
 * become `want` (3 to ROW_VALUES_MAX, the first being the sum of the second and third), or 2 whose sum is `sum_bytes`.
 * False, and nothing changed, when that cannot be. */
bool row_values_unglue(struct row_values *values, size_t want, double unit_bytes, double sum_bytes);

#endif
