/* SPDX-License-Identifier: MIT */
/* option_docs: generates the lists of options in the man page, the README and the completions from the table in
 * src/cli/option_table.c. Usage: option_docs KIND FILE, where KIND is man, readme, bash, zsh or fish. It replaces the
 * text between a line that contains "options: generated" and one that contains "options: end". `make docs` calls it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"

#define UNITS "B KiB MiB GiB TiB PiB kB MB GB TB PB"

/* Prints text. Code in backquotes is enclosed in `before` and `after`; characters in `escaped` get a backslash. */
static void print_text(const char *text, const char *before, const char *after, const char *escaped)
{
    int is_code = 0;
    for (; *text != '\0'; text++) {
        if (*text == '`')
            fputs((is_code = !is_code) ? before : after, stdout);
        else
            printf("%s%c", strchr(escaped, *text) != NULL ? "\\" : "", *text);
    }
}

/* ---- man page ---- */

/* Returns the width of the word at `at` in roff; sets `*end` to its end. */
static size_t word_width(const char *at, const char **end)
{
    size_t width = 0;
    for (; *at != '\0' && *at != ' '; at++)
        width += *at == '`' ? 3 : 2; /* at most: "\\fB", "\\-" */
    *end = at;
    return width;
}

/* Prints one sentence per line and lines below 80 columns, as mdoc(7) requires. Lines must not break at a hyphen of an
 * option. */
static void print_man_text(const char *text)
{
    int is_code = 0, is_start = 1;
    size_t column = 0;
    for (const char *end; *text != '\0'; text = *end == ' ' ? end + 1 : end) {
        size_t width = word_width(text, &end);
        int is_new_line = column > 0 && (is_start || column + width > 76);
        if (column > 0)
            putchar(is_new_line ? '\n' : ' ');
        column = is_new_line || column == 0 ? width : column + 1 + width;
        for (; text < end; text++, is_start = 0) {
            if (*text == '`')
                fputs((is_code = !is_code) ? "\\fB" : "\\fP", stdout);
            else if (*text == '-' && is_code)
                fputs("\\-", stdout);
            else
                putchar(is_start && *text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
        }
        is_start = end[-1] == '.';
    }
    puts(text[-1] == '.' ? "" : ".");
}

static void print_man_entry(const struct option_entry *entry)
{
    char name[40], value[40];
    option_table_name(name, sizeof name, entry);
    printf(".It ");
    if (entry->id < 256)
        printf("Fl %c , -%s", (int)entry->id, name);
    else
        printf("Fl -%s", name);
    if (entry->placeholder != NULL) {
        snprintf(value, sizeof value, "%s", entry->placeholder);
        for (char *at = value; *at != '\0'; at++)
            *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        value[strcspn(value, ".")] = '\0';
        if (entry->is_optional && entry->value != VALUE_FILE)
            printf(" Ns Op = Ns Ar %s", value);
        else
            printf(" Ar %s%s", value, strchr(entry->placeholder, '.') != NULL ? " ..." : "");
    }
    putchar('\n');
    print_man_text(entry->text);
    if (entry->more != NULL)
        print_man_text(entry->more);
}

static void write_man(void)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        if (i == 0 || entry->section != entry[-1].section) {
            printf("%s.Ss %s\n", i == 0 ? "" : ".El\n", option_table_section(entry->section));
            if (entry->section == SECTION_TERMINAL)
                puts("Without\n.Fl -save ,\n.Fl -stats\nand\n.Fl -export\nthe plot is drawn on standard output: lines "
                     "as "
                     "braille dots, bands and\nheatmap as blocks, as wide and high as the terminal.\nWithout colours, "
                     "letters "
                     "distinguish the lines.\nIf standard output is not a terminal, plain text of 80x24 is written, or "
                     "of\n.Ev COLUMNS\nand\n.Ev LINES .");
            puts(".Bl -tag -width Ds");
        }
        print_man_entry(entry);
    }
    puts(".El");
}

/* ---- README ---- */

static void write_readme(void)
{
    puts("\n| option | meaning |\n|---|---|");
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        char name[40];
        option_table_name(name, sizeof name, entry);
        printf("| `--%s`", name);
        if (entry->id < 256)
            printf(", `-%c`", (int)entry->id);
        printf(" | ");
        print_text(entry->text, "`", "`", "|");
        puts(" |");
    }
    putchar('\n');
}

/* ---- completions ---- */

static void write_bash(void)
{
    char name[40];
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        option_table_name(name, sizeof name, entry);
        if (entry->placeholder == NULL || entry->value == VALUE_FILE)
            continue;
        printf("    ");
        if (entry->id < 256)
            printf("-%c | ", (int)entry->id);
        printf("--%s%s) ", name, entry->is_optional ? "=" : "");
        if (entry->choices != NULL || entry->value == VALUE_UNIT)
            printf("_memtrace_words '%s' \"$word\" ", entry->choices != NULL ? entry->choices : UNITS);
        puts(";;");
    }
    printf("    *) _memtrace_option_or_file \"$word\" '");
    for (size_t i = 0; i < option_table_count; i++) {
        option_table_name(name, sizeof name, &option_table[i]);
        printf("--%s ", name);
        if (option_table[i].id < 256)
            printf("-%c ", (int)option_table[i].id);
    }
    puts("' ;;");
}

static void print_quoted(const char *text, const char *quote)
{
    for (; *text != '\0'; text++)
        if (*text == '\'')
            fputs(quote, stdout);
        else
            putchar(*text);
}

static void write_zsh(void)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        char name[40];
        option_table_name(name, sizeof name, entry);
        printf("        ");
        if (entry->id == OPTION_HELP || entry->id == OPTION_VERSION)
            printf("'(- *)'");
        else if (entry->id < 256 && !entry->is_repeatable)
            printf("'(-%c --%s)'", (int)entry->id, name);
        if (entry->id < 256)
            printf("%s{-%c,--%s}'", entry->is_repeatable ? "'*'" : "", (int)entry->id, name);
        else
            printf("'%s--%s", entry->is_repeatable ? "*" : "", name);
        printf("%s[", entry->is_optional && entry->value != VALUE_FILE ? "=-" : "");
        print_quoted(entry->brief, "'\\''");
        printf("]");
        if (entry->placeholder != NULL) {
            printf("%s:", entry->is_optional && entry->value != VALUE_FILE ? ":" : "");
            for (const char *at = entry->placeholder; *at != '\0' && *at != '.'; at++)
                if (*at == ':')
                    fputs("\\:", stdout);
                else
                    putchar(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
            if (entry->choices != NULL)
                printf(":(%s)", entry->choices);
            else if (entry->value == VALUE_FILE)
                printf(":_files");
            else if (entry->value == VALUE_UNIT)
                printf(":_memtrace_units");
        }
        puts("'");
    }
}

static void write_fish(void)
{
    for (size_t i = 0; i < option_table_count; i++) {
        const struct option_entry *entry = &option_table[i];
        char name[40];
        option_table_name(name, sizeof name, entry);
        printf("complete -c memtrace");
        if (entry->id < 256)
            printf(" -s %c", (int)entry->id);
        printf(" -l %s", name);
        if (entry->value == VALUE_FILE)
            printf(" -r -F");
        else if (entry->placeholder != NULL && !entry->is_optional)
            printf(" -x");
        if (entry->choices != NULL)
            printf(" -a '%s'", entry->choices);
        else if (entry->value == VALUE_UNIT)
            printf(" -a '%s'", UNITS);
        printf(" -d '");
        print_quoted(entry->brief, "\\'");
        puts("'");
    }
}

/* Copies the file to standard output with its generated part replaced. */
static int copy_file(const char *path, void (*write_part)(void))
{
    FILE *file = fopen(path, "r");
    char line[4096];
    int is_inside = 0, is_found = 0;
    if (file == NULL) {
        perror(path);
        return EXIT_FAILURE;
    }
    while (fgets(line, sizeof line, file) != NULL) {
        is_inside = is_inside && strstr(line, "options: end") == NULL;
        if (!is_inside)
            fputs(line, stdout);
        if (strstr(line, "options: generated") != NULL) {
            is_inside = is_found = 1;
            write_part();
        }
    }
    fclose(file);
    if (is_found && !is_inside && fflush(stdout) == 0)
        return EXIT_SUCCESS;
    fprintf(stderr, "option_docs: %s: no lines with \"options: generated\" and \"options: end\"\n", path);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *kind;
        void (*write)(void);
    } writer[] = {
        {"man", write_man}, {"readme", write_readme}, {"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};
    for (size_t i = 0; argc == 3 && i < sizeof writer / sizeof *writer; i++)
        if (strcmp(argv[1], writer[i].kind) == 0)
            return copy_file(argv[2], writer[i].write);
    fputs("Usage: option_docs man|readme|bash|zsh|fish FILE\n", stderr);
    return 2;
}
