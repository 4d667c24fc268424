/* SPDX-License-Identifier: MIT */
/* The function that libFuzzer calls. */
#ifndef MEMTRACE_FUZZ_H
#define MEMTRACE_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Reads one input; aborts if the results are wrong. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
