/* SPDX-License-Identifier: MIT */
/* line_quotes: lines that were put into quotes: by CSV, JSON, and programs that print strings. */
#ifndef MEMTRACE_FREELOG_LINE_QUOTES_H
#define MEMTRACE_FREELOG_LINE_QUOTES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a line has quotes around text, or line ends written as \n. Comments have none that matter. */
bool line_quotes_has(const char *at, const char *end);

/* Writes the line without its quotes to `plain`, which has space for (end - at) + 1 bytes, and returns the length.
 * Escaped line ends become line feeds. Of an object of JSON the longest string, which is the text that was logged,
 * comes last. */
size_t line_quotes_strip(const char *at, const char *end, char *plain);

#endif
