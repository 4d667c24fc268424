/* SPDX-License-Identifier: MIT */
/* What every unit test includes, in cmocka's order. */
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

/* Whether the test runs in valgrind, which takes fifty times as long: one size of several must do. */
static inline bool unit_in_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded != NULL && strstr(preloaded, "valgrind") != NULL;
}

#endif
