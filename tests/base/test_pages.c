/* SPDX-License-Identifier: MIT */
/* Memory of the heap before and after huge pages were asked for. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "unit.h"

#define BLOCK_BYTES ((size_t)300000)
enum { BLOCKS = 100 };

/* The process' resident memory in KiB. */
static long resident_kib(void)
{
    char line[128];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");
    assert_non_null(file);
    while (kib < 0 && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmRSS: %ld", &kib) != 1)
            kib = -1;
    fclose(file);
    return kib;
}

static void expected_memory_is_not_mapped_and_blocks_keep_their_bytes(void **state)
{
    char *block[BLOCKS], byte[BLOCK_BYTES];
    (void)state;
    pages_keep_freed();
    errno = ENOENT;
    const long before_kib = resident_kib();
    for (int i = 0; i < BLOCKS; i++) {
        if (i == BLOCKS / 2) {
            const long kib = resident_kib();
            pages_expect((size_t)1 << 20); /* too little */
            pages_expect((size_t)200 << 20);
            pages_expect(SIZE_MAX);
            pages_populate(block[1], BLOCK_BYTES);
            assert_in_range((unsigned long)(resident_kib() - kib), 0, 20000);
        }
        block[i] = malloc(BLOCK_BYTES);
        assert_non_null(block[i]);
        memset(block[i], i, BLOCK_BYTES);
    }
    assert_int_equal(errno, ENOENT);
    for (int i = 0; i < BLOCKS; i++) {
        memset(byte, i, BLOCK_BYTES);
        assert_memory_equal(block[i], byte, BLOCK_BYTES);
        free(block[i]);
    }
    /* All of it, and no more than a huge page beyond what was written. */
    assert_in_range((unsigned long)(resident_kib() - before_kib), 0, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_memory_is_not_mapped_and_blocks_keep_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
