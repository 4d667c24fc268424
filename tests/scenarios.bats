#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The findings on simulated jobs with known stories, and at the thresholds of their definitions.
# shellcheck disable=SC2154 # status, out, err, memtrace and scratch are set by the helpers

load cli_helpers

setup() { setup_scratch; }
teardown() { teardown_scratch; }

# print_values FORMULA COUNT [TOTAL_MIB]: writes a log at intervals of 10 s. The awk expression FORMULA gives the used MiB of sample i and
# may set s, the used swap.
print_values() {
    awk -v count="$2" -v total="${3:-10000}" 'BEGIN {
        print "# memtrace 1 host=" ENVIRON["host"] " start=1795000000 interval=10"
        for (i = 0; i < count; i++) {
            s = 0
            used = '"$1"'
            print "               total        used        free      shared  buff/cache   available"
            printf "Mem:     %11d %11d %11d %11d %11d %11d\n", total * 1024, used * 1024, (total - used) * 1024, 0, 0, (total - used) * 1024
            printf "Swap:    %11d %11d %11d\n\n", 10485760, s * 1024, 10485760 - s * 1024
        }
    }' >"$host-mem.log"
}

# finds EXPECTED [ARGUMENT...]: checks the kinds of the findings and their counts; sets $out to the JSON.
finds() {
    run_memtrace "${@:2}" --stats=json .
    is "findings with ${*:2}" "$(jq -r '[.findings[] | "\(.kind) \(.count)"] | join(", ")' <<<"$out")" "$1"
}

# nodes NAME=FORMULA...: writes one log of 100 samples per node.
nodes() {
    rm -f -- *-mem.log
    for node in "$@"; do host=${node%%=*} print_values "${node#*=}" 100; done
}

@test "500 simulated jobs: every story is found, without false findings" {
    make -s -C "$root" scenarios SEED=1 BINARY="${memtrace#"$root"/}"
}

# Jobs that were once misjudged: leaks under few or noisy waves, leaks with a release at the end, and noisy steps.
@test "leaks under few waves, noise and spikes, and false leaks on one of many nodes" {
    local seeds=(300254 400003 400246 400312 400344 700243 700957 701260 701449 701583 701867 702820 801543 802616
        100426 400277 200095 800258 5002115 5013536 5014666 6010082 6014922 6018783 5029839 8513562 8513897 9511187
        5004941 6011618 9003341 9509726 7001169 9501546 5002612 9001050 5039530 7004953 9510595 8510769 9500977 20050629 20052731 504560 512808
        80000093 91112340 91223328 97112136 33003172 33004130 51003026 52002562 52010600
        44003096 33006852 51006378 52011939 52024172 51005525 71007562 51010062 72005294)
    make -s -C "$root" scenarios SEED="${seeds[*]}" SCENARIOS=1 BINARY="${memtrace#"$root"/}"
}

@test "thresholds: near_limit from 90 % of the node's own total" {
    nodes a='i == 50 ? 9001 : 5000' b='i == 50 ? 8400 : 5000'
    finds "near_limit 1"
    nodes a='i == 50 ? 8490 : 5000' b='i == 50 ? 8400 : 5000'
    finds ""
}

@test "thresholds: above_limit, for used and for available memory" {
    nodes a='i == 50 ? 6001 : 5000' b='i == 50 ? 5200 : 5000'
    finds "above_limit 1" --limit 6000M
    finds "" --limit 6700M
    finds "above_limit 1" --limit 4000M --column available
    finds "" --limit 3900M --column available
}

@test "thresholds: uneven from 1.25 times the median of three nodes" {
    nodes a=5000 b=5000 c=6260
    finds "uneven 1"
    nodes a=5000 b=5000 c=5490
    finds ""
    nodes a=5000 c=7000
    finds ""
}

@test "thresholds: idle below a tenth of a median that is 5 % of the total" {
    nodes a=5000 b=5000 c=490
    finds "idle 1"
    nodes a=5000 b=5000 c=600
    finds ""
    nodes a=400 b=400 c=30
    finds ""
}

@test "thresholds: swapped from a rise of 1 % of the total" {
    nodes a='5000 + (s = i < 40 ? 300 : 410) * 0'
    finds "swapped 1"
    is since "$(jq '.findings[0].at_s' <<<"$out")" 400
    nodes a='5000 + (s = i < 40 ? 300 : 390) * 0'
    finds ""
    nodes a='5000 + (s = 3000) * 0'
    finds ""
}

@test "thresholds: growing by a tenth of the target until the last tenth of the run" {
    nodes a='5000 + 12 * i'
    finds "growing 1"
    nodes a='5000 + 8 * i'
    finds ""
    finds "growing 1" --limit 6500M
    nodes a='5000 + 20 * (i < 80 ? i : 80)'
    finds ""
    nodes a='i < 95 ? 5000 + 20 * i : 300'
    finds "growing 1"
    is "nothing is left after a release" "$(jq -c '.findings[0] | .left_s, .text' <<<"$out")" 'null
"a grows 7 GiB/h"'
    nodes a='5000 + 40 * (i > 65 ? i - 65 : 0)'
    finds ""
}

@test "growth under a sawtooth and spikes: the last tooth is not a release, and the rate is that of the minima" {
    nodes a='1000 + 80 * ((i + 22) % 60)'
    finds ""
    host=a print_values '(i < 20 ? i / 20 : 1) * 7000 + 50 * i + 225 * ((i + 61) % 80)' 420 62800
    finds "growing 1"
    is "MiB per 10 s" "$(jq '.findings[0].rate_bytes_per_s / 104857.6 | . > 45 and . < 55' <<<"$out")" true
    host=a print_values '5000 + 40 * i + (index(" 1 4 6 10 12 15 16 22 ", " " i " ") ? 1200 : 0)' 33
    finds "growing 1"
}

@test "thresholds: a log that is 3 intervals and 1 % shorter ended early" {
    nodes a=5000 b=5000 c=5000
    sed -i '/^# memtrace end/d' ./*-mem.log
    host=d print_values 5000 96
    finds "ended_early 1"
    host=d print_values 5000 97
    finds ""
}

@test "consecutive parts of a job are not reported as wrong clocks" {
    nodes a=5000 b=5000 c=5000 d=5000 e=5000
    sed -i 's/^# memtrace 1 .*/& job=7/' ./*-mem.log
    i=0
    for log in ./*-mem.log; do sed -i "1s/start=[0-9]*/start=$((1795000000 + 1000 * i++))/" "$log"; done
    finds ""
    sed -i '1s/start=[0-9]*/start=1795000000/' ./[a-d]-mem.log
    finds "clocks 1"
}

@test "kills are found in messages of Slurm and lines of the recorders" {
    for line in 'slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some of the step tasks have been OOM Killed.' \
        'srun: error: a: task 2: Out Of Memory' '# memtrace oom_kill=1' '# memtrace end=1795000999 state=OUT_OF_MEMORY'; do
        nodes a=5000 b=5000
        echo "$line" >>a-mem.log
        finds "killed 1"
        is node "$(jq -c '.findings[0].nodes, .findings[0].at_s' <<<"$out")" '["a"]
990'
    done
    nodes a='3000 + 40 * i' b=5000
    finds "growing 1"
    is "what is left" "$(jq '.findings[0].left_s' <<<"$out")" 760
    echo '# memtrace oom_kill=1' >>a-mem.log
    finds "killed 1, growing 1"
    is "nothing is left after a kill" "$(jq -c '.findings[1] | .left_s, .text' <<<"$out")" 'null
"a grows 14.1 GiB/h"'
    nodes a='5000 + i % 3'
    echo '# memtrace oom_kill=1' >>a-mem.log
    finds "killed 1"
    is "noise is no growth before it" "$(jq -r '.findings[0].text' <<<"$out")" 'a was OOM-killed at 0:16:30'
    nodes a=5000 b=5000
    echo 'srun: error: a: task 2: Out Of Memory' >>b-mem.log
    finds "killed 1"
    is "of another node's log" "$(jq -c '.findings[0].nodes' <<<"$out")" '["a"]'
    echo 'slurmstepd: error: *** STEP 7.0 ON a CANCELLED AT 2024-05-04T12:00:02 DUE TO TIME LIMIT ***' >>a-mem.log
    nodes a=5000 b=5000
    finds ""
}
