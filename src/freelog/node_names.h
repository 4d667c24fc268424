/* SPDX-License-Identifier: MIT */
/* node_names: lists of nodes in the folded form of clush and dshbak: "node[01-03,07],gpu1". */
#ifndef MEMTRACE_FREELOG_NODE_NAMES_H
#define MEMTRACE_FREELOG_NODE_NAMES_H

#include <stdbool.h>

#define NODE_NAMES_MAX 4096 /* names that one list may expand to */

/* Returns the names that `list` expands to, each terminated by a NUL, with another NUL after the last. The caller frees
 * them. Returns NULL if `list` is the name of one node, is not a list, or has more than NODE_NAMES_MAX names, or if
 * memory runs out. */
char *node_names_expand(const char *list);

#endif
