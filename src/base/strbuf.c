/* SPDX-License-Identifier: MIT */
/* strbuf: owns the memory of text that grows. */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 128

static bool make_room(struct strbuf *buffer, size_t more)
{
    size_t wanted = buffer->room == 0 ? ROOM_FIRST : buffer->room;
    while (wanted - buffer->length <= more)
        wanted *= 2;
    char *text = wanted == buffer->room ? buffer->text : realloc(buffer->text, wanted);
    if (text == NULL)
        return false;
    buffer->text = text;
    buffer->room = wanted;
    return true;
}

void strbuf_add(struct strbuf *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0 || buffer->out_of_memory || !make_room(buffer, (size_t)length)) {
        buffer->out_of_memory = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(buffer->text + buffer->length, buffer->room - buffer->length, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}

const char *strbuf_text(const struct strbuf *buffer)
{
    return buffer->text == NULL ? "" : buffer->text;
}

void strbuf_free(struct strbuf *buffer)
{
    free(buffer->text);
    memset(buffer, 0, sizeof *buffer);
}
