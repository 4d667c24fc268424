/* free_words: what free(1) calls its rows and columns, in the languages it speaks. */
#ifndef MEMTRACE_FREE_WORDS_H
#define MEMTRACE_FREE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "free_parser.h"

enum free_row {
    FREE_ROW_NONE,
    FREE_ROW_MEM,
    FREE_ROW_LOW,
    FREE_ROW_HIGH,
    FREE_ROW_BUFFERS, /* "-/+ buffers/cache:" */
    FREE_ROW_SWAP,
    FREE_ROW_TOTAL,
    FREE_ROW_COMM,
    FREE_ROW_UNKNOWN, /* in an unknown language */
    FREE_ROW_COUNT
};

/* The colon, ASCII or fullwidth in UTF-8 or GB18030, at or after `at`: where it begins, and in `*after` where it ends.
 * NULL without one. */
const char *free_words_colon(const char *at, const char *end, const char **after);

/* The row whose word ends at `colon`; it begins at `*word`, not before `start`. FREE_ROW_NONE when no known word does.
 */
enum free_row free_words_row(const char *start, const char *colon, const char **word);

/* The column whose heading stands at `at`, up to `*after`, with a blank or the end behind it; of several the longest.
 * FREE_COLUMN_COUNT when no known one does. */
enum free_column free_words_heading(const char *at, const char *end, const char **after);

#endif
