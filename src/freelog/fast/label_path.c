/* SPDX-License-Identifier: MIT */
/* label_path: decides which node a labelled line belongs to, and reads the records of many nodes whose lines are
 * interleaved.
 *
 * A lane is the prefix of a node's lines, byte for byte, with the node's stream. It is created at a header, if every
 * check of line_classifier finds that the bytes are this label and nothing else. The header, rows and blank lines of a
 * lane are then recognised by their bytes alone. Its records are collected and emitted in batches. Before
 * line_classifier is given a line, all records are emitted, and line_classifier reads incomplete ones again, so that it
 * finds each node as if it had read every line. */
#include "label_path.h"

#include <stdlib.h>

#include "../line_prefix.h"
#include "../line_scan.h"
#include "../text.h"
#include "base/array.h"

#define MISSES_MANY 32 /* headers of other shapes before a new shape is learned */

/* The first 16 bytes of a label, padded with zeroes. */
struct start {
    uint64_t half[2];
};

/* The members that every line needs come first: with many nodes, memory access takes most of the time. */
struct label_lane {
    struct start start, mask; /* of the prefix; which of its bytes count */
    size_t prefix_size;
    unsigned int awaited; /* 0: a header; else row awaited - 1 of the record being read */
    bool is_dirty;
    unsigned long state;     /* state of the path when the stream was found fit; 0 before */
    struct label_lane *next; /* the lane that followed it last time */
    size_t count, capacity;  /* complete records: */
    unsigned long *line;
    double *value;      /* shape.count of each */
    double least, most; /* range of totals that keep the unit */
    struct record_builder *stream;
    struct label_lane *next_dirty; /* in the list */
    /* The record being read: */
    unsigned long header_line, row_line[RECORD_ROWS_MAX];
    const char *row[RECORD_ROWS_MAX]; /* its rows so far, */
    unsigned int kept;                /* number of rows already copied to `text` */
    char prefix[LABEL_PATH_PREFIX_MAX];
    char text[SIMD_MAX];
};

void label_path_free(struct label_path *path)
{
    for (size_t i = 0; i < path->count; i++) {
        free(path->lane[i]->line);
        free(path->lane[i]->value);
        free(path->lane[i]);
    }
    free(path->lane);
    free(path->by_prefix);
}

/* ---- emitting ---- */

/* Makes a run of a lane's records with these columns. */
static void make_run(const struct record_template *shape, const struct label_lane *lane, uint32_t columns,
                     struct freelog_run *run)
{
    run->count = lane->count;
    run->present = columns;
    run->line = run->lines = 0;
    run->line_of = lane->line;
    run->stamp_s = NULL;
    run->top = NULL;
    for (; columns != 0; columns &= columns - 1) {
        const int column = __builtin_ctz(columns);
        const double *value = lane->value + shape->slot[column];
        for (size_t i = 0; i < lane->count; i++)
            run->value[column][i] = value[i * shape->count];
    }
}

static void give(const struct label_path *path, struct line_classifier *log, struct label_lane *lane)
{
    struct freelog_run run;
    const struct record_template *shape = &path->shape;
    if (lane->count == 0)
        return;
    make_run(shape, lane, record_builder_run_columns(lane->stream, &log->report, shape->present), &run);
    if (!record_builder_run(lane->stream, &log->report, &run, run.present == shape->present)) {
        make_run(shape, lane, shape->present, &run);
        record_builder_run(lane->stream, &log->report, &run, true);
    }
    lane->count = 0;
}

/* Copies the rows of the record being read, which are still in the piece. */
static void keep_rows(const struct record_template *shape, struct label_lane *lane)
{
    for (; lane->kept + 1 < lane->awaited; lane->kept++) {
        char *to = lane->text + (shape->begin[lane->kept] - shape->begin[0]);
        memcpy(to, lane->row[lane->kept], shape->begin[lane->kept + 1] - shape->begin[lane->kept]);
        lane->row[lane->kept] = to;
    }
}

/* Passes the lines of the record being read to line_classifier. */
static void read_again(const struct label_path *path, struct line_classifier *log, struct label_lane *lane)
{
    char line[LABEL_PATH_PREFIX_MAX + SIMD_MAX];
    const struct record_template *shape = &path->shape;
    const unsigned int lines = lane->awaited;
    const unsigned long number = log->report.line;
    log->non_empty -= lines;
    log->understood -= lines;
    memcpy(line, lane->prefix, lane->prefix_size);
    for (unsigned int i = 0; i < lines; i++) {
        size_t size = i == 0 ? shape->begin[0] : shape->begin[i] - shape->begin[i - 1];
        memcpy(line + lane->prefix_size, i == 0 ? (const char *)shape->pattern.text : lane->row[i - 1], size);
        log->report.line = i == 0 ? lane->header_line : lane->row_line[i - 1];
        line_classifier_line(log, line, line + lane->prefix_size + size - 1, FREELOG_LINE_FEED);
    }
    log->report.line = number;
    lane->awaited = 0;
}

void label_path_settle(struct label_path *path, struct line_classifier *log)
{
    struct record_builder *recent = log->recent;
    path->state++;
    for (struct label_lane *lane = path->dirty, *next; lane != NULL; lane = next) {
        next = lane->next_dirty;
        lane->is_dirty = false;
        give(path, log, lane);
        if (lane->awaited > 0)
            read_again(path, log, lane);
    }
    path->dirty = NULL;
    log->recent = recent;
}

static void mark_dirty(struct label_path *path, struct label_lane *lane)
{
    if (lane->is_dirty)
        return;
    lane->is_dirty = true;
    lane->next_dirty = path->dirty;
    path->dirty = lane;
}

/* ---- lanes ---- */

static bool is_label(const char *at, const char *end)
{
    bool has_letter = false;
    for (; at < end && *at == ' '; at++)
        ;
    for (const char *c = at; c < end; c++) {
        bool is_letter = text_is_letter(*c) || text_is_digit(*c);
        if (!is_letter && *c != '-' && *c != '_' && *c != '.')
            return false;
        has_letter |= is_letter;
    }
    return has_letter;
}

/* Returns true if line_classifier reads these `size` bytes as only the label [label, label_end): before a header,
 * before a row, and alone. */
static bool is_prefix(const char *at, size_t size, const char **label, const char **label_end)
{
    static const char row[] = "Mem:       1 1 1 1 1 1", blanks[] = "               ";
    char line[LABEL_PATH_PREFIX_MAX + sizeof row + sizeof blanks];
    struct line_prefix before_row, before_header;
    struct line_part part;
    const char *lead, *lead_end, *rest;
    memcpy(line, at, size);
    memcpy(line + size, row, sizeof row);
    if (line_scan_part(at, at + size, 0, &part) || !line_scan_part(line, line + size + sizeof row - 1, 0, &part) ||
        part.at != line + size)
        return false;
    memcpy(line + size, blanks, sizeof blanks);
    line_prefix_read(at, at + size, &before_row);
    line_prefix_read(line, line + size + sizeof blanks - 1, &before_header);
    *label = before_row.label;
    *label_end = before_row.label_end;
    return !before_row.has_stamp && !before_header.has_stamp && *label < *label_end &&
           before_header.label - line == *label - at && before_header.label_end - line == *label_end - at &&
           line_prefix_lead(at, at + size, &lead, &lead_end, &rest) && lead == *label && lead_end == *label_end &&
           rest == at + size;
}

/* ---- finding ---- */

static struct start and (struct start a, struct start b)
{
    return (struct start){{a.half[0] & b.half[0], a.half[1] & b.half[1]}};
}

static struct start load(const char *at)
{
    struct start start;
    memcpy(&start, at, sizeof start);
    return start;
}

static bool is_same(struct start a, struct start b)
{
    return a.half[0] == b.half[0] && a.half[1] == b.half[1];
}

/* Returns the first `size` bytes at `at`, 16 at most. */
static struct start cut(const char *at, size_t size)
{
    struct start start = {{0, 0}};
    memcpy(&start, at, size < sizeof start ? size : sizeof start);
    return start;
}

static inline uint64_t mix(struct start start)
{
    return (start.half[0] ^ (start.half[1] << 1 | start.half[1] >> 63)) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Returns true if the prefix of a lane equals the `size` bytes at `at`, which begin with `start`. */
static inline bool is_prefix_of(const struct label_lane *lane, struct start start, const char *at, size_t size)
{
    return is_same(lane->start, start) && lane->prefix_size == size &&
           (size <= sizeof start || memcmp(lane->prefix, at, size) == 0);
}

/* Returns the slot of a prefix in the table, or the free slot for it. */
static inline size_t find_place(const struct label_path *path, struct start start, const char *at, size_t size)
{
    uint64_t hash = mix(start);
    if (size > sizeof start) /* long names often begin with the same letters */
        hash ^= mix(load(at + size - sizeof start)) >> 7;
    size_t place = (size_t)(hash >> 32) & path->mask;
    while (path->by_prefix[place] != NULL && !is_prefix_of(path->by_prefix[place], start, at, size))
        place = (place + 1) & path->mask;
    return place;
}

/* Doubles the table if it is half full. */
static bool grow_table(struct label_path *path)
{
    if (path->by_prefix != NULL && 2 * (path->count + 1) <= path->mask)
        return true;
    size_t places = path->by_prefix == NULL ? 64 : 2 * (path->mask + 1);
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
    struct label_lane **grown = calloc(places, sizeof *grown);
    if (grown == NULL)
        return false;
    free(path->by_prefix);
    path->by_prefix = grown;
    path->mask = places - 1;
    for (size_t i = 0; i < path->count; i++)
        path->by_prefix[find_place(path, path->lane[i]->start, path->lane[i]->prefix, path->lane[i]->prefix_size)] =
            path->lane[i];
    return true;
}

static struct label_lane *add_lane(struct label_path *path, struct record_builder *stream, const char *at, size_t size)
{
    static const char ones[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
    struct label_lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL)
        return NULL;
    memcpy(lane->prefix, at, size);
    lane->prefix_size = size;
    lane->start = cut(at, size);
    lane->mask = cut(ones, size);
    lane->stream = stream;
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
    if (!grow_table(path) || !array_grow(&path->lane, &path->capacity, path->count, sizeof *path->lane)) {
        free(lane);
        return NULL;
    }
    path->by_prefix[find_place(path, lane->start, at, size)] = lane;
    return path->lane[path->count++] = lane;
}

/* Returns the length of a possible label with its separator, 0 if there is none. */
static size_t prefix_size(const char *at, const char *end)
{
    const size_t most = (size_t)(end - at) < LABEL_PATH_PREFIX_MAX ? (size_t)(end - at) : LABEL_PATH_PREFIX_MAX;
    const char *colon = memchr(at, ':', most), *tab = memchr(at, '\t', colon == NULL ? most : (size_t)(colon - at));
    if (tab != NULL)
        return (size_t)(tab - at) + 1;
    return colon == NULL || colon + 1 == at + most || colon[1] != ' ' ? 0 : (size_t)(colon - at) + 2;
}

/* Makes a lane at a line that begins at `at` with a label of `size` bytes and a header. Returns NULL if line_classifier
 * does not know it. */
static struct label_lane *make_lane(struct label_path *path, struct line_classifier *log, const char *at, size_t size,
                                    const char *end)
{
    const char *label, *label_end;
    struct line_part header;
    const char *newline =
        size == 0 || at + size >= end || at[size] != ' ' ? NULL : memchr(at, '\n', (size_t)(end - at));
    if (newline == NULL || !is_label(at, at + size - (at[size - 1] == ' ' ? 2 : 1)) ||
        !line_scan_part(at, newline, log->unit_bytes, &header) || header.kind != LINE_PART_HEADER ||
        header.at != text_skip_blanks(at + size, newline) || !is_prefix(at, size, &label, &label_end))
        return NULL;
    struct record_builder *stream = node_table_find(&log->streams, label, label_end);
    return stream == NULL || stream->names != NULL || stream == log->plain ? NULL : add_lane(path, stream, at, size);
}

static struct label_lane *look_up(const struct label_path *path, const char *at, size_t size)
{
    return size == 0 || path->count == 0 ? NULL : path->by_prefix[find_place(path, cut(at, size), at, size)];
}

static struct label_lane *find_lane(struct label_path *path, struct line_classifier *log, const char *at,
                                    const char *end)
{
    size_t size = prefix_size(at, end);
    struct label_lane *lane = look_up(path, at, size);
    return lane != NULL ? lane : make_lane(path, log, at, size, end);
}

static inline bool is_of(const struct label_lane *lane, const char *at, const char *end)
{
    if (end - at < 16)
        return (size_t)(end - at) > lane->prefix_size && memcmp(at, lane->prefix, lane->prefix_size) == 0;
    return is_same(and(load(at), lane->mask), lane->start) &&
           (lane->prefix_size <= 16 || ((size_t)(end - at) > lane->prefix_size &&
                                        memcmp(at + 16, lane->prefix + 16, lane->prefix_size - 16) == 0));
}

/* Returns the lane of a line that begins at `at`, NULL if there is none. It is probably the last lane or the one that
 * followed it before; otherwise its label most likely has the same length. */
static inline struct label_lane *guess_lane(struct label_path *path, struct line_classifier *log, const char *at,
                                            const char *end)
{
    struct label_lane *last = path->last, *lane = NULL;
    if (last != NULL && end - at > LABEL_PATH_PREFIX_MAX) {
        const size_t size = last->prefix_size;
        const struct start start = and(load(at), last->mask);
        if (is_prefix_of(last, start, at, size))
            return last;
        lane = last->next != NULL && is_prefix_of(last->next, start, at, size)
                   ? last->next
                   : path->by_prefix[find_place(path, start, at, size)];
    }
    if (lane == NULL)
        lane = find_lane(path, log, at, end);
    if (lane == NULL)
        return NULL;
    if (last != NULL)
        last->next = lane;
    return path->last = lane;
}

/* ---- learning ---- */

/* Collects the record of one node, and learns from it when its next header comes. `at` is after the label. */
static void learn(struct label_path *path, struct line_classifier *log, const struct label_lane *lane, const char *at,
                  const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    const size_t size = newline == NULL ? SIZE_MAX : (size_t)(newline - at) + 1;
    const bool is_header = *at == ' ';
    if (is_header && path->teacher == lane && path->text_size > 0) {
        struct record_template shape;
        path->text[path->text_size] = ' '; /* the text that follows is not a blank line */
        if (record_template_learn(&shape, lane->stream, path->text, path->text + path->text_size + 1) &&
            record_template_is_of(&shape, lane->stream)) {
            label_path_settle(path, log);
            path->shape = shape;
            path->is_learned = true;
            path->misses = 0;
            for (size_t i = 0; i < path->count; i++)
                path->lane[i]->capacity = 0;
        }
        path->teacher = NULL;
        return;
    }
    /* Nothing is learned from a node whose lines stopped. */
    if (is_header && (path->teacher == NULL || path->headers++ > 2 * path->count)) {
        path->teacher = lane;
        path->text_size = path->headers = 0;
    }
    if (lane != path->teacher || size == 1)
        return;
    if (size > SIMD_MAX - path->text_size) {
        path->teacher = NULL;
        return;
    }
    memcpy(path->text + path->text_size, at, size);
    path->text_size += size;
}

/* ---- taking ---- */

/* Allocates space for records of the shape. With many nodes, each gets little. */
static bool reserve_lane(const struct label_path *path, struct label_lane *lane)
{
    size_t capacity = path->count <= 256 ? FREELOG_RUN_MAX : 8;
    free(lane->line);
    free(lane->value);
    lane->line = malloc(capacity * sizeof *lane->line);
    lane->value = malloc((capacity * path->shape.count + 3) * sizeof *lane->value);
    lane->capacity = lane->line != NULL && lane->value != NULL ? capacity : 0;
    return lane->capacity > 0;
}

/* Returns true if line_classifier would emit each record of the lane's node at its last row, regardless of earlier
 * lines. */
static bool is_fit(const struct label_path *path, struct label_lane *lane)
{
    const struct record_builder *stream = lane->stream;
    if (lane->state == path->state)
        return true;
    if (stream->header_length == 0 || !record_template_is_of(&path->shape, stream) || stream->has_mem ||
        stream->has_stamp || stream->stamps_follow || !stream->has_labelled_rows ||
        (lane->capacity == 0 && !reserve_lane(path, lane)))
        return false;
    bool has_total = stream->last_total > 0 && !stream->is_unit_given;
    lane->least = has_total ? stream->last_total / 64 : 0;
    lane->most = has_total ? stream->last_total * 64 : FREELOG_MEMORY_MAX_BYTES;
    lane->state = path->state;
    return true;
}

static inline bool keeps_unit(const struct label_lane *lane, double total)
{
    return total >= lane->least && total <= lane->most;
}

/* Takes the awaited row at `at`. Returns its size, 0 if it is another row. */
static size_t take_row(struct label_path *path, struct line_classifier *log, struct label_lane *lane, const char *at,
                       const char *end)
{
    const struct record_template *shape = &path->shape;
    const unsigned int row = lane->awaited - 1;
    double *value = lane->value + lane->count * shape->count;
    if (record_template_take_rows(shape, row, 1, at, end, 0, value) == NULL)
        return 0;
    if (row == 0 && (shape->present >> FREELOG_TOTAL & 1) != 0 && !keeps_unit(lane, value[shape->slot[FREELOG_TOTAL]]))
        return 0;
    const size_t size = shape->begin[row + 1] - shape->begin[row];
    lane->row[row] = at;
    lane->row_line[row] = log->report.line;
    if (++lane->awaited <= shape->row_count)
        return size;
    lane->line[lane->count++] = lane->row_line[0];
    lane->awaited = 0;
    path->misses = 0;
    if (lane->count == lane->capacity)
        give(path, log, lane);
    return size;
}

/* Takes the whole record of `lane` that begins at `at` if its lines are consecutive, as most programs write them.
 * Returns its size, 0 if its lines must be examined one by one. */
static size_t take_record(struct label_path *path, struct line_classifier *log, struct label_lane *lane, const char *at,
                          const char *end)
{
    const struct record_template *shape = &path->shape;
    const size_t label = lane->prefix_size;
    const char *row = at + label + shape->begin[0], *past;
    if ((size_t)(end - at) < label * (shape->row_count + 1) + shape->begin[shape->row_count] ||
        !is_of(lane, row, end) || !is_fit(path, lane) || !record_template_is_header(shape, at + label, end))
        return 0;
    double *value = lane->value + lane->count * shape->count;
    past = record_template_take_rows(shape, 0, shape->row_count, row + label, end, label, value);
    if (past == NULL)
        return 0;
    for (unsigned int i = 1; i < shape->row_count; i++) {
        row += label + shape->begin[i] - shape->begin[i - 1];
        if (!is_of(lane, row, end))
            return 0;
    }
    if ((shape->present >> FREELOG_TOTAL & 1) != 0 && !keeps_unit(lane, value[shape->slot[FREELOG_TOTAL]]))
        return 0;
    mark_dirty(path, lane);
    lane->line[lane->count++] = log->report.line + 1;
    log->report.line += shape->row_count + 1;
    path->misses = 0;
    if (lane->count == lane->capacity)
        give(path, log, lane);
    if (end - past > LABEL_PATH_PREFIX_MAX && past[label] == '\n' && is_of(lane, past, end)) {
        log->report.line++;
        past += label + 1;
    }
    return (size_t)(past - at);
}

/* Takes the line of `lane` that begins at `at` after its label. Returns its size, 0 if line_classifier must read it. */
static size_t take_line(struct label_path *path, struct line_classifier *log, struct label_lane *lane, const char *at,
                        const char *end)
{
    if (*at == '\n')
        return lane->awaited == 0 ? 1 : 0;
    if (*at != ' ')
        return lane->awaited > 0 ? take_row(path, log, lane, at, end) : 0;
    if (lane->awaited > 0 || !is_fit(path, lane) || !record_template_is_header(&path->shape, at, end))
        return 0;
    lane->awaited = 1;
    lane->kept = 0;
    lane->header_line = log->report.line;
    mark_dirty(path, lane);
    return path->shape.begin[0];
}

/* Returns true if line_classifier is in a state in which a labelled line affects only its node. */
static bool is_steady(const struct line_classifier *log)
{
    return log->held == HELD_LINE_NONE && log->chunk == NULL && log->current == log->plain && !log->has_block &&
           !log->has_loose && log->learner == NULL;
}

/* Takes lines as long as they are labelled lines of the shape. Sets `*recent` to the node of the last row. */
static const char *take_lines(struct label_path *path, struct line_classifier *log, const char *at, const char *end,
                              struct record_builder **recent)
{
    const unsigned long first = log->report.line;
    while (at < end) {
        struct label_lane *lane = guess_lane(path, log, at, end);
        if (lane == NULL || (size_t)(end - at) <= lane->prefix_size)
            break;
        const char *past = at + lane->prefix_size;
        size_t size =
            path->is_learned && *past == ' ' && lane->awaited == 0 ? take_record(path, log, lane, at, end) : 0;
        if (size > 0) {
            *recent = lane->stream;
            at += size;
            continue;
        }
        size = path->is_learned ? take_line(path, log, lane, past, end) : 0;
        if (size == 0 && (!path->is_learned || path->misses >= MISSES_MANY)) {
            learn(path, log, lane, past, end);
            size = path->is_learned && is_steady(log) ? take_line(path, log, lane, past, end) : 0;
        }
        if (size == 0) {
            path->misses += *past == ' ' && path->misses < MISSES_MANY;
            break;
        }
        *recent = *past > ' ' ? lane->stream : *recent;
        at = past + size;
        log->report.line++;
    }
    log->non_empty += log->report.line - first;
    log->understood += log->report.line - first;
    return at;
}

const char *label_path_take(struct label_path *path, struct line_classifier *log, const char *at, const char *end)
{
    struct record_builder *recent = log->recent;
    if (!is_steady(log))
        return at;
    path->state += path->state == 0;
    at = take_lines(path, log, at, end, &recent);
    log->recent = recent;
    if (at < end && path->dirty != NULL && memchr(at, '\n', (size_t)(end - at)) != NULL)
        label_path_settle(path, log);
    for (struct label_lane *lane = path->dirty; lane != NULL; lane = lane->next_dirty)
        keep_rows(&path->shape, lane);
    return at;
}
