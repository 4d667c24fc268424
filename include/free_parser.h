/* free_parser: bytes of a log in, records of free(1) out. */
#ifndef MEMTRACE_FREE_PARSER_H
#define MEMTRACE_FREE_PARSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a number in a log means, whatever its heading and place were. */
enum free_column {
    FREE_TOTAL,
    FREE_USED, /* of the oldest formats: that of the row "-/+ buffers/cache" */
    FREE_FREE,
    FREE_SHARED,
    FREE_BUFFERS,
    FREE_CACHED,
    FREE_BUFF_CACHE,
    FREE_AVAILABLE,
    FREE_SWAP_TOTAL,
    FREE_SWAP_USED,
    FREE_SWAP_FREE,
    FREE_COLUMN_COUNT
};

/* What a log calls used. */
enum free_used_meaning {
    FREE_USED_UNKNOWN,
    FREE_USED_NO_BUFFERS,  /* total - free - buffers - cached: the row "-/+ buffers/cache" */
    FREE_USED_WITH_CACHE,  /* total - free: the old format without that row */
    FREE_USED_NO_CACHE,    /* total - free - buff/cache: procps 3.3.10 to 4.0.0 */
    FREE_USED_UNAVAILABLE, /* total - available: procps 4.0.1 and later */
    FREE_USED_MIXED,       /* of a whole log: more than one of these */
};

/* One record. value[c] counts bytes and is valid where bit c of `present` is set. */
struct free_record {
    double value[FREE_COLUMN_COUNT];
    uint32_t present;
    unsigned long line; /* of the record's first row, from 1 */
    double stamp_s;     /* seconds since the epoch or the log's start where it carries times; else NaN */
    bool stamp_is_epoch;
    bool stamp_is_local; /* with stamp_is_epoch: a wall clock in an unknown zone, counted as if it were UTC. Without a
                          * year in the log it is 2000, without a date 1 January 2000. */
    enum free_used_meaning used_meaning;
    bool has_units;    /* its numbers carry units of their own (free -h) */
    const char *label; /* node in a stream of many nodes, "" elsewhere; borrowed for the call */
};

#define FREE_RUN_MAX 32

/* Records on end that have the same columns and no times: value[c][i] is that of record i, for each bit c of `present`.
 */
struct free_run {
    size_t count;
    uint32_t present;
    unsigned long line;   /* of the first record's first row */
    unsigned int lines;   /* from one record to the next */
    const char *label;    /* as in a record */
    bool has_one_meaning; /* `used` means the same in all: only the first of these is set */
    enum free_used_meaning used_meaning[FREE_RUN_MAX];
    double value[FREE_COLUMN_COUNT][FREE_RUN_MAX];
};

/* Kinds of things that the parser tells; free_note_format has their texts. */
enum free_note {
    FREE_NOTE_BAD_NUMBER,     /* a value that is not a number: its record is left out */
    FREE_NOTE_CUT_ROW,        /* a row cut short, left out; with a row Mem its record */
    FREE_NOTE_CUT_END,        /* the log ends inside a row, which is left out; with a row Mem its record */
    FREE_NOTE_NUL,            /* a hole of NUL bytes */
    FREE_NOTE_NOISE,          /* lines that are not free's */
    FREE_NOTE_LONG_LINE,      /* a line longer than any of free's, skipped */
    FREE_NOTE_BAD_SWAP,       /* negative or wrapped-around swap, shown as 0 */
    FREE_NOTE_UNKNOWN_WORDS,  /* headings in an unknown language, read by their position */
    FREE_NOTE_FORMAT_CHANGED, /* another header than before: several runs in a file */
    FREE_NOTE_TIME_BACK,      /* a stamp before the last one: a new run */
    FREE_NOTE_WATCH,          /* watch(1) output: cannot be read */
    FREE_NOTE_MANY_LABELS,    /* lines of more nodes than there is room for, skipped */
    FREE_NOTE_COUNT
};

/* What the parser calls while it is fed. Each may be NULL. `user` is handed through. */
struct free_sink {
    void *user;
    /* A complete record. */
    void (*record)(void *user, const struct free_record *record);
    /* A key and its value of a "# memtrace" line, percent-decoded. `label` as in a record. */
    void (*header)(void *user, const char *label, const char *key, const char *value);
    /* Something was left out or is odd; called for each occurrence. `text` is the offending text,
     * cut and printable, maybe "". */
    void (*note)(void *user, enum free_note note, unsigned long line, const char *text);
    /* An event in the log, such as Slurm's oom_kill, that came after the last record given. */
    void (*mark)(void *user, const char *label, unsigned long line, const char *text);
    /* Many complete records at once; of their columns at least those with a bit in run_columns. Where this is NULL
     * `record` is called for each. */
    void (*run)(void *user, const struct free_run *run);
    uint32_t run_columns;
};

struct free_parser;

/* Makes a parser. A number without a unit of its own counts `unit_bytes` bytes; 0 means KiB, or what
 * the header says (toybox: bytes). `sink` is copied. NULL when memory is short. */
struct free_parser *free_parser_new(const struct free_sink *sink, double unit_bytes);

/* Frees the parser; NULL is allowed. */
void free_parser_free(struct free_parser *parser);

/* From now on every line is looked at closely, which takes many times as long and gives the same: for tests that
 * compare the two. */
void free_parser_look_closely(struct free_parser *parser);

/* Reads `size` bytes that follow those of the call before. A log gives the same records, notes and
 * lines in whatever pieces it comes; memory is bounded whatever the bytes are. False when memory ran
 * out or the log cannot be read at all (watch(1) output): feeding more is pointless then. */
bool free_parser_feed(struct free_parser *parser, const char *bytes, size_t size);

/* A helper that reads pieces of a log before it is their turn, on another thread. */
struct free_ahead;

/* Makes a helper for the pieces that follow. NULL when memory is short, or what was read so far is of no regular kind
 * that would gain by it. */
struct free_ahead *free_ahead_new(const struct free_parser *parser);

/* Frees the helper; NULL is allowed. */
void free_ahead_free(struct free_ahead *ahead);

/* Prepares a piece, wherever it lies in the log. Touches no parser. */
void free_ahead_read(struct free_ahead *ahead, const char *bytes, size_t size);

/* As free_parser_feed, with the piece that `ahead` has prepared: the same records, notes and lines, in less time. */
bool free_parser_feed_ahead(struct free_parser *parser, struct free_ahead *ahead, const char *bytes, size_t size);

/* The log is at its end: the last record is given, or told as cut. False as in free_parser_feed. */
bool free_parser_finish(struct free_parser *parser);

/* Lines that are not empty, and those of them that were understood. */
void free_parser_lines(const struct free_parser *parser, unsigned long *non_empty, unsigned long *understood);

/* Writes what `note` says of `count` occurrences: "3 rows cut short, left out". */
void free_note_format(char *text, size_t size, enum free_note note, unsigned long count);

/* What `used` is by a meaning: "total-available", "total-free", "total-free-cache", "differs"; "" when it is unknown.
 */
const char *free_used_name(enum free_used_meaning meaning);

/* The column that people call `name` (used, buff/cache, swap-used ...), letter case ignored and `_`
 * as `-`; FREE_COLUMN_COUNT for any other text. */
enum free_column free_column_find(const char *name);

/* The name of a column, as free_column_find takes it. */
const char *free_column_name(enum free_column column);

#endif
