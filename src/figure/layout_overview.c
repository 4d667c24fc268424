/* layout_overview: owns the arrangement for many nodes: bands with the nodes worth naming above, a
 * heatmap of all nodes below. Knows no Cairo, file or option. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "layout_labels.h"

#define MARGIN_PX        24.0
#define TEXT_PX          12.0
#define SMALL_TEXT_PX    11.0
#define BAND_SHARE       0.4  /* of the height goes to the bands */
#define BETWEEN_PX       34.0 /* from the bands to the heatmap, with its caption */
#define BETWEEN_SMALL_PX 18.0
#define PLOT_LEAST_PX    150.0 /* the labels at the right leave at least so much */
#define NAME_ROW_PX      14.0
#define BAR_PX           14.0

struct overview {
    struct layout *layout;
    const struct layout_request *request;
    const struct trace *trace;
    const size_t *order;
    struct side_label side[NOTABLE_MAX + 3];
    size_t side_count;
    double column_width, total;
    size_t event_rows;
};

static void add_side(struct overview *view, double value, enum ink ink, size_t slot, const char *text)
{
    struct side_label *label = &view->side[view->side_count++];
    *label = (struct side_label){.y = value, .ink = ink, .node = slot, .bold = ink == INK_NODE};
    snprintf(label->text, sizeof label->text, "%s", text);
    double width = layout_width(view->layout, label->text, TEXT_PX, label->bold);
    view->column_width = fmax(view->column_width, width);
}

/* Collects what is written right of the bands; `y` is still a value, as the scale is not known yet.
 */
static void plan_side(struct overview *view)
{
    const struct layout_request *request = view->request;
    char number[96], name[100], text[240];
    int decimals = column_decimals(trace_max(view->trace, TRACE_MAIN) / request->unit_size);
    for (size_t i = 0; i < view->layout->named_count; i++) {
        const struct node *node = &view->trace->node[view->layout->named[i].node];
        const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
        bool early = (view->layout->named[i].kinds >> FINDING_ENDED_EARLY & 1) != 0;
        layout_peak(number, sizeof number, request, stats->max, decimals);
        layout_fit(view->layout, name, sizeof name, node->name, 0.14 * request->width_px, TEXT_PX);
        snprintf(text, sizeof text, "%s %s%s", name, number, early ? " ×" : "");
        add_side(view, early ? stats->last : stats->max, INK_NODE, i, text);
    }
    if (request->draw_total && trace_agrees(view->trace, TRACE_TOTAL, &view->total)) {
        format_size(number, sizeof number, view->total, request->unit_size, request->unit);
        snprintf(text, sizeof text, "total %s", number);
        add_side(view, view->total, INK_TEXT, 0, text);
    } else {
        view->total = NAN;
    }
    if (isfinite(request->limit))
        add_side(view, request->limit, INK_LIMIT, 0, request->limit_text);
}

double layout_heat_top(const struct trace *trace)
{
    double peak = trace_max(trace, TRACE_MAIN), total = 0;
    if (trace_agrees(trace, TRACE_TOTAL, &total) && total >= peak && total <= 4 * peak)
        return total;
    return peak;
}

static void set_scales(struct overview *view)
{
    struct layout *layout = view->layout;
    const struct layout_request *request = view->request;
    double max = layout_max(request, view->trace, TRACE_MAIN);
    if (isfinite(view->total))
        max = fmax(max, view->total);
    if (isfinite(request->limit))
        max = fmax(max, request->limit);
    double above_px = 6 + LABEL_MARK_ROW_PX * (double)view->event_rows;
    double headroom = fmax(1.05, layout->plot.height / fmax(layout->plot.height - above_px, 20));
    size_t wish = (size_t)fmax(2, layout->plot.height / 60);
    size_t bar_wish = (size_t)fmax(2, layout->heat.height / 60);
    double top = layout_heat_top(view->trace) / request->unit_size;
    layout_set_value(layout, request, view->trace, max * fmin(headroom, 1.5), wish);
    if (view->trace->percent)
        scale_percent(&layout->heat_value, top, bar_wish);
    else
        scale_memory(&layout->heat_value, top, bar_wish, request->unit_is_binary);
}

/* Width of the widest name that may stand beside the heatmap. */
static double names_width(const struct overview *view)
{
    double widest = 0, most = 0.14 * view->layout->width_px;
    for (size_t i = 0; i < view->trace->count && widest < most; i++)
        widest = fmax(widest, layout_width(view->layout, view->trace->node[i].name, SMALL_TEXT_PX, false));
    return fmin(widest, most);
}

static void place(struct overview *view, double top)
{
    struct layout *layout = view->layout;
    double left = ceil(fmax(MARGIN_PX + names_width(view) + 8, 64));
    double bar_width = BAR_PX + 8 + layout_width(layout, "000.0", TEXT_PX, false);
    if (layout->width_px - MARGIN_PX - view->column_width - 12 - left < PLOT_LEAST_PX) {
        view->side_count = 0; /* a narrow sheet is for the data */
        view->column_width = 0;
    }
    double column = ceil(fmax(view->column_width, bar_width));
    double right = layout->width_px - MARGIN_PX - column - 12;
    double width = floor(fmax(right - left, 40));
    /* A small sheet has no captions. */
    double between = layout_is_small(layout) ? BETWEEN_SMALL_PX : BETWEEN_PX;
    double from = ceil(top + 30), to = floor(layout->height_px - layout_foot(layout));
    double height = fmax(to - from - between, 20), bands = floor(BAND_SHARE * height);
    layout->plot = (struct rect){left, from, width, bands};
    layout->heat = (struct rect){left, from + bands + between, width, floor(height - bands)};
    layout->bar = (struct rect){left + width + 12, layout->heat.y, BAR_PX, layout->heat.height};
    layout_set_time(layout, view->request, view->trace, width / 115);
    view->event_rows = label_mark_rows(layout, view->request);
    set_scales(view);
}

/* Names every k-th row of the heatmap, the first and last always. */
static void put_names(struct overview *view)
{
    struct layout *layout = view->layout;
    const struct rect *heat = &layout->heat;
    size_t count = view->trace->count;
    double room = heat->x - MARGIN_PX - 8, free_from = -INFINITY;
    double last_y = heat->y + heat->height * ((double)count - 0.5) / (double)count + 4;
    for (size_t i = 0; i < count; i++) {
        char name[128];
        double y = heat->y + heat->height * ((double)i + 0.5) / (double)count + 4;
        if (y < free_from || (i + 1 < count && y > last_y - NAME_ROW_PX))
            continue;
        layout_fit(layout, name, sizeof name, view->trace->node[view->order[i]].name, room, SMALL_TEXT_PX);
        layout_text(layout, heat->x - 8, y, 1, SMALL_TEXT_PX, INK_TEXT, name);
        free_from = y + NAME_ROW_PX;
    }
}

static void put_bar(struct overview *view)
{
    struct layout *layout = view->layout;
    const struct rect *bar = &layout->bar;
    const struct scale *scale = &layout->heat_value;
    double free_to = INFINITY;
    for (size_t i = 0; i < scale->tick_count; i++) {
        double y = bar->y + bar->height * (1 - scale->tick[i].value / scale->max);
        if (fmax(y + 4, bar->y + 9) > free_to)
            break;
        free_to = y + 4 - TEXT_PX;
        layout_stroke(layout, bar->x + BAR_PX, y, bar->x + BAR_PX + 4, y, INK_AXIS, DASH_SOLID);
        layout_text(layout, bar->x + BAR_PX + 8, fmax(y + 4, bar->y + 9), 0, TEXT_PX, INK_TEXT, scale->tick[i].text);
    }
    if (!layout_is_small(layout)) /* the bands have it, too */
        layout_text(layout, bar->x, bar->y - 10, 0, TEXT_PX, INK_TEXT, view->request->unit);
}

static void put_levels(struct overview *view)
{
    struct layout *layout = view->layout;
    const struct rect *plot = &layout->plot;
    double right = plot->x + plot->width;
    if (isfinite(view->total)) {
        double y = layout_y(layout, view->total);
        layout_stroke(layout, plot->x, y, right, y, INK_TOTAL, DASH_DASHED);
    }
    if (isfinite(view->request->limit)) {
        double y = layout_y(layout, view->request->limit);
        layout_stroke(layout, plot->x, y, right, y, INK_LIMIT, DASH_SOLID);
    }
    for (size_t i = 0; i < view->side_count; i++)
        view->side[i].y = layout_y(layout, view->side[i].y);
    label_side(layout, right + 12, plot->y + 2, plot->y + plot->height, view->side, view->side_count);
}

/* Marks where the named nodes that end early do. */
static void put_crosses(struct overview *view)
{
    struct layout *layout = view->layout;
    for (size_t i = 0; i < layout->named_count; i++) {
        const struct node *node = &view->trace->node[layout->named[i].node];
        if (node->ends_early)
            layout_marker(layout, layout_x(layout, node_end_s(node)),
                          layout_y(layout, node->line[TRACE_MAIN].stats.last), MARKER_CROSS, i);
    }
}

/* What the bands are, in words above them, and which nodes are drawn over them, why. */
static void put_band_caption(struct overview *view)
{
    struct layout *layout = view->layout;
    char named[256] = "", text[512], shorter[256];
    const char *bands = "lowest to highest (pale), 5th to 95th percentile (strong), median (line)";
    const char *other = view->request->against != NULL ? ", dashed: highest and median of the other run" : "";
    if (view->request->findings != NULL)
        notable_words(named, sizeof named, view->trace, view->request->findings);
    snprintf(text, sizeof text, "%s%s%s%s", bands, other, *named == '\0' ? "" : " · ", named);
    snprintf(shorter, sizeof shorter, "%s%s", bands, other);
    layout_text_fitting(layout, layout->plot.x, layout->plot.y - 10, layout->width_px - MARGIN_PX - layout->plot.x,
                        SMALL_TEXT_PX, INK_TEXT,
                        (const char *const[]){text, shorter, bands, "all nodes, 5th to 95th percentile, median", NULL});
}

/* What a row of the heatmap is. */
static void put_heat_caption(struct overview *view)
{
    struct layout *layout = view->layout;
    size_t rows = (size_t)layout->heat.height, count = view->trace->count;
    char shared[192] = "", nodes[96], bare[32];
    snprintf(bare, sizeof bare, "%zu nodes", count);
    snprintf(nodes, sizeof nodes, "%s, %s%s first", bare,
             layout_rows_by_peak(view->request) ? "" : "those named, then ",
             trace_low_is_news(view->trace) ? "lowest low" : "highest peak");
    if (rows > 0 && count > rows)
        snprintf(shared, sizeof shared, "%s; a row shows the highest of %s%zu nodes", nodes,
                 count % rows == 0 ? "" : "up to ", (count + rows - 1) / rows);
    layout_text_fitting(layout, layout->heat.x, layout->heat.y - 10, layout->heat.width, SMALL_TEXT_PX, INK_TEXT,
                        (const char *const[]){*shared != '\0' ? shared : nodes, nodes, bare, NULL});
}

bool layout_overview(struct layout *layout, const struct layout_request *request, const struct trace *trace,
                     const size_t *order)
{
    struct overview view = {.layout = layout, .request = request, .trace = trace, .order = order};
    double top = layout_head(layout, request);
    layout_name_nodes(layout, request);
    plan_side(&view);
    place(&view, top);
    layout_value_axis(layout, request->unit);
    const struct rect bands = layout->plot;
    layout->plot = layout->heat; /* the axis of time goes below the heatmap */
    layout_time_axis(layout);
    layout->plot = bands;
    put_levels(&view);
    put_names(&view);
    put_bar(&view);
    if (!layout_is_small(layout)) {
        put_band_caption(&view);
        put_heat_caption(&view);
    }
    label_events(layout, request);
    put_crosses(&view);
    return !layout->out_of_memory;
}
