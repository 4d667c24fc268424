/* SPDX-License-Identifier: MIT */
/* label_path: records whose lines carry their node's label, as srun --label, pdsh and clush write them, in any order.
 */
#ifndef MEMTRACE_FREELOG_FAST_LABEL_PATH_H
#define MEMTRACE_FREELOG_FAST_LABEL_PATH_H

#include "../line_classifier.h"
#include "record_template.h"

#define LABEL_PATH_PREFIX_MAX 64 /* bytes of a label and its separator */

/* The lines of one node. Private to label_path.c. */
struct label_lane;

/* The learned shape, and the records that were read but not emitted yet. A zeroed struct has learned nothing.
 * label_path_free frees its contents. */
struct label_path {
    struct record_template shape; /* of the lines without their labels */
    bool is_learned;
    unsigned int misses; /* headers since the last taken record */
    struct label_lane **lane;
    size_t count, capacity;
    struct label_lane **by_prefix; /* a hash table of mask + 1 places, at least twice the lanes */
    size_t mask;
    struct label_lane *last, *dirty;  /* the lane of the last line; the head of the list of lanes with records to emit
                                       */
    unsigned long state;              /* counts the lines given to line_classifier, which may have changed a node's
                                       * state */
    const struct label_lane *teacher; /* the lane whose record is collected to learn from: */
    char text[SIMD_MAX + 2];
    size_t text_size, headers; /* `headers` counts headers of other lanes since then */
};

/* Returns true if the log may have labelled lines. */
static inline bool label_path_may(const struct line_classifier *log)
{
    return log->streams.count > 1 && log->other == NULL;
}

/* Takes lines from `at`, the beginning of a line. Returns where they end: the beginning of a line that
 * line_classifier_line must read, or of one truncated by `end`, or `end`. Emits the same records as
 * line_classifier_line, at label_path_settle at the latest; only the order of different nodes may differ. */
const char *label_path_take(struct label_path *path, struct line_classifier *log, const char *at, const char *end);

/* Emits all taken records. Call it before line_classifier is given anything else. */
void label_path_settle(struct label_path *path, struct line_classifier *log);

void label_path_free(struct label_path *path);

#endif
