/* SPDX-License-Identifier: MIT */
/* findings_print: findings as other programs and people read them. */
#ifndef MEMTRACE_ANALYSIS_FINDINGS_PRINT_H
#define MEMTRACE_ANALYSIS_FINDINGS_PRINT_H

#include <stdio.h>

#include "analysis/findings.h"
#include "analysis/summary.h"

/* Writes an empty line, then one line per finding, and the advice; nothing without any. */
void findings_print_text(FILE *file, const struct findings *findings, const struct summary *summary);

/* Writes the members "findings" and "advice" of a JSON object, with a comma before them. Bytes and seconds, also of a
 * trace of percentages. */
void findings_print_json(FILE *file, const struct trace *trace, const struct findings *findings,
                         const struct summary *summary);

#endif
