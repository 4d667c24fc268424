/* SPDX-License-Identifier: MIT */
/* payload: the series and the table of a page as compressed bytes. */
#ifndef MEMTRACE_PAGE_PAYLOAD_H
#define MEMTRACE_PAGE_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/stats_table.h"
#include "model/runs.h"
#include "model/trace.h"

#define PAYLOAD_EXACT_MAX  12 /* samples are kept for up to this many nodes; else lowest and highest per column */
#define PAYLOAD_QUANTITIES TRACE_LINE_COUNT
#define PAYLOAD_LEVELS     254 /* levels of a column's value, from 0 to the node's peak */

/* A quantity that the page can show. */
struct payload_quantity {
    const char *key, *name;      /* for the address; for people */
    enum trace_line line, total; /* no total: TRACE_LINE_COUNT */
    bool is_rest;                /* not stored: exactly the total minus the first quantity */
    bool is_low;                 /* low values are what matters */
};

/* The input, all borrowed; `order` gives the rows (trace->count of them). */
struct payload_request {
    const struct trace *trace;
    const size_t *order;
    const struct stats_values *stats;
    const double *growth_per_s; /* of each node, by the findings; NaN where none was found */
    const struct runs *against; /* other runs; NULL: none */
    size_t budget_bytes;        /* maximum size of the result; the resolution is lowered to meet it, but not below 16
                                 * columns */
};

/* The result: `data` in zlib's format (RFC 1950). The inflated data are in the order in which readData() of data.js
 * reads them:
 * - names, each with a NUL at its end, preceded by their size
 * - the columns of the table, then growth, the definition of `used` and early ends
 * - for each quantity: peaks, totals, and unless it is a rest the minima and their times if it is_low, and either all
 *   lines or levels. Lines have nine columns: first time; last time and times of lowest and highest value as offsets;
 *   gap; first value; last minus first; distances of the lowest below and the highest above both. Levels are the
 *   highest of all nodes, then the distances of the lowest ones below them. A level is 1 + 254 * value / peak of the
 *   node, 0 without data; the highest ones are stored as differences along each row.
 * - for each other run, its first quantity: the lines of its nodes, or columns of their maximum and median */
struct payload {
    unsigned char *data; /* Owned. */
    size_t size;
    struct payload_quantity quantity[PAYLOAD_QUANTITIES];
    size_t quantity_count;
    size_t columns;       /* columns of the first quantity; 0: lines */
    bool is_every_sample; /* the lines contain all samples */
    double stretch_s;     /* otherwise: duration of a bucket of a line */
    const char *word[8];  /* the numbers for definitions of `used` index this list; NULL after the last */
};

/* Makes a payload. Returns false if out of memory. payload_free must be called in any case. */
bool payload_make(struct payload *payload, const struct payload_request *request);

/* Returns the number of columns of a quantity, 0 for lines; all but the first quantity have half as many. The first and
 * last sample of the run are in the middle of the first and last column, so that each column has one sample if there
 * are as many samples as columns. */
size_t payload_columns(const struct payload *payload, const struct payload_quantity *quantity);

/* Returns the number of columns of another run over the same time; 0 means the lines of its nodes, if both it and the
 * trace have few. */
size_t payload_run_columns(const struct trace *trace, const struct trace *other);

/* Frees the data and zeroes the struct. */
void payload_free(struct payload *payload);

#endif
