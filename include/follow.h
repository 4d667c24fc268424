/* follow: logs that grow, read on from where they were read before. */
#ifndef MEMTRACE_FOLLOW_H
#define MEMTRACE_FOLLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "load.h"
#include "trace.h"

struct follow;

/* Takes what the user named, as input_list_add; all of it is borrowed. What is not there yet may come later. NULL when
 * memory is short. */
struct follow *follow_open(const struct load_settings *settings, const char *const *operand, size_t count,
                           const char *pattern);
void follow_close(struct follow *follow);

/* What a reading found. */
struct follow_news {
    bool changed; /* there are new bytes */
    bool more;    /* there are more still: it stopped so that the user need not wait */
};

/* Reads what is new, never waiting for it, and only that: of known logs the bytes behind those read, and now and then
 * logs that came since. A log that was replaced goes on with the new file, after the rest of the old one; one that was
 * truncated starts anew. False when memory is short. */
bool follow_read(struct follow *follow, struct follow_news *news, struct error *error);

/* Whether nothing more can come: every log has its trailer or is at the end of a pipe. Never so while operands have
 * named no log. */
bool follow_has_ended(const struct follow *follow);

/* Whether standard input is among the logs and still open: then it can be waited for. */
bool follow_waits_for_stdin(const struct follow *follow);

/* Fills a zeroed trace with what there is so far, to be looked at until follow_return. It may be empty. False when
 * memory is short. */
bool follow_look(const struct follow *follow, struct trace *trace);
void follow_return(struct trace *trace);

/* Ends it: fills a zeroed trace as load_trace does. Only follow_close may come after. */
bool follow_finish(struct follow *follow, struct trace *trace, load_tell *tell, void *user, struct error *error);

#endif
