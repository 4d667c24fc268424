#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/quick.sh [ARGUMENT...]: builds, then tests the units and the command line on all processors. It leaves out the tests of
# cli.bats with the tag `slow`, and repeats less in unit tests that repeat much. With arguments, such as --filter TEXT, these go to bats,
# which then runs all tests of cli.bats, one after the other. For packagers: needs only cmocka, bats and jq. tests/run.sh tests everything.
set -eu
cd "$(dirname "$0")/.."
make -s -j "$(nproc)" all units
export UNITS_BRIEF=yes TZ=UTC LC_ALL=C
unset CFLAGS MAKEFLAGS
# shellcheck disable=SC2016 # expanded by the inner shell
printf '%s\n' tests/*/test_*.c | xargs -P "$(nproc)" -n 1 sh -c 'unit=build/${1%.c}
    "$unit" >"$unit.out" 2>&1 || { cat "$unit.out" && exit 255; }' sh
[ $# -eq 0 ] || exec bats "$@" tests/cli.bats </dev/null

# One bats per processor, each with its share of the tests: their number and a pattern. (`bats --jobs` takes half as long again.)
# shellcheck disable=SC2016 # expanded by the inner shell
awk -F '"' -v shares="$(nproc)" '
    /^@test / && !is_slow {
        gsub(/[^A-Za-z0-9 ,]/, ".", $2)
        i = n++ % shares
        share[i] = share[i] "|^" $2 "$"
        count[i]++
    }
    { is_slow = /^# bats test_tags=slow$/ }
    END { for (i in share) print count[i] " " substr(share[i], 2) }' tests/cli.bats |
    xargs -d '\n' -P "$(nproc)" -n 1 sh -c 'out=$(bats --tap -f "${1#* }" tests/cli.bats </dev/null 2>&1)
        echo "$out"
        [ "$(echo "$out" | grep -c "^ok ")" -eq "${1%% *}" ]' sh
