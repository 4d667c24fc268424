/* SPDX-License-Identifier: MIT */
/* fast_path: owns the decision which records may bypass line_classifier, and reports those to it.
 *
 * A shape is learned from a record that line_classifier reads, and used once that was given without complaint. From
 * then on records of this shape are taken as long as the log is in the state in which line_classifier gives each such
 * record at its row Swap: nothing held back, no node's block, no time waiting, the same header. Whatever the shape does
 * not fit goes to line_classifier line by line. */
#include "fast_path.h"

#include <stdlib.h>

#define MISSES_MANY 32u /* learning is tried at each power of two of misses, and then after every so many */

/* Whether records with these rows can be learned. */
static bool is_usual(uint32_t rows)
{
    const uint32_t least = 1u << FREELOG_ROW_MEM | 1u << FREELOG_ROW_SWAP, job = 1u << FREELOG_ROW_JOB;
    return rows == least || rows == (least | job) || rows == (least | job | 1u << FREELOG_ROW_JOBSWAP);
}

/* Returns true if line_classifier would give a record with the rows Mem and Swap at its row Swap, and nothing that came
 * before matters. */
static bool is_steady(const struct line_classifier *log)
{
    const struct record_builder *stream = log->current;
    return log->held == HELD_LINE_NONE && log->chunk == NULL && stream == log->plain && stream->header_length > 0 &&
           is_usual(stream->usual_rows) && !stream->has_mem && !stream->has_stamp && !log->has_block &&
           !stream->stamps_behind;
}

/* Gives the records of `run`, which begin at `at`, as line_classifier would. */
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

/* Takes records of the shape that was learned; returns where they end. */
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
    /* A record from which line_classifier itself learned something is no example. Nor is one after which other lines
     * came. */
    if (fast->is_awaited)
        fast->is_learned = log->report.line >= fast->awaited_line && stream->given == fast->awaited_given &&
                           record_template_is_of(&fast->shape, stream);
    fast->is_awaited = false;
    if (fast->is_learned && (size_t)(end - at) < fast->shape.size)
        return at;
    if (fast->is_learned && record_template_is_of(&fast->shape, stream))
        at = take_learned(&fast->shape, log, at, end);
    fast->misses = at > begin ? 0 : fast->misses + 1;
    if (at < end && at == begin && is_turn(fast->misses)) {
        fast->is_awaited = record_template_learn(&fast->shape, stream, at, end);
        fast->is_learned = false;
        fast->awaited_line = log->report.line + fast->shape.lines;
        fast->awaited_given = stream->given + 1;
    }
    return at;
}

const char *fast_path_take(struct fast_path *fast, struct line_classifier *log, const char *at, const char *end)
{
    /* Lines that name nodes are for line_classifier, and while it learns so is what comes behind words. */
    if (log->profile.prefixes.is_known || log->profile.headings.is_known ||
        (log->learner != NULL && log->learner->heading_length > 0))
        return at;
    const char *behind = *at == ' ' ? take_plain(fast, log, at, end) : at;
    if (behind > at)
        return behind;
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

/* Where the first header in the piece begins, `end` without one. Whether it begins a line the parser knows when it
 * comes there. */
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
