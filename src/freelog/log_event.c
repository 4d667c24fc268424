/* SPDX-License-Identifier: MIT */
/* log_event: recognises other text in a log: messages of Slurm, other batch systems and the kernel about kills, and
 * terminal control sequences. */
#include "log_event.h"

#include "freelog/parser.h"
#include "text.h"

#define ESCAPE '\x1b'

/* Sets the text of an event. "out of memory" and "time limit" are what users look for; the rest of the message only
 * names the step. */
static void set_text(struct log_event_text *event, const char *what, const char *at, const char *end)
{
    size_t length = strlen(what);
    memcpy(event->text, what, length);
    if (at < end)
        event->text[length++] = ' ';
    for (; at < end && length < sizeof event->text - 1; at++)
        event->text[length++] = *at >= ' ' && *at <= '~' ? *at : '?';
    event->text[length] = '\0';
}

static void find_node(const char *at, const char *end, struct log_event_text *event)
{
    const char *on = text_find(at, end, " ON ");
    event->node = event->node_end = NULL;
    if (on == NULL)
        return;
    event->node = on + 4;
    event->node_end = text_word_end(on + 4, end);
}

/* Reads "srun: error: nid003: task 2: Out Of Memory", also "tasks 0-3". */
static bool read_task_kill(const char *at, const char *end, struct log_event_text *event)
{
    static const char prefix[] = "srun: error: ";
    const char *error = text_find(at, end, prefix), *killed = text_find(at, end, ": Out Of Memory");
    if (error == NULL || killed == NULL || killed < error)
        return false;
    event->node = error + sizeof prefix - 1;
    event->node_end = text_word_end(event->node, killed);
    if (event->node_end == event->node || event->node_end[-1] != ':')
        return false;
    const char *task = text_skip_blanks(event->node_end--, killed);
    set_text(event, FREELOG_EVENT_OOM, task, killed);
    return true;
}

/* Reads "cn01 kernel: [ 99.1] Memory cgroup out of memory: Killed process 4242 (solver) total-vm:1kB", or from older
 * kernels "Out of memory: Kill process 4242 (solver) score 900 or sacrifice child". The kernel's other lines about a
 * kill are noise. */
static enum log_event read_kernel_kill(const char *at, const char *end, struct log_event_text *event)
{
    static const char *const around[] = {"invoked oom-killer:", "oom-kill:constraint=", "oom_reaper: reaped process",
                                         ") total-vm:"};
    static const char kernel[] = " kernel:";
    const char *killed = text_find(at, end, "ut of memory: Kill"), *host = text_find(at, end, kernel);
    if (killed == NULL) {
        for (size_t i = 0; i < sizeof around / sizeof around[0]; i++)
            if (text_find(at, end, around[i]) != NULL)
                return LOG_EVENT_NOISE;
        return LOG_EVENT_NONE;
    }
    event->node = event->node_end = NULL;
    if (host != NULL && host < killed) {
        event->node = event->node_end = host;
        while (event->node > at && event->node[-1] != ' ' && event->node[-1] != '\t')
            event->node--;
    }
    const char *name = text_find(killed, end, "("), *name_end = name == NULL ? NULL : text_find(name, end, ")");
    set_text(event, FREELOG_EVENT_OOM, name_end == NULL ? NULL : name + 1, name_end);
    return LOG_EVENT_MARK;
}

/* Returns true for messages of batch systems that end a job above its limit themselves: Slurm ("Exceeded job memory
 * limit", "Job 7 exceeded memory limit (9 > 8), being killed"; "at some point" is not a kill), LSF and PBS. */
static bool is_limit_kill(const char *at, const char *end, bool is_slurm)
{
    const char *pbs = text_find(at, end, "PBS: job killed: ");
    if (pbs != NULL)
        return text_find(pbs, end, "mem ") != NULL;
    if (text_find(at, end, "TERM_MEMLIMIT: ") != NULL)
        return true;
    return is_slurm && text_find(at, end, "xceeded ") != NULL && text_find(at, end, "memory limit") != NULL &&
           text_find(at, end, "at some point") == NULL;
}

enum log_event log_event_read(const char *at, const char *end, struct log_event_text *event)
{
    const char *step = text_find(at, end, "StepId="), *oom = text_find(at, end, "oom_kill");
    const char *oom_handler = text_find(at, end, "oom-kill");
    bool is_slurm = text_find(at, end, "slurmstepd: ") != NULL || text_find(at, end, "srun: ") != NULL ||
                    text_find(at, end, "slurmd: ") != NULL;
    if (is_limit_kill(at, end, is_slurm)) {
        find_node(at, end, event);
        set_text(event, FREELOG_EVENT_OOM, NULL, NULL);
        return LOG_EVENT_MARK;
    }
    if (!is_slurm)
        return read_kernel_kill(at, end, event);
    if (read_task_kill(at, end, event))
        return LOG_EVENT_MARK;
    find_node(at, end, event);
    if (oom != NULL || oom_handler != NULL) {
        const char *step_end = step == NULL ? NULL : text_word_end(step, end);
        if (step_end != NULL && (step_end[-1] == '.' || step_end[-1] == ','))
            step_end--;
        set_text(event, FREELOG_EVENT_OOM, step, step_end);
        return LOG_EVENT_MARK;
    }
    const char *due = text_find(at, end, "DUE TO "), *cancelled = text_find(at, end, "CANCELLED AT");
    if (due != NULL && cancelled != NULL) {
        const char *stars = text_find(due, end, " ***");
        set_text(event, "cancelled:", due + 7, stars == NULL ? end : stars);
        return LOG_EVENT_MARK;
    }
    if (cancelled != NULL) {
        set_text(event, "cancelled", NULL, NULL);
        return LOG_EVENT_MARK;
    }
    return LOG_EVENT_NOISE;
}

/* Returns the end of the control sequence that begins at `at`; its last letter is the command; '\0' if it is not a CSI
 * sequence. */
static const char *sequence_end(const char *at, const char *end, char *letter)
{
    *letter = '\0';
    at++;
    if (at == end)
        return end;
    if (*at == ']') { /* a title: up to BEL or ESC \ */
        while (at < end && *at != '\a' && *at != ESCAPE)
            at++;
        if (at < end && *at == ESCAPE)
            at++;
        return at < end ? at + 1 : end;
    }
    if (*at == '(' || *at == ')')
        return end - at >= 2 ? at + 2 : end;
    if (*at != '[')
        return at + 1;
    for (at++; at < end && (*at < '@' || *at > '~'); at++)
        ;
    if (at == end)
        return end;
    *letter = *at;
    return at + 1;
}

bool log_event_is_watch(const char *at, const char *end)
{
    for (; (at = memchr(at, ESCAPE, (size_t)(end - at))) != NULL;) {
        char letter;
        const char *after = sequence_end(at, end, &letter);
        /* The alternate screen, or text placed at a row or column. "Home" alone is clear(1). */
        if (text_starts(at + 1, after, "[?1049h") || text_starts(at + 1, after, "[?47h") || letter == 'd' ||
            letter == 'G' || (letter == 'H' && after - at > 3))
            return true;
        at = after;
    }
    return false;
}

size_t log_event_strip(const char *at, const char *end, char *plain)
{
    char *out = plain, letter;
    while (at < end) {
        if (*at == ESCAPE)
            at = sequence_end(at, end, &letter);
        else
            *out++ = *at++;
    }
    return (size_t)(out - plain);
}
