/* SPDX-License-Identifier: MIT */
/* table_guess: rows without headings whose numbers are those of free, as awk prints them. */
#include <math.h>
#include <string.h>

#include "table.h"

#define FEW_LINES 20 /* a table has a line of its own in so many, if there are more than these */

/* Returns true if numbers of a row without headings are those of free: total, used and free memory, and maybe those
 * that free prints next. As evidence, all are whole pages and add up, or have units. */
static bool are_of_free(const double *value, const double *bytes, size_t count)
{
    double total = value[0];
    for (size_t i = 0; i < count; i++)
        if (value[i] < 0 || value[i] > total ||
            (bytes[0] > 0 ? bytes[i] == 0 && value[i] > 0 : bytes[i] > 0 || fmod(value[i], 4) != 0))
            return false;
    double available = value[1] + value[count - 1], caches = value[1] + value[2] + value[count - 2];
    double slack = 0.02 * total;
    return total * (bytes[0] > 0 ? 1 : 1024) >= 0x1p26 && value[1] > 0 && value[2] > 0 &&
           value[1] + value[2] <= total + slack &&
           (count == 3 || fabs(total - available) <= slack || (count == 6 && fabs(total - caches) <= slack));
}

bool table_guess(const char *at, const char *end, struct other_layout *layout, double value[6])
{
    static const unsigned char columns[] = {FREELOG_TOTAL,  FREELOG_USED,       FREELOG_FREE,
                                            FREELOG_SHARED, FREELOG_BUFF_CACHE, FREELOG_AVAILABLE};
    static const char separators[] = ",;\t| ";
    struct field field[HEADINGS_MAX];
    double bytes[6], resolution;
    size_t count = 0, i = 0;
    while (i < sizeof separators - 1 && count < 4)
        count = table_cut(at, end, separators[i++], field);
    if (count < 4 || count > HEADINGS_MAX)
        return false;
    for (size_t numbers = 6; numbers >= 3; numbers--) {
        bool is_found = numbers != 5 && count > numbers;
        for (size_t k = 0; k < numbers && is_found; k++) {
            const struct field *cell = &field[count - numbers + k];
            is_found = other_number(cell->at, cell->end, &value[k], &bytes[k], &resolution);
            value[k] *= is_found && bytes[k] > 0 ? bytes[k] : 1;
        }
        if (!is_found || !are_of_free(value, bytes, numbers))
            continue;
        size_t times = count - numbers;
        if (field[times - 1].end[-1] == ':' && times > 1) /* "Mem:" */
            times--;
        bool has_host = times > 1 && !table_is_time(&field[0], &field[times - 1]);
        if (!table_is_time(&field[has_host], &field[times - 1]))
            return false;
        *layout = (struct other_layout){.separator = separators[i - 1], .has_time = true, .is_index = true};
        if (has_host)
            layout->heading[layout->count++].meaning = HEADING_HOST;
        do
            layout->heading[layout->count++].meaning = HEADING_TIME;
        while (layout->separator != ' ' && layout->count < times);
        if (times < count - numbers)
            layout->heading[layout->count++].meaning = HEADING_OTHER;
        for (size_t k = 0; k < numbers; k++)
            layout->heading[layout->count++].meaning = columns[numbers == 4 && k == 3 ? 5 : k];
        return true;
    }
    return false;
}

void table_weigh_guess(struct other_line *line)
{
    struct other_evidence *evidence = &line->log->other->evidence;
    struct other_layout layout;
    double value[6];
    bool is_like =
        table_guess(line->at, line->end, &layout, value) && layout.count == line->log->other->layout[0].count;
    if (is_like && evidence->numbers == 0)
        evidence->most = value[0];
    evidence->numbers++;
    evidence->of_pages += is_like && fabs(value[0] - evidence->most) <= 0.01 * evidence->most;
    if (is_like && layout.heading[layout.count - 1].meaning == FREELOG_FREE) {
        double steps = (value[1] - evidence->last[0]) * (value[2] - evidence->last[1]);
        evidence->opposed += evidence->last[0] == 0 || steps == 0 ? 0 : steps < 0 ? 1 : -1;
        memcpy(evidence->last, &value[1], sizeof evidence->last);
    }
    if (line->log->other->is_seeded)
        freelog_report_note(&line->log->report, FREELOG_NOTE_NO_HEADINGS, line->at, line->end);
}

bool table_is_doubtful(const struct other_log *other, unsigned long records, unsigned long lines)
{
    /* Words of a text are headings by chance, and a number below them may be anything. */
    bool is_rare = lines > FEW_LINES && !other->is_nmon && !other->layout[0].has_time &&
                   (records < lines / FEW_LINES || records < 2);
    if (other->is_vague || (is_rare && other->format == OTHER_TABLE))
        return true;
    return other->is_guessed && (other->evidence.numbers < 3 || other->evidence.of_pages < other->evidence.numbers ||
                                 other->evidence.opposed < 0);
}
