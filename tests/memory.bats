#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Behaviour when memory runs out: each allocation of a run fails once, alone or with all later ones. The run must either succeed
# completely, or write nothing and exit with status 1 and a message about memory.
# shellcheck disable=SC2154,SC2016,SC2030,SC2031 # variables of the helpers

load cli_helpers

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    mkdir -p "$root/build"
    flock "$root/build" make -s -C "$root" build/tests/fail_malloc.so build/tests/block_heap.so
}

setup() {
    setup_scratch
    ! nm "$memtrace" 2>/dev/null | grep -q __asan_init || skip "a build with ASan has its own malloc"
    ! file "$memtrace" | grep -q 'statically linked' || skip "nothing can be preloaded into a static binary"
    print_log 10 1048576 1048576 >alfa-mem.log
    print_log 10 2097152 524288 >beta-mem.log
    awk '{ print "n1: " $0; print "n2: " $0 }' alfa-mem.log >labelled.txt
    gzip -c beta-mem.log >gamma-mem.log.gz
    # The log of a job that is killed.
    {
        echo '# memtrace start=1700000000 interval=2 host=n3 job=7 name=try limit=33554432K'
        awk '{ print } /^Swap/ { print "Job:     " 16777216 + n * 1048576, 8388608 + n++ * 1048576, 8388608, 1, 1000, 9437184 }' alfa-mem.log
        echo '# memtrace top=solver:17:4194304,python3:18:1024'
        echo '# memtrace oom_kill=1'
        echo '# memtrace end=1700000020 state=OUT_OF_MEMORY'
    } >delta-mem.log
    printf '4 one\n8 two\n' >events
}
teardown() { teardown_scratch; }

# Runs memtrace once per allocation, up to the 1000th, and lets this allocation fail, alone or with all later ones. Plots make many
# allocations, so every third is enough.
survives() { # OUTPUT-FILE-OR-NOTHING ARGUMENT...
    local rest step=1
    [[ ! $1 =~ (png|svg|pdf|html)$ ]] || step=3
    for rest in 0 1; do
        env LD_PRELOAD="$root/build/tests/fail_malloc.so" FAIL_MALLOC_RUNS=1000 FAIL_MALLOC_REST="$rest" FAIL_MALLOC_STEP=$step \
            ${1:+FAIL_MALLOC_OUTPUT="$1"} "$memtrace" --jobs 1 "${@:2}" >report 2>count || {
            echo "${*:2} (rest $rest): $(cat count)"
            head -n 20 report
            return 1
        }
        [ "$(cut -d ' ' -f 1 count)" -ge 5 ]
        step=11
    done
}

@test "plots survive an allocation that fails: PNG, SVG, PDF" {
    survives a.png -s 2 alfa-mem.log beta-mem.log --save a.png --marks events --total --swap
    survives a.svg -s 2 labelled.txt --save a.svg --limit 30G
    survives a.pdf delta-mem.log --save a.pdf
}

@test "a pipe gets nothing of a drawing for which memory runs out" {
    mkfifo a.svg
    exec 5<>a.svg
    for n in 200 300 350 400 450; do
        sed -u '/^end$/q' <a.svg >got &
        env LD_PRELOAD="$root/build/tests/fail_malloc.so" FAIL_MALLOC_RUNS=$((n + 1)) FAIL_MALLOC_REST=1 FAIL_MALLOC_ONLY=$n \
            "$memtrace" --jobs 1 delta-mem.log --save a.svg >report 2>&1 || :
        printf 'end\n' >&5
        wait $!
        [ "$(cat got)" = end ]
        grep -q '^memtrace: .*memory' report
    done
    exec 5>&-
}

@test "statistics and exports survive an allocation that fails" {
    survives '' -s 2 alfa-mem.log beta-mem.log --stats
    survives '' delta-mem.log --stats=json
    survives a.csv -s 2 labelled.txt --export a.csv
    survives a.json -s 2 alfa-mem.log gamma-mem.log.gz --export a.json
}

@test "labelled, compressed and exported logs are read completely or not at all if an allocation fails" {
    survives '' -s 2 labelled.txt --stats=tsv
    survives '' -s 2 gamma-mem.log.gz --stats=tsv
    "$memtrace" -q -s 2 alfa-mem.log beta-mem.log --export plain.csv
    survives '' plain.csv --stats=tsv
    mkdir run1 run2 && mv alfa-mem.log run1 && mv beta-mem.log run2
    survives '' -s 2 run1 run2 --stats=tsv
    survives '' -s 2 run1 --against run2 --stats=tsv
    survives '' -s 2 'run*/*' --stats=tsv
}

@test "the page survives an allocation that fails" {
    survives a.html -s 2 alfa-mem.log beta-mem.log --save a.html
}

@test "the terminal's plot survives an allocation that fails" {
    survives '' -s 2 alfa-mem.log beta-mem.log --marks events
    survives '' -s 2 alfa-mem.log beta-mem.log --view overview
    survives '' delta-mem.log --view panels --size 60x20
}

@test "overview and panels survive an allocation that fails" {
    survives a.png -s 2 alfa-mem.log beta-mem.log --save a.png --view overview --size 400x300
    survives a.png -s 2 alfa-mem.log beta-mem.log --save a.png --view panels --size 400x300
}

@test "a heap that cannot grow is not reported as out of memory" {
    for output in plot.png plot.svg; do
        "$memtrace" -q alfa-mem.log beta-mem.log -s 2 --save "$output"
        env LD_PRELOAD="$root/build/tests/block_heap.so" "$memtrace" -q alfa-mem.log beta-mem.log -s 2 --save "blocked-$output"
        cmp "$output" "blocked-$output"
    done
}
