/* SPDX-License-Identifier: MIT */
/* labels: what the user calls files and runs. */
#ifndef MEMTRACE_CLI_LABELS_H
#define MEMTRACE_CLI_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/runs.h"
#include "model/trace.h"

/* A log, wildcard or directory of the command line, or a file among them that has a label of its own. */
struct operand {
    char *path;       /* Owned. */
    const char *text; /* as it was given */
    const char *name; /* its label, NULL without one. Borrowed from argv or `text`. */
    size_t run;       /* 0: of the run that is drawn; 1 for the first one it is compared with, and so on */
    bool is_listed;   /* stands among the files on the command line */
};

/* A zeroed one has none. */
struct labels {
    struct operand *operand; /* in the order of the command line. Owned. */
    size_t count, capacity;
    size_t runs;     /* that the drawn one is compared with */
    const char *own; /* label of the drawn run, NULL without one */
};

/* Appends an operand: FILE, or FILE=NAME where FILE exists (or is a wildcard that matches) and FILE=NAME does not. `text` is borrowed. Returns false if
 * memory is short, or with the reason in `error` for a bad NAME. */
bool labels_add(struct labels *labels, const char *text, size_t run, struct error *error);

/* Gives the values of --label to the operands, which are all there: FILE=NAME to that file; those without = in the
 * order of the command line to the files and runs that have none yet, and there must be as many. `pattern` is
 * that of logs in directories. False with the reason in `error`, also for a label that is given twice. */
bool labels_settle(struct labels *labels, const char *const *text, size_t count, const char *pattern,
                   struct error *error);

/* Names the nodes of a trace by the labels of its files: one node by the label alone; several that one label is for by
 * the label before their names, unless other runs are drawn: then it is the run's. Returns false if memory is short. */
bool labels_apply(const struct labels *labels, struct trace *trace);

/* The label of a run for the caller to free: the user's; else, of several, the name of its folder or the host of its
 * file (see input_host) where that is different from all others, or "baseline 2"; NULL for the only one. Sets `*failed`
 * if memory is short. */
char *labels_run_name(struct labels *labels, size_t run, const char *pattern, bool *failed);

/* Frees what they own and zeroes them. */
void labels_free(struct labels *labels);

#endif
