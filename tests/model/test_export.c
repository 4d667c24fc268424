/* SPDX-License-Identifier: MIT */
/* Unit tests of export and serialize: an exported trace is read again unchanged. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "all_buckets.h"
#include "base/serialize.h"
#include "made_node.h"
#include "model/export.h"
#include "unit.h"

static struct trace restored;

static bool begin(void *user, const char *column, bool percent, struct error *error)
{
    (void)user;
    (void)error;
    restored.quantity = freelog_column_find(column);
    restored.percent = percent;
    return true;
}

static struct node *find_node(void *user, const char *name)
{
    size_t found = trace_find(&restored, name);
    (void)user;
    if (found == restored.count) {
        struct node node;
        node_init(&node, 64);
        node.name = strdup(name);
        node.source = strdup("x");
        assert_true(trace_add(&restored, &node, NULL));
    }
    return &restored.node[found];
}

static bool wants(void *user, const struct node *node, double time_s)
{
    (void)user;
    (void)node;
    (void)time_s;
    return true;
}

static const struct export_sink sink = {NULL, begin, find_node, wants};

/* Returns the CSV of a trace, which the caller frees. */
static char *csv_of(const struct trace *trace)
{
    char *text = NULL;
    size_t size = 0;
    struct error error = {0};
    FILE *file = open_memstream(&text, &size);
    assert_true(export_csv(file, trace, &error));
    fclose(file);
    return text;
}

static void add_node(struct trace *trace, const char *name, double seed)
{
    struct node node;
    made_node_init(&node, 0.1, 64, "%s", name);
    node.start_epoch_s = 1732320000.125;
    node.job_limit_bytes = 1e9 / 3;
    node.job_node_bytes = 1e9 / 7;
    snprintf(node.job_name, sizeof node.job_name, "a job = 100 %%");
    for (int i = 0; i < 1000; i++) {
        if (i == 500)
            series_break(&node.line[TRACE_MAIN]);
        assert_true(series_append(&node.line[TRACE_MAIN], i * 0.1, 1e9 * sin(i * seed) + 1e9));
        assert_true(series_append(&node.line[TRACE_TOTAL], i * 0.1, 4e9));
        assert_true(series_append(&node.line[TRACE_AVAILABLE], i * 0.1, 1e9 * cos(i * seed) + 1e9));
    }
    assert_true(node_add_event(&node, 12.5, TRACE_EVENT_MARK, "oom_kill, 100 %"));
    assert_true(trace_add(trace, &node, NULL));
}

static void check_same(const struct series *a, const struct series *b)
{
    struct series_bucket flat_a, flat_b;
    size_t count_a, count_b;
    const struct series_bucket *one = all_buckets(a, &count_a, &flat_a);
    const struct series_bucket *two = all_buckets(b, &count_b, &flat_b);
    assert_int_equal(a->stats.count, b->stats.count);
    if (a->stats.count == 0)
        return;
    assert_true(a->stats.max == b->stats.max && a->stats.min == b->stats.min);
    assert_true(a->stats.last == b->stats.last && a->stats.first == b->stats.first);
    assert_true(fabs(a->stats.max_s - b->stats.max_s) < 1e-5);
    assert_true(fabs(series_mean(a) - series_mean(b)) < 1e-6 * fabs(series_mean(a)));
    assert_int_equal(count_a, count_b);
    for (size_t i = 0; i < count_a; i++) {
        assert_true(one[i].first_s == two[i].first_s && one[i].max == two[i].max && one[i].min == two[i].min);
        assert_true(one[i].last == two[i].last && one[i].last_offset_s == two[i].last_offset_s);
        assert_int_equal(one[i].count, two[i].count);
        assert_int_equal(one[i].gap_before, two[i].gap_before);
    }
}

static void an_export_is_read_back_in_any_pieces(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct error error = {0};
    (void)state;
    add_node(&trace, "alfa", 0.01);
    add_node(&trace, "a \"quoted\", name", 0.02);
    char *text = csv_of(&trace);
    for (size_t piece = 1; piece < 5000; piece = piece * 7 + 1) {
        struct export_reader *reader = export_reader_new(&sink, "e.csv");
        for (size_t at = 0; at < strlen(text); at += piece)
            assert_true(
                export_reader_feed(reader, text + at, strlen(text + at) < piece ? strlen(text + at) : piece, &error));
        assert_true(export_reader_feed(reader, NULL, 0, &error));
        assert_int_equal(restored.count, 2);
        for (size_t i = 0; i < 2; i++) {
            const struct node *a = &trace.node[i], *b = &restored.node[i];
            assert_string_equal(a->name, b->name);
            assert_true(a->start_epoch_s == b->start_epoch_s && a->job_limit_bytes == b->job_limit_bytes &&
                        a->job_node_bytes == b->job_node_bytes);
            assert_string_equal(a->job_name, b->job_name);
            assert_int_equal(b->event_count, 1);
            assert_string_equal(b->event[0].text, "oom_kill, 100 %");
            for (int line = 0; line < TRACE_LINE_COUNT; line++)
                check_same(&a->line[line], &b->line[line]);
        }
        export_reader_free(reader);
        trace_free(&restored);
    }
    free(text);
    trace_free(&trace);
}

/* Of a window, the earliest node may have no sample. The total of swap is in no exported line. */
static void an_exported_window_keeps_its_times_and_its_percentages(void **state)
{
    struct trace trace = {.quantity = FREELOG_SWAP_USED, .is_cut = true, .is_aligned = true, .start_epoch_s = 1.73e9};
    struct error error = {0};
    (void)state;
    add_node(&trace, "alfa", 0.01);
    trace.node[0].peak_total = 2e9;
    char *text = csv_of(&trace);
    double percent = node_peak_percent(&trace, &trace.node[0]);
    struct export_reader *reader = export_reader_new(&sink, "e.csv");
    assert_true(export_reader_feed(reader, text, strlen(text), &error));
    assert_true(export_reader_feed(reader, NULL, 0, &error));
    assert_true(trace_finish(&restored));
    assert_true(restored.start_epoch_s == 1.73e9);
    assert_true(restored.node[0].offset_s == trace.node[0].start_epoch_s - 1.73e9);
    assert_true(node_peak_percent(&restored, &restored.node[0]) == percent);
    free(text);
    text = csv_of(&restored); /* again, without the window */
    assert_non_null(strstr(text, " zero=1730000000 "));
    free(text);
    export_reader_free(reader);
    trace_free(&restored);
    trace_free(&trace);
}

#define FIRST   EXPORT_MAGIC "2 column=used unit=bytes\n"
#define HEADING "node,quantity,time_s,first,min,min_after_s,max,max_after_s,last,last_after_s,mean,count,gap_before\n"
#define END     "# memtrace-export end\n"
#define GOOD    "a,used,5,1,1,0,1,0,1,0,1,1,0\n"

/* Parses a text. Returns false and sets `error` on failure. */
static bool reads(const char *text, struct error *error)
{
    struct export_reader *reader = export_reader_new(&sink, "e.csv");
    bool ok = export_reader_feed(reader, text, strlen(text), error) && export_reader_feed(reader, NULL, 0, error);
    export_reader_free(reader);
    return ok;
}

static void other_tables_than_exports_are_refused_with_their_line(void **state)
{
    static const struct {
        const char *text, *error;
        unsigned long line;
    } rows[] = {
        {"nonsense\n", "not an export of memtrace: unexpected first line", 1},
        {EXPORT_MAGIC "3 column=used unit=bytes\n",
         "not an export of memtrace: its version is newer than this memtrace", 1},
        {EXPORT_MAGIC "2 column=used unit=pounds\n", "not an export of memtrace: its unit is neither bytes nor percent",
         1},
        {FIRST GOOD, "not an export of memtrace: it has no heading", 2},
        {FIRST "node,quantity,first,time_s\n", "not an export of memtrace: unexpected columns", 2},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        assert_false(reads(rows[i].text, &error));
        assert_string_equal(error.text, rows[i].error);
        assert_string_equal(error.file, "e.csv");
        assert_int_equal(error.line, rows[i].line);
        trace_free(&restored);
    }
}

static void damaged_rows_are_skipped_and_counted_with_their_nodes(void **state)
{
    static const struct {
        const char *rows, *error;
        unsigned long line;
    } rows[] = {
        {"a,used,0,1\n" END, "damaged export: a number is missing; 1 row skipped, of a", 3},
        {"b,used,0,1,1,0,nan,0,1,0,1,1,0\n" END, "damaged export: a number is missing; 1 row skipped, of b", 3},
        {"a,what,0,1,1,0,1,0,1,0,1,1,0\n" END, "damaged export: an unknown quantity; 1 row skipped, of a", 3},
        {"a,used,6,1,1,0,1,0,1,0,1,1,0,9\n" END, "damaged export: too many fields; 1 row skipped, of a", 3},
        {"\"no end\n" END,
         "damaged export: it ends within a line; 1 row skipped; its last line is missing; nodes may be missing, too",
         3},
        {"x\nb,used\nc,used\nb,x\nd,q\n" END, "damaged export: too few fields; 5 rows skipped, of b, c, d", 3},
        {"b,used,5,1,1,0,1,0,1,0,1,1,0\nb,used,4,1,1,0,1,0,1,0,1,1,0\n" END,
         "damaged export: impossible numbers; 1 row skipped, of b", 4},
        {"b,used,0,5,1,0,4,1,4,1,2,2,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"b,used,0,1,1,0,4,0,1e20,1,2,2,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"b,used,0,1,1,2,4,0,4,1,2,2,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"b,used,0,1,1,0,4,2,4,1,2,2,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"b,used,0,1,1,0,4,1,4,1,5,2,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"b,used,1e16,1,1,0,1,0,1,0,1,1,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"b,used,0,1e31,1,0,1e31,1,1e31,1,1,2,0\n" END, "damaged export: impossible numbers; 1 row skipped, of b", 3},
        {"# memtrace host=a\n" GOOD "# memtrace-export end lines=3\n", "damaged export: 1 line is missing", 5},
        {"b,used,x\n" GOOD "# memtrace-export end lines=12\n",
         "damaged export: a number is missing; 1 row skipped, of b; 10 lines are missing", 3},
        {"", "truncated export: its last line is missing; nodes may be missing, too", 2},
        {"a,used,5,1",
         "damaged export: it ends within a line; 1 row skipped; its last line is missing; nodes may be missing, too",
         3},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error error = {0};
        char text[1024];
        snprintf(text, sizeof text, "%s%s%s%s", FIRST, HEADING, rows[i].rows, "");
        assert_false(reads(text, &error));
        assert_string_equal(error.text, rows[i].error);
        assert_int_equal(error.line, rows[i].line);
        trace_free(&restored);
    }
    struct error error = {0};
    assert_false(reads(FIRST HEADING "b,used,x\n" GOOD END, &error));
    assert_int_equal(restored.count, 1); /* rows after the damaged one are read */
    assert_string_equal(restored.node[0].name, "a");
    trace_free(&restored);
}

static void additions_of_editors_are_accepted(void **state)
{
    struct error error = {0};
    (void)state;
    assert_true(reads(FIRST HEADING "# memtrace host=a\n" GOOD "\n# memtrace-export end lines=2\n", &error));
    trace_free(&restored);
    assert_true(reads("\xef\xbb\xbf" FIRST "\r\n" HEADING "\n" GOOD "\r\n\n" END "\n", &error));
    assert_int_equal(restored.count, 1);
    trace_free(&restored);
    assert_int_equal(export_begins("\xef\xbb", 2), EXPORT_MAYBE);
    assert_int_equal(export_begins("\xef\xbb\xbf# memtrace-export 2", 22), EXPORT_YES);
    assert_int_equal(export_begins("# memtrace 1 host=a", 19), EXPORT_NO);
    assert_int_equal(export_begins("", 0), EXPORT_MAYBE);
}

static void names_of_any_bytes_come_back(void **state)
{
    static const char *const names[] = {"#hash", "a,b",     "line\nfeed", "cr\rlf\r\n", "\"",
                                        "\"\"x", " blank ", "100%",       "\xff\xc3"};
    struct trace trace = {.quantity = FREELOG_USED};
    struct error error = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        add_node(&trace, names[i], 0.01);
    char *text = csv_of(&trace);
    assert_true(reads(text, &error));
    assert_int_equal(restored.count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_string_equal(restored.node[i].name, names[i]);
        check_same(&trace.node[i].line[TRACE_MAIN], &restored.node[i].line[TRACE_MAIN]);
    }
    trace_free(&restored);
    free(text);
    trace_free(&trace);
}

static void json_strings_are_valid_whatever_the_bytes(void **state)
{
    char *text = NULL;
    size_t size = 0;
    (void)state;
    FILE *file = open_memstream(&text, &size);
    serialize_json_string(file, "a\"b\\c\n\xc3\xa4\xff\xc0\xaf\xed\xa0\x80");
    serialize_json_number(file, NAN);
    serialize_json_number(file, 0.1);
    fclose(file);
    assert_string_equal(text, "\"a\\\"b\\\\c\\u000a\xc3\xa4\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\"null0.1");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_export_is_read_back_in_any_pieces),
        cmocka_unit_test(an_exported_window_keeps_its_times_and_its_percentages),
        cmocka_unit_test(other_tables_than_exports_are_refused_with_their_line),
        cmocka_unit_test(damaged_rows_are_skipped_and_counted_with_their_nodes),
        cmocka_unit_test(additions_of_editors_are_accepted),
        cmocka_unit_test(names_of_any_bytes_come_back),
        cmocka_unit_test(json_strings_are_valid_whatever_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
