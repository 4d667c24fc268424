/* load_file: one log, export or gzip file read whole. */
#ifndef MEMTRACE_LOAD_FILE_H
#define MEMTRACE_LOAD_FILE_H

#include <stdbool.h>

#include "load_reader.h"

/* Reads the reader's log or export. False with reader->reason when it could not be read to its end; what came before is kept. */
bool load_file_read(struct reader *reader);

/* The clock at the first sample of a log, NAN when its beginning does not tell. */
double load_file_start(const struct load_settings *settings, const struct input_file *file);

#endif
