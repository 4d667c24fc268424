/* SPDX-License-Identifier: MIT */
/* other_log: code shared by the formats of other programs: numbers with units, rows of swap after those of memory, and
 * the dispatch to the format's own code. */
#include "other_log.h"

#include <math.h>
#include <stdlib.h>

#include "../line_times.h"
#include "../text.h"
#include "base/array.h"
#include "base/units.h"

#define HELD_MAX 16384 /* rows of memory that await their swap: eleven days at one per minute */

/* A record that is complete except for its swap. */
struct held_record {
    struct freelog_record record;
    struct derive_extra extra;
    double resolution;
};

/* The state of a node between lines. */
struct other_stream {
    struct held_record *held; /* awaiting their swap; owned */
    size_t count, capacity;
    size_t joined; /* index of the first of them whose time has not passed */
};

const char *other_name(enum other_format format)
{
    static const char *const names[OTHER_COUNT] = {"/proc/meminfo", "top", "vmstat", "sar", "a table"};
    return format < OTHER_COUNT ? names[format] : "";
}

struct other_log *other_log_new(enum other_format format, double unit_bytes, const char *wanted)
{
    struct other_log *other = calloc(1, sizeof *other);
    if (other == NULL)
        return NULL;
    other->format = format;
    other->unit_bytes = unit_bytes;
    other->wanted = wanted;
    return other;
}

void other_log_free(struct other_log *other)
{
    free(other);
}

const char *other_find(struct other_log *other, const char *at, const char *end)
{
    switch (other->format) {
    case OTHER_MEMINFO:
        return meminfo_find(at, end);
    case OTHER_TOP:
        return top_find(at, end);
    case OTHER_VMSTAT:
        return vmstat_find(other, at, end);
    case OTHER_SAR:
        return sar_find(at, end);
    case OTHER_TABLE:
        return table_find(other, at, end);
    case OTHER_COUNT:
        break;
    }
    return NULL;
}

void other_read(struct other_line *line)
{
    static void (*const read[OTHER_COUNT])(struct other_line *) = {meminfo_read, top_read, vmstat_read, sar_read,
                                                                   table_read};
    line->log->other->seen++;
    read[line->log->other->format](line);
}

bool other_is_own(const struct other_log *other, const char *at, const char *end)
{
    switch (other->format) {
    case OTHER_MEMINFO:
        return meminfo_is_own(at, end);
    case OTHER_TOP: /* the list of processes, whose times are not times of the log */
        return other->has_top_line && text_find(at, end, "top - ") == NULL;
    case OTHER_VMSTAT:
        return at < end && (text_is_letter(*at) || text_is_high(*at) || text_starts(at, end, "--pro")) &&
               text_find(at, end, "-----") != NULL;
    case OTHER_SAR:
        return sar_is_own(at, end);
    case OTHER_TABLE:
        return at < end && *at == '#';
    case OTHER_COUNT:
        break;
    }
    return false;
}

struct other_stream *other_stream_of(struct other_line *line)
{
    if (line->stream->other == NULL)
        line->stream->other = calloc(1, sizeof *line->stream->other);
    if (line->stream->other == NULL)
        line->log->out_of_memory = true;
    return line->stream->other;
}

/* Reads all of [at, end) as a unit in bytes. "KiB" and "kB" of programs both count 1024. */
static bool read_unit(const char *at, const char *end, double *bytes)
{
    char name[8];
    size_t length = (size_t)(end - at);
    *bytes = 0;
    if (length == 0)
        return true;
    if (length >= sizeof name)
        return false;
    memcpy(name, at, length);
    name[length] = '\0';
    const struct unit *unit = unit_find(name);
    if (unit == NULL)
        return false;
    *bytes = unit->bytes == 1000 ? 1024 : unit->bytes;
    return true;
}

/* Returns the size of the sign at `at` if it separates a group of three digits from those before it; 0 if not. */
static size_t group_sign(const char *at, const char *end)
{
    static const char *const signs[] = {" ", "'", "_", "\xc2\xa0", "\xe2\x80\xaf"};
    for (size_t i = 0; i < COUNT(signs); i++) {
        size_t size = strlen(signs[i]);
        if (text_starts(at, end, signs[i]) && text_digits_end(at + size, end) == at + size + 3)
            return size;
    }
    return 0;
}

/* Returns true if the marks in a number are not those between groups of digits, nor a decimal one: "5.0.1". */
static bool has_odd_marks(const char *at, const char *end)
{
    const char *first = NULL, *last = NULL;
    for (const char *c = at; c < end; c++)
        if (*c == '.' || *c == ',') {
            first = first == NULL ? c : first;
            last = c;
        }
    for (const char *c = first; c != NULL && c < last; c++)
        if ((*c == '.' || *c == ',') && (*c != *first || text_digits_end(c + 1, end) != c + 4))
            return true;
    return last != first && *last == *first && text_digits_end(last + 1, end) != last + 4;
}

/* Returns the last mark in a number if it is the decimal one: "1,234,567" and "1.234.567" have none, "1.234.567,8" and
 * "1234,567" do. A lone comma before three digits is taken as one between groups. */
static const char *find_decimal_mark(const char *at, const char *end)
{
    const char *mark = NULL, *before = NULL;
    for (const char *c = at; c < end; c++)
        if (*c == '.' || *c == ',') {
            before = mark;
            mark = c;
        }
    if (mark == NULL || (before != NULL && *before == *mark))
        return NULL;
    bool is_short = mark > at && mark - at <= 3 && *at != '0';
    return *mark == ',' && end - mark == 4 && (is_short || before != NULL) ? NULL : mark;
}

bool other_number(const char *at, const char *end, double *value, double *bytes, double *resolution)
{
    char digits[40];
    size_t length = 0, size = 0;
    const char *limit = text_find(at, end, " / "); /* of docker stats */
    end = limit != NULL ? limit : end;
    if (end - at >= 2 && (*at == '"' || *at == '\'') && end[-1] == *at) {
        at++;
        end--;
    }
    at = text_skip_blanks(at, end);
    end = text_trim_end(at, end);
    const char *number_end = at;
    while (number_end < end &&
           (text_is_digit(*number_end) || strchr("+-.,", *number_end) != NULL ||
            (number_end > at && (size = group_sign(number_end, end)) > 0) ||
            ((*number_end == 'e' || *number_end == 'E') && number_end > at && number_end + 1 < end &&
             (text_is_digit(number_end[1]) || number_end[1] == '+' || number_end[1] == '-'))))
        number_end += size > 0 ? size + 3 : 1, size = 0;
    const char *mark = find_decimal_mark(at, number_end);
    if (has_odd_marks(at, number_end))
        return false;
    for (const char *c = at; c < number_end; c++) {
        if (length == sizeof digits - 1)
            return false;
        if (c == mark)
            digits[length++] = '.';
        else if (*c > ' ' && *c <= 'z' && strchr(".,'_", *c) == NULL)
            digits[length++] = *c;
    }
    digits[length] = '\0';
    *resolution = mark == NULL ? 1 : pow(10, -(double)(number_end - mark - 1));
    return length > 0 && parse_number(digits, value) && read_unit(text_skip_blanks(number_end, end), end, bytes);
}

void other_put(struct other_line *line, const struct heading *heading, double value, double resolution)
{
    struct record_builder *stream = line->stream;
    switch (heading->meaning) {
    case HEADING_PRINTED_USED:
        stream->extra.used = value;
        break;
    case HEADING_USED_PERCENT:
        stream->extra.percent = value;
        stream->extra.percent_step = resolution;
        break;
    case HEADING_SLAB:
        stream->extra.slab = value;
        break;
    case HEADING_RECLAIMABLE:
        stream->extra.reclaimable = value;
        break;
    default:
        if (heading_is_column(heading))
            record_builder_put(stream, &line->log->report, (enum freelog_column)heading->meaning, value);
    }
}

/* ---- swap in a separate section ---- */

void other_give_held(struct line_classifier *log, struct record_builder *stream)
{
    struct other_stream *kept = stream->other;
    if (kept == NULL)
        return;
    for (size_t i = 0; i < kept->count; i++) {
        stream->record = kept->held[i].record;
        stream->extra = kept->held[i].extra;
        stream->resolution = kept->held[i].resolution;
        stream->has_mem = true;
        stream->is_bad = false;
        record_builder_end(stream, &log->report);
    }
    kept->count = kept->joined = 0;
}

void other_end_row(struct other_line *line)
{
    struct record_builder *stream = line->stream;
    struct other_stream *kept = line->log->other->has_swap ? other_stream_of(line) : NULL;
    if (kept == NULL || stream->is_bad || !stream->has_mem) {
        if (!stream->stamps_follow)
            record_builder_end(stream, &line->log->report);
        return;
    }
    if (kept->count == HELD_MAX) {
        struct held_record last = {stream->record, stream->extra, stream->resolution};
        other_give_held(line->log, stream);
        stream->record = last.record;
        stream->extra = last.extra;
        stream->resolution = last.resolution;
    }
    if (!array_grow(&kept->held, &kept->capacity, kept->count, sizeof *kept->held)) {
        line->log->out_of_memory = true;
        return;
    }
    kept->held[kept->count++] = (struct held_record){stream->record, stream->extra, stream->resolution};
    stream->has_mem = false;
}

void other_join_swap(struct other_line *line, const struct other_layout *layout, const double *value, double stamp_s)
{
    struct other_stream *kept = line->stream->other;
    if (kept == NULL)
        return;
    while (kept->joined < kept->count && kept->held[kept->joined].record.stamp_s < stamp_s)
        kept->joined++;
    if (kept->joined == kept->count || kept->held[kept->joined].record.stamp_s != stamp_s)
        return;
    struct freelog_record *record = &kept->held[kept->joined].record;
    for (size_t i = 0; i < layout->count; i++)
        if (heading_is_column(&layout->heading[i]) && value[i] >= 0 && value[i] <= FREELOG_SWAP_MAX_BYTES) {
            record->value[layout->heading[i].meaning] = value[i];
            record->present |= 1u << layout->heading[i].meaning;
        }
}

void other_finish(struct line_classifier *log)
{
    for (size_t i = 0; i < log->streams.count; i++) {
        struct record_builder *stream = log->streams.stream[i];
        other_give_held(log, stream);
    }
}

void other_stream_free(struct other_stream *kept)
{
    if (kept != NULL)
        free(kept->held);
    free(kept);
}

bool other_time(struct other_line *line, const char *at, const char *end, struct log_time *time)
{
    struct found_stamp found;
    if (!line_times_find(at, end, &found))
        return false;
    if (found.stamp.kind == TIMESTAMP_DAY) { /* a day alone means its beginning */
        found.stamp.kind = TIMESTAMP_DATE;
        found.stamp.time_s = 0;
    }
    line->log->has_time = true;
    if (line->log->learner != NULL)
        log_learner_stamp(line->log->learner, &found, at, at);
    *time = line_times_mean(line->log, &line->stream->clock, &found.stamp, true);
    return true;
}

/* ---- what is learned from the beginning of a log ---- */

/* Infers the unit of vmstat, which does not print it. The kernel counts pages, so numbers in KiB are multiples of 4. */
static void guess_unit(struct line_classifier *log, const struct other_evidence *evidence)
{
    const char *name = NULL;
    if (log->other->unit_bytes > 0 || evidence->numbers == 0)
        return;
    bool are_pages = (double)evidence->of_pages > 0.6 * (double)evidence->numbers;
    if (evidence->most * 1024 < 0x1p26 || (!are_pages && evidence->most < 4e6))
        name = "MiB";
    else if (!are_pages)
        name = "kB";
    if (name == NULL)
        return;
    log->other->unit_bytes = *name == 'M' ? 0x1p20 : 1000;
    freelog_report_note(&log->report, FREELOG_NOTE_UNIT, name, name + strlen(name));
}

void other_seed(struct line_classifier *log, const struct line_classifier *scout)
{
    struct other_log *other = log->other;
    if (other->format == OTHER_VMSTAT)
        guess_unit(log, &scout->other->evidence);
    other->has_swap = scout->other->has_swap;
    other->has_top_line = scout->other->has_top_line;
    other->is_seeded = true;
    other->marks = scout->other->marks;
    if (scout->other->is_guessed && !table_is_doubtful(scout->other, scout->learner->records, scout->report.line)) {
        other->layout[0] = scout->other->layout[0];
        other->is_guessed = true;
    }
    for (size_t i = 0; i < scout->streams.count; i++) {
        const struct record_builder *learned = scout->streams.stream[i];
        const char *label = learned->label, *label_end = label + strlen(label);
        if (!(learned->bounds.most > 0))
            continue;
        struct record_builder *stream = node_table_find(&log->streams, label, label_end);
        if (stream == NULL)
            stream = line_classifier_stream(log, label, label_end);
        if (stream != NULL)
            stream->bounds = learned->bounds;
    }
}
