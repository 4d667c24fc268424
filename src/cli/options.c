/* options: owns the command line: names, values, defaults, and the text of --help. */
#include "cli/options.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/units.h"

enum {
    OPTION_FILE_PATTERN = 256,
    OPTION_SAVE,
    OPTION_SWAP,
    OPTION_TOTAL,
    OPTION_PERCENTAGE,
    OPTION_LEGEND,
    OPTION_OUTPUT_UNITS,
    OPTION_OUTPUT_SCALE,
    OPTION_INPUT_UNITS,
    OPTION_COLUMN,
    OPTION_TITLE,
    OPTION_SIZE,
    OPTION_ZOOM,
    OPTION_THEME,
    OPTION_FROM,
    OPTION_TO,
    OPTION_VIEW,
    OPTION_LIMIT,
    OPTION_MARK,
    OPTION_MARKS,
    OPTION_CLOCK,
    OPTION_AGAINST,
    OPTION_JOBS,
    OPTION_STATS,
    OPTION_EXPORT,
    OPTION_FAIL_ABOVE,
    OPTION_COLOR,
    OPTION_FOLLOW,
    OPTION_GRAPHICS,
    OPTION_ASCII,
};

/* Both spellings of a name with a joint are listed: getopt_long takes them as one option, abbreviated too. */
static const struct option long_options[] = {
    {"files", optional_argument, NULL, 'f'},
    {"samp", required_argument, NULL, 's'},
    {"file_pattern", required_argument, NULL, OPTION_FILE_PATTERN},
    {"file-pattern", required_argument, NULL, OPTION_FILE_PATTERN},
    {"save", required_argument, NULL, OPTION_SAVE},
    {"swap", no_argument, NULL, OPTION_SWAP},
    {"total", no_argument, NULL, OPTION_TOTAL},
    {"percentage", no_argument, NULL, OPTION_PERCENTAGE},
    {"percentatge", no_argument, NULL, OPTION_PERCENTAGE}, /* as the original tool spelt it */
    {"legend", optional_argument, NULL, OPTION_LEGEND},
    {"output_units", required_argument, NULL, OPTION_OUTPUT_UNITS},
    {"output-units", required_argument, NULL, OPTION_OUTPUT_UNITS},
    {"output_scale", required_argument, NULL, OPTION_OUTPUT_SCALE},
    {"output-scale", required_argument, NULL, OPTION_OUTPUT_SCALE},
    {"input_units", required_argument, NULL, OPTION_INPUT_UNITS},
    {"input-units", required_argument, NULL, OPTION_INPUT_UNITS},
    {"column", required_argument, NULL, OPTION_COLUMN},
    {"title", required_argument, NULL, OPTION_TITLE},
    {"size", required_argument, NULL, OPTION_SIZE},
    {"zoom", required_argument, NULL, OPTION_ZOOM},
    {"theme", required_argument, NULL, OPTION_THEME},
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"view", required_argument, NULL, OPTION_VIEW},
    {"limit", required_argument, NULL, OPTION_LIMIT},
    {"mark", required_argument, NULL, OPTION_MARK},
    {"marks", required_argument, NULL, OPTION_MARKS},
    {"clock", no_argument, NULL, OPTION_CLOCK},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"against", required_argument, NULL, OPTION_AGAINST},
    {"stats", optional_argument, NULL, OPTION_STATS},
    {"export", required_argument, NULL, OPTION_EXPORT},
    {"fail_above", required_argument, NULL, OPTION_FAIL_ABOVE},
    {"fail-above", required_argument, NULL, OPTION_FAIL_ABOVE},
    {"graphics", required_argument, NULL, OPTION_GRAPHICS},
    {"follow", optional_argument, NULL, OPTION_FOLLOW},
    {"color", required_argument, NULL, OPTION_COLOR},
    {"colour", required_argument, NULL, OPTION_COLOR},
    {"ascii", no_argument, NULL, OPTION_ASCII},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* In parts: a compiler need not take more than 4095 characters at once. */
static const char *const help_text[] = {
    "Usage: memtrace [OPTION]... --files FILE... --samp SECONDS [--save FILE]\n"
    "Draw the memory of one or many nodes over time from logs of 'free -s N'.\n"
    "\n"
    "Logs\n"
    "  -f, --files FILE...      logs: files, quoted wildcards, directories, - for stdin;\n"
    "                           operands are files too\n"
    "  -s, --samp SECONDS       interval between samples, such as 2 or 0.5; not needed where\n"
    "                           every log carries its own times\n"
    "      --file_pattern PAT   how a file name gives the host, * standing for it; selects the\n"
    "                           files of a directory (default *-mem.log)\n"
    "      --input_units UNIT   unit of the logs' numbers (default KiB); numbers with a unit of\n"
    "                           their own, as by free -h, need none\n"
    "      --column NAME        what is drawn: used (default), available, free, shared, buffers,\n"
    "                           cached, buff/cache, swap-used, total-available ...\n"
    "      --from TIME, --to TIME\n"
    "                           draw a part: seconds, m:ss, h:mm:ss, 15m, 2h\n"
    "      --jobs N             threads to read with (default: one a processor)\n"
    "\n"
    "Picture\n"
    "      --save FILE          write a .png, .svg or .pdf; without extension .png is added; - is stdout;\n"
    "                           without --save it is drawn in the terminal\n"
    "      --swap               draw used swap too, dotted\n"
    "      --total              draw total memory too, dashed (total swap with --swap)\n"
    "      --percentage         draw percent of total memory\n"
    "      --legend[=WHEN]      auto (default): with several lines; on; off\n"
    "      --output_units UNIT  unit of the axis: B, KiB to PiB, kB to PB (default: by the data);\n"
    "                           with --output_scale any text\n"
    "      --output_scale F     divide the logs' numbers by F; the unit is only a label then\n"
    "      --view NAME          lines; overview: bands and a heatmap of all nodes; panels: a small\n"
    "                           plot a node; auto (default): lines up to 12 nodes, else overview\n"
    "      --limit SIZE         draw a limit, such as 32G (default: the job's, if the logs or\n"
    "                           SLURM_MEM_PER_NODE tell it; none turns it off)\n"
    "      --mark TIME:TEXT     draw an event; TIME as above, or seconds since 1970\n"
    "      --marks FILE         events, a line each: TIME TEXT\n"
    "      --clock              label times with the clock, where the logs tell it\n"
    "      --against FILE...    logs of another run, drawn pale behind the first and compared\n"
    "      --title TEXT         title (default: by the data)\n"
    "      --size WxH           size in pixels (default 1200x675), in the terminal in cells\n"
    "                           (default: all of it)\n"
    "      --zoom FACTOR        finer pixels: 2 doubles each (default 1)\n"
    "      --theme NAME         light (default) or dark\n"
    "\n",
    "Terminal\n"
    "      --follow[=SECONDS]   draw on as the logs grow, every second or so many, until q, Ctrl-C\n"
    "                           or the ends of all logs; with --save rewrite the picture instead\n"
    "      --graphics KIND      a picture in the terminal, if it says that it can: kitty, iterm,\n"
    "                           sixel, auto: the first of these; none (default)\n"
    "      --color WHEN         auto (default): where the terminal shows them and NO_COLOR is not\n"
    "                           set; always; never\n"
    "      --ascii              no characters but ASCII (default: by the locale)\n"
    "\n"
    "Figures\n"
    "      --stats[=FORMAT]     print a table, a row a node: text (default), tsv or json\n"
    "      --export FILE        write the reduced series to a .csv or .json; memtrace reads its\n"
    "                           own .csv again like a log\n"
    "      --fail-above LEVEL   exit 3 if a peak is above a size such as 30G or a share of total\n"
    "                           such as 90%\n"
    "\n"
    "  -q, --quiet              no verdict, and no notes on what was left out of a log\n"
    "  -h, --help               print this\n"
    "  -V, --version            print the version, build features and libraries\n"
    "\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage, 3 a peak above --fail-above.\n"
    "\n"
    "Examples:\n"
    "  memtrace -s 2 *-mem.log\n"
    "  memtrace --files *.log --samp 2 --save out.png\n"
    "  memtrace -s 2 --total --swap --output_units GiB --save out.svg logs/\n",
    NULL,
};

const char *const *options_help(void)
{
    return help_text;
}

/* Refuses a value: "--samp takes a number of seconds above 0, not 'x'". */
static bool refuse(struct error *error, const char *option, const char *takes, const char *value)
{
    return error_set(error, NULL, 0, "%s takes %s, not '%s'", option, takes, value);
}

static bool read_choice(const char *option, const char *value, const char *const names[], unsigned int *choice,
                        struct error *error)
{
    char takes[100] = "";
    size_t used = 0;
    for (unsigned int i = 0; names[i] != NULL; i++) {
        if (strcmp(value, names[i]) == 0) {
            *choice = i;
            return true;
        }
        const char *joint = names[i + 1] == NULL ? "" : names[i + 2] == NULL ? " or " : ", ";
        int length = snprintf(takes + used, sizeof takes - used, "%s%s", names[i], joint);
        used += (size_t)length < sizeof takes - used ? (size_t)length : 0;
    }
    return refuse(error, option, takes, value);
}

static bool read_positive(const char *option, const char *takes, const char *value, double most, double *number,
                          struct error *error)
{
    if (parse_number(value, number) && *number > 0 && *number <= most)
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
    if (*value == '\0')
        return refuse(error, "--save", "a file name", value);
    if (!output_format_find(options->save, &options->format, &options->add_png))
        return refuse(error, "--save", "a name that ends in .png, .svg or .pdf", value);
    return true;
}

static bool read_column(struct options *options, const char *value, struct error *error)
{
    options->column = value;
    if (load_column_find(value, &options->load.column))
        return true;
    return refuse(error, "--column",
                  "total, used, free, shared, buffers, cached, buff/cache, available, swap-total, "
                  "swap-used, swap-free or total-available",
                  value);
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
    static const char *const formats[] = {"text", "tsv", "json", NULL};
    unsigned int choice = STATS_TEXT;
    if (value != NULL && !read_choice("--stats", value, formats, &choice, error))
        return false;
    options->stats = true;
    options->stats_format = (enum stats_format)choice;
    return true;
}

static bool read_export(struct options *options, const char *value, struct error *error)
{
    const char *dot = strrchr(value, '.');
    options->export = value;
    options->export_is_json = dot != NULL && strcasecmp(dot, ".json") == 0;
    if (options->export_is_json || (dot != NULL && strcasecmp(dot, ".csv") == 0))
        return true;
    return refuse(error, "--export", "a name that ends in .csv or .json", value);
}

static bool read_fail_above(struct options *options, const char *value, struct error *error)
{
    if (parse_size(value, &options->fail_above_bytes) || parse_percent(value, &options->fail_above_percent))
        return true;
    return refuse(error, "--fail-above", "a size with its unit such as 30G, or a share such as 90%", value);
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
    static const char *const legends[] = {"auto", "on", "off", NULL};
    static const char *const themes[] = {"light", "dark", NULL};
    static const char *const views[] = {"auto", "lines", "overview", "panels", NULL};
    static const char *const graphics[] = {"none", "auto", "kitty", "iterm", "sixel", NULL};
    static const char *const colours[] = {"auto", "always", "never", NULL};
    unsigned int choice = LEGEND_ON;
    switch (option) {
    case OPTION_SAVE:
        return read_save(options, value, error);
    case OPTION_LEGEND:
        if (value != NULL && !read_choice("--legend", value, legends, &choice, error))
            return false;
        options->legend = (enum legend_mode)choice;
        return true;
    case OPTION_OUTPUT_UNITS:
        options->output_units = value;
        return true;
    case OPTION_OUTPUT_SCALE:
        return read_positive("--output_scale", "a number above 0", value, INFINITY, &options->output_scale, error);
    case OPTION_TITLE:
        options->title = value;
        return true;
    case OPTION_SIZE:
        options->size_text = value;
        return true;
    case OPTION_ZOOM:
        return read_positive("--zoom", "a number above 0 and up to 10", value, 10, &options->size.zoom, error);
    case OPTION_VIEW:
        if (!read_choice("--view", value, views, &choice, error))
            return false;
        options->view = (enum view)choice;
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
        if (!read_choice("--theme", value, themes, &choice, error))
            return false;
        options->theme = (enum theme_name)choice;
        return options->theme_given = true;
    case OPTION_COLOR:
        if (!read_choice("--color", value, colours, &choice, error))
            return false;
        options->colour = (enum colour_wish)choice;
        return true;
    case OPTION_GRAPHICS:
        if (!read_choice("--graphics", value, graphics, &choice, error))
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
    switch (option) {
    case 's':
        return read_positive("--samp", "a number of seconds above 0", value, 1e9, &options->load.samp_s, error);
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

/* What getopt_long could not make sense of. */
static bool refuse_option(int reason, char **argv, struct error *error)
{
    const char *word = argv[optind - 1];
    if (reason == ':')
        return error_set(error, NULL, 0, "option %s needs a value", word);
    if (strncmp(word, "--", 2) == 0 && strchr(word, '=') != NULL && optopt != 0)
        return error_set(error, NULL, 0, "option %.*s takes no value", (int)strcspn(word, "="), word);
    if (strncmp(word, "--", 2) == 0)
        return error_set(error, NULL, 0, "unknown option '%.*s'", (int)strcspn(word, "="), word);
    return error_set(error, NULL, 0, "unknown option '-%c'", optopt);
}

static bool check_together(const struct options *options, bool files_given, struct error *error)
{
    const struct load_settings *load = &options->load;
    if (options->file_count == 0)
        return error_set(error, NULL, 0,
                         files_given ? "--files needs at least one file" : "no log given: use --files FILE...");
    if (options->against_count > 0 && options->clock)
        return error_set(error, NULL, 0, "--against contradicts --clock: both runs begin at 0");
    if (options->limit_bytes < INFINITY && load->percent)
        return error_set(error, NULL, 0, "--percentage contradicts --limit");
    if (options->follow_s > 0 && (options->stats || options->export != NULL))
        return error_set(error, NULL, 0, "--follow contradicts --stats and --export");
    if (options->follow_s > 0 && (isfinite(load->from_s) || isfinite(load->to_s)))
        return error_set(error, NULL, 0, "--follow contradicts --from and --to");
    if (options->follow_s > 0 && options->save != NULL && strncmp(options->save, "/dev/", 5) == 0)
        return error_set(error, NULL, 0, "--follow rewrites a file, and so cannot --save to standard output");
    if (load->from_s >= load->to_s)
        return error_set(error, NULL, 0, "--from must lie before --to");
    if (load->percent && (options->output_units != NULL || options->output_scale != 0))
        return error_set(error, NULL, 0, "--percentage contradicts --output_units and --output_scale");
    if (options->output_units != NULL && options->output_scale == 0 && unit_find(options->output_units) == NULL)
        return error_set(error, NULL, 0,
                         "--output_units takes B, KiB to PiB or kB to PB, not '%s' "
                         "(any text goes with --output_scale)",
                         options->output_units);
    return true;
}

bool options_read(struct options *options, int argc, char **argv, struct error *error)
{
    *options = (struct options){
        .file_pattern = "*-mem.log",
        .load = {.samp_s = NAN, .from_s = -INFINITY, .to_s = INFINITY, .column = {FREELOG_USED, FREELOG_COLUMN_COUNT}},
        .column = "used",
        .legend = LEGEND_AUTO,
        .view = VIEW_AUTO,
        .limit_bytes = NAN,
        .fail_above_bytes = NAN,
        .fail_above_percent = NAN,
        .size = {.width_px = 1200, .height_px = 675, .zoom = 1},
        .theme = THEME_LIGHT,
    };
    options->file = calloc((size_t)argc + 1, sizeof *options->file);
    options->against = calloc((size_t)argc + 1, sizeof *options->against);
    options->events_file = calloc((size_t)argc + 1, sizeof *options->events_file);
    if (options->file == NULL || options->against == NULL || options->events_file == NULL)
        return error_set(error, NULL, 0, "out of memory");
    bool files_given = false, is_against = false;
    int option;
    opterr = 0;
    optind = 0;
    /* "-" hands over operands in their place as option 1; ":" tells a missing value from an unknown option. */
    while ((option = getopt_long(argc, argv, "-:f::s:qhV", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return refuse_option(option, argv, error);
        if (option == 'h' || option == 'V') {
            *(option == 'h' ? &options->help : &options->version) = true;
            return true;
        }
        files_given |= option == 'f';
        if (option != 1)
            is_against = option == OPTION_AGAINST;
        if (is_against)
            options->against[options->against_count++] = optarg;
        else if (option == 1 || (option == 'f' && optarg != NULL))
            options->file[options->file_count++] = optarg;
        else if (option != 'f' && !read_option(options, option, optarg, error))
            return false;
    }
    while (optind < argc)
        options->file[options->file_count++] = argv[optind++];
    return check_together(options, files_given, error) &&
           (options->size_text == NULL || read_size(options, options->size_text, error));
}

void options_free(struct options *options)
{
    free(options->file);
    free(options->against);
    free(options->events_file);
    events_free(&options->events);
    memset(options, 0, sizeof *options);
}
