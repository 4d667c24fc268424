/* SPDX-License-Identifier: MIT */
/* table_fields: cuts the lines of tables, and objects of JSON, into fields. */
#include <string.h>

#include "../line_times.h"
#include "../text.h"
#include "table.h"

/* Returns where the next field between blanks begins. Bars separate groups of fields (dstat). */
static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (text_is_blank(*at) || *at == '|'))
        at++;
    return at;
}

/* Returns the end of the field that begins at `at`. Separators in quotes do not end it. */
static const char *field_end(const char *at, const char *end, char separator)
{
    const char *quote = text_skip_blanks(at, end);
    const char *close =
        quote < end && *quote == '"' && separator != '\t' ? memchr(quote + 1, '"', (size_t)(end - quote - 1)) : NULL;
    if (close != NULL)
        at = close;
    if (separator == ' ' || separator == WIDE) {
        while (at < end && *at != '|' &&
               !(text_is_blank(*at) && (separator == ' ' || at + 1 == end || text_is_blank(at[1]))))
            at++;
        return at;
    }
    const char *found = memchr(at, separator, (size_t)(end - at));
    return found == NULL ? end : found;
}

size_t table_cut(const char *at, const char *end, char separator, struct field field[HEADINGS_MAX])
{
    size_t count = 0;
    bool is_blank = separator == ' ' || separator == WIDE;
    if (is_blank)
        at = skip_space(at, end);
    while (at < end || (!is_blank && count > 0 && at == end && end[-1] == separator)) {
        const char *to = field_end(at, end, separator);
        if (count == HEADINGS_MAX)
            return HEADINGS_MAX + 1;
        const char *from = text_skip_blanks(at, to), *trimmed = text_trim_end(from, to);
        field[count++] = (struct field){from, trimmed};
        if (to == end)
            break;
        at = is_blank ? skip_space(to, end) : to + 1;
    }
    return count;
}

struct field table_unquoted(struct field field)
{
    if (field.end - field.at >= 2 && (*field.at == '"' || *field.at == '\'') && field.end[-1] == *field.at)
        return (struct field){field.at + 1, field.end - 1};
    return field;
}

/* Returns the end of the text in quotes that begins at `at`, NULL if there is none. */
static const char *quote_end(const char *at, const char *end)
{
    const char *close = at < end && *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
    return close == NULL || memchr(at, '\\', (size_t)(close - at)) != NULL ? NULL : close + 1;
}

size_t table_cut_object(const char *at, const char *end, struct field *name, struct field *value)
{
    size_t count = 0;
    end -= at < end && end[-1] == ','; /* in an array */
    if (at == end || *at != '{' || end[-1] != '}')
        return 0;
    for (end--; at < end && count < HEADINGS_MAX; count++) { /* `at` is at the brace or comma before a name */
        const char *from = text_skip_blanks(at + 1, end), *to = quote_end(from, end);
        const char *colon = to == NULL ? end : text_skip_blanks(to, end);
        if (colon == end || *colon != ':')
            return 0;
        const char *start = text_skip_blanks(colon + 1, end), *comma = quote_end(start, end);
        if (start == end || *start == '{' || *start == '[')
            return 0;
        comma = memchr(comma == NULL ? start : comma, ',', (size_t)(end - (comma == NULL ? start : comma)));
        at = comma == NULL ? end : comma;
        name[count] = (struct field){from, to};
        value[count] = (struct field){start, text_trim_end(start, at)};
    }
    return at == end ? count : 0;
}

bool table_is_time(const struct field *first, const struct field *last)
{
    struct found_stamp found;
    return line_times_find(first->at, last->end, &found) && found.is_alone && found.stamp.kind != TIMESTAMP_SECONDS;
}

bool table_has_clock(const struct field *first, const struct field *last)
{
    struct found_stamp found;
    return line_times_find(first->at, last->end, &found) && found.stamp.kind != TIMESTAMP_SECONDS &&
           found.stamp.kind != TIMESTAMP_DAY;
}
