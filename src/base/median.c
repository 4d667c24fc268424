/* SPDX-License-Identifier: MIT */
/* median: the selection of the middle of unsorted numbers. */
#include "base/median.h"

#include <math.h>

/* Reorders the values so that the one of rank `rank` is in its place, none before it is higher and none after it lower
 * (C. A. R. Hoare, "Algorithm 65: Find", 1961). */
static void select_rank(double *value, size_t count, size_t rank)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        double pivot = value[rank];
        size_t i = low, k = high;
        while (i <= k) {
            /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): between the ends */
            while (value[i] < pivot)
                i++;
            /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): between the ends */
            while (value[k] > pivot)
                k--;
            if (i > k)
                break;
            double kept = value[i];
            value[i++] = value[k];
            value[k] = kept;
            if (k == 0)
                break;
            k--;
        }
        if (k < rank)
            low = i;
        if (i > rank)
            high = k;
    }
}

double median_of(double *value, size_t count)
{
    size_t half = count / 2;
    if (count == 0)
        return NAN;
    select_rank(value, count, half);
    if (count % 2 == 1)
        return value[half];
    double below = value[0];
    for (size_t i = 1; i < half; i++)
        below = fmax(below, value[i]);
    return (below + value[half]) / 2;
}
