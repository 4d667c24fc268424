/* SPDX-License-Identifier: MIT */
/* label_words: names of nodes in texts of any form that stand before rows, or on lines of their own before records:
 * they are what differs between these texts, which come again and again. */
#ifndef MEMTRACE_FREELOG_LABEL_WORDS_H
#define MEMTRACE_FREELOG_LABEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define LABEL_WORDS_TEXT 96 /* bytes of a text, NUL included */
#define LABEL_WORDS_MAX  256

/* What stands around the names. A zeroed one finds none. */
struct label_words {
    bool is_known;
    char before[LABEL_WORDS_TEXT], after[LABEL_WORDS_TEXT];
};

struct label_words_text {
    char text[LABEL_WORDS_TEXT];
    unsigned long count;
};

/* What was seen. Zeroed to begin with. */
struct label_words_seen {
    struct label_words_text *text; /* owned */
    size_t texts, capacity;
    unsigned long records, with_text;
    bool has_many;
};

/* Writes the text [at, end), without [from, to) where that lies within, to `key`, blanks around it cut; returns its
 * length, 0 where nothing is left or it is too long. */
size_t label_words_key(const char *at, const char *end, const char *from, const char *to, char key[LABEL_WORDS_TEXT]);

/* A record came, with such a text or, of length 0, with none. Short of memory nothing is learned. */
void label_words_see(struct label_words_seen *seen, const char *key, size_t length);

/* Finds what stands around names: all records have a text, two of these at least, each of which comes again.
 * `must_be_names` demands what hosts are called, with a number. */
void label_words_conclude(const struct label_words_seen *seen, bool must_be_names, struct label_words *words);

/* The name in a text; false if the text is of another form. */
bool label_words_find(const struct label_words *words, const char *key, size_t length, const char **name,
                      const char **name_end);

void label_words_free(struct label_words_seen *seen);

/* The name in a line that programs print before what they got from a host: "cn01 | CHANGED | rc=0 >>" (ansible),
 * "[1] 10:00:00 [SUCCESS] cn01" (pssh), "==> cn01.log <==" (tail), "Host: cn01". */
bool label_words_heading(const char *at, const char *end, const char **name, const char **name_end);

#endif
