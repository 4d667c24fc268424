/* SPDX-License-Identifier: MIT */
/* node_table: the streams of a log and the hash table that finds them by label. */
#include "node_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "node_names.h"
#include "other/other_log.h"

void node_table_init(struct node_table *streams, double unit_bytes)
{
    memset(streams, 0, sizeof *streams);
    streams->unit_bytes = unit_bytes;
}

void node_table_free(struct node_table *streams)
{
    for (size_t i = 0; i < streams->count; i++) {
        free(streams->stream[i]->label);
        free(streams->stream[i]->names);
        other_stream_free(streams->stream[i]->other);
        free(streams->stream[i]);
    }
    free(streams->stream);
    map_free(&streams->by_label);
    memset(streams, 0, sizeof *streams);
}

struct record_builder *node_table_find(const struct node_table *streams, const char *at, const char *end)
{
    size_t found = map_find(&streams->by_label, at, (size_t)(end - at));
    return found == MAP_NONE ? NULL : streams->stream[found];
}

struct record_builder *node_table_add(struct node_table *streams, const char *at, const char *end)
{
    if (streams->count == NODE_TABLE_MAX)
        return NULL;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
    if (!array_grow(&streams->stream, &streams->capacity, streams->count, sizeof *streams->stream))
        return NULL;
    struct record_builder *stream = malloc(sizeof *stream);
    char *label = strndup(at, (size_t)(end - at));
    if (stream == NULL || label == NULL || !map_put(&streams->by_label, label, strlen(label), streams->count)) {
        free(stream);
        free(label);
        return NULL;
    }
    record_builder_init(stream, label, streams->unit_bytes);
    stream->names = node_names_expand(label);
    streams->stream[streams->count++] = stream;
    return stream;
}
