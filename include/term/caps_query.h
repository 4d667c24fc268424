/* SPDX-License-Identifier: MIT */
/* caps_query: asks the terminal what it can show. */
#ifndef MEMTRACE_TERM_CAPS_QUERY_H
#define MEMTRACE_TERM_CAPS_QUERY_H

#include <stdbool.h>

struct caps_answers {
    bool answered;               /* the terminal sent any answer */
    bool kitty, iterm, sixel;    /* shows pictures by this protocol */
    bool knows_ground, is_light; /* its background colour is known; it is light */
};

/* Asks the terminal at standard output for its kind (DA1) and, unless that kind prints unknown sequences, for kitty's
 * protocol with a picture of one pixel, for its name (XTVERSION) and for its background colour (OSC 11). Reads the
 * answers for at most `timeout_s`: the answer to a final DA1 ends them. Asks nothing if this process is not in the
 * foreground of a terminal. Erases what a query leaves on the line, and leaves no answers for the shell to read. */
void caps_query(struct caps_answers *caps_answers, double timeout_s);

/* Parses the answers in `text` as terminals send them. Returns true if the last one has arrived. */
bool caps_query_read(struct caps_answers *caps_answers, const char *text);

#endif
