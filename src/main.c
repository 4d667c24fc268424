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
#include "screen.h"
#include "terminal.h"
#include "trace.h"
#include "units.h"
#include "verdict.h"
#include "version.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_ABOVE = 3 };

/* The unit of the axis. */
struct axis_unit {
    char name[64];
    double size; /* of the trace's values */
    bool binary;
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

/* The limit of the job in the trace's values, NaN for none: that of --limit, else that of the logs where all agree, else Slurm's. */
static double find_limit(const struct options *options, const struct trace *trace)
{
    double limit = options->limit_bytes;
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
        double limit = find_limit(options, trace);
        if (options->total)
            max = fmax(max, trace_max(trace, TRACE_TOTAL));
        if (isfinite(limit))
            max = fmax(max, limit);
        if (options->swap)
            max = fmax(max, trace_max(trace, TRACE_SWAP));
        known = unit_for(max);
    }
    snprintf(unit->name, sizeof unit->name, "%s", known->name);
    unit->size = known->bytes;
    unit->binary = fmod(log2(known->bytes), 10) == 0;
}

/* What local time is ahead of UTC at a time since the epoch. */
static double zone_at(double epoch_s)
{
    time_t clock = (time_t)epoch_s;
    struct tm tm;
    return localtime_r(&clock, &tm) == NULL ? 0 : (double)tm.tm_gmtoff;
}

/* Reads the events of files and places them all. */
static bool collect_marks(struct options *options, const struct trace *trace, struct error *error)
{
    for (size_t i = 0; i < options->marks_file_count; i++)
        if (!marks_read(&options->marks, options->marks_file[i], error))
            return false;
    return marks_place(&options->marks, trace, error);
}

/* The texts of a request. */
struct wording {
    char title[256], limit[128];
};

/* What the picture shall be, but for its size. `wording` must live as long as the request. */
static struct layout_request make_request(const struct options *options, const struct trace *trace,
                                          const struct trace *against, const struct axis_unit *unit,
                                          const char *verdict, struct wording *wording)
{
    char size[96];
    double limit = find_limit(options, trace);
    verdict_title(wording->title, sizeof wording->title, trace);
    format_size(size, sizeof size, limit, unit->size, unit->name);
    snprintf(wording->limit, sizeof wording->limit, "limit %s", size);
    return (struct layout_request){
        .title = options->title != NULL ? options->title : wording->title,
        .subtitle = verdict,
        .unit = unit->name,
        .unit_size = unit->size,
        .unit_is_binary = unit->binary,
        .draw_total = options->total,
        .draw_swap = options->swap,
        .legend = options->legend,
        .limit = limit,
        .limit_text = wording->limit,
        .mark = options->marks.mark,
        .mark_count = options->marks.count,
        .against = against,
        .clock_epoch_s = options->clock ? trace->start_epoch_s : NAN,
        .clock_zone_s = options->clock ? zone_at(trace->start_epoch_s) : 0,
    };
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
static bool find_above(const struct options *options, const struct trace *trace, const struct axis_unit *unit,
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
    format_size(peak, sizeof peak, worst->line[TRACE_MAIN].stats.max, unit->size, unit->name);
    error_set(error, NULL, 0, "%zu of %zu nodes above --fail-above, highest %s with %s", count, trace->count,
              worst->name, peak);
    return true;
}

/* What must hold before anything is written. EXIT_DONE, or the status to end with. */
static int check(struct options *options, const struct trace *trace, struct error *error)
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
    return collect_marks(options, trace, error) ? EXIT_DONE : EXIT_FAILED;
}

/* Writes picture, export, table and verdict, whichever are wanted. */
static int write_all(struct options *options, struct trace *trace, const struct trace *against,
                     struct error *error)
{
    char verdict[1024];
    struct axis_unit unit;
    int status = check(options, trace, error);
    if (status != EXIT_DONE)
        return status;
    if (against != NULL && (against->count == 0 || !check_times(against, error))) {
        if (against->count == 0)
            error_set(error, NULL, 0, "nothing to compare with: no log of --against has a usable record");
        return EXIT_FAILED;
    }
    choose_unit(options, trace, &unit);
    const struct verdict_terms terms = {
        .unit = unit.name,
        .unit_size = unit.size,
        .limit = find_limit(options, trace),
        .clock_epoch_s = options->clock ? trace->start_epoch_s : NAN,
        .clock_zone_s = options->clock ? zone_at(trace->start_epoch_s) : 0,
        .against = against,
    };
    verdict_line(verdict, sizeof verdict, trace, &terms);
    struct wording wording;
    const struct layout_request request = make_request(options, trace, against, &unit, verdict, &wording);
    bool is_shown = options->save == NULL && options->export == NULL && !options->stats;
    bool ok = options->save == NULL || save(options, trace, &request, error);
    if (ok && options->export != NULL)
        ok = output_data(options->export, options->export_is_json ? print_export_json : print_export, trace, error);
    if (ok && options->stats)
        ok = report_stats(stdout, trace, against, options->stats_format, unit.name, unit.size, error);
    else if (ok && is_shown)
        ok = show(options, trace, &request, error);
    else if (ok && !options->quiet && !is_stdout(options->save) && !is_stdout(options->export))
        ok = print_verdict(verdict, error);
    if (!ok)
        return EXIT_FAILED;
    return find_above(options, trace, &unit, error) ? EXIT_ABOVE : EXIT_DONE;
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
