/* SPDX-License-Identifier: MIT */
/* Unit tests of serialize: values of header lines survive a round trip, and base64 follows RFC 4648. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/serialize.h"
#include "unit.h"

static char *written;
static size_t written_size;

static FILE *begin(void)
{
    FILE *file = open_memstream(&written, &written_size);
    assert_non_null(file);
    return file;
}

static void assert_written(FILE *file, const char *text)
{
    assert_int_equal(fclose(file), 0);
    assert_string_equal(written, text);
    free(written);
    written = NULL;
}

static void percent_encoding_is_undone_by_decoding(void **state)
{
    static const struct {
        const char *value, *encoded;
    } rows[] = {{"plain", "plain"},          {"a b", "a%20b"},     {"100%", "100%25"}, {"%41", "%2541"},
                {"tab\there", "tab%09here"}, {"del\x7f", "del%7F"}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char decoded[32];
        FILE *file = begin();
        serialize_percent(file, rows[i].value);
        assert_written(file, rows[i].encoded);
        serialize_percent_decode(rows[i].encoded, rows[i].encoded + strlen(rows[i].encoded), decoded, sizeof decoded);
        assert_string_equal(decoded, rows[i].value);
    }
}

/* Writes a number with the fewest digits that "%g" needs to give the same value when read. */
static void shortest(char *text, size_t size, double value)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, size, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            return;
    }
}

static void numbers_have_the_shortest_digits_that_give_them(void **state)
{
    static const double values[] = {1.5,
                                    1.1,
                                    9.9999999999999982,
                                    0.1,
                                    2.0 / 3,
                                    123456789012345.5,
                                    99999.5,
                                    1e-300,
                                    -3.7,
                                    1e22,
                                    1e15,
                                    999999999999999.88,
                                    0,
                                    -0.0,
                                    4503599627370497.5,
                                    8388608.00000025,
                                    1.0000000000000002};
    uint64_t random = 1;
    (void)state;
    for (size_t i = 0; i < COUNT(values) + 5000; i++) {
        char text[40];
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double scale[] = {1e-3, 1, 1000, 1e6, 1e9, 1e13, 1e14, 1e16};
        double value = i < COUNT(values) ? values[i] : (double)(random >> 11) / 9007199254740992.0 * scale[i % 8];
        if (i >= COUNT(values) && i % 3 == 0)
            value = floor(value * 1000) / 1000;
        shortest(text, sizeof text, value);
        FILE *file = begin();
        serialize_number(file, value);
        assert_written(file, text);
    }
}

/* The test vectors of RFC 4648. */
static void base64_is_padded(void **state)
{
    static const char *const rows[][2] = {{"", ""},
                                          {"f", "Zg=="},
                                          {"fo", "Zm8="},
                                          {"foo", "Zm9v"},
                                          {"foob", "Zm9vYg=="},
                                          {"fooba", "Zm9vYmE="},
                                          {"foobar", "Zm9vYmFy"}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        FILE *file = begin();
        serialize_base64(file, (const unsigned char *)rows[i][0], strlen(rows[i][0]));
        assert_written(file, rows[i][1]);
    }
}

/* The shortest text that reads as the same number. */
static void numbers_are_written_exactly(void **state)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {{0, "0"},
                {-0.0, "-0"},
                {7, "7"},
                {-1024, "-1024"},
                {999999999999999, "999999999999999"},
                {1e15, "1e+15"},
                {-1e15, "-1e+15"},
                {1125899906842624, "1125899906842624"},
                {1e300, "1e+300"},
                {0.1, "0.1"},
                {4000.999, "4000.999"},
                {1.0 / 3, "0.3333333333333333"}};
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        FILE *file = begin();
        serialize_number(file, rows[i].value);
        assert_written(file, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percent_encoding_is_undone_by_decoding),
        cmocka_unit_test(numbers_have_the_shortest_digits_that_give_them),
        cmocka_unit_test(base64_is_padded),
        cmocka_unit_test(numbers_are_written_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
