/* SPDX-License-Identifier: MIT */
/* judge: compares findings with labels; reads the part of JSON that this needs. */
#include "judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the value of "key": in an object that ends at `end`, NULL if there is none. */
static const char *value_of(const char *object, const char *end, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *found = strstr(object, quoted);
    return found != NULL && found < end ? found + strlen(quoted) : NULL;
}

static void read_string(const char *at, char *text, size_t size)
{
    size_t length = 0;
    if (at == NULL || *at != '"')
        return;
    for (at++; *at != '"' && *at != '\0' && length + 1 < size; at++)
        text[length++] = *at;
    text[length] = '\0';
}

static double read_number(const char *at)
{
    return at == NULL ? NAN : strtod(at, NULL);
}

static void read_nodes(const char *at, struct reported *reported)
{
    const char *end = at == NULL ? NULL : strchr(at, ']');
    while (end != NULL && reported->nodes <= REPORTED_NODES_MAX && (at = strchr(at, '"')) != NULL && at < end) {
        char *name = reported->node[reported->nodes++];
        read_string(at, name, sizeof reported->node[0]);
        at += strlen(name) + 2;
    }
}

const char *judge_list(const char *json)
{
    const char *at = strstr(json, "\"findings\": [");
    return at == NULL ? NULL : strchr(at, '[');
}

const char *judge_read(const char *at, struct reported *reported)
{
    at += 1;
    at += strcspn(at, "{]");
    if (*at != '{')
        return NULL;
    const char *end = at + strcspn(at, "}");
    memset(reported, 0, sizeof *reported);
    read_string(value_of(at, end, "kind"), reported->kind, sizeof reported->kind);
    read_string(value_of(at, end, "text"), reported->text, sizeof reported->text);
    read_nodes(value_of(at, end, "nodes"), reported);
    double count = read_number(value_of(at, end, "count"));
    reported->count = count >= 0 ? (size_t)count : 0;
    reported->at_s = read_number(value_of(at, end, "at_s"));
    reported->duration_s = read_number(value_of(at, end, "duration_s"));
    reported->value_bytes = read_number(value_of(at, end, "value_bytes"));
    reported->of_bytes = read_number(value_of(at, end, "of_bytes"));
    reported->left_s = read_number(value_of(at, end, "left_s"));
    reported->rate_bytes_per_s = read_number(value_of(at, end, "rate_bytes_per_s"));
    return end;
}

static size_t find_node(const struct job *job, const char *name)
{
    for (size_t i = 0; i < job->node_count; i++)
        if (strcmp(job->node[i].name, name) == 0)
            return i;
    return NONE;
}

/* Returns why a finding of an expected kind is wrong, NULL if it is right. */
static const char *find_fault(const struct job *job, enum story story, const struct reported *reported)
{
    const struct label *label = &job->label[story];
    size_t listed = label->count < REPORTED_NODES_MAX ? label->count : REPORTED_NODES_MAX;
    if (reported->count != label->count)
        return "wrong count";
    if (reported->nodes != listed)
        return "wrong number of names";
    for (size_t i = 0; i < reported->nodes; i++) {
        size_t node = find_node(job, reported->node[i]);
        if (node == NONE || !label->has[node])
            return "wrong node";
        double rate = job->node[node].leak_rate * job->node[node].total_kib * 1024;
        if (story == STORY_GROWING && i == 0 && !(fabs(reported->rate_bytes_per_s - rate) < 0.35 * rate))
            return "wrong rate";
    }
    double slack_s = 1.5 * job->interval_s + 0.005 * job->interval_s * (double)job->samples;
    if (isfinite(label->at_s) && !(fabs(reported->at_s - label->at_s) <= slack_s))
        return "wrong time";
    if (reported->text[0] == '\0')
        return "no text";
    return NULL;
}

static void complain(const struct job *job, const char *fault, enum story story, const char *text)
{
    printf("seed %llu: %s %s: %s (%s)\n", (unsigned long long)job->seed, fault, story_names[story], text, job->text);
}

unsigned int judge(const struct job *job, const char *json, struct score score[STORY_COUNT])
{
    struct reported reported;
    bool seen[STORY_COUNT] = {false};
    unsigned int faults = 0;
    const char *at = judge_list(json);
    if (at == NULL) {
        printf("seed %llu: no list of findings (%s)\n", (unsigned long long)job->seed, job->text);
        return 1;
    }
    while ((at = judge_read(at, &reported)) != NULL) {
        int story = 0;
        while (story < STORY_COUNT && strcmp(story_names[story], reported.kind) != 0)
            story++;
        if (story == STORY_COUNT)
            continue;
        const char *fault = "false";
        if (job->label[story].is_expected)
            fault = seen[story] ? "repeated" : find_fault(job, (enum story)story, &reported);
        seen[story] = true;
        score[story].found += fault == NULL;
        score[story].false_alarms += fault != NULL;
        faults += fault != NULL;
        if (fault != NULL)
            complain(job, fault, (enum story)story, reported.text);
    }
    for (int story = 0; story < STORY_COUNT; story++) {
        if (!job->label[story].is_expected || seen[story])
            continue;
        score[story].missed++;
        faults++;
        complain(job, "missed", (enum story)story, "");
    }
    return faults;
}
