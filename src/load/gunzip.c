/* SPDX-License-Identifier: MIT */
/* gunzip: finds where members of gzip files begin and end, and what follows damage. */
#include "gunzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define IN_BYTES   ((size_t)128 * 1024)
#define GZIP_BITS  (15 + 16) /* zlib: a window of 32 KiB, and the gzip format only */
#define MAGIC_SIZE 3         /* 1f 8b, and 08 for deflate, the only method */

enum state {
    STATE_BETWEEN, /* a member may begin */
    STATE_MEMBER,
    STATE_SEARCH, /* after damage, looking for the next member */
    STATE_PLAIN   /* bytes after a member that are not gzip */
};

struct gunzip {
    int fd;
    z_stream stream;
    enum state state;
    bool is_ended, needs_break;
    const char *damage;
    unsigned char *member; /* where its first byte is in `in`, or in what was read after that */
    unsigned char in[IN_BYTES];
};

struct gunzip *gunzip_new(int fd, const char *start, size_t start_size)
{
    struct gunzip *gunzip = calloc(1, sizeof *gunzip);
    if (gunzip == NULL || inflateInit2(&gunzip->stream, GZIP_BITS) != Z_OK) {
        free(gunzip);
        return NULL;
    }
    gunzip->fd = fd;
    memcpy(gunzip->in, start, start_size);
    gunzip->stream.next_in = gunzip->in;
    gunzip->stream.avail_in = (unsigned int)start_size;
    return gunzip;
}

void gunzip_free(struct gunzip *gunzip)
{
    if (gunzip == NULL)
        return;
    inflateEnd(&gunzip->stream);
    free(gunzip);
}

const char *gunzip_damage(const struct gunzip *gunzip)
{
    return gunzip->damage;
}

static void set_damage(struct gunzip *gunzip, const char *damage)
{
    if (gunzip->damage == NULL)
        gunzip->damage = damage;
}

/* Reads until there are `least` bytes or the input has ended. Returns false on a read error. */
static bool fill(struct gunzip *gunzip, size_t least)
{
    z_stream *stream = &gunzip->stream;
    while (stream->avail_in < least && !gunzip->is_ended) {
        memmove(gunzip->in, stream->next_in, stream->avail_in);
        gunzip->member = gunzip->in;
        stream->next_in = gunzip->in;
        ssize_t got = read(gunzip->fd, gunzip->in + stream->avail_in, IN_BYTES - stream->avail_in);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        gunzip->is_ended = got == 0;
        stream->avail_in += (unsigned int)got;
    }
    return true;
}

static bool is_magic(const unsigned char *at, size_t size)
{
    return size >= MAGIC_SIZE && at[0] == 0x1f && at[1] == 0x8b && at[2] == 8;
}

static void skip(z_stream *stream, size_t size)
{
    stream->next_in += size;
    stream->avail_in -= (unsigned int)size;
}

/* Determines what follows a member. Zeros fill the last block of a tape. */
static void begin(struct gunzip *gunzip)
{
    z_stream *stream = &gunzip->stream;
    if (is_magic(stream->next_in, stream->avail_in)) {
        inflateReset(stream);
        gunzip->member = stream->next_in;
        gunzip->state = STATE_MEMBER;
    } else if (stream->avail_in > 0 && *stream->next_in == 0) {
        skip(stream, 1);
    } else if (stream->avail_in > 0) {
        gunzip->state = STATE_PLAIN;
    }
}

/* Skips to where the next member seems to begin. */
static void search(struct gunzip *gunzip)
{
    z_stream *stream = &gunzip->stream;
    while (stream->avail_in >= MAGIC_SIZE) {
        unsigned char *found = memchr(stream->next_in, 0x1f, stream->avail_in);
        skip(stream, found == NULL ? stream->avail_in : (size_t)(found - stream->next_in));
        /* a header has no undefined flags */
        if (is_magic(stream->next_in, stream->avail_in) && (stream->avail_in < 4 || stream->next_in[3] < 0x20)) {
            inflateReset(stream);
            gunzip->member = stream->next_in;
            gunzip->state = STATE_MEMBER;
            return;
        }
        if (stream->avail_in >= MAGIC_SIZE)
            skip(stream, 1);
    }
    if (gunzip->is_ended)
        skip(stream, stream->avail_in);
}

/* Returns the number of bytes written, or -1 with errno if out of memory. */
static ssize_t inflate_some(struct gunzip *gunzip, char *bytes, size_t size)
{
    z_stream *stream = &gunzip->stream;
    stream->next_out = (unsigned char *)bytes;
    stream->avail_out = (unsigned int)(size < 1u << 30 ? size : 1u << 30);
    unsigned int space = stream->avail_out;
    int result = inflate(stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
        gunzip->state = STATE_BETWEEN;
    } else if (result == Z_BUF_ERROR && gunzip->is_ended && stream->avail_in == 0 && stream->avail_out == space) {
        set_damage(gunzip, "truncated");
        gunzip->state = STATE_BETWEEN;
    } else if (result == Z_MEM_ERROR) {
        errno = ENOMEM;
        return -1;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        set_damage(gunzip, "some of it cannot be decompressed");
        gunzip->state = STATE_SEARCH;
        gunzip->needs_break = true;
        /* The data after a truncated member are first read as part of it, until that fails. */
        if (stream->next_in > gunzip->member) {
            stream->avail_in += (unsigned int)(stream->next_in - gunzip->member) - 1;
            stream->next_in = gunzip->member + 1;
        } else if (stream->avail_in > 0) {
            skip(stream, 1);
        }
    }
    return (ssize_t)(space - stream->avail_out);
}

ssize_t gunzip_read(struct gunzip *gunzip, char *bytes, size_t size)
{
    z_stream *stream = &gunzip->stream;
    if (size == 0)
        return 0;
    for (;;) {
        if (!fill(gunzip, gunzip->state == STATE_MEMBER || gunzip->state == STATE_PLAIN ? 1 : MAGIC_SIZE + 1))
            return -1;
        if (gunzip->state != STATE_MEMBER && gunzip->is_ended && stream->avail_in == 0)
            return 0;
        if (gunzip->state == STATE_BETWEEN) {
            begin(gunzip);
        } else if (gunzip->state == STATE_SEARCH) {
            search(gunzip);
        } else if (gunzip->state == STATE_PLAIN) {
            size_t taken = stream->avail_in < size ? stream->avail_in : size;
            memcpy(bytes, stream->next_in, taken);
            skip(stream, taken);
            return (ssize_t)taken;
        } else if (gunzip->needs_break) {
            gunzip->needs_break = false;
            *bytes = '\n';
            return 1;
        } else {
            ssize_t got = inflate_some(gunzip, bytes, size);
            if (got != 0)
                return got;
        }
    }
}
