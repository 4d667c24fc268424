/* SPDX-License-Identifier: MIT */
/* inside: runs memtrace's code on the logs of a folder within this process. */
#ifndef MEMTRACE_TESTS_INSIDE_H
#define MEMTRACE_TESTS_INSIDE_H

#include <stdbool.h>

#include "load/settings.h"

/* The options with which the logs are read. */
struct inside_view {
    enum freelog_column column; /* LOAD_COLUMN_AUTO unless --column is given */
    double limit_bytes;         /* NaN without --limit */
    const char *unit;           /* of --output-units, NULL for none */
    double scale;               /* of --output-scale, 0 for none */
    bool percent, clock;
};

/* Returns the output of `memtrace --stats=json FOLDER` with these options, but without the cost of a new process. The
 * caller frees it. Returns NULL if anything fails or a message is reported. */
char *inside_stats(const char *folder, const struct inside_view *view);

#endif
