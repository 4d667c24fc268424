/* SPDX-License-Identifier: MIT */
/* options: the parsed command line. Only main and options include this. */
#ifndef MEMTRACE_CLI_OPTIONS_H
#define MEMTRACE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/stats_table.h"
#include "base/error.h"
#include "cli/labels.h"
#include "draw/draw.h"
#include "draw/output.h"
#include "draw/picture.h"
#include "figure/layout.h"
#include "load/load.h"
#include "model/events.h"
#include "term/caps.h"
#include "term/image.h"

/* What the user wants. Texts are borrowed from argv; options_free frees what is owned. */
struct options {
    const char **file; /* The array is owned. */
    size_t file_count;
    const char **against;             /* logs of other runs. The array is owned. */
    size_t against_end[RUNS_MAX + 1]; /* end of each baseline's logs in `against`; entry 0 is unused and 0 */
    size_t run_count;
    const char **label; /* values of --label. The array is owned. */
    size_t label_count;
    struct labels labels; /* Owned. */
    const char *file_pattern;
    struct load_settings load;
    const char *save; /* NULL: the terminal */
    enum output_format format;
    bool add_png; /* the name given has no extension */
    bool swap, total, quiet;
    enum legend_mode legend;
    enum view view;
    enum heat_mode heat;
    double limit_bytes;       /* NaN: the job's limit, if known; INFINITY: no limit is drawn */
    struct events events;     /* of --mark. Owned. */
    const char **events_file; /* of --marks. The array is owned. */
    size_t events_file_count;
    bool clock;
    bool stats; /* print a table instead of the summary */
    enum stats_format stats_format;
    const char *export; /* NULL: none */
    bool export_is_json;
    double fail_above_bytes, fail_above_percent,
        fail_above_limit_percent; /* of the total, the limit; NaN: not wanted */
    const char *output_units;     /* NULL: chosen automatically */
    double output_scale;          /* 0: none */
    const char *title;            /* NULL: generated from the data */
    struct output_size size;
    const char *size_text; /* as given, NULL if not: terminal cells, or pixels with --save */
    enum theme_name theme;
    bool theme_given;
    enum colour_wish colour;
    enum image_protocol graphics; /* pictures in the terminal */
    double follow_s;              /* between two redraws of growing logs; 0: logs are not followed */
    bool follow_given;            /* --follow was given, not just implied */
    bool ascii;
    bool help, version; /* requested; nothing else is checked then */
};

/* Reads the command line. Returns false with a one-line reason in `error` for an unknown option, a bad value, or
 * options that contradict each other. options_free must be called in any case. */
bool options_read(struct options *options, int argc, char **argv, struct error *error);

/* Frees what options_read allocated; accepts a zeroed one. */
void options_free(struct options *options);

/* Prints the text of --help. */
void options_help(FILE *file);

#endif
