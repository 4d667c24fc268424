#!/usr/bin/env bash
# slurm.sh: records the memory of every node of a running Slurm job with `free`, then plots it with memtrace. One job step streams
# all samples to this script: nothing is written on the nodes. Needs bash 4.2 or later, awk, and the job's owner; see --help.
set -u
me=${0##*/}

usage() {
    cat <<END
Usage: $me [-s SECONDS] [-d DIR] [-o OUT] JOBID
Records the memory of all nodes of a Slurm job until the job ends, or until Ctrl-C or TERM, then plots it. Runs on the login node
or inside the job; waits for a job that is still pending.

  -s SECONDS   time between samples, fractions allowed (default 2)
  -d DIR       the folder for the logs, one NODE-mem.log a node (default memtrace-JOBID)
  -o OUT       the picture: .png, .svg or .pdf (default DIR/memtrace-JOBID.png)
  -h, --help   this text

JOBID is a number, as 4711, or one task of an array, as 4711_5. In a job script, for a plot when it ends or Slurm ends it:
  $me "\$SLURM_JOB_ID" & recorder=\$!
  trap 'kill \$recorder; wait \$recorder' EXIT
  srun ./solver
With \$MEMTRACE_MARKS naming a file, its lines "EPOCH TEXT" are drawn as events; \$MEMTRACE names another memtrace to plot with.
Exit status: 0 a picture was made, 1 not, 2 wrong usage.

Examples:
  $me 4711
  $me -s 0.5 -d trace -o trace.svg 4711_5
END
}

say() { printf '%s: %s\n' "$me" "$1" >&2; }
fail() {
    say "$1"
    exit 1
}
refuse() {
    say "$1; see '$me --help'"
    exit 2
}

# ---- memtrace ----

# The folder of this script, symbolic links followed.
find_home() {
    local path=${BASH_SOURCE[0]} link
    while [[ -L $path ]]; do
        link=$(readlink "$path") || break
        [[ $link == /* ]] || link=$(dirname -- "$path")/$link
        path=$link
    done
    cd -- "$(dirname -- "$path")" && pwd -P
}

# Sets `memtrace` to a memtrace that runs here, or to nothing.
find_memtrace() {
    local candidate
    if memtrace=$(type -P -- "${MEMTRACE:-/}"); then
        return
    fi
    [[ ! ${MEMTRACE-} ]] || say "MEMTRACE=$MEMTRACE is not a program; looking for another"
    for candidate in "$home/memtrace" "$(type -P memtrace)"; do
        if [[ -f $candidate && -x $candidate ]] && "$candidate" -V >/dev/null 2>&1 </dev/null; then
            memtrace=$candidate
            return
        fi
    done
    return 1
}

# Finds memtrace, has it built by the recorder for one machine if need be, or says that it will be missed.
set_up() {
    local recorder
    find_memtrace && return
    for recorder in "$home/run.sh" "$home/memtrace-run"; do
        if [[ -x $recorder ]] && "$recorder" --setup; then
            find_memtrace && return
        fi
    done
    say "no memtrace here: the logs will come, but no picture"
}

# ---- the job ----

# Asks the queue about the job. Sets `raw` (the id that srun takes), `state`, `id` (as Slurm writes it), `user`, `reason`, `begun` (its
# start time), `name`, `nodes` (a line a node), `parts` and `lists` (number of nodes and Slurm's list of them: one, of a heterogeneous
# job one a part), and `tasks`, those of an array that have not ended. Returns 1 when the queue did not answer, with its words in `trouble`, 2 when it knows no such job.
look() {
    local table one_raw one_state count one_id list rest line_nodes=''
    if ! table=$(LC_ALL=C squeue -h -t all -j "$job" -o '%A|%T|%D|%i|%N|%u|%r|%S|%j' 2>&1); then
        trouble=${table%%$'\n'*}
        [[ $table != *'Invalid job id'* ]] || return 2
        return 1
    fi
    [[ $table ]] || return 2
    raw='' state='' id='' parts=() lists=() tasks=()
    while IFS='|' read -r one_raw one_state count one_id list rest; do
        if [[ ! $raw ]]; then
            raw=$one_raw id=$one_id
            IFS='|' read -r user reason begun name <<<"$rest"
        fi
        [[ $state && $one_state != PENDING && $one_state != CONFIGURING ]] || state=$one_state
        parts+=("$count") lists+=("$list")
        line_nodes+=${list:+,$list}
        case $one_state in RUNNING | PENDING | SUSPENDED | CONFIGURING) tasks+=("$one_id") ;; esac
    done <<<"$table"
    nodes=${line_nodes:+$(scontrol show hostnames "${line_nodes#,}")}
}

# Exits, having said why, when what `look` found is not one whole job of ours.
check_job() {
    if [[ $job != *_* && $id == "$job"_* ]]; then
        ((${#tasks[@]} > 0)) || fail "job $job has already ended ($state): nothing to sample"
        say "$job is an array: name one task of it: ${tasks[*]:0:8}"
        exit 2
    fi
    if [[ $job == *+* || ($id == *+* && $id != *+0) ]]; then
        say "$job is a part of the heterogeneous job ${id%+*}: name that"
        exit 2
    fi
    [[ $user == "$(id -un)" ]] || fail "job $job belongs to $user: Slurm lets only its owner add a step"
}

# Sets `limit` to the job's memory per node where Slurm tells one, as 4000M.
find_limit() {
    local text cpus
    limit=
    text=$(LC_ALL=C scontrol -o show job "$raw" 2>/dev/null) || return
    [[ $text != *$'\n'* ]] || return # each part of a heterogeneous job has its own
    text=" ${text#* UserId=} "
    if [[ $text =~ ' MinMemoryNode='([1-9][0-9.]*[KMGT]?)' ' ]]; then
        limit=${BASH_REMATCH[1]}
        [[ $limit == *[KMGT] ]] || limit+=M
    elif [[ $text =~ ' NumCPUs='([0-9]+)' ' ]]; then
        cpus=${BASH_REMATCH[1]}
        if [[ $text =~ ' MinMemoryCPU='([1-9][0-9]*)([MGT]?)' ' ]] && ((cpus % node_count == 0)); then
            limit=$((BASH_REMATCH[1] * cpus / node_count))${BASH_REMATCH[2]:-M}
        fi
    fi
}

# Sleeps $1 seconds, or less when a signal comes.
nap() {
    local sleeper
    sleep "$1" &
    sleeper=$!
    wait "$sleeper" || kill "$sleeper" 2>/dev/null
}

# Returns when the job runs; exits, having said why, when it cannot be sampled.
wait_for_job() {
    local told='' pause=0.25 first=1 word
    while :; do
        look
        case $? in
        0)
            check_job
            word="is $state"
            case $state in
            RUNNING) return ;;
            PENDING) [[ $reason == None ]] || word="is PENDING ($reason)" ;;
            CONFIGURING | SUSPENDED | STOPPED | RE[QS]* | SIGNALING | SPECIAL_EXIT) ;;
            *)
                [[ ! $first ]] || fail "job $job has already ended ($state): nothing to sample"
                fail "job $job ended before it ran ($state): nothing to sample"
                ;;
            esac
            [[ $told == "$word" ]] || say "job $job $word: waiting"
            told=$word
            ;;
        1)
            [[ ! $first ]] || fail "the queue cannot be asked: $trouble"
            [[ $told == "$trouble" ]] || say "the queue does not answer ($trouble): trying again"
            told=$trouble
            ;;
        *)
            [[ ! $first ]] || fail "no job $job in the queue"
            fail "job $job has left the queue: nothing to sample"
            ;;
        esac
        first=
        [[ ! $stopped ]] || fail "stopped before job $job ran: nothing sampled"
        nap "$pause"
        [[ ! $stopped ]] || fail "stopped before job $job ran: nothing sampled"
        case $pause in # short jobs are not missed, long queues not bothered
        0.25) pause=0.5 ;;
        0.5) pause=1 ;;
        1) pause=2 ;;
        2) pause=5 ;;
        *) pause=10 ;;
        esac
    done
}

# ---- sampling ----

# What each node runs. Only POSIX sh and free; where free has no -s it is called again and again.
# shellcheck disable=SC2016 # expanded on the nodes
sampler='n=${SLURMD_NODENAME:-$(uname -n)}
command -v free >/dev/null || { echo "# memtrace missing=free host=$n"; exit 1; }
t=$(date +%s.%N); case $t in *[!0-9.]*) t=${t%%.*} ;; esac
echo "# memtrace 1 host=$n start=$t interval=$1"
export LC_ALL=C
case $(free --help 2>&1) in *[[\ ]-s*) exec free -s "$1" ;; esac
while free; do sleep "$1" 2>/dev/null || sleep 1 || exit; done'

# Splits the labelled stream of srun into a log a node, each record written out as it comes. The stream never is in memory.
# The trailer cannot come from a node that is killed, so it is reckoned here: the node's own start, plus the time from header to last
# record on our clock, plus half an interval for what may have gone by after it.
# shellcheck disable=SC2016 # awk's
splitter='
BEGIN {
    folder = ENVIRON["folder"]
    messages = ENVIRON["messages"]
    facts = ENVIRON["facts"]
}
function clock(   text) {
    text = 0
    getline text < "/proc/uptime"
    close("/proc/uptime")
    return text + 0
}
function put(text) {
    if (few_files) print text >> file[label]
    else print text > file[label]
}
function flush() {
    if (few_files) close(file[label])
    else fflush(file[label])
}
function tell(text) {
    print text >> messages
    close(messages)
}
function value(key,   i) {
    for (i = 1; i <= NF; i++)
        if (index($i, key "=") == 1) return substr($i, length(key) + 2)
    return ""
}
{
    colon = index($0, ":")
    label = substr($0, 1, colon - 1)
    text = substr($0, colon + 2)
}
text ~ /^# memtrace / {
    host = value("host")
    gsub(/[^A-Za-z0-9._-]/, "_", host)
    if (text ~ / missing=/) tell(host ": no free in PATH (package procps)")
    else if (!(label in file) && !(host in seen)) {
        seen[host] = 1
        file[label] = folder "/" host "-mem.log"
        begin[label] = value("start")
        first[label] = clock()
        put(text " " facts)
        flush()
    }
    next
}
label in file {
    put(text)
    if (text ~ /^ *Swap:/) {
        flush()
        time = clock()
        if (label in last && time - last[label] > 3 * interval + 5)
            tell(sprintf("no samples from %s for %.0f s", file[label], time - last[label]))
        last[label] = time
    }
}
END {
    for (label in last) {
        put(sprintf("# memtrace end=%.3f", begin[label] + last[label] - first[label] + interval / 2))
        flush()
    }
}'

# True when some log in the folder has a record.
has_samples() { grep -q '^ *Mem:' "$dir"/*-mem.log 2>/dev/null; }

# Runs "$@" (srun) in a session of its own, so that it gets no Ctrl-C and no hang-up, and splits what it prints. Ends when srun ends;
# ends srun when standard input closes: because slurm.sh wants so, or because it died.
gather() {
    local few_files='' open_files srun watcher
    open_files=$(ulimit -n)
    [[ $open_files == unlimited ]] || ((node_count + 24 < open_files)) || few_files=1
    {
        (
            trap - TERM HUP INT QUIT USR1 USR2 PIPE
            exec ${setsid:+setsid} "$@" 2>>"$messages" 3<&- </dev/null
        ) &
        srun=$!
        watch "$srun" <&3 >/dev/null &
        watcher=$!
        wait "$srun" 2>/dev/null # bash would tell of a signal in words of its own
        { kill -KILL "$watcher" && wait "$watcher"; } 2>/dev/null
    } 3<&0 | LC_ALL=C folder=$dir messages=$messages facts=$facts awk ${awk_options:+-W "$awk_options"} \
        -v few_files="$few_files" -v interval="$interval" "$splitter" 2>>"$messages"
}

# Waits for the end of standard input, then ends srun $1. Without a sample for long it says so, and at last gives up.
watch() {
    local i tries
    for ((tries = 0; ; tries++)); do
        read -r -t 30
        (($? > 128)) || break
        if ! has_samples; then
            [[ $quiet ]] ||
                say "no sample for $((tries * 30 + 30)) s${told_of_step:+, one step a node}; srun says: $(tail -n 1 "$messages")"
            ((tries < 1 || node_count < 2)) || [[ $told_of_step ]] || break
        fi
    done
    for ((i = 0; i < 50; i++)); do
        kill -0 "$1" 2>/dev/null || return
        ((i % 10 != 0)) || kill -TERM "$1" 2>/dev/null # srun that has just begun may miss one
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null
}

# The coprocess that samples: "steps" = one step for all nodes, "nodes" = one for each. It survives whatever ends slurm.sh, to write out
# what came.
sample() {
    local node part group quiet=''
    exec 4<&0
    trap '' INT QUIT HUP TERM USR1 USR2 PIPE
    local -a srun=(srun) common=(--mem=0 --chdir=/ --mpi=none --input=none --no-kill --wait=0 --kill-on-bad-exit=0
        --job-name=memtrace --label)
    [[ $(srun --help 2>&1) != *--overlap* ]] || common+=(--overlap) # before Slurm 20.11 steps overlap anyhow
    if [[ $1 == nodes ]]; then
        for part in "${!parts[@]}"; do
            ((${#parts[@]} == 1)) && group='' || group=--het-group=$part
            while read -r node; do
                gather srun --jobid="$raw" "${common[@]}" ${group:+"$group"} -N 1 -n 1 -w "$node" \
                    sh -c "$sampler" sampler "$interval" <&4 &
                quiet=1 # one of them tells of trouble
            done < <(scontrol show hostnames "${lists[part]}")
        done
        wait
        return
    fi
    if ((${#parts[@]} == 1)); then
        srun+=(--jobid="$raw" "${common[@]}" -N "${parts[0]}" -n "${parts[0]}" sh -c "$sampler" sampler "$interval")
    else
        for part in "${!parts[@]}"; do
            ((part == 0)) || srun+=(:)
            srun+=(--jobid="$raw" "${common[@]}" --het-group="$part" -N "${parts[part]}" -n "${parts[part]}"
                sh -c "$sampler" sampler "$interval")
        done
    fi
    gather "${srun[@]}"
}

# Samples until the job ends or we are stopped; $1 as of `sample`.
record() {
    local pid
    coproc SAMPLER { sample "$1"; }
    # shellcheck disable=SC2153 # the shell sets it
    pid=$SAMPLER_PID hold=${SAMPLER[1]}
    while :; do # a trap breaks the wait
        signalled=
        [[ ! $stopped ]] || let_go
        wait "$pid" 2>/dev/null
        [[ $signalled ]] || break
    done
    let_go
}

# Closes the pipe to the sampling coprocess, which then ends.
let_go() {
    [[ ! $hold ]] || exec {hold}>&-
    hold=
}

# shellcheck disable=SC2317 # called by traps
stop() { stopped=1 signalled=1; }

# ---- afterwards ----

# Says how the job that began at $1, or its sampling, came to its end.
tell_end() {
    local since=$SECONDS
    [[ ! $stopped ]] || return
    while ((SECONDS - since < 15)); do # the step ends a moment before the job's state tells why
        look
        case $? in
        0) ;;
        1)
            say "how job $job ended is not known: $trouble"
            return
            ;;
        *)
            say "job $job has left the queue"
            return
            ;;
        esac
        if [[ $state == PENDING || $state == REQUEUE* || $begun != "$1" ]]; then
            say "job $job was requeued: this is its first run only"
            return
        fi
        case $state in
        COMPLETING) ;;
        RUNNING | SUSPENDED)
            if ((SECONDS - since > 3)); then
                say "the sampling step has ended while job $job goes on; $messages may tell why"
                return
            fi
            ;;
        *)
            say "job $job ended: $state"
            return
            ;;
        esac
        sleep 0.25
    done
    say "job $job is ending"
}

# Names the nodes that gave no sample, with the reason as far as it is known. Of many, the first ten.
tell_missing() {
    local node why missing
    missing=$(
        shopt -s nullglob
        set -- "$dir"/*-mem.log
        (($# == 0)) || grep -l '^ *Mem:' "$@"
    )
    missing=$(awk -v got="$missing" 'BEGIN {
        count = split(got, path, "\n")
        for (i = 1; i <= count; i++) { sub(/.*\//, "", path[i]); sub(/-mem\.log$/, "", path[i]); has[path[i]] = 1 }
    } !($0 in has)' <<<"$nodes")
    [[ $missing ]] || return 0
    while read -r node; do
        why=$(awk -v node="$node" 'index($0, node ": ") == 1 { print substr($0, length(node) + 3); exit }' "$messages")
        [[ $why ]] || why=$(grep -wF -- "$node" "$messages" | tail -n 1)
        say "no sample from $node: ${why:-it ended before the first one}"
    done < <(head -n 10 <<<"$missing")
    i=$(wc -l <<<"$missing")
    ((i <= 10)) || say "nor from $((i - 10)) more"
}

# Tells of what would mislead in the picture: logs that a full disk cut off, and the pauses of a suspended job.
tell_damage() {
    local -a cut
    local pause
    mapfile -t cut < <(grep -L '^# memtrace end=' "$dir"/*-mem.log)
    ((${#cut[@]} == 0)) || mapfile -t cut < <(grep -l '^ *Mem:' "${cut[@]}")
    ((${#cut[@]} == 0)) || say "cut off, is the disk of $dir full? ${cut[0]}$( ((${#cut[@]} == 1)) || echo " and $((${#cut[@]} - 1)) more logs")"
    pause=$(grep '^no samples from ' "$messages" | sort -k 6n | tail -n 1)
    [[ ! $pause ]] || say "$pause (was the job suspended?): the times in the picture are stretched"
}

# Draws the picture and says the verdict.
plot() {
    local -a options=(--files "$dir"/*-mem.log --samp "$interval" --save "$out")
    local again="${memtrace:-memtrace} --files $dir/*.log --samp $interval --save $out"
    [[ $memtrace ]] || fail "no memtrace, so no picture; the logs are in $dir; for a picture: $again"
    marks=${MEMTRACE_MARKS:-$dir/marks}
    [[ ! -s $marks ]] || options+=(--marks "$marks")
    "$memtrace" "${options[@]}" </dev/null || fail "no picture; the logs are in $dir; to try again: $again"
    say "the picture is $out, the logs are in $dir"
}

# ---- main ----

set_option() {
    [[ $2 ]] || refuse "$1 needs a value"
    case $1 in
    -s) interval=$2 ;;
    -d) dir=$2 ;;
    -o) out=$2 ;;
    esac
}

take_options() {
    interval=2 dir='' out='' job=''
    while (($#)); do
        case $1 in
        -s | -d | -o)
            (($# > 1)) || refuse "$1 needs a value"
            set_option "$1" "$2"
            shift
            ;;
        -[sdo]?*) set_option "${1:0:2}" "${1:2}" ;;
        -h | --help)
            usage
            exit 0
            ;;
        -?*) refuse "unknown option $1" ;;
        *)
            [[ ! $job ]] || refuse "one JOBID, not also '$1'"
            job=$1
            [[ $job =~ ^[0-9]+([_+][0-9]+)?$ ]] || refuse "'$job' is not a job id such as 4711 or 4711_5"
            ;;
        esac
        shift
    done
    [[ $job ]] || refuse "no JOBID"
    [[ $interval =~ ^([0-9]+\.?[0-9]*|\.[0-9]+)$ && $interval =~ [1-9] ]] ||
        refuse "-s takes seconds above 0, such as 2 or 0.5, not '$interval'"
}

# A value for the header line: what is not plain is written as %XX.
encode() {
    local LC_ALL=C text=$1 coded='' char i
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        case $char in
        [A-Za-z0-9._/:@+,-]) coded+=$char ;;
        *) printf -v char '%%%02X' "$(($(printf '%d' "'$char") & 255))" && coded+=$char ;;
        esac
    done
    printf '%s' "$coded"
}

# Exits when the folder holds a trace already.
check_folder() {
    local file
    for file in "$dir"/*-mem.log; do
        [[ ! -e $file ]] || fail "$dir already holds a trace (${file##*/}): name another folder with -d"
    done
}

main() {
    local variable hint='' first_run
    take_options "$@"
    dir=${dir:-memtrace-$job}
    [[ $dir != -* ]] || dir=./$dir
    out=${out:-$dir/memtrace-$job.png}
    for variable in squeue scontrol srun; do
        type -P "$variable" >/dev/null || fail "no $variable here: run this on a login node of the cluster or inside the job"
    done
    check_folder
    home=$(find_home)
    set_up

    # Inside an array's task its plain id may also mean the whole array.
    if [[ ${SLURM_ARRAY_JOB_ID-} && $job == "${SLURM_JOB_ID-}" ]]; then
        job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
    fi
    for variable in "${!SLURM_@}" "${!SRUN_@}"; do # what the job was asked for would shape our step
        case $variable in
        SLURM_CONF | SLURM_CONF_SERVER | SLURM_CLUSTERS | SLURM_JWT) ;;
        *) unset "$variable" ;;
        esac
    done

    stopped='' signalled='' hold='' told_of_step=''
    trap stop INT TERM HUP
    wait_for_job
    first_run=$begun
    node_count=$(wc -l <<<"$nodes")
    find_limit
    facts="job=$job name=$(encode "$name")${limit:+ limit=$limit}"
    awk_options=''
    [[ $(awk -W version 2>&1 </dev/null) != mawk* ]] || awk_options=interactive # else it waits for 4096 bytes
    setsid=$(type -P setsid)

    check_folder
    messages=$dir/srun-messages.txt
    if ! { mkdir -p -- "$dir" && : >"$messages"; }; then
        fail "cannot write into $dir: name another folder with -d"
    fi
    volume=$(awk -v n="$node_count" -v s="$interval" 'BEGIN { b = n * 3600 / s * 210
        if (b >= 1e9) printf "%.1f GB", b / 1e9; else if (b >= 1e6) printf "%.1f MB", b / 1e6; else printf "%.0f kB", b / 1e3 }')
    [[ $volume != *GB ]] || hint="; a longer -s makes it less"
    say "sampling job $job on $node_count node$( ((node_count == 1)) || echo s) every $interval s into $dir, about $volume an hour$hint"
    ulimit -n "$(ulimit -Hn)" 2>/dev/null
    record steps
    if ! has_samples && ((node_count > 1)) && [[ ! $stopped ]] && look && [[ $state == RUNNING ]]; then
        say "one step on all nodes gave nothing ($(tail -n 1 "$messages")): trying one step a node"
        ((node_count <= 256)) || fail "one srun for each of $node_count nodes would be too much for this machine: nothing sampled"
        told_of_step=1
        record nodes
    fi
    trap '' INT TERM HUP # the picture is near

    tell_end "$first_run"
    tell_missing
    has_samples || fail "no samples came: $messages tells what srun said"
    tell_damage
    [[ -s $messages ]] || rm -f -- "$messages"
    plot
}

main "$@"
