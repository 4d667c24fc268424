#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/run.sh [--no-install] [NAME...]: installs missing packages if permitted, builds, then runs all suites or those named (such as
# lint, units, cli), three at a time. Prints the failures of each suite and a final summary. Exit status 0 only if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What the tests use and the Debian package that contains it: commands, files, and libraries of pkg-config.
commands='cc:gcc ccache:ccache make:make pkg-config:pkg-config clang:clang cppcheck:cppcheck clang-tidy:clang-tidy shellcheck:shellcheck
    bats:bats valgrind:valgrind xmllint:libxml2-utils rsvg-convert:librsvg2-bin pdftoppm:poppler-utils identify:imagemagick
    tmux:tmux script:bsdutils ts:moreutils busybox:busybox jq:jq free:procps ps:procps sar:sysstat git:git strace:strace python3:python3
    gzip:gzip parallel:parallel pdsh:pdsh clush:clustershell mandoc:mandoc ip:iproute2 hostname:hostname file:file
    readelf:binutils man:man-db zsh:zsh fish:fish
    aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu qemu-aarch64-static:qemu-user-static musl-gcc:musl-tools
    chromium:chromium chromedriver:chromium-driver node:nodejs tsc:node-typescript
    dh:debhelper dpkg-buildpackage:dpkg-dev lintian:lintian rpmbuild:rpm cpio:cpio
    slurmctld:slurmctld slurmd:slurmd srun:slurm-client munged:munge'
files='/usr/aarch64-linux-gnu/lib/libc.a:libc6-dev-arm64-cross /usr/lib/python3/dist-packages/yaml:python3-yaml
    /usr/share/i18n/locales/de_DE:locales /usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-dev
    /usr/share/build-essential:build-essential /usr/share/*mod*/[il][nm][io][td]:environment-modules' # .../modules/init or .../lmod/lmod
libraries='cairo:libcairo2-dev freetype2:libfreetype-dev libpng:libpng-dev zlib:zlib1g-dev cmocka:libcmocka-dev'

# Long suites, which start first. The rest of tests/*.bats follows.
long='slurm_sh slurm_array asan page packages tidy memory cli_asan units_valgrind run_sh formats_real ship fuzz'
short='units units_asan lint'
# Suites that record real processes and mostly wait, so they have the highest priority.
live='slurm_sh slurm_array run_sh formats_real terminal'

# ---- preparations ----

list_missing() {
    local entry
    for entry in $commands; do
        command -v "${entry%:*}" >/dev/null || echo "${entry#*:}"
    done
    for entry in $files; do
        compgen -G "${entry%:*}" >/dev/null || echo "${entry#*:}"
    done
    for entry in $libraries; do
        pkg-config --exists "${entry%:*}" 2>/dev/null || echo "${entry#*:}"
    done
}

give_up() {
    printf '%s\n' "$@" "0 passed, 1 failed"
    exit 1
}

install_missing() {
    local missing as_root=()
    mapfile -t missing < <(list_missing | sort -u)
    [ "${#missing[@]}" -gt 0 ] || return
    echo "installing ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    {
        "${as_root[@]}" apt-get update -q &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
    } >"$work/apt" 2>&1 </dev/null
    mapfile -t missing < <(list_missing | sort -u)
    [ "${#missing[@]}" -eq 0 ] || give_up "$(tail -n 5 "$work/apt")" \
        "tests/run.sh cannot install what the tests need; please install (Debian's names): ${missing[*]}"
}

# Makes the environment equal on every machine, without the user's fonts, locale, time zone, home or jobs.
isolate() {
    unset "${!SLURM_@}" "${!MEMTRACE@}" "${!XDG_@}" NO_COLOR COLORTERM COLUMNS LINES MAKEFLAGS MFLAGS
    # Optimized and hardened by default, but with less debug information, which takes long to write.
    export CFLAGS='-O2 -g1 -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2'
    export LC_ALL=C TZ=UTC HOME=$work/home XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config FONTCONFIG_FILE=$work/fonts.conf
    mkdir -p "$HOME"
    echo '<fontconfig/>' >"$FONTCONFIG_FILE"
}

# Puts a cache in front of the compilers, empty at first: most of what clones and packages build has been compiled before.
cache_compilers() {
    local name
    command -v ccache >/dev/null || return
    mkdir "$work/bin"
    for name in cc gcc clang aarch64-linux-gnu-gcc; do
        ln -s "$(command -v ccache)" "$work/bin/$name"
    done
    export PATH=$work/bin:$PATH CCACHE_DIR=$work/ccache CCACHE_BASEDIR=/ CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
}

# ---- suites: each prints TAP ----

# Runs one test: a command that prints nothing if it passes.
try() { # TITLE COMMAND...
    local out
    if out=$("${@:2}" 2>&1) && [ -z "$out" ]; then
        echo "ok $1"
    else
        printf 'not ok %s\n%s\n' "$1" "$out"
    fi
}

# A warning fails the test, too, as it is output. -Werror would keep other builds of the same source from using the cache.
suite_build() { try "build with gcc" make -s -j2 all units; }
suite_asan() {
    # With the instrumentation for fuzzing, so that the fuzz targets need not compile the same sources again.
    try "build with clang, ASan and UBSan" make -s -j2 asan CC=clang SANITIZERS=-fsanitize=address,undefined,float-cast-overflow,fuzzer-no-link
}

# Waits for the end of the suite asan, which has started earlier.
wait_for_asan() {
    until [ -e "$work/asan.sum" ]; do sleep 0.5; done
}

# Runs the unit tests of the build in FOLDER with COMMAND, such as valgrind; `env` runs them directly.
run_units() { # FOLDER COMMAND...
    local source name status out
    for source in tests/*/test_*.c; do
        name=$(basename "$source" .c) status=0
        out=$(CMOCKA_MESSAGE_OUTPUT=TAP "${@:2}" "$1/${source%.c}" 2>&1) || status=$?
        sed -E "s/^((not )?ok [0-9]+ - )/\1$name: /" <<<"$out"
        [ "$status" -eq 0 ] || grep -q '^not ok' <<<"$out" || echo "not ok $name ended with status $status"
    done
}

suite_units() { run_units build env; }
suite_units_asan() { wait_for_asan && run_units build/asan env; }
suite_units_valgrind() {
    # Skips the tests of bounds, whose many repetitions take long under valgrind.
    SKIPPED_TESTS='*bounded' run_units build valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect
}

suite_lint() {
    try "folders include only those below them, and only some may draw, print or exit" tests/lint.sh folders
    try "headers are where they are used" tests/lint.sh private
    try "tags of structs are unique" tests/lint.sh tags
    try "headers compile alone" tests/lint.sh headers
    try "every file states its licence" tests/lint.sh licence
    try cppcheck tests/lint.sh cppcheck
    try shellcheck tests/lint.sh scripts
    try "types of the page" tests/lint.sh page
}
suite_tidy() { LINT_JOBS=1 LINT_NODES=30000 try clang-tidy tests/lint.sh tidy; }

suite_cli_asan() { wait_for_asan && MEMTRACE=$root/build/asan/memtrace bats --tap tests/cli.bats; }

# ---- running ----

# Runs a suite and prints a line of figures, failures in full, and skipped tests with their reason. The processor time excludes daemons.
run_suite() {
    local name=$1 tap=$work/$1.tap start=$SECONDS passed failed skipped cpu_s status=0
    if declare -F "suite_$name" >/dev/null; then
        "suite_$name"
    else
        timeout -k 10 2400 bats --tap "tests/$name.bats"
    fi >"$tap" 2>&1 </dev/null || status=$?
    times >"$work/$name.times"
    cpu_s=$(awk -F '[ms ]+' 'NR == 2 { printf "%.0f", 60 * ($1 + $3) + $2 + $4 }' "$work/$name.times")
    passed=$(grep -c '^ok ' "$tap")
    failed=$(grep -c '^not ok ' "$tap")
    skipped=$(grep -c '^ok .*# skip' "$tap")
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ] || [ $((passed + failed)) -eq 0 ]; then
        failed=$((failed + 1))
        echo "not ok $name ended with status $status before its end" >>"$tap"
        sed -i '1i not ok' "$tap" # marks the whole output as a failure
    fi
    passed=$((passed - skipped))
    echo "$passed $failed $skipped" >"$work/$name.sum"
    {
        printf '%-14s %3d passed %3d failed %3d skipped %4d s, processor %4d s\n' "$name" "$passed" "$failed" "$skipped" $((SECONDS - start)) \
            "$cpu_s"
        awk '/^(not )?ok/ { bad = /^not/ } bad || /^ok .*# skip/ { print "    " $0 }' "$tap"
    } >"$work/$name.report"
    cat "$work/$name.report"
}

sum_up() {
    local passed failed skipped
    read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$work"/*.sum)
    if [ "$skipped" -gt 0 ]; then
        echo "$passed passed, $failed failed, $skipped skipped"
    else
        echo "$passed passed, $failed failed"
    fi
    [ "$failed" -eq 0 ]
}

PATH=$PATH:/usr/sbin:/sbin
if [ "${1-}" = --no-install ]; then
    shift
else
    install_missing
fi
isolate
cache_compilers
run_suite build
sum_up >/dev/null || {
    sum_up
    exit 1
}

suites=("$@")
[[ " $* " != *_asan\ * ]] || suites=(asan "${suites[@]}")
if [ $# -eq 0 ]; then
    all=" $short "
    for file in tests/*.bats; do
        all+="$(basename "$file" .bats) "
    done
    for name in $long; do
        [ ! -e "tests/$name.bats" ] && ! declare -F "suite_$name" >/dev/null || suites+=("$name")
        all=${all/ $name / }
    done
    read -r -a rest <<<"$all"
    suites+=("${rest[@]}")
fi
# Three at a time, because the recorders' suites mostly wait.
for name in "${suites[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge 3 ]; do
        wait -n
    done
    {
        [[ " $live " == *" $name "* ]] || renice -n 10 -p "$BASHPID" >/dev/null
        run_suite "$name"
    } &
done
wait
sum_up
