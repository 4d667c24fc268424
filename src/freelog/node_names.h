/* SPDX-License-Identifier: MIT */
/* node_names: lists of nodes as clush and dshbak fold them: "node[01-03,07],gpu1". */
#ifndef MEMTRACE_FREELOG_NODE_NAMES_H
#define MEMTRACE_FREELOG_NODE_NAMES_H

#include <stdbool.h>

#define NODE_NAMES_MAX 4096 /* names that one list may expand to */

/* Returns the names that `list` expands to, each with a NUL after it and another after the last, for the caller to
 * free; NULL when it is the name of one node, no list, one of more than NODE_NAMES_MAX names, or memory runs out. */
char *node_names_expand(const char *list);

#endif
