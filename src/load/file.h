/* file: one log, export or gzip file read whole. */
#ifndef MEMTRACE_LOAD_FILE_H
#define MEMTRACE_LOAD_FILE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "ingest.h"

#define LOAD_BUFFERS_MAX 64

/* Buffers that pass from one log to the next: memory given back to the kernel comes again page by page, which costs
 * more than a short log's reading. Threads may share them. */
struct load_buffers {
    pthread_mutex_t lock;
    char *unused[LOAD_BUFFERS_MAX];
    size_t count;
};

void load_buffers_init(struct load_buffers *buffers);
void load_buffers_free(struct load_buffers *buffers);

/* Reads the reader's log or export. False with reader->reason when it could not be read to its end; what came before is
 * kept. */
bool load_file_read(struct ingest *ingest);

/* The clock at the first sample of a log, NAN when its beginning does not tell. */
double load_file_start(const struct load_settings *settings, const struct input_file *file);

#endif
