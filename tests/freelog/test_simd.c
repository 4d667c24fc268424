/* SPDX-License-Identifier: MIT */
/* The vector variant of each function of simd gives what the portable one gives. */
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

/* A record of any size: an even mix of digits, blanks, and all other bytes. */
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
        unsigned char *records = byte + size % 2; /* at odd addresses, too */
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
        /* Each byte of the second record is seen, just below and above what is allowed, too. */
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

static void test_classes(void **state)
{
    struct source source = {2};
    unsigned char byte[SIMD_MAX + 1], text[SIMD_MAX];
    uint64_t digit[2][SIMD_WORDS], same[2][SIMD_WORDS];
    (void)state;
    for (size_t size = SIMD_MIN; size <= SIMD_MAX; size++)
        for (int round = 0; round < 100; round++) {
            unsigned char *record = byte + round % 2;
            fill(&source, record, size);
            fill(&source, text, size);
            simd_classes(record, text, size, digit[0], same[0]);
            simd_classes_portable(record, text, size, digit[1], same[1]);
            assert_memory_equal(digit[0], digit[1], sizeof digit[0]);
            assert_memory_equal(same[0], same[1], sizeof same[0]);
            if (simd_have_avx2()) {
                simd_classes_avx2(record, text, size, digit[0], same[0]);
                assert_memory_equal(digit[0], digit[1], sizeof digit[0]);
                assert_memory_equal(same[0], same[1], sizeof same[0]);
            }
        }
}

static void test_numbers(void **state)
{
    struct source source = {3};
    unsigned char byte[4 * 40];
    double value[2][4];
    (void)state;
    for (int round = 0; round < 100000; round++) {
        size_t stride = 12 + next_random(&source, 28);
        struct simd_mask mask;
        memset(byte, ' ', sizeof byte);
        memset(&mask, 0, sizeof mask);
        for (size_t i = next_random(&source, 5); i < 4; i++)
            mask.byte[i] = 0xff;
        uint64_t number[4];
        for (size_t i = 0; i < 4; i++) {
            unsigned int digits = 1 + next_random(&source, 12);
            number[i] = 0;
            for (size_t column = 12 - digits; column < 12; column++) {
                byte[i * stride + column] = (unsigned char)('0' + next_random(&source, 10));
                if (column >= 4 || mask.byte[column] != 0)
                    number[i] = number[i] * 10 + byte[i * stride + column] - '0';
            }
        }
        simd_numbers(byte, stride, true, mask, 1024, value[0]);
        simd_numbers_portable(byte, stride, true, mask, 1024, value[1]);
        for (int i = 0; i < 4; i++) {
            assert_true(value[0][i] == (double)number[i] * 1024);
            assert_true(value[1][i] == value[0][i]);
        }
        simd_numbers(byte, stride, false, mask, 1, value[0]);
        simd_numbers_portable(byte, stride, false, mask, 1, value[1]);
        for (int i = 0; i < 4; i++) {
            assert_true(value[0][i] == (double)(number[i] % 100000000));
            assert_true(value[1][i] == value[0][i]);
        }
        if (simd_have_avx2())
            simd_numbers_avx2(byte, stride, 1, value[1]);
        assert_memory_equal(value[0], value[1], sizeof value[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
