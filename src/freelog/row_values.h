/* SPDX-License-Identifier: MIT */
/* row_values: the numbers of one row of free(1). */
#ifndef MEMTRACE_FREELOG_ROW_VALUES_H
#define MEMTRACE_FREELOG_ROW_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#define ROW_VALUES_MAX 8

/* Why reading stopped. */
enum freelog_row_end {
    FREELOG_ROW_END,   /* at the end of the line */
    FREELOG_ROW_TEXT,  /* at `rest`, which does not begin like a number, or after the maximum number of values */
    FREELOG_ROW_BROKEN /* at `rest`, which begins like a number but is not one */
};

struct row_values {
    double bytes[ROW_VALUES_MAX];
    const char *from[ROW_VALUES_MAX]; /* start of each value */
    const char *to[ROW_VALUES_MAX];   /* end of each value; borrowed from the line */
    size_t count;
    double resolution;  /* of the coarsest value, in bytes */
    const char *glued;  /* the first value with more digits than any number has, NULL if there is none; it is
                         * meaningless */
    bool has_unit;      /* its own unit, "540Gi" or "0B": */
    bool has_bare_unit; /* a unit without an i, such as "540G" */
    enum freelog_row_end end;
    const char *rest;
};

/* Reads the numbers from `at` on. A number without a unit is in units of `unit_bytes`; a bare unit letter is a power of
 * `bare_base`, 1024 or 1000. */
void row_values_read(const char *at, const char *end, double unit_bytes, double bare_base, struct row_values *values);

/* Separates the numbers of a row that have no blank between them, as busybox 1.24 to 1.27 prints numbers of 11 digits
 * or more. They become `want` numbers (3 to ROW_VALUES_MAX, the first being the sum of the second and third), or 2
 * whose sum is `sum_bytes`. Returns false and changes nothing if that is impossible. */
bool row_values_unglue(struct row_values *values, size_t want, double unit_bytes, double sum_bytes);

/* Reads a row again whose numbers are in groups of three digits with one blank between them, if it then has `want`
 * numbers: "8 000 000   1 000 000". Returns false and changes nothing otherwise. */
bool row_values_join(struct row_values *values, size_t want, double unit_bytes, const char *end);

#endif
