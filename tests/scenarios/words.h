/* SPDX-License-Identifier: MIT */
/* words: compares the numbers in the words of findings with those in their keys, for any quantity and unit. */
#ifndef MEMTRACE_TESTS_WORDS_H
#define MEMTRACE_TESTS_WORDS_H

#include "inside.h"
#include "job.h"

enum { WORDS_VIEWS = 16 };

/* Returns one of the views of a job, by any number: quantities, percentages, units and clock times. */
struct inside_view words_view(const struct job *job, uint64_t number);

/* Compares the words of all findings in `json`, the statistics of the job with these options, with their numbers.
 * Prints each fault to stdout, one per line. Returns the number of faults. */
unsigned int words_judge(const struct job *job, const struct inside_view *view, const char *json);

#endif
