/* svg_compact: owns what is changed in the text of an SVG as it passes. Knows no Cairo and no file.
 * It is no XML parser: it follows tags and quoted values, and copies whatever it does not know. */
#include "svg_compact.h"

#include <stdio.h>
#include <string.h>

enum { WHOLE_DIGITS_MAX = 12 };

static const char surface[] = "surface";

void svg_compact_init(struct svg_compact *compact, svg_compact_write *write, void *user)
{
    memset(compact, 0, sizeof *compact);
    compact->write = write;
    compact->user = user;
    compact->ok = true;
}

static void flush(struct svg_compact *compact)
{
    if (compact->ok && compact->out_length > 0)
        compact->ok = compact->write(compact->user, compact->out, compact->out_length);
    compact->out_length = 0;
}

static void put(struct svg_compact *compact, char c)
{
    if (compact->out_length == sizeof compact->out)
        flush(compact);
    compact->out[compact->out_length++] = c;
}

static void put_text(struct svg_compact *compact, const char *text)
{
    for (; *text != '\0'; text++)
        put(compact, *text);
}

/* Reads a plain decimal number as hundredths, rounded half away from 0. False for any other text.
 * By its digits, so that neither locale nor binary fractions have a say. */
static bool read_hundredths(const char *text, bool *negative, unsigned long long *hundredths)
{
    unsigned long long value = 0;
    int whole = 0, decimals = 0;
    *negative = *text == '-';
    text += *negative;
    for (; *text >= '0' && *text <= '9'; text++, whole++)
        value = value * 10 + (unsigned long long)(*text - '0');
    if (whole == 0 || whole > WHOLE_DIGITS_MAX || (*text != '\0' && *text != '.'))
        return false;
    text += *text == '.';
    for (; decimals < 2; decimals++)
        value =
            value * 10 + (*text >= '0' && *text <= '9' ? (unsigned long long)(*text++ - '0') : 0);
    value += *text >= '5' && *text <= '9';
    *hundredths = value;
    return text[strspn(text, "0123456789")] == '\0';
}

static void put_number(struct svg_compact *compact)
{
    char text[40];
    bool negative;
    unsigned long long hundredths;
    if (compact->number_length == 0)
        return;
    compact->number[compact->number_length] = '\0';
    compact->number_length = 0;
    if (!read_hundredths(compact->number, &negative, &hundredths)) {
        put_text(compact, compact->number);
        return;
    }
    const char *sign = negative && hundredths > 0 ? "-" : "";
    unsigned long long whole = hundredths / 100, rest = hundredths % 100;
    if (rest == 0)
        snprintf(text, sizeof text, "%s%llu", sign, whole);
    else if (rest % 10 == 0)
        snprintf(text, sizeof text, "%s%llu.%llu", sign, whole, rest / 10);
    else
        snprintf(text, sizeof text, "%s%llu.%02llu", sign, whole, rest);
    put_text(compact, text);
}

/* A character between the quotes of d, x or y. */
static void take_coordinate(struct svg_compact *compact, char c)
{
    bool in_number = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e';
    if (in_number) {
        if (c == '-' && compact->number_length > 0 &&
            compact->number[compact->number_length - 1] != 'e')
            put_number(compact);
        /* Longer than any number Cairo writes: copied as it is. */
        if (compact->number_length == sizeof compact->number - 1) {
            compact->number[compact->number_length] = '\0';
            put_text(compact, compact->number);
            compact->number_length = 0;
        }
        compact->number[compact->number_length++] = c;
        compact->skip_space = false;
        return;
    }
    put_number(compact);
    if (c == ' ' && compact->skip_space)
        return;
    compact->skip_space = c == 'L' && compact->command == 'L';
    if (c != ' ')
        compact->command = c;
    if (!compact->skip_space)
        put(compact, c);
}

/* Ends a name of a surface: with its number in this document instead of Cairo's. */
static void put_id(struct svg_compact *compact)
{
    char text[24];
    size_t at = 0;
    compact->in_id = false;
    if (compact->id_digits == 0)
        return;
    while (at < compact->seen_count && compact->seen_id[at] != compact->id)
        at++;
    if (at == compact->seen_count && at < sizeof compact->seen_id / sizeof *compact->seen_id)
        compact->seen_id[compact->seen_count++] = compact->id;
    unsigned long number = at < compact->seen_count ? (unsigned long)at + 1 : compact->id;
    snprintf(text, sizeof text, "%lu", number);
    put_text(compact, text);
}

/* Any other character: copied, but for the number of a surface. */
static void take_other(struct svg_compact *compact, char c)
{
    if (compact->in_id && c >= '0' && c <= '9') {
        compact->id = compact->id * 10 + (unsigned long)(c - '0');
        compact->id_digits++;
        return;
    }
    if (compact->in_id)
        put_id(compact);
    put(compact, c);
    if (c == surface[compact->id_matched])
        compact->id_matched++;
    else
        compact->id_matched = c == surface[0];
    if (compact->id_matched < sizeof surface - 1)
        return;
    compact->in_id = true;
    compact->id = 0;
    compact->id_digits = compact->id_matched = 0;
}

/* Where a value begins, by the name of its attribute. */
static enum svg_place value_place(const struct svg_compact *compact)
{
    if (strcmp(compact->name, "d") == 0)
        return SVG_IN_PATH;
    if (strcmp(compact->name, "x") == 0 || strcmp(compact->name, "y") == 0)
        return SVG_IN_COORDINATE;
    return SVG_IN_VALUE;
}

static void take_in_tag(struct svg_compact *compact, char c)
{
    if (c == '>') {
        compact->place = SVG_IN_TEXT;
    } else if (c == '"' || c == '\'') {
        compact->quote = c;
        compact->place = value_place(compact);
        compact->command = '\0';
    } else if (c == ' ' || c == '\n') {
        compact->name_length = 0;
    } else if (c != '=' && compact->name_length < sizeof compact->name - 1) {
        compact->name[compact->name_length++] = c;
        compact->name[compact->name_length] = '\0';
    }
    take_other(compact, c);
}

static void take(struct svg_compact *compact, char c)
{
    switch (compact->place) {
    case SVG_IN_TEXT:
        if (c == '<') {
            compact->place = SVG_IN_TAG;
            compact->name_length = 0;
        }
        take_other(compact, c);
        return;
    case SVG_IN_TAG:
        take_in_tag(compact, c);
        return;
    case SVG_IN_VALUE:
        take_other(compact, c);
        break;
    case SVG_IN_PATH:
    case SVG_IN_COORDINATE:
        take_coordinate(compact, c);
        break;
    }
    if (c == compact->quote) {
        compact->place = SVG_IN_TAG;
        compact->name_length = 0;
    }
}

bool svg_compact_feed(struct svg_compact *compact, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && compact->ok; i++)
        take(compact, bytes[i]);
    return compact->ok;
}

bool svg_compact_finish(struct svg_compact *compact)
{
    put_number(compact);
    if (compact->in_id)
        put_id(compact);
    flush(compact);
    return compact->ok;
}
