#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/quick.sh [ARGUMENT...]: builds, then tests the units and the command line; passes the arguments to bats. For packagers: needs only
# cmocka, bats and jq, and takes less than half a minute. tests/run.sh runs everything.
set -eu
cd "$(dirname "$0")/.."
make -s -j "$(nproc)" all units
for source in tests/*/test_*.c; do
    unit=build/${source%.c}
    "$unit" >"$unit.out" 2>&1 || {
        cat "$unit.out"
        exit 1
    }
done
env -u CFLAGS -u MAKEFLAGS TZ=UTC LC_ALL=C bats "$@" tests/cli.bats </dev/null
