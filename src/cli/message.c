/* SPDX-License-Identifier: MIT */
/* message: owns how failures and notes are printed on standard error. */
#include "cli/message.h"

#include <stdio.h>

#include "base/utf8.h"

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

void message_report(void *user, bool is_note, const struct error *error)
{
    struct messages *messages = user;
    messages->lost += !is_note;
    if (!is_note || !messages->is_quiet)
        message_print(error);
}

bool message_incomplete(const struct messages *messages)
{
    if (messages->lost == 0)
        return false;
    fprintf(stderr, "memtrace: incomplete: %zu log%s or node%s missing, as reported above\n", messages->lost,
            messages->lost == 1 ? "" : "s", messages->lost == 1 ? " is" : "s are");
    return true;
}
