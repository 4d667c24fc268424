/* SPDX-License-Identifier: MIT */
/* message: failures and notes on standard error. */
#ifndef MEMTRACE_CLI_MESSAGE_H
#define MEMTRACE_CLI_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define MESSAGE_KINDS_MAX 64

/* Messages of one kind: the same format with different arguments. */
struct message_kind {
    const char *format;
    size_t count;
    char text[512]; /* of the first message */
};

/* The settings for messages, and the state of the printed ones. */
struct messages {
    bool is_quiet; /* notes are not printed */
    size_t lost;   /* logs, or nodes of a log, reported as missing from the result */
    struct message_kind kind[MESSAGE_KINDS_MAX];
    size_t kind_count;
};

/* Prints one line on standard error: "memtrace: FILE:LINE: text". */
void message_print(const struct error *error);

/* A load_report whose `user` is a struct messages: prints a note unless they are quiet, and prints and counts whatever
 * is missing. Of each kind the first ten are printed. */
void message_report(void *user, bool is_note, const struct error *error);

/* Prints how many messages of each kind were suppressed. */
void message_report_rest(const struct messages *messages);

/* Prints a last line if something is missing. Returns true in that case. */
bool message_incomplete(const struct messages *messages);

#endif
