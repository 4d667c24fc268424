/* SPDX-License-Identifier: MIT */
/* show: results on standard output and in files. */
#ifndef MEMTRACE_CLI_SHOW_H
#define MEMTRACE_CLI_SHOW_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/message.h"
#include "cli/options.h"
#include "figure/figure_spec.h"
#include "model/runs.h"
#include "model/trace.h"
#include "term/caps.h"
#include "term/terminal.h"

/* The exit status of the program. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_ABOVE = 3 };

/* Checks that the options fit the trace, before anything is written; `against` is NULL without --against. Returns
 * EXIT_DONE, or the exit status with the reason in `error`. */
int show_check(const struct options *options, const struct trace *trace, const struct runs *against,
               struct error *error);

/* Returns what the options request of a figure. Borrows from both arguments. */
struct figure_wish show_wish(const struct options *options, const struct runs *against);

/* Returns how to draw a trace in a terminal with these capabilities. */
struct terminal_style show_style(const struct options *options, const struct caps *caps);

/* Writes the picture or page to --save. `is_final`: --follow will not write it again. Returns false with the reason in
 `error`. */
bool show_save(const struct options *options, const struct trace *trace, const struct figure_spec *figure_spec,
               bool is_final, struct error *error);

/* Writes everything the options ask for: picture, export, table, view in the terminal, summary line. Notes go to
 * `messages`. Returns false with the reason in `error`. */
bool show_all(const struct options *options, struct trace *trace, const struct figure_spec *figure_spec,
              struct messages *messages, struct error *error);

#endif
