/* ask: what a terminal answers when it is asked what it can show. */
#ifndef MEMTRACE_ASK_H
#define MEMTRACE_ASK_H

#include <stdbool.h>

struct answers {
    bool answered;               /* the terminal said anything at all */
    bool kitty, iterm, sixel;    /* shows pictures by this protocol */
    bool knows_ground, is_light; /* its ground has a known colour, which is light */
};

/* Asks the terminal at standard output for its kind (DA1) and, unless that is one that would print what it does not
 * know, for kitty's protocol with a picture of one pixel, for its name (XTVERSION) and for the colour of its ground
 * (OSC 11), and reads the answers for `timeout_s` at most: the answer to a last DA1 ends them. Nothing is asked, and
 * nothing answered, where this process is not in the foreground of a terminal; what a question leaves on the line is
 * erased, and answers do not stay behind for the shell. */
void ask_terminal(struct answers *answers, double timeout_s);

/* Reads the answers in a text as terminals send it. Whether the last one is there. */
bool ask_read(struct answers *answers, const char *text);

#endif
