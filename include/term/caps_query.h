/* SPDX-License-Identifier: MIT */
/* caps_query: what a terminal caps_answers when it is asked what it can show. */
#ifndef MEMTRACE_TERM_CAPS_QUERY_H
#define MEMTRACE_TERM_CAPS_QUERY_H

#include <stdbool.h>

struct caps_answers {
    bool answered;               /* the terminal said anything at all */
    bool kitty, iterm, sixel;    /* shows pictures by this protocol */
    bool knows_ground, is_light; /* its ground has a known colour, which is light */
};

/* Asks the terminal at standard output for its kind (DA1) and, unless that is one that would print what it does not
 * know, for kitty's protocol with a picture of one pixel, for its name (XTVERSION) and for the colour of its ground
 * (OSC 11), and reads the caps_answers for `timeout_s` at most: the answer to a last DA1 ends them. Nothing is asked,
 * and nothing answered, where this process is not in the foreground of a terminal; what a question leaves on the line
 * is erased, and caps_answers are not left for the shell. */
void caps_query(struct caps_answers *caps_answers, double timeout_s);

/* Reads the caps_answers in a text as terminals send it. Whether the last one is there. */
bool caps_query_read(struct caps_answers *caps_answers, const char *text);

#endif
