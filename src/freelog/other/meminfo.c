/* SPDX-License-Identifier: MIT */
/* meminfo: reads the lines of /proc/meminfo, all or those selected by grep, one or several per line. A key that the
 * record already has begins the next record. */
#include "../text.h"
#include "base/array.h"
#include "other_log.h"

#define KEY_MAX 20

static const struct {
    const char *key;
    unsigned char meaning;
} keys[] = {
    {"MemTotal", FREELOG_TOTAL},  {"MemFree", FREELOG_FREE},         {"MemAvailable", FREELOG_AVAILABLE},
    {"Buffers", FREELOG_BUFFERS}, {"Cached", FREELOG_CACHED},        {"SReclaimable", HEADING_RECLAIMABLE},
    {"Shmem", FREELOG_SHARED},    {"SwapTotal", FREELOG_SWAP_TOTAL}, {"SwapFree", FREELOG_SWAP_FREE},
};

static bool is_key_byte(char c)
{
    return text_is_letter(c) || text_is_digit(c) || c == '_' || c == '(' || c == ')';
}

/* Returns the known key that ends before the colon, COUNT(keys) if there is none. */
static size_t find_key(const char *start, const char *colon, const char **from)
{
    const char *at = colon;
    while (at > start && colon - at < KEY_MAX && is_key_byte(at[-1]))
        at--;
    *from = at;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strlen(keys[i].key) == (size_t)(colon - at) && memcmp(at, keys[i].key, (size_t)(colon - at)) == 0)
            return i;
    return COUNT(keys);
}

/* Returns true for "Node 0 MemTotal:", which is about one of several parts of the machine. */
static bool is_of_part(const char *start, const char *from)
{
    const char *word_end = text_trim_end(start, from), *word = word_end;
    while (word > start && text_is_digit(word[-1]))
        word--;
    return word < word_end && text_trim_end(start, word) - start >= 4 &&
           memcmp(text_trim_end(start, word) - 4, "Node", 4) == 0;
}

const char *meminfo_find(const char *at, const char *end)
{
    const char *from;
    if (text_starts(at, end, "BBBP,")) /* a file of nmon, which quotes it once */
        return NULL;
    for (const char *colon = at; (colon = memchr(colon, ':', (size_t)(end - colon))) != NULL; colon++) {
        const char *number = text_skip_blanks(colon + 1, end);
        if (find_key(at, colon, &from) < COUNT(keys) && number < end && text_is_digit(*number))
            return is_of_part(at, from) ? NULL : from;
    }
    return NULL;
}

/* Returns true if the record being read has the value. */
static bool is_there(const struct record_builder *stream, unsigned char meaning)
{
    if (meaning == HEADING_RECLAIMABLE)
        return stream->extra.reclaimable >= 0;
    return (stream->record.present >> meaning & 1) != 0;
}

/* Reads the number of a key, and returns where it and its unit end. */
static const char *read_value(struct other_line *line, size_t key, const char *at)
{
    const char *number = text_skip_blanks(at, line->end), *to = text_digits_end(number, line->end), *unit_end;
    const char *unit = text_skip_blanks(to, line->end);
    double value, bytes, resolution;
    unit_end = unit;
    while (unit_end < line->end && text_is_letter(*unit_end))
        unit_end++;
    if (unit_end < line->end && *unit_end == ':')
        unit_end = unit = to; /* the next key */
    if (unit == unit_end && to == line->end && !line->is_whole) {
        freelog_report_note(&line->log->report, FREELOG_NOTE_CUT_END, at, line->end);
        line->stream->is_bad = line->stream->has_mem; /* without this value, "used" may mean something else */
        return line->end;
    }
    if (!other_number(number, unit_end, &value, &bytes, &resolution)) {
        freelog_report_note(&line->log->report, FREELOG_NOTE_BAD_NUMBER, number, unit_end);
        return to;
    }
    if (bytes == 0)
        bytes = line->log->other->unit_bytes > 0 ? line->log->other->unit_bytes : 1024;
    struct record_builder *stream = line->stream;
    if (!stream->has_mem || is_there(stream, keys[key].meaning))
        record_builder_begin(stream, &line->log->report, line->time, line->weight, bytes);
    const struct heading heading = {.meaning = keys[key].meaning};
    other_put(line, &heading, value * bytes, resolution);
    if (heading.meaning == FREELOG_TOTAL) /* some loops print it only once */
        stream->bounds.least = stream->bounds.most = value * bytes;
    stream->record.has_units = true;
    return unit_end;
}

void meminfo_read(struct other_line *line)
{
    const char *from, *rest = line->at;
    for (const char *unit = rest; (unit = text_find(unit, line->end, " kB ")) != NULL; unit++)
        rest = unit + strlen(" kB ");
    /* "MemTotal: 8 kB MemFree: 4 kB 10:00:00" */
    if (line->time == NULL && rest > line->at && other_time(line, rest, line->end, &line->own_time)) {
        line->time = &line->own_time;
        line->weight = 2 * TIME_FULLNESS_DATE;
    }
    for (const char *colon = line->at; (colon = memchr(colon, ':', (size_t)(line->end - colon))) != NULL;) {
        size_t key = find_key(line->at, colon, &from);
        colon++;
        if (key < COUNT(keys))
            colon = read_value(line, key, colon);
    }
}

/* Returns true for "HugePages_Total: 0" or "Active(anon): 2120 kB", whatever precedes it. */
bool meminfo_is_own(const char *at, const char *end)
{
    bool has_unit = end - at > 3 && memcmp(end - 3, " kB", 3) == 0;
    const char *number_end = text_trim_end(at, has_unit ? end - 3 : end), *number = number_end;
    while (number > at && text_is_digit(number[-1]))
        number--;
    const char *colon = text_trim_end(at, number);
    if (number == number_end || colon == at || colon[-1] != ':')
        return false;
    const char *key = --colon;
    while (key > at && is_key_byte(key[-1]))
        key--;
    return key < colon && text_is_letter(*key) && (has_unit || text_starts(key, colon, "HugePages_"));
}
