/* SPDX-License-Identifier: MIT */
/* record_builder: the lines of one node, put together to records. */
#ifndef MEMTRACE_FREELOG_RECORD_BUILDER_H
#define MEMTRACE_FREELOG_RECORD_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "freelog/parser.h"
#include "other/derive.h"
#include "row_values.h"
#include "timestamp.h"
#include "vocabulary.h"

#define FREELOG_HEADINGS_MAX     ROW_VALUES_MAX
#define FREELOG_HEADER_MAX       160  /* bytes of a header that are remembered */
#define FREELOG_MEMORY_MAX_BYTES 1e19 /* more is no memory but a difference that wrapped around below 0 */
#define FREELOG_SWAP_MAX_BYTES   1e18 /* more is a difference that wrapped around below 0 */

/* How numbers are aligned: the first ends at column `first`, and each further one `step` columns on. */
struct column_edges {
    int first, step; /* 0 while they are unknown or not regular */
};

/* What a header says, or what was made out without one. */
struct column_layout {
    uint8_t column[FREELOG_HEADINGS_MAX]; /* enum freelog_column, FREELOG_COLUMN_COUNT for an unknown word */
    size_t count;                         /* 0 before any header and row */
    bool by_place;                        /* words were unknown, or none were there: a row's length decides */
    double unit_bytes, bare_base;
    struct column_edges edges;
};

/* Where the parser reports what it found. `line` is the one being read. */
struct freelog_reporter {
    struct freelog_sink sink;
    unsigned long line;
};

/* Calls the sink's note with what of [at, end) is printable. */
void freelog_report_note(const struct freelog_reporter *report, enum freelog_note note, const char *at,
                         const char *end);

/* The section of a log of sar that a node's rows are of. */
enum other_section { OTHER_SECTION_NONE, OTHER_SECTION_MEMORY, OTHER_SECTION_SWAP };

/* A node's state between two lines. It owns no memory but the label. */
struct record_builder {
    char *label; /* "" for the lines without one; the stream table's */
    char *names; /* of the nodes that a folded label expands to, see node_names_expand; NULL for one node */
    char header[FREELOG_HEADER_MAX];
    size_t header_length;
    struct column_layout layout;
    struct freelog_record record;           /* the one being read */
    bool has_mem;                           /* its row Mem was read */
    bool is_bad;                            /* skipped and reported */
    bool is_damaged;                        /* a row was skipped and reported */
    uint32_t rows;                          /* rows that it has, a bit for each enum freelog_row */
    uint32_t usual_rows;                    /* rows that records of this run have */
    int unknown_rows;                       /* in an unknown language, of this record after Mem */
    double unknown_total;                   /* first values of the first two of them */
    bool has_unknown_words;                 /* reported already */
    double buffers_used;                    /* of the row "-/+ buffers/cache" */
    bool buffers_only;                      /* that row leaves the cache out (busybox up to 1.23) */
    double resolution;                      /* of the record's numbers in bytes */
    enum freelog_used_meaning used_meaning; /* of the records before */
    struct timestamp_clock clock;
    bool has_labelled_rows;     /* its rows have labels, so that rows without are no rows of its (pssh -P has such) */
    bool stamps_follow;         /* times on separate lines belong to the record before */
    unsigned int record_weight; /* of the time of the record being read */
    bool has_stamp;             /* a time came for the next record: */
    struct log_time stamp;
    unsigned int stamp_weight;
    bool is_unit_given; /* the user named the unit of bare numbers */
    double last_total;  /* of the record before with bare numbers, in bytes; 0 if there is none */
    bool had_time;      /* a record was given with: */
    struct log_time last_time;
    unsigned long given;   /* records */
    unsigned long skipped; /* records skipped since */
    bool is_other;         /* it is another program's log: */
    struct derive_extra extra;
    struct derive_bounds bounds;
    enum other_section section;
    struct other_stream *other; /* what its format keeps between lines; NULL if there is none */
};

/* What is wrong with a row that is seen from its line alone. */
enum row_flaw {
    ROW_FLAW_NONE,
    ROW_FLAW_CUT, /* it goes over into something else */
    ROW_FLAW_BAD  /* the text at values.rest should be a number and is not */
};

/* A row on its line. */
struct row_text {
    enum freelog_row row;
    const char *word; /* where it begins, NULL for a row without */
    const char *end;  /* of its line */
    struct row_values values;
    bool is_whole; /* no digit can be missing at its end */
    enum row_flaw flaw;
    bool buffers_only;           /* "-/+ buffers:" */
    enum freelog_note cut_note;  /* what to report if it is truncated */
    const struct log_time *time; /* on its line, NULL if there is none */
    unsigned int time_weight;
};

/* Returns the name of its node, or of its first. */
const char *record_builder_name(const struct record_builder *stream);

/* Prepares for the lines of `label`, which the stream does not own. */
void record_builder_init(struct record_builder *stream, char *label, double unit_bytes);

/* A header begins a record. [at, end) is its text from the first word on; `layout` what it says. */
void record_builder_header(struct record_builder *stream, const struct freelog_reporter *report, const char *at,
                           const char *end, const struct column_layout *layout);

/* How many values a row has by what is known so far, 0 when that is nothing. A row Job has six whatever the header. */
size_t record_builder_expected(const struct record_builder *stream, enum freelog_row row);

/* Returns true if a line that begins like a row of the recorders is one: somebody else may print "Job: 12". */
bool record_builder_is_row(const struct record_builder *stream, const struct row_text *row);

/* Returns the columns of the values of a row Swap, Job or Jobswap; `*count` becomes their number. */
const uint8_t *record_builder_columns(enum freelog_row row, size_t *count);

/* Takes a row and reports it if damaged. Emits the record that it completes. */
void record_builder_row(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row);

/* A time on a separate line, or before a header: that of the next record, or the one before with stamps_follow. Of
 * several for one record that of the greatest weight counts, of equal ones the last. */
void record_builder_stamp(struct record_builder *stream, const struct freelog_reporter *report, struct log_time time,
                          unsigned int weight);

/* Returns true if two times of one record are dates and not the same. */
bool record_builder_times_differ(const struct log_time *a, const struct log_time *b);

/* Gives the record being read, if there is one and it is whole. */
void record_builder_end(struct record_builder *stream, const struct freelog_reporter *report);

/* Gives a line of free -L: used swap, cache, used and free memory, in bytes. */
void record_builder_line(struct record_builder *stream, const struct freelog_reporter *report, const double bytes[4],
                         const struct log_time *time, unsigned int weight);

/* Begins a record of another program than free. `time` is that of its line, NULL if there is none; `resolution` that of
 * its numbers in bytes. */
void record_builder_begin(struct record_builder *stream, const struct freelog_reporter *report,
                          const struct log_time *time, unsigned int weight, double resolution);

/* Puts a value into a record that was begun so. An impossible value skips the record, which is reported. */
void record_builder_put(struct record_builder *stream, const struct freelog_reporter *report,
                        enum freelog_column column, double bytes);

/* Which columns of a run record_builder_run is likely to need, of those that are `present` in its records. */
uint32_t record_builder_run_columns(const struct record_builder *stream, const struct freelog_reporter *report,
                                    uint32_t present);

/* Gives records whose rows were read elsewhere, as if they had come row by row: each was complete with its last. Fills
 * in what they mean and whose they are. False, and nothing given, if all columns of the records are needed to decide
 * what they mean, and `is_all` says that some were not read. */
bool record_builder_run(struct record_builder *stream, const struct freelog_reporter *report, struct freelog_run *run,
                        bool is_all);

/* Returns true if the records of a run have about the total of those before: else their unit may have changed, and they
 * must come row by row. */
bool record_builder_keeps_unit(const struct record_builder *stream, const struct freelog_run *run);

/* What begins does not go on with what was before: another run of free. */
void record_builder_new_run(struct record_builder *stream, const struct freelog_reporter *report);

#endif
