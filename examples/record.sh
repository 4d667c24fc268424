#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Records the logs in this folder again, with the real `free` and real programs that allocate memory; about 9 minutes.
# Usage: ./record.sh [alfa] [bravo] [charlie] [nodes] [job]     which ones (default: all)
#
#   alfa-mem.log              this machine as it is, by plain `free -s 2`: no header, as from any old script
#   bravo-mem.log             this machine with a program that takes memory and gives it back, by run.sh
#   charlie-mem.log           the same with a program that may have too little and so swaps. Root only: it needs a swap (a file of
#                             1 GiB is made and removed when there is none) and cgroup v1 to limit the program; skipped otherwise.
#   nid001 to nid003-mem.log  three nodes at once, by run.sh. They are namespaces of this machine with a host name and a
#                             /proc/meminfo of their own: 4 GiB less what the programs in them really hold. nid003's dies early.
#   job/cn001 and cn002       two nodes of a job that may use 1 GiB on each, by run.sh in a memory cgroup with that limit: the program
#                             reads files, too, which fill the rest as cache. The kernel kills it on cn002. Root and cgroup v1 only.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
run=$here/../run.sh
to=$here
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT TERM
as_root=(--mount) # what lets unshare set a host name
((EUID == 0)) || as_root=(--map-root-user)
export LC_ALL=C run to work

# Holds memory by a plan read from standard input, lines of "MIB SECONDS": go evenly to MIB within SECONDS.
# The pieces of 40 MiB are above any malloc's limit for keeping freed memory, so what is given back is seen.
take() {
    awk 'BEGIN { filler = "memtrace"; while (length(filler) < 40 * 1048576) filler = filler filler; filler = substr(filler, 1, 40 * 1048576 - 16) }
    {
        from = held
        for (tick = 1; tick <= 2 * $2; tick++) {
            want = int((from + ($1 / 40 - from) * tick / (2 * $2)) + 0.5)
            while (held < want) piece[++held] = filler held
            while (held > want) delete piece[held--]
            system("sleep 0.5")
        }
    }'
}

# Runs $3 (a plan) on a node $1 of $2 MiB: a host name, processes and a /proc/meminfo of its own.
node() {
    # shellcheck disable=SC2016 # expanded inside
    unshare "${as_root[@]}" --mount --uts --pid --fork --kill-child --mount-proc bash -c '
        hostname "$1"
        meminfo=$work/$1.meminfo
        total=$(($2 * 1024))
        publish() { # one write of constant length, so that free never reads half of it
            # The page cache of 290,000 KiB shrinks when memory gets short, as the kernel would make it.
            local used=$1 free=$((total - $1 - 290000)) out
            ((free >= 20000)) || free=20000
            printf -v out "%-16s%8d kB\n" MemTotal: "$total" MemFree: "$free" \
                MemAvailable: "$((total - used))" Buffers: 10000 Cached: "$((total - used - free - 30000))" SwapCached: 0 \
                Shmem: 4000 SReclaimable: 20000 SwapTotal: 0 SwapFree: 0
            printf %s "$out" 1<>"$meminfo"
        }
        publish 200000
        mount --bind "$meminfo" /proc/meminfo
        while sleep 0.4; do
            publish $((200000 + $(cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk "/^Pss:/ { sum += \$2 } END { print sum + 0 }")))
        done &
        "$run" -s 2 -l "$to/$1-mem.log" -o "$work/$1.png" -- bash -c take <<<"$3"
        kill %1
    ' node "$1" "$2" "$3"
}

# The program is held down to 700 MiB, with some swap to go to.
charlie() {
    local plan=$'200 6\n1300 30\n1300 20\n300 8\n300 16' group=/sys/fs/cgroup/memory/memtrace-example swap=''
    echo "charlie: a program that swaps, 3 minutes"
    if ((EUID != 0)) || ! mkdir "$group" 2>/dev/null; then
        echo "record.sh: no charlie-mem.log: that needs root and a cgroup v1 of memory" >&2
        return
    fi
    echo $((700 << 20)) >"$group/memory.limit_in_bytes"
    if ! grep -q / /proc/swaps; then
        swap=$work/swap
        (umask 077 && dd if=/dev/zero of="$swap" bs=1M count=1024 status=none && mkswap -q "$swap" && swapon "$swap") ||
            { echo "record.sh: no charlie-mem.log: no swap here" >&2 && rmdir "$group" && return; }
    fi
    # shellcheck disable=SC2016 # expanded inside
    unshare --uts bash -c 'hostname charlie; "$run" -s 2 -l "$to/charlie-mem.log" -o "$work/charlie.png" -- \
        bash -c "echo \$\$ >$1/cgroup.procs; take"' charlie "$group" <<<"$plan"
    [[ ! $swap ]] || swapoff "$swap"
    rmdir "$group"
}
export -f take

alfa() {
    echo "alfa: this machine as it is, 160 s"
    timeout 160 free -s 2 >"$to/alfa-mem.log" || :
}

bravo() {
    local plan=$'400 4\n4000 30\n4000 12\n1200 4\n4800 16\n1200 4\n5600 16\n1200 4\n6200 14\n6200 10\n800 6\n800 10'
    echo "bravo: a program that takes memory and gives it back, 4 minutes"
    # shellcheck disable=SC2016 # expanded inside
    unshare "${as_root[@]}" --uts bash -c 'hostname bravo; "$run" -s 2 -l "$to/bravo-mem.log" -o "$work/bravo.png" -- bash -c take' <<<"$plan"
}

nodes() {
    echo "nid001, nid002, nid003: three nodes at once, 3 minutes"
    node nid001 4096 $'300 6\n1500 34\n1500 20\n2400 20\n900 6\n1900 24\n1900 14\n200 6\n200 10' &
    node nid002 4096 $'300 6\n1700 34\n1700 16\n2700 24\n1000 6\n2100 24\n2100 14\n200 6\n200 10' &
    node nid003 4096 $'300 6\n1600 34\n1600 16\n3000 24\n3600 16' &
    wait
}

# Runs the plan $2 as "solver" on a node $1, in a memory cgroup of 1 GiB; $3 MiB of files are read meanwhile.
limited() {
    local group=/sys/fs/cgroup/memory/memtrace-example-$1
    mkdir "$group"
    echo 1G >"$group/memory.limit_in_bytes"
    # shellcheck disable=SC2016 # expanded inside
    plan=$2 files=$3 group=$group unshare --uts bash -c 'hostname "$1"; cd "$work"; echo $$ >"$group/cgroup.procs"
        exec "$run" -s 1 -l "$to/job/$1-mem.log" -o "$work/$1.png" -- ./solve case.inp' bash "$1" || :
    sleep 1
    rmdir "$group"
}

job() {
    if ((EUID != 0)) || [[ ! -w /sys/fs/cgroup/memory/cgroup.procs ]]; then
        echo "job: skipped, as it needs root and the memory controller of cgroup v1"
        return
    fi
    echo "job: two nodes with a limit of 1 GiB, 2 minutes"
    mkdir -p "$to/job"
    cp -- "$(readlink -f "$(command -v mawk || command -v awk)")" "$work/solver" # the name that is logged
    cat >"$work/solve" <<'END'
#!/bin/bash
echo "$plan" | "$work/solver" -v work="$work/$$" -v files="$files" '
    BEGIN { filler = "memtrace"; while (length(filler) < 8 * 1048576) filler = filler filler; filler = substr(filler, 1, 8 * 1048576 - 16) }
    {
        from = held
        for (tick = 1; tick <= 2 * $2; tick++) {
            want = int((from + ($1 / 8 - from) * tick / (2 * $2)) + 0.5)
            while (held < want) piece[++held] = filler held
            while (held > want) delete piece[held--]
            if (written < files && tick % 2) system("head -c 16M /dev/zero >>" work ".data")
            written += 16 * (tick % 2)
            system("sleep 0.5")
        }
    }'
END
    chmod +x "$work/solve"
    limited cn001 $'60 5\n400 25\n420 15\n640 20\n660 15\n300 5\n320 10' 480 &
    limited cn002 $'60 5\n440 25\n460 15\n860 25\n1400 30' 320 &
    wait
}

(($#)) || set -- alfa bravo charlie nodes job
for name; do
    case $name in
    alfa | bravo | charlie | nodes | job) "$name" ;;
    *) echo "record.sh: no example is called $name" >&2 && exit 2 ;;
    esac
done
rm -f -- "$to"/*-mem.log.old "$to"/job/*-mem.log.old
