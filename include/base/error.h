/* SPDX-License-Identifier: MIT */
/* error: the text of one failure, with the file and line it is about. */
#ifndef MEMTRACE_BASE_ERROR_H
#define MEMTRACE_BASE_ERROR_H

#include <stdbool.h>

/* Zero-initialise it ({0}) before use. `file` is empty and `line` 0 if they do not apply. */
struct error {
    char text[512];
    char file[1024];
    unsigned long line;
    const char *format; /* of the text: identifies the kind of error. Static. */
    bool is_memory;     /* out of memory: no partial result may be written */
};

/* Fills `error` with a printf-formatted text, and with a file (may be NULL) and a line (0: none); text that is too long
 * is truncated. `error` may be NULL. Always returns false, for `return error_set(...)`. */
bool error_set(struct error *error, const char *file, unsigned long line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Reports that memory ran out. */
bool error_memory(struct error *error, const char *file);

#endif
