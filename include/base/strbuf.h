/* SPDX-License-Identifier: MIT */
/* strbuf: text that grows as it is put together. */
#ifndef MEMTRACE_BASE_STRBUF_H
#define MEMTRACE_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/* Text that ends with a NUL; `text` is NULL before anything was added. Zeroed, it is empty. */
struct strbuf {
    char *text; /* Owned. */
    size_t length, room;
    bool out_of_memory; /* something was not added */
};

/* Adds printf-formatted text. Does nothing but set out_of_memory when memory is short. */
void strbuf_add(struct strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text so far, "" when it is empty; valid until the next call. */
const char *strbuf_text(const struct strbuf *buffer);

/* Frees the text and zeroes the buffer. */
void strbuf_free(struct strbuf *buffer);

#endif
