/* SPDX-License-Identifier: MIT */
/* summary: describes a trace in words. */
#ifndef MEMTRACE_ANALYSIS_SUMMARY_H
#define MEMTRACE_ANALYSIS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/findings.h"
#include "model/runs.h"
#include "model/trace.h"

#define SUMMARY_SEPARATOR " · "

/* How values are printed: divided by `unit_size`, followed by `unit` ("" for none). */
struct summary_terms {
    const char *unit;
    double unit_size;
    double limit;                       /* for the headroom, in the trace's unit; NaN if there is none */
    double unused_limit_bytes;          /* the job's limit if values are not compared with it, else NaN */
    double clock_epoch_s, clock_zone_s; /* as in a layout_request */
    const struct runs *against;         /* baseline runs; NULL if there are none */
    bool has_title;                     /* the user set the title: the most serious finding is a clause */
};

/* Sentences and clauses, most important first. A caller shows each of them whole or not at all. */
struct summary {
    char *title, *title_short; /* of the plot: the most serious finding, else the plotted quantity. Owned. */
    char **clause;             /* everything that is not in the title: facts, findings, the peak, advice. Owned. */
    size_t clause_count, clause_capacity;
    char *finding[FINDING_KIND_COUNT]; /* same order as the findings. Owned. */
    char *advice;                      /* NULL if there is none. Owned. */
    char *subtitle;                    /* all clauses, joined by the separator. Owned. */
    char *line;                        /* the subtitle, preceded by the title if that is a finding. Owned. */
};

/* Phrases the findings and facts of a trace. Returns false if out of memory. Call summary_free in any case. */
bool summary_make(struct summary *summary, const struct trace *trace, const struct findings *findings,
                  const struct summary_terms *terms);

/* Frees what `summary` owns and zeroes it. Accepts a zeroed struct. */
void summary_free(struct summary *summary);

#endif
