/* SPDX-License-Identifier: MIT */
/* utf8: characters of UTF-8 text, and which of them are safe to show. */
#ifndef MEMTRACE_BASE_UTF8_H
#define MEMTRACE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define UTF8_REPLACEMENT 0xfffdu

/* Takes one character off `*text`, which ends with a NUL: UTF8_REPLACEMENT for each byte that is not part of a valid
 * character (overlong forms, surrogates, beyond U+10FFFF), 0 at the end. */
uint32_t utf8_next(const char **text);

/* Writes a character as UTF-8 without a NUL; returns its bytes. */
size_t utf8_put(char out[4], uint32_t character);

/* Returns how many characters utf8_next would take. */
size_t utf8_count(const char *text);

/* Returns the index of the first byte of the character that byte `at` of `text` belongs to. */
size_t utf8_start(const char *text, size_t at);

/* Returns true if a character may reach a terminal or a file that people read. Refuses controls (C0, DEL, C1), line and
 * paragraph separators, marks that change the direction of writing or hide text, surrogates and noncharacters. */
bool utf8_is_shown(uint32_t character);

/* Copies `text` to `out` (`size` bytes with the NUL), with UTF8_REPLACEMENT for what utf8_is_shown refuses and for what
 * is not UTF-8; text that does not fit is truncated between characters. `out` must not overlap `text`. */
void utf8_clean(char *out, size_t size, const char *text);

/* Prints `text` as utf8_clean would write it. Everything that prints foreign text (names, paths, options, events)
 * uses this. */
void utf8_print(FILE *file, const char *text);

#endif
