/* summary: what the trace says, in words. */
#ifndef MEMTRACE_ANALYSIS_SUMMARY_H
#define MEMTRACE_ANALYSIS_SUMMARY_H

#include <stddef.h>

#include "model/trace.h"

/* How values are told: divided by `unit_size`, with `unit` behind them ("" for none). */
struct summary_terms {
    const char *unit;
    double unit_size;
    double limit;                       /* of the trace's values, NaN for none */
    double clock_epoch_s, clock_zone_s; /* as in a layout_request */
    const struct trace *against;        /* another run to compare with, NULL for none */
};

/* Writes one line on the whole trace, its clauses set apart by " · ": how many nodes and how long; the node with the
 * highest peak, its share of the total, time, swap and headroom to the limit; the next node; who swapped most, ends
 * early, leaks; how far the highest peak lies above the median one; and clocks that disagree. Cut when `size` is short;
 * 512 is enough for all but the longest names. */
void summary_line(char *text, size_t size, const struct trace *trace, const struct summary_terms *terms);

/* Writes the title for a plot that was given none: "Used memory per node", with the job's id and name where all logs
 * have the same. */
void summary_title(char *text, size_t size, const struct trace *trace);

#endif
