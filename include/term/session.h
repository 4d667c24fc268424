/* SPDX-License-Identifier: MIT */
/* session: the terminal of somebody who watches: its alternate screen, keys, size and signals. */
#ifndef MEMTRACE_TERM_SESSION_H
#define MEMTRACE_TERM_SESSION_H

#include <stdbool.h>

#include "base/error.h"
#include "term/cells.h"

struct session;

/* What a wait ended with. */
enum session_event { SESSION_TIME, SESSION_INPUT, SESSION_RESIZED, SESSION_QUIT };

/* Takes over the signals and, where this process is in the foreground of a terminal, its keys. With `has_screen`
 * standard output shows frames in the alternate screen, from the first session_show on. NULL in `error`. session_close
 * gives everything back. */
struct session *session_open(bool has_screen, enum cell_colours colours, struct error *error);

/* Waits `timeout_s`, or less: for q or Ctrl-C (SESSION_QUIT, as for what ends processes otherwise), a new size, or,
 * with `with_stdin`, something to read on standard input. Ctrl-Z stops the process with the terminal given back
 * meanwhile.
 */
enum session_event session_wait(struct session *tty, double timeout_s, bool with_stdin);

/* Whether q would be heard. */
bool session_has_keys(const struct session *tty);

/* Shows a frame of the terminal's size: only what changed is written, in one piece. Returns false if the terminal is
 * gone. */
bool session_show(struct session *tty, const struct cells *cells);

/* Forgets what the screen shows: the next frame is drawn whole. */
void session_forget(struct session *tty);

/* Gives the terminal back as it was. Where a signal that ends processes was the reason for SESSION_QUIT, its number is
 * returned, else 0. */
int session_close(struct session *tty);

#endif
