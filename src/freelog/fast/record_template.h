/* SPDX-License-Identifier: MIT */
/* record_template: the positions of the numbers in a log's records; reads records with the same layout as an earlier
 * one. */
#ifndef MEMTRACE_FREELOG_FAST_RECORD_TEMPLATE_H
#define MEMTRACE_FREELOG_FAST_RECORD_TEMPLATE_H

#include "../record_builder.h"
#include "freelog/fast/simd.h"

#define RECORD_ROWS_MAX  4
#define RECORD_SLOTS_MAX (FREELOG_COLUMN_COUNT + 3)

/* Numbers of a row that are read together; the last one is repeated if there are fewer than four. */
struct row_numbers {
    size_t offset[4]; /* in the row */
    struct simd_mask mask[4];
    unsigned int slot, count;
};

/* A record of header, Mem and Swap, optionally Job and Jobswap, with or without a blank line. A number's field is the
 * range of columns that it may use, at most 12: from the end of the previous number to its last digit. */
struct record_template {
    size_t size;                       /* bytes of a record */
    unsigned int lines, filled;        /* all lines; those that are not blank */
    size_t begin[RECORD_ROWS_MAX + 1]; /* row i is from byte begin[i] to begin[i + 1]; the header precedes begin[0] */
    unsigned int row_count;
    uint32_t rows;                               /* a bit for each enum freelog_row */
    struct column_layout layout;                 /* of the stream when it was learned */
    struct simd_pattern pattern;                 /* of all bytes; the text has blanks in fields */
    uint16_t place[FREELOG_COLUMN_COUNT];        /* begin of the SIMD_WIDTH bytes at whose end the number ends */
    struct simd_mask mask[FREELOG_COLUMN_COUNT]; /* which of these bytes are its field */
    uint32_t present;                            /* bit for each enum freelog_column */
    struct row_numbers row[RECORD_ROWS_MAX][2];  /* four numbers each */
    unsigned int count;                          /* numbers read from rows */
    uint8_t slot[FREELOG_COLUMN_COUNT];          /* index of a column among these numbers */
    /* The expected places of digits, from an earlier record: */
    unsigned char low[SIMD_MAX], width[SIMD_MAX]; /* see simd_fit */
    bool is_set, has_avx2;                        /* the processor has it */
    unsigned int in_vain, pause; /* consecutive failures of these places; records until they are set again */
};

/* Learns the shape of the record at `at`, which `stream` will read next. Returns false if its shape cannot be learned;
 * `shape` is then invalid. */
bool record_template_learn(struct record_template *shape, const struct record_builder *stream, const char *at,
                           const char *end);

/* Returns true if the stream has the layout and header of `shape`. */
bool record_template_is_of(const struct record_template *shape, const struct record_builder *stream);

/* Returns how many complete records from `at` to `end`, at most FREELOG_RUN_MAX, differ from the learned one only in
 * digits; checks every byte. Each record has shape->size bytes. Updates the expected places of digits in `shape`. */
size_t record_template_verify(struct record_template *shape, const char *at, const char *end);

/* Reads the columns in the bit set `columns`, as far as the records have them, from the `count` records that were
 * verified last. */
void record_template_read(const struct record_template *shape, const char *at, size_t count, uint32_t columns,
                          struct freelog_run *run);

/* Like record_template_verify for one record without its blank line, which has begin[row_count] bytes. */
bool record_template_verify_rows(struct record_template *shape, const char *at);

/* Like record_template_read for verified records that begin at at[i]. */
void record_template_read_at(const struct record_template *shape, const char *const *at, size_t count, uint32_t columns,
                             struct freelog_run *run);

/* Returns true if the header, with its line end, begins at `at`. */
bool record_template_is_header(const struct record_template *shape, const char *at, const char *end);

/* Reads all numbers of the `count` rows from row `first` on to value[slot of the column]. The rows must be at `at`,
 * with `gap` bytes between them and at least one byte before the first. Returns where the last row ends, NULL if the
 * text does not match. Overwrites up to three values after those of the rows, so rows must be read in order. */
const char *record_template_take_rows(const struct record_template *shape, unsigned int first, unsigned int count,
                                      const char *at, const char *end, size_t gap, double *value);

#endif
