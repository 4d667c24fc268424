#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Properties that matter for speed on any machine: the same result with any number of threads, bounded memory, few opened files.
# Times are not tested; make bench measures them.
# shellcheck disable=SC2154,SC2016,SC2030,SC2031

load cli_helpers

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    mkdir -p "$root/build"
    flock "$root/build" make -s -C "$root" build/bench/gen_logs build/bench/measure
}
setup() {
    setup_scratch
    gen_logs=$root/build/bench/gen_logs
}
teardown() { teardown_scratch; }

# Prints the peak resident memory of a command in KiB.
peak_kib() { # COMMAND...
    printf 'it\t%s\n' "$*" | "$root/build/bench/measure" 1 | cut -f 3
}

# Prints the minimum of many runs, because the placement of huge pages may add a megabyte.
least_peak_kib() { # COMMAND...
    local -i run
    for ((run = 0; run < 30; run++)); do peak_kib "$@"; done | sort -n | head -n 1
}

# Draws the log with one and with several threads, and compares all output.
compare_jobs() { # LOG
    local jobs
    for jobs in 1 2 3 7; do
        "$memtrace" -s 2 "$1" --jobs $jobs --save "$jobs.png" --stats=tsv >"$jobs.out" 2>"$jobs.err" </dev/null
        cmp 1.png "$jobs.png"
        cmp 1.out "$jobs.out"
        cmp 1.err "$jobs.err"
    done
}

@test "one long log gives the same bytes whatever the number of threads" {
    "$gen_logs" -b 24e6 long-mem.log
    compare_jobs long-mem.log
    strace -f -qq -e trace=clone,clone3 -o trace "$memtrace" -q -s 2 long-mem.log --jobs 3 --save a.png
    [ "$(grep -c 'clone' trace)" -ge 3 ]
}

@test "a long log with damage, other formats and marks gives the same bytes whatever the number of threads" {
    "$gen_logs" -k digits -b 12e6 one
    "$gen_logs" -b 12e6 -S 7 two
    # Truncated rows, noise, holes and events at intervals; a run in another format in the middle.
    awk 'NR % 4001 == 2 { print substr($0, 1, 40); next }
        NR % 7919 == 3 { print "Sww" $0; next }
        NR % 9973 == 0 { printf "\0\0\0" }
        NR % 30011 == 0 { print "slurmstepd: error: Detected 1 oom_kill event in StepId=1.0." }
        { print }' one >long-mem.log
    print_log 40 1000000 5000 | sed 's/buff\/cache/  buffers/' >>long-mem.log
    cat two >>long-mem.log
    compare_jobs long-mem.log
    [ "$(wc -l <1.err)" -ge 3 ]
}

@test "a log that ends within a piece, a row or a record is read to its end" {
    "$gen_logs" -b 20e6 whole
    for size in $((16384 * 1024 + 1)) $((77 * 262144)) $((77 * 262144 - 1)) 19999999; do
        head -c "$size" whole >cut-mem.log
        "$memtrace" -s 2 cut-mem.log --jobs 1 --stats=tsv --save 1.png >1.out 2>1.err
        "$memtrace" -s 2 cut-mem.log --jobs 4 --stats=tsv --save 4.png >4.out 2>4.err
        cmp 1.out 4.out
        cmp 1.err 4.err
        cmp 1.png 4.png
    done
}

@test "for five records, only the log, the plot and libraries are opened" {
    "$gen_logs" -r 5 five-mem.log
    strace -f -qq -e trace=open,openat,openat2 -o trace "$memtrace" -q -s 2 five-mem.log --save five.png
    grep -v ENOENT trace | grep -vE '"(/[^"]*)?/[^/"]*\.so(\.[0-9.]+)?"|/etc/ld\.so' >opened
    # A sanitizer reads /proc at the start.
    grep -vE '"/proc/self|O_DIRECTORY' opened >files || true # the folder of the plot is searched for files of killed processes
    [ "$(wc -l <files)" -eq 2 ]
    grep -q '"five-mem.log", O_RDONLY' files
    # Fonts, their configuration and translations are not even searched for.
    [ "$(grep -vE '\.so(\.[0-9.]+)?"' trace | grep -cE 'font|locale|/usr/share')" -eq 0 ]
}

@test "five records take 12 MiB at most" {
    ! nm "$memtrace" 2>/dev/null | grep -q __asan_init || skip "a build with ASan takes more"
    "$gen_logs" -r 5 five-mem.log
    # The minimum of several runs, because the resident part of the libraries varies.
    kib=$(for _ in 1 2 3 4 5; do peak_kib "$memtrace" -q -s 2 five-mem.log --save five.png; done | sort -n | head -n 1)
    echo "$kib KiB"
    [ "$kib" -le $((12 * 1024)) ]
}

@test "memory does not grow with the length of a log" {
    ! nm "$memtrace" 2>/dev/null | grep -q __asan_init || skip "a build with ASan takes more"
    "$gen_logs" -b 4e6 short-mem.log
    "$gen_logs" -b 48e6 long-mem.log
    short=$(least_peak_kib "$memtrace" -q -s 2 short-mem.log --jobs 1 --save a.png)
    long=$(least_peak_kib "$memtrace" -q -s 2 long-mem.log --jobs 1 --save a.png)
    echo "$short KiB, $long KiB"
    # Two lines change, used memory and swap; each takes 400 KB.
    [ "$long" -le $((short + 900)) ]
}

@test "beyond 100 nodes a series takes at most 100 KB, up to 100 nodes 400 KB" {
    ! nm "$memtrace" 2>/dev/null | grep -q __asan_init || skip "a build with ASan takes more"
    "$gen_logs" -H -n 101 -r 4000 long
    "$gen_logs" -H -n 101 -r 5 short
    rm long/node00101-mem.log short/node00101-mem.log
    short=$(peak_kib "$memtrace" -q short --view overview --jobs 2 --save a.png)
    few=$(peak_kib "$memtrace" -q long --view overview --jobs 2 --save a.png)
    echo "100 nodes: $short KiB, $few KiB"
    # 400 KB for each of two changing series; the rest is for drawing and overhead of realloc(3).
    [ $((few - short)) -le $((100 * 2 * 400 + 4096)) ]
    "$gen_logs" -H -n 101 -r 4000 long
    "$gen_logs" -H -n 101 -r 5 short
    short=$(peak_kib "$memtrace" -q short --view overview --jobs 2 --save a.png)
    many=$(peak_kib "$memtrace" -q long --view overview --jobs 2 --save a.png)
    echo "101 nodes: $short KiB, $many KiB"
    [ $((many - short)) -le $((101 * 2 * 100 + 4096)) ]
}

@test "more logs than the limit on open files can be read" {
    "$gen_logs" -n 200 -r 20 many
    "$memtrace" -q -s 2 many --stats=tsv --save all.png >all.out
    (
        ulimit -n 8
        "$memtrace" -q -s 2 many --jobs 64 --stats=tsv --save few.png >few.out
    )
    cmp all.out few.out
    cmp all.png few.png
    [ "$(wc -l <all.out)" -gt 200 ]
}

@test "an SVG takes at most 70 KB per line, whatever the length of the log" {
    "$gen_logs" -H -n 6 -r 60000 long
    "$memtrace" -q long --save six.svg
    rm long/node0000[3-6]-mem.log
    "$memtrace" -q long --save two.svg
    echo "$(wc -c <six.svg) $(wc -c <two.svg) bytes"
    [ $((($(wc -c <six.svg) - $(wc -c <two.svg)) / 4)) -le 70000 ]
    # The rest of the file: frame, labels, glyphs.
    [ "$(wc -c <two.svg)" -le 210000 ]
    xmllint --noout six.svg
}

@test "memtrace starts no more threads than CPUs that the process may use" {
    "$gen_logs" -n 8 -r 2000 many
    strace -f -qq -e trace=clone,clone3 -o trace taskset -c 0 "$memtrace" -q -s 2 many --save a.png
    [ "$(grep -c clone trace)" -eq 0 ]
}
