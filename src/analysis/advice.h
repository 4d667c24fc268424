/* SPDX-License-Identifier: MIT */
/* advice: how much memory to request the next time. */
#ifndef MEMTRACE_ANALYSIS_ADVICE_H
#define MEMTRACE_ANALYSIS_ADVICE_H

#include "analysis/findings.h"

/* Fills in the advice where the job's memory was recorded from start to end: the peak of the hottest node plus 15 %,
 * rounded up to a value that people type. After a kill it is what was too little. Returns false if out of memory. */
bool advice_find(struct advice *advice, const struct findings *findings, const struct trace *trace,
                 const struct findings_terms *terms);

/* The memory of a node, of a job's lines that of the node that it ran on; 0 if unknown. */
double advice_node_bytes(const struct trace *trace, const struct node *node);

/* The lowest value of at least `bytes` that a person would type after --mem=: multiples of 50 MiB below 1 GiB, of
 * 100 MiB below 2 GiB, and of 1, 5, 10 or 50 GiB from 2, 20, 100 and 1000 GiB on. */
double advice_round_up(double bytes);

#endif
