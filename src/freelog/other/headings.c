/* SPDX-License-Identifier: MIT */
/* headings: the words for columns of memory, times and hosts, and for units after them. */
#include "headings.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "../text.h"
#include "base/array.h"

#define TOKENS_MAX 12
#define TOKEN_MAX  24

/* A heading's words in lower case. */
struct tokens {
    char word[TOKENS_MAX][TOKEN_MAX];
    size_t count;
};

/* Names that are known as a whole, in KiB. */
static const struct {
    const char *name;
    unsigned char meaning;
} sysstat_names[] = {
    {"kbmemfree", FREELOG_FREE},
    {"kbavail", FREELOG_AVAILABLE},
    {"kbmemused", HEADING_PRINTED_USED},
    {"%memused", HEADING_USED_PERCENT},
    {"kbbuffers", FREELOG_BUFFERS},
    {"kbcached", FREELOG_CACHED},
    {"kbmemshrd", FREELOG_SHARED},
    {"kbslab", HEADING_SLAB},
    {"kbswpfree", FREELOG_SWAP_FREE},
    {"kbswpused", FREELOG_SWAP_USED},
    {"%swpused", HEADING_OTHER},
    {"kbswpcad", HEADING_OTHER},
    {"%swpcad", HEADING_OTHER},
    {"kbcommit", HEADING_OTHER},
    {"%commit", HEADING_OTHER},
    {"kbactive", HEADING_OTHER},
    {"kbinact", HEADING_OTHER},
    {"kbdirty", HEADING_OTHER},
    {"sreclaimable", HEADING_RECLAIMABLE},
};

static const struct {
    const char *name;
    double bytes;
    bool is_decimal;
} units[] = {
    {"b", 1, false},
    {"byte", 1, false},
    {"bytes", 1, false},
    {"k", 0x1p10, false},
    {"kb", 0x1p10, false},
    {"kib", 0x1p10, false},
    {"ki", 0x1p10, false},
    {"kilobytes", 0x1p10, false},
    {"kbytes", 0x1p10, false},
    {"ko", 0x1p10, false},
    {"kio", 0x1p10, false},
    {"mio", 0x1p20, false},
    {"gio", 0x1p30, false},
    {"mégaoctets", 0x1p20, true},
    {"mbyte", 0x1p20, true},
    {"mo", 0x1p20, true},
    {"go", 0x1p30, true},
    {"m", 0x1p20, false},
    {"mb", 0x1p20, true},
    {"mib", 0x1p20, false},
    {"mi", 0x1p20, false},
    {"megabytes", 0x1p20, true},
    {"mbytes", 0x1p20, true},
    {"meg", 0x1p20, false},
    {"g", 0x1p30, false},
    {"gb", 0x1p30, true},
    {"gib", 0x1p30, false},
    {"gi", 0x1p30, false},
    {"gigabytes", 0x1p30, true},
    {"gbytes", 0x1p30, true},
    {"tb", 0x1p40, true},
    {"tib", 0x1p40, false},
};

static const struct {
    const char *name;
    double s;
} time_units[] = {
    {"s", 1},
    {"sec", 1},
    {"secs", 1},
    {"second", 1},
    {"seconds", 1},
    {"ms", 1e-3},
    {"msec", 1e-3},
    {"us", 1e-6},
    {"ns", 1e-9},
    {"min", 60},
    {"mins", 60},
    {"minute", 60},
    {"minutes", 60},
    {"h", 3600},
    {"hr", 3600},
    {"hour", 3600},
    {"hours", 3600},
    {"millis", 1e-3},
    {"milliseconds", 1e-3},
};

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Returns true for "k" or "ki", before the B of "KiB". */
static bool is_power(const char *word, size_t length)
{
    return (length == 1 || (length == 2 && word[1] == 'i')) && strchr("kmgt", word[0]) != NULL;
}

/* Cuts a heading into words: "memUsed_MB" and "Mem Used (MB)" become mem, used, mb. */
static void cut(const char *at, const char *end, struct tokens *tokens)
{
    size_t length = 0;
    tokens->count = 0;
    for (const char *c = at; c <= end && tokens->count < TOKENS_MAX; c++) {
        bool is_word = c < end && (text_is_letter(*c) || text_is_digit(*c) || text_is_high(*c));
        bool is_new = is_word && c > at && is_upper(*c) && !is_upper(c[-1]) && text_is_letter(c[-1]) &&
                      !(*c == 'B' && is_power(tokens->word[tokens->count], length));
        if ((!is_word || is_new) && length > 0) {
            tokens->word[tokens->count++][length] = '\0';
            length = 0;
        }
        if (c < end && *c == '%' && tokens->count < TOKENS_MAX)
            strcpy(tokens->word[tokens->count++], "%");
        if (is_word && tokens->count < TOKENS_MAX && length < TOKEN_MAX - 1)
            tokens->word[tokens->count][length++] = is_upper(*c) ? (char)(*c | 0x20) : *c;
    }
}

static bool is_in(const char *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, list[i]) == 0)
            return true;
    return false;
}

#define HAS(tokens, ...)                                                                                               \
    has_any(tokens, (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})))

static bool has_any(const struct tokens *tokens, const char *const *list, size_t count)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (is_in(tokens->word[i], list, count))
            return true;
    return false;
}

/* Reads "time", "Date/Time", "elapsed_s", "t", "unix_time" or "timestamp (UTC)". */
static bool read_time(const struct tokens *tokens, struct heading *heading)
{
    static const char *const times[] = {
        "time",    "timestamp", "datetime",   "ts",         "epoch",   "elapsed", "t",           "clock", "stamp",
        "uhrzeit", "zeit",      "heure",      "hora",       "seconds", "second",  "secs",        "sec",   "minutes",
        "hours",   "when",      "timestamps", "horodatage", "orario",  "uptime",  "zeitstempel", "uhr"};
    static const char *const around[] = {
        "date",    "unix",     "utc",    "local",    "at",       "sample",    "iso",  "iso8601", "since", "start",
        "time",    "from",     "posix",  "measured", "recorded", "collected", "wall", "real",    "log",   "event",
        "sampled", "relative", "logged", "system",   "run",      "cet",       "cest", "created", "gmt",   "rfc3339"};
    bool is_time = false;
    heading->unit = 0;
    if (tokens->count == 1 && (strcmp(tokens->word[0], "date") == 0 || strcmp(tokens->word[0], "datum") == 0 ||
                               strcmp(tokens->word[0], "day") == 0 || strcmp(tokens->word[0], "fecha") == 0)) {
        heading->meaning = HEADING_DATE;
        return true;
    }
    for (size_t i = 0; i < tokens->count; i++) {
        const char *word = tokens->word[i];
        bool is_known = is_in(word, times, COUNT(times));
        is_time |= is_known;
        is_known |= is_in(word, around, COUNT(around));
        for (size_t k = 0; k < COUNT(time_units); k++)
            if (strcmp(word, time_units[k].name) == 0) {
                heading->unit = time_units[k].s;
                is_known = true;
            }
        if (!is_known)
            return false;
    }
    heading->meaning = HEADING_TIME;
    return is_time;
}

/* Returns true if a word contains the part. */
static bool has_part(const struct tokens *tokens, const char *part)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (strstr(tokens->word[i], part) != NULL)
            return true;
    return false;
}

static bool read_host(const struct tokens *tokens, struct heading *heading)
{
    static const char *const hosts[] = {"host",    "hostname",  "node",     "nodename", "machine",
                                        "server",  "instance",  "computer", "nodelist", "pod",
                                        "podname", "container", "vm",       "guest",    "rechner"};
    static const char *const after[] = {"name", "id", "ip"};
    size_t count = tokens->count;
    if (count == 1 && strcmp(tokens->word[0], "name") == 0) {
        heading->meaning = HEADING_HOST;
        heading->is_weak = true; /* of a node, a container, a series */
        return true;
    }
    count -= count > 1 && is_in(tokens->word[count - 1], after, COUNT(after));
    if (count == 0 || count > 2 || !is_in(tokens->word[count - 1], hosts, COUNT(hosts)))
        return false;
    heading->meaning = HEADING_HOST;
    heading->is_weak = count == 2; /* "exported_instance", "kubernetes_node" */
    return true;
}

static unsigned char swap_meaning(const struct tokens *tokens)
{
    if (HAS(tokens, "cached", "cache", "in", "out", "cad", "rate"))
        return HEADING_OTHER;
    if (HAS(tokens, "free", "avail", "available", "swapfree"))
        return FREELOG_SWAP_FREE;
    if (HAS(tokens, "used", "use", "usage", "swapused", "inuse"))
        return FREELOG_SWAP_USED;
    if (HAS(tokens, "total", "tot", "size", "swaptotal"))
        return FREELOG_SWAP_TOTAL;
    return FREELOG_SWAP_USED; /* "swap" */
}

/* Returns the column of memory that the words name. */
static unsigned char memory_meaning(const struct tokens *tokens, bool *is_weak)
{
    static const char *const weak[] = {"mem",      "memory",  "ram",     "rss",     "pss",  "resident",  "res",
                                       "physical", "system",  "sys",     "real",    "node", "vmrss",     "maxrss",
                                       "size",     "process", "current", "working", "set",  "container", "pod",
                                       "memoria",  "mémoire", "memória", "speicher"};
    bool has_cache = HAS(tokens, "cache", "cached", "cach", "caches");
    if (has_part(tokens, "swap") || has_part(tokens, "swp"))
        return swap_meaning(tokens);
    *is_weak = tokens->count > 1 && !has_part(tokens, "mem") && !has_part(tokens, "ram") && !has_part(tokens, "mém") &&
               !has_part(tokens, "phys") && !has_part(tokens, "speicher"); /* "fs_used": may be about anything */
    if (HAS(tokens, "available", "avail", "memavailable", "availmem", "disponible", "disponibile", "disponível",
            "verfügbar", "verfügbare", "disponibles", "disponibili", "disponíveis"))
        return FREELOG_AVAILABLE;
    if (HAS(tokens, "used", "use", "usage", "memused", "usedmem", "inuse", "consumed", "benutzt", "belegt", "utilisé",
            "utilisée", "usada", "usado", "usata", "utilizada", "utilizado", "utilizzata"))
        return FREELOG_USED;
    if (HAS(tokens, "free", "memfree", "unused", "freemem", "frei", "libre", "libera", "livre"))
        return FREELOG_FREE;
    if (HAS(tokens, "shared", "shmem", "shrd"))
        return FREELOG_SHARED;
    if (HAS(tokens, "buffcache", "bufferscache"))
        return FREELOG_BUFF_CACHE;
    if (HAS(tokens, "buffers", "buff", "buf", "buffer", "buffered"))
        return has_cache ? FREELOG_BUFF_CACHE : FREELOG_BUFFERS;
    if (has_cache)
        return FREELOG_CACHED;
    if (HAS(tokens, "total", "tot", "memtotal", "totalmem", "capacity", "installed", "gesamt", "totale"))
        return FREELOG_TOTAL;
    *is_weak = HAS(tokens, "mem", "memory", "ram", "rss", "resident", "working", "pss", "real", "vmrss", "maxrss",
                   "memoria", "mémoire", "memória", "speicher");
    for (size_t i = 0; i < tokens->count && *is_weak; i++)
        *is_weak = is_in(tokens->word[i], weak, COUNT(weak));
    return *is_weak ? FREELOG_USED : HEADING_OTHER;
}

/* Removes the words for units. */
static void take_units(struct tokens *tokens, struct heading *heading)
{
    size_t kept = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        bool is_unit = false;
        for (size_t k = 0; k < COUNT(units) && i > 0; k++)
            if (strcmp(tokens->word[i], units[k].name) == 0) {
                heading->unit = units[k].bytes;
                heading->is_decimal = units[k].is_decimal;
                is_unit = true;
            }
        if (!is_unit && kept++ != i)
            memcpy(tokens->word[kept - 1], tokens->word[i], TOKEN_MAX);
    }
    tokens->count = kept;
}

struct heading heading_read(const char *at, const char *end)
{
    struct heading heading = {.meaning = HEADING_OTHER};
    struct tokens tokens;
    for (size_t i = 0; i < COUNT(sysstat_names); i++)
        if (strlen(sysstat_names[i].name) == (size_t)(end - at) &&
            strncasecmp(sysstat_names[i].name, at, (size_t)(end - at)) == 0) {
            heading.meaning = sysstat_names[i].meaning;
            heading.unit = i + 1 < COUNT(sysstat_names) ? 0x1p10 : 0;
            heading.is_percent = *at == '%';
            return heading;
        }
    if (end - at > 2 && end[-2] == '/' && end[-1] == 's') /* a rate */
        return heading;
    if (text_starts(at, end, "(PDH-CSV")) { /* of Windows: the time, with its zone */
        heading.meaning = HEADING_TIME;
        return heading;
    }
    cut(at, end, &tokens);
    if (tokens.count == 0 || tokens.count == TOKENS_MAX || read_time(&tokens, &heading))
        return heading;
    heading.unit = 0;
    if (read_host(&tokens, &heading))
        return heading;
    take_units(&tokens, &heading);
    heading.is_percent = HAS(&tokens, "%", "pct", "percent", "percentage", "perc", "ratio");
    if (heading.is_percent || has_part(&tokens, "cpu") || has_part(&tokens, "count") ||
        HAS(&tokens, "disk", "net", "network", "io", "load", "fs", "hdd", "inode", "inodes", "threads", "virtual",
            "virt", "vsz", "heap", "rate", "faults", "gpu", "delta", "limit", "vmalloc", "huge", "cma"))
        return heading;
    heading.meaning = memory_meaning(&tokens, &heading.is_weak);
    return heading;
}

void heading_make_swap(struct heading *heading)
{
    heading->meaning = heading->meaning == FREELOG_USED    ? FREELOG_SWAP_USED
                       : heading->meaning == FREELOG_FREE  ? FREELOG_SWAP_FREE
                       : heading->meaning == FREELOG_TOTAL ? FREELOG_SWAP_TOTAL
                                                           : HEADING_OTHER;
}

bool heading_is_column(const struct heading *heading)
{
    return heading->meaning < FREELOG_COLUMN_COUNT;
}
