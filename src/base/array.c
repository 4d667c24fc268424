/* SPDX-License-Identifier: MIT */
/* array: how arrays grow. */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 16

bool array_grow(void *array, size_t *capacity, size_t count, size_t entry_size)
{
    void *entries;
    if (count < *capacity)
        return true;
    size_t wanted = *capacity == 0 ? CAPACITY_FIRST : 2 * *capacity;
    if (wanted < *capacity || wanted > SIZE_MAX / entry_size)
        return false;
    memcpy(&entries, array, sizeof entries);
    void *grown = realloc(entries, wanted * entry_size);
    if (grown == NULL)
        return false;
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    /* cppcheck-suppress memleak ; `array` points to it */
    return true;
}
