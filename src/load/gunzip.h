/* SPDX-License-Identifier: MIT */
/* gunzip: decompresses a gzip file as far as possible, from a descriptor that need not be a file. */
#ifndef MEMTRACE_LOAD_GUNZIP_H
#define MEMTRACE_LOAD_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gunzip;

/* Reads from `fd`, which the caller keeps, after `start`: at most 64 bytes that were already read. Returns NULL if out
 * of memory. */
struct gunzip *gunzip_new(int fd, const char *start, size_t start_size);
void gunzip_free(struct gunzip *gunzip);

/* Reads up to `size` bytes, at least 1 except at the end (0). At damage, skips to the next member and inserts a line
 * feed before it; bytes after a member that are not gzip are returned unchanged. Returns -1 with errno on failure. */
ssize_t gunzip_read(struct gunzip *gunzip, char *bytes, size_t size);

/* Returns a description of the damage in the bytes read so far, NULL if there is none. */
const char *gunzip_damage(const struct gunzip *gunzip);

#endif
