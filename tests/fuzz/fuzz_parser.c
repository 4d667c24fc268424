/* SPDX-License-Identifier: MIT */
/* fuzz_parser: reads a log whole, and in pieces or line by line without the fast path. The reports must be the same and
 * plausible. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "freelog/line_prefix.h"
#include "freelog/parser.h"
#include "fuzz.h"

/* All reports of the parser for one reading. */
struct reported {
    char *text;
    size_t length, capacity;
    unsigned long lines[2];
    bool ok;
};

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_parser: %s\n", what);
        abort();
    }
}

__attribute__((format(printf, 2, 3))) static void say(struct reported *reported, const char *format, ...)
{
    va_list arguments;
    if (reported->capacity - reported->length < 8192) {
        reported->capacity = reported->capacity * 2 + 16384;
        reported->text = realloc(reported->text, reported->capacity);
        must(reported->text != NULL, "out of memory");
    }
    va_start(arguments, format);
    reported->length +=
        (size_t)vsnprintf(reported->text + reported->length, reported->capacity - reported->length, format, arguments);
    va_end(arguments);
    must(reported->length < reported->capacity, "a text of more than 8192 bytes");
}

static void on_record(void *user, const struct freelog_record *record)
{
    say(user, "record %s %lu %a %d %d %d", record->label, record->line, record->stamp_s, record->stamp_is_epoch,
        record->stamp_is_local, (int)record->used_meaning);
    must(record->present != 0 && record->present < 1u << FREELOG_COLUMN_COUNT, "columns that are none");
    must(record->line > 0, "a record before the first line");
    must(!isinf(record->stamp_s), "an infinite time");
    must(strlen(record->label) <= FREELOG_LABEL_MAX, "a label too long");
    for (int c = 0; c < FREELOG_COLUMN_COUNT; c++)
        if ((record->present >> c & 1) != 0) {
            must(isfinite(record->value[c]), "a value that is no number");
            must(c < FREELOG_SWAP_TOTAL || record->value[c] >= 0, "negative swap");
            say(user, " %a", record->value[c]);
        }
    say(user, "\n");
}

static void on_header(void *user, const char *label, const char *key, const char *value)
{
    say(user, "header %s %s %s\n", label, key, value);
}

static void on_note(void *user, enum freelog_note note, unsigned long line, const char *text)
{
    must(note < FREELOG_NOTE_COUNT && line > 0, "a note of nothing");
    say(user, "note %d %lu %s\n", (int)note, line, text);
}

static void on_event(void *user, const char *label, unsigned long line, const char *text)
{
    must(*text != '\0', "a mark without text");
    say(user, "mark %s %lu %s\n", label, line, text);
}

/* Feeds pieces, each in memory of exactly its size, so that tools detect reads beyond it. `piece` 0 uses various sizes;
 * `closely` avoids the fast path. */
static struct reported read_in_pieces(const uint8_t *data, size_t size, size_t piece, double unit_bytes, bool closely)
{
    struct reported reported = {.ok = true};
    struct freelog_sink sink = {
        .user = &reported, .record = on_record, .header = on_header, .note = on_note, .event = on_event};
    struct freelog_parser *parser = freelog_parser_new(&sink, unit_bytes);
    uint64_t seed = size;
    must(parser != NULL, "out of memory");
    if (closely)
        freelog_parser_look_closely(parser);
    for (size_t at = 0; at < size && reported.ok;) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        size_t want = piece > 0 ? piece : (size_t)1 << (seed >> 60);
        size_t length = want < size - at ? want : size - at;
        char *bytes = malloc(length);
        must(bytes != NULL, "out of memory");
        memcpy(bytes, data + at, length);
        reported.ok = freelog_parser_feed(parser, bytes, length);
        free(bytes);
        at += length;
    }
    reported.ok = freelog_parser_finish(parser) && reported.ok;
    freelog_parser_lines(parser, &reported.lines[0], &reported.lines[1]);
    must(reported.lines[1] <= reported.lines[0], "more lines understood than there are");
    say(&reported, "end\n");
    freelog_parser_free(parser);
    return reported;
}

/* Orders records by node; those of one node remain in the order of their reports. */
static int compare_nodes(const void *a, const void *b)
{
    const char *left = *(char *const *)a, *right = *(char *const *)b;
    size_t size[2] = {strcspn(left + 7, " "), strcspn(right + 7, " ")};
    size_t least = size[0] < size[1] ? size[0] : size[1];
    int order = memcmp(left, right, 7 + least);
    if (order == 0)
        order = (size[0] > size[1]) - (size[0] < size[1]);
    return order != 0 ? order : (left > right) - (left < right);
}

/* Sorts the records between two other reports by node, because the order of different nodes may differ. */
static void sort_records(struct reported *reported)
{
    size_t count = 0, lines = 1;
    for (size_t i = 0; i < reported->length; i++)
        lines += reported->text[i] == '\n';
    char **line = calloc(lines, sizeof *line), *sorted = malloc(reported->length + 1), *out = sorted;
    must(line != NULL && sorted != NULL, "out of memory");
    for (char *at = reported->text, *end = at + reported->length; at < end; at += strcspn(at, "\n") + 1)
        line[count++] = at;
    for (size_t i = 0, begin; i < count; i++) {
        for (begin = i; i < count && strncmp(line[i], "record ", 7) == 0; i++)
            ;
        qsort(line + begin, i - begin, sizeof *line, compare_nodes);
    }
    for (size_t i = 0; i < count; i++)
        out = mempcpy(out, line[i], strcspn(line[i], "\n") + 1);
    *out = '\0';
    free(reported->text);
    free(line);
    reported->text = sorted;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* The size determines the unit, so that a log can be used unchanged as input. */
    static const double units[] = {0, 1, 1024.0 * 1024};
    double unit_bytes = units[size % 3];
    struct reported whole = read_in_pieces(data, size, size == 0 ? 1 : size, unit_bytes, false);
    static const size_t pieces[] = {0, 1, 7, 4096};
    struct reported other = read_in_pieces(data, size, pieces[size / 3 % 4], unit_bytes, size / 12 % 2 == 1);
    sort_records(&whole);
    sort_records(&other);
    if (whole.ok != other.ok || memcmp(whole.lines, other.lines, sizeof whole.lines) != 0 ||
        whole.length != other.length || memcmp(whole.text, other.text, whole.length) != 0) {
        fprintf(stderr, "whole (%d, %lu, %lu):\n%spieces (%d, %lu, %lu):\n%s", whole.ok, whole.lines[0], whole.lines[1],
                whole.text, other.ok, other.lines[0], other.lines[1], other.text);
        must(false, "pieces read otherwise than the whole");
    }
    free(whole.text);
    free(other.text);
    return 0;
}
