#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/quick.sh [ARGUMENT...]: builds, then tests the units and the command line; passes the arguments to bats. For packagers: needs only
# cmocka, bats and jq; with GNU parallel, several tests run at once. tests/run.sh runs everything.
set -eu
cd "$(dirname "$0")/.."
make -s -j "$(nproc)" all units
# shellcheck disable=SC2016 # expanded by the inner shell
printf '%s\n' tests/*/test_*.c | xargs -P "$(nproc)" -n 1 sh -c 'unit=build/${1%.c}
    "$unit" >"$unit.out" 2>&1 || { cat "$unit.out" && exit 255; }' sh
! parallel --version 2>/dev/null | grep -q '^GNU parallel' || set -- --jobs "$(nproc)" "$@" # bats needs it to run several tests at once
env -u CFLAGS -u MAKEFLAGS TZ=UTC LC_ALL=C bats "$@" tests/cli.bats </dev/null
