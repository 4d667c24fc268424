/* SPDX-License-Identifier: MIT */
/* line_classifier: decides which node a line belongs to, and whether it is a header, a row, a time, an event or noise.
 *
 * Nearly all lines are unmodified rows of free and take the fast route. All others are searched for text that free
 * printed; the text before it is a label, a time, or unknown. */
#include "line_classifier.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "line_prefix.h"
#include "line_quotes.h"
#include "line_scan.h"
#include "line_times.h"
#include "log_event.h"
#include "log_header.h"
#include "other/other_log.h"
#include "text.h"

/* A line that is examined in full. */
struct line {
    const char *at, *end;
    enum line_end_kind line_end;
    bool has_tail; /* trailing blanks were removed */
};

/* The node and time of a line. `stream` is NULL if no more nodes fit. */
struct owner {
    struct record_builder *stream;
    bool has_time;
    struct log_time time;
    unsigned int weight;
};

bool line_classifier_init(struct line_classifier *log, const struct freelog_sink *sink, double unit_bytes)
{
    memset(log, 0, sizeof *log);
    log->report.sink = *sink;
    log->report.line = 1;
    log->unit_bytes = unit_bytes;
    node_table_init(&log->streams, unit_bytes);
    log->written_epoch_s = NAN;
    log->is_unit_given = unit_bytes > 0;
    log->plain = log->current = node_table_add(&log->streams, "", "");
    if (log->plain != NULL)
        log->plain->is_unit_given = log->is_unit_given;
    return log->plain != NULL;
}

void line_classifier_set_profile(struct line_classifier *log, const struct log_profile *profile)
{
    log->profile = *profile;
    log->plain->stamps_follow = profile->stamps_follow;
    log->plain->lacks_buffers_row = profile->has_buffers_rows;
    if (profile->unit.bytes > 0 && log->unit_bytes == 0) {
        const char *name = profile->unit.name;
        log->unit_bytes = log->streams.unit_bytes = log->plain->layout.unit_bytes = profile->unit.bytes;
        freelog_report_note(&log->report, FREELOG_NOTE_UNIT, name, name + strlen(name));
    }
    if (profile->unit.is_weak && log->unit_bytes == 0)
        freelog_report_note(&log->report, FREELOG_NOTE_UNIT_KEPT, "", "");
}

void line_classifier_free(struct line_classifier *log)
{
    node_table_free(&log->streams);
    other_log_free(log->other);
    log->other = NULL;
}

/* Reports the line that was held back as unknown. */
static void drop_held(struct line_classifier *log)
{
    struct freelog_reporter there = log->report;
    there.line = log->held_line;
    if (log->held == HELD_LINE_HEADER || log->held == HELD_LINE_NAME)
        freelog_report_note(&there, FREELOG_NOTE_NOISE, log->held_text, log->held_text + log->held_length);
    log->held = HELD_LINE_NONE;
}

static void hold(struct line_classifier *log, enum held_line kind, struct record_builder *stream, const char *at,
                 const char *end)
{
    size_t length = (size_t)(end - at);
    log->held = kind;
    log->held_line = log->report.line;
    log->held_stream = stream;
    log->held_length = length < sizeof log->held_text ? length : sizeof log->held_text;
    memcpy(log->held_text, at, log->held_length);
}

struct record_builder *line_classifier_stream(struct line_classifier *log, const char *label, const char *label_end)
{
    struct record_builder *stream = node_table_find(&log->streams, label, label_end);
    if (stream == NULL && (stream = node_table_add(&log->streams, label, label_end)) != NULL) {
        stream->stamps_follow = log->plain->stamps_follow;
        stream->lacks_buffers_row = log->plain->lacks_buffers_row;
        stream->last_total = log->profile.unit.total_bytes; /* nodes of one log may have different units */
    }
    if (stream != NULL)
        stream->is_unit_given = log->is_unit_given;
    if (stream == NULL && log->streams.count == NODE_TABLE_MAX)
        freelog_report_note(&log->report, FREELOG_NOTE_MANY_LABELS, label, label_end);
    else if (stream == NULL)
        log->out_of_memory = true;
    return stream;
}

/* Returns the stream of a label, or the stream of unlabelled lines if there is no label. */
static struct record_builder *stream_of(struct line_classifier *log, const char *label, const char *label_end)
{
    return label == label_end ? log->current : line_classifier_stream(log, label, label_end);
}

/* Converts the stamp of a line to a time by the clock of its stream, or by the log's clock if the stamp precedes the
 * label. */
static struct log_time time_of(struct line_classifier *log, struct record_builder *stream,
                               const struct timestamp *stamp, bool stamp_first, bool on_row)
{
    struct timestamp_clock *clock = stamp_first || stream == NULL ? &log->plain->clock : &stream->clock;
    log->has_time = true;
    return line_times_mean(log, clock, stamp, on_row);
}

/* Removes the node's name from a text before `part` that has no label of a known form; `key` must be large enough for
 * the text. */
static void find_words(struct line_classifier *log, const char *at, const char *part, bool on_row,
                       struct line_prefix *prefix, char key[LABEL_WORDS_TEXT])
{
    struct found_stamp found = {.from = NULL, .to = NULL};
    const char *name, *name_end;
    if (!log->profile.prefixes.is_known && (log->learner == NULL || !on_row))
        return;
    if (prefix->has_stamp && !time_find(at, part, &found))
        found.from = NULL;
    size_t length = label_words_key(at, part, found.from, found.to, key);
    if (log->learner != NULL && on_row)
        log_learner_row(log->learner, key, length, prefix->has_stamp ? &prefix->stamp : NULL);
    if (!label_words_find(&log->profile.prefixes, key, length, &name, &name_end))
        return;
    prefix->label = name;
    prefix->label_end = name_end;
    if (prefix->has_stamp && prefix->stamp.kind == TIMESTAMP_SECONDS)
        prefix->has_stamp = false; /* "[0] " names rank 0 */
}

/* Splits the text before `part` on its line. */
static struct owner find_owner(struct line_classifier *log, const char *at, const char *part, bool on_row)
{
    struct owner owner = {.stream = log->chunk != NULL ? log->chunk : log->current};
    struct line_prefix prefix;
    char key[LABEL_WORDS_TEXT];
    if (text_skip_blanks(at, part) == part) {
        if (log->learner != NULL && on_row)
            log_learner_row(log->learner, "", 0, NULL);
        return owner;
    }
    owner.stream = log->current;
    line_prefix_read(at, part, &prefix);
    if (text_digits_end(prefix.label, prefix.label_end) == prefix.label_end && prefix.label < prefix.label_end) {
        if (log->learner != NULL)
            log_learner_number_label(log->learner, prefix.label, prefix.label_end);
        if (log->profile.numbers_are_lines)
            prefix.label = prefix.label_end;
    }
    if (prefix.label == prefix.label_end || prefix.is_label_guessed)
        find_words(log, at, part, on_row, &prefix, key);
    owner.stream = stream_of(log, prefix.label, prefix.label_end);
    if (log->learner != NULL && on_row && prefix.has_stamp) {
        log->learner->rows_have_times = true;
        log->learner->rows_have_clocks |= prefix.stamp.kind == TIMESTAMP_CLOCK;
    }
    if (prefix.is_stamp_guessed)
        prefix.has_stamp = line_times_is_time(log, owner.stream, &prefix.stamp, false);
    owner.has_time = prefix.has_stamp;
    owner.weight = prefix.weight;
    if (!prefix.has_stamp && prefix.label == prefix.label_end)
        line_times_note_like(log, at, part);
    if (prefix.has_stamp)
        owner.time = time_of(log, owner.stream, &prefix.stamp, prefix.stamp_first, on_row);
    return owner;
}

/* Returns true for "1732320000" after all values of a row, or greater than its total if their number is unknown. */
static bool has_epoch_after(const struct row_values *values, size_t expected)
{
    if (values->count < 4 || values->glued != NULL)
        return false;
    size_t last = values->count - 1;
    ptrdiff_t length = values->to[last] - values->from[last]; /* 13: milliseconds, 14: "20260302100000" */
    if (!(length == 10 || length == 13 || length == 14) || !(*values->from[last] == '1' || *values->from[last] == '2'))
        return false;
    return expected > 0 ? values->count == expected + 1 : values->count > 5 && values->bytes[last] > values->bytes[0];
}

/* Returns true if a row Swap has the three values of free, one of which is not a number. */
static bool has_bad_swap(const char *at, const char *end)
{
    size_t words = 0, numbers = 0;
    for (at = text_skip_blanks(at, end); at < end; at = text_skip_blanks(text_word_end(at, end), end)) {
        const char *word_end = text_word_end(at, end);
        words++;
        numbers += text_digits_end(at, word_end) == word_end;
    }
    return words == 3 && numbers == 2;
}

/* Returns true if what follows a row is a time: a number may be anything. */
static bool is_time_after(struct line_classifier *log, const struct record_builder *stream,
                          const struct found_stamp *found)
{
    return found->fullness != TIME_FULLNESS_NUMBER || line_times_is_time(log, stream, &found->stamp, found->is_alone);
}

/* Examines the text after the values of a row: nothing, a time, other parts. Returns where the row ends. */
static const char *end_row(struct line_classifier *log, struct record_builder *stream, struct row_text *row,
                           const struct line *line, struct owner *owner)
{
    struct row_values *values = &row->values;
    struct found_stamp found;
    struct line_part next;
    size_t expected = record_builder_expected(stream, row->row);
    const char *rest = values->rest;
    if (expected > 0 && values->count > expected && values->glued == NULL &&
        line_times_find(values->from[expected], line->end, &found) &&
        (found.stamp.kind != TIMESTAMP_SECONDS || found.stamp.has_unit)) {
        rest = values->from[values->count = expected]; /* "17 Mar 2026 10:00:00" */
    } else if (values->end == FREELOG_ROW_END) {
        if (!has_epoch_after(values, expected))
            return rest;
        rest = values->from[--values->count];
    }
    row->is_whole = true;
    bool has_next = line_scan_part(rest, line->end, log->unit_bytes, &next);
    if (values->count > 0 && values->count >= expected &&
        line_times_find(rest, has_next ? next.at : line->end, &found) && found.stamp.kind != TIMESTAMP_DAY &&
        is_time_after(log, stream, &found)) {
        struct log_time time = time_of(log, stream, &found.stamp, false, row->row == FREELOG_ROW_MEM);
        if (!owner->has_time) {
            owner->time = time;
            owner->weight = 2 * (unsigned int)found.fullness + 1;
        }
        owner->has_time = true;
        return has_next ? next.at : line->end;
    }
    if (has_next && next.at == rest && values->end == FREELOG_ROW_TEXT)
        return rest;
    const char *past = text_skip_blanks(text_word_end(rest, line->end), line->end);
    bool has_words_after = past < line->end && text_is_letter(*past); /* of a header: "455ed  free  shared" */
    const char *first = values->count > 0 ? values->from[0] : rest;
    bool is_bad_swap = row->row == FREELOG_ROW_SWAP && !has_next && has_bad_swap(first, line->end);
    if (is_bad_swap || (values->end == FREELOG_ROW_BROKEN && !has_next && !has_words_after))
        row->flaw = ROW_FLAW_BAD;
    else if (values->end == FREELOG_ROW_BROKEN || values->count < (expected > 0 ? expected : 5))
        row->flaw = ROW_FLAW_CUT;
    return has_next ? next.at : line->end;
}

/* Reports unknown words, once per node. */
static void report_unknown(struct line_classifier *log, struct record_builder *stream, unsigned long number,
                           const char *at, const char *end)
{
    struct freelog_reporter there = log->report;
    there.line = number;
    if (!stream->has_unknown_words)
        freelog_report_note(&there, FREELOG_NOTE_UNKNOWN_WORDS, at, end);
    stream->has_unknown_words = true;
}

/* Before a row Mem, takes the line of words that was held back as its header if possible. */
static void accept_held(struct line_classifier *log, struct record_builder *stream, bool is_unknown)
{
    if (log->held == HELD_LINE_HEADER && log->held_stream == stream && stream->layout.by_place &&
        (is_unknown || stream->given == 0)) {
        struct column_layout layout = {.by_place = true, .bare_base = 1024};
        layout.unit_bytes = log->unit_bytes > 0 ? log->unit_bytes : 1024;
        record_builder_header(stream, &log->report, log->held_text, log->held_text + log->held_length, &layout);
        report_unknown(log, stream, log->held_line, log->held_text, log->held_text + log->held_length);
        log->understood++;
        log->held = HELD_LINE_NONE;
    }
    drop_held(log);
}

/* Returns true if the last line of a log, which has no line end, can be the beginning of a row: nothing but numbers,
 * the last of them perhaps without its end, of a row that the log's records have. */
static bool may_be_beginning(const struct record_builder *stream, const struct row_text *row)
{
    const struct row_values *values = &row->values;
    const char *rest = values->rest;
    if (row->flaw == ROW_FLAW_NONE || (stream->given == 0 && !stream->has_mem))
        return true;
    if (row->row != FREELOG_ROW_MEM && ((stream->usual_rows | stream->rows) >> row->row & 1) == 0 && stream->given > 0)
        return false;
    while (rest < row->end && (text_is_digit(*rest) || memchr(".,-KMGTPi", *rest, 9) != NULL))
        rest++;
    return rest == row->end;
}

static const char *read_row(struct line_classifier *log, const struct line_part *part, const struct line *line,
                            struct owner *owner)
{
    struct record_builder *stream = owner->stream;
    struct row_text row = {
        .row = part->row,
        .word = part->at,
        .end = line->end,
        .is_whole = line->line_end == FREELOG_LINE_FEED || line->has_tail,
        .cut_note = line->line_end == FREELOG_LINE_LOG_END ? FREELOG_NOTE_CUT_END : FREELOG_NOTE_CUT_ROW,
        .buffers_only = part->row == FREELOG_ROW_BUFFERS && text_starts(part->at, line->end, "-/+ buffers:"),
    };
    row_values_read(part->rest, line->end, stream->layout.unit_bytes, stream->layout.bare_base, &row.values);
    size_t expected = record_builder_expected(stream, row.row);
    if (expected > 0 && row.values.count > expected)
        row_values_join(&row.values, expected, stream->layout.unit_bytes, line->end);
    const char *rest = end_row(log, stream, &row, line, owner);
    if (!record_builder_is_row(stream, &row) ||
        (line->line_end == FREELOG_LINE_LOG_END && !line->has_tail && !may_be_beginning(stream, &row))) {
        freelog_report_note(&log->report, FREELOG_NOTE_NOISE, line->at, line->end);
        return line->end;
    }
    row.time_weight = owner->weight;
    if (owner->has_time)
        row.time = &owner->time;
    else if (stream != log->plain && !stream->has_stamp && log->has_loose)
        row.time = &log->loose;
    record_builder_row(stream, &log->report, &row);
    log->recent = stream;
    return rest;
}

/* Reads a line of free -L. */
static const char *read_one_line(struct line_classifier *log, const struct line_part *part, const struct line *line,
                                 struct owner *owner)
{
    struct record_builder *stream = owner->stream;
    const char *at = part->at;
    double bytes[4];
    for (size_t i = 0; i < 4; i++) {
        struct row_values values;
        at = text_skip_blanks(at, line->end);
        if (at < line->end && !text_is_digit(*at))
            row_values_read(text_word_end(at, line->end), line->end, stream->layout.unit_bytes,
                            stream->layout.bare_base, &values);
        else
            values.count = 0;
        bool is_last = i == 3 && values.count > 0 && values.to[0] == line->end;
        if (values.count == 0 || values.glued == values.from[0] ||
            (is_last && line->line_end != FREELOG_LINE_FEED && !line->has_tail)) {
            freelog_report_note(&log->report,
                                line->line_end == FREELOG_LINE_LOG_END ? FREELOG_NOTE_CUT_END : FREELOG_NOTE_CUT_ROW,
                                at, line->end);
            return line->end;
        }
        bytes[i] = values.bytes[0];
        at = values.to[0];
    }
    struct found_stamp found;
    if (!owner->has_time && line_times_find(at, line->end, &found) && found.stamp.kind != TIMESTAMP_DAY) {
        owner->time = time_of(log, stream, &found.stamp, false, true);
        owner->weight = 2 * (unsigned int)found.fullness;
        owner->has_time = true;
    }
    record_builder_line(stream, &log->report, bytes, owner->has_time ? &owner->time : NULL, owner->weight);
    log->recent = stream;
    return line->end;
}

/* Reads one part, and returns where it ends. */
static const char *read_part(struct line_classifier *log, const struct line_part *part, const struct line *line,
                             struct owner *owner)
{
    struct record_builder *stream = owner->stream;
    if (part->kind == LINE_PART_ROW)
        return read_row(log, part, line, owner);
    if (part->kind == LINE_PART_LINE)
        return read_one_line(log, part, line, owner);
    if (part->kind == LINE_PART_TRACE) {
        log_header_read(log, stream, part->rest, line->end, line->line_end == FREELOG_LINE_FEED);
        return line->end;
    }
    record_builder_header(stream, &log->report, part->at, part->header_end, &part->layout);
    if (part->layout.by_place)
        report_unknown(log, stream, log->report.line, part->at, part->header_end);
    if (owner->has_time)
        record_builder_stamp(stream, &log->report, owner->time, owner->weight);
    return part->header_end;
}

static void end_block_name(struct line_classifier *log, bool has_rows);

/* Returns true for a row of another program, such as top, that also begins with "Mem:" or "Total:": words follow before
 * as many numbers as free prints, or the numbers are in other places; and for one like free -L in a log of rows. */
static bool is_foreign_row(const struct line_classifier *log, const struct line_part *part, const char *end)
{
    struct row_values values;
    struct line_part next;
    const char *after;
    if (part->kind == LINE_PART_LINE)
        return part->is_tight && log->plain->layout.count > 0;
    if (part->kind == LINE_PART_HEADER) /* "grep total used free", in a log of free's own headers */
        return part->layout.count < 5 && log->plain->layout.count >= 5;
    if (part->kind != LINE_PART_ROW)
        return false;
    row_values_read(part->rest, end, 1, 1024, &values);
    const char *rest = values.rest, *word_end = text_word_end(rest, end);
    if (part->row == FREELOG_ROW_SWAP && values.end == FREELOG_ROW_TEXT && has_bad_swap(part->rest, end))
        return false;
    bool is_main = part->row == FREELOG_ROW_MEM, is_close = values.count > 0 && values.to[0] - part->rest < 10;
    if (values.count >= (is_main ? 5 : part->row == FREELOG_ROW_BUFFERS ? 2 : 3))
        return false;
    if (values.end == FREELOG_ROW_END)
        return is_close &&
               (is_main ? values.count == 1 : part->row != FREELOG_ROW_SWAP && part->row != FREELOG_ROW_BUFFERS);
    if (line_scan_part(rest, end, log->unit_bytes, &next) || text_find(rest, end, "slurm") != NULL ||
        text_find(rest, end, "srun: ") != NULL)
        return false;
    /* A header may follow without a line end: at least two of its words. "Mem: 3.2G used" is a message. */
    if (values.end == FREELOG_ROW_TEXT)
        return vocabulary_heading(rest, end, &after) == FREELOG_COLUMN_COUNT ||
               vocabulary_heading(text_skip_blanks(after, end), end, &after) == FREELOG_COLUMN_COUNT;
    for (const char *c = rest; c < word_end; c++)
        if (*c == '%' || *c == '/' ||
            (*c == ',' && (c + 1 == word_end || memchr(c + 1, ',', (size_t)(word_end - c - 1)))))
            return true;
    return false;
}

/* Reads the output of free on the line. Returns false if there is none. */
static bool read_parts(struct line_classifier *log, const struct line *line)
{
    struct line_part part;
    const char *at = line->at;
    if (!line_scan_part(at, line->end, log->unit_bytes, &part) || is_foreign_row(log, &part, line->end))
        return false;
    if (part.kind != LINE_PART_TRACE)
        end_block_name(log, true);
    bool on_row = part.kind == LINE_PART_LINE || (part.kind == LINE_PART_ROW && part.row == FREELOG_ROW_MEM);
    if (part.kind != LINE_PART_ROW || text_skip_blanks(at, part.at) < part.at)
        log->chunk = NULL;
    struct owner owner = find_owner(log, at, part.at, on_row);
    if (on_row && owner.stream != NULL && owner.stream != log->current && owner.stream != log->chunk)
        owner.stream->has_labelled_rows = true;
    if (part.kind == LINE_PART_HEADER && owner.stream != NULL && owner.stream != log->current &&
        !owner.stream->has_labelled_rows)
        log->chunk = owner.stream;
    if (owner.stream == NULL) {
        drop_held(log);
        return true;
    }
    if (on_row && part.kind == LINE_PART_ROW)
        accept_held(log, owner.stream, false);
    drop_held(log);
    if (part.kind == LINE_PART_HEADER && part.layout.by_place && part.header_end == line->end &&
        line->line_end != FREELOG_LINE_FEED && owner.stream->layout.count > 0) {
        freelog_report_note(&log->report,
                            line->line_end == FREELOG_LINE_NUL ? FREELOG_NOTE_CUT_ROW : FREELOG_NOTE_CUT_END, part.at,
                            line->end);
        return true;
    }
    do {
        at = text_skip_blanks(read_part(log, &part, line, &owner), line->end);
    } while (at < line->end && line_scan_part(at, line->end, log->unit_bytes, &part));
    return true;
}

/* Returns true if the numbers of a row Mem add up as free's do. */
static bool add_up(const struct row_values *values)
{
    const double *v = values->bytes;
    double slack = 4 * values->resolution, rest = v[0] - v[1];
    size_t count = values->count;
    for (size_t i = 0; i < count; i++)
        if (!(v[0] > 0) || v[i] > v[0])
            return false;
    return fabs(rest - v[2]) <= slack || fabs(rest - v[count - 1]) <= slack ||
           (count >= 5 && fabs(rest - v[2] - v[4]) <= slack) ||
           (count >= 5 && fabs(rest - v[2] - v[4] - v[count - 2]) <= slack);
}

/* Reads a row in an unknown language. It is taken as Mem only if its numbers add up. */
static bool read_unknown_row(struct line_classifier *log, const struct line *line)
{
    struct line_part part;
    struct row_values values;
    struct line_prefix prefix;
    if (!line_scan_unknown_row(line->at, line->end, &part))
        return false;
    row_values_read(part.rest, line->end, 1, 1024, &values);
    if (part.row == FREELOG_ROW_MEM && !add_up(&values))
        return false;
    const char *before = text_skip_blanks(line->at, part.at);
    struct owner owner = {.stream = log->chunk != NULL ? log->chunk : log->current};
    if (before < part.at) {
        line_prefix_read(line->at, part.at, &prefix);
        if (prefix.label == prefix.label_end && !prefix.has_stamp)
            return false;
        owner = find_owner(log, line->at, part.at, part.row == FREELOG_ROW_MEM);
    }
    struct record_builder *stream = owner.stream;
    if (stream == NULL)
        return true;
    end_block_name(log, true);
    if (part.row == FREELOG_ROW_UNKNOWN &&
        (!stream->has_mem || !(stream->has_unknown_words || text_is_high(*part.at) || text_is_high(part.at[1]))))
        return false;
    if (part.row == FREELOG_ROW_MEM) {
        accept_held(log, stream, true);
        log->guessed++;
    }
    report_unknown(log, stream, log->report.line, part.at, part.rest);
    read_row(log, &part, line, &owner);
    return true;
}

/* Reads "2026-05-04 12:00:02  n n n n n n" under a header. */
static bool read_table_row(struct line_classifier *log, const struct line *line)
{
    struct record_builder *stream = log->current;
    struct line_prefix prefix;
    if (stream->layout.by_place || stream->layout.count < 3)
        return false;
    const char *numbers = line_scan_last_words(line->at, line->end, stream->layout.count);
    if (numbers == NULL || numbers == line->at || !text_is_digit(*numbers))
        return false;
    line_prefix_read(line->at, numbers, &prefix);
    if (!prefix.has_stamp || prefix.stamp.kind == TIMESTAMP_SECONDS)
        return false;
    struct line_part part = {.kind = LINE_PART_ROW, .at = NULL, .rest = numbers, .row = FREELOG_ROW_MEM};
    struct row_values values;
    row_values_read(numbers, line->end, 1, 1024, &values);
    if (values.count != stream->layout.count || values.end != FREELOG_ROW_END || values.glued != NULL ||
        (values.count >= 5 && !add_up(&values)))
        return false;
    struct owner owner = find_owner(log, line->at, numbers, true);
    if (owner.stream == NULL)
        return true;
    if (owner.stream->layout.count != stream->layout.count)
        owner.stream->layout = stream->layout;
    read_row(log, &part, line, &owner);
    return true;
}

/* Ends the name between dashes, which is a node name if rows of free follow it. */
static void end_block_name(struct line_classifier *log, bool has_rows)
{
    const char *name = log->block, *name_end = name + log->block_length;
    if (!log->has_block)
        return;
    log->has_block = false;
    log->current = log->plain;
    if (log->learner != NULL)
        log_learner_heading(log->learner, name, name_end, has_rows);
    if (!has_rows || log->profile.headings_are_texts)
        return;
    log->has_headings |= log->streams.count == 1 && log->has_time; /* a time before the blocks applies to all of them */
    struct record_builder *stream = stream_of(log, name, name_end);
    log->current = stream == NULL ? log->plain : stream;
}

/* Reads a line of a block heading, which is dashes, a name and dashes: the lines after it belong to that node (clush
 * -b, dshbak). */
static bool read_block(struct line_classifier *log, const struct line *line, const struct line *whole)
{
    if (line_prefix_is_rule(line->at, line->end)) {
        end_block_name(log, false);
        if (log->held == HELD_LINE_NAME) {
            log->block_length =
                (size_t)(text_word_end(log->held_text, log->held_text + log->held_length) - log->held_text);
            memcpy(log->block, log->held_text, log->block_length);
            log->has_block = true;
            log->current = log->plain;
            log->held = HELD_LINE_NONE;
            log->understood++; /* the name */
        } else {
            drop_held(log);
            hold(log, HELD_LINE_RULE, NULL, line->at, line->at);
        }
        return true;
    }
    if (log->held != HELD_LINE_RULE || line->end - line->at > FREELOG_LABEL_MAX || whole->at != line->at)
        return false;
    const char *name_end = text_word_end(line->at, line->end);
    const char *count = text_skip_blanks(name_end, line->end); /* "node[1-3] (3)" */
    struct found_stamp found;
    if ((count < line->end && *count != '(') || (line_times_find(line->at, line->end, &found) && found.is_alone))
        return false;
    hold(log, HELD_LINE_NAME, NULL, line->at, line->end);
    return true;
}

/* Adds the name of the killed node to an event of unknown owner, which is reported under some other node. */
static void add_event_node(const struct line_classifier *log, struct log_event_text *event, bool is_known)
{
    size_t length = strlen(event->text);
    if (is_known || strncmp(event->text, FREELOG_EVENT_OOM, strlen(FREELOG_EVENT_OOM)) != 0)
        return;
    if (event->node != NULL)
        snprintf(event->text + length, sizeof event->text - length, "%s%.*s", FREELOG_EVENT_ON,
                 (int)(event->node_end - event->node), event->node);
    else if (log->streams.count > 1)
        snprintf(event->text + length, sizeof event->text - length, "%s?", FREELOG_EVENT_ON);
}

/* Reads messages such as Slurm's. An event belongs to the node that it names, else to the node of the line, else to the
 * node read last. */
static bool read_event(struct line_classifier *log, const struct line *line)
{
    struct log_event_text event;
    const char *label, *label_end, *rest;
    enum log_event kind = log_event_read(line->at, line->end, &event);
    if (kind == LOG_EVENT_NONE)
        return false;
    struct record_builder *stream = NULL;
    if (event.node != NULL)
        stream = node_table_find(&log->streams, event.node, event.node_end);
    if (stream == NULL && line_prefix_lead(line->at, line->end, &label, &label_end, &rest))
        stream = node_table_find(&log->streams, label, label_end);
    bool is_known = stream != NULL;
    if (stream == NULL)
        stream = log->recent;
    if (kind == LOG_EVENT_MARK && stream != NULL) {
        add_event_node(log, &event, is_known);
        if (log->report.sink.event != NULL)
            log->report.sink.event(log->report.sink.user, record_builder_name(stream), log->report.line, event.text);
    } else {
        freelog_report_note(&log->report, FREELOG_NOTE_NOISE, line->at, line->end);
    }
    return true;
}

/* Reads a line that names the node of the following records, in a known form or in the form learned from this log.
 * Pending times belonged to records of other nodes, or of all nodes. */
static bool read_heading(struct line_classifier *log, const struct line *line)
{
    const char *name, *name_end;
    struct found_stamp found = {.from = NULL, .to = NULL};
    char key[LABEL_WORDS_TEXT];
    size_t length = 0;
    if (log->profile.headings.is_known) {
        if (!time_find(line->at, line->end, &found))
            found.from = NULL;
        length = label_words_key(line->at, line->end, found.from, found.to, key);
    }
    /* "10:00:01 worker1 is ready" is a message of one of several threads: on a line with a time the name comes last. */
    if (!label_words_heading(line->at, line->end, &name, &name_end) &&
        !(length > 0 && label_words_find(&log->profile.headings, key, length, &name, &name_end) &&
          label_words_is_host(&log->profile.headings, name, name_end) &&
          (found.from == NULL || text_is_signs(name_end, key + length) ||
           label_words_is_time_key(name_end, key + length)) &&
          !(line_times_find(line->at, line->end, &found) && found.is_alone && found.core_from == NULL)))
        return false;
    struct record_builder *stream = line_classifier_stream(log, name, name_end);
    if (stream == NULL)
        return true;
    log->current->has_stamp = stream->has_stamp = false;
    log->current = stream;
    log->has_headings = true;
    line_times_read_within(log, line->at, line->end);
    return true;
}

/* Reads the text that was held back as a name below a rule, after a line that is not another rule. */
static void give_up_name(struct line_classifier *log)
{
    char text[sizeof log->held_text];
    const unsigned long line_number = log->report.line;
    const struct line line = {text, text + log->held_length, FREELOG_LINE_FEED, false};
    memcpy(text, log->held_text, log->held_length);
    log->report.line = log->held_line;
    log->held = HELD_LINE_NONE;
    if (read_event(log, &line) || read_heading(log, &line) || line_times_read_within(log, line.at, line.end)) {
        log->understood++;
    } else {
        if (log->learner != NULL)
            log_learner_words(log->learner, line.at, line.end);
        freelog_report_note(&log->report, FREELOG_NOTE_NOISE, line.at, line.end);
    }
    log->report.line = line_number;
}

/* Reads a node's header in an unknown language. It is already known, or held back until a row identifies it. */
static bool read_unknown_header(struct line_classifier *log, const struct line *line, bool *is_held)
{
    const char *label, *label_end, *at = line->at;
    struct record_builder *stream = log->current;
    if (!line_scan_like_header(at, line->end)) {
        if (!line_prefix_lead(line->at, line->end, &label, &label_end, &at))
            return false;
        stream = node_table_find(&log->streams, label, label_end);
        at = text_skip_blanks(at, line->end);
        if (stream == NULL || !line_scan_like_header(at, line->end))
            return false;
    }
    size_t length = (size_t)(line->end - at);
    if (length == stream->header_length && memcmp(at, stream->header, length) == 0) {
        record_builder_end(stream, &log->report);
        return true;
    }
    if (!stream->layout.by_place || length > sizeof log->held_text)
        return false;
    hold(log, HELD_LINE_HEADER, stream, at, line->end);
    *is_held = true;
    return true;
}

/* Returns true if a text without a line end may be the beginning of free's output; before a hole, also its middle. */
static bool may_be_cut(const struct record_builder *stream, const char *at, const char *end, bool is_hole)
{
    static const char *const words[] = {"Mem:", "Swap:", "Low:", "High:", "Total:", "Comm:", "-/+ buffers/cache:"};
    at = text_skip_blanks(at, end);
    size_t length = (size_t)(end - at);
    if (length <= stream->header_length && memcmp(at, stream->header, length) == 0)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (length <= strlen(words[i]) && memcmp(at, words[i], length) == 0)
            return true;
    if (!is_hole)
        return false;
    /* numbers and headings after a hole */
    size_t words_known = 0, count = 0;
    for (; at < end; at = text_skip_blanks(text_word_end(at, end), end), count++) {
        const char *after;
        words_known += text_is_digit(*at) || vocabulary_heading(at, end, &after) != FREELOG_COLUMN_COUNT;
    }
    return words_known > 0 && 2 * words_known >= count;
}

/* Reads a line without any text of free. Returns true if it was understood. */
static bool read_other(struct line_classifier *log, const struct line *line)
{
    bool is_held = false;
    struct line trimmed = *line;
    trimmed.at = text_skip_blanks(line->at, line->end);
    if (read_unknown_row(log, line))
        return true;
    if (log->held == HELD_LINE_HEADER)
        drop_held(log);
    if (read_block(log, &trimmed, line))
        return log->held != HELD_LINE_NAME;
    drop_held(log);
    if (trimmed.end - trimmed.at == 2 && memcmp(trimmed.at, "--", 2) == 0) /* grep -A separates its matches like this */
        return true;
    if (read_table_row(log, line) || (log->profile.headings.is_known && read_heading(log, line)) ||
        line_times_read(log, line->at, line->end, line->has_tail))
        return true;
    end_block_name(log, false);
    if (read_event(log, line) || read_heading(log, line))
        return true;
    if (line->line_end != FREELOG_LINE_FEED && log->recent != NULL &&
        may_be_cut(log->recent, line->at, line->end, line->line_end == FREELOG_LINE_NUL)) {
        freelog_report_note(&log->report,
                            line->line_end == FREELOG_LINE_NUL ? FREELOG_NOTE_CUT_ROW : FREELOG_NOTE_CUT_END, line->at,
                            line->end);
        return true;
    }
    if (read_unknown_header(log, &trimmed, &is_held))
        return !is_held;
    if (line_times_read_within(log, line->at, line->end))
        return true;
    if (log->learner != NULL && !text_is_signs(line->at, line->end)) /* "=====" above or below a name */
        log_learner_words(log->learner, line->at, line->end);
    freelog_report_note(&log->report, FREELOG_NOTE_NOISE, line->at, line->end);
    return false;
}

/* Reads the output of a program other than free on the line. Returns false if there is none. */
static bool read_foreign(struct line_classifier *log, const struct line *line)
{
    const char *part = other_find(log->other, line->at, line->end);
    if (part == NULL)
        return false;
    end_block_name(log, true);
    drop_held(log);
    struct owner owner = find_owner(log, line->at, part, true);
    struct other_line found = {.log = log,
                               .stream = owner.stream,
                               .at = part,
                               .end = line->end,
                               .is_whole = line->line_end == FREELOG_LINE_FEED || line->has_tail,
                               .weight = owner.weight};
    if (owner.stream == NULL)
        return true;
    if (owner.has_time)
        found.time = &owner.time;
    else if (owner.stream != log->plain && !owner.stream->has_stamp && log->has_loose)
        found.time = &log->loose;
    other_read(&found);
    log->recent = found.stream != NULL ? found.stream : log->recent;
    return true;
}

/* Reads a line of another program's log without any text of that program. Returns true if it was understood. */
static bool read_beside(struct line_classifier *log, const struct line *line)
{
    struct line trimmed = *line;
    trimmed.at = text_skip_blanks(line->at, line->end);
    bool is_own = other_is_own(log->other, trimmed.at, trimmed.end);
    if (!is_own && read_block(log, &trimmed, line))
        return log->held != HELD_LINE_NAME;
    if (!is_own)
        drop_held(log);
    if (line_times_read(log, line->at, line->end, line->has_tail) || is_own)
        return true;
    end_block_name(log, false);
    if (read_event(log, line) || read_heading(log, line) || line_times_read_within(log, line->at, line->end))
        return true;
    if (log->learner != NULL && !text_is_signs(line->at, line->end)) /* "=====" above or below a name */
        log_learner_words(log->learner, line->at, line->end);
    freelog_report_note(&log->report, FREELOG_NOTE_FOREIGN, line->at, line->end);
    return false;
}

/* Reads a line that is not blank. Returns true if it was understood. */
static bool read_any(struct line_classifier *log, const struct line *line)
{
    if (log->held == HELD_LINE_NAME && !line_prefix_is_rule(text_skip_blanks(line->at, line->end), line->end))
        give_up_name(log);
    if (log->other != NULL)
        return read_foreign(log, line) || read_beside(log, line);
    return read_parts(log, line) || read_other(log, line);
}

/* Examines a line in full. */
static void read_line(struct line_classifier *log, const char *at, const char *end, enum line_end_kind line_end)
{
    struct line line = {at, text_trim_end(at, end), line_end, false};
    line.has_tail = line.end < end;
    while (text_starts(line.at, line.end, "\xef\xbb\xbf"))
        line.at += 3;
    /* Progress output that overwrites itself: the text after the last carriage return is what was visible. */
    const char *overwritten = memrchr(line.at, '\r', (size_t)(line.end - line.at));
    if (overwritten != NULL)
        line.at = overwritten + 1;
    if (text_skip_blanks(line.at, line.end) == line.end)
        return;
    log->non_empty++;
    if (read_any(log, &line))
        log->understood++;
}

/* Reads a line with terminal control sequences. */
static void read_coloured(struct line_classifier *log, const char *at, const char *end, enum line_end_kind line_end)
{
    if (log_event_is_watch(at, end)) {
        freelog_report_note(&log->report, FREELOG_NOTE_WATCH, NULL, NULL);
        log->is_watch = true;
        return;
    }
    char *plain = malloc((size_t)(end - at) + 1);
    if (plain == NULL) {
        log->out_of_memory = true;
        return;
    }
    size_t length = log_event_strip(at, end, plain);
    read_line(log, plain, plain + length, line_end);
    free(plain);
}

/* Returns true if the line has non-ASCII blanks, as in text copied from web pages. */
static bool has_wide_blanks(const char *at, const char *end)
{
    return memchr(at, 0xc2, (size_t)(end - at)) != NULL && text_find(at, end, "\xc2\xa0") != NULL;
}

/* Returns true if the blank at `at` separates groups of three digits: "8 000 000" in several languages. Columns are
 * separated by several blanks, or by an ASCII one. */
static bool is_between_groups(const char *start, const char *at, const char *end)
{
    const char *digits = at + 2, *digits_end = text_digits_end(digits, end);
    return at > start && text_is_digit(at[-1]) && digits_end == digits + 3 &&
           memchr(start, ' ', (size_t)(end - start)) != NULL;
}

static void read_with_wide_blanks(struct line_classifier *log, const char *at, const char *end,
                                  enum line_end_kind line_end)
{
    size_t length = (size_t)(end - at);
    char *plain = malloc(length);
    if (plain == NULL) {
        log->out_of_memory = true;
        return;
    }
    memcpy(plain, at, length);
    for (char *c = plain; (c = memmem(c, length - (size_t)(c - plain), "\xc2\xa0", 2)) != NULL; c += 2)
        if (!is_between_groups(plain, c, plain + length))
            c[0] = c[1] = ' ';
    read_line(log, plain, plain + length, line_end);
    free(plain);
}

/* Reads what is quoted on a line, which may be several lines. */
static void read_quoted(struct line_classifier *log, const char *at, const char *end, enum line_end_kind line_end)
{
    char *plain = malloc((size_t)(end - at) + 1);
    if (plain == NULL) {
        log->out_of_memory = true;
        return;
    }
    const char *next = plain, *plain_end = plain + line_quotes_strip(at, end, plain);
    for (const char *to; next < plain_end; next = to + (to < plain_end)) {
        to = memchr(next, '\n', (size_t)(plain_end - next));
        to = to == NULL ? plain_end : to;
        read_line(log, next, to, to < plain_end ? FREELOG_LINE_FEED : line_end);
    }
    free(plain);
}

/* Returns the row that a line begins with, if current versions of free or the recorders print it, and where the numbers
 * begin. */
static enum freelog_row quick_row(const char *at, const char *end, const char **rest)
{
    static const struct {
        const char *word;
        size_t length;
        enum freelog_row row;
    } rows[] = {{"Mem:", 4, FREELOG_ROW_MEM},
                {"Swap:", 5, FREELOG_ROW_SWAP},
                {"Job:", 4, FREELOG_ROW_JOB},
                {"Jobswap:", 8, FREELOG_ROW_JOBSWAP}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((size_t)(end - at) > rows[i].length && memcmp(at, rows[i].word, rows[i].length) == 0) {
            *rest = at + rows[i].length;
            return rows[i].row;
        }
    return FREELOG_ROW_NONE;
}

/* The fast route: blank lines, a header equal to the previous one, rows with no other text. Returns false if the line
 * must be examined in full. */
static bool read_quickly(struct line_classifier *log, const char *at, const char *end)
{
    struct record_builder *stream = log->current;
    if (log->held != HELD_LINE_NONE || log->chunk != NULL || log->has_block)
        return false;
    if (at == end)
        return true;
    if (*at == ' ' && stream->header_length > 0) {
        at = text_skip_blanks(at, end);
        if ((size_t)(end - at) != stream->header_length || memcmp(at, stream->header, stream->header_length) != 0)
            return false;
        record_builder_end(stream, &log->report);
    } else {
        struct row_text row;
        const char *rest;
        row.row = quick_row(at, end, &rest);
        if (row.row == FREELOG_ROW_NONE)
            return false;
        row_values_read(rest, end, stream->layout.unit_bytes, stream->layout.bare_base, &row.values);
        if (row.values.end != FREELOG_ROW_END || row.values.count != record_builder_expected(stream, row.row))
            return false;
        row.word = at;
        row.end = end;
        row.is_whole = true;
        row.flaw = ROW_FLAW_NONE;
        row.buffers_only = false;
        row.cut_note = FREELOG_NOTE_CUT_ROW;
        row.time = stream != log->plain && !stream->has_stamp && log->has_loose ? &log->loose : NULL;
        row.time_weight = 0;
        log->recent = stream;
        if (log->learner != NULL && row.row == FREELOG_ROW_MEM)
            log_learner_row(log->learner, "", 0, NULL);
        record_builder_row(stream, &log->report, &row);
    }
    log->non_empty++;
    log->understood++;
    return true;
}

void line_classifier_line(struct line_classifier *log, const char *at, const char *end, enum line_end_kind line_end)
{
    const char *trimmed = end;
    if (log->is_watch)
        return;
    if (end > at && end[-1] == '\r')
        trimmed = end - 1;
    if (line_end == FREELOG_LINE_FEED && log->other == NULL && read_quickly(log, at, trimmed))
        ;
    else if (memchr(at, '\x1b', (size_t)(end - at)) != NULL)
        read_coloured(log, at, end, line_end);
    else if (has_wide_blanks(at, end))
        read_with_wide_blanks(log, at, end, line_end);
    else if (log->other == NULL && line_quotes_has(at, trimmed))
        read_quoted(log, at, trimmed, line_end);
    else
        read_line(log, at, end, line_end);
    if (log->learner != NULL)
        log_learner_line(log->learner, text_skip_blanks(at, trimmed) == trimmed);
}

void line_classifier_finish(struct line_classifier *log)
{
    if (log->is_watch)
        return;
    drop_held(log);
    if (log->other != NULL)
        other_finish(log);
    for (size_t i = 0; i < log->streams.count; i++)
        record_builder_end(log->streams.stream[i], &log->report);
}
