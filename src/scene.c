/* scene: owns the choices between a trace and its picture: the unit, the limit, the words. Knows no picture, path or
 * option. */
#include "scene.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "units.h"
#include "verdict.h"

/* The limit of the job in the trace's values, NaN for none: that of --limit, else that of the logs where all agree,
 * else Slurm's. */
static double find_limit(const struct scene_wish *wish, const struct trace *trace)
{
    double limit = wish->limit_bytes;
    double megabytes;
    const char *slurm = getenv("SLURM_MEM_PER_NODE");
    if (trace->percent || strcmp(trace->column, "used") != 0)
        return NAN;
    if (isnan(limit)) {
        limit = trace->node[0].limit_bytes;
        for (size_t i = 1; i < trace->count; i++)
            if (trace->node[i].limit_bytes != limit)
                limit = NAN;
    }
    if (isnan(limit) && slurm != NULL && parse_number(slurm, &megabytes) && megabytes > 0)
        limit = megabytes * 1024 * 1024;
    return limit;
}

/* The unit that was asked for, or the one in which the highest value drawn reads best. */
static void choose_unit(struct scene *scene, const struct scene_wish *wish, const struct trace *trace, double limit)
{
    const struct unit *known = wish->output_units != NULL ? unit_find(wish->output_units) : NULL;
    if (trace->percent) {
        scene->unit_size = 1;
        snprintf(scene->unit, sizeof scene->unit, "%%");
        return;
    }
    if (wish->output_scale > 0) {
        scene->unit_size = (wish->input_unit_bytes > 0 ? wish->input_unit_bytes : 1024) * wish->output_scale;
        snprintf(scene->unit, sizeof scene->unit, "%s", wish->output_units != NULL ? wish->output_units : "");
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
    snprintf(scene->unit, sizeof scene->unit, "%s", known->name);
    scene->unit_size = known->bytes;
}

/* What local time is ahead of UTC at a time since the epoch. */
static double zone_at(double epoch_s)
{
    time_t clock = (time_t)epoch_s;
    struct tm tm;
    return localtime_r(&clock, &tm) == NULL ? 0 : (double)tm.tm_gmtoff;
}

/* Collects the events that the user gave, those of files and those of the logs. */
static bool collect_marks(struct scene *scene, const struct scene_wish *wish, const struct trace *trace,
                          struct error *error)
{
    if (!marks_copy(&scene->marks, wish->marks))
        return error_set(error, NULL, 0, "out of memory");
    for (size_t i = 0; i < wish->marks_file_count; i++)
        if (!marks_read(&scene->marks, wish->marks_file[i], error))
            return false;
    return marks_place(&scene->marks, trace, error);
}

static void fill_request(struct scene *scene, const struct scene_wish *wish, const struct trace *trace, double limit)
{
    char size[96];
    verdict_title(scene->title, sizeof scene->title, trace);
    format_size(size, sizeof size, limit, scene->unit_size, scene->unit);
    snprintf(scene->limit_text, sizeof scene->limit_text, "limit %s", size);
    scene->request = (struct layout_request){
        .title = wish->title != NULL ? wish->title : scene->title,
        .subtitle = scene->verdict,
        .unit = scene->unit,
        .unit_size = scene->unit_size,
        .unit_is_binary = !trace->percent && fmod(log2(scene->unit_size), 10) == 0,
        .draw_total = wish->draw_total,
        .draw_swap = wish->draw_swap,
        .legend = wish->legend,
        .limit = limit,
        .limit_text = scene->limit_text,
        .mark = scene->marks.mark,
        .mark_count = scene->marks.count,
        .against = wish->against,
        .clock_epoch_s = wish->clock ? trace->start_epoch_s : NAN,
        .clock_zone_s = wish->clock ? zone_at(trace->start_epoch_s) : 0,
    };
}

bool scene_make(struct scene *scene, const struct scene_wish *wish, const struct trace *trace, struct error *error)
{
    double limit = find_limit(wish, trace);
    memset(scene, 0, sizeof *scene);
    if (!collect_marks(scene, wish, trace, error))
        return false;
    choose_unit(scene, wish, trace, limit);
    fill_request(scene, wish, trace, limit);
    const struct verdict_terms terms = {
        .unit = scene->unit,
        .unit_size = scene->unit_size,
        .limit = limit,
        .clock_epoch_s = scene->request.clock_epoch_s,
        .clock_zone_s = scene->request.clock_zone_s,
        .against = wish->against,
    };
    verdict_line(scene->verdict, sizeof scene->verdict, trace, &terms);
    return true;
}

void scene_free(struct scene *scene)
{
    marks_free(&scene->marks);
    memset(scene, 0, sizeof *scene);
}
