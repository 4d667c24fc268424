/* SPDX-License-Identifier: MIT */
/* option_table: the single table of command line options: names, values and descriptions. --help is made from it at run
 * time; `make docs` writes the option lists of the man page, the README and the completions from it. */
#ifndef MEMTRACE_CLI_OPTION_TABLE_H
#define MEMTRACE_CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Numbers for getopt_long; for options with a letter, that letter. */
enum option_id {
    OPTION_FILES = 'f',
    OPTION_SAMP = 's',
    OPTION_QUIET = 'q',
    OPTION_HELP = 'h',
    OPTION_VERSION = 'V',
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
    OPTION_HEAT,
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
    OPTION_ALIGN,
    OPTION_GROUP_BY,
    OPTION_LABEL,
};

enum option_section { SECTION_LOGS, SECTION_PICTURE, SECTION_TERMINAL, SECTION_FIGURES, SECTION_OTHER, SECTION_COUNT };

/* What can be completed in a value. */
enum option_value { VALUE_NONE, VALUE_TEXT, VALUE_FILE, VALUE_UNIT, VALUE_CHOICE };

/* An option. Texts may contain `code` in backquotes, which each output formats in its own way. */
struct option_entry {
    enum option_id id;
    enum option_section section;
    const char *name;        /* words joined by `_`; `-` is accepted too, and shown: `--fail-above` */
    const char *alias;       /* another spelling that is accepted but not shown, NULL without */
    const char *placeholder; /* of the value, such as "SECONDS"; NULL without a value */
    bool is_optional;        /* the value may be missing */
    bool is_repeatable;
    enum option_value value;
    const char *choices; /* separated by blanks: of VALUE_CHOICE, and other values to complete; NULL without */
    const char *brief;   /* for completions */
    const char *text;    /* for --help, README and the man page */
    const char *more;    /* further sentences in the man page, NULL without */
};

extern const struct option_entry option_table[];
extern const size_t option_table_count;

/* The entry of an option. */
const struct option_entry *option_table_find(enum option_id id);

/* Writes the name as it is shown: without the dashes, with `-` in "fail-above". */
void option_table_name(char *name, size_t size, const struct option_entry *entry);

/* Prints the lines of --help for all options, by section, at most 100 columns wide. */
void option_table_help(FILE *file);

/* Title of a section: "Logs". */
const char *option_table_section(enum option_section section);

#endif
