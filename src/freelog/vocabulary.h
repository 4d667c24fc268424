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
    FREELOG_ROW_JOB,     /* "Job:" of the recorders: the job's memory cgroup as if it were a machine */
    FREELOG_ROW_JOBSWAP, /* "Jobswap:" */
    FREELOG_ROW_UNKNOWN, /* in an unknown language */
    FREELOG_ROW_COUNT
};

/* Returns the colon, ASCII or fullwidth in UTF-8 or GB18030, at or after `at`: where it begins, and in `*after` where
 * it ends. NULL if there is none. */
const char *vocabulary_colon(const char *at, const char *end, const char **after);

/* Returns the row whose word ends at `colon`; it begins at `*word`, not before `start`. FREELOG_ROW_NONE when no known
 * word does. */
enum freelog_row vocabulary_row(const char *start, const char *colon, const char **word);

/* Returns the column whose heading begins at `at`, up to `*after`, with a blank or the end after it; of several the
 * longest. FREELOG_COLUMN_COUNT when no known one does. */
enum freelog_column vocabulary_heading(const char *at, const char *end, const char **after);

#endif
