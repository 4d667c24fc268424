/* SPDX-License-Identifier: MIT */
/* top: reads the rows of memory at the head of top -b: "MiB Mem : 15884.6 total, ...", "KiB Mem: ...", "Mem: 16265836k
 * total, ..." and those of busybox; in any language if the row names its unit. */
#include <math.h>

#include "../line_times.h"
#include "../number.h"
#include "../text.h"
#include "base/array.h"
#include "other_log.h"

#define PARTS_MAX 6

/* The numbers of a row and their words. */
struct top_row {
    const char *from;
    double unit_bytes; /* unit that the row names, 0 if it names none */
    bool is_swap;
    size_t count;
    double bytes[PARTS_MAX], resolution[PARTS_MAX];
    bool is_short[PARTS_MAX]; /* digits that did not fit were dropped: "13195620+" */
    const char *word[PARTS_MAX], *word_end[PARTS_MAX];
};

/* Returns the bytes in a unit such as "KiB" before the word Mem or Swap, in any language of procps; 0 for any other
 * text. */
static double read_unit(const char *at, const char *end)
{
    static const char *const units[][5] = {{"KiB", "KB", "Kio", "КіБ", "კიბ"},
                                           {"MiB", "MB", "Mio", "МіБ", "მიბ"},
                                           {"GiB", "GB", "Gio", "ГіБ", "გიბ"},
                                           {"TiB", "TB", "Tio", "ТіБ", "ტიბ"},
                                           {"PiB", "PB", "Pio"},
                                           {"EiB", "EB", "Eio"}};
    for (int i = 0; i < (int)COUNT(units); i++)
        for (size_t k = 0; k < COUNT(units[i]) && units[i][k] != NULL; k++)
            if (strlen(units[i][k]) == (size_t)(end - at) && memcmp(units[i][k], at, (size_t)(end - at)) == 0)
                return number_factor(1024, i + 1);
    return 0;
}

/* Reads "16265836k total," at `*at`, which is advanced past it. */
static bool read_part(struct top_row *row, const char **at, const char *end)
{
    const char *from = text_skip_blanks(*at, end), *to = from;
    struct number number;
    size_t i = row->count;
    while (to < end && (text_is_digit(*to) || ((*to == '.' || *to == ',') && to + 1 < end && text_is_digit(to[1]))))
        to++;
    const char *digits_end = to;
    if (to < end && strchr("KkMmGgTt", *to) != NULL && row->unit_bytes == 0)
        to++;
    if (i == PARTS_MAX || !number_read(from, digits_end, &number))
        return false;
    double unit = row->unit_bytes;
    if (to > digits_end)
        unit = number_factor(1024, (*digits_end | 0x20) == 'k'   ? 1
                                   : (*digits_end | 0x20) == 'm' ? 2
                                   : (*digits_end | 0x20) == 'g' ? 3
                                                                 : 4);
    if (to < end && *to == '.') /* "515672.+" */
        to++;
    row->is_short[i] = to < end && *to == '+' && number.resolution == 1 && to == digits_end;
    to += to < end && *to == '+';
    const char *word = text_skip_blanks(to, end), *word_end = word;
    while (word_end < end && *word_end != ',' &&
           !(*word_end == '.' && (word_end + 1 == end || text_is_blank(word_end[1]))))
        word_end++;
    if (word == word_end || (text_is_digit(*word)) || unit == 0)
        return false;
    row->bytes[i] = number.value * unit;
    row->resolution[i] = number.resolution * unit;
    row->word[i] = word;
    row->word_end[i] = text_trim_end(word, word_end);
    row->is_swap |= row->unit_bytes > 0 && i == 2 && word_end < end && *word_end == '.'; /* in all languages */
    row->count++;
    *at = word_end < end ? word_end + 1 : end;
    return true;
}

/* Reads the row whose colon is at `colon`. */
static bool read_row(const char *start, const char *colon, const char *end, struct top_row *row)
{
    const char *word_end = text_trim_end(start, colon), *word = word_end, *at = colon + 1;
    *row = (struct top_row){.count = 0};
    while (word > start && !text_is_blank(word[-1]))
        word--;
    const char *unit = word;
    for (int words = 0; words < 2 && row->unit_bytes == 0; words++) { /* in Korean, there is a blank in "swap" */
        const char *unit_end = text_trim_end(start, unit);
        unit = unit_end;
        while (unit > start && !text_is_blank(unit[-1]))
            unit--;
        row->unit_bytes = read_unit(unit, unit_end);
    }
    row->from = row->unit_bytes > 0 ? unit : word;
    row->is_swap = text_starts(word, word_end, "Swap");
    if (!row->is_swap && row->unit_bytes == 0 && !text_starts(word, word_end, "Mem"))
        return false;
    while (at < end && read_part(row, &at, end))
        ;
    return row->count >= 3;
}

static bool find_row(const char *at, const char *end, struct top_row *row)
{
    for (const char *colon = at; (colon = memchr(colon, ':', (size_t)(end - colon))) != NULL; colon++)
        if (read_row(at, colon, end, row))
            return true;
    return false;
}

const char *top_find(const char *at, const char *end)
{
    struct top_row row;
    const char *head = text_find(at, end, "top - ");
    if (head != NULL && text_find(head, end, " up ") != NULL)
        return head;
    return find_row(at, end, &row) ? row.from : NULL;
}

/* Returns what a part means by its word, else by its position: rows with words of other languages have total, free,
 * used and caches. */
static unsigned char meaning_of(const struct top_row *row, size_t i)
{
    static const struct {
        const char *word;
        unsigned char of_mem, of_swap;
    } words[] = {
        {"total", FREELOG_TOTAL, FREELOG_SWAP_TOTAL},   {"used", FREELOG_USED, FREELOG_SWAP_USED},
        {"free", FREELOG_FREE, FREELOG_SWAP_FREE},      {"buff/cache", FREELOG_BUFF_CACHE, HEADING_OTHER},
        {"buffers", FREELOG_BUFFERS, FREELOG_BUFFERS},  {"buff", FREELOG_BUFFERS, FREELOG_BUFFERS},
        {"shrd", FREELOG_SHARED, HEADING_OTHER},        {"cached", FREELOG_CACHED, FREELOG_CACHED},
        {"cached Mem", FREELOG_CACHED, FREELOG_CACHED}, {"avail Mem", FREELOG_AVAILABLE, FREELOG_AVAILABLE},
    };
    static const unsigned char places[2][4] = {
        {FREELOG_TOTAL, FREELOG_FREE, FREELOG_USED, FREELOG_BUFF_CACHE},
        {FREELOG_SWAP_TOTAL, FREELOG_SWAP_FREE, FREELOG_SWAP_USED, FREELOG_AVAILABLE},
    };
    size_t length = (size_t)(row->word_end[i] - row->word[i]);
    for (size_t k = 0; k < COUNT(words); k++)
        if (strlen(words[k].word) == length && memcmp(words[k].word, row->word[i], length) == 0)
            return row->is_swap ? words[k].of_swap : words[k].of_mem;
    return i < 4 ? places[row->is_swap][i] : HEADING_OTHER;
}

/* Restores the last digits of numbers with nine or more digits, which are replaced by a `+`. The other numbers
 * determine how many are missing: the parts add up to the total. */
static void restore_digits(struct top_row *row)
{
    size_t shorts = 0;
    for (size_t i = 0; i < row->count; i++)
        shorts += row->is_short[i];
    for (double factor = 10; shorts > 0 && factor <= 1000; factor *= 10) {
        double total = 0, sum = 0;
        for (size_t i = 0; i < row->count; i++) {
            double bytes = row->bytes[i] * (row->is_short[i] ? factor : 1);
            bool is_part = meaning_of(row, i) != FREELOG_BUFFERS;
            if (i == 0)
                total = bytes;
            else if (is_part)
                sum += bytes;
        }
        if (fabs(total - sum) <= 0.05 * total || factor == 1000) {
            factor = fabs(total - sum) <= 0.05 * total ? factor : 10;
            for (size_t i = 0; i < row->count; i++)
                if (row->is_short[i]) {
                    row->bytes[i] *= factor;
                    row->resolution[i] *= factor;
                }
            return;
        }
    }
}

void top_read(struct other_line *line)
{
    struct record_builder *stream = line->stream;
    struct top_row row;
    if (text_starts(line->at, line->end, "top - ")) {
        struct found_stamp found;
        line->log->other->has_top_line = true;
        if (line_times_find(line->at, line->end, &found) && found.stamp.kind != TIMESTAMP_DAY)
            line_times_read_within(line->log, line->at, line->end);
        return;
    }
    if (!find_row(line->at, line->end, &row))
        return;
    restore_digits(&row);
    if (!row.is_swap || !stream->has_mem) {
        record_builder_begin(stream, &line->log->report, line->time, line->weight, row.resolution[0]);
        stream->record.has_units = stream->extra.has_caches_in_used = true;
    }
    for (size_t i = 0; i < row.count; i++) {
        const struct heading heading = {.meaning = meaning_of(&row, i)};
        other_put(line, &heading, row.bytes[i], row.resolution[i]);
    }
    /* busybox does not print a total */
    const uint32_t both = 1u << FREELOG_USED | 1u << FREELOG_FREE;
    if (!row.is_swap && (stream->record.present >> FREELOG_TOTAL & 1) == 0 && (stream->record.present & both) == both)
        record_builder_put(stream, &line->log->report, FREELOG_TOTAL,
                           stream->record.value[FREELOG_USED] + stream->record.value[FREELOG_FREE]);
}
