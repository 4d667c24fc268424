/* SPDX-License-Identifier: MIT */
/* Unit tests of events: read from options and files, and placed in the plot's time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "made_node.h"
#include "model/events.h"
#include "unit.h"

static void a_time_may_have_colons(void **state)
{
    struct events events = {0};
    struct error error = {0};
    (void)state;
    assert_true(events_add(&events, "90:solve", &error));
    assert_true(events_add(&events, "1:30:00:solve: again", &error));
    assert_true(events_add(&events, "15m:write", &error));
    assert_true(events.event[0].time_s == 90);
    assert_string_equal(events.event[0].text, "solve");
    assert_true(events.event[1].time_s == 5400);
    assert_string_equal(events.event[1].text, "solve: again");
    assert_true(events.event[2].time_s == 900);
    assert_false(events_add(&events, "solve", &error));
    assert_string_equal(error.text, "--mark takes TIME:TEXT such as 1:30:00:solve, not 'solve'");
    assert_false(events_add(&events, "90:", &error));
    assert_false(events_add(&events, "", &error));
    assert_int_equal(events.count, 3);
    events_free(&events);
}

/* Kills of node A at 10 s and of B, C and A at 100 s, with different wording. */
static void kills_name_their_nodes(void **state)
{
    struct trace trace = {.start_epoch_s = NAN};
    struct events events = {0};
    struct error error = {0};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct node node;
        made_node_init(&node, 2, 64, "%c", 'A' + i);
        made_node_append(&node, 0, 1, 2);
        made_node_append(&node, 2, 1, 2);
        assert_true(i > 0 || node_add_event(&node, 10, TRACE_EVENT_OOM_KILL, "OOM kill"));
        assert_true(i > 0 || node_add_event(&node, 101, TRACE_EVENT_OOM_KILL, "2 OOM kills"));
        assert_true(node_add_event(&node, 100, TRACE_EVENT_OOM_KILL, "OOM kill"));
        assert_true(trace_add(&trace, &node, NULL));
    }
    assert_true(events_place(&events, &trace, &error));
    assert_int_equal(events.count, 2);
    assert_string_equal(events.event[0].text, "OOM kill on A");
    assert_string_equal(events.event[1].text, "OOM kills on 3 nodes");
    assert_true(events.event[1].time_s == 100);
    events_free(&events);
    trace_free(&trace);
}

static void files_and_clock_times_are_placed(void **state)
{
    char path[] = "/tmp/memtrace-marks-XXXXXX";
    struct events events = {0};
    struct error error = {0};
    struct trace trace = {.start_epoch_s = 1732320000};
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fputs("# phases\n\n1732320600 solve\r\n60 mesh\n1732320601 solve\n", file);
    fclose(file);
    assert_true(events_read(&events, path, &error));
    assert_true(events_place(&events, &trace, &error));
    assert_int_equal(events.count, 2); /* the second solve repeats the first */
    assert_true(events.event[0].time_s == 60 && events.event[1].time_s == 600);
    events_free(&events);
    assert_true(events_read(&events, path, &error));
    trace.start_epoch_s = NAN;
    assert_false(events_place(&events, &trace, &error));
    assert_string_equal(error.text, "the event 'solve' has a clock time, but the logs have no start time");
    events_free(&events);
    file = fopen(path, "w");
    fputs("60 good\nnonsense here\n", file);
    fclose(file);
    assert_false(events_read(&events, path, &error));
    assert_string_equal(error.text, "expected an event as TIME TEXT, not 'nonsense here'");
    assert_int_equal(error.line, 2);
    events_free(&events);
    unlink(path);
    assert_false(events_read(&events, path, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_may_have_colons),
        cmocka_unit_test(kills_name_their_nodes),
        cmocka_unit_test(files_and_clock_times_are_placed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
