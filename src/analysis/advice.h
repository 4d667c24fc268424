/* SPDX-License-Identifier: MIT */
/* advice: how much memory to request next time. */
#ifndef MEMTRACE_ANALYSIS_ADVICE_H
#define MEMTRACE_ANALYSIS_ADVICE_H

#include "analysis/findings.h"

/* Fills in the advice if the job's memory was recorded from start to end: the peak of the hottest node plus 15 %,
 * rounded up to a value that people type. After a kill, the advice is the amount that was too little. Returns false
 * if out of memory. */
bool advice_find(struct advice *advice, const struct findings *findings, const struct trace *trace,
                 const struct findings_terms *terms);

/* Returns the memory of a node, or 0 if unknown. For a job's lines, this is the memory of the node that it ran on. */
double advice_node_bytes(const struct trace *trace, const struct node *node);

/* Returns the lowest value of at least `bytes` that a person would type after --mem=: a multiple of 50 MiB below
 * 1 GiB, of 100 MiB below 2 GiB, and of 1, 5, 10 or 50 GiB from 2, 20, 100 and 1000 GiB on. */
double advice_round_up(double bytes);

#endif
