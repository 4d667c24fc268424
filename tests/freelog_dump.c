/* SPDX-License-Identifier: MIT */
/* freelog_dump: prints the parser's results for a log, for tests that compare it with other readers.
 *
 * Usage: freelog_dump FILE [PIECE_BYTES [UNIT_BYTES]] or, for several logs, freelog_dump FILE PIECE_BYTES UNIT_BYTES
 * .... Each line begins with record, header, note, mark or lines or, before each of several logs, file; tabs separate
 * the fields. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "freelog/parser.h"

static void on_record(void *user, const struct freelog_record *record)
{
    (void)user;
    printf("record\t%s\t%lu\t", record->label, record->line);
    if (isnan(record->stamp_s))
        printf("-");
    else
        printf("%s%.3f",
               record->stamp_is_local   ? "local "
               : record->stamp_is_epoch ? "epoch "
                                        : "after ",
               record->stamp_s);
    printf("\t%d", (int)record->used_meaning);
    for (int c = 0; c < FREELOG_COLUMN_COUNT; c++)
        if ((record->present >> c & 1) != 0)
            printf("\t%s=%.0f", freelog_column_name((enum freelog_column)c), record->value[c]);
    printf("\n");
}

static void on_header(void *user, const char *label, const char *key, const char *value)
{
    (void)user;
    printf("header\t%s\t%s\t%s\n", label, key, value);
}

static void on_note(void *user, enum freelog_note note, unsigned long line, const char *text)
{
    char name[128];
    (void)user;
    freelog_note_format(name, sizeof name, note, 1);
    printf("note\t%lu\t%s\t%s\n", line, name, text);
}

static void on_event(void *user, const char *label, unsigned long line, const char *text)
{
    (void)user;
    printf("mark\t%s\t%lu\t%s\n", label, line, text);
}

/* Prints the results for one log, which it passes to the parser in pieces. */
static bool dump(const char *path, size_t piece, double unit_bytes)
{
    struct freelog_sink sink = {.record = on_record, .header = on_header, .note = on_note, .event = on_event};
    size_t got;
    struct freelog_parser *parser = freelog_parser_new(&sink, unit_bytes);
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(piece == 0 ? 1 : piece);
    unsigned long lines[2];
    bool ok = parser != NULL && file != NULL && bytes != NULL && piece > 0;
    while (ok && (got = fread(bytes, 1, piece, file)) > 0)
        ok = freelog_parser_feed(parser, bytes, got);
    if (ok)
        ok = freelog_parser_finish(parser);
    if (parser != NULL) {
        freelog_parser_lines(parser, &lines[0], &lines[1]);
        printf("lines\t%lu\t%lu\n", lines[0], lines[1]);
    }
    freelog_parser_free(parser);
    free(bytes);
    if (file != NULL)
        fclose(file);
    return ok;
}

int main(int count, char **word)
{
    bool ok = count > 1;
    for (int i = 1; i < count; i += 3) {
        if (count > 4)
            printf("file\t%s\n", word[i]);
        ok = dump(word[i], count > i + 1 ? strtoul(word[i + 1], NULL, 10) : 65536,
                  count > i + 2 ? strtod(word[i + 2], NULL) : 0) &&
             ok;
    }
    return ok ? 0 : 1;
}
