/* free_shape: where the numbers of a log's records stand, and the reading of records that look like one already read.
 */
#ifndef MEMTRACE_FREE_SHAPE_H
#define MEMTRACE_FREE_SHAPE_H

#include "free_lanes.h"
#include "free_stream.h"

/* A record of header, Mem and Swap, with or without a blank line. Fields are the columns that a number may use: from
 * behind the number before it to its last digit, FREE_LANES_WIDTH at most. */
struct free_shape {
    size_t size; /* bytes of a record */
    unsigned int lines;
    struct free_layout layout;                      /* of the stream when it was learned */
    unsigned char text[FREE_LANES_MAX];             /* the record with its fields blank */
    unsigned char field[FREE_LANES_MAX];            /* 0xff in fields, else 0 */
    uint64_t fields[FREE_LANES_WORDS];              /* the same as bits */
    uint64_t inner[FREE_LANES_WORDS];               /* all but the last columns of fields */
    uint64_t last[FREE_LANES_WORDS];                /* last columns of fields */
    uint64_t high[FREE_LANES_WORDS];                /* columns of a field before its last 8 */
    uint64_t outside[FREE_LANES_WORDS];             /* bits behind the record */
    uint16_t place[FREE_COLUMN_COUNT];              /* where the last FREE_LANES_WIDTH columns of each number begin */
    struct free_lanes_mask mask[FREE_COLUMN_COUNT]; /* 0xff where its first four are its own */
    uint32_t present;                               /* bit for each enum free_column */
    /* How many digits the numbers have, of late: */
    _Alignas(16) unsigned char low[FREE_LANES_MAX];
    _Alignas(16) unsigned char width[FREE_LANES_MAX]; /* see free_lanes_fit */
    uint64_t digits[FREE_LANES_WORDS];                /* the same as bits, of the last record looked at closely */
    bool has_avx2;                                    /* the processor has it */
    bool is_set;                                      /* low and width are those of `digits` */
    bool has_high;                                    /* a number may have more than 8 digits */
};

/* Learns the shape of the record at `at`, which `stream` is to read next. False when it is none that can be read so:
 * then nothing in `shape` means anything. */
bool free_shape_learn(struct free_shape *shape, const struct free_stream *stream, const char *at, const char *end);

/* True when the layout is the one by which `shape` was learned, and `header` its header. */
bool free_shape_is_of(const struct free_shape *shape, const struct free_stream *stream);

/* How many records from `at` on, FREE_RUN_MAX at most, end before `end` and differ in nothing but their digits from the
 * one learned: every byte of theirs is looked at. They are shape->size bytes each. What it finds of the number of
 * digits goes to `shape`. */
size_t free_shape_verify(struct free_shape *shape, const char *at, const char *end);

/* Reads the columns that have a bit in `columns`, or fewer if the records lack some, of `count` verified records, the
 * last that were. */
void free_shape_read(const struct free_shape *shape, const char *at, size_t count, uint32_t columns,
                     struct free_run *run);

#endif
