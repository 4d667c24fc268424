/* SPDX-License-Identifier: MIT */
/* Unit tests of time_find: times anywhere on a line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "freelog/time_find.h"
#include "unit.h"

/* Returns the time found in a text, read from memory that ends with the text: completeness, date, time, zone, weekday,
 * and other details. */
static const char *found_text(const char *text)
{
    static char out[200];
    struct found_stamp found;
    const struct timestamp *stamp = &found.stamp;
    const char *from, *to, *end = text + strlen(text);
    if (!time_find(text, end, &found)) {
        if (!time_find_like(text, end, &from, &to))
            return "-";
        snprintf(out, sizeof out, "like %.*s", (int)(to - from), from);
        return out;
    }
    int length = snprintf(out, sizeof out, "%d", (int)found.fullness);
    if (stamp->kind == TIMESTAMP_EPOCH) {
        snprintf(out + length, sizeof out - (size_t)length, " epoch %.3f", stamp->time_s);
        return out;
    }
    if (stamp->kind != TIMESTAMP_CLOCK)
        length +=
            snprintf(out + length, sizeof out - (size_t)length, " %d-%d-%d", stamp->year, stamp->month, stamp->day);
    if (stamp->kind != TIMESTAMP_DAY)
        length += snprintf(out + length, sizeof out - (size_t)length, " %.10g", stamp->time_s);
    if (stamp->has_zone)
        length += snprintf(out + length, sizeof out - (size_t)length, " zone %g", stamp->zone_s);
    if (stamp->weekday != 0)
        length += snprintf(out + length, sizeof out - (size_t)length, " day %d", stamp->weekday);
    snprintf(out + length, sizeof out - (size_t)length, "%s%s%s", found.is_alone ? " alone" : "",
             stamp->may_swap ? " swap" : "", found.has_rival ? " rival" : "");
    return out;
}

/* Reads every beginning of a text from memory that ends with it, so that the sanitizers find an access after its end.
 */
static void read_beginnings(const char *text)
{
    for (size_t length = 1; length <= strlen(text); length++) {
        struct found_stamp found;
        const char *from, *to;
        char *copy = malloc(length);
        assert_non_null(copy);
        memcpy(copy, text, length);
        if (time_find(copy, copy + length, &found))
            assert_true(isfinite(found.stamp.time_s));
        else if (time_find_like(copy, copy + length, &from, &to))
            assert_true(from >= copy && to <= copy + length);
        free(copy);
    }
}

static void times_are_found_among_other_words(void **state)
{
    static const struct {
        const char *text, *want;
    } lines[] = {
        {"=== MEM 10:00:00 ===", "2 36000"},
        {"Sample 1: 2026-03-02 10:00:00", "5 2026-3-2 36000"},
        {"2026-03-02 10:00:00 - ", "5 2026-3-2 36000 alone"},
        {"2026-03-02 10:00:00 - INFO - memory", "5 2026-3-2 36000"},
        {"ts=1772445600", "5 epoch 1772445600.000"},
        {"2026-03-02_10-00-00", "5 2026-3-2 36000 alone"},
        {"MY DAILY NODE CHECK: Mon Mar  2 10:00:00 IST 2026", "5 2026-3-2 36000 day 1"},
        {"time=2026-03-02T10:00:00Z", "5 2026-3-2 36000 zone 0"},
        {"2026-03-02 10:00:00,123 - root - INFO - ", "5 2026-3-2 36000.123"},
        {"Mon Mar  2 10:00:00 UTC 2026: Running all hooks for the nightly suspend.", "5 2026-3-2 36000 zone 0 day 1"},
        {"Date/Time: 2026-03-02 10:00:00", "5 2026-3-2 36000"},
        {"03/02/26 10:00:00", "5 2026-3-2 36000 alone swap"},
        {" 10:00:00 up 3 days,  1:41,  2 users,  load average: 0.10, 0.05, 0.01", "2 36000"},
        {"Generated: 2026-03-02 10:00:00", "5 2026-3-2 36000"},
        {" - Mon May  4 12:00:00 AM CEST 2026", "5 2026-5-4 0 zone 7200 day 1 alone"},
        {"02-Mar-2026 10:00:00", "5 2026-3-2 36000 alone"},
        {"02-Mar-26 10:00:00", "5 2026-3-2 36000 alone"},
        {"02Mar2026 10:00", "4 2026-3-2 36000 alone"},
        {"[02/Mar/2026:10:00:00 +0100] \"GET", "5 2026-3-2 36000 zone 3600"},
        {"20260302100000", "5 2026-3-2 36000 alone"},
        {"run 20260302100000 done", "5 2026-3-2 36000"},
        {"202603021000", "4 2026-3-2 36000 alone"},
        {"20260302_100000", "5 2026-3-2 36000 alone"},
        {"20260302-1000", "4 2026-3-2 36000 alone"},
        {"260302_100000", "5 2026-3-2 36000 alone"},
        {"260302-100000", "5 2026-3-2 36000 alone"},
        {"mem-2026.03.02-10.00.00.log", "5 2026-3-2 36000"},
        {"2026-03-02 & 10:00:00", "5 2026-3-2 36000 alone"},
        {"2026-03-02 / 10:00:00", "5 2026-3-2 36000 alone"},
        {"date=2026-03-02 time=10:00:00", "5 2026-3-2 36000"},
        {"Date: 03/02/2026 Time: 10:00:00", "5 2026-2-3 36000 swap"},
        {"DATE : 2026-03-02 TIME : 10:00:00", "5 2026-3-2 36000"},
        {"10:00:00 2026-03-02", "5 2026-3-2 36000 alone"},
        {"10:00:00 02.03.2026", "5 2026-3-2 36000 alone"},
        {"at 10:00:00 on 02/03/2026", "5 2026-3-2 36000 swap"},
        {"Monday, March 2, 2026 10:00:00 AM", "5 2026-3-2 36000 day 1 alone"},
        {"Monday 02 March 2026 10:00:00 PM CET", "5 2026-3-2 79200 zone 3600 day 1 alone"},
        {"2nd March 2026 10:00:00", "5 2026-3-2 36000 alone"},
        {"March 2nd, 2026 at 10:00:00", "5 2026-3-2 36000"},
        {"2 of March 2026, 10:00", "4 2026-3-2 36000 alone"},
        {"lun. 02 mars 2026 10:00:00 CET", "5 2026-3-2 36000 zone 3600"},
        {"Mo 2. Mär 10:00:00 CET 2026", "5 2026-3-2 36000 zone 3600"},
        {"Mar 02 10:00:00 node1 free[12]: ", "3 0-3-2 36000"},
        {"top - 10:00:00 up 3 days,  1:41,  2 users,  load average: 0.10, 0.05, 0.01", "2 36000"},
        {"Iteration 17 10:00:00", "2 36000"},
        {"#17 @ 10:00:00", "2 36000"},
        {"#17 @1772445600", "5 epoch 1772445600.000"},
        {"[1772445600] sample", "0 epoch 1772445600.000"},
        {"1772445600.123", "0 epoch 1772445600.123"},
        {"1772445600123", "0 epoch 1772445600.123"},
        {"epoch: 1772445600", "5 epoch 1772445600.000"},
        {"RX bytes 1310000000 TX bytes 1410000000", "0 epoch 1310000000.000"},
        {"uptime 00:1b:44:11:3a:b7", "-"},
        {"kernel 3.10.0-1160 10.0.0.12", "like 3.10.0-1160"},
        {"version 2.34.1 built 12.04.20", "0 2020-4-12"},
        {"2026年3月2日 上午10:00:00", "5 2026-3-2 36000 alone"},
        {"2026年3月2日 下午 1:00:00", "5 2026-3-2 46800 alone"},
        {"2026年03月02日 10时00分00秒", "5 2026-3-2 36000 alone"},
        {"2026. 03. 02. (월) 10:00:00 KST", "5 2026-3-2 36000 zone 32400"},
        {"2026:03:02 10:00:00", "5 2026-3-2 36000 alone"},
        {"2026/03/02-10:00:00.123", "5 2026-3-2 36000.123 alone"},
        {"2026-03-02T10:00:00.123456+01:00", "5 2026-3-2 36000.12346 zone 3600 alone"},
        {"2026-03-02T10:00:00.123Z [INFO] memory check", "5 2026-3-2 36000.123 zone 0"},
        {"I0302 10:00:00.123456 12345 mem.go:12] ", "3 0-3-2 36000.12346"},
        {"2026-03-02 10h00", "4 2026-3-2 36000 alone"},
        {"2026-03-02 10h00m05s", "5 2026-3-2 36005 alone"},
        {"10h00m05s", "2 36005 alone"},
        {"2.3.2026 klo 10.00.30", "5 2026-3-2 36030"},
        {"10 h 00", "1 36000 alone"},
        {"2h", "0 0-0-0 7200"},
        {"1h0m5s", "0 0-0-0 3605"},
        {"elapsed: 60003 ms", "0 0-0-0 60.003"},
        {"elapsed_ms=60003", "0 0-0-0 60.003"},
        {"elapsed 5 MB", "-"},
        {"1000 hrs", "-"},
        {"[   60.000123] free", "0 0-0-0 60.000123"},
        {"uptime 1234.25 3702.50", "0 0-0-0 1234.25"},
        {"up 1234 s", "0 0-0-0 1234"},
        {"seconds since start: 60", "0 0-0-0 60"},
        {"sleeping for 60 s", "-"},
        {"took 5 min", "-"},
        {"free.out.2026.03.02.10.00.00", "5 2026-3-2 36000"},
        {"cn01_2026-03-02_100000_free", "5 2026-3-2 36000"},
        {"17/Mar/26 10:00:00", "5 2026-3-17 36000 alone"},
        {"17 Mar 26 10:00:00", "5 2026-3-17 36000 alone"},
        {"3 Mar 26 10:00:00", "3 0-3-26 36000"},
        {"03-17-26 10:00:00", "5 2026-3-17 36000 alone"},
        {"260302 10:00:00 [Note] free", "5 2026-3-2 36000"},
        {"pid 260302 10:00:00", "2 36000"},
        {"03172026 10:00:00", "5 2026-3-17 36000 alone"},
        {"10-00-00_2026-03-17", "5 2026-3-17 36000 alone"},
        {"100000_20260317", "5 2026-3-17 36000 alone"},
        {"DEBUG:17-Mar-2026 10:00:00", "5 2026-3-17 36000"},
        {"T1772445600", "5 epoch 1772445600.000"},
        {"free.1772445600", "0 epoch 1772445600.000"},
        {"3.1772445600", "-"},
        {"10:00:00:123", "2 36000.123 alone"},
        {"[3/2/26 10:00:00:123 CET] 0000 x I free", "5 2026-3-2 36000.123 zone 3600 swap"},
        {"2026-03-02 10:00:00:123", "5 2026-3-2 36000.123 alone"},
        {"10:00:00:12", "like 10:00:00:12"},
        {"T100000", "2 36000"},
        {"T10:00:00", "2 36000"},
        {"XT100000 T1000 T10000", "-"},
        {"03/02 10:00", "3 0-3-2 36000 alone swap"},
        {"14/03 10:00:00.5", "3 0-3-14 36000.5 alone"},
        {"3/20 10:00:00", "2 36000"},
        {"job 03/02 10:00:00", "2 36000"},
        {"PT1H2M3.5S", "0 0-0-0 3723.5"},
        {"elapsed PT5M", "0 0-0-0 300"},
        {"P1DT2H ", "0 0-0-0 93600"},
        {"PT PT5 PTS P1D XPT5M PT5Mx", "-"},
        {"2026-061T10:00:00Z", "5 2026-3-2 36000 zone 0 alone"},
        {"2026-W53-5T10:00", "4 2027-1-1 36000 alone"},
        {"job 2026-061", "-"},
        {"10-00-00", "like 10-00-00"},
        {"10.00.00", "like 10.00.00"},
        {"2026-03-02", "0 2026-3-2 alone"},
        {"March 2 2026", "0 2026-3-2 alone"},
        {"Fri, 02 Mar 2026 10:00:00 GMT", "5 2026-3-2 36000 zone 0 day 5 alone"},
        {"Mon Mar 2 10:00:00 2026", "5 2026-3-2 36000 day 1 alone"},
        {"Mon 02 Mar 2026 10:00:00 AM UTC", "5 2026-3-2 36000 zone 0 day 1 alone"},
        {"{\"time\": \"2026-03-02T10:00:00Z\", \"msg\": \"x\"}", "5 2026-3-2 36000 zone 0"},
        {"{\"ts\":1772445600.5,\"level\":\"info\"}", "5 epoch 1772445600.500"},
        {"<13>1 2026-03-02T10:00:00Z host app - - - ", "5 2026-3-2 36000 zone 0"},
        {"10:00:00.123456 IP", "2 36000.12346"},
        {"16:9 ratio", "like 16:9"},
        {"load 3:10", "1 11400"},
        {"root 12 0.0 10:05 0:03 python", "1 36300"},
        {"-rw-r--r-- 1 root root 123 Mar  2 09:00 file", "3 0-3-2 32400"},
        {"26-03-02 10:00:00", "5 2026-3-2 36000 alone"},
        {"26/03/02 10:00:00", "5 2026-3-2 36000 alone"},
        {"02.03.26 10:00:00", "5 2026-3-2 36000 alone"},
        {"3/2/2026 10:00:00 AM", "5 2026-3-2 36000 alone swap"},
        {"3/2/26 10:00 PM", "4 2026-3-2 79200 alone swap"},
        {"13/2/2026 10:00", "4 2026-2-13 36000 alone"},
        {"today is May", "-"},
        {"maybe 10 decays 3", "-"},
        {"Job started 2026-03-01 08:00:00, now 2026-03-02 10:00:00", "5 2026-3-1 28800 rival"},
        {"2026-03-02+10:00:00", "5 2026-3-2 36000 alone"},
        {"2026-03-02,10:00:00,foo", "5 2026-3-2 36000"},
        {"2026-03-02;10:00:00", "5 2026-3-2 36000 alone"},
        {"2026-03-02|10:00:00|x", "5 2026-3-2 36000"},
        {"node01_2026-03-02T10:00:00", "5 2026-3-2 36000"},
        {"20260302T100000Z", "5 2026-3-2 36000 zone 0 alone"},
        {"20260302 10:00:00", "5 2026-3-2 36000 alone"},
        {"2026-03-02 100000", "5 2026-3-2 36000 alone"},
        {"2026/3/2 9:05:07", "5 2026-3-2 32707 alone"},
        {"3 h 5 min", "0 0-0-0 11100"},
        {"3h 5m 7s", "0 0-0-0 11107"},
        {"10:5:0", "2 36300 alone"},
        {"2026-3-2 10:0:5", "5 2026-3-2 36005 alone"},
        {"10.05 Uhr", "1 36300"},
        {"03-02 10:00:00.500", "3 0-3-2 36000.5 alone swap"},
        {"28.02. 10:00:00 mem", "3 0-2-28 36000"},
        {"31-12 10:00:00", "3 0-12-31 36000 alone"},
        {"2026-061T10:00:00", "5 2026-3-2 36000 alone"},
        {"10:00:00 AM", "2 36000 alone"},
        {"(10:00:00)", "2 36000 alone"},
        {">>> 10:00 <<<", "1 36000 alone"},
        {"Time is 10:00", "1 36000"},
        {"Mar/02/2026 10:00:00", "5 2026-3-2 36000 alone"},
        {"Mar-02-2026 10:00:00", "5 2026-3-2 36000 alone"},
        {"2026-Mar-02 10:00:00", "5 2026-3-2 36000 alone"},
        {"2026 Mar 2 10:00:00", "5 2026-3-2 36000 alone"},
        {"Mar 2, 2026, 10:00:00 PM", "5 2026-3-2 79200 alone"},
        {"Mon 2 Mar 10:00:00 GMT 2026", "5 2026-3-2 36000 zone 0 day 1 alone"},
        {"Mon Mar  2 10:00:00 +03 2026", "5 2026-3-2 36000 zone 10800 day 1 alone"},
        {"Mon Mar  2 10:00:00 -0300 2026", "5 2026-3-2 36000 zone -10800 day 1 alone"},
        {"Mon Mar  2 10:00:00.123456789 UTC 2026", "5 2026-3-2 36000.12346 zone 0 day 1 alone"},
        {"dom 02 mar 2026 10:00:00 CET", "5 2026-3-2 36000 zone 3600"},
        {"seg 02 mar 2026 10:00:00 -03", "5 2026-3-2 36000 zone -10800"},
        {"mar 23 chn 2026 13:07:09 UTC", "2 47229 zone 0"},
        {"10:00:00-10:05:00", "2 36000"},
        {"2026-02-29 10:00:00", "2 36000"},
        {"2024-02-29 10:00:00", "5 2024-2-29 36000 alone"},
        {"2026-13-02 10:00:00", "2 36000"},
        {"25:00:00", "like 25:00:00"},
        {"10:60:00", "like 10:60:00"},
        {"generated at 10:00:00", "2 36000"},
        {"decay 10 10:00:00", "2 36000"},
        {"1.2.3.4 10:00:00", "2 36000"},
        {"eth0:10:00:00", "like 10:00:00"},
        {"100% done", "-"},
        {"1999999999999", "0 epoch 1999999999.999"},
        {"", "-"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        if (strcmp(found_text(lines[i].text), lines[i].want) != 0)
            print_message("line '%s'\n", lines[i].text);
        assert_string_equal(found_text(lines[i].text), lines[i].want);
        read_beginnings(lines[i].text);
    }
    read_beginnings("mar 23 at noon");
}

/* A date without a year, the time of the last change of the log, and the expected year. */
static void years_left_out_are_those_that_make_sense(void **state)
{
    static const struct {
        int month, day, weekday;
        int written[3], year;
    } dates[] = {
        {11, 23, 0, {2026, 11, 25}, 2026}, {11, 26, 0, {2026, 11, 25}, 2026}, {11, 27, 0, {2026, 11, 25}, 2025},
        {12, 31, 0, {2026, 1, 2}, 2025},   {2, 29, 0, {2026, 3, 1}, 2024},    {3, 1, 0, {2026, 3, 1}, 2026},
        {11, 23, 1, {2026, 11, 25}, 2026}, {11, 23, 7, {2026, 11, 25}, 2025}, {11, 23, 6, {2026, 11, 25}, 2024},
        {2, 29, 4, {2026, 3, 1}, 2024},    {1, 1, 0, {2024, 12, 31}, 2025},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(dates); i++) {
        const int *written = dates[i].written;
        const struct timestamp stamp = {.month = dates[i].month, .day = dates[i].day, .weekday = dates[i].weekday};
        assert_int_equal(timestamp_year(&stamp, timestamp_days_s(written[0], written[1], written[2])), dates[i].year);
    }
    assert_int_equal(timestamp_year(&(struct timestamp){.month = 1, .day = 1}, NAN), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_found_among_other_words),
        cmocka_unit_test(years_left_out_are_those_that_make_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
