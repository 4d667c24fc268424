/* free_stream: the lines of one node, put together to records. */
#ifndef MEMTRACE_FREE_STREAM_H
#define MEMTRACE_FREE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "free_parser.h"
#include "free_row.h"
#include "free_stamp.h"
#include "free_words.h"

#define FREE_HEADINGS_MAX   FREE_VALUES_MAX
#define FREE_HEADER_MAX     160  /* bytes of a header that are remembered */
#define FREE_SWAP_MAX_BYTES 1e18 /* more is a difference that wrapped around below 0 */

/* How numbers stand under one another: the first ends at column `first`, and each further one `step` columns on. */
struct free_edges {
    int first, step; /* 0 while they are unknown or not regular */
};

/* What a header says, or what was made out without one. */
struct free_layout {
    uint8_t column[FREE_HEADINGS_MAX]; /* enum free_column, FREE_COLUMN_COUNT for an unknown word */
    size_t count;                      /* 0 before any header and row */
    bool by_place;                     /* words were unknown, or none were there: a row's length decides */
    double unit_bytes, bare_base;
    struct free_edges edges;
};

/* Where the parser tells what it found. `line` is the one being read. */
struct free_tell {
    struct free_sink sink;
    unsigned long line;
};

/* Calls the sink's note with what of [at, end) is printable. */
void free_tell_note(const struct free_tell *tell, enum free_note note, const char *at, const char *end);

/* A node's state between two lines. It owns no memory but the label. */
struct free_stream {
    char *label;               /* "" for the lines without one; the stream table's */
    struct free_stream *next;  /* in the stream table */
    struct free_stream *later; /* in order of appearance */
    char header[FREE_HEADER_MAX];
    size_t header_length;
    struct free_layout layout;
    struct free_record record;           /* the one being read */
    bool has_mem;                        /* its row Mem was read */
    bool is_bad;                         /* it is left out, which was told */
    bool is_damaged;                     /* a row of it is left out, which was told */
    uint32_t rows;                       /* rows that it has, a bit for each enum free_row */
    uint32_t usual_rows;                 /* rows that records of this run have */
    int unknown_rows;                    /* in an unknown language, of this record behind Mem */
    double unknown_total;                /* first values of the first two of them */
    bool has_unknown_words;              /* which was told */
    double buffers_used;                 /* of the row "-/+ buffers/cache" */
    bool buffers_only;                   /* that row leaves the cache out (busybox up to 1.23) */
    double resolution;                   /* of the record's numbers in bytes */
    enum free_used_meaning used_meaning; /* of the records before */
    struct free_clock clock;
    bool has_stamp; /* one came for the next record: */
    struct free_time stamp;
    bool had_time; /* a record was given with: */
    struct free_time last_time;
    unsigned long given; /* records */
};

/* What is wrong with a row that is seen from its line alone. */
enum free_flaw {
    FREE_FLAW_NONE,
    FREE_FLAW_CUT, /* it goes over into something else */
    FREE_FLAW_BAD  /* what stands at values.rest should be a number and is none */
};

/* A row on its line. */
struct free_row_text {
    enum free_row row;
    const char *word; /* where it begins, NULL for a row without */
    const char *end;  /* of its line */
    struct free_values values;
    bool is_whole; /* no digit can be missing at its end */
    enum free_flaw flaw;
    bool buffers_only;            /* "-/+ buffers:" */
    enum free_note cut_note;      /* what to tell when it is cut short */
    const struct free_time *time; /* that stands on its line, NULL without */
};

/* Prepares for the lines of `label`, which the stream does not own. */
void free_stream_init(struct free_stream *stream, char *label, double unit_bytes);

/* A header begins a record. [at, end) is its text from the first word on; `layout` what it says. */
void free_stream_header(struct free_stream *stream, const struct free_tell *tell, const char *at, const char *end,
                        const struct free_layout *layout);

/* How many values a row has by what is known so far, 0 when that is nothing. */
size_t free_stream_expected(const struct free_stream *stream, enum free_row row);

/* Takes a row; tells when it is damaged. A record that is complete with it is given. */
void free_stream_row(struct free_stream *stream, const struct free_tell *tell, struct free_row_text *row);

/* A time on a line of its own, or before a header: that of the next record. */
void free_stream_stamp(struct free_stream *stream, const struct free_tell *tell, struct free_time time);

/* Gives the record being read, if there is one and it is whole. */
void free_stream_end(struct free_stream *stream, const struct free_tell *tell);

/* Gives a line of free -L: used swap, cache, used and free memory, in bytes. */
void free_stream_line(struct free_stream *stream, const struct free_tell *tell, const double bytes[4],
                      const struct free_time *time);

/* Which columns of a run free_stream_run is likely to need, of those that are `present` in its records. */
uint32_t free_stream_run_columns(const struct free_stream *stream, const struct free_tell *tell, uint32_t present);

/* Gives records whose rows were read elsewhere, as if they had come row by row: each was complete with its last. Fills
 * in what they mean and whose they are. False, and nothing given, when it takes all columns of the records to tell what
 * they mean, and `is_all` tells that some were not read. */
bool free_stream_run(struct free_stream *stream, const struct free_tell *tell, struct free_run *run, bool is_all);

/* What begins does not go on with what was before: another run of free. */
void free_stream_new_run(struct free_stream *stream, const struct free_tell *tell);

#endif
