/* SPDX-License-Identifier: MIT */
/* time_forms: reads the forms of dates and times of day. Each is read where it begins, in constant time. */
#include "time_forms.h"

#include <strings.h>

#include "base/array.h"
#include "month_name.h"
#include "text.h"
#include "timestamp.h"

#define YEAR_MIN   1990
#define YEAR_MAX   2099
#define YEAR_REACH 40 /* its year may follow within so many bytes after a day */

/* Reads a number of 1 to `most` digits at `*at`, and advances `*at` past it. Returns -1 if there are no digits or more.
 */
static int read_number(const char **at, const char *end, int most)
{
    int value = 0, count = 0;
    const char *digit = *at;
    for (; digit < end && text_is_digit(*digit) && count <= most; digit++, count++)
        value = value * 10 + (*digit - '0');
    if (count == 0 || count > most)
        return -1;
    *at = digit;
    return value;
}

/* Returns the number in exactly `count` digits at `at`, whatever follows them; -1 if there are fewer. */
static int digits(const char *at, const char *end, int count)
{
    int value = 0;
    if (end - at < count)
        return -1;
    for (; count > 0; count--, at++) {
        if (!text_is_digit(*at))
            return -1;
        value = value * 10 + (*at - '0');
    }
    return value;
}

static bool is_year(int year)
{
    return year >= YEAR_MIN && year <= YEAR_MAX;
}

/* Returns the days of a month; the maximum if the year is unknown, 0. */
static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

static bool is_day_of(int year, int month, int day)
{
    return month >= 1 && month <= 12 && day >= 1 && day <= days_of_month(year, month);
}

static bool set_date(struct found_date *date, int year, int month, int day)
{
    date->year = year;
    date->month = month;
    date->day = day;
    return is_day_of(year, month, day);
}

/* Reads ".123" at `*at`, and advances `*at` past it. */
static double read_fraction(const char **at, const char *end)
{
    double value = 0, place = 1;
    if (end - *at < 2 || (**at != '.' && **at != ',') || !text_is_digit((*at)[1]))
        return 0;
    for (++*at; *at < end && text_is_digit(**at); ++*at) {
        if (place < 1e15) {
            place *= 10;
            value = value * 10 + (**at - '0');
        }
    }
    return value / place;
}

static bool set_time(struct found_time *time, int hours, int minutes, int seconds)
{
    time->time_s = hours * 3600.0 + minutes * 60 + (seconds < 0 ? 0 : seconds);
    time->has_seconds = seconds >= 0;
    time->has_half = time->has_zone = time->is_stopwatch = false;
    return hours >= 0 && hours <= 24 && minutes >= 0 && minutes <= 59 && seconds <= 60 && time->time_s < 86401;
}

/* Returns the length of the word for a half of the day at `at`, 0 if there is none. */
static size_t half_day_size(const char *at, const char *end, bool *is_afternoon)
{
    static const struct {
        const char *word;
        bool is_afternoon;
    } words[] = {{"am", false},   {"pm", true},   {"a.m.", false}, {"p.m.", true}, {"a. m.", false},  {"p. m.", true},
                 {"上午", false}, {"下午", true}, {"오전", false}, {"오후", true}, {"午前", false},   {"午後", true},
                 {"πμ", false},   {"μμ", true},   {"π.μ.", false}, {"μ.μ.", true}, {"ص", false},      {"م", true},
                 {"öö", false},   {"ös", true},   {"ÖÖ", false},   {"ÖS", true},   {"पूर्वाह्न", false}, {"अपराह्न", true}};
    for (size_t i = 0; i < COUNT(words); i++) {
        const size_t size = strlen(words[i].word);
        if ((size_t)(end - at) < size || strncasecmp(at, words[i].word, size) != 0 ||
            ((size_t)(end - at) > size &&
             (text_is_letter(at[size]) || text_is_digit(at[size]) || text_is_high(at[size]))))
            continue;
        *is_afternoon = words[i].is_afternoon;
        return size;
    }
    return 0;
}

/* Reads the half of the day (AM or PM) after a time, or before it in languages that place it there. */
static void read_half_day(const char *start, const char *end, struct found_time *time)
{
    const char *at = text_skip_blanks(time->to, end), *word_end = time->from;
    bool is_afternoon = false;
    if (text_starts(at, end, "\xe2\x80\xaf")) /* a narrow space, as JavaScript prints it */
        at += 3;
    size_t size = half_day_size(at, end, &is_afternoon);
    if (size > 0)
        time->to = at + size;
    while (word_end > start && text_is_blank(word_end[-1]))
        word_end--;
    if (size == 0 && word_end - start >= 6)
        time->from -= (size = half_day_size(word_end - 6, word_end, &is_afternoon)) > 0 ? time->from - word_end + 6 : 0;
    time->has_half = size > 0 && time->time_s < 13 * 3600.0;
    if (!time->has_half)
        return;
    if (time->time_s >= 12 * 3600.0)
        time->time_s -= 12 * 3600.0;
    if (is_afternoon)
        time->time_s += 12 * 3600.0;
}

/* Reads "Z", "UTC", "+01:00" or "GMT+1", directly after a time or after a blank. */
static void read_zone(const char *end, struct found_time *time)
{
    const char *at = text_skip_blanks(time->to, end), *word = at;
    if (at < end && *at == '(')
        word = ++at;
    while (word < end && text_is_letter(*word))
        word++;
    if (word > at && timestamp_zone(at, word, &time->zone_s)) {
        if (word < end && (text_is_digit(*word) || text_is_high(*word)))
            return;
        time->has_zone = true;
        time->to = at = word;
    } else if (word > at) {
        return;
    }
    if (at == end || (*at != '+' && *at != '-'))
        return;
    const char *digit = at + 1, *past = text_digits_end(digit, end);
    int hours = digits(digit, end, 2), minutes = 0;
    bool is_close = at == time->to;
    if (past - digit == 4) {
        minutes = digits(digit + 2, end, 2);
    } else if (past - digit == 2 && end - past >= 3 && *past == ':' && digits(past + 1, end, 2) >= 0) {
        minutes = digits(past + 1, end, 2);
        past += 3;
    } else if (past - digit != 2 ||
               !(is_close || past == end || (text_is_blank(*past) && is_year(digits(past + 1, end, 4))))) {
        return;
    }
    if (hours > 14 || minutes > 59 || (past < end && (text_is_digit(*past) || *past == ':' || *past == '-')))
        return;
    time->has_zone = true;
    time->zone_s = (*at == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    time->to = past;
}

/* Reads what follows a time of day. Returns false if it may not follow: further digits or letters. */
static bool end_time(const char *start, const char *end, struct found_time *time)
{
    read_half_day(start, end, time);
    read_zone(end, time);
    const char *to = time->to;
    if (to == end)
        return true;
    if (text_is_letter(*to) || text_is_digit(*to) || (*to == '_' && !time->has_seconds) || *to == '%')
        return false;
    return !((*to == ':' || *to == '.') && end - to > 1 && text_is_digit(to[1]));
}

/* Completes the time whose numbers end at `at` with its fraction and what may follow; `seconds` is -1 if it has none.
 */
static bool set_end(const char *start, const char *at, const char *end, struct found_time *time, int hours, int minutes,
                    int seconds)
{
    if (!set_time(time, hours, minutes, seconds))
        return false;
    if (seconds >= 0 && at < end && *at == ':' && text_digits_end(at + 1, end) == at + 4) { /* "10:00:00:123" */
        time->time_s += digits(at + 1, end, 3) / 1e3;
        at += 4;
    } else if (seconds >= 0) {
        time->time_s += read_fraction(&at, end);
    }
    time->to = at;
    return end_time(start, end, time);
}

/* Skips the East Asian sign for hours, minutes and so on after the digits at `*at`, and advances `*at` past it. */
static bool skip_sign(const char **at, const char *end, const char *const *signs, size_t count)
{
    const char *sign = text_skip_blanks(*at, end);
    for (size_t i = 0; i < count; i++)
        if (text_starts(sign, end, signs[i])) {
            *at = sign + strlen(signs[i]);
            return true;
        }
    return false;
}

/* Reads "10时00分00秒". */
static bool read_signed_clock(const char *at, const char *end, struct found_time *time)
{
    static const char *const hour[] = {"时", "時", "시", "点"}, *const minute[] = {"分", "분"};
    static const char *const second[] = {"秒", "초"};
    int seconds = -1, hours = read_number(&at, end, 2);
    if (hours < 0 || !skip_sign(&at, end, hour, COUNT(hour)))
        return false;
    at = text_skip_blanks(at, end);
    int minutes = read_number(&at, end, 2);
    if (minutes < 0 || !skip_sign(&at, end, minute, COUNT(minute)))
        return false;
    const char *next = text_skip_blanks(at, end);
    int number = read_number(&next, end, 2);
    if (number >= 0 && skip_sign(&next, end, second, COUNT(second))) {
        seconds = number;
        at = next;
    }
    time->to = at;
    return set_time(time, hours, minutes, seconds);
}

/* Returns the end of a unit at `at`, such as "min" of "05 min". */
static const char *skip_unit(const char *at, const char *end, const char *const *units, size_t count)
{
    const char *word = text_skip_blanks(at, end), *word_end = word;
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    for (size_t i = 0; i < count; i++)
        if ((size_t)(word_end - word) == strlen(units[i]) && strncasecmp(word, units[i], strlen(units[i])) == 0)
            return word_end;
    return at;
}

/* Reads a number of exactly two digits at `*at`, and advances `*at` past it. Returns -1 if there are fewer or more. */
static int read_pair(const char **at, const char *end)
{
    int value = digits(*at, end, 2);
    if (value < 0 || text_digits_end(*at, end) != *at + 2)
        return -1;
    *at += 2;
    return value;
}

/* Reads "10h00", "10 h 00", "10h00m05s" or "10 h 00 min 05 s". */
static bool read_lettered_clock(const char *at, const char *end, struct found_time *time)
{
    static const char *const minute[] = {"m", "min", "mn"}, *const second[] = {"s", "sec"};
    int seconds = -1, hours = read_number(&at, end, 2);
    bool is_apart = at < end && text_is_blank(*at);
    at = text_skip_blanks(at, end);
    if (hours < 0 || end - at < 3 || (*at | 0x20) != 'h' || (is_apart && !text_is_blank(at[1])))
        return false;
    at = text_skip_blanks(at + 1, end);
    int minutes = read_number(&at, end, 2);
    const char *unit = skip_unit(at, end, minute, COUNT(minute)), *digit = end;
    bool is_digit = minutes >= 0 && !text_is_digit(at[-2]);
    if (minutes < 0)
        return false;
    bool has_colon = at < end && *at == ':';
    if (unit > at || has_colon)
        digit = text_skip_blanks(unit + has_colon, end);
    time->to = unit;
    bool is_close = has_colon || digit == unit;
    bool is_pair = end - digit > 1 && text_is_digit(digit[1]);
    int number = read_number(&digit, end, 2);
    const char *past = skip_unit(digit, end, second, COUNT(second));
    if (number >= 0 && ((is_close && is_pair) || past > digit)) {
        seconds = number;
        time->to = past;
    }
    /* "3 h 5 min" and "1h0m5s" are durations. */
    return !(is_digit && (seconds < 0 || !is_apart)) && set_time(time, hours, minutes, seconds);
}

/* Returns true after a word such as "klo" of "klo 10.00": after it, dots separate hours and minutes. */
static bool is_clock_word_before(const char *start, const char *at)
{
    static const char *const words[] = {"klo", "kl", "kello", "klokken", "klockan", "pukul", "ore", "um"};
    const char *word_end = at;
    while (word_end > start && (text_is_blank(word_end[-1]) || word_end[-1] == '.'))
        word_end--;
    const char *word = word_end;
    while (word > start && text_is_letter(word[-1]))
        word--;
    for (size_t i = 0; i < COUNT(words); i++)
        if ((size_t)(word_end - word) == strlen(words[i]) && strncasecmp(word, words[i], strlen(words[i])) == 0)
            return word_end < at;
    return false;
}

/* Reads "10.00" or "10.00.00". */
static bool read_dotted_clock(const char *at, const char *end, struct found_time *time)
{
    int seconds = -1, hours = read_number(&at, end, 2);
    if (hours < 0 || at == end || *at != '.')
        return false;
    at++;
    int minutes = read_pair(&at, end);
    const char *dot = at;
    if (minutes >= 0 && at < end && *at == '.') {
        at++;
        seconds = read_pair(&at, end);
    }
    time->to = seconds < 0 ? dot : at;
    return set_time(time, hours, minutes, seconds) && end_time(at, end, time);
}

/* Reads the end of "75:00" or "00:02.5"; `at` is after the seconds. */
static bool read_stopwatch(const char *start, const char *at, const char *end, int minutes, int seconds,
                           struct found_time *time)
{
    const char *digits_end = at;
    double fraction = read_fraction(&at, end);
    if ((minutes <= 24 && at == digits_end) || !set_time(time, 0, 0, -1) || seconds > 59)
        return false;
    time->is_stopwatch = true;
    time->time_s = minutes * 3600.0 + (seconds + fraction) * 60;
    time->to = at;
    return end_time(start, end, time);
}

/* Reads "10:5:0", printed without leading zeros: three numbers. */
static bool read_unpadded_clock(const char *start, const char *at, const char *end, struct found_time *time)
{
    int number[3];
    for (int i = 0; i < 3; i++) {
        number[i] = read_number(&at, end, 2);
        if (number[i] < 0 || (i < 2 && (at == end || *at++ != ':')))
            return false;
    }
    return set_end(start, at, end, time, number[0], number[1], number[2]);
}

bool time_form_is_after_t(const char *start, const char *at)
{
    return at > start && at[-1] == 'T' &&
           (at - 1 == start || !(text_is_letter(at[-2]) || text_is_digit(at[-2]) || text_is_high(at[-2])));
}

bool time_form_clock(const char *start, const char *at, const char *end, struct found_time *time)
{
    const char *from = at;
    int hours = read_number(&at, end, 3), seconds = -1;
    time->from = from;
    if (hours < 0)
        return false;
    if (from > start && ((text_is_letter(from[-1]) && !time_form_is_after_t(start, from)) ||
                         (from[-1] == '.' && from - 1 > start && text_is_digit(from[-2]))))
        return false;
    if (at == end || *at != ':') {
        if (read_dotted_clock(from, end, time) &&
            (is_clock_word_before(start, from) || text_starts(text_skip_blanks(time->to, end), end, "Uhr")))
            return true;
        time->from = from;
        if (read_lettered_clock(from, end, time))
            return end_time(start, end, time);
        if (!read_signed_clock(from, end, time))
            return false;
        read_half_day(start, end, time);
        read_zone(end, time);
        return true;
    }
    at++;
    int minutes = digits(at, end, 2);
    if (minutes < 0 || (end - at > 3 && at[2] == ':' && text_digits_end(at + 3, end) == at + 4))
        return read_unpadded_clock(start, from, end, time);
    at += 2;
    if (at < end && *at == ':' && digits(at + 1, end, 2) >= 0) {
        seconds = digits(at + 1, end, 2);
        at += 3;
    }
    if (seconds < 0 && read_stopwatch(start, at, end, hours, minutes, time))
        return true;
    return set_end(start, at, end, time, hours, minutes, seconds);
}

bool time_form_tight(const char *start, const char *at, const char *end, struct found_time *time)
{
    time->from = at;
    time->to = at + 6;
    if (text_digits_end(at, end) != at + 6 ||
        !set_time(time, digits(at, end, 2), digits(at + 2, end, 2), digits(at + 4, end, 2)))
        return false;
    time->time_s += read_fraction(&time->to, end);
    return end_time(start, end, time);
}

bool time_form_after(const char *start, const char *at, const char *end, struct found_time *time)
{
    const char *from = at;
    if (end - at < 3 || memchr("Tt_-.@ ,/:", *at, 10) == NULL)
        return false;
    bool is_close = *at != ' ' && *at != ',';
    /* "2026-03-02--10-00-00", "2.3.2026, 10.00.00" */
    at += ((at[0] == '-' || at[0] == '_') && at[1] == at[0]) || (at[0] == ',' && at[1] == ' ') ? 2 : 1;
    time->from = at;
    const char *past = text_digits_end(at, end);
    ptrdiff_t count = past - at;
    if (count == 6 || count == 4 || (count > 6 && count <= 12 && is_close)) {
        /* a lone number after a blank may as well be something else */
        if ((!is_close || *from == ':') && count == 4)
            return false;
        time->to = at + (count == 4 ? 4 : 6);
        if (!set_time(time, digits(at, end, 2), digits(at + 2, end, 2), count == 4 ? -1 : digits(at + 4, end, 2)))
            return false;
        if (count > 6)
            time->to = past;
        else if (count == 6)
            time->time_s += read_fraction(&time->to, end);
        return end_time(start, end, time);
    }
    if (count < 1 || count > 2 || past == end || memchr("-.:_h/", *past, 6) == NULL || (*past == '/' && *from != '/'))
        return false;
    char sign = *past;
    int hours = digits(at, end, (int)count), minutes = digits(past + 1, end, 2), seconds = -1;
    if (minutes < 0)
        return false;
    at = past + 3;
    if (at < end && (*at == sign || (sign == 'h' && *at == 'm')) && digits(at + 1, end, 2) >= 0) {
        seconds = digits(at + 1, end, 2);
        at += 3;
    }
    at += at < end && sign == 'h' && (*at == 'm' || *at == 's');
    return set_end(start, at, end, time, hours, minutes, seconds);
}

/* Assigns the three numbers of a date to year, month and day. With two-digit years, slashes mean the order of `date
 * +%D`, dots the German order, and any other sign the year first. */
static bool judge_numbers(struct found_date *date, const int number[3], bool four_first, bool four_last, char sign)
{
    int a = number[0], b = number[1], c = number[2];
    date->may_swap = false;
    if (four_first)
        return is_year(a) && set_date(date, a, b, c);
    if (four_last) {
        date->may_swap = sign != '.' && a <= 12 && b <= 12 && a != b;
        date->order = sign == '.' ? DATE_ORDER_NONE : b > 12 ? DATE_ORDER_MONTH_FIRST : DATE_ORDER_DAY_FIRST;
        return is_year(c) && (b > 12 ? set_date(date, c, a, b) : set_date(date, c, b, a));
    }
    if (sign == '.')
        return set_date(date, 2000 + c, b, a);
    bool is_first_year = a >= 20 && a < 40, is_last_year = c >= 20 && c < 40 && b <= 12;
    /* "28-02-26": the log's other dates tell which is the year. */
    date->may_flip = a >= 15 && a <= 31 && b <= 12 && c >= 15 && c <= 31 && a != c;
    if (sign == '-' && a <= 12 && b > 12 && c >= 20 && c < 40) { /* "03-17-26" */
        date->order = DATE_ORDER_MONTH_FIRST;
        return set_date(date, 2000 + c, a, b);
    }
    /* "02-03-26": a log is not from 2002 if it can be from 2026 */
    bool is_year_first = sign == '-' ? !is_last_year || is_first_year : a > 12 && !is_last_year;
    date->year_order = is_year_first ? YEAR_ORDER_FIRST : YEAR_ORDER_LAST;
    if (is_year_first)
        return set_date(date, 2000 + a, b, c);
    date->may_swap = a <= 12 && b <= 12 && a != b;
    if (sign == '-' || a > 12) {
        date->order = sign == '-' ? DATE_ORDER_NONE : DATE_ORDER_DAY_FIRST;
        return set_date(date, 2000 + c, b, a);
    }
    date->order = DATE_ORDER_MONTH_FIRST;
    return sign == '/' && set_date(date, 2000 + c, a, b);
}

/* Reads "2026-03-02", "2.3.2026" or "03/02/26". */
static bool read_parted_date(const char *start, const char *at, const char *end, struct found_date *date)
{
    const char *from = at, *part = at;
    int number[3], length[3];
    char sign = '\0';
    for (int i = 0; i < 3; i++) {
        number[i] = read_number(&part, end, 4);
        length[i] = (int)(part - at);
        if (number[i] < 0 || (i < 2 && (part == end || memchr("-/._:", *part, 5) == NULL || (i == 1 && *part != sign))))
            return false;
        sign = i == 0 ? *part : sign;
        if (i < 2)
            part++;
        if (i < 2 && length[0] == 4 && sign == '.') /* "2026. 3. 2." */
            part = text_skip_blanks(part, end);
        at = part;
    }
    bool four_first = length[0] == 4 && length[1] <= 2 && length[2] <= 2;
    bool four_last = length[2] == 4 && length[0] <= 2 && length[1] <= 2;
    bool all_two = length[0] <= 2 && length[1] <= 2 && length[2] == 2 &&
                   (length[0] + length[1] == 4 || sign == '/' || (sign == '.' && text_is_signs(start, from)));
    if (!(four_first || four_last || (all_two && sign != '_' && sign != ':')) || (sign == ':' && !four_first))
        return false;
    if (sign == '.' && is_clock_word_before(start, from))
        return false;
    /* This is part of something longer, such as a version or an address. */
    if (from > start && from[-1] == '.' && sign == '.' &&
        !((four_first || four_last) && from - 1 > start && text_is_letter(from[-2])))
        return false;
    if (part < end && (*part == sign) && sign == '.' && end - part > 1 && text_is_digit(part[1]) && !four_first &&
        !four_last)
        return false;
    date->from = from;
    date->to = part;
    return judge_numbers(date, number, four_first, four_last, sign);
}

/* Reads "2026年3月2日". */
static bool read_signed_date(const char *at, const char *end, struct found_date *date)
{
    static const char *const year[] = {"年", "년", "\xc4\xea"}, *const month[] = {"月", "월", "\xd4\xc2"};
    static const char *const day[] = {"日", "일", "\xc8\xd5"};
    date->from = at;
    int y = read_number(&at, end, 4), m, d;
    if (!is_year(y) || !skip_sign(&at, end, year, COUNT(year)))
        return false;
    at = text_skip_blanks(at, end);
    m = read_number(&at, end, 2);
    if (m < 0 || !skip_sign(&at, end, month, COUNT(month)))
        return false;
    at = text_skip_blanks(at, end);
    d = read_number(&at, end, 2);
    if (d < 0 || !skip_sign(&at, end, day, COUNT(day)))
        return false;
    date->to = at;
    return set_date(date, y, m, d);
}

/* Reads "20260302", "20260302100000" or, if a time follows, "260302". */
static bool read_tight_date(const char *start, const char *at, const char *end, struct found_date *date,
                            struct found_time *time, bool *has_time)
{
    const char *past = text_digits_end(at, end);
    ptrdiff_t count = past - at;
    date->from = at;
    if (count == 6) {
        date->to = past;
        /* "260302_100000"; "260302 10:00:00" only at the beginning of a text, as numbers of six digits are many */
        bool is_clock = text_is_signs(start, at) && end - past >= 9 && strchr(" _-T", *past) != NULL &&
                        past[3] == ':' && past[6] == ':';
        *has_time = ((end - past >= 7 && text_digits_end(past + 1, end) == past + 7) || is_clock) &&
                    time_form_after(start, past, end, time);
        const int number[3] = {digits(at, end, 2), digits(at + 2, end, 2), digits(at + 4, end, 2)};
        return *has_time && judge_numbers(date, number, false, false, '-');
    }
    if (count != 8 && count != 12 && count != 14 && count != 17)
        return false;
    date->to = at + 8;
    int year = digits(at, end, 4);
    if (count == 8 && !is_year(year) && is_year(digits(at + 4, end, 4))) { /* "02032026 10:00:00" */
        const int number[3] = {digits(at, end, 2), digits(at + 2, end, 2), digits(at + 4, end, 4)};
        *has_time = time_form_after(start, past, end, time);
        return *has_time && judge_numbers(date, number, false, true, '-');
    }
    if (!is_year(year) || !set_date(date, year, digits(at + 4, end, 2), digits(at + 6, end, 2)))
        return false;
    if (count == 8)
        return true;
    time->from = at + 8;
    time->to = past;
    *has_time =
        set_time(time, digits(at + 8, end, 2), digits(at + 10, end, 2), count == 12 ? -1 : digits(at + 12, end, 2));
    if (count == 17)
        time->time_s += digits(at + 14, end, 3) / 1e3;
    else if (count == 14)
        time->time_s += read_fraction(&time->to, end);
    return *has_time && end_time(start, end, time);
}

/* Sets the date from the day of a year, counted from 1. */
static bool set_day_of_year(struct found_date *date, int year, int day)
{
    for (int month = 1; month <= 12; month++) {
        if (day <= days_of_month(year, month))
            return set_date(date, year, month, day);
        day -= days_of_month(year, month);
    }
    return false;
}

/* Reads "2026-061" and "2026-W10-1", with or without dashes, if a time follows; otherwise they are ordinary numbers. */
static bool read_counted_date(const char *start, const char *at, const char *end, struct found_date *date,
                              struct found_time *time)
{
    int year = digits(at, end, 4), day;
    date->from = at;
    at += 4;
    if (!is_year(year) || end - at < 6 || (date->from > start && memchr("-._/", date->from[-1], 4) != NULL))
        return false;
    bool has_dash = *at == '-';
    at += has_dash;
    if (*at == 'W') {
        int week = digits(at + 1, end, 2), weekday = digits(at + 3 + has_dash, end, 1);
        if (week < 1 || week > 53 || weekday < 1 || weekday > 7 || (has_dash && at[3] != '-'))
            return false;
        /* Week 1 is that of 4 January; 1 January 1970 was a Thursday. */
        int days = (int)(timestamp_days_s(year, 1, 4) / 86400);
        day = 4 - (days + 3) % 7 + 7 * (week - 1) + weekday - 1;
        at += 4 + has_dash;
        int length = 337 + days_of_month(year, 2), length_before = 337 + days_of_month(year - 1, 2);
        if (day < 1 || day > length) { /* in the previous or next year */
            year += day < 1 ? -1 : 1;
            day += day < 1 ? length_before : -length;
        }
    } else {
        day = digits(at, end, 3);
        at += 3;
    }
    date->to = at;
    if (day < 1 || at == end || text_is_digit(*at) || !set_day_of_year(date, year, day))
        return false;
    return (*at == 'T' || text_is_blank(*at)) && end - at >= 6 && digits(at + 1, end, 2) >= 0 &&
           (*at == 'T' || at[3] == ':') &&
           (time_form_after(start, at, end, time) || time_form_clock(at + 1, at + 1, end, time));
}

/* Reads "03-02", "03/02", "31-03" or "02.03." at the beginning of a text, if a time of day follows: with seconds,
 * except after slashes. */
static bool read_short_date(const char *start, const char *at, const char *end, struct found_date *date,
                            struct found_time *time)
{
    date->from = at;
    if (!text_is_signs(start, at) || text_digits_end(at, end) != at + 2 || end - at < 11 ||
        memchr("-./", at[2], 3) == NULL || text_digits_end(at + 3, end) != at + 5)
        return false;
    int first = digits(at, end, 2), second = digits(at + 3, end, 2);
    bool has_dots = at[2] == '.' && at[5] == '.', has_slash = at[2] == '/', is_day_first = has_dots || first > 12;
    date->to = at + 5 + has_dots;
    if ((at[2] == '.' && !has_dots) || !(text_is_blank(*date->to) || (has_slash && *date->to == '-')) ||
        !(is_day_first ? set_date(date, 0, second, first) : set_date(date, 0, first, second)))
        return false;
    date->may_swap = !has_dots && first <= 12 && second <= 12 && first != second;
    date->order = has_dots ? DATE_ORDER_NONE : is_day_first ? DATE_ORDER_DAY_FIRST : DATE_ORDER_MONTH_FIRST;
    const char *clock = text_skip_blanks(date->to + (*date->to == '-'), end);
    return clock < end && text_is_digit(*clock) && time_form_clock(start, clock, end, time) &&
           (time->has_seconds || has_slash);
}

/* Reads "0302 10:00:00.123456" after the level of glog, as in "I0302". */
static bool read_glog_date(const char *start, const char *at, const char *end, struct found_date *date,
                           struct found_time *time)
{
    date->from = at;
    date->to = at + 4;
    return at > start && strchr("IWEF", at[-1]) != NULL && text_is_signs(start, at - 1) &&
           text_digits_end(at, end) == at + 4 && end - at >= 20 && at[4] == ' ' && at[13] == '.' &&
           set_date(date, 0, digits(at, end, 2), digits(at + 2, end, 2)) &&
           time_form_clock(at + 5, at + 5, end, time) && time->has_seconds;
}

/* Reads "10-00-00_2026-03-02" or "100000_20260302". */
static bool read_reversed(const char *start, const char *at, const char *end, struct found_date *date,
                          struct found_time *time)
{
    const ptrdiff_t size = text_digits_end(at, end) - at;
    bool is_parted = size == 2 && end - at > 8 && strchr("-._", at[2]) != NULL && at[5] == at[2], has_time;
    const char *to = at + (is_parted ? 8 : 6);
    const int step = is_parted ? 3 : 2;
    if ((size != 6 && !is_parted) || end - to < 9 || !(*to == '_' || *to == '-' || (is_parted && *to == ' ')) ||
        !set_time(time, digits(at, end, 2), digits(at + step, end, 2), digits(at + 2 * step, end, 2)))
        return false;
    time->from = at;
    time->to = to;
    if (text_digits_end(to + 1, end) == to + 9)
        return read_tight_date(start, to + 1, end, date, &(struct found_time){0}, &has_time);
    return is_parted && read_parted_date(start, to + 1, end, date) && date->to - date->from == 10;
}

bool time_form_date(const char *start, const char *at, const char *end, struct found_date *date,
                    struct found_time *time, bool *has_time)
{
    *date = (struct found_date){0};
    *has_time = false;
    if (read_signed_date(at, end, date))
        return true;
    *date = (struct found_date){0};
    *has_time = read_counted_date(start, at, end, date, time);
    if (*has_time)
        return true;
    *date = (struct found_date){0};
    *has_time = read_short_date(start, at, end, date, time) || read_glog_date(start, at, end, date, time);
    if (*has_time)
        return true;
    *date = (struct found_date){0};
    *has_time = read_reversed(start, at, end, date, time);
    if (*has_time)
        return true;
    *date = (struct found_date){0};
    if (read_tight_date(start, at, end, date, time, has_time)) {
        if (date->to < end && !*has_time)
            *has_time = time_form_after(start, date->to, end, time);
    } else if (*has_time = false, read_parted_date(start, at, end, date)) {
        *has_time = time_form_after(start, date->to, end, time);
    } else {
        return false;
    }
    const char *to = *has_time ? time->to : date->to;
    return to == end || *has_time || !(text_is_digit(*to) || (text_is_letter(*to) && (*to | 0x20) != 't'));
}

/* Returns the end of the punctuation allowed between the parts of a date. */
static const char *skip_signs(const char *at, const char *end)
{
    while (at < end && (text_is_blank(*at) || memchr("-/.,_", *at, 5) != NULL))
        at++;
    return at;
}

static const char *skip_signs_back(const char *start, const char *at)
{
    while (at > start && (text_is_blank(at[-1]) || memchr("-/.,_", at[-1], 5) != NULL))
        at--;
    return at;
}

/* Returns the year of a date whose day ends at `at`. It may come after the time and its zone. */
static int find_year(const char *at, const char *end, const char **to)
{
    const char *last = end - at > YEAR_REACH ? at + YEAR_REACH : end;
    int words = 0;
    while (at < last) {
        if (text_is_digit(*at)) {
            const char *past = text_digits_end(at, end);
            int year = past - at == 4 ? digits(at, end, 4) : 0;
            bool is_clock = (past < end && (*past == ':' || *past == '.')) || at[-1] == ':' || at[-1] == '.' ||
                            at[-1] == '+' || at[-1] == '-';
            if (is_year(year) && (past == end || !text_is_letter(*past)) && at[-1] != '+' &&
                !(at[-1] == '-' && text_is_blank(at[-2]))) {
                *to = past;
                return year;
            }
            if (!is_clock)
                return 0;
            at = past;
        } else if (text_is_letter(*at) || text_is_high(*at)) {
            const char *word = at;
            while (at < end && (text_is_letter(*at) || text_is_high(*at)))
                at++;
            if (at - word > 5 || ++words > 3 || month_name_find(word, at) > 0)
                return 0;
        } else if (text_is_blank(*at) || strchr(":,.-+/()[]_", *at) != NULL) {
            at++;
        } else {
            return 0;
        }
    }
    return 0;
}

/* Returns the number of a day or year that ends at `at`, or -1 if there is none. Sets `*from` to where it begins. */
static int number_before(const char *start, const char *at, const char **from)
{
    const char *digit = at;
    if (at - start >= 3 && text_is_letter(at[-1]) && text_is_digit(at[-3]) &&
        (strncasecmp(at - 2, "st", 2) == 0 || strncasecmp(at - 2, "nd", 2) == 0 || strncasecmp(at - 2, "rd", 2) == 0 ||
         strncasecmp(at - 2, "th", 2) == 0))
        digit = at = at - 2;
    while (digit > start && text_is_digit(digit[-1]) && at - digit < 5)
        digit--;
    if (digit == at || at - digit > 4 ||
        (digit > start &&
         (text_is_letter(digit[-1]) || (digit[-1] == ':' && digit - 1 > start && text_is_digit(digit[-2])))))
        return -1;
    *from = digit;
    return digits(digit, at, (int)(at - digit));
}

/* Reads the number of a day or year at `*at`, and advances `*at` past it and its ordinal suffix. */
static int number_after(const char **at, const char *end)
{
    const char *digit = *at;
    int value = read_number(&digit, end, 4);
    if (value < 0 || (digit < end && *digit == ':' && !is_year(value)))
        return -1;
    if (end - digit >= 2 && (strncasecmp(digit, "st", 2) == 0 || strncasecmp(digit, "nd", 2) == 0 ||
                             strncasecmp(digit, "rd", 2) == 0 || strncasecmp(digit, "th", 2) == 0))
        digit += 2;
    *at = digit;
    return value;
}

static void find_weekday(const char *start, struct found_date *date)
{
    const char *word_end = skip_signs_back(start, date->from), *word = word_end;
    while (word > start && text_is_letter(word[-1]))
        word--;
    date->weekday = weekday_name_find(word, word_end);
    if (date->weekday > 0)
        date->from = word;
}

/* Returns true if the two digits at `next` are the year of a date whose day begins at `from` and whose month is [at,
 * word_end): the same sign is around the month, "02-Mar-26", none, "2mar26", or blanks, "02 Mar 26 10:00:00"; "3 Mar 26
 * 10:00:00" may be a counter and a date. */
static bool is_short_year(const char *start, const char *from, const char *at, const char *word_end, const char *next,
                          const char *end)
{
    const int year = digits(next, end, 2);
    const bool is_likely = year >= 15 && year < 40;
    if (year < 0 || text_digits_end(next, end) != next + 2)
        return false;
    if (text_is_digit(at[-1]))
        return next == word_end;
    if (next != word_end + 1 || (at[-1] != *word_end && *word_end != '-'))
        return false;
    const char *lead = skip_signs_back(start, from), *word = lead;
    while (word > start && text_is_letter(word[-1]))
        word--;
    if (weekday_name_find(word, lead) == 0)
        word = lead;
    return *word_end == '-' || (is_likely && (*word_end != ' ' || (text_digits_end(from, at) == from + 2 &&
                                                                   end - next > 4 && text_is_signs(start, word) &&
                                                                   next[2] == ' ' && text_is_digit(next[3]))));
}

/* Takes the day before the month: "2 Mar". "2026 Mar 2" has none there. */
static bool take_day_before(const char *start, const char *at, const char *word_end, const char *end,
                            struct found_date *date)
{
    const char *from = NULL, *past = skip_signs(word_end, end);
    if (end - past > 3 && strncasecmp(past, "de ", 3) == 0) /* "17 de marzo de 2026" */
        past = skip_signs(past + 2, end);
    const char *number_end = past;
    const char *before = skip_signs_back(start, at);
    if (before - start >= 3 && text_is_blank(before[-3]) &&
        (strncasecmp(before - 2, "of", 2) == 0 || strncasecmp(before - 2, "de", 2) == 0))
        before = skip_signs_back(start, before - 2);
    int number = number_before(start, before, &from), next = number_after(&number_end, end);
    if (number < 1 || number > 31 || before - from > 4 || (from > start && from[-1] == '.'))
        return false;
    bool has_year = is_year(next);
    bool is_short = !has_year && next >= 0 && is_short_year(start, from, at, word_end, past, end);
    /* "cpu 2 Mar 3": the second number is the day. */
    if (!has_year && !is_short && next >= 1 && next <= 31)
        return false;
    date->from = from;
    date->to = has_year || is_short ? number_end : word_end;
    int year = has_year ? next : is_short ? 2000 + next : find_year(word_end, end, &date->to);
    return set_date(date, year, date->month, number);
}

static bool take_day_after(const char *start, const char *at, const char *word_end, const char *end,
                           struct found_date *date)
{
    const char *from = at, *past = skip_signs(word_end, end);
    int day = number_after(&past, end);
    if (day < 1 || day > 31)
        return false;
    /* "mar 23 chn 2026" is Tuesday in Aragonese: in English no word follows the day. */
    const char *next = text_skip_blanks(past, end);
    if (*at == 'm' && next < end && text_is_letter(*next) && !(end - next >= 3 && strncasecmp(next, "at ", 3) == 0))
        return false;
    int year = number_before(start, skip_signs_back(start, at), &from);
    date->from = at;
    date->to = past;
    if (is_year(year))
        date->from = from;
    else
        year = find_year(past, end, &date->to);
    return set_date(date, year, date->month, day);
}

bool time_form_named_date(const char *start, const char *at, const char *word_end, const char *end,
                          struct found_date *date)
{
    *date = (struct found_date){.month = month_name_find(at, word_end)};
    if (date->month == 0)
        return false;
    int month = date->month;
    if (!take_day_before(start, at, word_end, end, date)) {
        date->month = month;
        if (!take_day_after(start, at, word_end, end, date))
            return false;
    }
    find_weekday(start, date);
    return true;
}

bool time_form_epoch(const char *start, const char *at, const char *end, const char **to, double *epoch_s)
{
    static const struct {
        int digits;
        double unit;
    } forms[] = {{10, 1}, {13, 1e3}, {16, 1e6}, {19, 1e9}};
    const char *past = text_digits_end(at, end);
    double value = 0, unit = 0;
    for (size_t i = 0; i < COUNT(forms); i++)
        if (past - at == forms[i].digits)
            unit = forms[i].unit;
    /* "free.1772445600", "log-1772445600" */
    bool is_joined = at > start && (at[-1] == '.' || at[-1] == '-');
    if (unit == 0 || (at > start && (at[-1] == '+' || at[-1] == '%')) ||
        (is_joined && !(at - 1 > start && text_is_letter(at[-2]))))
        return false;
    for (const char *digit = at; digit < past; digit++)
        value = value * 10 + (*digit - '0');
    value = value / unit + (unit == 1 ? read_fraction(&past, end) : 0);
    if (past < end && unit <= 1e3)
        past += unit == 1 ? *past == 's' : 2 * text_starts(past, end, "ms");
    if (past < end && (text_is_letter(*past) || text_is_digit(*past) || *past == '%'))
        return false;
    *to = past;
    *epoch_s = value;
    return value >= timestamp_days_s(2000, 1, 1) && value < timestamp_days_s(2100, 1, 1);
}
