/* SPDX-License-Identifier: MIT */
/* figure_spec: chooses what a plot of a trace shows: the unit, the limit, the texts. Independent of plots, paths and
 * options. */
#include "figure/figure_spec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/summary.h"
#include "base/units.h"

/* Returns the limits known from outside the logs. */
static struct findings_terms find_terms(const struct figure_wish *wish)
{
    struct findings_terms terms = {.limit_bytes = wish->limit_bytes, .job_limit_bytes = NAN};
    const char *slurm = getenv("SLURM_MEM_PER_NODE");
    double megabytes;
    if (slurm != NULL && parse_number(slurm, &megabytes) && megabytes > 0)
        terms.job_limit_bytes = megabytes * 1024 * 1024;
    return terms;
}

/* The limit that applies to all nodes, in the trace's values; NaN if there is none. */
static double common_limit(const struct trace *trace, const struct findings_terms *terms)
{
    double limit = findings_limit(trace, &trace->node[0], terms);
    for (size_t i = 1; i < trace->count; i++)
        if (findings_limit(trace, &trace->node[i], terms) != limit)
            return NAN;
    return limit;
}

/* The job's limit if it is only mentioned, because the job shares its nodes; NaN if there is none. */
static double unused_limit(const struct trace *trace, const struct findings_terms *terms)
{
    double limit = isfinite(trace->node[0].job_limit_bytes) ? trace->node[0].job_limit_bytes : terms->job_limit_bytes;
    if (!isnan(terms->limit_bytes) || !trace_is_used(trace))
        return NAN;
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if ((isfinite(node->job_limit_bytes) ? node->job_limit_bytes : terms->job_limit_bytes) != limit ||
            isfinite(findings_limit(trace, node, terms)))
            return NAN;
    }
    return limit;
}

/* The requested unit, or the one in which the highest value drawn reads best. */
static void choose_unit(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                        double limit)
{
    const struct unit *known = wish->output_units != NULL ? unit_find(wish->output_units) : NULL;
    if (trace->percent) {
        figure_spec->unit_size = 1;
        snprintf(figure_spec->unit, sizeof figure_spec->unit, "%%");
        return;
    }
    if (wish->output_scale > 0) {
        figure_spec->unit_size = (wish->input_unit_bytes > 0 ? wish->input_unit_bytes : 1024) * wish->output_scale;
        snprintf(figure_spec->unit, sizeof figure_spec->unit, "%s",
                 wish->output_units != NULL ? wish->output_units : "");
        return;
    }
    if (known == NULL) {
        double max = trace_max(trace, TRACE_MAIN);
        if (wish->draw_total)
            max = fmax(max, trace_max(trace, TRACE_TOTAL));
        if (isfinite(limit))
            max = fmax(max, limit);
        if (wish->draw_swap)
            max = fmax(max, trace_max(trace, TRACE_SWAP));
        known = unit_for(max);
    }
    snprintf(figure_spec->unit, sizeof figure_spec->unit, "%s", known->name);
    figure_spec->unit_size = known->bytes;
}

/* Collects the events given by the user, in files and in the logs. */
static bool collect_events(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                           struct error *error)
{
    if (!events_copy(&figure_spec->events, wish->events))
        return error_memory(error, NULL);
    for (size_t i = 0; i < wish->events_file_count; i++)
        if (!events_read(&figure_spec->events, wish->events_file[i], error))
            return false;
    return events_place(&figure_spec->events, trace, error);
}

static void fill_request(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                         double limit)
{
    char size[96];
    format_size(size, sizeof size, limit, figure_spec->unit_size, figure_spec->unit);
    snprintf(figure_spec->limit_text, sizeof figure_spec->limit_text, "limit %s", size);
    figure_spec->request = (struct layout_request){
        .members = trace_members(trace),
        .unit = figure_spec->unit,
        .unit_size = figure_spec->unit_size,
        .unit_is_binary = !trace->percent && fmod(log2(figure_spec->unit_size), 10) == 0,
        .draw_total = wish->draw_total,
        .draw_swap = wish->draw_swap,
        .legend = wish->legend,
        .limit = limit,
        .limit_is_given = isfinite(wish->limit_bytes),
        .heat = wish->heat,
        .limit_text = figure_spec->limit_text,
        .event = figure_spec->events.event,
        .event_count = figure_spec->events.count,
        .against = wish->against,
        .findings = &figure_spec->findings,
        .clock_epoch_s = wish->clock ? trace->start_epoch_s : NAN,
        .clock_zone_s = NAN, /* local time */
    };
}

/* Moves marks slightly before the first or after the last sample to that sample: `date +%s` truncates fractions of a
 * second, and the last sample may be an interval old. Counts the others that are outside the plot. */
static void fit_events(struct figure_spec *figure_spec, const struct trace *trace)
{
    double interval_s = trace_interval(trace), near_s = fmax(isfinite(interval_s) ? interval_s : 1, 1);
    figure_spec->request.events_outside = 0;
    for (size_t i = 0; i < figure_spec->events.count; i++) {
        double *time_s = &figure_spec->events.event[i].time_s;
        if (*time_s<trace->begin_s && * time_s> trace->begin_s - near_s)
            *time_s = trace->begin_s;
        else if (*time_s > trace->end_s && *time_s < trace->end_s + near_s)
            *time_s = trace->end_s;
        else if (*time_s < trace->begin_s || *time_s > trace->end_s)
            figure_spec->request.events_outside++;
    }
}

/* Finds and phrases the trace's findings. */
static bool summarize(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                      const struct findings_terms *limits)
{
    struct layout_request *request = &figure_spec->request;
    const struct summary_terms terms = {
        .unit = figure_spec->unit,
        .unit_size = figure_spec->unit_size,
        .limit = request->limit,
        .unused_limit_bytes = unused_limit(trace, limits),
        .clock_epoch_s = request->clock_epoch_s,
        .clock_zone_s = request->clock_zone_s,
        .against = wish->against,
        .has_title = wish->title != NULL,
    };
    if (!findings_find(&figure_spec->findings, trace, limits) ||
        !summary_make(&figure_spec->summary, trace, &figure_spec->findings, &terms))
        return false;
    request->title = wish->title != NULL ? wish->title : figure_spec->summary.title;
    request->title_short = wish->title != NULL ? wish->title : figure_spec->summary.title_short;
    request->subtitle = figure_spec->summary.subtitle;
    return true;
}

bool figure_spec_make(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                      struct error *error)
{
    const struct findings_terms limits = find_terms(wish);
    double limit = common_limit(trace, &limits);
    memset(figure_spec, 0, sizeof *figure_spec);
    figure_spec->limits = limits;
    if (!collect_events(figure_spec, wish, trace, error))
        return false;
    choose_unit(figure_spec, wish, trace, limit);
    fill_request(figure_spec, wish, trace, limit);
    fit_events(figure_spec, trace);
    return summarize(figure_spec, wish, trace, &limits) || error_memory(error, NULL);
}

void figure_spec_free(struct figure_spec *figure_spec)
{
    events_free(&figure_spec->events);
    findings_free(&figure_spec->findings);
    summary_free(&figure_spec->summary);
    memset(figure_spec, 0, sizeof *figure_spec);
}
