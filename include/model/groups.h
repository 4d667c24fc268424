/* SPDX-License-Identifier: MIT */
/* groups: which nodes of a trace belong together: tasks of a job array, and runs. */
#ifndef MEMTRACE_MODEL_GROUPS_H
#define MEMTRACE_MODEL_GROUPS_H

#include <stdbool.h>

#include "model/trace.h"

/* Names a node that is about to be added after its task, "4711_17", and if the trace already has that name also after
 * its host: "4711_17 nid003". Does nothing if the node is not a task of an array. Returns false if out of memory. */
bool groups_name_task(const struct trace *trace, struct node *node);

/* After the last trace_add: adds the host's name to all nodes of a task that ran on several, and sets is_array and
 * task_count. Returns false if out of memory; the trace remains valid. */
bool groups_settle_tasks(struct trace *trace);

/* Reduces each group to one node: the one with the highest peak (lowest low if low values matter), named after the
 * group: its folder's last name (the whole path where two have the same), its job, or its host. Sets grouped_by and
 * group_size. Does nothing for GROUP_NONE. Returns false if out of memory; the trace may then lack nodes. */
bool groups_make(struct trace *trace, enum trace_grouping by);

#endif
