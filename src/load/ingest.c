/* ingest: owns the times of samples, and which of a record's values go into which series. Opens, prints and tells
 * nothing. */
#include "ingest.h"

#include <math.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/units.h"

#define KIB_MIN   67108864.0         /* 64 MiB: no machine has less */
#define PAGES_MIN 1099511627776.0    /* 1 TiB */
#define BYTES_MIN 1125899906842624.0 /* 1 PiB: no machine has more */

static int compare_labels(const void *a, const void *b)
{
    return strcmp(((const struct label_key *)a)->label, ((const struct label_key *)b)->label);
}

static struct ingest_node *reading_new(struct ingest *ingest, const char *label)
{
    struct ingest_node *reading = calloc(1, sizeof *reading);
    if (reading == NULL)
        return NULL;
    node_init(&reading->node, ingest->bucket_limit);
    reading->key.label = reading->label = strdup(label);
    reading->node.name = strdup(*label == '\0' ? ingest->file->host : label);
    reading->node.source = strdup(ingest->file->path);
    reading->run_clock_s = NAN;
    reading->last_s = -INFINITY;
    reading->usual_step_s = INFINITY;
    reading->node.interval_s = ingest->settings->samp_s;
    if (reading->label == NULL || reading->node.name == NULL || reading->node.source == NULL ||
        tsearch(reading, &ingest->by_label, compare_labels) == NULL) {
        free(reading->label);
        node_free(&reading->node);
        free(reading);
        return NULL;
    }
    if (ingest->last == NULL)
        ingest->first = reading;
    else
        ingest->last->next = reading;
    return ingest->last = reading;
}

struct ingest_node *ingest_find(struct ingest *ingest, const char *label)
{
    if (ingest->recent != NULL && strcmp(ingest->recent->label, label) == 0)
        return ingest->recent;
    const struct label_key key = {label};
    void *found = tfind(&key, &ingest->by_label, compare_labels);
    ingest->recent = found != NULL ? *(struct ingest_node **)found : reading_new(ingest, label);
    if (ingest->recent == NULL)
        ingest->out_of_memory = true;
    return ingest->recent;
}

/* A header of a second run in the same log: its samples go on where the clock says. */
static void start_run(struct ingest_node *reading, double epoch_s)
{
    if (reading->run_count == 0 && reading->last_s == -INFINITY) {
        reading->node.start_epoch_s = epoch_s;
        return;
    }
    series_break(&reading->node.line[TRACE_MAIN]);
    series_break(&reading->node.line[TRACE_SWAP]);
    double base_s = epoch_s - reading->node.start_epoch_s;
    if (base_s > reading->last_s)
        reading->run_base_s = base_s;
    else
        reading->run_base_s = reading->last_s + fmax(reading->node.interval_s, 0);
    reading->run_count = 0;
    reading->node.end_epoch_s = NAN;
    reading->node.is_indexed = false; /* no single period any more: no correction of drift */
}

static void on_header(void *user, const char *label, const char *key, const char *value)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, label);
    double number;
    if (reading == NULL)
        return;
    struct node *node = &reading->node;
    if (strcmp(key, "host") == 0 && *value != '\0') {
        char *name = strdup(value);
        if (name == NULL) {
            ingest->out_of_memory = true;
            return;
        }
        free(node->name);
        node->name = name;
    } else if (strcmp(key, "start") == 0 && parse_number(value, &number)) {
        start_run(reading, number);
    } else if (strcmp(key, "end") == 0 && parse_number(value, &number)) {
        node->end_epoch_s = number;
    } else if (strcmp(key, "interval") == 0 && parse_number(value, &number) && number > 0) {
        node->header_interval_s = number;
        if (isnan(ingest->settings->samp_s))
            node->interval_s = number;
    } else if (strcmp(key, "job") == 0) {
        snprintf(node->job, sizeof node->job, "%s", value);
    } else if (strcmp(key, "name") == 0) {
        snprintf(node->job_name, sizeof node->job_name, "%s", value);
    } else if (strcmp(key, "limit") == 0 && parse_size(value, &number) && number > 0) {
        node->limit_bytes = number;
    }
}

double ingest_stamp_epoch(const struct freelog_record *record)
{
    time_t shown = (time_t)floor(record->stamp_s), epoch;
    struct tm tm;
    if (!record->stamp_is_local || gmtime_r(&shown, &tm) == NULL)
        return record->stamp_s;
    tm.tm_isdst = -1;
    epoch = mktime(&tm);
    return epoch == (time_t)-1 ? record->stamp_s : (double)epoch + record->stamp_s - (double)shown;
}

/* The time of a sample by its stamp. Breaks the lines at a gap, and where the clock went back, which starts a new run
 * behind the last sample. */
static double stamped_time(struct ingest_node *reading, const struct freelog_record *record)
{
    struct node *node = &reading->node;
    if (isnan(reading->run_clock_s)) {
        if (record->stamp_is_epoch)
            node->start_epoch_s = ingest_stamp_epoch(record);
        reading->run_clock_s = record->stamp_is_epoch ? record->stamp_s : 0;
    }
    double time_s = reading->run_base_s + record->stamp_s - reading->run_clock_s;
    double step_s = time_s - reading->last_s;
    double usual_s = isfinite(node->interval_s) ? node->interval_s : reading->usual_step_s;
    bool whole_seconds = record->stamp_s == floor(record->stamp_s);
    if (step_s < 0) {
        double pause_s = isfinite(usual_s) ? usual_s : 1;
        reading->run_base_s = reading->last_s + pause_s;
        reading->run_clock_s = record->stamp_s;
        time_s = reading->run_base_s;
    }
    if (step_s < 0 || (isfinite(usual_s) && isfinite(step_s) && step_s > 2.5 * usual_s + whole_seconds)) {
        series_break(&node->line[TRACE_MAIN]);
        series_break(&node->line[TRACE_SWAP]);
    } else if (step_s > 1e-3 && isfinite(step_s)) {
        reading->usual_step_s = fmin(reading->usual_step_s, step_s);
    }
    return time_s;
}

/* Counts a sample at `time_s`, or at that of the last one where the clock stood. */
static double count_sample(struct ingest_node *reading, double time_s)
{
    time_s = time_s < reading->last_s ? reading->last_s : time_s;
    reading->run_count++;
    return reading->last_s = time_s;
}

/* The times of the next `count` samples without stamps. */
static void next_times(struct ingest_node *reading, double *time_s, size_t count)
{
    double interval_s = isfinite(reading->node.interval_s) ? reading->node.interval_s : 1;
    double base_s = reading->run_base_s, number = (double)reading->run_count;
    if (base_s == 0)
        reading->node.is_indexed = true;
    for (size_t i = 0; i < count; i++, number++)
        time_s[i] = base_s + number * interval_s;
    for (size_t i = 0; i < count && time_s[i] < reading->last_s; i++)
        time_s[i] = reading->last_s;
    reading->run_count += count;
    reading->last_s = time_s[count - 1];
}

/* Values of a column from record `first` on, NULL when the records lack it. */
static const double *column_of(const struct freelog_run *run, enum freelog_column column, size_t first)
{
    return column < FREELOG_COLUMN_COUNT && (run->present >> column & 1) != 0 ? &run->value[column][first] : NULL;
}

/* Samples of one line of a node. `total` are what percentages are of, NULL where that is not known. */
static void append(struct ingest *ingest, struct series *series, const double *time_s, const double *value,
                   const double *total, size_t count)
{
    double percent[FREELOG_RUN_MAX];
    for (size_t i = 0; i < count && ingest->settings->percent; i++)
        percent[i] = total != NULL && total[i] > 0 ? 100 * value[i] / total[i] : 0;
    if (!series_append_many(series, time_s, ingest->settings->percent ? percent : value, count))
        ingest->out_of_memory = true;
}

/* Samples that are bytes even in a trace of percentages. */
static void append_bytes(struct ingest *ingest, struct series *series, const double *time_s, const double *value,
                         size_t count)
{
    if (!series_append_many(series, time_s, value, count))
        ingest->out_of_memory = true;
}

/* Appends what `count` records from `first` on have to the node's series. False when they lack the column that is
 * drawn. */
static bool append_records(struct ingest *ingest, struct node *node, const double *time_s,
                           const struct freelog_run *run, size_t first, size_t count)
{
    const struct load_column *column = &ingest->settings->column;
    struct series *line = node->line;
    const double *total = column_of(run, FREELOG_TOTAL, first), *swap_total = column_of(run, FREELOG_SWAP_TOTAL, first);
    const double *swap_used = column_of(run, FREELOG_SWAP_USED, first);
    const double *available = column_of(run, FREELOG_AVAILABLE, first);
    const double *main = column_of(run, column->plus, first), *minus = column_of(run, column->minus, first);
    double difference[FREELOG_RUN_MAX];
    if (main == NULL || (column->minus != FREELOG_COLUMN_COUNT && minus == NULL))
        return false;
    for (size_t i = 0; i < count && minus != NULL; i++)
        difference[i] = main[i] - minus[i];
    append(ingest, &line[TRACE_MAIN], time_s, minus != NULL ? difference : main,
           column->plus >= FREELOG_SWAP_TOTAL ? swap_total : total, count);
    if (total != NULL) {
        append(ingest, &line[TRACE_TOTAL], time_s, total, total, count);
        append_bytes(ingest, &line[TRACE_MEMORY], time_s, total, count);
    }
    if (swap_used != NULL)
        append(ingest, &line[TRACE_SWAP], time_s, swap_used, swap_total, count);
    if (swap_total != NULL)
        append(ingest, &line[TRACE_SWAP_TOTAL], time_s, swap_total, swap_total, count);
    if (available != NULL)
        append_bytes(ingest, &line[TRACE_AVAILABLE], time_s, available, count);
    return true;
}

bool ingest_wants(const struct ingest *ingest, const struct node *node, double time_s)
{
    if (isfinite(ingest->zero_epoch_s) && isfinite(node->start_epoch_s))
        time_s += node->start_epoch_s - ingest->zero_epoch_s;
    return time_s >= ingest->settings->from_s && time_s <= ingest->settings->to_s;
}

static bool has(const struct freelog_record *record, enum freelog_column column)
{
    return (record->present >> column & 1) != 0;
}

/* What `used` means in all records so far, those aside that do not tell. */
static void judge_used(struct node *node, enum freelog_used_meaning meaning)
{
    if (meaning == node->used_meaning || node->used_meaning == FREELOG_USED_MIXED)
        return;
    if (node->used_meaning == FREELOG_USED_UNKNOWN)
        node->used_meaning = meaning;
    else if (meaning != FREELOG_USED_UNKNOWN &&
             strcmp(freelog_used_name(meaning), freelog_used_name(node->used_meaning)) != 0)
        node->used_meaning = FREELOG_USED_MIXED;
}

/* The unit that the numbers of a record seem to have when they are read as KiB for want of a better one; NULL when KiB
 * may be right. In bytes all are multiples of 1024, as the kernel counts in KiB. */
static const char *likely_unit(const struct load_settings *settings, const struct freelog_record *record)
{
    double number = record->value[FREELOG_TOTAL] / 1024;
    bool are_pages = true;
    if (settings->unit_bytes > 0 || record->has_units || !has(record, FREELOG_TOTAL) || number < 1)
        return NULL;
    for (int c = 0; c < FREELOG_COLUMN_COUNT; c++)
        are_pages &= !has(record, (enum freelog_column)c) || fmod(record->value[c], 1024.0 * 1024) == 0;
    if (record->value[FREELOG_TOTAL] > BYTES_MIN || (are_pages && record->value[FREELOG_TOTAL] > PAGES_MIN))
        return "B";
    if (record->value[FREELOG_TOTAL] >= KIB_MIN)
        return NULL;
    return number < 1024 ? "GiB" : "MiB";
}

/* Takes the records of `run`, whose times are known and do not go back. */
static void take_records(struct ingest *ingest, struct ingest_node *reading, const double *time_s,
                         const struct freelog_run *run)
{
    struct node *node = &reading->node;
    /* cppcheck-suppress ctuuninitvar ; a single record sets what it has */
    size_t first = 0, end = run->count;
    while (first < end && !ingest_wants(ingest, node, time_s[first]))
        first++;
    while (end > first && !ingest_wants(ingest, node, time_s[end - 1]))
        end--;
    reading->outside += run->count - (end - first);
    if (first == end)
        return;
    for (size_t i = first; i < end && !run->has_one_meaning; i++)
        judge_used(node, run->used_meaning[i]);
    if (run->has_one_meaning)
        judge_used(node, run->used_meaning[0]);
    if (!append_records(ingest, node, time_s + first, run, first, end - first))
        reading->lacking += end - first;
}

static void on_record(void *user, const struct freelog_record *record)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, record->label);
    struct freelog_run run; /* of one record; only what is needed of it is set */
    if (reading == NULL)
        return;
    double time_s;
    if (isfinite(record->stamp_s))
        time_s = count_sample(reading, stamped_time(reading, record));
    else
        next_times(reading, &time_s, 1);
    /* The first records of a log, with all their columns, come one by one. */
    if (!reading->has_total && has(record, FREELOG_TOTAL)) {
        reading->has_total = true;
        reading->node.likely_unit = likely_unit(ingest->settings, record);
    }
    run.count = 1;
    run.present = record->present;
    run.has_one_meaning = true;
    run.used_meaning[0] = record->used_meaning;
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++)
        run.value[column][0] = record->value[column];
    take_records(ingest, reading, &time_s, &run);
}

static void on_run(void *user, const struct freelog_run *run)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, run->label);
    double time_s[FREELOG_RUN_MAX];
    if (reading == NULL || run->count == 0)
        return;
    next_times(reading, time_s, run->count);
    take_records(ingest, reading, time_s, run);
}

static void on_note(void *user, enum freelog_note note, unsigned long line, const char *text)
{
    struct trace_note *kept = &((struct ingest *)user)->note[note];
    if (kept->count++ == 0) {
        kept->first_line = line;
        snprintf(kept->text, sizeof kept->text, "%s", text);
    }
}

static void on_event(void *user, const char *label, unsigned long line, const char *text)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, label);
    (void)line;
    if (reading != NULL && !node_add_event(&reading->node, fmax(reading->last_s, 0), text))
        ingest->out_of_memory = true;
}

struct freelog_sink ingest_sink(struct ingest *ingest)
{
    const struct load_column *column = &ingest->settings->column;
    return (struct freelog_sink){
        .user = ingest,
        .record = on_record,
        .header = on_header,
        .note = on_note,
        .event = on_event,
        .run = on_run,
        .run_columns = 1u << column->plus | 1u << column->minus | 1u << FREELOG_TOTAL | 1u << FREELOG_AVAILABLE |
                       1u << FREELOG_SWAP_TOTAL | 1u << FREELOG_SWAP_USED,
    };
}

void ingest_free(struct ingest *ingest)
{
    struct ingest_node *next;
    for (struct ingest_node *reading = ingest->first; reading != NULL; reading = next) {
        next = reading->next;
        tdelete(reading, &ingest->by_label, compare_labels);
        free(reading->label);
        node_free(&reading->node);
        free(reading);
    }
    ingest->first = ingest->last = ingest->recent = NULL;
}
