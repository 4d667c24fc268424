/* SPDX-License-Identifier: MIT */
/* table: reads headings with rows below them, separated by commas, semicolons, tabs, bars or blanks, as written by
 * scripts, spreadsheets, dstat, collectl, nmon and sadf -d. */
#include <math.h>
#include <stdint.h>

#include "../line_times.h"
#include "../text.h"
#include "base/array.h"
#include "other_log.h"

#define FIELD_WORDS 5    /* words by which a time between blanks may exceed its heading */
#define FEW_LINES   20   /* a table has a line of its own in so many, if there are more than these */
#define WIDE        '\1' /* the separator of headings that contain single blanks: two blanks or more */

/* A field of a line. */
struct field {
    const char *at, *end;
};

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

/* Returns the first field between blanks, and bars if there are any (dstat). */
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

/* Cuts a line into fields. Returns their number, or HEADINGS_MAX + 1 if there are more than HEADINGS_MAX. */
static size_t cut(const char *at, const char *end, char separator, struct field field[HEADINGS_MAX])
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

/* Returns a heading without its quotes. */
static struct field unquoted(struct field field)
{
    if (field.end - field.at >= 2 && (*field.at == '"' || *field.at == '\'') && field.end[-1] == *field.at)
        return (struct field){field.at + 1, field.end - 1};
    return field;
}

static bool is_wanted(const char *wanted, struct field name)
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

/* Adds a column. The first column of a meaning is used, unless a later one matches more strongly. */
static void add_heading(struct other_layout *layout, const struct heading *heading)
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

/* Interprets headings. Returns false if they are not those of a table of memory. */
static bool judge_headings(const struct field *field, size_t count, char separator, const char *wanted,
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
        struct field name = is_rest ? (struct field){field[i - 1].at, field[i].end} : unquoted(field[i]);
        struct heading heading = heading_read(name.at, name.end);
        if (separator == '|' && has_columns(name.at, name.end))
            return false;
        if ((is_wanted(wanted, name) || (is_rest && is_wanted(wanted, field[i - 1]))) && !heading.is_percent) {
            heading.meaning = FREELOG_USED;
            heading.is_weak = false;
            has_wanted = true;
        } else if (wanted != NULL && heading.meaning == FREELOG_USED) {
            heading.meaning = HEADING_OTHER;
        }
        if (is_wanted("used", name) && first_used != SIZE_MAX && !is_swap)
            is_swap = is_swap_next(layout, first_used);
        else if (is_wanted("used", name) && first_used == SIZE_MAX)
            first_used = layout->count;
        if (is_swap && heading.meaning != HEADING_OTHER)
            heading_make_swap(&heading);
        has_process |= name.end - name.at == 3 && strncasecmp(name.at, "pid", 3) == 0;
        has_letters &= name.at == name.end ||
                       (!text_is_digit(*name.at) && memchr(name.at, '=', (size_t)(name.end - name.at)) == NULL);
        layout->count -= is_rest;
        layout->is_index |= name.at == name.end && i == 0;
        add_heading(layout, &heading);
    }
    size_t memory = sum_up(layout);
    layout->needs_time =
        !layout->has_time && memory < 2 && !has_wanted && (layout->is_bare || (is_blank && !layout->has_host));
    return has_letters && (!has_process || has_wanted) && (memory > 0 || has_wanted);
}

/* Reads headings separated by `separator`. Returns false if they are not those of a table of memory. */
static bool read_headings(const char *at, const char *end, char separator, const char *wanted,
                          struct other_layout *layout)
{
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    return judge_headings(field, cut(at, end, separator, field), separator, wanted, layout);
}

/* Reads headings with any separator. Sets `*rest` to where they begin. `may_lack_time`: the rows decide which column
 * has the times. */
static bool find_headings(const char *wanted, bool may_lack_time, const char *at, const char *end,
                          struct other_layout *layout, const char **rest)
{
    static const char separators[] = {',', ';', '\t', '|', ' ', WIDE};
    *rest = at;
    if (at < end && *at == '\t' && read_headings(at, end, '\t', wanted, layout) &&
        (may_lack_time || !layout->needs_time))
        return true; /* the numbers of the rows have an empty heading */
    at = text_skip_blanks(at, end);
    while (at < end && (*at == '#' || text_is_blank(*at)))
        at++;
    *rest = at;
    for (size_t i = 0; i < sizeof separators; i++)
        if ((separators[i] == ' ' || separators[i] == WIDE || memchr(at, separators[i], (size_t)(end - at)) != NULL) &&
            read_headings(at, end, separators[i], wanted, layout) && (may_lack_time || !layout->needs_time))
            return true;
    return false;
}

/* Returns true for "12", the quoted number of a row, for which tables of R have no heading. */
static bool is_row_name(struct field field)
{
    return field.end - field.at > 2 && *field.at == '"' && text_digits_end(field.at + 1, field.end) == field.end - 1;
}

/* Cuts a row into as many fields as there are headings. Between blanks, a time may have several words. */
static bool cut_row(const struct other_layout *layout, const char *at, const char *end,
                    struct field field[HEADINGS_MAX])
{
    size_t count = cut(at, end, layout->separator, field);
    size_t more = count - layout->count;
    if (count == layout->count)
        return true;
    if (count == layout->count + 1 && count <= HEADINGS_MAX && is_row_name(field[0])) {
        memmove(field, field + 1, layout->count * sizeof *field);
        return true;
    }
    if (count > 0 && count == layout->count + 1 && field[count - 1].at == field[count - 1].end &&
        layout->separator != ' ')
        return true; /* a separator after the last field */
    if (layout->separator != ' ' || count < layout->count || count > HEADINGS_MAX || more > FIELD_WORDS)
        return false;
    for (size_t i = 0; i < layout->count; i++) {
        if (layout->heading[i].meaning != HEADING_TIME && layout->heading[i].meaning != HEADING_DATE)
            continue;
        field[i].end = field[i + more].end;
        memmove(&field[i + 1], &field[i + 1 + more], (count - i - 1 - more) * sizeof *field);
        return true;
    }
    return false;
}

/* Returns true if the only number about memory may be a percentage: it is small, and has no unit. */
static bool may_be_percent(const struct other_layout *layout, double value, double bytes)
{
    return layout->is_bare && layout->named == 1 && bytes == 0 && value > 0 && value <= 100;
}

/* Returns true if the fields are a date, a time of day or an epoch, and nothing else. */
static bool is_time(const struct field *first, const struct field *last)
{
    struct found_stamp found;
    return line_times_find(first->at, last->end, &found) && found.is_alone && found.stamp.kind != TIMESTAMP_SECONDS;
}

/* Returns true for "nan", "NA", "null", "None", "n/a". */
static bool is_missing(struct field field)
{
    return (*field.at | 0x20) == 'n' && field.end - field.at <= 4;
}

/* Returns true if the fields are a row: its columns of memory are numbers or empty. If all are empty, it has a time. */
static bool is_row(const struct other_layout *layout, const struct field field[HEADINGS_MAX])
{
    double value, bytes, resolution;
    size_t numbers = 0;
    for (size_t i = 0; i < layout->count; i++) {
        if (!heading_is_column(&layout->heading[i]) && layout->heading[i].meaning != HEADING_PRINTED_USED)
            continue;
        bool is_number = other_number(field[i].at, field[i].end, &value, &bytes, &resolution);
        bool is_empty = field[i].at == field[i].end || strchr("-?*#", *field[i].at) != NULL ||
                        (text_is_letter(*field[i].at) && (layout->separator != ' ' || is_missing(field[i])));
        if ((!is_number && !is_empty) || (is_number && may_be_percent(layout, value, bytes)))
            return false;
        numbers += is_number;
    }
    bool has_time = false;
    for (size_t i = 0; i < layout->count && numbers == 0; i++)
        if (layout->heading[i].meaning == HEADING_TIME && field[i].at < field[i].end)
            has_time |= is_time(&field[i], &field[i]) ||
                        (layout->is_known && other_number(field[i].at, field[i].end, &value, &bytes, &resolution));
    return numbers > 0 || has_time;
}

/* Adds a column of times before those that have headings. Returns false if there is no room. */
static bool prepend_time(struct other_layout *layout)
{
    if (layout->has_time || layout->count == 0 || layout->count == HEADINGS_MAX)
        return false;
    memmove(layout->heading + 1, layout->heading, layout->count++ * sizeof *layout->heading);
    layout->heading[0] = (struct heading){.meaning = HEADING_TIME};
    layout->has_time = layout->is_index = true;
    return true;
}

/* Finds the column of times by a row, whatever its heading is. */
static void find_time(struct other_layout *layout, const struct field *field)
{
    for (size_t i = 0; i < layout->count; i++) {
        if (layout->heading[i].meaning != HEADING_OTHER || field[i].at == field[i].end ||
            memchr(field[i].at, ':', (size_t)(field[i].end - field[i].at)) == NULL || !is_time(&field[i], &field[i]))
            continue;
        if (layout->is_index)
            layout->heading[0].meaning = HEADING_OTHER;
        layout->heading[i].meaning = HEADING_TIME;
        layout->has_time = true;
        layout->is_index = false;
        return;
    }
}

/* Returns the end of the text in quotes that begins at `at`, NULL if there is none. */
static const char *quote_end(const char *at, const char *end)
{
    const char *close = at < end && *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
    return close == NULL || memchr(at, '\\', (size_t)(close - at)) != NULL ? NULL : close + 1;
}

/* Cuts an object of JSON into its names and values. Returns their number, 0 for any other text, and for objects that
 * contain others. */
static size_t cut_object(const char *at, const char *end, struct field *name, struct field *value)
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

/* Reads a line of JSON, whose names are the headings of its values. */
static bool match_object(struct other_log *other, const char *at, const char *end, struct field field[HEADINGS_MAX])
{
    struct field name[HEADINGS_MAX];
    struct other_layout *layout = &other->layout[0];
    size_t count = cut_object(at, end, name, field);
    if (count == 0 || !judge_headings(name, count, ',', other->wanted, layout))
        return false;
    layout->is_bare &= !other->is_unit_given;
    if (!layout->has_time)
        find_time(layout, field);
    return is_row(layout, field);
}

/* Returns true if headings are known that say which column has the times, or a row did. */
static bool has_table(const struct other_log *other)
{
    return other->layout[0].count > 0 && (!other->layout[0].needs_time || other->layout[0].is_known);
}

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

/* Returns true if there is a date or a time of day in the fields. "epoch=3" is not one. */
static bool has_clock(const struct field *first, const struct field *last)
{
    struct found_stamp found;
    return line_times_find(first->at, last->end, &found) && found.stamp.kind != TIMESTAMP_SECONDS &&
           found.stamp.kind != TIMESTAMP_DAY;
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
        if (is_wanted("pid", name[i])) /* the memory of one of several processes */
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
            layout->has_time |= has_clock(is_first ? field : &field[i], &field[i]);
        if (is_first)
            layout->heading[layout->count++] = heading;
        else
            add_heading(layout, &heading);
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
    layout->has_time = has_clock(field, field);
    return true;
}

/* Cuts a row that names its values: "10:00:00, Total: 8 GB, Used: 2 GB". */
static bool cut_named(const char *at, const char *end, struct other_layout *layout, struct field field[HEADINGS_MAX])
{
    static const char separators[] = ",;|\t ";
    struct field name[HEADINGS_MAX];
    for (const char *separator = separators; *separator != '\0'; separator++) {
        size_t count = cut(at, end, *separator, field);
        *layout = (struct other_layout){.separator = *separator, .is_named = true, .is_known = true};
        if (count < 2 || count > HEADINGS_MAX)
            continue;
        take_names(field, count, *separator, name);
        if (read_names(field, count, name, layout))
            return true;
    }
    return cut_share(at, end, layout, field);
}

/* Cuts another such row, whose units may differ. Returns false if its names do. */
static bool match_named(struct other_layout *layout, const char *at, const char *end, struct field field[HEADINGS_MAX])
{
    struct other_layout found;
    if (!cut_named(at, end, &found, field) || found.count != layout->count)
        return false;
    for (size_t i = 0; i < layout->count; i++)
        if (found.heading[i].meaning != layout->heading[i].meaning)
            return false;
    *layout = found;
    return true;
}

/* Cuts a row of the table into its fields. The first row decides between several ways to read the headings: names may
 * contain single blanks, and a time may have none. Returns false if the line is no row. */
static bool match_row(struct other_log *other, const char *at, const char *end, struct field field[HEADINGS_MAX])
{
    struct other_layout *layout = &other->layout[0], *wide = &other->layout[1];
    if (at < end && *at == '{')
        return match_object(other, at, end, field);
    if (layout->count == 0)
        return false;
    if (layout->is_named)
        return match_named(layout, at, end, field);
    if (cut_row(layout, at, end, field)) {
        if (!is_row(layout, field))
            return false;
        if (!layout->is_known && (!layout->has_time || layout->is_index))
            find_time(layout, field);
        if (layout->needs_time && !layout->has_time)
            return false;
        layout->is_known = true;
        return true;
    }
    struct other_layout timed = *layout;
    if (wide->count > 0 && cut_row(wide, at, end, field) && is_row(wide, field)) {
        *layout = *wide;
        layout->is_known = true;
        wide->count = 0;
        return true;
    }
    if (!prepend_time(&timed) || !cut_row(&timed, at, end, field) || !is_time(field, field) || !is_row(&timed, field))
        return false;
    *layout = timed;
    return true;
}

/* Returns true if numbers of a row without headings are those of free: total, used and free memory, and maybe those
 * that free prints next. As evidence, all are whole pages and add up, or have units. */
static bool are_of_free(const double *value, const double *bytes, size_t count)
{
    double total = value[0];
    for (size_t i = 0; i < count; i++)
        if (value[i] < 0 || value[i] > total ||
            (bytes[0] > 0 ? bytes[i] == 0 && value[i] > 0 : bytes[i] > 0 || fmod(value[i], 4) != 0))
            return false;
    double available = value[1] + value[count - 1], caches = value[1] + value[2] + value[count - 2];
    double slack = 0.02 * total;
    return total * (bytes[0] > 0 ? 1 : 1024) >= 0x1p26 && value[1] > 0 && value[2] > 0 &&
           value[1] + value[2] <= total + slack &&
           (count == 3 || fabs(total - available) <= slack || (count == 6 && fabs(total - caches) <= slack));
}

/* Reads a row without headings, such as that of free printed by awk after a time: "10:00:00,8000000,1000000,4000000".
 * Fills in the layout and the numbers. Returns false for any other line. */
static bool guess_layout(const char *at, const char *end, struct other_layout *layout, double value[6])
{
    static const unsigned char columns[] = {FREELOG_TOTAL,  FREELOG_USED,       FREELOG_FREE,
                                            FREELOG_SHARED, FREELOG_BUFF_CACHE, FREELOG_AVAILABLE};
    static const char separators[] = ",;\t| ";
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    double bytes[6], resolution;
    size_t count = 0, i = 0;
    while (i < sizeof separators - 1 && count < 4)
        count = cut(at, end, separators[i++], field);
    if (count < 4 || count > HEADINGS_MAX)
        return false;
    for (size_t numbers = 6; numbers >= 3; numbers--) {
        bool is_found = numbers != 5 && count > numbers;
        for (size_t k = 0; k < numbers && is_found; k++) {
            const struct field *cell = &field[count - numbers + k];
            is_found = other_number(cell->at, cell->end, &value[k], &bytes[k], &resolution);
            value[k] *= bytes[k] > 0 ? bytes[k] : 1;
        }
        if (!is_found || !are_of_free(value, bytes, numbers))
            continue;
        size_t times = count - numbers;
        if (field[times - 1].end[-1] == ':' && times > 1) /* "Mem:" */
            times--;
        bool has_host = times > 1 && !is_time(&field[0], &field[times - 1]);
        if (!is_time(&field[has_host], &field[times - 1]))
            return false;
        *layout = (struct other_layout){.separator = separators[i - 1], .has_time = true, .is_index = true};
        if (has_host)
            layout->heading[layout->count++].meaning = HEADING_HOST;
        do
            layout->heading[layout->count++].meaning = HEADING_TIME;
        while (layout->separator != ' ' && layout->count < times);
        if (times < count - numbers)
            layout->heading[layout->count++].meaning = HEADING_OTHER;
        for (size_t k = 0; k < numbers; k++)
            layout->heading[layout->count++].meaning = columns[numbers == 4 && k == 3 ? 5 : k];
        return true;
    }
    return false;
}

const char *table_find(struct other_log *other, const char *at, const char *end)
{
    struct other_layout layout;
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    double value[6];
    const char *rest, *start = text_skip_blanks(at, end);
    other->is_nmon |= text_starts(at, end, "AAA,progname,") || text_starts(at, end, "MEM,Memory ");
    if (other->is_nmon)
        return at;
    if (start < end && *start != '#' && match_row(other, at, end, field))
        return *at == '\t' ? at : start;
    if (other->wanted == NULL && other->layout[0].count == 0 && start < end && *start != '#' &&
        cut_named(start, end, &layout, field)) {
        other->layout[0] = layout;
        return start;
    }
    if (find_headings(other->wanted, !has_table(other), at, end, &layout, &rest))
        return *rest == '\t' ? at : start;
    if (text_starts(start, end, "# hostname;")) { /* of sadf: a section about anything but memory */
        other->layout[0].count = 0;
        return NULL;
    }
    if (other->is_seeded || other->wanted != NULL || other->layout[0].count > 0 ||
        !guess_layout(start, end, &layout, value))
        return NULL;
    other->layout[0] = layout;
    other->is_guessed = true;
    return start;
}

/* Reads the time of a row. Returns false if it has none. */
static bool read_time(struct other_line *line, const struct other_layout *layout, const struct field *field,
                      struct log_time *time)
{
    char both[128];
    size_t length = 0;
    double value, bytes, resolution;
    const struct heading *found = NULL;
    for (size_t i = 0; i < layout->count; i++) {
        struct field text = unquoted(field[i]);
        size_t size = (size_t)(text.end - text.at);
        if (layout->heading[i].meaning != HEADING_TIME && layout->heading[i].meaning != HEADING_DATE)
            continue;
        if (length + size + 2 > sizeof both || size == 0)
            return false;
        found = &layout->heading[i];
        memcpy(both + length, text.at, size);
        length += size;
        both[length++] = ' ';
    }
    if (found == NULL)
        return false;
    double unit = found->unit > 0 ? found->unit : 1;
    if (other_number(both, both + length, &value, &bytes, &resolution) && bytes == 0 && value >= 0 &&
        (value < 9e8 || found->unit > 0)) { /* time since the start, or since 1970 in another unit */
        if (layout->is_index)
            return false;
        line->log->has_time = true;
        *time = (struct log_time){.s = value * unit, .is_epoch = value * unit > 9e8};
        return true;
    }
    return other_time(line, both, both + length, time);
}

/* Reads a number of a row. A lone mark before three digits is a decimal mark or not as other numbers of the table show,
 * else a comma is one between semicolons only. */
static bool read_cell(const struct other_log *other, struct field field, double *value, double *bytes,
                      double *resolution)
{
    const char *at = field.at, *end = field.end, *mark = NULL;
    size_t marks = 0;
    if (!other_number(at, end, value, bytes, resolution))
        return false;
    for (const char *c = at; c < end; c++)
        if (*c == ',' || *c == '.') {
            mark = c;
            marks++;
        }
    if (marks != 1 || text_digits_end(mark + 1, end) != mark + 4)
        return true;
    bool is_comma = *mark == ',';
    bool are_groups = other->marks.has_groups[!is_comma] ||
                      (is_comma && !other->marks.has_decimals && other->layout[0].separator != ';');
    if (are_groups == (*resolution >= 1))
        return true;
    *value = are_groups ? *value * 1000 : *value / 1000;
    *resolution = are_groups ? 1 : 0.001;
    return true;
}

/* Notes what the marks in a number prove: there are two of the same kind, or a comma that cannot separate groups. */
static void learn_marks(struct other_log *other, struct field field)
{
    double value, bytes, resolution;
    const char *comma = memchr(field.at, ',', (size_t)(field.end - field.at));
    const char *dot = memchr(field.at, '.', (size_t)(field.end - field.at));
    if ((comma == NULL && dot == NULL) || !other_number(field.at, field.end, &value, &bytes, &resolution))
        return;
    for (int i = 0; i < 2; i++) {
        const char *first = i == 0 ? comma : dot;
        other->marks.has_groups[i] |=
            first != NULL && memchr(first + 1, ",."[i], (size_t)(field.end - first - 1)) != NULL;
    }
    other->marks.has_decimals |= comma != NULL && resolution < 1;
}

/* Puts the numbers of a row into its record. */
static void put_row(struct other_line *line, const struct other_layout *layout, const struct field *field)
{
    struct other_log *other = line->log->other;
    double value, bytes, resolution, default_unit = other->unit_bytes > 0 ? other->unit_bytes : 1024;
    bool has_units = true;
    for (size_t i = 0; i < layout->count; i++) {
        const struct heading *heading = &layout->heading[i];
        if ((!heading_is_column(heading) && heading->meaning < HEADING_PRINTED_USED) ||
            !read_cell(other, field[i], &value, &bytes, &resolution))
            continue;
        learn_marks(other, field[i]);
        other->is_vague |= layout->is_bare && bytes == 0 && fmod(value, 4) != 0;
        double unit = bytes > 0                                    ? bytes
                      : other->is_unit_given && heading->unit != 1 ? other->unit_bytes
                                                                   : heading->unit;
        if (heading->meaning == HEADING_USED_PERCENT) {
            unit = 1;
        } else if (unit == 0 && other->is_nmon) {
            unit = 0x1p20;
        } else if (unit == 0) {
            unit = default_unit;
            has_units = false;
        }
        line->stream->resolution = fmax(line->stream->resolution, resolution * unit);
        other_put(line, heading, value * unit, resolution);
    }
    line->stream->record.has_units = has_units;
    line->stream->extra.has_caches_in_used = other->wanted == NULL;
}

/* Joins a row of swap to the row of memory of the same time (sadf -d). */
static void join_swap(struct other_line *line, const struct other_layout *layout, const struct field *field,
                      double stamp_s)
{
    double value[HEADINGS_MAX], bytes, resolution;
    for (size_t i = 0; i < layout->count; i++) {
        if (!other_number(field[i].at, field[i].end, &value[i], &bytes, &resolution))
            value[i] = -1;
        value[i] *= bytes > 0 ? bytes : layout->heading[i].unit > 0 ? layout->heading[i].unit : 1024;
    }
    other_join_swap(line, layout, value, stamp_s);
}

/* Reports once that MB or GB is read as MiB or GiB. */
static void report_unit(struct other_line *line, const struct other_layout *layout)
{
    struct other_log *other = line->log->other;
    for (size_t i = 0; i < layout->count && !other->has_reported_unit && line->log->learner == NULL; i++)
        if (layout->heading[i].is_decimal && heading_is_column(&layout->heading[i]) && !other->is_unit_given) {
            freelog_report_note(&line->log->report, FREELOG_NOTE_DECIMAL_UNIT, line->at, line->end);
            other->has_reported_unit = true;
        }
}

static void take_headings(struct other_line *line, const struct other_layout *layout, const char *rest)
{
    struct other_log *other = line->log->other;
    struct other_layout wide;
    bool is_section = layout->is_swap && other->layout[0].count > 0 && !other->layout[0].is_swap;
    if (other->layout[0].is_swap && !layout->is_swap)
        for (size_t i = 0; i < line->log->streams.count; i++)
            other_give_held(line->log, line->log->streams.stream[i]);
    if (is_section && !other->is_seeded)
        other->has_swap = true;
    report_unit(line, layout);
    other->layout[0] = *layout;
    other->layout[0].is_bare &= !other->is_unit_given;
    other->layout[1].count = 0;
    if (layout->separator == ' ' && read_headings(rest, line->end, WIDE, other->wanted, &wide))
        other->layout[1] = wide;
    other->is_guessed = false;
    other->is_section = is_section;
}

/* Counts the rows without headings, and those that prove what their columns are: the total is the same in all. */
static void weigh_guess(struct other_line *line)
{
    struct other_evidence *evidence = &line->log->other->evidence;
    struct other_layout layout;
    double value[6];
    bool is_like =
        guess_layout(line->at, line->end, &layout, value) && layout.count == line->log->other->layout[0].count;
    if (is_like && evidence->numbers == 0)
        evidence->most = value[0];
    evidence->numbers++;
    evidence->of_pages += is_like && fabs(value[0] - evidence->most) <= 0.01 * evidence->most;
    if (is_like && layout.heading[layout.count - 1].meaning == FREELOG_FREE) {
        double steps = (value[1] - evidence->last[0]) * (value[2] - evidence->last[1]);
        evidence->opposed += evidence->last[0] == 0 || steps == 0 ? 0 : steps < 0 ? 1 : -1;
        memcpy(evidence->last, &value[1], sizeof evidence->last);
    }
    if (line->log->other->is_seeded)
        freelog_report_note(&line->log->report, FREELOG_NOTE_NO_HEADINGS, line->at, line->end);
}

bool table_is_doubtful(const struct other_log *other, unsigned long records, unsigned long lines)
{
    /* Words of a text are headings by chance, and a number below them may be anything. */
    bool is_rare = lines > FEW_LINES && !other->is_nmon && !other->layout[0].has_time &&
                   (records < lines / FEW_LINES || records < 2);
    if (other->is_vague || (is_rare && other->format == OTHER_TABLE))
        return true;
    return other->is_guessed && (other->evidence.numbers < 3 || other->evidence.of_pages < other->evidence.numbers ||
                                 other->evidence.opposed < 0);
}

void table_read(struct other_line *line)
{
    struct other_log *other = line->log->other;
    struct other_layout layout;
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    const char *rest;
    if (other->is_nmon && !text_starts(line->at, line->end, "MEM,")) {
        if (text_starts(line->at, line->end, "ZZZZ,")) /* "ZZZZ,T0001,10:00:00,02-MAR-2026": of the rows that follow */
            other->has_row_time = other_time(line, line->at + strlen("ZZZZ,"), line->end, &other->row_time);
        return;
    }
    if (*line->at == '#' || !match_row(other, line->at, line->end, field)) {
        if (find_headings(other->wanted, !has_table(other), line->at, line->end, &layout, &rest))
            take_headings(line, &layout, rest);
        return;
    }
    const struct other_layout *known = &other->layout[0];
    if (other->is_guessed)
        weigh_guess(line);
    if (known->is_named)
        report_unit(line, known);
    for (size_t i = 0; i < known->count; i++)
        if (known->heading[i].meaning == HEADING_HOST && field[i].at < field[i].end) {
            struct field host = unquoted(field[i]);
            line->stream = line_classifier_stream(line->log, host.at, host.end);
        }
    if (line->stream == NULL)
        return;
    if (line->stream != line->log->plain && !line->stream->has_stamp && line->log->has_loose)
        line->time = &line->log->loose;
    size_t last_length = (size_t)(field[known->count - 1].end - field[known->count - 1].at);
    if (!line->is_whole && last_length < other->last_length) {
        freelog_report_note(&line->log->report, FREELOG_NOTE_CUT_END, line->at, line->end);
        return;
    }
    other->last_length = last_length;
    if (read_time(line, known, field, &line->own_time)) {
        line->time = &line->own_time;
        line->weight = 2 * TIME_FULLNESS_DATE;
    } else if (known->has_time && !known->is_index && line->log->has_time) {
        freelog_report_note(&line->log->report, FREELOG_NOTE_FOREIGN, line->at, line->end); /* "Average", a sum */
        return;
    } else if (other->has_row_time) {
        line->time = &other->row_time;
        line->weight = 2 * TIME_FULLNESS_DATE;
    }
    if (other->is_section) {
        join_swap(line, known, field, line->time == NULL ? NAN : line->time->s);
        return;
    }
    if (line->time != NULL && line->stream == other->last_stream && line->time->s == other->last_s)
        freelog_report_note(&line->log->report, FREELOG_NOTE_SAME_TIME, line->at, line->end);
    other->last_stream = line->stream;
    other->last_s = line->time != NULL ? line->time->s : NAN;
    record_builder_begin(line->stream, &line->log->report, line->time, line->weight, 0);
    put_row(line, known, field);
    other_end_row(line);
}

/* ---- tables that cannot be read ---- */

/* Returns how many of the fields of a line are numbers, and how many are headings of percentages. Sets `*count` to the
 * number of fields, 0 if there are only blanks between them. */
static size_t count_numbers(const char *at, const char *end, size_t *count, size_t *percentages)
{
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    static const char separators[] = ",;\t|";
    double value, bytes, resolution;
    size_t numbers = 0;
    *count = *percentages = 0;
    for (size_t i = 0; i < sizeof separators - 1 && *count < 2; i++)
        *count = memchr(at, separators[i], (size_t)(end - at)) == NULL ? 0 : cut(at, end, separators[i], field);
    size_t fields = *count > 0 ? *count : cut(at, end, ' ', field);
    if (fields > HEADINGS_MAX)
        *count = fields = 0;
    for (size_t i = 0; i < fields; i++) {
        struct field name = unquoted(field[i]);
        numbers += other_number(field[i].at, field[i].end, &value, &bytes, &resolution);
        *percentages += heading_read(name.at, name.end).is_percent;
    }
    return numbers;
}

/* Returns why the first row below headings cannot be read. */
static const char *row_hint(const struct other_layout *layout, const char *at, const char *end)
{
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    double value, bytes, resolution;
    const char *word_end = text_word_end(at, end);
    if (word_end > at && word_end[-1] == ':')
        return NULL; /* a row of free below its header, with values that cannot be */
    if (!cut_row(layout, at, end, field))
        return "the row has not as many fields as the line of headings; quote fields that contain separators";
    for (size_t i = 0; i < layout->count; i++)
        if (heading_is_column(&layout->heading[i]) &&
            other_number(field[i].at, field[i].end, &value, &bytes, &resolution) &&
            may_be_percent(layout, value, bytes))
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
    struct field field[HEADINGS_MAX] = {{NULL, NULL}};
    double value, bytes, resolution;
    size_t count = cut(at, end, ' ', field);
    return count > 1 && count <= FIELD_WORDS + 2 && is_time(&field[0], &field[count - 2]) &&
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
        if (find_headings(wanted, true, at, line_end, &found, &rest)) {
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
