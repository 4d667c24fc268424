/* SPDX-License-Identifier: MIT */
/* labels: the assignment of labels to files and runs. Independent of options and plots. */
#include "cli/labels.h"

#include <fnmatch.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/utf8.h"
#include "load/input.h"

#define NAME_BYTES_MAX 120

static bool exists(const char *path)
{
    struct stat status;
    return strcmp(path, "-") == 0 || stat(path, &status) == 0;
}

static bool check_name(const char *name, struct error *error)
{
    bool is_shown = true;
    for (const char *at = name; *at != '\0';)
        is_shown &= utf8_is_shown(utf8_next(&at));
    if (*name != '\0' && is_shown && strlen(name) <= NAME_BYTES_MAX)
        return true;
    return error_set(error, NULL, 0, "a label must be 1 to %d bytes without control characters, not '%.*s'%s",
                     NAME_BYTES_MAX, NAME_BYTES_MAX, name, strlen(name) > NAME_BYTES_MAX ? "..." : "");
}

/* ---- operands ---- */

static bool add(struct labels *labels, const struct operand *operand, struct error *error)
{
    if (operand->path == NULL ||
        !array_grow(&labels->operand, &labels->capacity, labels->count, sizeof *labels->operand)) {
        free(operand->path);
        return error_memory(error, NULL);
    }
    labels->operand[labels->count++] = *operand;
    labels->runs = operand->run > labels->runs ? operand->run : labels->runs;
    return true;
}

/* Returns true if a text names existing files, directly or by a wildcard. */
static bool names_files(const char *text)
{
    glob_t found;
    if (exists(text) || strpbrk(text, "*?[") == NULL)
        return exists(text);
    bool matches = glob(text, GLOB_NOSORT, NULL, &found) == 0;
    globfree(&found);
    return matches;
}

/* The `=` that ends the file in FILE=NAME, NULL without one: the last one that follows the name of an existing file, as
 * names can contain `=`. Sets `*failed` if out of memory. */
static const char *find_name(const char *text, bool *failed)
{
    const char *found = NULL;
    if (names_files(text))
        return NULL;
    for (const char *at = strchr(text, '='); at != NULL; at = strchr(at + 1, '=')) {
        char *path = strndup(text, (size_t)(at - text));
        *failed |= path == NULL;
        if (path != NULL && *path != '\0' && names_files(path))
            found = at;
        free(path);
    }
    return found;
}

bool labels_add(struct labels *labels, const char *text, size_t run, struct error *error)
{
    bool failed = false;
    const char *at = find_name(text, &failed);
    struct operand operand = {.text = text, .run = run, .is_listed = true};
    if (failed)
        return error_memory(error, NULL);
    if (at != NULL && !check_name(at + 1, error))
        return false;
    operand.path = at == NULL ? strdup(text) : strndup(text, (size_t)(at - text));
    operand.name = at == NULL ? NULL : at + 1;
    return add(labels, &operand, error);
}

/* Length of a path without slashes at its end. */
static size_t path_length(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

/* Returns true if two paths are equal except for repeated or trailing slashes. */
static bool is_same_path(const char *one, const char *other)
{
    const char *one_end = one + path_length(one), *other_end = other + path_length(other);
    while (one < one_end && other < other_end && *one == *other) {
        size_t step = *one == '/' ? strspn(one, "/") : 1;
        other += *one == '/' ? strspn(other, "/") : 1;
        one += step;
    }
    return one >= one_end && other >= other_end;
}

/* Returns true if an operand includes a log. */
static bool covers(const struct operand *operand, const char *log)
{
    size_t length = path_length(operand->path);
    if (is_same_path(operand->path, log))
        return true;
    if (strncmp(operand->path, log, length) == 0 && log[length] == '/')
        return strchr(log + length + strspn(log + length, "/"), '/') == NULL;
    return !exists(operand->path) && fnmatch(operand->path, log, FNM_PATHNAME | FNM_PERIOD) == 0;
}

/* ---- --label ---- */

/* The operand that holds the label of a file's run: for a baseline, its first operand. */
static struct operand *run_operand(struct labels *labels, size_t run)
{
    for (size_t i = 0; i < labels->count; i++)
        if (labels->operand[i].run == run)
            return &labels->operand[i];
    return NULL;
}

static bool refuse_second(const struct operand *operand, const char *first, const char *second, struct error *error)
{
    return error_set(error, NULL, 0, "two labels for %s: '%s' and '%s'", operand->path, first, second);
}

static bool set_name(struct operand *operand, const char *name, struct error *error)
{
    if (operand->name != NULL)
        return refuse_second(operand, operand->name, name, error);
    operand->name = name;
    return true;
}

/* Returns the operand that is this file or folder, NULL if there is none. */
static struct operand *find_operand(struct labels *labels, const char *path)
{
    for (size_t i = 0; i < labels->count; i++) {
        struct operand *operand = &labels->operand[i];
        if (operand->is_listed && is_same_path(operand->path, path))
            return operand;
    }
    return NULL;
}

/* Returns true if a file is matched by one of the drawn folders and wildcards. */
static bool is_within(const struct labels *labels, const char *path, const char *pattern)
{
    bool found = false;
    for (size_t i = 0; i < labels->count && !found; i++) {
        struct input_list list = {0};
        if (labels->operand[i].is_listed && labels->operand[i].run == 0 && covers(&labels->operand[i], path))
            (void)input_list_add(&list, labels->operand[i].path, pattern, NULL);
        for (size_t k = 0; k < list.count; k++)
            found |= is_same_path(list.file[k].path, path);
        input_list_free(&list);
    }
    return found;
}

/* Gives a label to an operand, or to a file within one; `*found` receives whether there is such a file. */
static bool give_to_file(struct labels *labels, const char *path, const char *name, const char *pattern, bool *found,
                         struct error *error)
{
    struct operand *operand = find_operand(labels, path);
    *found = operand != NULL || is_within(labels, path, pattern);
    if (!*found)
        return true;
    if (!check_name(name, error))
        return false;
    if (operand == NULL)
        return add(labels, &(struct operand){.path = strdup(path), .text = name, .name = name}, error);
    return set_name(operand->run > 0 ? run_operand(labels, operand->run) : operand, name, error);
}

/* Applies a label FILE=NAME. */
static bool give_by_file(struct labels *labels, const char *text, const char *pattern, struct error *error)
{
    bool found = false, ok = true;
    for (const char *at = strchr(text, '='); ok && at != NULL && !found; at = strchr(at + 1, '=')) {
        char *path = strndup(text, (size_t)(at - text));
        ok = path == NULL ? error_memory(error, NULL) : give_to_file(labels, path, at + 1, pattern, &found, error);
        free(path);
    }
    if (!ok || found)
        return ok;
    return error_set(error, NULL, 0, "--label: '%.*s' is not one of the given files", (int)strcspn(text, "="), text);
}

/* Returns true if an operand still needs a label from those without a file. With `by_run`, all files of the drawn run
 * share one label. */
static bool is_open(struct labels *labels, size_t i, bool by_run)
{
    const struct operand *operand = &labels->operand[i];
    return operand->is_listed && operand->name == NULL &&
           (operand == run_operand(labels, operand->run) || (operand->run == 0 && !by_run)) &&
           !(operand->run == 0 && by_run && labels->own != NULL);
}

static size_t count_open(struct labels *labels, bool by_run)
{
    size_t count = 0;
    for (size_t i = 0; i < labels->count; i++)
        count += is_open(labels, i, by_run) ? 1 : 0;
    return count;
}

/* Assigns the labels without a file in the order of the command line. */
static bool give_in_order(struct labels *labels, const char *const *name, size_t count, struct error *error)
{
    size_t open_count = count_open(labels, false), given = 0;
    bool by_run = labels->runs > 0 && count != open_count && count == count_open(labels, true);
    if (count == 0)
        return true;
    if (count != open_count && !by_run)
        return error_set(error, NULL, 0,
                         "%zu --label for %zu %s; give one for each, in order, or use --label FILE=NAME", count,
                         open_count, open_count == 1 ? "file or run" : "files and runs");
    for (size_t i = 0; i < labels->count && given < count; i++) {
        if (!is_open(labels, i, by_run))
            continue;
        if (!check_name(name[given], error))
            return false;
        if (by_run && labels->operand[i].run == 0)
            labels->own = name[given++];
        else
            labels->operand[i].name = name[given++];
    }
    return true;
}

/* Refuses equal labels of two files or runs. */
static bool check_unique(const struct labels *labels, struct error *error)
{
    for (size_t i = 0; i < labels->count; i++) {
        const struct operand *one = &labels->operand[i];
        if (one->name == NULL)
            continue;
        if (labels->own != NULL && labels->own != one->name && strcmp(labels->own, one->name) == 0)
            return error_set(error, NULL, 0, "label '%s' is given twice", one->name);
        for (size_t k = 0; k < i; k++) {
            const struct operand *other = &labels->operand[k];
            if (other->name != NULL && other->run == one->run && is_same_path(other->path, one->path))
                return refuse_second(one, other->name, one->name, error);
            if (other->name != NULL && strcmp(other->name, one->name) == 0)
                return error_set(error, NULL, 0, "label '%s' is used for both %s and %s", one->name, other->path,
                                 one->path);
        }
    }
    return true;
}

bool labels_settle(struct labels *labels, const char *const *text, size_t count, const char *pattern,
                   struct error *error)
{
    const char **plain = calloc(count + 1, sizeof *plain);
    size_t plain_count = 0, drawn = 0;
    bool ok = true;
    if (plain == NULL)
        return error_memory(error, NULL);
    for (size_t i = 0; ok && i < count; i++) {
        if (strchr(text[i], '=') == NULL)
            plain[plain_count++] = text[i];
        else
            ok = give_by_file(labels, text[i], pattern, error);
    }
    ok = ok && give_in_order(labels, plain, plain_count, error) && check_unique(labels, error);
    for (size_t i = 0; i < labels->count; i++)
        drawn += labels->operand[i].run == 0 && labels->operand[i].is_listed ? 1 : 0;
    if (drawn == 1 && labels->runs > 0)
        labels->own = run_operand(labels, 0)->name;
    free(plain);
    return ok;
}

/* ---- names ---- */

/* The operand that labels a log, the most specific one if there are several; labels->count if there is none. */
static size_t find_label(const struct labels *labels, const char *log)
{
    size_t found = labels->count;
    for (size_t i = 0; i < labels->count; i++) {
        const struct operand *operand = &labels->operand[i];
        if (operand->run == 0 && operand->name != NULL && covers(operand, log) &&
            (found == labels->count || !operand->is_listed))
            found = i;
    }
    return found;
}

/* Gives a node its label, or puts it before its name. */
static bool name_node(struct trace *trace, size_t index, const char *label, bool is_alone)
{
    char *name = NULL;
    if (is_alone)
        return trace_rename(trace, index, label);
    bool ok = asprintf(&name, "%s %s", label, trace->node[index].name) >= 0;
    ok = ok && trace_rename(trace, index, name);
    free(name);
    return ok;
}

bool labels_apply(const struct labels *labels, struct trace *trace)
{
    size_t *nodes = calloc(labels->count + 1, sizeof *nodes);
    bool ok = nodes != NULL, has_label = false;
    for (size_t i = 0; i < labels->count; i++)
        has_label |= labels->operand[i].run == 0 && labels->operand[i].name != NULL;
    for (size_t i = 0; ok && has_label && i < trace->count; i++)
        nodes[find_label(labels, trace->node[i].source)]++;
    for (size_t i = 0; ok && has_label && nodes[labels->count] < trace->count && i < trace->count; i++) {
        size_t label = find_label(labels, trace->node[i].source);
        bool is_of_run = label < labels->count && labels->operand[label].name == labels->own && nodes[label] > 1;
        if (label < labels->count && !is_of_run)
            ok = name_node(trace, i, labels->operand[label].name, nodes[label] == 1);
    }
    free(nodes);
    return ok && trace_number_names(trace);
}

/* ---- names of runs without a label ---- */

/* The name of a run according to its paths: the folder or, for a single file, the host in its name. The caller frees
 * it. */
static char *run_folder(struct labels *labels, size_t run, const char *pattern)
{
    const struct operand *first = run_operand(labels, run);
    struct stat status;
    size_t length = path_length(first->path), files = 0, start;
    for (size_t i = 0; i < labels->count; i++)
        files += labels->operand[i].run == run ? 1 : 0;
    if (stat(first->path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        if (files == 1 && exists(first->path))
            return input_host(first->path, pattern);
        while (length > 0 && first->path[length - 1] != '/') /* the folder that they are in */
            length--;
        length -= length > 0 ? 1 : 0;
    }
    for (start = length; start > 0 && first->path[start - 1] != '/';)
        start--;
    return strndup(first->path + start, length - start);
}

char *labels_run_name(struct labels *labels, size_t run, const char *pattern, bool *failed)
{
    const char *label = run_operand(labels, run)->name;
    char *name = NULL;
    bool is_unique = true;
    if (label == NULL && labels->runs == 1)
        return NULL;
    name = label != NULL ? strdup(label) : run_folder(labels, run, pattern);
    for (size_t i = 1; label == NULL && name != NULL && i <= labels->runs; i++) {
        char *other = i == run ? NULL : run_folder(labels, i, pattern);
        const char *given = run_operand(labels, i)->name;
        is_unique &= other == NULL || (strcmp(other, name) != 0 && (given == NULL || strcmp(given, name) != 0));
        free(other);
    }
    if (name != NULL && label == NULL && (!is_unique || *name == '\0' || *name == '.')) {
        free(name);
        if (asprintf(&name, "baseline %zu", run) < 0)
            name = NULL;
    }
    *failed |= name == NULL;
    return name;
}

void labels_free(struct labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        free(labels->operand[i].path);
    free(labels->operand);
    memset(labels, 0, sizeof *labels);
}
