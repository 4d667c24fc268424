/* SPDX-License-Identifier: MIT */
/* number: reads the digits, the decimal mark and the unit of a number in a log of free. */
#include "number.h"

#include <math.h>

#include "text.h"

#define DIGITS_MAX 20 /* a wrapped-around 64-bit number */

double number_factor(double base, int power)
{
    double factor = 1;
    while (power-- > 0)
        factor *= base;
    return factor;
}

/* Reads all of [at, end) as a unit, which may be empty. */
static bool read_unit(const char *at, const char *end, struct number *number)
{
    static const char letters[] = "BKMGTPE";
    number->power = -1;
    number->is_binary = false;
    if (at == end)
        return true;
    const char *letter = memchr(letters, *at == 'k' ? 'K' : *at, sizeof letters - 1);
    if (letter == NULL)
        return false;
    number->power = (int)(letter - letters);
    at++;
    if (number->power > 0 && at < end && *at == 'i') {
        number->is_binary = true;
        at++;
    }
    if (number->power > 0 && at < end && *at == 'B')
        at++;
    return at == end;
}

/* Returns the length of a mark between groups of digits, 0 if there is none. */
static size_t mark_size(const char *at, const char *end)
{
    /* narrow and thin spaces, a quote, and the no-break space */
    static const char *const marks[] = {"\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x99", "\xc2\xa0"};
    if (at < end && *at != '\0' && strchr(",.'_", *at) != NULL)
        return 1;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (text_starts(at, end, marks[i]))
            return strlen(marks[i]);
    return 0;
}

bool number_read_groups(const char *at, const char *end, struct number_groups *groups)
{
    const char *digits_end = text_digits_end(at, end), *mark = digits_end;
    size_t size = mark_size(mark, end);
    *groups = (struct number_groups){.mark = mark < end ? *mark : '\0', .leads_zero = at < end && *at == '0'};
    if (digits_end == at || digits_end - at > 3 || size == 0 || end - at > DIGITS_MAX + 6 * 3)
        return false;
    for (; at < digits_end; at++)
        groups->value = groups->value * 10 + (*at - '0');
    while (digits_end < end) {
        at = digits_end + size;
        if ((size_t)(end - digits_end) < size + 3 || memcmp(digits_end, mark, size) != 0 ||
            text_digits_end(at, end) != at + 3)
            return false;
        groups->marks++;
        for (digits_end = at + 3; at < digits_end; at++)
            groups->value = groups->value * 10 + (*at - '0');
    }
    return true;
}

bool number_read(const char *at, const char *end, struct number *number)
{
    bool negative = at < end && *at == '-';
    double value = 0, place = 1;
    at += negative;
    const char *digits = at, *digits_end = text_digits_end(at, end);
    if (digits_end == digits || digits_end - digits > DIGITS_MAX)
        return false;
    for (; at < digits_end; at++)
        value = value * 10 + (*at - '0');
    if (at + 1 < end && (*at == '.' || *at == ',') && text_is_digit(at[1])) {
        double fraction = 0;
        digits = at + 1;
        digits_end = text_digits_end(digits, end);
        if (digits_end - digits > DIGITS_MAX)
            return false;
        for (at = digits; at < digits_end; at++) {
            fraction = fraction * 10 + (*at - '0');
            place *= 10;
        }
        value += fraction / place;
    }
    number->value = negative ? -value : value;
    number->resolution = 1 / place;
    return read_unit(at, end, number);
}
