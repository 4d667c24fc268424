/* SPDX-License-Identifier: MIT */
/* load_only: loads logs into a trace without plotting, to measure the time for parsing and reducing.
 *
 *     load_only JOBS FILE...
 *
 * JOBS is the number of threads, 0 for one per processor. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/pages.h"
#include "load/input.h"
#include "load/load.h"
#include "model/trace.h"

static void report(void *user, bool is_note, const struct error *error)
{
    (void)user;
    if (!is_note)
        fprintf(stderr, "load_only: %s: %s\n", error->file, error->text);
}

int main(int argc, char **argv)
{
    struct input_list list = {0};
    struct trace trace = {0};
    struct error error = {0};
    struct load_settings settings = {.samp_s = 2, .from_s = -INFINITY, .to_s = INFINITY, .column = LOAD_COLUMN_AUTO};
    bool ok = argc > 2;
    pages_keep_freed(); /* as memtrace does */
    settings.jobs = ok ? (unsigned int)strtoul(argv[1], NULL, 10) : 1;
    for (int i = 2; i < argc && ok; i++)
        ok = input_list_add(&list, argv[i], "*-mem.log", &error);
    ok = ok && load_trace(&settings, &list, &trace, report, NULL, &error);
    if (ok)
        printf("%zu nodes, peak %.0f\n", trace.count, trace_max(&trace, TRACE_MAIN));
    else
        fprintf(stderr, "load_only: %s\n", error.text);
    trace_free(&trace);
    input_list_free(&list);
    return ok ? 0 : 1;
}
