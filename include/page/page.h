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
    const struct layout_request *request; /* the words, unit, limit, events and clock of the plot */
    const struct findings *findings;
    const struct summary *summary; /* of these findings, in words */
    const unsigned char *png;      /* the plot, for browsers without JavaScript */
    size_t png_size;
    const char *theme;   /* "light" or "dark"; NULL: as the browser prefers */
    bool unit_is_chosen; /* the user has named the unit: it is that of all quantities */
    double follow_s;     /* the page is rewritten so often and loads itself again; 0: it is final */
};

/* Writes the page; `page` is a struct page: the type is that of output_data. The bytes depend on nothing else. False on
 * a write error or short memory, with the reason in `error`. */
bool page_print(void *page, FILE *file, struct error *error);

#endif
