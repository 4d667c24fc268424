/* SPDX-License-Identifier: MIT */
/* record: the names of columns and the texts of notes. */
#include "freelog/record.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"

/* The first name of a column is the displayed one. */
static const struct {
    const char *name;
    enum freelog_column column;
} column_names[] = {
    {"total", FREELOG_TOTAL},
    {"used", FREELOG_USED},
    {"free", FREELOG_FREE},
    {"shared", FREELOG_SHARED},
    {"buffers", FREELOG_BUFFERS},
    {"cached", FREELOG_CACHED},
    {"buff/cache", FREELOG_BUFF_CACHE},
    {"available", FREELOG_AVAILABLE},
    {"swap-total", FREELOG_SWAP_TOTAL},
    {"swap-used", FREELOG_SWAP_USED},
    {"swap-free", FREELOG_SWAP_FREE},
    {"cache", FREELOG_CACHED},
    {"total-available", FREELOG_TOTAL_AVAILABLE},
    {"job-total", FREELOG_JOB_TOTAL},
    {"job-used", FREELOG_JOB_USED},
    {"job-free", FREELOG_JOB_FREE},
    {"job-shared", FREELOG_JOB_SHARED},
    {"job-cache", FREELOG_JOB_CACHE},
    {"job-available", FREELOG_JOB_AVAILABLE},
    {"job-swap", FREELOG_JOB_SWAP_USED},
    {"job-swap-used", FREELOG_JOB_SWAP_USED},
    {"job-swap-total", FREELOG_JOB_SWAP_TOTAL},
    {"job-swap-free", FREELOG_JOB_SWAP_FREE},
    {"job-limit", FREELOG_JOB_TOTAL},
};

enum freelog_column freelog_column_find(const char *name)
{
    char dashed[32];
    size_t length = strlen(name);
    if (length >= sizeof dashed)
        return FREELOG_COLUMN_COUNT;
    for (size_t i = 0; i <= length; i++)
        dashed[i] = name[i] == '_' ? '-' : name[i];
    bool is_node = strncasecmp(dashed, "node-", 5) == 0;
    const char *wanted = is_node ? dashed + 5 : dashed;
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (strcasecmp(wanted, column_names[i].name) == 0 &&
            !(is_node && freelog_column_is_job(column_names[i].column)))
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

/* For each column, the total that its values are parts of. */
static const struct {
    enum freelog_column total;
    bool is_job, is_swap;
} column_kinds[FREELOG_COLUMN_COUNT] = {
    [FREELOG_TOTAL] = {FREELOG_TOTAL, false, false},
    [FREELOG_USED] = {FREELOG_TOTAL, false, false},
    [FREELOG_FREE] = {FREELOG_TOTAL, false, false},
    [FREELOG_SHARED] = {FREELOG_TOTAL, false, false},
    [FREELOG_BUFFERS] = {FREELOG_TOTAL, false, false},
    [FREELOG_CACHED] = {FREELOG_TOTAL, false, false},
    [FREELOG_BUFF_CACHE] = {FREELOG_TOTAL, false, false},
    [FREELOG_AVAILABLE] = {FREELOG_TOTAL, false, false},
    [FREELOG_SWAP_TOTAL] = {FREELOG_SWAP_TOTAL, false, true},
    [FREELOG_SWAP_USED] = {FREELOG_SWAP_TOTAL, false, true},
    [FREELOG_SWAP_FREE] = {FREELOG_SWAP_TOTAL, false, true},
    [FREELOG_JOB_TOTAL] = {FREELOG_JOB_TOTAL, true, false},
    [FREELOG_JOB_USED] = {FREELOG_JOB_TOTAL, true, false},
    [FREELOG_JOB_FREE] = {FREELOG_JOB_TOTAL, true, false},
    [FREELOG_JOB_SHARED] = {FREELOG_JOB_TOTAL, true, false},
    [FREELOG_JOB_CACHE] = {FREELOG_JOB_TOTAL, true, false},
    [FREELOG_JOB_AVAILABLE] = {FREELOG_JOB_TOTAL, true, false},
    [FREELOG_JOB_SWAP_TOTAL] = {FREELOG_JOB_SWAP_TOTAL, true, true},
    [FREELOG_JOB_SWAP_USED] = {FREELOG_JOB_SWAP_TOTAL, true, true},
    [FREELOG_JOB_SWAP_FREE] = {FREELOG_JOB_SWAP_TOTAL, true, true},
    [FREELOG_TOTAL_AVAILABLE] = {FREELOG_TOTAL, false, false},
};

enum freelog_column freelog_column_total(enum freelog_column column)
{
    return column_kinds[column].total;
}

bool freelog_column_is_job(enum freelog_column column)
{
    return column_kinds[column].is_job;
}

bool freelog_column_is_swap(enum freelog_column column)
{
    return column_kinds[column].is_swap;
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
        [FREELOG_NOTE_BAD_NUMBER] = {"bad number, record skipped", "bad numbers, records skipped"},
        [FREELOG_NOTE_CUT_ROW] = {"truncated row, skipped", "truncated rows, skipped"},
        [FREELOG_NOTE_CUT_END] = {"truncated row at the end of the log, skipped",
                                  "truncated rows at the end of the log, skipped"},
        [FREELOG_NOTE_NUL] = {"hole of NUL bytes", "holes of NUL bytes"},
        [FREELOG_NOTE_NOISE] = {"line not in free(1) format, skipped", "lines not in free(1) format, skipped"},
        [FREELOG_NOTE_LONG_LINE] = {"overlong line, skipped", "overlong lines, skipped"},
        [FREELOG_NOTE_BAD_SWAP] = {"impossible swap value, shown as 0", "impossible swap values, shown as 0"},
        [FREELOG_NOTE_UNKNOWN_WORDS] = {"header in an unknown language, read by position",
                                        "headers in an unknown language, read by position"},
        [FREELOG_NOTE_FORMAT_CHANGED] = {"change of format", "changes of format"},
        [FREELOG_NOTE_TIME_BACK] = {"backward clock jump, starting a new run",
                                    "backward clock jumps, each starting a new run"},
        [FREELOG_NOTE_WATCH] = {"watch(1) screen", "watch(1) screens"},
        [FREELOG_NOTE_MANY_LABELS] = {"line of a node beyond the maximum per log, skipped",
                                      "lines of nodes beyond the maximum per log, skipped"},
        [FREELOG_NOTE_BAD_SWAP_NUMBER] = {"bad swap number, skipped", "bad swap numbers, skipped"},
        [FREELOG_NOTE_YEAR] = {"time without a year", "times without a year"},
        [FREELOG_NOTE_TIMES_DIFFER] = {"record with two different times, using the more complete one",
                                       "records with two different times, using the more complete ones"},
        [FREELOG_NOTE_UNIT_KEPT] = {"unit that may be another one", "units that may be other ones"},
        [FREELOG_NOTE_UNIT_CHANGED] = {"change of unit, taken into account", "changes of unit, taken into account"},
        [FREELOG_NOTE_UNIT] = {"unit inferred from the numbers", "units inferred from the numbers"},
        [FREELOG_NOTE_OUT_OF_RANGE] = {"number out of range, ignored", "numbers out of range, ignored"},
        [FREELOG_NOTE_IMPOSSIBLE] = {"record with an impossible value, skipped",
                                     "records with impossible values, skipped"},
        [FREELOG_NOTE_TIME_LIKE] = {"time not understood", "times not understood"},
        [FREELOG_NOTE_TIME_STALLED] = {"time that never advances, ignored", "times that never advance, ignored"},
        [FREELOG_NOTE_PAIRS] = {"two-part time, read as minutes and seconds",
                                "two-part times, read as minutes and seconds"},
        [FREELOG_NOTE_DECIMAL_BASE] = {"unit taken as a power of 1000", "units taken as powers of 1000"},
        [FREELOG_NOTE_DECIMAL_UNIT] = {"heading with MB or GB, read as MiB or GiB; --input_units overrides",
                                       "headings with MB or GB, read as MiB or GiB; --input_units overrides"},
        [FREELOG_NOTE_NO_HEADINGS] = {"row without headings, read like those of free: total, used, free",
                                      "rows without headings, read like those of free: total, used, free"},
        [FREELOG_NOTE_SAME_TIME] =
            {"row has the same time as the one before: of several nodes? name their column host",
             "rows have the same time as the one before: of several nodes? name their column host"},
        [FREELOG_NOTE_FOREIGN] = {"unrelated line, skipped", "unrelated lines, skipped"},
    };
    snprintf(text, size, "%lu %s", count, count == 1 ? texts[note].one : texts[note].many);
}
