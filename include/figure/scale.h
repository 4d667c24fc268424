/* SPDX-License-Identifier: MIT */
/* scale: axes with ticks at round values, and their texts. */
#ifndef MEMTRACE_FIGURE_SCALE_H
#define MEMTRACE_FIGURE_SCALE_H

#include <stdbool.h>
#include <stddef.h>

#define SCALE_TICK_MAX  32
#define SCALE_MINOR_MAX 64

struct tick {
    double value;
    char text[24];
};

/* An axis from `min` to `max`; tick[0 .. tick_count) ascend within it. */
struct scale {
    double min, max;
    double step;
    size_t tick_count;
    struct tick tick[SCALE_TICK_MAX];
    size_t minor_count; /* ticks without a text, of a time axis */
    double minor[SCALE_MINOR_MAX];
    char caption[96]; /* of a time axis: "elapsed time [h:min]" or "time of day, Nov 23 2024, UTC+1" */
};

/* An axis from 0 for values up to `max` (1 if `max` is not above 0), already in the unit shown, with 4 to 6 ticks, or
 * fewer where `ticks_max` is less. With `binary`, steps are powers of two from 1/4 up (0, 8, 16, 24, 32), or 3 times a
 * power of two; else they are 1, 2 or 5 times a power of ten. The axis ends at `max`, not at a tick, or up to a quarter
 * higher if that adds the fourth tick. */
void scale_memory(struct scale *scale, double max, size_t ticks_max, bool binary);

/* An axis from -range to range; texts have a sign. */
void scale_deviation(struct scale *scale, double range, size_t ticks_max, bool binary);

/* An axis from 0 to `max` percent, at least 100, with at most `ticks_max` ticks at round percentages. */
void scale_percent(struct scale *scale, double max, size_t ticks_max);

/* An axis of elapsed time from `from_s` to `to_s` (widened to one second if equal) with ticks at 1, 2, 5, 10, 15, 30
 * seconds or minutes, 1, 2, 3, 6, 12 hours, or days; or fractions of a second. */
void scale_time(struct scale *scale, double from_s, double to_s, size_t tick_wish);

/* The same with the wall clock: `epoch_s` is the clock at time 0 and `zone_s` the offset of local time from UTC, NaN:
 * as TZ defines it at each time. Ticks are at round local times; their texts are "14:30", or "Nov 23" at midnight. */
void scale_clock(struct scale *scale, double from_s, double to_s, size_t tick_wish, double epoch_s, double zone_s);

#endif
