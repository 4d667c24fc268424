/* terminal_sheet: what the terminal's views share: head, axes, lines, labels. All places are counted in cells. */
#ifndef MEMTRACE_TERMINAL_SHEET_H
#define MEMTRACE_TERMINAL_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal.h"

/* A sheet while it is drawn. layout.plot lies on whole cells. */
struct sheet {
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
    long top, bottom;   /* rows left for the view: from, and up to */
    size_t mark_rows;   /* rows of text above the plot */
    bool wants_letters; /* lines of dots are told apart by letters */
};

/* A text that stands beside the plot at a value of the trace. */
struct sheet_side {
    double value;
    uint32_t ink;
    unsigned int style;
    char text[256];
};

/* Prepares a sheet. False when memory is short. sheet_close must be called in any case. */
bool sheet_open(struct sheet *sheet, struct cells *cells, const struct layout_request *request,
                const struct trace *trace, const struct terminal_style *style);
void sheet_close(struct sheet *sheet);

/* Puts title and verdict, and moves sheet->top below them. */
void sheet_head(struct sheet *sheet);

/* Columns that the axis of values takes left of the plot, 0 where there is no room for one. layout.value must be set.
 */
long sheet_axis_width(const struct sheet *sheet);

/* Rows that the axis of time takes below the plot. */
long sheet_foot(const struct sheet *sheet);

/* Whether there is a row above the plot, for the unit. */
bool sheet_has_unit_row(const struct sheet *sheet);

/* Sets layout.time for layout.plot, and how many rows the texts of the marks take above it, at most `rows_max`. */
void sheet_set_time(struct sheet *sheet, size_t rows_max);

/* Draws the axis of values left of layout.plot, with the texts of its ticks or without, and with the unit above or
 * without. */
void sheet_value_axis(struct sheet *sheet, bool with_texts, bool with_unit);

/* Draws the axis of time at the row `bottom`, below all data; its texts and, where asked for, what they count lie left
 * of `end`. */
void sheet_time_axis(struct sheet *sheet, long bottom, long end, bool with_caption);

/* Draws the lines of the grid where nothing else is. */
void sheet_grid(struct sheet *sheet);

/* Draws the marks: their texts in the rows above the plot, a dotted line where nothing else is. */
void sheet_marks(struct sheet *sheet);

/* Draws a line of a node in layout.plot; `letter` where dots or colours do not tell it apart. */
void sheet_series(struct sheet *sheet, const struct node *node, enum trace_line line, uint32_t ink, enum dash dash,
                  uint32_t letter);

/* Draws a line across layout.plot at a value of the trace. */
void sheet_level(struct sheet *sheet, double value, uint32_t ink, enum dash dash);

/* Puts a marker on layout.plot at a time and value, and a text beside it where the fewest data are. Either text or
 * marker may be 0. */
void sheet_point(struct sheet *sheet, double time_s, double value, uint32_t marker, const char *text, uint32_t ink);

/* Row of layout.plot where a value lies. */
long sheet_row(const struct sheet *sheet, double value);

/* Puts what stands right of layout.plot at its heights, from the highest value down, each on a row of its own; `taken`
 * (one a row of the sheet, or NULL) tells which. Those without room are left out. Sorts them. */
void sheet_sides(struct sheet *sheet, long column, struct sheet_side *side, size_t count, bool *taken);

/* Draws a column of dots of layout.plot, or in ASCII a column of letters, from the lowest to the highest value. */
void sheet_column(struct sheet *sheet, long column, double low, double high, uint32_t letter, uint32_t ink);

/* The greater one. */
long sheet_longer(long a, long b);

/* Colour of a node by its number; in an overview by its place among the named. */
uint32_t sheet_node_ink(const struct sheet *sheet, size_t node);

/* Colour of a share, 0 to 1, of the heatmap's highest value. */
uint32_t sheet_heat_ink(double share);

uint32_t sheet_total_ink(const struct sheet *sheet);
uint32_t sheet_limit_ink(const struct sheet *sheet);
uint32_t sheet_grid_ink(const struct sheet *sheet);

/* Letter of the node whose place in the legend is `rank`; of its swap an upper-case one. */
uint32_t sheet_letter(size_t rank, bool swap);

/* Copies a text cut at its end to a width, with an ellipsis. */
void sheet_cut(const struct sheet *sheet, char *out, size_t size, const char *text, long width);

/* Columns that a text takes. */
long sheet_width(const struct sheet *sheet, const char *text);

/* Draws the views. */
bool terminal_lines(struct sheet *sheet);
bool terminal_overview(struct sheet *sheet);
bool terminal_panels(struct sheet *sheet);

#endif
