/* SPDX-License-Identifier: MIT */
/* block_heap: preloaded into memtrace, it maps a page where the heap would grow, to simulate an unlucky memory layout.
 * malloc then continues with mmap and succeeds, but leaves errno at ENOMEM. */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static __attribute__((constructor)) void block_heap(void)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), end = (uintptr_t)sbrk(0);
    mmap((void *)((end + page - 1) / page * page), page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
         -1, 0);
}
