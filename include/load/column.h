/* column: which value of a record is drawn, and the other settings of loading. */
#ifndef MEMTRACE_LOAD_COLUMN_H
#define MEMTRACE_LOAD_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "freelog/record.h"

/* The value that is drawn: column `plus`, less column `minus` unless that is FREELOG_COLUMN_COUNT. */
struct load_column {
    enum freelog_column plus, minus;
};

struct load_settings {
    double samp_s;       /* interval for logs that carry no times, NaN when not given */
    double unit_bytes;   /* of the logs' numbers; 0: KiB or what the log says */
    double from_s, to_s; /* samples of the plot's time outside are left out; -INFINITY, INFINITY for all */
    struct load_column column;
    unsigned int jobs; /* threads, 0: as many as there are processors */
    /* Called on the calling thread now and then while much is read, with the bytes so far and in all; NULL: never. */
    void (*progress)(void *user, uint64_t done_bytes, uint64_t all_bytes);
    void *progress_user;
    bool percent; /* values are percentages of total (of total swap for swap) */
};

/* Reads "used", "available", "buff/cache", "swap-used", "total-available" and so on. False for any other text. */
bool load_column_find(const char *name, struct load_column *column);

#endif
