/* SPDX-License-Identifier: MIT */
/* log_profile: concludes from the beginning of a log what its times belong to, which numbers are times, and which words
 * are nodes. */
#include "log_profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/array.h"
#include "base/clock.h"
#include "text.h"

#define WEEK_S 604800.0
#define YEAR_S 31557600.0
#define DAY_S  86400.0

#define FASTEST_S      0.05
#define WRITTEN_SOON_S 600.0

#define PAUSES_EVERY 10 /* a number that leaps or goes back more often than that is not a time */

/* Two records are further apart than that: a number that advances less is not a time but a record number, or the time
 * of a start. */
#define LEAST_STEP_S 1.5e-3
#define SHORT_STEP_S 2.0 /* nodes asked one after the other are not further apart */
#define STILL_MANY   8   /* records needed to conclude it if other times advance */
#define STALLED_MANY 128 /* records needed at the beginning of a log to conclude it; 2 for a whole log */

struct log_learner *log_learner_new(void)
{
    struct log_learner *learner = calloc(1, sizeof *learner);
    if (learner != NULL)
        learner->name = calloc(LOG_PROFILE_NAMES, sizeof *learner->name);
    if (learner == NULL || learner->name == NULL) {
        log_learner_free(learner);
        return NULL;
    }
    return learner;
}

void log_learner_free(struct log_learner *learner)
{
    if (learner != NULL) {
        label_words_free(&learner->row_texts);
        label_words_free(&learner->heading_texts);
        label_words_free(&learner->following_texts);
        free(learner->name);
    }
    free(learner);
}

static unsigned int weight_of(const struct found_stamp *found)
{
    return 2 * (unsigned int)found->fullness + found->is_alone;
}

void log_learner_number(struct log_learner *learner, double epoch_s)
{
    unsigned long i = learner->numbers_of_gap++;
    if (i >= LOG_PROFILE_NUMBERS)
        return;
    if (learner->number_count[i]++ == 0) {
        learner->number_first[i] = epoch_s;
    } else {
        double step_s = epoch_s - learner->number[i];
        bool is_pause = step_s > WEEK_S;
        learner->number_fails[i] |= fabs(step_s) > YEAR_S;
        learner->number_backs[i] += step_s < 0;
        learner->number_pauses[i] += is_pause;
        learner->number_steps[i] += is_pause || step_s < 0 ? 0 : step_s;
    }
    learner->number[i] = epoch_s;
}

/* Learns from a date which of two numbers is which: a date that can be read in one way only proves it; of those that
 * can be read both ways, the number that changes more often is the day. */
static void learn_order(struct seen_order *seen, int order, bool is_open, int number, int day, double swapped_s,
                        double days_s)
{
    const int now[2] = {number, day};
    if (!is_open) {
        seen->saw[order] |= number != day;
        return;
    }
    seen->order = order;
    for (int i = 0; i < 2; i++) {
        seen->changes[i] += seen->number[i] != 0 && seen->number[i] != now[i];
        seen->number[i] = now[i];
    }
    seen->days_s[0] = days_s;
    seen->days_s[1] = swapped_s;
}

static void learn_orders(struct log_learner *learner, const struct timestamp *stamp)
{
    const int year = stamp->year, month = stamp->month, day = stamp->day;
    const double days_s = month > 0 ? timestamp_days_s(year, month, day) : 0;
    if (month == 0)
        return;
    learner->has_leap_day |= stamp->kind == TIMESTAMP_NO_YEAR && month == 2 && day == 29;
    learn_order(&learner->swaps, (int)stamp->order, stamp->may_swap, month, day,
                stamp->may_swap ? timestamp_days_s(year, day, month) : 0, days_s);
    learn_order(&learner->flips, (int)stamp->year_order, stamp->may_flip, year, day,
                timestamp_days_s(2000 + day, month, year % 100), days_s);
}

/* Learns how a time has advanced since that of the previous line. */
static void learn_step(struct seen_time *seen, const struct timestamp *stamp, bool is_first)
{
    const struct timestamp *last = &seen->last;
    double day_s = timestamp_days_s(stamp->year, stamp->month, stamp->day);
    double step_s = day_s - timestamp_days_s(last->year, last->month, last->day) + stamp->time_s - last->time_s;
    if (!is_first) {
        seen->moves += step_s != 0;
        seen->backs += step_s < 0 && !(stamp->kind == TIMESTAMP_CLOCK && step_s < -DAY_S / 2); /* midnight */
    }
    seen->last = *stamp;
}

static void learn_two(struct log_learner *learner, const struct found_stamp *found)
{
    if (!found->has_other)
        return;
    learn_step(&learner->best, &found->stamp, learner->lines_of_two == 0);
    learn_step(&learner->other, &found->other, learner->lines_of_two == 0);
    learner->lines_of_two++;
}

/* Returns true if the second best time is the one that advances: the start of a job, or its remaining time, may be on a
 * line in as complete a form as the time of writing. */
static bool is_other_better(const struct log_learner *learner)
{
    const struct seen_time *best = &learner->best, *other = &learner->other;
    return (best->moves == 0 || best->backs > 0) && other->moves > 0 && other->backs == 0;
}

/* Returns a number that only equal times have. */
static double value_of(const struct timestamp *stamp)
{
    return timestamp_days_s(stamp->year, stamp->month, stamp->day) + stamp->time_s;
}

static void learn_value(struct log_learner *learner, const struct found_stamp *found)
{
    struct seen_value *rarest = learner->values;
    double value_s = value_of(&found->stamp);
    if (found->fullness == TIME_FULLNESS_NUMBER || found->stamp.kind == TIMESTAMP_DAY)
        return;
    learner->value_count++;
    for (size_t i = 0; i < LOG_PROFILE_STILL; i++) {
        struct seen_value *seen = &learner->values[i];
        if (seen->count > 0 && seen->value_s == value_s) {
            seen->count++;
            return;
        }
        rarest = seen->count < rarest->count ? seen : rarest;
    }
    *rarest = (struct seen_value){value_s, 1};
}

/* Where times never advance: finds those that occur in each record besides others that change. */
static void judge_still(const struct log_learner *learner, struct log_profile *profile)
{
    unsigned long moving = learner->value_count;
    size_t distinct = 0;
    for (size_t i = 0; i < LOG_PROFILE_STILL && profile->times_stall; i++) {
        const struct seen_value *seen = &learner->values[i];
        distinct += seen->count > 0;
        if (seen->count < 2 || seen->count + 1 < learner->records)
            continue;
        profile->still_s[profile->stills++] = seen->value_s;
        moving -= seen->count;
    }
    if (moving + 1 < learner->records || distinct < profile->stills + 2)
        profile->stills = 0;
    profile->times_stall &= profile->stills == 0;
}

bool log_profile_is_still(const struct log_profile *profile, const struct timestamp *stamp)
{
    for (size_t i = 0; i < profile->stills; i++)
        if (profile->still_s[i] == value_of(stamp))
            return true;
    return false;
}

static struct seen_name *find_name(struct log_learner *learner, const char *at, const char *end)
{
    size_t length = (size_t)(end - at);
    if (length >= LOG_PROFILE_NAME)
        return NULL;
    for (size_t i = 0; i < learner->names; i++)
        if (strlen(learner->name[i].text) == length && memcmp(learner->name[i].text, at, length) == 0)
            return &learner->name[i];
    if (learner->names == LOG_PROFILE_NAMES) {
        learner->has_many_names = true;
        return NULL;
    }
    struct seen_name *name = &learner->name[learner->names++];
    memcpy(name->text, at, length);
    return name;
}

static void see_name(struct seen_name *seen, const struct timestamp *stamp)
{
    seen->count++;
    label_words_see_weekday(&seen->weekday, timestamp_weekday(stamp));
}

/* Ends a round of records at a time. */
static void end_round(struct seen_rounds *rounds)
{
    rounds->begins_with_time |= rounds->rounds == 0 && rounds->records == 0;
    rounds->rounds += rounds->records > 0;
    rounds->of_several += rounds->records > 1;
    rounds->records = 0;
}

static void learn_round(struct seen_rounds *rounds, const char *label)
{
    if (rounds->records++ == 0) {
        snprintf(rounds->label, sizeof rounds->label, "%s", label);
        return;
    }
    rounds->has_repeats |= strncmp(rounds->label, label, sizeof rounds->label - 1) == 0;
}

/* Returns true if each time comes after a record of each node: the first records have no time before them, and none
 * follow the last time. */
static bool do_end_rounds(const struct seen_rounds *rounds, bool is_whole)
{
    return !rounds->begins_with_time && !rounds->has_repeats && rounds->rounds > 1 &&
           rounds->of_several == rounds->rounds && !(is_whole && rounds->records > 0);
}

void log_learner_stamp(struct log_learner *learner, const struct found_stamp *found, const char *name,
                       const char *name_end)
{
    if (found->fullness == TIME_FULLNESS_NUMBER && found->stamp.kind == TIMESTAMP_EPOCH)
        log_learner_number(learner, found->stamp.time_s);
    learner->gap_weights |= 1u << weight_of(found);
    if (found->stamp.kind != TIMESTAMP_DAY && found->fullness != TIME_FULLNESS_NUMBER)
        end_round(&learner->rounds);
    learn_two(learner, found);
    learn_value(learner, found);
    learner->line_has_stamp = true;
    if (name < name_end) {
        struct seen_name *seen = find_name(learner, name, name_end);
        if (seen != NULL)
            see_name(seen, &found->stamp);
    }
}

void log_learner_lead(struct log_learner *learner, const struct timestamp *stamp, const char *name,
                      const char *name_end)
{
    double day_s = timestamp_days_s(stamp->year, stamp->month, stamp->day);
    struct seen_name *seen = find_name(learner, name, name_end);
    if (seen == NULL)
        return;
    size_t lead = (size_t)(seen - learner->name) + 1;
    learner->leads_differ |= learner->last_lead > 0 && lead != learner->last_lead && day_s <= learner->last_lead_s;
    learner->last_lead = lead;
    learner->last_lead_s = day_s;
    seen->is_lead = true;
    see_name(seen, stamp);
}

void log_learner_name_after(struct log_learner *learner, const char *at, const char *end)
{
    char key[LABEL_WORDS_TEXT];
    size_t length = label_words_key(at, end, NULL, NULL, key);
    label_words_see(&learner->following_texts, key, length, 0);
}

void log_learner_time(struct log_learner *learner, const struct timestamp *stamp, bool on_row)
{
    struct seen_elapsed *all = &learner->elapsed;
    const bool is_pair = stamp->kind == TIMESTAMP_CLOCK && stamp->is_pair;
    struct seen_numbers *seen = is_pair ? &all->pair : &all->second;
    learn_orders(learner, stamp);
    if (!is_pair && stamp->kind != TIMESTAMP_SECONDS) {
        all->has_others = true;
        return;
    }
    const double step_s = stamp->time_s - seen->last_s;
    all->has_stopwatch |= stamp->is_stopwatch;
    all->has_unit |= stamp->has_unit;
    all->tight += stamp->is_tight;
    all->parted += stamp->is_parted;
    all->days += stamp->may_be_day;
    all->has_fraction |= stamp->time_s != floor(stamp->time_s);
    if (seen->count++ == 0) {
        seen->first_s = seen->least_s = stamp->time_s;
    } else if (fabs(step_s) > 1e-7) { /* not the same text, read by another function */
        seen->least_step_s = seen->steps == 0 ? step_s : fmin(seen->least_step_s, step_s);
        seen->most_step_s = seen->steps == 0 ? step_s : fmax(seen->most_step_s, step_s);
        seen->steps++;
        seen->backs += step_s < 0;
        all->has_midnight |= is_pair && seen->last_s >= 23 * 3600 && stamp->time_s < 3600;
    } else {
        seen->same += !on_row;
    }
    seen->least_s = fmin(seen->least_s, stamp->time_s);
    seen->last_s = stamp->time_s;
}

/* Times of two numbers are minutes and seconds if they exceed 24 or have decimals; else if they begin in the first hour
 * of a day, or of a stopwatch: a clock would nearly always show another hour. A clock that shows minutes repeats them.
 */
static void judge_pairs(const struct log_learner *learner, double written_epoch_s, struct log_profile *profile)
{
    const struct seen_elapsed *seen = &learner->elapsed;
    bool has_repeats = learner->times.repeats * 10 > learner->times.of_first;
    if (seen->pair.count == 0 || seen->has_others)
        return;
    profile->pairs_are_minutes =
        seen->has_stopwatch || (seen->pair.steps > 0 && seen->pair.first_s < 3600 && !seen->has_midnight &&
                                seen->pair.least_step_s > 0 && !has_repeats);
    profile->pairs_are_guessed = profile->pairs_are_minutes && !seen->has_stopwatch;
    if (profile->pairs_are_guessed && isfinite(written_epoch_s)) { /* a log is written when its last time is */
        double age_s = fmod(written_epoch_s + clock_zone_at(written_epoch_s) - seen->pair.last_s, DAY_S);
        profile->pairs_are_minutes = profile->pairs_are_guessed = !(age_s >= 0 && age_s < WRITTEN_SOON_S);
    }
    profile->pairs_are_results =
        seen->pair.backs > 0 && seen->has_stopwatch && 4 * seen->pair.backs >= seen->pair.steps;
}

/* Numbers of seconds are times if they only grow; without a word or unit that says so, the steps must also be similar.
 * Steps of 1 may as well be record numbers. */
static void judge_seconds(const struct seen_elapsed *seen, struct log_profile *profile)
{
    double least_s = seen->second.least_step_s, most_s = seen->second.most_step_s;
    bool are_like = most_s <= fmax(1.5 * least_s, least_s + 2), is_one = least_s == 1 && most_s == 1;
    /* No time since the start begins with six digits. */
    profile->seconds_are_clocks =
        seen->second.steps > 0 && seen->tight == seen->second.count && seen->days < seen->second.count;
    profile->seconds_are_times = profile->seconds_are_clocks;
    /* Times since the previous line are short on all but the first line of a record, and vary little between records.
     */
    profile->seconds_are_counts =
        !profile->seconds_are_clocks && seen->second.least_s >= 1 &&
        ((seen->second.same > 0 && (seen->second.steps == 0 || least_s < 0)) ||
         (4 * seen->second.backs > seen->second.steps && -least_s > seen->second.least_s + 2));
    if (seen->parted > 0 || seen->second.steps == 0 || least_s <= 0 || profile->seconds_are_clocks)
        return;
    /* Nobody runs free every 0.01 s: such numbers are hours and minutes, "10.01", or days. */
    profile->seconds_are_counts = !seen->has_unit && ((is_one && !seen->has_fraction) || most_s < FASTEST_S);
    profile->seconds_are_times = seen->has_unit || (are_like && !profile->seconds_are_counts);
}

void log_learner_heading(struct log_learner *learner, const char *at, const char *end, bool has_rows)
{
    size_t length = (size_t)(end - at) < LOG_PROFILE_NAME ? (size_t)(end - at) : LOG_PROFILE_NAME - 1;
    learner->headings++;
    if (!has_rows)
        return;
    if (learner->headings_with_rows++ == 0)
        memcpy(learner->heading, at, length);
    else if (strlen(learner->heading) != length || memcmp(learner->heading, at, length) != 0)
        learner->has_two_headings = true;
}

void log_learner_words(struct log_learner *learner, const char *at, const char *end)
{
    learner->heading_length = label_words_key(at, end, NULL, NULL, learner->heading_line);
    learner->heading_weekday = 0;
}

void log_learner_number_label(struct log_learner *learner, const char *at, const char *end)
{
    double number = 0;
    for (; at < end; at++)
        number = number * 10 + (*at - '0');
    const bool is_first = learner->number_labels++ == 0;
    learner->number_labels_ascending += is_first || number > learner->last_number_label;
    learner->number_labels_rising += is_first || number >= learner->last_number_label;
    learner->last_number_label = number;
}

void log_learner_row(struct log_learner *learner, const char *prefix, size_t length, const struct timestamp *stamp)
{
    const int weekday = stamp == NULL ? 0 : timestamp_weekday(stamp);
    label_words_see(&learner->row_texts, prefix, length, weekday);
    label_words_see(&learner->heading_texts, learner->heading_line, learner->heading_length, learner->heading_weekday);
    if (learner->heading_length > 0) {
        prefix = learner->heading_line;
        length = learner->heading_length;
    }
    memcpy(learner->row_heading, prefix, length);
    learner->row_heading[length] = '\0';
    learner->heading_length = 0;
}

void log_learner_line(struct log_learner *learner, bool is_blank)
{
    if (learner->line_has_stamp) {
        learner->stamp_after_blank = learner->is_blank;
        learner->stamp_is_last = true;
        learner->is_blank = learner->line_has_stamp = false;
        return;
    }
    if (learner->stamp_is_last && is_blank && !learner->stamp_after_blank)
        learner->blank_after++;
    if (learner->stamp_is_last && !is_blank && learner->stamp_after_blank)
        learner->blank_before++;
    learner->stamp_is_last = false;
    learner->is_blank = is_blank;
}

static void learn_time(struct seen_record_times *times, const struct freelog_record *record)
{
    if (!isfinite(record->stamp_s))
        return;
    if (times->timed > 0) {
        double step_s = record->stamp_s - times->any_last_s;
        times->least_step_s = times->steps == 0 ? step_s : fmin(times->least_step_s, step_s);
        times->most_step_s = times->steps == 0 ? step_s : fmax(times->most_step_s, step_s);
        times->short_steps += step_s <= SHORT_STEP_S;
        times->backs += step_s < 0;
        times->steps++;
    }
    times->any_last_s = record->stamp_s;
    if (times->timed++ == 0) {
        strncpy(times->label, record->label, sizeof times->label - 1);
        times->least_s = times->most_s = record->stamp_s;
    }
    if (strncmp(times->label, record->label, sizeof times->label - 1) != 0)
        return;
    times->repeats += times->of_first > 0 && times->last_s == record->stamp_s;
    times->of_first++;
    times->last_s = record->stamp_s;
    times->least_s = fmin(times->least_s, record->stamp_s);
    times->most_s = fmax(times->most_s, record->stamp_s);
}

/* Returns true if the times of a node with several of them never advance. Times within a few seconds may all show the
 * same minute. */
static bool do_stall(const struct seen_record_times *times, bool is_whole, unsigned long many)
{
    bool are_minutes = fmod(times->least_s, 60) == 0;
    if (times->of_first < 2 || (!is_whole && (times->of_first < many || are_minutes)))
        return false;
    return times->most_s - times->least_s < LEAST_STEP_S * (double)(times->of_first - 1);
}

void log_learner_record(struct log_learner *learner, const struct freelog_record *record)
{
    if (learner->records == 0)
        learner->first_weights = learner->gap_weights;
    else
        for (size_t i = 0; i < sizeof learner->gaps / sizeof learner->gaps[0]; i++)
            learner->gaps[i] += learner->gap_weights >> i & 1;
    learner->first_has_buffers_row |= learner->records == 0 && record->used_meaning == FREELOG_USED_NO_BUFFERS;
    learner->with_buffers_row += record->used_meaning == FREELOG_USED_NO_BUFFERS;
    learner->records++;
    learn_round(&learner->rounds, *record->label != '\0' ? record->label : learner->row_heading);
    learner->gap_weights = 0;
    learner->numbers_of_gap = 0;
    learner->has_labels |= *record->label != '\0';
    learner->header_unit = learner->records == 1 ? record->unit_bytes : learner->header_unit;
    learn_time(&learner->times, record);
    unit_evidence_add(&learner->unit, record, record->unit_bytes);
}

/* Returns true if times on separate lines belong to the record before them: the first record has no time before it, but
 * each later record and the end of the log has. If the log is truncated at its beginning or end, its blank lines
 * decide. */
static bool do_stamps_follow(const struct log_learner *learner, bool is_whole)
{
    unsigned long between = learner->records - (learner->records > 0);
    if ((learner->has_labels && learner->headings_with_rows == 0) || learner->records == 0)
        return false;
    for (size_t i = sizeof learner->gaps / sizeof learner->gaps[0]; i-- > 0;) {
        bool is_first = learner->first_weights >> i & 1, is_last = learner->gap_weights >> i & 1;
        if ((i <= 2 * TIME_FULLNESS_NUMBER + 1 && learner->rows_have_times) || 2 * learner->gaps[i] < between ||
            (between == 0 && !is_first && !is_last))
            continue;
        if (is_first || learner->gaps[i] < between)
            return false;
        if (!is_whole)
            return !(learner->blank_before > 0 && learner->blank_after == 0);
        return is_last;
    }
    return false;
}

/* Returns true if a number advances from record to record. It goes back once if a clock is set or a second run begins.
 */
static bool goes_on(const struct log_learner *learner, int i, unsigned long steps)
{
    unsigned long backs = learner->number_backs[i];
    return backs == 0 || (backs == 1 && steps > 2) || backs * PAUSES_EVERY <= steps;
}

/* Numbers are times if those at one position between the records advance as time does. Recordings rarely pause. */
static void judge_numbers(const struct log_learner *learner, struct log_profile *profile)
{
    bool any = false;
    for (int i = 0; i < LOG_PROFILE_NUMBERS; i++) {
        unsigned long steps = learner->number_count[i] - (learner->number_count[i] > 0);
        any |= learner->number_count[i] > 0;
        if (learner->number_count[i] == 0 || learner->number_fails[i] || profile->number_first > 0)
            continue;
        if (steps == 0 ? learner->records <= 1
                       : learner->number_steps[i] > LEAST_STEP_S * (double)steps &&
                             learner->number_steps[i] <= DAY_S * (double)steps &&
                             learner->number_pauses[i] * PAUSES_EVERY <= steps && goes_on(learner, i, steps))
            profile->number_first = learner->number_first[i];
    }
    profile->numbers_are_counts = any && profile->number_first == 0;
}

/* Returns true if a date before the first record is not its time, but that of a start: none of the others has one as
 * complete, but all have another time. Sets `*is_clock` if that is a time of day. */
static bool has_banner(const struct log_learner *learner, bool *is_clock)
{
    const unsigned long between = learner->records - (learner->records > 0);
    int usual = learner->rows_have_times ? 0 : -1, most = -1;
    for (int i = 0; i <= TIME_FULLNESS_DATE; i++) {
        const unsigned long gaps = learner->gaps[2 * i] + learner->gaps[2 * i + 1];
        const bool is_first = (learner->first_weights >> 2 * i & 3) != 0;
        if (is_first && gaps >= between)
            usual = i;
        most = is_first || gaps > 0 ? i : most;
        if (i == TIME_FULLNESS_DATE && (gaps > 0 || !is_first))
            return false;
    }
    *is_clock = usual == TIME_FULLNESS_MINUTE || usual == TIME_FULLNESS_CLOCK || learner->rows_have_clocks;
    return between > 1 && usual >= 0 && usual < most;
}

static bool is_swapped(const struct seen_order *seen, double written_epoch_s)
{
    if (seen->order != 0 && seen->saw[1] != seen->saw[2])
        return !seen->saw[seen->order];
    if (seen->changes[0] != seen->changes[1])
        return seen->changes[0] > seen->changes[1];
    if (isnan(written_epoch_s) || seen->number[0] == 0)
        return false;
    /* No time is later than the log's last write, and most logs are examined soon after it. */
    double as_read = written_epoch_s - seen->days_s[0], swapped = written_epoch_s - seen->days_s[1];
    if (as_read < -DAY_S || swapped < -DAY_S)
        return as_read < -DAY_S && swapped >= -DAY_S;
    return swapped < 3 * DAY_S && as_read > 10 * DAY_S;
}

/* "I0302": level, month and day of glog. */
static bool is_glog(const char *at, const char *end)
{
    return end - at == 5 && strchr("IWEF", *at) != NULL && text_digits_end(at + 1, end) == end &&
           memcmp(at + 1, "1232", 4) < 0;
}

bool log_profile_is_name(const char *at, const char *end)
{
    static const char *const words[] = {
        "date",     "time",      "timestamp", "datetime", "now",       "datum",    "zeit",    "fecha",
        "hora",     "info",      "debug",     "warning",  "warn",      "error",    "notice",  "trace",
        "log",      "mem",       "memory",    "free",     "ram",       "swap",     "sample",  "run",
        "iter",     "iteration", "loop",      "step",     "count",     "test",     "pass",    "measurement",
        "snapshot", "poll",      "check",     "round",    "record",    "tick",     "entry",   "start",
        "end",      "begin",     "started",   "stop",     "at",        "on",       "the",     "report",
        "stats",    "status",    "usage",     "memusage", "top",       "uptime",   "mon",     "tue",
        "wed",      "thu",       "fri",       "sat",      "sun",       "ts",       "epoch",   "generated",
        "updated",  "created",   "printed",   "recorded", "measured",  "current",  "local",   "utc",
        "today",    "interval",  "cycle",     "cpu",      "disk",      "net",      "io",      "system",
        "sys",      "monitor",   "phase",     "stage",    "level",     "part",     "trial",   "batch",
        "repeat",   "epoch",     "case",      "job",      "root",      "user",     "memstat", "memlog",
        "since",    "from",      "to",        "no",       "nr",        "num",      "t",       "n",
        "i",        "am",        "pm",        "and",      "is",        "unix",     "elapsed", "runtime",
        "seconds",  "secs",      "sec",       "walltime", "wallclock", "utime",    "minute",  "hour",
        "clock",    "thread",    "fold",      "file",     "input",     "output",   "python",  "comment",
        "monday",   "tuesday",   "wednesday", "thursday", "friday",    "saturday", "sunday"};
    bool has_letter = false;
    if (end - at > 255 || at == end || is_glog(at, end))
        return false;
    for (const char *c = at; c < end; c++) {
        has_letter |= text_is_letter(*c);
        if (!text_is_letter(*c) && !text_is_digit(*c) && strchr("-._[],", *c) == NULL)
            return false;
    }
    const char *word_end = text_digits_end(at, end);
    if (word_end > at && end - word_end == 1 && strchr("dhms", *word_end) != NULL) /* "0d 10:00:00" */
        return false;
    word_end = at;
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    /* "n1" and "mon1" are nodes, "sample1" and "run1" are not. */
    bool may_be_common = word_end == end || word_end - at > 3 || strncasecmp(at, "run", 3) == 0;
    if (may_be_common && text_is_one_of(words, COUNT(words), at, word_end))
        return false;
    return has_letter && (text_is_letter(*at) || text_is_digit(*at));
}

bool log_profile_is_address(const char *at, const char *end)
{
    int groups = 0, colons = 0, pairs = 0;
    bool is_hex = false;
    for (const char *c = at; c < end; c++) {
        colons += *c == ':';
        pairs += *c == ':' && c + 1 < end && c[1] == ':';
        is_hex |= *c != ':';
        if (*c != ':' && strchr("0123456789abcdefABCDEF", *c) == NULL)
            colons = -300;
    }
    if (is_hex && (pairs == 1 ? colons >= 2 && colons <= 7 : pairs == 0 && colons == 7))
        return true;
    for (const char *digit = at; digit < end; groups++) {
        const char *past = text_digits_end(digit, end);
        if (past == digit || past - digit > 3 || (past < end && *past != '.'))
            return false;
        digit = past + 1;
    }
    return groups == 4 && text_is_digit(end[-1]);
}

/* Returns true for words by which programs name the parts of their run, and results. */
static bool is_phase(const char *at, const char *end)
{
    static const char *const words[] = {
        "before",   "after",   "pre",        "post",     "begin",    "finish",   "final",   "first",    "last",
        "next",     "initial", "init",       "idle",     "busy",     "load",     "save",    "warmup",   "train",
        "eval",     "test",    "val",        "forward",  "backward", "baseline", "peak",    "compile",  "link",
        "build",    "solve",   "setup",      "teardown", "cleanup",  "clean",    "read",    "write",    "open",
        "close",    "import",  "export",     "encode",   "decode",   "alloc",    "malloc",  "allocate", "ok",
        "pass",     "fail",    "failure",    "success",  "true",     "false",    "yes",     "none",     "null",
        "high",     "low",     "normal",     "critical", "done",     "old",      "new",     "on",       "off",
        "up",       "down",    "left",       "right",    "input",    "output",   "work",    "sleep",    "wait",
        "main",     "exit",    "enter",      "resume",   "pause",    "fit",      "predict", "loss",     "send",
        "receive",  "sync",    "async",      "morning",  "evening",  "day",      "night",   "noon",     "midnight",
        "with",     "without", "cold",       "warm",     "hot",      "small",    "large",   "medium",   "mesh",
        "assemble", "restart", "checkpoint", "prologue", "epilogue", "prolog",   "epilog"};
    return text_is_one_of(words, COUNT(words), at, end);
}

/* Returns true if the word at `at`, up to a sign or `end`, is a participle: "loading", "finished". */
static bool is_participle(const char *at, const char *end)
{
    const char *word_end = at;
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    return (word_end - at > 5 && strncasecmp(word_end - 3, "ing", 3) == 0) ||
           (word_end - at > 4 && strncasecmp(word_end - 2, "ed", 2) == 0);
}

bool log_profile_is_host(const char *at, const char *end)
{
    if (text_starts(at, end, "pod/"))
        at += strlen("pod/");
    const char *word_end = at;
    if (log_profile_is_address(at, end))
        return true;
    if (!log_profile_is_name(at, end))
        return false;
    if (text_has_digit(at, end))
        return true;
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    return end - at > 1 && !is_phase(at, word_end) && !is_participle(at, end);
}

/* Returns true if the records are evenly spaced, as those of one node are: the words between them are not its name. */
static bool are_even(const struct log_learner *learner)
{
    const struct seen_record_times *times = &learner->times;
    return times->steps > 1 && 4 * times->timed > 3 * learner->records && times->backs == 0 &&
           times->least_step_s > SHORT_STEP_S && times->most_step_s <= 1.5 * times->least_step_s + 1;
}

/* Returns true if the records come in rounds, as those of several nodes do. */
static bool are_rounds(const struct seen_record_times *times)
{
    return times->backs > 0 || (3 * times->short_steps >= times->steps && times->most_step_s >= 5 * SHORT_STEP_S);
}

/* Returns true if words before times are nodes: there are several that may be names, or one with a number, as in host
 * names. */
static bool are_nodes(const struct log_learner *learner)
{
    unsigned long distinct = 0, lines = 0;
    unsigned int days = 0;
    bool has_digit = false, are_weekdays = learner->names > 1;
    for (size_t i = 0; i < learner->names && are_weekdays; i++)
        are_weekdays = label_words_is_weekday(learner->name[i].text, learner->name[i].weekday, &days);
    if (are_weekdays || learner->has_many_names || learner->has_labels)
        return false;
    for (size_t i = 0; i < learner->names; i++) {
        const char *text = learner->name[i].text, *end = text + strlen(text);
        if (learner->name[i].is_lead && !learner->leads_differ)
            continue;
        if (!log_profile_is_host(text, end))
            return false;
        distinct++;
        lines += learner->name[i].count;
        has_digit |= strpbrk(text, "0123456789") != NULL;
    }
    if (distinct == 0 || 2 * lines < learner->records)
        return false;
    return has_digit || (distinct > 1 && !are_even(learner));
}

void log_learner_conclude(const struct log_learner *learner, bool is_whole, double written_epoch_s, double unit_bytes,
                          struct log_profile *profile)
{
    *profile = (struct log_profile){0};
    profile->stamps_end_rounds = do_end_rounds(&learner->rounds, is_whole);
    profile->stamps_follow = profile->stamps_end_rounds || do_stamps_follow(learner, is_whole);
    profile->has_leap_day = learner->has_leap_day;
    profile->has_banner = has_banner(learner, &profile->banner_is_day);
    judge_numbers(learner, profile);
    profile->takes_other = is_other_better(learner);
    profile->times_stall = !profile->takes_other && do_stall(&learner->times, is_whole, STILL_MANY);
    judge_still(learner, profile);
    profile->times_stall &= do_stall(&learner->times, is_whole, STALLED_MANY);
    profile->swaps_dates = is_swapped(&learner->swaps, written_epoch_s);
    profile->flips_dates = is_swapped(&learner->flips, written_epoch_s);
    profile->names_are_nodes = are_nodes(learner) && !(profile->stamps_follow && learner->names == 1);
    judge_pairs(learner, is_whole ? written_epoch_s : NAN, profile);
    judge_seconds(&learner->elapsed, profile);
    label_words_conclude(&learner->row_texts, LABEL_WORDS_ANY, &profile->prefixes);
    if (!learner->has_labels) {
        struct label_words past;
        label_words_conclude(&learner->heading_texts, are_even(learner) ? LABEL_WORDS_NUMBERED : LABEL_WORDS_HOSTS,
                             &profile->headings);
        label_words_conclude(&learner->following_texts,
                             are_rounds(&learner->times) ? LABEL_WORDS_HOSTS : LABEL_WORDS_NUMBERED, &past);
        profile->names_follow_times = past.is_known && !profile->names_are_nodes;
    }
    /* A node has all rows of a record, but line numbers differ from line to line. */
    profile->numbers_are_lines =
        learner->number_labels > 2 &&
        (learner->number_labels_ascending == learner->number_labels ||
         (learner->number_labels_rising == learner->number_labels && are_even(learner))); /* of records */
    profile->has_buffers_rows = !learner->first_has_buffers_row && 2 * learner->with_buffers_row >= learner->records &&
                                learner->with_buffers_row > 0;
    profile->rows_have_labels = learner->has_labels;
    if (unit_bytes == 0)
        profile->unit = unit_guess_find(&learner->unit, learner->header_unit);
    profile->headings_are_texts = learner->headings_with_rows > 0 && !learner->has_two_headings &&
                                  (learner->headings > learner->headings_with_rows ||
                                   !log_profile_is_name(learner->heading, learner->heading + strlen(learner->heading)));
}
