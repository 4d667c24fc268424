/* SPDX-License-Identifier: MIT */
/* Unit tests of rotation: which files are parts of one log. */
#include <string.h>

#include "load/input.h"
#include "load/rotation.h"
#include "unit.h"

static void rotated_logs_share_a_name(void **state)
{
    static const struct {
        const char *path, *base; /* NULL: not part of a log */
    } rows[] = {{"n/mem.log.1", "n/mem.log"},
                {"n/mem.log.12", "n/mem.log"},
                {"mem.log.123.gz", "mem.log"},
                {"mem.log.1234", NULL},
                {"mem.log-20260302", "mem.log"},
                {"mem.log.2026030213.gz", "mem.log"},
                {"mem.log-12", NULL},
                {"mem.log-10000101", NULL},
                {"mem.log", NULL},
                {"n/1", NULL},
                {"n/.1", NULL}};
    double older, newer, order;
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t base = rotation_base(rows[i].path, &order);
        if ((order >= 0) != (rows[i].base != NULL) ||
            (rows[i].base != NULL && (base != strlen(rows[i].base) || memcmp(rows[i].path, rows[i].base, base) != 0)))
            fail_msg("%s has %zu bytes and order %g", rows[i].path, base, order);
    }
    /* The higher the order, the older the log. */
    rotation_base("mem.log.2", &older);
    rotation_base("mem.log.1.gz", &newer);
    assert_true(older > newer);
    rotation_base("mem.log-20260301", &older);
    rotation_base("mem.log-20260302", &newer);
    assert_true(older > newer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rotated_logs_share_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
