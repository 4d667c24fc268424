/* SPDX-License-Identifier: MIT */
/* option_table: the names and descriptions of all options. */
#include "option_table.h"

#include <string.h>

#define HELP_COLUMN 27
#define HELP_WIDTH  100

const struct option_entry option_table[] = {
    {.id = OPTION_FILES,
     .section = SECTION_LOGS,
     .name = "files",
     .placeholder = "FILE...",
     .is_optional = true,
     .is_repeatable = true,
     .value = VALUE_FILE,
     .brief = "logs, wildcards, directories, - for stdin",
     .text = "logs: files, quoted wildcards, directories, or `-` for standard input; other arguments are log files too",
     .more = "All arguments up to the next option belong to it."},
    {.id = OPTION_SAMP,
     .section = SECTION_LOGS,
     .name = "samp",
     .placeholder = "SECONDS",
     .value = VALUE_TEXT,
     .brief = "seconds between samples",
     .text = "interval between samples, such as `2` or `0.5`; not needed if every log carries its own times",
     .more = "Logs written by memtrace-run(1) and memtrace-slurm(1) do."},
    {.id = OPTION_FILE_PATTERN,
     .section = SECTION_LOGS,
     .name = "file_pattern",
     .placeholder = "PATTERN",
     .value = VALUE_TEXT,
     .brief = "how a file name gives the host",
     .text = "how a file name gives the host: `*` matches the host; selects the files of a directory (default "
             "`*-mem.log`)"},
    {.id = OPTION_INPUT_UNITS,
     .section = SECTION_LOGS,
     .name = "input_units",
     .placeholder = "UNIT",
     .value = VALUE_UNIT,
     .brief = "unit of the logs' numbers",
     .text = "unit of the logs' numbers (default KiB, as free(1) prints); numbers with their own unit, as from "
             "`free -h`, need none"},
    {.id = OPTION_COLUMN,
     .section = SECTION_LOGS,
     .name = "column",
     .placeholder = "NAME",
     .value = VALUE_CHOICE,
     .choices =
         "job-used job-cache job-swap job-total job-free job-shared job-available job-swap-total job-swap-free "
         "node-used "
         "total used free shared buffers cached buff/cache available swap-total swap-used swap-free total-available",
     .brief = "what is drawn",
     .text =
         "what is drawn: of the job, where the recorders logged it, `job-used` (default then), `job-cache`, "
         "`job-swap`, `job-total` (its limit), `job-free`, `job-shared` or `job-available`; of the node `node-used` "
         "or `used` (default without a job), `available`, `free`, `shared`, `buffers`, `cached`, `buff/cache`, "
         "`total`, `swap-used`, `swap-free`, `swap-total` or `total-available`; or a heading of a table"},
    {.id = OPTION_FROM,
     .section = SECTION_LOGS,
     .name = "from",
     .placeholder = "TIME",
     .value = VALUE_TEXT,
     .brief = "draw from here",
     .text = "draw and judge only samples from this time on: seconds, `m:ss`, `h:mm:ss`, `15m`, `2h`"},
    {.id = OPTION_TO,
     .section = SECTION_LOGS,
     .name = "to",
     .placeholder = "TIME",
     .value = VALUE_TEXT,
     .brief = "draw up to here",
     .text = "draw and judge only samples up to this time"},
    {.id = OPTION_ALIGN,
     .section = SECTION_LOGS,
     .name = "align",
     .placeholder = "WHAT",
     .value = VALUE_CHOICE,
     .choices = "auto start clock",
     .brief = "how logs are placed in time",
     .text = "how logs are placed in time: `clock`: by their clocks; `start`: each from its own start; `auto` "
             "(default): by the "
             "clock, but array tasks, groups, and runs on the same nodes one after the other, each from its start"},
    {.id = OPTION_GROUP_BY,
     .section = SECTION_LOGS,
     .name = "group_by",
     .placeholder = "WHAT",
     .value = VALUE_CHOICE,
     .choices = "auto none folder job node",
     .brief = "combine several logs into one line",
     .text = "draw one line for all logs in a `folder`, of a `job` or of a `node`: the one with the highest peak; "
             "`none`: one line per "
             "log; `auto` (default): folders if several folders and nothing else is given"},
    {.id = OPTION_LABEL,
     .section = SECTION_LOGS,
     .name = "label",
     .placeholder = "FILE=NAME",
     .is_repeatable = true,
     .value = VALUE_TEXT,
     .brief = "name of a file or run",
     .text = "name a file, folder or baseline in plots and tables; `FILE=NAME` in place of FILE does the same; without "
             "`FILE=`, labels apply to the files and baselines in their order, one for each",
     .more = "If a file or folder has several nodes, the label precedes their names. With `--against`, one label "
             "for all files of the drawn run is enough."},
    {.id = OPTION_JOBS,
     .section = SECTION_LOGS,
     .name = "jobs",
     .placeholder = "N",
     .value = VALUE_TEXT,
     .brief = "threads to read with",
     .text = "threads to read with (default: one per processor)"},
    {.id = OPTION_SAVE,
     .section = SECTION_PICTURE,
     .name = "save",
     .placeholder = "FILE",
     .value = VALUE_FILE,
     .brief = "plot to write",
     .text =
         "write the plot to a `.png`, `.svg` or `.pdf`, or as an interactive page to a `.html`; without an extension "
         "`.png` is added; `-` is a PNG on standard output; without this option the plot is drawn in the terminal",
     .more = "The page is one file that works offline in any current browser: hover, zoom, search, sort, select nodes, "
             "switch the quantity. Its address contains the state of the view, so a link restores it. While `--follow` "
             "rewrites the page, it reloads itself when nobody uses it."},
    {.id = OPTION_SWAP,
     .section = SECTION_PICTURE,
     .name = "swap",
     .brief = "draw used swap too",
     .text = "draw used swap too, dotted"},
    {.id = OPTION_TOTAL,
     .section = SECTION_PICTURE,
     .name = "total",
     .brief = "draw total memory too",
     .text = "draw total memory too, dashed (total swap with `--swap`)"},
    {.id = OPTION_PERCENTAGE,
     .section = SECTION_PICTURE,
     .name = "percentage",
     .alias = "percentatge", /* as the original tool spelled it */
     .brief = "draw percent of total memory",
     .text = "draw percent of total memory, from 0 to 100 (default if totals differ and no unit, limit or --total is "
             "given)"},
    {.id = OPTION_LEGEND,
     .section = SECTION_PICTURE,
     .name = "legend",
     .placeholder = "WHEN",
     .is_optional = true,
     .value = VALUE_CHOICE,
     .choices = "auto on off",
     .brief = "when to show the legend",
     .text = "`auto` (default): with several lines; `on` (also without a value); `off`"},
    {.id = OPTION_OUTPUT_UNITS,
     .section = SECTION_PICTURE,
     .name = "output_units",
     .placeholder = "UNIT",
     .value = VALUE_UNIT,
     .brief = "unit of the axis",
     .text = "unit of the axis: `B`, `KiB` to `PiB`, `kB` to `PB` (default: chosen from the data); with "
             "`--output_scale` any text"},
    {.id = OPTION_OUTPUT_SCALE,
     .section = SECTION_PICTURE,
     .name = "output_scale",
     .placeholder = "FACTOR",
     .value = VALUE_TEXT,
     .brief = "divide the logs' numbers",
     .text = "divide the logs' numbers by this factor; the unit is then only a label"},
    {.id = OPTION_VIEW,
     .section = SECTION_PICTURE,
     .name = "view",
     .placeholder = "NAME",
     .value = VALUE_CHOICE,
     .choices = "auto lines overview panels",
     .brief = "kind of plot",
     .text = "`lines`: one line per node; `overview`: bands and a heatmap of all nodes; `panels`: one small plot per "
             "node; `auto` "
             "(default): lines up to 12 nodes, overview above"},
    {.id = OPTION_HEAT,
     .section = SECTION_PICTURE,
     .name = "heat",
     .placeholder = "WHAT",
     .value = VALUE_CHOICE,
     .choices = "auto value deviation",
     .brief = "what the heatmap's colours show",
     .text =
         "what the colours of an overview's heatmap show: `value`, or `deviation` from the median of all nodes; `auto` "
         "(default): deviation if the nodes are similar"},
    {.id = OPTION_LIMIT,
     .section = SECTION_PICTURE,
     .name = "limit",
     .placeholder = "SIZE",
     .value = VALUE_TEXT,
     .choices = "none",
     .brief = "draw a limit",
     .text = "draw a limit, such as `32G`, and report the headroom (default: the job's limit if the logs or "
             "`SLURM_MEM_PER_NODE` "
             "have it; `none` turns it off)"},
    {.id = OPTION_MARK,
     .section = SECTION_PICTURE,
     .name = "mark",
     .placeholder = "TIME:TEXT",
     .is_repeatable = true,
     .value = VALUE_TEXT,
     .brief = "draw an event",
     .text = "draw an event at a time of the plot, or in seconds since 1970; may be repeated"},
    {.id = OPTION_MARKS,
     .section = SECTION_PICTURE,
     .name = "marks",
     .placeholder = "FILE",
     .is_repeatable = true,
     .value = VALUE_FILE,
     .brief = "draw the events of a file",
     .text = "draw the events of a file, one per line: `TIME TEXT`"},
    {.id = OPTION_CLOCK,
     .section = SECTION_PICTURE,
     .name = "clock",
     .brief = "label times with the clock",
     .text = "label times with the clock, in the time zone of `TZ`, if the logs have it"},
    {.id = OPTION_AGAINST,
     .section = SECTION_PICTURE,
     .name = "against",
     .placeholder = "FILE...",
     .is_repeatable = true,
     .value = VALUE_FILE,
     .brief = "logs of another run to compare with",
     .text = "logs of another run, the baseline: drawn lighter in the background, and compared, each run from its own "
             "start; may be repeated for further runs",
     .more =
         "All arguments up to the next option belong to one run, at most 8 runs. A node is compared with the one of "
         "the same name, and a run of one node with any run of one node. A run without a label is called by its "
         "folder or file if there are several. A web page draws them only with the compared quantity."},
    {.id = OPTION_TITLE,
     .section = SECTION_PICTURE,
     .name = "title",
     .placeholder = "TEXT",
     .value = VALUE_TEXT,
     .brief = "title of the plot",
     .text = "title of the plot (default: made from the data)"},
    {.id = OPTION_SIZE,
     .section = SECTION_PICTURE,
     .name = "size",
     .placeholder = "WxH",
     .value = VALUE_TEXT,
     .brief = "size in pixels, or in cells of the terminal",
     .text = "size in pixels (default 1200x675); in the terminal in cells (default: the whole terminal)"},
    {.id = OPTION_ZOOM,
     .section = SECTION_PICTURE,
     .name = "zoom",
     .placeholder = "FACTOR",
     .value = VALUE_TEXT,
     .brief = "finer pixels",
     .text = "pixels per unit of size: `2` doubles each side of a PNG, with text and lines (default 1)"},
    {.id = OPTION_THEME,
     .section = SECTION_PICTURE,
     .name = "theme",
     .placeholder = "NAME",
     .value = VALUE_CHOICE,
     .choices = "light dark",
     .brief = "colours",
     .text = "`light` or `dark`",
     .more = "The default is light for files; in the terminal it is dark unless the terminal or `COLORFGBG` reports a "
             "light "
             "background."},
    {.id = OPTION_FOLLOW,
     .section = SECTION_TERMINAL,
     .name = "follow",
     .placeholder = "SECONDS",
     .is_optional = true,
     .value = VALUE_TEXT,
     .brief = "redraw as the logs grow",
     .text = "redraw as the logs grow, every second or at this interval, until `q`, Ctrl-C or the end of all logs; "
             "with `--save` "
             "rewrite the file instead",
     .more = "Without an interval it redraws less often if drawing would take more than 1 % of the time. New logs "
             "are found, rotated ones continue, other truncated ones are read again. The last plot stays on the "
             "screen. With `--save` the file is always complete. Pipes are followed automatically: "
             "`free -s 1 | memtrace -s 1 -`."},
    {.id = OPTION_GRAPHICS,
     .section = SECTION_TERMINAL,
     .name = "graphics",
     .placeholder = "KIND",
     .value = VALUE_CHOICE,
     .choices = "none auto kitty iterm sixel",
     .brief = "draw an image in the terminal",
     .text = "draw an image in the terminal if it supports `kitty`, `iterm` or `sixel` graphics; `auto`: the first of "
             "these; `none` "
             "(default): text",
     .more = "The terminal is asked first, for at most two seconds; without graphics support, text is used."},
    {.id = OPTION_COLOR,
     .section = SECTION_TERMINAL,
     .name = "color",
     .alias = "colour",
     .placeholder = "WHEN",
     .value = VALUE_CHOICE,
     .choices = "auto always never",
     .brief = "colours in the terminal",
     .text = "colours in the terminal: `auto` (default): if it has them and `NO_COLOR` is not set; `always`; `never`",
     .more = "`COLORTERM` and `TERM` decide between 24 bits, 256 and 16 colours."},
    {.id = OPTION_ASCII,
     .section = SECTION_TERMINAL,
     .name = "ascii",
     .brief = "only ASCII in the terminal",
     .text = "only ASCII characters in the terminal (default: if the locale is not UTF-8)"},
    {.id = OPTION_STATS,
     .section = SECTION_FIGURES,
     .name = "stats",
     .placeholder = "FORMAT",
     .is_optional = true,
     .value = VALUE_CHOICE,
     .choices = "text tsv json",
     .brief = "print a table",
     .text = "print a table with one row per node: `text` (default), `tsv` or `json`",
     .more = "The keys of `tsv` and `json` carry their units, such as `peak_bytes` and `peak_at_s`."},
    {.id = OPTION_EXPORT,
     .section = SECTION_FIGURES,
     .name = "export",
     .placeholder = "FILE",
     .value = VALUE_FILE,
     .brief = "write the reduced series",
     .text = "write the reduced series to a `.csv` or `.json`; memtrace reads its own `.csv` like a log",
     .more = "So every node can reduce its own log and only the small exports travel."},
    {.id = OPTION_FAIL_ABOVE,
     .section = SECTION_FIGURES,
     .name = "fail_above",
     .placeholder = "LEVEL",
     .value = VALUE_TEXT,
     .brief = "exit with status 3 if exceeded",
     .text = "exit with status 3 if a peak exceeds a size such as `30G`, a share of the total such as `90%`, or of the "
             "limit such as `90%limit`",
     .more = "For swap columns the total is total swap. For available and free memory and for free swap the lowest "
             "value counts, which must not fall below the level."},
    {.id = OPTION_QUIET,
     .section = SECTION_OTHER,
     .name = "quiet",
     .brief = "no summary, no notes",
     .text = "print no summary, and no notes about what was skipped in a log"},
    {.id = OPTION_HELP, .section = SECTION_OTHER, .name = "help", .brief = "print help", .text = "print this help"},
    {.id = OPTION_VERSION,
     .section = SECTION_OTHER,
     .name = "version",
     .brief = "print versions",
     .text = "print the version, the features of this build and its libraries"},
};

const size_t option_table_count = sizeof option_table / sizeof *option_table;

const struct option_entry *option_table_find(enum option_id id)
{
    const struct option_entry *entry = option_table;
    while (entry->id != id)
        entry++;
    return entry;
}

void option_table_name(char *name, size_t size, const struct option_entry *entry)
{
    snprintf(name, size, "%s", entry->name);
    if (entry->id == OPTION_FAIL_ABOVE)
        *strchr(name, '_') = '-';
}

const char *option_table_section(enum option_section section)
{
    static const char *const title[] = {"Logs", "Plot", "Terminal", "Statistics", "Other"};
    return title[section];
}

/* Prints a text from HELP_COLUMN on, `used` columns being taken already. */
static void print_wrapped(FILE *file, const char *text, size_t used)
{
    size_t column = used;
    if (used + 2 > HELP_COLUMN) {
        fputc('\n', file);
        column = 0;
    }
    fprintf(file, "%*s", (int)(HELP_COLUMN - column), "");
    column = HELP_COLUMN;
    while (*text != '\0') {
        size_t word = strcspn(text, " "), shown = 0;
        for (size_t i = 0; i < word; i++)
            shown += text[i] != '`';
        if (column > HELP_COLUMN && column + 1 + shown > HELP_WIDTH) {
            fprintf(file, "\n%*s", HELP_COLUMN, "");
            column = HELP_COLUMN;
        } else if (column > HELP_COLUMN) {
            fputc(' ', file);
            column++;
        }
        for (size_t i = 0; i < word; i++)
            if (text[i] != '`')
                fputc(text[i], file);
        column += shown;
        text += word + (text[word] == ' ');
    }
    fputc('\n', file);
}

void option_table_help(FILE *file)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        char name[32], left[64];
        const char *value = entry->placeholder != NULL ? entry->placeholder : "";
        bool is_joined = entry->is_optional && entry->value != VALUE_FILE;
        if (i == 0 || entry->section != option_table[i - 1].section)
            fprintf(file, "%s%s\n", i == 0 ? "" : "\n", option_table_section(entry->section));
        option_table_name(name, sizeof name, entry);
        int length = snprintf(left, sizeof left, "  %c%c%c --%s%s%s%s", entry->id < 256 ? '-' : ' ',
                              entry->id < 256 ? (int)entry->id : ' ', entry->id < 256 ? ',' : ' ', name,
                              is_joined        ? "[="
                              : *value != '\0' ? " "
                                               : "",
                              value, is_joined ? "]" : "");
        fputs(left, file);
        print_wrapped(file, entry->text, (size_t)length);
    }
}
