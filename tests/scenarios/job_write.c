/* SPDX-License-Identifier: MIT */
/* job_write: owns the format of a simulated job's logs, which is that of the recorders. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "job.h"

enum { LABEL_WIDTH = 8, COLUMN_WIDTH = 12 };

#define START_S 1795000000.0

static const char heading[] = "               total        used        free      shared  buff/cache   available\n";

/* Writes a row at `out`: a label and right-aligned numbers. Returns its end. */
static char *write_row(char *out, const char *label, const uint64_t *number, int count)
{
    memset(out, ' ', (size_t)(LABEL_WIDTH + COLUMN_WIDTH * count));
    memcpy(out, label, strlen(label));
    out += LABEL_WIDTH;
    for (int i = 0; i < count; i++) {
        out += COLUMN_WIDTH;
        char *digit = out;
        uint64_t rest = number[i];
        do
            *--digit = (char)('0' + rest % 10);
        while ((rest /= 10) > 0);
    }
    *out++ = '\n';
    return out;
}

double job_start_s(const struct job *job)
{
    double first_s = INFINITY;
    for (size_t i = 0; i < job->node_count; i++)
        first_s = fmin(first_s, job->node[i].start_s);
    return START_S + first_s;
}

/* The kernel counts memory in pages of 4 KiB; other numbers would be evidence of another unit. */
static double in_pages(double kib)
{
    return 4 * floor(kib / 4);
}

double job_total_kib(const struct job *job, const struct job_node *node, bool is_swap, bool of_job)
{
    if (is_swap)
        return node->swap == NULL ? 33554428 : in_pages(0.2 * node->total_kib);
    return job->has_job_rows && !of_job ? 2 * node->total_kib : node->total_kib;
}

/* Writes the rows of a sample. If the job has its own rows, they contain the values, and the node has twice the memory
 * and uses more of it. */
static void write_sample(FILE *file, const struct job *job, const struct job_node *node, size_t i)
{
    char text[1024];
    uint64_t limit = (uint64_t)node->total_kib, own = (uint64_t)in_pages((double)node->value[i] * node->total_kib);
    uint64_t total = (uint64_t)job_total_kib(job, node, false, false);
    uint64_t used = job->has_job_rows ? own + limit / 8 * 4 : own, cache = (total - used) / 40 * 4;
    uint64_t swap_total = (uint64_t)job_total_kib(job, node, true, false);
    uint64_t swap = node->swap == NULL ? 0 : (uint64_t)in_pages((double)node->swap[i] * node->total_kib);
    const uint64_t memory[] = {total, used, total - used - cache, 8884, cache, total - used};
    const uint64_t swapped[] = {swap_total, swap, swap_total - swap};
    const uint64_t of_job[] = {limit, own, (limit - own) / 8 * 4, 0, limit - own - (limit - own) / 8 * 4, limit - own};
    memcpy(text, heading, sizeof heading - 1);
    char *end = write_row(text + sizeof heading - 1, "Mem:", memory, 6);
    end = write_row(end, "Swap:", swapped, 3);
    if (job->has_job_rows) {
        end = write_row(end, "Job:", of_job, 6);
        end = write_row(end, "Jobswap:", swapped, 3);
    }
    *end++ = '\n';
    fwrite(text, 1, (size_t)(end - text), file);
}

static void write_kill(FILE *file, const struct job_node *node)
{
    if (node->is_killed_by_srun)
        fprintf(file, "srun: error: %s: task 2: Out Of Memory\n", node->name);
    else
        fputs("slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some of the step tasks have been OOM "
              "Killed.\n",
              file);
}

static bool write_node(const struct job *job, const struct job_node *node, const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    setvbuf(file, NULL, _IOFBF, 1 << 17);
    if (!job->is_stamped)
        fprintf(file, "# memtrace 1 host=%s start=%.3f interval=%g job=7\n", node->name, START_S + node->start_s,
                job->interval_s);
    for (size_t i = 0; i < node->count; i++) {
        bool is_missing = node->gap_at != NONE && i > node->gap_at && i <= node->gap_at + node->gap_count;
        if (!is_missing && job->is_stamped)
            fprintf(file, "%.0f\n", START_S + node->start_s + (double)i * job->interval_s);
        if (!is_missing)
            write_sample(file, job, node, i);
        if (i == node->kill_at)
            write_kill(file, node);
    }
    if (!job->is_stamped)
        fprintf(file, "# memtrace end=%.3f\n", START_S + node->start_s + ((double)node->count - 0.5) * job->interval_s);
    bool ok = !ferror(file);
    return fclose(file) == 0 && ok;
}

bool job_write(const struct job *job, const char *folder)
{
    char path[4096];
    for (size_t i = 0; i < job->node_count; i++) {
        snprintf(path, sizeof path, "%s/%s-mem.log", folder, job->node[i].name);
        if (!write_node(job, &job->node[i], path))
            return false;
    }
    return true;
}
