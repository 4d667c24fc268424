/* SPDX-License-Identifier: MIT */
/* table: reads headings with rows below them, separated by commas, semicolons, tabs, bars or blanks, as written by
 * scripts, spreadsheets, dstat, collectl, nmon and sadf -d. */
#include "table.h"

#include <math.h>
#include <string.h>

#include "../text.h"

/* Returns true for "12", the quoted number of a row, for which tables of R have no heading. */
static bool is_row_name(struct field field)
{
    return field.end - field.at > 2 && *field.at == '"' && text_digits_end(field.at + 1, field.end) == field.end - 1;
}

bool table_cut_row(const struct other_layout *layout, const char *at, const char *end, struct field field[HEADINGS_MAX])
{
    size_t count = table_cut(at, end, layout->separator, field);
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

bool table_may_be_percent(const struct other_layout *layout, double value, double bytes)
{
    return layout->is_bare && layout->named == 1 && bytes == 0 && value > 0 && value <= 100;
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
        struct field text = table_unquoted(field[i]);
        bool is_empty = text.at == text.end || strchr("-?*#", *text.at) != NULL ||
                        (text_is_letter(*text.at) && (layout->separator != ' ' || is_missing(text)));
        if ((!is_number && !is_empty) || (is_number && table_may_be_percent(layout, value, bytes)))
            return false;
        numbers += is_number;
    }
    bool has_time = false;
    for (size_t i = 0; i < layout->count && numbers == 0; i++)
        if (layout->heading[i].meaning == HEADING_TIME && field[i].at < field[i].end)
            has_time |= table_is_time(&field[i], &field[i]) ||
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
            memchr(field[i].at, ':', (size_t)(field[i].end - field[i].at)) == NULL ||
            !table_is_time(&field[i], &field[i]))
            continue;
        if (layout->is_index)
            layout->heading[0].meaning = HEADING_OTHER;
        layout->heading[i].meaning = HEADING_TIME;
        layout->has_time = true;
        layout->is_index = false;
        return;
    }
}

/* Reads a line of JSON, whose names are the headings of its values. */
static bool match_object(struct other_log *other, const char *at, const char *end, struct field field[HEADINGS_MAX])
{
    struct field name[HEADINGS_MAX];
    struct other_layout *layout = &other->layout[0];
    size_t count = table_cut_object(at, end, name, field);
    if (count == 0 || !table_judge_headings(name, count, ',', other->wanted, layout))
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
        return table_match_named(layout, at, end, field);
    if (table_cut_row(layout, at, end, field)) {
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
    if (wide->count > 0 && table_cut_row(wide, at, end, field) && is_row(wide, field)) {
        *layout = *wide;
        layout->is_known = true;
        wide->count = 0;
        return true;
    }
    if (!prepend_time(&timed) || !table_cut_row(&timed, at, end, field) || !table_is_time(field, field) ||
        !is_row(&timed, field))
        return false;
    *layout = timed;
    return true;
}

/* Returns what is wrong with a line that begins like the rows before but is not one: it has a time in the column of
 * times. That is the time of no other row. Returns FREELOG_NOTE_COUNT for any other line. A date before rows with times
 * of day is longer than these. */
static enum freelog_note row_flaw(const struct other_log *other, const char *at, const char *end)
{
    const struct other_layout *layout = &other->layout[0];
    struct field field[HEADINGS_MAX];
    double value, bytes, resolution;
    if (other->time_length == 0 || layout->is_named || layout->is_index || layout->separator == ' ' ||
        layout->separator == WIDE || text_find(at, end, ";-1;") != NULL)
        return FREELOG_NOTE_COUNT; /* "cn01;-1;2026-03-02 10:05:00 UTC;LINUX-RESTART" of sadf */
    size_t count = table_cut(at, end, layout->separator, field);
    for (size_t i = 0; i < count && i < layout->count && count <= HEADINGS_MAX; i++) {
        struct field text = table_unquoted(field[i]);
        if (layout->heading[i].meaning == HEADING_TIME &&
            (count > 1 || (size_t)(text.end - text.at) <= other->time_length) &&
            ((table_is_time(&text, &text) && table_has_clock(&text, &text)) ||
             other_number(text.at, text.end, &value, &bytes, &resolution)))
            return count < layout->count ? FREELOG_NOTE_CUT_ROW : FREELOG_NOTE_FOREIGN;
    }
    return FREELOG_NOTE_COUNT;
}

const char *table_find(struct other_log *other, const char *at, const char *end)
{
    struct other_layout layout;
    struct field field[HEADINGS_MAX];
    double value[6];
    const char *rest, *start = text_skip_blanks(at, end);
    other->is_nmon |= text_starts(at, end, "AAA,progname,") || text_starts(at, end, "MEM,Memory ");
    if (other->is_nmon)
        return at;
    if (start < end && *start != '#' && match_row(other, at, end, field))
        return *at == '\t' ? at : start;
    if (other->wanted == NULL && other->layout[0].count == 0 && start < end && *start != '#' &&
        table_cut_named(start, end, &layout, field)) {
        other->layout[0] = layout;
        return start;
    }
    if (table_find_headings(other->wanted, !has_table(other), at, end, &layout, &rest))
        return *rest == '\t' ? at : start;
    if (text_starts(start, end, "# hostname;")) { /* of sadf: a section about anything but memory */
        other->layout[0].count = 0;
        return NULL;
    }
    if (row_flaw(other, start, end) != FREELOG_NOTE_COUNT)
        return start;
    if (other->is_seeded || other->wanted != NULL || other->layout[0].count > 0 ||
        !table_guess(start, end, &layout, value))
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
        struct field text = table_unquoted(field[i]);
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
    line->log->other->time_length = length - 1;
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

/* Reports text where rows before have numbers. Its record is skipped, except for swap. */
static void report_text(struct other_line *line, const struct heading *heading, struct field field)
{
    field = table_unquoted(field);
    if (field.at == field.end || strchr("-?*#", *field.at) != NULL || is_missing(field) ||
        !heading_is_column(heading) || (line->log->other->numbers >> heading->meaning & 1) == 0)
        return;
    bool is_swap = freelog_column_is_swap((enum freelog_column)heading->meaning);
    freelog_report_note(&line->log->report, is_swap ? FREELOG_NOTE_BAD_SWAP_NUMBER : FREELOG_NOTE_BAD_NUMBER, field.at,
                        field.end);
    line->stream->is_bad |= !is_swap;
}

/* Puts the numbers of a row into its record. */
static void put_row(struct other_line *line, const struct other_layout *layout, const struct field *field)
{
    struct other_log *other = line->log->other;
    double value, bytes, resolution, default_unit = other->unit_bytes > 0 ? other->unit_bytes : 1024;
    bool has_units = true;
    for (size_t i = 0; i < layout->count; i++) {
        const struct heading *heading = &layout->heading[i];
        if (!heading_is_column(heading) && heading->meaning < HEADING_PRINTED_USED)
            continue;
        if (!read_cell(other, field[i], &value, &bytes, &resolution)) {
            report_text(line, heading, field[i]);
            continue;
        }
        other->numbers |= 1u << heading->meaning;
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
            value[i] = bytes = -1;
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
    if (layout->separator == ' ' && table_read_headings(rest, line->end, WIDE, other->wanted, &wide))
        other->layout[1] = wide;
    other->is_guessed = false;
    other->is_section = is_section;
}

void table_read(struct other_line *line)
{
    struct other_log *other = line->log->other;
    struct other_layout layout;
    struct field field[HEADINGS_MAX];
    const char *rest;
    enum freelog_note flaw;
    if (other->is_nmon && !text_starts(line->at, line->end, "MEM,")) {
        if (text_starts(line->at, line->end, "ZZZZ,")) /* "ZZZZ,T0001,10:00:00,02-MAR-2026": of the rows that follow */
            other->has_row_time = other_time(line, line->at + strlen("ZZZZ,"), line->end, &other->row_time);
        return;
    }
    if (*line->at == '#' || !match_row(other, line->at, line->end, field)) {
        if (table_find_headings(other->wanted, !has_table(other), line->at, line->end, &layout, &rest))
            take_headings(line, &layout, rest);
        else if ((flaw = row_flaw(other, line->at, line->end)) != FREELOG_NOTE_COUNT)
            freelog_report_note(&line->log->report, line->is_whole ? flaw : FREELOG_NOTE_CUT_END, line->at, line->end);
        return;
    }
    const struct other_layout *known = &other->layout[0];
    if (other->is_guessed)
        table_weigh_guess(line);
    if (known->is_named)
        report_unit(line, known);
    for (size_t i = 0; i < known->count; i++)
        if (known->heading[i].meaning == HEADING_HOST && field[i].at < field[i].end) {
            struct field host = table_unquoted(field[i]);
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
