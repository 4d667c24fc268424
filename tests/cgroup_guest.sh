#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/cgroup_guest.sh [-d FOLDER] [v1|v2...]: tests run.sh in a Debian guest with systemd and Debian's kernel under QEMU (TCG, no KVM
# needed): memory cgroups of version 2 (unified) and 1 with real limits, real swap and real kills, the job's row in a delegated group,
# and --scope as root and as a plain user. The memtrace of this tree then judges the guest's recordings. Needs root, the network,
# debootstrap, cpio and qemu-system-x86_64, and takes minutes, so tests/run.sh does not call it.
#
# -d   keeps the system and the kernel in FOLDER for the next call; by default they are in a temporary folder
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
suite=bookworm
mirror=http://deb.debian.org/debian
failures=0

fail() {
    printf 'cgroup_guest: %s\n' "$*" >&2
    exit 1
}

# Sets `kernel` and installs the modules of compressed swap in memory (zram), which needs no disk, in the system.
get_kernel() {
    local package modules name release
    kernel=$(find "$folder/kernel/boot" -name 'vmlinuz-*' 2>/dev/null | head -n 1)
    if [[ ! $kernel ]]; then
        package=$(chroot "$folder/root" apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-.*\)/\1/p')
        chroot "$folder/root" sh -c "cd /tmp && apt-get download -qq -o APT::Sandbox::User=root $package"
        dpkg-deb -x "$folder/root/tmp/$package"_*.deb "$folder/kernel"
        rm -f "$folder/root/tmp/$package"_*.deb
        kernel=$(find "$folder/kernel/boot" -name 'vmlinuz-*')
    fi
    release=${kernel##*/vmlinuz-}
    modules=lib/modules/$release
    for name in mm lib/lzo crypto drivers/block/zram; do
        mkdir -p "$folder/root/$modules/kernel/$name"
        cp "$folder/kernel/$modules/kernel/$name"/{zs,lzo,zram}*.ko "$folder/root/$modules/kernel/$name/" 2>/dev/null || :
    done
    cp "$folder/kernel/$modules"/modules.{builtin,builtin.modinfo,order} "$folder/root/$modules/"
    chroot "$folder/root" depmod "$release"
}

# Makes the root directory of the guest and its programs.
make_system() {
    if [[ ! -e $folder/root/complete ]]; then
        rm -rf --one-file-system "$folder/root"
        debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,procps,kmod,e2fsprogs \
            "$suite" "$folder/root" "$mirror" >"$folder/debootstrap.log" || fail "debootstrap: see $folder/debootstrap.log"
        chroot "$folder/root" useradd --create-home --shell /bin/bash alice
        : >"$folder/root/complete"
    fi
    get_kernel
    write_eat
    write_checks
    cp "$top/run.sh" "$folder/root/opt/"
    chmod a+rx "$folder/root/opt/run.sh"
    cat >"$folder/root/etc/systemd/system/checks.service" <<'END'
[Unit]
After=multi-user.target
[Service]
ExecStart=/bin/bash /opt/checks
ExecStopPost=/bin/systemctl poweroff --force --force
StandardOutput=tty
StandardError=inherit
TTYPath=/dev/ttyS0
[Install]
WantedBy=graphical.target
END
    ln -sf /etc/systemd/system/checks.service "$folder/root/etc/systemd/system/multi-user.target.wants/"
    (cd "$folder/root" && find . -path ./var/cache/apt -prune -o -path ./var/lib/apt -prune -o -path ./usr/share/doc -prune -o \
        -path ./usr/share/locale -prune -o -path ./usr/share/man -prune -o -print0 | cpio --null --quiet -o -H newc) >"$folder/system.cpio"
}

# eat LOG MIB...: allocates each amount of MiB in turn, and waits for three more records of LOG after each.
write_eat() {
    cat >"$folder/eat.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static int count(const char *path) {
    char line[4096];
    int n = 0;
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        n += !strncmp(line, "Mem:", 4);
    if (f)
        fclose(f);
    return n;
}
static void wait_for(const char *path, int n) {
    while (count(path) < n)
        nanosleep(&(struct timespec){0, 100000000}, NULL);
}
int main(int argc, char **argv) {
    wait_for(argv[1], 1);
    for (int i = 2; i < argc; i++) {
        size_t size = (size_t)atoi(argv[i]) << 20;
        char *p = malloc(size);
        for (size_t at = 0; p && at < size; at += 512) /* what zram cannot compress away */
            for (size_t k = 0; k < 512; k += 4)
                *(int *)(p + at + k) = rand();
        wait_for(argv[1], count(argv[1]) + 3);
    }
    return 0;
}
END
    cc -O2 -static -o "$folder/root/opt/eat" "$folder/eat.c"
}

# Writes the script that runs in the guest. Each run has a folder with the log, the messages and the exit status.
write_checks() {
    cat >"$folder/root/opt/checks" <<'END'
version=v1
[ ! -e /sys/fs/cgroup/cgroup.controllers ] || version=v2
out=/tmp/out
mkdir -p $out
record() { # NAME COMMAND...: COMMAND contains "run" for run.sh
    mkdir -p $out/$1
    chmod 777 $out $out/$1
    cd $out/$1
    echo "== $1"
    shift
    "$@" >said 2>&1 </dev/null
    echo $? >status
}
export MEMTRACE=/bin/true # the host draws the plots
run="/opt/run.sh -s 0.5 -l g-mem.log"

# within NAME LIMIT SWAP COMMAND...: runs a command in its own group with LIMIT MiB of memory and SWAP MiB of swap.
within() {
    name=$1 memory=$2 swap=$3
    shift 3
    if [ $version = v2 ]; then
        group=/sys/fs/cgroup/lab-$name
        mkdir $group
        echo $((memory << 20)) >$group/memory.max
        echo $((swap << 20)) >$group/memory.swap.max
    else
        group=/sys/fs/cgroup/memory/lab-$name
        mkdir $group
        echo $((memory << 20)) >$group/memory.limit_in_bytes
        echo $((memory + swap << 20)) >$group/memory.memsw.limit_in_bytes
    fi
    record $name sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' $group "$@"
}

modprobe zram
cat /sys/class/zram-control/hot_add >/dev/null
echo 256M | tee /sys/block/zram0/disksize >/sys/block/zram1/disksize
mkswap /dev/zram0 >/dev/null
mke2fs -q /dev/zram1
mkdir /disk
mount -t tmpfs none /mnt
mount /dev/zram1 /disk

within killed 100 0 $run /opt/eat g-mem.log 40 40 60
swapon /dev/zram0
within swapped 100 128 $run /opt/eat g-mem.log 40 40 60
swapoff /dev/zram0
within cache 100 0 $run sh -c 'while ! grep -qs Job: g-mem.log; do sleep 0.1; done; dd if=/dev/zero of=/disk/x bs=1M count=150 status=none
    cat /disk/x >/dev/null; n=$(grep -c Job: g-mem.log); while [ $(grep -c Job: g-mem.log) -lt $((n + 3)) ]; do sleep 0.1; done'
within tmpfs 100 0 $run sh -c 'while ! grep -qs Job: g-mem.log; do sleep 0.1; done; dd if=/dev/zero of=/mnt/x bs=1M count=60 status=none
    n=$(grep -c Job: g-mem.log); while [ $(grep -c Job: g-mem.log) -lt $((n + 3)) ]; do sleep 0.1; done
    exec /opt/eat g-mem.log 80'
rm -f /mnt/x
record scope $run --scope sh -c 'cat /proc/self/cgroup >where; exec /opt/eat g-mem.log 30'
record limited systemd-run --quiet --scope -p MemoryMax=100M -p MemorySwapMax=0 $run /opt/eat g-mem.log 40 100
if [ $version = v2 ]; then
    systemctl start user@1000.service
    as_alice="setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/alice XDG_RUNTIME_DIR=/run/user/1000 MEMTRACE=/bin/true"
    record user_scope $as_alice $run --scope sh -c 'cat /proc/self/cgroup >where; exec /opt/eat g-mem.log 30'
    record delegated $as_alice systemd-run --user --quiet --scope $run --scope sh -c 'cat /proc/self/cgroup >where; exec /opt/eat g-mem.log 30'
fi
find /sys/fs/cgroup -name 'memtrace-*' -type d >$out/left
stty -F /dev/ttyS1 raw
tar -C $out -cf - . | cat >/dev/ttyS1
END
}

# Boots the guest with cgroups of version $1, and unpacks its recordings into $folder/$1.
boot() {
    local unified=1
    [[ $1 == v2 ]] || unified=0
    rm -rf --one-file-system "$folder/${1:?}" "$folder/$1.tar"
    mkdir "$folder/$1"
    timeout 3600 qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 1536 -display none -no-reboot -nic none -kernel "$kernel" \
        -initrd "$folder/system.cpio" -serial "file:$folder/$1.console" -serial "file:$folder/$1.tar" \
        -append "console=ttyS0 quiet panic=-1 rdinit=/lib/systemd/systemd systemd.unified_cgroup_hierarchy=$unified systemd.mask=serial-getty@ttyS0.service" ||
        fail "the guest did not end: see $folder/$1.console"
    tar -C "$folder/$1" -xf "$folder/$1.tar" || fail "nothing came out of the guest: see $folder/$1.console"
}

# ---- checks of the recordings ----

check() { # NAME SCRIPT
    if (eval "$2"); then
        printf 'ok %s: %s\n' "$version" "$1"
    else
        printf 'not ok %s: %s: %s\n' "$version" "$1" "$2"
        failures=$((failures + 1))
    fi
}

status_is() { [[ $(<status) == "$1" ]]; }
header() { sed -nE "1,2s/.* $1=([^ ]*).*/\1/p" g-mem.log | tail -n 1; }
# Prints the maximum of field $2 of the rows $1, in KiB.
most() { awk -v row="$1" -v field="$2" '$1 == row && $field > most { most = $field } END { print most + 0 }' g-mem.log; }
summary() { "$top/memtrace" --files g-mem.log --save plot.png; }

judge() {
    local mib=1024
    cd "$folder/$version/killed"
    check 'a killed command: status 137, rows of the job, the kill in the log' \
        "status_is 137 && [[ \$(header limit) == $((100 << 20)) && \$(header cgroup) == $version ]] && grep -qx '# memtrace oom_kill=1' g-mem.log &&
        [[ \$(grep -c ^Mem: g-mem.log) == \$(grep -c ^Job: g-mem.log) ]] && ((\$(most Job: 3) > 80 * $mib && \$(most Job: 3) <= 100 * $mib))"
    check 'the kill named with node, time, who it was, and what to request' \
        "summary | tee summary; grep -qE 'g was OOM-killed at [0-9:]+' summary && grep -q 'mostly eat' summary && grep -q 'needs more than 100M' summary"
    cd ../swapped
    check 'the same with swap allowed: it survives, its swap is in the log' \
        "status_is 0 && ! grep oom_kill g-mem.log && ((\$(most Jobswap: 2) == 128 * $mib && \$(most Jobswap: 3) > 20 * $mib)) && summary | tee summary"
    cd ../cache
    check 'page cache: no kill, little used' "status_is 0 && ! grep oom_kill g-mem.log && ((\$(most Job: 3) < 60 * $mib && \$(most Job: 6) > 60 * $mib))"
    cd ../tmpfs
    check 'files in tmpfs count as used, and kill' "status_is 137 && ((\$(most Job: 5) >= 60 * $mib && \$(most Job: 3) >= 60 * $mib)) && grep -qx '# memtrace oom_kill=1' g-mem.log"
    cd ../limited
    check 'systemd-run --scope with a limit: its group is found' \
        "status_is 137 && [[ \$(header limit) == $((100 << 20)) ]] && grep -qx '# memtrace oom_kill=1' g-mem.log && summary | tee summary"
    for name in scope user_scope delegated; do
        [[ -e ../$name ]] || continue
        cd "../$name"
        check "$name: run.sh --scope gives the command a group of its own" \
            "status_is 0 && [[ \$(header cgroup) == $version ]] && grep -E 'memtrace-|\.scope' where && ((\$(most Job: 3) > 30 * $mib && \$(most Job: 3) < 60 * $mib))"
    done
    check 'no group is left' "[[ ! -s ../left ]]"
}

folder=
while getopts d: option; do
    case $option in
    d) folder=$(mkdir -p "$OPTARG" && cd "$OPTARG" && pwd) ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
if [[ ! $folder ]]; then
    folder=$(mktemp -d)
    trap 'rm -rf --one-file-system "$folder"' EXIT
fi
for name in debootstrap qemu-system-x86_64 cpio cc; do
    type -P "$name" >/dev/null || fail "$name is missing"
done
((EUID == 0)) || fail "needs root"
[[ -x $top/memtrace ]] || fail "needs ./memtrace: run make"
make_system
(($#)) || set -- v2 v1
for version; do
    boot "$version"
    judge
done
exit $((failures > 0))
