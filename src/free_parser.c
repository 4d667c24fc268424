/* free_parser: owns the understanding of what free(1) printed. Opens, prints and exits nothing.
 *
 * Bytes are cut into lines, lines are told apart by their first word, and numbers are given their meaning by the words of the header above
 * them. A record is given when it is known to be complete: with the row that ended the record before it, or when the next one begins. */
#include "free_parser.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE_MAX_BYTES 4096 /* far longer than any line of free */
#define HEADER_MAX     16   /* columns */
#define SWAP_MAX_BYTES 1e18 /* more is a wrapped-around difference */

enum row { ROW_NONE, ROW_MEM, ROW_SWAP, ROW_OTHER };

struct free_parser {
    struct free_sink sink;
    double unit_bytes;
    char line[LINE_MAX_BYTES];
    size_t length;
    bool too_long;
    unsigned long line_number, non_empty, understood;
    enum free_column heading[HEADER_MAX]; /* of the header in force; FREE_COLUMN_COUNT for an unknown word */
    size_t heading_count;
    struct free_record record; /* the one being read */
    bool has_mem;              /* it has its row Mem */
    bool is_bad;               /* it is left out, which was told */
    enum row last_row;         /* that was read of it */
    enum row final_row;        /* that ended the record before: ROW_NONE for the first */
    size_t row_length[ROW_OTHER + 1]; /* of the last complete row of each kind */
};

static const struct {
    const char *name;
    enum free_column column;
} column_names[] = {
    {"total", FREE_TOTAL},           {"used", FREE_USED},
    {"free", FREE_FREE},             {"shared", FREE_SHARED},
    {"buffers", FREE_BUFFERS},       {"cached", FREE_CACHED},
    {"buff/cache", FREE_BUFF_CACHE}, {"available", FREE_AVAILABLE},
    {"swap-total", FREE_SWAP_TOTAL}, {"swap-used", FREE_SWAP_USED},
    {"swap-free", FREE_SWAP_FREE},   {"cache", FREE_CACHED},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum free_column free_column_find(const char *name)
{
    char dashed[32];
    if (strlen(name) >= sizeof dashed)
        return FREE_COLUMN_COUNT;
    for (size_t i = 0; i <= strlen(name); i++)
        dashed[i] = name[i] == '_' ? '-' : name[i];
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (strcasecmp(dashed, column_names[i].name) == 0)
            return column_names[i].column;
    return FREE_COLUMN_COUNT;
}

const char *free_column_name(enum free_column column)
{
    for (size_t i = 0; i < COUNT(column_names); i++)
        if (column_names[i].column == column)
            return column_names[i].name;
    return "";
}

void free_note_format(char *text, size_t size, enum free_note note, unsigned long count)
{
    static const struct {
        const char *one, *many;
    } texts[FREE_NOTE_COUNT] = {
        [FREE_NOTE_BAD_NUMBER] = {"bad number, its record left out", "bad numbers, their records left out"},
        [FREE_NOTE_CUT_ROW] = {"row cut short, left out", "rows cut short, left out"},
        [FREE_NOTE_CUT_END] = {"record cut short at the end, left out", "records cut short at the end, left out"},
        [FREE_NOTE_NUL] = {"hole of NUL bytes", "holes of NUL bytes"},
        [FREE_NOTE_NOISE] = {"line that is not free's, skipped", "lines that are not free's, skipped"},
        [FREE_NOTE_LONG_LINE] = {"overlong line, skipped", "overlong lines, skipped"},
        [FREE_NOTE_BAD_SWAP] = {"impossible swap value, shown as 0", "impossible swap values, shown as 0"},
        [FREE_NOTE_UNKNOWN_WORDS] = {"header in an unknown language, read by position",
                                     "headers in an unknown language, read by position"},
        [FREE_NOTE_FORMAT_CHANGED] = {"change of format", "changes of format"},
        [FREE_NOTE_TIME_BACK] = {"time stamp before the last one, drawn as a new run",
                                 "time stamps before the last one, drawn as new runs"},
        [FREE_NOTE_WATCH] = {"screen of watch", "screens of watch"},
    };
    snprintf(text, size, "%lu %s", count, count == 1 ? texts[note].one : texts[note].many);
}

struct free_parser *free_parser_new(const struct free_sink *sink, double unit_bytes)
{
    struct free_parser *parser = calloc(1, sizeof *parser);
    if (parser == NULL)
        return NULL;
    parser->sink = *sink;
    parser->unit_bytes = unit_bytes > 0 ? unit_bytes : 1024;
    return parser;
}

void free_parser_free(struct free_parser *parser)
{
    free(parser);
}

void free_parser_lines(const struct free_parser *parser, unsigned long *non_empty,
                       unsigned long *understood)
{
    *non_empty = parser->non_empty;
    *understood = parser->understood;
}

static void note(const struct free_parser *parser, enum free_note kind, const char *text, size_t length)
{
    char printable[64];
    size_t kept = length < sizeof printable - 1 ? length : sizeof printable - 1;
    if (parser->sink.note == NULL)
        return;
    for (size_t i = 0; i < kept; i++)
        printable[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    printable[kept] = '\0';
    parser->sink.note(parser->sink.user, kind, parser->line_number, printable);
}

static bool has(const struct free_record *record, enum free_column column)
{
    return (record->present >> column & 1) != 0;
}

/* What `used` of a record means, from its numbers: free's own arithmetic holds but for rounding to its unit. */
static enum free_used_meaning used_meaning(const struct free_record *record)
{
    const double *value = record->value;
    double slack = fmax(value[FREE_TOTAL] / 1e4, 4096);
    if (!has(record, FREE_USED))
        return FREE_USED_UNKNOWN;
    if (has(record, FREE_AVAILABLE) &&
        fabs(value[FREE_TOTAL] - value[FREE_AVAILABLE] - value[FREE_USED]) <= 8192)
        return FREE_USED_UNAVAILABLE;
    double cache = has(record, FREE_BUFF_CACHE) ? value[FREE_BUFF_CACHE]
                                                : value[FREE_BUFFERS] + value[FREE_CACHED];
    if (fabs(value[FREE_TOTAL] - value[FREE_FREE] - cache - value[FREE_USED]) <= slack)
        return FREE_USED_NO_CACHE;
    if (fabs(value[FREE_TOTAL] - value[FREE_FREE] - value[FREE_USED]) <= slack)
        return FREE_USED_WITH_CACHE;
    return FREE_USED_UNKNOWN;
}

/* Gives the record that was read, if it is whole, and is ready for the next. */
static void end_record(struct free_parser *parser)
{
    struct free_record *record = &parser->record;
    if (parser->has_mem && !parser->is_bad) {
        record->used_meaning = used_meaning(record);
        record->stamp_s = NAN;
        record->label = "";
        parser->final_row = parser->last_row;
        if (parser->sink.record != NULL)
            parser->sink.record(parser->sink.user, record);
    }
    memset(record, 0, sizeof *record);
    parser->has_mem = parser->is_bad = false;
    parser->last_row = ROW_NONE;
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

static size_t word_length(const char *at)
{
    return strcspn(at, " \t");
}

/* Factor of a suffix such as "Gi" or "M" of free -h: K to P are 1024-based but with --si, which nothing in the log tells: there "Gi" means 1024 and "G"
 * of old versions as well. 0 for none of these. */
static double suffix_factor(const char *suffix, size_t length, double unit_bytes)
{
    static const char letters[] = "BKMGTPE";
    if (length == 0)
        return unit_bytes;
    const char *letter = memchr(letters, *suffix, sizeof letters - 1);
    if (letter == NULL || length > 2 || (length == 2 && suffix[1] != 'i'))
        return 0;
    return pow(1024, (double)(letter - letters));
}

/* Reads a number of free in `length` bytes: digits with an optional sign, decimal mark and unit. */
static bool read_number(const char *at, size_t length, double unit_bytes, double *bytes)
{
    const char *end = at + length;
    bool negative = *at == '-';
    double value = 0, place = 1;
    at += negative;
    const char *digits = at;
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        value = value * 10 + (*at - '0');
    if (at == digits || at - digits > 20)
        return false;
    if (at + 1 < end && (*at == '.' || *at == ',') && at[1] >= '0' && at[1] <= '9')
        for (at++; at < end && *at >= '0' && *at <= '9'; at++)
            value += (*at - '0') * (place /= 10);
    double factor = suffix_factor(at, (size_t)(end - at), unit_bytes);
    *bytes = (negative ? -value : value) * factor;
    return factor > 0;
}

/* A row's values, at most HEADER_MAX. */
struct values {
    double bytes[HEADER_MAX];
    size_t count;
};

/* Reads the numbers of a row. A bad one is told, and makes the record bad. */
static bool read_values(struct free_parser *parser, const char *at, struct values *values)
{
    values->count = 0;
    for (at = skip_blanks(at); *at != '\0'; at = skip_blanks(at)) {
        size_t length = word_length(at);
        if (values->count == HEADER_MAX ||
            !read_number(at, length, parser->unit_bytes, &values->bytes[values->count])) {
            note(parser, FREE_NOTE_BAD_NUMBER, at, length);
            parser->is_bad = true;
            return false;
        }
        values->count++;
        at += length;
    }
    return true;
}

static void put(struct free_record *record, enum free_column column, double bytes)
{
    record->value[column] = bytes;
    record->present |= 1u << column;
}

static void cut_row(struct free_parser *parser)
{
    note(parser, FREE_NOTE_CUT_ROW, "", 0);
    parser->is_bad = true;
}

static void read_mem(struct free_parser *parser, const char *at)
{
    struct values values;
    parser->has_mem = true;
    parser->record.line = parser->line_number;
    if (!read_values(parser, at, &values))
        return;
    if (values.count < parser->heading_count) {
        cut_row(parser);
        return;
    }
    for (size_t i = 0; i < parser->heading_count; i++)
        if (parser->heading[i] != FREE_COLUMN_COUNT)
            put(&parser->record, parser->heading[i], values.bytes[i]);
}

static void read_swap(struct free_parser *parser, const char *at)
{
    struct values values;
    bool odd = false;
    if (!read_values(parser, at, &values))
        return;
    if (values.count < 3) {
        cut_row(parser);
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        double bytes = values.bytes[i];
        odd |= bytes < 0 || bytes > SWAP_MAX_BYTES;
        put(&parser->record, (enum free_column)(FREE_SWAP_TOTAL + i),
            bytes < 0 || bytes > SWAP_MAX_BYTES ? 0 : bytes);
    }
    if (odd)
        note(parser, FREE_NOTE_BAD_SWAP, "", 0);
}

/* Reads the words of a header; false when it is none. */
static bool read_header(struct free_parser *parser, const char *at)
{
    enum free_column heading[HEADER_MAX];
    size_t count = 0;
    for (at = skip_blanks(at); *at != '\0' && count < HEADER_MAX; at = skip_blanks(at)) {
        char word[32];
        size_t length = word_length(at);
        snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), at);
        heading[count++] = free_column_find(word);
        at += length;
    }
    if (count < 3 || heading[0] != FREE_TOTAL || heading[1] != FREE_USED || heading[2] != FREE_FREE)
        return false;
    end_record(parser);
    if (parser->heading_count > 0 && (count != parser->heading_count ||
                                      memcmp(heading, parser->heading, count * sizeof *heading) != 0)) {
        note(parser, FREE_NOTE_FORMAT_CHANGED, "", 0);
        parser->final_row = ROW_NONE;
    }
    memcpy(parser->heading, heading, sizeof heading);
    parser->heading_count = count;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Turns %20 and the like into the bytes they stand for; NUL stays as it is. */
static void percent_decode(char *text)
{
    char *out = text;
    for (; *text != '\0'; text++, out++) {
        int high = *text == '%' ? hex_digit(text[1]) : -1;
        int low = high >= 0 ? hex_digit(text[2]) : -1;
        *out = *text;
        if (low >= 0 && high * 16 + low != 0) {
            *out = (char)(high * 16 + low);
            text += 2;
        }
    }
    *out = '\0';
}

/* Hands over the keys of "# memtrace 1 host=... start=...". */
static void read_trace_header(struct free_parser *parser, char *at)
{
    end_record(parser);
    parser->final_row = ROW_NONE;
    for (char *word = strtok_r(at, " \t", &at); word != NULL; word = strtok_r(NULL, " \t", &at)) {
        char *equals = strchr(word, '=');
        if (equals == NULL)
            continue;
        *equals = '\0';
        percent_decode(equals + 1);
        if (parser->sink.header != NULL)
            parser->sink.header(parser->sink.user, "", word, equals + 1);
    }
}

/* The row that a line begins, and where its numbers do. */
static enum row find_row(const char *at, const char **numbers)
{
    static const struct {
        const char *label;
        enum row row;
    } rows[] = {{"Mem:", ROW_MEM},   {"Swap:", ROW_SWAP},   {"Low:", ROW_OTHER},
                {"High:", ROW_OTHER}, {"Total:", ROW_OTHER}, {"Comm:", ROW_OTHER}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i].label);
        if (strncmp(at, rows[i].label, length) == 0) {
            *numbers = at + length;
            return rows[i].row;
        }
    }
    return ROW_NONE;
}

/* A line without its end. `is_whole` is false for the last one of a log that ends without a line feed. */
static void read_line(struct free_parser *parser, char *line, size_t length, bool is_whole)
{
    const char *numbers = NULL;
    char *at = line + (skip_blanks(line) - line);
    if (*at == '\0')
        return;
    parser->non_empty++;
    enum row row = find_row(at, &numbers);
    if (row == ROW_NONE) {
        if (strncmp(at, "# memtrace", 10) == 0)
            read_trace_header(parser, at + 10);
        else if (!read_header(parser, at)) {
            note(parser, FREE_NOTE_NOISE, at, strlen(at));
            return;
        }
        parser->understood++;
        return;
    }
    parser->understood++;
    if (row == ROW_MEM && parser->has_mem)
        end_record(parser);
    if (!is_whole && length < parser->row_length[row]) {
        note(parser, FREE_NOTE_CUT_END, "", 0);
        parser->is_bad = true;
        return;
    }
    if (row == ROW_MEM && parser->heading_count > 0)
        read_mem(parser, numbers);
    else if (row == ROW_SWAP && parser->has_mem)
        read_swap(parser, numbers);
    parser->last_row = row;
    parser->row_length[row] = length;
    if (row == parser->final_row)
        end_record(parser);
}

/* The line in the buffer is complete. */
static void end_line(struct free_parser *parser, bool is_whole)
{
    size_t length = parser->length;
    parser->line_number++;
    if (parser->too_long) {
        note(parser, FREE_NOTE_LONG_LINE, "", 0);
    } else {
        while (length > 0 && (parser->line[length - 1] == '\r' || parser->line[length - 1] == ' '))
            length--;
        parser->line[length] = '\0';
        read_line(parser, parser->line, length, is_whole);
    }
    parser->length = 0;
    parser->too_long = false;
}

bool free_parser_feed(struct free_parser *parser, const char *bytes, size_t size)
{
    const char *end = bytes + size;
    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t length = (size_t)((newline == NULL ? end : newline) - bytes);
        if (parser->length + length < sizeof parser->line) {
            memcpy(parser->line + parser->length, bytes, length);
            parser->length += length;
        } else {
            parser->too_long = true;
        }
        if (newline == NULL)
            return true;
        end_line(parser, true);
        bytes = newline + 1;
    }
    return true;
}

bool free_parser_finish(struct free_parser *parser)
{
    if (parser->length > 0 || parser->too_long)
        end_line(parser, false);
    end_record(parser);
    return true;
}
