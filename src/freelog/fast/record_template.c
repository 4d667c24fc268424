/* SPDX-License-Identifier: MIT */
/* record_template: reads records that differ from an earlier one only in their digits. Leaves all other records to the
 * general parser.
 *
 * The records of one free barely change for hours: headings, words and blanks are the same, and numbers end in the same
 * columns. So a whole record is verified, 32 bytes at a time. The first method expects digits at the same places as in
 * a previous record: each byte must be within the range allowed there ('0' to '9', or a single value). This fails if a
 * number gained or lost a digit. Then the second method allows blanks followed by digits in the whole field. It also
 * sets the places for the first method, but more and more rarely if that keeps failing, so that logs with erratic
 * numbers use only the second method. */
#include "record_template.h"

#include <math.h>

#include "../text.h"

#define FIELD_MAX   12 /* columns */
#define ROWS_MIN    2
#define ROWS_MAX    RECORD_ROWS_MAX
#define IN_VAIN_MAX 8 /* the longest pause is 2^8 records */

/* Learns the field of a number, which begins at byte `begin` or later. Returns false if the number cannot be read this
 * way. */
static bool learn_field(struct record_template *shape, enum freelog_column column, size_t begin, size_t from, size_t to)
{
    struct simd_pattern *pattern = &shape->pattern;
    size_t first = to > begin + FIELD_MAX ? to - FIELD_MAX : begin;
    if (from < first || to < SIMD_WIDTH)
        return false;
    for (size_t i = first; i < to; i++) {
        if (i >= from && !text_is_digit((char)pattern->text[i]))
            return false;
        /* A field ends in a digit. */
        pattern->text[i] = i + 1 < to ? ' ' : '0';
        pattern->low[i] = '0';
        pattern->width[i] = 9;
        pattern->follows[i] = i > first ? 0x10 : 0;
    }
    if (column == FREELOG_COLUMN_COUNT)
        return true;
    shape->place[column] = (uint16_t)(to - SIMD_WIDTH);
    for (size_t i = 0; i < SIMD_WIDTH; i++)
        shape->mask[column].byte[i] = shape->place[column] + i >= first ? 0xff : 0;
    shape->present |= 1u << column;
    return true;
}

/* Learns the row from byte `begin` to byte `end`, whose word has `word_size` bytes. */
static bool learn_row(struct record_template *shape, const char *record, size_t begin, size_t end, size_t word_size,
                      const uint8_t *column, size_t count)
{
    struct row_values values;
    size_t past = begin + word_size;
    row_values_read(record + past, record + end, 1, 1024, &values);
    if (values.end != FREELOG_ROW_END || values.count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t to = (size_t)(values.to[i] - record);
        if (!learn_field(shape, (enum freelog_column)column[i], past + 1, (size_t)(values.from[i] - record), to))
            return false;
        past = to;
    }
    return true;
}

/* Groups the numbers of a row that belong to `columns` by four. Returns false if there are too many. */
static bool group_numbers(struct record_template *shape, unsigned int row, uint32_t columns)
{
    struct row_numbers *four = shape->row[row];
    for (; columns != 0; columns &= columns - 1) {
        const int column = __builtin_ctz(columns);
        if (four->count == 4 && ++four == shape->row[row] + 2)
            return false;
        if (four->count == 0)
            four->slot = shape->count;
        for (unsigned int i = four->count++; i < 4; i++) {
            four->offset[i] = shape->place[column] - shape->begin[row];
            four->mask[i] = shape->mask[column];
        }
        shape->slot[column] = (uint8_t)shape->count++;
    }
    return true;
}

/* Returns the length of the line at `at` with its line end, 0 if it is truncated by the end of the piece. */
static size_t line_size(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline == NULL ? 0 : (size_t)(newline - at) + 1;
}

static bool is_header(const struct record_builder *stream, const char *at, size_t size)
{
    const char *word = text_skip_blanks(at, at + size);
    size_t length = (size_t)(at + size - word);
    return size > 0 && *at == ' ' && length == stream->header_length && memcmp(word, stream->header, length) == 0;
}

/* Returns an upper bound of the numbers that fit in the fields from byte `begin` on. */
static double greatest(const struct record_template *shape, size_t begin)
{
    double most = 1, field = 1;
    for (size_t i = begin; i < shape->size; i++) {
        field = shape->pattern.width[i] != 0 ? field * 10 : 1;
        most = fmax(most, field);
    }
    return most;
}

/* Where the rows of a record are: row i from byte begin[i] up to begin[i + 1]. */
struct rows {
    size_t begin[ROWS_MAX + 1];
    size_t count;
};

/* The rows of a record after the header, in their order. The last two are optional. */
static const struct {
    const char *word;
    enum freelog_row row;
} row_words[ROWS_MAX] = {{"Mem:", FREELOG_ROW_MEM},
                         {"Swap:", FREELOG_ROW_SWAP},
                         {"Job:", FREELOG_ROW_JOB},
                         {"Jobswap:", FREELOG_ROW_JOBSWAP}};

static bool find_rows(struct rows *rows, const char *at, size_t header, const char *end)
{
    rows->begin[0] = header;
    for (rows->count = 0; rows->count < ROWS_MAX; rows->count++) {
        size_t begin = rows->begin[rows->count];
        if (!text_starts(at + begin, end, row_words[rows->count].word))
            break;
        size_t size = line_size(at + begin, end);
        if (size == 0)
            return false;
        rows->begin[rows->count + 1] = begin + size;
    }
    return rows->count >= ROWS_MIN && at + rows->begin[rows->count] < end;
}

bool record_template_learn(struct record_template *shape, const struct record_builder *stream, const char *at,
                           const char *end)
{
    struct rows rows;
    end = end - at > SIMD_MAX + 1 ? at + SIMD_MAX + 1 : end;
    memset(shape, 0, sizeof *shape);
    size_t header = line_size(at, end);
    if (header < 2 || !is_header(stream, at, header - 1) || !find_rows(&rows, at, header, end))
        return false;
    size_t size = rows.begin[rows.count];
    bool has_blank = at[size] == '\n';
    shape->layout = stream->layout;
    shape->filled = (unsigned int)rows.count + 1;
    shape->lines = shape->filled + has_blank;
    shape->size = size + has_blank;
    if (shape->size > SIMD_MAX || header < SIMD_MIN)
        return false;
    shape->has_avx2 = simd_have_avx2();
    shape->row_count = (unsigned int)rows.count;
    memcpy(shape->begin, rows.begin, sizeof shape->begin);
    memcpy(shape->pattern.text, at, shape->size);
    memcpy(shape->pattern.low, at, shape->size);
    for (size_t i = 0; i < rows.count; i++) {
        const uint32_t before = shape->present;
        const uint8_t *column = stream->layout.column;
        size_t count = stream->layout.count;
        if (row_words[i].row != FREELOG_ROW_MEM)
            column = record_builder_columns(row_words[i].row, &count);
        if (rows.begin[i + 1] - rows.begin[i] < SIMD_MIN ||
            !learn_row(shape, at, rows.begin[i], rows.begin[i + 1] - 1, strlen(row_words[i].word), column, count))
            return false;
        if (!group_numbers(shape, (unsigned int)i, shape->present & ~before))
            return false;
        shape->rows |= 1u << row_words[i].row;
    }
    /* Swap numbers must be too short to be a negative value printed as unsigned. */
    return shape->layout.unit_bytes * greatest(shape, rows.begin[1]) <= FREELOG_SWAP_MAX_BYTES;
}

bool record_template_is_of(const struct record_template *shape, const struct record_builder *stream)
{
    const struct column_layout *a = &shape->layout, *b = &stream->layout;
    const char *header = (const char *)shape->pattern.text;
    return shape->rows == stream->usual_rows && !stream->lacks_buffers_row && a->count == b->count &&
           memcmp(a->column, b->column, a->count * sizeof a->column[0]) == 0 && a->by_place == b->by_place &&
           a->unit_bytes == b->unit_bytes && a->bare_base == b->bare_base && a->edges.first == b->edges.first &&
           a->edges.step == b->edges.step && is_header(stream, header, line_size(header, header + shape->size) - 1);
}

/* Sets the expected bytes at `count` places: any digit in place of a field's digit, else the current byte. */
static inline void set_places(const unsigned char *restrict byte, const unsigned char *restrict field,
                              unsigned char *restrict low, unsigned char *restrict width, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char is_digit = field[i] != 0 && byte[i] != ' ' ? 0xff : 0;
        low[i] = (unsigned char)((is_digit & '0') | (~is_digit & byte[i]));
        width[i] = is_digit & 9;
    }
}

/* Sets the expected places of digits to those in the first `size` bytes of a matching record. */
static void set_digits(struct record_template *shape, const unsigned char *byte, size_t size)
{
    const unsigned char *field = shape->pattern.width;
    size_t i = 0;
    for (; i + 16 <= size; i += 16) /* a constant size, so that compilers vectorise it */
        set_places(byte + i, field + i, shape->low + i, shape->width + i, 16);
    set_places(byte + i, field + i, shape->low + i, shape->width + i, size - i);
    shape->is_set = true;
}

/* Returns true if `size` bytes match the pattern from byte `from` on. */
static inline bool matches(const struct record_template *shape, const char *at, size_t from, size_t size)
{
    const unsigned char *byte = (const unsigned char *)at;
    return shape->has_avx2 ? simd_match_avx2(byte, &shape->pattern, from, size)
                           : simd_match(byte, &shape->pattern, from, size);
}

bool record_template_is_header(const struct record_template *shape, const char *at, const char *end)
{
    size_t size = shape->begin[0];
    return (size_t)(end - at) >= size && memcmp(at, shape->pattern.text, size) == 0;
}

static inline bool take_rows(const struct record_template *shape, unsigned int first, unsigned int end,
                             const unsigned char *byte, size_t gap, double *value)
{
    for (unsigned int i = first; i < end; i++) {
        const struct row_numbers *four = shape->row[i];
        const size_t size = shape->begin[i + 1] - shape->begin[i];
        if (!simd_match(byte, &shape->pattern, shape->begin[i], size))
            return false;
        simd_numbers(byte, four->offset, four->mask, shape->layout.unit_bytes, value + four->slot);
        if ((++four)->count > 0)
            simd_numbers(byte, four->offset, four->mask, shape->layout.unit_bytes, value + four->slot);
        byte += size + gap;
    }
    return true;
}

/* The same for processors with AVX2. */
SIMD_AVX2 static bool take_rows_avx2(const struct record_template *shape, unsigned int first, unsigned int end,
                                     const unsigned char *byte, size_t gap, double *value)
{
    for (unsigned int i = first; i < end; i++) {
        const struct row_numbers *four = shape->row[i];
        const size_t size = shape->begin[i + 1] - shape->begin[i];
        if (!simd_match_avx2(byte, &shape->pattern, shape->begin[i], size))
            return false;
        simd_numbers_avx2(byte, four->offset, four->mask, shape->layout.unit_bytes, value + four->slot);
        if ((++four)->count > 0)
            simd_numbers_avx2(byte, four->offset, four->mask, shape->layout.unit_bytes, value + four->slot);
        byte += size + gap;
    }
    return true;
}

const char *record_template_take_rows(const struct record_template *shape, unsigned int first, unsigned int count,
                                      const char *at, const char *end, size_t gap, double *value)
{
    const unsigned char *byte = (const unsigned char *)at;
    const size_t size = shape->begin[first + count] - shape->begin[first] + gap * (count - 1);
    if ((size_t)(end - at) < size ||
        !(shape->has_avx2 ? take_rows_avx2 : take_rows)(shape, first, first + count, byte, gap, value))
        return NULL;
    return at + size;
}

/* Reads `count` numbers that are `stride` bytes apart. `value` has space for FREELOG_RUN_MAX. */
static inline void read_numbers(const unsigned char *number, size_t stride, size_t count, const struct simd_mask *mask,
                                double unit, double *value)
{
    size_t i = 0;
    double same[4];
    for (; i + 4 <= count; i += 4, number += 4 * stride)
        simd_column(number, stride, mask, unit, value + i);
    for (; i < count; i++, number += stride) {
        simd_column(number, 0, mask, unit, same);
        value[i] = same[0];
    }
}

/* The same for processors with AVX2. */
SIMD_AVX2 static void read_numbers_avx2(const unsigned char *number, size_t stride, size_t count,
                                        const struct simd_mask *mask, double unit, double *value)
{
    size_t i = 0;
    double same[4];
    for (; i + 4 <= count; i += 4, number += 4 * stride)
        simd_column_avx2(number, stride, mask, unit, value + i);
    for (; i < count; i++, number += stride) {
        simd_column_avx2(number, 0, mask, unit, same);
        value[i] = same[0];
    }
}

/* Reads `count` numbers that end in the SIMD_WIDTH bytes at these offsets, and writes a multiple of four. */
static inline void read_numbers_at(const unsigned char *first, const size_t *offset, size_t count,
                                   const struct simd_mask *mask, double unit, double *value)
{
    const struct simd_mask masks[4] = {*mask, *mask, *mask, *mask};
    for (size_t i = 0; i < count; i += 4)
        simd_numbers(first, offset + i, masks, unit, value + i);
}

/* The same for processors with AVX2. */
SIMD_AVX2 static void read_numbers_at_avx2(const unsigned char *first, const size_t *offset, size_t count,
                                           const struct simd_mask *mask, double unit, double *value)
{
    const struct simd_mask masks[4] = {*mask, *mask, *mask, *mask};
    for (size_t i = 0; i < count; i += 4)
        simd_numbers_avx2(first, offset + i, masks, unit, value + i);
}

/* Returns how many of `count` records of `size` bytes from `byte` on have their digits at the expected places. */
static size_t fit(struct record_template *shape, const unsigned char *byte, size_t size, size_t count)
{
    if (!shape->is_set)
        return 0;
    size_t fitting = shape->has_avx2 ? simd_fit_avx2(byte, shape->low, shape->width, size, count)
                                     : simd_fit(byte, shape->low, shape->width, size, count);
    if (fitting > 0) {
        shape->in_vain = 0;
    } else {
        shape->in_vain += shape->in_vain < IN_VAIN_MAX;
        shape->pause = (1u << shape->in_vain) - 2;
    }
    shape->is_set = fitting == count;
    return fitting;
}

/* Returns true if the first `size` bytes of a record differ from the learned one only in digits. */
static bool verify_other(struct record_template *shape, const char *at, size_t size)
{
    const size_t header = shape->begin[0];
    if (memcmp(at, shape->pattern.text, header) != 0 || !matches(shape, at + header, header, size - header))
        return false;
    if (shape->pause > 0)
        shape->pause--;
    else
        set_digits(shape, (const unsigned char *)at, size);
    return true;
}

bool record_template_verify_rows(struct record_template *shape, const char *at)
{
    const size_t size = shape->begin[shape->row_count];
    return fit(shape, (const unsigned char *)at, size, 1) == 1 || verify_other(shape, at, size);
}

size_t record_template_verify(struct record_template *shape, const char *at, const char *end)
{
    const size_t size = shape->size;
    size_t count = 0, capacity = (size_t)(end - at) / size;
    capacity = capacity < FREELOG_RUN_MAX ? capacity : FREELOG_RUN_MAX;
    while (count < capacity) {
        count += fit(shape, (const unsigned char *)at + count * size, size, capacity - count);
        if (count == capacity || !verify_other(shape, at + count * size, size))
            break;
        count++;
    }
    return count;
}

/* Prepares a run of records without times. */
static void begin_run(const struct record_template *shape, size_t count, uint32_t columns, struct freelog_run *run)
{
    run->count = count;
    run->lines = shape->lines;
    run->line_of = NULL;
    run->stamp_s = NULL;
    run->top = NULL;
    run->present = shape->present & columns;
}

void record_template_read_at(const struct record_template *shape, const char *const *at, size_t count, uint32_t columns,
                             struct freelog_run *run)
{
    size_t offset[FREELOG_RUN_MAX] = {0};
    begin_run(shape, count, columns, run);
    for (size_t i = 0; i < (count + 3) / 4 * 4; i++) /* repeats the last record up to a multiple of four */
        offset[i] = (size_t)(at[i < count ? i : count - 1] - at[0]);
    for (uint32_t left = run->present; left != 0; left &= left - 1) {
        const int column = __builtin_ctz(left);
        const unsigned char *first = (const unsigned char *)at[0] + shape->place[column];
        (shape->has_avx2 ? read_numbers_at_avx2 : read_numbers_at)(first, offset, count, &shape->mask[column],
                                                                   shape->layout.unit_bytes, run->value[column]);
    }
}

void record_template_read(const struct record_template *shape, const char *at, size_t count, uint32_t columns,
                          struct freelog_run *run)
{
    const double unit_bytes = shape->layout.unit_bytes;
    begin_run(shape, count, columns, run);
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++) {
        const unsigned char *number = (const unsigned char *)at + shape->place[column];
        if ((run->present >> column & 1) == 0)
            continue;
        (shape->has_avx2 ? read_numbers_avx2 : read_numbers)(number, shape->size, count, &shape->mask[column],
                                                             unit_bytes, run->value[column]);
    }
}
