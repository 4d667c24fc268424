/* SPDX-License-Identifier: MIT */
/* log_header: reads the keys, values and percent encoding of "# memtrace" lines. */
#include "log_header.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/serialize.h"
#include "base/units.h"
#include "number.h"
#include "text.h"

#define KEY_MAX   64
#define VALUE_MAX 1024

/* Returns true if a line has a key. Some keys begin a run, others occur during it. */
static bool has_key(const char *at, const char *end, const char *key)
{
    return text_find(at, end, key) != NULL;
}

/* Returns the year of a clock, for stamps that have none. */
static int year_of(const char *at, const char *end)
{
    struct number number;
    if (!number_read(at, end, &number) || number.power >= 0 || number.value < 0)
        return 0;
    int year = 1970 + (int)(number.value < 1e10 ? number.value / (365.2425 * 86400) : 0);
    while (timestamp_days_s(year + 1, 1, 1) <= number.value && year < 2199)
        year++;
    while (timestamp_days_s(year, 1, 1) > number.value)
        year--;
    return year;
}

/* Returns true if the number of a key is plausible: times until the year 5138, intervals between a millisecond and
 * three years. Also true for text that is not a number, which is checked elsewhere; false for "nan", "inf", "1e400". */
static bool is_in_range(const char *key, const char *value)
{
    bool is_time = strcmp(key, "start") == 0 || strcmp(key, "end") == 0, is_interval = strcmp(key, "interval") == 0;
    double number;
    if (!(is_time || is_interval))
        return true;
    if (!parse_number(value, &number))
        return isfinite(strtod(value, NULL));
    return is_time ? number >= 0 && number <= 1e11 : number >= 1e-3 && number <= 1e8;
}

/* Returns the node that a header on its own line names: a file may contain the logs of several hosts, one after the
 * other. */
static struct record_builder *find_stream(struct line_classifier *log, struct record_builder *stream, const char *at,
                                          const char *end)
{
    char host[sizeof log->host];
    const char *word = text_find(at, end, " host=");
    if (stream != log->current || word == NULL)
        return stream;
    word += 6;
    serialize_percent_decode(word, text_word_end(word, end), host, sizeof host);
    size_t length = strlen(host);
    if (length == 0)
        return stream;
    if (log->host[0] == '\0')
        memcpy(log->host, host, length + 1);
    stream = strcmp(log->host, host) == 0 ? log->plain : line_classifier_stream(log, host, host + length);
    log->current = stream == NULL ? log->current : stream;
    return log->current;
}

/* Copies a text, truncated to the maximum length of a value. */
static void copy_text(const char *at, const char *end, char value[VALUE_MAX])
{
    size_t size = (size_t)(end - at) < VALUE_MAX ? (size_t)(end - at) : VALUE_MAX - 1;
    memcpy(value, at, size);
    value[size] = '\0';
}

void log_header_read(struct line_classifier *log, struct record_builder *stream, const char *at, const char *end,
                     bool is_complete)
{
    char key[KEY_MAX], value[VALUE_MAX];
    stream = find_stream(log, stream, at, end);
    if (has_key(at, end, " start=") || has_key(at, end, " host="))
        record_builder_new_run(stream, &log->report);
    else
        record_builder_end(stream, &log->report);
    for (at = text_skip_blanks(at, end); at < end; at = text_skip_blanks(at, end)) {
        const char *word = at;
        at = text_word_end(at, end);
        if (at == end && !is_complete) {
            freelog_report_note(&log->report, FREELOG_NOTE_CUT_END, word, at);
            return;
        }
        const char *equals = memchr(word, '=', (size_t)(at - word));
        if (equals == NULL || equals - word >= KEY_MAX)
            continue;
        memcpy(key, word, (size_t)(equals - word));
        key[equals - word] = '\0';
        if (strcmp(key, "top") == 0)
            copy_text(equals + 1, at, value);
        else
            serialize_percent_decode(equals + 1, at, value, sizeof value);
        if (!is_in_range(key, value)) {
            freelog_report_note(&log->report, FREELOG_NOTE_OUT_OF_RANGE, word, at);
            continue;
        }
        if (strcmp(key, "start") == 0)
            log->year = year_of(equals + 1, at);
        if (log->report.sink.header != NULL)
            log->report.sink.header(log->report.sink.user, record_builder_name(stream), key, value);
    }
}
