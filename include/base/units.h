/* SPDX-License-Identifier: MIT */
/* units: sizes, durations and numbers as people write and read them. */
#ifndef MEMTRACE_BASE_UNITS_H
#define MEMTRACE_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

/* A unit of memory: `name` as printed, and its size in bytes. */
struct unit {
    const char *name;
    double bytes;
};

/* Finds B, KiB to PiB and their short forms K, Ki to P, Pi (1024-based), and kB to PB (1000-based).
 * Letter case does not matter. NULL for any other text. */
const struct unit *unit_find(const char *name);

/* The 1024-based unit, B to PiB, in which `bytes` is easiest to read: its number is at least 1, or the unit is B. */
const struct unit *unit_for(double bytes);

/* Reads all of `text` as a finite decimal number. Returns false for empty text, blanks, trailing text,
 * hexadecimal, inf, nan and overflow. The decimal mark is a full stop whatever the locale. */
bool parse_number(const char *text, double *number);

#define SIZE_BYTES_MAX 1e18 /* larger values cannot be memory sizes */
#define TIME_MAX_S     1e11 /* about 3000 years: larger values are neither durations nor clock times */

/* Reads a size with a unit ("32G", "29.5 GiB", "500MB") into bytes. Refuses negative sizes, sizes above SIZE_BYTES_MAX,
 * and numbers without a unit except 0. */
bool parse_size(const char *text, double *bytes);

/* Reads a percentage with its sign ("90%", "99.5 %") into a number from 0 up. */
bool parse_percent(const char *text, double *percent);

/* Reads a point or length in time into seconds: "90", "1.5", "m:ss", "h:mm:ss", "90s", "15m", "2h",
 * "1d", fractions allowed. Refuses negative ones, those above TIME_MAX_S, and minutes or
 * seconds above 59 after a colon. */
bool parse_time(const char *text, double *seconds);

/* Writes `value` with as many digits as a reader needs: one decimal from 1 up and none from 1000 up, two significant
 * digits below 1, no trailing zeros ("247.8", "32", "0.041"). `size` should be at least 24. */
void format_quantity(char *text, size_t size, double value);

/* Returns true if a value is too small to print in `unit` of `unit_size`: the number would be below 0.01. Always false
 * if the unit is not a known one of that size, as no other unit can be chosen then. */
bool size_is_far(double value, double unit_size, const char *unit);

/* Writes a value with its unit ("27.6 GiB"): `value / unit_size` as format_quantity does followed by `unit` ("" for
 * none); if it is too small for that unit, in the 1024-based unit in which it is easiest to read. `size` should be at
 * least 32. */
void format_size(char *text, size_t size, double value, double unit_size, const char *unit);

/* Returns how many decimals, 0 to 6, a column of numbers up to `max` needs to be compared at a glance. */
int format_decimals(double max);

/* Writes a point in time as "0:05", "2:34", "0:12:34", "1:52:22" or "3d 4:05:06". */
void format_clock(char *text, size_t size, double seconds);

/* Writes a time of the plot. `epoch_s` is the clock at time 0; if it is NaN, the same as format_clock. Otherwise the
 * time of day in a zone `zone_s` ahead of UTC, or, if that is NaN, in local time with the offset at that time
 * ("14:05:09"); on a day other than that of time 0 preceded by the date ("Nov 25 01:15:23"), or by the number of days
 * if the clock has no date ("+1 d 00:29:00"). */
void format_moment(char *text, size_t size, double seconds, double epoch_s, double zone_s);

/* Writes a length of time in at most two parts: "0.5 s", "45 s", "22 min", "2 h 10 min", "3 d 4 h". */
void format_duration(char *text, size_t size, double seconds);

#endif
