/* SPDX-License-Identifier: MIT */
/* Unit tests of lists of processes: the list nearest to the peak is kept, whether the lists came with many records
 * at once or one by one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "freelog/parser.h"
#include "load/ingest.h"
#include "unit.h"

enum { RECORDS = 300, LOG_BYTES = 1 << 18, LOGS = 60 };

static uint64_t next_random(uint64_t *random, uint64_t below)
{
    *random = *random * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return (*random >> 33) % below;
}

/* Writes a log of a job whose memory goes up and down. Lists start with `word`. */
static size_t make_log(char *text, uint64_t seed, const char *word)
{
    uint64_t random = seed;
    size_t size = 0;
    const uint64_t lists = 1 + next_random(&random, 5), bad = next_random(&random, 4);
    for (int i = 0; i < RECORDS; i++) {
        unsigned int used = (unsigned int)(1000000 + next_random(&random, seed % 2 == 0 ? 9000000 : 10));
        size += (size_t)sprintf(text + size,
                                "               total        used        free      shared  buff/cache   available\n"
                                "Mem:        32795852    %8u    12000000        8884     1078068    %8u\n"
                                "Swap:        2097148           0     2097148\n"
                                "Job:        16777216    %8u     8000000           0        5000     8000000\n"
                                "Jobswap:           0           0           0\n",
                                used, 32795852 - used, used);
        if (next_random(&random, lists) == 0 && next_random(&random, 16) < bad)
            size += (size_t)sprintf(text + size, "%snonsense\n", word);
        else if (next_random(&random, lists) == 0)
            size += (size_t)sprintf(text + size, "%sa:%d:%u,b:7:1\n", word, i, used);
        text[size++] = '\n';
    }
    return size;
}

static struct trace_top read_log(const char *text, size_t size)
{
    const struct load_settings settings = {
        .samp_s = 2, .from_s = -INFINITY, .to_s = INFINITY, .column = LOAD_COLUMN_AUTO};
    char path[] = "a-mem.log", host[] = "a";
    const struct input_file file = {.path = path, .host = host};
    struct ingest ingest = {.settings = &settings, .file = &file, .zero_epoch_s = NAN, .bucket_limit = 64};
    const struct freelog_sink sink = ingest_sink(&ingest);
    struct freelog_parser *parser = freelog_parser_new(&sink, 0);
    assert_non_null(parser);
    assert_true(freelog_parser_feed(parser, text, size) && freelog_parser_finish(parser));
    struct trace_top top = ingest_look(&ingest, ingest_find(&ingest, ""), FREELOG_JOB_USED).top;
    freelog_parser_free(parser);
    ingest_free(&ingest);
    return top;
}

static void the_same_list_is_kept_one_by_one_and_at_once(void **state)
{
    static char text[LOG_BYTES];
    size_t different = 0;
    double before_s = -1;
    (void)state;
    for (uint64_t seed = 0; seed < LOGS; seed++) {
        /* Two blanks select the general parser. */
        struct trace_top one = read_log(text, make_log(text, seed, "# memtrace  top="));
        struct trace_top many = read_log(text, make_log(text, seed, "# memtrace top="));
        assert_true(one.count == 2 && many.count == 2);
        assert_true(one.time_s == many.time_s && one.process[0].id == many.process[0].id);
        different += one.time_s != before_s;
        before_s = one.time_s;
    }
    assert_true(different > LOGS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_list_is_kept_one_by_one_and_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
