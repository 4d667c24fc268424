/* SPDX-License-Identifier: MIT */
/* time_find: chooses among everything on a line that looks like a date or a time. */
#include "time_find.h"

#include <math.h>
#include <strings.h>

#include "base/array.h"
#include "month_name.h"
#include "text.h"
#include "time_forms.h"

#define FOUND_MAX  4 /* dates and times of one line that are considered: tables have more */
#define NEAR_BYTES 4

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

static double digits_value(const char *at, const char *end)
{
    double value = 0;
    for (; at < end; at++)
        value = value * 10 + (*at - '0');
    return value;
}

static const char *letters_end(const char *at, const char *end)
{
    while (at < end && text_is_letter(*at))
        at++;
    return at;
}

/* Returns the seconds in the unit [at, end), 0 if it is none. */
static double unit_of(const char *at, const char *end)
{
    static const struct {
        const char *names[6];
        double s;
    } units[] = {{{"s", "sec", "secs", "second", "seconds"}, 1},
                 {{"m", "min", "mn", "mins", "minute", "minutes"}, 60},
                 {{"ms", "msec", "msecs", "millis", "milliseconds"}, 1e-3},
                 {{"h", "hr", "hrs", "hour", "hours"}, 3600},
                 {{"d", "day", "days"}, 86400}};
    for (size_t i = 0; i < COUNT(units); i++)
        for (size_t k = 0; k < COUNT(units[i].names) && units[i].names[k] != NULL; k++)
            if (text_is_one_of(&units[i].names[k], 1, at, end))
                return units[i].s;
    return 0;
}

/* Numbers with units: "5 min 10 s", "1h2m3.5s", "60003 ms", or a number alone. */
struct elapsed_text {
    double s; /* of a number alone: its value */
    bool has_unit;
    const char *to;
};

static bool read_span(const char *at, const char *end, struct elapsed_text *span)
{
    const char *const first = at;
    double last_s = INFINITY;
    *span = (struct elapsed_text){.to = at};
    while (at < end && text_is_digit(*at)) {
        const char *to = text_digits_end(at, end);
        double value = digits_value(at, to), place = 1;
        if (to - at > 9)
            break;
        bool is_clock = to - at == 4 && last_s == INFINITY; /* "1000 hrs" */
        if (end - to > 1 && *to == '.' && text_is_digit(to[1]))
            for (to++; to < end && text_is_digit(*to) && place < 1e9; to++)
                value += (*to - '0') / (place *= 10);
        const char *word = text_skip_blanks(to, end), *word_end = letters_end(word, end);
        double unit_s = unit_of(word, word_end);
        if (is_clock && unit_s == 3600)
            break;
        if (unit_s == 0 && at == first) {
            span->s = value;
            span->to = to;
        }
        if (unit_s == 0 || unit_s >= last_s || (unit_s < 1 && span->has_unit))
            break;
        span->s += value * unit_s;
        span->has_unit = true;
        span->to = word_end;
        last_s = unit_s;
        at = text_skip_blanks(word_end, end);
    }
    return span->to > first;
}

/* Returns true after a word that announces a time since the start, with or without a unit after the number: "elapsed
 * 5", "uptime_s=5", "seconds since start: 5"; `*factor` is then set to the unit that it names, 1 without. */
static bool has_elapsed_key(const char *start, const char *at, bool has_unit, double *factor)
{
    static const char *const keys[] = {"elapsed", "t",      "seconds",  "secs",     "sec",
                                       "runtime", "uptime", "walltime", "wallclock"};
    static const char *const keys_with_units[] = {"time", "after", "at", "wall", "start", "begin", "up", "clock"};
    static const char *const parts[] = {"s", "ms", "time", "since", "start"};
    const char *word_end = at, *word = at;
    int words = 0;
    bool is_key = false;
    *factor = 1;
    while (word_end > start && (text_is_blank(word_end[-1]) || strchr("=:+\"'[(", word_end[-1]) != NULL))
        word_end--;
    for (; words < 4; words++) {
        for (word = word_end; word > start && text_is_letter(word[-1]);)
            word--;
        bool is_part = text_is_one_of(parts, COUNT(parts), word, word_end);
        is_key |= text_is_one_of(keys, COUNT(keys), word, word_end) ||
                  (has_unit && words == 0 && text_is_one_of(keys_with_units, COUNT(keys_with_units), word, word_end));
        if (word == word_end || (!is_part && !is_key) || word == start)
            break;
        if (word_end - word == 2 && is_part) /* "elapsed_ms" */
            *factor = 1e-3;
        if (is_key || (word[-1] != '_' && word[-1] != ' '))
            break;
        word_end = word - 1;
    }
    return is_key && (word == start || !(text_is_digit(word[-1]) || text_is_high(word[-1])));
}

/* Returns true if the text after a number with its unit is nothing, or says that it counts from the start. */
static bool is_end_of_span(const char *at, const char *end)
{
    static const char *const past_words[] = {"elapsed", "passed", "in"}, *const starts[] = {"start", "boot"};
    const char *word = text_skip_blanks(at, end), *word_end = letters_end(word, end);
    if (text_is_signs(at, end))
        return true;
    if (word_end - word == 5 && strncasecmp(word, "since", 5) == 0) {
        word = text_skip_blanks(word_end, end);
        word_end = letters_end(word, end);
        return text_is_one_of(starts, COUNT(starts), word, word_end) && text_is_signs(word_end, end);
    }
    return text_is_one_of(past_words, COUNT(past_words), word, word_end) && text_is_signs(word_end, end);
}

/* Returns true for the seconds that the kernel prints: "[ 1234.123456] free". */
static bool is_of_kernel(const char *start, const char *at, const char *end)
{
    const char *before = at, *dot = text_digits_end(at, end);
    const char *to = dot < end && *dot == '.' ? text_digits_end(dot + 1, end) : dot;
    while (before > start && text_is_blank(before[-1]))
        before--;
    return before > start && before[-1] == '[' && to - dot == 7 && to < end && *to == ']';
}

/* Takes a time since the start whose digits begin at `at`: "elapsed: 5 seconds", "elapsed 5", "t=5s", "T+5.0 s". */
static void take_elapsed(const char *start, const char *at, const char *end, struct finds *finds)
{
    struct elapsed_text span;
    double factor;
    if ((at > start && (text_is_letter(at[-1]) || at[-1] == '.')) || !read_span(at, end, &span))
        return;
    const char *to = span.to, *word = text_skip_blanks(to, end);
    /* "60 KB", "60%" */
    bool is_size = !span.has_unit && word < end && letters_end(word, end) - word <= 3 && (end - word) >= 2 &&
                   (memchr("BbKkMGTP", *word, 8) != NULL) && (letters_end(word, end)[-1] | 0x20) == 'b';
    const char *const key_end = at - start > 4 && strncasecmp(at - 4, "for ", 4) == 0 ? at - 5 : at;
    bool has_key =
        has_elapsed_key(start, key_end, span.has_unit, &factor) ||
        (key_end < at && span.has_unit && key_end - start >= 7 && strncasecmp(key_end - 7, "running", 7) == 0);
    bool is_all = span.has_unit && text_is_signs(start, at) && is_end_of_span(to, end); /* "[+5 s]" */
    bool is_kernel = !span.has_unit && !has_key && is_of_kernel(start, at, end);
    if (is_size || !(has_key || is_all || is_kernel) ||
        (!span.has_unit && to < end && !text_is_blank(*to) &&
         (strchr(",:;)]|\"'", *to) == NULL || (to + 1 < end && (text_is_letter(to[1]) || text_is_digit(to[1]))))))
        return;
    finds->has_elapsed = true;
    finds->elapsed_s = span.has_unit ? span.s : span.s * factor;
    finds->elapsed_from = at;
    finds->elapsed_to = to;
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
        if ((date.year != 0 || (date.to < end && *date.to == '_')) && finds->times == 0 && date.to - word_end <= 12 &&
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
    stamp->may_flip = date->may_flip;
    stamp->order = date->order;
    stamp->year_order = date->year_order;
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
        /* a twelve-hour clock is usually American, and so is its date */
        if (date->order != DATE_ORDER_MONTH_FIRST) {
            stamp->month = date->day;
            stamp->day = date->month;
        }
        stamp->order = DATE_ORDER_MONTH_FIRST;
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

void time_find_complete(const struct found_stamp *found, struct timestamp *stamp)
{
    const struct timestamp *by = &found->stamp;
    stamp->weekday = by->weekday;
    if (fabs(by->time_s - stamp->time_s) ==
        12 * 3600.0) /* a word for the afternoon that timestamp_read does not know */
        stamp->time_s = by->time_s;
    if (by->year != stamp->year || (by->month != stamp->month && by->month != stamp->day) ||
        by->month + by->day != stamp->month + stamp->day)
        return;
    stamp->month = by->month;
    stamp->day = by->day;
    stamp->may_swap = by->may_swap;
    stamp->order = by->order;
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
        const ptrdiff_t first = text_digits_end(at, end) - at;
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
        bool is_tight =
            (groups == 1 && (first == 8 || first == 10 || (first >= 12 && first <= 14))) ||
            (groups == 2 && first >= 4 && first <= 7 && next - at == first + 7 && at[first] == '-'); /* "0302-100000" */
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
