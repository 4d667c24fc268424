/* SPDX-License-Identifier: MIT */
/* overview_plan: the contents of an overview, for pixels and characters. */
#ifndef MEMTRACE_FIGURE_OVERVIEW_PLAN_H
#define MEMTRACE_FIGURE_OVERVIEW_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "figure/layout.h"
#include "figure/layout_legend.h"

#define OVERVIEW_BAND_NODES 7  /* fewer nodes have no quartiles */
#define OVERVIEW_COUNTS_MAX 24 /* more changes would not be readable */

/* The columns `from` up to, but excluding, `to` have data of this many nodes. */
struct overview_count {
    size_t from, to, nodes;
};

/* Lists the number of nodes with data, per stretch of columns; very short stretches are merged with the one before.
 * Returns the number of stretches, 0 if there are more than OVERVIEW_COUNTS_MAX. */
size_t overview_counts(const struct resampled *all, struct overview_count count[OVERVIEW_COUNTS_MAX]);

/* Finds where the label of the quartile band fits over `width` px from `x` on: `place` becomes the y of the middle of a
 * text of this height within the band, right above it, and right below it, NAN where it has no place. layout->map and
 * the value scale must be set. Returns false if the band does not span this width. */
bool overview_band_at(const struct layout *layout, double x, double width, double height, double place[3]);

/* Returns how many columns have a band. */
size_t overview_band_count(const struct resampled *all);

/* Typical values of the last third of the run: the median, and a named node. A drop at the very end is not
 * significant. The median is NaN if too few nodes are left. */
double overview_late_median(const struct resampled *all);
double overview_late_value(const struct heatmap *map, size_t slot);

/* Returns true if a log lacks data for a time of the run that is visible at that width. */
bool overview_is_incomplete(const struct trace *trace, double width_px);

/* The captions of a heatmap, the longest first; the last one is NULL. */
struct overview_captions {
    char text[4][384];
    const char *choice[5];
};

void overview_captions(struct overview_captions *captions, const struct layout *layout,
                       const struct layout_request *request);

/* Writes the label of the upper end of the colours in the named nodes' rows: "32 GiB used". */
void overview_focus_caption(char *text, size_t size, const struct layout *layout, const struct layout_request *request);

#endif
