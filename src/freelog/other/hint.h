/* SPDX-License-Identifier: MIT */
/* hint: what a file may be in which nothing was found to read. */
#ifndef MEMTRACE_FREELOG_HINT_H
#define MEMTRACE_FREELOG_HINT_H

#include <stddef.h>

/* Recognises the beginning of a file of a kind that cannot be read: "binary data of sar, not supported; convert it with
 * ..."; NULL for any other. The text is constant. */
const char *hint_find(const char *bytes, size_t size);

#endif
