/* SPDX-License-Identifier: MIT */
/* pages: when memory is taken from and returned to the kernel. */
#include "base/pages.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_BYTES  ((size_t)2 << 20)  /* of a huge page on all usual processors */
#define LEAST_BYTES ((size_t)8 << 20)  /* less is not worth the space that huge pages may leave unused */
#define FORCE_BYTES ((size_t)12 << 20) /* more than the heap has to spare, less than malloc(3) maps separately */

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; older kernels refuse it */
#endif

void pages_populate(void *at, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t before = (size_t)((uintptr_t)at % page);
    const int number = errno;
    (void)madvise((char *)at - before, size + before, MADV_POPULATE_WRITE);
    errno = number;
}

void pages_keep_freed(void)
{
#if defined(M_MMAP_THRESHOLD) && defined(M_TRIM_THRESHOLD)
    mallopt(M_MMAP_THRESHOLD, 16 << 20);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1); /* what one thread frees is there for all, in the heap that pages_expect prepares */
#endif
#endif
}

void pages_expect(size_t bytes)
{
#if defined(M_TOP_PAD) && defined(MADV_HUGEPAGE)
    const int number = errno;
    if (bytes < LEAST_BYTES)
        return;
    bytes = bytes < PAGES_EXPECT_MAX ? bytes : PAGES_EXPECT_MAX;
    /* A block that needs a larger heap makes it larger by this, too, before anything there is touched. */
    mallopt(M_TOP_PAD, (int)bytes);
    char *first = malloc(FORCE_BYTES), *end = sbrk(0);
    mallopt(M_TOP_PAD, 128 << 10);
    if (first != NULL && first < end && (size_t)(end - first) >= bytes) {
        const size_t before = HUGE_BYTES - (uintptr_t)first % HUGE_BYTES;
        (void)madvise(first + before, (size_t)(end - first) - before, MADV_HUGEPAGE);
    }
    free(first);
    errno = number;
#else
    (void)bytes;
#endif
}
