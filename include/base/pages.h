/* SPDX-License-Identifier: MIT */
/* pages: memory from the kernel, with fewer calls and faults. */
#ifndef MEMTRACE_BASE_PAGES_H
#define MEMTRACE_BASE_PAGES_H

#include <stddef.h>

/* Asks for all pages of [at, at + size) at once, which takes a third of the time of a fault for each. Their contents
 * stay. Where the kernel refuses they come one by one, as ever. Keeps errno. */
void pages_populate(void *at, size_t size);

/* Makes free(3) keep what it gets for the next malloc(3): large blocks are otherwise mapped and unmapped one by one,
 * and each time all processors forget their page tables. To be called first. */
void pages_keep_freed(void);

#endif
