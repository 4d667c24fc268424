/* SPDX-License-Identifier: MIT */
/* Tests of utf8. */
#include <string.h>

#include "base/utf8.h"
#include "unit.h"

static void characters_are_encoded_as_they_were_decoded(void **state)
{
    static const uint32_t some[] = {'a', 0x7f, 0x80, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        char text[5] = "";
        const char *at = text;
        size_t length = utf8_put(text, some[i]);
        assert_int_equal(strlen(text), length);
        assert_int_equal(utf8_next(&at), some[i]);
        assert_ptr_equal(at, text + length);
        assert_int_equal(utf8_next(&at), 0);
    }
}

static void each_byte_of_no_character_is_replaced(void **state)
{
    static const char *const bad[] = {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xff", "\xe2\x82"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *at = bad[i];
        for (size_t byte = 0; byte < strlen(bad[i]); byte++)
            assert_int_equal(utf8_next(&at), UTF8_REPLACEMENT);
        assert_int_equal(utf8_next(&at), 0);
    }
}

static void nothing_that_steers_a_terminal_is_shown(void **state)
{
    static const struct {
        const char *text, *clean;
    } some[] = {
        {"plain", "plain"},
        {"Ger\u00e4t \u5185\u5b58 \U0001f600", "Ger\u00e4t \u5185\u5b58 \U0001f600"},
        {"\x1b]0;title\x07", "\ufffd]0;title\ufffd"},
        {"a\nb\tc\r", "a\ufffdb\ufffdc\ufffd"},
        {"\xc2\x9b"
         "31m",
         "\ufffd"
         "31m"},                                      /* C1: CSI */
        {"\x7f", "\ufffd"},                           /* DEL */
        {"\u202egnp.exe", "\ufffdgnp.exe"},           /* right-to-left override */
        {"\u2066x\u2069", "\ufffdx\ufffd"},           /* isolates */
        {"\u200b\ufeff\u2028", "\ufffd\ufffd\ufffd"}, /* invisible */
        {"\uffff\ufdd0", "\ufffd\ufffd"},             /* noncharacters */
        {"\x9b", "\ufffd"},                           /* a byte that is C1 in ISO 8859 */
    };
    char out[64];
    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        utf8_clean(out, sizeof out, some[i].text);
        assert_string_equal(out, some[i].clean);
    }
}

static void cleaned_text_is_cut_at_a_character(void **state)
{
    char out[4];
    (void)state;
    utf8_clean(out, sizeof out, "ab\u00e4");
    assert_string_equal(out, "ab");
    utf8_clean(out, sizeof out, "a\u00e4");
    assert_string_equal(out, "a\u00e4");
    assert_int_equal(utf8_count("a\u00e4\u5185"), 3);
    assert_int_equal(utf8_start("a\u00e4", 2), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_encoded_as_they_were_decoded),
        cmocka_unit_test(each_byte_of_no_character_is_replaced),
        cmocka_unit_test(nothing_that_steers_a_terminal_is_shown),
        cmocka_unit_test(cleaned_text_is_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
