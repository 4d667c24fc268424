/* SPDX-License-Identifier: MIT */
/* record_template: the positions of the numbers in a log's records, and the reading of records that look like one
 * already read. */
#ifndef MEMTRACE_FREELOG_FAST_RECORD_TEMPLATE_H
#define MEMTRACE_FREELOG_FAST_RECORD_TEMPLATE_H

#include "../record_builder.h"
#include "freelog/fast/simd.h"

#define RECORD_ROWS_MAX  4
#define RECORD_SLOTS_MAX (FREELOG_COLUMN_COUNT + 3)

/* Numbers of a row that are read at once; the last one is repeated if there are fewer than four. */
struct row_numbers {
    size_t offset[4]; /* in the row */
    struct simd_mask mask[4];
    unsigned int slot, count;
};

/* A record of header, Mem and Swap, maybe Job and Jobswap, with or without a blank line. Fields are the columns that a
 * number may use: from after the number before it to its last digit, 12 at most. */
struct record_template {
    size_t size;                       /* bytes of a record */
    unsigned int lines, filled;        /* of them those that are not blank */
    size_t begin[RECORD_ROWS_MAX + 1]; /* row i is from byte begin[i] to begin[i + 1], the header before the first */
    unsigned int row_count;
    uint32_t rows;                               /* a bit for each enum freelog_row */
    struct column_layout layout;                 /* of the stream when it was learned */
    struct simd_pattern pattern;                 /* of all bytes; the text has blanks in fields */
    uint16_t place[FREELOG_COLUMN_COUNT];        /* where the bytes begin that a number ends in */
    struct simd_mask mask[FREELOG_COLUMN_COUNT]; /* which of them are its field */
    uint32_t present;                            /* bit for each enum freelog_column */
    struct row_numbers row[RECORD_ROWS_MAX][2];  /* four numbers each */
    unsigned int count;                          /* of numbers that are read from rows */
    uint8_t slot[FREELOG_COLUMN_COUNT];          /* which of them a column is */
    /* Where digits are expected, by the last record that was set: */
    unsigned char low[SIMD_MAX], width[SIMD_MAX]; /* see simd_fit */
    bool is_set, has_avx2;                        /* the processor has it */
    unsigned int in_vain, pause; /* how often in a row they were missing, and for how many records to pause */
};

/* Learns the shape of the record at `at`, which `stream` is to read next. Returns false if it cannot be read that way:
 * `shape` is then invalid. */
bool record_template_learn(struct record_template *shape, const struct record_builder *stream, const char *at,
                           const char *end);

/* Returns true if the stream has the layout and header of `shape`. */
bool record_template_is_of(const struct record_template *shape, const struct record_builder *stream);

/* How many records from `at` on, FREELOG_RUN_MAX at most, end before `end` and differ in nothing but their digits from
 * the one learned: every byte of theirs is looked at. They are shape->size bytes each. What it finds of the places of
 * digits goes to `shape`. */
size_t record_template_verify(struct record_template *shape, const char *at, const char *end);

/* Reads the columns that have a bit in `columns`, or fewer if the records lack some, of `count` verified records, the
 * last that were. */
void record_template_read(const struct record_template *shape, const char *at, size_t count, uint32_t columns,
                          struct freelog_run *run);

/* As record_template_verify for one record without its blank line, which has begin[row_count] bytes. */
bool record_template_verify_rows(struct record_template *shape, const char *at);

/* As record_template_read for verified records that begin at at[i]. */
void record_template_read_at(const struct record_template *shape, const char *const *at, size_t count, uint32_t columns,
                             struct freelog_run *run);

/* Returns true if the header, with its line end, begins at `at`. */
bool record_template_is_header(const struct record_template *shape, const char *at, const char *end);

/* Reads all numbers of `count` rows from row `first` on, each to value[slot of its column], if they and nothing else
 * are at `at`, `gap` bytes apart, after at least one byte. Returns where the last ends, NULL if not. Up to three values
 * after those of the rows are overwritten: rows are read in their order. */
const char *record_template_take_rows(const struct record_template *shape, unsigned int first, unsigned int count,
                                      const char *at, const char *end, size_t gap, double *value);

#endif
