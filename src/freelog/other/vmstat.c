/* SPDX-License-Identifier: MIT */
/* vmstat: reads the rows of vmstat, recognised by their number of columns after the line of headings. */
#include <math.h>

#include "../line_scan.h"
#include "../number.h"
#include "../text.h"
#include "base/array.h"
#include "other_log.h"

#define BEFORE_SI  6 /* columns: r b swpd free buff cache */
#define BEFORE_CPU (BEFORE_SI + 6)

static bool is_word(const char *at, const char *end, const char *word)
{
    return (size_t)(end - at) == strlen(word) && memcmp(at, word, (size_t)(end - at)) == 0;
}

/* Returns where the headings "r b swpd free buff cache si so bi bo" begin, NULL if they are missing. Translations
 * differ in the first six, of which the order is the same. */
static const char *find_header(const char *at, const char *end)
{
    static const char *const after[] = {"so", "bi", "bo"};
    const char *from = text_find(at, end, " si "), *word = from == NULL ? NULL : from + strlen(" si ");
    for (size_t i = 0; i < COUNT(after) && from != NULL; i++) {
        const char *start = text_skip_blanks(word, end);
        word = text_word_end(start, end);
        if (!is_word(start, word, after[i]))
            return NULL;
    }
    for (size_t i = 0; i < BEFORE_SI && from != NULL; i++) {
        const char *word_end = text_trim_end(at, from);
        from = word_end;
        while (from > at && !text_is_blank(from[-1]))
            from--;
        if (from == word_end || text_is_digit(*from))
            return NULL;
    }
    return from;
}

/* Learns the columns from "r b swpd free buff cache ...", and whether a date follows them. */
static void read_header(struct other_layout *layout, const char *at, const char *end)
{
    static const unsigned char meanings[BEFORE_SI] = {HEADING_OTHER, HEADING_OTHER,   FREELOG_SWAP_USED,
                                                      FREELOG_FREE,  FREELOG_BUFFERS, FREELOG_CACHED};
    static const char *const caches[] = {"cach", "Cach", "кеш", "缓存", "캐시", "nhớt"};
    bool has_caches = false; /* not inactive and active memory */
    *layout = (struct other_layout){.separator = ' '};
    for (; at < end && layout->count < HEADINGS_MAX; at = text_skip_blanks(text_word_end(at, end), end)) {
        const char *word_end = text_word_end(at, end);
        size_t i = layout->count;
        if (i >= BEFORE_CPU && !text_is_high(*at) && !(*at >= 'a' && *at <= 'z')) {
            layout->has_time = true; /* "UTC": of the dates below */
            layout->has_zone = timestamp_zone(at, word_end, &layout->zone_s);
            break;
        }
        for (size_t k = 0; k < COUNT(caches) && i == BEFORE_SI - 1; k++)
            has_caches |= text_starts(at, word_end, caches[k]);
        layout->heading[layout->count++] = (struct heading){.meaning = i < BEFORE_SI ? meanings[i] : HEADING_OTHER};
    }
    for (size_t i = BEFORE_SI - 2; i < BEFORE_SI && !has_caches; i++)
        layout->heading[i].meaning = HEADING_OTHER;
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
