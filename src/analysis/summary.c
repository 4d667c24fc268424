/* SPDX-License-Identifier: MIT */
/* summary: phrases findings and facts. Does not judge; independent of plots, options and files. */
#include "analysis/summary.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "base/array.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "culprit.h"

#define TOTAL_MAX   10000 /* a total with more digits gets its own unit */
#define VALUE_MAX   96    /* bytes of a value's text */
#define COMMAND_MAX 48    /* characters of a command in the title */

/* The summary under construction. `text` is the current sentence. */
struct phrasing {
    struct summary *summary;
    const struct trace *trace;
    const struct findings *findings;
    const struct summary_terms *terms;
    struct strbuf text;
    bool out_of_memory;
};

static void say(struct phrasing *phrasing, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct phrasing *phrasing, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    strbuf_vadd(&phrasing->text, format, arguments);
    va_end(arguments);
}

/* Returns the current sentence, which the caller frees, and starts the next one. Returns NULL if out of memory. */
static char *take(struct phrasing *phrasing)
{
    bool is_complete = !phrasing->text.out_of_memory;
    char *text = strbuf_take(&phrasing->text);
    phrasing->out_of_memory |= !is_complete || text == NULL;
    return text;
}

/* Ends a clause and appends it to the list, unless it is empty. */
static void end_clause(struct phrasing *phrasing)
{
    struct summary *summary = phrasing->summary;
    if (phrasing->text.length == 0)
        return;
    if (!array_grow(&summary->clause, &summary->clause_capacity, summary->clause_count, sizeof *summary->clause)) {
        phrasing->out_of_memory = true;
        return;
    }
    char *text = take(phrasing);
    if (text != NULL)
        summary->clause[summary->clause_count++] = text;
}

/* ---- values ---- */

/* "27.6", with the unit if requested or if it differs from the plot's. */
static void say_value(struct phrasing *phrasing, double value, bool with_unit)
{
    char text[VALUE_MAX];
    const struct summary_terms *terms = phrasing->terms;
    if (with_unit || size_is_far(value, terms->unit_size, terms->unit))
        format_size(text, sizeof text, value, terms->unit_size, terms->unit);
    else
        format_quantity(text, sizeof text, value / terms->unit_size);
    say(phrasing, "%s", text);
}

/* "27.6 of 32 GiB"; a total with many digits gets its own unit. */
static void say_part(struct phrasing *phrasing, double value, double whole)
{
    char text[VALUE_MAX];
    const struct summary_terms *terms = phrasing->terms;
    const struct unit *own = unit_for(whole);
    bool is_apart = unit_find(terms->unit) != NULL && whole / terms->unit_size >= TOTAL_MAX;
    format_size(text, sizeof text, whole, is_apart ? own->bytes : terms->unit_size, is_apart ? own->name : terms->unit);
    say_value(phrasing, value, is_apart);
    say(phrasing, " of %s", text);
}

static void say_moment(struct phrasing *phrasing, double seconds)
{
    char text[32];
    format_moment(text, sizeof text, seconds, phrasing->terms->clock_epoch_s, phrasing->terms->clock_zone_s);
    say(phrasing, "%s", text);
}

static void say_duration(struct phrasing *phrasing, double seconds)
{
    char text[32];
    format_duration(text, sizeof text, seconds);
    say(phrasing, "%s", text);
}

/* "1.2 GiB/h" */
static void say_rate(struct phrasing *phrasing, double per_s)
{
    say_value(phrasing, per_s * 3600, true);
    say(phrasing, "/h");
}

static const struct series_stats *stats_of(const struct node *node, enum trace_line line)
{
    return &node->line[line].stats;
}

/* Returns true if "memory" follows the name of a quantity. */
static bool is_memory(enum freelog_column quantity)
{
    return quantity == FREELOG_USED || quantity == FREELOG_AVAILABLE || quantity == FREELOG_FREE ||
           quantity == FREELOG_SHARED || quantity == FREELOG_TOTAL;
}

/* Names the plotted quantity, as in "used memory of nid001". */
static void say_quantity(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    if (trace->quantity == FREELOG_JOB_USED)
        say(phrasing, "memory of the job");
    else
        say(phrasing, "%s%s", trace_column(trace), is_memory(trace->quantity) ? " memory" : "");
}

/* ---- findings: the text before `cut` fits even a narrow title ---- */

/* Returns where the short form ends. */
static size_t cut(const struct phrasing *phrasing)
{
    return phrasing->text.length;
}

/* "nid003 ", "5 of 32 nodes " or "all 32 nodes "; tasks for arrays, runs for folders. */
static void say_who(struct phrasing *phrasing, const struct finding *finding)
{
    const struct trace *trace = phrasing->trace;
    if (finding->count == 1)
        say(phrasing, "%s ", finding->node_count > 0 ? trace->node[finding->node[0]].name : "a node");
    else if (finding->count == 2 && trace->count == 2)
        say(phrasing, "both %s ", trace_members(trace));
    else if (finding->count == trace->count)
        say(phrasing, "all %zu %s ", finding->count, trace_members(trace));
    else
        say(phrasing, "%zu of %zu %s ", finding->count, trace->count, trace_members(trace));
}

static const char *worst(const struct phrasing *phrasing, const struct finding *finding)
{
    return phrasing->trace->node[finding->node[0]].name;
}

/* For several nodes: `before`, the name of the worst node, `after`. For a single node: `alone`. */
static void say_worst(struct phrasing *phrasing, const struct finding *finding, const char *before, const char *after,
                      const char *alone)
{
    if (finding->count > 1)
        say(phrasing, "%s%s%s", before, worst(phrasing, finding), after);
    else
        say(phrasing, "%s", alone);
}

static size_t say_killed(struct phrasing *phrasing, const struct finding *finding)
{
    if (finding->is_of_job) {
        say(phrasing, "the job was OOM-killed");
        return cut(phrasing);
    }
    say_who(phrasing, finding);
    say_worst(phrasing, finding, "were OOM-killed, ", " first at ", "was OOM-killed at ");
    say_moment(phrasing, finding->at_s);
    size_t end = cut(phrasing);
    if (finding->duration_s > 0) {
        say(phrasing, ", %zu times until ", finding->kill_count);
        say_moment(phrasing, finding->at_s + finding->duration_s);
    }
    if (!(finding->rate_per_s > 0) || finding->node_count == 0)
        return end;
    say(phrasing, ", growing ");
    say_rate(phrasing, finding->rate_per_s);
    say(phrasing, " before");
    return end;
}

static size_t say_above_limit(struct phrasing *phrasing, const struct finding *finding)
{
    bool is_below = trace_low_is_news(phrasing->trace);
    say_who(phrasing, finding);
    say(phrasing, is_below ? "fell below the limit" : "exceeded the limit");
    say_worst(phrasing, finding, ", ", " by ", " by ");
    say_value(phrasing, fabs(finding->value - finding->level), true);
    size_t end = cut(phrasing);
    say(phrasing, ", first at ");
    say_moment(phrasing, finding->at_s);
    return end;
}

static size_t say_ended_early(struct phrasing *phrasing, const struct finding *finding)
{
    say_who(phrasing, finding);
    say_worst(phrasing, finding, "ended early, ", " first at ", "ended early at ");
    say_moment(phrasing, finding->at_s);
    size_t end = cut(phrasing);
    say(phrasing, ", recorded ");
    say_duration(phrasing, finding->duration_s);
    say(phrasing, " less than the others");
    return end;
}

static size_t say_growing(struct phrasing *phrasing, const struct finding *finding)
{
    bool is_falling = trace_low_is_news(phrasing->trace), is_one = finding->count == 1;
    const char *verb = is_falling ? "lose" : "grow";
    say_who(phrasing, finding);
    if (is_one || finding->is_same)
        say(phrasing, "%s%s ", verb, is_one ? "s" : "");
    else
        say(phrasing, "%s, %s fastest: ", verb, worst(phrasing, finding));
    say_rate(phrasing, finding->rate_per_s);
    size_t end = cut(phrasing);
    if (isfinite(finding->left_s)) {
        say(phrasing, ", ");
        if (!is_one && finding->is_same)
            say(phrasing, "%s ", worst(phrasing, finding));
        say(phrasing, is_falling ? "none left in " : finding->is_limit ? "at the limit in " : "full in ");
        say_duration(phrasing, finding->left_s);
        say(phrasing, " at that rate");
    }
    return end;
}

static size_t say_near_limit(struct phrasing *phrasing, const struct finding *finding)
{
    const struct trace *trace = phrasing->trace;
    bool is_low = trace_low_is_news(trace);
    const char *whole = finding->is_limit                         ? "the limit"
                        : freelog_column_is_swap(trace->quantity) ? "its swap"
                                                                  : "its memory";
    say_who(phrasing, finding);
    if (is_low)
        say_worst(phrasing, finding, "had at most 10 % available, ", " only ", "had only ");
    else
        say_worst(phrasing, finding, "were nearly full, ", " reached ", "reached ");
    say(phrasing, "%.0f %% of %s%s", floor(100 * finding->value / finding->level + 1e-9), whole,
        is_low ? " available" : "");
    size_t end = cut(phrasing);
    if (!trace->percent) {
        say(phrasing, " (");
        say_part(phrasing, finding->value, finding->level);
        say(phrasing, ")");
    }
    say(phrasing, " at ");
    say_moment(phrasing, finding->at_s);
    return end;
}

static size_t say_swapped(struct phrasing *phrasing, const struct finding *finding)
{
    say_who(phrasing, finding);
    say_worst(phrasing, finding, "swapped, ", " most: ", "swapped ");
    if (phrasing->trace->percent)
        say(phrasing, "%.0f %% of its swap", finding->value);
    else
        say_value(phrasing, finding->value, true);
    size_t end = cut(phrasing);
    say(phrasing, " from ");
    say_moment(phrasing, finding->at_s);
    say(phrasing, " on");
    return end;
}

static size_t say_idle(struct phrasing *phrasing, const struct finding *finding)
{
    say_who(phrasing, finding);
    say(phrasing, "stayed idle");
    size_t end = cut(phrasing);
    say_worst(phrasing, finding, ", ", " with a peak of ", ", with a peak of ");
    say_value(phrasing, finding->value, true);
    say(phrasing, " against a median of ");
    say_value(phrasing, finding->level, true);
    return end;
}

static size_t say_gap(struct phrasing *phrasing, const struct finding *finding)
{
    say_who(phrasing, finding);
    say_worst(phrasing, finding, "have gaps, ", " the longest: ", "has no samples for ");
    say_duration(phrasing, finding->duration_s);
    size_t end = cut(phrasing);
    say(phrasing, " from ");
    say_moment(phrasing, finding->at_s);
    say(phrasing, " on");
    return end;
}

static size_t say_uneven(struct phrasing *phrasing, const struct finding *finding)
{
    double ratio = finding->value / finding->level;
    say(phrasing, "%s peaked at ", worst(phrasing, finding));
    if (ratio < 100)
        say(phrasing, ratio < 1.95 ? "%.2f times" : "%.1f times", ratio);
    else
        say(phrasing, "over 100 times");
    say(phrasing, " the median peak");
    return cut(phrasing);
}

static size_t say_oversized(struct phrasing *phrasing, const struct finding *finding)
{
    say(phrasing, "the job used at most ");
    say_part(phrasing, finding->value, finding->level);
    say(phrasing, " that it requested");
    return cut(phrasing);
}

static size_t say_clocks(struct phrasing *phrasing, const struct finding *finding)
{
    if (finding->count > 1)
        say(phrasing, "the clocks of %zu of %zu nodes are wrong, %s by ", finding->count, phrasing->trace->count,
            worst(phrasing, finding));
    else
        say(phrasing, "the clock of %s is wrong by ", worst(phrasing, finding));
    say_duration(phrasing, fabs(finding->duration_s));
    return cut(phrasing);
}

static size_t say_meanings(struct phrasing *phrasing, const struct finding *finding)
{
    const struct trace *trace = phrasing->trace;
    const struct node *node = &trace->node[finding->node[0]], *other = NULL;
    if (node->used_meaning == FREELOG_USED_MIXED) {
        say(phrasing, "warning: the definition of \"used\" changes within %s", node->name);
        return cut(phrasing);
    }
    const char *meaning = freelog_used_name(node->used_meaning);
    for (size_t i = 0; i < trace->count && other == NULL; i++) {
        const char *name = freelog_used_name(trace->node[i].used_meaning);
        if (*name != '\0' && strcmp(name, meaning) != 0)
            other = &trace->node[i];
    }
    say(phrasing, "warning: \"used\" is %s on %s, %s on %s", meaning, node->name,
        other == NULL ? "" : freelog_used_name(other->used_meaning), other == NULL ? "" : other->name);
    return cut(phrasing);
}

/* Phrases a finding. Returns where its short form ends. */
static size_t say_finding(struct phrasing *phrasing, const struct finding *finding)
{
    switch (finding->kind) {
    case FINDING_KILLED:
        return say_killed(phrasing, finding);
    case FINDING_ABOVE_LIMIT:
        return say_above_limit(phrasing, finding);
    case FINDING_ENDED_EARLY:
        return say_ended_early(phrasing, finding);
    case FINDING_GROWING:
        return say_growing(phrasing, finding);
    case FINDING_NEAR_LIMIT:
        return say_near_limit(phrasing, finding);
    case FINDING_SWAPPED:
        return say_swapped(phrasing, finding);
    case FINDING_IDLE:
        return say_idle(phrasing, finding);
    case FINDING_GAP:
        return say_gap(phrasing, finding);
    case FINDING_UNEVEN:
        return say_uneven(phrasing, finding);
    case FINDING_OVERSIZED:
        return say_oversized(phrasing, finding);
    case FINDING_CLOCKS:
        return say_clocks(phrasing, finding);
    case FINDING_MEANINGS:
        return say_meanings(phrasing, finding);
    case FINDING_KIND_COUNT:
        break;
    }
    return 0;
}

/* ---- facts ---- */

static bool has_one_job(const struct trace *trace)
{
    for (size_t i = 1; i < trace->count; i++)
        if (strcmp(trace->node[i].job, trace->node[0].job) != 0)
            return false;
    return trace->node[0].job[0] != '\0';
}

/* Returns true if all logs are of the same command recorded by run.sh. */
static bool has_one_command(const struct trace *trace)
{
    for (size_t i = 1; i < trace->count; i++)
        if (strcmp(trace->node[i].command, trace->node[0].command) != 0)
            return false;
    return trace->node[0].command[0] != '\0';
}

/* The exit status of the command. If nodes differ, the first status other than 0, and its node. */
static void say_exit_status(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    const struct node *failed = NULL;
    bool is_same = true;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        is_same &= node->exit_status == trace->node[0].exit_status;
        failed = failed == NULL && node->exit_status > 0 ? node : failed;
    }
    if (is_same && trace->node[0].exit_status >= 0)
        say(phrasing, " (exit status %d)", trace->node[0].exit_status);
    else if (failed != NULL)
        say(phrasing, " (exit status %d on %s)", failed->exit_status, failed->name);
}

/* "./solver input.dat (exit status 137)", truncated if too long for a title, with line breaks replaced by blanks. */
static void say_command(struct phrasing *phrasing)
{
    const struct node *node = &phrasing->trace->node[0];
    char text[sizeof node->command];
    size_t length = 0, characters = 0;
    for (const char *at = node->command; *at != '\0'; at++) {
        bool begins = ((unsigned char)*at & 0xc0) != 0x80, is_blank = *at == ' ' || iscntrl((unsigned char)*at);
        if (is_blank && (length == 0 || text[length - 1] == ' '))
            continue;
        if (begins && ++characters > COMMAND_MAX)
            break;
        text[length++] = is_blank ? ' ' : *at;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    say(phrasing, "%.*s%s", (int)length, text, characters > COMMAND_MAX ? "…" : "");
    say_exit_status(phrasing);
}

static void say_job(struct phrasing *phrasing)
{
    const struct node *node = &phrasing->trace->node[0];
    if (!has_one_job(phrasing->trace) && has_one_command(phrasing->trace))
        say_command(phrasing);
    if (has_one_job(phrasing->trace))
        say(phrasing, "job %s%s%s", node->job, node->job_name[0] == '\0' ? "" : " ", node->job_name);
}

/* "312 tasks of array 4711, 40 still running" */
static void say_tasks(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    size_t running = 0;
    bool is_one = true;
    for (size_t i = 0; i < trace->count; i++) {
        running += isfinite(trace->node[i].end_epoch_s) ? 0 : 1;
        is_one = is_one && strcmp(trace->node[i].array, trace->node[0].array) == 0;
    }
    say(phrasing, "%zu tasks of ", trace->task_count);
    say(phrasing, "%s%s", is_one ? "array " : "several arrays", is_one ? trace->node[0].array : "");
    if (trace->count > trace->task_count)
        say(phrasing, " on %zu nodes", trace->count);
    if (running > 0)
        say(phrasing, ", %zu still running", running);
}

/* The parts of node names that are not shown: "names without rack1- and .example.org". */
static void say_cut(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    const char *begin = trace->cut[0], *end = trace->cut[1];
    if (*begin == '\0' && *end == '\0')
        return;
    say(phrasing, "names without %s%s%s", begin, *begin != '\0' && *end != '\0' ? " and " : "", end);
    end_clause(phrasing);
}

/* The totals that percentages refer to, if they differ: "in percent of each node's total (62.5 to 500 GiB)". */
static void say_totals(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    double least = INFINITY, most = 0;
    char low[VALUE_MAX], high[VALUE_MAX];
    if (!trace->is_relative)
        return;
    for (size_t i = 0; i < trace->count; i++) {
        least = fmin(least, stats_of(&trace->node[i], TRACE_MEMORY)->max);
        most = fmax(most, stats_of(&trace->node[i], TRACE_MEMORY)->max);
    }
    const struct unit *unit = unit_for(most);
    format_quantity(low, sizeof low, least / unit->bytes);
    format_size(high, sizeof high, most, unit->bytes, unit->name);
    say(phrasing, "in percent of each node's total (%s to %s)", low, high);
    end_clause(phrasing);
}

/* Adds the number of nodes and the duration; also the plotted quantity if the title does not name it. */
static void say_extent(struct phrasing *phrasing, bool with_quantity)
{
    const struct trace *trace = phrasing->trace;
    double span_s = trace->end_s - trace->begin_s, interval_s = trace_interval(trace);
    if (with_quantity) {
        say_quantity(phrasing);
        say(phrasing, phrasing->trace->quantity == FREELOG_JOB_USED ? " on " : " of ");
    }
    if (trace->count == 1)
        say(phrasing, "%s", trace->node[0].name);
    else if (trace->is_array)
        say_tasks(phrasing);
    else
        say(phrasing, "%zu %s", trace->count, trace_members(trace));
    end_clause(phrasing);
    say_cut(phrasing);
    say_totals(phrasing);
    if (with_quantity)
        say_job(phrasing);
    end_clause(phrasing);
    if (!(span_s > 0)) {
        say(phrasing, "one sample");
    } else {
        say_duration(phrasing, span_s);
        if (isfinite(interval_s)) {
            say(phrasing, " at ");
            say_duration(phrasing, interval_s);
        }
    }
    end_clause(phrasing);
}

/* "27.6 of 32 GiB (86 %)"; for percentages "86 % (27.6 of 32 GiB)"; only the value if the total is unknown. */
static void say_extreme(struct phrasing *phrasing, const struct node *node, double value)
{
    const struct trace *trace = phrasing->trace;
    const struct series_stats *total = stats_of(node, TRACE_TOTAL);
    double memory = node_percent_base(trace, node);
    bool has_total = memory > 0 && !freelog_column_is_swap(trace->quantity) &&
                     trace->quantity != freelog_column_total(trace->quantity);
    if (trace->percent && has_total) {
        const struct unit *own = unit_for(memory);
        char part[32], all[32];
        format_quantity(part, sizeof part, value / 100 * memory / own->bytes);
        format_quantity(all, sizeof all, memory / own->bytes);
        say_value(phrasing, value, true);
        say(phrasing, " (%s of %s %s)", part, all, own->name);
    } else if (has_total && total->count > 0) {
        double whole = node->peak_total > 0 ? node->peak_total : total->max;
        say_part(phrasing, value, whole);
        say(phrasing, " (%.0f %%)", 100 * value / whole);
    } else {
        say_value(phrasing, value, true);
    }
}

/* A node's peak (or its low, if low values matter) and the headroom. */
static void say_peak_of(struct phrasing *phrasing, const struct node *node)
{
    const struct series_stats *stats = stats_of(node, TRACE_MAIN);
    bool is_low = trace_low_is_news(phrasing->trace);
    double value = is_low ? stats->min : stats->max, limit = phrasing->terms->limit;
    if (phrasing->trace->count == 1)
        say(phrasing, is_low ? "low " : "peak ");
    else
        say(phrasing, is_low ? "%s fell to " : "%s peaked ", node->name);
    say_extreme(phrasing, node, value);
    say(phrasing, " at ");
    say_moment(phrasing, (is_low ? stats->min_s : stats->max_s) + node->offset_s);
    if (isfinite(limit)) {
        say(phrasing, ", ");
        say_value(phrasing, fabs(limit - value), true);
        say(phrasing, value > limit ? " above the limit" : " below the limit");
    }
}

/* Returns true if the values are bytes of used memory and the first sample was taken before the command started. */
static bool has_base_line(const struct trace *trace, const struct node *node)
{
    const struct series_stats *stats = stats_of(node, TRACE_MAIN);
    return !trace->percent && node->command[0] != '\0' && stats->first_s == 0 && stats->max > stats->first &&
           (trace->quantity == FREELOG_USED || trace->quantity == FREELOG_JOB_USED ||
            trace->quantity == FREELOG_TOTAL_AVAILABLE);
}

/* The most memory that the recorded command added. */
static void say_above_start(struct phrasing *phrasing, const struct node *node)
{
    const struct series_stats *stats = stats_of(node, TRACE_MAIN);
    if (!has_base_line(phrasing->trace, node))
        return;
    say_value(phrasing, stats->max - stats->first, true);
    say(phrasing, " above the start");
    end_clause(phrasing);
}

/* The program that uses most of the memory. */
static void say_culprit(struct phrasing *phrasing)
{
    struct culprit culprit;
    char text[VALUE_MAX];
    if (!culprit_find(phrasing->trace, &culprit))
        phrasing->out_of_memory = true;
    if (culprit.command == NULL)
        return;
    const struct unit *unit = unit_for(culprit.rss_bytes);
    format_size(text, sizeof text, culprit.rss_bytes, unit->bytes, unit->name);
    const char *words = culprit.of_command ? "largest process of the command:" : "largest process";
    /* The job's used memory is without its cache, which contains the files that a process has mapped. */
    bool has_files = phrasing->trace->quantity == FREELOG_JOB_USED && !phrasing->trace->percent &&
                     culprit.rss_bytes > trace_max(phrasing->trace, TRACE_MAIN);
    say(phrasing, "%s %s (%s%s)", culprit.is_most ? "mostly" : words, culprit.command, text,
        has_files ? " with mapped files" : "");
    end_clause(phrasing);
}

/* The peak of the worst node, unless a finding contains it, and that of the second-worst node. */
static void say_peaks(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    const size_t *order = phrasing->findings->order;
    const struct finding *near = findings_of(phrasing->findings, FINDING_NEAR_LIMIT);
    if (near == NULL || near->node[0] != order[0] || isfinite(phrasing->terms->limit))
        say_peak_of(phrasing, &trace->node[order[0]]);
    end_clause(phrasing);
    say_above_start(phrasing, &trace->node[order[0]]);
    if (trace->count < 2)
        return;
    const struct series_stats *next = stats_of(&trace->node[order[1]], TRACE_MAIN);
    say(phrasing, "then %s ", trace->node[order[1]].name);
    say_value(phrasing, trace_low_is_news(trace) ? next->min : next->max, true);
    end_clause(phrasing);
}

/* Start times that differ by more than an interval are mentioned: either the nodes started at different times or
 * clocks are wrong. */
static void say_starts(struct phrasing *phrasing)
{
    const struct trace *trace = phrasing->trace;
    double latest_s = 0, interval_s = NAN; /* the longest */
    for (size_t i = 0; i < trace->count; i++) {
        latest_s = fmax(latest_s, trace->node[i].offset_s);
        interval_s = fmax(interval_s, trace->node[i].interval_s);
    }
    if (trace->clocks_far_apart) {
        say(phrasing, "starts too far apart for one axis: all drawn from 0");
    } else if (trace->has_reruns && !trace->is_array && !trace->is_aligned) {
        say(phrasing, "several runs on the same nodes: each drawn from its start");
    } else if (isfinite(interval_s) && latest_s > interval_s) {
        say(phrasing, "starts or clocks ");
        say_duration(phrasing, latest_s);
        say(phrasing, " apart");
    }
    end_clause(phrasing);
}

/* "4G" or "1500M", as --mem accepts it. */
static void say_request(struct phrasing *phrasing, double bytes)
{
    static const struct {
        double bytes;
        char letter;
    } units[] = {{1073741824.0, 'G'}, {1048576.0, 'M'}, {1024.0, 'K'}};
    size_t i = 0;
    while (i < 2 && (bytes < units[i].bytes || fmod(bytes, units[i].bytes) != 0))
        i++;
    say(phrasing, "%.0f%c", floor(bytes / units[i].bytes), units[i].letter);
}

/* "--mem=6G fits 309 of 312 tasks; 4711_17, _88, _203 need up to 11G" */
static void say_array_advice(struct phrasing *phrasing)
{
    const struct advice *advice = &phrasing->findings->advice;
    size_t above = advice->task_count - advice->fit_count;
    say(phrasing, "--mem=");
    say_request(phrasing, advice->mem_bytes);
    say(phrasing, "%s fits %s%zu of %zu tasks", advice->is_above_node ? " on larger nodes" : "",
        above == 0 ? "all " : "", advice->fit_count, advice->task_count);
    if (above == 0)
        return;
    for (size_t i = 0; i < above && i < ADVICE_ABOVE_MAX; i++) {
        const struct node *node = &phrasing->trace->node[advice->above[i]];
        bool is_short = i > 0 && strcmp(node->array, phrasing->trace->node[advice->above[0]].array) == 0;
        say(phrasing, "%s%s%s", i == 0 ? "; " : ", ", is_short ? "_" : "", is_short ? node->task : node->name);
    }
    if (above > ADVICE_ABOVE_MAX)
        say(phrasing, " and %zu more", above - ADVICE_ABOVE_MAX);
    say(phrasing, above == 1 ? " needs " : " need ");
    say(phrasing, advice->is_all_bound ? "more than " : above == 1 ? "" : "up to ");
    say_request(phrasing, advice->all_bytes);
}

/* "request --mem=5G (nid003 needs 3.8 GiB)", or, if the nodes used are too small, "request --mem=35G on a larger
 * node (nid003 needs 28.1 of 31.2 GiB)". `who` needs the memory. */
static void say_plain_advice(struct phrasing *phrasing, const char *who)
{
    const struct advice *advice = &phrasing->findings->advice;
    const struct unit *unit = unit_for(advice->mem_bytes);
    double memory = advice_node_bytes(phrasing->trace, &phrasing->trace->node[advice->node]);
    char needed[VALUE_MAX], whole[VALUE_MAX];
    format_size(needed, sizeof needed, advice->needed_bytes, unit->bytes, unit->name);
    format_size(whole, sizeof whole, memory, unit->bytes, unit->name);
    say(phrasing, "request --mem=");
    say_request(phrasing, advice->mem_bytes);
    if (!advice->is_above_node) {
        say(phrasing, " (%s needs %s)", who, needed);
        return;
    }
    format_quantity(needed, sizeof needed, advice->needed_bytes / unit->bytes);
    say(phrasing, " on %s (%s needs %s of %s)", phrasing->trace->count > 1 ? "larger nodes" : "a larger node", who,
        needed, whole);
}

/* The advice, or after a kill "needs more than 4G". */
static void say_advice(struct phrasing *phrasing)
{
    const struct advice *advice = &phrasing->findings->advice;
    const struct trace *trace = phrasing->trace;
    if (!advice->is_known)
        return;
    const char *alone = trace_is_of_job(trace) ? "the job" : "the node";
    const char *who = trace->count > 1 ? trace->node[advice->node].name : alone;
    if (advice->task_count > 0) {
        say_array_advice(phrasing);
    } else if (advice->is_lower_bound) {
        say(phrasing, "%s needs more than ", who);
        say_request(phrasing, advice->mem_bytes);
    } else {
        say_plain_advice(phrasing, who);
    }
    phrasing->summary->advice = take(phrasing);
}

/* Returns the node whose peak differs most from that in a baseline run; trace->count if none differs or there is
 * only one node. */
static size_t find_most_changed(const struct trace *trace, const struct trace *other, double *change)
{
    size_t most = trace->count;
    *change = 0;
    for (size_t i = 0; i < trace->count && trace->count > 1; i++) {
        size_t same = runs_same_node(other, trace, i);
        if (same == other->count)
            continue;
        double own = trace->node[i].line[TRACE_MAIN].stats.max - other->node[same].line[TRACE_MAIN].stats.max;
        if (fabs(own) > fabs(*change)) {
            *change = own;
            most = i;
        }
    }
    return most;
}

/* Changes from a baseline run: the highest peak, the duration, and the node that changed most. */
static void say_run(struct phrasing *phrasing, size_t run)
{
    const struct trace *trace = phrasing->trace, *other = &phrasing->terms->against->run[run].trace;
    double change = trace_max(trace, TRACE_MAIN) - trace_max(other, TRACE_MAIN), most;
    double longer_s = (trace->end_s - trace->begin_s) - (other->end_s - other->begin_s);
    size_t node = find_most_changed(trace, other, &most);
    say(phrasing, "vs %s: ", runs_name(phrasing->terms->against, run));
    if (change == 0) {
        say(phrasing, "same peak");
    } else {
        say(phrasing, "peak ");
        say_value(phrasing, fabs(change), true);
        say(phrasing, change > 0 ? " higher" : " lower");
    }
    if (fabs(longer_s) < 0.5) {
        say(phrasing, ", same duration");
    } else {
        say(phrasing, ", ");
        say_duration(phrasing, fabs(longer_s));
        say(phrasing, longer_s > 0 ? " longer" : " shorter");
    }
    if (node < trace->count) {
        say(phrasing, ", most on %s ", trace->node[node].name);
        say(phrasing, most < 0 ? "\u2212" : "+");
        say_value(phrasing, fabs(most), true);
    }
    end_clause(phrasing);
}

/* The logs of a baseline run may define "used" differently. */
static void say_other_meaning(struct phrasing *phrasing, size_t run)
{
    const struct trace *trace = phrasing->trace, *other = &phrasing->terms->against->run[run].trace;
    const char *meaning = "", *called = runs_name_in_words(phrasing->terms->against, run);
    if (trace->quantity != FREELOG_USED)
        return;
    for (size_t i = 0; i < trace->count && *meaning == '\0'; i++)
        meaning = freelog_used_name(trace->node[i].used_meaning);
    for (size_t i = 0; i < other->count && *meaning != '\0'; i++) {
        const struct node *node = &other->node[i];
        const char *name = freelog_used_name(node->used_meaning);
        if (node->used_meaning == FREELOG_USED_MIXED)
            say(phrasing, "warning: the definition of \"used\" changes within %s of %s", node->name, called);
        else if (*name != '\0' && strcmp(name, meaning) != 0)
            say(phrasing, "warning: \"used\" is %s, but %s on %s of %s", meaning, name, node->name, called);
        if (phrasing->text.length > 0)
            break;
    }
    end_clause(phrasing);
}

/* The differences from each baseline run. */
static void say_against(struct phrasing *phrasing)
{
    const struct runs *runs = phrasing->terms->against;
    for (size_t i = 0; runs != NULL && i < runs->count; i++) {
        if (runs->run[i].trace.count == 0)
            continue;
        say_run(phrasing, i);
        say_other_meaning(phrasing, i);
    }
}

/* ---- the whole ---- */

/* The plotted quantity: "Used memory per node · job 7 relax". */
static void make_plain_title(struct phrasing *phrasing)
{
    struct summary *summary = phrasing->summary;
    say_quantity(phrasing);
    if (phrasing->text.length > 0)
        phrasing->text.text[0] = (char)toupper((unsigned char)phrasing->text.text[0]);
    if (phrasing->trace->count == 1)
        say(phrasing, phrasing->trace->quantity == FREELOG_JOB_USED ? " on %s" : " of %s",
            phrasing->trace->node[0].name);
    else
        say(phrasing, " per %s", trace_member(phrasing->trace));
    summary->title_short = strdup(strbuf_text(&phrasing->text));
    if (has_one_job(phrasing->trace) || has_one_command(phrasing->trace))
        say(phrasing, SUMMARY_SEPARATOR);
    say_job(phrasing);
    summary->title = take(phrasing);
}

/* Phrases all findings; the first one is the title. */
static void phrase_findings(struct phrasing *phrasing)
{
    struct summary *summary = phrasing->summary;
    for (size_t i = 0; i < phrasing->findings->count; i++) {
        size_t end = say_finding(phrasing, &phrasing->findings->list[i]);
        if (i == 0) {
            summary->title = strdup(strbuf_text(&phrasing->text));
            summary->title_short = strndup(strbuf_text(&phrasing->text), end);
        }
        summary->finding[i] = take(phrasing);
    }
}

static void add_findings(struct phrasing *phrasing, size_t first)
{
    for (size_t i = first; i < phrasing->findings->count; i++) {
        say(phrasing, "%s", phrasing->summary->finding[i] == NULL ? "" : phrasing->summary->finding[i]);
        end_clause(phrasing);
    }
}

/* Returns all clauses after `start` (NULL if none). The caller frees the result. */
static char *join(struct phrasing *phrasing, const char *start)
{
    const struct summary *summary = phrasing->summary;
    if (start != NULL)
        say(phrasing, "%s", start);
    for (size_t i = 0; i < summary->clause_count; i++)
        say(phrasing, "%s%s", phrasing->text.length > 0 ? SUMMARY_SEPARATOR : "", summary->clause[i]);
    return take(phrasing);
}

bool summary_make(struct summary *summary, const struct trace *trace, const struct findings *findings,
                  const struct summary_terms *terms)
{
    struct phrasing phrasing = {.summary = summary, .trace = trace, .findings = findings, .terms = terms};
    bool is_titled = findings->count > 0 && !terms->has_title; /* by a finding */
    memset(summary, 0, sizeof *summary);
    phrase_findings(&phrasing);
    if (findings->count == 0)
        make_plain_title(&phrasing);
    if (findings->count > 0 && terms->has_title)
        add_findings(&phrasing, 0);
    say_extent(&phrasing, is_titled);
    say_against(&phrasing);
    if (is_titled)
        add_findings(&phrasing, 1);
    say_peaks(&phrasing);
    say_culprit(&phrasing);
    say_advice(&phrasing);
    if (summary->advice != NULL)
        say(&phrasing, "%s", summary->advice);
    end_clause(&phrasing);
    if (isfinite(terms->unused_limit_bytes)) {
        const struct unit *unit = unit_for(terms->unused_limit_bytes);
        char limit[VALUE_MAX];
        format_size(limit, sizeof limit, terms->unused_limit_bytes, unit->bytes, unit->name);
        say(&phrasing, "job limit %s", limit);
    }
    end_clause(&phrasing);
    say_starts(&phrasing);
    summary->subtitle = join(&phrasing, NULL);
    summary->line = join(&phrasing, is_titled ? summary->title : NULL);
    strbuf_free(&phrasing.text);
    return !phrasing.out_of_memory && summary->title != NULL && summary->title_short != NULL;
}

void summary_free(struct summary *summary)
{
    free(summary->title);
    free(summary->title_short);
    for (size_t i = 0; i < summary->clause_count; i++)
        free(summary->clause[i]);
    free(summary->clause);
    for (size_t i = 0; i < FINDING_KIND_COUNT; i++)
        free(summary->finding[i]);
    free(summary->advice);
    free(summary->subtitle);
    free(summary->line);
    memset(summary, 0, sizeof *summary);
}
