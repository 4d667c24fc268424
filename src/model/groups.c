/* SPDX-License-Identifier: MIT */
/* groups: the names of array tasks and the choice of one node per group. Independent of files and options. */
#include "model/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static char *task_name(const struct node *node, bool with_host)
{
    char *name;
    int length =
        asprintf(&name, "%s_%s%s%s", node->array, node->task, with_host ? " " : "", with_host ? node->host : "");
    return length < 0 ? NULL : name;
}

static bool is_task(const struct node *node)
{
    return node->array[0] != '\0' && node->task[0] != '\0';
}

bool groups_name_task(const struct trace *trace, struct node *node)
{
    if (!is_task(node))
        return true;
    char *name = task_name(node, false);
    if (name != NULL && node->host[0] != '\0' && trace_find(trace, name) < trace->count) {
        free(name);
        name = task_name(node, true);
    }
    if (name == NULL)
        return false;
    free(node->name);
    node->name = name;
    return true;
}

/* Names a node after its task and its host. */
static bool add_host(struct trace *trace, size_t index)
{
    struct node *node = &trace->node[index];
    char *name = task_name(node, true);
    if (name == NULL || trace_find(trace, name) < trace->count ||
        !map_put(&trace->by_name, name, strlen(name), index)) {
        free(name);
        return name != NULL;
    }
    char *before = node->name;
    node->name = name;
    /* The map keeps the pointer of the old key: it must point to memory that stays. */
    map_remove(&trace->by_name, before, strlen(before));
    free(before);
    return true;
}

bool groups_settle_tasks(struct trace *trace)
{
    struct map first = {0}; /* node of each task */
    bool ok = true;
    size_t tasks = 0;
    char **key = calloc(trace->count + 1, sizeof *key);
    bool *is_shared = calloc(trace->count + 1, sizeof *is_shared);
    ok = key != NULL && is_shared != NULL;
    trace->is_array = trace->count > 0;
    for (size_t i = 0; i < trace->count && ok; i++) {
        if (!is_task(&trace->node[i])) {
            trace->is_array = false;
            continue;
        }
        key[i] = task_name(&trace->node[i], false);
        size_t found = key[i] == NULL ? MAP_NONE : map_find(&first, key[i], strlen(key[i]));
        if (found != MAP_NONE) {
            is_shared[found] = true;
            continue;
        }
        tasks++;
        ok = key[i] != NULL && map_put(&first, key[i], strlen(key[i]), i);
    }
    for (size_t i = 0; i < trace->count && ok; i++)
        ok = !is_shared[i] || add_host(trace, i);
    trace->is_array = trace->is_array && tasks > 1;
    trace->task_count = trace->is_array ? tasks : 0;
    for (size_t i = 0; i < trace->count && key != NULL; i++)
        free(key[i]);
    free(key);
    free(is_shared);
    map_free(&first);
    return ok;
}

/* ---- runs ---- */

/* The key of a node's group, for the caller to free. */
static char *group_key(const struct node *node, enum trace_grouping by)
{
    const char *slash;
    switch (by) {
    case GROUP_FOLDER:
        slash = strrchr(node->source, '/');
        return slash == NULL ? strdup(".")
                             : strndup(node->source, slash == node->source ? 1 : (size_t)(slash - node->source));
    case GROUP_JOB:
        return strdup(node->job[0] == '\0' ? "no job" : node->job);
    case GROUP_NODE:
        return strdup(node->host[0] == '\0' ? node->name : node->host);
    default:
        return strdup(node->name);
    }
}

static const char *last_name(const char *path)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): every node has a key */
    const char *slash = strrchr(path, '/');
    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

static bool is_worse(const struct trace *trace, const struct node *node, const struct node *than)
{
    const struct series_stats *left = &node->line[TRACE_MAIN].stats, *right = &than->line[TRACE_MAIN].stats;
    return trace_low_is_news(trace) ? left->min < right->min : left->max > right->max;
}

/* Moves the worst node of each group to the front; stores their keys in `key` and returns their number. */
static size_t gather(struct trace *trace, enum trace_grouping by, char **key, bool *ok)
{
    struct map groups = {0};
    size_t count = 0;
    for (size_t i = 0; i < trace->count; i++) {
        struct node node = trace->node[i];
        char *own = group_key(&node, by);
        size_t found = own == NULL ? MAP_NONE : map_find(&groups, own, strlen(own));
        node.group_size = 1;
        if (found == MAP_NONE) {
            *ok = *ok && own != NULL && map_put(&groups, own, strlen(own), count);
            key[count] = own;
            memset(&trace->node[i], 0, sizeof trace->node[i]);
            trace->node[count++] = node;
            continue;
        }
        struct node *kept = &trace->node[found];
        size_t size = kept->group_size + 1;
        free(own);
        if (is_worse(trace, &node, kept)) {
            node_free(kept);
            *kept = node;
        } else {
            node_free(&node);
        }
        kept->group_size = size;
        memset(&trace->node[i], 0, sizeof trace->node[i]);
    }
    map_free(&groups);
    return count;
}

/* Names the groups: by the last name of a folder if no other group has it. */
static bool name_groups(struct trace *trace, enum trace_grouping by, char *const *key)
{
    struct map names = {0};
    bool ok = true;
    for (size_t i = 0; i < trace->count && ok && by == GROUP_FOLDER; i++) {
        const char *name = last_name(key[i]);
        size_t found = map_find(&names, name, strlen(name));
        ok = map_put(&names, name, strlen(name), found == MAP_NONE ? 1 : found + 1);
    }
    for (size_t i = 0; i < trace->count && ok; i++) {
        const char *name = last_name(key[i]);
        bool is_short = by == GROUP_FOLDER && map_find(&names, name, strlen(name)) == 1;
        char *copy = strdup(is_short ? name : key[i]);
        ok = copy != NULL && map_put(&trace->by_name, copy, strlen(copy), i);
        if (copy != NULL) {
            free(trace->node[i].name);
            trace->node[i].name = copy;
        }
    }
    map_free(&names);
    return ok;
}

bool groups_make(struct trace *trace, enum trace_grouping by)
{
    bool ok = true;
    if (by == GROUP_NONE || trace->count == 0)
        return true;
    char **key = calloc(trace->count, sizeof *key);
    if (key == NULL)
        return false;
    map_free(&trace->by_name);
    size_t count = trace->count, groups = gather(trace, by, key, &ok);
    trace->count = groups;
    trace->grouped_by = by;
    ok = ok && name_groups(trace, by, key);
    for (size_t i = 0; i < count; i++)
        free(key[i]);
    free(key);
    return ok;
}
