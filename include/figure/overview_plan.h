/* SPDX-License-Identifier: MIT */
/* overview_plan: what an overview says, in pixels or in characters. */
#ifndef MEMTRACE_FIGURE_OVERVIEW_PLAN_H
#define MEMTRACE_FIGURE_OVERVIEW_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"
#include "figure/layout_legend.h"

#define OVERVIEW_BAND_NODES 7  /* fewer have no quartiles */
#define OVERVIEW_COUNTS_MAX 24 /* more changes would not be readable */

/* The columns `from` up to, but excluding, `to` have data of that many nodes. */
struct overview_count {
    size_t from, to, nodes;
};

/* Lists how many nodes have data, stretch by stretch; stretches of a few columns belong to the one before. Returns how
 * many stretches there are, 0 for more than OVERVIEW_COUNTS_MAX. */
size_t overview_counts(const struct resampled *all, struct overview_count count[OVERVIEW_COUNTS_MAX]);

/* Finds where the name of the quartiles' band can be over `width` px from `x` on: `place` becomes the y of the middle
 * of a text of this height within the band, right above it, and right below it, NAN where it has no place. layout->map
 * and the value scale must be set. False where there is no band all the way. */
bool overview_band_at(const struct layout *layout, double x, double width, double height, double place[3]);

/* How many columns have a band. */
size_t overview_band_count(const struct resampled *all);

/* The median, and the value of a named node, that is typical of the last third of the run: a drop at the very end says
 * little. The median is NaN where so few nodes are left that there is none. */
double overview_late_median(const struct resampled *all);
double overview_late_value(const struct heatmap *map, size_t slot);

/* Whether a log has no data at some time of the run that can be seen on that many pixels. */
bool overview_is_incomplete(const struct trace *trace, double width_px);

/* The captions of a heatmap, the longest first; the last one is NULL. */
struct overview_captions {
    char text[4][384];
    const char *choice[5];
};

void overview_captions(struct overview_captions *captions, const struct layout *layout,
                       const struct layout_request *request);

/* Writes what the colours of the named nodes' rows end with: "32 GiB used". */
void overview_focus_caption(char *text, size_t size, const struct layout *layout, const struct layout_request *request);

#endif
