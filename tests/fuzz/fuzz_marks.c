/* SPDX-License-Identifier: MIT */
/* fuzz_events: reads a file of --marks, and each of its lines as a --mark. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "model/events.h"

static void must(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "fuzz_marks: %s\n", what);
        abort();
    }
}

static void check_and_place(struct events *events)
{
    struct trace trace = {.quantity = FREELOG_USED, .start_epoch_s = 1.7e9};
    struct error error = {0};
    for (size_t i = 0; i < events->count; i++)
        must(isfinite(events->event[i].time_s) &&
                 memchr(events->event[i].text, '\0', sizeof events->event[i].text) != NULL,
             "a mark that is none");
    must(events_place(events, &trace, &error), "marks that cannot be placed");
    for (size_t i = 1; i < events->count; i++)
        must(events->event[i - 1].time_s <= events->event[i].time_s, "marks out of order");
    events_free(events);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct events events = {0};
    struct error error = {0};
    char path[64], *text = malloc(size + 1);
    int file = memfd_create("marks", MFD_CLOEXEC);
    must(text != NULL && file >= 0 && write(file, data, size) == (ssize_t)size, "no memory");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (!events_read(&events, path, &error))
        must(error.text[0] != '\0', "no reason for an error");
    check_and_place(&events);
    memcpy(text, data, size);
    text[size] = '\0';
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (!events_add(&events, line, &error))
            must(error.text[0] != '\0', "no reason for an error");
    check_and_place(&events);
    close(file);
    free(text);
    return 0;
}
