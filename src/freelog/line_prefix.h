/* SPDX-License-Identifier: MIT */
/* line_prefix: the text before free's own on a line: a node's name, a time, or both. */
#ifndef MEMTRACE_FREELOG_LINE_PREFIX_H
#define MEMTRACE_FREELOG_LINE_PREFIX_H

#include <stdbool.h>

#include "timestamp.h"

#define FREELOG_LABEL_MAX 255 /* bytes */

struct line_prefix {
    const char *label, *label_end; /* equal if there is none; borrowed from the text */
    bool has_stamp;
    bool stamp_first; /* the stamp precedes the label */
    struct timestamp stamp;
    unsigned int weight; /* of the stamp, see line_times_weight */
};

/* Splits the text [at, end) before a row or a heading: "0: " and "P0 0: " (srun --label), "node1: " (pdsh, clush),
 * "arg<TAB>" (parallel --tag), "file:" (grep), a stamp before or after these, or alone. Text of any other form is no
 * label. */
void line_prefix_read(const char *at, const char *end, struct line_prefix *prefix);

/* The label with its colon or tab at the beginning of a line that is not free's: true, with where it ends and the rest
 * begins. */
bool line_prefix_lead(const char *at, const char *end, const char **label, const char **label_end, const char **rest);

/* True for a line of dashes only, three at least, as clush -b and dshbak set around a node's name. */
bool line_prefix_is_rule(const char *at, const char *end);

#endif
