/* free_fast: owns the question when records may go past free_log, and tells it of those that did.
 *
 * A shape is learned from a record that free_log reads, and used once that was given without complaint. From then on records of this shape
 * are taken as long as the log is in the state in which free_log gives each such record at its row Swap: nothing held back, no node's block, no time waiting, the
 * same header. Whatever the shape does not fit goes to free_log line by line. */
#include "free_fast.h"

#define MISSES_MANY 32u /* learning is tried at every power of two of misses, and every so many */

/* True when free_log would give a record with the rows Mem and Swap at its row Swap, and nothing that came before matters. */
static bool is_steady(const struct free_log *log)
{
    const struct free_stream *stream = log->current;
    return log->held == FREE_HELD_NONE && log->chunk == NULL && stream == log->plain && stream->header_length > 0 &&
           stream->usual_rows == (1u << FREE_ROW_MEM | 1u << FREE_ROW_SWAP) && !stream->has_mem &&
           !stream->has_stamp;
}

/* Gives `count` verified records as free_log would. */
static void give(struct free_log *log, const struct free_shape *shape, const char *at, size_t count)
{
    struct free_run run;
    uint32_t columns = free_stream_run_columns(log->plain, &log->tell, shape->present);
    run.line = log->tell.line + 1;
    free_shape_read(shape, at, count, columns, &run);
    if (!free_stream_run(log->plain, &log->tell, &run, run.present == shape->present)) {
        free_shape_read(shape, at, count, shape->present, &run);
        free_stream_run(log->plain, &log->tell, &run, true);
    }
    log->recent = log->plain;
    log->tell.line += shape->lines * count;
    log->non_empty += 3 * count;
    log->understood += 3 * count;
}

static bool is_turn(unsigned long misses)
{
    return (misses & (misses - 1)) == 0 || misses % MISSES_MANY == 0;
}

const char *free_fast_take(struct free_fast *fast, struct free_log *log, const char *at, const char *end)
{
    const struct free_stream *stream = log->plain;
    const char *begin = at;
    size_t count;
    if (fast->is_off || !is_steady(log))
        return at;
    /* A record that taught free_log something, too, is none to go by. */
    if (fast->is_awaited)
        fast->is_learned = log->tell.line == fast->awaited_line && stream->given == fast->awaited_given &&
                           free_shape_is_of(&fast->shape, stream);
    fast->is_awaited = false;
    if (fast->is_learned && (size_t)(end - at) < fast->shape.size)
        return at;
    if (fast->is_learned && free_shape_is_of(&fast->shape, stream))
        do {
            count = free_shape_verify(&fast->shape, at, end);
            if (count > 0)
                give(log, &fast->shape, at, count);
            at += count * fast->shape.size;
        } while (count == FREE_RUN_MAX);
    fast->misses = at > begin ? 0 : fast->misses + 1;
    if (at < end && at == begin && is_turn(fast->misses)) {
        fast->is_awaited = free_shape_learn(&fast->shape, stream, at, end);
        fast->is_learned = false;
        fast->awaited_line = log->tell.line + fast->shape.lines;
        fast->awaited_given = stream->given + 1;
    }
    return at;
}
