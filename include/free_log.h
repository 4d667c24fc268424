/* free_log: the lines of a log, each given to the node and the record that it belongs to. */
#ifndef MEMTRACE_FREE_LOG_H
#define MEMTRACE_FREE_LOG_H

#include "free_streams.h"

#define FREE_LINE_MAX ((size_t)64 * 1024) /* bytes; nothing of free comes near */

/* What a line ends with. */
enum free_line_end { FREE_LINE_FEED, FREE_LINE_NUL, FREE_LINE_LOG_END };

/* A line that the next one explains. */
enum free_held {
    FREE_HELD_NONE,
    FREE_HELD_HEADER, /* words that are a header if a row follows */
    FREE_HELD_RULE,   /* dashes, which begin a node's block if a name follows */
    FREE_HELD_NAME    /* behind dashes: a node's name if more dashes follow */
};

/* A log while it is read. Only free_log.c and its neighbours look inside. */
struct free_log {
    struct free_tell tell;
    struct free_streams streams;
    struct free_stream *plain;   /* of lines without a label */
    struct free_stream *current; /* of a block of lines of one node, else `plain` */
    struct free_stream *recent;  /* that a record was read of last */
    struct free_stream *chunk;   /* whose header had a label, while its rows may come without (pssh -P); else NULL */
    double unit_bytes;           /* 0: what the header says */
    unsigned long non_empty, understood;
    bool is_watch, out_of_memory;
    bool has_loose; /* a time stood on a line without a label: */
    struct free_time loose;
    int year; /* of the log's own header, 0 without */
    enum free_held held;
    unsigned long held_line;
    char held_text[256];
    size_t held_length;
    struct free_stream *held_stream;
};

/* Prepares; false when memory is short. free_log_free must be called in any case. */
bool free_log_init(struct free_log *log, const struct free_sink *sink, double unit_bytes);

void free_log_free(struct free_log *log);

/* Takes a line of at most FREE_LINE_MAX bytes, without its end. log->tell.line is its number. */
void free_log_line(struct free_log *log, const char *at, const char *end, enum free_line_end line_end);

/* The log is at its end. */
void free_log_finish(struct free_log *log);

#endif
