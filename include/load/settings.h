/* SPDX-License-Identifier: MIT */
/* settings: which value of a record is drawn, and other settings of loading. */
#ifndef MEMTRACE_LOAD_SETTINGS_H
#define MEMTRACE_LOAD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "freelog/record.h"
#include "model/trace.h"

/* Instead of a column: the job's used memory if the logs contain it, else the node's. */
#define LOAD_COLUMN_AUTO FREELOG_COLUMN_COUNT

struct load_settings {
    double samp_s;       /* interval for logs without times; NaN if not given */
    double unit_bytes;   /* of the logs' numbers; 0 means KiB or what the log specifies */
    double from_s, to_s; /* samples outside these times of the plot are skipped; -INFINITY and INFINITY select all */
    enum freelog_column column; /* LOAD_COLUMN_AUTO selects what the logs contain */
    const char *heading; /* of the table column that is read as used memory; NULL: chosen by the headings; borrowed */
    unsigned int jobs;   /* threads; 0 means one per CPU */
    /* Called on the calling thread from time to time while many bytes are read, with the bytes read so far and in
     * total. NULL if not needed. */
    void (*progress)(void *user, uint64_t done_bytes, uint64_t all_bytes);
    void *progress_user;
    bool percent; /* values are percentages of total (of total swap for swap) */
    enum trace_alignment alignment;
    enum trace_grouping grouping; /* GROUP_AUTO means GROUP_NONE */
    bool keeps_all; /* keep the series of all quantities, for a page that shows them; otherwise some keep statistics
                       only */
};

#endif
