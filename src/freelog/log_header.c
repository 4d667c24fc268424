/* log_header: owns the reading of "# memtrace" lines: keys, values, percent signs. */
#include "log_header.h"

#include "number.h"
#include "text.h"

#define KEY_MAX   64
#define VALUE_MAX 1024

static int hex_digit(char c)
{
    if (text_is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Turns %20 and the like into the bytes they stand for; NUL stays as it is. What is too long is cut. */
static void decode(const char *at, const char *end, char *value)
{
    char *out = value, *out_end = value + VALUE_MAX - 1;
    for (; at < end && out < out_end; at++, out++) {
        int high = *at == '%' && end - at > 2 ? hex_digit(at[1]) : -1;
        int low = high >= 0 ? hex_digit(at[2]) : -1;
        *out = *at;
        if (low >= 0 && high * 16 + low != 0) {
            *out = (char)(high * 16 + low);
            at += 2;
        }
    }
    *out = '\0';
}

/* The year of a clock, for stamps that have none. */
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

void log_header_read(struct line_classifier *log, struct record_builder *stream, const char *at, const char *end,
                     bool is_complete)
{
    char key[KEY_MAX], value[VALUE_MAX];
    record_builder_new_run(stream, &log->report);
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
        decode(equals + 1, at, value);
        if (strcmp(key, "start") == 0)
            log->year = year_of(equals + 1, at);
        if (log->report.sink.header != NULL)
            log->report.sink.header(log->report.sink.user, stream->label, key, value);
    }
}
