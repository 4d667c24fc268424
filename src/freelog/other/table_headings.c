/* SPDX-License-Identifier: MIT */
/* table_headings: finds out which column of a table is what by its headings. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "../text.h"
#include "base/array.h"
#include "table.h"

/* Returns true if two words between blanks are one heading: "Used (MiB)", "Elapsed time". */
static bool is_one_heading(struct field first, struct field second)
{
    static const char *const kinds[] = {"elapsed", "unix", "epoch", "wall", "local", "sample", "utc"};
    static const char *const times[] = {"time"};
    bool is_unit = second.end - second.at > 2 &&
                   ((*second.at == '(' && second.end[-1] == ')') || (*second.at == '[' && second.end[-1] == ']'));
    return is_unit || (text_is_one_of(kinds, COUNT(kinds), first.at, first.end) &&
                       text_is_one_of(times, COUNT(times), second.at, second.end));
}

bool table_is_wanted(const char *wanted, struct field name)
{
    return wanted != NULL && strlen(wanted) == (size_t)(name.end - name.at) &&
           strncasecmp(wanted, name.at, (size_t)(name.end - name.at)) == 0;
}

/* Of two groups of columns named "used" (dstat), the one without caches is about swap: of `layout->count` columns, the
 * second group is to follow. Returns true if that is the one. */
static bool is_swap_next(struct other_layout *layout, size_t first)
{
    for (size_t i = first; i < layout->count; i++)
        if (layout->heading[i].meaning == FREELOG_CACHED || layout->heading[i].meaning == FREELOG_BUFFERS)
            return true;
    for (size_t i = first; i < layout->count; i++)
        heading_make_swap(&layout->heading[i]);
    return false;
}

void table_add_heading(struct other_layout *layout, const struct heading *heading)
{
    struct heading added = *heading;
    for (size_t i = 0; i < layout->count && added.meaning != HEADING_OTHER; i++) {
        struct heading *before = &layout->heading[i];
        if (before->meaning != added.meaning)
            continue;
        if (before->is_weak && !added.is_weak)
            before->meaning = HEADING_OTHER;
        else
            added.meaning = HEADING_OTHER;
    }
    layout->heading[layout->count++] = added;
}

/* Returns true if a heading between bars contains several: of dstat, which has blanks between columns. */
static bool has_columns(const char *at, const char *end)
{
    size_t count = 0;
    for (; at < end; at = text_skip_blanks(text_word_end(at, end), end)) {
        struct heading heading = heading_read(at, text_word_end(at, end));
        count += heading_is_column(&heading);
    }
    return count > 2;
}

/* Concludes from the meanings of the columns what the table has. Returns the number of columns of memory. */
static size_t sum_up(struct other_layout *layout)
{
    size_t memory = 0;
    bool has_unit = false, has_memory = false;
    for (size_t i = 0; i < layout->count; i++) {
        const struct heading *heading = &layout->heading[i];
        unsigned char meaning = heading->meaning;
        layout->has_time |= meaning == HEADING_TIME || meaning == HEADING_DATE;
        layout->has_host |= meaning == HEADING_HOST;
        memory += heading_is_column(heading) || meaning == HEADING_PRINTED_USED;
        has_unit |= heading_is_column(heading) && (heading->unit > 0 || meaning == FREELOG_TOTAL);
        layout->is_swap |= meaning == FREELOG_SWAP_USED;
        has_memory |= meaning <= FREELOG_AVAILABLE || meaning == HEADING_PRINTED_USED;
    }
    layout->is_index &= !layout->has_time;
    if (layout->is_index) { /* of pandas, whose index may be the time */
        layout->heading[0].meaning = HEADING_TIME;
        layout->has_time = true;
    }
    layout->named = memory;
    layout->is_bare = memory > 0 && !has_unit;
    layout->is_swap &= !has_memory;
    return memory;
}

bool table_judge_headings(const struct field *field, size_t count, char separator, const char *wanted,
                          struct other_layout *layout)
{
    bool has_letters = true, has_wanted = false, has_process = false; /* a list of processes has the memory of each */
    bool is_swap = false, is_blank = separator == ' ' || separator == WIDE;
    size_t first_used = SIZE_MAX;
    *layout = (struct other_layout){.separator = separator == WIDE ? ' ' : separator};
    if (count < 2 || count > HEADINGS_MAX)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_rest = separator == ' ' && layout->count > 0 && is_one_heading(field[i - 1], field[i]);
        struct field name = is_rest ? (struct field){field[i - 1].at, field[i].end} : table_unquoted(field[i]);
        struct heading heading = heading_read(name.at, name.end);
        if (separator == '|' && has_columns(name.at, name.end))
            return false;
        if ((table_is_wanted(wanted, name) || (is_rest && table_is_wanted(wanted, field[i - 1]))) &&
            !heading.is_percent) {
            heading.meaning = FREELOG_USED;
            heading.is_weak = false;
            has_wanted = true;
        } else if (wanted != NULL && heading.meaning == FREELOG_USED) {
            heading.meaning = HEADING_OTHER;
        }
        if (table_is_wanted("used", name) && first_used != SIZE_MAX && !is_swap)
            is_swap = is_swap_next(layout, first_used);
        else if (table_is_wanted("used", name) && first_used == SIZE_MAX)
            first_used = layout->count;
        if (is_swap && heading.meaning != HEADING_OTHER)
            heading_make_swap(&heading);
        has_process |= name.end - name.at == 3 && strncasecmp(name.at, "pid", 3) == 0;
        has_letters &= name.at == name.end ||
                       (!text_is_digit(*name.at) && memchr(name.at, '=', (size_t)(name.end - name.at)) == NULL);
        layout->count -= is_rest;
        layout->is_index |= name.at == name.end && i == 0;
        table_add_heading(layout, &heading);
    }
    size_t memory = sum_up(layout);
    layout->needs_time =
        !layout->has_time && memory < 2 && !has_wanted && (layout->is_bare || (is_blank && !layout->has_host));
    return has_letters && (!has_process || has_wanted) && (memory > 0 || has_wanted);
}

bool table_read_headings(const char *at, const char *end, char separator, const char *wanted,
                         struct other_layout *layout)
{
    struct field field[HEADINGS_MAX];
    return table_judge_headings(field, table_cut(at, end, separator, field), separator, wanted, layout);
}

bool table_find_headings(const char *wanted, bool may_lack_time, const char *at, const char *end,
                         struct other_layout *layout, const char **rest)
{
    static const char separators[] = {',', ';', '\t', '|', ' ', WIDE};
    *rest = at;
    if (at < end && *at == '\t' && table_read_headings(at, end, '\t', wanted, layout) &&
        (may_lack_time || !layout->needs_time))
        return true; /* the numbers of the rows have an empty heading */
    at = text_skip_blanks(at, end);
    while (at < end && (*at == '#' || text_is_blank(*at)))
        at++;
    *rest = at;
    for (size_t i = 0; i < sizeof separators; i++)
        if ((separators[i] == ' ' || separators[i] == WIDE || memchr(at, separators[i], (size_t)(end - at)) != NULL) &&
            table_read_headings(at, end, separators[i], wanted, layout) && (may_lack_time || !layout->needs_time))
            return true;
    return false;
}
