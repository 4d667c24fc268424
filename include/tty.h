/* tty: the terminal of somebody who watches: its alternate screen, keys, size and signals. */
#ifndef MEMTRACE_TTY_H
#define MEMTRACE_TTY_H

#include <stdbool.h>

#include "cells.h"
#include "error.h"

struct tty;

/* What a wait ended with. */
enum tty_event { TTY_TIME, TTY_INPUT, TTY_RESIZED, TTY_QUIT };

/* Takes over the signals and, where this process is in the foreground of a terminal, its keys. With `has_screen`
 * standard output shows frames in the alternate screen, from the first tty_show on. NULL in `error`. tty_close gives
 * everything back. */
struct tty *tty_open(bool has_screen, enum cell_colours colours, struct error *error);

/* Waits `timeout_s`, or less: for q or Ctrl-C (TTY_QUIT, as for what ends processes otherwise), a new size, or, with
 * `with_stdin`, something to read on standard input. Ctrl-Z stops the process with the terminal given back meanwhile.
 */
enum tty_event tty_wait(struct tty *tty, double timeout_s, bool with_stdin);

/* Whether q would be heard. */
bool tty_has_keys(const struct tty *tty);

/* Shows a frame of the terminal's size: only what changed is written, in one piece. False when the terminal is gone. */
bool tty_show(struct tty *tty, const struct cells *cells);

/* Forgets what the screen shows: the next frame is drawn whole. */
void tty_forget(struct tty *tty);

/* Gives the terminal back as it was. Where a signal that ends processes was the reason for TTY_QUIT, its number is
 * returned, else 0. */
int tty_close(struct tty *tty);

#endif
