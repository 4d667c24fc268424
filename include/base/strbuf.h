/* SPDX-License-Identifier: MIT */
/* strbuf: growing text. */
#ifndef MEMTRACE_BASE_STRBUF_H
#define MEMTRACE_BASE_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* NUL-terminated text; `text` is NULL until something is added. A zeroed strbuf is empty. */
struct strbuf {
    char *text; /* Owned. */
    size_t length, capacity;
    bool out_of_memory; /* text is missing at the end */
};

/* Appends printf-formatted text. If memory runs out, only sets out_of_memory. */
void strbuf_add(struct strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with the arguments of the caller. */
void strbuf_vadd(struct strbuf *buffer, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

/* Returns the text so far, "" if there is none; valid until the next call. */
const char *strbuf_text(const struct strbuf *buffer);

/* Returns the text so far, for the caller to free, and empties the buffer. Returns NULL if out of memory; the text is
 * then lost. */
char *strbuf_take(struct strbuf *buffer);

/* Frees the text and zeroes the buffer. */
void strbuf_free(struct strbuf *buffer);

#endif
