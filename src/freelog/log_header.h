/* SPDX-License-Identifier: MIT */
/* log_header: the "# memtrace" lines that memtrace's scripts print around the output of free. */
#ifndef MEMTRACE_FREELOG_LOG_HEADER_H
#define MEMTRACE_FREELOG_LOG_HEADER_H

#include "line_classifier.h"

/* Reads the keys of "# memtrace 1 host=... start=...", which begin at `at`, and passes them to the sink. If the line is
 * incomplete, its last word is skipped and reported. */
void log_header_read(struct line_classifier *log, struct record_builder *stream, const char *at, const char *end,
                     bool is_complete);

#endif
