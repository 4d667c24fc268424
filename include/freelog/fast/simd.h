/* SPDX-License-Identifier: MIT */
/* simd: a record's bytes, many at once. Every function is there in portable C, and by SSE2 or NEON where the compiler
 * may use it; by AVX2, too, for processors that have it (simd_have_avx2). The results are the same bit for bit
 * (tests/freelog/test_simd.c), so that only record_template.c need know which was built. -DSIMD_PORTABLE takes the
 * portable ones anywhere. */
#ifndef MEMTRACE_FREELOG_FAST_SIMD_H
#define MEMTRACE_FREELOG_FAST_SIMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SIMD_MAX   384 /* bytes that are looked at at once, at most */
#define SIMD_MIN   32  /* and at least */
#define SIMD_WIDTH 16  /* bytes in which a number ends */

#if defined(__SSE2__) && !defined(SIMD_PORTABLE)
#include <immintrin.h>
#define SIMD_SSE2 1
#define SIMD_NEON 0
#define SIMD_AVX2 __attribute__((target("avx2")))
#else
#define SIMD_SSE2 0
#define SIMD_AVX2
#if defined(__aarch64__) && defined(__ARM_NEON) && !defined(SIMD_PORTABLE)
#include <arm_neon.h>
#define SIMD_NEON 1
#else
#define SIMD_NEON 0
#endif
#endif

/* The bytes allowed at each place: the text itself, or a byte from `low` to `low` + `width`. If `follows` is not 0 and
 * bit 4 is set in the previous byte, it must also be set here: a digit may follow a digit, but a blank may not. */
struct simd_pattern {
    unsigned char text[SIMD_MAX], low[SIMD_MAX], width[SIMD_MAX];
    unsigned char follows[SIMD_MAX]; /* 0x10, or 0 */
};

/* Which of the bytes in which a number ends count: 0xff, else 0. The first four never do: twelve digits are exact. */
struct simd_mask {
    unsigned char byte[SIMD_WIDTH];
};

/* Returns how many records of `size` bytes, SIMD_MIN to SIMD_MAX, from the first of `count` on have only bytes from low
 * to low + width. No byte outside of the records is read. */
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

/* Returns true if `size` bytes, SIMD_MIN or more, match the pattern from its place `from` on. Reads only these bytes
 * and the one before the first. */
static inline bool simd_match_portable(const unsigned char *byte, const struct simd_pattern *pattern, size_t from,
                                       size_t size)
{
    const unsigned char *text = pattern->text + from, *low = pattern->low + from, *width = pattern->width + from;
    const unsigned char *follows = pattern->follows + from, *before = byte - 1;
    unsigned char bad = 0;
    size_t at = 0;
    for (; at + 16 <= size; at += 16)
        for (size_t i = at; i < at + 16; i++) {
            bad |= (unsigned char)((unsigned char)(byte[i] - low[i]) > width[i]) & (unsigned char)(byte[i] != text[i]);
            bad |= (unsigned char)(before[i] & (unsigned char)~byte[i] & follows[i]);
        }
    for (; at < size; at++) {
        bad |= (unsigned char)((unsigned char)(byte[at] - low[at]) > width[at]) & (unsigned char)(byte[at] != text[at]);
        bad |= (unsigned char)(before[at] & (unsigned char)~byte[at] & follows[at]);
    }
    return bad == 0;
}

/* Reads four numbers of digits, which end in the SIMD_WIDTH bytes from byte offset[i] on: value[i] becomes number i
 * times `unit`. Bytes that do not count in mask[i], and those below '0', are as zeroes. */
static inline void simd_numbers_portable(const unsigned char *byte, const size_t offset[4],
                                         const struct simd_mask mask[4], double unit, double value[4])
{
    for (int i = 0; i < 4; i++) {
        uint32_t part[2] = {0, 0};
        for (int column = 0; column < SIMD_WIDTH; column++) {
            unsigned char c = byte[offset[i] + (size_t)column] & mask[i].byte[column];
            part[column / 8] = part[column / 8] * 10 + (uint32_t)(c > '0' ? c - '0' : 0);
        }
        value[i] = (double)((uint64_t)part[0] * 100000000 + part[1]) * unit;
    }
}

#if SIMD_SSE2
static inline __m128i simd_load(const unsigned char *byte)
{
    return _mm_loadu_si128((const __m128i *)(const void *)byte);
}

/* Returns a value that is not 0 in each byte outside the allowed range. */
static inline __m128i simd_above(const unsigned char *byte, const unsigned char *low, const unsigned char *width)
{
    return _mm_subs_epu8(_mm_sub_epi8(simd_load(byte), simd_load(low)), simd_load(width));
}

static inline bool simd_is_zero(__m128i bytes)
{
    return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())) == 0xffff;
}

static inline size_t simd_fit(const unsigned char *byte, const unsigned char *low, const unsigned char *width,
                              size_t size, size_t count)
{
    const size_t rest = size - 16; /* the last 16 bytes, some of them once more */
    for (size_t record = 0; record < count; record++, byte += size) {
        __m128i bad = simd_above(byte + rest, low + rest, width + rest);
        for (size_t i = 0; i < rest; i += 16)
            bad = _mm_or_si128(bad, simd_above(byte + i, low + i, width + i));
        if (!simd_is_zero(bad))
            return record;
    }
    return count;
}

/* Returns a value that is not 0 in each of 16 bytes that do not match the pattern. */
static inline __m128i simd_mismatch(const unsigned char *byte, const struct simd_pattern *pattern, size_t at)
{
    __m128i same = _mm_cmpeq_epi8(simd_load(byte), simd_load(pattern->text + at));
    __m128i above = simd_above(byte, pattern->low + at, pattern->width + at);
    __m128i ended =
        _mm_and_si128(_mm_andnot_si128(simd_load(byte), simd_load(byte - 1)), simd_load(pattern->follows + at));
    return _mm_or_si128(_mm_andnot_si128(same, above), ended);
}

static inline bool simd_match(const unsigned char *byte, const struct simd_pattern *pattern, size_t from, size_t size)
{
    const size_t rest = size - 16;
    __m128i bad = simd_mismatch(byte + rest, pattern, from + rest);
    for (size_t i = 0; i < rest; i += 16)
        bad = _mm_or_si128(bad, simd_mismatch(byte + i, pattern, from + i));
    return simd_is_zero(bad);
}

/* Sixteen digits to four numbers of four. Blanks become 0, as '0' is above them. */
static inline __m128i simd_fours(const unsigned char *number, const struct simd_mask *mask)
{
    __m128i digits = _mm_subs_epu8(_mm_and_si128(simd_load(number), simd_load(mask->byte)), _mm_set1_epi8('0'));
    __m128i even = _mm_and_si128(digits, _mm_set1_epi16(0xff)), odd = _mm_srli_epi16(digits, 8);
    return _mm_add_epi32(_mm_madd_epi16(even, _mm_set1_epi32(10 << 16 | 1000)),
                         _mm_madd_epi16(odd, _mm_set1_epi32(1 << 16 | 100)));
}

/* Two numbers, each of two parts of eight digits, the first of which counts 1e8. */
static inline void simd_store(__m128i parts, double unit, double value[2])
{
    const __m128i exponent = _mm_set1_epi64x(0x4330000000000000); /* of 2^52: a number below it becomes the fraction */
    __m128i high = _mm_mul_epu32(parts, _mm_set1_epi64x(100000000)), low = _mm_srli_epi64(parts, 32);
    __m128i whole = _mm_or_si128(_mm_add_epi64(high, low), exponent);
    __m128d number = _mm_sub_pd(_mm_castsi128_pd(whole), _mm_castsi128_pd(exponent));
    _mm_storeu_pd(value, _mm_mul_pd(number, _mm_set1_pd(unit)));
}

static inline void simd_numbers(const unsigned char *byte, const size_t offset[4], const struct simd_mask mask[4],
                                double unit, double value[4])
{
    const __m128i join = _mm_set1_epi32(1 << 16 | 10000);
    __m128i first = _mm_packs_epi32(simd_fours(byte + offset[0], &mask[0]), simd_fours(byte + offset[1], &mask[1]));
    __m128i second = _mm_packs_epi32(simd_fours(byte + offset[2], &mask[2]), simd_fours(byte + offset[3], &mask[3]));
    simd_store(_mm_madd_epi16(first, join), unit, value);
    simd_store(_mm_madd_epi16(second, join), unit, value + 2);
}

/* Returns true if the processor has what the functions named _avx2 take. */
static inline bool simd_have_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

SIMD_AVX2 static inline __m256i simd_load_avx2(const unsigned char *byte)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)byte);
}

/* Returns a value that is not 0 in each byte outside the allowed range. */
SIMD_AVX2 static inline __m256i simd_above_avx2(const unsigned char *byte, const unsigned char *low,
                                                const unsigned char *width)
{
    return _mm256_subs_epu8(_mm256_sub_epi8(simd_load_avx2(byte), simd_load_avx2(low)), simd_load_avx2(width));
}

/* Like simd_fit. */
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

/* Returns a value that is not 0 in each of 32 bytes that do not match the pattern. */
SIMD_AVX2 static inline __m256i simd_mismatch_avx2(const unsigned char *byte, const struct simd_pattern *pattern,
                                                   size_t at)
{
    __m256i bytes = simd_load_avx2(byte), same = _mm256_cmpeq_epi8(bytes, simd_load_avx2(pattern->text + at));
    __m256i above = simd_above_avx2(byte, pattern->low + at, pattern->width + at);
    __m256i ended =
        _mm256_and_si256(_mm256_andnot_si256(bytes, simd_load_avx2(byte - 1)), simd_load_avx2(pattern->follows + at));
    return _mm256_or_si256(_mm256_andnot_si256(same, above), ended);
}

/* Like simd_match. */
SIMD_AVX2 static inline bool simd_match_avx2(const unsigned char *byte, const struct simd_pattern *pattern, size_t from,
                                             size_t size)
{
    const size_t rest = size - 32;
    __m256i bad = simd_mismatch_avx2(byte + rest, pattern, from + rest);
    for (size_t i = 0; i < rest; i += 32)
        bad = _mm256_or_si256(bad, simd_mismatch_avx2(byte + i, pattern, from + i));
    return _mm256_testz_si256(bad, bad) != 0;
}

/* Sixteen digits each of two numbers to eight of four. */
SIMD_AVX2 static inline __m256i simd_fours_avx2(const unsigned char *first, const unsigned char *second, __m256i mask)
{
    __m256i text = _mm256_inserti128_si256(_mm256_castsi128_si256(simd_load(first)), simd_load(second), 1);
    __m256i digits = _mm256_subs_epu8(_mm256_and_si256(text, mask), _mm256_set1_epi8('0'));
    return _mm256_madd_epi16(_mm256_maddubs_epi16(digits, _mm256_set1_epi16(1 << 8 | 10)),
                             _mm256_set1_epi32(1 << 16 | 100));
}

/* Four numbers of which fours are known: the first and third, the second and fourth. */
SIMD_AVX2 static inline void simd_store_avx2(__m256i odd, __m256i even, double unit, double value[4])
{
    const __m256i exponent = _mm256_set1_epi64x(0x4330000000000000);
    __m256i parts = _mm256_madd_epi16(_mm256_packs_epi32(odd, even), _mm256_set1_epi32(1 << 16 | 10000));
    __m256i high = _mm256_mul_epu32(parts, _mm256_set1_epi64x(100000000)), low = _mm256_srli_epi64(parts, 32);
    __m256i whole = _mm256_or_si256(_mm256_add_epi64(high, low), exponent);
    __m256d number = _mm256_sub_pd(_mm256_castsi256_pd(whole), _mm256_castsi256_pd(exponent));
    _mm256_storeu_pd(value, _mm256_mul_pd(number, _mm256_set1_pd(unit)));
}

/* Like simd_numbers. */
SIMD_AVX2 static inline void simd_numbers_avx2(const unsigned char *byte, const size_t offset[4],
                                               const struct simd_mask mask[4], double unit, double value[4])
{
    __m256i odd = _mm256_inserti128_si256(_mm256_castsi128_si256(simd_load(mask[0].byte)), simd_load(mask[2].byte), 1);
    __m256i even = _mm256_inserti128_si256(_mm256_castsi128_si256(simd_load(mask[1].byte)), simd_load(mask[3].byte), 1);
    simd_store_avx2(simd_fours_avx2(byte + offset[0], byte + offset[2], odd),
                    simd_fours_avx2(byte + offset[1], byte + offset[3], even), unit, value);
}

/* Like simd_numbers for four numbers that are `stride` bytes apart and have the same mask. */
SIMD_AVX2 static inline void simd_column_avx2(const unsigned char *number, size_t stride, const struct simd_mask *mask,
                                              double unit, double value[4])
{
    __m256i both = _mm256_broadcastsi128_si256(simd_load(mask->byte));
    simd_store_avx2(simd_fours_avx2(number, number + 2 * stride, both),
                    simd_fours_avx2(number + stride, number + 3 * stride, both), unit, value);
}
#elif SIMD_NEON
/* Returns a value that is not 0 in each byte outside the allowed range. */
static inline uint8x16_t simd_above(const unsigned char *byte, const unsigned char *low, const unsigned char *width)
{
    return vqsubq_u8(vsubq_u8(vld1q_u8(byte), vld1q_u8(low)), vld1q_u8(width));
}

static inline size_t simd_fit(const unsigned char *byte, const unsigned char *low, const unsigned char *width,
                              size_t size, size_t count)
{
    const size_t rest = size - 16; /* the last 16 bytes, some of them once more */
    for (size_t record = 0; record < count; record++, byte += size) {
        uint8x16_t bad = simd_above(byte + rest, low + rest, width + rest);
        for (size_t i = 0; i < rest; i += 16)
            bad = vorrq_u8(bad, simd_above(byte + i, low + i, width + i));
        if (vmaxvq_u8(bad) != 0)
            return record;
    }
    return count;
}

/* Returns a value that is not 0 in each of 16 bytes that do not match the pattern. */
static inline uint8x16_t simd_mismatch(const unsigned char *byte, const struct simd_pattern *pattern, size_t at)
{
    uint8x16_t bytes = vld1q_u8(byte), same = vceqq_u8(bytes, vld1q_u8(pattern->text + at));
    uint8x16_t above = simd_above(byte, pattern->low + at, pattern->width + at);
    uint8x16_t ended = vandq_u8(vbicq_u8(vld1q_u8(byte - 1), bytes), vld1q_u8(pattern->follows + at));
    return vorrq_u8(vbicq_u8(above, same), ended);
}

static inline bool simd_match(const unsigned char *byte, const struct simd_pattern *pattern, size_t from, size_t size)
{
    const size_t rest = size - 16;
    uint8x16_t bad = simd_mismatch(byte + rest, pattern, from + rest);
    for (size_t i = 0; i < rest; i += 16)
        bad = vorrq_u8(bad, simd_mismatch(byte + i, pattern, from + i));
    return vmaxvq_u8(bad) == 0;
}

/* Sixteen digits to four numbers of four. Blanks become 0, as '0' is above them. */
static inline uint32x4_t simd_fours(const unsigned char *number, const struct simd_mask *mask)
{
    const uint8x8_t tens = vcreate_u8(0x010a010a010a010a);       /* 10 and 1, four times */
    const uint16x4_t hundreds = vcreate_u16(0x0001006400010064); /* 100 and 1, twice */
    uint8x16_t digits = vqsubq_u8(vandq_u8(vld1q_u8(number), vld1q_u8(mask->byte)), vdupq_n_u8('0'));
    uint16x8_t twos = vpaddq_u16(vmull_u8(vget_low_u8(digits), tens), vmull_u8(vget_high_u8(digits), tens));
    return vpaddq_u32(vmull_u16(vget_low_u16(twos), hundreds), vmull_u16(vget_high_u16(twos), hundreds));
}

/* Two numbers of which fours are known. */
static inline void simd_store(uint32x4_t first, uint32x4_t second, double unit, double value[2])
{
    const uint32x4_t join = vreinterpretq_u32_u64(vdupq_n_u64(UINT64_C(1) << 32 | 10000));
    uint32x4_t parts = vpaddq_u32(vmulq_u32(first, join), vmulq_u32(second, join)); /* of eight digits each */
    uint32x4_t high = vuzp1q_u32(parts, parts), low = vuzp2q_u32(parts, parts);
    uint64x2_t whole = vmlal_u32(vmovl_u32(vget_low_u32(low)), vget_low_u32(high), vdup_n_u32(100000000));
    vst1q_f64(value, vmulq_n_f64(vcvtq_f64_u64(whole), unit));
}

static inline void simd_numbers(const unsigned char *byte, const size_t offset[4], const struct simd_mask mask[4],
                                double unit, double value[4])
{
    simd_store(simd_fours(byte + offset[0], &mask[0]), simd_fours(byte + offset[1], &mask[1]), unit, value);
    simd_store(simd_fours(byte + offset[2], &mask[2]), simd_fours(byte + offset[3], &mask[3]), unit, value + 2);
}
#else
#define simd_fit     simd_fit_portable
#define simd_match   simd_match_portable
#define simd_numbers simd_numbers_portable
#endif

#if !SIMD_SSE2
#define simd_fit_avx2     simd_fit
#define simd_match_avx2   simd_match
#define simd_numbers_avx2 simd_numbers
static inline bool simd_have_avx2(void)
{
    return false;
}
#endif

/* Four numbers that are `stride` bytes apart, without AVX2. */
static inline void simd_column(const unsigned char *number, size_t stride, const struct simd_mask *mask, double unit,
                               double value[4])
{
    const size_t offset[4] = {0, stride, 2 * stride, 3 * stride};
    const struct simd_mask masks[4] = {*mask, *mask, *mask, *mask};
    simd_numbers(number, offset, masks, unit, value);
}

#if !SIMD_SSE2
#define simd_column_avx2 simd_column
#endif

#endif
