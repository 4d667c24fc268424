/* SPDX-License-Identifier: MIT */
/* message: how failures and notes are printed on standard error. */
#include "cli/message.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

#define SHOWN_MAX 10 /* messages printed per kind */

void message_print(const struct error *error)
{
    fputs("memtrace: ", stderr);
    if (error->file[0] != '\0') {
        utf8_print(stderr, error->file);
        if (error->line > 0)
            fprintf(stderr, ":%lu", error->line);
        fputs(": ", stderr);
    }
    utf8_print(stderr, error->text);
    fputc('\n', stderr);
}

/* Counts a message. Returns false if enough of its kind were printed. */
static bool is_among_first(struct messages *messages, const struct error *error)
{
    /* The texts of the system share the format "%s", which does not identify a kind. */
    bool is_plain = error->format == NULL || strcmp(error->format, "%s") == 0;
    const char *format = is_plain ? "%s" : error->format;
    for (size_t i = 0; i < messages->kind_count; i++) {
        struct message_kind *kind = &messages->kind[i];
        if (strcmp(kind->format, format) == 0 && (!is_plain || strcmp(kind->text, error->text) == 0))
            return ++kind->count <= SHOWN_MAX;
    }
    if (messages->kind_count < MESSAGE_KINDS_MAX) {
        struct message_kind *kind = &messages->kind[messages->kind_count++];
        *kind = (struct message_kind){.format = format, .count = 1};
        snprintf(kind->text, sizeof kind->text, "%s", error->text);
    }
    return true;
}

void message_report(void *user, bool is_note, const struct error *error)
{
    struct messages *messages = user;
    messages->lost += !is_note;
    if ((!is_note || !messages->is_quiet) && is_among_first(messages, error))
        message_print(error);
}

void message_report_rest(const struct messages *messages)
{
    for (size_t i = 0; i < messages->kind_count; i++) {
        const struct message_kind *kind = &messages->kind[i];
        if (kind->count <= SHOWN_MAX)
            continue;
        fprintf(stderr, "memtrace: %zu more like this: ", kind->count - SHOWN_MAX);
        utf8_print(stderr, kind->text);
        fputc('\n', stderr);
    }
}

bool message_incomplete(const struct messages *messages)
{
    if (messages->lost == 0)
        return false;
    fprintf(stderr, "memtrace: incomplete: %zu log%s or node%s missing, see above\n", messages->lost,
            messages->lost == 1 ? "" : "s", messages->lost == 1 ? " is" : "s are");
    return true;
}
