/* SPDX-License-Identifier: MIT */
/* Unit tests of session and caps: the size and the keys of a terminal created for the test. */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term/caps.h"
#include "term/session.h"
#include "unit.h"

/* Opens a new terminal; sets `*user` to its user's side. */
static int open_terminal(int *user)
{
    *user = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*user < 0)
        skip(); /* a chroot without terminals */
    assert_true(grantpt(*user) == 0 && unlockpt(*user) == 0);
    int fd = open(ptsname(*user), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void sizes_beyond_all_screens_are_cut(void **state)
{
    static const unsigned short sizes[][4] = {
        {80, 24, 80, 24}, {30, 21, 30, 21}, {1999, 2001, 1999, 2000}, {5000, 60000, 2000, 2000}};
    size_t columns = 7, rows = 8;
    int user, fd = open_terminal(&user);
    (void)state;
    assert_false(caps_size(fd, &columns, &rows)); /* a new terminal has no size */
    assert_true(columns == 7 && rows == 8);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const struct winsize size = {.ws_col = sizes[i][0], .ws_row = sizes[i][1]};
        assert_int_equal(ioctl(user, TIOCSWINSZ, &size), 0);
        assert_true(caps_size(fd, &columns, &rows));
        assert_int_equal(columns, sizes[i][2]);
        assert_int_equal(rows, sizes[i][3]);
    }
    close(fd);
    close(user);
}

static void columns_and_lines_count_without_a_terminal(void **state)
{
    static const struct {
        const char *text;
        size_t columns;
    } rows[] = {{"100", 100}, {"2000", 2000}, {"2001", 80}, {"0", 80}, {"x", 80}, {"", 80}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct caps caps;
        assert_int_equal(setenv("COLUMNS", rows[i].text, 1), 0);
        caps_detect(&caps, -1, COLOUR_AUTO);
        assert_int_equal(caps.columns, rows[i].columns);
    }
    unsetenv("COLUMNS");
}

/* Presses keys, and returns how they end a wait. */
static enum session_event press(struct session *session, int user, const char *keys)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    if (write(user, keys, strlen(keys)) != (ssize_t)strlen(keys) || poll(&ready, 1, -1) != 1)
        return SESSION_RESIZED;
    return session_wait(session, 0, false);
}

/* Runs the test in a process whose terminal is the new one. Returns the step that failed, else 0. */
static int use_keys(int user, int fd)
{
    struct error error;
    if (setsid() < 0 || ioctl(fd, TIOCSCTTY, 0) != 0 || dup2(fd, STDIN_FILENO) < 0)
        return 1;
    struct session *session = session_open(false, COLOURS_NONE, &error);
    if (session == NULL || !session_has_keys(session))
        return 2;
    if (press(session, user, "x") != SESSION_TIME)
        return 3;
    if (press(session, user, "\033Oq") != SESSION_TIME) /* End of a keypad in application mode */
        return 4;
    if (press(session, user, "q") != SESSION_QUIT || press(session, user, "Q") != SESSION_QUIT)
        return 5;
    return session_close(session) == 0 ? 0 : 6;
}

static void q_ends_a_wait_but_no_escape_sequence_does(void **state)
{
    int user, fd = open_terminal(&user), status;
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(use_keys(user, fd));
    close(fd);
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close(user);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_beyond_all_screens_are_cut),
        cmocka_unit_test(columns_and_lines_count_without_a_terminal),
        cmocka_unit_test(q_ends_a_wait_but_no_escape_sequence_does),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
