/* SPDX-License-Identifier: MIT */
/* inside: runs memtrace's code on the logs of a folder within this process. */
#ifndef MEMTRACE_TESTS_INSIDE_H
#define MEMTRACE_TESTS_INSIDE_H

/* Returns the output of `memtrace --stats=json FOLDER`, with `--limit` if `limit_bytes` is a number, but without the
 * cost of a new process. The caller frees it. Returns NULL if anything fails or a message is reported. */
char *inside_stats(const char *folder, double limit_bytes);

#endif
