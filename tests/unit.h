/* SPDX-License-Identifier: MIT */
/* The headers that every unit test includes, in the order that cmocka requires. */
#ifndef MEMTRACE_TESTS_UNIT_H
#define MEMTRACE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

/* Returns true if tests that repeat much shall repeat it less: in valgrind, which takes fifty times as long, and in
 * `make quick`. */
static inline bool unit_is_brief(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return getenv("UNITS_BRIEF") != NULL || (preloaded != NULL && strstr(preloaded, "valgrind") != NULL);
}

#endif
