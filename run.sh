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

# ---- sampler ----
# The same block is in run.sh and slurm.sh, and a test compares them: POSIX sh, no apostrophes. It runs where the memory is, as
#   sh -c "$memtrace_sampler" memtrace-sampler INTERVAL [host=NAME] [facts="KEY=VALUE ..."] [limit=SIZE] [top=no] [open=yes] [say=FD] [boss=PID]
# (bash, where there is one, needs half the time of dash: it can read a file at once)
# and prints the log: a header line, the records of `free`, within a limited memory cgroup rows "Job:" (and "Jobswap:") after each, the
# lines "# memtrace oom_kill=N" and "# memtrace top=NAME:PID:RSS_KIB,...", after a pause another header, and a trailer with the time of
# the last record. facts and limit go into the header (limit only if no cgroup is limited); open=yes leaves the trailer without its
# newline; to FD it says "ready" after the first record, at the end "pause SECONDS", "lost", "runaway" where that is so; it ends when
# process PID is gone, or on TERM to it and its children. A sample costs builtins only, no process. For tests, $MEMTRACE_TEST_CGROUP
# stands for /sys/fs/cgroup and $MEMTRACE_TEST_PROC for /proc.
# shellcheck disable=SC2016,SC2034 # expanded where it runs
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
host= facts= limit= top=yes open= say= boss=
for word; do
    case $word in
    host=*) host=${word#*=} ;;
    facts=*) facts=" ${word#*=}" ;;
    limit=*) limit=${word#*=} ;;
    top=*) top=${word#*=} ;;
    open=*) open=yes ;;
    say=*) say=${word#*=} ;;
    boss=*) boss=${word#*=} ;;
    esac
done
proc=${MEMTRACE_TEST_PROC:-/proc}
clock=$proc/uptime
[ -r "$clock" ] || clock=/proc/uptime

# False for what the kernel writes for "no limit", too.
is_number() { case $1 in "" | *[!0-9]* | ???????????????????*) return 1 ;; esac; }

# Sets word2 and word3.
split() { word2=$2 word3=$3; }

# What is not plain as %XX; sets coded.
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

# Sets now, hundredths of a second on a clock that nobody sets.
tick() {
    read -r up idle <"$clock" || return
    frac=${up#*.}
    case $frac in ??) now=$((${up%.*} * 100 + 1$frac - 100)) ;; *) now=$((${up%%.*} * 100)) ;; esac
}

# The time since 1970 at $1 on that clock; sets stamp.
stamp_of() {
    stamp=$((birth + $1))
    frac=$((100 + stamp % 100))
    stamp=$((stamp / 100)).${frac#1}
}

# ---- the cgroup of the job ----

# Sets ceiling, the limit in bytes of the directory $1; false when it has none.
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
    [ -d "$base$path" ] || path= # in a namespace of its own the group that we see on top is ours
    group=$base$path
}

# True when a limit of the directory $1 is that of a job, not of a login session or a daemon.
is_job() {
    [ "$1" != "$base" ] || return 0
    case ${1##*/} in
    run-*.service) ;;
    user.slice | user-*.slice | session-*.scope | system.slice | init.scope | *.service) return 1 ;;
    esac
}

# Sets group to the directory whose limit is that of the job, or to nothing: in a step of Slurm that of the job, else of all from ours
# up the one with the smallest limit, of several the highest.
find_group() {
    group=
    find_own_group || { group= && return; }
    best= least=
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

# Sets shmem, inactive, active, slab and swapped from memory.stat on standard input.
read_stat() {
    wanted=4
    while [ "$wanted" -gt 0 ] && read -r key value; do
        case $version$key in
        1total_shmem | 2shmem) shmem=$value ;;
        1total_swap) swapped=$value ;;
        1total_inactive_file | 2inactive_file) inactive=$value ;;
        1total_active_file | 2active_file) active=$value ;;
        2slab_reclaimable) slab=$value ;;
        *) continue ;;
        esac
        wanted=$((wanted - 1))
    done
}

# The same for bash, which can read the whole at once: picker takes the values from the places where they were before.
read_stat_at_once() {
    IFS= read -r -d "" whole
    pick $whole || learn $whole
}

pick() { eval "$picker"; }

learn() {
    picker= place=1
    for key; do
        place=$((place + 1))
        case $version$key in
        1total_shmem | 2shmem) name=shmem ;;
        1total_swap) name=swapped ;;
        1total_inactive_file | 2inactive_file) name=inactive ;;
        1total_active_file | 2active_file) name=active ;;
        2slab_reclaimable) name=slab ;;
        *) continue ;;
        esac
        picker="$picker [ \"\${$((place - 1))}\" = $key ] && $name=\${$place} &&"
    done
    [ ! "$picker" ] || picker="$picker :"
    pick "$@"
}

# Sets job and swap, the rows of the job, and used and total, in KiB.
read_job() {
    if [ $((records % 10)) -eq 0 ]; then # seldom does it change
        limit_of "$group" || return
        read_swap_limit
    fi
    shmem=0 inactive=0 active=0 slab=0 swapped= current=
    if [ "$version" = 1 ]; then
        read -r current <"$group/memory.usage_in_bytes"
    else
        read -r current <"$group/memory.current"
    fi
    "$read_stat" <"$group/memory.stat"
    is_number "$current" || return
    case $shmem$inactive$active$slab in *[!0-9]*) return ;; esac
    kept=$((current - inactive - active - slab))
    [ "$kept" -ge 0 ] || kept=0
    spare=$((ceiling > current ? ceiling - current : 0)) ready=$((ceiling > kept ? ceiling - kept : 0))
    used=$((kept / 1024)) total=$((ceiling / 1024))
    job="Job: $total $used $((spare / 1024)) $((shmem / 1024)) $(((current - kept) / 1024)) $((ready / 1024))"
    read_swap
}

# Sets roof, the most swap that the job may have in bytes; empty when there is no limit but what there is.
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

# The swap of the job, where the kernel counts it.
read_swap() {
    [ "$version" = 1 ] || read -r swapped <"$group/memory.swap.current" || return
    is_number "$swapped" || return
    [ "$version" = 2 ] || [ -e "$group/memory.memsw.usage_in_bytes" ] || return
    swapped=$((swapped / 1024))
    ceiling_kib=$((${roof:-$((node_swap * 1024))} / 1024))
    [ "$ceiling_kib" -ge "$swapped" ] || ceiling_kib=$swapped
    swap="Jobswap: $ceiling_kib $swapped $((ceiling_kib - swapped))"
}

# Adds a line to notes when the kernel has killed a process of the job since.
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
            while read -r key value; do
                [ "$key" != oom_kill ] || count=$((count + value))
            done <"$file"
        done
    else
        while read -r key value; do
            [ "$key" != oom_kill ] || count=$value
        done <"$group/memory.events"
    fi
    if [ "$counted" ] && [ "$count" -gt "$counted" ]; then
        kills=$((kills + count - counted))
        notes="$notes# memtrace oom_kill=$kills$newline"
    fi
    counted=$count
}

# ---- the largest processes ----

weigh() {
    read -r number pages rest <"$proc/$1/statm" || return
    [ "$pages" -gt "$pages3" ] || return
    if [ "$pages" -gt "$pages1" ]; then
        pages3=$pages2 pid3=$pid2 pages2=$pages1 pid2=$pid1 pages1=$pages pid1=$1
    elif [ "$pages" -gt "$pages2" ]; then
        pages3=$pages2 pid3=$pid2 pages2=$pages pid2=$1
    else
        pages3=$pages pid3=$1
    fi
}

# Adds a line with the three largest processes of the job, else of the user, to notes.
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
        for pid in "$proc"/[0-9]*; do
            [ ! -O "$pid" ] || weigh "${pid##*/}"
        done
    fi
    for pid in "$pid1:$pages1" "$pid2:$pages2" "$pid3:$pages3"; do
        IFS= read -r name <"$proc/${pid%:*}/comm" || continue
        encode "$name"
        list=$list${list:+,}$coded:${pid%:*}:$((${pid#*:} * page_kib))
    done
    [ ! "$list" ] || notes="$notes# memtrace top=$list$newline"
}

# Adds that line when it is time: at a new maximum, at 80 % of the limit, and every 30 s.
consider_top() {
    if [ "$used" -ge "$next_top" ]; then
        next_top=$((used + used / 20 + 1))
    elif [ "$near" = no ] && [ $((used / 4)) -ge $((total / 5)) ]; then
        near=yes
    elif [ $((now - top_time)) -lt 3000 ]; then
        return
    fi
    [ $((used / 4)) -ge $((total / 5)) ] && near=yes || near=no
    top_time=$now
    add_top
}

# ---- records ----

print_header() {
    stamp_of "$1"
    printf "# memtrace 1 host=%s start=%s interval=%s%s%s\n" "$host" "$stamp" "$interval" "$details" "$2"
}

# What free would print, from /proc/meminfo: used is total less available.
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

# Prints records for ever, of the kind $1.
produce() {
    trap - TERM
    case $1 in
    free) exec free -s "$interval" ;;
    again) while free; do pause || exit; done ;;
    meminfo) while print_table; do pause || exit; done ;;
    esac
} </dev/null

pause() { sleep "$interval" || sleep 1; }

# Copies records from standard input and adds what we know. Status 9 when there was none.
copy() {
    trap "stopped=yes" TERM
    text= notes= records=0 lines=0 last= free_at= behind= lost= paused=0
    used= total= node_swap=0 counted= kills=0 next_top=0 near=no top_time=0
    tick
    begun=$now free_at=$now
    [ ! "$group" ] || add_kills
    while IFS= read -r line; do
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
        if [ $((lines % 1024)) -eq 0 ]; then # more than there can be would fill the disk
            [ "${#text}" -lt 65536 ] || text=
            tick
            if [ $((lines / 8)) -gt $((1000 + (now - begun) * 20000 / interval_us)) ]; then
                tell runaway
                break
            fi
        fi
    done
    [ "$records" -gt 0 ] || return 9
    tick # a free that knows no -s may still give one record
    [ "$records$stopped" != 1 ] || [ $((now - begun)) -ge $((interval_us / 20000)) ] || return 9
    notes=
    [ ! "$group" ] || add_kills
    stamp_of "$last"
    printf "%s%s# memtrace end=%s" "$lost" "$notes" "$stamp" || return
    [ "$open" ] || echo
    [ "$paused" -eq 0 ] || tell "pause $((paused / 100))"
    [ ! "$lost" ] || tell lost
}

tell() { [ ! "$say" ] || echo "$1" >&"$say"; }

# Finds out when the record was taken. What had waited in the pipe while our output stood still is of its time; what came late by
# itself comes after a pause, and gets a header with the time anew.
date_record() {
    tick
    if [ ! "$last" ]; then
        last=$now
        return
    fi
    late=$((now - last))
    if [ "$behind" ]; then
        last=$((last + interval_us / 10000))
        if [ $((now - free_at)) -gt $((interval_us / 20000)) ] || [ "$last" -ge "$now" ]; then
            last=$now behind=
        fi
        return
    fi
    last=$now
    if [ "$late" -gt $((interval_us * 3 / 20000 + 30)) ]; then
        late=$((late - interval_us / 10000)) paused=$((paused + late))
        frac=$((100 + late % 100))
        text="$(print_header "$now" " gap=$((late / 100)).${frac#1}")$newline$text"
    fi
}

# Prints the record that $1, its row of swap, ends: at one go, so that nothing can cut it. False when nobody wants more.
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
        lost=$newline # the next record begins on a line of its own
    fi
    text=
    tick
    free_at=$now
    [ $((free_at - last)) -le $((interval_us / 10000 + 20)) ] || behind=yes
    records=$((records + 1))
    [ "$records" -ne 1 ] || tell ready
    [ ! "$boss" ] || kill -0 "$boss"
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
read_stat=read_stat picker=false
[ ! "$BASH_VERSION" ] || read_stat=read_stat_at_once
find_group
birth=$(date +%s.%N)
now=0
tick
case $birth in *.[0-9][0-9]*) frac=${birth#*.} ;; *) frac=00 ;; esac
while [ "${#frac}" -gt 2 ]; do frac=${frac%?}; done
birth=${birth%%[!0-9]*}
birth=$((${birth:-0} * 100 + 1$frac - 100 - now))

if [ "$group" ] && limit_of "$group"; then
    facts="$facts cgroup=v$version limit=$ceiling"
else
    group= facts="$facts${limit:+ limit=$limit}"
fi
kinds="free again meminfo"
[ "$interval_us" -le 4294000000 ] || kinds="again meminfo" # more than free can count
command -v free >/dev/null || kinds=meminfo
for kind in $kinds; do
    details=$facts
    [ "$kind" != meminfo ] || details="$details source=meminfo"
    case $kind$kinds in
    again"free again meminfo") ;;
    *) tick && print_header "$now" "" ;;
    esac
    produce "$kind" | copy
    [ $? -eq 9 ] && [ ! "$stopped" ] || exit 0
done
tell failed
'
# ---- end of the sampler ----

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
