/* verdict: what the trace says, in words. */
#ifndef MEMTRACE_VERDICT_H
#define MEMTRACE_VERDICT_H

#include <stddef.h>

#include "trace.h"

/* Writes one line on the whole trace, its clauses set apart by " · ": how many nodes and how long, the highest peak with its share of
 * the total, its node and time, who swapped, and who ends early. `unit` and `unit_size` are those of the axis. Cut when `size` is short;
 * 256 is enough for all but the longest host names. */
void verdict_line(char *text, size_t size, const struct trace *trace, const char *unit,
                  double unit_size);

/* Writes the title for a plot that was given none: "Used memory per node". */
void verdict_title(char *text, size_t size, const struct trace *trace);

#endif
