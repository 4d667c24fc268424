/* SPDX-License-Identifier: MIT */
/* culprit: the program that uses most of the memory at the peak, according to the recorded processes. */
#ifndef MEMTRACE_ANALYSIS_CULPRIT_H
#define MEMTRACE_ANALYSIS_CULPRIT_H

#include <stdbool.h>

#include "model/trace.h"

/* Resident sizes are never added up, because processes share pages. */
struct culprit {
    const char *command; /* borrowed from the trace; NULL if no log names one */
    double rss_bytes;    /* of its largest process on any node */
    bool is_most;        /* that process had at least half of the memory on its node */
    bool of_command;     /* only processes of a recorded command were examined, because no group limits the job */
};

/* Finds the command that is the largest process near the peak on most nodes; if several are equal, the one with the
 * largest process. Returns false if out of memory. */
bool culprit_find(const struct trace *trace, struct culprit *culprit);

#endif
