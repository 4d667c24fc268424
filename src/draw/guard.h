/* SPDX-License-Identifier: MIT */
/* guard: calls into the graphics libraries, which do not check every allocation. */
#ifndef MEMTRACE_DRAW_GUARD_H
#define MEMTRACE_DRAW_GUARD_H

#include <stdbool.h>

#include "base/error.h"

/* What is done under guard: true, or false with the reason in `error`. */
typedef bool guard_call(void *user, struct error *error);

/* Runs `call`. Where memory runs short, Cairo and pixman may skip what they should draw, or crash: both become an error
 * here. What `call` had open is not closed after a crash. Any other crash takes its
 * course. Calls do not nest. */
bool guard_run(guard_call *call, void *user, struct error *error);

/* Whether a library crashed in this thread: its locks may be held, so that none of its functions may be called. */
bool guard_has_crashed(void);

/* Whether a library could not have memory since errno was last set to 0: Cairo goes on without a word. To be called
 * while no other thread runs. */
bool guard_lacks_memory(void);

#endif
