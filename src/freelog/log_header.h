/* SPDX-License-Identifier: MIT */
/* log_header: the lines that our own scripts set around what free prints. */
#ifndef MEMTRACE_FREELOG_LOG_HEADER_H
#define MEMTRACE_FREELOG_LOG_HEADER_H

#include "line_classifier.h"

/* Reads the keys of "# memtrace 1 host=... start=...", which begin at `at`, and hands them to the sink. Where the line
 * is not complete its last word is skipped and reported. */
void log_header_read(struct line_classifier *log, struct record_builder *stream, const char *at, const char *end,
                     bool is_complete);

#endif
