/* SPDX-License-Identifier: MIT */
/* runs: which nodes of two runs are compared. Independent of files, options and plots. */
#include "model/runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *runs_name(const struct runs *runs, size_t run)
{
    return runs->run[run].label == NULL ? "baseline" : runs->run[run].label;
}

const char *runs_name_in_words(const struct runs *runs, size_t run)
{
    return runs->run[run].label == NULL ? "the baseline" : runs->run[run].label;
}

bool runs_settle_names(struct runs *runs, const struct trace *trace)
{
    for (size_t i = 0; i < runs->count; i++) {
        char name[256];
        const char *label = runs_name(runs, i);
        if (trace_find(trace, label) == trace->count)
            continue;
        snprintf(name, sizeof name, "%s (%s)", label, runs->run[i].label == NULL ? "run" : "baseline");
        char *settled = strdup(name);
        if (settled == NULL)
            return false;
        free(runs->run[i].label);
        runs->run[i].label = settled;
    }
    return true;
}

double runs_max(const struct runs *runs, enum trace_line line)
{
    double max = 0;
    for (size_t i = 0; runs != NULL && i < runs->count; i++)
        max = fmax(max, trace_max(&runs->run[i].trace, line));
    return max;
}

void runs_extend(const struct runs *runs, double *begin_s, double *end_s)
{
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        *begin_s = fmin(*begin_s, runs->run[i].trace.begin_s);
        *end_s = fmax(*end_s, runs->run[i].trace.end_s);
    }
}

size_t runs_same_node(const struct trace *in, const struct trace *of, size_t node)
{
    const char *whole_name = of->node[node].whole_name;
    size_t found = whole_name == NULL ? in->count : trace_find(in, whole_name);
    if (found == in->count)
        found = trace_find(in, of->node[node].name);
    return found == in->count && in->count == 1 && of->count == 1 ? 0 : found;
}

bool runs_are_lines(const struct runs *runs, const struct trace *trace)
{
    for (size_t i = 0; runs != NULL && i < runs->count; i++)
        if (runs->run[i].trace.count != 1)
            return false;
    return runs != NULL && runs->count > 1 && trace->count == 1;
}

void runs_free(struct runs *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        trace_free(&runs->run[i].trace);
        free(runs->run[i].label);
    }
    memset(runs, 0, sizeof *runs);
}
