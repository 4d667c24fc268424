#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# slurm.sh: records the memory of every node of running Slurm jobs with `free`, then plots it with memtrace. One job step per job
# streams all samples to this script: nothing is written on the nodes. Needs bash 4.2 or later, awk, and the jobs' owner; see --help.

# Up to here, and in the next lines, only plain sh is used, so that other shells can run them.
if [ -z "${BASH_VERSION-}" ] || [ "${BASH_VERSINFO[0]}${BASH_VERSINFO[1]}" -lt 42 ]; then
    echo "slurm.sh: needs bash 4.2 or later, not ${BASH_VERSION:-this shell}" >&2
    exit 2
fi
# Resets what the environment could change in this script: modes, exported functions, the time-out of `read`.
POSIXLY_CORRECT=1 # then no function can replace unset and set
unset -f unset set builtin compgen export
set +o posix +o errexit +o noglob +o noclobber
export -n SHELLOPTS BASHOPTS
unset POSIXLY_CORRECT TMOUT CDPATH GLOBIGNORE BASH_ENV ENV BASH_COMPAT
shopt -u compat31
# shellcheck disable=SC2046 # one word per function
unset -f $(compgen -A function) memtrace
set -u
me=${0##*/}

usage() {
    cat <<END
Usage: $me [-s SECONDS] [-d DIR] [-o OUT] [--no-top] [--steps N] JOBID...
       $me [OPTION...] --user-jobs
Records the memory of all nodes of Slurm jobs until they end, or until Ctrl-C or TERM, then plots it. Runs on the login node
or inside the job; waits for jobs that are still pending.

  -s SECONDS   time between samples, fractions allowed (default 2)
  -d DIR       the folder for the logs (default memtrace-JOBID)
  -o OUT       the plot: .png, .svg, .pdf or .html (default DIR/memtrace-JOBID.png)
      --no-top     do not record which processes are the largest
      --steps N    of arrays and several jobs, record at most N tasks at a time (default $default_steps)
      --user-jobs  record all of your jobs
      --version    print the version
  -h, --help   print this text

JOBID is a number such as 4711, or a task of an array such as 4711_5. Logs are named NODE-mem.log. The id of an array selects all
of its tasks; their logs, and those of several jobs, are named TASK-NODE-mem.log. In a job script, for a plot when it ends or
Slurm ends it:
  $me "\$SLURM_JOB_ID" & recorder=\$!
  trap 'trap "" TERM; kill \$recorder; wait \$recorder' EXIT
  srun ./solver
The lines "EPOCH TEXT" of the file \$MEMTRACE_MARKS are drawn as events; \$MEMTRACE is another memtrace to plot with.
Exit status: 0 plotted, 1 not plotted, 2 wrong usage.

Examples:
  $me 4711
  $me -s 0.5 -d trace -o trace.svg 4711_5
END
}

default_steps=32

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

# Prints the folder of this script, with symbolic links followed.
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

# Finds memtrace. If it can be built without installing anything, builds it during the recording. Nothing is ever installed.
set_up() {
    local recorder
    builder=''
    find_memtrace && return
    if [[ -f $home/Makefile && -w $home ]] && type -P make >/dev/null && type -P cc >/dev/null && type -P pkg-config >/dev/null &&
        pkg-config --exists cairo freetype2 libpng zlib 2>/dev/null; then
        say "building memtrace in $home (once; may take a minute)"
        nice make -C "$home" memtrace >/dev/null 2>&1 </dev/null &
        builder=$!
        return
    fi
    for recorder in "$home/run.sh" "$home/memtrace-run"; do
        [[ ! -x $recorder ]] || break
    done
    [[ -x $recorder ]] && recorder="; '$recorder --setup' installs what it needs" || recorder=
    say "memtrace not found; recording only, no plot$recorder"
}

# Waits for the build of `set_up`.
end_build() {
    [[ $builder ]] || return
    if ! wait "$builder" || ! find_memtrace; then
        say "cannot build memtrace; for details run: make -C $home"
    fi
}

print_version() {
    local version=''
    home=$(find_home)
    ! find_memtrace || version=$("$memtrace" -V 2>/dev/null </dev/null | head -n 1)
    if [[ ! $version && -r $home/Makefile ]]; then
        version="memtrace $(sed -n 's/^VERSION *[:?]*= *//p' "$home/Makefile")"
    fi
    printf '%s of %s\n' "$me" "${version:-memtrace (not found)}"
}

# ---- the queue ----

# Asks squeue about the jobs of "$@". Sets `rows`, one per job, for parse_row. Returns 1 if squeue failed, with its message in
# `trouble`, or 2 if there is no such job. Rows are marked, because squeue may print warnings and job names may span several lines.
ask_queue() {
    local table line row=''
    rows=()
    if ! table=$(env LC_ALL=C squeue -h -t all "$@" -o '@|%A|%T|%D|%i|%F|%K|%N|%u|%r|%S|%j|@' 2>&1 </dev/null); then
        trouble=${table##*$'\n'}
        [[ $table != *'Invalid job id'* ]] || return 2
        return 1
    fi
    while IFS= read -r line; do
        if [[ $line == '@|'* ]]; then
            row=$line
        elif [[ $row ]]; then
            row+=$'\n'$line
        fi
        if [[ $row == *'|@' ]]; then
            rows+=("$row")
            row=''
        fi
    done <<<"$table"
    ((${#rows[@]} > 0)) || return 2
}

# Splits a row of `ask_queue`: row_raw is the id for srun, row_id the id as Slurm prints it, row_array that of the array (or of the job
# itself), row_begun the start time.
parse_row() {
    IFS='|' read -r -d '' _ row_raw row_state row_count row_id row_array row_task row_nodes row_user row_reason row_begun row_name \
        <<<"${1%|@}"
    row_name=${row_name%$'\n'}
}

# Asks the queue about `job`, like ask_queue. Sets `raw`, `state`, `id`, `array`, `task`, `user`, `reason`, `begun`, `name`; `nodes`
# (one per line); `parts` and `lists` (number of nodes and Slurm's node list: one, or one per part of a heterogeneous job).
look() {
    local row all=''
    ask_queue -j "$job" || return
    raw='' state='' parts=() lists=()
    for row in "${rows[@]}"; do
        parse_row "$row"
        if [[ ! $raw ]]; then
            raw=$row_raw id=$row_id array=$row_array task=$row_task user=$row_user reason=$row_reason begun=$row_begun name=$row_name
        fi
        [[ $state && $row_state != PENDING && $row_state != CONFIGURING ]] || state=$row_state
        parts+=("$row_count") lists+=("$row_nodes")
        all+=${row_nodes:+,$row_nodes}
    done
    expand_nodes "${all#,}"
}

# Sets `nodes` and `node_count` from Slurm's list of nodes $1.
expand_nodes() {
    nodes=$1
    [[ $1 != *[[,]* ]] || nodes=$(scontrol show hostnames "$1")
    node_count=0
    [[ ! $nodes ]] || node_count=$(wc -l <<<"$nodes")
}

# True if what `look` found is an array, not one of its tasks.
is_array() { [[ $job != *_* && $id == "$job"_* ]]; }

# Exits with a message if the job belongs to another user, or is part of a job.
check_job() {
    if [[ $job == *+* || ($id == *+* && $id != *+0) ]]; then
        say "job $job is part of the heterogeneous job ${id%+*}; give that id instead"
        exit 2
    fi
    [[ $user == "$(id -un)" ]] || fail "job $job belongs to $user; only its owner can add a step"
}

# Exits with a message if the first `look`, with status $1, found no job to record.
check_one() {
    case $1 in
    1) fail "squeue failed: $trouble" ;;
    2) fail "no job $job in the queue" ;;
    esac
    check_job
    is_alive "$state" || fail "job $job has already ended ($state): nothing to sample"
}

# True for the states of jobs that may run or continue.
is_alive() { [[ $1 == @(RUNNING|PENDING|CONFIGURING|COMPLETING|SUSPENDED|STOPPED|RE[QS]*|SIGNALING|STAGE_OUT|SPECIAL_EXIT) ]]; }

# Prints scontrol's output for the job `raw`. For an array task that has the id of the array, scontrol also shows the other tasks.
show_job() {
    local text
    text=$'\n'$(env LC_ALL=C scontrol -d -o show job "$raw" 2>/dev/null </dev/null)
    text=${text#*$'\n'JobId="$raw" }
    printf '%s' "${text%%$'\n'JobId=*}"
}

# Sets `limit` to the job's memory per node if Slurm reports it, such as 4000M.
find_limit() {
    local text cpus
    limit=
    ((${#parts[@]} == 1)) || return # each part of a heterogeneous job has its own limit
    text=$(show_job)
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

# Encodes a value for the header line: special characters become %XX.
encode() { # in a subshell
    exec 2>/dev/null # bash warns of a missing locale whenever it returns to it
    local LC_ALL=C text=$1 coded='' char i
    for ((i = 0; i < ${#text}; i++)); do
        char=${text:i:1}
        case $char in
        [A-Za-z0-9._/:@+,-]) coded+=$char ;;
        *) printf -v char %d "'$char" && printf -v char %%%02X "$((char & 255))" && coded+=$char ;;
        esac
    done
    printf '%s' "$coded"
}

# Sets `limit`, and `facts`, what slurm.sh adds to the header lines of the job's logs.
find_facts() {
    find_limit
    facts="job=$id name=$(encode "$name")"
    [[ $task == N/A ]] || facts+=" array=$array task=$task"
}

# Sleeps $1 seconds; returns false at once if slurm.sh is stopped.
nap() {
    read -r -t "$1" -u 4
    (($? > 128))
}

# True if slurm.sh was asked to stop.
is_stopped() { read -r -t 0 -u 4; }

# Returns when the job runs; exits with a message if it cannot be sampled. `look` has found it alive.
wait_for_job() {
    local status=0 said='' pause=0.25 word
    while :; do
        case $status in
        0)
            word="is $state"
            case $state in
            RUNNING) return ;;
            PENDING) [[ $reason == None ]] || word="is PENDING ($reason)" ;;
            *)
                if ! is_alive "$state"; then
                    [[ $state != CANCELLED || $nodes ]] || fail "job $job was cancelled before it ran: nothing to sample"
                    fail "job $job ran and ended ($state) before its first sample: nothing to plot"
                fi
                ;;
            esac
            [[ $said == "$word" ]] || say "job $job $word: waiting"
            said=$word
            ;;
        1)
            [[ $said == "$trouble" ]] || say "squeue failed ($trouble): trying again"
            said=$trouble
            ;;
        *) fail "job $job has left the queue: nothing to sample" ;;
        esac
        nap "$pause" || fail "stopped before job $job started; nothing recorded"
        case $pause in # does not miss short jobs, and little of the others
        0.25) pause=0.5 ;;
        0.5) pause=1 ;;
        *) pause=2 ;;
        esac
        look
        status=$?
    done
}

# ---- sampler ----
# The same block is in run.sh and slurm.sh, and a test compares them: POSIX sh, no apostrophes. It runs where the memory is, as
#   sh -c "$memtrace_sampler" memtrace-sampler INTERVAL [KEY=VALUE]...
# and prints the log: a header line, the records of `free`, within a limited memory cgroup a row "Job:" (and "Jobswap:") after each,
# lines "# memtrace oom_kill=N" and "# memtrace top=NAME:PID:RSS_KIB,...", after a pause another header, and a trailer with the time of
# the last record. The keys:
#   host=NAME    the name in the header; default $SLURMD_NODENAME, else that of the machine
#   facts=TEXT   "KEY=VALUE ..." for the header
#   limit=SIZE   a limit for the header, should no cgroup have one
#   group=PATH   the cgroup to report instead of a limited one; own: the one that we are in
#   top=no       no lines about the largest processes
#   open=yes     leave the trailer without its newline, for others to add to it
#   say=FD       there it writes "ready" after the first record, and at the end "pause SECONDS", "lost", "ended", "runaway", "failed"
#   boss=PID     end when this process is gone
#   family=PID   where there is no group, of all processes those that descend from the children of this one, other than us
# TERM to it and its children ends it. A sample costs builtins only, no process. For tests, $MEMTRACE_TEST_CGROUP replaces
# /sys/fs/cgroup and $MEMTRACE_TEST_PROC for /proc.
# shellcheck disable=SC2016 # expanded where it runs
memtrace_sampler='
set +eux
exec 2>/dev/null
trap "" INT QUIT HUP USR1 USR2 ALRM XFSZ
stopped=
trap "stopped=yes" TERM
unset TMOUT POSIXLY_CORRECT IFS
export LC_ALL=C
interval=$1
shift
host= facts= limit= top=yes open= say= boss= family= scope=
for word; do
    case $word in
    host=*) host=${word#*=} ;;
    facts=*) facts=" ${word#*=}" ;;
    limit=*) limit=${word#*=} ;;
    top=*) top=${word#*=} ;;
    open=*) open=yes ;;
    say=*) say=${word#*=} ;;
    boss=*) boss=${word#*=} ;;
    family=*) family=${word#*=} ;;
    group=*) scope=${word#*=} ;;
    esac
done
proc=${MEMTRACE_TEST_PROC:-/proc}
clock=$proc/uptime
[ -r "$clock" ] || clock=/proc/uptime

# False also for the value that the kernel writes for "no limit".
is_number() { case $1 in "" | *[!0-9]* | ???????????????????*) return 1 ;; esac; }

# Sets word2 and word3.
split() { word2=$2 word3=$3; }

# Writes special characters as %XX; sets coded.
encode() {
    case $1 in
    *[!A-Za-z0-9._/@+-]*) ;;
    *)
        coded=$1
        return
        ;;
    esac
    coded=$(
        rest=$1
        while [ "$rest" ]; do
            tail=${rest#?}
            one=${rest%"$tail"}
            case $one in
            [A-Za-z0-9._/@+-]) printf %s "$one" ;;
            *) printf %%%02X "$(($(printf %d "\"$one") & 255))" ;;
            esac
            rest=$tail
        done
    )
}

# Sets now, in hundredths of a second on a clock that is never adjusted.
tick() {
    read -r up idle <"$clock" || return
    frac=${up#*.}
    case $frac in ??) now=$((${up%.*} * 100 + 1$frac - 100)) ;; *) now=$((${up%%.*} * 100)) ;; esac
}

# Sets stamp, the time since 1970 at $1 on that clock.
stamp_of() {
    stamp=$((birth + $1))
    frac=$((100 + stamp % 100))
    stamp=$((stamp / 100)).${frac#1}
}

# ---- the cgroup of the job ----

# Sets ceiling, the limit in bytes of the directory $1; false if it has none.
limit_of() {
    ceiling=
    if [ "$version" = 1 ]; then
        read -r ceiling <"$1/memory.limit_in_bytes"
    else
        read -r ceiling <"$1/memory.max"
    fi
    is_number "$ceiling"
}

# Sets version, base (where the groups are mounted) and group (our own).
find_own_group() {
    old= new= old_base= new_base= old_root=/ new_root=/
    while IFS=: read -r number names path; do
        case ,$names, in
        *,memory,*) old=$path ;;
        ,,) new=$path ;;
        esac
    done <"$proc/self/cgroup"
    if [ "$MEMTRACE_TEST_CGROUP" ]; then
        old_base=$MEMTRACE_TEST_CGROUP/memory new_base=$MEMTRACE_TEST_CGROUP
    else
        while read -r number parent device root point rest; do
            case $rest in
            *" - cgroup2 "*) [ "$new_base" ] || new_base=$point new_root=$root ;;
            *" - cgroup "*)
                case ,${rest##* }, in *,memory,*) [ "$old_base" ] || old_base=$point old_root=$root ;; esac
                ;;
            esac
        done <"$proc/self/mountinfo"
    fi
    if [ "$old" ]; then
        version=1 base=$old_base root=$old_root path=$old
    elif [ "$new" ]; then
        version=2 base=$new_base root=$new_root path=$new
    else
        return 1
    fi
    [ "$base" ] || return 1
    root=${root%/}
    case $path in
    "$root" | "$root"/*) path=${path#"$root"} ;;
    *) path= ;;
    esac
    path=${path%/}
    case $path/ in */../*) path= ;; esac
    [ -d "$base$path" ] || path= # in a cgroup namespace, our own group is what we see at the top
    group=$base$path
}

# True if a limit of the directory $1 is that of a job, not of a login session or a daemon.
is_job() {
    [ "$1" != "$base" ] || return 0
    case ${1##*/} in
    run-*.service) ;;
    user.slice | user-*.slice | session-*.scope | system.slice | init.scope | *.service) return 1 ;;
    esac
}

# Sets group to the directory whose limit is that of the job, or to nothing: in a Slurm step that of the job; otherwise, of our own
# group and its ancestors, the one with the smallest limit, or of several equal ones the topmost.
find_group() {
    group=
    find_own_group || { group= && return; }
    own=$group best= least=
    case $group in
    "$base"*/job_*/step_*)
        group=${group%%/step_*}
        ! limit_of "$group" || best=$group
        ;;
    *)
        while :; do
            if is_job "$group" && limit_of "$group"; then
                [ "$least" ] && [ "$ceiling" -gt "$least" ] || best=$group least=$ceiling
            fi
            [ "$group" != "$base" ] || break
            group=${group%/*}
        done
        ;;
    esac
    group=$best
}

# Sets name to the variable for the key $1 of memory.stat, if there is one.
name_of() {
    case $version$1 in
    1total_shmem | 2shmem) name=shmem ;;
    1total_swap) name=swapped ;;
    1total_inactive_file | 2inactive_file) name=inactive ;;
    1total_active_file | 2active_file) name=active ;;
    2slab_reclaimable) name=slab ;;
    *) name= ;;
    esac
}

# Sets shmem, inactive, active, slab and swapped from memory.stat on standard input, which shells read byte by byte.
read_stat() {
    while read -r key value; do
        name_of "$key"
        [ ! "$name" ] || eval "$name=\$value"
    done
}

# Sets picker to code that does the same faster. Bash takes the lines from where they are this time; other shells run the file as a
# script in which every key is a function.
learn_stat() {
    body= place=0
    while read -r key value; do
        case $key in "" | *[!a-z0-9_]*) return ;; esac
        name_of "$key"
        if [ ! "$BASH_VERSION" ]; then
            body="$body $key() { ${name:-key}=\$1; }$newline"
        elif [ "$name" ]; then
            body="$body case \${rows[$place]} in \"$key \"*) $name=\${rows[$place]#* } ;; esac$newline"
        fi
        place=$((place + 1))
    done
    if [ "$BASH_VERSION" ]; then
        eval "pick() { mapfile -t rows; $body }"
    else
        eval "$body"
        pick() { run_as_script "$group/memory.stat"; }
    fi
    picker=pick
}

# Words that are not functions are then not found.
run_as_script() {
    saved_path=$PATH PATH=
    command . "$1"
    PATH=$saved_path
}

# Sets current, the bytes of the job, kept, those of them that the kernel cannot take back, and the parts of memory.stat. Returns 1 if
# they cannot be read.
read_kept() {
    shmem=0 inactive= active=0 slab=0 swapped= current=
    if [ "$version" = 1 ]; then
        read -r current <"$group/memory.usage_in_bytes"
    else
        read -r current <"$group/memory.current"
    fi
    "$picker" <"$group/memory.stat"
    if [ ! "$inactive" ]; then # the first time, or if the lines have changed
        inactive=0
        read_stat <"$group/memory.stat"
        learn_stat <"$group/memory.stat"
    fi
    is_number "$current" || return 1
    case $shmem$inactive$active$slab in *[!0-9]*) return 1 ;; esac
    kept=$((current - inactive - active - slab))
    [ "$kept" -ge 0 ] || kept=0
}

# Sets job and swap, the rows of the job, and used and total, in KiB.
read_job() {
    if [ $((records % 10)) -eq 0 ]; then # it rarely changes
        limit_of "$group" || ceiling=$outer
        [ "$ceiling" ] || return
        read_swap_limit
    fi
    read_kept || return
    # The kernel updates memory.stat later than the usage, by milliseconds and more if others read it, too. New page cache then seems to
    # be used memory, so only a jump that lasts counts.
    for try in 1 2 3; do
        [ $((kept - last_kept)) -gt $((ceiling / 16)) ] || break
        earlier=$kept
        sleep 0.05
        read_kept || return
        [ "$kept" -le "$earlier" ] || kept=$earlier
    done
    last_kept=$kept
    spare=$((ceiling > current ? ceiling - current : 0)) ready=$((ceiling > kept ? ceiling - kept : 0))
    used=$((kept / 1024)) total=$((ceiling / 1024))
    job="Job: $total $used $((spare / 1024)) $((shmem / 1024)) $(((current - kept) / 1024)) $((ready / 1024))"
    read_swap
}

# Sets roof, the most swap in bytes that the job may use; empty if only the machine limits it.
read_swap_limit() {
    roof=
    if [ "$version" = 1 ]; then
        read -r roof <"$group/memory.memsw.limit_in_bytes"
        is_number "$roof" && roof=$((roof - ceiling)) || roof=
    else
        read -r roof <"$group/memory.swap.max"
        is_number "$roof" || roof=
    fi
}

# The swap of the job, if the kernel counts it.
read_swap() {
    [ "$version" = 1 ] || read -r swapped <"$group/memory.swap.current" || return
    is_number "$swapped" || return
    [ "$version" = 2 ] || [ -e "$group/memory.memsw.usage_in_bytes" ] || return
    swapped=$((swapped / 1024))
    ceiling_kib=$((${roof:-$((node_swap * 1024))} / 1024))
    [ "$ceiling_kib" -ge "$swapped" ] || ceiling_kib=$swapped
    swap="Jobswap: $ceiling_kib $swapped $((ceiling_kib - swapped))"
}

# Adds a line to notes if the kernel has killed a process of the job since the last call.
add_kills() {
    count=0
    if [ "$version" = 1 ]; then # only the group of the victim counts it
        if [ $((records % 10)) -eq 0 ]; then
            counters=
            for file in "$group"/memory.oom_control "$group"/step_*/memory.oom_control "$group"/step_*/task_*/memory.oom_control; do
                [ ! -r "$file" ] || counters="$counters $file"
            done
        fi
        for file in $counters; do
            read_kills "$file"
        done
    else
        read_kills "$group/memory.events"
    fi
    if [ "$counted" ] && [ "$count" -gt "$counted" ]; then
        kills=$((kills + count - counted))
        notes="$notes# memtrace oom_kill=$kills$newline"
    fi
    counted=$count
}

# ---- the largest processes ----

# Sets parent, gang (the process group) and began (the start time) of process $1.
find_parent() {
    parent=
    IFS= read -r line <"$proc/$1/stat" && read_stat_words ${line##*) } && is_number "$parent"
}

read_stat_words() { parent=$2 gang=$3 began=${20}; }

# Sets kin to the processes known to belong to the family and others to those known not to; both, like all lists here, are separated by
# blanks.
find_family() {
    kin=" $family " others=" 0 1 2 " keepers=" $family " family_gang= one=$$
    find_parent "$family" || return
    [ "$parent" = 1 ] || family_gang=$gang family_began=$began # otherwise a child of process 1 need not be an orphan
    while [ "$one" != "$family" ] && find_parent "$one"; do
        others="$others$one "
        one=$parent
    done
}

# True if process $1 belongs to the family: by its ancestors, or as an orphan of the same process group. Looks up each process once.
is_kin() {
    chain= one=$1
    while :; do
        case $kin in *" $one "*) break ;; esac
        case $others in
        *" $one "*)
            others="$others$chain "
            return 1
            ;;
        esac
        chain="$chain $one "
        find_parent "$one" || parent=0
        if [ "$parent" = 1 ] && [ "$gang" = "$family_gang" ] && [ "$began" -ge "$family_began" ]; then
            parent=$family
        elif [ "$parent" = "$family" ]; then
            keepers="$keepers$one "
        fi
        one=$parent
    done
    kin="$kin$chain "
    case $keepers in *" $1 "*) return 1 ;; esac
}

weigh() {
    read -r number pages rest <"$proc/$1/statm" || return
    [ "$pages" -gt "$pages3" ] || return
    [ "$group" ] || [ ! "$family" ] || is_kin "$1" || return
    if [ "$pages" -gt "$pages1" ]; then
        pages3=$pages2 pid3=$pid2 pages2=$pages1 pid2=$pid1 pages1=$pages pid1=$1
    elif [ "$pages" -gt "$pages2" ]; then
        pages3=$pages2 pid3=$pid2 pages2=$pages pid2=$1
    else
        pages3=$pages pid3=$1
    fi
}

# Adds to notes a line with the three largest processes of the job, else of the family, else of the user. False if there are none.
add_top() {
    pages1=0 pages2=0 pages3=0 pid1= pid2= pid3= list=
    if [ "$group" ]; then
        for file in "$group"/cgroup.procs "$group"/*/cgroup.procs "$group"/*/*/cgroup.procs "$group"/*/*/*/cgroup.procs; do
            [ -r "$file" ] || continue
            while read -r pid; do
                weigh "$pid"
            done <"$file"
        done
    else
        everyone=
        if [ "$family" ]; then
            if [ $((now - family_time)) -ge 3000 ]; then # numbers may have been reused since
                find_family
                family_time=$now
            fi
            [ ! -O "$proc/1" ] || everyone=yes # the command of root may run as other users
        fi
        for pid in "$proc"/[0-9]*; do
            { [ ! "$everyone" ] && [ ! -O "$pid" ]; } || weigh "${pid##*/}"
        done
    fi
    for pid in "$pid1:$pages1" "$pid2:$pages2" "$pid3:$pages3"; do
        IFS= read -r name <"$proc/${pid%:*}/comm" || continue
        encode "$name"
        list=$list${list:+,}$coded:${pid%:*}:$((${pid#*:} * page_kib))
    done
    [ "$list" ] && notes="$notes# memtrace top=$list$newline"
}

# Adds that line when it is due: at a new maximum, at 80 % of the limit, and every 30 s.
consider_top() {
    if [ "$used" -ge "$next_top" ]; then
        next_top=$((used + used / 20 + 1))
        if [ "$family" ] && [ ! "$group" ]; then # others may use most of the machine: 5 % of the growth since the start
            [ "$first" ] || first=$used
            step=$(((used - first) / 20))
            next_top=$((used + 1 + (step > used / 200 ? step : used / 200)))
        fi
    elif [ "$near" = no ] && [ $((used / 4)) -ge $((total / 5)) ]; then
        near=yes
    elif [ $((now - top_time)) -lt 3000 ]; then
        return
    fi
    [ $((used / 4)) -ge $((total / 5)) ] && near=yes || near=no
    top_time=$now
    add_top || [ ! "$family" ] || next_top=0 # it does not run yet
}

# ---- records ----

print_header() {
    stamp_of "$1"
    printf "# memtrace 1 host=%s start=%s interval=%s%s%s\n" "$host" "$stamp" "$interval" "$details" "$2"
}

# Prints what free would print, from /proc/meminfo: used is total minus available.
print_table() {
    m_total=0 m_free=0 m_available= m_buffers=0 m_cached=0 m_slab=0 m_shared=0 s_total=0 s_free=0
    while read -r key value rest; do
        case $key in
        MemTotal:) m_total=$value ;;
        MemFree:) m_free=$value ;;
        MemAvailable:) m_available=$value ;;
        Buffers:) m_buffers=$value ;;
        Cached:) m_cached=$value ;;
        Shmem:) m_shared=$value ;;
        SwapTotal:) s_total=$value ;;
        SwapFree:) s_free=$value ;;
        SReclaimable:)
            m_slab=$value
            break
            ;;
        esac
    done <"$proc/meminfo" || return
    cache=$((m_buffers + m_cached + m_slab))
    [ "$m_available" ] || m_available=$((m_free + cache)) # before Linux 3.14
    printf "               total        used        free      shared  buff/cache   available\n$seven$four\n" \
        Mem: "$m_total" $((m_total > m_available ? m_total - m_available : m_total - m_free)) "$m_free" "$m_shared" "$cache" "$m_available" \
        Swap: "$s_total" $((s_total - s_free)) "$s_free"
}

# Prints its process id, and then records forever, of the kind $1.
produce() {
    trap - TERM
    read -r pid rest </proc/self/stat
    echo "$pid"
    case $1 in
    free) exec free -s "$interval" ;;
    again) while free; do pause || exit; done ;;
    meminfo) while print_table; do pause || exit; done ;;
    esac
} </dev/null

pause() { sleep "$interval" || sleep 1; }

# Copies records from standard input and adds our own data. Returns 9 if there was no record.
copy() {
    trap "stopped=yes" TERM
    text= notes= records=0 lines=0 last= free_at= behind= lost= paused=0 eof=
    used= total= node_swap=0 first= next_top=0 near=no top_time=0 family_time=-9000
    tick
    begun=$now free_at=$now
    for try in 1 2 3; do # a TERM may interrupt this
        read -r producer && break
    done
    while IFS= read -r line || ! eof=yes; do
        lines=$((lines + 1))
        case $line in
        *Swap:*) take_record "$line" || break ;;
        *Mem:*)
            text=$text$line$newline
            split $line
            total=$word2 used=$word3
            ;;
        *) text=$text$line$newline ;;
        esac
        if [ $((lines % 1024)) -eq 0 ]; then # more than possible would fill the disk
            [ "${#text}" -lt 65536 ] || text=
            tick
            if [ $((lines / 8)) -gt $((1000 + (now - begun) * 20000 / interval_us)) ]; then
                notify runaway
                stopped=yes
                break
            fi
        fi
    done
    # Where SIGPIPE is ignored, as in services of systemd, it would print forever.
    [ "$eof" ] && [ ! "$stopped" ] || kill "$producer"
    [ "$records" -gt 0 ] || return 9
    tick # a free without -s may still print one record
    [ "$records$stopped" != 1 ] || [ $((now - begun)) -ge $((interval_us / 20000)) ] || return 9
    notes=
    [ ! "$group" ] || add_kills
    if [ ! "$stopped" ] && [ "$notes" ]; then # free was killed because memory ran out
        printf "%s%s" "$lost" "$notes"
        return 8
    fi
    [ "$stopped" ] || notify ended
    stamp_of "$last"
    printf "%s%s# memtrace end=%s" "$lost" "$notes" "$stamp" || return
    [ "$open" ] || echo
    [ "$paused" -eq 0 ] || notify "pause $((paused / 100))"
    [ ! "$lost" ] || notify lost
}

notify() { [ ! "$say" ] || echo "$1" >&"$say"; }

# Determines when the record was taken. A record that waited in the pipe while our output was blocked keeps its own time; one that came
# late comes after a pause, and gets a new header with the time.
date_record() {
    tick
    if [ ! "$last" ]; then
        last=$now
        return
    fi
    if [ "$behind" ]; then
        due=$((last + interval_us / 10000))
        if [ $((now - free_at)) -le $((interval_us / 20000)) ] && [ "$due" -lt "$now" ]; then
            last=$due
            return
        fi
        behind= # no record waits, perhaps because we were suspended while we wrote the last one
    fi
    late=$((now - last))
    last=$now
    if [ "$late" -gt $((interval_us * 3 / 20000 + 30)) ]; then
        late=$((late - interval_us / 10000)) paused=$((paused + late))
        frac=$((100 + late % 100))
        text="$(print_header "$now" " gap=$((late / 100)).${frac#1}")$newline$text"
    fi
}

# Prints the record that the swap row $1 completes, in one write, so that nothing can truncate it. False if the reader is gone.
take_record() {
    date_record
    text=$text$1$newline
    job= swap= notes=
    split $1
    is_number "$word2" && node_swap=$word2 || node_swap=0
    if [ "$group" ]; then
        read_job
        add_kills
    fi
    [ "$top" = no ] || ! is_number "$used" || ! is_number "$total" || consider_top
    if printf "%s${job:+$seven}${swap:+$four}%s" "$lost$text" $job $swap "$notes"; then
        lost=
    else
        lost=$newline # the next record begins on a new line
    fi
    text=
    tick
    free_at=$now
    [ $((free_at - last)) -le $((interval_us / 10000 + 20)) ] || behind=yes
    records=$((records + 1))
    [ "$records" -ne 1 ] || notify ready
    [ ! "$stopped" ] && { [ ! "$boss" ] || kill -0 "$boss"; }
}

newline="
"
seven="%-9s%11s %11s %11s %11s %11s %11s\n" four="%-9s%11s %11s %11s\n" # rows of the table of free
[ "$host" ] || { encode "${SLURMD_NODENAME:-$(uname -n)}" && host=$coded; }
whole=${interval%%.*} frac=
case $interval in *.*) frac=${interval#*.} ;; esac
frac=${frac}000000
while [ "${#frac}" -gt 6 ]; do frac=${frac%?}; done
while :; do case $whole in 0*) whole=${whole#0} ;; *) break ;; esac done
interval_us=$((1$frac - 1000000 + ${whole:-0} * 1000000))
[ "$interval_us" -gt 0 ] || interval_us=1
page_kib=$(getconf PAGESIZE || echo 4096)
page_kib=$((page_kib / 1024))
picker=false last_kept=0
# Defines read_kills, which adds the counter in the file $1 to count. As with memory.stat, bash takes its lines, and other shells run it.
if [ "$BASH_VERSION" ]; then
    eval "read_kills() {
        mapfile -t rows <\"\$1\"
        words=\" \${rows[*]} \"
        case \$words in *\" oom_kill \"*)
            words=\${words##* oom_kill }
            count=\$((count + \${words%% *}))
            ;;
        esac
    }"
else
    for name in oom_kill_disable under_oom low high max oom oom_group_kill; do
        eval "$name() { :; }"
    done
    oom_kill() { count=$((count + $1)); }
    read_kills() { run_as_script "$1"; }
fi
find_group
for try in 1 2 3; do # a TERM that comes now must not leave us without the time
    birth=$(trap "" TERM && date +%s.%N) && break
done
now=0
tick
case $birth in *.[0-9][0-9]*) frac=${birth#*.} ;; *) frac=00 ;; esac
while [ "${#frac}" -gt 2 ]; do frac=${frac%?}; done
birth=${birth%%[!0-9]*}
birth=$((${birth:-0} * 100 + 1$frac - 100 - now))

outer=
[ ! "$group" ] || ! limit_of "$group" || outer=$ceiling
if [ "$scope" ] && [ "$own" ]; then # a group without its own limit: the limit of the enclosing job, or all of the machine
    facts="$facts cgroup=v$version${outer:+ limit=$outer}"
    group=$own
    [ "$scope" = own ] || group=$scope
    read -r key value rest <"$proc/meminfo"
    [ "$outer" ] || outer=$((value * 1024))
elif [ "$outer" ]; then
    facts="$facts cgroup=v$version limit=$outer"
    outer=
else
    group= facts="$facts${limit:+ limit=$limit}"
fi
records=0 counted= kills=0 notes=
[ ! "$group" ] || add_kills
kinds="free again meminfo"
[ "$interval_us" -le 4294000000 ] || kinds="again meminfo" # more than free can count
command -v free >/dev/null || kinds=meminfo
attempts=0
for kind in $kinds; do
    details=$facts
    [ "$kind" != meminfo ] || details="$details source=meminfo"
    case $kind$kinds in
    again"free again meminfo") ;;
    *) tick && print_header "$now" "" ;;
    esac
    while :; do
        produce "$kind" | copy
        status=$?
        attempts=$((attempts + 1))
        [ ! "$stopped" ] && [ "$attempts" -lt 9 ] || break
        # the kernel killed one of our processes for lack of memory: this counts as a kill in this job, but does not end the recording
        [ "$status" -eq 8 ] || [ "$status" -gt 128 ] || break
        notes=
        [ ! "$group" ] || add_kills
        [ "$status" -eq 8 ] || printf "%s%s" "$newline" "$notes"
        tick && print_header "$now" ""
    done
    [ "$status" -eq 9 ] && [ ! "$stopped" ] || exit "$status"
done
notify failed
exit 9
'
# ---- end of the sampler ----

# ---- sampling ----

# The command for each node: the sampler, in the faster shell if there is one. It ends on TERM, which Slurm may send to this shell
# alone, and at the end of standard input: srun forwards that by itself, while it can only signal its tasks through Slurm's controller.
# shellcheck disable=SC2016 # expanded on the nodes
keeper='trap "" HUP INT QUIT USR1 USR2 ALRM
exec 3<&0 </dev/null
sampler=$1
shift
end() {
    trap "" TERM
    kill -TERM 0
    wait "$child"
    exit 0
}
sh -c "$sampler" memtrace-sampler "$@" 3<&- &
child=$!
trap end TERM
{ read -r line; kill -TERM 0; } <&3 >/dev/null 2>&1 &
exec 3<&-
wait "$child"
end'

# Splits the labelled stream of srun into one log per node, writing each record as it arrives, so that the stream is never held in
# memory. A killed sampler prints no trailer, so it is computed here: the node's own start, plus the time from the header to the last
# record on our clock, plus half an interval for what may have followed. end_logs completes the trailer's line.
# shellcheck disable=SC2016 # awk's
splitter='
BEGIN {
    prefix = ENVIRON["prefix"]
    messages = ENVIRON["messages"]
}
function clock(   text) {
    text = 0
    getline text < "/proc/uptime"
    close("/proc/uptime")
    return text + 0
}
function write(text) {
    if (few_files) printf "%s", text >> file[label]
    else printf "%s", text > file[label]
}
function flush() {
    if (few_files) close(file[label])
    else fflush(file[label])
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
text ~ /^# memtrace 1 / && !(label in file) {
    host = value("host")
    gsub(/[^A-Za-z0-9._-]/, "_", host)
    if (host in seen) next
    seen[host] = 1
    node[label] = host
    file[label] = prefix host "-mem.log"
    begin[label] = value("start")
    first[label] = clock()
}
!(label in file) { next }
text ~ /^# memtrace end=/ {
    end[label] = value("end")
    next
}
text ~ /^# memtrace 1 .* gap=/ {
    print "no samples from " node[label] " for " int(value("gap") + 0.5) " s" >> messages
    close(messages)
}
{ write(text "\n") }
text ~ /^ *(Swap|Job|Jobswap):|^# memtrace / {
    flush()
    if (text ~ /^ *Swap:/) last[label] = clock()
}
END {
    for (label in last) {
        if (!(label in end)) end[label] = sprintf("%.3f", begin[label] + last[label] - first[label] + interval / 2)
        write("# memtrace end=" end[label])
        flush()
    }
}'

# True if a log of the job has a record.
has_samples() { grep -q '^ *Mem:' "$prefix"*-mem.log 2>/dev/null; }

# Runs "$@" (srun) in its own session, so that it gets no Ctrl-C and no hang-up, and splits its output. Ends when srun ends; ends srun
# when standard input closes, because slurm.sh is done or has died.
gather() {
    local few_files='' open_files srun watcher
    open_files=$(ulimit -n)
    [[ $open_files == unlimited ]] || ((node_count + 24 < open_files)) || few_files=1
    {
        (
            trap - TERM HUP INT QUIT USR1 USR2 PIPE
            exec ${setsid:+setsid} "$@" 2>>"$messages" <&3 3<&- 4<&-
        ) &
        srun=$!
        watch "$srun" <&3 >/dev/null &
        watcher=$!
        wait "$srun" 2>/dev/null # bash would report a signal in its own words
        { kill -KILL "$watcher" && wait "$watcher"; } 2>/dev/null
    } 3<&0 | LC_ALL=C prefix=$prefix messages=$messages awk ${awk_options:+-W "$awk_options"} \
        -v few_files="$few_files" -v interval="$interval" "$splitter" 2>>"$messages"
}

# Waits for the end of standard input, then ends srun $1: the samplers end when srun forwards the end of input. Reports if there is no
# sample for a long time, and finally gives up.
watch() {
    local i tries
    for ((tries = 0; ; tries++)); do
        read -r -t 30
        (($? > 128)) || break
        if ! has_samples; then
            [[ $quiet ]] ||
                say "no sample for $((tries * 30 + 30)) s${per_node:+, one step per node}; last message of srun: $(tail -n 1 "$messages")"
            ((tries < 1 || node_count < 2)) || [[ $per_node ]] || break
        fi
    done
    for ((i = 0; i < 50; i++)); do
        kill -0 "$1" 2>/dev/null || return
        ((i % 10 != 5)) || kill -TERM "$1" 2>/dev/null # a step that is still pending forwards nothing
        sleep 0.1
    done
    kill -KILL "$1" 2>/dev/null
}

# Samples the job that `look` found until it ends or slurm.sh is stopped: in one step on all nodes or, if $1 is "nodes", in one step
# per node.
sample() {
    local node part group quiet=$quiet per_node=''
    local -a srun=(srun) common=(--mem=0 --chdir=/ --mpi=none --no-kill --wait=0 --kill-on-bad-exit=0 --job-name=memtrace --label)
    local -a command=(sh -c "$keeper" memtrace-keeper "$memtrace_sampler" "$interval" facts="$facts" limit="$limit" ${top:+top="$top"})
    [[ ! $overlap ]] || common+=(--overlap)
    if [[ $1 == nodes ]]; then
        per_node=1
        for part in "${!parts[@]}"; do
            ((${#parts[@]} == 1)) && group='' || group=--het-group=$part
            while read -r node; do
                gather srun --jobid="$raw" "${common[@]}" ${group:+"$group"} -N 1 -n 1 -w "$node" "${command[@]}" <&4 &
                quiet=1 # one of them reports trouble
            done < <(scontrol show hostnames "${lists[part]}")
        done
        wait
        return
    fi
    if ((${#parts[@]} == 1)); then
        srun+=(--jobid="$raw" "${common[@]}" -N "${parts[0]}" -n "${parts[0]}" "${command[@]}")
    else
        for part in "${!parts[@]}"; do
            ((part == 0)) || srun+=(:)
            srun+=(--jobid="$raw" "${common[@]}" --het-group="$part" -N "${parts[part]}" -n "${parts[part]}" "${command[@]}")
        done
    fi
    gather "${srun[@]}" <&4
}

# Samples the whole job.
record_job() {
    sample steps
    if has_samples || is_stopped || ((node_count < 2)) || ! look || [[ $state != RUNNING ]]; then
        return
    fi
    [[ $quiet ]] || say "one step on all nodes produced no samples ($(tail -n 1 "$messages")); trying one step per node"
    ((node_count <= 256)) || fail "$node_count nodes are too many for one srun per node; nothing recorded"
    sample nodes
}

# Prints the job's nodes on which Slurm saw the kernel kill one of its processes but no sampler did; $1 is the final state. Slurm names
# the node only if it was our own step. Kills of other steps show as the exit code 125 among those of all steps, even if the job is
# COMPLETED; then it was on the only node, or on the only node where the job's memory came close to its limit.
find_killed() {
    local near
    sed -nE 's/^(.*error: )?([^ :]+): tasks? [0-9,-]+: Out Of Memory$/\2/p' "$messages"
    if [[ ! $1 ]] || grep -qs '^# memtrace oom_kill=' "$prefix"*-mem.log; then
        return
    fi
    [[ $1 == OUT_OF_MEMORY || "$(show_job) " == *' DerivedExitCode='[0-9]*:125' '* ]] || return
    if ((node_count == 1)); then
        printf '%s\n' "$nodes"
        return
    fi
    near=$(awk '/^Job:/ && $3 > 0.8 * $2 && !(FILENAME in near) { near[FILENAME]; print FILENAME }' "$prefix"*-mem.log 2>/dev/null)
    near=${near#"$prefix"}
    [[ $near == *$'\n'* ]] || printf '%s\n' "${near%-mem.log}"
}

# Completes the trailers of the job's logs with the job's final state $1, if known, and the kills that only Slurm saw. Sets `killed` to
# the nodes of these kills.
end_logs() {
    local file node extra
    killed=$(find_killed "$1")
    while IFS= read -r file; do
        node=${file#"$prefix"}
        extra=${1:+ state=$1}
        [[ $'\n'$killed$'\n' != *$'\n'${node%-mem.log}$'\n'* ]] || extra+=' oom_kill=1'
        printf '%s\n' "$extra" >>"$file"
    done < <(grep -l '^# memtrace end=[0-9.]*$' "$prefix"*-mem.log 2>/dev/null)
}

# ---- one job ----

# Reports how the job that began at $1, or its sampling, ended. Sets `end_state` if the job's state is final.
find_end() {
    local since=$SECONDS killed
    end_state=''
    ! is_stopped || return
    while ((SECONDS - since < 15)); do # the step ends a moment before the job's state is final
        look
        case $? in
        0) ;;
        1)
            say "the final state of job $job is unknown: $trouble"
            return
            ;;
        *)
            say "job $job has left the queue"
            return
            ;;
        esac
        if [[ $state == PENDING || $state == REQUEUE* || $begun != "$1" ]]; then
            say "job $job was requeued; only its first run is recorded"
            end_state=REQUEUED
            return
        fi
        case $state in
        COMPLETING) ;;
        RUNNING | SUSPENDED)
            if ((SECONDS - since > 3)); then
                killed=$(grep -iE 'out of memory|oom.kill' "$messages" | head -n 1)
                if [[ $killed ]]; then
                    say "the kernel killed the recorder at the job's memory limit ($killed)"
                else
                    say "the sampling step ended although job $job is still running; see $messages"
                fi
                return
            fi
            ;;
        *)
            say "job $job ended: $state"
            end_state=$state
            return
            ;;
        esac
        nap 0.25 || return
    done
    say "job $job is ending"
}

# Reports the nodes without samples, with the reason if known. Lists at most ten.
report_missing() {
    local node why missing i
    missing=$(
        shopt -s nullglob
        set -- "$prefix"*-mem.log
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
        say "no samples from $node: ${why:-ended before the first sample}"
    done < <(head -n 10 <<<"$missing")
    i=$(wc -l <<<"$missing")
    ((i <= 10)) || say "no samples from $((i - 10)) more nodes"
}

# Records one job that `look` has found alive.
record_one() {
    local volume hint='' first_run end_state killed
    wait_for_job
    first_run=$begun
    find_facts
    : >"$messages"
    volume=$(awk -v n="$node_count" -v s="$interval" 'BEGIN { b = n * 3600 / s * 210
        if (b >= 1e9) printf "%.1f GB", b / 1e9; else if (b >= 1e6) printf "%.1f MB", b / 1e6; else printf "%.0f kB", b / 1e3 }')
    [[ $volume != *GB ]] || hint="; a longer -s reduces it"
    say "sampling job $job on $node_count node$( ((node_count == 1)) || echo s) every $interval s into $dir, about $volume per hour$hint"
    record_job
    find_end "$first_run"
    end_logs "$end_state"
    [[ ! $killed ]] || say "the kernel killed a process of the job at its memory limit on ${killed//$'\n'/, }"
    report_missing
}

# ---- arrays and several jobs ----

# A run is one start of one task: its key is RAW@BEGIN, as a requeued task starts again. Tables by key: row_of (from the queue), end_of
# (final state), pid_of (of its recorder), prefix_of (of its logs). latest: the key of a raw id's latest run, or - if it has none to
# record. Lists of keys: queue (to be recorded), active (being recorded). left: the number of tasks not recorded, by reason.

# Exits with a message if there is nothing in `selection` to record.
check_many() {
    local row alive='' found=' '
    ask_queue "${selection[@]}"
    case $? in
    1) fail "squeue failed: $trouble" ;;
    2) fail "$what: not in the queue" ;;
    esac
    for row in "${rows[@]}"; do
        parse_row "$row"
        [[ $row_user == "$(id -un)" ]] || fail "job $row_id belongs to $row_user; only its owner can add a step"
        ! is_alive "$row_state" || alive=1
        found+="$row_array $row_id ${row_id%+0} "
    done
    [[ $alive ]] || fail "$what: already ended, nothing to sample"
    for row in ${jobs[@]+"${jobs[@]}"}; do
        [[ $found == *" $row "* ]] || say "no job $row in the queue"
    done
}

# Processes the row that parse_row split. $1 is set on the first look: tasks that have ended by then are not recorded.
take_row() {
    local key=${latest[$row_raw]-} new=$row_raw@$row_begun
    [[ $key != - && ($row_id != *+* || $row_id == *+0) ]] || return
    if is_alive "$row_state"; then
        alive=1
    fi
    case $row_state in
    RUNNING | SUSPENDED | STOPPED | SIGNALING)
        [[ $key != "$new" ]] || return
        [[ ! $key || ${end_of[$key]-} ]] || end_of[$key]=REQUEUED
        latest[$row_raw]=$new row_of[$new]=$row
        queue+=("$new")
        ;;
    COMPLETING) ;;
    *)
        if is_alive "$row_state"; then
            pending+=("$row_id")
            [[ ! $key || ${end_of[$key]-} ]] || end_of[$key]=REQUEUED
        elif [[ $key ]]; then
            [[ ${end_of[$key]-} ]] || end_of[$key]=$row_state
        else
            latest[$row_raw]=-
            new='ended before the first sample'
            [[ $row_nodes || $row_state != CANCELLED ]] || new='cancelled before they ran'
            [[ ! $1 ]] || new='had ended before'
            left[$new]=$((${left[$new]-0} + 1))
        fi
        ;;
    esac
}

# Records the run $1 in its own process.
record_run() {
    parse_row "${row_of[$1]}"
    raw=$row_raw id=$row_id array=$row_array task=$row_task name=$row_name state=$row_state begun=$row_begun job=$row_id
    parts=("$row_count") lists=("$row_nodes")
    if [[ $id == *+0 ]]; then
        job=${id%+0}
        look || return
    else
        expand_nodes "$row_nodes"
    fi
    find_facts
    quiet=1
    record_job
}

# Starts recorders for queued runs, up to the allowed number at a time, a few per call.
start_runs() {
    local key id n started=0
    local -a waiting=()
    for key in ${queue[@]+"${queue[@]}"}; do
        if [[ ${end_of[$key]-} ]]; then
            n="came when $steps others were being recorded (--steps)"
            left[$n]=$((${left[$n]-0} + 1))
        elif ((${#active[@]} < steps && started < 8)); then
            parse_row "${row_of[$key]}"
            id=$row_id n=${runs_of[$id]-1}
            runs_of[$id]=$((n + 1))
            ((n == 1)) || id+=.$n
            prefix=$dir/$id- messages=$dir/$id-srun.txt
            prefix_of[$key]=$prefix
            : >"$messages"
            record_run "$key" &
            pid_of[$key]=$!
            active+=("$key")
            started=$((started + 1))
        else
            waiting+=("$key")
        fi
    done
    queue=(${waiting[@]+"${waiting[@]}"})
}

# Completes the logs of runs whose recorders have ended, once their state is known, or at once if $1 is set.
end_runs() {
    local key killed all=$dir/srun-messages.txt
    local -a still=()
    for key in ${active[@]+"${active[@]}"}; do
        if [[ ! $1 ]] && kill -0 "${pid_of[$key]}" 2>/dev/null; then
            still+=("$key")
            continue
        fi
        late[$key]=$((${late[$key]-0} + 1))
        if [[ ! $1 && ! ${end_of[$key]-} ]] && ((alive && late[$key] < 5)); then
            still+=("$key")
            continue
        fi
        prefix=${prefix_of[$key]} messages=${prefix_of[$key]}srun.txt
        parse_row "${row_of[$key]}"
        raw=$row_raw
        expand_nodes "$row_nodes"
        end_logs "${end_of[$key]-}"
        state_of[$row_id]=${end_of[$key]-${stopped:+still running}}
        if has_samples; then
            recorded[$row_id]=1
            sed -n "s/^no samples from /&$row_id on /p" "$messages" >>"$all"
        else
            [[ ${recorded[$row_id]-} ]] || recorded[$row_id]=''
            sed "s/^/$row_id: /" "$messages" >>"$all"
        fi
        rm -f -- "$messages"
    done
    active=(${still[@]+"${still[@]}"})
}

# Prints how many tasks the pending row $1 represents: 4711_[3,7-50:2%8].
count_pending() {
    local list=${1#*\[} part count=0
    [[ $1 == *\[* ]] || { echo 1 && return; }
    list=${list%%[]%]*}
    while [[ $list ]]; do
        part=${list%%,*}
        [[ $list == *,* ]] && list=${list#*,} || list=
        if [[ $part =~ ^([0-9]+)-([0-9]+)(:([0-9]+))?$ ]]; then
            count=$((count + (BASH_REMATCH[2] - BASH_REMATCH[1]) / ${BASH_REMATCH[4]:-1} + 1))
        else
            count=$((count + 1))
        fi
    done
    echo "$count"
}

# Reports what was recorded, how it ended, what was not recorded, and why.
report_runs() {
    local id row why total=${#recorded[@]} count=0 none=0 line=''
    local -A states=()
    for id in "${!recorded[@]}"; do
        if [[ ${recorded[$id]} ]]; then
            count=$((count + 1))
            states[${state_of[$id]}]=$((${states[${state_of[$id]}]-0} + 1))
        else
            none=$((none + 1))
        fi
    done
    if [[ $stopped ]]; then
        ((${#queue[@]} == 0)) || left['were waiting for a recorder']=${#queue[@]}
        for row in ${pending[@]+"${pending[@]}"}; do
            left['were still pending']=$((${left['were still pending']-0} + $(count_pending "$row")))
        done
    fi
    for why in "${!left[@]}"; do
        total=$((total + left[$why]))
    done
    while read -r why; do
        [[ ! $why ]] || line+=", ${states[$why]} $why"
    done < <(printf '%s\n' "${!states[@]}" | sort)
    say "recorded $count of $total $unit${line:+: ${line#, }}"
    ((none == 0)) || left['produced no samples']=$none
    line=''
    for why in "${!left[@]}"; do
        line+=", ${left[$why]} $why"
    done
    [[ ! $line ]] || say "not recorded: ${line#, }"
}

# Records all tasks of `selection` (options for squeue), including those that start later, until none is left or slurm.sh is stopped.
record_many() {
    local row from to _ first=1 alive=1 said='' stopped='' unit=tasks
    local -A latest=() row_of=() end_of=() pid_of=() prefix_of=() runs_of=() late=() state_of=() recorded=() left=()
    local -a queue=() active=() pending=()
    [[ $is_array ]] || unit='jobs and tasks'
    say "sampling $what every $interval s into $dir, at most $steps tasks at a time"
    : >"$messages"
    while :; do
        read -r from _ </proc/uptime
        ask_queue "${selection[@]}"
        case $? in
        0)
            alive=0 pending=()
            for row in "${rows[@]}"; do
                parse_row "$row"
                take_row "$first"
            done
            ;;
        1)
            [[ $said == "$trouble" ]] || say "squeue failed ($trouble): trying again"
            said=$trouble
            ;;
        *) alive=0 ;;
        esac
        first=
        end_runs ''
        start_runs
        ((alive || ${#active[@]})) || break
        read -r to _ </proc/uptime
        to=$(((10#${to/./} - 10#${from/./}) / 10)) # ten times as long as it took
        ((${#queue[@]} == 0 || ${#active[@]} >= steps)) || to=0 # more could be started
        nap $((to < 2 ? 2 : to > 15 ? 15 : to)) || {
            stopped=1
            break
        }
    done
    wait
    end_runs 1
    report_runs
}

# ---- afterwards ----

# Reports what would be misleading in the plot: logs truncated by a full disk, and pauses of a suspended job.
report_damage() {
    local -a cut
    local pause
    mapfile -t cut < <(grep -L '^# memtrace end=' "$dir"/*-mem.log)
    ((${#cut[@]} == 0)) || mapfile -t cut < <(grep -l '^ *Mem:' "${cut[@]}")
    ((${#cut[@]} == 0)) || say "truncated, is the disk of $dir full? ${cut[0]}$( ((${#cut[@]} == 1)) || echo " and $((${#cut[@]} - 1)) more logs")"
    pause=$(grep '^no samples from ' "$dir/srun-messages.txt" | sed 's/.* for \([0-9]*\) s$/\1 &/' | sort -n | tail -n 1 | cut -d' ' -f 2-)
    [[ ! $pause ]] || say "$pause (was the job suspended?); the plot has a gap"
}

# Draws the plot and prints the summary.
plot() {
    local -a options=(--files "$dir"/*-mem.log --samp "$interval" --save "$out")
    local again="${memtrace:-memtrace} --files $dir/*.log --samp $interval --save $out"
    [[ $memtrace ]] || fail "memtrace not found, no plot; the logs are in $dir; to plot them: $again"
    marks=${MEMTRACE_MARKS:-$dir/marks}
    [[ ! -s $marks ]] || options+=(--marks "$marks")
    "$memtrace" "${options[@]}" </dev/null || fail "no plot; the logs are in $dir; to try again: $again"
    say "the plot is $out, the logs are in $dir"
}

# ---- main ----

set_option() {
    [[ $2 ]] || refuse "$1 needs a value"
    case $1 in
    -s) interval=$2 ;;
    -d) dir=$2 ;;
    -o) out=$2 ;;
    --steps) steps=$2 ;;
    esac
}

take_options() {
    interval=2 dir='' out='' jobs=() steps=$default_steps user_jobs='' top=''
    while (($#)); do
        case $1 in
        -s | -d | -o | --steps)
            (($# > 1)) || refuse "$1 needs a value"
            set_option "$1" "$2"
            shift
            ;;
        --steps=*) set_option --steps "${1#*=}" ;;
        -[sdo]?*) set_option "${1:0:2}" "${1:2}" ;;
        --no-top) top=no ;;
        --user-jobs) user_jobs=1 ;;
        --version)
            print_version
            exit 0
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        -?*) refuse "unknown option $1" ;;
        *)
            [[ $1 =~ ^[0-9]+([_+][0-9]+)?$ ]] || refuse "'$1' is not a job id such as 4711 or 4711_5"
            jobs+=("$1")
            ;;
        esac
        shift
    done
    if [[ $user_jobs ]]; then
        ((${#jobs[@]} == 0)) || refuse "--user-jobs cannot be combined with a JOBID (${jobs[0]})"
    else
        ((${#jobs[@]} > 0)) || refuse "no JOBID given"
    fi
    [[ $interval =~ ^0*([0-9]{1,8}(\.[0-9]*)?|\.[0-9]+)$ && $interval =~ ^0*([1-9]|\.[0-9]{0,5}[1-9]) ]] ||
        refuse "-s takes seconds from 0.000001 to 99999999, such as 2 or 0.5, not '$interval'"
    [[ $steps =~ ^[1-9][0-9]{0,3}$ ]] || refuse "--steps takes a number from 1 to 9999, not '$steps'"
}

# Sets `dir` and `out` if they were not given, and refuses an output that cannot become a plot.
check_paths() {
    local base=${jobs[0]-$(id -un)-jobs} folder
    ((${#jobs[@]} < 2)) || base+=-and-$((${#jobs[@]} - 1))-more
    dir=${dir:-memtrace-$base}
    [[ $dir != -* ]] || dir=./$dir
    while [[ $dir == ?*/ ]]; do
        dir=${dir%/}
    done
    if [[ ! $out ]]; then
        out=$dir/memtrace-$base.png
        return
    fi
    [[ $out != -* ]] || out=./$out
    [[ ${out##*/} =~ .\.([pP][nN][gG]|[sS][vV][gG]|[pP][dD][fF]|[hH][tT][mM][lL])$ ]] ||
        refuse "-o takes the name of a .png, .svg, .pdf or .html file, not '$out'"
    [[ ! -d $out ]] || refuse "-o: $out is a folder"
    folder=$(dirname -- "$out")
    [[ $folder -ef $dir || ${out%/*} == "$dir" || (-d $folder && -w $folder) ]] || refuse "-o: cannot write to folder $folder"
}

# Exits if the folder already contains logs.
check_folder() {
    local file
    for file in "$dir"/*-mem.log; do
        [[ ! -e $file ]] || fail "$dir already contains logs (${file##*/}); choose another folder with -d"
    done
}

# Creates the folder and locks it, or exits.
claim_folder() {
    local lock=$dir/.recording host='' pid='' try
    check_folder
    made=''
    [[ -d $dir ]] || { mkdir -p -- "$dir" 2>/dev/null && made=1; }
    for try in 1 2; do
        if (set -o noclobber && echo "$(uname -n) $$" >"$lock") 2>/dev/null; then
            trap leave_folder EXIT
            check_folder
            return
        fi
        read -r host pid 2>/dev/null <"$lock" || break
        [[ $host == "$(uname -n)" && ! -d /proc/$pid ]] || fail "process $pid on $host is recording into $dir; choose another folder with -d"
        ((try > 1)) || rm -f -- "$lock" # the owner of the lock has died
    done
    fail "cannot write to $dir; choose another folder with -d"
}

# shellcheck disable=SC2317 # called by a trap
leave_folder() {
    rm -f -- "$dir/.recording"
    [[ ! $made ]] || rmdir -- "$dir" 2>/dev/null
}

# The environment of the surrounding job, or the user's settings, would affect our step and squeue's output.
clean_environment() {
    local variable
    for variable in "${!SLURM_@}" "${!SRUN_@}" "${!SQUEUE_@}" "${!SCONTROL_@}"; do
        case $variable in
        SLURM_CONF | SLURM_CONF_SERVER | SLURM_CLUSTERS | SLURM_JWT) ;;
        *) unset "$variable" ;;
        esac
    done
    export SLURM_BITSTR_LEN=0 # prints lists of array tasks in full
}

# True if the process that started us, a job script, is only waiting for us.
is_awaited_alone() {
    local where='' number='' stat child children
    read -r where 2>/dev/null </proc/$PPID/wchan
    read -r number _ 2>/dev/null </proc/$PPID/syscall
    case $where,$(uname -m),$number in
    *wait*,*,* | *sigsuspend*,*,*) ;;
    0,x86_64,61 | 0,x86_64,247 | 0,x86_64,130 | 0,aarch64,260 | 0,aarch64,95 | 0,aarch64,133) ;; # wait4, waitid, rt_sigsuspend
    *) return 1 ;;
    esac
    read -r children 2>/dev/null </proc/$PPID/task/$PPID/children
    [[ $children ]] || return
    for child in $children; do
        read -r stat 2>/dev/null <"/proc/$child/stat" || continue
        stat=${stat##*) }
        [[ $child == "$$" || $stat == Z* ]] || return
    done
}

# In a batch job, a bare `wait` after our start would wait for us, while we wait for the job's end. Ends the recording in that case.
guard() {
    local stat parent idle=0
    read -r stat </proc/$PPID/stat && read -r parent </proc/$PPID/comm || return
    stat=${stat##*) }
    read -r _ _ _ _ stat _ <<<"$stat" # its terminal
    [[ $stat == 0 && $parent != @(slurmstepd|srun)* ]] || return
    while ((idle < 3)); do
        read -r -t 0.5
        (($? > 128)) || return
        is_awaited_alone && idle=$((idle + 1)) || idle=0
    done
    say "the job script is only waiting for this recorder; ending the recording"
    kill -TERM $$
}

# shellcheck disable=SC2317 # called by traps
stop() { stopped=1; }

# Closes the pipe to the coprocess, which then ends.
let_go() {
    [[ ! $hold ]] || exec {hold}>&-
    hold=
}

# The coprocess. It survives whatever ends slurm.sh, in order to write the remaining data; its standard input is then at its end.
run_recorder() {
    exec 4<&0 </dev/null
    trap '' INT QUIT HUP TERM USR1 USR2 PIPE
    if [[ $many ]]; then
        record_many
    else
        record_one
    fi
    grep -qs '^ *Mem:' "$dir"/*-mem.log || fail "no samples received; see srun's messages in $messages"
    report_damage
    [[ -s $messages ]] || rm -f -- "$messages"
}

# Records until the jobs end or we are stopped. Returns the exit status if there is nothing to plot.
record() {
    local pid status report watcher=''
    coproc RECORDER { run_recorder; }
    # shellcheck disable=SC2153 # the shell sets it
    pid=$RECORDER_PID hold=${RECORDER[1]}
    exec {report}<&"${RECORDER[0]}"
    if [[ $inside && $inside == "${raw-}" ]]; then
        guard <&"$report" &
        watcher=$!
    fi
    # A trap interrupts the wait, and bash may do so once more without a new signal: the coprocess has ended only when it is gone.
    while :; do
        [[ ! $stopped ]] || let_go
        wait "$pid" 2>/dev/null
        status=$?
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.1
    done
    ((status <= 128)) || status=0 # the status of a signal, not an exit status: what was recorded is plotted
    let_go
    exec {report}<&-
    [[ ! $watcher ]] || { kill "$watcher" && wait "$watcher"; } 2>/dev/null
    return "$status"
}

main() {
    local tool status=0
    take_options "$@"
    check_paths
    for tool in squeue scontrol srun; do
        type -P "$tool" >/dev/null || fail "$tool not found; run this on a login node or inside the job"
    done
    type -P awk >/dev/null || fail "awk not found; install one, such as mawk"
    check_folder

    inside=${SLURM_JOB_ID-} many='' is_array='' raw='' what='' quiet=''
    job=${jobs[0]-}
    # In an array task, its plain id may also mean the whole array.
    if [[ ${SLURM_ARRAY_JOB_ID-} && $job == "$inside" && ${#jobs[@]} == 1 ]]; then
        job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
    fi
    clean_environment
    if [[ $user_jobs ]]; then
        many=1 selection=(-u "$(id -un)") what="all jobs of $(id -un)"
    elif ((${#jobs[@]} > 1)); then
        many=1 selection=(-j "$(IFS=, && echo "${jobs[*]}")") what="jobs ${jobs[*]}"
    else
        look
        status=$?
        if ((status == 0)) && is_array; then
            many=1 is_array=1 selection=(-j "$job") what="the tasks of array $job"
        fi
    fi
    if [[ $many ]]; then
        check_many
    else
        check_one "$status"
    fi

    stopped='' hold=''
    claim_folder
    trap stop INT TERM HUP
    home=$(find_home)
    set_up
    prefix=$dir/ messages=$dir/srun-messages.txt
    awk_options=''
    [[ $(awk -W version 2>&1 </dev/null) != mawk* ]] || awk_options=interactive # otherwise it waits for 4096 bytes
    setsid=$(type -P setsid) overlap=''
    [[ $(srun --help 2>&1 </dev/null) != *--overlap* ]] || overlap=1 # before Slurm 20.11 steps always overlap
    ulimit -n "$(ulimit -Hn)" 2>/dev/null
    record || exit
    trap '' INT TERM HUP # the plot is about to be drawn
    end_build
    plot
}

main "$@"
