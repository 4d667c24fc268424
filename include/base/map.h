/* SPDX-License-Identifier: MIT */
/* map: maps keys, which are byte strings, to numbers. */
#ifndef MEMTRACE_BASE_MAP_H
#define MEMTRACE_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE SIZE_MAX /* no value */

struct map_slot {
    uint64_t hash;
    const void *key; /* NULL: free */
    size_t key_size, value;
};

/* A hash table with open addressing. Zeroed, it is empty. It keeps pointers to the keys: the caller owns them and must
 * neither move nor change them. */
struct map {
    struct map_slot *slot;
    size_t slot_count; /* 0, or a power of two, at least twice `count` */
    size_t count;
};

/* Returns the value of a key of `key_size` bytes, MAP_NONE if the key is missing. */
size_t map_find(const struct map *map, const void *key, size_t key_size);

/* Adds a key, or replaces its value if the map has it. Returns false, and leaves the map unchanged, if out of
 * memory. */
bool map_put(struct map *map, const void *key, size_t key_size, size_t value);

/* Removes a key if it is there. */
void map_remove(struct map *map, const void *key, size_t key_size);

/* Replaces each value by the number at its place in `by`. */
void map_renumber(struct map *map, const size_t *by);

/* Frees what the map owns and zeroes it. */
void map_free(struct map *map);

#endif
