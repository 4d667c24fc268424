/* SPDX-License-Identifier: MIT */
/* other_log: assembles logs of programs other than free(1) into the same records. One file per format; each finds the
 * text of its program on a line and puts the numbers into the record of the node. */
#ifndef MEMTRACE_FREELOG_OTHER_LOG_H
#define MEMTRACE_FREELOG_OTHER_LOG_H

#include "../line_classifier.h"
#include "headings.h"

enum other_format {
    OTHER_MEMINFO, /* loops over /proc/meminfo */
    OTHER_TOP,     /* headers of top -b */
    OTHER_VMSTAT,
    OTHER_SAR,
    OTHER_TABLE, /* a line of headings and rows: CSV, blanks, sadf -d */
    OTHER_COUNT
};

/* The meaning of the numbers in one section of a log, by position. */
struct other_layout {
    struct heading heading[HEADINGS_MAX];
    size_t count;
    char separator; /* for OTHER_TABLE; ' ' for blanks */
    size_t named;   /* number of columns of memory among them */
    bool has_time, has_host, is_swap;
    bool is_index;   /* no heading says that the first column is a time: plain numbers in it are none */
    bool needs_time; /* a column of times is missing, which a row has to show */
    bool is_known;   /* a row has been read that agrees with the headings */
    bool is_bare;    /* of a table: no heading of memory has a unit, and there is no total to infer it from */
    bool is_named;   /* of a table: each row names its values */
    bool has_zone;   /* of all its dates: */
    double zone_s;   /* east of UTC positive */
};

/* The evidence from which the unit of vmstat is inferred; the rows of a table without headings. */
struct other_evidence {
    unsigned long numbers, of_pages; /* numbers other than 0, how many of them are multiples of 4; rows, rows of free */
    double last[2];                  /* of the last row without headings: used and free */
    long opposed;                    /* by how many steps more these moved in opposite directions than in the same */
    double most;                     /* the greatest sum of a row; the total */
};

/* What is known about the marks in the numbers of a table. */
struct other_marks {
    bool has_groups[2]; /* commas, dots: they separate groups of digits, as in "1,234,567" */
    bool has_decimals;  /* commas are decimal marks, as in "12,5" */
};

/* The state of a log of such a format while it is read. Private to other_log.c and the formats. */
struct other_log {
    enum other_format format;
    struct other_layout layout[2]; /* of memory, and of swap if it has a separate section (sar); of a table: the
                                    * second one if two blanks or more separate its headings */
    double unit_bytes;             /* of numbers without a unit; 0: the unit of the format */
    const char *wanted;            /* the heading of the column to read as used; NULL: choose it by the names */
    struct other_evidence evidence;
    unsigned long seen;        /* number of lines in the format */
    bool is_unit_given;        /* the user specified the unit */
    bool has_top_line;         /* "top - 10:00:00" was seen */
    bool has_swap, is_section; /* there is a section of swap; the current rows belong to it */
    bool is_seeded;            /* the log's beginning was examined before */
    bool has_reported_unit;
    bool is_vague; /* numbers without a unit that are no whole pages in KiB */
    struct other_marks marks;
    bool is_guessed;            /* the table has no headings; the numbers of its rows are those of free */
    bool is_nmon, has_row_time; /* the table is one of several in a file of nmon; the time of its rows is known: */
    struct log_time row_time;
    bool has_first_clock;
    double first_clock_s;                     /* time of day of the first headings since the title of a day */
    const struct record_builder *last_stream; /* the node and the time of the last row of a table */
    double last_s;
    size_t last_length;   /* bytes of the last field of the last row */
    unsigned int numbers; /* one bit for each meaning of a heading below which a number was read */
    size_t time_length;   /* bytes of the time of the last row, 0 before the first */
};

/* A line of a format. */
struct other_line {
    struct line_classifier *log;
    struct record_builder *stream;
    const char *at, *end;        /* `at` is where the format's own text begins */
    bool is_whole;               /* no digit can be missing at its end */
    const struct log_time *time; /* the time before that text, NULL if there is none */
    unsigned int weight;
    struct log_time own_time; /* the time in the format's text */
};

/* Returns the usual name of a format: "vmstat". */
const char *other_name(enum other_format format);

/* Creates the state of a format. Returns NULL if out of memory. */
struct other_log *other_log_new(enum other_format format, double unit_bytes, const char *wanted);
void other_log_free(struct other_log *other);

/* Returns where the format's own text begins on the line, or NULL if there is none. */
const char *other_find(struct other_log *other, const char *at, const char *end);

/* Reads a line that other_find found. */
void other_read(struct other_line *line);

/* Returns true if a line on which nothing was found nevertheless belongs to the program, and has no time. */
bool other_is_own(const struct other_log *other, const char *at, const char *end);

/* Ends the log: emits what was held back. */
void other_finish(struct line_classifier *log);

/* Takes over the conclusions of an earlier reading of the log's beginning. */
void other_seed(struct line_classifier *log, const struct line_classifier *scout);

/* ---- for the formats ---- */

/* Returns the state of a node between lines, creating it at the first. Returns NULL if out of memory, which is recorded
 * in the log. */
struct other_stream *other_stream_of(struct other_line *line);

/* Frees the state of a node; NULL is allowed. */
void other_stream_free(struct other_stream *kept);

/* Reads the time in a text of the line. Returns false if there is none. */
bool other_time(struct other_line *line, const char *at, const char *end, struct log_time *time);

/* Puts a value under a heading into the record of the line's node. */
void other_put(struct other_line *line, const struct heading *heading, double value, double resolution);

/* Reads a number with the unit after it, if any ("5.1G", "12 MiB", "1,234.5" between quotes). `*bytes` is 0 without a
 * unit. Returns false for any other text. */
bool other_number(const char *at, const char *end, double *value, double *bytes, double *resolution);

/* Ends the record of a row: emits it, or holds it back if a section of swap is to follow. */
void other_end_row(struct other_line *line);

/* Joins a row of swap to the record of the same time, if there is one. */
void other_join_swap(struct other_line *line, const struct other_layout *layout, const double *value, double stamp_s);

/* Emits the records that were held back for their swap. */
void other_give_held(struct line_classifier *log, struct record_builder *stream);

/* The formats. */
const char *meminfo_find(const char *at, const char *end);
void meminfo_read(struct other_line *line);
bool meminfo_is_own(const char *at, const char *end);
const char *top_find(const char *at, const char *end);
void top_read(struct other_line *line);
const char *vmstat_find(struct other_log *other, const char *at, const char *end);
void vmstat_read(struct other_line *line);
const char *sar_find(const char *at, const char *end);
void sar_read(struct other_line *line);
bool sar_is_own(const char *at, const char *end);
const char *table_find(struct other_log *other, const char *at, const char *end);
void table_read(struct other_line *line);

/* Returns true if the rows of a table do not prove what its columns are: without headings or units, or if the
 * `records` are rare among `lines` lines. */
bool table_is_doubtful(const struct other_log *other, unsigned long records, unsigned long lines);

/* Returns why a text that may be a table has no readable row and what to do, NULL if it is no table. `*line` is the
 * line that is meant. The text is constant. */
const char *table_hint(const char *at, const char *end, const char *wanted, unsigned long *line);

#endif
