#!/usr/bin/env bash
# tests/bare-debian.sh [FOLDER]: the README's two commands in a fresh Debian (debootstrap minbase: no compiler, no make, no free) made in
# FOLDER (default: a temporary one). As root, with debootstrap and the network; takes minutes, so tests/run.sh does not call it.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$(mktemp -d /var/tmp/bare-debian.XXXXXX)}
# shellcheck source=/dev/null # Debian's own
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")

say() { printf '== %s\n' "$*"; }
inside() { chroot "$folder" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C "$@"; }
clean_up() {
    for mount in proc sys dev; do
        umount -lR "$folder/$mount" 2>/dev/null || :
    done
    [ $# -gt 0 ] || rm -rf "$folder"
}

say "debootstrap --variant=minbase $suite"
[ -x "$folder/bin/sh" ] || debootstrap --variant=minbase "$suite" "$folder" >"$folder.log" 2>&1 ||
    { tail -n 5 "$folder.log"; exit 1; }
trap 'clean_up keep' EXIT
for mount in proc sys dev; do mount --rbind "/$mount" "$folder/$mount"; done
# The way to the packages is the host's.
cp -L /etc/resolv.conf "$folder/etc/" 2>/dev/null || :
cp -r /etc/apt/apt.conf.d/. "$folder/etc/apt/apt.conf.d/"
rm -f "$folder"/etc/apt/apt.conf.d/*docker*
for tool in cc make free; do
    inside sh -c "command -v $tool" && { echo "not bare: has $tool"; exit 1; }
done
rm -rf "$folder/root/memtrace"
git clone -q "$top" "$folder/root/memtrace"

say "./run.sh sleep 10"
inside sh -c 'cd /root/memtrace && ./run.sh sleep 10; ls -l *.png *.log'
if [ "${MEMTRACE_BARE_RUN_ONLY-}" ]; then exit 0; fi
say "./tests/run.sh"
inside sh -c 'cd /root/memtrace && ./tests/run.sh'
say "fine"
