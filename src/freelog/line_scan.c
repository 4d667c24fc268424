/* SPDX-License-Identifier: MIT */
/* line_scan: searches a line for text that free printed: a row's word, a header, a line of free -L. */
#include "line_scan.h"

#include <string.h>

#include "text.h"

#define UNKNOWN_WORD_MAX 48   /* bytes of a row's word in an unknown language */
#define WORDS_BEFORE     8    /* before a line of free -L in an unknown language */
#define PROCESS_WORDS    8    /* of a process in ps -ef, and up to its state in top */
#define PREFIX_MAX       1024 /* bytes before a part that are searched */

/* Returns true if a number may begin at `at`, or the line ends there. */
static bool may_be_numbers(const char *at, const char *end)
{
    at = text_skip_blanks(at, end);
    return at == end || text_is_digit(*at) || (*at == '-' && at + 1 < end && text_is_digit(at[1]));
}

static bool find_row(const char *at, const char *end, struct line_part *part)
{
    const char *after, *last = end - at > PREFIX_MAX ? at + PREFIX_MAX : end;
    for (const char *colon = at; (colon = vocabulary_colon(colon, last, &after)) != NULL; colon = after) {
        if (colon == at || !may_be_numbers(after, end))
            continue;
        part->row = vocabulary_row(at, colon, &part->at);
        if (part->row != FREELOG_ROW_NONE) {
            part->kind = LINE_PART_ROW;
            part->rest = after;
            return true;
        }
    }
    return false;
}

/* Returns true for a word of digits, or one with a colon. It is not a heading but follows a header on the same line. */
static bool ends_headings(const char *at, const char *end)
{
    const char *after;
    return text_is_digit(*at) || (end - at == 1 && !text_is_letter(*at)) || vocabulary_colon(at, end, &after) != NULL ||
           text_starts(at, end, "-/+");
}

/* Reads the headings from `at`, where the word of FREELOG_TOTAL begins. Returns false if this is not a header. */
static bool read_header(const char *at, const char *end, struct line_part *part)
{
    static const enum freelog_column first[] = {FREELOG_TOTAL, FREELOG_USED, FREELOG_FREE};
    struct column_layout *layout = &part->layout;
    layout->count = 0;
    layout->by_place = false;
    part->header_end = at;
    for (at = text_skip_blanks(at, end); at < end; at = text_skip_blanks(at, end)) {
        const char *after;
        enum freelog_column column = vocabulary_heading(at, end, &after);
        if (column == FREELOG_COLUMN_COUNT) {
            after = text_word_end(at, end);
            if (ends_headings(at, after))
                break;
            layout->by_place = true;
        }
        if (layout->count < FREELOG_HEADINGS_MAX)
            layout->column[layout->count++] = (uint8_t)column;
        else
            layout->by_place = true;
        at = part->header_end = after;
        if (layout->count <= 3 && column != first[layout->count - 1])
            return false;
    }
    return layout->count >= 3;
}

/* Returns the unit of a header: "\t\ttotal" is toybox, which counts bytes. */
static double header_unit(const char *line, const char *at, double unit_bytes)
{
    if (unit_bytes > 0)
        return unit_bytes;
    return at - line >= 2 && at[-1] == '\t' && at[-2] == '\t' ? 1 : 1024;
}

static bool find_header(const char *line, const char *end, double unit_bytes, struct line_part *part)
{
    const char *after, *last = end - line > PREFIX_MAX ? line + PREFIX_MAX : end;
    for (const char *at = text_skip_blanks(line, end); at < last; at = text_skip_blanks(text_word_end(at, end), end))
        if (vocabulary_heading(at, end, &after) == FREELOG_TOTAL && read_header(at, end, part)) {
            part->kind = LINE_PART_HEADER;
            part->at = part->rest = at;
            if (part->layout.by_place)
                part->layout.count = 0;
            part->layout.edges = (struct column_edges){0, 0};
            part->layout.unit_bytes = header_unit(line, at, unit_bytes);
            part->layout.bare_base = 1024;
            return true;
        }
    return false;
}

/* A word of free -L and its number. */
struct line_pair {
    const char *word, *word_end, *number, *end;
};

static bool read_pair(const char *at, const char *end, struct line_pair *pair)
{
    at = text_skip_blanks(at, end);
    if (at == end || !(text_is_letter(*at) || text_is_high(*at)))
        return false;
    pair->word = at;
    pair->word_end = text_word_end(at, end);
    pair->number = text_skip_blanks(pair->word_end, end);
    pair->end = text_digits_end(pair->number, end);
    for (; at < pair->word_end; at++)
        if (text_is_digit(*at) || memchr(":=,;/%", *at, 6) != NULL)
            return false;
    return pair->end > pair->number && (pair->end == end || text_is_blank(*pair->end));
}

/* Returns true for a pair as free prints it: its column ends at least 12 bytes after the word. */
static bool is_wide(const struct line_pair *pair)
{
    return pair->end - pair->word_end >= 12;
}

/* Returns true if four pairs without columns, as from echo $(free -L), are those of free -L: the first three words end
 * with "used", the last two begin with "memory", and the numbers are whole pages. */
static bool are_used_and_free(const struct line_pair pair[4])
{
    for (int i = 0; i < 4; i++) {
        int tens = pair[i].end - pair[i].number > 1 ? pair[i].end[-2] - '0' : 0;
        ptrdiff_t least = i == 0 ? 1 : 4; /* digits; there may be no swap */
        if (pair[i].end - pair[i].number < least || (10 * tens + pair[i].end[-1] - '0') % 4 != 0 ||
            pair[i].word_end - pair[i].word < 4)
            return false;
    }
    return memcmp(pair[0].word_end - 2, pair[1].word_end - 2, 2) == 0 &&
           memcmp(pair[1].word_end - 2, pair[2].word_end - 2, 2) == 0 && memcmp(pair[2].word, pair[3].word, 2) == 0;
}

/* Finds a line of free -L in any language: four words with numbers, after at most a label and a time of a few words. */
static bool find_translated_line(const char *at, const char *end, struct line_part *part)
{
    const char *word = text_skip_blanks(at, end);
    for (int i = 0; i < WORDS_BEFORE && word < end; i++, word = text_skip_blanks(text_word_end(word, end), end)) {
        struct line_pair pair[4];
        const char *next = word;
        int count = 0, wide = 0;
        for (; count < 4 && read_pair(next, end, &pair[count]); count++) {
            next = pair[count].end;
            wide += is_wide(&pair[count]);
        }
        if (count == 4 && (wide == 4 || are_used_and_free(pair))) {
            part->kind = LINE_PART_LINE;
            part->at = part->rest = word;
            part->is_tight = wide < 4;
            return true;
        }
    }
    return false;
}

bool line_scan_part(const char *at, const char *end, double unit_bytes, struct line_part *part)
{
    static const char trace[] = "# memtrace", line[] = "SwapUse ";
    const char *found = text_find(at, end, trace);
    if (found != NULL) {
        part->kind = LINE_PART_TRACE;
        part->at = found;
        part->rest = found + sizeof trace - 1;
        return true;
    }
    found = text_find(at, end, line);
    if (found != NULL) {
        part->kind = LINE_PART_LINE;
        part->at = part->rest = found;
        part->is_tight = false;
        return true;
    }
    bool is_row = find_row(at, end, part);
    if (!is_row && find_translated_line(at, end, part))
        return true;
    struct line_part header;
    if (find_header(at, is_row ? part->at : end, unit_bytes, &header)) {
        *part = header;
        return true;
    }
    return is_row;
}

bool line_scan_unknown_row(const char *at, const char *end, struct line_part *part)
{
    struct row_values values;
    const char *after, *colon = NULL, *numbers = NULL;
    for (const char *next = at; (next = vocabulary_colon(next, end, &after)) != NULL; next = after) {
        colon = next;
        numbers = after;
    }
    at = text_skip_blanks(at, end);
    if (colon == NULL || colon <= at || !may_be_numbers(numbers, end))
        return false;
    row_values_read(numbers, end, 1, 1024, &values);
    if (values.end != FREELOG_ROW_END || values.glued != NULL ||
        !(values.count == 3 || (values.count >= 5 && values.count <= 7)))
        return false;
    part->kind = LINE_PART_ROW;
    part->row = values.count == 3 ? FREELOG_ROW_UNKNOWN : FREELOG_ROW_MEM;
    part->rest = numbers;
    bool has_digit_or_colon = false;
    for (const char *c = at; c < colon; c++)
        has_digit_or_colon |= text_is_digit(*c) || *c == ':';
    const char *word = has_digit_or_colon ? colon : at;
    while (word > at && !text_is_blank(word[-1]) && !text_is_digit(word[-1]))
        word--;
    part->at = at = word;
    return at < colon && colon - at <= UNKNOWN_WORD_MAX;
}

const char *line_scan_last_words(const char *at, const char *end, size_t count)
{
    const char *word = end;
    for (; count > 0; count--) {
        while (word > at && text_is_blank(word[-1]))
            word--;
        if (word == at)
            return NULL;
        while (word > at && !text_is_blank(word[-1]))
            word--;
    }
    return word;
}

bool line_scan_like_header(const char *at, const char *end)
{
    size_t words = 0;
    for (const char *c = at; c < end; c++)
        if (text_is_digit(*c) || *c == ':' || *c == '=')
            return false;
    for (at = text_skip_blanks(at, end); at < end; at = text_skip_blanks(text_word_end(at, end), end))
        words++;
    return words >= 5 && words <= 9;
}

/* Returns true for the state of a process in ps and top: "S", "Rl+", "D". */
static bool is_state(const char *at, const char *end)
{
    return end > at && strchr("RSDZTI", *at) != NULL && end - at <= 4 && !text_has_digit(at, end);
}

bool line_scan_is_process(const char *at, const char *end)
{
    const char *word[PROCESS_WORDS + 1], *word_end[PROCESS_WORDS + 1];
    size_t count = 0;
    for (at = text_skip_blanks(at, end); at < end && count <= PROCESS_WORDS; at = text_skip_blanks(at, end)) {
        word[count] = at;
        at = word_end[count++] = text_word_end(at, end);
    }
    if (count < PROCESS_WORDS)
        return false;
    bool has_pid = text_digits_end(word[1], word_end[1]) == word_end[1];
    for (size_t i = 4; i < PROCESS_WORDS && has_pid; i++) /* the terminal: the 6th word of ps -ef, the 7th of ps aux */
        if (text_starts(word[i], end, "pts/") || text_starts(word[i], end, "tty") ||
            (*word[i] == '?' && word_end[i] - word[i] == 1))
            return true;
    return text_digits_end(word[0], word_end[0]) == word_end[0] && count > PROCESS_WORDS &&
           is_state(word[PROCESS_WORDS - 1], word_end[PROCESS_WORDS - 1]) && text_is_digit(*word[PROCESS_WORDS]);
}
