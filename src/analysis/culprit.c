/* SPDX-License-Identifier: MIT */
/* culprit: chooses the program to name. Does not phrase it. */
#include "culprit.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SHARE 0.5

/* Returns the largest process of a node that does not belong to Slurm itself, or NULL if there is none. */
static const struct trace_process *largest(const struct node *node)
{
    static const char *const launchers[] = {"slurmstepd", "slurmd", "srun"};
    for (size_t i = 0; i < node->top.count; i++) {
        bool is_launcher = false;
        for (size_t k = 0; k < sizeof launchers / sizeof launchers[0]; k++)
            is_launcher |= strcmp(node->top.process[i].command, launchers[k]) == 0;
        if (!is_launcher)
            return &node->top.process[i];
    }
    return NULL;
}

/* Sorts by command, and within a command puts the node with the largest process first. */
static int compare_commands(const void *a, const void *b)
{
    const struct trace_process *left = largest(*(const struct node *const *)a);
    const struct trace_process *right = largest(*(const struct node *const *)b);
    int order = strcmp(left->command, right->command);
    return order != 0 ? order : (left->rss_bytes < right->rss_bytes) - (left->rss_bytes > right->rss_bytes);
}

/* Returns the memory that the process is part of: that of the job, else the rise of the node's memory. */
static double memory_of(const struct trace *trace, const struct node *node)
{
    const struct series_stats *job = &node->line[TRACE_JOB].stats, *main = &node->line[TRACE_MAIN].stats;
    if (job->count > 0)
        return job->max;
    return trace->quantity == FREELOG_USED && !trace->percent ? main->max - main->min : 0;
}

bool culprit_find(const struct trace *trace, struct culprit *culprit)
{
    const struct node **named = calloc(trace->count + 1, sizeof(struct node *));
    size_t count = 0, best_count = 0;
    *culprit = (struct culprit){.command = NULL};
    for (size_t i = 0; i < trace->count && named != NULL; i++)
        if (largest(&trace->node[i]) != NULL)
            named[count++] = &trace->node[i];
    if (count > 0)
        qsort(named, count, sizeof(struct node *), compare_commands);
    for (size_t first = 0, next; first < count; first = next) {
        const struct trace_process *process = largest(named[first]);
        for (next = first + 1; next < count && strcmp(largest(named[next])->command, process->command) == 0;)
            next++;
        if (next - first < best_count || (next - first == best_count && process->rss_bytes <= culprit->rss_bytes))
            continue;
        double memory_bytes = memory_of(trace, named[first]);
        best_count = next - first;
        *culprit = (struct culprit){process->command, process->rss_bytes,
                                    .is_most = memory_bytes > 0 && process->rss_bytes >= MOST_SHARE * memory_bytes,
                                    .of_command = named[first]->command[0] != '\0' &&
                                                  named[first]->line[TRACE_JOB].stats.count == 0};
    }
    bool ok = named != NULL;
    free(named);
    return ok;
}
