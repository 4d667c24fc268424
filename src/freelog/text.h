/* SPDX-License-Identifier: MIT */
/* text: basic text functions for all modules of the parser. A text is a range [at, end), not terminated by a NUL. */
#ifndef MEMTRACE_FREELOG_TEXT_H
#define MEMTRACE_FREELOG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

static inline bool text_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool text_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline bool text_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Returns true for a byte of a non-ASCII character, in UTF-8 or any other character set. */
static inline bool text_is_high(char c)
{
    return ((unsigned char)c & 0x80) != 0;
}

static inline const char *text_skip_blanks(const char *at, const char *end)
{
    while (at < end && text_is_blank(*at))
        at++;
    return at;
}

/* Returns the end of the text without trailing blanks and carriage returns. */
static inline const char *text_trim_end(const char *at, const char *end)
{
    while (end > at && (text_is_blank(end[-1]) || end[-1] == '\r'))
        end--;
    return end;
}

/* Returns the end of the word that begins at `at`. */
static inline const char *text_word_end(const char *at, const char *end)
{
    while (at < end && !text_is_blank(*at))
        at++;
    return at;
}

static inline const char *text_digits_end(const char *at, const char *end)
{
    while (at < end && text_is_digit(*at))
        at++;
    return at;
}

static inline bool text_starts(const char *at, const char *end, const char *start)
{
    size_t length = strlen(start);
    return (size_t)(end - at) >= length && memcmp(at, start, length) == 0;
}

/* Returns the first occurrence of `part` in the text, NULL if there is none. */
static inline const char *text_find(const char *at, const char *end, const char *part)
{
    size_t length = strlen(part);
    for (; (size_t)(end - at) >= length; at++) {
        at = memchr(at, *part, (size_t)(end - at) - length + 1);
        if (at == NULL)
            return NULL;
        if (memcmp(at, part, length) == 0)
            return at;
    }
    return NULL;
}

/* Returns true if [at, end) contains a digit. */
static inline bool text_has_digit(const char *at, const char *end)
{
    for (; at < end; at++)
        if (text_is_digit(*at))
            return true;
    return false;
}

/* Returns true if [at, end) is one of the `count` words, whatever its case. */
static inline bool text_is_one_of(const char *const *words, size_t count, const char *at, const char *end)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) == (size_t)(end - at) && strncasecmp(at, words[i], (size_t)(end - at)) == 0)
            return true;
    return false;
}

/* Returns true if [at, end) has only punctuation and blanks. */
static inline bool text_is_signs(const char *at, const char *end)
{
    for (; at < end; at++)
        if (text_is_letter(*at) || text_is_digit(*at) || text_is_high(*at))
            return false;
    return true;
}

#endif
