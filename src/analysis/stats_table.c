/* SPDX-License-Identifier: MIT */
/* stats_table: prints the statistics as text and as data. Independent of plots, options and paths. */
#include "analysis/stats_table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/findings_print.h"
#include "base/clock.h"
#include "base/serialize.h"
#include "base/units.h"
#include "base/utf8.h"

/* One row of the table. Unknown values are NAN. */
struct stats_row {
    const char *name, *used_means, *job_state, *command;
    double samples, duration_s, peak, peak_at_s, peak_percent, mean, last, last_at_s;
    double least_available, swap_peak, left_out;
    double job_peak, job_limit, oom_kills, exit_status, group_size;
    double run_peak[RUNS_MAX], peak_change[RUNS_MAX], duration_change_s[RUNS_MAX]; /* compared with baseline runs */
};

/* Returns the number of skipped rows and records of a log. */
static double left_out(const struct trace_log *log)
{
    return (double)(log->note[FREELOG_NOTE_BAD_NUMBER].count + log->note[FREELOG_NOTE_CUT_ROW].count +
                    log->note[FREELOG_NOTE_CUT_END].count + log->note[FREELOG_NOTE_LONG_LINE].count);
}

/* The same for a node that is alone in its log. If several nodes share a log, it is unknown which of them lost rows. */
static double node_left_out(const struct trace *trace, const struct node *node)
{
    const struct trace_log *log = node->log < trace->log_count ? &trace->log[node->log] : NULL;
    if (log == NULL)
        return 0;
    return log->nodes == 1 || left_out(log) == 0 ? left_out(log) : NAN;
}

static double max_or_nan(const struct series_stats *stats)
{
    return stats->count > 0 ? stats->max : NAN;
}

static struct stats_row node_row(const struct trace *trace, const struct node *node)
{
    const struct series_stats *main = &node->line[TRACE_MAIN].stats;
    const struct series_stats *available = &node->line[TRACE_AVAILABLE].stats;
    bool has_job = node->line[TRACE_JOB].stats.count > 0 || node->oom_kills > 0;
    return (struct stats_row){
        .name = node->name,
        .used_means = freelog_used_name(node->used_meaning),
        .samples = (double)main->count,
        .duration_s = main->last_s - main->first_s,
        .peak = main->max,
        .peak_at_s = main->max_s + node->offset_s,
        .peak_percent = node_peak_percent(trace, node),
        .mean = series_mean(&node->line[TRACE_MAIN]),
        .last = main->last,
        .last_at_s = node_end_s(node),
        .least_available = available->count > 0 ? available->min : NAN,
        .swap_peak = max_or_nan(&node->line[TRACE_SWAP].stats),
        .left_out = node_left_out(trace, node),
        .job_state = node->job_state,
        .command = node->command,
        .job_peak = max_or_nan(&node->line[TRACE_JOB].stats),
        .job_limit = node->job_limit_bytes,
        .oom_kills = has_job ? (double)node->oom_kills : NAN,
        .exit_status = node->exit_status >= 0 ? (double)node->exit_status : NAN,
        .group_size = node->group_size > 0 ? (double)node->group_size : NAN,
    };
}

/* Adds a row to that of the whole trace: sums of counts, highest peak, lowest available memory. */
static void add_to_whole(struct stats_row *whole, const struct stats_row *row)
{
    if (!(whole->peak >= row->peak)) {
        whole->peak = row->peak;
        whole->peak_at_s = row->peak_at_s;
        whole->peak_percent = row->peak_percent;
    }
    whole->mean = (whole->mean * whole->samples + row->mean * row->samples) / (whole->samples + row->samples);
    whole->samples += row->samples;
    whole->group_size += row->group_size;
    whole->least_available = fmin(whole->least_available, row->least_available);
    whole->swap_peak = fmax(whole->swap_peak, row->swap_peak);
    whole->job_peak = fmax(whole->job_peak, row->job_peak);
    whole->job_limit = row->job_limit == whole->job_limit ? row->job_limit : NAN;
    if (!isnan(row->oom_kills))
        whole->oom_kills = row->oom_kills + (isnan(whole->oom_kills) ? 0 : whole->oom_kills);
    if (strcmp(whole->job_state, row->job_state) != 0)
        whole->job_state = "";
    if (strcmp(whole->command, row->command) != 0)
        whole->command = "";
    if (whole->exit_status != row->exit_status)
        whole->exit_status = NAN;
    if (*whole->used_means == '\0')
        whole->used_means = row->used_means;
    else if (*row->used_means != '\0' && strcmp(whole->used_means, row->used_means) != 0)
        whole->used_means = freelog_used_name(FREELOG_USED_MIXED);
}

static struct stats_row whole_row(const struct trace *trace, const struct stats_row *rows)
{
    struct stats_row whole = {.name = "all",
                              .used_means = rows[0].used_means,
                              .job_state = rows[0].job_state,
                              .command = rows[0].command,
                              .exit_status = rows[0].exit_status,
                              .job_limit = rows[0].job_limit,
                              .job_peak = NAN,
                              .oom_kills = NAN,
                              .duration_s = trace->end_s - trace->begin_s,
                              .peak = NAN,
                              .last = NAN,
                              .last_at_s = trace->end_s,
                              .least_available = NAN,
                              .swap_peak = NAN};
    for (size_t i = 0; i < trace->count; i++)
        add_to_whole(&whole, &rows[i]);
    for (size_t i = 0; i < trace->log_count; i++)
        whole.left_out += left_out(&trace->log[i]);
    return whole;
}

enum kind {
    KIND_COUNT,
    KIND_DURATION,
    KIND_CLOCK,
    KIND_VALUE,
    KIND_BYTES,
    KIND_PERCENT,
    KIND_CHANGE,
    KIND_DURATION_CHANGE
};

/* The two columns of a baseline run. */
#define RUN_COLUMNS(run, number)                                                                                       \
    {"peak", "peak_change" number, KIND_CHANGE, offsetof(struct stats_row, peak_change) + (run) * sizeof(double)},     \
    {                                                                                                                  \
        "duration", "duration_change" number "_s", KIND_DURATION_CHANGE,                                               \
            offsetof(struct stats_row, duration_change_s) + (run) * sizeof(double)                                     \
    }

/* The columns of the table. The keys of values are followed by their unit. */
static const struct stats_column {
    const char *heading, *key;
    enum kind kind;
    size_t offset;
} columns[] = {
    {"samples", "samples", KIND_COUNT, offsetof(struct stats_row, samples)},
    {"duration", "duration_s", KIND_DURATION, offsetof(struct stats_row, duration_s)},
    {"peak", "peak", KIND_VALUE, offsetof(struct stats_row, peak)},
    {"at", "peak_at_s", KIND_CLOCK, offsetof(struct stats_row, peak_at_s)},
    {"of total", "peak_percent_of_total", KIND_PERCENT, offsetof(struct stats_row, peak_percent)},
    {"mean", "mean", KIND_VALUE, offsetof(struct stats_row, mean)},
    {"last", "last", KIND_VALUE, offsetof(struct stats_row, last)},
    {"ends", "last_at_s", KIND_CLOCK, offsetof(struct stats_row, last_at_s)},
    {"least avail.", "least_available_bytes", KIND_BYTES, offsetof(struct stats_row, least_available)},
    {"swap peak", "swap_peak", KIND_VALUE, offsetof(struct stats_row, swap_peak)},
    {"skipped", "left_out", KIND_COUNT, offsetof(struct stats_row, left_out)},
    {"job peak", "job_peak_bytes", KIND_BYTES, offsetof(struct stats_row, job_peak)},
    {"job limit", "job_limit_bytes", KIND_BYTES, offsetof(struct stats_row, job_limit)},
    {"OOM kills", "job_oom_kills", KIND_COUNT, offsetof(struct stats_row, oom_kills)},
    {"status", "exit_status", KIND_COUNT, offsetof(struct stats_row, exit_status)},
    {"logs", "group_size", KIND_COUNT, offsetof(struct stats_row, group_size)},
    RUN_COLUMNS(0, ""),
    RUN_COLUMNS(1, "_2"),
    RUN_COLUMNS(2, "_3"),
    RUN_COLUMNS(3, "_4"),
    RUN_COLUMNS(4, "_5"),
    RUN_COLUMNS(5, "_6"),
    RUN_COLUMNS(6, "_7"),
    RUN_COLUMNS(7, "_8"),
};

#define COLUMNS (sizeof columns / sizeof columns[0])
_Static_assert(COLUMNS <= STATS_COLUMNS_MAX, "raise STATS_COLUMNS_MAX");
#define ALONE        (COLUMNS - 2 * RUNS_MAX) /* number of columns without a baseline */
#define CELL_SIZE    64
#define HEADING_SIZE 160
#define USED_MEANS   "used means"

static size_t count_columns(const struct runs *against)
{
    return ALONE + (against == NULL ? 0 : 2 * against->count);
}

/* The heading of a column: "peak", "peak change", "peak vs monday". */
static void format_heading(char *heading, size_t size, size_t column, const struct runs *against)
{
    const char *run = column < ALONE ? NULL : against->run[(column - ALONE) / 2].label;
    snprintf(heading, size, "%s%s%s", columns[column].heading,
             column < ALONE ? ""
             : run == NULL  ? " change"
                            : " vs ",
             run == NULL ? "" : run);
}

static double row_value(const struct stats_row *row, const struct stats_column *column)
{
    return *(const double *)(const void *)((const char *)row + column->offset);
}

/* How values are formatted. */
struct terms {
    const char *unit;
    double unit_size;
    bool percent;
    const struct runs *against;
    size_t column_count;     /* of columns[] */
    bool is_hidden[COLUMNS]; /* in text and TSV: all its values are unknown */
    bool has_words;          /* a state or a command is known */
};

/* Returns true if all values of a column are unknown. */
static bool is_unknown(const struct stats_column *column, const struct stats_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(row_value(&rows[i], column)))
            return false;
    return true;
}

/* Hides the columns that are unknown in most logs, unless these logs have them. */
static void hide_unknown(struct terms *terms, const struct stats_row *rows, size_t count)
{
    static const char *const rare[] = {"job_peak_bytes", "job_limit_bytes", "job_oom_kills", "exit_status",
                                       "group_size"};
    for (size_t c = 0; c < COLUMNS; c++)
        for (size_t k = 0; k < sizeof rare / sizeof rare[0]; k++)
            terms->is_hidden[c] |= strcmp(columns[c].key, rare[k]) == 0 && is_unknown(&columns[c], rows, count);
    for (size_t i = 0; i < count; i++)
        terms->has_words |= *rows[i].job_state != '\0' || *rows[i].command != '\0';
}

static void format_duration_change(char *cell, double seconds)
{
    cell[0] = seconds < 0 ? '-' : '+';
    format_duration(cell + 1, CELL_SIZE - 1, fabs(seconds));
}

static void format_cell(char *cell, const struct stats_row *row, const struct stats_column *column,
                        const struct terms *terms)
{
    double value = row_value(row, column);
    /* If the trace is in percent, the heading does not contain the unit of columns in bytes. */
    double scaled = value / terms->unit_size;
    if (isnan(value) || (column->kind == KIND_BYTES && terms->percent))
        snprintf(cell, CELL_SIZE, "-");
    else if (column->kind == KIND_COUNT)
        snprintf(cell, CELL_SIZE, "%.0f", value);
    else if (column->kind == KIND_DURATION)
        format_duration(cell, CELL_SIZE, value);
    else if (column->kind == KIND_DURATION_CHANGE)
        format_duration_change(cell, value);
    else if (column->kind == KIND_CHANGE)
        snprintf(cell, CELL_SIZE, "%+.2f", scaled);
    else if (column->kind == KIND_CLOCK)
        format_clock(cell, CELL_SIZE, value);
    else if (column->kind == KIND_PERCENT)
        snprintf(cell, CELL_SIZE, "%.0f %%", value);
    else
        snprintf(cell, CELL_SIZE, fabs(scaled) < 100 ? "%.2f" : "%.1f", scaled);
}

static void widen(int *width, const char *text)
{
    int needed = (int)utf8_count(text);
    *width = needed > *width ? needed : *width;
}

static void print_row(FILE *file, const struct stats_row *row, int name_width, const int width[COLUMNS],
                      const struct terms *terms)
{
    char cell[CELL_SIZE];
    utf8_print(file, row->name);
    fprintf(file, "%*s", name_width - (int)utf8_count(row->name), "");
    for (size_t c = 0; c < terms->column_count; c++) {
        if (terms->is_hidden[c])
            continue;
        format_cell(cell, row, &columns[c], terms);
        fprintf(file, "  %*s%s", width[c] - (int)utf8_count(cell), "", cell);
    }
    fprintf(file, "  %s\n", *row->used_means == '\0' ? "-" : row->used_means);
}

static void print_text(FILE *file, const struct trace *trace, const struct stats_row *rows, size_t count,
                       const struct terms *terms)
{
    char cell[CELL_SIZE], heading[HEADING_SIZE];
    int width[COLUMNS], name_width = (int)utf8_count(trace_member(trace));
    for (size_t c = 0; c < terms->column_count; c++) {
        format_heading(heading, sizeof heading, c, terms->against);
        width[c] = (int)utf8_count(heading);
        for (size_t i = 0; i < count; i++) {
            format_cell(cell, &rows[i], &columns[c], terms);
            widen(&width[c], cell);
        }
    }
    for (size_t i = 0; i < count; i++)
        widen(&name_width, rows[i].name);
    fprintf(file, "%s%s", trace_column(trace), *terms->unit == '\0' ? "" : " in ");
    utf8_print(file, terms->unit);
    fprintf(file, "\n%-*s", name_width, trace_member(trace));
    for (size_t c = 0; c < terms->column_count; c++) {
        if (terms->is_hidden[c])
            continue;
        format_heading(heading, sizeof heading, c, terms->against);
        fprintf(file, "  %*s", width[c] - (int)utf8_count(heading), "");
        utf8_print(file, heading);
    }
    fprintf(file, "  %s\n", USED_MEANS);
    for (size_t i = 0; i < count; i++)
        print_row(file, &rows[i], name_width, width, terms);
}

/* Returns the suffix of a key: "_bytes", "_percent", or "" if the key contains its unit. */
static const char *key_unit(const struct trace *trace, const struct stats_column *column)
{
    bool is_value = column->kind == KIND_VALUE || column->kind == KIND_CHANGE;
    return !is_value ? "" : trace->percent ? "_percent" : "_bytes";
}

static void print_key(FILE *file, const struct trace *trace, const struct stats_column *column)
{
    fprintf(file, "%s%s", column->key, key_unit(trace, column));
}

static void print_tsv(FILE *file, const struct trace *trace, const struct stats_row *rows, size_t count,
                      const struct terms *terms)
{
    fputs("node", file);
    for (size_t c = 0; c < terms->column_count; c++) {
        if (terms->is_hidden[c])
            continue;
        fputc('\t', file);
        print_key(file, trace, &columns[c]);
    }
    fprintf(file, "\tused_means%s\n", terms->has_words ? "\tjob_state\tcommand" : "");
    for (size_t i = 0; i < count; i++) {
        utf8_print(file, rows[i].name);
        for (size_t c = 0; c < terms->column_count; c++) {
            if (terms->is_hidden[c])
                continue;
            fputc('\t', file);
            if (!isnan(row_value(&rows[i], &columns[c])))
                serialize_number(file, row_value(&rows[i], &columns[c]));
        }
        fprintf(file, "\t%s", rows[i].used_means);
        if (terms->has_words) {
            fputc('\t', file);
            utf8_print(file, rows[i].job_state);
            fputc('\t', file);
            utf8_print(file, rows[i].command);
        }
        fputc('\n', file);
    }
}

static void print_json_value(FILE *file, const char *key, const char *unit, double value)
{
    fprintf(file, ", \"%s%s\": ", key, unit);
    serialize_json_number(file, value);
}

/* Prints how a row differs from each baseline run. */
static void print_json_changes(FILE *file, const struct trace *trace, const struct stats_row *row,
                               const struct runs *against)
{
    const char *unit = trace->percent ? "_percent" : "_bytes";
    if (against == NULL)
        return;
    fputs(", \"against\": [", file);
    for (size_t i = 0; i < against->count; i++) {
        fputs(i == 0 ? "{\"run\": " : ", {\"run\": ", file);
        serialize_json_string(file, runs_name(against, i));
        print_json_value(file, "peak", unit, row->run_peak[i]);
        print_json_value(file, "peak_change", unit, row->peak_change[i]);
        print_json_value(file, "duration_change_s", "", row->duration_change_s[i]);
        fputc('}', file);
    }
    fputc(']', file);
}

static void print_json_row(FILE *file, const struct trace *trace, const struct stats_row *row,
                           const struct terms *terms)
{
    fputs("{\"node\": ", file);
    serialize_json_string(file, row->name);
    /* Flat keys for the first baseline run; the list contains all of them. */
    for (size_t c = 0; c < terms->column_count && c < ALONE + 2; c++) {
        fputs(", \"", file);
        print_key(file, trace, &columns[c]);
        fputs("\": ", file);
        serialize_json_number(file, row_value(row, &columns[c]));
    }
    fputs(", \"used_means\": ", file);
    serialize_json_string(file, row->used_means);
    fputs(", \"job_state\": ", file);
    serialize_json_string(file, row->job_state);
    fputs(", \"command\": ", file);
    serialize_json_string(file, row->command);
    print_json_changes(file, trace, row, terms->against);
    fputc('}', file);
}

/* Returns the next node of a baseline run, starting at `from`, that this run does not have; other->count if there is
 * none. */
static size_t next_missing(const struct trace *trace, const struct trace *other, size_t from)
{
    while (from < other->count && runs_same_node(trace, other, from) < trace->count)
        from++;
    return from;
}

/* Prints the names of the runs, and the nodes that only a baseline run has. */
static void print_json_runs(FILE *file, const struct trace *trace, const struct runs *against)
{
    if (against == NULL)
        return;
    fputs(",\n \"run\": ", file);
    if (against->own_label == NULL)
        fputs("null", file);
    else
        serialize_json_string(file, against->own_label);
    fputs(",\n \"against\": [", file);
    for (size_t i = 0; i < against->count; i++) {
        const struct trace *other = &against->run[i].trace;
        fputs(i == 0 ? "{\"run\": " : ", {\"run\": ", file);
        serialize_json_string(file, runs_name(against, i));
        fprintf(file, ", \"nodes\": %zu, \"only_there\": [", other->count);
        const char *comma = "";
        for (size_t n = next_missing(trace, other, 0); n < other->count; n = next_missing(trace, other, n + 1)) {
            fputs(comma, file);
            serialize_json_string(file, other->node[n].name);
            comma = ", ";
        }
        fputs("]}", file);
    }
    fputc(']', file);
}

#define MISSING_MAX 8 /* nodes of a baseline run that are listed */

/* Prints the nodes that only a baseline run has, one line per run. */
static void print_missing(FILE *file, const struct trace *trace, const struct runs *against)
{
    for (size_t i = 0; against != NULL && i < against->count; i++) {
        const struct trace *other = &against->run[i].trace;
        size_t found = 0;
        for (size_t n = next_missing(trace, other, 0); n < other->count; n = next_missing(trace, other, n + 1)) {
            if (found == 0) {
                fputs("only in ", file);
                utf8_print(file, runs_name_in_words(against, i));
            }
            if (found++ < MISSING_MAX) {
                fputs(found == 1 ? ": " : ", ", file);
                utf8_print(file, other->node[n].name);
            }
        }
        if (found > MISSING_MAX)
            fprintf(file, " and %zu more", found - MISSING_MAX);
        if (found > 0)
            fputc('\n', file);
    }
}

/* Prints everything except the end of the object. */
static void print_json(FILE *file, const struct trace *trace, const struct stats_row *rows, size_t count,
                       const struct terms *terms)
{
    fputs("{\"column\": ", file);
    serialize_json_string(file, trace_column(trace));
    fputs(",\n \"start_epoch_s\": ", file);
    serialize_json_number(file, clock_has_date(trace->start_epoch_s) ? trace->start_epoch_s : NAN);
    fputs(",\n \"nodes\": [\n", file);
    for (size_t i = 0; i + 1 < count; i++) {
        fputs("  ", file);
        print_json_row(file, trace, &rows[i], terms);
        fputs(i + 2 < count ? ",\n" : "\n", file);
    }
    fputs(" ],\n \"all\": ", file);
    print_json_row(file, trace, &rows[count - 1], terms);
    print_json_runs(file, trace, terms->against);
}

/* Fills in the changes from the same node in the baseline runs, and from these runs as a whole. `order` is the order
 * of the rows. */
static void compare(struct stats_row *rows, const struct trace *trace, const struct runs *against, const size_t *order)
{
    for (size_t i = 0; i <= trace->count; i++)
        for (size_t k = 0; against != NULL && k < against->count; k++) {
            const struct trace *other = &against->run[k].trace;
            size_t same = i == trace->count ? 0 : runs_same_node(other, trace, order[i]);
            double duration_s = NAN;
            rows[i].run_peak[k] = NAN;
            if (i == trace->count) {
                rows[i].run_peak[k] = trace_max(other, TRACE_MAIN);
                duration_s = other->end_s - other->begin_s;
            } else if (same < other->count) {
                const struct series_stats *stats = &other->node[same].line[TRACE_MAIN].stats;
                rows[i].run_peak[k] = stats->max;
                duration_s = stats->last_s - stats->first_s;
            }
            rows[i].peak_change[k] = rows[i].peak - rows[i].run_peak[k];
            rows[i].duration_change_s[k] = rows[i].duration_s - duration_s;
        }
}

bool stats_table_print(FILE *file, const struct trace *trace, const struct runs *against,
                       const struct stats_terms *stats_terms, struct error *error)
{
    struct terms terms = {.unit = stats_terms->unit, .unit_size = stats_terms->unit_size, .percent = trace->percent};
    const size_t *order = stats_terms->findings->order;
    size_t count = trace->count + 1;
    struct stats_row *rows = calloc(count, sizeof *rows);
    if (rows == NULL)
        return error_memory(error, NULL);
    for (size_t i = 0; i < trace->count; i++)
        rows[i] = node_row(trace, &trace->node[order[i]]);
    rows[trace->count] = whole_row(trace, rows);
    compare(rows, trace, against, order);
    terms.against = against;
    terms.column_count = count_columns(against);
    hide_unknown(&terms, rows, count);
    errno = 0;
    if (stats_terms->format == STATS_TSV) {
        print_tsv(file, trace, rows, count, &terms);
    } else if (stats_terms->format == STATS_TEXT) {
        print_text(file, trace, rows, count, &terms);
        print_missing(file, trace, against);
        findings_print_text(file, stats_terms->findings, stats_terms->summary);
    } else {
        print_json(file, trace, rows, count, &terms);
        findings_print_json(file, trace, stats_terms->findings, stats_terms->summary);
        fputs("\n}\n", file);
    }
    free(rows);
    return serialize_written(file, error);
}

bool stats_values_fill(struct stats_values *values, const struct trace *trace, const struct runs *against,
                       const size_t *order)
{
    static const char *const kinds[] = {"count", "duration", "clock",  "value",
                                        "bytes", "percent",  "change", "duration_change"};
    size_t column_count = count_columns(against);
    struct stats_row *rows = calloc(trace->count + 1, sizeof *rows);
    *values = (struct stats_values){.column_count = column_count};
    values->value = calloc(trace->count * column_count + 1, sizeof *values->value);
    values->used_means = calloc(trace->count + 1, sizeof *values->used_means);
    bool ok = rows != NULL && values->value != NULL && values->used_means != NULL;
    for (size_t c = 0; c < column_count; c++) {
        struct stats_heading *heading = &values->heading[c];
        *heading = (struct stats_heading){.kind = kinds[columns[c].kind]};
        format_heading(heading->heading, sizeof heading->heading, c, against);
        snprintf(heading->key, sizeof heading->key, "%s%s", columns[c].key, key_unit(trace, &columns[c]));
    }
    for (size_t i = 0; ok && i < trace->count; i++)
        rows[i] = node_row(trace, &trace->node[order[i]]);
    if (ok && against != NULL) {
        rows[trace->count] = whole_row(trace, rows);
        compare(rows, trace, against, order);
    }
    for (size_t i = 0; ok && i < trace->count; i++) {
        values->used_means[i] = rows[i].used_means;
        for (size_t c = 0; c < column_count; c++)
            values->value[i * column_count + c] = row_value(&rows[i], &columns[c]);
    }
    free(rows);
    return ok;
}

void stats_values_free(struct stats_values *values)
{
    free(values->value);
    free(values->used_means);
    memset(values, 0, sizeof *values);
}
