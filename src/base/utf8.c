/* SPDX-License-Identifier: MIT */
/* utf8: the decoding and encoding of characters, and which of them may be shown. */
#include "base/utf8.h"

#include <string.h>

uint32_t utf8_next(const char **text)
{
    static const uint32_t min[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)*text;
    if (*at == 0)
        return 0;
    ++*text;
    if (*at < 0x80)
        return *at;
    if (*at < 0xc2 || *at > 0xf4)
        return UTF8_REPLACEMENT;
    int more = *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : 1;
    uint32_t character = *at & (0x3fu >> more);
    for (int i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return UTF8_REPLACEMENT;
        character = character << 6 | (at[i] & 0x3fu);
    }
    if (character < min[more] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
        return UTF8_REPLACEMENT;
    *text += more;
    return character;
}

size_t utf8_put(char out[4], uint32_t character)
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3f));
    out[0] = (char)(lead[length] | character);
    return length;
}

size_t utf8_count(const char *text)
{
    size_t count = 0;
    while (utf8_next(&text) != 0)
        count++;
    return count;
}

size_t utf8_start(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
        at--;
    return at;
}

bool utf8_is_shown(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},       {0x061c, 0x061c}, {0x180e, 0x180e},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xd800, 0xdfff}, {0xfdd0, 0xfdef},
        {0xfeff, 0xfeff}, {0xfff0, 0xfffb}, {0xe0000, 0xe007f},
    };
    if ((c & 0xfffe) == 0xfffe || c > 0x10ffff)
        return false;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (c >= hidden[i].first && c <= hidden[i].last)
            return false;
    return true;
}

/* The next character to show, 0 at the end. */
static uint32_t next_shown(const char **text)
{
    uint32_t character = utf8_next(text);
    return character == 0 || utf8_is_shown(character) ? character : UTF8_REPLACEMENT;
}

void utf8_clean(char *out, size_t size, const char *text)
{
    size_t length = 0;
    while (*text >= ' ' && *text <= '~' && length + 1 < size) /* most texts are pure ASCII */
        out[length++] = *text++;
    for (uint32_t character; (character = next_shown(&text)) != 0;) {
        char bytes[4];
        size_t more = utf8_put(bytes, character);
        if (length + more >= size)
            break;
        memcpy(out + length, bytes, more);
        length += more;
    }
    if (size > 0)
        out[length] = '\0';
}

void utf8_print(FILE *file, const char *text)
{
    for (uint32_t character; (character = next_shown(&text)) != 0;) {
        char bytes[4] = "";
        fwrite(bytes, 1, utf8_put(bytes, character), file);
    }
}
