/* SPDX-License-Identifier: MIT */
/* record_builder: assembles the rows of one node into records: decides which row ends a record, what is missing, and
 * what the numbers mean. */
#include "record_builder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "number.h"
#include "text.h"
#include "unit_guess.h"

#define ROUNDINGS      4    /* free truncates each of up to four numbers that are added */
#define TIMES_DIFFER_S 60.0 /* two times of one record that are closer than this count as the same */
#define NODES_DIFFER   16   /* factor between totals of nodes from which they may have different units */
#define FIRST_UNKNOWN  16   /* bit of the first unknown row in record_builder.rows */
#define JOB_VALUES     6

void freelog_report_note(const struct freelog_reporter *report, enum freelog_note note, const char *at, const char *end)
{
    char printable[64];
    size_t length = 0;
    if (report->sink.note == NULL)
        return;
    for (; at < end && length < sizeof printable - 1; at++)
        printable[length++] = *at >= ' ' && *at <= '~' ? *at : '?';
    printable[length] = '\0';
    report->sink.note(report->sink.user, note, report->line, printable);
}

const char *record_builder_name(const struct record_builder *stream)
{
    return stream->names != NULL ? stream->names : stream->label;
}

void record_builder_init(struct record_builder *stream, char *label, double unit_bytes)
{
    memset(stream, 0, sizeof *stream);
    stream->label = label;
    stream->layout.unit_bytes = unit_bytes > 0 ? unit_bytes : 1024;
    stream->layout.bare_base = 1024;
    stream->layout.by_place = true;
}

static bool has(const struct freelog_record *record, enum freelog_column column)
{
    return (record->present >> column & 1) != 0;
}

static void put(struct freelog_record *record, enum freelog_column column, double bytes)
{
    record->value[column] = bytes;
    record->present |= 1u << column;
}

/* A definition of `used`: total minus these two, within `slack`. */
struct used_rule {
    const double *less[2]; /* of each record */
    double slack;          /* negative if the numbers are missing */
};

/* The rules, indexed by enum freelog_used_meaning. */
struct used_rules {
    const double *total, *used;
    struct used_rule rule[FREELOG_USED_UNAVAILABLE + 1];
};

/* Sets the rules for records whose column c begins at value[c * stride]. */
static void used_rules_init(struct used_rules *rules, uint32_t present, const double *value, size_t stride,
                            double slack)
{
    static const double nothing[FREELOG_RUN_MAX];
    const double *unused = value + FREELOG_FREE * stride, *cache = value + FREELOG_BUFF_CACHE * stride;
    const double *available = value + FREELOG_AVAILABLE * stride;
    const uint32_t always = 1u << FREELOG_TOTAL | 1u << FREELOG_USED;
    const struct {
        const double *less[2];
        uint32_t needed;
    } of[] = {
        [FREELOG_USED_UNKNOWN] = {{nothing, nothing}, UINT32_MAX},
        [FREELOG_USED_NO_BUFFERS] = {{nothing, nothing}, UINT32_MAX},
        [FREELOG_USED_WITH_CACHE] = {{unused, nothing}, always | 1u << FREELOG_FREE},
        [FREELOG_USED_NO_CACHE] = {{unused, cache},
                                   always | 1u << FREELOG_FREE | 1u << FREELOG_BUFF_CACHE | 1u << FREELOG_AVAILABLE},
        [FREELOG_USED_UNAVAILABLE] = {{available, nothing}, always | 1u << FREELOG_AVAILABLE},
    };
    rules->total = value + FREELOG_TOTAL * stride;
    rules->used = value + FREELOG_USED * stride;
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        bool is_there = (present & of[i].needed) == of[i].needed;
        rules->rule[i].less[0] = is_there ? of[i].less[0] : nothing;
        rules->rule[i].less[1] = is_there ? of[i].less[1] : nothing;
        rules->rule[i].slack = is_there ? slack : -1;
    }
}

/* Returns what `used` of record i means: the rule by which it equals free's own arithmetic within rounding. If two
 * rules hold at once, it is the usual one or unknown. */
static inline enum freelog_used_meaning used_meaning(const struct used_rules *rules, size_t i,
                                                     enum freelog_used_meaning usual)
{
    double rest = rules->total[i] - rules->used[i];
    const struct used_rule *rule = &rules->rule[usual];
    if (fabs(rest - rule->less[0][i] - rule->less[1][i]) <= rule->slack)
        return usual;
    enum freelog_used_meaning found = FREELOG_USED_UNKNOWN;
    for (int meaning = FREELOG_USED_WITH_CACHE; meaning <= FREELOG_USED_UNAVAILABLE; meaning++) {
        rule = &rules->rule[meaning];
        if (fabs(rest - rule->less[0][i] - rule->less[1][i]) <= rule->slack) {
            if (found != FREELOG_USED_UNKNOWN)
                return FREELOG_USED_UNKNOWN;
            found = (enum freelog_used_meaning)meaning;
        }
    }
    return found;
}

/* In the oldest formats, takes `used` from the row "-/+ buffers/cache", or computes it from the same numbers if a
 * record lacks that row. Returns true if this is such a format. */
static bool take_buffers_out(struct record_builder *stream)
{
    struct freelog_record *record = &stream->record;
    if ((stream->rows >> FREELOG_ROW_BUFFERS & 1) != 0) {
        put(record, FREELOG_USED, stream->buffers_used);
        stream->lacks_buffers_row = false;
        return true;
    }
    bool is_usual = (stream->usual_rows >> FREELOG_ROW_BUFFERS & 1) != 0;
    if (!(is_usual || stream->lacks_buffers_row) || !has(record, FREELOG_BUFFERS))
        return false;
    record->value[FREELOG_USED] -= record->value[FREELOG_BUFFERS];
    if (has(record, FREELOG_CACHED) && !stream->buffers_only)
        record->value[FREELOG_USED] -= record->value[FREELOG_CACHED];
    return true;
}

static void judge_used(struct record_builder *stream)
{
    struct freelog_record *record = &stream->record;
    struct used_rules rules;
    enum freelog_used_meaning derived = FREELOG_USED_UNKNOWN;
    if (stream->is_other)
        derived = derive_columns(record, &stream->extra, &stream->bounds, stream->resolution);
    bool is_old = take_buffers_out(stream);
    if (has(record, FREELOG_BUFFERS) && has(record, FREELOG_CACHED) && !has(record, FREELOG_BUFF_CACHE))
        put(record, FREELOG_BUFF_CACHE, record->value[FREELOG_BUFFERS] + record->value[FREELOG_CACHED]);
    used_rules_init(&rules, record->present, record->value, 1, ROUNDINGS * stream->resolution);
    record->used_meaning = derived != FREELOG_USED_UNKNOWN ? derived
                           : is_old                        ? FREELOG_USED_NO_BUFFERS
                                                           : used_meaning(&rules, 0, stream->used_meaning);
    if (record->used_meaning != FREELOG_USED_UNKNOWN)
        stream->used_meaning = record->used_meaning;
}

static void give(struct record_builder *stream, const struct freelog_reporter *report)
{
    struct freelog_record *record = &stream->record;
    bool has_time = isfinite(record->stamp_s);
    if (has_time && stream->had_time && stream->last_time.is_epoch == record->stamp_is_epoch &&
        stream->last_time.is_dateless == record->stamp_is_dateless && record->stamp_s < stream->last_time.s) {
        struct freelog_reporter there = *report;
        there.line = record->line;
        freelog_report_note(&there, FREELOG_NOTE_TIME_BACK, NULL, NULL);
    }
    if (has_time) {
        stream->had_time = true;
        stream->last_time.s = record->stamp_s;
        stream->last_time.is_epoch = record->stamp_is_epoch;
        stream->last_time.is_dateless = record->stamp_is_dateless;
    }
    record->skipped = stream->skipped;
    stream->skipped = 0;
    record->unit_bytes = stream->layout.unit_bytes;
    stream->given++;
    if (report->sink.record == NULL)
        return;
    record->label = record_builder_name(stream);
    report->sink.record(report->sink.user, record);
    for (const char *name = stream->names; name != NULL && *(name += strlen(name) + 1) != '\0';) {
        record->label = name;
        report->sink.record(report->sink.user, record);
    }
}

void record_builder_end(struct record_builder *stream, const struct freelog_reporter *report)
{
    const uint32_t measured = ~(1u << FREELOG_TOTAL | 1u << FREELOG_SWAP_TOTAL);
    if (stream->has_mem && stream->is_other && (stream->record.present & measured) == 0 && isnan(stream->extra.used))
        stream->has_mem = false; /* a total alone */
    if (stream->has_mem && !stream->is_bad) {
        judge_used(stream);
        give(stream, report);
        if (!stream->is_damaged)
            stream->usual_rows |= stream->rows;
    } else if (stream->has_mem) {
        stream->skipped++;
    }
    stream->has_mem = stream->is_bad = stream->is_damaged = false;
    stream->rows = 0;
    stream->unknown_rows = 0;
}

void record_builder_new_run(struct record_builder *stream, const struct freelog_reporter *report)
{
    record_builder_end(stream, report);
    stream->usual_rows = 0;
    stream->used_meaning = FREELOG_USED_UNKNOWN;
    stream->header_length = 0;
    stream->skipped = 0;
}

static bool same_columns(const struct column_layout *a, const struct column_layout *b)
{
    return a->unit_bytes == b->unit_bytes &&
           ((a->by_place && b->by_place) ||
            (a->count == b->count && memcmp(a->column, b->column, a->count * sizeof a->column[0]) == 0));
}

void record_builder_header(struct record_builder *stream, const struct freelog_reporter *report, const char *at,
                           const char *end, const struct column_layout *layout)
{
    size_t length = (size_t)(end - at);
    record_builder_end(stream, report);
    if (length == stream->header_length && memcmp(at, stream->header, length) == 0)
        return;
    if (stream->layout.count > 0 && !same_columns(&stream->layout, layout)) {
        freelog_report_note(report, FREELOG_NOTE_FORMAT_CHANGED, at, end);
        stream->usual_rows = 0;
        stream->used_meaning = FREELOG_USED_UNKNOWN;
    }
    stream->layout = *layout;
    stream->header_length = length <= sizeof stream->header ? length : 0;
    memcpy(stream->header, at, stream->header_length);
}

bool record_builder_times_differ(const struct log_time *a, const struct log_time *b)
{
    return a->is_epoch && b->is_epoch && !a->is_dateless && !b->is_dateless && a->is_local == b->is_local &&
           fabs(a->s - b->s) > TIMES_DIFFER_S;
}

/* Reports two times of one record that are different dates. */
static void compare_times(const struct freelog_reporter *report, const struct log_time *a, const struct log_time *b)
{
    if (record_builder_times_differ(a, b))
        freelog_report_note(report, FREELOG_NOTE_TIMES_DIFFER, NULL, NULL);
}

static void set_time(struct record_builder *stream, const struct log_time *time, unsigned int weight)
{
    struct freelog_record *record = &stream->record;
    record->stamp_s = time->s;
    record->stamp_is_epoch = time->is_epoch;
    record->stamp_is_local = time->is_local;
    record->stamp_is_dateless = time->is_dateless;
    stream->record_weight = weight;
}

void record_builder_stamp(struct record_builder *stream, const struct freelog_reporter *report, struct log_time time,
                          unsigned int weight)
{
    if (stream->stamps_follow) {
        if (stream->has_mem && (isnan(stream->record.stamp_s) || weight >= stream->record_weight))
            set_time(stream, &time, weight);
        return;
    }
    record_builder_end(stream, report);
    if (stream->has_stamp && (weight & 1) != 0 && (stream->stamp_weight & 1) != 0)
        compare_times(report, &stream->stamp, &time);
    if (stream->has_stamp && stream->stamp_weight > weight)
        return;
    stream->has_stamp = true;
    stream->stamp = time;
    stream->stamp_weight = weight;
}

size_t record_builder_expected(const struct record_builder *stream, enum freelog_row row)
{
    if (row == FREELOG_ROW_MEM)
        return stream->layout.count;
    if (row == FREELOG_ROW_JOB)
        return JOB_VALUES;
    return row == FREELOG_ROW_BUFFERS ? 2 : 3;
}

/* Returns true if a record is open that lacks this row. */
static bool is_row_open(const struct record_builder *stream, enum freelog_row row)
{
    return stream->has_mem && (stream->rows >> row & 1) == 0;
}

bool record_builder_is_row(const struct record_builder *stream, const struct row_text *row)
{
    const struct row_values *values = &row->values;
    bool is_job = row->row == FREELOG_ROW_JOB || row->row == FREELOG_ROW_JOBSWAP;
    /* "-/+ a/b: 1 2" of another program */
    if (row->row == FREELOG_ROW_BUFFERS && row->flaw == ROW_FLAW_NONE && values->count == 2 && values->glued == NULL &&
        stream->has_mem && !stream->is_bad && has(&stream->record, FREELOG_TOTAL) &&
        fabs(values->bytes[0] + values->bytes[1] - stream->record.value[FREELOG_TOTAL]) >
            ROUNDINGS * fmax(values->resolution, stream->resolution))
        return false;
    bool is_usual = (stream->usual_rows >> row->row & 1) != 0 || !row->is_whole;
    bool is_optional = row->row == FREELOG_ROW_LOW || row->row == FREELOG_ROW_HIGH || row->row == FREELOG_ROW_TOTAL ||
                       row->row == FREELOG_ROW_COMM;
    bool is_double = row->row == FREELOG_ROW_SWAP && values->count == 1 && !is_row_open(stream, row->row);
    /* "Swap: 0K" after a record, "High: 3 Low: 1" */
    bool is_short = row->flaw == ROW_FLAW_CUT || (row->flaw == ROW_FLAW_NONE && values->glued == NULL &&
                                                  values->count != record_builder_expected(stream, row->row));
    if (is_short && row->is_whole && ((is_optional && !is_usual) || is_double))
        return false;
    return !is_job || (stream->has_mem && is_usual) ||
           (row->flaw == ROW_FLAW_NONE && row->values.count == record_builder_expected(stream, row->row));
}

/* Returns the terminal columns that text occupies: East Asian letters occupy two. Text that is not UTF-8 occupies one
 * per byte, which is right for GB18030. */
static int text_columns(const char *at, const char *end)
{
    int columns = 0;
    for (const unsigned char *c = (const unsigned char *)at; c < (const unsigned char *)end; c++) {
        int tail = *c >= 0xf0 ? 3 : *c >= 0xe0 ? 2 : *c >= 0xc2 ? 1 : 0;
        bool is_wide = (*c >= 0xe3 && *c <= 0xed) || *c == 0xef || *c >= 0xf0;
        for (int i = 1; i <= tail; i++)
            if (c + i >= (const unsigned char *)end || (c[i] & 0xc0) != 0x80)
                return (int)(end - at);
        if (*c >= 0x80 && tail == 0)
            return (int)(end - at);
        columns += is_wide ? 2 : 1;
        c += tail;
    }
    return columns;
}

/* Returns the edges of a row's values, determined by `count` of them. */
static struct column_edges row_edges(const struct row_text *row, size_t count)
{
    const struct row_values *values = &row->values;
    struct column_edges edges = {0, 0};
    if (row->word == NULL || count < 2)
        return edges;
    int step = (int)(values->to[1] - values->to[0]);
    for (size_t i = 2; i < count; i++)
        if (values->to[i] - values->to[i - 1] != step)
            return edges;
    if (step < 11 || step > 13)
        return edges;
    edges.first = text_columns(row->word, values->from[0]) + (int)(values->to[0] - values->from[0]);
    edges.step = step;
    return edges;
}

/* Returns false if the last value of a row that has all its values lacks digits at its end: it ends before its column
 * does. If the edges are unknown, only a row with something after it is whole. */
static bool is_whole(struct record_builder *stream, const struct row_text *row)
{
    const struct row_values *values = &row->values;
    size_t last = values->count - 1;
    struct column_edges edges = stream->layout.edges;
    if (row->word == NULL || values->count < 2)
        return row->is_whole;
    if (edges.step == 0 && !row->is_whole)
        edges = row_edges(row, last);
    if (edges.step == 0 || values->to[1] - values->to[0] != edges.step)
        return row->is_whole;
    ptrdiff_t gap = (ptrdiff_t)(last - 1) * edges.step - (values->to[last - 1] - values->to[0]);
    if (row->is_whole && gap != 0)
        return true; /* other values are misaligned, too */
    /* The layout changed: the first value is at another position. */
    return values->to[last] - values->to[last - 1] >= edges.step || (row->is_whole && last < 2);
}

/* Reports a row that is skipped. A bad number skips the whole record, except in a row of swap. */
static void leave_out(struct record_builder *stream, const struct freelog_reporter *report, const struct row_text *row)
{
    const struct row_values *values = &row->values;
    bool is_bad = row->flaw == ROW_FLAW_BAD || (row->flaw == ROW_FLAW_NONE && values->glued != NULL);
    const char *word = row->word == NULL ? values->rest : row->word;
    bool is_swap = row->row == FREELOG_ROW_SWAP;
    if (is_bad) {
        const char *from = row->flaw == ROW_FLAW_BAD ? values->rest : values->glued;
        freelog_report_note(report, is_swap ? FREELOG_NOTE_BAD_SWAP_NUMBER : FREELOG_NOTE_BAD_NUMBER, from,
                            text_word_end(from, row->end));
    } else {
        freelog_report_note(report, row->cut_note, word, values->rest);
    }
    stream->is_damaged = true;
    stream->is_bad |= (is_bad && !is_swap) || row->row == FREELOG_ROW_MEM;
}

/* Sets the columns of a row Mem by its length, 5 to 7 values. Both the old and the new format have 6. */
static bool place_columns(struct column_layout *layout, const struct row_text *row)
{
    static const uint8_t with_cached[] = {FREELOG_TOTAL,  FREELOG_USED,    FREELOG_FREE,
                                          FREELOG_SHARED, FREELOG_BUFFERS, FREELOG_CACHED};
    static const uint8_t with_available[] = {FREELOG_TOTAL,  FREELOG_USED,       FREELOG_FREE,
                                             FREELOG_SHARED, FREELOG_BUFF_CACHE, FREELOG_AVAILABLE};
    static const uint8_t wide[] = {FREELOG_TOTAL,   FREELOG_USED,   FREELOG_FREE,     FREELOG_SHARED,
                                   FREELOG_BUFFERS, FREELOG_CACHED, FREELOG_AVAILABLE};
    const double *v = row->values.bytes;
    double slack = ROUNDINGS * row->values.resolution;
    size_t count = row->values.count;
    struct column_edges edges = row_edges(row, count);
    bool is_old = fabs(v[0] - v[1] - v[2]) <= slack;
    if (edges.step > 0)
        is_old = edges.first == 18 && edges.step == 11;
    else if (count == 6 && fabs(v[0] - v[1] - v[2] - v[4]) <= slack)
        is_old = false;
    if (count < 5 || count > 7)
        return false;
    layout->count = count;
    memcpy(layout->column,
           count == 7             ? wide
           : is_old || count == 5 ? with_cached
                                  : with_available,
           count * sizeof layout->column[0]);
    return true;
}

/* Updates the layout by a row Mem. Returns false if the row does not fit it. */
static bool fit_layout(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row)
{
    struct column_layout *layout = &stream->layout;
    if (layout->by_place && row->values.count > layout->count) {
        if (layout->count > 0)
            freelog_report_note(report, FREELOG_NOTE_FORMAT_CHANGED, row->word, row->values.rest);
        if (!place_columns(layout, row))
            return false;
    }
    if (row->values.count < layout->count)
        row_values_unglue(&row->values, layout->count, layout->unit_bytes, 0);
    if (row->values.glued != NULL || row->values.count != layout->count || layout->count == 0)
        return false;
    return true;
}

/* Returns the base of which a K, M or G without an i is a power. From procps 3.3.17 on, whose columns begin at 20, it
 * is 1000; a unit specified by the user always decides. */
static double bare_base(const struct record_builder *stream, const struct row_text *row)
{
    const struct column_layout *layout = &stream->layout;
    struct number total;
    double unit = layout->unit_bytes;
    if (stream->is_unit_given && unit >= 1000) {
        while (unit > 1024)
            unit /= fmod(unit, 1000) == 0 ? 1000 : 1024;
        return unit == 1000 ? 1000 : 1024;
    }
    /* The output of echo $(free) has no edges. */
    if (layout->edges.step == 0)
        return number_read(row->values.from[0], row->values.to[0], &total) && unit_guess_is_decimal(&total) ? 1000
                                                                                                            : 1024;
    return layout->edges.first == 20 && layout->edges.step == 12 ? 1000 : 1024;
}

static void learn_edges(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row)
{
    struct column_layout *layout = &stream->layout;
    if (layout->edges.step == 0 || row->values.has_bare_unit)
        layout->edges = row_edges(row, row->values.count);
    if (!row->values.has_bare_unit)
        return;
    double base = bare_base(stream, row);
    if (base != layout->bare_base) {
        if (layout->edges.step == 0 && base == 1000 && !stream->is_unit_given)
            freelog_report_note(report, FREELOG_NOTE_DECIMAL_BASE, row->values.from[0], row->values.to[0]);
        layout->bare_base = base;
        row_values_read(row->values.from[0], row->values.to[row->values.count - 1], layout->unit_bytes, base,
                        &row->values);
    }
}

static void begin_record(struct record_builder *stream, const struct freelog_reporter *report,
                         const struct log_time *time, unsigned int weight)
{
    struct freelog_record *record = &stream->record;
    record_builder_end(stream, report);
    record->present = 0;
    record->line = report->line;
    record->stamp_s = NAN;
    record->stamp_is_epoch = record->stamp_is_local = record->stamp_is_dateless = record->has_units = false;
    if (time != NULL && stream->has_stamp && weight > 0)
        compare_times(report, time, &stream->stamp);
    if (stream->has_stamp && (time == NULL || stream->stamp_weight > weight)) {
        time = &stream->stamp;
        weight = stream->stamp_weight;
    }
    if (time != NULL)
        set_time(stream, time, weight);
    stream->has_stamp = false;
    stream->has_mem = true;
}

static void put_memory(struct record_builder *stream, const struct row_values *values)
{
    for (size_t i = 0; i < stream->layout.count; i++)
        if (stream->layout.column[i] != FREELOG_COLUMN_COUNT)
            put(&stream->record, (enum freelog_column)stream->layout.column[i], values->bytes[i]);
}

/* Returns the factor between the unit of a node's first row, which was put, and the unit of its log. */
static double own_unit(const struct record_builder *stream)
{
    struct unit_evidence evidence = {0};
    double unit_bytes = stream->layout.unit_bytes;
    unit_evidence_add(&evidence, &stream->record, unit_bytes);
    double found_bytes = unit_guess_find(&evidence, 1024).bytes;
    return (found_bytes > 0 ? found_bytes : 1024) / unit_bytes;
}

/* Follows a change of unit within the log: free was called with -m from here on. A machine's memory does not change. */
static void follow_unit(struct record_builder *stream, const struct freelog_reporter *report, struct row_values *values)
{
    double step = 1, total = values->count > 0 ? values->bytes[0] : 0;
    if (stream->is_unit_given || !(total > 0))
        return;
    if (!(stream->last_total > 0)) {
        stream->last_total = total;
        return;
    }
    if (!values->has_unit)
        step = unit_guess_step(stream->last_total, stream->resolution, total, values->resolution);
    if (step == 1 && stream->given == 0 && !values->has_unit &&
        (total < stream->last_total / NODES_DIFFER || total > stream->last_total * NODES_DIFFER)) {
        put_memory(stream, values);
        step = own_unit(stream);
    }
    const char *name = unit_guess_name(stream->layout.unit_bytes * step);
    if (*name == '\0')
        step = 1; /* another machine */
    if (step != 1) {
        stream->layout.unit_bytes *= step;
        values->resolution *= step;
        for (size_t i = 0; i < values->count; i++)
            values->bytes[i] *= step;
        freelog_report_note(report, FREELOG_NOTE_UNIT_CHANGED, name, name + strlen(name));
    }
    stream->last_total = total * step;
}

bool record_builder_keeps_unit(const struct record_builder *stream, const struct freelog_run *run)
{
    if ((run->present >> FREELOG_TOTAL & 1) == 0 || !(stream->last_total > 0) || stream->is_unit_given)
        return true;
    double least = stream->last_total / 64, most = stream->last_total * 64;
    bool is_off = false;
    for (size_t i = 0; i < run->count; i++)
        is_off |= run->value[FREELOG_TOTAL][i] < least || run->value[FREELOG_TOTAL][i] > most;
    return !is_off;
}

static bool is_node_memory(enum freelog_column column)
{
    return !freelog_column_is_job(column) && !freelog_column_is_swap(column);
}

/* Returns true if a value of memory is negative, or exceeds the total by more than the caches of containers do: it is a
 * difference that wrapped around. */
static bool is_impossible(const struct record_builder *stream)
{
    const struct freelog_record *record = &stream->record;
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++)
        if (has(record, (enum freelog_column)column) && is_node_memory((enum freelog_column)column) &&
            (record->value[column] < 0 || (record->value[column] > FREELOG_MEMORY_MAX_BYTES && !stream->is_unit_given)))
            return true;
    return false;
}

static void read_mem(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row)
{
    begin_record(stream, report, row->time, row->time_weight);
    if (row->flaw != ROW_FLAW_NONE || row->values.count == 0 || !fit_layout(stream, report, row) ||
        !is_whole(stream, row)) {
        leave_out(stream, report, row);
        return;
    }
    learn_edges(stream, report, row);
    follow_unit(stream, report, &row->values);
    put_memory(stream, &row->values);
    stream->resolution = row->values.resolution;
    stream->record.has_units = row->values.has_unit;
    if (is_impossible(stream)) {
        freelog_report_note(report, FREELOG_NOTE_IMPOSSIBLE, row->word == NULL ? row->values.from[0] : row->word,
                            row->end);
        stream->is_bad = true;
    }
}

static const uint8_t swap_columns[] = {FREELOG_SWAP_TOTAL, FREELOG_SWAP_USED, FREELOG_SWAP_FREE};
static const uint8_t job_columns[JOB_VALUES] = {FREELOG_JOB_TOTAL,  FREELOG_JOB_USED,  FREELOG_JOB_FREE,
                                                FREELOG_JOB_SHARED, FREELOG_JOB_CACHE, FREELOG_JOB_AVAILABLE};
static const uint8_t job_swap_columns[] = {FREELOG_JOB_SWAP_TOTAL, FREELOG_JOB_SWAP_USED, FREELOG_JOB_SWAP_FREE};

const uint8_t *record_builder_columns(enum freelog_row row, size_t *count)
{
    *count = row == FREELOG_ROW_JOB ? JOB_VALUES : 3;
    return row == FREELOG_ROW_JOB ? job_columns : row == FREELOG_ROW_JOBSWAP ? job_swap_columns : swap_columns;
}

/* Puts the values of a row into its columns. */
static void put_columns(struct record_builder *stream, const uint8_t *column, const double *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(&stream->record, (enum freelog_column)column[i], bytes[i]);
}

static void put_swap(struct record_builder *stream, const struct freelog_reporter *report, const double bytes[3])
{
    bool is_odd = false;
    for (int i = 0; i < 3; i++) {
        bool wrapped = bytes[i] < 0 || bytes[i] > FREELOG_SWAP_MAX_BYTES;
        put(&stream->record, (enum freelog_column)swap_columns[i], wrapped ? 0 : bytes[i]);
        is_odd |= wrapped;
    }
    if (is_odd)
        freelog_report_note(report, FREELOG_NOTE_BAD_SWAP, NULL, NULL);
}

/* Reads a row of three values in an unknown language. Low and High come first, if at all, and add up to Mem. */
static void read_unknown(struct record_builder *stream, const struct freelog_reporter *report, const double bytes[3])
{
    int number = stream->unknown_rows++;
    double total = stream->record.value[FREELOG_TOTAL];
    if (number == 0)
        put_swap(stream, report, bytes);
    else if (number == 2 && fabs(stream->unknown_total - total) <= ROUNDINGS * stream->resolution)
        put_swap(stream, report, bytes);
    stream->unknown_total = number == 0 ? bytes[0] : stream->unknown_total + bytes[0];
}

/* Reads a row after Mem. */
static void read_other(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row)
{
    struct row_values *values = &row->values;
    size_t expected = record_builder_expected(stream, row->row);
    if (row->flaw == ROW_FLAW_BAD && row->row != FREELOG_ROW_SWAP && row->row != FREELOG_ROW_BUFFERS)
        row->flaw = ROW_FLAW_CUT; /* the record does not depend on this row */
    if (values->count < expected)
        row_values_unglue(values, expected, stream->layout.unit_bytes, stream->record.value[FREELOG_TOTAL]);
    if (row->flaw != ROW_FLAW_NONE || values->glued != NULL || values->count != expected || !is_whole(stream, row)) {
        leave_out(stream, report, row);
        return;
    }
    struct freelog_record *record = &stream->record;
    if (row->time != NULL && isnan(record->stamp_s))
        set_time(stream, row->time, row->time_weight);
    if (row->row == FREELOG_ROW_SWAP) {
        put_swap(stream, report, values->bytes);
    } else if (row->row == FREELOG_ROW_JOB) {
        put_columns(stream, job_columns, values->bytes, expected);
    } else if (row->row == FREELOG_ROW_JOBSWAP) {
        put_columns(stream, job_swap_columns, values->bytes, expected);
    } else if (row->row == FREELOG_ROW_BUFFERS) {
        stream->buffers_used = values->bytes[0];
        stream->buffers_only = row->buffers_only;
    } else if (row->row == FREELOG_ROW_UNKNOWN) {
        stream->rows |= 1u << (FIRST_UNKNOWN + (stream->unknown_rows < 8 ? stream->unknown_rows : 8));
        read_unknown(stream, report, values->bytes);
        return;
    }
    stream->rows |= 1u << row->row;
}

void record_builder_row(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row)
{
    if (row->row == FREELOG_ROW_MEM) {
        read_mem(stream, report, row);
        stream->rows = 1u << FREELOG_ROW_MEM;
    } else if (stream->has_mem) {
        read_other(stream, report, row);
    } else {
        /* The record was already emitted without this row: records of this run have more rows than was known. */
        if (row->row != FREELOG_ROW_UNKNOWN)
            stream->usual_rows |= stream->usual_rows == 0 ? 0 : 1u << row->row;
        return;
    }
    if (stream->rows == stream->usual_rows && !stream->stamps_follow)
        record_builder_end(stream, report);
}

void record_builder_line(struct record_builder *stream, const struct freelog_reporter *report, const double bytes[4],
                         const struct log_time *time, unsigned int weight)
{
    begin_record(stream, report, time, weight);
    put(&stream->record, FREELOG_SWAP_USED, bytes[0] < 0 || bytes[0] > FREELOG_SWAP_MAX_BYTES ? 0 : bytes[0]);
    put(&stream->record, FREELOG_BUFF_CACHE, bytes[1]);
    put(&stream->record, FREELOG_USED, bytes[2]);
    put(&stream->record, FREELOG_FREE, bytes[3]);
    if (!stream->stamps_follow)
        record_builder_end(stream, report);
}

void record_builder_begin(struct record_builder *stream, const struct freelog_reporter *report,
                          const struct log_time *time, unsigned int weight, double resolution)
{
    begin_record(stream, report, time, weight);
    stream->is_other = true;
    derive_extra_clear(&stream->extra);
    stream->resolution = resolution;
}

void record_builder_put(struct record_builder *stream, const struct freelog_reporter *report,
                        enum freelog_column column, double bytes)
{
    bool is_swap = freelog_column_is_swap(column);
    if (is_swap && (bytes < 0 || bytes > FREELOG_SWAP_MAX_BYTES)) {
        freelog_report_note(report, FREELOG_NOTE_BAD_SWAP, NULL, NULL);
        bytes = 0;
    } else if (!(bytes >= 0 && bytes <= FREELOG_MEMORY_MAX_BYTES) && !stream->is_bad) {
        freelog_report_note(report, FREELOG_NOTE_IMPOSSIBLE, NULL, NULL);
        stream->is_bad = true;
    }
    put(&stream->record, column, bytes);
}

/* Copies record i of a run. */
static void take_record(const struct freelog_run *run, size_t i, double unit_bytes, struct freelog_record *record)
{
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++)
        record->value[column] = (run->present >> column & 1) != 0 ? run->value[column][i] : 0;
    record->present = run->present;
    record->unit_bytes = unit_bytes;
    record->line = run->line_of != NULL ? run->line_of[i] : run->line + i * run->lines;
    record->skipped = i == 0 ? run->skipped : 0;
    record->stamp_s = run->stamp_s != NULL ? run->stamp_s[i] : NAN;
    record->stamp_is_epoch = run->stamp_s != NULL && run->stamp_is_epoch;
    record->stamp_is_local = run->stamp_s != NULL && run->stamp_is_local;
    record->stamp_is_dateless = run->stamp_s != NULL && run->stamp_is_dateless;
    record->has_units = false;
    record->used_meaning = run->used_meaning[run->has_one_meaning ? 0 : i];
    record->label = run->label;
}

/* Returns true if the rule holds for all records. */
static bool rule_holds(const struct used_rules *rules, const struct used_rule *rule, size_t count)
{
    bool is_off = false;
    for (size_t i = 0; i < count; i++)
        is_off |= !(fabs(rules->total[i] - rules->used[i] - rule->less[0][i] - rule->less[1][i]) <= rule->slack);
    return !is_off;
}

/* Determines what the records mean by `used`. Returns false if some differ from the usual meaning and `is_all` is
 * false, as missing columns may be the reason. */
static bool judge_run(struct record_builder *stream, struct freelog_run *run, bool is_all)
{
    struct used_rules rules;
    enum freelog_used_meaning usual = stream->used_meaning;
    used_rules_init(&rules, run->present, run->value[0], FREELOG_RUN_MAX, ROUNDINGS * stream->resolution);
    run->has_one_meaning = rule_holds(&rules, &rules.rule[usual], run->count);
    run->used_meaning[0] = usual;
    if (run->has_one_meaning)
        return true;
    for (size_t i = 0; i < run->count && is_all; i++) {
        run->used_meaning[i] = used_meaning(&rules, i, usual);
        if (run->used_meaning[i] != FREELOG_USED_UNKNOWN)
            usual = run->used_meaning[i];
    }
    stream->used_meaning = usual;
    return is_all;
}

uint32_t record_builder_run_columns(const struct record_builder *stream, const struct freelog_reporter *report,
                                    uint32_t present)
{
    uint32_t wanted = report->sink.run == NULL ? UINT32_MAX : report->sink.run_columns;
    wanted |= 1u << FREELOG_TOTAL | 1u << FREELOG_USED | 1u << FREELOG_AVAILABLE;
    if (stream->used_meaning != FREELOG_USED_UNAVAILABLE)
        wanted |= 1u << FREELOG_FREE | 1u << FREELOG_BUFF_CACHE | 1u << FREELOG_BUFFERS | 1u << FREELOG_CACHED;
    return wanted & present;
}

bool record_builder_run(struct record_builder *stream, const struct freelog_reporter *report, struct freelog_run *run,
                        bool is_all)
{
    const uint32_t both = 1u << FREELOG_BUFFERS | 1u << FREELOG_CACHED;
    stream->resolution = stream->layout.unit_bytes;
    run->label = stream->label;
    if ((run->present & both) == both && (run->present >> FREELOG_BUFF_CACHE & 1) == 0) {
        for (size_t i = 0; i < run->count; i++)
            run->value[FREELOG_BUFF_CACHE][i] = run->value[FREELOG_BUFFERS][i] + run->value[FREELOG_CACHED][i];
        run->present |= 1u << FREELOG_BUFF_CACHE;
    }
    if (!judge_run(stream, run, is_all))
        return false;
    run->skipped = stream->skipped;
    stream->skipped = 0;
    stream->given += run->count;
    double total = run->value[FREELOG_TOTAL][run->count - 1];
    if ((run->present >> FREELOG_TOTAL & 1) != 0 && total > 0 && !stream->is_unit_given)
        stream->last_total = total;
    for (size_t i = 0; i < run->count && report->sink.run == NULL && report->sink.record != NULL; i++) {
        struct freelog_record record;
        take_record(run, i, stream->layout.unit_bytes, &record);
        report->sink.record(report->sink.user, &record);
    }
    if (report->sink.run != NULL)
        report->sink.run(report->sink.user, run);
    return true;
}
