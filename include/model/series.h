/* SPDX-License-Identifier: MIT */
/* series: one quantity over time in bounded memory, with exact statistics. */
#ifndef MEMTRACE_MODEL_SERIES_H
#define MEMTRACE_MODEL_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exact statistics of all samples of a series. Times are in seconds, values in the caller's unit. If count is 0, all
 * else is undefined. Of equal extremes the earliest time is kept. */
struct series_stats {
    uint64_t count;
    double first, last, min, max, sum;
    double first_s, last_s, min_s, max_s;
};

/* Consecutive samples, the first of which is in the stretch of time [k * width, (k + 1) * width). Times other than
 * first_s are offsets from it. A bucket of one value (min == max) continues until the value changes and can span any
 * number of stretches; any other spans at most two. `gap_before` not 0: no line may be drawn from the bucket before to
 * this one. `mean` has a relative error of about 1e-6. */
struct series_bucket {
    double first_s;
    double first, last, min, max;
    float last_offset_s, min_offset_s, max_offset_s;
    float mean;
    uint32_t count;
    uint32_t gap_before;
};

/* A bucket whose extremes are its first and its last sample, as those of one value or of at most two samples are. */
struct series_packed {
    double first_s;
    double first, last;
    float last_offset_s;
    float mean;
    uint32_t count;
    uint32_t gap_before;
};

/* Buckets are in order of time; only those with samples exist: see series_at. While every sample has the same value and
 * there is no gap, none is stored (`flat`). Members that begin with `open_` belong to the last bucket: its extremes,
 * and the statistics' count and sum before it. */
struct series {
    struct series_stats stats;
    struct series_bucket *bucket;
    struct series_packed *packed; /* instead of `bucket` after series_pack, else NULL */
    size_t bucket_count, bucket_capacity, bucket_limit;
    size_t bucket_reserved; /* allocated; no page beyond the capacity has been touched */
    double width_s;
    double end_s, open_min, open_max; /* a sample at or after end_s starts a new bucket */
    uint64_t open_count;
    double open_sum;
    bool flat, gap_pending;
};

/* Prepares a series of at most `bucket_limit` buckets (0: statistics only; 1 to 3 count as 4).
 * Allocates nothing. */
void series_init(struct series *series, size_t bucket_limit);

/* Frees what the series owns and zeroes it; a zeroed series is allowed. */
void series_free(struct series *series);

/* Adds a sample. `time_s` must not be before that of the last sample; `value` must be finite. O(1) amortised: when all
 * buckets are in use, neighbours merge and the width doubles, while first, last, min, max and their times stay exact
 * (U. Jugel et al., "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014). Returns false if memory
 * ran out: the statistics stay exact, and buckets merge sooner from then on. */
static inline bool series_append(struct series *series, double time_s, double value);

/* Adds `count` samples, as series_append does one after the other. */
bool series_append_many(struct series *series, const double *time_s, const double *value, size_t count);

/* The next sample is not connected with the last one: a gap or a new run. A gap within one stretch is invisible and is
 * ignored. */
void series_break(struct series *series);

/* The next sample may turn out not to be connected with the last one, as decided by series_judge_gaps: it starts a new
 * bucket, unless it is in the same stretch as the last. */
void series_part(struct series *series);

/* Recomputes which buckets have a gap before them: those of series_break, and all that start more than `longest_s`
 * after the last sample before them. */
void series_judge_gaps(struct series *series, double longest_s);

/* Appends a bucket of another series unchanged; it must come after all present ones. The statistics include its
 * samples. Returns false if memory ran out. */
bool series_append_bucket(struct series *series, const struct series_bucket *bucket);

/* Multiplies all values by `factor` (above 0). No samples may be added after that. */
void series_scale(struct series *series, double factor);

/* Stretches all times by `factor` (above 0) around time 0. No samples may be added after that. */
void series_stretch(struct series *series, double factor);

/* Stores the buckets in as little memory as holds the same: 40 bytes each instead of 64 if all can be packed. Without
 * memory for that they stay as they are. No samples may be added after that. */
void series_pack(struct series *series);

/* Completes the last bucket and returns how many there are to draw, in order of time: 1 of a flat series, 0 of an empty
 * one. Not thread-safe for the same series. */
size_t series_buckets(const struct series *series);

/* Bucket `i` of those that series_buckets counted. It is borrowed from the series, valid until that changes, or made in
 * `*space` (the caller's). */
static inline const struct series_bucket *series_at(const struct series *series, size_t i, struct series_bucket *space);

/* Returns the longest time without samples between two buckets, if it is at least `least_s`, and sets `from_s` and
 * `to_s` to its ends; otherwise returns 0. If `only_breaks`, only times are compared in which no line may be drawn. The
 * first of equal ones is returned. Looks at few buckets. */
double series_longest_gap(const struct series *series, double least_s, bool only_breaks, double *from_s, double *to_s);

/* A packed bucket as series_at makes it. A value whose members are not all used costs less than one in memory. */
static inline struct series_bucket series_unpack(const struct series_packed *packed);

/* Mean of all samples; 0 without samples. */
double series_mean(const struct series *series);

/* The slow path of series_append: a sample that opens a bucket or sets an extreme. */
bool series_append_other(struct series *series, double time_s, double value);

/* The bucket of a flat series, made in `*space`. */
const struct series_bucket *series_flat_bucket(const struct series *series, struct series_bucket *space);

/* The sum of all samples while the open bucket has one value: a product, so that it does not depend on how the samples
   were batched. */
static inline double series_level_sum(const struct series *series)
{
    return series->open_sum + series->open_min * (double)(series->stats.count - series->open_count);
}

/* Inline, because nearly all samples of a long log take this fast path. */
static inline bool series_append(struct series *series, double time_s, double value)
{
    if (!(time_s < series->end_s && value >= series->open_min && value <= series->open_max))
        return series_append_other(series, time_s, value);
    series->stats.count++;
    if (series->open_min == series->open_max)
        series->stats.sum = series_level_sum(series);
    else
        series->stats.sum += value;
    series->stats.last = value;
    series->stats.last_s = time_s;
    return true;
}

static inline struct series_bucket series_unpack(const struct series_packed *packed)
{
    bool rises = packed->last > packed->first, falls = packed->last < packed->first;
    return (struct series_bucket){
        .first_s = packed->first_s,
        .first = packed->first,
        .last = packed->last,
        .min = falls ? packed->last : packed->first,
        .max = rises ? packed->last : packed->first,
        .last_offset_s = packed->last_offset_s,
        .min_offset_s = falls ? packed->last_offset_s : 0,
        .max_offset_s = rises ? packed->last_offset_s : 0,
        .mean = packed->mean,
        .count = packed->count,
        .gap_before = packed->gap_before,
    };
}

/* Inline, because all samples of all nodes pass here several times. */
static inline const struct series_bucket *series_at(const struct series *series, size_t i, struct series_bucket *space)
{
    if (series->bucket != NULL)
        return &series->bucket[i];
    if (series->packed == NULL)
        return series_flat_bucket(series, space);
    *space = series_unpack(&series->packed[i]);
    return space;
}

#endif
