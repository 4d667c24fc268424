/* free_events: lines of a log that are not free's but tell something: Slurm's messages, a terminal's control sequences.
 */
#ifndef MEMTRACE_FREE_EVENTS_H
#define MEMTRACE_FREE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#define FREE_EVENT_MAX 100 /* bytes of an event's text, NUL included */

enum free_event {
    FREE_EVENT_NONE,  /* no line of Slurm */
    FREE_EVENT_NOISE, /* of Slurm, but nothing to be drawn */
    FREE_EVENT_MARK   /* an event */
};

struct free_event_text {
    char text[FREE_EVENT_MAX];   /* what is to be drawn, printable */
    const char *node, *node_end; /* the node that it names; NULL without. Borrowed from the line. */
};

/* What a line is that Slurm may have printed. */
enum free_event free_event_read(const char *at, const char *end, struct free_event_text *event);

/* True when the line has control sequences that place text on a screen, as watch(1) does. */
bool free_event_is_watch(const char *at, const char *end);

/* Copies the text without colours, titles and screen clearings to `plain`, which has room for it. Returns the length.
 */
size_t free_event_strip(const char *at, const char *end, char *plain);

#endif
