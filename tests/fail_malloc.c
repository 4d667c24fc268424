/* SPDX-License-Identifier: MIT */
/* fail_malloc.so: preloaded into memtrace, runs it repeatedly in forked processes. In run n, the n-th allocation fails
 * (FAIL_MALLOC_REST=1: and all that follow). A run must either give the same results as with enough memory, or write
 * nothing and fail with status 1 and a message about memory. Prints one line for each run that does neither.
 *
 * FAIL_MALLOC_RUNS=1000    runs 1 to 1000; stops earlier if a run has fewer allocations
 * FAIL_MALLOC_STEP=1       only every n-th run
 * FAIL_MALLOC_ONLY=17      only this run; prints its stack at the failure on standard error
 * FAIL_MALLOC_OUTPUT=FILE  the file that the command writes in addition to standard output */
#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define HANG_S 20
#define OLD    "what was there before\n"

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong calls;
static unsigned long fail_at; /* 0: none fails */
static bool fail_rest, show_stack;
static atomic_bool *has_failed; /* shared with the parent */

static bool fails(void)
{
    if (fail_at == 0)
        return false;
    unsigned long call = atomic_fetch_add(&calls, 1) + 1;
    if (call != fail_at && !(fail_rest && call > fail_at))
        return false;
    atomic_store(has_failed, true);
    if (show_stack && call == fail_at) {
        void *frame[40];
        fail_at = 0;
        backtrace_symbols_fd(frame, backtrace(frame, 40), STDERR_FILENO);
        fail_at = call;
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    void *got = memalign(alignment, size);
    if (got == NULL)
        return ENOMEM;
    *memory = got;
    return 0;
}

/* ---- the runs ---- */

struct bytes {
    char *at;
    size_t size;
};

static struct bytes read_file(const char *path)
{
    struct bytes bytes = {0};
    struct stat status;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return bytes;
    if (fstat(fd, &status) == 0 && (bytes.at = malloc((size_t)status.st_size + 1)) != NULL) {
        ssize_t got = read(fd, bytes.at, (size_t)status.st_size);
        bytes.size = got > 0 ? (size_t)got : 0;
        bytes.at[bytes.size] = '\0';
    }
    close(fd);
    return bytes;
}

static bool is_same(const struct bytes *a, const struct bytes *b)
{
    return a->size == b->size && (a->size == 0 || memcmp(a->at, b->at, a->size) == 0);
}

static size_t count_files(void)
{
    size_t count = 0;
    DIR *here = opendir(".");
    while (here != NULL && readdir(here) != NULL)
        count++;
    if (here != NULL)
        closedir(here);
    return count;
}

static unsigned long setting(const char *name, unsigned long standard)
{
    const char *text = getenv(name);
    return text == NULL ? standard : strtoul(text, NULL, 10);
}

static void write_old(const char *output)
{
    int fd = output == NULL ? -1 : open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
        return;
    if (write(fd, OLD, strlen(OLD)) < 0)
        perror(output);
    close(fd);
}

/* Opens the file as the descriptor of the run. */
static void redirect(const char *path, int descriptor)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || dup2(fd, descriptor) < 0)
        _exit(99);
    close(fd);
}

/* Becomes the run in a child (true); in the parent returns false with its wait status. */
static bool become_run(unsigned long run, const char *output, int *status)
{
    write_old(output);
    atomic_store(has_failed, false);
    pid_t child = fork();
    if (child == 0) {
        redirect(".run.out", STDOUT_FILENO);
        redirect(".run.err", STDERR_FILENO);
        unsetenv("LD_PRELOAD");
        alarm(HANG_S);
        fail_at = run;
        return true;
    }
    if (child < 0 || waitpid(child, status, 0) != child)
        _exit(99);
    return false;
}

/* Returns what is wrong with a run, NULL if nothing is. */
static const char *judge(int status, const char *output, const struct bytes wanted[2])
{
    const struct bytes old = {(char *)OLD, strlen(OLD)};
    struct bytes out = read_file(".run.out"), err = read_file(".run.err"), written = {0};
    const char *fault = NULL;
    if (output != NULL)
        written = read_file(output);
    if (WIFSIGNALED(status))
        fault = WTERMSIG(status) == SIGALRM ? "hangs" : "is killed by a signal";
    else if (WEXITSTATUS(status) == 0 && !is_same(&out, &wanted[0]))
        fault = "has status 0, but another text on standard output";
    else if (WEXITSTATUS(status) == 0 && !is_same(&written, &wanted[1]))
        fault = "has status 0, but another file";
    else if (WEXITSTATUS(status) == 0)
        fault = NULL;
    else if (WEXITSTATUS(status) != 1)
        fault = "has a status other than 0 and 1";
    else if (out.size > 0)
        fault = "fails, but writes to standard output";
    else if (output != NULL && !is_same(&written, &old))
        fault = "fails, but replaces the file";
    else if (err.size == 0 || strncmp(err.at, "memtrace: ", 10) != 0 || strcasestr(err.at, "memory") == NULL)
        fault = "fails without a message that names memory";
    free(out.at);
    free(err.at);
    free(written.at);
    return fault;
}

__attribute__((constructor)) static void run_all(void)
{
    const unsigned long runs = setting("FAIL_MALLOC_RUNS", 0), step = setting("FAIL_MALLOC_STEP", 1);
    const unsigned long only = setting("FAIL_MALLOC_ONLY", 0);
    const char *output = getenv("FAIL_MALLOC_OUTPUT");
    struct bytes wanted[2] = {{0}};
    unsigned long faults = 0, run = 0;
    int status = 0;
    fail_rest = setting("FAIL_MALLOC_REST", 0) > 0;
    if (runs == 0 && only == 0)
        return;
    has_failed = mmap(NULL, sizeof *has_failed, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (has_failed == MAP_FAILED)
        _exit(99);
    if (only > 0) {
        fail_at = only;
        show_stack = true;
        return;
    }
    if (become_run(0, output, &status))
        return;
    wanted[0] = read_file(".run.out");
    if (output != NULL)
        wanted[1] = read_file(output);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        faults += dprintf(STDOUT_FILENO, "without a failure it ends with wait status %d\n", status) > 0;
    size_t files = count_files();
    for (run = 1; run <= runs; run += step) {
        if (become_run(run, output, &status))
            return;
        if (!*has_failed)
            break;
        const char *fault = judge(status, output, wanted);
        if (fault == NULL && count_files() != files)
            fault = "leaves a file";
        if (fault != NULL)
            faults += dprintf(STDOUT_FILENO, "run %lu %s (%d)\n", run, fault, status) > 0;
    }
    fprintf(stderr, "%lu runs, %lu faults\n", (run - 1) / step, faults);
    _exit(faults > 0);
}
