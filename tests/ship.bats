#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What users install or copy: the static binary, `make install`, man pages and completions.
# shellcheck disable=SC2154,SC2016,SC2030,SC2031

load cli_helpers

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    mkdir -p "$root/build"
    flock "$root/build" make -s -j2 -C "$root" static
}
setup() {
    setup_scratch
    static=$root/build/static/memtrace
}
teardown() { teardown_scratch; }

# Runs a command with $1 as its root directory.
in_root() { # FOLDER COMMAND...
    if [ "$(id -u)" -eq 0 ]; then
        chroot "$@"
    else
        unshare --map-root-user chroot "$@"
    fi
}

# ---- the static binary ----

@test "the static binary is one stripped file of at most 4.5 MB that needs no library" {
    [ "$(stat -c %s "$static")" -le 4500000 ]
    file -b "$static" | grep -q 'static.*, stripped'
    readelf -ldW "$static" >parts
    grep -q BIND_NOW parts
    fails grep -E 'INTERP|NEEDED' parts
    "$static" --version | grep -q '+static'
    "$memtrace" --version | grep -q -e '-static'
}

@test "in an empty root directory it writes the same bytes as the dynamic binary" {
    mkdir empty
    cp "$static" "$root"/examples/nid*-mem.log empty
    "$root/tests/gen_job.sh" 40 50 empty/job
    ln -s empty/job job
    for arguments in 'nid001-mem.log --save one.png' '. --samp 2 --total --swap --save lines.png' 'job --save overview.png' \
        'job --view panels --theme dark --save panels.png' 'job --save overview.svg' '. --percentage --save lines.pdf'; do
        # shellcheck disable=SC2086
        in_root empty /memtrace $arguments >summary.static 2>err
        is "stderr" "$(cat err)" ""
        name=${arguments##* }
        # shellcheck disable=SC2086
        (cd empty && "$memtrace" ${arguments% *} "../$name" >../summary.dynamic)
        cmp summary.static summary.dynamic
        cmp "empty/$name" "$name"
    done
}

@test "in the terminal it prints the same plot as the dynamic binary, in every locale" {
    cp "$root"/examples/nid*-mem.log .
    for locale in C.UTF-8 C.utf8 en_US.UTF-8 C POSIX de_DE@euro; do
        LC_ALL=$locale "$static" --total nid*.log >drawn.static
        LC_ALL=$locale "$memtrace" --total nid*.log >drawn.dynamic
        cmp drawn.static drawn.dynamic
        case $locale in
        *[uU][tT][fF]*8) grep -q '⠉' drawn.static ;;
        *) fails grep -q '[^ -~]' drawn.static ;;
        esac
    done
}

@test "in an empty root directory it opens only its logs and outputs" {
    mkdir empty
    cp "$static" "$root/examples/bravo-mem.log" empty
    strace -f -e trace=file -o trace "$static" empty/bravo-mem.log -s 2 --title 'Größe ≤ 6 GiB' --save out.png
    grep -E 'open|exec' trace | grep -vE '"(empty/bravo-mem.log|\.|out\.png.*|/proc/self/fd.*|[^"]*/memtrace)"' >others || :
    is "files opened" "$(cat others)" ""
    # Characters missing from the embedded typeface become boxes, without a warning of fontconfig or a crash.
    in_root empty /memtrace bravo-mem.log -s 2 --title '日本語' --save out.png 2>err
    is "stderr" "$(cat err)" ""
    [ -s empty/out.png ]
    FONTCONFIG_FILE=/nowhere/fonts.conf in_root empty /memtrace bravo-mem.log -s 2 --title '日本語' --save out.png 2>err
    is "stderr with a missing configuration" "$(cat err)" ""
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

@test "--version prints the version, features and libraries in use" {
    "$memtrace" --version >printed
    is version "$(sed -n 1p printed)" "memtrace $(sed -n 's/^VERSION *= *//p' "$root/Makefile")"
    sed -n 2p printed | grep -qE '^features: \+png \+svg \+pdf \+gzip (\+neon|[+-]sse2) [+-]avx2 -static$'
    is libraries "$(sed -n 3p printed)" "libraries: cairo $(pkg-config --modversion cairo), freetype $(
        sed -nE 's/^#define FREETYPE_(MAJOR|MINOR|PATCH) *//p' "$(pkg-config --variable=includedir freetype2)/freetype2/freetype/freetype.h" |
            paste -sd .), libpng $(pkg-config --modversion libpng), zlib $(pkg-config --modversion zlib)"
    is "the static one's" "$("$static" --version | sed 's/+static/-static/')" "$(cat printed)"
}

@test "the sources compile against musl, and the reader built with it reads the same" {
    # Debian has no Cairo for musl. Its headers suffice to compile, and the reader needs no library.
    mkdir -p headers objects
    for name in cairo freetype2 libpng16 fontconfig zlib.h; do
        ln -s "/usr/include/$name" headers
    done
    ln -s "$(find /usr/include -name zconf.h | head -n 1)" headers
    export root
    (cd "$root" && printf '%s\n' tests/freelog_dump.c && find "$root/src" -name '*.c' ! -name main.c) >sources
    # shellcheck disable=SC2016 # expanded by the inner shell
    (cd "$root" && xargs -P 2 -I '{}' sh -ec 'musl-gcc -std=c11 -D_GNU_SOURCE -DMEMTRACE_VERSION="\"0\"" -Iinclude -Isrc -Itests \
        -isystem "$1/headers" -isystem "$1/headers/cairo" -isystem "$1/headers/freetype2" -isystem "$1/headers/libpng16" -pthread \
        -O0 -Wall -Wextra -Werror -c -o "$1/objects/$(echo "$2" | tr / _).o" "$2"' sh "$scratch" '{}') <sources
    ar rcs objects/lib.a objects/*src_*.o
    musl-gcc -static -o dump objects/tests_freelog_dump.c.o objects/lib.a -lm
    flock "$root/build" make -s -C "$root" build/tests/freelog_dump
    for log in "$root"/examples/*.log; do
        ./dump "$log" >musl.out
        "$root/build/tests/freelog_dump" "$log" >glibc.out
        cmp musl.out glibc.out
        [ "$(wc -l <musl.out)" -ge 50 ]
    done
}

# ---- make install ----

# Installs into $scratch/stage.
install_to_stage() {
    make -s -C "$root" install DESTDIR="$scratch/stage" PREFIX=/usr >/dev/null
    PATH=$scratch/stage/usr/bin:/usr/bin:/bin
}

@test "install installs binary, scripts, man pages and completions; uninstall removes exactly these" {
    mkdir -p stage/usr/bin stage/usr/share/man/man1
    touch stage/usr/bin/other stage/usr/share/man/man1/other.1
    find stage ! -type d | sort >before
    install_to_stage
    (cd stage/usr && find . -type f ! -name 'other*' -printf '%m %P\n' | sort -k2) >installed
    is installed "$(cat installed)" "755 bin/memtrace
755 bin/memtrace-run
755 bin/memtrace-slurm
644 share/bash-completion/completions/memtrace
644 share/bash-completion/completions/memtrace-run
644 share/bash-completion/completions/memtrace-slurm
644 share/fish/vendor_completions.d/memtrace-run.fish
644 share/fish/vendor_completions.d/memtrace-slurm.fish
644 share/fish/vendor_completions.d/memtrace.fish
644 share/man/man1/memtrace-run.1
644 share/man/man1/memtrace-slurm.1
644 share/man/man1/memtrace.1
644 share/zsh/site-functions/_memtrace"
    make -s -C "$root" uninstall DESTDIR="$scratch/stage" PREFIX=/usr
    find stage ! -type d | sort | cmp - before
    make -s -C "$root" uninstall DESTDIR="$scratch/stage" PREFIX=/usr # succeeds even if nothing is installed
}

@test "install uses an existing binary, static or not, needs no compiler then, and prints each file" {
    cp -r "$root/Makefile" "$root/man" "$root/completions" "$root/packaging" "$root/run.sh" "$root/slurm.sh" "$root/src" "$root/include" .
    mkdir -p tests/bench tests/fuzz tests/scenarios build/static
    cp "$root"/tests/scenarios/scenarios.mk tests/scenarios
    cp "$root"/tests/bench/bench.mk tests/bench
    cp "$root"/tests/fuzz/fuzz.mk tests/fuzz
    # Stand-ins for both binaries are newer than the sources; CC=false makes any compilation fail.
    echo static >build/static/memtrace
    is "static" "$(make install CC=false PKG_CONFIG=false DESTDIR="$scratch/stage" PREFIX=/usr 2>/dev/null | head -n 2)" \
        "installed build/static/memtrace as $scratch/stage/usr/bin/memtrace
installed run.sh as $scratch/stage/usr/bin/memtrace-run"
    is "installed" "$(cat stage/usr/bin/memtrace)" static
    echo dynamic >memtrace
    make install CC=false PKG_CONFIG=false DESTDIR="$scratch/stage" PREFIX=/usr >out 2>/dev/null
    is "installed" "$(cat stage/usr/bin/memtrace)" dynamic
    is "files printed" "$(sed -n 's/^installed .* as //p' out | sort)" "$(find "$scratch/stage" -type f | sort)"
    touch -d '2 days' src/main.c
    make install CC=false PKG_CONFIG=false DESTDIR="$scratch/stage" PREFIX=/usr 2>/dev/null |
        grep -qx 'note: memtrace is older than its source; run make to rebuild it'
    rm memtrace build/static/memtrace
    fails make install CC=false DESTDIR="$scratch/stage" PREFIX=/usr >out 2>&1
}

@test "the static binary for 64-bit Arm draws the same PNG in an emulator" {
    [ "$(uname -m)" != aarch64 ] || skip "this is one"
    flock "$root/build" make -s -j2 -C "$root" static-aarch64 >log 2>&1 || {
        tail -n 20 log
        false
    }
    file -b "$root/build/static-aarch64/memtrace" | grep -q 'ARM aarch64.*static.*, stripped'
    "$root/tests/gen_job.sh" 20 50 job
    for arguments in "$root/examples/ --samp 2 --total --swap" job 'job --view panels --theme dark'; do
        # shellcheck disable=SC2086
        "$static" $arguments --save here.png >here
        # shellcheck disable=SC2086
        qemu-aarch64-static "$root/build/static-aarch64/memtrace" $arguments --save arm.png >arm
        cmp here arm
        cmp here.png arm.png
    done
    qemu-aarch64-static "$root/build/static-aarch64/memtrace" --version | grep -q -e '+neon -avx2 +static$'
}

@test "make lint names the tools that are missing" {
    mkdir bin
    for tool in bash dirname cat; do
        ln -s "$(type -P "$tool")" "bin/$tool"
    done
    fails env PATH="$scratch/bin" CC=cc "$root/tests/lint.sh" >out 2>&1
    is lint "$(cat out)" "lint: missing: pkg-config cc cppcheck shellcheck tsc clang-tidy (Debian packages of the same names; cc is part of gcc, tsc of node-typescript)"
}

@test "the source may be in a folder with a blank in its name; install-static installs the static binary" {
    flock "$root/build" make -s -C "$root" install-static DESTDIR="$scratch/my stage" PREFIX=/opt/memtrace
    cmp "my stage/opt/memtrace/bin/memtrace" "$static"
    make -s -C "$root" uninstall DESTDIR="$scratch/my stage" PREFIX=/opt/memtrace
    is "files left" "$(find "my stage" -type f)" ""
}

@test "the installed scripts know their names and find memtrace next to them, then in PATH" {
    install_to_stage
    memtrace-run --help | grep -q '^Usage: memtrace-run '
    memtrace-slurm --help | grep -q '^Usage: memtrace-slurm '
    memtrace-run -s 0.2 -l next-mem.log sleep 0.3 2>said
    [ -s next-mem.png ]
    mkdir elsewhere
    mv stage/usr/bin/memtrace elsewhere
    "$scratch/stage/usr/bin/memtrace-run" -s 0.2 -l none-mem.log true 2>said
    grep -q '^memtrace-run: memtrace not found, no plot; the log is none-mem.log' said
    PATH=$scratch/elsewhere:$PATH memtrace-run -s 0.2 -l path-mem.log sleep 0.3 2>said
    [ -s path-mem.png ]
    ln -s "$scratch/elsewhere/memtrace" stage/usr/bin/memtrace
    ln -s "$scratch/stage/usr/bin/memtrace-run" link
    ./link -s 0.2 -l link-mem.log sleep 0.3 2>said
    [ -s link-mem.png ]
}

@test "the installed memtrace-slurm finds memtrace next to it" {
    install_to_stage
    mkdir queue
    printf '#!/bin/sh\necho no queue here >&2\nexit 1\n' | tee queue/squeue queue/scontrol >queue/srun
    chmod +x queue/*
    PATH=$scratch/queue:$PATH
    fails memtrace-slurm 4711 2>said
    is said "$(cat said)" "memtrace-slurm: squeue failed: no queue here"
    rm stage/usr/bin/memtrace
    fails memtrace-slurm 4711 2>said
    is "said without it" "$(cat said)" "memtrace-slurm: squeue failed: no queue here"
}

# ---- man pages and completions ----

# Prints the options in a text on standard input, one per line.
options_in() { grep -oE -- '(^|[^a-zA-Z0-9_-])(-[a-zA-Z]|--[a-z][a-z_-]+)\b' | sed 's/^[^-]*//' | sort -u; }

# Prints the options that the man page $1 explains, from its tags.
options_of_man() { mandoc -Tascii "$root/man/$1.1" | sed 's/.\x08//g' | grep -E '^ {5}-' | options_in | grep -vx -- --mem; } # --mem is an option of sbatch

options_of_readme() { grep -E '^\| `-' "$root/README.md" | cut -d '|' -f 2,3 | options_in; }

options_of_bash() { # COMMAND
    bash -c '. "$1"; COMP_WORDS=("$2" -) COMP_CWORD=1; "_${2/-/_}"; printf "%s\n" "${COMPREPLY[@]}"' bash \
        "$root/completions/memtrace.bash" "$1" | options_in
}

# Prints the options in the specs that _arguments of zsh would get.
options_of_zsh() { # COMMAND
    zsh -f -c '_arguments() { print -rl -- "$@" }; compadd() { :; }; service=$2; source $1' zsh "$root/completions/_memtrace" "$1" |
        sed -nE 's/^(\*|\([^)]*\))?(--?[a-zA-Z][a-zA-Z_-]*)(=-)?\[.*/\2/p' | options_in
}

options_of_fish() { # COMMAND
    HOME=$scratch fish --no-config -c 'source $argv[1]; complete -C "$argv[2] -"; complete -C "$argv[2] --"' \
        "$root/completions/$1.fish" "$1" | sed 's/[=\t].*//' | options_in
}

@test "--help, man page, README and completions have the same options" {
    wanted=$("$memtrace" --help | options_in)
    [ "$(wc -l <<<"$wanted")" -ge 30 ]
    is "man page" "$(options_of_man memtrace)" "$wanted"
    is "bash" "$(options_of_bash memtrace)" "$wanted"
    is "zsh" "$(options_of_zsh memtrace)" "$wanted"
    is "fish" "$(options_of_fish memtrace)" "$wanted"
    is "README" "$(options_of_readme)" "$wanted"
}

@test "the lists of options are up to date: make docs writes the same" {
    make -s -C "$root" build/option_docs
    while read -r kind file; do
        "$root/build/option_docs" "$kind" "$root/$file" >"${file##*/}"
        cmp "${file##*/}" "$root/$file"
    done <<<"man man/memtrace.1
readme README.md
bash completions/memtrace.bash
zsh completions/_memtrace
fish completions/memtrace.fish"
}

@test "--help, man page and completions of the scripts have the same options" {
    for name in run slurm; do
        wanted=$("$root/$name.sh" --help | options_in)
        [ "$(wc -l <<<"$wanted")" -ge 4 ]
        is "man page of $name" "$(options_of_man "memtrace-$name")" "$wanted"
        is "bash of $name" "$(options_of_bash "memtrace-$name")" "$wanted"
        is "zsh of $name" "$(options_of_zsh "memtrace-$name")" "$wanted"
        is "fish of $name" "$(options_of_fish "memtrace-$name")" "$wanted"
    done
}

@test "completions offer the values that --help and messages name" {
    for option in view theme color graphics column; do
        "$memtrace" "--$option=?" "$root/examples/nid001-mem.log" 2>&1 | sed -E "s/^memtrace: --$option takes (.*), not '.*/\1/; s/, | or /\n/g; /^Try/d" | sort >wanted
        for shell in bash fish; do
            case $shell in
            bash)
                bash -c '. "$1"; COMP_WORDS=(memtrace "$2" "") COMP_CWORD=2; _memtrace; printf "%s\n" "${COMPREPLY[@]}"' bash \
                    "$root/completions/memtrace.bash" "--$option"
                ;;
            fish)
                HOME=$scratch fish --no-config -c 'source $argv[1]; complete -C "memtrace --$argv[2] "' "$root/completions/memtrace.fish" \
                    "$option" | cut -f 1
                ;;
            esac | sort >got
            is "values of --$option in $shell" "$(cat got)" "$(cat wanted)"
        done
        zsh -f -c '_arguments() { print -rl -- "$@" }; service=memtrace; source $1' zsh "$root/completions/_memtrace" |
            sed -nE "s/^--$option\[.*:\((.*)\)$/\1/p" | tr ' ' '\n' | sort >got
        is "values of --$option in zsh" "$(cat got)" "$(cat wanted)"
    done
}

@test "in bash, Tab completes options, values after = and files" {
    mkdir work bin
    touch work/nid001-mem.log
    install -m 755 /dev/null bin/my-solver
    cat >complete.sh <<END
. "$root/completions/memtrace.bash"
try() { COMP_WORDS=("\$@") COMP_CWORD=\$((\$# - 1)); "\$function"; echo "\${COMPREPLY[*]}"; }
cd work
function=_memtrace
try memtrace --percen
try memtrace --stats = t
try memtrace --legend =
try memtrace --view pan
try memtrace nid
try memtrace --samp ''
function=_memtrace_run
try memtrace-run -s 1 --se
try memtrace-run -l nid
try memtrace-run -s 1 my-sol
try memtrace-run cat -s ni
try memtrace-run -s ''
END
    is completed "$(PATH=$scratch/bin:$PATH bash complete.sh 2>&1)" "--percentage
text tsv
auto on off
panels
nid001-mem.log

--setup
nid001-mem.log
my-solver
nid001-mem.log"
}

@test "man pages pass mandoc and man without warnings, and their examples run" {
    for page in "$root"/man/*.1; do
        mandoc -Tlint -Wstyle "$page" 2>/dev/null | grep -v 'referenced manual not found' >said || :
        LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>>said >/dev/null
        is "${page##*/}" "$(cat said)" ""
        grep -qx '.Os memtrace' "$page"
    done
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$root/man/memtrace.1" | sed -n '/^\.Bd/,/^\.Ed/p' | grep -v '^\.' >examples
    [ "$(wc -l <examples)" -ge 4 ]
    cp "$root"/examples/nid*-mem.log .
    mkdir logs new old older bin
    for folder in logs new old older; do cp nid*.log $folder; done
    ln -s "$memtrace" bin/memtrace
    PATH=$scratch/bin:$PATH bash -eu examples
    [ -s out.png ] && [ -s died.svg ] && [ -s compare.png ]
}

@test "make builds outside the source folder, and names the packages of missing libraries in one line" {
    make -s -j2 -f "$root/Makefile" CFLAGS=-O0 memtrace
    ./memtrace --version | grep -q '^memtrace '
    if make -s -C "$root" BUILD="$scratch/b" BINARY="$scratch/m" PKG_CONFIG=false 2>said; then return 1; fi
    [ "$(wc -l <said)" -eq 1 ]
    grep -q 'memtrace needs cairo freetype2 libpng zlib\. Debian, Ubuntu: apt-get install .*libcairo2-dev' said
}
