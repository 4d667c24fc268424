/* free_streams: owns the streams of a log and the hash table that finds them by label. */
#include "free_streams.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_FIRST 64

void free_streams_init(struct free_streams *streams, double unit_bytes)
{
    memset(streams, 0, sizeof *streams);
    streams->unit_bytes = unit_bytes;
}

void free_streams_free(struct free_streams *streams)
{
    struct free_stream *later;
    for (struct free_stream *stream = streams->first; stream != NULL; stream = later) {
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

struct free_stream *free_streams_find(const struct free_streams *streams, const char *at, const char *end)
{
    size_t length = (size_t)(end - at);
    if (streams->bucket_count == 0)
        return NULL;
    struct free_stream *stream = streams->bucket[hash(at, end) & (streams->bucket_count - 1)];
    while (stream != NULL && (strlen(stream->label) != length || memcmp(stream->label, at, length) != 0))
        stream = stream->next;
    return stream;
}

static void hang_in(struct free_streams *streams, struct free_stream *stream)
{
    const char *label = stream->label;
    size_t place = hash(label, label + strlen(label)) & (streams->bucket_count - 1);
    stream->next = streams->bucket[place];
    streams->bucket[place] = stream;
}

/* Twice as many buckets, so that each has one stream or so. */
static bool grow(struct free_streams *streams)
{
    size_t count = streams->bucket_count == 0 ? BUCKETS_FIRST : streams->bucket_count * 2;
    struct free_stream **bucket = calloc(count, sizeof(struct free_stream *));
    if (bucket == NULL)
        return false;
    free(streams->bucket);
    streams->bucket = bucket;
    streams->bucket_count = count;
    for (struct free_stream *stream = streams->first; stream != NULL; stream = stream->later)
        hang_in(streams, stream);
    return true;
}

struct free_stream *free_streams_add(struct free_streams *streams, const char *at, const char *end)
{
    if (streams->count == FREE_STREAMS_MAX)
        return NULL;
    if (streams->count >= streams->bucket_count && !grow(streams))
        return NULL;
    struct free_stream *stream = malloc(sizeof *stream);
    char *label = strndup(at, (size_t)(end - at));
    if (stream == NULL || label == NULL) {
        free(stream);
        free(label);
        return NULL;
    }
    free_stream_init(stream, label, streams->unit_bytes);
    if (streams->last == NULL)
        streams->first = stream;
    else
        streams->last->later = stream;
    streams->last = stream;
    streams->count++;
    hang_in(streams, stream);
    return stream;
}
