/* SPDX-License-Identifier: MIT */
/* export: the format of exports, in both directions. Independent of plots, options and paths. */
#include "model/export.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/serialize.h"
#include "base/strbuf.h"
#include "base/units.h"

/* The quantities by trace_line; the first one has the name of the plotted column. */
static const char *const quantities[TRACE_LINE_COUNT] = {
    [TRACE_MAIN] = "",
    [TRACE_TOTAL] = "total",
    [TRACE_SWAP] = "swap-used",
    [TRACE_SWAP_TOTAL] = "swap-total",
    [TRACE_AVAILABLE] = "available-bytes",
    [TRACE_MEMORY] = "memory-bytes",
    [TRACE_PERCENT] = "percent",
    [TRACE_WITH_CACHE] = "with-cache",
    [TRACE_NODE] = "node",
    [TRACE_JOB] = "job",
};

#define FIELDS   11
#define VERSION  2
#define HEADING  "node,quantity"
#define END_LINE "# memtrace-export end"

static const char *const field_names[FIELDS] = {
    "time_s", "first",        "min",  "min_after_s", "max",        "max_after_s",
    "last",   "last_after_s", "mean", "count",       "gap_before",
};

static void to_fields(const struct series_bucket *bucket, double field[FIELDS])
{
    const double values[FIELDS] = {
        bucket->first_s,
        bucket->first,
        bucket->min,
        (double)bucket->min_offset_s,
        bucket->max,
        (double)bucket->max_offset_s,
        bucket->last,
        (double)bucket->last_offset_s,
        fmin(fmax((double)bucket->mean, bucket->min), bucket->max), /* rounding to float may leave the range */
        bucket->count,
        bucket->gap_before != 0,
    };
    memcpy(field, values, sizeof values);
}

/* Returns the number of buckets in which a series is exported. */
static size_t count_of(const struct series *series)
{
    return series->bucket_limit == 0 && series->stats.count > 0 ? 1 : series_buckets(series);
}

/* One of them. A series that has only statistics is one bucket, of which only extremes, ends and mean are known. */
static const struct series_bucket *bucket_of(const struct series *series, size_t i, struct series_bucket *space)
{
    const struct series_stats *stats = &series->stats;
    if (series->bucket_limit > 0)
        return series_at(series, i, space);
    *space = (struct series_bucket){
        .first_s = stats->first_s,
        .first = stats->first,
        .last = stats->last,
        .min = stats->min,
        .max = stats->max,
        .last_offset_s = (float)(stats->last_s - stats->first_s),
        .min_offset_s = (float)(stats->min_s - stats->first_s),
        .max_offset_s = (float)(stats->max_s - stats->first_s),
        .mean = (float)series_mean(series),
        .count = stats->count < UINT32_MAX ? (uint32_t)stats->count : UINT32_MAX,
    };
    return space;
}

/* The name of a quantity; NULL if it is the plotted one, which is written as the main line. */
static const char *quantity_name(const struct trace *trace, int line)
{
    const char *drawn = trace_column(trace);
    if (line == TRACE_MAIN)
        return drawn;
    return strcmp(quantities[line], drawn) == 0 ? NULL : quantities[line];
}

static void print_text_key(FILE *file, const char *key, const char *text)
{
    if (*text == '\0')
        return;
    fprintf(file, " %s=", key);
    serialize_percent(file, text);
}

static void print_number_key(FILE *file, const char *key, double value)
{
    if (!isfinite(value))
        return;
    fprintf(file, " %s=", key);
    serialize_number(file, value);
}

static void print_top(FILE *file, const struct trace_top *top)
{
    for (size_t i = 0; i < top->count; i++) {
        fputs("# memtrace", file);
        print_number_key(file, "top_s", top->time_s);
        print_number_key(file, "rss_bytes", top->process[i].rss_bytes);
        print_number_key(file, "id", (double)top->process[i].id);
        print_text_key(file, "process", top->process[i].command);
        fputc('\n', file);
    }
}

static void print_node_keys(FILE *file, const struct trace *trace, const struct node *node)
{
    fputs("# memtrace", file);
    print_text_key(file, "host", node->name);
    print_number_key(file, "start", node->start_epoch_s);
    if (trace->is_aligned &&
        (trace->is_cut || isfinite(node->zero_epoch_s))) /* the node at time 0 may have no sample in the window */
        print_number_key(file, "zero", trace->start_epoch_s);
    print_number_key(file, "end", node->end_epoch_s);
    print_number_key(file, "interval", node->interval_s);
    print_number_key(file, "limit_bytes", node->job_limit_bytes);
    if (node->job_node_bytes > 0)
        print_number_key(file, "job_node_bytes", node->job_node_bytes);
    if (node->swap_total_bytes > 0)
        print_number_key(file, "swap_total_bytes", node->swap_total_bytes);
    if (node->peak_total > 0)
        print_number_key(file, "peak_total_bytes", node->peak_total);
    print_number_key(file, "used_meaning", node->used_meaning);
    print_text_key(file, "job", node->job);
    print_text_key(file, "array", node->array);
    print_text_key(file, "task", node->task);
    print_text_key(file, "on", node->host);
    print_text_key(file, "name", node->job_name);
    print_text_key(file, "state", node->job_state);
    print_text_key(file, "command", node->command);
    if (node->exit_status >= 0)
        print_number_key(file, "status", node->exit_status);
    print_number_key(file, "wall", node->wall_s);
    if (node->oom_kills > 0)
        print_number_key(file, "oom_kills", (double)node->oom_kills);
    fputc('\n', file);
    print_top(file, &node->top);
    for (size_t i = 0; i < node->event_count; i++) {
        fputs("# memtrace", file);
        print_number_key(file, node->event[i].kind == TRACE_EVENT_OOM_KILL ? "kill_s" : "mark_s",
                         node->event[i].time_s);
        print_text_key(file, "text", node->event[i].text);
        fputc('\n', file);
    }
}

/* Returns the number of lines printed. */
static size_t print_csv_node(FILE *file, const struct trace *trace, const struct node *node)
{
    size_t lines = 1 + node->top.count + node->event_count;
    print_node_keys(file, trace, node);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        const struct series *series = &node->line[line];
        struct series_bucket space;
        double field[FIELDS];
        const size_t count = count_of(series);
        const char *name = quantity_name(trace, line);
        for (size_t i = 0; name != NULL && i < count; i++) {
            serialize_csv(file, node->name);
            fprintf(file, ",%s", name);
            to_fields(bucket_of(series, i, &space), field);
            for (int k = 0; k < FIELDS; k++) {
                fputc(',', file);
                serialize_number(file, field[k]);
            }
            fputc('\n', file);
            lines++;
        }
    }
    return lines;
}

bool export_csv(FILE *file, const struct trace *trace, struct error *error)
{
    size_t lines = 0;
    errno = 0;
    fprintf(file, EXPORT_MAGIC "%d column=%s unit=%s\n%s", VERSION, trace_column(trace),
            trace->percent ? "percent" : "bytes", HEADING);
    for (int k = 0; k < FIELDS; k++)
        fprintf(file, ",%s", field_names[k]);
    fputc('\n', file);
    for (size_t i = 0; i < trace->count; i++)
        lines += print_csv_node(file, trace, &trace->node[i]);
    fprintf(file, END_LINE " lines=%zu\n", lines);
    return serialize_written(file, error);
}

static void print_json_series(FILE *file, const char *quantity, const struct series *series)
{
    struct series_bucket space;
    double field[FIELDS];
    const size_t count = count_of(series);
    fputs("    ", file);
    serialize_json_string(file, quantity);
    fputs(": [", file);
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%s\n     [", i > 0 ? "," : "");
        to_fields(bucket_of(series, i, &space), field);
        for (int k = 0; k < FIELDS; k++) {
            fputs(k > 0 ? "," : "", file);
            serialize_json_number(file, field[k]);
        }
        fputc(']', file);
    }
    fputc(']', file);
}

static void print_json_node(FILE *file, const struct trace *trace, const struct node *node)
{
    fputs("  {\"node\": ", file);
    serialize_json_string(file, node->name);
    fputs(", \"start_epoch_s\": ", file);
    serialize_json_number(file, clock_has_date(node->start_epoch_s) ? node->start_epoch_s : NAN);
    fputs(", \"offset_s\": ", file);
    serialize_json_number(file, node->offset_s);
    fputs(", \"interval_s\": ", file);
    serialize_json_number(file, node->interval_s);
    fputs(", \"limit_bytes\": ", file);
    serialize_json_number(file, node->job_limit_bytes);
    fputs(", \"series\": {\n", file);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        const char *name = quantity_name(trace, line);
        if (name == NULL)
            continue;
        fputs(line > 0 ? ",\n" : "", file);
        print_json_series(file, name, &node->line[line]);
    }
    fputs("}}", file);
}

bool export_json(FILE *file, const struct trace *trace, struct error *error)
{
    errno = 0;
    fputs("{\"column\": ", file);
    serialize_json_string(file, trace_column(trace));
    fprintf(file, ",\n \"unit\": \"%s\",\n \"fields\": [", trace->percent ? "percent" : "bytes");
    for (int k = 0; k < FIELDS; k++)
        fprintf(file, "%s\"%s\"", k > 0 ? ", " : "", field_names[k]);
    fputs("],\n \"nodes\": [\n", file);
    for (size_t i = 0; i < trace->count; i++) {
        fputs(i > 0 ? ",\n" : "", file);
        print_json_node(file, trace, &trace->node[i]);
    }
    fputs("\n ]}\n", file);
    return serialize_written(file, error);
}

#define LINE_BYTES_MAX ((size_t)1 << 20)
#define NAMES_SHOWN    3

static const char byte_order_mark[] = "\xef\xbb\xbf";

struct export_reader {
    struct export_sink sink;
    const char *path;
    char *line; /* Owned. */
    size_t length, capacity;
    char column[32];
    int version;
    bool is_quoted, is_long; /* the line being read: is inside quotes; is too long to be one of ours */
    bool has_heading, has_end;
    unsigned long line_number, begin_line; /* at the last line feed, and at the start of the line being read */
    char *name;                            /* of `node`. Owned. */
    struct node *node;
    size_t lines, missing;      /* below the heading: read so far, and how many fewer than the last line says */
    size_t skipped;             /* rows */
    struct error first;         /* the reason for the first of them */
    char *damaged[NAMES_SHOWN]; /* nodes that lost rows. Owned. */
    size_t damaged_count;
};

enum export_match export_begins(const char *bytes, size_t size)
{
    size_t mark = strlen(byte_order_mark), magic = strlen(EXPORT_MAGIC);
    bool has_mark = size > 0 && bytes[0] == byte_order_mark[0];
    size_t compared = size < mark ? size : mark;
    if (has_mark && memcmp(bytes, byte_order_mark, compared) != 0)
        return EXPORT_NO;
    if (has_mark) {
        bytes += compared;
        size -= compared;
    }
    if (memcmp(bytes, EXPORT_MAGIC, size < magic ? size : magic) != 0)
        return EXPORT_NO;
    return size < magic ? EXPORT_MAYBE : EXPORT_YES;
}

struct export_reader *export_reader_new(const struct export_sink *sink, const char *path)
{
    struct export_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->sink = *sink;
    reader->path = path;
    reader->begin_line = 1;
    return reader;
}

void export_reader_free(struct export_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->damaged_count; i++)
        free(reader->damaged[i]);
    free(reader->line);
    free(reader->name);
    free(reader);
}

static bool refuse(const struct export_reader *reader, const char *what, struct error *error)
{
    return error_set(error, reader->path, reader->begin_line, "not an export of memtrace: %s", what);
}

/* Records the name of a node that lost a row, if it is new and one of the first few. */
static void keep_damaged(struct export_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->damaged_count; i++)
        if (strcmp(reader->damaged[i], name) == 0)
            return;
    char *copy = reader->damaged_count < NAMES_SHOWN ? strdup(name) : NULL;
    if (copy != NULL)
        reader->damaged[reader->damaged_count++] = copy;
}

/* Skips the current line, which belongs to `name` (NULL if unknown). Always returns true. */
static bool skip(struct export_reader *reader, const char *name, const char *what)
{
    if (reader->skipped++ == 0)
        error_set(&reader->first, reader->path, reader->begin_line, "%s", what);
    if (name != NULL && *name != '\0')
        keep_damaged(reader, name);
    return true;
}

/* Takes the next field off `*at` and unquotes it. Returns false at the end of the line. */
static bool next_field(char **at, char **field)
{
    char *from = *at, *out;
    if (from == NULL)
        return false;
    *field = out = from;
    if (*from != '"') {
        *at = strchr(from, ',');
        if (*at != NULL)
            *(*at)++ = '\0';
        return true;
    }
    for (from++; *from != '\0' && (*from != '"' || from[1] == '"'); from++) {
        from += *from == '"';
        *out++ = *from;
    }
    *at = *from == '"' && from[1] == ',' ? from + 2 : NULL;
    *out = '\0';
    return true;
}

/* Reads the value of "key=" in a comment line, up to the next blank. Returns false if it is missing. */
__attribute__((nonnull)) static bool find_key(const char *line, const char *key, char *value, size_t size)
{
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=", key);
    const char *found = strstr(line, wanted);
    if (found == NULL)
        return false;
    found += strlen(wanted);
    serialize_percent_decode(found, found + strcspn(found, " "), value, size);
    return true;
}

static void find_number(const char *line, const char *key, double *number)
{
    char text[64];
    if (find_key(line, key, text, sizeof text))
        parse_number(text, number);
}

/* Switches to the node that rows or keys of `name` belong to. */
static bool turn_to(struct export_reader *reader, const char *name, struct error *error)
{
    if (reader->node != NULL && strcmp(reader->name, name) == 0)
        return true;
    free(reader->name);
    reader->name = strdup(name);
    reader->node = reader->name == NULL ? NULL : reader->sink.node(reader->sink.user, name);
    return reader->node != NULL || error_memory(error, reader->path);
}

/* Reads the keys of a node from a comment line. */
__attribute__((nonnull)) static void read_node_keys(struct node *node, const char *line)
{
    double meaning = 0, status = -1, kills = 0;
    find_number(line, "start", &node->start_epoch_s);
    find_number(line, "zero", &node->zero_epoch_s);
    find_number(line, "end", &node->end_epoch_s);
    find_number(line, "interval", &node->interval_s);
    find_number(line, "limit_bytes", &node->job_limit_bytes);
    find_number(line, "job_node_bytes", &node->job_node_bytes);
    find_number(line, "swap_total_bytes", &node->swap_total_bytes);
    find_number(line, "peak_total_bytes", &node->peak_total);
    find_number(line, "used_meaning", &meaning);
    if (meaning >= 0 && meaning <= FREELOG_USED_MIXED)
        node->used_meaning = (enum freelog_used_meaning)meaning;
    find_key(line, "job", node->job, sizeof node->job);
    find_key(line, "array", node->array, sizeof node->array);
    find_key(line, "task", node->task, sizeof node->task);
    find_key(line, "on", node->host, sizeof node->host);
    find_key(line, "name", node->job_name, sizeof node->job_name);
    find_key(line, "state", node->job_state, sizeof node->job_state);
    find_key(line, "command", node->command, sizeof node->command);
    find_number(line, "status", &status);
    if (status >= 0 && status <= 255)
        node->exit_status = (int)status;
    find_number(line, "wall", &node->wall_s);
    find_number(line, "oom_kills", &kills);
    if (kills > 0 && kills < 1e9)
        node->oom_kills = (unsigned long)kills;
}

/* Reads a comment line about a process of the node. */
static void read_top(struct trace_top *top, const char *line)
{
    struct trace_process process = {.rss_bytes = NAN};
    double id = 0;
    find_number(line, "rss_bytes", &process.rss_bytes);
    find_number(line, "id", &id);
    if (top->count == TRACE_PROCESSES_MAX || !isfinite(process.rss_bytes) || !(id >= 0 && id <= 1e15) ||
        !find_key(line, "process", process.command, sizeof process.command))
        return;
    process.id = (long)id;
    top->process[top->count++] = process;
    find_number(line, "top_s", &top->time_s);
}

static bool read_comment(struct export_reader *reader, struct error *error)
{
    const char *line = reader->line;
    double time_s = NAN, kill_s = NAN;
    char *text = malloc(reader->length + 1);
    bool ok = text != NULL;
    if (ok && find_key(line, "host", text, reader->length + 1) && *text != '\0') {
        ok = turn_to(reader, text, error);
        if (ok)
            /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): turn_to made it */
            read_node_keys(reader->node, line);
    }
    find_number(line, "mark_s", &time_s);
    find_number(line, "kill_s", &kill_s);
    if (ok && reader->node != NULL)
        read_top(&reader->node->top, line);
    if (ok && reader->node != NULL && (isfinite(time_s) || isfinite(kill_s)) &&
        find_key(line, "text", text, reader->length + 1))
        ok = node_add_event(reader->node, isfinite(kill_s) ? kill_s : time_s,
                            isfinite(kill_s) ? TRACE_EVENT_OOM_KILL : TRACE_EVENT_MARK, text);
    free(text);
    return ok || error_memory(error, reader->path);
}

/* True if these are numbers of samples: values between the lowest and the highest, at times from the first to the last.
 * Old exports have means that rounding moved out of the range. */
static bool is_possible(const double field[FIELDS])
{
    const double first = field[1], min = field[2], min_s = field[3], max = field[4], max_s = field[5], last = field[6];
    const double last_s = field[7], mean = field[8], count = field[9];
    const double rounding = 1e-6 * fmax(fabs(min), fabs(max));
    return min <= first && first <= max && min <= last && last <= max && min - rounding <= mean &&
           mean <= max + rounding && min_s >= 0 && min_s <= last_s && max_s >= 0 && max_s <= last_s && last_s <= 1e12 &&
           count >= 1 && count <= UINT32_MAX && fabs(min) <= 1e30 && fabs(max) <= 1e30;
}

/* Makes the bucket that the fields describe. Returns false if they are invalid: a time before the last one, or
 * impossible numbers. */
static bool from_fields(const struct series *series, const double field[FIELDS], struct series_bucket *bucket)
{
    bool in_order = series->stats.count == 0 || field[0] >= series->stats.last_s;
    if (!in_order || fabs(field[0]) > 1e15 || !is_possible(field))
        return false;
    *bucket = (struct series_bucket){
        .first_s = field[0],
        .first = field[1],
        .min = field[2],
        .min_offset_s = (float)field[3],
        .max = field[4],
        .max_offset_s = (float)field[5],
        .last = field[6],
        .last_offset_s = (float)field[7],
        .mean = (float)field[8],
        .count = (uint32_t)field[9],
        .gap_before = field[10] != 0,
    };
    return true;
}

/* The trace_line of the quantity of this name; TRACE_LINE_COUNT if unknown. */
static int find_quantity(const struct export_reader *reader, const char *quantity)
{
    if (strcmp(quantity, reader->column) == 0)
        return TRACE_MAIN;
    if (reader->version == 1 && strcmp(quantity, "available") == 0)
        return TRACE_AVAILABLE;
    if (reader->version == 1 && strcmp(quantity, "memory") == 0)
        return TRACE_MEMORY;
    int line = TRACE_MAIN + 1;
    while (line < TRACE_LINE_COUNT && strcmp(quantity, quantities[line]) != 0)
        line++;
    return line;
}

static bool append_row(struct export_reader *reader, int line, const double field[FIELDS], struct error *error)
{
    struct series *series = &reader->node->line[line];
    struct series_bucket bucket;
    if (!from_fields(series, field, &bucket))
        return skip(reader, reader->name, "impossible numbers");
    return !reader->sink.wants(reader->sink.user, reader->node, bucket.first_s) ||
           series_append_bucket(series, &bucket) || error_memory(error, reader->path);
}

static bool read_row(struct export_reader *reader, struct error *error)
{
    char *at = reader->line, *name, *quantity, *text;
    double field[FIELDS];
    if (!next_field(&at, &name) || !next_field(&at, &quantity))
        return skip(reader, NULL, "too few fields");
    if (*name == '\0')
        return skip(reader, NULL, "a node without a name");
    int line = find_quantity(reader, quantity);
    if (line == TRACE_LINE_COUNT)
        return skip(reader, name, "an unknown quantity");
    for (int k = 0; k < FIELDS; k++)
        if (!next_field(&at, &text) || !parse_number(text, &field[k]))
            return skip(reader, name, "a number is missing");
    if (at != NULL)
        return skip(reader, name, "too many fields");
    if (!turn_to(reader, name, error) || !append_row(reader, line, field, error))
        return false;
    for (int other = TRACE_MAIN + 1; line == TRACE_MAIN && other < TRACE_LINE_COUNT; other++)
        if (strcmp(quantities[other], reader->column) == 0 && !append_row(reader, other, field, error))
            return false;
    return true;
}

static bool read_first_line(struct export_reader *reader, struct error *error)
{
    char unit[16], version[16];
    const char *line = reader->line;
    double number;
    if (strncmp(line, byte_order_mark, strlen(byte_order_mark)) == 0)
        line += strlen(byte_order_mark);
    if (strncmp(line, EXPORT_MAGIC, strlen(EXPORT_MAGIC)) != 0)
        return refuse(reader, "unexpected first line", error);
    const char *after = line + strlen(EXPORT_MAGIC);
    snprintf(version, sizeof version, "%.*s", (int)strcspn(after, " "), after);
    if (!parse_number(version, &number) || number < 1)
        return refuse(reader, "unexpected first line", error);
    if (number > VERSION)
        return refuse(reader, "its version is newer than this memtrace", error);
    reader->version = (int)number;
    if (!find_key(line, "column", reader->column, sizeof reader->column) || !find_key(line, "unit", unit, sizeof unit))
        return refuse(reader, "unexpected first line", error);
    bool is_percent = strcmp(unit, "percent") == 0;
    if (!is_percent && strcmp(unit, "bytes") != 0)
        return refuse(reader, "its unit is neither bytes nor percent", error);
    return reader->sink.begin(reader->sink.user, reader->column, is_percent, error);
}

/* Returns true if a line is the heading of the columns, in our order. */
static bool is_heading(const char *line)
{
    size_t length = strlen(HEADING);
    if (strncmp(line, HEADING, length) != 0)
        return false;
    for (int k = 0; k < FIELDS; k++) {
        line += length;
        length = 1 + strlen(field_names[k]);
        if (*line != ',' || strncmp(line + 1, field_names[k], length - 1) != 0)
            return false;
    }
    return line[length] == '\0';
}

/* Compares the number of lines below the heading with that of the last line, which older exports lack. */
static bool read_end(struct export_reader *reader)
{
    char lines[24];
    double number;
    if (!reader->has_end && find_key(reader->line, "lines", lines, sizeof lines) && parse_number(lines, &number) &&
        number > (double)reader->lines && number < 1e15)
        reader->missing = (size_t)number - reader->lines;
    return reader->has_end = true;
}

static bool read_line(struct export_reader *reader, struct error *error)
{
    char *line = reader->line;
    if (reader->length > 0 && line[reader->length - 1] == '\r')
        line[--reader->length] = '\0';
    if (reader->begin_line == 1)
        return read_first_line(reader, error);
    if (reader->length == 0)
        return true;
    if (reader->is_long)
        return skip(reader, NULL, "a line is too long");
    if (strlen(line) < reader->length)
        return skip(reader, NULL, "a NUL byte");
    if (strncmp(line, END_LINE, strlen(END_LINE)) == 0)
        return read_end(reader);
    reader->lines += reader->has_heading && !reader->has_end;
    if (line[0] == '#')
        return read_comment(reader, error);
    if (!reader->has_heading && strncmp(line, HEADING, strlen(HEADING)) == 0) {
        reader->has_heading = is_heading(line);
        return reader->has_heading || refuse(reader, "unexpected columns", error);
    }
    return reader->has_heading ? read_row(reader, error) : refuse(reader, "it has no heading", error);
}

/* Adds a byte to the line. Quotes, which may contain line feeds, have no meaning in comments. */
static bool add_byte(struct export_reader *reader, char byte)
{
    if (byte == '"' && !(reader->length > 0 && reader->line[0] == '#'))
        reader->is_quoted = !reader->is_quoted;
    if (reader->length >= LINE_BYTES_MAX) {
        reader->is_long = true;
        reader->is_quoted = false; /* an unclosed quote must not swallow the rest */
        return true;
    }
    if (!array_grow(&reader->line, &reader->capacity, reader->length + 1, 1))
        return false;
    reader->line[reader->length++] = byte;
    return true;
}

/* Ends the line being read. */
static bool end_line(struct export_reader *reader, struct error *error)
{
    if (!array_grow(&reader->line, &reader->capacity, reader->length, 1))
        return error_memory(error, reader->path);
    reader->line[reader->length] = '\0';
    bool ok = read_line(reader, error);
    reader->length = 0;
    reader->is_quoted = reader->is_long = false;
    reader->begin_line = reader->line_number + 1;
    return ok;
}

/* Checks at the end of the file whether it is complete. */
static bool finish(struct export_reader *reader, struct error *error)
{
    struct strbuf text = {0};
    if (reader->length > 0 && reader->begin_line > 1)
        skip(reader, NULL, "it ends within a line");
    if (reader->skipped == 0 && reader->missing == 0 && reader->has_end)
        return true;
    if (reader->skipped > 0)
        strbuf_add(&text, "damaged export: %s; %zu row%s skipped", reader->first.text, reader->skipped,
                   reader->skipped == 1 ? "" : "s");
    for (size_t i = 0; i < reader->damaged_count; i++)
        strbuf_add(&text, "%s%s", i == 0 ? ", of " : ", ", reader->damaged[i]);
    if (reader->missing > 0)
        strbuf_add(&text, "%s%zu line%s missing", reader->skipped > 0 ? "; " : "damaged export: ", reader->missing,
                   reader->missing == 1 ? " is" : "s are");
    if (!reader->has_end)
        strbuf_add(&text, "%sits last line is missing; nodes may be missing, too",
                   reader->skipped > 0 ? "; " : "truncated export: ");
    error_set(error, reader->path, reader->skipped > 0 ? reader->first.line : reader->line_number, "%s",
              strbuf_text(&text));
    strbuf_free(&text);
    return false;
}

bool export_reader_feed(struct export_reader *reader, const char *bytes, size_t size, struct error *error)
{
    for (size_t i = 0; i < size; i++) {
        reader->line_number += bytes[i] == '\n';
        bool ok = bytes[i] == '\n' && !reader->is_quoted
                      ? end_line(reader, error)
                      : add_byte(reader, bytes[i]) || error_memory(error, reader->path);
        if (!ok)
            return false;
    }
    return size > 0 || finish(reader, error);
}
