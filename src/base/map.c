/* SPDX-License-Identifier: MIT */
/* map: the hash table. Independent of what it stores. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_FIRST 8

/* FNV-1a (Fowler, Noll and Vo), with its halves folded, as its low bits are the weakest. */
static uint64_t hash_of(const unsigned char *key, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ key[i]) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

/* The slot that has the key, or the free one where it would go. The table has space. */
static struct map_slot *find_slot(const struct map *map, uint64_t hash, const void *key, size_t key_size)
{
    size_t mask = map->slot_count - 1, place = (size_t)hash & mask;
    for (;; place = (place + 1) & mask) {
        struct map_slot *slot = &map->slot[place];
        if (slot->key == NULL ||
            (slot->hash == hash && slot->key_size == key_size && memcmp(slot->key, key, key_size) == 0))
            return slot;
    }
}

size_t map_find(const struct map *map, const void *key, size_t key_size)
{
    if (map->count == 0)
        return MAP_NONE;
    const struct map_slot *slot = find_slot(map, hash_of(key, key_size), key, key_size);
    return slot->key == NULL ? MAP_NONE : slot->value;
}

static bool grow(struct map *map)
{
    struct map grown = {.slot_count = map->slot_count == 0 ? SLOTS_FIRST : 2 * map->slot_count, .count = map->count};
    grown.slot = calloc(grown.slot_count, sizeof *grown.slot);
    if (grown.slot == NULL)
        return false;
    for (size_t i = 0; i < map->slot_count; i++) {
        const struct map_slot *slot = &map->slot[i];
        if (slot->key != NULL)
            *find_slot(&grown, slot->hash, slot->key, slot->key_size) = *slot;
    }
    free(map->slot);
    *map = grown;
    return true;
}

bool map_put(struct map *map, const void *key, size_t key_size, size_t value)
{
    if (2 * (map->count + 1) > map->slot_count && !grow(map))
        return false;
    uint64_t hash = hash_of(key, key_size);
    struct map_slot *slot = find_slot(map, hash, key, key_size);
    map->count += slot->key == NULL;
    *slot = (struct map_slot){hash, key, key_size, value};
    return true;
}

void map_remove(struct map *map, const void *key, size_t key_size)
{
    if (map->count == 0)
        return;
    size_t mask = map->slot_count - 1;
    struct map_slot *slot = find_slot(map, hash_of(key, key_size), key, key_size);
    if (slot->key == NULL)
        return;
    slot->key = NULL;
    map->count--;
    /* Entries from here to the next free slot may be there only because their slot was taken. */
    for (size_t place = (size_t)(slot - map->slot + 1) & mask; map->slot[place].key != NULL;
         place = (place + 1) & mask) {
        struct map_slot moved = map->slot[place];
        map->slot[place].key = NULL;
        *find_slot(map, moved.hash, moved.key, moved.key_size) = moved;
    }
}

void map_renumber(struct map *map, const size_t *by)
{
    for (size_t i = 0; i < map->slot_count; i++)
        if (map->slot[i].key != NULL)
            map->slot[i].value = by[map->slot[i].value];
}

void map_free(struct map *map)
{
    free(map->slot);
    memset(map, 0, sizeof *map);
}
