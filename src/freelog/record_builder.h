/* SPDX-License-Identifier: MIT */
/* record_builder: assembles the lines of one node into records. */
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
#define FREELOG_MEMORY_MAX_BYTES 1e19 /* a greater value is not memory but a difference that wrapped around below 0 */
#define FREELOG_SWAP_MAX_BYTES   1e18 /* a greater value is a difference that wrapped around below 0 */

/* How numbers are aligned: the first ends at column `first`, each further one `step` columns later. */
struct column_edges {
    int first, step; /* 0 while unknown or irregular */
};

/* The layout that a header specifies, or that was inferred without one. */
struct column_layout {
    uint8_t column[FREELOG_HEADINGS_MAX]; /* enum freelog_column, FREELOG_COLUMN_COUNT for an unknown word */
    size_t count;                         /* 0 before any header and row */
    bool by_place;                        /* the words are unknown or missing: a row's length decides */
    double unit_bytes, bare_base;
    struct column_edges edges;
};

/* Where the parser reports its findings. `line` is the line being read. */
struct freelog_reporter {
    struct freelog_sink sink;
    unsigned long line;
};

/* Calls the sink's note with the printable bytes of [at, end). */
void freelog_report_note(const struct freelog_reporter *report, enum freelog_note note, const char *at,
                         const char *end);

/* The section of a sar log that a node's rows belong to. */
enum other_section { OTHER_SECTION_NONE, OTHER_SECTION_MEMORY, OTHER_SECTION_SWAP };

/* A node's state between two lines. It owns no memory except the label. */
struct record_builder {
    char *label; /* "" for lines without one; owned by the stream table */
    char *names; /* the nodes that a folded label expands to, see node_names_expand; NULL for one node */
    char header[FREELOG_HEADER_MAX];
    size_t header_length;
    struct column_layout layout;
    struct freelog_record record; /* the record being read */
    bool has_mem;                 /* its row Mem was read */
    bool is_bad;                  /* it is skipped and was reported */
    bool is_damaged;              /* a row of it was skipped and reported */
    uint32_t rows;                /* its rows, one bit per enum freelog_row */
    uint32_t usual_rows;          /* the rows of records of this run */
    bool lacks_buffers_row;       /* the first records have no row "-/+ buffers/cache", unlike those that follow */
    int unknown_rows;             /* number of rows in an unknown language after Mem in this record */
    double unknown_total;         /* sum of the first values of the first two of them */
    bool has_unknown_words;       /* reported already */
    double buffers_used;          /* of the row "-/+ buffers/cache" */
    bool buffers_only;            /* that row does not subtract the cache (busybox up to 1.23) */
    double resolution;            /* of the record's numbers, in bytes */
    enum freelog_used_meaning used_meaning; /* of the records before */
    struct timestamp_clock clock;
    bool has_labelled_rows;     /* its rows have labels, so rows without a label are not its rows (pssh -P prints such
                                 * rows) */
    bool stamps_follow;         /* times on separate lines belong to the record before */
    unsigned int record_weight; /* of the time of the record being read */
    bool has_stamp;             /* a time came for the next record: */
    struct log_time stamp;
    unsigned int stamp_weight;
    bool is_unit_given; /* the user specified the unit of bare numbers */
    double last_total;  /* of the previous record with bare numbers, in bytes; 0 if there is none */
    bool had_time;      /* a record with a time was emitted: */
    struct log_time last_time;
    unsigned long given;   /* records */
    unsigned long skipped; /* records skipped since then */
    bool is_other;         /* it is another program's log: */
    struct derive_extra extra;
    struct derive_bounds bounds;
    enum other_section section;
    struct other_stream *other; /* state that its format keeps between lines; NULL if there is none */
};

/* The damage of a row that is visible from its line alone. */
enum row_flaw {
    ROW_FLAW_NONE,
    ROW_FLAW_CUT, /* the row runs into other text */
    ROW_FLAW_BAD  /* the text at values.rest should be a number but is not */
};

/* A row on its line. */
struct row_text {
    enum freelog_row row;
    const char *word; /* start of its word, NULL for a row without one */
    const char *end;  /* of its line */
    struct row_values values;
    bool is_whole; /* no digit can be missing at its end */
    enum row_flaw flaw;
    bool buffers_only;           /* "-/+ buffers:" */
    enum freelog_note cut_note;  /* what to report if it is truncated */
    const struct log_time *time; /* on its line, NULL if there is none */
    unsigned int time_weight;
};

/* Returns the name of the stream's node, or of the first of its nodes. */
const char *record_builder_name(const struct record_builder *stream);

/* Initializes a stream for the lines of `label`, which it does not own. */
void record_builder_init(struct record_builder *stream, char *label, double unit_bytes);

/* Begins a record at a header. [at, end) is the text of the header from its first word on; `layout` is what it
 * specifies. */
void record_builder_header(struct record_builder *stream, const struct freelog_reporter *report, const char *at,
                           const char *end, const struct column_layout *layout);

/* Returns how many values a row should have as far as known, 0 if unknown. A row Job has six regardless of the header.
 */
size_t record_builder_expected(const struct record_builder *stream, enum freelog_row row);

/* Returns true if a line that begins like a row of the recorders is one: other programs may print "Job: 12". */
bool record_builder_is_row(const struct record_builder *stream, const struct row_text *row);

/* Returns the columns of the values of a row Swap, Job or Jobswap; `*count` becomes their number. */
const uint8_t *record_builder_columns(enum freelog_row row, size_t *count);

/* Adds a row, and reports it if it is damaged. Emits the record that it completes. */
void record_builder_row(struct record_builder *stream, const struct freelog_reporter *report, struct row_text *row);

/* Adds a time on a separate line or before a header. It belongs to the next record or, with stamps_follow, to the
 * previous one. Of several times for one record, the one with the greatest weight wins; among equal weights, the last.
 */
void record_builder_stamp(struct record_builder *stream, const struct freelog_reporter *report, struct log_time time,
                          unsigned int weight);

/* Returns true if two times of one record are different dates. */
bool record_builder_times_differ(const struct log_time *a, const struct log_time *b);

/* Emits the record being read, if there is one and it is complete. */
void record_builder_end(struct record_builder *stream, const struct freelog_reporter *report);

/* Emits the record of a line of free -L: used swap, cache, used and free memory, in bytes. */
void record_builder_line(struct record_builder *stream, const struct freelog_reporter *report, const double bytes[4],
                         const struct log_time *time, unsigned int weight);

/* Begins a record of a program other than free. `time` is the time on its line, NULL if there is none; `resolution` is
 * that of its numbers, in bytes. */
void record_builder_begin(struct record_builder *stream, const struct freelog_reporter *report,
                          const struct log_time *time, unsigned int weight, double resolution);

/* Puts a value into a record begun by record_builder_begin. An impossible value is reported, and its record is skipped.
 */
void record_builder_put(struct record_builder *stream, const struct freelog_reporter *report,
                        enum freelog_column column, double bytes);

/* Returns the columns, of those `present` in the records of a run, that record_builder_run is likely to need. */
uint32_t record_builder_run_columns(const struct record_builder *stream, const struct freelog_reporter *report,
                                    uint32_t present);

/* Emits records whose rows were read elsewhere, as if they had been added row by row, each complete with its last row.
 * Fills in the meaning of `used` and the label. Returns false and emits nothing if deciding the meaning needs all
 * columns, and `is_all` is false because some were not read. */
bool record_builder_run(struct record_builder *stream, const struct freelog_reporter *report, struct freelog_run *run,
                        bool is_all);

/* Returns true if the records of a run have about the same total as those before. Otherwise their unit may have
 * changed, and they must be added row by row. */
bool record_builder_keeps_unit(const struct record_builder *stream, const struct freelog_run *run);

/* Begins another run of free, which does not continue the previous one. */
void record_builder_new_run(struct record_builder *stream, const struct freelog_reporter *report);

#endif
