/* message: owns how failures and notes are printed on standard error. */
#include "cli/message.h"

#include <stdio.h>

#include "cli/options.h"

void message_print(const struct error *error)
{
    fputs("memtrace: ", stderr);
    if (error->file[0] != '\0') {
        fprintf(stderr, "%s:", error->file);
        if (error->line > 0)
            fprintf(stderr, "%lu:", error->line);
        fputc(' ', stderr);
    }
    fprintf(stderr, "%s\n", error->text);
}

void message_report(void *user, bool is_note, const struct error *error)
{
    const struct options *options = user;
    if (!is_note || !options->quiet)
        message_print(error);
}
