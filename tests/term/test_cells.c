/* SPDX-License-Identifier: MIT */
/* Unit tests of cells: widths, refused characters, dots, colours; frames of changes give the same screen as full
 * frames. */
#include <stdlib.h>
#include <string.h>

#include "term/cells.h"
#include "unit.h"

static char *printed(const struct cells *cells, enum cell_colours colours)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    cells_print(file, cells, colours);
    fclose(file);
    return text;
}

static void check_text(bool ascii, const char *text, const char *wanted, size_t columns)
{
    struct cells cells;
    assert_true(cells_init(&cells, 12, 1, ascii));
    assert_int_equal(cells_put(&cells, 0, 0, text, CELL_PLAIN, 0), columns);
    assert_int_equal((size_t)cells_measure(&cells, text, 0, false), columns <= 12 ? columns : 13);
    char *got = printed(&cells, COLOURS_NONE);
    assert_string_equal(got, wanted);
    free(got);
    cells_free(&cells);
}

static void test_texts(void **state)
{
    (void)state;
    check_text(false, "nid\u00e4 \u00b7 1", "nid\u00e4 \u00b7 1\n", 8);
    check_text(false, "\u8282\u70b9-1", "\u8282\u70b9-1\n", 6);     /* wide */
    check_text(false, "e\u0301x", "ex\n", 2);                       /* combining: skipped */
    check_text(false, "a\033[2Jb\x7f\xc2\x9b", "a?[2Jb??\n", 8);    /* no control characters */
    check_text(false, "\xff\xc0\x80\xed\xa0\x80z", "??????z\n", 7); /* not UTF-8 */
    check_text(true, "n\u00e4 \u00b7 \u2026 3 \u00d7", "n? | ~ 3 x\n", 10);
    check_text(true, "\u8282", "?\n", 1);
}

static void test_edges(void **state)
{
    struct cells cells;
    (void)state;
    assert_true(cells_init(&cells, 5, 2, false));
    cells_put(&cells, 3, 0, "abc", CELL_PLAIN, 0);
    cells_put(&cells, -1, 1, "xyz", CELL_PLAIN, 0);
    cells_put(&cells, 4, 1, "\u8282", CELL_PLAIN, 0); /* half of it would be outside */
    cells_put(&cells, 0, 2, "no", CELL_PLAIN, 0);
    cells_put(&cells, 0, -1, "no", CELL_PLAIN, 0);
    cells_dot(&cells, -1, 0, CELL_PLAIN);
    cells_dot(&cells, 10, 0, CELL_PLAIN);
    cells_dot(&cells, 0, 8, CELL_PLAIN);
    char *got = printed(&cells, COLOURS_NONE);
    assert_string_equal(got, "   ab\nyz\n");
    free(got);
    cells_free(&cells);
}

static void test_dots(void **state)
{
    struct cells cells;
    (void)state;
    assert_true(cells_init(&cells, 3, 1, false));
    for (long y = 0; y < 4; y++)
        cells_dot(&cells, y % 2, y, CELL_PLAIN); /* left, right, left, right */
    cells_put(&cells, 1, 0, "a ", CELL_PLAIN, 0);
    cells_dot(&cells, 2, 0, CELL_PLAIN); /* texts remain, including their blanks */
    cells_dot(&cells, 4, 0, CELL_PLAIN);
    assert_int_equal(cells.cell[0].dots, 0x01 | 0x10 | 0x04 | 0x80);
    char *got = printed(&cells, COLOURS_NONE);
    assert_string_equal(got, "\u2895a\n");
    free(got);
    cells_free(&cells);
}

static void check_colour(enum cell_colours colours, const char *wanted)
{
    struct cells cells;
    const struct colour orange = {213 / 255.0, 94 / 255.0, 0};
    assert_true(cells_init(&cells, 3, 1, false));
    cells_put(&cells, 0, 0, "a", cell_colour(orange, 3), CELL_BOLD);
    cells_put(&cells, 1, 0, "b", CELL_PLAIN, 0);
    cells_at(&cells, 1, 0)->ground = cell_colour((struct colour){0.5, 0.5, 0.5}, 8);
    char *got = printed(&cells, colours);
    assert_string_equal(got, wanted);
    free(got);
    cells_free(&cells);
}

static void test_colours(void **state)
{
    (void)state;
    check_colour(COLOURS_NONE, "ab\n");
    check_colour(COLOURS_16, "\033[0;1;33ma\033[0;100mb\033[0m\n");
    check_colour(COLOURS_256, "\033[0;1;38;5;166ma\033[0;48;5;244mb\033[0m\n");
    check_colour(COLOURS_TRUE, "\033[0;1;38;2;213;94;0ma\033[0;48;2;128;128;128mb\033[0m\n");
}

/* A simulated terminal for the output of cells_print_changes: places characters, moves the cursor, ignores colours. */
static void obey(char screen[4][32], const char *bytes)
{
    size_t row = 0, column = 0;
    while (*bytes != '\0') {
        if (*bytes == '\033') {
            char *end = NULL;
            unsigned long first = strtoul(bytes + 2, &end, 10);
            unsigned long second = *end == ';' ? strtoul(end + 1, &end, 10) : 0;
            while (strchr(";0123456789", *end) != NULL)
                end++;
            if (*end == 'H') {
                row = first - 1;
                column = second - 1;
            }
            bytes = end + 1;
        } else {
            assert_true(row < 4 && column < 31);
            screen[row][column++] = *bytes++;
        }
    }
}

static void test_changes_lead_to_the_same_screen(void **state)
{
    struct cells before, after;
    char screen[4][32], wanted[4][32];
    unsigned int seed = 7;
    (void)state;
    assert_true(cells_init(&before, 31, 4, true));
    memset(screen, ' ', sizeof screen);
    for (int round = 0; round < 300; round++) {
        assert_true(cells_init(&after, 31, 4, true));
        memset(wanted, ' ', sizeof wanted);
        for (int i = 0; i < 60; i++) {
            seed = seed * 1103515245 + 12345;
            long row = seed >> 8 & 3, column = (long)(seed >> 16) % 31;
            char text[2] = {(char)('a' + (seed >> 10) % 3), '\0'};
            cells_put(&after, column, row, text, seed & 64 ? 0x01ff0000 : CELL_PLAIN, seed & 32 ? CELL_BOLD : 0);
            wanted[row][column] = text[0];
        }
        char *bytes = NULL;
        size_t size = 0;
        FILE *file = open_memstream(&bytes, &size);
        cells_print_changes(file, round == 0 ? NULL : &before, &after, round % 2 ? COLOURS_TRUE : COLOURS_16);
        fclose(file);
        obey(screen, bytes);
        for (int row = 0; row < 4; row++)
            assert_memory_equal(screen[row], wanted[row], 31);
        free(bytes);
        cells_free(&before);
        before = after;
    }
    char *none = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&none, &size);
    cells_print_changes(file, &before, &before, COLOURS_TRUE);
    fclose(file);
    assert_int_equal(size, 0); /* nothing changed, nothing is written */
    free(none);
    cells_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_dots),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_changes_lead_to_the_same_screen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
