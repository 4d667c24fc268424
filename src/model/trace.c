/* SPDX-License-Identifier: MIT */
/* trace: the nodes, their alignment on the common time axis, and what is compared between them. Independent of file
 * formats, options and plots. */
#include "model/trace.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/median.h"
#include "base/natural.h"

#define DRIFT_MAX_S 1e-3 /* of each sample */
#define DRIFT_SHARE 0.01 /* of the interval */

void node_init(struct node *node, size_t bucket_limit)
{
    memset(node, 0, sizeof *node);
    for (int line = 0; line < TRACE_LINE_COUNT; line++) {
        bool drawn = line != TRACE_AVAILABLE && line != TRACE_MEMORY && line != TRACE_PERCENT && line != TRACE_JOB;
        series_init(&node->line[line], drawn ? bucket_limit : 0);
    }
    node->start_epoch_s = node->end_epoch_s = node->interval_s = node->header_interval_s = NAN;
    node->job_limit_bytes = node->wall_s = node->clock_error_s = node->zero_epoch_s = NAN;
    node->exit_status = -1;
}

void node_free(struct node *node)
{
    for (int line = 0; line < TRACE_LINE_COUNT; line++)
        series_free(&node->line[line]);
    free(node->name);
    free(node->whole_name);
    free(node->source);
    free(node->event);
    memset(node, 0, sizeof *node);
}

bool node_add_event(struct node *node, double time_s, enum trace_event_kind kind, const char *text)
{
    if (!array_grow(&node->event, &node->event_capacity, node->event_count, sizeof *node->event))
        return false;
    struct trace_event *event = &node->event[node->event_count++];
    event->time_s = time_s;
    event->kind = kind;
    snprintf(event->text, sizeof event->text, "%s", text);
    return true;
}

const struct trace_event *node_first_event(const struct node *node, enum trace_event_kind kind)
{
    for (size_t i = 0; i < node->event_count; i++)
        if (node->event[i].kind == kind)
            return &node->event[i];
    return NULL;
}

const char *trace_column(const struct trace *trace)
{
    return freelog_column_name(trace->quantity);
}

bool trace_is_of_job(const struct trace *trace)
{
    return freelog_column_is_job(trace->quantity);
}

size_t trace_find(const struct trace *trace, const char *name)
{
    size_t found = map_find(&trace->by_name, name, strlen(name));
    return found == MAP_NONE ? trace->count : found;
}

/* Writes "name (number)" for the caller to free; NULL if out of memory. */
static char *numbered_name(const char *name, unsigned long number)
{
    size_t size = strlen(name) + 32;
    char *numbered = malloc(size);
    if (numbered != NULL)
        snprintf(numbered, size, "%s (%lu)", name, number);
    return numbered;
}

static bool is_taken(const struct map *names, const char *name)
{
    return map_find(names, name, strlen(name)) != MAP_NONE;
}

/* Returns true if "name (number)" is taken. If memory runs out, returns false and sets `*failed`. */
static bool number_is_taken(const struct map *names, const char *name, unsigned long number, bool *failed)
{
    char *numbered = numbered_name(name, number);
    *failed |= numbered == NULL;
    bool taken = numbered != NULL && is_taken(names, numbered);
    free(numbered);
    return taken;
}

/* Adds a number to a name that is taken, so that it is unique; frees the old name. Numbers are given out consecutively,
 * so the first free one is found by binary search: thousands of logs of one host are not unusual. Returns false if out
 * of memory. */
static bool make_unique(const struct map *names, char **name)
{
    unsigned long taken = 1, free_one = 2;
    bool failed = false;
    if (!is_taken(names, *name))
        return true;
    for (; number_is_taken(names, *name, free_one, &failed); free_one *= 2)
        taken = free_one;
    while (free_one - taken > 1) {
        unsigned long middle = taken + (free_one - taken) / 2;
        if (number_is_taken(names, *name, middle, &failed))
            taken = middle;
        else
            free_one = middle;
    }
    char *numbered = failed ? NULL : numbered_name(*name, free_one);
    if (numbered == NULL)
        return false;
    free(*name);
    *name = numbered;
    return true;
}

bool trace_rename(struct trace *trace, size_t index, const char *name)
{
    struct node *node = &trace->node[index];
    if (strcmp(node->name, name) == 0)
        return true;
    char *copy = strdup(name);
    if (copy == NULL)
        return false;
    node->whole_name = node->name; /* for trace_find */
    node->name = copy;
    return true;
}

bool trace_number_names(struct trace *trace)
{
    struct map names = {0};
    bool ok = true;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; ok && i < trace->count; i++) {
            struct node *node = &trace->node[i];
            if ((node->whole_name != NULL) == (pass == 1))
                ok = (pass == 0 || make_unique(&names, &node->name)) &&
                     map_put(&names, node->name, strlen(node->name), i);
        }
    }
    map_free(&names);
    return ok;
}

bool trace_add_log(struct trace *trace, const struct trace_note note[FREELOG_NOTE_COUNT])
{
    if (!array_grow(&trace->log, &trace->log_capacity, trace->log_count, sizeof *trace->log))
        return false;
    struct trace_log *log = &trace->log[trace->log_count++];
    log->nodes = 0;
    memcpy(log->note, note, sizeof log->note);
    return true;
}

bool trace_add(struct trace *trace, struct node *node, bool *renamed)
{
    if (renamed != NULL)
        *renamed = is_taken(&trace->by_name, node->name);
    if (!array_grow(&trace->node, &trace->capacity, trace->count, sizeof *trace->node) ||
        !make_unique(&trace->by_name, &node->name) ||
        !map_put(&trace->by_name, node->name, strlen(node->name), trace->count))
        return false;
    if (trace->log_count > 0) {
        node->log = trace->log_count - 1;
        trace->log[node->log].nodes++;
    }
    trace->node[trace->count++] = *node;
    memset(node, 0, sizeof *node);
    return true;
}

static int compare_nodes(const struct node *left, const struct node *right)
{
    int order = natural_compare(left->name, right->name);
    return order != 0 ? order : natural_compare(left->source, right->source);
}

static int compare_places(const void *a, const void *b, void *user)
{
    const struct node *node = user;
    return compare_nodes(&node[*(const size_t *)a], &node[*(const size_t *)b]);
}

static bool is_sorted(const struct trace *trace)
{
    for (size_t i = 1; i < trace->count; i++)
        if (compare_nodes(&trace->node[i - 1], &trace->node[i]) > 0)
            return false;
    return true;
}

bool trace_sort_by_name(struct trace *trace)
{
    size_t count = trace->count;
    if (is_sorted(trace))
        return true;
    size_t *order = malloc(count * sizeof *order), *place = malloc(count * sizeof *place);
    struct node *sorted = malloc(count * sizeof *sorted);
    bool ok = order != NULL && place != NULL && sorted != NULL;
    for (size_t i = 0; ok && i < count; i++)
        order[i] = i;
    if (ok)
        qsort_r(order, count, sizeof *order, compare_places, trace->node);
    for (size_t i = 0; ok && i < count; i++) {
        sorted[i] = trace->node[order[i]];
        place[order[i]] = i;
    }
    if (ok) {
        map_renumber(&trace->by_name, place);
        memcpy(trace->node, sorted, count * sizeof *sorted);
    }
    free(sorted);
    free(place);
    free(order);
    return ok;
}

double node_end_s(const struct node *node)
{
    return node->offset_s + node->line[TRACE_MAIN].stats.last_s;
}

/* The true period of a node's samples according to its trailer, or its interval if the trailer is unusable. Trailers
 * contain the time of the last sample, older ones a time up to one period later. If the difference is larger than free
 * can drift, the log stopped before its trailer was written. */
static double true_period(const struct node *node)
{
    double took_s = node->end_epoch_s - node->start_epoch_s, count = (double)node->records;
    double interval_s = node->interval_s, most_s = interval_s + fmin(DRIFT_MAX_S, DRIFT_SHARE * interval_s);
    if (took_s >= (count - 1) * interval_s && took_s <= (count - 1) * most_s)
        return took_s / (count - 1);
    if (took_s > count * interval_s && took_s <= count * most_s)
        return fmin(took_s / (count - 0.5), most_s);
    return interval_s;
}

/* free sleeps for its interval and also works a little, so the true period is longer than the interval. */
double node_drift(const struct node *node)
{
    if (!node->is_indexed || node->records < 2 || !(node->interval_s > 0))
        return 1;
    return true_period(node) / node->interval_s;
}

static void correct_drift(struct node *node)
{
    const double factor = node_drift(node);
    if (factor == 1)
        return;
    for (int line = 0; line < TRACE_LINE_COUNT; line++)
        series_stretch(&node->line[line], factor);
    for (size_t i = 0; i < node->event_count; i++)
        node->event[i].time_s *= factor;
    node->top.time_s *= factor;
}

double node_peak_percent(const struct trace *trace, const struct node *node)
{
    const struct series_stats *main = &node->line[TRACE_MAIN].stats, *total = &node->line[TRACE_TOTAL].stats;
    double whole = node->peak_total > 0 ? node->peak_total : total->count > 0 ? total->max : 0;
    if (main->count == 0)
        return NAN;
    return trace->percent ? main->max : whole > 0 ? 100 * main->max / whole : NAN;
}

double node_max_percent(const struct trace *trace, const struct node *node)
{
    const struct series_stats *percent = &node->line[TRACE_PERCENT].stats;
    return !trace->percent && percent->count > 0 ? percent->max : node_peak_percent(trace, node);
}

bool node_lacks_times(const struct node *node)
{
    if (node->is_stalled)
        return true;
    if (node->stamped > 0)
        return node->stamped < node->records && !isfinite(node->interval_s);
    return node->is_indexed && node->records > 1 && !isfinite(node->interval_s);
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double run_of(const struct node *node)
{
    return node->line[TRACE_MAIN].stats.last_s - node->line[TRACE_MAIN].stats.first_s;
}

static bool is_same_job(const struct trace *trace)
{
    for (size_t i = 1; i < trace->count; i++)
        if (strcmp(trace->node[i].job, trace->node[0].job) != 0)
            return false;
    return trace->node[0].job[0] != '\0';
}

/* Sets clock_error_s of the nodes that, according to their clock, did not run at the same time as most. Nothing is set
 * if the nodes are likely of different runs. */
static void find_wrong_clocks(struct trace *trace, double *start_s, double longest_s)
{
    size_t wrong = 0;
    double first_s = INFINITY, last_s = -INFINITY, interval_s = 0;
    for (size_t i = 0; i < trace->count; i++)
        start_s[i] = trace->node[i].start_epoch_s;
    qsort(start_s, trace->count, sizeof *start_s, compare_doubles);
    double usual_s = start_s[(trace->count - 1) / 2];
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        interval_s = fmax(interval_s, node->interval_s);
        if (fabs(node->start_epoch_s - usual_s) > longest_s + 60) {
            wrong++;
            continue;
        }
        first_s = fmin(first_s, node->start_epoch_s);
        last_s = fmax(last_s, node->start_epoch_s);
    }
    bool is_together = trace->count >= 3 && last_s - first_s <= fmax(0.01 * longest_s, 10 * interval_s + 60);
    /* Parts of a job may also run one after the other. */
    bool is_parallel = is_same_job(trace) && last_s - first_s <= longest_s / 2;
    if (wrong == 0 || 2 * wrong > trace->count || !(is_parallel || (is_together && 2 * wrong < trace->count)))
        return;
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        if (fabs(node->start_epoch_s - usual_s) > longest_s + 60)
            node->clock_error_s = node->start_epoch_s - usual_s;
    }
}

/* Returns true if two logs of a host were recorded one after the other. */
static bool are_apart(const struct node *node, const struct node *other)
{
    double begin_s = node->start_epoch_s, end_s = begin_s + node->line[TRACE_MAIN].stats.last_s;
    double other_begin_s = other->start_epoch_s, other_end_s = other_begin_s + other->line[TRACE_MAIN].stats.last_s;
    return begin_s > other_end_s || other_begin_s > end_s;
}

/* Finds out whether the logs are of several runs on the same hosts, one after the other: the logs that share a host
 * with an earlier log are at least half as many as the hosts. `*has_parts`: some are parts of one job. Returns false if
 * out of memory. */
static bool find_reruns(struct trace *trace, bool *has_parts)
{
    struct map first = {0}; /* node of each host */
    size_t reruns = 0;
    bool ok = true;
    *has_parts = false;
    for (size_t i = 0; i < trace->count && ok; i++) {
        const struct node *node = &trace->node[i];
        size_t found = node->host[0] == '\0' ? MAP_NONE : map_find(&first, node->host, strlen(node->host));
        if (found == MAP_NONE) {
            ok = node->host[0] == '\0' || map_put(&first, node->host, strlen(node->host), i);
            continue;
        }
        const struct node *other = &trace->node[found];
        bool is_apart = are_apart(node, other), is_part = node->job[0] != '\0' && strcmp(node->job, other->job) == 0;
        reruns += is_apart && !is_part ? 1 : 0;
        *has_parts |= is_apart && is_part;
    }
    trace->has_reruns = reruns > 0 && 2 * reruns >= first.count;
    map_free(&first);
    return ok;
}

/* Places the nodes on the axis of time. A host has one clock: with `has_parts`, its logs may be far apart. */
static void align(struct trace *trace, double *scratch, bool has_parts)
{
    double first_s = INFINITY, last_s = -INFINITY, longest_s = 0;
    trace->is_aligned = trace->count > 0;
    trace->start_epoch_s = NAN;
    for (size_t i = 0; i < trace->count; i++) {
        if (!isfinite(trace->node[i].start_epoch_s))
            trace->is_aligned = false;
        longest_s = fmax(longest_s, trace->node[i].line[TRACE_MAIN].stats.last_s);
    }
    bool is_from_start = trace->alignment == TRACE_ALIGN_START ||
                         (trace->alignment == TRACE_ALIGN_AUTO &&
                          (trace->is_array || trace->has_reruns || trace->grouped_by != GROUP_AUTO));
    if (is_from_start)
        trace->is_aligned = false;
    if (!trace->is_aligned)
        return;
    if (!has_parts)
        find_wrong_clocks(trace, scratch, longest_s);
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        if (isfinite(node->clock_error_s))
            continue;
        first_s = fmin(first_s, node->start_epoch_s);
        last_s = fmax(last_s, node->start_epoch_s);
    }
    /* Runs from different days on one axis would be thin lines at either end with nothing between them. */
    if (trace->alignment != TRACE_ALIGN_CLOCK && last_s - first_s > 10 * (longest_s + 60)) {
        trace->is_aligned = false;
        trace->clocks_far_apart = true;
        return;
    }
    for (size_t i = 0; i < trace->count; i++)
        first_s = fmin(first_s, trace->node[i].zero_epoch_s);
    trace->start_epoch_s = first_s;
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        node->offset_s = isfinite(node->clock_error_s) ? 0 : node->start_epoch_s - first_s;
    }
}

/* Returns how many of the sorted values are below `limit`. */
static size_t count_before(const double *value, size_t count, double limit)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (value[middle] < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Finds the nodes that end early; `begin_s` and `end_s` of all nodes are sorted, `run_s` is the median run. */
static void find_early_ends(struct trace *trace, const double *begin_s, const double *end_s, double run_s)
{
    double usual_s = NAN;
    for (size_t i = 0; i < trace->count; i++)
        usual_s = fmax(usual_s, trace->node[i].interval_s);
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        double interval_s = node->interval_s > 0 ? node->interval_s : usual_s, missing_s = run_s - run_of(node);
        double slack_s = fmax(interval_s > 0 ? 3 * interval_s : 0, 0.01 * run_s), end = node_end_s(node);
        size_t begun = count_before(begin_s, trace->count, end),
               ended = count_before(end_s, trace->count, end + slack_s);
        size_t going_on = begun > ended ? begun - ended : 0;
        node->ends_early = missing_s > slack_s * (1 + 1e-9) && 2 * going_on >= trace->count - 1;
    }
}

/* Reads begin_s and end_s, and finds the nodes that end early: unless they ran on different days. */
static void find_ends(struct trace *trace, double *scratch)
{
    double *begin_s = scratch, *end_s = scratch + trace->count, *run_s = scratch + 2 * trace->count;
    trace->begin_s = INFINITY;
    trace->end_s = -INFINITY;
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        begin_s[i] = node->offset_s + node->line[TRACE_MAIN].stats.first_s;
        end_s[i] = node_end_s(node);
        run_s[i] = run_of(node);
        node->ends_early = false;
        trace->begin_s = fmin(trace->begin_s, begin_s[i]);
        trace->end_s = fmax(trace->end_s, end_s[i]);
    }
    /* Tasks and runs legitimately differ in length. */
    if (trace->count < 2 || trace->clocks_far_apart || trace->is_array || trace->has_reruns ||
        trace->grouped_by != GROUP_AUTO)
        return;
    qsort(begin_s, trace->count, sizeof *begin_s, compare_doubles);
    qsort(end_s, trace->count, sizeof *end_s, compare_doubles);
    find_early_ends(trace, begin_s, end_s, median_of(run_s, trace->count));
}

bool trace_finish(struct trace *trace)
{
    double *scratch = malloc((3 * trace->count + 1) * sizeof *scratch);
    bool has_parts;
    for (size_t i = 0; i < trace->count; i++)
        correct_drift(&trace->node[i]);
    if (scratch == NULL || (!trace->is_placed && !find_reruns(trace, &has_parts))) {
        free(scratch);
        return false;
    }
    if (!trace->is_placed)
        align(trace, scratch, has_parts);
    find_ends(trace, scratch);
    free(scratch);
    return true;
}

void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->count; i++)
        node_free(&trace->node[i]);
    free(trace->node);
    map_free(&trace->by_name);
    free(trace->log);
    memset(trace, 0, sizeof *trace);
}

struct ranked {
    double peak;
    size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    if (left->peak != right->peak)
        return left->peak < right->peak ? 1 : -1;
    return left->index < right->index ? -1 : 1;
}

size_t *trace_order_by_peak(const struct trace *trace)
{
    struct ranked *ranked = malloc((trace->count + 1) * sizeof *ranked);
    size_t *order = malloc((trace->count + 1) * sizeof *order);
    bool low_is_news = trace_low_is_news(trace);
    if (ranked == NULL || order == NULL || trace->count == 0) {
        free(ranked);
        free(order);
        return NULL;
    }
    for (size_t i = 0; i < trace->count; i++)
        ranked[i] = (struct ranked){
            low_is_news ? -trace->node[i].line[TRACE_MAIN].stats.min : trace->node[i].line[TRACE_MAIN].stats.max, i};
    qsort(ranked, trace->count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; i < trace->count; i++)
        order[i] = ranked[i].index;
    free(ranked);
    return order;
}

/* The word for the nodes of a trace, in the singular and in the plural. */
static const char *const *member_names(const struct trace *trace)
{
    static const char *const run[] = {"run", "runs"}, *const job[] = {"job", "jobs"};
    static const char *const task[] = {"task", "tasks"}, *const node[] = {"node", "nodes"};
    if (trace->grouped_by == GROUP_FOLDER)
        return run;
    if (trace->grouped_by == GROUP_JOB)
        return job;
    return trace->is_array && trace->count == trace->task_count ? task : node;
}

const char *trace_member(const struct trace *trace)
{
    return member_names(trace)[0];
}

const char *trace_members(const struct trace *trace)
{
    return member_names(trace)[1];
}

bool trace_is_used(const struct trace *trace)
{
    return trace->quantity == FREELOG_USED || trace->quantity == FREELOG_TOTAL_AVAILABLE ||
           trace->quantity == FREELOG_JOB_USED;
}

bool trace_low_is_news(const struct trace *trace)
{
    switch (trace->quantity) {
    case FREELOG_AVAILABLE:
    case FREELOG_FREE:
    case FREELOG_SWAP_FREE:
    case FREELOG_JOB_AVAILABLE:
    case FREELOG_JOB_FREE:
    case FREELOG_JOB_SWAP_FREE:
        return true;
    default:
        return false;
    }
}

double node_news(const struct trace *trace, const struct node *node, double *at_s)
{
    const struct series_stats *stats = &node->line[TRACE_MAIN].stats;
    bool is_low = trace_low_is_news(trace);
    if (at_s != NULL)
        *at_s = (is_low ? stats->min_s : stats->max_s) + node->offset_s;
    return stats->count == 0 ? NAN : is_low ? stats->min : stats->max;
}

double trace_news(const struct trace *trace)
{
    double news = NAN;
    for (size_t i = 0; i < trace->count; i++) {
        double value = node_news(trace, &trace->node[i], NULL);
        news = trace_low_is_news(trace) ? fmin(news, value) : fmax(news, value);
    }
    return isnan(news) ? 0 : news;
}

const char *trace_news_word(const struct trace *trace)
{
    return trace_low_is_news(trace) ? "low" : "peak";
}

double node_percent_base(const struct trace *trace, const struct node *node)
{
    const struct series_stats *memory = &node->line[TRACE_MEMORY].stats;
    if (freelog_column_is_swap(trace->quantity))
        return node->swap_total_bytes;
    return memory->count > 0 ? memory->max : 0;
}

const char *trace_event_node(const struct trace_event *event)
{
    const char *on = event->kind == TRACE_EVENT_OOM_KILL ? strstr(event->text, FREELOG_EVENT_ON) : NULL;
    return on == NULL ? NULL : on + strlen(FREELOG_EVENT_ON);
}

void trace_kills_text(char *text, size_t size, unsigned long kills)
{
    if (kills == 1)
        snprintf(text, size, "OOM kill");
    else
        snprintf(text, size, "%lu OOM kills", kills);
}

size_t trace_event_kills(const struct trace_event *event)
{
    unsigned long kills = 1;
    char text[sizeof event->text];
    if (event->text[0] >= '1' && event->text[0] <= '9')
        kills = strtoul(event->text, NULL, 10);
    trace_kills_text(text, sizeof text, kills);
    return strcmp(event->text, text) == 0 ? kills : 0;
}

double trace_max(const struct trace *trace, enum trace_line line)
{
    double max = 0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[line].stats;
        if (stats->count > 0)
            max = fmax(max, stats->max);
    }
    return max;
}

#define LONG_NAME 16 /* bytes: longer names of nodes are shortened */
#define CUT_LEAST 6  /* bytes: cutting less is not worthwhile */

static bool is_between_words(char c)
{
    return c == '-' || c == '.' || c == '_';
}

/* Length of the common prefix of all names in bytes, up to the last separator that leaves more than a number. */
static size_t common_begin(const struct trace *trace)
{
    const char *first = trace->node[0].name;
    size_t length = strlen(first);
    for (size_t i = 1; i < trace->count; i++)
        for (size_t k = 0; k < length; k++)
            if (trace->node[i].name[k] != first[k])
                length = k;
    while (length > 0 && !(is_between_words(first[length - 1]) && (first[length] < '0' || first[length] > '9')))
        length--;
    return length;
}

/* Length of the common suffix of all names in bytes, from its first separator on, without their first `begin` bytes. */
static size_t common_end(const struct trace *trace, size_t begin)
{
    const char *first = trace->node[0].name;
    size_t first_length = strlen(first), length = first_length - begin;
    for (size_t i = 0; i < trace->count; i++) {
        const char *name = trace->node[i].name;
        size_t own = strlen(name), same = 0;
        while (same < length && same + begin + 1 < own && name[own - 1 - same] == first[first_length - 1 - same])
            same++;
        length = same;
    }
    while (length > 0 && !is_between_words(first[first_length - length]))
        length--;
    return length;
}

bool trace_shorten_names(struct trace *trace)
{
    size_t longest = 0;
    bool is_renamed = false;
    for (size_t i = 0; i < trace->count; i++) {
        longest = strlen(trace->node[i].name) > longest ? strlen(trace->node[i].name) : longest;
        is_renamed |= trace->node[i].whole_name != NULL;
    }
    if (trace->count < 2 || is_renamed || trace->is_array || longest <= LONG_NAME)
        return true;
    size_t begin = common_begin(trace), end = common_end(trace, begin), first_length = strlen(trace->node[0].name);
    if (begin + end < CUT_LEAST || begin >= sizeof trace->cut[0] || end >= sizeof trace->cut[1])
        return true;
    memcpy(trace->cut[0], trace->node[0].name, begin);
    memcpy(trace->cut[1], trace->node[0].name + first_length - end, end);
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        char *name = strndup(node->name + begin, strlen(node->name) - begin - end);
        if (name == NULL)
            return false;
        node->whole_name = node->name;
        node->name = name;
    }
    return true;
}

#define SAME_TOTALS 1.01 /* totals that differ by a smaller factor count as equal */

bool trace_totals_differ(const struct trace *trace)
{
    double least = INFINITY, most = 0;
    if (freelog_column_is_swap(trace->quantity) || trace_is_of_job(trace))
        return false;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *total = &trace->node[i].line[TRACE_MEMORY].stats;
        if (total->count == 0 || !(total->min > 0) || total->max > SAME_TOTALS * total->min)
            return false;
        least = fmin(least, total->max);
        most = fmax(most, total->max);
    }
    return most > SAME_TOTALS * least;
}

void trace_use_percent(struct trace *trace)
{
    static const enum trace_line of_memory[] = {TRACE_MAIN, TRACE_TOTAL}, of_swap[] = {TRACE_SWAP, TRACE_SWAP_TOTAL};
    for (size_t i = 0; i < trace->count; i++) {
        struct node *node = &trace->node[i];
        for (size_t k = 0; k < 2; k++) {
            series_scale(&node->line[of_memory[k]], 100 / node->line[TRACE_MEMORY].stats.max);
            if (node->swap_total_bytes > 0)
                series_scale(&node->line[of_swap[k]], 100 / node->swap_total_bytes);
            else
                series_free(&node->line[of_swap[k]]);
        }
    }
    trace->percent = trace->is_relative = true;
}

bool trace_agrees(const struct trace *trace, enum trace_line line, double *value)
{
    if (trace->count == 0)
        return false;
    const struct series_stats *first = &trace->node[0].line[line].stats;
    for (size_t i = 0; i < trace->count; i++) {
        const struct series_stats *stats = &trace->node[i].line[line].stats;
        if (stats->count == 0 || stats->min != first->max || stats->max != first->max)
            return false;
    }
    if (value != NULL)
        *value = first->max;
    return true;
}

double trace_interval(const struct trace *trace)
{
    double interval_s = trace->count > 0 ? trace->node[0].interval_s : NAN;
    for (size_t i = 1; i < trace->count; i++)
        if (!(fabs(trace->node[i].interval_s - interval_s) <= 0.01 * interval_s))
            return NAN;
    return interval_s;
}
