/* SPDX-License-Identifier: MIT */
/* Unit tests of trace: names, alignment by the clock, drift, early ends, order. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "made_node.h"
#include "model/runs.h"
#include "model/trace.h"
#include "unit.h"

#define GIB (1024.0 * 1024 * 1024)

/* Adds a node with `count` samples every `interval_s`, which rise to `peak` GiB of 32 GiB. */
static struct node *add_node(struct trace *trace, const char *name, int count, double interval_s, double peak)
{
    struct node node;
    made_node_init(&node, interval_s, 64, "%s", name);
    node.is_indexed = true;
    node.records = (unsigned long)count;
    for (int i = 0; i < count; i++)
        made_node_append(&node, i * interval_s, peak * GIB * (i + 1) / count, 32 * GIB);
    assert_true(trace_add(trace, &node, NULL));
    assert_null(node.name); /* owned by the trace */
    return &trace->node[trace->count - 1];
}

static void two_logs_of_a_host_get_different_names(void **state)
{
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "alfa", 2, 1, 1);
    add_node(&trace, "alfa (2)", 2, 1, 1);
    add_node(&trace, "alfa", 2, 1, 1);
    assert_string_equal(trace.node[2].name, "alfa (3)");
    trace_free(&trace);
    assert_null(trace.node);
}

static void nodes_are_placed_by_the_clock_only_if_all_have_one(void **state)
{
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "a", 10, 2, 1)->start_epoch_s = 1000;
    add_node(&trace, "b", 10, 2, 1)->start_epoch_s = 1003.5;
    trace_finish(&trace);
    assert_true(trace.is_aligned && trace.node[1].offset_s == 3.5 && trace.node[0].offset_s == 0);
    assert_true(trace.begin_s == 0 && trace.end_s == 21.5 && trace.start_epoch_s == 1000);
    add_node(&trace, "c", 10, 2, 1);
    trace.node[1].offset_s = 0;
    trace_finish(&trace);
    assert_false(trace.is_aligned);
    assert_true(trace.node[1].offset_s == 0 && isnan(trace.start_epoch_s));
    trace_free(&trace);
}

static void runs_of_different_days_start_together(void **state)
{
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "a", 10, 2, 1)->start_epoch_s = 1000;
    add_node(&trace, "b", 10, 2, 1)->start_epoch_s = 1000 + 86400;
    trace_finish(&trace);
    assert_true(!trace.is_aligned && trace.clocks_far_apart && trace.end_s == 18);
    trace_free(&trace);
    /* Beyond ten times the sum of the longest run and a minute. */
    for (int beyond = 0; beyond <= 1; beyond++) {
        add_node(&trace, "a", 10, 2, 1)->start_epoch_s = 1000;
        add_node(&trace, "b", 10, 2, 1)->start_epoch_s = 1000 + 10 * (18 + 60) + beyond;
        trace_finish(&trace);
        assert_true(trace.clocks_far_apart == (beyond == 1));
        trace_free(&trace);
    }
}

static void the_trailer_corrects_the_drift_of_free(void **state)
{
    struct trace trace = {0};
    (void)state;
    struct node *node = add_node(&trace, "a", 1001, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 1001.9; /* the true period is about 1.0009 s */
    node = add_node(&trace, "b", 11, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 10.4; /* nothing to correct */
    node = add_node(&trace, "c", 1001, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 1010; /* more than the drift of free: the log stopped before */
    node = add_node(&trace, "d", 501, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 1001.9;
    node->records = 1001; /* half of them are outside --from and --to */
    node = add_node(&trace, "e", 1001, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 1000.4; /* the time of the last sample */
    trace.node[0].top.time_s = 500;
    assert_true(node_add_event(&trace.node[0], 500, TRACE_EVENT_MARK, "half"));
    trace_finish(&trace);
    double last_s = trace.node[0].line[TRACE_MAIN].stats.last_s;
    assert_true(last_s > 1000.5 && last_s < 1001.9);
    /* An event at a sample keeps the time of that sample. */
    assert_true(fabs(trace.node[0].event[0].time_s - last_s / 2) < 1e-9);
    assert_true(fabs(trace.node[0].top.time_s - last_s / 2) < 1e-9);
    assert_true(trace.node[1].line[TRACE_MAIN].stats.last_s == 10);
    assert_true(trace.node[2].line[TRACE_MAIN].stats.last_s == 1000);
    assert_true(fabs(trace.node[3].line[TRACE_MAIN].stats.last_s - last_s / 2) < 1e-9);
    assert_true(fabs(trace.node[4].line[TRACE_MAIN].stats.last_s - 1000.4) < 1e-9);
    trace_free(&trace);
}

/* The threshold is a hundredth of the run. */
static void a_quarter_of_an_hour_before_the_end_of_a_day_is_early(void **state)
{
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "a", 86400, 1, 3);
    add_node(&trace, "b", 86400 - 900, 1, 2);
    add_node(&trace, "c", 86400 - 800, 1, 1);
    add_node(&trace, "d", 86400, 1, 1);
    add_node(&trace, "e", 86400, 1, 1);
    trace_finish(&trace);
    assert_false(trace.node[0].ends_early);
    assert_true(trace.node[1].ends_early);
    assert_false(trace.node[2].ends_early);
    trace_free(&trace);
}

static void a_node_that_ends_before_the_others_is_found(void **state)
{
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "a", 100, 2, 3);
    add_node(&trace, "b", 60, 2, 2);
    add_node(&trace, "c", 98, 2, 1); /* within three intervals */
    add_node(&trace, "d", 100, 2, 5);
    trace_finish(&trace);
    assert_false(trace.node[0].ends_early);
    assert_true(trace.node[1].ends_early);
    assert_false(trace.node[2].ends_early);
    size_t *order = trace_order_by_peak(&trace);
    assert_true(order[0] == 3 && order[1] == 0 && order[2] == 1 && order[3] == 2);
    free(order);
    assert_true(trace_max(&trace, TRACE_MAIN) == 5 * GIB);
    double total = 0;
    assert_true(trace_agrees(&trace, TRACE_MEMORY, &total) && total == 32 * GIB);
    assert_false(trace_agrees(&trace, TRACE_MAIN, NULL));
    assert_true(trace_interval(&trace) == 2);
    trace_free(&trace);
}

/* Nodes with equal peaks are sorted by name, regardless of the order of the logs. */
static void equal_peaks_are_in_the_natural_order_of_names(void **state)
{
    static const char *const given[3][4] = {{"n2", "n10", "b", "a"}, {"a", "b", "n10", "n2"}, {"n10", "a", "n2", "b"}};
    static const char *const expected[] = {"b", "a", "n2", "n10"};
    (void)state;
    for (size_t i = 0; i < COUNT(given); i++) {
        struct trace trace = {0};
        for (size_t k = 0; k < COUNT(given[i]); k++)
            add_node(&trace, given[i][k], 10, 2, strcmp(given[i][k], "b") == 0 ? 4 : 3);
        assert_true(trace_sort_by_name(&trace));
        size_t *order = trace_order_by_peak(&trace);
        for (size_t k = 0; k < COUNT(expected); k++) {
            assert_string_equal(trace.node[order[k]].name, expected[k]);
            assert_int_equal(trace_find(&trace, expected[k]), order[k]);
        }
        free(order);
        trace_free(&trace);
    }
}

/* Runs that follow each other, and nodes that start later and run as long, do not end early. */
static void only_a_shorter_run_is_an_early_end(void **state)
{
    struct trace trace = {0};
    (void)state;
    for (int i = 0; i < 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "t%d", i);
        add_node(&trace, name, 100 + 30 * i, 2, 1)->start_epoch_s = 1000 + 400 * i;
    }
    trace_finish(&trace);
    for (int i = 0; i < 5; i++)
        assert_false(trace.node[i].ends_early);
    trace_free(&trace);
    add_node(&trace, "a", 100, 2, 1)->start_epoch_s = 1000;
    add_node(&trace, "b", 100, 2, 1)->start_epoch_s = 1000;
    add_node(&trace, "late", 100, 2, 1)->start_epoch_s = 1100;
    add_node(&trace, "later", 60, 2, 1)->start_epoch_s = 1100; /* shorter, but the others have ended */
    add_node(&trace, "early", 80, 2, 1)->start_epoch_s = 1000;
    trace_finish(&trace);
    for (size_t i = 0; i < trace.count; i++)
        assert_true(trace.node[i].ends_early == (strcmp(trace.node[i].name, "early") == 0));
    trace_free(&trace);
}

/* A clock that is a day off does not stretch the axis over a day. */
static void an_impossible_clock_does_not_stretch_the_axis(void **state)
{
    struct trace trace = {0};
    (void)state;
    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        add_node(&trace, name, 100, 2, 1)->start_epoch_s = 1000 + i + (i == 2 ? 86400 : 0);
    }
    trace_finish(&trace);
    assert_true(trace.is_aligned && !trace.clocks_far_apart && trace.start_epoch_s == 1000);
    assert_true(fabs(trace.node[2].clock_error_s - 86401) < 2 && trace.node[2].offset_s == 0);
    assert_true(isnan(trace.node[1].clock_error_s) && trace.node[1].offset_s == 1);
    trace_free(&trace);
}

static void percent_is_of_the_total_of_the_same_kind(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    (void)state;
    struct node *node = add_node(&trace, "a", 10, 2, 1);
    node->swap_total_bytes = 8 * GIB;
    assert_true(node_percent_base(&trace, node) == 32 * GIB);
    trace.quantity = FREELOG_SWAP_USED;
    assert_true(node_percent_base(&trace, node) == 8 * GIB);
    trace_free(&trace);
}

static void a_baseline_with_the_name_of_a_node_is_marked(void **state)
{
    struct trace trace = {0};
    struct runs runs = {.count = 2};
    struct node node;
    (void)state;
    made_node_init(&node, 2, 16, "cn1");
    made_node_append(&node, 0, 1, 2);
    assert_true(trace_add(&trace, &node, NULL));
    runs.run[0].label = strdup("cn1");
    runs.run[1].label = strdup("monday");
    assert_true(runs_settle_names(&runs, &trace));
    assert_string_equal(runs_name(&runs, 0), "cn1 (baseline)");
    assert_string_equal(runs_name(&runs, 1), "monday");
    runs_free(&runs);
    trace_free(&trace);
}

/* Totals within 1 % are one size of node, as firmware reserves a little more on some nodes. */
static void totals_differ_from_one_percent_on(void **state)
{
    static const double factor[] = {1.009, 1.012, 1.4};
    (void)state;
    for (size_t i = 0; i < sizeof factor / sizeof *factor; i++) {
        struct trace trace = {0};
        for (size_t k = 0; k < 2; k++) {
            struct node node;
            made_node_init(&node, 2, 16, "cn%zu", k);
            made_node_append(&node, 0, GIB, k == 0 ? 32 * GIB : factor[i] * 32 * GIB);
            assert_true(trace_add(&trace, &node, NULL));
        }
        assert_int_equal(trace_totals_differ(&trace), factor[i] > 1.01);
        trace_free(&trace);
    }
}

static void names_beyond_16_bytes_are_shortened(void **state)
{
    static const char *const name[2][2] = {{"cluster-node-cn1", "cluster-node-cn2"},
                                           {"cluster-nodes-cn1", "cluster-nodes-cn2"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct trace trace = {0};
        for (size_t k = 0; k < 2; k++) {
            struct node node;
            made_node_init(&node, 2, 16, "%s", name[i][k]);
            made_node_append(&node, 0, GIB, 32 * GIB);
            assert_true(trace_add(&trace, &node, NULL));
        }
        assert_true(trace_shorten_names(&trace));
        assert_string_equal(trace.node[1].name, i == 0 ? "cluster-node-cn2" : "cn2");
        assert_string_equal(trace.cut[0], i == 0 ? "" : "cluster-nodes-");
        trace_free(&trace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_logs_of_a_host_get_different_names),
        cmocka_unit_test(nodes_are_placed_by_the_clock_only_if_all_have_one),
        cmocka_unit_test(runs_of_different_days_start_together),
        cmocka_unit_test(the_trailer_corrects_the_drift_of_free),
        cmocka_unit_test(a_quarter_of_an_hour_before_the_end_of_a_day_is_early),
        cmocka_unit_test(a_node_that_ends_before_the_others_is_found),
        cmocka_unit_test(only_a_shorter_run_is_an_early_end),
        cmocka_unit_test(percent_is_of_the_total_of_the_same_kind),
        cmocka_unit_test(equal_peaks_are_in_the_natural_order_of_names),
        cmocka_unit_test(an_impossible_clock_does_not_stretch_the_axis),
        cmocka_unit_test(a_baseline_with_the_name_of_a_node_is_marked),
        cmocka_unit_test(totals_differ_from_one_percent_on),
        cmocka_unit_test(names_beyond_16_bytes_are_shortened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
