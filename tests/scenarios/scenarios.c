/* SPDX-License-Identifier: MIT */
/* scenarios: judges the findings about simulated jobs with known stories.
 *
 *     scenarios [-n COUNT] [-j] [-k] MEMTRACE FOLDER SEED...
 *
 * Judges COUNT jobs for each SEED, with the seeds SEED, SEED + 1, ... One worker per processor writes the logs of one
 * job at a time into FOLDER and judges them in its own process, because a process for each job would take most of the
 * time. For every tenth job, the command MEMTRACE must print the same. With -j, all logs have the job's rows, not only
 * a quarter of them. -k uses a single worker and keeps the logs of the last job. Prints all errors, then precision and
 * recall of each kind. Exits with status 1 if there are errors. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pages.h"
#include "inside.h"
#include "judge.h"
#include "words.h"

#define CHECKED_EVERY     10    /* one in this many jobs is also judged by the command */
#define WORDS_SAMPLES_MAX 20000 /* of a job that is also viewed in another way; larger jobs would take too long */

/* The task, of which each worker does a part. */
struct task {
    const char *memtrace, *folder;
    char **seed;         /* first seeds, seed_count of them */
    unsigned long count; /* jobs per seed */
    unsigned long seed_count, workers;
    bool has_job_rows; /* in all jobs */
    bool keeps;
};

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

/* Returns the output of `command`, which the caller frees. Returns NULL if the command fails. */
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

/* Returns the command's output about the logs in `folder`, NULL if it fails. */
static char *run_memtrace(const char *memtrace, const char *folder, double limit_kib)
{
    char command[8192], limit[64] = "";
    if (isfinite(limit_kib))
        snprintf(limit, sizeof limit, " --limit %.0fK", limit_kib);
    snprintf(command, sizeof command, "exec '%s' --stats=json%s '%s' </dev/null", memtrace, limit, folder);
    return output_of(command);
}

/* Compares words with numbers in another view of a job. Returns the number of faults. */
static unsigned int try_words(const struct job *job, const char *folder)
{
    const struct inside_view view = words_view(job, job->seed);
    if (job->node_count * job->samples > WORDS_SAMPLES_MAX)
        return 0;
    char *json = inside_stats(folder, &view);
    if (json == NULL) {
        printf("seed %llu: another view failed (%s)\n", (unsigned long long)job->seed, job->text);
        return 1;
    }
    unsigned int faults = words_judge(job, &view, json);
    free(json);
    return faults;
}

/* Judges the findings of one job that memtrace's code reports in this process, and their words. If `is_checked`, the
 * command must print the same. Returns the number of faults. */
static unsigned int try_job(const struct job *job, const struct task *task, bool is_checked, const char *folder,
                            struct score *score)
{
    if (!job_write(job, folder)) {
        fprintf(stderr, "scenarios: %s: %s\n", folder, strerror(errno));
        exit(2);
    }
    const struct inside_view view = {.column = LOAD_COLUMN_AUTO, .limit_bytes = 1024 * job->limit_kib};
    char *json = inside_stats(folder, &view);
    char *printed = is_checked ? run_memtrace(task->memtrace, folder, job->limit_kib) : NULL;
    const char *fault = json == NULL                                                    ? "failed"
                        : is_checked && (printed == NULL || strcmp(printed, json) != 0) ? "the command differs"
                                                                                        : NULL;
    free(printed);
    if (fault != NULL) {
        printf("seed %llu: %s (%s)\n", (unsigned long long)job->seed, fault, job->text);
        free(json);
        return 1;
    }
    unsigned int faults = judge(job, json, score) + words_judge(job, &view, json);
    free(json);
    return faults + try_words(job, folder);
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

/* The counts of a worker, in shared memory. */
struct tally {
    struct score score[STORY_COUNT];
    unsigned long jobs;
    unsigned int faults;
};

/* Judges the jobs of a worker; each worker has its own folder unless it is the only one. */
static void work(const struct task *task, unsigned long worker, struct tally *tally)
{
    char folder[4096];
    snprintf(folder, sizeof folder, task->workers > 1 ? "%s/%lu" : "%s", task->folder, worker);
    (void)mkdir(folder, 0777);
    for (unsigned long i = worker; i < task->seed_count * task->count; i += task->workers) {
        unsigned long long seed = strtoull(task->seed[i / task->count], NULL, 10) + i % task->count;
        struct job job;
        empty(folder);
        if (job_make(&job, seed)) {
            job.has_job_rows |= task->has_job_rows;
            tally->jobs++;
            tally->faults += try_job(&job, task, i % CHECKED_EVERY == 0, folder, tally->score);
        } else {
            printf("seed %llu: no job clear of the grey zones\n", seed);
        }
        job_free(&job);
    }
    if (!task->keeps)
        empty(folder);
}

/* Runs the workers, adds up their counts and prints them. Returns the status of the program. */
static int run(const struct task *task)
{
    struct tally *tally =
        mmap(NULL, task->workers * sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct tally sum = {.jobs = 0};
    int status;
    if (tally == MAP_FAILED)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    for (unsigned long worker = 0; worker < task->workers; worker++)
        if (fork() == 0) {
            work(task, worker, &tally[worker]);
            exit(0);
        }
    while (wait(&status) > 0)
        sum.faults += status != 0;
    for (unsigned long worker = 0; worker < task->workers; worker++) {
        sum.jobs += tally[worker].jobs;
        sum.faults += tally[worker].faults;
        for (int i = 0; i < STORY_COUNT; i++) {
            sum.score[i].found += tally[worker].score[i].found;
            sum.score[i].missed += tally[worker].score[i].missed;
            sum.score[i].false_alarms += tally[worker].score[i].false_alarms;
        }
    }
    print_scores(sum.score, sum.jobs);
    unsigned long wanted = task->seed_count * task->count;
    return sum.faults == 0 && sum.jobs >= wanted - wanted / 50 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct task task = {.count = 500};
    int option;
    pages_keep_freed();
    while ((option = getopt(argc, argv, "n:jk")) != -1) {
        if (option == 'n')
            task.count = strtoul(optarg, NULL, 10);
        else if (option == 'j')
            task.has_job_rows = true;
        else if (option == 'k')
            task.keeps = true;
        else
            return 2;
    }
    if (argc - optind < 3 || task.count == 0) {
        fputs("scenarios: MEMTRACE, FOLDER and SEED are needed\n", stderr);
        return 2;
    }
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    task.workers = task.keeps || processors < 1 ? 1 : processors > 4 ? 4 : (unsigned long)processors;
    task.memtrace = argv[optind];
    task.folder = argv[optind + 1];
    task.seed = &argv[optind + 2];
    task.seed_count = (unsigned long)(argc - optind - 2);
    (void)mkdir(task.folder, 0777);
    return run(&task);
}
