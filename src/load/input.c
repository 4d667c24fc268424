/* SPDX-License-Identifier: MIT */
/* input: finding, naming, opening and reading logs. Independent of the contents. */
#include "load/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/natural.h"
#include "gunzip.h"
#include "rotation.h"

#define PIPE_BYTES  (1024 * 1024)
#define FILES_SPARE 64 /* descriptors left for other things than logs */

struct input {
    int fd;
    struct gunzip *gzip; /* NULL for plain bytes */
    char start[2];       /* bytes read to recognise gzip from what cannot be rewound */
    size_t start_size, start_at;
    char *path;
};

/* Length of a file name without ".gz". */
static size_t plain_length(const char *name)
{
    size_t length = strlen(name);
    return length > 3 && strcmp(name + length - 3, ".gz") == 0 ? length - 3 : length;
}

/* The host in the first `size` bytes of a file name: its part in `*start` and `*length`. Returns false if they do not
 * match. */
static bool match_host(const char *name, size_t size, const char *pattern, const char **start, size_t *length)
{
    const char *star = strchr(pattern, '*');
    size_t head = star == NULL ? 0 : (size_t)(star - pattern);
    const char *tail = star == NULL ? pattern : star + 1;
    size_t tail_size = strlen(tail);
    if (size <= head + tail_size || strncmp(name, pattern, head) != 0 ||
        strncmp(name + size - tail_size, tail, tail_size) != 0)
        return false;
    *start = name + head;
    *length = size - head - tail_size;
    return true;
}

/* The host in the name of a log or of a part of a rotated log. Returns false if the name does not match. */
static bool find_host(const char *name, const char *pattern, const char **start, size_t *length)
{
    double order;
    return match_host(name, plain_length(name), pattern, start, length) ||
           match_host(name, rotation_base(name, &order), pattern, start, length);
}

char *input_host(const char *path, const char *pattern)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1, *host;
    size_t length;
    if (strcmp(path, "-") == 0)
        return strdup("stdin");
    if (find_host(name, pattern, &host, &length))
        return strndup(host, length);
    length = plain_length(name);
    const char *dot = memrchr(name, '.', length);
    return strndup(name, dot != NULL && dot > name ? (size_t)(dot - name) : length);
}

/* Returns a key that identifies a file under any name: device and inode of a regular file, the path of any other or
 * missing file. Returns NULL if out of memory. */
static char *make_key(const char *path, const struct stat *status, bool is_regular)
{
    char *key;
    if (!is_regular)
        return strdup(path);
    int length = asprintf(&key, "//%ju:%ju", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino);
    return length < 0 ? NULL : key;
}

static void free_file(struct input_file *file)
{
    free(file->path);
    free(file->host);
    free(file->key);
}

/* Returns true if a file with two paths is listed under the first one: the shorter path, or the first in natural order.
 */
static bool is_better_path(const char *path, const char *than)
{
    size_t length = strlen(path), than_length = strlen(than);
    return length != than_length ? length < than_length : natural_compare(path, than) < 0;
}

/* Lists a file by another of its paths if that is better. */
static bool consider_path(struct input_file *file, const char *path, const char *pattern, struct error *error)
{
    if (!is_better_path(path, file->path))
        return true;
    char *own_path = strdup(path), *host = input_host(path, pattern);
    if (own_path == NULL || host == NULL) {
        free(own_path);
        free(host);
        return error_memory(error, path);
    }
    free(file->path);
    free(file->host);
    file->path = own_path;
    file->host = host;
    return true;
}

static bool add_file(struct input_list *list, const char *path, const char *pattern, struct error *error)
{
    struct stat status = {0};
    bool is_regular = strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
    struct input_file file = {.key = make_key(path, &status, is_regular)};
    size_t listed = file.key == NULL ? MAP_NONE : map_find(&list->by_key, file.key, strlen(file.key));
    if (listed != MAP_NONE) {
        free(file.key);
        return consider_path(&list->file[listed], path, pattern, error);
    }
    file.path = strdup(path);
    file.host = input_host(path, pattern);
    if (is_regular) {
        file.size_bytes = (uint64_t)status.st_size;
        file.device = status.st_dev;
        file.inode = status.st_ino;
    }
    if (file.key == NULL || file.path == NULL || file.host == NULL ||
        !array_grow(&list->file, &list->capacity, list->count, sizeof *list->file) ||
        !map_put(&list->by_key, file.key, strlen(file.key), list->count)) {
        free_file(&file);
        return error_memory(error, path);
    }
    list->file[list->count++] = file;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return natural_compare(*(char *const *)a, *(char *const *)b);
}

/* Adds paths in their natural order. */
static bool add_sorted(struct input_list *list, char **path, size_t count, const char *pattern, struct error *error)
{
    bool ok = true;
    if (count > 1)
        qsort(path, count, sizeof *path, compare_names);
    for (size_t i = 0; i < count && ok; i++)
        ok = add_file(list, path[i], pattern, error);
    return ok;
}

/* Appends "directory/name" to a growing array. */
static bool keep_name(char ***path, size_t *count, const char *directory, const char *name)
{
    char **grown = realloc(*path, (*count + 1) * sizeof *grown);
    if (grown == NULL)
        return false;
    *path = grown;
    size_t length = strlen(directory);
    const char *joint = length > 0 && directory[length - 1] == '/' ? "" : "/";
    if (asprintf(&grown[*count], "%s%s%s", directory, joint, name) < 0)
        return false;
    ++*count;
    return true;
}

/* Usual endings of logs, likeliest first. */
static const char *const endings[] = {".log", ".txt", ".out"};
enum { ENDINGS = COUNT(endings) };

/* The number of the name's ending, ENDINGS if it has none of them. */
static size_t find_ending(const char *name)
{
    size_t i = 0, length = strlen(name);
    while (i < ENDINGS && (length <= 4 || strcmp(name + length - 4, endings[i]) != 0))
        i++;
    return i;
}

/* Reports a folder without a matching log, and how its files with this ending are read. */
static bool report_none(const char *directory, const char *pattern, size_t ending, struct error *error)
{
    if (ending == ENDINGS)
        return error_set(error, directory, 0, "no log '%s' in this directory", pattern);
    return error_set(error, directory, 0, "no log '%s' in this directory; --file_pattern '*%s' reads its others",
                     pattern, endings[ending]);
}

static bool add_directory(struct input_list *list, const char *directory, const char *pattern, struct error *error)
{
    char **path = NULL;
    size_t count = 0, length, ending = ENDINGS;
    const char *host;
    bool ok = true;
    DIR *open_directory = opendir(directory);
    if (open_directory == NULL)
        return errno == ENOMEM ? error_memory(error, directory) : error_set(error, directory, 0, "%s", strerror(errno));
    for (const struct dirent *entry; ok && (entry = readdir(open_directory)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        size_t other = find_ending(entry->d_name);
        if (find_host(entry->d_name, pattern, &host, &length))
            ok = keep_name(&path, &count, directory, entry->d_name);
        else if (other < ending)
            ending = other;
    }
    closedir(open_directory);
    if (!ok)
        error_memory(error, directory);
    else if (count == 0)
        ok = report_none(directory, pattern, ending, error);
    else
        ok = add_sorted(list, path, count, pattern, error);
    for (size_t i = 0; i < count; i++)
        free(path[i]);
    free(path);
    return ok;
}

/* A folder that cannot be searched has no file that matches; but one that only lacked memory may have. */
static int on_glob_error(const char *path, int number)
{
    (void)path;
    return number == ENOMEM;
}

static bool add_wildcard(struct input_list *list, const char *wildcard, const char *pattern, struct error *error)
{
    glob_t found;
    int status = glob(wildcard, GLOB_NOSORT, on_glob_error, &found);
    if (status != 0 && status != GLOB_NOMATCH) {
        globfree(&found);
        return error_memory(error, wildcard);
    }
    if (status != 0)
        return error_set(error, wildcard, 0, "no file matches");
    bool ok = add_sorted(list, found.gl_pathv, found.gl_pathc, pattern, error);
    globfree(&found);
    return ok;
}

bool input_list_add(struct input_list *list, const char *operand, const char *pattern, struct error *error)
{
    struct stat status;
    bool exists = stat(operand, &status) == 0;
    if (strcmp(operand, "-") != 0 && exists && S_ISDIR(status.st_mode))
        return add_directory(list, operand, pattern, error);
    if (!exists && strpbrk(operand, "*?[") != NULL)
        return add_wildcard(list, operand, pattern, error);
    return add_file(list, operand, pattern, error);
}

static int compare_files(const void *a, const void *b)
{
    const struct input_file *left = a, *right = b;
    return natural_compare(left->path, right->path);
}

void input_list_sort(struct input_list *list)
{
    if (list->count > 1)
        qsort(list->file, list->count, sizeof *list->file, compare_files);
    map_free(&list->by_key);
}

void input_list_free(struct input_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free_file(&list->file[i]);
    free(list->file);
    map_free(&list->by_key);
    memset(list, 0, sizeof *list);
}

static ssize_t read_again(int fd, char *bytes, size_t size)
{
    ssize_t got;
    do
        got = read(fd, bytes, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Recognises gzip by its first two bytes, which stay to be read: a plain file is read from its beginning again, so that
 * each read begins on a page. Returns false on a read error. */
static bool find_gzip(struct input *input)
{
    struct stat status;
    bool is_file = fstat(input->fd, &status) == 0 && S_ISREG(status.st_mode);
    while (input->start_size < sizeof input->start) {
        ssize_t got = read_again(input->fd, input->start + input->start_size, sizeof input->start - input->start_size);
        if (got < 0)
            return false;
        if (got == 0)
            return true;
        input->start_size += (size_t)got;
        /* A live log is not kept waiting for what cannot become gzip. */
        if (input->start[0] != '\x1f' && !is_file)
            return true;
    }
    if (memcmp(input->start, "\x1f\x8b", 2) == 0) {
        input->gzip = gunzip_new(input->fd, input->start, input->start_size);
        errno = ENOMEM;
        return input->gzip != NULL;
    }
    if (is_file && lseek(input->fd, -(off_t)input->start_size, SEEK_CUR) < 0)
        return false;
    input->start_size = is_file ? 0 : input->start_size;
    return true;
}

size_t input_open_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1;
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        limit.rlim_cur = soft;
    if (limit.rlim_cur > 2 * FILES_SPARE)
        return (size_t)limit.rlim_cur - FILES_SPARE;
    size_t free_count = 0; /* some are open from the start */
    for (int fd = 0; (rlim_t)fd < limit.rlim_cur; fd++)
        free_count += fcntl(fd, F_GETFD) < 0 ? 1 : 0;
    return free_count > 2 ? free_count / 2 : 1;
}

struct input *input_open(const char *path, struct error *error)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct stat status;
    struct input *input = calloc(1, sizeof *input);
    if (input == NULL || (input->path = strdup(path)) == NULL) {
        free(input);
        error_memory(error, path);
        return NULL;
    }
    input->fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (input->fd >= 0 && fstat(input->fd, &status) == 0 && S_ISDIR(status.st_mode))
        errno = EISDIR;
    else if (input->fd >= 0 && (fcntl(input->fd, F_SETPIPE_SZ, PIPE_BYTES), find_gzip(input)))
        return input; /* pipes that cannot grow and other files are read, too */
    if (errno == ENOMEM)
        error_memory(error, path);
    else
        error_set(error, path, 0, "%s", strerror(errno));
    input_close(input);
    return NULL;
}

static ssize_t read_gzip(struct input *input, char *bytes, size_t size, struct error *error)
{
    ssize_t got = gunzip_read(input->gzip, bytes, size);
    const char *damage = gunzip_damage(input->gzip);
    if (got > 0 || (got == 0 && damage == NULL))
        return got;
    if (got < 0 && errno == ENOMEM)
        error_memory(error, input->path);
    else
        error_set(error, input->path, 0, "damaged gzip file: %s", got < 0 ? strerror(errno) : damage);
    return -1;
}

ssize_t input_read(struct input *input, char *bytes, size_t size, struct error *error)
{
    if (input->gzip != NULL)
        return read_gzip(input, bytes, size, error);
    if (input->start_at < input->start_size) {
        size_t left = input->start_size - input->start_at;
        size_t taken = left < size ? left : size;
        memcpy(bytes, input->start + input->start_at, taken);
        input->start_at += taken;
        return (ssize_t)taken;
    }
    ssize_t got = read_again(input->fd, bytes, size);
    if (got < 0)
        error_set(error, input->path, 0, "%s", strerror(errno));
    return got;
}

bool input_report(const struct input *input, uint64_t *at)
{
    struct stat status;
    if (input->gzip != NULL || input->start_at < input->start_size || fstat(input->fd, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return false;
    off_t place = lseek(input->fd, 0, SEEK_CUR);
    *at = place < 0 ? 0 : (uint64_t)place;
    return place >= 0;
}

ssize_t input_read_at(const struct input *input, char *bytes, size_t size, uint64_t at)
{
    ssize_t got;
    do
        got = pread(input->fd, bytes, size, (off_t)at);
    while (got < 0 && errno == EINTR);
    return got;
}

bool input_seek(struct input *input, uint64_t at)
{
    return lseek(input->fd, (off_t)at, SEEK_SET) >= 0;
}

double input_written_s(const struct input *input)
{
    struct stat status;
    double now_s = clock_now_s();
    if (fstat(input->fd, &status) == 0 && S_ISREG(status.st_mode))
        return fmin((double)status.st_mtim.tv_sec, now_s);
    return now_s;
}

void input_close(struct input *input)
{
    if (input == NULL)
        return;
    gunzip_free(input->gzip);
    if (input->fd >= 0)
        close(input->fd);
    free(input->path);
    free(input);
}
