# SPDX-License-Identifier: MIT
# slurm.sh on a real Slurm with memory cgroups: arrays, several jobs, and the job's own memory. As in slurm_sh.bats, setup_file plays
# the scenarios.
# shellcheck disable=SC2154 # variables of recorder.bash and bats
bats_require_minimum_version 1.5.0
load recorder
load slurm_lab

scenarios=(array_of_50 killed_job killed_step killed_on_one_node page_cache shared_memory own_memory advised advised_array several_jobs array_bounded
    array_stopped array_killed)

setup_file() {
    start_lab 6 LAB_CGROUP=v1 || return
    [[ ! $LAB ]] || MEMTRACE_SCENARIO_TIME=1500 play "${scenarios[@]}"
}

teardown_file() {
    rm -f /dev/shm/memtrace-[0-9]*
    stop_lab
}

setup() { skip_without_lab; }

# Prints the state in the trailer of log $1.
state_of() { sed -nE '$s/^# memtrace end=.* state=([A-Z_]+).*/\1/p' "$1"; }

# Prints field $3 of the rows "Job:" of log $1; $2 selects its maximum ("peak"), "last" or "first" value.
job_row() {
    awk -v which="$2" -v field="$3" '/^Job:/ { last = $field; if (!n++) first = last; if (last > peak) peak = last }
        END { print which == "peak" ? peak : which == "first" ? first : last }' "$1"
}

@test "an array of 50 tasks: one log per task with its state; the requeued task has two" {
    visit array_of_50
    [ "$(cat status)" = 0 ]
    array=$(cat id)
    said "sampling the tasks of array $array every 1 s into trace, at most 32 tasks at a time"
    said "recorded 50 of 50 tasks: 1 CANCELLED, 47 COMPLETED, 1 FAILED, 1 OUT_OF_MEMORY"
    ! grep 'not recorded' err || return
    [ "$(cd trace && echo *-mem.log | wc -w)" -eq 51 ]
    for task in $(seq 50); do
        log=trace/${array}_$task-n6-mem.log
        has_records 1 "$log"
        [ "$(header job "$log")" = "${array}_$task" ]
        [ "$(header array "$log")" = "$array" ]
        [ "$(header task "$log")" = "$task" ]
        [ "$(header host "$log")" = n6 ]
        [ "$(header cgroup "$log")" = v1 ]
        [ "$(header limit "$log")" = $((200 << 20)) ]
        [ "$task" -eq 7 ] || ! grep oom_kill "$log" || return
        case $task in
        7) [ "$(state_of "$log")" = OUT_OF_MEMORY ] && [ "$(job_row "$log" peak 3)" -gt 120000 ] ;;
        13) [ "$(state_of "$log")" = FAILED ] ;;
        21) [ "$(state_of "$log")" = CANCELLED ] ;;
        33) [ "$(state_of "$log")" = REQUEUED ] && [ "$(state_of "trace/${array}_33.2-n6-mem.log")" = COMPLETED ] ;;
        *) [ "$(state_of "$log")" = COMPLETED ] ;;
        esac
    done
    is_png "trace/memtrace-$array.png"
    nothing_left
    [ -z "$(ls trace/*srun.txt 2>/dev/null)" ]
}

@test "--steps limits how many tasks are recorded at a time; the others are counted" {
    visit array_bounded
    [ "$(cat status)" = 0 ]
    [ "$(wc -l <logs)" -eq 2 ]
    said "recorded 2 of 6 tasks: 2 COMPLETED"
    said "not recorded: 4 came when 2 others were being recorded (--steps)"
    [ "$(cd trace && echo *-mem.log | wc -w)" -eq 2 ]
    nothing_left
}

@test "TERM while an array runs: the plot of its running tasks, the pending ones are counted" {
    visit array_stopped
    [ "$(cat status)" = 0 ]
    said "recorded 2 of 12 tasks: 2 still running"
    said "not recorded: 10 were still pending"
    for task in 1 2; do
        [[ $(tail -n 1 "trace/$(cat id)_$task-n4-mem.log") =~ ^'# memtrace end='[0-9.]+$ ]]
    done
    is_png trace/*.png
    nothing_left
}

@test "KILL while an array runs: no step remains, the logs are complete, the tasks continue" {
    visit array_killed
    [ "$(cat goes_on)" = "goes on" ]
    for task in 1 2 3; do
        log=trace/$(cat id)_$task-n4-mem.log
        [[ $(tail -n 1 "$log") =~ ^'# memtrace end='[0-9.]+$ ]]
        [ "$(grep -c '^Mem:' "$log")" -eq "$(grep -c '^Swap:' "$log")" ]
    done
    nothing_left
}

@test "several jobs, and all jobs of a user" {
    visit several_jobs
    [ "$(cat status)" = 0 ]
    read -r first second <id
    said "no job 99999 in the queue"
    said "recorded 2 of 2 jobs and tasks: 2 COMPLETED"
    [ "$(cd trace && echo *-mem.log)" = "$first-n3-mem.log $second-n2-mem.log $second-n3-mem.log" ]
    [ "$(header job "trace/$second-n2-mem.log")" = "$second" ]
    [ -z "$(header array "trace/$second-n2-mem.log")" ]
    is_png trace/*.png
    [[ $(cat said) == *"--user-jobs cannot be combined with a JOBID ($second); see"*$'\n'"status 2" ]]
    nothing_left
    cd bob
    [ "$(cat status)" = 0 ]
    said "recorded 1 of 1 jobs and tasks: 1 CANCELLED"
    [ "$(header job "memtrace-bob-jobs/$(cat id)-n2-mem.log")" = "$(cat id)" ]
    is_png memtrace-bob-jobs/memtrace-bob-jobs.png
    nothing_left
}

@test "the job's own memory is far from its limit on a node that others fill" {
    visit own_memory
    [ "$(cat status)" = 0 ]
    log=trace/n5-mem.log
    [ "$(header limit "$log")" = $((1000 << 20)) ]
    [ "$(job_row "$log" peak 2)" -eq 1024000 ]
    [ "$(job_row "$log" peak 3)" -gt 100000 ]
    [ "$(job_row "$log" peak 3)" -lt 160000 ]
    [ "$(grep -c '^Job:' "$log")" -eq "$(grep -c '^Mem:' "$log")" ]
    [ "$(state_of "$log")" = COMPLETED ]
    ! grep oom_kill "$log" || return
    ! grep -E 'above the limit|killed' out || return
    grep -qE 'peak 1[0-9][0-9](\.[0-9])? of 1000 MiB' out
    nothing_left
}

@test "a job survives with the advised memory and is killed with the mean of its nodes" {
    visit advised
    [ "$(cat status)" = 0 ]
    grep -qE 'request --mem=[0-9]+[MG] \(n2 needs (19|2[01])[0-9]' out
    [[ $(sed -n 1p again) =~ ^[0-9]+[MG]\ full.n1\ full.n2$ ]]
    [ "$(sed -n 2p again)" = "140M full.n1" ]
}

@test "all tasks of an array survive with the advised memory, one is killed with less; plotted as a page" {
    visit advised_array
    [ "$(cat status)" = 0 ]
    grep -qE -- '--mem=(19|2[0-9])[0-9]M fits all 3 of 3 tasks' out
    [[ $(sed -n 1p again) =~ ^[0-9]+M\ full.1\ full.2\ full.3$ ]]
    [ "$(sed -n 2p again)" = "150M full.1 full.2" ]
    grep -q '<!DOCTYPE html>' page.html
    [[ $(tail -n 1 page.html) == *'</html>' ]]
    [ -z "$(ls trace/*.png 2>/dev/null)" ]
    nothing_left
}

@test "the log of a killed job has its memory up to the limit, OUT_OF_MEMORY, the kill and the victim" {
    visit killed_job
    [ "$(cat status)" = 0 ]
    said "ended: OUT_OF_MEMORY"
    log=trace/n1-mem.log
    [ "$(state_of "$log")" = OUT_OF_MEMORY ]
    [ "$(job_row "$log" peak 3)" -gt 140000 ]
    [ "$(job_row "$log" peak 3)" -le 204800 ]
    [ "$(grep -cE '^# memtrace (end=.*)?oom_kill=1$|^# memtrace end=.* oom_kill=1$' "$log")" -eq 1 ]
    grep -q '^# memtrace top=use:' "$log"
    grep -qE 'n1 was OOM-killed at [0-9:]+' out
    grep -q 'needs more than 200M' out
    nothing_left
}

@test "the log of a COMPLETED job contains the kill of its step; --no-top" {
    visit killed_step
    [ "$(cat status)" = 0 ]
    said "ended: COMPLETED"
    [ "$(state_of trace/n1-mem.log)" = COMPLETED ]
    [ "$(grep -cE '^# memtrace .*oom_kill=1$' trace/n1-mem.log)" -eq 1 ]
    ! grep 'top=' trace/n1-mem.log || return
    nothing_left
}

@test "a kill on one of two nodes is in the log of that node" {
    visit killed_on_one_node
    [ "$(cat status)" = 0 ]
    [ "$(grep -cE '^# memtrace .*oom_kill=1$' trace/n2-mem.log)" -eq 1 ]
    ! grep oom_kill trace/n1-mem.log || return
    [ "$(job_row trace/n1-mem.log peak 3)" -lt 120000 ]
    grep -qE 'n2 was OOM-killed at [0-9:]+' out
    nothing_left
}

@test "page cache that fills the limit causes no kill and counts as reclaimable, not as used" {
    visit page_cache
    [ "$(cat status)" = 0 ]
    log=trace/n3-mem.log
    [ "$(state_of "$log")" = COMPLETED ]
    ! grep oom_kill "$log" || return
    [ "$(job_row "$log" peak 6)" -gt 150000 ]
    [ "$(job_row "$log" peak 3)" -lt 60000 ]
    ! grep -E 'killed|% of the limit' out || return
    nothing_left
}

@test "files in /dev/shm count as used and cause a kill" {
    visit shared_memory
    [ "$(cat status)" = 0 ]
    log=trace/n3-mem.log
    [ "$(job_row "$log" peak 5)" -ge 120000 ]
    [ "$(job_row "$log" peak 3)" -ge 120000 ]
    [ "$(grep -cE '^# memtrace .*oom_kill=1$' "$log")" -eq 1 ]
    nothing_left
}
