/* SPDX-License-Identifier: MIT */
/* table_named: rows that name their values, such as "10:00:00, Total: 8 GB, Used: 2 GB" and "RAM: 1.5 of 8 GB". */
#include <math.h>
#include <string.h>

#include "../text.h"
#include "base/array.h"
#include "table.h"

/* Removes the names before values: "Used: 12 GB", or "used=12GB" between blanks. Those of other fields are empty. */
static void take_names(struct field *field, size_t count, char separator, struct field name[HEADINGS_MAX])
{
    for (size_t i = 0; i < count; i++) {
        const char *sign = field[i].at, *end = field[i].end;
        while (sign < end && *sign != '=' && (*sign != ':' || separator == ' '))
            sign++;
        bool has_name = sign > field[i].at && sign < end && !text_is_digit(*field[i].at);
        name[i] = (struct field){field[i].at, has_name ? text_trim_end(field[i].at, sign) : field[i].at};
        field[i].at = has_name ? text_skip_blanks(sign + 1, end) : field[i].at;
    }
}

/* Moves the unit of a value to its heading. Like those of headings, MB and GB are read as MiB and GiB. */
static void take_unit(struct field *field, double bytes, struct heading *heading)
{
    while (field->end > field->at && !text_is_digit(field->end[-1]))
        field->end--;
    heading->unit = bytes;
    heading->is_decimal = bytes >= 1e6 && fmod(bytes, 1e6) == 0;
    if (heading->is_decimal)
        heading->unit = bytes == 1e6 ? 0x1p20 : bytes == 1e9 ? 0x1p30 : 0x1p40;
}

/* Fills in the layout of a row that names its values. Returns false unless it has a time and memory with units. */
static bool read_names(struct field *field, size_t count, const struct field *name, struct other_layout *layout)
{
    double value, bytes, resolution;
    bool is_weak = true, is_first = true;
    for (size_t i = 0; i < count; i++) {
        struct heading heading = {.meaning = is_first ? HEADING_TIME : HEADING_OTHER};
        is_first &= name[i].at == name[i].end;
        if (name[i].at < name[i].end)
            heading = heading_read(name[i].at, name[i].end);
        if (table_is_wanted("pid", name[i])) /* the memory of one of several processes */
            return false;
        if (heading_is_column(&heading)) {
            if (!other_number(field[i].at, field[i].end, &value, &bytes, &resolution) ||
                (bytes == 0 && heading.unit == 0))
                return false;
            if (bytes > 0)
                take_unit(&field[i], bytes, &heading);
            is_weak &= heading.is_weak || text_find(name[i].at, name[i].end, "em") != NULL;
            layout->named++;
        }
        if (heading.meaning == HEADING_TIME || heading.meaning == HEADING_DATE)
            layout->has_time |= table_has_clock(is_first ? field : &field[i], &field[i]);
        if (is_first)
            layout->heading[layout->count++] = heading;
        else
            table_add_heading(layout, &heading);
    }
    return layout->has_time && layout->named > 0 && (layout->named > 1 || is_weak);
}

/* Returns where a number with a unit that may follow it ends, `at` if there is none. */
static const char *number_end(const char *at, const char *end)
{
    const char *to = text_digits_end(at, end);
    if (to > at && to < end && *to == '.')
        to = text_digits_end(to + 1, end);
    const char *unit = to > at ? text_skip_blanks(to, end) : at, *unit_end = unit;
    while (unit_end < end && text_is_letter(*unit_end))
        unit_end++;
    double value, bytes, resolution;
    return other_number(at, unit_end, &value, &bytes, &resolution) && bytes > 1 ? unit_end : to;
}

/* Returns where the sign between two sizes ends, "/" or "of"; NULL for anything else. */
static const char *after_share(const char *at, const char *end)
{
    at = text_skip_blanks(at, end);
    if (at < end && *at == '/')
        return text_skip_blanks(at + 1, end);
    return text_starts(at, end, "of ") ? text_skip_blanks(at + 3, end) : NULL;
}

/* Cuts a row such as "10:00:00 Memory usage: 512/8000MB (6%)" into the text before the sizes and the sizes. */
static bool cut_share(const char *at, const char *end, struct other_layout *layout, struct field field[HEADINGS_MAX])
{
    static const char *const names[] = {"mem", "Mem", "MEM", "RAM"};
    const char *name = NULL, *part = NULL, *name_end;
    for (size_t i = 0; i < COUNT(names) && name == NULL; i++)
        name = text_find(at, end, names[i]);
    *layout = (struct other_layout){.is_named = true, .is_known = true, .named = 2};
    for (name_end = name; name != NULL && name_end < end && (text_is_letter(*name_end) || *name_end == '_');)
        name_end++;
    if (name == NULL || name_end == end || strchr(" :=", *name_end) == NULL ||
        (name > at && text_is_letter(name[-1])) || text_find(at, end, "GPU") != NULL ||
        text_find(at, end, "gpu") != NULL)
        return false; /* "memory.bin", "VRAM" */
    for (const char *c = name_end; c < end && part == NULL; c++)
        if (text_is_digit(*c) && !text_is_digit(c[-1]) && c[-1] != '.')
            part = after_share(number_end(c, end), end) != NULL ? c : NULL;
    if (part == NULL)
        return false;
    const char *part_end = number_end(part, end), *whole = after_share(part_end, end);
    const struct field cut[] = {{at, part}, {part, part_end}, {whole, number_end(whole, end)}};
    const bool is_rest = text_find(name, part, "vail") != NULL, is_free = text_find(name, part, "free") != NULL;
    struct heading headings[] = {{.meaning = HEADING_TIME},
                                 {.meaning = is_rest   ? FREELOG_AVAILABLE
                                             : is_free ? FREELOG_FREE
                                                       : FREELOG_USED},
                                 {.meaning = FREELOG_TOTAL}};
    double value, bytes, resolution;
    memcpy(field, cut, sizeof cut);
    for (size_t i = 2; i > 0; i--) {
        if (!other_number(field[i].at, field[i].end, &value, &bytes, &resolution) || (bytes == 0 && i == 2))
            return false;
        headings[i].unit = headings[2].unit; /* "512/8000MB" */
        headings[i].is_decimal = headings[2].is_decimal;
        if (bytes > 0)
            take_unit(&field[i], bytes, &headings[i]);
    }
    memcpy(layout->heading, headings, sizeof headings);
    layout->count = COUNT(headings);
    layout->has_time = table_has_clock(field, field);
    return true;
}

bool table_cut_named(const char *at, const char *end, struct other_layout *layout, struct field field[HEADINGS_MAX])
{
    static const char separators[] = ",;|\t ";
    struct field name[HEADINGS_MAX];
    for (const char *separator = separators; *separator != '\0'; separator++) {
        size_t count = table_cut(at, end, *separator, field);
        *layout = (struct other_layout){.separator = *separator, .is_named = true, .is_known = true};
        if (count < 2 || count > HEADINGS_MAX)
            continue;
        take_names(field, count, *separator, name);
        if (read_names(field, count, name, layout))
            return true;
    }
    return cut_share(at, end, layout, field);
}

bool table_match_named(struct other_layout *layout, const char *at, const char *end, struct field field[HEADINGS_MAX])
{
    struct other_layout found;
    if (!table_cut_named(at, end, &found, field) || found.count != layout->count)
        return false;
    for (size_t i = 0; i < layout->count; i++)
        if (found.heading[i].meaning != layout->heading[i].meaning)
            return false;
    *layout = found;
    return true;
}
