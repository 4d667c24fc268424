/* load: owns the way from the list of logs to the trace: one parser a log, one or more nodes from each.
 * Knows no option, picture or exit status. */
#include "load.h"

#include <math.h>
#include <search.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "export.h"
#include "load_split.h"
#include "pool.h"
#include "units.h"

#define CHUNK_BYTES       ((size_t)256 * 1024)
#define PAGE_BYTES        ((size_t)4096) /* the kernel copies several times faster from pages to pages */
#define PEEK_BYTES        ((size_t)16 * 1024)
#define BUCKETS_FEW_NODES 6144 /* 393 KB a series */
#define BUCKETS_MANY      1536 /* 98 KB */
#define MANY_NODES        100
#define KIB_LEAST         67108864.0         /* 64 MiB: no machine has less */
#define PAGES_LEAST       1099511627776.0    /* 1 TiB */
#define BYTES_LEAST       1125899906842624.0 /* 1 PiB: no machine has more */
#define SPLIT_BYTES       (16u << 20) /* a log shorter than this is read sooner than threads are started */
#define PROGRESS_BYTES    (64u << 20) /* less is read before anybody could look */

/* What the tree of nodes is ordered by. */
struct label_key {
    const char *label;
};

/* A node while its log is read. */
struct reading {
    struct label_key key; /* first, so that tsearch(3) finds it: points to label */
    struct node node;
    char *label;
    double run_base_s;     /* time of the current run's first sample */
    unsigned long run_count; /* samples of the current run so far, left-out ones too */
    double run_clock_s;    /* stamp that lies at run_base_s, NaN before the first */
    double last_s;         /* time of the last sample, -INFINITY before the first */
    double usual_step_s;   /* smallest step between different stamps so far */
    unsigned long outside; /* samples left out by from_s and to_s */
    unsigned long lacking; /* records without the column */
    bool has_total;        /* a record with a total was there */
    struct reading *next;  /* in order of appearance */
};

/* A log while it is read. */
struct reader {
    const struct load_settings *settings;
    const struct input_file *file;
    double zero_epoch_s; /* clock at the plot's time 0 where from_s and to_s need it, else NaN */
    size_t bucket_limit;
    unsigned int threads; /* to read it with */
    void *by_label; /* tree of tsearch(3) */
    struct reading *first, *last, *recent;
    struct trace_note note[FREE_NOTE_COUNT];
    unsigned long lines[2];  /* not empty, and understood */
    struct error reason;     /* why it could not be read to its end */
    bool is_whole;           /* it was */
    bool out_of_memory;
    atomic_uint_least64_t *bytes_read; /* of all logs */
};

bool load_column_find(const char *name, struct load_column *column)
{
    column->minus = FREE_COLUMN_COUNT;
    if (strcasecmp(name, "total-available") == 0 || strcasecmp(name, "total_available") == 0) {
        column->plus = FREE_TOTAL;
        column->minus = FREE_AVAILABLE;
        return true;
    }
    column->plus = free_column_find(name);
    return column->plus != FREE_COLUMN_COUNT;
}

static int compare_labels(const void *a, const void *b)
{
    return strcmp(((const struct label_key *)a)->label, ((const struct label_key *)b)->label);
}

static struct reading *reading_new(struct reader *reader, const char *label)
{
    struct reading *reading = calloc(1, sizeof *reading);
    if (reading == NULL)
        return NULL;
    node_init(&reading->node, reader->bucket_limit);
    reading->key.label = reading->label = strdup(label);
    reading->node.name = strdup(*label == '\0' ? reader->file->host : label);
    reading->node.source = strdup(reader->file->path);
    reading->run_clock_s = NAN;
    reading->last_s = -INFINITY;
    reading->usual_step_s = INFINITY;
    reading->node.interval_s = reader->settings->samp_s;
    if (reading->label == NULL || reading->node.name == NULL || reading->node.source == NULL ||
        tsearch(reading, &reader->by_label, compare_labels) == NULL) {
        free(reading->label);
        node_free(&reading->node);
        free(reading);
        return NULL;
    }
    if (reader->last == NULL)
        reader->first = reading;
    else
        reader->last->next = reading;
    return reader->last = reading;
}

/* The node of `label`, made when it is new. NULL when memory is short. */
static struct reading *find_reading(struct reader *reader, const char *label)
{
    if (reader->recent != NULL && strcmp(reader->recent->label, label) == 0)
        return reader->recent;
    const struct label_key key = {label};
    void *found = tfind(&key, &reader->by_label, compare_labels);
    reader->recent = found != NULL ? *(struct reading **)found : reading_new(reader, label);
    if (reader->recent == NULL)
        reader->out_of_memory = true;
    return reader->recent;
}

/* A header of a second run in the same log: its samples go on where the clock says. */
static void start_run(struct reading *reading, double epoch_s)
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
    struct reader *reader = user;
    struct reading *reading = find_reading(reader, label);
    double number;
    if (reading == NULL)
        return;
    struct node *node = &reading->node;
    if (strcmp(key, "host") == 0 && *value != '\0') {
        char *name = strdup(value);
        if (name == NULL) {
            reader->out_of_memory = true;
            return;
        }
        free(node->name);
        node->name = name;
    } else if (strcmp(key, "start") == 0 && parse_number(value, &number)) {
        start_run(reading, number);
    } else if (strcmp(key, "end") == 0 && parse_number(value, &number)) {
        node->end_epoch_s = number;
    } else if (strcmp(key, "interval") == 0 && parse_number(value, &number) && number > 0) {
        node->told_interval_s = number;
        if (isnan(reader->settings->samp_s))
            node->interval_s = number;
    } else if (strcmp(key, "job") == 0) {
        snprintf(node->job, sizeof node->job, "%s", value);
    } else if (strcmp(key, "name") == 0) {
        snprintf(node->job_name, sizeof node->job_name, "%s", value);
    } else if (strcmp(key, "limit") == 0 && parse_size(value, &number) && number > 0) {
        node->limit_bytes = number;
    }
}

/* The time since the epoch of a record's stamp. What a wall clock showed is taken as the time in the reader's own zone. */
static double stamp_epoch(const struct free_record *record)
{
    time_t shown = (time_t)floor(record->stamp_s), epoch;
    struct tm tm;
    if (!record->stamp_is_local || gmtime_r(&shown, &tm) == NULL)
        return record->stamp_s;
    tm.tm_isdst = -1;
    epoch = mktime(&tm);
    return epoch == (time_t)-1 ? record->stamp_s : (double)epoch + record->stamp_s - (double)shown;
}

/* The time of a sample by its stamp. Breaks the lines at a gap, and where the clock went back, which starts a new run behind the last
 * sample. */
static double stamped_time(struct reading *reading, const struct free_record *record)
{
    struct node *node = &reading->node;
    if (isnan(reading->run_clock_s)) {
        if (record->stamp_is_epoch)
            node->start_epoch_s = stamp_epoch(record);
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
static double count_sample(struct reading *reading, double time_s)
{
    time_s = time_s < reading->last_s ? reading->last_s : time_s;
    reading->run_count++;
    return reading->last_s = time_s;
}

/* The times of the next `count` samples without stamps. */
static void next_times(struct reading *reading, double *time_s, size_t count)
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
static const double *column_of(const struct free_run *run, enum free_column column, size_t first)
{
    return column < FREE_COLUMN_COUNT && (run->present >> column & 1) != 0 ? &run->value[column][first] : NULL;
}

/* Samples of one line of a node. `total` are what percentages are of, NULL where that is not known. */
static void append(struct reader *reader, struct series *series, const double *time_s, const double *value,
                   const double *total, size_t count)
{
    double percent[FREE_RUN_MAX];
    for (size_t i = 0; i < count && reader->settings->percent; i++)
        percent[i] = total != NULL && total[i] > 0 ? 100 * value[i] / total[i] : 0;
    if (!series_append_many(series, time_s, reader->settings->percent ? percent : value, count))
        reader->out_of_memory = true;
}

/* Samples that are bytes even in a trace of percentages. */
static void append_bytes(struct reader *reader, struct series *series, const double *time_s, const double *value,
                         size_t count)
{
    if (!series_append_many(series, time_s, value, count))
        reader->out_of_memory = true;
}

/* Appends what `count` records from `first` on have to the node's series. False when they lack the column that is drawn. */
static bool append_records(struct reader *reader, struct node *node, const double *time_s,
                           const struct free_run *run, size_t first, size_t count)
{
    const struct load_column *column = &reader->settings->column;
    struct series *line = node->line;
    const double *total = column_of(run, FREE_TOTAL, first), *swap_total = column_of(run, FREE_SWAP_TOTAL, first);
    const double *swap_used = column_of(run, FREE_SWAP_USED, first);
    const double *available = column_of(run, FREE_AVAILABLE, first);
    const double *main = column_of(run, column->plus, first), *minus = column_of(run, column->minus, first);
    double difference[FREE_RUN_MAX];
    if (main == NULL || (column->minus != FREE_COLUMN_COUNT && minus == NULL))
        return false;
    for (size_t i = 0; i < count && minus != NULL; i++)
        difference[i] = main[i] - minus[i];
    append(reader, &line[TRACE_MAIN], time_s, minus != NULL ? difference : main,
           column->plus >= FREE_SWAP_TOTAL ? swap_total : total, count);
    if (total != NULL) {
        append(reader, &line[TRACE_TOTAL], time_s, total, total, count);
        append_bytes(reader, &line[TRACE_MEMORY], time_s, total, count);
    }
    if (swap_used != NULL)
        append(reader, &line[TRACE_SWAP], time_s, swap_used, swap_total, count);
    if (swap_total != NULL)
        append(reader, &line[TRACE_SWAP_TOTAL], time_s, swap_total, swap_total, count);
    if (available != NULL)
        append_bytes(reader, &line[TRACE_AVAILABLE], time_s, available, count);
    return true;
}

/* Whether a time of a node lies between --from and --to, which count in the plot's time. */
static bool is_inside(const struct reader *reader, const struct node *node, double time_s)
{
    if (isfinite(reader->zero_epoch_s) && isfinite(node->start_epoch_s))
        time_s += node->start_epoch_s - reader->zero_epoch_s;
    return time_s >= reader->settings->from_s && time_s <= reader->settings->to_s;
}

static bool has(const struct free_record *record, enum free_column column)
{
    return (record->present >> column & 1) != 0;
}

/* What `used` means in all records so far, those aside that do not tell. */
static void judge_used(struct node *node, enum free_used_meaning meaning)
{
    if (meaning == node->used_meaning || node->used_meaning == FREE_USED_MIXED)
        return;
    if (node->used_meaning == FREE_USED_UNKNOWN)
        node->used_meaning = meaning;
    else if (meaning != FREE_USED_UNKNOWN &&
             strcmp(free_used_name(meaning), free_used_name(node->used_meaning)) != 0)
        node->used_meaning = FREE_USED_MIXED;
}

/* The unit that the numbers of a record seem to have when they are read as KiB for want of a better one; NULL when KiB may be right. In
 * bytes all are multiples of 1024, as the kernel counts in KiB. */
static const char *likely_unit(const struct load_settings *settings, const struct free_record *record)
{
    double number = record->value[FREE_TOTAL] / 1024;
    bool are_pages = true;
    if (settings->unit_bytes > 0 || record->has_units || !has(record, FREE_TOTAL) || number < 1)
        return NULL;
    for (int c = 0; c < FREE_COLUMN_COUNT; c++)
        are_pages &= !has(record, (enum free_column)c) || fmod(record->value[c], 1024.0 * 1024) == 0;
    if (record->value[FREE_TOTAL] > BYTES_LEAST || (are_pages && record->value[FREE_TOTAL] > PAGES_LEAST))
        return "B";
    if (record->value[FREE_TOTAL] >= KIB_LEAST)
        return NULL;
    return number < 1024 ? "GiB" : "MiB";
}

/* Takes the records of `run`, whose times are known and do not go back. */
static void take_records(struct reader *reader, struct reading *reading, const double *time_s,
                         const struct free_run *run)
{
    struct node *node = &reading->node;
    /* cppcheck-suppress ctuuninitvar ; a single record sets what it has */
    size_t first = 0, end = run->count;
    while (first < end && !is_inside(reader, node, time_s[first]))
        first++;
    while (end > first && !is_inside(reader, node, time_s[end - 1]))
        end--;
    reading->outside += run->count - (end - first);
    if (first == end)
        return;
    for (size_t i = first; i < end && !run->has_one_meaning; i++)
        judge_used(node, run->used_meaning[i]);
    if (run->has_one_meaning)
        judge_used(node, run->used_meaning[0]);
    if (!append_records(reader, node, time_s + first, run, first, end - first))
        reading->lacking += end - first;
}

static void on_record(void *user, const struct free_record *record)
{
    struct reader *reader = user;
    struct reading *reading = find_reading(reader, record->label);
    struct free_run run; /* of one record; only what is needed of it is set */
    if (reading == NULL)
        return;
    double time_s;
    if (isfinite(record->stamp_s))
        time_s = count_sample(reading, stamped_time(reading, record));
    else
        next_times(reading, &time_s, 1);
    /* The first records of a log, with all their columns, come one by one. */
    if (!reading->has_total && has(record, FREE_TOTAL)) {
        reading->has_total = true;
        reading->node.likely_unit = likely_unit(reader->settings, record);
    }
    run.count = 1;
    run.present = record->present;
    run.has_one_meaning = true;
    run.used_meaning[0] = record->used_meaning;
    for (int column = 0; column < FREE_COLUMN_COUNT; column++)
        run.value[column][0] = record->value[column];
    take_records(reader, reading, &time_s, &run);
}

static void on_run(void *user, const struct free_run *run)
{
    struct reader *reader = user;
    struct reading *reading = find_reading(reader, run->label);
    double time_s[FREE_RUN_MAX];
    if (reading == NULL || run->count == 0)
        return;
    next_times(reading, time_s, run->count);
    take_records(reader, reading, time_s, run);
}

static void on_note(void *user, enum free_note note, unsigned long line, const char *text)
{
    struct trace_note *kept = &((struct reader *)user)->note[note];
    if (kept->count++ == 0) {
        kept->first_line = line;
        snprintf(kept->text, sizeof kept->text, "%s", text);
    }
}

static void on_mark(void *user, const char *label, unsigned long line, const char *text)
{
    struct reader *reader = user;
    struct reading *reading = find_reading(reader, label);
    (void)line;
    if (reading != NULL && !node_add_mark(&reading->node, fmax(reading->last_s, 0), text))
        reader->out_of_memory = true;
}

static bool export_begin(void *user, const char *name, bool percent, struct error *error)
{
    const struct reader *reader = user;
    const struct load_column *wanted = &reader->settings->column;
    struct load_column column;
    if (!load_column_find(name, &column) || column.plus != wanted->plus || column.minus != wanted->minus)
        return error_set(error, reader->file->path, 1, "this export holds another column: draw it with --column %s",
                         name);
    if (percent != reader->settings->percent)
        return error_set(error, reader->file->path, 1, "this export holds %s: %s --percentage",
                         percent ? "percentages" : "bytes, not percentages", percent ? "give" : "leave out");
    return true;
}

static struct node *export_node(void *user, const char *name)
{
    struct reading *reading = find_reading(user, name);
    return reading == NULL ? NULL : &reading->node;
}

static bool export_wants(void *user, const struct node *node, double time_s)
{
    struct reader *reader = user;
    bool wanted = is_inside(reader, node, time_s);
    if (!wanted)
        reader->recent->outside++; /* export_node found it last */
    return wanted;
}

/* Reads the rest of an export, whose first `size` bytes are in `chunk`. */
static bool read_export(struct reader *reader, struct input *input, char *chunk, ssize_t size,
                        struct error *error)
{
    const struct export_sink sink = {reader, export_begin, export_node, export_wants};
    struct export_reader *export = export_reader_new(&sink, reader->file->path);
    bool ok = export != NULL || error_set(error, reader->file->path, 0, "out of memory");
    while (ok && size > 0) {
        ok = export_reader_feed(export, chunk, (size_t)size, error);
        if (ok)
            size = input_read(input, chunk, CHUNK_BYTES, error);
    }
    ok = ok && size == 0 && export_reader_feed(export, NULL, 0, error);
    export_reader_free(export);
    return ok;
}

/* Fills the chunk until what begins the file can be told. Returns as input_read does. */
static ssize_t read_start(struct input *input, char *chunk, struct error *error)
{
    size_t filled = 0;
    while (filled < strlen(EXPORT_MAGIC)) {
        ssize_t size = input_read(input, chunk + filled, CHUNK_BYTES - filled, error);
        if (size < 0)
            return size;
        if (size == 0)
            break;
        filled += (size_t)size;
        /* A live log is not kept waiting for what cannot become an export. */
        if (memcmp(chunk, EXPORT_MAGIC, filled < strlen(EXPORT_MAGIC) ? filled : strlen(EXPORT_MAGIC)) != 0)
            break;
    }
    return (ssize_t)filled;
}

/* Feeds a log whose first `size` bytes are in `chunk` to a parser, at most `limit` bytes. What came before a read error or a refusal is
 * kept. `lines` become those not empty and those understood. */
static bool read_log(const struct load_settings *settings, const struct free_sink *sink, struct input *input,
                     char *chunk, ssize_t size, size_t limit, unsigned int threads, unsigned long lines[2],
                     atomic_uint_least64_t *bytes_read, struct error *error)
{
    struct free_parser *parser = free_parser_new(sink, settings->unit_bytes);
    if (parser == NULL)
        return error_set(error, NULL, 0, "out of memory");
    size_t done = 0;
    while (size > 0 && free_parser_feed(parser, chunk, (size_t)size)) {
        done += (size_t)size;
        if (bytes_read != NULL)
            atomic_fetch_add_explicit(bytes_read, (size_t)size, memory_order_relaxed);
        if (done >= limit)
            break;
        if (threads > 1 && !load_split(parser, input, threads, bytes_read))
            break;
        threads = 1;
        size = input_read(input, chunk, CHUNK_BYTES, error);
    }
    free_parser_finish(parser);
    free_parser_lines(parser, &lines[0], &lines[1]);
    free_parser_free(parser);
    return size >= 0;
}

/* Where the records of a log go. */
static struct free_sink sink_of(struct reader *reader)
{
    const struct load_column *column = &reader->settings->column;
    return (struct free_sink){
        .user = reader,
        .record = on_record,
        .header = on_header,
        .note = on_note,
        .mark = on_mark,
        .run = on_run,
        .run_columns = 1u << column->plus | 1u << column->minus | 1u << FREE_TOTAL | 1u << FREE_AVAILABLE |
                       1u << FREE_SWAP_TOTAL | 1u << FREE_SWAP_USED,
    };
}

/* Reads one log or export. */
static bool read_file(struct reader *reader)
{
    struct error *error = &reader->reason;
    const struct free_sink sink = sink_of(reader);
    struct input *input = input_open(reader->file->path, error);
    char *chunk = aligned_alloc(PAGE_BYTES, CHUNK_BYTES);
    ssize_t size = input != NULL && chunk != NULL ? read_start(input, chunk, error) : -1;
    bool ok = false;
    if (input != NULL && chunk == NULL)
        error_set(error, reader->file->path, 0, "out of memory");
    else if (size >= (ssize_t)strlen(EXPORT_MAGIC) && memcmp(chunk, EXPORT_MAGIC, strlen(EXPORT_MAGIC)) == 0)
        ok = read_export(reader, input, chunk, size, error);
    else if (size >= 0)
        ok = read_log(reader->settings, &sink, input, chunk, size, SIZE_MAX, reader->threads, reader->lines, reader->bytes_read, error);
    free(chunk);
    input_close(input);
    return ok;
}

static void tell_notes(const struct reader *reader, load_tell *tell, void *user)
{
    const char *path = reader->file->path;
    const unsigned long *lines = reader->lines;
    struct error error = {0};
    char text[200];
    for (int note = 0; note < FREE_NOTE_COUNT; note++) {
        const struct trace_note *kept = &reader->note[note];
        if (kept->count == 0)
            continue;
        free_note_format(text, sizeof text, (enum free_note)note, kept->count);
        if (note == FREE_NOTE_BAD_NUMBER && kept->count == 1)
            error_set(&error, path, kept->first_line, "bad number '%s', its record left out", kept->text);
        else if (note == FREE_NOTE_BAD_NUMBER)
            error_set(&error, path, kept->first_line, "%s (first '%s')", text, kept->text);
        else
            error_set(&error, path, kept->first_line, "%s", text);
        tell(user, true, &error);
    }
    if (lines[1] < lines[0] - lines[0] / 2) {
        error_set(&error, path, 0, "only %lu of %lu lines were understood: is this a log of free?",
                  lines[1], lines[0]);
        tell(user, true, &error);
    }
}

/* Why a node of a readable log has no sample. */
static void tell_no_sample(const struct reader *reader, const struct reading *reading,
                           load_tell *tell, void *user)
{
    struct error error = {0};
    const char *path = reader->file->path;
    bool labelled = reading != NULL && *reading->label != '\0';
    const char *name = labelled ? reading->node.name : "", *colon = labelled ? ": " : "";
    if (reading != NULL && reading->lacking > 0)
        error_set(&error, path, 0, "%s%sno record has the column to draw, left out", name, colon);
    else if (reading != NULL && reading->outside > 0)
        error_set(&error, path, 0, "%s%sno sample between --from and --to, left out", name, colon);
    else if (reader->note[FREE_NOTE_WATCH].count > 0)
        error_set(&error, path, 0, "this is the screen of watch, which cannot be read: use free -s");
    else
        error_set(&error, path, 0, "%s%sno record of free in it, left out", name, colon);
    tell(user, false, &error);
}

/* Moves the nodes of a log that have samples into the trace, and tells of the others. */
static bool hand_over(struct reader *reader, struct trace *trace, load_tell *tell, void *user)
{
    struct error error = {0};
    bool told = false, ok = !reader->out_of_memory;
    for (struct reading *reading = reader->first; reading != NULL && ok; reading = reading->next) {
        struct node *node = &reading->node;
        bool renamed = false;
        if (node->line[TRACE_MAIN].stats.count == 0) {
            tell_no_sample(reader, reading, tell, user);
            told = true;
            continue;
        }
        if (isnan(node->interval_s) && isfinite(reading->usual_step_s))
            node->interval_s = reading->usual_step_s;
        memcpy(node->note, reader->note, sizeof node->note);
        if (reading->lacking > 0) {
            error_set(&error, node->source, 0, "%lu records lack the column to draw, left out",
                      reading->lacking);
            tell(user, true, &error);
        }
        ok = trace_add(trace, node, &renamed);
        if (ok && renamed) {
            const struct node *added = &trace->node[trace->count - 1];
            error_set(&error, added->source, 0, "another log of the same host, drawn as '%s'",
                      added->name);
            tell(user, true, &error);
        }
    }
    if (reader->first == NULL && !told && ok)
        tell_no_sample(reader, NULL, tell, user);
    return ok;
}

static void reader_free(struct reader *reader)
{
    struct reading *next;
    for (struct reading *reading = reader->first; reading != NULL; reading = next) {
        next = reading->next;
        tdelete(reading, &reader->by_label, compare_labels);
        free(reading->label);
        node_free(&reading->node);
        free(reading);
    }
    reader->first = reader->last = reader->recent = NULL;
}

/* Tells what is to be told of a log that was read, and moves its nodes into the trace. */
static bool finish_file(struct reader *reader, struct trace *trace, load_tell *tell, void *user,
                        struct error *error)
{
    if (!reader->is_whole)
        tell(user, false, &reader->reason);
    tell_notes(reader, tell, user);
    bool ok = (!reader->is_whole && reader->first == NULL) || hand_over(reader, trace, tell, user);
    reader_free(reader);
    return ok || error_set(error, NULL, 0, "out of memory");
}

/* The earliest clock at a node's first sample. */
static void on_peek_record(void *user, const struct free_record *record)
{
    double *epoch_s = user;
    if (isnan(*epoch_s) && isfinite(record->stamp_s) && record->stamp_is_epoch)
        *epoch_s = stamp_epoch(record);
}

static void on_peek_header(void *user, const char *label, const char *key, const char *value)
{
    double *epoch_s = user, number;
    (void)label;
    if (isnan(*epoch_s) && strcmp(key, "start") == 0 && parse_number(value, &number))
        *epoch_s = number;
}

/* The clock at the first sample of one log, NAN when it does not tell. */
static double peek_start(const struct load_settings *settings, const struct input_file *file)
{
    double epoch_s = NAN;
    unsigned long lines[2];
    const struct free_sink sink = {.user = &epoch_s, .record = on_peek_record, .header = on_peek_header};
    struct input *input = input_open(file->path, NULL);
    char *chunk = malloc(CHUNK_BYTES);
    if (input != NULL && chunk != NULL)
        read_log(settings, &sink, input, chunk, input_read(input, chunk, PEEK_BYTES, NULL), PEEK_BYTES, 1, lines,
                 NULL, NULL);
    free(chunk);
    input_close(input);
    return epoch_s;
}

/* The clock at the plot's time 0, from the beginnings of the logs: --from and --to count from there. NaN when not all logs
 * tell their start. */
static double peek_zero(const struct load_settings *settings, const struct input_list *list)
{
    double zero_s = INFINITY;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->file[i].path, "-") == 0)
            return NAN; /* it can be read only once */
        double epoch_s = peek_start(settings, &list->file[i]);
        if (isnan(epoch_s))
            return NAN;
        zero_s = fmin(zero_s, epoch_s);
    }
    return zero_s;
}

/* All logs while they are read. */
struct loading {
    const struct load_settings *settings;
    struct reader *reader; /* one a log */
    atomic_uint_least64_t bytes_read;
    uint64_t bytes_all;
};

static void read_item(void *user, size_t item)
{
    struct loading *loading = user;
    struct reader *reader = &loading->reader[item];
    reader->is_whole = read_file(reader);
}

static void show_progress(void *user)
{
    struct loading *loading = user;
    loading->settings->progress(loading->settings->progress_user,
                                atomic_load_explicit(&loading->bytes_read, memory_order_relaxed),
                                loading->bytes_all);
}

/* The largest logs first, so that no thread is left with one at the end. */
static int compare_sizes(const void *a, const void *b, void *user)
{
    const struct input_file *file = user;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    if (file[left].size_bytes != file[right].size_bytes)
        return file[left].size_bytes < file[right].size_bytes ? 1 : -1;
    return (left > right) - (left < right);
}

/* Reads all logs on several threads. False when memory is short. */
static bool read_all(struct loading *loading, const struct input_list *list)
{
    const struct load_settings *settings = loading->settings;
    bool windowed = settings->from_s > 0 || isfinite(settings->to_s);
    double zero_epoch_s = windowed && list->count > 1 ? peek_zero(settings, list) : NAN;
    size_t *order = malloc((list->count + 1) * sizeof *order);
    loading->reader = calloc(list->count + 1, sizeof *loading->reader);
    if (order == NULL || loading->reader == NULL) {
        free(order);
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        order[i] = i;
        loading->bytes_all += list->file[i].size_bytes;
        loading->reader[i].settings = settings;
        loading->reader[i].file = &list->file[i];
        loading->reader[i].zero_epoch_s = zero_epoch_s;
        loading->reader[i].bucket_limit = list->count > MANY_NODES ? BUCKETS_MANY : BUCKETS_FEW_NODES;
        loading->reader[i].bytes_read = &loading->bytes_read;
    }
    qsort_r(order, list->count, sizeof *order, compare_sizes, list->file);
    unsigned int jobs = settings->jobs;
    if (jobs == 0)
        jobs = list->count > 1 || loading->bytes_all >= SPLIT_BYTES ? pool_processors() : 1;
    for (size_t i = 0; i < list->count; i++)
        loading->reader[i].threads = list->file[i].size_bytes < SPLIT_BYTES ? 1 : jobs / (unsigned int)list->count;
    pool_run(order, list->count, jobs, read_item, loading,
             settings->progress != NULL && loading->bytes_all >= PROGRESS_BYTES ? show_progress : NULL);
    free(order);
    return true;
}

static bool has_unlikely_unit(const struct node *node)
{
    return node->likely_unit != NULL;
}

/* --samp is given, and the log's header says that it is wrong. */
static bool has_other_interval(const struct node *node)
{
    return node->is_indexed && fabs(node->interval_s - node->told_interval_s) > 0.01 * node->told_interval_s;
}

/* The first node of which `is_it` is true, NULL without any; how many more there are goes to `others` in words. */
static const struct node *find_first(const struct trace *trace, bool (*is_it)(const struct node *), char *others, size_t size)
{
    const struct node *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        if (!is_it(&trace->node[i]))
            continue;
        first = count++ == 0 ? &trace->node[i] : first;
    }
    if (count > 1)
        snprintf(others, size, " (%zu more nodes alike)", count - 1);
    return first;
}

/* Tells of nodes whose numbers seem to have another unit, or whose samples have another interval, than they were read with. */
static void tell_doubts(const struct trace *trace, load_tell *tell, void *user)
{
    struct error error = {0};
    char number[32], others[64] = "";
    const struct node *node = find_first(trace, has_unlikely_unit, others, sizeof others);
    if (node != NULL) {
        double total = node->line[TRACE_MEMORY].stats.max;
        const struct unit *unit = unit_for(total);
        format_quantity(number, sizeof number, total / unit->bytes);
        error_set(&error, node->source, 0,
                  "a total of %s %s, if its numbers are KiB: if they are %s, give --input_units %s%s", number, unit->name,
                  node->likely_unit, node->likely_unit, others);
        tell(user, true, &error);
    }
    others[0] = '\0';
    node = find_first(trace, has_other_interval, others, sizeof others);
    if (node != NULL) {
        error_set(&error, node->source, 0, "sampled every %g s by its header, but drawn with --samp %g%s", node->told_interval_s,
                  node->interval_s, others);
        tell(user, true, &error);
    }
}

static void finish_trace(struct trace *trace, load_tell *tell, void *user)
{
    tell_doubts(trace, tell, user);
    trace_finish(trace);
}

bool load_trace(const struct load_settings *settings, const struct input_list *list,
                struct trace *trace, load_tell *tell, void *user, struct error *error)
{
    struct loading loading = {.settings = settings};
    bool ok = read_all(&loading, list) || error_set(error, NULL, 0, "out of memory");
    trace->percent = settings->percent;
    for (size_t i = 0; i < list->count && loading.reader != NULL; i++) {
        if (ok)
            ok = finish_file(&loading.reader[i], trace, tell, user, error);
        else
            reader_free(&loading.reader[i]);
    }
    free(loading.reader);
    if (ok)
        finish_trace(trace, tell, user);
    return ok;
}

/* ---- logs that grow ---- */

struct load_log {
    struct reader reader;
    struct free_parser *parser; /* NULL before the first byte, and where the file is read whole */
};

struct load_log *load_log_new(const struct load_settings *settings, const struct input_file *file, bool is_one_of_many)
{
    struct load_log *log = calloc(1, sizeof *log);
    if (log == NULL)
        return NULL;
    log->reader.settings = settings;
    log->reader.file = file;
    log->reader.zero_epoch_s = NAN;
    log->reader.bucket_limit = is_one_of_many ? BUCKETS_MANY : BUCKETS_FEW_NODES;
    log->reader.is_whole = true;
    return log;
}

void load_log_free(struct load_log *log)
{
    if (log == NULL)
        return;
    reader_free(&log->reader);
    free_parser_free(log->parser);
    free(log);
}

bool load_log_feed(struct load_log *log, const char *bytes, size_t size)
{
    const struct free_sink sink = sink_of(&log->reader);
    if (log->parser == NULL)
        log->parser = free_parser_new(&sink, log->reader.settings->unit_bytes);
    if (log->parser == NULL)
        log->reader.out_of_memory = true;
    return log->parser != NULL && free_parser_feed(log->parser, bytes, size);
}

void load_log_read(struct load_log *log)
{
    log->reader.is_whole = read_file(&log->reader);
}

bool load_is_whole(const char *bytes, size_t size)
{
    size_t magic = strlen(EXPORT_MAGIC);
    return (size >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0) || (size >= magic && memcmp(bytes, EXPORT_MAGIC, magic) == 0);
}

void load_log_fail(struct load_log *log, const struct error *reason)
{
    log->reader.is_whole = reason == NULL;
    if (reason != NULL)
        log->reader.reason = *reason;
}

bool load_log_has_ended(const struct load_log *log)
{
    for (const struct reading *reading = log->reader.first; reading != NULL; reading = reading->next)
        if (!isfinite(reading->node.end_epoch_s))
            return false;
    return log->reader.first != NULL;
}

bool load_log_lend(const struct load_log *log, struct trace *trace)
{
    trace->percent = log->reader.settings->percent;
    for (const struct reading *reading = log->reader.first; reading != NULL; reading = reading->next) {
        struct node node = reading->node;
        if (node.line[TRACE_MAIN].stats.count == 0)
            continue;
        if (isnan(node.interval_s) && isfinite(reading->usual_step_s))
            node.interval_s = reading->usual_step_s;
        /* Nobody may stretch the times of lent samples. */
        node.is_indexed = node.is_indexed && isnan(node.interval_s);
        node.name = strdup(node.name);
        node.source = strdup(node.source);
        if (node.name == NULL || node.source == NULL || !trace_add(trace, &node, NULL)) {
            free(node.name);
            free(node.source);
            return false;
        }
    }
    return true;
}

void load_logs_return(struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        memset(node->line, 0, sizeof node->line);
        node->mark = NULL;
    }
    trace_free(trace);
}

bool load_logs_finish(struct load_log *const *log, size_t count, struct trace *trace, load_tell *tell, void *user,
                      struct error *error)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        struct reader *reader = &log[i]->reader;
        trace->percent = reader->settings->percent;
        if (log[i]->parser != NULL) {
            free_parser_finish(log[i]->parser);
            free_parser_lines(log[i]->parser, &reader->lines[0], &reader->lines[1]);
        }
        ok = ok && finish_file(reader, trace, tell, user, error);
    }
    if (ok)
        finish_trace(trace, tell, user);
    return ok;
}
