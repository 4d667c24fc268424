/* marks: owns the reading and placing of events. Knows no picture or option. */
#include "marks.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "units.h"

#define EPOCH_LEAST_S 1e9 /* 2001: no run takes so long */

static bool append(struct marks *marks, double time_s, const char *text)
{
    if (marks->count == marks->room) {
        size_t room = marks->room == 0 ? 16 : marks->room * 2;
        struct trace_mark *grown = realloc(marks->mark, room * sizeof *grown);
        if (grown == NULL)
            return false;
        marks->mark = grown;
        marks->room = room;
    }
    struct trace_mark *mark = &marks->mark[marks->count++];
    mark->time_s = time_s;
    snprintf(mark->text, sizeof mark->text, "%s", text);
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

bool marks_add(struct marks *marks, const char *text, struct error *error)
{
    const char *label = NULL;
    double time_s = 0;
    /* A time has colons too: the longest beginning that is one counts. */
    for (const char *colon = strchr(text, ':'); colon != NULL; colon = strchr(colon + 1, ':'))
        if (time_in(text, (size_t)(colon - text), &time_s))
            label = colon + 1;
    if (label == NULL || *label == '\0')
        return error_set(error, NULL, 0, "--mark takes TIME:TEXT such as 1:30:00:solve, not '%s'", text);
    time_in(text, (size_t)(label - 1 - text), &time_s);
    return append(marks, time_s, label) || error_set(error, NULL, 0, "out of memory");
}

/* Adds one line of a file. False with the reason in `error`. */
static bool add_line(struct marks *marks, char *line, const char *path, unsigned long number, struct error *error)
{
    double time_s;
    line[strcspn(line, "\r\n")] = '\0';
    line += strspn(line, " \t");
    if (*line == '\0' || *line == '#')
        return true;
    size_t length = strcspn(line, " \t");
    const char *text = line + length + strspn(line + length, " \t");
    if (!time_in(line, length, &time_s))
        return error_set(error, path, number, "a mark is TIME TEXT, not '%.60s'", line);
    return append(marks, time_s, text) || error_set(error, NULL, 0, "out of memory");
}

bool marks_read(struct marks *marks, const char *path, struct error *error)
{
    char *line = NULL;
    size_t size = 0;
    unsigned long number = 0;
    bool ok = true;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set(error, path, 0, "%s", strerror(errno));
    errno = 0;
    while (ok && getline(&line, &size, file) >= 0)
        ok = add_line(marks, line, path, ++number, error);
    if (ok && ferror(file))
        ok = error_set(error, path, 0, "%s", strerror(errno));
    free(line);
    fclose(file);
    return ok;
}

static int compare_marks(const void *a, const void *b)
{
    const struct trace_mark *left = a, *right = b;
    if (left->time_s != right->time_s)
        return left->time_s < right->time_s ? -1 : 1;
    return strcmp(left->text, right->text);
}

static void drop_repeated(struct marks *marks, double interval_s)
{
    size_t kept = 0;
    for (size_t i = 1; i < marks->count; i++) {
        const struct trace_mark *last = &marks->mark[kept], *next = &marks->mark[i];
        if (strcmp(last->text, next->text) != 0 || next->time_s - last->time_s > interval_s)
            marks->mark[++kept] = *next;
    }
    if (marks->count > 0)
        marks->count = kept + 1;
}

bool marks_place(struct marks *marks, const struct trace *trace, struct error *error)
{
    double interval_s = trace_interval(trace);
    for (size_t i = 0; i < marks->count; i++) {
        struct trace_mark *mark = &marks->mark[i];
        if (mark->time_s < EPOCH_LEAST_S)
            continue;
        if (!isfinite(trace->start_epoch_s))
            return error_set(error, NULL, 0,
                             "the mark '%s' has a clock time, but the logs do not tell when they started", mark->text);
        mark->time_s -= trace->start_epoch_s;
    }
    for (size_t i = 0; i < trace->count; i++) {
        const struct node *node = &trace->node[i];
        for (size_t k = 0; k < node->mark_count; k++)
            if (!append(marks, node->mark[k].time_s + node->offset_s, node->mark[k].text))
                return error_set(error, NULL, 0, "out of memory");
    }
    if (marks->count > 0)
        qsort(marks->mark, marks->count, sizeof *marks->mark, compare_marks);
    drop_repeated(marks, isfinite(interval_s) ? interval_s : 1);
    return true;
}

bool marks_copy(struct marks *marks, const struct marks *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!append(marks, from->mark[i].time_s, from->mark[i].text))
            return false;
    return true;
}

void marks_free(struct marks *marks)
{
    free(marks->mark);
    memset(marks, 0, sizeof *marks);
}
