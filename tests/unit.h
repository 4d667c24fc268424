/* SPDX-License-Identifier: MIT */
/* What every unit test includes, in cmocka's order. */
#ifndef MEMTRACE_TESTS_UNIT_H
#define MEMTRACE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Number of elements of an array. */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#endif
