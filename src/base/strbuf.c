/* SPDX-License-Identifier: MIT */
/* strbuf: the memory of text that grows. */
#include "base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 128

static bool reserve(struct strbuf *buffer, size_t more)
{
    size_t wanted = buffer->capacity == 0 ? CAPACITY_FIRST : buffer->capacity;
    while (wanted - buffer->length <= more)
        wanted *= 2;
    char *text = wanted == buffer->capacity ? buffer->text : realloc(buffer->text, wanted);
    if (text == NULL)
        return false;
    buffer->text = text;
    buffer->capacity = wanted;
    return true;
}

void strbuf_vadd(struct strbuf *buffer, const char *format, va_list arguments)
{
    va_list measured;
    va_copy(measured, arguments);
    int length = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    if (length < 0 || buffer->out_of_memory || !reserve(buffer, (size_t)length)) {
        buffer->out_of_memory = true;
        return;
    }
    vsnprintf(buffer->text + buffer->length, buffer->capacity - buffer->length, format, arguments);
    buffer->length += (size_t)length;
}

void strbuf_add(struct strbuf *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    strbuf_vadd(buffer, format, arguments);
    va_end(arguments);
}

const char *strbuf_text(const struct strbuf *buffer)
{
    return buffer->text == NULL ? "" : buffer->text;
}

char *strbuf_take(struct strbuf *buffer)
{
    char *text = buffer->text == NULL && !buffer->out_of_memory ? strdup("") : buffer->text;
    memset(buffer, 0, sizeof *buffer);
    return text;
}

void strbuf_free(struct strbuf *buffer)
{
    free(buffer->text);
    memset(buffer, 0, sizeof *buffer);
}
