/* SPDX-License-Identifier: MIT */
/* moved: finds the rest of a followed log that was rotated while it was read. */
#ifndef MEMTRACE_LOAD_MOVED_H
#define MEMTRACE_LOAD_MOVED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "load/load.h"

/* How far a log was read. */
struct moved_end {
    off_t offset;
    const char *tail; /* the bytes before the offset */
    size_t tail_size;
    struct timespec written; /* modification time of the file at that reading */
};

/* Looks for the rotated part of `path` ("mem.log.1", "mem.log-20261101.gz") that contains the bytes already read,
 * and feeds the bytes after them to `log`. Returns false if there is no such part or it cannot be read. */
bool moved_feed(struct load_log *log, const char *path, const struct moved_end *end);

/* Feeds an older part of a log completely. Returns false if it cannot be read. */
bool moved_feed_whole(struct load_log *log, const char *path);

#endif
