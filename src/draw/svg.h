/* SPDX-License-Identifier: MIT */
/* svg: an SVG written by Cairo, in fewer bytes that are the same every time. */
#ifndef MEMTRACE_DRAW_SVG_H
#define MEMTRACE_DRAW_SVG_H

#include <stdbool.h>
#include <stddef.h>

/* Receives the output; returning false ends the work. */
typedef bool svg_compact_write(void *user, const char *bytes, size_t size);

/* Position in the document: outside tags, inside a tag, or inside a kind of value. */
enum svg_place { SVG_IN_TEXT, SVG_IN_TAG, SVG_IN_VALUE, SVG_IN_PATH, SVG_IN_COORDINATE };

/* The state between two calls. Private to svg.c. */
struct svg_compact {
    svg_compact_write *write;
    void *user;
    bool ok;
    enum svg_place place;
    char quote;   /* quote that closes the current value */
    char name[8]; /* name of the attribute, truncated */
    size_t name_length;
    char number[32]; /* digits not yet written */
    size_t number_length;
    char command;       /* last letter of the path */
    unsigned argument;  /* numbers after that letter */
    char first[32];     /* first number of a line, until the second is known */
    bool in_lines;      /* after "l" and its numbers */
    long long at[2];    /* end of the written path, in hundredths */
    long long start[2]; /* start of the subpath */
    bool at_known;
    size_t id_matched; /* characters of "surface" matched so far */
    bool in_id;        /* after all of "surface" */
    size_t id_digits;
    unsigned long id, seen_id[64];
    size_t seen_count;
    char out[4096];
    size_t out_length;
};

/* Prepares for one document. Owns nothing. */
void svg_compact_init(struct svg_compact *compact, svg_compact_write *write, void *user);

/* Processes the next bytes of the document, in pieces of any size. Numbers in the attributes d, x and y are rounded to
 * 2 decimals (a hundredth of a pixel is invisible; transformations keep all decimals), lines are written relative to
 * each other, with one "l" for several lines (SVG 1.1, 8.3), and surfaces, which Cairo numbers through the whole
 * process, are numbered from 1 in order of appearance (the first 64). Returns false if `write` failed. */
bool svg_compact_feed(struct svg_compact *compact, const char *bytes, size_t size);

/* Ends the document: writes what is left. Returns false if `write` has ever failed. */
bool svg_compact_finish(struct svg_compact *compact);

#endif
