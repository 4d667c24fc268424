/* SPDX-License-Identifier: MIT */
/* ingest: computes the times of samples and decides which value of a record goes into which series. Opens, prints
 * and reports nothing. */
#include "ingest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/pages.h"
#include "base/serialize.h"
#include "base/units.h"
#include "base/utf8.h"

#define RECORD_BYTES   300  /* of a usual log, with a label */
#define MANY_LABELS    16   /* with as many nodes in a log memory is prepared, */
#define MOST_LABELS    256  /* for as many at most */
#define SUSPICIOUS     1.5  /* times the smallest step; longer steps may turn out to be gaps */
#define INTERVAL_MAX_S 1e9  /* 30 years; a longer step is not an interval */
#define EPOCH_MAX_S    1e11 /* the year 5138 */
#define HELD_MAX       4    /* records; of more without a time, the first times cannot be known */
#define DAY_S          86400.0

struct held_records {
    struct freelog_record record[HELD_MAX];
    size_t count;
};

/* If all quantities keep their series: gives those that otherwise have only statistics a third of the resolution. */
static void keep_all(const struct ingest *ingest, struct ingest_node *reading)
{
    size_t limit = ingest->bucket_limit / 3;
    series_init(&reading->node.line[TRACE_AVAILABLE], limit);
    series_init(&reading->of_job[TRACE_AVAILABLE], limit);
    if (ingest->is_one_of_many) {
        series_init(&reading->of_job[TRACE_WITH_CACHE], limit);
        series_init(&reading->node.line[TRACE_MAIN], ingest->bucket_limit);
    }
}

/* Lines that are not drawn, or only for few nodes, keep only statistics. */
static void init_lines(const struct ingest *ingest, struct ingest_node *reading)
{
    enum freelog_column column = ingest->settings->column;
    bool is_auto = column == LOAD_COLUMN_AUTO, wants_job = is_auto || freelog_column_is_job(column);
    struct node job;
    node_init(&job, wants_job ? ingest->bucket_limit : 0);
    memcpy(reading->of_job, job.line, sizeof job.line);
    if (ingest->is_one_of_many)
        series_init(&reading->of_job[TRACE_WITH_CACHE], 0);
    if (ingest->is_one_of_many && wants_job && !is_auto)
        series_init(&reading->node.line[TRACE_MAIN], 0);
    if (ingest->settings->keeps_all)
        keep_all(ingest, reading);
}

static void reading_free(struct ingest_node *reading)
{
    steps_free(&reading->steps);
    free(reading->held);
    free(reading->label);
    node_free(&reading->node);
    for (int line = 0; line < TRACE_LINE_COUNT; line++)
        series_free(&reading->of_job[line]);
    free(reading);
}

static struct ingest_node *reading_new(struct ingest *ingest, const char *label)
{
    struct ingest_node *reading = calloc(1, sizeof *reading);
    if (reading == NULL)
        return NULL;
    node_init(&reading->node, ingest->bucket_limit);
    init_lines(ingest, reading);
    reading->label = strdup(label);
    reading->node.name = strdup(*label == '\0' ? ingest->file->host : label);
    reading->node.source = strdup(ingest->file->path);
    reading->run_clock_s = NAN;
    reading->last_s = -INFINITY;
    reading->last_stamped_s = -INFINITY;
    reading->least_step_s = INFINITY;
    reading->guessed_step_s = NAN;
    reading->place =
        ingest->node_count < ingest->place_count ? ingest->place[ingest->node_count] : (struct place){1, NAN, NAN};
    reading->node.interval_s = ingest->settings->samp_s;
    if (reading->label == NULL || reading->node.name == NULL || reading->node.source == NULL ||
        !array_grow(&ingest->node, &ingest->node_capacity, ingest->node_count, sizeof(struct ingest_node *)) ||
        !map_put(&ingest->by_label, reading->label, strlen(reading->label), ingest->node_count)) {
        reading_free(reading);
        return NULL;
    }
    ingest->node[ingest->node_count++] = reading;
    if (ingest->node_count == MANY_LABELS)
        pages_expect((size_t)ingest_expected_bytes(ingest, MOST_LABELS));
    return reading;
}

double ingest_expected_bytes(const struct ingest *ingest, size_t nodes)
{
    if (ingest->file == NULL)
        return 0;
    double most = 2.0 * (double)ingest->bucket_limit * sizeof(struct series_bucket) * (double)nodes;
    return fmin(most, (double)ingest->file->size_bytes / RECORD_BYTES * 2 * sizeof(struct series_packed));
}

struct ingest_node *ingest_find(struct ingest *ingest, const char *label)
{
    if (ingest->recent != NULL && strcmp(ingest->recent->label, label) == 0)
        return ingest->recent;
    size_t found = map_find(&ingest->by_label, label, strlen(label));
    ingest->recent = found != MAP_NONE ? ingest->node[found] : reading_new(ingest, label);
    if (ingest->recent == NULL)
        ingest->out_of_memory = true;
    return ingest->recent;
}

/* Ensures that no line is drawn from the last sample to the next. */
static void break_lines(struct ingest_node *reading)
{
    series_break(&reading->node.line[TRACE_MAIN]);
    series_break(&reading->node.line[TRACE_SWAP]);
    series_break(&reading->node.line[TRACE_AVAILABLE]);
    series_break(&reading->of_job[TRACE_AVAILABLE]);
    series_break(&reading->of_job[TRACE_MAIN]);
    series_break(&reading->of_job[TRACE_SWAP]);
    series_break(&reading->of_job[TRACE_WITH_CACHE]);
}

/* The next sample may be late. Whether there is a gap is decided once the usual step is known. */
static void part_lines(struct ingest_node *reading)
{
    series_part(&reading->node.line[TRACE_MAIN]);
    series_part(&reading->node.line[TRACE_SWAP]);
    series_part(&reading->of_job[TRACE_MAIN]);
    series_part(&reading->of_job[TRACE_SWAP]);
    series_part(&reading->of_job[TRACE_WITH_CACHE]);
}

/* Starts a second run in the same log at its header. Its samples continue at the time of the clock. */
static void start_run(struct ingest_node *reading, double epoch_s)
{
    if (reading->run_count == 0 && reading->last_s == -INFINITY) {
        reading->node.start_epoch_s = epoch_s;
        return;
    }
    break_lines(reading);
    double base_s = epoch_s - reading->node.start_epoch_s;
    if (base_s > reading->last_s)
        reading->run_base_s = base_s;
    else
        reading->run_base_s = reading->last_s + fmax(reading->node.interval_s, 0);
    reading->run_count = 0;
    reading->node.end_epoch_s = NAN;
    reading->node.is_indexed = false; /* there is no longer a single period, so drift is not corrected */
}

/* Sets the counter of the job's processes that the kernel killed. A counter in a header, before any record, is the
 * initial value. */
static void set_oom_kills(struct ingest *ingest, struct ingest_node *reading, double number)
{
    bool is_ok = number >= 0 && number < 1e9;
    unsigned long count = is_ok ? (unsigned long)number : 0, more = count - reading->oom_count;
    char text[64];
    if (!is_ok || count <= reading->oom_count)
        return;
    reading->oom_count = count;
    if (reading->last_s == -INFINITY && reading->run_count == 0)
        return;
    reading->node.oom_kills += more;
    trace_kills_text(text, sizeof text, more);
    if (!node_add_event(&reading->node, reading->last_s, TRACE_EVENT_OOM_KILL, text))
        ingest->out_of_memory = true;
}

/* Parses [at, end) as a number, which is usually a few digits. */
static bool read_number(const char *at, const char *end, double *number)
{
    char text[32];
    const char *digit = at;
    *number = 0;
    for (; digit < end && *digit >= '0' && *digit <= '9' && digit - at < 15; digit++)
        *number = *number * 10 + (*digit - '0');
    if (digit == end && digit > at)
        return true;
    snprintf(text, sizeof text, "%.*s", (int)(end - at), at);
    return parse_number(text, number);
}

/* Parses one NAME:PID:KIB of a list. Returns where the next one starts, or NULL if it is malformed. */
static const char *read_process(const char *at, struct trace_process *process)
{
    const char *end = at + strcspn(at, ","), *name_end = memchr(at, ':', (size_t)(end - at));
    const char *id_end = name_end == NULL ? NULL : memchr(name_end + 1, ':', (size_t)(end - name_end - 1));
    double id, kib;
    if (id_end == NULL || name_end == at)
        return NULL;
    if (!read_number(name_end + 1, id_end, &id) || id < 0 || id > 1e15)
        return NULL;
    if (!read_number(id_end + 1, end, &kib) || kib < 0)
        return NULL;
    char command[sizeof process->command];
    serialize_percent_decode(at, name_end, command, sizeof command);
    utf8_clean(process->command, sizeof process->command, command);
    process->id = (long)id;
    process->rss_bytes = kib * 1024;
    return *end == ',' ? end + 1 : end;
}

/* Returns the time of the peak of the memory that the processes belong to: that of the job, else that of the node. */
static double peak_time(const struct ingest_node *reading)
{
    const struct series_stats *job = &reading->of_job[TRACE_JOB].stats;
    return job->count > 0 ? job->max_s : reading->node.line[TRACE_MAIN].stats.max_s;
}

/* Keeps the list that is nearer to the peak. */
static void keep_nearer_top(const struct ingest_node *reading, struct trace_top *kept, const struct trace_top *other)
{
    double peak_s = peak_time(reading);
    if (other->count > 0 && (kept->count == 0 || fabs(other->time_s - peak_s) < fabs(kept->time_s - peak_s)))
        *kept = *other;
}

/* Parses a list of processes. The peak only moves forward in time, so the list nearest to it in the end is the kept
 * one, the last one or the next one. Returns false if the list is empty. */
static bool set_top(struct ingest_node *reading, const char *list, double time_s)
{
    struct trace_top top = {.time_s = fmax(time_s, 0)};
    for (const char *at = list; at != NULL && *at != '\0' && top.count < TRACE_PROCESSES_MAX;) {
        at = read_process(at, &top.process[top.count]);
        top.count += at != NULL;
    }
    if (top.count == 0)
        return false;
    keep_nearer_top(reading, &reading->node.top, &reading->latest_top);
    keep_nearer_top(reading, &reading->node.top, &top);
    reading->latest_top = top;
    return true;
}

static bool set_top_text(struct ingest_node *reading, const struct freelog_text *text, double time_s)
{
    char list[1024];
    snprintf(list, sizeof list, "%.*s", (int)text->size, text->at);
    return set_top(reading, list, time_s);
}

/* Parses the lists after the records of a run that was stored. From now on, only the list nearest to the peak and
 * the last one can matter. */
static void set_tops(struct ingest_node *reading, const struct freelog_run *run, const double *time_s)
{
    const double peak_s = peak_time(reading);
    size_t nearest = FREELOG_RUN_MAX, last = FREELOG_RUN_MAX;
    for (size_t i = 0; i < run->count; i++) {
        if (run->top[i].at == NULL)
            continue;
        if (last == FREELOG_RUN_MAX || fabs(fmax(time_s[i], 0) - peak_s) < fabs(fmax(time_s[nearest], 0) - peak_s))
            nearest = i;
        last = i;
    }
    if (last == FREELOG_RUN_MAX || (set_top_text(reading, &run->top[nearest], time_s[nearest]) &&
                                    (last == nearest || set_top_text(reading, &run->top[last], time_s[last]))))
        return;
    for (size_t i = 0; i < run->count; i++) /* one of these is not a list */
        if (run->top[i].at != NULL)
            set_top_text(reading, &run->top[i], time_s[i]);
}

/* Sets keys with a numeric value. */
static void set_number(struct ingest *ingest, struct ingest_node *reading, const char *key, double number)
{
    struct node *node = &reading->node;
    if (strcmp(key, "start") == 0 && fabs(number) <= EPOCH_MAX_S) {
        start_run(reading, number);
    } else if (strcmp(key, "end") == 0 && fabs(number) <= EPOCH_MAX_S) {
        node->end_epoch_s = number;
    } else if (strcmp(key, "interval") == 0 && number > 0 && number <= INTERVAL_MAX_S) {
        node->header_interval_s = number;
        if (isnan(ingest->settings->samp_s))
            node->interval_s = number;
    } else if (strcmp(key, "oom_kill") == 0) {
        set_oom_kills(ingest, reading, number);
    } else if (strcmp(key, "status") == 0 && number >= 0 && number <= 255) {
        node->exit_status = (int)number;
    } else if (strcmp(key, "wall") == 0 && number >= 0) {
        node->wall_s = number;
    }
}

/* Sets keys with a text value. */
static void set_text(struct node *node, const char *key, const char *value)
{
    const struct {
        const char *key;
        char *text;
        size_t size;
    } texts[] = {
        {"job", node->job, sizeof node->job},
        {"name", node->job_name, sizeof node->job_name},
        {"array", node->array, sizeof node->array},
        {"task", node->task, sizeof node->task},
        {"host", node->host, sizeof node->host},
        {"state", node->job_state, sizeof node->job_state},
        {"command", node->command, sizeof node->command},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(key, texts[i].key) == 0)
            utf8_clean(texts[i].text, texts[i].size, value);
}

static void release(struct ingest *ingest, struct ingest_node *reading);

static void on_header(void *user, const char *label, const char *key, const char *value)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, label);
    double number;
    if (reading == NULL)
        return;
    release(ingest, reading);
    if (strcmp(key, "top") == 0) { /* the only key that comes with every record */
        set_top(reading, value, reading->last_s);
        return;
    }
    if (strcmp(key, "host") == 0 && *value != '\0') {
        char *name = strdup(value);
        if (name == NULL) {
            ingest->out_of_memory = true;
            return;
        }
        free(reading->node.name);
        reading->node.name = name;
    } else if (strcmp(key, "limit") == 0 && (parse_size(value, &number) || parse_number(value, &number))) {
        reading->node.job_limit_bytes = number > 0 && isfinite(number) ? number : NAN;
    } else if (parse_number(value, &number)) {
        set_number(ingest, reading, key, number);
    }
    char text[1024]; /* a command of several lines is shown as one */
    size_t length = 0;
    for (; value[length] != '\0' && length + 1 < sizeof text; length++)
        text[length] = value[length] == '\n' || value[length] == '\t' ? ' ' : value[length];
    text[length] = '\0';
    set_text(&reading->node, key, text);
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

/* Returns the interval, NAN if unknown. For logs without times, `settings` may specify one. */
static double usual_step(const struct ingest_node *reading)
{
    double step_s = steps_median(&reading->steps);
    if (!isfinite(step_s))
        step_s = reading->node.interval_s;
    return isfinite(step_s) ? step_s : reading->guessed_step_s;
}

/* Sets time 0 from the first stamp. Earlier records have already been placed. */
static void set_clock(struct ingest_node *reading, const struct freelog_record *record)
{
    double step_s = usual_step(reading);
    reading->has_guessed_start = reading->last_s > -INFINITY && !isfinite(step_s);
    if (reading->last_s > -INFINITY && record->stamp_is_epoch)
        reading->run_base_s = reading->last_s + (isfinite(step_s) ? step_s : 1);
    if (record->stamp_is_epoch)
        reading->node.start_epoch_s = ingest_stamp_epoch(record) - reading->run_base_s;
    reading->run_clock_s = record->stamp_is_epoch ? record->stamp_s : 0;
    reading->is_dateless = record->stamp_is_dateless;
}

/* Of a log where some times have a date and others are times of day: moves the start to the date, or returns the stamp
 * moved to the date of the last one. A time of day is less than half a day from its neighbours. */
static double dated_stamp(struct ingest_node *reading, const struct freelog_record *record)
{
    double last_s = reading->last_stamped_s - reading->run_base_s + reading->run_clock_s;
    double shift_s = DAY_S * round((record->stamp_s - last_s) / DAY_S);
    if (!record->stamp_is_epoch || record->stamp_is_dateless == reading->is_dateless || !isfinite(shift_s))
        return record->stamp_s;
    if (record->stamp_is_dateless)
        return record->stamp_s - shift_s;
    reading->is_dateless = false;
    reading->run_clock_s += shift_s;
    reading->node.start_epoch_s += shift_s;
    return record->stamp_s;
}

/* Takes into account a step from one stamped sample to the next. Returns false if out of memory. */
static bool take_step(struct ingest_node *reading, double step_s)
{
    if (step_s > SUSPICIOUS * reading->least_step_s)
        part_lines(reading);
    if (step_s > STEPS_MIN_S)
        reading->least_step_s = fmin(reading->least_step_s, step_s);
    return !reading->follows_stamp || steps_add(&reading->steps, step_s);
}

/* Returns the time of a sample according to its stamp. A backward clock jump starts a new run after the last sample. */
static double stamped_time(struct ingest *ingest, struct ingest_node *reading, const struct freelog_record *record)
{
    if (isnan(reading->run_clock_s))
        set_clock(reading, record);
    double stamp_s = dated_stamp(reading, record);
    double time_s = reading->run_base_s + stamp_s - reading->run_clock_s;
    double step_s = time_s - reading->last_stamped_s;
    reading->has_fractions |= record->stamp_s != floor(record->stamp_s);
    if (step_s < 0) {
        double pause_s = usual_step(reading);
        reading->steps_back++;
        time_s = reading->last_s + (isfinite(pause_s) ? pause_s : 1);
        reading->run_base_s = time_s;
        reading->run_clock_s = stamp_s;
        break_lines(reading);
    } else if (isfinite(step_s) && !take_step(reading, step_s)) {
        ingest->out_of_memory = true;
    }
    reading->last_stamped_s = time_s;
    reading->follows_stamp = true;
    reading->node.stamped++;
    return time_s;
}

/* Counts a sample at `time_s`, or at the time of the last one if the clock did not advance. */
static double count_sample(struct ingest_node *reading, double time_s)
{
    time_s = time_s < reading->last_s ? reading->last_s : time_s;
    reading->run_count++;
    return reading->last_s = time_s;
}

/* Computes the times of the next `count` samples without stamps, after `skipped` skipped ones: from their number, or
 * counted from the last stamp. */
static void next_times(struct ingest_node *reading, double *time_s, size_t count, unsigned long skipped)
{
    bool has_stamps = reading->node.stamped > 0;
    double step_s = usual_step(reading);
    double interval_s = isfinite(step_s) ? step_s : 1;
    if (reading->run_count > 0 && skipped > 0) {
        reading->run_count += skipped;
        reading->node.records += skipped;
        part_lines(reading);
    }
    double base_s = has_stamps ? reading->last_s + interval_s : reading->run_base_s;
    double number = has_stamps ? (double)skipped : (double)reading->run_count;
    if (!has_stamps && base_s == 0)
        reading->node.is_indexed = true;
    for (size_t i = 0; i < count; i++, number++)
        time_s[i] = base_s + number * interval_s;
    for (size_t i = 0; i < count && time_s[i] < reading->last_s; i++)
        time_s[i] = reading->last_s;
    reading->follows_stamp = false;
    reading->untimed += count;
    reading->run_count += count;
    reading->last_s = time_s[count - 1];
}

/* Converts the samples whose total is not 0 to percent. Returns their number. */
static size_t to_percent(const double *time_s, const double *value, const double *total, size_t count,
                         double known_s[FREELOG_RUN_MAX], double percent[FREELOG_RUN_MAX])
{
    size_t known = 0;
    for (size_t i = 0; i < count && total != NULL; i++) {
        if (!(total[i] > 0))
            continue;
        known_s[known] = time_s[i];
        percent[known++] = 100 * value[i] / total[i];
    }
    return known;
}

/* Appends samples to one line of a node. `total` is what percentages refer to; NULL if unknown. */
static void append(struct ingest *ingest, struct series *series, const double *time_s, const double *value,
                   const double *total, size_t count)
{
    double percent[FREELOG_RUN_MAX], known_s[FREELOG_RUN_MAX];
    if (ingest->settings->percent) {
        size_t known = to_percent(time_s, value, total, count, known_s, percent);
        if (known < count)
            series_part(series);
        time_s = known_s;
        value = percent;
        count = known;
    }
    if (!series_append_many(series, time_s, value, count))
        ingest->out_of_memory = true;
}

/* Appends samples that are in bytes even if the trace is in percent. */
static void append_bytes(struct ingest *ingest, struct series *series, const double *time_s, const double *value,
                         size_t count)
{
    if (!series_append_many(series, time_s, value, count))
        ingest->out_of_memory = true;
}

/* A part of a run: `count` records starting at `first`, with these times. */
struct run_part {
    const struct freelog_run *run;
    const double *time_s;
    size_t first, count;
};

/* Returns the values of a column, or NULL if the records lack it. */
static const double *column_of(const struct run_part *part, enum freelog_column column)
{
    return (part->run->present >> column & 1) != 0 ? &part->run->value[column][part->first] : NULL;
}

/* Returns the values of the drawn column, computed in `made` if no record contains it. Returns NULL if the records
 * lack it. */
static const double *drawn_column(const struct run_part *part, enum freelog_column column, double made[FREELOG_RUN_MAX])
{
    const double *total = column_of(part, FREELOG_TOTAL), *available = column_of(part, FREELOG_AVAILABLE);
    if (column != FREELOG_TOTAL_AVAILABLE)
        return column_of(part, column);
    if (total == NULL || available == NULL)
        return NULL;
    for (size_t i = 0; i < part->count; i++)
        made[i] = total[i] - available[i];
    return made;
}

/* The columns of the lines other than the main one, for a node or a job. */
struct side {
    enum freelog_column total, swap, swap_total, available;
};

/* Keeps the total at the highest value so far. From the first change of the total on, keeps the share of each value
 * in its total at that time; until then, the highest value has the highest share. */
static void append_percent(struct ingest *ingest, struct series *line, const struct run_part *part, const double *main,
                           const double *whole, struct whole *kept)
{
    double percent[FREELOG_RUN_MAX], known_s[FREELOG_RUN_MAX];
    const struct series_stats before = line[TRACE_MAIN].stats;
    bool is_same = true;
    if (before.count == 0)
        kept->total = kept->peak_total = kept->last_total = whole[0];
    for (size_t i = 0; i < part->count; i++)
        is_same &= whole[i] == kept->total;
    if (is_same && !kept->varies)
        return;
    if (!kept->varies && before.count > 0 && kept->total > 0) {
        const double share = 100 * before.max / kept->total;
        append_bytes(ingest, &line[TRACE_PERCENT], &before.max_s, &share, 1);
    }
    kept->varies = true;
    size_t known = to_percent(part->time_s, main, whole, part->count, known_s, percent);
    append_bytes(ingest, &line[TRACE_PERCENT], known_s, percent, known);
    double max = before.count > 0 ? before.max : -INFINITY;
    for (size_t i = 0; i < part->count; i++) {
        kept->changes += fabs(whole[i] - kept->last_total) > fmax(whole[i], kept->last_total) / 100;
        kept->last_total = whole[i];
        kept->peak_total = main[i] > max ? whole[i] : kept->peak_total;
        max = fmax(max, main[i]);
    }
}

/* Appends the records' values to the lines of one side. Returns false if the records lack the drawn column. */
static bool append_side(struct ingest *ingest, struct series *line, double *swap_total_bytes,
                        const struct run_part *part, const struct side *side, enum freelog_column column,
                        struct whole *kept)
{
    double made[FREELOG_RUN_MAX];
    const double *main = drawn_column(part, column, made), *time_s = part->time_s;
    const double *total = column_of(part, side->total), *swap_total = column_of(part, side->swap_total);
    const double *swap = column_of(part, side->swap), *available = column_of(part, side->available);
    size_t count = part->count;
    if (main == NULL)
        return false;
    const double *whole = column_of(part, freelog_column_total(column));
    if (whole != NULL && !ingest->settings->percent)
        append_percent(ingest, line, part, main, whole, kept);
    append(ingest, &line[TRACE_MAIN], time_s, main, whole, count);
    if (total != NULL) {
        append(ingest, &line[TRACE_TOTAL], time_s, total, total, count);
        append_bytes(ingest, &line[TRACE_MEMORY], time_s, total, count);
    }
    if (swap != NULL)
        append(ingest, &line[TRACE_SWAP], time_s, swap, swap_total, count);
    for (size_t i = 0; i < count && swap_total != NULL; i++)
        *swap_total_bytes = fmax(*swap_total_bytes, swap_total[i]);
    if (swap_total != NULL)
        append(ingest, &line[TRACE_SWAP_TOTAL], time_s, swap_total, swap_total, count);
    if (available != NULL)
        append_bytes(ingest, &line[TRACE_AVAILABLE], time_s, available, count);
    return true;
}

/* Appends the sum of the job's used memory and its cache. */
static void append_with_cache(struct ingest *ingest, struct ingest_node *reading, const struct run_part *part)
{
    const double *used = column_of(part, FREELOG_JOB_USED), *cache = column_of(part, FREELOG_JOB_CACHE);
    double sum[FREELOG_RUN_MAX];
    if (used == NULL || cache == NULL)
        return;
    for (size_t i = 0; i < part->count; i++)
        sum[i] = used[i] + cache[i];
    append(ingest, &reading->of_job[TRACE_WITH_CACHE], part->time_s, sum, column_of(part, FREELOG_JOB_TOTAL),
           part->count);
}

/* Discards what was drawn instead of used memory, because the log contains used memory. */
static void drop_instead(struct ingest *ingest)
{
    ingest->has_instead = false;
    for (size_t i = 0; i < ingest->node_count; i++) {
        struct ingest_node *reading = ingest->node[i];
        struct series *line = &reading->node.line[TRACE_MAIN];
        size_t dropped = line->stats.count;
        series_free(line);
        series_init(line, ingest->bucket_limit);
        reading->lacking += dropped;
    }
}

/* Returns the column drawn for the node: used memory, unless the user named another one or the log lacks it. */
static enum freelog_column node_column(struct ingest *ingest, const struct run_part *part)
{
    enum freelog_column column = ingest->settings->column;
    bool has_free = column_of(part, FREELOG_FREE) != NULL, has_available = column_of(part, FREELOG_AVAILABLE) != NULL;
    if (column != LOAD_COLUMN_AUTO)
        return freelog_column_is_job(column) ? FREELOG_USED : column;
    if (column_of(part, FREELOG_USED) != NULL) {
        if (ingest->has_instead)
            drop_instead(ingest);
        ingest->has_used = true;
    } else if (!ingest->has_used && !ingest->has_instead && (has_free || has_available)) {
        ingest->has_instead = true;
        ingest->instead = has_available ? FREELOG_AVAILABLE : FREELOG_FREE;
    }
    return ingest->has_instead ? ingest->instead : FREELOG_USED;
}

/* Appends the records' values to the series of the node and of the job. */
static void append_records(struct ingest *ingest, struct ingest_node *reading, const struct run_part *part)
{
    static const struct side of_node = {FREELOG_TOTAL, FREELOG_SWAP_USED, FREELOG_SWAP_TOTAL, FREELOG_AVAILABLE};
    static const struct side of_job = {FREELOG_JOB_TOTAL, FREELOG_JOB_SWAP_USED, FREELOG_JOB_SWAP_TOTAL,
                                       FREELOG_JOB_AVAILABLE};
    enum freelog_column column = ingest->settings->column;
    bool is_auto = column == LOAD_COLUMN_AUTO, is_job = !is_auto && freelog_column_is_job(column);
    const double *job = column_of(part, FREELOG_JOB_USED);
    /* If there are many nodes, only the job's memory is drawn, if there is any. */
    if (is_auto && ingest->is_one_of_many && job != NULL && reading->node.line[TRACE_MAIN].stats.count == 0)
        series_init(&reading->node.line[TRACE_MAIN], 0);
    if (!append_side(ingest, reading->node.line, &reading->node.swap_total_bytes, part, &of_node,
                     node_column(ingest, part), &reading->whole))
        reading->lacking += part->count;
    if (!append_side(ingest, reading->of_job, &reading->job_swap_total_bytes, part, &of_job,
                     is_job ? column : FREELOG_JOB_USED, &reading->job_whole))
        reading->job_lacking += part->count;
    if (job != NULL)
        append_bytes(ingest, &reading->of_job[TRACE_JOB], part->time_s, job, part->count);
    append_with_cache(ingest, reading, part);
}

struct place ingest_place(const struct ingest *ingest, const struct ingest_node *reading)
{
    struct place place = reading->place;
    double offset_s = reading->node.start_epoch_s - ingest->zero_epoch_s;
    if (isnan(place.offset_s))
        place.offset_s = isfinite(offset_s) ? offset_s : 0;
    return place;
}

bool ingest_wants(const struct ingest *ingest, const struct ingest_node *reading, double time_s)
{
    const struct place place = ingest_place(ingest, reading);
    double shown_s = place.factor * time_s + place.offset_s;
    return shown_s >= ingest->settings->from_s && shown_s <= ingest->settings->to_s;
}

/* Combines the meanings of `used` in all records so far, ignoring records where it is unknown. */
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

/* Stores the records of `run` from `first` up to `end`, whose times are known and never decrease. */
static void take_records(struct ingest *ingest, struct ingest_node *reading, const double *time_s,
                         const struct freelog_run *run, size_t first, size_t end)
{
    struct node *node = &reading->node;
    const size_t all = end - first;
    while (first < end && !ingest_wants(ingest, reading, time_s[first]))
        first++;
    while (end > first && !ingest_wants(ingest, reading, time_s[end - 1]))
        end--;
    reading->outside += all - (end - first);
    if (first == end)
        return;
    for (size_t i = first; i < end && !run->has_one_meaning; i++)
        judge_used(node, run->used_meaning[i]);
    if (run->has_one_meaning)
        judge_used(node, run->used_meaning[0]);
    append_records(ingest, reading, &(const struct run_part){run, time_s + first, first, end - first});
}

/* Stores a record. */
static void take_record(struct ingest *ingest, struct ingest_node *reading, const struct freelog_record *record)
{
    struct freelog_run run; /* of one record; only the required members are set */
    double time_s;
    if (isfinite(record->stamp_s))
        time_s = count_sample(reading, stamped_time(ingest, reading, record));
    else
        next_times(reading, &time_s, 1, record->skipped);
    reading->node.records++;
    run.count = 1;
    run.present = record->present;
    run.has_one_meaning = true;
    run.used_meaning[0] = record->used_meaning;
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++)
        run.value[column][0] = record->value[column];
    /* cppcheck-suppress ctuuninitvar ; a single record sets what it has */
    take_records(ingest, reading, &time_s, &run, 0, 1);
}

/* Stores the records held back. */
static void release(struct ingest *ingest, struct ingest_node *reading)
{
    struct held_records *held = reading->held;
    reading->held = NULL;
    for (size_t i = 0; held != NULL && i < held->count; i++)
        take_record(ingest, reading, &held->record[i]);
    free(held);
}

void ingest_release(struct ingest *ingest)
{
    for (size_t i = 0; i < ingest->node_count; i++)
        release(ingest, ingest->node[i]);
}

/* Sets the step between the records held back if two of them have a stamp. Returns false if it is still unknown. */
static bool guess_step(struct ingest_node *reading)
{
    const struct held_records *held = reading->held;
    size_t first = 0, last = held->count - 1;
    while (first < last && !isfinite(held->record[first].stamp_s))
        first++;
    while (last > first && !isfinite(held->record[last].stamp_s))
        last--;
    double step_s = (held->record[last].stamp_s - held->record[first].stamp_s) / (double)(last - first);
    if (first == last)
        return false;
    if (step_s > 0 && held->record[first].stamp_is_epoch == held->record[last].stamp_is_epoch &&
        held->record[first].stamp_is_dateless == held->record[last].stamp_is_dateless)
        reading->guessed_step_s = step_s;
    return true;
}

/* Holds a record back if it is one of the first and the interval is not known. Returns false if it has to be stored. */
static bool hold(struct ingest *ingest, struct ingest_node *reading, const struct freelog_record *record)
{
    bool is_first = reading->last_s == -INFINITY && reading->run_count == 0 && reading->held == NULL;
    if (is_first && isnan(reading->node.interval_s)) {
        reading->held = calloc(1, sizeof *reading->held);
        ingest->out_of_memory |= reading->held == NULL;
    }
    if (reading->held == NULL)
        return false;
    struct freelog_record *own = &reading->held->record[reading->held->count++];
    *own = *record;
    own->label = ""; /* the caller's is only borrowed */
    if (guess_step(reading) || reading->held->count == HELD_MAX)
        release(ingest, reading);
    return true;
}

static void on_record(void *user, const struct freelog_record *record)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, record->label);
    if (reading != NULL && !hold(ingest, reading, record))
        take_record(ingest, reading, record);
}

/* Returns true if stamped_time may separate the next sample from the last one, according to its stamp. */
static bool may_part(const struct ingest_node *reading, double stamp_s)
{
    double step_s = reading->run_base_s + stamp_s - reading->run_clock_s - reading->last_stamped_s;
    return !(step_s >= 0 && step_s <= SUSPICIOUS * reading->least_step_s);
}

/* Stores the records of a run that have times. */
static void take_stamped(struct ingest *ingest, struct ingest_node *reading, const struct freelog_run *run)
{
    double time_s[FREELOG_RUN_MAX];
    struct freelog_record stamp = {.stamp_is_epoch = run->stamp_is_epoch,
                                   .stamp_is_local = run->stamp_is_local,
                                   .stamp_is_dateless = run->stamp_is_dateless};
    size_t first = 0;
    for (size_t i = 0; i < run->count; i++) {
        if (i > first && may_part(reading, run->stamp_s[i])) {
            take_records(ingest, reading, time_s, run, first, i);
            first = i;
        }
        stamp.stamp_s = run->stamp_s[i];
        time_s[i] = count_sample(reading, stamped_time(ingest, reading, &stamp));
    }
    take_records(ingest, reading, time_s, run, first, run->count);
}

static void on_run(void *user, const struct freelog_run *run)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, run->label);
    double time_s[FREELOG_RUN_MAX];
    if (reading == NULL || run->count == 0)
        return;
    if (reading->held != NULL && run->stamp_s != NULL && run->count > 1 && run->stamp_s[1] > run->stamp_s[0])
        reading->guessed_step_s = run->stamp_s[1] - run->stamp_s[0];
    release(ingest, reading);
    if (run->stamp_s == NULL)
        next_times(reading, time_s, run->count, run->skipped);
    reading->node.records += run->count;
    if (run->stamp_s != NULL)
        take_stamped(ingest, reading, run);
    else
        take_records(ingest, reading, time_s, run, 0, run->count);
    if (run->top != NULL && run->stamp_s == NULL)
        set_tops(reading, run, time_s);
}

static void on_note(void *user, enum freelog_note note, unsigned long line, const char *text)
{
    struct ingest *ingest = user;
    struct trace_note *kept = &ingest->provenance.note[note];
    if (kept->count++ == 0) {
        ingest->provenance.note_path[note] = ingest->part_path;
        kept->first_line = line;
        snprintf(kept->text, sizeof kept->text, "%s", text);
    }
}

static void on_event(void *user, const char *label, unsigned long line, const char *text)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest_find(ingest, label);
    enum trace_event_kind kind =
        strncmp(text, FREELOG_EVENT_OOM, strlen(FREELOG_EVENT_OOM)) == 0 ? TRACE_EVENT_OOM_KILL : TRACE_EVENT_MARK;
    (void)line;
    if (reading != NULL)
        release(ingest, reading);
    if (reading != NULL && !node_add_event(&reading->node, fmax(reading->last_s, 0), kind, text))
        ingest->out_of_memory = true;
}

struct freelog_sink ingest_sink(struct ingest *ingest)
{
    enum freelog_column column = ingest->settings->column;
    uint32_t drawn = column == LOAD_COLUMN_AUTO ? 0 : 1u << column;
    return (struct freelog_sink){
        .user = ingest,
        .record = on_record,
        .header = on_header,
        .note = on_note,
        .event = on_event,
        .run = on_run,
        .run_columns = drawn | 1u << FREELOG_USED | 1u << FREELOG_TOTAL | 1u << FREELOG_AVAILABLE |
                       1u << FREELOG_SWAP_TOTAL | 1u << FREELOG_SWAP_USED | 1u << FREELOG_JOB_TOTAL |
                       1u << FREELOG_JOB_USED | 1u << FREELOG_JOB_CACHE | 1u << FREELOG_JOB_AVAILABLE |
                       1u << FREELOG_JOB_SWAP_TOTAL | 1u << FREELOG_JOB_SWAP_USED,
    };
}

bool ingest_is_newest_first(const struct ingest_node *reading)
{
    return reading->steps_back >= 2 && reading->steps.total == reading->steps.zeroes;
}

bool ingest_has_job(const struct ingest *ingest)
{
    for (size_t i = 0; i < ingest->node_count; i++)
        if (ingest->node[i]->of_job[TRACE_JOB].stats.count > 0)
            return true;
    return false;
}

void ingest_pack(struct ingest *ingest)
{
    for (size_t i = 0; i < ingest->node_count; i++) {
        for (int line = 0; line < TRACE_LINE_COUNT; line++) {
            series_pack(&ingest->node[i]->node.line[line]);
            series_pack(&ingest->node[i]->of_job[line]);
        }
    }
}

/* Sets the interval of a node and decides where its gaps are, from all times known so far. */
static void settle_times(const struct ingest *ingest, const struct ingest_node *reading, struct node *node)
{
    bool has_few = node->stamped > 0 && (2 * node->stamped < node->records || reading->has_guessed_start);
    double step_s = steps_median(&reading->steps);
    if (node->stamped > 0)
        node->is_indexed = false;
    /* If all records of a single node have the same time, they are not a recording. If many nodes do, each was
     * sampled once. */
    node->is_stalled = ingest->node_count == 1 && node->records > 1 && node->stamped == node->records &&
                       reading->steps.total > 0 && reading->steps.zeroes == reading->steps.total;
    if (isfinite(step_s) && !has_few)
        node->interval_s = step_s;
    else if (has_few && isnan(ingest->settings->samp_s))
        node->interval_s = node->header_interval_s;
    if (!isfinite(node->interval_s))
        return;
    double slack_s = node->stamped > 0 && !reading->has_fractions ? 1 : 0;
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        struct series own = reading->node.line[line], job = reading->of_job[line];
        series_judge_gaps(&own, TRACE_GAP_INTERVALS * node->interval_s + slack_s);
        series_judge_gaps(&job, TRACE_GAP_INTERVALS * node->interval_s + slack_s);
    }
}

struct node ingest_look(const struct ingest *ingest, const struct ingest_node *reading, enum freelog_column quantity)
{
    const struct series_stats *limit = &reading->of_job[TRACE_MEMORY].stats;
    struct node node = reading->node;
    if (ingest->is_export)
        return node;
    if (limit->count > 0 && limit->last > 0)
        node.job_limit_bytes = limit->last;
    keep_nearer_top(reading, &node.top, &reading->latest_top);
    settle_times(ingest, reading, &node);
    node.line[TRACE_JOB] = reading->of_job[TRACE_JOB];
    node.peak_total = freelog_column_is_job(quantity) ? reading->job_whole.peak_total : reading->whole.peak_total;
    if (!freelog_column_is_job(quantity))
        return node;
    memcpy(node.line, reading->of_job, sizeof node.line);
    node.swap_total_bytes = reading->job_swap_total_bytes;
    if (reading->node.line[TRACE_MEMORY].stats.count > 0)
        node.job_node_bytes = reading->node.line[TRACE_MEMORY].stats.max;
    if (quantity == FREELOG_JOB_USED && !ingest->settings->percent)
        node.line[TRACE_NODE] = reading->node.line[TRACE_MAIN];
    if (quantity != FREELOG_JOB_USED)
        series_init(&node.line[TRACE_WITH_CACHE], 0);
    return node;
}

struct node ingest_take(const struct ingest *ingest, struct ingest_node *reading, enum freelog_column quantity)
{
    struct node node = ingest_look(ingest, reading, quantity);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        struct series *const own[] = {&reading->node.line[line], &reading->of_job[line]};
        for (int side = 0; side < 2; side++) {
            bool is_taken = false;
            for (int k = 0; k < TRACE_LINE_COUNT; k++)
                is_taken |= (own[side]->bucket != NULL && node.line[k].bucket == own[side]->bucket) ||
                            (own[side]->packed != NULL && node.line[k].packed == own[side]->packed);
            if (!is_taken)
                series_free(own[side]);
        }
    }
    memset(&reading->node, 0, sizeof reading->node);
    memset(reading->of_job, 0, sizeof reading->of_job);
    return node;
}

void ingest_free(struct ingest *ingest)
{
    for (size_t i = 0; i < ingest->node_count; i++)
        reading_free(ingest->node[i]);
    map_free(&ingest->by_label);
    free(ingest->node);
    free(ingest->place);
    ingest->place = NULL;
    ingest->node = NULL;
    ingest->node_count = ingest->node_capacity = 0;
    ingest->recent = NULL;
}
