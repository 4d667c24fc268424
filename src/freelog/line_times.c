/* SPDX-License-Identifier: MIT */
/* line_times: reads times on lines without free's output: decides which texts are times, and which record and nodes
 * they belong to. */
#include "line_times.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "line_prefix.h"
#include "line_scan.h"
#include "text.h"

#define WEEK_S 604800.0
#define YEAR_S 31557600.0

static bool is_banner(char c)
{
    return c == '=' || c == '-' || c == '#' || c == '*' || c == '~' || c == '_' || text_is_blank(c);
}

bool line_times_find(const char *at, const char *end, struct found_stamp *found)
{
    static const enum time_fullness by_kind[] = {
        [TIMESTAMP_EPOCH] = TIME_FULLNESS_NUMBER,    [TIMESTAMP_DATE] = TIME_FULLNESS_DATE,
        [TIMESTAMP_NO_YEAR] = TIME_FULLNESS_NO_YEAR, [TIMESTAMP_CLOCK] = TIME_FULLNESS_CLOCK,
        [TIMESTAMP_SECONDS] = TIME_FULLNESS_NUMBER,
    };
    bool has_found = time_find(at, end, found);
    if (has_found && found->is_alone && found->stamp.kind != TIMESTAMP_DAY)
        return true;
    struct found_stamp whole = {.is_alone = true};
    while (at < end && is_banner(*at))
        at++;
    while (end > at && is_banner(end[-1]))
        end--;
    if (at == end || !timestamp_read(at, end, &whole.stamp))
        return has_found;
    whole.from = at;
    whole.to = end;
    whole.fullness = by_kind[whole.stamp.kind];
    if (has_found && found->stamp.kind == whole.stamp.kind && found->fullness >= whole.fullness)
        time_find_complete(found, &whole.stamp);
    if (has_found && found->stamp.kind == whole.stamp.kind && found->stamp.time_s == whole.stamp.time_s &&
        found->stamp.day == whole.stamp.day && found->from >= at && found->to <= end) {
        whole.core_from = found->from;
        whole.core_to = found->to;
    }
    *found = whole;
    return true;
}

unsigned int line_times_weight(const struct found_stamp *found)
{
    return 2 * (unsigned int)found->fullness + found->is_alone;
}

struct log_time line_times_mean(struct line_classifier *log, struct timestamp_clock *clock,
                                const struct timestamp *stamp, bool on_row)
{
    struct timestamp meant = *stamp;
    if (log->learner != NULL)
        log_learner_time(log->learner, stamp, on_row);
    if (stamp->is_tight && log->profile.seconds_are_clocks) {
        const int number = (int)stamp->time_s;
        const int seconds = number / 10000 * 3600 + number / 100 % 100 * 60 + number % 100;
        meant.kind = TIMESTAMP_CLOCK;
        meant.time_s = seconds;
    }
    if (stamp->is_parted && !log->profile.seconds_are_clocks)
        return (struct log_time){NAN, false, false, false};
    if (stamp->is_pair && log->profile.pairs_are_results)
        return (struct log_time){NAN, false, false, false};
    if (stamp->kind == TIMESTAMP_SECONDS && log->profile.seconds_are_counts) {
        char text[32];
        int length = snprintf(text, sizeof text, "%.9g", stamp->time_s);
        log->has_like = true;
        freelog_report_note(&log->report, FREELOG_NOTE_TIME_LIKE, text, text + length);
        return (struct log_time){NAN, false, false, false};
    }
    if (stamp->is_pair && log->profile.pairs_are_minutes) {
        meant.kind = TIMESTAMP_SECONDS;
        meant.time_s /= 60;
        if (log->profile.pairs_are_guessed && !log->has_told_pairs)
            freelog_report_note(&log->report, FREELOG_NOTE_PAIRS, NULL, NULL);
        log->has_told_pairs = true;
    }
    if (log->profile.times_stall) {
        freelog_report_note(&log->report, FREELOG_NOTE_TIME_STALLED, NULL, NULL);
        return (struct log_time){NAN, false, false, false};
    }
    if (stamp->may_swap && log->profile.swaps_dates) {
        meant.month = stamp->day;
        meant.day = stamp->month;
    }
    if (stamp->may_flip && log->profile.flips_dates) {
        meant.year = 2000 + stamp->day;
        meant.day = stamp->year % 100;
    }
    if (meant.kind == TIMESTAMP_NO_YEAR && clock->year == 0 && log->year == 0) {
        const struct timestamp leap_day = {.kind = TIMESTAMP_NO_YEAR, .month = 2, .day = 29};
        log->year = timestamp_year(log->profile.has_leap_day ? &leap_day : &meant, log->written_epoch_s);
        log->year -= log->year != 0 && log->profile.has_leap_day && meant.month > 2;
        if (log->year != 0 && !log->has_told_year) {
            char text[16];
            int length = snprintf(text, sizeof text, "%d", log->year);
            freelog_report_note(&log->report, FREELOG_NOTE_YEAR, text, text + length);
            log->has_told_year = true;
        }
    }
    return timestamp_clock_set(clock, &meant, log->year, on_row);
}

/* Returns true if a number without a word before it is a time: it advances from the previous ones, or goes back because
 * the clock was set. Recordings may have long pauses; a number among other words gets less tolerance. */
static bool is_time_number(struct line_classifier *log, double epoch_s, bool is_alone)
{
    double last_s = log->last_number_s > 0 ? log->last_number_s : log->profile.number_first;
    double pause_s = is_alone ? YEAR_S : WEEK_S;
    if (log->profile.numbers_are_counts || (last_s > 0 && fabs(epoch_s - last_s) > pause_s))
        return false;
    log->last_number_s = epoch_s;
    return true;
}

bool line_times_is_time(struct line_classifier *log, const struct record_builder *stream, const struct timestamp *stamp,
                        bool is_alone)
{
    if (log->learner != NULL && stamp->kind == TIMESTAMP_EPOCH)
        log_learner_number(log->learner, stamp->time_s);
    else if (log->learner != NULL)
        log_learner_time(log->learner, stamp, true);
    if (stamp->kind == TIMESTAMP_EPOCH)
        return is_time_number(log, stamp->time_s, is_alone);
    return stamp->kind != TIMESTAMP_SECONDS ||
           (stream != NULL && (stream->clock.has_time || log->profile.seconds_are_times));
}

/* Finds the word before a time, if everything else before it is punctuation. */
static bool find_name(const char *at, const char *to, const char **name, const char **name_end)
{
    while (at < to && (is_banner(*at) || strchr("[(<\"'", *at) != NULL))
        at++;
    const char *end = at;
    while (end < to && !text_is_blank(*end) && strchr(":)=>;|\"'", *end) == NULL &&
           !(*end == ']' && memchr(at, '[', (size_t)(end - at)) == NULL))
        end++;
    while (end > at && strchr(",-_", end[-1]) != NULL)
        end--;
    *name = at;
    *name_end = end;
    const char *rest = text_skip_blanks(end, to);
    if (to - rest >= 3 && strncasecmp(rest, "at ", 3) == 0) /* "cn01 at 10:00:00" */
        rest += 3;
    for (const char *c = rest; c < to; c++)
        if (text_is_letter(*c) || text_is_digit(*c) || text_is_high(*c))
            return false;
    return end > at && end - at <= FREELOG_LABEL_MAX;
}

/* Finds the word after a time, if everything else after it is punctuation: "2026-03-02 10:00:00 cn01". */
static bool find_name_after(const char *to, const char *end, const char **name, const char **name_end)
{
    while (to < end && (is_banner(*to) || strchr("[](:),|", *to) != NULL))
        to++;
    while (end > to && (is_banner(end[-1]) || strchr("]):", end[-1]) != NULL))
        end--;
    *name = to;
    *name_end = end;
    return to < end && end - to <= FREELOG_LABEL_MAX && text_word_end(to, end) == end && log_profile_is_name(to, end);
}

/* Returns where a time begins, and where it ends, without words that may be nodes. */
static const char *core_from(const struct found_stamp *found)
{
    return found->core_from != NULL ? found->core_from : found->from;
}

static const char *core_to(const struct found_stamp *found)
{
    return found->core_from != NULL ? found->core_to : found->to;
}

/* Returns the node of a time, and makes it the node of the following records if they belong to it, too. */
static struct record_builder *find_stream(struct line_classifier *log, const char *at, const char *end,
                                          const struct found_stamp *found)
{
    const char *name, *name_end, *from = core_from(found);
    if (log->profile.names_follow_times && find_name_after(core_to(found), end, &name, &name_end)) {
        struct record_builder *named = line_classifier_stream(log, name, name_end);
        log->current = named == NULL ? log->current : named;
        return named;
    }
    if (!find_name(at, log->profile.names_are_nodes ? from : found->from, &name, &name_end))
        return log->current;
    struct record_builder *stream = node_table_find(&log->streams, name, name_end);
    if (stream != NULL && !log->profile.names_are_nodes)
        return stream;
    if (!log_profile_is_name(name, name_end))
        return log->current;
    if (log->profile.names_are_nodes) {
        stream = line_classifier_stream(log, name, name_end);
        log->current = stream == NULL ? log->current : stream;
        return stream;
    }
    return log->profile.rows_have_labels && found->from > name_end && (*name_end == ':' || *name_end == '\t')
               ? line_classifier_stream(log, name, name_end)
               : log->current;
}

/* Sets a time. That of a line without a label applies to all nodes. */
static void set_time(struct line_classifier *log, struct record_builder *stream, const struct found_stamp *found)
{
    const bool is_of_all = log->profile.stamps_end_rounds && log->streams.count > 1;
    struct timestamp_clock *clock = is_of_all ? &log->plain->clock : &stream->clock;
    struct log_time time = line_times_mean(log, clock, &found->stamp, false);
    if (found->has_rival)
        freelog_report_note(&log->report, FREELOG_NOTE_TIMES_DIFFER, found->from, found->to);
    for (size_t i = 0; is_of_all && i < log->streams.count; i++)
        if (isnan(log->streams.stream[i]->record.stamp_s))
            record_builder_stamp(log->streams.stream[i], &log->report, time, line_times_weight(found));
    record_builder_stamp(stream, &log->report, time, line_times_weight(found));
    if (!is_of_all && (stream == log->plain || log->has_headings)) {
        log->has_loose = true;
        log->loose = time;
    }
    log->has_time = true;
}

static void learn(struct line_classifier *log, const char *at, const char *end, const struct found_stamp *found)
{
    const char *name, *name_end;
    if (log->learner == NULL)
        return;
    for (size_t i = 0; i < log->streams.count; i++) /* a complete record came before this time */
        record_builder_end(log->streams.stream[i], &log->report);
    bool has_lead = core_from(found) > found->from && find_name(at, core_from(found), &name, &name_end);
    if (has_lead)
        log_learner_lead(log->learner, &found->stamp, name, name_end);
    if (has_lead || !find_name(at, found->from, &name, &name_end) ||
        node_table_find(&log->streams, name, name_end) != NULL)
        name = name_end = at;
    log_learner_stamp(log->learner, found, name, name_end);
    if ((!found->is_alone || found->core_from != NULL) && log->learner->heading_length == 0) { /* ">>> cn01 10:00:00" */
        log->learner->heading_length =
            label_words_key(at, end, core_from(found), core_to(found), log->learner->heading_line);
        log->learner->heading_weekday = timestamp_weekday(&found->stamp);
    }
    if (has_lead || name < name_end || !find_name_after(core_to(found), end, &name, &name_end))
        name = name_end = at;
    log_learner_name_after(log->learner, name, name_end);
}

/* Uses a time that was found on a line. Returns false if it is not a time after all. */
static bool take(struct line_classifier *log, const char *at, const char *end, struct found_stamp *found)
{
    learn(log, at, end, found);
    if (log->profile.takes_other && found->has_other)
        time_find_take_other(found);
    if (log_profile_is_still(&log->profile, &found->stamp))
        return false;
    enum timestamp_kind kind = found->stamp.kind;
    if (log->profile.has_banner && log->recent == NULL && kind == TIMESTAMP_DATE) {
        struct timestamp part = found->stamp;
        line_times_mean(log, &log->plain->clock, &part, false); /* its year counts */
        part.kind = TIMESTAMP_DAY;
        if (log->profile.banner_is_day)
            line_times_mean(log, &log->plain->clock, &part, false);
        part.kind = TIMESTAMP_CLOCK;
        if (log->profile.banner_is_day)
            line_times_mean(log, &log->plain->clock, &part, false);
        return true;
    }
    if (kind == TIMESTAMP_EPOCH && found->fullness == TIME_FULLNESS_NUMBER &&
        !is_time_number(log, found->stamp.time_s, found->is_alone)) {
        line_times_note_like(log, at, end);
        return false;
    }
    if (kind == TIMESTAMP_DAY) {
        line_times_note_like(log, at, end);
        line_times_mean(log, &log->current->clock, &found->stamp, false);
        return found->is_alone;
    }
    bool is_learning = log->learner != NULL;
    if (found->stamp.is_stopwatch && !log->profile.pairs_are_minutes && !is_learning) {
        line_times_note_like(log, at, end);
        return false;
    }
    if (kind == TIMESTAMP_SECONDS && is_learning)
        log_learner_time(log->learner, &found->stamp, true);
    struct record_builder *stream = find_stream(log, at, end, found);
    if (kind == TIMESTAMP_SECONDS && !(stream != NULL && (stream->clock.has_time || log->profile.seconds_are_times))) {
        if ((found->stamp.has_unit || log->profile.seconds_are_counts) && !log->has_time && !log->has_like) {
            log->has_like = true;
            freelog_report_note(&log->report, FREELOG_NOTE_TIME_LIKE, found->from, found->to);
        }
        return false;
    }
    if (stream != NULL)
        set_time(log, stream, found);
    return true;
}

/* Reads "Nov 23 00:35:08 node1: " with nothing after it. */
static bool read_stamped_blank(struct line_classifier *log, const char *at, const char *end)
{
    struct line_prefix prefix;
    line_prefix_read(at, end, &prefix);
    if (!prefix.has_stamp || !prefix.stamp_first || prefix.label == prefix.label_end)
        return false;
    struct record_builder *stream = node_table_find(&log->streams, prefix.label, prefix.label_end);
    if (stream != NULL)
        line_times_mean(log, &log->plain->clock, &prefix.stamp, false);
    return stream != NULL;
}

bool line_times_read(struct line_classifier *log, const char *at, const char *end, bool has_tail)
{
    struct found_stamp found;
    const char *label, *label_end, *rest;
    if (has_tail && node_table_find(&log->streams, at, end) != NULL)
        return true; /* a blank line of that node: "node1<TAB>" */
    if (line_prefix_lead(at, end, &label, &label_end, &rest) && text_skip_blanks(rest, end) == end &&
        node_table_find(&log->streams, label, label_end) != NULL)
        return true;
    if (!log->profile.names_follow_times && read_stamped_blank(log, at, end))
        return true;
    return line_times_find(at, end, &found) && found.is_alone && take(log, at, end, &found);
}

/* Returns true for "[00:13<09:30, 1.5it/s]", a progress bar's time since its start and until its end. */
static bool is_progress_bar(const char *at, const char *end)
{
    const char *sign = memchr(at, '<', (size_t)(end - at));
    return sign != NULL && sign - at > 4 && sign + 1 < end && text_is_digit(sign[-1]) && text_is_digit(sign[-2]) &&
           sign[-3] == ':' && (text_is_digit(sign[1]) || sign[1] == '?');
}

bool line_times_read_within(struct line_classifier *log, const char *at, const char *end)
{
    struct found_stamp found;
    if (line_scan_is_process(at, end) || is_progress_bar(at, end))
        return false;
    if (time_find(at, end, &found))
        return take(log, at, end, &found);
    const char *label, *label_end, *rest;
    if (line_prefix_lead(at, end, &label, &label_end, &rest) &&
        line_times_find(text_skip_blanks(rest, end), end, &found))
        return take(log, at, end, &found);
    line_times_note_like(log, at, end);
    return false;
}

void line_times_note_like(struct line_classifier *log, const char *at, const char *end)
{
    const char *from, *to;
    if (log->has_time || log->has_like || !time_find_like(at, end, &from, &to))
        return;
    log->has_like = true;
    freelog_report_note(&log->report, FREELOG_NOTE_TIME_LIKE, from, to);
}
