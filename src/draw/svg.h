/* SPDX-License-Identifier: MIT */
/* svg: an SVG as Cairo writes it, in fewer bytes that are the same every time. */
#ifndef MEMTRACE_DRAW_SVG_H
#define MEMTRACE_DRAW_SVG_H

#include <stdbool.h>
#include <stddef.h>

/* Takes what comes out; false ends the work. */
typedef bool svg_compact_write(void *user, const char *bytes, size_t size);

/* Where in the document we are: outside tags, in one, in a value of a kind. */
enum svg_place { SVG_IN_TEXT, SVG_IN_TAG, SVG_IN_VALUE, SVG_IN_PATH, SVG_IN_COORDINATE };

/* The state between two pieces. Only svg.c looks inside. */
struct svg_compact {
    svg_compact_write *write;
    void *user;
    bool ok;
    enum svg_place place;
    char quote;   /* that closes the value we are in */
    char name[8]; /* of the attribute, cut */
    size_t name_length;
    char number[32]; /* digits not yet written */
    size_t number_length;
    char command;       /* last one of the path */
    unsigned argument;  /* numbers after it */
    char first[32];     /* of a line, until its second number is known */
    bool in_lines;      /* behind "l" and its numbers */
    long long at[2];    /* end of what was written, in hundredths */
    long long start[2]; /* of the subpath */
    bool at_known;
    size_t id_matched; /* characters of "surface" already seen */
    bool in_id;        /* behind all of it */
    size_t id_digits;
    unsigned long id, seen_id[64];
    size_t seen_count;
    char out[4096];
    size_t out_length;
};

/* Prepares for one document. Nothing is owned. */
void svg_compact_init(struct svg_compact *compact, svg_compact_write *write, void *user);

/* Takes the next bytes of the document, in pieces of any size. Numbers in the attributes d, x and y
 * are rounded to 2 decimals (a hundredth of a pixel is not seen; transformations keep all of
 * theirs), lines are written relative to each other, "l" once for a row of them (SVG 1.1, 8.3), and
 * surfaces, which Cairo numbers through the whole process, are numbered from 1 as they appear (the
 * first 64). Returns false if `write` failed. */
bool svg_compact_feed(struct svg_compact *compact, const char *bytes, size_t size);

/* The document is at its end: writes what is left. Returns false if `write` failed at any time. */
bool svg_compact_finish(struct svg_compact *compact);

#endif
