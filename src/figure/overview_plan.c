/* SPDX-License-Identifier: MIT */
/* overview_plan: the texts of an overview, and where its bands have names. Independent of pixels and characters. */
#include "figure/overview_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

#define SHORT_SHARE 0.006 /* of the columns: a shorter interval is the seam between starts or ends */

size_t overview_counts(const struct resampled *all, struct overview_count count[OVERVIEW_COUNTS_MAX])
{
    size_t found = 0, least = (size_t)fmax(2, SHORT_SHARE * (double)all->columns);
    for (size_t from = 0, to; from < all->columns; from = to) {
        size_t nodes = all->band[from].nodes;
        for (to = from + 1; to < all->columns && all->band[to].nodes == nodes;)
            to++;
        if (to - from < least) {
            if (found > 0)
                count[found - 1].to = to;
            continue;
        }
        if (found > 0 && count[found - 1].nodes == nodes) {
            count[found - 1].to = to;
            continue;
        }
        if (found == OVERVIEW_COUNTS_MAX)
            return 0;
        count[found] = (struct overview_count){found == 0 ? 0 : from, to, nodes};
        found++;
    }
    return found;
}

bool overview_band_at(const struct layout *layout, double x, double width, double height, double place[3])
{
    const struct resampled *all = &layout->map.all;
    double per_px = (double)all->columns / layout->plot.width;
    size_t from = (size_t)fmax((x - layout->plot.x) * per_px, 0), to = from + (size_t)ceil(width * per_px);
    double top = -INFINITY, highest = INFINITY, bottom = INFINITY, lowest = -INFINITY, median_low = INFINITY,
           median_high = -INFINITY;
    for (size_t i = from; i < to; i++) {
        if (i >= all->columns || all->band[i].nodes < OVERVIEW_BAND_NODES)
            return false;
        const struct resample_band *band = &all->band[i];
        double median = layout_y(layout, (double)band->median);
        highest = fmin(highest, layout_y(layout, (double)band->high));
        top = fmax(top, layout_y(layout, (double)band->high));
        lowest = fmax(lowest, layout_y(layout, (double)band->low));
        bottom = fmin(bottom, layout_y(layout, (double)band->low));
        median_low = fmin(median_low, median);
        median_high = fmax(median_high, median);
    }
    /* Not along a slope. */
    place[1] = top - highest < height ? highest - 0.5 * height - 1 : NAN;
    place[2] = lowest - bottom < height ? lowest + 0.5 * height + 1 : NAN;
    place[0] = median_low - top > height       ? (top + median_low) / 2
               : bottom - median_high > height ? (bottom + median_high) / 2
                                               : NAN;
    return true;
}

size_t overview_band_count(const struct resampled *all)
{
    size_t count = 0;
    for (size_t i = 0; i < all->columns; i++)
        count += all->band[i].nodes >= OVERVIEW_BAND_NODES;
    return count;
}

static int compare_floats(const void *a, const void *b)
{
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

#define LATE_SAMPLES 64 /* of the columns in the last third */

/* The median of some values. */
static double middle(float *value, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(value, count, sizeof *value, compare_floats);
    return (double)value[count / 2];
}

/* The column of a sample of the last third. */
static size_t late_column(size_t columns, size_t sample)
{
    size_t from = columns - columns / 3;
    return from + sample * (columns - from) / LATE_SAMPLES;
}

double overview_late_median(const struct resampled *all)
{
    float value[LATE_SAMPLES] = {0};
    size_t count = 0;
    for (size_t i = 0; i < LATE_SAMPLES && all->columns > 0; i++) {
        size_t column = late_column(all->columns, i);
        if (column < all->columns && all->band[column].nodes >= OVERVIEW_BAND_NODES)
            value[count++] = all->band[column].median;
    }
    return middle(value, count);
}

double overview_late_value(const struct heatmap *map, size_t slot)
{
    float value[LATE_SAMPLES] = {0};
    size_t count = 0, columns = map->focus.columns;
    for (size_t i = 0; i < LATE_SAMPLES && columns > 0; i++) {
        size_t column = late_column(columns, i);
        if (column < columns && !isnan(map->focus.value[slot * columns + column]))
            value[count++] = map->focus.value[slot * columns + column];
    }
    if (count > 2 && value[count - 1] > value[count / 2]) /* a rising line has its name at its end */
        return (double)value[count - 1];
    return middle(value, count);
}

bool overview_is_incomplete(const struct trace *trace, double width_px)
{
    const struct resample_frame frame = {(size_t)fmax(width_px, 1), trace->begin_s, trace->end_s};
    for (size_t i = 0; i < trace->count; i++)
        if (heatmap_is_incomplete(trace, &trace->node[i], &frame))
            return true;
    return false;
}

void overview_captions(struct overview_captions *captions, const struct layout *layout,
                       const struct layout_request *request)
{
    const struct resampled *all = &layout->map.all;
    const bool deviation = layout->map.mode == HEAT_DEVIATION;
    const char *const extreme = all->is_low ? "lowest" : "highest";
    const char *const members = request->members == NULL ? "nodes" : request->members;
    char nodes[64], colours[80] = "", shared[80] = "";
    size_t each = (all->nodes + all->rows - 1) / all->rows;
    snprintf(nodes, sizeof nodes, "all %zu %s, %s first", all->nodes, members,
             all->is_low ? "lowest low" : "highest peak");
    if (deviation)
        snprintf(colours, sizeof colours, "; colours: %s from the median", request->unit);
    if (all->nodes > all->rows)
        snprintf(shared, sizeof shared, "; a row shows the %s of %s%zu %s", deviation ? "farthest from it" : extreme,
                 all->nodes % all->rows == 0 ? "" : "up to ", each, members);
    const char *const order = all->apart > 0 ? ", incomplete logs last" : "";
    snprintf(captions->text[0], sizeof captions->text[0], "%s%s%s%s", nodes, order, colours, shared);
    snprintf(captions->text[1], sizeof captions->text[1], "%s%s%s", nodes, colours, shared);
    const char *const middle = deviation ? "from the median" : "";
    if (all->nodes > all->rows) {
        snprintf(captions->text[2], sizeof captions->text[2], "%zu %s%s%s; a row: %s of %zu", all->nodes, members,
                 deviation ? ", " : "", middle, deviation ? "farthest" : extreme, each);
        snprintf(captions->text[3], sizeof captions->text[3], "%zu %s; row: %s of %zu", all->nodes, members,
                 deviation ? "farthest" : extreme, each);
    } else {
        snprintf(captions->text[2], sizeof captions->text[2], "%zu %s%s%s", all->nodes, members, deviation ? ", " : "",
                 middle);
        snprintf(captions->text[3], sizeof captions->text[3], "%zu %s", all->nodes, members);
    }
    for (size_t i = 0; i < 4; i++)
        captions->choice[i] = captions->text[i];
    captions->choice[4] = NULL;
}

void overview_focus_caption(char *text, size_t size, const struct layout *layout, const struct layout_request *request)
{
    char top[64];
    format_size(top, sizeof top, layout->map.top, request->unit_size, request->unit);
    snprintf(text, size, "%s", top);
}
