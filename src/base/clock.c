/* SPDX-License-Identifier: MIT */
/* clock: access to the system's clocks, and the rule for times of day without a date. */
#include "base/clock.h"

#include <math.h>
#include <time.h>

#define DATELESS_FROM_S 946598400.0 /* 31 December 1999, for zones ahead of UTC */
#define DATELESS_TO_S   978307200.0 /* 1 January 2001 */

double clock_monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double clock_now_s(void)
{
    return (double)time(NULL);
}

bool clock_has_date(double epoch_s)
{
    return !(epoch_s >= DATELESS_FROM_S && epoch_s < DATELESS_TO_S);
}

double clock_zone_at(double epoch_s)
{
    time_t clock = fabs(epoch_s) < CLOCK_MAX_S ? (time_t)floor(epoch_s) : 0;
    struct tm tm;
    return localtime_r(&clock, &tm) == NULL ? 0 : (double)tm.tm_gmtoff;
}
