# slurm.sh on a real Slurm. All scenarios (slurm_scenarios.bash) are played in setup_file, some at a time, on one cluster of
# slurmlab; the tests look at what came of them.
# shellcheck disable=SC2154 # variables of recorder.bash and bats
bats_require_minimum_version 1.5.0
load recorder

# The longest first.
scenarios=(time_limit any_awk readme no_free crash inside suspended many step_cancelled refusals heterogeneous array nothing_shared one_step_a_node no_memtrace
    free_without_s full_disk from_login pending cancelled_while_pending cancelled requeued terminal terminated killed marks)

# Why the cluster cannot be here, or nothing.
lacking() {
    local name
    PATH=$PATH:/usr/sbin:/sbin
    for name in slurmctld slurmd srun munged ip nsenter setpriv script; do
        type -P "$name" >/dev/null || { echo "$name is not installed" && return; }
    done
    ((EUID == 0)) || { echo "needs root" && return; }
    unshare --fork --pid --mount --net --ipc --uts true 2>/dev/null || echo "the sandbox lacks CAP_SYS_ADMIN"
}

setup_file() {
    local pid name
    why=$(lacking) # not local: the tests are to see it
    export LAB=''
    if [[ $why ]]; then
        export why
        return
    fi
    export PATH=$PATH:/usr/sbin:/sbin
    unset MEMTRACE MEMTRACE_MARKS
    LAB=$(mktemp -d /tmp/memtrace-lab.XXXXXX)
    chmod 755 "$LAB"
    mkdir -p "$LAB/memtrace/tests" "$LAB/memtrace/examples" "$LAB/work"
    cp "$root"/{memtrace,slurm.sh,run.sh,README.md} "$LAB/memtrace/"
    cp "$root"/tests/*.bash "$LAB/memtrace/tests/"
    cp "$root"/examples/job.sbatch "$LAB/memtrace/examples/"
    chmod -R a+rX "$LAB/memtrace"
    # Its first process waits until the test ends; we join it to play the scenarios.
    # shellcheck disable=SC2016 # expanded inside
    LAB_SCHEDULER=backfill "$root/tests/slurmlab" 37 "$LAB" bash -c ': >"$LAB/up"; exec sleep 900' >"$LAB/lab.out" 2>&1 3>&- 4>&- &
    echo $! >"$LAB/pid"
    wait_until 60 test -e "$LAB/up" || { cat "$LAB/lab.out" >&2 && return 1; }
    pid=$(pgrep -P "$(cat "$LAB/pid")")
    # shellcheck disable=SC2016 # expanded inside
    printf '%s\n' "${scenarios[@]}" | xargs -P "${MEMTRACE_SCENARIOS:-5}" -I{} nsenter -t "$pid" -a \
        env LAB="$LAB" LAB_PRIVATE="$LAB/private" SLURM_CONF="$LAB/conf/slurm.conf" bash -c \
        'timeout 100 bash "$LAB/memtrace/tests/slurm_scenarios.bash" "$1" >"$LAB/$1.played" 2>&1 </dev/null
        echo "played in $SECONDS s" >>"$LAB/$1.played"' play {} 3>&- 4>&-
}

teardown_file() {
    [[ $LAB ]] || return 0
    kill "$(pgrep -P "$(cat "$LAB/pid")")" 2>/dev/null || : # unshare itself ignores it
    wait_until 20 bash -c "! kill -0 $(cat "$LAB/pid") 2>/dev/null" || echo "the lab in $LAB does not end" >&2
    [[ ${MEMTRACE_KEEP_LAB-} ]] || rm -rf "$LAB"
}

setup() {
    [[ ! $why ]] || skip "$why"
    cd "$LAB/work" || return
}

# Goes to the folder of scenario $1, showing what was said in case the test fails.
visit() {
    cd "$LAB/work/$1" || return
    cat "$LAB/$1.played"
    head -n 50 err said status left out 2>/dev/null || :
}

said() { grep -qF -- "$1" err; }

# Each of the nodes $2... has a log in $1 from that very node, with header, trailer and at least 2 records, all within two of one another.
check_logs() {
    local node file count min=999999 max=0
    for node in "${@:2}"; do
        file=$1/$node-mem.log
        [ "$(header host "$file")" = "$node" ]
        [ "$(header interval "$file")" = 0.5 ]
        [[ $(header start "$file") =~ ^[0-9]{10}\.[0-9]+$ ]]
        grep -q "^Mem: *${node#n}000000 " "$file"
        [ "$(grep '^Mem:' "$file" | awk '{ print $2 }' | sort -u | wc -l)" -eq 1 ]
        [[ $(tail -n 1 "$file") =~ ^'# memtrace end='[0-9]{10}\.[0-9]+$ ]]
        [ "$(grep -c '^# memtrace' "$file")" -eq 2 ]
        count=$(grep -c '^Mem:' "$file")
        [ "$count" -eq "$(grep -c '^Swap:' "$file")" ]
        # as many as there were half seconds between header and trailer
        awk -v n="$count" -v from="$(header start "$file")" -v to="$(tail -n 1 "$file" | cut -d= -f2)" \
            'BEGIN { d = (to - from) / 0.5 - n; exit !(d > -2 && d < 2) }'
        min=$((count < min ? count : min)) max=$((count > max ? count : max))
    done
    [ "$min" -ge 2 ]
    [ $((max - min)) -le 2 ]
    [ "$(cd "$1" && echo *-mem.log | wc -w)" -eq $(($# - 1)) ]
}

nothing_left() { [ ! -s left ]; }

@test "four nodes from the login node, as a plain user" {
    visit from_login
    [ "$(cat status)" = 0 ]
    job=$(sed -nE 's/.*job ([0-9]+) ended: COMPLETED$/\1/p' err)
    check_logs "memtrace-$job" n1 n2 n3 n4
    [ "$(header job "memtrace-$job/n2-mem.log")" = "$job" ]
    [ "$(header name "memtrace-$job/n2-mem.log")" = two%20words ]
    [ "$(header limit "memtrace-$job/n2-mem.log")" = 400M ]
    [ "$(grep -c '^Mem:' "memtrace-$job/n1-mem.log")" -ge 4 ]
    is_png "memtrace-$job/memtrace-$job.png"
    said "sampling job $job on 4 nodes every 0.5 s into memtrace-$job, about 6.0 MB an hour"
    grep -q '^4 nodes' out
    nothing_left
}

@test "inside the job: examples/job.sbatch as it stands" {
    visit inside
    grep -q 'JobState=COMPLETED .*ExitCode=0:0' job
    grep -q '^2 nodes' out
    has_records 14 trace/*.log
    [ "$(header limit trace/n1-mem.log)" = 800M ]
    is_png trace/memtrace-*.png
    nothing_left
}

@test "the commands of the README, as a plain user: the solver's status kept, the plot also after scancel" {
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
    check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "cancelled while pending: nothing to sample, 1" {
    visit cancelled_while_pending
    [ "$(cat status)" = 1 ]
    said "ended before it ran (CANCELLED): nothing to sample"
    [ ! -e trace ]
}

@test "an array: its parent is refused with its tasks' names, a task is sampled" {
    visit array
    [[ $(head -n 1 said) =~ ([0-9]+)' is an array: name one task of it: '(.*)$ ]]
    [[ ${BASH_REMATCH[2]} == *"${BASH_REMATCH[1]}_"* ]]
    [ "$(sed -n 2p said)" = "status 2" ]
    [[ $(sed -n 3p said) == *"has already ended (COMPLETED): nothing to sample" ]]
    [ "$(sed -n 4p said)" = "status 1" ]
    [ "$(cat status)" = 0 ]
    check_logs trace n3
    [[ $(header job trace/n3-mem.log) == *_4 ]]
    is_png trace/*.png
    nothing_left
}

@test "a heterogeneous job: all parts under the leader's id" {
    visit heterogeneous
    [ "$(cat status)" = 0 ]
    check_logs trace n5 n6 n7
    is_png trace/*.png
    [ "$(grep -cE '^slurm.sh: .* is a part of the heterogeneous job [0-9]+: name that$' said)" -eq 2 ]
    [ "$(grep -c '^status 2$' said)" -eq 2 ]
    nothing_left
}

@test "scancel: the plot of what came, the state named" {
    visit cancelled
    [ "$(cat status)" = 0 ]
    said "ended: CANCELLED"
    check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "time limit: the plot of what came, the state named" {
    visit time_limit
    [ "$(cat status)" = 0 ]
    said "ended: TIMEOUT"
    check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "a node crashes: the others go on, its log ends early" {
    visit crash
    [ "$(cat status)" = 0 ]
    [ "$(grep -c '^Mem:' trace/n33-mem.log)" -ge $(($(cat at_crash) + 6)) ]
    [ $(($(grep -c '^Mem:' trace/n34-mem.log) - $(cat at_crash))) -le 2 ]
    end33=$(tail -n 1 trace/n33-mem.log | cut -d= -f2) end34=$(tail -n 1 trace/n34-mem.log | cut -d= -f2)
    ((${end33%.*} - ${end34%.*} >= 2))
    is_png trace/*.png
    nothing_left
}

@test "the step cancelled: the plot, and that the job goes on" {
    visit step_cancelled
    [ "$(cat status)" = 0 ]
    grep -qE 'the sampling step has ended while job [0-9]+ goes on' err
    check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "requeued: the plot of the first run" {
    visit requeued
    [ "$(cat status)" = 0 ]
    grep -qE 'job [0-9]+ was requeued: this is its first run only' err
    check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "ids that are unknown, ended, malformed, another's: told apart, nothing written" {
    visit refusals
    diff -u - <(sed -E "s,job [0-9]{1\,4} ,job N ,; s,^/proc.*|mkdir: .*,," said | grep .) <<'END'
slurm.sh: no job 99999 in the queue
status 1
slurm.sh: no job 99999_7 in the queue
status 1
slurm.sh: 'four' is not a job id such as 4711 or 4711_5; see 'slurm.sh --help'
status 2
slurm.sh: '4711.0' is not a job id such as 4711 or 4711_5; see 'slurm.sh --help'
status 2
slurm.sh: no JOBID; see 'slurm.sh --help'
status 2
slurm.sh: -s takes seconds above 0, such as 2 or 0.5, not '0'; see 'slurm.sh --help'
status 2
slurm.sh: -d needs a value; see 'slurm.sh --help'
status 2
slurm.sh: unknown option -x; see 'slurm.sh --help'
status 2
slurm.sh: job N has already ended (COMPLETED): nothing to sample
status 1
slurm.sh: job N belongs to alice: Slurm lets only its owner add a step
status 1
slurm.sh: job N belongs to alice: Slurm lets only its owner add a step
status 1
slurm.sh: used already holds a trace (n8-mem.log): name another folder with -d
status 1
kept
slurm.sh: cannot write into /proc/none: name another folder with -d
status 1
END
    [ ! -s written ]
}

@test "Ctrl-C twice at a terminal: the plot, 0, the job goes on" {
    visit terminal
    [ "$(cat status)" = 0 ]
    [ "$(cat out)" = "goes on" ]
    check_logs trace n1 n2
    is_png trace/*.png
    nothing_left
}

@test "TERM, HUP and TERM again: the plot, 0" {
    visit terminated
    [ "$(cat status)" = 0 ]
    check_logs trace n1 n2 n3 n4
    is_png trace/*.png
    nothing_left
}

@test "KILL of slurm.sh: no srun and no free stay, the logs are whole, the job goes on" {
    visit killed
    [ "$(cat goes_on)" = "goes on" ]
    check_logs trace n1 n2 n3 n4
    nothing_left
}

@test "no free on one node: it is named with the reason, the other goes on; on the only node: 1" {
    visit no_free
    [ "$(cat status)" = 0 ]
    said "no sample from n36: no free in PATH (package procps)"
    check_logs trace n35
    is_png trace/*.png
    nothing_left
    cd alone
    [ "$(cat status)" = 1 ]
    said "no sample from n36: no free in PATH (package procps)"
    said "no samples came"
}

@test "a free without -s is called again and again" {
    visit free_without_s
    [ "$(cat status)" = 0 ]
    check_logs trace n37
    is_png trace/*.png
    nothing_left
}

@test "a suspended job: the plot, and that its times are wrong" {
    visit suspended
    [ "$(cat status)" = 0 ]
    grep -qE 'no samples from trace/n(9|10)-mem.log for [0-9]+ s \(was the job suspended\?\): the times in the picture are stretched' err
    is_png trace/*.png
    nothing_left
}

@test "a disk that fills up: the plot of what came, and what is cut off" {
    visit full_disk
    [ "$(cat status)" = 0 ]
    grep -qE 'cut off, is the disk of disk/trace full\? disk/trace/n[12]-mem.log' err
    is_png out.png
    nothing_left
}

@test "no shared folder: all logs are on the login node, none on the nodes" {
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
    # the samplers start together
    for node in $(seq 32); do header start "trace/n$node-mem.log"; done |
        sort -n | awk 'NR == 1 { first = $1 } END { exit !($1 - first < 3) }'
    is_png trace/*.png
    nothing_left
}

@test "a system that refuses a step over several nodes: one step a node" {
    visit one_step_a_node
    [ "$(cat status)" = 0 ]
    grep -q 'one step on all nodes gave nothing (srun: error: Unable to create step .*): trying one step a node' err
    check_logs trace n1 n2 n3
    is_png trace/*.png
    nothing_left
}

@test "mawk, gawk and busybox awk: logs whole, and growing while the job runs" {
    visit any_awk
    tried=0
    for name in mawk gawk busybox; do
        type -P "$name" >/dev/null || continue
        grep -qx "$name" in_time
        check_logs "$name/trace" n1 n2
        tried=$((tried + 1))
    done
    [ "$tried" -ge 2 ]
    nothing_left
}

@test "no memtrace: the logs come, 1, and how to draw them is said" {
    visit no_memtrace
    [ "$(cat status)" = 1 ]
    said "no memtrace here: the logs will come, but no picture"
    said "no memtrace, so no picture; the logs are in trace; for a picture: memtrace --files trace/*.log --samp 0.5 --save trace/memtrace-"
    check_logs trace n3
    nothing_left
}

@test "events written to MEMTRACE_MARKS are handed on" {
    visit marks
    [ "$(cat status)" = 0 ]
    [[ $(paste -sd' ' arguments) == "--files trace/n4-mem.log --samp 0.5 --save trace/memtrace-"*".png --marks $PWD/events" ]]
}
