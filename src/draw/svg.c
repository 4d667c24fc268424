/* SPDX-License-Identifier: MIT */
/* svg: rewrites the text of an SVG as it passes. Independent of Cairo and files. It is not an XML parser: it follows
 * tags and quoted values, and copies everything else. */
#include "svg.h"

#include <stdio.h>
#include <stdlib.h>
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

/* Reads a plain decimal number as hundredths, rounded half away from 0. Returns false for any other text. Works on the
 * digits, so that neither locale nor binary fractions affect the result. */
static bool read_hundredths(const char *text, long long *hundredths)
{
    long long value = 0;
    int whole = 0, decimals = 0;
    bool negative = *text == '-';
    text += negative;
    for (; *text >= '0' && *text <= '9' && whole <= WHOLE_DIGITS_MAX; text++, whole++)
        value = value * 10 + (*text - '0');
    if (whole == 0 || whole > WHOLE_DIGITS_MAX || (*text != '\0' && *text != '.'))
        return false;
    text += *text == '.';
    for (; decimals < 2; decimals++)
        value = value * 10 + (*text >= '0' && *text <= '9' ? *text++ - '0' : 0);
    value += *text >= '5' && *text <= '9';
    *hundredths = negative ? -value : value;
    return text[strspn(text, "0123456789")] == '\0';
}

/* Writes hundredths without redundant characters: 0.5 is .5 in a path, and a minus needs no space before it. */
static void put_hundredths(struct svg_compact *compact, long long value, bool tight)
{
    char text[32];
    unsigned long long size = (unsigned long long)llabs(value), whole = size / 100, rest = size % 100;
    if (value < 0)
        put(compact, '-');
    if (whole > 0 || rest == 0 || !tight) {
        snprintf(text, sizeof text, "%llu", whole);
        put_text(compact, text);
    }
    if (rest == 0)
        return;
    snprintf(text, sizeof text, rest % 10 == 0 ? ".%llu" : ".%02llu", rest % 10 == 0 ? rest / 10 : rest);
    put_text(compact, text);
}

/* Writes the collected number. Returns false, and copies it, if it is not a plain number. */
static bool put_number(struct svg_compact *compact, const char *text, long long *value)
{
    bool understood = read_hundredths(text, value);
    if (understood)
        put_hundredths(compact, *value, false);
    else
        put_text(compact, text);
    return understood;
}

/* Ends a line's pair of numbers. It is written relative to the previous point, which is rounded too: the line ends
 * where the rounded absolute numbers would have put it, however long the path is. */
static void put_line(struct svg_compact *compact)
{
    long long to[2];
    bool understood = read_hundredths(compact->first, &to[0]) && read_hundredths(compact->number, &to[1]);
    if (understood && compact->at_known) {
        if (!compact->in_lines)
            put(compact, 'l');
        for (int axis = 0; axis < 2; axis++) {
            long long step = to[axis] - compact->at[axis];
            if (step >= 0 && (axis == 1 || compact->in_lines))
                put(compact, ' ');
            put_hundredths(compact, step, true);
        }
        compact->in_lines = true;
    } else {
        put_text(compact, "L ");
        put_number(compact, compact->first, &to[0]);
        put(compact, ' ');
        put_number(compact, compact->number, &to[1]);
        compact->in_lines = false;
        compact->at_known = understood;
    }
    memcpy(compact->at, to, sizeof to);
}

/* Ends the collected number. */
static void end_number(struct svg_compact *compact)
{
    long long value = 0;
    unsigned axis = compact->argument % 2;
    if (compact->number_length == 0)
        return;
    compact->number[compact->number_length] = '\0';
    compact->number_length = 0;
    if (compact->place == SVG_IN_COORDINATE) {
        put_number(compact, compact->number, &value);
        return;
    }
    compact->argument++;
    if (compact->command == 'L') {
        if (axis == 0)
            memcpy(compact->first, compact->number, sizeof compact->first);
        else
            put_line(compact);
        return;
    }
    bool understood = put_number(compact, compact->number, &value);
    compact->at[axis] = value;
    if (compact->command == 'M' && compact->argument <= 2) {
        compact->start[axis] = value;
        compact->at_known = understood && (axis == 0 || compact->at_known);
    }
    compact->at_known = compact->at_known && understood;
}

/* Copies the part of a line that was held back, and the rest of the value: Cairo did not write this. */
static void give_up(struct svg_compact *compact)
{
    if (compact->place == SVG_IN_PATH && compact->command == 'L') {
        put_text(compact, "L ");
        if (compact->argument % 2 == 1) {
            put_text(compact, compact->first);
            put(compact, ' ');
        }
    }
    compact->number[compact->number_length] = '\0';
    compact->number_length = 0;
    put_text(compact, compact->number);
    compact->place = SVG_IN_VALUE;
}

/* A letter of a path, or the closing quote. */
static void begin_command(struct svg_compact *compact, char c)
{
    if (compact->command == 'L' && compact->argument % 2 == 1) {
        put_text(compact, "L ");
        put_text(compact, compact->first);
        compact->at_known = false;
    }
    compact->command = c;
    compact->argument = 0;
    if (c == 'L')
        return;
    compact->in_lines = false;
    if (c == 'Z')
        memcpy(compact->at, compact->start, sizeof compact->at);
    else if (c != 'M' && c != 'C')
        compact->at_known = false;
    put(compact, c);
}

/* A character between the quotes of d, x or y. */
static void take_coordinate(struct svg_compact *compact, char c)
{
    if ((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e') {
        if (c == '-' && compact->number_length > 0 && compact->number[compact->number_length - 1] != 'e')
            end_number(compact);
        compact->number[compact->number_length++] = c;
        if (compact->number_length == sizeof compact->number - 1)
            give_up(compact);
        return;
    }
    end_number(compact);
    bool is_space = c == ' ' || c == ',' || c == '\n';
    if (compact->place == SVG_IN_COORDINATE)
        put(compact, c);
    else if (!is_space)
        begin_command(compact, c);
    else if (compact->command != 'L')
        put(compact, c);
}

/* Ends the name of a surface: replaces Cairo's number by its number in this document. */
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

/* Any other character: copied, except for the number of a surface. */
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

/* Starts a value, according to the name of its attribute. */
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
        compact->argument = 0;
        compact->at_known = compact->in_lines = false;
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
    end_number(compact);
    if (compact->in_id)
        put_id(compact);
    flush(compact);
    return compact->ok;
}
