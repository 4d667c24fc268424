/* SPDX-License-Identifier: MIT */
/* unit_guess: infers the unit of numbers that were printed without one. */
#ifndef MEMTRACE_FREELOG_UNIT_GUESS_H
#define MEMTRACE_FREELOG_UNIT_GUESS_H

#include <stdbool.h>

#include "freelog/record.h"
#include "number.h"

#define SUMS 2

/* Numbers of the first records with the smallest unit, as printed. A zeroed one has seen none. */
struct unit_evidence {
    unsigned long records, numbers; /* `numbers` counts those that are not 0 */
    unsigned long of_pages;         /* multiples of 4 */
    unsigned long of_bytes;         /* multiples of 1024 */
    unsigned long of_byte_pages;    /* multiples of 4096 */
    unsigned long of_round;         /* multiples of 1048576 */
    unsigned long of_kilo_pages;    /* multiples of 4.096, truncated */
    unsigned long of_tens;          /* multiples of 10, which people write */
    /* Of the records, those in which used memory is the rest of the total (with the available memory, and with the free
     * memory and the caches) exactly, and except for a rounding. */
    unsigned long exact[SUMS], rounded[SUMS];
    double total, swap_total, shared, buffers;
    double finer;       /* by how much the unit of these records is smaller than that of the first ones */
    double known_bytes; /* a total with a unit (free -h) in the same log; 0 if there is none */
    bool is_new;        /* they have available memory: free is not old */
    bool is_toybox;     /* its numbers are in bytes by default */
    bool is_sum;        /* `total` is the sum of the parts that the record has */
    bool lacks_total;   /* used or free memory is not among them */
};

/* An inferred unit. */
struct unit_guess {
    double bytes;       /* 0: the unit of the log's format */
    bool is_weak;       /* the unit of the format, although the numbers are not multiples of a page */
    const char *name;   /* "MiB"; NULL if there is none */
    double total_bytes; /* of the records; 0 if it is unknown */
};

/* Adds a record whose numbers have no units and were read in units of `unit_bytes`. */
void unit_evidence_add(struct unit_evidence *evidence, const struct freelog_record *record, double unit_bytes);

/* Returns the inferred unit if the evidence against `unit_bytes` is strong. The kernel counts memory in pages, so all
 * numbers in KiB are multiples of 4, and all in bytes of 1024, and all in kB of 4.096; those in MiB and GiB are not,
 * and their sums are inexact, because each number is rounded. Moreover, no machine has less than 64 MiB. */
struct unit_guess unit_guess_find(const struct unit_evidence *evidence, double unit_bytes);

/* Returns the factor by which the unit of a total has changed, if that is the step from one unit to another; otherwise
 * 1. Both totals are of the same machine, were read in bytes, and may be off by their resolution. */
double unit_guess_step(double from_bytes, double from_resolution, double to_bytes, double to_resolution);

/* Returns the name of a unit of so many bytes, "" if it has none. */
const char *unit_guess_name(double bytes);

/* Returns true if the unit of a total such as "540G" can only be a power of 1000: only then is it plausible for a
 * machine, whose memory is a little less than a power of two or a simple fraction of one. */
bool unit_guess_is_decimal(const struct number *total);

#endif
