/* figure_spec: owns the choices between a trace and its picture: the unit, the limit, the words. Knows no picture, path
 * or option. */
#include "figure/figure_spec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/summary.h"
#include "base/units.h"

/* Whether the quantity is what a job's limit, or that of --limit, is of. */
static bool is_limited(enum freelog_column quantity)
{
    return quantity == FREELOG_USED || quantity == FREELOG_TOTAL_AVAILABLE || quantity == FREELOG_JOB_USED;
}

/* The limit of the job in the trace's values, NaN for none: that of --limit, else that of the logs where all agree,
 * else Slurm's. */
static double find_limit(const struct figure_wish *wish, const struct trace *trace)
{
    double limit = wish->limit_bytes;
    double megabytes;
    const char *slurm = getenv("SLURM_MEM_PER_NODE");
    if (trace->percent || !is_limited(trace->quantity))
        return NAN;
    if (!isnan(limit))
        return limit;
    limit = trace->node[0].job_limit_bytes;
    for (size_t i = 1; i < trace->count; i++)
        if (trace->node[i].job_limit_bytes != limit)
            limit = NAN;
    if (isnan(limit) && slurm != NULL && parse_number(slurm, &megabytes) && megabytes > 0)
        limit = megabytes * 1024 * 1024;
    return trace_limit_applies(trace, limit) ? limit : NAN;
}

/* The unit that was asked for, or the one in which the highest value drawn reads best. */
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

/* What local time is ahead of UTC at a time since the epoch. */
static double zone_at(double epoch_s)
{
    time_t clock = (time_t)epoch_s;
    struct tm tm;
    return localtime_r(&clock, &tm) == NULL ? 0 : (double)tm.tm_gmtoff;
}

/* Collects the events that the user gave, those of files and those of the logs. */
static bool collect_events(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                           struct error *error)
{
    if (!events_copy(&figure_spec->events, wish->events))
        return error_set(error, NULL, 0, "out of memory");
    for (size_t i = 0; i < wish->events_file_count; i++)
        if (!events_read(&figure_spec->events, wish->events_file[i], error))
            return false;
    return events_place(&figure_spec->events, trace, error);
}

static void fill_request(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                         double limit)
{
    char size[96];
    summary_title(figure_spec->title, sizeof figure_spec->title, trace);
    format_size(size, sizeof size, limit, figure_spec->unit_size, figure_spec->unit);
    snprintf(figure_spec->limit_text, sizeof figure_spec->limit_text, "limit %s", size);
    figure_spec->request = (struct layout_request){
        .title = wish->title != NULL ? wish->title : figure_spec->title,
        .subtitle = figure_spec->summary,
        .unit = figure_spec->unit,
        .unit_size = figure_spec->unit_size,
        .unit_is_binary = !trace->percent && fmod(log2(figure_spec->unit_size), 10) == 0,
        .draw_total = wish->draw_total,
        .draw_swap = wish->draw_swap,
        .legend = wish->legend,
        .limit = limit,
        .limit_text = figure_spec->limit_text,
        .event = figure_spec->events.event,
        .event_count = figure_spec->events.count,
        .against = wish->against,
        .clock_epoch_s = wish->clock ? trace->start_epoch_s : NAN,
        .clock_zone_s = isfinite(trace->start_epoch_s) ? zone_at(trace->start_epoch_s) : 0,
    };
}

bool figure_spec_make(struct figure_spec *figure_spec, const struct figure_wish *wish, const struct trace *trace,
                      struct error *error)
{
    double limit = find_limit(wish, trace);
    memset(figure_spec, 0, sizeof *figure_spec);
    if (!collect_events(figure_spec, wish, trace, error))
        return false;
    choose_unit(figure_spec, wish, trace, limit);
    fill_request(figure_spec, wish, trace, limit);
    const struct summary_terms terms = {
        .unit = figure_spec->unit,
        .unit_size = figure_spec->unit_size,
        .limit = limit,
        .clock_epoch_s = figure_spec->request.clock_epoch_s,
        .clock_zone_s = figure_spec->request.clock_zone_s,
        .against = wish->against,
    };
    summary_line(figure_spec->summary, sizeof figure_spec->summary, trace, &terms);
    return true;
}

void figure_spec_free(struct figure_spec *figure_spec)
{
    events_free(&figure_spec->events);
    memset(figure_spec, 0, sizeof *figure_spec);
}
