/* SPDX-License-Identifier: MIT */
/* fuzz_export: reads an export whole and in pieces, then exports the result and reads it again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "load/load.h"
#include "model/export.h"

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_export: %s\n", what);
        abort();
    }
}

static bool begin(void *user, const char *column, bool percent, struct error *error)
{
    struct trace *trace = user;
    trace->quantity = freelog_column_find(column);
    if (trace->quantity == FREELOG_COLUMN_COUNT)
        return error_set(error, "x.csv", 1, "another column");
    trace->percent = percent;
    return true;
}

static struct node *find_node(void *user, const char *name)
{
    struct trace *trace = user;
    size_t found = trace_find(trace, name);
    if (found == trace->count) {
        struct node node;
        node_init(&node, 64);
        node.name = strdup(name);
        node.source = strdup("x");
        must(trace_add(trace, &node, NULL), "out of memory");
    }
    return &trace->node[found];
}

static bool wants(void *user, const struct node *node, double time_s)
{
    (void)user;
    (void)node;
    must(isfinite(time_s), "a time that is no number");
    return true;
}

/* Feeds pieces, each in memory of exactly its size. */
static bool read_in_pieces(const char *data, size_t size, size_t piece, struct trace *trace, struct error *error)
{
    const struct export_sink sink = {trace, begin, find_node, wants};
    struct export_reader *ingest = export_reader_new(&sink, "x.csv");
    bool ok = true;
    must(ingest != NULL, "out of memory");
    for (size_t at = 0; at < size && ok; at += piece) {
        size_t length = piece < size - at ? piece : size - at;
        char *bytes = malloc(length);
        must(bytes != NULL, "out of memory");
        memcpy(bytes, data + at, length);
        ok = export_reader_feed(ingest, bytes, length, error);
        free(bytes);
    }
    ok = ok && export_reader_feed(ingest, NULL, 0, error);
    export_reader_free(ingest);
    return ok;
}

/* Returns the export of a trace, which the caller frees. */
static char *written(const struct trace *trace, size_t *size)
{
    char *text = NULL;
    struct error error = {0};
    FILE *file = open_memstream(&text, size);
    must(file != NULL && export_csv(file, trace, &error), "an export cannot be written");
    fclose(file);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trace whole = {.quantity = FREELOG_USED}, pieces = {.quantity = FREELOG_USED},
                 again = {.quantity = FREELOG_USED};
    struct error one = {0}, other = {0}, third = {0};
    const char *bytes = (const char *)data;
    bool ok = read_in_pieces(bytes, size, size + 1, &whole, &one);
    must(ok == read_in_pieces(bytes, size, size % 9 + 1, &pieces, &other), "pieces read otherwise than the whole");
    must(ok || strcmp(one.text, other.text) == 0, "another reason in pieces");
    must(ok || one.line == other.line, "another line in pieces");
    if (ok && whole.count > 0 && size > 0) {
        size_t first_size, pieces_size;
        char *first = written(&whole, &first_size), *other_text = written(&pieces, &pieces_size);
        must(first_size == pieces_size && memcmp(first, other_text, first_size) == 0, "pieces give another export");
        if (!read_in_pieces(first, first_size, first_size, &again, &third)) {
            fprintf(stderr, "%s:%lu: %s\n%s", third.file, third.line, third.text, first);
            must(false, "an export of our own is refused");
        }
        must(again.count == whole.count, "another number of nodes");
        free(first);
        free(other_text);
    }
    trace_free(&whole);
    trace_free(&pieces);
    trace_free(&again);
    return 0;
}
