/* SPDX-License-Identifier: MIT */
/* line_scan: finds the text that free printed on a line, whatever precedes it. */
#ifndef MEMTRACE_FREELOG_LINE_SCAN_H
#define MEMTRACE_FREELOG_LINE_SCAN_H

#include "record_builder.h"

enum line_part_kind {
    LINE_PART_NONE,
    LINE_PART_ROW,
    LINE_PART_HEADER,
    LINE_PART_TRACE, /* "# memtrace" */
    LINE_PART_LINE,  /* "SwapUse ... CachUse ..." of free -L */
};

/* A piece of free's text. It begins at `at`; its numbers, words or keys at `rest`. */
struct line_part {
    enum line_part_kind kind;
    const char *at, *rest;
    enum freelog_row row;        /* of LINE_PART_ROW */
    bool is_tight;               /* of LINE_PART_LINE: in an unknown language and without columns */
    struct column_layout layout; /* of LINE_PART_HEADER, which ends at header_end */
    const char *header_end;
};

/* Finds the first part in [at, end). A row's word must have a number after its colon, or nothing. Unknown headings
 * after "total used free", in any language, set by_place in the layout. `unit_bytes`, if not 0, applies to headers that
 * do not imply a unit. */
bool line_scan_part(const char *at, const char *end, double unit_bytes, struct line_part *part);

/* Finds a row in an unknown language: "<word>: <numbers>" with 3, or 5 to 7 numbers and nothing after them. The word is
 * the text before the colon, or its last word if a label or a stamp precedes it. */
bool line_scan_unknown_row(const char *at, const char *end, struct line_part *part);

/* Returns where the last `count` words of the line begin; NULL if there are fewer. */
const char *line_scan_last_words(const char *at, const char *end, size_t count);

/* Returns true for at least five words without a digit: a possible header in an unknown language. */
bool line_scan_like_header(const char *at, const char *end);

/* Returns true for a process in the lists of ps aux, ps -ef or top, whose times are those of the process. */
bool line_scan_is_process(const char *at, const char *end);

#endif
