/* SPDX-License-Identifier: MIT */
/* split: lets several threads read one log in turns, independent of its contents.
 *
 * Each thread takes the next piece, reads and prepares it in parallel with the others, and then waits for its turn to
 * pass it to the parser. So the parser gets the log in order, whatever the number of threads. */
#include "split.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/pool.h"

#define PIECE_BYTES ((size_t)256 * 1024)
#define PAGE_BYTES  ((size_t)4096)
#define THREADS_MAX 64 /* fewer threads already keep the parser busy */

struct split {
    struct freelog_parser *parser;
    const struct input *input;
    uint64_t begin; /* of the first piece */
    atomic_uint_least64_t *bytes_read;
    pthread_mutex_t lock;
    pthread_cond_t turn_came;
    uint64_t next, turn; /* index of the next piece to take, and to feed */
    uint64_t fed_bytes;
    bool is_done, ok;
};

/* Reads a whole piece; less at the end of the file or after a read error. */
static size_t read_piece(const struct split *split, char *piece, uint64_t number)
{
    size_t filled = 0;
    ssize_t got = 1;
    while (filled < PIECE_BYTES && got > 0) {
        got = input_read_at(split->input, piece + filled, PIECE_BYTES - filled,
                            split->begin + number * PIECE_BYTES + filled);
        filled += got > 0 ? (size_t)got : 0;
    }
    return filled;
}

/* Waits for a piece's turn. Returns false if the log has ended before it. */
static bool await_turn(struct split *split, uint64_t number)
{
    pthread_mutex_lock(&split->lock);
    while (split->turn != number && !split->is_done)
        pthread_cond_wait(&split->turn_came, &split->lock);
    bool is_done = split->is_done;
    pthread_mutex_unlock(&split->lock);
    return !is_done;
}

static void end_turn(struct split *split, size_t size, bool ok)
{
    pthread_mutex_lock(&split->lock);
    split->ok = ok;
    split->is_done = !ok || size < PIECE_BYTES;
    split->fed_bytes += size;
    split->turn++;
    pthread_cond_broadcast(&split->turn_came);
    pthread_mutex_unlock(&split->lock);
    if (split->bytes_read != NULL)
        atomic_fetch_add_explicit(split->bytes_read, size, memory_order_relaxed);
}

/* A number that no other thread has. */
static uint64_t take_piece(struct split *split)
{
    pthread_mutex_lock(&split->lock);
    uint64_t number = split->next++;
    pthread_mutex_unlock(&split->lock);
    return number;
}

/* Runs in each thread until the log ends. */
static void work(struct split *split, struct freelog_ahead *ahead, char *piece)
{
    for (;;) {
        uint64_t number = take_piece(split);
        size_t size = read_piece(split, piece, number);
        freelog_ahead_read(ahead, piece, size);
        if (!await_turn(split, number))
            return;
        end_turn(split, size, freelog_parser_feed_ahead(split->parser, ahead, piece, size));
    }
}

struct helpers {
    struct split split;
    struct freelog_ahead *ahead[THREADS_MAX];
    char *piece[THREADS_MAX];
};

static void help(void *user, size_t item)
{
    struct helpers *helpers = user;
    work(&helpers->split, helpers->ahead[item], helpers->piece[item]);
}

bool load_split(struct freelog_parser *parser, struct input *input, unsigned int threads,
                atomic_uint_least64_t *bytes_read)
{
    struct helpers helpers = {.split = {.parser = parser, .input = input, .bytes_read = bytes_read, .ok = true}};
    struct split *split = &helpers.split;
    size_t order[THREADS_MAX], count = 0;
    if (!input_report(input, &split->begin))
        return true;
    for (; count < threads && count < THREADS_MAX; count++) {
        order[count] = count;
        helpers.ahead[count] = freelog_ahead_new(parser);
        helpers.piece[count] = aligned_alloc(PAGE_BYTES, PIECE_BYTES);
        if (helpers.ahead[count] == NULL || helpers.piece[count] == NULL) {
            freelog_ahead_free(helpers.ahead[count]);
            free(helpers.piece[count]);
            break;
        }
    }
    pthread_mutex_init(&split->lock, NULL);
    pthread_cond_init(&split->turn_came, NULL);
    if (count > 1) {
        pool_run(order, count, (unsigned int)count, help, &helpers, NULL);
        input_seek(input, split->begin + split->fed_bytes);
    }
    pthread_cond_destroy(&split->turn_came);
    pthread_mutex_destroy(&split->lock);
    while (count-- > 0) {
        freelog_ahead_free(helpers.ahead[count]);
        free(helpers.piece[count]);
    }
    return split->ok;
}
