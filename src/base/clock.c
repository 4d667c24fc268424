/* SPDX-License-Identifier: MIT */
/* clock: owns the reading of the system's clock for lengths of time. */
#include "base/clock.h"

#include <time.h>

double clock_monotonic_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
