/* SPDX-License-Identifier: MIT */
/* fast_path: the fast path of the parser, for records that look like the previous one. */
#ifndef MEMTRACE_FREELOG_FAST_FAST_PATH_H
#define MEMTRACE_FREELOG_FAST_FAST_PATH_H

#include "../line_classifier.h"
#include "label_path.h"
#include "record_template.h"
#include "stamp_path.h"

/* What was learned. A zeroed one has learned nothing. */
struct fast_path {
    struct record_template shape;
    bool is_learned; /* line_classifier read a record of this shape without reporting anything */
    bool is_awaited; /* `shape` becomes learned once line_classifier has emitted the complete record it is from: */
    bool is_off;     /* the fast path is not used for this log */
    unsigned long awaited_line, awaited_given; /* line of this record's row Mem; its number in its stream */
    unsigned long misses;                      /* records since the last one taken */
    struct label_path labels;
    struct stamp_path stamps;
};

/* Returns true if fast_path_take may take a line that begins with this byte. */
static inline bool fast_path_may(const struct fast_path *fast, const struct line_classifier *log, char first)
{
    return !fast->is_off && (first == ' ' || label_path_may(log) || stamp_path_may(log));
}

/* Emits records that were taken but not emitted yet. Call it before `log` is given anything else, and at its end. */
static inline void fast_path_settle(struct fast_path *fast, struct line_classifier *log)
{
    if (fast->labels.dirty != NULL)
        label_path_settle(&fast->labels, log);
    fast->labels.state++;
}

void fast_path_free(struct fast_path *fast);

/* Takes records from `at`, the beginning of a line, and emits them exactly as line_classifier_line would. Returns where
 * they end: the beginning of a line that line_classifier_line must read, or `end`. */
const char *fast_path_take(struct fast_path *fast, struct line_classifier *log, const char *at, const char *end);

/* A piece of a log read ahead: `count` runs from byte `begin` to byte `end`. */
struct freelog_ahead {
    struct record_template shape;
    uint32_t columns; /* columns of the runs */
    size_t begin, end;
    struct freelog_run *run;
    size_t count, capacity;
};

/* Emits the runs, which begin at `at`, as line_classifier_line would. Returns false and does nothing if it is not their
 * turn, or if `log` would read them differently. */
bool fast_path_give_ahead(struct line_classifier *log, struct freelog_ahead *ahead, const char *at);

/* Creates a helper for the pieces that follow what `fast` and `log` have read. Returns NULL if out of memory, or if
 * nothing was learned. Free it with freelog_ahead_free. */
struct freelog_ahead *fast_path_ahead_new(const struct fast_path *fast, const struct line_classifier *log);

#endif
