/* SPDX-License-Identifier: MIT */
/* figure_spec: what to show of a trace: the unit, the events, the summary, and the request for the layout. */
#ifndef MEMTRACE_FIGURE_FIGURE_SPEC_H
#define MEMTRACE_FIGURE_FIGURE_SPEC_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/findings.h"
#include "analysis/summary.h"
#include "base/error.h"
#include "figure/layout.h"
#include "model/events.h"
#include "model/runs.h"
#include "model/trace.h"

/* What the user wants. Nothing is owned. */
struct figure_wish {
    const char *title;        /* NULL: made from the data */
    const char *output_units; /* NULL: chosen from the data */
    double output_scale;      /* divisor of the logs' numbers; 0: the unit's size */
    double input_unit_bytes;  /* of the logs' numbers, 0: KiB */
    double limit_bytes;       /* NaN: the job's limit, if known; INFINITY: none */
    bool draw_total, draw_swap, clock;
    enum legend_mode legend;
    enum heat_mode heat;
    const struct events *events;
    const char *const *events_file; /* read each time */
    size_t events_file_count;
    const struct runs *against; /* NULL: none */
};

/* A figure_spec. It must not be moved: the request points into it. */
struct figure_spec {
    char unit[64];
    double unit_size;
    char limit_text[128];
    struct events events; /* Owned. */
    struct findings_terms limits;
    struct findings findings;      /* Owned. */
    struct summary summary;        /* Owned. */
    struct layout_request request; /* without size and measure */
};

/* Makes a figure_spec from a finished trace that is not empty. Returns false with the reason in `error`, which can only
 * be about events. figure_spec_free must be called in any case. */
bool figure_spec_make(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                      struct error *error);

/* Frees what the figure_spec owns and zeroes it. */
void figure_spec_free(struct figure_spec *figure_spec);

#endif
