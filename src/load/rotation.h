/* SPDX-License-Identifier: MIT */
/* rotation: logs that logrotate(8) and the like made of one: mem.log.2.gz, mem.log.1, mem.log. */
#ifndef MEMTRACE_LOAD_ROTATION_H
#define MEMTRACE_LOAD_ROTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "load/input.h"
#include "load/settings.h"

/* The logs of a list in the order of time within each log that was rotated. Owned; rotation_free frees it. */
struct rotation {
    size_t *first; /* for each file: the first of the parts that it and others are, itself for a log of its own */
    size_t *next;  /* for each file: the part that continues it, itself for the last */
};

/* Finds out which files of the list are parts of one log: they are in one folder, differ in a number or date after the
 * name, and their times follow one another. Returns false if out of memory. */
bool rotation_find(struct rotation *rotation, const struct load_settings *settings, const struct input_list *list);

/* Frees the arrays; a zeroed one is allowed. */
void rotation_free(struct rotation *rotation);

/* The length of a path without the number or date of a rotated log and what follows it: of "mem.log" in "mem.log.1",
 * "mem.log-20261101.gz". `*order` becomes a key that grows with the age of the part, -1 for a path without. */
size_t rotation_base(const char *path, double *order);

#endif
