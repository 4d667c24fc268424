/* SPDX-License-Identifier: MIT */
/* label_words: the search for node names in texts that differ only in the name. */
#include "label_words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "log_profile.h"
#include "text.h"
#include "time_find.h"

static bool is_word_byte(char c)
{
    return text_is_letter(c) || text_is_digit(c) || text_is_high(c) || (c != '\0' && strchr("-._/", c) != NULL);
}

size_t label_words_key(const char *at, const char *end, const char *from, const char *to, char key[LABEL_WORDS_TEXT])
{
    size_t length = 0;
    at = text_skip_blanks(at, end);
    end = text_trim_end(at, end);
    for (const char *c = at; c < end; c++) {
        if (from != NULL && c == from && to > from) {
            c = to - 1;
            continue;
        }
        if (length == LABEL_WORDS_TEXT - 1)
            return 0;
        if (length > 0 || !text_is_blank(*c))
            key[length++] = *c;
    }
    while (length > 0 && text_is_blank(key[length - 1]))
        length--;
    key[length] = '\0';
    return strlen(key) == length ? length : 0;
}

void label_words_see_weekday(int *seen, int weekday)
{
    *seen = weekday == 0 || (*seen != 0 && *seen != weekday) ? -1 : weekday;
}

bool label_words_is_weekday(const char *text, int weekday, unsigned int *days)
{
    const bool is_new = weekday > 0 && (*days >> weekday & 1) == 0;
    *days |= is_new ? 1u << weekday : 0;
    return is_new && !text_has_digit(text, text + strlen(text));
}

void label_words_see(struct label_words_seen *seen, const char *key, size_t length, int weekday)
{
    seen->records++;
    if (length == 0 || seen->has_many)
        return;
    seen->with_text++;
    for (size_t i = 0; i < seen->texts; i++)
        if (strcmp(seen->text[i].text, key) == 0) {
            seen->text[i].count++;
            label_words_see_weekday(&seen->text[i].weekday, weekday);
            return;
        }
    if (seen->texts == LABEL_WORDS_MAX || !array_grow(&seen->text, &seen->capacity, seen->texts, sizeof *seen->text)) {
        seen->has_many = true;
        return;
    }
    struct label_words_text *text = &seen->text[seen->texts++];
    memcpy(text->text, key, length + 1);
    text->count = 1;
    text->weekday = 0;
    label_words_see_weekday(&text->weekday, weekday);
}

/* Returns true for log levels and output streams, which also differ between lines but are not names. */
static bool is_common(const char *at, const char *end)
{
    static const char *const words[] = {"info", "warn", "warning", "error", "debug",  "notice", "trace",  "fatal",
                                        "inf",  "err",  "dbg",     "wrn",   "stdout", "stderr", "out",    "i",
                                        "w",    "e",    "d",       "o",     "am",     "pm",     "before", "after"};
    return text_is_one_of(words, COUNT(words), at, end);
}

static bool is_name(const char *at, const char *end)
{
    for (const char *c = at; c < end; c++)
        if (text_is_blank(*c))
            return false;
    return at < end && !is_common(at, end);
}

static bool has_letters(const char *text)
{
    for (; *text != '\0'; text++)
        if (text_is_letter(*text) || text_is_high(*text))
            return true;
    return false;
}

bool label_words_is_time_key(const char *at, const char *end)
{
    static const char *const keys[] = {"date", "time", "timestamp", "datetime", "ts", "at", "now", "clock"};
    while (at < end && !text_is_letter(*at) && !text_is_digit(*at))
        at++;
    const char *word_end = at;
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    return text_is_one_of(keys, COUNT(keys), at, word_end) && text_is_signs(word_end, end);
}

/* Returns true if a word without a number is a node's name between such texts: signs, or words that precede hosts. */
static bool surround_hosts(const struct label_words *words)
{
    static const char *const keys[] = {"on",   "from",      "of",     "at",      "host",    "hostname",
                                       "node", "nodename",  "server", "machine", "ssh",     "computer",
                                       "pod",  "container", "linux",  "vm",      "instance"};
    const char *end = text_trim_end(words->before, words->before + strlen(words->before));
    if (end > words->before && end[-1] == '@')
        return true;
    while (end > words->before && strchr(":=[(<\"'", end[-1]) != NULL)
        end = text_trim_end(words->before, end - 1);
    const char *word = end;
    while (word > words->before && text_is_letter(word[-1]))
        word--;
    if (text_is_one_of(keys, COUNT(keys), word, end))
        return true;
    if (strcmp(words->before, "[") == 0 && *words->after == ']') /* "[alpha] Executing task" of fabric */
        return true;
    return !has_letters(words->before) && (!has_letters(words->after) || strncmp(words->after, " | ", 3) == 0 ||
                                           label_words_is_time_key(words->after, words->after + strlen(words->after)));
}

bool label_words_is_host(const struct label_words *words, const char *name, const char *name_end)
{
    if (words->kind == LABEL_WORDS_ANY)
        return true;
    if (!log_profile_is_host(name, name_end))
        return false;
    if (text_has_digit(name, name_end))
        return true;
    return words->kind == LABEL_WORDS_HOSTS && surround_hosts(words);
}

static bool is_address_byte(char c)
{
    return text_is_letter(c) || text_is_digit(c) || c == ':';
}

/* Sets the common prefix and suffix of all texts, in whole words. */
static void set_common(const struct label_words_seen *seen, struct label_words *words)
{
    const char *first = seen->text[0].text;
    size_t before = strlen(first), after = before;
    for (size_t i = 1; i < seen->texts; i++) {
        const char *text = seen->text[i].text;
        size_t length = strlen(text), same = 0;
        while (same < before && text[same] == first[same])
            same++;
        before = same;
        for (same = 0; same < after && same < length && text[length - 1 - same] == first[strlen(first) - 1 - same];)
            same++;
        after = same;
    }
    const char *tail = first + strlen(first) - after;
    const size_t same_before = before;
    while (before > 0 && is_word_byte(first[before - 1]))
        before--;
    while (before < same_before && first[before] == '-') /* "---cn01---" */
        before++;
    const char *const same_tail = tail;
    while (*tail != '\0' && is_word_byte(*tail))
        tail++;
    while (tail > same_tail && tail[-1] == '-')
        tail--;
    /* The groups of an address are no words of their own: "fe80::1:2". */
    size_t from = before, to = (size_t)(tail - first);
    while (from > 0 && is_address_byte(first[from - 1]))
        from--;
    while (is_address_byte(first[to]))
        to++;
    to -= to > 1 && first[to - 1] == ':' && first[to - 2] != ':';
    if (log_profile_is_address(first + from, first + to)) {
        before = from;
        tail = first + to;
    }
    memcpy(words->before, first, before);
    words->before[before] = '\0';
    memcpy(words->after, tail, strlen(tail) + 1);
}

void label_words_conclude(const struct label_words_seen *seen, enum label_words_kind kind, struct label_words *words)
{
    size_t again = 0;
    unsigned int days = 0;
    bool are_weekdays = seen->texts > 1;
    *words = (struct label_words){.kind = kind};
    for (size_t i = 0; i < seen->texts; i++)
        again += seen->text[i].count > 1;
    for (size_t i = 0; i < seen->texts && are_weekdays; i++)
        are_weekdays = label_words_is_weekday(seen->text[i].text, seen->text[i].weekday, &days);
    if (are_weekdays || seen->has_many || seen->with_text < seen->records || again < 2 ||
        seen->records < 2 * seen->texts)
        return;
    set_common(seen, words);
    words->is_known = true;
    for (size_t i = 0; i < seen->texts; i++) {
        const char *text = seen->text[i].text, *name, *name_end;
        words->is_known = words->is_known && label_words_find(words, text, strlen(text), &name, &name_end) &&
                          label_words_is_host(words, name, name_end);
    }
}

bool label_words_find(const struct label_words *words, const char *key, size_t length, const char **name,
                      const char **name_end)
{
    size_t before = strlen(words->before), after = strlen(words->after);
    if (!words->is_known || length <= before + after || memcmp(key, words->before, before) != 0 ||
        memcmp(key + length - after, words->after, after) != 0)
        return false;
    *name = key + before;
    *name_end = key + length - after;
    while (*name_end > *name && (*name_end)[-1] == '.') /* "Checking cn01..." */
        --*name_end;
    return is_name(*name, *name_end);
}

void label_words_free(struct label_words_seen *seen)
{
    free(seen->text);
}

/* Takes the word at `at`. Returns false if it can be neither a host name nor, with a path, a log. */
static bool take_name(const char *at, const char *end, const char **name, const char **name_end)
{
    *name = at;
    *name_end = text_word_end(at, end);
    return *name_end > at && *name_end - at <= 255 && text_skip_blanks(*name_end, end) == end && is_word_byte(*at);
}

/* Returns true for the name of a log of one record: "free-2026-03-02T10:00:00.log". */
static bool has_date(const char *at, const char *end)
{
    struct found_stamp found;
    return time_find(at, end, &found) && found.fullness >= TIME_FULLNESS_NO_YEAR;
}

bool label_words_heading(const char *at, const char *end, const char **name, const char **name_end)
{
    static const char *const keys[] = {"host", "hostname", "node", "nodename", "server", "machine"};
    const char *word_end = at, *bar = text_find(at, end, " | "), *state = text_find(at, end, "] [SUCCESS] ");
    end = text_trim_end(at, end);
    if (state == NULL)
        state = text_find(at, end, " [SUCCESS] ");
    if (state != NULL && *at == '[')
        return take_name(strchr(state, ']') + 2 + (*state == ']' ? 10 : 0), end, name, name_end);
    if (bar != NULL && end - at > 8 && memcmp(end - 2, ">>", 2) == 0 && text_find(bar, end, "| rc=") != NULL)
        return take_name(at, bar, name, name_end);
    if (text_starts(at, end, "==> ") && end - at > 8 && memcmp(end - 4, " <==", 4) == 0)
        return take_name(at + 4, end - 4, name, name_end) && !has_date(*name, *name_end);
    while (word_end < end && text_is_letter(*word_end))
        word_end++;
    return word_end < end && (*word_end == ':' || *word_end == '=') &&
           text_is_one_of(keys, COUNT(keys), at, word_end) &&
           take_name(text_skip_blanks(word_end + 1, end), end, name, name_end) &&
           (log_profile_is_name(*name, *name_end) || log_profile_is_host(*name, *name_end));
}
