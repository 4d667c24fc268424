/* SPDX-License-Identifier: MIT */
/* node_table: looks up the nodes of a log by their labels. */
#ifndef MEMTRACE_FREELOG_NODE_TABLE_H
#define MEMTRACE_FREELOG_NODE_TABLE_H

#include "base/map.h"
#include "record_builder.h"

#define NODE_TABLE_MAX 65536 /* nodes in one log */

/* Private to node_table.c. */
struct node_table {
    struct record_builder **stream; /* in order of appearance */
    size_t count, capacity;
    struct map by_label; /* indices of streams */
    double unit_bytes;
};

/* Initializes the table for logs whose numbers are in units of `unit_bytes` (0: KiB). Allocates nothing. */
void node_table_init(struct node_table *streams, double unit_bytes);

void node_table_free(struct node_table *streams);

/* Returns the stream of the label [at, end), NULL if there is none yet. */
struct record_builder *node_table_find(const struct node_table *streams, const char *at, const char *end);

/* Creates the stream of a label that has none. Returns NULL if out of memory, or if there are already NODE_TABLE_MAX
 * (see `count`). */
struct record_builder *node_table_add(struct node_table *streams, const char *at, const char *end);

#endif
