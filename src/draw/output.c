/* SPDX-License-Identifier: MIT */
/* output: writes a drawing into a file that is complete or absent. Independent of traces and layouts: the caller
 * decides what is drawn.
 *
 * The temporary file has no name (O_TMPFILE) until it is complete, so that a killed process leaves nothing on disk. As
 * linkat(2) cannot replace a file, the file then gets a name next to the target and is renamed over it. On a file
 * system without O_TMPFILE (NFS) it has that name from the start. */
#include "draw/output.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pages.h"
#include "base/units.h"
#include "draw/png.h"
#include "guard.h"
#include "svg.h"
#include "svg_overlay.h"

#define SVG_END "</svg>\n" /* as Cairo writes it */

enum { LINKS_MAX = 40, NAMES_MAX = 100, CAIRO_SIZE_MAX = 32767 };

/* A file being written. */
struct target {
    const char *shown;   /* the path as the user gave it */
    char path[PATH_MAX]; /* with symbolic links followed */
    char temporary[PATH_MAX];
    FILE *file;
    FILE *direct; /* where `buffer` goes; NULL if `file` is written directly */
    char *buffer; /* a drawing that cannot be taken back once it is written */
    size_t buffer_size;
    bool is_direct;  /* written in place: not a regular file */
    bool is_named;   /* `temporary` exists */
    bool is_holding; /* signals are blocked; `signals` is the mask before */
    sigset_t signals;
    int write_errno; /* errno of the first failed write, else 0 */
};

/* The descriptor of this process that a path names. Its file must neither be replaced nor reopened, which would lose
 * its position. Returns -1 if the path names none. */
static int descriptor_of(const char *path)
{
    static const char *const folder[] = {"/dev/fd/", "/proc/self/fd/"};
    struct stat named, standard;
    if (strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        size_t length = strlen(folder[i]);
        double number;
        if (strncmp(path, folder[i], length) == 0 && parse_number(path + length, &number) && number >= 0 &&
            number < 1e6 && number == floor(number))
            return (int)number;
    }
    bool is_same = stat(path, &named) == 0 && fstat(STDOUT_FILENO, &standard) == 0 && named.st_dev == standard.st_dev &&
                   named.st_ino == standard.st_ino;
    return is_same ? STDOUT_FILENO : -1;
}

bool output_is_stdout(const char *path)
{
    struct stat file, standard;
    int fd = path == NULL ? -1 : descriptor_of(path);
    return fd == STDOUT_FILENO || (fd >= 0 && fstat(fd, &file) == 0 && fstat(STDOUT_FILENO, &standard) == 0 &&
                                   file.st_dev == standard.st_dev && file.st_ino == standard.st_ino);
}

bool output_is_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    return *name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool output_format_find(const char *path, enum output_format *format, bool *add_png)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(name, '.');
    struct stat status;
    bool is_bare = dot == NULL || dot == name;
    /* Devices and pipes are opened by the given name. */
    *add_png = is_bare && descriptor_of(path) < 0 &&
               (stat(path, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    *format = OUTPUT_PNG;
    if (is_bare || strcasecmp(dot, ".png") == 0)
        return true;
    if (strcasecmp(dot, ".svg") == 0) {
        *format = OUTPUT_SVG;
        return true;
    }
    *format = strcasecmp(dot, ".pdf") == 0 ? OUTPUT_PDF : OUTPUT_HTML;
    return *format == OUTPUT_PDF || strcasecmp(dot, ".html") == 0 || strcasecmp(dot, ".htm") == 0;
}

static bool fail(const struct target *target, const char *what, int number, struct error *error)
{
    if (number == ENOMEM)
        return error_memory(error, target->shown);
    return error_set(error, target->shown, 0, "%s: %s", what, strerror(number));
}

/* Words Cairo's failure. With the embedded typeface, FreeType only fails if out of memory. */
static bool fail_to_draw(const struct target *target, cairo_status_t status, struct error *error)
{
    if (status == CAIRO_STATUS_NO_MEMORY || status == CAIRO_STATUS_FREETYPE_ERROR)
        return error_memory(error, target->shown);
    return error_set(error, target->shown, 0, "cannot draw: %s", cairo_status_to_string(status));
}

/* Follows symbolic links, even to a file that does not exist yet, which realpath(3) would refuse. */
static bool follow_links(struct target *target, struct error *error)
{
    char link[PATH_MAX];
    if (snprintf(target->path, sizeof target->path, "%s", target->shown) >= PATH_MAX)
        return fail(target, "cannot write", ENAMETOOLONG, error);
    for (int i = 0; i < LINKS_MAX; i++) {
        ssize_t length = readlink(target->path, link, sizeof link - 1);
        if (length < 0)
            return true;
        link[length] = '\0';
        char *slash = strrchr(target->path, '/');
        size_t kept = link[0] == '/' || slash == NULL ? 0 : (size_t)(slash - target->path) + 1;
        if (kept + (size_t)length >= sizeof target->path)
            return fail(target, "cannot write", ENAMETOOLONG, error);
        memcpy(target->path + kept, link, (size_t)length + 1);
    }
    return fail(target, "cannot write", ELOOP, error);
}

/* Splits `path` into the directory ("." if it has none) and the name, which is returned. */
static const char *split_path(const char *path, char directory[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        memcpy(directory, ".", 2);
        return path;
    }
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    memcpy(directory, path, length);
    directory[length] = '\0';
    return slash + 1;
}

/* The part of a temporary file's name that identifies its owner: machine and process. */
static void name_owner(char *owner, size_t size, long process)
{
    char host[65] = "";
    gethostname(host, sizeof host - 1);
    snprintf(owner, size, "memtrace-%.40s-%ld", host, process);
}

/* Writes the `number`th candidate for the temporary file's name: ".NAME.memtrace-HOST-PID-NUMBER". */
static void name_temporary(struct target *target, int number)
{
    char directory[PATH_MAX], owner[80];
    const char *name = split_path(target->path, directory);
    name_owner(owner, sizeof owner, (long)getpid());
    /* Long names are truncated: the name only shows people which file this was for. */
    int capacity = NAME_MAX - 100;
    int length = snprintf(target->temporary, sizeof target->temporary, "%s/.%.*s.%s-%d", directory, capacity, name,
                          owner, number);
    if (length >= PATH_MAX)
        snprintf(target->temporary, sizeof target->temporary, ".%s-%d", owner, number);
}

/* Returns true if a file of this name, whose temporary files on this machine begin with `start`, is one of a process
 * that no longer exists. */
static bool is_stale(const char *entry, const char *start)
{
    char *end;
    if (strncmp(entry, start, strlen(start)) != 0)
        return false;
    errno = 0;
    long process = strtol(entry + strlen(start), &end, 10);
    return *end == '-' && errno == 0 && process > 0 && process <= INT_MAX && kill((pid_t)process, 0) != 0 &&
           errno == ESRCH;
}

/* Removes what killed processes left of the same output file. */
static void remove_stale(const struct target *target)
{
    char directory[PATH_MAX], start[NAME_MAX + 100], owner[80];
    const char *name = split_path(target->path, directory);
    DIR *entries = opendir(directory);
    const struct dirent *entry;
    name_owner(owner, sizeof owner, 0);
    owner[strlen(owner) - 1] = '\0';
    snprintf(start, sizeof start, ".%.*s.%s", NAME_MAX - 100, name, owner);
    while (entries != NULL && (entry = readdir(entries)) != NULL)
        if (is_stale(entry->d_name, start))
            unlinkat(dirfd(entries), entry->d_name, 0);
    if (entries != NULL)
        closedir(entries);
}

/* Blocks the signals that end a process while a temporary file has a name. */
static void hold_signals(struct target *target)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&set, signals[i]);
    pthread_sigmask(SIG_BLOCK, &set, &target->signals);
    target->is_holding = true;
}

/* Unblocks the signals. */
static void release_signals(struct target *target)
{
    if (target->is_holding)
        pthread_sigmask(SIG_SETMASK, &target->signals, NULL);
    target->is_holding = false;
}

/* Opens a nameless file that can be given a name later, or returns -1. */
static int open_unnamed(const char *directory)
{
    char self[64];
    int fd = open(directory, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (fd < 0)
        return -1;
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    if (access(self, F_OK) == 0)
        return fd;
    /* Without /proc an unprivileged process cannot give it a name. */
    close(fd);
    return -1;
}

/* Opens the temporary file. Returns -1 with errno on failure. */
static int open_temporary(struct target *target)
{
    char directory[PATH_MAX];
    split_path(target->path, directory);
    int fd = open_unnamed(directory);
    if (fd < 0)
        hold_signals(target);
    for (int number = 0; fd < 0 && number < NAMES_MAX; number++) {
        name_temporary(target, number);
        fd = open(target->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0)
            target->is_named = true;
        else if (errno != EEXIST)
            break;
    }
    return fd;
}

static bool target_open(struct target *target, const char *path, struct error *error)
{
    struct stat status;
    int fd;
    *target = (struct target){.shown = path};
    bool is_there = stat(path, &status) == 0;
    if (is_there && S_ISDIR(status.st_mode))
        return fail(target, "cannot write", EISDIR, error);
    const int descriptor = descriptor_of(path);
    target->is_direct = descriptor >= 0 || (is_there && !S_ISREG(status.st_mode));
    if (descriptor >= 0) {
        fflush(stdout); /* earlier output must come first */
        fd = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    } else if (target->is_direct) {
        fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        if (!follow_links(target, error))
            return false;
        if (is_there && access(target->path, W_OK) != 0)
            return fail(target, "cannot write", errno, error);
        remove_stale(target);
        fd = open_temporary(target);
    }
    if (fd < 0) {
        int number = errno;
        release_signals(target);
        return fail(target, "cannot write", number, error);
    }
    if (is_there && !target->is_direct)
        (void)fchmod(fd, status.st_mode & 07777);
    target->file = fdopen(fd, "wb");
    if (target->file != NULL)
        return true;
    int number = errno;
    close(fd);
    if (target->is_named)
        unlink(target->temporary);
    release_signals(target);
    return fail(target, "cannot write", number, error);
}

/* Gives the complete file a name next to its target. */
static bool give_name(struct target *target)
{
    char self[64];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fileno(target->file));
    if (!target->is_holding)
        hold_signals(target);
    for (int number = 0; !target->is_named && number < NAMES_MAX; number++) {
        name_temporary(target, number);
        target->is_named = linkat(AT_FDCWD, self, AT_FDCWD, target->temporary, AT_SYMLINK_FOLLOW) == 0;
        if (!target->is_named && errno != EEXIST)
            break;
    }
    return target->is_named;
}

/* Collects what is written in memory until target_close, if the target would otherwise get the first part of a drawing
 * that fails. */
static bool hold_back(struct target *target, struct error *error)
{
    if (!target->is_direct)
        return true;
    FILE *memory = open_memstream(&target->buffer, &target->buffer_size);
    if (memory == NULL) {
        fclose(target->file);
        return fail(target, "cannot write", errno, error);
    }
    target->direct = target->file;
    target->file = memory;
    return true;
}

/* Writes what hold_back collected. */
static bool write_held(struct target *target, bool ok, struct error *error)
{
    if (target->direct == NULL)
        return ok;
    bool is_whole = fclose(target->file) == 0;
    target->file = target->direct;
    if (ok && !is_whole)
        ok = fail(target, "cannot write", ENOMEM, error);
    if (ok && fwrite(target->buffer, 1, target->buffer_size, target->file) != target->buffer_size)
        ok = fail(target, "cannot write", errno, error);
    free(target->buffer);
    return ok;
}

/* Waits until the file is on disk. Otherwise a crash of the machine after rename(2) could leave an empty file in place
 * of the old one. Some file systems do not support this. */
static bool is_on_disk(const struct target *target)
{
    return fsync(fileno(target->file)) == 0 || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
}

/* Closes the file. With `ok`, moves it to its target; otherwise removes it. Some file systems report a failed write
 * only on close, so the old file is replaced after that. */
static bool target_close(struct target *target, bool ok, struct error *error)
{
    ok = write_held(target, ok, error);
    if (ok && (fflush(target->file) != 0 || (!target->is_direct && (!is_on_disk(target) || !give_name(target)))))
        ok = fail(target, "cannot write", errno, error);
    if (fclose(target->file) != 0 && ok)
        ok = fail(target, "cannot write", errno, error);
    if (ok && !target->is_direct && rename(target->temporary, target->path) != 0)
        ok = fail(target, "cannot write", errno, error);
    if (!ok && target->is_named)
        unlink(target->temporary);
    release_signals(target);
    return ok;
}

static cairo_status_t write_stream(void *user, const unsigned char *bytes, unsigned int size)
{
    struct target *target = user;
    if (fwrite(bytes, 1, size, target->file) == size)
        return CAIRO_STATUS_SUCCESS;
    if (target->write_errno == 0)
        target->write_errno = errno;
    return CAIRO_STATUS_WRITE_ERROR;
}

/* Draws onto `surface`. Returns false if Cairo could not. */
static bool draw_on(cairo_surface_t *surface, double zoom, output_draw *draw, void *user, const struct target *target,
                    struct error *error)
{
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, zoom, zoom);
    draw(user, cr);
    /* Cairo continues where it can, skipping what it had no memory for. */
    cairo_status_t status = guard_lacks_memory() ? CAIRO_STATUS_NO_MEMORY : cairo_status(cr);
    cairo_destroy(cr);
    if (status == CAIRO_STATUS_SUCCESS)
        return true;
    if (target->write_errno != 0)
        return fail(target, "cannot write", target->write_errno, error);
    return fail_to_draw(target, status, error);
}

#define HUGE_BYTES ((size_t)2 << 20)

/* Maps `size` bytes of zeroed memory for pixels, in huge pages and all at once if the kernel allows it: a thousand page
 * faults take longer than drawing a plot. They begin at a multiple of HUGE_BYTES; memory up to the next one is unused.
 * `*mapped` is for munmap. */
static unsigned char *map_pixels(size_t size, void **mapped, size_t *mapped_size)
{
    *mapped_size = size + 2 * HUGE_BYTES;
    *mapped = mmap(NULL, *mapped_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (*mapped == MAP_FAILED)
        return NULL;
    size_t before = (HUGE_BYTES - (uintptr_t)*mapped % HUGE_BYTES) % HUGE_BYTES;
    unsigned char *pixels = (unsigned char *)*mapped + before;
    /* If either is refused, pages are mapped one by one. */
    int number = errno;
    (void)madvise(pixels, *mapped_size - before, MADV_HUGEPAGE);
    errno = number;
    pages_populate(pixels, size);
    return pixels;
}

static bool draw_pixels(const struct target *target, const struct output_size *size, output_draw *draw, void *user,
                        output_take *take, void *take_user, struct error *error)
{
    int width = (int)rint(size->width_px * size->zoom);
    int height = (int)rint(size->height_px * size->zoom);
    int stride = cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, width);
    void *mapped;
    size_t mapped_size;
    unsigned char *pixels = map_pixels((size_t)stride * (size_t)height, &mapped, &mapped_size);
    if (pixels == NULL)
        return fail(target, "cannot draw", ENOMEM, error);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, width, height, stride);
    bool ok = draw_on(surface, size->zoom, draw, user, target, error);
    cairo_surface_finish(surface);
    cairo_surface_destroy(surface);
    if (ok && !take(take_user, pixels, width, height, (size_t)stride))
        ok = fail(target, "cannot write", errno, error);
    munmap(mapped, mapped_size);
    return ok;
}

/* Writes pixels of map_pixels. The memory after them is in the huge page of the last ones, so it is there anyway. */
static bool take_png(void *file, const unsigned char *pixels, int width_px, int height_px, size_t stride_bytes)
{
    const size_t size = (stride_bytes * (size_t)height_px + 63) / 64 * 64;
    const struct png_spare spare = {(unsigned char *)pixels + size, (HUGE_BYTES - size % HUGE_BYTES) % HUGE_BYTES};
    return png_write(file, pixels, width_px, height_px, stride_bytes, spare, NULL);
}

static bool write_png(struct target *target, const struct output_size *size, output_draw *draw, void *user,
                      struct error *error)
{
    return draw_pixels(target, size, draw, user, take_png, target->file, error);
}

static bool write_compact(void *user, const char *bytes, size_t size)
{
    return write_stream(user, (const unsigned char *)bytes, (unsigned int)size) == CAIRO_STATUS_SUCCESS;
}

/* An SVG being written: its last bytes are held back, so that elements can be inserted before them. */
struct svg_stream {
    struct svg_compact compact;
    struct svg_overlay overlay;
    char tail[sizeof SVG_END];
    size_t tail_length;
};

static cairo_status_t compact_stream(void *user, const unsigned char *bytes, unsigned int size)
{
    struct svg_stream *stream = user;
    const size_t most = sizeof SVG_END - 1;
    for (unsigned int i = 0; i < size; i++) {
        if (stream->tail_length == most) {
            if (!svg_compact_feed(&stream->compact, stream->tail, 1))
                return CAIRO_STATUS_WRITE_ERROR;
            memmove(stream->tail, stream->tail + 1, --stream->tail_length);
        }
        stream->tail[stream->tail_length++] = (char)bytes[i];
    }
    return CAIRO_STATUS_SUCCESS;
}

/* Inserts the overlay before the end of the document. Returns false if the document does not end as expected, or if out
 * of memory. */
static bool finish_svg(struct svg_stream *stream, struct target *target)
{
    struct strbuf elements = {0};
    svg_overlay_finish(&stream->overlay, &elements);
    svg_compact_finish(&stream->compact);
    bool ok = !elements.out_of_memory && stream->tail_length == sizeof SVG_END - 1 &&
              memcmp(stream->tail, SVG_END, stream->tail_length) == 0 &&
              write_compact(target, strbuf_text(&elements), elements.length) &&
              write_compact(target, stream->tail, stream->tail_length);
    strbuf_free(&elements);
    return ok;
}

static bool write_vector(struct target *target, enum output_format format, const struct output_size *size,
                         output_draw *draw, void *user, struct error *error)
{
    double width = size->width_px * size->zoom, height = size->height_px * size->zoom;
    cairo_surface_t *surface;
    struct svg_stream stream = {.tail_length = 0};
    svg_compact_init(&stream.compact, write_compact, target);
    if (format == OUTPUT_SVG) {
        surface = cairo_svg_surface_create_for_stream(compact_stream, &stream, width, height);
        svg_overlay_attach(surface, &stream.overlay);
        cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    } else {
        surface = cairo_pdf_surface_create_for_stream(write_stream, target, width, height);
        /* No date would be better, but Cairo would then write today's. */
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "1970-01-01T00:00:00Z");
    }
    bool ok = draw_on(surface, size->zoom, draw, user, target, error);
    /* Cairo writes most of the file only now, and reports a full disk even later. */
    cairo_surface_finish(surface);
    cairo_status_t status = guard_lacks_memory() ? CAIRO_STATUS_NO_MEMORY : cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    bool is_whole = format != OUTPUT_SVG || finish_svg(&stream, target);
    svg_overlay_free(&stream.overlay);
    if (ok && target->write_errno != 0)
        return fail(target, "cannot write", target->write_errno, error);
    if (ok && status == CAIRO_STATUS_SUCCESS && !is_whole)
        return fail(target, "cannot write", ENOMEM, error);
    if (ok && status != CAIRO_STATUS_SUCCESS)
        return fail_to_draw(target, status, error);
    return ok;
}

/* Refuses sizes that Cairo cannot draw. */
static bool check_size(const char *path, const struct output_size *size, struct error *error)
{
    double width = size->width_px * size->zoom, height = size->height_px * size->zoom;
    if (width >= 1 && height >= 1 && width <= CAIRO_SIZE_MAX && height <= CAIRO_SIZE_MAX)
        return true;
    return error_set(error, path, 0, "cannot draw a plot of %.0fx%.0f pixels: each side must be 1 to %d", width, height,
                     CAIRO_SIZE_MAX);
}

/* A drawing to be written, as user data. */
struct drawing {
    struct target *target;
    enum output_format format;
    const struct output_size *size;
    output_draw *draw;
    void *user;
    output_take *take; /* for pixels that are not written to a file */
    void *take_user;
};

static bool write_drawing(void *user, struct error *error)
{
    const struct drawing *it = user;
    return it->format == OUTPUT_PNG ? write_png(it->target, it->size, it->draw, it->user, error)
                                    : write_vector(it->target, it->format, it->size, it->draw, it->user, error);
}

static bool take_drawing(void *user, struct error *error)
{
    const struct drawing *it = user;
    return draw_pixels(it->target, it->size, it->draw, it->user, it->take, it->take_user, error);
}

bool output_write(const char *path, enum output_format format, const struct output_size *size, output_draw *draw,
                  void *user, struct error *error)
{
    struct target target;
    if (!check_size(path, size, error) || !target_open(&target, path, error) || !hold_back(&target, error))
        return false;
    struct drawing drawing = {.target = &target, .format = format, .size = size, .draw = draw, .user = user};
    return target_close(&target, guard_run(write_drawing, &drawing, error), error);
}

bool output_pixels(const char *shown, const struct output_size *size, output_draw *draw, void *user, output_take *take,
                   void *take_user, struct error *error)
{
    struct target target = {.shown = shown};
    struct drawing drawing = {
        .target = &target, .size = size, .draw = draw, .user = user, .take = take, .take_user = take_user};
    return check_size(shown, size, error) && guard_run(take_drawing, &drawing, error);
}

bool output_data(const char *path, output_print *print, void *user, struct error *error)
{
    struct target target;
    if (!target_open(&target, path, error))
        return false;
    bool ok = print(user, target.file, error);
    if (!ok && error != NULL && error->file[0] == '\0')
        snprintf(error->file, sizeof error->file, "%s", path);
    return target_close(&target, ok, error);
}
