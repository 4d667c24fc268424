/* SPDX-License-Identifier: MIT */
/* bytes and sha256: packed numbers are read back unchanged, and digests are correct. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/bytes.h"
#include "page/sha256.h"
#include "unit.h"

/* Reads a column like class Reader of data.js. */
static void read_column(const struct bytes *bytes, size_t *at, double *value, size_t count)
{
    double head[3];
    int64_t number = 0;
    memcpy(head, bytes->data + *at, sizeof head);
    size_t width = bytes->data[*at + 24], planes = *at + 26;
    int is_delta = bytes->data[*at + 25];
    for (size_t i = 0; i < count; i++) {
        uint64_t zigzag = 0;
        for (size_t k = width; k-- > 0;)
            zigzag = zigzag << 8 | bytes->data[planes + k * count + i];
        int64_t read = zigzag % 2 != 0 ? -(int64_t)(zigzag / 2) - 1 : (int64_t)(zigzag / 2);
        number = is_delta ? number + read : read;
        value[i] = number == 0 ? NAN : (head[0] + (double)(number - 1)) * head[1] / head[2];
    }
    *at = planes + width * count;
}

static void expect_exact(const double *value, size_t count, struct bytes_grid grid)
{
    struct bytes bytes = {0};
    double read[16];
    size_t at = 0;
    bytes_add_column(&bytes, value, count, grid);
    assert_false(bytes.out_of_memory);
    read_column(&bytes, &at, read, count);
    assert_int_equal(at, bytes.size);
    for (size_t i = 0; i < count; i++)
        assert_true(isnan(value[i]) ? isnan(read[i]) : read[i] == value[i]);
    bytes_free(&bytes);
}

static void columns_come_back_exact(void **state)
{
    const struct bytes_grid to_a_byte = {.step_min = 1};
    (void)state;
    expect_exact((const double[]){31 * 1073741824.0, 29.5 * 1073741824.0, NAN, 4096, 0}, 5, to_a_byte);
    expect_exact((const double[]){1, 2, 1e15 + 1, 3}, 4, (struct bytes_grid){.step_min = 1});
    expect_exact((const double[]){-5, 0, 5, -1024}, 4, to_a_byte);
    expect_exact((const double[]){NAN, NAN}, 2, to_a_byte);
    expect_exact((const double[]){0, 0, 0}, 3, to_a_byte);
    expect_exact((const double[]){7}, 1, to_a_byte);
    expect_exact(NULL, 0, to_a_byte);
    expect_exact((const double[]){0.25, 93.75, 100}, 3, (struct bytes_grid){.step_min = 1.0 / 1024});
    expect_exact((const double[]){0, 2.003, 4.006, 196.5, 3600}, 5, (struct bytes_grid){.divisor = 1000});
}

static void columns_are_rounded_to_the_grid(void **state)
{
    const double value[] = {1.4, 1.6, 1e18, 3};
    struct bytes bytes = {0};
    double read[4];
    size_t at = 0;
    (void)state;
    bytes_add_column(&bytes, value, 2, (struct bytes_grid){.step_min = 1});
    read_column(&bytes, &at, read, 2);
    assert_true(read[0] == 1 && read[1] == 2);
    bytes_add_column(&bytes, value + 2, 2, (struct bytes_grid){.step_min = 1});
    read_column(&bytes, &at, read, 2);
    assert_true(fabs(read[0] - 1e18) < 1024); /* beyond the exact integers of JavaScript */
    bytes_free(&bytes);
}

static void a_regular_column_is_small(void **state)
{
    struct bytes bytes = {0};
    double value[1000];
    (void)state;
    for (size_t i = 0; i < COUNT(value); i++)
        value[i] = 1e9 + 10.0 * (double)i;
    bytes_add_column(&bytes, value, COUNT(value), (struct bytes_grid){.divisor = 1000});
    assert_int_equal(bytes.size, 26 + 2 * COUNT(value)); /* 10000 as a zigzag number has two bytes */
    bytes_free(&bytes);
}

static void expect_digest(const char *text, size_t size, const char *wanted)
{
    unsigned char digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    sha256((const unsigned char *)text, size, digest);
    for (size_t i = 0; i < SHA256_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(hex, wanted);
}

/* The examples of FIPS 180-2, and the lengths at which the padding changes (digests from sha256sum). */
static void digests_are_those_of_the_standard(void **state)
{
    char many[120];
    (void)state;
    memset(many, 'a', sizeof many);
    expect_digest("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    expect_digest(many, 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    expect_digest(many, 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    expect_digest(many, 119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_back_exact),
        cmocka_unit_test(columns_are_rounded_to_the_grid),
        cmocka_unit_test(a_regular_column_is_small),
        cmocka_unit_test(digests_are_those_of_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
