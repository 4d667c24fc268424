#!/bin/bash
# SPDX-License-Identifier: MIT
# Scenarios of slurm.sh, one function each. slurm_sh.bats and slurm_array.bats play them as root on the login node of slurmlab:
#     slurm_scenarios.bash NAME
# Each scenario has its own folder for its output: out, err and status are those of slurm.sh; `left` lists steps and processes that
# should have ended.
# shellcheck disable=SC2016 # commands for other shells
set -u
scenario=$1
BATS_TEST_DIRNAME=$LAB/memtrace/tests
# shellcheck source=tests/recorder.bash
. "$BATS_TEST_DIRNAME/recorder.bash"
export MEMTRACE_TEST=$LAB/work/$scenario
as_alice=(setpriv --reuid=alice --regid=lab --clear-groups env "HOME=$MEMTRACE_TEST" USER=alice)
# shellcheck disable=SC2034 # used by ask
as_bob=(setpriv --reuid=bob --regid=lab --clear-groups env "HOME=$MEMTRACE_TEST" USER=bob)
slurm_sh=$LAB/memtrace/slurm.sh
job='' recorder=''
install -d -o alice "$MEMTRACE_TEST" && cd "$MEMTRACE_TEST" || exit

# The command of jobs that run until `finish` is called.
wait_for_finish='while [ ! -e finish ]; do sleep 0.5; done'
finish() { : >"$MEMTRACE_TEST/finish"; }

# Submits a job on the nodes $1; sets `job`.
submit() { job=$("${as_alice[@]}" sbatch --parsable --output=job.out --nodelist="$1" "${@:2}"); }

# Starts slurm.sh "$@" as alice, with a sample every half second.
start() {
    "${as_alice[@]}" "$slurm_sh" -s 0.5 "$@" >out 2>err &
    recorder=$!
}

# Returns true if no step of the recorder is left; one that was cancelled is listed a moment longer. With `crashed`, one may stay.
no_step_left() { [[ ${crashed-} ]] || ! squeue --noheader --steps --job="$job" --format=%j 2>/dev/null | grep -qx memtrace; }

# Waits for slurm.sh to end, then lists the steps and processes that it left running.
end() {
    if [[ $recorder ]]; then
        wait "$recorder"
        echo $? >status
    fi
    : >left
    wait_until 10 no_step_left || echo memtrace >left
    wait_until 10 none_left free srun awk || list_left free srun awk >>left
    [[ ! $job ]] || scancel "$job" 2>/dev/null
}

# Records a job that waits for `finish`, until the folder $1 has at least three samples of each of the nodes $2...; then ends it.
record() {
    start -d "$1" "$job"
    see 3 "$@"
    finish
    end
}

# Waits until the log of each of the nodes $3... in the folder $2 has $1 records.
see() {
    local node logs=()
    for node in "${@:3}"; do
        logs+=("$2/$node-mem.log")
    done
    wait_until 40 each_has_records "$1" "${logs[@]}"
}

each_has_records() {
    local log
    for log in "${@:2}"; do
        has_records "$1" "$log" || return
    done
}

# Runs slurm.sh "${@:2}" as user $1, and appends its output and status to `said`.
ask() {
    local -n user=as_$1
    "${user[@]}" "$slurm_sh" "${@:2}" >>said 2>&1
    echo "status $?" >>said
}

state_is() { [[ $(squeue --noheader --states=all --job="$1" --format=%T) == "$2" ]]; }
root_of() { cat "$LAB/run/$1"; } # the id of a process of node $1

from_login() {
    submit 'n[1-4]' -N4 --job-name='two words' --mem=400 --wrap "$wait_for_finish"
    start "$job"
    see 4 "memtrace-$job" n1 n2 n3 n4
    finish
    end
}

inside() { # the program starts once both nodes are being recorded
    cp -r "$LAB/memtrace" tree && mkdir tree/bin || exit
    cat >tree/bin/srun <<END
#!/bin/bash
[[ \$1 != awk ]] || until (cd "memtrace-\$SLURM_JOB_ID" && grep -q Mem: n1-mem.log && grep -q Mem: n2-mem.log) 2>/dev/null; do sleep 0.2; done
exec $(type -P srun) "\$@"
END
    chmod +x tree/bin/srun
    chown -R alice tree && cd tree || exit
    job=$("${as_alice[@]}" PATH="$PWD/bin:$PATH" sbatch --parsable --nodelist='n[1-2]' examples/job.sbatch)
    wait_until 90 state_is "$job" COMPLETED || squeue --states=all >&2
    scontrol -o show job "$job" >../job
    mv "memtrace-$job" ../trace
    mv "slurm-$job.out" ../out
    cd .. || exit
    wait_until 10 none_left free srun awk || list_left free srun awk >left
}

# The commands of the README's section on Slurm: the first block on the login node, the second in a job script that ends by itself and
# in one that is cancelled.
readme() {
    cp -r "$LAB/memtrace" tree && cd tree || exit
    awk '/^## / { on = /^## In a Slurm job/ } /^```$/ { code = 0 } on && code { print > ("block." n) } on && /^```sh$/ { n++; code = 1 }' \
        README.md
    printf '#!/bin/sh\nuntil [ -e "finish.$SLURM_JOB_ID" ]; do sleep 0.2; done\nexit 3\n' >solver
    { printf '#!/bin/bash\n' && cat block.2; } >job.sh
    chmod +x solver
    chown -R alice .
    submit 'n[1-2]' -N2 --wrap "$wait_for_finish"
    sed "s/4711/$job/" block.1 >typed
    { see 2 "memtrace-$job" n1 n2; : >finish; } &
    "${as_alice[@]}" bash -e typed >../out 2>../err
    echo $? >../status
    mv "memtrace-$job" ../login
    submit 'n[1-2]' -N2 job.sh
    see 2 "memtrace-$job" n1 n2
    : >"finish.$job"
    wait_until 20 state_is "$job" FAILED
    scontrol -o show job "$job" >../job
    mv "memtrace-$job" ../inside
    submit 'n[1-2]' -N2 job.sh
    see 2 "memtrace-$job" n1 n2
    scancel "$job"
    wait_until 20 state_is "$job" CANCELLED
    wait_until 20 test -s "memtrace-$job/memtrace-$job.png" # the state changes before the script has plotted
    mv "memtrace-$job" ../cancelled
    cd .. || exit
    end
}

pending() {
    mkdir bin
    printf '%s\n' '#!/bin/sh' "read -r up idle </proc/uptime; echo to \$up >>$PWD/asked" "$(type -P squeue) \"\$@\"; status=\$?" \
        "read -r up idle </proc/uptime; echo from \$up >>$PWD/asked; exit \$status" >bin/squeue
    chmod +x bin/squeue
    as_alice+=(PATH="$PWD/bin:$PATH")
    submit 'n[1-2]' -N2 --hold --wrap "$wait_for_finish"
    start -d trace "$job"
    wait_until 40 eval '(($(grep -c ^from asked) >= 7))'
    cp asked polls
    scontrol release "$job"
    see 2 trace n1 n2
    finish
    end
}

cancelled_while_pending() {
    submit 'n[1-2]' -N2 --hold --wrap 'sleep 3000'
    start -d trace "$job"
    wait_until 20 grep -q waiting err
    scancel "$job"
    end
}

array() {
    submit n3 -N1 --array=4-5 --wrap "$wait_for_finish"
    job=${job}_4
    record trace n3
    job=${job%_4}
    wait_until 20 state_is "${job}_5" COMPLETED
    ask alice "$job"
}

heterogeneous() {
    job=$("${as_alice[@]}" sbatch --parsable --output=job.out --nodelist=n5 -N1 : --nodelist='n[6-7]' -N2 --wrap "$wait_for_finish")
    ask alice "$job+1"
    ask alice $((job + 1))
    record trace n5 n6 n7
}

cancelled() {
    submit 'n[1-4]' -N4 --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2 n3 n4
    scancel "$job"
    end
}

time_limit() {
    submit 'n[1-2]' -N2 --time=9 --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2
    scontrol update "JobId=$job" "EndTime=now+1"
    end
}

# Kills the daemon and all processes of node n34; the job may continue without it. (Slurm lists the step until it notices.)
crash() {
    submit 'n[33-34]' -N2 --no-kill --wrap 'sleep 3000'
    start -d trace "$job"
    see 3 trace n33 n34
    local uts node file
    node=$(root_of n34)
    uts=$(readlink "/proc/$node/ns/uts")
    for file in /proc/[0-9]*/ns/uts; do
        [[ $(readlink "$file") != "$uts" ]] || kill -KILL "$(basename "$(dirname "$(dirname "$file")")")"
    done
    grep -c '^Mem:' trace/n33-mem.log trace/n34-mem.log >at_crash
    see $(($(sed -n 's/.*n33.*://p' at_crash) + 10)) trace n33
    kill -TERM "$recorder"
    crashed=n34
    end
}

step_cancelled() {
    submit 'n[1-4]' -N4 --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2 n3 n4
    scancel "$(squeue --noheader --steps --job="$job" --format='%i %j' | sed -n 's/ memtrace$//p')"
    end
}

requeued() {
    submit 'n[1-2]' -N2 --requeue --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2
    scontrol requeue "$job"
    end
}

refusals() {
    submit n8 -N1 --wrap true
    ask alice 99999
    ask alice 99999_7
    ask alice four
    ask alice 4711.0
    ask alice
    ask alice -s 0 "$job"
    ask alice -d
    ask alice -x "$job"
    mkdir folder.png
    ask alice -o plot.jpg "$job"
    ask alice -o .png "$job"
    ask alice -o missing/plot.png "$job"
    ask alice -o folder.png "$job"
    ask alice --steps 0 "$job"
    mkdir tools
    # shellcheck disable=SC2046 # words
    ln -s $(type -P env bash dirname readlink uname squeue scontrol srun setpriv grep id) tools/
    PATH=$PWD/tools ask alice "$job"
    ask alice --version
    wait_until 20 state_is "$job" COMPLETED
    ask alice "$job"
    submit n8 -N1 --wrap 'sleep 3000'
    wait_until 20 state_is "$job" RUNNING
    ask bob "$job"
    "$slurm_sh" "$job" >>said 2>&1
    echo "status $?" >>said
    mkdir used
    echo kept >used/n8-mem.log
    ask alice -d used "$job"
    cat used/n8-mem.log >>said
    find . -newer used/n8-mem.log -name '*.*' -type f ! -name job.out >written
    ask alice -d /proc/none "$job"
    scancel "$job"
}

terminal() { # Ctrl-C twice at a real terminal
    submit 'n[1-2]' -N2 --wrap 'sleep 3000'
    mkfifo keys
    {
        see 2 trace n1 n2 && printf '\003'
        sleep 0.05
        printf '\003'
        wait_until 30 test -e ended
    } >keys &
    # exec, because the INT would kill a shell between the terminal and slurm.sh
    "${as_alice[@]}" env --default-signal=INT,QUIT script -qec "exec $slurm_sh -s 0.5 -d trace $job" /dev/null <keys >err 2>&1
    echo $? >status
    : >ended
    state_is "$job" RUNNING && echo goes on >out
    end
}

terminated() {
    submit 'n[1-4]' -N4 --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2 n3 n4
    kill -TERM "$recorder"
    kill -HUP "$recorder"
    kill -TERM "$recorder"
    end
}

killed() {
    submit 'n[1-4]' -N4 --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2 n3 n4
    kill -KILL "$recorder"
    wait_until 10 none_left srun free && state_is "$job" RUNNING && echo goes on >goes_on
    end
}

no_free() { # n36 has none
    nsenter -t "$(root_of n36)" -m mount --bind /dev/null "$(type -P free)"
    submit 'n[35-36]' -N2 --wrap "$wait_for_finish"
    record trace n35 n36
}

no_shell() { # sh does not start on n39
    printf '#!/bin/false\n' >broken
    chmod +x broken
    submit 'n[38-39]' -N2 --wrap "$wait_for_finish"
    wait_until 20 state_is "$job" RUNNING
    nsenter -t "$(root_of n39)" -m mount --bind "$PWD/broken" "$(readlink -f /bin/sh)"
    record trace n38
    printf '#!/bin/bash\nsleep 3000\n' >job.sh
    submit n39 -N1 job.sh
    mkdir alone && chown alice alone && cd alone || exit
    start -d trace "$job"
    end
}

free_without_s() { # n37 has such a free
    cp "$(type -P free)" real-free
    printf '%s\n' '#!/bin/sh' "case \$* in --help) echo 'Usage: free [-bkmgh]'; exit ;; -s*) exit 1 ;; esac" "echo >>$PWD/calls" "exec $PWD/real-free" >free
    chmod a+rx free real-free
    nsenter -t "$(root_of n37)" -m mount --bind "$PWD/free" "$(type -P free)"
    submit n37 -N1 --wrap "$wait_for_finish"
    record trace n37
}

suspended() {
    submit 'n[9-10]' -N2 --wrap "$wait_for_finish"
    start -d trace "$job"
    see 2 trace n9 n10
    local from to
    read -r from _ </proc/uptime
    scontrol suspend "$job"
    wait_until 20 all_stopped
    sleep 3
    scontrol resume "$job"
    see $(($(cat trace/*.log | grep -c '^Mem:') / 2 + 4)) trace n9 n10
    read -r to _ </proc/uptime
    echo "3 $from $to" >slept
    finish
    end
}

# Returns true if both samplers are stopped.
all_stopped() {
    local id rest count=0
    for id in $(list_left free | cut -d' ' -f1); do
        rest=$(cat "/proc/$id/stat" 2>/dev/null)
        [[ ${rest##*) } == T* ]] || return
        count=$((count + 1))
    done
    ((count == 2))
}

# Returns true if the logs in folder $1 have not grown since the last call.
logs_stalled() {
    local before=${bytes-0}
    bytes=$(cat "$1"/*-mem.log 2>/dev/null | wc -c)
    ((bytes > 0 && bytes == before))
}

full_disk() {
    local bytes
    install -d -o alice disk
    mount -t tmpfs -o size=12k none disk
    chown alice disk
    submit 'n[1-2]' -N2 --wrap 'sleep 3000'
    start -s 0.1 -d disk/trace -o out.png "$job"
    # Each log gets one of the three pages. A record may end right before the end of its page.
    wait_until 30 eval '(($(cat disk/trace/n*-mem.log 2>/dev/null | wc -c) >= 7600))'
    wait_until 10 eval 'nap 1; logs_stalled disk/trace'
    kill "$recorder"
    end
}

nothing_shared() { # the nodes cannot see the folder of the logs; lists the files that they keep
    local node
    install -d -o alice "$LAB_PRIVATE/mine"
    submit 'n[1-4]' -N4 --chdir=/ --output=/dev/null --wrap 'sleep 3000'
    start -d "$LAB_PRIVATE/mine/trace" "$job"
    see 2 "$LAB_PRIVATE/mine/trace" n1 n2 n3 n4
    scancel "$job"
    end
    for node in n1 n2 n3 n4; do
        nsenter -t "$(root_of "$node")" -m find "$LAB_PRIVATE" -mindepth 1 >>on_nodes
    done
    cp -r "$LAB_PRIVATE/mine/trace" .
}

many() {
    submit 'n[1-32]' -N32 --wrap "$wait_for_finish"
    start -d trace "$job"
    # shellcheck disable=SC2046 # words
    see 2 trace $(seq -f n%.0f 32)
    squeue --noheader --steps --job="$job" --format=%j | grep -cx memtrace >steps
    finish
    end
}

one_step_a_node() { # srun refuses steps on several nodes
    mkdir bin
    cat >bin/srun <<END
#!/bin/bash
case " \$* " in *' -N 1 '* | ' --help ') exec $(type -P srun) "\$@" ;; esac
echo "srun: error: Unable to create step for job $job: Requested node configuration is not available" >&2
exit 1
END
    chmod +x bin/srun
    submit 'n[1-3]' -N3 --wrap "$wait_for_finish"
    as_alice+=("PATH=$PWD/bin:$PATH")
    record trace n1 n2 n3
}

# Records with each awk. A second recording has a single record, which no buffer may hold back.
any_awk() {
    local name program slow
    for name in mawk gawk busybox; do
        program=$(type -P "$name") || continue
        mkdir "$name"
        chown alice "$name"
        ln -s "$program" "$name/awk"
        submit 'n[1-2]' -N2 --wrap 'sleep 3000'
        as_alice+=("PATH=$PWD/$name:$PATH")
        start -s 3600 -d "$name/slow" "$job"
        slow=$recorder
        start -d "$name/trace" "$job"
        see 2 "$name/trace" n1 n2
        see 1 "$name/slow" n1 n2 && echo "$name" >>in_time
        kill "$recorder" "$slow"
        wait "$slow"
        end
    done
}

no_memtrace() { # the logs are written nevertheless
    cp "$slurm_sh" . && chown alice slurm.sh
    printf '#!/bin/sh\n: >installed\n' >run.sh
    chmod +x run.sh
    slurm_sh=$PWD/slurm.sh
    submit n3 -N1 --wrap "$wait_for_finish"
    record trace n3
}

built() { # a Makefile builds memtrace during the recording
    cp "$slurm_sh" . && chown alice .
    slurm_sh=$PWD/slurm.sh
    printf 'memtrace:\n\tsleep 2; printf "#!/bin/sh\\ncase \\$$1 in -V) exit;; esac\\necho \\$$1 \\$$2 >plotted\\n" >memtrace; chmod +x memtrace\n' >Makefile
    submit n4 -N1 --wrap "$wait_for_finish"
    record trace n4
}

signals() {
    submit 'n[11-12]' -N2 --wrap "trap '' USR1 USR2 HUP INT; $wait_for_finish"
    start -d trace "$job"
    see 2 trace n11 n12
    local name
    for name in USR1 USR2 HUP INT; do
        scancel --signal="$name" "$job"
    done
    grep -c '^Mem:' trace/n11-mem.log >before
    see $(($(cat before) + 6)) trace n11
    grep -c '^Mem:' trace/n11-mem.log >after
    finish
    end
}

# The README's recipe in a script that ends with a bare `wait`. Its step is recorded for far longer than slurm.sh needs to notice that
# the script waits for nothing else.
bare_wait() {
    local shell
    cp -r "$LAB/memtrace" tree && chown -R alice tree && cd tree || exit
    for shell in bash sh; do
        cat >job.sh <<END
#!/bin/$shell
./slurm.sh -s 0.5 "\$SLURM_JOB_ID" & recorder=\$!
trap 'trap "" TERM; kill \$recorder; wait \$recorder' EXIT
srun sh -c 'for i in \$(seq 1500); do
    [ "\$(cat memtrace-\$SLURM_JOB_ID/n13-mem.log 2>/dev/null | grep -c "^Mem:")" -lt 8 ] || { : >../$shell.ended; exit; }
    sleep 0.2
done' &
wait
END
        job=$("${as_alice[@]}" sbatch --parsable --nodelist=n13 --output="../$shell.out" job.sh)
        wait_until 50 state_is "$job" COMPLETED
        scontrol -o show job "$job" >"../$shell.job"
        mv "memtrace-$job" "../$shell"
        scancel "$job"
    done
    job='' recorder=''
    cd ..
    end
}

stalled() {
    submit n14 -N1 --wrap "$wait_for_finish"
    start -d trace "$job"
    see 2 trace n14
    local id
    for id in $(list_left srun | cut -d' ' -f1); do kill -STOP "$id"; done
    sleep 4
    for id in $(list_left srun | cut -d' ' -f1); do kill -CONT "$id"; done
    see 12 trace n14
    finish
    end
}

controller_down() {
    local free
    submit 'n[1-2]' -N2 --wrap 'sleep 3000'
    start -d trace "$job"
    see 2 trace n1 n2
    free=$(list_left free | wc -l)
    kill -KILL "$(cat "$LAB/run/slurmctld")"
    kill -TERM "$recorder"
    wait "$recorder"
    echo $? >status
    wait_until 10 none_left free
    echo "$free $(list_left free | wc -l)" >free
}

hostile() {
    mkdir bin
    # shellcheck disable=SC2028 # printf expands the newline
    printf '%s\n' '#!/bin/sh' 'echo "squeue: warning: the cluster is about to be retired" >&2' "exec $(type -P squeue) \"\$@\"" >bin/squeue
    chmod +x bin/squeue
    cd() { :; } && grep() { :; } && export -f cd grep
    as_alice+=(PATH="$PWD/bin:$PATH" SQUEUE_FORMAT=%j SQUEUE_STATES=PENDING SQUEUE_SORT=i TMOUT=1 POSIXLY_CORRECT=1 CDPATH=/usr
        SHELLOPTS=errexit:noglob:noclobber)
    job=$(setpriv --reuid=alice --regid=lab --clear-groups sbatch --parsable --output=job.out --nodelist=n15 --job-name=$'two\nlines' \
        --wrap "$wait_for_finish")
    start -d trace "$job"
    unset -f cd grep
    see 3 trace n15
    finish
    end
    dash "$slurm_sh" "$job" 2>dash.err
}

missed() { # squeue shows no state between pending and completed
    mkdir bin
    cat >bin/squeue <<END
#!/bin/bash
if [[ -e $PWD/released ]]; then
    until [[ \$(${squeue:=$(type -P squeue)} -h -t all -j "\$(cat $PWD/released)" -o %T) == COMPLETED ]]; do sleep 0.2; done
fi
exec $squeue "\$@"
END
    chmod +x bin/squeue
    as_alice+=(PATH="$PWD/bin:$PATH")
    submit n16 --hold --wrap true
    start -d trace "$job"
    wait_until 20 grep -q waiting err
    echo "$job" >released.new
    mv released.new released
    scontrol release "$job"
    end
}

collisions() { # they start before the job
    submit n16 --hold --wrap "$wait_for_finish"
    start -d trace "$job"
    wait_until 20 grep -q waiting err
    for _ in 1 2 3 4; do
        {
            "${as_alice[@]}" "$slurm_sh" -s 0.5 -d trace "$job" 2>>others.err
            echo $? >>others
        } &
    done
    wait_until 20 eval '(($(cat others | wc -l) == 4))'
    scontrol release "$job"
    see 2 trace n16
    finish
    end
}

marks() {
    submit n4 -N1 --wrap 'sleep 3000'
    as_alice+=(MEMTRACE="$PWD/plotter" MEMTRACE_MARKS="$PWD/events")
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >arguments\n' >plotter
    chmod +x plotter
    start -d trace "$job"
    wait_until 30 has_records 1 trace
    date '+%s solve' >events
    kill "$recorder"
    end
}

# ---- arrays and several jobs (slurm_array.bats, a cluster with memory cgroups) ----

# Tasks of different sizes and durations, which start work once they are being recorded. Task 7 exceeds its limit, 13 fails, 21 waits
# to be cancelled, 33 to be requeued.
array_of_50() {
    write_use
    cat >task.sh <<'END'
#!/bin/bash
log=trace/${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
[[ ! ${SLURM_RESTART_COUNT-} ]] || log+=.2
until grep -qs '^Job:' "$log"-*-mem.log; do
    sleep 0.5
done
: >go
case $SLURM_ARRAY_TASK_ID in
7) exec ./use 400 finish.7 "$log-n6-mem.log" ;;
13) exit 3 ;;
21) sleep 3000 ;;
33) [[ $log == *.2 ]] || sleep 3000 ;;
*)
    : >finish."$SLURM_ARRAY_TASK_ID"
    ./use $((SLURM_ARRAY_TASK_ID % 5 * 20)) "finish.$SLURM_ARRAY_TASK_ID"
    sleep $((SLURM_ARRAY_TASK_ID % 3))
    ;;
esac
END
    chmod +x task.sh
    submit n6 --array=1-50%8 --mem=200 --job-name=sweep ./task.sh
    start -s 1 -d trace "$job"
    (
        wait_until 300 has_records 2 trace/"${job}_21-n6-mem.log"
        scancel "${job}_21"
        wait_until 300 has_records 1 trace/"${job}_33-n6-mem.log"
        scontrol requeue "${job}_33"
    ) &
    end
    echo "$job" >id
}

array_bounded() { # some tasks end before their turn to be recorded
    local task
    submit n5 --array=1-6 --wrap 'while [ ! -e finish -a ! -e "finish.$SLURM_ARRAY_TASK_ID" ]; do sleep 0.5; done'
    start -d trace --steps 2 "$job"
    wait_until 60 eval '(($(grep -l "^Mem:" trace/*-mem.log 2>/dev/null | wc -l) >= 2))'
    ls trace/*-mem.log >logs
    for task in 1 2 3 4 5 6; do
        grep -q "_$task-n5-" logs || : >"finish.$task"
    done
    wait_until 40 eval '(($(squeue --noheader --array --states=RUNNING,COMPLETING,PENDING --job="$job" | wc -l) == 2))'
    finish
    end
}

array_stopped() { # TERM while some tasks run and others are pending
    submit n4 --array=1-12%2 --wrap 'sleep 3000'
    start -d trace "$job"
    wait_until 60 each_has_records 3 trace/"$job"_{1,2}-n4-mem.log
    kill -TERM "$recorder"
    end
    echo "$job" >id
}

array_killed() {
    submit n4 --array=1-3 --wrap 'sleep 3000'
    start -d trace "$job"
    wait_until 60 each_has_records 3 trace/"$job"_{1,2,3}-n4-mem.log
    kill -KILL "$recorder"
    wait "$recorder"
    wait_until 20 none_left free srun awk || list_left free srun awk >left
    state_is "${job}_2" RUNNING && echo goes on >goes_on
    wait_until 10 no_step_left || echo memtrace >>left
    echo "$job" >id
    recorder=''
    end
}

several_jobs() { # one is pending, one unknown; then all jobs of bob
    local first
    submit n3 --wrap "$wait_for_finish"
    first=$job
    submit 'n[2-3]' -N2 --hold --wrap "$wait_for_finish"
    start "$first" "$job" 99999
    wait_until 60 has_records 2 "memtrace-$first-and-2-more/$first-n3-mem.log"
    scontrol release "$job"
    wait_until 60 each_has_records 2 "memtrace-$first-and-2-more/$job"-n{2,3}-mem.log
    finish
    end
    mv "memtrace-$first-and-2-more" trace
    echo "$first $job" >id
    ask alice --user-jobs "$job"
    mkdir -m 777 bob && cd bob || exit
    job=$("${as_bob[@]}" sbatch --parsable --output=/dev/null --chdir=/tmp --nodelist=n2 --wrap 'sleep 3000')
    as_alice=("${as_bob[@]}")
    start --user-jobs
    wait_until 60 has_records 3 "memtrace-bob-jobs/$job-n2-mem.log"
    scancel "$job"
    end
    echo "$job" >id
}

# ---- the job's own memory (the same cluster) ----

# Writes `use`, a program that allocates $1 MB in steps of 20 MB once the file `go` exists, and keeps them until the file $2 (`finish`
# by default) exists. With a log $3, it waits at 160 MB until the log has recorded these.
write_use() {
    cat >use <<'END'
#!/usr/bin/python3 -SE
import os, sys, time
def wait_for(is_so):
    while not is_so():
        time.sleep(0.1)
def most(log):
    return max((int(line.split()[2]) for line in open(log) if line.startswith("Job:") and line.endswith("\n")), default=0)
arguments = sys.argv[1:]
wait_for(lambda: os.path.exists("go"))
held = []
for piece in range(int(arguments[0]) // 20):
    if piece == 8 and arguments[2:]:
        wait_for(lambda: most(arguments[2]) >= 164000)
    held.append(b"x" * (20 << 20))
open("full." + os.environ["SLURMD_NODENAME"], "w")
wait_for(lambda: os.path.exists((arguments + ["finish"])[1]))
END
    chmod +x use
}

# Records `job` into trace with the options "${@:3}". Creates `go` when all nodes n$1 to n$2 have samples. Creates `finish` when the
# recording ends, or when the files $is_done (by default full.NODE of each node) exist and each node has two more samples.
go() {
    local node logs=() files=()
    for node in $(seq -f n%.0f "$1" "$2"); do
        logs+=("trace/$node-mem.log")
        files+=("full.$node")
    done
    start -d trace "${@:3}" "$job"
    wait_until 40 each_has_records 2 "${logs[@]}"
    : >go
    # shellcheck disable=SC2086 # words
    wait_until 60 unless_ended all_exist ${is_done-"${files[@]}"}
    wait_until 40 unless_ended each_has_records $(($(grep -ch '^Mem:' "${logs[@]}" | sort -n | tail -n 1) + 2)) "${logs[@]}"
    finish
    end
}

unless_ended() { "$@" || ! kill -0 "$recorder" 2>/dev/null; }
all_exist() { ls -- "$@" >/dev/null 2>&1; }

# On node n5, processes outside the job use 1.25 GB.
own_memory() {
    write_use
    submit n5 --mem=1000 --wrap './use 100'
    go 5 5
}

advised() { # the job survives with the advised request, but not with the mean of its nodes
    write_use
    local task='srun --ntasks-per-node=1 sh -c "case \$SLURMD_NODENAME in n1) ./use 60 ;; n2) ./use 200 ;; esac"' mem
    submit 'n[1-2]' -N2 --mem=1000 --wrap "$task"
    go 1 2
    mem=$(sed -n 's/.*request --mem=\([0-9]*[KMG]\).*/\1/p' out)
    for mem in "$mem" 140M; do
        rm -f full.*
        submit 'n[1-2]' -N2 --mem="$mem" --wrap "$task; exit 0"
        wait_until 60 eval '! squeue --noheader --job="$job" --format=%T | grep -q .' # `finish` exists
        echo "$mem" full.* >>again
        scancel "$job"
    done
}

advised_array() { # all tasks survive with the request that fits them, but not with less; plotted as a page
    write_use
    # `use` names its file full.$SLURMD_NODENAME; tasks share a node, so use the task's number instead
    local task='SLURMD_NODENAME=$SLURM_ARRAY_TASK_ID exec ./use $((SLURM_ARRAY_TASK_ID * 60))' mem
    submit n4 --array=1-3 --mem=500 --wrap "$task"
    start -o page.html -d trace "$job"
    wait_until 40 each_has_records 2 trace/"$job"_{1,2,3}-n4-mem.log
    : >go
    wait_until 40 all_exist full.{1,2,3}
    wait_until 40 each_has_records $(($(grep -ch '^Mem:' trace/*-mem.log | sort -n | tail -n 1) + 2)) trace/"$job"_{1,2,3}-n4-mem.log
    finish
    end
    mem=$(sed -n 's/.*--mem=\([0-9]*[KMG]\) fits all 3 of 3 tasks.*/\1/p' out)
    for mem in "$mem" 150M; do
        rm -f full.*
        submit n4 --array=1-3 --mem="$mem" --wrap "$task"
        wait_until 60 eval '! squeue --noheader --job="$job" --format=%T | grep -q .' # `finish` exists
        echo "$mem" full.* >>again
        scancel "$job"
    done
}

killed_job() {
    write_use
    submit n1 --mem=200 --wrap 'exec ./use 400 finish trace/n1-mem.log'
    go 1 1
}

killed_step() { # the job itself completes
    write_use
    submit n1 --mem=200 --wrap 'srun ./use 400; exit 0'
    go 1 1 --no-top
}

killed_on_one_node() {
    write_use
    submit 'n[1-2]' -N2 --mem=200 --wrap 'srun --ntasks-per-node=1 sh -c "case \$SLURMD_NODENAME in n1) ./use 60 ;; n2) ./use 400 finish trace/n2-mem.log; : >over.n2 ;; esac"; exit 0'
    is_done='full.n1 over.n2' go 1 2
}

page_cache() { # page cache fills the limit; no process is killed
    submit n3 --mem=200 --wrap 'while [ ! -e go ]; do sleep 0.1; done; head -c 400M /dev/zero >file; cat file >/dev/null
        : >full.n3; while [ ! -e finish ]; do sleep 0.1; done; rm -f file'
    go 3 3
}

shared_memory() { # files in /dev/shm and a process exceed the limit together
    write_use
    submit n3 --mem=200 --wrap "while [ ! -e go ]; do sleep 0.1; done; head -c 120M /dev/zero >/dev/shm/memtrace-\$SLURM_JOB_ID
        until grep -qs '^Job:.* 12[2-9]... ' trace/n3-mem.log; do sleep 0.1; done
        ./use 200; rm -f /dev/shm/memtrace-\$SLURM_JOB_ID"
    go 3 3
}

"$scenario"
