/* SPDX-License-Identifier: MIT */
/* time_find: chooses among everything on a line that looks like a date or a time. */
#include "time_find.h"

#include <strings.h>

#include "base/array.h"
#include "month_name.h"
#include "text.h"
#include "time_forms.h"

#define FOUND_MAX    4 /* dates and times of one line that are considered: tables have more */
#define NEAR_BYTES   4
#define ELAPSED_KEYS 8 /* the first of the keywords, which need no unit after the number */

/* The dates and times found on a line. */
struct finds {
    struct found_date date[FOUND_MAX];
    struct found_time time[FOUND_MAX];
    int dates, times;
    bool has_elapsed; /* seconds with a keyword or unit */
    double elapsed_s;
    const char *elapsed_from, *elapsed_to;
    bool has_epoch, has_key; /* a keyword before the number marks it as a time */
    double epoch_s;
    const char *epoch_from, *epoch_to;
};

static void add_time(struct finds *finds, const struct found_time *time)
{
    if (finds->times < FOUND_MAX)
        finds->time[finds->times++] = *time;
}

static void add_date(struct finds *finds, const struct found_date *date)
{
    if (finds->dates < FOUND_MAX)
        finds->date[finds->dates++] = *date;
}

/* Returns true if "ts=", "time: ", "@" or "epoch " precedes a number. */
static bool has_key_before(const char *start, const char *at)
{
    static const char *const keys[] = {"ts", "time", "timestamp", "epoch", "date", "now", "unixtime", "unix", "t"};
    if (at > start && at[-1] == '@')
        return true;
    while (at > start && (text_is_blank(at[-1]) || strchr("=:\"'[(", at[-1]) != NULL))
        at--;
    const char *word = at;
    while (word > start && text_is_letter(word[-1]))
        word--;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strlen(keys[i]) == (size_t)(at - word) && strncasecmp(word, keys[i], (size_t)(at - word)) == 0)
            return true;
    return false;
}

/* Returns true if [at, end) is one of the words. */
static bool is_word_of(const char *const *words, size_t count, const char *at, const char *end)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == (size_t)(end - at) && strncasecmp(words[i], at, (size_t)(end - at)) == 0)
            return true;
    return false;
}

static double digits_value(const char *at, const char *end)
{
    double value = 0;
    for (; at < end; at++)
        value = value * 10 + (*at - '0');
    return value;
}

/* Takes a time since the start whose digits begin at `at`: "elapsed: 5 seconds", "elapsed 5", "t=5s", "T+5.0 s". */
static void take_elapsed(const char *start, const char *at, const char *end, struct finds *finds)
{
    static const char *const keys[] = {"elapsed",  "t",       "elapsed_s", "elapsed_sec", "seconds", "secs",
                                       "sec",      "runtime", "time",      "uptime",      "after",   "at",
                                       "walltime", "wall",    "start",     "begin"};
    static const char *const units[] = {"s", "sec", "secs", "second", "seconds"};
    static const char *const minutes[] = {"m", "min", "mn", "mins", "minute", "minutes"};
    static const char *const past_words[] = {"elapsed", "passed", "in"};
    const char *key_end = at, *from = at, *to = text_digits_end(at, end);
    double value = 0, place = 1, minutes_s = 0;
    if (to - at > 9 || (at > start && (text_is_letter(at[-1]) || at[-1] == '.')))
        return;
    const char *word = text_skip_blanks(to, end), *word_end = word;
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    const char *next = text_skip_blanks(word_end, end), *next_end = text_digits_end(next, end);
    if (is_word_of(minutes, COUNT(minutes), word, word_end) && next_end > next && next_end - next <= 2) {
        minutes_s = 60 * digits_value(at, to); /* "5 min 10 s" */
        from = next;
        to = next_end;
    }
    for (const char *digit = from; digit < to; digit++)
        value = value * 10 + (*digit - '0');
    if (end - to > 1 && *to == '.' && text_is_digit(to[1]))
        for (to++; to < end && text_is_digit(*to) && place < 1e9; to++)
            value += (*to - '0') / (place *= 10);
    while (key_end > start && (text_is_blank(key_end[-1]) || strchr("=:+\"'[(", key_end[-1]) != NULL))
        key_end--;
    const char *key = key_end, *unit = text_skip_blanks(to, end), *unit_end = unit;
    while (key > start && (text_is_letter(key[-1]) || key[-1] == '_'))
        key--;
    while (unit_end < end && text_is_letter(*unit_end))
        unit_end++;
    bool has_unit = is_word_of(units, COUNT(units), unit, unit_end);
    if (minutes_s > 0 || from > at) {
        if (!has_unit)
            return;
        value += minutes_s;
    }
    const char *past = text_skip_blanks(unit_end, end), *past_end = past;
    while (past_end < end && text_is_letter(*past_end))
        past_end++;
    bool is_all = has_unit && text_is_signs(start, at) && /* "[+5 s]", "5 seconds elapsed" */
                  (text_is_signs(unit_end, end) ||
                   (is_word_of(past_words, COUNT(past_words), past, past_end) && text_is_signs(past_end, end)));
    if ((!is_all && !is_word_of(keys, has_unit ? COUNT(keys) : ELAPSED_KEYS, key, key_end)) ||
        (!has_unit && to < end && strchr(",:;)]|\"'", *to) == NULL && !text_is_blank(*to)))
        return;
    finds->has_elapsed = true;
    finds->elapsed_s = value;
    finds->elapsed_from = at;
    finds->elapsed_to = has_unit ? unit_end : to;
}

/* Takes a duration such as "PT1H2M3.5S" or "P1DT2H" that begins with the P at `at`. Returns its end, or `at` if there
 * is none. */
static const char *take_duration(const char *at, const char *end, struct finds *finds)
{
    static const struct {
        char unit;
        double s;
    } units[] = {{'D', 86400}, {'T', 0}, {'H', 3600}, {'M', 60}, {'S', 1}};
    const char *next = at + 1;
    double value_s = 0;
    bool has_time = false;
    for (size_t i = 0; i < COUNT(units) && next < end; i++) {
        const char *past = text_digits_end(next, end);
        double value = digits_value(next, past), place = 1;
        if (past < end && *past == '.' && units[i].unit == 'S')
            for (past++; past < end && text_is_digit(*past) && place < 1e9; past++)
                value += (*past - '0') / (place *= 10);
        if (past == end || *past != units[i].unit || (past == next) != (*past == 'T') || past - next > 18)
            continue;
        has_time |= *past != 'T' && *past != 'D';
        value_s += value * units[i].s;
        next = past + 1;
    }
    if (!has_time || (next < end && (text_is_letter(*next) || text_is_digit(*next))))
        return at;
    finds->has_elapsed = true;
    finds->elapsed_s = value_s;
    finds->elapsed_from = at;
    finds->elapsed_to = next;
    return next;
}

/* Takes the date, time or number that begins with the digit at `at`. Returns where to continue. */
static const char *take_digits(const char *start, const char *at, const char *end, struct finds *finds)
{
    struct found_date date;
    struct found_time time;
    bool has_time, is_inner = at > start && (at[-1] == ':' || text_is_letter(at[-1])) && at - 1 > start &&
                              text_is_digit(at[-2]); /* "0:1b:44" */
    const char *to;
    if (time_form_date(start, at, end, &date, &time, &has_time)) {
        add_date(finds, &date);
        if (has_time)
            add_time(finds, &time);
        return has_time ? time.to : date.to;
    }
    if (!(is_inner && at[-1] == ':' && finds->times > 0) &&
        !(at > start && at[-1] == ':' && at - 1 > start && text_is_digit(at[-2]) &&
          (finds->dates == 0 || finds->date[finds->dates - 1].to != at - 1)) &&
        time_form_clock(start, at, end, &time)) {
        add_time(finds, &time);
        return time.to;
    }
    bool is_marked = (finds->dates > 0 && has_key_before(start, at)) ||
                     (time_form_is_after_t(start, at) && text_is_signs(start, at - 1));
    if (finds->times == 0 && is_marked && time_form_tight(start, at, end, &time)) {
        add_time(finds, &time);
        return time.to;
    }
    if (!finds->has_epoch && time_form_epoch(start, at, end, &to, &finds->epoch_s)) {
        finds->has_epoch = true;
        finds->has_key = has_key_before(start, at);
        finds->epoch_from = at;
        finds->epoch_to = to;
    } else if (!finds->has_elapsed) {
        take_elapsed(start, at, end, finds);
    }
    return text_digits_end(at, end);
}

/* Takes the word that begins at `at` if it names a month. Returns where to continue. */
static const char *take_word(const char *start, const char *at, const char *end, struct finds *finds)
{
    const char *word_end = at;
    struct found_date date;
    while (word_end < end && (text_is_letter(*word_end) || text_is_high(*word_end)))
        word_end++;
    if (word_end - at >= 3 && time_form_named_date(start, at, word_end, end, &date)) {
        struct found_time time;
        add_date(finds, &date);
        if (date.year != 0 && finds->times == 0 && date.to - word_end <= 12 &&
            time_form_after(start, date.to, end, &time)) {
            add_time(finds, &time);
            return time.to;
        }
        return word_end > date.to ? word_end : date.year == 0 || date.to - word_end <= 12 ? date.to : word_end;
    }
    return word_end;
}

static void scan(const char *start, const char *end, struct finds *finds)
{
    const char *at = start;
    while (at < end) {
        if (text_is_digit(*at)) {
            at = take_digits(start, at, end, finds);
        } else if (text_is_letter(*at) || text_is_high(*at)) {
            const char *word = at;
            if (*at == 'P' && (at == start || !text_is_letter(at[-1])))
                at = take_duration(at, end, finds);
            if (at == word)
                at = take_word(start, at, end, finds);
            /* "T10:00:00" is not a word. */
            if (at == word)
                at++;
        } else {
            at++;
        }
    }
}

/* Returns the bytes between a date and a time, 0 if one is inside the other. */
static long gap_between(const struct found_date *date, const struct found_time *time)
{
    if (time->from >= date->to)
        return (long)(time->from - date->to);
    return date->from >= time->to ? (long)(date->from - time->to) : 0;
}

static bool is_inside(const struct found_date *date, const struct found_time *time)
{
    return time->from >= date->from && time->to <= date->to;
}

/* Returns the time of day that fits a date best, or is best alone: one with seconds, near the date, the first; never
 * `but`. */
static const struct found_time *choose_time(const struct finds *finds, const struct found_date *date,
                                            const struct found_time *but)
{
    const struct found_time *best = NULL;
    int best_worth = -1;
    for (int i = 0; i < finds->times; i++) {
        const struct found_time *time = &finds->time[i];
        int worth = 2 * time->has_seconds;
        if (time == but || (time->is_stopwatch && finds->times > 1))
            continue;
        if (date != NULL)
            worth += is_inside(date, time) ? 4 : gap_between(date, time) <= NEAR_BYTES ? 3 : 0;
        if (worth > best_worth) {
            best = time;
            best_worth = worth;
        }
    }
    return best;
}

static const struct found_date *choose_date(const struct finds *finds)
{
    const struct found_date *best = NULL;
    int best_worth = -1;
    for (int i = 0; i < finds->dates; i++) {
        const struct found_date *date = &finds->date[i];
        const struct found_time *time = choose_time(finds, date, NULL);
        int worth = 2 * (date->year != 0);
        if (time != NULL && (is_inside(date, time) || gap_between(date, time) <= NEAR_BYTES))
            worth++;
        if (worth > best_worth) {
            best = date;
            best_worth = worth;
        }
    }
    return best;
}

static void set_span(struct found_stamp *found, const char *start, const char *end, const struct found_date *date,
                     const struct found_time *time)
{
    const char *inner_from, *inner_to;
    if (date == NULL || is_inside(date, time)) {
        found->from = date == NULL ? time->from : date->from;
        found->to = date == NULL ? time->to : date->to;
        inner_from = inner_to = found->to;
    } else {
        bool time_first = time->from < date->from;
        found->from = time_first ? time->from : date->from;
        found->to = time_first ? date->to : time->to;
        inner_from = time_first ? time->to : date->to;
        inner_to = time_first ? date->from : time->from;
    }
    bool is_joined = inner_to <= inner_from || text_is_signs(inner_from, inner_to) ||
                     (inner_to - inner_from == 1 && (*inner_from | 0x20) == 't');
    found->is_alone = is_joined && text_is_signs(start, found->from) && text_is_signs(found->to, end);
}

static bool is_same_day(const struct found_date *a, const struct found_date *b)
{
    return a->month == b->month && a->day == b->day && (a->year == b->year || a->year == 0 || b->year == 0);
}

static bool has_rival(const struct finds *finds, const struct found_date *date)
{
    for (int i = 0; i < finds->dates; i++)
        if (finds->times > 1 && finds->date[i].year != 0 && date->year != 0 && !is_same_day(&finds->date[i], date))
            return true;
    return false;
}

static void set_date(struct timestamp *stamp, const struct found_date *date)
{
    stamp->year = date->year;
    stamp->month = date->month;
    stamp->day = date->day;
    stamp->weekday = date->weekday;
    stamp->may_swap = date->may_swap;
    stamp->order = date->order;
}

/* Sets the stamp from a time and its date, which may be NULL. Returns how complete it is. */
static enum time_fullness set_stamp(struct timestamp *stamp, const struct found_date *date,
                                    const struct found_time *time)
{
    stamp->time_s = time->time_s;
    stamp->has_zone = time->has_zone;
    stamp->zone_s = time->has_zone ? time->zone_s : 0;
    stamp->kind = TIMESTAMP_CLOCK;
    stamp->is_pair = date == NULL && !time->has_seconds && !time->has_half && !time->has_zone;
    stamp->is_stopwatch = time->is_stopwatch;
    if (date == NULL)
        return time->has_seconds ? TIME_FULLNESS_CLOCK : TIME_FULLNESS_MINUTE;
    set_date(stamp, date);
    if (time->has_half && stamp->may_swap && date->year != 0) {
        /* a twelve-hour clock is American, and so is its date */
        stamp->may_swap = false;
        if (date->to[-3] != '/') {
            stamp->month = date->day;
            stamp->day = date->month;
        }
    }
    stamp->kind = date->year != 0 ? TIMESTAMP_DATE : TIMESTAMP_NO_YEAR;
    return date->year == 0 ? TIME_FULLNESS_NO_YEAR : time->has_seconds ? TIME_FULLNESS_DATE : TIME_FULLNESS_DATE_MINUTE;
}

/* Finds the second best time of the line, with the date near it or that of the best. */
static void find_other(struct found_stamp *found, const struct finds *finds, const struct found_date *date,
                       const struct found_time *time)
{
    const struct found_time *other = choose_time(finds, NULL, time);
    if (other == NULL)
        return;
    for (int i = 0; i < finds->dates; i++)
        if (is_inside(&finds->date[i], other) || gap_between(&finds->date[i], other) <= NEAR_BYTES)
            date = &finds->date[i];
    found->has_other = true;
    found->other_fullness = set_stamp(&found->other, date, other);
}

void time_find_take_other(struct found_stamp *found)
{
    found->stamp = found->other;
    found->fullness = found->other_fullness;
    found->has_rival = found->has_other = false;
}

bool time_find(const char *at, const char *end, struct found_stamp *found)
{
    struct finds finds = {0};
    scan(at, end, &finds);
    const struct found_date *date = choose_date(&finds);
    const struct found_time *time = choose_time(&finds, date, NULL);
    if (time != NULL && time->is_stopwatch && (date != NULL || finds.times > 1 || finds.has_epoch))
        time = NULL;
    *found = (struct found_stamp){0};
    struct timestamp *stamp = &found->stamp;
    if (finds.has_epoch && (time == NULL || (date == NULL && finds.has_key))) {
        stamp->kind = TIMESTAMP_EPOCH;
        stamp->time_s = finds.epoch_s;
        found->fullness = finds.has_key ? TIME_FULLNESS_DATE : TIME_FULLNESS_NUMBER;
        found->from = finds.epoch_from;
        found->to = finds.epoch_to;
        found->is_alone = text_is_signs(at, found->from) && text_is_signs(found->to, end);
        return true;
    }
    if (time == NULL && date == NULL && finds.has_elapsed) {
        stamp->kind = TIMESTAMP_SECONDS;
        stamp->has_unit = true;
        stamp->time_s = finds.elapsed_s;
        found->from = finds.elapsed_from;
        found->to = finds.elapsed_to;
        return true;
    }
    if (time == NULL) {
        if (date == NULL || date->year == 0)
            return false;
        set_date(stamp, date);
        stamp->kind = TIMESTAMP_DAY;
        found->from = date->from;
        found->to = date->to;
        found->is_alone = text_is_signs(at, found->from) && text_is_signs(found->to, end);
        return true;
    }
    set_span(found, at, end, date, time);
    found->fullness = set_stamp(stamp, date, time);
    found->has_rival = date != NULL && has_rival(&finds, date);
    find_other(found, &finds, date, time);
    return true;
}

static bool is_time_sign(char c)
{
    return c == ':' || c == '.' || c == '-' || c == '/' || c == 'h' || c == 'm' || c == 'T';
}

bool time_find_like(const char *at, const char *end, const char **from, const char **to)
{
    for (const char *start = at; at < end; at++) {
        if (!text_is_digit(*at) || (at > start && (text_is_digit(at[-1]) || text_is_letter(at[-1]) || at[-1] == '.')))
            continue;
        int groups = 1, long_groups = 0, small = 0, pairs = 0;
        bool has_clock_sign = false;
        const char *next = at;
        for (;;) {
            const char *past = text_digits_end(next, end);
            small += past - next <= 2;
            pairs += past - next == 2;
            long_groups += past - next > 4;
            next = past;
            if (end - next < 2 || !is_time_sign(*next) || !text_is_digit(next[1]))
                break;
            has_clock_sign |= *next == ':' || *next == 'h' || ((*next == '-' || *next == '/') && groups > 1);
            groups++;
            next++;
        }
        bool has_half = end - next >= 2 && (next[1] | 0x20) == 'm' && ((*next | 0x20) == 'a' || (*next | 0x20) == 'p');
        if (next < end && text_is_letter(*next) && !has_half && strchr("hms", *next) == NULL) {
            at = next;
            continue;
        }
        bool is_tight = groups == 1 && (next - at == 8 || next - at == 10 || next - at == 13 || next - at == 14);
        if ((groups >= 2 && groups <= 7 && long_groups == 0 && small >= 2 && has_clock_sign) ||
            (groups == 3 && pairs == 3) || (has_half && groups <= 2) || is_tight) {
            *from = at;
            *to = next + (has_half ? 2 : 0);
            return true;
        }
        at = next - 1;
    }
    return false;
}
