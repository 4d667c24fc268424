/* SPDX-License-Identifier: MIT */
/* Unit tests of caps_query: real answers of terminals. */
#include "term/caps_query.h"
#include "unit.h"

static void check(const char *text, bool is_last, bool kitty, bool iterm, bool sixel)
{
    struct caps_answers caps_answers;
    assert_int_equal(caps_query_read(&caps_answers, text), is_last);
    assert_int_equal(caps_answers.kitty, kitty);
    assert_int_equal(caps_answers.iterm, iterm);
    assert_int_equal(caps_answers.sixel, sixel);
}

static void test_protocols(void **state)
{
    (void)state;
    check("", false, false, false, false);
    check("\033[?62;c\033_Gi=31;OK\033\\\033P>|kitty(0.35.2)\033\\\033[?62;c", true, true, false, false);
    check("\033[?1;2c\033P>|tmux 3.3a\033\\\033[?1;2c", true, false, false, false);
    check("\033[?1;2;4c\033[?1;2;4c", true, false, false, true);
    check("\033[?64;1;2;4;22c\033P>|XTerm(390)\033\\\033[?64;1;2;4;22c", true, false, false, true);
    check("\033[?62;4c\033P>|iTerm2 3.5.0\033\\\033[?62;4c", true, false, true, true);
    check("\033[?65;4;6;18;22c\033_Gi=31;OK\033\\\033P>|WezTerm 2024\033\\\033[?65;4;6;18;22c", true, true, true, true);
    check("\033[?65;1;9c\033[?65;1;9c", true, false, false, false);
    check("\033[?6c", false, false, false, false);
    check("\033[?64;14;44c", false, false, false, false); /* neither 14 nor 44 is a 4 */
    check("\033_Gi=31;ENOTSUPPORTED:no\033\\\033[?1c\033[?1c", true, false, false, false);
    check("\033[?\033[?;;c\033[?4", false, false, false, false);
}

static void check_ground(const char *text, bool is_known, bool is_light)
{
    struct caps_answers caps_answers;
    (void)caps_query_read(&caps_answers, text);
    assert_int_equal(caps_answers.knows_ground, is_known);
    assert_int_equal(caps_answers.is_light, is_light);
}

static void test_ground(void **state)
{
    (void)state;
    check_ground("\033]11;rgb:ffff/ffff/dddd\033\\", true, true);
    check_ground("\033]11;rgb:1d/1f/21\a", true, false);
    check_ground("\033]11;rgb:0/f/0\a", true, true);
    check_ground("\033]11;rgb:0000/0000", false, false);
    check_ground("\033]11;rgb:00000/0/0\a", false, false);
    check_ground("\033]11;white\a", false, false);
    check_ground("\033[?62;c", false, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_protocols), cmocka_unit_test(test_ground)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
