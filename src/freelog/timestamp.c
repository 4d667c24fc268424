/* SPDX-License-Identifier: MIT */
/* timestamp: finds the year, month, day, time and zone in the usual forms of a time. */
#include "timestamp.h"

#include <string.h>

#include "base/array.h"
#include "month_name.h"
#include "text.h"

#define TEXT_MAX   120
#define FIRST_YEAR 15 /* of this century; logs are of these years */
#define LAST_YEAR  39
#define WORDS_MAX  4 /* unknown words: weekday, "month", "year", zone */

/* The parts found in a text so far. */
struct parts {
    int year, month, day; /* -1 before they are found */
    int loose[3];         /* small numbers whose meaning depends on the other parts */
    int loose_count;
    bool month_is_first_word, year_first;
    double time_s;     /* -1 before it is found */
    double number;     /* a number that is not part of a date; -1 if there is none */
    int number_digits; /* before its decimal mark */
    bool has_zone;
    double zone_s;
    bool is_pair, is_stopwatch, has_unit; /* as in struct timestamp */
    int afternoon;                        /* 12 for PM, 0 for AM, -1 for neither */
    int unknown_words, words;
};

double timestamp_days_s(int year, int month, int day)
{
    /* Years begin in March, so that the leap day is the last. */
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (era * 146097.0 + day_of_era - 719468) * 86400;
}

/* Returns the value of `length` digits; -1 if they are not digits, or more than 9. */
static int small_number(const char *at, const char *end, int length)
{
    int value = 0;
    if (length > 9 || end - at < length)
        return -1;
    for (; length > 0; length--, at++) {
        if (!text_is_digit(*at))
            return -1;
        value = value * 10 + (*at - '0');
    }
    return value;
}

/* Knows only unambiguous zone names. Others leave the time local. */
bool timestamp_zone(const char *at, const char *end, double *zone_s)
{
    static const struct {
        const char *name;
        double hours;
    } zones[] = {{"UTC", 0},  {"GMT", 0},   {"Z", 0},     {"WET", 0},   {"WEST", 1}, {"CET", 1},
                 {"CEST", 2}, {"EET", 2},   {"EEST", 3},  {"MSK", 3},   {"EST", -5}, {"EDT", -4},
                 {"CDT", -5}, {"MST", -7},  {"MDT", -6},  {"PST", -8},  {"PDT", -7}, {"JST", 9},
                 {"KST", 9},  {"AEST", 10}, {"AEDT", 11}, {"NZST", 12}, {"NZDT", 13}};
    for (size_t i = 0; i < COUNT(zones); i++)
        if ((size_t)(end - at) == strlen(zones[i].name) && text_starts(at, end, zones[i].name)) {
            *zone_s = zones[i].hours * 3600;
            return true;
        }
    return false;
}

static bool read_zone_name(const char *at, const char *end, struct parts *parts)
{
    bool is_zone = timestamp_zone(at, end, &parts->zone_s);
    parts->has_zone |= is_zone;
    return is_zone;
}

/* Reads "+0100", "+01:00" or "-05". */
static bool read_zone_offset(const char *at, const char *end, struct parts *parts)
{
    double sign = *at == '-' ? -1 : 1;
    int hours = small_number(at + 1, end, 2), minutes = 0;
    at += 3;
    if (hours < 0 || hours > 14 || parts->time_s < 0 || parts->has_zone)
        return false;
    if (at < end) {
        at += *at == ':';
        minutes = small_number(at, end, 2);
        at += 2;
        if (minutes < 0 || minutes > 59 || at != end)
            return false;
    }
    parts->has_zone = true;
    parts->zone_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool read_half_day(const char *at, const char *end, struct parts *parts)
{
    if (end - at != 2 || (at[1] | 0x20) != 'm' || ((at[0] | 0x20) != 'a' && (at[0] | 0x20) != 'p'))
        return false;
    parts->afternoon = (at[0] | 0x20) == 'p' ? 12 : 0;
    return true;
}

/* Reads ".123" or ",123" at `*at`, and advances `*at` past it. */
static double read_fraction(const char **at, const char *end)
{
    double value = 0, place = 1;
    if (end - *at < 2 || (**at != '.' && **at != ',') || !text_is_digit((*at)[1]))
        return 0;
    for (++*at; *at < end && text_is_digit(**at) && place < 1e18; ++*at) {
        place *= 10;
        value = value * 10 + (**at - '0');
    }
    return value / place;
}

/* Reads what may directly follow a time: nothing, a zone, AM or PM. */
static bool read_time_end(const char *at, const char *end, struct parts *parts)
{
    if (at == end)
        return true;
    if (*at == '+' || *at == '-')
        return read_zone_offset(at, end, parts);
    return read_zone_name(at, end, parts) || read_half_day(at, end, parts);
}

/* Reads "00:35:08.5", "0:35" or "100:00:02" (elapsed), and a zone after it. */
static bool read_time(const char *at, const char *end, struct parts *parts)
{
    const char *colon = text_digits_end(at, end);
    int hours = small_number(at, end, (int)(colon - at)), minutes, seconds = 0;
    if (parts->time_s >= 0 || colon - at > 4 || colon == at)
        return false;
    minutes = small_number(colon + 1, end, 2);
    at = colon + 3;
    if (minutes < 0)
        return false;
    double fraction = 0;
    if (at < end && *at == ':') {
        seconds = small_number(at + 1, end, 2);
        at += 3;
        if (seconds < 0)
            return false;
        fraction = read_fraction(&at, end);
    } else {
        parts->is_pair = true;
        fraction = 60 * read_fraction(&at, end);
        parts->is_stopwatch = hours > 24 || fraction > 0 || at > colon + 3;
    }
    if (minutes > 59 || seconds > 60)
        return false;
    parts->time_s = hours * 3600.0 + minutes * 60 + seconds + fraction;
    return read_time_end(at, end, parts);
}

/* Reads "003508" after the T of a date without dashes. */
static bool read_tight_time(const char *at, const char *end, struct parts *parts)
{
    int hours = small_number(at, end, 2), minutes, seconds;
    if (parts->time_s >= 0 || hours < 0 || hours > 23)
        return false;
    minutes = small_number(at + 2, end, 2);
    seconds = minutes < 0 ? -1 : small_number(at + 4, end, 2);
    if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60)
        return false;
    at += 6;
    parts->time_s = hours * 3600 + minutes * 60 + seconds + read_fraction(&at, end);
    return read_time_end(at, end, parts);
}

static bool set_date(struct parts *parts, int year, int month, int day)
{
    if (parts->year >= 0 || parts->month >= 0 || month < 1 || month > 12 || day < 1 || day > 31 || year < 1970 ||
        year > 2199)
        return false;
    parts->year = year;
    parts->month = month;
    parts->day = day;
    return true;
}

/* Reads what may follow a date in the same word: nothing, or T and a time. */
static bool read_date_end(const char *at, const char *end, struct parts *parts)
{
    if (at == end)
        return true;
    if (*at != 'T' && *at != 't' && *at != '_' && *at != '-' && *at != ':' && *at != '.')
        return false;
    at++;
    const char *digits_end = text_digits_end(at, end);
    if (digits_end - at >= 6)
        return read_tight_time(at, end, parts);
    return digits_end < end && *digits_end == ':' && read_time(at, end, parts);
}

/* Reads "2026-11-23", "23.11.2026" or "23/11/2026", but not "11/23/26". Swaps month and day only if necessary. */
static bool read_date(const char *at, const char *end, struct parts *parts)
{
    const char *first_end = text_digits_end(at, end);
    char event = *first_end;
    const char *second = first_end + 1, *second_end = text_digits_end(second, end);
    if (second_end == second || second_end - second > 2 || second_end == end || *second_end != event)
        return false;
    const char *third = second_end + 1, *third_end = text_digits_end(third, end);
    int a = small_number(at, end, (int)(first_end - at));
    int b = small_number(second, end, (int)(second_end - second));
    if (first_end - at == 4 && third_end > third && third_end - third <= 2)
        return set_date(parts, a, b, small_number(third, end, (int)(third_end - third))) &&
               read_date_end(third_end, end, parts);
    if (first_end - at > 2 || third_end - third != 4)
        return false;
    int year = small_number(third, end, 4);
    bool month_first = b > 12;
    return set_date(parts, year, month_first ? a : b, month_first ? b : a) && read_date_end(third_end, end, parts);
}

static bool read_word_of_digits(const char *at, const char *end, struct parts *parts);

/* Returns the position after the sign at `at`, in UTF-8 or GB 18030; NULL if there is none. */
static const char *after_sign(const char *at, const char *end, const char *utf8, const char *gb18030)
{
    if (text_starts(at, end, utf8))
        return at + strlen(utf8);
    return text_starts(at, end, gb18030) ? at + strlen(gb18030) : NULL;
}

/* Reads a number that directly follows a sign. */
static bool read_after_sign(const char *at, const char *end, struct parts *parts)
{
    return at == end || !text_is_digit(*at) || read_word_of_digits(at, end, parts);
}

/* Reads a year, month or day with its sign after it, a year alone, or a number to be judged later. */
static bool read_loose(const char *at, const char *digits_end, const char *end, struct parts *parts)
{
    int length = (int)(digits_end - at), value = small_number(at, end, length);
    bool is_year = length == 4 && value >= 1970 && value <= 2199;
    const char *past = after_sign(digits_end, end, "年", "\xc4\xea");
    if (past != NULL || (is_year && digits_end == end) || (is_year && end - digits_end == 1 && *digits_end == '.')) {
        if (!is_year || parts->year >= 0)
            return false;
        parts->year = value;
        parts->year_first = parts->loose_count == 0 && parts->month < 0;
        return past == NULL || read_after_sign(past, end, parts);
    }
    if (length > 2 || value < 1 || value > 31)
        return false;
    past = after_sign(digits_end, end, "月", "\xd4\xc2");
    if (past != NULL && parts->month < 0) {
        parts->month = value;
        return value <= 12 && read_after_sign(past, end, parts);
    }
    past = after_sign(digits_end, end, "日", "\xc8\xd5");
    if (past != NULL && parts->day < 0) {
        parts->day = value;
        return read_after_sign(past, end, parts);
    }
    if (parts->loose_count == 3 || !(digits_end == end || (end - digits_end == 1 && *digits_end == '.')))
        return false;
    parts->loose[parts->loose_count++] = value;
    return true;
}

/* Reads "1732320000.123" or "12.345". */
static bool read_lone_number(const char *at, const char *end, struct parts *parts)
{
    const char *digits_end = text_digits_end(at, end);
    double value = 0;
    if (digits_end - at > 19 || parts->words > 1)
        return false;
    for (const char *digit = at; digit < digits_end; digit++)
        value = value * 10 + (*digit - '0');
    parts->number_digits = (int)(digits_end - at);
    parts->number = value + read_fraction(&digits_end, end);
    parts->has_unit = end - digits_end == 1 && *digits_end == 's';
    return digits_end + parts->has_unit == end;
}

static bool read_word_of_digits(const char *at, const char *end, struct parts *parts)
{
    const char *digits_end = text_digits_end(at, end);
    int length = (int)(digits_end - at);
    char event = digits_end < end ? *digits_end : '\0';
    if (length == 8 && (event == '\0' || strchr("T_-.", event) != NULL) && small_number(at, end, 4) >= 1970 &&
        small_number(at, end, 4) <= 2199)
        return set_date(parts, small_number(at, end, 4), small_number(at + 4, end, 2), small_number(at + 6, end, 2)) &&
               read_date_end(digits_end, end, parts);
    if (event == ':')
        return read_time(at, end, parts);
    if (length <= 4 && (event == '-' || event == '/' || event == '.') && end - digits_end > 2 &&
        memchr(digits_end + 1, event, (size_t)(end - digits_end) - 1) != NULL)
        return read_date(at, end, parts);
    if (length == 6 && event == '\0' && parts->year >= 0 && parts->time_s < 0)
        return read_tight_time(at, end, parts);
    return read_loose(at, digits_end, end, parts) || read_lone_number(at, end, parts);
}

/* Reads names of months, zones and halves of the day. Skips a few other words, such as weekdays. */
static bool read_word_of_letters(const char *at, const char *end, struct parts *parts)
{
    int month = month_name_find(at, end);
    if (month > 0) {
        /* "mar." is Tuesday in French: the last month name is the month. */
        parts->month = month;
        parts->month_is_first_word = parts->words == 1;
        return true;
    }
    if (read_half_day(at, end, parts) || (end - at > 1 && read_zone_name(at, end, parts)))
        return true;
    /* "mar 23 chn" of an unknown language is Tuesday: nobody writes a word between an English month and a time. */
    if (parts->month_is_first_word && parts->time_s < 0)
        return false;
    for (const char *c = at; c < end; c++)
        if (!text_is_letter(*c) && !text_is_high(*c) && !(*c == '.' && c == end - 1))
            return false;
    return ++parts->unknown_words <= WORDS_MAX;
}

static bool read_word(const char *at, const char *end, struct parts *parts)
{
    if (text_is_digit(*at))
        return read_word_of_digits(at, end, parts);
    if (*at == '@' && end - at > 9 && text_is_digit(at[1]))
        return read_lone_number(at + 1, end, parts);
    if ((*at == '+' || *at == '-') && end - at > 1)
        return read_zone_offset(at, end, parts);
    return read_word_of_letters(at, end, parts);
}

static bool separates(char c)
{
    return text_is_blank(c) || (c != '\0' && strchr("[]()<>|,\"'", c) != NULL);
}

/* Returns true for a comma that is a decimal mark, not between a counter and seconds since 1970. */
static bool is_decimal_mark(const char *word, const char *at, const char *end)
{
    return *at == ',' && at > word && text_is_digit(at[-1]) && at + 1 < end && text_is_digit(at[1]) &&
           text_digits_end(at + 1, end) - at <= 10;
}

/* Cuts the text into words. */
static bool read_words(const char *at, const char *end, struct parts *parts)
{
    while (at < end) {
        if (separates(*at)) {
            at++;
            continue;
        }
        const char *word = at;
        while (at < end && (!separates(*at) || is_decimal_mark(word, at, end)))
            at++;
        const char *word_end = at;
        while (word_end > word && (word_end[-1] == ':' || word_end[-1] == ';'))
            word_end--;
        if (word_end == word) /* only colons */
            continue;
        if (word_end < at && at - word < 10 && text_digits_end(word, word_end) == word_end)
            return false; /* "12:" is a label */
        parts->words++;
        if (parts->number >= 0 || parts->words > 10 || !read_word(word, word_end, parts))
            return false;
    }
    return parts->words > 0;
}

static bool judge_number(const struct parts *parts, struct timestamp *stamp)
{
    static const struct {
        int digits;
        double unit;
    } epochs[] = {{10, 1}, {13, 1e3}, {16, 1e6}, {19, 1e9}};
    for (size_t i = 0; i < COUNT(epochs); i++)
        if (parts->number_digits == epochs[i].digits) {
            stamp->kind = TIMESTAMP_EPOCH;
            stamp->time_s = parts->number / epochs[i].unit;
            return true;
        }
    stamp->kind = TIMESTAMP_SECONDS;
    stamp->time_s = parts->number;
    int number = parts->number_digits == 6 ? (int)parts->number : -1;
    stamp->is_tight = number >= 0 && number < 240000 && number / 100 % 100 < 60 && number % 100 < 60 &&
                      parts->number == number && !parts->has_unit;
    return parts->number_digits < 9;
}

/* Decides the meaning of the loose numbers. Returns false if they cannot be a date. */
static bool judge_date(struct parts *parts)
{
    int next = 0;
    if (parts->month < 0 && parts->loose_count == 2) {
        /* "2026. 11. 23." or "23 Tháng 11 năm 2026" */
        parts->month = parts->loose[parts->year_first ? 0 : 1];
        parts->day = parts->loose[parts->year_first ? 1 : 0];
        return parts->year >= 0 && parts->month <= 12;
    }
    if (parts->month >= 0 && parts->day < 0 && next < parts->loose_count)
        parts->day = parts->loose[next++];
    return parts->month >= 1 && parts->day >= 1 && next == parts->loose_count;
}

/* Reads "10-05-30" or "10_05_30" like "100530". */
static bool read_pairs(const char *at, const char *end, struct timestamp *stamp)
{
    int pair[3];
    if (end - at != 8 || (at[2] != '-' && at[2] != '_') || at[5] != at[2])
        return false;
    for (int i = 0; i < 3; i++)
        pair[i] = small_number(at + 3 * i, end, 2);
    if (pair[0] < 0 || pair[0] > 23 || pair[1] < 0 || pair[1] > 59 || pair[2] < 0 || pair[2] > 59)
        return false;
    bool has_month = pair[1] >= 1 && pair[1] <= 12;
    *stamp = (struct timestamp){.kind = TIMESTAMP_SECONDS, .is_tight = true, .is_parted = true};
    stamp->time_s = pair[0] * 10000 + pair[1] * 100 + pair[2];
    stamp->may_be_day = has_month && ((pair[0] >= 1 && pair[2] >= FIRST_YEAR && pair[2] <= LAST_YEAR) ||
                                      (pair[0] >= FIRST_YEAR && pair[2] >= 1 && pair[2] <= 31));
    return true;
}

bool timestamp_read(const char *at, const char *end, struct timestamp *stamp)
{
    if (read_pairs(at, end, stamp))
        return true;
    struct parts parts = {.year = -1, .month = -1, .day = -1, .time_s = -1, .number = -1, .afternoon = -1};
    if (end - at > TEXT_MAX || !read_words(at, end, &parts))
        return false;
    *stamp = (struct timestamp){.has_zone = parts.has_zone, .zone_s = parts.zone_s, .has_unit = parts.has_unit};
    if (parts.words == 1 && parts.loose_count == 1 && parts.month < 0 && parts.day < 0) {
        parts.number = parts.loose[0];
        parts.number_digits = 2;
    }
    if (parts.number >= 0)
        return parts.words == 1 && judge_number(&parts, stamp);
    if (parts.time_s < 0)
        return false;
    if (parts.afternoon >= 0) {
        double hour_s = 3600 * 12;
        if (parts.time_s >= 13 * 3600)
            return false;
        parts.time_s += parts.afternoon * 3600 - (parts.time_s >= hour_s ? hour_s : 0);
    }
    stamp->time_s = parts.time_s;
    if (parts.month < 0 && parts.day < 0 && parts.year < 0 && parts.loose_count == 0) {
        stamp->kind = TIMESTAMP_CLOCK;
        stamp->is_pair = parts.is_pair;
        stamp->is_stopwatch = parts.is_stopwatch;
        return parts.unknown_words == 0;
    }
    if (parts.time_s >= 86401 || !judge_date(&parts))
        return false;
    stamp->kind = parts.year >= 0 ? TIMESTAMP_DATE : TIMESTAMP_NO_YEAR;
    stamp->year = parts.year;
    stamp->month = parts.month;
    stamp->day = parts.day;
    return true;
}
