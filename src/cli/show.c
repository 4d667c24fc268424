/* SPDX-License-Identifier: MIT */
/* show: what is written for a trace: the picture, the export, the table, the view in the terminal, the summary line. */
#include "cli/show.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/stats_table.h"
#include "base/utf8.h"
#include "cli/message.h"
#include "draw/font.h"
#include "draw/output.h"
#include "draw/picture.h"
#include "draw/png.h"
#include "model/export.h"
#include "page/page.h"
#include "term/caps_query.h"
#include "term/image.h"

#define ANSWER_S 2.0 /* how long a remote terminal may take to answer */

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

struct terminal_style show_style(const struct options *options, const struct caps *caps)
{
    const enum theme_name theme = options->theme_given ? options->theme : caps->is_light ? THEME_LIGHT : THEME_DARK;
    return (struct terminal_style){options->view, caps->colours, theme_find(theme)};
}

/* The protocol for a picture in the terminal; IMAGE_NONE if the terminal does not report support for the one wanted. If
 * output is not a terminal, a protocol named by the user is used. Also updates whether the background is light. */
static enum image_protocol find_graphics(const struct options *options, struct caps *caps, struct messages *messages)
{
    struct caps_answers caps_answers = {0};
    struct error note = {0};
    enum image_protocol wanted = options->graphics;
    if (wanted == IMAGE_NONE || (wanted == IMAGE_AUTO && !caps->is_terminal))
        return IMAGE_NONE;
    if (!caps->is_terminal)
        return wanted;
    if (!caps->is_dumb)
        caps_query(&caps_answers, ANSWER_S);
    caps->is_light = caps_answers.knows_ground ? caps_answers.is_light : caps->is_light;
    const bool can[] = {
        [IMAGE_KITTY] = caps_answers.kitty, [IMAGE_ITERM] = caps_answers.iterm, [IMAGE_SIXEL] = caps_answers.sixel};
    for (unsigned int kind = IMAGE_KITTY; kind <= IMAGE_SIXEL; kind++)
        if (can[kind] && (wanted == IMAGE_AUTO || wanted == (enum image_protocol)kind))
            return (enum image_protocol)kind;
    error_set(&note, NULL, 0, "terminal reports no graphics support; using text");
    if (wanted != IMAGE_AUTO)
        message_report(messages, true, &note);
    return IMAGE_NONE;
}

static bool take_graphics(void *user, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes)
{
    return image_write(stdout, *(const enum image_protocol *)user, pixels, width_px, height_px, stride_bytes);
}

/* Draws a picture of the given number of cells between the lines of the terminal. */
static bool show_picture(const struct options *options, const struct caps *caps, enum image_protocol protocol,
                         size_t columns, size_t rows, const struct trace *trace, const struct layout_request *request,
                         struct error *error)
{
    struct picture picture = {0};
    struct font *font = NULL;
    const enum theme_name theme = options->theme_given ? options->theme : caps->is_light ? THEME_LIGHT : THEME_DARK;
    const double zoom = fmin(fmax(rint(caps->cell_height_px / 10) / 2, 1), 4); /* text as large as the terminal's */
    const double width = floor((double)columns * caps->cell_width_px / zoom);
    const double height = floor((double)rows * caps->cell_height_px / zoom);
    const struct output_size size = {fmax(width, 200), fmax(fmin(height, 0.6 * width), 150), zoom};
    bool ok = open_picture(&picture, &font, options, &size, theme, trace, request, error) &&
              output_pixels("standard output", &size, picture_draw, &picture, take_graphics, &protocol, error);
    close_picture(&picture, font);
    return ok;
}

/* Draws the trace in characters, or as plain text if stdout is not a terminal. */
static bool show_cells(const struct options *options, const struct caps *caps, size_t columns, size_t rows,
                       const struct trace *trace, const struct layout_request *request, struct error *error)
{
    struct cells cells;
    const struct terminal_style style = show_style(options, caps);
    bool ok = cells_init(&cells, columns, rows, options->ascii || caps->is_ascii) &&
              terminal_draw(&cells, request, trace, &style);
    if (ok)
        cells_print(stdout, &cells, caps->colours);
    cells_free(&cells);
    return ok || error_memory(error, NULL);
}

/* Shows the trace in the terminal. A closed pipe is not an error. */
static bool show(const struct options *options, const struct trace *trace, const struct layout_request *wanted,
                 struct messages *messages, struct error *error)
{
    struct caps caps;
    struct layout_request request = *wanted;
    caps_detect(&caps, STDOUT_FILENO, options->colour);
    size_t columns = caps.columns, rows = caps.rows;
    if (caps.is_terminal && rows > 1)
        rows--; /* leaves a row for the prompt */
    if (options->size_text != NULL) {
        columns = (size_t)options->size.width_px;
        rows = (size_t)options->size.height_px;
    }
    if (options->quiet)
        request.subtitle = "";
    enum image_protocol protocol = find_graphics(options, &caps, messages);
    signal(SIGPIPE, SIG_IGN);
    bool ok = protocol != IMAGE_NONE ? show_picture(options, &caps, protocol, columns, rows, trace, &request, error)
                                     : show_cells(options, &caps, columns, rows, trace, &request, error);
    bool is_written = fflush(stdout) == 0 && !ferror(stdout);
    if (!is_written && errno == EPIPE)
        return true;
    return ok && (is_written || error_set(error, NULL, 0, "cannot write to standard output: %s", strerror(errno)));
}

/* Checks that every node has an interval, from --samp or from its log. */
static bool check_times(const struct trace *trace, struct error *error)
{
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        const struct trace_note *note = trace->log_count == 0 ? NULL : trace->log[node->log].note;
        const struct trace_note *like = note == NULL ? NULL : &note[FREELOG_NOTE_TIME_LIKE];
        if (!node_lacks_times(node))
            continue;
        if (node->is_stalled || (note != NULL && note[FREELOG_NOTE_TIME_STALLED].count > 0))
            return error_set(error, node->source, node->is_stalled ? 0 : note[FREELOG_NOTE_TIME_STALLED].first_line,
                             "the times in the log never advance; specify the interval with --samp SECONDS");
        if (node->stamped > 0)
            return error_set(error, node->source, 0,
                             "only %lu of %lu records have a time; specify the interval with --samp SECONDS",
                             node->stamped, node->records);
        if (like != NULL && like->count > 0)
            return error_set(
                error, node->source, 0,
                "a time like '%s' in line %lu was not understood; specify the interval with --samp SECONDS", like->text,
                like->first_line);
        return error_set(error, node->source, 0, "the log contains no times; specify the interval with --samp SECONDS");
    }
    return true;
}

/* Prints the summary. Returns false with the reason in `error`. */
static bool print_summary(const char *summary, struct error *error)
{
    utf8_print(stdout, summary);
    fputc('\n', stdout);
    if (fflush(stdout) == 0)
        return true;
    return error_set(error, NULL, 0, "cannot write to standard output: %s", strerror(errno));
}

/* Pixels as a PNG in memory. */
struct still {
    char *png;
    size_t size;
};

static bool take_still(void *user, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes)
{
    struct still *still = user;
    FILE *memory = open_memstream(&still->png, &still->size);
    if (memory == NULL)
        return false;
    bool ok = png_write(memory, pixels, width_px, height_px, stride_bytes, (struct png_spare){0}, NULL);
    return fclose(memory) == 0 && ok;
}

#define STILL_BYTES_MAX 100000 /* a larger picture would dominate the page */
#define STILL_SHARE     0.66   /* factor for the sides of a picture that is larger */

/* Draws the picture for browsers without JavaScript, smaller if it would be the greater part of the page. */
static bool draw_still(struct still *still, const struct options *options, const struct trace *trace,
                       const struct layout_request *request, struct error *error)
{
    struct output_size size = options->size;
    bool ok = true;
    for (int i = 0; ok && i < 2; i++) {
        struct picture picture = {0};
        struct font *font = NULL;
        free(still->png);
        *still = (struct still){0};
        ok = open_picture(&picture, &font, options, &size, options->theme, trace, request, error) &&
             output_pixels(options->save, &size, picture_draw, &picture, take_still, still, error);
        close_picture(&picture, font);
        if (still->size <= STILL_BYTES_MAX || size.width_px * STILL_SHARE < 400 || size.height_px * STILL_SHARE < 300)
            break;
        size.width_px = floor(size.width_px * STILL_SHARE);
        size.height_px = floor(size.height_px * STILL_SHARE);
        size.zoom = 1;
    }
    return ok;
}

/* Writes the page, with the picture for browsers without JavaScript. */
static bool save_page(const struct options *options, const struct trace *trace, const struct figure_spec *figure_spec,
                      double follow_s, struct error *error)
{
    struct still still = {0};
    bool ok = draw_still(&still, options, trace, &figure_spec->request, error);
    struct page page = {
        .trace = trace,
        .request = &figure_spec->request,
        .findings = &figure_spec->findings,
        .summary = &figure_spec->summary,
        .png = (const unsigned char *)still.png,
        .png_size = still.size,
        .theme = !options->theme_given          ? NULL
                 : options->theme == THEME_DARK ? "dark"
                                                : "light",
        .unit_is_chosen = options->output_units != NULL,
        .follow_s = follow_s,
    };
    ok = ok && output_data(options->save, page_print, &page, error);
    free(still.png);
    return ok;
}

bool show_save(const struct options *options, const struct trace *trace, const struct figure_spec *figure_spec,
               bool is_final, struct error *error)
{
    char *path;
    if (options->format == OUTPUT_HTML)
        return save_page(options, trace, figure_spec, is_final ? 0 : options->follow_s, error);
    if (asprintf(&path, "%s%s", options->save, options->add_png ? ".png" : "") < 0)
        return error_memory(error, NULL);
    bool ok = save_picture(options, trace, &figure_spec->request, path, error);
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

int show_check(const struct options *options, const struct trace *trace, const struct runs *against,
               struct error *error)
{
    if (trace->count == 0) {
        error_set(error, NULL, 0, "nothing to plot: no log contains a usable record");
        return EXIT_FAILED;
    }
    if (!check_times(trace, error))
        return EXIT_USAGE;
    if (options->clock && !isfinite(trace->start_epoch_s)) {
        error_set(error, NULL, 0, "--clock requires the start time of every log");
        return EXIT_USAGE;
    }
    for (size_t i = 0; against != NULL && i < against->count; i++) {
        const struct trace *other = &against->run[i].trace;
        if (other->count == 0) {
            error_set(error, NULL, 0, "nothing to compare with: no log of --against %s contains a usable record",
                      options->against[options->against_end[i]]);
            return EXIT_FAILED;
        }
        if (!check_times(other, error))
            return EXIT_FAILED;
    }
    return EXIT_DONE;
}

struct figure_wish show_wish(const struct options *options, const struct runs *against)
{
    return (struct figure_wish){
        .title = options->title,
        .output_units = options->output_units,
        .output_scale = options->output_scale,
        .input_unit_bytes = options->load.unit_bytes,
        .limit_bytes = options->limit_bytes,
        .draw_total = options->total,
        .draw_swap = options->swap,
        .clock = options->clock,
        .legend = options->legend,
        .heat = options->heat,
        .events = &options->events,
        .events_file = options->events_file,
        .events_file_count = options->events_file_count,
        .against = against,
    };
}

bool show_all(const struct options *options, struct trace *trace, const struct figure_spec *figure_spec,
              struct messages *messages, struct error *error)
{
    if (options->save != NULL && !show_save(options, trace, figure_spec, true, error))
        return false;
    if (options->export != NULL &&
        !output_data(options->export, options->export_is_json ? print_export_json : print_export, trace, error))
        return false;
    if (options->stats)
        return stats_table_print(stdout, trace, figure_spec->request.against,
                                 &(struct stats_terms){options->stats_format, figure_spec->unit, figure_spec->unit_size,
                                                       &figure_spec->findings, &figure_spec->summary},
                                 error);
    if (options->save == NULL && options->export == NULL)
        return show(options, trace, &figure_spec->request, messages, error);
    return options->quiet || output_is_stdout(options->save) || output_is_stdout(options->export) ||
           print_summary(figure_spec->summary.line, error);
}
