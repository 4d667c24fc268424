/* SPDX-License-Identifier: MIT */
/* node_names: expands folded lists of nodes. */
#include "node_names.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "text.h"

#define NAME_MAX_BYTES 255
#define WIDTH_MAX      9 /* digits of a number */

struct names {
    struct strbuf text;
    size_t count;
    bool is_bad;
};

static void expand(struct names *names, char *name, size_t length, const char *at, const char *end);

/* Expands "01-03" or "7" of a range at `*at`, and advances `*at` past it. The rest of the pattern follows each number.
 */
static void expand_range(struct names *names, char *name, size_t length, const char **at, const char *rest,
                         const char *end)
{
    const char *first = *at, *first_end = text_digits_end(first, end), *last = first, *last_end = first_end;
    if (first_end < end && *first_end == '-') {
        last = first_end + 1;
        last_end = text_digits_end(last, end);
    }
    *at = last_end;
    if (first_end == first || first_end - first > WIDTH_MAX || last_end == last || last_end - last > WIDTH_MAX) {
        names->is_bad = true;
        return;
    }
    unsigned long from = strtoul(first, NULL, 10), to = strtoul(last, NULL, 10);
    for (unsigned long number = from; number <= to && !names->is_bad; number++) {
        int size = snprintf(name + length, NAME_MAX_BYTES + 1 - length, "%0*lu", (int)(first_end - first), number);
        if (size < 0 || length + (size_t)size > NAME_MAX_BYTES)
            names->is_bad = true;
        else
            expand(names, name, length + (size_t)size, rest, end);
    }
    names->is_bad |= from > to;
}

/* Adds the expansion of [at, end), a pattern without commas outside brackets, after the first `length` bytes of `name`.
 */
static void expand(struct names *names, char *name, size_t length, const char *at, const char *end)
{
    for (; at < end && *at != '['; at++) {
        if (*at == ']' || length == NAME_MAX_BYTES) {
            names->is_bad = true;
            return;
        }
        name[length++] = *at;
    }
    if (at == end) {
        name[length] = '\0';
        strbuf_add(&names->text, "%s\n", name);
        names->is_bad |= length == 0 || ++names->count > NODE_NAMES_MAX || names->text.out_of_memory;
        return;
    }
    const char *close = memchr(at, ']', (size_t)(end - at));
    if (close == NULL) {
        names->is_bad = true;
        return;
    }
    for (at++; at < close && !names->is_bad; at++) {
        expand_range(names, name, length, &at, close + 1, end);
        names->is_bad |= at < close && *at != ',';
    }
}

char *node_names_expand(const char *list)
{
    struct names names = {0};
    char name[NAME_MAX_BYTES + 64];
    const char *end = list + strlen(list);
    if (strpbrk(list, "[,") == NULL || strchr(list, ' ') != NULL) /* "x, y", quoted in a table, is one name */
        return NULL;
    for (const char *at = list; at < end && !names.is_bad; at++) {
        const char *part = at;
        for (bool is_inside = false; at < end && (is_inside || *at != ','); at++)
            is_inside = *at == '[' || (is_inside && *at != ']');
        expand(&names, name, 0, part, at);
    }
    if (names.is_bad || names.count < 2) {
        strbuf_free(&names.text);
        return NULL;
    }
    for (size_t i = 0; i < names.text.length; i++)
        if (names.text.text[i] == '\n')
            names.text.text[i] = '\0';
    return names.text.text;
}
