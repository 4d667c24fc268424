/* record: owns the names of columns and the texts of notes. */
#include "freelog/record.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct {
    const char *name;
    enum freelog_column column;
} column_names[] = {
    {"total", FREELOG_TOTAL},           {"used", FREELOG_USED},           {"free", FREELOG_FREE},
    {"shared", FREELOG_SHARED},         {"buffers", FREELOG_BUFFERS},     {"cached", FREELOG_CACHED},
    {"buff/cache", FREELOG_BUFF_CACHE}, {"available", FREELOG_AVAILABLE}, {"swap-total", FREELOG_SWAP_TOTAL},
    {"swap-used", FREELOG_SWAP_USED},   {"swap-free", FREELOG_SWAP_FREE}, {"cache", FREELOG_CACHED},
};

enum freelog_column freelog_column_find(const char *name)
{
    char dashed[32];
    size_t length = strlen(name);
    if (length >= sizeof dashed)
        return FREELOG_COLUMN_COUNT;
    for (size_t i = 0; i <= length; i++)
        dashed[i] = name[i] == '_' ? '-' : name[i];
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (strcasecmp(dashed, column_names[i].name) == 0)
            return column_names[i].column;
    return FREELOG_COLUMN_COUNT;
}

const char *freelog_column_name(enum freelog_column column)
{
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (column_names[i].column == column)
            return column_names[i].name;
    return "";
}

const char *freelog_used_name(enum freelog_used_meaning meaning)
{
    switch (meaning) {
    case FREELOG_USED_NO_BUFFERS:
    case FREELOG_USED_NO_CACHE:
        return "total-free-cache";
    case FREELOG_USED_WITH_CACHE:
        return "total-free";
    case FREELOG_USED_UNAVAILABLE:
        return "total-available";
    case FREELOG_USED_MIXED:
        return "differs";
    case FREELOG_USED_UNKNOWN:
        break;
    }
    return "";
}

void freelog_note_format(char *text, size_t size, enum freelog_note note, unsigned long count)
{
    static const struct {
        const char *one, *many;
    } texts[FREELOG_NOTE_COUNT] = {
        [FREELOG_NOTE_BAD_NUMBER] = {"bad number, its record left out", "bad numbers, their records left out"},
        [FREELOG_NOTE_CUT_ROW] = {"row cut short, left out", "rows cut short, left out"},
        [FREELOG_NOTE_CUT_END] = {"row cut short at the log's end, left out",
                                  "rows cut short at the log's end, left out"},
        [FREELOG_NOTE_NUL] = {"hole of NUL bytes", "holes of NUL bytes"},
        [FREELOG_NOTE_NOISE] = {"line that is not free's, skipped", "lines that are not free's, skipped"},
        [FREELOG_NOTE_LONG_LINE] = {"overlong line, skipped", "overlong lines, skipped"},
        [FREELOG_NOTE_BAD_SWAP] = {"impossible swap value, shown as 0", "impossible swap values, shown as 0"},
        [FREELOG_NOTE_UNKNOWN_WORDS] = {"header in an unknown language, read by position",
                                        "headers in an unknown language, read by position"},
        [FREELOG_NOTE_FORMAT_CHANGED] = {"change of format", "changes of format"},
        [FREELOG_NOTE_TIME_BACK] = {"time stamp before the last one, drawn as a new run",
                                    "time stamps before the last one, drawn as new runs"},
        [FREELOG_NOTE_WATCH] = {"screen of watch", "screens of watch"},
        [FREELOG_NOTE_MANY_LABELS] = {"line of more nodes than one log can have, skipped",
                                      "lines of more nodes than one log can have, skipped"},
    };
    snprintf(text, size, "%lu %s", count, count == 1 ? texts[note].one : texts[note].many);
}
