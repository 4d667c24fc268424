/* verdict: owns the judgement in words. Knows no picture, option or file. */
#include "verdict.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "units.h"

static void say(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends to `text`. */
static void say(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

/* Appends "27.6 GiB", or "27.6" where there is no unit. */
static void say_value(char *text, size_t size, double value, const char *unit, double unit_size)
{
    char number[32];
    format_quantity(number, sizeof number, value / unit_size);
    say(text, size, "%s%s%s", number, *unit == '\0' ? "" : " ", unit);
}

/* Appends the share of the total in brackets: " (86 % of 32 GiB)"; of a trace in percent, " (27.6 of 32 GiB)". */
static void say_share(char *text, size_t size, const struct trace *trace, const struct node *node,
                      const char *unit, double unit_size)
{
    const struct series_stats *total = &node->line[TRACE_MEMORY].stats;
    double peak = node->line[TRACE_MAIN].stats.max;
    if (total->count == 0 || total->max <= 0 || strncmp(trace->column, "swap", 4) == 0)
        return;
    if (!trace->percent) {
        say(text, size, " (%.0f %% of ", 100 * peak / total->max);
        say_value(text, size, total->max, unit, unit_size);
    } else {
        const struct unit *own = unit_for(total->max);
        char number[32];
        format_quantity(number, sizeof number, peak / 100 * total->max / own->bytes);
        say(text, size, " (%s of ", number);
        say_value(text, size, total->max, own->name, own->bytes);
    }
    say(text, size, ")");
}

static void say_peak(char *text, size_t size, const struct trace *trace, const char *unit,
                     double unit_size)
{
    char clock[32];
    const struct node *highest = &trace->node[0];
    for (size_t i = 1; i < trace->count; i++)
        if (trace->node[i].line[TRACE_MAIN].stats.max > highest->line[TRACE_MAIN].stats.max)
            highest = &trace->node[i];
    const struct series_stats *stats = &highest->line[TRACE_MAIN].stats;
    say(text, size, " · %s ", trace->count == 1 ? "peak" : "highest");
    say_value(text, size, stats->max, unit, unit_size);
    say_share(text, size, trace, highest, unit, unit_size);
    if (trace->count > 1)
        say(text, size, " on %s", highest->name);
    format_clock(clock, sizeof clock, stats->max_s + highest->offset_s);
    say(text, size, " at %s", clock);
}

static void say_swap(char *text, size_t size, const struct trace *trace, const char *unit,
                     double unit_size)
{
    const struct node *most = NULL;
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[TRACE_SWAP].stats;
        if (stats->count == 0 || stats->max <= 0)
            continue;
        count++;
        if (most == NULL || stats->max > most->line[TRACE_SWAP].stats.max)
            most = &trace->node[i];
    }
    if (most == NULL)
        return;
    if (trace->count == 1)
        say(text, size, " · swapped ");
    else if (count == 1)
        say(text, size, " · %s swapped ", most->name);
    else
        say(text, size, " · %zu nodes swapped, %s most: ", count, most->name);
    say_value(text, size, most->line[TRACE_SWAP].stats.max, unit, unit_size);
}

static void say_early_ends(char *text, size_t size, const struct trace *trace)
{
    const struct node *first = NULL;
    size_t count = 0;
    char clock[32];
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (!node->ends_early)
            continue;
        count++;
        if (first == NULL || node_end_s(node) < node_end_s(first))
            first = node;
    }
    if (first == NULL)
        return;
    format_clock(clock, sizeof clock, node_end_s(first));
    if (count == 1)
        say(text, size, " · %s stops early at %s", first->name, clock);
    else
        say(text, size, " · %zu nodes stop early, %s first at %s", count, first->name, clock);
}

void verdict_line(char *text, size_t size, const struct trace *trace, const char *unit,
                  double unit_size)
{
    char length[32], interval[32];
    text[0] = '\0';
    if (trace->count == 0)
        return;
    format_duration(length, sizeof length, trace->end_s - trace->begin_s);
    if (trace->count == 1)
        say(text, size, "%s", trace->node[0].name);
    else
        say(text, size, "%zu nodes", trace->count);
    if (trace->end_s > trace->begin_s)
        say(text, size, " · %s", length);
    else
        say(text, size, " · one sample");
    if (trace->end_s > trace->begin_s && isfinite(trace_interval(trace))) {
        format_duration(interval, sizeof interval, trace_interval(trace));
        say(text, size, " at %s", interval);
    }
    say_peak(text, size, trace, unit, unit_size);
    if (strncmp(trace->column, "swap", 4) != 0)
        say_swap(text, size, trace, unit, unit_size);
    say_early_ends(text, size, trace);
}

void verdict_title(char *text, size_t size, const struct trace *trace)
{
    const char *column = trace->column;
    char first = column[0];
    if (first >= 'a' && first <= 'z')
        first = (char)(first - 'a' + 'A');
    bool memory = strcmp(column, "used") == 0 || strcmp(column, "available") == 0 ||
                  strcmp(column, "free") == 0 || strcmp(column, "shared") == 0 ||
                  strcmp(column, "total") == 0;
    snprintf(text, size, "%c%s%s", first, *column == '\0' ? "" : column + 1, memory ? " memory" : "");
    if (trace->count == 1)
        say(text, size, " of %s", trace->node[0].name);
    else
        say(text, size, " per node");
}
