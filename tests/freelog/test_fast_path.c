/* SPDX-License-Identifier: MIT */
/* Unit tests of the fast path: it must give the same results as the general parser. Both read generated logs, sound and
 * damaged, and all records, notes and headers are compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "freelog/parser.h"
#include "unit.h"

enum { LOG_RECORDS = 400, LOG_BYTES = 1 << 19 };

/* The format of a log. */
enum format {
    FORMAT_NEW,
    FORMAT_WIDE,
    FORMAT_OLDER,
    FORMAT_JOB,
    FORMAT_JOBSWAP,
    FORMAT_TOP,
    FORMAT_OLD,
    FORMAT_TOTAL,
    FORMAT_HUMAN,
    FORMAT_COUNT
};
enum digits { DIGITS_STEADY, DIGITS_CREEPING, DIGITS_JUMPING, DIGITS_LONG, DIGITS_TOO_LONG, DIGITS_COUNT };

struct text {
    char byte[LOG_BYTES];
    size_t size;
    uint64_t random;
    enum format format;
    enum digits digits;
    uint64_t value[10];
};

/* The reports of a parser, in order. */
struct event {
    int kind;
    unsigned long line, skipped;
    uint32_t present;
    int meaning;
    double value[FREELOG_COLUMN_COUNT];
    char text[64];
};

struct events {
    struct event *event;
    size_t count, capacity;
    size_t in_runs;   /* records emitted in runs */
    size_t tops;      /* lists of processes emitted with runs */
    uint32_t columns; /* the compared columns */
};

static uint64_t next_random(struct text *text, uint64_t below)
{
    text->random ^= text->random << 13;
    text->random ^= text->random >> 7;
    text->random ^= text->random << 17;
    return (text->random >> 11) % below;
}

/* ---- logs ---- */

static void put_text(struct text *text, const char *word)
{
    size_t length = strlen(word);
    memcpy(text->byte + text->size, word, length);
    text->size += length;
}

/* Writes a number right-aligned in `width` columns, with a blank before it if it is too long, like printf(" %11s"). */
static void put_number(struct text *text, uint64_t number, int width)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
    for (int blank = width > length ? width - length : 1; blank > 0; blank--)
        text->byte[text->size++] = ' ';
    put_text(text, digits);
}

static uint64_t power_of_10(uint64_t exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* Changes the numbers to those of the next record. */
static void change_values(struct text *text)
{
    uint64_t *value = text->value;
    for (int i = 1; i < 10; i++) {
        if (i == 7)
            continue; /* total swap is constant, like total memory */
        if (text->digits == DIGITS_STEADY)
            value[i] = 20000000 + next_random(text, 9000000) * (i != 3);
        else if (text->digits == DIGITS_CREEPING)
            value[i] += next_random(text, 40000);
        else if (text->digits == DIGITS_JUMPING)
            value[i] = next_random(text, power_of_10(1 + next_random(text, 8)));
        else if (text->digits == DIGITS_LONG)
            value[i] = next_random(text, power_of_10(8 + next_random(text, 4)));
        else
            value[i] = next_random(text, power_of_10(10 + next_random(text, 6)));
    }
    switch (next_random(text, 8)) { /* numbers add up as in different versions of free, or not at all */
    case 0:
        break;
    case 1:
        value[1] = value[0] > value[2] + value[4] ? value[0] - value[2] - value[4] : value[1];
        break;
    default:
        value[5] = value[0] > value[1] ? value[0] - value[1] : value[5];
    }
}

static void put_row(struct text *text, const char *word, int first, int width, const uint64_t *value, int count)
{
    size_t begin = text->size;
    put_text(text, word);
    for (int i = 0; i < count; i++)
        put_number(text, value[i], i == 0 ? first - (int)(text->size - begin) : width);
    put_text(text, "\n");
}

/* Writes a list of processes. Some records have none, and some lists only the general parser can read. */
static void put_top(struct text *text)
{
    static const char *const list[] = {"a:1:2,b:3:4", "solver:5040:123456789,b%61sh:4784:4320,c:1:9", "", "Mem:5:7",
                                       "~!=host=x,start=5"};
    static const char *const odd[] = {"# memtrace top=a b\n",     "# memtrace top=\xc3\xa4:1:2\n",
                                      "# memtrace  top=a:1:2\n",  "# memtrace top=a:1:2 oom_kill=3\n",
                                      "# memtrace top=a:1:2\r\n", "# memtrace top=a\x7f:1:2\n"};
    uint64_t kind = next_random(text, 64);
    if (kind < 16)
        return;
    if (kind == 16) {
        put_text(text, odd[next_random(text, COUNT(odd))]);
        return;
    }
    put_text(text, "# memtrace top=");
    put_text(text, list[next_random(text, COUNT(list))]);
    for (uint64_t more = kind == 17 ? 900 + next_random(text, 200) : 0; more > 0; more--)
        put_text(text, "x");
    put_text(text, "\n");
}

static void put_record(struct text *text)
{
    static const char *const header[] = {
        "               total        used        free      shared  buff/cache   available\n",
        "               total        used        free      shared     buffers       cache   available\n",
        "              total        used        free      shared  buff/cache   available\n",
        "               total        used        free      shared  buff/cache   available\n",
        "               total        used        free      shared  buff/cache   available\n",
        "               total        used        free      shared  buff/cache   available\n",
        "             total       used       free     shared    buffers     cached\n",
        "               total        used        free      shared  buff/cache   available\n",
        "               total        used        free      shared  buff/cache   available\n",
    };
    static const int first[] = {20, 20, 19, 20, 20, 20, 18, 20, 20};
    int width = text->format == FORMAT_OLD ? 11 : 12;
    change_values(text);
    put_text(text, header[text->format]);
    if (text->format == FORMAT_HUMAN) {
        put_text(text, "Mem:            31Gi       4.2Gi        20Gi       118Mi       6.9Gi        26Gi\n");
        put_text(text, "Swap:          2.0Gi          0B       2.0Gi\n\n");
        return;
    }
    put_row(text, "Mem:", first[text->format], width, text->value, text->format == FORMAT_WIDE ? 7 : 6);
    if (text->format == FORMAT_OLD)
        put_row(text, "-/+ buffers/cache:", 29, width, text->value + 1, 2);
    put_row(text, "Swap:", first[text->format], width, text->value + 7, 3);
    if (text->format >= FORMAT_JOB && text->format <= FORMAT_TOP)
        put_row(text, "Job:", first[text->format], width, text->value + 1, 6);
    if (text->format == FORMAT_JOBSWAP || text->format == FORMAT_TOP)
        put_row(text, "Jobswap:", first[text->format], width, text->value + 6, 3);
    if (text->format == FORMAT_TOP)
        put_top(text);
    if (text->format == FORMAT_TOTAL)
        put_row(text, "Total:", first[text->format], width, text->value, 3);
    put_text(text, "\n");
}

/* Damages the last record, which begins at byte `begin`. */
static void damage(struct text *text, size_t begin)
{
    static const char odd[] = "\n\n  \t\r0193-.:aGM\xff\x1b";
    static const char *const line[] = {
        "noise\n",
        "slurmstepd: error: oom_kill event in StepId=1.0. Some of the step tasks have been OOM Killed.\n",
        "# memtrace 1 host=n1 start=1732320000 interval=2\n",
        "Mon Nov 23 00:35:08 UTC 2026\n",
        "Swap:        2097148           0     2097148\n",
        "Mem:        32795852     1902488    28000000        8884     1078068    30000000\n",
        "Swap:        2097148          -4     2097152\n",
        "Swap:        2097148 18446744073709551612     2097152\n",
        "   total used free\n",
        "# memtrace top=a:1:2,b:3:4\n",
        "Job:            300000      200000       40000           5       60000      100000\n",
        "Jobswap:         20000        5000       15000\n",
        "\n"};
    size_t size = text->size - begin, at = begin + next_random(text, size);
    size_t cut = 1 + next_random(text, text->size - at);
    switch (next_random(text, 6)) {
    case 0: /* another byte */
        text->byte[at] = odd[next_random(text, sizeof odd)];
        break;
    case 1: /* one byte is missing */
        cut = 1;
        /* fall through */
    case 2: /* many bytes are missing */
        memmove(text->byte + at, text->byte + at + cut, text->size - at - cut);
        text->size -= cut;
        break;
    case 3: /* a line in between */
        put_text(text, line[next_random(text, COUNT(line))]);
        break;
    case 4: /* a hole */
        memset(text->byte + at, 0, cut);
        break;
    default: /* the record ends in the middle */
        text->size = at;
        put_text(text, line[next_random(text, COUNT(line))]);
    }
}

/* Writes a log: of one format or several, with damage in one of `damage_every` records (0: none). */
static void make_log(struct text *text, uint64_t seed, uint64_t damage_every)
{
    text->size = 0;
    text->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    text->format = (enum format)(seed % 3 == 0 ? next_random(text, FORMAT_COUNT) : FORMAT_NEW);
    text->digits = (enum digits)(next_random(text, 2 * DIGITS_COUNT - 1) / 2);
    for (int i = 0; i < 10; i++)
        text->value[i] = 10000000 + next_random(text, 20000000) + (i == 0 ? 60000000 : 0);
    for (int i = 0; i < LOG_RECORDS; i++) {
        size_t begin = text->size;
        if (damage_every > 0 && next_random(text, 200) == 0)
            text->format = (enum format)next_random(text, FORMAT_COUNT);
        if (next_random(text, 50) == 0)
            text->digits = (enum digits)(next_random(text, 2 * DIGITS_COUNT - 1) / 2);
        put_record(text);
        if (damage_every > 0 && next_random(text, damage_every) == 0)
            damage(text, begin);
    }
}

/* ---- logs of many nodes ---- */

enum { NODES_MAX = 12 };

/* The form of labels, and whether lines of different nodes are interleaved. */
struct labels {
    const char *form;
    int nodes;
    bool is_mixed, has_blanks;
};

static void put_label(struct text *text, const struct labels *labels, int node)
{
    char label[80];
    /* Names of different lengths, some longer than the bytes compared at once. */
    static const char *const domain[] = {"", "", ".cluster.example.org", "-ib0"};
    if (strcmp(labels->form, "%2d: ") == 0)
        snprintf(label, sizeof label, "%2d: ", node);
    else
        snprintf(label, sizeof label, "node%d%s%s", node * node, domain[node % 4], labels->form);
    put_text(text, label);
}

/* Writes the lines of one record per node with the numbers `values`. */
static void put_round(struct text *text, const struct labels *labels, uint64_t values[NODES_MAX][10])
{
    static struct text record[NODES_MAX];
    const char *at[NODES_MAX];
    int open[NODES_MAX], count = labels->nodes;
    for (int node = 0; node < count; node++) {
        record[node].size = 0;
        record[node].random = text->random + (uint64_t)node;
        record[node].format = text->format;
        record[node].digits = text->digits;
        memcpy(record[node].value, values[node], sizeof record[node].value);
        put_record(&record[node]);
        memcpy(values[node], record[node].value, sizeof record[node].value);
        if (!labels->has_blanks)
            record[node].size--;
        record[node].byte[record[node].size] = '\0';
        at[node] = record[node].byte;
        open[node] = node;
    }
    next_random(text, 2);
    while (count > 0) {
        int chosen = (int)next_random(text, (uint64_t)count), node = open[chosen];
        do {
            size_t size = strcspn(at[node], "\n") + 1;
            put_label(text, labels, node);
            memcpy(text->byte + text->size, at[node], size);
            text->size += size;
            at[node] += size;
        } while (!labels->is_mixed && *at[node] != '\0');
        if (*at[node] == '\0')
            open[chosen] = open[--count];
    }
}

static void make_labelled_log(struct text *text, const struct labels *labels, uint64_t seed, uint64_t damage_every)
{
    uint64_t values[NODES_MAX][10];
    text->size = 0;
    text->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    text->format = seed % 3 == 0 ? FORMAT_JOBSWAP : seed % 7 == 0 ? FORMAT_WIDE : FORMAT_NEW;
    text->digits = (enum digits)(next_random(text, 2 * DIGITS_COUNT - 1) / 2);
    for (int node = 0; node < NODES_MAX; node++)
        for (int i = 0; i < 10; i++)
            values[node][i] = 10000000 + next_random(text, 20000000) + (i == 0 ? 60000000 : 0);
    while (text->size + NODES_MAX * 1000 < LOG_BYTES / 4) {
        size_t begin = text->size;
        struct labels now = *labels;
        if (damage_every > 0 && next_random(text, 4 * damage_every) == 0)
            text->format = (enum format)next_random(text, FORMAT_COUNT);
        if (damage_every > 0 && next_random(text, 2 * damage_every) == 0)
            now.is_mixed = !now.is_mixed;
        if (damage_every > 0 && next_random(text, 8 * damage_every) == 0) /* the number of nodes changes */
            now.nodes = 1 + (int)next_random(text, NODES_MAX);
        put_round(text, &now, values);
        if (damage_every > 0 && next_random(text, damage_every) == 0)
            damage(text, begin);
        if (damage_every > 0 && next_random(text, 8 * damage_every) == 0) /* a record without a label */
            put_record(text);
    }
}

/* ---- logs with times ---- */

/* The position of the times: before each line, on a line before or after each record, or both. */
enum place { PLACE_LINES, PLACE_BEFORE, PLACE_AFTER, PLACE_BOTH, PLACE_COUNT };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* Writes a time as strftime(3) does; "%Q" are its thousandths. */
static void put_time(struct text *text, const char *form, double time_s)
{
    char format[80], written[80];
    time_t second = (time_t)time_s;
    const char *thousandths = strstr(form, "%Q");
    int length = (int)(thousandths == NULL ? strlen(form) : (size_t)(thousandths - form));
    struct tm tm;
    snprintf(format, sizeof format, "%.*s", length, form);
    if (thousandths != NULL)
        snprintf(format + length, sizeof format - (size_t)length, "%03d%s", (int)((time_s - (double)second) * 1000),
                 thousandths + 2);
    gmtime_r(&second, &tm);
    written[strftime(written, sizeof written, format, &tm)] = '\0';
    put_text(text, written);
}
#pragma GCC diagnostic pop

static void make_stamped_log(struct text *text, const char *form, enum place place, uint64_t seed,
                             uint64_t damage_every)
{
    static struct text record;
    double time_s = seed % 2 == 0 ? 1732320000 : 1735689000.25; /* the second before a new year */
    if (strstr(form, "%s") == NULL && strstr(form, "%d") == NULL && strstr(form, "%e") == NULL && seed % 3 == 0)
        time_s = 0; /* elapsed time */
    text->size = 0;
    text->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    record.random = text->random;
    record.format = seed % 3 == 0 ? FORMAT_JOB : seed % 7 == 0 ? FORMAT_WIDE : FORMAT_NEW;
    record.digits = (enum digits)(next_random(text, 2 * DIGITS_COUNT - 1) / 2);
    for (int i = 0; i < 10; i++)
        record.value[i] = 10000000 + next_random(text, 20000000) + (i == 0 ? 60000000 : 0);
    while (text->size + 2000 < LOG_BYTES / 4) {
        size_t begin = text->size;
        bool is_odd = damage_every > 0 && next_random(text, damage_every) == 0;
        time_s += (double)next_random(text, 4) + (next_random(text, 60) == 0 ? 40000 : 0);
        if (is_odd && next_random(text, 3) == 0 && time_s > 50000)
            time_s -= (double)next_random(text, 50000);
        record.size = 0;
        put_record(&record);
        record.byte[record.size] = '\0';
        if (place != PLACE_LINES && place != PLACE_AFTER && !(is_odd && next_random(text, 2) == 0)) {
            put_time(text, form, time_s);
            put_text(text, "\n");
        }
        for (const char *at = record.byte; *at != '\0'; at += strcspn(at, "\n") + 1) {
            size_t size = strcspn(at, "\n") + 1;
            if (place == PLACE_LINES || place == PLACE_BOTH) {
                put_time(text, form, time_s);
                put_text(text, " ");
                time_s += next_random(text, 16) == 0 ? 1 : 0.001;
            }
            memcpy(text->byte + text->size, at, size);
            text->size += size;
        }
        if (place == PLACE_AFTER) {
            put_time(text, form, time_s);
            put_text(text, "\n");
        }
        if (is_odd && next_random(text, 2) == 0)
            damage(text, begin);
    }
}

/* ---- reports of parsers ---- */

static struct event *add(struct events *events, int kind, unsigned long line, const char *what)
{
    if (events->count == events->capacity) {
        events->capacity = events->capacity == 0 ? 4096 : events->capacity * 2;
        events->event = realloc(events->event, events->capacity * sizeof *events->event);
        assert_non_null(events->event);
    }
    struct event *event = &events->event[events->count++];
    memset(event, 0, sizeof *event);
    event->kind = kind;
    event->line = line;
    strncpy(event->text, what, sizeof event->text - 1);
    return event;
}

static void on_record(void *user, const struct freelog_record *record)
{
    struct events *events = user;
    struct event *event = add(events, -1, record->line, record->label);
    event->present = record->present & events->columns;
    event->meaning = (int)record->used_meaning;
    event->skipped = record->skipped;
    for (int c = 0; c < FREELOG_COLUMN_COUNT; c++)
        if ((event->present >> c & 1) != 0)
            event->value[c] = record->value[c];
    if (record->stamp_s == record->stamp_s)
        snprintf(event->text, sizeof event->text, "%s %.3f %d %d", record->label, record->stamp_s,
                 record->stamp_is_epoch, record->stamp_is_local);
}

static void on_header(void *user, const char *label, const char *key, const char *value)
{
    char text[3000];
    snprintf(text, sizeof text, "%s %s %s", label, key, value);
    add(user, 100, 0, text);
}

static void on_run(void *user, const struct freelog_run *run)
{
    struct events *events = user;
    events->in_runs += run->count;
    for (size_t i = 0; i < run->count; i++) {
        unsigned long line = run->line_of != NULL ? run->line_of[i] : run->line + i * run->lines;
        struct event *event = add(events, -1, line, run->label);
        if (run->stamp_s != NULL)
            snprintf(event->text, sizeof event->text, "%s %.3f %d %d", run->label, run->stamp_s[i], run->stamp_is_epoch,
                     run->stamp_is_local);
        event->present = run->present & events->columns;
        event->skipped = i == 0 ? run->skipped : 0;
        event->meaning = (int)run->used_meaning[run->has_one_meaning ? 0 : i];
        for (int c = 0; c < FREELOG_COLUMN_COUNT; c++)
            if ((event->present >> c & 1) != 0)
                event->value[c] = run->value[c][i];
        if (run->top != NULL && run->top[i].at != NULL) {
            char list[2000];
            snprintf(list, sizeof list, "%.*s", (int)run->top[i].size, run->top[i].at);
            on_header(user, run->label, "top", list);
            events->tops++;
        }
    }
}

static void on_note(void *user, enum freelog_note note, unsigned long line, const char *text)
{
    add(user, (int)note, line, text);
}

static void on_event(void *user, const char *label, unsigned long line, const char *text)
{
    (void)label;
    add(user, 101, line, text);
}

enum way { WAY_CLOSELY, WAY_FAST, WAY_AHEAD };

/* Reads a log in pieces of `piece` bytes. */
static void read_pieces(const struct text *text, size_t piece, enum way way, bool in_runs, double unit_bytes,
                        struct events *events)
{
    struct freelog_sink sink = {
        .user = events, .record = on_record, .header = on_header, .note = on_note, .event = on_event};
    struct freelog_parser *parser;
    unsigned long lines[2];
    bool ok = true;
    events->count = 0;
    if (in_runs) {
        sink.run = on_run;
        sink.run_columns = events->columns;
    }
    parser = freelog_parser_new(&sink, unit_bytes);
    assert_non_null(parser);
    struct freelog_ahead *ahead = NULL;
    if (way == WAY_CLOSELY)
        freelog_parser_look_closely(parser);
    for (size_t at = 0; at < text->size && ok; at += piece) {
        /* A separate copy, so that tools detect every read beyond it. */
        size_t size = text->size - at < piece ? text->size - at : piece;
        char *bytes = malloc(size);
        assert_non_null(bytes);
        memcpy(bytes, text->byte + at, size);
        if (ahead != NULL) {
            freelog_ahead_read(ahead, bytes, size);
            ok = freelog_parser_feed_ahead(parser, ahead, bytes, size);
        } else {
            ok = freelog_parser_feed(parser, bytes, size);
        }
        if (way == WAY_AHEAD && ahead == NULL)
            ahead = freelog_ahead_new(parser);
        free(bytes);
    }
    freelog_ahead_free(ahead);
    freelog_parser_finish(parser);
    freelog_parser_lines(parser, &lines[0], &lines[1]);
    add(events, 102, lines[0], "not empty");
    add(events, 103, lines[1], "understood");
    freelog_parser_free(parser);
}

static void compare(const struct events *fast, const struct events *general, const struct text *text, uint64_t seed)
{
    for (size_t i = 0; i < fast->count && i < general->count; i++)
        if (memcmp(&fast->event[i], &general->event[i], sizeof fast->event[i]) != 0) {
            const struct event *a = &fast->event[i], *b = &general->event[i];
            FILE *file = fopen("/tmp/test_free_fast.log", "wb");
            if (file != NULL) {
                fwrite(text->byte, 1, text->size, file);
                fclose(file);
            }
            fail_msg("log %lu (in /tmp/test_free_fast.log), event %zu: kind %d line %lu '%s' columns %x meaning %d, "
                     "looked at closely: kind %d line %lu '%s' columns %x meaning %d",
                     (unsigned long)seed, i, a->kind, a->line, a->text, a->present, a->meaning, b->kind, b->line,
                     b->text, b->present, b->meaning);
        }
    assert_int_equal(fast->count, general->count);
}

#ifdef __SANITIZE_ADDRESS__ /* gcc */
#define LOG_COUNT 1000
#elif defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#define LOG_COUNT 1000
#endif
#endif
#ifndef LOG_COUNT
#define LOG_COUNT 2000
#endif

/* Returns the number of logs to read: a million records in total, fewer with sanitizers, only a few in valgrind and
 * `make quick`. */
static uint64_t log_count(void)
{
    return unit_is_brief() ? 100 : LOG_COUNT;
}

static int compare_labels(const void *a, const void *b)
{
    const struct event *left = a, *right = b;
    int order = strcmp(left->text, right->text);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

/* Sorts the records by node: their order may differ between nodes, but not across other reports. */
static void sort_by_node(struct events *events)
{
    for (size_t i = 0, begin; i < events->count; i++) {
        for (begin = i; i < events->count && events->event[i].kind == -1; i++)
            ;
        qsort(events->event + begin, i - begin, sizeof *events->event, compare_labels);
    }
}

static void test_same_with_labels(void **state)
{
    static const size_t pieces[] = {LOG_BYTES, 65536, 4099, 1009, 419, 211, 97, 61, 30011, 7};
    static const char *const forms[] = {"%2d: ", ": ", "\t", ": "};
    static struct text text;
    struct events fast = {.columns = UINT32_MAX}, general = fast;
    size_t in_runs = 0;
    (void)state;
    for (uint64_t seed = 0; seed < log_count() / 10; seed++) {
        const struct labels labels = {forms[seed % COUNT(forms)], 1 + (int)(seed % NODES_MAX), seed % 2 == 0,
                                      seed % 5 != 0};
        make_labelled_log(&text, &labels, seed, (uint64_t[]){0, 2, 10, 50}[seed / 2 % 4]);
        read_pieces(&text, LOG_BYTES, WAY_CLOSELY, false, 0, &general);
        fast.in_runs = 0;
        read_pieces(&text, pieces[seed % COUNT(pieces)], seed % 3 == 1 ? WAY_AHEAD : WAY_FAST, seed % 2 == 1, 0, &fast);
        sort_by_node(&fast);
        sort_by_node(&general);
        compare(&fast, &general, &text, seed);
        in_runs += fast.in_runs;
    }
    assert_true(in_runs > log_count() * 4);
    free(fast.event);
    free(general.event);
}

/* Sound logs with labels take the fast path, interleaved or not, in pieces of any size. */
static void test_is_taken_with_labels(void **state)
{
    static const char *const forms[] = {"%2d: ", ": ", "\t"};
    static struct text text;
    struct events events = {.columns = UINT32_MAX};
    (void)state;
    for (size_t form = 0; form < COUNT(forms); form++)
        for (int mixed = 0; mixed <= 1; mixed++) {
            const struct labels labels = {forms[form], NODES_MAX, mixed == 1, true};
            make_labelled_log(&text, &labels, 8, 0);
            events.in_runs = 0;
            read_pieces(&text, 4099, WAY_FAST, true, 0, &events);
            if (events.in_runs + 5 * NODES_MAX < events.count)
                fail_msg("form '%s', mixed %d: %zu of %zu", forms[form], mixed, events.in_runs, events.count);
        }
    free(events.event);
}

static const char *const time_forms[] = {"%b %d %H:%M:%S",
                                         "%a %b %e %H:%M:%S UTC %Y",
                                         "%Y-%m-%dT%H:%M:%S.%Q+01:00",
                                         "[%Y-%m-%d %H:%M:%S]",
                                         "%s.%Q",
                                         "%H:%M:%S",
                                         "%H:%M:%S.%Q",
                                         "%d.%m.%Y %H:%M:%S",
                                         "%a %d %b %r UTC %Y",
                                         "%s",
                                         "=== %F %T ===",
                                         "%F %H:%M",
                                         "%m/%d/%Y %H:%M:%S CET"};

static void test_same_with_times(void **state)
{
    static const size_t pieces[] = {LOG_BYTES, 65536, 4099, 1009, 419, 211, 97, 61, 30011, 7};
    static struct text text;
    struct events fast = {.columns = UINT32_MAX}, general = fast;
    size_t in_runs = 0;
    (void)state;
    for (uint64_t seed = 0; seed < log_count() / 10; seed++) {
        const char *form = time_forms[seed % COUNT(time_forms)];
        make_stamped_log(&text, form, (enum place)(seed / 3 % PLACE_COUNT), seed,
                         (uint64_t[]){0, 3, 20, 100}[seed % 4]);
        read_pieces(&text, LOG_BYTES, WAY_CLOSELY, false, 0, &general);
        fast.in_runs = 0;
        read_pieces(&text, pieces[seed / 2 % COUNT(pieces)], seed % 3 == 1 ? WAY_AHEAD : WAY_FAST, seed % 2 == 1, 0,
                    &fast);
        compare(&fast, &general, &text, seed);
        in_runs += fast.in_runs;
    }
    assert_true(in_runs > log_count() * 4);
    free(fast.event);
    free(general.event);
}

/* Sound logs with times in the usual forms take the fast path. */
static void test_is_taken_with_times(void **state)
{
    static struct text text;
    struct events events = {.columns = UINT32_MAX};
    (void)state;
    for (size_t form = 0; form < 7; form++)
        for (int place = PLACE_LINES; place <= PLACE_AFTER; place++) {
            if (place != PLACE_LINES && strstr(time_forms[form], "%s") != NULL)
                continue; /* a number alone may be anything */
            make_stamped_log(&text, time_forms[form], (enum place)place, 2, 0);
            events.in_runs = 0;
            read_pieces(&text, LOG_BYTES, WAY_FAST, true, 0, &events);
            if (events.in_runs < events.count / 10 * 9)
                fail_msg("'%s', place %d: %zu of %zu", time_forms[form], place, events.in_runs, events.count);
        }
    free(events.event);
}

static void test_same_as_general(void **state)
{
    static const size_t pieces[] = {LOG_BYTES, 65536, 4099, 1009, 419, 211, 208, 207, 61, 30011, 13};
    static const double units[] = {0, 0, 0, 1, 1048576, 1073741824};
    static struct text text;
    struct events fast = {.columns = UINT32_MAX}, general = fast;
    size_t in_runs = 0;
    (void)state;
    for (uint64_t seed = 0; seed < log_count(); seed++) {
        uint64_t damage_every = (uint64_t[]){0, 3, 30, 300}[seed % 4];
        /* Every fourth parser emits runs with few columns. */
        bool in_run = seed % 4 == seed / 4 % 4;
        fast.columns = general.columns =
            in_run && seed % 8 < 4 ? 1u << FREELOG_USED | 1u << FREELOG_SWAP_USED : UINT32_MAX;
        make_log(&text, seed, damage_every);
        read_pieces(&text, LOG_BYTES, WAY_CLOSELY, false, units[seed % COUNT(units)], &general);
        read_pieces(&text, pieces[seed % COUNT(pieces)], seed % 3 == 1 ? WAY_AHEAD : WAY_FAST, in_run,
                    units[seed % COUNT(units)], &fast);
        compare(&fast, &general, &text, seed);
        in_runs += fast.in_runs;
        fast.in_runs = 0;
    }
    assert_true(fast.tops > log_count() / 8);
    assert_true(in_runs > log_count() * LOG_RECORDS / 32);
    free(fast.event);
    free(general.event);
}

/* Sound logs take the fast path, with steady or jumping digits; otherwise this file proves nothing. */
static void test_is_taken(void **state)
{
    static struct text text;
    struct events events = {.columns = 1u << FREELOG_USED};
    (void)state;
    for (int digits = DIGITS_STEADY; digits <= DIGITS_LONG; digits++)
        for (int format = FORMAT_NEW; format <= FORMAT_TOP; format++) {
            text.size = 0;
            text.random = 1;
            text.format = (enum format)format;
            text.digits = (enum digits)digits;
            for (int i = 0; i < 10; i++)
                text.value[i] = i == 0 ? 99999999 : 10000000;
            for (int i = 0; i < LOG_RECORDS; i++)
                put_record(&text);
            events.in_runs = events.tops = 0;
            read_pieces(&text, LOG_BYTES, WAY_FAST, true, 0, &events);
            if (format == FORMAT_TOP && events.tops < LOG_RECORDS / 2)
                fail_msg("digits %d: %zu lists", digits, events.tops);
            /* The parser needs one record to see the rows, one to learn from, and in a wide format one more. */
            if (events.in_runs < (format == FORMAT_TOP ? LOG_RECORDS / 10 * 9 : LOG_RECORDS - 3))
                fail_msg("format %d, digits %d: %zu of %d", format, digits, events.in_runs, LOG_RECORDS);
        }
    free(events.event);
}

int main(void)
{
    setenv("TZ", "UTC0", 1); /* strftime(3) reads it for seconds since 1970 */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_general),  cmocka_unit_test(test_is_taken),
        cmocka_unit_test(test_same_with_labels), cmocka_unit_test(test_is_taken_with_labels),
        cmocka_unit_test(test_same_with_times),  cmocka_unit_test(test_is_taken_with_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
