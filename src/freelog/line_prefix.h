/* SPDX-License-Identifier: MIT */
/* line_prefix: the text before free's output on a line: a node name, a time, or both. */
#ifndef MEMTRACE_FREELOG_LINE_PREFIX_H
#define MEMTRACE_FREELOG_LINE_PREFIX_H

#include <stdbool.h>

#include "timestamp.h"

#define FREELOG_LABEL_MAX 255 /* bytes */

struct line_prefix {
    const char *label, *label_end; /* equal if there is none; borrowed from the text */
    bool has_stamp;
    bool is_label_guessed; /* a word with a number; other nodes of the log may have none */
    bool stamp_first;      /* the stamp precedes the label */
    bool is_stamp_guessed; /* a number among other words: a time only if those of the log advance like times */
    struct timestamp stamp;
    unsigned int weight; /* of the stamp, see line_times_weight */
};

/* Splits the text [at, end) before a row or a heading: "0: " and "P0 0: " (srun --label), "node1: " (pdsh, clush),
 * "arg<TAB>" (parallel --tag), "file:" (grep), a stamp before or after these, or alone. Any other text is not a label.
 */
void line_prefix_read(const char *at, const char *end, struct line_prefix *prefix);

/* Finds the label, followed by a colon or tab, at the beginning of a line without free's output, its end, and the start
 * of the rest. Returns false if there is none. */
bool line_prefix_lead(const char *at, const char *end, const char **label, const char **label_end, const char **rest);

/* Returns true for a line of at least three dashes and nothing else, as clush -b and dshbak print around a node name.
 */
bool line_prefix_is_rule(const char *at, const char *end);

#endif
