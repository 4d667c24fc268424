/* SPDX-License-Identifier: MIT */
/* gen_logs: writes logs as `free -s N` prints them, for the benchmark and for tests that need many.
 *
 *     gen_logs [-k KIND] [-f FORM] [-g GB] [-r RECORDS | -b BYTES] [-n NODES] [-i SECONDS] [-H] [-S SEED] PATH
 *
 * KIND is `node` (a compute node with a job that reads, iterates, writes and releases memory: every value changes in
 * every record), `smooth` (the same, but only `used` jitters), `idle` (few changes) or `digits` (numbers gain and lose
 * digits from record to record, the worst case for a reader that learns a layout). The node has GB (512) GiB of memory.
 * FORM is `plain`, `job` (with the rows and the line of processes that the recorders add), `ts` or `date` (a time on
 * each line, or for each record), `srun` or `pdsh` (one log of all nodes with labels; `pdsh` mixes their lines). PATH
 * is the log or, for several nodes in separate logs, the directory for node00001-mem.log and so on. -H adds the first
 * and last line of the recording scripts. The same arguments give the same bytes. */
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum kind { KIND_NODE, KIND_SMOOTH, KIND_IDLE, KIND_DIGITS };
enum form { FORM_PLAIN, FORM_JOB, FORM_TS, FORM_DATE, FORM_SRUN, FORM_PDSH };

enum {
    COLUMN_WIDTH = 12,
    LABEL_WIDTH = 8,
    DEFAULT_RECORDS = 3900,
    DEFAULT_GB = 512,
    KEPT_KIB = 215040, /* cache that cannot be freed */
    LINES_MAX = 7,
    PREFIX_MAX = 40,
    START_S = 1732320000
};

static const char heading[] = "               total        used        free      shared  buff/cache   available\n";

struct settings {
    enum kind kind;
    enum form form;
    uint64_t records;
    double bytes; /* instead of `records`, 0 if not given */
    unsigned long nodes, seed;
    double interval_s, total_kib;
    bool stamped;
};

/* The numbers of one record, as free prints them. */
struct record {
    uint32_t memory[6], swap[3], job[6], job_swap[3];
};

/* The lines of a record, each with its line end. */
struct lines {
    char text[LINES_MAX][160];
    int count, next;
};

/* The state while a log is written: the xorshift of G. Marsaglia ("Xorshift RNGs", 2003) and the
 * position of the node among the others. */
struct log {
    const struct settings *settings;
    unsigned long node;
    uint64_t random;
    double cache_kib; /* a random walk */
};

static uint32_t next_random(struct log *log)
{
    log->random ^= log->random << 13;
    log->random ^= log->random >> 7;
    log->random ^= log->random << 17;
    return (uint32_t)(log->random >> 32);
}

/* Returns a random number from -1 to 1. */
static double jitter(struct log *log)
{
    return (double)next_random(log) / 2147483648.0 - 1;
}

/* Returns the memory of a job at `share` (0 to 1) of its run, in KiB. */
static double job_used(struct log *log, double share)
{
    double scale = 0.55 + 0.3 * fmod((double)log->node * 0.6180339887, 1);
    double ramp = 1 / (1 + exp(-50 * (share - 0.19)));
    double saw = fmod(share * 14 + (double)log->node * 0.37, 1) * 0.09;
    double end = share < 0.93 ? 1 : exp(-120 * (share - 0.93));
    double noise = (double)next_random(log) / 4294967296.0 * 0.004;
    return log->settings->total_kib * (0.058 + (scale * ramp * (0.88 + saw)) * end + noise);
}

/* Makes numbers of 1 to 9 digits; the total is constant, as on any machine. */
static void mix_digits(struct log *log, struct record *record)
{
    static const uint32_t power[] = {10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 500000000};
    const size_t most = log->settings->total_kib > 5e8 ? 9 : 8;
    for (int i = 1; i < 6; i++)
        record->memory[i] = next_random(log) % power[next_random(log) % most];
    record->swap[1] = next_random(log) % power[next_random(log) % 6];
    record->swap[2] = record->swap[0] - record->swap[1];
}

/* Adds the recorders' rows of the job, whose limit is 3/4 of the node. */
static void fill_job(struct log *log, struct record *record)
{
    uint32_t limit = record->memory[0] / 4 * 3, used = record->memory[1] / 8 * 7, cache = record->memory[4] / 2;
    used = used < limit ? used : limit;
    cache = cache < limit - used ? cache : limit - used;
    record->job[0] = limit;
    record->job[1] = used;
    record->job[2] = limit - used - cache;
    record->job[3] = 4 * (next_random(log) % 64);
    record->job[4] = cache;
    record->job[5] = limit - used;
    record->job_swap[0] = record->job_swap[1] = record->job_swap[2] = 0;
}

static void fill_record(struct log *log, uint64_t number, struct record *record)
{
    const enum kind kind = log->settings->kind;
    const uint32_t total = (uint32_t)log->settings->total_kib;
    double share = (double)number / (double)log->settings->records;
    uint32_t used, cache = 1078068 + (uint32_t)(number % 4096), shared = 8884;
    if (kind == KIND_NODE) {
        log->cache_kib += jitter(log) * 4096 + (log->cache_kib < log->settings->total_kib * 0.1 ? 512 : -512);
        log->cache_kib = fmax(log->cache_kib, KEPT_KIB + 100000);
        cache = (uint32_t)log->cache_kib;
        shared = 75000 + next_random(log) % 1024;
    }
    if (kind == KIND_NODE || kind == KIND_SMOOTH)
        used = (uint32_t)job_used(log, fmin(share, 1));
    else
        used = 1902488 + (next_random(log) % 64 == 0 ? next_random(log) % 512 : 0);
    uint32_t unused = total - used, swapped = 0;
    if ((kind == KIND_NODE || kind == KIND_SMOOTH) && share > 0.55)
        swapped = (uint32_t)(share * 9e5) + (kind == KIND_NODE ? next_random(log) % 256 : 0);
    *record = (struct record){
        {total, used, unused > cache ? unused - cache + KEPT_KIB : 0, shared, cache, unused},
        {2097148, swapped, 2097148 - swapped},
        {0},
        {0},
    };
    if (kind == KIND_DIGITS)
        mix_digits(log, record);
    fill_job(log, record);
}

/* Writes a row at `out`: a label and right-aligned numbers. Returns its end. */
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

/* Makes the lines of the next record. */
static void make_lines(struct log *log, uint64_t number, struct lines *lines)
{
    struct record record;
    int count = 0;
    fill_record(log, number, &record);
    memcpy(lines->text[count++], heading, sizeof heading);
    *write_row(lines->text[count++], "Mem:", record.memory, 6) = '\0';
    *write_row(lines->text[count++], "Swap:", record.swap, 3) = '\0';
    if (log->settings->form == FORM_JOB) {
        *write_row(lines->text[count++], "Job:", record.job, 6) = '\0';
        *write_row(lines->text[count++], "Jobswap:", record.job_swap, 3) = '\0';
        snprintf(lines->text[count++], sizeof lines->text[0],
                 "# memtrace top=solver:5040:%u,bash:4784:4320,bash:4977:3392\n", record.job[1]);
    }
    memcpy(lines->text[count++], "\n", 2);
    lines->count = count;
    lines->next = 0;
}

/* Writes the next line of a record. */
static void write_line(FILE *file, const struct log *log, uint64_t number, struct lines *lines)
{
    char prefix[PREFIX_MAX] = "";
    double time_s = START_S + (double)number * (log->settings->interval_s + 0.0005);
    time_t second = (time_t)time_s;
    struct tm tm = {0};
    gmtime_r(&second, &tm);
    int width = snprintf(NULL, 0, "%lu", log->settings->nodes - 1);
    switch (log->settings->form) {
    case FORM_TS:
        strftime(prefix, sizeof prefix, "%b %d %H:%M:%S ", &tm);
        break;
    case FORM_DATE:
        if (lines->next == 0)
            strftime(prefix, sizeof prefix, "%a %b %e %H:%M:%S UTC %Y\n", &tm);
        break;
    case FORM_SRUN:
        snprintf(prefix, sizeof prefix, "%*lu: ", width, log->node - 1);
        break;
    case FORM_PDSH:
        snprintf(prefix, sizeof prefix, "node%05lu: ", log->node);
        break;
    default:
        break;
    }
    fputs(prefix, file);
    fputs(lines->text[lines->next++], file);
}

static struct log begin_log(const struct settings *settings, unsigned long node)
{
    struct log log = {settings, node, (settings->seed + node) * UINT64_C(0x9e3779b97f4a7c15) | 1, 0};
    log.cache_kib = settings->total_kib * 0.02;
    return log;
}

static bool write_log(const struct settings *settings, unsigned long node, const char *path)
{
    struct log log = begin_log(settings, node);
    const double start_s = START_S + 0.25 + (double)(node % 7);
    struct lines lines;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return false;
    setvbuf(file, NULL, _IOFBF, 1 << 18);
    if (settings->stamped)
        fprintf(file, "# memtrace 1 host=node%05lu start=%.3f interval=%g\n", node, start_s, settings->interval_s);
    for (uint64_t i = 0; i < settings->records && !ferror(file); i++) {
        make_lines(&log, i, &lines);
        while (lines.next < lines.count)
            write_line(file, &log, i, &lines);
    }
    if (settings->stamped)
        fprintf(file, "# memtrace end=%.3f\n", start_s + (double)settings->records * (settings->interval_s + 0.0005));
    return fclose(file) == 0;
}

/* Writes one log of all nodes, with the node's label on each line. The order of the nodes varies from sample to sample.
 * Records are written one after the other, or mixed line by line with `pdsh`. */
static bool write_labelled(const struct settings *settings, const char *path)
{
    struct log *log = calloc(settings->nodes, sizeof *log);
    struct lines *lines = calloc(settings->nodes, sizeof *lines);
    size_t *open = calloc(settings->nodes, sizeof *open);
    FILE *file = fopen(path, "wb");
    bool ok = log != NULL && lines != NULL && open != NULL && file != NULL;
    for (unsigned long node = 1; node <= settings->nodes && ok; node++)
        log[node - 1] = begin_log(settings, node);
    for (uint64_t i = 0; i < settings->records && ok; i++) {
        size_t count = settings->nodes;
        for (size_t node = 0; node < count; node++) {
            make_lines(&log[node], i, &lines[node]);
            open[node] = node;
        }
        while (count > 0) {
            size_t at = next_random(&log[0]) % count, node = open[at];
            do
                write_line(file, &log[node], i, &lines[node]);
            while (settings->form == FORM_SRUN && lines[node].next < lines[node].count);
            if (lines[node].next == lines[node].count)
                open[at] = open[--count];
        }
        ok = !ferror(file);
    }
    ok = (file == NULL || fclose(file) == 0) && ok;
    free(log);
    free(lines);
    free(open);
    return ok;
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

/* Returns the index of a word among `count`, or ends the program. */
static int read_word(const char *text, const char *const *word, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, word[i]) == 0)
            return i;
    fprintf(stderr, "gen_logs: unknown '%s'\n", text);
    exit(2);
}

/* Returns the number of records that take this many bytes. */
static uint64_t count_records(const struct settings *settings)
{
    struct log log = begin_log(settings, 1);
    struct lines lines;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return 1;
    make_lines(&log, 0, &lines);
    while (lines.next < lines.count)
        write_line(file, &log, 0, &lines);
    fclose(file);
    free(text);
    bool is_one_log = settings->form == FORM_SRUN || settings->form == FORM_PDSH;
    return (uint64_t)(settings->bytes / (double)size / (is_one_log ? (double)settings->nodes : 1)) + 1;
}

static void read_settings(struct settings *settings, int argc, char **argv)
{
    static const char *const kind[] = {"node", "smooth", "idle", "digits"};
    static const char *const form[] = {"plain", "job", "ts", "date", "srun", "pdsh"};
    int option;
    while ((option = getopt(argc, argv, "k:f:g:r:b:n:i:HS:")) != -1) {
        if (option == 'k')
            settings->kind = (enum kind)read_word(optarg, kind, 4);
        else if (option == 'f')
            settings->form = (enum form)read_word(optarg, form, 6);
        else if (option == 'g')
            settings->total_kib = floor(read_positive(optarg) * 1048576 * 0.9775); /* the kernel reserves some */
        else if (option == 'r')
            settings->records = (uint64_t)read_positive(optarg);
        else if (option == 'b')
            settings->bytes = read_positive(optarg);
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
    if (settings->bytes > 0)
        settings->records = count_records(settings);
    if (optind == argc - 1)
        return;
    fputs("gen_logs: one PATH is needed\n", stderr);
    exit(2);
}

int main(int argc, char **argv)
{
    struct settings settings = {.records = DEFAULT_RECORDS,
                                .nodes = 1,
                                .seed = 1,
                                .interval_s = 2,
                                .total_kib = floor(DEFAULT_GB * 1048576.0 * 0.9775)};
    char path[4096];
    read_settings(&settings, argc, argv);
    const char *target = argv[optind];
    if (settings.form == FORM_SRUN || settings.form == FORM_PDSH) {
        if (write_labelled(&settings, target))
            return 0;
        fprintf(stderr, "gen_logs: %s: %s\n", target, strerror(errno));
        return 1;
    }
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
