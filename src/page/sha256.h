/* SPDX-License-Identifier: MIT */
/* sha256: the digest by which a page's policy identifies its own scripts and styles. */
#ifndef MEMTRACE_PAGE_SHA256_H
#define MEMTRACE_PAGE_SHA256_H

#include <stddef.h>

#define SHA256_SIZE 32

/* Computes the digest of `size` bytes (FIPS 180-4). */
void sha256(const unsigned char *bytes, size_t size, unsigned char digest[SHA256_SIZE]);

#endif
