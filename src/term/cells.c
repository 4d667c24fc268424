/* SPDX-License-Identifier: MIT */
/* cells: the grid of characters, their widths, and the escape sequences for their colours. Independent of traces and
 * terminals. */
#include "term/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

#define UNKNOWN '?' /* replaces what cannot be shown */

#define BRAILLE 0x2800u

bool cells_init(struct cells *cells, size_t columns, size_t rows, bool ascii)
{
    *cells = (struct cells){.columns = columns, .rows = rows, .ascii = ascii};
    cells->cell = calloc(columns * rows + 1, sizeof *cells->cell);
    for (size_t i = 0; cells->cell != NULL && i < columns * rows; i++)
        cells->cell[i].character = ' ';
    if (!ascii)
        cells->widths = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!ascii && cells->widths == (locale_t)0)
        cells->widths = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    return cells->cell != NULL;
}

void cells_free(struct cells *cells)
{
    free(cells->cell);
    if (cells->widths != (locale_t)0)
        freelocale(cells->widths);
    memset(cells, 0, sizeof *cells);
}

struct cell *cells_at(const struct cells *cells, long column, long row)
{
    if (column < 0 || row < 0 || (size_t)column >= cells->columns || (size_t)row >= cells->rows)
        return NULL;
    return &cells->cell[(size_t)row * cells->columns + (size_t)column];
}

bool cell_is_blank(const struct cell *cell)
{
    return cell->character == ' ' && cell->dots == 0 && (cell->style & CELL_TEXT) == 0;
}

uint32_t cell_colour(struct colour rgb, unsigned int ansi)
{
    uint32_t red = (uint32_t)(rgb.red * 255 + 0.5), green = (uint32_t)(rgb.green * 255 + 0.5);
    return (uint32_t)(ansi + 1) << 24 | red << 16 | green << 8 | (uint32_t)(rgb.blue * 255 + 0.5);
}

/* The ASCII replacement of a character; 0 to omit it. */
static uint32_t to_ascii(uint32_t character)
{
    switch (character) {
    case 0xb7: /* middle dot */
        return '|';
    case 0x2013: /* dash */
    case 0x2212: /* minus */
        return '-';
    case 0xd7: /* times */
        return 'x';
    case 0x2026: /* ellipsis */
        return '~';
    default:
        return character < 0x80 ? character : UNKNOWN;
    }
}

/* Takes the next visible character from a text and returns its width in columns. 0 at the end. */
static uint32_t next_shown(const struct cells *cells, const char **text, size_t *width)
{
    for (uint32_t character; (character = utf8_next(text)) != 0;) {
        int columns = 1;
        if (!utf8_is_shown(character) || character == UTF8_REPLACEMENT)
            character = UNKNOWN;
        if (cells->ascii) {
            character = to_ascii(character);
        } else if (character >= 0x300 && cells->widths != (locale_t)0) {
            locale_t before = uselocale(cells->widths);
            columns = wcwidth((wchar_t)character);
            uselocale(before);
        }
        if (columns == 0)
            continue;
        if (columns < 0) {
            character = UNKNOWN;
            columns = 1;
        }
        *width = (size_t)columns;
        return character;
    }
    return 0;
}

double cells_measure(void *user, const char *text, double size_px, bool bold)
{
    size_t columns = 0, width = 0;
    (void)size_px;
    (void)bold;
    while (next_shown(user, &text, &width) != 0)
        columns += width;
    return (double)columns;
}

size_t cells_put(struct cells *cells, long column, long row, const char *text, uint32_t ink, unsigned int style)
{
    size_t columns = 0, width = 0;
    for (uint32_t character; (character = next_shown(cells, &text, &width)) != 0; columns += width) {
        long at = column + (long)columns;
        struct cell *cell = cells_at(cells, at, row), *last = cells_at(cells, at + (long)width - 1, row);
        if (at >= 0 && last == NULL)
            break;
        if (cell == NULL || last == NULL)
            continue;
        last->character = 0;
        last->dots = 0;
        cell->character = character;
        cell->dots = 0;
        cell->ink = ink;
        cell->style = (unsigned char)(style | CELL_TEXT);
    }
    return columns;
}

void cells_put_character(struct cells *cells, long column, long row, uint32_t character, uint32_t ink)
{
    struct cell *cell = cells_at(cells, column, row);
    if (cell == NULL)
        return;
    cell->character = character;
    cell->dots = 0;
    cell->ink = ink;
    cell->style = 0;
}

void cells_dot(struct cells *cells, long x, long y, uint32_t ink)
{
    static const unsigned char bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    if (x < 0 || y < 0)
        return;
    struct cell *cell = cells_at(cells, x / 2, y / 4);
    if (cell == NULL || cell->character != ' ' || (cell->style & CELL_TEXT) != 0)
        return;
    cell->dots |= bit[y % 4][x % 2];
    cell->ink = ink;
    cell->style = 0;
}

static void print_character(FILE *file, uint32_t character)
{
    char bytes[4] = "";
    fwrite(bytes, 1, utf8_put(bytes, character), file);
}

static unsigned int channel(uint32_t colour, unsigned int shift)
{
    return colour >> shift & 0xff;
}

/* The nearest of xterm's 256 colours: the cube of 6 x 6 x 6, or the 24 greys. */
static unsigned int nearest_256(uint32_t colour)
{
    static const int steps[] = {0, 95, 135, 175, 215, 255};
    int of[3] = {(int)channel(colour, 16), (int)channel(colour, 8), (int)channel(colour, 0)};
    unsigned int cube = 0;
    int cube_miss = 0, grey_miss = 0;
    for (int i = 0; i < 3; i++) {
        unsigned int nearest = 0;
        for (unsigned int k = 1; k < 6; k++)
            if (abs(steps[k] - of[i]) < abs(steps[nearest] - of[i]))
                nearest = k;
        cube = cube * 6 + nearest;
        cube_miss += (steps[nearest] - of[i]) * (steps[nearest] - of[i]);
    }
    int level = ((of[0] + of[1] + of[2]) / 3 - 8 + 5) / 10;
    level = level < 0 ? 0 : level > 23 ? 23 : level;
    for (int i = 0; i < 3; i++)
        grey_miss += (8 + 10 * level - of[i]) * (8 + 10 * level - of[i]);
    return grey_miss < cube_miss ? 232 + (unsigned int)level : 16 + cube;
}

/* Writes the parameters of a colour, `base` is 30 for the foreground and 40 for the background. */
static void print_colour(FILE *file, uint32_t colour, unsigned int base, enum cell_colours colours)
{
    unsigned int ansi = (colour >> 24) - 1;
    if (colour == CELL_PLAIN)
        fprintf(file, ";%u", base + 9);
    else if (colours == COLOURS_TRUE)
        fprintf(file, ";%u;2;%u;%u;%u", base + 8, channel(colour, 16), channel(colour, 8), channel(colour, 0));
    else if (colours == COLOURS_256)
        fprintf(file, ";%u;5;%u", base + 8, nearest_256(colour));
    else
        fprintf(file, ";%u", (ansi < 8 ? base : base + 60 - 8) + ansi);
}

/* Returns true if only the background of a cell is visible. */
static bool shows_nothing(const struct cell *cell)
{
    return cell->character == ' ' && cell->dots == 0;
}

/* Writes the escape sequence that switches from the style of `pen` to that of `cell`, and updates `pen`. */
static void change_pen(FILE *file, struct cell *pen, const struct cell *cell, enum cell_colours colours)
{
    const unsigned int seen = CELL_BOLD | CELL_FAINT;
    bool same_ink = shows_nothing(cell) || (pen->ink == cell->ink && (pen->style & seen) == (cell->style & seen));
    if (colours == COLOURS_NONE || (same_ink && pen->ground == cell->ground))
        return;
    fputs("\033[0", file);
    if ((cell->style & CELL_BOLD) != 0)
        fputs(";1", file);
    if ((cell->style & CELL_FAINT) != 0)
        fputs(";2", file);
    if (cell->ink != CELL_PLAIN)
        print_colour(file, cell->ink, 30, colours);
    if (cell->ground != CELL_PLAIN)
        print_colour(file, cell->ground, 40, colours);
    fputc('m', file);
    *pen = *cell;
}

static void print_cell(FILE *file, struct cell *pen, const struct cell *cell, enum cell_colours colours)
{
    if (cell->character == 0)
        return; /* already written with the wide character before it */
    change_pen(file, pen, cell, colours);
    print_character(file, cell->character == ' ' && cell->dots != 0 ? BRAILLE + cell->dots : cell->character);
}

/* Returns the number of columns of a row up to the last visible one. */
static size_t row_length(const struct cell *row, size_t columns, enum cell_colours colours)
{
    while (columns > 0 && shows_nothing(&row[columns - 1]) &&
           (colours == COLOURS_NONE || row[columns - 1].ground == CELL_PLAIN))
        columns--;
    return columns;
}

static const struct cell plain_pen = {' ', CELL_PLAIN, CELL_PLAIN, 0, 0};

void cells_print(FILE *file, const struct cells *cells, enum cell_colours colours)
{
    for (size_t row = 0; row < cells->rows; row++) {
        const struct cell *cell = &cells->cell[row * cells->columns];
        struct cell pen = plain_pen;
        size_t length = row_length(cell, cells->columns, colours);
        for (size_t column = 0; column < length; column++)
            print_cell(file, &pen, &cell[column], colours);
        change_pen(file, &pen, &(const struct cell){'x', CELL_PLAIN, CELL_PLAIN, 0, 0}, colours);
        fputc('\n', file);
    }
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
    return a->character == b->character && a->dots == b->dots && a->ink == b->ink && a->ground == b->ground &&
           a->style == b->style;
}

void cells_print_changes(FILE *file, const struct cells *before, const struct cells *cells, enum cell_colours colours)
{
    struct cell pen = plain_pen;
    for (size_t row = 0; row < cells->rows; row++) {
        const struct cell *cell = &cells->cell[row * cells->columns];
        const struct cell *old = before == NULL ? NULL : &before->cell[row * cells->columns];
        size_t length = row_length(cell, cells->columns, colours);
        bool in_place = false;
        for (size_t column = 0; column < (old == NULL ? length : cells->columns); column++) {
            /* The right half of a wide character is written with its left one. */
            bool wide = column + 1 < cells->columns && cell[column + 1].character == 0;
            if (old != NULL && same_cell(&old[column], &cell[column]) &&
                (!wide || same_cell(&old[column + 1], &cell[column + 1]))) {
                in_place = in_place && cell[column].character == 0;
                continue;
            }
            if (!in_place && cell[column].character != 0)
                fprintf(file, "\033[%zu;%zuH", row + 1, column + 1);
            in_place = true;
            print_cell(file, &pen, &cell[column], colours);
        }
    }
    change_pen(file, &pen, &(const struct cell){'x', CELL_PLAIN, CELL_PLAIN, 0, 0}, colours);
}
