/* SPDX-License-Identifier: MIT */
/* line_quotes: removes quotes and escapes. */
#include "line_quotes.h"

#include "text.h"

bool line_quotes_has(const char *at, const char *end)
{
    if (at == end || *at == '#')
        return false;
    bool is_whole = end - at > 2 && *at == '\'' && text_trim_end(at, end)[-1] == '\'';
    return is_whole || memchr(at, '"', (size_t)(end - at)) != NULL || text_find(at, end, "\\n") != NULL;
}

/* Returns what a backslash and this letter mean; the letter itself if it is not a known escape. */
static char unescape(char c)
{
    return c == 'n' ? '\n' : c == 't' || c == 'r' || c == '"' ? ' ' : c;
}

/* Returns the end of the string whose first byte is at `at`: its closing quote, or `end`. */
static const char *string_end(const char *at, const char *end)
{
    for (; at < end && *at != '"'; at++)
        if (*at == '\\' && end - at > 1)
            at++;
    return at;
}

/* Writes the text to `out` and returns where it ends there. */
static char *put(const char *at, const char *end, char *out)
{
    for (; at < end; at++) {
        bool is_escape = *at == '\\' && end - at > 1 && strchr("ntr\"\\/", at[1]) != NULL && at[1] != '\0';
        at += is_escape;
        *out++ = is_escape ? unescape(*at) : *at == '"' ? ' ' : *at;
    }
    return out;
}

size_t line_quotes_strip(const char *at, const char *end, char *plain)
{
    const char *start = text_skip_blanks(at, end), *longest = end, *longest_end = end;
    char *out = plain;
    end = text_trim_end(start, end);
    if (start < end && *start == '{') {
        for (const char *quote = start; (quote = memchr(quote, '"', (size_t)(end - quote))) != NULL;) {
            const char *to = string_end(quote + 1, end);
            if (longest == longest_end || to - quote - 1 > longest_end - longest) {
                longest = quote + 1;
                longest_end = to;
            }
            quote = to < end ? to + 1 : end;
        }
        if (longest < longest_end) {
            out = put(longest_end, end, put(start, longest, out));
            *out++ = ' ';
            return (size_t)(put(longest, longest_end, out) - plain);
        }
    }
    bool is_whole = start < end && *start == '\'';
    out = put(start + is_whole, end - is_whole, out);
    return (size_t)(out - plain);
}
