/* SPDX-License-Identifier: MIT */
/* Unit tests of freelog_parser: logs in pieces of any size, the order of reports, bounds, and inputs that were once
 * misread. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "freelog/node_table.h"
#include "freelog/parser.h"
#include "unit.h"

/* The reports of the parser, one line each. */
struct reported {
    char text[8192];
    size_t length;
    unsigned long records, notes[FREELOG_NOTE_COUNT];
    unsigned long lines[2];
    bool ok;
};

__attribute__((format(printf, 2, 3))) static void say(struct reported *reported, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (reported->length < sizeof reported->text - 1)
        reported->length += (size_t)vsnprintf(reported->text + reported->length,
                                              sizeof reported->text - reported->length, format, arguments);
    va_end(arguments);
}

/* Adds "1 node1 used=5K": line, label, and the requested columns. */
static void on_record(void *user, const struct freelog_record *record)
{
    struct reported *reported = user;
    reported->records++;
    say(reported, "%lu", record->line);
    if (*record->label != '\0')
        say(reported, " %s", record->label);
    if (isfinite(record->stamp_s))
        say(reported, " at=%.10g%s", record->stamp_s, record->stamp_is_local ? "l" : record->stamp_is_epoch ? "e" : "");
    for (int c = 0; c <= FREELOG_SWAP_FREE; c++)
        if ((record->present >> c & 1) != 0)
            say(reported, "%c%.10g", c == 0 ? ' ' : ',', record->value[c] / 1024);
        else
            say(reported, "%c", c == 0 ? ' ' : ',');
    for (int c = FREELOG_JOB_TOTAL; c < FREELOG_COLUMN_COUNT; c++)
        if ((record->present >> c & 1) != 0)
            say(reported, "%s%.10g", c == FREELOG_JOB_TOTAL || c == FREELOG_JOB_SWAP_TOTAL ? " j=" : ",",
                record->value[c] / 1024);
    say(reported, "\n");
}

static void on_header(void *user, const char *label, const char *key, const char *value)
{
    say(user, "%s%s%s=%s\n", label, *label == '\0' ? "" : " ", key, value);
}

static void on_note(void *user, enum freelog_note note, unsigned long line, const char *text)
{
    struct reported *reported = user;
    char what[128];
    (void)text;
    reported->notes[note]++;
    freelog_note_format(what, sizeof what, note, 1);
    say(reported, "%lu: %s\n", line, what + strlen("1 "));
}

static void on_event(void *user, const char *label, unsigned long line, const char *text)
{
    say(user, "%lu: mark of '%s': %s\n", line, label, text);
}

static void read_log(struct reported *reported, const char *log, size_t size, size_t piece)
{
    const struct freelog_sink sink = {
        .user = reported, .record = on_record, .header = on_header, .note = on_note, .event = on_event};
    struct freelog_parser *parser = freelog_parser_new(&sink, 0);
    memset(reported, 0, sizeof *reported);
    assert_non_null(parser);
    reported->ok = true;
    for (size_t at = 0; at < size && reported->ok; at += piece)
        reported->ok = freelog_parser_feed(parser, log + at, piece < size - at ? piece : size - at);
    reported->ok = freelog_parser_finish(parser) && reported->ok;
    freelog_parser_lines(parser, &reported->lines[0], &reported->lines[1]);
    freelog_parser_free(parser);
}

#define NEW_HEADER   "               total        used        free      shared  buff/cache   available\n"
#define NEW_MEM      "Mem:         1000000      400000      500000           7      100000      600000\n"
#define NEW_SWAP     "Swap:         200000       50000      150000\n"
#define NEW          NEW_HEADER NEW_MEM NEW_SWAP
#define NEW_WANT     " 1000000,400000,500000,7,,,100000,600000,200000,50000,150000\n"
#define NEW_JOB      "Job:          300000      200000       40000           5       60000      100000\n"
#define NEW_JOBSWAP  "Jobswap:       20000        5000       15000\n"
#define JOB_WANT     " 1000000,400000,500000,7,,,100000,600000,200000,50000,150000 j=300000,200000,40000,5,60000,100000"
#define JOBSWAP_WANT " j=20000,5000,15000"
#define OLD                                                                                                            \
    "             total       used       free     shared    buffers     cached\n"                                      \
    "Mem:       1000000     500000     500000          0      10000      90000\n"                                      \
    "-/+ buffers/cache:     400000     600000\n"                                                                       \
    "Swap:       200000      50000     150000\n"
#define OLD_WANT " 1000000,400000,500000,0,10000,90000,100000,,200000,50000,150000\n"

/* A log and all reports that it must produce. */
static const struct {
    const char *log;
    size_t size; /* 0: up to its NUL */
    const char *want;
} logs[] = {
    {"", 0, ""},
    {"\n\n \n", 0, ""},
    {NEW, 0, "2" NEW_WANT},
    {NEW "\n" NEW "\n", 0, "2" NEW_WANT "6" NEW_WANT},
    {OLD "\n" OLD, 0, "2" OLD_WANT "7" OLD_WANT},
    /* The first record defines the usual rows; a record without one of them is still a record. */
    {OLD "\n" OLD NEW_HEADER, 0, "2" OLD_WANT "7" OLD_WANT "10: change of format\n"},
    {NEW OLD NEW, 0, "2" NEW_WANT "4: change of format\n5" OLD_WANT "8: change of format\n9" NEW_WANT},
    /* Alternating lines of two nodes. */
    {"0: " NEW_HEADER "1: " NEW_HEADER "1: " NEW_MEM "0: " NEW_MEM "0: " NEW_SWAP "0: \n1: " NEW_SWAP, 0,
     "4 0" NEW_WANT "3 1" NEW_WANT},
    /* A row without a blank after its label; a padded label. */
    {"n1:" NEW_MEM "  7: " NEW_MEM, 0,
     "1 n1 1000000,400000,500000,7,,,100000,600000,,,\n2 7 1000000,400000,500000,7,,,100000,600000,,,\n"},
    /* pssh -P: rows without the label of their header. */
    {"n1: " NEW "n2: " NEW NEW, 0, "8" NEW_WANT "2 n1" NEW_WANT "5 n2" NEW_WANT},
    /* A blank line of parallel --tag. */
    {"n1\t" NEW_HEADER "n1\t" NEW_MEM "n1\t" NEW_SWAP "n1\t\n", 0, "2 n1" NEW_WANT},
    /* Blocks of clush -b and dshbak. */
    {"---------------\nn1\n---------------\n" NEW "---------------\nn2\n---------------\n" NEW, 0,
     "5 n1" NEW_WANT "11 n2" NEW_WANT},
    /* Times: before a record, on its row, after it, none. */
    {"1732320000\n" NEW "1732320005\n" NEW, 0, "3 at=1732320000e" NEW_WANT "7 at=1732320005e" NEW_WANT},
    {"2026-11-23T00:00:05Z " NEW_MEM "2026-11-23T00:00:00Z " NEW_MEM, 0,
     "1 at=1795392005e 1000000,400000,500000,7,,,100000,600000,,,\n2: backward clock jump, starting a new "
     "run\n"
     "2 at=1795392000e 1000000,400000,500000,7,,,100000,600000,,,\n"},
    /* memtrace's own lines. */
    {"# memtrace 1 host=a%20b start=5.5 odd%3d=x\n" NEW "# memtrace end=9.5\n", 0,
     "host=a b\nstart=5.5\nodd%3d=x\n3" NEW_WANT "end=9.5\n"},
    {"# memtrace 1 host=a start=17323", 0, "host=a\n1: truncated row at the end of the log, skipped\n"},
    /* The job's rows of the recorders, with any number of digits, and after the end of the job. */
    {NEW NEW_JOB "\n" NEW NEW_JOB "\n" NEW "\n", 0, "2" JOB_WANT "\n7" JOB_WANT "\n12" NEW_WANT},
    {NEW NEW_JOB NEW_JOBSWAP NEW "Job: 300000 200000 40000 5 60000 100000\nJobswap: 20000 5000 15000\n", 0,
     "2" JOB_WANT JOBSWAP_WANT "\n7" JOB_WANT JOBSWAP_WANT "\n"},
    {"n1: " NEW_MEM "n2: " NEW_MEM "n1: " NEW_SWAP "n2: " NEW_SWAP "n2: " NEW_JOB "n1: " NEW_JOB "n1: " NEW_MEM, 0,
     "1 n1" JOB_WANT "\n7 n1 1000000,400000,500000,7,,,100000,600000,,,\n2 n2" JOB_WANT "\n"},
    {OLD "Job: 300000 200000 40000 5 60000 100000\n", 0,
     "2 1000000,400000,500000,0,10000,90000,100000,,200000,50000,150000 j=300000,200000,40000,5,60000,100000\n"},
    /* The recorders' lines between records do not begin another run. */
    {NEW NEW_JOB "# memtrace oom_kill=1\n" NEW NEW_JOB "# memtrace top=my%20app:7:5,b:8:4\n", 0,
     "2" JOB_WANT "\noom_kill=1\n7" JOB_WANT "\ntop=my%20app:7:5,b:8:4\n"},
    /* Only the damaged row of the job is lost; such lines of other programs are not rows. */
    {NEW "Job:          300000      2000", 0, "4: truncated row at the end of the log, skipped\n2" NEW_WANT},
    {NEW NEW_JOB NEW "Job:          300000      2000\n" NEW NEW_JOB, 0,
     "2" JOB_WANT "\n8: truncated row, skipped\n6" NEW_WANT "10" JOB_WANT "\n"},
    {NEW NEW_JOB NEW "Job:          300000      2x0000       40000           5       60000      100000\n", 0,
     "2" JOB_WANT "\n8: truncated row, skipped\n6" NEW_WANT},
    {NEW "Job: 4711 on 3 nodes\nJob: 12\n", 0,
     "4: line not in free(1) format, skipped\n5: line not in free(1) format, skipped\n2" NEW_WANT},
    /* Damage. */
    {NEW "Mem:         1000000      400", 0, "2" NEW_WANT "4: truncated row at the end of the log, skipped\n"},
    {NEW "Mem:         1000000      400\n" NEW, 0, "2" NEW_WANT "4: truncated row, skipped\n6" NEW_WANT},
    {NEW_HEADER NEW_MEM "Swap:         20", 0,
     "3: truncated row at the end of the log, skipped\n2 1000000,400000,500000,7,,,100000,600000,,,\n"},
    /* The first record ends where the next one begins or the log ends, so it is reported after anything in between. */
    {NEW "               total        us", 0, "4: truncated row at the end of the log, skipped\n2" NEW_WANT},
    {NEW "               total        used        free      sha", 0,
     "4: truncated row at the end of the log, skipped\n2" NEW_WANT},
    {NEW "\0\0\0\0\0" NEW, sizeof(NEW "\0\0\0\0\0" NEW) - 1, "4: hole of NUL bytes\n2" NEW_WANT "5" NEW_WANT},
    {"\0\0\n\0\0\n" NEW, sizeof("\0\0\n\0\0\n" NEW) - 1, "1: hole of NUL bytes\n2: hole of NUL bytes\n4" NEW_WANT},
    {NEW_HEADER "Mem:         1000000      4x0000      500000           7      100000      600000\n" NEW, 0,
     "2: bad number, record skipped\n4" NEW_WANT},
    {NEW "Hello\nWorld\n", 0,
     "4: line not in free(1) format, skipped\n5: line not in free(1) format, skipped\n2" NEW_WANT},
    {NEW_HEADER NEW_MEM "Swap: 200000 -5 18014398509480984\n", 0,
     "3: impossible swap value, shown as 0\n2 1000000,400000,500000,7,,,100000,600000,200000,0,0\n"},
    /* Slurm. */
    {NEW "slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some of the step\nsrun: Job step aborted\n", 0,
     "4: mark of '': out of memory StepId=7.0\n5: line not in free(1) format, skipped\n2" NEW_WANT},
    {"n1: " NEW_MEM "slurmstepd: error: *** STEP 7.0 ON n1 CANCELLED AT 2024-05-04T12:00:02 DUE TO TIME LIMIT ***\n", 0,
     "2: mark of 'n1': cancelled: TIME LIMIT\n1 n1 1000000,400000,500000,7,,,100000,600000,,,\n"},
    /* watch, and the records before it. */
    {NEW "\033[?1049h\033[2J", 0, "4: watch(1) screen\n"},
    /* Byte-order marks; a character beyond 16 bits, and halves of one. */
    {"\xef\xbb\xbf" NEW, 0, "2" NEW_WANT},
    {"\xff\xfe"
     "1\0"
     "\x3d\xd8"
     "\x00\xde"
     "\n\0"
     "\x3d\xd8"
     "2\0"
     "\n\0"
     "3\0",
     18,
     "1: line not in free(1) format, skipped\n2: line not in free(1) format, skipped\n3: line not in free(1) format, "
     "skipped\n"},
    {"\xfe\xff"
     "\0M\0e\0m\0:\0 \0"
     "8\0 \0"
     "2\0 \0"
     "6\0 \0"
     "1\0 \0"
     "0\0 \0"
     "0\0\n",
     36, "1: unit inferred from the numbers\n1 8388608,2097152,6291456,1048576,,,0,0,,,\n"},
    {"\xfeMem: 1\n", 0, "1: line not in free(1) format, skipped\n"},
    /* Found by fuzzing: a number beyond all times since 1970, colons without a word, a NUL after the screen of watch,
     * an empty label, a row without values. */
    {"1779883202\n99999999999\n12345678901234567890\n", 0,
     "2: line not in free(1) format, skipped\n3: line not in free(1) format, skipped\n"},
    {"::a:1 2 3\n::: 100 2 3 4 5 6\n", 0,
     "1: line not in free(1) format, skipped\n2: line not in free(1) format, skipped\n"},
    {"\033[?47h\0x", 8, "1: watch(1) screen\n"},
    {"\r \t 5\nP80:\tjunp: 1 2 3\n", 0,
     "1: line not in free(1) format, skipped\n2: line not in free(1) format, skipped\n"},
    {NEW_HEADER NEW_MEM "Swap:\n", 0, "3: truncated row, skipped\n2 1000000,400000,500000,7,,,100000,600000,,,\n"},
};

static void logs_are_described_correctly(void **state)
{
    struct reported reported;
    (void)state;
    for (size_t i = 0; i < COUNT(logs); i++) {
        size_t size = logs[i].size > 0 ? logs[i].size : strlen(logs[i].log);
        read_log(&reported, logs[i].log, size, size + 1);
        assert_true(reported.lines[1] <= reported.lines[0]);
        if (strcmp(reported.text, logs[i].want) != 0)
            print_message("log %zu:\n%s\n", i, logs[i].log);
        assert_string_equal(reported.text, logs[i].want);
    }
}

static void input_in_pieces_of_any_size_gives_the_same_result(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 4096};
    struct reported whole, other;
    (void)state;
    for (size_t i = 0; i < COUNT(logs); i++)
        for (size_t k = 0; k < COUNT(pieces); k++) {
            size_t size = logs[i].size > 0 ? logs[i].size : strlen(logs[i].log);
            read_log(&whole, logs[i].log, size, size + 1);
            read_log(&other, logs[i].log, size, pieces[k]);
            assert_string_equal(other.text, whole.text);
            assert_int_equal(other.ok, whole.ok);
            assert_memory_equal(other.lines, whole.lines, sizeof whole.lines);
        }
}

static void recognized_lines_are_counted(void **state)
{
    static const char log[] =
        NEW "\nnoise\n\n" NEW "slurmstepd: error: *** JOB 7 ON n1 CANCELLED AT x ***\nmore noise\n";
    struct reported reported;
    (void)state;
    read_log(&reported, log, sizeof log - 1, sizeof log);
    assert_int_equal(reported.lines[0], 9);
    assert_int_equal(reported.lines[1], 7);
}

/* Feeds `before`, `count` times `text`, and `after`. */
static void read_repeated(struct reported *reported, const char *before, const char *text, size_t count,
                          const char *after)
{
    size_t length = strlen(text), size = strlen(before) + count * length + strlen(after);
    char *log = malloc(size + 1), *at = stpcpy(log, before);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, text);
    stpcpy(at, after);
    read_log(reported, log, size, 1 << 20);
    free(log);
}

static void overlong_lines_are_skipped(void **state)
{
    struct reported reported;
    (void)state;
    read_repeated(&reported, NEW, "x", 300000, "\n" NEW);
    assert_string_equal(reported.text, "4: overlong line, skipped\n2" NEW_WANT "6" NEW_WANT);
    read_repeated(&reported, NEW "Mem: ", "7", 300000, "\n" NEW);
    assert_string_equal(reported.text, "4: overlong line, skipped\n2" NEW_WANT "6" NEW_WANT);
    read_repeated(&reported, NEW, "x", 300000, "");
    assert_string_equal(reported.text, "4: overlong line, skipped\n2" NEW_WANT);
    /* A line just below the limit is examined. */
    read_repeated(&reported, NEW, " ", 60000, NEW_MEM);
    assert_int_equal(reported.notes[FREELOG_NOTE_LONG_LINE], 0);
}

static void time_of_worst_lines_is_bounded(void **state)
{
    static const char *const texts[] = {
        ":",      "Mem:",  "total ",      "total used free ", "SwapUse", "-/+ ", "1 ",           "1:",
        "\033[",  "\033]", "# memtrace ", "a=%20 ",           "Nov ",    "\t",   "\xef\xbc\x9a", "---",
        "Mem: 1 "};
    struct reported reported;
    (void)state;
    /* 17 lines of 60000 bytes each, which would take a minute in quadratic time. */
    for (size_t i = 0; i < COUNT(texts); i++) {
        char line[60001] = "";
        size_t length = strlen(texts[i]);
        for (size_t at = 0; at + length < sizeof line - 1; at += length)
            memcpy(line + at, texts[i], length + 1);
        strcat(line, "\n");
        read_repeated(&reported, NEW, line, 1, NEW);
        assert_true(reported.records > 0 || !reported.ok);
    }
}

static void nodes_of_one_log_are_bounded(void **state)
{
    struct reported reported;
    (void)state;
    size_t count = NODE_TABLE_MAX + 10;
    char *log = malloc(count * 80), *at = log;
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "n%zu: Mem: 8 2 6 1 0 0\n", i);
    read_log(&reported, log, (size_t)(at - log), 65536);
    assert_int_equal(reported.records, NODE_TABLE_MAX - 1); /* one entry is the stream without a label */
    assert_int_equal(reported.notes[FREELOG_NOTE_MANY_LABELS], 11);
    free(log);
}

static void names_and_columns_find_each_other(void **state)
{
    (void)state;
    for (int c = 0; c < FREELOG_COLUMN_COUNT; c++)
        assert_int_equal(freelog_column_find(freelog_column_name((enum freelog_column)c)), c);
    assert_int_equal(freelog_column_find("BUFF/CACHE"), FREELOG_BUFF_CACHE);
    assert_int_equal(freelog_column_find("swap_used"), FREELOG_SWAP_USED);
    assert_int_equal(freelog_column_find("cache"), FREELOG_CACHED);
    assert_int_equal(freelog_column_find(""), FREELOG_COLUMN_COUNT);
    assert_int_equal(freelog_column_find("used "), FREELOG_COLUMN_COUNT);
    assert_int_equal(freelog_column_find("a name that is far longer than any column's"), FREELOG_COLUMN_COUNT);
    assert_string_equal(freelog_used_name(FREELOG_USED_NO_BUFFERS), freelog_used_name(FREELOG_USED_NO_CACHE));
}

static void notes_count_what_they_report(void **state)
{
    char one[200], many[200];
    (void)state;
    for (int note = 0; note < FREELOG_NOTE_COUNT; note++) {
        freelog_note_format(one, sizeof one, (enum freelog_note)note, 1);
        freelog_note_format(many, sizeof many, (enum freelog_note)note, 12);
        assert_int_equal(strncmp(one, "1 ", 2), 0);
        assert_int_equal(strncmp(many, "12 ", 3), 0);
        assert_string_not_equal(one + 2, many + 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logs_are_described_correctly),

        cmocka_unit_test(input_in_pieces_of_any_size_gives_the_same_result),
        cmocka_unit_test(recognized_lines_are_counted),
        cmocka_unit_test(overlong_lines_are_skipped),
        cmocka_unit_test(time_of_worst_lines_is_bounded),
        cmocka_unit_test(nodes_of_one_log_are_bounded),
        cmocka_unit_test(names_and_columns_find_each_other),
        cmocka_unit_test(notes_count_what_they_report),
    };
    cmocka_set_skip_filter(getenv("SKIPPED_TESTS")); /* see tests/run.sh */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
