/* SPDX-License-Identifier: MIT */
/* Unit tests of tail: logs that are rotated while they are followed continue; new ones start anew. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load/settings.h"
#include "load/tail.h"
#include "unit.h"

#define FIRST_KIB 1000000

static const struct load_settings usual = {
    .samp_s = NAN, .from_s = -INFINITY, .to_s = INFINITY, .column = LOAD_COLUMN_AUTO, .jobs = 1};

/* A folder with a followed log. It is the current directory of the process. */
struct scene {
    char folder[32];
    struct tail *tail;
    int written; /* records so far, one per minute */
};

/* Appends records to a file, each with a different number of used KiB. */
static void put(struct scene *scene, const char *path, int count)
{
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    for (int i = 0; i < count; i++, scene->written++) {
        fprintf(file, "2026-03-02 %02d:%02d:00\n", 10 + scene->written / 60, scene->written % 60);
        fprintf(file,
                "               total        used        free      shared  buff/cache   available\n"
                "Mem:        40000000 %11d    28000000           0     8000000    36000000\n"
                "Swap:        8000000           0     8000000\n",
                FIRST_KIB + 4 * scene->written);
    }
    assert_int_equal(fclose(file), 0);
}

/* Reads new bytes, and expects one node with this number of samples, ending with the last one written. */
static void expect_samples(struct scene *scene, unsigned long count)
{
    struct trace trace = {0};
    struct tail_news news;
    struct error error = {0};
    assert_true(tail_read(scene->tail, &news, &error));
    assert_true(tail_look(scene->tail, &trace));
    assert_int_equal(trace.count, 1);
    const struct series_stats *stats = &trace.node[0].line[TRACE_MAIN].stats;
    assert_int_equal(stats->count, count);
    assert_true(stats->last == (FIRST_KIB + 4 * (scene->written - 1)) * 1024.0);
    assert_true(fabs(stats->last_s - stats->first_s - 60.0 * (double)(count - 1)) < 1e-9);
    tail_return(&trace);
}

static void open_scene(struct scene *scene, const char *const *operand, size_t count)
{
    *scene = (struct scene){.folder = "/tmp/test_tail.XXXXXX"};
    assert_non_null(mkdtemp(scene->folder));
    assert_int_equal(chdir(scene->folder), 0);
    scene->tail = tail_open(&usual, operand, count, "*.log");
    assert_non_null(scene->tail);
}

static void close_scene(struct scene *scene)
{
    tail_close(scene->tail);
    assert_int_equal(system("rm -r \"$PWD\""), 0);
    assert_int_equal(chdir("/"), 0);
}

static void copy(const char *command)
{
    assert_int_equal(system(command), 0);
}

static void test_renamed(void **state)
{
    static const char *const operand[] = {"mem.log"};
    struct scene scene;
    (void)state;
    open_scene(&scene, operand, 1);
    put(&scene, "mem.log", 3);
    expect_samples(&scene, 3);
    put(&scene, "mem.log", 1); /* not read yet */
    assert_int_equal(rename("mem.log", "mem.log.1"), 0);
    put(&scene, "mem.log.1", 1); /* by a program that still has it open */
    expect_samples(&scene, 5);
    put(&scene, "mem.log", 2);
    expect_samples(&scene, 7);
    assert_int_equal(rename("mem.log.1", "mem.log.2"), 0);
    assert_int_equal(rename("mem.log", "mem.log.1"), 0);
    put(&scene, "mem.log", 1);
    expect_samples(&scene, 8);
    close_scene(&scene);
}

static void test_copied(void **state)
{
    static const char *const operand[] = {"mem.log"};
    static const char *const copies[] = {"cp mem.log mem.log.1", "gzip -c mem.log >mem.log-20260302.gz",
                                         "cp -p mem.log mem.log.1"};
    struct scene scene;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        open_scene(&scene, operand, 1);
        put(&scene, "mem.log", 5);
        expect_samples(&scene, 5);
        put(&scene, "mem.log", 1); /* not read yet */
        copy(copies[i]);
        assert_int_equal(truncate("mem.log", 0), 0);
        put(&scene, "mem.log", i == 2 ? 9 : 2); /* also longer than before */
        expect_samples(&scene, i == 2 ? 15 : 8);
        assert_int_equal(truncate("mem.log", 0), 0); /* without a copy: a new recording */
        put(&scene, "mem.log", 3);
        expect_samples(&scene, 3);
        close_scene(&scene);
    }
}

static void test_older_parts(void **state)
{
    static const char *const together[] = {"mem.log*"}, *const each[] = {"mem.log", "mem.log.1"};
    struct scene scene;
    (void)state;
    for (size_t i = 1; i < 3; i++) {
        open_scene(&scene, i == 1 ? together : each, i);
        put(&scene, "mem.log.1", 3);
        put(&scene, "mem.log", 2);
        expect_samples(&scene, 5);
        assert_int_equal(rename("mem.log.1", "mem.log.2"), 0);
        assert_int_equal(rename("mem.log", "mem.log.1"), 0);
        put(&scene, "mem.log", 1);
        expect_samples(&scene, 6);
        close_scene(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_older_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
