/* SPDX-License-Identifier: MIT */
/* serialize: numbers and texts as other programs read them. */
#ifndef MEMTRACE_BASE_SERIALIZE_H
#define MEMTRACE_BASE_SERIALIZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

/* Writes the shortest decimal text that reads back as the same (finite) number. */
void serialize_number(FILE *file, double value);

/* Writes a number in JSON: null for NAN and infinities. */
void serialize_json_number(FILE *file, double value);

/* Writes a JSON string; bytes that are not UTF-8 become U+FFFD (RFC 8259). */
void serialize_json_string(FILE *file, const char *text);

/* Writes a field of CSV, in quotes where it needs them (RFC 4180). */
void serialize_csv(FILE *file, const char *text);

/* Writes a value of a "# memtrace" line: blanks, control characters and % as %20 and the like. */
void serialize_percent(FILE *file, const char *text);

/* Turns the text [at, end) of such a value into the bytes it represents, as many as `size` has space for with a NUL
 * after them. %00 stays as it is. */
void serialize_percent_decode(const char *at, const char *end, char *value, size_t size);

/* Writes bytes in base64, with its padding (RFC 4648). */
void serialize_base64(FILE *file, const unsigned char *bytes, size_t size);

/* Flushes; false with the reason in `error` when anything written to `file` so far failed. */
bool serialize_written(FILE *file, struct error *error);

#endif
