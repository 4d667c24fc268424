/* SPDX-License-Identifier: MIT */
/* log_profile: what the beginning of a log reveals about the whole. The first pieces of a log are read twice: once
 * to learn what its times, names and units mean, and then for its records. */
#ifndef MEMTRACE_FREELOG_LOG_PROFILE_H
#define MEMTRACE_FREELOG_LOG_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "freelog/record.h"
#include "label_words.h"
#include "time_find.h"
#include "unit_guess.h"

#define LOG_PROFILE_NUMBERS 4   /* lone numbers between two records that are looked at */
#define LOG_PROFILE_NAMES   256 /* words before times that are distinguished */
#define LOG_PROFILE_NAME    64  /* bytes of one, NUL included */

/* What is known of a log before it is read. A zeroed one knows nothing. */
struct log_profile {
    bool stamps_follow;      /* a time on a separate line is that of the record before it */
    bool numbers_are_counts; /* lone numbers do not advance as times do */
    bool times_stall;        /* they never advance: they are no times of records */
    bool pairs_are_minutes;  /* and seconds: times of two numbers */
    bool pairs_are_guessed;  /* by their beginning alone */
    bool seconds_are_times;  /* numbers of seconds advance as time does, */
    bool seconds_are_counts; /* or as numbers of records do */
    bool takes_other;        /* of two times on a line the second best is the one that advances */
    bool swaps_dates;        /* a date that may be read two ways is meant the other way */
    bool headings_are_texts; /* the text between dashes names no node */
    bool names_follow_times; /* a word after a time names the node of the records that follow */
    bool names_are_nodes;    /* a word before a time names the node of the records that follow */
    bool rows_have_labels;
    bool numbers_are_lines;      /* a number before a row is that of the line, not a node's */
    struct label_words prefixes; /* what stands before rows, and names nodes */
    struct label_words headings; /* lines of their own that name the node of the records that follow */
    double number_first;         /* where numbers are times: the first of them, 0 if there is none */
    struct unit_guess unit;      /* of numbers without a unit of their own */
};

/* A word before times, or between dashes. */
struct seen_name {
    char text[LOG_PROFILE_NAME];
    unsigned long count, with_rows;
};

/* How a time goes on from line to line. */
struct seen_time {
    struct timestamp last;
    unsigned long moves, backs;
};

/* The times that records were given, and how far those of one node go. */
struct seen_record_times {
    unsigned long timed, of_first;  /* records that have one; those of the first node among them */
    char label[LOG_PROFILE_NAME];   /* of the first node */
    double least_s, most_s, last_s; /* of its records */
    unsigned long repeats;          /* of the time of the one before */
};

/* Times of two numbers, and numbers of seconds, from one that differs to the next. */
struct seen_elapsed {
    struct {
        unsigned long count, steps, backs;
        double first_s, last_s, least_step_s, most_step_s;
    } pair, second;
    bool has_stopwatch, has_midnight, has_unit, has_fraction, has_others;
};

/* What is gathered while the beginning of a log is read for the first time. */
struct log_learner {
    unsigned long records;
    unsigned int gap_weights, first_weights; /* bit for each weight of a time since the last record, before the first */
    unsigned long gaps[2 * (TIME_FULLNESS_DATE + 1)]; /* between records that had a time of such weight */
    unsigned long blank_before, blank_after;          /* a time had a blank line there, and none on its other side */
    bool is_blank, stamp_after_blank, stamp_is_last, line_has_stamp;
    unsigned long numbers_of_gap;
    double number[LOG_PROFILE_NUMBERS], number_first[LOG_PROFILE_NUMBERS], number_steps[LOG_PROFILE_NUMBERS];
    unsigned long number_count[LOG_PROFILE_NUMBERS], number_pauses[LOG_PROFILE_NUMBERS];
    unsigned long number_backs[LOG_PROFILE_NUMBERS];
    bool number_fails[LOG_PROFILE_NUMBERS];
    int swap_first[2], swap_changes[2]; /* of dates that can be read both ways: their numbers, and how often each
                                         * changed */
    double swap_days_s[2];              /* the last of them, read both ways */
    struct seen_record_times times;
    struct seen_elapsed elapsed;
    struct seen_time best, other; /* of lines with two times */
    unsigned long lines_of_two;
    struct seen_name *name;
    size_t names;
    bool has_many_names;
    unsigned long headings, headings_with_rows;
    char heading[LOG_PROFILE_NAME]; /* the first that had rows; with `has_two_headings` there is another */
    bool has_two_headings, has_labels;
    double last_number_label; /* of lines whose label is a number */
    unsigned long number_labels, number_labels_ascending;
    struct label_words_seen row_texts, heading_texts, following_texts;
    char heading_line[LABEL_WORDS_TEXT]; /* the last line of words since the last record */
    size_t heading_length;
    struct unit_evidence unit;
    double header_unit; /* of the first record's bare numbers */
};

/* Makes a learner; NULL if out of memory. */
struct log_learner *log_learner_new(void);
void log_learner_free(struct log_learner *learner);

/* A time was found: on a separate line, after `name` if that is a word. */
void log_learner_stamp(struct log_learner *learner, const struct found_stamp *found, const char *name,
                       const char *name_end);

/* The word after the time of a line, empty where there is none or other text. */
void log_learner_name_after(struct log_learner *learner, const char *at, const char *end);

/* A time means something by the clock of its node. */
void log_learner_elapsed(struct log_learner *learner, const struct timestamp *stamp);

/* A name between dashes was read; `has_rows`: rows of free followed. */
void log_learner_heading(struct log_learner *learner, const char *at, const char *end, bool has_rows);

/* A line of words that are not known: maybe what names the node of the record that follows. */
void log_learner_words(struct log_learner *learner, const char *at, const char *end);

/* A heading or row has the label [at, end), a number. */
void log_learner_number_label(struct log_learner *learner, const char *at, const char *end);

/* A row Mem, with the text `prefix` before it; of `length` 0: none. */
void log_learner_row(struct log_learner *learner, const char *prefix, size_t length);

/* A line is done. */
void log_learner_line(struct log_learner *learner, bool is_blank);

/* A record was read. */
void log_learner_record(struct log_learner *learner, const struct freelog_record *record);

/* What the gathered things mean. `is_whole` says that the log has no more than was read; `written_epoch_s` is when it
 * was last written, NaN where that is not known; `unit_bytes` the unit that was given, 0 if there is none. */
void log_learner_conclude(const struct log_learner *learner, bool is_whole, double written_epoch_s, double unit_bytes,
                          struct log_profile *profile);

/* Returns true if a word may be a node's name: it has a letter, and is none that people set before times and
 * measurements. */
bool log_profile_is_name(const char *at, const char *end);

#endif
