/* SPDX-License-Identifier: MIT */
/* pages: memory from the kernel, with fewer calls and faults. */
#ifndef MEMTRACE_BASE_PAGES_H
#define MEMTRACE_BASE_PAGES_H

#include <stddef.h>

/* Makes the kernel map all pages of [at, at + size) in one call, in a third of the time that one fault per page takes.
 * Their contents do not change. If the kernel refuses, pages are mapped on first access as usual. Keeps errno. */
void pages_populate(void *at, size_t size);

/* Makes free(3) keep what it gets for the next malloc(3): otherwise each large block is mapped and unmapped separately,
 * and every unmapping flushes the TLBs of all processors. Call it before anything else. */
void pages_keep_freed(void);

#define PAGES_EXPECT_MAX ((size_t)1 << 30)

/* Asks the kernel for huge pages for the next `bytes` of the heap, PAGES_EXPECT_MAX at most: a fault for each 2 MiB
 * instead of each 4 KiB. Only address space is taken; memory is still mapped on first access. Does nothing for a few
 * MiB, or if the kernel or the C library cannot do it. */
void pages_expect(size_t bytes);

#endif
