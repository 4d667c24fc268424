/* SPDX-License-Identifier: MIT */
/* Tests of natural. */
#include "base/natural.h"
#include "unit.h"

static void numbers_in_names_count_as_numbers(void **state)
{
    /* Each name sorts before all that follow it. */
    static const char *const order[] = {"a",   "n1",    "n2",    "n002a", "n9",    "n010",
                                        "n11", "n0100", "n100a", "r1n2",  "r1n10", "r02n1"};
    (void)state;
    for (size_t i = 0; i < COUNT(order); i++) {
        assert_int_equal(natural_compare(order[i], order[i]), 0);
        for (size_t k = i + 1; k < COUNT(order); k++)
            if (natural_compare(order[i], order[k]) >= 0 || natural_compare(order[k], order[i]) <= 0)
                fail_msg("%s does not come before %s", order[i], order[k]);
    }
    /* Names that differ only in leading zeros are different, too. */
    assert_true(natural_compare("n1", "n01") != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_names_count_as_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
