/* SPDX-License-Identifier: MIT */
/* Unit tests of layout: the places of all elements, with a text measure that needs no font. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure/layout_labels.h"
#include "figure/layout_legend.h"
#include "made_node.h"
#include "unit.h"

#define GIB (1024.0 * 1024 * 1024)

static double measure(void *user, const char *text, double size_px, bool bold)
{
    size_t characters = 0;
    (void)user;
    for (; *text != '\0'; text++)
        characters += ((unsigned char)*text & 0xc0) != 0x80;
    return (double)characters * size_px * (bold ? 0.68 : 0.6);
}

static void add_node(struct trace *trace, const char *name, int count, double peak, double total)
{
    struct node node;
    made_node_init(&node, 2, 256, "%s", name);
    node.is_indexed = true;
    for (int i = 0; i < count; i++)
        made_node_append(&node, i * 2.0, peak * GIB * (0.5 + 0.5 * sin(i * 0.1)), total * GIB);
    assert_true(trace_add(trace, &node, NULL));
}

static const struct layout_request usual = {
    .width_px = 1200,
    .height_px = 675,
    .title = "Used memory per node",
    .subtitle = "4 nodes · 2 h 10 min at 2 s · highest 27.6 GiB",
    .unit = "GiB",
    .unit_size = GIB,
    .unit_is_binary = true,
    .legend = LEGEND_AUTO,
    .limit = NAN,
    .clock_epoch_s = NAN,
    .measure = measure,
};

static struct rect label_rect(const struct label *label)
{
    double width = measure(NULL, label->text, label->size_px, label->bold);
    return (struct rect){label->x, label->y - 0.8 * label->size_px, width, label->size_px};
}

/* All texts are inside the plot and do not overlap. */
static void check_labels(const struct layout *layout)
{
    for (size_t i = 0; i < layout->label_count; i++) {
        struct rect a = label_rect(&layout->label[i]);
        if (a.x < 0 || a.y < 0 || a.x + a.width > layout->width_px + 0.5 || a.y + a.height > layout->height_px)
            fail_msg("'%s' leaves the sheet of %g x %g", layout->label[i].text, layout->width_px, layout->height_px);
        for (size_t k = 0; k < i; k++) {
            struct rect b = label_rect(&layout->label[k]);
            bool apart = a.x >= b.x + b.width || b.x >= a.x + a.width || a.y > b.y + b.height - 0.01 ||
                         b.y > a.y + a.height - 0.01;
            if (!apart)
                fail_msg("'%s' is on '%s' at %g x %g", layout->label[i].text, layout->label[k].text, layout->width_px,
                         layout->height_px);
        }
    }
}

static const struct label *find_label(const struct layout *layout, const char *text)
{
    for (size_t i = 0; i < layout->label_count; i++)
        if (strcmp(layout->label[i].text, text) == 0)
            return &layout->label[i];
    return NULL;
}

static void labels_never_overlap_at_any_size(void **state)
{
    static const double sizes[][2] = {{200, 150},  {320, 240},  {640, 360},  {1200, 675},
                                      {1200, 200}, {300, 1200}, {4000, 3000}};
    static const size_t nodes[] = {1, 2, 3, 5, 8, 12, 13, 24, 40, 200};
    (void)state;
    for (size_t n = 0; n < COUNT(nodes); n++) {
        struct trace trace = {0};
        for (size_t i = 0; i < nodes[n]; i++) {
            char name[100];
            snprintf(name, sizeof name, i % 3 == 2 ? "a-rather-long-host-name-%zu.cluster.example.org" : "nid%04zu", i);
            add_node(&trace, name, i == 1 ? 300 : 1000, 3.0 + (double)i, 64.0);
        }
        trace_finish(&trace);
        for (size_t s = 0; s < COUNT(sizes); s++) {
            struct layout layout = {0};
            struct layout_request request = usual;
            request.width_px = sizes[s][0];
            request.height_px = sizes[s][1];
            request.draw_total = true;
            request.draw_swap = true;
            assert_true(layout_lines(&layout, &request, &trace));
            check_labels(&layout);
            layout_free(&layout);
            size_t *order = trace_order_by_peak(&trace);
            assert_non_null(order);
            assert_true(layout_overview(&layout, &request, &trace, order));
            check_labels(&layout);
            layout_free(&layout);
            assert_true(layout_panels(&layout, &request, &trace, order));
            check_labels(&layout);
            layout_free(&layout);
            free(order);
        }
        trace_free(&trace);
    }
}

static void values_and_times_map_to_the_plot(void **state)
{
    struct trace trace = {0};
    struct layout layout = {0};
    (void)state;
    add_node(&trace, "alfa", 1000, 27, 32);
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    assert_true(layout_y(&layout, 0) == layout.plot.y + layout.plot.height);
    assert_true(layout_x(&layout, 0) == layout.plot.x);
    assert_true(fabs(layout_x(&layout, 1998) - layout.plot.x - layout.plot.width) < 1e-6);
    assert_true(layout_y(&layout, 27 * GIB) > layout.plot.y);
    /* A single line has no legend; the plot uses the space. */
    assert_null(find_label(&layout, "node"));
    assert_true(layout.plot.width > 950);
    assert_non_null(find_label(&layout, "24"));
    assert_non_null(find_label(&layout, "elapsed time [h:min]"));
    layout_free(&layout);
    trace_free(&trace);
}

static void the_legend_is_sorted_by_peak(void **state)
{
    struct trace trace = {0};
    struct layout layout = {0};
    (void)state;
    add_node(&trace, "low", 1000, 5, 32);
    add_node(&trace, "high", 1000, 20, 32);
    add_node(&trace, "middle", 1000, 10, 32);
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    const struct label *high = find_label(&layout, "high"), *low = find_label(&layout, "low");
    const struct label *middle = find_label(&layout, "middle");
    assert_true(high != NULL && middle != NULL && low != NULL);
    assert_true(high->y < middle->y && middle->y < low->y);
    assert_non_null(find_label(&layout, "peak GiB"));
    layout_free(&layout);
    struct layout_request request = usual;
    request.legend = LEGEND_OFF;
    assert_true(layout_lines(&layout, &request, &trace));
    assert_null(find_label(&layout, "high"));
    layout_free(&layout);
    trace_free(&trace);
}

static void totals_are_drawn_once_where_nodes_agree(void **state)
{
    struct trace trace = {0};
    struct layout layout = {0};
    struct layout_request request = usual;
    (void)state;
    request.draw_total = true;
    add_node(&trace, "a", 100, 5, 32);
    add_node(&trace, "b", 100, 5, 32);
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &request, &trace));
    assert_non_null(find_label(&layout, "total 32 GiB"));
    assert_false(layout.draw_total);
    layout_free(&layout);
    add_node(&trace, "c", 100, 5, 64);
    assert_true(layout_lines(&layout, &request, &trace));
    assert_non_null(find_label(&layout, "total 32 GiB"));
    assert_non_null(find_label(&layout, "total 64 GiB (c)"));
    layout_free(&layout);
    add_node(&trace, "d", 100, 5, 65);
    add_node(&trace, "e", 100, 5, 66);
    assert_true(layout_lines(&layout, &request, &trace));
    assert_true(layout.draw_total); /* too many lines for one per node */
    assert_null(find_label(&layout, "total 32 GiB"));
    layout_free(&layout);
    trace_free(&trace);
}

static void assert_totals_dashed(const struct layout *layout)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->stroke_count; i++)
        if (layout->stroke[i].ink == INK_TOTAL) {
            assert_int_equal(layout->stroke[i].dash, DASH_DASHED);
            count++;
        }
    assert_true(count > 0);
}

static void totals_are_dashed_in_every_view(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    struct layout_request request = usual;
    (void)state;
    request.draw_total = true;
    for (int i = 0; i < 20; i++)
        add_node(&trace, "a", 100, 5 + i / 2.0, 32);
    trace_finish(&trace);
    size_t *order = trace_order_by_peak(&trace);
    assert_true(layout_lines(&layout, &request, &trace));
    assert_totals_dashed(&layout);
    layout_free(&layout);
    assert_true(layout_panels(&layout, &request, &trace, order));
    assert_totals_dashed(&layout);
    layout_free(&layout);
    request.heat = HEAT_VALUE;
    assert_true(layout_overview(&layout, &request, &trace, order));
    assert_totals_dashed(&layout);
    /* The numbers at the bar of colours increase upwards. */
    double last = -1, last_y = layout.height_px;
    for (size_t i = 0; i < layout.label_count; i++) {
        const struct label *label = &layout.label[i];
        char *end;
        double value = strtod(label->text, &end);
        if (label->x < layout.bar.x + layout.bar.width || end == label->text || *end != '\0')
            continue;
        assert_true(value > last && label->y < last_y);
        last = value;
        last_y = label->y;
    }
    assert_true(last > 0);
    layout_free(&layout);
    free(order);
    trace_free(&trace);
}

static void texts_are_cut_in_the_middle(void **state)
{
    struct layout layout = {.measure = measure};
    char out[64];
    (void)state;
    layout_fit(&layout, out, sizeof out, "short", 100, 10);
    assert_string_equal(out, "short");
    layout_fit(&layout, out, sizeof out, "abcdefghijklmnop", 42, 10);
    assert_string_equal(out, "abc…nop");
    layout_fit(&layout, out, sizeof out, "ÄÖÜäöüÄÖÜäöü", 30, 10);
    assert_string_equal(out, "ÄÖ…öü");
}

static void occupied_ground_is_found_again(void **state)
{
    struct occupancy occupancy;
    const struct rect area = {100, 100, 400, 200};
    (void)state;
    assert_true(occupancy_init(&occupancy, &area));
    occupancy_add_line(&occupancy, 100, 200, 500, 200);
    assert_true(occupancy_share(&occupancy, &(struct rect){150, 195, 60, 12}) > 0.2);
    assert_true(occupancy_share(&occupancy, &(struct rect){150, 120, 60, 12}) == 0);
    assert_true(isinf(occupancy_share(&occupancy, &(struct rect){50, 120, 40, 12}))); /* outside */
    occupancy_add_rect(&occupancy, &(struct rect){150, 120, 60, 12});
    assert_true(isinf(occupancy_share(&occupancy, &(struct rect){180, 125, 60, 12})));
    occupancy_add_line(&occupancy, -1e9, 0, 1e9, 1e300); /* far outside: harmless */
    occupancy_free(&occupancy);
}

/* A mark's line begins at the row of its text, so it does not cross texts of other marks to the right of their lines.
 */
static void lines_of_marks_cross_no_text(void **state)
{
    const struct trace_event events[] = {
        {20, TRACE_EVENT_MARK, "mesh"},   {24, TRACE_EVENT_MARK, "solve a very long name"},
        {26, TRACE_EVENT_MARK, "again"},  {27, TRACE_EVENT_MARK, "another"},
        {28, TRACE_EVENT_MARK, "more"},   {70, TRACE_EVENT_MARK, "x"},
        {72, TRACE_EVENT_MARK, "sum up"}, {97, TRACE_EVENT_MARK, "at the very end"}};
    struct layout_request request = usual;
    struct layout layout;
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "alfa", 50, 20, 32);
    trace_finish(&trace);
    request.event = events;
    request.event_count = COUNT(events);
    assert_true(layout_lines(&layout, &request, &trace));
    check_labels(&layout);
    for (size_t i = 0; i < COUNT(events); i++) {
        const struct label *label = find_label(&layout, events[i].text);
        if (label == NULL)
            fail_msg("'%s' is missing", events[i].text);
        struct rect text = label_rect(label);
        for (size_t k = 0; k < layout.stroke_count && !label->halo; k++) {
            const struct stroke *stroke = &layout.stroke[k];
            assert_false(stroke->ink == INK_MARK && stroke->x0 > text.x && stroke->x0 < text.x + text.width &&
                         stroke->y0 < text.y + text.height);
        }
    }
    assert_true(find_label(&layout, "at the very end")->halo);
    layout_free(&layout);
    trace_free(&trace);
}

/* A trace of nodes that are much the same, but for one 12 GiB above the others, one 9 GiB below and one whose log ends.
 */
static void make_alike(struct trace *trace, int count)
{
    trace->quantity = FREELOG_USED;
    for (int n = 0; n < count; n++) {
        struct node node;
        char name[16];
        node_init(&node, 256);
        snprintf(name, sizeof name, "nid%04d", n);
        node.name = strdup(name);
        node.source = strdup("x.log");
        node.interval_s = 2;
        node.is_indexed = true;
        for (int i = 0; i < (n == 33 ? 200 : 400); i++) {
            double value = 40 + 0.05 * ((n * 7 + i) % 11) + (n == 17 ? 12 : n == 21 ? -9 : 0);
            assert_true(series_append(&node.line[TRACE_MAIN], i * 2.0, value * GIB));
            assert_true(series_append(&node.line[TRACE_TOTAL], i * 2.0, 64 * GIB + n * 1024));
            assert_true(series_append(&node.line[TRACE_MEMORY], i * 2.0, 64 * GIB + n * 1024));
        }
        assert_true(trace_add(trace, &node, NULL));
    }
    trace_finish(trace);
}

/* If there are too many marks for their texts, they have numbers and a list in every view; none is dropped. */
static void crowded_marks_are_numbered_and_listed(void **state)
{
    static const enum view views[] = {VIEW_LINES, VIEW_OVERVIEW, VIEW_PANELS};
    struct trace_event events[20];
    struct layout_request request = usual;
    struct trace trace = {0};
    (void)state;
    make_alike(&trace, 20);
    for (size_t i = 0; i < COUNT(events); i++) {
        events[i] = (struct trace_event){300 + 2 * (double)i, TRACE_EVENT_MARK, ""};
        snprintf(events[i].text, sizeof events[i].text, "phase-%zu", i + 1);
    }
    request.event = events;
    request.event_count = COUNT(events);
    request.events_outside = 2;
    size_t *order = trace_order_by_peak(&trace);
    for (size_t v = 0; v < COUNT(views); v++) {
        struct layout layout;
        assert_true(views[v] == VIEW_LINES      ? layout_lines(&layout, &request, &trace)
                    : views[v] == VIEW_OVERVIEW ? layout_overview(&layout, &request, &trace, order)
                                                : layout_panels(&layout, &request, &trace, order));
        check_labels(&layout);
        bool is_outside_said = false;
        size_t listed = 0, over_heat = 0;
        for (size_t i = 0; i < layout.label_count; i++) {
            if (strstr(layout.label[i].text, "2 events outside the plot's time") != NULL)
                is_outside_said = true;
            if (strstr(layout.label[i].text, " phase-") != NULL)
                listed++;
        }
        for (size_t i = 0; i < layout.stroke_count; i++)
            if (layout.stroke[i].ink == INK_MARK && layout.stroke[i].over)
                over_heat++;
        assert_true(is_outside_said);
        assert_int_equal(listed, COUNT(events));
        assert_non_null(find_label(&layout, "1"));
        assert_true((over_heat >= COUNT(events)) == (views[v] == VIEW_OVERVIEW));
        layout_free(&layout);
    }
    free(order);
    trace_free(&trace);
}

/* If there are more lines than colours, each notable line has its own colour, and their names are at the top. */
static void few_of_many_lines_stand_out(void **state)
{
    (void)state;
    for (int count = LAYOUT_LINES_MAX; count <= LAYOUT_LINES_MAX + 40; count += 20) {
        struct layout layout;
        struct trace trace = {0};
        for (int i = 0; i < count; i++) {
            char name[16];
            snprintf(name, sizeof name, "nid%02d", i);
            add_node(&trace, name, i == 7 ? 20 : 50, 20 + (i * 5 % count) * 0.1, 32);
        }
        trace_finish(&trace);
        struct layout_request request = usual;
        struct findings findings;
        assert_true(findings_find(&findings, &trace, &(struct findings_terms){NAN, NAN}));
        request.findings = &findings;
        assert_true(layout_lines(&layout, &request, &trace));
        check_labels(&layout);
        bool many = count > LAYOUT_LINES_MAX;
        assert_true(layout.others_pale == many);
        assert_int_equal(layout.named_count, many ? 4 : 0);
        assert_true(many == (layout_named(&layout, 7) < layout.named_count));
        assert_int_equal(layout_named(&layout, 0), layout.named_count); /* the lowest */
        assert_non_null(find_label(&layout, "nid07 log ends 0:38"));
        layout_free(&layout);
        findings_free(&findings);
        trace_free(&trace);
    }
}

/* A time range that begins between ticks, on small sheets with a legend. */
static void the_axis_is_labelled_where_it_begins_and_ends(void **state)
{
    static const double sizes[][2] = {{300, 200}, {400, 300}, {600, 338}, {1200, 675}};
    struct trace trace = {0};
    (void)state;
    for (size_t i = 0; i < 8; i++)
        add_node(&trace, (const char[]){'n', (char)('0' + i), '\0'}, 200, 3.0 + (double)i, 64);
    trace_finish(&trace);
    trace.begin_s = 130;
    for (size_t s = 0; s < COUNT(sizes); s++) {
        struct layout_request request = usual;
        struct layout layout;
        request.width_px = sizes[s][0];
        request.height_px = sizes[s][1];
        assert_true(layout_lines(&layout, &request, &trace));
        const struct label *begin = find_label(&layout, "2:10"), *end = find_label(&layout, "6:38");
        assert_non_null(begin);
        assert_non_null(end);
        check_labels(&layout);
        for (size_t i = 0; i < layout.stroke_count; i++) /* the legend's */
            if (layout.stroke[i].width_px == 3 && fabs(layout.stroke[i].y0 - end->y) < 12)
                assert_true(label_rect(end).x + label_rect(end).width < layout.stroke[i].x0);
        layout_free(&layout);
    }
    trace_free(&trace);
}

static void a_limit_of_available_memory_counts_and_shades_what_is_below(void **state)
{
    struct trace trace = {.quantity = FREELOG_AVAILABLE};
    struct layout_request request = usual;
    struct layout layout;
    (void)state;
    for (size_t i = 0; i < 3; i++)
        add_node(&trace, (const char[]){'n', (char)('0' + i), '\0'}, 200, 10.0 + 10 * (double)i, 64);
    for (size_t i = 0; i < 3; i++) /* one of them stays above */
        trace.node[i].line[TRACE_MAIN].stats.min = i == 0 ? 9 * GIB : GIB;
    trace_finish(&trace);
    request.limit = 8 * GIB;
    request.limit_is_given = true;
    request.limit_text = "limit 8 GiB";
    assert_true(layout_lines(&layout, &request, &trace));
    assert_non_null(find_label(&layout, "limit 8 GiB · 2 below"));
    assert_int_equal(layout.area_count, 1);
    assert_true(fabs(layout.area[0].rect.y - layout_y(&layout, request.limit)) < 1);
    layout_free(&layout);
    trace_free(&trace);
}

/* If a line ends steeply with few samples, its name is at the level before that. */
static void a_release_in_the_last_sample_moves_no_name(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    const struct label *name = NULL;
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct node node;
        made_node_init(&node, 1, 512, "%s", i == 0 ? "killed" : "other");
        for (int k = 0; k < 295; k++)
            made_node_append(&node, k, (i == 0 ? k == 294 ? 0.01 : 20 + k / 30.0 : 12) * GIB, 64 * GIB);
        made_node_append(&node, 295, (i == 0 ? 0.01 : 12) * GIB, 64 * GIB);
        assert_true(trace_add(&trace, &node, NULL));
    }
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    for (size_t k = 0; k < layout.label_count; k++)
        if (layout.label[k].bold && strcmp(layout.label[k].text, "killed") == 0)
            name = &layout.label[k];
    assert_non_null(name);
    assert_true(fabs(name->y - 4 - layout_y(&layout, 29.5 * GIB)) < 10);
    layout_free(&layout);
    trace_free(&trace);
}

/* Nor does a release that takes the last twentieth, as most jobs have: the names are at the levels before it. */
static void names_are_at_the_levels_before_a_release(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct node node;
        made_node_init(&node, 10, 256, "level%d", 8 * (i + 1));
        for (int k = 0; k < 60; k++)
            made_node_append(&node, 10.0 * k, 8.0 * (i + 1) * exp(k < 57 ? 0 : 56 - k) * GIB, 32 * GIB);
        assert_true(trace_add(&trace, &node, NULL));
    }
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    for (int i = 0; i < 3; i++) {
        const struct label *name = NULL;
        for (size_t k = 0; k < layout.label_count; k++)
            if (layout.label[k].bold && strcmp(layout.label[k].text, trace.node[i].name) == 0)
                name = &layout.label[k];
        assert_non_null(name);
        assert_true(fabs(name->y - 4 - layout_y(&layout, 8.0 * (i + 1) * GIB)) < 6);
    }
    layout_free(&layout);
    trace_free(&trace);
}

/* Other lines may cover where a line is interrupted. */
static void gaps_are_marked_on_the_time_axis(void **state)
{
    static const double hole_s[][2] = {{300, 900}, {1200, 1500}};
    struct trace trace = {0};
    struct layout layout;
    char text[96];
    size_t bars = 0;
    (void)state;
    for (size_t i = 0; i < 3; i++) { /* the third one is whole */
        struct node node;
        made_node_init(&node, 10, 512, "n%zu", i);
        for (int k = 0; k < 180; k++) {
            if (i < 2 && k * 10 > hole_s[i][0] && k * 10 < hole_s[i][1])
                continue;
            if (i < 2 && k * 10 == (int)hole_s[i][1])
                series_break(&node.line[TRACE_MAIN]);
            made_node_append(&node, 10.0 * k, (10 + (double)i * k / 100) * GIB, 32 * GIB);
        }
        assert_true(trace_add(&trace, &node, NULL));
    }
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    assert_non_null(find_label(&layout, "n0 gap 0:05:00–0:15:00"));
    assert_non_null(find_label(&layout, "n1 gap 0:20:00–0:25:00"));
    for (size_t i = 0; i < layout.stroke_count; i++) {
        const struct stroke *bar = &layout.stroke[i];
        if (bar->ink != INK_NODE || !bar->over || bar->y0 < layout.plot.y + layout.plot.height - 20)
            continue;
        assert_true(fabs(bar->x0 - layout_x(&layout, hole_s[bar->node][0])) < 1);
        assert_true(fabs(bar->x1 - layout_x(&layout, hole_s[bar->node][1])) < 1);
        bars++;
    }
    assert_int_equal(bars, 2);
    layout_free(&layout);
    focus_gap_text(text, sizeof text, &usual, &(struct trace){.end_s = 7200}, 330, 1080);
    assert_string_equal(text, "gap 0:05–0:18");
    trace_free(&trace);
}

/* On a small sheet the list of marks is short, the last mark has its number, and numbers do not cover names. */
static void marks_leave_space_on_small_sheets(void **state)
{
    static const double sizes[][2] = {{300, 200}, {300, 260}, {400, 225}, {600, 338}, {1200, 675}};
    struct trace_event events[40];
    struct layout_request request = usual;
    struct trace trace = {0};
    struct findings findings = {.named_count = 2, .named[0].node = 1, .named[1].node = 0};
    (void)state;
    add_node(&trace, "whole", 1000, 27, 32);
    add_node(&trace, "early", 770, 31, 32); /* ends at the height of the marks' numbers */
    for (size_t i = 2; i < 20; i++)
        add_node(&trace, (const char[]){'n', (char)('a' + (char)i), '\0'}, 1000, 20, 32);
    trace_finish(&trace);
    size_t *order = trace_order_by_peak(&trace);
    for (size_t s = 0; s < 3 * COUNT(sizes); s++) {
        for (size_t count = 4; count <= 40; count += 9) {
            struct layout layout;
            char last[8];
            for (size_t i = 0; i < count; i++) {
                events[i] = (struct trace_event){1996.0 * (double)(i + 1) / (double)count, TRACE_EVENT_MARK, ""};
                snprintf(events[i].text, sizeof events[i].text, "a phase with a long name %zu", i + 1);
            }
            snprintf(last, sizeof last, "%zu", count);
            request.event = events;
            request.event_count = count;
            request.findings = &findings;
            request.width_px = sizes[s / 3][0];
            request.height_px = sizes[s / 3][1];
            assert_true(s % 3 == 0   ? layout_lines(&layout, &request, &trace)
                        : s % 3 == 1 ? layout_overview(&layout, &request, &trace, order)
                                     : layout_panels(&layout, &request, &trace, order));
            check_labels(&layout);
            if (layout.numbers_events && layout.plot.height > 45 && find_label(&layout, last) == NULL)
                fail_msg("no %s at %g x %g", last, request.width_px, request.height_px);
            if (s % 3 == 0)
                assert_true(layout.plot.height > 40);
            layout_free(&layout);
        }
    }
    free(order);
    trace_free(&trace);
}

static void lows_of_available_memory_are_ringed_and_listed(void **state)
{
    struct trace trace = {.quantity = FREELOG_AVAILABLE};
    struct layout layout;
    struct focus focus[FOCUS_MAX];
    struct layout_request request = usual;
    (void)state;
    for (int i = 0; i < 2; i++) { /* b falls lower, and to 2 of its 64 GiB */
        struct node node;
        made_node_init(&node, 2, 256, "%s", i == 0 ? "a" : "b");
        for (int k = 0; k < 100; k++)
            made_node_append(&node, k * 2.0, (60 - (i == 0 ? 0.1 : 0.58) * (k < 90 ? k : 100 - k)) * GIB, 64 * GIB);
        node.line[TRACE_MAIN].stats.min = i == 0 ? 51.1 * GIB : 2 * GIB;
        assert_true(trace_add(&trace, &node, NULL));
    }
    trace_finish(&trace);
    double at_s, low = node_news(&trace, &trace.node[1], &at_s);
    assert_true(low == 2 * GIB && at_s == trace.node[1].line[TRACE_MAIN].stats.min_s && trace_news(&trace) == low);
    assert_string_equal(trace_news_word(&trace), "low");
    assert_true(layout_lines(&layout, &usual, &trace));
    assert_null(find_label(&layout, "peak GiB"));
    assert_non_null(find_label(&layout, "low GiB"));
    assert_non_null(find_label(&layout, "51.1"));
    assert_non_null(find_label(&layout, "2.0"));
    assert_int_equal(layout.marker_count, 1);
    assert_true(fabs(layout.marker[0].y - layout_y(&layout, low)) < 1);
    layout_free(&layout);
    struct findings findings = {.named_count = 1, .named[0].node = 1, .count = 1};
    findings.list[0] = (struct finding){
        .kind = FINDING_NEAR_LIMIT, .node_count = 1, .node[0] = 1, .rank[0] = 1 - 2.0 / 64, .count = 1};
    request.findings = &findings;
    assert_int_equal(focus_find(focus, &request, &trace), 1);
    assert_string_equal(focus[0].reason, "3 % of the total left");
    trace_free(&trace);
}

/* Waves that end on a slope. */
static void names_are_where_lines_end(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    (void)state;
    add_node(&trace, "low", 243, 10, 64);
    add_node(&trace, "high", 243, 30, 64);
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    for (size_t i = 0; i < 2; i++) {
        const struct label *name = NULL;
        for (size_t k = 0; k < layout.label_count; k++)
            if (layout.label[k].bold && strcmp(layout.label[k].text, trace.node[i].name) == 0)
                name = &layout.label[k];
        assert_non_null(name);
        assert_true(fabs(name->y - 4 - layout_y(&layout, trace.node[i].line[TRACE_MAIN].stats.last)) < 6);
    }
    layout_free(&layout);
    trace_free(&trace);
}

static void a_baseline_is_noted(void **state)
{
    struct layout_request request = usual;
    struct layout layout;
    struct trace trace = {0};
    struct runs other = {.count = 1};
    (void)state;
    add_node(&trace, "alfa", 50, 20, 32);
    add_node(&other.run[0].trace, "alfa", 90, 25, 32);
    trace_finish(&trace);
    trace_finish(&other.run[0].trace);
    request.against = &other;
    assert_true(layout_lines(&layout, &request, &trace));
    assert_non_null(find_label(&layout, "pale: the baseline"));
    assert_true(layout.time.max >= 178 && layout.value.max >= 25);
    layout_free(&layout);
    assert_true(layout_lines(&layout, &usual, &trace));
    assert_null(find_label(&layout, "pale: the baseline"));
    layout_free(&layout);
    trace_free(&trace);
    runs_free(&other);
}

static void several_runs_have_a_colour_each_and_a_name_at_their_ends(void **state)
{
    struct layout_request request = usual;
    struct layout layout;
    struct trace trace = {0};
    struct runs other = {.count = 2};
    (void)state;
    add_node(&trace, "alfa", 50, 20, 32);
    add_node(&other.run[0].trace, "n1", 50, 25, 32);
    add_node(&other.run[1].trace, "n2", 25, 10, 32);
    other.run[0].label = strdup("monday");
    other.run[1].label = strdup("tuesday");
    trace_finish(&trace);
    trace_finish(&other.run[0].trace);
    trace_finish(&other.run[1].trace);
    request.against = &other;
    assert_true(layout_lines(&layout, &request, &trace));
    assert_int_equal(layout.run_style, RUNS_COLOURED);
    size_t inks[RUNS_MAX] = {0}, swatches = 0;
    for (size_t i = 0; i < layout.label_count; i++)
        if (layout.label[i].ink == INK_RUN) {
            inks[layout.label[i].node]++;
            assert_string_equal(layout.label[i].text, runs_name(&other, layout.label[i].node));
            /* The line that ends half-way has its name there. */
            assert_true((layout.label[i].x < layout.plot.x + 0.7 * layout.plot.width) == (layout.label[i].node == 1));
        }
    for (size_t i = 0; i < layout.stroke_count; i++)
        swatches += layout.stroke[i].ink == INK_RUN ? 1 : 0;
    assert_int_equal(inks[0], 1);
    assert_int_equal(inks[1], 1);
    assert_int_equal(swatches, 2);
    assert_null(find_label(&layout, "pale: monday"));
    layout_free(&layout);
    /* With several nodes, dashes distinguish runs, and colours distinguish nodes. */
    add_node(&trace, "n2", 50, 12, 32);
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &request, &trace));
    assert_int_equal(layout.run_style, RUNS_OF_NODES);
    assert_int_not_equal(layout_run_dash(&layout, 0), layout_run_dash(&layout, 1));
    assert_non_null(find_label(&layout, "pale: monday (solid), tuesday (dashed)"));
    assert_int_equal(runs_same_node(&other.run[1].trace, &trace, 1), 0);
    assert_int_equal(runs_same_node(&other.run[0].trace, &trace, 0), 1);
    layout_free(&layout);
    trace_free(&trace);
    runs_free(&other);
}

static void an_overview_of_similar_nodes_shows_their_deviations(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    struct layout_request request = usual;
    (void)state;
    make_alike(&trace, 200);
    size_t *order = trace_order_by_peak(&trace);
    assert_true(layout_overview(&layout, &usual, &trace, order));
    assert_int_equal(layout.map.mode, HEAT_DEVIATION);
    size_t column = layout.map.all.columns / 4;
    assert_true(heatmap_share(&layout.map, heatmap_row(&layout.map, 17), column) > 0.9);
    assert_true(heatmap_share(&layout.map, heatmap_row(&layout.map, 21), column) < -0.7);
    assert_true(fabs(heatmap_share(&layout.map, heatmap_row(&layout.map, 100), column)) < 0.1);
    assert_non_null(find_label(&layout, "GiB"));
    bool stated = false;
    for (size_t i = 0; i < layout.label_count; i++)
        if (strstr(layout.label[i].text, "GiB from the median") != NULL)
            stated = true;
    assert_true(stated);
    layout_free(&layout);
    request.heat = HEAT_VALUE;
    assert_true(layout_overview(&layout, &request, &trace, order));
    assert_int_equal(layout.map.mode, HEAT_VALUE);
    layout_free(&layout);
    free(order);
    trace_free(&trace);
    /* Values are shown if levels are far apart, deviations on request. */
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%02d", i);
        add_node(&trace, name, 300, 2 + i, 64);
    }
    trace_finish(&trace);
    order = trace_order_by_peak(&trace);
    assert_true(layout_overview(&layout, &usual, &trace, order));
    assert_int_equal(layout.map.mode, HEAT_VALUE);
    layout_free(&layout);
    request.heat = HEAT_DEVIATION;
    assert_true(layout_overview(&layout, &request, &trace, order));
    assert_int_equal(layout.map.mode, HEAT_DEVIATION);
    layout_free(&layout);
    free(order);
    trace_free(&trace);
}

/* If nodes share rows, a log that ends early remains visible, because it does not share a row with longer ones. */
static void a_dead_node_is_not_hidden_by_its_row_mates(void **state)
{
    static const enum heat_mode modes[] = {HEAT_VALUE, HEAT_DEVIATION};
    struct trace trace = {0};
    (void)state;
    make_alike(&trace, 200);
    size_t *order = trace_order_by_peak(&trace);
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct layout layout;
        struct layout_request request = usual;
        request.height_px = 400;
        request.heat = modes[i];
        assert_true(layout_overview(&layout, &request, &trace, order));
        const struct resampled *all = &layout.map.all;
        assert_true(all->rows < trace.count);
        size_t row = heatmap_row(&layout.map, 33);
        assert_int_equal(row, all->rows - 1);
        assert_true(heatmap_share(&layout.map, row, all->columns / 4) < 2);
        assert_true(isnan(heatmap_share(&layout.map, row, all->columns * 3 / 4)));
        assert_true(heatmap_share(&layout.map, row - 1, all->columns * 3 / 4) < 2);
        layout_free(&layout);
    }
    free(order);
    trace_free(&trace);
}

static void named_nodes_have_rows_of_their_own_with_a_reason(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    struct layout_request request = usual;
    struct findings findings;
    (void)state;
    make_alike(&trace, 200);
    assert_true(findings_find(&findings, &trace, &(struct findings_terms){NAN, NAN}));
    request.findings = &findings;
    size_t *order = trace_order_by_peak(&trace);
    assert_true(layout_overview(&layout, &request, &trace, order));
    check_labels(&layout);
    assert_true(layout.focus_rows >= 2);
    double row = layout.focus.height / (double)layout.focus_rows;
    assert_true(row >= 12 && row <= 20);
    size_t ended = layout_named(&layout, 33);
    assert_int_equal(ended, 0); /* a finding comes before mere peaks */
    assert_true(layout.named[ended].is_alarming);
    const struct label *reason = find_label(&layout, "40.5 · log ends 6:38");
    assert_non_null(reason);
    assert_true(reason->x > layout.focus.x + layout.focus.width);
    assert_true(fabs(reason->y - layout.focus.y - row / 2) < row / 2);
    assert_true(isnan(heatmap_focus_share(&layout.map, ended, layout.map.focus.columns * 3 / 4)));
    /* The number of recorded nodes is shown where it changes. */
    assert_true(layout.strip.height > 0);
    assert_non_null(find_label(&layout, "200 nodes recorded"));
    assert_non_null(find_label(&layout, "199"));
    layout_free(&layout);
    findings_free(&findings);
    free(order);
    trace_free(&trace);
}

/* Rows too low for names have round numbers, at the heights of these nodes, also where several nodes share a row. */
static void rows_without_names_have_round_numbers(void **state)
{
    static const double heights_px[] = {500, 675, 1600};
    static const char *const numbers[] = {"50", "100", "150"};
    struct trace trace = {0};
    (void)state;
    make_alike(&trace, 200);
    size_t *order = trace_order_by_peak(&trace);
    for (size_t h = 0; h < COUNT(heights_px); h++) {
        struct layout layout;
        struct layout_request request = usual;
        request.height_px = heights_px[h];
        assert_true(layout_overview(&layout, &request, &trace, order));
        const struct rect *heat = &layout.heat;
        assert_non_null(find_label(&layout, "1"));
        for (size_t i = 0; i < COUNT(numbers); i++) {
            const struct label *number = find_label(&layout, numbers[i]);
            assert_non_null(number);
            double place = (number->y - 0.35 * number->size_px - heat->y) / heat->height;
            assert_true(fabs(place * 200 - 50 * (double)(i + 1)) < 200.0 / (double)layout.map.all.rows);
        }
        layout_free(&layout);
    }
    free(order);
    trace_free(&trace);
}

/* Total memory is drawn if the peak comes near it; almost equal totals count as one. */
static void the_wall_is_in_view(void **state)
{
    struct trace trace = {0}, low = {0};
    struct layout layout;
    struct layout_request request = usual;
    (void)state;
    make_alike(&trace, 13);
    assert_true(layout_lines(&layout, &usual, &trace));
    assert_non_null(find_label(&layout, "total 64 GiB"));
    layout_free(&layout);
    request.draw_total = true;
    assert_true(layout_lines(&layout, &request, &trace));
    assert_non_null(find_label(&layout, "total 64 GiB"));
    assert_false(layout.draw_total);
    layout_free(&layout);
    low.quantity = FREELOG_USED;
    add_node(&low, "alfa", 300, 5, 512);
    trace_finish(&low);
    assert_true(layout_lines(&layout, &usual, &low));
    assert_non_null(find_label(&layout, "of 512 GiB, under 1 % used"));
    assert_true(layout.value.max < 10);
    layout_free(&layout);
    /* A limit has the number of nodes above it, a light area, and a tick on the bar of colours. */
    size_t *order = trace_order_by_peak(&trace);
    request = usual;
    request.limit = 40.2 * GIB;
    request.limit_text = "limit 40.2 GiB";
    request.heat = HEAT_VALUE;
    assert_true(layout_overview(&layout, &request, &trace, order));
    assert_non_null(find_label(&layout, "limit 40.2 GiB · 13 above"));
    assert_int_equal(layout.area_count, 1);
    size_t ticks = 0;
    for (size_t i = 0; i < layout.stroke_count; i++)
        if (layout.stroke[i].ink == INK_LIMIT && layout.stroke[i].x0 > layout.plot.x + layout.plot.width)
            ticks++;
    assert_int_equal(ticks, 1);
    layout_free(&layout);
    free(order);
    trace_free(&trace);
    trace_free(&low);
}

/* Adds a node with samples every 60 s and a gap of this many intervals in the middle. */
static void add_gap(struct trace *trace, int samples, double gap_intervals)
{
    struct node node;
    made_node_init(&node, 60, 256, "n%zu", trace->count);
    for (int i = 0; i < samples; i++) {
        if (2 * i == samples)
            series_break(&node.line[TRACE_MAIN]);
        made_node_append(&node, 60 * (i + (2 * i >= samples ? gap_intervals - 1 : 0)), (10 + i % 2) * GIB, 32 * GIB);
    }
    assert_true(trace_add(trace, &node, NULL));
}

static void a_gap_that_is_shown_is_long_for_samples_and_run(void **state)
{
    static const struct {
        int samples;
        double intervals;
        bool is_shown;
    } rows[] = {{100, 4, false}, {100, 7, true}, {20, 2.4, false}, {20, 2.6, true}, {20, 24, true}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trace trace = {0};
        double from_s = NAN, to_s = NAN;
        add_gap(&trace, rows[i].samples, rows[i].intervals);
        trace_finish(&trace);
        trace.node[0].offset_s = 1000;
        assert_int_equal(focus_gap(&trace, &trace.node[0], &from_s, &to_s), rows[i].is_shown);
        double begin_s = 1000 + 60 * (rows[i].samples / 2 - 1);
        assert_true(!rows[i].is_shown ||
                    (fabs(from_s - begin_s) < 1e-3 && fabs(to_s - begin_s - 60 * rows[i].intervals) < 1e-3));
        trace_free(&trace);
    }
}

/* Totals and limits are drawn if the peak exceeds half of them; otherwise a note states them. */
static void levels_are_drawn_where_the_peak_comes_near(void **state)
{
    static const struct {
        double peak, limit; /* GiB; a node has 32 */
        bool is_given;
        const char *first, *second, *note;
    } rows[] = {
        {17, NAN, false, "total 32 GiB", NULL, ""},         {15, NAN, false, NULL, NULL, "of 32 GiB, 47 % used"},
        {2, NAN, false, NULL, NULL, "of 32 GiB, 6 % used"}, {17, 30, false, "total 32 GiB", "the limit", ""},
        {17, 31.9, false, "the limit", NULL, ""}, /* it is the total */
        {17, 31, false, "total 32 GiB", "the limit", ""},   {2, 30, true, "the limit", NULL, "of 32 GiB, 6 % used"},
        {2, 30, false, NULL, NULL, "the limit, 7 % used"}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct layout layout = {.measure = measure};
        struct layout_request request = usual;
        struct level_list levels;
        const char *const texts[] = {rows[i].first, rows[i].second};
        struct node node;
        request.limit = rows[i].limit * GIB;
        request.limit_is_given = rows[i].is_given;
        request.limit_text = "the limit";
        made_node_init(&node, 2, 256, "a");
        made_node_append(&node, 0, GIB, 32 * GIB);
        made_node_append(&node, 2, rows[i].peak * GIB, 32 * GIB);
        assert_true(trace_add(&trace, &node, NULL));
        trace_finish(&trace);
        levels_find(&levels, &layout, &request, &trace);
        assert_int_equal(levels.count, (rows[i].first != NULL) + (rows[i].second != NULL));
        for (size_t k = 0; k < levels.count; k++)
            assert_string_equal(levels.level[k].text, texts[k]);
        assert_string_equal(levels.note, rows[i].note);
        trace_free(&trace);
    }
}

/* Fewer than eight nodes have no meaningful median. */
static void deviations_need_eight_nodes(void **state)
{
    (void)state;
    for (int count = 7; count <= 8; count++) {
        struct trace trace = {0};
        struct heatmap map;
        make_alike(&trace, count);
        trace.node[2].line[TRACE_MAIN].stats.max += GIB;
        size_t *order = trace_order_by_peak(&trace);
        const struct resample_frame frame = {50, trace.begin_s, trace.end_s};
        assert_true(heatmap_fill(&map, &trace, order, NULL, 0, HEAT_AUTO, &frame, 20));
        assert_int_equal(map.mode == HEAT_DEVIATION || map.deviation != NULL, count == 8);
        heatmap_free(&map);
        free(order);
        trace_free(&trace);
    }
}

/* The colours end at the total if that is at most twice the peak. */
static void colours_end_with_a_total_that_is_near(void **state)
{
    static const double totals[][2] = {{32, 32}, {39, 39}, {41, 20}, {400, 20}};
    (void)state;
    for (size_t i = 0; i < COUNT(totals); i++) {
        struct trace trace = {0};
        struct heatmap map;
        struct node node;
        const struct resample_frame frame = {50, 0, 10};
        made_node_init(&node, 10, 256, "a");
        made_node_append(&node, 0, GIB, totals[i][0] * GIB);
        made_node_append(&node, 10, 20 * GIB, totals[i][0] * GIB);
        assert_true(trace_add(&trace, &node, NULL));
        trace_finish(&trace);
        assert_true(heatmap_fill(&map, &trace, &(const size_t){0}, NULL, 0, HEAT_VALUE, &frame, 5));
        assert_true(map.top == totals[i][1] * GIB);
        heatmap_free(&map);
        trace_free(&trace);
    }
}

static size_t count_labels(const struct layout *layout, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < layout->label_count; i++)
        if (strcmp(layout->label[i].text, text) == 0)
            count++;
    return count;
}

/* Coinciding lines have one name, colour and row in the legend, except if there are only two or a node ends early. */
static void lines_that_coincide_are_one(void **state)
{
    static const struct {
        int equal, early; /* number of nodes; which of them has half the samples */
        size_t named;     /* nodes with a separate name */
        const char *name; /* common name of the others */
    } tries[] = {{5, -1, 0, "5 nodes alike"},
                 {3, -1, 0, "3 nodes alike"},
                 {2, -1, 2, "2 nodes alike"},
                 {5, 1, 1, "4 nodes alike"},
                 {11, -1, 0, "11 nodes alike"}};
    (void)state;
    for (size_t t = 0; t < sizeof tries / sizeof tries[0]; t++) {
        struct trace trace = {0};
        struct layout layout;
        char name[16];
        add_node(&trace, "high", 300, 40, 64);
        for (int i = 0; i < tries[t].equal; i++) {
            snprintf(name, sizeof name, "n%02d", i);
            add_node(&trace, name, i == tries[t].early ? 150 : 300, 20 + 0.01 * i, 64);
        }
        trace_finish(&trace);
        assert_true(layout_lines(&layout, &usual, &trace));
        check_labels(&layout);
        size_t named = 0, at_end = tries[t].named == 2 ? 0 : 2;
        for (int i = 0; i < tries[t].equal; i++) {
            snprintf(name, sizeof name, "n%02d", i);
            named += count_labels(&layout, name) > 0;
        }
        assert_int_equal(named, tries[t].named);
        assert_int_equal(count_labels(&layout, tries[t].name), at_end); /* in the legend and at the end of the line */
        assert_int_equal(layout_slot(&layout, 0), 0);
        assert_int_equal(layout_slot(&layout, 1) == layout_slot(&layout, 3), tries[t].named != 2);
        layout_free(&layout);
        trace_free(&trace);
    }
}

/* Nodes with a single sample, or with different totals, are merged only if these are equal, too. */
static void short_runs_and_totals_keep_lines_apart(void **state)
{
    static const struct {
        int samples;
        double peak_step, total_step;
        bool is_merged;
    } tries[] = {{1, 3, 0, false}, {1, 0, 0, true}, {2, 3, 0, false}, {100, 0, 8, false}, {100, 0, 0.2, true}};
    (void)state;
    for (size_t t = 0; t < COUNT(tries); t++) {
        struct trace trace = {0};
        struct layout layout;
        for (int i = 0; i < 4; i++) {
            char name[16];
            snprintf(name, sizeof name, "n%d", i);
            add_node(&trace, name, tries[t].samples, 10 + tries[t].peak_step * i, 64 + tries[t].total_step * i);
        }
        trace_finish(&trace);
        assert_true(layout_lines(&layout, &usual, &trace));
        assert_int_equal(count_labels(&layout, "4 nodes alike") > 0, tries[t].is_merged);
        assert_int_equal(count_labels(&layout, "n3") > 0, !tries[t].is_merged);
        layout_free(&layout);
        trace_free(&trace);
    }
}

/* A line that differs from others even at a single time is separate. */
static void a_short_difference_is_one(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct node node;
        made_node_init(&node, 2, 256, "n%d", i);
        for (int k = 0; k < 2000; k++)
            made_node_append(&node, k * 2.0, (i == 2 && k == 777 ? 12 : 10) * GIB, 64 * GIB);
        assert_true(trace_add(&trace, &node, NULL));
    }
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    assert_int_equal(count_labels(&layout, "n2"), 2);
    assert_int_equal(count_labels(&layout, "3 nodes alike"), 2);
    layout_free(&layout);
    trace_free(&trace);
}

/* Lines have their names at their ends, and those in excess of the colours are dashed. If there are many lines, only
 * those with a colour have a row in the legend. */
static void lines_are_distinguishable(void **state)
{
    struct trace trace = {0};
    struct layout layout;
    struct layout_request request = usual;
    struct findings findings;
    (void)state;
    for (int i = 0; i < 12; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%02d", i);
        add_node(&trace, name, 300, 2 + i, 64);
    }
    trace_finish(&trace);
    assert_true(layout_lines(&layout, &usual, &trace));
    check_labels(&layout);
    assert_int_equal(count_labels(&layout, "n11"), 2); /* in the legend and at the end of the line */
    assert_int_equal(layout_slot(&layout, 11), 0);     /* by peak */
    assert_int_equal(layout_slot(&layout, 0), 11);
    assert_int_equal(layout_dash(5), DASH_SOLID);
    assert_true(layout_dash(6) != DASH_SOLID && layout_dash(12) != layout_dash(6));
    layout_free(&layout);
    trace_free(&trace);
    make_alike(&trace, 30);
    assert_true(findings_find(&findings, &trace, &(struct findings_terms){NAN, NAN}));
    request.findings = &findings;
    assert_true(layout_lines(&layout, &request, &trace));
    check_labels(&layout);
    size_t more = 30 - layout.named_count;
    char text[32];
    snprintf(text, sizeof text, "and %zu more", more);
    assert_non_null(find_label(&layout, text));
    for (size_t i = 0; i < 30; i++)
        assert_true((count_labels(&layout, trace.node[i].name) > 0) == (layout_named(&layout, i) < layout.named_count));
    layout_free(&layout);
    findings_free(&findings);
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_never_overlap_at_any_size),
        cmocka_unit_test(values_and_times_map_to_the_plot),
        cmocka_unit_test(the_legend_is_sorted_by_peak),
        cmocka_unit_test(totals_are_drawn_once_where_nodes_agree),
        cmocka_unit_test(totals_are_dashed_in_every_view),
        cmocka_unit_test(texts_are_cut_in_the_middle),
        cmocka_unit_test(occupied_ground_is_found_again),
        cmocka_unit_test(lines_of_marks_cross_no_text),
        cmocka_unit_test(few_of_many_lines_stand_out),
        cmocka_unit_test(the_axis_is_labelled_where_it_begins_and_ends),
        cmocka_unit_test(names_are_where_lines_end),
        cmocka_unit_test(a_limit_of_available_memory_counts_and_shades_what_is_below),
        cmocka_unit_test(a_release_in_the_last_sample_moves_no_name),
        cmocka_unit_test(names_are_at_the_levels_before_a_release),
        cmocka_unit_test(gaps_are_marked_on_the_time_axis),
        cmocka_unit_test(marks_leave_space_on_small_sheets),
        cmocka_unit_test(lows_of_available_memory_are_ringed_and_listed),
        cmocka_unit_test(a_baseline_is_noted),
        cmocka_unit_test(several_runs_have_a_colour_each_and_a_name_at_their_ends),
        cmocka_unit_test(a_gap_that_is_shown_is_long_for_samples_and_run),
        cmocka_unit_test(levels_are_drawn_where_the_peak_comes_near),
        cmocka_unit_test(deviations_need_eight_nodes),
        cmocka_unit_test(colours_end_with_a_total_that_is_near),
        cmocka_unit_test(lines_that_coincide_are_one),
        cmocka_unit_test(a_short_difference_is_one),
        cmocka_unit_test(short_runs_and_totals_keep_lines_apart),
        cmocka_unit_test(lines_are_distinguishable),
        cmocka_unit_test(crowded_marks_are_numbered_and_listed),
        cmocka_unit_test(an_overview_of_similar_nodes_shows_their_deviations),
        cmocka_unit_test(a_dead_node_is_not_hidden_by_its_row_mates),
        cmocka_unit_test(named_nodes_have_rows_of_their_own_with_a_reason),
        cmocka_unit_test(rows_without_names_have_round_numbers),
        cmocka_unit_test(the_wall_is_in_view),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
