/* SPDX-License-Identifier: MIT */
/* month_name: the names of months and of days of the week. */
#ifndef MEMTRACE_FREELOG_MONTH_NAME_H
#define MEMTRACE_FREELOG_MONTH_NAME_H

/* Returns the month, 1 to 12, that the word [at, end) names, whole or abbreviated, in any of the languages of free; 0
 * if it is none. Where a word means two months English is meant. */
int month_name_find(const char *at, const char *end);

/* Returns the day of the week, 1 (Monday) to 7, that an English word names, whole or by its first three letters; 0 if
 * it is none. */
int weekday_name_find(const char *at, const char *end);

#endif
