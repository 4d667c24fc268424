/* SPDX-License-Identifier: MIT */
/* caps: what the terminal at the other end can show, from its size and what its environment says of it. */
#ifndef MEMTRACE_TERM_CAPS_H
#define MEMTRACE_TERM_CAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "term/cells.h"

enum colour_wish { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct caps {
    bool is_terminal;
    bool is_dumb;  /* takes no escape sequences */
    bool is_ascii; /* shows no Unicode, or no dots of braille */
    bool is_light; /* light background, according to COLORFGBG */
    enum cell_colours colours;
    size_t columns, rows;
    double cell_width_px, cell_height_px; /* 8x16 if the terminal does not report it */
};

/* Finds out about the terminal of a descriptor: its size (else that of COLUMNS and LINES, else 80x24); colours by
 * COLORTERM and TERM, none with NO_COLOR or on what is no terminal, unless wished for; characters by the locale. The
 * console of Linux counts as ASCII: its fonts have no braille. Asks the terminal nothing. */
void caps_detect(struct caps *caps, int fd, enum colour_wish wish);

/* Reads the size of a terminal. Returns false, and changes nothing, if it reports none. */
bool caps_size(int fd, size_t *columns, size_t *rows);

#endif
