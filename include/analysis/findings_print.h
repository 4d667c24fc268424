/* SPDX-License-Identifier: MIT */
/* findings_print: prints findings as text and as JSON. */
#ifndef MEMTRACE_ANALYSIS_FINDINGS_PRINT_H
#define MEMTRACE_ANALYSIS_FINDINGS_PRINT_H

#include <stdio.h>

#include "analysis/findings.h"
#include "analysis/summary.h"

/* Writes an empty line, one line per finding, and the advice. Writes nothing if there are neither findings nor
 * advice. */
void findings_print_text(FILE *file, const struct findings *findings, const struct summary *summary);

/* Writes a comma and the members "findings" and "advice" of a JSON object. Values are in bytes and seconds, even if
 * the trace is in percent. */
void findings_print_json(FILE *file, const struct trace *trace, const struct findings *findings,
                         const struct summary *summary);

#endif
