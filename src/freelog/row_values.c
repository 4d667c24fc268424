/* SPDX-License-Identifier: MIT */
/* row_values: reads the numbers of a row: where each ends, its unit, and numbers without a blank between them. */
#include "row_values.h"

#include <math.h>
#include <stdint.h>

#include "base/array.h"
#include "number.h"
#include "text.h"

#define QUICK_DIGITS 15 /* exact in a double */
#define GLUED_DIGITS 11 /* busybox's column width: shorter numbers have a blank before them */

/* Reads a number without a unit whose digits are in groups, as in 65,000,000. A single mark may also be a decimal mark,
 * which judge_groups decides by the row. */
static bool read_grouped(const char *at, const char *end, double unit_bytes, struct row_values *values)
{
    struct number_groups groups;
    if (!number_read_groups(at, end, &groups))
        return false;
    values->bytes[values->count] = groups.value * unit_bytes;
    return true;
}

/* Returns true if the marks in the numbers of a row are between groups of three digits, and none is a decimal mark. A
 * program that prints decimals prints the same number of them in each number, and a 0 before them. */
static bool are_groups(const struct row_values *values)
{
    bool has_two = false, has_whole = false;
    char mark = '\0';
    for (size_t i = 0; i < values->count; i++) {
        struct number_groups groups;
        const char *at = values->from[i], *end = values->to[i];
        if (text_digits_end(at, end) == end) {
            if (end - at > 3)
                return false;
            has_whole = true;
        } else if (!number_read_groups(at, end, &groups) || groups.leads_zero ||
                   (mark != '\0' && mark != groups.mark)) {
            return false;
        } else {
            has_two |= groups.marks > 1;
            mark = groups.mark;
        }
    }
    return has_two || has_whole || mark != '.';
}

/* Reads the numbers of a row with marks again if the marks are between groups of digits. */
static void judge_groups(struct row_values *values, double unit_bytes)
{
    struct number_groups groups;
    if (values->has_unit || !are_groups(values))
        return;
    for (size_t i = 0; i < values->count; i++)
        if (number_read_groups(values->from[i], values->to[i], &groups))
            values->bytes[i] = groups.value * unit_bytes;
    values->resolution = unit_bytes;
}

/* Reads a number that is more than a few digits. */
static bool read_number(const char *at, const char *end, double unit_bytes, double bare_base, struct row_values *values)
{
    struct number number;
    double factor = unit_bytes;
    if (!number_read(at, end, &number))
        return false;
    if (number.power >= 0) {
        values->has_unit = true;
        factor = number_factor(number.is_binary ? 1024 : bare_base, number.power);
        values->has_bare_unit |= number.power > 0 && !number.is_binary;
    }
    values->bytes[values->count] = number.value * factor;
    if (number.resolution * factor > values->resolution && number.value > 0)
        values->resolution = number.resolution * factor;
    return true;
}

void row_values_read(const char *at, const char *end, double unit_bytes, double bare_base, struct row_values *values)
{
    values->count = 0;
    values->resolution = unit_bytes;
    values->has_unit = values->has_bare_unit = false;
    values->glued = NULL;
    values->end = FREELOG_ROW_END;
    bool has_marks = false;
    for (;;) {
        at = text_skip_blanks(at, end);
        if (at == end)
            break;
        if (values->count == ROW_VALUES_MAX ||
            (!text_is_digit(*at) && !(*at == '-' && at + 1 < end && text_is_digit(at[1])))) {
            values->end = FREELOG_ROW_TEXT;
            break;
        }
        uint64_t quick = 0;
        const char *from = at;
        for (; at < end && text_is_digit(*at); at++)
            quick = quick * 10 + (uint64_t)(*at - '0');
        if (at > from && at - from <= QUICK_DIGITS && (at == end || text_is_blank(*at))) {
            values->bytes[values->count] = (double)quick * unit_bytes;
        } else {
            at = text_word_end(at, end);
            if (at - from > 2 * GLUED_DIGITS - 2 && text_digits_end(from, at) == at) {
                values->glued = values->glued == NULL ? from : values->glued;
                values->bytes[values->count] = 0;
            } else if (read_number(from, at, unit_bytes, bare_base, values) ||
                       read_grouped(from, at, unit_bytes, values)) {
                has_marks |= text_digits_end(from, at) < at;
            } else {
                values->end = FREELOG_ROW_BROKEN;
                at = from;
                break;
            }
        }
        values->from[values->count] = from;
        values->to[values->count++] = at;
    }
    values->rest = at;
    if (has_marks)
        judge_groups(values, unit_bytes);
}

/* Digits without blanks, and where they were cut so far. */
struct glue {
    const struct row_values *row;
    size_t want;
    double unit_bytes, sum_bytes;
    double page; /* all numbers are multiples of it */
    struct row_values cut;
};

static double digits_value(const char *at, const char *end)
{
    double value = 0;
    for (; at < end; at++)
        value = value * 10 + (*at - '0');
    return value;
}

/* Returns true if the numbers cut so far can still be right: the first is the sum of the next two. */
static bool may_be(const struct glue *glue)
{
    const double *bytes = glue->cut.bytes;
    if (glue->want == 2 && glue->cut.count == 2)
        return bytes[0] + bytes[1] == glue->sum_bytes;
    if (glue->want > 2 && glue->cut.count == 3)
        return bytes[0] == bytes[1] + bytes[2];
    double pages = glue->cut.count > 0 ? bytes[glue->cut.count - 1] / glue->unit_bytes / glue->page : 0;
    if (floor(pages) != pages)
        return false;
    return glue->cut.count <= glue->want;
}

/* Cuts the digits of value `token` from `at` on, and then the other values. There are at most 4 ways for each of at
 * most 7 cuts, and may_be rules out most of them. */
static bool cut(struct glue *glue, size_t token, const char *at)
{
    const struct row_values *row = glue->row;
    struct row_values *made = &glue->cut;
    size_t count = made->count;
    if (token == row->count)
        return count == glue->want;
    if (count == glue->want)
        return false;
    const char *end = row->to[token];
    for (const char *to = end; to > at && end - at <= 8 * (GLUED_DIGITS + 4); to--) {
        if (to - at > GLUED_DIGITS + 4 || (to < end && end - to < GLUED_DIGITS))
            continue;
        if (at > row->from[token] && to - at < GLUED_DIGITS)
            break;
        made->bytes[count] = digits_value(at, to) * glue->unit_bytes;
        made->from[count] = at;
        made->to[count] = to;
        made->count = count + 1;
        if (may_be(glue) &&
            cut(glue, to == end ? token + 1 : token, to == end && token + 1 < row->count ? row->from[token + 1] : to))
            return true;
    }
    made->count = count;
    return false;
}

bool row_values_unglue(struct row_values *values, size_t want, double unit_bytes, double sum_bytes)
{
    static const double pages[] = {4096, 4, 1}; /* in bytes, in KiB, of numbers that are none */
    struct glue glue = {.row = values, .want = want, .unit_bytes = unit_bytes, .sum_bytes = sum_bytes};
    if (want < 2 || want > ROW_VALUES_MAX)
        return false;
    for (size_t i = 0; i < values->count; i++)
        if (text_digits_end(values->from[i], values->to[i]) != values->to[i])
            return false;
    if (values->count == 0 || values->count >= want)
        return false;
    bool is_cut = false;
    for (size_t i = 0; i < COUNT(pages) && !is_cut; i++) {
        glue.page = pages[i];
        is_cut = cut(&glue, 0, values->from[0]);
    }
    if (!is_cut)
        return false;
    glue.cut.resolution = values->resolution;
    glue.cut.has_unit = glue.cut.has_bare_unit = false;
    glue.cut.glued = NULL;
    glue.cut.end = values->end;
    glue.cut.rest = values->rest;
    *values = glue.cut;
    return true;
}

/* Reads the groups of a number at `*at`, which one blank separates, and advances `*at` past them. */
static bool join_groups(const char **at, const char *end, double *value)
{
    const char *digits_end = text_digits_end(*at, end);
    if (digits_end == *at || digits_end - *at > 15)
        return false;
    *value = digits_value(*at, digits_end);
    bool is_group = digits_end - *at <= 3;
    *at = digits_end;
    while (is_group && end - *at >= 4 && (*at)[0] == ' ' && text_digits_end(*at + 1, end) == *at + 4) {
        *value = *value * 1000 + digits_value(*at + 1, *at + 4);
        *at += 4;
    }
    return *at == end || text_is_blank(**at);
}

bool row_values_join(struct row_values *values, size_t want, double unit_bytes, const char *end)
{
    struct row_values joined = {.resolution = unit_bytes, .end = FREELOG_ROW_END};
    const char *at = values->count > 0 ? values->from[0] : end;
    while (at < end) {
        double value;
        const char *from = at;
        if (joined.count == want || !join_groups(&at, end, &value))
            return false;
        joined.bytes[joined.count] = value * unit_bytes;
        joined.from[joined.count] = from;
        joined.to[joined.count++] = at;
        at = text_skip_blanks(at, end);
    }
    joined.rest = end;
    if (joined.count != want)
        return false;
    *values = joined;
    return true;
}
