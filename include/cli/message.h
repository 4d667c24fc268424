/* message: failures and notes on standard error. */
#ifndef MEMTRACE_CLI_MESSAGE_H
#define MEMTRACE_CLI_MESSAGE_H

#include <stdbool.h>

#include "base/error.h"

/* Prints one line on standard error: "memtrace: FILE:LINE: text". */
void message_print(const struct error *error);

/* A load_report: `user` is the struct options. Prints a warning always, a note unless --quiet was given. */
void message_report(void *user, bool is_note, const struct error *error);

#endif
