/* SPDX-License-Identifier: MIT */
/* file: one log, export or gzip file read whole. */
#ifndef MEMTRACE_LOAD_FILE_H
#define MEMTRACE_LOAD_FILE_H

#include <pthread.h>
#include <stdatomic.h>
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

/* How a file is read. */
struct load_file {
    struct ingest ingest;           /* what becomes of it */
    const struct input_file **part; /* of a rotated log: all of it, the oldest first; NULL: one file. Owned */
    size_t part_count;
    unsigned int threads;              /* to read it with */
    struct load_buffers *buffers;      /* of all logs, NULL: one of its own */
    atomic_uint_least64_t *bytes_read; /* of all logs, NULL: not counted */
};

/* Reads a log or an export. What keeps it from being read to its end is in ingest.provenance then; what came before is
 * kept. */
void load_file_read(struct load_file *file);

/* Finds the first and the last clock of a log, NAN where they are not known. False for an export, which is no part of a
 * log, and for what cannot be read or only once. */
bool load_file_span(const struct load_settings *settings, const struct input_file *file, double span_s[2]);

/* The clock at the first sample of a log, NAN if its beginning has none. */
double load_file_start(const struct load_settings *settings, const struct input_file *file);

#endif
