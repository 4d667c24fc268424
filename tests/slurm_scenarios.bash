#!/bin/bash
# What people do with slurm.sh, each a function, played by slurm_sh.bats on the login node of slurmlab as root:
#     slurm_scenarios.bash NAME
# in a folder of its own. It leaves there out, err and status of slurm.sh, and what it wrote; `left` names what stayed behind.
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

# What jobs do until `finish` is called.
wait_for_finish='while [ ! -e finish ]; do sleep 0.5; done'
finish() { : >"$MEMTRACE_TEST/finish"; }

# Submits a job on the nodes $1; sets `job`.
submit() { job=$("${as_alice[@]}" sbatch --parsable --output=job.out --nodelist="$1" "${@:2}"); }

# Starts slurm.sh "$@" as alice, half a second a sample.
start() {
    "${as_alice[@]}" "$slurm_sh" -s 0.5 "$@" >out 2>err &
    recorder=$!
}

# Waits for slurm.sh to end; then looks for what should have gone.
end() {
    if [[ $recorder ]]; then
        wait "$recorder"
        echo $? >status
    fi
    squeue --noheader --steps --job="$job" --format=%j 2>/dev/null | grep -x memtrace >left
    wait_until 10 none_left free srun awk || list_left free srun awk >>left
    [[ ! $job ]] || scancel "$job" 2>/dev/null
}

# All of it for a job that waits for finish: samples on the nodes $2... into the folder $1, three of each at least.
record() {
    local node logs=()
    start -d "$1" "$job"
    for node in "${@:2}"; do
        logs+=("$1/$node-mem.log")
    done
    wait_until 40 each_has_records 3 "${logs[@]}"
    finish
    end
}

each_has_records() {
    local log
    for log in "${@:2}"; do
        has_records "$1" "$log" || return
    done
}

# Runs slurm.sh "$@" as user $1, appends what it says and its status to `said`.
ask() {
    local -n user=as_$1
    "${user[@]}" "$slurm_sh" "${@:2}" >>said 2>&1
    echo "status $?" >>said
}

state_is() { [[ $(squeue --noheader --states=all --job="$1" --format=%T) == "$2" ]]; }
root_of() { cat "$LAB/run/$1"; } # a process of node $1

from_login() {
    submit 'n[1-4]' -N4 --job-name='two words' --mem=400 --wrap "$wait_for_finish"
    start "$job"
    wait_until 40 has_records 24 "memtrace-$job"
    finish
    end
}

inside() {
    cp -r "$LAB/memtrace" tree && chown -R alice tree && cd tree || exit
    job=$("${as_alice[@]}" sbatch --parsable --nodelist='n[1-2]' examples/job.sbatch)
    wait_until 60 state_is "$job" COMPLETED || squeue --states=all >&2
    scontrol -o show job "$job" >../job
    mv "memtrace-$job" ../trace
    mv "slurm-$job.out" ../out
    cd .. || exit
    wait_until 10 none_left free srun awk || list_left free srun awk >left
}

# The commands of the README's section: the first from the login node, the others in a job script that ends by itself, then in one that
# is cancelled.
readme() {
    cp -r "$LAB/memtrace" tree && cd tree || exit
    awk '/^## / { on = /^## In a Slurm job/ } /^```$/ { code = 0 } on && code { print > ("block." n) } on && /^```sh$/ { n++; code = 1 }' \
        README.md
    printf '#!/bin/sh\nsleep "${SLEEP-6}"\nexit 3\n' >solver
    { printf '#!/bin/bash\n' && cat block.2; } >job.sh
    chmod +x solver
    chown -R alice .
    submit 'n[1-2]' -N2 --wrap 'sleep 7'
    sed "s/4711/$job/" block.1 >typed
    "${as_alice[@]}" bash -e typed >../out 2>../err
    echo $? >../status
    mv "memtrace-$job" ../login
    submit 'n[1-2]' -N2 job.sh
    wait_until 60 state_is "$job" FAILED
    scontrol -o show job "$job" >../job
    mv "memtrace-$job" ../inside
    submit 'n[1-2]' -N2 --export=ALL,SLEEP=60 job.sh
    wait_until 30 each_has_records 2 "memtrace-$job"/n{1,2}-mem.log
    scancel "$job"
    wait_until 20 state_is "$job" CANCELLED
    mv "memtrace-$job" ../cancelled
    cd .. || exit
    end
}

pending() {
    submit 'n[1-2]' -N2 --hold --wrap "$wait_for_finish"
    start -d trace "$job"
    wait_until 20 grep -q waiting err
    scontrol release "$job"
    wait_until 40 each_has_records 3 trace/n1-mem.log trace/n2-mem.log
    finish
    end
}

cancelled_while_pending() {
    submit 'n[1-2]' -N2 --hold --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 20 grep -q waiting err
    scancel "$job"
    end
}

array() {
    submit n3 -N1 --array=4-5 --wrap "$wait_for_finish"
    ask alice "$job"
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
    submit 'n[1-4]' -N4 --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 30 has_records 12 trace
    scancel "$job"
    end
}

time_limit() {
    submit 'n[1-2]' -N2 --time=1 --wrap 'sleep 300'
    start -d trace "$job"
    wait_until 30 has_records 2 trace
    scontrol update "JobId=$job" "EndTime=now+1"
    end
}

# Node n34 loses its daemon and all processes; the job may go on without it. (Slurm lists the step until it misses the node.)
crash() {
    submit 'n[33-34]' -N2 --no-kill --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 30 has_records 4 trace/n34-mem.log
    local uts node file
    node=$(root_of n34)
    uts=$(readlink "/proc/$node/ns/uts")
    for file in /proc/[0-9]*/ns/uts; do
        [[ $(readlink "$file") != "$uts" ]] || kill -KILL "$(basename "$(dirname "$(dirname "$file")")")"
    done
    grep -c '^Mem:' trace/n33-mem.log >at_crash
    wait_until 30 has_records $(($(cat at_crash) + 6)) trace/n33-mem.log
    kill -TERM "$recorder"
    end
    sed -i '/^memtrace$/d' left
}

step_cancelled() {
    submit 'n[1-4]' -N4 --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 30 has_records 12 trace
    scancel "$(squeue --noheader --steps --job="$job" --format='%i %j' | sed -n 's/ memtrace$//p')"
    end
}

requeued() {
    submit 'n[1-2]' -N2 --requeue --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 30 has_records 6 trace
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
    wait_until 20 state_is "$job" COMPLETED
    ask alice "$job"
    submit n8 -N1 --wrap 'sleep 60'
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

terminal() { # Ctrl-C, and again, at a real terminal
    submit 'n[1-2]' -N2 --wrap 'sleep 60'
    mkfifo keys
    {
        wait_until 30 has_records 6 trace && printf '\003'
        sleep 0.05
        printf '\003'
        wait_until 30 test -e ended
    } >keys &
    # exec: a shell between the terminal and slurm.sh would die of the INT itself
    "${as_alice[@]}" env --default-signal=INT,QUIT script -qec "exec $slurm_sh -s 0.5 -d trace $job" /dev/null <keys >err 2>&1
    echo $? >status
    : >ended
    state_is "$job" RUNNING && echo goes on >out
    end
}

terminated() {
    submit 'n[1-4]' -N4 --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 30 has_records 12 trace
    kill -TERM "$recorder"
    kill -HUP "$recorder"
    kill -TERM "$recorder"
    end
}

killed() {
    submit 'n[1-4]' -N4 --wrap 'sleep 60'
    start -d trace "$job"
    wait_until 30 has_records 12 trace
    kill -KILL "$recorder"
    wait_until 10 none_left srun free && state_is "$job" RUNNING && echo goes on >goes_on
    end
}

no_free() { # on n36
    nsenter -t "$(root_of n36)" -m mount --bind /dev/null "$(type -P free)"
    submit 'n[35-36]' -N2 --wrap "$wait_for_finish"
    record trace n35
    submit n36 -N1 --wrap 'sleep 60'
    mkdir alone && chown alice alone && cd alone || exit
    start -d trace "$job"
    end
}

free_without_s() { # on n37
    cp "$(type -P free)" real-free
    printf '%s\n' '#!/bin/sh' "case \$* in --help) echo 'Usage: free [-bkmgh]'; exit ;; -s*) exit 1 ;; esac" "exec $PWD/real-free" >free
    chmod a+rx free real-free
    nsenter -t "$(root_of n37)" -m mount --bind free "$(type -P free)"
    submit n37 -N1 --wrap "$wait_for_finish"
    record trace n37
}

suspended() {
    submit 'n[9-10]' -N2 --wrap "$wait_for_finish"
    start -d trace "$job"
    wait_until 30 has_records 6 trace
    scontrol suspend "$job"
    sleep 8 # more than 3 intervals and 5 s
    scontrol resume "$job"
    wait_until 30 grep -qs '^no samples' trace/srun-messages.txt
    finish
    end
}

full_disk() {
    install -d -o alice disk
    mount -t tmpfs -o size=8k none disk
    chown alice disk
    submit 'n[1-2]' -N2 --wrap 'sleep 60'
    start -s 0.1 -d disk/trace -o out.png "$job"
    wait_until 30 eval '(($(stat -c %s disk/trace/n1-mem.log) + $(stat -c %s disk/trace/n2-mem.log) == 8192))'
    kill "$recorder"
    end
}

nothing_shared() { # the logs go where no node can see them, and no node keeps a file
    local node
    install -d -o alice "$LAB_PRIVATE/mine"
    submit 'n[1-4]' -N4 --chdir=/ --output=/dev/null --wrap 'sleep 60'
    start -d "$LAB_PRIVATE/mine/trace" "$job"
    wait_until 30 has_records 12 "$LAB_PRIVATE/mine/trace"
    scancel "$job"
    end
    for node in n1 n2 n3 n4; do
        nsenter -t "$(root_of "$node")" -m find "$LAB_PRIVATE" -mindepth 1 >>on_nodes
    done
    cp -r "$LAB_PRIVATE/mine/trace" .
}

many() {
    submit 'n[1-32]' -N32 --wrap "$wait_for_finish"
    # shellcheck disable=SC2046 # words
    record trace $(seq -f n%.0f 32)
}

one_step_a_node() { # where a step over several nodes is refused
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

any_awk() { # whatever awk is
    local name program
    for name in mawk gawk busybox; do
        program=$(type -P "$name") || continue
        mkdir "$name"
        chown alice "$name"
        ln -s "$program" "$name/awk"
        submit 'n[1-2]' -N2 --wrap 'sleep 60'
        as_alice+=("PATH=$PWD/$name:$PATH")
        start -d "$name/trace" "$job"
        # in time: the log grows while the job runs
        wait_until 20 has_records 6 "$name/trace" && echo "$name" >>in_time
        kill "$recorder"
        end
    done
}

no_memtrace() { # the logs come all the same
    cp "$slurm_sh" . && chown alice slurm.sh
    slurm_sh=$PWD/slurm.sh
    submit n3 -N1 --wrap "$wait_for_finish"
    record trace n3
}

marks() {
    submit n4 -N1 --wrap 'sleep 60'
    as_alice+=(MEMTRACE="$PWD/plotter" MEMTRACE_MARKS="$PWD/events")
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >arguments\n' >plotter
    chmod +x plotter
    start -d trace "$job"
    wait_until 30 has_records 1 trace
    date '+%s solve' >events
    kill "$recorder"
    end
}

"$scenario"
