/* SPDX-License-Identifier: MIT */
/* record: what is read from logs of free(1): columns, records, runs of records, and notes about damage. */
#ifndef MEMTRACE_FREELOG_RECORD_H
#define MEMTRACE_FREELOG_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a number in a log means, whatever its heading and place were. */
enum freelog_column {
    FREELOG_TOTAL,
    FREELOG_USED, /* of the oldest formats: that of the row "-/+ buffers/cache" */
    FREELOG_FREE,
    FREELOG_SHARED,
    FREELOG_BUFFERS,
    FREELOG_CACHED,
    FREELOG_BUFF_CACHE,
    FREELOG_AVAILABLE,
    FREELOG_SWAP_TOTAL,
    FREELOG_SWAP_USED,
    FREELOG_SWAP_FREE,
    FREELOG_JOB_TOTAL, /* the rows "Job" and "Jobswap" that the recorders add: the limit of the job's memory cgroup */
    FREELOG_JOB_USED,  /* what of it cannot be reclaimed */
    FREELOG_JOB_FREE,
    FREELOG_JOB_SHARED,
    FREELOG_JOB_CACHE, /* of the job's files, which can */
    FREELOG_JOB_AVAILABLE,
    FREELOG_JOB_SWAP_TOTAL,
    FREELOG_JOB_SWAP_USED,
    FREELOG_JOB_SWAP_FREE,
    FREELOG_TOTAL_AVAILABLE, /* total less available: in no record, made from those by who wants it */
    FREELOG_COLUMN_COUNT
};

/* What is before the name of the node in the text of an OOM kill whose message does not come from the node's own log:
 * "out of memory task 2 on nid003", or before a question mark where nothing says which one of the log's nodes it was.
 */
#define FREELOG_EVENT_ON " on "

/* What a log calls used. */
enum freelog_used_meaning {
    FREELOG_USED_UNKNOWN,
    FREELOG_USED_NO_BUFFERS,  /* total - free - buffers - cached: the row "-/+ buffers/cache" */
    FREELOG_USED_WITH_CACHE,  /* total - free: the old format without that row */
    FREELOG_USED_NO_CACHE,    /* total - free - buff/cache: procps 3.3.10 to 4.0.0 */
    FREELOG_USED_UNAVAILABLE, /* total - available: procps 4.0.1 and later */
    FREELOG_USED_MIXED,       /* of a whole log: more than one of these */
};

/* One record. value[c] counts bytes and is valid where bit c of `present` is set. */
struct freelog_record {
    double value[FREELOG_COLUMN_COUNT];
    uint32_t present;
    unsigned long line;    /* of the record's first row, from 1 */
    unsigned long skipped; /* records of the node that were skipped right before it */
    double stamp_s;        /* seconds since the epoch or the log's start where it carries times; else NaN */
    bool stamp_is_epoch;
    bool stamp_is_local;    /* with stamp_is_epoch: a wall clock in an unknown zone, counted as if it were UTC */
    bool stamp_is_dateless; /* with stamp_is_epoch: the year is unknown and counted as 2000, or the date is unknown and
                             * counted from 1 January 2000 */
    enum freelog_used_meaning used_meaning;
    double unit_bytes; /* that a bare number was taken to count */
    bool has_units;    /* its numbers carry units of their own (free -h) */
    const char *label; /* node in a stream of many nodes, "" elsewhere; borrowed for the call */
};

#define FREELOG_RUN_MAX 32

/* Bytes of a log. */
struct freelog_text {
    const char *at;
    size_t size;
};

/* Records of one node on end that have the same columns, and all a time or none: value[c][i] is that of record i, for
 * each bit c of `present`. */
struct freelog_run {
    size_t count;
    uint32_t present;
    unsigned long line;           /* of the first record's first row */
    unsigned long skipped;        /* as in a record, before the first */
    unsigned int lines;           /* from one record to the next */
    const unsigned long *line_of; /* where they are not at equal distances: of each record; else NULL. Borrowed */
    const double *stamp_s;        /* of each record, NULL without; borrowed for the call. For all of them: */
    bool stamp_is_epoch, stamp_is_local, stamp_is_dateless;
    const struct freelog_text
        *top;             /* the value of the header "top" that came after each record, `at` NULL without; NULL
                           * if none has one. Borrowed for the call; the sink's header is not called for them */
    const char *label;    /* as in a record */
    bool has_one_meaning; /* `used` means the same in all: only the first of these is set */
    enum freelog_used_meaning used_meaning[FREELOG_RUN_MAX];
    double value[FREELOG_COLUMN_COUNT][FREELOG_RUN_MAX];
};

/* What the parser reports; freelog_note_format has the texts. */
enum freelog_note {
    FREELOG_NOTE_BAD_NUMBER,      /* a value that is not a number: its record is skipped */
    FREELOG_NOTE_CUT_ROW,         /* a truncated row, skipped; with a row Mem its record */
    FREELOG_NOTE_CUT_END,         /* the log ends inside a row, which is skipped; with a row Mem its record */
    FREELOG_NOTE_NUL,             /* a hole of NUL bytes */
    FREELOG_NOTE_NOISE,           /* lines that are not free's */
    FREELOG_NOTE_LONG_LINE,       /* a line longer than any of free's, skipped */
    FREELOG_NOTE_BAD_SWAP,        /* negative or wrapped-around swap, shown as 0 */
    FREELOG_NOTE_UNKNOWN_WORDS,   /* headings in an unknown language, read by their position */
    FREELOG_NOTE_FORMAT_CHANGED,  /* another header than before: several runs in a file */
    FREELOG_NOTE_TIME_BACK,       /* a stamp before the last one: a new run */
    FREELOG_NOTE_WATCH,           /* watch(1) output: cannot be read */
    FREELOG_NOTE_MANY_LABELS,     /* lines of more nodes than there is space for, skipped */
    FREELOG_NOTE_BAD_SWAP_NUMBER, /* a value of swap that is not a number: swap is not known at that time */
    FREELOG_NOTE_YEAR,            /* times have no year: `text` is the one that was taken */
    FREELOG_NOTE_TIMES_DIFFER,    /* two times that are not the same at one record */
    FREELOG_NOTE_UNIT_CHANGED,    /* the numbers' unit changes: `text` is the new one */
    FREELOG_NOTE_UNIT,            /* the numbers' unit was found by evidence: `text` */
    FREELOG_NOTE_TIME_LIKE,       /* a text that looks like a time and was not understood */
    FREELOG_NOTE_TIME_STALLED,    /* a time of a log whose times never advance: ignored */
    FREELOG_NOTE_PAIRS,           /* times of two numbers, which are taken for minutes and seconds */
    FREELOG_NOTE_DECIMAL_BASE,    /* a total without an i in its unit, `text`, that fits a machine as a power of 1000 */
    FREELOG_NOTE_OUT_OF_RANGE,    /* a number of the log's own lines that cannot be: `text`, skipped */
    FREELOG_NOTE_IMPOSSIBLE,      /* more memory used, free or in caches than the total; the record is skipped */
    FREELOG_NOTE_DECIMAL_UNIT,    /* a heading says MB, GB or TB, which is taken as MiB, GiB or TiB */
    FREELOG_NOTE_FOREIGN,         /* lines, in a log of another program than free, that are not that program's */
    FREELOG_NOTE_COUNT
};

/* Writes what `note` says of `count` occurrences: "3 truncated rows, skipped". */
void freelog_note_format(char *text, size_t size, enum freelog_note note, unsigned long count);

/* The name of a meaning of `used`: "total-available", "total-free", "total-free-cache", "differs"; "" if unknown. */
const char *freelog_used_name(enum freelog_used_meaning meaning);

/* The column that people call `name` (used, buff/cache, swap-used, job-used ...), letter case ignored and `_`
 * as `-`; FREELOG_COLUMN_COUNT for any other text. A column of `free` may have "node-" before it. */
enum freelog_column freelog_column_find(const char *name);

/* The name of a column, as freelog_column_find takes it. */
const char *freelog_column_name(enum freelog_column column);

/* The column that the values of `column` are parts of: the total of memory or swap, of the node or the job. */
enum freelog_column freelog_column_total(enum freelog_column column);

/* Whether the values of a column are the job's, not the node's. */
bool freelog_column_is_job(enum freelog_column column);

/* Whether the values of a column are swap. */
bool freelog_column_is_swap(enum freelog_column column);

#endif
