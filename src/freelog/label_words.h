/* SPDX-License-Identifier: MIT */
/* label_words: finds node names in texts of any form, before rows or on separate lines before records: the name is the
 * part that differs between these recurring texts. */
#ifndef MEMTRACE_FREELOG_LABEL_WORDS_H
#define MEMTRACE_FREELOG_LABEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define LABEL_WORDS_TEXT 192 /* bytes of a text, NUL included */
#define LABEL_WORDS_MAX  256

/* What names may be. */
enum label_words_kind {
    LABEL_WORDS_ANY,
    LABEL_WORDS_NUMBERED, /* host names with a number, and addresses */
    LABEL_WORDS_HOSTS     /* all host names */
};

/* The text around the names. A zeroed one finds no names. */
struct label_words {
    bool is_known;
    enum label_words_kind kind;
    char before[LABEL_WORDS_TEXT], after[LABEL_WORDS_TEXT];
};

struct label_words_text {
    char text[LABEL_WORDS_TEXT];
    unsigned long count;
    int weekday; /* 1 to 7 of the dates next to it, 0 if it has none, -1 if they differ */
};

/* The texts seen so far. Zero-initialise it. */
struct label_words_seen {
    struct label_words_text *text; /* owned */
    size_t texts, capacity;
    unsigned long records, with_text;
    bool has_many;
};

/* Writes the text [at, end) to `key`, without [from, to) if that is inside it, and trimmed. Returns its length; 0 if
 * nothing is left or it is too long. */
size_t label_words_key(const char *at, const char *end, const char *from, const char *to, char key[LABEL_WORDS_TEXT]);

/* Adds the text of a record; length 0 means that the record has none; `weekday` is that of its date, 0 without one.
 * Learns nothing if out of memory. */
void label_words_see(struct label_words_seen *seen, const char *key, size_t length, int weekday);

/* Adds the day of the week of a date next to a word to `*seen`: 0 before the first, -1 if they differ. */
void label_words_see_weekday(int *seen, int weekday);

/* Returns true if a word, which was seen on one day of the week only, may be its name. Adds that day to `*days`, a bit
 * for each; returns false if another word has it. */
bool label_words_is_weekday(const char *text, int weekday, unsigned int *days);

/* Finds the text around the names. Requires a text in every record, at least two different ones, and that each recurs.
 * Each name must be of the `kind`. */
void label_words_conclude(const struct label_words_seen *seen, enum label_words_kind kind, struct label_words *words);

/* Finds the name in a text. Returns false if the text has another form. */
bool label_words_find(const struct label_words *words, const char *key, size_t length, const char **name,
                      const char **name_end);

/* Returns true if a name that label_words_find found is a node's: a word without a number is one only after signs, and
 * after words such as "on" and "node". */
bool label_words_is_host(const struct label_words *words, const char *name, const char *name_end);

/* Returns true for text that only announces a time: ", time=". */
bool label_words_is_time_key(const char *at, const char *end);

void label_words_free(struct label_words_seen *seen);

/* Finds the name in a line that programs print before the output of a host: "cn01 | CHANGED | rc=0 >>" (ansible), "[1]
 * 10:00:00 [SUCCESS] cn01" (pssh), "==> cn01.log <==" (tail), "Host: cn01". */
bool label_words_heading(const char *at, const char *end, const char **name, const char **name_end);

#endif
