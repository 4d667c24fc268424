/* SPDX-License-Identifier: MIT */
/* main: the order of the calls and the exit status. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pages.h"
#include "base/units.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/show.h"
#include "cli/version.h"
#include "cli/watch.h"
#include "figure/figure_spec.h"
#include "load/input.h"
#include "load/load.h"
#include "model/trace.h"

/* The state of the progress line. */
struct progress {
    double start_s; /* by clock_monotonic_s */
    bool shown;
};

/* Updates one line on the terminal, from the third second on. */
static void show_progress(void *user, uint64_t done_bytes, uint64_t all_bytes)
{
    struct progress *progress = user;
    char left[32];
    double passed_s = clock_monotonic_s() - progress->start_s;
    if (passed_s < 2 || done_bytes == 0 || done_bytes > all_bytes)
        return;
    format_duration(left, sizeof left, passed_s * (double)(all_bytes - done_bytes) / (double)done_bytes);
    fprintf(stderr, "\rmemtrace: read %.0f of %.0f MB, %.0f MB/s, %s left \033[K", (double)done_bytes / 1e6,
            (double)all_bytes / 1e6, (double)done_bytes / 1e6 / passed_s, left);
    progress->shown = true;
}

/* Returns true if several folders and nothing else are given: each is one run. */
static bool are_folders(const char *const *operand, size_t count)
{
    struct stat status;
    for (size_t i = 0; i < count; i++)
        if (stat(operand[i], &status) != 0 || !S_ISDIR(status.st_mode))
            return false;
    return count > 1;
}

/* Loads the logs that operands name into a trace. */
static bool load(const struct options *options, const char *const *operand, size_t count, struct messages *messages,
                 struct trace *trace, struct error *error)
{
    struct load_settings settings = options->load;
    struct input_list list = {0};
    struct progress progress = {.start_s = clock_monotonic_s()};
    bool ok = true;
    if (settings.grouping == GROUP_AUTO && are_folders(operand, count))
        settings.grouping = GROUP_FOLDER;
    if (!options->quiet && isatty(STDERR_FILENO)) {
        settings.progress = show_progress;
        settings.progress_user = &progress;
    }
    for (size_t i = 0; i < count; i++) {
        if (input_list_add(&list, operand[i], options->file_pattern, error))
            continue;
        ok = !error->is_memory && (i + 1 < count || list.count > 0); /* other logs can still be drawn */
        if (ok)
            message_report(messages, false, error);
    }
    input_list_sort(&list);
    ok = ok && load_trace(&settings, &list, trace, message_report, messages, error);
    if (progress.shown)
        fputs("\r\033[K", stderr);
    input_list_free(&list);
    return ok;
}

/* The value of a node that --fail-above checks, in percent of its total. */
static double judged_percent(const struct trace *trace, const struct node *node)
{
    bool is_swap = freelog_column_is_swap(trace->quantity);
    const struct series_stats *total = &node->line[is_swap ? TRACE_SWAP_TOTAL : TRACE_TOTAL].stats;
    if (!trace_low_is_news(trace))
        return node_max_percent(trace, node);
    return total->count > 0 && total->max > 0 ? 100 * node_news(trace, node, NULL) / total->max : NAN;
}

/* Returns true if a node is above --fail-above, or below if low values matter. */
static bool is_above(const struct options *options, const struct trace *trace, const struct node *node,
                     const struct findings_terms *limits)
{
    double value = node_news(trace, node, NULL), sign = trace_low_is_news(trace) ? -1 : 1;
    double bytes = trace->percent ? value / 100 * node_percent_base(trace, node) : value;
    double limit = findings_limit(trace, node, limits);
    return sign * judged_percent(trace, node) > sign * options->fail_above_percent ||
           sign * bytes > sign * options->fail_above_bytes ||
           sign * 100 * value / limit > sign * options->fail_above_limit_percent;
}

/* Checks before anything is written: returns true if the limit is known of which --fail-above is a share. */
static bool check_fail_above(const struct options *options, const struct trace *trace,
                             const struct figure_spec *figure_spec, struct error *error)
{
    size_t limited = 0;
    for (size_t i = 0; i < trace->count; i++)
        limited += isfinite(findings_limit(trace, &trace->node[i], &figure_spec->limits)) ? 1 : 0;
    return limited > 0 || !isfinite(options->fail_above_limit_percent) ||
           error_set(error, NULL, 0,
                     "--fail-above needs a limit, but none applies to the plotted values; specify one with --limit");
}

/* Reports the worst node above --fail-above. EXIT_DONE if there is none. */
static int find_above(const struct options *options, const struct trace *trace, const struct figure_spec *figure_spec,
                      struct error *error)
{
    const struct node *worst = NULL;
    size_t count = 0;
    char peak[96];
    bool is_low = trace_low_is_news(trace);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[figure_spec->findings.order[i]];
        if (!is_above(options, trace, node, &figure_spec->limits))
            continue;
        count++;
        worst = worst == NULL ? node : worst; /* in order of peak */
    }
    if (worst == NULL)
        return EXIT_DONE;
    format_size(peak, sizeof peak, node_news(trace, worst, NULL), figure_spec->unit_size, figure_spec->unit);
    error_set(error, NULL, 0, "%zu of %zu node%s %s --fail-above, %s %s with %s", count, trace->count,
              trace->count == 1 ? "" : "s", is_low ? "below" : "above", is_low ? "lowest" : "highest", worst->name,
              peak);
    return EXIT_ABOVE;
}

/* Writes everything that was requested. */
static int write_all(const struct options *options, struct trace *trace, const struct runs *against,
                     struct messages *messages, struct error *error)
{
    const struct figure_wish wish = show_wish(options, against);
    struct figure_spec figure_spec = {0};
    int status = show_check(options, trace, against, error);
    if (status == EXIT_DONE && !figure_spec_make(&figure_spec, &wish, trace, error))
        status = EXIT_FAILED;
    if (status == EXIT_DONE && !check_fail_above(options, trace, &figure_spec, error))
        status = EXIT_USAGE;
    if (status == EXIT_DONE && !show_all(options, trace, &figure_spec, messages, error))
        status = EXIT_FAILED;
    if (status == EXIT_DONE)
        status = find_above(options, trace, &figure_spec, error);
    figure_spec_free(&figure_spec);
    return status;
}

/* Returns true if values should be drawn in percent because the totals of the nodes differ and the user did not request
 * bytes. */
static bool wants_relative(const struct options *options, const struct trace *trace)
{
    bool wants_bytes = options->output_units != NULL || options->output_scale > 0 || options->total ||
                       !isnan(options->limit_bytes) || options->stats || options->export != NULL ||
                       isfinite(options->fail_above_bytes) || watch_wanted(options);
    return !wants_bytes && !trace->percent && trace_is_used(trace) && trace_totals_differ(trace);
}

/* Returns true if long node names should be shortened: in plots, but not in exported data, nor if other traces are
 * drawn as well. */
static bool wants_short_names(const struct options *options)
{
    return !options->stats && options->export == NULL && options->run_count == 0 && !watch_wanted(options);
}

/* Loads the runs to compare with. */
static bool load_runs(struct options *options, struct messages *messages, struct runs *runs, struct error *error)
{
    bool ok = true, failed = false;
    runs->own_label = options->labels.own;
    for (size_t i = 0; ok && i < options->run_count; i++) {
        struct run *run = &runs->run[runs->count++];
        size_t begin = options->against_end[i], end = options->against_end[i + 1];
        run->label = labels_run_name(&options->labels, i + 1, options->file_pattern, &failed);
        ok = failed ? error_memory(error, NULL)
                    : load(options, options->against + begin, end - begin, messages, &run->trace, error);
    }
    return ok;
}

static int run(struct options *options, struct messages *messages, struct error *error)
{
    int status = EXIT_FAILED;
    struct trace trace = {0};
    struct runs runs = {0};
    const struct runs *other = options->run_count > 0 ? &runs : NULL;
    if (load_runs(options, messages, &runs, error))
        status = watch_wanted(options) ? watch_run(options, other, messages, &trace, error)
                 : load(options, options->file, options->file_count, messages, &trace, error) ? EXIT_DONE
                                                                                              : EXIT_FAILED;
    if (status == EXIT_DONE && !labels_apply(&options->labels, &trace))
        status = error_memory(error, NULL) ? EXIT_DONE : EXIT_FAILED;
    if (status == EXIT_DONE && other == NULL && wants_relative(options, &trace))
        trace_use_percent(&trace);
    if (status == EXIT_DONE && wants_short_names(options) && !trace_shorten_names(&trace))
        status = error_set(error, NULL, 0, "out of memory") ? EXIT_DONE : EXIT_FAILED;
    if (status == EXIT_DONE && !runs_settle_names(&runs, &trace))
        status = error_memory(error, NULL) ? EXIT_DONE : EXIT_FAILED;
    if (status == EXIT_DONE)
        status = write_all(options, &trace, other, messages, error);
    trace_free(&trace);
    runs_free(&runs);
    return status;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct error error = {0};
    int status = EXIT_DONE;
    pages_keep_freed();
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the file size limit then fails like one to a full disk */
    if (!options_read(&options, argc, argv, &error)) {
        message_print(&error);
        status = error.is_memory ? EXIT_FAILED : EXIT_USAGE;
        if (status == EXIT_USAGE)
            fputs("Try 'memtrace --help' for more.\n", stderr);
    } else if (options.help || options.version) {
        char version[512];
        version_text(version, sizeof version);
        if (options.help)
            options_help(stdout);
        else
            fputs(version, stdout);
        if (fflush(stdout) != 0) {
            error_set(&error, NULL, 0, "cannot write to standard output: %s", strerror(errno));
            message_print(&error);
            status = EXIT_FAILED;
        }
    } else {
        struct messages messages = {.is_quiet = options.quiet};
        status = run(&options, &messages, &error);
        message_report_rest(&messages);
        if (status != EXIT_DONE)
            message_print(&error);
        bool is_written = status == EXIT_DONE || status == EXIT_ABOVE;
        if (is_written && message_incomplete(&messages) && status == EXIT_DONE)
            status = EXIT_FAILED;
    }
    options_free(&options);
    return status;
}
