/* SPDX-License-Identifier: MIT */
/* stats_table: the statistics of a trace, one row per node. */
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

/* Format of the table, and the findings printed after it. */
struct stats_terms {
    enum stats_format format;
    const char *unit; /* of values in the text format */
    double unit_size;
    const struct findings *findings; /* of the trace */
    const struct summary *summary;   /* phrases the findings */
};

/* Writes one row per node, highest peak first, and one for the whole trace: samples, duration, peak, time of the
 * peak, percent of total, mean, last value, lowest available memory, peak of swap, skipped records and rows, and the
 * meaning of `used`. Text is in `unit`; TSV and JSON are in bytes (or percent) and seconds, as their keys state.
 * Unknown values are "-", an empty field, or null. Each run of `against` (may be NULL) adds two columns: how much
 * higher the peak is, and how much longer the node's log is; text and JSON also list the nodes that only that run
 * has. Text ends with one line per finding and the advice; JSON has the members "findings" and "advice". Returns
 * false and sets `error` on a write error or if out of memory. */
bool stats_table_print(FILE *file, const struct trace *trace, const struct runs *against,
                       const struct stats_terms *terms, struct error *error);

/* A column of the table: its heading, its key in data, and the kind of its values: "count", "duration", "clock",
 * "value", "bytes", "percent", "change" or "duration_change" ("value" and "change" are in the trace's unit). */
struct stats_heading {
    const char *kind;
    char heading[160], key[64];
};

#define STATS_COLUMNS_MAX 32

/* The table as numbers, with NAN for unknown values: value[row * column_count + column]. */
struct stats_values {
    size_t column_count;
    struct stats_heading heading[STATS_COLUMNS_MAX];
    double *value;           /* Owned. */
    const char **used_means; /* per row, "" if unknown. The array is owned, the texts are not. */
};

/* Fills in one row per node in the given order (trace->count entries). Returns false if out of memory. Call
 * stats_values_free in any case. */
bool stats_values_fill(struct stats_values *values, const struct trace *trace, const struct runs *against,
                       const size_t *order);

/* Frees what `values` owns and zeroes it. */
void stats_values_free(struct stats_values *values);

#endif
