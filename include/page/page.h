/* SPDX-License-Identifier: MIT */
/* page: a trace as one HTML file that shows it in a browser, offline. */
#ifndef MEMTRACE_PAGE_PAGE_H
#define MEMTRACE_PAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/findings.h"
#include "analysis/summary.h"
#include "base/error.h"
#include "figure/layout.h"
#include "model/trace.h"

/* What the page shows. Nothing is owned. */
struct page {
    const struct trace *trace;            /* finished and not empty */
    const struct layout_request *request; /* texts, unit, limit, events and clock of the plot */
    const struct findings *findings;
    const struct summary *summary; /* of these findings, as text */
    const unsigned char *png;      /* the plot, for browsers without JavaScript */
    size_t png_size;
    const char *theme;   /* "light" or "dark"; NULL: as the browser prefers */
    bool unit_is_chosen; /* the user chose the unit: it applies to all quantities */
    double follow_s;     /* interval at which the page is rewritten and reloads itself; 0: it is final */
};

/* Writes the page; `page` is a struct page: the type is that of output_data. The same input gives the same bytes.
 * Returns false on a write error or if out of memory, with the reason in `error`. */
bool page_print(void *page, FILE *file, struct error *error);

#endif
