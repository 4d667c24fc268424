/* SPDX-License-Identifier: MIT */
/* vocabulary: the names of free(1)'s rows and columns, in all its languages. */
#ifndef MEMTRACE_FREELOG_VOCABULARY_H
#define MEMTRACE_FREELOG_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

#include "freelog/parser.h"

enum freelog_row {
    FREELOG_ROW_NONE,
    FREELOG_ROW_MEM,
    FREELOG_ROW_LOW,
    FREELOG_ROW_HIGH,
    FREELOG_ROW_BUFFERS, /* "-/+ buffers/cache:" */
    FREELOG_ROW_SWAP,
    FREELOG_ROW_TOTAL,
    FREELOG_ROW_COMM,
    FREELOG_ROW_JOB,     /* "Job:" of the recorders: the job's memory cgroup in the form of a machine's memory */
    FREELOG_ROW_JOBSWAP, /* "Jobswap:" */
    FREELOG_ROW_UNKNOWN, /* in an unknown language */
    FREELOG_ROW_COUNT
};

/* Returns where the first colon at or after `at` begins, and sets `*after` to where it ends. It is ASCII, or fullwidth
 * in UTF-8 or GB18030. Returns NULL if there is none. */
const char *vocabulary_colon(const char *at, const char *end, const char **after);

/* Returns the row whose word ends at `colon`, and sets `*word` to where the word begins, not before `start`. Returns
 * FREELOG_ROW_NONE if no known word ends there. */
enum freelog_row vocabulary_row(const char *start, const char *colon, const char **word);

/* Returns the column of the longest heading that begins at `at` and is followed by a blank or the end, and sets
 * `*after` to the end of the heading. Returns FREELOG_COLUMN_COUNT if no known heading begins there. */
enum freelog_column vocabulary_heading(const char *at, const char *end, const char **after);

#endif
