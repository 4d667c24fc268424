/* SPDX-License-Identifier: MIT */
/* growth: detects whether a series grows like a leak. */
#ifndef MEMTRACE_ANALYSIS_GROWTH_H
#define MEMTRACE_ANALYSIS_GROWTH_H

#include <stdbool.h>

#include "model/series.h"

/* The rise of a lower envelope. */
struct growth {
    double rate_per_s; /* in the series' unit */
    double from_s;     /* start of the growth, in the series' time */
    double to_s;       /* its last sample; a release at the very end is excluded */
    double last;       /* value at `to_s` */
    bool is_released;  /* the memory was released at the very end */
};

/* Returns true if the lower envelope of a series rises steadily for at least half of its run, by at least a tenth of
 * `target` (above 0), and into the last tenth of the run. Anything on top of the envelope (saw-teeth, a daily
 * rhythm, noise, spikes) is ignored, and so is a release of everything in the last tenth. A start that levels off,
 * steps that stop, and work whose minima return are not growth. At least 30 samples are required.
 *
 * The envelope is the minimum of each of K equal parts of the run. K starts at 24 and is reduced, down to 9, as long
 * as the minima still go up and down, that is, until each part is as long as the period of what is on top of them.
 * The slope of the minima is that of H. Theil ("A rank-invariant method of linear and polynomial regression
 * analysis", 1950) and P. K. Sen ("Estimates of the Regression Coefficient Based on Kendall's Tau", 1968), which
 * tolerates a third of outliers. The minima are exact, because a series keeps those of its buckets.
 *
 * Before this test, a series counts as growing if only noise and spikes remain after subtracting a rising line
 * (straight.h). After it, a series counts as growing if the minima of a few waves rise (troughs.h) or, if these are
 * too few or too noisy, if equal phases of periodic waves rise (seasonal.h) or a rising line and waves of one period
 * explain nearly everything (periodic.h). This line also gives the rate of growth under few waves in logs of up to 1000
 * samples.
 *
 * With `is_falling`, the upper envelope must fall instead, as that of available memory does; rate_per_s is above 0
 * in either case. */
bool growth_find(const struct series *series, double target, bool is_falling, struct growth *growth);

#endif
