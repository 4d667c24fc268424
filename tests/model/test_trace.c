/* trace: names, alignment by the clock, drift, early ends, order; and the summary on it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary.h"
#include "model/trace.h"
#include "unit.h"

#define GIB (1024.0 * 1024 * 1024)

/* Adds a node with `count` samples every `interval_s`, values of a ramp up to `peak` GiB of 32. */
static struct node *add_node(struct trace *trace, const char *name, int count, double interval_s, double peak)
{
    struct node node;
    node_init(&node, 64);
    node.name = strdup(name);
    node.source = strdup("x.log");
    node.interval_s = interval_s;
    node.is_indexed = true;
    for (int i = 0; i < count; i++) {
        double time_s = i * interval_s;
        assert_true(series_append(&node.line[TRACE_MAIN], time_s, peak * GIB * (i + 1) / count));
        assert_true(series_append(&node.line[TRACE_MEMORY], time_s, 32 * GIB));
        assert_true(series_append(&node.line[TRACE_TOTAL], time_s, 32 * GIB));
    }
    assert_true(trace_add(trace, &node, NULL));
    assert_null(node.name); /* owned by the trace now */
    return &trace->node[trace->count - 1];
}

static void two_logs_of_a_host_are_told_apart(void **state)
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
}

static void the_trailer_corrects_the_drift_of_free(void **state)
{
    struct trace trace = {0};
    (void)state;
    struct node *node = add_node(&trace, "a", 1001, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 1003.5; /* the true period is some 1.003 s */
    node = add_node(&trace, "b", 11, 1, 1);
    node->start_epoch_s = 0;
    node->end_epoch_s = 10.4; /* nothing to correct */
    trace_finish(&trace);
    double last_s = trace.node[0].line[TRACE_MAIN].stats.last_s;
    assert_true(last_s > 1002 && last_s < 1003.5);
    assert_true(trace.node[1].line[TRACE_MAIN].stats.last_s == 10);
    trace_free(&trace);
}

/* A node that goes first takes the others with it minutes later, after a day; the drift of free alone is no early end.
 */
static void minutes_before_the_end_of_a_day_are_early(void **state)
{
    struct trace trace = {0};
    (void)state;
    add_node(&trace, "a", 86400, 1, 3);
    add_node(&trace, "b", 86400 - 300, 1, 2);
    add_node(&trace, "c", 86400 - 60, 1, 1);
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

static void the_verdict_names_the_node(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    const struct summary_terms terms = {.unit = "GiB", .unit_size = GIB, .limit = NAN, .clock_epoch_s = NAN};
    char text[512];
    (void)state;
    add_node(&trace, "nid001", 100, 2, 24);
    summary_title(text, sizeof text, &trace);
    assert_string_equal(text, "Used memory of nid001");
    trace_finish(&trace);
    summary_line(text, sizeof text, &trace, &terms);
    assert_string_equal(text, "nid001 · 3 min 18 s at 2 s · peak 24 of 32 GiB (75 %) at 3:18");
    struct node *node = add_node(&trace, "nid002", 40, 2, 28);
    assert_true(series_append(&node->line[TRACE_SWAP], 0, 1.1 * GIB));
    trace_finish(&trace);
    summary_title(text, sizeof text, &trace);
    assert_string_equal(text, "Used memory per node");
    summary_line(text, sizeof text, &trace, &terms);
    assert_string_equal(text, "2 nodes · 3 min 18 s at 2 s · nid002 peaked 28 of 32 GiB (88 %) at 1:18 and "
                              "swapped 1.1 GiB · next nid001 24 · nid002 stops at 1:18, 2 min before "
                              "the end");
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_logs_of_a_host_are_told_apart),
        cmocka_unit_test(nodes_are_placed_by_the_clock_only_if_all_have_one),
        cmocka_unit_test(runs_of_different_days_start_together),
        cmocka_unit_test(the_trailer_corrects_the_drift_of_free),
        cmocka_unit_test(minutes_before_the_end_of_a_day_are_early),
        cmocka_unit_test(a_node_that_ends_before_the_others_is_found),
        cmocka_unit_test(the_verdict_names_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
