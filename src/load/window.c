/* SPDX-License-Identifier: MIT */
/* window: decides which samples a window selects by the times that are shown. */
#include "window.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/groups.h"

/* Returns true if a log has samples of this node, inside the window or not. */
static bool has_samples(const struct ingest_node *reading)
{
    return reading->outside > 0 || reading->node.line[TRACE_MAIN].stats.count > 0 ||
           reading->of_job[TRACE_MAIN].stats.count > 0;
}

/* Adds a node to the trace with nothing but the time of its run. */
static bool add_outline(const struct ingest *ingest, const struct ingest_node *reading, struct trace *trace)
{
    struct node node = ingest_look(ingest, reading, trace->quantity);
    memset(node.line, 0, sizeof node.line);
    node.line[TRACE_MAIN].stats.count = 1;
    node.line[TRACE_MAIN].stats.last_s = reading->last_s;
    node.event = NULL;
    node.event_count = node.event_capacity = 0;
    char *name = strdup(node.name), *source = strdup(node.source);
    if (name != NULL && node.host[0] == '\0')
        utf8_clean(node.host, sizeof node.host, name);
    node.name = name;
    node.source = source;
    bool ok = name != NULL && source != NULL && groups_name_task(trace, &node) && trace_add(trace, &node, NULL);
    if (!ok)
        node_free(&node);
    return ok;
}

/* Returns the number of the first sample, of those at multiples of `step_s`, that is at or after `time_s`; at most
 * `count`. */
static double first_number(double time_s, double step_s, const struct place *place, double count)
{
    return fmin(fmax(ceil((time_s - place->offset_s) / (place->factor * step_s)), 0), count);
}

/* Returns true if a window selects the same samples of a node with both places. */
static bool is_same_selection(const struct load_settings *settings, const struct ingest_node *reading,
                              const struct place *a, const struct place *b)
{
    const double step_s = reading->node.interval_s, count = (double)reading->node.records;
    if (a->offset_s == b->offset_s && a->factor == b->factor)
        return true;
    if (reading->outside == 0 && b->offset_s >= settings->from_s &&
        b->factor * reading->last_s + b->offset_s <= settings->to_s)
        return true;
    if (!reading->node.is_indexed || reading->node.stamped > 0 || !(step_s > 0))
        return false;
    double after_s = nextafter(settings->to_s, INFINITY);
    return first_number(settings->from_s, step_s, a, count) == first_number(settings->from_s, step_s, b, count) &&
           first_number(after_s, step_s, a, count) == first_number(after_s, step_s, b, count);
}

/* Sets the places of a log's nodes from the nodes of `outline`, starting at `*next`. Returns true if the window
 * selected the correct samples. */
static bool place_nodes(struct ingest *ingest, const struct trace *outline, size_t *next)
{
    bool is_same = true;
    for (size_t i = 0; i < ingest->node_count; i++) {
        struct ingest_node *reading = ingest->node[i];
        if (!has_samples(reading))
            continue;
        const struct node *node = &outline->node[(*next)++];
        const struct place assumed = ingest_place(ingest, reading);
        reading->place = (struct place){node_drift(node), node->offset_s, node->clock_error_s};
        is_same &= is_same_selection(ingest->settings, reading, &assumed, &reading->place);
    }
    return is_same;
}

bool window_place(const struct load_settings *settings, struct load_file *file, size_t count, struct trace *trace,
                  bool *again)
{
    struct trace outline = {
        .quantity = trace->quantity,
        .alignment = settings->alignment,
        .grouped_by = settings->grouping == GROUP_NONE ? GROUP_AUTO : settings->grouping,
    };
    size_t next = 0;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        const struct ingest *ingest = &file[i].ingest;
        if (ingest->file == NULL) /* a later part of a log */
            continue;
        for (size_t k = 0; k < ingest->node_count && ok; k++)
            ok = !has_samples(ingest->node[k]) || add_outline(ingest, ingest->node[k], &outline);
    }
    ok = ok && groups_settle_tasks(&outline) && trace_finish(&outline);
    for (size_t i = 0; i < count && ok; i++)
        again[i] = file[i].ingest.file != NULL && !place_nodes(&file[i].ingest, &outline, &next) &&
                   file[i].ingest.file->inode != 0; /* a pipe can be read only once */
    trace->is_placed = ok && outline.count > 0;
    trace->start_epoch_s = outline.start_epoch_s;
    trace->is_aligned = outline.is_aligned;
    trace->has_reruns = outline.has_reruns;
    trace->clocks_far_apart = outline.clocks_far_apart;
    trace_free(&outline);
    return ok;
}

void window_keep(struct ingest *ingest, const struct ingest *before)
{
    ingest->place = calloc(before->node_count + 1, sizeof *ingest->place);
    if (ingest->place == NULL) {
        ingest->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < before->node_count; i++)
        ingest->place[i] = before->node[i]->place;
    ingest->place_count = before->node_count;
}
