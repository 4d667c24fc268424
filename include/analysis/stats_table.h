/* SPDX-License-Identifier: MIT */
/* stats_table: the trace in numbers, one row per node. */
#ifndef MEMTRACE_ANALYSIS_STATS_TABLE_H
#define MEMTRACE_ANALYSIS_STATS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/findings.h"
#include "analysis/summary.h"
#include "base/error.h"
#include "model/runs.h"
#include "model/trace.h"

enum stats_format { STATS_TEXT, STATS_TSV, STATS_JSON };

/* How the table is written, and what follows it. */
struct stats_terms {
    enum stats_format format;
    const char *unit; /* the text counts in it */
    double unit_size;
    const struct findings *findings; /* of the trace */
    const struct summary *summary;   /* their words */
};

/* Writes one row per node, highest peak first, and one for the whole: samples, duration, peak, when, percent of total,
 * mean, last, least available, peak of swap, records and rows skipped, what `used` means. Text counts in the unit, TSV
 * and JSON in bytes (or percent) and seconds, as their keys state. Unknown values are "-", an empty field, or null. For
 * each run of `against` (may be NULL) two more columns contain how much higher the peak and how much longer the node's
 * log is; text and JSON also name the nodes that only that run has. Text ends with the findings and the advice, one
 * line each; JSON has them as "findings" and "advice". Returns false on a write error or short memory, with a reason in
 * `error`. */
bool stats_table_print(FILE *file, const struct trace *trace, const struct runs *against,
                       const struct stats_terms *terms, struct error *error);

/* A column of the table: what its head says, its key in the data, and what its values are: "count", "duration",
 * "clock", "value", "bytes", "percent", "change" or "duration_change" ("value" and "change" count as the trace does).
 */
struct stats_heading {
    const char *kind;
    char heading[160], key[64];
};

#define STATS_COLUMNS_MAX 32

/* The table as numbers, NAN for what is unknown: value[row * column_count + column]. */
struct stats_values {
    size_t column_count;
    struct stats_heading heading[STATS_COLUMNS_MAX];
    double *value;           /* Owned. */
    const char **used_means; /* of each row, "" if unknown. Owned, but not the texts. */
};

/* Fills in a row per node in the given order (trace->count of them). Returns false if out of memory. stats_values_free
 * must be called in any case. */
bool stats_values_fill(struct stats_values *values, const struct trace *trace, const struct runs *against,
                       const size_t *order);

/* Frees and zeroes. */
void stats_values_free(struct stats_values *values);

#endif
