# SPDX-License-Identifier: MIT
# slurm.sh on a real Slurm. setup_file plays all scenarios (slurm_scenarios.bash), several at a time, on one cluster of slurmlab; the
# tests check their results.
# shellcheck disable=SC2154 # variables of recorder.bash and bats
bats_require_minimum_version 1.5.0
load recorder
load slurm_lab

# The longest scenarios start first.
scenarios=(time_limit any_awk readme inside bare_wait no_shell pending crash suspended stalled signals many refusals step_cancelled
    heterogeneous array nothing_shared one_step_a_node no_memtrace built no_free free_without_s full_disk collisions hostile missed from_login
    cancelled_while_pending cancelled requeued terminal terminated killed marks)

setup_file() {
    start_lab 39 LAB_SCHEDULER=backfill || return
    [[ ! $LAB ]] || {
        play "${scenarios[@]}"
        play controller_down # alone, because it stops the controller of all
    }
}

teardown_file() { stop_lab; }

setup() { skip_without_lab; }

@test "four nodes from the login node, as a plain user" {
    visit from_login
    [ "$(cat status)" = 0 ]
    job=$(sed -nE 's/.*job ([0-9]+) ended: COMPLETED$/\1/p' err)
    state=COMPLETED check_logs "memtrace-$job" n1 n2 n3 n4
    [ "$(header job "memtrace-$job/n2-mem.log")" = "$job" ]
    [ "$(header name "memtrace-$job/n2-mem.log")" = two%20words ]
    [ "$(header limit "memtrace-$job/n2-mem.log")" = 400M ]
    [ "$(grep -c '^Mem:' "memtrace-$job/n1-mem.log")" -ge 4 ]
    is_png "memtrace-$job/memtrace-$job.png"
    said "sampling job $job on 4 nodes every 0.5 s into memtrace-$job, about 6.0 MB per hour"
    grep -qE '(^|memory of )4 nodes' out
    nothing_left
}

@test "inside the job: examples/job.sbatch unchanged" {
    visit inside
    grep -q 'JobState=COMPLETED .*ExitCode=0:0' job
    grep -qE '(^|memory of )2 nodes' out
    has_records 1 trace/n1-mem.log
    has_records 1 trace/n2-mem.log
    [ "$(header limit trace/n1-mem.log)" = 800M ]
    is_png trace/memtrace-*.png
    nothing_left
}

@test "the commands of the README as a plain user: the status is the solver's, and scancel leaves a plot" {
    visit readme
    [ "$(cat status)" = 0 ]
    for folder in login inside cancelled; do
        has_records 2 $folder/n2-mem.log
        is_png $folder/memtrace-*.png
    done
    grep -q 'JobState=FAILED .*ExitCode=3:0' job
    nothing_left
}

@test "a pending job is waited for" {
    visit pending
    [ "$(cat status)" = 0 ]
    grep -q '^slurm.sh: job [0-9]* is PENDING (JobHeldUser): waiting$' err
    # little of a job is lost, however long it was pending: the pauses between two calls of squeue do not grow forever
    awk '/^to/ && ++looks > 5 { if (!pause || $2 - from < pause) pause = $2 - from } /^from/ { from = $2 } END { exit !(looks > 6 && pause < 3.5) }' polls
    check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "a job cancelled while pending: nothing to sample, status 1" {
    visit cancelled_while_pending
    [ "$(cat status)" = 1 ]
    said "was cancelled before it ran: nothing to sample"
    [ ! -e trace ]
}

@test "one task of an array" {
    visit array
    [[ $(sed -n 1p said) == *"the tasks of array "*": already ended, nothing to sample" ]]
    [ "$(sed -n 2p said)" = "status 1" ]
    [ "$(cat status)" = 0 ]
    check_logs trace n3
    [[ $(header job trace/n3-mem.log) == "$(header array trace/n3-mem.log)_4" ]]
    [ "$(header task trace/n3-mem.log)" = 4 ]
    is_png trace/*.png
    nothing_left
}

@test "a heterogeneous job: all parts under the leader's id" {
    visit heterogeneous
    [ "$(cat status)" = 0 ]
    check_logs trace n5 n6 n7
    is_png trace/*.png
    [ "$(grep -cE '^slurm.sh: job .* is part of the heterogeneous job [0-9]+; give that id instead$' said)" -eq 2 ]
    [ "$(grep -c '^status 2$' said)" -eq 2 ]
    nothing_left
}

@test "scancel: what was recorded is plotted, the state is reported" {
    visit cancelled
    [ "$(cat status)" = 0 ]
    said "ended: CANCELLED"
    state=CANCELLED check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "time limit: what was recorded is plotted, the state is reported" {
    visit time_limit
    [ "$(cat status)" = 0 ]
    said "ended: TIMEOUT"
    state=TIMEOUT check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "a node crashes: the others continue, its log ends early" {
    visit crash
    [ "$(cat status)" = 0 ]
    [ "$(grep -c '^Mem:' trace/n33-mem.log)" -ge $(($(sed -n 's/.*n33.*://p' at_crash) + 10)) ]
    [ "$(grep -c '^Mem:' trace/n34-mem.log)" -le $(($(sed -n 's/.*n34.*://p' at_crash) + 4)) ] # records that were on their way
    awk -v end33="$(end_of trace/n33-mem.log)" -v end34="$(end_of trace/n34-mem.log)" 'BEGIN { exit !(end33 - end34 > 1) }'
    is_png trace/*.png
    nothing_left
}

@test "the recorder's step is cancelled: there is a plot, and a message that the job still runs" {
    visit step_cancelled
    [ "$(cat status)" = 0 ]
    grep -qE 'the sampling step ended although job [0-9]+ is still running' err
    check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "requeued: the first run is plotted" {
    visit requeued
    [ "$(cat status)" = 0 ]
    grep -qE 'job [0-9]+ was requeued; only its first run is recorded' err
    state=REQUEUED check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "ids that are unknown, ended, malformed or another user's: distinct messages, nothing written" {
    visit refusals
    diff -u - <(sed -E "s,job [0-9]{1\,4} ,job N ,; s,^(slurm.sh of memtrace) [0-9]+[.][0-9.]+$,\1 V," said | grep .) <<'END'
slurm.sh: no job 99999 in the queue
status 1
slurm.sh: no job 99999_7 in the queue
status 1
slurm.sh: 'four' is not a job id such as 4711 or 4711_5; see 'slurm.sh --help'
status 2
slurm.sh: '4711.0' is not a job id such as 4711 or 4711_5; see 'slurm.sh --help'
status 2
slurm.sh: no JOBID given; see 'slurm.sh --help'
status 2
slurm.sh: -s takes seconds from 0.000001 to 99999999, such as 2 or 0.5, not '0'; see 'slurm.sh --help'
status 2
slurm.sh: -d needs a value; see 'slurm.sh --help'
status 2
slurm.sh: unknown option -x; see 'slurm.sh --help'
status 2
slurm.sh: -o takes the name of a .png, .svg, .pdf or .html file, not 'plot.jpg'; see 'slurm.sh --help'
status 2
slurm.sh: -o takes the name of a .png, .svg, .pdf or .html file, not '.png'; see 'slurm.sh --help'
status 2
slurm.sh: -o: cannot write to folder missing; see 'slurm.sh --help'
status 2
slurm.sh: -o: folder.png is a folder; see 'slurm.sh --help'
status 2
slurm.sh: --steps takes a number from 1 to 9999, not '0'; see 'slurm.sh --help'
status 2
slurm.sh: awk not found; install one, such as mawk
status 1
slurm.sh of memtrace V
status 0
slurm.sh: job N has already ended (COMPLETED): nothing to sample
status 1
slurm.sh: job N belongs to alice; only its owner can add a step
status 1
slurm.sh: job N belongs to alice; only its owner can add a step
status 1
slurm.sh: used already contains logs (n8-mem.log); choose another folder with -d
status 1
kept
slurm.sh: cannot write to /proc/none; choose another folder with -d
status 1
END
    [ ! -s written ]
}

@test "Ctrl-C twice at a terminal: a plot, status 0, the job continues" {
    visit terminal
    [ "$(cat status)" = 0 ]
    [ "$(cat out)" = "goes on" ]
    check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "TERM, HUP and TERM again: a plot, status 0" {
    visit terminated
    [ "$(cat status)" = 0 ]
    check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "KILL of slurm.sh: no srun or free remains, the logs are complete, the job continues" {
    visit killed
    [ "$(cat goes_on)" = "goes on" ]
    check_logs trace n1 n2 n3 n4
    nothing_left
}

@test "no free on one node: it is recorded from /proc/meminfo, and the log says so" {
    visit no_free
    [ "$(cat status)" = 0 ]
    has_records 3 trace/n35-mem.log
    has_records 3 trace/n36-mem.log
    grep -q '^# memtrace 1 host=n36 .* source=meminfo' trace/n36-mem.log
    grep -q '^Mem: *36000000 ' trace/n36-mem.log
    is_png trace/*.png
    nothing_left
}

@test "a node without a shell for the sampler is named with the reason, the other is recorded; without others, status 1" {
    visit no_shell
    [ "$(cat status)" = 0 ]
    grep -qE 'no samples from n39: .*n39' err
    check_logs trace n38
    is_png trace/*.png
    nothing_left
    cd alone
    [ "$(cat status)" = 1 ]
    said "no samples from n39: "
    said "no samples received; see srun's messages in trace/srun-messages.txt"
    nothing_left
}

@test "a free without -s is called again and again" {
    visit free_without_s
    [ "$(cat status)" = 0 ]
    check_logs trace n37
    # the records of all calls arrived, except what was in progress at the end
    lost=$(($(wc -l <calls) - $(grep -c '^Mem:' trace/n37-mem.log)))
    ((lost >= 0 && lost <= 2))
    is_png trace/*.png
    nothing_left
}

@test "a suspended job: the pause is reported, and a gap at the right time in the logs" {
    visit suspended
    [ "$(cat status)" = 0 ]
    grep -qE 'no samples from n(9|10) for [0-9]+ s \(was the job suspended\?\); the plot has a gap' err
    for node in n9 n10; do
        # the gap in the second header is as long as the suspension (plus the time to notice it)
        awk -v slept="$(cat slept)" 'BEGIN { split(slept, span, " ") } /^# memtrace 1 .* gap=/ {
                split($0, word, /start=/); split($0, gap, / gap=/)
                if (gap[2] > span[1] - 0.6 && gap[2] < span[3] - span[2] + 5 && word[2] - from > span[1]) found = 1
            }
            /^# memtrace 1 / && !from { split($0, word, /start=/); from = word[2] + 0 }
            END { exit !found }' "trace/$node-mem.log"
    done
    is_png trace/*.png
    nothing_left
}

@test "a disk that fills up: what was recorded is plotted, truncated logs are reported" {
    visit full_disk
    [ "$(cat status)" = 0 ]
    grep -qE 'truncated, is the disk of disk/trace full\? disk/trace/n[12]-mem.log' err
    is_png out.png
    nothing_left
}

@test "without a shared folder all logs are on the login node, none on the nodes" {
    visit nothing_shared
    [ "$(cat status)" = 0 ]
    [ ! -s on_nodes ]
    check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "32 nodes" {
    visit many
    [ "$(cat status)" = 0 ]
    # shellcheck disable=SC2046 # words
    check_logs trace $(seq -f n%.0f 32)
    [ "$(cat steps)" = 1 ] # one step on all nodes
    is_png trace/*.png
    nothing_left
}

@test "a system that refuses steps on several nodes gets one step per node" {
    visit one_step_a_node
    [ "$(cat status)" = 0 ]
    grep -q 'one step on all nodes produced no samples (srun: error: Unable to create step .*); trying one step per node' err
    check_logs trace n1 n2 n3
    is_png trace/*.png
    nothing_left
}

@test "with mawk, gawk and busybox awk, logs are complete and grow while the job runs" {
    visit any_awk
    tried=0
    for name in mawk gawk busybox; do
        type -P "$name" >/dev/null || continue
        grep -qx "$name" in_time
        check_logs "$name/trace" n1 n2
        interval=3600 least=1 check_logs "$name/slow" n1 n2
        tried=$((tried + 1))
    done
    [ "$tried" -ge 2 ]
    nothing_left
}

@test "without memtrace the logs are written, status 1, the message says how to plot them; nothing is installed" {
    visit no_memtrace
    [ "$(cat status)" = 1 ]
    said "memtrace not found; recording only, no plot; '$PWD/run.sh --setup' installs what it needs"
    [ ! -e installed ]
    said "memtrace not found, no plot; the logs are in trace; to plot them: memtrace --files trace/*.log --samp 0.5 --save trace/memtrace-"
    check_logs trace n3
    nothing_left
}

@test "in a source tree without memtrace, it is built while the job is recorded" {
    visit built
    [ "$(cat status)" = 0 ]
    said "building memtrace in $PWD (once; may take a minute)"
    state=COMPLETED check_logs trace n4
    [ "$(cat plotted)" = "--files trace/n4-mem.log" ]
    nothing_left
}

@test "events written to MEMTRACE_MARKS are plotted" {
    visit marks
    [ "$(cat status)" = 0 ]
    [[ $(paste -sd' ' arguments) == "--files trace/n4-mem.log --samp 0.5 --save trace/memtrace-"*".png --marks $PWD/events" ]]
}

@test "signals that a job requests for itself do not end the recording" {
    visit signals
    [ "$(cat status)" = 0 ]
    [ "$(cat after)" -ge $(($(cat before) + 6)) ]
    run ! grep -q 'ended although' err
    state=COMPLETED check_logs trace n11 n12
    nothing_left
}

@test "a job script that ends with a bare wait: the job ends, plotted, in bash and in sh" {
    visit bare_wait
    for shell in bash sh; do
        grep -q 'JobState=COMPLETED .*ExitCode=0:0' "$shell.job"
        [ -e "$shell.ended" ] # the recording continued until then
        is_png "$shell"/memtrace-*.png
        grep -q 'the job script is only waiting for this recorder; ending the recording' "$shell.out"
    done
    nothing_left
}

@test "a stream that stalls for a while is not reported as a pause" {
    visit stalled
    [ "$(cat status)" = 0 ]
    state=COMPLETED check_logs trace n14 # a false gap would leave too little time for the records
    nothing_left
}

@test "TERM while the controller is down: no free remains on the nodes, and there is a plot" {
    visit controller_down
    [ "$(cat status)" = 0 ]
    [ "$(cat free)" = "2 0" ]
    check_logs trace n1 n2
    is_png trace/*.png
}

@test "a job name of two lines, warnings of squeue, and variables and functions of the environment do no harm" {
    visit hostile
    [ "$(cat status)" = 0 ]
    [ "$(header name trace/n15-mem.log)" = two%0Alines ]
    state=COMPLETED check_logs trace n15
    is_png trace/*.png
    [ "$(grep -vE ' is PENDING( \(.*\))?: waiting$' err | head -n 1)" = "slurm.sh: sampling job $(header job trace/n15-mem.log) on 1 node every 0.5 s into trace, about 1.5 MB per hour" ]
    [ "$(cat dash.err)" = "slurm.sh: needs bash 4.2 or later, not this shell" ]
    nothing_left
}

@test "a pending job that ran and ended unseen: reported correctly, status 1" {
    visit missed
    [ "$(cat status)" = 1 ]
    grep -qE 'job [0-9]+ ran and ended \(COMPLETED\) before its first sample: nothing to plot' err
    [ ! -e trace ]
}

@test "several slurm.sh on one folder: one records, the others are refused at once" {
    visit collisions
    [ "$(cat status)" = 0 ]
    [ "$(sort others | uniq -c | xargs)" = "4 1" ]
    [ "$(grep -cE 'slurm.sh: process [0-9]+ on login is recording into trace; choose another folder with -d' others.err)" -eq 4 ]
    state=COMPLETED check_logs trace n16
    [ ! -e trace/.recording ]
    nothing_left
}

# Prints the lines of the sampler in script $1.
sampler_of() { sed -n '/^# ---- sampler ----$/,/^# ---- end of the sampler ----$/p' "$root/$1"; }

@test "the sampler is the same as that of run.sh (needs no cluster)" {
    [ "$(sampler_of slurm.sh | wc -l)" -gt 100 ]
    diff <(sampler_of run.sh) <(sampler_of slurm.sh)
}

@test "a TERM while the README's recipe waits for the plot does not end it (needs no cluster)" {
    cd "$BATS_TEST_TMPDIR"
    { printf '#!/bin/bash\n' && awk '/^## / { on = /^## In a Slurm job/ } /^```$/ { code = 0 } on && n == 2 && code; on && /^```sh$/ { n++; code = 1 }' \
        "$root/README.md"; } >job.sh
    # Stand-ins for what the recipe calls: a recorder that takes long to plot after TERM, and a step that ends at once.
    # shellcheck disable=SC2016 # expanded by other shells
    printf '%s\n' '#!/bin/bash' 'trap ": >asked; until [[ -e may_end ]]; do sleep 0.05; done; : >plotted; exit" TERM' ': >started' \
        'while :; do sleep 0.05; done' >slurm.sh
    printf '%s\n' '#!/bin/sh' 'until [ -e started ]; do sleep 0.05; done' >srun
    chmod +x job.sh slurm.sh srun
    SLURM_JOB_ID=1 PATH=$PWD:$PATH ./job.sh 3>&- &
    local script=$!
    wait_until 10 test -e asked
    kill "$script"
    sleep 0.3
    : >may_end
    wait "$script" || :
    [ -e plotted ]
    grep -q 'trap "" TERM' "$root/examples/job.sbatch"
}

@test "a wait that bash interrupts again for an earlier signal does not cost the plot (needs no cluster)" {
    cd "$BATS_TEST_TMPDIR"
    awk '/^(let_go|record)\(\) /, /^}/' "$root/slurm.sh" >recording
    # shellcheck disable=SC2016 # expanded by another shell
    printf '%s\n' 'run_recorder() { read -r _ || :; sleep 0.3; : >ended; }' 'stopped=1 signalled="" hold="" inside="" raw=""' \
        'wait() { ((++calls > 2)) || return 143; builtin wait "$@"; }' 'record && [[ -e ended ]]' >>recording
    bash recording 3>&-
}
