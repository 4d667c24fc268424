/* SPDX-License-Identifier: MIT */
/* other_log: logs of other programs than free(1), put together to the same records. One file a format; each finds what
 * its program printed on a line and puts its numbers into the record of the node. */
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

/* What the numbers of one section of a log mean, by their place. */
struct other_layout {
    struct heading heading[HEADINGS_MAX];
    size_t count;
    char separator; /* of OTHER_TABLE; ' ' for blanks */
    size_t named;   /* columns of memory that are among them */
    bool has_time, has_host, is_swap;
    bool has_zone; /* of all its dates: */
    double zone_s; /* east of UTC positive */
};

/* What the unit of vmstat is inferred from. */
struct other_evidence {
    unsigned long numbers, of_pages; /* not 0, and multiples of 4 of these */
    double most;                     /* the greatest sum of a row */
};

/* A log of such a format while it is read. Only other_log.c and the formats look inside. */
struct other_log {
    enum other_format format;
    struct other_layout layout[2]; /* of memory, and of swap where it has a section of its own (sar) */
    double unit_bytes;             /* of numbers without a unit, 0: as the format has it */
    const char *wanted;            /* the heading of the column to read as used, NULL: by the names */
    struct other_evidence evidence;
    unsigned long seen;        /* lines of the format */
    bool is_unit_given;        /* the user named it */
    bool has_top_line;         /* "top - 10:00:00" was there */
    bool has_swap, is_section; /* there is a section of swap, which the rows are of now */
    bool is_seeded;            /* the log's beginning was looked over before */
    bool has_reported_unit;
    size_t last_length; /* bytes of the last field of the last row */
};

/* A line of a format. */
struct other_line {
    struct line_classifier *log;
    struct record_builder *stream;
    const char *at, *end;        /* from where the format's own text begins */
    bool is_whole;               /* no digit can be missing at its end */
    const struct log_time *time; /* before it, NULL if there is none */
    unsigned int weight;
    struct log_time own_time; /* that the format has on its line */
};

/* Returns the name of a format as people know it: "vmstat". */
const char *other_name(enum other_format format);

/* Makes the state of a format for `log`. Returns NULL if out of memory. */
struct other_log *other_log_new(enum other_format format, double unit_bytes, const char *wanted);
void other_log_free(struct other_log *other);

/* Returns where on the line the format's own text begins, NULL when nothing of it is there. */
const char *other_find(struct other_log *other, const char *at, const char *end);

/* Reads a line that other_find found. */
void other_read(struct other_line *line);

/* Returns true if a line on which nothing was found is the program's all the same, and has no time either. */
bool other_is_own(const struct other_log *other, const char *at, const char *end);

/* The log is at its end: gives what was held back. */
void other_finish(struct line_classifier *log);

/* Takes over what another reading of the log's beginning found out. */
void other_seed(struct line_classifier *log, const struct line_classifier *scout);

/* ---- for the formats ---- */

/* What is kept of a node between lines; made at its first. Returns NULL if out of memory, which the log keeps. */
struct other_stream *other_stream_of(struct other_line *line);

/* Frees what is kept of a node; NULL is allowed. */
void other_stream_free(struct other_stream *kept);

/* The time in a text of the line. Returns false if there is none. */
bool other_time(struct other_line *line, const char *at, const char *end, struct log_time *time);

/* Puts a value of a heading into the record of the line's node. */
void other_put(struct other_line *line, const struct heading *heading, double value, double resolution);

/* Reads a number with the unit after it, if any ("5.1G", "12 MiB", "1,234.5" between quotes). `*bytes` is 0 without a
 * unit. Returns false for any other text. */
bool other_number(const char *at, const char *end, double *value, double *bytes, double *resolution);

/* The record of a row is complete: it is given, or held back where a section of swap is to follow. */
void other_end_row(struct other_line *line);

/* Joins a row of swap to the record of the same time, if there is one. */
void other_join_swap(struct other_line *line, const struct other_layout *layout, const double *value, double stamp_s);

/* Gives the records that were held back for their swap. */
void other_give_held(struct line_classifier *log, struct record_builder *stream);

/* Returns the formats. */
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

#endif
