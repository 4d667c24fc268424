/* SPDX-License-Identifier: MIT */
/* vmstat: reads the rows of vmstat, recognised by their number of columns after the line of headings. */
#include <math.h>

#include "../line_scan.h"
#include "../number.h"
#include "../text.h"
#include "base/array.h"
#include "other_log.h"

static bool is_word(const char *at, const char *end, const char *word)
{
    return (size_t)(end - at) == strlen(word) && memcmp(at, word, (size_t)(end - at)) == 0;
}

/* Returns where "r b swpd free" begins, NULL if it is missing. */
static const char *find_header(const char *at, const char *end)
{
    const char *swap = text_find(at, end, " swpd "), *word = swap;
    static const char *const before[] = {"b", "r"};
    for (size_t i = 0; i < COUNT(before) && swap != NULL; i++) {
        const char *word_end = text_trim_end(at, word);
        word = word_end;
        while (word > at && !text_is_blank(word[-1]))
            word--;
        if (!is_word(word, word_end, before[i]))
            return NULL;
    }
    return swap == NULL ? NULL : word;
}

/* Learns the columns from "r b swpd free buff cache ...", and whether a date follows them. */
static void read_header(struct other_layout *layout, const char *at, const char *end)
{
    static const struct {
        const char *word;
        unsigned char meaning;
    } known[] = {
        {"swpd", FREELOG_SWAP_USED}, {"free", FREELOG_FREE}, {"buff", FREELOG_BUFFERS}, {"cache", FREELOG_CACHED}};
    static const char *const others[] = {"r",  "b",  "inact", "active", "si", "so", "bi", "bo",
                                         "in", "cs", "us",    "sy",     "id", "wa", "st", "gu"};
    *layout = (struct other_layout){.separator = ' '};
    for (; at < end && layout->count < HEADINGS_MAX; at = text_skip_blanks(text_word_end(at, end), end)) {
        const char *word_end = text_word_end(at, end);
        unsigned char meaning = HEADING_TIME;
        for (size_t i = 0; i < COUNT(others); i++)
            meaning = is_word(at, word_end, others[i]) ? HEADING_OTHER : meaning;
        for (size_t i = 0; i < COUNT(known); i++)
            meaning = is_word(at, word_end, known[i].word) ? known[i].meaning : meaning;
        if (meaning == HEADING_TIME) { /* "UTC": of the dates below */
            layout->has_time = true;
            layout->has_zone = timestamp_zone(at, word_end, &layout->zone_s);
            return;
        }
        layout->heading[layout->count++] = (struct heading){.meaning = meaning};
    }
}

/* Returns where the numbers of a row begin, after any other text; NULL if the text is not a row. */
static const char *find_row(const struct other_layout *layout, const char *at, const char *end, const char **date)
{
    size_t most = layout->has_time ? 3 : 0;
    for (size_t words = layout->has_time ? 2 : 0; words <= most; words++) {
        const char *numbers = line_scan_last_words(at, end, layout->count + words), *word = numbers;
        bool is_row = numbers != NULL;
        for (size_t i = 0; i < layout->count && is_row; i++) {
            const char *word_end = text_word_end(word, end);
            struct number number;
            is_row = number_read(word, word_end, &number);
            word = text_skip_blanks(word_end, end);
        }
        *date = word;
        if (is_row && (words == 0 || (text_is_digit(*word) && memchr(word, ':', (size_t)(end - word)) != NULL)))
            return numbers;
    }
    return NULL;
}

const char *vmstat_find(struct other_log *other, const char *at, const char *end)
{
    const char *date, *header = find_header(at, end);
    if (header != NULL || other->layout[0].count == 0)
        return header;
    return find_row(&other->layout[0], at, end, &date);
}

/* Puts the numbers of the row into the record. Their unit, that of the log, is not printed. */
static void put_row(struct other_line *line, const char *at)
{
    struct other_log *other = line->log->other;
    double unit = other->unit_bytes > 0 ? other->unit_bytes : 1024, sum = 0;
    for (size_t i = 0; i < other->layout[0].count; i++) {
        const struct heading *heading = &other->layout[0].heading[i];
        const char *word_end = text_word_end(at, line->end);
        struct number number;
        if (heading_is_column(heading) && number_read(at, word_end, &number)) {
            double factor = number.power >= 0 ? number_factor(1024, number.power) : unit;
            other_put(line, heading, number.value * factor, 1);
            other->evidence.numbers += number.value != 0;
            other->evidence.of_pages += number.value != 0 && fmod(number.value, 4) == 0;
            sum += heading->meaning == FREELOG_SWAP_USED ? 0 : number.value;
        }
        at = text_skip_blanks(word_end, line->end);
    }
    other->evidence.most = sum > other->evidence.most ? sum : other->evidence.most;
}

void vmstat_read(struct other_line *line)
{
    struct other_layout *layout = &line->log->other->layout[0];
    const char *date, *header = find_header(line->at, line->end);
    struct log_time *time = &line->own_time;
    if (header != NULL) {
        read_header(layout, header, line->end);
        return;
    }
    const char *numbers = find_row(layout, line->at, line->end, &date);
    if (numbers == NULL)
        return;
    if (layout->has_time && other_time(line, date, line->end, time)) {
        if (layout->has_zone && time->is_local) {
            time->s -= layout->zone_s;
            time->is_local = false;
        }
        line->time = time;
        line->weight = 2 * TIME_FULLNESS_DATE;
    }
    record_builder_begin(line->stream, &line->log->report, line->time, line->weight, 1024);
    line->stream->record.has_units = true; /* there is no total to infer the unit from */
    put_row(line, numbers);
    other_end_row(line);
}
