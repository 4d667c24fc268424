/* SPDX-License-Identifier: MIT */
/* message: failures and notes on standard error. */
#ifndef MEMTRACE_CLI_MESSAGE_H
#define MEMTRACE_CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* What is printed, and what was. */
struct messages {
    bool is_quiet; /* notes are not printed */
    size_t lost;   /* logs, or nodes of one, that were reported as missing from the result */
};

/* Prints one line on standard error: "memtrace: FILE:LINE: text". */
void message_print(const struct error *error);

/* A load_report whose `user` is a struct messages: prints a note unless they are quiet, and prints and counts whatever
 * is missing. */
void message_report(void *user, bool is_note, const struct error *error);

/* Says in a last line that something is missing. Returns whether that is so. */
bool message_incomplete(const struct messages *messages);

#endif
