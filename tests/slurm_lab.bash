# SPDX-License-Identifier: MIT
# Helpers of the tests that need Slurm. Each suite starts one cluster of slurmlab and plays its scenarios there.
# shellcheck shell=bash disable=SC2154 # variables of recorder.bash and bats

# Prints why this machine cannot run a cluster with the environment $1; prints nothing if it can.
lacking() {
    local name
    PATH=$PATH:/usr/sbin:/sbin
    for name in slurmctld slurmd srun munged ip nsenter setpriv script; do
        type -P "$name" >/dev/null || { echo "$name is not installed" && return; }
    done
    ((EUID == 0)) || { echo "needs root" && return; }
    unshare --fork --pid --mount --net --ipc --uts true 2>/dev/null || { echo "the sandbox lacks CAP_SYS_ADMIN" && return; }
    [[ $1 != *LAB_CGROUP* ]] && return
    for name in memory freezer; do
        if ! mkdir "/sys/fs/cgroup/$name/memtrace-$$" 2>/dev/null || ! rmdir "/sys/fs/cgroup/$name/memtrace-$$"; then
            echo "no writable cgroup v1 hierarchy '$name'"
            return
        fi
    done
}

# Starts a cluster of $1 nodes; "${@:2}" is the environment of slurmlab. Sets LAB, or `why` if this machine cannot run it.
start_lab() {
    why=$(lacking "$*") # not local, because the tests read it
    export LAB='' why
    [[ ! $why ]] || return 0
    export PATH=$PATH:/usr/sbin:/sbin
    unset MEMTRACE MEMTRACE_MARKS
    LAB=$(mktemp -d /tmp/memtrace-lab.XXXXXX)
    chmod 755 "$LAB"
    mkdir -p "$LAB/memtrace/tests" "$LAB/memtrace/examples" "$LAB/work"
    cp "$root"/{memtrace,slurm.sh,run.sh,README.md} "$LAB/memtrace/"
    cp "$root"/tests/*.bash "$LAB/memtrace/tests/"
    cp "$root"/examples/job.sbatch "$LAB/memtrace/examples/"
    chmod -R a+rX "$LAB/memtrace"
    # The cluster's first process waits until the tests end; scenarios run in its namespaces.
    # shellcheck disable=SC2016 # expanded by the inner shell
    env "${@:2}" "$root/tests/slurmlab" "$1" "$LAB" bash -c ': >"$LAB/up"; exec sleep 2500' >"$LAB/lab.out" 2>&1 3>&- 4>&- &
    echo $! >"$LAB/pid"
    wait_until 75 lab_is_up_or_dead
    [[ -e $LAB/up ]] || { cat "$LAB/lab.out" >&2 && return 1; }
}

lab_is_up_or_dead() { [[ -e $LAB/up ]] || ! kill -0 "$(cat "$LAB/pid")" 2>/dev/null; }

# Prints the id of the first process of the cluster: the first descendant in another PID namespace.
lab_root() {
    local pid
    pid=$(cat "$LAB/pid")
    while [[ $pid && $(readlink "/proc/$pid/ns/pid") == "$(readlink /proc/self/ns/pid)" ]]; do
        pid=$(pgrep -P "$pid" | head -n 1)
    done
    echo "$pid"
}

# Plays scenarios of slurm_scenarios.bash, several at a time.
play() {
    # shellcheck disable=SC2016 # expanded by the inner shell
    printf '%s\n' "$@" | xargs -P "${MEMTRACE_SCENARIOS:-5}" -I{} nsenter -t "$(lab_root)" -a \
        env LAB="$LAB" LAB_PRIVATE="$LAB/private" SLURM_CONF="$LAB/conf/slurm.conf" bash -c \
        'timeout ${MEMTRACE_SCENARIO_TIME:-1000} bash "$LAB/memtrace/tests/slurm_scenarios.bash" "$1" >"$LAB/$1.played" 2>&1 </dev/null
        echo "played in $SECONDS s" >>"$LAB/$1.played"' play {} 3>&- 4>&-
}

stop_lab() {
    [[ $LAB ]] || return 0
    kill "$(lab_root)" 2>/dev/null || : # unshare itself ignores TERM
    wait_until 20 bash -c "! kill -0 $(cat "$LAB/pid") 2>/dev/null" || echo "the lab in $LAB does not end" >&2
    [[ ${MEMTRACE_KEEP_LAB-} ]] || rm -rf "$LAB"
}

skip_without_lab() {
    [[ $BATS_TEST_DESCRIPTION != *'needs no cluster'* ]] || return 0
    [[ ! $why ]] || skip "$why"
    cd "$LAB/work" || return
}

# Enters the folder of scenario $1 and prints its messages, which bats shows if the test fails.
visit() {
    cd "$LAB/work/$1" || return
    cat "$LAB/$1.played"
    head -n 50 err said status left out 2>/dev/null || :
}

# Prints the time in the trailer of log $1.
end_of() { sed -nE '$s/^# memtrace end=([0-9.]+).*/\1/p' "$1"; }

said() { grep -qF -- "$1" err; }

# Checks that the folder $1 has exactly one log of each of the nodes $2..., from that very node, with header, trailer and at least $least
# (2) records, all complete. If $state is set, the trailer must contain it. The number of records depends on the load of the machine: at
# most one per $interval (0.5) s; at least as many as the sampler takes without writing a header for a gap, with time for the first one.
check_logs() {
    local node
    for node in "${@:2}"; do
        awk -v node="$node" -v state="${state-}" -v interval="${interval-0.5}" -v least="${least-2}" '
            function fail(text) { print FILENAME ": " text; failed = 1; exit 1 }
            function value(key) { return match($0, " " key "=[^ ]*") ? substr($0, RSTART + length(key) + 2, RLENGTH - length(key) - 2) : "" }
            NR == 1 {
                from = value("start")
                if (!/^# memtrace 1 / || value("host") != node || value("interval") != interval || from !~ /^[0-9]+\.[0-9]+$/) fail($0)
            }
            ended { fail("more after the trailer") }
            /^# memtrace 1 .* gap=/ { gaps += value("gap") }
            /^ +total / { if (part % 3) fail("a heading within record " records); part++ }
            /^Mem:/ && $2 != substr(node, 2) * 1000000 { fail("from another node: " $0) }
            /^Mem:/ { if (part++ % 3 != 1 || NF != 7) fail("cut: " $0); records++ }
            /^Swap:/ { if (part++ % 3 != 2 || NF != 4) fail("cut: " $0) }
            /^# memtrace end=/ { ended = 1; to = value("end"); if (state && value("state") != state) fail($0) }
            END {
                if (failed) exit 1
                took = to - from - gaps
                if (!ended || part % 3 || records < least || took / interval <= records - 3 || took >= records * (1.5 * interval + 0.5) + 30)
                    fail(records " records in " took " s")
            }' "$1/$node-mem.log" || return
    done
    [ "$(cd "$1" && echo *-mem.log | wc -w)" -eq $(($# - 1)) ]
}

nothing_left() { [ ! -s left ]; }
