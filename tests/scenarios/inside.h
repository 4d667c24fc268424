/* SPDX-License-Identifier: MIT */
/* inside: memtrace's own code on the logs of a folder, in this process. */
#ifndef MEMTRACE_TESTS_INSIDE_H
#define MEMTRACE_TESTS_INSIDE_H

/* Returns what `memtrace --stats=json FOLDER` prints, with `--limit` if `limit_bytes` is a number, without the time
 * that a new process takes. The caller frees it. Returns NULL if anything fails or a message is reported. */
char *inside_stats(const char *folder, double limit_bytes);

#endif
