/* SPDX-License-Identifier: MIT */
/* natural: the order of names as people expect it. */
#ifndef MEMTRACE_BASE_NATURAL_H
#define MEMTRACE_BASE_NATURAL_H

/* Compares names as people order them: digits by number (n2 < n10), the rest by bytes; 0 only for equal texts. */
int natural_compare(const char *a, const char *b);

#endif
