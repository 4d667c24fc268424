/* SPDX-License-Identifier: MIT */
/* job: owns the shapes of simulated jobs, their stories, and the labels that follow from the definitions. Independent
 * of memtrace. */
#include "job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PI        3.14159265358979
#define STEP_MAX  0.01 /* share of the total; larger steps between samples would make the recorded minima drift */
#define STEP_LEAK 0.1  /* the same as a share of the rise of a leak */
#define ATTEMPTS  200  /* to avoid the grey zones */

enum { CUT_CYCLES = 12 }; /* enough for several cycles in a third of the run */

const char *const story_names[STORY_COUNT] = {"killed",  "above_limit", "ended_early", "growing", "near_limit",
                                              "swapped", "idle",        "gap",         "uneven"};

/* ---- chance: splitmix64 (G. L. Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014) ---- */

static uint64_t next_random(uint64_t *random)
{
    uint64_t z = *random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double uniform(uint64_t *random, double low, double high)
{
    return low + (high - low) * (double)(next_random(random) >> 11) / 9007199254740992.0;
}

static bool chance(uint64_t *random, double probability)
{
    return uniform(random, 0, 1) < probability;
}

/* Returns one of low, low + 1, ..., high. */
static size_t one_of(uint64_t *random, size_t low, size_t high)
{
    return low + (size_t)(next_random(random) % (high - low + 1));
}

/* Returns a number with a log-uniform distribution: equally likely between 10 and 100 and between 100 and 1000. */
static double log_uniform(uint64_t *random, double low, double high)
{
    return exp(uniform(random, log(low), log(high)));
}

static double gauss(uint64_t *random)
{
    double u = uniform(random, 1e-12, 1), v = uniform(random, 0, 1);
    return sqrt(-2 * log(u)) * cos(2 * PI * v);
}

/* ---- shapes ---- */

static bool is_between(double value, double low, double high)
{
    return value > low && value < high;
}

enum shape { SHAPE_PLATEAU, SHAPE_SAW, SHAPE_NOISE, SHAPE_STEPS, SHAPE_SPIKES, SHAPE_RHYTHM, SHAPE_COUNT };

static const char *const shape_names[] = {"plateau", "saw-tooth", "noise", "steps", "spikes", "rhythm"};

#define STEPS_MAX        6
#define CHECKPOINT_SHARE 0.15 /* of the time between two of them */

/* The course of a node's memory during its run; all nodes of a job share most of it. Values are shares of the total. */
struct course {
    enum shape shape;
    double level, depth; /* the highest value; the depth of the shape as a share of it */
    double cycles, phase;
    double noise;
    double start_share, release_share; /* shares of the run for start-up and final release, 0 for none */
    bool start_is_exponential;
    size_t steps;
    double step_at[STEPS_MAX], step_level[STEPS_MAX]; /* for SHAPE_STEPS; levels are shares of `level` */
    double system;                                    /* memory of the idle system */
    double phase_at, phase_level; /* a second plateau: its start and its level as a share of `level`, 1 for none */
    double checkpoints, checkpoint_height; /* number of spikes, 0 for none, and how high the last one is */
    /* A leak adds a line that rises by `rise` from the share `leak_from` of the run to its end. */
    double rise, leak_from;
};

/* Returns the value of the shape at a share of the run, 0 to 1. */
static double shape_at(const struct course *course, double t)
{
    double turn = course->cycles * t + course->phase;
    double wave = 1;
    if (course->shape == SHAPE_SAW)
        wave = turn - floor(turn);
    else if (course->shape == SHAPE_RHYTHM)
        wave = 0.5 - 0.5 * cos(2 * PI * turn);
    else if (course->shape == SHAPE_STEPS) {
        wave = 0;
        for (size_t i = 0; i < course->steps; i++)
            if (t >= course->step_at[i])
                wave = course->step_level[i];
        return wave;
    }
    return 1 - course->depth + course->depth * wave;
}

static double course_at(const struct course *course, double t, uint64_t *random)
{
    double value = course->level * shape_at(course, t);
    if (t >= course->phase_at)
        value *= course->phase_level;
    if (course->checkpoints * t - floor(course->checkpoints * t) > 1 - CHECKPOINT_SHARE)
        value += course->checkpoint_height * (0.2 + 0.8 * t);
    if (course->rise > 0 && t > course->leak_from)
        value += course->rise * (t - course->leak_from) / (1 - course->leak_from);
    value += course->noise * fmin(fmax(gauss(random), -3.5), 3.5);
    double start = course->start_share;
    if (start > 0 && course->start_is_exponential)
        value *= 1 - exp(-5 * t / start);
    else if (start > 0 && t < start)
        value *= t / start;
    if (course->release_share > 0 && t > 1 - course->release_share)
        value *= 0.02;
    return course->system + fmax(value, 0);
}

/* Makes levels that only rise, or rise and fall. The last level lasts for at least 0.16 of the run. If levels only
 * rise, it also lasts longer than the others; otherwise the rise would look unfinished. */
static void make_steps(struct course *course, uint64_t *random)
{
    bool climbs = chance(random, 0.5);
    course->steps = one_of(random, 2, STEPS_MAX);
    double most = 0.84 - course->release_share;
    if (climbs)
        most = fmin(most, (1 - course->release_share) / (1 + 1.5 / (double)(course->steps - 1)));
    double last_at = uniform(random, fmin(0.45, most), most);
    for (size_t i = 0; i < course->steps; i++) {
        course->step_at[i] = last_at * (double)i / (double)(course->steps - 1);
        course->step_level[i] = climbs ? (double)(i + 1) / (double)course->steps : uniform(random, 0.2, 1);
    }
    course->step_level[one_of(random, climbs ? course->steps - 1 : 0, course->steps - 1)] = 1;
}

/* With `is_cut`, some nodes may end long before the others, so the start-up must also be short for their run. With
 * `has_gap`, enough of the run must remain after the start-up. */
static void make_course(struct course *course, const struct job *job, bool is_cut, bool has_gap, uint64_t *random)
{
    double samples = (double)job->samples;
    memset(course, 0, sizeof *course);
    course->shape = (enum shape)one_of(random, 0, SHAPE_COUNT - 1);
    bool is_wave = course->shape == SHAPE_SAW || course->shape == SHAPE_RHYTHM;
    if (is_cut && (course->shape == SHAPE_STEPS || (is_wave && samples < 6 * CUT_CYCLES)))
        course->shape = SHAPE_PLATEAU; /* its steps would not stop, its waves not return */
    course->level = uniform(random, 0.12, 0.75);
    course->system = uniform(random, 0.008, 0.03);
    double least = is_cut ? CUT_CYCLES : 3;
    course->cycles = fmax(log_uniform(random, least, fmax(fmin(200, samples / 6), least + 0.1)), least);
    course->phase = uniform(random, 0, 1);
    if (course->shape == SHAPE_SAW || course->shape == SHAPE_RHYTHM)
        course->depth = uniform(random, 0.15, 0.9);
    if (course->shape == SHAPE_SAW &&
        course->cycles * course->depth * course->level > STEP_MAX * (samples - 1)) /* (1) */
        course->cycles = (samples - 1) / floor((samples - 1) / course->cycles);
    course->noise = chance(random, 0.5) ? 0 : log_uniform(random, 1e-4, 0.01) * course->level;
    if (course->shape == SHAPE_NOISE)
        course->noise = uniform(random, 0.01, 0.06) * course->level;
    if (course->shape != SHAPE_STEPS && chance(random, 0.4)) {
        course->start_share = uniform(random, 0.02, is_cut ? 0.1 : has_gap ? 0.2 : 0.4);
        course->start_is_exponential = chance(random, 0.5);
    }
    if (chance(random, 0.3))
        course->release_share = uniform(random, 1.5 / samples, 0.08);
    if (course->shape == SHAPE_STEPS)
        make_steps(course, random);
}

/* Turns some plateaus into other work without a leak: a second phase with another level, or checkpoints that need more
 * memory each time. Has its own random numbers, so that the other jobs stay the same. */
static void vary_plateau(struct course *course, const struct job *job)
{
    uint64_t random = job->seed ^ UINT64_C(0x5bd1e9955bd1e995);
    double dice = uniform(&random, 0, 1);
    course->phase_level = 1;
    if (course->shape != SHAPE_PLATEAU)
        return;
    if (dice < 0.25) {
        course->phase_at = uniform(&random, 0.45, 0.75);
        course->phase_level = fmin(uniform(&random, 0.3, 2), 0.9 / course->level);
    } else if (dice < 0.5 && job->samples >= 100) {
        course->checkpoints = log_uniform(&random, 4, (double)job->samples / 10);
        course->checkpoint_height = fmin(uniform(&random, 0.05, 0.4), 0.93 - course->level);
    }
}

/* Turns a course into a leak. */
static void make_leak(struct course *course, const struct job *job, bool has_gap, uint64_t *random)
{
    double samples = (double)job->samples;
    bool waves = course->shape == SHAPE_SAW || course->shape == SHAPE_RHYTHM;
    course->phase_level = 1;
    if (course->shape == SHAPE_STEPS)
        course->shape = SHAPE_PLATEAU;
    course->leak_from = chance(random, 0.6) || (waves && samples < 80) ? 0 : uniform(random, 0, 0.38);
    course->rise = uniform(random, 0.13, 0.6);
    if (waves && samples < 80) /* of few minima, none is at the start or at the end of the growth */
        course->rise = fmax(course->rise, 0.18);
    course->level = uniform(random, 0.02, 0.95 - course->rise - course->system);
    if (waves) {
        course->level = uniform(random, 0.1, 1.5) * course->rise;
        course->level = fmin(course->level, 0.94 - course->rise - course->system);
        course->depth = uniform(random, 0.5, 1);
        /* fewer cycles look like steps that stop, or too few remain next to a gap */
        double least = course->leak_from > 0 || has_gap ? 6 : samples < 80 ? 4.5 : 3.3;
        course->cycles = fmax(log_uniform(random, least, fmax(samples / 8, least + 0.1)), least);
        if (samples / course->cycles < 5)
            course->depth = 0; /* too few samples for teeth */
        /* Minima are only recorded to within the change from sample to sample: it must be small against the rise. */
        double changes = course->depth * course->cycles / samples;
        course->level = fmin(course->level, STEP_LEAK * course->rise / fmax(changes, 1e-9));
    }
    /* Waves that nearly cancel the growth make steps of it, and few samples do not show which of them it is. */
    double cancelled = PI * course->cycles * course->depth * course->level / course->rise;
    if (course->shape == SHAPE_RHYTHM && samples < 80 && is_between(cancelled, 0.6, 2.5))
        course->depth = 0;
    course->noise = chance(random, 0.4) ? 0 : log_uniform(random, 1e-4, samples < 200 ? 0.04 : 0.1) * course->rise;
    course->start_share = chance(random, 0.5) ? 0 : uniform(random, 0.01, 0.05);
}

static void fill_values(struct job_node *node, const struct course *course, uint64_t *random)
{
    for (size_t i = 0; i < node->count; i++)
        node->value[i] = (float)course_at(course, (double)i / (double)(node->count - 1), random);
    if (course->shape != SHAPE_SPIKES)
        return;
    size_t spikes = one_of(random, 2, 9), width = one_of(random, 1, 1 + node->count / 100);
    double height = uniform(random, 0.02, 0.2);
    bool has_late = false;
    for (size_t k = 0; k < spikes; k++) {
        size_t at = one_of(random, 0, node->count - 1 - width);
        /* What was released has no spikes, and one after the other at the end are a step. */
        bool is_late = at + width >= (size_t)((0.85 - course->release_share) * (double)node->count);
        if (at + width >= (size_t)((1 - course->release_share) * (double)node->count) || (is_late && has_late))
            continue;
        has_late |= is_late;
        for (size_t i = at; i < at + width; i++)
            node->value[i] = fminf(node->value[i] + (float)height, 0.97f);
    }
}

/* ---- stories ---- */

/* Marks about `share` of the nodes, at least one. */
static void pick(const struct job *job, uint64_t *random, double share, bool *picked)
{
    size_t wanted = (size_t)(share * (double)job->node_count + 0.5);
    memset(picked, 0, job->node_count * sizeof *picked);
    for (size_t i = 0; i < (wanted > 0 ? wanted : 1); i++)
        picked[one_of(random, 0, job->node_count - 1)] = true;
}

/* Returns the share for one node, a few nodes, or all. */
static double some_share(const struct job *job, uint64_t *random)
{
    double dice = uniform(random, 0, 1);
    return dice < 0.5 ? 0 : dice < 0.75 ? uniform(random, 0, 0.4) : job->node_count == 1 ? 1 : 3;
}

static void scale_values(struct job_node *node, double factor, double most)
{
    float highest = 0;
    for (size_t i = 0; i < node->count; i++)
        highest = fmaxf(highest, node->value[i]);
    factor = fmin(factor, most / (double)highest);
    for (size_t i = 0; i < node->count; i++)
        node->value[i] *= (float)factor;
    node->leak_rate *= factor;
}

/* Kills the job on a node: its memory is released. The log continues, ends there, or all logs end. */
static void kill_node(struct job *job, struct job_node *node, uint64_t *random)
{
    bool ends = chance(random, 0.3) && job->node_count > 1;
    double at = uniform(random, node->leaks && ends ? 0.92 : 0.4, 0.97); /* a part of a leak need not look like one */
    node->kill_at = (size_t)(at * (double)(node->count - 1));
    node->is_killed_by_srun = chance(random, 0.4);
    if (node->leaks && at < 0.92 && !ends) {
        node->leaks = false;
        if (at > 0.86)
            node->kill_at = (size_t)(0.8 * (double)(node->count - 1));
    }
    if (node->leaks && ends && node->kill_at < 31)
        node->kill_at = node->count - 1;
    if (ends)
        node->count = node->kill_at + 1;
    for (size_t i = node->kill_at + 1; i < node->count; i++)
        node->value[i] = 0.02f;
}

static void swap_node(const struct job *job, struct job_node *node, bool is_news, uint64_t *random)
{
    double from = is_news ? uniform(random, 0.1, 0.8) : 0, rise = is_news ? uniform(random, 0.014, 0.06) : 0;
    double base = is_news && chance(random, 0.5) ? 0 : uniform(random, 0.002, 0.05);
    double length = uniform(random, 0.01, 0.19);
    node->swap = calloc(job->samples, sizeof *node->swap);
    for (size_t i = 0; node->swap != NULL && i < node->count; i++) {
        double t = (double)i / (double)(node->count - 1);
        node->swap[i] = (float)(base + rise * fmin(fmax((t - from) / length, 0), 1));
    }
}

/* The stories that a job should have. Labels are derived from the resulting samples. */
struct plan {
    bool kill, limit, early, leak, swap, old_swap, idle, gap, uneven, full, late;
    bool has_steps; /* the last step must be visibly finished */
};

static void tell_each(struct job *job, const struct plan *plan, bool *picked, uint64_t *random)
{
    double n = (double)job->samples;
    if (plan->uneven)
        scale_values(&job->node[one_of(random, 0, job->node_count - 1)], uniform(random, 1.3, 3), 0.88);
    pick(job, random, some_share(job, random), picked);
    for (size_t i = 0; i < job->node_count && plan->full; i++)
        if (picked[i])
            scale_values(&job->node[i], 100, uniform(random, 0.91, 0.99));
    pick(job, random, uniform(random, 0, 0.3), picked);
    for (size_t i = 0; i < job->node_count && plan->idle; i++)
        for (size_t k = 0; picked[i] && k < job->node[i].count; k++) {
            job->node[i].leaks = false;
            job->node[i].value[k] = 0.01f + 0.0001f * (float)(k % 7);
        }
    pick(job, random, some_share(job, random), picked);
    for (size_t i = 0; i < job->node_count && plan->kill; i++)
        if (picked[i])
            kill_node(job, &job->node[i], random);
    pick(job, random, uniform(random, 0, 0.3), picked);
    for (size_t i = 0; i < job->node_count && plan->early; i++)
        if (picked[i] && job->node[i].kill_at == NONE && !job->node[i].leaks)
            job->node[i].count = (size_t)(uniform(random, 0.3, fmin(0.95, 1 - 5.5 / n)) * n);
    pick(job, random, uniform(random, 0, 0.5), picked);
    for (size_t i = 0; i < job->node_count && (plan->late || plan->gap); i++) {
        struct job_node *node = &job->node[i];
        if (plan->late && picked[i])
            node->start_s = job->interval_s * floor(uniform(random, 0, n));
        /* Nobody knows until when a leak went on that ends within a gap. */
        bool is_cut_leak = node->leak_rate > 0 && !node->leaks;
        if (plan->gap && picked[i] && node->count >= (node->leaks ? 40 : 20) && !is_cut_leak) {
            node->gap_count =
                (size_t)ceil(fmax(uniform(random, 0.065, node->leaks ? 0.2 : 0.4) * (double)node->count, 3));
            /* The samples after the gap must show that a last step stops, or that a leak continues to the end. */
            size_t last = plan->has_steps || node->leaks ? node->count * 3 / 4 : node->count;
            node->gap_at = one_of(random, 3, last - node->gap_count - 4);
        }
    }
    pick(job, random, some_share(job, random), picked);
    for (size_t i = 0; i < job->node_count && (plan->swap || plan->old_swap); i++)
        if (picked[i] || plan->old_swap)
            swap_node(job, &job->node[i], plan->swap && picked[i], random);
}

static void make_plan(struct plan *plan, const struct job *job, uint64_t *random)
{
    size_t stories = chance(random, 0.25) ? 0 : chance(random, 0.6) ? 1 : one_of(random, 2, 4);
    memset(plan, 0, sizeof *plan);
    for (size_t i = 0; i < stories; i++) {
        bool *const wanted[] = {&plan->kill, &plan->limit, &plan->early, &plan->leak,   &plan->swap,
                                &plan->idle, &plan->gap,   &plan->full,  &plan->uneven, &plan->leak};
        *wanted[one_of(random, 0, 9)] = true;
    }
    plan->old_swap = chance(random, 0.2);
    plan->late = chance(random, 0.2);
    if (job->node_count < 2)
        plan->early = plan->late = false;
    if (job->node_count < 4)
        plan->idle = plan->uneven = false;
}

/* ---- labels ---- */

static bool is_missing(const struct job_node *node, size_t i)
{
    return node->gap_at != NONE && i > node->gap_at && i <= node->gap_at + node->gap_count;
}

static double time_of(const struct job *job, const struct job_node *node, size_t i)
{
    double first_s = INFINITY;
    for (size_t k = 0; k < job->node_count; k++)
        first_s = fmin(first_s, job->node[k].start_s);
    return node->start_s - first_s + (double)i * job->interval_s;
}

/* Returns the time of a kill: that of the last existing sample before it. */
static double kill_time(const struct job *job, const struct job_node *node)
{
    return time_of(job, node, is_missing(node, node->kill_at) ? node->gap_at : node->kill_at);
}

static double peak_kib(const struct job_node *node)
{
    float peak = 0;
    for (size_t i = 0; i < node->count; i++)
        if (!is_missing(node, i))
            peak = fmaxf(peak, node->value[i]);
    return (double)peak * node->total_kib;
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median_of(double *value, size_t count)
{
    qsort(value, count, sizeof *value, compare_doubles);
    return count % 2 == 1 ? value[count / 2] : (value[count / 2 - 1] + value[count / 2]) / 2;
}

static void expect(struct job *job, enum story story, size_t node, double at_s)
{
    struct label *label = &job->label[story];
    label->is_expected = true;
    if (!label->has[node])
        label->count++;
    label->has[node] = true;
    label->at_s = fmin(label->at_s, at_s);
}

/* Labels the findings that compare a node's samples with its limits. Returns false in a grey zone. */
static bool label_levels(struct job *job, size_t number)
{
    struct job_node *node = &job->node[number];
    double peak = peak_kib(node), limit = job->limit_kib,
           level = fmin(node->total_kib, isnan(limit) ? INFINITY : limit);
    bool is_above = peak > limit;
    if (is_between(peak / node->total_kib, 0.84, 0.905) || is_between(peak / level, 0.84, 0.905) ||
        is_between(peak / limit, 0.995, 1.01))
        return false;
    for (size_t i = 0; is_above && i < node->count; i++)
        if (!is_missing(node, i) && (double)node->value[i] * node->total_kib > limit) {
            expect(job, STORY_ABOVE_LIMIT, number, time_of(job, node, i));
            break;
        }
    if (!is_above && peak >= 0.9 * level)
        expect(job, STORY_NEAR_LIMIT, number, INFINITY);
    double low = INFINITY, rise = 0;
    for (size_t i = 0; node->swap != NULL && i < node->count; i++)
        if (!is_missing(node, i)) {
            low = fmin(low, (double)node->swap[i]);
            rise = fmax(rise, (double)node->swap[i] - low);
        }
    if (is_between(rise, 0.002, 0.012))
        return false;
    if (rise > 0.01)
        expect(job, STORY_SWAPPED, number, INFINITY);
    return true;
}

/* Labels the findings that compare nodes with each other. Returns false in a grey zone. */
static bool label_peers(struct job *job, double *peak, double *length_s)
{
    size_t n = job->node_count, highest = 0;
    for (size_t i = 0; i < n; i++) {
        peak[i] = peak_kib(&job->node[i]);
        length_s[i] = (double)(job->node[i].count - 1) * job->interval_s;
        highest = peak[i] > peak[highest] ? i : highest;
    }
    double median = median_of(peak, n), usual_s = median_of(length_s, n);
    double total_kib = job->node[0].total_kib;
    double ratio = peak_kib(&job->node[highest]) / median;
    if (n >= 3 && is_between(ratio, 1.09, 1.26))
        return false;
    if (n >= 3 && ratio >= 1.25)
        expect(job, STORY_UNEVEN, highest, INFINITY);
    if (is_between(median / total_kib, 0.045, 0.055))
        return false;
    bool starts_apart = false;
    for (size_t i = 0; i < n; i++) {
        const struct job_node *node = &job->node[i];
        double share = peak_kib(node) / median, own_s = (double)(node->count - 1) * job->interval_s;
        double missing_s = usual_s - own_s, end = time_of(job, node, node->count - 1);
        if (is_between(share, 0.09, 0.11) && n >= 2)
            return false;
        if (share < 0.1 && median > 0.05 * total_kib && n >= 2)
            expect(job, STORY_IDLE, i, INFINITY);
        bool is_short = missing_s > 5 * job->interval_s && missing_s > 0.02 * usual_s;
        if (!is_short && missing_s > 0.5 * job->interval_s)
            return false;
        starts_apart |= node->start_s > 0;
        if (is_short)
            expect(job, STORY_ENDED_EARLY, i, end);
    }
    return !(starts_apart && job->label[STORY_ENDED_EARLY].is_expected);
}

static bool make_labels(struct job *job)
{
    double *peak = malloc(job->node_count * sizeof *peak), *length_s = malloc(job->node_count * sizeof *length_s);
    for (int story = 0; story < STORY_COUNT; story++) {
        struct label *label = &job->label[story];
        label->is_expected = false;
        label->count = 0;
        label->at_s = INFINITY;
        memset(label->has, 0, job->node_count * sizeof *label->has);
    }
    bool ok = peak != NULL && length_s != NULL && label_peers(job, peak, length_s);
    for (size_t i = 0; ok && i < job->node_count; i++) {
        const struct job_node *node = &job->node[i];
        ok = label_levels(job, i);
        if (node->kill_at != NONE)
            expect(job, STORY_KILLED, i, kill_time(job, node));
        if (node->leaks)
            expect(job, STORY_GROWING, i, INFINITY);
        if (node->gap_at != NONE)
            expect(job, STORY_GAP, i, INFINITY);
    }
    free(peak);
    free(length_s);
    return ok;
}

/* ---- making ---- */

/* Chooses the size of a job. */
static void choose_size(struct job *job, uint64_t *random)
{
    double dice = uniform(random, 0, 1);
    if (dice < 0.68) {
        job->node_count = one_of(random, 1, 16);
        job->samples = (size_t)log_uniform(random, 30, 500);
    } else if (dice < 0.90) {
        job->node_count = (size_t)log_uniform(random, 1, 64);
        job->samples = (size_t)log_uniform(random, 400, fmax(10000.0 / (double)job->node_count, 401));
    } else if (dice < 0.97) {
        job->node_count = (size_t)log_uniform(random, 60, 2000);
        job->samples = (size_t)log_uniform(random, 30, fmax(40000.0 / (double)job->node_count, 31));
    } else {
        job->node_count = one_of(random, 1, 2);
        job->samples = (size_t)log_uniform(random, 20000, 100001);
    }
    static const double intervals[] = {1, 2, 5, 10, 30, 60};
    job->interval_s = intervals[one_of(random, 0, 5)];
}

static bool fill_nodes(struct job *job, const struct plan *plan, bool *picked, bool *leaks, uint64_t *random)
{
    struct course common, leak;
    static const double totals[] = {16, 62.8, 251.6, 503.4};
    double total_kib = totals[one_of(random, 0, 3)] * 1048576;
    make_course(&common, job, plan->kill || plan->early, plan->gap, random);
    vary_plateau(&common, job);
    leak = common;
    make_leak(&leak, job, plan->gap, random);
    pick(job, random, some_share(job, random), leaks);
    uint64_t own_random = job->seed ^ UINT64_C(0xc2b2ae3d27d4eb4f);
    bool releases_in_waves = common.shape == SHAPE_PLATEAU && chance(&own_random, 0.2);
    for (size_t i = 0; i < job->node_count; i++) {
        struct job_node *node = &job->node[i];
        bool is_leak = plan->leak && leaks[i];
        struct course course = is_leak ? leak : common;
        float *value = node->value;
        free(node->swap);
        memset(node, 0, sizeof *node);
        snprintf(node->name, sizeof node->name, "nid%05zu", i + 1);
        node->value = value;
        node->total_kib = 4 * floor(total_kib / 4); /* whole pages */
        node->count = job->samples;
        node->gap_at = node->kill_at = NONE;
        node->leaks = is_leak;
        /* Nodes that have no more work release their memory one after the other. */
        if (releases_in_waves && !is_leak)
            course.release_share = uniform(&own_random, 0.02, 0.5);
        course.level *= uniform(random, 0.97, 1);
        course.phase += uniform(random, 0, 0.05);
        fill_values(node, &course, random);
        double run_s = (double)(job->samples - 1) * job->interval_s;
        node->leak_rate = is_leak ? course.rise / (1 - course.leak_from) / run_s : 0;
    }
    struct plan told = *plan;
    told.has_steps = common.shape == SHAPE_STEPS;
    tell_each(job, &told, picked, random);
    job->limit_kib = NAN;
    if (plan->limit)
        job->limit_kib =
            floor(uniform(random, 0.5, 1.4) * peak_kib(&job->node[one_of(random, 0, job->node_count - 1)]));
    job->has_job_rows = chance(random, 0.25);
    job->is_stamped = plan->gap || chance(random, 0.15);
    snprintf(job->text, sizeof job->text, "%zu nodes x %zu samples, %s%s%s%s%s%s%s%s%s%s%s%s%s%s%s", job->node_count,
             job->samples, shape_names[common.shape], common.phase_level != 1 ? " phases" : "",
             common.checkpoints > 0 ? " checkpoints" : "", releases_in_waves ? " waves" : "", plan->kill ? " kill" : "",
             plan->limit ? " limit" : "", plan->early ? " early" : "", plan->leak ? " leak" : "",
             plan->swap ? " swap" : "", plan->old_swap ? " old-swap" : "", plan->idle ? " idle" : "",
             plan->gap ? " gap" : "", plan->uneven ? " uneven" : "", plan->late ? " late" : "",
             job->has_job_rows ? " job-rows" : "");
    return true;
}

/* Returns true if all values fit into their nodes. */
static bool is_possible(const struct job *job)
{
    for (size_t i = 0; i < job->node_count; i++)
        if (peak_kib(&job->node[i]) > 0.995 * job->node[i].total_kib)
            return false;
    return true;
}

bool job_make(struct job *job, uint64_t seed)
{
    memset(job, 0, sizeof *job);
    job->seed = seed;
    job->random = seed * UINT64_C(0x2545f4914f6cdd1d) + 1;
    uint64_t *random = &job->random;
    struct plan plan;
    choose_size(job, random);
    make_plan(&plan, job, random);
    size_t n = job->node_count;
    job->node = calloc(n, sizeof *job->node);
    bool *picked = calloc(n, sizeof *picked), *leaks = calloc(n, sizeof *leaks);
    bool ok = job->node != NULL && picked != NULL && leaks != NULL, done = false;
    for (size_t i = 0; ok && i < n; i++)
        ok = (job->node[i].value = malloc(job->samples * sizeof(float))) != NULL;
    for (int story = 0; ok && story < STORY_COUNT; story++)
        ok = (job->label[story].has = calloc(n, sizeof(bool))) != NULL;
    for (int attempt = 0; ok && !done && attempt < ATTEMPTS; attempt++) {
        if (attempt > 0 && attempt % 40 == 0)
            make_plan(&plan, job, random); /* these stories contradict each other */
        ok = fill_nodes(job, &plan, picked, leaks, random);
        done = ok && is_possible(job) && make_labels(job);
    }
    free(picked);
    free(leaks);
    return ok && done;
}

void job_free(struct job *job)
{
    for (size_t i = 0; i < job->node_count && job->node != NULL; i++) {
        free(job->node[i].value);
        free(job->node[i].swap);
    }
    free(job->node);
    for (int story = 0; story < STORY_COUNT; story++)
        free(job->label[story].has);
    memset(job, 0, sizeof *job);
}
