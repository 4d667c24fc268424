/* SPDX-License-Identifier: MIT */
/* steps: the usual step between the times of a log, found while the log is read. */
#ifndef MEMTRACE_LOAD_STEPS_H
#define MEMTRACE_LOAD_STEPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STEPS_MIN_S 1e-3 /* shorter steps do not count: the clock did not advance */

/* Steps of nearly the same length. */
struct step_bin {
    int32_t number;
    uint32_t count;
    double sum_s;
};

/* Zero-initialise it. Its memory is bounded: lengths that differ by less than 2 % share a bin. */
struct steps {
    struct step_bin *bin; /* sorted by length */
    size_t count, capacity;
    uint64_t total;  /* steps seen, including those of length 0 */
    double sum_s;    /* of all steps */
    uint64_t zeroes; /* steps of length 0: the clock is too coarse for the samples */
    double last_s;   /* the last step of another length, */
    size_t last;     /* and its bin */
};

/* Adds a step of `step_s` seconds, at least 0. Returns false if out of memory; the step is then not counted. */
bool steps_add(struct steps *steps, double step_s);

/* The median step: exact unless steps that differ by less than 2 % share its bin, then their mean; or the mean of all
 * steps if the clock often does not advance. NAN without a step. */
double steps_median(const struct steps *steps);

/* Frees and zeroes; accepts a zeroed one. */
void steps_free(struct steps *steps);

#endif
