/* SPDX-License-Identifier: MIT */
/* log_event: meaningful text that is not from free: messages of batch systems and the kernel, terminal control
 * sequences. */
#ifndef MEMTRACE_FREELOG_LOG_EVENT_H
#define MEMTRACE_FREELOG_LOG_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#define LOG_EVENT_MAX 100 /* bytes of an event's text, NUL included */

enum log_event {
    LOG_EVENT_NONE,  /* no such message */
    LOG_EVENT_NOISE, /* a message that is not plotted */
    LOG_EVENT_MARK   /* an event */
};

struct log_event_text {
    char text[LOG_EVENT_MAX];    /* the text to plot, printable */
    const char *node, *node_end; /* the node that it names, else NULL. Borrowed from the line. */
};

/* Classifies a line that Slurm, another batch system or the kernel may have printed. */
enum log_event log_event_read(const char *at, const char *end, struct log_event_text *event);

/* Returns true if the line has control sequences that place text on a screen, as watch(1) does. */
bool log_event_is_watch(const char *at, const char *end);

/* Copies the text without colours, titles and screen clearing to `plain`, which must be as large as the text. Returns
 * the length of the copy. */
size_t log_event_strip(const char *at, const char *end, char *plain);

#endif
