/* SPDX-License-Identifier: MIT */
/* line_classifier: the lines of a log, each given to the node and the record that it belongs to. */
#ifndef MEMTRACE_FREELOG_LINE_CLASSIFIER_H
#define MEMTRACE_FREELOG_LINE_CLASSIFIER_H

#include "log_profile.h"
#include "node_table.h"

#define FREELOG_LINE_MAX ((size_t)64 * 1024) /* bytes; nothing of free comes near */

/* What a line ends with. */
enum line_end_kind { FREELOG_LINE_FEED, FREELOG_LINE_NUL, FREELOG_LINE_LOG_END };

/* A line that the next one explains. */
enum held_line {
    HELD_LINE_NONE,
    HELD_LINE_HEADER, /* words that are a header if a row follows */
    HELD_LINE_RULE,   /* dashes, which begin a node's block if a name follows */
    HELD_LINE_NAME    /* after dashes: a node's name if more dashes follow */
};

struct other_log;

/* A log while it is read. Only line_classifier.c and its neighbours look inside. */
struct line_classifier {
    struct freelog_reporter report;
    struct node_table streams;
    struct record_builder *plain;   /* of lines without a label */
    struct record_builder *current; /* of a block of lines of one node, else `plain` */
    struct record_builder *recent;  /* that a record was read of last */
    struct record_builder *chunk;   /* whose header had a label, while its rows may come without (pssh -P); else NULL */
    double unit_bytes;              /* 0: what the header says */
    unsigned long non_empty, understood;
    bool is_watch, out_of_memory;
    struct other_log *other; /* where it is another program's than free: what is known of that; NULL. Owned. */
    bool has_loose;          /* a line without a label had a time: */
    struct log_time loose;
    int year;               /* of times that have none, 0 while it is not known */
    double written_epoch_s; /* when the log was last written, NaN where that is not known */
    struct log_profile profile;
    struct log_learner *learner; /* gets what is found while the beginning of the log is read ahead; NULL: none */
    double last_number_s;        /* the last lone number that was a time, 0 without */
    char host[256];              /* that the first of the log's own headers names, "" without */
    bool has_time, has_like, has_told_year, has_told_pairs, is_unit_given;
    unsigned long guessed; /* rows Mem of words that are not known */
    bool has_headings;     /* a line of its own named the node of the records that followed */
    bool has_block;        /* a name between dashes was read, and rows of free may follow: */
    char block[256];
    size_t block_length;
    enum held_line held;
    unsigned long held_line;
    char held_text[256];
    size_t held_length;
    struct record_builder *held_stream;
};

/* Prepares; false if memory is short. line_classifier_free must be called in any case. */
bool line_classifier_init(struct line_classifier *log, const struct freelog_sink *sink, double unit_bytes);

void line_classifier_free(struct line_classifier *log);

/* Takes a line of at most FREELOG_LINE_MAX bytes, without its end. log->report.line is its number. */
void line_classifier_line(struct line_classifier *log, const char *at, const char *end, enum line_end_kind line_end);

/* Sets what is known of the log, before its first line. */
void line_classifier_set_profile(struct line_classifier *log, const struct log_profile *profile);

/* The stream of a label, created if new; NULL if there are too many (reported) or memory is short. */
struct record_builder *line_classifier_stream(struct line_classifier *log, const char *label, const char *label_end);

/* The log is at its end. */
void line_classifier_finish(struct line_classifier *log);

#endif
