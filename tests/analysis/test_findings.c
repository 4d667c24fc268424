/* SPDX-License-Identifier: MIT */
/* Unit tests of findings, growth, advice and summary: what is found in a trace, and how it is phrased. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/advice.h"
#include "analysis/culprit.h"
#include "analysis/findings.h"
#include "analysis/growth.h"
#include "analysis/summary.h"
#include "made_node.h"

#define GIB 1073741824.0

static const struct findings_terms no_limit = {NAN, NAN};

/* Adds a node with `count` samples at 60 s intervals, all equal to `used` except the middle one, which is `peak`. */
static struct node *add_node(struct trace *trace, const char *name, int count, double used, double peak)
{
    struct node node;
    made_node_init(&node, 60, 1024, "%s", name);
    for (int i = 0; i < count; i++) {
        double value = i == count / 2 ? peak : used;
        made_node_append(&node, 60 * i, value * GIB, 32 * GIB);
    }
    assert_true(trace_add(trace, &node, NULL));
    return &trace->node[trace->count - 1];
}

static const struct finding *only(const struct findings *findings, enum finding_kind kind)
{
    assert_int_equal(findings->count, 1);
    assert_int_equal(findings->list[0].kind, kind);
    return &findings->list[0];
}

static void find(struct findings *findings, struct trace *trace, const struct findings_terms *terms)
{
    trace_finish(trace);
    assert_true(findings_find(findings, trace, terms));
}

static void nothing_is_found_in_a_quiet_job(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    add_node(&trace, "a", 100, 10, 20);
    add_node(&trace, "b", 100, 10, 19);
    find(&findings, &trace, &no_limit);
    assert_int_equal(findings.count, 0);
    assert_false(findings.advice.is_known);
    findings_free(&findings);
    trace_free(&trace);
}

/* A node with much memory must not hide a full small one. */
static void a_node_is_judged_by_its_own_total(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    struct node *fat = add_node(&trace, "fat", 100, 31, 31);
    fat->line[TRACE_TOTAL].stats.max = fat->line[TRACE_MEMORY].stats.max = 512 * GIB;
    add_node(&trace, "small", 100, 10, 30);
    find(&findings, &trace, &no_limit);
    const struct finding *finding = only(&findings, FINDING_NEAR_LIMIT);
    assert_true(finding->count == 1 && finding->node[0] == 1 && finding->at_s == 3000);
    findings_free(&findings);
    trace_free(&trace);
}

/* The job's limit only counts if the job owns the node; --limit always counts. */
static void a_limit_is_compared_with_the_same_quantity(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    add_node(&trace, "a", 100, 5, 6)->job_limit_bytes = 4 * GIB;
    find(&findings, &trace, &no_limit);
    assert_int_equal(findings.count, 0);
    findings_free(&findings);
    const struct findings_terms limit = {5.5 * GIB, NAN};
    find(&findings, &trace, &limit);
    assert_true(only(&findings, FINDING_ABOVE_LIMIT)->at_s == 3000);
    findings_free(&findings);
    trace.node[0].job_limit_bytes = 0.95 * 32 * GIB; /* the job owns the node */
    assert_true(findings_limit(&trace, &trace.node[0], &no_limit) == 0.95 * 32 * GIB);
    trace.quantity = FREELOG_AVAILABLE; /* this quantity is not limited */
    assert_true(isnan(findings_limit(&trace, &trace.node[0], &no_limit)));
    trace_free(&trace);
}

static void every_kind_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        assert_non_null(finding_name((enum finding_kind)kind));
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(finding_name((enum finding_kind)kind), finding_name((enum finding_kind)other));
    }
}

static void add_swap(struct node *node, double first, double last)
{
    for (int i = 0; i < 100; i++)
        assert_true(series_append(&node->line[TRACE_SWAP], 60 * i, (i < 40 ? first : last) * GIB));
}

static void only_growing_swap_is_reported(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    add_swap(add_node(&trace, "old", 100, 10, 12), 3, 3);
    add_swap(add_node(&trace, "little", 100, 10, 12), 3, 3.3);
    find(&findings, &trace, &no_limit);
    assert_int_equal(findings.count, 0);
    findings_free(&findings);
    add_swap(add_node(&trace, "new", 100, 10, 12), 3, 3.5);
    find(&findings, &trace, &no_limit);
    const struct finding *finding = only(&findings, FINDING_SWAPPED);
    assert_true(finding->node[0] == 2 && finding->value == 0.5 * GIB && finding->at_s == 2400);
    findings_free(&findings);
    trace_free(&trace);
}

static void kills_belong_to_the_nodes_that_they_name(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    assert_true(
        node_add_event(add_node(&trace, "a", 100, 10, 12), 600, TRACE_EVENT_OOM_KILL, "out of memory task 2 on b"));
    add_node(&trace, "b", 100, 10, 12);
    assert_true(node_add_event(add_node(&trace, "c", 100, 10, 12), 600, TRACE_EVENT_MARK, "cancelled: TIME LIMIT"));
    find(&findings, &trace, &no_limit);
    const struct finding *finding = only(&findings, FINDING_KILLED);
    assert_true(finding->count == 1 && finding->node[0] == 1 && finding->at_s == 600 && finding->duration_s == 0);
    assert_true(findings.advice.is_lower_bound && findings.advice.node == 1);
    findings_free(&findings);
    /* The job's counter and a later message about the same kill are one kill. */
    assert_true(node_add_event(&trace.node[1], 590, TRACE_EVENT_OOM_KILL, "OOM kill"));
    find(&findings, &trace, &no_limit);
    finding = only(&findings, FINDING_KILLED);
    assert_true(finding->at_s == 590 && finding->kill_count == 1 && finding->duration_s == 0);
    findings_free(&findings);
    trace.node[1].event_count = 0;
    /* The last kill on it is in its own log, a kill of another process on an unknown node is later. */
    assert_true(node_add_event(&trace.node[1], 600, TRACE_EVENT_OOM_KILL, "OOM kill"));
    assert_true(node_add_event(&trace.node[1], 660, TRACE_EVENT_OOM_KILL, "OOM kill"));
    assert_true(node_add_event(&trace.node[2], 700, TRACE_EVENT_OOM_KILL, "out of memory StepId=7.0 on ?"));
    find(&findings, &trace, &no_limit);
    finding = only(&findings, FINDING_KILLED);
    assert_true(finding->count == 1 && finding->node[0] == 1 && finding->at_s == 600 && finding->duration_s == 60);
    assert_int_equal(finding->kill_count, 2); /* one of the three was reported and counted */
    findings_free(&findings);
    trace.node[1].event_count = trace.node[2].event_count = 0;
    /* It is unknown which process was killed. */
    snprintf(trace.node[0].event[0].text, sizeof trace.node[0].event[0].text, "out of memory StepId=7.0 on ?");
    find(&findings, &trace, &no_limit);
    finding = only(&findings, FINDING_KILLED);
    assert_true(finding->count == 1 && finding->node_count == 0 && !findings.advice.is_known);
    findings_free(&findings);
    trace_free(&trace);
}

static void named_are_the_nodes_of_the_findings_then_the_highest(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    char name[8], words[256];
    (void)state;
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "n%d", i);
        add_node(&trace, name, i == 4 ? 60 : 100, 10, 12 + i / 10.0);
    }
    add_swap(&trace.node[7], 0, 5);
    find(&findings, &trace, &no_limit);
    notable_words(words, sizeof words, &trace, &findings);
    assert_string_equal(words, "named: n4 (ends early), n7 (swapped), n29, n28, n27 (highest)");
    assert_true(findings.row[0] == 4 && findings.row[1] == 7 && findings.row[2] == 29 && findings.row[29] == 0);
    assert_true(findings.order[0] == 29 && findings.order[29] == 0);
    findings_free(&findings);
    trace_free(&trace);
}

/* The median of an even number of peaks is the mean of the two in the middle. */
static void the_highest_is_compared_with_the_median(void **state)
{
    static const double peaks[] = {9, 4, 6, 5, 20};
    (void)state;
    for (size_t count = 4; count <= 5; count++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct findings findings;
        for (size_t i = 5 - count; i < 5; i++)
            add_node(&trace, (const char[]){(char)('a' + i), '\0'}, 100, 4, peaks[i]);
        find(&findings, &trace, &no_limit);
        const struct finding *uneven = findings_of(&findings, FINDING_UNEVEN);
        assert_non_null(uneven);
        assert_true(uneven->value == 20 * GIB && uneven->level == (count == 4 ? 5.5 : 6) * GIB);
        findings_free(&findings);
        trace_free(&trace);
    }
}

/* ---- thresholds ---- */

/* Finds and counts the findings of a kind, and sets `*found` to the first one. Frees the trace. */
static size_t count_kind(struct trace *trace, enum finding_kind kind, struct finding *found)
{
    struct findings findings;
    size_t count = 0;
    find(&findings, trace, &no_limit);
    for (size_t i = findings.count; i-- > 0;)
        if (findings.list[i].kind == kind) {
            count += findings.list[i].count;
            *found = findings.list[i];
        }
    findings_free(&findings);
    trace_free(trace);
    return count;
}

static void nodes_are_idle_below_a_tenth_of_a_busy_median(void **state)
{
    static const struct {
        double usual, lowest; /* peaks in GiB; a node has 32 GiB */
        size_t count;
    } rows[] = {{10, 0.9, 1}, {10, 1.1, 0}, {10, 4.5, 0}, {1.7, 0.1, 1}, {1.5, 0.1, 0}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        for (int k = 0; k < 3; k++)
            add_node(&trace, (const char[]){(char)('a' + k), '\0'}, 100, rows[i].lowest,
                     k < 2 ? rows[i].usual : rows[i].lowest);
        assert_int_equal(count_kind(&trace, FINDING_IDLE, &found), rows[i].count);
        assert_true(rows[i].count == 0 || (found.node[0] == 2 && found.level == rows[i].usual * GIB));
    }
}

static void nodes_are_uneven_from_five_quarters_of_the_median_on(void **state)
{
    static const double peaks[] = {12.4, 12.5, 19};
    (void)state;
    for (size_t i = 0; i < COUNT(peaks); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        add_node(&trace, "a", 100, 5, 10);
        add_node(&trace, "b", 100, 5, 10);
        add_node(&trace, "c", 100, 5, peaks[i]);
        assert_int_equal(count_kind(&trace, FINDING_UNEVEN, &found), peaks[i] >= 12.5);
    }
}

/* Adds a node with samples at 60 s intervals, in two groups of `samples / 2` with a gap between them. */
static void add_gap(struct trace *trace, int samples, double gap_intervals)
{
    struct node node;
    made_node_init(&node, 60, 1024, "n%zu", trace->count);
    for (int i = 0; i < samples; i++)
        made_node_append(&node, 60 * (i + (2 * i >= samples ? gap_intervals - 1 : 0)), (10 + i % 2) * GIB, 32 * GIB);
    assert_true(trace_add(trace, &node, NULL));
}

static void gaps_are_longer_than_samples_and_a_twentieth_of_the_run(void **state)
{
    static const struct {
        int samples;
        double intervals;
        size_t count;
    } rows[] = {{100, 4, 0}, {100, 7, 1}, {20, 2.4, 0}, {20, 2.6, 1}, {20, 24, 1}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        add_gap(&trace, rows[i].samples, rows[i].intervals);
        assert_int_equal(count_kind(&trace, FINDING_GAP, &found), rows[i].count);
        assert_true(rows[i].count == 0 || (found.at_s == 60 * (rows[i].samples / 2 - 1) &&
                                           fabs(found.duration_s - 60 * rows[i].intervals) < 1e-3));
    }
    /* A twentieth of the node's own run, regardless of the length of the others. */
    struct trace trace = {.quantity = FREELOG_USED};
    struct finding found;
    add_gap(&trace, 20, 2.6);
    add_node(&trace, "long", 1000, 10, 12);
    assert_int_equal(count_kind(&trace, FINDING_GAP, &found), 1);
}

/* Gaps wherever they are: the longest is reported, the first of those that are equally long. */
static void of_several_gaps_the_longest_is_reported(void **state)
{
    static const struct {
        int after[4], intervals[4], expected;
    } rows[] = {{{3, 500, 997, 998}, {90, 70, 89, 80}, 0},
                {{0, 1, 2, 998}, {60, 70, 80, 90}, 3},
                {{31, 32, 33, 34}, {70, 90, 90, 80}, 1},
                {{63, 500, 501, 900}, {70, 80, 90, 90}, 2}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        struct node node;
        double at_s = 0, expected_s = NAN;
        made_node_init(&node, 60, 1024, "a");
        for (int sample = 0, gap = 0; sample < 1000; sample++, at_s += 60) {
            made_node_append(&node, at_s, (10 + sample % 3) * GIB, 32 * GIB);
            if (gap == 4 || sample != rows[i].after[gap])
                continue;
            expected_s = gap == rows[i].expected ? at_s : expected_s;
            at_s += 60 * (rows[i].intervals[gap++] - 1);
        }
        assert_true(trace_add(&trace, &node, NULL));
        assert_int_equal(count_kind(&trace, FINDING_GAP, &found), 1);
        assert_true(found.at_s == expected_s);
        assert_true(found.duration_s == 60 * rows[i].intervals[rows[i].expected]);
    }
}

/* Swap must rise by 1 % of memory (0.32 GiB) to be reported; swapping begins at a tenth of that rise. */
static void swapping_begins_when_swap_leaves_its_level(void **state)
{
    static const double swap[] = {3, 3.02, 3.1, 3.5, 3.5};
    struct trace trace = {.quantity = FREELOG_USED};
    struct finding found;
    (void)state;
    struct node *node = add_node(&trace, "a", 100, 10, 12);
    for (int i = 0; i < 100; i++)
        assert_true(series_append(&node->line[TRACE_SWAP], 60 * i, swap[i / 20] * GIB));
    assert_int_equal(count_kind(&trace, FINDING_SWAPPED, &found), 1);
    assert_true(found.at_s == 40 * 60);
}

/* They are in the page's table. */
static void each_node_has_the_rate_of_its_growth(void **state)
{
    static const double slope[] = {0.05, 0, 0.1};
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    for (int k = 0; k < 3; k++) {
        struct node node;
        made_node_init(&node, 60, 1024, "n%d", k);
        for (int sample = 0; sample < 200; sample++)
            made_node_append(&node, 60 * sample, (2 + slope[k] * sample) * GIB, 32 * GIB);
        assert_true(trace_add(&trace, &node, NULL));
    }
    find(&findings, &trace, &no_limit);
    const struct finding *growing = findings_of(&findings, FINDING_GROWING);
    assert_true(growing != NULL && growing->node[0] == 2 && growing->rate_per_s == findings.growth_per_s[2]);
    assert_true(findings.growth_per_s[0] > 0 && findings.growth_per_s[0] < findings.growth_per_s[2]);
    assert_true(isnan(findings.growth_per_s[1]));
    findings_free(&findings);
    trace_free(&trace);
}

static void rates_within_a_tenth_are_the_same(void **state)
{
    static const double rates[] = {0.95, 0.85, 0.5};
    (void)state;
    for (size_t i = 0; i < COUNT(rates); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        for (int k = 0; k < 2; k++) {
            struct node node;
            made_node_init(&node, 60, 1024, "n%d", k);
            for (int sample = 0; sample < 200; sample++)
                made_node_append(&node, 60 * sample, (2 + 0.1 * sample * (k == 0 ? 1 : rates[i])) * GIB, 32 * GIB);
            assert_true(trace_add(&trace, &node, NULL));
        }
        assert_int_equal(count_kind(&trace, FINDING_GROWING, &found), 2);
        assert_int_equal(found.is_same, rates[i] > 0.9);
    }
}

/* Sums of random changes, three minima of which rise by chance. */
static void wandering_is_not_growth(void **state)
{
    static const short value[] = {288, 306, 285, 291, 306, 342, 355, 353, 305, 279, 277, 278, 238, 250,
                                  235, 197, 220, 226, 244, 294, 266, 335, 350, 357, 332, 237, 248, 247,
                                  241, 222, 207, 200, 318, 301, 289, 299, 295, 338, 272, 286, 303, 326,
                                  331, 328, 308, 317, 324, 324, 390, 338, 323, 345, 333, 375, 399};
    struct trace trace = {.quantity = FREELOG_USED};
    struct finding found;
    struct node node;
    (void)state;
    made_node_init(&node, 60, 1024, "n%d", 0);
    for (size_t i = 0; i < COUNT(value); i++)
        made_node_append(&node, 60 * (double)i, 0.032 * value[i] * GIB, 32 * GIB);
    assert_true(trace_add(&trace, &node, NULL));
    assert_int_equal(count_kind(&trace, FINDING_GROWING, &found), 0);
}

/* Growth before a kill counts if it is at least a twentieth of the peak and goes on nearly until the kill. */
static void a_kill_after_growth_has_its_rate(void **state)
{
    static const struct {
        double risen;
        int at;
        bool is_growth;
    } rows[] = {{0.4, 96, false}, {0.7, 96, true}, {0.7, 90, false}, {0.7, 80, false}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        struct node *node = add_node(&trace, "a", 101, 10, 10);
        series_free(&node->line[TRACE_MAIN]);
        series_init(&node->line[TRACE_MAIN], 1024);
        for (int sample = 0; sample <= 100; sample++)
            assert_true(series_append(&node->line[TRACE_MAIN], 60 * sample,
                                      (10 + (sample < rows[i].at ? 0.01 * (sample % 2) : rows[i].risen)) * GIB));
        assert_true(node_add_event(node, 6000, TRACE_EVENT_OOM_KILL, "out of memory"));
        assert_int_equal(count_kind(&trace, FINDING_KILLED, &found), 1);
        assert_true(isfinite(found.rate_per_s) == rows[i].is_growth);
    }
}

/* A level before the growth does not make it slower, however long it lasts. */
static void the_rate_before_a_kill_is_that_of_the_rise(void **state)
{
    static const int levels[] = {0, 40, 80, 90, 95};
    const double slope = 0.2 * GIB / 60;
    (void)state;
    for (size_t i = 0; i < COUNT(levels); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct finding found;
        struct node *node = add_node(&trace, "a", 101, 10, 10);
        series_free(&node->line[TRACE_MAIN]);
        series_init(&node->line[TRACE_MAIN], 1024);
        for (int sample = 0; sample <= 100; sample++) {
            double jitter = 0.01 * (sample % 3) * GIB,
                   gained = 60 * slope * (sample > levels[i] ? sample - levels[i] : 0);
            assert_true(series_append(&node->line[TRACE_MAIN], 60 * sample, 4 * GIB + jitter + gained));
        }
        assert_true(node_add_event(node, 6000, TRACE_EVENT_OOM_KILL, "out of memory"));
        assert_int_equal(count_kind(&trace, FINDING_KILLED, &found), 1);
        if (!(fabs(found.rate_per_s / slope - 1) < 0.1))
            fail_msg("after a level of %d samples the rate is %g times that of the rise", levels[i],
                     found.rate_per_s / slope);
    }
}

static void a_request_is_oversized_when_less_than_half_was_used(void **state)
{
    static const double peaks[] = {15.9, 16.1, 28};
    (void)state;
    for (size_t i = 0; i < COUNT(peaks); i++) {
        struct trace trace = {.quantity = FREELOG_JOB_USED};
        struct finding found;
        struct node *node = add_node(&trace, "a", 100, 10, peaks[i]);
        assert_true(series_append(&node->line[TRACE_JOB], 0, peaks[i] * GIB));
        node->job_limit_bytes = 32 * GIB;
        node->start_epoch_s = 1000;
        node->end_epoch_s = 1000 + 100 * 60;
        assert_int_equal(count_kind(&trace, FINDING_OVERSIZED, &found), peaks[i] < 16);
    }
}

/* A program is only said to use most of the memory if it uses at least half. */
static void the_program_with_most_memory_has_half_of_it(void **state)
{
    static const double sizes[] = {4.9, 5.1, 9.6};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct trace trace = {.quantity = FREELOG_USED};
        struct culprit culprit;
        struct node *node = add_node(&trace, "a", 100, 2, 12);
        node->top =
            (struct trace_top){.count = 2, .process = {{"slurmstepd", 11 * GIB, 1}, {"a.out", sizes[i] * GIB, 2}}};
        trace_finish(&trace);
        assert_true(culprit_find(&trace, &culprit));
        assert_string_equal(culprit.command, "a.out");
        assert_int_equal(culprit.is_most, sizes[i] > 5);
        trace_free(&trace);
    }
}

/* ---- growth ---- */

typedef double shape(double share);

static double leak(double share)
{
    return 10 + 60 * share;
}

static double leak_of_the_second_half(double share)
{
    return 10 + 60 * fmax(share - 0.45, 0);
}

static double leak_with_teeth(double share)
{
    return 10 + 30 * share + 40 * fmod(share * 12, 1);
}

static double leak_with_days(double share)
{
    return 10 + 40 * share + 20 * (1 + sin(share * 2 * 3.14159 * 3.5));
}

static double leak_with_release(double share)
{
    return share > 0.95 ? 2 : 10 + 60 * share;
}

static double leak_with_noise(double share)
{
    return 30 + 30 * share + 5 * sin(share * 54321) * cos(share * 777);
}

static double leak_with_spikes(double share)
{
    return 10 + 20 * share + (fmod(share * 7, 1) < 0.02 ? 60 : 0);
}

static double teeth(double share)
{
    return 40 + 40 * fmod(share * 4.3, 1);
}

static double days(double share)
{
    return 10 + 30 * (1 + sin(share * 2 * 3.14159 * 2.7));
}

static double step(double share)
{
    return share < 0.8 ? 20 : 70;
}

static double stairs_that_stop(double share)
{
    return 20 + 10 * floor(fmin(share, 0.84) * 6);
}

static double noise(double share)
{
    return 50 + 10 * sin(share * 12345) * cos(share * 777);
}

static double start(double share)
{
    return 70 / (1 + exp(-(share - 0.2) * 30));
}

static double late_ramp(double share)
{
    return share < 0.65 ? 10 : 10 + 150 * (share - 0.65);
}

static double slow(double share)
{
    return 50 + 7 * share;
}

static bool grows(shape *value, int samples, struct growth *growth)
{
    struct series series;
    series_init(&series, 1024);
    for (int i = 0; i < samples; i++)
        assert_true(series_append(&series, i * 7200.0 / samples, value(i / (double)samples)));
    bool found = growth_find(&series, 100, false, growth);
    series_free(&series);
    return found;
}

static void a_leak_is_distinguished_from_everything_else(void **state)
{
    static shape *const leaks[] = {leak,
                                   leak_of_the_second_half,
                                   leak_with_teeth,
                                   leak_with_days,
                                   leak_with_noise,
                                   leak_with_release,
                                   leak_with_spikes};
    static shape *const others[] = {teeth, days, step, stairs_that_stop, noise, start, late_ramp, slow};
    struct growth growth;
    (void)state;
    assert_true(grows(leak, 2000, &growth));
    assert_true(fabs(growth.rate_per_s * 7200 - 60) < 2);
    assert_true(grows(leak, 30, &growth));
    assert_false(grows(leak, 29, &growth));
    for (size_t i = 0; i < sizeof leaks / sizeof leaks[0]; i++)
        for (int samples = 200; samples <= 20000; samples *= 10)
            if (!grows(leaks[i], samples, &growth))
                fail_msg("leak %zu of %d samples is not found", i, samples);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        for (int samples = 200; samples <= 20000; samples *= 10)
            if (grows(others[i], samples, &growth))
                fail_msg("shape %zu of %d samples is no leak", i, samples);
}

/* Percentages of the total in logs of which a person sees at once whether they are of a leak. */
static void few_noisy_samples_are_judged_as_a_person_would(void **state)
{
    static const struct {
        const char *words;
        bool grows;
        double target, value[140]; /* 0 after the last */
    } cases[] = {
        {"teeth and a release, with few samples of each tooth",
         true,
         100,
         {9.1,  12.7, 21.8, 24.1, 31.1, 36.4, 17.2, 22.3, 28.2, 32.6, 38,   43.8, 49.8, 30.9, 35.4,
          41.6, 45.4, 54.2, 56.8, 39.3, 45.1, 47.2, 55.4, 57.8, 63.6, 49.1, 53.8, 4.1,  4.2,  4.3}},
        {"waves, the last of which does not reach its minimum",
         true,
         100,
         {17.2, 13.7, 15.3, 22.9, 29.3, 30,   25.3, 18.9, 18.5, 24.1, 31.5, 35,   31.8, 25.8, 22.3,
          25.6, 33.2, 39,   38.7, 33.1, 27.9, 28.3, 34.6, 41.6, 44.1, 40.5, 33.7, 31.5, 2.1,  2.2}},
        {"teeth after a start that levels off",
         false,
         8.49,
         {3.6,  9.5,  14.3, 18.3, 21.6, 24.3, 26.6, 28.6, 30.3, 31.9, 26,   27.1, 28.2, 29.1, 30.1, 31,   31.9,
          32.7, 33.6, 34.4, 27.6, 28.4, 29.1, 29.9, 30.7, 31.5, 32.3, 33.1, 33.9, 34.6, 27.8, 28.5, 29.3, 30.1,
          30.9, 31.7, 32.4, 33.2, 34,   34.8, 27.9, 28.7, 29.4, 30.2, 31,   31.8, 32.6, 33.3, 34.1}},
        {"waves with a gap, the minimum after which is unknown",
         false,
         100,
         {4.9,  22.4, 36.7, 44,   43.2, 37.2, 27.6, 25.5, 32.1, 45.8, 63.1, 79.8, 91.6, 95.6, 90.9, 78.5,
          61.6, 44.4, 31.2, 25.3, 28.2, 39.1, 55.3, 72.8, 87.2, 94.9, 94,   NAN,  NAN,  NAN,  NAN,  NAN,
          NAN,  NAN,  47.8, 65.3, 81.5, 92.5, 95.5, 89.7, 76.6, 59.4, 42.5, 30.1, 5.3,  5.3,  5.6}},
        {"steps that stop, with noise", false, 100, {7.7,  8.2,  8.3,  8,    14.9, 14.1, 15.5, 14.5, 20.8, 20.7,
                                                     20.6, 20.5, 27,   27,   27.2, 33.2, 32.8, 33.7, 33.3, 40,
                                                     39.4, 39,   39.2, 40.6, 39.5, 40,   39.5, 2.6,  2.6,  2.6}},
        {"noise at the start, then growth and a release",
         true,
         100,
         {1.6,  2.2,  1.6,  3.3,  10.7, 5,    7.2,  7.6,  8.6,  4.4,  7.1,  5.4,  9.9,  13.5, 4.6,  1.6,  1.6,
          8.8,  16.9, 6.1,  5.5,  7.3,  1.6,  7.5,  5.9,  9.3,  7.8,  13.1, 5,    1.6,  4.1,  8.8,  1.6,  1.6,
          4.9,  1.6,  7.6,  15.5, 4.3,  3.9,  19.7, 5.2,  12.9, 8.6,  4.9,  7.6,  16.5, 20.9, 16.4, 18.9, 16.3,
          11.8, 15.6, 10.6, 23.1, 15.4, 19.2, 26.8, 15,   13.3, 23.4, 19.9, 22.1, 17.1, 18,   22.4, 19.2, 22.9,
          21.6, 30.5, 23.1, 20,   31.5, 17.6, 22.9, 33.2, 24.7, 30.6, 29.3, 20.4, 25.6, 26.9, 33,   21.8, 36.9,
          26.2, 32.2, 35.9, 37.2, 27.1, 31.5, 41.1, 29.9, 33.6, 36.8, 33.3, 35.3, 38.3, 33.8, 40.9, 42.3, 42.4,
          48.2, 34,   45,   39.3, 48,   37.1, 44,   44.5, 43.2, 51,   46.3, 48.3, 49.6, 56.4, 41.4, 38.1, 42,
          45.3, 51.3, 53.8, 48.9, 41.1, 46.3, 50.2, 49.4, 52.3, 58.8, 2.5,  2.7}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct series series;
        struct growth growth;
        series_init(&series, 1024);
        for (int k = 0; cases[i].value[k] != 0; k++)
            if (isfinite(cases[i].value[k]))
                assert_true(series_append(&series, 10 * k, cases[i].value[k]));
        if (growth_find(&series, cases[i].target, false, &growth) != cases[i].grows)
            fail_msg("%s: wrong", cases[i].words);
        series_free(&series);
    }
}

static void falling_memory_is_judged_as_its_mirror_image(void **state)
{
    struct series series;
    struct growth growth;
    (void)state;
    series_init(&series, 1024);
    for (int i = 0; i < 500; i++)
        assert_true(series_append(&series, i, 90 - 0.1 * i));
    assert_true(growth_find(&series, 100, true, &growth));
    assert_true(fabs(growth.rate_per_s - 0.1) < 1e-3 && fabs(growth.last - 40.1) < 1);
    assert_false(growth_find(&series, 100, false, &growth));
    series_free(&series);
}

/* Fills a series with a shape of many values, or of few if `step` is high, so that it has long buckets of one value. */
static void fill_shape(struct series *series, shape *of, double sign, int samples, int step)
{
    series_init(series, (size_t)samples); /* at least two samples per bucket */
    for (int i = 0; i < samples; i++)
        assert_true(series_append(series, 7.3 * i, sign * of((double)(i - i % step) / samples)));
}

/* Buckets of a finished log are packed; what grows must not depend on it. */
static void packed_series_are_judged_in_the_same_way(void **state)
{
    static shape *const shapes[] = {leak, leak_with_teeth, leak_with_days, leak_with_release, leak_with_spikes, teeth};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(shapes); i++) {
        for (int is_falling = 0; is_falling < 2; is_falling++) {
            struct series series;
            struct growth growth = {0}, packed = {0};
            fill_shape(&series, shapes[i / 2], is_falling ? -1 : 1, 700, i % 2 == 0 ? 1 : 50);
            bool grows = growth_find(&series, 100, is_falling != 0, &growth);
            series_pack(&series);
            assert_non_null(series.packed);
            assert_true(growth_find(&series, 100, is_falling != 0, &packed) == grows);
            assert_memory_equal(&growth, &packed, sizeof growth);
            assert_true(grows || i % 2 == 1 || shapes[i / 2] == teeth);
            series_free(&series);
        }
    }
}

/* ---- advice ---- */

static void requests_are_values_that_people_type(void **state)
{
    static const double expected[][2] = {{0.01, 50},         {0.3, 350},          {0.97, 1000},       {0.999, 1024},
                                         {1.001, 1100},      {1.96, 2048},        {2.01, 3 * 1024},   {4.37, 5 * 1024},
                                         {19.5, 20 * 1024},  {20.5, 25 * 1024},   {97, 100 * 1024},   {101, 110 * 1024},
                                         {995, 1000 * 1024}, {1010, 1050 * 1024}, {4000, 4000 * 1024}};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_true(advice_round_up(expected[i][0] * GIB) == expected[i][1] * 1048576);
}

static void advice_needs_the_whole_run_of_the_whole_node(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    (void)state;
    struct node *node = add_node(&trace, "a", 100, 10, 12);
    node->start_epoch_s = 1000;
    node->end_epoch_s = 1000 + 100 * 60;
    find(&findings, &trace, &no_limit);
    assert_true(findings.advice.is_known && findings.advice.mem_bytes == 14 * GIB && !findings.advice.is_lower_bound);
    findings_free(&findings);
    node->job_limit_bytes = 16 * GIB; /* others may use the node, too */
    find(&findings, &trace, &no_limit);
    assert_false(findings.advice.is_known);
    findings_free(&findings);
    node->job_limit_bytes = NAN;
    trace.is_cut = true;
    find(&findings, &trace, &no_limit);
    assert_false(findings.advice.is_known);
    findings_free(&findings);
    trace_free(&trace);
}

/* ---- words ---- */

/* Writes the summary's line and title. */
static void phrase(struct trace *trace, const struct findings_terms *limits, char *line, char *title, size_t size)
{
    const struct summary_terms terms = {.unit = "GiB",
                                        .unit_size = GIB,
                                        .limit = limits->job_limit_bytes,
                                        .unused_limit_bytes = NAN,
                                        .clock_epoch_s = NAN};
    struct findings findings;
    struct summary summary;
    find(&findings, trace, limits);
    assert_true(summary_make(&summary, trace, &findings, &terms));
    snprintf(line, size, "%s", summary.line);
    snprintf(title, size, "%s|%s", summary.title, summary.title_short);
    summary_free(&summary);
    findings_free(&findings);
}

static void the_summary_names_the_node(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    char line[512], title[512];
    (void)state;
    add_node(&trace, "nid001", 100, 10, 24);
    phrase(&trace, &no_limit, line, title, sizeof line);
    assert_string_equal(title, "Used memory of nid001|Used memory of nid001");
    assert_string_equal(line, "nid001 · 1 h 39 min at 1 min · peak 24 of 32 GiB (75 %) at 0:50:00");
    add_node(&trace, "nid002", 40, 20, 28);
    phrase(&trace, &no_limit, line, title, sizeof line);
    assert_string_equal(
        title, "nid002 ended early at 0:39:00, recorded 30 min less than the others|nid002 ended early at 0:39:00");
    assert_string_equal(
        line,
        "nid002 ended early at 0:39:00, recorded 30 min less than the others · used memory of 2 nodes · 1 h 39 min at "
        "1 min · nid002 peaked 28 of 32 GiB (88 %) at 0:20:00 · then nid001 24 GiB");
    trace_free(&trace);
}

static void advice_says_when_it_is_more_than_the_node_has(void **state)
{
    struct trace trace = {.quantity = FREELOG_USED};
    struct findings findings;
    char line[512], title[512];
    (void)state;
    struct node *node = add_node(&trace, "a", 100, 10, 27);
    node->start_epoch_s = 1000;
    node->end_epoch_s = 1000 + 100 * 60;
    find(&findings, &trace, &no_limit);
    assert_true(findings.advice.mem_bytes == 35 * GIB && findings.advice.is_above_node);
    findings_free(&findings);
    phrase(&trace, &no_limit, line, title, sizeof line);
    assert_non_null(strstr(line, "request --mem=35G on a larger node (the node needs 27 of 32 GiB)"));
    trace.quantity = FREELOG_JOB_USED; /* the total is the job's limit, which a request may exceed */
    node->job_node_bytes = 64 * GIB;
    find(&findings, &trace, &no_limit);
    assert_true(findings.advice.mem_bytes == 35 * GIB && !findings.advice.is_above_node);
    findings_free(&findings);
    node->job_node_bytes = 34 * GIB;
    phrase(&trace, &no_limit, line, title, sizeof line);
    assert_non_null(strstr(line, "request --mem=35G on a larger node (the job needs 27 of 34 GiB)"));
    trace_free(&trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_a_quiet_job),
        cmocka_unit_test(a_node_is_judged_by_its_own_total),
        cmocka_unit_test(a_limit_is_compared_with_the_same_quantity),
        cmocka_unit_test(every_kind_has_a_name_of_its_own),
        cmocka_unit_test(only_growing_swap_is_reported),
        cmocka_unit_test(kills_belong_to_the_nodes_that_they_name),
        cmocka_unit_test(the_highest_is_compared_with_the_median),
        cmocka_unit_test(named_are_the_nodes_of_the_findings_then_the_highest),
        cmocka_unit_test(nodes_are_idle_below_a_tenth_of_a_busy_median),
        cmocka_unit_test(nodes_are_uneven_from_five_quarters_of_the_median_on),
        cmocka_unit_test(gaps_are_longer_than_samples_and_a_twentieth_of_the_run),
        cmocka_unit_test(of_several_gaps_the_longest_is_reported),
        cmocka_unit_test(swapping_begins_when_swap_leaves_its_level),
        cmocka_unit_test(each_node_has_the_rate_of_its_growth),
        cmocka_unit_test(rates_within_a_tenth_are_the_same),
        cmocka_unit_test(wandering_is_not_growth),
        cmocka_unit_test(a_kill_after_growth_has_its_rate),
        cmocka_unit_test(the_rate_before_a_kill_is_that_of_the_rise),
        cmocka_unit_test(a_request_is_oversized_when_less_than_half_was_used),
        cmocka_unit_test(the_program_with_most_memory_has_half_of_it),
        cmocka_unit_test(a_leak_is_distinguished_from_everything_else),
        cmocka_unit_test(few_noisy_samples_are_judged_as_a_person_would),
        cmocka_unit_test(falling_memory_is_judged_as_its_mirror_image),
        cmocka_unit_test(packed_series_are_judged_in_the_same_way),
        cmocka_unit_test(requests_are_values_that_people_type),
        cmocka_unit_test(advice_needs_the_whole_run_of_the_whole_node),
        cmocka_unit_test(advice_says_when_it_is_more_than_the_node_has),
        cmocka_unit_test(the_summary_names_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
