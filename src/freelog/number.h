/* SPDX-License-Identifier: MIT */
/* number: one number as free(1) prints it. */
#ifndef MEMTRACE_FREELOG_NUMBER_H
#define MEMTRACE_FREELOG_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* "-1000", "8.7Mi", "8,7Mi", "540G", "0B". */
struct number {
    double value;      /* without its unit */
    double resolution; /* of `value`: 1, or 0.1 if it has a decimal */
    int power;         /* of 1024 or 1000: 0 for B, 1 for K; -1 without a unit */
    bool is_binary;    /* the unit has an i: "Gi" */
};

/* Reads all of [at, end). Returns false for any other text, and for more than 20 digits before or after the decimal
 * mark, which may be `.` or `,` regardless of the locale. */
bool number_read(const char *at, const char *end, struct number *number);

/* A number without a unit whose marks separate groups of digits, if they are not decimal marks. */
struct number_groups {
    double value;    /* if every mark is between groups of three digits */
    int marks;       /* number of groups minus one */
    char mark;       /* the first byte of the mark: ',', '.', '\'', '_', or of a narrow blank or quote in UTF-8 */
    bool leads_zero; /* "0,123" */
};

/* Reads all of [at, end) as digits in groups of three, one to three in the first: "65,000,000", "64.000", "1'000".
 * Returns false for any other text. */
bool number_read_groups(const char *at, const char *end, struct number_groups *groups);

/* Returns the bytes in a unit: `base` (1024 or 1000) to the power of `power`. */
double number_factor(double base, int power);

#endif
