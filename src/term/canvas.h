/* SPDX-License-Identifier: MIT */
/* canvas: what the terminal's views share: head, axes, lines, labels. All positions are in cells. */
#ifndef MEMTRACE_TERM_CANVAS_H
#define MEMTRACE_TERM_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "term/terminal.h"

/* A canvas while it is drawn. layout.plot covers whole cells. */
struct canvas {
    struct cells *cells;
    struct layout_request request; /* with sizes in cells */
    const struct trace *trace;
    const struct terminal_style *style;
    struct layout layout;
    size_t *order;     /* by peak. Owned. */
    size_t *rank;      /* rank of each node in it. Owned. */
    bool *has_level;   /* rows with a line across the plot, which have no grid. Owned. */
    float *low, *high; /* extremes per column of dots. Owned. */
    long columns, rows;
    long top, bottom;    /* rows left for the view: from `top` up to, but excluding, `bottom` */
    size_t event_rows;   /* rows of text above the plot */
    bool numbers_events; /* the lowest of these rows has numbers, the others list their texts */
    bool wants_letters;  /* lines of dots are distinguished by letters */
};

/* A text next to the plot at a value of the trace. */
struct canvas_side {
    double value;
    uint32_t ink;
    unsigned int style;
    char text[256];
};

/* Prepares a canvas. Returns false if out of memory. canvas_close must be called in any case. */
bool canvas_open(struct canvas *canvas, struct cells *cells, const struct layout_request *request,
                 const struct trace *trace, const struct terminal_style *style);
void canvas_close(struct canvas *canvas);

/* Puts title and summary, and moves canvas->top below them. */
void canvas_head(struct canvas *canvas);

/* Columns that the value axis takes left of the plot, 0 if there is no space for one. layout.value must be set. */
long canvas_axis_width(const struct canvas *canvas);

/* Rows that the time axis takes below the plot. */
long canvas_foot(const struct canvas *canvas);

/* Returns true if there is a row above the plot, for the unit. */
bool canvas_has_unit_row(const struct canvas *canvas);

/* Sets layout.time for layout.plot, and the number of rows, at most `rows_max`, that event texts take above it. */
void canvas_set_time(struct canvas *canvas, size_t rows_max);

/* Draws the value axis left of layout.plot, optionally with the texts of its ticks and the unit above. */
void canvas_value_axis(struct canvas *canvas, bool with_texts, bool with_unit);

/* Draws the time axis at the row `bottom`, below all data; its texts and, if requested, their unit are left of `end`.
 */
void canvas_time_axis(struct canvas *canvas, long bottom, long end, bool with_caption);

/* Draws the grid lines in empty cells. */
void canvas_grid(struct canvas *canvas);

/* Draws the marks: their texts in the rows above the plot, and dotted lines in empty cells. Texts without space at
 * their lines are numbered and listed. */
void canvas_events(struct canvas *canvas);

/* Draws the dotted lines of the marks in empty cells. */
void canvas_event_lines(struct canvas *canvas);

/* Lists the marks with their numbers in at most `rows_max` rows from (`left`, `top`) on, and how many did not fit.
 * Returns the number of rows; puts nothing unless `put`. layout.time must be set. */
size_t canvas_event_list(struct canvas *canvas, long left, long top, size_t rows_max, bool put);

/* Draws a line of a node in layout.plot; with `letter` if dots or colours do not distinguish it. */
void canvas_series(struct canvas *canvas, const struct node *node, enum trace_line line, uint32_t ink, enum dash dash,
                   uint32_t letter);

/* Draws a line across layout.plot at a value of the trace. */
void canvas_level(struct canvas *canvas, double value, uint32_t ink, enum dash dash);

/* Puts a marker on layout.plot at a time and value, and a text next to it where it hides the least data. Either text or
 * marker may be 0. */
void canvas_point(struct canvas *canvas, double time_s, double value, uint32_t marker, const char *text, uint32_t ink);

/* The first of several texts, the longest first and NULL last, that is at most `columns` wide; else the last. */
const char *canvas_fitting(const struct canvas *canvas, const char *const *choice, long columns);

/* Row of layout.plot for a value. */
long canvas_row(const struct canvas *canvas, double value);

/* Puts the texts to the right of layout.plot at their heights, from the highest value down, each on a row of its own;
 * `taken` (one per row of the canvas, or NULL) receives which. Texts without space are omitted. Sorts the texts. */
void canvas_sides(struct canvas *canvas, long column, struct canvas_side *side, size_t count, bool *taken);

/* Draws a column of dots of layout.plot, or in ASCII a column of letters, from the lowest to the highest value. */
void canvas_column(struct canvas *canvas, long column, double low, double high, uint32_t letter, uint32_t ink);

/* The greater of two numbers. */
long canvas_longer(long a, long b);

/* Colour of a node by its number; in an overview by its place among the named. */
uint32_t canvas_node_ink(const struct canvas *canvas, size_t node);

/* Returns the colour of a share of the heatmap's highest value (0 to 1) or of its range of deviations (-1 to 1). */
uint32_t canvas_heat_ink(const struct canvas *canvas, double share, bool is_deviation);

uint32_t canvas_total_ink(const struct canvas *canvas);
uint32_t canvas_limit_ink(const struct canvas *canvas);
uint32_t canvas_grid_ink(const struct canvas *canvas);

/* Returns the letter of the node in row `rank` of the legend; upper case for its swap. */
uint32_t canvas_letter(size_t rank, bool swap);

/* Colour and letter of a baseline. */
uint32_t canvas_run_ink(const struct canvas *canvas, size_t run);
uint32_t canvas_run_letter(const struct canvas *canvas, size_t run);

/* Copies a text, truncated to a width with an ellipsis. */
void canvas_cut(const struct canvas *canvas, char *out, size_t size, const char *text, long width);

/* Columns that a text takes. */
long canvas_width(const struct canvas *canvas, const char *text);

/* The views. Return false if out of memory. */
bool terminal_lines(struct canvas *canvas);
bool terminal_overview(struct canvas *canvas);
bool terminal_panels(struct canvas *canvas);

#endif
