#!/usr/bin/env bats
# What a person installs or copies: the static binary, `make install`, man pages and completions.
# shellcheck disable=SC2154

load cli_helpers

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    make -s -j2 -C "$root" static
}
setup() {
    setup_scratch
    static=$root/build/static/memtrace
}
teardown() { teardown_scratch; }

# The files that a build from source needs, copied to $1.
copy_source() {
    mkdir -p "$1"
    tar -C "$root" -cf - --exclude=./build --exclude=./.git --exclude=./memtrace . | tar -C "$1" -xf -
}

# True when the command fails: bats takes no notice of a bare "!".
fails() { ! "$@"; }

# Runs a command with $1 as its root directory.
in_root() { # FOLDER COMMAND...
    if [ "$(id -u)" -eq 0 ]; then
        chroot "$@"
    else
        unshare --map-root-user chroot "$@"
    fi
}

# ---- the static binary ----

@test "the static binary is one stripped file of at most 4.5 MB that asks for no library" {
    [ "$(stat -c %s "$static")" -le 4500000 ]
    file -b "$static" | grep -q 'static.*, stripped'
    readelf -ldW "$static" >parts
    grep -q BIND_NOW parts
    fails grep -E 'INTERP|NEEDED' parts
    "$static" --version | grep -q '+static'
    "$memtrace" --version | grep -q -e '-static'
}

@test "in an empty root directory it draws what the dynamic binary draws, byte by byte" {
    mkdir empty
    cp "$static" "$root"/examples/nid*-mem.log empty
    "$root/tests/gen_job.sh" 40 50 empty/job
    ln -s empty/job job
    for arguments in 'nid001-mem.log --save one.png' '. --samp 2 --total --swap --save lines.png' 'job --save overview.png' \
        'job --view panels --theme dark --save panels.png' 'job --save overview.svg' '. --percentage --save lines.pdf'; do
        # shellcheck disable=SC2086
        in_root empty /memtrace $arguments >verdict.static 2>err
        is "stderr" "$(cat err)" ""
        name=${arguments##* }
        # shellcheck disable=SC2086
        (cd empty && "$memtrace" ${arguments% *} "../$name" >../verdict.dynamic)
        cmp verdict.static verdict.dynamic
        cmp "empty/$name" "$name"
    done
}

@test "in an empty root directory it opens nothing but its logs and results" {
    mkdir empty
    cp "$static" "$root/examples/bravo-mem.log" empty
    strace -f -e trace=file -o trace "$static" empty/bravo-mem.log -s 2 --title 'Größe ≤ 6 GiB' --save out.png
    grep -E 'open|exec' trace | grep -vE '"(empty/bravo-mem.log|\.|out\.png.*|/proc/self/fd.*|[^"]*/memtrace)"' >others || :
    is "files opened" "$(cat others)" ""
    # Characters that the embedded typeface lacks become boxes: no complaint of fontconfig, no crash.
    in_root empty /memtrace bravo-mem.log -s 2 --title '日本語' --save out.png 2>err
    is "stderr" "$(cat err)" ""
    [ -s empty/out.png ]
}

@test "the static binary is the same bytes when built in another folder" {
    copy_source elsewhere/deeper
    make -s -j2 -C elsewhere/deeper static
    cmp elsewhere/deeper/build/static/memtrace "$static"
    fails grep -aqF "$root" "$static"
}

@test "both binaries are hardened" {
    for binary in "$static" "$memtrace"; do
        readelf -hW "$binary" | grep -qE 'Type: +DYN'
        readelf -lW "$binary" | grep -q GNU_RELRO
        readelf -lW "$binary" | grep -E 'GNU_STACK' | grep -q 'RW '
        readelf -dW "$binary" | grep -qE 'FLAGS.*NOW'
    done
    nm -D "$memtrace" >symbols
    grep -q __stack_chk_fail symbols
    grep -q __snprintf_chk symbols
}
