/* pool: owns the threads. Knows nothing of what they do. */
#include "pool.h"

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
    size_t count, next; /* next to be taken */
    unsigned int working;
    pool_work *work;
    void *user;
    pthread_mutex_t lock;
    pthread_cond_t idle; /* the last thread is done */
};

/* Processors' worth of time that the cgroup allows, INFINITY without a limit. */
static double cgroup_quota(void)
{
    char line[512], path[600];
    double quota = INFINITY, period;
    FILE *file = fopen("/proc/self/cgroup", "re");
    bool found = false;
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL)
        found = strncmp(line, "0::/", 4) == 0;
    if (file != NULL)
        fclose(file);
    if (!found)
        return INFINITY;
    line[strcspn(line, "\n")] = '\0';
    snprintf(path, sizeof path, "/sys/fs/cgroup/%s/cpu.max", line + 4);
    file = fopen(path, "re");
    if (file == NULL)
        return INFINITY;
    if (fgets(line, sizeof line, file) != NULL && sscanf(line, "%lf %lf", &quota, &period) == 2 && period > 0)
        quota /= period;
    else
        quota = INFINITY; /* "max" */
    fclose(file);
    return quota;
}

unsigned int pool_processors(void)
{
    cpu_set_t set;
    double quota;
    int count = 1;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        count = CPU_COUNT(&set);
    quota = count > 1 ? cgroup_quota() : INFINITY;
    if (quota < count)
        count = (int)ceil(quota);
    return count < 1 ? 1 : (unsigned int)count;
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

void pool_run(const size_t *order, size_t count, unsigned int jobs, pool_work *item_work, void *user,
              pool_tick *tick)
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
    pool.working = 1; /* this thread, until it waits */
    /* With one job and nobody to tell there is no need of a thread. */
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
