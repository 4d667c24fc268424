/* SPDX-License-Identifier: MIT */
/* Unit tests of pool: the number of threads that a quota permits; each item is processed once. */
#include <math.h>
#include <stdbool.h>

#include "base/pool.h"
#include "unit.h"

static void a_quota_is_rounded_up(void **state)
{
    static const struct {
        unsigned int count;
        double quota;
        unsigned int wanted;
    } rows[] = {{8, INFINITY, 8}, {8, 8, 8},   {8, 2.5, 3},      {8, 2, 2},
                {8, 0.2, 1},      {1, 0.5, 1}, {0, INFINITY, 1}, {4, 9, 4}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(pool_processors_within(rows[i].count, rows[i].quota), rows[i].wanted);
    assert_true(pool_processors() >= 1);
}

static void count_item(void *user, size_t item)
{
    ((unsigned char *)user)[item]++;
}

static void each_item_is_worked_on_once(void **state)
{
    enum { ITEMS = 500 };
    (void)state;
    for (unsigned int jobs = 1; jobs <= 8; jobs += 7) {
        unsigned char done[ITEMS] = {0};
        size_t order[ITEMS];
        for (size_t i = 0; i < ITEMS; i++)
            order[i] = ITEMS - 1 - i;
        pool_run(order, ITEMS, jobs, count_item, done, NULL);
        for (size_t i = 0; i < ITEMS; i++)
            assert_int_equal(done[i], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quota_is_rounded_up),
        cmocka_unit_test(each_item_is_worked_on_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
