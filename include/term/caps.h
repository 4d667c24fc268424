/* SPDX-License-Identifier: MIT */
/* caps: what the terminal can show, according to its size and the environment. */
#ifndef MEMTRACE_TERM_CAPS_H
#define MEMTRACE_TERM_CAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "term/cells.h"

enum colour_wish { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

struct caps {
    bool is_terminal;
    bool is_dumb;  /* does not support escape sequences */
    bool is_ascii; /* cannot show Unicode, or at least no braille */
    bool is_light; /* light background, according to COLORFGBG */
    enum cell_colours colours;
    size_t columns, rows;
    double cell_width_px, cell_height_px; /* 8x16 if the terminal does not report it */
};

/* Finds out about the terminal of a descriptor: its size (else that of COLUMNS and LINES, else 80x24); colours by
 * COLORTERM and TERM, none with NO_COLOR or if it is not a terminal, unless requested; characters by the locale. The
 * Linux console counts as ASCII, as its fonts have no braille. Does not query the terminal. */
void caps_detect(struct caps *caps, int fd, enum colour_wish wish);

/* Reads the size of a terminal. Returns false, and changes nothing, if it reports none. */
bool caps_size(int fd, size_t *columns, size_t *rows);

#endif
