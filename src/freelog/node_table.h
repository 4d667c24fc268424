/* SPDX-License-Identifier: MIT */
/* node_table: the nodes of a log by their labels. */
#ifndef MEMTRACE_FREELOG_NODE_TABLE_H
#define MEMTRACE_FREELOG_NODE_TABLE_H

#include "base/map.h"
#include "record_builder.h"

#define NODE_TABLE_MAX 65536 /* nodes in one log */

/* Only node_table.c looks inside. */
struct node_table {
    struct record_builder **stream; /* in order of appearance */
    size_t count, capacity;
    struct map by_label; /* numbers of streams */
    double unit_bytes;
};

/* Prepares for logs whose numbers count `unit_bytes` (0: KiB). Allocates nothing. */
void node_table_init(struct node_table *streams, double unit_bytes);

void node_table_free(struct node_table *streams);

/* Returns the stream of the label [at, end), NULL if there is none yet. */
struct record_builder *node_table_find(const struct node_table *streams, const char *at, const char *end);

/* Makes the stream of a label that has none. Returns NULL if out of memory, or NODE_TABLE_MAX are there (see
 * `count`). */
struct record_builder *node_table_add(struct node_table *streams, const char *at, const char *end);

#endif
