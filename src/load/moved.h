/* SPDX-License-Identifier: MIT */
/* moved: what became of the bytes of a followed log that was rotated while it was read. */
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
    struct timespec written; /* when the file was last written, as it was read */
};

/* Looks for the rotated part of `path` ("mem.log.1", "mem.log-20261101.gz") that has what was read of the log, and
 * feeds what follows there to `log`. False if there is none, or it cannot be read. */
bool moved_feed(struct load_log *log, const char *path, const struct moved_end *end);

/* Feeds all of an older part of a log. False if it cannot be read. */
bool moved_feed_whole(struct load_log *log, const char *path);

#endif
