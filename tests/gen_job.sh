#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# gen_job.sh NODES RECORDS DIR [INTERVAL]: writes NODES logs of a simulated job, with RECORDS records each, as run.sh and slurm.sh do: a
# start-up, a sawtooth, an end. If there are enough nodes, nid0008 is the highest and swaps, nid0005 dies early, nid0003 leaks, and the log
# of nid0011 has a hole. The same arguments give the same bytes.
set -eu
nodes=$1 records=$2 dir=$3 interval=${4:-10}
mkdir -p "$dir"
awk -v nodes="$nodes" -v records="$records" -v dir="$dir" -v interval="$interval" '
function noise() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
function used(node, share,    level, value) {
    level = 14 + (node * 7.3) % 6
    if (node == 8) level = 25.5
    value = 1.8 + level / (1 + exp(-(share - 0.12) * 40))
    if (share > 0.2 && share < 0.94) value += ((share * 12 + node * 0.13) % 1) * 2.2
    if (node == 3) value = 1.8 + 8 / (1 + exp(-(share - 0.12) * 40)) + 15 * share
    else if (share > 0.94) value = 1.8 + (value - 1.8) * exp(-(share - 0.94) * 90)
    return (value + 0.08 * noise()) * 1048576
}
BEGIN {
    start = 1732320000
    total = 33554432
    for (node = 1; node <= nodes; node++) {
        seed = node * 7919
        name = sprintf("nid%0*d", nodes > 9999 ? 5 : 4, node)
        file = dir "/" name "-mem.log"
        printf "# memtrace 1 host=%s start=%d.%03d interval=%g job=4711 name=ocean\n", name, start, node % 700, interval > file
        count = node == 5 ? int(records * 0.45) : records
        for (i = 0; i < count; i++) {
            share = i / records
            if (node == 11 && share > 0.5 && share < 0.62) {
                if (!hole++) printf "# memtrace 1 start=%d\n", start + int(records * 0.62) * interval > file
                continue
            }
            u = int(used(node, share))
            swap = node == 8 && share > 0.55 ? int((share - 0.55) * 8 * 1048576) : 0
            printf "               total        used        free      shared  buff/cache   available\nMem:     %11d %11d %11d %11d %11d %11d\nSwap:    %11d %11d %11d\n\n", total, u, total - u - 524288, 4096, 524288, total - u, 8388608, swap, 8388608 - swap > file
        }
        if (node != 5) printf "# memtrace end=%d.5\n", start + records * interval > file
        close(file)
    }
}'
