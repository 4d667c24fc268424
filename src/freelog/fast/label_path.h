/* SPDX-License-Identifier: MIT */
/* label_path: records whose lines carry their node's label, as srun --label, pdsh and clush write them, in any order.
 */
#ifndef MEMTRACE_FREELOG_FAST_LABEL_PATH_H
#define MEMTRACE_FREELOG_FAST_LABEL_PATH_H

#include "../line_classifier.h"
#include "record_template.h"

#define LABEL_PATH_PREFIX_MAX 64 /* bytes of a label with what separates it from the line */

/* The lines of one node. Only label_path.c looks inside. */
struct label_lane;

/* What was learned, and the records that were read and not given yet. A zeroed one has learned nothing.
 * label_path_free frees what it owns. */
struct label_path {
    struct record_template shape; /* of the lines without their labels */
    bool is_learned;
    unsigned int misses; /* headers since the last record that was taken */
    struct label_lane **lane;
    size_t count, capacity;
    struct label_lane **by_prefix; /* a hash table of mask + 1 places, at least twice the lanes */
    size_t mask;
    struct label_lane *last, *dirty;  /* of the last line; those that have something to give, the first of a list */
    unsigned long state;              /* counts what line_classifier was given: it may have changed a node's state */
    const struct label_lane *teacher; /* whose record is collected to learn from: */
    char text[SIMD_MAX + 2];
    size_t text_size, headers; /* headers of others since */
};

/* Returns true if lines of the log may be such lines. */
static inline bool label_path_may(const struct line_classifier *log)
{
    return log->streams.count > 1 && log->other == NULL;
}

/* Takes lines from `at` on, the beginning of a line. Returns where they end: the beginning of a line that is
 * line_classifier_line's, or of one that is cut by `end`, or `end`. Records are given as line_classifier_line would,
 * but for the order of those of different nodes, and at label_path_settle at the latest. */
const char *label_path_take(struct label_path *path, struct line_classifier *log, const char *at, const char *end);

/* Gives all that was taken. To be called before line_classifier is given anything else. */
void label_path_settle(struct label_path *path, struct line_classifier *log);

void label_path_free(struct label_path *path);

#endif
