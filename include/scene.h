/* scene: what is to be shown of a trace: the unit, the events, the verdict and the request that layouts take. */
#ifndef MEMTRACE_SCENE_H
#define MEMTRACE_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "layout.h"
#include "marks.h"
#include "trace.h"

/* What the user wants. Nothing is owned. */
struct scene_wish {
    const char *title;        /* NULL: made from the data */
    const char *output_units; /* NULL: chosen from the data */
    double output_scale;      /* the logs' numbers are divided by it, 0: by the unit's size */
    double input_unit_bytes;  /* of the logs' numbers, 0: KiB */
    double limit_bytes;       /* NaN: of the job, if known; INFINITY: none */
    bool draw_total, draw_swap, clock;
    enum legend_mode legend;
    const struct marks *marks;
    const char *const *marks_file; /* read each time */
    size_t marks_file_count;
    const struct trace *against; /* NULL: none */
};

/* A scene. It must not be moved: the request points into it. */
struct scene {
    char unit[64];
    double unit_size;
    char verdict[1024], title[256], limit_text[128];
    struct marks marks;            /* Owned. */
    struct layout_request request; /* but for size and measure */
};

/* Makes it of a finished trace that is not empty. False in `error`, of marks alone. scene_free must be called in any
 * case. */
bool scene_make(struct scene *scene, const struct scene_wish *wish, const struct trace *trace, struct error *error);

/* Frees what the scene owns and zeroes it. */
void scene_free(struct scene *scene);

#endif
