/* SPDX-License-Identifier: MIT */
/* Unit tests of simd: the vector variant of each function gives the same result as the portable one. */
#include <string.h>

#include "freelog/fast/simd.h"
#include "unit.h"

struct source {
    uint64_t random;
};

static unsigned int next_random(struct source *source, unsigned int below)
{
    source->random ^= source->random << 13;
    source->random ^= source->random >> 7;
    source->random ^= source->random << 17;
    return (unsigned int)(source->random >> 33) % below;
}

/* Makes a record of any size: an even mix of digits, blanks and other bytes. */
static void fill(struct source *source, unsigned char *byte, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned int kind = next_random(source, 8);
        byte[i] = (unsigned char)(kind < 4 ? '0' + next_random(source, 10) : kind < 7 ? ' ' : next_random(source, 256));
    }
}

static void test_fit(void **state)
{
    struct source source = {1};
    _Alignas(16) unsigned char low[SIMD_MAX], width[SIMD_MAX];
    unsigned char byte[3 * SIMD_MAX + 1];
    (void)state;
    for (size_t size = SIMD_MIN; size <= SIMD_MAX; size++) {
        unsigned char *records = byte + size % 2; /* also at odd addresses */
        for (int round = 0; round < 3; round++) {
            fill(&source, low, size);
            for (size_t i = 0; i < size; i++) {
                width[i] = low[i] >= '0' && low[i] <= '9' ? (unsigned char)('9' - low[i]) : 0;
                for (size_t record = 0; record < 3; record++)
                    records[record * size + i] = (unsigned char)(low[i] + next_random(&source, width[i] + 1u));
            }
            assert_int_equal(simd_fit(records, low, width, size, 3), 3);
            assert_int_equal(simd_fit_portable(records, low, width, size, 3), 3);
            if (simd_have_avx2())
                assert_int_equal(simd_fit_avx2(records, low, width, size, 3), 3);
        }
        /* Each byte of the second record is checked, also just below and above the allowed range. */
        for (size_t i = 0; i < size; i++)
            for (int change = 0; change < 3; change++) {
                unsigned char right = records[size + i];
                const unsigned char wrong[] = {(unsigned char)(low[i] - 1), (unsigned char)(low[i] + width[i] + 1),
                                               (unsigned char)(right ^ 0x80)};
                records[size + i] = wrong[change];
                assert_int_equal(simd_fit(records, low, width, size, 3), 1);
                assert_int_equal(simd_fit_portable(records, low, width, size, 3), 1);
                if (simd_have_avx2())
                    assert_int_equal(simd_fit_avx2(records, low, width, size, 3), 1);
                records[size + i] = right;
            }
    }
}

/* Sets the byte at `at` and what the pattern allows there: a text, or blanks and digits up to the end of a field. */
static void fill_pattern(struct source *source, struct simd_pattern *pattern, size_t size)
{
    size_t at = 0;
    while (at < size) {
        size_t field = next_random(source, 3) == 0 ? 1 + next_random(source, 14) : 0, first = at;
        for (; at < first + field && at < size; at++) {
            bool is_last = at + 1 == first + field;
            pattern->text[at] = is_last ? '0' : ' ';
            pattern->low[at] = '0';
            pattern->width[at] = 9;
            pattern->follows[at] = at > first ? 0x10 : 0;
        }
        if (at == size)
            break;
        pattern->text[at] = pattern->low[at] = (unsigned char)next_random(source, 256);
        pattern->width[at] = pattern->follows[at] = 0;
        at++;
    }
}

/* Returns the expected result of simd_match, computed in a simple way. */
static bool match_simply(const unsigned char *byte, const struct simd_pattern *pattern, size_t from, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool is_field = pattern->width[from + i] == 9, is_digit = byte[i] >= '0' && byte[i] <= '9';
        bool was_digit = (byte[(ptrdiff_t)i - 1] & 0x10) != 0;
        if (!(is_field && is_digit) && byte[i] != pattern->text[from + i])
            return false;
        if (pattern->follows[from + i] != 0 && was_digit && (byte[i] & 0x10) == 0)
            return false;
    }
    return true;
}

static void test_match(void **state)
{
    struct source source = {2};
    struct simd_pattern pattern = {0};
    unsigned char byte[SIMD_MAX + 2];
    size_t matches = 0, others = 0;
    (void)state;
    for (size_t size = SIMD_MIN; size <= SIMD_MAX; size++)
        for (int round = 0; round < 200; round++) {
            unsigned char *record = byte + 1 + round % 2;
            size_t from = next_random(&source, (unsigned int)(SIMD_MAX - size) + 1);
            fill_pattern(&source, &pattern, SIMD_MAX);
            record[-1] = (unsigned char)next_random(&source, 256);
            bool has_digit = false;
            for (size_t i = 0; i < size; i++) {
                bool is_field = pattern.width[from + i] == 9;
                has_digit = is_field && ((has_digit && pattern.follows[from + i] != 0) ||
                                         next_random(&source, 3) == 0 || pattern.text[from + i] == '0');
                record[i] = (unsigned char)(has_digit ? '0' + next_random(&source, 10) : pattern.text[from + i]);
            }
            if (round % 4 == 1) /* any other byte, or one just outside the allowed range */
                record[next_random(&source, (unsigned int)size)] =
                    (unsigned char)(round % 8 == 1 ? next_random(&source, 256) : 0x1f + next_random(&source, 29));
            bool expected = match_simply(record, &pattern, from, size);
            matches += expected;
            others += !expected;
            assert_int_equal(simd_match_portable(record, &pattern, from, size), expected);
            assert_int_equal(simd_match(record, &pattern, from, size), expected);
            if (simd_have_avx2())
                assert_int_equal(simd_match_avx2(record, &pattern, from, size), expected);
        }
    assert_true(matches > 10000 && others > 5000);
}

static void test_numbers(void **state)
{
    struct source source = {3};
    unsigned char byte[4 * 60];
    double value[4], expected[4];
    (void)state;
    for (int round = 0; round < 100000; round++) {
        size_t stride = SIMD_WIDTH + next_random(&source, 40);
        struct simd_mask mask[4];
        size_t offset[4];
        memset(byte, ' ', sizeof byte);
        memset(mask, 0, sizeof mask);
        unsigned int width = 1 + next_random(&source, 12);
        for (size_t i = 0; i < 4; i++) {
            unsigned int digits = 1 + next_random(&source, SIMD_WIDTH);
            memset(mask[i].byte + SIMD_WIDTH - width, 0xff, width);
            offset[i] = i * stride;
            uint64_t sum = 0;
            for (size_t column = SIMD_WIDTH - digits; column < SIMD_WIDTH; column++) {
                byte[i * stride + column] = (unsigned char)('0' + next_random(&source, 10));
                if (column >= SIMD_WIDTH - width)
                    sum = sum * 10 + byte[i * stride + column] - '0';
            }
            expected[i] = (double)sum * 1024;
        }
        simd_numbers_portable(byte, offset, mask, 1024, value);
        assert_memory_equal(value, expected, sizeof value);
        simd_numbers(byte, offset, mask, 1024, value);
        assert_memory_equal(value, expected, sizeof value);
        simd_column(byte, stride, mask, 1024, value);
        assert_memory_equal(value, expected, sizeof value);
        if (!simd_have_avx2())
            continue;
        simd_numbers_avx2(byte, offset, mask, 1024, value);
        assert_memory_equal(value, expected, sizeof value);
        simd_column_avx2(byte, stride, mask, 1024, value);
        assert_memory_equal(value, expected, sizeof value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_match),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
