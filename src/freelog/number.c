/* SPDX-License-Identifier: MIT */
/* number: owns the digits, the decimal mark and the unit of a number in a log of free. */
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

/* The unit that is all of [at, end), if any. */
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
