/* SPDX-License-Identifier: MIT */
/* Unit tests of load and ingest: from the text of a log to the lines of its node. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "all_buckets.h"
#include "load/load.h"
#include "load/settings.h"
#include "unit.h"

#define KIB       1024.0
#define STEP_S    10
#define BEGIN_S   36000 /* 10:00 */
#define LONG_LINE 70000 /* bytes */

static const struct load_settings usual = {
    .samp_s = NAN, .from_s = -INFINITY, .to_s = INFINITY, .column = LOAD_COLUMN_AUTO, .jobs = 1, .keeps_all = true};

static void ignore(void *user, bool is_note, const struct error *error)
{
    (void)user;
    (void)is_note;
    (void)error;
}

/* A log under construction. */
struct log {
    FILE *file;
    char *text;
    size_t size;
    int clock_s;
    bool has_job;
};

static void begin(struct log *log, bool has_job)
{
    *log = (struct log){.clock_s = BEGIN_S, .has_job = has_job};
    log->file = open_memstream(&log->text, &log->size);
    assert_non_null(log->file);
}

/* Writes records of constant values, one per STEP_S: 4 of 40 million KiB used, 2 of 8 of swap; the job has half. */
static void put_records(struct log *log, int count)
{
    for (int i = 0; i < count; i++, log->clock_s += STEP_S) {
        fprintf(log->file, "2026-03-02 %02d:%02d:%02d\n", log->clock_s / 3600, log->clock_s / 60 % 60,
                log->clock_s % 60);
        fprintf(log->file, "               total        used        free      shared  buff/cache   available\n"
                           "Mem:        40000000     4000000    28000000           0     8000000    36000000\n"
                           "Swap:        8000000     2000000     6000000\n");
        if (log->has_job)
            fprintf(log->file, "Job:        20000000     2000000    16000000           0     2000000    18000000\n"
                               "Jobswap:     4000000     1000000     3000000\n");
    }
}

/* Reads the written text into a trace of one node, and frees the text. */
static void end(struct log *log, const struct load_settings *settings, struct trace *trace)
{
    char path[] = "a.log", host[] = "a";
    struct input_file file = {.path = path, .host = host};
    struct error error;
    assert_int_equal(fclose(log->file), 0);
    struct load_log *load = load_log_new(settings, &file, false);
    assert_non_null(load);
    assert_true(load_log_feed(load, log->text, log->size));
    *trace = (struct trace){0};
    assert_true(load_logs_finish(&load, 1, trace, ignore, NULL, &error));
    assert_int_equal(trace->count, 1);
    load_log_free(load);
    free(log->text);
}

/* Returns the number of gaps in a line, and sets `*gap_s` to the length of the last one. */
static size_t count_gaps(const struct trace *trace, enum trace_line line, double *gap_s)
{
    struct series_bucket flat;
    size_t count, gaps = 0;
    const struct series_bucket *bucket = all_buckets(&trace->node[0].line[line], &count, &flat);
    for (size_t i = 1; i < count; i++) {
        if (bucket[i].gap_before == 0)
            continue;
        *gap_s = bucket[i].first_s - bucket[i - 1].first_s - (double)bucket[i - 1].last_offset_s;
        gaps++;
    }
    return gaps;
}

/* Asserts that each of `count` lines has one gap of `wanted_s`. */
static void assert_one_gap(const struct trace *trace, const enum trace_line *line, size_t count, double wanted_s)
{
    for (size_t i = 0; i < count; i++) {
        double gap_s = 0;
        assert_int_equal(count_gaps(trace, line[i], &gap_s), 1);
        assert_true(fabs(gap_s - wanted_s) < 1e-3);
    }
}

/* Clocks with whole seconds are off by up to one second: 26 s may be 2.5 times 10 s. */
static void lines_are_broken_where_samples_are_missing(void **state)
{
    static const enum trace_line lines[] = {TRACE_MAIN, TRACE_SWAP, TRACE_WITH_CACHE};
    (void)state;
    for (int has_job = 0; has_job <= 1; has_job++) {
        struct log log;
        struct trace trace;
        begin(&log, has_job != 0);
        put_records(&log, 20);
        log.clock_s += 26 - STEP_S;
        put_records(&log, 20);
        log.clock_s += 27 - STEP_S;
        put_records(&log, 20);
        end(&log, &usual, &trace);
        assert_int_equal(trace.quantity, has_job != 0 ? FREELOG_JOB_USED : FREELOG_USED);
        assert_one_gap(&trace, lines, COUNT(lines) - (has_job == 0), 27);
        trace_free(&trace);
    }
}

/* A new run begins a gap even if its samples are close to those before. */
static void no_line_connects_two_runs(void **state)
{
    static const enum trace_line lines[] = {TRACE_MAIN, TRACE_SWAP, TRACE_AVAILABLE, TRACE_WITH_CACHE};
    (void)state;
    for (int has_job = 0; has_job <= 1; has_job++) {
        struct log log;
        struct trace trace;
        begin(&log, has_job != 0);
        put_records(&log, 20);
        log.clock_s = BEGIN_S - 5000;
        put_records(&log, 20);
        end(&log, &usual, &trace);
        assert_one_gap(&trace, lines, COUNT(lines) - (has_job == 0), STEP_S);
        trace_free(&trace);
    }
}

static void each_line_has_its_own_column(void **state)
{
    (void)state;
    for (int has_job = 0; has_job <= 1; has_job++) {
        struct log log;
        struct trace trace;
        const double share = has_job != 0 ? 0.5 : 1;
        begin(&log, has_job != 0);
        put_records(&log, 3);
        end(&log, &usual, &trace);
        const struct series *line = trace.node[0].line;
        assert_true(line[TRACE_MAIN].stats.max == share * 4e6 * KIB);
        assert_true(line[TRACE_TOTAL].stats.max == share * 4e7 * KIB);
        assert_true(line[TRACE_SWAP].stats.max == share * 2e6 * KIB);
        assert_true(line[TRACE_SWAP_TOTAL].stats.max == share * 8e6 * KIB);
        assert_true(line[TRACE_AVAILABLE].stats.max == share * 3.6e7 * KIB);
        assert_true(trace.node[0].swap_total_bytes == share * 8e6 * KIB);
        trace_free(&trace);
    }
}

static void percentages_are_of_the_total_that_values_are_parts_of(void **state)
{
    static const struct {
        enum freelog_column column;
        double percent;
    } rows[] = {{FREELOG_USED, 10},           {FREELOG_AVAILABLE, 90}, {FREELOG_SWAP_USED, 25},
                {FREELOG_SWAP_FREE, 75},      {FREELOG_JOB_USED, 10},  {FREELOG_JOB_SWAP_USED, 25},
                {FREELOG_TOTAL_AVAILABLE, 10}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct load_settings settings = usual;
        struct log log;
        struct trace trace;
        settings.column = rows[i].column;
        settings.percent = true;
        begin(&log, true);
        put_records(&log, 3);
        end(&log, &settings, &trace);
        if (fabs(trace.node[0].line[TRACE_MAIN].stats.max - rows[i].percent) > 1e-9)
            fail_msg("%s is %g %%", freelog_column_name(rows[i].column), trace.node[0].line[TRACE_MAIN].stats.max);
        trace_free(&trace);
    }
}

static void an_overlong_line_is_noted(void **state)
{
    struct log log;
    struct trace trace;
    (void)state;
    begin(&log, false);
    put_records(&log, 3);
    fprintf(log.file, "%0*d\n", LONG_LINE, 0);
    put_records(&log, 3);
    end(&log, &usual, &trace);
    assert_int_equal(trace.log[0].note[FREELOG_NOTE_LONG_LINE].count, 1);
    assert_int_equal(trace.node[0].line[TRACE_MAIN].stats.count, 6);
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_broken_where_samples_are_missing),
        cmocka_unit_test(no_line_connects_two_runs),
        cmocka_unit_test(each_line_has_its_own_column),
        cmocka_unit_test(percentages_are_of_the_total_that_values_are_parts_of),
        cmocka_unit_test(an_overlong_line_is_noted),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
