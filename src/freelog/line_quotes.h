/* SPDX-License-Identifier: MIT */
/* line_quotes: lines quoted by CSV, JSON, and programs that print strings. */
#ifndef MEMTRACE_FREELOG_LINE_QUOTES_H
#define MEMTRACE_FREELOG_LINE_QUOTES_H

#include <stdbool.h>
#include <stddef.h>

/* Returns true if a line has quoted text, or line ends written as \n. Quotes in comments are ignored. */
bool line_quotes_has(const char *at, const char *end);

/* Writes the line without its quotes to `plain`, which has space for (end - at) + 1 bytes, and returns the length.
 * Escaped line ends become line feeds. For a JSON object, the longest string is written last: it is the logged text. */
size_t line_quotes_strip(const char *at, const char *end, char *plain);

#endif
