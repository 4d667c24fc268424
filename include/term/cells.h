/* SPDX-License-Identifier: MIT */
/* cells: a grid of characters in colour: text, dots of a quarter of a cell's height, and the bytes that show it on a
 * terminal. */
#ifndef MEMTRACE_TERM_CELLS_H
#define MEMTRACE_TERM_CELLS_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "figure/theme.h"

/* A colour of a cell: CELL_PLAIN is the terminal's own; others have the number among a terminal's first 16 colours,
 * plus 1, in their highest byte, and 0xRRGGBB below it. */
#define CELL_PLAIN 0u

/* CELL_TEXT: part of a text, a blank between words too. */
enum cell_style { CELL_BOLD = 1, CELL_FAINT = 2, CELL_TEXT = 4 };

struct cell {
    uint32_t character; /* of Unicode; 0: the right half of a wide one */
    uint32_t ink, ground;
    unsigned char style; /* of enum cell_style */
    unsigned char dots;  /* in the order of Unicode's braille patterns; drawn where `character` is a blank */
};

/* What a terminal can show. */
enum cell_colours { COLOURS_NONE, COLOURS_16, COLOURS_256, COLOURS_TRUE };

struct cells {
    size_t columns, rows;
    struct cell *cell; /* row by row from the top */
    bool ascii;        /* texts are put without any other character */
    locale_t widths;   /* that knows the widths of characters, or 0 */
};

/* Makes a blank grid. Returns false if memory is short. cells_free must be called in any case. */
bool cells_init(struct cells *cells, size_t columns, size_t rows, bool ascii);

/* Frees and zeroes; accepts a zeroed one. */
void cells_free(struct cells *cells);

/* The cell of a place, NULL outside. */
struct cell *cells_at(const struct cells *cells, long column, long row);

/* Whether nothing is there: no character, dot or text. */
bool cell_is_blank(const struct cell *cell);

/* The colour that is `rgb` where there are many, and number `ansi`, 0 to 15, where there are 16. */
uint32_t cell_colour(struct colour rgb, unsigned int ansi);

/* Columns that UTF-8 `text` takes (two a wide character, none a combining one). `user` is a struct cells; the rest is
 * ignored: the type is layout_measure's. */
double cells_measure(void *user, const char *text, double size_px, bool bold);

/* Puts UTF-8 text from a place on, cut at the right edge; returns the columns it took. Control characters and what is
 * not UTF-8 become '?', combining characters are omitted; in ASCII so is every other character without a likeness
 * there. */
size_t cells_put(struct cells *cells, long column, long row, const char *text, uint32_t ink, unsigned int style);

/* Puts one character. Outside the grid nothing happens. */
void cells_put_character(struct cells *cells, long column, long row, uint32_t character, uint32_t ink);

/* Sets a dot, counted from the upper left: a cell is 2 wide and 4 high. The cell's dots all take the colour of the last
 * one. Where a character is nothing happens. */
void cells_dot(struct cells *cells, long x, long y, uint32_t ink);

/* Writes the grid as lines of text with escape sequences for the colours, none with COLOURS_NONE: then the bytes are
 * plain text. Blanks at the ends of lines are omitted. */
void cells_print(FILE *file, const struct cells *cells, enum cell_colours colours);

/* Writes what makes a screen that shows `before` (of the same size; NULL: an unknown one) show `cells`, its upper left
 * corner being the screen's. */
void cells_print_changes(FILE *file, const struct cells *before, const struct cells *cells, enum cell_colours colours);

#endif
