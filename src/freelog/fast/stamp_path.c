/* SPDX-License-Identifier: MIT */
/* stamp_path: reads records with times in one form. timestamp_clock interprets the times; if a record has several, it
 * chooses the same one as record_builder.
 *
 * It learns a form from one time, by reading it with the functions of line_classifier, then again with other digits.
 * If only the time of day changes, it reads the digits itself from then on. On another date it learns the form again.
 * It reads a record to its end before it emits or changes anything, so that line_classifier can read an unexpected
 * record completely. */
#include "stamp_path.h"

#include <math.h>

#include "../line_prefix.h"
#include "../line_scan.h"
#include "../line_times.h"
#include "../text.h"

#define CLOCK_SIZE   8  /* "00:35:08" */
#define EPOCH_SIZE   10 /* "1732320000" */
#define FRACTION_MAX 9
#define CREDIT_MAX   256
#define LEARNING     16 /* records whose gain pays for learning a form */

/* ---- forms ---- */

/* Returns the value of two digits, 100 or more if they are not digits. */
static unsigned int two_digits(const char *at)
{
    unsigned int tens = (unsigned char)(at[0] - '0'), ones = (unsigned char)(at[1] - '0');
    return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

/* Returns the value of ".123" like timestamp_read, a negative number for any other text. */
static double read_fraction(const char *at, size_t digits)
{
    double value = 0, place = 1;
    for (size_t i = 1; i <= digits; i++) {
        if (!text_is_digit(at[i]))
            return -1;
        place *= 10;
        value = value * 10 + (at[i] - '0');
    }
    return value / place;
}

/* Reads the digits of a form at `at`. Returns false if they are not a time of day, or not seconds since 1970. */
static bool read_digits(const struct stamp_form *form, const char *at, double *time_s)
{
    double fraction = 0;
    if (form->fraction > 0)
        fraction = read_fraction(at + (form->is_epoch ? EPOCH_SIZE : CLOCK_SIZE), form->fraction);
    if (fraction < 0)
        return false;
    if (form->is_epoch) {
        double value = 0;
        for (size_t i = 0; i < EPOCH_SIZE; i++) {
            if (!text_is_digit(at[i]))
                return false;
            value = value * 10 + (at[i] - '0');
        }
        *time_s = value + fraction;
        return *at != '0';
    }
    unsigned int hours = two_digits(at), minutes = two_digits(at + 3), seconds = two_digits(at + 6);
    *time_s = hours * 3600.0 + minutes * 60 + seconds + fraction;
    return hours <= 23 && minutes <= 59 && seconds <= 59;
}

/* Returns how many bytes of a form may change. */
static size_t digits_size(const struct stamp_form *form)
{
    return (form->is_epoch ? EPOCH_SIZE : CLOCK_SIZE) + (form->fraction > 0 ? 1 + form->fraction : 0);
}

/* Returns true if a text with the form's bytes around its digits begins at `at` and ends before `end`. */
static bool is_around(const struct stamp_form *form, const char *at)
{
    size_t first = form->digits, after = first + digits_size(form);
    return memcmp(at, form->text, first) == 0 && memcmp(at + after, form->text + after, form->size - after) == 0 &&
           (form->is_epoch || (at[first + 2] == ':' && at[first + 5] == ':')) &&
           (form->fraction == 0 || at[after - form->fraction - 1] == form->text[after - form->fraction - 1]);
}

/* Returns true if the `size` bytes of two texts are equal. */
static inline bool is_same(const char *a, const char *b, size_t size)
{
    uint64_t x[2], y[2];
    if (size < sizeof x || size > 2 * sizeof x)
        return memcmp(a, b, size) == 0;
    memcpy(x, a, sizeof x);
    memcpy(y, b, sizeof y);
    uint64_t differ = (x[0] ^ y[0]) | (x[1] ^ y[1]);
    memcpy(x, a + size - sizeof x, sizeof x); /* some of them once more */
    memcpy(y, b + size - sizeof y, sizeof y);
    return (differ | (x[0] ^ y[0]) | (x[1] ^ y[1])) == 0;
}

static void set_digits(struct stamp_form *form, const char *at, double time_s)
{
    memcpy(form->text + form->digits, at + form->digits, digits_size(form));
    form->stamp.time_s = time_s;
}

/* Reads a time of this form of `path` at `at`, which ends before `end`, into form->stamp. If the text is the same as
 * before, as on lines of the same time, form->stamp is already right. */
static inline bool match(struct stamp_path *path, struct stamp_form *form, const char *at, const char *end)
{
    double time_s;
    if (form->size == 0 || (size_t)(end - at) <= form->size)
        return false;
    if (is_same(at, form->text, form->size))
        return true;
    if (!is_around(form, at) || !read_digits(form, at + form->digits, &time_s))
        return false;
    set_digits(form, at, time_s);
    if (path->are_twins)
        set_digits(form == &path->before ? &path->alone : &path->before, at, time_s);
    return true;
}

/* Reads a text before free's, or on a separate line, like line_classifier. Returns false if the text is not only a
 * time.
 */
typedef bool read_text(const char *at, const char *end, struct timestamp *stamp, unsigned int *weight);

static bool read_before(const char *at, const char *end, struct timestamp *stamp, unsigned int *weight)
{
    static const char row[] = "Mem:       1 1 1 1 1 1", blanks[] = "               ";
    char line[STAMP_TEXT_MAX + sizeof row + sizeof blanks];
    struct line_prefix of_row, of_header;
    struct line_part part;
    size_t size = (size_t)(end - at);
    memcpy(line, at, size);
    memcpy(line + size, row, sizeof row);
    if (!line_scan_part(line, line + size + sizeof row - 1, 0, &part) || part.at != line + size)
        return false;
    memcpy(line + size, blanks, sizeof blanks);
    line_prefix_read(at, end, &of_row);
    line_prefix_read(line, line + size + sizeof blanks - 1, &of_header);
    *stamp = of_row.stamp;
    *weight = of_row.weight;
    return of_row.has_stamp && of_row.label == of_row.label_end && of_header.has_stamp &&
           of_header.label == of_header.label_end && of_header.stamp.time_s == stamp->time_s &&
           of_header.stamp.kind == stamp->kind && of_header.weight == *weight;
}

/* Returns true if only punctuation precedes a time, not the name of a node. */
static bool is_sign(const char *at, const char *end)
{
    while (at < end && strchr("=-#*~_[( ", *at) != NULL)
        at++;
    return at == end;
}

static bool read_alone(const char *at, const char *end, struct timestamp *stamp, unsigned int *weight)
{
    struct found_stamp found;
    struct line_part part;
    const char *last = line_scan_last_words(at, end, 6);
    if (line_scan_part(at, end, 0, &part) || (last != NULL && last != at && text_is_digit(*last)) ||
        !line_times_find(at, end, &found) || !found.is_alone || found.has_rival || !is_sign(at, found.from) ||
        found.fullness == TIME_FULLNESS_NUMBER || found.stamp.kind == TIMESTAMP_DAY ||
        found.stamp.kind == TIMESTAMP_SECONDS)
        return false;
    *stamp = found.stamp;
    *weight = line_times_weight(&found);
    return true;
}

/* Returns true if two times are equal except for time_s. */
static bool is_alike(const struct timestamp *a, const struct timestamp *b)
{
    return a->kind == b->kind && (a->kind == TIMESTAMP_NO_YEAR || a->year == b->year) && a->month == b->month &&
           a->day == b->day && a->has_zone == b->has_zone && (!a->has_zone || a->zone_s == b->zone_s) &&
           a->weekday == b->weekday && a->may_swap == b->may_swap && a->may_flip == b->may_flip;
}

/* Returns true if the text of a form with other digits is read as the form says. */
static bool is_form(const struct stamp_form *form, read_text *read)
{
    static const char *const clocks[] = {"00:00:00", "01:02:03", "11:59:59", "12:00:30", "13:14:15", "23:59:58"};
    static const char *const epochs[] = {"1000000007", "1732320000", "1999999999"};
    char text[STAMP_TEXT_MAX];
    struct timestamp expected, stamp;
    unsigned int weight;
    size_t count = form->is_epoch ? sizeof epochs / sizeof epochs[0] : sizeof clocks / sizeof clocks[0];
    for (size_t i = 0; i < 2 * count; i++) {
        const char *digits = form->is_epoch ? epochs[i / 2] : clocks[i / 2];
        size_t at = form->digits + strlen(digits);
        memcpy(text, form->text, form->size);
        memcpy(text + form->digits, digits, strlen(digits));
        for (size_t k = 1; k <= form->fraction; k++)
            text[at + k] = (char)('0' + (i % 2 == 0 ? 0 : k % 10));
        expected = form->stamp;
        if (!read_digits(form, text + form->digits, &expected.time_s) ||
            !read(text, text + form->size, &stamp, &weight) || weight != form->weight || !is_alike(&stamp, &expected) ||
            stamp.time_s != expected.time_s)
            return false;
    }
    return true;
}

/* Returns where the digits of a time of day or of seconds since 1970 begin; `size` if there are none. */
static size_t find_digits(const char *text, size_t size, bool *is_epoch)
{
    for (size_t i = 0; i + CLOCK_SIZE <= size; i++) {
        size_t digits = (size_t)(text_digits_end(text + i, text + size) - (text + i));
        *is_epoch = digits == EPOCH_SIZE;
        if (*is_epoch || (digits == 2 && text[i + 2] == ':' && text[i + 5] == ':' && two_digits(text + i + 3) < 60 &&
                          two_digits(text + i + 6) < 60))
            return i;
        i += digits;
    }
    return size;
}

/* Returns true if `alone` is the beginning of `before` except for digits, and means the same. */
static bool are_twins(const struct stamp_form *before, const struct stamp_form *alone)
{
    const size_t first = alone->digits, after = first + digits_size(alone);
    return alone->size > 0 && before->size >= alone->size && before->digits == first &&
           before->fraction == alone->fraction && before->is_epoch == alone->is_epoch &&
           memcmp(before->text, alone->text, first) == 0 &&
           memcmp(before->text + after, alone->text + after, alone->size - after) == 0 &&
           is_alike(&before->stamp, &alone->stamp);
}

/* Learns the form of a time. */
static void learn_form(struct stamp_path *path, struct stamp_form *form, const char *at, size_t size, read_text *read)
{
    *form = (struct stamp_form){.size = 0};
    path->are_twins = false;
    if (size > STAMP_TEXT_MAX || size < CLOCK_SIZE || text_is_blank(*at) || path->credit < LEARNING)
        return;
    form->digits = find_digits(at, size, &form->is_epoch);
    if (form->digits == size)
        return;
    path->credit -= LEARNING;
    memcpy(form->text, at, size);
    if (!read(at, at + size, &form->stamp, &form->weight))
        return;
    size_t mark = form->digits + (form->is_epoch ? EPOCH_SIZE : CLOCK_SIZE);
    if (mark < size && (at[mark] == '.' || at[mark] == ','))
        form->fraction = (size_t)(text_digits_end(at + mark + 1, at + size) - (at + mark + 1));
    form->size = size;
    if (form->fraction > FRACTION_MAX || !is_form(form, read))
        form->size = 0;
    path->are_twins = are_twins(&path->before, &path->alone);
}

/* ---- learning ---- */

/* Learns from a line that line_classifier reads: the shape of a record from its rows after the time and from the header
 * before the next rows, and the form of a time from lines with one. */
static void learn(struct stamp_path *path, const struct record_builder *stream, const char *at, const char *end)
{
    static const char *const words[] = {"Mem:", "Swap:", "Job:", "Jobswap:"};
    const char *newline = memchr(at, '\n', (size_t)(end - at)), *mem;
    if (newline == NULL || newline == at || stream->header_length == 0)
        return;
    size_t size = (size_t)(newline - at) + 1;
    mem = text_find(at, newline, "Mem:");
    if (mem != NULL) {
        path->prefix_size = (size_t)(mem - at);
        path->rows_size = 0;
    }
    if (size <= path->prefix_size)
        return;
    const char *text = at + path->prefix_size;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (text_starts(text, newline, words[i]) && (size_t)(newline + 1 - text) <= SIMD_MAX - path->rows_size) {
            memcpy(path->rows + path->rows_size, text, (size_t)(newline + 1 - text));
            path->rows_size += (size_t)(newline + 1 - text);
            return;
        }
    const char *header = newline - stream->header_length;
    if (header <= text || memcmp(header, stream->header, stream->header_length) != 0) {
        const char *text_end = text_trim_end(at, newline);
        if (text_end > at && !match(path, &path->alone, at, newline + 1))
            learn_form(path, &path->alone, at, (size_t)(text_end - at), read_alone);
        return;
    }
    char record[2 * SIMD_MAX];
    size_t line = (size_t)(newline + 1 - text);
    if (line > SIMD_MAX || path->rows_size == 0)
        return;
    if (path->prefix_size > 0 && !match(path, &path->before, at, end))
        learn_form(path, &path->before, at, path->prefix_size, read_before);
    if (path->is_learned && record_template_is_of(&path->shape, stream))
        return;
    memcpy(record, text, line);
    memcpy(record + line, path->rows, path->rows_size);
    record[line + path->rows_size] = ' ';
    path->is_learned = record_template_learn(&path->shape, stream, record, record + line + path->rows_size + 1) &&
                       record_template_is_of(&path->shape, stream);
}

/* ---- reading ---- */

/* The state while a record is read. */
struct reading {
    const char *at;
    struct timestamp_clock clock;
    struct log_time stamp, loose, time; /* of the next record; on a separate line; of this record */
    unsigned int stamp_weight, weight;
    const struct stamp_form *last; /* the form of the last time: */
    double last_s;                 /* its stamp's time_s */
    struct log_time last_mean;
    bool has_stamp, has_loose, has_time, is_after;
    unsigned long lines, filled, line; /* lines so far; those not blank; number of the first row */
    double value[RECORD_SLOTS_MAX];
};

/* Like record_builder_stamp; returns false if that would report something. */
static bool set_stamp(struct reading *reading, struct log_time time, unsigned int weight)
{
    if (reading->is_after)
        return true;
    if (reading->has_stamp && (weight & 1) != 0 && (reading->stamp_weight & 1) != 0)
        return false;
    if (reading->has_stamp && reading->stamp_weight > weight)
        return true;
    reading->has_stamp = true;
    reading->stamp = time;
    reading->stamp_weight = weight;
    return true;
}

/* Like line_times_mean of a form's stamp. A stamp with a date that comes again means the same again. */
static inline struct log_time mean(const struct stamp_path *path, struct line_classifier *log, struct reading *reading,
                                   const struct stamp_form *form, bool on_row)
{
    const struct timestamp *stamp = &form->stamp;
    if (reading->last != NULL && (reading->last == form || path->are_twins) && reading->last_s == stamp->time_s)
        return reading->last_mean;
    struct log_time time = line_times_mean(log, &reading->clock, stamp, on_row);
    bool has_date = stamp->kind == TIMESTAMP_EPOCH || stamp->kind == TIMESTAMP_DATE || stamp->kind == TIMESTAMP_NO_YEAR;
    reading->last = has_date && !log->profile.times_stall ? form : NULL;
    reading->last_s = stamp->time_s;
    reading->last_mean = time;
    return time;
}

/* Takes the time before free's text. Returns false if it is missing although the log has such times. */
static bool take_before(struct stamp_path *path, struct line_classifier *log, struct reading *reading, const char *end,
                        bool on_row, struct log_time *time)
{
    if (path->prefix_size == 0)
        return true;
    if (path->before.size != path->prefix_size || !match(path, &path->before, reading->at, end))
        return false;
    *time = mean(path, log, reading, &path->before, on_row);
    reading->at += path->prefix_size;
    return true;
}

/* Takes a line that is only a time, or blank. */
static bool take_alone(struct stamp_path *path, struct line_classifier *log, struct reading *reading, const char *end)
{
    const char *at = reading->at;
    reading->lines++;
    if (at < end && *at == '\n') {
        reading->at++;
        return true;
    }
    if (!match(path, &path->alone, at, end))
        return false;
    at += path->alone.size;
    at += *at == ' ';
    if (at == end || *at != '\n')
        return false;
    struct log_time time = mean(path, log, reading, &path->alone, false);
    reading->filled++;
    reading->at = at + 1;
    reading->has_loose = true;
    reading->loose = time;
    if (reading->is_after && reading->line > 0 && (!reading->has_time || path->alone.weight >= reading->weight)) {
        reading->has_time = true;
        reading->time = time;
        reading->weight = path->alone.weight;
    }
    return set_stamp(reading, time, path->alone.weight);
}

static bool is_header(struct stamp_path *path, const char *at, const char *end)
{
    return (size_t)(end - at) > path->prefix_size && at[path->prefix_size] == ' ' &&
           (path->prefix_size == 0 || match(path, &path->before, at, end)) &&
           record_template_is_header(&path->shape, at + path->prefix_size, end);
}

/* Counts the row Mem, which determines the record's time, as in record_builder. `time` is the one before it. */
static bool take_mem(const struct stamp_path *path, const struct line_classifier *log, struct reading *reading,
                     struct log_time time)
{
    bool has_own = path->prefix_size > 0;
    unsigned int weight = has_own ? path->before.weight : 0;
    if (has_own && reading->has_stamp && weight > 0 && record_builder_times_differ(&time, &reading->stamp))
        return false;
    bool is_stamp = reading->has_stamp && (!has_own || reading->stamp_weight > weight);
    if (has_own || is_stamp)
        reading->time = is_stamp ? reading->stamp : time;
    reading->weight = is_stamp ? reading->stamp_weight : weight;
    reading->has_time = has_own || is_stamp;
    reading->has_stamp = false;
    reading->line = log->report.line + reading->lines;
    return true;
}

/* Returns how many rows from reading->at on to read at once: all if they have the time of the header, else one. */
static unsigned int rows_at_once(const struct stamp_path *path, const struct reading *reading, const char *end)
{
    const struct record_template *shape = &path->shape;
    const size_t gap = path->prefix_size, first = shape->begin[0];
    if ((size_t)(end - reading->at) < shape->row_count * gap + shape->begin[shape->row_count] - first)
        return 1;
    for (unsigned int row = 0; row < shape->row_count && gap > 0; row++)
        if (!is_same(reading->at + row * gap + shape->begin[row] - first, path->before.text, gap))
            return 1;
    return shape->row_count;
}

/* Takes the rows of a record. */
static bool take_rows(struct stamp_path *path, struct line_classifier *log, struct reading *reading, const char *end)
{
    const struct record_template *shape = &path->shape;
    const unsigned int once = rows_at_once(path, reading, end);
    struct log_time time;
    for (unsigned int row = 0; row < shape->row_count; row += once) {
        if (!take_before(path, log, reading, end, row == 0, &time))
            return false;
        reading->at = record_template_take_rows(shape, row, once, reading->at, end, path->prefix_size, reading->value);
        if (reading->at == NULL || (row == 0 && !take_mem(path, log, reading, time)))
            return false;
        for (unsigned int i = 1; i < once && path->prefix_size > 0; i++)
            (void)mean(path, log, reading, &path->before, false); /* the clock sees the time of every line */
        reading->lines += once;
        reading->filled += once;
    }
    return true;
}

/* Reads a record up to its last line or, if times come after records, up to the next header. */
static bool read_record(struct stamp_path *path, struct line_classifier *log, struct reading *reading, const char *end)
{
    struct log_time time;
    bool is_open = log->plain->has_mem; /* an open record can only end at a header */
    while (!is_header(path, reading->at, end))
        if (is_open || !take_alone(path, log, reading, end))
            return false;
    if (!take_before(path, log, reading, end, false, &time))
        return false;
    reading->at += path->shape.begin[0];
    reading->lines++;
    reading->filled++;
    if (path->prefix_size > 0 && !set_stamp(reading, time, path->before.weight))
        return false;
    if (!take_rows(path, log, reading, end))
        return false;
    while (reading->is_after && !is_header(path, reading->at, end))
        if (!take_alone(path, log, reading, end))
            return false;
    return reading->has_time;
}

/* ---- emitting ---- */

/* Records that were read but not emitted yet. */
struct batch {
    struct freelog_run run;
    double stamp_s[FREELOG_RUN_MAX];
    unsigned long line[FREELOG_RUN_MAX];
};

static void give(const struct stamp_path *path, struct line_classifier *log, struct batch *batch)
{
    if (batch->run.count == 0)
        return;
    batch->run.present = path->shape.present;
    batch->run.line = batch->run.lines = 0;
    batch->run.line_of = batch->line;
    batch->run.stamp_s = batch->stamp_s;
    batch->run.top = NULL;
    record_builder_run(log->plain, &log->report, &batch->run, true);
    batch->run.count = 0;
}

static void add(const struct stamp_path *path, struct line_classifier *log, struct batch *batch,
                const struct reading *reading)
{
    struct freelog_run *run = &batch->run;
    const struct log_time *time = &reading->time;
    if (run->count == FREELOG_RUN_MAX ||
        (run->count > 0 && (run->stamp_is_epoch != time->is_epoch || run->stamp_is_local != time->is_local ||
                            run->stamp_is_dateless != time->is_dateless)))
        give(path, log, batch);
    run->stamp_is_epoch = time->is_epoch;
    run->stamp_is_local = time->is_local;
    run->stamp_is_dateless = time->is_dateless;
    batch->stamp_s[run->count] = time->s;
    batch->line[run->count] = reading->line;
    for (uint32_t left = path->shape.present; left != 0; left &= left - 1) {
        int column = __builtin_ctz(left);
        run->value[column][run->count] = reading->value[path->shape.slot[column]];
    }
    run->count++;
}

/* Returns true if a record keeps the unit of the previous ones and its time does not go back. If it keeps the unit,
 * ends the previous record. */
static bool goes_on(const struct stamp_path *path, struct line_classifier *log, const struct reading *reading)
{
    struct record_builder *stream = log->plain;
    double last = stream->last_total, total = reading->value[path->shape.slot[FREELOG_TOTAL]];
    if ((path->shape.present >> FREELOG_TOTAL & 1) != 0 && last > 0 && !stream->is_unit_given &&
        !(total >= last / 64 && total <= last * 64))
        return false;
    if (stream->has_mem)
        record_builder_end(stream, &log->report);
    return !(stream->had_time && stream->last_time.is_epoch == reading->time.is_epoch &&
             stream->last_time.is_dateless == reading->time.is_dateless && reading->time.s < stream->last_time.s);
}

/* Applies the changes of a record to the log. */
static void commit(struct line_classifier *log, const struct reading *reading)
{
    struct record_builder *stream = log->plain;
    stream->clock = reading->clock;
    stream->has_stamp = reading->has_stamp;
    stream->stamp = reading->stamp;
    stream->stamp_weight = reading->stamp_weight;
    stream->had_time = true;
    stream->last_time.s = reading->time.s;
    stream->last_time.is_epoch = reading->time.is_epoch;
    stream->last_time.is_dateless = reading->time.is_dateless;
    log->has_loose = reading->has_loose;
    log->loose = reading->loose;
    log->recent = stream;
    log->report.line += reading->lines;
    log->non_empty += reading->filled;
    log->understood += reading->filled;
}

/* Returns true if line_classifier would emit such a record unchanged in its current state. */
static bool is_steady(const struct line_classifier *log)
{
    const struct record_builder *stream = log->plain;
    return log->held == HELD_LINE_NONE && log->chunk == NULL && log->current == stream && !log->has_block &&
           log->learner == NULL && stream->header_length > 0 && (!stream->has_mem || stream->stamps_follow);
}

const char *stamp_path_take(struct stamp_path *path, struct line_classifier *log, const char *at, const char *end)
{
    struct batch batch;
    const struct record_builder *stream = log->plain;
    bool is_fit = path->is_learned && is_steady(log) && record_template_is_of(&path->shape, stream);
    batch.run.count = 0;
    path->credit += path->credit == 0 && !path->is_learned ? CREDIT_MAX : 0;
    while (at < end && is_fit) {
        struct reading reading;
        reading.at = at;
        reading.clock = stream->clock;
        reading.has_stamp = stream->has_stamp;
        reading.stamp = stream->stamp;
        reading.stamp_weight = stream->stamp_weight;
        reading.has_loose = log->has_loose;
        reading.loose = log->loose;
        reading.is_after = stream->stamps_follow;
        reading.lines = reading.filled = reading.line = 0;
        reading.has_time = false;
        reading.last = NULL;
        is_fit = read_record(path, log, &reading, end) && goes_on(path, log, &reading);
        if (!is_fit)
            break;
        add(path, log, &batch, &reading);
        commit(log, &reading);
        path->credit += path->credit < CREDIT_MAX;
        at = reading.at;
    }
    give(path, log, &batch);
    if (at < end)
        learn(path, stream, at, end);
    return at;
}
