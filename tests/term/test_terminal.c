/* SPDX-License-Identifier: MIT */
/* Unit tests of terminal: compares the drawn cells with values computed from the samples. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_node.h"
#include "term/terminal.h"
#include "unit.h"

#define GIB     (1024.0 * 1024 * 1024)
#define STEP_S  2.0
#define SAMPLES 301

/* Returns a sample of the data: each node has a sawtooth of a different height. */
static double value_of(int node, int sample)
{
    return (2.0 + node) * GIB * (0.25 + 0.75 * ((sample * (node + 3)) % 97) / 96.0);
}

static void add_node(struct trace *trace, int number, int first, int count)
{
    struct node node;
    made_node_init(&node, STEP_S, 4096, "n%02d", number);
    for (int i = first; i < first + count; i++)
        made_node_append(&node, i * STEP_S, value_of(number, i), 64 * GIB);
    assert_true(trace_add(trace, &node, NULL));
}

static void make_trace(struct trace *trace, int nodes, int count)
{
    memset(trace, 0, sizeof *trace);
    for (int i = 0; i < nodes; i++)
        add_node(trace, i, 0, count);
    trace_finish(trace);
}

static const struct layout_request usual = {
    .title = "Used memory per node",
    .subtitle = "the summary \u00b7 in two clauses",
    .unit = "GiB",
    .unit_size = GIB,
    .unit_is_binary = true,
    .limit = NAN,
    .clock_epoch_s = NAN,
};

static void draw(struct cells *cells, size_t columns, size_t rows, const struct trace *trace,
                 const struct layout_request *request, enum cell_colours colours, enum view view, bool ascii)
{
    const struct terminal_style style = {view, colours, theme_find(THEME_DARK)};
    assert_true(cells_init(cells, columns, rows, ascii));
    assert_true(terminal_draw(cells, request, trace, &style));
}

/* Finds the corner of the axes. */
static void find_corner(const struct cells *cells, long *column, long *row)
{
    for (*row = 0; *row < (long)cells->rows; ++*row)
        for (*column = 0; *column < (long)cells->columns; ++*column)
            if (cells_at(cells, *column, *row)->character == 0x2514)
                return;
    fail_msg("the axes have no corner");
}

/* Returns the lowest and highest value of the straight lines between the samples of a node in a time range. */
static void extremes(int node, double from_s, double to_s, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (int i = 0; i + 1 < SAMPLES; i++) {
        double begin = fmax(from_s, i * STEP_S), end = fmin(to_s, (i + 1) * STEP_S);
        if (begin > end)
            continue;
        double slope = (value_of(node, i + 1) - value_of(node, i)) / STEP_S;
        double a = value_of(node, i) + slope * (begin - i * STEP_S), b = value_of(node, i) + slope * (end - i * STEP_S);
        *low = fmin(*low, fmin(a, b));
        *high = fmax(*high, fmax(a, b));
    }
}

/* Returns the uppermost (or lowest) dot of a colour in a column of dots between two rows of cells, counted in dots from
 * the upper one; -1 if there is none. */
static long find_dot(const struct cells *cells, long x, long top, long bottom, uint32_t ink, bool lowest)
{
    static const unsigned char bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    long found = -1;
    for (long y = 4 * top; y < 4 * bottom; y++) {
        const struct cell *cell = cells_at(cells, x / 2, y / 4);
        if (cell->ink == ink && (cell->dots & bit[y % 4][x % 2]) != 0 && (lowest || found < 0))
            found = y - 4 * top;
    }
    return found;
}

static void test_lines_pass_through_their_samples(void **state)
{
    struct trace trace;
    struct cells cells;
    long axis, bottom, compared = 0;
    (void)state;
    make_trace(&trace, 1, SAMPLES);
    draw(&cells, 100, 40, &trace, &usual, COLOURS_TRUE, VIEW_LINES, false);
    find_corner(&cells, &axis, &bottom);
    long top = 3, height = bottom - top, width = 100 - axis - 1;      /* below title, summary and unit */
    double highest = 2 * GIB * (double)height / ((double)height - 1); /* one row is reserved for the text of the peak */
    uint32_t ink = cell_colour(theme_node(theme_find(THEME_DARK), 0), 12);
    for (long column = 0; column < 2 * width; column++) {
        double low, high, share = (SAMPLES - 1) * STEP_S / (2.0 * (double)width);
        extremes(0, (double)column * share, (double)(column + 1) * share, &low, &high);
        long wanted_top = (long)floor(4.0 * (double)height * (1 - high / highest));
        long wanted_low = (long)floor(4.0 * (double)height * (1 - low / highest));
        long got_top = find_dot(&cells, 2 * (axis + 1) + column, top, bottom, ink, false);
        long got_low = find_dot(&cells, 2 * (axis + 1) + column, top, bottom, ink, true);
        if (wanted_top < 8)
            continue; /* the text and the ring of the peak may hide it */
        assert_in_range(got_top, wanted_top - 1, wanted_top + 1);
        assert_in_range(got_low, wanted_low - 1, wanted_low + 1);
        compared++;
    }
    assert_true(compared > width);
    cells_free(&cells);
    trace_free(&trace);
}

static void test_limit_and_axis(void **state)
{
    struct trace trace;
    struct cells cells;
    struct layout_request request = usual;
    long axis, bottom, top = 3;
    (void)state;
    request.limit = 4 * GIB;
    request.limit_is_given = true;
    request.limit_text = "limit 4 GiB";
    make_trace(&trace, 1, SAMPLES);
    draw(&cells, 100, 40, &trace, &request, COLOURS_TRUE, VIEW_LINES, false);
    find_corner(&cells, &axis, &bottom);
    double height = (double)(bottom - top), highest = 4 * height / (height - 1);
    uint32_t red = cell_colour(theme_find(THEME_DARK)->limit, 1);
    long limit_row = top + (long)floor(height * (1 - 4 / highest)), text_column = 100 - (long)strlen("limit 4 GiB");
    for (long column = axis + 1; column < text_column - 3; column++) {
        const struct cell *cell = cells_at(&cells, column, limit_row);
        assert_int_equal(cell->ink, red);
        assert_true(cell->dots != 0);
    }
    assert_int_equal(cells_at(&cells, text_column, limit_row)->character, 'l');
    assert_int_equal(cells_at(&cells, text_column, limit_row)->ink, red);
    for (int tick = 1; tick <= 4; tick++) { /* number and mark at the values of the scale */
        long row = top + (long)floor(height * (1 - tick / highest));
        assert_int_equal(cells_at(&cells, axis, row)->character, 0x2524);
        assert_int_equal(cells_at(&cells, axis - 2, row)->character, '0' + tick);
    }
    cells_free(&cells);
    trace_free(&trace);
}

/* Returns the highest value of a node in a column of the heatmap. */
static double heat_value(int node, long column, long width)
{
    double low, high, step_s = (SAMPLES - 1) * STEP_S / (double)width;
    extremes(node, (double)column * step_s, (double)(column + 1) * step_s, &low, &high);
    return high;
}

static void test_heatmap(void **state)
{
    struct trace trace;
    struct cells cells;
    long axis, bottom;
    (void)state;
    make_trace(&trace, 14, SAMPLES);
    draw(&cells, 100, 50, &trace, &usual, COLOURS_TRUE, VIEW_AUTO, false);
    find_corner(&cells, &axis, &bottom);
    long width = 0;
    while (cells_at(&cells, axis + 1 + width, bottom) != NULL &&
           cells_at(&cells, axis + 1 + width, bottom)->character >= 0x2500)
        width++;
    assert_true(width > 50);
    double top = 15 * GIB; /* the highest peak: the total is too far away */
    for (int row = 0; row < 14; row++) {
        int node = 13 - row; /* highest peak first */
        for (long column = 0; column < width; column++) {
            const struct cell *cell = cells_at(&cells, axis + 1 + column, bottom - 14 + row);
            struct colour wanted = theme_heat(heat_value(node, column, width) / top);
            assert_int_equal(cell->character, ' ');
            for (int shift = 0; shift <= 16; shift += 8) {
                double channel = shift == 16 ? wanted.red : shift == 8 ? wanted.green : wanted.blue;
                assert_in_range((int)(cell->ground >> shift & 255) + 2, (int)(channel * 255), (int)(channel * 255) + 5);
            }
        }
    }
    cells_free(&cells);
    trace_free(&trace);
}

static void test_missing_data_differ_from_all_values(void **state)
{
    struct trace trace = {0};
    struct cells cells;
    long axis, bottom;
    (void)state;
    for (int i = 0; i < 13; i++)
        add_node(&trace, i, 0, SAMPLES);
    add_node(&trace, 13, 0, SAMPLES / 2);
    trace_finish(&trace);
    draw(&cells, 100, 50, &trace, &usual, COLOURS_TRUE, VIEW_AUTO, false);
    find_corner(&cells, &axis, &bottom);
    assert_true(cells_at(&cells, axis + 10, bottom - 14)->ground != CELL_PLAIN);
    assert_int_equal(cells_at(&cells, axis + 60, bottom - 14)->ground, CELL_PLAIN); /* with hatching */
    assert_int_equal(cells_at(&cells, axis + 60, bottom - 14)->character, 0x2571);
    cells_free(&cells);
    /* Without colours, missing data are blanks and values are bars. */
    draw(&cells, 100, 50, &trace, &usual, COLOURS_NONE, VIEW_AUTO, false);
    assert_in_range(cells_at(&cells, axis + 10, bottom - 14)->character, 0x2581, 0x2588);
    assert_int_equal(cells_at(&cells, axis + 60, bottom - 14)->character, ' ');
    cells_free(&cells);
    trace_free(&trace);
}

static void test_letters_where_there_are_no_colours(void **state)
{
    struct trace trace;
    struct cells cells;
    struct layout_request request = usual;
    (void)state;
    request.legend = LEGEND_ON;
    make_trace(&trace, 3, SAMPLES);
    for (int ascii = 0; ascii <= 1; ascii++) {
        bool seen[3] = {false};
        draw(&cells, 80, 30, &trace, &request, COLOURS_NONE, VIEW_LINES, ascii != 0);
        for (long row = 3; row < 27; row++)
            for (long column = 8; column < 50; column++)
                for (uint32_t i = 0; i < 3; i++)
                    seen[i] |= cells_at(&cells, column, row)->character == 'a' + i;
        assert_true(seen[0] && seen[1] && seen[2]);
        for (size_t i = 0; ascii != 0 && i < cells.columns * cells.rows; i++) {
            assert_true(cells.cell[i].character < 0x80);
            assert_int_equal(cells.cell[i].dots, 0);
        }
        cells_free(&cells);
    }
    trace_free(&trace);
}

/* Returns true if a row contains a text, which is ASCII. */
static bool row_has(const struct cells *cells, long row, const char *text)
{
    const long length = (long)strlen(text);
    for (long column = 0; column + length <= (long)cells->columns; column++) {
        long same = 0;
        while (same < length && cells_at(cells, column + same, row)->character == (unsigned char)text[same])
            same++;
        if (same == length)
            return true;
    }
    return false;
}

static bool has_text(const struct cells *cells, const char *text)
{
    for (long row = 0; row < (long)cells->rows; row++)
        if (row_has(cells, row, text))
            return true;
    return false;
}

/* Returns true if a row begins with a character, which is that of the unit in its separate row. */
static bool begins_row(const struct cells *cells, uint32_t character)
{
    for (long row = 0; row < (long)cells->rows; row++)
        if (cells_at(cells, 0, row)->character == character)
            return true;
    return false;
}

static bool has_character(const struct cells *cells, uint32_t character)
{
    for (size_t i = 0; i < cells->columns * cells->rows; i++)
        if (cells->cell[i].character == character)
            return true;
    return false;
}

/* The lower the screen, the less is next to the plot: first the title disappears, then the unit, the axis and the peak.
 */
static void test_low_screens_keep_the_plot(void **state)
{
    static const struct {
        size_t rows;
        bool has_title, has_unit, has_axis, has_peak, has_summary;
    } screens[] = {
        {24, true, true, true, true, true},    {12, true, true, true, true, true},
        {11, false, true, true, true, true},   {10, false, true, true, true, true},
        {9, false, false, true, true, true},   {8, false, false, true, true, true},
        {7, false, false, false, true, true},  {6, false, false, false, true, true},
        {4, false, false, false, false, true}, {3, false, false, false, false, false},
    };
    struct trace trace;
    (void)state;
    make_trace(&trace, 1, SAMPLES);
    for (size_t i = 0; i < COUNT(screens); i++) {
        struct cells cells;
        draw(&cells, 100, screens[i].rows, &trace, &usual, COLOURS_TRUE, VIEW_LINES, false);
        if (has_text(&cells, usual.title) != screens[i].has_title || begins_row(&cells, 'G') != screens[i].has_unit ||
            has_character(&cells, 0x2514) != screens[i].has_axis ||
            has_text(&cells, " GiB at ") != screens[i].has_peak ||
            has_text(&cells, "clauses") != screens[i].has_summary)
            fail_msg("%zu rows have title %d, unit %d, axis %d, peak %d, summary %d", screens[i].rows,
                     has_text(&cells, usual.title), begins_row(&cells, 'G'), has_character(&cells, 0x2514),
                     has_text(&cells, " GiB at "), has_text(&cells, "clauses"));
        cells_free(&cells);
    }
    trace_free(&trace);
}

/* Wherever the summary is wrapped, no number is separated from its unit. */
static void test_a_number_keeps_its_unit(void **state)
{
    struct trace trace;
    struct layout_request request = usual;
    request.subtitle = "peak 208.9 of 503.5 GiB (41 %) at 0:13:30 \u00b7 then 20 min 30 s later cn00008 with 208.9 GiB";
    (void)state;
    make_trace(&trace, 1, SAMPLES);
    for (size_t columns = 40; columns < 100; columns++) {
        struct cells cells;
        draw(&cells, columns, 24, &trace, &request, COLOURS_TRUE, VIEW_LINES, false);
        static const char *const together[] = {"503.5 GiB", "(41 %)", "20 min", "30 s", "208.9 GiB"};
        for (size_t i = 0; i < COUNT(together); i++)
            if (!has_text(&cells, together[i]))
                fail_msg("%s is split at %zu columns", together[i], columns);
        cells_free(&cells);
    }
    trace_free(&trace);
}

/* At any size, no memory outside is accessed (the sanitizers check this) and something is drawn. */
static void test_any_size(void **state)
{
    static const int counts[] = {1, 3, 12, 40};
    static const int samples[] = {1, 2, SAMPLES};
    struct trace_event event[] = {{0, TRACE_EVENT_MARK, "begin"},
                                  {1, TRACE_EVENT_MARK, "a long text of a mark"},
                                  {300, TRACE_EVENT_MARK, "end \u00d7"}};
    struct layout_request request = usual;
    unsigned int seed = 99;
    (void)state;
    request.event = event;
    request.event_count = COUNT(event);
    request.limit = 3 * GIB;
    request.limit_text = "limit 3 GiB";
    request.draw_total = request.draw_swap = true;
    for (size_t i = 0; i < COUNT(counts) * COUNT(samples); i++) {
        struct trace trace;
        make_trace(&trace, counts[i % COUNT(counts)], samples[i / COUNT(counts)]);
        for (int round = 0; round < 60; round++) {
            struct cells cells;
            seed = seed * 1103515245 + 12345;
            size_t columns = 1 + (seed >> 16) % 90, rows = 1 + (seed >> 8) % 40;
            struct runs runs = {.count = 1 + (seed >> 20 & 1)};
            runs.run[0].trace = runs.run[1].trace = trace; /* borrowed */
            request.against = (seed & 16) != 0 ? &runs : NULL;
            draw(&cells, columns, rows, &trace, &request, (enum cell_colours)(seed >> 5 & 3),
                 (enum view)((seed >> 12) % 4), (seed & 128) != 0);
            bool is_blank = true;
            for (size_t k = 0; k < columns * rows; k++)
                is_blank = is_blank && cell_is_blank(&cells.cell[k]) && cells.cell[k].ground == CELL_PLAIN;
            assert_false(is_blank);
            cells_free(&cells);
        }
        trace_free(&trace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_pass_through_their_samples),
        cmocka_unit_test(test_limit_and_axis),
        cmocka_unit_test(test_heatmap),
        cmocka_unit_test(test_missing_data_differ_from_all_values),
        cmocka_unit_test(test_letters_where_there_are_no_colours),
        cmocka_unit_test(test_low_screens_keep_the_plot),
        cmocka_unit_test(test_a_number_keeps_its_unit),
        cmocka_unit_test(test_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
