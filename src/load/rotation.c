/* SPDX-License-Identifier: MIT */
/* rotation: decides by names and times which logs are parts of one. */
#include "rotation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "file.h"

#define NUMBER_DIGITS 3    /* parts of a rotated log at most; a higher number is not a rotation's */
#define EPOCH_DIGITS  10   /* since 2001 */
#define LATEST        1e15 /* dates count down from here, because later ones are younger */

/* A log that may be part of another. */
struct log_part {
    size_t file;
    const char *path;
    size_t base; /* bytes of the path */
    double order;
    double span_s[2]; /* its first and last time since 1970, NAN if unknown */
};

static size_t digits_before(const char *path, size_t end)
{
    size_t count = 0;
    while (count < end && path[end - count - 1] >= '0' && path[end - count - 1] <= '9')
        count++;
    return count;
}

/* Reads a date of `count` digits that ends a path of `length` bytes: "20260302", "2026-03-02T10-00". Sets `*base` to
 * where it begins and `*date` to its digits, with zeros up to the seconds. Returns false if there is none. */
static bool read_date(const char *path, size_t length, int count, size_t *base, double *date)
{
    char text[] = "00000000000000";
    size_t at = length;
    for (int i = count - 1; i >= 0; i--) {
        bool is_part_end = i < count - 1 && i % 2 == 1 && i >= 3;
        if (is_part_end && at > 0 && memchr("-_T", path[at - 1], 3) != NULL)
            at--;
        if (at == 0 || digits_before(path, at) == 0)
            return false;
        text[i] = path[--at];
    }
    int month = (text[4] - '0') * 10 + text[5] - '0', day = (text[6] - '0') * 10 + text[7] - '0';
    *base = at;
    *date = strtod(text, NULL);
    return *date > 1990e10 && *date < 2200e10 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

size_t rotation_base(const char *path, double *order)
{
    static const int date_digits[] = {14, 12, 10, 8};
    size_t length = strlen(path), base;
    double date;
    *order = -1;
    if (length > 3 && strcmp(path + length - 3, ".gz") == 0)
        length -= 3;
    if (length > 5 && memcmp(path + length - 4, ".old", 4) == 0 && path[length - 5] != '/') {
        *order = 1;
        return length - 4;
    }
    for (size_t i = 0; i < COUNT(date_digits); i++)
        if (read_date(path, length, date_digits[i], &base, &date) && base > 1 && path[base - 2] != '/' &&
            memchr("-._", path[base - 1], 3) != NULL) {
            *order = LATEST - date;
            return base - 1;
        }
    size_t digits = digits_before(path, length);
    base = length - digits;
    if (digits == 0 || base < 2 || path[base - 2] == '/')
        return length;
    double number = strtod(path + base, NULL);
    if (path[base - 1] == '.' && digits <= NUMBER_DIGITS)
        *order = number;
    else if ((path[base - 1] == '.' || path[base - 1] == '-') && digits == EPOCH_DIGITS)
        *order = LATEST - number;
    return *order < 0 ? length : base - 1;
}

static int compare_names(const void *a, const void *b)
{
    const struct log_part *left = a, *right = b;
    size_t common = left->base < right->base ? left->base : right->base;
    int order = memcmp(left->path, right->path, common);
    if (order == 0)
        order = (left->base > right->base) - (left->base < right->base);
    if (order == 0) /* the oldest first */
        order = (left->order < right->order) - (left->order > right->order);
    return order != 0 ? order : (left->file > right->file) - (left->file < right->file);
}

static int compare_times(const void *a, const void *b)
{
    const struct log_part *left = a, *right = b;
    return (left->span_s[0] > right->span_s[0]) - (left->span_s[0] < right->span_s[0]);
}

/* Returns true if the parts, oldest first by name, belong to one log: by their times, which must not overlap, or,
 * without times, by their names alone. Sorts them by time. */
static bool are_one(const struct load_settings *settings, const struct input_list *list, struct log_part *part,
                    size_t count)
{
    size_t known = 0;
    bool has_plain = part[count - 1].order < 0, is_in_order = true;
    for (size_t i = 0; i < count; i++) {
        if (!load_file_span(settings, &list->file[part[i].file], part[i].span_s))
            return false;
        known += isfinite(part[i].span_s[0]) ? 1 : 0;
        is_in_order &= i == 0 || part[i].span_s[0] >= part[i - 1].span_s[1];
        if (i > 0 && part[i].order == part[i - 1].order) /* mem.log.1 and mem.log.1.gz */
            return false;
    }
    if (known < count || is_in_order)
        return known == count || (known == 0 && has_plain);
    if (!has_plain)
        return false; /* numbers that grow with time may be those of tasks */
    qsort(part, count, sizeof *part, compare_times);
    for (size_t i = 1; i < count; i++)
        if (part[i].span_s[0] < part[i - 1].span_s[1])
            return false;
    return true;
}

static bool is_same_log(const struct log_part *a, const struct log_part *b)
{
    return a->base == b->base && memcmp(a->path, b->path, a->base) == 0;
}

bool rotation_find(struct rotation *rotation, const struct load_settings *settings, const struct input_list *list)
{
    size_t count = list->count, end;
    struct log_part *part = calloc(count + 1, sizeof *part);
    rotation->first = calloc(count + 1, sizeof *rotation->first);
    rotation->next = calloc(count + 1, sizeof *rotation->next);
    if (part == NULL || rotation->first == NULL || rotation->next == NULL) {
        free(part);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        rotation->first[i] = rotation->next[i] = i;
        part[i] = (struct log_part){.file = i, .path = list->file[i].path};
        part[i].base = rotation_base(part[i].path, &part[i].order);
    }
    qsort(part, count, sizeof *part, compare_names);
    for (size_t begin = 0; begin < count; begin = end) {
        for (end = begin + 1; end < count && is_same_log(&part[begin], &part[end]); end++)
            ;
        if (end - begin < 2 || !are_one(settings, list, part + begin, end - begin))
            continue;
        for (size_t i = begin; i < end; i++) {
            rotation->first[part[i].file] = part[begin].file;
            rotation->next[part[i].file] = part[i + 1 < end ? i + 1 : i].file;
        }
    }
    free(part);
    return true;
}

void rotation_free(struct rotation *rotation)
{
    free(rotation->first);
    free(rotation->next);
    *rotation = (struct rotation){NULL, NULL};
}
