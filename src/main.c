/* main: owns the order of the calls, the messages and the exit status. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "font.h"
#include "input.h"
#include "layout.h"
#include "load.h"
#include "options.h"
#include "output.h"
#include "trace.h"
#include "units.h"
#include "verdict.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* The unit of the axis. */
struct axis_unit {
    char name[64];
    double size; /* of the trace's values */
    bool binary;
};

/* What drawing needs, for the callback of output_write. */
struct picture {
    const struct layout *layout;
    const struct trace *trace;
    const struct theme *theme;
    struct font *font;
};

static void print_error(const struct error *error)
{
    fputs("memtrace: ", stderr);
    if (error->file[0] != '\0') {
        fprintf(stderr, "%s:", error->file);
        if (error->line > 0)
            fprintf(stderr, "%lu:", error->line);
        fputc(' ', stderr);
    }
    fprintf(stderr, "%s\n", error->text);
}

static void tell(void *user, bool is_note, const struct error *error)
{
    const struct options *options = user;
    if (!is_note || !options->quiet)
        print_error(error);
}

static bool collect(const struct options *options, struct input_list *list, struct error *error)
{
    for (size_t i = 0; i < options->file_count; i++)
        if (!input_list_add(list, options->file[i], options->file_pattern, error))
            return false;
    return true;
}

/* The unit that was asked for, or the one in which the highest value drawn reads best. */
static void choose_unit(const struct options *options, const struct trace *trace,
                        struct axis_unit *unit)
{
    double input_bytes = options->load.unit_bytes > 0 ? options->load.unit_bytes : 1024;
    const struct unit *known =
        options->output_units != NULL ? unit_find(options->output_units) : NULL;
    if (trace->percent) {
        *unit = (struct axis_unit){"%", 1, false};
        return;
    }
    if (options->output_scale > 0) {
        unit->size = input_bytes * options->output_scale;
        snprintf(unit->name, sizeof unit->name, "%s",
                 options->output_units != NULL ? options->output_units : "");
        unit->binary = fmod(log2(unit->size), 10) == 0;
        return;
    }
    if (known == NULL) {
        double max = trace_max(trace, TRACE_MAIN);
        if (options->total)
            max = fmax(max, trace_max(trace, TRACE_TOTAL));
        if (options->swap)
            max = fmax(max, trace_max(trace, TRACE_SWAP));
        known = unit_for(max);
    }
    snprintf(unit->name, sizeof unit->name, "%s", known->name);
    unit->size = known->bytes;
    unit->binary = fmod(log2(known->bytes), 10) == 0;
}

static void draw_picture(void *user, cairo_t *cr)
{
    const struct picture *picture = user;
    draw_lines(cr, picture->layout, picture->trace, picture->theme, picture->font);
}

/* Lays out and writes the picture. */
static bool save_picture(const struct options *options, const struct trace *trace,
                         const struct axis_unit *unit, const char *path, const char *verdict,
                         struct error *error)
{
    char title[256];
    struct layout layout = {0};
    struct font *font = font_open(error);
    if (font == NULL)
        return false;
    verdict_title(title, sizeof title, trace);
    const struct layout_request request = {
        .width_px = options->size.width_px,
        .height_px = options->size.height_px,
        .title = options->title != NULL ? options->title : title,
        .subtitle = verdict,
        .unit = unit->name,
        .unit_size = unit->size,
        .unit_is_binary = unit->binary,
        .draw_total = options->total,
        .draw_swap = options->swap,
        .legend = options->legend,
        .limit = NAN,
        .measure = font_text_width,
        .measure_user = font,
    };
    bool ok = layout_lines(&layout, &request, trace) || error_set(error, NULL, 0, "out of memory");
    struct picture picture = {&layout, trace, theme_find(options->theme), font};
    if (ok)
        ok = output_write(path, options->format, &options->size, draw_picture, &picture, error);
    layout_free(&layout);
    font_close(font);
    return ok;
}

/* The nodes of the trace need an interval, from --samp or from their logs. */
static bool check_times(const struct trace *trace, struct error *error)
{
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (node->is_indexed && !isfinite(node->interval_s))
            return error_set(error, node->source, 0,
                             "the log carries no times: give the interval with --samp SECONDS");
    }
    return true;
}

/* Prints the verdict. False when stdout could not take it. */
static bool print_verdict(const char *verdict, struct error *error)
{
    if (puts(verdict) >= 0 && fflush(stdout) == 0)
        return true;
    return error_set(error, NULL, 0, "cannot write to standard output");
}

static int plot(const struct options *options, const struct trace *trace, struct error *error)
{
    char verdict[512];
    struct axis_unit unit;
    if (trace->count == 0) {
        error_set(error, NULL, 0, "nothing to draw: no log has a usable record");
        return EXIT_FAILED;
    }
    if (!check_times(trace, error))
        return EXIT_USAGE;
    size_t size = strlen(options->save) + sizeof ".png";
    char *path = malloc(size);
    if (path == NULL) {
        error_set(error, NULL, 0, "out of memory");
        return EXIT_FAILED;
    }
    snprintf(path, size, "%s%s", options->save, options->add_png ? ".png" : "");
    choose_unit(options, trace, &unit);
    verdict_line(verdict, sizeof verdict, trace, unit.name, unit.size);
    bool ok = save_picture(options, trace, &unit, path, verdict, error);
    /* A picture that goes to stdout leaves no place for words there. */
    if (ok && !options->quiet && strncmp(path, "/dev/", 5) != 0)
        ok = print_verdict(verdict, error);
    free(path);
    return ok ? EXIT_DONE : EXIT_FAILED;
}

static int run(struct options *options, struct error *error)
{
    int status = EXIT_FAILED;
    struct input_list list = {0};
    struct trace trace = {0};
    if (collect(options, &list, error) &&
        load_trace(&options->load, &list, &trace, tell, options, error)) {
        snprintf(trace.column, sizeof trace.column, "%s", options->column);
        status = plot(options, &trace, error);
    }
    trace_free(&trace);
    input_list_free(&list);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct error error = {0};
    int status = EXIT_DONE;
    if (!options_read(&options, argc, argv, &error)) {
        print_error(&error);
        fputs("Try 'memtrace --help' for more.\n", stderr);
        status = EXIT_USAGE;
    } else if (options.help || options.version) {
        fputs(options.help ? options_help() : "memtrace " MEMTRACE_VERSION "\n", stdout);
        status = fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    } else {
        status = run(&options, &error);
        if (status != EXIT_DONE)
            print_error(&error);
    }
    options_free(&options);
    return status;
}
