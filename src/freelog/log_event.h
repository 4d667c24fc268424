/* SPDX-License-Identifier: MIT */
/* log_event: meaningful lines that are not free's: messages of batch systems and of the kernel, control sequences of a
 * terminal. */
#ifndef MEMTRACE_FREELOG_LOG_EVENT_H
#define MEMTRACE_FREELOG_LOG_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#define LOG_EVENT_MAX 100 /* bytes of an event's text, NUL included */

enum log_event {
    LOG_EVENT_NONE,  /* no such message */
    LOG_EVENT_NOISE, /* a message, but nothing to be drawn */
    LOG_EVENT_MARK   /* an event */
};

struct log_event_text {
    char text[LOG_EVENT_MAX];    /* what is to be drawn, printable */
    const char *node, *node_end; /* the node that it names; NULL if there is none. Borrowed from the line. */
};

/* What a line is that Slurm, another batch system or the kernel may have printed. */
enum log_event log_event_read(const char *at, const char *end, struct log_event_text *event);

/* Returns true if the line has control sequences that place text on a screen, as watch(1) does. */
bool log_event_is_watch(const char *at, const char *end);

/* Copies the text without colours, titles and screen clearings to `plain`, which has space for it. Returns the length.
 */
size_t log_event_strip(const char *at, const char *end, char *plain);

#endif
