/* SPDX-License-Identifier: MIT */
/* tail: the files of growing logs: how much of each was read, and what happened to it since. Independent of plots,
 * terminals and options. */
#include "load/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "moved.h"
#include "rotation.h"

#define CHUNK_BYTES  ((size_t)256 * 1024)
#define TURN_BYTES   ((size_t)32 * 1024 * 1024) /* of one log before the others have their turn */
#define TURN_S       0.3                        /* of all logs before the user has a turn */
#define START_BYTES  64                         /* that identify the kind of file */
#define TAIL_BYTES   256                        /* a record's: its end alone is that of others, too */
#define MANY_LOGS    100
#define LOOK_SHARE   200 /* looking for new logs takes at most 1/200 of the time */
#define LOOK_LEAST_S 1.0

/* A log that is followed. */
struct followed {
    struct input_file file; /* path and host are owned */
    struct load_log *log;
    int fd; /* -1: closed between two readings, or not existing yet */
    off_t offset;
    char tail[TAIL_BYTES]; /* the bytes before the offset, by which a rewritten file is recognised */
    size_t tail_size;
    struct timespec written; /* last change of the file that was seen */
    dev_t device;            /* with inode: of the file that is read */
    ino_t inode;
    bool is_known; /* device and inode are */
    bool is_stdin;
    bool is_stream; /* can only be read once and sequentially: a FIFO */
    bool is_done;   /* nothing more can be read */
};

struct tail {
    const struct load_settings *settings;
    const char *const *operand;
    size_t operand_count;
    const char *pattern;
    struct followed **log; /* allocated one by one, because struct load_log borrows the file */
    size_t count, capacity;
    size_t next;  /* index of the log to read first next time */
    size_t found; /* where the search for the next file begins */
    size_t open_count, open_max;
    double next_look_s; /* when to look for new logs */
    bool has_looked;
    char *chunk;
};

struct tail *tail_open(const struct load_settings *settings, const char *const *operand, size_t count,
                       const char *pattern)
{
    struct tail *follow = calloc(1, sizeof *follow);
    if (follow == NULL)
        return NULL;
    *follow = (struct tail){.settings = settings, .operand = operand, .operand_count = count, .pattern = pattern};
    follow->open_max = input_open_max();
    follow->chunk = malloc(CHUNK_BYTES);
    if (follow->chunk == NULL) {
        tail_close(follow);
        return NULL;
    }
    return follow;
}

static void close_file(struct tail *follow, struct followed *log)
{
    if (log->fd < 0 || log->is_stdin)
        return;
    close(log->fd);
    log->fd = -1;
    follow->open_count--;
}

void tail_close(struct tail *follow)
{
    if (follow == NULL)
        return;
    for (size_t i = 0; i < follow->count; i++) {
        struct followed *log = follow->log[i];
        close_file(follow, log);
        load_log_free(log->log);
        free(log->file.path);
        free(log->file.host);
        free(log);
    }
    free(follow->log);
    free(follow->chunk);
    free(follow);
}

/* Returns true if a file is already followed, possibly under another name, because the log was moved. Files mostly come
 * in the order in which they are followed, so the search begins after the last match. */
static bool is_followed(struct tail *follow, const struct input_file *file)
{
    for (size_t i = 0; i < follow->count; i++) {
        size_t at = (follow->found + i) % follow->count;
        const struct followed *log = follow->log[at];
        if (strcmp(log->file.path, file->path) == 0 ||
            (file->inode != 0 && log->is_known && log->inode == file->inode && log->device == file->device)) {
            follow->found = at + 1;
            return true;
        }
    }
    return false;
}

/* Moves a log from a list to those that are followed. */
static bool add_log(struct tail *follow, struct input_file *file, bool is_one_of_many)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
    if (!array_grow(&follow->log, &follow->capacity, follow->count, sizeof *follow->log))
        return false;
    struct followed *log = calloc(1, sizeof *log);
    if (log == NULL)
        return false;
    log->file = *file;
    log->file.key = NULL; /* stays the list's */
    file->path = file->host = NULL;
    log->is_stdin = strcmp(log->file.path, "-") == 0;
    log->fd = log->is_stdin ? STDIN_FILENO : -1;
    follow->log[follow->count++] = log;
    log->log = load_log_new(follow->settings, &log->file, is_one_of_many);
    return log->log != NULL;
}

/* Returns true if a file is a rotated part of a log that is followed: its contents were read before it was moved or
 * copied. */
static bool is_part_of_followed(const struct tail *follow, const char *path)
{
    double order;
    size_t base = rotation_base(path, &order);
    for (size_t i = 0; i < follow->count && order >= 0; i++)
        if (strncmp(follow->log[i]->file.path, path, base) == 0 && follow->log[i]->file.path[base] == '\0')
            return true;
    return false;
}

/* The last part of the rotated log that begins with file `first`, if that is the one that grows; else `first`. */
static size_t growing_part(const struct input_list *list, const struct rotation *rotation, size_t first)
{
    size_t last = first;
    double order;
    while (rotation->next[last] != last)
        last = rotation->next[last];
    (void)rotation_base(list->file[last].path, &order);
    return order < 0 ? last : first;
}

/* Takes the logs of the first list over. Of a rotated log the last part is followed, after the others were read. */
static bool add_first_logs(struct tail *follow, struct input_list *list)
{
    struct rotation rotation = {NULL, NULL};
    bool ok = rotation_find(&rotation, follow->settings, list);
    for (size_t i = 0; i < list->count && ok; i++) {
        size_t last = rotation.first[i] == i ? growing_part(list, &rotation, i) : i;
        if (rotation.first[i] != i && growing_part(list, &rotation, rotation.first[i]) != rotation.first[i])
            continue; /* a part of another */
        ok = add_log(follow, &list->file[last], list->count > MANY_LOGS);
        for (size_t part = i; ok && part != last; part = rotation.next[part])
            (void)moved_feed_whole(follow->log[follow->count - 1]->log, list->file[part].path);
    }
    rotation_free(&rotation);
    return ok;
}

/* Looks for logs that came since. An operand that names none yet may do so later. */
static bool look_for_logs(struct tail *follow)
{
    double start_s = clock_monotonic_s();
    struct input_list list = {0};
    bool ok = true;
    for (size_t i = 0; i < follow->operand_count; i++)
        (void)input_list_add(&list, follow->operand[i], follow->pattern, NULL);
    input_list_sort(&list);
    if (follow->count == 0)
        ok = add_first_logs(follow, &list);
    for (size_t i = 0; i < list.count && ok; i++)
        if (list.file[i].path != NULL && !is_followed(follow, &list.file[i]) &&
            !is_part_of_followed(follow, list.file[i].path))
            ok = add_log(follow, &list.file[i], list.count > MANY_LOGS);
    input_list_free(&list);
    double end_s = clock_monotonic_s(), pause_s = (end_s - start_s) * LOOK_SHARE;
    follow->next_look_s = end_s + (pause_s > LOOK_LEAST_S ? pause_s : LOOK_LEAST_S);
    follow->has_looked = true;
    return ok;
}

/* Starts a log anew: its file was truncated, or replaced by one that must be read as a whole. */
static bool restart(struct tail *follow, struct followed *log)
{
    load_log_free(log->log);
    log->log = load_log_new(follow->settings, &log->file, follow->count > MANY_LOGS);
    log->offset = 0;
    log->tail_size = 0;
    return log->log != NULL;
}

/* Reads the rest of a log that was moved, or copied and truncated, from its rotated part. False if none is found. */
static bool read_moved(struct followed *log)
{
    const struct moved_end end = {log->offset, log->tail, log->tail_size, log->written};
    if (!moved_feed(log->log, log->file.path, &end))
        return false;
    log->offset = 0;
    log->tail_size = 0;
    return true;
}

/* Opens the file of a log. Returns false if it does not exist or cannot be read. */
static bool open_file(struct tail *follow, struct followed *log)
{
    struct stat status;
    struct error reason = {0};
    int fd = open(log->file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) {
        close(fd);
        fd = -1;
        errno = EISDIR;
    }
    if (fd < 0) {
        error_set(&reason, log->file.path, 0, "%s", strerror(errno));
        load_log_fail(log->log, &reason);
        return false;
    }
    load_log_fail(log->log, NULL);
    if (!log->is_known || log->inode != status.st_ino || log->device != status.st_dev) {
        log->offset = 0;
        log->tail_size = 0;
    }
    log->fd = fd;
    log->device = status.st_dev;
    log->inode = status.st_ino;
    log->is_known = true;
    log->is_stream = S_ISFIFO(status.st_mode);
    follow->open_count++;
    return true;
}

/* Examines the start of a file: a file that does not grow line by line is read at once as a whole. */
static void read_if_whole(struct tail *follow, struct followed *log)
{
    char start[START_BYTES];
    ssize_t size = log->offset == 0 ? pread(log->fd, start, sizeof start, 0) : 0;
    if (size <= 0 || !load_is_whole(start, (size_t)size))
        return;
    close_file(follow, log);
    load_log_read(log->log);
    log->is_done = true;
}

/* Keeps the last bytes that were read. */
static void keep_tail(struct followed *log, const char *bytes, size_t size)
{
    size_t new_size = size < TAIL_BYTES ? size : TAIL_BYTES;
    size_t capacity = TAIL_BYTES - new_size, kept = log->tail_size < capacity ? log->tail_size : capacity;
    memmove(log->tail, log->tail + log->tail_size - kept, kept);
    memcpy(log->tail + kept, bytes + size - new_size, new_size);
    log->tail_size = kept + new_size;
}

/* Reads the next bytes of a file into the chunk, from `*new_bytes` on. The bytes before the offset must be unchanged:
 * otherwise the file was truncated and has grown again, and is read anew. Returns like read(2). */
static ssize_t read_next(struct tail *follow, struct followed *log, char **new_bytes)
{
    size_t tail = log->tail_size;
    *new_bytes = follow->chunk;
    if (log->is_stdin || log->is_stream)
        return read(log->fd, follow->chunk, CHUNK_BYTES);
    ssize_t size = pread(log->fd, follow->chunk, CHUNK_BYTES, log->offset - (off_t)tail);
    if (size < 0)
        return size;
    if ((size_t)size >= tail && memcmp(follow->chunk, log->tail, tail) == 0) {
        *new_bytes += tail;
        return size - (ssize_t)tail;
    }
    if (!read_moved(log) && !restart(follow, log))
        return -1;
    return pread(log->fd, follow->chunk, CHUNK_BYTES, 0);
}

/* Keeps the reason, errno, why a log cannot be read any further. */
static void fail_to_read(struct followed *log)
{
    struct error reason = {0};
    error_set(&reason, log->file.path, 0, "%s", strerror(errno));
    load_log_fail(log->log, &reason);
}

/* Reads what a log has after its offset, at most one turn's worth. Returns false if out of memory. */
static bool read_on(struct tail *follow, struct followed *log, struct tail_news *news)
{
    for (size_t turn = 0; turn < TURN_BYTES;) {
        struct pollfd ready = {.fd = log->fd, .events = POLLIN};
        char *bytes;
        if (log->is_stdin && poll(&ready, 1, 0) <= 0)
            return true;
        ssize_t size = read_next(follow, log, &bytes);
        if (log->log == NULL)
            return false;
        if (size < 0 && (errno == EINTR || errno == EAGAIN))
            return true;
        if (size < 0)
            fail_to_read(log);
        if (size <= 0) {
            /* A FIFO without bytes so far waits for its writer. */
            log->is_done = log->is_stdin || size < 0 || (log->is_stream && log->offset > 0);
            return true;
        }
        news->changed = true;
        log->offset += size;
        turn += (size_t)size;
        keep_tail(log, bytes, (size_t)size);
        if (!load_log_feed(log->log, bytes, (size_t)size)) {
            log->is_done = true;
            return true;
        }
    }
    return news->more = true;
}

/* Continues with the file that the path names now. */
static bool read_file(struct tail *follow, struct followed *log, struct tail_news *news)
{
    struct stat status;
    if (log->is_stream && log->fd >= 0)
        return read_on(follow, log, news);
    bool is_there = stat(log->file.path, &status) == 0;
    bool is_other = is_there && log->is_known && (status.st_ino != log->inode || status.st_dev != log->device);
    if (is_other && log->fd >= 0) {
        if (!read_on(follow, log, news)) /* the rest of the file that was moved */
            return false;
        close_file(follow, log);
    } else if (is_other) { /* it was closed between two readings */
        (void)read_moved(log);
    }
    if (is_there && !is_other && log->is_known && status.st_size < log->offset) {
        news->changed = true;
        if (!read_moved(log) && !restart(follow, log))
            return false;
    }
    if (is_there && !is_other && log->is_known && S_ISREG(status.st_mode) && status.st_size == log->offset &&
        status.st_mtim.tv_sec == log->written.tv_sec && status.st_mtim.tv_nsec == log->written.tv_nsec)
        return true;
    if (log->fd < 0 && !open_file(follow, log))
        return true; /* it may still appear */
    if (!log->is_stream)
        read_if_whole(follow, log);
    if (log->is_done) {
        news->changed = true;
        return true;
    }
    bool ok = read_on(follow, log, news);
    if (is_there)
        log->written = status.st_mtim;
    if (follow->open_count > follow->open_max && !log->is_stream)
        close_file(follow, log);
    return ok;
}

bool tail_read(struct tail *follow, struct tail_news *news, struct error *error)
{
    const double start_s = clock_monotonic_s();
    bool ok = true;
    *news = (struct tail_news){.changed = false};
    if (!follow->has_looked || clock_monotonic_s() >= follow->next_look_s)
        ok = look_for_logs(follow);
    for (size_t i = 0; i < follow->count && ok; i++) {
        struct followed *log = follow->log[follow->next++ % follow->count];
        if (log->is_done)
            continue;
        ok = log->is_stdin ? read_on(follow, log, news) : read_file(follow, log, news);
        if (ok && i + 1 < follow->count && clock_monotonic_s() - start_s > TURN_S) {
            news->more = true;
            break;
        }
    }
    follow->next %= follow->count > 0 ? follow->count : 1;
    return ok || error_memory(error, NULL);
}

bool tail_has_ended(const struct tail *follow)
{
    for (size_t i = 0; i < follow->count; i++)
        if (!follow->log[i]->is_done && (follow->log[i]->is_stdin || !load_log_has_ended(follow->log[i]->log)))
            return false;
    return follow->count > 0;
}

bool tail_waits_for_stdin(const struct tail *follow)
{
    for (size_t i = 0; i < follow->count; i++)
        if (follow->log[i]->is_stdin && !follow->log[i]->is_done)
            return true;
    return false;
}

/* The logs themselves; the caller frees the array. Returns NULL if out of memory. */
static struct load_log **logs_of(const struct tail *follow)
{
    struct load_log **log = calloc(follow->count + 1, sizeof(struct load_log *));
    for (size_t i = 0; i < follow->count && log != NULL; i++)
        log[i] = follow->log[i]->log;
    return log;
}

bool tail_look(const struct tail *follow, struct trace *trace)
{
    struct load_log **log = logs_of(follow);
    bool ok = log != NULL && load_logs_lend(log, follow->count, trace);
    free(log);
    return ok && trace_finish(trace);
}

void tail_return(struct trace *trace)
{
    load_logs_return(trace);
}

bool tail_finish(struct tail *follow, struct trace *trace, load_report *report, void *user, struct error *error)
{
    struct load_log **log = logs_of(follow);
    if (log == NULL)
        return error_memory(error, NULL);
    bool ok = load_logs_finish(log, follow->count, trace, report, user, error);
    free(log);
    return ok;
}
