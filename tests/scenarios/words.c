/* SPDX-License-Identifier: MIT */
/* words: parses the words of findings and compares their rounded numbers with exact ones. */
#include "words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge.h"

#define PAGE_BYTES 4096.0 /* of a unit unknown to memtrace */

struct inside_view words_view(const struct job *job, uint64_t number)
{
    static const enum freelog_column columns[WORDS_VIEWS] = {
        LOAD_COLUMN_AUTO,        FREELOG_USED,      FREELOG_AVAILABLE,       FREELOG_FREE,
        FREELOG_TOTAL_AVAILABLE, FREELOG_SWAP_USED, FREELOG_SWAP_FREE,       FREELOG_JOB_USED,
        LOAD_COLUMN_AUTO,        FREELOG_AVAILABLE, FREELOG_SWAP_USED,       FREELOG_JOB_AVAILABLE,
        LOAD_COLUMN_AUTO,        FREELOG_FREE,      FREELOG_TOTAL_AVAILABLE, LOAD_COLUMN_AUTO};
    number %= WORDS_VIEWS;
    struct inside_view view = {.column = columns[number], .limit_bytes = 1024 * job->limit_kib};
    view.percent = number >= 8 && number <= 10;
    view.unit = number == 12 ? "MB" : number == 13 ? "pages" : number == 14 ? "GiB" : NULL;
    view.scale = number == 13 ? PAGE_BYTES / 1024 : 0;
    view.clock = number == 15 || number == 3;
    if (!job->has_job_rows && view.column != LOAD_COLUMN_AUTO && freelog_column_is_job(view.column))
        view.column = LOAD_COLUMN_AUTO;
    return view;
}

/* A number as it is printed. */
struct amount {
    double value, error; /* in bytes or seconds; half of its last digit */
};

/* Returns the text after `anchor`, NULL if there is none. */
static const char *after(const char *text, const char *anchor)
{
    const char *found = text == NULL ? NULL : strstr(text, anchor);
    return found == NULL ? NULL : found + strlen(anchor);
}

static bool is_near(const struct amount *amount, double value)
{
    return fabs(amount->value - value) <= amount->error * 1.001 + 1e-6 * fabs(value);
}

/* Reads digits and sets the error to half of the last one. Returns where they end; NULL if there are none. */
static const char *read_digits(const char *at, struct amount *amount)
{
    char *end;
    if (at == NULL || strspn(at, "0123456789") == 0)
        return NULL;
    size_t whole = strspn(at, "0123456789");
    amount->value = strtod(at, &end);
    amount->error = at[whole] == '.' ? 0.5 * pow(10, -(double)(end - at - (ptrdiff_t)whole - 1)) : 0.5;
    return end;
}

/* Returns the bytes of a unit, `percent_bytes` for "%", 0 if it is unknown. */
static double unit_bytes(const char *at, double percent_bytes)
{
    static const struct {
        const char *name;
        double bytes;
    } units[] = {{"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"TiB", 1099511627776.0},
                 {"kB", 1e3},   {"MB", 1e6},      {"GB", 1e9},         {"pages", PAGE_BYTES},
                 {"B", 1}};
    if (*at == '%')
        return percent_bytes;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strncmp(at, units[i].name, strlen(units[i].name)) == 0)
            return units[i].bytes;
    return 0;
}

/* Returns true if a size after the anchor is `bytes`: "27.6 GiB", or "27.6 of 32 GiB", whose whole must be `of`. */
static bool is_size(const char *text, const char *anchor, double bytes, double of, double percent_bytes)
{
    struct amount amount, whole;
    const char *at = read_digits(after(text, anchor), &amount);
    if (at == NULL)
        return false;
    double unit = *at == ' ' ? unit_bytes(at + 1, percent_bytes) : 0;
    if (isfinite(of)) {
        const char *end = read_digits(after(at, " of "), &whole);
        double own = end == NULL || *end != ' ' ? 0 : unit_bytes(end + 1, percent_bytes);
        whole.value *= own;
        whole.error *= own;
        unit = unit > 0 ? unit : own;
        if (!(own > 0) || !is_near(&whole, of))
            return false;
    }
    amount.value *= unit;
    amount.error *= unit;
    return unit > 0 && is_near(&amount, bytes);
}

/* Returns true if a length of time after the anchor is `seconds`: "45 s", "2 h 10 min". From ten minutes on it is
 * rounded to minutes, from a day on to hours. */
static bool is_duration(const char *text, const char *anchor, double seconds)
{
    struct amount part, sum = {0, 0};
    const char *at = after(text, anchor), *next;
    while ((next = read_digits(at, &part)) != NULL && *next == ' ') {
        double unit = next[1] == 's' ? 1 : next[1] == 'm' ? 60 : next[1] == 'h' ? 3600 : next[1] == 'd' ? 86400 : 0;
        if (!(unit > 0))
            break;
        sum.value += part.value * unit;
        sum.error = part.error * unit;
        at = next + 1;
        at += strspn(at, "dhmins");
        at += *at == ' ' ? 1 : 0;
    }
    sum.error = sum.value >= 86400 ? 1800 : sum.value >= 3600 ? 30 : sum.error;
    return is_near(&sum, seconds);
}

/* Returns true if a time after the last such anchor is `seconds` after the start: "1:26:30", "3d 4:05:06", or on the
 * clock "14:05:09", "Nov 25 01:15:23". */
static bool is_moment(const char *text, const char *anchor, double seconds, double epoch_s)
{
    const char *at = after(text, anchor);
    for (const char *next = at; next != NULL; next = after(next, anchor))
        at = next;
    const char *colon = at == NULL ? NULL : strchr(at, ':');
    double days = 0, sum = 0;
    if (colon == NULL)
        return false;
    const char *day = strstr(at, "d ");
    if (day != NULL && day < colon)
        days = strtod(at, NULL);
    for (at = colon; at > text && at[-1] >= '0' && at[-1] <= '9';)
        at--;
    for (char *end = NULL;; at = end + 1) {
        sum = 60 * sum + strtod(at, &end);
        if (*end != ':')
            break;
    }
    sum += 86400 * days;
    if (isfinite(epoch_s)) {
        time_t clock = (time_t)floor(epoch_s + seconds + 0.5);
        struct tm tm;
        if (localtime_r(&clock, &tm) == NULL)
            return false;
        return sum == 3600 * tm.tm_hour + 60 * tm.tm_min + tm.tm_sec;
    }
    return fabs(sum - seconds) <= 0.5001;
}

/* The words of a finding, and the numbers to compare them with. */
struct words {
    const struct reported *reported;
    const char *text;
    double percent_bytes, epoch_s;
    size_t node_count;
};

static bool has_size(const struct words *words, const char *anchor, double bytes)
{
    return is_size(words->text, anchor, bytes, NAN, words->percent_bytes);
}

static bool has_moment(const struct words *words, const char *anchor)
{
    return is_moment(words->text, anchor, words->reported->at_s, words->epoch_s);
}

/* Returns the first of two anchors that the text contains. */
static const char *either(const struct words *words, const char *one, const char *other)
{
    return strstr(words->text, one) != NULL ? one : other;
}

static bool has_rate(const struct words *words, const char *anchor)
{
    const char *end = strstr(words->text, anchor) == NULL ? NULL : strstr(strstr(words->text, anchor), "/h");
    return end != NULL && has_size(words, anchor, 3600 * words->reported->rate_bytes_per_s);
}

/* Checks "5 of 32 nodes", "both nodes", "all 32 nodes" or the name of a single node. */
static const char *find_wrong_count(const struct words *words)
{
    const struct reported *reported = words->reported;
    char start[400];
    if (reported->count == 1)
        snprintf(start, sizeof start, "%s ", reported->node[0]);
    else if (reported->count == 2 && words->node_count == 2)
        snprintf(start, sizeof start, "both nodes ");
    else if (reported->count == words->node_count)
        snprintf(start, sizeof start, "all %zu nodes ", reported->count);
    else
        snprintf(start, sizeof start, "%zu of %zu nodes ", reported->count, words->node_count);
    return strncmp(words->text, start, strlen(start)) == 0 ? NULL : "count";
}

static const char *find_wrong_growth(const struct words *words)
{
    const struct reported *reported = words->reported;
    static const char *const anchors[] = {"fastest: ", "grows ", "loses ", "grow ", "lose "};
    size_t i = 0;
    while (i < 4 && strstr(words->text, anchors[i]) == NULL)
        i++;
    if (!has_rate(words, anchors[i]))
        return "rate";
    if (isfinite(reported->left_s) != (strstr(words->text, " at that rate") != NULL))
        return "time left";
    return !isfinite(reported->left_s) || is_duration(words->text, " in ", reported->left_s) ? NULL : "time left";
}

static const char *find_wrong_peak(const struct words *words)
{
    const struct reported *reported = words->reported;
    struct amount percent;
    double share = 100 * reported->value_bytes / reported->of_bytes;
    if (read_digits(after(words->text, either(words, "reached ", " only ")), &percent) == NULL ||
        !(share >= percent.value - 1e-6 && share < percent.value + 1 + 1e-6))
        return "percentage";
    if (strchr(words->text, '(') != NULL &&
        !is_size(words->text, "(", reported->value_bytes, reported->of_bytes, words->percent_bytes))
        return "size";
    return has_moment(words, strchr(words->text, '(') != NULL ? ") at " : " at ") ? NULL : "time";
}

/* Returns what is wrong in the words, NULL if nothing is. */
static const char *find_wrong(const struct words *words)
{
    const struct reported *reported = words->reported;
    const char *kind = reported->kind;
    struct amount ratio;
    if (strcmp(kind, "uneven") == 0)
        return read_digits(after(words->text, "peaked at "), &ratio) != NULL &&
                       is_near(&ratio, reported->value_bytes / reported->of_bytes)
                   ? NULL
               : strstr(words->text, "over 100 times") != NULL && reported->value_bytes >= 100 * reported->of_bytes
                   ? NULL
                   : "ratio";
    if (strcmp(kind, "oversized") == 0)
        return is_size(words->text, "at most ", reported->value_bytes, reported->of_bytes, words->percent_bytes)
                   ? NULL
                   : "size";
    const char *wrong = find_wrong_count(words);
    if (wrong != NULL)
        return wrong;
    if (strcmp(kind, "growing") == 0)
        return find_wrong_growth(words);
    if (strcmp(kind, "near_limit") == 0)
        return find_wrong_peak(words);
    if (strcmp(kind, "killed") == 0)
        return !has_moment(words, " at ")                                                          ? "time"
               : isfinite(reported->rate_bytes_per_s) != (strstr(words->text, "growing ") != NULL) ? "rate"
               : isfinite(reported->rate_bytes_per_s) && !has_rate(words, "growing ")              ? "rate"
                                                                                                   : NULL;
    if (strcmp(kind, "above_limit") == 0)
        return !has_size(words, " by ", fabs(reported->value_bytes - reported->of_bytes)) ? "size"
               : !has_moment(words, ", first at ")                                        ? "time"
                                                                                          : NULL;
    if (strcmp(kind, "ended_early") == 0)
        return !has_moment(words, " at ")                                     ? "time"
               : !is_duration(words->text, "recorded ", reported->duration_s) ? "duration"
                                                                              : NULL;
    if (strcmp(kind, "swapped") == 0)
        return !has_size(words, either(words, " most: ", "swapped "), reported->value_bytes) ? "size"
               : !has_moment(words, " from ")                                                ? "time"
                                                                                             : NULL;
    if (strcmp(kind, "idle") == 0)
        return !has_size(words, "a peak of ", reported->value_bytes)  ? "peak"
               : !has_size(words, "a median of ", reported->of_bytes) ? "median"
                                                                      : NULL;
    if (strcmp(kind, "gap") == 0)
        return !is_duration(words->text, either(words, "longest: ", "samples for "), reported->duration_s) ? "duration"
               : !has_moment(words, " from ")                                                              ? "time"
                                                                                                           : NULL;
    return "kind";
}

/* Returns the bytes of one percent of the total of the worst node. */
static double percent_of(const struct job *job, const struct inside_view *view, const struct reported *reported)
{
    bool is_swap = strcmp(reported->kind, "swapped") == 0 ||
                   (view->column != LOAD_COLUMN_AUTO && freelog_column_is_swap(view->column));
    for (size_t i = 0; i < job->node_count; i++) {
        const struct job_node *node = &job->node[i];
        if (strcmp(node->name, reported->node[0]) == 0)
            return job_total_kib(job, node, is_swap, view->column == LOAD_COLUMN_AUTO) * 1024 / 100;
    }
    return NAN;
}

unsigned int words_judge(const struct job *job, const struct inside_view *view, const char *json)
{
    struct reported reported;
    unsigned int faults = 0;
    for (const char *at = judge_list(json); at != NULL && (at = judge_read(at, &reported)) != NULL;) {
        const struct words words = {.reported = &reported,
                                    .text = reported.text,
                                    .percent_bytes = percent_of(job, view, &reported),
                                    .epoch_s = view->clock ? job_start_s(job) : NAN,
                                    .node_count = job->node_count};
        const char *wrong = find_wrong(&words);
        if (wrong == NULL)
            continue;
        faults++;
        printf("seed %llu: wrong %s in the words of %s, view %llu: %s (%s)\n", (unsigned long long)job->seed, wrong,
               reported.kind, (unsigned long long)(job->seed % WORDS_VIEWS), reported.text, job->text);
    }
    return faults;
}
