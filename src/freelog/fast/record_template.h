/* SPDX-License-Identifier: MIT */
/* record_template: where the numbers of a log's records stand, and the reading of records that look like one already
 * read.
 */
#ifndef MEMTRACE_FREELOG_FAST_RECORD_TEMPLATE_H
#define MEMTRACE_FREELOG_FAST_RECORD_TEMPLATE_H

#include "../record_builder.h"
#include "freelog/fast/simd.h"

/* A record of header, Mem and Swap, maybe Job and Jobswap, with or without a blank line. Fields are the columns that a
 * number may use: from after the number before it to its last digit, SIMD_WIDTH at most. */
struct record_template {
    size_t size;                                 /* bytes of a record */
    unsigned int lines, filled;                  /* of them those that are not blank */
    uint32_t rows;                               /* a bit for each enum freelog_row */
    size_t words;                                /* of bits that a record takes */
    struct column_layout layout;                 /* of the stream when it was learned */
    unsigned char text[SIMD_MAX];                /* the record with its fields blank */
    unsigned char field[SIMD_MAX];               /* 0xff in fields, else 0 */
    uint64_t fields[SIMD_WORDS];                 /* the same as bits */
    uint64_t inner[SIMD_WORDS];                  /* all but the last columns of fields */
    uint64_t last[SIMD_WORDS];                   /* last columns of fields */
    uint64_t high[SIMD_WORDS];                   /* columns of a field before its last 8 */
    uint64_t outside[SIMD_WORDS];                /* bits after the record */
    uint16_t place[FREELOG_COLUMN_COUNT];        /* where the last SIMD_WIDTH columns of each number begin */
    struct simd_mask mask[FREELOG_COLUMN_COUNT]; /* 0xff where its first four are its own */
    uint32_t present;                            /* bit for each enum freelog_column */
    /* How many digits the numbers have, of late: */
    _Alignas(16) unsigned char low[SIMD_MAX];
    _Alignas(16) unsigned char width[SIMD_MAX]; /* see simd_fit */
    uint64_t digits[SIMD_WORDS];                /* the same as bits, of the last record looked at closely */
    bool has_avx2;                              /* the processor has it */
    bool is_set;                                /* low and width are those of `digits` */
    bool has_high;                              /* a number may have more than 8 digits */
};

/* Learns the shape of the record at `at`, which `stream` is to read next. Returns false if it is none that can be read
 * so: then nothing in `shape` means anything. */
bool record_template_learn(struct record_template *shape, const struct record_builder *stream, const char *at,
                           const char *end);

/* Returns true if the layout is the one by which `shape` was learned, and `header` its header. */
bool record_template_is_of(const struct record_template *shape, const struct record_builder *stream);

/* How many records from `at` on, FREELOG_RUN_MAX at most, end before `end` and differ in nothing but their digits from
 * the one learned: every byte of theirs is looked at. They are shape->size bytes each. What it finds of the number of
 * digits goes to `shape`. */
size_t record_template_verify(struct record_template *shape, const char *at, const char *end);

/* Reads the columns that have a bit in `columns`, or fewer if the records lack some, of `count` verified records, the
 * last that were. */
void record_template_read(const struct record_template *shape, const char *at, size_t count, uint32_t columns,
                          struct freelog_run *run);

#endif
