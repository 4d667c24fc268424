/* findings: the few nodes worth naming among many, and why. */
#ifndef MEMTRACE_ANALYSIS_FINDINGS_H
#define MEMTRACE_ANALYSIS_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace.h"

#define NOTABLE_MAX 7

enum notable_reason { NOTABLE_PEAK = 1, NOTABLE_EARLY = 2, NOTABLE_SWAP = 4, NOTABLE_LEAK = 8 };

/* A node and the reasons, one or more, for naming it. */
struct notable {
    size_t node;
    unsigned int reasons;
};

/* A growth that looks like a leak. */
struct leak {
    double slope;  /* of the trace's values a second */
    double left_s; /* until the level is reached at that slope, from the node's last sample on */
};

/* Finds up to NOTABLE_MAX nodes: the three with the highest peaks, the two that end first of those that end early, the
 * one with most swap, and the one that leaks fastest. A node with several reasons is named once. `order` is
 * trace_order_by_peak's. Returns how many there are. */
size_t notable_find(const struct trace *trace, const size_t *order, struct notable notable[NOTABLE_MAX]);

/* Writes who is named and why: "named: nid0181, nid0007 (highest), nid0240 (ends early)". */
void notable_words(char *text, size_t size, const struct trace *trace, const struct notable *notable, size_t count);

/* Whether a node's main line grows like a leak up to a `level` above its last value. The lows of 48 equal parts of the
 * node's last half of time are taken; their Theil-Sen slope (P. K. Sen, "Estimates of the Regression Coefficient Based
 * on Kendall's Tau", 1968) must amount to at least 5 % of `level` over that half, at least nine in ten pairs must rise,
 * and each half of these parts must hold at least a quarter of the rise: so a saw-tooth, a single step or noise is
 * none. Needs at least 48 samples and 5 minutes in the half. */
bool notable_leak(const struct node *node, double level, struct leak *leak);

/* The level that a node's main line must not reach: the limit where there is one (not NaN), else its total. 0 when
 * unknown. */
double notable_level(const struct node *node, double limit);

#endif
