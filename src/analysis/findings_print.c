/* SPDX-License-Identifier: MIT */
/* findings_print: prints findings with their keys in data. Does not judge or phrase anything. */
#include "analysis/findings_print.h"

#include <math.h>

#include "base/serialize.h"
#include "base/utf8.h"

static void print_line(FILE *file, const char *text)
{
    utf8_print(file, text);
    fputc('\n', file);
}

void findings_print_text(FILE *file, const struct findings *findings, const struct summary *summary)
{
    if (findings->count > 0 || summary->advice != NULL)
        fputc('\n', file);
    for (size_t i = 0; i < findings->count; i++)
        print_line(file, summary->finding[i]);
    if (summary->advice != NULL)
        print_line(file, summary->advice);
}

static void print_number(FILE *file, const char *key, double value)
{
    if (!isfinite(value))
        return;
    fprintf(file, ", \"%s\": ", key);
    serialize_json_number(file, value);
}

/* Converts a value of the trace to bytes. Swap is relative to total swap. */
static double to_bytes(const struct trace *trace, const struct finding *finding, double value)
{
    const struct node *node = &trace->node[finding->node[0]];
    double base = finding->kind == FINDING_SWAPPED ? node->swap_total_bytes : node_percent_base(trace, node);
    return trace->percent ? value / 100 * base : value;
}

static void print_finding(FILE *file, const struct trace *trace, const struct finding *finding, const char *text)
{
    fprintf(file, "{\"kind\": \"%s\", \"nodes\": [", finding_name(finding->kind));
    for (size_t i = 0; i < finding->node_count; i++) {
        fputs(i > 0 ? ", " : "", file);
        serialize_json_string(file, trace->node[finding->node[i]].name);
    }
    fprintf(file, "], \"count\": %zu", finding->count);
    bool is_moment = finding->kind != FINDING_GROWING && finding->kind != FINDING_IDLE;
    print_number(file, "at_s", is_moment ? finding->at_s : NAN);
    print_number(file, "duration_s", finding->duration_s);
    print_number(file, "value_bytes", to_bytes(trace, finding, finding->value));
    print_number(file, "of_bytes", to_bytes(trace, finding, finding->level));
    print_number(file, "rate_bytes_per_s", to_bytes(trace, finding, finding->rate_per_s));
    print_number(file, "left_s", finding->left_s);
    fputs(", \"text\": ", file);
    serialize_json_string(file, text);
    fputc('}', file);
}

/* Prints how many tasks of an array the advice fits, and what the others need. */
static void print_array_advice(FILE *file, const struct trace *trace, const struct advice *advice)
{
    size_t above = advice->task_count - advice->fit_count;
    fprintf(file, ", \"fits\": %zu, \"of\": %zu, \"above\": [", advice->fit_count, advice->task_count);
    for (size_t i = 0; i < above && i < ADVICE_ABOVE_MAX; i++) {
        fputs(i > 0 ? ", " : "", file);
        serialize_json_string(file, trace->node[advice->above[i]].name);
    }
    fputs("], \"all_mem_bytes\": ", file);
    serialize_json_number(file, advice->all_bytes);
    fprintf(file, ", \"all_is_lower_bound\": %s", advice->is_all_bound ? "true" : "false");
}

void findings_print_json(FILE *file, const struct trace *trace, const struct findings *findings,
                         const struct summary *summary)
{
    const struct advice *advice = &findings->advice;
    fputs(",\n \"findings\": [", file);
    for (size_t i = 0; i < findings->count; i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", file);
        print_finding(file, trace, &findings->list[i], summary->finding[i]);
    }
    fputs(findings->count > 0 ? "\n ],\n \"advice\": " : "],\n \"advice\": ", file);
    if (!advice->is_known) {
        fputs("null", file);
        return;
    }
    fputs("{\"mem_bytes\": ", file);
    serialize_json_number(file, advice->mem_bytes);
    fputs(", \"because\": ", file);
    serialize_json_string(file, trace->node[advice->node].name);
    if (advice->task_count > 0)
        print_array_advice(file, trace, advice);
    fprintf(file, ", \"is_lower_bound\": %s", advice->is_lower_bound ? "true" : "false");
    fprintf(file, ", \"is_above_node\": %s, \"text\": ", advice->is_above_node ? "true" : "false");
    serialize_json_string(file, summary->advice);
    fputc('}', file);
}
