/* SPDX-License-Identifier: MIT */
/* scenarios: runs memtrace over made-up jobs whose stories are known and judges its findings.
 *
 *     scenarios MEMTRACE FOLDER [-s SEED] [-n COUNT] [-k]
 *
 * The jobs have the seeds SEED, SEED + 1, ...; their logs are written into FOLDER one after the other. -k keeps those
 * of the last job. Prints what is wrong, then precision and recall of each kind. Status 1 when anything was wrong. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "judge.h"

/* Removes the logs in `folder`. */
static void empty(const char *folder)
{
    char path[4096];
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        size_t length = strlen(entry->d_name);
        if (length < 8 || strcmp(entry->d_name + length - 8, "-mem.log") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    if (dir != NULL)
        closedir(dir);
}

/* What `command` prints, in memory for the caller to free. NULL if it fails. */
static char *output_of(const char *command)
{
    size_t length = 0, capacity = 1 << 16;
    char *text = malloc(capacity);
    FILE *pipe = popen(command, "r");
    while (pipe != NULL && text != NULL) {
        size_t got = fread(text + length, 1, capacity - length - 1, pipe);
        if (got == 0)
            break;
        length += got;
        if (length + 1 == capacity)
            text = realloc(text, capacity *= 2);
    }
    if (text != NULL)
        text[length] = '\0';
    if (pipe != NULL && pclose(pipe) == 0)
        return text;
    free(text);
    return NULL;
}

/* Runs memtrace over one job. Returns how much is wrong. */
static unsigned int try_job(const struct job *job, const char *memtrace, const char *folder, struct score *score)
{
    char command[8192], limit[64] = "";
    if (isfinite(job->limit_kib))
        snprintf(limit, sizeof limit, " --limit %.0fK", job->limit_kib);
    if (!job_write(job, folder)) {
        fprintf(stderr, "scenarios: %s: %s\n", folder, strerror(errno));
        exit(2);
    }
    snprintf(command, sizeof command, "'%s' --stats=json%s '%s' </dev/null", memtrace, limit, folder);
    char *json = output_of(command);
    if (json == NULL) {
        printf("seed %llu: failed: %s\n", (unsigned long long)job->seed, command);
        return 1;
    }
    unsigned int faults = judge(job, json, score);
    free(json);
    return faults;
}

static void print_scores(const struct score *score, unsigned long jobs)
{
    printf("%-12s %8s %8s %8s %10s %8s\n", "kind", "found", "missed", "false", "precision", "recall");
    for (int i = 0; i < STORY_COUNT; i++) {
        double found = (double)score[i].found;
        printf("%-12s %8lu %8lu %8lu %9.1f%% %7.1f%%\n", story_names[i], score[i].found, score[i].missed,
               score[i].false_alarms, 100 * found / fmax(found + (double)score[i].false_alarms, 1),
               100 * found / fmax(found + (double)score[i].missed, 1));
    }
    printf("%lu jobs\n", jobs);
}

int main(int argc, char **argv)
{
    struct score score[STORY_COUNT] = {{0, 0, 0}};
    unsigned long long seed = 1;
    unsigned long count = 500, jobs = 0;
    unsigned int faults = 0;
    bool keeps = false;
    int option;
    while ((option = getopt(argc, argv, "s:n:k")) != -1) {
        if (option == 's')
            seed = strtoull(optarg, NULL, 10);
        else if (option == 'n')
            count = strtoul(optarg, NULL, 10);
        else if (option == 'k')
            keeps = true;
        else
            return 2;
    }
    if (optind != argc - 2) {
        fputs("scenarios: MEMTRACE and FOLDER are needed\n", stderr);
        return 2;
    }
    (void)mkdir(argv[optind + 1], 0777);
    for (unsigned long i = 0; i < count; i++) {
        struct job job;
        empty(argv[optind + 1]);
        if (job_make(&job, seed + i)) {
            jobs++;
            faults += try_job(&job, argv[optind], argv[optind + 1], score);
        } else {
            printf("seed %llu: no job clear of the grey zones\n", seed + i);
        }
        job_free(&job);
    }
    if (!keeps)
        empty(argv[optind + 1]);
    print_scores(score, jobs);
    return faults == 0 && jobs >= count - count / 50 ? 0 : 1;
}
