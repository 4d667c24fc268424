/* SPDX-License-Identifier: MIT */
/* gunzip: the bytes that a gzip file holds, as far as they can be had, from a descriptor that need not be a file. */
#ifndef MEMTRACE_LOAD_GUNZIP_H
#define MEMTRACE_LOAD_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct gunzip;

/* Reads from `fd`, which remains the caller's, after `start`: bytes that were read already, 64 at most. Returns NULL if
 * out of memory. */
struct gunzip *gunzip_new(int fd, const char *start, size_t start_size);
void gunzip_free(struct gunzip *gunzip);

/* Reads up to `size` bytes, 1 at least unless at the end (0). A damaged member is left at its damage for the next one,
 * from which a line feed sets it apart; bytes after a member that are none are given as they are. -1: see errno. */
ssize_t gunzip_read(struct gunzip *gunzip, char *bytes, size_t size);

/* What was damaged in what was read, NULL without damage. */
const char *gunzip_damage(const struct gunzip *gunzip);

#endif
