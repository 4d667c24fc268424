/* SPDX-License-Identifier: MIT */
/* noise: counts the turns of a line. */
#include "noise.h"

#include <math.h>
#include <stdbool.h>

/* A walk along a line. */
struct walk {
    double least;
    double low, high; /* before the direction is known */
    double extreme;   /* of the values since the last turn */
    int direction;    /* 1: rising, -1: falling, 0: not yet known */
    size_t turns;
};

static void go_to(struct walk *walk, double value)
{
    if (walk->direction == 0) {
        walk->low = fmin(walk->low, value);
        walk->high = fmax(walk->high, value);
        if (walk->high - walk->low > walk->least)
            walk->direction = value >= walk->high ? 1 : -1;
        walk->extreme = value;
        return;
    }
    double onward = walk->direction * (value - walk->extreme);
    if (onward < -walk->least) {
        walk->direction = -walk->direction;
        walk->turns++;
    }
    if (onward > 0 || onward < -walk->least)
        walk->extreme = value;
}

size_t noise_turns(const struct series *series, double least)
{
    struct series_bucket space;
    struct walk walk = {.low = INFINITY, .high = -INFINITY, .least = least};
    const size_t count = series_buckets(series);
    for (size_t i = 0; i < count; i++) {
        const struct series_bucket *bucket = series_at(series, i, &space);
        bool is_falling = bucket->max_offset_s < bucket->min_offset_s;
        go_to(&walk, bucket->first);
        go_to(&walk, is_falling ? bucket->max : bucket->min);
        go_to(&walk, is_falling ? bucket->min : bucket->max);
        go_to(&walk, bucket->last);
    }
    return walk.turns;
}
