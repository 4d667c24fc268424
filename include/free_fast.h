/* free_fast: the fast path of the parser, for records that look like the one before. */
#ifndef MEMTRACE_FREE_FAST_H
#define MEMTRACE_FREE_FAST_H

#include "free_log.h"
#include "free_shape.h"

/* What was learned. A zeroed one has learned nothing. */
struct free_fast {
    struct free_shape shape;
    bool is_learned;                           /* `shape` is that of a record that free_log read without complaint */
    bool is_awaited;                           /* it is, once free_log has read the lines up to line `awaited_line` */
    bool is_off;                               /* never to be used */
    unsigned long awaited_line, awaited_given; /* and its stream has given so many records */
    unsigned long misses;                      /* records since the last one taken */
};

/* Takes records from `at` on, the beginning of a line, and gives them, exactly as free_log_line would with their lines.
 * Returns where they end: the beginning of a line that is free_log_line's, or `end`. */
const char *free_fast_take(struct free_fast *fast, struct free_log *log, const char *at, const char *end);

/* A piece of a log read ahead: `count` runs from byte `begin` to byte `end`. */
struct free_ahead {
    struct free_shape shape;
    uint32_t columns; /* that the runs have */
    size_t begin, end;
    struct free_run *run;
    size_t count, room;
};

/* As free_log_line would with the lines of the runs, if it is their turn and they are what `log` would make of them:
 * true then. Otherwise nothing is done. `at` is where they begin. */
bool free_fast_give_ahead(struct free_log *log, struct free_ahead *ahead, const char *at);

/* The parts of a parser. */
const struct free_fast *free_parser_fast(const struct free_parser *parser);
const struct free_log *free_parser_log(const struct free_parser *parser);

#endif
