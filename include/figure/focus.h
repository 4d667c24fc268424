/* SPDX-License-Identifier: MIT */
/* focus: the few nodes that a plot names, each with the reason in a few words. */
#ifndef MEMTRACE_FIGURE_FOCUS_H
#define MEMTRACE_FIGURE_FOCUS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace.h"

#define FOCUS_MAX 7

struct layout_request;

/* A node that is named. */
struct focus {
    size_t node;
    bool is_alarming; /* affected by a finding; else it is named for its peak only */
    char peak[32];    /* as shown in a column of peaks: "29.6" */
    char reason[160]; /* "swapped 3.5 GiB · log ends 0:58", clauses separated by " · "; "" without a finding */
};

/* Selects the nodes that the request's findings name, in their order, and words the reasons. Returns their number, at
 * most FOCUS_MAX; 0 without findings. */
size_t focus_find(struct focus focus[FOCUS_MAX], const struct layout_request *request, const struct trace *trace);

/* Writes "29.6 · swapped 3.5 GiB", without the clauses at the end that do not fit `width`; the peak alone if none does.
 */
void focus_text(char *text, size_t size, const struct focus *focus, const struct layout_request *request, double width,
                double size_px);

/* Finds the longest time without samples of at least 5 % of the run and 2.5 intervals, in the plot's time. Returns
 * false if there is none. */
bool focus_gap(const struct trace *trace, const struct node *node, double *from_s, double *to_s);

/* Writes "gap 5:00–6:10". */
void focus_gap_text(char *text, size_t size, const struct layout_request *request, const struct trace *trace,
                    double from_s, double to_s);

#endif
