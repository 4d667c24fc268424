/* free_streams: the nodes of a log by their labels. */
#ifndef MEMTRACE_FREE_STREAMS_H
#define MEMTRACE_FREE_STREAMS_H

#include "free_stream.h"

#define FREE_STREAMS_MAX 65536 /* nodes in one log */

/* Only free_streams.c looks inside. */
struct free_streams {
    struct free_stream **bucket; /* by hash of the label */
    size_t bucket_count, count;
    struct free_stream *first, *last; /* in order of appearance */
    double unit_bytes;
};

/* Prepares for logs whose numbers count `unit_bytes` (0: KiB). Allocates nothing. */
void free_streams_init(struct free_streams *streams, double unit_bytes);

void free_streams_free(struct free_streams *streams);

/* The stream of the label [at, end), NULL when there is none yet. */
struct free_stream *free_streams_find(const struct free_streams *streams, const char *at, const char *end);

/* Makes the stream of a label that has none. NULL when memory is short, or FREE_STREAMS_MAX are there (`count` tells).
 */
struct free_stream *free_streams_add(struct free_streams *streams, const char *at, const char *end);

#endif
