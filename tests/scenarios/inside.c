/* SPDX-License-Identifier: MIT */
/* inside: loads logs and prints their statistics like main.c. */
#include "inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/stats_table.h"
#include "figure/figure_spec.h"
#include "load/load.h"

/* Counts messages; correct logs cause none. */
static void count_report(void *user, bool is_note, const struct error *error)
{
    (void)is_note;
    (void)error;
    ++*(size_t *)user;
}

/* Prints the statistics of a trace to `file`. */
static bool print_stats(FILE *file, const struct trace *trace, const struct inside_view *view)
{
    const struct events events = {0};
    const struct figure_wish wish = {.output_units = view->unit,
                                     .output_scale = view->scale,
                                     .limit_bytes = view->limit_bytes,
                                     .clock = view->clock,
                                     .events = &events};
    struct figure_spec figure_spec = {0};
    struct error error = {0};
    bool ok = trace->count > 0 && figure_spec_make(&figure_spec, &wish, trace, &error);
    const struct stats_terms terms = {STATS_JSON, figure_spec.unit, figure_spec.unit_size, &figure_spec.findings,
                                      &figure_spec.summary};
    ok = ok && stats_table_print(file, trace, NULL, &terms, &error);
    figure_spec_free(&figure_spec);
    return ok;
}

char *inside_stats(const char *folder, const struct inside_view *view)
{
    /* One thread, because there already is a worker per processor. */
    const struct load_settings settings = {.samp_s = NAN,
                                           .from_s = -INFINITY,
                                           .to_s = INFINITY,
                                           .column = view->column,
                                           .percent = view->percent,
                                           .alignment = view->clock ? TRACE_ALIGN_CLOCK : TRACE_ALIGN_AUTO,
                                           .jobs = 1};
    struct input_list list = {0};
    struct trace trace = {0};
    struct error error = {0};
    char *json = NULL;
    size_t size = 0, reports = 0;
    bool ok = input_list_add(&list, folder, "*-mem.log", &error);
    input_list_sort(&list);
    ok = ok && load_trace(&settings, &list, &trace, count_report, &reports, &error);
    FILE *file = ok && reports == 0 ? open_memstream(&json, &size) : NULL;
    if (file != NULL) {
        ok = print_stats(file, &trace, view);
        ok = fclose(file) == 0 && ok;
    }
    trace_free(&trace);
    input_list_free(&list);
    if (ok)
        return json;
    free(json);
    return NULL;
}
