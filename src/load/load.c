/* SPDX-License-Identifier: MIT */
/* load: turns the list of logs into a trace: when and on how many threads logs are read, and what is reported about
 * them. Independent of options, plots and exit statuses. */
#include "load/load.h"

#include <math.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pages.h"
#include "base/pool.h"
#include "base/units.h"
#include "base/utf8.h"
#include "file.h"
#include "ingest.h"
#include "model/export.h"
#include "model/groups.h"
#include "rotation.h"
#include "window.h"

#define BUCKETS_FEW_NODES 6144 /* 393 KB per series */
#define BUCKETS_MANY      1536 /* 98 KB */
#define MANY_NODES        100
#define SPLIT_BYTES       (16u << 20) /* a shorter log is read faster than threads are started */
#define MENTION_BYTES     16384       /* of a table are searched for its headings */
#define OVER_TOTAL        1.05        /* less may be rounding */
#define GIB               1073741824.0
#define MIXED_LEAST       3           /* changes of the total, and at least every third record */
#define PROGRESS_BYTES    (64u << 20) /* less is read before a user would notice */

static void report_notes(const struct ingest *ingest, load_report *report, void *user)
{
    const char *path = ingest->file->path;
    const unsigned long *lines = ingest->provenance.lines;
    struct error error = {0};
    char text[200];
    for (int note = 0; note < FREELOG_NOTE_COUNT; note++) {
        const struct trace_note *kept = &ingest->provenance.note[note];
        if (kept->count == 0 || note == FREELOG_NOTE_UNIT || note == FREELOG_NOTE_TIME_LIKE ||
            note == FREELOG_NOTE_TIME_STALLED)
            continue; /* reported elsewhere */
        path = ingest->provenance.note_path[note] != NULL ? ingest->provenance.note_path[note] : ingest->file->path;
        freelog_note_format(text, sizeof text, (enum freelog_note)note, kept->count);
        if (note == FREELOG_NOTE_BAD_NUMBER && kept->count == 1)
            error_set(&error, path, kept->first_line, "bad number '%s', record skipped", kept->text);
        else if (note == FREELOG_NOTE_YEAR)
            error_set(&error, path, kept->first_line, "times without a year, assuming %s", kept->text);
        else if (note == FREELOG_NOTE_DECIMAL_BASE)
            error_set(
                &error, path, kept->first_line,
                "K, M and G are read as powers of 1000, because no machine has %s otherwise; --input_units overrides",
                kept->text);
        else if (note == FREELOG_NOTE_PAIRS)
            error_set(&error, path, kept->first_line,
                      "two-part times that start near 0:00, read as minutes and seconds");
        else if (note == FREELOG_NOTE_OUT_OF_RANGE && kept->count == 1)
            error_set(&error, path, kept->first_line, "'%s' is out of range, ignored", kept->text);
        else if (note == FREELOG_NOTE_UNIT_KEPT)
            error_set(&error, path, 0,
                      "the numbers are read as KiB, although many are not whole pages; "
                      "--input_units overrides");
        else if (note == FREELOG_NOTE_UNIT_CHANGED && kept->count == 1)
            error_set(&error, path, kept->first_line, "from here on, the unit is %s", kept->text);
        else if (note == FREELOG_NOTE_BAD_NUMBER || note == FREELOG_NOTE_BAD_SWAP_NUMBER)
            error_set(&error, path, kept->first_line, "%s (first '%s')", text, kept->text);
        else
            error_set(&error, path, kept->first_line, "%s", text);
        report(user, true, &error);
    }
    const struct trace_note *kept = ingest->provenance.note;
    bool is_damaged =
        kept[FREELOG_NOTE_CUT_ROW].count + kept[FREELOG_NOTE_BAD_NUMBER].count + kept[FREELOG_NOTE_LONG_LINE].count > 0;
    if (is_damaged && lines[1] < lines[0] - lines[0] / 2) {
        error_set(&error, path, 0, "only %lu of %lu lines were understood; is this a log of free?", lines[1], lines[0]);
        report(user, true, &error);
    }
}

/* Reports why a node of a readable log has no sample. */
static void report_no_sample(const struct ingest *ingest, const struct ingest_node *reading,
                             enum freelog_column quantity, load_report *report, void *user)
{
    struct error error = {0};
    const char *path = ingest->file->path;
    bool is_outside = reading != NULL && reading->lacking == 0 && reading->outside > 0; /* as the user wanted */
    bool labelled = reading != NULL && *reading->label != '\0';
    const char *name = labelled ? reading->node.name : "", *colon = labelled ? ": " : "";
    if (reading != NULL && reading->job_lacking > 0 && freelog_column_is_job(quantity))
        error_set(&error, path, 0,
                  "%s%sno record contains the job's memory, skipped; use --column node-used to plot the node's", name,
                  colon);
    else if (reading != NULL && reading->lacking > 0)
        error_set(&error, path, 0, "%s%sno record contains the plotted column, skipped", name, colon);
    else if (is_outside)
        error_set(&error, path, 0, "%s%sno sample between --from and --to, skipped", name, colon);
    else if (ingest->provenance.note[FREELOG_NOTE_WATCH].count > 0)
        error_set(&error, path, 0, "watch(1) output is not supported; use free -s");
    else
        error_set(&error, path, ingest->provenance.hint_line, "%s%sno record of free(1) found, skipped%s%s", name,
                  colon, ingest->provenance.hint != NULL ? ": " : "",
                  ingest->provenance.hint != NULL ? ingest->provenance.hint : "");
    report(user, is_outside, &error);
}

/* Reports that a node is not drawn because its samples are in the wrong order. */
static void report_newest_first(const struct ingest *ingest, const struct ingest_node *reading, load_report *report,
                                void *user)
{
    struct error error = {0};
    bool labelled = *reading->label != '\0';
    error_set(&error, ingest->file->path, ingest->provenance.note[FREELOG_NOTE_TIME_BACK].first_line,
              "%s%sthe newest record is first, skipped; reverse the log, for a table: "
              "{ head -n 1 FILE; tail -n +2 FILE | tac; } | memtrace -",
              labelled ? reading->node.name : "", labelled ? ": " : "");
    report(user, false, &error);
}

/* Reports what was skipped of a node that is drawn. */
static void report_lacking(const struct ingest *ingest, const struct ingest_node *reading, enum freelog_column quantity,
                           load_report *report, void *user)
{
    struct error error = {0};
    unsigned long lacking = freelog_column_is_job(quantity) ? reading->job_lacking : reading->lacking;
    /* The job's rows end with the job, slightly before the recorder does. */
    if (lacking == 0 || (freelog_column_is_job(quantity) && ingest->settings->column == LOAD_COLUMN_AUTO))
        return;
    error_set(&error, ingest->file->path, 0, "%lu records lack the plotted column, skipped", lacking);
    report(user, true, &error);
}

/* Reports that a node's total goes up and down like those of several machines. */
static void report_mixed(const struct ingest *ingest, const struct ingest_node *reading, load_report *report,
                         void *user)
{
    struct error error = {0};
    const unsigned long changes = reading->whole.changes, records = reading->node.records;
    bool is_labelled = *reading->label != '\0';
    if (changes < MIXED_LEAST || MIXED_LEAST * changes < records)
        return;
    error_set(&error, ingest->file->path, 0,
              "%s%sthe total changes %lu times in %lu records: do several machines write to this log?",
              is_labelled ? reading->node.name : "", is_labelled ? ": " : "", changes, records);
    report(user, true, &error);
}

/* Reports that a node uses more memory than it has. */
static void report_over(const struct ingest *ingest, const struct ingest_node *reading, load_report *report, void *user)
{
    struct error error = {0};
    char used[32], whole[32];
    const double peak = reading->node.line[TRACE_MAIN].stats.max, total = reading->whole.peak_total;
    bool is_used = ingest->settings->column == LOAD_COLUMN_AUTO || ingest->settings->column == FREELOG_USED;
    if (!is_used || ingest->has_instead || ingest->is_export || ingest->settings->percent || !(total > 0) ||
        !(peak > OVER_TOTAL * total))
        return;
    format_size(used, sizeof used, peak, GIB, "GiB");
    format_size(whole, sizeof whole, total, GIB, "GiB");
    error_set(&error, ingest->file->path, 0, "the peak, %s, is above the total, %s: a record is damaged", used, whole);
    report(user, true, &error);
}

/* Reports that some records of a node have no time. */
static void report_untimed(const struct ingest *ingest, const struct ingest_node *reading, load_report *report,
                           void *user)
{
    struct error error = {0};
    const unsigned long untimed = reading->untimed, all = untimed + reading->node.stamped;
    bool is_labelled = *reading->label != '\0';
    if (untimed == 0 || untimed > reading->node.stamped)
        return; /* it has no times, or they do not count */
    error_set(&error, ingest->file->path, 0, "%s%s%lu of %lu records ha%s no time, drawn at the usual interval",
              is_labelled ? reading->node.name : "", is_labelled ? ": " : "", untimed, all, untimed == 1 ? "s" : "ve");
    report(user, true, &error);
}

/* Moves the nodes of a log that have samples into the trace, and reports the other ones. */
static bool hand_over(struct ingest *ingest, struct trace *trace, load_report *report, void *user)
{
    struct error error = {0};
    bool reported = false, ok = !ingest->out_of_memory && trace_add_log(trace, ingest->provenance.note);
    for (size_t i = 0; i < ingest->node_count && ok; i++) {
        struct ingest_node *reading = ingest->node[i];
        struct node node = ingest_look(ingest, reading, trace->quantity);
        bool renamed = false;
        if (ingest_is_newest_first(reading)) {
            report_newest_first(ingest, reading, report, user);
            reported = true;
            continue;
        }
        if (node.line[TRACE_MAIN].stats.count == 0) {
            report_no_sample(ingest, reading, trace->quantity, report, user);
            reported = true;
            continue;
        }
        report_lacking(ingest, reading, trace->quantity, report, user);
        if (!node_lacks_times(&node))
            report_untimed(ingest, reading, report, user);
        report_mixed(ingest, reading, report, user);
        report_over(ingest, reading, report, user);
        if (trace->is_placed) {
            const struct place place = ingest_place(ingest, reading);
            reading->node.offset_s = trace->is_aligned ? place.offset_s : 0;
            reading->node.clock_error_s = place.clock_error_s;
        }
        node = ingest_take(ingest, reading, trace->quantity);
        if (node.host[0] == '\0')
            utf8_clean(node.host, sizeof node.host, node.name);
        ok = groups_name_task(trace, &node) && trace_add(trace, &node, &renamed);
        if (!ok)
            node_free(&node);
        if (ok && renamed && (ingest->settings->grouping == GROUP_NONE || ingest->settings->grouping == GROUP_AUTO)) {
            const struct node *added = &trace->node[trace->count - 1];
            error_set(&error, added->source, 0, "another log of the same host, drawn as '%s'", added->name);
            report(user, true, &error);
        }
    }
    if (ingest->node_count == 0 && !reported && ok)
        report_no_sample(ingest, NULL, trace->quantity, report, user);
    return ok;
}

/* An export contains one quantity and can only be drawn with others of the same quantity. The same applies to a log
 * without used memory. */
static bool fits_trace(const struct ingest *ingest, const struct trace *trace, load_report *report, void *user)
{
    struct error error = {0};
    if (ingest->has_instead && ingest->instead == trace->quantity) {
        error_set(&error, ingest->file->path, 0, "no used memory and no total: plotting %s memory",
                  freelog_column_name(ingest->instead));
        report(user, true, &error);
    } else if (ingest->has_instead) {
        error_set(&error, ingest->file->path, 0, "no used memory and no total, skipped: use --column %s",
                  freelog_column_name(ingest->instead));
        report(user, false, &error);
        return false;
    }
    if (!ingest->is_export || ingest->exported == trace->quantity)
        return true;
    error_set(&error, ingest->file->path, 1, "this export contains another column; use --column %s",
              freelog_column_name(ingest->exported));
    report(user, false, &error);
    return false;
}

/* Reports the notes and failures of a log and moves its nodes into the trace. */
static bool finish_file(struct ingest *ingest, struct trace *trace, load_report *report, void *user,
                        struct error *error)
{
    const struct provenance *provenance = &ingest->provenance;
    bool ok = true;
    if (!provenance->is_whole && provenance->reason.is_memory) {
        ingest_free(ingest);
        return error_memory(error, NULL);
    }
    if (!provenance->is_whole)
        report(user, false, &provenance->reason);
    report_notes(ingest, report, user);
    if (fits_trace(ingest, trace, report, user))
        ok = (!provenance->is_whole && ingest->node_count == 0) || hand_over(ingest, trace, report, user);
    ingest_free(ingest);
    return ok || error_memory(error, NULL);
}

/* Returns the clock at the plot's time 0, from the starts of the logs: --from and --to count from there. Returns NaN
 * if a log has no start time. */
static double peek_zero(const struct load_settings *settings, const struct input_list *list)
{
    double zero_s = INFINITY;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->file[i].path, "-") == 0)
            return NAN; /* it can be read only once */
        double epoch_s = load_file_start(settings, &list->file[i]);
        if (isnan(epoch_s))
            return NAN;
        zero_s = fmin(zero_s, epoch_s);
    }
    return zero_s;
}

/* All logs while they are read. */
struct loading {
    const struct load_settings *settings;
    struct load_file *file; /* one per log */
    struct load_buffers buffers;
    atomic_uint_least64_t bytes_read;
    uint64_t bytes_all;
};

static void read_item(void *user, size_t item)
{
    struct loading *loading = user;
    load_file_read(&loading->file[item]);
    if (loading->file[item].ingest.is_one_of_many)
        ingest_pack(&loading->file[item].ingest);
}

static void show_progress(void *user)
{
    struct loading *loading = user;
    loading->settings->progress(loading->settings->progress_user,
                                atomic_load_explicit(&loading->bytes_read, memory_order_relaxed), loading->bytes_all);
}

/* Sorts logs by size, largest first, so that no thread is left with a large one at the end. */
static int compare_sizes(const void *a, const void *b, void *user)
{
    const struct input_file *file = user;
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    if (file[left].size_bytes != file[right].size_bytes)
        return file[left].size_bytes < file[right].size_bytes ? 1 : -1;
    return (left > right) - (left < right);
}

static void set_up(struct ingest *ingest, const struct load_settings *settings, const struct input_file *file,
                   bool is_one_of_many)
{
    ingest->settings = settings;
    ingest->file = file;
    ingest->zero_epoch_s = NAN;
    ingest->is_one_of_many = is_one_of_many;
    ingest->bucket_limit = is_one_of_many ? BUCKETS_MANY : BUCKETS_FEW_NODES;
}

/* Returns true if only part of the time is requested. */
static bool is_windowed(const struct load_settings *settings)
{
    return settings->from_s > 0 || isfinite(settings->to_s);
}

/* Which log's quantity takes precedence if the user names none. */
enum claim { CLAIM_NONE, CLAIM_EMPTY, CLAIM_INSTEAD, CLAIM_USED, CLAIM_JOB, CLAIM_EXPORT };

/* Updates the quantity of the trace for a log: that of the exports, else the job's used memory if any log has it,
 * else the node's, else whatever there is. */
static void choose_quantity(struct trace *trace, const struct ingest *ingest, enum claim *claim)
{
    enum freelog_column column = ingest->settings->column;
    trace->percent = ingest->settings->percent;
    trace->is_cut = is_windowed(ingest->settings);
    if (column != LOAD_COLUMN_AUTO) {
        trace->quantity = column;
        return;
    }
    enum claim own = ingest->is_export        ? CLAIM_EXPORT
                     : ingest_has_job(ingest) ? CLAIM_JOB
                     : ingest->has_instead    ? CLAIM_INSTEAD
                     : ingest->node_count > 0 ? CLAIM_USED
                                              : CLAIM_EMPTY;
    if (own <= *claim)
        return;
    *claim = own;
    trace->quantity = own == CLAIM_EXPORT    ? ingest->exported
                      : own == CLAIM_JOB     ? FREELOG_JOB_USED
                      : own == CLAIM_INSTEAD ? ingest->instead
                                             : FREELOG_USED;
}

/* Prepares to read a log that may have several parts, the first of which is file `first`. */
static bool set_up_file(struct loading *loading, const struct input_list *list, const struct rotation *rotation,
                        size_t first, double zero_epoch_s)
{
    struct load_file *file = &loading->file[first];
    size_t last = first, count = 1;
    for (; rotation->next[last] != last; last = rotation->next[last])
        count++;
    if (count > 1) {
        file->part = calloc(count, sizeof(struct input_file *));
        if (file->part == NULL)
            return false;
        for (size_t i = first; file->part_count < count; i = rotation->next[i])
            file->part[file->part_count++] = &list->file[i];
    }
    set_up(&file->ingest, loading->settings, &list->file[last], list->count > MANY_NODES);
    file->ingest.zero_epoch_s = zero_epoch_s;
    file->buffers = &loading->buffers;
    file->bytes_read = &loading->bytes_read;
    return true;
}

/* Reads the logs in `order` on several threads. */
static void read_logs(struct loading *loading, const struct input_list *list, size_t *order, size_t count)
{
    const struct load_settings *settings = loading->settings;
    qsort_r(order, count, sizeof *order, compare_sizes, list->file);
    unsigned int jobs = settings->jobs;
    if (jobs == 0)
        jobs = list->count > 1 || loading->bytes_all >= SPLIT_BYTES ? pool_processors() : 1;
    const size_t open_max = input_open_max(); /* each thread has a log open */
    if (jobs > open_max)
        jobs = (unsigned int)open_max;
    for (size_t i = 0; i < list->count; i++)
        loading->file[i].threads = list->file[i].size_bytes < SPLIT_BYTES ? 1 : jobs / (unsigned int)list->count;
    load_buffers_init(&loading->buffers);
    pool_run(order, count, jobs, read_item, loading,
             settings->progress != NULL && loading->bytes_all >= PROGRESS_BYTES ? show_progress : NULL);
    load_buffers_free(&loading->buffers);
}

/* Returns the memory that the series of all logs are likely to take. */
static size_t expected_bytes(const struct loading *loading, const struct input_list *list)
{
    double bytes = 0;
    for (size_t i = 0; i < list->count; i++)
        bytes += ingest_expected_bytes(&loading->file[i].ingest, 1);
    return bytes < (double)PAGES_EXPECT_MAX ? (size_t)bytes : PAGES_EXPECT_MAX;
}

/* Reads all logs. Returns false if out of memory. */
static bool read_all(struct loading *loading, const struct input_list *list)
{
    const struct load_settings *settings = loading->settings;
    struct rotation rotation = {NULL, NULL};
    double zero_epoch_s = is_windowed(settings) && list->count > 1 ? peek_zero(settings, list) : NAN;
    size_t *order = malloc((list->count + 1) * sizeof *order), count = 0;
    loading->file = calloc(list->count + 1, sizeof *loading->file);
    bool ok = order != NULL && loading->file != NULL && rotation_find(&rotation, settings, list);
    for (size_t i = 0; i < list->count && ok; i++) {
        loading->bytes_all += list->file[i].size_bytes;
        if (rotation.first[i] != i)
            continue;
        order[count++] = i;
        ok = set_up_file(loading, list, &rotation, i, zero_epoch_s);
    }
    rotation_free(&rotation);
    if (!ok) {
        free(order);
        return false;
    }
    pages_expect(expected_bytes(loading, list));
    read_logs(loading, list, order, count);
    free(order);
    return true;
}

static void choose_all(const struct loading *loading, const struct input_list *list, struct trace *trace)
{
    enum claim claim = CLAIM_NONE;
    for (size_t i = 0; i < list->count; i++)
        if (loading->file[i].ingest.file != NULL) /* no later part of a log */
            choose_quantity(trace, &loading->file[i].ingest, &claim);
}

/* Prepares to read a log again, with its nodes at their places in the plot. */
static void set_up_again(struct ingest *ingest, double zero_epoch_s)
{
    struct ingest before = *ingest;
    memset(ingest, 0, sizeof *ingest);
    set_up(ingest, before.settings, before.file, before.is_one_of_many);
    ingest->zero_epoch_s = zero_epoch_s;
    window_keep(ingest, &before);
    ingest_free(&before);
}

/* Ensures that --from and --to select by the times that are shown. These depend on the ends of all logs, so some
 * logs may have to be read again. Returns false if out of memory. */
static bool settle_window(struct loading *loading, const struct input_list *list, struct trace *trace)
{
    bool *again = calloc(list->count + 1, sizeof *again);
    size_t *order = malloc((list->count + 1) * sizeof *order), count = 0;
    bool ok =
        again != NULL && order != NULL && window_place(loading->settings, loading->file, list->count, trace, again);
    for (size_t i = 0; i < list->count && ok; i++) {
        if (!again[i])
            continue;
        set_up_again(&loading->file[i].ingest, trace->start_epoch_s);
        order[count++] = i;
    }
    atomic_store(&loading->bytes_read, 0);
    if (ok && count > 0)
        read_logs(loading, list, order, count);
    free(order);
    free(again);
    return ok;
}

/* Returns true if the node's unit was guessed from its numbers. */
static bool has_found_unit(const struct trace *trace, const struct node *node)
{
    return trace->log[node->log].note[FREELOG_NOTE_UNIT].count > 0;
}

/* Returns true if --samp contradicts the header of the node's log. */
static bool has_other_interval(const struct trace *trace, const struct node *node)
{
    (void)trace;
    return node->is_indexed && fabs(node->interval_s - node->header_interval_s) > 0.01 * node->header_interval_s;
}

/* Returns the first node for which `is_it` is true, or NULL if there is none. Sets `others` to a phrase with the
 * number of further ones. */
static const struct node *find_first(const struct trace *trace,
                                     bool (*is_it)(const struct trace *, const struct node *), char *others,
                                     size_t size)
{
    const struct node *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        if (!is_it(trace, &trace->node[i]))
            continue;
        first = count++ == 0 ? &trace->node[i] : first;
    }
    if (count > 1)
        snprintf(others, size, " (also %zu more node%s)", count - 1, count == 2 ? "" : "s");
    return first;
}

/* Writes what a total that was read in the unit `name` would be in the unit `other`. */
static void format_total(char *text, size_t size, double bytes, const char *name, const char *other)
{
    char one[80], number[32];
    double unit_bytes = 1, other_bytes = 1;
    snprintf(one, sizeof one, "1%s", name);
    parse_size(one, &unit_bytes);
    snprintf(one, sizeof one, "1%s", other);
    parse_size(one, &other_bytes);
    bytes = bytes / unit_bytes * other_bytes;
    const struct unit *unit = unit_for(bytes);
    format_quantity(number, sizeof number, bytes / unit->bytes);
    snprintf(text, size, "%s %s", number, unit->name);
}

/* Reports nodes whose numbers seem to be in another unit, or whose samples seem to have another interval, than
 * assumed. */
static void report_doubts(const struct trace *trace, load_report *report, void *user)
{
    struct error error = {0};
    char others[64] = "", number[48];
    const struct node *node = find_first(trace, has_found_unit, others, sizeof others);
    if (node != NULL) {
        const char *name = trace->log[node->log].note[FREELOG_NOTE_UNIT].text;
        const char *other = strcmp(name, "KiB") == 0 ? "B" : "KiB";
        const char *why = strcmp(name, "B") == 0 ? "they are whole pages" : "in KiB some would not be whole pages";
        const struct series_stats *total = &node->line[TRACE_MEMORY].stats;
        format_total(number, sizeof number, total->max, name, other);
        /* Small machines in MiB and large ones in GiB have the same numbers. */
        double bytes = strcmp(name, "GiB") == 0 ? GIB : strcmp(name, "MiB") == 0 ? GIB / 1024 : 0;
        bool is_either = total->count > 0 && bytes > 0 && total->max >= 64 * bytes && total->max < 4096 * bytes;
        const char *either = !is_either ? "" : bytes == GIB ? " MiB" : " GiB";
        if (total->count == 0)
            error_set(&error, node->source, 0, "the numbers are read as %s, because %s; --input_units overrides%s",
                      name, why, others);
        else
            error_set(&error, node->source, 0,
                      "the numbers are read as %s: in %s the total would be %s; --input_units%s overrides%s", name,
                      other, number, either, others);
        report(user, true, &error);
    }
    others[0] = '\0';
    node = find_first(trace, has_other_interval, others, sizeof others);
    if (node != NULL) {
        error_set(&error, node->source, 0, "sampled every %g s according to its header, but drawn with --samp %g%s",
                  node->header_interval_s, node->interval_s, others);
        report(user, true, &error);
    }
}

static bool finish_trace(struct trace *trace, const struct load_settings *settings, load_report *report, void *user)
{
    enum trace_grouping grouping = settings->grouping == GROUP_AUTO ? GROUP_NONE : settings->grouping;
    report_doubts(trace, report, user);
    trace->alignment = settings->alignment;
    return groups_settle_tasks(trace) && groups_make(trace, grouping) && trace_sort_by_name(trace) &&
           trace_finish(trace);
}

bool load_trace(const struct load_settings *settings, const struct input_list *list, struct trace *trace,
                load_report *report, void *user, struct error *error)
{
    struct loading loading = {.settings = settings};
    bool ok = read_all(&loading, list);
    for (size_t i = 0; i < list->count && !ok && loading.file != NULL; i++)
        free(loading.file[i].part);
    if (!ok) {
        free(loading.file);
        return error_memory(error, NULL);
    }
    choose_all(&loading, list, trace);
    if (is_windowed(settings)) {
        ok = settle_window(&loading, list, trace) || error_memory(error, NULL);
        choose_all(&loading, list, trace);
    }
    for (size_t i = 0; i < list->count; i++) {
        free(loading.file[i].part);
        if (loading.file[i].ingest.file == NULL)
            continue;
        if (ok)
            ok = finish_file(&loading.file[i].ingest, trace, report, user, error);
        else
            ingest_free(&loading.file[i].ingest);
    }
    free(loading.file);
    return ok && (finish_trace(trace, settings, report, user) || error_memory(error, NULL));
}

/* Returns true if a line contains the text other than as the name of a row ("Swap:") or in free's own heading. */
static bool line_mentions(const char *line, const char *text)
{
    const char *total = strstr(line, " total "), *used = total == NULL ? NULL : strstr(total, " used ");
    if (used != NULL && strstr(used, " free ") != NULL && strpbrk(line, ",;\t|") == NULL)
        return false;
    size_t length = strlen(text);
    for (const char *at = line; (at = strcasestr(at, text)) != NULL; at += length)
        if (at[length] != ':')
            return true;
    return false;
}

bool load_mentions(const struct input_file *file, const char *text)
{
    char head[MENTION_BYTES + 1];
    ssize_t size = 0, got = 1;
    if (file->inode == 0) /* a pipe */
        return true;
    struct input *input = input_open(file->path, NULL);
    while (input != NULL && got > 0 && size < MENTION_BYTES) {
        got = input_read(input, head + size, (size_t)(MENTION_BYTES - size), NULL);
        size += got > 0 ? got : 0;
    }
    input_close(input);
    for (ssize_t i = 0; i < size; i++)
        head[i] = head[i] == '\0' ? ' ' : head[i]; /* UTF-16 or damaged */
    head[size] = '\0';
    for (char *rest = head, *line; (line = strsep(&rest, "\r\n")) != NULL;)
        if (line_mentions(line, text))
            return true;
    return false;
}

/* ---- logs that grow ---- */

struct load_log {
    struct load_file file;
    struct freelog_parser *parser; /* NULL before the first byte, and if the file is read as a whole */
};

struct load_log *load_log_new(const struct load_settings *settings, const struct input_file *file, bool is_one_of_many)
{
    struct load_log *log = calloc(1, sizeof *log);
    if (log == NULL)
        return NULL;
    set_up(&log->file.ingest, settings, file, is_one_of_many);
    log->file.ingest.provenance.is_whole = true;
    return log;
}

void load_log_free(struct load_log *log)
{
    if (log == NULL)
        return;
    ingest_free(&log->file.ingest);
    freelog_parser_free(log->parser);
    free(log);
}

bool load_log_feed(struct load_log *log, const char *bytes, size_t size)
{
    const struct freelog_sink sink = ingest_sink(&log->file.ingest);
    bool is_first = log->parser == NULL;
    if (is_first)
        log->parser = freelog_parser_new(&sink, log->file.ingest.settings->unit_bytes);
    if (log->parser == NULL)
        log->file.ingest.out_of_memory = true;
    else if (is_first) {
        freelog_parser_set_written(log->parser, clock_now_s());
        freelog_parser_set_column(log->parser, log->file.ingest.settings->heading);
    }
    bool ok = log->parser != NULL && freelog_parser_feed(log->parser, bytes, size);
    if (ok)
        freelog_parser_settle(log->parser);
    ingest_release(&log->file.ingest);
    if (log->parser != NULL && freelog_parser_out_of_memory(log->parser))
        log->file.ingest.out_of_memory = true;
    return ok;
}

void load_log_read(struct load_log *log)
{
    load_file_read(&log->file);
}

bool load_is_whole(const char *bytes, size_t size)
{
    return (size >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0) || export_begins(bytes, size) == EXPORT_YES;
}

void load_log_fail(struct load_log *log, const struct error *reason)
{
    log->file.ingest.provenance.is_whole = reason == NULL;
    if (reason != NULL)
        log->file.ingest.provenance.reason = *reason;
}

bool load_log_has_ended(const struct load_log *log)
{
    const struct ingest *ingest = &log->file.ingest;
    for (size_t i = 0; i < ingest->node_count; i++)
        if (!isfinite(ingest->node[i]->node.end_epoch_s))
            return false;
    return ingest->node_count > 0;
}

/* Adds the log's nodes that have samples to a trace that only borrows them. */
static bool lend(const struct load_log *log, struct trace *trace)
{
    const struct ingest *ingest = &log->file.ingest;
    for (size_t i = 0; i < ingest->node_count; i++) {
        const struct ingest_node *reading = ingest->node[i];
        struct node node = ingest_look(ingest, reading, trace->quantity);
        if (node.line[TRACE_MAIN].stats.count == 0)
            continue;
        /* The times of lent samples must not be stretched. */
        node.is_indexed = node.is_indexed && isnan(node.interval_s);
        char *name = strdup(node.name), *source = strdup(node.source);
        if (name != NULL && node.host[0] == '\0')
            utf8_clean(node.host, sizeof node.host, name);
        node.name = name;
        node.source = source;
        if (name == NULL || source == NULL || !trace_add(trace, &node, NULL)) {
            free(name);
            free(source);
            return false;
        }
    }
    return true;
}

bool load_logs_lend(struct load_log *const *log, size_t count, struct trace *trace)
{
    enum claim claim = CLAIM_NONE;
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        choose_quantity(trace, &log[i]->file.ingest, &claim);
    for (size_t i = 0; i < count && ok; i++)
        ok = lend(log[i], trace);
    return ok && trace_sort_by_name(trace);
}

void load_logs_return(struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        memset(node->line, 0, sizeof node->line);
        node->event = NULL;
    }
    trace_free(trace);
}

bool load_logs_finish(struct load_log *const *log, size_t count, struct trace *trace, load_report *report, void *user,
                      struct error *error)
{
    enum claim claim = CLAIM_NONE;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        struct ingest *ingest = &log[i]->file.ingest;
        if (log[i]->parser != NULL) {
            freelog_parser_finish(log[i]->parser);
            ingest_release(ingest);
            ingest->out_of_memory |= freelog_parser_out_of_memory(log[i]->parser);
            ingest->provenance.hint = freelog_parser_hint(log[i]->parser, &ingest->provenance.hint_line);
            freelog_parser_lines(log[i]->parser, &ingest->provenance.lines[0], &ingest->provenance.lines[1]);
        }
        choose_quantity(trace, ingest, &claim);
    }
    for (size_t i = 0; i < count; i++)
        ok = ok && finish_file(&log[i]->file.ingest, trace, report, user, error);
    if (!ok || count == 0) /* a followed folder may have no log yet */
        return ok;
    return finish_trace(trace, log[0]->file.ingest.settings, report, user) || error_memory(error, NULL);
}
