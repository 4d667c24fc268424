/* SPDX-License-Identifier: MIT */
/* serialize: how data are written as text for programs. Independent of their meaning. */
#include "base/serialize.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

/* Writes a whole number of at most 15 digits, as most sizes are, as "%.15g" does. */
static void write_whole(FILE *file, int64_t value)
{
    char text[24], *at = text + sizeof text;
    for (uint64_t rest = (uint64_t)(value < 0 ? -value : value); at == text + sizeof text || rest > 0; rest /= 10)
        *--at = (char)('0' + rest % 10);
    if (value < 0)
        *--at = '-';
    fwrite(at, 1, (size_t)(text + sizeof text - at), file);
}

#define FRACTION_BITS 52 /* of a double from 1 on; its fraction has no more bits */

/* Writes a number's digits so that the last one is before `at`, at least `least` of them. Returns where they begin. */
static char *put_digits(char *at, uint64_t number, int least)
{
    for (; number > 0 || least > 0; number /= 10, least--)
        *--at = (char)('0' + number % 10);
    return at;
}

/* Formats a value from 1 to 1e15 at the end of `text` as "%.*g" does (`digits` from 15 on), but with exact integers,
 * which takes a tenth of the time. Returns where it begins. */
static const char *format_positive(char text[40], int digits, double value)
{
    const uint64_t one = UINT64_C(1) << FRACTION_BITS;
    uint64_t whole = (uint64_t)value, rest = (uint64_t)((value - (double)whole) * (double)one);
    uint64_t decimals = 0, limit = 1;
    int places = digits;
    for (uint64_t left = whole; left > 0; left /= 10)
        places--;
    for (int i = 0; i < places; i++, limit *= 10) {
        rest *= 10;
        decimals = 10 * decimals + (rest >> FRACTION_BITS);
        rest &= one - 1;
    }
    uint64_t last = places > 0 ? decimals : whole;
    decimals += rest > one / 2 || (rest == one / 2 && last % 2 == 1) ? 1 : 0;
    if (decimals == limit) {
        decimals = 0;
        whole++;
    }
    for (; decimals > 0 && decimals % 10 == 0; decimals /= 10)
        places--;
    char *at = text + 39;
    *at = '\0';
    if (decimals > 0) {
        at = put_digits(at, decimals, places);
        *--at = '.';
    }
    return put_digits(at, whole, 1);
}

void serialize_number(FILE *file, double value)
{
    char text[40];
    const char *start = text;
    if (fabs(value) < 1e15 && value == (double)(int64_t)value && !(value == 0 && signbit(value))) {
        write_whole(file, (int64_t)value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        if (value >= 1 && value < 1e15)
            start = format_positive(text, digits, value);
        else
            snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(start, NULL) == value)
            break;
    }
    fputs(start, file);
}

void serialize_json_string(FILE *file, const char *text)
{
    fputc('"', file);
    for (uint32_t character; (character = utf8_next(&text)) != 0;) {
        char bytes[4] = "";
        if (character == '"' || character == '\\')
            fprintf(file, "\\%c", (int)character);
        else if (character < 0x10000 && (character == UTF8_REPLACEMENT || !utf8_is_shown(character)))
            fprintf(file, "\\u%04x", (unsigned int)character);
        else
            fwrite(bytes, 1, utf8_put(bytes, character), file);
    }
    fputc('"', file);
}

void serialize_json_number(FILE *file, double value)
{
    if (isfinite(value))
        serialize_number(file, value);
    else
        fputs("null", file);
}

void serialize_csv(FILE *file, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL && *text != '#') {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

void serialize_percent(FILE *file, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at <= ' ' || *at == '%' || *at == 0x7f)
            fprintf(file, "%%%02X", *at);
        else
            fputc(*at, file);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void serialize_percent_decode(const char *at, const char *end, char *value, size_t size)
{
    char *out = value, *out_end = value + size - 1;
    for (; at < end && out < out_end; at++, out++) {
        int high = *at == '%' && end - at > 2 ? hex_digit(at[1]) : -1;
        int low = high >= 0 ? hex_digit(at[2]) : -1;
        *out = *at;
        if (low >= 0 && high * 16 + low != 0) {
            *out = (char)(high * 16 + low);
            at += 2;
        }
    }
    *out = '\0';
}

void serialize_base64(FILE *file, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[4096] = "";
    size_t length = 0;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t three = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)bytes[i + 2] : 0);
        text[length++] = digits[three >> 18];
        text[length++] = digits[three >> 12 & 63];
        text[length++] = left > 1 ? digits[three >> 6 & 63] : '=';
        text[length++] = left > 2 ? digits[three & 63] : '=';
        if (length == sizeof text) {
            fwrite(text, 1, length, file);
            length = 0;
        }
    }
    fwrite(text, 1, length, file);
}

bool serialize_written(FILE *file, struct error *error)
{
    if (fflush(file) == 0 && !ferror(file))
        return true;
    return error_set(error, NULL, 0, "cannot write: %s", strerror(errno));
}
