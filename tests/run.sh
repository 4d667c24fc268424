#!/usr/bin/env bash
# tests/run.sh [NAME...]: installs what the tests need (where it may), builds, runs all tests or those whose names are given (as "units",
# "lint", "cli"), and sums them up on the last line. Exit status 0 only when nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A command that must be there, and Debian's package that has it.
needed=(cc:gcc make:make pkg-config:pkg-config bats:bats valgrind:valgrind xmllint:libxml2-utils
    rsvg-convert:librsvg2-bin pdftoppm:poppler-utils identify:imagemagick clang:clang cppcheck:cppcheck
    clang-tidy:clang-tidy shellcheck:shellcheck tmux:tmux script:bsdutils ts:moreutils busybox:busybox jq:jq free:procps git:git
    strace:strace python3:python3 gzip:gzip localedef:libc-bin parallel:parallel pdsh:pdsh
    slurmctld:slurmctld slurmd:slurmd srun:slurm-client munged:munge ip:iproute2 ps:procps mandoc:mandoc)
libraries=(cairo:libcairo2-dev freetype2:libfreetype-dev libpng:libpng-dev zlib:zlib1g-dev cmocka:libcmocka-dev)
files=(/usr/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a)

install_missing() {
    local missing=() entry sudo=()
    for entry in "${needed[@]}"; do
        PATH=$PATH:/usr/sbin:/sbin command -v "${entry%%:*}" >/dev/null || missing+=("${entry##*:}")
    done
    for entry in "${libraries[@]}"; do
        pkg-config --exists "${entry%%:*}" 2>/dev/null || missing+=("${entry##*:}")
    done
    [ -e "${files[0]}" ] || missing+=(libclang-rt-dev)
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        sudo=(sudo -n)
        sudo -n true 2>/dev/null || sudo=(false)
    fi
    if ! command -v apt-get >/dev/null || ! {
        "${sudo[@]}" apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
    } >"$work/apt" 2>&1; then
        tail -n 5 "$work/apt" 2>/dev/null
        echo "tests/run.sh: cannot install; please install (names of Debian): ${missing[*]}"
        echo "0 passed, 1 failed"
        exit 1
    fi
}

# The same on every machine: no fonts, locale, time zone, home or network of the user's.
isolate() {
    export LC_ALL=C TZ=UTC HOME=$work/home XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config
    export PATH=$PATH:/usr/sbin:/sbin
    unset MEMTRACE MEMTRACE_MARKS NO_COLOR COLORTERM SLURM_MEM_PER_NODE SLURM_JOB_ID FONTCONFIG_FILE
    mkdir -p "$HOME"
}

# ---- suites: each prints TAP ("ok ...", "not ok ...") ----

build() { # NAME MAKE-ARGUMENT...
    if make -s -j2 "${@:2}" >"$work/make.$1" 2>&1 && [ ! -s "$work/make.$1" ]; then
        echo "ok build with $1"
    else
        sed 's/^/# /' "$work/make.$1"
        echo "not ok build with $1"
    fi
}

run_units() { # TITLE FOLDER COMMAND...
    local test out
    for test in "$2"/test_*; do
        case $test in *.d) continue ;; esac
        if out=$("${@:3}" "$test" 2>&1); then
            grep -c '^\[       OK \]' <<<"$out" | sed 's/.*/ok '"${test##*/}, $1"' (& tests)/'
        else
            sed 's/^/# /' <<<"$out"
            echo "not ok ${test##*/}, $1"
        fi
    done
}

suite_units() {
    run_units plain build
    run_units 'ASan and UBSan' build/asan
    run_units valgrind build valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect
}

suite_lint() {
    local out
    if out=$(tests/lint.sh 2>&1); then
        echo "ok lint: cppcheck, clang-tidy, shellcheck, headers, directions between rooms"
    else
        sed 's/^/# /' <<<"$out"
        echo "not ok lint: cppcheck, clang-tidy, shellcheck, headers, directions between rooms"
    fi
}

suite_cli_asan() {
    MEMTRACE=$root/build/asan/memtrace bats --tap tests/cli.bats
}

run_suite() {
    local started=$SECONDS name=$1
    if declare -F "suite_$name" >/dev/null; then
        "suite_$name"
    else
        bats --tap "tests/$name.bats"
    fi >"$work/tap.$name" 2>&1 </dev/null || echo "suite ended with an error" >"$work/error.$name"
    echo $((SECONDS - started)) >"$work/time.$name"
}

# Prints what a suite found: failures whole, skips with their reasons, a line for the rest.
show_suite() {
    local tap=$work/tap.$1 ok bad skipped
    ok=$(grep -c '^ok' "$tap")
    bad=$(grep -c '^not ok' "$tap")
    skipped=$(grep -ciE '^ok .*# skip' "$tap")
    if [ "$bad" -gt 0 ]; then
        cat "$tap"
    elif [ -e "$work/error.$1" ]; then
        cat "$tap"
        bad=1
    fi
    grep -iE '^ok .*# skip' "$tap" | sed 's/^/  skipped: /'
    printf '%-12s %3d passed, %d failed, %d skipped, %d s\n' "$1" $((ok - skipped)) "$bad" "$skipped" "$(cat "$work/time.$1")"
    passed=$((passed + ok - skipped)) failed=$((failed + bad)) skips=$((skips + skipped))
}

[ "${MEMTRACE_TESTS_NO_INSTALL-}" ] || install_missing
isolate
passed=0 failed=0 skips=0
asan='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined'
{
    build gcc all units
    build 'ASan and UBSan' all units BUILD=build/asan BINARY=build/asan/memtrace CFLAGS="$asan"
    build clang all units CC=clang BUILD=build/clang BINARY=build/clang/memtrace
} >"$work/tap.build" 2>&1
echo $SECONDS >"$work/time.build"
show_suite build
[ "$failed" -eq 0 ] || {
    echo "$passed passed, $failed failed"
    exit 1
}

# Suites that take care of each other's time: the long ones first, two at once.
suites=("$@")
if [ $# -eq 0 ]; then
    suites=(lint units cli_asan)
    for file in tests/*.bats; do
        file=${file##*/}
        suites+=("${file%.bats}")
    done
fi
running=0
for suite in "${suites[@]}"; do
    run_suite "$suite" &
    running=$((running + 1))
    if [ "$running" -ge 2 ]; then
        wait -n
        running=$((running - 1))
    fi
done
wait
for suite in "${suites[@]}"; do
    show_suite "$suite"
done
if [ "$skips" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skips skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
