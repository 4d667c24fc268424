/* SPDX-License-Identifier: MIT */
/* headings: what the headings of tables mean: those of sysstat, and those that people give columns of memory. */
#ifndef MEMTRACE_FREELOG_HEADINGS_H
#define MEMTRACE_FREELOG_HEADINGS_H

#include "freelog/record.h"

#define HEADINGS_MAX 64 /* columns of a row that are looked at */

/* What a column is, in addition to enum freelog_column. */
enum heading_meaning {
    HEADING_OTHER = FREELOG_COLUMN_COUNT, /* nothing of memory */
    HEADING_TIME,
    HEADING_DATE, /* a day, whose time of day has a column of its own, or none */
    HEADING_HOST,
    HEADING_PRINTED_USED, /* kbmemused: what that is depends on sysstat's version */
    HEADING_USED_PERCENT,
    HEADING_SLAB,
    HEADING_RECLAIMABLE, /* of slab, which free counts as cache */
};

struct heading {
    unsigned char meaning; /* enum freelog_column or heading_meaning */
    double unit;           /* bytes, or seconds of a time; 0 where the heading has none */
    bool is_weak;          /* "mem", "rss": used memory where no column says so better */
    bool is_decimal;       /* "mb", "GB": read as powers of 1024, which is what is meant mostly */
};

/* Understands a heading: "kbmemused", "used_mb", "Used (MiB)", "MemAvailable", "time", "hostname". */
struct heading heading_read(const char *at, const char *end);

/* Returns true if the meaning is a column of free. */
bool heading_is_column(const struct heading *heading);

#endif
