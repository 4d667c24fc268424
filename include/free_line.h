/* free_line: where on a line free's own text begins, whatever stands before it. */
#ifndef MEMTRACE_FREE_LINE_H
#define MEMTRACE_FREE_LINE_H

#include "free_stream.h"

enum free_part_kind {
    FREE_PART_NONE,
    FREE_PART_ROW,
    FREE_PART_HEADER,
    FREE_PART_TRACE, /* "# memtrace" */
    FREE_PART_LINE,  /* "SwapUse ... CachUse ..." of free -L */
};

/* A piece of free's text. It begins at `at`; its numbers, words or keys at `rest`. */
struct free_part {
    enum free_part_kind kind;
    const char *at, *rest;
    enum free_row row;         /* of FREE_PART_ROW */
    struct free_layout layout; /* of FREE_PART_HEADER, which ends at header_end */
    const char *header_end;
};

/* Finds the first part in [at, end). A row's word must have a number behind its colon, or nothing. Headings that are
 * not known, behind "total used free" in any language, make the layout one by_place. `unit_bytes` is that of a header
 * that says nothing of it, if not 0. */
bool free_line_part(const char *at, const char *end, double unit_bytes, struct free_part *part);

/* Finds a row in an unknown language: "<word>: <numbers>" with 3, or 5 to 7 numbers and nothing behind them. The word
 * is what stands before the colon, or its last word where a label or a stamp stands before that. */
bool free_line_unknown_row(const char *at, const char *end, struct free_part *part);

/* Where the last `count` words of the line begin, NULL when there are fewer. */
const char *free_line_last_words(const char *at, const char *end, size_t count);

/* True for five words or more without a digit: what a header in an unknown language looks like. */
bool free_line_like_header(const char *at, const char *end);

#endif
