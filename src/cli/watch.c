/* SPDX-License-Identifier: MIT */
/* watch: the loop that follows growing logs and shows them meanwhile. */
#include "cli/watch.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/units.h"
#include "cli/message.h"
#include "cli/show.h"
#include "load/tail.h"
#include "term/session.h"

#define STATUS_ROWS_MIN 12   /* lower screens have no status line */
#define SHARE_MAX       0.01 /* share of the time spent on drawing, unless an interval was given */
#define PAUSE_MAX_S     10.0

/* The state of the live loop. */
struct watch {
    const struct options *options;
    const struct runs *against;
    struct tail *follow;
    struct session *tty;
    struct caps caps;
    struct cells frame; /* what is shown */
    bool has_screen;    /* else --save is rewritten, or nothing is shown before the end */
    double changed_s;   /* time of the last change */
};

bool watch_wanted(const struct options *options)
{
    struct stat status;
    struct caps caps;
    bool is_piped = false;
    if (options->follow_s > 0)
        return true;
    for (size_t i = 0; i < options->file_count; i++)
        is_piped |= strcmp(options->file[i], "-") == 0;
    if (!is_piped || options->save != NULL || options->export != NULL || options->stats ||
        fstat(STDIN_FILENO, &status) != 0)
        return false;
    caps_detect(&caps, STDOUT_FILENO, options->colour);
    return S_ISFIFO(status.st_mode) && caps.is_terminal && !caps.is_dumb;
}

/* Puts the age of the data, and how to quit, below a frame that leaves space for it. */
static void put_status(struct watch *watch)
{
    char text[128], ago[32];
    long row = (long)watch->frame.rows - 1;
    double quiet_s = floor(clock_monotonic_s() - watch->changed_s);
    if (watch->frame.rows < STATUS_ROWS_MIN)
        return;
    for (long column = 0; column < (long)watch->frame.columns; column++)
        cells_put(&watch->frame, column, row, " ", CELL_PLAIN, 0);
    format_duration(ago, sizeof ago, quiet_s);
    snprintf(text, sizeof text, "live%s%s \u00b7 %s ends", quiet_s >= 5 ? " \u00b7 nothing new for " : "",
             quiet_s >= 5 ? ago : "", session_has_keys(watch->tty) ? "q" : "Ctrl-C");
    cells_put(&watch->frame, 0, row, text, CELL_PLAIN, CELL_FAINT);
}

/* Draws the next frame; without a request, a note that there are no data yet. */
static bool draw_frame(struct watch *watch, const struct trace *trace, const struct layout_request *request)
{
    const struct options *options = watch->options;
    const struct terminal_style style = show_style(options, &watch->caps);
    size_t columns = watch->caps.columns, rows = watch->caps.rows;
    caps_size(STDOUT_FILENO, &columns, &rows);
    cells_free(&watch->frame);
    if (!cells_init(&watch->frame, columns, rows, options->ascii || watch->caps.is_ascii))
        return false;
    bool has_status = rows >= STATUS_ROWS_MIN, ok = true;
    watch->frame.rows -= has_status;
    if (request != NULL)
        ok = terminal_draw(&watch->frame, request, trace, &style);
    else
        cells_put(&watch->frame, 0, 0, "waiting for the first record", CELL_PLAIN, CELL_FAINT);
    watch->frame.rows += has_status;
    return ok;
}

/* Shows or saves what there is so far. Returns EXIT_DONE or the exit status. */
static int refresh(struct watch *watch, struct error *error)
{
    const struct options *options = watch->options;
    const struct figure_wish wish = show_wish(options, watch->against);
    struct figure_spec figure_spec = {0};
    struct trace trace = {0};
    int status = EXIT_DONE;
    bool ok = tail_look(watch->follow, &trace) || error_memory(error, NULL);
    if (ok && !labels_apply(&options->labels, &trace))
        ok = error_memory(error, NULL);
    if (ok && trace.count > 0) {
        status = show_check(options, &trace, watch->against, error);
        ok = status == EXIT_DONE && figure_spec_make(&figure_spec, &wish, &trace, error);
    }
    if (ok && trace.count > 0 && options->save != NULL)
        ok = show_save(options, &trace, &figure_spec, false, error);
    else if (ok && watch->has_screen)
        ok = draw_frame(watch, &trace, trace.count > 0 ? &figure_spec.request : NULL) || error_memory(error, NULL);
    figure_spec_free(&figure_spec);
    tail_return(&trace);
    return ok || status != EXIT_DONE ? status : EXIT_FAILED;
}

/* Follows the logs until they end or the user quits. Returns EXIT_DONE or the exit status. */
static int watch_logs(struct watch *watch, struct error *error)
{
    const bool is_asked = watch->options->follow_s > 0;
    const double interval_s = is_asked ? watch->options->follow_s : 1;
    /* A pipe that ends quickly does not need the alternate screen. */
    double next_s = clock_monotonic_s() + (is_asked ? 0 : 0.5);
    bool is_stale = true;
    for (;;) {
        struct tail_news news;
        int status = EXIT_DONE;
        double start_s = clock_monotonic_s();
        if (!tail_read(watch->follow, &news, error))
            return EXIT_FAILED;
        double now_s = clock_monotonic_s();
        is_stale |= news.changed;
        watch->changed_s = news.changed ? now_s : watch->changed_s;
        if (tail_has_ended(watch->follow))
            return EXIT_DONE;
        if (is_stale && now_s >= next_s) {
            status = refresh(watch, error);
            is_stale = false;
            double took_s = clock_monotonic_s() - now_s;
            next_s = now_s + (watch->options->follow_given ? interval_s : fmax(interval_s, took_s / SHARE_MAX));
        }
        if (status != EXIT_DONE)
            return status;
        if (watch->has_screen && watch->frame.cell != NULL) {
            put_status(watch);
            if (!session_show(watch->tty, &watch->frame))
                return EXIT_DONE; /* nobody reads the output any more */
        }
        /* Polling thousands of logs takes time, too. */
        double pause_s =
            watch->options->follow_given || news.changed ? 0 : fmin((now_s - start_s) / SHARE_MAX, PAUSE_MAX_S);
        double wait_s = news.more ? 0 : is_stale ? next_s - now_s : fmax(interval_s, pause_s);
        enum session_event event = session_wait(watch->tty, wait_s, tail_waits_for_stdin(watch->follow));
        if (event == SESSION_QUIT) /* include the latest data */
            return tail_read(watch->follow, &news, error) ? EXIT_DONE : EXIT_FAILED;
        if (event == SESSION_RESIZED) {
            is_stale = true;
            next_s = fmin(next_s, clock_monotonic_s());
        }
    }
}

int watch_run(const struct options *options, const struct runs *against, struct messages *messages, struct trace *trace,
              struct error *error)
{
    struct watch watch = {.options = options, .against = against, .changed_s = clock_monotonic_s()};
    int status = EXIT_FAILED;
    caps_detect(&watch.caps, STDOUT_FILENO, options->colour);
    watch.has_screen = options->save == NULL && watch.caps.is_terminal && !watch.caps.is_dumb &&
                       tcgetpgrp(STDOUT_FILENO) == getpgrp(); /* a background job must not touch the screen */
    watch.follow = tail_open(&options->load, options->file, options->file_count, options->file_pattern);
    if (watch.follow == NULL)
        error_memory(error, NULL);
    else
        watch.tty = session_open(watch.has_screen, watch.caps.colours, error);
    if (watch.tty != NULL)
        status = watch_logs(&watch, error);
    int killed_by = session_close(watch.tty);
    cells_free(&watch.frame);
    if (killed_by != 0)
        raise(killed_by); /* die by the signal as if it had not been caught */
    if (status == EXIT_DONE && !tail_finish(watch.follow, trace, message_report, messages, error))
        status = EXIT_FAILED;
    tail_close(watch.follow);
    return status;
}
