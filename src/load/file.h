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

/* Buffers that are reused from log to log: memory returned to the kernel comes back page by page, which costs more than
 * reading a short log. Threads may share them. */
struct load_buffers {
    pthread_mutex_t lock;
    char *unused[LOAD_BUFFERS_MAX];
    size_t count;
};

void load_buffers_init(struct load_buffers *buffers);
void load_buffers_free(struct load_buffers *buffers);

/* How a file is read. */
struct load_file {
    struct ingest ingest;           /* receives the log */
    const struct input_file **part; /* of a rotated log: its files, oldest first; NULL: one file. Owned. */
    size_t part_count;
    unsigned int threads;              /* parser to read it with */
    struct load_buffers *buffers;      /* shared by all logs; NULL: the log allocates its own */
    atomic_uint_least64_t *bytes_read; /* shared by all logs; NULL: not counted */
};

/* Reads a log or an export. If it cannot be read to its end, the reason is in ingest.provenance; what came before is
 * kept. */
void load_file_read(struct load_file *file);

/* Finds the first and the last clock of a log, NAN if unknown. Returns false for an export, which is never part of a
 * log, and for what cannot be read, or only once. */
bool load_file_span(const struct load_settings *settings, const struct input_file *file, double span_s[2]);

/* The clock at the first sample of a log, NAN if the log does not begin with one. */
double load_file_start(const struct load_settings *settings, const struct input_file *file);

#endif
