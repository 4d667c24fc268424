/* SPDX-License-Identifier: MIT */
/* pages: owns asking the kernel for memory ahead of its use. */
#include "base/pages.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14; older ones refuse it */
#endif

void pages_populate(void *at, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t before = (size_t)((uintptr_t)at % page);
    const int number = errno;
    (void)madvise((char *)at - before, size + before, MADV_POPULATE_WRITE);
    errno = number;
}
