/* SPDX-License-Identifier: MIT */
/* serialize: numbers and text for other programs to read. */
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

/* Writes a CSV field, quoted if necessary (RFC 4180). */
void serialize_csv(FILE *file, const char *text);

/* Writes a value of a "# memtrace" line: blanks, control characters and % are percent-encoded (%20). */
void serialize_percent(FILE *file, const char *text);

/* Decodes the text [at, end) of such a value into at most `size` bytes including the final NUL. %00 is not decoded. */
void serialize_percent_decode(const char *at, const char *end, char *value, size_t size);

/* Writes bytes in base64, with its padding (RFC 4648). */
void serialize_base64(FILE *file, const unsigned char *bytes, size_t size);

/* Flushes `file`. Returns false with the reason in `error` if this or any earlier write to it failed. */
bool serialize_written(FILE *file, struct error *error);

#endif
