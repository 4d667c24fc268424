#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# run.sh: runs a command while recording the memory of this machine and of the job, then plots it with memtrace. It must never change
# what the command sees or returns. Needs bash 4.2 or later; see --help.

# Other shells run the lines up to here, so these work in all of them.
case ${BASH_VERSION-} in
'' | [123].* | 4.[01].*)
    echo "${0##*/}: needs bash 4.2 or later, not ${BASH_VERSION:-this shell}; with such a bash: bash $0 ..." >&2
    exit 2
    ;;
esac
# The environment must not affect this script; the command gets the original environment (see start_command). In posix mode no function
# can replace unset and set.
POSIXLY_CORRECT=1
unset -f unset set builtin eval exec exit printf read trap
set +o posix
if [[ -r /proc/$$/environ ]]; then
    while IFS= read -r -d '' mt_entry; do # a list by compgen would need a process
        case $mt_entry in
        BASH_FUNC_*)
            mt_entry=${mt_entry#BASH_FUNC_} mt_entry=${mt_entry%%=*}
            unset -f "${mt_entry%??}"
            ;;
        [A-Za-z_]*'=() {'*) unset -f "${mt_entry%%=*}" ;;
        esac
    done </proc/$$/environ
fi
set +aefkuC +o pipefail
export -n SHELLOPTS BASHOPTS # our options are not for the shells that we start
unset -v TMOUT CDPATH GLOBIGNORE POSIXLY_CORRECT BASH_COMPAT
shopt -s execfail
shopt -u nocasematch nullglob failglob compat31
me=${0##*/}

usage() {
    cat <<END
Usage: $me [-s SECONDS] [-o OUT] [-l LOG] [--scope] [--no-top] [--] COMMAND [ARG...]
Records the memory of this machine while COMMAND runs, and of the job (its memory cgroup) where one has a limit, then plots it.

  -s SECONDS   time between samples, fractions allowed (default 1)
  -o OUT       the plot: .png, .svg or another format that memtrace writes (default: the log's name with .png)
  -l LOG       the log (default HOST-mem.log here); its name is the label in the plot, as in -l before.log
      --scope  run COMMAND in a memory cgroup of its own, if permitted: the plot then shows COMMAND, not the machine
      --no-top do not record the names of the three largest processes
      --setup  only install missing packages and build memtrace
      --version, -h, --help

An earlier log or plot of that name is kept as NAME.old. The exit status is COMMAND's (128+n if signal n ended it). All messages of
$me go to stderr. COMMAND finds in \$MEMTRACE_MARKS a file for events: echo "\$(date +%s) solve" >>"\$MEMTRACE_MARKS"
\$MEMTRACE is the path of another memtrace to plot with.

Examples:
  $me ./solver input.dat
  $me -s 0.1 -o solver.svg -- ./solver input.dat
END
}

say() { printf '%s: %s\n' "$me" "${1//[[:cntrl:]]/?}" >&2 2>/dev/null; }
refuse() {
    say "$1; see '$me --help'"
    stage=refused
    exit 2
}

# ---- finding, and if need be making, memtrace ----

# Sets `script`, this file with symbolic links followed, and `home`, its folder.
find_home() {
    local link
    script=${BASH_SOURCE[0]}
    while [[ -L $script ]]; do
        link=$(readlink "$script") || break
        [[ $link == /* ]] || link=$(dirname -- "$script")/$link
        script=$link
    done
    [[ $script == */* ]] && home=${script%/*} || home=.
    [[ $home == /* ]] || home=$PWD/${home#./}
    [[ $home != *..* ]] || home=$(cd -- "$home" && pwd -P)
    home=${home%/.} script=$home/${script##*/}
}

# Sets `line` to the next line of the pipe $1. Returns false, above 128, if none has come after $2 seconds. On a busy machine, the time
# can end within a line; its beginning is kept for the next call.
next_line() {
    local part='' status=0
    IFS= read -r -t "$2" -u "$1" part || status=$?
    partial[$1]=${partial[$1]-}$part
    ((status == 0)) || return "$status"
    line=${partial[$1]} partial[$1]=
}

# Prints a command's output. Returns false if it fails or has not ended after $1 seconds.
ask() {
    local deadline=$((SECONDS + $1)) fd pid='' line status=0 text=''
    shift
    exec {fd}< <(
        (
            echo "$BASHPID"
            exec "$@" 2>&1 </dev/null
        ) &
        wait $!
        printf '\n%s\n' $?
    )
    next_line "$fd" 5 && pid=$line
    while :; do
        next_line "$fd" $((deadline > SECONDS ? deadline - SECONDS : 1)) || status=$?
        ((status == 0)) || break
        text+=$line$'\n'
    done
    partial[fd]=
    if ((status > 128)); then
        kill -KILL "$pid" 2>/dev/null
        status=124
    else
        text=${text%$'\n'}
        status=${text##*$'\n'}
        text=${text%"$status"}
    fi
    exec {fd}<&-
    printf '%s' "${text%$'\n'}"
    return "$((status))"
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
        if [[ $candidate && -f $candidate && -x $candidate ]] && ask 5 "$candidate" -V >/dev/null; then
            memtrace=$candidate
            return
        fi
    done
    return 1
}

has_compiler() { type -P "${CC:-cc}" >/dev/null || type -P gcc >/dev/null || type -P clang >/dev/null; }

# Lists in words what a build lacks; empty if nothing is missing or there is nothing to build. Includes free if something else must be
# installed anyway, and always with --setup.
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
    [[ $action == run && ! $missing ]] || type -P free >/dev/null || missing+=', free'
    printf '%s' "${missing#, }"
}

# Sets `install` to this distribution's command that installs what is missing ($1, from list_missing), or to nothing.
find_installer() {
    local free=procps build
    if type -P apt-get >/dev/null; then # libcairo2-dev pulls in FreeType under whatever name it has there
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

# Runs a command as root if that works without a prompt; prints its output only if it fails.
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

# Installs missing packages if permitted, and reports it first; otherwise reports what to install. Returns false if something is still
# missing.
install_missing() {
    local missing words ways="without root, put a static memtrace into $home or set MEMTRACE=/path/to/memtrace"
    missing=$(list_missing)
    [[ $missing ]] || return 0
    if ! find_installer "$missing"; then
        say "missing: $missing; install them with the package manager; $ways"
        return 1
    fi
    if ((EUID != 0)) && ! sudo -n true 2>/dev/null </dev/null; then
        say "missing: $missing; ask an administrator to run: $install; $ways"
        return 1
    fi
    say "missing: $missing; installing once: $install"
    read -r -a words <<<"$install"
    if [[ ${words[0]} == apt-get ]]; then
        as_root apt-get update -q || say "'apt-get update' failed; continuing with the current package lists"
    fi
    as_root "${words[@]}"
    hash -r
    missing=$(list_missing)
    [[ $missing ]] || return 0
    say "still missing after '$install': $missing; $ways"
    return 1
}

# Builds memtrace next to this script, only once even if many run.sh start together.
build_memtrace() {
    local output compiler
    exec 9<"$home"
    type -P flock >/dev/null && flock 9
    if ! find_memtrace; then
        say "building memtrace in $home (once; may take a minute)"
        for compiler in "${CC:-cc}" gcc clang; do
            ! type -P "$compiler" >/dev/null || break
        done
        if ! output=$(make -C "$home" CC="$compiler" memtrace 2>&1 </dev/null); then
            printf '%s\n' "$output" | tail -n 5 >&2
            say "cannot build memtrace; for details run: make -C $home"
        fi
    fi
    exec 9<&-
    find_memtrace
}

# Sets `memtrace`, installing and building as needed. Returns false, with a message, if there is none in the end.
set_up() {
    find_memtrace || :
    [[ $memtrace ]] && { [[ $action == run ]] || type -P free >/dev/null; } && return 0
    if [[ ! $memtrace && ! -f $home/Makefile ]]; then
        say "no memtrace in $home or PATH; set MEMTRACE=/path/to/memtrace or put a static build there"
        return 1
    fi
    install_missing || return 1
    [[ $memtrace ]] || build_memtrace
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

# ---- recording ----

# Encodes a value for the header line: special characters become %XX, and very long values are truncated.
encode() { # in a subshell
    exec 2>/dev/null # bash warns of a missing locale whenever it returns to it
    local LC_ALL=C text=$1 coded='' char i
    for ((i = 0; i < ${#text} && ${#coded} < 900; i++)); do
        char=${text:i:1}
        case $char in
        [A-Za-z0-9._/:@+,-]) coded+=$char ;;
        *) printf -v char %d "'$char" && printf -v char %%%02X "$((char & 255))" && coded+=$char ;;
        esac
    done
    printf '%s' "$coded"
}

# Sets `now`, in hundredths of a second on a clock that is never adjusted.
tick() {
    local up=$SECONDS.00
    read -r up _ </proc/uptime
    now=$((${up%.*} * 100 + 1${up#*.} - 100))
}

# Sets `facts`, the header keys that we add, and `limit`, the job's memory as Slurm states it.
find_facts() {
    facts="pid=$$ node=$(encode "$host") command=$(encode "$*")"
    limit=
    if [[ ${SLURM_JOB_ID-} ]]; then
        facts+=" job=$(encode "$SLURM_JOB_ID")"
        [[ ${SLURM_JOB_NAME-} ]] && facts+=" name=$(encode "$SLURM_JOB_NAME")"
        limit=${SLURM_MEM_PER_NODE-}
        if [[ ! $limit && ${SLURM_MEM_PER_CPU-} =~ ^[0-9]+$ && ${SLURM_CPUS_ON_NODE-} =~ ^[0-9]+$ ]]; then
            limit=$((SLURM_MEM_PER_CPU * SLURM_CPUS_ON_NODE))
        fi
        [[ $limit =~ ^[1-9][0-9]*$ ]] && limit+=M || limit=
    fi
}

# True if the log at $1 belongs to another run.sh that is still running: on this machine a living process, elsewhere one that has
# written recently.
is_in_use() {
    local line='' pid node tries age
    for ((tries = 0; tries < 20; tries++)); do # it may have been created this very moment
        read -r line 2>/dev/null <"$1"
        [[ ! $line && -e $1 ]] || break
        sleep 0.02
    done
    [[ $line == '# memtrace 1 '* ]] || return 1
    ! grep -q '^# memtrace end=' "$1" || return 1
    line+=' '
    pid=${line#* pid=} pid=${pid%% *}
    node=${line#* node=} node=${node%% *}
    if [[ $node == "$(encode "$host")" ]]; then
        [[ $pid =~ ^[0-9]+$ && -d /proc/$pid ]]
    else
        age=$(($(date +%s) - $(stat -c %Y -- "$1" 2>/dev/null || echo 0)))
        ((age < 60 + 3 * 10#0${interval%%.*}))
    fi
}

# Creates the log, which must not exist, with a first header line. Returns 1 if it cannot be created, 2 if it cannot be written, with
# the system's message in `reason`.
create_log() {
    local status
    reason=$(
        trap '' XFSZ # writing fails beyond a file size limit
        set -C
        { : >"$log"; } 2>&1 || exit 1
        { printf '# memtrace 1 host=%s %s\n' "$label" "$facts" >>"$log"; } 2>&1 || exit 2
    )
    status=$?
    reason=${reason##*: }
    ((status != 2)) || [[ -s $log || ! -f $log ]] || rm -f -- "$log"
    return "$status"
}

# Begins the log: sets `log` to a file that only we write. Returns false with the reason in `reason` if that is impossible.
begin_log() {
    local other stale=$log.$$ tries
    [[ $log == *-mem.log ]] && other=${log%-mem.log}-$$-mem.log || other=${log%.log}-$$.log
    for ((tries = 0; tries < 9; tries++)); do
        create_log && return 0
        (($? == 1)) && [[ -e $log ]] || return 1
        if [[ -L $log && -f $log ]]; then # a symbolic link is meant to be written through
            reason=$({ : >|"$log"; } 2>&1) && return 0
            reason=${reason##*: }
            return 1
        fi
        [[ -f $log ]] || return 1
        if is_in_use "$log"; then
            say "$log is being written by another run; using $other"
            log=$other other=${other%.log}+.log
        elif mv -f -- "$log" "$stale" 2>/dev/null; then
            if is_in_use "$stale"; then # another run.sh was faster, and this is its log
                mv -n -- "$stale" "$log" 2>/dev/null
            else
                mv -f -- "$stale" "$log.old" 2>/dev/null
                keep_old "${log%.log}.marks"
            fi
        elif [[ -e $log ]]; then
            reason="cannot rename the earlier one"
            return 1
        fi
    done
    return 1
}

# Keeps an earlier file of that name.
keep_old() { [[ ! -f $1 || -L $1 ]] || mv -f -- "$1" "$1.old" 2>/dev/null; }

# Runs and ends the sampler. Its standard input is a pipe from run.sh, which closes when run.sh ends or dies in any way; then the
# sampler ends, too. Before that, run.sh may send a line with the last facts for the trailer. The sampler has its own process group, so
# that signals from the terminal or a batch system to our group do not end or stop it.
record() {
    local line='' sampler killer status end file deadline=$((SECONDS + 40))
    # shellcheck disable=SC2064,SC2086 # words
    trap : $forwarded INT QUIT PIPE
    exec {file}<>"$log" || return
    set -m
    "$BASH" -c "$memtrace_sampler" memtrace-sampler "$interval" host="$label" facts="$facts" limit="$limit" top="$top" \
        ${scope:+group="$scope"} open=yes say=3 boss=$$ family=$$ </dev/null 3>&1 1>&"$file" 2>/dev/null &
    sampler=$!
    # If bash cannot start the command because there are too many processes, it waits for us before it gives up, so we must not wait
    # forever.
    until next_line 0 5; do
        (($? > 128 && SECONDS < deadline)) || break
    done
    if [[ $line == go ]]; then
        line=''
        until next_line 0 3600; do
            (($? > 128)) || break
        done
    fi
    kill -TERM -- "-$sampler"
    { sleep 3 && kill -KILL -- "-$sampler"; } </dev/null >/dev/null &
    killer=$!
    while :; do
        wait "$sampler"
        status=$?
        kill -0 "$sampler" || break
    done
    kill -KILL -- "-$killer" "-$sampler"
    if ((status == 0)); then
        printf '%s\n' "${line:+ $line}" >&"$file"
    else # it was killed
        end=$(date -r "$log" +%s.%N)
        [[ $end =~ ^[0-9]+\.[0-9]+$ ]] || end=$(date +%s)
        printf '\n# memtrace end=%s%s\n' "$end" "${line:+ $line}" >>"$log"
        echo killed
    fi
    [[ ! $scope ]] || rmdir "$scope"
} 2>/dev/null

# The coprocess: the parent of `record`, and a witness. It reports which signals were sent to the whole process group, as the command
# has then already received them.
attend() {
    local name recorder
    for name in $forwarded; do
        # shellcheck disable=SC2064 # the name must be expanded now
        trap "echo signal $name" "$name"
    done
    trap : INT QUIT PIPE
    exec {pipe}>&-
    record <&0 &
    recorder=$!
    exec </dev/null
    while :; do
        wait "$recorder"
        kill -0 "$recorder" || break
    done
    exit 0
} 2>/dev/null

# Starts the recording if possible. The command runs in any case.
start_recording() {
    local line
    recorder='' hold='' news=''
    find_facts "$@"
    if ! begin_log; then
        say "cannot write $log ($reason); running $1 without recording; use -l LOG for another place"
        return
    fi
    type -P free >/dev/null || say "no 'free' in PATH (package procps); reading /proc/meminfo instead"
    [[ ! $scope_wanted ]] || make_scope
    coproc SAMPLER { attend; }
    # shellcheck disable=SC2153 # the shell sets it
    recorder=$SAMPLER_PID
    exec {hold}>&"${SAMPLER[1]}" {news}<&"${SAMPLER[0]}"
    eval "exec ${SAMPLER[1]}>&- ${SAMPLER[0]}<&-"
    ready=1
    next_line "$news" 1 || { ready='' && say "free has not printed a record yet; starting $1 anyway"; }
}

# Prints a message for a report from the recorder.
take_news() { # WORD REST
    case $1 in
    ready) ready=1 ;;
    pause) say "the recording paused for ${2/#0/less than 1} s in total (process suspended or machine asleep); the plot shows gaps" ;;
    lost) say "cannot write all samples to $log; is the disk full?" ;;
    ended) say "free ended before $command; $log ends early" ;;
    runaway) say "free prints without pausing; $log ends early" ;;
    failed) ready=1 && say "no record from free or /proc/meminfo" ;;
    killed) ready=1 && say "the sampler was killed, perhaps because memory ran out; $log may end early" ;;
    esac
}

# Ends the recording. Afterwards the sampler has ended and the trailer is written. $1: the last facts.
stop_recording() {
    local line tries
    [[ $recorder ]] || return
    while [[ ! $ready ]] && next_line "$news" 5; do # even a short command on a busy machine gets a record
        take_news "${line%% *}" "${line#* }"
    done
    { printf '%s\n' "$1" >&"$hold"; } 2>/dev/null
    exec {hold}>&-
    for ((tries = 0; tries < 10; tries++)); do
        while next_line "$news" 1; do
            take_news "${line%% *}" "${line#* }"
        done
        (($? > 128)) || break
    done
    wait "$recorder" 2>/dev/null
}

# ---- a group of its own ----

# Sets `scope` to a new memory cgroup for the command, if the system permits that.
make_scope() {
    local names path group=''
    scope=
    while IFS=: read -r _ names path; do
        case ,$names, in
        *,memory,*) group=/sys/fs/cgroup/memory${path%/}/memtrace-$$ ;;
        ,,) [[ $group ]] || group=/sys/fs/cgroup${path%/*}/memtrace-$$ ;; # next to our own, as a group with processes cannot have children
        esac
    done </proc/self/cgroup
    if [[ $group ]] && mkdir "$group" 2>/dev/null; then
        if [[ -w $group/cgroup.procs ]] && [[ -r $group/memory.current || -r $group/memory.usage_in_bytes ]] &&
            (echo "$BASHPID" >"$group/cgroup.procs") 2>/dev/null; then
            scope=$group
            return
        fi
        rmdir "$group" 2>/dev/null
    fi
    [[ $scoped ]] && scope=own && return
    say "cannot create a memory cgroup for $command; recording the whole machine, as without --scope"
}

# Runs this script again in a scope of the user's systemd, if that is the way to a cgroup.
enter_scope() {
    local path=
    [[ ! $scoped && -e /sys/fs/cgroup/cgroup.controllers ]] || return
    while IFS=: read -r _ _ path; do :; done </proc/self/cgroup
    [[ ! -w /sys/fs/cgroup${path%/*}/cgroup.procs ]] || return # we can create it ourselves
    type -P systemd-run >/dev/null && ask 5 systemd-run --user --scope --quiet -- true >/dev/null || return
    read_environment 2>/dev/null
    exec env -i -- "${environment[@]}" systemd-run --user --scope --quiet -- "$BASH" "$script" --scoped "$@"
}

# ---- running the command ----

# Sets `environment` to the environment of this script at its start, byte for byte: bash has changed parts of it, and our own variables
# may have the same names. False if it is unknown. May print a warning if the locale is missing.
read_environment() {
    local LC_ALL=C entry
    environment=()
    [[ -r /proc/$$/environ ]] || return
    while IFS= read -r -d '' entry; do
        environment+=("$entry")
    done </proc/$$/environ
}

# Becomes the command, in its own environment plus MEMTRACE_MARKS.
become() {
    local i path size=0 word most
    hash -- "$1" 2>/dev/null
    path=${BASH_CMDS[$1]-$1}
    if read_environment 2>/dev/null && type -P env >/dev/null && [[ $1 != *=* ]]; then
        for ((i = 0; i < ${#environment[@]}; i++)); do
            case ${environment[i]} in
            _=*) environment[i]=_=$path ;; # as a shell would have set it for the command
            MEMTRACE_MARKS=*) marks=${marks:-${environment[i]#*=}} environment[i]=MEMTRACE_MARKS= ;;
            esac
        done
        [[ ! $marks ]] || environment+=("MEMTRACE_MARKS=$marks")
        for word in "${environment[@]}" "$@"; do
            size=$((size + ${#word} + 9))
        done
        while read -r _ word _ most _; do
            [[ $word != stack ]] || break
        done </proc/$$/limits
        [[ $most =~ ^[0-9]+$ ]] || most=8388608
        # env finds the command as nohup and srun do; the environment counts twice, as it is briefly passed as an argument
        if ((2 * size < most / 5)); then
            exec ${launcher[@]+"${launcher[@]}"} env -i -- "${environment[@]}" "$@"
        fi
    fi
    export MEMTRACE_MARKS=$marks
    exec ${launcher[@]+"${launcher[@]}"} -- "$@"
}

# True unless process $1 still has something to do, which on a busy machine may be delayed.
# shellcheck disable=SC2317 # called by a trap
is_asleep() {
    local stat
    { read -r stat </proc/"$1"/stat; } 2>/dev/null || return 0
    stat=${stat##*) }
    [[ $stat == [SZX]* ]]
}

# The trap of every signal while the command runs. It only records the signal while another one is being forwarded or a `read` waits,
# because a nested `read` would reset the time-out.
# shellcheck disable=SC2317 # called by traps
take_signal() {
    signalled=1
    [[ $1 != INT && $1 != QUIT ]] || return
    queue+=("$1")
    [[ $busy ]] || pass_on
}

# Forwards the signals of `queue`. The command has already received those from the terminal (INT, QUIT) and those that the witness
# received, which were sent to the whole process group.
pass_on() {
    local name
    busy=1
    while ((${#queue[@]})); do
        name=${queue[0]}
        queue=("${queue[@]:1}")
        ask_witness "$name"
        if [[ ${seen[$name]-} ]]; then
            unset -v "seen[$name]"
        else
            kill -s "$name" "$program" 2>/dev/null
        fi
    done
    busy=
    ((${#queue[@]} == 0)) || pass_on # it has just arrived
}

# Reads the reports of the witness until it has received the signal $1, or certainly has not.
ask_witness() {
    local line patience=0.25 deadline=$((SECONDS + 5))
    while [[ $recorder && ! ${seen[$1]-} ]]; do
        if next_line "$news" "$patience"; then
            if [[ $line == "signal "* ]]; then
                seen[${line#* }]=1
            else
                take_news "${line%% *}" "${line#* }"
            fi
        elif [[ $patience == 0.01 ]]; then
            break
        elif ((SECONDS > deadline)) || is_asleep "$recorder"; then
            patience=0.01 # anything newer
        fi
    done
}

# Sets `launcher` to a prefix that restores INT and QUIT for the command where bash cannot: before 4.3 it cannot undo that background
# commands ignore both.
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

# Runs the command and sets `status` to its exit status. A keeper waits for the command and reports its id and then its status through
# a pipe, because bash can lose the status of a child that ends just when a trapped signal interrupts `wait`, which is likely with
# Ctrl-C. The keeper's traps do nothing (ignoring signals would be inherited permanently). The command runs in the keeper's foreground,
# with the input and the signals it would have without us.
run() {
    local name line='' stderr stdin='<&0' keeper busy=1 signalled
    local -a launcher queue=()
    local -A seen=()
    exec {stderr}>&2 || exec {stderr}>/dev/null
    { : <&0; } 2>/dev/null || stdin='<&-'
    find_launcher "$1"
    program=''
    for name in $forwarded INT QUIT; do
        # shellcheck disable=SC2064 # the name must be expanded now
        trap "take_signal $name" "$name"
    done
    # shellcheck disable=SC2034 # used by eval
    eval 'keep "$@" '"$stdin"' 2>/dev/null &' # bash would report a signal in its own words
    keeper=$!
    stage=running
    until next_line "$pipe" 1; do
        kill -0 "$keeper" 2>/dev/null || break
    done
    [[ $line ]] || next_line "$pipe" 0.1 || next_line "$pipe" 0.5
    if [[ $line == "id "* ]]; then
        program=${line#id }
    else # the keeper could not start another process
        exec {pipe}>&- {stderr}>&-
        stage=before
        return
    fi
    [[ ! $hold ]] || { echo go >&"$hold"; } 2>/dev/null
    pass_on
    while :; do
        signalled=
        wait "$keeper" 2>/dev/null
        status=$?
        kill -0 "$keeper" 2>/dev/null || break
        [[ $signalled ]] || sleep 0.05 # a trap interrupts the wait; bash may do so once more for an earlier signal
    done
    # shellcheck disable=SC2064,SC2086 # words
    trap 'hurried=1' $forwarded INT QUIT # a second signal must not cost the plot
    { next_line "$pipe" 1 || next_line "$pipe" 5; } && status=${line#status }
    exec {pipe}>&- {stderr}>&-
    stage=plotting
    if ((status > 128 && status < 192)) && name=$(kill -l "$status" 2>/dev/null); then
        say "$1 ended with status $status: signal $name"
    fi
}

keep() {
    # shellcheck disable=SC2064,SC2086 # words
    trap : $forwarded INT QUIT PIPE XFSZ
    [[ ! $hold ]] || exec {hold}>&- {news}<&-
    (
        # shellcheck disable=SC2086 # words
        trap - $forwarded INT QUIT PIPE XFSZ
        echo "id $BASHPID" >&"$pipe"
        [[ ! $scope || $scope == own ]] || echo "$BASHPID" >"$scope/cgroup.procs"
        exec 2>&"$stderr" {stderr}>&- {pipe}>&-
        become "$@"
    )
    echo "status $?" >&"$pipe"
}

# Runs memtrace with the options "$@" and sets `failed` to its exit status. After a signal it gets three more seconds.
draw() {
    local plotter i
    (
        # shellcheck disable=SC2086 # words
        trap '' $forwarded INT QUIT PIPE XFSZ
        exec "$memtrace" "$@" >&2 </dev/null
    ) &
    plotter=$!
    while :; do
        wait "$plotter" 2>/dev/null
        failed=$?
        kill -0 "$plotter" 2>/dev/null || break
        for ((i = 0; i < 60 && hurried; i++)); do
            kill -0 "$plotter" 2>/dev/null || break
            sleep 0.05
        done
        ((i < 60)) || kill -KILL "$plotter" 2>/dev/null
    done
}

# Draws the plot and prints the summary. Failures here do not change the exit status.
plot() {
    local -a options=(--files "$log" --samp "$interval" --save "$out")
    local failed
    [[ $recorder ]] || return
    if [[ ! $memtrace ]]; then
        say "memtrace not found, no plot; the log is $log"
        return
    fi
    keep_old "$out"
    [[ -f $marks && -s $marks ]] || marks=''
    draw "${options[@]}" ${marks:+--marks "$marks"}
    if [[ $marks && ! -s $out ]] && ((failed && !hurried)); then
        say "drawing without the events of $marks"
        draw "${options[@]}"
    fi
    if ((failed == 0)) && [[ -s $out ]]; then
        say "the plot is $out, the log is $log"
        return
    fi
    [[ -e $out || ! -f $out.old ]] || mv -f -- "$out.old" "$out"
    say "no plot; the log is $log; to try again: $memtrace --files $log --samp $interval --save $out"
}

# ---- main ----

set_option() {
    [[ $2 ]] || refuse "$1 needs a value"
    case $1 in
    -s) interval=$2 ;;
    -o) out=$2 ;;
    -l) log=$2 ;;
    esac
}

take_options() {
    interval=1 log='' out='' action=run top=yes scope_wanted='' scoped=''
    while (($#)); do
        case $1 in
        -s | -o | -l)
            (($# > 1)) || refuse "$1 needs a value"
            set_option "$1" "$2"
            shift
            ;;
        -[sol]?*) set_option "${1:0:2}" "${1:2}" ;;
        --no-top) top=no ;;
        --scope) scope_wanted=1 ;;
        --scoped) scope_wanted=1 scoped=1 ;; # set by enter_scope
        --setup) action=setup ;;
        --version) action=version ;;
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
    [[ $action != run ]] || (($#)) || refuse "no COMMAND given"
    [[ $interval =~ ^0*([0-9]{1,8}(\.[0-9]*)?|\.[0-9]+)$ && $interval =~ ^0*([1-9]|\.[0-9]{0,5}[1-9]) ]] ||
        refuse "-s takes seconds from 0.000001 to 99999999, such as 2 or 0.5, not '$interval'"
}

print_version() {
    local version
    find_memtrace && version=$(ask 5 "$memtrace" -V)
    version=${version%%$'\n'*}
    if [[ ! $version && -r $home/Makefile ]]; then
        version="memtrace $(sed -n 's/^VERSION *[:?]*= *//p' "$home/Makefile")"
    fi
    printf '%s of %s\n' "$me" "${version:-memtrace (not found)}"
}

# Refuses a command that cannot run, as a shell would.
check_command() {
    type -P -- "$1" >/dev/null && return
    stage=refused
    if [[ -e $1 && $1 == */* ]]; then
        say "$1: cannot be executed"
        exit 126
    fi
    say "$1: command not found"
    exit 127
}

# Refuses an output that cannot be written before the command has run in vain.
check_out() {
    local folder=. words status
    [[ $out ]] || return
    [[ $out != - ]] || refuse "-o takes a file name, not -"
    [[ ${out##*/} == *.* ]] || out+=.png # as memtrace does
    if [[ $memtrace ]]; then
        words=$(ask 5 "$memtrace" --save "$out" --help)
        status=$?
        if ((status == 2)); then
            words=${words%%$'\n'*}
            words=${words#memtrace: }
            refuse "${words/--save/-o}"
        fi
    else
        case $out in
        *.png | *.svg | *.pdf | *.html) ;;
        *) refuse "-o takes a name that ends in .png, .svg, .pdf or .html, not '$out'" ;;
        esac
    fi
    [[ $out != */* ]] || folder=${out%/*}/
    [[ -d $folder ]] || refuse "-o: folder $folder does not exist"
    [[ ! -d $out ]] || refuse "-o: $out is a folder"
    [[ -w $folder ]] || refuse "-o: cannot write to folder $folder"
}

# Sets `host`, `log`, `label`, `out` and `marks`.
find_names() {
    { read -r host </proc/sys/kernel/hostname; } 2>/dev/null || host=$(uname -n)
    if [[ $log ]]; then
        label=${log##*/}
        label=${label%.log}
        label=${label%-mem}
    else
        log=${host//\//_}-mem.log label=$host
    fi
    label=$(encode "${label:-$host}")
    [[ $log != -* ]] || log=./$log
    [[ $out != -* || $out == - ]] || out=./$out
}

main() {
    take_options "$@"
    shift $(($# - rest))
    find_home
    case $action in
    version)
        print_version
        exit 0
        ;;
    setup)
        set_up || exit 1
        say "ready: $memtrace"
        exit 0
        ;;
    esac
    command=$1 stage=before
    check_command "$1"
    find_names
    set_up || :
    check_out
    [[ ! $scope_wanted ]] || enter_scope "${arguments[@]}"

    local begun wall pipe
    { exec {pipe}<> <(:); } 2>/dev/null || exit 254 # last_resort continues
    start_recording "$@" # a signal before the command runs ends us, and thereby the recording
    out=${out:-${log%.log}.png}
    marks=${MEMTRACE_MARKS-}
    [[ $marks ]] || { [[ $log == /* ]] && marks=${log%.log}.marks || marks=$PWD/${log%.log}.marks; } # the command may change its directory
    tick
    begun=$now
    run "$@"
    [[ $stage != before ]] || exit 254
    tick
    wall=$((now - begun + 100000000)) # for leading zeros
    stop_recording "status=$status wall=$((wall / 100 - 1000000)).${wall: -2}"
    plot
    exit "$status"
}

# Bash exits if it cannot start a process. The command must run anyway, in place of this script.
# shellcheck disable=SC2317 # called by a trap
last_resort() {
    case $stage$1 in
    before126 | before254) stage=replaced ;; # the status with which bash then exits; after a signal it is different
    before*) return ;;
    running* | plotting*) exit "$status" ;;
    *) return ;;
    esac
    say "cannot start processes; running $command without recording"
    shift $(($# - rest)) # $1 was the status
    # shellcheck disable=SC2086 # words
    trap - PIPE XFSZ INT QUIT $forwarded
    [[ ! $hold ]] || exec {hold}>&-
    [[ ! $news ]] || exec {news}<&-
    marks=${marks:-${MEMTRACE_MARKS-}} launcher=()
    become "$@"
}

# Signals that the terminal, batch systems and limits send, other than INT and QUIT.
forwarded=
for mt_name in TERM HUP USR1 USR2 ALRM VTALRM PROF XCPU IO PWR STKFLT ABRT SYS TRAP RTMIN RTMIN+{1..15} RTMAX-{14..1} RTMAX; do
    ! kill -l "$mt_name" >/dev/null 2>&1 || forwarded+=" $mt_name"
done
trap : PIPE XFSZ # a closed or full stderr is no reason to end
arguments=("$@") stage='' scope='' recorder='' ready='' hold='' partial=() news='' marks='' hurried=0 status=1
trap 'last_resort "$?" "${arguments[@]}"' EXIT
main "$@"
