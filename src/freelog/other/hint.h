/* SPDX-License-Identifier: MIT */
/* hint: suggests what a file without any records may be. */
#ifndef MEMTRACE_FREELOG_HINT_H
#define MEMTRACE_FREELOG_HINT_H

#include <stddef.h>

/* Recognises the beginning of a file of an unsupported kind. Returns a message, "binary data of sar, not supported;
 * convert it with ...", or NULL for any other file. The text is constant. `wanted` is the heading of the column that
 * the user chose, NULL if none; `*line` is the line that the message is about, 0 if it is about the whole file. */
const char *hint_find(const char *bytes, size_t size, const char *wanted, unsigned long *line);

#endif
