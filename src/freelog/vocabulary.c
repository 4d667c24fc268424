/* SPDX-License-Identifier: MIT */
/* vocabulary: the words of free's rows and columns in all languages of procps, in UTF-8. */
#include "vocabulary.h"

#include "base/array.h"
#include "text.h"

#define WORD(text) (text), sizeof(text) - 1

struct row_word {
    const char *text;
    size_t length;
    enum freelog_row row;
};

struct column_heading {
    const char *text;
    size_t length;
    enum freelog_column column;
};

/* en; de, es, fr, pl, pt_BR, sv, uk, vi, zh_CN, ko, ka, ro, ru. "Total" is English, Spanish, French and Portuguese. */
static const struct row_word row_words[] = {
    {WORD("Mem"), FREELOG_ROW_MEM},
    {WORD("Speicher"), FREELOG_ROW_MEM},
    {WORD("Arbeitsspeicher"), FREELOG_ROW_MEM},
    {WORD("Memoria"), FREELOG_ROW_MEM},
    {WORD("Pamięć"), FREELOG_ROW_MEM},
    {WORD("Mem."), FREELOG_ROW_MEM},
    {WORD("Minne"), FREELOG_ROW_MEM},
    {WORD("Пам."), FREELOG_ROW_MEM},
    {WORD("BNhớ"), FREELOG_ROW_MEM},
    {WORD("内存"), FREELOG_ROW_MEM},
    {WORD("메모리"), FREELOG_ROW_MEM},
    {WORD("მეხს"), FREELOG_ROW_MEM},
    {WORD("Память"), FREELOG_ROW_MEM},
    {WORD("Low"), FREELOG_ROW_LOW},
    {WORD("Niedrig"), FREELOG_ROW_LOW},
    {WORD("Baja"), FREELOG_ROW_LOW},
    {WORD("Basse"), FREELOG_ROW_LOW},
    {WORD("Niska"), FREELOG_ROW_LOW},
    {WORD("Baixa"), FREELOG_ROW_LOW},
    {WORD("Lågt"), FREELOG_ROW_LOW},
    {WORD("Нижня"), FREELOG_ROW_LOW},
    {WORD("Thấp"), FREELOG_ROW_LOW},
    {WORD("低"), FREELOG_ROW_LOW},
    {WORD("하  위"), FREELOG_ROW_LOW},
    {WORD("დაბალი"), FREELOG_ROW_LOW},
    {WORD("High"), FREELOG_ROW_HIGH},
    {WORD("Hoch"), FREELOG_ROW_HIGH},
    {WORD("Alta"), FREELOG_ROW_HIGH},
    {WORD("Haute"), FREELOG_ROW_HIGH},
    {WORD("Wysoka"), FREELOG_ROW_HIGH},
    {WORD("Högt"), FREELOG_ROW_HIGH},
    {WORD("Верхня"), FREELOG_ROW_HIGH},
    {WORD("Cao"), FREELOG_ROW_HIGH},
    {WORD("高"), FREELOG_ROW_HIGH},
    {WORD("상  위"), FREELOG_ROW_HIGH},
    {WORD("მაღალი"), FREELOG_ROW_HIGH},
    {WORD("Swap"), FREELOG_ROW_SWAP},
    {WORD("Auslager"), FREELOG_ROW_SWAP},
    {WORD("Auslagerung"), FREELOG_ROW_SWAP},
    {WORD("Auslagerungsspeicher"), FREELOG_ROW_SWAP},
    {WORD("Inter"), FREELOG_ROW_SWAP},
    {WORD("Intercambio"), FREELOG_ROW_SWAP},
    {WORD("Échange"), FREELOG_ROW_SWAP},
    {WORD("Partition d'échange"), FREELOG_ROW_SWAP},
    {WORD("Partition d’échange"), FREELOG_ROW_SWAP},
    {WORD("Wymiana"), FREELOG_ROW_SWAP},
    {WORD("Växl."), FREELOG_ROW_SWAP},
    {WORD("Своп."), FREELOG_ROW_SWAP},
    {WORD("Tráo đổi"), FREELOG_ROW_SWAP},
    {WORD("交换"), FREELOG_ROW_SWAP},
    {WORD("스  왑"), FREELOG_ROW_SWAP},
    {WORD("სვოპი"), FREELOG_ROW_SWAP},
    {WORD("სვაპი"), FREELOG_ROW_SWAP},
    {WORD("Подкачка"), FREELOG_ROW_SWAP},
    {WORD("Total"), FREELOG_ROW_TOTAL},
    {WORD("Gesamt"), FREELOG_ROW_TOTAL},
    {WORD("Razem"), FREELOG_ROW_TOTAL},
    {WORD("Totalt"), FREELOG_ROW_TOTAL},
    {WORD("Загалом"), FREELOG_ROW_TOTAL},
    {WORD("Tổng"), FREELOG_ROW_TOTAL},
    {WORD("总量"), FREELOG_ROW_TOTAL},
    {WORD("总计"), FREELOG_ROW_TOTAL},
    {WORD("총  계"), FREELOG_ROW_TOTAL},
    {WORD("ჯამი"), FREELOG_ROW_TOTAL},
    {WORD("Итого"), FREELOG_ROW_TOTAL},
    {WORD("Comm"), FREELOG_ROW_COMM},
    {WORD("Conf"), FREELOG_ROW_COMM},
    {WORD("Dédié"), FREELOG_ROW_COMM},
    {WORD("Zajęta"), FREELOG_ROW_COMM},
    {WORD("Til."), FREELOG_ROW_COMM},
    {WORD("分配"), FREELOG_ROW_COMM},
    {WORD("커  밋"), FREELOG_ROW_COMM},
    {WORD("ბრძანება"), FREELOG_ROW_COMM},
    {WORD("Com."), FREELOG_ROW_COMM},
    {WORD("Job"), FREELOG_ROW_JOB},
    {WORD("Jobswap"), FREELOG_ROW_JOBSWAP},
};

static const struct column_heading headings[] = {
    {WORD("total"), FREELOG_TOTAL},
    {WORD("gesamt"), FREELOG_TOTAL},
    {WORD("razem"), FREELOG_TOTAL},
    {WORD("totalt"), FREELOG_TOTAL},
    {WORD("загалом"), FREELOG_TOTAL},
    {WORD("tổng"), FREELOG_TOTAL},
    {WORD("总计"), FREELOG_TOTAL},
    {WORD("총계"), FREELOG_TOTAL},
    {WORD("სულl"), FREELOG_TOTAL},
    {WORD("სულ"), FREELOG_TOTAL},
    {WORD("всего"), FREELOG_TOTAL},
    {WORD("used"), FREELOG_USED},
    {WORD("benutzt"), FREELOG_USED},
    {WORD("belegt"), FREELOG_USED},
    {WORD("usado"), FREELOG_USED},
    {WORD("utilisé"), FREELOG_USED},
    {WORD("użyte"), FREELOG_USED},
    {WORD("usada"), FREELOG_USED},
    {WORD("använt"), FREELOG_USED},
    {WORD("використ."), FREELOG_USED},
    {WORD("dùng"), FREELOG_USED},
    {WORD("已用"), FREELOG_USED},
    {WORD("사용"), FREELOG_USED},
    {WORD("გამოყ"), FREELOG_USED},
    {WORD("utilizată"), FREELOG_USED},
    {WORD("გამოყენებული"), FREELOG_USED},
    {WORD("занято"), FREELOG_USED},
    {WORD("free"), FREELOG_FREE},
    {WORD("frei"), FREELOG_FREE},
    {WORD("libre"), FREELOG_FREE},
    {WORD("wolne"), FREELOG_FREE},
    {WORD("livre"), FREELOG_FREE},
    {WORD("fritt"), FREELOG_FREE},
    {WORD("вільна"), FREELOG_FREE},
    {WORD("trống"), FREELOG_FREE},
    {WORD("空闲"), FREELOG_FREE},
    {WORD("여분"), FREELOG_FREE},
    {WORD("თავის"), FREELOG_FREE},
    {WORD("liberă"), FREELOG_FREE},
    {WORD("wolna"), FREELOG_FREE},
    {WORD("თავისუფალი"), FREELOG_FREE},
    {WORD("свободно"), FREELOG_FREE},
    {WORD("shared"), FREELOG_SHARED},
    {WORD("gemns."), FREELOG_SHARED},
    {WORD("gemeins."), FREELOG_SHARED},
    {WORD("gemeinsam"), FREELOG_SHARED},
    {WORD("compartido"), FREELOG_SHARED},
    {WORD("partagé"), FREELOG_SHARED},
    {WORD("dzielone"), FREELOG_SHARED},
    {WORD("compart."), FREELOG_SHARED},
    {WORD("delat"), FREELOG_SHARED},
    {WORD("спільна"), FREELOG_SHARED},
    {WORD("chsẻ"), FREELOG_SHARED},
    {WORD("共享"), FREELOG_SHARED},
    {WORD("공유"), FREELOG_SHARED},
    {WORD("გაზიარ"), FREELOG_SHARED},
    {WORD("partajată"), FREELOG_SHARED},
    {WORD("გაზიარებული"), FREELOG_SHARED},
    {WORD("общая"), FREELOG_SHARED},
    {WORD("buffers"), FREELOG_BUFFERS},
    {WORD("Puffer"), FREELOG_BUFFERS},
    {WORD("búferes"), FREELOG_BUFFERS},
    {WORD("tampons"), FREELOG_BUFFERS},
    {WORD("bufory"), FREELOG_BUFFERS},
    {WORD("buffertar"), FREELOG_BUFFERS},
    {WORD("буфери"), FREELOG_BUFFERS},
    {WORD("đệm"), FREELOG_BUFFERS},
    {WORD("缓冲"), FREELOG_BUFFERS},
    {WORD("버퍼"), FREELOG_BUFFERS},
    {WORD("ბუფერი"), FREELOG_BUFFERS},
    {WORD("буферы"), FREELOG_BUFFERS},
    {WORD("cached"), FREELOG_CACHED},
    {WORD("cache"), FREELOG_CACHED},
    {WORD("Cache"), FREELOG_CACHED},
    {WORD("caché"), FREELOG_CACHED},
    {WORD("w cache"), FREELOG_CACHED},
    {WORD("кеш"), FREELOG_CACHED},
    {WORD("nhớ tạm"), FREELOG_CACHED},
    {WORD("缓存"), FREELOG_CACHED},
    {WORD("캐시"), FREELOG_CACHED},
    {WORD("кэш"), FREELOG_CACHED},
    {WORD("ქეში"), FREELOG_CACHED},
    {WORD("buff/cache"), FREELOG_BUFF_CACHE},
    {WORD("Puffer/Cache"), FREELOG_BUFF_CACHE},
    {WORD("Zwischen"), FREELOG_BUFF_CACHE},
    {WORD("búf/caché"), FREELOG_BUFF_CACHE},
    {WORD("tamp/cache"), FREELOG_BUFF_CACHE},
    {WORD("buf/cache"), FREELOG_BUFF_CACHE},
    {WORD("буфери/кеш"), FREELOG_BUFF_CACHE},
    {WORD("đệm/tạm"), FREELOG_BUFF_CACHE},
    {WORD("缓冲/缓存"), FREELOG_BUFF_CACHE},
    {WORD("버퍼/캐시"), FREELOG_BUFF_CACHE},
    {WORD("ბუფ/ქეში"), FREELOG_BUFF_CACHE},
    {WORD("буф./врем."), FREELOG_BUFF_CACHE},
    {WORD("available"), FREELOG_AVAILABLE},
    {WORD("verfügbar"), FREELOG_AVAILABLE},
    {WORD("disponible"), FREELOG_AVAILABLE},
    {WORD("dostępne"), FREELOG_AVAILABLE},
    {WORD("disponível"), FREELOG_AVAILABLE},
    {WORD("tillgängl."), FREELOG_AVAILABLE},
    {WORD("дост."), FREELOG_AVAILABLE},
    {WORD("sẵn sàng"), FREELOG_AVAILABLE},
    {WORD("可用"), FREELOG_AVAILABLE},
    {WORD("가용"), FREELOG_AVAILABLE},
    {WORD("ხელმისაწვდომი"), FREELOG_AVAILABLE},
    {WORD("disponibilă"), FREELOG_AVAILABLE},
    {WORD("доступно"), FREELOG_AVAILABLE},
};

const char *vocabulary_colon(const char *at, const char *end, const char **after)
{
    for (; at < end; at++) {
        if (*at == ':') {
            *after = at + 1;
            return at;
        }
        if (*at == '\xef' && end - at >= 3 && at[1] == '\xbc' && at[2] == '\x9a') {
            *after = at + 3;
            return at;
        }
        if (*at == '\xa3' && end - at >= 2 && at[1] == '\xba') {
            *after = at + 2;
            return at;
        }
    }
    return NULL;
}

/* Returns true for "mem.log-" and "mem.log-12-", which grep -A prints before the lines around a match. */
static bool is_grep_prefix(const char *start, const char *at)
{
    if (at - start < 2 || at[-1] != '-' || at[-2] == '-' || text_is_blank(at[-2]))
        return false;
    return text_word_end(start, at) == at;
}

/* Returns true if a word can begin here: not within another word. */
static bool begins_word(const char *start, const char *at)
{
    return at == start || is_grep_prefix(start, at) ||
           !(text_is_letter(at[-1]) || text_is_high(at[-1]) || at[-1] == '_' || at[-1] == '-' || at[-1] == '.' ||
             at[-1] == '/');
}

enum freelog_row vocabulary_row(const char *start, const char *colon, const char **word)
{
    size_t size = (size_t)(colon - start);
    enum freelog_row row = FREELOG_ROW_NONE;
    size_t longest = 0;
    for (size_t i = 0; i < COUNT(row_words); i++) {
        size_t length = row_words[i].length;
        if (length > longest && length <= size && colon[-1] == row_words[i].text[length - 1] &&
            memcmp(colon - length, row_words[i].text, length) == 0 && begins_word(start, colon - length)) {
            *word = colon - length;
            row = row_words[i].row;
            longest = length;
        }
    }
    if (row != FREELOG_ROW_NONE)
        return row;
    /* "-/+ buffers/cache", in any language after the signs */
    for (size_t length = 4; length <= size && length <= 40; length++)
        if (memcmp(colon - length, "-/+ ", 4) == 0) {
            *word = colon - length;
            return FREELOG_ROW_BUFFERS;
        }
    return FREELOG_ROW_NONE;
}

enum freelog_column vocabulary_heading(const char *at, const char *end, const char **after)
{
    enum freelog_column column = FREELOG_COLUMN_COUNT;
    size_t size = (size_t)(end - at), longest = 0;
    for (size_t i = 0; i < COUNT(headings); i++) {
        size_t length = headings[i].length;
        if (length > longest && length <= size && *at == headings[i].text[0] &&
            memcmp(at, headings[i].text, length) == 0 && (length == size || text_is_blank(at[length]))) {
            *after = at + length;
            column = headings[i].column;
            longest = length;
        }
    }
    return column;
}
