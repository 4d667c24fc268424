/* SPDX-License-Identifier: MIT */
/* steps: the histogram of the steps between samples. */
#include "steps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define BIN_RATIO   1.02
#define STALLED_MIN 5 /* if more than one step in this many is 0, the median is meaningless */

/* The edges of bins avoid usual intervals: 1 is in the middle of a bin. */
static int32_t bin_number(double step_s)
{
    return (int32_t)floor(log(step_s) / log(BIN_RATIO) + 0.5);
}

/* Index of the first bin that is not below `number`. */
static size_t find_bin(const struct steps *steps, int32_t number)
{
    size_t low = 0, high = steps->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (steps->bin[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Sets `*at` to the bin of a step, a new one if there is none. Returns false if out of memory. */
static bool take_bin(struct steps *steps, double step_s, size_t *at)
{
    const int32_t number = bin_number(fmin(step_s, 1e12));
    *at = find_bin(steps, number);
    if (*at < steps->count && steps->bin[*at].number == number)
        return true;
    if (!array_grow(&steps->bin, &steps->capacity, steps->count, sizeof *steps->bin))
        return false;
    memmove(&steps->bin[*at + 1], &steps->bin[*at], (steps->count - *at) * sizeof *steps->bin);
    steps->bin[*at] = (struct step_bin){.number = number};
    steps->count++;
    return true;
}

bool steps_add(struct steps *steps, double step_s)
{
    if (step_s < STEPS_MIN_S) {
        steps->total++;
        steps->zeroes++;
        return true;
    }
    size_t at = steps->last;
    if (step_s != steps->last_s && !take_bin(steps, step_s, &at)) /* most steps are like the one before */
        return false;
    steps->last = at;
    steps->last_s = step_s;
    steps->bin[at].count += steps->bin[at].count < UINT32_MAX;
    steps->bin[at].sum_s += step_s;
    steps->sum_s += step_s;
    steps->total++;
    return true;
}

double steps_median(const struct steps *steps)
{
    uint64_t moving = steps->total - steps->zeroes, below = 0;
    if (moving == 0)
        return NAN;
    if (steps->zeroes >= steps->total / STALLED_MIN && steps->zeroes > 0)
        return steps->sum_s / (double)steps->total;
    for (size_t i = 0; i < steps->count; i++) {
        below += steps->bin[i].count;
        if (2 * below >= moving)
            return steps->bin[i].sum_s / steps->bin[i].count;
    }
    return NAN;
}

void steps_free(struct steps *steps)
{
    free(steps->bin);
    memset(steps, 0, sizeof *steps);
}
