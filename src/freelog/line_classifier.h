/* SPDX-License-Identifier: MIT */
/* line_classifier: assigns each line of a log to its node and record. */
#ifndef MEMTRACE_FREELOG_LINE_CLASSIFIER_H
#define MEMTRACE_FREELOG_LINE_CLASSIFIER_H

#include "log_profile.h"
#include "node_table.h"

#define FREELOG_LINE_MAX ((size_t)64 * 1024) /* bytes; lines of free are far shorter */

/* The end of a line. */
enum line_end_kind { FREELOG_LINE_FEED, FREELOG_LINE_NUL, FREELOG_LINE_LOG_END };

/* A line whose meaning depends on the next one. */
enum held_line {
    HELD_LINE_NONE,
    HELD_LINE_HEADER, /* words that are a header if a row follows */
    HELD_LINE_RULE,   /* dashes, dashes; they begin a node's block if a name follows */
    HELD_LINE_NAME    /* after dashes: a node's name if more dashes follow */
};

struct other_log;

/* The state of a log while it is read. Private to line_classifier.c and its neighbours. */
struct line_classifier {
    struct freelog_reporter report;
    struct node_table streams;
    struct record_builder *plain;   /* of lines without a label */
    struct record_builder *current; /* of the current block of one node's lines, else `plain` */
    struct record_builder *recent;  /* the stream of the last record that was read */
    struct record_builder *chunk;   /* its header had a label but its rows may have none (pssh -P); else NULL */
    double unit_bytes;              /* 0: the unit that the header implies */
    unsigned long non_empty, understood;
    bool is_watch, out_of_memory;
    struct other_log *other; /* state for a log of a program other than free, else NULL. Owned. */
    bool has_loose;          /* a line without a label had a time: */
    struct log_time loose;
    int year;               /* for times without one; 0 while unknown */
    double written_epoch_s; /* when the log was last written, NaN if unknown */
    struct log_profile profile;
    struct log_learner *learner; /* collects observations while the beginning of the log is read ahead, else NULL */
    double last_number_s;        /* the last lone number that was a time; 0: none */
    char host[256];              /* named by the first "# memtrace" header, "" if none */
    bool has_time, has_like, has_told_year, has_told_pairs, is_unit_given;
    unsigned long guessed; /* rows Mem with unknown words */
    bool has_headings;     /* a separate line named the node of the records that followed */
    bool has_block;        /* a name between dashes was read, and rows of free may follow: */
    char block[256];
    size_t block_length;
    enum held_line held;
    unsigned long held_line;
    char held_text[256];
    size_t held_length;
    struct record_builder *held_stream;
};

/* Initializes; returns false if out of memory. line_classifier_free must be called in any case. */
bool line_classifier_init(struct line_classifier *log, const struct freelog_sink *sink, double unit_bytes);

void line_classifier_free(struct line_classifier *log);

/* Reads a line of at most FREELOG_LINE_MAX bytes, without its line end. log->report.line is its number. */
void line_classifier_line(struct line_classifier *log, const char *at, const char *end, enum line_end_kind line_end);

/* Sets what is known about the log. Call it before the first line. */
void line_classifier_set_profile(struct line_classifier *log, const struct log_profile *profile);

/* Returns the stream of a label, created if new; NULL if there are too many (reported) or memory runs out. */
struct record_builder *line_classifier_stream(struct line_classifier *log, const char *label, const char *label_end);

/* Ends the log. */
void line_classifier_finish(struct line_classifier *log);

#endif
