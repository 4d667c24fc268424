/* SPDX-License-Identifier: MIT */
/* session: the terminal during a live view: its alternate screen, keys, size and signals. */
#ifndef MEMTRACE_TERM_SESSION_H
#define MEMTRACE_TERM_SESSION_H

#include <stdbool.h>

#include "base/error.h"
#include "term/cells.h"

struct session;

/* The event that ended a wait. */
enum session_event { SESSION_TIME, SESSION_INPUT, SESSION_RESIZED, SESSION_QUIT };

/* Takes over the signals and, if this process is in the foreground of a terminal, its keys. With `has_screen`, standard
 * output shows frames in the alternate screen from the first session_show on. Returns NULL with the reason in `error`.
 * session_close restores everything. */
struct session *session_open(bool has_screen, enum cell_colours colours, struct error *error);

/* Waits `timeout_s`, or less: for q, Ctrl-C or another signal that ends the process (SESSION_QUIT), a new size, or,
 * with `with_stdin`, something to read on standard input. Ctrl-Z stops the process and restores the terminal meanwhile.
 */
enum session_event session_wait(struct session *tty, double timeout_s, bool with_stdin);

/* Returns true if keys such as q are read. */
bool session_has_keys(const struct session *tty);

/* Shows a frame of the terminal's size; writes only the changes, in one piece. Returns false if the terminal is gone.
 */
bool session_show(struct session *tty, const struct cells *cells);

/* Discards the copy of the screen: the next frame is drawn completely. */
void session_forget(struct session *tty);

/* Restores the terminal. Returns the number of the signal that caused SESSION_QUIT, else 0. */
int session_close(struct session *tty);

#endif
