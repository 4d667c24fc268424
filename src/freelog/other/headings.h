/* SPDX-License-Identifier: MIT */
/* headings: interprets the headings of tables: those of sysstat, and usual ones for columns of memory. */
#ifndef MEMTRACE_FREELOG_HEADINGS_H
#define MEMTRACE_FREELOG_HEADINGS_H

#include "freelog/record.h"

#define HEADINGS_MAX 512 /* columns of a row that are examined */

/* Meanings of columns, in addition to enum freelog_column. */
enum heading_meaning {
    HEADING_OTHER = FREELOG_COLUMN_COUNT, /* not about memory */
    HEADING_TIME,
    HEADING_DATE, /* a day; the time of day has a separate column or none */
    HEADING_HOST,
    HEADING_PRINTED_USED, /* kbmemused, whose definition depends on sysstat's version */
    HEADING_USED_PERCENT,
    HEADING_SLAB,
    HEADING_RECLAIMABLE, /* reclaimable slab, which free counts as cache */
};

struct heading {
    unsigned char meaning; /* enum freelog_column or heading_meaning */
    double unit;           /* bytes, or seconds for a time; 0 if the heading has none */
    bool is_weak;          /* "mem", "rss": used memory if no other column matches better */
    bool is_decimal;       /* "mb", "GB": read as powers of 1024, which is the usual meaning */
    bool is_percent;
};

/* Interprets a heading: "kbmemused", "used_mb", "Used (MiB)", "MemAvailable", "time", "hostname". */
struct heading heading_read(const char *at, const char *end);

/* Turns a column of memory into that of swap: used, free and total; others mean nothing then. */
void heading_make_swap(struct heading *heading);

/* Returns true if the meaning is a column of free. */
bool heading_is_column(const struct heading *heading);

#endif
