/* SPDX-License-Identifier: MIT */
/* labels: the user's names for files and runs. */
#ifndef MEMTRACE_CLI_LABELS_H
#define MEMTRACE_CLI_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/runs.h"
#include "model/trace.h"

/* A log, wildcard or directory of the command line, or a file in one of these with its own label. */
struct operand {
    char *path;       /* Owned. */
    const char *text; /* as it was given */
    const char *name; /* its label, NULL without one. Borrowed from argv or `text`. */
    size_t run;       /* 0: the run that is drawn; 1: the first baseline, and so on */
    bool is_listed;   /* given as a file on the command line */
};

/* A zeroed struct has no labels. */
struct labels {
    struct operand *operand; /* in the order of the command line. Owned. */
    size_t count, capacity;
    size_t runs;     /* that the drawn run is compared with */
    const char *own; /* label of the drawn run; NULL if it has none */
};

/* Appends an operand: FILE, or FILE=NAME where FILE exists (or is a wildcard that matches) and FILE=NAME does not.
 * `text` is borrowed. Returns false if out of memory, or with the reason in `error` for a bad NAME. */
bool labels_add(struct labels *labels, const char *text, size_t run, struct error *error);

/* Assigns the values of --label to the operands, after all operands were added: FILE=NAME to that file; values without
 * = in the order of the command line to the files and runs that have no label yet, whose number must match. `pattern`
 * selects the logs in directories. Returns false with the reason in `error`, also if a label occurs twice. */
bool labels_settle(struct labels *labels, const char *const *text, size_t count, const char *pattern,
                   struct error *error);

/* Names the nodes of a trace by the labels of its files. A label of one node replaces its name; a label of several
 * nodes is prefixed to their names, unless other runs are drawn: then it names the run. Returns false if out of
 * memory. */
bool labels_apply(const struct labels *labels, struct trace *trace);

/* Returns the label of a run, for the caller to free: the user's; else, if there are several runs, the name of its
 * folder or the host of its file (see input_host) if that is unique, or "baseline 2"; NULL for the only run. Sets
 * `*failed` if out of memory. */
char *labels_run_name(struct labels *labels, size_t run, const char *pattern, bool *failed);

/* Frees what the labels own and zeroes them. */
void labels_free(struct labels *labels);

#endif
