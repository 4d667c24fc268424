/* SPDX-License-Identifier: MIT */
/* moved: finds the rotated part of a log by the bytes already read. */
#include "moved.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "load/input.h"
#include "rotation.h"

#define CHUNK_BYTES ((size_t)64 * 1024)

/* Skips the bytes already read and compares the last of them. Returns false if they differ. */
static bool skip_known(struct input *input, char *chunk, const struct moved_end *end)
{
    const size_t offset = (size_t)end->offset, tail_at = offset - end->tail_size;
    for (size_t at = 0; at < offset;) {
        size_t wanted = offset - at < CHUNK_BYTES ? offset - at : CHUNK_BYTES;
        ssize_t size = input_read(input, chunk, wanted, NULL);
        if (size <= 0)
            return false;
        for (size_t i = at < tail_at ? tail_at - at : 0; i < (size_t)size; i++)
            if (chunk[i] != end->tail[at + i - tail_at])
                return false;
        at += (size_t)size;
    }
    return true;
}

/* Feeds the bytes of a file after those already read. */
static bool feed_after(struct load_log *log, const char *path, const struct moved_end *end)
{
    struct input *input = input_open(path, NULL);
    char *chunk = malloc(CHUNK_BYTES);
    bool ok = input != NULL && chunk != NULL && skip_known(input, chunk, end);
    ssize_t size = 0;
    while (ok && (size = input_read(input, chunk, CHUNK_BYTES, NULL)) > 0)
        if (!load_log_feed(log, chunk, (size_t)size))
            break;
    free(chunk);
    input_close(input);
    return ok && size >= 0;
}

static bool is_before(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec < b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec < b->tv_nsec);
}

/* Returns true if a file may be the rotated part: its name is that of the log plus a number or date, and it is not
 * older. */
static bool may_be_part(const char *path, const char *part, const struct timespec *written)
{
    struct stat status;
    double order;
    size_t base = rotation_base(part, &order);
    return order >= 0 && base == strlen(path) && memcmp(path, part, base) == 0 && stat(part, &status) == 0 &&
           S_ISREG(status.st_mode) && !is_before(&status.st_mtim, written);
}

bool moved_feed(struct load_log *log, const char *path, const struct moved_end *end)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *folder = length == 0 ? strdup(".") : strndup(path, length);
    DIR *directory = folder == NULL ? NULL : opendir(folder);
    bool found = false;
    for (const struct dirent *entry; directory != NULL && !found && (entry = readdir(directory)) != NULL;) {
        char *part = NULL;
        if (strncmp(entry->d_name, path + length, strlen(path + length)) != 0 ||
            asprintf(&part, "%.*s%s", (int)length, path, entry->d_name) < 0)
            continue;
        found = end->tail_size > 0 && may_be_part(path, part, &end->written) && feed_after(log, part, end);
        free(part);
    }
    if (directory != NULL)
        closedir(directory);
    free(folder);
    return found;
}

bool moved_feed_whole(struct load_log *log, const char *path)
{
    const struct moved_end end = {.offset = 0};
    return feed_after(log, path, &end);
}
