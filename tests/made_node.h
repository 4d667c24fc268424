/* SPDX-License-Identifier: MIT */
/* Nodes with made-up samples, for the unit tests. */
#ifndef MEMTRACE_TESTS_MADE_NODE_H
#define MEMTRACE_TESTS_MADE_NODE_H

#include <stdio.h>

#include "model/trace.h"
#include "unit.h"

/* Prepares a node without samples, with a name formatted as by printf(3). trace_add takes ownership of its contents. */
__attribute__((format(printf, 4, 5))) static inline void made_node_init(struct node *node, double interval_s,
                                                                        size_t bucket_limit, const char *format, ...)
{
    va_list arguments;
    node_init(node, bucket_limit);
    va_start(arguments, format);
    assert_true(vasprintf(&node->name, format, arguments) >= 0);
    va_end(arguments);
    assert_true(asprintf(&node->source, "x.log") >= 0);
    node->interval_s = interval_s;
}

/* Appends a sample of the plotted quantity, of what it is a part of, and of the node's memory. */
static inline void made_node_append(struct node *node, double time_s, double value, double total)
{
    assert_true(series_append(&node->line[TRACE_MAIN], time_s, value));
    assert_true(series_append(&node->line[TRACE_TOTAL], time_s, total));
    assert_true(series_append(&node->line[TRACE_MEMORY], time_s, total));
}

#endif
