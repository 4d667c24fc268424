/* SPDX-License-Identifier: MIT */
/* fast_path: decides which records may bypass line_classifier, and passes their results to it.
 *
 * It learns a shape from a record that line_classifier reads, and uses it once that record was emitted without a
 * report. Then it takes records of this shape as long as line_classifier would emit each of them at its row Swap:
 * nothing held back, no node's block, no pending time, the same header. Lines that do not fit the shape go to
 * line_classifier. */
#include "fast_path.h"

#include <stdlib.h>
#include <string.h>

#define TOP_MAX     1023 /* maximum bytes of an emitted list of processes */
#define MISSES_MANY 32u  /* learning is tried at each power of two of misses up to this, then at its multiples */

/* Returns true if records with these rows can be learned. */
static bool is_usual(uint32_t rows)
{
    const uint32_t least = 1u << FREELOG_ROW_MEM | 1u << FREELOG_ROW_SWAP, job = 1u << FREELOG_ROW_JOB;
    return rows == least || rows == (least | job) || rows == (least | job | 1u << FREELOG_ROW_JOBSWAP);
}

/* Returns true if line_classifier would emit a record with the rows Mem and Swap at its row Swap, regardless of earlier
 * lines. */
static bool is_steady(const struct line_classifier *log)
{
    const struct record_builder *stream = log->current;
    return log->held == HELD_LINE_NONE && log->chunk == NULL && stream == log->plain && stream->header_length > 0 &&
           is_usual(stream->usual_rows) && !stream->has_mem && !stream->has_stamp && !log->has_block &&
           !stream->stamps_follow;
}

/* Emits the records of `run`, which begin at `at`, as line_classifier would. */
static void give(struct line_classifier *log, const struct record_template *shape, const char *at,
                 struct freelog_run *run)
{
    size_t count = run->count;
    run->line = log->report.line + 1;
    if (!record_builder_run(log->plain, &log->report, run, run->present == shape->present)) {
        record_template_read(shape, at, count, shape->present, run);
        record_builder_run(log->plain, &log->report, run, true);
    }
    log->recent = log->plain;
    log->report.line += shape->lines * count;
    log->non_empty += shape->filled * count;
    log->understood += shape->filled * count;
}

/* Takes records of the learned shape. Returns where they end. */
static const char *take_learned(struct record_template *shape, struct line_classifier *log, const char *at,
                                const char *end)
{
    struct freelog_run run;
    size_t count;
    do {
        count = record_template_verify(shape, at, end);
        if (count == 0)
            break;
        record_template_read(shape, at, count, record_builder_run_columns(log->plain, &log->report, shape->present),
                             &run);
        if (!record_builder_keeps_unit(log->plain, &run))
            break;
        give(log, shape, at, &run);
        at += count * shape->size;
    } while (count == FREELOG_RUN_MAX);
    return at;
}

/* ---- records with lists of processes between them ---- */

/* Consecutive verified records, and the list of processes after each. */
struct record_batch {
    size_t count;
    const char *at[FREELOG_RUN_MAX];
    unsigned long line[FREELOG_RUN_MAX];
    struct freelog_text top[FREELOG_RUN_MAX];
    unsigned long lines, filled; /* of all of them */
};

/* Returns true if all bytes are printable ASCII except blanks. */
static bool is_word(const char *at, size_t size)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    unsigned char odd = 0;
    uint64_t eight, bad = 0;
    for (; size >= sizeof eight; size -= sizeof eight, at += sizeof eight) {
        memcpy(&eight, at, sizeof eight);
        uint64_t low = eight & ~high;
        bad |= eight | ~(low + (0x80 - '!') * ones) | (low + ones);
    }
    for (; size > 0; size--, at++)
        odd |= (unsigned char)((unsigned char)(*at - '!') > '~' - '!');
    return (bad & high) == 0 && odd == 0;
}

/* Returns where a line with a list of processes ends, and sets `list` to the list, if line_classifier would report it
 * and do nothing else; NULL for any other line. */
static const char *skip_top(const char *at, const char *end, struct freelog_text *list)
{
    static const char word[] = "# memtrace top=";
    const size_t size = sizeof word - 1, rest = (size_t)(end - at);
    if (rest <= size || memcmp(at, word, size) != 0)
        return NULL;
    list->at = at + size;
    const char *newline = memchr(list->at, '\n', rest - size < TOP_MAX ? rest - size : TOP_MAX);
    if (newline == NULL)
        return NULL;
    list->size = (size_t)(newline - list->at);
    return is_word(list->at, list->size) ? newline + 1 : NULL;
}

/* Verifies a record at `at` and what follows it: a list of processes, a blank line, both, or neither. Returns where
 * they end, or `at` if it is not such a record. */
static const char *add(struct record_template *shape, struct record_batch *batch, const char *at, const char *end)
{
    const size_t size = shape->begin[shape->row_count];
    struct freelog_text *top = &batch->top[batch->count];
    if ((size_t)(end - at) <= size || !record_template_verify_rows(shape, at))
        return at;
    batch->at[batch->count] = at;
    batch->line[batch->count++] = batch->lines + 1;
    batch->lines += shape->row_count + 1;
    batch->filled += shape->row_count + 1;
    at += size;
    const char *past = skip_top(at, end, top);
    if (past == NULL) {
        top->at = NULL;
    } else {
        batch->lines++;
        batch->filled++;
        at = past;
    }
    if (at == end || *at != '\n')
        return at;
    batch->lines++;
    return at + 1;
}

/* Returns true if records with lists of processes are likely, and can be emitted at once. */
static bool has_tops(const struct record_template *shape, const struct line_classifier *log)
{
    return (shape->rows >> FREELOG_ROW_JOB & 1) != 0 && log->report.sink.run != NULL && log->learner == NULL;
}

/* Takes records with lists, at most as many as fit in a run. Returns where they end. */
static const char *take_run_with_tops(struct record_template *shape, struct line_classifier *log, const char *at,
                                      const char *end)
{
    struct freelog_run run;
    struct record_batch batch;
    const char *past = at, *last = NULL;
    batch.count = batch.lines = batch.filled = 0;
    while (batch.count < FREELOG_RUN_MAX && past != last) {
        last = past;
        past = add(shape, &batch, past, end);
    }
    if (batch.count == 0)
        return at;
    uint32_t columns = record_builder_run_columns(log->plain, &log->report, shape->present);
    record_template_read_at(shape, batch.at, batch.count, columns, &run);
    if (!record_builder_keeps_unit(log->plain, &run))
        return at;
    for (size_t i = 0; i < batch.count; i++)
        batch.line[i] += log->report.line;
    run.line_of = batch.line;
    run.top = batch.top;
    if (!record_builder_run(log->plain, &log->report, &run, run.present == shape->present)) {
        record_template_read_at(shape, batch.at, batch.count, shape->present, &run);
        run.line_of = batch.line;
        run.top = batch.top;
        record_builder_run(log->plain, &log->report, &run, true);
    }
    log->recent = log->plain;
    log->report.line += batch.lines;
    log->non_empty += batch.filled;
    log->understood += batch.filled;
    return past;
}

/* Takes records with lists of processes. Returns where they end. */
static const char *take_with_tops(struct record_template *shape, struct line_classifier *log, const char *at,
                                  const char *end)
{
    for (const char *begin = NULL; at != begin && at < end;) {
        begin = at;
        at = take_run_with_tops(shape, log, at, end);
    }
    return at;
}

/* ---- learning ---- */

static bool is_turn(unsigned long misses)
{
    return (misses & (misses - 1)) == 0 || misses % MISSES_MANY == 0;
}

void fast_path_free(struct fast_path *fast)
{
    label_path_free(&fast->labels);
}

/* Takes whole records without labels. */
static const char *take_plain(struct fast_path *fast, struct line_classifier *log, const char *at, const char *end)
{
    const struct record_builder *stream = log->plain;
    const char *begin = at;
    if (!is_steady(log))
        return at;
    /* A record is not an example if line_classifier itself learned from it, or if other lines followed it. */
    if (fast->is_awaited)
        fast->is_learned = stream->record.line == fast->awaited_line && stream->given == fast->awaited_given &&
                           (fast->shape.present & ~stream->record.present) == 0 &&
                           record_template_is_of(&fast->shape, stream);
    fast->is_awaited = false;
    if (fast->is_learned && (size_t)(end - at) < fast->shape.size)
        return at;
    if (fast->is_learned && record_template_is_of(&fast->shape, stream))
        at = has_tops(&fast->shape, log) ? take_with_tops(&fast->shape, log, at, end)
                                         : take_learned(&fast->shape, log, at, end);
    fast->misses = at > begin ? 0 : fast->misses + 1;
    if (at < end && at == begin && is_turn(fast->misses)) {
        fast->is_awaited = record_template_learn(&fast->shape, stream, at, end);
        fast->is_learned = false;
        fast->awaited_line = log->report.line + 1;
        fast->awaited_given = stream->given + 1;
    }
    return at;
}

const char *fast_path_take(struct fast_path *fast, struct line_classifier *log, const char *at, const char *end)
{
    /* line_classifier must read lines that name nodes and, while it learns, the lines after words. */
    if (log->profile.prefixes.is_known || log->profile.headings.is_known ||
        (log->learner != NULL && log->learner->heading_length > 0))
        return at;
    const char *past = *at == ' ' ? take_plain(fast, log, at, end) : at;
    if (past > at)
        return past;
    if (label_path_may(log))
        return label_path_take(&fast->labels, log, at, end);
    return stamp_path_may(log) ? stamp_path_take(&fast->stamps, log, at, end) : at;
}

/* ---- reading ahead ---- */

struct freelog_ahead *fast_path_ahead_new(const struct fast_path *fast, const struct line_classifier *log)
{
    struct freelog_ahead *ahead = !fast->is_off && fast->is_learned ? calloc(1, sizeof *ahead) : NULL;
    if (ahead == NULL)
        return NULL;
    ahead->shape = fast->shape;
    ahead->columns = record_builder_run_columns(log->plain, &log->report, ahead->shape.present);
    return ahead;
}

void freelog_ahead_free(struct freelog_ahead *ahead)
{
    if (ahead == NULL)
        return;
    free(ahead->run);
    free(ahead);
}

/* Returns where the first header in the piece begins, or `end` if there is none. The parser finds out later whether it
 * is at the beginning of a line. */
static const char *find_header(const struct record_template *shape, const char *at, const char *end)
{
    const char *found = memmem(at, (size_t)(end - at), shape->pattern.text, shape->begin[0]);
    return found == NULL ? end : found;
}

void freelog_ahead_read(struct freelog_ahead *ahead, const char *bytes, size_t size)
{
    const char *end = bytes + size, *at = find_header(&ahead->shape, bytes, end);
    size_t capacity = size / ahead->shape.size / FREELOG_RUN_MAX + 1, count = FREELOG_RUN_MAX;
    ahead->begin = (size_t)(at - bytes);
    ahead->count = 0;
    if (capacity > ahead->capacity) {
        free(ahead->run);
        ahead->run = malloc(capacity * sizeof *ahead->run);
        ahead->capacity = ahead->run == NULL ? 0 : capacity;
    }
    while (count == FREELOG_RUN_MAX && ahead->count < ahead->capacity) {
        count = record_template_verify(&ahead->shape, at, end);
        if (count > 0)
            record_template_read(&ahead->shape, at, count, ahead->columns, &ahead->run[ahead->count++]);
        at += count * ahead->shape.size;
    }
    ahead->end = (size_t)(at - bytes);
}

bool fast_path_give_ahead(struct line_classifier *log, struct freelog_ahead *ahead, const char *at)
{
    if (ahead->count == 0 || !is_steady(log) || !record_template_is_of(&ahead->shape, log->plain))
        return false;
    for (size_t i = 0; i < ahead->count; i++)
        if (!record_builder_keeps_unit(log->plain, &ahead->run[i]))
            return false;
    for (size_t i = 0; i < ahead->count; i++) {
        size_t size = ahead->run[i].count * ahead->shape.size;
        give(log, &ahead->shape, at, &ahead->run[i]);
        at += size;
    }
    return true;
}
