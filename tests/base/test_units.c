/* SPDX-License-Identifier: MIT */
/* Unit tests of units: numbers, sizes and times are read and printed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/units.h"
#include "unit.h"

#define GIB (1024.0 * 1024 * 1024)

static void numbers_are_read_whole_or_refused(void **state)
{
    static const struct {
        const char *text;
        double number;
    } good[] = {{"2", 2}, {"0.5", 0.5}, {".5", 0.5}, {"-3", -3}, {"1e3", 1000}, {"+7", 7}, {"0", 0}};
    static const char *const bad[] = {"",    " 1", "1 ",  "nan", "inf", "-inf", "1e400", "0x10",
                                      "1,5", "2s", "--1", "e5",  ".",   "-",    "1e",    "NaN(1)"};
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        double number = NAN;
        assert_true(parse_number(good[i].text, &number));
        assert_true(number == good[i].number);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        double number = 42;
        assert_false(parse_number(bad[i], &number));
        assert_true(number == 42); /* unchanged */
    }
}

static void sizes_need_a_unit(void **state)
{
    double bytes = 0;
    (void)state;
    assert_true(parse_size("32G", &bytes) && bytes == 32 * GIB);
    assert_true(parse_size("29.5 GiB", &bytes) && bytes == 29.5 * GIB);
    assert_true(parse_size("29.5gi", &bytes) && bytes == 29.5 * GIB);
    assert_true(parse_size("500MB", &bytes) && bytes == 5e8);
    assert_true(parse_size("4000M", &bytes) && bytes == 4000 * 1024.0 * 1024);
    assert_true(parse_size("0", &bytes) && bytes == 0);
    assert_true(parse_size("12B", &bytes) && bytes == 12);
    static const char *const bad[] = {"32", "-1G", "G", "32X", "32GiBs", "", "1e308P", "32 G "};
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_false(parse_size(bad[i], &bytes));
}

static void percentages_need_their_sign(void **state)
{
    double percent = 0;
    (void)state;
    assert_true(parse_percent("90%", &percent) && percent == 90);
    assert_true(parse_percent("99.5 %", &percent) && percent == 99.5);
    assert_false(parse_percent("90", &percent));
    assert_false(parse_percent("-1%", &percent));
    assert_false(parse_percent("%", &percent));
}

static void times_are_read_in_all_spellings(void **state)
{
    static const struct {
        const char *text;
        double seconds;
    } good[] = {{"90", 90},   {"1.5", 1.5},   {"1:30", 90}, {"1:30:00", 5400}, {"0:00.5", 0.5},  {"90s", 90},
                {"15m", 900}, {"15min", 900}, {"2h", 7200}, {"1d", 86400},     {"100:00", 6000}, {"0", 0}};
    static const char *const bad[] = {"",   ":",    "1:", ":30",   "1:60", "1:99:00", "1:2:3:4", "-5",
                                      "-0", "1:-5", "5x", "1:5e1", "nan",  "1::2",    "1:2.5:3", "1e999"};
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        double seconds = NAN;
        assert_true(parse_time(good[i].text, &seconds));
        assert_true(seconds == good[i].seconds);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        double seconds;
        assert_false(parse_time(bad[i], &seconds));
    }
}

static void units_are_found_by_any_spelling(void **state)
{
    (void)state;
    assert_string_equal(unit_find("gib")->name, "GiB");
    assert_string_equal(unit_find("G")->name, "GiB");
    assert_string_equal(unit_find("Ti")->name, "TiB");
    assert_string_equal(unit_find("KB")->name, "kB");
    assert_string_equal(unit_find("B")->name, "B");
    assert_true(unit_find("GB")->bytes == 1e9);
    assert_null(unit_find(""));
    assert_null(unit_find("GiBi"));
    assert_null(unit_find("x"));
    assert_string_equal(unit_for(0)->name, "B");
    assert_string_equal(unit_for(1023)->name, "B");
    assert_string_equal(unit_for(GIB)->name, "GiB");
    assert_string_equal(unit_for(GIB - 1)->name, "MiB");
    assert_string_equal(unit_for(1e300)->name, "PiB");
}

static void quantities_keep_what_matters(void **state)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {{247.84, "247.8"},  {27.6, "27.6"},    {32, "32"},         {0.0414, "0.041"},
                {0, "0"},           {999.94, "999.9"}, {999.97, "1000"},   {0.9999, "1"},
                {12345.6, "12346"}, {-3.25, "-3.2"},   {1e-12, "1.0e-12"}, {0.5, "0.5"}};
    char text[32];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        format_quantity(text, sizeof text, rows[i].value);
        assert_string_equal(text, rows[i].text);
    }
}

static void sizes_too_small_for_the_unit_get_their_own(void **state)
{
    static const struct {
        double value, unit_size;
        const char *unit, *text;
    } rows[] = {{27.6 * GIB, GIB, "GiB", "27.6 GiB"}, {0.39 * GIB, GIB, "GiB", "0.39 GiB"},
                {51200, GIB, "GiB", "50 KiB"},        {-51200, GIB, "GiB", "-50 KiB"},
                {51200, 1e9, "GB", "50 KiB"},         {51200, GIB, "parts", "0.000048 parts"},
                {51200, 1e9, "GiB", "0.000051 GiB"}, /* only a label; the scale differs */
                {0.001, 1, "%", "0.001 %"},           {0, GIB, "GiB", "0 GiB"},
                {0.001, 1, "B", "0.001 B"},           {3, 1, "", "3"}};
    char text[64];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        format_size(text, sizeof text, rows[i].value, rows[i].unit_size, rows[i].unit);
        assert_string_equal(text, rows[i].text);
    }
    assert_int_equal(format_decimals(29.6), 1);
    assert_int_equal(format_decimals(0), 1);
    assert_int_equal(format_decimals(1500), 0);
    assert_int_equal(format_decimals(0.5), 2);
    assert_int_equal(format_decimals(1e-30), 6);
}

static void clocks_and_durations_read_well(void **state)
{
    static const struct {
        double seconds;
        const char *clock, *duration;
    } rows[] = {
        {0, "0:00", "0 s"},           {0.5, "0:01", "0.5 s"},
        {5, "0:05", "5 s"},           {59.7, "1:00", "1 min"},
        {61, "1:01", "1 min 1 s"},    {154, "2:34", "2 min 34 s"},
        {754, "0:12:34", "13 min"},   {6742, "1:52:22", "1 h 52 min"},
        {7200, "2:00:00", "2 h"},     {273906, "3d 4:05:06", "3 d 4 h"},
        {86400, "1d 0:00:00", "1 d"},
    };
    char text[32];
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        format_clock(text, sizeof text, rows[i].seconds);
        assert_string_equal(text, rows[i].clock);
        format_duration(text, sizeof text, rows[i].seconds);
        assert_string_equal(text, rows[i].duration);
    }
}

static void moments_are_elapsed_or_of_the_day(void **state)
{
    const double epoch_s = 1732402500; /* 23 November 2024, 22:55 UTC */
    char text[64];
    (void)state;
    format_moment(text, sizeof text, 4523.2, NAN, 0);
    assert_string_equal(text, "1:15:23");
    format_moment(text, sizeof text, 60, epoch_s, 0);
    assert_string_equal(text, "22:56:00");
    format_moment(text, sizeof text, 4523.2, epoch_s, 0);
    assert_string_equal(text, "Nov 24 00:10:23");
    format_moment(text, sizeof text, 4523.2, epoch_s, 3600);
    assert_string_equal(text, "Nov 24 01:10:23");
    format_moment(text, sizeof text, 4523.2, epoch_s, 7200); /* local time begins on the 24th */
    assert_string_equal(text, "02:10:23");
    /* Times of day without a date count days. */
    format_moment(text, sizeof text, 86400 + 1740, 946684800, 0);
    assert_string_equal(text, "+1 d 00:29:00");
    assert_false(clock_has_date(946684800));
    assert_true(clock_has_date(epoch_s) && clock_has_date(1000));
    /* Impossible clocks. */
    format_moment(text, sizeof text, 60, 1.7e308, 0);
    assert_string_equal(text, "1:00");
    /* The zone's offset is that of each time: summer time ends at 1 o'clock UTC on 25 October 2026. */
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    format_moment(text, sizeof text, 3 * 3600, 1792886400, NAN);
    assert_string_equal(text, "04:00:00");
    setenv("TZ", "UTC", 1);
    tzset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read_whole_or_refused),
        cmocka_unit_test(sizes_need_a_unit),
        cmocka_unit_test(percentages_need_their_sign),
        cmocka_unit_test(times_are_read_in_all_spellings),
        cmocka_unit_test(units_are_found_by_any_spelling),
        cmocka_unit_test(quantities_keep_what_matters),
        cmocka_unit_test(sizes_too_small_for_the_unit_get_their_own),
        cmocka_unit_test(moments_are_elapsed_or_of_the_day),
        cmocka_unit_test(clocks_and_durations_read_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
