/* SPDX-License-Identifier: MIT */
/* Unit tests of the containers map, array and strbuf. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/map.h"
#include "base/strbuf.h"
#include "unit.h"

static void map_finds_each_of_many_keys_and_no_other(void **state)
{
    enum { COUNT = 5000 };
    static char key[COUNT][8];
    struct map map = {0};
    (void)state;
    assert_true(map_find(&map, "x", 1) == MAP_NONE);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(key[i], sizeof key[i], "n%zu", i);
        assert_true(map_put(&map, key[i], strlen(key[i]), i));
    }
    assert_true(map_put(&map, key[7], strlen(key[7]), 70)); /* replaces */
    assert_int_equal(map.count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(map_find(&map, key[i], strlen(key[i])), i == 7 ? 70 : i);
    assert_true(map_find(&map, "n5000", 5) == MAP_NONE);
    assert_true(map_find(&map, "n12", 2) == 1); /* the size counts, not a NUL */
    for (size_t i = 0; i < COUNT; i += 2)
        map_remove(&map, key[i], strlen(key[i]));
    map_remove(&map, "n5000", 5);
    assert_int_equal(map.count, COUNT / 2);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(map_find(&map, key[i], strlen(key[i])) == (i % 2 == 0 ? MAP_NONE : i == 7 ? 70 : i));
    map_free(&map);
    assert_true(map_find(&map, "n1", 2) == MAP_NONE);
}

static void array_keeps_entries_while_it_grows(void **state)
{
    double *value = NULL;
    size_t capacity = 0;
    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        assert_true(array_grow(&value, &capacity, i, sizeof *value));
        assert_true(capacity > i);
        value[i] = (double)i;
    }
    for (size_t i = 0; i < 1000; i++)
        assert_true(value[i] == (double)i);
    size_t huge = SIZE_MAX / 4;
    assert_false(array_grow(&value, &huge, SIZE_MAX / 4, sizeof *value));
    assert_true(value[999] == 999);
    free(value);
}

static void strbuf_adds_text_of_any_length(void **state)
{
    struct strbuf buffer = {0};
    (void)state;
    assert_string_equal(strbuf_text(&buffer), "");
    for (int i = 0; i < 1000; i++)
        strbuf_add(&buffer, "%d,", i);
    assert_int_equal(strlen(strbuf_text(&buffer)), buffer.length);
    assert_int_equal(buffer.length, 10 * 2 + 90 * 3 + 900 * 4);
    assert_string_equal(strbuf_text(&buffer) + buffer.length - 8, "998,999,");
    strbuf_add(&buffer, "%*s", 100000, "x");
    assert_int_equal(buffer.length, 3890 + 100000);
    assert_false(buffer.out_of_memory);
    char *text = strbuf_take(&buffer);
    assert_int_equal(strlen(text), 3890 + 100000);
    assert_int_equal(buffer.length, 0);
    free(text);
    text = strbuf_take(&buffer); /* of an empty one */
    assert_string_equal(text, "");
    free(text);
    strbuf_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_finds_each_of_many_keys_and_no_other),
        cmocka_unit_test(array_keeps_entries_while_it_grows),
        cmocka_unit_test(strbuf_adds_text_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
