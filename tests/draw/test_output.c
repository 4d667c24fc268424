/* SPDX-License-Identifier: MIT */
/* Unit tests of output: a plot is written completely, or the previous file remains unchanged, for any path. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "draw/output.h"
#include "unit.h"

static const struct output_size small = {200, 100, 1};
static const enum output_format formats[] = {OUTPUT_PNG, OUTPUT_SVG, OUTPUT_PDF};

/* Input and output of the tests' drawing callback. */
struct drawing {
    int lines;  /* number of lines to draw */
    bool spoil; /* make Cairo fail */
    bool die;   /* as after kill -9 */
    char directory[4096];
    int names; /* entries of the directory while drawing */
};

static int count_names(const char *directory)
{
    int count = 0;
    DIR *dir = opendir(directory);
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count - 2;
}

static void draw(void *user, cairo_t *cr)
{
    struct drawing *drawing = user;
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_set_source_rgb(cr, 0.2, 0.3, 0.8);
    for (int i = 0; i < drawing->lines; i++) {
        cairo_move_to(cr, 10.123456, 20);
        cairo_line_to(cr, 10 + i * 7919 % 180, 10 + i * 104729 % 80);
        cairo_stroke(cr);
    }
    if (drawing->spoil)
        cairo_restore(cr);
    if (drawing->die)
        kill(getpid(), SIGKILL);
    if (drawing->directory[0] != '\0')
        drawing->names = count_names(drawing->directory);
}

/* Makes a new directory the working directory. */
static int enter_directory(void **state)
{
    static char directory[] = "/tmp/memtrace-test-XXXXXX";
    memcpy(strrchr(directory, '-'), "-XXXXXX", 7);
    *state = directory;
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int leave_directory(void **state)
{
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s'", (char *)*state);
    return chdir("/") != 0 || system(command) != 0;
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);
    assert_non_null(file);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    return bytes;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_text(const char *path, const char *text)
{
    size_t size;
    char *bytes = read_file(path, &size);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(bytes, text, size);
    free(bytes);
}

static void assert_begins(const char *path, const char *text)
{
    size_t size;
    char *bytes = read_file(path, &size);
    assert_true(size > strlen(text));
    assert_memory_equal(bytes, text, strlen(text));
    free(bytes);
}

static bool save(const char *path, enum output_format format, struct error *error)
{
    struct drawing drawing = {.lines = 20};
    return output_write(path, format, &small, draw, &drawing, error);
}

static void the_extension_selects_the_format(void **state)
{
    static const struct {
        const char *path;
        bool known, add_png;
        enum output_format format;
    } row[] = {
        {"a.png", true, false, OUTPUT_PNG},       {"a.b.SVG", true, false, OUTPUT_SVG},
        {"x/y.Pdf", true, false, OUTPUT_PDF},     {"a", true, true, OUTPUT_PNG},
        {"x.d/a", true, true, OUTPUT_PNG},        {".hidden", true, true, OUTPUT_PNG},
        {"/dev/stdout", true, false, OUTPUT_PNG}, {"a.jpg", false, false, OUTPUT_PNG},
        {"a.", false, false, OUTPUT_PNG},         {"a.png.gz", false, false, OUTPUT_PNG},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(row); i++) {
        enum output_format format = OUTPUT_PNG;
        bool add_png = !row[i].add_png;
        assert_int_equal(output_format_find(row[i].path, &format, &add_png), row[i].known);
        assert_int_equal(add_png, row[i].add_png);
        if (row[i].known)
            assert_int_equal(format, row[i].format);
    }
}

static void each_format_is_written_and_the_same_every_time(void **state)
{
    static const char *const begin[] = {"\x89PNG\r\n", "<?xml version=\"1.0\"", "%PDF-1."};
    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        size_t size, again;
        assert_true(save("a", formats[i], NULL));
        assert_begins("a", begin[i]);
        char *first = read_file("a", &size);
        assert_true(save("a", formats[i], NULL));
        char *second = read_file("a", &again);
        assert_int_equal(size, again);
        assert_memory_equal(first, second, size);
        /* Cairo writes today's date unless another one is set. */
        if (formats[i] == OUTPUT_PDF)
            assert_non_null(memmem(first, size, "(19700101", 9));
        free(first);
        free(second);
    }
    assert_int_equal(count_names("."), 1);
}

static void size_and_zoom_are_those_of_the_file(void **state)
{
    struct drawing drawing = {.lines = 1};
    const struct output_size size = {200, 100, 2.5};
    size_t length;
    (void)state;
    assert_true(output_write("a.png", OUTPUT_PNG, &size, draw, &drawing, NULL));
    cairo_surface_t *image = cairo_image_surface_create_from_png("a.png");
    assert_int_equal(cairo_image_surface_get_width(image), 500);
    assert_int_equal(cairo_image_surface_get_height(image), 250);
    cairo_surface_destroy(image);
    assert_true(output_write("a.svg", OUTPUT_SVG, &size, draw, &drawing, NULL));
    char *svg = read_file("a.svg", &length);
    svg[length] = '\0';
    assert_non_null(strstr(svg, "width=\"500px\" height=\"250px\" viewBox=\"0 0 500 250\""));
    free(svg);
}

static void what_cairo_cannot_draw_is_refused(void **state)
{
    static const struct output_size size[] = {{32768, 10, 1}, {10, 20000, 2}, {0.4, 10, 1}};
    struct drawing drawing = {.lines = 1};
    (void)state;
    for (size_t i = 0; i < COUNT(size); i++) {
        struct error error = {0};
        assert_false(output_write("a.png", OUTPUT_PNG, &size[i], draw, &drawing, &error));
        assert_string_equal(error.file, "a.png");
        assert_non_null(strstr(error.text, "pixels: each side must be 1 to 32767"));
    }
    assert_int_equal(count_names("."), 0);
}

static void nothing_is_seen_of_a_picture_before_it_is_complete(void **state)
{
    struct drawing drawing = {.lines = 1, .directory = "."};
    (void)state;
    assert_true(output_write("a.png", OUTPUT_PNG, &small, draw, &drawing, NULL));
    assert_in_range(drawing.names, 0, 1); /* 1 without O_TMPFILE */
    assert_int_equal(count_names("."), 1);
}

static void a_failed_drawing_leaves_the_old_file(void **state)
{
    struct drawing drawing = {.lines = 1, .spoil = true};
    (void)state;
    write_text("a", "old");
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct error error = {0};
        assert_false(output_write("a", formats[i], &small, draw, &drawing, &error));
        assert_string_equal(error.file, "a");
        assert_non_null(strstr(error.text, "cannot draw: "));
        assert_text("a", "old");
    }
    assert_int_equal(count_names("."), 1);
}

/* A file size limit simulates a full disk without a separate file system. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    (void)state;
    write_text("a", "old");
    for (size_t i = 0; i < COUNT(formats); i++) {
        pid_t child = fork();
        if (child == 0) {
            struct error error = {0};
            struct drawing drawing = {.lines = 2000};
            const struct rlimit limit = {600, 600};
            signal(SIGXFSZ, SIG_IGN);
            setrlimit(RLIMIT_FSIZE, &limit);
            bool ok = output_write("a", formats[i], &small, draw, &drawing, &error);
            _exit(!ok && strcmp(error.text, "cannot write: File too large") == 0 ? 0 : 1);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_text("a", "old");
        assert_int_equal(count_names("."), 1);
    }
}

static void a_kill_leaves_the_old_file(void **state)
{
    int status, fd = open(".", O_TMPFILE | O_WRONLY, 0600);
    (void)state;
    if (fd < 0)
        skip();
    close(fd);
    write_text("a", "old");
    pid_t child = fork();
    if (child == 0) {
        struct drawing drawing = {.lines = 1, .die = true};
        output_write("a", OUTPUT_SVG, &small, draw, &drawing, NULL);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_text("a", "old");
    assert_int_equal(count_names("."), 1);
}

static void devices_are_written_directly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(formats); i++) {
        struct error error = {0};
        struct drawing drawing = {.lines = 2000};
        assert_true(save("/dev/null", formats[i], NULL));
        assert_false(output_write("/dev/full", formats[i], &small, draw, &drawing, &error));
        assert_string_equal(error.file, "/dev/full");
        assert_string_equal(error.text, "cannot write: No space left on device");
    }
}

static void a_pipe_gets_the_picture(void **state)
{
    char begin[9] = "", path[32];
    int end[2];
    (void)state;
    assert_int_equal(pipe(end), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", end[1]);
    assert_true(save(path, OUTPUT_PNG, NULL));
    assert_int_equal(read(end[0], begin, 8), 8);
    assert_string_equal(begin, "\x89PNG\r\n\x1a\n");
    close(end[0]);
    close(end[1]);
}

static void the_target_of_a_link_is_replaced(void **state)
{
    struct stat status;
    (void)state;
    assert_int_equal(mkdir("there", 0777), 0);
    write_text("there/a.png", "old");
    assert_int_equal(symlink("a.png", "there/inner.png"), 0);
    assert_int_equal(symlink("there/inner.png", "link.png"), 0);
    assert_int_equal(symlink("there/new.png", "dangling.png"), 0);
    assert_int_equal(symlink("loop.png", "loop.png"), 0);
    assert_true(save("link.png", OUTPUT_PNG, NULL));
    assert_true(save("dangling.png", OUTPUT_PNG, NULL));
    assert_begins("there/a.png", "\x89PNG");
    assert_begins("there/new.png", "\x89PNG");
    assert_true(lstat("link.png", &status) == 0 && S_ISLNK(status.st_mode));
    assert_true(lstat("there/inner.png", &status) == 0 && S_ISLNK(status.st_mode));
    struct error error = {0};
    assert_false(save("loop.png", OUTPUT_PNG, &error));
    assert_string_equal(error.text, "cannot write: Too many levels of symbolic links");
    assert_int_equal(count_names("there"), 3);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return status.st_mode & 07777;
}

static void the_mode_is_kept_or_by_umask(void **state)
{
    mode_t before = umask(027);
    (void)state;
    assert_true(save("new.png", OUTPUT_PNG, NULL));
    assert_int_equal(mode_of("new.png"), 0640);
    assert_int_equal(chmod("new.png", 0606), 0);
    assert_true(save("new.png", OUTPUT_PNG, NULL));
    assert_int_equal(mode_of("new.png"), 0606);
    umask(before);
}

static void paths_that_cannot_be_written_are_reported(void **state)
{
    char long_name[400], longest_name[256];
    struct error error = {0};
    (void)state;
    assert_false(save(".", OUTPUT_PNG, &error));
    assert_string_equal(error.text, "cannot write: Is a directory");
    assert_false(save("no/such/a.png", OUTPUT_PNG, &error));
    assert_string_equal(error.file, "no/such/a.png");
    assert_string_equal(error.text, "cannot write: No such file or directory");
    assert_false(save("", OUTPUT_PNG, &error));
    assert_string_equal(error.text, "cannot write: No such file or directory");
    memset(long_name, 'a', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_false(save(long_name, OUTPUT_PNG, &error));
    assert_string_equal(error.text, "cannot write: File name too long");
    assert_int_equal(count_names("."), 0);
    memset(longest_name, 'a', sizeof longest_name - 1);
    longest_name[sizeof longest_name - 1] = '\0';
    assert_true(save(longest_name, OUTPUT_PNG, NULL));
    assert_int_equal(count_names("."), 1);
}

/* Runs `test` in a child and asserts that it returned true. */
static void assert_in_child(bool (*test)(void))
{
    int status;
    pid_t child = fork();
    if (child == 0)
        _exit(test() ? 0 : 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static bool is_refused_to_nobody(void)
{
    struct error error = {0};
    /* Root can write everywhere. */
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return false;
    return !save("a.png", OUTPUT_PNG, &error) && strcmp(error.text, "cannot write: Permission denied") == 0;
}

static void a_write_protected_file_is_refused(void **state)
{
    (void)state;
    write_text("a.png", "old");
    assert_int_equal(chmod("a.png", 0444), 0);
    assert_int_equal(chmod(".", 0777), 0);
    assert_in_child(is_refused_to_nobody);
    assert_text("a.png", "old");
}

/* Makes the kernel refuse O_TMPFILE, like NFS. */
static bool forbid_unnamed_files(void)
{
    const size_t flags = offsetof(struct seccomp_data, args[2]);
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)flags),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_TMPFILE & ~O_DIRECTORY, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {COUNT(filter), filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool works_with_named_files(void)
{
    struct drawing drawing = {.lines = 1, .directory = "."};
    struct drawing spoiled = {.lines = 1, .spoil = true};
    if (!forbid_unnamed_files())
        return false;
    return open(".", O_TMPFILE | O_WRONLY, 0600) < 0 &&
           output_write("a.png", OUTPUT_PNG, &small, draw, &drawing, NULL) && drawing.names == 1 &&
           count_names(".") == 1 && !output_write("a.png", OUTPUT_PNG, &small, draw, &spoiled, NULL) &&
           count_names(".") == 1;
}

static void file_systems_without_unnamed_files_will_do(void **state)
{
    (void)state;
    if (prctl(PR_GET_SECCOMP) < 0)
        skip(); /* QEMU's user mode does not support filters */
    assert_in_child(works_with_named_files);
    assert_begins("a.png", "\x89PNG");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_extension_selects_the_format),
        IN_DIRECTORY(each_format_is_written_and_the_same_every_time),
        IN_DIRECTORY(size_and_zoom_are_those_of_the_file),
        IN_DIRECTORY(what_cairo_cannot_draw_is_refused),
        IN_DIRECTORY(nothing_is_seen_of_a_picture_before_it_is_complete),
        IN_DIRECTORY(a_failed_drawing_leaves_the_old_file),
        IN_DIRECTORY(a_full_disk_leaves_the_old_file),
        IN_DIRECTORY(a_kill_leaves_the_old_file),
        IN_DIRECTORY(devices_are_written_directly),
        IN_DIRECTORY(a_pipe_gets_the_picture),
        IN_DIRECTORY(the_target_of_a_link_is_replaced),
        IN_DIRECTORY(the_mode_is_kept_or_by_umask),
        IN_DIRECTORY(paths_that_cannot_be_written_are_reported),
        IN_DIRECTORY(a_write_protected_file_is_refused),
        IN_DIRECTORY(file_systems_without_unnamed_files_will_do),
    };
    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
