/* SPDX-License-Identifier: MIT */
/* line_prefix: the forms in which programs that run on many nodes mark the node of each line. */
#include "line_prefix.h"

#include "log_profile.h"
#include "text.h"
#include "time_find.h"

static bool is_word(const char *at, const char *end)
{
    return at < end && end - at <= FREELOG_LABEL_MAX && text_word_end(at, end) == end;
}

/* Returns true for "P0 0": component and task of a heterogeneous job. */
static bool is_het(const char *at, const char *end)
{
    if (end - at < 4 || *at != 'P' || !text_is_digit(at[1]))
        return false;
    const char *blank = text_digits_end(at + 1, end);
    const char *task = text_skip_blanks(blank, end);
    return task > blank && task < end && text_digits_end(task, end) == end;
}

/* Reduces "[1,12]<stdout>" of mpirun --tag-output, which is job and rank, to the rank. */
static void take_rank(const char **label, const char **label_end)
{
    const char *close = *label_end - strlen("]<stdout>"), *comma = close;
    if (close - *label < 3 || **label != '[' ||
        (memcmp(close, "]<stdout>", 9) != 0 && memcmp(close, "]<stderr>", 9) != 0))
        return;
    while (comma > *label && text_is_digit(comma[-1]))
        comma--;
    if (comma == close || comma[-1] != ',')
        return;
    *label = comma;
    *label_end = close;
}

static void set_label(struct line_prefix *prefix, const char *at, const char *end)
{
    take_rank(&at, &end);
    if (end - at > 2 && *at == '[' && end[-1] == ']' && memchr(at + 1, '[', (size_t)(end - at - 1)) == NULL) {
        at++;
        end--;
    }
    prefix->label = at;
    prefix->label_end = end;
}

static bool read_stamp(struct line_prefix *prefix, const char *at, const char *end)
{
    struct found_stamp found;
    prefix->has_stamp = timestamp_read(at, end, &prefix->stamp);
    prefix->weight = 2 * TIME_FULLNESS_CLOCK;
    if (!prefix->has_stamp)
        return false;
    /* Any other word in brackets is a label as a whole. */
    if (prefix->stamp.kind == TIMESTAMP_EPOCH)
        prefix->weight = 2 * TIME_FULLNESS_DATE;
    else if (time_find(at, end, &found) && found.stamp.kind == prefix->stamp.kind) {
        prefix->weight = 2 * (unsigned int)found.fullness;
        time_find_complete(&found, &prefix->stamp);
    }
    return true;
}

/* Finds "cn01 " or "[cn01] " before a time: a word that may be a node name and contains a number, as most node names
 * do. */
static void find_host(struct line_prefix *prefix, const char *at, const char *end)
{
    bool has_digit = false, has_letter = false;
    while (at < end && (*at == '[' || *at == '(' || text_is_blank(*at)))
        at++;
    while (end > at && (end[-1] == ']' || end[-1] == ')' || end[-1] == '[' || end[-1] == '(' || text_is_blank(end[-1])))
        end--;
    for (const char *c = at; c < end; c++) {
        has_digit |= text_is_digit(*c);
        has_letter |= text_is_letter(*c);
    }
    prefix->is_label_guessed = has_digit && has_letter && is_word(at, end) && log_profile_is_name(at, end);
    if (prefix->is_label_guessed)
        set_label(prefix, at, end);
}

/* Finds a time among other words. */
static bool find_stamp(struct line_prefix *prefix, const char *at, const char *end)
{
    struct found_stamp found;
    if (!time_find(at, end, &found) || found.stamp.kind == TIMESTAMP_DAY)
        return false;
    prefix->has_stamp = true;
    prefix->is_stamp_guessed =
        found.fullness == TIME_FULLNESS_NUMBER && !(found.is_alone && found.stamp.kind == TIMESTAMP_EPOCH);
    prefix->stamp = found.stamp;
    prefix->weight = 2 * (unsigned int)found.fullness;
    if (prefix->label == prefix->label_end && !prefix->is_stamp_guessed)
        find_host(prefix, at, found.from);
    return true;
}

bool line_prefix_lead(const char *at, const char *end, const char **label, const char **label_end, const char **rest)
{
    const char *tab = memchr(at, '\t', (size_t)(end - at));
    const char *name_end = tab == NULL ? at : text_trim_end(at, tab);
    if (name_end > at && tab - at <= FREELOG_LABEL_MAX && text_skip_blanks(at, tab) == at) {
        *label = at;
        *label_end = name_end;
        *rest = tab + 1;
        return true;
    }
    at = text_skip_blanks(at, end);
    const char *word_end = text_word_end(at, end), *bar = text_skip_blanks(word_end, end);
    if (is_word(at, word_end) && bar > word_end && bar < end && *bar == '|' &&
        (bar + 1 == end || text_is_blank(bar[1]))) { /* docker compose */
        *label = at;
        *label_end = word_end;
        *rest = bar + 1;
        return true;
    }
    for (const char *colon = at; (colon = memchr(colon, ':', (size_t)(end - colon))) != NULL; colon++)
        if (colon + 1 == end || text_is_blank(colon[1])) {
            if (!is_word(at, colon) && !is_het(at, colon))
                return false;
            bool is_bracketed = (*at == '<' && colon[-1] == '>') || (*at == '[' && colon[-1] == ']');
            *label = at + is_bracketed;
            *label_end = colon - is_bracketed;
            *rest = colon + 1 == end ? end : colon + 2;
            return *label < *label_end;
        }
    return false;
}

/* Returns true for the streams in "0 out: ": the word before names the node. */
static bool is_output(const char *at, const char *end)
{
    static const char *const streams[] = {"out", "err", "stdout", "stderr"};
    return text_is_one_of(streams, sizeof streams / sizeof *streams, at, end);
}

/* Reads "Nov 23 00:35:08 node1:" or, as in system logs, "Nov 23 00:35:08 node1 free[12]:". */
static bool read_stamp_and_label(struct line_prefix *prefix, const char *at, const char *end)
{
    if (end[-1] != ':')
        return false;
    const char *label_end = end - 1, *label = label_end;
    for (int words = 1; words <= 2; words++) {
        while (label > at && text_is_blank(label[-1]))
            label--;
        while (label > at && !text_is_blank(label[-1]))
            label--;
        if (label == at)
            return false;
        bool is_program = label_end[-1] == ']' && *label != '[' && !is_het(label, label_end); /* "free[12]" */
        bool is_label = words == 1 ? !is_program : is_het(label, label_end) || !text_is_digit(label_end[-1]);
        if (is_output(label, label_end))
            return false;
        if (is_label && read_stamp(prefix, at, label)) {
            prefix->stamp_first = true;
            set_label(prefix, label,
                      words == 1 || is_het(label, label_end) ? label_end : text_word_end(label, label_end));
            return true;
        }
    }
    return false;
}

/* Reads "node1.log:" or "node1.log:12:" of grep, which prints no blank after it, and "node1.log-12-" of grep -A. "12:"
 * alone is a line number. */
static bool read_file_label(struct line_prefix *prefix, const char *at, const char *end)
{
    const char *label_end = end - 1, *number;
    const char sign = *label_end;
    struct found_stamp found;
    if (!is_word(at, end) || (sign != ':' && sign != '-') || (sign == '-' && time_find(at, label_end, &found)))
        return false;
    for (number = label_end; number > at && text_is_digit(number[-1]); number--)
        ;
    if (number == at)
        return true;
    set_label(prefix, at, number < label_end && number[-1] == sign && number - 1 > at ? number - 1 : label_end);
    return true;
}

void line_prefix_read(const char *at, const char *end, struct line_prefix *prefix)
{
    const char *label, *label_end, *rest;
    *prefix = (struct line_prefix){.label = at, .label_end = at};
    const char *first = text_skip_blanks(at, end), *last = text_trim_end(first, end);
    if (first == last)
        return;
    if (last == end && read_file_label(prefix, first, end))
        return;
    const char *tab = memchr(first, '\t', (size_t)(last - first));
    struct found_stamp found;
    bool is_day = tab != NULL && time_find(first, tab, &found) && found.is_alone && found.stamp.kind == TIMESTAMP_DAY;
    if ((tab == NULL || is_day) && read_stamp(prefix, first, last))
        return;
    if (line_prefix_lead(at, end, &label, &label_end, &rest)) {
        const char *rest_end = text_trim_end(rest, end);
        rest = text_skip_blanks(rest, rest_end);
        if (rest == rest_end || read_stamp(prefix, rest, rest_end) || find_stamp(prefix, rest, rest_end)) {
            if (prefix->is_stamp_guessed)
                return;
            if (rest == rest_end || log_profile_is_name(label, label_end) || is_het(label, label_end) ||
                text_digits_end(label, label_end) == label_end)
                set_label(prefix, label, label_end);
            return;
        }
    }
    if (!read_stamp_and_label(prefix, first, last) && !read_stamp(prefix, first, last))
        find_stamp(prefix, first, last);
}

bool line_prefix_is_rule(const char *at, const char *end)
{
    if (end - at < 3)
        return false;
    while (at < end && *at == '-')
        at++;
    return at == end;
}
