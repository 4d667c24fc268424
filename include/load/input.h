/* SPDX-License-Identifier: MIT */
/* input: turns what the user named into host names and bytes. */
#ifndef MEMTRACE_LOAD_INPUT_H
#define MEMTRACE_LOAD_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/map.h"

/* A log to be read. `path` is "-" for standard input. `host` is what `*` of the pattern matches in the file name, or
 * the file name without its extension if the pattern does not match ("stdin" for "-"). */
struct input_file {
    char *path;
    char *host;
    uint64_t size_bytes; /* 0 if unknown */
    dev_t device;        /* with inode: identifies a file under two names; 0 if unknown */
    ino_t inode;
    char *key; /* identifies the file under any name. Owned. */
};

/* A zeroed one is an empty list. */
struct input_list {
    struct input_file *file;
    size_t count, capacity;
    struct map by_key; /* indices of the files by key */
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

/* The host in a log's path: what `*` of the pattern matches in the file name, or the file name without its extension;
 * "stdin" for "-". The caller frees it. Returns NULL if out of memory. */
char *input_host(const char *path, const char *pattern);

/* Frees the list's contents and zeroes it; accepts a zeroed list. */
void input_list_free(struct input_list *list);

struct input;

/* Returns how many logs may be open at once, which leaves descriptors for other purposes. Raises the soft limit as far
 * as permitted. */
size_t input_open_max(void);

/* Opens a log; gzip is recognised by its first bytes. Returns NULL with the reason and the file in `error` on failure;
 * a directory is a failure. */
struct input *input_open(const char *path, struct error *error);

/* Reads up to `size` bytes, at least 1 except at the end (0). Returns -1 with the reason in `error` on failure, such as
 * a damaged gzip file. Returns available bytes rather than wait for more. */
ssize_t input_read(struct input *input, char *bytes, size_t size, struct error *error);

/* Reports where input_read reads next, counted from the beginning of the file. Returns false if the input can only be
 * read sequentially. */
bool input_report(const struct input *input, uint64_t *at);

/* Reads at any offset of an input for which input_report returns true, from any thread, without changing where
 * input_read reads. Like pread(2). */
ssize_t input_read_at(const struct input *input, char *bytes, size_t size, uint64_t at);

/* Sets where input_read reads next. Returns false if that fails. */
bool input_seek(struct input *input, uint64_t at);

/* When the input was last written, in seconds since 1970: the file's own time, else now. */
double input_written_s(const struct input *input);

/* Closes the input; NULL is allowed. */
void input_close(struct input *input);

#endif
