/* SPDX-License-Identifier: MIT */
/* guard: turns a library's crash after a failed allocation into an error. */
#include "guard.h"

#include <errno.h>
#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)
#define STACK_BYTES  ((size_t)64 * 1024)

/* A signal handler can only reach these through a global. */
static _Thread_local sigjmp_buf *escape;
static _Thread_local const struct sigaction *former;
static _Thread_local volatile sig_atomic_t crashed;

/* A crash after a failed allocation, or an abort by a library, leaves the call; any other crash is repeated and ends
 * the process as usual. */
static void on_crash(int number)
{
    if (escape != NULL && (errno == ENOMEM || number == SIGABRT)) {
        crashed = 1;
        siglongjmp(*escape, 1);
    }
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (signals[i] == number && former != NULL)
            sigaction(number, &former[i], NULL);
}

bool guard_has_crashed(void)
{
    return crashed != 0;
}

/* Returns true if the libraries get zeroed memory and freed memory is filled with ones. */
static void set_clean_heap(bool is_on)
{
#ifdef M_PERTURB
    mallopt(M_PERTURB, is_on ? 0xff : 0);
#else
    (void)is_on;
#endif
}

/* Zeroes the stack that the libraries are about to use. Cairo may jump to a buffer that was never set; with zeros it
 * then crashes at once, rather than continuing somewhere in an earlier call or with all signals blocked. */
static __attribute__((noinline)) void clear_stack(void)
{
    char below[STACK_BYTES];
    explicit_bzero(below, sizeof below);
}

bool guard_lacks_memory(void)
{
    if (errno != ENOMEM)
        return false;
    /* malloc also leaves this errno if the heap cannot grow and it takes memory elsewhere. */
    const size_t size = STACK_BYTES * 2;
    if ((intptr_t)sbrk((intptr_t)size) != -1) {
        sbrk(-(intptr_t)size);
        return true;
    }
    void *elsewhere = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    errno = ENOMEM;
    return elsewhere == MAP_FAILED || munmap(elsewhere, size) != 0;
}

bool guard_run(guard_call *call, void *user, struct error *error)
{
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK}, before[SIGNAL_COUNT];
    /* After Cairo has jumped to a buffer that was never set, the stack pointer may be anywhere. */
    void *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t alternate = {.ss_sp = stack, .ss_size = STACK_BYTES}, other;
    sigjmp_buf here;
    volatile bool ok = false;
    if (crashed || stack == MAP_FAILED)
        return error_memory(error, NULL);
    sigaltstack(&alternate, &other);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(signals[i], &action, &before[i]);
    errno = 0;
    if (sigsetjmp(here, 1) == 0) {
        escape = &here;
        former = before;
        clear_stack();
        set_clean_heap(true);
        ok = call(user, error);
        /* The drawing may be incomplete if a library continued without memory. */
        if (ok && guard_lacks_memory())
            ok = error_memory(error, NULL);
    } else if (errno == ENOMEM) {
        error_memory(error, NULL);
    } else {
        error_set(error, NULL, 0, "cannot draw: the graphics library failed, probably out of memory");
    }
    set_clean_heap(false);
    escape = NULL;
    former = NULL;
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(signals[i], &before[i], NULL);
    sigaltstack(&other, NULL);
    munmap(stack, STACK_BYTES);
    return ok;
}
