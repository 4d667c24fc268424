/* main: owns the order of the calls, the messages and the exit status. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "export.h"
#include "follow.h"
#include "font.h"
#include "graphics.h"
#include "input.h"
#include "load.h"
#include "marks.h"
#include "monotonic.h"
#include "options.h"
#include "output.h"
#include "picture.h"
#include "report.h"
#include "scene.h"
#include "screen.h"
#include "terminal.h"
#include "trace.h"
#include "tty.h"
#include "units.h"
#include "version.h"

#define STATUS_ROWS_LEAST 12 /* a lower screen has no line that says how to end */

#define SHARE_MOST   0.01 /* of the time goes to drawing, unless an interval was given */
#define PAUSE_MOST_S 10.0
#define ANSWER_S     2.0 /* a terminal far away has so long to answer */

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
    double passed_s =
        (double)(now.tv_sec - progress->start.tv_sec) + (double)(now.tv_nsec - progress->start.tv_nsec) / 1e9;
    if (passed_s < 2 || done_bytes == 0 || done_bytes > all_bytes)
        return;
    format_duration(left, sizeof left, passed_s * (double)(all_bytes - done_bytes) / (double)done_bytes);
    fprintf(stderr, "\rmemtrace: read %.0f of %.0f MB, %.0f MB/s, %s left \033[K", (double)done_bytes / 1e6,
            (double)all_bytes / 1e6, (double)done_bytes / 1e6 / passed_s, left);
    progress->shown = true;
}

/* Loads the logs that operands name into a trace. */
static bool load(struct options *options, const char *const *operand, size_t count, struct trace *trace,
                 struct error *error)
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

/* Lays out a picture of this size. close_picture must be called in any case; both start zeroed. */
static bool open_picture(struct picture *picture, struct font **font, const struct options *options,
                         const struct output_size *size, enum theme_name theme, const struct trace *trace,
                         const struct layout_request *wanted, struct error *error)
{
    struct layout_request request = *wanted;
    *font = font_open(error);
    if (*font == NULL)
        return false;
    request.width_px = size->width_px;
    request.height_px = size->height_px;
    request.measure = font_text_width;
    request.measure_user = *font;
    return picture_open(picture, &request, trace, options->view, theme_find(theme), *font, error);
}

static void close_picture(struct picture *picture, struct font *font)
{
    picture_close(picture);
    if (font != NULL)
        font_close(font);
}

/* Lays out and writes the picture. */
static bool save_picture(const struct options *options, const struct trace *trace, const struct layout_request *request,
                         const char *path, struct error *error)
{
    struct picture picture = {0};
    struct font *font = NULL;
    bool ok = open_picture(&picture, &font, options, &options->size, options->theme, trace, request, error) &&
              output_write(path, options->format, &options->size, picture_draw, &picture, error);
    close_picture(&picture, font);
    return ok;
}

/* How a trace is to be drawn in a terminal. */
static struct terminal_style make_style(const struct options *options, const struct screen *screen)
{
    const enum theme_name theme = options->theme_given ? options->theme : screen->is_light ? THEME_LIGHT : THEME_DARK;
    return (struct terminal_style){options->view, screen->colours, theme_find(theme)};
}

/* The protocol for a picture in the terminal, GRAPHICS_NONE where it does not say that it knows the one wanted. What is
 * no terminal gets the one that is named. Tells of a light ground on the way. */
static enum graphics find_graphics(const struct options *options, struct screen *screen)
{
    struct answers answers = {0};
    struct error note = {0};
    enum graphics wanted = options->graphics;
    if (wanted == GRAPHICS_NONE || (wanted == GRAPHICS_AUTO && !screen->is_terminal))
        return GRAPHICS_NONE;
    if (!screen->is_terminal)
        return wanted;
    if (!screen->is_dumb)
        ask_terminal(&answers, ANSWER_S);
    screen->is_light = answers.knows_ground ? answers.is_light : screen->is_light;
    const bool can[] = {
        [GRAPHICS_KITTY] = answers.kitty, [GRAPHICS_ITERM] = answers.iterm, [GRAPHICS_SIXEL] = answers.sixel};
    for (unsigned int kind = GRAPHICS_KITTY; kind <= GRAPHICS_SIXEL; kind++)
        if (can[kind] && (wanted == GRAPHICS_AUTO || wanted == (enum graphics)kind))
            return (enum graphics)kind;
    error_set(&note, NULL, 0, "this terminal does not say that it shows such pictures: drawn in characters");
    if (wanted != GRAPHICS_AUTO)
        tell((void *)options, true, &note);
    return GRAPHICS_NONE;
}

static bool take_graphics(void *user, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes)
{
    return graphics_write(stdout, *(const enum graphics *)user, pixels, width_px, height_px, stride_bytes);
}

/* Draws a picture of so many cells between the lines of the terminal. */
static bool show_picture(const struct options *options, const struct screen *screen, enum graphics protocol,
                         size_t columns, size_t rows, const struct trace *trace, const struct layout_request *request,
                         struct error *error)
{
    struct picture picture = {0};
    struct font *font = NULL;
    const enum theme_name theme = options->theme_given ? options->theme : screen->is_light ? THEME_LIGHT : THEME_DARK;
    const double zoom = fmin(fmax(rint(screen->cell_height_px / 10) / 2, 1), 4); /* texts as high as the terminal's */
    const double width = floor((double)columns * screen->cell_width_px / zoom);
    const double height = floor((double)rows * screen->cell_height_px / zoom);
    const struct output_size size = {fmax(width, 200), fmax(fmin(height, 0.6 * width), 150), zoom};
    bool ok = open_picture(&picture, &font, options, &size, theme, trace, request, error) &&
              output_pixels("standard output", &size, picture_draw, &picture, take_graphics, &protocol, error);
    close_picture(&picture, font);
    return ok;
}

/* Draws the trace in characters, or as plain text where stdout is no terminal. */
static bool show_cells(const struct options *options, const struct screen *screen, size_t columns, size_t rows,
                       const struct trace *trace, const struct layout_request *request, struct error *error)
{
    struct cells cells;
    const struct terminal_style style = make_style(options, screen);
    bool ok = cells_init(&cells, columns, rows, options->ascii || screen->is_ascii) &&
              terminal_draw(&cells, request, trace, &style);
    if (ok)
        cells_print(stdout, &cells, screen->colours);
    cells_free(&cells);
    return ok || error_set(error, NULL, 0, "out of memory");
}

/* Shows the trace in the terminal. A reader that has seen enough is no error. */
static bool show(const struct options *options, const struct trace *trace, const struct layout_request *wanted,
                 struct error *error)
{
    struct screen screen;
    struct layout_request request = *wanted;
    screen_find(&screen, STDOUT_FILENO, options->colour);
    size_t columns = screen.columns, rows = screen.rows;
    if (screen.is_terminal && rows > 1)
        rows--; /* for the prompt that follows */
    if (options->size_text != NULL) {
        columns = (size_t)options->size.width_px;
        rows = (size_t)options->size.height_px;
    }
    if (options->quiet)
        request.subtitle = "";
    enum graphics protocol = find_graphics(options, &screen);
    signal(SIGPIPE, SIG_IGN);
    bool ok = protocol != GRAPHICS_NONE
                  ? show_picture(options, &screen, protocol, columns, rows, trace, &request, error)
                  : show_cells(options, &screen, columns, rows, trace, &request, error);
    bool is_written = fflush(stdout) == 0 && !ferror(stdout);
    if (!is_written && errno == EPIPE)
        return true;
    return ok && (is_written || error_set(error, NULL, 0, "cannot write to standard output: %s", strerror(errno)));
}

/* The nodes of the trace need an interval, from --samp or from their logs. */
static bool check_times(const struct trace *trace, struct error *error)
{
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (node->is_indexed && !isfinite(node->interval_s))
            return error_set(error, node->source, 0, "the log carries no times: give the interval with --samp SECONDS");
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
    if (status == EXIT_DONE &&
        (!scene_make(&scene, &wish, trace, error) || !write_scene(options, trace, &scene, error)))
        status = EXIT_FAILED;
    if (status == EXIT_DONE && find_above(options, trace, &scene, error))
        status = EXIT_ABOVE;
    scene_free(&scene);
    return status;
}

/* ---- following logs that grow ---- */

/* What is watched, and where. */
struct watch {
    const struct options *options;
    const struct trace *against;
    struct follow *follow;
    struct tty *tty;
    struct screen screen;
    struct cells frame; /* what is shown */
    bool has_screen;    /* else --save is rewritten, or nothing shown before the end */
    double changed_s;   /* when there was something new */
};

/* Whether logs are followed: where that was asked for, or a pipe is to be drawn in a terminal. */
static bool wants_follow(const struct options *options)
{
    struct stat status;
    struct screen screen;
    bool is_piped = false;
    if (options->follow_s > 0)
        return true;
    for (size_t i = 0; i < options->file_count; i++)
        is_piped |= strcmp(options->file[i], "-") == 0;
    if (!is_piped || options->save != NULL || options->export != NULL || options->stats ||
        fstat(STDIN_FILENO, &status) != 0)
        return false;
    screen_find(&screen, STDOUT_FILENO, options->colour);
    return S_ISFIFO(status.st_mode) && screen.is_terminal && !screen.is_dumb;
}

/* Puts how fresh the data are, and how to end, below a frame that leaves room for it. */
static void put_status(struct watch *watch)
{
    char text[128], ago[32];
    long row = (long)watch->frame.rows - 1;
    double quiet_s = floor(monotonic_s() - watch->changed_s);
    if (watch->frame.rows < STATUS_ROWS_LEAST)
        return;
    for (long column = 0; column < (long)watch->frame.columns; column++)
        cells_put(&watch->frame, column, row, " ", CELL_PLAIN, 0);
    format_duration(ago, sizeof ago, quiet_s);
    snprintf(text, sizeof text, "live%s%s \u00b7 %s ends", quiet_s >= 5 ? " \u00b7 nothing new for " : "",
             quiet_s >= 5 ? ago : "", tty_has_keys(watch->tty) ? "q" : "Ctrl-C");
    cells_put(&watch->frame, 0, row, text, CELL_PLAIN, CELL_FAINT);
}

/* Draws the next frame; without a request, that nothing is there yet. */
static bool draw_frame(struct watch *watch, const struct trace *trace, const struct layout_request *request)
{
    const struct options *options = watch->options;
    const struct terminal_style style = make_style(options, &watch->screen);
    size_t columns = watch->screen.columns, rows = watch->screen.rows;
    screen_size(STDOUT_FILENO, &columns, &rows);
    cells_free(&watch->frame);
    if (!cells_init(&watch->frame, columns, rows, options->ascii || watch->screen.is_ascii))
        return false;
    bool has_status = rows >= STATUS_ROWS_LEAST, ok = true;
    watch->frame.rows -= has_status;
    if (request != NULL)
        ok = terminal_draw(&watch->frame, request, trace, &style);
    else
        cells_put(&watch->frame, 0, 0, "waiting for the first record", CELL_PLAIN, CELL_FAINT);
    watch->frame.rows += has_status;
    return ok;
}

/* Shows or saves what there is so far. EXIT_DONE, or the status to end with. */
static int refresh(struct watch *watch, struct error *error)
{
    const struct options *options = watch->options;
    const struct scene_wish wish = make_wish(options, watch->against);
    struct scene scene = {0};
    struct trace trace = {0};
    int status = EXIT_DONE;
    bool ok = follow_look(watch->follow, &trace) || error_set(error, NULL, 0, "out of memory");
    snprintf(trace.column, sizeof trace.column, "%s", options->column);
    if (ok && trace.count > 0) {
        status = check(options, &trace, watch->against, error);
        ok = status == EXIT_DONE && scene_make(&scene, &wish, &trace, error);
    }
    if (ok && trace.count > 0 && options->save != NULL)
        ok = save(options, &trace, &scene.request, error);
    else if (ok && watch->has_screen)
        ok = draw_frame(watch, &trace, trace.count > 0 ? &scene.request : NULL) ||
             error_set(error, NULL, 0, "out of memory");
    scene_free(&scene);
    follow_return(&trace);
    return ok || status != EXIT_DONE ? status : EXIT_FAILED;
}

/* Follows the logs until they end or the user has seen enough. EXIT_DONE, or the status to end with. */
static int watch_logs(struct watch *watch, struct error *error)
{
    const bool is_asked = watch->options->follow_s > 0;
    const double interval_s = is_asked ? watch->options->follow_s : 1;
    /* What comes through a pipe at once needs no screen of its own. */
    double next_s = monotonic_s() + (is_asked ? 0 : 0.5);
    bool is_stale = true;
    for (;;) {
        struct follow_news news;
        int status = EXIT_DONE;
        double start_s = monotonic_s();
        if (!follow_read(watch->follow, &news, error))
            return EXIT_FAILED;
        double now_s = monotonic_s();
        is_stale |= news.changed;
        watch->changed_s = news.changed ? now_s : watch->changed_s;
        if (follow_has_ended(watch->follow))
            return EXIT_DONE;
        if (is_stale && now_s >= next_s) {
            status = refresh(watch, error);
            is_stale = false;
            double took_s = monotonic_s() - now_s;
            next_s = now_s + (watch->options->follow_given ? interval_s : fmax(interval_s, took_s / SHARE_MOST));
        }
        if (status != EXIT_DONE)
            return status;
        if (watch->has_screen && watch->frame.cell != NULL) {
            put_status(watch);
            if (!tty_show(watch->tty, &watch->frame))
                return EXIT_DONE; /* nobody looks any more */
        }
        /* Looking at thousands of logs takes its time, too. */
        double pause_s =
            watch->options->follow_given || news.changed ? 0 : fmin((now_s - start_s) / SHARE_MOST, PAUSE_MOST_S);
        double wait_s = news.more ? 0 : is_stale ? next_s - now_s : fmax(interval_s, pause_s);
        enum tty_event event = tty_wait(watch->tty, wait_s, follow_waits_for_stdin(watch->follow));
        if (event == TTY_QUIT)
            return EXIT_DONE;
        if (event == TTY_RESIZED) {
            is_stale = true;
            next_s = fmin(next_s, monotonic_s());
        }
    }
}

/* Loads logs that grow, showing them meanwhile, into a trace. EXIT_DONE, or the status to end with. */
static int follow(const struct options *options, const struct trace *against, struct trace *trace, struct error *error)
{
    struct watch watch = {.options = options, .against = against, .changed_s = monotonic_s()};
    int status = EXIT_FAILED;
    screen_find(&watch.screen, STDOUT_FILENO, options->colour);
    watch.has_screen = options->save == NULL && watch.screen.is_terminal && !watch.screen.is_dumb &&
                       tcgetpgrp(STDOUT_FILENO) == getpgrp(); /* a job in the background leaves the screen alone */
    watch.follow = follow_open(&options->load, options->file, options->file_count, options->file_pattern);
    if (watch.follow == NULL)
        error_set(error, NULL, 0, "out of memory");
    else
        watch.tty = tty_open(watch.has_screen, watch.screen.colours, error);
    if (watch.tty != NULL)
        status = watch_logs(&watch, error);
    int killed_by = tty_close(watch.tty);
    cells_free(&watch.frame);
    if (killed_by != 0)
        raise(killed_by); /* as if it had not been caught */
    if (status == EXIT_DONE && !follow_finish(watch.follow, trace, tell, (void *)options, error))
        status = EXIT_FAILED;
    snprintf(trace->column, sizeof trace->column, "%s", options->column);
    follow_close(watch.follow);
    return status;
}

static int run(struct options *options, struct error *error)
{
    int status = EXIT_FAILED;
    struct trace trace = {0}, against = {0};
    const struct trace *other = options->against_count > 0 ? &against : NULL;
    if (load(options, options->against, options->against_count, &against, error))
        status = wants_follow(options) ? follow(options, other, &trace, error)
                 : load(options, options->file, options->file_count, &trace, error) ? EXIT_DONE
                                                                                    : EXIT_FAILED;
    if (status == EXIT_DONE)
        status = write_all(options, &trace, other, error);
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
        for (const char *const *part = options_help(); options.help && *part != NULL; part++)
            fputs(*part, stdout);
        fputs(options.help ? "" : version, stdout);
        status = fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
    } else {
        status = run(&options, &error);
        if (status != EXIT_DONE)
            print_error(&error);
    }
    options_free(&options);
    return status;
}
