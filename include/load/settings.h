/* SPDX-License-Identifier: MIT */
/* settings: which value of a record is drawn, and the other settings of loading. */
#ifndef MEMTRACE_LOAD_SETTINGS_H
#define MEMTRACE_LOAD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "freelog/record.h"
#include "model/trace.h"

/* In place of a column: the job's used memory if the logs have it, else the node's. */
#define LOAD_COLUMN_AUTO FREELOG_COLUMN_COUNT

struct load_settings {
    double samp_s;              /* interval for logs without times, NaN if not given */
    double unit_bytes;          /* of the logs' numbers; 0: KiB or what the log says */
    double from_s, to_s;        /* samples outside of these times of the plot are skipped; -INFINITY, INFINITY for all
                                 * */
    enum freelog_column column; /* LOAD_COLUMN_AUTO: what the logs have */
    const char *heading;        /* of a table's column that is read as used memory, NULL: chosen by the headings;
                                 * borrowed */
    unsigned int jobs;          /* threads, 0: one per processor */
    /* Called on the calling thread from time to time while much is read, with the bytes so far and in total; NULL:
     * never. */
    void (*progress)(void *user, uint64_t done_bytes, uint64_t all_bytes);
    void *progress_user;
    bool percent; /* values are percentages of total (of total swap for swap) */
    enum trace_alignment alignment;
    enum trace_grouping grouping; /* GROUP_AUTO: as GROUP_NONE */
    bool keeps_all; /* all quantities keep their series, for a page that shows them; otherwise some only keep statistics
                     * */
};

#endif
