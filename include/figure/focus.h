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
    bool is_alarming; /* a finding affects it; else it is named for its peak alone */
    char peak[32];    /* as a column of peaks shows it: "29.6" */
    char reason[160]; /* "swapped 3.5 GiB · log ends 0:58", clauses set apart by " · "; "" without a finding */
};

/* Takes the nodes that the request's findings name, in their order, and phrases why. Returns how many there are, at
 * most FOCUS_MAX; 0 without findings. */
size_t focus_find(struct focus focus[FOCUS_MAX], const struct layout_request *request, const struct trace *trace);

/* Writes "29.6 · swapped 3.5 GiB", without the clauses at the end that do not fit `width`; the peak alone if none does.
 */
void focus_text(char *text, size_t size, const struct focus *focus, const struct layout_request *request, double width,
                double size_px);

/* The time without samples that is longest and at least 5 % of the run and 2.5 intervals, in the plot's time. False
 * without any. */
bool focus_gap(const struct trace *trace, const struct node *node, double *from_s, double *to_s);

#endif
