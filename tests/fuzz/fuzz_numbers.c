/* SPDX-License-Identifier: MIT */
/* fuzz_numbers: passes a text to all functions that turn text into a number, a time, a unit or a name. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "freelog/line_prefix.h"
#include "freelog/line_scan.h"
#include "freelog/log_event.h"
#include "freelog/number.h"
#include "freelog/parser.h"
#include "freelog/row_values.h"
#include "freelog/timestamp.h"
#include "fuzz.h"
#include "load/load.h"

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_numbers: %s\n", what);
        abort();
    }
}

/* Passes text with a NUL at its end to the functions for user input. */
static void read_written(const char *text)
{
    double value = NAN;
    const struct unit *unit = unit_find(text);
    must(unit == NULL || unit->bytes >= 1, "a unit of nothing");
    must(!parse_number(text, &value) || isfinite(value), "a number that is none");
    value = 0;
    must(!parse_size(text, &value) || (isfinite(value) && value >= 0), "a size that is none");
    value = 0;
    must(!parse_percent(text, &value) || (isfinite(value) && value >= 0), "a percentage that is none");
    value = 0;
    must(!parse_time(text, &value) || (isfinite(value) && value >= 0), "a time that is none");
    must(freelog_column_find(text) <= FREELOG_COLUMN_COUNT, "a column that is none");
    char written[64];
    if (parse_number(text, &value)) {
        format_quantity(written, sizeof written, value);
        format_clock(written, sizeof written, fabs(value));
        format_duration(written, sizeof written, fabs(value));
    }
}

static void read_stamps(const char *at, const char *end)
{
    struct timestamp stamp;
    struct timestamp_clock clock = {0};
    for (const char *from = at; from <= end && from < at + 4; from++)
        if (timestamp_read(from, end, &stamp)) {
            must(isfinite(stamp.time_s) && stamp.time_s >= 0, "a time of a stamp that is none");
            must(stamp.kind == TIMESTAMP_EPOCH || stamp.kind == TIMESTAMP_CLOCK || stamp.kind == TIMESTAMP_SECONDS ||
                     (stamp.month >= 1 && stamp.month <= 12 && stamp.day >= 1 && stamp.day <= 31),
                 "a date that is none");
            must(isfinite(timestamp_clock_set(&clock, &stamp, 2026, from > at).s), "a time that is no number");
        }
}

/* Checks that the values are on the line in order. */
static void check_values(const struct row_values *values, const char *at, const char *end)
{
    must(values->count <= ROW_VALUES_MAX, "more values than fit");
    for (size_t i = 0; i < values->count; i++) {
        must(values->from[i] >= at && values->from[i] < values->to[i] && values->to[i] <= end,
             "a value outside of its line");
        must(isfinite(values->bytes[i]), "a value that is no number");
        at = values->to[i];
    }
    must(values->rest >= at && values->rest <= end, "a rest outside of its line");
}

static void read_values(const char *at, const char *end)
{
    struct number number;
    struct row_values values;
    if (number_read(at, end, &number))
        must(isfinite(number.value) && number.power >= -1 && number.power <= 6, "a number that is none");
    row_values_read(at, end, 1024, 1000, &values);
    check_values(&values, at, end);
    for (size_t want = 2; want <= ROW_VALUES_MAX; want++) {
        struct row_values cut = values;
        double sum = values.count > 0 ? values.bytes[0] : 0;
        if (row_values_unglue(&cut, want, 1024, sum)) {
            must(cut.count == want, "another count of values than was wanted");
            check_values(&cut, at, end);
        }
    }
}

static void read_line(const char *at, const char *end)
{
    struct line_part part;
    struct line_prefix prefix;
    struct log_event_text event;
    const char *label, *label_end, *rest;
    if (line_scan_part(at, end, 0, &part)) {
        must(part.at >= at && part.at <= end && part.rest >= part.at && part.rest <= end, "a part outside of its line");
        must(part.kind != LINE_PART_HEADER || (part.layout.count <= FREELOG_HEADINGS_MAX && part.header_end <= end),
             "a header outside of its line");
    }
    if (line_scan_unknown_row(at, end, &part))
        must(part.at >= at && part.at < part.rest && part.rest <= end, "an unknown row outside of its line");
    const char *last = line_scan_last_words(at, end, 3);
    must(last == NULL || (last >= at && last < end), "words outside of their line");
    (void)line_scan_like_header(at, end);
    line_prefix_read(at, end, &prefix);
    must(prefix.label >= at && prefix.label <= prefix.label_end && prefix.label_end <= end,
         "a label outside of its line");
    if (line_prefix_lead(at, end, &label, &label_end, &rest))
        must(label >= at && label < label_end && label_end < rest + 1 && rest <= end,
             "a leading label outside of its line");
    if (log_event_read(at, end, &event) == LOG_EVENT_MARK)
        must(strlen(event.text) < LOG_EVENT_MAX, "an event too long");
    char *plain = malloc((size_t)(end - at) + 1);
    must(plain != NULL, "out of memory");
    must(log_event_strip(at, end, plain) <= (size_t)(end - at), "more bytes than before");
    (void)log_event_is_watch(at, end);
    free(plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    must(text != NULL, "out of memory");
    memcpy(text, data, size);
    text[size] = '\0';
    read_written(text);
    /* The parser gets lines without a NUL, in memory of exactly their size. */
    size_t length = strcspn(text, "\n");
    char *line = malloc(length == 0 ? 1 : length);
    must(line != NULL, "out of memory");
    memcpy(line, text, length);
    read_stamps(line, line + length);
    read_values(line, line + length);
    read_line(line, line + length);
    free(line);
    free(text);
    return 0;
}
