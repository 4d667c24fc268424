/* SPDX-License-Identifier: MIT */
/* input: from what the user named to host names and bytes. */
#ifndef MEMTRACE_LOAD_INPUT_H
#define MEMTRACE_LOAD_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/map.h"

/* A log to be read. `path` is "-" for standard input. `host` is what `*` of the pattern matches in the file name, or
 * the file name less its extension where it does not match ("stdin" for "-"). */
struct input_file {
    char *path;
    char *host;
    uint64_t size_bytes; /* 0 where unknown */
    dev_t device;        /* with inode: identifies a file under two names; 0 if unknown */
    ino_t inode;
    char *key; /* identifies the file under any name. Owned. */
};

/* A zeroed one is an empty list. */
struct input_list {
    struct input_file *file;
    size_t count, capacity;
    struct map by_key; /* places of the files by their keys */
};

/* Appends the logs that `operand` names: a file, a quoted wildcard, a directory (its files that match `pattern`, not
 * deeper, with .gz after it too), or "-". `pattern` has one `*` for the host name, or is a suffix. Wildcards and
 * directories give a natural order (n2 before n10) in any locale. A file already listed is not listed again; of its
 * paths the shortest is kept, of equally long ones the first in natural order. Fails when a wildcard or directory
 * matches nothing, or memory runs out; a missing file is listed anyway: opening it reports the
 * error. */
bool input_list_add(struct input_list *list, const char *operand, const char *pattern, struct error *error);

/* Puts the files in the natural order of their paths, whatever the order of the operands was. Nothing can be
 * added afterwards. */
void input_list_sort(struct input_list *list);

/* The host that a log's path names: what `*` of the pattern stands for in the file name, or the file name less its
 * extension, "stdin" for "-". For the caller to free; NULL if out of memory. */
char *input_host(const char *path, const char *pattern);

/* Frees the list's contents and zeroes it; accepts a zeroed one. */
void input_list_free(struct input_list *list);

struct input;

/* How many logs may be open at once, which leaves descriptors for other things; the soft limit is raised as far as it
 * may be. */
size_t input_open_max(void);

/* Opens a log, gzip recognised by its first bytes. Returns NULL on failure, with the reason and the file in `error` (a
 * directory is one). */
struct input *input_open(const char *path, struct error *error);

/* Reads up to `size` bytes, at least 1 unless at the end (0). -1: `error` has the reason, such as a
 * damaged gzip file. Returns what is there rather than wait for more. */
ssize_t input_read(struct input *input, char *bytes, size_t size, struct error *error);

/* Where input_read reads next, counted from the beginning of the file. False for what can only be read from one end to
 * the other. */
bool input_report(const struct input *input, uint64_t *at);

/* Reads at any place of an input that input_report knows one of, from any thread, without moving where input_read
 * reads. As read(2). */
ssize_t input_read_at(const struct input *input, char *bytes, size_t size, uint64_t at);

/* Sets where input_read reads next. Returns false if that fails. */
bool input_seek(struct input *input, uint64_t at);

/* When what is read was last written, in seconds since 1970: of a file as it says, else now. */
double input_written_s(const struct input *input);

/* Closes; NULL is allowed. */
void input_close(struct input *input);

#endif
