/* SPDX-License-Identifier: MIT */
/* record_template: owns the reading of records that have the very bytes of one read before but for their digits. Knows
 * nothing of lines, runs or damage: whatever differs is somebody else's.
 *
 * Records of one free have the same bytes for hours: headings, words and blanks stay, and numbers end in the same
 * columns. So a record is verified whole, 16 bytes at a time. First by the places that had a digit in the last one:
 * each byte must lie between the lowest and the highest allowed there ('0' to '9', or twice the same). Where a number
 * gained or lost a digit that fails; then the bytes are sorted into digits and others, and in each field digits must
 * follow blanks and reach its end. Two records on end that have their digits in the same places set them for the first
 * way again, so that a log whose numbers jump about goes the second way only. */
#include "record_template.h"

#include <math.h>

#include "../text.h"

#define LEAST_FIELD 8 /* columns that simd_numbers takes without a mask */
#define ROWS_MIN    2
#define ROWS_MAX    4

static void set_bit(uint64_t *word, size_t bit)
{
    word[bit / 64] |= UINT64_C(1) << bit % 64;
}

/* Learns a number's field, which begins at byte `begin` at the earliest. Returns false if the number cannot be read so.
 */
static bool learn_field(struct record_template *shape, enum freelog_column column, size_t begin, size_t from, size_t to)
{
    size_t first = to > begin + SIMD_WIDTH ? to - SIMD_WIDTH : begin;
    if (from < first || to - from > SIMD_WIDTH || to < begin + LEAST_FIELD)
        return false;
    for (size_t i = first; i < to; i++) {
        if (i >= from && !text_is_digit((char)shape->text[i]))
            return false;
        set_bit(shape->fields, i);
        shape->field[i] = 0xff;
        shape->text[i] = ' ';
        if (i + 8 < to)
            set_bit(shape->high, i);
        if (i + 1 < to)
            set_bit(shape->inner, i);
    }
    set_bit(shape->last, to - 1);
    if (column == FREELOG_COLUMN_COUNT)
        return true;
    shape->place[column] = (uint16_t)(to - SIMD_WIDTH);
    for (size_t i = 0; i < 4; i++)
        shape->mask[column].byte[i] = shape->place[column] + i >= first ? 0xff : 0;
    shape->present |= 1u << column;
    return true;
}

/* Learns the row from byte `begin` to byte `end`, whose word has `word_size` bytes. */
static bool learn_row(struct record_template *shape, const char *record, size_t begin, size_t end, size_t word_size,
                      const uint8_t *column, size_t count)
{
    struct row_values values;
    size_t behind = begin + word_size;
    row_values_read(record + behind, record + end, 1, 1024, &values);
    if (values.end != FREELOG_ROW_END || values.count != count)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t to = (size_t)(values.to[i] - record);
        if (!learn_field(shape, (enum freelog_column)column[i], behind + 1, (size_t)(values.from[i] - record), to))
            return false;
        behind = to;
    }
    return true;
}

/* The length of the line at `at` with its end, 0 when it is cut by the end of the piece. */
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

/* More than any number can be in the fields from byte `begin` on. */
static double greatest(const struct record_template *shape, size_t begin)
{
    double most = 1, field = 1;
    for (size_t i = begin; i < shape->size; i++) {
        field = shape->field[i] != 0 ? field * 10 : 1;
        most = fmax(most, field);
    }
    return most;
}

/* Where the rows of a record lie: row i from byte begin[i] up to begin[i + 1]. */
struct rows {
    size_t begin[ROWS_MAX + 1];
    size_t count;
};

/* The rows of a record after the header, in their order. The last two need not be there. */
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
    shape->words = (shape->size + 63) / 64;
    if (shape->size < SIMD_MIN || shape->size > SIMD_MAX)
        return false;
    shape->has_avx2 = simd_have_avx2();
    memcpy(shape->text, at, shape->size);
    for (size_t i = shape->size; i < SIMD_MAX; i++)
        set_bit(shape->outside, i);
    for (size_t i = 0; i < rows.count; i++) {
        const uint8_t *column = stream->layout.column;
        size_t count = stream->layout.count;
        if (row_words[i].row != FREELOG_ROW_MEM)
            column = record_builder_columns(row_words[i].row, &count);
        if (!learn_row(shape, at, rows.begin[i], rows.begin[i + 1] - 1, strlen(row_words[i].word), column, count))
            return false;
        shape->rows |= 1u << row_words[i].row;
    }
    /* No number of swap may be so large that it stands for less than nothing. */
    return shape->layout.unit_bytes * greatest(shape, rows.begin[1]) <= FREELOG_SWAP_MAX_BYTES;
}

bool record_template_is_of(const struct record_template *shape, const struct record_builder *stream)
{
    const struct column_layout *a = &shape->layout, *b = &stream->layout;
    const char *header = (const char *)shape->text;
    return shape->rows == stream->usual_rows && a->count == b->count &&
           memcmp(a->column, b->column, a->count * sizeof a->column[0]) == 0 && a->by_place == b->by_place &&
           a->unit_bytes == b->unit_bytes && a->bare_base == b->bare_base && a->edges.first == b->edges.first &&
           a->edges.step == b->edges.step && is_header(stream, header, line_size(header, header + shape->size) - 1);
}

/* Expects what stands at `count` places now: a digit of a field, or the very byte. */
static inline void set_places(const unsigned char *restrict byte, const unsigned char *restrict field,
                              const unsigned char *restrict text, unsigned char *restrict low,
                              unsigned char *restrict width, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char is_digit = (unsigned char)((unsigned char)(byte[i] - '0') <= 9 ? 0xff : 0) & field[i];
        low[i] = (unsigned char)((is_digit & '0') | (~is_digit & text[i]));
        width[i] = is_digit & 9;
    }
}

/* Makes the places of digits in a record those that are expected. */
static void set_digits(struct record_template *shape, const unsigned char *byte)
{
    size_t i = 0;
    for (; i + 16 <= shape->size; i += 16) /* of a constant size: compilers make vector code of it */
        set_places(byte + i, shape->field + i, shape->text + i, shape->low + i, shape->width + i, 16);
    set_places(byte + i, shape->field + i, shape->text + i, shape->low + i, shape->width + i, shape->size - i);
    shape->is_set = true;
}

/* Verifies a record by the classes of its bytes, and notes where its digits are. */
static inline bool judge_classes(struct record_template *shape, const unsigned char *byte, const uint64_t *digit,
                                 const uint64_t *same)
{
    uint64_t numbers[SIMD_WORDS], carry = 0, bad = 0, changed = 0, high = 0;
    for (size_t i = 0; i < shape->words; i++) {
        const uint64_t number = digit[i] & shape->fields[i], goes_on = number & shape->inner[i];
        /* There must be a digit after a digit, and at the end of a field. */
        const uint64_t needed = goes_on << 1 | carry | shape->last[i];
        bad |= ~(same[i] | number | shape->outside[i]) | (needed & ~number);
        carry = goes_on >> 63;
        high |= number & shape->high[i];
        changed |= number ^ shape->digits[i];
        numbers[i] = number;
    }
    if (bad != 0)
        return false;
    shape->has_high |= high != 0;
    if (changed == 0) {
        set_digits(shape, byte);
    } else {
        memcpy(shape->digits, numbers, shape->words * sizeof numbers[0]);
        shape->is_set = false;
    }
    return true;
}

static bool look_closely(struct record_template *shape, const unsigned char *byte)
{
    uint64_t digit[SIMD_WORDS], same[SIMD_WORDS];
    simd_classes(byte, shape->text, shape->size, digit, same);
    return judge_classes(shape, byte, digit, same);
}

SIMD_AVX2 static bool look_closely_avx2(struct record_template *shape, const unsigned char *byte)
{
    uint64_t digit[SIMD_WORDS], same[SIMD_WORDS];
    simd_classes_avx2(byte, shape->text, shape->size, digit, same);
    return judge_classes(shape, byte, digit, same);
}

/* Reads the numbers that stand `stride` bytes apart. `value` has space for FREELOG_RUN_MAX. */
static inline void read_numbers(const unsigned char *number, size_t stride, size_t count, bool has_high,
                                struct simd_mask mask, double unit, double *value)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4, number += 4 * stride)
        simd_numbers(number, stride, has_high, mask, unit, value + i);
    for (; i < count; i++, number += stride) {
        double same[4];
        simd_numbers(number, 0, has_high, mask, unit, same);
        value[i] = same[0];
    }
}

/* The same for numbers of eight digits at most, where the processor has AVX2. */
SIMD_AVX2 static void read_numbers_avx2(const unsigned char *number, size_t stride, size_t count, double unit,
                                        double *value)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4, number += 4 * stride)
        simd_numbers_avx2(number, stride, unit, value + i);
    for (; i < count; i++, number += stride) {
        double same[4];
        simd_numbers_avx2(number, 0, unit, same);
        value[i] = same[0];
    }
}

/* How many of `count` records from `byte` on have their digits where they are expected. */
static size_t fit(const struct record_template *shape, const unsigned char *byte, size_t count)
{
    if (!shape->is_set)
        return 0;
    return shape->has_avx2 ? simd_fit_avx2(byte, shape->low, shape->width, shape->size, count)
                           : simd_fit(byte, shape->low, shape->width, shape->size, count);
}

size_t record_template_verify(struct record_template *shape, const char *at, const char *end)
{
    const size_t size = shape->size;
    size_t count = 0, capacity = (size_t)(end - at) / size;
    const unsigned char *const byte = (const unsigned char *)at;
    capacity = capacity < FREELOG_RUN_MAX ? capacity : FREELOG_RUN_MAX;
    if (!shape->is_set)
        shape->has_high = false;
    while (count < capacity) {
        count += fit(shape, byte + count * size, capacity - count);
        if (count == capacity || !(shape->has_avx2 ? look_closely_avx2 : look_closely)(shape, byte + count * size))
            break;
        count++;
    }
    return count;
}

void record_template_read(const struct record_template *shape, const char *at, size_t count, uint32_t columns,
                          struct freelog_run *run)
{
    const double unit_bytes = shape->layout.unit_bytes;
    run->count = count;
    run->lines = shape->lines;
    run->present = shape->present & columns;
    for (int column = 0; column < FREELOG_COLUMN_COUNT; column++) {
        const unsigned char *number = (const unsigned char *)at + shape->place[column];
        const struct simd_mask mask = shape->mask[column];
        if ((run->present >> column & 1) == 0)
            continue;
        if (shape->has_high)
            read_numbers(number, shape->size, count, true, mask, unit_bytes, run->value[column]);
        else if (shape->has_avx2)
            read_numbers_avx2(number, shape->size, count, unit_bytes, run->value[column]);
        else
            read_numbers(number, shape->size, count, false, mask, unit_bytes, run->value[column]);
    }
}
