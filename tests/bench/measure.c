/* SPDX-License-Identifier: MIT */
/* measure: runs commands in turns and prints the median time and the maximum memory of each.
 *
 *     measure ROUNDS < LIST
 *
 * A line of LIST is a name, a tab and a command, which is split at spaces and run without a shell;
 * its output is discarded. Each round runs each command once, so that other load of the machine
 * affects all of them equally. Prints name, median in ms, largest peak RSS in KiB, median of processor time
 * in ms, median of peak RSS in KiB: the kernel counts pages by processor, so a peak is off by some hundred KiB; a
 * command that fails is reported and ends the program. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/median.h"

enum { COMMANDS_MAX = 32, WORDS_MAX = 4096, ROUNDS_MAX = 1000 };

struct command {
    char *name, *text;
    char *word[WORDS_MAX];
    double ms[ROUNDS_MAX], processor_ms[ROUNDS_MAX], peak_kib[ROUNDS_MAX];
    long rss_kib;
};

extern char **environ;

/* Splits a line into the command's name and words. */
static void read_command(struct command *command, const char *line)
{
    size_t count = 0;
    command->name = strdup(line);
    if (command->name == NULL || strchr(command->name, '\t') == NULL) {
        fprintf(stderr, "measure: bad line '%s'\n", line);
        exit(2);
    }
    command->text = strchr(command->name, '\t');
    *command->text++ = '\0';
    for (char *word = strtok(command->text, " \n"); word != NULL && count < WORDS_MAX - 1; word = strtok(NULL, " \n"))
        command->word[count++] = word;
}

static double to_ms(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec * 1e-3;
}

/* Runs a command once and writes its output to `sink`. */
static void run(struct command *command, int round, const posix_spawn_file_actions_t *sink)
{
    struct rusage usage;
    int status;
    pid_t child;
    double begin_s = clock_monotonic_s();
    int failed = posix_spawnp(&child, command->word[0], sink, NULL, command->word, environ);
    if (failed == 0 && wait4(child, &status, 0, &usage) == child && status == 0) {
        command->ms[round] = 1e3 * (clock_monotonic_s() - begin_s);
        command->processor_ms[round] = to_ms(usage.ru_utime) + to_ms(usage.ru_stime);
        command->peak_kib[round] = (double)usage.ru_maxrss;
        if (usage.ru_maxrss > command->rss_kib)
            command->rss_kib = usage.ru_maxrss;
        return;
    }
    fprintf(stderr, "measure: '%s' failed%s%s\n", command->name, failed != 0 ? ": " : "",
            failed != 0 ? strerror(failed) : "");
    exit(1);
}

int main(int argc, char **argv)
{
    static struct command command[COMMANDS_MAX];
    static char line[1 << 20];
    int count = 0, rounds = argc == 2 ? atoi(argv[1]) : 0;
    posix_spawn_file_actions_t sink;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: measure ROUNDS < LIST (1 to %d rounds)\n", ROUNDS_MAX);
        return 2;
    }
    while (count < COMMANDS_MAX && fgets(line, sizeof line, stdin) != NULL)
        read_command(&command[count++], line);
    posix_spawn_file_actions_init(&sink);
    posix_spawn_file_actions_addopen(&sink, 1, "/dev/null", O_WRONLY, 0);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            run(&command[i], round, &sink);
    for (int i = 0; i < count; i++) {
        double ms = median_of(command[i].ms, (size_t)rounds);
        double processor_ms = median_of(command[i].processor_ms, (size_t)rounds);
        double peak_kib = median_of(command[i].peak_kib, (size_t)rounds);
        printf("%s\t%.3f\t%ld\t%.3f\t%.0f\n", command[i].name, ms, command[i].rss_kib, processor_ms, peak_kib);
    }
    return 0;
}
