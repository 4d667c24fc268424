/* SPDX-License-Identifier: MIT */
/* pool: the threads. Independent of what they do. */
#include "base/pool.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define THREADS_MAX 256
#define TICK_NS     500000000L

struct pool {
    const size_t *order;
    size_t count, next; /* next item to take */
    unsigned int working;
    pool_work *work;
    void *user;
    pthread_mutex_t lock;
    pthread_cond_t idle; /* signalled when the last thread is done */
};

/* The numbers of a file "folder/name", 2 at most; returns how many there are ("max" is none). */
static int read_numbers(const char *folder, const char *name, double number[2])
{
    char path[640], line[128];
    int count = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "re");
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        count = sscanf(line, "%lf %lf", &number[0], &number[1]);
    if (file != NULL)
        fclose(file);
    return count;
}

/* The CPU quota of a cgroup's folder, in processors, by version 2 or 1; INFINITY without a limit. */
static double folder_quota(const char *folder)
{
    double v2[2], quota[2], period[2];
    if (read_numbers(folder, "cpu.max", v2) == 2 && v2[1] > 0)
        return v2[0] / v2[1];
    if (read_numbers(folder, "cpu.cfs_quota_us", quota) == 1 &&
        read_numbers(folder, "cpu.cfs_period_us", period) == 1 && quota[0] > 0 && period[0] > 0)
        return quota[0] / period[0];
    return INFINITY;
}

/* The smallest quota of the cgroup `name` ("/job/step") below `top` and of its ancestors. */
static double group_quota(const char *top, const char *name)
{
    char folder[600];
    double quota = INFINITY;
    snprintf(folder, sizeof folder, "%s%s", top, name);
    for (char *slash = folder; slash != NULL && strlen(folder) >= strlen(top); *slash = '\0') {
        quota = fmin(quota, folder_quota(folder));
        slash = strrchr(folder, '/');
    }
    return quota;
}

/* The quota of this process. */
static double cgroup_quota(void)
{
    char line[512];
    double quota = INFINITY;
    FILE *file = fopen("/proc/self/cgroup", "re");
    /* "0::/name" of version 2, "4:cpu,cpuacct:/name" of version 1 */
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *controllers = strchr(line, ':'), *name = strchr(line, '/');
        line[strcspn(line, "\n")] = '\0';
        if (controllers == NULL || name == NULL)
            continue;
        if (strncmp(line, "0::", 3) == 0)
            quota = fmin(quota, group_quota("/sys/fs/cgroup", name));
        else if (strncmp(controllers, ":cpu:", 5) == 0 || strncmp(controllers, ":cpu,", 5) == 0)
            quota = fmin(quota, group_quota("/sys/fs/cgroup/cpu", name));
    }
    if (file != NULL)
        fclose(file);
    return quota;
}

unsigned int pool_processors_within(unsigned int count, double quota)
{
    if (quota < count)
        count = quota > 0 ? (unsigned int)ceil(quota) : 0;
    return count < 1 ? 1 : count;
}

unsigned int pool_processors(void)
{
    cpu_set_t set;
    int count = 1;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        count = CPU_COUNT(&set);
    return pool_processors_within((unsigned int)count, count > 1 ? cgroup_quota() : INFINITY);
}

/* Works until no item is left. */
static void *work(void *user)
{
    struct pool *pool = user;
    pthread_mutex_lock(&pool->lock);
    while (pool->next < pool->count) {
        size_t item = pool->order[pool->next++];
        pthread_mutex_unlock(&pool->lock);
        pool->work(pool->user, item);
        pthread_mutex_lock(&pool->lock);
    }
    if (--pool->working == 0)
        pthread_cond_signal(&pool->idle);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Ticks until all threads are done. */
static void wait_idle(struct pool *pool, pool_tick *tick)
{
    struct timespec until;
    pthread_mutex_lock(&pool->lock);
    while (pool->working > 0) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TICK_NS;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        if (pthread_cond_timedwait(&pool->idle, &pool->lock, &until) == ETIMEDOUT && tick != NULL) {
            pthread_mutex_unlock(&pool->lock);
            tick(pool->user);
            pthread_mutex_lock(&pool->lock);
        }
    }
    pthread_mutex_unlock(&pool->lock);
}

void pool_run(const size_t *order, size_t count, unsigned int jobs, pool_work *item_work, void *user, pool_tick *tick)
{
    pthread_t thread[THREADS_MAX];
    pthread_condattr_t attributes;
    struct pool pool = {.order = order, .count = count, .work = item_work, .user = user};
    unsigned int started = 0;
    jobs = jobs > THREADS_MAX ? THREADS_MAX : jobs;
    jobs = jobs > count ? (unsigned int)count : jobs;
    pthread_mutex_init(&pool.lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&pool.idle, &attributes);
    pool.working = 1; /* this thread works too, until it waits */
    /* A single job without a tick runs on this thread. */
    for (; (jobs > 1 || tick != NULL) && started < jobs; started++) {
        pthread_mutex_lock(&pool.lock);
        pool.working++;
        pthread_mutex_unlock(&pool.lock);
        if (pthread_create(&thread[started], NULL, work, &pool) != 0) {
            pthread_mutex_lock(&pool.lock);
            pool.working--;
            pthread_mutex_unlock(&pool.lock);
            break;
        }
    }
    if (started == 0) {
        work(&pool);
    } else {
        pthread_mutex_lock(&pool.lock);
        pool.working--;
        pthread_mutex_unlock(&pool.lock);
        wait_idle(&pool, tick);
    }
    for (unsigned int i = 0; i < started; i++)
        pthread_join(thread[i], NULL);
    pthread_cond_destroy(&pool.idle);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_destroy(&pool.lock);
}
