/* SPDX-License-Identifier: MIT */
/* Unit tests of timestamp, timestamp_clock, line_prefix, number, freelog_row and log_event: free's numbers and the text
 * around them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "freelog/line_prefix.h"
#include "freelog/line_quotes.h"
#include "freelog/log_event.h"
#include "freelog/number.h"
#include "freelog/other/hint.h"
#include "freelog/row_values.h"
#include "freelog/timestamp.h"
#include "unit.h"

/* Reads a stamp from memory that ends with it. Returns "-" if it is not a stamp. */
static const char *stamp_text(const char *text)
{
    static char reported[100];
    struct timestamp stamp;
    if (!timestamp_read(text, text + strlen(text), &stamp))
        return "-";
    int length = snprintf(reported, sizeof reported, "%d ", (int)stamp.kind);
    if (stamp.kind == TIMESTAMP_DATE || stamp.kind == TIMESTAMP_NO_YEAR)
        length += snprintf(reported + length, sizeof reported - (size_t)length, "%d-%d-%d ", stamp.year, stamp.month,
                           stamp.day);
    length += snprintf(reported + length, sizeof reported - (size_t)length, "%.10g", stamp.time_s);
    if (stamp.has_zone)
        snprintf(reported + length, sizeof reported - (size_t)length, " zone %.10g", stamp.zone_s);
    return reported;
}

static void stamps_are_read(void **state)
{
    static const struct {
        const char *text, *want;
    } stamps[] = {
        {"Nov 23 00:35:08", "2 -1-11-23 2108"},
        {"Nov  3 00:35:08", "2 -1-11-3 2108"},
        {"[Nov 23 00:35:08]", "2 -1-11-23 2108"},
        {"2026-11-23T00:35:08", "1 2026-11-23 2108"},
        {"2026-11-23T00:35:08Z", "1 2026-11-23 2108 zone 0"},
        {"2026-11-23T00:35:08.25+01:00", "1 2026-11-23 2108.25 zone 3600"},
        {"2026-11-23T00:35:08,25-0530", "1 2026-11-23 2108.25 zone -19800"},
        {"2026-11-23 00:35:08 +02", "1 2026-11-23 2108 zone 7200"},
        {"[2026-11-23 00:35:08]", "1 2026-11-23 2108"},
        {"2026/11/23 00:35", "1 2026-11-23 2100"},
        {"20261123-003508", "1 2026-11-23 2108"},
        {"20261123T003508Z", "1 2026-11-23 2108 zone 0"},
        {"20261123_003508.5", "1 2026-11-23 2108.5"},
        {"20261123 003508", "1 2026-11-23 2108"},
        {"23.11.2026 00:35:08", "1 2026-11-23 2108"},
        {"23/11/2026 00:35:08", "1 2026-11-23 2108"},
        {"11/23/2026 12:35:08 AM", "1 2026-11-23 2108"},
        {"11/23/2026 12:35:08 PM", "1 2026-11-23 45308"},
        {"11/23/2026 01:35:08pm", "1 2026-11-23 48908"},
        {"Mon Nov 23 00:35:08 UTC 2026", "1 2026-11-23 2108 zone 0"},
        {"Mon Nov 23 00:35:08 CET 2026", "1 2026-11-23 2108 zone 3600"},
        {"Mon Nov 23 00:35:08 XYZ 2026", "1 2026-11-23 2108"},
        {"Mon, 23 Nov 2026 00:35:08 -0500", "1 2026-11-23 2108 zone -18000"},
        {"Mo 23. Nov 00:35:08 CET 2026", "1 2026-11-23 2108 zone 3600"},
        {"mar. 24 nov. 2026 00:35:08 UTC", "1 2026-11-24 2108 zone 0"},
        {"mar. 24 mars 2026 00:35:08 UTC", "1 2026-3-24 2108 zone 0"},
        {"Mo 23. M\xe4r 00:35:08 UTC 2026", "1 2026-3-23 2108 zone 0"},
        {"2026年 11月 23日 星期一 00:35:08 UTC", "1 2026-11-23 2108 zone 0"},
        {"2026\xc4\xea"
         "11\xd4\xc2"
         "23\xc8\xd5 00:35:08",
         "1 2026-11-23 2108"},
        {"2026年11月23日 00:35:08", "1 2026-11-23 2108"},
        {"2026年11月23日00:35:08", "1 2026-11-23 2108"},
        {"2026年11月2026年 00:35:08", "-"},
        {"Feb 29 00:00:00", "2 -1-2-29 0"},
        {"1732320000", "0 1732320000"},
        {"1732320000.123", "0 1732320000"},
        {"@1732320000", "0 1732320000"},
        {"1732320000123", "0 1732320000"},
        {"1732320000123456", "0 1732320000"},
        {"1732320000123456789", "0 1732320000"},
        {"00:35:08", "3 2108"},
        {"0:35", "3 2100"},
        {"100:00:02", "3 360002"},
        {"00:00:02.5", "3 2.5"},
        {"12.345678", "4 12.345678"},
        {"0", "4 0"},
        /* Not times. */
        {"", "-"},
        {" ", "-"},
        {":", "-"},
        {"12:", "-"},
        {"n1", "-"},
        {"Nov 23", "-"},
        {"mar 23 chn 2026 13:07:09 UTC", "-"}, /* Tuesday in Aragonese */
        {"Nov 32 00:35:08", "-"},
        {"2026-13-01 00:00:00", "-"},
        {"2026-11-31x 00:00:00", "-"},
        {"26-11-23 00:35:08", "-"},
        {"00:60:00", "-"},
        {"00:00:61", "-"},
        {"13:00:00 AM", "-"},
        {"25:00:00 Nov 23", "-"},
        {"Nov 23 00:35:08 00:35:09", "-"},
        {"123456789", "-"},
        {"12345678901", "-"},
        {"99999999999999999999999", "-"},
        {"2569-11-23 00:35:08", "-"},
        {"a b c d e 00:35:08 Nov 23", "-"},
        {"2026-11-23T00:35:08+99:00", "-"},
        {"decompressing 23 00:35:08", "-"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(stamps); i++) {
        if (strcmp(stamp_text(stamps[i].text), stamps[i].want) != 0)
            print_message("stamp '%s'\n", stamps[i].text);
        assert_string_equal(stamp_text(stamps[i].text), stamps[i].want);
    }
}

static void days_are_those_of_the_calendar(void **state)
{
    (void)state;
    assert_true(timestamp_days_s(1970, 1, 1) == 0);
    assert_true(timestamp_days_s(2000, 2, 29) == 951782400);
    assert_true(timestamp_days_s(2000, 3, 1) == 951868800);
    assert_true(timestamp_days_s(2026, 11, 23) == 1795392000);
    assert_true(timestamp_days_s(2100, 3, 1) - timestamp_days_s(2100, 2, 28) == 86400);
}

/* Passes stamps to one clock. Returns the time of the last. */
static struct log_time last_time(const char *const *texts, size_t count, int year, bool on_row)
{
    struct timestamp_clock clock = {0};
    struct log_time time = {.s = NAN};
    for (size_t i = 0; i < count; i++) {
        struct timestamp stamp;
        assert_true(timestamp_read(texts[i], texts[i] + strlen(texts[i]), &stamp));
        time = timestamp_clock_set(&clock, &stamp, year, on_row);
    }
    return time;
}

#define LAST(year, on_row, ...)                                                                                        \
    last_time((const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})), year, on_row)

static void stamps_mean_times_together(void **state)
{
    (void)state;
    /* Skipped years: the log's year, the year of the previous dates, and the next year after New Year. */
    assert_true(LAST(0, false, "Nov 23 00:00:00").s == timestamp_days_s(2000, 11, 23));
    assert_true(LAST(2026, false, "Nov 23 00:00:00").s == timestamp_days_s(2026, 11, 23));
    assert_true(LAST(2026, false, "Dec 31 23:59:59", "Jan 1 00:00:00").s == timestamp_days_s(2027, 1, 1));
    assert_true(LAST(2026, false, "Dec 31 23:59:59", "Jan 1 00:00:00", "Dec 31 23:59:59").s ==
                timestamp_days_s(2026, 12, 31) + 86399);
    assert_true(LAST(0, false, "2026-11-23 00:00:00", "Nov 24 00:00:00").s == timestamp_days_s(2026, 11, 24));
    /* Zones. */
    assert_true(LAST(0, false, "2026-11-23T01:00:00+01:00").s == timestamp_days_s(2026, 11, 23));
    assert_false(LAST(0, false, "2026-11-23T01:00:00+01:00").is_local);
    assert_true(LAST(0, false, "2026-11-23T01:00:00").is_local);
    /* Times of day wrap at midnight; elapsed times do not. */
    assert_true(LAST(0, false, "23:59:59", "00:00:01").s == timestamp_days_s(2000, 1, 2) + 1);
    assert_true(LAST(0, false, "23:59:59", "00:00:01", "23:59:58").s == timestamp_days_s(2000, 1, 1) + 86398);
    assert_true(LAST(0, false, "00:00:00", "00:00:05", "00:00:10").s == 10);
    assert_false(LAST(0, false, "00:00:00", "00:00:05").is_epoch);
    /* ts -i: each time counts from the previous one. */
    assert_true(LAST(0, false, "00:00:02", "00:00:00", "00:00:02", "00:00:00").s == 4);
    assert_true(LAST(0, true, "00:00:00", "00:00:05", "00:00:05", "00:00:05").s == 15);
    /* But times that increase by 1 count from the start. */
    assert_true(LAST(0, true, "00:00:00", "00:00:01", "00:00:02", "00:00:02").s == 2);
}

static void labels_are_distinguished_from_times_and_other_words(void **state)
{
    static const struct {
        const char *text, *label;
        bool has_stamp;
    } prefixes[] = {
        {"0: ", "0", false},
        {" 7: ", "7", false},
        {"007: ", "007", false},
        {"P0 0: ", "P0 0", false},
        {"P1  12: ", "P1  12", false},
        {"node1: ", "node1", false},
        {"node1.cluster.de: ", "node1.cluster.de", false},
        {"node1\t", "node1", false},
        {"two words\t", "two words", false},
        {"node1.log:", "node1.log", false},
        {"node1.log:12:", "node1.log", false},
        {"12:", "", false},
        {"Nov 23 00:35:08 ", "", true},
        {"Nov 23 00:35:08 node1: ", "node1", true},
        {"Nov 23 00:35:08 0: ", "0", true},
        {"Nov 23 00:35:08 P0 3: ", "P0 3", true},
        {"Nov 23 00:35:08 node1 free[12]: ", "node1", true},
        {"node1: Nov 23 00:35:08 ", "node1", true},
        {"node1: 1732320000.5 ", "node1", true},
        {"[2026-11-23 00:35:08] ", "", true},
        {"some words that stand here ", "", false},
        {"some words: ", "", false},
        {"", "", false},
        {"\t", "", false},
        {": ", "", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        struct line_prefix prefix;
        const char *text = prefixes[i].text;
        char label[64];
        line_prefix_read(text, text + strlen(text), &prefix);
        snprintf(label, sizeof label, "%.*s", (int)(prefix.label_end - prefix.label), prefix.label);
        if (strcmp(label, prefixes[i].label) != 0 || prefix.has_stamp != prefixes[i].has_stamp)
            print_message("prefix '%s'\n", text);
        assert_string_equal(label, prefixes[i].label);
        assert_int_equal(prefix.has_stamp, prefixes[i].has_stamp);
    }
}

static void numbers_have_units_and_decimal_marks(void **state)
{
    static const struct {
        const char *text;
        double value, resolution;
        int power;
        bool is_binary;
    } numbers[] = {
        {"0", 0, 1, -1, false},
        {"-1000", -1000, 1, -1, false},
        {"8.7Mi", 8.7, 0.1, 2, true},
        {"8,7Mi", 8.7, 0.1, 2, true},
        {"540G", 540, 1, 3, false},
        {"0B", 0, 1, 0, false},
        {"0.0Ki", 0, 0.1, 1, true},
        {"1.5k", 1.5, 0.1, 1, false},
        {"3MB", 3, 1, 2, false},
        {"3MiB", 3, 1, 2, true},
        {"1E", 1, 1, 6, false},
        {"18446744073709551615", 1.8446744073709552e19, 1, -1, false},
        {"9007199254740992", 9007199254740992.0, 1, -1, false},
    };
    static const char *const none[] = {"",
                                       "-",
                                       ".",
                                       ".5",
                                       "5.",
                                       "1.2.3",
                                       "1e3",
                                       "0x10",
                                       "12x4",
                                       "1 2",
                                       "nan",
                                       "inf",
                                       "5Z",
                                       "5ii",
                                       "5iB",
                                       "5BB",
                                       "123456789012345678901",
                                       "1.123456789012345678901",
                                       "--5",
                                       "+5"};
    struct number number;
    (void)state;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const char *text = numbers[i].text;
        assert_true(number_read(text, text + strlen(text), &number));
        assert_true(number.value == numbers[i].value);
        assert_true(fabs(number.resolution - numbers[i].resolution) < 1e-12);
        assert_int_equal(number.power, numbers[i].power);
        assert_int_equal(number.is_binary, numbers[i].is_binary);
    }
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(number_read(none[i], none[i] + strlen(none[i]), &number));
    assert_true(number_factor(1024, 0) == 1 && number_factor(1000, 3) == 1e9);
}

static void rows_end_where_their_numbers_do(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        enum freelog_row_end end;
        double last;
        const char *rest;
    } rows[] = {
        {"", 0, FREELOG_ROW_END, 0, ""},
        {" 1 2\t3", 3, FREELOG_ROW_END, 3, ""},
        {" 1 -2", 2, FREELOG_ROW_END, -2, ""},
        {"1 2 Nov", 2, FREELOG_ROW_TEXT, 2, "Nov"},
        {"1 - 2", 1, FREELOG_ROW_TEXT, 1, "- 2"},
        {"1 2x4 5", 1, FREELOG_ROW_BROKEN, 1, "2x4 5"},
        {"1 2 3 4 5 6 7 8 9", 8, FREELOG_ROW_TEXT, 8, "9"},
        {"3.0Gi 540G", 2, FREELOG_ROW_END, 540e9, ""},
        {"123456789012345678901234", 1, FREELOG_ROW_END, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct row_values values;
        const char *text = rows[i].text, *end = text + strlen(text);
        row_values_read(text, end, 1, 1000, &values);
        assert_int_equal(values.count, rows[i].count);
        assert_int_equal(values.end, rows[i].end);
        assert_string_equal(values.rest, rows[i].rest);
        assert_true(values.count == 0 || values.bytes[values.count - 1] == rows[i].last);
    }
}

static void numbers_that_stick_together_are_separated(void **state)
{
    static const char row[] = "540625547264120625547264420000000000 11111111111", pair[] = "9999999999990000000000001";
    struct row_values values;
    (void)state;
    row_values_read(row, row + sizeof row - 1, 1, 1024, &values);
    assert_non_null(values.glued);
    assert_true(row_values_unglue(&values, 4, 1, 0));
    assert_true(values.bytes[0] == 540625547264 && values.bytes[1] == 120625547264 && values.bytes[2] == 420000000000 &&
                values.bytes[3] == 11111111111);
    row_values_read(pair, pair + sizeof pair - 1, 1, 1024, &values);
    assert_true(row_values_unglue(&values, 2, 1, 999999999999 + 1));
    assert_true(values.bytes[0] == 999999999999 && values.bytes[1] == 1);
    /* No split of the digits adds up. */
    row_values_read(pair, pair + sizeof pair - 1, 1, 1024, &values);
    assert_false(row_values_unglue(&values, 2, 1, 5));
    assert_int_equal(values.count, 1);
}

static void messages_of_slurm_are_marks_or_noise(void **state)
{
    static const struct {
        const char *line, *text, *node;
        enum log_event kind;
    } events[] = {
        {"slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some", "out of memory StepId=7.0", NULL,
         LOG_EVENT_MARK},
        {"slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch cgroup", "out of memory StepId=7.batch",
         NULL, LOG_EVENT_MARK},
        {"slurmstepd: error: *** STEP 7.0 ON n1 CANCELLED AT 2024-05-04T12:00:02 DUE TO TIME LIMIT ***",
         "cancelled: TIME LIMIT", "n1", LOG_EVENT_MARK},
        {"slurmstepd: error: *** JOB 7 ON n[1-3] CANCELLED AT 2024-05-04T12:00:02 ***", "cancelled", "n[1-3]",
         LOG_EVENT_MARK},
        {"srun: Job step aborted: Waiting up to 32 seconds for job step to finish.", "", NULL, LOG_EVENT_NOISE},
        {"my program: oom_kill CANCELLED AT noon", "", NULL, LOG_EVENT_NONE},
        {"", "", NULL, LOG_EVENT_NONE},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(events); i++) {
        struct log_event_text event;
        const char *line = events[i].line;
        assert_int_equal(log_event_read(line, line + strlen(line), &event), events[i].kind);
        if (events[i].kind != LOG_EVENT_MARK)
            continue;
        assert_string_equal(event.text, events[i].text);
        assert_int_equal(event.node != NULL, events[i].node != NULL);
        assert_true(event.node == NULL ||
                    strncmp(event.node, events[i].node, (size_t)(event.node_end - event.node)) == 0);
    }
}

static void screens_of_watch_are_distinguished_from_colours(void **state)
{
    static const char *const screens[] = {"\033[?1049h", "\033[?47h", "\033[3;1H",
                                          "\033[12d",    "\033[5G",   "x\033[m\033[10;20Hy"};
    static const char *const others[] = {
        "", "\033", "\033[", "\033[H\033[2J", "\033[01;31m\033[KMem\033[m", "\033]0;title\a", "\033(B"};
    char plain[64];
    (void)state;
    for (size_t i = 0; i < COUNT(screens); i++)
        assert_true(log_event_is_watch(screens[i], screens[i] + strlen(screens[i])));
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(log_event_is_watch(others[i], others[i] + strlen(others[i])));
    static const char coloured[] = "\033]0;title\a\033[01;31m\033[KMem\033[m:\033(B 1\033";
    size_t length = log_event_strip(coloured, coloured + sizeof coloured - 1, plain);
    assert_int_equal(length, 6);
    assert_memory_equal(plain, "Mem: 1", 6);
}

static void digits_may_be_in_groups(void **state)
{
    static const struct {
        const char *text;
        double value;
        int marks;
    } groups[] = {{"65,000,000", 65e6, 2},
                  {"64.000", 64000, 1},
                  {"1'000", 1000, 1},
                  {"1_000_000_000", 1e9, 3},
                  {"8\xe2\x80\xaf"
                   "000",
                   8000, 1},
                  {"0,123", 123, 1}};
    static const char *const none[] = {"",         ",",    "1000",      "1,00",   "1,0000",
                                       "1000,000", ",000", "1,000.000", "1,000,", "1,000k"};
    struct number_groups found;
    (void)state;
    for (size_t i = 0; i < COUNT(groups); i++) {
        assert_true(number_read_groups(groups[i].text, groups[i].text + strlen(groups[i].text), &found));
        assert_true(found.value == groups[i].value);
        assert_int_equal(found.marks, groups[i].marks);
    }
    for (size_t i = 0; i < COUNT(none); i++)
        assert_false(number_read_groups(none[i], none[i] + strlen(none[i]), &found));
}

static void quotes_are_removed(void **state)
{
    static const struct {
        const char *text, *want;
    } lines[] = {
        {"\"Mem: 1\"", " Mem: 1 "},
        {"'Mem: 1'", "Mem: 1"},
        {"a\\nb\\tc\\\\d", "a\nb c\\d"},
        {"{\"log\":\"Mem: 1 2\\n\",\"t\":\"now\"}", "{ log :  , t : now } Mem: 1 2\n"},
        {"{\"", "{ "},
        {"\\", "\\"},
    };
    char plain[64];
    (void)state;
    static const char plain_row[] = "Mem: 1";
    assert_false(line_quotes_has(plain_row, plain_row + sizeof plain_row - 1));
    assert_false(line_quotes_has(NULL, NULL));
    for (size_t i = 0; i < COUNT(lines); i++) {
        const char *text = lines[i].text, *end = text + strlen(text);
        assert_int_equal(line_quotes_strip(text, end, plain), strlen(lines[i].want));
        assert_memory_equal(plain, lines[i].want, strlen(lines[i].want));
    }
}

static void files_are_recognized_by_their_beginning(void **state)
{
    (void)state;
    unsigned long line;
    assert_null(hint_find(NULL, 0, NULL, &line));
    assert_null(hint_find("x", 1, NULL, &line));
    assert_null(hint_find("Mem: 1\n", 7, NULL, &line));
    assert_non_null(hint_find("PK\x03\x04", 4, NULL, &line));
    assert_non_null(hint_find("M\0\0\0e\0\0\0", 8, NULL, &line));
    assert_non_null(hint_find("# by me\ntime,load\n", 18, NULL, &line));
    assert_int_equal(line, 2);
    const char text[] = "time,used\n10:00:00,1,2\n";
    assert_non_null(hint_find(text, sizeof text - 1, NULL, &line));
    assert_int_equal(line, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stamps_are_read),
        cmocka_unit_test(days_are_those_of_the_calendar),
        cmocka_unit_test(stamps_mean_times_together),
        cmocka_unit_test(labels_are_distinguished_from_times_and_other_words),
        cmocka_unit_test(numbers_have_units_and_decimal_marks),
        cmocka_unit_test(rows_end_where_their_numbers_do),
        cmocka_unit_test(numbers_that_stick_together_are_separated),
        cmocka_unit_test(messages_of_slurm_are_marks_or_noise),
        cmocka_unit_test(digits_may_be_in_groups),
        cmocka_unit_test(quotes_are_removed),
        cmocka_unit_test(files_are_recognized_by_their_beginning),
        cmocka_unit_test(screens_of_watch_are_distinguished_from_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
