/* SPDX-License-Identifier: MIT */
/* record: the contents of logs of free(1): columns, records, runs of records, and notes about damage. */
#ifndef MEMTRACE_FREELOG_RECORD_H
#define MEMTRACE_FREELOG_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The meaning of a number in a log, regardless of its heading and position. */
enum freelog_column {
    FREELOG_TOTAL,
    FREELOG_USED, /* in the oldest formats, from the row "-/+ buffers/cache" */
    FREELOG_FREE,
    FREELOG_SHARED,
    FREELOG_BUFFERS,
    FREELOG_CACHED,
    FREELOG_BUFF_CACHE,
    FREELOG_AVAILABLE,
    FREELOG_SWAP_TOTAL,
    FREELOG_SWAP_USED,
    FREELOG_SWAP_FREE,
    FREELOG_JOB_TOTAL, /* from the rows "Job" and "Jobswap" of the recorders: the limit of the job's memory cgroup */
    FREELOG_JOB_USED,  /* the part that cannot be reclaimed */
    FREELOG_JOB_FREE,
    FREELOG_JOB_SHARED,
    FREELOG_JOB_CACHE, /* the job's file cache, which can be reclaimed */
    FREELOG_JOB_AVAILABLE,
    FREELOG_JOB_SWAP_TOTAL,
    FREELOG_JOB_SWAP_USED,
    FREELOG_JOB_SWAP_FREE,
    FREELOG_TOTAL_AVAILABLE, /* total - available: never in a record, computed by its users */
    FREELOG_COLUMN_COUNT
};

/* Precedes the node's name in the text of an OOM kill whose message is not from the node's own log: "out of memory task
 * 2 on nid003". The name is a question mark if nothing says which of the log's nodes it was. */
#define FREELOG_EVENT_ON " on "

/* How a log defines "used". */
enum freelog_used_meaning {
    FREELOG_USED_UNKNOWN,
    FREELOG_USED_NO_BUFFERS,  /* total - free - buffers - cached: the row "-/+ buffers/cache" */
    FREELOG_USED_WITH_CACHE,  /* total - free: the old format without that row */
    FREELOG_USED_NO_CACHE,    /* total - free - buff/cache: procps 3.3.10 to 4.0.0 */
    FREELOG_USED_UNAVAILABLE, /* total - available: procps 4.0.1 and later */
    FREELOG_USED_MIXED,       /* for a whole log: more than one of these */
};

/* One record. value[c] is in bytes, and valid if bit c of `present` is set. */
struct freelog_record {
    double value[FREELOG_COLUMN_COUNT];
    uint32_t present;
    unsigned long line;    /* the record's first row, counted from 1 */
    unsigned long skipped; /* number of the node's records skipped right before this one */
    double stamp_s;        /* seconds since the epoch or the log's start; NaN if the log has no times */
    bool stamp_is_epoch;
    bool stamp_is_local;    /* with stamp_is_epoch: a wall clock in an unknown zone, counted as if it were UTC */
    bool stamp_is_dateless; /* with stamp_is_epoch: the year is unknown and counted as 2000, or the date is unknown and
                             * counted from 1 January 2000 */
    enum freelog_used_meaning used_meaning;
    double unit_bytes; /* assumed unit of bare numbers */
    bool has_units;    /* the numbers have units (free -h) */
    const char *label; /* the node in a stream of many nodes, else ""; borrowed for the call */
};

#define FREELOG_RUN_MAX 32

/* Bytes of a log. */
struct freelog_text {
    const char *at;
    size_t size;
};

/* Consecutive records of one node that have the same columns, and either all have a time or none has. value[c][i]
 * belongs to record i, for each bit c of `present`. */
struct freelog_run {
    size_t count;
    uint32_t present;
    unsigned long line;           /* of the first record's first row */
    unsigned long skipped;        /* as in a record, before the first record */
    unsigned int lines;           /* number of lines from one record to the next */
    const unsigned long *line_of; /* of each record if they are not at equal distances, else NULL. Borrowed */
    const double *stamp_s;        /* of each record, NULL without times; borrowed for the call. For all of them: */
    bool stamp_is_epoch, stamp_is_local, stamp_is_dateless;
    const struct freelog_text
        *top;             /* the value of the header "top" that came after each record, `at` NULL if it has none; NULL
                           * if no record has one. Borrowed for the call; the sink's header is not called for them */
    const char *label;    /* as in a record */
    bool has_one_meaning; /* `used` means the same in all: only used_meaning[0] is set */
    enum freelog_used_meaning used_meaning[FREELOG_RUN_MAX];
    double value[FREELOG_COLUMN_COUNT][FREELOG_RUN_MAX];
};

/* The reports of the parser; freelog_note_format has the texts. */
enum freelog_note {
    FREELOG_NOTE_BAD_NUMBER,      /* a value that is not a number; its record is skipped */
    FREELOG_NOTE_CUT_ROW,         /* a truncated row, skipped; for a row Mem, with its record */
    FREELOG_NOTE_CUT_END,         /* the log ends inside a row, which is skipped; for a row Mem, with its record */
    FREELOG_NOTE_NUL,             /* a hole of NUL bytes */
    FREELOG_NOTE_NOISE,           /* lines not in free(1) format */
    FREELOG_NOTE_LONG_LINE,       /* a line longer than any that free prints, skipped */
    FREELOG_NOTE_BAD_SWAP,        /* negative or wrapped-around swap, shown as 0 */
    FREELOG_NOTE_UNKNOWN_WORDS,   /* headings in an unknown language, read by their position */
    FREELOG_NOTE_FORMAT_CHANGED,  /* a different header than before: several runs in one file */
    FREELOG_NOTE_TIME_BACK,       /* a stamp earlier than the last one: a new run */
    FREELOG_NOTE_WATCH,           /* watch(1) output: cannot be read */
    FREELOG_NOTE_MANY_LABELS,     /* lines of more nodes than the limit, skipped */
    FREELOG_NOTE_BAD_SWAP_NUMBER, /* a swap value that is not a number; swap is unknown at that time */
    FREELOG_NOTE_YEAR,            /* times have no year: `text` is the assumed one */
    FREELOG_NOTE_TIMES_DIFFER,    /* two different times for one record */
    FREELOG_NOTE_UNIT_KEPT,       /* numbers without a unit are read as KiB although most are not whole pages */
    FREELOG_NOTE_UNIT_CHANGED,    /* the unit of the numbers changes: `text` is the new one */
    FREELOG_NOTE_UNIT,            /* the unit of the numbers was inferred: `text` */
    FREELOG_NOTE_TIME_LIKE,       /* text that looks like a time but was not understood */
    FREELOG_NOTE_TIME_STALLED,    /* a time of a log whose times never advance: ignored */
    FREELOG_NOTE_PAIRS,           /* times of two numbers, read as minutes and seconds */
    FREELOG_NOTE_DECIMAL_BASE,    /* a total without an i in its unit, `text`, that fits a machine as a power of 1000 */
    FREELOG_NOTE_OUT_OF_RANGE,    /* an impossible number in a "# memtrace" line: `text`, skipped */
    FREELOG_NOTE_IMPOSSIBLE,      /* more memory used, free or cached than the total; the record is skipped */
    FREELOG_NOTE_DECIMAL_UNIT,    /* a heading says MB, GB or TB, which is read as MiB, GiB or TiB */
    FREELOG_NOTE_NO_HEADINGS,     /* rows of numbers like those of free, without headings */
    FREELOG_NOTE_SAME_TIME,       /* a row of a table with the time of the row before */
    FREELOG_NOTE_FOREIGN,         /* in a log of a program other than free: lines that are not that program's */
    FREELOG_NOTE_COUNT
};

/* Writes the message for `count` occurrences of `note`: "3 truncated rows, skipped". */
void freelog_note_format(char *text, size_t size, enum freelog_note note, unsigned long count);

/* Returns the name of a definition of `used`: "total-available", "total-free", "total-free-cache", "differs"; "" if
 * unknown. */
const char *freelog_used_name(enum freelog_used_meaning meaning);

/* Returns the column named `name` (used, buff/cache, swap-used, job-used ...), or FREELOG_COLUMN_COUNT for any other
 * text. Case is ignored, and `_` and `-` are interchangeable. The columns of `free` may be prefixed with "node-". */
enum freelog_column freelog_column_find(const char *name);

/* Returns the name of a column, as freelog_column_find accepts it. */
const char *freelog_column_name(enum freelog_column column);

/* Returns the total that the values of `column` are parts of: of memory or swap, of the node or the job. */
enum freelog_column freelog_column_total(enum freelog_column column);

/* Returns true if the values of a column are the job's, not the node's. */
bool freelog_column_is_job(enum freelog_column column);

/* Returns true if the values of a column are swap. */
bool freelog_column_is_swap(enum freelog_column column);

#endif
