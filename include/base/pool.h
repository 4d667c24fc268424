/* SPDX-License-Identifier: MIT */
/* pool: one function for many items on several threads. */
#ifndef MEMTRACE_BASE_POOL_H
#define MEMTRACE_BASE_POOL_H

#include <stddef.h>

/* Processes one item. Called from any thread, once per item. */
typedef void pool_work(void *user, size_t item);

/* Called on the calling thread about every half second while items are being processed. */
typedef void pool_tick(void *user);

/* Returns how many of `count` processors a quota, in processors, permits: rounded up, at least 1. */
unsigned int pool_processors_within(unsigned int count, double quota);

/* Returns the number of processors that this process may use: its affinity, limited by the CPU quotas of its cgroup and
 * that cgroup's ancestors. */
unsigned int pool_processors(void);

/* Processes items order[0] .. order[count - 1], in that order as threads become free, on up to `jobs` threads. `tick`
 * may be NULL. Returns when all items are done. Uses fewer threads than requested if the system allows no more. */
void pool_run(const size_t *order, size_t count, unsigned int jobs, pool_work *work, void *user, pool_tick *tick);

#endif
