/* SPDX-License-Identifier: MIT */
/* canvas: what the terminal's views share: head, axes, lines, labels. All places are counted in cells. */
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
    size_t *rank;      /* place of each node in it. Owned. */
    bool *has_level;   /* rows with a line across the plot, where the grid would only disturb. Owned. */
    float *low, *high; /* a column of dots each. Owned. */
    long columns, rows;
    long top, bottom;    /* rows left for the view: from, and up to */
    size_t event_rows;   /* rows of text above the plot */
    bool numbers_events; /* the lowest of these has numbers, the others list what they are of */
    bool wants_letters;  /* lines of dots are distinguished by letters */
};

/* A text next to the plot at a value of the trace. */
struct canvas_side {
    double value;
    uint32_t ink;
    unsigned int style;
    char text[256];
};

/* Prepares a canvas. Returns false if memory is short. canvas_close must be called in any case. */
bool canvas_open(struct canvas *canvas, struct cells *cells, const struct layout_request *request,
                 const struct trace *trace, const struct terminal_style *style);
void canvas_close(struct canvas *canvas);

/* Puts title and summary, and moves canvas->top below them. */
void canvas_head(struct canvas *canvas);

/* Columns that the axis of values takes left of the plot, 0 where there is no space for one. layout.value must be set.
 */
long canvas_axis_width(const struct canvas *canvas);

/* Rows that the axis of time takes below the plot. */
long canvas_foot(const struct canvas *canvas);

/* Whether there is a row above the plot, for the unit. */
bool canvas_has_unit_row(const struct canvas *canvas);

/* Sets layout.time for layout.plot, and how many rows the texts of the marks take above it, at most `rows_max`. */
void canvas_set_time(struct canvas *canvas, size_t rows_max);

/* Draws the axis of values left of layout.plot, with the texts of its ticks or without, and with the unit above or
 * without. */
void canvas_value_axis(struct canvas *canvas, bool with_texts, bool with_unit);

/* Draws the axis of time at the row `bottom`, below all data; its texts and, where asked for, what they count are left
 * of `end`. */
void canvas_time_axis(struct canvas *canvas, long bottom, long end, bool with_caption);

/* Draws the lines of the grid where nothing else is. */
void canvas_grid(struct canvas *canvas);

/* Draws the marks: their texts in the rows above the plot, a dotted line where nothing else is. Texts that do not have
 * space at their lines are numbered and listed. */
void canvas_events(struct canvas *canvas);

/* Draws the dotted lines of the marks where nothing else is. */
void canvas_event_lines(struct canvas *canvas);

/* Lists the marks with their numbers, from `left` on in at most `rows_max` rows from `top` on, and how many it has no
 * space for. Returns the number of rows; puts nothing unless `put`. layout.time must be set. */
size_t canvas_event_list(struct canvas *canvas, long left, long top, size_t rows_max, bool put);

/* Draws a line of a node in layout.plot; `letter` where dots or colours do not distinguish it. */
void canvas_series(struct canvas *canvas, const struct node *node, enum trace_line line, uint32_t ink, enum dash dash,
                   uint32_t letter);

/* Draws a line across layout.plot at a value of the trace. */
void canvas_level(struct canvas *canvas, double value, uint32_t ink, enum dash dash);

/* Puts a marker on layout.plot at a time and value, and a text next to it where the fewest data are. Either text or
 * marker may be 0. */
void canvas_point(struct canvas *canvas, double time_s, double value, uint32_t marker, const char *text, uint32_t ink);

/* The first of several texts, the longest first and NULL last, that is at most `columns` wide; else the last. */
const char *canvas_fitting(const struct canvas *canvas, const char *const *choice, long columns);

/* Row of layout.plot for a value. */
long canvas_row(const struct canvas *canvas, double value);

/* Puts the texts to the right of layout.plot at their heights, from the highest value down, each on a row of its own;
 * `taken` (one per row of the canvas, or NULL) receives which. Those without space are omitted. Sorts them. */
void canvas_sides(struct canvas *canvas, long column, struct canvas_side *side, size_t count, bool *taken);

/* Draws a column of dots of layout.plot, or in ASCII a column of letters, from the lowest to the highest value. */
void canvas_column(struct canvas *canvas, long column, double low, double high, uint32_t letter, uint32_t ink);

/* The greater one. */
long canvas_longer(long a, long b);

/* Colour of a node by its number; in an overview by its place among the named. */
uint32_t canvas_node_ink(const struct canvas *canvas, size_t node);

/* Colour of a share, 0 to 1, of the heatmap's highest value, or -1 to 1 of its range of deviations. */
uint32_t canvas_heat_ink(const struct canvas *canvas, double share, bool is_deviation);

uint32_t canvas_total_ink(const struct canvas *canvas);
uint32_t canvas_limit_ink(const struct canvas *canvas);
uint32_t canvas_grid_ink(const struct canvas *canvas);

/* Letter of the node whose place in the legend is `rank`; of its swap an upper-case one. */
uint32_t canvas_letter(size_t rank, bool swap);

/* Colour and letter of a run that the trace is compared with. */
uint32_t canvas_run_ink(const struct canvas *canvas, size_t run);
uint32_t canvas_run_letter(const struct canvas *canvas, size_t run);

/* Copies a text cut at its end to a width, with an ellipsis. */
void canvas_cut(const struct canvas *canvas, char *out, size_t size, const char *text, long width);

/* Columns that a text takes. */
long canvas_width(const struct canvas *canvas, const char *text);

/* Draws the views. */
bool terminal_lines(struct canvas *canvas);
bool terminal_overview(struct canvas *canvas);
bool terminal_panels(struct canvas *canvas);

#endif
