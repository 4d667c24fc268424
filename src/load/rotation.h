/* SPDX-License-Identifier: MIT */
/* rotation: combines logs that logrotate(8) and similar tools split: mem.log.2.gz, mem.log.1, mem.log. */
#ifndef MEMTRACE_LOAD_ROTATION_H
#define MEMTRACE_LOAD_ROTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "load/input.h"
#include "load/settings.h"

/* The logs of a list, in order of time within each rotated log. Owned; rotation_free frees it. */
struct rotation {
    size_t *first; /* for each file: the first part of its log, or itself if it is not rotated */
    size_t *next;  /* for each file: the part that continues it, or itself for the last */
};

/* Finds files of the list that are parts of one log: they are in one folder, differ in a number or date after the name,
 * and their times follow one another. Returns false if out of memory. */
bool rotation_find(struct rotation *rotation, const struct load_settings *settings, const struct input_list *list);

/* Frees the arrays; accepts a zeroed one. */
void rotation_free(struct rotation *rotation);

/* The length of a path without the number or date of a rotated log and what follows: of "mem.log" in "mem.log.1",
 * "mem.log.old", "mem.log.2026-11-01T10-00" and "mem.log-20261101.gz". `*order` becomes a key that grows with the age
 * of the part, or -1 if the path has none. */
size_t rotation_base(const char *path, double *order);

#endif
