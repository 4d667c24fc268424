/* SPDX-License-Identifier: MIT */
/* culprit: the program that most of the memory at the peak belongs to, as far as the recorders logged it. */
#ifndef MEMTRACE_ANALYSIS_CULPRIT_H
#define MEMTRACE_ANALYSIS_CULPRIT_H

#include <stdbool.h>

#include "model/trace.h"

/* Resident sizes share pages, and so are never added up. */
struct culprit {
    const char *command; /* borrowed from the trace; NULL where no log names any */
    double rss_bytes;    /* of its largest process on any node */
    bool is_most;        /* which had at least half of the memory there */
    bool of_command;     /* only the processes of a recorded command were looked at, as no group limits the job */
};

/* Finds the command that is the largest process near the peak on most nodes; of equals the one with the largest
 * process. Returns false if out of memory. */
bool culprit_find(const struct trace *trace, struct culprit *culprit);

#endif
