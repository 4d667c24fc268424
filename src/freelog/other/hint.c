/* SPDX-License-Identifier: MIT */
/* hint: recognises files of unsupported kinds, and says what to do about them. */
#include "hint.h"

#include <stdbool.h>
#include <string.h>

#include "../text.h"
#include "base/array.h"
#include "other_log.h"

/* Bytes at the beginning of a file. */
static const struct {
    const char *bytes;
    size_t size;
    const char *hint;
} starts[] = {
    {"\x96\xd5", 2, "binary data of sar, not supported; convert it with sadf -d FILE -- -r"},
    {"\xd5\x96", 2, "binary data of sar, not supported; convert it with sadf -d FILE -- -r"},
    {"\xfd"
     "7zXZ",
     5, "a file compressed by xz, not supported; decompress it: xz -dc FILE | memtrace -"},
    {"BZh", 3, "a file compressed by bzip2, not supported; decompress it: bzip2 -dc FILE | memtrace -"},
    {"\x28\xb5\x2f\xfd", 4, "a file compressed by zstd, not supported; decompress it: zstd -dc FILE | memtrace -"},
    {"\xff\xfe\0", 4, "text in UTF-32, not supported; convert it: iconv -f UTF-32 -t UTF-8 FILE | memtrace -"},
    {"\0\0\xfe\xff", 4, "text in UTF-32, not supported; convert it: iconv -f UTF-32 -t UTF-8 FILE | memtrace -"},
    {"PK\x03\x04", 4, "a zip archive or a spreadsheet, not supported; unpack it, or save it as CSV"},
};

/* Words that a file contains together. */
static const struct {
    const char *words[3];
    const char *hint;
} texts[] = {
    {{"{\"column\": ", "\"unit\": ", "\"fields\": "},
     "an export as JSON, which is for other programs; read exports as CSV"},
    {{"MemTotal", "\"kernel", NULL}, "JSON, not supported; record /proc/meminfo itself"},
    {{"RESET\n", "MEM ", NULL},
     "output of atop -P, not supported; convert it: awk 'BEGIN { print \"epoch total_bytes free_bytes cached_bytes "
     "buffers_bytes\" } /^MEM/ { print $3, $8*$7, $9*$7, $10*$7, $11*$7 }' FILE"},
    {{"ATOP - ", "MEM |", NULL}, "screens of atop, not supported; use atop -r FILE -P MEM"},
    {{"{\"sysstat\"", NULL, NULL}, "JSON of sadf, not supported; convert the data with sadf -d FILE -- -r"},
    {{"<sysstat", NULL, NULL}, "XML of sadf, not supported; convert the data with sadf -d FILE -- -r"},
    {{"CMDLINE ", "MEM ", NULL},
     "data of mprof, not supported; convert it: awk 'BEGIN { print \"time used_mib\" } /^MEM/ { print $3, $2 }' FILE"},
    {{"\tkbmemused\t", NULL, NULL}, "output of sadf -p, not supported; use sadf -d FILE -- -r"},
    {{"avg-cpu:", "%iowait", NULL}, "output of iostat, without memory; use free -s N"},
    {{"CPU ", "%usr", "%iowait"}, "output of mpstat, without memory; use free -s N"},
    {{"Linux ", " CPU)", "%user"}, "sar without memory statistics; use sar -r"},
    {{"Linux ", " CPU)", "%idle"}, "sar without memory statistics; use sar -r"},
    {{"Linux ", " CPU)", NULL}, "sar without memory statistics; use sar -r"},
    {{"K total memory", NULL, NULL}, "output of vmstat -s, not supported; use vmstat N, or free -s N"},
    {{"procs ", "swap", "cpu"}, "vmstat without readable rows; use vmstat N without -d, -m or -p"},
    {{"top - ", "load average", NULL}, "top without its memory rows; use top -b"},
    {{"MiB Mem", "[", NULL}, "top with bars instead of numbers; press m in top until it shows numbers, then W"},
    {{"KiB Mem", "[", NULL}, "top with bars instead of numbers; press m in top until it shows numbers, then W"},
    {{"%MEM", "RSS", "PID"}, "a process list of ps, without the memory of the node; use free -s N"},
    {{"%MEM", "RES", "PID"}, "a process list of top without its summary; use top -b"},
    {{"CONTAINER ID", "MEM USAGE", NULL}, "output of docker stats, not supported; record the node with free -s N"},
    {{"\tMaximum resident set size (kbytes): ", NULL, NULL}, "output of time -v, a single peak; use free -s N"},
    {{"MaxRSS", "JobID", NULL}, "peaks from sstat or sacct; use free -s N"},
    {{"Filesystem ", "Use%", NULL}, "output of df, which is about disks; use free -s N"},
    {{" load average: ", " up ", NULL}, "output of uptime or w, without memory; use free -s N"},
    {{"Node 0 MemTotal", NULL, NULL}, "/proc/meminfo of parts of the machine, not supported; use /proc/meminfo"},
};

/* Returns true for programs, pictures, data: one byte in 20 is none that text has. */
static bool is_binary(const char *at, const char *end)
{
    size_t size = (size_t)(end - at), odd = 0;
    for (; at < end; at++)
        odd += (unsigned char)*at < ' ' && (*at == '\0' || strchr("\t\n\r\f\b\033", *at) == NULL);
    return 20 * odd > size;
}

const char *hint_find(const char *bytes, size_t size, const char *wanted, unsigned long *line)
{
    *line = 0;
    if (size == 0)
        return NULL;
    const char *end = bytes + size;
    for (size_t i = 0; i < COUNT(starts); i++)
        if (size >= starts[i].size && memcmp(bytes, starts[i].bytes, starts[i].size) == 0)
            return starts[i].hint;
    for (size_t i = 0; i < COUNT(texts); i++) {
        bool has_all = true;
        for (size_t k = 0; k < COUNT(texts[i].words) && texts[i].words[k] != NULL; k++)
            has_all &= text_find(bytes, end, texts[i].words[k]) != NULL;
        if (has_all)
            return texts[i].hint;
    }
    if (*bytes == '{' && text_find(bytes, end, "\":") != NULL)
        return "JSON, not supported; convert it to a table: (echo time,used_bytes; jq -r '[.time, .used] | @csv' FILE) "
               "| memtrace -";
    if (size >= 8 && memcmp(bytes + 1, "\0\0\0", 3) == 0 && memcmp(bytes + 5, "\0\0\0", 3) == 0)
        return "text in UTF-32, not supported; convert it: iconv -f UTF-32LE -t UTF-8 FILE | memtrace -";
    if (is_binary(bytes, end))
        return "binary data, not text";
    return table_hint(bytes, end, wanted, line);
}
