/* SPDX-License-Identifier: MIT */
/* watch: logs that are still growing. */
#ifndef MEMTRACE_CLI_WATCH_H
#define MEMTRACE_CLI_WATCH_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/message.h"
#include "cli/options.h"
#include "model/runs.h"
#include "model/trace.h"

/* Returns true if logs are followed: with --follow, or if a pipe is to be drawn in a terminal. */
bool watch_wanted(const struct options *options);

/* Follows the logs until they end or the user quits, showing or saving them meanwhile, and leaves the final state in
 * `trace`, which the caller frees; missing logs are reported to `messages`. Returns EXIT_DONE, or the exit status with
 * the reason in `error`. */
int watch_run(const struct options *options, const struct runs *against, struct messages *messages, struct trace *trace,
              struct error *error);

#endif
