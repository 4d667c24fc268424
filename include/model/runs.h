/* SPDX-License-Identifier: MIT */
/* runs: other runs that a trace is compared with, each from its own start. */
#ifndef MEMTRACE_MODEL_RUNS_H
#define MEMTRACE_MODEL_RUNS_H

#include <stddef.h>

#include "model/trace.h"

#define RUNS_MAX 8 /* people cannot distinguish more in a plot */

/* Another run. */
struct run {
    struct trace trace; /* Owned. */
    char *label;        /* shown to the user; NULL: the only run, "the baseline". Owned. */
};

/* The other runs, in the order given. Zeroed, it has none. */
struct runs {
    struct run run[RUNS_MAX];
    size_t count;
    const char *own_label; /* label of the run that is compared with them; NULL if it has none. Borrowed. */
};

/* The name of a run: its label, or "baseline". */
const char *runs_name(const struct runs *runs, size_t run);

/* The name as used in a sentence: its label, or "the baseline". */
const char *runs_name_in_words(const struct runs *runs, size_t run);

/* Renames runs that have the name of a node of the trace, or of one of its nodes before that was shortened: "nid001
 * (baseline)". Returns false if out of memory. */
bool runs_settle_names(struct runs *runs, const struct trace *trace);

/* The highest value of a line in all runs, 0 without any. `runs` may be NULL. */
double runs_max(const struct runs *runs, enum trace_line line);

/* Extends a time axis so that it includes all runs. `runs` may be NULL. */
void runs_extend(const struct runs *runs, double *begin_s, double *end_s);

/* The number in `in` of the node that corresponds to `node` of `of`: the one of the same host or label, or, if both
 * runs have only one node, that node. in->count if there is none. */
size_t runs_same_node(const struct trace *in, const struct trace *of, size_t node);

/* Returns true if there are several runs, and they and the trace have only one node each: each is then a line with its
 own colour. */
bool runs_are_lines(const struct runs *runs, const struct trace *trace);

/* Frees what the runs own and zeroes them. */
void runs_free(struct runs *runs);

#endif
