/* SPDX-License-Identifier: MIT */
/* sar: reads the output of sar -r and sar -S: a title with the host and the date, headings after a time of day, rows,
 * and averages, which are not samples. Sections about anything but memory are skipped. */
#include "../line_times.h"
#include "../text.h"
#include "../time_forms.h"
#include "../timestamp.h"
#include "base/array.h"
#include "other_log.h"

/* The kinds of lines of sar. */
enum sar_line { SAR_NONE, SAR_TITLE, SAR_HEADINGS, SAR_OTHER_HEADINGS, SAR_ROW, SAR_RESTART };

/* Returns true for "Linux 6.1.0-18-amd64 (node1)  11/26/26  _x86_64_  (4 CPU)". */
static bool is_title(const char *at, const char *end)
{
    return text_starts(at, end, "Linux ") && text_find(at, end, " (") != NULL &&
           (text_find(at, end, " CPU)") != NULL || text_find(at, end, ")\t") != NULL);
}

/* Returns true if the text has words and all of them are numbers. */
static bool are_numbers(const char *at, const char *end)
{
    double value, bytes, resolution;
    const char *start = at;
    for (const char *word_end; at < end; at = text_skip_blanks(word_end, end)) {
        word_end = text_word_end(at, end);
        const char *number_end = word_end > at && word_end[-1] == '%' ? word_end - 1 : word_end;
        if (!text_is_digit(*at) || !other_number(at, number_end, &value, &bytes, &resolution))
            return false;
    }
    return at > start;
}

/* Returns true for the headings of a section about anything but memory: "pswpin/s pswpout/s", "CPU %user %nice". */
static bool are_other_headings(const char *at, const char *end)
{
    static const char *const parts[] = {"%", "/s", "kb", "-nr", "-sz", "sck"};
    bool has_part = false;
    for (size_t i = 0; i < COUNT(parts); i++)
        has_part |= text_find(at, end, parts[i]) != NULL;
    for (; at < end && has_part; at = text_skip_blanks(text_word_end(at, end), end))
        has_part = text_is_letter(*at) || *at == '%';
    return has_part;
}

/* Returns the kind of the text after a time of day. */
static enum sar_line kind_of(const char *at, const char *end)
{
    if (text_starts(at, end, "kbmemfree ") || text_starts(at, end, "kbswpfree "))
        return SAR_HEADINGS;
    if (text_starts(at, end, "LINUX RESTART"))
        return SAR_RESTART;
    return are_numbers(at, end) ? SAR_ROW : are_other_headings(at, end) ? SAR_OTHER_HEADINGS : SAR_NONE;
}

/* Finds the time of day after which sar's own text begins. */
static enum sar_line find_line(const char *at, const char *end, struct found_time *time, const char **rest)
{
    for (const char *c = at; c < end; c++) {
        if (!text_is_digit(*c) || (c > at && !text_is_blank(c[-1]) && !text_is_high(c[-1])))
            continue;
        if (!time_form_clock(at, c, end, time) || !time->has_seconds)
            continue;
        *rest = text_skip_blanks(time->to, end);
        enum sar_line kind = kind_of(*rest, end);
        if (kind != SAR_NONE)
            return kind;
        c = time->to - 1;
    }
    return SAR_NONE;
}

const char *sar_find(const char *at, const char *end)
{
    struct found_time time;
    const char *rest, *title = text_find(at, end, "Linux ");
    if (title != NULL && is_title(title, end))
        return title;
    return find_line(at, end, &time, &rest) == SAR_NONE ? NULL : time.from;
}

/* Returns true for averages, and for lines of sections about anything but memory. */
bool sar_is_own(const char *at, const char *end)
{
    const char *word_end = text_word_end(at, end), *rest = text_skip_blanks(word_end, end);
    struct found_time time;
    const char *digit = at;
    while (digit < word_end && !text_is_digit(*digit))
        digit++;
    if (digit < word_end && time_form_clock(at, digit, end, &time) && time.has_seconds)
        return true;
    bool has_colon = word_end > at && (word_end[-1] == ':' || (rest < end && *rest == ':'));
    return has_colon && end - rest > 8;
}

/* Reads a title: the node's name, and the day of the following times. */
static void read_title(struct other_line *line)
{
    const char *host = text_find(line->at, line->end, " (");
    const char *host_end = host == NULL ? NULL : memchr(host, ')', (size_t)(line->end - host));
    struct found_stamp found;
    if (host_end == NULL)
        return;
    if (host_end - host > 2 && line->stream == line->log->plain)
        line->log->current = line_classifier_stream(line->log, host + 2, host_end);
    if (line->log->current != NULL && line->stream == line->log->plain)
        line->stream = line->log->current;
    else if (line->log->current == NULL)
        line->log->current = line->log->plain;
    const char *date = text_skip_blanks(host_end + 1, line->end), *date_end = text_word_end(date, line->end);
    if (!time_find(date, date_end, &found) || found.stamp.kind != TIMESTAMP_DAY)
        return;
    if (line->log->learner != NULL)
        log_learner_stamp(line->log->learner, &found, date, date);
    line->log->other->has_first_clock = false;
    line_times_mean(line->log, &line->stream->clock, &found.stamp, false);
}

static void read_headings(struct other_line *line, const char *at)
{
    struct other_log *other = line->log->other;
    bool is_swap = text_starts(at, line->end, "kbswpfree");
    struct other_layout *layout = &other->layout[is_swap];
    *layout = (struct other_layout){.is_swap = is_swap};
    for (; at < line->end && layout->count < HEADINGS_MAX;
         at = text_skip_blanks(text_word_end(at, line->end), line->end))
        layout->heading[layout->count++] = heading_read(at, text_word_end(at, line->end));
    if (is_swap) {
        line->stream->section = OTHER_SECTION_SWAP;
        other->has_swap |= !other->is_seeded;
    } else {
        if (line->stream->section == OTHER_SECTION_SWAP)
            other_give_held(line->log, line->stream);
        line->stream->section = OTHER_SECTION_MEMORY;
    }
}

/* Returns the time of a row: the node's clock, starting on the day of the node's title. */
static struct log_time row_time(struct other_line *line, const struct found_time *time)
{
    const struct timestamp stamp = {.kind = TIMESTAMP_CLOCK,
                                    .time_s = time->time_s,
                                    .has_zone = time->has_zone,
                                    .zone_s = time->has_zone ? time->zone_s : 0};
    line->log->has_time = true;
    if (line->log->learner != NULL)
        log_learner_stamp(line->log->learner,
                          &(const struct found_stamp){.stamp = stamp, .fullness = TIME_FULLNESS_CLOCK}, line->at,
                          line->at);
    return line_times_mean(line->log, &line->stream->clock, &stamp, true);
}

/* Notes the time of headings: the first ones after a title are on its day, even if the rows are after midnight. Each
 * section of a day begins at that time again. */
static void see_clock(struct other_line *line, const struct found_time *time)
{
    struct other_log *other = line->log->other;
    struct timestamp_clock *clock = &line->stream->clock;
    if (clock->day_s == 0)
        return;
    if (!other->has_first_clock) {
        other->has_first_clock = true;
        other->first_clock_s = time->time_s;
    } else if (time->time_s != other->first_clock_s) {
        return;
    }
    clock->has_time = true;
    clock->is_elapsed = false;
    clock->base_s = 0;
    clock->last_s = time->time_s;
}

/* Reads the values of a row by its headings, NAN for missing ones. Returns false if the number of values differs. */
static bool read_values(const struct other_layout *layout, const char *at, const char *end, double *value,
                        double *resolution)
{
    size_t i = 0;
    for (const char *word_end; at < end && i < layout->count; at = text_skip_blanks(word_end, end), i++) {
        double bytes;
        word_end = text_word_end(at, end);
        if (!other_number(at, word_end[-1] == '%' ? word_end - 1 : word_end, &value[i], &bytes, &resolution[i]))
            return false;
        double unit = layout->heading[i].meaning == HEADING_USED_PERCENT ? 1 : bytes > 0 ? bytes : 1024;
        value[i] *= unit;
        resolution[i] *= unit;
    }
    return at >= end && i == layout->count;
}

static void read_row(struct other_line *line, const struct found_time *clock, const char *at)
{
    struct record_builder *stream = line->stream;
    const struct other_layout *layout = &line->log->other->layout[stream->section == OTHER_SECTION_SWAP];
    double value[HEADINGS_MAX], resolution[HEADINGS_MAX];
    if (stream->section == OTHER_SECTION_NONE)
        return;
    struct log_time time = row_time(line, clock);
    if (!read_values(layout, at, line->end, value, resolution)) {
        freelog_report_note(&line->log->report, FREELOG_NOTE_CUT_ROW, line->at, line->end);
        return;
    }
    if (layout->is_swap) {
        other_join_swap(line, layout, value, time.s);
        return;
    }
    record_builder_begin(stream, &line->log->report, &time, 2 * TIME_FULLNESS_DATE, resolution[0]);
    stream->record.has_units = true;
    for (size_t i = 0; i < layout->count; i++)
        other_put(line, &layout->heading[i], value[i], resolution[i]);
    other_end_row(line);
}

void sar_read(struct other_line *line)
{
    struct found_time time;
    const char *rest;
    if (is_title(line->at, line->end)) {
        read_title(line);
        return;
    }
    enum sar_line kind = find_line(line->at, line->end, &time, &rest);
    if (kind == SAR_HEADINGS) {
        see_clock(line, &time);
        read_headings(line, rest);
    } else if (kind == SAR_OTHER_HEADINGS) {
        line->stream->section = OTHER_SECTION_NONE;
    } else if (kind == SAR_ROW) {
        read_row(line, &time, rest);
    } else if (kind == SAR_RESTART && !line->log->other->has_swap && line->log->report.sink.event != NULL &&
               line->stream->given > 0)
        line->log->report.sink.event(line->log->report.sink.user, record_builder_name(line->stream),
                                     line->log->report.line, "restart of the machine");
}
