#!/usr/bin/env bash
# Draws the pictures in this folder again, from the logs in it and from made-up jobs of many nodes.
# Usage: ./pictures.sh [FOLDER]     where to put them (default: this one)
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd -P)
to=$(cd -- "${1:-$here}" && pwd -P)
memtrace=${MEMTRACE:-$here/../memtrace}
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

draw() { # PICTURE ARGUMENT...
    "$memtrace" --save "$to/$1" --files "${@:2}"
}

draw nodes.png "$here"/nid*-mem.log --total
draw bravo.png "$here/bravo-mem.log"
draw swap.png "$here/charlie-mem.log" --swap
"$here/../tests/gen_job.sh" 500 780 "$work/500"
draw overview.png "$work/500" --total
"$here/../tests/gen_job.sh" 64 780 "$work/64"
draw panels.png "$work/64" --view panels --total
