#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Regenerates the pictures in this folder from its logs and from simulated jobs of many nodes.
# Usage: ./pictures.sh [FOLDER]     the output folder (default: this one)
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
to=$(cd -- "${1:-$here}" && pwd -P)
memtrace=${MEMTRACE:-$here/../memtrace}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

draw() { # PICTURE ARGUMENT...
    "$memtrace" --save "$to/$1" --files "${@:2}"
}

draw nodes.png "$here"/nid*-mem.log --limit 4G
draw job.png "$here"/job/*-mem.log
draw bravo.png "$here/bravo-mem.log"
draw swap.png "$here/charlie-mem.log" --swap
"$here/../tests/gen_job.sh" 500 780 "$work/500"
draw overview.png "$work/500" --total
draw job.html "$work/500" --total
"$here/../tests/gen_job.sh" 64 780 "$work/64"
draw panels.png "$work/64" --view panels --total
