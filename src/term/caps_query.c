/* SPDX-License-Identifier: MIT */
/* caps_query: the queries to a terminal and the meaning of the answers. Independent of plots. */
#include "term/caps_query.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"

#define KIND      "\033[c"
#define QUESTIONS "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[>0q\033]11;?\033\\"
#define ERASE     "\r\033[2K"

enum { ANSWER_MAX = 4096 };

/* The parameters of the `number`th answer to DA1, "\033[?62;4c", after its question mark. Returns NULL if there are
 * fewer answers. */
static const char *find_kind(const char *text, int number)
{
    for (const char *at = text; (at = strstr(at, "\033[?")) != NULL;) {
        at += 3;
        size_t length = strspn(at, "0123456789;");
        if (at[length] == 'c' && --number == 0)
            return at;
    }
    return NULL;
}

static bool has_parameter(const char *parameters, int wanted)
{
    for (const char *at = parameters;; at++) {
        char *end;
        if (strtol(at, &end, 10) == wanted)
            return true;
        at = end;
        if (*at != ';')
            return false;
    }
}

/* The lightness, 0 to 1, of "rgb:ffff/ffff/ffff". NaN for any other text. */
static double lightness(const char *colour)
{
    static const double weight[] = {0.299, 0.587, 0.114};
    double sum = 0;
    const char *at = colour + strlen("rgb:");
    if (strncmp(colour, "rgb:", 4) != 0)
        return NAN;
    for (int i = 0; i < 3; i++) {
        size_t digits = strspn(at, "0123456789abcdefABCDEF");
        if (digits == 0 || digits > 4 || (i < 2 && at[digits] != '/'))
            return NAN;
        sum += weight[i] * (double)strtoul(at, NULL, 16) / (exp2(4 * (double)digits) - 1);
        at += digits + 1;
    }
    return sum;
}

bool caps_query_read(struct caps_answers *caps_answers, const char *text)
{
    static const char *const iterms[] = {"iTerm2", "WezTerm", "mintty"};
    const char *kind = find_kind(text, 1), *name = strstr(text, "\033P>|"), *ground = strstr(text, "\033]11;");
    memset(caps_answers, 0, sizeof *caps_answers);
    caps_answers->answered = kind != NULL;
    caps_answers->sixel = kind != NULL && has_parameter(kind, 4);
    caps_answers->kitty = strstr(text, "\033_Gi=31;OK") != NULL;
    for (size_t i = 0; name != NULL && i < sizeof iterms / sizeof iterms[0]; i++)
        caps_answers->iterm |= strncmp(name + 4, iterms[i], strlen(iterms[i])) == 0;
    double light = ground != NULL ? lightness(ground + 5) : NAN;
    caps_answers->knows_ground = isfinite(light);
    caps_answers->is_light = light > 0.5;
    return find_kind(text, 2) != NULL;
}

static bool say(int fd, const char *text)
{
    size_t length = strlen(text);
    return write(fd, text, length) == (ssize_t)length;
}

/* Appends answers to `text` until DA1 has been answered `count` times. Returns false on timeout. */
static bool listen_for(int fd, char text[ANSWER_MAX], int count, double until_s)
{
    size_t used = strlen(text);
    while (find_kind(text, count) == NULL) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int left_ms = (int)(1000 * fmax(until_s - clock_monotonic_s(), 0));
        if (used + 1 >= ANSWER_MAX || poll(&ready, 1, left_ms) <= 0)
            return false;
        ssize_t size = read(fd, text + used, ANSWER_MAX - 1 - used);
        if (size <= 0)
            return false;
        for (ssize_t i = 0; i < size; i++) /* a NUL would hide the rest */
            text[used + (size_t)i] = text[used + (size_t)i] == '\0' ? ' ' : text[used + (size_t)i];
        used += (size_t)size;
        text[used] = '\0';
    }
    return true;
}

/* Queries a terminal that is in raw mode. */
static void ask(int fd, struct caps_answers *caps_answers, double until_s)
{
    char text[ANSWER_MAX] = "";
    if (say(fd, KIND) && listen_for(fd, text, 1, until_s)) {
        const char *kind = find_kind(text, 1);
        /* A VT102, which the Linux console claims to be, would print the unknown string. */
        bool knows_strings = strncmp(kind, "6c", 2) != 0;
        if (knows_strings && say(fd, QUESTIONS KIND))
            (void)listen_for(fd, text, 2, until_s);
        (void)say(fd, knows_strings ? ERASE : "");
    }
    (void)caps_query_read(caps_answers, text);
}

void caps_query(struct caps_answers *caps_answers, double timeout_s)
{
    struct termios before, raw;
    sigset_t all, mask;
    int fd = isatty(STDOUT_FILENO) == 1 ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
    memset(caps_answers, 0, sizeof *caps_answers);
    if (fd >= 0 && tcgetpgrp(fd) == getpgrp() && tcgetattr(fd, &before) == 0) {
        sigfillset(&all); /* no signal may end the process while the terminal is in raw mode */
        sigprocmask(SIG_BLOCK, &all, &mask);
        raw = before;
        raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        tcsetattr(fd, TCSADRAIN, &raw);
        ask(fd, caps_answers, clock_monotonic_s() + timeout_s);
        tcsetattr(fd, TCSAFLUSH, &before); /* the shell must not read a late answer */
        sigprocmask(SIG_SETMASK, &mask, NULL);
    }
    if (fd >= 0)
        close(fd);
}
