/* SPDX-License-Identifier: MIT */
/* table_hint: why a table cannot be read, and what to do. */
#include <string.h>

#include "../text.h"
#include "base/array.h"
#include "table.h"

/* Returns how many of the fields of a line are numbers, and how many are headings of percentages. Sets `*count` to the
 * number of fields, 0 if there are only blanks between them. */
static size_t count_numbers(const char *at, const char *end, size_t *count, size_t *percentages)
{
    struct field field[HEADINGS_MAX];
    static const char separators[] = ",;\t|";
    double value, bytes, resolution;
    size_t numbers = 0;
    *count = *percentages = 0;
    for (size_t i = 0; i < sizeof separators - 1 && *count < 2; i++)
        *count = memchr(at, separators[i], (size_t)(end - at)) == NULL ? 0 : table_cut(at, end, separators[i], field);
    size_t fields = *count > 0 ? *count : table_cut(at, end, ' ', field);
    if (fields > HEADINGS_MAX)
        *count = fields = 0;
    for (size_t i = 0; i < fields; i++) {
        struct field name = table_unquoted(field[i]);
        numbers += other_number(field[i].at, field[i].end, &value, &bytes, &resolution);
        *percentages += heading_read(name.at, name.end).is_percent;
    }
    return numbers;
}

/* Returns why the first row below headings cannot be read. */
static const char *row_hint(const struct other_layout *layout, const char *at, const char *end)
{
    struct field field[HEADINGS_MAX];
    double value, bytes, resolution;
    const char *word_end = text_word_end(at, end);
    if (word_end > at && word_end[-1] == ':')
        return NULL; /* a row of free below its header, with values that cannot be */
    if (!table_cut_row(layout, at, end, field))
        return "the row has not as many fields as the line of headings; quote fields that contain separators";
    for (size_t i = 0; i < layout->count; i++)
        if (heading_is_column(&layout->heading[i]) &&
            other_number(field[i].at, field[i].end, &value, &bytes, &resolution) &&
            table_may_be_percent(layout, value, bytes))
            return "the memory has no unit and may be in percent; specify the unit with --input_units";
    for (size_t i = 0; i < layout->count; i++)
        if (heading_is_column(&layout->heading[i]) &&
            !other_number(field[i].at, field[i].end, &value, &bytes, &resolution))
            return "a field under a heading of memory is not a number with or without a unit; choose a column with "
                   "--column HEADING";
    return layout->is_bare ? "the numbers have no unit and are no whole pages; specify the unit with --input_units"
                           : "a table without a column of times; name its heading time";
}

/* Returns true for "10:00:00 1500", between blanks. */
static bool is_time_and_number(const char *at, const char *end)
{
    struct field field[HEADINGS_MAX];
    double value, bytes, resolution;
    size_t count = table_cut(at, end, ' ', field);
    return count > 1 && count <= FIELD_WORDS + 2 && table_is_time(&field[0], &field[count - 2]) &&
           other_number(field[count - 1].at, field[count - 1].end, &value, &bytes, &resolution);
}

/* Returns true for the name of memory with a size or a value: "RAM: 512/7900MB", "mem_used=512", "svmem(total=8000". */
static bool names_memory(const char *at, const char *end)
{
    static const char *const names[] = {"mem", "Mem",  "MEM",  "RAM",      "ram:",   "ram=",   "RSS",
                                        "rss", "used", "Used", "vailable", "emoria", "peicher"};
    const char *name = NULL;
    double value, bytes, resolution;
    for (size_t i = 0; i < COUNT(names) && name == NULL; i++)
        name = text_find(at, end, names[i]);
    for (const char *word = at; word < end && name != NULL; word++) {
        const char *digits_end = text_digits_end(word, end);
        bool has_decimals = digits_end < end && *digits_end == '.';
        const char *to = text_skip_blanks(has_decimals ? text_digits_end(digits_end + 1, end) : digits_end, end);
        if (digits_end == word || (word > at && (text_is_letter(word[-1]) || text_is_digit(word[-1]))))
            continue;
        while (to < end && text_is_letter(*to))
            to++;
        if ((word > name && word[-1] == '=') || (other_number(word, to, &value, &bytes, &resolution) && bytes > 1))
            return true;
    }
    return false;
}

const char *table_hint(const char *at, const char *end, const char *wanted, unsigned long *line)
{
    struct other_layout layout = {.count = 0}, found;
    size_t count, percentages;
    const char *rest, *next;
    for (*line = 1; at < end && *line < 100; at = next, ++*line) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *line_end = newline == NULL ? end : newline;
        next = newline == NULL ? end : newline + 1;
        line_end = text_trim_end(at, line_end);
        if (table_find_headings(wanted, true, at, line_end, &found, &rest)) {
            layout = found;
            continue;
        }
        size_t numbers = count_numbers(at, line_end, &count, &percentages);
        if (at == line_end || *at == '#')
            continue;
        if (layout.count == 0 && names_memory(at, line_end))
            return "memory among words; extract it into rows below a first line such as time,used_mib";
        if (layout.count > 0)
            return row_hint(&layout, at, line_end);
        if (percentages > 0)
            return "a table of percentages without a column of sizes; use free -s N";
        if (numbers > 0 && (count > 1 || numbers > 1 || is_time_and_number(at, line_end)))
            return "rows of numbers without headings; add a first line such as time,total_kib,used_kib,free_kib";
        if (count > 1)
            return "a table without a memory column; name one with --column HEADING";
    }
    *line = 0;
    return NULL;
}
