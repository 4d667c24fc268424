/* SPDX-License-Identifier: MIT */
/* export: owns the format of exports, in both directions. Knows no picture, option or path. */
#include "model/export.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/serialize.h"
#include "base/units.h"

/* The quantities, by trace_line; the first is called as the column that is drawn. */
static const char *const quantities[TRACE_LINE_COUNT] = {
    [TRACE_MAIN] = "",
    [TRACE_TOTAL] = "total",
    [TRACE_SWAP] = "swap-used",
    [TRACE_SWAP_TOTAL] = "swap-total",
    [TRACE_AVAILABLE] = "available",
    [TRACE_MEMORY] = "memory",
    [TRACE_PERCENT] = "percent",
    [TRACE_WITH_CACHE] = "with-cache",
    [TRACE_NODE] = "node",
    [TRACE_JOB] = "job",
};

#define FIELDS 11

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
        (double)bucket->mean,
        bucket->count,
        bucket->gap_before != 0,
    };
    memcpy(field, values, sizeof values);
}

/* The buckets of a series. One that keeps statistics alone is given as one, of which nothing but its extremes, ends and
 * mean are known. */
static const struct series_bucket *buckets_of(const struct series *series, size_t *count, struct series_bucket *flat)
{
    const struct series_stats *stats = &series->stats;
    const struct series_bucket *bucket = series_buckets(series, count, flat);
    if (bucket != NULL || stats->count == 0)
        return bucket;
    *flat = (struct series_bucket){
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
    *count = 1;
    return flat;
}

static const char *quantity_name(const struct trace *trace, int line)
{
    return line == TRACE_MAIN ? trace_column(trace) : quantities[line];
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

static void print_node_keys(FILE *file, const struct node *node)
{
    fputs("# memtrace", file);
    print_text_key(file, "host", node->name);
    print_number_key(file, "start", node->start_epoch_s);
    print_number_key(file, "interval", node->interval_s);
    print_number_key(file, "limit_bytes", node->job_limit_bytes);
    if (node->swap_total_bytes > 0)
        print_number_key(file, "swap_total_bytes", node->swap_total_bytes);
    print_number_key(file, "used_meaning", node->used_meaning);
    print_text_key(file, "job", node->job);
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

static void print_csv_node(FILE *file, const struct trace *trace, const struct node *node)
{
    print_node_keys(file, node);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        struct series_bucket flat;
        double field[FIELDS];
        size_t count;
        const struct series_bucket *bucket = buckets_of(&node->line[line], &count, &flat);
        for (size_t i = 0; bucket != NULL && i < count; i++) {
            serialize_csv(file, node->name);
            fprintf(file, ",%s", quantity_name(trace, line));
            to_fields(&bucket[i], field);
            for (int k = 0; k < FIELDS; k++) {
                fputc(',', file);
                serialize_number(file, field[k]);
            }
            fputc('\n', file);
        }
    }
}

bool export_csv(FILE *file, const struct trace *trace, struct error *error)
{
    errno = 0;
    fprintf(file, EXPORT_MAGIC "column=%s unit=%s\nnode,quantity", trace_column(trace),
            trace->percent ? "percent" : "bytes");
    for (int k = 0; k < FIELDS; k++)
        fprintf(file, ",%s", field_names[k]);
    fputc('\n', file);
    for (size_t i = 0; i < trace->count; i++)
        print_csv_node(file, trace, &trace->node[i]);
    return serialize_written(file, error);
}

static void print_json_series(FILE *file, const char *quantity, const struct series *series)
{
    struct series_bucket flat;
    double field[FIELDS];
    size_t count;
    const struct series_bucket *bucket = buckets_of(series, &count, &flat);
    fputs("    ", file);
    serialize_json_string(file, quantity);
    fputs(": [", file);
    for (size_t i = 0; bucket != NULL && i < count; i++) {
        fprintf(file, "%s\n     [", i > 0 ? "," : "");
        to_fields(&bucket[i], field);
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
    serialize_json_number(file, node->start_epoch_s);
    fputs(", \"interval_s\": ", file);
    serialize_json_number(file, node->interval_s);
    fputs(", \"limit_bytes\": ", file);
    serialize_json_number(file, node->job_limit_bytes);
    fputs(", \"series\": {\n", file);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        fputs(line > 0 ? ",\n" : "", file);
        print_json_series(file, quantity_name(trace, line), &node->line[line]);
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

#define LINE_BYTES 4096

struct export_reader {
    struct export_sink sink;
    const char *path;
    char line[LINE_BYTES], column[32], name[LINE_BYTES];
    size_t length;
    unsigned long line_number;
    struct node *node; /* of `name` */
};

struct export_reader *export_reader_new(const struct export_sink *sink, const char *path)
{
    struct export_reader *ingest = calloc(1, sizeof *ingest);
    if (ingest == NULL)
        return NULL;
    ingest->sink = *sink;
    ingest->path = path;
    return ingest;
}

void export_reader_free(struct export_reader *ingest)
{
    free(ingest);
}

static bool refuse(const struct export_reader *ingest, const char *what, struct error *error)
{
    return error_set(error, ingest->path, ingest->line_number, "not an export of memtrace: %s", what);
}

/* Takes the next field off `*at`, its quotes undone. False at the end of the line. */
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

/* The value of "key=" in a comment line, up to the next blank; false when it is not there. */
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

/* The node that rows or keys of `name` go to. */
static bool turn_to(struct export_reader *ingest, const char *name, struct error *error)
{
    if (ingest->node != NULL && strcmp(ingest->name, name) == 0)
        return true;
    if (*name == '\0')
        return refuse(ingest, "a node without a name", error);
    ingest->node = ingest->sink.node(ingest->sink.user, name);
    snprintf(ingest->name, sizeof ingest->name, "%s", name);
    return ingest->node != NULL || error_set(error, ingest->path, 0, "out of memory");
}

/* What a comment line says of a node. */
__attribute__((nonnull)) static void read_node_keys(struct node *node, const char *line)
{
    double meaning = 0, status = -1, kills = 0;
    find_number(line, "start", &node->start_epoch_s);
    find_number(line, "interval", &node->interval_s);
    find_number(line, "limit_bytes", &node->job_limit_bytes);
    find_number(line, "swap_total_bytes", &node->swap_total_bytes);
    find_number(line, "used_meaning", &meaning);
    if (meaning >= 0 && meaning <= FREELOG_USED_MIXED)
        node->used_meaning = (enum freelog_used_meaning)meaning;
    find_key(line, "job", node->job, sizeof node->job);
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

/* A line of a process of the node. */
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

static bool read_comment(struct export_reader *ingest, struct error *error)
{
    char text[LINE_BYTES];
    const char *line = ingest->line;
    double time_s = NAN, kill_s = NAN;
    if (find_key(line, "host", text, sizeof text)) {
        if (!turn_to(ingest, text, error))
            return false;
        read_node_keys(ingest->node, line);
    }
    find_number(line, "mark_s", &time_s);
    find_number(line, "kill_s", &kill_s);
    if (ingest->node != NULL)
        read_top(&ingest->node->top, line);
    if (ingest->node != NULL && (isfinite(time_s) || isfinite(kill_s)) && find_key(line, "text", text, sizeof text) &&
        !node_add_event(ingest->node, isfinite(kill_s) ? kill_s : time_s,
                        isfinite(kill_s) ? TRACE_EVENT_OOM_KILL : TRACE_EVENT_MARK, text))
        return error_set(error, ingest->path, 0, "out of memory");
    return true;
}

/* The bucket that fields describe. False when they cannot: a time before the last one, or a number out of range. */
static bool from_fields(const struct series *series, const double field[FIELDS], struct series_bucket *bucket)
{
    bool in_order = series->stats.count == 0 || field[0] >= series->stats.last_s;
    if (!in_order || field[2] > field[4] || field[3] < 0 || field[5] < 0 || field[7] < 0 ||
        !(field[9] >= 1 && field[9] <= UINT32_MAX) || field[3] > 1e12 || field[5] > 1e12 || field[7] > 1e12 ||
        fabs(field[8]) > 1e30)
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

static bool read_row(struct export_reader *ingest, struct error *error)
{
    char *at = ingest->line, *name, *quantity, *text;
    double field[FIELDS];
    int line = TRACE_MAIN;
    struct series_bucket bucket;
    if (!next_field(&at, &name) || !next_field(&at, &quantity))
        return refuse(ingest, "too few fields", error);
    if (strcmp(quantity, ingest->column) != 0)
        for (line = TRACE_MAIN + 1; line < TRACE_LINE_COUNT && strcmp(quantity, quantities[line]) != 0;)
            line++;
    if (line == TRACE_LINE_COUNT)
        return refuse(ingest, "unknown quantity", error);
    for (int k = 0; k < FIELDS; k++)
        if (!next_field(&at, &text) || !parse_number(text, &field[k]))
            return refuse(ingest, "a number is missing", error);
    if (!turn_to(ingest, name, error))
        return false;
    struct series *series = &ingest->node->line[line];
    if (!from_fields(series, field, &bucket))
        return refuse(ingest, "numbers that cannot be", error);
    if (!ingest->sink.wants(ingest->sink.user, ingest->node, bucket.first_s))
        return true;
    return series_append_bucket(series, &bucket) || error_set(error, ingest->path, 0, "out of memory");
}

static bool read_first_line(struct export_reader *ingest, struct error *error)
{
    char unit[16];
    if (strncmp(ingest->line, EXPORT_MAGIC, strlen(EXPORT_MAGIC)) != 0 ||
        !find_key(ingest->line, "column", ingest->column, sizeof ingest->column) ||
        !find_key(ingest->line, "unit", unit, sizeof unit))
        return refuse(ingest, "its first line is another", error);
    return ingest->sink.begin(ingest->sink.user, ingest->column, strcmp(unit, "percent") == 0, error);
}

static bool read_line(struct export_reader *ingest, struct error *error)
{
    ingest->line[ingest->length] = '\0';
    ingest->line[strcspn(ingest->line, "\r")] = '\0';
    ingest->length = 0;
    ingest->line_number++;
    if (ingest->line_number == 1)
        return read_first_line(ingest, error);
    if (ingest->line[0] == '#')
        return read_comment(ingest, error);
    if (ingest->line[0] == '\0' || strncmp(ingest->line, "node,quantity,", 14) == 0)
        return true;
    return read_row(ingest, error);
}

bool export_reader_feed(struct export_reader *ingest, const char *bytes, size_t size, struct error *error)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            if (!read_line(ingest, error))
                return false;
        } else if (bytes[i] == '\0') {
            ingest->line_number++;
            return refuse(ingest, "a NUL byte", error);
        } else if (ingest->length + 1 < sizeof ingest->line) {
            ingest->line[ingest->length++] = bytes[i];
        } else {
            ingest->line_number++;
            return refuse(ingest, "a line is too long", error);
        }
    }
    if (size == 0 && ingest->length > 0) {
        ingest->line_number++;
        return refuse(ingest, "it ends inside a line", error);
    }
    return true;
}
