/* SPDX-License-Identifier: MIT */
/* scale: owns where ticks lie and how they are written. Knows no picture, only numbers. */
#include "figure/scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The smallest of 1, 2, 5 times a power of ten that is at least `rough`. */
static double step_decimal(double rough)
{
    double power = pow(10, floor(log10(rough)));
    static const double factors[] = {1, 2, 5, 10};
    for (size_t i = 0; i < COUNT(factors); i++)
        if (factors[i] * power >= rough * (1 - 1e-9))
            return factors[i] * power;
    return 10 * power;
}

static double step_binary(double rough)
{
    if (rough <= 0.125)
        return step_decimal(rough);
    return fmax(0.25, exp2(ceil(log2(rough) - 1e-9)));
}

/* Puts ticks at the multiples of `step` within the axis, with enough decimals to tell them apart. */
static void put_ticks(struct scale *scale, double step)
{
    int decimals = step >= 1 ? 0 : (int)ceil(-log10(step) - 1e-9);
    if (decimals > 0 && fabs(step * pow(10, decimals) - rint(step * pow(10, decimals))) > 1e-6)
        decimals++; /* 0.25 */
    if (decimals > 12)
        decimals = 12;
    scale->step = step;
    scale->tick_count = 0;
    for (double k = ceil(scale->min / step - 1e-9);; k++) {
        double value = k * step + 0.0; /* no -0 */
        if (value > scale->max * (1 + 1e-12) || scale->tick_count == SCALE_TICK_MAX)
            return;
        struct tick *tick = &scale->tick[scale->tick_count++];
        tick->value = value;
        if (scale->max >= 1e15)
            snprintf(tick->text, sizeof tick->text, "%.3g", value);
        else
            snprintf(tick->text, sizeof tick->text, "%.*f", value == 0 ? 0 : decimals, value);
    }
}

void scale_memory(struct scale *scale, double max, size_t tick_wish, bool binary)
{
    memset(scale, 0, sizeof *scale);
    scale->max = max > 0 && isfinite(max) ? max : 1;
    double rough = scale->max / (double)(tick_wish < 1 ? 1 : tick_wish);
    put_ticks(scale, binary ? step_binary(rough) : step_decimal(rough));
}

void scale_percent(struct scale *scale, double max, size_t tick_wish)
{
    static const double steps[] = {10, 20, 25, 50, 100};
    memset(scale, 0, sizeof *scale);
    scale->max = max > 100 ? max : 100;
    double rough = scale->max / (double)(tick_wish < 1 ? 1 : tick_wish);
    double step = rough > 100 ? step_decimal(rough) : 0;
    for (size_t i = 0; step == 0 && i < COUNT(steps); i++)
        if (steps[i] >= rough * (1 - 1e-9))
            step = steps[i];
    put_ticks(scale, step);
}

#define MINUTE 60.0
#define HOUR   3600.0
#define DAY    86400.0

/* The step of time that gives at most about `tick_wish` ticks. */
static double step_time(double span_s, size_t tick_wish)
{
    static const double steps[] = {
        1,          2,           5,           10,          15,          30,      MINUTE,   2 * MINUTE,
        5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE, HOUR,    2 * HOUR, 3 * HOUR,
        4 * HOUR,   6 * HOUR,    12 * HOUR,   DAY,         2 * DAY,     7 * DAY,
    };
    double rough = span_s / (double)(tick_wish < 1 ? 1 : tick_wish) * (1 - 1e-9);
    if (rough <= 0.5)
        return step_decimal(rough);
    for (size_t i = 0; i < COUNT(steps); i++)
        if (steps[i] >= rough)
            return steps[i];
    return DAY * step_decimal(rough / DAY);
}

/* The format follows the step and the end of the axis, so that all texts of one axis look alike. */
static void time_texts(struct scale *scale)
{
    double step = scale->step, end = scale->max;
    const char *caption;
    if (end < MINUTE + 1e-9 || (step < 1 && end < 10 * MINUTE)) {
        snprintf(scale->caption, sizeof scale->caption, "s");
        return; /* put_ticks wrote plain seconds */
    }
    if (step >= DAY)
        caption = "days";
    else if (end >= 3 * DAY)
        caption = "days h:min";
    else if (step >= MINUTE && end > 20 * MINUTE)
        caption = "h:min";
    else if (end >= HOUR)
        caption = "h:min:s";
    else
        caption = "min:s";
    snprintf(scale->caption, sizeof scale->caption, "%s", caption);
    for (size_t i = 0; i < scale->tick_count; i++) {
        struct tick *tick = &scale->tick[i];
        double whole = floor(tick->value + 0.5), days = floor(whole / DAY);
        int rest = (int)(whole - days * DAY);
        int hours = rest / 3600, minutes = rest / 60 % 60, seconds = rest % 60;
        double all_hours = floor(whole / HOUR);
        if (tick->value == 0)
            snprintf(tick->text, sizeof tick->text, "0");
        else if (step >= DAY)
            snprintf(tick->text, sizeof tick->text, "%.0f d", days);
        else if (end >= 3 * DAY)
            snprintf(tick->text, sizeof tick->text, "%.0fd %d:%02d", days, hours, minutes);
        else if (strcmp(caption, "h:min") == 0)
            snprintf(tick->text, sizeof tick->text, "%.0f:%02d", all_hours, minutes);
        else if (strcmp(caption, "h:min:s") == 0)
            snprintf(tick->text, sizeof tick->text, "%.0f:%02d:%02d", all_hours, minutes, seconds);
        else
            snprintf(tick->text, sizeof tick->text, "%.0f:%02d", floor(whole / MINUTE), seconds);
    }
}

static void set_span(struct scale *scale, double from_s, double to_s)
{
    memset(scale, 0, sizeof *scale);
    scale->min = from_s;
    scale->max = to_s > from_s ? to_s : from_s + 1;
}

void scale_time(struct scale *scale, double from_s, double to_s, size_t tick_wish)
{
    set_span(scale, from_s, to_s);
    put_ticks(scale, step_time(scale->max - scale->min, tick_wish));
    time_texts(scale);
}

void scale_clock(struct scale *scale, double from_s, double to_s, size_t tick_wish, double epoch_s, double zone_s)
{
    set_span(scale, from_s, to_s);
    double local_s = epoch_s + zone_s; /* local wall clock at time 0, counted like UTC */
    scale->min += local_s;
    scale->max += local_s;
    put_ticks(scale, fmax(1, step_time(scale->max - scale->min, tick_wish)));
    scale->min -= local_s;
    scale->max -= local_s;
    snprintf(scale->caption, sizeof scale->caption, "clock");
    for (size_t i = 0; i < scale->tick_count; i++) {
        struct tick *tick = &scale->tick[i];
        time_t clock = (time_t)floor(tick->value + 0.5);
        struct tm tm;
        gmtime_r(&clock, &tm);
        bool midnight = tm.tm_hour == 0 && tm.tm_min == 0 && tm.tm_sec == 0;
        strftime(tick->text, sizeof tick->text, midnight ? "%b %e" : scale->step < MINUTE ? "%H:%M:%S" : "%H:%M", &tm);
        tick->value -= local_s;
    }
}
