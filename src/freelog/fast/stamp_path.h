/* SPDX-License-Identifier: MIT */
/* stamp_path: records with times: before each line, as ts(1) writes them, or on separate lines, as date(1) does. */
#ifndef MEMTRACE_FREELOG_FAST_STAMP_PATH_H
#define MEMTRACE_FREELOG_FAST_STAMP_PATH_H

#include "../line_classifier.h"
#include "record_template.h"

#define STAMP_TEXT_MAX 64 /* bytes of a time */

/* The form of the log's times: a text of which only the time of day changes, or seconds since 1970. */
struct stamp_form {
    char text[STAMP_TEXT_MAX];
    size_t size;             /* 0: not known */
    size_t digits, fraction; /* where the digits begin, and how many of them follow a decimal mark */
    bool is_epoch;
    struct timestamp stamp; /* without its time_s */
    unsigned int weight;    /* see line_times_weight */
};

/* The learned shape and forms. A zeroed struct has learned nothing. */
struct stamp_path {
    struct record_template shape; /* of the lines without their times */
    bool is_learned;
    struct stamp_form before, alone; /* before free's text, including the separator; on a separate line */
    size_t prefix_size;              /* of `before`, 0 if lines have no such time */
    bool are_twins;                  /* `alone` is the beginning of `before`, as on blank lines of ts(1) */
    unsigned int credit;             /* forms are learned again as long as enough records are taken in between */
    char rows[SIMD_MAX];             /* of the last record, collected to learn from */
    size_t rows_size;
};

/* Returns true if the log may have such records. */
static inline bool stamp_path_may(const struct line_classifier *log)
{
    return log->has_time && log->streams.count == 1 && log->other == NULL;
}

/* Takes records from `at`, the beginning of a line, and emits them as line_classifier_line would. Returns where they
 * end: the beginning of a line that line_classifier_line must read, or `end`. */
const char *stamp_path_take(struct stamp_path *path, struct line_classifier *log, const char *at, const char *end);

#endif
