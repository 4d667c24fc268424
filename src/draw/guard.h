/* SPDX-License-Identifier: MIT */
/* guard: calls into the graphics libraries, which do not check every allocation. */
#ifndef MEMTRACE_DRAW_GUARD_H
#define MEMTRACE_DRAW_GUARD_H

#include <stdbool.h>

#include "base/error.h"

/* A call to be guarded. Returns true, or false with the reason in `error`. */
typedef bool guard_call(void *user, struct error *error);

/* Runs `call`. If memory runs out, Cairo and pixman may skip drawing or crash: both become an error here. Files that
 * `call` opened stay open after a crash. Any other crash ends the process as usual. Calls do not nest. */
bool guard_run(guard_call *call, void *user, struct error *error);

/* Returns true if a library crashed in this thread: it may hold locks, so none of its functions may be called again. */
bool guard_has_crashed(void);

/* Returns true if an allocation in a library failed since errno was last set to 0; Cairo may continue without reporting
 * it. Call it only while no other thread runs. */
bool guard_lacks_memory(void);

#endif
