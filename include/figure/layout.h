/* SPDX-License-Identifier: MIT */
/* layout: the place of everything in a plot except the data: lists of texts, strokes and markers. */
#ifndef MEMTRACE_FIGURE_LAYOUT_H
#define MEMTRACE_FIGURE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/findings.h"
#include "figure/focus.h"
#include "figure/heatmap.h"
#include "figure/scale.h"
#include "model/runs.h"
#include "model/trace.h"

/* Pixels at zoom 1, the same in all views. */
#define LAYOUT_MARGIN_PX   24.0
#define LAYOUT_TEXT_PX     12.0
#define LAYOUT_PLOT_MIN_PX 150.0 /* width that everything next to a plot must leave to it */

#define LAYOUT_SEPARATOR " \u00b7 " /* between clauses of captions and reasons */

/* Width in px of UTF-8 `text`; `user` is passed through. font_text_width is one. */
typedef double layout_measure(void *user, const char *text, double size_px, bool bold);

struct rect {
    double x, y, width, height;
};

/* The kind of an element, for which the theme has a colour. INK_NODE has the colour of a node, INK_RUN that of a
 * baseline, whose number is in `node`. */
enum ink { INK_TITLE, INK_TEXT, INK_GRID, INK_AXIS, INK_TOTAL, INK_LIMIT, INK_MARK, INK_BAND, INK_NODE, INK_RUN };

enum dash { DASH_SOLID, DASH_DASHED, DASH_DOTTED, DASH_LONG, DASH_MIXED };

/* A text; x, y is the left end of its baseline. With a halo it is on data. */
struct label {
    double x, y, size_px;
    bool bold, halo;
    enum ink ink;
    size_t node;
    char *text; /* Owned by the layout. */
};

/* A rectangle below the data, in a light colour of the ink. */
struct area {
    struct rect rect;
    enum ink ink;
};

/* A straight line. `over`: drawn over the data. */
struct stroke {
    double x0, y0, x1, y1, width_px;
    enum dash dash;
    enum ink ink;
    size_t node;
    bool over;
};

enum marker_shape { MARKER_RING, MARKER_CROSS };

struct marker {
    double x, y;
    enum marker_shape shape;
    size_t node;
};

/* VIEW_AUTO: lines up to LAYOUT_LINES_MAX nodes, the overview beyond. */
enum view { VIEW_AUTO, VIEW_LINES, VIEW_OVERVIEW, VIEW_PANELS };

#define LAYOUT_LINES_MAX 12

enum legend_mode { LEGEND_AUTO, LEGEND_ON, LEGEND_OFF };

/* What to draw. Nothing is owned. */
struct layout_request {
    double width_px, height_px;
    const char *title, *title_short; /* `title_short` is used if `title` does not fit; NULL: none */
    const char *subtitle;            /* clauses joined by SUMMARY_SEPARATOR: each is shown whole or not at all */
    const struct findings *findings; /* of the trace, for its notable nodes; NULL: none */
    const char *members;             /* what lines and rows represent: "tasks"; NULL: "nodes" */
    const char *unit;                /* of the axis of values: "GiB", "%" */
    double unit_size;                /* divisor that converts the trace's values to this unit */
    bool unit_is_binary;             /* ticks at powers of two */
    bool draw_total, draw_swap;
    enum legend_mode legend;
    double limit;                    /* of the trace's values, NaN for none */
    const char *limit_text;          /* what the limit's label says: "limit 29 GiB" */
    bool limit_is_given;             /* by the user: drawn even if far above the data */
    enum heat_mode heat;             /* what the colours of a heatmap show */
    const struct trace_event *event; /* events, in order of time */
    size_t event_count;
    size_t events_outside;      /* outside the plot's time */
    const struct runs *against; /* the baselines, drawn in the background; NULL for none */
    double clock_epoch_s;       /* clock at the plot's time 0 for an axis of clock times, NaN for elapsed time */
    double clock_zone_s;        /* offset of local time from UTC; NaN: as TZ defines it at each time */
    layout_measure *measure;
    void *measure_user;
};

/* How the lines of other runs are drawn: lighter, in the colours of the same nodes; lighter, in a single colour; in one
 * colour per run, if each run is one line; or on the bands of an overview. */
enum run_style { RUNS_OF_NODES, RUNS_PALE, RUNS_COLOURED, RUNS_ON_BANDS };

/* The result. `plot` is the rectangle of the data; value and time map to it by layout_x and layout_y. */
struct layout {
    double width_px, height_px, margin_px;
    double time_text_end; /* texts of the time axis end before it; 0: at the edge of the sheet */
    const char *unit;     /* of the request */
    struct rect plot;
    struct scale value, time; /* value in the unit of the request */
    double unit_size;
    struct rect strip;     /* in an overview: how many nodes are recorded; height 0 if that is constant */
    struct rect focus;     /* rows of the named nodes */
    struct rect heat, bar; /* the heatmap and its bar of colours */
    struct rect focus_bar; /* for the rows of named nodes, if their colours differ from the heatmap's */
    struct scale heat_value;
    struct heatmap map;
    struct focus named[FOCUS_MAX]; /* drawn over the bands of an overview, or over the other lines if there are many;
                                    * coloured by their index here */
    size_t named_count;
    bool numbers_events; /* marks have numbers, and a list */
    size_t focus_rows;   /* of the named, how many have a row in `focus` */
    size_t *rank;        /* for few lines: rank of each node by its peak, for its colour; NULL in other views. Owned. */
    size_t *merged_with; /* for few lines: the node whose name and colour represent each node, see coincident_rank; NULL
                          * in other views. Owned. */
    enum run_style run_style;
    bool others_pale;   /* lines without a name share one lighter colour */
    struct rect *panel; /* of panels: their plots. Owned. */
    size_t *panel_node; /* and the node of each. Owned. */
    size_t panel_count;
    bool draw_total, draw_swap; /* lines per node are wanted: totals only if nodes differ */
    struct label *label;
    size_t label_count, label_capacity;
    struct stroke *stroke;
    size_t stroke_count, stroke_capacity;
    struct marker *marker;
    size_t marker_count, marker_capacity;
    struct area *area;
    size_t area_count, area_capacity;
    bool out_of_memory;
    layout_measure *measure;
    void *measure_user;
};

/* The index of a node of the trace in layout->named; named_count if it is not there. */
size_t layout_named(const struct layout *layout, size_t node);

/* The slot that determines a node's colour and dashes: its rank by peak, or its index among the named; in views that
 * number what they draw, the node itself. */
size_t layout_slot(const struct layout *layout, size_t node);

/* Returns true if a node has no separate name and legend row because its line coincides with another. */
bool layout_is_merged(const struct layout *layout, size_t node);

/* Writes the label of a node's line: its name, shortened to `width` px (see layout_fit), or "5 nodes alike". */
void layout_line_name(const struct layout *layout, char *text, size_t size, const struct trace *trace, size_t node,
                      double width);

/* The dashes of the main line in a slot: solid for the first round of colours. */
enum dash layout_dash(size_t slot);

/* The value at which a node's name is placed at the end of its line: the last value of a line that is steady in the
 * last 4 % of the time axis, else the median there; if the line falls by more than half in the last 5 %, the value
 * before, as a release does not say which line it is. NaN without data. */
double layout_late_value(const struct layout *layout, const struct node *node);

/* Resolves VIEW_AUTO; any other view is returned unchanged. */
enum view layout_view(enum view view, const struct trace *trace);

/* Lays out one plot with one line per node. Returns false if out of memory. layout_free must be called in any case. */
bool layout_lines(struct layout *layout, const struct layout_request *request, const struct trace *trace);

/* Lays out bands and heatmap of all nodes in the order given (trace->count of them; trace_order_by_peak's), and fills
 * layout->map. */
bool layout_overview(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     const size_t *order);

/* Lays out a small plot per node with the same scales, LAYOUT_PANEL_MAX at most: nodes with findings, then those with
 * the highest peaks. `order` is trace_order_by_peak's. */
bool layout_panels(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                   const size_t *order);

#define LAYOUT_PANEL_MAX   64
#define PANEL_COLOUR       0 /* of lines in panels, as a node number */
#define PANEL_ALARM_COLOUR 1 /* of nodes with a finding */
#define PANEL_SWAP_COLOUR  2

/* Frees what the layout owns and zeroes it. */
void layout_free(struct layout *layout);

/* Place of a time of the plot, and of a value of the trace (bytes or percent). */
double layout_x(const struct layout *layout, double time_s);
double layout_y(const struct layout *layout, double value);

/* Returns true if the memory of the node is drawn behind that of the job: if its mean is within the plot, whose axis
 * follows the job's memory. Of a higher line only unclear ends would be visible. */
bool layout_shows_node(const struct layout *layout, const struct node *node);

/* Common to all views: */

/* Zeroes the layout, takes the request's sizes and places title and subtitle (on up to two lines, truncated if longer).
 * Returns the y below them. */
double layout_head(struct layout *layout, const struct layout_request *request);

/* Height that layout_axes needs below the plot, margin included. */
double layout_foot(const struct layout *layout);

/* Sets layout->time for a trace, with about `tick_wish` ticks, with elapsed or clock times as requested. */
void layout_set_time(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     double tick_wish);

/* Returns true if the job's cache is drawn above its used memory, and the node's used memory under it: if there are few
 * nodes and they have job rows. */
bool layout_draws_cache(const struct trace *trace);

/* The dashes of a baseline's lines. */
enum dash layout_run_dash(const struct layout *layout, size_t run);

#define NOTE_MAX 1024 /* bytes of layout_runs_note */

/* Describes the lines of other runs: "pale: the baseline", "pale: monday (solid), tuesday (dashed)"; "" without any, or
 * if each has its own colour and name. Clauses that do not fit are omitted. */
void layout_runs_note(char *text, size_t size, const struct layout *layout, const struct layout_request *request);

/* Highest value of a line in the trace and its baselines. */
double layout_max(const struct layout_request *request, const struct trace *trace, enum trace_line line);

/* Sets layout->value for the trace's values from 0 to `max` with at most `ticks_max` ticks; percentages at least to
 * 100. */
void layout_set_value(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                      double max, size_t ticks_max);

/* Sets layout->heat_value for layout->map: from 0 to the upper end, or from -range to range. */
void layout_set_heat(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     size_t ticks_max);

/* Width of the widest text of the value axis. */
double layout_value_width(const struct layout *layout, const char *unit, double size_px);

/* Puts grid lines and texts of the value axis around layout->plot. */
void layout_value_axis(struct layout *layout, const char *unit);

/* Puts ticks and texts of the time axis, its end, and its caption below layout->plot. */
void layout_time_axis(struct layout *layout, const struct layout_request *request);

/* Adds a text with `align` 0 (x is its left end), 0.5 (middle) or 1 (right end). Returns a pointer to it, valid until
 * the next one is added, or NULL if out of memory. */
struct label *layout_text(struct layout *layout, double x, double y, double align, double size_px, enum ink ink,
                          const char *text);

/* Adds the first text of the NULL-terminated list `text` that is at most `room_px` wide, or nothing if none is. */
void layout_text_fitting(struct layout *layout, double x, double y, double room_px, double size_px, enum ink ink,
                         const char *const *text);

/* Returns true if the plot is too small for subtitle and captions. */
bool layout_is_small(const struct layout *layout);

/* Adds a straight line of one pixel below the data. As layout_text. */
struct stroke *layout_stroke(struct layout *layout, double x0, double y0, double x1, double y1, enum ink ink,
                             enum dash dash);

/* Writes a peak for a column whose heading has the unit, with `decimals` (see format_decimals); values too small for
 * that unit (see size_is_far) have their own unit. */
void layout_peak(char *text, size_t size, const struct layout_request *request, double value, int decimals);

/* Adds a rectangle below the data. */
void layout_area(struct layout *layout, const struct rect *rect, enum ink ink);

/* Adds a marker. */
void layout_marker(struct layout *layout, double x, double y, enum marker_shape shape, size_t node);

/* Copies `text` to `out`, shortened in the middle with an ellipsis to at most `width_px`. */
void layout_fit(const struct layout *layout, char *out, size_t size, const char *text, double width_px, double size_px);

/* Copies `text` without the clauses at its end that do not fit; "" if not even the first one does. */
void layout_clauses(const struct layout *layout, char *out, size_t size, const char *text, double width_px,
                    double size_px);

/* Returns true if the event is within the plot's time. */
bool layout_event_is_shown(const struct layout *layout, const struct trace_event *event);

/* Writes an entry of the list of numbered events into `text`: "3 solve", or "1-7 OOM kill" for consecutive events with
 * the same text. `*index` is the first of them, which is shown and has the number `number`, and becomes the index
 * after the last. Returns how many shown events the entry is for. */
size_t layout_event_entry(const struct layout *layout, const struct layout_request *request, size_t *index,
                          size_t number, char *text, size_t size);

/* Width of a text by the request's callback. */
double layout_width(const struct layout *layout, const char *text, double size_px, bool bold);

#endif
