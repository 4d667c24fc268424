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

/* A colour of a cell: CELL_PLAIN is the terminal's own; others have the index among a terminal's first 16 colours, plus
 * 1, in the highest byte and 0xRRGGBB in the other three. */
#define CELL_PLAIN 0u

/* CELL_TEXT: part of a text, including the blanks between words. */
enum cell_style { CELL_BOLD = 1, CELL_FAINT = 2, CELL_TEXT = 4 };

struct cell {
    uint32_t character; /* of Unicode; 0: the right half of a wide one */
    uint32_t ink, ground;
    unsigned char style; /* of enum cell_style */
    unsigned char dots;  /* in the order of Unicode's braille patterns; drawn where `character` is a blank */
};

/* The capabilities of a terminal. */
enum cell_colours { COLOURS_NONE, COLOURS_16, COLOURS_256, COLOURS_TRUE };

struct cells {
    size_t columns, rows;
    struct cell *cell; /* row by row from the top */
    bool ascii;        /* text is restricted to ASCII */
    locale_t widths;   /* for the widths of characters, or 0 */
};

/* Makes a blank grid. Returns false if out of memory. cells_free must be called in any case. */
bool cells_init(struct cells *cells, size_t columns, size_t rows, bool ascii);

/* Frees and zeroes; accepts a zeroed one. */
void cells_free(struct cells *cells);

/* The cell at a position; NULL outside the grid. */
struct cell *cells_at(const struct cells *cells, long column, long row);

/* Returns true if a cell is empty: no character, dot or text. */
bool cell_is_blank(const struct cell *cell);

/* The colour that is `rgb` on terminals with many colours, and number `ansi`, 0 to 15, on those with 16. */
uint32_t cell_colour(struct colour rgb, unsigned int ansi);

/* Columns that UTF-8 `text` takes (two per wide character, none per combining one). `user` is a struct cells; the rest
 * is ignored: the type is layout_measure's. */
double cells_measure(void *user, const char *text, double size_px, bool bold);

/* Puts UTF-8 text at a position, clipped at the right edge; returns the columns it took. Control characters and invalid
 * UTF-8 become '?'; combining characters are omitted. With `ascii`, so are characters without an ASCII equivalent. */
size_t cells_put(struct cells *cells, long column, long row, const char *text, uint32_t ink, unsigned int style);

/* Puts one character. Does nothing outside the grid. */
void cells_put_character(struct cells *cells, long column, long row, uint32_t character, uint32_t ink);

/* Sets a dot, counted from the upper left: a cell is 2 wide and 4 high. All dots of a cell take the colour of the last
 * one. Does nothing in a cell that holds a character. */
void cells_dot(struct cells *cells, long x, long y, uint32_t ink);

/* Writes the grid as lines of text with escape sequences for the colours, or as plain text with COLOURS_NONE. Trailing
 * blanks are omitted. */
void cells_print(FILE *file, const struct cells *cells, enum cell_colours colours);

/* Writes the bytes that change a screen that shows `before` (of the same size; NULL: unknown) to show `cells`, from the
 * upper left corner. */
void cells_print_changes(FILE *file, const struct cells *before, const struct cells *cells, enum cell_colours colours);

#endif
