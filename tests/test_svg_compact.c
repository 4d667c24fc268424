/* svg_compact: what is rounded and what is left alone, in pieces of any size. */
#include "svg_compact.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

struct sink {
    char text[8192];
    size_t length, room;
};

static bool collect(void *user, const char *bytes, size_t size)
{
    struct sink *sink = user;
    if (sink->length + size > sink->room)
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
    struct sink sink = {.room = sizeof sink.text - 1};
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
    assert_compacts("<path d='M1.2345-6.789L99.999,3.14159'/>", "<path d='M1.23-6.79L100,3.14'/>");
}

static void lines_in_a_row_share_their_command(void **state)
{
    (void)state;
    assert_compacts("<path d=\"M 1 2 L 3 4 L 5 6 L 7 8 M 1 1 L 2 2 \"/><path d=\"L 1 1 L 2 2\"/>",
                    "<path d=\"M 1 2 L 3 4 5 6 7 8 M 1 1 L 2 2 \"/><path d=\"L 1 1 2 2\"/>");
    assert_compacts("<path d=\"C 1 2 3 4 5 6 C 1 2 3 4 5 6\"/>",
                    "<path d=\"C 1 2 3 4 5 6 C 1 2 3 4 5 6\"/>");
}

static void everything_else_is_copied(void **state)
{
    static const char *const same[] = {
        "<g transform=\"matrix(0.123456,0,0,0.123456,10.987654,20)\"/>",
        "<rect width=\"1200.123456\" height=\"675\" style=\"fill:rgb(33.333333%,0%,0%);\"/>",
        "<text id=\"d\" rx=\"1.23456\">d=\"1.23456\" L 1.23456 L 2</text>",
        "<path d=\"M 1e-7 12345678901234567890.123456 1.2.3 -- +5\"/>",
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
    assert_compacts(
        "<g id=\"surface41\"/><g id=\"surface17\"/><use xlink:href=\"#surface41\"/> surface9",
        "<g id=\"surface1\"/><g id=\"surface2\"/><use xlink:href=\"#surface1\"/> surface3");
}

static void a_failed_write_is_told_and_ends_the_work(void **state)
{
    char text[8192] = "<path d=\"";
    struct sink sink = {.room = 100};
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
        cmocka_unit_test(lines_in_a_row_share_their_command),
        cmocka_unit_test(everything_else_is_copied),
        cmocka_unit_test(surfaces_are_numbered_as_they_appear),
        cmocka_unit_test(a_failed_write_is_told_and_ends_the_work),
    };
    return cmocka_run_group_tests_name("svg_compact", tests, NULL, NULL);
}
