/* SPDX-License-Identifier: MIT */
/* units: the numbers, sizes and times that people write and read. Independent of files, options and plots; nothing here
 * depends on the locale, which main leaves at "C" for numbers. */
#include "base/units.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/array.h"
#include "base/clock.h"

static const struct unit units_1024[] = {
    {"B", 1},
    {"KiB", 1024},
    {"MiB", 1024.0 * 1024},
    {"GiB", 1024.0 * 1024 * 1024},
    {"TiB", 1024.0 * 1024 * 1024 * 1024},
    {"PiB", 1024.0 * 1024 * 1024 * 1024 * 1024},
};
static const struct unit units_1000[] = {
    {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"PB", 1e15},
};

#define FAR_BELOW 0.01 /* smaller numbers are printed in a smaller unit */

const struct unit *unit_find(const char *name)
{
    for (size_t i = 0; i < COUNT(units_1024); i++) {
        const char *full = units_1024[i].name;
        size_t length = strlen(name);
        bool shortened = i > 0 && (length == 1 || length == 2) && strncasecmp(name, full, length) == 0;
        if (strcasecmp(name, full) == 0 || shortened)
            return &units_1024[i];
    }
    for (size_t i = 0; i < COUNT(units_1000); i++)
        if (strcasecmp(name, units_1000[i].name) == 0)
            return &units_1000[i];
    return NULL;
}

const struct unit *unit_for(double bytes)
{
    const struct unit *unit = &units_1024[0];
    for (size_t i = 1; i < COUNT(units_1024) && bytes >= units_1024[i].bytes; i++)
        unit = &units_1024[i];
    return unit;
}

/* Reads the number at the start of `text` and puts `*rest` after it. */
static bool number_at(const char *text, double *number, const char **rest)
{
    const char *digits = text + (*text == '-' || *text == '+');
    /* strtod would also accept blanks, inf, nan and 0x. */
    bool starts_well = (*digits >= '0' && *digits <= '9') || (*digits == '.' && digits[1] >= '0' && digits[1] <= '9');
    if (!starts_well || (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')))
        return false;
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (!isfinite(value) || (errno == ERANGE && value != 0))
        return false;
    *number = value;
    *rest = end;
    return true;
}

bool parse_number(const char *text, double *number)
{
    const char *rest;
    double value;
    if (!number_at(text, &value, &rest) || *rest != '\0')
        return false;
    *number = value;
    return true;
}

bool parse_size(const char *text, double *bytes)
{
    const char *rest;
    double value;
    if (!number_at(text, &value, &rest) || value < 0)
        return false;
    rest += strspn(rest, " ");
    const struct unit *unit = unit_find(rest);
    if (unit == NULL && !(*rest == '\0' && value == 0))
        return false;
    value *= unit == NULL ? 1 : unit->bytes;
    if (!(value <= SIZE_BYTES_MAX))
        return false;
    *bytes = value;
    return true;
}

bool parse_percent(const char *text, double *percent)
{
    const char *rest;
    double value;
    if (!number_at(text, &value, &rest) || value < 0)
        return false;
    rest += strspn(rest, " ");
    if (strcmp(rest, "%") != 0)
        return false;
    *percent = value;
    return true;
}

/* Reads "h:mm:ss" or "m:ss", whose last part may have a fraction. */
static bool parse_colons(const char *text, double *seconds)
{
    double total = 0;
    for (int part = 0; part < 3; part++) {
        size_t digits = strspn(text, "0123456789");
        double value;
        char number[32];
        bool last = text[digits] != ':';
        size_t length = last ? strlen(text) : digits;
        if (digits == 0 || length >= sizeof number)
            return false;
        memcpy(number, text, length);
        number[length] = '\0';
        if (strspn(number, "0123456789.") != length || !parse_number(number, &value))
            return false;
        if (part > 0 && (digits > 2 || value >= 60))
            return false;
        total = total * 60 + value;
        if (last) {
            *seconds = total;
            return total <= TIME_MAX_S;
        }
        text += digits + 1;
    }
    return false;
}

bool parse_time(const char *text, double *seconds)
{
    static const struct {
        const char *name;
        double seconds;
    } suffixes[] = {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}};

    if (strchr(text, ':') != NULL)
        return parse_colons(text, seconds);
    const char *rest;
    double value;
    if (!number_at(text, &value, &rest) || value < 0 || *text == '-')
        return false;
    for (size_t i = 0; i < COUNT(suffixes); i++) {
        if (strcmp(rest, suffixes[i].name) == 0 && value * suffixes[i].seconds <= TIME_MAX_S) {
            *seconds = value * suffixes[i].seconds;
            return true;
        }
    }
    return false;
}

/* Removes trailing zeros from a number with a decimal point. */
static void trim_zeros(char *text)
{
    if (strchr(text, '.') == NULL || strchr(text, 'e') != NULL)
        return;
    char *end = text + strlen(text);
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    *end = '\0';
}

void format_quantity(char *text, size_t size, double value)
{
    double magnitude = fabs(value);
    int decimals = magnitude >= 999.95 ? 0 : 1;
    if (magnitude > 0 && magnitude < 0.9995) {
        decimals = 1 - (int)floor(log10(magnitude));
        if (decimals > 9) {
            snprintf(text, size, "%.1e", value);
            return;
        }
    }
    snprintf(text, size, "%.*f", decimals, value);
    trim_zeros(text);
}

bool size_is_far(double value, double unit_size, const char *unit)
{
    const struct unit *known = unit_find(unit);
    double number = fabs(value) / unit_size;
    return known != NULL && known->bytes == unit_size && number > 0 && number < FAR_BELOW && known->bytes > 1;
}

void format_size(char *text, size_t size, double value, double unit_size, const char *unit)
{
    if (size_is_far(value, unit_size, unit)) {
        const struct unit *own = unit_for(fabs(value));
        unit_size = own->bytes;
        unit = own->name;
    }
    format_quantity(text, size, value / unit_size);
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", *unit == '\0' ? "" : " ", unit);
}

int format_decimals(double max)
{
    int decimals = max >= 1000 ? 0 : max >= 1 || !(max > 0) ? 1 : 2 - (int)ceil(log10(max));
    return decimals > 6 ? 6 : decimals;
}

void format_clock(char *text, size_t size, double seconds)
{
    double whole = floor(fmax(seconds, 0) + 0.5);
    double days = floor(whole / 86400);
    int rest = (int)fmod(whole, 86400); /* exact, however large */
    int hours = rest / 3600, minutes = rest / 60 % 60, left = rest % 60;
    if (days > 0)
        snprintf(text, size, "%.0fd %d:%02d:%02d", days, hours, minutes, left);
    else if (hours > 0 || minutes >= 10) /* 41:52 could be hours and minutes */
        snprintf(text, size, "%d:%02d:%02d", hours, minutes, left);
    else
        snprintf(text, size, "%d:%02d", minutes, left);
}

void format_moment(char *text, size_t size, double seconds, double epoch_s, double zone_s)
{
    if (!(fabs(epoch_s) < CLOCK_MAX_S && fabs(seconds) < CLOCK_MAX_S)) {
        format_clock(text, size, seconds);
        return;
    }
    double zero_s = epoch_s + (isnan(zone_s) ? clock_zone_at(epoch_s) : zone_s);
    double local_s = floor(epoch_s + (isnan(zone_s) ? clock_zone_at(epoch_s + seconds) : zone_s) + seconds + 0.5);
    double days = floor(local_s / 86400) - floor(floor(zero_s + 0.5) / 86400);
    time_t clock = (time_t)local_s;
    struct tm tm;
    size_t used = 0;
    if (gmtime_r(&clock, &tm) == NULL) {
        format_clock(text, size, seconds);
        return;
    }
    if (days != 0 && !clock_has_date(epoch_s))
        used = (size_t)snprintf(text, size, "%+.0f d ", days);
    else if (days != 0)
        used = strftime(text, size, "%b %e ", &tm);
    if (used < size)
        strftime(text + used, size - used, "%H:%M:%S", &tm);
}

void format_duration(char *text, size_t size, double seconds)
{
    double minutes = floor(seconds / 60 + 0.5);
    if (seconds < 60 && floor(seconds + 0.5) < 60) {
        snprintf(text, size, seconds < 10 ? "%.2g" : "%.0f", seconds);
        trim_zeros(text);
        size_t used = strlen(text);
        snprintf(text + used, size - used, " s");
    } else if (seconds < 600 && fmod(floor(seconds + 0.5), 60) != 0) {
        double whole = floor(seconds + 0.5);
        snprintf(text, size, "%.0f min %.0f s", floor(whole / 60), fmod(whole, 60));
    } else if (minutes < 60) {
        snprintf(text, size, "%.0f min", minutes);
    } else if (minutes < 24 * 60) {
        snprintf(text, size, fmod(minutes, 60) != 0 ? "%.0f h %.0f min" : "%.0f h", floor(minutes / 60),
                 fmod(minutes, 60));
    } else {
        double hours = floor(seconds / 3600 + 0.5);
        snprintf(text, size, fmod(hours, 24) != 0 ? "%.0f d %.0f h" : "%.0f d", floor(hours / 24), fmod(hours, 24));
    }
}
