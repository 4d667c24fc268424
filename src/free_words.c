/* free_words: owns the vocabulary of free's rows and columns in all languages of procps, in UTF-8. */
#include "free_words.h"

#include "free_text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define WORD(text)   (text), sizeof(text) - 1

struct row_word {
    const char *text;
    size_t length;
    enum free_row row;
};

struct heading {
    const char *text;
    size_t length;
    enum free_column column;
};

/* en; de, es, fr, pl, pt_BR, sv, uk, vi, zh_CN, ko, ka, ro, ru. "Total" is English, Spanish, French and Portuguese. */
static const struct row_word row_words[] = {
    {WORD("Mem"), FREE_ROW_MEM},
    {WORD("Speicher"), FREE_ROW_MEM},
    {WORD("Memoria"), FREE_ROW_MEM},
    {WORD("Pamięć"), FREE_ROW_MEM},
    {WORD("Mem."), FREE_ROW_MEM},
    {WORD("Minne"), FREE_ROW_MEM},
    {WORD("Пам."), FREE_ROW_MEM},
    {WORD("BNhớ"), FREE_ROW_MEM},
    {WORD("内存"), FREE_ROW_MEM},
    {WORD("메모리"), FREE_ROW_MEM},
    {WORD("მეხს"), FREE_ROW_MEM},
    {WORD("Память"), FREE_ROW_MEM},
    {WORD("Low"), FREE_ROW_LOW},
    {WORD("Niedrig"), FREE_ROW_LOW},
    {WORD("Baja"), FREE_ROW_LOW},
    {WORD("Basse"), FREE_ROW_LOW},
    {WORD("Niska"), FREE_ROW_LOW},
    {WORD("Baixa"), FREE_ROW_LOW},
    {WORD("Lågt"), FREE_ROW_LOW},
    {WORD("Нижня"), FREE_ROW_LOW},
    {WORD("Thấp"), FREE_ROW_LOW},
    {WORD("低"), FREE_ROW_LOW},
    {WORD("하  위"), FREE_ROW_LOW},
    {WORD("დაბალი"), FREE_ROW_LOW},
    {WORD("High"), FREE_ROW_HIGH},
    {WORD("Hoch"), FREE_ROW_HIGH},
    {WORD("Alta"), FREE_ROW_HIGH},
    {WORD("Haute"), FREE_ROW_HIGH},
    {WORD("Wysoka"), FREE_ROW_HIGH},
    {WORD("Högt"), FREE_ROW_HIGH},
    {WORD("Верхня"), FREE_ROW_HIGH},
    {WORD("Cao"), FREE_ROW_HIGH},
    {WORD("高"), FREE_ROW_HIGH},
    {WORD("상  위"), FREE_ROW_HIGH},
    {WORD("მაღალი"), FREE_ROW_HIGH},
    {WORD("Swap"), FREE_ROW_SWAP},
    {WORD("Inter"), FREE_ROW_SWAP},
    {WORD("Intercambio"), FREE_ROW_SWAP},
    {WORD("Échange"), FREE_ROW_SWAP},
    {WORD("Partition d'échange"), FREE_ROW_SWAP},
    {WORD("Partition d’échange"), FREE_ROW_SWAP},
    {WORD("Wymiana"), FREE_ROW_SWAP},
    {WORD("Växl."), FREE_ROW_SWAP},
    {WORD("Своп."), FREE_ROW_SWAP},
    {WORD("Tráo đổi"), FREE_ROW_SWAP},
    {WORD("交换"), FREE_ROW_SWAP},
    {WORD("스  왑"), FREE_ROW_SWAP},
    {WORD("სვოპი"), FREE_ROW_SWAP},
    {WORD("სვაპი"), FREE_ROW_SWAP},
    {WORD("Подкачка"), FREE_ROW_SWAP},
    {WORD("Total"), FREE_ROW_TOTAL},
    {WORD("Gesamt"), FREE_ROW_TOTAL},
    {WORD("Razem"), FREE_ROW_TOTAL},
    {WORD("Totalt"), FREE_ROW_TOTAL},
    {WORD("Загалом"), FREE_ROW_TOTAL},
    {WORD("Tổng"), FREE_ROW_TOTAL},
    {WORD("总量"), FREE_ROW_TOTAL},
    {WORD("总计"), FREE_ROW_TOTAL},
    {WORD("총  계"), FREE_ROW_TOTAL},
    {WORD("ჯამი"), FREE_ROW_TOTAL},
    {WORD("Итого"), FREE_ROW_TOTAL},
    {WORD("Comm"), FREE_ROW_COMM},
    {WORD("Conf"), FREE_ROW_COMM},
    {WORD("Dédié"), FREE_ROW_COMM},
    {WORD("Zajęta"), FREE_ROW_COMM},
    {WORD("Til."), FREE_ROW_COMM},
    {WORD("分配"), FREE_ROW_COMM},
    {WORD("커  밋"), FREE_ROW_COMM},
    {WORD("ბრძანება"), FREE_ROW_COMM},
    {WORD("Com."), FREE_ROW_COMM},
};

static const struct heading headings[] = {
    {WORD("total"), FREE_TOTAL},
    {WORD("gesamt"), FREE_TOTAL},
    {WORD("razem"), FREE_TOTAL},
    {WORD("totalt"), FREE_TOTAL},
    {WORD("загалом"), FREE_TOTAL},
    {WORD("tổng"), FREE_TOTAL},
    {WORD("总计"), FREE_TOTAL},
    {WORD("총계"), FREE_TOTAL},
    {WORD("სულl"), FREE_TOTAL},
    {WORD("სულ"), FREE_TOTAL},
    {WORD("всего"), FREE_TOTAL},
    {WORD("used"), FREE_USED},
    {WORD("benutzt"), FREE_USED},
    {WORD("belegt"), FREE_USED},
    {WORD("usado"), FREE_USED},
    {WORD("utilisé"), FREE_USED},
    {WORD("użyte"), FREE_USED},
    {WORD("usada"), FREE_USED},
    {WORD("använt"), FREE_USED},
    {WORD("використ."), FREE_USED},
    {WORD("dùng"), FREE_USED},
    {WORD("已用"), FREE_USED},
    {WORD("사용"), FREE_USED},
    {WORD("გამოყ"), FREE_USED},
    {WORD("utilizată"), FREE_USED},
    {WORD("გამოყენებული"), FREE_USED},
    {WORD("занято"), FREE_USED},
    {WORD("free"), FREE_FREE},
    {WORD("frei"), FREE_FREE},
    {WORD("libre"), FREE_FREE},
    {WORD("wolne"), FREE_FREE},
    {WORD("livre"), FREE_FREE},
    {WORD("fritt"), FREE_FREE},
    {WORD("вільна"), FREE_FREE},
    {WORD("trống"), FREE_FREE},
    {WORD("空闲"), FREE_FREE},
    {WORD("여분"), FREE_FREE},
    {WORD("თავის"), FREE_FREE},
    {WORD("liberă"), FREE_FREE},
    {WORD("wolna"), FREE_FREE},
    {WORD("თავისუფალი"), FREE_FREE},
    {WORD("свободно"), FREE_FREE},
    {WORD("shared"), FREE_SHARED},
    {WORD("gemns."), FREE_SHARED},
    {WORD("gemeins."), FREE_SHARED},
    {WORD("compartido"), FREE_SHARED},
    {WORD("partagé"), FREE_SHARED},
    {WORD("dzielone"), FREE_SHARED},
    {WORD("compart."), FREE_SHARED},
    {WORD("delat"), FREE_SHARED},
    {WORD("спільна"), FREE_SHARED},
    {WORD("chsẻ"), FREE_SHARED},
    {WORD("共享"), FREE_SHARED},
    {WORD("공유"), FREE_SHARED},
    {WORD("გაზიარ"), FREE_SHARED},
    {WORD("partajată"), FREE_SHARED},
    {WORD("გაზიარებული"), FREE_SHARED},
    {WORD("общая"), FREE_SHARED},
    {WORD("buffers"), FREE_BUFFERS},
    {WORD("Puffer"), FREE_BUFFERS},
    {WORD("búferes"), FREE_BUFFERS},
    {WORD("tampons"), FREE_BUFFERS},
    {WORD("bufory"), FREE_BUFFERS},
    {WORD("buffertar"), FREE_BUFFERS},
    {WORD("буфери"), FREE_BUFFERS},
    {WORD("đệm"), FREE_BUFFERS},
    {WORD("缓冲"), FREE_BUFFERS},
    {WORD("버퍼"), FREE_BUFFERS},
    {WORD("ბუფერი"), FREE_BUFFERS},
    {WORD("буферы"), FREE_BUFFERS},
    {WORD("cached"), FREE_CACHED},
    {WORD("cache"), FREE_CACHED},
    {WORD("Cache"), FREE_CACHED},
    {WORD("caché"), FREE_CACHED},
    {WORD("w cache"), FREE_CACHED},
    {WORD("кеш"), FREE_CACHED},
    {WORD("nhớ tạm"), FREE_CACHED},
    {WORD("缓存"), FREE_CACHED},
    {WORD("캐시"), FREE_CACHED},
    {WORD("кэш"), FREE_CACHED},
    {WORD("ქეში"), FREE_CACHED},
    {WORD("buff/cache"), FREE_BUFF_CACHE},
    {WORD("Puffer/Cache"), FREE_BUFF_CACHE},
    {WORD("búf/caché"), FREE_BUFF_CACHE},
    {WORD("tamp/cache"), FREE_BUFF_CACHE},
    {WORD("buf/cache"), FREE_BUFF_CACHE},
    {WORD("буфери/кеш"), FREE_BUFF_CACHE},
    {WORD("đệm/tạm"), FREE_BUFF_CACHE},
    {WORD("缓冲/缓存"), FREE_BUFF_CACHE},
    {WORD("버퍼/캐시"), FREE_BUFF_CACHE},
    {WORD("ბუფ/ქეში"), FREE_BUFF_CACHE},
    {WORD("буф./врем."), FREE_BUFF_CACHE},
    {WORD("available"), FREE_AVAILABLE},
    {WORD("verfügbar"), FREE_AVAILABLE},
    {WORD("disponible"), FREE_AVAILABLE},
    {WORD("dostępne"), FREE_AVAILABLE},
    {WORD("disponível"), FREE_AVAILABLE},
    {WORD("tillgängl."), FREE_AVAILABLE},
    {WORD("дост."), FREE_AVAILABLE},
    {WORD("sẵn sàng"), FREE_AVAILABLE},
    {WORD("可用"), FREE_AVAILABLE},
    {WORD("가용"), FREE_AVAILABLE},
    {WORD("ხელმისაწვდომი"), FREE_AVAILABLE},
    {WORD("disponibilă"), FREE_AVAILABLE},
    {WORD("доступно"), FREE_AVAILABLE},
};

const char *free_words_colon(const char *at, const char *end, const char **after)
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

/* A word does not begin in the middle of another. */
static bool begins_word(const char *start, const char *at)
{
    return at == start || !(text_is_letter(at[-1]) || text_is_high(at[-1]) || at[-1] == '_' || at[-1] == '-' ||
                            at[-1] == '.' || at[-1] == '/');
}

enum free_row free_words_row(const char *start, const char *colon, const char **word)
{
    size_t room = (size_t)(colon - start);
    enum free_row row = FREE_ROW_NONE;
    size_t longest = 0;
    for (size_t i = 0; i < COUNT(row_words); i++) {
        size_t length = row_words[i].length;
        if (length > longest && length <= room && colon[-1] == row_words[i].text[length - 1] &&
            memcmp(colon - length, row_words[i].text, length) == 0 && begins_word(start, colon - length)) {
            *word = colon - length;
            row = row_words[i].row;
            longest = length;
        }
    }
    if (row != FREE_ROW_NONE)
        return row;
    /* "-/+ buffers/cache", whatever the language of what is behind its signs. */
    for (size_t length = 4; length <= room && length <= 40; length++)
        if (memcmp(colon - length, "-/+ ", 4) == 0) {
            *word = colon - length;
            return FREE_ROW_BUFFERS;
        }
    return FREE_ROW_NONE;
}

enum free_column free_words_heading(const char *at, const char *end, const char **after)
{
    enum free_column column = FREE_COLUMN_COUNT;
    size_t room = (size_t)(end - at), longest = 0;
    for (size_t i = 0; i < COUNT(headings); i++) {
        size_t length = headings[i].length;
        if (length > longest && length <= room && *at == headings[i].text[0] &&
            memcmp(at, headings[i].text, length) == 0 && (length == room || text_is_blank(at[length]))) {
            *after = at + length;
            column = headings[i].column;
            longest = length;
        }
    }
    return column;
}
