/* stats_table: the trace in figures, a row a node. */
#ifndef MEMTRACE_ANALYSIS_STATS_TABLE_H
#define MEMTRACE_ANALYSIS_STATS_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "model/trace.h"

enum stats_format { STATS_TEXT, STATS_TSV, STATS_JSON };

/* Writes one row a node, highest peak first, and one for the whole: samples, duration, peak, when, percent of total,
 * mean, last, least available, peak of swap, records and rows left out, what `used` means. The text counts in `unit`
 * (of `unit_size`), TSV and JSON in bytes (or percent) and seconds, which their keys say. What is not known is "-", an
 * empty field, or null. With another run
 * (`against`, else NULL) two columns more tell how much higher the peak and how much longer the node's log is than
 * there. False on a write error or short memory, with a reason in `error`. */
bool stats_table_print(FILE *file, const struct trace *trace, const struct trace *against, enum stats_format format,
                       const char *unit, double unit_size, struct error *error);

#endif
