/* SPDX-License-Identifier: MIT */
/* table: what the files about tables share: fields, headings, rows with names, rows without headings. */
#ifndef MEMTRACE_FREELOG_TABLE_H
#define MEMTRACE_FREELOG_TABLE_H

#include "other_log.h"

#define FIELD_WORDS 5    /* words by which a time between blanks may exceed its heading */
#define WIDE        '\1' /* the separator of headings that contain single blanks: two blanks or more */

/* A field of a line. Borrowed. */
struct field {
    const char *at, *end;
};

/* Cuts a line into fields. Returns their number, or HEADINGS_MAX + 1 if there are more than HEADINGS_MAX. */
size_t table_cut(const char *at, const char *end, char separator, struct field field[HEADINGS_MAX]);

/* Returns a heading without its quotes. */
struct field table_unquoted(struct field field);

/* Cuts an object of JSON into its names and values, both of HEADINGS_MAX fields. Returns their number, 0 for any other
 * text, and for objects that contain others. */
size_t table_cut_object(const char *at, const char *end, struct field *name, struct field *value);

/* Returns true if the fields are a date, a time of day or an epoch, and nothing else. */
bool table_is_time(const struct field *first, const struct field *last);

/* Returns true if there is a date or a time of day in the fields. "epoch=3" is not one. */
bool table_has_clock(const struct field *first, const struct field *last);

/* Returns true if a heading is the one that the user named, in any case; `wanted` is NULL if there is none. */
bool table_is_wanted(const char *wanted, struct field name);

/* Adds a column. The first column of a meaning is used, unless a later one matches more strongly. */
void table_add_heading(struct other_layout *layout, const struct heading *heading);

/* Interprets headings. Returns false if they are not those of a table of memory. */
bool table_judge_headings(const struct field *field, size_t count, char separator, const char *wanted,
                          struct other_layout *layout);

/* Reads headings separated by `separator`. Returns false if they are not those of a table of memory. */
bool table_read_headings(const char *at, const char *end, char separator, const char *wanted,
                         struct other_layout *layout);

/* Reads headings with any separator. Sets `*rest` to where they begin. `may_lack_time`: the rows decide which column
 * has the times. */
bool table_find_headings(const char *wanted, bool may_lack_time, const char *at, const char *end,
                         struct other_layout *layout, const char **rest);

/* Cuts a row that names its values: "10:00:00, Total: 8 GB, Used: 2 GB". */
bool table_cut_named(const char *at, const char *end, struct other_layout *layout, struct field field[HEADINGS_MAX]);

/* Cuts another such row, whose units may differ. Returns false if its names do. */
bool table_match_named(struct other_layout *layout, const char *at, const char *end, struct field field[HEADINGS_MAX]);

/* Reads a row without headings, such as that of free printed by awk after a time: "10:00:00,8000000,1000000,4000000".
 * Fills in the layout and the numbers. Returns false for any other line. */
bool table_guess(const char *at, const char *end, struct other_layout *layout, double value[6]);

/* Counts the rows without headings, and those that prove what their columns are: the total is the same in all. */
void table_weigh_guess(struct other_line *line);

/* Cuts a row into as many fields as there are headings. Between blanks, a time may have several words. */
bool table_cut_row(const struct other_layout *layout, const char *at, const char *end,
                   struct field field[HEADINGS_MAX]);

/* Returns true if the only number about memory may be a percentage: it is small, and has no unit. */
bool table_may_be_percent(const struct other_layout *layout, double value, double bytes);

#endif
