/* SPDX-License-Identifier: MIT */
/* options: the command line: names, values, defaults, and the text of --help. */
#include "cli/options.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"
#include "option_table.h"

#define NAMES_MAX 160 /* spellings of all options */

/* The options for getopt_long: one entry per spelling. Spellings of the same option are not ambiguous when abbreviated.
 */
struct long_options {
    struct option option[NAMES_MAX];
    char name[NAMES_MAX][32];
    size_t count;
};

static void add_name(struct long_options *list, const struct option_entry *entry, const char *name, char joint)
{
    char *copy = list->name[list->count];
    snprintf(copy, sizeof list->name[0], "%s", name);
    for (char *at = copy; *at != '\0'; at++)
        if (*at == '_')
            *at = joint;
    const int argument = entry->placeholder == NULL ? no_argument
                         : entry->is_optional       ? optional_argument
                                                    : required_argument;
    list->option[list->count++] = (struct option){copy, argument, NULL, (int)entry->id};
}

static void list_options(struct long_options *list)
{
    memset(list, 0, sizeof *list);
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        add_name(list, entry, entry->name, '_');
        if (strchr(entry->name, '_') != NULL)
            add_name(list, entry, entry->name, '-');
        if (entry->alias != NULL)
            add_name(list, entry, entry->alias, '_');
    }
}

void options_help(FILE *file)
{
    fputs("Usage: memtrace [OPTION]... --files FILE... --samp SECONDS [--save FILE]\n"
          "Plot the memory of one or many nodes over time from logs of 'free -s N'.\n\n",
          file);
    option_table_help(file);
    fputs("\nIn long options _ and - are interchangeable; unique prefixes work.\n"
          "Exit status: 0 done; 1 failed, or done without a log that could not be read; 2 wrong usage;\n3 a peak above "
          "--fail-above.\n\n"
          "Examples:\n"
          "  memtrace -s 2 *-mem.log\n"
          "  memtrace --files *.log --samp 2 --save out.png\n"
          "  memtrace -s 2 --total --swap --output_units GiB --save out.svg logs/\n",
          file);
}

/* Refuses a value: "--samp takes a number of seconds above 0, not 'x'". */
static bool refuse(struct error *error, const char *option, const char *takes, const char *value)
{
    return error_set(error, NULL, 0, "%s takes %s, not '%s'", option, takes, value);
}

/* Finds a value among the choices of the option; `*choice` receives its index. */
static bool read_choice(enum option_id id, const char *value, unsigned int *choice, struct error *error)
{
    const struct option_entry *entry = option_table_find(id);
    char takes[320] = "", option[40] = "--";
    size_t used = 0, length;
    *choice = 0;
    for (const char *at = entry->choices; *at != '\0'; at += length + (at[length] != '\0'), ++*choice) {
        length = strcspn(at, " ");
        if (strlen(value) == length && memcmp(value, at, length) == 0)
            return true;
        const char *next = at[length] == '\0' ? "" : at + length + 1;
        const char *joint = *next == '\0' ? "" : strchr(next, ' ') == NULL ? " or " : ", ";
        int added = snprintf(takes + used, sizeof takes - used, "%.*s%s", (int)length, at, joint);
        used += (size_t)added < sizeof takes - used ? (size_t)added : 0;
    }
    option_table_name(option + 2, sizeof option - 2, entry);
    return refuse(error, option, takes, value);
}

static bool read_number(const char *option, const char *takes, const char *value, double min, double max,
                        double *number, struct error *error)
{
    if (parse_number(value, number) && *number >= min && *number <= max)
        return true;
    return refuse(error, option, takes, value);
}

/* Reads --size once it is known whether there is a --save. */
static bool read_size(struct options *options, const char *value, struct error *error)
{
    char text[64];
    const char *takes = options->save != NULL ? "WIDTHxHEIGHT in pixels, 200x150 to 20000x20000"
                                              : "WIDTHxHEIGHT in cells, 1x1 to 1000x1000";
    double least_width = options->save != NULL ? 200 : 1, least_height = options->save != NULL ? 150 : 1;
    double most = options->save != NULL ? 20000 : 1000;
    size_t length = strlen(value);
    if (length >= sizeof text)
        return refuse(error, "--size", takes, value);
    memcpy(text, value, length + 1);
    char *x = strpbrk(text, "xX");
    if (x == NULL)
        return refuse(error, "--size", takes, value);
    *x = '\0';
    double width, height;
    if (!parse_number(text, &width) || !parse_number(x + 1, &height) || width < least_width || height < least_height ||
        width > most || height > most || width != floor(width) || height != floor(height))
        return refuse(error, "--size", takes, value);
    options->size.width_px = width;
    options->size.height_px = height;
    return true;
}

static bool read_save(struct options *options, const char *value, struct error *error)
{
    options->save = strcmp(value, "-") == 0 ? "/dev/stdout" : value;
    if (output_is_directory(value))
        return refuse(error, "--save", "a file name", value);
    if (!output_format_find(options->save, &options->format, &options->add_png))
        return refuse(error, "--save", "a name that ends in .png, .svg, .pdf or .html", value);
    options->load.keeps_all = options->format == OUTPUT_HTML;
    return true;
}

static bool refuse_column(const char *value, struct error *error)
{
    unsigned int choice;
    return read_choice(OPTION_COLUMN, value, &choice, error);
}

static bool read_column(struct options *options, const char *value, struct error *error)
{
    options->load.column = freelog_column_find(value);
    options->load.heading = NULL;
    if (options->load.column == FREELOG_COLUMN_COUNT) { /* check_heading looks for it in the logs */
        options->load.column = FREELOG_USED;
        options->load.heading = value;
    }
    return *value != '\0' || refuse_column(value, error);
}

static bool read_input_units(struct options *options, const char *value, struct error *error)
{
    const struct unit *unit = unit_find(value);
    if (unit == NULL)
        return refuse(error, "--input_units", "B, KiB to PiB or kB to PB", value);
    options->load.unit_bytes = unit->bytes;
    return true;
}

static bool read_limit(struct options *options, const char *value, struct error *error)
{
    if (strcmp(value, "none") == 0)
        options->limit_bytes = INFINITY;
    else if (!parse_size(value, &options->limit_bytes) || options->limit_bytes <= 0)
        return refuse(error, "--limit", "a size with its unit such as 32G, or none", value);
    return true;
}

static bool read_stats(struct options *options, const char *value, struct error *error)
{
    unsigned int choice = STATS_TEXT;
    if (value != NULL && !read_choice(OPTION_STATS, value, &choice, error))
        return false;
    options->stats = true;
    options->stats_format = (enum stats_format)choice;
    return true;
}

static bool read_export(struct options *options, const char *value, struct error *error)
{
    const char *dot = strrchr(value, '.');
    options->export = value;
    if (output_is_directory(value))
        return refuse(error, "--export", "a file name", value);
    options->export_is_json = dot != NULL && strcasecmp(dot, ".json") == 0;
    if (options->export_is_json || (dot != NULL && strcasecmp(dot, ".csv") == 0))
        return true;
    return refuse(error, "--export", "a name that ends in .csv or .json", value);
}

static bool read_fail_above(struct options *options, const char *value, struct error *error)
{
    char share[32];
    size_t length = strlen(value), suffix = strlen("limit");
    options->fail_above_bytes = options->fail_above_percent = options->fail_above_limit_percent = NAN;
    if (parse_size(value, &options->fail_above_bytes) || parse_percent(value, &options->fail_above_percent))
        return true;
    if (length > suffix && length < sizeof share && strcasecmp(value + length - suffix, "limit") == 0) {
        snprintf(share, sizeof share, "%.*s", (int)(length - suffix), value);
        if (parse_percent(share, &options->fail_above_limit_percent))
            return true;
    }
    return refuse(error, "--fail-above", "a size with its unit such as 30G, or a share such as 90% or 90%limit", value);
}

static bool read_jobs(struct options *options, const char *value, struct error *error)
{
    double number;
    if (!parse_number(value, &number) || number < 1 || number > 256 || number != floor(number))
        return refuse(error, "--jobs", "a number of threads from 1 to 256", value);
    options->load.jobs = (unsigned int)number;
    return true;
}

static bool read_follow(struct options *options, const char *value, struct error *error)
{
    if (parse_number(value, &options->follow_s) && options->follow_s >= 0.1 && options->follow_s <= 86400)
        return true;
    return refuse(error, "--follow", "a number of seconds from 0.1 to 86400", value);
}

static bool read_time(const char *option, const char *value, double *seconds, struct error *error)
{
    if (parse_time(value, seconds))
        return true;
    return refuse(error, option, "a time such as 90, 1:30, 1:30:00 or 90m", value);
}

/* Options of the picture. */
static bool read_picture_option(struct options *options, int option, const char *value, struct error *error)
{
    unsigned int choice = LEGEND_ON;
    switch (option) {
    case OPTION_SAVE:
        return read_save(options, value, error);
    case OPTION_LEGEND:
        if (value != NULL && !read_choice(OPTION_LEGEND, value, &choice, error))
            return false;
        options->legend = (enum legend_mode)choice;
        return true;
    case OPTION_OUTPUT_UNITS:
        options->output_units = value;
        return true;
    case OPTION_OUTPUT_SCALE:
        return read_number("--output_scale", "a number from 1e-6 to 1e18", value, 1e-6, 1e18, &options->output_scale,
                           error);
    case OPTION_TITLE:
        options->title = value;
        return true;
    case OPTION_SIZE:
        options->size_text = value;
        return true;
    case OPTION_ZOOM:
        return read_number("--zoom", "a number from 0.1 to 10", value, 0.1, 10, &options->size.zoom, error);
    case OPTION_VIEW:
        if (!read_choice(OPTION_VIEW, value, &choice, error))
            return false;
        options->view = (enum view)choice;
        return true;
    case OPTION_HEAT:
        if (!read_choice(OPTION_HEAT, value, &choice, error))
            return false;
        options->heat = (enum heat_mode)choice;
        return true;
    case OPTION_LIMIT:
        return read_limit(options, value, error);
    case OPTION_MARK:
        return events_add(&options->events, value, error);
    case OPTION_MARKS:
        options->events_file[options->events_file_count++] = value;
        return true;
    case OPTION_CLOCK:
        return options->clock = true;
    case OPTION_THEME:
        if (!read_choice(OPTION_THEME, value, &choice, error))
            return false;
        options->theme = (enum theme_name)choice;
        return options->theme_given = true;
    case OPTION_COLOR:
        if (!read_choice(OPTION_COLOR, value, &choice, error))
            return false;
        options->colour = (enum colour_wish)choice;
        return true;
    case OPTION_GRAPHICS:
        if (!read_choice(OPTION_GRAPHICS, value, &choice, error))
            return false;
        options->graphics = (enum image_protocol)choice;
        return true;
    case OPTION_FOLLOW:
        options->follow_s = 1;
        options->follow_given = value != NULL;
        return value == NULL || read_follow(options, value, error);
    case OPTION_ASCII:
        return options->ascii = true;
    default:
        return false;
    }
}

static bool read_option(struct options *options, int option, const char *value, struct error *error)
{
    unsigned int choice;
    switch (option) {
    case 's':
        return read_number("--samp", "a number of seconds from 1e-6 to 1e9", value, 1e-6, 1e9, &options->load.samp_s,
                           error);
    case OPTION_FILE_PATTERN:
        options->file_pattern = value;
        if (*value != '\0' && strchr(value, '/') == NULL)
            return true;
        return refuse(error, "--file_pattern", "a file name with * for the host", value);
    case OPTION_SWAP:
        return options->swap = true;
    case OPTION_TOTAL:
        return options->total = true;
    case OPTION_PERCENTAGE:
        return options->load.percent = true;
    case OPTION_INPUT_UNITS:
        return read_input_units(options, value, error);
    case OPTION_COLUMN:
        return read_column(options, value, error);
    case OPTION_FROM:
        return read_time("--from", value, &options->load.from_s, error);
    case OPTION_TO:
        return read_time("--to", value, &options->load.to_s, error);
    case OPTION_ALIGN:
        if (!read_choice(OPTION_ALIGN, value, &choice, error))
            return false;
        options->load.alignment = (enum trace_alignment)choice;
        return true;
    case OPTION_GROUP_BY:
        if (!read_choice(OPTION_GROUP_BY, value, &choice, error))
            return false;
        options->load.grouping = (enum trace_grouping)choice;
        return true;
    case OPTION_JOBS:
        return read_jobs(options, value, error);
    case OPTION_STATS:
        return read_stats(options, value, error);
    case OPTION_EXPORT:
        return read_export(options, value, error);
    case OPTION_FAIL_ABOVE:
        return read_fail_above(options, value, error);
    case 'q':
        return options->quiet = true;
    default:
        return read_picture_option(options, option, value, error);
    }
}

/* Refuses an option that is unknown or an ambiguous abbreviation. */
static bool refuse_name(const struct long_options *names, const char *word, struct error *error)
{
    const int length = (int)strcspn(word, "=");
    const char *first = NULL, *second = NULL;
    for (size_t i = 0; i < names->count; i++)
        if (strncmp(names->option[i].name, word + 2, (size_t)length - 2) == 0)
            *(first == NULL ? &first : &second) = names->option[i].name;
    if (length > 2 && second != NULL)
        return error_set(error, NULL, 0, "option '%.*s' is ambiguous: it matches --%s and --%s", length, word, first,
                         second);
    return error_set(error, NULL, 0, "unknown option '%.*s'", length, word);
}

/* Refuses an option that getopt_long could not parse. */
static bool refuse_option(int reason, char **argv, const struct long_options *names, struct error *error)
{
    const char *word = argv[optind - 1];
    if (reason == ':')
        return error_set(error, NULL, 0, "option %s needs a value", word);
    if (strncmp(word, "--", 2) == 0 && strchr(word, '=') != NULL && optopt != 0)
        return error_set(error, NULL, 0, "option %.*s takes no value", (int)strcspn(word, "="), word);
    if (strncmp(word, "--", 2) == 0)
        return refuse_name(names, word, error);
    if (optopt == '=')
        return error_set(error, NULL, 0, "unknown option '-='; to label standard input, use - --label -=NAME");
    return error_set(error, NULL, 0, "unknown option '-%c'", optopt);
}

/* Refuses standard input for more than one run, as it can be read only once. */
static bool check_stdin(const struct labels *labels, struct error *error)
{
    const struct operand *first = NULL;
    for (size_t i = 0; i < labels->count; i++) {
        const struct operand *operand = &labels->operand[i];
        if (!operand->is_listed || strcmp(operand->path, "-") != 0)
            continue;
        if (first != NULL && first->run != operand->run)
            return error_set(error, NULL, 0, "'-' is given for two runs, but standard input can only be read once");
        first = first == NULL ? operand : first;
    }
    return true;
}

static bool check_together(const struct options *options, bool files_given, struct error *error)
{
    const struct load_settings *load = &options->load;
    if (options->file_count == 0)
        return error_set(error, NULL, 0,
                         files_given ? "--files needs at least one file" : "no log given; use --files FILE...");
    if (options->run_count > 0 && options->clock)
        return error_set(error, NULL, 0, "--against cannot be combined with --clock: both runs begin at 0");
    if (options->limit_bytes < INFINITY && load->percent)
        return error_set(error, NULL, 0, "--percentage cannot be combined with --limit");
    if (options->follow_s > 0 && (options->stats || options->export != NULL))
        return error_set(error, NULL, 0, "--follow cannot be combined with --stats or --export");
    if (options->follow_s > 0 && (isfinite(load->from_s) || isfinite(load->to_s)))
        return error_set(error, NULL, 0, "--follow cannot be combined with --from or --to");
    if (options->follow_s > 0 && output_is_stdout(options->save))
        return error_set(error, NULL, 0, "--follow cannot be combined with --save -: it rewrites a file");
    if (options->clock && load->alignment == TRACE_ALIGN_START)
        return error_set(error, NULL, 0, "--clock cannot be combined with --align start");
    if (options->follow_s > 0 && load->grouping > GROUP_NONE)
        return error_set(error, NULL, 0, "--follow cannot be combined with --group_by");
    if (load->from_s >= load->to_s)
        return error_set(error, NULL, 0, "--from must be before --to");
    if (load->percent && (options->output_units != NULL || options->output_scale != 0))
        return error_set(error, NULL, 0, "--percentage cannot be combined with --output_units or --output_scale");
    if (options->output_units != NULL && options->output_scale == 0 && unit_find(options->output_units) == NULL)
        return error_set(error, NULL, 0,
                         "--output_units takes B, KiB to PiB or kB to PB, not '%s' "
                         "(or any text with --output_scale)",
                         options->output_units);
    return true;
}

/* Refuses a --column that is neither one of free's nor a heading in one of the logs. */
static bool check_heading(const struct options *options, struct error *error)
{
    struct input_list list = {0};
    bool is_there = options->load.heading == NULL;
    for (size_t i = 0; i < options->file_count && !is_there; i++)
        (void)input_list_add(&list, options->file[i], options->file_pattern, NULL);
    for (size_t i = 0; i < list.count && !is_there; i++)
        is_there = load_mentions(&list.file[i], options->load.heading);
    input_list_free(&list);
    return is_there || refuse_column(options->load.heading, error);
}

/* Adds an operand to the drawn run, or to the last baseline. */
static bool add_operand(struct options *options, const char *text, bool is_against, struct error *error)
{
    if (!labels_add(&options->labels, text, is_against ? options->run_count : 0, error))
        return false;
    const char *path = options->labels.operand[options->labels.count - 1].path;
    if (!is_against) {
        options->file[options->file_count++] = path;
        return true;
    }
    size_t *end = &options->against_end[options->run_count];
    options->against[(*end)++] = path;
    return true;
}

/* --against begins another run. */
static bool begin_run(struct options *options, struct error *error)
{
    if (options->run_count == RUNS_MAX)
        return error_set(error, NULL, 0, "--against may be given at most %d times", RUNS_MAX);
    options->run_count++;
    options->against_end[options->run_count] = options->against_end[options->run_count - 1];
    return true;
}

bool options_read(struct options *options, int argc, char **argv, struct error *error)
{
    *options = (struct options){
        .file_pattern = "*-mem.log",
        .load = {.samp_s = NAN, .from_s = -INFINITY, .to_s = INFINITY, .column = LOAD_COLUMN_AUTO},
        .legend = LEGEND_AUTO,
        .view = VIEW_AUTO,
        .limit_bytes = NAN,
        .fail_above_bytes = NAN,
        .fail_above_percent = NAN,
        .fail_above_limit_percent = NAN,
        .size = {.width_px = 1200, .height_px = 675, .zoom = 1},
        .theme = THEME_LIGHT,
    };
    options->file = calloc((size_t)argc + 1, sizeof *options->file);
    options->against = calloc((size_t)argc + 1, sizeof *options->against);
    options->events_file = calloc((size_t)argc + 1, sizeof *options->events_file);
    options->label = calloc((size_t)argc + 1, sizeof *options->label);
    if (options->label == NULL || options->file == NULL || options->against == NULL || options->events_file == NULL)
        return error_memory(error, NULL);
    bool files_given = false, is_against = false;
    struct long_options names;
    int option;
    list_options(&names);
    opterr = 0;
    optind = 0;
    /* "-" returns operands in their position as option 1; ":" distinguishes a missing value from an unknown option. */
    while ((option = getopt_long(argc, argv, "-:f::s:qhV", names.option, NULL)) != -1) {
        if (option == '?' || option == ':')
            return refuse_option(option, argv, &names, error);
        if (option == 'h' || option == 'V') {
            *(option == 'h' ? &options->help : &options->version) = true;
            return true;
        }
        files_given |= option == 'f';
        if (option != 1)
            is_against = option == OPTION_AGAINST;
        if (option == OPTION_AGAINST && !begin_run(options, error))
            return false;
        bool is_operand = is_against || option == 1 || (option == 'f' && optarg != NULL);
        if (is_operand && !add_operand(options, optarg, is_against, error))
            return false;
        if (option == OPTION_LABEL)
            options->label[options->label_count++] = optarg;
        else if (!is_operand && option != 'f' && !read_option(options, option, optarg, error))
            return false;
    }
    while (optind < argc)
        if (!add_operand(options, argv[optind++], false, error))
            return false;
    if (options->clock && options->load.alignment == TRACE_ALIGN_AUTO)
        options->load.alignment = TRACE_ALIGN_CLOCK;
    return check_together(options, files_given, error) && check_stdin(&options->labels, error) &&
           labels_settle(&options->labels, options->label, options->label_count, options->file_pattern, error) &&
           check_heading(options, error) &&
           (options->size_text == NULL || read_size(options, options->size_text, error));
}

void options_free(struct options *options)
{
    free(options->file);
    free(options->against);
    free(options->label);
    labels_free(&options->labels);
    free(options->events_file);
    events_free(&options->events);
    memset(options, 0, sizeof *options);
}
