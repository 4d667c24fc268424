/* SPDX-License-Identifier: MIT */
/* summary: what the trace says, in words. */
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
    double limit;                       /* of the trace's values, for the headroom; NaN for none */
    double unused_limit_bytes;          /* the job's limit where it is not compared with the values, NaN for none */
    double clock_epoch_s, clock_zone_s; /* as in a layout_request */
    const struct runs *against;         /* other runs to compare with, NULL for none */
    bool has_title;                     /* the plot's title is given: the most serious finding is a clause */
};

/* Sentences and clauses. Whoever shows them shows each whole or not at all, the first ones first. */
struct summary {
    char *title, *title_short; /* of a plot: the most serious finding, else what is plotted. Owned. */
    char **clause;             /* what the title does not say: facts, findings, the peak, advice. Owned. */
    size_t clause_count, clause_capacity;
    char *finding[FINDING_KIND_COUNT]; /* in the findings' order. Owned. */
    char *advice;                      /* NULL if there is none. Owned. */
    char *subtitle;                    /* all clauses, joined by the separator. Owned. */
    char *line;                        /* the same with the title before it where that is a finding. Owned. */
};

/* Phrases the findings and facts of a trace. Returns false if out of memory; summary_free must be called in any
 * case. */
bool summary_make(struct summary *summary, const struct trace *trace, const struct findings *findings,
                  const struct summary_terms *terms);

/* Frees what the summary owns and zeroes it; accepts a zeroed one. */
void summary_free(struct summary *summary);

#endif
