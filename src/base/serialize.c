/* serialize: owns how data are written as text for programs. Knows nothing of what they mean. */
#include "base/serialize.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void serialize_number(FILE *file, double value)
{
    char text[32];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    fputs(text, file);
}

/* Length of the UTF-8 character at `text`, 0 when it is none. */
static size_t utf8_length(const unsigned char *text)
{
    size_t length = *text < 0x80                    ? 1
                    : *text >= 0xc2 && *text < 0xe0 ? 2
                    : (*text & 0xf0) == 0xe0        ? 3
                    : *text >= 0xf0 && *text < 0xf5 ? 4
                                                    : 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if ((*text == 0xe0 && text[1] < 0xa0) || (*text == 0xed && text[1] > 0x9f) || (*text == 0xf0 && text[1] < 0x90) ||
        (*text == 0xf4 && text[1] > 0x8f))
        return 0;
    return length;
}

void serialize_json_string(FILE *file, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    fputc('"', file);
    while (*at != '\0') {
        size_t length = utf8_length(at);
        if (length == 0)
            fputs("\\ufffd", file);
        else if (*at < 0x20 || *at == 0x7f)
            fprintf(file, "\\u%04x", *at);
        else if (*at == '"' || *at == '\\')
            fprintf(file, "\\%c", *at);
        else
            fwrite(at, 1, length, file);
        at += length == 0 ? 1 : length;
    }
    fputc('"', file);
}

void serialize_json_number(FILE *file, double value)
{
    if (isfinite(value))
        serialize_number(file, value);
    else
        fputs("null", file);
}

void serialize_csv(FILE *file, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

void serialize_percent(FILE *file, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at <= ' ' || *at == '%' || *at == 0x7f)
            fprintf(file, "%%%02X", *at);
        else
            fputc(*at, file);
    }
}

bool serialize_written(FILE *file, struct error *error)
{
    if (fflush(file) == 0 && !ferror(file))
        return true;
    return error_set(error, NULL, 0, "cannot write: %s", strerror(errno));
}
