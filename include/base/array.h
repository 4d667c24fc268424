/* SPDX-License-Identifier: MIT */
/* array: growing arrays, and the element counts of fixed ones. */
#ifndef MEMTRACE_BASE_ARRAY_H
#define MEMTRACE_BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* Number of elements of an array whose size the compiler knows. */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Ensures space for one more entry of `entry_size` bytes after `count` entries. `array` points to the pointer to the
 * array (initially NULL; the caller frees it), `capacity` to the number of entries it can hold. Capacity doubles.
 * Returns false, and leaves the array unchanged, if out of memory. */
bool array_grow(void *array, size_t *capacity, size_t count, size_t entry_size);

#endif
