/* SPDX-License-Identifier: MIT */
/* Unit tests of svg_compact: which numbers are rounded and which are not, with pieces of any size. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/svg.h"
#include "unit.h"

struct sink {
    char text[16384];
    size_t length, capacity;
};

static bool collect(void *user, const char *bytes, size_t size)
{
    struct sink *sink = user;
    if (sink->length + size > sink->capacity)
        return false;
    memcpy(sink->text + sink->length, bytes, size);
    sink->length += size;
    sink->text[sink->length] = '\0';
    return true;
}

/* Feeds `text` in pieces of `piece` bytes. */
static bool compact_in_pieces(const char *text, size_t piece, struct sink *sink)
{
    struct svg_compact compact;
    bool ok = true;
    sink->length = 0;
    sink->text[0] = '\0';
    svg_compact_init(&compact, collect, sink);
    for (size_t at = 0, size = strlen(text); at < size && ok; at += piece)
        ok = svg_compact_feed(&compact, text + at, size - at < piece ? size - at : piece);
    return svg_compact_finish(&compact) && ok;
}

static void assert_compacts(const char *text, const char *want)
{
    static const size_t pieces[] = {1, 2, 7, 4096};
    struct sink sink = {.capacity = sizeof sink.text - 1};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        assert_true(compact_in_pieces(text, pieces[i], &sink));
        assert_string_equal(sink.text, want);
    }
}

static void coordinates_are_rounded_to_hundredths(void **state)
{
    (void)state;
    assert_compacts("<path d=\"M 10.123456 20.995 C 0.004 -0.004 1.005 -1.005 7 0.10 Z\"/>",
                    "<path d=\"M 10.12 21 C 0 0 1.01 -1.01 7 0.1 Z\"/>");
    assert_compacts("<use xlink:href=\"#glyph0-1\" x=\"56.640625\" y=\"-0.999\"/>",
                    "<use xlink:href=\"#glyph0-1\" x=\"56.64\" y=\"-1\"/>");
    assert_compacts("<use y='0.049'/>", "<use y='0.05'/>");
}

static void lines_are_relative_and_share_their_command(void **state)
{
    (void)state;
    assert_compacts("<path d=\"M 1 2 L 3 4 L 2.5 6.25 L 7 6 M 1 1 L 2 2 \"/><path d=\"M 5 5 L 5 5\"/>",
                    "<path d=\"M 1 2 l2 2-.5 2.25 4.5-.25M 1 1 l1 1\"/><path d=\"M 5 5 l0 0\"/>");
    assert_compacts("<path d=\"M 1 1 L 2 2 Z M 9 9 C 1 2 3 4 5 6 L 5 7 Z L 10 9 \"/>",
                    "<path d=\"M 1 1 l1 1Z M 9 9 C 1 2 3 4 5 6 l0 1Z l1 0\"/>");
    assert_compacts("<path d='M1.2345-6.789L99.999,3.14159'/>", "<path d='M1.23-6.79l98.77 9.93'/>");
}

/* A thousand rounded steps end at the absolute position. */
static void relative_lines_do_not_drift(void **state)
{
    static char text[64000];
    struct sink sink = {.capacity = sizeof sink.text - 1};
    size_t length = (size_t)sprintf(text, "<path d=\"M 0 0");
    (void)state;
    for (int i = 1; i <= 1000; i++)
        length += (size_t)sprintf(text + length, " L %.6f %.6f", i * 0.3333333, -i * 0.0466667);
    strcpy(text + length, "\"/>");
    assert_true(compact_in_pieces(text, 4096, &sink));
    double at[2] = {0, 0};
    char *number = strchr(sink.text, 'l') + 1;
    for (int i = 0; i < 2000; i++)
        at[i % 2] += strtod(number, &number);
    assert_int_equal(*number, '"');
    assert_true(fabs(at[0] - 333.33) < 1e-6 && fabs(at[1] + 46.67) < 1e-6);
}

static void everything_else_is_copied(void **state)
{
    static const char *const same[] = {
        "<g transform=\"matrix(0.123456,0,0,0.123456,10.987654,20)\"/>",
        "<rect width=\"1200.123456\" height=\"675\" style=\"fill:rgb(33.333333%,0%,0%);\"/>",
        "<text id=\"d\" rx=\"1.23456\">d=\"1.23456\" L 1.23456 L 2</text>",
        "<path d=\"M 1e-7 12345678901234567890.123456 1.2.3 -- +5\"/>",
        "<path d=\"M 1 1 Q 1 2 3 4 H 1.5\"/>",
        "<path d=\"L 1 1\"/>",
        "<path d=\"M 1e-7 2L 3 4L 1e-9 4\"/>",
        "<path d=\"M 1 2 L 3\"/>",
        "<path d=\"M 1 2 L 3 1234567890123456789012345678901234567890.5 L 1 1\"/>",
        "<path d=\"M 1234567890123456789012345678901234567890.5 1\"/>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg version=\"1.1\">\n",
        "<a title=\"surface area of surface\"/> surface",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(same); i++)
        assert_compacts(same[i], same[i]);
}

static void surfaces_are_numbered_as_they_appear(void **state)
{
    (void)state;
    assert_compacts("<g id=\"surface41\"/><g id=\"surface17\"/><use xlink:href=\"#surface41\"/> surface9",
                    "<g id=\"surface1\"/><g id=\"surface2\"/><use xlink:href=\"#surface1\"/> surface3");
}

static void a_failed_write_is_reported_and_ends_the_work(void **state)
{
    char text[8192] = "<path d=\"";
    struct sink sink = {.capacity = 100};
    (void)state;
    while (strlen(text) < sizeof text - 20)
        strcat(text, "L 1.2345 6.78901 ");
    assert_false(compact_in_pieces(text, 64, &sink));
    assert_int_equal(sink.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coordinates_are_rounded_to_hundredths),
        cmocka_unit_test(lines_are_relative_and_share_their_command),
        cmocka_unit_test(relative_lines_do_not_drift),
        cmocka_unit_test(everything_else_is_copied),
        cmocka_unit_test(surfaces_are_numbered_as_they_appear),
        cmocka_unit_test(a_failed_write_is_reported_and_ends_the_work),
    };
    return cmocka_run_group_tests_name("svg_compact", tests, NULL, NULL);
}
