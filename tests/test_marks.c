/* marks: events read from options and files, and placed in the plot's time. */
#include "marks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

static void a_time_may_have_colons(void **state)
{
    struct marks marks = {0};
    struct error error = {0};
    (void)state;
    assert_true(marks_add(&marks, "90:solve", &error));
    assert_true(marks_add(&marks, "1:30:00:solve: again", &error));
    assert_true(marks_add(&marks, "15m:write", &error));
    assert_true(marks.mark[0].time_s == 90);
    assert_string_equal(marks.mark[0].text, "solve");
    assert_true(marks.mark[1].time_s == 5400);
    assert_string_equal(marks.mark[1].text, "solve: again");
    assert_true(marks.mark[2].time_s == 900);
    assert_false(marks_add(&marks, "solve", &error));
    assert_string_equal(error.text, "--mark takes TIME:TEXT such as 1:30:00:solve, not 'solve'");
    assert_false(marks_add(&marks, "90:", &error));
    assert_false(marks_add(&marks, "", &error));
    assert_int_equal(marks.count, 3);
    marks_free(&marks);
}

static void files_and_clock_times_are_placed(void **state)
{
    char path[] = "/tmp/memtrace-marks-XXXXXX";
    struct marks marks = {0};
    struct error error = {0};
    struct trace trace = {.start_epoch_s = 1732320000};
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    fputs("# phases\n\n1732320600 solve\r\n60 mesh\n1732320601 solve\n", file);
    fclose(file);
    assert_true(marks_read(&marks, path, &error));
    assert_true(marks_place(&marks, &trace, &error));
    assert_int_equal(marks.count, 2); /* the second solve repeats the first */
    assert_true(marks.mark[0].time_s == 60 && marks.mark[1].time_s == 600);
    marks_free(&marks);
    assert_true(marks_read(&marks, path, &error));
    trace.start_epoch_s = NAN;
    assert_false(marks_place(&marks, &trace, &error));
    assert_string_equal(error.text, "the mark 'solve' has a clock time, but the logs do not tell when they started");
    marks_free(&marks);
    file = fopen(path, "w");
    fputs("60 good\nnonsense here\n", file);
    fclose(file);
    assert_false(marks_read(&marks, path, &error));
    assert_string_equal(error.text, "a mark is TIME TEXT, not 'nonsense here'");
    assert_int_equal(error.line, 2);
    marks_free(&marks);
    unlink(path);
    assert_false(marks_read(&marks, path, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_may_have_colons),
        cmocka_unit_test(files_and_clock_times_are_placed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
