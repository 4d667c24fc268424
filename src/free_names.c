/* free_names: owns the names of columns and the texts of notes. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "free_parser.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *name;
    enum free_column column;
} column_names[] = {
    {"total", FREE_TOTAL},           {"used", FREE_USED},           {"free", FREE_FREE},
    {"shared", FREE_SHARED},         {"buffers", FREE_BUFFERS},     {"cached", FREE_CACHED},
    {"buff/cache", FREE_BUFF_CACHE}, {"available", FREE_AVAILABLE}, {"swap-total", FREE_SWAP_TOTAL},
    {"swap-used", FREE_SWAP_USED},   {"swap-free", FREE_SWAP_FREE}, {"cache", FREE_CACHED},
};

enum free_column free_column_find(const char *name)
{
    char dashed[32];
    size_t length = strlen(name);
    if (length >= sizeof dashed)
        return FREE_COLUMN_COUNT;
    for (size_t i = 0; i <= length; i++)
        dashed[i] = name[i] == '_' ? '-' : name[i];
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (strcasecmp(dashed, column_names[i].name) == 0)
            return column_names[i].column;
    return FREE_COLUMN_COUNT;
}

const char *free_column_name(enum free_column column)
{
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (column_names[i].column == column)
            return column_names[i].name;
    return "";
}

const char *free_used_name(enum free_used_meaning meaning)
{
    switch (meaning) {
    case FREE_USED_NO_BUFFERS:
    case FREE_USED_NO_CACHE:
        return "total-free-cache";
    case FREE_USED_WITH_CACHE:
        return "total-free";
    case FREE_USED_UNAVAILABLE:
        return "total-available";
    case FREE_USED_MIXED:
        return "differs";
    case FREE_USED_UNKNOWN:
        break;
    }
    return "";
}

void free_note_format(char *text, size_t size, enum free_note note, unsigned long count)
{
    static const struct {
        const char *one, *many;
    } texts[FREE_NOTE_COUNT] = {
        [FREE_NOTE_BAD_NUMBER] = {"bad number, its record left out", "bad numbers, their records left out"},
        [FREE_NOTE_CUT_ROW] = {"row cut short, left out", "rows cut short, left out"},
        [FREE_NOTE_CUT_END] = {"row cut short at the log's end, left out", "rows cut short at the log's end, left out"},
        [FREE_NOTE_NUL] = {"hole of NUL bytes", "holes of NUL bytes"},
        [FREE_NOTE_NOISE] = {"line that is not free's, skipped", "lines that are not free's, skipped"},
        [FREE_NOTE_LONG_LINE] = {"overlong line, skipped", "overlong lines, skipped"},
        [FREE_NOTE_BAD_SWAP] = {"impossible swap value, shown as 0", "impossible swap values, shown as 0"},
        [FREE_NOTE_UNKNOWN_WORDS] = {"header in an unknown language, read by position",
                                     "headers in an unknown language, read by position"},
        [FREE_NOTE_FORMAT_CHANGED] = {"change of format", "changes of format"},
        [FREE_NOTE_TIME_BACK] = {"time stamp before the last one, drawn as a new run",
                                 "time stamps before the last one, drawn as new runs"},
        [FREE_NOTE_WATCH] = {"screen of watch", "screens of watch"},
        [FREE_NOTE_MANY_LABELS] = {"line of more nodes than one log can have, skipped",
                                   "lines of more nodes than one log can have, skipped"},
    };
    snprintf(text, size, "%lu %s", count, count == 1 ? texts[note].one : texts[note].many);
}
