/* fuzz_marks: reads a file of --marks, and each of its lines as a --mark. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "marks.h"

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_marks: %s\n", what);
        abort();
    }
}

static void check_and_place(struct marks *marks)
{
    struct trace trace = {.column = "used", .start_epoch_s = 1.7e9};
    struct error error = {0};
    for (size_t i = 0; i < marks->count; i++)
        must(isfinite(marks->mark[i].time_s) && memchr(marks->mark[i].text, '\0', sizeof marks->mark[i].text) != NULL,
             "a mark that is none");
    must(marks_place(marks, &trace, &error), "marks that cannot be placed");
    for (size_t i = 1; i < marks->count; i++)
        must(marks->mark[i - 1].time_s <= marks->mark[i].time_s, "marks out of order");
    marks_free(marks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct marks marks = {0};
    struct error error = {0};
    char path[64], *text = malloc(size + 1);
    int file = memfd_create("marks", MFD_CLOEXEC);
    must(text != NULL && file >= 0 && write(file, data, size) == (ssize_t)size, "no memory");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (!marks_read(&marks, path, &error))
        must(error.text[0] != '\0', "no reason for an error");
    check_and_place(&marks);
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (!marks_add(&marks, line, &error))
            must(error.text[0] != '\0', "no reason for an error");
    check_and_place(&marks);
    close(file);
    free(text);
    return 0;
}
