/* SPDX-License-Identifier: MIT */
/* growth: whether a series grows like a leak. */
#ifndef MEMTRACE_ANALYSIS_GROWTH_H
#define MEMTRACE_ANALYSIS_GROWTH_H

#include <stdbool.h>

#include "model/series.h"

/* The rise of a lower envelope. */
struct growth {
    double rate_per_s; /* of the series' values */
    double from_s;     /* when it begins, in the series' time */
    double to_s;       /* the last sample that belongs to it: a release at the very end does not */
    double last;       /* the value then */
};

/* Whether the lower envelope of a series rises steadily for at least half of its run, by at least a tenth of `target`
 * (above 0), and into the run's last tenth. What rides on it (saw-teeth, a daily rhythm, noise, spikes) does not
 * matter, and neither does a release of everything in the last tenth. A start that levels off, steps that stop and work
 * whose minima return are no growth. Needs 30 samples.
 *
 * The envelope is the minimum of each of K equal parts of the run. K starts at 24 and falls to 9 for as long as the
 * minima still go up and down, that is, until each part is as long as the period of what rides on them. Their slope is
 * that of H. Theil ("A rank-invariant method of linear and polynomial regression analysis", 1950) and P. K. Sen
 * ("Estimates of the Regression Coefficient Based on Kendall's Tau", 1968), which a third of outliers cannot upset. The
 * minima are exact, as a series keeps those of its buckets.
 *
 * Before that, a series grows if nothing but noise and spikes is left when a rising line is subtracted (straight.h);
 * after it, if the minima of a few waves rise (troughs.h) or, where these are too few or too noisy, like phases of
 * waves of one period (seasonal.h).
 *
 * With `is_falling` the upper envelope must fall instead, as that of available memory does; rate_per_s is above 0 in
 * either case. */
bool growth_find(const struct series *series, double target, bool is_falling, struct growth *growth);

#endif
