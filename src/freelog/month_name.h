/* SPDX-License-Identifier: MIT */
/* month_name: the names of months and of days of the week. */
#ifndef MEMTRACE_FREELOG_MONTH_NAME_H
#define MEMTRACE_FREELOG_MONTH_NAME_H

/* Returns the month, 1 to 12, that the word [at, end) names in any language of free, in full or abbreviated; 0 if it
 * names none. If a word means different months in different languages, English wins. */
int month_name_find(const char *at, const char *end);

/* Returns the day of the week, 1 (Monday) to 7, that an English word names in full or by its first three letters; 0 if
 * it names none. */
int weekday_name_find(const char *at, const char *end);

#endif
