/* SPDX-License-Identifier: MIT */
/* simplify: which points of a line are worth drawing. Independent of Cairo, files and options.
 *
 * Two steps. Buckets are gathered in columns of 0.3 pixels, of which the first, lowest, highest and last point are kept
 * (M4, see series.h); a first or last point is omitted where the neighbour's line passes its height anyway. Then every
 * point is dropped that is on the straight line between those before and after it, by the cone in which all of them are
 * seen from the last point kept (after J. Sklansky and V. Gonzalez, "Fast Polygonal Approximation of Digitized Curves",
 * Pattern Recognition 12, 1980). */
#include "simplify.h"

#include <math.h>
#include <stdbool.h>

/* Both in pixels. */
static const double column_width = 0.3, tolerance = 0.05;

struct point {
    double x, y;
};

/* The points of a column, or of a bucket that is wider than a column. */
struct column {
    struct point first, top, bottom, last;
    double number;
};

/* State of the thinning: `last` has not been emitted if `pending`. Seen from the anchor, all points since then are
 * between the directions `low` and `high`, the farthest of them at the distance `far`. */
struct thinning {
    simplify_to *to;
    void *user;
    double tolerance;
    struct point anchor, last, low, high;
    double far;
    bool started, pending, has_cone;
};

static double cross(struct point a, struct point b)
{
    return a.x * b.y - a.y * b.x;
}

static struct point between(struct point from, struct point to)
{
    return (struct point){to.x - from.x, to.y - from.y};
}

static void give(struct thinning *thinning, struct point point)
{
    thinning->to(thinning->user, point.x, point.y);
    thinning->anchor = point;
    thinning->far = 0;
    thinning->pending = thinning->has_cone = false;
}

/* Narrows the cone to those directions that pass the end of `way` within the tolerance. */
static void narrow(struct thinning *thinning, struct point way, double distance)
{
    double sine = thinning->tolerance / distance, cosine = sqrt(1 - sine * sine);
    struct point low = {way.x * cosine + way.y * sine, way.y * cosine - way.x * sine};
    struct point high = {way.x * cosine - way.y * sine, way.y * cosine + way.x * sine};
    if (!thinning->has_cone || cross(thinning->low, low) > 0)
        thinning->low = low;
    if (!thinning->has_cone || cross(high, thinning->high) > 0)
        thinning->high = high;
    thinning->has_cone = true;
}

static void thin(struct thinning *thinning, struct point point)
{
    if (!thinning->started) {
        thinning->started = true;
        give(thinning, point);
        thinning->last = point;
        return;
    }
    if (point.x == thinning->last.x && point.y == thinning->last.y)
        return;
    struct point way = between(thinning->anchor, point);
    double distance = hypot(way.x, way.y);
    bool outside = thinning->has_cone && (cross(thinning->low, way) < 0 || cross(way, thinning->high) < 0);
    /* A point that returns is a turn, even along the same line. */
    if (thinning->pending && (outside || distance < thinning->far - thinning->tolerance)) {
        give(thinning, thinning->last);
        way = between(thinning->anchor, point);
        distance = hypot(way.x, way.y);
    }
    if (distance > thinning->tolerance)
        narrow(thinning, way, distance);
    thinning->far = fmax(thinning->far, distance);
    thinning->last = point;
    thinning->pending = true;
}

static struct point place(const struct simplify_frame *frame, double time_s, double value)
{
    return (struct point){frame->x_px + time_s * frame->px_per_s, frame->y_px + value * frame->px_per_unit};
}

static struct column read_bucket(const struct series_bucket *bucket, const struct simplify_frame *frame)
{
    double start_s = bucket->first_s;
    struct point min = place(frame, start_s + (double)bucket->min_offset_s, bucket->min);
    struct point max = place(frame, start_s + (double)bucket->max_offset_s, bucket->max);
    bool upside_down = min.y < max.y;
    struct column column = {
        .first = place(frame, start_s, bucket->first),
        .top = upside_down ? min : max,
        .bottom = upside_down ? max : min,
        .last = place(frame, start_s + (double)bucket->last_offset_s, bucket->last),
    };
    column.number = floor(column.first.x / (column_width * frame->pixel_px));
    return column;
}

/* Appends to a column what follows it. */
static void add(struct column *column, const struct column *next)
{
    if (next->top.y < column->top.y)
        column->top = next->top;
    if (next->bottom.y > column->bottom.y)
        column->bottom = next->bottom;
    column->last = next->last;
}

static bool is_narrow(const struct column *column, double pixel_px)
{
    return column->last.x - column->first.x <= 2 * column_width * pixel_px;
}

/* Returns true if the line of `column`, a neighbour, hides a point at this height. */
static bool hides(const struct column *column, struct point point, double pixel_px)
{
    return column != NULL && is_narrow(column, pixel_px) && column->top.y <= point.y && point.y <= column->bottom.y &&
           fabs(column->first.x - point.x) <= pixel_px && fabs(column->last.x - point.x) <= pixel_px;
}

static void give_column(struct thinning *thinning, const struct column *column, const struct column *before,
                        const struct column *behind, double pixel_px)
{
    bool top_first = column->top.x <= column->bottom.x;
    bool narrow = is_narrow(column, pixel_px);
    if (!narrow || !hides(before, column->first, pixel_px))
        thin(thinning, column->first);
    thin(thinning, top_first ? column->top : column->bottom);
    thin(thinning, top_first ? column->bottom : column->top);
    if (!narrow || !hides(behind, column->last, pixel_px))
        thin(thinning, column->last);
}

/* Reads the column that begins at bucket `*at`, and advances `*at` past it. */
static struct column read_column(const struct series *series, size_t end, size_t *at,
                                 const struct simplify_frame *frame)
{
    struct series_bucket space;
    struct column column = read_bucket(series_at(series, (*at)++, &space), frame);
    while (*at < end && is_narrow(&column, frame->pixel_px)) {
        struct column next = read_bucket(series_at(series, *at, &space), frame);
        if (next.number != column.number || !is_narrow(&next, frame->pixel_px))
            break;
        add(&column, &next);
        (*at)++;
    }
    return column;
}

void simplify_trace(const struct series *series, size_t first, size_t count, const struct simplify_frame *frame,
                    simplify_to *to, void *user)
{
    struct thinning thinning = {.to = to, .user = user, .tolerance = tolerance * frame->pixel_px};
    struct column column[3]; /* the previous one, the one to give, the next one */
    const size_t end = first + count;
    size_t at = first;
    bool has_before = false, has_behind = count > 0;
    if (has_behind)
        column[2] = read_column(series, end, &at, frame);
    while (has_behind) {
        column[1] = column[2];
        has_behind = at < end;
        if (has_behind)
            column[2] = read_column(series, end, &at, frame);
        give_column(&thinning, &column[1], has_before ? &column[0] : NULL, has_behind ? &column[2] : NULL,
                    frame->pixel_px);
        column[0] = column[1];
        has_before = true;
    }
    if (thinning.pending)
        give(&thinning, thinning.last);
}
