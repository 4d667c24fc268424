/* SPDX-License-Identifier: MIT */
/* session: the state of the terminal during a live session, and restores it whatever happens. Independent of plots. *
 * Signals are read from a descriptor (signalfd(2)): nothing runs in a handler, and no signal leaves the terminal in raw
 * mode. */
#include "term/session.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"

/* Names of xterm's control sequences; terminals ignore unknown ones. */
#define ENTER_SCREEN "\033[?1049h\033[?25l\033[H\033[2J"
#define LEAVE_SCREEN "\033[0m\033[?25h\033[?1049l"
#define BEGIN_FRAME  "\033[?2026h" /* synchronized output */
#define END_FRAME    "\033[?2026l"
#define ERASE        "\033[H\033[2J"

struct session {
    int key_fd; /* -1: no keys */
    bool owns_key_fd;
    int signal_fd;
    int killed_by; /* 0: by none */
    sigset_t before;
    void (*pipe_before)(int);
    struct termios termios;
    bool has_screen, is_entered, has_mask;
    enum cell_colours colours;
    struct cells shown; /* `cell` NULL: unknown */
};

static bool write_all(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, size);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = STDOUT_FILENO, .events = POLLOUT};
            poll(&ready, 1, 1000);
            continue;
        }
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* Returns true if a signal was ignored from the start, as by nohup: it then stays ignored. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

static bool open_signals(struct session *tty)
{
    static const int ends[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP};
    sigset_t wanted;
    sigemptyset(&wanted);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (!is_ignored(ends[i]) || (ends[i] == SIGINT && tty->key_fd >= 0))
            sigaddset(&wanted, ends[i]);
    if (tty->has_screen) {
        sigaddset(&wanted, SIGWINCH);
        if (!is_ignored(SIGTSTP))
            sigaddset(&wanted, SIGTSTP);
    }
    sigprocmask(SIG_BLOCK, &wanted, &tty->before);
    tty->has_mask = true;
    tty->pipe_before = signal(SIGPIPE, SIG_IGN);
    tty->signal_fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    return tty->signal_fd >= 0;
}

/* Finds the terminal that keys come from: standard input, or the controlling terminal if that is a log. */
static void open_keys(struct session *tty)
{
    tty->key_fd = isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDONLY | O_CLOEXEC);
    tty->owns_key_fd = tty->key_fd >= 0 && tty->key_fd != STDIN_FILENO;
    /* Changing the terminal in the background would stop the process. */
    if (tty->key_fd >= 0 && tcgetpgrp(tty->key_fd) == getpgrp() && tcgetattr(tty->key_fd, &tty->termios) == 0)
        return;
    if (tty->owns_key_fd)
        close(tty->key_fd);
    tty->key_fd = -1;
    tty->owns_key_fd = false;
}

/* Keys are read one by one and not echoed; Ctrl-C and Ctrl-Z still send signals, to the whole pipeline. */
static void take_keys(struct session *tty)
{
    struct termios raw = tty->termios;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    if (tty->key_fd >= 0)
        tcsetattr(tty->key_fd, TCSADRAIN, &raw);
}

static void leave(struct session *tty)
{
    if (tty->is_entered)
        (void)write_all(LEAVE_SCREEN, strlen(LEAVE_SCREEN));
    tty->is_entered = false;
    if (tty->key_fd >= 0 && tcgetpgrp(tty->key_fd) == getpgrp())
        tcsetattr(tty->key_fd, TCSAFLUSH, &tty->termios); /* the shell must not read leftover keys */
}

struct session *session_open(bool has_screen, enum cell_colours colours, struct error *error)
{
    struct session *tty = calloc(1, sizeof *tty);
    if (tty == NULL) {
        error_memory(error, NULL);
        return NULL;
    }
    tty->has_screen = has_screen;
    tty->colours = colours;
    tty->signal_fd = -1;
    open_keys(tty);
    if (!open_signals(tty)) {
        error_set(error, NULL, 0, "cannot wait for signals: %s", strerror(errno));
        session_close(tty);
        return NULL;
    }
    take_keys(tty);
    return tty;
}

/* Ctrl-Z: stops as any other process does, and takes the terminal again afterwards. */
static void stop(struct session *tty)
{
    leave(tty);
    raise(SIGSTOP);
    take_keys(tty);
    session_forget(tty);
}

/* Takes the next signal. Returns false if it does not end a wait. */
static bool take_signal(struct session *tty, enum session_event *event)
{
    struct signalfd_siginfo info;
    if (read(tty->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return false;
    int number = (int)info.ssi_signo;
    if (number == SIGTSTP)
        stop(tty);
    if (number == SIGTERM || number == SIGHUP)
        tty->killed_by = number;
    *event = number == SIGWINCH || number == SIGTSTP ? SESSION_RESIZED : SESSION_QUIT;
    return true;
}

/* Reads pressed keys. Returns true for q. */
static bool take_key(struct session *tty)
{
    char keys[64];
    ssize_t size = read(tty->key_fd, keys, sizeof keys);
    if (size == 0 || (size < 0 && errno != EINTR && errno != EAGAIN)) { /* the terminal is gone */
        if (tty->owns_key_fd)
            close(tty->key_fd);
        tty->key_fd = -1;
    }
    /* An escape sequence, such as that of an arrow key, is ignored. */
    if (size <= 0 || keys[0] == '\033')
        return false;
    return memchr(keys, 'q', (size_t)size) != NULL || memchr(keys, 'Q', (size_t)size) != NULL;
}

enum session_event session_wait(struct session *tty, double timeout_s, bool with_stdin)
{
    double end_s = clock_monotonic_s() + timeout_s;
    for (;;) {
        enum session_event event;
        struct pollfd ready[] = {{.fd = tty->signal_fd, .events = POLLIN},
                                 {.fd = tty->key_fd, .events = POLLIN},
                                 {.fd = with_stdin ? STDIN_FILENO : -1, .events = POLLIN}};
        double left_s = fmax(end_s - clock_monotonic_s(), 0);
        int count = poll(ready, 3, (int)ceil(fmin(left_s, 3600) * 1000));
        if (count < 0 && errno != EINTR)
            return SESSION_QUIT;
        if (count > 0 && ready[0].revents != 0 && take_signal(tty, &event))
            return event;
        if (count > 0 && ready[1].revents != 0 && take_key(tty))
            return SESSION_QUIT;
        if (count > 0 && ready[2].revents != 0)
            return SESSION_INPUT;
        if (clock_monotonic_s() >= end_s)
            return SESSION_TIME;
    }
}

bool session_has_keys(const struct session *tty)
{
    return tty->key_fd >= 0;
}

void session_forget(struct session *tty)
{
    cells_free(&tty->shown);
}

/* Keeps a copy of what the screen shows now. */
static void keep(struct session *tty, const struct cells *cells)
{
    size_t count = cells->columns * cells->rows;
    if (tty->shown.cell == NULL && !cells_init(&tty->shown, cells->columns, cells->rows, cells->ascii))
        return; /* then the next frame is drawn whole */
    memcpy(tty->shown.cell, cells->cell, count * sizeof *cells->cell);
}

bool session_show(struct session *tty, const struct cells *cells)
{
    char *bytes = NULL;
    size_t size = 0;
    if (tty->shown.cell != NULL && (tty->shown.columns != cells->columns || tty->shown.rows != cells->rows))
        session_forget(tty);
    FILE *file = open_memstream(&bytes, &size);
    if (file == NULL)
        return true; /* there may be memory for the next frame */
    fputs(BEGIN_FRAME, file);
    if (!tty->is_entered)
        fputs(ENTER_SCREEN, file);
    else if (tty->shown.cell == NULL)
        fputs(ERASE, file);
    long start = ftell(file);
    cells_print_changes(file, tty->shown.cell == NULL ? NULL : &tty->shown, cells, tty->colours);
    bool is_same = tty->is_entered && tty->shown.cell != NULL && ftell(file) == start;
    fputs(END_FRAME, file);
    bool ok = fclose(file) == 0 && (is_same || write_all(bytes, size));
    free(bytes);
    tty->is_entered = true;
    keep(tty, cells);
    return ok;
}

int session_close(struct session *tty)
{
    if (tty == NULL)
        return 0;
    int killed_by = tty->killed_by;
    leave(tty);
    if (tty->signal_fd >= 0)
        close(tty->signal_fd);
    if (tty->has_mask) {
        signal(SIGPIPE, tty->pipe_before);
        sigprocmask(SIG_SETMASK, &tty->before, NULL);
    }
    if (tty->owns_key_fd)
        close(tty->key_fd);
    session_forget(tty);
    free(tty);
    return killed_by;
}
