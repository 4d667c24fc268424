/* SPDX-License-Identifier: MIT */
/* file: passes a file's bytes to a parser or to the reader of exports. */
#include "file.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "load/input.h"
#include "model/export.h"
#include "split.h"

#define CHUNK_BYTES ((size_t)256 * 1024)
#define PAGE_BYTES  ((size_t)4096) /* the kernel copies several times faster between whole pages */
#define PEEK_BYTES  ((size_t)16 * 1024)

static bool export_begin(void *user, const char *name, bool percent, struct error *error)
{
    struct ingest *ingest = user;
    enum freelog_column wanted = ingest->settings->column, column = freelog_column_find(name);
    if (column == FREELOG_COLUMN_COUNT || (wanted != LOAD_COLUMN_AUTO && column != wanted))
        return error_set(error, ingest->file->path, 1, "this export contains another column; use --column %s", name);
    if (percent != ingest->settings->percent)
        return error_set(error, ingest->file->path, 1, "this export contains %s; %s --percentage",
                         percent ? "percentages" : "bytes, not percentages", percent ? "use" : "omit");
    ingest->is_export = true;
    ingest->exported = column;
    return true;
}

static struct node *export_node(void *user, const char *name)
{
    struct ingest_node *reading = ingest_find(user, name);
    return reading == NULL ? NULL : &reading->node;
}

static bool export_wants(void *user, const struct node *node, double time_s)
{
    struct ingest *ingest = user;
    struct ingest_node *reading = ingest->recent; /* export_node found it last */
    bool wanted = ingest_wants(ingest, reading, time_s);
    (void)node;
    reading->last_s = fmax(reading->last_s, time_s);
    if (!wanted)
        reading->outside++;
    return wanted;
}

void load_buffers_init(struct load_buffers *buffers)
{
    buffers->count = 0;
    pthread_mutex_init(&buffers->lock, NULL);
}

void load_buffers_free(struct load_buffers *buffers)
{
    while (buffers->count > 0)
        free(buffers->unused[--buffers->count]);
    pthread_mutex_destroy(&buffers->lock);
}

/* A buffer of CHUNK_BYTES; NULL if out of memory. */
static char *take_buffer(struct load_buffers *buffers)
{
    char *buffer = NULL;
    if (buffers != NULL) {
        pthread_mutex_lock(&buffers->lock);
        if (buffers->count > 0)
            buffer = buffers->unused[--buffers->count];
        pthread_mutex_unlock(&buffers->lock);
    }
    return buffer != NULL ? buffer : aligned_alloc(PAGE_BYTES, CHUNK_BYTES);
}

static void give_back(struct load_buffers *buffers, char *buffer)
{
    if (buffers != NULL && buffer != NULL) {
        pthread_mutex_lock(&buffers->lock);
        if (buffers->count < LOAD_BUFFERS_MAX) {
            buffers->unused[buffers->count++] = buffer;
            buffer = NULL;
        }
        pthread_mutex_unlock(&buffers->lock);
    }
    free(buffer);
}

/* Reads the rest of an export, whose first `size` bytes are in `chunk`. */
static bool read_export(struct ingest *ingest, struct input *input, char *chunk, ssize_t size, struct error *error)
{
    const struct export_sink sink = {ingest, export_begin, export_node, export_wants};
    struct export_reader *export = export_reader_new(&sink, ingest->file->path);
    bool ok = export != NULL || error_memory(error, ingest->file->path);
    while (ok && size > 0) {
        ok = export_reader_feed(export, chunk, (size_t)size, error);
        if (ok)
            size = input_read(input, chunk, CHUNK_BYTES, error);
    }
    ok = ok && size == 0 && export_reader_feed(export, NULL, 0, error);
    export_reader_free(export);
    return ok;
}

/* Fills the chunk until the kind of file is clear. Returns like input_read. Does not wait for more of a live log that
 * cannot be an export. */
static ssize_t read_start(struct input *input, char *chunk, struct error *error)
{
    size_t filled = 0;
    while (export_begins(chunk, filled) == EXPORT_MAYBE) {
        ssize_t size = input_read(input, chunk + filled, CHUNK_BYTES - filled, error);
        if (size < 0)
            return size;
        if (size == 0)
            break;
        filled += (size_t)size;
    }
    return (ssize_t)filled;
}

/* Feeds a log whose first `size` bytes are in `chunk` to a parser, at most `limit` bytes. Keeps what came before a read
 * error or a refusal. `provenance` gets its line counts and, if there is no record, a hint what the log may be. */
static bool read_log(const struct load_settings *settings, const struct freelog_sink *sink, struct input *input,
                     char *chunk, ssize_t size, size_t limit, unsigned int threads, struct provenance *provenance,
                     atomic_uint_least64_t *bytes_read, struct error *error)
{
    struct freelog_parser *parser = freelog_parser_new(sink, settings->unit_bytes);
    unsigned long lines[2];
    if (parser == NULL)
        return error_memory(error, NULL);
    freelog_parser_set_written(parser, input_written_s(input));
    freelog_parser_set_column(parser, settings->heading);
    size_t done = 0;
    while (size > 0 && freelog_parser_feed(parser, chunk, (size_t)size)) {
        done += (size_t)size;
        if (bytes_read != NULL)
            atomic_fetch_add_explicit(bytes_read, (size_t)size, memory_order_relaxed);
        if (done >= limit)
            break;
        if (threads > 1 && !load_split(parser, input, threads, bytes_read))
            break;
        threads = 1;
        size = input_read(input, chunk, CHUNK_BYTES, error);
    }
    freelog_parser_finish(parser);
    freelog_parser_lines(parser, &lines[0], &lines[1]);
    provenance->lines[0] += lines[0];
    provenance->lines[1] += lines[1];
    provenance->hint = freelog_parser_hint(parser, &provenance->hint_line);
    if (freelog_parser_out_of_memory(parser)) {
        error_memory(error, NULL);
        size = -1;
    }
    freelog_parser_free(parser);
    return size >= 0;
}

/* Reads a file, which may be part of a log, at `path`. */
static bool read_part(struct load_file *file, const char *path, char *chunk, struct error *error)
{
    struct ingest *ingest = &file->ingest;
    const struct freelog_sink sink = ingest_sink(ingest);
    struct input *input = input_open(path, error);
    ssize_t size = input != NULL ? read_start(input, chunk, error) : -1;
    bool ok = false;
    ingest->part_path = path;
    if (size > 0 && export_begins(chunk, (size_t)size) == EXPORT_YES)
        ok = read_export(ingest, input, chunk, size, error);
    else if (size >= 0)
        ok = read_log(ingest->settings, &sink, input, chunk, size, SIZE_MAX, file->threads, &ingest->provenance,
                      file->bytes_read, error);
    input_close(input);
    return ok;
}

void load_file_read(struct load_file *file)
{
    struct ingest *ingest = &file->ingest;
    struct error *error = &ingest->provenance.reason, later = {0};
    char *chunk = take_buffer(file->buffers);
    if (chunk == NULL) {
        error_memory(error, ingest->file->path);
        return;
    }
    bool ok = read_part(file, file->part == NULL ? ingest->file->path : file->part[0]->path, chunk, error);
    for (size_t i = 1; i < file->part_count; i++)
        ok &= read_part(file, file->part[i]->path, chunk, ok ? error : &later);
    ingest_release(ingest);
    give_back(file->buffers, chunk);
    ingest->provenance.is_whole = ok;
}

/* The earliest clock at a node's first sample. */
static void on_peek_record(void *user, const struct freelog_record *record)
{
    double *epoch_s = user;
    if (isnan(*epoch_s) && isfinite(record->stamp_s) && record->stamp_is_epoch)
        *epoch_s = ingest_stamp_epoch(record);
}

static void on_peek_header(void *user, const char *label, const char *key, const char *value)
{
    double *epoch_s = user, number;
    (void)label;
    if (isnan(*epoch_s) && strcmp(key, "start") == 0 && parse_number(value, &number))
        *epoch_s = number;
}

double load_file_start(const struct load_settings *settings, const struct input_file *file)
{
    double epoch_s = NAN;
    struct provenance unused = {.lines = {0, 0}};
    const struct freelog_sink sink = {.user = &epoch_s, .record = on_peek_record, .header = on_peek_header};
    struct input *input = input_open(file->path, NULL);
    char *chunk = malloc(CHUNK_BYTES);
    if (input != NULL && chunk != NULL)
        read_log(settings, &sink, input, chunk, input_read(input, chunk, PEEK_BYTES, NULL), PEEK_BYTES, 1, &unused,
                 NULL, NULL);
    free(chunk);
    input_close(input);
    return epoch_s;
}

/* The first and last clock of a log. */
static void on_span_record(void *user, const struct freelog_record *record)
{
    double *span_s = user;
    if (!isfinite(record->stamp_s) || !record->stamp_is_epoch || record->stamp_is_dateless)
        return;
    double epoch_s = ingest_stamp_epoch(record);
    span_s[0] = isnan(span_s[0]) ? epoch_s : fmin(span_s[0], epoch_s);
    span_s[1] = isnan(span_s[1]) ? epoch_s : fmax(span_s[1], epoch_s);
}

static void on_span_header(void *user, const char *label, const char *key, const char *value)
{
    double *span_s = user, number;
    (void)label;
    if ((strcmp(key, "start") != 0 && strcmp(key, "end") != 0) || !parse_number(value, &number))
        return;
    span_s[0] = isnan(span_s[0]) ? number : span_s[0];
    span_s[1] = isnan(span_s[1]) ? number : fmax(span_s[1], number);
}

bool load_file_span(const struct load_settings *settings, const struct input_file *file, double span_s[2])
{
    struct provenance unused = {.lines = {0, 0}};
    const struct freelog_sink sink = {.user = span_s, .record = on_span_record, .header = on_span_header};
    struct input *input = file->inode == 0 ? NULL : input_open(file->path, NULL); /* a pipe can be read only once */
    char *chunk = malloc(CHUNK_BYTES);
    ssize_t size = input != NULL && chunk != NULL ? read_start(input, chunk, NULL) : -1;
    bool ok = size >= 0 && export_begins(chunk, (size_t)size) != EXPORT_YES;
    span_s[0] = span_s[1] = NAN;
    if (ok)
        ok = read_log(settings, &sink, input, chunk, size, SIZE_MAX, 1, &unused, NULL, NULL);
    free(chunk);
    input_close(input);
    return ok;
}
