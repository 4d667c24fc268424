#!/usr/bin/env bash
# run.sh: runs a command, records the memory of this machine with `free` meanwhile, and plots it with memtrace.
# It must never change what the command sees or returns. Needs bash 4.2 or later and a `free`; see --help.
set -u
me=${0##*/}

usage() {
    cat <<END
Usage: $me [-s SECONDS] [-o OUT] [-l LOG] [--] COMMAND [ARG...]
Records the memory of this machine while COMMAND runs, then plots it.

  -s SECONDS   time between samples, fractions allowed (default 1)
  -o OUT       the picture: .png, .svg or .pdf (default: the log's name with .png)
  -l LOG       the log of free (default HOST-mem.log here); one that is there is kept as LOG.old
      --setup  only install what is missing and build memtrace
  -h, --help   this text

The exit status is COMMAND's (128+n when signal n ended it). All of $me's own words go to stderr.
COMMAND finds in \$MEMTRACE_MARKS a file for events: echo "\$(date +%s) solve" >>"\$MEMTRACE_MARKS"
\$MEMTRACE names another memtrace to plot with.

Examples:
  $me ./solver input.dat
  $me -s 0.1 -o solver.svg -- ./solver input.dat
END
}

say() { printf '%s: %s\n' "$me" "$1" >&2; }
refuse() {
    say "$1; see '$me --help'"
    exit 2
}

# ---- finding, and if need be making, memtrace ----

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
    memtrace=
    if [[ ${MEMTRACE-} ]]; then
        if memtrace=$(type -P -- "$MEMTRACE"); then
            return
        fi
        say "MEMTRACE=$MEMTRACE is not a program; looking for another"
    fi
    for candidate in "$home/memtrace" "$(type -P memtrace)"; do
        if [[ $candidate && -f $candidate && -x $candidate ]] && "$candidate" -V >/dev/null 2>&1 </dev/null; then
            memtrace=$candidate
            return
        fi
    done
    return 1
}

has_compiler() { type -P "${CC:-cc}" >/dev/null || type -P gcc >/dev/null || type -P clang >/dev/null; }

# What a build lacks here, in words; empty when nothing, or when there is nothing to build.
list_missing() {
    local missing='' part
    if [[ ! $memtrace && -f $home/Makefile ]]; then
        has_compiler || missing+=', a C compiler'
        type -P make >/dev/null || missing+=', make'
        if type -P pkg-config >/dev/null; then
            for part in cairo freetype2 libpng zlib; do
                pkg-config --exists "$part" 2>/dev/null || missing+=", $part"
            done
        else
            missing+=', pkg-config, cairo, freetype2, libpng, zlib'
        fi
    fi
    type -P free >/dev/null || missing+=', free'
    printf '%s' "${missing#, }"
}

# Sets `install` to the command that brings what is missing ($1, of list_missing) on this distribution, or to nothing.
find_installer() {
    local free=procps build
    if type -P apt-get >/dev/null; then # libcairo2-dev brings FreeType under whatever name it has there
        install='apt-get install -y --no-install-recommends'
        build='gcc libc6-dev make pkg-config libcairo2-dev libpng-dev zlib1g-dev'
    elif type -P dnf >/dev/null || type -P yum >/dev/null; then
        install='dnf install -y' free=procps-ng
        type -P dnf >/dev/null || install='yum install -y'
        build='gcc make pkgconfig cairo-devel freetype-devel libpng-devel zlib-devel'
    elif type -P zypper >/dev/null; then
        install='zypper --non-interactive install'
        build='gcc make pkg-config cairo-devel freetype2-devel libpng16-devel zlib-devel'
    elif type -P apk >/dev/null; then
        install='apk add'
        build='gcc musl-dev make pkgconf cairo-dev freetype-dev libpng-dev zlib-dev'
    elif type -P pacman >/dev/null; then
        install='pacman -S --needed --noconfirm' free=procps-ng
        build='gcc make pkgconf cairo freetype2 libpng zlib'
    else
        install=
        return 1
    fi
    [[ $1 == free ]] || install+=" $build"
    [[ $1 != *free ]] || install+=" $free"
}

# Runs a command as root if that is possible without a question; its output is shown only when it fails.
as_root() {
    local output
    if ((EUID == 0)); then
        output=$(DEBIAN_FRONTEND=noninteractive "$@" 2>&1 </dev/null)
    else
        output=$(sudo -n DEBIAN_FRONTEND=noninteractive "$@" 2>&1 </dev/null)
    fi || {
        printf '%s\n' "$output" | tail -n 5 >&2
        return 1
    }
}

# Installs what is missing where that is allowed, else says what to install. False when something is still missing.
install_missing() {
    local missing words
    missing=$(list_missing)
    [[ $missing ]] || return 0
    if ! find_installer "$missing"; then
        say "missing here: $missing; please install it with this system's packages"
        return 1
    fi
    if ((EUID != 0)) && ! sudo -n true 2>/dev/null </dev/null; then
        say "missing here: $missing; to install it, an administrator runs: $install"
        return 1
    fi
    say "installing what is missing: $missing"
    read -r -a words <<<"$install"
    if [[ ${words[0]} == apt-get ]]; then
        as_root apt-get update -q || say "'apt-get update' failed; going on with the lists that are here"
    fi
    as_root "${words[@]}"
    hash -r
    missing=$(list_missing)
    [[ $missing ]] || return 0
    say "still missing after '$install': $missing"
    return 1
}

# Builds memtrace beside this script, once even when many run.sh start together.
build_memtrace() {
    local output compiler
    exec 9<"$home"
    type -P flock >/dev/null && flock 9
    if ! find_memtrace; then
        say "building memtrace in $home (once)"
        for compiler in "${CC:-cc}" gcc clang; do
            ! type -P "$compiler" >/dev/null || break
        done
        if ! output=$(make -C "$home" CC="$compiler" memtrace 2>&1 </dev/null); then
            printf '%s\n' "$output" | tail -n 5 >&2
            say "memtrace could not be built: 'make -C $home' tells more"
        fi
    fi
    exec 9<&-
    find_memtrace
}

# Sets `memtrace`, doing what it takes. False, having said why, when there is none in the end or `free` is missing.
set_up() {
    find_memtrace || :
    [[ $memtrace ]] && type -P free >/dev/null && return 0
    install_missing || return 1
    [[ $memtrace ]] && return 0
    if [[ ! -f $home/Makefile ]]; then
        say "no memtrace in $home nor in PATH; set MEMTRACE=/path/to/memtrace"
        return 1
    fi
    build_memtrace
}

# ---- recording ----

# Seconds since the epoch with a fraction where the shell or date knows it.
now() {
    local time
    if [[ ${EPOCHREALTIME-} ]]; then
        printf '%s' "${EPOCHREALTIME/,/.}"
        return
    fi
    time=$(date +%s.%N)
    [[ $time =~ ^[0-9]+\.[0-9]+$ ]] || time=$(date +%s)
    printf '%s' "$time"
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

# The first line of the log. In a Slurm job it carries the job's id, name and memory limit.
print_header() {
    local line limit=
    line="# memtrace 1 host=$(encode "$host") start=$(now) interval=$interval pid=$$"
    if [[ ${SLURM_JOB_ID-} ]]; then
        line+=" job=$(encode "$SLURM_JOB_ID")"
        [[ ${SLURM_JOB_NAME-} ]] && line+=" name=$(encode "$SLURM_JOB_NAME")"
        limit=${SLURM_MEM_PER_NODE-}
        if [[ ! $limit && ${SLURM_MEM_PER_CPU-} =~ ^[0-9]+$ && ${SLURM_CPUS_ON_NODE-} =~ ^[0-9]+$ ]]; then
            limit=$((SLURM_MEM_PER_CPU * SLURM_CPUS_ON_NODE))
        fi
        [[ $limit =~ ^[1-9][0-9]*$ ]] && line+=" limit=${limit}M"
    fi
    printf '%s\n' "$line"
}

# True when the log at $1 belongs to another run.sh that is still at work on this machine.
is_in_use() {
    local line='' pid
    read -r line 2>/dev/null <"$1"
    [[ $line == '# memtrace 1 '*"host=$(encode "$host") "* ]] || return 1
    pid=${line##* pid=}
    pid=${pid%% *}
    [[ $pid =~ ^[0-9]+$ && -d /proc/$pid ]] && ! grep -q '^# memtrace end=' "$1"
}

# Begins the log: sets `log` to a file that holds the header line. False with the reason in `reason` when there can be none.
begin_log() {
    local old
    if [[ -f $log ]] && is_in_use "$log"; then
        say "$log is being written by another run: using ${log%-mem.log}-$$-mem.log"
        log=${log%-mem.log}-$$-mem.log
    fi
    for old in "$log" "${log%.log}.marks"; do
        [[ ! -f $old || -L $old ]] || mv -f -- "$old" "$old.old" 2>/dev/null
    done
    reason=$({ print_header >"$log"; } 2>&1) && [[ ! $reason ]] && return 0
    reason=${reason##*: }
    [[ -s $log || -L $log || ! -f $log ]] || rm -f -- "$log"
    return 1
}

# True when the log holds a row of memory.
has_record() {
    local line
    while read -r line; do
        [[ $line != *Mem:* ]] || return 0
    done <"$log"
    return 1
}

# Ends free and writes the last line of the log.
end_log() {
    {
        [[ ! $sampler ]] || kill -KILL "$sampler"
        wait
        printf '# memtrace end=%s\n' "$(now)" >>"$log"
    } 2>/dev/null
    exit 0
}

# The coprocess that owns `free`. Its standard input is a pipe from run.sh: that closes when run.sh is done or dies, in
# whatever way, and free ends with it. Says "ready" after the first record.
sample() {
    trap '' INT QUIT HUP TERM USR1 USR2 TSTP PIPE
    export LC_ALL=C
    local told=''
    sampler=
    if [[ $(free --help 2>&1) == *[[' ']-s* ]]; then
        free -s "$interval" >>"$log" 2>/dev/null </dev/null &
        sampler=$!
        until has_record; do
            kill -0 "$sampler" 2>/dev/null || break
            read -r -t 0.01
            (($? > 128)) || end_log
        done
        echo ready 2>/dev/null
        read -r
    else # busybox and its like know no -s
        while free >>"$log" 2>/dev/null; do
            [[ $told ]] || echo ready 2>/dev/null
            told=1
            read -r -t "$interval"
            (($? > 128)) || break
        done
        [[ $told ]] || echo failed 2>/dev/null
        read -r
    fi
    end_log
}

# Starts the recording, if it can be. The program runs in any case.
start_recording() {
    sampler_pid='' hold=''
    if ! type -P free >/dev/null; then
        say "no 'free' in PATH (package procps): $1 runs unrecorded"
        return
    fi
    if ! begin_log; then
        say "cannot write $log ($reason): $1 runs unrecorded; -l LOG names another place"
        return
    fi
    coproc SAMPLER { sample; }
    # shellcheck disable=SC2153 # the shell sets it
    sampler_pid=$SAMPLER_PID hold=${SAMPLER[1]}
    read -r -t 1 <&"${SAMPLER[0]}" || say "free has given no record yet; starting $1 all the same"
}

# Ends the recording; free is gone and the trailer written when this returns.
stop_recording() {
    [[ $sampler_pid ]] || return
    exec {hold}>&-
    wait "$sampler_pid" 2>/dev/null
}

# Draws the picture and says the verdict. Nothing that fails here counts.
plot() {
    local -a options=(--files "$log" --samp "$interval" --save "$out")
    [[ $sampler_pid ]] || return
    if [[ ! $memtrace ]]; then
        say "no memtrace, so no picture; the log is $log"
        return
    fi
    [[ -s $MEMTRACE_MARKS ]] && options+=(--marks "$MEMTRACE_MARKS")
    if "$memtrace" "${options[@]}" >&2 </dev/null; then
        say "the picture is $out, the log $log"
    else
        say "no picture; the log is $log; to try again: $memtrace --files $log --samp $interval --save $out"
    fi
}

# ---- running the command ----

# The trap of every signal while the command runs. What the terminal sends (INT, QUIT) the command has got already.
# shellcheck disable=SC2317 # called by traps
take_signal() {
    signalled=1
    if [[ $1 == INT || $1 == QUIT ]]; then
        return
    elif [[ $program ]]; then
        kill -s "$1" "$program" 2>/dev/null
    else
        pending=$1
    fi
}

# Sets `launcher` to the words that give a command back its INT and QUIT where bash cannot: before 4.3 it does not undo that what it
# starts in the background ignores both.
find_launcher() {
    local key value
    launcher=()
    ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 403)) || return
    while read -r key value; do
        [[ $key != SigIgn: ]] || break
    done </proc/$$/status
    ((16#$value & 2)) && return # ignored from the beginning
    if env --default-signal=INT,QUIT true 2>/dev/null; then
        launcher=(env --default-signal=INT --default-signal=QUIT)
    elif type -P perl >/dev/null; then
        # shellcheck disable=SC2016 # perl's
        launcher=(perl -e '$SIG{INT} = $SIG{QUIT} = "DEFAULT"; exec { $ARGV[0] } @ARGV')
    else
        say "bash $BASH_VERSION without perl: Ctrl-C will not reach $1"
    fi
}

# Runs the command, sets `status` to its exit status. A keeper waits for the command and tells us, through a pipe, its id and at last
# its status: bash can lose the status of a child that ends at the very moment a trapped signal breaks `wait`, which Ctrl-C makes
# likely. The keeper has no traps. The command runs in its foreground, with the input and the signals it would have had without us.
run() {
    local signals='TERM HUP USR1 USR2 INT QUIT' name pipe stderr keeper pending='' signalled
    local -a launcher
    { exec {pipe}<> <(:); } 2>/dev/null || {
        say "no /dev/fd here: $1 runs unrecorded"
        exec "$@"
    }
    exec {stderr}>&2 || exec {stderr}>/dev/null
    find_launcher "$1"
    program=''
    for name in $signals; do
        # shellcheck disable=SC2064 # the name is wanted now
        trap "take_signal $name" "$name"
    done
    (
        # shellcheck disable=SC2086 # words
        trap '' $signals
        [[ ! $hold ]] || exec {hold}>&-
        (
            # shellcheck disable=SC2086 # words
            trap - $signals
            echo "$BASHPID" >&"$pipe"
            exec 2>&"$stderr" {stderr}>&- {pipe}>&-
            exec ${launcher[@]+"${launcher[@]}"} "$@"
        )
        echo $? >&"$pipe"
    ) <&0 2>/dev/null & # bash would tell of a signal in words of its own
    keeper=$!
    until read -r -t 1 -u "$pipe" program; do
        kill -0 "$keeper" 2>/dev/null || break
    done
    [[ ! $pending ]] || kill -s "$pending" "$program" 2>/dev/null
    while :; do
        signalled=
        wait "$keeper" 2>/dev/null
        status=$?
        [[ $signalled ]] || break # else a trap may have broken the wait
        kill -0 "$keeper" 2>/dev/null || break
    done
    # shellcheck disable=SC2086 # words
    trap '' $signals # a second one must not cost the picture
    read -r -t 1 -u "$pipe" name && status=$name
    exec {pipe}>&- {stderr}>&-
    if ((status > 128 && status < 192)) && name=$(kill -l "$status" 2>/dev/null); then
        say "$1 ended with status $status: signal $name"
    fi
}

take_options() {
    interval=1 log='' out='' command=run
    while (($#)); do
        case $1 in
        -s | -o | -l)
            (($# > 1)) || refuse "$1 needs a value"
            set_option "$1" "$2"
            shift
            ;;
        -[sol]?*) set_option "${1:0:2}" "${1:2}" ;;
        --setup) command=setup ;;
        -h | --help)
            usage
            exit 0
            ;;
        --)
            shift
            break
            ;;
        -*) refuse "unknown option $1" ;;
        *) break ;;
        esac
        shift
    done
    rest=$#
    [[ $command == setup ]] || (($#)) || refuse "no COMMAND to run"
    [[ $interval =~ ^([0-9]+\.?[0-9]*|\.[0-9]+)$ && $interval =~ [1-9] ]] ||
        refuse "-s takes seconds above 0, such as 2 or 0.5, not '$interval'"
}

set_option() {
    [[ $2 ]] || refuse "$1 needs a value"
    case $1 in
    -s) interval=$2 ;;
    -o) out=$2 ;;
    -l) log=$2 ;;
    esac
}

main() {
    take_options "$@"
    shift $(($# - rest))
    home=$(find_home)
    if [[ $command == setup ]]; then
        set_up || exit 1
        say "ready: $memtrace"
        exit 0
    fi

    if ! type -P -- "$1" >/dev/null; then
        if [[ -e $1 && $1 == */* ]]; then
            say "$1: cannot be executed"
            exit 126
        fi
        say "$1: command not found"
        exit 127
    fi
    set_up || :

    local marks
    host=$(uname -n)
    log=${log:-$host-mem.log}
    start_recording "$1" # a signal before the command runs ends us, and by that the recording
    out=${out:-${log%.log}.png}
    [[ $log == /* ]] && marks=${log%.log}.marks || marks=$PWD/${log%.log}.marks
    export MEMTRACE_MARKS=${MEMTRACE_MARKS:-$marks} # the program may change its folder
    run "$@"
    stop_recording
    plot
    exit "$status"
}

main "$@"
