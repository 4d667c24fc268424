/* SPDX-License-Identifier: MIT */
/* array: owns how arrays grow. */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 16

bool array_grow(void *array, size_t *room, size_t count, size_t entry_size)
{
    void *entries;
    if (count < *room)
        return true;
    size_t wanted = *room == 0 ? ROOM_FIRST : 2 * *room;
    if (wanted < *room || wanted > SIZE_MAX / entry_size)
        return false;
    memcpy(&entries, array, sizeof entries);
    void *grown = realloc(entries, wanted * entry_size);
    if (grown == NULL)
        return false;
    memcpy(array, &grown, sizeof grown);
    *room = wanted;
    /* cppcheck-suppress memleak ; `array` points to it */
    return true;
}
