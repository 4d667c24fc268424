/* SPDX-License-Identifier: MIT */
/* events: the reading and placing of events. Independent of plots and options. */
#include "model/events.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/units.h"
#include "base/utf8.h"

#define EPOCH_MIN_S     1e9       /* 2001; no run takes this long */
#define EVENTS_FILE_MAX (4 << 20) /* bytes */

static bool append(struct events *events, double time_s, enum trace_event_kind kind, const char *text)
{
    if (!array_grow(&events->event, &events->capacity, events->count, sizeof *events->event))
        return false;
    struct trace_event *event = &events->event[events->count++];
    event->time_s = time_s;
    event->kind = kind;
    utf8_clean(event->text, sizeof event->text, text);
    return true;
}

/* Reads the time in the `length` bytes at `text`. */
static bool time_in(const char *text, size_t length, double *time_s)
{
    char time[32];
    if (length == 0 || length >= sizeof time)
        return false;
    memcpy(time, text, length);
    time[length] = '\0';
    return parse_time(time, time_s);
}

bool events_add(struct events *events, const char *text, struct error *error)
{
    const char *label = NULL;
    double time_s = 0;
    /* Times contain colons, too: takes the longest prefix that is a time. */
    for (const char *colon = strchr(text, ':'); colon != NULL; colon = strchr(colon + 1, ':'))
        if (time_in(text, (size_t)(colon - text), &time_s))
            label = colon + 1;
    if (label == NULL || *label == '\0')
        return error_set(error, NULL, 0, "--mark takes TIME:TEXT such as 1:30:00:solve, not '%s'", text);
    time_in(text, (size_t)(label - 1 - text), &time_s);
    return append(events, time_s, TRACE_EVENT_MARK, label) || error_memory(error, NULL);
}

/* Adds one line of a file. Returns false with the reason in `error`. */
static bool add_line(struct events *events, char *line, const char *path, unsigned long number, struct error *error)
{
    double time_s;
    line += number == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    line += strspn(line, " \t");
    if (*line == '\0' || *line == '#')
        return true;
    size_t length = strcspn(line, " \t");
    const char *text = line + length + strspn(line + length, " \t");
    if (!time_in(line, length, &time_s))
        return error_set(error, path, number, "expected an event as TIME TEXT, not '%.60s'", line);
    return append(events, time_s, TRACE_EVENT_MARK, text) || error_memory(error, NULL);
}

/* Adds the lines of `text`, which end with LF, CR or CRLF. */
static bool add_lines(struct events *events, char *text, const char *path, struct error *error)
{
    bool ok = true;
    for (unsigned long number = 1; ok && *text != '\0'; number++) {
        size_t length = strcspn(text, "\r\n");
        size_t end = text[length] == '\0' ? 0 : text[length] == '\r' && text[length + 1] == '\n' ? 2 : 1;
        text[length] = '\0';
        ok = add_line(events, text, path, number, error);
        text += length + end;
    }
    return ok;
}

/* Reads up to `size` bytes of a file into `text`; `*filled` receives how many were read. */
static bool read_text(const char *path, char *text, size_t size, size_t *filled, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(error, path, 0, "%s", strerror(errno));
    errno = 0;
    *filled = fread(text, 1, size, file);
    bool ok = !ferror(file) || error_set(error, path, 0, "%s", strerror(errno));
    fclose(file);
    return ok;
}

bool events_read(struct events *events, const char *path, struct error *error)
{
    size_t filled = 0;
    char *text = malloc(EVENTS_FILE_MAX + 1);
    if (text == NULL)
        return error_memory(error, NULL);
    bool ok = read_text(path, text, EVENTS_FILE_MAX + 1, &filled, error);
    if (ok && (filled > EVENTS_FILE_MAX || memchr(text, '\0', filled) != NULL))
        ok = error_set(error, path, 0, "not a list of events: it contains NUL bytes or exceeds %d MiB",
                       EVENTS_FILE_MAX >> 20);
    if (ok) {
        text[filled] = '\0';
        ok = add_lines(events, text, path, error);
    }
    free(text);
    return ok;
}

static int compare_events(const void *a, const void *b)
{
    const struct trace_event *left = a, *right = b;
    if (left->time_s != right->time_s)
        return left->time_s < right->time_s ? -1 : 1;
    return strcmp(left->text, right->text);
}

static void drop_repeated(struct events *events, double interval_s)
{
    size_t kept = 0;
    for (size_t i = 1; i < events->count; i++) {
        const struct trace_event *last = &events->event[kept], *next = &events->event[i];
        if (strcmp(last->text, next->text) != 0 || next->time_s - last->time_s > interval_s)
            events->event[++kept] = *next;
    }
    if (events->count > 0)
        events->count = kept + 1;
}

/* Returns true if two events are of processes killed for lack of memory at about the same time. */
static bool are_kills(const struct trace_event *one, const struct trace_event *two, double interval_s)
{
    return one->kind == TRACE_EVENT_OOM_KILL && two->kind == TRACE_EVENT_OOM_KILL &&
           two->time_s - one->time_s <= interval_s;
}

/* The node of a kill, or all that is known. */
static const char *killed_node(const struct trace_event *event)
{
    const char *node = trace_event_node(event);
    return node == NULL ? event->text : node;
}

static int compare_nodes(const void *a, const void *b)
{
    return strcmp(killed_node(a), killed_node(b));
}

/* Makes one event of the kills on several nodes at about the same time: "OOM kills on 7 nodes". */
static void join_kills(struct events *events, double interval_s)
{
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < events->count; i = next) {
        struct trace_event joined = events->event[i];
        size_t nodes = 1;
        for (next = i + 1; next < events->count && are_kills(&joined, &events->event[next], interval_s);)
            next++;
        qsort(&events->event[i], next - i, sizeof *events->event, compare_nodes);
        for (size_t k = i + 1; k < next; k++)
            nodes += compare_nodes(&events->event[k], &events->event[k - 1]) != 0 ? 1 : 0;
        if (nodes > 1)
            snprintf(joined.text, sizeof joined.text, "OOM kills on %zu nodes", nodes);
        events->event[kept++] = joined;
    }
    events->count = kept;
}

/* The text of an event in the log of a node, with the node's name for a kill. */
static void event_text(char *text, size_t size, const struct trace *trace, const struct node *node,
                       const struct trace_event *event)
{
    int used = snprintf(text, size, "%s", event->text);
    bool is_plain = trace->count == 1 || event->kind != TRACE_EVENT_OOM_KILL || trace_event_node(event) != NULL;
    if (!is_plain && used > 0 && (size_t)used < size)
        (void)snprintf(text + used, size - (size_t)used, "%s%s", FREELOG_EVENT_ON, node->name);
}

bool events_place(struct events *events, const struct trace *trace, struct error *error)
{
    double interval_s = trace_interval(trace);
    for (size_t i = 0; i < events->count; i++) {
        struct trace_event *event = &events->event[i];
        if (event->time_s < EPOCH_MIN_S)
            continue;
        if (!isfinite(trace->start_epoch_s))
            return error_set(error, NULL, 0, "the event '%s' has a clock time, but the logs have no start time",
                             event->text);
        event->time_s -= trace->start_epoch_s;
    }
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        for (size_t k = 0; k < node->event_count; k++) {
            char text[sizeof node->event->text];
            event_text(text, sizeof text, trace, node, &node->event[k]);
            if (!append(events, node->event[k].time_s + node->offset_s, node->event[k].kind, text))
                return error_memory(error, NULL);
        }
    }
    if (events->count > 0)
        qsort(events->event, events->count, sizeof *events->event, compare_events);
    drop_repeated(events, isfinite(interval_s) ? interval_s : 1);
    join_kills(events, isfinite(interval_s) ? interval_s : 1);
    return true;
}

bool events_copy(struct events *events, const struct events *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!append(events, from->event[i].time_s, from->event[i].kind, from->event[i].text))
            return false;
    return true;
}

void events_free(struct events *events)
{
    free(events->event);
    memset(events, 0, sizeof *events);
}
