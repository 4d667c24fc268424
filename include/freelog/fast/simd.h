/* SPDX-License-Identifier: MIT */
/* simd: a record's bytes, many at once. Every function is there in portable C, and by SSE2 where the compiler may
 * use it; what takes most of the time by AVX2, too, for processors that have it (simd_have_avx2). The results are
 * the same bit for bit (tests/test_free_lanes.c), so that only record_template.c need know which was built.
 * -DFREE_LANES_PORTABLE takes the portable ones anywhere.
 *
 * No function reads outside of the `size` bytes, of which there must be SIMD_LEAST to SIMD_MAX. */
#ifndef MEMTRACE_FREELOG_FAST_SIMD_H
#define MEMTRACE_FREELOG_FAST_SIMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SIMD_MAX   384 /* bytes */
#define SIMD_MIN   32
#define SIMD_WORDS (SIMD_MAX / 64)
#define SIMD_WIDTH 12 /* columns of a number */

#if defined(__SSE2__) && !defined(SIMD_PORTABLE)
#include <immintrin.h>
#define SIMD_SSE2 1
#define SIMD_AVX2 __attribute__((target("avx2")))
#else
#define SIMD_SSE2 0
#endif

/* Which of four bytes count: 0xff, else 0. */
struct simd_mask {
    unsigned char byte[4];
};

/* How many records of `size` bytes from the first of `count` on have only bytes from low to low + width, which begin at
 * multiples of 16. */
static inline size_t simd_fit_portable(const unsigned char *byte, const unsigned char *low, const unsigned char *width,
                                       size_t size, size_t count)
{
    for (size_t record = 0; record < count; record++, byte += size) {
        unsigned char bad = 0;
        size_t at = 0;
        /* Blocks of a constant size are what compilers make vector code of. */
        for (; at + 16 <= size; at += 16)
            for (size_t i = at; i < at + 16; i++)
                bad = (unsigned char)(bad | ((unsigned char)(byte[i] - low[i]) > width[i]));
        for (; at < size; at++)
            bad = (unsigned char)(bad | ((unsigned char)(byte[at] - low[at]) > width[at]));
        if (bad != 0)
            return record;
    }
    return count;
}

/* Sets bit i of `digit` where byte i is a digit, of `same` where it is text[i]. Bits from `size` on are 0. */
static inline void simd_classes_portable(const unsigned char *byte, const unsigned char *text, size_t size,
                                         uint64_t digit[SIMD_WORDS], uint64_t same[SIMD_WORDS])
{
    memset(digit, 0, SIMD_WORDS * sizeof *digit);
    memset(same, 0, SIMD_WORDS * sizeof *same);
    for (size_t i = 0; i < size; i++) {
        digit[i / 64] |= (uint64_t)((unsigned char)(byte[i] - '0') <= 9) << i % 64;
        same[i / 64] |= (uint64_t)(byte[i] == text[i]) << i % 64;
    }
}

/* Reads four numbers of blanks and then digits, which stand in the SIMD_WIDTH bytes from `number`, number +
 * stride and so on. Of the first four of these bytes those count that are not 0 in `mask`, and none unless `has_high`.
 * value[i] becomes number i times `unit`. */
static inline void simd_numbers_portable(const unsigned char *number, size_t stride, bool has_high,
                                         struct simd_mask mask, double unit, double value[4])
{
    for (int i = 0; i < 4; i++, number += stride) {
        int32_t high = 0, low = 0;
        for (int column = 0; column < 4 && has_high; column++) {
            unsigned char c = number[column] & mask.byte[column];
            high = high * 10 + (c > '0' ? c - '0' : 0);
        }
        for (int column = 4; column < SIMD_WIDTH; column++)
            low = low * 10 + (number[column] > '0' ? number[column] - '0' : 0);
        value[i] = ((double)high * 1e8 + (double)low) * unit;
    }
}

#if SIMD_SSE2
/* Not 0 in each byte that does not lie between those allowed. */
static inline __m128i simd_above(const unsigned char *byte, __m128i low, __m128i width)
{
    return _mm_subs_epu8(_mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)byte), low), width);
}

static inline size_t simd_fit(const unsigned char *byte, const unsigned char *low, const unsigned char *width,
                              size_t size, size_t count)
{
    const __m128i zero = _mm_setzero_si128(), *lows = (const __m128i *)(const void *)low;
    const __m128i *widths = (const __m128i *)(const void *)width;
    const size_t whole = size / 16, rest = size - 16; /* the last 16 bytes, some of them once more */
    for (size_t record = 0; record < count; record++, byte += size) {
        __m128i bad = simd_above(byte + rest, _mm_loadu_si128((const __m128i *)(const void *)(low + rest)),
                                 _mm_loadu_si128((const __m128i *)(const void *)(width + rest)));
        size_t i = 0;
        for (; i + 4 <= whole; i += 4) {
            bad = _mm_or_si128(bad, simd_above(byte + 16 * i, lows[i], widths[i]));
            bad = _mm_or_si128(bad, simd_above(byte + 16 * i + 16, lows[i + 1], widths[i + 1]));
            bad = _mm_or_si128(bad, simd_above(byte + 16 * i + 32, lows[i + 2], widths[i + 2]));
            bad = _mm_or_si128(bad, simd_above(byte + 16 * i + 48, lows[i + 3], widths[i + 3]));
        }
        for (; 16 * i < rest; i++)
            bad = _mm_or_si128(bad, simd_above(byte + 16 * i, lows[i], widths[i]));
        if (_mm_movemask_epi8(_mm_cmpeq_epi8(bad, zero)) != 0xffff)
            return record;
    }
    return count;
}

/* 16 bytes' bits. */
static inline void simd_classes_16(const unsigned char *byte, const unsigned char *text, uint64_t *digit,
                                   uint64_t *same)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)byte);
    __m128i texts = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i above = _mm_subs_epu8(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), _mm_set1_epi8(9));
    *digit = (uint64_t)(unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(above, _mm_setzero_si128()));
    *same = (uint64_t)(unsigned int)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, texts));
}

static inline void simd_classes(const unsigned char *byte, const unsigned char *text, size_t size,
                                uint64_t digit[SIMD_WORDS], uint64_t same[SIMD_WORDS])
{
    size_t at = 0;
    uint64_t d[4], s[4];
    memset(digit, 0, SIMD_WORDS * sizeof *digit);
    memset(same, 0, SIMD_WORDS * sizeof *same);
    for (; at + 64 <= size; at += 64) {
        for (size_t i = 0; i < 4; i++)
            simd_classes_16(byte + at + 16 * i, text + at + 16 * i, &d[i], &s[i]);
        digit[at / 64] = d[0] | d[1] << 16 | d[2] << 32 | d[3] << 48;
        same[at / 64] = s[0] | s[1] << 16 | s[2] << 32 | s[3] << 48;
    }
    for (; at < size; at += 16) {
        if (at + 16 > size)
            at = size - 16; /* what is left, and some once more */
        simd_classes_16(byte + at, text + at, d, s);
        digit[at / 64] |= d[0] << at % 64;
        same[at / 64] |= s[0] << at % 64;
        if (at % 64 > 48) {
            digit[at / 64 + 1] |= d[0] >> (64 - at % 64);
            same[at / 64 + 1] |= s[0] >> (64 - at % 64);
        }
    }
}

/* Sixteen digits to four numbers of four. Blanks become 0, as '0' is above them. */
static inline __m128i simd_fours(__m128i text)
{
    __m128i digits = _mm_subs_epu8(text, _mm_set1_epi8('0'));
    __m128i even = _mm_and_si128(digits, _mm_set1_epi16(0xff)), odd = _mm_srli_epi16(digits, 8);
    return _mm_add_epi32(_mm_madd_epi16(even, _mm_set1_epi32(10 << 16 | 1000)),
                         _mm_madd_epi16(odd, _mm_set1_epi32(1 << 16 | 100)));
}

/* Two times eight bytes. */
static inline __m128i simd_two(const unsigned char *first, const unsigned char *second)
{
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)first),
                              _mm_loadl_epi64((const __m128i *)(const void *)second));
}

/* Four times four bytes. */
static inline __m128i simd_four(const unsigned char *byte, size_t stride)
{
    uint32_t four[4];
    for (size_t i = 0; i < 4; i++)
        memcpy(&four[i], byte + i * stride, sizeof four[i]);
    return _mm_unpacklo_epi64(_mm_unpacklo_epi32(_mm_cvtsi32_si128((int)four[0]), _mm_cvtsi32_si128((int)four[1])),
                              _mm_unpacklo_epi32(_mm_cvtsi32_si128((int)four[2]), _mm_cvtsi32_si128((int)four[3])));
}

static inline void simd_numbers(const unsigned char *number, size_t stride, bool has_high, struct simd_mask mask,
                                double unit, double value[4])
{
    const unsigned char *low = number + 4, *later = low + 2 * stride;
    __m128i fours =
        _mm_packs_epi32(simd_fours(simd_two(low, low + stride)), simd_fours(simd_two(later, later + stride)));
    __m128i eights = _mm_madd_epi16(fours, _mm_set1_epi32(1 << 16 | 10000));
    __m128d first = _mm_cvtepi32_pd(eights);
    __m128d second = _mm_cvtepi32_pd(_mm_shuffle_epi32(eights, 0xee));
    if (has_high) {
        int32_t four;
        memcpy(&four, mask.byte, sizeof four);
        __m128i high = simd_fours(_mm_and_si128(simd_four(number, stride), _mm_set1_epi32(four)));
        __m128d factor = _mm_set1_pd(1e8);
        first = _mm_add_pd(_mm_mul_pd(_mm_cvtepi32_pd(high), factor), first);
        second = _mm_add_pd(_mm_mul_pd(_mm_cvtepi32_pd(_mm_shuffle_epi32(high, 0xee)), factor), second);
    }
    _mm_storeu_pd(value, _mm_mul_pd(first, _mm_set1_pd(unit)));
    _mm_storeu_pd(value + 2, _mm_mul_pd(second, _mm_set1_pd(unit)));
}
/* Returns true if the processor has what the functions named _avx2 take. */
static inline bool simd_have_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

/* Not 0 in each byte that does not lie between those allowed. */
SIMD_AVX2 static inline __m256i simd_above_avx2(const unsigned char *byte, const unsigned char *low,
                                                const unsigned char *width)
{
    return _mm256_subs_epu8(_mm256_sub_epi8(_mm256_loadu_si256((const __m256i *)(const void *)byte),
                                            _mm256_loadu_si256((const __m256i *)(const void *)low)),
                            _mm256_loadu_si256((const __m256i *)(const void *)width));
}

/* As simd_fit. */
SIMD_AVX2 static inline size_t simd_fit_avx2(const unsigned char *byte, const unsigned char *low,
                                             const unsigned char *width, size_t size, size_t count)
{
    const size_t rest = size - 32; /* the last 32 bytes, some of them once more */
    for (size_t record = 0; record < count; record++, byte += size) {
        __m256i bad = simd_above_avx2(byte + rest, low + rest, width + rest);
        size_t i = 0;
        for (; i + 64 <= rest; i += 64) {
            bad = _mm256_or_si256(bad, simd_above_avx2(byte + i, low + i, width + i));
            bad = _mm256_or_si256(bad, simd_above_avx2(byte + i + 32, low + i + 32, width + i + 32));
        }
        for (; i < rest; i += 32)
            bad = _mm256_or_si256(bad, simd_above_avx2(byte + i, low + i, width + i));
        if (!_mm256_testz_si256(bad, bad))
            return record;
    }
    return count;
}

/* 32 bytes' bits. */
SIMD_AVX2 static inline void simd_classes_32(const unsigned char *byte, const unsigned char *text, uint64_t *digit,
                                             uint64_t *same)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)byte);
    __m256i texts = _mm256_loadu_si256((const __m256i *)(const void *)text);
    __m256i above = _mm256_subs_epu8(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')), _mm256_set1_epi8(9));
    *digit = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(above, _mm256_setzero_si256()));
    *same = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, texts));
}

/* As simd_classes. */
SIMD_AVX2 static inline void simd_classes_avx2(const unsigned char *byte, const unsigned char *text, size_t size,
                                               uint64_t digit[SIMD_WORDS], uint64_t same[SIMD_WORDS])
{
    size_t at = 0;
    uint64_t d[2], s[2];
    memset(digit, 0, SIMD_WORDS * sizeof *digit);
    memset(same, 0, SIMD_WORDS * sizeof *same);
    for (; at + 64 <= size; at += 64) {
        simd_classes_32(byte + at, text + at, &d[0], &s[0]);
        simd_classes_32(byte + at + 32, text + at + 32, &d[1], &s[1]);
        digit[at / 64] = d[0] | d[1] << 32;
        same[at / 64] = s[0] | s[1] << 32;
    }
    for (; at < size; at += 32) {
        if (at + 32 > size)
            at = size - 32; /* what is left, and some once more */
        simd_classes_32(byte + at, text + at, &d[0], &s[0]);
        digit[at / 64] |= d[0] << at % 64;
        same[at / 64] |= s[0] << at % 64;
        if (at % 64 > 32) {
            digit[at / 64 + 1] |= d[0] >> (64 - at % 64);
            same[at / 64 + 1] |= s[0] >> (64 - at % 64);
        }
    }
}

/* As simd_numbers without the high ones. */
SIMD_AVX2 static inline void simd_numbers_avx2(const unsigned char *number, size_t stride, double unit, double value[4])
{
    const unsigned char *low = number + 4, *later = low + 2 * stride;
    __m256i text = _mm256_inserti128_si256(_mm256_castsi128_si256(simd_two(low, low + stride)),
                                           simd_two(later, later + stride), 1);
    __m256i digits = _mm256_subs_epu8(text, _mm256_set1_epi8('0'));
    __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10));
    __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 100));
    __m128i all = _mm_packs_epi32(_mm256_castsi256_si128(fours), _mm256_extracti128_si256(fours, 1));
    __m128i eights = _mm_madd_epi16(all, _mm_set1_epi32(1 << 16 | 10000));
    _mm256_storeu_pd(value, _mm256_mul_pd(_mm256_cvtepi32_pd(eights), _mm256_set1_pd(unit)));
}
#else
#define simd_fit     simd_fit_portable
#define simd_classes simd_classes_portable
#define simd_numbers simd_numbers_portable
#define SIMD_AVX2
static inline bool simd_have_avx2(void)
{
    return false;
}
#define simd_fit_avx2     simd_fit
#define simd_classes_avx2 simd_classes
#define simd_numbers_avx2(number, stride, unit, value)                                                                 \
    simd_numbers(number, stride, false, (struct simd_mask){{0}}, unit, value)
#endif

#endif
