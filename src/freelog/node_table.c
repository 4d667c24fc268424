/* node_table: owns the streams of a log and the hash table that finds them by label. */
#include "node_table.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 64

void node_table_init(struct node_table *streams, double unit_bytes)
{
    memset(streams, 0, sizeof *streams);
    streams->unit_bytes = unit_bytes;
}

void node_table_free(struct node_table *streams)
{
    struct record_builder *later;
    for (struct record_builder *stream = streams->first; stream != NULL; stream = later) {
        later = stream->later;
        free(stream->label);
        free(stream);
    }
    free(streams->bucket);
    memset(streams, 0, sizeof *streams);
}

/* FNV-1a. */
static size_t hash(const char *at, const char *end)
{
    uint64_t hash = 14695981039346656037u;
    for (; at < end; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32);
}

struct record_builder *node_table_find(const struct node_table *streams, const char *at, const char *end)
{
    size_t length = (size_t)(end - at);
    if (streams->bucket_count == 0)
        return NULL;
    struct record_builder *stream = streams->bucket[hash(at, end) & (streams->bucket_count - 1)];
    while (stream != NULL && (strlen(stream->label) != length || memcmp(stream->label, at, length) != 0))
        stream = stream->next;
    return stream;
}

static void hang_in(struct node_table *streams, struct record_builder *stream)
{
    const char *label = stream->label;
    size_t place = hash(label, label + strlen(label)) & (streams->bucket_count - 1);
    stream->next = streams->bucket[place];
    streams->bucket[place] = stream;
}

/* Twice as many buckets, so that each has one stream or so. */
static bool grow(struct node_table *streams)
{
    size_t count = streams->bucket_count == 0 ? BUCKETS_FIRST : streams->bucket_count * 2;
    struct record_builder **bucket = calloc(count, sizeof(struct record_builder *));
    if (bucket == NULL)
        return false;
    free(streams->bucket);
    streams->bucket = bucket;
    streams->bucket_count = count;
    for (struct record_builder *stream = streams->first; stream != NULL; stream = stream->later)
        hang_in(streams, stream);
    return true;
}

struct record_builder *node_table_add(struct node_table *streams, const char *at, const char *end)
{
    if (streams->count == NODE_TABLE_MAX)
        return NULL;
    if (streams->count >= streams->bucket_count && !grow(streams))
        return NULL;
    struct record_builder *stream = malloc(sizeof *stream);
    char *label = strndup(at, (size_t)(end - at));
    if (stream == NULL || label == NULL) {
        free(stream);
        free(label);
        return NULL;
    }
    record_builder_init(stream, label, streams->unit_bytes);
    if (streams->last == NULL)
        streams->first = stream;
    else
        streams->last->later = stream;
    streams->last = stream;
    streams->count++;
    hang_in(streams, stream);
    return stream;
}
