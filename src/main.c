/* main: owns the order of the calls, the messages and the exit status. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "export.h"
#include "font.h"
#include "input.h"
#include "load.h"
#include "marks.h"
#include "options.h"
#include "output.h"
#include "picture.h"
#include "report.h"
#include "scene.h"
#include "screen.h"
#include "terminal.h"
#include "trace.h"
#include "units.h"
#include "version.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_ABOVE = 3 };

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

/* Where reading stands, for the line of progress. */
struct progress {
    struct timespec start;
    bool shown;
};

/* Updates one line on the terminal, from the third second on. */
static void show_progress(void *user, uint64_t done_bytes, uint64_t all_bytes)
{
    struct progress *progress = user;
    struct timespec now;
    char left[32];
    clock_gettime(CLOCK_MONOTONIC, &now);
    double passed_s = (double)(now.tv_sec - progress->start.tv_sec) + (double)(now.tv_nsec - progress->start.tv_nsec) / 1e9;
    if (passed_s < 2 || done_bytes == 0 || done_bytes > all_bytes)
        return;
    format_duration(left, sizeof left, passed_s * (double)(all_bytes - done_bytes) / (double)done_bytes);
    fprintf(stderr, "\rmemtrace: read %.0f of %.0f MB, %.0f MB/s, %s left \033[K", (double)done_bytes / 1e6,
            (double)all_bytes / 1e6, (double)done_bytes / 1e6 / passed_s, left);
    progress->shown = true;
}

/* Loads the logs that operands name into a trace. */
static bool load(struct options *options, const char *const *operand, size_t count,
                 struct trace *trace, struct error *error)
{
    struct load_settings settings = options->load;
    struct input_list list = {0};
    struct progress progress = {.shown = false};
    bool ok = true;
    clock_gettime(CLOCK_MONOTONIC, &progress.start);
    if (!options->quiet && isatty(STDERR_FILENO)) {
        settings.progress = show_progress;
        settings.progress_user = &progress;
    }
    for (size_t i = 0; i < count; i++) {
        if (input_list_add(&list, operand[i], options->file_pattern, error))
            continue;
        ok = i + 1 < count || list.count > 0; /* there are, or may be, others to draw */
        if (ok)
            tell(options, false, error);
    }
    ok = ok && load_trace(&settings, &list, trace, tell, options, error);
    if (progress.shown)
        fputs("\r\033[K", stderr);
    snprintf(trace->column, sizeof trace->column, "%s", options->column);
    input_list_free(&list);
    return ok;
}

/* Lays out and writes the picture. */
static bool save_picture(const struct options *options, const struct trace *trace,
                         const struct layout_request *wanted, const char *path, struct error *error)
{
    struct picture picture = {0};
    struct layout_request request = *wanted;
    struct font *font = font_open(error);
    if (font == NULL)
        return false;
    request.width_px = options->size.width_px;
    request.height_px = options->size.height_px;
    request.measure = font_text_width;
    request.measure_user = font;
    bool ok = picture_open(&picture, &request, trace, options->view, theme_find(options->theme), font,
                           error) &&
              output_write(path, options->format, &options->size, picture_draw, &picture, error);
    picture_close(&picture);
    font_close(font);
    return ok;
}

/* Draws the trace in the terminal, or as plain text where stdout is none. A reader that has seen enough is no error. */
static bool show(const struct options *options, const struct trace *trace, const struct layout_request *request,
                 struct error *error)
{
    struct screen screen;
    struct cells cells;
    screen_find(&screen, STDOUT_FILENO, options->colour);
    size_t columns = screen.columns, rows = screen.rows;
    if (screen.is_terminal && rows > 1)
        rows--; /* for the prompt that follows */
    if (options->size_text != NULL) {
        columns = (size_t)options->size.width_px;
        rows = (size_t)options->size.height_px;
    }
    const enum theme_name theme = options->theme_given ? options->theme : screen.is_light ? THEME_LIGHT : THEME_DARK;
    const struct terminal_style style = {options->view, screen.colours, theme_find(theme)};
    bool ok = cells_init(&cells, columns, rows, options->ascii || screen.is_ascii) &&
              terminal_draw(&cells, request, trace, &style);
    if (!ok)
        error_set(error, NULL, 0, "out of memory");
    signal(SIGPIPE, SIG_IGN);
    if (ok)
        cells_print(stdout, &cells, screen.colours);
    if (ok && (fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE)
        ok = error_set(error, NULL, 0, "cannot write to standard output: %s", strerror(errno));
    cells_free(&cells);
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

/* Writes the picture to --save. */
static bool save(const struct options *options, const struct trace *trace, const struct layout_request *request,
                 struct error *error)
{
    char *path;
    if (asprintf(&path, "%s%s", options->save, options->add_png ? ".png" : "") < 0)
        return error_set(error, NULL, 0, "out of memory");
    bool ok = save_picture(options, trace, request, path, error);
    free(path);
    return ok;
}

static bool print_export(void *user, FILE *file, struct error *error)
{
    return export_csv(file, user, error);
}

static bool print_export_json(void *user, FILE *file, struct error *error)
{
    return export_json(file, user, error);
}

/* Whether a picture or an export goes to stdout, which leaves no place for words there. */
static bool is_stdout(const char *path)
{
    return path != NULL && strncmp(path, "/dev/", 5) == 0;
}

/* Whether the peak of a node lies above --fail-above, in percent of its total and in bytes. */
static bool is_above(const struct options *options, const struct trace *trace, const struct node *node)
{
    const struct series_stats *total = &node->line[TRACE_TOTAL].stats;
    double peak = node->line[TRACE_MAIN].stats.max;
    double percent = total->count > 0 && total->max > 0 ? 100 * peak / total->max : NAN;
    double bytes = trace->percent ? peak / 100 * node->line[TRACE_MEMORY].stats.max : peak;
    return percent > options->fail_above_percent || bytes > options->fail_above_bytes;
}

/* Names the node with the highest of the peaks above --fail-above. False when there is none. */
static bool find_above(const struct options *options, const struct trace *trace, const struct scene *scene,
                       struct error *error)
{
    const struct node *worst = NULL;
    size_t count = 0;
    char peak[96];
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (!is_above(options, trace, node))
            continue;
        count++;
        if (worst == NULL || node->line[TRACE_MAIN].stats.max > worst->line[TRACE_MAIN].stats.max)
            worst = node;
    }
    if (worst == NULL)
        return false;
    format_size(peak, sizeof peak, worst->line[TRACE_MAIN].stats.max, scene->unit_size, scene->unit);
    error_set(error, NULL, 0, "%zu of %zu nodes above --fail-above, highest %s with %s", count, trace->count,
              worst->name, peak);
    return true;
}

/* What must hold before anything is written. EXIT_DONE, or the status to end with. */
static int check(const struct options *options, const struct trace *trace, const struct trace *against,
                 struct error *error)
{
    if (trace->count == 0) {
        error_set(error, NULL, 0, "nothing to draw: no log has a usable record");
        return EXIT_FAILED;
    }
    if (!check_times(trace, error))
        return EXIT_USAGE;
    if (options->clock && !isfinite(trace->start_epoch_s)) {
        error_set(error, NULL, 0, "--clock needs logs that all tell their start");
        return EXIT_USAGE;
    }
    if (against != NULL && against->count == 0) {
        error_set(error, NULL, 0, "nothing to compare with: no log of --against has a usable record");
        return EXIT_FAILED;
    }
    return against == NULL || check_times(against, error) ? EXIT_DONE : EXIT_FAILED;
}

static struct scene_wish make_wish(const struct options *options, const struct trace *against)
{
    return (struct scene_wish){
        .title = options->title,
        .output_units = options->output_units,
        .output_scale = options->output_scale,
        .input_unit_bytes = options->load.unit_bytes,
        .limit_bytes = options->limit_bytes,
        .draw_total = options->total,
        .draw_swap = options->swap,
        .clock = options->clock,
        .legend = options->legend,
        .marks = &options->marks,
        .marks_file = options->marks_file,
        .marks_file_count = options->marks_file_count,
        .against = against,
    };
}

/* Writes what was asked for: picture, export, table, view in the terminal, verdict. */
static bool write_scene(const struct options *options, struct trace *trace, const struct scene *scene,
                        struct error *error)
{
    if (options->save != NULL && !save(options, trace, &scene->request, error))
        return false;
    if (options->export != NULL &&
        !output_data(options->export, options->export_is_json ? print_export_json : print_export, trace, error))
        return false;
    if (options->stats)
        return report_stats(stdout, trace, scene->request.against, options->stats_format, scene->unit, scene->unit_size,
                            error);
    if (options->save == NULL && options->export == NULL)
        return show(options, trace, &scene->request, error);
    return options->quiet || is_stdout(options->save) || is_stdout(options->export) ||
           print_verdict(scene->verdict, error);
}

/* Writes all that is wanted of the traces. */
static int write_all(const struct options *options, struct trace *trace, const struct trace *against,
                     struct error *error)
{
    const struct scene_wish wish = make_wish(options, against);
    struct scene scene = {0};
    int status = check(options, trace, against, error);
    if (status == EXIT_DONE && (!scene_make(&scene, &wish, trace, error) || !write_scene(options, trace, &scene, error)))
        status = EXIT_FAILED;
    if (status == EXIT_DONE && find_above(options, trace, &scene, error))
        status = EXIT_ABOVE;
    scene_free(&scene);
    return status;
}

static int run(struct options *options, struct error *error)
{
    int status = EXIT_FAILED;
    struct trace trace = {0}, against = {0};
    if (load(options, options->file, options->file_count, &trace, error) &&
        load(options, options->against, options->against_count, &against, error))
        status = write_all(options, &trace, options->against_count > 0 ? &against : NULL, error);
    trace_free(&trace);
    trace_free(&against);
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
        char version[512];
        version_text(version, sizeof version);
        fputs(options.help ? options_help() : version, stdout);
        status = fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    } else {
        status = run(&options, &error);
        if (status != EXIT_DONE)
            print_error(&error);
    }
    options_free(&options);
    return status;
}
