/* SPDX-License-Identifier: MIT */
/* log_profile: what the beginning of a log reveals about the whole. The first pieces of a log are read twice: first to
 * learn what its times, names and units mean, then for its records. */
#ifndef MEMTRACE_FREELOG_LOG_PROFILE_H
#define MEMTRACE_FREELOG_LOG_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "freelog/record.h"
#include "label_words.h"
#include "time_find.h"
#include "unit_guess.h"

#define LOG_PROFILE_NUMBERS 4   /* lone numbers examined between two records */
#define LOG_PROFILE_STILL   8   /* times that are remembered to find one that never changes */
#define LOG_PROFILE_NAMES   256 /* words before times that are distinguished */
#define LOG_PROFILE_NAME    64  /* bytes of such a word, NUL included */

/* What is known about a log before it is read. A zeroed one knows nothing. */
struct log_profile {
    bool stamps_follow;                /* a time on a separate line belongs to the record before it */
    bool stamps_end_rounds;            /* a time belongs to the last record of each node before it */
    bool numbers_are_counts;           /* lone numbers are counts: they do not advance as times do */
    bool times_stall;                  /* times never advance, so they are not times of records */
    double still_s[LOG_PROFILE_STILL]; /* times that never change, such as that of the boot, are not the records' */
    size_t stills;
    bool pairs_are_minutes;  /* times of two numbers are minutes and seconds */
    bool pairs_are_results;  /* times of two numbers, with decimals, are results: they often go back */
    bool pairs_are_guessed;  /* this was guessed from their beginning alone */
    bool seconds_are_times;  /* numbers of seconds advance as time does, */
    bool seconds_are_clocks; /* or are times of day: "100530" */
    bool seconds_are_counts; /* or as numbers of records do */
    bool takes_other;        /* of two times on a line, the second best is the one that advances */
    bool swaps_dates;        /* dates whose month and day can be swapped are meant the other way */
    bool flips_dates;        /* the same for year and day */
    bool has_leap_day;       /* a date without a year is 29 February */
    bool has_banner;         /* a date before the first record, such as that of a start, is not its time */
    bool banner_is_day;      /* but the date of its time of day */
    bool headings_are_texts; /* the text between dashes is not a node name */
    bool names_follow_times; /* a word after a time names the node of the records that follow */
    bool names_are_nodes;    /* a word before a time names the node of the records that follow */
    bool rows_have_labels;
    bool numbers_are_lines;      /* a number before a row is the line number, not a node */
    struct label_words prefixes; /* texts before rows that name nodes */
    struct label_words headings; /* separate lines that name the node of the records that follow */
    bool has_buffers_rows;       /* the first records have no row "-/+ buffers/cache", unlike those that follow */
    double number_first;         /* the first number if numbers are times, else 0 */
    struct unit_guess unit;      /* of numbers without a unit */
};

/* A word before times, or between dashes. */
struct seen_name {
    char text[LOG_PROFILE_NAME];
    unsigned long count;
    int weekday;  /* as in struct label_words_text */
    bool is_lead; /* the time includes it: it may be a weekday in an unknown language */
};

/* Dates that can be read in two ways, as two of their numbers may be swapped. */
struct seen_order {
    int number[2], changes[2]; /* the last such numbers, as they were read, and how often each changed */
    double days_s[2];          /* the last date, read both ways */
    int order;                 /* of such dates as they were read, an enum date_order or year_order */
    bool saw[3];               /* orders of dates that can be read in one way only */
};

/* A time on a separate line, and how often it occurred. */
struct seen_value {
    double value_s;
    unsigned long count;
};

/* How a time advances from line to line. */
struct seen_time {
    struct timestamp last;
    unsigned long moves, backs;
};

/* The times of records, and the range of those of one node. */
struct seen_record_times {
    unsigned long timed, of_first;  /* records with a time; how many of them are of the first node */
    char label[LOG_PROFILE_NAME];   /* of the first node */
    double least_s, most_s, last_s; /* of its records */
    unsigned long repeats;          /* records with the same time as the previous one */
    /* From one record to the next, whatever their nodes: */
    unsigned long steps, short_steps, backs;
    double any_last_s, least_step_s, most_step_s;
};

/* Times of two numbers, or numbers of seconds, and the differences between consecutive, different ones. */
struct seen_numbers {
    unsigned long count, steps, backs;
    unsigned long same; /* lines after a row Mem, or headers, with the number of the line before them */
    double first_s, last_s, least_step_s, most_step_s, least_s;
};

struct seen_elapsed {
    struct seen_numbers pair, second;
    unsigned long parted, days; /* those with signs; of these, those that may be dates */
    unsigned long tight;        /* numbers of seconds that may be times of day */
    bool has_stopwatch, has_midnight, has_unit, has_fraction, has_others;
};

/* Records between two times on separate lines. */
struct seen_rounds {
    unsigned long records, rounds, of_several; /* since the last time; ended by a time; those of several nodes */
    char label[256];                           /* of the first record since the last time */
    bool begins_with_time, has_repeats;        /* a node has several records in a round */
};

/* Observations from the first reading of a log's beginning. */
struct log_learner {
    unsigned long records, with_buffers_row;
    bool first_has_buffers_row;
    unsigned int gap_weights, first_weights; /* a bit for each weight of a time: since the last record; before the first
                                              * record */
    struct seen_rounds rounds;
    unsigned long gaps[2 * (TIME_FULLNESS_DATE + 1)]; /* gaps between records in which a time of that weight occurred */
    unsigned long blank_before, blank_after;          /* times with a blank line on that side only */
    bool rows_have_times, rows_have_clocks;           /* on their lines, the latter times of day */
    bool has_leap_day;                                /* in a date without a year */
    bool is_blank, stamp_after_blank, stamp_is_last, line_has_stamp;
    unsigned long numbers_of_gap;
    double number[LOG_PROFILE_NUMBERS], number_first[LOG_PROFILE_NUMBERS], number_steps[LOG_PROFILE_NUMBERS];
    unsigned long number_count[LOG_PROFILE_NUMBERS], number_pauses[LOG_PROFILE_NUMBERS];
    unsigned long number_backs[LOG_PROFILE_NUMBERS];
    bool number_fails[LOG_PROFILE_NUMBERS];
    struct seen_order swaps, flips; /* of months and days, and of years and days */
    struct seen_record_times times;
    struct seen_elapsed elapsed;
    struct seen_time best, other; /* of lines with two times */
    unsigned long lines_of_two;
    struct seen_value values[LOG_PROFILE_STILL]; /* the most frequent times */
    unsigned long value_count;                   /* of times, whether remembered or not */
    struct seen_name *name;
    size_t names;
    bool has_many_names;
    bool leads_differ; /* such words differ on one day, so they are not weekdays */
    size_t last_lead;  /* index + 1 of the last of them */
    double last_lead_s;
    unsigned long headings, headings_with_rows;
    char heading[LOG_PROFILE_NAME]; /* the first heading that had rows; has_two_headings: there is another */
    bool has_two_headings, has_labels;
    double last_number_label; /* on lines whose label is a number */
    unsigned long number_labels, number_labels_ascending, number_labels_rising;
    struct label_words_seen row_texts, heading_texts, following_texts;
    char heading_line[LABEL_WORDS_TEXT]; /* the last line of words since the last record */
    size_t heading_length;
    int heading_weekday;                /* of the date on that line, 0 if it has none */
    char row_heading[LABEL_WORDS_TEXT]; /* the same for the last row Mem, or the text before that row */
    struct unit_evidence unit;
    double header_unit; /* of the first record's bare numbers */
};

/* Creates a learner. Returns NULL if out of memory. */
struct log_learner *log_learner_new(void);
void log_learner_free(struct log_learner *learner);

/* Returns true for a time that never changes in the log, although others do. */
bool log_profile_is_still(const struct log_profile *profile, const struct timestamp *stamp);

/* Adds a time found on a separate line, after `name` if that is a word. */
void log_learner_stamp(struct log_learner *learner, const struct found_stamp *found, const char *name,
                       const char *name_end);

/* Adds a lone number that may be seconds since 1970; its position between two records is that of a time. */
void log_learner_number(struct log_learner *learner, double epoch_s);

/* Adds a word before a time, which may be the weekday of its date. */
void log_learner_lead(struct log_learner *learner, const struct timestamp *stamp, const char *name,
                      const char *name_end);

/* Adds the word after the time of a line; empty if there is none, or other text. */
void log_learner_name_after(struct log_learner *learner, const char *at, const char *end);

/* Adds a time that a node's clock interprets; `on_row` marks those on a row Mem. */
void log_learner_time(struct log_learner *learner, const struct timestamp *stamp, bool on_row);

/* Adds a name between dashes. `has_rows`: rows of free followed it. */
void log_learner_heading(struct log_learner *learner, const char *at, const char *end, bool has_rows);

/* Adds a line of unknown words, which may name the node of the record that follows. */
void log_learner_words(struct log_learner *learner, const char *at, const char *end);

/* Adds the label [at, end) of a heading or row, which is a number. */
void log_learner_number_label(struct log_learner *learner, const char *at, const char *end);

/* Adds a row Mem with the text `prefix` before it, besides the time `stamp`, which may be NULL; length 0 means no text.
 */
void log_learner_row(struct log_learner *learner, const char *prefix, size_t length, const struct timestamp *stamp);

/* Ends a line. */
void log_learner_line(struct log_learner *learner, bool is_blank);

/* Adds a record. */
void log_learner_record(struct log_learner *learner, const struct freelog_record *record);

/* Draws conclusions from the observations. `is_whole`: the whole log was read. `written_epoch_s` is when the log was
 * last written, NaN if unknown; `unit_bytes` is the unit that the user specified, 0 if none. */
void log_learner_conclude(const struct log_learner *learner, bool is_whole, double written_epoch_s, double unit_bytes,
                          struct log_profile *profile);

/* Returns true if a word may be a node's name: it has a letter, and is not a word that usually precedes times and
 * measurements. */
bool log_profile_is_name(const char *at, const char *end);

/* Returns true if a word is a node's name wherever it is: one with a number, an IP address, or a word that is not one
 * of those that name the parts of a program's run ("before", "train", "loading"). */
bool log_profile_is_host(const char *at, const char *end);

/* Returns true for an IP address. */
bool log_profile_is_address(const char *at, const char *end);

#endif
