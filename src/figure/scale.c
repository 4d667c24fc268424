/* SPDX-License-Identifier: MIT */
/* scale: positions and texts of ticks. Works on numbers only, independent of plots. */
#include "figure/scale.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/units.h"

#define TICKS_MIN  4.0
#define TICKS_MAX  6
#define EXTEND_MAX 1.25 /* how much an axis may grow to get a fourth tick */

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

/* Places ticks from 0 to `max` at a step. */
static double count_ticks(double max, double step)
{
    return floor(max / step * (1 + 1e-12)) + 1;
}

/* The smallest power of two, from 1/4 up, with at most `ticks_max` ticks up to `max`; three times a power of two where
 * that gives more of them. */
static double step_binary(double max, double ticks_max)
{
    double step = 0.25;
    while (count_ticks(max, step) > ticks_max)
        step *= 2;
    double other = step * 0.75;
    return other >= 0.75 && count_ticks(max, step) < fmin(TICKS_MIN, ticks_max) && count_ticks(max, other) <= ticks_max
               ? other
               : step;
}

/* The smallest of 1, 2, 5 times a power of ten with at most `ticks_max` ticks up to `max`. */
static double step_ticks(double max, double ticks_max)
{
    double step = step_decimal(max / ticks_max / 10);
    while (count_ticks(max, step) > ticks_max)
        step = step_decimal(step * 1.01);
    return step;
}

/* Places ticks at the multiples of `step` within the axis, with enough decimals to distinguish them. */
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
        double value = k * step + 0.0; /* avoids "-0" */
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

static double limit_ticks(size_t ticks_max)
{
    return (double)(ticks_max < 2 ? 2 : ticks_max > TICKS_MAX ? TICKS_MAX : ticks_max);
}

void scale_memory(struct scale *scale, double max, size_t ticks_max, bool binary)
{
    const double most = limit_ticks(ticks_max);
    memset(scale, 0, sizeof *scale);
    scale->max = max > 0 && isfinite(max) ? max : 1;
    double step = binary && scale->max >= 1 ? step_binary(scale->max, most) : step_ticks(scale->max, most);
    /* Between 12 and 15 no step of 1, 2 or 5 gives four to six ticks. */
    double wanted = fmin(TICKS_MIN, most) - 1;
    if (count_ticks(scale->max, step) <= wanted && step * wanted <= scale->max * EXTEND_MAX)
        scale->max = step * wanted;
    put_ticks(scale, step);
}

void scale_deviation(struct scale *scale, double range, size_t ticks_max, bool binary)
{
    struct scale half;
    scale_memory(&half, range, (limit_ticks(ticks_max) + 1) / 2 < 2 ? 2 : (size_t)((limit_ticks(ticks_max) + 1) / 2),
                 binary);
    memset(scale, 0, sizeof *scale);
    scale->max = range > 0 && isfinite(range) ? range : 1;
    scale->min = -scale->max;
    put_ticks(scale, half.step);
    for (size_t i = 0; i < scale->tick_count; i++) {
        struct tick *tick = &scale->tick[i];
        char text[sizeof tick->text];
        snprintf(text, sizeof text, "%s", tick->text + (tick->value < 0));
        if (tick->value != 0) /* a true minus is as wide as the plus */
            snprintf(tick->text, sizeof tick->text, "%s%.20s", tick->value < 0 ? "\u2212" : "+", text);
    }
}

void scale_percent(struct scale *scale, double max, size_t ticks_max)
{
    static const double steps[] = {10, 20, 25, 50, 100};
    const double most = limit_ticks(ticks_max);
    memset(scale, 0, sizeof *scale);
    scale->max = max > 100 ? max : 100;
    double step = 0;
    for (size_t i = 0; step == 0 && i < COUNT(steps); i++)
        if (count_ticks(scale->max, steps[i]) <= most)
            step = steps[i];
    put_ticks(scale, step > 0 ? step : step_ticks(scale->max, most));
}

#define MINUTE 60.0
#define HOUR   3600.0
#define DAY    86400.0

/* Returns the time step that gives at most about `tick_wish` ticks. */
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

/* The format follows the step and the end of the axis, so that all texts of one axis have the same form. */
static void time_texts(struct scale *scale)
{
    double step = scale->step, end = scale->max;
    const char *caption;
    if (end < MINUTE + 1e-9 || (step < 1 && end < 10 * MINUTE)) {
        snprintf(scale->caption, sizeof scale->caption, "elapsed time [s]");
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
    snprintf(scale->caption, sizeof scale->caption, "elapsed time [%s]", caption);
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

/* Places the minor ticks of a time axis, none if the step has no round subdivision. `shift_s` is that of the local
 * clock. */
static void put_minor(struct scale *scale, double shift_s)
{
    static const struct {
        double step, minor;
    } parts[] = {
        {MINUTE, 15},
        {2 * MINUTE, 30},
        {5 * MINUTE, MINUTE},
        {10 * MINUTE, 2 * MINUTE},
        {15 * MINUTE, 5 * MINUTE},
        {20 * MINUTE, 5 * MINUTE},
        {30 * MINUTE, 10 * MINUTE},
        {HOUR, 15 * MINUTE},
        {2 * HOUR, 30 * MINUTE},
        {3 * HOUR, HOUR},
        {4 * HOUR, HOUR},
        {6 * HOUR, HOUR},
        {12 * HOUR, 3 * HOUR},
        {DAY, 6 * HOUR},
        {2 * DAY, 12 * HOUR},
        {7 * DAY, DAY},
    };
    double minor = 0;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i].step == scale->step)
            minor = parts[i].minor;
    if (minor == 0 || (scale->max - scale->min) / minor > SCALE_MINOR_MAX)
        return;
    for (double k = ceil((scale->min + shift_s) / minor - 1e-9); k * minor - shift_s <= scale->max; k++)
        if (fmod(k * minor, scale->step) != 0 && scale->minor_count < SCALE_MINOR_MAX)
            scale->minor[scale->minor_count++] = k * minor - shift_s;
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
    put_minor(scale, 0);
}

/* "time of day, Nov 23 2024, UTC+1". */
static void clock_caption(struct scale *scale, double local_s, double zone_s)
{
    char date[32] = "", zone[32] = "";
    time_t clock = (time_t)floor(local_s + scale->min + 0.5);
    struct tm tm;
    int minutes = (int)rint(fabs(zone_s) / 60);
    if (gmtime_r(&clock, &tm) != NULL)
        strftime(date, sizeof date, "%b %e %Y", &tm);
    if (minutes % 60 != 0)
        snprintf(zone, sizeof zone, "%c%d:%02d", zone_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    else if (minutes != 0)
        snprintf(zone, sizeof zone, "%c%d", zone_s < 0 ? '-' : '+', minutes / 60);
    snprintf(scale->caption, sizeof scale->caption, "time of day, %s, UTC%s", date, zone);
}

void scale_clock(struct scale *scale, double from_s, double to_s, size_t tick_wish, double epoch_s, double zone_s)
{
    set_span(scale, from_s, to_s);
    bool is_local = isnan(zone_s), has_date = clock_has_date(epoch_s);
    double local_s =
        epoch_s + (is_local ? clock_zone_at(epoch_s) : zone_s); /* local wall clock at time 0, counted like UTC */
    scale->min += local_s;
    scale->max += local_s;
    put_ticks(scale, fmax(1, step_time(scale->max - scale->min, tick_wish)));
    scale->min -= local_s;
    scale->max -= local_s;
    if (has_date)
        clock_caption(scale, local_s, local_s - epoch_s);
    else
        snprintf(scale->caption, sizeof scale->caption, "time of day");
    put_minor(scale, local_s);
    for (size_t i = 0; i < scale->tick_count; i++) {
        struct tick *tick = &scale->tick[i];
        double shift_s = is_local ? clock_zone_at(tick->value - local_s + epoch_s) - (local_s - epoch_s) : 0;
        double days = floor((tick->value + shift_s + 0.5) / DAY) - floor(local_s / DAY);
        time_t clock = (time_t)floor(tick->value + shift_s + 0.5);
        struct tm tm;
        gmtime_r(&clock, &tm);
        bool midnight = tm.tm_hour == 0 && tm.tm_min == 0 && tm.tm_sec == 0;
        bool is_day = midnight || scale->step >= DAY;
        if (is_day && !has_date && days != 0)
            snprintf(tick->text, sizeof tick->text, "%+.0f d", days);
        else
            strftime(tick->text, sizeof tick->text,
                     is_day && has_date     ? "%b %e"
                     : scale->step < MINUTE ? "%H:%M:%S"
                                            : "%H:%M",
                     &tm);
        tick->value -= local_s;
    }
}
