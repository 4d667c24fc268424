#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/bare-debian.sh [-d FOLDER] [SUITE...] [STEP...]: follows the README in a freshly installed minimal Debian (no compiler, no
# make, no free), made by debootstrap. Needs root and the network, and takes minutes, so tests/run.sh does not call it.
#
# SUITE  bullseye, bookworm, trixie, 11, 12, 13 or `all`; by default this machine's
# STEP   run      ./run.sh sleep 10, as root
#        user     the same as a plain user: first without any tools, then with the static binary of this machine
#        quick    make quick, and the tests of the recorder
#        static   make static, and the binary in an empty root directory
#        package  the Debian package: installed with apt into another fresh Debian, then purged; no file may remain
#        apptainer  the sections of packaging/apptainer.def, run like Apptainer does (bookworm)
#        ci, release  the commands of the jobs "quick" and "build" of .github/workflows (as a draft), run like GitHub does
#        tests    ./tests/run.sh
#        The default is run, user and quick; for a single suite also static and package.
#        The tests use a clone of the last commit.
# -d     keeps the systems in FOLDER for the next call; by default they are in a temporary folder
# shellcheck disable=SC2016 # expanded in the other system
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
known_suites='bullseye bookworm trixie'

say() { printf '== %s: %s\n' "$suite" "$*"; }
fail() {
    printf 'bare-debian: %s\n' "$*" >&2
    exit 1
}

# Runs a command in one of the systems with a clean environment. Uses pivot_root, because namespaces cannot be created in a chroot.
inside() { # NAME COMMAND...
    local root=$folder/$1
    shift
    unshare --mount --propagation private sh -euc '
        root=$1
        shift
        mount --bind "$root" "$root"
        for name in proc sys dev; do mount --rbind "/$name" "$root/$name"; done
        cd "$root"
        pivot_root . mnt
        umount -l /mnt
        cd /
        exec "$@"' sh "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C DEBIAN_FRONTEND=noninteractive "$@"
}

# Runs a command in system NAME, showing its output only if it fails.
quietly() { # NAME COMMAND...
    inside "$@" >"$folder/quiet.log" 2>&1 || {
        tail -n 30 "$folder/quiet.log"
        fail "$suite: failed: ${*:2}"
    }
}

# Recreates the system NAME from the one that debootstrap made, with this machine's package sources.
open_root() { # NAME
    local root=$folder/$1
    rm -rf --one-file-system "$root"
    cp -a "$folder/fresh" "$root"
    cp -L /etc/resolv.conf "$root/etc/" 2>/dev/null || :
    cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
    rm -f "$root"/etc/apt/apt.conf.d/*docker*
}

# Lists all files of a system except the state of apt, dpkg and ld.so.
list_files() { # NAME
    (cd "$folder/$1" && find . \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp -o -path ./var/log -o -path ./var/cache \
        -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./etc/ld.so.cache \) -prune -o -print) | sort
}

step_run() {
    say "./run.sh sleep 10, as root"
    inside work sh -ec 'cd /root/memtrace && ./run.sh sleep 10 && ls -l ./*.png ./*.log && test -s "$(hostname)-mem.png"
        ./memtrace --files examples/nid*-mem.log --total --save nodes.png && test -s nodes.png'
}

step_user() {
    local status=0
    say "./run.sh as a plain user without the tools"
    open_root user
    inside user useradd -m someone
    git clone -q "$top" "$folder/user/home/someone/memtrace"
    inside user chown -R someone: /home/someone
    inside user su someone -c 'cd ~/memtrace && ./run.sh sh -c "exit 7"' >"$folder/user.out" 2>&1 || status=$?
    cat "$folder/user.out"
    [ "$status" -eq 7 ] || fail "$suite: run.sh returned $status instead of the command's 7"
    grep -q 'apt-get install' "$folder/user.out" || fail "$suite: run.sh does not name the command that installs what is missing"
    say "the same with free and the static binary of this machine next to run.sh"
    make -s -C "$top" static
    quietly user sh -c 'apt-get update -q && apt-get install -q -y --no-install-recommends procps'
    cp "$top/build/static/memtrace" "$folder/user/home/someone/memtrace/memtrace"
    inside user su someone -c 'cd ~/memtrace && ./run.sh -s 0.5 sleep 2 && test -s "$(hostname)-mem.png"
        ./memtrace --files examples/nid*-mem.log --total --save nodes.png'
    "$top/build/static/memtrace" --quiet --files "$top"/examples/nid*-mem.log --total --save "$folder/nodes.png"
    cmp "$folder/nodes.png" "$folder/user/home/someone/memtrace/nodes.png"
}

step_quick() {
    say "make quick, and the tests of the recorder"
    quietly work sh -ec 'apt-get update -q
        apt-get install -q -y --no-install-recommends gcc libc6-dev make pkg-config libcairo2-dev libfreetype-dev libpng-dev \
            zlib1g-dev procps hostname iproute2 git bats jq libcmocka-dev'
    inside work sh -c 'cd /root/memtrace && cc --version | head -n 1 && bash --version | head -n 1 && free --version && make quick'
    inside work sh -c 'cd /root/memtrace && bats tests/run_sh.bats'
}

step_static() {
    say "make static, and its binary in an empty root directory"
    quietly work sh -c 'cd /root/memtrace && ./run.sh --setup'
    inside work sh -ec 'cd /root/memtrace
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
    quietly work sh -ec 'apt-get update -q
        apt-get install -q -y --no-install-recommends build-essential debhelper libcairo2-dev libfreetype-dev libpng-dev \
            pkg-config zlib1g-dev bats jq libcmocka-dev procps
        cd /root/memtrace && make -s deb && ls -l build/deb'
    say "apt-get install ./memtrace.deb in a fresh Debian"
    open_root user
    cp "$folder"/work/root/memtrace/build/deb/memtrace_*.deb "$folder/user/tmp/memtrace.deb"
    quietly user apt-get update -q
    list_files user >"$folder/before"
    quietly user apt-get install -q -y --no-install-recommends /tmp/memtrace.deb
    inside user sh -ec 'cd /tmp && memtrace --version && memtrace-run -s 0.5 sleep 2 && ls -l *.png *.log'
    say "apt-get purge"
    quietly user apt-get purge -q -y memtrace
    left=$(find "$folder/user" \( -path '*/proc' -o -path '*/sys' -o -path '*/dev' -o -path '*/tmp' -o -path '*/var/cache/apt' \) -prune -o \
        -name '*memtrace*' -print)
    [ -z "$left" ] || fail "$suite: files of memtrace remained: $left"
    quietly user apt-get autoremove -q -y --purge
    list_files user >"$folder/after"
    diff "$folder/before" "$folder/after" || fail "$suite: installing and purging changed other files"
}

# Prints the commands of section NAME in stage STAGE of the Apptainer definition.
section() { # NAME STAGE
    awk -v name="%$1" -v stage="$2" '/^[A-Z][a-z]*: / { on = 0 } /^Stage: / { now = $2 } /^%/ { on = $1 == name && now == stage; next } on' \
        "$top/packaging/apptainer.def"
}

step_apptainer() {
    say "packaging/apptainer.def: the build stage"
    mkdir -p "$folder/work/src"
    git clone -q "$top" "$folder/work/src/memtrace"
    quietly work sh -ec "$(section post build)"
    say "the final stage"
    open_root user
    cp -fLr "$folder/work/stage/usr/local" "$folder/user/usr"
    quietly user sh -ec "$(section post final)"
    inside user sh -ec "$(section test final)"
    cp "$top"/examples/nid*-mem.log "$folder/user/tmp"
    inside user sh -ec "cd /tmp; set -- --total nid*-mem.log --save out.png; $(section runscript final)"
    [ -s "$folder/user/tmp/out.png" ] || fail "$suite: the container's memtrace drew nothing"
    inside user sh -ec 'cd /tmp && memtrace-run -s 0.5 sleep 1 && test -s "$(hostname)-mem.png"'
}

# Runs the commands of a workflow's job in a fresh system; a clone replaces the checkout.
run_job() { # WORKFLOW JOB
    say "job $2 of .github/workflows/$1.yml"
    open_root user
    git clone -q "$top" "$folder/user/root/memtrace"
    python3 - "$top/.github/workflows/$1.yml" "$2" >"$folder/user/root/job.sh" <<'END'
import sys, yaml
with open(sys.argv[1], encoding="utf-8") as text:
    for step in yaml.safe_load(text)["jobs"][sys.argv[2]]["steps"]:
        if "run" in step:
            print("(" + step["run"] + ")")
END
    inside user env MEMTRACE_DRAFT=1 GITHUB_REF_NAME="v$(sed -n 's/^VERSION *= *//p' "$top/Makefile")" \
        sh -ec 'cd /root/memtrace && . /root/job.sh' >"$folder/job.log" 2>&1 || {
        tail -n 30 "$folder/job.log"
        fail "$suite: job $2 failed"
    }
}

step_ci() { run_job ci quick; }

step_release() {
    run_job release build
    (cd "$folder/user/root/memtrace/build/dist" && sha256sum --strict -c SHA256SUMS && ls -lR)
    [ "$(find "$folder/user/root/memtrace/build/dist" -name '*-linux-*.tar.gz' | wc -l)" -eq 2 ] || fail "$suite: not two static archives"
}

step_tests() {
    say "./tests/run.sh"
    inside work sh -c 'cd /root/memtrace && ./tests/run.sh'
}

base='' suites=() steps=()
while [ $# -gt 0 ]; do
    case $1 in
    -d) base=$2 && shift ;;
    11) suites+=(bullseye) ;;
    12) suites+=(bookworm) ;;
    13) suites+=(trixie) ;;
    all) read -r -a suites <<<"$known_suites" ;;
    -*) fail "unknown option $1; see the head of this file" ;;
    *) if declare -F "step_$1" >/dev/null; then steps+=("$1"); else suites+=("$1"); fi ;;
    esac
    shift
done
# shellcheck disable=SC1091
[ ${#suites[@]} -gt 0 ] || suites=("$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")")
if [ ${#steps[@]} -eq 0 ]; then
    steps=(run user quick)
    [ ${#suites[@]} -gt 1 ] || steps+=(static package)
fi
for suite in "${suites[@]}"; do
    [[ " $known_suites " == *" $suite "* ]] || fail "no suite or step is called $suite"
done
command -v debootstrap >/dev/null || fail "needs debootstrap (Debian package debootstrap)"
[ "$(id -u)" -eq 0 ] || fail "needs root"

if [ ! "$base" ]; then
    base=$(mktemp -d /var/tmp/bare-debian.XXXXXX)
    trap 'rm -rf --one-file-system "$base"' EXIT
fi
for suite in "${suites[@]}"; do
    mkdir -p "$base/$suite"
    folder=$(cd "$base/$suite" && pwd)
    if [ ! -e "$folder/fresh.done" ]; then
        say "debootstrap --variant=minbase"
        debootstrap --variant=minbase "$suite" "$folder/fresh" >"$folder/debootstrap.log" 2>&1 || {
            tail -n 5 "$folder/debootstrap.log"
            exit 1
        }
        : >"$folder/fresh.done"
    fi
    open_root work
    for tool in cc make free; do
        inside work sh -c "command -v $tool" && fail "$suite: not bare: has $tool"
    done
    git clone -q "$top" "$folder/work/root/memtrace"
    for step in "${steps[@]}"; do
        "step_$step"
    done
    say "passed: ${steps[*]}"
done
