/* SPDX-License-Identifier: MIT */
/* array: arrays that grow. */
#ifndef MEMTRACE_BASE_ARRAY_H
#define MEMTRACE_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes room for one more entry of `entry_size` bytes behind `count` of them. `array` points to the pointer of the
 * array (NULL at first; the caller frees it), `room` is how many entries it has room for. It grows by doubling. False
 * when memory is short; the array is unchanged then. */
bool array_grow(void *array, size_t *room, size_t count, size_t entry_size);

#endif
