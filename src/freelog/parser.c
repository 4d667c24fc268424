/* SPDX-License-Identifier: MIT */
/* parser: splits bytes into lines: pieces, byte-order marks, holes of NUL bytes, lines without end. Opens, prints and
 * exits nothing.
 *
 * A complete line is read in place; only a line that spans two pieces is copied. */
#include "freelog/parser.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "fast/fast_path.h"
#include "other/hint.h"
#include "other/other_log.h"

#define UTF8_BYTES 1024                /* bytes decoded from UTF-16 at a time */
#define HEAD_BYTES ((size_t)64 * 1024) /* bytes at the beginning of a log from which its format is learned */

enum encoding { ENCODING_UNKNOWN, ENCODING_BYTES, ENCODING_UTF16_LE, ENCODING_UTF16_BE };

struct freelog_parser {
    struct line_classifier log;
    struct fast_path fast;
    enum encoding encoding;
    bool has_cr_ends;    /* its lines end with carriage returns alone, as on old Macs */
    unsigned char first; /* the log's first byte, until the second one arrives */
    bool has_first;
    unsigned char half; /* of a UTF-16 unit */
    bool has_half;
    unsigned int surrogate; /* first unit of a surrogate pair, 0 if none */
    bool in_hole;           /* NUL bytes were the last */
    bool too_long;          /* the line being read is */
    size_t length;          /* of its part in `line` */
    bool is_settled;        /* the log's beginning was examined: */
    char *head;             /* what came of it so far, before that */
    size_t head_length;
    const char *hint; /* what it may be, if not a log; NULL */
    unsigned long hint_line;
    const char *column; /* the heading of a table's column to read as used, NULL: by the headings */
    char *line;         /* grows: most logs need little, and thousands may be read at once */
    size_t line_capacity;
};

struct freelog_parser *freelog_parser_new(const struct freelog_sink *sink, double unit_bytes)
{
    struct freelog_parser *parser = calloc(1, sizeof *parser);
    if (parser == NULL)
        return NULL;
    if (!line_classifier_init(&parser->log, sink, unit_bytes)) {
        freelog_parser_free(parser);
        return NULL;
    }
    return parser;
}

void freelog_parser_free(struct freelog_parser *parser)
{
    if (parser == NULL)
        return;
    fast_path_free(&parser->fast);
    line_classifier_free(&parser->log);
    free(parser->head);
    free(parser->line);
    free(parser);
}

struct freelog_ahead *freelog_ahead_new(const struct freelog_parser *parser)
{
    return parser->has_cr_ends ? NULL : fast_path_ahead_new(&parser->fast, &parser->log);
}

void freelog_parser_look_closely(struct freelog_parser *parser)
{
    parser->fast.is_off = true;
}

const char *freelog_parser_hint(const struct freelog_parser *parser, unsigned long *line)
{
    *line = parser->hint_line;
    return parser->hint;
}

void freelog_parser_lines(const struct freelog_parser *parser, unsigned long *non_empty, unsigned long *understood)
{
    *non_empty = parser->log.non_empty;
    *understood = parser->log.understood;
}

/* Adds to the line being read. */
static void keep(struct freelog_parser *parser, const char *at, size_t size)
{
    if (size > FREELOG_LINE_MAX - parser->length) {
        parser->too_long = true;
        return;
    }
    if (parser->length + size > parser->line_capacity) {
        size_t capacity = 2 * (parser->length + size);
        char *grown = realloc(parser->line, capacity);
        if (grown == NULL) {
            parser->log.out_of_memory = true;
            return;
        }
        parser->line = grown;
        parser->line_capacity = capacity;
    }
    memcpy(parser->line + parser->length, at, size);
    parser->length += size;
}

/* Takes the line being read, which has no end, by the fast path. */
static bool take_kept(struct freelog_parser *parser)
{
    if (parser->length == 0 || parser->length >= FREELOG_LINE_MAX || !label_path_may(&parser->log) ||
        parser->fast.is_off)
        return false;
    keep(parser, "\n", 1);
    if (parser->log.out_of_memory)
        return false;
    const char *end = parser->line + parser->length--;
    bool is_taken = label_path_take(&parser->fast.labels, &parser->log, parser->line, end) == end;
    parser->log.report.line -= is_taken; /* the caller counts it */
    return is_taken;
}

/* The line being read is complete. */
static void end_kept(struct freelog_parser *parser, enum line_end_kind line_end)
{
    struct line_classifier *log = &parser->log;
    bool is_taken = line_end == FREELOG_LINE_FEED && !parser->too_long && take_kept(parser);
    if (is_taken) {
        parser->length = 0;
        return;
    }
    fast_path_settle(&parser->fast, log);
    if (parser->too_long) {
        freelog_report_note(&log->report, FREELOG_NOTE_LONG_LINE, NULL, NULL);
        log->non_empty++;
    } else if (parser->length > 0) {
        line_classifier_line(log, parser->line, parser->line + parser->length, line_end);
    }
    parser->length = 0;
    parser->too_long = false;
}

/* Bytes without a line feed. NUL bytes end a line, too: the text before a hole has lost its end. */
static void take(struct freelog_parser *parser, const char *at, const char *end)
{
    while (at < end) {
        const char *nul = memchr(at, '\0', (size_t)(end - at));
        const char *text_end = nul == NULL ? end : nul;
        if (text_end > at) {
            keep(parser, at, (size_t)(text_end - at));
            parser->in_hole = false;
        }
        if (nul == NULL)
            return;
        if (!parser->in_hole) {
            end_kept(parser, FREELOG_LINE_NUL);
            if (parser->log.is_watch)
                return;
            freelog_report_note(&parser->log.report, FREELOG_NOTE_NUL, NULL, NULL);
            parser->in_hole = true;
        }
        for (at = nul; at < end && *at == '\0'; at++)
            ;
    }
}

static void feed_bytes(struct freelog_parser *parser, const char *at, size_t size)
{
    const char *end = at + size, *newline;
    struct line_classifier *log = &parser->log;
    for (; at < end && !log->is_watch && !log->out_of_memory; at = newline + 1) {
        if (parser->length == 0 && !parser->too_long && fast_path_may(&parser->fast, log, *at)) {
            const char *past = fast_path_take(&parser->fast, log, at, end);
            parser->in_hole &= past == at;
            at = past;
            if (at == end)
                return;
        }
        newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL) {
            take(parser, at, end);
            return;
        }
        if (parser->length == 0 && !parser->too_long && (size_t)(newline - at) <= FREELOG_LINE_MAX &&
            memchr(at, '\0', (size_t)(newline - at)) == NULL) {
            fast_path_settle(&parser->fast, log);
            line_classifier_line(log, at, newline, FREELOG_LINE_FEED);
        } else {
            take(parser, at, newline);
            end_kept(parser, FREELOG_LINE_FEED);
        }
        parser->in_hole = false;
        log->report.line++;
    }
}

/* Takes a unit of UTF-16 and writes the characters that are complete with it, two at most. */
static size_t take_unit(struct freelog_parser *parser, unsigned int unit, char *out)
{
    size_t length = 0;
    unsigned int high = parser->surrogate;
    parser->surrogate = 0;
    if (high != 0 && unit >= 0xdc00 && unit <= 0xdfff)
        return utf8_put(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
    if (high != 0)
        length = utf8_put(out, UTF8_REPLACEMENT);
    if (unit >= 0xd800 && unit <= 0xdbff) {
        parser->surrogate = unit;
        return length;
    }
    if (unit >= 0xdc00 && unit <= 0xdfff)
        unit = UTF8_REPLACEMENT;
    return length + utf8_put(out + length, unit);
}

static void feed_utf16(struct freelog_parser *parser, const unsigned char *at, size_t size)
{
    char out[UTF8_BYTES + 8];
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        if (!parser->has_half) {
            parser->half = at[i];
            parser->has_half = true;
            continue;
        }
        parser->has_half = false;
        unsigned int first = parser->half, second = at[i];
        unsigned int unit = parser->encoding == ENCODING_UTF16_LE ? first | second << 8 : first << 8 | second;
        length += take_unit(parser, unit, out + length);
        if (length > UTF8_BYTES) {
            feed_bytes(parser, out, length);
            length = 0;
        }
    }
    feed_bytes(parser, out, length);
}

/* Finds out by a byte-order mark how characters are written. Takes the bytes that it needs off `*bytes`. */
static void find_encoding(struct freelog_parser *parser, const char **bytes, size_t *size)
{
    while (parser->encoding == ENCODING_UNKNOWN && *size > 0) {
        unsigned char byte = (unsigned char)**bytes;
        if (!parser->has_first && byte != 0xff && byte != 0xfe) {
            parser->encoding = ENCODING_BYTES;
            return;
        }
        ++*bytes;
        --*size;
        if (!parser->has_first) {
            parser->first = byte;
            parser->has_first = true;
        } else if (parser->first == 0xff && byte == 0xfe) {
            parser->encoding = ENCODING_UTF16_LE;
        } else if (parser->first == 0xfe && byte == 0xff) {
            parser->encoding = ENCODING_UTF16_BE;
        } else {
            char both[2] = {(char)parser->first, (char)byte};
            parser->encoding = ENCODING_BYTES;
            feed_bytes(parser, both, sizeof both);
        }
    }
}

/* Lines that end with carriage returns. */
static void feed_cr(struct freelog_parser *parser, const char *at, size_t size)
{
    char lines[UTF8_BYTES];
    for (size_t length; size > 0; at += length, size -= length) {
        length = size < sizeof lines ? size : sizeof lines;
        for (size_t i = 0; i < length; i++)
            lines[i] = at[i] == '\r' ? '\n' : at[i];
        feed_bytes(parser, lines, length);
    }
}

/* Determines from the beginning of a log without a byte-order mark how it is encoded: in UTF-16, where each ASCII
 * character has a NUL byte, or with carriage returns instead of line feeds. */
static void find_form(struct freelog_parser *parser, const char *bytes, size_t size)
{
    size_t nuls[2] = {0, 0}, looked = size < UTF8_BYTES ? size & ~(size_t)1 : UTF8_BYTES;
    for (size_t i = 0; i < looked; i++)
        nuls[i & 1] += bytes[i] == '\0';
    if (looked >= 16 && nuls[0] == 0 && 10 * nuls[1] > 4 * looked)
        parser->encoding = ENCODING_UTF16_LE;
    else if (looked >= 16 && nuls[1] == 0 && 10 * nuls[0] > 4 * looked)
        parser->encoding = ENCODING_UTF16_BE;
    parser->has_cr_ends = size > 0 && memchr(bytes, '\r', size) != NULL && memchr(bytes, '\n', size) == NULL &&
                          memchr(bytes, '\0', size) == NULL;
}

static bool is_ok(const struct freelog_parser *parser)
{
    return !parser->log.is_watch && !parser->log.out_of_memory;
}

static void feed_settled(struct freelog_parser *parser, const char *bytes, size_t size)
{
    find_encoding(parser, &bytes, &size);
    if (parser->encoding == ENCODING_BYTES && parser->has_cr_ends)
        feed_cr(parser, bytes, size);
    else if (parser->encoding == ENCODING_BYTES)
        feed_bytes(parser, bytes, size);
    else
        feed_utf16(parser, (const unsigned char *)bytes, size);
}

static void on_learned_record(void *user, const struct freelog_record *record)
{
    log_learner_record(user, record);
}

/* Reads the beginning of a log as one of `format`, OTHER_COUNT for free's, to learn what the rest means. The caller
 * frees the learner and the parser that is returned; NULL if out of memory. */
static struct freelog_parser *scout(struct freelog_parser *parser, enum other_format format,
                                    struct log_learner *learner, const char *bytes, size_t size, bool is_whole)
{
    const struct freelog_sink sink = {.user = learner, .record = on_learned_record};
    struct line_classifier *log = &parser->log;
    struct freelog_parser *scout = freelog_parser_new(&sink, log->unit_bytes);
    if (scout == NULL)
        return NULL;
    if (format != OTHER_COUNT)
        scout->log.other = other_log_new(format, log->unit_bytes, parser->column);
    if (scout->log.other != NULL)
        scout->log.other->is_unit_given = log->is_unit_given;
    scout->is_settled = true;
    scout->encoding = parser->encoding;
    scout->has_cr_ends = parser->has_cr_ends;
    scout->fast.is_off = parser->fast.is_off || format != OTHER_COUNT;
    scout->log.learner = learner;
    if (format == OTHER_COUNT || scout->log.other != NULL)
        feed_settled(scout, bytes, size);
    /* A record truncated at the end of a piece is not complete yet. */
    if (is_whole)
        freelog_parser_finish(scout);
    else if (scout->log.other != NULL)
        line_classifier_finish(&scout->log);
    return scout;
}

/* Takes over what a reading of the log's beginning found out. */
static void take_profile(struct freelog_parser *parser, const struct freelog_parser *scout,
                         const struct log_learner *learner, bool is_whole)
{
    struct line_classifier *log = &parser->log;
    struct log_profile profile;
    log_learner_conclude(learner, is_whole, log->written_epoch_s, log->unit_bytes, &profile);
    line_classifier_set_profile(log, &profile);
    parser->fast.is_off |= profile.times_stall || profile.stills > 0;
    if (scout->log.other == NULL)
        return;
    log->other = other_log_new(scout->log.other->format, log->unit_bytes, parser->column);
    if (log->other == NULL) {
        log->out_of_memory = true;
        return;
    }
    log->other->is_unit_given = log->is_unit_given;
    parser->fast.is_off = true;
    other_seed(log, &scout->log);
}

/* The result of reading a log's beginning as one of a format. */
struct attempt {
    struct log_learner *learner;
    struct freelog_parser *reader; /* NULL if out of memory */
    unsigned long records;
    bool is_sure; /* it is of this format whatever else it may look like */
};

static void attempt_free(struct attempt *attempt)
{
    freelog_parser_free(attempt->reader);
    log_learner_free(attempt->learner);
    *attempt = (struct attempt){.learner = NULL};
}

static void attempt_read(struct attempt *attempt, struct freelog_parser *parser, enum other_format format,
                         const char *bytes, size_t size, bool is_whole)
{
    *attempt = (struct attempt){.learner = log_learner_new()};
    if (attempt->learner == NULL)
        return;
    attempt->reader = scout(parser, format, attempt->learner, bytes, size, is_whole);
    if (attempt->reader == NULL)
        return;
    const struct line_classifier *log = &attempt->reader->log;
    attempt->records = log->other != NULL && table_is_doubtful(log->other, attempt->learner->records, log->report.line)
                           ? 0
                           : attempt->learner->records;
    attempt->is_sure = log->is_watch || attempt->records > (format == OTHER_COUNT ? log->guessed : 0);
}

/* Reads the beginning of a log to learn what the rest means: as one of free, and where that has no record whose words
 * are known, as one of the other formats. Without memory nothing is learned. Returns false if it has no record, so that
 * more of the log can decide. */
static bool learn(struct freelog_parser *parser, const char *bytes, size_t size, bool is_whole)
{
    struct attempt best, other;
    find_form(parser, bytes, size);
    attempt_read(&best, parser, OTHER_COUNT, bytes, size, is_whole);
    for (int format = 0; format < OTHER_COUNT && !best.is_sure; format++) {
        attempt_read(&other, parser, (enum other_format)format, bytes, size, is_whole);
        if (other.records > best.records) {
            attempt_free(&best);
            best = other;
        } else {
            attempt_free(&other);
        }
    }
    bool has_record = best.records > 0 || best.is_sure;
    parser->hint = has_record || size == 0 ? NULL : hint_find(bytes, size, parser->column, &parser->hint_line);
    if (best.reader != NULL)
        take_profile(parser, best.reader, best.learner, is_whole);
    attempt_free(&best);
    return has_record;
}

/* Reads what was kept of the log's beginning. */
static void give_head(struct freelog_parser *parser)
{
    parser->is_settled = true;
    feed_settled(parser, parser->head, parser->head_length);
    free(parser->head);
    parser->head = NULL;
}

/* Learns from the bytes kept so far, which are all of the log up to here, and reads them. */
static void settle(struct freelog_parser *parser, bool is_whole)
{
    learn(parser, parser->head, parser->head_length, is_whole);
    give_head(parser);
}

void freelog_parser_set_written(struct freelog_parser *parser, double epoch_s)
{
    parser->log.written_epoch_s = epoch_s;
}

void freelog_parser_set_column(struct freelog_parser *parser, const char *heading)
{
    parser->column = heading;
}

void freelog_parser_settle(struct freelog_parser *parser)
{
    if (!parser->is_settled && learn(parser, parser->head, parser->head_length, false))
        give_head(parser);
    if (parser->is_settled)
        fast_path_settle(&parser->fast, &parser->log);
}

bool freelog_parser_feed(struct freelog_parser *parser, const char *bytes, size_t size)
{
    if (!parser->is_settled && parser->head_length == 0 && size >= HEAD_BYTES) {
        learn(parser, bytes, HEAD_BYTES, false);
        parser->is_settled = true;
    }
    if (!parser->is_settled && parser->head == NULL)
        parser->head = malloc(HEAD_BYTES);
    if (!parser->is_settled && parser->head == NULL)
        parser->log.out_of_memory = true;
    if (!parser->is_settled && is_ok(parser)) {
        size_t part = HEAD_BYTES - parser->head_length < size ? HEAD_BYTES - parser->head_length : size;
        memcpy(parser->head + parser->head_length, bytes, part);
        parser->head_length += part;
        bytes += part;
        size -= part;
        if (parser->head_length == HEAD_BYTES)
            settle(parser, false);
    }
    if (parser->is_settled)
        feed_settled(parser, bytes, size);
    return is_ok(parser);
}

bool freelog_parser_feed_ahead(struct freelog_parser *parser, struct freelog_ahead *ahead, const char *bytes,
                               size_t size)
{
    size_t done = ahead->begin;
    bool ok = freelog_parser_feed(parser, bytes, done);
    /* Only at the beginning of a line that is read in place. */
    if (ok && done < size && parser->is_settled && parser->encoding == ENCODING_BYTES && parser->length == 0 &&
        !parser->too_long && !parser->in_hole && fast_path_give_ahead(&parser->log, ahead, bytes + done))
        done = ahead->end;
    return ok && freelog_parser_feed(parser, bytes + done, size - done);
}

bool freelog_parser_out_of_memory(const struct freelog_parser *parser)
{
    return parser->log.out_of_memory;
}

bool freelog_parser_finish(struct freelog_parser *parser)
{
    struct line_classifier *log = &parser->log;
    if (!parser->is_settled && is_ok(parser))
        settle(parser, true);
    if (!log->is_watch) {
        end_kept(parser, FREELOG_LINE_LOG_END);
        line_classifier_finish(log);
    }
    return is_ok(parser);
}
