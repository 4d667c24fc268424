#!/usr/bin/env bash
# tests/bare-debian.sh [FOLDER [STEP...]]: in a fresh Debian (debootstrap minbase: no compiler, no make, no free), made in FOLDER (default: a
# temporary one), all steps or those named: run and tests (the README's two commands), static (make static; its binary in an empty root),
# package (the Debian package installed with apt into another fresh Debian, and purged without a trace). As root, with debootstrap and the
# network; takes minutes, so tests/run.sh does not call it.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-}
# shellcheck disable=SC1091
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")

say() { printf '== %s\n' "$*"; }
fail() {
    printf 'bare-debian: %s\n' "$*" >&2
    exit 1
}

# Runs a command in one of the roots, with nothing of this machine in its environment. The root is a real one (pivot_root), not that of a
# chroot, in which no namespaces could be made.
inside() { # NAME COMMAND...
    local root=$folder/$1
    shift
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --propagation private sh -euc '
        root=$1
        shift
        mount --bind "$root" "$root"
        for name in proc sys dev; do mount --rbind "/$name" "$root/$name"; done
        cd "$root"
        pivot_root . mnt
        umount -l /mnt
        cd /
        exec "$@"' sh "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C DEBIAN_FRONTEND=noninteractive "$@"
}

# Makes the root NAME anew from the one that debootstrap made, and opens its way to the packages, which is this machine's.
open_root() { # NAME
    local root=$folder/$1
    rm -rf --one-file-system "$root"
    cp -a "$folder/fresh" "$root"
    cp -L /etc/resolv.conf "$root/etc/" 2>/dev/null || :
    cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    rm -f "$root"/etc/apt/apt.conf.d/*docker*
}

# All files of a root but those that apt, dpkg and ld.so keep for themselves.
list_files() { # NAME
    (cd "$folder/$1" && find . \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./var/log -o -path ./var/cache \
        -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./etc/ld.so.cache \) -prune -o -print) | sort
}

step_run() {
    say "./run.sh sleep 10"
    inside work sh -c 'cd /root/memtrace && ./run.sh sleep 10; ls -l *.png *.log'
}

step_static() {
    say "make static, and its binary in an empty root"
    inside work sh -ec 'cd /root/memtrace
        ./run.sh --setup
        make -s -j2 static
        rm -rf /empty && mkdir /empty
        cp build/static/memtrace examples/nid*-mem.log /empty
        chroot /empty /memtrace --files nid001-mem.log nid002-mem.log nid003-mem.log --total --save nodes.png
        ./memtrace --files examples/nid*-mem.log --total --save nodes.png
        cmp nodes.png /empty/nodes.png
        ls -l /empty'
}

step_package() {
    local left
    say "make deb"
    inside work sh -ec 'apt-get update -q
        apt-get install -q -y --no-install-recommends build-essential debhelper libcairo2-dev libfreetype-dev libpng-dev \
            pkg-config zlib1g-dev bats jq libcmocka-dev procps
        cd /root/memtrace && make -s deb && ls -l build/deb' >"$folder/deb.log" 2>&1 || {
        tail -n 20 "$folder/deb.log"
        fail "no package"
    }
    say "apt-get install ./memtrace.deb in a fresh Debian"
    open_root user
    cp "$folder"/work/root/memtrace/build/deb/memtrace_*.deb "$folder/user/tmp/memtrace.deb"
    inside user apt-get update -q >"$folder/user.log" 2>&1
    list_files user >"$folder/before"
    inside user apt-get install -q -y --no-install-recommends /tmp/memtrace.deb >>"$folder/user.log" 2>&1
    inside user sh -ec 'cd /tmp && memtrace --version && memtrace-run -s 0.5 sleep 2 && ls -l *.png *.log'
    say "apt-get purge"
    inside user apt-get purge -q -y memtrace >>"$folder/user.log" 2>&1
    left=$(find "$folder/user" \( -path '*/proc' -o -path '*/sys' -o -path '*/dev' -o -path '*/tmp' -o -path '*/var/cache/apt' \) -prune -o \
        -name '*memtrace*' -print)
    [ -z "$left" ] || fail "this stayed of memtrace: $left"
    inside user apt-get autoremove -q -y --purge >>"$folder/user.log" 2>&1
    list_files user >"$folder/after"
    diff "$folder/before" "$folder/after" || fail "install and purge did not leave the files as they were"
}

step_tests() {
    say "./tests/run.sh"
    inside work sh -c 'cd /root/memtrace && ./tests/run.sh'
}

temporary=
[ "$folder" ] || temporary=$(mktemp -d /var/tmp/bare-debian.XXXXXX)
folder=${folder:-$temporary}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- run static package tests

[ -z "$temporary" ] || trap 'rm -rf --one-file-system "$temporary"' EXIT
say "debootstrap --variant=minbase $suite"
if [ ! -e "$folder/fresh.done" ]; then
    debootstrap --variant=minbase "$suite" "$folder/fresh" >"$folder/debootstrap.log" 2>&1 || {
        tail -n 5 "$folder/debootstrap.log"
        exit 1
    }
    : >"$folder/fresh.done"
fi
open_root work
for tool in cc make free; do
    inside work sh -c "command -v $tool" && fail "not bare: has $tool"
done
git clone -q "$top" "$folder/work/root/memtrace"
for step; do
    "step_$step"
done
say "fine"
