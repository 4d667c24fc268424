/* SPDX-License-Identifier: MIT */
/* gen_logs: writes logs as `free -s N` prints them, for the benchmark and for tests that need many.
 *
 *     gen_logs [-k KIND] [-r RECORDS | -b BYTES] [-n NODES] [-i SECONDS] [-H] [-S SEED] PATH
 *
 * KIND is `job` (a run that reads, iterates, writes and gives back), `idle` (hardly a change) or
 * `digits` (numbers gain and lose digits from record to record, the worst there is for a reader
 * that learns a layout). PATH is the log; with more than one node the directory for
 * node00001-mem.log and so on. -H adds the first and last line of the recording scripts. The same
 * arguments give the same bytes. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { KIND_JOB, KIND_IDLE, KIND_DIGITS };

enum {
    COLUMN_WIDTH = 12,
    LABEL_WIDTH = 8,
    DEFAULT_RECORDS = 3900,
    TOTAL_KIB = 32795852,
    KEPT_KIB = 215040 /* cache that cannot be freed */
};

static const char heading[] = "               total        used        free      shared  buff/cache   available\n";

struct settings {
    enum kind kind;
    uint64_t records;
    unsigned long nodes, seed;
    double interval_s;
    bool stamped;
};

/* The numbers of one record, as free prints them. */
struct record {
    uint32_t memory[6], swap[3];
};

/* One log while it is written: the xorshift of G. Marsaglia ("Xorshift RNGs", 2003) and the node's
 * own place among the others. */
struct log {
    const struct settings *settings;
    unsigned long node;
    uint64_t random;
};

static uint32_t next_random(struct log *log)
{
    log->random ^= log->random << 13;
    log->random ^= log->random >> 7;
    log->random ^= log->random << 17;
    return (uint32_t)(log->random >> 32);
}

/* Memory of a job at `share` (0 to 1) of its run, in KiB. */
static double job_used(struct log *log, double share)
{
    double scale = 0.55 + 0.3 * fmod((double)log->node * 0.6180339887, 1);
    double ramp = 1 / (1 + exp(-50 * (share - 0.19)));
    double saw = fmod(share * 14 + (double)log->node * 0.37, 1) * 0.09;
    double end = share < 0.93 ? 1 : exp(-120 * (share - 0.93));
    double noise = (double)next_random(log) / 4294967296.0 * 0.004;
    return TOTAL_KIB * (0.058 + (scale * ramp * (0.88 + saw)) * end + noise);
}

static void fill_record(struct log *log, uint64_t number, struct record *record)
{
    double share = (double)number / (double)log->settings->records;
    uint32_t used, cache = 1078068 + (uint32_t)(number % 4096);
    if (log->settings->kind == KIND_JOB)
        used = (uint32_t)job_used(log, fmin(share, 1));
    else
        used = 1902488 + (next_random(log) % 64 == 0 ? next_random(log) % 512 : 0);
    uint32_t unused = TOTAL_KIB - used;
    uint32_t swapped = log->settings->kind == KIND_JOB && share > 0.55 ? (uint32_t)(share * 9e5) : 0;
    *record = (struct record){
        {TOTAL_KIB, used, unused > cache ? unused - cache + KEPT_KIB : 0, 8884, cache, unused},
        {2097148, swapped, 2097148 - swapped},
    };
    if (log->settings->kind != KIND_DIGITS)
        return;
    /* 1 to 8 digits each; total stays, as it does on any machine. */
    static const uint32_t power[] = {10, 100, 1000, 10000, 100000, 1000000, 10000000, 30000000};
    for (int i = 1; i < 6; i++)
        record->memory[i] = next_random(log) % power[next_random(log) % 8];
    record->swap[1] = next_random(log) % power[next_random(log) % 6];
    record->swap[2] = record->swap[0] - record->swap[1];
}

/* Writes a row at `out`, a label and right-aligned numbers; returns what is after it. */
static char *write_row(char *out, const char *label, const uint32_t *number, int count)
{
    memset(out, ' ', (size_t)(LABEL_WIDTH + COLUMN_WIDTH * count));
    memcpy(out, label, strlen(label));
    out += LABEL_WIDTH - 1;
    for (int i = 0; i < count; i++) {
        out += i == 0 ? COLUMN_WIDTH + 1 : COLUMN_WIDTH;
        char *digit = out;
        uint32_t rest = number[i];
        do
            *--digit = (char)('0' + rest % 10);
        while ((rest /= 10) > 0);
    }
    *out++ = '\n';
    return out;
}

static bool write_log(const struct settings *settings, unsigned long node, const char *path)
{
    struct log log = {settings, node, (settings->seed + node) * UINT64_C(0x9e3779b97f4a7c15) | 1};
    const double start_s = 1732320000.25 + (double)(node % 7);
    char text[512];
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    setvbuf(file, NULL, _IOFBF, 1 << 18);
    if (settings->stamped)
        fprintf(file, "# memtrace 1 host=node%05lu start=%.3f interval=%g\n", node, start_s, settings->interval_s);
    for (uint64_t i = 0; i < settings->records && !ferror(file); i++) {
        struct record record;
        fill_record(&log, i, &record);
        memcpy(text, heading, sizeof heading - 1);
        char *end = write_row(text + sizeof heading - 1, "Mem:", record.memory, 6);
        end = write_row(end, "Swap:", record.swap, 3);
        *end++ = '\n';
        fwrite(text, 1, (size_t)(end - text), file);
    }
    if (settings->stamped)
        fprintf(file, "# memtrace end=%.3f\n", start_s + (double)settings->records * (settings->interval_s + 0.0005));
    return fclose(file) == 0;
}

/* Reads a positive number or ends the program. */
static double read_positive(const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (*end == '\0' && number > 0 && number < 1e15)
        return number;
    fprintf(stderr, "gen_logs: bad number '%s'\n", text);
    exit(2);
}

static enum kind read_kind(const char *text)
{
    static const char *const name[] = {"job", "idle", "digits"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, name[i]) == 0)
            return (enum kind)i;
    fprintf(stderr, "gen_logs: unknown kind '%s'\n", text);
    exit(2);
}

static void read_settings(struct settings *settings, int argc, char **argv)
{
    /* A record: heading, memory, swap, empty line. */
    const double record_bytes =
        sizeof heading - 1 + LABEL_WIDTH + 6 * COLUMN_WIDTH + 1 + LABEL_WIDTH + 3 * COLUMN_WIDTH + 2;
    int option;
    while ((option = getopt(argc, argv, "k:r:b:n:i:HS:")) != -1) {
        if (option == 'k')
            settings->kind = read_kind(optarg);
        else if (option == 'r')
            settings->records = (uint64_t)read_positive(optarg);
        else if (option == 'b')
            settings->records = (uint64_t)(read_positive(optarg) / record_bytes) + 1;
        else if (option == 'n')
            settings->nodes = (unsigned long)read_positive(optarg);
        else if (option == 'i')
            settings->interval_s = read_positive(optarg);
        else if (option == 'S')
            settings->seed = (unsigned long)read_positive(optarg);
        else if (option == 'H')
            settings->stamped = true;
        else
            exit(2);
    }
    if (optind == argc - 1)
        return;
    fputs("gen_logs: one PATH is needed\n", stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    struct settings settings = {.records = DEFAULT_RECORDS, .nodes = 1, .seed = 1, .interval_s = 2};
    char path[4096];
    read_settings(&settings, argc, argv);
    const char *target = argv[optind];
    if (settings.nodes > 1)
        (void)mkdir(target, 0777);
    for (unsigned long node = 1; node <= settings.nodes; node++) {
        if (settings.nodes > 1)
            snprintf(path, sizeof path, "%s/node%05lu-mem.log", target, node);
        if (!write_log(&settings, node, settings.nodes > 1 ? path : target)) {
            fprintf(stderr, "gen_logs: %s: %s\n", settings.nodes > 1 ? path : target, strerror(errno));
            return 1;
        }
    }
    return 0;
}
