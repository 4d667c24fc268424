/* SPDX-License-Identifier: MIT */
/* error: the formatting of error texts. Independent of what failed. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

bool error_set(struct error *error, const char *file, unsigned long line, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    snprintf(error->file, sizeof error->file, "%s", file == NULL ? "" : file);
    error->line = line;
    error->format = format;
    error->is_memory = false;
    return false;
}

bool error_memory(struct error *error, const char *file)
{
    error_set(error, file, 0, "out of memory");
    if (error != NULL)
        error->is_memory = true;
    return false;
}
