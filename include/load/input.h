/* SPDX-License-Identifier: MIT */
/* input: turns operands into host names and bytes. */
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
    dev_t device;        /* with inode: identifies a file that has two names; 0 if unknown */
    ino_t inode;
    char *key; /* identifies the file under any name. Owned. */
};

/* A zeroed struct is an empty list. */
struct input_list {
    struct input_file *file;
    size_t count, capacity;
    struct map by_key; /* indices of the files by key */
};

/* Appends the logs that `operand` names: a file, a quoted wildcard, a directory (its files that match `pattern`,
 * also with .gz or the ending of a rotated log appended; subdirectories are ignored), or "-". `pattern` contains one
 * `*` for the host name, or is a suffix. Wildcards and directories are expanded in natural order (n2 before n10) in any
 * locale. A file already listed is not added again; of its paths the shortest is kept, of equally long ones the first
 * in natural order. Returns false if a wildcard or directory matches nothing, or if out of memory. A missing file is
 * added anyway; opening it reports the error. */
bool input_list_add(struct input_list *list, const char *operand, const char *pattern, struct error *error);

/* Sorts the files by path in natural order, regardless of the order of operands. No file can be added afterwards. */
void input_list_sort(struct input_list *list);

/* Returns the host in a log's path: what `*` of the pattern matches in the file name, or the file name without its
 * extension, or "stdin" for "-". The caller frees it. Returns NULL if out of memory. */
char *input_host(const char *path, const char *pattern);

/* Frees what the list owns and zeroes it. Accepts a zeroed list. */
void input_list_free(struct input_list *list);

struct input;

/* Returns how many logs may be open at once; some descriptors are reserved for other purposes. Raises the soft limit
 * as far as permitted. */
size_t input_open_max(void);

/* Opens a log. Gzip is recognised by its first bytes. On failure, returns NULL and sets `error` to the reason and
 * the file. A directory is a failure. */
struct input *input_open(const char *path, struct error *error);

/* Reads up to `size` bytes. Returns the number of bytes read, at least 1, or 0 at the end. On failure, such as a
 * damaged gzip file, returns -1 and sets `error`. Returns the available bytes rather than wait for more. */
ssize_t input_read(struct input *input, char *bytes, size_t size, struct error *error);

/* Reports the offset in the file at which input_read reads next. Returns false if the input can only be read
 * sequentially. */
bool input_report(const struct input *input, uint64_t *at);

/* Reads at any offset of an input for which input_report returns true, from any thread, without changing where
 * input_read reads. Like pread(2). */
ssize_t input_read_at(const struct input *input, char *bytes, size_t size, uint64_t at);

/* Sets the offset at which input_read reads next. Returns false if that fails. */
bool input_seek(struct input *input, uint64_t at);

/* Returns when the input was last written, in seconds since 1970: the file's modification time, at most the
 * current time, which it is for other inputs. */
double input_written_s(const struct input *input);

/* Closes the input. Accepts NULL. */
void input_close(struct input *input);

#endif
