/* free_trace_line: the lines that our own scripts set around what free prints. */
#ifndef MEMTRACE_FREE_TRACE_LINE_H
#define MEMTRACE_FREE_TRACE_LINE_H

#include "free_log.h"

/* Reads the keys of "# memtrace 1 host=... start=...", which begin at `at`, and hands them to the sink. Where the line
 * is not complete its last word is left out and told. */
void free_trace_line_read(struct free_log *log, struct free_stream *stream, const char *at, const char *end,
                          bool is_complete);

#endif
